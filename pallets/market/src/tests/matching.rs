//! The pure policy, without a chain.

use crate::{
    matching::{
        Admissions, Consents, Facts, Mismatch, Volumes, deal, exhaustion, expiry, fault, funding,
        mismatches, prepaid_votes,
    },
    mock::*,
};
use ergon_primitives::{
    Access, AppKind, AppTerms, Callback, CategoryTerms, Curation, DatasetTerms, DealOrders,
    FIRST_CONTAINER_VERSION, MAX_DURATION, MAX_ORDER_LIFE, MAX_PRICE, MAX_TRUST,
    OPERATOR_STAKE_RATIO, Order, OrderId, PoolPolicy, PoolTerms, Scheduling, Tag, Verification,
    Verifications, percent_of,
};
use proptest::prelude::*;
use sp_core::H256;

const ALL_ADMITTED: Admissions = Admissions {
    app_admits_dataset: true,
    app_admits_pool: true,
    app_admits_requester: true,
    dataset_admits_app: true,
    dataset_admits_pool: true,
    dataset_admits_requester: true,
    pool_admits_app: true,
    pool_admits_dataset: true,
    pool_admits_requester: true,
};

const NONE_ADMITTED: Admissions = Admissions {
    app_admits_dataset: false,
    app_admits_pool: false,
    app_admits_requester: false,
    dataset_admits_app: false,
    dataset_admits_pool: false,
    dataset_admits_requester: false,
    pool_admits_app: false,
    pool_admits_dataset: false,
    pool_admits_requester: false,
};

const ALL_CONSENT: Consents = Consents {
    app: true,
    dataset: true,
    pool: true,
    request: true,
    matcher: true,
    payer: true,
};

const NONE_CONSENT: Consents = Consents {
    app: false,
    dataset: false,
    pool: false,
    request: false,
    matcher: false,
    payer: false,
};

/// Facts in which nothing stands against a match in block 1.
fn facts(drafts: &Drafts) -> Facts<'_> {
    let has_dataset = drafts.dataset.is_some();
    let policy = PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: PARALLELISM,
        access: Access::Private(LIST),
        scheduling: Scheduling::Open,
    };
    Facts {
        now: 1,
        orders: DealOrders {
            app: OrderId(H256::repeat_byte(1)),
            dataset: has_dataset.then_some(OrderId(H256::repeat_byte(4))),
            pool: OrderId(H256::repeat_byte(2)),
            request: OrderId(H256::repeat_byte(3)),
        },
        app_order: &drafts.app,
        dataset_order: drafts.dataset.as_ref(),
        pool_order: &drafts.pool,
        request_order: &drafts.request,
        app: Some(AppTerms {
            owner: APP_OWNER.to_account_id(),
            kind: AppKind::Wasm,
            curation: None,
            requirements: Default::default(),
        }),
        dataset: has_dataset.then(|| DatasetTerms {
            owner: DATASET_OWNER.to_account_id(),
            allowed_apps: Default::default(),
        }),
        pool: Some(PoolTerms {
            owner: OPERATOR.to_account_id(),
            policy,
        }),
        category: Some(CategoryTerms {
            id: CATEGORY,
            work_time: WORK_TIME,
        }),
        consumed: Volumes {
            app: 0,
            dataset: has_dataset.then_some(0),
            pool: 0,
            request: 0,
        },
        admissions: ALL_ADMITTED,
        consents: ALL_CONSENT,
        pool_is_matchable: true,
        fund_fee_ratio: 0,
        operator_stake_ratio: OPERATOR_STAKE_RATIO,
        max_duration: MAX_DURATION,
        price_of_calls: PRICE_OF_CALLS,
    }
}

#[test]
fn nothing_stands_against_the_standard_orders() {
    for drafts in [drafts(), dataset_drafts()] {
        assert_eq!(mismatches(&facts(&drafts)).count(), 0);
        assert!(deal(&facts(&drafts)).is_ok());
    }
}

/// Everything that can fail together does, in the order in which it is asked.
#[test]
fn everything_can_stand_against_a_match_at_once() {
    let mut drafts = dataset_drafts();
    drafts.app.valid_until = 0;
    drafts.app.volume = 0;
    drafts.app.price = MAX_PRICE + 1;
    drafts.app.tag = Tag(0b10001);
    if let Some(dataset) = &mut drafts.dataset {
        dataset.dataset = OTHER_DATASET;
        dataset.valid_until = 2 + MAX_ORDER_LIFE;
        dataset.volume = 0;
        dataset.price = MAX_PRICE + 1;
    }
    drafts.pool.valid_until = 0;
    drafts.pool.volume = 0;
    drafts.pool.price = MAX_PRICE + 1;
    drafts.pool.trust = MAX_TRUST + 1;
    drafts.pool.category = OTHER_CATEGORY;
    drafts.pool.verifications = Default::default();
    drafts.pool.attributes = garbage();
    drafts.pool.requirements = garbage();
    drafts.request.valid_until = 2 + MAX_ORDER_LIFE;
    drafts.request.volume = 0;
    drafts.request.trust = 0;
    drafts.request.app = OTHER_APP;
    drafts.request.pool = Some(OTHER_POOL);
    drafts.request.execution_version = 2;
    drafts.request.verification = Verification::Blind { voters: 33 };
    drafts.request.max_duration = 0;
    drafts.request.requirements = garbage();
    drafts.request.callback = Some(Callback::default());
    drafts.request.approved_only = true;
    let mut facts = facts(&drafts);
    facts.dataset = None;
    if let Some(app) = &mut facts.app {
        app.kind = AppKind::Oci;
        app.curation = Some(Curation::Revoked { harmful: false });
        app.requirements = requirements("TARGET.cpus > 1");
    }
    facts.consents = NONE_CONSENT;
    facts.admissions = NONE_ADMITTED;
    facts.pool_is_matchable = false;
    assert_eq!(
        mismatches(&facts).collect::<Vec<_>>(),
        vec![
            Mismatch::AppOrderExpired,
            Mismatch::AppOrderEmpty,
            Mismatch::AppPriceAboveMaximum,
            Mismatch::DatasetOrderLifeTooLong,
            Mismatch::DatasetOrderEmpty,
            Mismatch::DatasetPriceAboveMaximum,
            Mismatch::PoolOrderExpired,
            Mismatch::PoolOrderEmpty,
            Mismatch::PoolPriceAboveMaximum,
            Mismatch::TrustAboveMaximum,
            Mismatch::PoolAttributesInvalid,
            Mismatch::PoolRequirementsInvalid,
            Mismatch::RequestOrderLifeTooLong,
            Mismatch::RequestOrderEmpty,
            Mismatch::TrustZero,
            Mismatch::RequestRequirementsInvalid,
            Mismatch::CallbackInvalid,
            Mismatch::VerificationInvalid,
            Mismatch::CategoryMismatch,
            Mismatch::TrustTooLowForOpenPool,
            Mismatch::AppPriceTooHigh,
            Mismatch::DatasetPriceTooHigh,
            Mismatch::PoolPriceTooHigh,
            Mismatch::TagNotOffered,
            Mismatch::TrustedHardwareUnsupported,
            Mismatch::AppMismatch,
            Mismatch::DatasetMismatch,
            Mismatch::PoolMismatch,
            Mismatch::AppRefusesDataset,
            Mismatch::AppRefusesPool,
            Mismatch::AppRefusesRequester,
            Mismatch::DatasetRefusesApp,
            Mismatch::DatasetRefusesPool,
            Mismatch::DatasetRefusesRequester,
            Mismatch::PoolRefusesApp,
            Mismatch::PoolRefusesDataset,
            Mismatch::PoolRefusesRequester,
            Mismatch::NoSuchDataset,
            Mismatch::AppRevoked,
            Mismatch::AppNotApproved,
            Mismatch::AppOrderNotAuthentic,
            Mismatch::DatasetOrderNotAuthentic,
            Mismatch::PoolOrderNotAuthentic,
            Mismatch::RequestOrderNotAuthentic,
            Mismatch::NotTheMatcher,
            Mismatch::PayerDidNotConsent,
            Mismatch::ExecutionVersionNotOffered,
            Mismatch::ExecutionVersionUnfit,
            Mismatch::VerificationNotOffered,
            Mismatch::AppRequirementsUnmet,
            Mismatch::RequestRequirementsUnmet,
            Mismatch::PoolRequirementsUnmet,
            Mismatch::AppVolumeExhausted,
            Mismatch::DatasetVolumeExhausted,
            Mismatch::PoolVolumeExhausted,
            Mismatch::RequestVolumeExhausted,
            Mismatch::VolumeBelowMinimum,
            Mismatch::DurationTooLong,
            Mismatch::PoolHubNotRegistered,
        ]
    );
    assert_eq!(deal(&facts), Err(Mismatch::AppOrderExpired));
    assert_eq!(funding(&facts), None);
}

/// What is unknown is one reason, and no others are made up of it.
#[test]
fn unknown_entries_are_no_other_reason() {
    let drafts = dataset_drafts();
    let mut facts = facts(&drafts);
    facts.app = None;
    facts.dataset = None;
    facts.pool = None;
    facts.pool_is_matchable = false;
    facts.category = None;
    assert_eq!(
        mismatches(&facts).collect::<Vec<_>>(),
        vec![
            Mismatch::CategoryUnknown,
            Mismatch::NoSuchApp,
            Mismatch::NoSuchDataset,
            Mismatch::NoSuchPool,
        ]
    );
    assert_eq!(funding(&facts), None);
}

#[test]
fn closed_orders_are_exhausted() {
    let drafts = dataset_drafts();
    let mut facts = facts(&drafts);
    facts.consumed = Volumes {
        app: 100,
        dataset: Some(80),
        pool: 50,
        request: 10,
    };
    assert_eq!(
        facts.remaining(),
        Volumes {
            app: 0,
            dataset: Some(0),
            pool: 0,
            request: 0
        }
    );
    assert_eq!(
        mismatches(&facts).collect::<Vec<_>>(),
        vec![
            Mismatch::AppVolumeExhausted,
            Mismatch::DatasetVolumeExhausted,
            Mismatch::PoolVolumeExhausted,
            Mismatch::RequestVolumeExhausted,
            Mismatch::VolumeBelowMinimum,
        ]
    );
}

/// The standard orders, with what each type answers when it has expired and when it is used up.
fn one_of_each() -> [(Order, Mismatch, Mismatch); 4] {
    let drafts = dataset_drafts();
    [
        (
            drafts.app.into(),
            Mismatch::AppOrderExpired,
            Mismatch::AppVolumeExhausted,
        ),
        (
            dataset_order().into(),
            Mismatch::DatasetOrderExpired,
            Mismatch::DatasetVolumeExhausted,
        ),
        (
            drafts.pool.into(),
            Mismatch::PoolOrderExpired,
            Mismatch::PoolVolumeExhausted,
        ),
        (
            drafts.request.into(),
            Mismatch::RequestOrderExpired,
            Mismatch::RequestVolumeExhausted,
        ),
    ]
}

#[test]
fn orders_alone_expire_and_are_used_up() {
    for (order, expired, exhausted) in one_of_each() {
        let last = order.valid_until();
        assert_eq!((fault(&order, last), expiry(&order, last)), (None, None));
        assert_eq!(fault(&order, last + 1), Some(expired));
        assert_eq!(expiry(&order, last + 1), Some(expired));
        assert_eq!(exhaustion(&order, 1), None);
        assert_eq!(exhaustion(&order, 0), Some(exhausted));
    }
}

#[test]
fn no_order_alone_may_speak_of_trusted_hardware() {
    let mut drafts = dataset_drafts();
    let mut dataset = dataset_order();
    drafts.app.tag = Tag::TRUSTED_HARDWARE;
    dataset.tag = Tag::TRUSTED_HARDWARE;
    drafts.pool.tag = Tag::TRUSTED_HARDWARE;
    drafts.request.tag = Tag::TRUSTED_HARDWARE;
    let orders: [Order; 4] = [
        drafts.app.into(),
        dataset.into(),
        drafts.pool.into(),
        drafts.request.into(),
    ];
    for order in orders {
        assert_eq!(fault(&order, 1), Some(Mismatch::TrustedHardwareUnsupported));
    }
}

#[test]
fn orders_alone_are_refused_for_unreadable_forms() {
    let drafts = drafts_with(|drafts| {
        drafts.pool.attributes = garbage();
        drafts.request.requirements = garbage();
    });
    assert_eq!(
        fault(&drafts.pool.clone().into(), 1),
        Some(Mismatch::PoolAttributesInvalid)
    );
    assert_eq!(
        fault(&drafts.request.into(), 1),
        Some(Mismatch::RequestRequirementsInvalid)
    );
    let mut pool = drafts.pool;
    pool.attributes = attributes("[ cpus = 8 ]");
    pool.requirements = requirements("TARGET.trust < 5");
    assert_eq!(fault(&pool.clone().into(), 1), None);
    // One byte too much.
    pool.requirements.try_push(0).unwrap();
    assert_eq!(
        fault(&pool.into(), 1),
        Some(Mismatch::PoolRequirementsInvalid)
    );
}

#[test]
fn the_funding_is_that_of_the_deal() {
    for drafts in [drafts(), dataset_drafts()] {
        let facts = facts(&drafts);
        let (deal, funding) = (deal(&facts).unwrap(), funding(&facts).unwrap());
        assert_eq!(funding.payer, deal.payer);
        assert_eq!(funding.task_price, deal.task_price());
        assert_eq!(funding.operator, deal.operator);
        assert_eq!(funding.operator_stake, deal.operator_stake);
        assert_eq!(funding.tasks, deal.volume);
    }
}

#[test]
fn the_operators_stake_is_the_share_in_force() {
    let drafts = drafts();
    for ratio in [10, 30, 100] {
        let mut facts = facts(&drafts);
        facts.operator_stake_ratio = ratio;
        let stake = percent_of(drafts.pool.price, ratio);
        assert_eq!(deal(&facts).unwrap().operator_stake, stake);
        assert_eq!(funding(&facts).unwrap().operator_stake, stake);
    }
}

#[test]
fn no_deal_lasts_longer_than_the_limit_in_force() {
    let drafts = drafts_with(|drafts| drafts.request.max_duration = u32::MAX);
    let mut facts = facts(&drafts);
    // Ten tasks, five at a time.
    facts.max_duration = 10 * WORK_TIME * 2;
    assert_eq!(mismatches(&facts).next(), None);
    facts.max_duration -= 1;
    let found: Vec<_> = mismatches(&facts).collect();
    assert_eq!(found, [Mismatch::DurationTooLong]);
}

const NONE: [Mismatch; 0] = [];

/// The mismatches of the standard request verified this way at this trust, in a pool that offers all
/// that is listed; the first one of the request by itself is the same.
fn found(
    offered: &[Verification],
    verification: Verification,
    trust: u32,
    execution_version: u32,
) -> Vec<Mismatch> {
    let drafts = drafts_with(|drafts| {
        drafts.pool.verifications = Verifications::truncate_from(offered.to_vec());
        drafts.pool.execution_versions = versions(&[execution_version]);
        drafts.pool.trust = MAX_TRUST;
        drafts.request.verification = verification;
        drafts.request.trust = trust;
        drafts.request.execution_version = execution_version;
    });
    let mut facts = facts(&drafts);
    if let (Some(app), Some(pool)) = (&mut facts.app, &mut facts.pool) {
        pool.policy.scheduling = Scheduling::Authorised;
        if execution_version >= FIRST_CONTAINER_VERSION {
            app.kind = AppKind::Oci;
        }
    }
    let found: Vec<_> = mismatches(&facts).collect();
    let alone = found
        .iter()
        .copied()
        .find(|mismatch| *mismatch != Mismatch::VerificationNotOffered);
    assert_eq!(fault(&drafts.request.clone().into(), 1), alone);
    found
}

#[test]
fn a_pool_takes_requests_for_no_more_workers_than_it_offers() {
    use Verification::{Blind, Race, Replication};
    let offered = [Blind { voters: 8 }, Race { referees: 3 }];
    let found = |verification| found(&offered, verification, 4, 1);
    for taken in [
        Blind { voters: 2 },
        Blind { voters: 8 },
        Race { referees: 0 },
        Race { referees: 3 },
    ] {
        assert_eq!(found(taken), NONE, "{taken:?}");
    }
    for refused in [Replication, Blind { voters: 9 }, Race { referees: 4 }] {
        assert_eq!(
            found(refused),
            [Mismatch::VerificationNotOffered],
            "{refused:?}"
        );
    }
}

#[test]
fn blind_votes_are_enough_for_the_trust_and_no_more_than_a_task_has() {
    let found = |voters, trust| {
        let blind = Verification::Blind { voters };
        found(&[Verification::Blind { voters: u8::MAX }], blind, trust, 1)
    };
    // Trust 9 needs 4 workers.
    assert_eq!(found(3, 9), [Mismatch::VerificationInvalid]);
    assert_eq!(found(4, 9), NONE);
    assert_eq!(found(32, 9), NONE);
    assert_eq!(found(33, 9), [Mismatch::VerificationInvalid]);
}

#[test]
fn a_race_has_room_for_thirty_referees() {
    let found = |referees| {
        let race = Verification::Race { referees };
        found(&[Verification::Race { referees: u8::MAX }], race, 1, 1)
    };
    assert_eq!(found(0), NONE);
    assert_eq!(found(30), NONE);
    assert_eq!(found(31), [Mismatch::VerificationInvalid]);
}

#[test]
fn container_images_need_sealed_votes_from_trust_three_on() {
    use Verification::{Blind, Race, Replication};
    let offered = [Replication, Blind { voters: 8 }, Race { referees: 8 }];
    let found = |verification, trust, version| found(&offered, verification, trust, version);
    let first = FIRST_CONTAINER_VERSION;
    assert_eq!(found(Replication, 3, first), [Mismatch::BlindRequired]);
    assert_eq!(found(Replication, 3, u32::MAX), [Mismatch::BlindRequired]);
    assert_eq!(found(Replication, 3, first - 1), NONE);
    assert_eq!(found(Replication, 2, first), NONE);
    assert_eq!(found(Blind { voters: 2 }, 3, first), NONE);
    assert_eq!(found(Race { referees: 1 }, 3, first), NONE);
}

#[test]
fn a_callback_is_at_least_a_pallet_and_a_function() {
    let found = |bytes: &[u8]| {
        let drafts = drafts_with(|drafts| {
            drafts.request.callback = Some(Callback::truncate_from(bytes.to_vec()));
        });
        let facts = facts(&drafts);
        let callback = deal(&facts).ok().map(|deal| deal.callback);
        assert!(callback.is_none_or(|callback| callback == drafts.request.callback));
        mismatches(&facts).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), [Mismatch::CallbackInvalid]);
    assert_eq!(found(&[0]), [Mismatch::CallbackInvalid]);
    assert_eq!(found(&[0, 0]), NONE);
}

#[test]
fn the_settlement_fee_is_for_all_tasks() {
    let drafts = drafts();
    let facts = facts(&drafts);
    assert_eq!(facts.settlement_fee(), Some(10 * PRICE_OF_CALLS));
    assert_eq!(deal(&facts).unwrap().settlement_fee, 10 * PRICE_OF_CALLS);
    assert_eq!(funding(&facts).unwrap().settlement_fee, 10 * PRICE_OF_CALLS);
}

#[test]
fn a_settlement_fee_that_fits_no_amount_cannot_be_paid() {
    let drafts = drafts();
    let mut facts = facts(&drafts);
    facts.price_of_calls = u128::MAX / 10;
    assert_eq!(mismatches(&facts).next(), None);
    assert!(funding(&facts).is_some());
    facts.price_of_calls += 1;
    let found: Vec<_> = mismatches(&facts).collect();
    assert_eq!(found, [Mismatch::PayerCannotPay]);
    assert_eq!(deal(&facts), Err(Mismatch::PayerCannotPay));
    assert_eq!(funding(&facts), None);
}

#[test]
fn two_votes_more_than_needed_are_prepaid() {
    let votes = |verification, trust| {
        prepaid_votes(
            &drafts_with(|drafts| {
                drafts.request.verification = verification;
                drafts.request.trust = trust;
            })
            .request,
        )
    };
    assert_eq!(votes(Verification::Replication, 1), 3);
    assert_eq!(votes(Verification::Replication, 16), 6);
    assert_eq!(votes(Verification::Blind { voters: 7 }, 1), 9);
    assert_eq!(votes(Verification::Race { referees: 5 }, 1), 9);
}

#[test]
fn a_request_needs_its_minimum() {
    let request = drafts_with(|drafts| drafts.request.min_volume = 4)
        .request
        .into();
    assert_eq!(exhaustion(&request, 4), None);
    assert_eq!(exhaustion(&request, 3), Some(Mismatch::VolumeBelowMinimum));
    assert_eq!(
        exhaustion(&request, 0),
        Some(Mismatch::RequestVolumeExhausted)
    );
}

proptest! {
    /// Whatever was offered, wanted and consumed: a deal never takes more than is left of any
    /// order, never less than the minimum, and begins where the request's earlier deals end.
    #[test]
    fn deals_fit_into_what_is_left(
        offered: [u32; 4],
        consumed: [u32; 4],
        min_volume in 0u32..100,
        parallelism: u32,
    ) {
        let mut drafts = dataset_drafts();
        let mut dataset = dataset_order();
        [drafts.app.volume, dataset.volume, drafts.pool.volume, drafts.request.volume] = offered;
        drafts.dataset = Some(dataset);
        drafts.request.min_volume = min_volume;
        drafts.request.max_duration = u32::MAX;
        let mut facts = facts(&drafts);
        let [app, dataset, pool, request] = consumed;
        facts.consumed = Volumes { app, dataset: Some(dataset), pool, request };
        if let Some(pool) = &mut facts.pool {
            pool.policy.parallelism = parallelism;
        }
        if let Ok(deal) = deal(&facts) {
            prop_assert!(deal.volume >= min_volume.max(1));
            prop_assert_eq!(deal.settlement_fee, PRICE_OF_CALLS * u128::from(deal.volume));
            for (offered, consumed) in offered.into_iter().zip(consumed) {
                prop_assert!(u64::from(consumed) + u64::from(deal.volume) <= u64::from(offered));
            }
            prop_assert_eq!(deal.first_index, request);
            prop_assert!(deal.final_deadline() > deal.started);
            prop_assert!(deal.final_deadline() - deal.started <= MAX_DURATION);
        }
    }

    /// No input makes the questions panic, and a deal is made exactly when no question fails.
    #[test]
    fn a_deal_is_what_no_mismatch_prevents(
        prices: [u128; 3], limits: [u128; 3],
        trust in 0u32..6, offered_trust in 0u32..6,
        now: u32, valid_until: u32,
        form in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let mut drafts = dataset_drafts();
        let mut dataset = dataset_order();
        [drafts.app.price, dataset.price, drafts.pool.price] = prices;
        drafts.dataset = Some(dataset);
        drafts.request.max_app_price = limits[0];
        drafts.request.max_dataset_price = limits[1];
        drafts.request.max_pool_price = limits[2];
        (drafts.request.trust, drafts.pool.trust) = (trust, offered_trust);
        drafts.app.valid_until = valid_until;
        drafts.pool.attributes = form.clone().try_into().unwrap();
        drafts.request.requirements = form.try_into().unwrap();
        let mut facts = facts(&drafts);
        facts.now = now;
        let first = mismatches(&facts).next();
        prop_assert_eq!(deal(&facts).err(), first);
        prop_assert!(funding(&facts).is_some());
    }
}
