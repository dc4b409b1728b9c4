//! A chain with balances, real sessions, real GRANDPA and real offences. Only who makes a block is
//! made up: the validators that are not [`Offline`] take turns.

use crate as pallet_validator_set;
use codec::Encode;
use ergon_primitives::{AccountId, Balance, ERG, MILLI_ERG, PoolId, traits::Hubs};
use frame_support::{
    ConsensusEngineId, assert_ok, derive_impl, parameter_types,
    traits::{
        ConstU32, ConstU64, ConstU128, FindAuthor, OnFinalize, OnInitialize,
        fungible::{Inspect, InspectHold},
        tokens::imbalance::ResolveTo,
    },
};
use frame_system::EnsureRoot;
use pallet_session::historical as pallet_session_historical;
use sp_keyring::Ed25519Keyring;
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{
    BuildStorage, impl_opaque_keys,
    testing::TestXt,
    traits::{ConvertInto, IdentityLookup, OpaqueKeys},
};
use sp_staking::SessionIndex;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        // Before the sessions: the author of a block belongs to the session before its rotation.
        Authorship: pallet_authorship,
        Balances: pallet_balances,
        // Before the sessions: their genesis asks for the first validators.
        ValidatorSet: pallet_validator_set,
        Session: pallet_session,
        Historical: pallet_session_historical,
        Grandpa: pallet_grandpa,
        Offences: pallet_offences,
    }
);

impl_opaque_keys! {
    pub struct TestKeys {
        pub grandpa: Grandpa,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

impl<C> frame_system::offchain::CreateTransactionBase<C> for Test
where
    RuntimeCall: From<C>,
{
    type RuntimeCall = RuntimeCall;
    type Extrinsic = TestXt<RuntimeCall, ()>;
}

impl<C> frame_system::offchain::CreateBare<C> for Test
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> Self::Extrinsic {
        TestXt::new_bare(call)
    }
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
}

parameter_types! {
    /// Validators that make no blocks.
    pub static Offline: Vec<AccountId> = Vec::new();
    /// Accounts that cannot become candidates.
    pub static Barred: Vec<AccountId> = Vec::new();
    pub TreasuryAccount: AccountId = TREASURY;
}

/// Lets the validators of the session take turns, block by block.
pub struct InTurns;

impl FindAuthor<AccountId> for InTurns {
    fn find_author<'a, I>(_digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let offline = Offline::get();
        let mut online = Session::validators();
        online.retain(|validator| !offline.contains(validator));
        let turn = System::block_number().checked_rem(online.len() as u32)?;
        online.get(turn as usize).cloned()
    }
}

impl pallet_authorship::Config for Test {
    type FindAuthor = InTurns;
    type EventHandler = ValidatorSet;
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession =
        pallet_session::PeriodicSessions<crate::SessionLength<Test>, ConstU32<0>>;
    type NextSessionRotation =
        pallet_session::PeriodicSessions<crate::SessionLength<Test>, ConstU32<0>>;
    type SessionManager = pallet_session_historical::NoteHistoricalRoot<Test, ValidatorSet>;
    type SessionHandler = <TestKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = TestKeys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitDisablingStrategy<3>;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU128<KEY_DEPOSIT>;
}

impl pallet_session_historical::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = crate::NoIdentification;
}

impl pallet_offences::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session_historical::IdentificationTuple<Test>;
    type OnOffenceHandler = ValidatorSet;
}

impl pallet_grandpa::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<{ crate::MAX_VALIDATORS }>;
    type MaxNominators = ConstU32<0>;
    // The running session's set, one for each session of the liability, and the one before them.
    type MaxSetIdSessionEntries = ConstU64<{ BONDING_DURATION as u64 + 2 }>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem = pallet_grandpa::EquivocationReportSystem<
        Test,
        Offences,
        crate::KeyOwners<Test>,
        ConstU64<{ (BONDING_DURATION * SESSION_LENGTH) as u64 }>,
    >;
}

/// Hubs that have nothing to say but who is [`Barred`].
pub struct BarredList;

impl Hubs for BarredList {
    fn is_barred(who: &AccountId) -> bool {
        Barred::get().contains(who)
    }

    fn is_matchable(_pool: PoolId) -> bool {
        true
    }

    fn wallet(_pool: PoolId, _operator: &AccountId) -> Option<AccountId> {
        None
    }
}

impl crate::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type Hubs = BarredList;
    type Slashed = ResolveTo<TreasuryAccount, Balances>;
    type MinimumBond = ConstU128<MINIMUM_BOND>;
    type WeightInfo = ();
}

pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ERG;
pub const KEY_DEPOSIT: Balance = 5 * MILLI_ERG;
pub const MINIMUM_BOND: Balance = 10 * ERG;
/// Blocks of a session: at least four for each of the four invulnerables.
pub const SESSION_LENGTH: u32 = 16;
/// In sessions.
pub const BONDING_DURATION: SessionIndex = 5;
/// In sessions.
pub const ABSENCE_LIMIT: u32 = 2;
pub const MINIMUM: u32 = 3;
pub const SEATS: u32 = 2;
/// What everybody has at genesis.
pub const ENDOWMENT: Balance = 1_000 * ERG;

/// The invulnerables.
pub const INVULNERABLES: [Ed25519Keyring; 4] = [
    Ed25519Keyring::Alice,
    Ed25519Keyring::Bob,
    Ed25519Keyring::Charlie,
    Ed25519Keyring::Dave,
];
/// Accounts with money and session keys that may become candidates.
pub const CANDIDATES: [Ed25519Keyring; 3] = [
    Ed25519Keyring::Eve,
    Ed25519Keyring::Ferdie,
    Ed25519Keyring::One,
];
/// Has money, but no session keys.
pub const KEYLESS: AccountId = AccountId::new([7; 32]);
pub const TREASURY: AccountId = AccountId::new([9; 32]);

pub fn alice() -> AccountId {
    Ed25519Keyring::Alice.to_account_id()
}

pub fn dave() -> AccountId {
    Ed25519Keyring::Dave.to_account_id()
}

pub fn eve() -> AccountId {
    Ed25519Keyring::Eve.to_account_id()
}

pub fn ferdie() -> AccountId {
    Ed25519Keyring::Ferdie.to_account_id()
}

pub fn one() -> AccountId {
    Ed25519Keyring::One.to_account_id()
}

/// Accounts of these people, ascending.
pub fn accounts(people: &[Ed25519Keyring]) -> Vec<AccountId> {
    let mut accounts: Vec<_> = people.iter().map(|it| it.to_account_id()).collect();
    accounts.sort();
    accounts
}

/// The four invulnerables and these, ascending.
pub fn invulnerables_and(others: &[AccountId]) -> Vec<AccountId> {
    let mut accounts = accounts(&INVULNERABLES);
    accounts.extend_from_slice(others);
    accounts.sort();
    accounts
}

/// A person's session keys: the finality key is the person's own.
pub fn keys(person: Ed25519Keyring) -> TestKeys {
    TestKeys {
        grandpa: person.public().into(),
    }
}

fn session_keys(people: &[Ed25519Keyring]) -> Vec<(AccountId, AccountId, TestKeys)> {
    people
        .iter()
        .map(|it| (it.to_account_id(), it.to_account_id(), keys(*it)))
        .collect()
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    let people = accounts(&[&INVULNERABLES[..], &CANDIDATES[..]].concat());
    let balances = people.into_iter().chain([KEYLESS, TREASURY]);
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: balances.map(|who| (who, ENDOWMENT)).collect(),
            ..Default::default()
        },
        validator_set: crate::GenesisConfig {
            invulnerables: accounts(&INVULNERABLES),
            desired_candidates: SEATS,
            minimum: MINIMUM,
            session_length: SESSION_LENGTH,
            bonding_duration: BONDING_DURATION,
            absence_limit: ABSENCE_LIMIT,
            ..Default::default()
        },
        session: pallet_session::GenesisConfig {
            keys: session_keys(&INVULNERABLES),
            non_authority_keys: session_keys(&CANDIDATES),
        },
        ..Default::default()
    }
    .build_storage()
    .expect("the genesis of the mock is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    ext.execute_with(|| {
        Barred::set(Vec::new());
        // The first block is nobody's, so that a test can have anyone absent from the beginning.
        Offline::set(accounts(&INVULNERABLES));
        next_block();
        Offline::set(Vec::new());
    });
    ext
}

/// Runs a test and checks the pallet's invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_ok!(ValidatorSet::do_try_state());
    });
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Ends the block and begins the next; only its events are left.
pub fn next_block() {
    let number = System::block_number();
    AllPalletsWithSystem::on_finalize(number);
    System::reset_events();
    System::initialize(&(number + 1), &System::parent_hash(), &Default::default());
    AllPalletsWithSystem::on_initialize(number + 1);
}

/// Goes to the first block of the session that is so many sessions ahead.
pub fn pass_sessions(count: u32) {
    let target = Session::current_index() + count;
    while Session::current_index() < target {
        next_block();
    }
}

/// Goes to the first block of a later session.
pub fn advance_to_session(index: SessionIndex) {
    pass_sessions(index - Session::current_index());
}

/// Makes candidates with these bonds, in ERG, and waits until they have their seats.
pub fn seated(candidates: &[(AccountId, Balance)]) {
    for (who, bond) in candidates {
        assert_ok!(ValidatorSet::register_candidate(
            signed(who.clone()),
            bond * ERG
        ));
    }
    pass_sessions(2);
}

pub fn is_seated(who: &AccountId) -> bool {
    Session::validators().contains(who)
}

pub fn bond_of(who: &AccountId) -> Balance {
    crate::Candidates::<Test>::get(who)
        .expect("it is a candidate")
        .bond
}

pub fn departure_of(who: &AccountId) -> crate::Departure {
    crate::Departures::<Test>::get(who).expect("its bond is on its way out")
}

pub fn free(who: &AccountId) -> Balance {
    <Balances as Inspect<AccountId>>::balance(who)
}

pub fn on_hold(who: &AccountId) -> Balance {
    <Balances as InspectHold<AccountId>>::balance_on_hold(&crate::HoldReason::Bond.into(), who)
}

/// Generates session keys in the keystore, with the proof that their holder acts for `owner`.
pub fn generated_keys(owner: &AccountId) -> (TestKeys, Vec<u8>) {
    let generated = TestKeys::generate(&owner.encode(), None);
    (generated.keys, generated.proof.encode())
}
