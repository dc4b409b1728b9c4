//! Every condition of a match, on both sides of its boundary, as the chain sees it.

use crate::{Error, matching::Mismatch, mock::*};
use ergon_primitives::{
    AccessListId, MAX_DURATION, MAX_ORDER_LIFE, MAX_PRICE, MAX_TRUST, Restriction, Tag,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

fn refused(change: impl FnOnce(&mut Drafts), error: Error<Test>) {
    build_and_execute(|| {
        assert_noop!(drafts_with(change).matched_by(ANYONE), error);
    });
}

fn accepted(change: impl FnOnce(&mut Drafts)) {
    build_and_execute(|| {
        assert_ok!(drafts_with(change).matched_by(ANYONE));
    });
}

const DELETED_LIST: AccessListId = AccessListId(H256([9; 32]));

#[test]
fn expired_orders() {
    refused(|drafts| drafts.app.valid_until = 0, Error::AppOrderExpired);
    refused(
        |drafts| drafts.pool.valid_until = 0,
        Error::PoolOrderExpired,
    );
    refused(
        |drafts| drafts.request.valid_until = 0,
        Error::RequestOrderExpired,
    );
    accepted(|drafts| {
        drafts.app.valid_until = 1;
        drafts.pool.valid_until = 1;
        drafts.request.valid_until = 1;
    });
}

#[test]
fn orders_with_too_long_a_life() {
    let too_long = MAX_ORDER_LIFE + 2;
    refused(
        |drafts| drafts.app.valid_until = too_long,
        Error::AppOrderLifeTooLong,
    );
    refused(
        |drafts| drafts.pool.valid_until = too_long,
        Error::PoolOrderLifeTooLong,
    );
    refused(
        |drafts| drafts.request.valid_until = too_long,
        Error::RequestOrderLifeTooLong,
    );
    accepted(|drafts| {
        drafts.app.valid_until = too_long - 1;
        drafts.pool.valid_until = too_long - 1;
        drafts.request.valid_until = too_long - 1;
    });
}

#[test]
fn empty_orders() {
    refused(|drafts| drafts.app.volume = 0, Error::AppOrderEmpty);
    refused(|drafts| drafts.pool.volume = 0, Error::PoolOrderEmpty);
    refused(|drafts| drafts.request.volume = 0, Error::RequestOrderEmpty);
    refused(
        |drafts| drafts.request.min_volume = 0,
        Error::MinimumVolumeZero,
    );
    accepted(|drafts| {
        drafts.app.volume = 1;
        drafts.pool.volume = 1;
        drafts.request.volume = 1;
    });
}

#[test]
fn prices_above_the_maximum() {
    refused(
        |drafts| {
            drafts.app.price = MAX_PRICE + 1;
            drafts.request.max_app_price = MAX_PRICE + 1;
        },
        Error::AppPriceAboveMaximum,
    );
    refused(
        |drafts| {
            drafts.pool.price = MAX_PRICE + 1;
            drafts.request.max_pool_price = MAX_PRICE + 1;
        },
        Error::PoolPriceAboveMaximum,
    );
    accepted(|drafts| {
        drafts.app.price = MAX_PRICE;
        drafts.request.max_app_price = MAX_PRICE;
        drafts.pool.price = MAX_PRICE;
        drafts.request.max_pool_price = MAX_PRICE;
    });
}

#[test]
fn prices_above_what_the_requester_pays() {
    refused(
        |drafts| drafts.request.max_app_price = APP_PRICE - 1,
        Error::AppPriceTooHigh,
    );
    refused(
        |drafts| drafts.request.max_pool_price = POOL_PRICE - 1,
        Error::PoolPriceTooHigh,
    );
    accepted(|drafts| {
        drafts.request.max_app_price = APP_PRICE;
        drafts.request.max_pool_price = POOL_PRICE;
    });
}

#[test]
fn categories() {
    refused(
        |drafts| drafts.request.category = OTHER_CATEGORY,
        Error::CategoryMismatch,
    );
    refused(
        |drafts| drafts.pool.category = OTHER_CATEGORY,
        Error::CategoryMismatch,
    );
    refused(
        |drafts| {
            drafts.pool.category = 99;
            drafts.request.category = 99;
        },
        Error::CategoryUnknown,
    );
    accepted(|drafts| {
        drafts.pool.category = OTHER_CATEGORY;
        drafts.request.category = OTHER_CATEGORY;
    });
}

#[test]
fn trust() {
    refused(
        |drafts| drafts.pool.trust = MAX_TRUST + 1,
        Error::TrustAboveMaximum,
    );
    refused(|drafts| drafts.request.trust = 0, Error::TrustZero);
    refused(|drafts| drafts.request.trust = 11, Error::TrustTooHigh);
    accepted(|drafts| drafts.request.trust = 10);
    accepted(|drafts| {
        drafts.pool.trust = MAX_TRUST;
        drafts.request.trust = MAX_TRUST;
    });
}

#[test]
fn too_little_trust_for_an_open_pool() {
    refused(
        |drafts| drafts.request.trust = 2,
        Error::TrustTooLowForOpenPool,
    );
    accepted(|drafts| drafts.request.trust = 3);
}

#[test]
fn features() {
    refused(|drafts| drafts.app.tag = Tag(0b10010), Error::TagNotOffered);
    refused(
        |drafts| drafts.request.tag = Tag(0b10000),
        Error::TagNotOffered,
    );
    refused(|drafts| drafts.pool.tag = Tag(0b0010), Error::TagNotOffered);
    accepted(|drafts| drafts.pool.tag = Tag(0b0110));
    accepted(|drafts| {
        drafts.app.tag = Tag(0);
        drafts.pool.tag = Tag(0);
        drafts.request.tag = Tag(0);
    });
}

#[test]
fn trusted_hardware_whoever_speaks_of_it() {
    refused(
        |drafts| drafts.pool.tag = Tag(0b1111),
        Error::TrustedHardwareUnsupported,
    );
    refused(
        |drafts| {
            drafts.pool.tag = Tag(0b1111);
            drafts.app.tag = Tag(0b0001);
        },
        Error::TrustedHardwareUnsupported,
    );
}

#[test]
fn other_apps_and_pools() {
    refused(|drafts| drafts.request.app = OTHER_APP, Error::AppMismatch);
    refused(|drafts| drafts.app.app = OTHER_APP, Error::AppMismatch);
    refused(
        |drafts| drafts.request.pool = Some(OTHER_POOL),
        Error::PoolMismatch,
    );
    accepted(|drafts| drafts.request.pool = Some(POOL));
    accepted(|drafts| drafts.pool.pool = OTHER_POOL);
}

#[test]
fn restrictions_to_one() {
    use Restriction::Only;
    refused(
        |drafts| drafts.app.restrict_pool = Only(OTHER_POOL),
        Error::AppRefusesPool,
    );
    refused(
        |drafts| drafts.pool.restrict_app = Only(OTHER_APP),
        Error::PoolRefusesApp,
    );
    let stranger = STRANGER.to_account_id();
    refused(
        |drafts| drafts.app.restrict_requester = Only(stranger.clone()),
        Error::AppRefusesRequester,
    );
    refused(
        |drafts| drafts.pool.restrict_requester = Only(stranger.clone()),
        Error::PoolRefusesRequester,
    );
    accepted(|drafts| {
        drafts.app.restrict_pool = Only(POOL);
        drafts.app.restrict_requester = Only(REQUESTER.to_account_id());
        drafts.pool.restrict_app = Only(APP);
        drafts.pool.restrict_requester = Only(REQUESTER.to_account_id());
    });
}

/// Restricts everything to those on the list.
fn listed(drafts: &mut Drafts, list: AccessListId) {
    drafts.app.restrict_pool = Restriction::Listed(list);
    drafts.app.restrict_requester = Restriction::Listed(list);
    drafts.pool.restrict_app = Restriction::Listed(list);
    drafts.pool.restrict_requester = Restriction::Listed(list);
}

#[test]
fn restrictions_to_a_list() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| listed(drafts, LIST));
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppRefusesPool);
        world(|world| world.list(OPERATOR));
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::AppRefusesRequester
        );
        world(|world| world.list(REQUESTER));
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::PoolRefusesApp);
        world(|world| world.list(APP_OWNER));
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn restrictions_of_the_pool_to_listed_requesters() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            drafts.pool.restrict_requester = Restriction::Listed(LIST);
        });
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::PoolRefusesRequester
        );
        world(|world| world.list(REQUESTER));
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn a_deleted_list_admits_none() {
    build_and_execute(|| {
        for who in [APP_OWNER, OPERATOR, REQUESTER] {
            world(|world| world.list(who));
        }
        let drafts = drafts_with(|drafts| listed(drafts, DELETED_LIST));
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppRefusesPool);
    });
}

#[test]
fn entries_that_are_gone() {
    build_and_execute(|| {
        world(|world| world.apps.remove(&APP));
        assert_noop!(drafts().matched_by(ANYONE), Error::<Test>::NoSuchApp);
    });
    build_and_execute(|| {
        world(|world| world.pools.remove(&POOL));
        assert_noop!(drafts().matched_by(ANYONE), Error::<Test>::NoSuchPool);
    });
}

#[test]
fn execution_versions() {
    refused(
        |drafts| drafts.request.execution_version = 2,
        Error::ExecutionVersionNotOffered,
    );
    refused(
        |drafts| drafts.pool.execution_versions = versions(&[]),
        Error::ExecutionVersionNotOffered,
    );
    accepted(|drafts| {
        drafts.pool.execution_versions = versions(&[7, 2, 1]);
        drafts.request.execution_version = 2;
    });
}

#[test]
fn exhausted_orders() {
    build_and_execute(|| {
        let mut drafts = drafts_with(|drafts| {
            drafts.app.volume = 20;
            drafts.pool.volume = 10;
        });
        assert_ok!(drafts.matched_by(ANYONE));
        drafts.request.salt = H256::repeat_byte(1);
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::PoolVolumeExhausted
        );
        drafts.pool.salt = H256::repeat_byte(1);
        assert_ok!(drafts.matched_by(ANYONE));
        drafts.pool.salt = H256::repeat_byte(2);
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppVolumeExhausted);
        drafts.app.salt = H256::repeat_byte(1);
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::RequestVolumeExhausted
        );
    });
}

#[test]
fn less_than_the_minimum() {
    refused(
        |drafts| {
            drafts.pool.volume = 6;
            drafts.request.min_volume = 7;
        },
        Error::VolumeBelowMinimum,
    );
    accepted(|drafts| {
        drafts.pool.volume = 7;
        drafts.request.min_volume = 7;
    });
    accepted(|drafts| drafts.request.min_volume = 10);
    refused(
        |drafts| drafts.request.min_volume = 11,
        Error::VolumeBelowMinimum,
    );
}

/// 10 periods of 20 blocks, widened twice: 10 tasks in a pool that works on 5 at a time.
#[test]
fn deals_longer_than_the_requester_waits() {
    refused(
        |drafts| drafts.request.max_duration = 399,
        Error::DurationTooLong,
    );
    accepted(|drafts| drafts.request.max_duration = 400);
    accepted(|drafts| {
        drafts.pool.volume = 5;
        drafts.request.max_duration = 200;
    });
}

#[test]
fn deals_longer_than_any_may_be() {
    fn outcome(work_time: u32) -> Result<(), sp_runtime::DispatchError> {
        world(|world| world.categories.insert(CATEGORY, work_time));
        drafts_with(|drafts| drafts.request.max_duration = u32::MAX).matched_by(ANYONE)
    }
    let longest = MAX_DURATION / 20;
    build_and_execute(|| {
        assert_noop!(outcome(longest + 1), Error::<Test>::DurationTooLong);
        assert_noop!(outcome(u32::MAX), Error::<Test>::DurationTooLong);
        assert_ok!(outcome(longest));
    });
}

#[test]
fn all_of_them_are_listed() {
    build_and_execute(|| {
        let mut trio = drafts_with(|drafts| {
            drafts.app.valid_until = 0;
            drafts.request.max_pool_price = 0;
            drafts.request.matcher = Some(SPONSOR.to_account_id());
            drafts.request.execution_version = 9;
        })
        .signed();
        trio.pool.signature = None;
        assert_eq!(
            Market::mismatches(
                &ANYONE.to_account_id(),
                &trio.app,
                &trio.pool,
                &trio.request
            ),
            vec![
                Mismatch::AppOrderExpired,
                Mismatch::PoolPriceTooHigh,
                Mismatch::PoolOrderNotAuthentic,
                Mismatch::NotTheMatcher,
                Mismatch::ExecutionVersionNotOffered,
            ]
        );
        let trio = drafts().signed();
        let anyone = ANYONE.to_account_id();
        assert!(Market::mismatches(&anyone, &trio.app, &trio.pool, &trio.request).is_empty());
    });
}
