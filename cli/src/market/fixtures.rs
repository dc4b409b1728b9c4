//! Orders for tests.

use super::{Candidate, Judged, Offer, offer};
use crate::order_file::OrderFile;
use ergon_client::primitives::{
    AccountId, AppId, AppOrder, Balance, ERG, MAX_DURATION, MatchReport, Mismatch, PoolId,
    PoolOrder, RequestOrder, Restriction, Tag, Verification,
};
use sp_core::H256;

/// The first block in which the orders have expired.
const EXPIRY: u32 = 1_100;

pub(crate) fn request() -> RequestOrder {
    let requester = AccountId::new([1; 32]);
    RequestOrder {
        app: AppId(H256::repeat_byte(1)),
        max_app_price: ERG,
        dataset: None,
        max_dataset_price: 0,
        pool: None,
        max_pool_price: 2 * ERG,
        requester: requester.clone(),
        payer: requester.clone(),
        matcher: None,
        volume: 10,
        min_volume: 10,
        tag: Tag(0),
        category: 0,
        trust: 3,
        verification: Verification::Replication,
        execution_version: 1,
        max_duration: MAX_DURATION,
        beneficiary: requester,
        callback: None,
        params: Default::default(),
        approved_only: false,
        requirements: Default::default(),
        valid_until: EXPIRY,
        salt: H256::zero(),
    }
}

pub(crate) fn app_offer(price: Balance) -> Offer<AppOrder> {
    let order = AppOrder {
        app: AppId(H256::repeat_byte(1)),
        price,
        volume: 100,
        tag: Tag(0),
        restrict_dataset: Restriction::Anyone,
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: EXPIRY,
        salt: H256::zero(),
    };
    let file = OrderFile::unsigned(H256::zero(), order);
    offer(file, OrderFile::into_app_order).unwrap()
}

pub(crate) fn pool_offer(price: Balance) -> Offer<PoolOrder> {
    let order = PoolOrder {
        pool: PoolId(H256::repeat_byte(2)),
        price,
        volume: 100,
        tag: Tag(0),
        category: 0,
        trust: 4,
        verifications: vec![Verification::Replication].try_into().unwrap(),
        execution_versions: vec![1].try_into().unwrap(),
        attributes: Default::default(),
        requirements: Default::default(),
        restrict_app: Restriction::Anyone,
        restrict_dataset: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: EXPIRY,
        salt: H256::zero(),
    };
    let file = OrderFile::unsigned(H256::zero(), order);
    offer(file, OrderFile::into_pool_order).unwrap()
}

pub(crate) fn candidate(app_price: Balance, pool_price: Balance) -> Candidate {
    Candidate {
        app: app_offer(app_price),
        dataset: None,
        pool: pool_offer(pool_price),
    }
}

pub(crate) fn report(mismatches: &[Mismatch]) -> MatchReport {
    MatchReport {
        mismatches: mismatches.to_vec(),
        requirements: Vec::new(),
        volume: 10,
    }
}

pub(crate) fn judged(candidate: Candidate, mismatches: &[Mismatch]) -> Judged {
    let report = report(mismatches);
    Judged { candidate, report }
}
