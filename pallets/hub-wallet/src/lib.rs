#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod interface;
mod life;
mod limits;
mod money;
mod payments;
mod pools;
mod ratings;
pub mod rules;
mod tribunal;
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

pub use interface::PoolOwners;
pub use limits::Limits;
pub use money::{quarantine_account, wallet_account};
pub use pallet::*;
pub use types::{Approval, Binding, Expropriation, Hub, HubView, MAX_PENDING, Pending, Vote};
pub use weights::WeightInfo;

/// The pallet's items.
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        Approval, Binding, Expropriation, Hub, HubView, Limits, PoolOwners, Vote, WeightInfo,
    };
    use ergon_primitives::{
        AccountId, Balance, BlockNumber, Case, Decision, HubRecord, Judge, PoolId,
    };
    use frame_support::{
        DefaultNoBound,
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// The money in wallets, deposits and votes.
        type Currency: Mutate<AccountId, Balance = Balance>
            + MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;

        /// Knows who operates a worker pool.
        type PoolOwners: PoolOwners;

        /// Account of the DAO's treasury.
        type Treasury: Get<AccountId>;

        /// Who judges hubs, and on whose behalf. All but suspicion needs a referendum. For
        /// benchmarks it must name a referendum's origin as its successful one.
        type TribunalOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Judge>;

        /// Who changes the limits within their bounds.
        type ParametersOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why money of an account is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// Deposit for a hub and its record.
        #[codec(index = 0)]
        Hub,
        /// Deposit for an approval, paid by the hub's owner.
        #[codec(index = 1)]
        Approval,
        /// Stake of a standing vote on a hub.
        #[codec(index = 2)]
        Vote,
        /// Deposit for a pool's binding, paid by the hub's owner.
        #[codec(index = 3)]
        Binding,
    }

    /// The hubs by owner. None is ever removed: a ban must be remembered.
    #[pallet::storage]
    pub type Hubs<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Hub>;

    /// What hubs say of themselves, by owner.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, HubRecord>;

    /// What is approved to payees, by hub owner and payee.
    #[pallet::storage]
    pub type Approvals<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, Approval>;

    /// The last case against each hub, by owner.
    #[pallet::storage]
    pub type Cases<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Case>;

    /// Standing votes on hubs, by hub owner and voter. Each has its stake on hold.
    #[pallet::storage]
    pub type Votes<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, Vote>;

    /// The hub that each bound pool belongs to. It stays when the pool changes hands.
    #[pallet::storage]
    pub type Bindings<T: Config> = StorageMap<_, Identity, PoolId, Binding>;

    /// Expropriated money that the treasury may not have yet, by number.
    #[pallet::storage]
    pub type Quarantine<T: Config> = StorageMap<_, Twox64Concat, u64, Expropriation>;

    /// Number of the next expropriation.
    #[pallet::storage]
    pub type NextExpropriation<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// The limits in force.
    #[pallet::storage]
    pub type Parameters<T: Config> = StorageValue<_, Limits, ValueQuery>;

    /// The limits at genesis, which bound all later ones.
    #[pallet::storage]
    pub type InitialParameters<T: Config> = StorageValue<_, Limits, ValueQuery>;

    /// Genesis of the pallet.
    #[pallet::genesis_config]
    #[derive(DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The limits in force at first; all later ones are bounded by them.
        pub limits: Limits,
        /// Binds the configuration to its runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                Pallet::<T>::is_sound(&self.limits),
                "the limits of hubs must be positive and in order, see `Limits::is_sound`"
            );
            InitialParameters::<T>::put(&self.limits);
            Parameters::<T>::put(&self.limits);
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hub has a wallet.
        Created {
            /// Whose hub it is.
            owner: AccountId,
            /// The wallet's account.
            wallet: AccountId,
        },
        /// A hub's record changed.
        RecordUpdated {
            /// The hub.
            owner: AccountId,
        },
        /// A hub is on the whitelist.
        Registered {
            /// The hub.
            owner: AccountId,
            /// What is frozen in its wallet.
            frozen: Balance,
            /// First block in which it may leave.
            payday: BlockNumber,
        },
        /// A hub approved money to a payee.
        Approved {
            /// The hub.
            owner: AccountId,
            /// Who may pull it.
            payee: AccountId,
            /// How much may be pulled.
            amount: Balance,
            /// How much was locked in the wallet for it.
            locked: Balance,
            /// First block in which it can be pulled. With more than eight payments to the payee on
            /// their way it can be later, by at most a quarter of the time.
            matures: BlockNumber,
        },
        /// A payee got what was approved and had matured.
        Pulled {
            /// The hub.
            owner: AccountId,
            /// The payee.
            payee: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A hub left the whitelist.
        PaydayReached {
            /// The hub.
            owner: AccountId,
            /// What the treasury got of the locked money.
            fee: Balance,
            /// First block in which its money can be unlocked.
            until: BlockNumber,
        },
        /// A hub's money is unlocked.
        Settled {
            /// The hub.
            owner: AccountId,
        },
        /// An owner took its money out of the wallet.
        Withdrawn {
            /// The hub.
            owner: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A hub is accused: its money is blocked and it is off the whitelist.
        Suspected {
            /// The hub.
            owner: AccountId,
            /// Hash of the case's document.
            document: H256,
            /// Who accuses.
            by: Judge,
        },
        /// A referendum stands behind the collective's suspicion.
        SuspicionConfirmed {
            /// The hub.
            owner: AccountId,
            /// Hash of the case's document.
            document: H256,
        },
        /// A suspicion ended and the hub's money is unlocked.
        Freed {
            /// The hub.
            owner: AccountId,
            /// Whether it was found innocent or the time was over.
            decision: Decision,
        },
        /// A hub was banned.
        Banned {
            /// The hub.
            owner: AccountId,
            /// Hash of the case's document.
            document: H256,
        },
        /// A banned hub's blocked approval was taken back, so that its money can be swept.
        Forfeited {
            /// The hub.
            owner: AccountId,
            /// Who will not get it.
            payee: AccountId,
            /// How much.
            amount: Balance,
        },
        /// Money of a banned hub is in quarantine.
        Expropriated {
            /// Number of the expropriation.
            id: u64,
            /// The hub.
            owner: AccountId,
            /// How much.
            amount: Balance,
            /// First block in which the treasury can have it.
            until: BlockNumber,
        },
        /// The treasury got money out of quarantine.
        QuarantineReleased {
            /// Number of the expropriation.
            id: u64,
            /// How much.
            amount: Balance,
        },
        /// The tribunal trusts a hub, or does not any more.
        TrustSet {
            /// The hub.
            owner: AccountId,
            /// Whether it is trusted now.
            trusted: bool,
        },
        /// A vote on a hub stands.
        Rated {
            /// The hub.
            owner: AccountId,
            /// Who voted.
            voter: AccountId,
            /// What is on hold for the vote.
            stake: Balance,
            /// Whether it is for the hub.
            up: bool,
        },
        /// A vote on a hub was taken back.
        Unrated {
            /// The hub.
            owner: AccountId,
            /// Who had voted.
            voter: AccountId,
        },
        /// A pool belongs to a hub.
        PoolBound {
            /// The pool.
            pool: PoolId,
            /// The hub.
            owner: AccountId,
        },
        /// A pool belongs to no hub any more.
        PoolUnbound {
            /// The pool.
            pool: PoolId,
            /// The hub that it belonged to.
            owner: AccountId,
        },
        /// Other limits are in force for what begins from now on.
        ParametersSet {
            /// The limits.
            limits: Limits,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account has a hub already. Update its record instead.
        AlreadyCreated,
        /// The account is banned. It may only take out what is its own.
        Barred,
        /// The name is empty or no UTF-8, or the peer id or an address is empty. Complete the
        /// record.
        BadRecord,
        /// The owner lacks free money for the deposit. Add some to its own account.
        CannotPayDeposit,
        /// The account has no hub. Check the account, or create one.
        NoSuchHub,
        /// The hub's phase does not allow it. Look at the hub to see which call comes next.
        WrongPhase,
        /// The wallet holds too little that is neither frozen, locked nor approved. Send it more.
        TooLittleMoney,
        /// A hub cannot pay its owner or its own wallet. The owner withdraws when the hub is idle.
        PayeeIsOwner,
        /// The payee's part would be below the existential deposit. Pay more at a time.
        PayoutTooSmall,
        /// The hub has approved nothing to the payee that is still to be had. Check both accounts.
        NoApproval,
        /// Nothing approved has matured, or what would mature is blocked by a suspicion. Wait for
        /// the block named when it was approved, or for the tribunal.
        NothingMatured,
        /// The time for it has not come. Wait for the block named by the hub, its case or the
        /// quarantine.
        TooEarly,
        /// The wallet holds nothing but approvals. There is nothing to withdraw.
        NothingToWithdraw,
        /// Only a referendum may do this; the collective may only suspect. Start a referendum.
        OnlyReferendum,
        /// The hub is suspected already. Wait for the end of its case.
        AlreadySuspected,
        /// The collective has suspected this hub before and may not yet do it again. Start a
        /// referendum.
        CollectiveMustWait,
        /// No referendum stands behind the suspicion. Let one confirm it before it lapses.
        NotConfirmed,
        /// No approval of the payee is blocked. Nothing can be forfeited.
        NothingToForfeit,
        /// The wallet has nothing above the existential deposit that could be swept. Wait for more.
        NothingToSweep,
        /// There is no such expropriation, or its money was released before. Check its number.
        NoSuchExpropriation,
        /// The owner of a hub cannot vote on it. Leave it to others.
        OwnHub,
        /// The stake is below the minimum of a vote. Stake more.
        StakeTooSmall,
        /// The caller has no vote on the hub. There is nothing to take back.
        NotRated,
        /// There is no such pool. Check its id.
        NoSuchPool,
        /// The caller does not operate the pool. Sign as its operator.
        NotPoolOwner,
        /// The pool belongs to a hub already. Unbind it first.
        AlreadyBound,
        /// The pool belongs to no hub. There is nothing to unbind.
        NotBound,
        /// A limit is out of its bounds, or the limits contradict each other. Compare with the
        /// bounds.
        OutOfBounds,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            let existential_deposit = T::Currency::minimum_balance();
            assert!(
                existential_deposit > 0,
                "approvals must have an amount: the existential deposit is 0"
            );
            // Otherwise an owner without free money could keep a payee's last pull from succeeding.
            assert!(
                crate::money::approval_deposit() >= existential_deposit,
                "every deposit must be one that an empty account can receive"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes a hub with a wallet of its own. The caller pays a deposit for it.
        ///
        /// ## Origin
        /// Signed; the caller owns the hub.
        ///
        /// ## Parameters
        /// - `record`: what the hub says of itself.
        ///
        /// ## Errors
        /// [`Error::Barred`], [`Error::AlreadyCreated`], [`Error::BadRecord`],
        /// [`Error::CannotPayDeposit`].
        ///
        /// ## Events
        /// [`Event::Created`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::create())]
        pub fn create(origin: OriginFor<T>, record: HubRecord) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_create(owner, record)
        }

        /// Puts a hub that was just created, or is idle, on the whitelist and freezes the
        /// registration freeze in its wallet. The payout period starts.
        ///
        /// ## Origin
        /// Signed by the hub's owner.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::TooLittleMoney`] unless the wallet
        /// holds more than the freeze beside what is approved.
        ///
        /// ## Events
        /// [`Event::Registered`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_register(owner)
        }

        /// Pays a worker or anybody else: locks a share of the amount in the wallet and approves
        /// the rest to the payee, who can pull it when it has matured.
        ///
        /// ## Origin
        /// Signed by the owner of a registered hub.
        ///
        /// ## Parameters
        /// - `to`: the payee; neither the owner nor the wallet.
        /// - `amount`: what to pay, the locked share included.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::PayeeIsOwner`],
        /// [`Error::PayoutTooSmall`], [`Error::TooLittleMoney`], [`Error::CannotPayDeposit`].
        ///
        /// ## Events
        /// [`Event::Approved`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::pay())]
        pub fn pay(origin: OriginFor<T>, to: AccountId, amount: Balance) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_pay(owner, to, amount)
        }

        /// Moves everything that a hub approved to the caller and that has matured.
        ///
        /// ## Origin
        /// Signed by the payee. Possible in every phase of the hub.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::NoApproval`], [`Error::NothingMatured`].
        ///
        /// ## Events
        /// [`Event::Pulled`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::pull())]
        pub fn pull(origin: OriginFor<T>, owner: AccountId) -> DispatchResult {
            let payee = ensure_signed(origin)?;
            Self::do_pull(payee, owner)
        }

        /// Takes a hub off the whitelist after its payout period. The treasury gets its share of
        /// the locked money, and the waiting period starts.
        ///
        /// ## Origin
        /// Signed by the owner of a registered hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::PaydayReached`], and [`Event::TrustSet`] if the hub was trusted.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::payday())]
        pub fn payday(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_payday(owner)
        }

        /// Unlocks all money of a hub whose waiting period is over.
        ///
        /// ## Origin
        /// Signed by the owner of a leaving hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::Settled`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::settle())]
        pub fn settle(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_settle(owner)
        }

        /// Moves everything that is not approved from the wallet to its owner.
        ///
        /// ## Origin
        /// Signed by the owner of an idle hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::NothingToWithdraw`].
        ///
        /// ## Events
        /// [`Event::Withdrawn`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_withdraw(owner)
        }

        /// Accuses a hub: everything but approvals that have matured is blocked, it is off the
        /// whitelist and its pools cannot be matched. By a referendum it confirms a case that the
        /// collective has opened; its document takes the place of the collective's.
        ///
        /// ## Origin
        /// The tribunal: a referendum, or two thirds of the collective.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        /// - `document`: hash of the document that accuses.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::AlreadySuspected`],
        /// [`Error::CollectiveMustWait`].
        ///
        /// ## Events
        /// [`Event::Suspected`] or [`Event::SuspicionConfirmed`]; [`Event::TrustSet`] if the hub
        /// was trusted; [`Event::Freed`] before, if an earlier suspicion was over but nobody had
        /// ended it.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::suspect())]
        pub fn suspect(origin: OriginFor<T>, owner: AccountId, document: H256) -> DispatchResult {
            let judge = T::TribunalOrigin::ensure_origin(origin)?;
            Self::do_suspect(judge, owner, document)
        }

        /// Ends a suspicion: all money is unlocked, approvals mature as if nothing had been, and
        /// the hub is idle.
        ///
        /// ## Origin
        /// A referendum of the tribunal at any time, or anyone signed when the time for a ban is
        /// over or the collective's suspicion was not confirmed in time.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::Freed`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::rehabilitate())]
        pub fn rehabilitate(origin: OriginFor<T>, owner: AccountId) -> DispatchResult {
            let judged = Self::judged_or_signed(origin)?;
            Self::do_rehabilitate(judged, owner)
        }

        /// Condemns a hub that has been suspected long enough: what is in its wallet, but for
        /// approvals, goes into quarantine, and its owner is barred for ever.
        ///
        /// ## Origin
        /// A referendum of the tribunal.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        ///
        /// ## Errors
        /// [`Error::OnlyReferendum`], [`Error::NoSuchHub`], [`Error::WrongPhase`],
        /// [`Error::NotConfirmed`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::Banned`], and [`Event::Expropriated`] unless there was nothing to take.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::ban())]
        pub fn ban(origin: OriginFor<T>, owner: AccountId) -> DispatchResult {
            Self::ensure_referendum(origin)?;
            Self::do_ban(owner)
        }

        /// Gives expropriated money to the treasury when its quarantine is over.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `id`: number of the expropriation.
        ///
        /// ## Errors
        /// [`Error::NoSuchExpropriation`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::QuarantineReleased`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::release_quarantine())]
        pub fn release_quarantine(origin: OriginFor<T>, id: u64) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_release_quarantine(id)
        }

        /// Changes what a hub says of itself; the deposit is adjusted.
        ///
        /// ## Origin
        /// Signed by the owner of a hub that is neither suspected nor banned.
        ///
        /// ## Parameters
        /// - `record`: what it says from now on.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::BadRecord`],
        /// [`Error::CannotPayDeposit`].
        ///
        /// ## Events
        /// [`Event::RecordUpdated`].
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::update_record())]
        pub fn update_record(origin: OriginFor<T>, record: HubRecord) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_update_record(owner, record)
        }

        /// Marks a registered hub as trusted, or takes the mark away. It falls by itself when the
        /// hub leaves or is suspected.
        ///
        /// ## Origin
        /// A referendum of the tribunal.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        /// - `trusted`: whether it is trusted from now on.
        ///
        /// ## Errors
        /// [`Error::OnlyReferendum`], [`Error::NoSuchHub`], [`Error::WrongPhase`] unless
        /// registered.
        ///
        /// ## Events
        /// [`Event::TrustSet`].
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::set_trusted())]
        pub fn set_trusted(
            origin: OriginFor<T>,
            owner: AccountId,
            trusted: bool,
        ) -> DispatchResult {
            Self::ensure_referendum(origin)?;
            Self::do_set_trusted(owner, trusted)
        }

        /// Votes on a registered hub with a stake that is on hold while the vote stands. It
        /// replaces an earlier vote of the caller.
        ///
        /// ## Origin
        /// Signed by anyone but the hub's owner.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        /// - `stake`: at least the minimum of a vote.
        /// - `up`: whether the vote is for the hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::OwnHub`],
        /// [`Error::StakeTooSmall`], and the currency's when the caller cannot hold the stake.
        ///
        /// ## Events
        /// [`Event::Rated`].
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::rate())]
        pub fn rate(
            origin: OriginFor<T>,
            owner: AccountId,
            stake: Balance,
            up: bool,
        ) -> DispatchResult {
            let voter = ensure_signed(origin)?;
            Self::do_rate(voter, owner, stake, up)
        }

        /// Takes a vote back and releases its stake.
        ///
        /// ## Origin
        /// Signed by the voter. Possible in every phase of the hub.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::NotRated`].
        ///
        /// ## Events
        /// [`Event::Unrated`].
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::unrate())]
        pub fn unrate(origin: OriginFor<T>, owner: AccountId) -> DispatchResult {
            let voter = ensure_signed(origin)?;
            Self::do_unrate(voter, owner)
        }

        /// Binds a worker pool to the caller's hub: the operator's earnings with it flow into the
        /// wallet, and it can be matched only while the hub is registered.
        ///
        /// ## Origin
        /// Signed by the owner of a registered hub who operates the pool too.
        ///
        /// ## Parameters
        /// - `pool`: the pool.
        ///
        /// ## Errors
        /// [`Error::NoSuchPool`], [`Error::NotPoolOwner`], [`Error::NoSuchHub`],
        /// [`Error::WrongPhase`], [`Error::AlreadyBound`], [`Error::CannotPayDeposit`].
        ///
        /// ## Events
        /// [`Event::PoolBound`].
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::bind_pool())]
        pub fn bind_pool(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_bind_pool(owner, pool)
        }

        /// Takes a pool out of a hub that is registered, idle, banned, or leaving with its waiting
        /// period over. The deposit goes back to the hub's owner.
        ///
        /// ## Origin
        /// Signed by the pool's operator, or by the hub's owner when there is no such pool any
        /// more.
        ///
        /// ## Parameters
        /// - `pool`: the pool.
        ///
        /// ## Errors
        /// [`Error::NotBound`], [`Error::NotPoolOwner`], [`Error::Barred`], [`Error::WrongPhase`].
        ///
        /// ## Events
        /// [`Event::PoolUnbound`].
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::unbind_pool())]
        pub fn unbind_pool(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unbind_pool(who, pool)
        }

        /// Sets the limits for what begins from now on; periods that run already end when they
        /// would have.
        ///
        /// ## Origin
        /// The parameters origin.
        ///
        /// ## Parameters
        /// - `limits`: all limits, each within its bounds.
        ///
        /// ## Errors
        /// [`Error::OutOfBounds`].
        ///
        /// ## Events
        /// [`Event::ParametersSet`].
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::set_parameters())]
        pub fn set_parameters(origin: OriginFor<T>, limits: Limits) -> DispatchResult {
            T::ParametersOrigin::ensure_origin(origin)?;
            Self::do_set_parameters(limits)
        }

        /// Puts everything in a banned hub's wallet that is not approved into quarantine, for a
        /// full period of its own.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::NothingToSweep`].
        ///
        /// ## Events
        /// [`Event::Expropriated`].
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::sweep())]
        pub fn sweep(origin: OriginFor<T>, owner: AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_sweep(owner)
        }

        /// Takes back the part of a banned hub's approval that had not matured when it was
        /// suspected. The money stays in the wallet and can then be swept.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `owner`: the hub.
        /// - `payee`: whose approval it is.
        ///
        /// ## Errors
        /// [`Error::NoSuchHub`], [`Error::WrongPhase`], [`Error::NoApproval`],
        /// [`Error::NothingToForfeit`].
        ///
        /// ## Events
        /// [`Event::Forfeited`].
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::forfeit())]
        pub fn forfeit(origin: OriginFor<T>, owner: AccountId, payee: AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_forfeit(owner, payee)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A hub by its owner: wallet, phase, record, money, standing. Whoever is `Registered` is
        /// on the whitelist.
        pub fn hub(owner: AccountId) -> Option<HubView> {
            Self::view(&owner)
        }

        /// The last case against a hub: opened when and by whom, until when, decided how.
        pub fn case(owner: AccountId) -> Option<Case> {
            Cases::<T>::get(owner)
        }

        /// What the payee could pull from the hub now.
        pub fn pullable(owner: AccountId, payee: AccountId) -> Balance {
            Self::matured(&owner, &payee)
        }

        /// The limits in force.
        pub fn limits() -> Limits {
            Parameters::<T>::get()
        }

        /// The least and the most that the limits can be set to.
        pub fn bounds() -> (Limits, Limits) {
            let initial = InitialParameters::<T>::get();
            (initial.least(), initial.most())
        }
    }
}
