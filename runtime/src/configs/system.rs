//! Blocks: how large, how heavy, how long remembered.

use crate::*;
use frame_support::{
    derive_impl, parameter_types,
    weights::{
        Weight,
        constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_MILLIS},
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;

/// Share of a block for ordinary transactions; the rest is for operational ones.
const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
/// Compute time of a block: a third of the slot, so that import and gossip fit into the rest.
const MAX_COMPUTE: Weight = Weight::from_parts(
    WEIGHT_REF_TIME_PER_MILLIS * ergon_primitives::MILLISECONDS_PER_BLOCK / 3,
    u64::MAX,
);
/// Longest block in bytes.
const MAX_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

parameter_types! {
    /// How many block hashes are remembered: transactions live at most this long.
    pub const BlockHashCount: BlockNumber = 2400;
    /// The runtime's version.
    pub const Version: RuntimeVersion = VERSION;
    /// Limits of weight.
    pub RuntimeBlockWeights: BlockWeights =
        BlockWeights::with_sensible_defaults(MAX_COMPUTE, NORMAL_SHARE);
    /// Limits of length.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAX_BLOCK_LENGTH)
        .modify_max_length_for_class(frame_support::dispatch::DispatchClass::Normal, |length| {
            *length = NORMAL_SHARE * MAX_BLOCK_LENGTH
        })
        .build();
    /// Prefix of addresses: the generic Substrate one.
    pub const Ss58Prefix: u8 = 42;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = crate::configs::consensus::AllButPurge;
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = sp_runtime::traits::AccountIdLookup<AccountId, ()>;
    type Nonce = Nonce;
    type Hash = Hash;
    type BlockHashCount = BlockHashCount;
    type DbWeight = ParityDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type SS58Prefix = Ss58Prefix;
    type MaxConsumers = frame_support::traits::ConstU32<64>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
}
