#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod attendance;
mod candidates;
mod governance;
mod members;
mod money;
mod offences;
mod ownership;
pub mod rules;
mod sessions;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use ownership::KeyOwners;
pub use pallet::*;
pub use sessions::{NoIdentification, SessionLength};
pub use types::*;
pub use weights::WeightInfo;

/// The pallet's items.
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        Attendance, Candidate, Cause, Departure, Invulnerable, Penalty, Standing, Terms, WeightInfo,
    };
    use alloc::vec::Vec;
    use ergon_primitives::{AccountId, Balance, BlockNumber, traits::Hubs};
    use frame_support::{
        pallet_prelude::*,
        traits::{OnUnbalanced, fungible},
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::Perbill;
    use sp_staking::SessionIndex;

    /// Money in flight.
    pub type CreditOf<T> = fungible::Credit<AccountId, <T as Config>::Currency>;

    /// Most invulnerables.
    pub const MAX_INVULNERABLES: u32 = 64;
    /// Most candidates, with a seat or waiting for one.
    pub const MAX_CANDIDATES: u32 = 64;
    /// Most validators of a session.
    pub const MAX_VALIDATORS: u32 = MAX_INVULNERABLES + MAX_CANDIDATES;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs from the runtime.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId>
        + pallet_session::Config<ValidatorId = AccountId>
        + pallet_session::historical::Config<FullIdentification = ()>
    {
        /// The token that bonds consist of.
        type Currency: fungible::Inspect<AccountId, Balance = Balance>
            + fungible::MutateHold<AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::BalancedHold<AccountId>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who decides about invulnerables and the number of seats.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Knows who is barred, and so cannot become a candidate.
        type Hubs: Hubs;

        /// Gets what offenders lose.
        type Slashed: OnUnbalanced<fungible::Credit<AccountId, <Self as Config>::Currency>>;

        /// Least bond of a new candidate, in the token's smallest unit, more than 0.
        #[pallet::constant]
        type MinimumBond: Get<Balance>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why money of an account is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The account is a candidate, or was one a while ago.
        #[codec(index = 0)]
        Bond,
    }

    /// Validators by decision of governance, ascending by account.
    #[pallet::storage]
    pub type Invulnerables<T: Config> =
        StorageValue<_, BoundedVec<Invulnerable, ConstU32<MAX_INVULNERABLES>>, ValueQuery>;

    /// Accounts that bonded to be validators, at most [`MAX_CANDIDATES`]. Each has its bond on hold.
    #[pallet::storage]
    pub type Candidates<T: Config> =
        CountedStorageMap<_, Blake2_128Concat, AccountId, Candidate, OptionQuery>;

    /// Bonds on their way out. Each is on hold, and so paid for, until its owner withdraws it.
    #[pallet::storage]
    pub type Departures<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Departure>;

    /// How many candidates have a seat, at most [`MAX_CANDIDATES`].
    #[pallet::storage]
    pub type DesiredCandidates<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The chain's numbers, from its genesis.
    #[pallet::storage]
    pub type Settings<T: Config> = StorageValue<_, Terms, ValueQuery>;

    /// Who worked how much: validators of the running session, and members that were absent.
    #[pallet::storage]
    pub type Attendances<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Attendance>;

    /// Punished offences by session and validator, as long as an offence of that session can be
    /// reported.
    #[pallet::storage]
    pub type Penalties<T: Config> =
        StorageDoubleMap<_, Twox64Concat, SessionIndex, Blake2_128Concat, AccountId, Penalty>;

    /// Keys with which the validators of the running session work: what they register meanwhile is for
    /// later sessions. Keys have a fixed size that the session pallet does not tell.
    #[pallet::storage]
    #[pallet::unbounded]
    pub type KeysInUse<T: Config> =
        StorageValue<_, BoundedVec<(AccountId, T::Keys), ConstU32<MAX_VALIDATORS>>, ValueQuery>;

    /// Genesis of the pallet.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The first validators; each needs session keys in the session pallet's genesis.
        pub invulnerables: Vec<AccountId>,
        /// How many candidates have a seat.
        pub desired_candidates: u32,
        /// See [`Terms::minimum`].
        pub minimum: u32,
        /// See [`Terms::session_length`], in blocks.
        pub session_length: BlockNumber,
        /// See [`Terms::bonding_duration`], in sessions.
        pub bonding_duration: SessionIndex,
        /// See [`Terms::absence_limit`], in sessions.
        pub absence_limit: u32,
        /// Binds the runtime's type; carries nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            let terms = Terms::default();
            Self {
                invulnerables: Vec::new(),
                desired_candidates: 0,
                minimum: terms.minimum,
                session_length: terms.session_length,
                bonding_duration: terms.bonding_duration,
                absence_limit: terms.absence_limit,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let terms = Terms {
                minimum: self.minimum,
                session_length: self.session_length,
                bonding_duration: self.bonding_duration,
                absence_limit: self.absence_limit,
            };
            assert!(
                terms.minimum > 0 && terms.session_length > 0 && terms.absence_limit > 0,
                "minimum, session_length and absence_limit of the validators are at least 1"
            );
            assert!(
                self.desired_candidates <= MAX_CANDIDATES,
                "there are more seats for candidates than candidates can be"
            );
            let appointed = Pallet::<T>::appoint(self.invulnerables.clone());
            assert!(appointed.is_ok(), "there are too many genesis validators");
            Settings::<T>::put(terms);
            DesiredCandidates::<T>::put(self.desired_candidates);
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Governance named the invulnerables anew; all of them are fit.
        InvulnerablesSet {
            /// How many there are.
            count: u32,
        },
        /// Governance changed how many candidates have a seat.
        DesiredCandidatesSet {
            /// How many.
            count: u32,
        },
        /// An account is a candidate.
        CandidateRegistered {
            /// Who.
            candidate: AccountId,
            /// What it bonded.
            bond: Balance,
        },
        /// A candidate's bond grew.
        BondExtended {
            /// Who.
            candidate: AccountId,
            /// By how much.
            amount: Balance,
        },
        /// A candidate is none any more; its bond is on its way out.
        CandidateDeparted {
            /// Who.
            candidate: AccountId,
            /// Why.
            cause: Cause,
            /// First session in which the bond can be withdrawn.
            until: SessionIndex,
        },
        /// A bond was released to its owner.
        Withdrawn {
            /// Who.
            candidate: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A validator made no block for too long; it loses its seat unless the minimum needs it.
        ValidatorAbsent {
            /// Who.
            validator: AccountId,
            /// Sessions in a row without a block.
            sessions: u32,
        },
        /// An absent validator is fit again.
        ReturnedToDuty {
            /// Who.
            validator: AccountId,
        },
        /// An offence was punished; the offender loses its seat unless the minimum needs it.
        OffencePunished {
            /// Who.
            validator: AccountId,
            /// Session of the offence.
            session: SessionIndex,
            /// Share of the bond that the offence costs.
            fraction: Perbill,
            /// What was taken now.
            amount: Balance,
        },
        /// Too few fit members are left: absent ones or offenders keep seats in the planned session.
        UnfitSeated {
            /// How many of them.
            count: u32,
        },
        /// An account without a role removed its session keys.
        KeysPurged {
            /// Who.
            account: AccountId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// Two entries name the same account. Name each once.
        DuplicateInvulnerable,
        /// The account has no session keys. Register them with `session.set_keys` first.
        NoSessionKeys,
        /// The account is barred from the network's offices.
        Barred,
        /// The account is an invulnerable and needs no bond.
        AlreadyInvulnerable,
        /// The account is a candidate already. Add to its bond instead.
        AlreadyCandidate,
        /// An earlier bond is on its way out. Return to duty with it, or withdraw it first.
        StillDeparting,
        /// The bond is below the minimum bond. Bond more.
        BelowMinimum,
        /// The amount is zero. Name a higher one.
        ZeroAmount,
        /// The list of candidates is full and nobody that waits for a seat bonds less. Bond more.
        TooManyCandidates,
        /// There cannot be that many seats for candidates. Name a lower number.
        TooManySeats,
        /// The account is no candidate. Register it first.
        NotCandidate,
        /// Fewer fit validators than the minimum would remain. Wait for others to join.
        TooFewValidators,
        /// The account has no bond on its way out. Leave first.
        NothingToWithdraw,
        /// The bond still answers for offences. Wait for the session named when it departed.
        TooEarly,
        /// The account is on duty; there is nothing to return from.
        OnDuty,
        /// The account committed an offence. Withdraw the bond when it is free, or, as an
        /// invulnerable, ask governance.
        Offender,
        /// The account is neither invulnerable nor candidate nor departing. Register it first.
        NoRole,
        /// The keys belong to a member or to a validator of this or the next session. Leave first
        /// and wait two sessions.
        KeysInUse,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MinimumBond::get() > 0,
                "a candidate must have a bond: MinimumBond is 0"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Names the invulnerables. Those that stay and those that come are fit; they sit from the
        /// session after the next on.
        ///
        /// ## Origin
        /// Governance.
        ///
        /// ## Parameters
        /// - `invulnerables`: all of them, each once. One without session keys gets no seat.
        ///
        /// ## Errors
        /// [`Error::DuplicateInvulnerable`], [`Error::TooFewValidators`].
        ///
        /// ## Events
        /// [`Event::InvulnerablesSet`].
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::set_invulnerables())]
        pub fn set_invulnerables(
            origin: OriginFor<T>,
            invulnerables: BoundedVec<AccountId, ConstU32<MAX_INVULNERABLES>>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_invulnerables(invulnerables.into_inner())
        }

        /// Changes how many candidates have a seat.
        ///
        /// ## Origin
        /// Governance.
        ///
        /// ## Parameters
        /// - `count`: 0 to [`MAX_CANDIDATES`]. More sit while the minimum needs them.
        ///
        /// ## Errors
        /// [`Error::TooManySeats`].
        ///
        /// ## Events
        /// [`Event::DesiredCandidatesSet`].
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::set_desired_candidates())]
        pub fn set_desired_candidates(origin: OriginFor<T>, count: u32) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_desired_candidates(count)
        }

        /// Makes the caller a candidate. With one of the highest bonds it sits from the session after
        /// the next on. When the list is full, the candidate that bonds least among those without a
        /// seat makes room, if it bonds less.
        ///
        /// ## Origin
        /// Signed by an account that has session keys: the session pallet asks for the proof that it
        /// has them.
        ///
        /// ## Parameters
        /// - `bond`: goes on hold; at least the minimum bond.
        ///
        /// ## Errors
        /// [`Error::Barred`], [`Error::NoSessionKeys`], [`Error::AlreadyInvulnerable`],
        /// [`Error::AlreadyCandidate`], [`Error::StillDeparting`], [`Error::BelowMinimum`],
        /// [`Error::TooManyCandidates`], and the currency's when the caller cannot hold the amount.
        ///
        /// ## Events
        /// [`Event::CandidateRegistered`], and [`Event::CandidateDeparted`] of the one that made room.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::register_candidate())]
        pub fn register_candidate(origin: OriginFor<T>, bond: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register_candidate(who, bond)
        }

        /// Adds an amount to the caller's bond.
        ///
        /// ## Origin
        /// Signed by a candidate.
        ///
        /// ## Parameters
        /// - `amount`: more than 0.
        ///
        /// ## Errors
        /// [`Error::Barred`], [`Error::ZeroAmount`], [`Error::NotCandidate`], and the currency's when
        /// the caller cannot hold the amount.
        ///
        /// ## Events
        /// [`Event::BondExtended`].
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::bond_extra())]
        pub fn bond_extra(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_bond_extra(who, amount)
        }

        /// Ends the caller's candidacy. It keeps its seat through the next session, and its bond
        /// answers for offences until it is withdrawn.
        ///
        /// ## Origin
        /// Signed by a candidate.
        ///
        /// ## Errors
        /// [`Error::NotCandidate`], [`Error::TooFewValidators`].
        ///
        /// ## Events
        /// [`Event::CandidateDeparted`].
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::leave())]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_leave(who)
        }

        /// Releases the caller's bond once it answers for nothing any more.
        ///
        /// ## Origin
        /// Signed by a former candidate.
        ///
        /// ## Errors
        /// [`Error::NothingToWithdraw`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::Withdrawn`].
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw(who)
        }

        /// Makes an absent invulnerable or candidate fit again, or makes a former candidate one again
        /// with what is left of its bond.
        ///
        /// ## Origin
        /// Signed by the member or former candidate; an offender cannot.
        ///
        /// ## Errors
        /// [`Error::NoRole`], [`Error::OnDuty`], [`Error::Offender`]; for a former candidate also
        /// those of `register_candidate`.
        ///
        /// ## Events
        /// [`Event::ReturnedToDuty`], or those of `register_candidate`.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::return_to_duty())]
        pub fn return_to_duty(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_return_to_duty(who)
        }

        /// Removes the caller's session keys and releases their deposit. It stands for the session
        /// pallet's call, which a runtime filters out: by that one a validator could leave at once.
        ///
        /// ## Origin
        /// Signed by an account that is neither invulnerable nor candidate and has no seat in this or
        /// the next session.
        ///
        /// ## Errors
        /// [`Error::KeysInUse`], and the session pallet's when there are no keys.
        ///
        /// ## Events
        /// [`Event::KeysPurged`].
        #[pallet::call_index(7)]
        #[pallet::weight(<T as Config>::WeightInfo::purge_keys())]
        pub fn purge_keys(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_purge_keys(who)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Who would sit in the session that is planned next, were it planned now; ascending by
        /// account.
        pub fn planned_validators() -> Vec<AccountId> {
            Self::planned()
                .into_iter()
                .map(|member| member.account)
                .collect()
        }

        /// Whether this invulnerable or candidate deserves its seat; none when it is neither.
        pub fn standing(member: AccountId) -> Option<Standing> {
            Self::standing_of(&member)
        }

        /// How much this validator has worked.
        pub fn attendance(validator: AccountId) -> Attendance {
            Attendances::<T>::get(validator).unwrap_or_default()
        }
    }
}
