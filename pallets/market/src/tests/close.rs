use crate::{Agenda, Book, ClosingDeposits, Consumed, Error, Event, HoldReason, Orders, mock::*};
use ergon_primitives::{Consumption, MAX_ORDER_LIFE, storage_deposit};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

#[test]
fn of_a_publication_returns_its_deposit() {
    build_and_execute(|| {
        let order = drafts().app;
        let id = id_of(order.clone());
        assert_ok!(publish(APP_OWNER, order.clone()));
        assert_ok!(close(APP_OWNER, order));

        assert_announced(Event::OrderClosed {
            order: id,
            by: APP_OWNER.to_account_id(),
        });
        assert_eq!(Orders::<Test>::get(id), None);
        assert_eq!(Book::<Test>::iter_keys().count(), 0);
        assert_eq!(
            Consumed::<Test>::get(id),
            Some(Consumption {
                volume: 100,
                valid_until: 1_000
            })
        );
        assert_eq!(held(HoldReason::PublishedOrder, APP_OWNER), 0);
        assert_eq!(held(HoldReason::ClosedOrder, APP_OWNER), 0);
    });
}

#[test]
fn of_an_unpublished_order_takes_a_deposit() {
    build_and_execute(|| {
        let order = drafts().pool;
        let id = id_of(order.clone());
        assert_ok!(close(OPERATOR, order));

        let agenda = storage_deposit(4 + 34);
        let deposit = storage_deposit(32 + 8) + storage_deposit(32 + 32 + 16) + agenda;
        assert_eq!(Market::closing_deposit(), deposit);
        assert_eq!(Agenda::<Test>::iter_keys().count(), 1);
        assert_announced(Event::OrderClosed {
            order: id,
            by: OPERATOR.to_account_id(),
        });
        assert_eq!(
            ClosingDeposits::<Test>::get(id),
            Some((OPERATOR.to_account_id(), deposit))
        );
        assert_eq!(held(HoldReason::ClosedOrder, OPERATOR), deposit);
    });
}

#[test]
fn ends_matching() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_ok!(close(OPERATOR, drafts.pool.clone()));
        let next = drafts_with(|drafts| drafts.request.salt = sp_core::H256::repeat_byte(1));
        assert_noop!(next.matched_by(ANYONE), Error::<Test>::PoolVolumeExhausted);
    });
}

#[test]
fn ends_matching_of_each_type() {
    build_and_execute(|| {
        assert_ok!(close(APP_OWNER, drafts().app));
        assert_noop!(
            drafts().matched_by(ANYONE),
            Error::<Test>::AppVolumeExhausted
        );
    });
    build_and_execute(|| {
        assert_ok!(close(DATASET_OWNER, dataset_order()));
        assert_noop!(
            dataset_drafts().matched_by(ANYONE),
            Error::<Test>::DatasetVolumeExhausted
        );
    });
    build_and_execute(|| {
        assert_ok!(close(REQUESTER, drafts().request));
        assert_noop!(
            drafts().matched_by(ANYONE),
            Error::<Test>::RequestVolumeExhausted
        );
    });
}

#[test]
fn leaves_deals_alone() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        assert!(crate::Deals::<Test>::contains_key(drafts.deal_id(0)));
        assert!(crate::OpenDeals::<Test>::contains_key(
            POOL,
            drafts.deal_id(0)
        ));
    });
}

#[test]
fn fails_for_anyone_but_owner_and_publisher() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        assert_noop!(close(STRANGER, drafts.app), Error::<Test>::NotOwner);
        assert_noop!(close(APP_OWNER, dataset_order()), Error::<Test>::NotOwner);
        assert_noop!(close(APP_OWNER, drafts.pool), Error::<Test>::NotOwner);
        assert_noop!(close(SPONSOR, drafts.request), Error::<Test>::NotOwner);
    });
}

#[test]
fn after_a_transfer_both_new_owner_and_publisher_may() {
    for closer in [STRANGER, APP_OWNER] {
        build_and_execute(|| {
            let order = drafts().app;
            assert_ok!(publish(APP_OWNER, order.clone()));
            world(|world| world.apps.insert(APP, STRANGER.to_account_id()));
            assert_ok!(close(closer, order));
            assert_eq!(held(HoldReason::PublishedOrder, APP_OWNER), 0);
            assert_eq!(held(HoldReason::ClosedOrder, closer), 0);
        });
    }
}

#[test]
fn of_an_entry_that_is_gone_is_left_to_the_publisher() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        world(|world| {
            world.apps.clear();
            world.datasets.clear();
            world.pools.clear();
        });
        assert_noop!(
            close(STRANGER, drafts.app.clone()),
            Error::<Test>::NoSuchApp
        );
        assert_noop!(
            close(DATASET_OWNER, dataset_order()),
            Error::<Test>::NoSuchDataset
        );
        assert_noop!(close(OPERATOR, drafts.pool), Error::<Test>::NoSuchPool);
        assert_ok!(close(APP_OWNER, drafts.app));
    });
}

#[test]
fn fails_the_second_time() {
    build_and_execute(|| {
        assert_ok!(close(APP_OWNER, drafts().app));
        assert_noop!(
            close(APP_OWNER, drafts().app),
            Error::<Test>::NothingToClose
        );
    });
}

#[test]
fn fails_when_all_is_consumed_and_nothing_published() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_noop!(
            close(REQUESTER, drafts.request),
            Error::<Test>::NothingToClose
        );
    });
}

#[test]
fn fails_when_a_match_has_used_up_the_publication() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(REQUESTER, drafts.request.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
        assert_eq!(held(HoldReason::PublishedOrder, REQUESTER), 0);
        assert_noop!(
            close(REQUESTER, drafts.request),
            Error::<Test>::NothingToClose
        );
    });
}

#[test]
fn fails_after_expiry_but_not_in_the_last_block() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            drafts.app.valid_until = 10;
            drafts.pool.valid_until = 9;
            drafts.request.valid_until = 9;
        });
        advance_to(10);
        assert_ok!(close(APP_OWNER, drafts.app));
        assert_noop!(
            close(OPERATOR, drafts.pool),
            Error::<Test>::PoolOrderExpired
        );
        assert_noop!(
            close(REQUESTER, drafts.request),
            Error::<Test>::RequestOrderExpired
        );
    });
    build_and_execute(|| {
        advance_to(1_001);
        assert_noop!(
            close(APP_OWNER, drafts().app),
            Error::<Test>::AppOrderExpired
        );
        advance_to(1_501);
        assert_noop!(
            close(DATASET_OWNER, dataset_order()),
            Error::<Test>::DatasetOrderExpired
        );
    });
}

#[test]
fn reaches_orders_that_are_not_yet_allowed_to_match() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| drafts.app.valid_until = MAX_ORDER_LIFE + 10);
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        advance_to(10);
        let drafts = drafts_with(|late| {
            late.app = drafts.app;
            late.pool.valid_until = 10;
            late.request.valid_until = 10;
        });
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppVolumeExhausted);
    });
}

#[test]
fn fails_when_the_deposit_cannot_be_held() {
    build_and_execute(|| {
        let poor = sp_keyring::Sr25519Keyring::One;
        let drafts = drafts_with(|drafts| drafts.request.requester = poor.to_account_id());
        assert_noop!(close(poor, drafts.request), TokenError::FundsUnavailable);
    });
}
