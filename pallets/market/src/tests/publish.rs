use crate::{Error, Event, HoldReason, Orders, mock::*};
use codec::Encode;
use ergon_primitives::{
    MAX_ORDER_LIFE, MAX_PARAMS, MAX_PRICE, MAX_TRUST, MILLI_ERG, Order, PublishedOrder, Tag,
    storage_deposit,
};
use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};
use sp_core::H256;
use sp_runtime::{BoundedVec, TokenError};

fn refused(who: sp_keyring::Sr25519Keyring, order: impl Into<Order>, error: Error<Test>) {
    build_and_execute(|| {
        assert_noop!(publish(who, order), error);
    });
}

#[test]
fn puts_the_text_on_the_chain_against_a_deposit() {
    build_and_execute(|| {
        let order = drafts().app;
        assert_ok!(publish(APP_OWNER, order.clone()));

        let id = id_of(order.clone());
        let (order, publisher) = (Order::from(order), APP_OWNER.to_account_id());
        let deposit = storage_deposit(order.encoded_size() + 32 + 32 + 16);
        assert_announced(Event::OrderPublished {
            order: id,
            publisher: publisher.clone(),
            deposit,
        });
        assert_eq!(
            Orders::<Test>::get(id),
            Some(PublishedOrder {
                publisher,
                deposit,
                order
            })
        );
        assert_eq!(held(HoldReason::PublishedOrder, APP_OWNER), deposit);
    });
}

#[test]
fn each_type_is_published_by_its_owner() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app));
        assert_ok!(publish(OPERATOR, drafts.pool));
        assert_ok!(publish(REQUESTER, drafts.request));
        assert_eq!(Orders::<Test>::iter().count(), 3);
    });
}

#[test]
fn longer_orders_cost_more() {
    build_and_execute(|| {
        let mut long = drafts().request;
        long.params = BoundedVec::truncate_from(vec![b' '; MAX_PARAMS as usize]);
        assert_ok!(publish(REQUESTER, drafts().request));
        let short_deposit = held(HoldReason::PublishedOrder, REQUESTER);
        assert_ok!(publish(REQUESTER, long));
        assert!(held(HoldReason::PublishedOrder, REQUESTER) > 2 * short_deposit);
    });
}

#[test]
fn fails_for_anyone_but_the_owner() {
    refused(STRANGER, drafts().app, Error::NotOwner);
    refused(APP_OWNER, drafts().pool, Error::NotOwner);
    refused(SPONSOR, drafts().request, Error::NotOwner);
}

#[test]
fn fails_when_already_published_unless_the_salt_differs() {
    build_and_execute(|| {
        let mut order = drafts().app;
        assert_ok!(publish(APP_OWNER, order.clone()));
        assert_noop!(
            publish(APP_OWNER, order.clone()),
            Error::<Test>::AlreadyPublished
        );
        order.salt = H256::repeat_byte(1);
        assert_ok!(publish(APP_OWNER, order));
    });
}

#[test]
fn needs_the_deposit_and_an_existential_deposit() {
    build_and_execute(|| {
        let poor = sp_keyring::Sr25519Keyring::One;
        let drafts = drafts_with(|drafts| drafts.request.requester = poor.to_account_id());
        let needed = Market::publication_deposit(&drafts.request.clone().into()) + MILLI_ERG;
        Balances::set_balance(&poor.to_account_id(), needed - 1);
        assert_noop!(
            publish(poor, drafts.request.clone()),
            TokenError::FundsUnavailable
        );
        Balances::set_balance(&poor.to_account_id(), needed);
        assert_ok!(publish(poor, drafts.request));
    });
}

#[test]
fn fails_when_the_order_could_not_match_by_itself() {
    let changed = drafts_with(|drafts| {
        drafts.app.valid_until = 0;
        drafts.pool.valid_until = 0;
        drafts.request.valid_until = 0;
    });
    refused(APP_OWNER, changed.app, Error::AppOrderExpired);
    refused(OPERATOR, changed.pool, Error::PoolOrderExpired);
    refused(REQUESTER, changed.request, Error::RequestOrderExpired);

    let changed = drafts_with(|drafts| {
        drafts.app.valid_until = MAX_ORDER_LIFE + 2;
        drafts.pool.valid_until = MAX_ORDER_LIFE + 2;
        drafts.request.valid_until = MAX_ORDER_LIFE + 2;
    });
    refused(APP_OWNER, changed.app, Error::AppOrderLifeTooLong);
    refused(OPERATOR, changed.pool, Error::PoolOrderLifeTooLong);
    refused(REQUESTER, changed.request, Error::RequestOrderLifeTooLong);

    let changed = drafts_with(|drafts| {
        drafts.app.volume = 0;
        drafts.pool.volume = 0;
        drafts.request.volume = 0;
    });
    refused(APP_OWNER, changed.app, Error::AppOrderEmpty);
    refused(OPERATOR, changed.pool, Error::PoolOrderEmpty);
    refused(REQUESTER, changed.request, Error::RequestOrderEmpty);

    let changed = drafts_with(|drafts| {
        drafts.app.price = MAX_PRICE + 1;
        drafts.pool.price = MAX_PRICE + 1;
        drafts.request.min_volume = 0;
    });
    refused(APP_OWNER, changed.app, Error::AppPriceAboveMaximum);
    refused(OPERATOR, changed.pool, Error::PoolPriceAboveMaximum);
    refused(REQUESTER, changed.request, Error::MinimumVolumeZero);

    let changed = drafts_with(|drafts| {
        drafts.app.tag = Tag::TRUSTED_HARDWARE;
        drafts.pool.trust = MAX_TRUST + 1;
        drafts.request.trust = 0;
    });
    refused(APP_OWNER, changed.app, Error::TrustedHardwareUnsupported);
    refused(OPERATOR, changed.pool, Error::TrustAboveMaximum);
    refused(REQUESTER, changed.request, Error::TrustZero);
}

#[test]
fn accepts_the_last_possible_values() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            drafts.app.price = MAX_PRICE;
            drafts.app.valid_until = 1 + MAX_ORDER_LIFE;
            drafts.pool.trust = MAX_TRUST;
            drafts.pool.valid_until = 1;
            drafts.request.min_volume = drafts.request.volume;
        });
        assert_ok!(publish(APP_OWNER, drafts.app));
        assert_ok!(publish(OPERATOR, drafts.pool));
        assert_ok!(publish(REQUESTER, drafts.request));
    });
}

#[test]
fn fails_when_something_named_does_not_exist() {
    let nowhere = H256::repeat_byte(99);
    let changed = drafts_with(|drafts| {
        drafts.app.app = nowhere.into();
        drafts.pool.pool = nowhere.into();
        drafts.request.app = nowhere.into();
    });
    refused(APP_OWNER, changed.app, Error::NoSuchApp);
    refused(OPERATOR, changed.pool, Error::NoSuchPool);
    refused(REQUESTER, changed.request, Error::NoSuchApp);

    let changed = drafts_with(|drafts| {
        drafts.pool.category = 99;
        drafts.request.pool = Some(nowhere.into());
    });
    refused(OPERATOR, changed.pool, Error::CategoryUnknown);
    refused(REQUESTER, changed.request, Error::NoSuchPool);

    let changed = drafts_with(|drafts| drafts.request.category = 99);
    refused(REQUESTER, changed.request, Error::CategoryUnknown);
}

#[test]
fn fails_when_the_order_was_closed() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        assert_ok!(close(OPERATOR, drafts.pool.clone()));
        assert_ok!(close(REQUESTER, drafts.request.clone()));
        assert_noop!(
            publish(APP_OWNER, drafts.app),
            Error::<Test>::AppVolumeExhausted
        );
        assert_noop!(
            publish(OPERATOR, drafts.pool),
            Error::<Test>::PoolVolumeExhausted
        );
        assert_noop!(
            publish(REQUESTER, drafts.request),
            Error::<Test>::RequestVolumeExhausted
        );
    });
}

#[test]
fn fails_when_less_is_left_than_the_minimum() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            drafts.pool.volume = 6;
            drafts.request.min_volume = 5;
        });
        assert_ok!(drafts.matched_by(ANYONE));
        assert_noop!(
            publish(REQUESTER, drafts.request),
            Error::<Test>::VolumeBelowMinimum
        );
    });
}
