#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod bonds;
mod keys;
mod money;
mod pools;
mod references;
pub mod rules;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod votes;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::WeightInfo;

/// The pallet's items.
#[frame_support::pallet]
pub mod pallet {
    use crate::WeightInfo;
    use ergon_primitives::{
        AccountId, Balance, BlockNumber, Bond, PoolId, Signature,
        traits::{Hubs, Registry, Reputation},
    };
    use frame_support::{pallet_prelude::*, traits::fungible};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;

    /// Money in flight.
    pub type CreditOf<T> = fungible::Credit<AccountId, <T as Config>::Currency>;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs from the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// The token that bonds consist of.
        type Currency: fungible::Inspect<AccountId, Balance = Balance>
            + fungible::MutateHold<AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::BalancedHold<AccountId>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Knows who may work in which pool.
        type Registry: Registry;

        /// Keeps the scores of worker keys.
        type Reputation: Reputation;

        /// Knows who is barred from new bonds.
        type Hubs: Hubs;

        /// Least stake of a bond that votes or joins a pool, in the token's smallest unit, more than 0.
        type MinimumBond: Get<Balance>;

        /// How long an amount waits between `unbond` and `withdraw`, in blocks.
        type BondingDuration: Get<BlockNumber>;

        /// How long a bond must have been in a pool before a deal is made to vote on it, in blocks.
        type JoinDelay: Get<BlockNumber>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why money of an account is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The account owns bonds of machines.
        #[codec(index = 0)]
        Bond,
    }

    /// The bonds by worker key. Each has an owner's money on hold.
    #[pallet::storage]
    pub type Bonds<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Bond>;

    /// The worker keys in each pool, so that tools can list them; the bond itself says the rest.
    #[pallet::storage]
    pub type PoolMembers<T: Config> =
        StorageDoubleMap<_, Identity, PoolId, Blake2_128Concat, AccountId, (), OptionQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A machine has a bond.
        Bonded {
            /// The machine's key.
            worker: AccountId,
            /// Whose money it is.
            owner: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A bond grew.
        BondExtended {
            /// The machine's key.
            worker: AccountId,
            /// By how much.
            amount: Balance,
        },
        /// A part of a bond is on its way out.
        Unbonding {
            /// The machine's key.
            worker: AccountId,
            /// How much.
            amount: Balance,
            /// First block in which it can be withdrawn.
            until: BlockNumber,
        },
        /// What had waited long enough was released to the owner.
        Withdrawn {
            /// The machine's key.
            worker: AccountId,
            /// How much.
            amount: Balance,
            /// Whether nothing was left, so that the bond is gone.
            removed: bool,
        },
        /// A machine works in a pool now.
        Joined {
            /// The machine's key.
            worker: AccountId,
            /// The pool.
            pool: PoolId,
        },
        /// A machine does not work in a pool any more.
        Left {
            /// The machine's key.
            worker: AccountId,
            /// The pool.
            pool: PoolId,
        },
        /// A bond has another worker key.
        WorkerKeyChanged {
            /// The key so far.
            old: AccountId,
            /// The key from now on.
            new: AccountId,
        },
        /// A bond lost a stake, because a vote lost or was never revealed.
        Slashed {
            /// The machine's key.
            worker: AccountId,
            /// How much.
            amount: Balance,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The proof is no ed25519 signature of the worker key over this chain's possession text for
        /// the caller. Let the worker sign it again.
        BadProof,
        /// The worker key has a bond already. Use another key, or add to that bond.
        AlreadyBonded,
        /// The amount, or the bond, is below the minimum bond. Bond more.
        BelowMinimum,
        /// The amount is zero. Name a higher one.
        ZeroAmount,
        /// The worker key has no bond. Check the key, or bond first.
        NoSuchBond,
        /// The bond belongs to somebody else. Sign as its owner.
        NotOwner,
        /// Less than the amount is free; the rest is locked by votes on unsettled tasks. Name a lower
        /// amount or wait for these tasks to settle.
        TooLittleFree,
        /// What would be left is below the minimum bond, but not zero. Unbond less, or everything.
        WouldFallBelowMinimum,
        /// As many amounts as possible are on their way out. Withdraw what is mature or wait for it.
        TooManyUnbonding,
        /// No amount has waited long enough. Wait for the block named when it was unbonded.
        NothingMatured,
        /// There is no such pool. Check its id.
        NoSuchPool,
        /// The pool's access list does not contain the bond's owner. Ask the pool's operator.
        NotAdmitted,
        /// The bond is in a pool already. Leave that one first.
        AlreadyMember,
        /// The bond is in no pool. Join one first.
        NotAMember,
        /// Votes on unsettled tasks lock a part of the bond. Wait for these tasks to settle.
        StakeLocked,
        /// The account's hub was banned, so it can bond no more. What it has bonded it can unbond and
        /// withdraw.
        Barred,
        /// The account of the worker key keeps money on hold or a role, and nothing but the bond keeps
        /// the account. End these, or send it the existential deposit in the same batch.
        WorkerKeyInUse,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Bonds a machine with an amount of the caller's, which goes on hold.
        ///
        /// ## Origin
        /// Signed; the caller owns the bond.
        ///
        /// ## Parameters
        /// - `worker`: the machine's ed25519 key.
        /// - `amount`: at least the minimum bond.
        /// - `proof`: the worker key's signature over the possession text for the caller.
        ///
        /// ## Errors
        /// [`Error::Barred`], [`Error::AlreadyBonded`], [`Error::BelowMinimum`], [`Error::BadProof`],
        /// and the currency's when the caller cannot hold the amount.
        ///
        /// ## Events
        /// [`Event::Bonded`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::bond())]
        pub fn bond(
            origin: OriginFor<T>,
            worker: AccountId,
            amount: Balance,
            proof: Signature,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_bond(owner, worker, amount, &proof)
        }

        /// Adds an amount to a bond.
        ///
        /// ## Origin
        /// Signed by the bond's owner.
        ///
        /// ## Parameters
        /// - `worker`: the bond's worker key.
        /// - `amount`: more than 0.
        ///
        /// ## Errors
        /// [`Error::Barred`], [`Error::ZeroAmount`], [`Error::NoSuchBond`], [`Error::NotOwner`], and
        /// the currency's when the caller cannot hold the amount.
        ///
        /// ## Events
        /// [`Event::BondExtended`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::bond_extra())]
        pub fn bond_extra(
            origin: OriginFor<T>,
            worker: AccountId,
            amount: Balance,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_bond_extra(owner, worker, amount)
        }

        /// Sends a free part of a bond on its way out. It backs no vote from now on and can be
        /// withdrawn after the cool-down.
        ///
        /// ## Origin
        /// Signed by the bond's owner.
        ///
        /// ## Parameters
        /// - `worker`: the bond's worker key.
        /// - `amount`: more than 0, at most what is free; what is left is 0 or at least the minimum bond.
        ///
        /// ## Errors
        /// [`Error::ZeroAmount`], [`Error::NoSuchBond`], [`Error::NotOwner`],
        /// [`Error::TooLittleFree`], [`Error::WouldFallBelowMinimum`], [`Error::TooManyUnbonding`].
        ///
        /// ## Events
        /// [`Event::Unbonding`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::unbond())]
        pub fn unbond(origin: OriginFor<T>, worker: AccountId, amount: Balance) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_unbond(owner, worker, amount)
        }

        /// Releases what has waited long enough. A bond of which nothing is left leaves its pool and
        /// is removed, unless nothing else keeps an account of the worker key that must stay; it is
        /// then removed by another call, after this has changed. With the bond goes the key's score.
        ///
        /// ## Origin
        /// Signed by the bond's owner.
        ///
        /// ## Parameters
        /// - `worker`: the bond's worker key.
        ///
        /// ## Errors
        /// [`Error::NoSuchBond`], [`Error::NotOwner`], [`Error::NothingMatured`], and
        /// [`Error::WorkerKeyInUse`] when there was nothing to release.
        ///
        /// ## Events
        /// [`Event::Withdrawn`], and [`Event::Left`] when the bond is removed from a pool.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, worker: AccountId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_withdraw(owner, worker)
        }

        /// Lets a machine work in a pool.
        ///
        /// ## Origin
        /// Signed by the bond's owner.
        ///
        /// ## Parameters
        /// - `worker`: the bond's worker key.
        /// - `pool`: a pool that admits the owner.
        ///
        /// ## Errors
        /// [`Error::Barred`], [`Error::NoSuchBond`], [`Error::NotOwner`], [`Error::AlreadyMember`],
        /// [`Error::BelowMinimum`], [`Error::NoSuchPool`], [`Error::NotAdmitted`].
        ///
        /// ## Events
        /// [`Event::Joined`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::join())]
        pub fn join(origin: OriginFor<T>, worker: AccountId, pool: PoolId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_join(owner, worker, pool)
        }

        /// Takes a machine out of its pool.
        ///
        /// ## Origin
        /// Signed by the bond's owner.
        ///
        /// ## Parameters
        /// - `worker`: the bond's worker key; nothing of the bond may be locked.
        ///
        /// ## Errors
        /// [`Error::NoSuchBond`], [`Error::NotOwner`], [`Error::NotAMember`], [`Error::StakeLocked`].
        ///
        /// ## Events
        /// [`Event::Left`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::leave())]
        pub fn leave(origin: OriginFor<T>, worker: AccountId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_leave(owner, worker)
        }

        /// Gives a bond another worker key. The bond stays in its pool and counts as new there; its
        /// score follows it.
        ///
        /// ## Origin
        /// Signed by the bond's owner.
        ///
        /// ## Parameters
        /// - `worker`: the bond's worker key so far; nothing of the bond may be locked.
        /// - `new`: an ed25519 key that has no bond.
        /// - `proof`: the new key's signature over the possession text for the caller.
        ///
        /// ## Errors
        /// [`Error::NoSuchBond`], [`Error::NotOwner`], [`Error::StakeLocked`],
        /// [`Error::AlreadyBonded`], [`Error::BadProof`], [`Error::WorkerKeyInUse`] for the key so
        /// far.
        ///
        /// ## Events
        /// [`Event::WorkerKeyChanged`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_worker_key())]
        pub fn set_worker_key(
            origin: OriginFor<T>,
            worker: AccountId,
            new: AccountId,
            proof: Signature,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_set_worker_key(owner, worker, new, &proof)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The current block.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }

        /// The bond of this worker key, if this owner has it.
        pub(crate) fn owned_bond(owner: &AccountId, worker: &AccountId) -> Result<Bond, Error<T>> {
            let bond = Bonds::<T>::get(worker).ok_or(Error::<T>::NoSuchBond)?;
            ensure!(bond.owner == *owner, Error::<T>::NotOwner);
            Ok(bond)
        }
    }
}
