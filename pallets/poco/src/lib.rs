#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod authorise;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod cancel;
pub mod consensus;
mod contribute;
mod expire;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
#[cfg(test)]
mod mock;
mod money;
mod prune;
mod reveal;
mod settle;
#[cfg(test)]
mod tests;
mod verdict;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

/// Most tasks that one call of `prune_deal` removes.
pub const MAX_PRUNED: u32 = 256;
/// Most workers that a pool can revoke in one deal.
pub const MAX_REVOKED: u32 = 1_024;

/// The pallet: its storage, its calls, and what they say.
#[frame_support::pallet]
pub mod pallet {
    use crate::{WeightInfo, contribute::Ballot, reveal::Opening};
    use alloc::vec::Vec;
    use ergon_primitives::{
        AccountId, Authorisation, Balance, BlockNumber, DealId, InlineResult, Outcome, Payment,
        ResultLocator, Task, TaskIndex,
        traits::{Deals, Escrow, Registry, Reputation, WorkerStaking},
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Who knows the deals.
        type Deals: Deals;

        /// Who holds the money of payers and operators, and pays it out.
        type Escrow: Escrow;

        /// Who knows the pools' authorisers and the harmful apps.
        type Registry: Registry;

        /// Who holds the workers' stakes.
        type Staking: WorkerStaking<Credit = <Self::Escrow as Escrow>::Credit>;

        /// Who knows the workers' scores.
        type Reputation: Reputation;

        /// Lowest pool price of a task that raises scores.
        type MinScoredPrice: Get<Balance>;

        /// How many blocks an ended deal stays on record.
        type RetentionPeriod: Get<BlockNumber>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Tasks that somebody voted on, or that have ended. A task of an open deal that is not here is
    /// active and without votes. Removed only together with its deal.
    #[pallet::storage]
    pub type Tasks<T: Config> =
        StorageDoubleMap<_, Identity, DealId, Twox64Concat, TaskIndex, Task, OptionQuery>;

    /// Workers whose authorisations for a deal were revoked; at most
    /// [`MAX_REVOKED`](crate::MAX_REVOKED) a deal. Removed with the deal.
    #[pallet::storage]
    pub type Revoked<T: Config> =
        StorageDoubleMap<_, Identity, DealId, Blake2_128Concat, AccountId, (), OptionQuery>;

    /// How many workers were revoked in each deal.
    #[pallet::storage]
    pub type Revocations<T: Config> = StorageMap<_, Identity, DealId, u32, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A worker voted on a task.
        Contributed {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// The worker's key.
            worker: AccountId,
            /// What it voted for.
            commitment: H256,
            /// Weight of its vote.
            weight: u32,
        },
        /// A group of votes became credible enough: its workers must reveal.
        ConsensusReached {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// What the group voted for.
            commitment: H256,
            /// How many votes the group has.
            voters: u32,
        },
        /// A worker of the winning group opened its vote.
        Revealed {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// The worker's key.
            worker: AccountId,
            /// What came of the task.
            outcome: Outcome,
            /// The result or its head, as this worker claims; not a part of the vote.
            inline: InlineResult,
        },
        /// A task ended with a certain result.
        Settled {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// The result.
            outcome: Outcome,
            /// Where it can be fetched, as the first worker to reveal said.
            locator: ResultLocator,
            /// Who earned what for the computation: the owners of the winners' bonds.
            workers: Vec<Payment>,
            /// Keys of the workers that lost their stake now.
            losers: Vec<AccountId>,
            /// Sum of the stakes they lost.
            slashed: Balance,
            /// What the app's owner got.
            app: Balance,
            /// What the dataset's owner got; 0 when no dataset is used.
            dataset: Balance,
            /// What the operator got.
            operator: Balance,
            /// What went back to the payer.
            refunded: Balance,
            /// What the treasury got.
            treasury: Balance,
        },
        /// A winning group revealed nothing in time: it lost its stakes and counts no more.
        Reopened {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// Keys of the group's workers.
            silent: Vec<AccountId>,
        },
        /// A task ended without a result.
        Failed {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// What went back to the payer.
            refunded: Balance,
            /// What the treasury got: the operator's stake, and the payer's fee if one was due.
            treasury: Balance,
        },
        /// A task ended because governance revoked its app as harmful: everybody got back what
        /// they had put in.
        Cancelled {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
        },
        /// The pool withdrew every authorisation of a worker for a deal.
        WorkerRevoked {
            /// The deal.
            deal: DealId,
            /// The worker's key.
            worker: AccountId,
        },
        /// An ended deal and all its tasks were removed.
        DealPruned {
            /// The deal.
            deal: DealId,
        },
    }

    /// Why a call was refused. Nothing was changed.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no such deal; it may have been pruned. Check the deal's id.
        NoSuchDeal,
        /// The deal has no task of this index. Use an index from the deal's first one up to its
        /// volume.
        NoSuchTask,
        /// The task takes no contributions: it has consensus or has ended. Work on another task.
        NotActive,
        /// The deadline for contributions has passed. Work on another deal.
        ContributionsClosed,
        /// This worker voted on the task before, and can do so only once.
        AlreadyContributed,
        /// The task has as many votes as it can have. Work on another task.
        TooManyContributors,
        /// The deal locks more stake than the caller allows. Raise the limit or leave the task
        /// alone.
        StakeAboveLimit,
        /// The key belongs to no bond. Contribute with the key that the bond's owner appointed.
        NoBond,
        /// The worker is not in the deal's pool. Its owner must join the pool first.
        NotAMember,
        /// The worker joined the pool too late for this deal. Later deals are open to it.
        JoinedTooLate,
        /// The worker's bond is below the minimum. Its owner must bond more.
        BelowMinimum,
        /// Too little of the worker's bond is free. Wait until tasks settle, or bond more.
        TooLittleFree,
        /// The task awaits no reveals: it has no consensus yet, or has ended.
        NotRevealing,
        /// This worker did not vote on the task and has nothing to reveal.
        NotAContributor,
        /// This worker voted for another result than the one that won, and has nothing to reveal.
        VotedOtherwise,
        /// This worker's vote was rejected, because its group stayed silent.
        VoteRejected,
        /// This worker has revealed its vote before.
        AlreadyRevealed,
        /// The result is not the one that was voted for. Reveal exactly what was committed to.
        CommitmentMismatch,
        /// The worker's seal is not of this result: it voted without knowing it.
        SealMismatch,
        /// Reveals are still in time. Wait for the reveal deadline.
        RevealsOpen,
        /// Nobody has revealed a result. Reopen the task instead.
        NothingRevealed,
        /// Somebody has revealed a result. Finalise the task instead.
        SomethingRevealed,
        /// The task has ended already; there is nothing to claim.
        AlreadyEnded,
        /// The deal's final deadline has not come yet. Wait for it.
        BeforeFinalDeadline,
        /// Some tasks of the deal have not ended. Only ended deals can be pruned.
        DealOpen,
        /// The deal ended too short a time ago. Wait for the end of the retention period.
        StillRetained,
        /// The pool schedules its workers, and its present authoriser has not signed that this
        /// worker may contribute to this task. Ask the pool's operator for an authorisation.
        NotAuthorised,
        /// The authorisation's last block has passed. Ask the pool's operator for a new one.
        AuthorisationExpired,
        /// The pool has revoked this worker for the deal. Work on another deal.
        AuthorisationRevoked,
        /// Governance revoked the app as harmful; no work on it is taken any more. Claim the task,
        /// so that everybody gets back what they put in.
        AppRevoked,
        /// Only the pool's authoriser or its owner can revoke a worker. Sign with one of these
        /// keys.
        NotTheAuthoriser,
        /// Every member of the pool may race for the deal's tasks, so there is no authorisation to
        /// revoke. Take the worker's owner off the pool's access list instead.
        OpenToAllMembers,
        /// Every task of the deal has ended; there is nothing left that a worker could do.
        DealEnded,
        /// The worker is revoked in this deal already.
        AlreadyRevoked,
        /// As many workers are revoked in the deal as can be. Replace the pool's authoriser: that
        /// ends all authorisations at once.
        TooManyRevoked,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    /// The doors.
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Vote on a task with a commitment to its result, and stake on it.
        ///
        /// ## Origin
        /// Signed by a worker key.
        ///
        /// ## Parameters
        /// - `deal`, `index`: the task.
        /// - `commitment`: the vote; hides the result, equal for equal results.
        /// - `seal`: shows, once the result is revealed, that this worker knew it now.
        /// - `max_stake`: refuse if more than this of the bond would be locked.
        /// - `authorisation`: the word of the pool's authoriser, where the pool schedules its
        ///   workers; ignored in other deals.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NoSuchTask`, `NotActive`, `AppRevoked`, `ContributionsClosed`,
        /// `AlreadyContributed`, `StakeAboveLimit`, `NotAuthorised`, `AuthorisationExpired`,
        /// `AuthorisationRevoked`, `TooManyContributors`, `NoBond`, `NotAMember`, `JoinedTooLate`,
        /// `BelowMinimum`, `TooLittleFree`.
        ///
        /// ## Events
        /// `Contributed`; `ConsensusReached` if this vote decides.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::contribute())]
        pub fn contribute(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
            commitment: H256,
            seal: H256,
            max_stake: Balance,
            authorisation: Option<Authorisation>,
        ) -> DispatchResult {
            let worker = ensure_signed(origin)?;
            let ballot = Ballot {
                commitment,
                seal,
                max_stake,
                authorisation,
            };
            Self::do_contribute(worker, deal, index, ballot)
        }

        /// Open a vote of the winning group. The last awaited reveal settles the task.
        ///
        /// ## Origin
        /// Signed by a worker key of the winning group.
        ///
        /// ## Parameters
        /// - `deal`, `index`: the task.
        /// - `outcome`, `trace`: what the vote committed to.
        /// - `locator`: where the result can be fetched.
        /// - `inline`: the result or its head, for the event; may be empty.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NoSuchTask`, `NotRevealing`, `AppRevoked`, `NotAContributor`,
        /// `VoteRejected`, `AlreadyRevealed`, `VotedOtherwise`, `CommitmentMismatch`, `SealMismatch`.
        ///
        /// ## Events
        /// `Revealed`; `Settled` if no other reveal is awaited.
        #[pallet::call_index(1)]
        #[pallet::weight((T::WeightInfo::reveal(), DispatchClass::Operational))]
        pub fn reveal(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
            outcome: Outcome,
            trace: H256,
            locator: ResultLocator,
            inline: InlineResult,
        ) -> DispatchResult {
            let worker = ensure_signed(origin)?;
            Self::do_reveal(
                worker,
                deal,
                index,
                Opening {
                    outcome,
                    trace,
                    locator,
                    inline,
                },
            )
        }

        /// Settle a task with the reveals it has, once the others are overdue.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `deal`, `index`: the task.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NoSuchTask`, `NotRevealing`, `AppRevoked`, `NothingRevealed`,
        /// `RevealsOpen`.
        ///
        /// ## Events
        /// `Settled`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::finalise())]
        pub fn finalise(origin: OriginFor<T>, deal: DealId, index: TaskIndex) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_finalise(deal, index)
        }

        /// Reject a winning group that revealed nothing in time. Its stakes go to the treasury.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `deal`, `index`: the task.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NoSuchTask`, `NotRevealing`, `AppRevoked`, `SomethingRevealed`,
        /// `RevealsOpen`.
        ///
        /// ## Events
        /// `Reopened`; `ConsensusReached` if another group has consensus; `Failed` if nothing can
        /// win any more.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reopen())]
        pub fn reopen(origin: OriginFor<T>, deal: DealId, index: TaskIndex) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_reopen(deal, index)
        }

        /// End a task after the deal's final deadline: with its result if one was revealed, else
        /// without. A task whose app governance revoked as harmful is cancelled at any time:
        /// everybody gets back what they put in.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `deal`, `index`: the task.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NoSuchTask`, `AlreadyEnded`, `BeforeFinalDeadline`, `RevealsOpen`.
        ///
        /// ## Events
        /// `Settled`; or `Failed`, after `Reopened` if a winning group stayed silent; or `Cancelled`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::claim().max(T::WeightInfo::claim_cancelled()))]
        pub fn claim(origin: OriginFor<T>, deal: DealId, index: TaskIndex) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_claim(deal, index)
        }

        /// Remove tasks and revocations of a deal that ended longer ago than the retention period;
        /// with the last ones, the deal.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `deal`: the deal.
        /// - `limit`: how many tasks, and as many revocations, to remove at most, from 1 to 256;
        ///   other values count as the nearest of these.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `DealOpen`, `StillRetained`.
        ///
        /// ## Events
        /// `DealPruned` if nothing of the deal is left.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::prune_deal(Pallet::<T>::prune_limit(*limit)))]
        pub fn prune_deal(origin: OriginFor<T>, deal: DealId, limit: u32) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_prune_deal(deal, limit)
        }

        /// Withdraw every authorisation of a worker for a deal, those signed later included. What
        /// the worker has contributed stays, and it can reveal.
        ///
        /// ## Origin
        /// Signed by the authoriser or the owner of the deal's pool.
        ///
        /// ## Parameters
        /// - `deal`: the deal; its pool schedules its workers.
        /// - `worker`: the worker's key.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NotTheAuthoriser`, `OpenToAllMembers`, `DealEnded`, `AlreadyRevoked`,
        /// `TooManyRevoked`.
        ///
        /// ## Events
        /// `WorkerRevoked`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::revoke())]
        pub fn revoke(origin: OriginFor<T>, deal: DealId, worker: AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_revoke(who, deal, worker)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
