#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod account;
mod bill;
mod money;
pub mod payout;
mod settle;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use account::EscrowAccount;
pub use pallet::*;

const LOG_TARGET: &str = "runtime::escrow";

/// The pallet's items.
#[frame_support::pallet]
pub mod pallet {
    use crate::EscrowAccount;
    use ergon_primitives::{AccountId, Balance, DealId, traits::Hubs};
    use frame_support::{DefaultNoBound, pallet_prelude::*, traits::fungible};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

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
        /// The token that tasks are paid in.
        type Currency: fungible::Inspect<AccountId, Balance = Balance>
            + fungible::MutateHold<AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::BalancedHold<AccountId>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Account of the ecosystem fund. It must keep the existential deposit.
        type TreasuryAccount: Get<AccountId>;

        /// Knows the wallets that operators' rewards flow into.
        type Hubs: Hubs;
    }

    /// Why money of an account is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The account pays for tasks that have not ended.
        #[codec(index = 0)]
        TaskPayment,
        /// The account operates the pool of tasks that have not ended.
        #[codec(index = 1)]
        OperatorStake,
        /// The account has prepaid the calls that its deals' tasks need.
        #[codec(index = 2)]
        SettlementFee,
    }

    /// What each deal with open tasks has on hold. A record goes when its deal is closed.
    #[pallet::storage]
    pub type Accounts<T: Config> = StorageMap<_, Identity, DealId, EscrowAccount>;

    /// Genesis of the pallet: nothing to configure; it makes the treasury's account permanent.
    #[pallet::genesis_config]
    #[derive(DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Binds the runtime's type; carries nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            frame_system::Pallet::<T>::inc_providers(&T::TreasuryAccount::get());
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account could not take a payout, since it would have stayed below the existential
        /// deposit; the treasury has it. A payout is the sum over all tasks that ended in a call.
        PayoutDiverted {
            /// Who should have been paid.
            to: AccountId,
            /// How much, in the token's smallest unit.
            amount: Balance,
        },
        /// A deal was closed for which the payer had prepaid the calls.
        Closed {
            /// The deal.
            deal: DealId,
            /// What of the settlement fee the calls had used up; burned.
            burned: Balance,
            /// What went back to the payer.
            refunded: Balance,
        },
    }

    /// Why an escrow account cannot be opened.
    #[pallet::error]
    pub enum Error<T> {
        /// The payer's free balance does not cover the price of all tasks of the deal and of their
        /// calls. Top it up or order fewer tasks.
        PayerCannotPay,
        /// The operator's free balance does not cover its stake for all tasks of the deal. The
        /// operator must top it up.
        OperatorCannotStake,
        /// The price of all tasks of the deal does not fit an amount. Order fewer tasks.
        AmountTooHigh,
        /// The deal has no task. Order at least one.
        NoTasks,
        /// The deal's account was opened before; deals are opened once.
        AlreadyOpen,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
