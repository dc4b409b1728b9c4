//! Ways to call: together, jointly, for another account, later, or as root on a development chain.

use crate::{configs::system::RuntimeBlockWeights, *};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{
        ConstU32, EqualPrivilegeOnly, InstanceFilter, LinearStoragePrice,
        fungible::HoldConsideration,
    },
    weights::Weight,
};
use frame_system::EnsureRoot;
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// Deposit for `items` records of together `bytes` bytes.
const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * ergon_primitives::MILLI_ERG
        + bytes as Balance * 10 * ergon_primitives::MICRO_ERG
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// One record of 88 bytes.
    pub const MultisigDeposit: Balance = deposit(1, 88);
    /// 32 bytes a signatory.
    pub const MultisigDepositPerSignatory: Balance = deposit(0, 32);
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDeposit;
    type DepositFactor = MultisigDepositPerSignatory;
    type MaxSignatories = ConstU32<100>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}

/// What a proxy may do for its principal.
#[derive(
    Copy,
    Clone,
    Eq,
    PartialEq,
    Ord,
    PartialOrd,
    Debug,
    Default,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// Everything but moving money out: no transfers, no matches, no bonds, no hub.
    NonTransfer,
    /// Registry entries, orders and matches.
    Market,
    /// Joining and leaving pools, and settling what anyone may settle.
    Work,
    /// Proposing, voting, delegating, and what the collective decides.
    Governance,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            ProxyType::Any => true,
            ProxyType::NonTransfer => match call {
                // Who gets an entry gets all that it will earn, and who authorises for a pool can
                // hand its work to anyone.
                RuntimeCall::Registry(entry) => !matches!(
                    entry,
                    pallet_registry::Call::transfer_app { .. }
                        | pallet_registry::Call::transfer_dataset { .. }
                        | pallet_registry::Call::transfer_pool { .. }
                        | pallet_registry::Call::set_authoriser { .. }
                ),
                // Votes and proposals lock or reserve, and move nothing out: what is enacted speaks
                // with the office, not with the principal.
                RuntimeCall::System(..)
                | RuntimeCall::Session(..)
                | RuntimeCall::Poco(..)
                | RuntimeCall::Preimage(..)
                | RuntimeCall::Referenda(..)
                | RuntimeCall::ConvictionVoting(..)
                | RuntimeCall::TechnicalCollective(..)
                | RuntimeCall::Whitelist(..)
                | RuntimeCall::ValidatorSet(
                    pallet_validator_set::Call::leave { .. }
                    | pallet_validator_set::Call::return_to_duty { .. },
                ) => true,
                _ => false,
            },
            ProxyType::Market => {
                matches!(call, RuntimeCall::Registry(..) | RuntimeCall::Market(..))
            }
            ProxyType::Work => matches!(
                call,
                RuntimeCall::Poco(..)
                    | RuntimeCall::WorkerStaking(
                        pallet_worker_staking::Call::join { .. }
                            | pallet_worker_staking::Call::leave { .. }
                    )
            ),
            ProxyType::Governance => matches!(
                call,
                RuntimeCall::Preimage(..)
                    | RuntimeCall::Referenda(..)
                    | RuntimeCall::ConvictionVoting(..)
                    | RuntimeCall::TechnicalCollective(..)
                    | RuntimeCall::Whitelist(..)
                    | RuntimeCall::Treasury(
                        pallet_treasury::Call::payout { .. }
                            | pallet_treasury::Call::check_status { .. }
                    )
            ),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == other || *self == ProxyType::Any
    }
}

parameter_types! {
    /// One record of 8 bytes.
    pub const ProxyDeposit: Balance = deposit(1, 8);
    /// 33 bytes a proxy.
    pub const ProxyDepositPerProxy: Balance = deposit(0, 33);
    /// One record of 8 bytes.
    pub const AnnouncementDeposit: Balance = deposit(1, 8);
    /// 66 bytes an announcement.
    pub const AnnouncementDepositPerItem: Balance = deposit(0, 66);
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDeposit;
    type ProxyDepositFactor = ProxyDepositPerProxy;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDeposit;
    type AnnouncementDepositFactor = AnnouncementDepositPerItem;
    type BlockNumberProvider = System;
}

parameter_types! {
    /// Deposit of a preimage.
    pub const PreimageDeposit: Balance = deposit(2, 64);
    /// Deposit per byte of a preimage.
    pub const PreimageDepositPerByte: Balance = deposit(0, 1);
    /// Under which reason a preimage's deposit is held.
    pub const PreimageHoldReason: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_preimage::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageDeposit, PreimageDepositPerByte, Balance>,
    >;
}

parameter_types! {
    /// Scheduled calls take at most four fifths of a block.
    pub MaximumSchedulerWeight: Weight =
        Perbill::from_percent(80) * RuntimeBlockWeights::get().max_block;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaximumSchedulerWeight;
    type ScheduleOrigin = EnsureRoot<AccountId>;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<50>;
    type WeightInfo = pallet_scheduler::weights::SubstrateWeight<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}
