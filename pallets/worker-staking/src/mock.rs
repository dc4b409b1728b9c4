//! A chain with balances and bonds, a registry that knows three pools, and verbs for tests.

use crate as pallet_worker_staking;
use ergon_primitives::{
    AccountId, AppId, AppTerms, Balance, BlockNumber, Bond, CategoryId, CategoryTerms, DatasetId,
    DatasetTerms, DealEntries, DealId, ERG, MILLI_ERG, Membership, PoolId, PoolTerms, Score,
    Signature, possession_text,
    traits::{Hubs, Registry, Reputation, StakeRefusal, WorkerStaking as _},
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{
        ConstU32, ConstU128,
        fungible::{Inspect, InspectHold, Mutate},
    },
};
use sp_core::H256;
use sp_keyring::Ed25519Keyring;
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{BuildStorage, traits::IdentityLookup};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        WorkerStaking: pallet_worker_staking,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
}

impl crate::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = ThreePools;
    type Reputation = RecordedReputation;
    type Hubs = BarredList;
    type MinimumBond = ConstU128<MINIMUM_BOND>;
    type BondingDuration = ConstU32<BONDING_DURATION>;
    type JoinDelay = RequiredDelay;
    type WeightInfo = ();
}

pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ERG;
pub const MINIMUM_BOND: Balance = 10 * ERG;
pub const BONDING_DURATION: BlockNumber = 100;
pub const JOIN_DELAY: BlockNumber = 20;
/// What everybody has at genesis.
pub const ENDOWMENT: Balance = 1_000 * ERG;
/// What [`bonded`] bonds.
pub const BOND: Balance = 3 * MINIMUM_BOND;

pub const ALICE: AccountId = AccountId::new([1; 32]);
pub const BOB: AccountId = AccountId::new([2; 32]);
/// No private pool admits this owner.
pub const STRANGER: AccountId = AccountId::new([3; 32]);

pub const POOL: PoolId = PoolId(H256::repeat_byte(1));
pub const OTHER_POOL: PoolId = PoolId(H256::repeat_byte(2));
/// Admits everybody.
pub const PUBLIC_POOL: PoolId = PoolId(H256::repeat_byte(4));
pub const NO_POOL: PoolId = PoolId(H256::repeat_byte(3));

/// Keys of the machines in the tests.
pub const MACHINE: Ed25519Keyring = Ed25519Keyring::One;
pub const OTHER_MACHINE: Ed25519Keyring = Ed25519Keyring::Two;

/// A registry of two private pools that admit everybody but [`STRANGER`], and of a public one.
pub struct ThreePools;

impl Registry for ThreePools {
    fn app(_id: AppId) -> Option<AppTerms> {
        None
    }

    fn dataset(_id: DatasetId) -> Option<DatasetTerms> {
        None
    }

    fn pool(_id: PoolId) -> Option<PoolTerms> {
        None
    }

    fn category(_id: CategoryId) -> Option<CategoryTerms> {
        None
    }

    fn admits(_list: ergon_primitives::AccessListId, who: &AccountId) -> bool {
        *who != STRANGER
    }

    fn admits_worker(pool: PoolId, owner: &AccountId) -> Option<bool> {
        if pool == PUBLIC_POOL {
            return Some(true);
        }
        [POOL, OTHER_POOL]
            .contains(&pool)
            .then_some(*owner != STRANGER)
    }

    fn authoriser(_pool: PoolId) -> Option<AccountId> {
        None
    }

    fn is_harmful(_app: AppId) -> bool {
        false
    }

    fn retain(_entries: DealEntries) {}

    fn release(_entries: DealEntries) {}

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(_owner: &AccountId, _requirements: ergon_primitives::Requirements) -> AppId {
        AppId(H256::repeat_byte(1))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_dataset(_owner: &AccountId, _app: AppId) -> DatasetId {
        DatasetId(H256::repeat_byte(1))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(_owner: &AccountId, _workers: &[AccountId]) -> PoolId {
        POOL
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_authoriser(_: PoolId, _: &AccountId) {
        unreachable!("staking asks for no authoriser")
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_harmful(_: AppId) {
        unreachable!("staking asks for no app")
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_category(_work_time: BlockNumber) -> CategoryId {
        0
    }
}

parameter_types! {
    /// What [`RecordedReputation`] was told to rename.
    pub static Renamed: Vec<(AccountId, AccountId)> = Vec::new();
    pub static Forgotten: Vec<AccountId> = Vec::new();
    /// How long a bond must have been in its pool.
    pub static RequiredDelay: BlockNumber = JOIN_DELAY;
    /// Whose hubs were banned.
    pub static Barred: Vec<AccountId> = Vec::new();
}

/// Hubs of which only this is known: whose were banned.
pub struct BarredList;

impl Hubs for BarredList {
    fn is_barred(who: &AccountId) -> bool {
        Barred::get().contains(who)
    }

    fn is_matchable(_pool: PoolId) -> bool {
        unreachable!("staking matches nobody")
    }

    fn wallet(_pool: PoolId, _operator: &AccountId) -> Option<AccountId> {
        unreachable!("staking pays nobody")
    }
}

/// A reputation that remembers which keys it was told to rename and to forget.
pub struct RecordedReputation;

impl Reputation for RecordedReputation {
    fn score(_worker: &AccountId) -> Score {
        0
    }

    fn proven(_worker: &AccountId, _deal: DealId, _work_time: BlockNumber) {}

    fn disproven(_worker: &AccountId, _times: u32) {}

    fn rename(old: &AccountId, new: &AccountId) {
        Renamed::mutate(|renamed| renamed.push((old.clone(), new.clone())));
    }

    fn forget_worker(worker: &AccountId) {
        Forgotten::mutate(|forgotten| forgotten.push(worker.clone()));
    }

    fn forget(_deal: DealId, _limit: u32) -> bool {
        true
    }
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: [ALICE, BOB, STRANGER].map(|who| (who, ENDOWMENT)).to_vec(),
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("the genesis of the mock is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    ext.execute_with(|| {
        System::set_block_number(1);
        Renamed::set(Vec::new());
        Forgotten::set(Vec::new());
        RequiredDelay::set(JOIN_DELAY);
        Barred::set(Vec::new());
    });
    ext
}

/// Runs a test and checks the pallet's invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_ok!(WorkerStaking::do_try_state());
    });
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// The machine's proof for an owner on this chain.
pub fn proof(machine: Ed25519Keyring, owner: &AccountId) -> Signature {
    Signature::Ed25519(machine.sign(text(owner).as_bytes()))
}

/// What a machine of this owner signs on this chain.
pub fn text(owner: &AccountId) -> String {
    possession_text(System::block_hash(0u32), owner)
}

/// Bonds a machine for an owner with [`BOND`]; returns its key.
pub fn bonded(machine: Ed25519Keyring, owner: AccountId) -> AccountId {
    let (worker, proof) = (machine.to_account_id(), proof(machine, &owner));
    assert_ok!(WorkerStaking::bond(
        signed(owner),
        worker.clone(),
        BOND,
        proof
    ));
    worker
}

/// Alice's machine, bonded with [`BOND`], in [`POOL`] since block 1; its key.
pub fn joined() -> AccountId {
    let worker = bonded(MACHINE, ALICE);
    assert_ok!(WorkerStaking::join(signed(ALICE), worker.clone(), POOL));
    worker
}

/// Alice's machine as above, with this stake locked.
pub fn locked(amount: Balance) -> AccountId {
    let worker = joined();
    assert_ok!(lock(&worker, POOL, 1 + JOIN_DELAY, amount));
    worker
}

/// Locks a stake as Proof-of-Contribution does: after it has asked.
pub fn lock(
    worker: &AccountId,
    pool: PoolId,
    started: BlockNumber,
    stake: Balance,
) -> Result<(), StakeRefusal> {
    WorkerStaking::backs(worker, pool, started, stake)?;
    WorkerStaking::lock(worker, stake);
    Ok(())
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

pub fn bond_of(worker: &AccountId) -> Bond {
    crate::Bonds::<Test>::get(worker).expect("the worker is bonded")
}

pub fn membership_of(worker: &AccountId) -> Option<Membership> {
    bond_of(worker).membership
}

pub fn free(who: &AccountId) -> Balance {
    <Balances as Inspect<AccountId>>::balance(who)
}

pub fn issuance() -> Balance {
    <Balances as Inspect<AccountId>>::total_issuance()
}

pub fn set_free(who: &AccountId, amount: Balance) {
    <Balances as Mutate<AccountId>>::set_balance(who, amount);
}

pub fn on_hold(who: &AccountId) -> Balance {
    <Balances as InspectHold<AccountId>>::balance_on_hold(&crate::HoldReason::Bond.into(), who)
}
