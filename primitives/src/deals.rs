//! Deals: what orders agreed on, frozen. Nothing that happens later — a change of policy, of an
//! entry's owner, of a parameter — touches a deal.

use crate::{
    AccountId, AppId, Balance, BlockNumber, Callback, CategoryId, DatasetId, DealEntries,
    ExecutionVersion, OrderId, Params, PoolId, Scheduling, TaskIndex, Verification,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Contributions are accepted for this many T·w after the match.
pub const CONTRIBUTION_PERIODS: BlockNumber = 7;
/// A task that has not settled this many T·w after the match fails.
pub const FINAL_PERIODS: BlockNumber = 10;
/// Reveals are awaited for this many T after consensus.
pub const REVEAL_PERIODS: BlockNumber = 2;
/// Share of the pool price that the operator stakes per task, in percent.
pub const OPERATOR_STAKE_RATIO: u8 = 30;
/// Least that a contribution locks, in the token's smallest unit: so that a bond always knows of its
/// open votes, and neither key nor pool can be changed before they are judged.
pub const LEAST_WORKER_STAKE: Balance = 1;

/// The orders of a deal.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct DealOrders {
    /// The app order.
    pub app: OrderId,
    /// The dataset order, if a dataset is used.
    pub dataset: Option<OrderId>,
    /// The pool order.
    pub pool: OrderId,
    /// The request order.
    pub request: OrderId,
}

/// The dataset of a deal.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct DealDataset {
    /// The dataset.
    pub id: DatasetId,
    /// Who is paid for it.
    pub owner: AccountId,
    /// Its price per task.
    pub price: Balance,
}

/// The frozen terms of a deal.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Deal {
    /// The orders it was made of.
    pub orders: DealOrders,
    /// The app.
    pub app: AppId,
    /// Who is paid for the app.
    pub app_owner: AccountId,
    /// App price per task.
    pub app_price: Balance,
    /// The dataset, if one is used.
    pub dataset: Option<DealDataset>,
    /// The pool.
    pub pool: PoolId,
    /// Who operates the pool: staked for each task, is paid the operator's reward.
    pub operator: AccountId,
    /// Pool price per task.
    pub pool_price: Balance,
    /// Who asked.
    pub requester: AccountId,
    /// Who pays.
    pub payer: AccountId,
    /// Who the results are for.
    pub beneficiary: AccountId,
    /// Category of work.
    pub category: CategoryId,
    /// T: time one task may take, in blocks.
    pub work_time: BlockNumber,
    /// Trust asked for, at least 1.
    pub trust: u32,
    /// How the result is verified.
    pub verification: Verification,
    /// Who decides which worker contributes.
    pub scheduling: Scheduling,
    /// Execution version that votes.
    pub execution_version: ExecutionVersion,
    /// What to run.
    pub params: Params,
    /// Index of the first task.
    pub first_index: TaskIndex,
    /// Number of tasks.
    pub volume: u32,
    /// Block of the match.
    pub started: BlockNumber,
    /// w: how many times T is widened because the pool works on a part of the bag at a time.
    pub widening: u32,
    /// What each contribution locks of a worker's bond; at least [`LEAST_WORKER_STAKE`].
    pub worker_stake: Balance,
    /// What the operator stakes per task.
    pub operator_stake: Balance,
    /// Share of the pool price that the operator keeps, in percent.
    pub operator_reward_ratio: u8,
    /// Share of the operator's and the app owner's part that goes to the ecosystem fund, in percent.
    pub fund_fee_ratio: u8,
    /// What the payer has put on hold for the calls that its tasks need: free for workers as long
    /// as something is left. What is not used goes back when the deal ends.
    pub settlement_fee: Balance,
    /// What to call when a task has settled.
    pub callback: Option<Callback>,
}

impl Deal {
    /// What one task costs the payer.
    pub fn task_price(&self) -> Balance {
        self.app_price
            .saturating_add(self.dataset_price())
            .saturating_add(self.pool_price)
    }

    /// What the dataset costs per task; 0 when none is used.
    pub fn dataset_price(&self) -> Balance {
        self.dataset.as_ref().map_or(0, |dataset| dataset.price)
    }

    /// The entries of the registry that the deal uses.
    pub fn entries(&self) -> DealEntries {
        DealEntries {
            app: self.app,
            dataset: self.dataset.as_ref().map(|dataset| dataset.id),
            pool: self.pool,
        }
    }

    /// First block in which contributions are refused.
    pub fn contribution_deadline(&self) -> BlockNumber {
        self.after(CONTRIBUTION_PERIODS)
    }

    /// First block in which an unsettled task can be claimed.
    pub fn final_deadline(&self) -> BlockNumber {
        self.after(FINAL_PERIODS)
    }

    /// First block in which a task with consensus in block `consensus` can be finalised or reopened
    /// without the missing reveals.
    pub fn reveal_deadline(&self, consensus: BlockNumber) -> BlockNumber {
        consensus.saturating_add(self.work_time.saturating_mul(REVEAL_PERIODS))
    }

    /// Whether the deal has a task of this index.
    pub fn has_task(&self, index: TaskIndex) -> bool {
        index
            .checked_sub(self.first_index)
            .is_some_and(|offset| offset < self.volume)
    }

    fn after(&self, periods: BlockNumber) -> BlockNumber {
        let length = periods
            .saturating_mul(self.work_time)
            .saturating_mul(self.widening);
        self.started.saturating_add(length)
    }
}

/// w: `max(1, ⌈volume / parallelism⌉)`. A parallelism of 0 counts as 1.
pub fn widening(volume: u32, parallelism: u32) -> u32 {
    volume.div_ceil(parallelism.max(1)).max(1)
}

/// Time from match to the final deadline, `10·T·w`, or `None` when it does not fit a block number.
pub fn final_period(work_time: BlockNumber, widening: u32) -> Option<BlockNumber> {
    FINAL_PERIODS.checked_mul(work_time)?.checked_mul(widening)
}

/// `⌊price · percent / 100⌋`, exact for every price up to [`crate::MAX_PRICE`].
pub fn percent_of(price: Balance, percent: u8) -> Balance {
    let percent = Balance::from(percent);
    // Split so that no product overflows, whatever the price is.
    (price / 100)
        .saturating_mul(percent)
        .saturating_add((price % 100).saturating_mul(percent) / 100)
}

/// Where a deal stands.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum DealStatus {
    /// Some tasks have not ended.
    Open,
    /// Every task has ended; the last one in this block. The deal is removed after the retention period.
    Ended(BlockNumber),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widening_rounds_up_and_is_at_least_one() {
        assert_eq!(widening(0, 4), 1);
        assert_eq!(widening(4, 4), 1);
        assert_eq!(widening(5, 4), 2);
        assert_eq!(widening(5, 0), 5);
    }

    #[test]
    fn final_period_is_checked() {
        assert_eq!(final_period(20, 2), Some(400));
        assert_eq!(final_period(u32::MAX, 2), None);
    }

    proptest! {
        #[test]
        fn percent_of_is_the_floor(price in 0..=crate::MAX_PRICE, percent in 0u8..=100) {
            prop_assert_eq!(percent_of(price, percent), price * u128::from(percent) / 100);
        }

        #[test]
        fn percent_of_never_exceeds_the_price(price: u128, percent in 0u8..=100) {
            prop_assert!(percent_of(price, percent) <= price);
        }
    }
}
