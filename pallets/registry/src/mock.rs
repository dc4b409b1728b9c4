//! A runtime of system, balances and registry.

use crate as pallet_registry;
use crate::{HoldReason, access_list_id, app_id, dataset_id, pool_id};
use ergon_matchmaking::Expression;
use ergon_primitives::{
    Access, AccessListId, AccountId, AllowedApps, AppId, AppKind, Balance, BlockNumber, DatasetId,
    Description, ERG, Locator, MAX_OUTPUT_PATH, MILLI_ERG, Name, OutputFiles, PoolId, PoolPolicy,
    Requirements, Scheduling, traits::Hubs, write_requirements,
};
use frame_support::{
    BoundedVec, assert_ok, derive_impl, parameter_types,
    traits::{ConstU32, ConstU128, fungible::InspectHold},
};
use frame_system::EnsureRoot;
use sp_core::H256;
use sp_runtime::{BuildStorage, traits::IdentityLookup};

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Registry: pallet_registry,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<MILLI_ERG>;
    type AccountStore = System;
}

parameter_types! {
    /// Whose hubs were banned.
    pub static Barred: Vec<AccountId> = Vec::new();
    /// Pools whose hubs are judged.
    pub static Judged: Vec<PoolId> = Vec::new();
}

/// Hubs of which only this is known: whose were banned, and whose pools are judged with them.
pub struct BarredList;

impl Hubs for BarredList {
    fn is_barred(who: &AccountId) -> bool {
        Barred::get().contains(who)
    }

    fn is_matchable(pool: PoolId) -> bool {
        !Judged::get().contains(&pool)
    }

    fn wallet(_pool: PoolId, _operator: &AccountId) -> Option<AccountId> {
        unreachable!("the registry pays nobody")
    }
}

impl pallet_registry::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = EnsureRoot<AccountId>;
    type Hubs = BarredList;
    type WeightInfo = ();
}

pub const ALICE: AccountId = AccountId::new([1; 32]);
pub const BOB: AccountId = AccountId::new([2; 32]);
/// Has the existential deposit and nothing more.
pub const PAUPER: AccountId = AccountId::new([3; 32]);
/// Signs for the pools of the tests.
pub const AUTHORISER: AccountId = AccountId::new([4; 32]);
/// What Alice and Bob have at the start.
pub const WEALTH: Balance = 100 * ERG;
/// Digest of the app that [`register_app`] registers.
pub const DIGEST: H256 = H256::repeat_byte(7);

pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: vec![(ALICE, WEALTH), (BOB, WEALTH), (PAUPER, MILLI_ERG)],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut externalities = sp_io::TestExternalities::from(storage);
    externalities.execute_with(|| {
        System::set_block_number(1);
        Barred::set(Vec::new());
        Judged::set(Vec::new());
    });
    externalities
}

/// Runs a test and checks the invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_ok!(Registry::do_try_state());
    });
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

pub fn last_event() -> pallet_registry::Event<Test> {
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            RuntimeEvent::Registry(event) => Some(event),
            _ => None,
        })
        .expect("the registry has said something")
}

/// What the account has on hold for deposits.
pub fn held(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&RuntimeHoldReason::Registry(HoldReason::Entry), who)
}

/// A bounded byte string.
pub fn bytes<const MAX: u32>(text: &[u8]) -> BoundedVec<u8, ConstU32<MAX>> {
    text.to_vec().try_into().expect("short enough")
}

pub fn register_app(owner: AccountId) -> AppId {
    let id = app_id(&owner, AppKind::Wasm, DIGEST);
    assert_ok!(Registry::register_app(
        signed(owner),
        bytes(b"render"),
        AppKind::Wasm,
        DIGEST,
        Locator::default(),
        Description::default(),
        Requirements::default(),
        OutputFiles::default(),
    ));
    id
}

/// Registers a dataset with the digest of the app that every app may read.
pub fn register_dataset(owner: AccountId) -> DatasetId {
    let id = dataset_id(&owner, DIGEST);
    assert_ok!(Registry::register_dataset(
        signed(owner),
        bytes(b"scene"),
        DIGEST,
        Locator::default(),
        Description::default(),
        None,
        AllowedApps::default(),
    ));
    id
}

/// The SCALE form of a condition.
pub fn requirements(text: &str) -> Requirements {
    write_requirements(&Expression::parse(text).expect("the text is an expression"))
}

/// Declared output files.
pub fn outputs(paths: &[&str]) -> OutputFiles {
    let paths: Vec<BoundedVec<u8, ConstU32<MAX_OUTPUT_PATH>>> =
        paths.iter().map(|path| bytes(path.as_bytes())).collect();
    paths.try_into().expect("few enough")
}

/// `count` accounts, the first of which has this number.
pub fn accounts(first: u32, count: u32) -> Vec<AccountId> {
    (first..first + count)
        .map(|number| {
            let mut raw = [9; 32];
            raw[..4].copy_from_slice(&number.to_le_bytes());
            AccountId::new(raw)
        })
        .collect()
}

pub fn create_list(owner: AccountId, salt: u8, members: Vec<AccountId>) -> AccessListId {
    let salt = H256::repeat_byte(salt);
    let id = access_list_id(&owner, salt);
    assert_ok!(Registry::create_list(
        signed(owner),
        salt,
        members.try_into().unwrap()
    ));
    id
}

pub fn policy(list: AccessListId) -> PoolPolicy {
    PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 4,
        access: Access::Private(list),
        scheduling: Scheduling::Open,
    }
}

pub fn register_pool(owner: AccountId, list: AccessListId) -> PoolId {
    let description: Description = bytes(b"pool");
    let id = pool_id(&owner, &description);
    assert_ok!(Registry::register_pool(
        signed(owner),
        description,
        AUTHORISER,
        policy(list)
    ));
    id
}

pub fn name(text: &str) -> Name {
    bytes(text.as_bytes())
}
