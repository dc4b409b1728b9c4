//! The traits through which pallets meet. Each says what the caller needs, in identifiers and amounts;
//! a pallet names another one only in its mock.

use crate::{
    AccessListId, AccountId, AppId, AppTerms, Balance, BlockNumber, CategoryId, CategoryTerms,
    DatasetId, DatasetTerms, Deal, DealEntries, DealId, DealStatus, Payment, PoolId, PoolTerms,
    Score,
};
use alloc::vec::Vec;
use frame_support::pallet_prelude::DispatchResult;

/// What the market and the staking pallet ask the registry.
pub trait Registry {
    /// Terms of a live app.
    fn app(id: AppId) -> Option<AppTerms>;
    /// Terms of a live dataset.
    fn dataset(id: DatasetId) -> Option<DatasetTerms>;
    /// Terms of a live pool.
    fn pool(id: PoolId) -> Option<PoolTerms>;
    /// Terms of a category.
    fn category(id: CategoryId) -> Option<CategoryTerms>;
    /// Whether the list exists and contains the account.
    fn admits(list: AccessListId, who: &AccountId) -> bool;
    /// Whether a bond of this owner may work in the pool; `None` when there is no such pool.
    fn admits_worker(pool: PoolId, owner: &AccountId) -> Option<bool>;
    /// The key that authorises contributions to the pool now; `None` when there is no such pool.
    fn authoriser(pool: PoolId) -> Option<AccountId>;
    /// Whether governance revoked the app as harmful: its unfinished tasks end without result.
    fn is_harmful(app: AppId) -> bool;
    /// Notes that a deal refers to the entries; none can be removed until [`Self::release`].
    fn retain(entries: DealEntries);
    /// Takes back one [`Self::retain`].
    fn release(entries: DealEntries);

    /// Makes an app for a benchmark, with the requirements given.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(owner: &AccountId, requirements: crate::Requirements) -> AppId;
    /// Makes a dataset for a benchmark that allows `app` and as many others as possible.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_dataset(owner: &AccountId, app: AppId) -> DatasetId;
    /// Makes a pool for a benchmark that admits `workers`: 30 % worker stake, 1 % operator reward,
    /// parallelism 1, authorised scheduling. The list is as long as it may be.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId, workers: &[AccountId]) -> PoolId;
    /// Gives a pool of a benchmark another authoriser.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_authoriser(pool: PoolId, authoriser: &AccountId);
    /// Revokes an app of a benchmark as harmful.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_harmful(app: AppId);
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
    /// Every task of the deal has ended, `proven` of them with a result that was paid.
    fn end(id: DealId, proven: u32);
    /// Removes an ended deal.
    fn remove(id: DealId);

    /// Makes a deal for a benchmark: pool, app and dataset price 1 ERG, payer and operator endowed;
    /// scheduled as the pool of [`Registry::benchmark_pool`].
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_deal(
        pool_workers: &[AccountId],
        volume: u32,
        trust: u32,
        verification: crate::Verification,
        callback: crate::Callback,
    ) -> (DealId, Deal);
}

/// What the market tells Proof-of-Contribution.
pub trait Tasks {
    /// A deal was made: its tasks can be worked on, and must end.
    fn open(deal: DealId, terms: &Deal);
}

/// What the market asks about the price of the calls that a task needs. It is asked at the match.
pub trait SettlementPrices {
    /// Price of everything that a task with so many votes needs: contributions, reveals, settlement,
    /// the record's retention and, if asked for, the callback.
    fn per_task(votes: u32, callback: bool) -> Balance;
}

/// A world where calls cost nothing.
impl SettlementPrices for () {
    fn per_task(_votes: u32, _callback: bool) -> Balance {
        0
    }
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
    /// What the payer prepays for the calls of the deal's tasks.
    pub settlement_fee: Balance,
}

/// Who lacks money for a deal.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Shortage {
    /// The payer cannot fund the tasks.
    pub payer: bool,
    /// The operator cannot fund its stake.
    pub operator: bool,
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

/// A task that ends, with what its losers' bonds lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EndedTask {
    /// How it ended.
    pub ending: Ending,
    /// What the losers of this task lost.
    pub slashed: Balance,
}

/// How tasks end that nobody voted on; all of a deal at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UntouchedEnd {
    /// The final deadline came: the payer is refunded, the operator loses its stakes.
    Failed,
    /// The payer wants them no more: refunded, except 5 % of the pool price, which the operator
    /// gets; the operator's stakes are released.
    CancelledByPayer,
    /// Governance revoked the app as harmful: everybody gets back what they put in.
    CancelledAsHarmful,
}

/// What the end of a task moved.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Settlement {
    /// What each winner earned, in the order in which they were given.
    pub workers: Vec<Payment>,
    /// What the app's owner got.
    pub app: Balance,
    /// What the dataset's owner got.
    pub dataset: Balance,
    /// What the operator got, or the wallet of the pool's hub.
    pub operator: Balance,
    /// What went back to the payer.
    pub refunded: Balance,
    /// What the treasury got.
    pub treasury: Balance,
}

/// How many tasks of a deal are left, and how many were paid.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Remaining {
    /// How many tasks of the deal have not ended yet.
    pub open: u32,
    /// How many tasks of the deal ended with a result that was paid.
    pub proven: u32,
}

/// What market and Proof-of-Contribution ask the escrow. After [`Escrow::open`] nothing can fail.
pub trait Escrow {
    /// Money in flight: taken from a worker, not yet given to anybody.
    type Credit;

    /// Which party lacks the money for [`Self::open`] now. Each is judged alone, also when both are
    /// one account.
    fn shortage(funding: &Funding) -> Shortage;
    /// Puts payer's and operator's money on hold. Refused when either cannot fund it.
    fn open(deal: DealId, funding: &Funding) -> DispatchResult;
    /// Ends tasks: pays, refunds, releases, each account once. `slashed` is what the losers' bonds
    /// lost for all of them. Settlements are in the order of the tasks.
    fn settle(
        deal: DealId,
        terms: &Deal,
        ended: &[EndedTask],
        slashed: Self::Credit,
    ) -> (Vec<Settlement>, Remaining);
    /// Ends `count` tasks that nobody voted on, in one step whatever their number.
    fn settle_untouched(
        deal: DealId,
        terms: &Deal,
        count: u32,
        end: UntouchedEnd,
    ) -> (Settlement, Remaining);
    /// Closes the account of a deal whose tasks have all ended: of the settlement fee `spent` is
    /// burned, at most all of it, and the rest goes back to the payer.
    fn close(deal: DealId, spent: Balance);
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
    /// Whether the key works for a bond that has the least amount, or a stake locked: one that has
    /// something to lose.
    fn is_bonded(worker: &AccountId) -> bool;
    /// How many votes with this stake the bond can back now in a deal of `pool` that started in block
    /// `started`, at least 1; [`u32::MAX`] for a stake of 0, which only accepted results have.
    fn backs(
        worker: &AccountId,
        pool: PoolId,
        started: BlockNumber,
        stake: Balance,
    ) -> Result<u32, StakeRefusal>;
    /// Locks an amount that [`Self::backs`] has found free. Cannot fail.
    fn lock(worker: &AccountId, amount: Balance);
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
    /// The worker's votes lost, or their groups stayed silent, so many times.
    fn disproven(worker: &AccountId, times: u32);
    /// The bond's key changed: the score follows it.
    fn rename(old: &AccountId, new: &AccountId);
    /// The bond was removed: its key's score is forgotten.
    fn forget_worker(worker: &AccountId);
    /// Forgets what it noted for a deal, at most `limit` records; whether nothing is left.
    fn forget(deal: DealId, limit: u32) -> bool;
}

/// What registry, market, escrow and staking ask about hubs.
pub trait Hubs {
    /// Whether the account is barred from new hubs, pools and bonds. It may always get out what is
    /// its own.
    fn is_barred(who: &AccountId) -> bool;
    /// Whether deals can be made with the pool: its operator is neither suspected nor banned and,
    /// when the pool is bound to a hub, that hub is the operator's and registered.
    fn is_matchable(pool: PoolId) -> bool;
    /// The wallet that the earnings of a deal's operator with the pool flow into; none unless the
    /// pool is bound to a hub of that operator: a buyer's hub does not earn from the seller's deals.
    /// It is asked when money flows, so that what is earned after a suspicion is in its reach too.
    fn wallet(pool: PoolId, operator: &AccountId) -> Option<AccountId>;

    /// Binds a pool of a benchmark to a registered hub of its operator, where there are hubs: so
    /// matches and payouts ask for as much as they may have to.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_bind(_pool: PoolId, _operator: &AccountId) {}
}

/// A world without hubs: nobody is barred, every pool can be matched, no pool has a wallet.
impl Hubs for () {
    fn is_barred(_who: &AccountId) -> bool {
        false
    }

    fn is_matchable(_pool: PoolId) -> bool {
        true
    }

    fn wallet(_pool: PoolId, _operator: &AccountId) -> Option<AccountId> {
        None
    }
}
