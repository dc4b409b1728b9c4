//! The traits through which pallets meet. Each says what the caller needs, in identifiers and amounts;
//! a pallet names another one only in its mock.

use crate::{
    AccessListId, AccountId, AppId, AppTerms, Balance, BlockNumber, CategoryId, CategoryTerms,
    Deal, DealId, DealStatus, Payment, PoolId, PoolTerms, Score,
};
use alloc::vec::Vec;
use frame_support::pallet_prelude::DispatchResult;

/// What the market and the staking pallet ask the registry.
pub trait Registry {
    /// Terms of a live app.
    fn app(id: AppId) -> Option<AppTerms>;
    /// Terms of a live pool.
    fn pool(id: PoolId) -> Option<PoolTerms>;
    /// Terms of a category.
    fn category(id: CategoryId) -> Option<CategoryTerms>;
    /// Whether the list exists and contains the account.
    fn admits(list: AccessListId, who: &AccountId) -> bool;
    /// Whether a bond of this owner may work in the pool; `None` when there is no such pool.
    fn admits_worker(pool: PoolId, owner: &AccountId) -> Option<bool>;
    /// Notes that a deal refers to app and pool; neither can be removed until [`Self::release`].
    fn retain(app: AppId, pool: PoolId);
    /// Takes back one [`Self::retain`].
    fn release(app: AppId, pool: PoolId);

    /// Makes an app for a benchmark.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(owner: &AccountId) -> AppId;
    /// Makes a pool for a benchmark that admits `workers`: 30 % worker stake, 1 % operator reward,
    /// parallelism 1. The list is as long as it may be.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId, workers: &[AccountId]) -> PoolId;
    /// Makes a category for a benchmark.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_category(work_time: BlockNumber) -> CategoryId;
}

/// What Proof-of-Contribution asks the market.
pub trait Deals {
    /// The frozen terms.
    fn deal(id: DealId) -> Option<Deal>;
    /// Where the deal stands.
    fn status(id: DealId) -> Option<DealStatus>;
    /// Every task of the deal has ended.
    fn end(id: DealId);
    /// Removes an ended deal.
    fn remove(id: DealId);

    /// Makes a deal for a benchmark: pool price 1 ERG, app price 1 ERG, payer and operator endowed.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_deal(pool_workers: &[AccountId], volume: u32, trust: u32) -> (DealId, Deal);
}

/// What is put on hold when a deal is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Funding {
    /// Who pays.
    pub payer: AccountId,
    /// What one task costs the payer.
    pub task_price: Balance,
    /// Who stakes for the pool.
    pub operator: AccountId,
    /// What the operator stakes per task.
    pub operator_stake: Balance,
    /// Number of tasks.
    pub tasks: u32,
}

/// A worker whose result was proven.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Winner {
    /// Who is paid: the bond's owner.
    pub owner: AccountId,
    /// Weight w of its vote; it is paid by `⌊log2 w⌋`.
    pub weight: u32,
}

/// How a task ended, as far as money is concerned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The result is certain: success, or a fault of the app.
    Proven {
        /// Whether the app is paid: not when the result is its fault.
        app_paid: bool,
        /// Who revealed it, at least one.
        winners: Vec<Winner>,
    },
    /// The workers agree that the task cannot be done: all get back what they put in.
    Unavailable,
    /// No result.
    Failed {
        /// Whether at least `needed(trust)` workers had voted; the payer then owes a fee, because
        /// a task that cannot agree is the requester's or the app's doing.
        voted: bool,
    },
}

/// What the end of a task moved.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Settlement {
    /// What each winner earned, in the order in which they were given.
    pub workers: Vec<Payment>,
    /// What the app's owner got.
    pub app: Balance,
    /// What the operator got.
    pub operator: Balance,
    /// What went back to the payer.
    pub refunded: Balance,
    /// What the treasury got.
    pub treasury: Balance,
    /// How many tasks of the deal have not ended yet.
    pub open_tasks: u32,
}

/// What market and Proof-of-Contribution ask the escrow. After [`Escrow::open`] nothing can fail.
pub trait Escrow {
    /// Money in flight: taken from a worker, not yet given to anybody.
    type Credit;

    /// Puts payer's and operator's money on hold. Refused when either cannot fund it.
    fn open(deal: DealId, funding: &Funding) -> DispatchResult;
    /// Ends one task: pays, refunds, releases. `slashed` is what the losers' bonds lost for this task.
    fn settle(deal: DealId, terms: &Deal, ending: &Ending, slashed: Self::Credit) -> Settlement;
    /// Gives money to the treasury.
    fn give_to_treasury(credit: Self::Credit);
    /// An empty credit.
    fn nothing() -> Self::Credit;
    /// Adds one credit to another.
    fn merge(sum: Self::Credit, more: Self::Credit) -> Self::Credit;
    /// Amount of a credit.
    fn amount(credit: &Self::Credit) -> Balance;
}

/// Why a bond does not back a vote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StakeRefusal {
    /// The key belongs to no bond.
    NoBond,
    /// The bond is not in the pool.
    NotAMember,
    /// It joined the pool too late for a deal of that age.
    JoinedTooLate,
    /// Its stake is below the minimum, for example after a slash.
    BelowMinimum,
    /// Too little of its stake is free.
    TooLittleFree,
}

/// What Proof-of-Contribution asks the staking pallet.
pub trait WorkerStaking {
    /// Money in flight.
    type Credit;

    /// Owner of the bond that this key works for.
    fn owner(worker: &AccountId) -> Option<AccountId>;
    /// Locks `amount` for a vote on a deal of `pool` that started in block `started`.
    fn lock(
        worker: &AccountId,
        pool: PoolId,
        started: BlockNumber,
        amount: Balance,
    ) -> Result<(), StakeRefusal>;
    /// Releases a lock.
    fn unlock(worker: &AccountId, amount: Balance);
    /// Takes a locked amount away from the bond.
    fn slash(worker: &AccountId, amount: Balance) -> Self::Credit;

    /// Bonds a worker with plenty of stake into the pool for a benchmark, as if long ago.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_worker(worker: &AccountId, owner: &AccountId, pool: PoolId);
}

/// What Proof-of-Contribution and the staking pallet ask the reputation pallet.
pub trait Reputation {
    /// The worker's score.
    fn score(worker: &AccountId) -> Score;
    /// The worker's result was proven in a task of the deal; counts at most once per `work_time`
    /// blocks, worker and deal.
    fn proven(worker: &AccountId, deal: DealId, work_time: BlockNumber);
    /// The worker's vote lost, or its group stayed silent.
    fn disproven(worker: &AccountId);
    /// The bond's key changed: the score follows it.
    fn rename(old: &AccountId, new: &AccountId);
    /// Forgets what it noted for a deal, at most `limit` records; whether nothing is left.
    fn forget(deal: DealId, limit: u32) -> bool;
}
