//! A chain of the real pallets, and verbs to work on it: a pool of workers, deals with them,
//! answers.

use crate as pallet_poco;
use crate::Tasks;
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppKind, AppOrder, Authorisation, Balance, BlockNumber,
    DatasetId, DatasetOrder, Deal, DealId, DealStatus, ERG, EXECUTION_VERSION_1, FaultKind,
    MAX_DURATION, MAX_PRICE, MAX_TRUST, MILLI_ERG, OPERATOR_STAKE_RATIO, Order, Outcome, PoolId,
    PoolOrder, PoolPolicy, RequestOrder, Restriction, ResultLocator, Scheduling, Score, Signature,
    SignedOrder, Tag, Task, TaskIndex, Verification, VoteStatus, authorisation_message, commitment,
    order_text, possession_text, result_digest, seal,
    traits::{Deals, Hubs, Registry as _},
};
use frame_support::{
    assert_ok, derive_impl,
    pallet_prelude::DispatchResult,
    parameter_types,
    traits::{ConstU8, ConstU32, ConstU128, fungible::InspectHold},
};
use frame_system::EnsureRoot;
use pallet_registry::Verdict;
use sp_core::{H256, Pair, ed25519};
use sp_keyring::Sr25519Keyring;
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{BuildStorage, traits::IdentityLookup};
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

impl pallet_poco::Config for Test {
    type Deals = Market;
    type Escrow = Escrow;
    type Registry = Registry;
    type Staking = WorkerStaking;
    type Reputation = Reputation;
    type MinScoredPrice = ConstU128<MIN_SCORED_PRICE>;
    type RetentionPeriod = ConstU32<RETENTION>;
    type WeightInfo = ();
}

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
/// What everybody has at the start.
pub const WEALTH: Balance = 1_000 * ERG;
/// How many bond owners there are; each has one worker, some not hired.
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
    AccountId::new([0x40 + number; 32])
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
    check_locks();
    check_holds();
    assert_eq!(
        Balances::total_issuance(),
        issuance(),
        "nothing is made or lost"
    );
}

/// Each bond's lock is the sum of its live votes' stakes on tasks that have not ended.
fn check_locks() {
    let mut expected: BTreeMap<AccountId, Balance> = BTreeMap::new();
    for (id, _, task) in Tasks::<Test>::iter().filter(|(_, _, task)| !task.has_ended()) {
        let stake = Market::deal(id).unwrap().worker_stake;
        for vote in task
            .votes
            .iter()
            .filter(|vote| vote.status != VoteStatus::Rejected)
        {
            *expected.entry(vote.worker.clone()).or_default() += stake;
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

/// Payer and operator have on hold what their open tasks may cost, and nothing more.
fn check_holds() {
    let (mut payment, mut stake) = (0, 0);
    for (id, deal) in pallet_market::Deals::<Test>::iter() {
        let ended = match Market::status(id) {
            Some(DealStatus::Open) => Tasks::<Test>::iter_prefix_values(id)
                .filter(Task::has_ended)
                .count() as u32,
            _ => deal.volume,
        };
        let open = Balance::from(deal.volume - ended);
        payment += deal.task_price() * open;
        stake += deal.operator_stake * open;
    }
    let payment_reason = pallet_escrow::HoldReason::TaskPayment.into();
    let stake_reason = pallet_escrow::HoldReason::OperatorStake.into();
    assert_eq!(
        Balances::balance_on_hold(&payment_reason, &requester()),
        payment
    );
    assert_eq!(Balances::balance_on_hold(&stake_reason, &operator()), stake);
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

pub fn advance(blocks: BlockNumber) {
    advance_to(System::block_number() + blocks);
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

/// What an account could spend.
pub fn money_of(who: &AccountId) -> Balance {
    Balances::free_balance(who)
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
        let order = SignedOrder {
            order,
            signature: None,
        };
        let caller = signed(requester());
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
            verifications: vec![Verification::Replication].try_into().unwrap(),
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
            payer: requester(),
            matcher: None,
            volume: self.volume,
            min_volume: 1,
            tag: Tag(0),
            category: 0,
            trust: self.trust,
            verification: Verification::Replication,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: requester(),
            callback: None,
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

    pub fn task(&self) -> Task {
        Tasks::<Test>::get(self.id, self.index).unwrap_or_default()
    }

    pub fn status_of(&self, number: u8) -> VoteStatus {
        self.task().vote_of(&worker(number)).unwrap().status
    }

    pub fn commitment(&self, answer: Answer) -> H256 {
        commitment(self.id, self.index, answer.digest())
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
        let seal = self.seal(number, answer);
        self.cast(number, answer, seal, max_stake, self.usual(number))
    }

    /// Contributes with this authorisation or none.
    pub fn contribute_with(
        &self,
        number: u8,
        answer: Answer,
        authorisation: Option<Authorisation>,
    ) -> DispatchResult {
        let seal = self.seal(number, answer);
        self.cast(number, answer, seal, Balance::MAX, authorisation)
    }

    /// Votes like others, without knowing the result.
    pub fn copy(&self, number: u8, answer: Answer) -> DispatchResult {
        let authorisation = self.usual(number);
        self.cast(number, answer, H256::zero(), Balance::MAX, authorisation)
    }

    fn seal(&self, number: u8, answer: Answer) -> H256 {
        seal(&worker(number), self.id, self.index, answer.digest())
    }

    fn cast(
        &self,
        number: u8,
        answer: Answer,
        seal: H256,
        max_stake: Balance,
        authorisation: Option<Authorisation>,
    ) -> DispatchResult {
        Poco::contribute(
            signed(worker(number)),
            self.id,
            self.index,
            self.commitment(answer),
            seal,
            max_stake,
            authorisation,
        )
    }

    fn usual(&self, number: u8) -> Option<Authorisation> {
        let is_scheduled = self.deal.scheduling == Scheduling::Authorised;
        is_scheduled.then(|| self.grant(number).sign(AUTHORISER))
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
        let Answer { outcome, trace } = answer;
        let (locator, inline) = (locator(number), vec![number; 3].try_into().unwrap());
        let origin = signed(worker(number));
        Poco::reveal(origin, self.id, self.index, outcome, trace, locator, inline)
    }

    pub fn finalise(&self) -> DispatchResult {
        Poco::finalise(signed(ANYONE), self.id, self.index)
    }

    pub fn reopen(&self) -> DispatchResult {
        Poco::reopen(signed(ANYONE), self.id, self.index)
    }

    pub fn claim(&self) -> DispatchResult {
        Poco::claim(signed(ANYONE), self.id, self.index)
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
