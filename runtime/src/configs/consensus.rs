//! Who makes blocks and who finalises them: Aura, GRANDPA, sessions, the set of validators, and what
//! offences cost them.

use crate::{
    configs::{governance::GovernanceOrigin, money::ToTreasury},
    *,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, ConstU128, Contains},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};

parameter_types! {
    /// First session begins at genesis.
    pub const SessionOffset: BlockNumber = 0;
    /// Deposit for registered session keys: anybody can register some. A record of both keys (104
    /// bytes) and one of each key's owner (77 bytes).
    pub const KeyDeposit: Balance =
        3 * ergon_primitives::MILLI_ERG + (104 + 2 * 77) * 10 * ergon_primitives::MICRO_ERG;
}

/// Most validators.
pub const MAX_AUTHORITIES: u32 = pallet_validator_set::MAX_VALIDATORS;

/// Sessions of which equivocations can be proven; no preset's liability is longer. A week of
/// sessions of ten minutes.
pub const MAX_LIABILITY: u64 = 7 * 144;

/// Sessions as long as the genesis says.
type Sessions =
    pallet_session::PeriodicSessions<pallet_validator_set::SessionLength<Runtime>, SessionOffset>;

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

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Runtime, Aura>;
    type EventHandler = ValidatorSet;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    // The running session's set, one for each session of the liability, and the one before them.
    type MaxSetIdSessionEntries = ConstU64<{ MAX_LIABILITY + 2 }>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem = pallet_grandpa::EquivocationReportSystem<
        Runtime,
        Offences,
        pallet_validator_set::KeyOwners<Runtime>,
        // A report waits for its block at most as long as it can be proven.
        ConstU64<{ MAX_LIABILITY * 10 * ergon_primitives::MINUTES as u64 }>,
    >;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Sessions;
    type NextSessionRotation = Sessions;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Runtime, ValidatorSet>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    // Of 3f + 1 validators at most f are disabled.
    type DisablingStrategy = pallet_session::disabling::UpToLimitDisablingStrategy<3>;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = pallet_validator_set::NoIdentification;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;
    type OnOffenceHandler = ValidatorSet;
}

impl pallet_validator_set::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type GovernanceOrigin = GovernanceOrigin;
    type Hubs = HubWallet;
    type Slashed = ToTreasury;
    type MinimumBond = ConstU128<{ 1_000 * ergon_primitives::ERG }>;
    type WeightInfo = pallet_validator_set::weights::SubstrateWeight<Runtime>;
}

// How the runtime makes the transactions that report double votes.
impl<C> frame_system::offchain::CreateTransactionBase<C> for Runtime
where
    RuntimeCall: From<C>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<C> frame_system::offchain::CreateBare<C> for Runtime
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

/// Every call but the one by which a validator could drop its keys, and so its seat, at once;
/// `validator_set.purge_keys` stands for it.
pub struct AllButPurge;

impl Contains<RuntimeCall> for AllButPurge {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(
            call,
            RuntimeCall::Session(pallet_session::Call::purge_keys { .. })
        )
    }
}
