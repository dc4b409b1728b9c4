//! A chain with the real registry, market and escrow, and what a sequence does to it.

use crate as pallet_market;
use ergon_primitives::{
    AccountId, Balance, BlockNumber, CategoryId, Deal, DealId, ERG, MAX_DURATION, MICRO_ERG,
    MILLI_ERG, OPERATOR_STAKE_RATIO, Order, OrderId, Signature, order_text, traits,
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{
        ConstU8, ConstU32, ConstU128, Hooks,
        fungible::{Inspect, InspectHold},
    },
    weights::Weight,
};
use frame_system::EnsureRoot;
use sp_keyring::Sr25519Keyring as Keyring;
use sp_runtime::{BoundedVec, BuildStorage, traits::IdentityLookup};

type Block = frame_system::mocking::MockBlockU32<Chain>;

frame_support::construct_runtime!(
    pub enum Chain {
        System: frame_system,
        Balances: pallet_balances,
        Registry: pallet_registry,
        Market: pallet_market,
        Escrow: pallet_escrow,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Chain {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Chain {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
}

parameter_types! {
    pub TreasuryAccount: AccountId = Keyring::Two.to_account_id();
}

impl pallet_registry::Config for Chain {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = EnsureRoot<AccountId>;
    type Hubs = ();
    type WeightInfo = ();
}

impl pallet_market::Config for Chain {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Escrow = Escrow;
    type Hubs = ();
    type Tasks = NoTasks;
    type SettlementPrices = PerVote;
    type FundFeeRatio = ConstU8<0>;
    type OperatorStakeRatio = ConstU8<OPERATOR_STAKE_RATIO>;
    type MaxDuration = ConstU32<MAX_DURATION>;
    type WeightInfo = ();
}

impl pallet_escrow::Config for Chain {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TreasuryAccount = TreasuryAccount;
    type Hubs = ();
}

/// Tasks that end by other means.
pub struct NoTasks;

impl traits::Tasks for NoTasks {
    fn open(_: DealId, _: &Deal) {}
}

/// What the calls of a task cost for each of its votes.
pub const PRICE_OF_VOTE: Balance = 50 * MICRO_ERG;

/// One price for each vote.
pub struct PerVote;

impl traits::SettlementPrices for PerVote {
    fn per_task(votes: u32, _: bool) -> Balance {
        PRICE_OF_VOTE * Balance::from(votes)
    }
}

pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ERG;
/// Enough for many deposits and some deals, but not for all.
pub const ENDOWMENT: Balance = ERG;
/// T of the categories that exist.
pub const WORK_TIMES: [BlockNumber; 2] = [20, 40];
/// A category that does not exist.
pub const NO_CATEGORY: CategoryId = 2;

/// A person, by number.
pub type Who = usize;

/// Registers the apps.
pub const APP_OWNER: Who = 0;
/// Registers the datasets.
pub const DATASET_OWNER: Who = 1;
/// Registers the pools.
pub const OPERATOR: Who = 2;
/// Asks, as does [`OTHER`].
pub const REQUESTER: Who = 3;
/// Asks, sponsors, keeps the list, takes over entries.
pub const OTHER: Who = 4;
/// Is paid for the work; owns nothing else.
pub const WORKER: Who = 5;
/// The accounts of all persons.
pub const PEOPLE: [Keyring; 6] = [
    Keyring::Alice,
    Keyring::Bob,
    Keyring::Charlie,
    Keyring::Dave,
    Keyring::Eve,
    Keyring::Ferdie,
];

pub fn account(who: Who) -> AccountId {
    PEOPLE[who].to_account_id()
}

pub fn signed(who: Who) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

pub fn signature(who: Who, order: &Order) -> Signature {
    let id: OrderId = Market::order_id(order);
    PEOPLE[who].sign(order_text(id).as_bytes()).into()
}

pub fn free(who: Who) -> Balance {
    <Balances as Inspect<AccountId>>::balance(&account(who))
}

pub fn held(reason: impl Into<RuntimeHoldReason>, who: Who) -> Balance {
    Balances::balance_on_hold(&reason.into(), &account(who))
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

/// Idle weight for so many items of the market's agenda.
pub fn idle(items: u64) {
    use crate::WeightInfo;
    let weight =
        <() as WeightInfo>::clean_up_base() + <() as WeightInfo>::forget_leftover() * items;
    Market::on_idle(System::block_number(), weight);
}

/// As much idle weight as anybody can use.
pub fn idle_for_long() {
    Market::on_idle(System::block_number(), Weight::MAX);
    Registry::on_idle(System::block_number(), Weight::MAX);
}

/// The invariants of all three pallets.
pub fn check_invariants() {
    assert_ok!(Registry::do_try_state());
    assert_ok!(Market::do_try_state());
    assert_ok!(Escrow::do_try_state());
}

/// The chain in block 1, with its categories and nothing else.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut endowed: Vec<_> = PEOPLE.map(|who| (who.to_account_id(), ENDOWMENT)).to_vec();
    endowed.push((TreasuryAccount::get(), ENDOWMENT));
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: endowed,
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("the genesis of the model's chain is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        advance_to(1);
        for work_time in WORK_TIMES {
            let name = BoundedVec::truncate_from(b"category".to_vec());
            assert_ok!(Registry::create_category(
                RuntimeOrigin::root(),
                name,
                work_time,
                u64::MAX,
                u64::MAX
            ));
        }
    });
    ext
}
