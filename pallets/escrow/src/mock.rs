//! A chain with balances and escrow, and verbs for its tests.

use crate as pallet_escrow;
use crate::{CreditOf, HoldReason};
use ergon_primitives::{
    AccountId, AppId, Balance, DatasetId, Deal, DealDataset, DealId, DealOrders,
    EXECUTION_VERSION_1, MILLI_ERG, OrderId, PoolId, Scheduling, Verification,
    traits::{EndedTask, Ending, Escrow as _, Funding, Hubs, Remaining, Settlement, Winner},
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{
        ConstU128, Imbalance, LockableCurrency, WithdrawReasons,
        fungible::{Balanced, Inspect, InspectHold, Mutate},
    },
};
use sp_core::H256;
use sp_runtime::{BuildStorage, traits::IdentityLookup};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Escrow: pallet_escrow,
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
    pub TreasuryAccount: AccountId = TREASURY;
    /// Wallet of the hub that every pool is bound to, if any.
    pub static BoundWallet: Option<AccountId> = None;
}

/// One hub for all pools, or none.
pub struct OneHub;

impl Hubs for OneHub {
    fn is_barred(_who: &AccountId) -> bool {
        unreachable!("the escrow bars nobody")
    }

    fn is_matchable(_pool: PoolId) -> bool {
        unreachable!("the escrow matches nobody")
    }

    fn wallet(pool: PoolId, _operator: &AccountId) -> Option<AccountId> {
        assert_eq!(pool, POOL);
        BoundWallet::get()
    }
}

impl crate::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TreasuryAccount = TreasuryAccount;
    type Hubs = OneHub;
}

pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ERG;
/// What everybody but [`NEWCOMER`] has at genesis.
pub const ENDOWMENT: Balance = 1_000_000 * MILLI_ERG;

pub const PAYER: AccountId = AccountId::new([1; 32]);
pub const OPERATOR: AccountId = AccountId::new([2; 32]);
pub const APP_OWNER: AccountId = AccountId::new([3; 32]);
pub const WORKER_OWNERS: [AccountId; 3] = [
    AccountId::new([4; 32]),
    AccountId::new([5; 32]),
    AccountId::new([6; 32]),
];
pub const TREASURY: AccountId = AccountId::new([7; 32]);
/// Has no account yet.
pub const NEWCOMER: AccountId = AccountId::new([8; 32]);

/// Wallet of a hub; has no account yet.
pub const WALLET: AccountId = AccountId::new([10; 32]);

/// Owns the dataset of deals that use one.
pub const DATASET_OWNER: AccountId = AccountId::new([9; 32]);

/// The pool of all deals.
pub const POOL: PoolId = PoolId(H256::repeat_byte(3));

pub const DEAL: DealId = DealId(H256::repeat_byte(1));
pub const OTHER_DEAL: DealId = DealId(H256::repeat_byte(2));

pub const APP_PRICE: Balance = 2 * MILLI_ERG;
/// Price of the dataset in deals that use one.
pub const DATASET_PRICE: Balance = 3 * MILLI_ERG;
pub const POOL_PRICE: Balance = 100 * MILLI_ERG;
pub const OPERATOR_STAKE: Balance = 30 * MILLI_ERG;
/// What a task without dataset costs.
pub const TASK_PRICE: Balance = APP_PRICE + POOL_PRICE;

pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut endowed = vec![PAYER, OPERATOR, APP_OWNER, DATASET_OWNER, TREASURY];
    endowed.extend(WORKER_OWNERS);
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: endowed.into_iter().map(|who| (who, ENDOWMENT)).collect(),
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("the genesis of the mock is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        BoundWallet::set(None);
    });
    ext
}

/// Runs a test and checks the pallet's invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Escrow::do_try_state().expect("the invariants hold");
    });
}

/// The terms of a deal with the prices above, 1 % for the operator and no fund fee.
pub fn terms() -> Deal {
    Deal {
        orders: DealOrders {
            app: OrderId(H256::zero()),
            dataset: None,
            pool: OrderId(H256::zero()),
            request: OrderId(H256::zero()),
        },
        app: AppId(H256::zero()),
        app_owner: APP_OWNER,
        app_price: APP_PRICE,
        dataset: None,
        pool: POOL,
        operator: OPERATOR,
        pool_price: POOL_PRICE,
        requester: PAYER,
        payer: PAYER,
        beneficiary: PAYER,
        category: 0,
        work_time: 20,
        trust: 3,
        verification: Verification::Replication,
        scheduling: Scheduling::Open,
        execution_version: EXECUTION_VERSION_1,
        params: Default::default(),
        first_index: 0,
        volume: 1,
        started: 1,
        widening: 1,
        worker_stake: OPERATOR_STAKE,
        operator_stake: OPERATOR_STAKE,
        operator_reward_ratio: 1,
        fund_fee_ratio: 0,
        settlement_fee: 0,
        callback: None,
    }
}

/// The same terms with a dataset of this price.
pub fn with_dataset(terms: Deal, price: Balance) -> Deal {
    let dataset = DealDataset {
        id: DatasetId(H256::zero()),
        owner: DATASET_OWNER,
        price,
    };
    Deal {
        dataset: Some(dataset),
        ..terms
    }
}

/// What a deal of these terms puts on hold.
pub fn funding(terms: &Deal, tasks: u32) -> Funding {
    Funding {
        payer: terms.payer.clone(),
        task_price: terms.task_price(),
        operator: terms.operator.clone(),
        operator_stake: terms.operator_stake,
        tasks,
        settlement_fee: terms.settlement_fee,
    }
}

/// The first `count` worker owners as winners with fresh workers' weight.
pub fn winners(count: usize) -> Vec<Winner> {
    WORKER_OWNERS
        .into_iter()
        .take(count)
        .map(|owner| Winner { owner, weight: 2 })
        .collect()
}

/// Money as it comes from slashed bonds; here it is fresh, so total issuance grows by it.
pub fn slashed(amount: Balance) -> CreditOf<Test> {
    <Balances as Balanced<AccountId>>::issue(amount)
}

/// Ends one task of [`DEAL`] that somebody worked on, and closes the deal with the last one.
pub fn settle(terms: &Deal, ending: &Ending, lost: CreditOf<Test>) -> Settlement {
    settle_and_count(terms, ending, lost).0
}

/// The same; tells also how many tasks are left.
pub fn settle_and_count(
    terms: &Deal,
    ending: &Ending,
    lost: CreditOf<Test>,
) -> (Settlement, Remaining) {
    let ended = EndedTask {
        ending: ending.clone(),
        slashed: lost.peek(),
    };
    let (mut settlements, remaining) = Escrow::settle(DEAL, terms, &[ended], lost);
    assert_eq!(settlements.len(), 1);
    close_when_done(remaining);
    (settlements.remove(0), remaining)
}

/// Closes [`DEAL`] as if no call had been free, if all of its tasks have ended.
pub fn close_when_done(remaining: Remaining) {
    if remaining.open == 0 {
        Escrow::close(DEAL, 0);
    }
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

pub fn on_hold(reason: HoldReason, who: &AccountId) -> Balance {
    <Balances as InspectHold<AccountId>>::balance_on_hold(&reason.into(), who)
}

/// The diverted payouts so far.
pub fn diverted() -> Vec<(AccountId, Balance)> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Escrow(crate::Event::PayoutDiverted { to, amount }) => Some((to, amount)),
            _ => None,
        })
        .collect()
}

/// Freezes so much of an account, as votes do.
pub fn freeze(who: &AccountId, amount: Balance) {
    <Balances as LockableCurrency<AccountId>>::set_lock(
        *b"pyconvot",
        who,
        amount,
        WithdrawReasons::all(),
    );
}

/// How many payouts an account got.
pub fn deposits_to(who: &AccountId) -> usize {
    let is_deposit = |event: &RuntimeEvent| {
        matches!(
            event,
            RuntimeEvent::Balances(pallet_balances::Event::Deposit { who: to, .. }) if to == who
        )
    };
    System::events()
        .into_iter()
        .filter(|record| is_deposit(&record.event))
        .count()
}
