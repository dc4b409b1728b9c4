use crate::{
    Agenda, Book, ClosingDeposits, Consumed, Error, Event, HoldReason, MAX_PRUNED, Orders, mock::*,
};
use ergon_primitives::{MAX_ORDER_LIFE, OrderId};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

#[test]
fn forgets_publications_and_returns_deposits() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.publish_all());
        advance_to(3_001);
        let ids = drafts.ids();
        let ids = [ids.app, ids.dataset.unwrap(), ids.pool, ids.request];
        assert_ok!(prune(&ids));

        assert_announced(Event::OrdersPruned { count: 4 });
        assert_eq!(Orders::<Test>::iter().count(), 0);
        assert_eq!(Book::<Test>::iter_keys().count(), 0);
        assert_eq!(Agenda::<Test>::iter_keys().count(), 0);
        for owner in [APP_OWNER, DATASET_OWNER, OPERATOR, REQUESTER] {
            assert_eq!(held(HoldReason::PublishedOrder, owner), 0);
        }
    });
}

#[test]
fn forgets_closings_and_returns_deposits() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        advance_to(1_001);
        assert_ok!(prune(&[drafts.ids().app]));

        assert_announced(Event::OrdersPruned { count: 1 });
        assert_eq!(Consumed::<Test>::iter().count(), 0);
        assert_eq!(ClosingDeposits::<Test>::iter().count(), 0);
        assert_eq!(Agenda::<Test>::iter_keys().count(), 0);
        assert_eq!(held(HoldReason::ClosedOrder, APP_OWNER), 0);
    });
}

#[test]
fn forgets_consumption_of_matched_orders() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(REQUESTER, drafts.request.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
        advance_to(3_001);
        let ids = drafts.ids();
        assert_ok!(prune(&[ids.app, ids.pool, ids.request]));

        assert_announced(Event::OrdersPruned { count: 3 });
        assert_eq!(Consumed::<Test>::iter().count(), 0);
        assert_eq!(Orders::<Test>::iter().count(), 0);
        assert!(
            crate::Deals::<Test>::contains_key(drafts.deal_id(0)),
            "the deal stays"
        );
    });
}

#[test]
fn skips_orders_until_their_last_block_has_passed() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
        let ids = drafts.ids();
        advance_to(1_000);
        assert_noop!(prune(&[ids.app, ids.pool]), Error::<Test>::NothingToPrune);
        advance_to(1_001);
        assert_ok!(prune(&[ids.app, ids.pool]));
        assert_announced(Event::OrdersPruned { count: 1 });
        assert!(Consumed::<Test>::contains_key(ids.pool));
    });
}

#[test]
fn counts_an_order_once() {
    build_and_execute(|| {
        let id = id_of(drafts().app);
        assert_ok!(publish(APP_OWNER, drafts().app));
        advance_to(1_001);
        assert_ok!(prune(&[id, id]));
        assert_announced(Event::OrdersPruned { count: 1 });
    });
}

#[test]
fn fails_when_there_is_nothing_to_forget() {
    build_and_execute(|| {
        assert_noop!(prune(&[]), Error::<Test>::NothingToPrune);
        assert_noop!(
            prune(&[OrderId(H256::zero())]),
            Error::<Test>::NothingToPrune
        );
    });
}

#[test]
fn takes_as_many_as_it_says() {
    build_and_execute(|| {
        let mut ids = Vec::new();
        for salt in 0..u64::from(MAX_PRUNED) {
            let mut order = drafts().app;
            order.salt = H256::from_low_u64_be(salt);
            assert_ok!(publish(APP_OWNER, order.clone()));
            ids.push(id_of(order));
        }
        advance_to(1_001);
        assert_ok!(prune(&ids));
        assert_announced(Event::OrdersPruned { count: MAX_PRUNED });
        assert_eq!(held(HoldReason::PublishedOrder, APP_OWNER), 0);
    });
}

#[test]
fn does_not_bring_orders_back_to_life() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            drafts.pool.valid_until = MAX_ORDER_LIFE;
            drafts.request.valid_until = MAX_ORDER_LIFE;
        });
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        advance_to(1_001);
        assert_ok!(prune(&[drafts.ids().app]));
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppOrderExpired);
    });
}
