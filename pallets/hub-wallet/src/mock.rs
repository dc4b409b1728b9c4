//! A chain with balances and hubs, a registry of pools that tests write, and verbs for tests.

use crate as pallet_hub_wallet;
use crate::{
    Cases, Expropriation, HoldReason, Hub, Limits, PoolOwners, Quarantine, quarantine_account,
    wallet_account,
};
use ergon_primitives::{
    AccountId, Balance, BlockNumber, Case, ERG, HubPhase, HubRecord, Judge, MILLI_ERG, Name,
    PeerId, PoolId,
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{
        ConstU128, EnsureOrigin, OriginTrait,
        fungible::{Inspect, InspectHold, Mutate},
        tokens::Preservation,
    },
};
use frame_system::{EnsureRoot, RawOrigin};
use sp_core::H256;
use sp_runtime::{BuildStorage, Permill, traits::IdentityLookup};
use std::collections::BTreeMap;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        HubWallet: pallet_hub_wallet,
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

parameter_types! {
    pub const TreasuryAccount: AccountId = TREASURY;
    /// Who operates which pool.
    pub static Pools: BTreeMap<PoolId, AccountId> = BTreeMap::new();
}

impl crate::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type PoolOwners = WrittenPools;
    type Treasury = TreasuryAccount;
    type TribunalOrigin = Tribunal;
    type ParametersOrigin = EnsureRoot<AccountId>;
    type WeightInfo = ();
}

/// A registry that knows [`Pools`].
pub struct WrittenPools;

impl PoolOwners for WrittenPools {
    fn owner(pool: PoolId) -> Option<AccountId> {
        Pools::get().get(&pool).cloned()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId) -> PoolId {
        give_pool(POOL, owner);
        POOL
    }
}

/// Root speaks as a referendum, one account as the collective.
pub struct Tribunal;

impl EnsureOrigin<RuntimeOrigin> for Tribunal {
    type Success = Judge;

    fn try_origin(origin: RuntimeOrigin) -> Result<Judge, RuntimeOrigin> {
        match origin.as_system_ref() {
            Some(RawOrigin::Root) => Ok(Judge::Referendum),
            Some(RawOrigin::Signed(who)) if *who == COLLECTIVE => Ok(Judge::Collective),
            _ => Err(origin),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::root())
    }
}

pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ERG;
/// What everybody has at genesis.
pub const ENDOWMENT: Balance = 1_000 * ERG;
/// What the wallets of tests hold at first.
pub const FUNDS: Balance = 100 * ERG;

pub const PAYOUT_PERIOD: BlockNumber = 300;
pub const WAITING_PERIOD: BlockNumber = 140;
pub const MATURITY: BlockNumber = 70;
pub const BAN_PERIOD: BlockNumber = 1_200;
pub const REHABILITATION_PERIOD: BlockNumber = 1_800;
pub const LAPSE_PERIOD: BlockNumber = 150;
pub const QUARANTINE_PERIOD: BlockNumber = 1_100;
pub const FREEZE: Balance = ERG;
pub const MINIMUM_VOTE: Balance = 2 * ERG;

/// Owner of the hub in most tests.
pub const ALICE: AccountId = AccountId::new([1; 32]);
/// Owner of another hub, or a stranger.
pub const BOB: AccountId = AccountId::new([2; 32]);
/// Is paid.
pub const PAYEE: AccountId = AccountId::new([3; 32]);
/// Is paid too.
pub const OTHER_PAYEE: AccountId = AccountId::new([4; 32]);
/// Does not exist at genesis.
pub const FRESH: AccountId = AccountId::new([5; 32]);
/// Speaks for two thirds of the technical collective.
pub const COLLECTIVE: AccountId = AccountId::new([6; 32]);
pub const TREASURY: AccountId = AccountId::new([7; 32]);

pub const POOL: PoolId = PoolId(H256::repeat_byte(1));
pub const OTHER_POOL: PoolId = PoolId(H256::repeat_byte(2));
/// Hash of the document that accuses.
pub const DOCUMENT: H256 = H256::repeat_byte(9);
pub const OTHER_DOCUMENT: H256 = H256::repeat_byte(10);

/// The limits of the tests.
pub fn limits() -> Limits {
    Limits {
        payout_period: PAYOUT_PERIOD,
        waiting_period: WAITING_PERIOD,
        maturity: MATURITY,
        ban_period: BAN_PERIOD,
        rehabilitation_period: REHABILITATION_PERIOD,
        lapse_period: LAPSE_PERIOD,
        quarantine_period: QUARANTINE_PERIOD,
        registration_freeze: FREEZE,
        minimum_vote: MINIMUM_VOTE,
        lock_share: Permill::from_percent(30),
        fee_share: Permill::from_parts(5_000),
    }
}

/// A chain on which the treasury holds this much.
pub fn ext_with_treasury(treasury: Balance) -> sp_io::TestExternalities {
    let people = [ALICE, BOB, PAYEE, OTHER_PAYEE, COLLECTIVE].map(|who| (who, ENDOWMENT));
    let mut balances = people.to_vec();
    if treasury > 0 {
        balances.push((TREASURY, treasury));
    }
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        hub_wallet: crate::GenesisConfig {
            limits: limits(),
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("the genesis of the mock is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        Pools::set(BTreeMap::new());
    });
    ext
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    ext_with_treasury(ERG)
}

/// Runs a test and checks the pallet's invariants, and that no money came or went, after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        let before = issuance();
        test();
        assert_ok!(HubWallet::do_try_state());
        assert_eq!(issuance(), before);
    });
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// The tribunal by referendum.
pub fn referendum() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

/// The tribunal by the collective.
pub fn collective() -> RuntimeOrigin {
    signed(COLLECTIVE)
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

pub fn advance_by(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

/// A good record with this name.
pub fn record(name: &str) -> HubRecord {
    HubRecord {
        name: Name::truncate_from(name.as_bytes().to_vec()),
        peer_id: PeerId::truncate_from(b"12D3KooWEhub".to_vec()),
        addresses: Default::default(),
    }
}

/// Puts money of Bob's into a hub's wallet.
pub fn fund(owner: &AccountId, amount: Balance) {
    assert_ok!(<Balances as Mutate<AccountId>>::transfer(
        &BOB,
        &wallet_account(owner),
        amount,
        Preservation::Preserve,
    ));
}

/// Alice's hub, just created, its wallet holding [`FUNDS`] of Bob's.
pub fn created() {
    assert_ok!(HubWallet::create(signed(ALICE), record("hub")));
    fund(&ALICE, FUNDS);
}

/// Alice's hub, registered in block 1.
pub fn registered() {
    created();
    assert_ok!(HubWallet::register(signed(ALICE)));
}

/// Alice's hub, leaving since the first possible block.
pub fn leaving() {
    registered();
    advance_to(1 + PAYOUT_PERIOD);
    assert_ok!(HubWallet::payday(signed(ALICE)));
}

/// Alice's hub, idle since the first possible block.
pub fn idle() {
    leaving();
    advance_by(WAITING_PERIOD);
    assert_ok!(HubWallet::settle(signed(ALICE)));
}

/// Alice's hub, suspected by referendum in this block.
pub fn suspected() {
    registered();
    assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
}

/// Alice's hub, banned in the first possible block.
pub fn banned() {
    suspected();
    advance_by(BAN_PERIOD);
    assert_ok!(HubWallet::ban(referendum(), ALICE));
}

pub fn pay(amount: Balance) {
    assert_ok!(HubWallet::pay(signed(ALICE), PAYEE, amount));
}

pub fn hub() -> Hub {
    crate::Hubs::<Test>::get(ALICE).expect("Alice has a hub")
}

pub fn phase() -> HubPhase {
    hub().phase
}

pub fn case() -> Case {
    Cases::<Test>::get(ALICE).expect("there is a case against Alice's hub")
}

pub fn expropriation(id: u64) -> Expropriation {
    Quarantine::<Test>::get(id).expect("the money is in quarantine")
}

pub fn free(who: &AccountId) -> Balance {
    <Balances as Inspect<AccountId>>::balance(who)
}

/// What Alice's wallet holds.
pub fn wallet() -> Balance {
    free(&wallet_account(&ALICE))
}

pub fn quarantined() -> Balance {
    free(&quarantine_account())
}

/// All money there is.
pub fn issuance() -> Balance {
    <Balances as Inspect<AccountId>>::total_issuance()
}

pub fn on_hold(reason: HoldReason, who: &AccountId) -> Balance {
    <Balances as InspectHold<AccountId>>::balance_on_hold(&reason.into(), who)
}

/// Makes the account the pool's operator.
pub fn give_pool(pool: PoolId, operator: &AccountId) {
    let mut pools = Pools::get();
    pools.insert(pool, operator.clone());
    Pools::set(pools);
}

/// Removes a pool from the registry.
pub fn remove_pool(pool: PoolId) {
    let mut pools = Pools::get();
    pools.remove(&pool);
    Pools::set(pools);
}
