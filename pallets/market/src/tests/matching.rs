//! The pure policy, without a chain.

use crate::{
    Error,
    matching::{Admissions, Consents, Facts, Mismatch, Volumes, deal, exhaustion, mismatches},
    mock::*,
};
use ergon_primitives::{
    Access, AppTerms, CategoryTerms, DealOrders, MAX_ORDER_LIFE, MAX_PRICE, MAX_TRUST, OrderId,
    PoolPolicy, PoolTerms, Scheduling, Tag,
};
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeSet;

/// Facts in which nothing stands against a match in block 1.
fn facts(drafts: &Drafts) -> Facts<'_> {
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
            pool: OrderId(H256::repeat_byte(2)),
            request: OrderId(H256::repeat_byte(3)),
        },
        app_order: &drafts.app,
        pool_order: &drafts.pool,
        request_order: &drafts.request,
        app: Some(AppTerms {
            owner: APP_OWNER.to_account_id(),
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
            pool: 0,
            request: 0,
        },
        admissions: Admissions {
            app_admits_pool: true,
            app_admits_requester: true,
            pool_admits_app: true,
            pool_admits_requester: true,
        },
        consents: Consents {
            app: true,
            pool: true,
            request: true,
            matcher: true,
            payer: true,
        },
        fund_fee_ratio: 0,
    }
}

#[test]
fn nothing_stands_against_the_standard_orders() {
    let drafts = drafts();
    assert_eq!(mismatches(&facts(&drafts)).count(), 0);
    assert!(deal(&facts(&drafts)).is_ok());
}

#[test]
fn everything_can_stand_against_a_match_at_once() {
    let mut drafts = drafts();
    drafts.app.valid_until = 0;
    drafts.app.volume = 0;
    drafts.app.price = MAX_PRICE + 1;
    drafts.app.tag = Tag(0b10001);
    drafts.pool.valid_until = 0;
    drafts.pool.volume = 0;
    drafts.pool.price = MAX_PRICE + 1;
    drafts.pool.trust = MAX_TRUST + 1;
    drafts.pool.category = OTHER_CATEGORY;
    drafts.request.valid_until = 2 + MAX_ORDER_LIFE;
    drafts.request.volume = 0;
    drafts.request.trust = 0;
    drafts.request.app = OTHER_APP;
    drafts.request.pool = Some(OTHER_POOL);
    drafts.request.execution_version = 2;
    drafts.request.max_duration = 0;
    let mut facts = facts(&drafts);
    facts.app = None;
    facts.consents = Consents {
        app: false,
        pool: false,
        request: false,
        matcher: false,
        payer: false,
    };
    facts.admissions = Admissions {
        app_admits_pool: false,
        app_admits_requester: false,
        pool_admits_app: false,
        pool_admits_requester: false,
    };
    assert_eq!(
        mismatches(&facts).collect::<Vec<_>>(),
        vec![
            Mismatch::AppOrderExpired,
            Mismatch::AppOrderEmpty,
            Mismatch::AppPriceAboveMaximum,
            Mismatch::PoolOrderExpired,
            Mismatch::PoolOrderEmpty,
            Mismatch::PoolPriceAboveMaximum,
            Mismatch::TrustAboveMaximum,
            Mismatch::RequestOrderLifeTooLong,
            Mismatch::RequestOrderEmpty,
            Mismatch::TrustZero,
            Mismatch::CategoryMismatch,
            Mismatch::TrustTooLowForOpenPool,
            Mismatch::AppPriceTooHigh,
            Mismatch::PoolPriceTooHigh,
            Mismatch::TagNotOffered,
            Mismatch::TrustedHardwareUnsupported,
            Mismatch::AppMismatch,
            Mismatch::PoolMismatch,
            Mismatch::AppRefusesPool,
            Mismatch::AppRefusesRequester,
            Mismatch::PoolRefusesApp,
            Mismatch::PoolRefusesRequester,
            Mismatch::NoSuchApp,
            Mismatch::AppOrderNotAuthentic,
            Mismatch::PoolOrderNotAuthentic,
            Mismatch::RequestOrderNotAuthentic,
            Mismatch::NotTheMatcher,
            Mismatch::PayerDidNotConsent,
            Mismatch::ExecutionVersionNotOffered,
            Mismatch::AppVolumeExhausted,
            Mismatch::PoolVolumeExhausted,
            Mismatch::RequestVolumeExhausted,
            Mismatch::VolumeBelowMinimum,
            Mismatch::DurationTooLong,
        ]
    );
    assert_eq!(deal(&facts), Err(Mismatch::AppOrderExpired));
}

#[test]
fn closed_orders_are_exhausted() {
    let drafts = drafts();
    let mut facts = facts(&drafts);
    facts.consumed = Volumes {
        app: 100,
        pool: 50,
        request: 10,
    };
    assert_eq!(
        facts.remaining(),
        Volumes {
            app: 0,
            pool: 0,
            request: 0
        }
    );
    assert_eq!(
        mismatches(&facts).collect::<Vec<_>>(),
        vec![
            Mismatch::AppVolumeExhausted,
            Mismatch::PoolVolumeExhausted,
            Mismatch::RequestVolumeExhausted,
            Mismatch::VolumeBelowMinimum,
        ]
    );
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

#[test]
fn each_mismatch_has_an_error_of_its_name() {
    let all = [
        Mismatch::AppOrderExpired,
        Mismatch::AppOrderLifeTooLong,
        Mismatch::AppOrderEmpty,
        Mismatch::AppPriceAboveMaximum,
        Mismatch::PoolOrderExpired,
        Mismatch::PoolOrderLifeTooLong,
        Mismatch::PoolOrderEmpty,
        Mismatch::PoolPriceAboveMaximum,
        Mismatch::TrustAboveMaximum,
        Mismatch::RequestOrderExpired,
        Mismatch::RequestOrderLifeTooLong,
        Mismatch::RequestOrderEmpty,
        Mismatch::MinimumVolumeZero,
        Mismatch::TrustZero,
        Mismatch::CategoryMismatch,
        Mismatch::CategoryUnknown,
        Mismatch::TrustTooHigh,
        Mismatch::TrustTooLowForOpenPool,
        Mismatch::AppPriceTooHigh,
        Mismatch::PoolPriceTooHigh,
        Mismatch::TagNotOffered,
        Mismatch::TrustedHardwareUnsupported,
        Mismatch::AppMismatch,
        Mismatch::PoolMismatch,
        Mismatch::AppRefusesPool,
        Mismatch::AppRefusesRequester,
        Mismatch::PoolRefusesApp,
        Mismatch::PoolRefusesRequester,
        Mismatch::NoSuchApp,
        Mismatch::NoSuchPool,
        Mismatch::AppOrderNotAuthentic,
        Mismatch::PoolOrderNotAuthentic,
        Mismatch::RequestOrderNotAuthentic,
        Mismatch::NotTheMatcher,
        Mismatch::PayerDidNotConsent,
        Mismatch::ExecutionVersionNotOffered,
        Mismatch::AppVolumeExhausted,
        Mismatch::PoolVolumeExhausted,
        Mismatch::RequestVolumeExhausted,
        Mismatch::VolumeBelowMinimum,
        Mismatch::DurationTooLong,
    ];
    let mut names = BTreeSet::new();
    for mismatch in all {
        let error = format!("{:?}", Error::<Test>::from(mismatch));
        assert_eq!(error, format!("{mismatch:?}"));
        names.insert(error);
    }
    assert_eq!(names.len(), all.len());
}

proptest! {
    /// Whatever was offered, wanted and consumed: a deal never takes more than is left of any
    /// order, never less than the minimum, and begins where the request's earlier deals end.
    #[test]
    fn deals_fit_into_what_is_left(
        offered: (u32, u32, u32),
        consumed: (u32, u32, u32),
        min_volume in 0u32..100,
        parallelism: u32,
    ) {
        let mut drafts = drafts();
        (drafts.app.volume, drafts.pool.volume, drafts.request.volume) = offered;
        drafts.request.min_volume = min_volume;
        drafts.request.max_duration = u32::MAX;
        let mut facts = facts(&drafts);
        facts.consumed = Volumes { app: consumed.0, pool: consumed.1, request: consumed.2 };
        if let Some(pool) = &mut facts.pool {
            pool.policy.parallelism = parallelism;
        }
        if let Ok(deal) = deal(&facts) {
            prop_assert!(deal.volume >= min_volume.max(1));
            for (offered, consumed) in
                [(offered.0, consumed.0), (offered.1, consumed.1), (offered.2, consumed.2)]
            {
                prop_assert!(u64::from(consumed) + u64::from(deal.volume) <= u64::from(offered));
            }
            prop_assert_eq!(deal.first_index, consumed.2);
            prop_assert!(deal.final_deadline() > deal.started);
            prop_assert!(deal.final_deadline() - deal.started <= ergon_primitives::MAX_DURATION);
        }
    }

    /// No input makes the questions panic, and a deal is made exactly when no question fails.
    #[test]
    fn a_deal_is_what_no_mismatch_prevents(
        app_price: u128, pool_price: u128, app_limit: u128, pool_limit: u128,
        trust in 0u32..6, offered_trust in 0u32..6,
        now: u32, valid_until: u32,
    ) {
        let mut drafts = drafts();
        (drafts.app.price, drafts.pool.price) = (app_price, pool_price);
        (drafts.request.max_app_price, drafts.request.max_pool_price) = (app_limit, pool_limit);
        (drafts.request.trust, drafts.pool.trust) = (trust, offered_trust);
        drafts.app.valid_until = valid_until;
        let mut facts = facts(&drafts);
        facts.now = now;
        let first = mismatches(&facts).next();
        prop_assert_eq!(deal(&facts).err(), first);
    }
}
