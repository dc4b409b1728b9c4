//! Both sides of every boundary of a match, and what changes between signing and matching.

use crate::{Consumed, Error, mock::*};
use ergon_primitives::{
    Access, AccessListId, AllowedApps, AppKind, Curation, DatasetOrder, DealStatus,
    FIRST_CONTAINER_VERSION, MAX_DURATION, MAX_ORDER_LIFE, MAX_PRICE, MAX_TRUST, Restriction,
    Scheduling, Tag, Verification, traits::Deals as _,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

/// The standard orders with a dataset, after a change, are refused.
fn refused(change: impl FnOnce(&mut Drafts), error: Error<Test>) {
    build_and_execute(|| {
        let mut drafts = dataset_drafts();
        change(&mut drafts);
        assert_noop!(drafts.matched_by(ANYONE), error);
    });
}

/// The standard orders with a dataset, after a change, make a deal.
fn accepted(change: impl FnOnce(&mut Drafts)) {
    build_and_execute(|| {
        let mut drafts = dataset_drafts();
        change(&mut drafts);
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

fn data(drafts: &mut Drafts) -> &mut DatasetOrder {
    drafts.dataset.as_mut().unwrap()
}

fn expiring(drafts: &mut Drafts, valid_until: u32) {
    drafts.app.valid_until = valid_until;
    data(drafts).valid_until = valid_until;
    drafts.pool.valid_until = valid_until;
    drafts.request.valid_until = valid_until;
}

#[test]
fn orders_match_in_their_last_block_and_not_one_later() {
    let mut drafts = dataset_drafts();
    expiring(&mut drafts, 50);
    build_and_execute(|| {
        advance_to(50);
        assert_ok!(drafts.matched_by(ANYONE));
    });
    build_and_execute(|| {
        advance_to(51);
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppOrderExpired);
        drafts.app.valid_until = 51;
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::DatasetOrderExpired
        );
        data(&mut drafts).valid_until = 51;
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::PoolOrderExpired);
        drafts.pool.valid_until = 51;
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::RequestOrderExpired
        );
        drafts.request.valid_until = 51;
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn orders_live_as_long_as_any_may_and_not_one_block_longer() {
    build_and_execute(|| {
        advance_to(7);
        let longest = 7 + MAX_ORDER_LIFE;
        let mut drafts = dataset_drafts();
        expiring(&mut drafts, longest + 1);
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::AppOrderLifeTooLong
        );
        drafts.app.valid_until = longest;
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::DatasetOrderLifeTooLong
        );
        data(&mut drafts).valid_until = longest;
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::PoolOrderLifeTooLong
        );
        drafts.pool.valid_until = longest;
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::RequestOrderLifeTooLong
        );
        drafts.request.valid_until = longest;
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn orders_of_one_task_are_not_empty() {
    accepted(|drafts| {
        drafts.app.volume = 1;
        data(drafts).volume = 1;
        drafts.pool.volume = 1;
        drafts.request.volume = 1;
    });
}

#[test]
fn prices_up_to_the_highest_of_anything() {
    refused(
        |drafts| {
            drafts.app.price = MAX_PRICE + 1;
            drafts.request.max_app_price = u128::MAX;
        },
        Error::AppPriceAboveMaximum,
    );
    refused(
        |drafts| {
            data(drafts).price = MAX_PRICE + 1;
            drafts.request.max_dataset_price = u128::MAX;
        },
        Error::DatasetPriceAboveMaximum,
    );
    refused(
        |drafts| {
            drafts.pool.price = MAX_PRICE + 1;
            drafts.request.max_pool_price = u128::MAX;
        },
        Error::PoolPriceAboveMaximum,
    );
    accepted(|drafts| {
        drafts.app.price = MAX_PRICE;
        data(drafts).price = MAX_PRICE;
        drafts.pool.price = MAX_PRICE;
        drafts.request.max_app_price = MAX_PRICE;
        drafts.request.max_dataset_price = MAX_PRICE;
        drafts.request.max_pool_price = MAX_PRICE;
    });
}

#[test]
fn prices_equal_to_what_the_requester_pays_and_one_above() {
    let equal = |drafts: &mut Drafts| {
        drafts.request.max_app_price = APP_PRICE;
        drafts.request.max_dataset_price = DATASET_PRICE;
        drafts.request.max_pool_price = POOL_PRICE;
    };
    accepted(equal);
    refused(
        |drafts| {
            equal(drafts);
            drafts.app.price += 1;
        },
        Error::AppPriceTooHigh,
    );
    refused(
        |drafts| {
            equal(drafts);
            data(drafts).price += 1;
        },
        Error::DatasetPriceTooHigh,
    );
    refused(
        |drafts| {
            equal(drafts);
            drafts.pool.price += 1;
        },
        Error::PoolPriceTooHigh,
    );
}

#[test]
fn a_limit_for_datasets_says_nothing_without_one() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| drafts.request.max_dataset_price = 0);
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn categories_are_equal_and_exist() {
    refused(
        |drafts| drafts.pool.category = OTHER_CATEGORY,
        Error::CategoryMismatch,
    );
    accepted(|drafts| {
        drafts.pool.category = OTHER_CATEGORY;
        drafts.request.category = OTHER_CATEGORY;
    });
}

#[test]
fn trust_is_at_most_what_the_pool_offers() {
    accepted(|drafts| drafts.request.trust = 10);
    refused(|drafts| drafts.request.trust = 11, Error::TrustTooHigh);
    accepted(|drafts| {
        drafts.pool.trust = MAX_TRUST;
        drafts.request.trust = MAX_TRUST;
    });
}

#[test]
fn too_little_trust_only_in_a_pool_in_which_all_may_race() {
    refused(
        |drafts| drafts.request.trust = 2,
        Error::TrustTooLowForOpenPool,
    );
    accepted(|drafts| drafts.request.trust = 3);
    accepted(|drafts| {
        world(|world| {
            let policy = &mut world.pools.get_mut(&POOL).unwrap().policy;
            policy.scheduling = Scheduling::Authorised;
            policy.access = Access::Public;
        });
        drafts.request.trust = 1;
    });
}

/// App, dataset and request need the features 0b1110 together, and the pool has just these.
#[test]
fn the_pool_has_every_feature_that_somebody_needs() {
    accepted(|drafts| drafts.pool.tag = Tag(0b11_1110));
    for missing in [0b1100, 0b1010, 0b0110] {
        refused(
            |drafts| drafts.pool.tag = Tag(missing),
            Error::TagNotOffered,
        );
    }
    refused(
        |drafts| drafts.app.tag = Tag(0b1_0010),
        Error::TagNotOffered,
    );
    refused(
        |drafts| data(drafts).tag = Tag(1 << 63),
        Error::TagNotOffered,
    );
    refused(
        |drafts| drafts.request.tag = Tag(0b1_0000),
        Error::TagNotOffered,
    );
}

#[test]
fn trusted_hardware_whoever_speaks_of_it() {
    refused(
        |drafts| drafts.pool.tag = Tag(0b1111),
        Error::TrustedHardwareUnsupported,
    );
    let needing: [fn(&mut Drafts); 3] = [
        |drafts| drafts.app.tag = Tag::TRUSTED_HARDWARE,
        |drafts| data(drafts).tag = Tag::TRUSTED_HARDWARE,
        |drafts| drafts.request.tag = Tag::TRUSTED_HARDWARE,
    ];
    for need in needing {
        refused(
            |drafts| {
                need(drafts);
                drafts.pool.tag = Tag(0b1111);
            },
            Error::TrustedHardwareUnsupported,
        );
    }
}

#[test]
fn a_request_without_dataset_takes_no_dataset_order() {
    for limit in [0, MAX_PRICE] {
        refused(
            |drafts| {
                drafts.request.dataset = None;
                drafts.request.max_dataset_price = limit;
            },
            Error::DatasetMismatch,
        );
    }
    refused(|drafts| drafts.dataset = None, Error::DatasetOrderMissing);
    accepted(|drafts| {
        drafts.dataset = None;
        drafts.request.dataset = None;
    });
}

#[test]
fn other_pools_only_when_the_request_names_one() {
    refused(
        |drafts| drafts.request.pool = Some(OTHER_POOL),
        Error::PoolMismatch,
    );
    accepted(|drafts| drafts.request.pool = Some(POOL));
    accepted(|drafts| drafts.pool.pool = OTHER_POOL);
}

#[test]
fn restrictions_to_the_counterpart_itself() {
    use Restriction::Only;
    accepted(|drafts| {
        drafts.app.restrict_dataset = Only(DATASET);
        drafts.app.restrict_pool = Only(POOL);
        drafts.app.restrict_requester = Only(REQUESTER.to_account_id());
        data(drafts).restrict_app = Only(APP);
        data(drafts).restrict_pool = Only(POOL);
        data(drafts).restrict_requester = Only(REQUESTER.to_account_id());
        drafts.pool.restrict_app = Only(APP);
        drafts.pool.restrict_dataset = Only(DATASET);
        drafts.pool.restrict_requester = Only(REQUESTER.to_account_id());
    });
}

/// A restriction of datasets is about one that is used.
#[test]
fn restrictions_of_datasets_admit_a_request_without_one() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            drafts.app.restrict_dataset = Restriction::Only(DATASET);
            drafts.pool.restrict_dataset = Restriction::Listed(LIST);
        });
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn a_dataset_is_for_the_apps_that_it_was_registered_for() {
    fn allowed(apps: &[ergon_primitives::AppId]) {
        let apps = AllowedApps::truncate_from(apps.to_vec());
        world(|world| world.allowed_apps.insert(DATASET, apps));
    }
    refused(|_| allowed(&[OTHER_APP]), Error::DatasetNotForApp);
    accepted(|_| allowed(&[OTHER_APP, APP]));
    accepted(|_| allowed(&[]));
}

/// Restricts everything to those on the list.
fn listed(drafts: &mut Drafts, list: AccessListId) {
    drafts.app.restrict_dataset = Restriction::Listed(list);
    drafts.app.restrict_pool = Restriction::Listed(list);
    drafts.app.restrict_requester = Restriction::Listed(list);
    data(drafts).restrict_app = Restriction::Listed(list);
    data(drafts).restrict_pool = Restriction::Listed(list);
    data(drafts).restrict_requester = Restriction::Listed(list);
    drafts.pool.restrict_app = Restriction::Listed(list);
    drafts.pool.restrict_dataset = Restriction::Listed(list);
    drafts.pool.restrict_requester = Restriction::Listed(list);
}

/// Lists admit by the account that owns the counterpart, in the block of the match.
#[test]
fn members_that_come_and_go_between_signing_and_matching() {
    build_and_execute(|| {
        let mut drafts = dataset_drafts();
        listed(&mut drafts, LIST);
        let signed = drafts.signed();
        for (missing, error) in [
            (DATASET_OWNER, Error::<Test>::AppRefusesDataset),
            (OPERATOR, Error::AppRefusesPool),
            (REQUESTER, Error::AppRefusesRequester),
            (APP_OWNER, Error::DatasetRefusesApp),
        ] {
            assert_noop!(signed.clone().matched_by(ANYONE), error);
            world(|world| world.list(missing));
        }
        world(|world| world.unlist(APP_OWNER));
        assert_noop!(
            signed.clone().matched_by(ANYONE),
            Error::<Test>::DatasetRefusesApp
        );
        world(|world| world.list(APP_OWNER));
        assert_ok!(signed.matched_by(ANYONE));
    });
}

#[test]
fn each_side_asks_its_own_list() {
    use Restriction::Listed;
    let restrict: [(fn(&mut Drafts), Error<Test>); 5] = [
        (
            |drafts| data(drafts).restrict_pool = Listed(LIST),
            Error::DatasetRefusesPool,
        ),
        (
            |drafts| data(drafts).restrict_requester = Listed(LIST),
            Error::DatasetRefusesRequester,
        ),
        (
            |drafts| drafts.pool.restrict_app = Listed(LIST),
            Error::PoolRefusesApp,
        ),
        (
            |drafts| drafts.pool.restrict_dataset = Listed(LIST),
            Error::PoolRefusesDataset,
        ),
        (
            |drafts| drafts.pool.restrict_requester = Listed(LIST),
            Error::PoolRefusesRequester,
        ),
    ];
    for (restrict, error) in restrict {
        refused(restrict, error);
    }
}

#[test]
fn a_deleted_list_admits_none() {
    build_and_execute(|| {
        let mut drafts = dataset_drafts();
        listed(&mut drafts, LIST);
        let signed = drafts.signed();
        for who in [APP_OWNER, DATASET_OWNER, OPERATOR, REQUESTER] {
            world(|world| world.list(who));
        }
        world(|world| world.lists.remove(&LIST));
        assert_noop!(signed.matched_by(ANYONE), Error::<Test>::AppRefusesDataset);
    });
}

#[test]
fn a_revoked_app_matches_again_once_it_is_cleared() {
    for harmful in [false, true] {
        build_and_execute(|| {
            let signed = dataset_drafts().signed();
            world(|world| world.curations.insert(APP, Curation::Revoked { harmful }));
            assert_noop!(signed.clone().matched_by(ANYONE), Error::<Test>::AppRevoked);
            world(|world| world.curations.remove(&APP));
            assert_ok!(signed.matched_by(ANYONE));
        });
    }
}

#[test]
fn approved_apps_are_those_that_governance_approved() {
    let document = H256::repeat_byte(1);
    let approved_only = |drafts: &mut Drafts| drafts.request.approved_only = true;
    refused(approved_only, Error::AppNotApproved);
    refused(
        |drafts| {
            approved_only(drafts);
            world(|world| world.curations.insert(APP, Curation::Proposed(document)));
        },
        Error::AppNotApproved,
    );
    accepted(|drafts| {
        approved_only(drafts);
        world(|world| world.curations.insert(APP, Curation::Approved(document)));
    });
    accepted(|_| {
        world(|world| world.curations.insert(APP, Curation::Proposed(document)));
    });
}

#[test]
fn execution_versions_are_on_offer_and_fit_the_app() {
    accepted(|drafts| {
        drafts.pool.execution_versions = versions(&[7, 2, 1]);
        drafts.request.execution_version = 2;
    });
    // Containers are verified blindly, for what they answer may be small enough to guess.
    let blindly = |drafts: &mut Drafts| {
        let blind = Verification::Blind { voters: 5 };
        drafts.pool.verifications = vec![blind].try_into().unwrap();
        drafts.request.verification = blind;
    };
    let of_containers = |drafts: &mut Drafts, version| {
        world(|world| world.kinds.insert(APP, AppKind::Oci));
        drafts.pool.execution_versions = versions(&[version]);
        drafts.request.execution_version = version;
        blindly(drafts);
    };
    accepted(|drafts| of_containers(drafts, FIRST_CONTAINER_VERSION));
    refused(
        |drafts| of_containers(drafts, FIRST_CONTAINER_VERSION - 1),
        Error::ExecutionVersionUnfit,
    );
    let of_modules = |drafts: &mut Drafts, version| {
        drafts.pool.execution_versions = versions(&[version]);
        drafts.request.execution_version = version;
    };
    accepted(|drafts| of_modules(drafts, FIRST_CONTAINER_VERSION - 1));
    refused(
        |drafts| {
            of_modules(drafts, FIRST_CONTAINER_VERSION);
            blindly(drafts);
        },
        Error::ExecutionVersionUnfit,
    );
}

/// Volumes 20, 10, 30 and 10: each in turn is used up to its last task.
#[test]
fn volumes_are_used_up_to_the_last_task() {
    build_and_execute(|| {
        let mut drafts = dataset_drafts();
        drafts.app.volume = 20;
        data(&mut drafts).volume = 10;
        drafts.pool.volume = 30;
        assert_ok!(drafts.matched_by(ANYONE));
        let noted = Consumed::<Test>::get(drafts.ids().dataset.unwrap());
        assert_eq!(noted.map(|consumption| consumption.volume), Some(10));

        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::DatasetVolumeExhausted
        );
        data(&mut drafts).salt = H256::repeat_byte(1);
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::RequestVolumeExhausted
        );
        drafts.request.salt = H256::repeat_byte(1);
        assert_ok!(drafts.matched_by(ANYONE));

        data(&mut drafts).salt = H256::repeat_byte(2);
        drafts.request.salt = H256::repeat_byte(2);
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppVolumeExhausted);
        drafts.app.salt = H256::repeat_byte(2);
        assert_ok!(drafts.matched_by(ANYONE));

        data(&mut drafts).salt = H256::repeat_byte(3);
        drafts.request.salt = H256::repeat_byte(3);
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::PoolVolumeExhausted
        );
    });
}

#[test]
fn volumes_are_at_least_the_minimum() {
    let least: [fn(&mut Drafts, u32); 3] = [
        |drafts, volume| drafts.app.volume = volume,
        |drafts, volume| data(drafts).volume = volume,
        |drafts, volume| drafts.pool.volume = volume,
    ];
    for volume in least {
        accepted(|drafts| {
            volume(drafts, 7);
            drafts.request.min_volume = 7;
        });
        refused(
            |drafts| {
                volume(drafts, 6);
                drafts.request.min_volume = 7;
            },
            Error::VolumeBelowMinimum,
        );
    }
    accepted(|drafts| drafts.request.min_volume = 10);
    refused(
        |drafts| drafts.request.min_volume = 11,
        Error::VolumeBelowMinimum,
    );
}

/// 10 periods of 20 blocks, widened twice: 10 tasks in a pool that works on 5 at a time.
#[test]
fn deals_as_long_as_the_requester_waits_and_not_one_block_longer() {
    accepted(|drafts| drafts.request.max_duration = 400);
    refused(
        |drafts| drafts.request.max_duration = 399,
        Error::DurationTooLong,
    );
    accepted(|drafts| {
        data(drafts).volume = 5;
        drafts.request.max_duration = 200;
    });
}

#[test]
fn deals_as_long_as_any_may_be_and_not_longer() {
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
fn pools_of_registered_hubs_and_of_no_others() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        world(|world| world.unmatchable.insert(POOL));
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::PoolHubNotRegistered
        );
        // Another pool's hub is of no concern.
        world(|world| world.unmatchable = [OTHER_POOL].into());
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn deals_that_run_do_not_care_about_a_hub_any_more() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let id = drafts.deal_id(0);
        let deal = Market::deal(id);
        world(|world| world.unmatchable.insert(POOL));

        assert_eq!(Market::deal(id), deal);
        assert_eq!(Market::status(id), Some(DealStatus::Open));
        Market::end(id, 10);
        assert_eq!(Market::status(id), Some(DealStatus::Ended(1)));
        Market::remove(id);
        assert_eq!(Market::deal(id), None);
    });
}
