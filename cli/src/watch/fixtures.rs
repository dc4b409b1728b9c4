//! A deal for tests.

use ergon_client::primitives::{
    AccountId, AppId, Deal, DealOrders, EXECUTION_VERSION_1, OrderId, PoolId, Scheduling,
    Verification,
};
use sp_core::H256;

/// A deal of so many tasks that began in block 100 with T = 20.
pub(crate) fn deal(volume: u32) -> Deal {
    let order = OrderId(H256::zero());
    Deal {
        orders: DealOrders {
            app: order,
            dataset: None,
            pool: order,
            request: order,
        },
        app: AppId(H256::repeat_byte(1)),
        app_owner: AccountId::new([1; 32]),
        app_price: 1,
        dataset: None,
        pool: PoolId(H256::repeat_byte(2)),
        operator: AccountId::new([2; 32]),
        pool_price: 10,
        requester: AccountId::new([3; 32]),
        payer: AccountId::new([3; 32]),
        beneficiary: AccountId::new([3; 32]),
        category: 0,
        work_time: 20,
        trust: 3,
        verification: Verification::Replication,
        scheduling: Scheduling::Open,
        execution_version: EXECUTION_VERSION_1,
        params: Default::default(),
        first_index: 0,
        volume,
        started: 100,
        widening: 1,
        worker_stake: 3,
        operator_stake: 3,
        operator_reward_ratio: 1,
        fund_fee_ratio: 0,
        settlement_fee: 12,
        callback: None,
    }
}
