//! Who makes blocks and who finalises them: Aura, GRANDPA and sessions. The validators stand in the
//! genesis; nobody joins or leaves yet.

use crate::*;
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{Convert, OpaqueKeys};

parameter_types! {
    /// Length of a session in blocks: ten minutes.
    pub const SessionLength: BlockNumber = 10 * ergon_primitives::MINUTES;
    /// First session begins at genesis.
    pub const SessionOffset: BlockNumber = 0;
    /// Deposit for registered session keys: anybody can register some. A record of both keys (104
    /// bytes) and one of each key's owner (77 bytes).
    pub const KeyDeposit: Balance =
        3 * ergon_primitives::MILLI_ERG + (104 + 2 * 77) * 10 * ergon_primitives::MICRO_ERG;
}

/// Most validators.
pub const MAX_AUTHORITIES: u32 = 128;

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = ConstU64<{ ergon_primitives::MILLISECONDS_PER_BLOCK / 2 }>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = Session;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<{ ergon_primitives::MILLISECONDS_PER_BLOCK }>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

/// An account is its own validator identity.
pub struct ValidatorOf;

impl Convert<AccountId, Option<AccountId>> for ValidatorOf {
    fn convert(account: AccountId) -> Option<AccountId> {
        Some(account)
    }
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ValidatorOf;
    type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength, SessionOffset>;
    type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength, SessionOffset>;
    type SessionManager = ();
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
}
