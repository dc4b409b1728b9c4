#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod accept;
mod agenda;
mod authorise;
mod batch;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod callbacks;
mod cancel;
mod close;
pub mod consensus;
mod contribute;
mod desk;
mod expire;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod judge;
#[cfg(test)]
mod mock;
mod money;
mod pages;
pub mod policy;
mod retire;
mod reveal;
mod settle;
mod sweep;
#[cfg(test)]
mod tests;
pub mod weights;

pub use agenda::Errand;
pub use callbacks::QueueEnds;
pub use judge::{Judgement, Purse};
pub use pallet::*;
pub use weights::WeightInfo;

/// Most pages of tasks that one call of `prune_deal` removes, and most records of each other kind.
pub const MAX_PRUNED: u32 = 256;
/// Most workers that a pool can revoke in one deal.
pub const MAX_REVOKED: u32 = 1_024;
/// Most steps that one call of `sweep` takes.
pub const MAX_SWEEP: u32 = 32;
/// Most workers whose stakes and scores one batch changes.
pub const MAX_BATCH_WORKERS: u32 = 128;

/// The pallet: its storage, its calls, and what they say.
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        Errand, QueueEnds, WeightInfo,
        batch::{Aim, Size},
        contribute::Voter,
    };
    use alloc::{vec, vec::Vec};
    use ergon_primitives::{
        AccountId, Authorisation, Balance, BlockNumber, Contribution, DealId, DealProgress, Due,
        InlineResult, MAX_BATCH, MAX_CONTRIBUTORS, Opening, Outcome, Payment, ResultLocator,
        Signature, TaskIndex, TaskPage, Untouched,
        traits::{Deals, Escrow, Registry, Reputation, WorkerStaking},
    };
    use frame_support::{
        dispatch::{GetDispatchInfo, PostDispatchInfo},
        pallet_prelude::*,
        traits::Contains,
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::{SaturatedConversion, traits::Dispatchable};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    /// Items of a batch, ascending.
    pub(crate) type Batch<Item> = BoundedVec<Item, ConstU32<MAX_BATCH>>;

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Calls that a deal can want to be made when a task has settled.
        type RuntimeCall: Parameter
            + Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
            + GetDispatchInfo
            + From<frame_system::Call<Self>>;

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

        /// Which calls may be made when a task has settled. None of them may move money that the
        /// requester does not hold, or call back in turn.
        type CallbackFilter: Contains<<Self as Config>::RuntimeCall>;

        /// Most weight of a call that is made when a task has settled.
        type MaxCallbackWeight: Get<Weight>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Tasks that somebody voted on, or that have ended one by one, 8 neighbours on a page. What
    /// a task without record is like says [`Progress`]. Pages are removed only together with their
    /// deal.
    #[pallet::storage]
    pub type TaskPages<T: Config> =
        StorageDoubleMap<_, Identity, DealId, Twox64Concat, u32, TaskPage, OptionQuery>;

    /// How far each deal on record is.
    #[pallet::storage]
    pub type Progress<T: Config> = StorageMap<_, Identity, DealId, DealProgress, ValueQuery>;

    /// What has to be done without anybody's call; what falls due first comes first.
    #[pallet::storage]
    pub type Agenda<T: Config> =
        StorageDoubleMap<_, Identity, Due, Identity, Errand, (), OptionQuery>;

    /// The page that was swept last, of deals whose end is under way.
    #[pallet::storage]
    pub type SweepCursor<T: Config> = StorageMap<_, Identity, DealId, u32, OptionQuery>;

    /// Settled tasks whose callback waits, by their place in the queue. Each was prepaid.
    #[pallet::storage]
    pub type CallbackQueue<T: Config> =
        StorageMap<_, Twox64Concat, u64, (DealId, TaskIndex), OptionQuery>;

    /// Where the queue of callbacks begins and ends.
    #[pallet::storage]
    pub type CallbackEnds<T: Config> = StorageValue<_, QueueEnds, ValueQuery>;

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
        /// Enough sealed votes came: all their workers must open them.
        OpeningBegan {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// How many votes there are.
            voters: u32,
        },
        /// A worker showed its result: it opened its vote, or the pool's authoriser has taken it.
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
        /// All tasks of a deal that nobody had voted on ended together.
        UntouchedEnded {
            /// The deal.
            deal: DealId,
            /// How many they were.
            tasks: u32,
            /// What became of them.
            untouched: Untouched,
            /// What the operator got.
            operator: Balance,
            /// What went back to the payer.
            refunded: Balance,
            /// What the treasury got.
            treasury: Balance,
        },
        /// Some items of a batch were refused; the others were done.
        ItemsRefused {
            /// The deal.
            deal: DealId,
            /// The worker's key.
            worker: AccountId,
            /// The tasks, and why.
            items: Vec<(TaskIndex, DispatchError)>,
        },
        /// The call that a deal wants to be made when a task has settled was made, or refused.
        CallbackDone {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// What came of the call.
            result: DispatchResult,
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
        /// Votes of this deal are sealed. Contribute with a commitment of zero, and open the vote
        /// with `open_sealed`.
        SealedVotes,
        /// Votes of this deal are not sealed. Reveal them with `reveal`.
        VotesNotSealed,
        /// Roles are drawn with the hash of the block of the last vote, which is being made. Open
        /// the vote in a later block.
        RolesNotDrawn,
        /// The batch names no task. Name at least one.
        EmptyBatch,
        /// The batch does not name its tasks in ascending order, each once. Sort them.
        NotAscending,
        /// A task of the deal has more votes than the caller declared. Raise `max_votes`.
        TooManyVotes,
        /// The tasks of the batch have more different workers than one call can settle with. Put
        /// the rest into another batch.
        TooManyWorkers,
        /// The pool does not schedule its workers, so nobody can accept results for it. Contribute
        /// and reveal instead.
        NotAuthorisedPool,
        /// The deal asks for more trust than one accepted result gives. Contribute and reveal
        /// instead.
        TrustTooHigh,
        /// Somebody has voted on the task, or it has ended. Only untouched tasks take an accepted
        /// result.
        NotUntouched,
        /// The pool's present authoriser has not signed that it takes exactly these results from
        /// this worker. Show it the results, and send what it signs.
        NotAccepted,
        /// Only the deal's payer can cancel its tasks. Sign with the payer's key.
        NotThePayer,
        /// Somebody has voted on every task of the deal that has not ended. What is being worked on
        /// cannot be cancelled.
        NothingUntouched,
        /// Contributions to the deal are over: its untouched tasks fail at the final deadline, and
        /// are refunded then. There is nothing to cancel.
        TooLateToCancel,
        /// Nothing is due now. Wait for a deadline.
        NothingDue,
        /// The deal's callback is no call of this chain.
        CallbackUndecodable,
        /// The deal's callback is a call that this chain does not make for a settled task.
        CallbackFiltered,
        /// The deal's callback is heavier than this chain allows.
        CallbackTooHeavy,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_now: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::work_off(remaining)
        }

        fn integrity_test() {
            Self::check_weights();
        }

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
        /// `AlreadyContributed`, `SealedVotes`, `StakeAboveLimit`, `NotAuthorised`,
        /// `AuthorisationExpired`, `AuthorisationRevoked`, `TooManyContributors`, `NoBond`,
        /// `NotAMember`, `JoinedTooLate`, `BelowMinimum`, `TooLittleFree`.
        ///
        /// ## Events
        /// `Contributed`; `ConsensusReached` if this vote decides.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::contribute(MAX_CONTRIBUTORS))]
        pub fn contribute(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
            commitment: H256,
            seal: H256,
            max_stake: Balance,
            authorisation: Option<Authorisation>,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            let ballot = Contribution {
                index,
                commitment,
                seal,
            };
            let voter = Voter::new(worker, max_stake, authorisation);
            Self::finish(
                Self::contribution(deal, voter, ballot),
                T::WeightInfo::contribute,
            )
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
        /// `NoSuchDeal`, `SealedVotes`, `NoSuchTask`, `NotRevealing`, `AppRevoked`,
        /// `NotAContributor`, `VoteRejected`, `AlreadyRevealed`, `VotedOtherwise`,
        /// `CommitmentMismatch`, `SealMismatch`.
        ///
        /// ## Events
        /// `Revealed`; `Settled` if no other reveal is awaited.
        #[pallet::call_index(1)]
        #[pallet::weight((T::WeightInfo::reveal(MAX_CONTRIBUTORS), DispatchClass::Operational))]
        pub fn reveal(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
            outcome: Outcome,
            trace: H256,
            locator: ResultLocator,
            inline: InlineResult,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            let opening = Opening {
                index,
                outcome,
                trace,
                locator,
                inline,
            };
            Self::finish(
                Self::revelation(deal, &worker, opening),
                T::WeightInfo::reveal,
            )
        }

        /// Settle a task with the reveals or openings it has, once the others are overdue.
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
        /// `Settled`; in a deal with sealed votes also `Failed`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::finalise(MAX_CONTRIBUTORS))]
        pub fn finalise(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::finish(Self::finalisation(deal, index), T::WeightInfo::finalise)
        }

        /// Reject a winning group that revealed nothing in time. Its stakes go to the treasury.
        ///
        /// In a deal with sealed votes: go on without those that did not come, or were not opened.
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
        /// win any more. In a deal with sealed votes: `OpeningBegan` or `Failed`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reopen(MAX_CONTRIBUTORS))]
        pub fn reopen(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::finish(Self::reopening(deal, index), T::WeightInfo::reopen)
        }

        /// End a task after the deal's final deadline: with its result if one was revealed, else
        /// without; sealed votes that nobody has asked for yet must be opened first. A task whose app
        /// governance revoked as harmful is cancelled at any time: everybody gets back what they
        /// put in.
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
        /// `Settled`; or `Failed`, after `Reopened` if a winning group stayed silent; or
        /// `OpeningBegan`; or `Cancelled`.
        #[pallet::call_index(4)]
        #[pallet::weight(Pallet::<T>::claim_weight(MAX_CONTRIBUTORS))]
        pub fn claim(
            origin: OriginFor<T>,
            deal: DealId,
            index: TaskIndex,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::finish(Self::claiming(deal, index), Self::claim_weight)
        }

        /// Remove records of a deal that ended longer ago than the retention period; with the last
        /// ones, the deal. Idle blocks do it too.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `deal`: the deal.
        /// - `limit`: how many pages of tasks, and as many revocations and records of scores, to
        ///   remove at most, from 1 to 256; other values count as the nearest of these.
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

        /// Vote on many tasks of a deal. Items are refused alone.
        ///
        /// ## Origin
        /// Signed by a worker key.
        ///
        /// ## Parameters
        /// - `deal`: the deal.
        /// - `items`: the votes, ascending by index, each task once.
        /// - `max_stake`: refuse if a vote would lock more than this of the bond.
        /// - `authorisation`: as in `contribute`, for all items.
        /// - `max_votes`: the most votes that a task of the deal has; the fee depends on it.
        ///
        /// ## Errors
        /// `EmptyBatch`, `NotAscending`, `NoSuchDeal`, `NotActive`, `TooManyVotes`; if no item is
        /// taken, the first one's, which is one of those of `contribute`.
        ///
        /// ## Events
        /// For each item those of `contribute`; `ItemsRefused` if some were refused.
        #[pallet::call_index(7)]
        #[pallet::weight(Size::of(items).contribute::<T>(*max_votes))]
        pub fn contribute_many(
            origin: OriginFor<T>,
            deal: DealId,
            items: Batch<Contribution>,
            max_stake: Balance,
            authorisation: Option<Authorisation>,
            max_votes: u32,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            let size = Size::of(&items);
            let voter = Voter::new(worker, max_stake, authorisation);
            Self::finish(
                Self::contributions(deal, voter, &items, max_votes, Aim::Make),
                |votes| size.contribute::<T>(votes.min(max_votes)),
            )
        }

        /// Open many votes of winning groups. Items are refused alone.
        ///
        /// ## Origin
        /// Signed by a worker key.
        ///
        /// ## Parameters
        /// - `deal`: the deal.
        /// - `items`: the results, ascending by index, each task once.
        /// - `max_votes`: the most votes that a task of the deal has; the fee depends on it.
        ///
        /// ## Errors
        /// `EmptyBatch`, `NotAscending`, `NoSuchDeal`, `NotRevealing`, `SealedVotes`,
        /// `TooManyVotes`; if no item is taken, the first one's, which is one of those of `reveal`
        /// or `TooManyWorkers`.
        ///
        /// ## Events
        /// For each item those of `reveal`; `ItemsRefused` if some were refused.
        #[pallet::call_index(8)]
        #[pallet::weight((
            Size::of(items).reveal_worst::<T>(*max_votes),
            DispatchClass::Operational,
        ))]
        pub fn reveal_many(
            origin: OriginFor<T>,
            deal: DealId,
            items: Batch<Opening>,
            max_votes: u32,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            let size = Size::of(&items);
            Self::finish_batch(
                Self::revelations(deal, &worker, items.into_inner(), max_votes, Aim::Make),
                |votes, workers| size.reveal::<T>(votes, workers),
            )
        }

        /// Settle a task at once with a result that the pool's authoriser has seen and takes.
        ///
        /// Nothing is staked, and no score is earned.
        ///
        /// ## Origin
        /// Signed by a worker key.
        ///
        /// ## Parameters
        /// - `deal`: the deal; its pool schedules its workers, and its trust is 2 at most.
        /// - `result`: the task and its result.
        /// - `acceptance`: the authoriser's signature over the worker, the deal and the result.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `NotActive`, `NotAuthorisedPool`, `SealedVotes`, `TrustTooHigh`,
        /// `AppRevoked`, `ContributionsClosed`, `AuthorisationRevoked`, `NoBond`, `NotAMember`,
        /// `JoinedTooLate`, `BelowMinimum`, `NotAccepted`, `NoSuchTask`, `NotUntouched`.
        ///
        /// ## Events
        /// `Revealed`, `Settled`.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::contribute_and_finalise(MAX_CONTRIBUTORS))]
        pub fn contribute_and_finalise(
            origin: OriginFor<T>,
            deal: DealId,
            result: Opening,
            acceptance: Signature,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            let results = vec![result];
            Self::finish(
                Self::acceptance(
                    deal,
                    worker,
                    results,
                    &acceptance,
                    MAX_CONTRIBUTORS,
                    Aim::Make,
                ),
                T::WeightInfo::contribute_and_finalise,
            )
        }

        /// Settle many tasks at once with results that the pool's authoriser has seen and takes.
        /// Items are refused alone.
        ///
        /// ## Origin
        /// Signed by a worker key.
        ///
        /// ## Parameters
        /// - `deal`: as in `contribute_and_finalise`.
        /// - `results`: the tasks and their results, ascending by index, each task once.
        /// - `acceptance`: the authoriser's signature over the worker, the deal and all results.
        /// - `max_votes`: the most votes that a task of the deal has; the fee depends on it.
        ///
        /// ## Errors
        /// `EmptyBatch`, `NotAscending`, `TooManyVotes`, and those of `contribute_and_finalise`; if
        /// no item is taken, the first one's.
        ///
        /// ## Events
        /// For each item those of `contribute_and_finalise`; `ItemsRefused` if some were refused.
        #[pallet::call_index(10)]
        #[pallet::weight(Size::of(results).accept::<T>(*max_votes))]
        pub fn contribute_and_finalise_many(
            origin: OriginFor<T>,
            deal: DealId,
            results: Batch<Opening>,
            acceptance: Signature,
            max_votes: u32,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            let size = Size::of(&results);
            let results = results.into_inner();
            Self::finish(
                Self::acceptance(deal, worker, results, &acceptance, max_votes, Aim::Make),
                |votes| size.accept::<T>(votes.min(max_votes)),
            )
        }

        /// Open a sealed vote. The last awaited one ends the task.
        ///
        /// ## Origin
        /// Signed by a worker key that voted on the task.
        ///
        /// ## Parameters
        /// - `deal`: the deal; its votes are sealed.
        /// - `result`: the task, and the result that was voted for.
        /// - `salt`: the secret with which the vote was sealed.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `VotesNotSealed`, `NoSuchTask`, `NotRevealing`, `AppRevoked`,
        /// `RolesNotDrawn`, `NotAContributor`, `AlreadyRevealed`, `SealMismatch`.
        ///
        /// ## Events
        /// `Revealed`; `Settled` or `Failed` if no other opening is awaited.
        #[pallet::call_index(11)]
        #[pallet::weight((T::WeightInfo::open_sealed(MAX_CONTRIBUTORS), DispatchClass::Operational))]
        pub fn open_sealed(
            origin: OriginFor<T>,
            deal: DealId,
            result: Opening,
            salt: H256,
        ) -> DispatchResultWithPostInfo {
            let worker = ensure_signed(origin)?;
            Self::finish(
                Self::opening(deal, &worker, result, salt),
                T::WeightInfo::open_sealed,
            )
        }

        /// Cancel all tasks of a deal that nobody has voted on, while votes on them would be taken.
        /// The payer is refunded, except 5 % of the pool price of each, which the operator gets.
        ///
        /// ## Origin
        /// Signed by the deal's payer.
        ///
        /// ## Parameters
        /// - `deal`: the deal.
        ///
        /// ## Errors
        /// `NoSuchDeal`, `DealEnded`, `NotThePayer`, `NothingUntouched`, `TooLateToCancel`.
        ///
        /// ## Events
        /// `UntouchedEnded`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::cancel())]
        pub fn cancel(origin: OriginFor<T>, deal: DealId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel(who, deal)
        }

        /// Do what is due now, instead of waiting for a block with idle time.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `limit`: how many steps to take at most, from 1 to 32; other values count as the
        ///   nearest of these.
        ///
        /// ## Errors
        /// `NothingDue`.
        ///
        /// ## Events
        /// Those of the tasks and deals that go on or end.
        #[pallet::call_index(13)]
        #[pallet::weight(Pallet::<T>::sweep_weight(*limit))]
        pub fn sweep(origin: OriginFor<T>, limit: u32) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_sweep(limit)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }

        /// Weight of a claim, whatever comes of it.
        pub(crate) fn claim_weight(votes: u32) -> Weight {
            T::WeightInfo::claim(votes).max(T::WeightInfo::claim_cancelled(votes))
        }
    }
}
