//! What Ergon is for: registry, market, escrow, stakes, Proof-of-Contribution, scores, hubs.

use crate::{
    configs::{
        governance::{ParametersOrigin, RegistrarOrigin, TribunalOrigin},
        money::TreasuryAccount,
    },
    *,
};
use frame_support::{
    parameter_types,
    traits::Contains,
    weights::{Weight, constants::WEIGHT_REF_TIME_PER_MILLIS},
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
    type Tasks = prices::PaidTasks;
    type SettlementPrices = prices::TaskPrices;
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

parameter_types! {
    /// Most that the call weighs which a settled task sends back: five milliseconds, enough for each
    /// of the calls that [`Callbacks`] lets through.
    pub const MaxCallbackWeight: Weight =
        Weight::from_parts(5 * WEIGHT_REF_TIME_PER_MILLIS, 1 << 20);
}

/// What a settled task may call in the requester's name: notes for those who read the chain, entries
/// of the registry, orders. What comes next can so be set off by what came before.
///
/// Nothing else. Nothing that moves money to others or binds it to them: no transfers, no stakes, no
/// hubs, no matches, no gifts of entries. Nothing of Proof-of-Contribution, which is at work when it
/// makes the call. Nothing that wraps another call. Deposits that a call needs are taken from the
/// requester as always.
pub struct Callbacks;

impl Contains<RuntimeCall> for Callbacks {
    fn contains(call: &RuntimeCall) -> bool {
        use frame_system::Call as OfSystem;
        use pallet_market::Call as OfMarket;
        use pallet_registry::Call as OfRegistry;
        match call {
            RuntimeCall::System(call) => matches!(
                call,
                OfSystem::remark { .. } | OfSystem::remark_with_event { .. }
            ),
            RuntimeCall::Registry(call) => matches!(
                call,
                OfRegistry::register_app { .. }
                    | OfRegistry::update_app { .. }
                    | OfRegistry::propose_app { .. }
                    | OfRegistry::register_dataset { .. }
                    | OfRegistry::update_dataset { .. }
                    | OfRegistry::update_pool { .. }
                    | OfRegistry::add_members { .. }
                    | OfRegistry::remove_members { .. }
            ),
            RuntimeCall::Market(call) => {
                matches!(call, OfMarket::publish { .. } | OfMarket::close { .. })
            }
            _ => false,
        }
    }
}

impl pallet_poco::Config for Runtime {
    type RuntimeCall = RuntimeCall;
    type Deals = Market;
    type Escrow = Escrow;
    type Registry = Registry;
    type Staking = WorkerStaking;
    type Reputation = Reputation;
    type MinScoredPrice = parameters::MinScoredPrice<Runtime>;
    type RetentionPeriod = parameters::RetentionPeriod<Runtime>;
    type CallbackFilter = Callbacks;
    type MaxCallbackWeight = MaxCallbackWeight;
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
