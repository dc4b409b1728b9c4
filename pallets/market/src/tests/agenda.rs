use crate::{
    Agenda, Consumed, Due, Event, HoldReason, Leftover, Orders, Prices, WeightInfo, mock::*,
};
use ergon_primitives::{AppOrder, OrderId, PRICE_LIFE, PriceSubject, traits::Deals as _};
use frame_support::{assert_ok, traits::Hooks, weights::Weight};
use sp_core::H256;

fn order(salt: u8, valid_until: u32) -> AppOrder {
    AppOrder {
        salt: H256::repeat_byte(salt),
        valid_until,
        ..drafts().app
    }
}

fn published(salt: u8, valid_until: u32) -> OrderId {
    let order = order(salt, valid_until);
    assert_ok!(publish(APP_OWNER, order.clone()));
    id_of(order)
}

/// Weight for the look and for so many items.
fn weight_for(items: u64) -> Weight {
    <() as WeightInfo>::clean_up_base() + <() as WeightInfo>::forget_leftover() * items
}

/// What an idle block does with this much weight.
fn idle(remaining: Weight) -> Weight {
    let used = Market::on_idle(System::block_number(), remaining);
    assert!(used.all_lte(remaining), "no more is used than there is");
    used
}

fn is_published(id: OrderId) -> bool {
    Orders::<Test>::contains_key(id)
}

#[test]
fn idle_blocks_forget_expired_orders_and_return_deposits() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.publish_all());
        assert_ok!(drafts.unsigned().matched_by(ANYONE));
        let unpublished = drafts_with(|drafts| {
            drafts.request.requester = STRANGER.to_account_id();
        });
        assert_ok!(close(STRANGER, unpublished.request));
        advance_to(3_001);
        assert_eq!(idle(Weight::MAX), weight_for(5));

        assert_announced(Event::OrdersPruned { count: 5 });
        assert_eq!(Orders::<Test>::iter_keys().count(), 0);
        assert_eq!(Consumed::<Test>::iter_keys().count(), 0);
        assert_eq!(Agenda::<Test>::iter_keys().count(), 0);
        for who in [APP_OWNER, DATASET_OWNER, OPERATOR, REQUESTER, STRANGER] {
            assert_eq!(held(HoldReason::PublishedOrder, who), 0);
            assert_eq!(held(HoldReason::ClosedOrder, who), 0);
        }
    });
}

#[test]
fn nothing_is_forgotten_before_its_time() {
    build_and_execute(|| {
        let id = published(1, 10);
        advance_to(10);
        System::reset_events();
        assert_eq!(idle(Weight::MAX), weight_for(0));
        assert!(is_published(id));
        assert_eq!(System::events().len(), 0);
        advance_to(11);
        idle(Weight::MAX);
        assert!(!is_published(id));
    });
}

#[test]
fn the_earliest_is_forgotten_first_and_the_weight_is_kept() {
    build_and_execute(|| {
        let (late, early, middle) = (published(1, 300), published(2, 9), published(3, 256));
        advance_to(400);
        assert_eq!(idle(weight_for(2)), weight_for(2));
        assert_eq!(
            [early, middle, late].map(is_published),
            [false, false, true]
        );
        let almost = weight_for(1) - Weight::from_parts(1, 0);
        assert_eq!(idle(almost), weight_for(0));
        assert!(is_published(late));
        let almost = weight_for(1) - Weight::from_parts(0, 1);
        assert_eq!(idle(almost), weight_for(0));
        assert_eq!(idle(weight_for(1)), weight_for(1));
        assert!(!is_published(late));
    });
}

#[test]
fn a_busy_block_is_left_alone() {
    build_and_execute(|| {
        let id = published(1, 9);
        advance_to(10);
        assert_eq!(idle(Weight::zero()), Weight::zero());
        let almost = weight_for(0) - Weight::from_parts(1, 0);
        assert_eq!(idle(almost), Weight::zero());
        assert!(is_published(id));
    });
}

#[test]
fn what_stays_is_not_looked_at() {
    build_and_execute(|| {
        for salt in 1..=20 {
            published(salt, 500 + u32::from(salt));
        }
        published(0, 9);
        advance_to(10);
        assert_eq!(idle(Weight::MAX), weight_for(1));
        assert_eq!(Orders::<Test>::iter_keys().count(), 20);
    });
}

#[test]
fn an_order_stands_on_the_agenda_once() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        let item = Leftover::Order(id_of(drafts.app));
        let agenda = Agenda::<Test>::iter_keys().filter(|(_, other)| *other == item);
        assert_eq!(
            agenda.map(|(due, _)| due).collect::<Vec<_>>(),
            [Due::after(1_000)]
        );
    });
}

#[test]
fn prices_are_forgotten_when_the_latest_is_too_old() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        Market::end(drafts.deal_id(0), 10);
        advance_to(1 + PRICE_LIFE);
        idle(Weight::MAX);
        assert!(Prices::<Test>::contains_key(PriceSubject::App(APP)));
        advance_to(2 + PRICE_LIFE);
        assert_eq!(idle(Weight::MAX), weight_for(2));
        assert_eq!(Prices::<Test>::iter_keys().count(), 0);
        assert_eq!(Agenda::<Test>::iter_keys().count(), 0);
    });
}
