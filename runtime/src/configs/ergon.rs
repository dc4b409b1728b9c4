//! What Ergon is for: registry, market, escrow, stakes, Proof-of-Contribution, scores.

use crate::{configs::money::TreasuryAccount, *};
use ergon_primitives::{DAYS, ERG};
use frame_support::{
    parameter_types,
    traits::{ConstU8, ConstU32, ConstU128},
};
use frame_system::EnsureRoot;

impl pallet_registry::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = EnsureRoot<AccountId>;
    type WeightInfo = pallet_registry::weights::SubstrateWeight<Runtime>;
}

impl pallet_market::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Escrow = Escrow;
    /// Percent of the operator's and the app owner's part.
    type FundFeeRatio = ConstU8<0>;
    type WeightInfo = pallet_market::weights::SubstrateWeight<Runtime>;
}

impl pallet_escrow::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TreasuryAccount = TreasuryAccount;
}

parameter_types! {
    /// Blocks until unbonded stake can be withdrawn.
    pub const BondingDuration: BlockNumber = 7 * DAYS;
}

impl pallet_worker_staking::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Reputation = Reputation;
    type MinimumBond = ConstU128<ERG>;
    type BondingDuration = BondingDuration;
    type WeightInfo = pallet_worker_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_poco::Config for Runtime {
    type Deals = Market;
    type Escrow = Escrow;
    type Registry = Registry;
    type Staking = WorkerStaking;
    type Reputation = Reputation;
    /// Cheaper tasks earn no score, so that scores cannot be had for nothing.
    type MinScoredPrice = ConstU128<{ ergon_primitives::MILLI_ERG }>;
    type RetentionPeriod = ConstU32<{ 30 * DAYS }>;
    type WeightInfo = pallet_poco::weights::SubstrateWeight<Runtime>;
}

impl pallet_reputation::Config for Runtime {}
