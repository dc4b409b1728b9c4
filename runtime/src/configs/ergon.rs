//! What Ergon is for: registry, market, escrow, stakes, Proof-of-Contribution, scores, hubs.

use crate::{
    configs::{
        governance::{ParametersOrigin, RegistrarOrigin, TribunalOrigin},
        money::TreasuryAccount,
    },
    *,
};
use pallet_protocol_parameters as parameters;

impl pallet_registry::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = RegistrarOrigin;
    type Hubs = HubWallet;
    type WeightInfo = pallet_registry::weights::SubstrateWeight<Runtime>;
}

impl pallet_market::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Escrow = Escrow;
    type Hubs = HubWallet;
    type FundFeeRatio = parameters::FundFeeRatio<Runtime>;
    type OperatorStakeRatio = parameters::OperatorStakeRatio<Runtime>;
    type MaxDuration = parameters::MaxDuration<Runtime>;
    type WeightInfo = pallet_market::weights::SubstrateWeight<Runtime>;
}

impl pallet_escrow::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TreasuryAccount = TreasuryAccount;
    type Hubs = HubWallet;
}

impl pallet_worker_staking::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Reputation = Reputation;
    type Hubs = HubWallet;
    type MinimumBond = parameters::MinimumBond<Runtime>;
    type BondingDuration = parameters::BondingDuration<Runtime>;
    type JoinDelay = parameters::JoinDelay<Runtime>;
    type WeightInfo = pallet_worker_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_poco::Config for Runtime {
    type Deals = Market;
    type Escrow = Escrow;
    type Registry = Registry;
    type Staking = WorkerStaking;
    type Reputation = Reputation;
    type MinScoredPrice = parameters::MinScoredPrice<Runtime>;
    type RetentionPeriod = parameters::RetentionPeriod<Runtime>;
    type WeightInfo = pallet_poco::weights::SubstrateWeight<Runtime>;
}

impl pallet_reputation::Config for Runtime {}

impl pallet_hub_wallet::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type PoolOwners = Registry;
    type Treasury = TreasuryAccount;
    type TribunalOrigin = TribunalOrigin;
    type ParametersOrigin = ParametersOrigin;
    type WeightInfo = pallet_hub_wallet::weights::SubstrateWeight<Runtime>;
}
