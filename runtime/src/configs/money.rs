//! The native token and what a transaction costs.
//!
//! One ERG buys one second of a block's compute time: weight is counted in picoseconds and the
//! smallest unit of money is 10^-12 ERG. Fees are burned.

use crate::*;
use ergon_primitives::{MICRO_ERG, MILLI_ERG};
use frame_support::{
    PalletId, derive_impl, parameter_types,
    traits::{
        ConstU8, OnUnbalanced,
        fungible::{Balanced, Credit},
    },
    weights::{ConstantMultiplier, IdentityFee},
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{
    FixedPointNumber, Perquintill,
    traits::{AccountIdConversion, Bounded},
};

parameter_types! {
    /// Smallest balance that an account can have.
    pub const ExistentialDeposit: Balance = MILLI_ERG;
    /// Where slashes, fees of failed tasks and dust go.
    pub TreasuryAccount: AccountId = PalletId(*b"erg/trsy").into_account_truncating();
}

/// Gives what remains of dying accounts to the treasury.
pub struct ToTreasury;

impl OnUnbalanced<Credit<AccountId, Balances>> for ToTreasury {
    fn on_nonzero_unbalanced(dust: Credit<AccountId, Balances>) {
        // The treasury exists from genesis; should it be gone, the dust is burned.
        drop(Balances::resolve(&TreasuryAccount::get(), dust));
    }
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ToTreasury;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = frame_support::traits::ConstU32<50>;
    type MaxReserves = frame_support::traits::ConstU32<50>;
    type MaxFreezes = frame_support::traits::VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

parameter_types! {
    /// Fee per byte of a transaction.
    pub const LengthFee: Balance = MICRO_ERG / 10;
    /// Fees rise while blocks are fuller than this.
    pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
    /// How fast they rise.
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
    /// They never fall below the price of compute time.
    pub MinimumMultiplier: Multiplier = Multiplier::from_u32(1);
    /// They may rise without end.
    pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ()>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, LengthFee>;
    type FeeMultiplierUpdate = TargetedFeeAdjustment<
        Runtime,
        TargetFullness,
        AdjustmentVariable,
        MinimumMultiplier,
        MaximumMultiplier,
    >;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}
