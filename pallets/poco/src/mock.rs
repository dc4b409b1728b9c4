//! A chain of the real pallets, and verbs to work on it: a pool of workers, deals with them,
//! answers.
//!
//! Every call goes through [`make`], which lets the chain judge it first: so each test of a call is
//! one of the judgement too.

use crate as pallet_poco;
use crate::{Judgement, Progress, TaskPages};
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppKind, AppOrder, Authorisation, Balance, BlockNumber,
    Contribution, DatasetId, DatasetOrder, Deal, DealId, DealProgress, DealStatus, ERG,
    EXECUTION_VERSION_1, FaultKind, MAX_DURATION, MAX_PRICE, MAX_TRUST, MILLI_ERG,
    OPERATOR_STAKE_RATIO, Opening, Order, Outcome, PoolId, PoolOrder, PoolPolicy, RequestOrder,
    Restriction, ResultLocator, Scheduling, Score, Signature, SignedOrder, Tag, Task, TaskIndex,
    Untouched, Verification, Vote, VoteStatus, acceptance_message, authorisation_message,
    commitment, order_text, page_of, possession_text, result_digest, seal, sealed,
    traits::{Deals, Hubs, Registry as _, SettlementPrices},
};
use frame_support::{
    assert_ok, derive_impl,
    dispatch::GetDispatchInfo,
    pallet_prelude::DispatchResult,
    parameter_types,
    traits::{
        ConstU8, ConstU32, ConstU128, Contains, Hooks, UnfilteredDispatchable,
        fungible::InspectHold,
    },
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_registry::Verdict;
use sp_core::{H256, Pair, ed25519};
use sp_keyring::Sr25519Keyring;
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{BuildStorage, DispatchError, StateVersion, traits::IdentityLookup};
use std::collections::BTreeMap;

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Registry: pallet_registry,
        Market: pallet_market,
        Escrow: pallet_escrow,
        WorkerStaking: pallet_worker_staking,
        Poco: pallet_poco,
        Reputation: pallet_reputation,
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
    pub TreasuryAccount: AccountId = TREASURY;
    /// The hub that the pool is bound to, if any.
    pub static Hub: Option<TestHub> = None;
    /// Most weight of a callback.
    pub static MaxCallbackWeight: Weight = ROOMY;
}

/// A hub as the other pallets see it.
#[derive(Clone)]
pub struct TestHub {
    /// Where the operator's rewards go.
    pub wallet: AccountId,
    /// Whether its pool can be matched.
    pub is_registered: bool,
    /// Who is barred with it.
    pub barred: Vec<AccountId>,
}

/// All pools are bound to [`Hub`].
pub struct OneHub;

impl Hubs for OneHub {
    fn is_barred(who: &AccountId) -> bool {
        Hub::get().is_some_and(|hub| hub.barred.contains(who))
    }

    fn is_matchable(_pool: PoolId) -> bool {
        Hub::get().is_none_or(|hub| hub.is_registered)
    }

    fn wallet(_pool: PoolId, _operator: &AccountId) -> Option<AccountId> {
        Hub::get().map(|hub| hub.wallet)
    }
}

impl pallet_registry::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = EnsureRoot<AccountId>;
    type Hubs = OneHub;
    type WeightInfo = ();
}

impl pallet_market::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Escrow = Escrow;
    type Hubs = OneHub;
    type Tasks = Poco;
    type SettlementPrices = PerVote;
    type FundFeeRatio = ConstU8<0>;
    type OperatorStakeRatio = ConstU8<OPERATOR_STAKE_RATIO>;
    type MaxDuration = ConstU32<MAX_DURATION>;
    type WeightInfo = ();
}

impl pallet_escrow::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TreasuryAccount = TreasuryAccount;
    type Hubs = OneHub;
}

impl pallet_worker_staking::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = Registry;
    type Reputation = Reputation;
    type Hubs = OneHub;
    type MinimumBond = ConstU128<MINIMUM_BOND>;
    type BondingDuration = ConstU32<100>;
    type JoinDelay = ConstU32<0>;
    type WeightInfo = ();
}

impl pallet_reputation::Config for Test {}

/// What a payer prepays for a task: so much for each vote, and as much for a callback.
pub struct PerVote;

impl SettlementPrices for PerVote {
    fn per_task(votes: u32, callback: bool) -> Balance {
        CALL_PRICE * Balance::from(votes + u32::from(callback))
    }
}

/// Callbacks can be remarks, and sweep.
pub struct Harmless;

impl Contains<RuntimeCall> for Harmless {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(
            call,
            RuntimeCall::System(_) | RuntimeCall::Poco(PocoCall::sweep { .. })
        )
    }
}

impl pallet_poco::Config for Test {
    type RuntimeCall = RuntimeCall;
    type Deals = Market;
    type Escrow = Escrow;
    type Registry = Registry;
    type Staking = WorkerStaking;
    type Reputation = Reputation;
    type MinScoredPrice = ConstU128<MIN_SCORED_PRICE>;
    type RetentionPeriod = ConstU32<RETENTION>;
    type CallbackFilter = Harmless;
    type MaxCallbackWeight = MaxCallbackWeight;
    type WeightInfo = ();
}

/// A call of the pallet.
pub type PocoCall = crate::Call<Test>;

/// T of the only category.
pub const WORK_TIME: BlockNumber = 20;
/// What each of a worker's owners bonds.
pub const BOND: Balance = 10 * ERG;
/// A bond below this backs no vote.
pub const MINIMUM_BOND: Balance = 5 * ERG;
/// Pool price from which on scores rise.
pub const MIN_SCORED_PRICE: Balance = MILLI_ERG;
/// How long ended deals stay.
pub const RETENTION: BlockNumber = 10;
/// What a payer prepays for a vote.
pub const CALL_PRICE: Balance = MILLI_ERG / 100;
/// More than any call of the tests weighs.
pub const ROOMY: Weight = Weight::from_parts(500_000_000_000, 1 << 30);
/// What everybody has at the start.
pub const WEALTH: Balance = 1_000 * ERG;
/// How many bond owners there are; each has one worker, some not hired. Further workers are theirs in
/// turn.
pub const OWNERS: u8 = 40;
/// The only owner that is not on the pool's access list.
pub const STRANGER: u8 = OWNERS - 1;
/// Where the fund's money goes.
pub const TREASURY: AccountId = AccountId::new([0xee; 32]);
/// Somebody without any part in a deal.
pub const ANYONE: AccountId = AccountId::new([0xaa; 32]);

/// Signs for the pool from the start.
pub const AUTHORISER: Sr25519Keyring = Sr25519Keyring::Dave;
const PROVIDER: Sr25519Keyring = Sr25519Keyring::Charlie;
const DATA_OWNER: Sr25519Keyring = Sr25519Keyring::Eve;
const OPERATOR: Sr25519Keyring = Sr25519Keyring::Bob;
const REQUESTER: Sr25519Keyring = Sr25519Keyring::Alice;

pub fn provider() -> AccountId {
    PROVIDER.to_account_id()
}

/// Owner of the dataset.
pub fn data_owner() -> AccountId {
    DATA_OWNER.to_account_id()
}

pub fn operator() -> AccountId {
    OPERATOR.to_account_id()
}

pub fn requester() -> AccountId {
    REQUESTER.to_account_id()
}

/// Owner of the bond of worker `number`.
pub fn owner(number: u8) -> AccountId {
    AccountId::new([0x40 + number % OWNERS; 32])
}

fn worker_pair(number: u8) -> ed25519::Pair {
    ed25519::Pair::from_seed(&[number + 1; 32])
}

/// Key of worker `number`.
pub fn worker(number: u8) -> AccountId {
    worker_pair(number).public().into()
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn everybody() -> Vec<AccountId> {
    let mut accounts = vec![provider(), data_owner(), operator(), requester(), ANYONE];
    accounts.extend((0..OWNERS).map(owner));
    accounts
}

fn issuance() -> Balance {
    everybody().len() as Balance * WEALTH + MILLI_ERG
}

/// A chain in block 1 with an app, a dataset, a pool for all owners but the [`STRANGER`], and nobody
/// hired.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let mut balances: Vec<_> = everybody().into_iter().map(|who| (who, WEALTH)).collect();
    balances.push((TREASURY, MILLI_ERG));
    pallet_balances::GenesisConfig::<Test> {
        balances,
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_registry::GenesisConfig::<Test> {
        categories: vec![(b"TEST".to_vec(), WORK_TIME, 1 << 20, 1 << 20)],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_escrow::GenesisConfig::<Test>::default()
        .assimilate_storage(&mut storage)
        .unwrap();
    let mut externalities = sp_io::TestExternalities::from(storage);
    externalities.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    externalities.execute_with(|| {
        System::set_block_number(1);
        Hub::set(None);
        MaxCallbackWeight::set(ROOMY);
        open_shop();
    });
    externalities
}

/// Runs a test and checks every invariant after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        check_invariants();
    });
}

pub fn check_invariants() {
    assert_ok!(Poco::do_try_state());
    assert_ok!(Escrow::do_try_state());
    check_locks();
    check_holds();
    assert_eq!(
        Balances::total_issuance() + burned(),
        issuance(),
        "nothing is made or lost but what free calls used up"
    );
}

/// What free calls have used up of the deals that are over.
fn burned() -> Balance {
    System::events()
        .into_iter()
        .map(|record| match record.event {
            RuntimeEvent::Escrow(pallet_escrow::Event::Closed { burned, .. }) => burned,
            _ => 0,
        })
        .sum()
}

/// All tasks of a deal that have a record.
fn records(id: DealId) -> Vec<Task> {
    TaskPages::<Test>::iter_prefix_values(id)
        .flat_map(|page| page.0.into_iter().flatten())
        .collect()
}

/// Each bond's lock is the sum of its live votes' stakes on tasks that have not ended.
fn check_locks() {
    let mut expected: BTreeMap<AccountId, Balance> = BTreeMap::new();
    for (id, deal) in pallet_market::Deals::<Test>::iter() {
        for task in records(id).into_iter().filter(|task| !task.has_ended()) {
            let is_live = |vote: &&Vote| vote.status != VoteStatus::Rejected;
            for vote in task.votes.iter().filter(is_live) {
                *expected.entry(vote.worker.clone()).or_default() += deal.worker_stake;
            }
        }
    }
    for (worker, bond) in pallet_worker_staking::Bonds::<Test>::iter() {
        assert_eq!(bond.locked, expected.remove(&worker).unwrap_or_default());
        assert!(bond.locked <= bond.amount);
    }
    assert!(
        expected.values().all(|stake| *stake == 0),
        "a lock without a bond"
    );
}

/// How many tasks of a deal have not ended.
fn unfinished(id: DealId, deal: &Deal) -> u32 {
    if Market::status(id) != Some(DealStatus::Open) {
        return 0;
    }
    let records = records(id);
    let ended = records.iter().filter(|task| task.has_ended()).count();
    match Progress::<Test>::get(id).untouched {
        Untouched::Active => deal.volume - ended as u32,
        Untouched::Failed { .. } | Untouched::Cancelled { .. } => (records.len() - ended) as u32,
    }
}

/// Payers and operator have on hold what their open tasks may cost and what they have prepaid for
/// open deals, and nothing more.
fn check_holds() {
    let mut expected: BTreeMap<AccountId, (Balance, Balance)> = BTreeMap::new();
    let mut stake = 0;
    for (id, deal) in pallet_market::Deals::<Test>::iter() {
        let tasks = unfinished(id, &deal);
        let open = Balance::from(tasks);
        let (payment, fee) = expected.entry(deal.payer.clone()).or_default();
        *payment += deal.task_price() * open;
        *fee += if tasks > 0 { deal.settlement_fee } else { 0 };
        stake += deal.operator_stake * open;
    }
    for who in everybody() {
        let held = (held_for_tasks(&who), prepaid_by(&who));
        assert_eq!(held, expected.remove(&who).unwrap_or_default());
    }
    let reason = pallet_escrow::HoldReason::OperatorStake.into();
    assert_eq!(Balances::balance_on_hold(&reason, &operator()), stake);
}

fn held_for_tasks(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&pallet_escrow::HoldReason::TaskPayment.into(), who)
}

/// What an account has prepaid for the calls of open deals.
pub fn prepaid_by(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&pallet_escrow::HoldReason::SettlementFee.into(), who)
}

/// Hash of a block of the tests.
pub fn hash_of(block: BlockNumber) -> H256 {
    H256::repeat_byte(0xb1) ^ H256::from_low_u64_be(block.into())
}

/// Goes to this block. The hash of the one that it leaves is known from then on.
pub fn advance_to(block: BlockNumber) {
    let left = System::block_number();
    if block != left {
        frame_system::BlockHash::<Test>::insert(left, hash_of(left));
    }
    System::set_block_number(block);
}

pub fn advance(blocks: BlockNumber) {
    advance_to(System::block_number() + blocks);
}

/// What an idle block does with so much weight; what it used.
pub fn idle(remaining: Weight) -> Weight {
    let used = Poco::on_idle(System::block_number(), remaining);
    assert!(
        used.all_lte(remaining),
        "no more is used than there is: {used} of {remaining}"
    );
    used
}

/// Makes blocks up to this one, all of them idle.
pub fn live_through(last: BlockNumber) {
    while System::block_number() < last {
        advance(1);
        idle(Weight::MAX);
    }
}

/// What the chain says of a call before it is made: what would come of it, or nothing if it is not
/// free. To judge changes nothing.
pub fn judged(who: &AccountId, call: &PocoCall) -> Option<DispatchResult> {
    let root = || sp_io::storage::root(StateVersion::V1);
    let before = root();
    let judgement = Poco::judge(who, call);
    assert_eq!(root(), before, "to judge changes nothing");
    match judgement {
        Judgement::Ordinary => None,
        Judgement::Useful { .. } => Some(Ok(())),
        Judgement::Useless(refusal) => Some(Err(refusal.into())),
    }
}

/// Makes a call. What comes of it is what the chain said before, and it weighs no more than declared.
pub fn make(who: AccountId, call: PocoCall) -> DispatchResult {
    let expected = judged(&who, &call);
    let declared = call.get_dispatch_info().call_weight;
    let before = events().len();
    let made = call.dispatch_bypass_filter(signed(who));
    let used = made.map(|done| done.actual_weight.unwrap_or(declared));
    if let Ok(used) = used {
        assert!(used.all_lte(declared), "{used} of {declared}");
    }
    let outcome = used.map(|_| ()).map_err(|refusal| refusal.error);
    let is_partial = outcome.is_ok() && refusals(before).is_some();
    match expected {
        Some(Ok(())) => assert_eq!((outcome, is_partial), (Ok(()), false)),
        Some(Err(_)) if is_partial => (),
        Some(refused) => assert_eq!(outcome, refused),
        None => (),
    }
    outcome
}

/// The items that were refused of a batch, as told by an event since the first `seen` ones.
pub fn refusals(seen: usize) -> Option<Vec<(TaskIndex, DispatchError)>> {
    events()
        .into_iter()
        .skip(seen)
        .find_map(|event| match event {
            crate::Event::ItemsRefused { items, .. } => Some(items),
            _ => None,
        })
}

/// Items that were refused for these reasons, as [`refusals`] tells it.
pub fn refused(
    items: impl IntoIterator<Item = (TaskIndex, crate::Error<Test>)>,
) -> Option<Vec<(TaskIndex, DispatchError)>> {
    let items = items.into_iter();
    Some(items.map(|(index, why)| (index, why.into())).collect())
}

/// This pallet's events since the start.
pub fn events() -> Vec<crate::Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Poco(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// What an account could spend, and what it gets back if all calls of its deals are paid by others.
pub fn money_of(who: &AccountId) -> Balance {
    Balances::free_balance(who) + prepaid_by(who)
}

/// What everybody has beside bonds and payments on hold, the treasury included.
pub fn all_money() -> Vec<(AccountId, Balance)> {
    let accounts = everybody().into_iter().chain([TREASURY]);
    accounts.map(|who| (who.clone(), money_of(&who))).collect()
}

/// What the treasury has got so far.
pub fn treasury() -> Balance {
    money_of(&TREASURY) - MILLI_ERG
}

/// What is left of a worker's bond.
pub fn bond_of(number: u8) -> Balance {
    pallet_worker_staking::Bonds::<Test>::get(worker(number))
        .unwrap()
        .amount
}

/// How much of a worker's bond is locked.
pub fn locked_of(number: u8) -> Balance {
    pallet_worker_staking::Bonds::<Test>::get(worker(number))
        .unwrap()
        .locked
}

pub fn score_of(number: u8) -> Score {
    pallet_reputation::Scores::<Test>::get(worker(number))
}

pub fn set_score(number: u8, score: Score) {
    pallet_reputation::Scores::<Test>::insert(worker(number), score);
}

const APP_DIGEST: H256 = H256::repeat_byte(0xa9);
const DATASET_DIGEST: H256 = H256::repeat_byte(0xda);
const POOL_DESCRIPTION: &[u8] = b"Pool of the tests";
const LIST_SALT: H256 = H256::zero();

pub fn app_id() -> AppId {
    pallet_registry::app_id(&provider(), AppKind::Wasm, APP_DIGEST)
}

fn dataset_id() -> DatasetId {
    pallet_registry::dataset_id(&data_owner(), DATASET_DIGEST)
}

pub fn pool_id() -> PoolId {
    pallet_registry::pool_id(&operator(), &POOL_DESCRIPTION.to_vec().try_into().unwrap())
}

fn list_id() -> AccessListId {
    pallet_registry::access_list_id(&operator(), LIST_SALT)
}

fn policy() -> PoolPolicy {
    PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 4,
        access: Access::Private(list_id()),
        scheduling: Scheduling::Open,
    }
}

fn open_shop() {
    assert_ok!(Registry::register_app(
        signed(provider()),
        b"App of the tests".to_vec().try_into().unwrap(),
        AppKind::Wasm,
        APP_DIGEST,
        Default::default(),
        Default::default(),
        Default::default(),
        Default::default(),
    ));
    assert_ok!(Registry::register_dataset(
        signed(data_owner()),
        b"Dataset of the tests".to_vec().try_into().unwrap(),
        DATASET_DIGEST,
        Default::default(),
        Default::default(),
        None,
        Default::default(),
    ));
    let owners: Vec<AccountId> = (0..OWNERS)
        .filter(|number| *number != STRANGER)
        .map(owner)
        .collect();
    assert_ok!(Registry::create_list(
        signed(operator()),
        LIST_SALT,
        owners.try_into().unwrap()
    ));
    assert_ok!(Registry::register_pool(
        signed(operator()),
        POOL_DESCRIPTION.to_vec().try_into().unwrap(),
        AUTHORISER.to_account_id(),
        policy(),
    ));
}

/// The operator lets another key sign for the pool.
pub fn replace_authoriser(authoriser: AccountId) {
    assert_ok!(Registry::set_authoriser(
        signed(operator()),
        pool_id(),
        authoriser
    ));
}

/// Governance says this of the app.
pub fn judge(verdict: Verdict) {
    assert_ok!(Registry::curate_app(
        RuntimeOrigin::root(),
        app_id(),
        verdict
    ));
}

/// Governance finds the app harmful, or takes that back.
pub fn find_harmful(harmful: bool) {
    if Registry::is_harmful(app_id()) == harmful {
        return;
    }
    judge(if harmful {
        Verdict::Revoke { harmful }
    } else {
        Verdict::Clear
    });
}

/// Signature with which a worker shows its owner that it has the key.
pub fn possession(number: u8, owner: &AccountId) -> Signature {
    let text = possession_text(System::block_hash(0), owner);
    worker_pair(number).sign(text.as_bytes()).into()
}

/// Bonds a worker and lets it join the pool.
pub fn hire(number: u8) {
    let who = owner(number);
    let proof = possession(number, &who);
    assert_ok!(WorkerStaking::bond(
        signed(who.clone()),
        worker(number),
        BOND,
        proof
    ));
    assert_ok!(WorkerStaking::join(signed(who), worker(number), pool_id()));
}

/// Terms of a deal to be made.
pub struct Terms {
    workers: u8,
    volume: u32,
    trust: u32,
    app_price: Balance,
    dataset_price: Option<Balance>,
    pool_price: Balance,
    policy: PoolPolicy,
    verification: Verification,
    callback: Option<Vec<u8>>,
    payer: AccountId,
}

/// One task of trust 3 with 4 workers in the pool, at the prices of the protocol's worked example.
pub fn terms() -> Terms {
    Terms {
        workers: 4,
        volume: 1,
        trust: 3,
        app_price: 5 * MILLI_ERG,
        dataset_price: None,
        pool_price: MILLI_ERG,
        policy: policy(),
        verification: Verification::Replication,
        callback: None,
        payer: requester(),
    }
}

impl Terms {
    /// How many workers are hired before the deal is made.
    pub fn workers(self, workers: u8) -> Self {
        Self { workers, ..self }
    }

    pub fn volume(self, volume: u32) -> Self {
        Self { volume, ..self }
    }

    pub fn trust(self, trust: u32) -> Self {
        Self { trust, ..self }
    }

    pub fn pool_price(self, pool_price: Balance) -> Self {
        Self { pool_price, ..self }
    }

    /// The tasks use the dataset, at this price.
    pub fn dataset(self, price: Balance) -> Self {
        Self {
            dataset_price: Some(price),
            ..self
        }
    }

    /// How results are verified.
    pub fn verification(self, verification: Verification) -> Self {
        Self {
            verification,
            ..self
        }
    }

    /// What is to be called when a task has settled.
    pub fn callback(self, callback: Vec<u8>) -> Self {
        Self {
            callback: Some(callback),
            ..self
        }
    }

    /// Who pays for the requester.
    pub fn payer(self, payer: AccountId) -> Self {
        Self { payer, ..self }
    }

    pub fn worker_stake_ratio(mut self, worker_stake_ratio: u8) -> Self {
        self.policy.worker_stake_ratio = worker_stake_ratio;
        self
    }

    /// The pool's authoriser says who contributes.
    pub fn authorised(mut self) -> Self {
        self.policy.scheduling = Scheduling::Authorised;
        self
    }

    /// Every bond owner may join the pool.
    pub fn public(mut self) -> Self {
        self.policy.access = Access::Public;
        self
    }

    /// Gives the pool its policy, hires who is missing, waits a block, and makes the deal.
    pub fn deal(self) -> Scene {
        assert_ok!(Registry::update_pool(
            signed(operator()),
            pool_id(),
            self.policy
        ));
        for number in 0..self.workers {
            if !pallet_worker_staking::Bonds::<Test>::contains_key(worker(number)) {
                hire(number);
            }
        }
        advance(1);
        let salt = H256::from_low_u64_be(System::block_number().into());
        let app = sign(self.app_order(salt), PROVIDER);
        let dataset = self
            .dataset_price
            .map(|price| Box::new(sign(self.dataset_order(price, salt), DATA_OWNER)));
        let pool = sign(self.pool_order(salt), OPERATOR);
        let order = self.request_order(salt);
        let request = Order::from(order.clone()).id(System::block_hash(0));
        let order = sign(order, REQUESTER);
        let caller = signed(self.payer.clone());
        assert_ok!(Market::match_orders(
            caller,
            Box::new(app),
            dataset,
            Box::new(pool),
            Box::new(order)
        ));
        let id = ergon_primitives::deal_id(request, 0);
        Scene {
            id,
            index: 0,
            deal: Market::deal(id).unwrap(),
        }
    }

    fn app_order(&self, salt: H256) -> AppOrder {
        AppOrder {
            app: app_id(),
            price: self.app_price,
            volume: self.volume,
            tag: Tag(0),
            restrict_dataset: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: System::block_number(),
            salt,
        }
    }

    fn dataset_order(&self, price: Balance, salt: H256) -> DatasetOrder {
        DatasetOrder {
            dataset: dataset_id(),
            price,
            volume: self.volume,
            tag: Tag(0),
            restrict_app: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: System::block_number(),
            salt,
        }
    }

    fn pool_order(&self, salt: H256) -> PoolOrder {
        PoolOrder {
            pool: pool_id(),
            price: self.pool_price,
            volume: self.volume,
            tag: Tag(0),
            category: 0,
            trust: MAX_TRUST,
            verifications: vec![self.verification].try_into().unwrap(),
            execution_versions: vec![EXECUTION_VERSION_1].try_into().unwrap(),
            attributes: Default::default(),
            requirements: Default::default(),
            restrict_app: Restriction::Anyone,
            restrict_dataset: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: System::block_number(),
            salt,
        }
    }

    fn request_order(&self, salt: H256) -> RequestOrder {
        RequestOrder {
            app: app_id(),
            max_app_price: MAX_PRICE,
            dataset: self.dataset_price.map(|_| dataset_id()),
            max_dataset_price: MAX_PRICE,
            pool: None,
            max_pool_price: MAX_PRICE,
            requester: requester(),
            payer: self.payer.clone(),
            matcher: None,
            volume: self.volume,
            min_volume: 1,
            tag: Tag(0),
            category: 0,
            trust: self.trust,
            verification: self.verification,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: requester(),
            callback: self.callback.clone().map(|call| call.try_into().unwrap()),
            params: Default::default(),
            approved_only: false,
            requirements: Default::default(),
            valid_until: System::block_number(),
            salt,
        }
    }
}

fn sign<Content: Clone + Into<Order>>(
    order: Content,
    signer: Sr25519Keyring,
) -> SignedOrder<Content> {
    let unsigned: Order = order.clone().into();
    let text = order_text(unsigned.id(System::block_hash(0)));
    let signature = signer.sign(text.as_bytes());
    SignedOrder {
        order,
        signature: Some(signature.into()),
    }
}

/// What a worker found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    pub outcome: Outcome,
    pub trace: H256,
}

/// The app ended well, with outputs number `n`.
pub fn success(n: u8) -> Answer {
    Answer {
        outcome: Outcome::Success(H256::repeat_byte(n)),
        trace: H256::repeat_byte(n),
    }
}

/// The app went wrong.
pub fn fault() -> Answer {
    Answer {
        outcome: Outcome::AppFault(FaultKind::Exit(1)),
        trace: H256::zero(),
    }
}

/// The module could not be had.
pub fn unavailable() -> Answer {
    Answer {
        outcome: Outcome::Unavailable,
        trace: H256::zero(),
    }
}

impl Answer {
    fn digest(&self) -> H256 {
        result_digest(EXECUTION_VERSION_1, &self.outcome, self.trace)
    }
}

/// What worker `number` seals its votes with.
pub fn salt(number: u8) -> H256 {
    H256::repeat_byte(number)
}

/// Where worker `number` keeps its result.
pub fn locator(number: u8) -> ResultLocator {
    vec![number].try_into().unwrap()
}

/// What an authoriser is about to sign.
#[derive(Clone)]
pub struct Grant {
    pub genesis: H256,
    pub worker: AccountId,
    pub deal: DealId,
    pub range: (TaskIndex, TaskIndex),
    pub valid_until: BlockNumber,
}

impl Grant {
    pub fn range(self, first: TaskIndex, last: TaskIndex) -> Self {
        let range = (first, last);
        Self { range, ..self }
    }

    pub fn valid_until(self, valid_until: BlockNumber) -> Self {
        Self {
            valid_until,
            ..self
        }
    }

    pub fn message(&self) -> H256 {
        authorisation_message(
            self.genesis,
            &self.worker,
            self.deal,
            self.range,
            self.valid_until,
        )
    }

    pub fn sign(self, signer: Sr25519Keyring) -> Authorisation {
        let signature = signer.sign(self.message().as_bytes());
        self.signed_with(signature.into())
    }

    pub fn signed_with(self, signature: Signature) -> Authorisation {
        let (first, last) = self.range;
        Authorisation {
            first,
            last,
            valid_until: self.valid_until,
            signature,
        }
    }
}

/// A task of a deal, and what can be done with it.
#[derive(Clone)]
pub struct Scene {
    pub id: DealId,
    pub index: TaskIndex,
    pub deal: Deal,
}

impl Scene {
    /// The same deal's task `index`.
    pub fn at(&self, index: TaskIndex) -> Self {
        Self {
            index,
            ..self.clone()
        }
    }

    pub fn progress(&self) -> DealProgress {
        Progress::<Test>::get(self.id)
    }

    pub fn task(&self) -> Task {
        let page = TaskPages::<Test>::get(self.id, page_of(self.index));
        let record = page.and_then(|page| page.get(self.index).cloned());
        record.unwrap_or_else(|| Task {
            status: self.progress().status_of_untouched(),
            votes: Default::default(),
        })
    }

    pub fn status_of(&self, number: u8) -> VoteStatus {
        self.task().vote_of(&worker(number)).unwrap().status
    }

    pub fn commitment(&self, answer: Answer) -> H256 {
        commitment(self.id, self.index, answer.digest())
    }

    /// A vote for this answer, as the deal wants it.
    pub fn ballot(&self, number: u8, answer: Answer) -> Contribution {
        let (worker, digest) = (worker(number), answer.digest());
        let (id, index) = (self.id, self.index);
        if self.deal.verification.is_sealed() {
            return Contribution {
                index,
                commitment: H256::zero(),
                seal: sealed(&worker, id, index, digest, salt(number)),
            };
        }
        Contribution {
            index,
            commitment: self.commitment(answer),
            seal: seal(&worker, id, index, digest),
        }
    }

    /// Votes for these answers.
    pub fn ballots(
        &self,
        number: u8,
        answers: impl IntoIterator<Item = (TaskIndex, Answer)>,
    ) -> Vec<Contribution> {
        let answers = answers.into_iter();
        answers
            .map(|(index, answer)| self.at(index).ballot(number, answer))
            .collect()
    }

    /// Shows this answer.
    pub fn opening(&self, number: u8, answer: Answer) -> Opening {
        let Answer { outcome, trace } = answer;
        Opening {
            index: self.index,
            outcome,
            trace,
            locator: locator(number),
            inline: vec![number; 3].try_into().unwrap(),
        }
    }

    /// Shows these answers.
    pub fn openings(
        &self,
        number: u8,
        answers: impl IntoIterator<Item = (TaskIndex, Answer)>,
    ) -> Vec<Opening> {
        let answers = answers.into_iter();
        answers
            .map(|(index, answer)| self.at(index).opening(number, answer))
            .collect()
    }

    /// Contributes, in a deal that is scheduled with an authorisation as it should be.
    pub fn contribute(&self, number: u8, answer: Answer) -> DispatchResult {
        self.contribute_with_limit(number, answer, Balance::MAX)
    }

    pub fn contribute_with_limit(
        &self,
        number: u8,
        answer: Answer,
        max_stake: Balance,
    ) -> DispatchResult {
        let ballot = self.ballot(number, answer);
        self.cast(number, ballot, max_stake, self.usual(number))
    }

    /// Contributes with this authorisation or none.
    pub fn contribute_with(
        &self,
        number: u8,
        answer: Answer,
        authorisation: Option<Authorisation>,
    ) -> DispatchResult {
        let ballot = self.ballot(number, answer);
        self.cast(number, ballot, Balance::MAX, authorisation)
    }

    /// Votes like others, without knowing the result.
    pub fn copy(&self, number: u8, answer: Answer) -> DispatchResult {
        let ballot = Contribution {
            seal: H256::zero(),
            ..self.ballot(number, answer)
        };
        self.cast(number, ballot, Balance::MAX, self.usual(number))
    }

    /// Casts this vote, whatever it is.
    pub fn vote(&self, number: u8, ballot: Contribution) -> DispatchResult {
        self.cast(number, ballot, Balance::MAX, self.usual(number))
    }

    fn cast(
        &self,
        number: u8,
        ballot: Contribution,
        max_stake: Balance,
        authorisation: Option<Authorisation>,
    ) -> DispatchResult {
        let call = PocoCall::contribute {
            deal: self.id,
            index: ballot.index,
            commitment: ballot.commitment,
            seal: ballot.seal,
            max_stake,
            authorisation,
        };
        make(worker(number), call)
    }

    fn usual(&self, number: u8) -> Option<Authorisation> {
        let is_scheduled = self.deal.scheduling == Scheduling::Authorised;
        is_scheduled.then(|| self.grant(number).sign(AUTHORISER))
    }

    /// Casts many votes, in a deal that is scheduled with an authorisation for all tasks.
    pub fn contribute_many(&self, number: u8, items: Vec<Contribution>) -> DispatchResult {
        make(worker(number), self.batch_of_votes(number, items, u32::MAX))
    }

    /// The call for it.
    pub fn batch_of_votes(&self, number: u8, items: Vec<Contribution>, max_votes: u32) -> PocoCall {
        let is_scheduled = self.deal.scheduling == Scheduling::Authorised;
        let grant = self.grant(number).range(0, self.deal.volume);
        PocoCall::contribute_many {
            deal: self.id,
            items: items.try_into().unwrap(),
            max_stake: Balance::MAX,
            authorisation: is_scheduled.then(|| grant.sign(AUTHORISER)),
            max_votes,
        }
    }

    /// A permission for this task in this block, to be signed.
    pub fn grant(&self, number: u8) -> Grant {
        Grant {
            genesis: System::block_hash(0),
            worker: worker(number),
            deal: self.id,
            range: (self.index, self.index),
            valid_until: System::block_number(),
        }
    }

    /// The pool's authoriser withdraws what it allowed the worker.
    pub fn revoke(&self, number: u8) -> DispatchResult {
        let origin = signed(AUTHORISER.to_account_id());
        Poco::revoke(origin, self.id, worker(number))
    }

    pub fn reveal(&self, number: u8, answer: Answer) -> DispatchResult {
        let Opening {
            index,
            outcome,
            trace,
            locator,
            inline,
        } = self.opening(number, answer);
        let call = PocoCall::reveal {
            deal: self.id,
            index,
            outcome,
            trace,
            locator,
            inline,
        };
        make(worker(number), call)
    }

    pub fn reveal_many(&self, number: u8, items: Vec<Opening>) -> DispatchResult {
        make(worker(number), self.batch_of_reveals(items, u32::MAX))
    }

    /// The call for it.
    pub fn batch_of_reveals(&self, items: Vec<Opening>, max_votes: u32) -> PocoCall {
        PocoCall::reveal_many {
            deal: self.id,
            items: items.try_into().unwrap(),
            max_votes,
        }
    }

    /// Opens a sealed vote.
    pub fn open(&self, number: u8, answer: Answer) -> DispatchResult {
        self.open_with(number, answer, salt(number))
    }

    pub fn open_with(&self, number: u8, answer: Answer, salt: H256) -> DispatchResult {
        let call = PocoCall::open_sealed {
            deal: self.id,
            result: self.opening(number, answer),
            salt,
        };
        make(worker(number), call)
    }

    /// Settles the task with a result that the pool's authoriser takes.
    pub fn accept(&self, number: u8, answer: Answer) -> DispatchResult {
        let result = self.opening(number, answer);
        let acceptance = self.acceptance(number, std::slice::from_ref(&result));
        self.accept_with(number, answer, acceptance)
    }

    pub fn accept_with(&self, number: u8, answer: Answer, acceptance: Signature) -> DispatchResult {
        let call = PocoCall::contribute_and_finalise {
            deal: self.id,
            result: self.opening(number, answer),
            acceptance,
        };
        make(worker(number), call)
    }

    pub fn accept_many(&self, number: u8, results: Vec<Opening>) -> DispatchResult {
        let call = self.batch_of_results(number, results, u32::MAX);
        make(worker(number), call)
    }

    /// The call for it.
    pub fn batch_of_results(&self, number: u8, results: Vec<Opening>, max_votes: u32) -> PocoCall {
        PocoCall::contribute_and_finalise_many {
            deal: self.id,
            acceptance: self.acceptance(number, &results),
            results: results.try_into().unwrap(),
            max_votes,
        }
    }

    /// The authoriser's word that it takes these results from this worker.
    pub fn acceptance(&self, number: u8, results: &[Opening]) -> Signature {
        let message = self.message_of_acceptance(number, results);
        AUTHORISER.sign(message.as_bytes()).into()
    }

    pub fn message_of_acceptance(&self, number: u8, results: &[Opening]) -> H256 {
        let digest = |result: &Opening| {
            let digest = result_digest(EXECUTION_VERSION_1, &result.outcome, result.trace);
            (result.index, digest)
        };
        let digests: Vec<(TaskIndex, H256)> = results.iter().map(digest).collect();
        acceptance_message(System::block_hash(0), &worker(number), self.id, &digests)
    }

    pub fn finalise(&self) -> DispatchResult {
        self.finalise_as(ANYONE)
    }

    pub fn finalise_as(&self, who: AccountId) -> DispatchResult {
        let (deal, index) = (self.id, self.index);
        make(who, PocoCall::finalise { deal, index })
    }

    pub fn reopen(&self) -> DispatchResult {
        let (deal, index) = (self.id, self.index);
        make(ANYONE, PocoCall::reopen { deal, index })
    }

    pub fn claim(&self) -> DispatchResult {
        let (deal, index) = (self.id, self.index);
        make(ANYONE, PocoCall::claim { deal, index })
    }

    pub fn cancel(&self) -> DispatchResult {
        make(self.deal.payer.clone(), PocoCall::cancel { deal: self.id })
    }

    /// These workers open their votes for this answer.
    pub fn opens(&self, workers: impl IntoIterator<Item = u8>, answer: Answer) -> &Self {
        for number in workers {
            assert_ok!(self.open(number, answer));
        }
        self
    }

    /// These workers give this answer.
    pub fn votes(&self, workers: impl IntoIterator<Item = u8>, answer: Answer) -> &Self {
        for number in workers {
            assert_ok!(self.contribute(number, answer));
        }
        self
    }

    /// These workers reveal this answer.
    pub fn reveals(&self, workers: impl IntoIterator<Item = u8>, answer: Answer) -> &Self {
        for number in workers {
            assert_ok!(self.reveal(number, answer));
        }
        self
    }

    /// Goes to the first block in which reveals of a consensus of this block are overdue.
    pub fn let_reveals_pass(&self) -> &Self {
        advance_to(self.deal.reveal_deadline(System::block_number()));
        self
    }
}
