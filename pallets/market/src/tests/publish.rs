use crate::{Agenda, Book, Due, Error, Event, HoldReason, Leftover, Orders, mock::*};
use codec::Encode;
use ergon_primitives::{
    AllowedApps, AppKind, Curation, DatasetOrder, FIRST_CONTAINER_VERSION, MAX_ORDER_LIFE,
    MAX_PARAMS, MAX_PRICE, MAX_TRUST, MILLI_ERG, Order, PublishedOrder, Tag, Verification,
    storage_deposit,
};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Mutate, MutateHold},
};
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
        let text = storage_deposit(order.encoded_size() + 32 + 32 + 16);
        let place = storage_deposit(33 + 16 + 32);
        let agenda = storage_deposit(4 + 34);
        let deposit = text + place + agenda;
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
        assert_ok!(dataset_drafts().publish_all());
        assert_eq!(Orders::<Test>::iter().count(), 4);
    });
}

#[test]
fn puts_offers_of_a_pool_and_requests_on_two_shelves() {
    build_and_execute(|| {
        assert_ok!(publish(DATASET_OWNER, dataset_order()));
        assert_eq!(Book::<Test>::iter_keys().count(), 1);
        assert_ok!(publish(OPERATOR, drafts().pool));
        assert_eq!(Book::<Test>::iter_keys().count(), 3);
        assert_ok!(publish(REQUESTER, drafts().request));
        assert_eq!(Book::<Test>::iter_keys().count(), 5);
    });
}

#[test]
fn every_shelf_costs_a_place() {
    let order = drafts().pool;
    let text = storage_deposit(Order::from(order.clone()).encoded_size() + 32 + 32 + 16);
    let places = storage_deposit(33 + 16 + 32) + storage_deposit(5 + 16 + 32);
    let agenda = storage_deposit(4 + 34);
    build_and_execute(|| {
        assert_ok!(publish(OPERATOR, order));
        assert_eq!(
            held(HoldReason::PublishedOrder, OPERATOR),
            text + places + agenda
        );
    });
}

#[test]
fn notes_when_the_order_can_be_forgotten() {
    build_and_execute(|| {
        let order = drafts().pool;
        let item = Leftover::Order(id_of(order.clone()));
        assert_ok!(publish(OPERATOR, order));
        let agenda: Vec<_> = Agenda::<Test>::iter_keys().collect();
        assert_eq!(agenda, [(Due::after(2_000), item)]);
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
    refused(APP_OWNER, dataset_order(), Error::NotOwner);
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

    let changed = drafts_with(|drafts| {
        drafts.pool.attributes = garbage();
        drafts.request.requirements = garbage();
    });
    refused(OPERATOR, changed.pool, Error::PoolAttributesInvalid);
    refused(
        REQUESTER,
        changed.request,
        Error::RequestRequirementsInvalid,
    );

    let changed = drafts_with(|drafts| {
        drafts.pool.requirements = garbage();
        drafts.request.callback = Some(Default::default());
    });
    refused(OPERATOR, changed.pool, Error::PoolRequirementsInvalid);
    refused(REQUESTER, changed.request, Error::CallbackInvalid);

    let changed = drafts_with(|drafts| {
        drafts.request.verification = Verification::Blind { voters: 1 };
    });
    refused(REQUESTER, changed.request, Error::VerificationInvalid);
    let changed = drafts_with(|drafts| {
        drafts.request.execution_version = FIRST_CONTAINER_VERSION;
    });
    refused(REQUESTER, changed.request, Error::BlindRequired);
}

#[test]
fn fails_when_a_dataset_order_could_not_match_by_itself() {
    let with = |change: fn(&mut DatasetOrder)| {
        let mut order = dataset_order();
        change(&mut order);
        order
    };
    let cases: [(fn(&mut DatasetOrder), Error<Test>); 5] = [
        (|order| order.valid_until = 0, Error::DatasetOrderExpired),
        (
            |order| order.valid_until = MAX_ORDER_LIFE + 2,
            Error::DatasetOrderLifeTooLong,
        ),
        (|order| order.volume = 0, Error::DatasetOrderEmpty),
        (
            |order| order.price = MAX_PRICE + 1,
            Error::DatasetPriceAboveMaximum,
        ),
        (
            |order| order.tag = Tag::TRUSTED_HARDWARE,
            Error::TrustedHardwareUnsupported,
        ),
    ];
    for (change, error) in cases {
        refused(DATASET_OWNER, with(change), error);
    }
}

#[test]
fn fails_when_governance_revoked_the_app() {
    for harmful in [false, true] {
        build_and_execute(|| {
            world(|world| world.curations.insert(APP, Curation::Revoked { harmful }));
            assert_noop!(publish(APP_OWNER, drafts().app), Error::<Test>::AppRevoked);
            assert_noop!(
                publish(REQUESTER, drafts().request),
                Error::<Test>::AppRevoked
            );
        });
    }
}

#[test]
fn fails_when_the_request_can_never_have_what_it_names() {
    build_and_execute(|| {
        world(|world| world.kinds.insert(APP, AppKind::Oci));
        assert_noop!(
            publish(REQUESTER, drafts().request),
            Error::<Test>::ExecutionVersionUnfit
        );
    });
    build_and_execute(|| {
        let allowed = AllowedApps::truncate_from(vec![OTHER_APP]);
        world(|world| world.allowed_apps.insert(DATASET, allowed));
        assert_noop!(
            publish(REQUESTER, dataset_drafts().request),
            Error::<Test>::DatasetNotForApp
        );
    });
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

    let changed = drafts_with(|drafts| drafts.request.dataset = Some(nowhere.into()));
    refused(REQUESTER, changed.request, Error::NoSuchDataset);
    let mut changed = dataset_order();
    changed.dataset = nowhere.into();
    refused(DATASET_OWNER, changed, Error::NoSuchDataset);
}

#[test]
fn fails_when_the_order_was_closed() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(close(APP_OWNER, drafts.app.clone()));
        assert_ok!(close(DATASET_OWNER, dataset_order()));
        assert_ok!(close(OPERATOR, drafts.pool.clone()));
        assert_ok!(close(REQUESTER, drafts.request.clone()));
        assert_noop!(
            publish(DATASET_OWNER, dataset_order()),
            Error::<Test>::DatasetVolumeExhausted
        );
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

#[test]
fn takes_up_an_order_that_was_partly_matched_by_signature() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        assert_eq!(Market::consumed(id_of(drafts.app)), 10);
    });
}

#[test]
fn a_deposit_without_a_record_does_not_go_unnoticed() {
    for reason in [HoldReason::PublishedOrder, HoldReason::ClosedOrder] {
        new_test_ext().execute_with(|| {
            assert_ok!(Market::do_try_state());
            let who = STRANGER.to_account_id();
            assert_ok!(Balances::hold(&reason.into(), &who, MILLI_ERG));
            assert!(Market::do_try_state().is_err());
        });
    }
}
