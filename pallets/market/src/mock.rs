//! A runtime with balances and the market, between a registry and an escrow that only record.

use crate as pallet_market;
use crate::{Event, OpenDeals};
use ergon_matchmaking::{Ad, Expression};
use ergon_primitives::{
    Access, AccessListId, AccountId, Advertisement, AllowedApps, AppId, AppKind, AppOrder,
    AppTerms, Balance, BlockNumber, CategoryId, CategoryTerms, Curation, DatasetId, DatasetOrder,
    DatasetTerms, Deal, DealEntries, DealId, DealOrders, ERG, EXECUTION_VERSION_1, MAX_DURATION,
    MILLI_ERG, MatchReport, OPERATOR_STAKE_RATIO, Order, OrderId, PoolId, PoolOrder, PoolPolicy,
    PoolTerms, RequestOrder, Requirements, Restriction, Scheduling, Signature, SignedOrder, Tag,
    Verification, Verifications, deal_id, order_text,
    traits::{
        EndedTask, Escrow, Funding, Hubs, Registry, Remaining, Settlement, SettlementPrices,
        Shortage, Tasks, UntouchedEnd,
    },
    write_attributes, write_requirements,
};
use frame_support::{
    derive_impl,
    pallet_prelude::{ConstU32, DispatchError, DispatchResult, Get},
    traits::{ConstU8, ConstU128, fungible::InspectHold},
};
use sp_core::H256;
use sp_keyring::Sr25519Keyring as Keyring;
use sp_runtime::{BoundedVec, BuildStorage, TokenError, traits::IdentityLookup};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

type Block = frame_system::mocking::MockBlockU32<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Market: pallet_market,
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

/// Not 0, so that a deal shows where its fee comes from.
pub const FUND_FEE_RATIO: u8 = 2;

pub struct FundFee;
impl Get<u8> for FundFee {
    fn get() -> u8 {
        FUND_FEE_RATIO
    }
}

impl pallet_market::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Registry = FakeRegistry;
    type Escrow = FakeEscrow;
    type Hubs = FakeHubs;
    type Tasks = FakeTasks;
    type SettlementPrices = FakePrices;
    type FundFeeRatio = FundFee;
    type OperatorStakeRatio = ConstU8<OPERATOR_STAKE_RATIO>;
    type MaxDuration = ConstU32<MAX_DURATION>;
    type WeightInfo = ();
}

pub const APP_OWNER: Keyring = Keyring::Alice;
pub const OPERATOR: Keyring = Keyring::Bob;
pub const REQUESTER: Keyring = Keyring::Charlie;
pub const SPONSOR: Keyring = Keyring::Dave;
pub const ANYONE: Keyring = Keyring::Eve;
pub const STRANGER: Keyring = Keyring::Ferdie;
pub const DATASET_OWNER: Keyring = Keyring::AliceStash;
const EVERYONE: [Keyring; 7] = [
    APP_OWNER,
    OPERATOR,
    REQUESTER,
    SPONSOR,
    ANYONE,
    STRANGER,
    DATASET_OWNER,
];

pub const APP: AppId = AppId(H256([1; 32]));
pub const OTHER_APP: AppId = AppId(H256([2; 32]));
pub const POOL: PoolId = PoolId(H256([3; 32]));
pub const OTHER_POOL: PoolId = PoolId(H256([4; 32]));
pub const LIST: AccessListId = AccessListId(H256([5; 32]));
pub const DATASET: DatasetId = DatasetId(H256([6; 32]));
pub const OTHER_DATASET: DatasetId = DatasetId(H256([7; 32]));
pub const CATEGORY: CategoryId = 0;
pub const OTHER_CATEGORY: CategoryId = 1;
pub const WORK_TIME: BlockNumber = 20;
/// Half of the standard request, whose deal is therefore widened twice.
pub const PARALLELISM: u32 = 5;
pub const APP_PRICE: Balance = 1_000;
pub const DATASET_PRICE: Balance = 500;
pub const POOL_PRICE: Balance = 10_000;
/// What the calls of a task cost for each of its votes.
pub const PRICE_OF_VOTE: Balance = 7;
/// What a callback costs.
pub const PRICE_OF_CALLBACK: Balance = 1_100;
/// What the calls of a task of the standard request cost: trust 4 needs 2 votes, 2 more are spare.
pub const PRICE_OF_CALLS: Balance = 4 * PRICE_OF_VOTE;
pub const ENDOWMENT: Balance = 1_000 * ERG;

/// What the fakes know and what they were told.
#[derive(Default)]
pub struct World {
    /// The owners of the apps.
    pub apps: BTreeMap<AppId, AccountId>,
    /// The kinds of the apps that are no WebAssembly modules.
    pub kinds: BTreeMap<AppId, AppKind>,
    /// What governance says of apps.
    pub curations: BTreeMap<AppId, Curation>,
    /// What apps demand, if anything.
    pub requirements: BTreeMap<AppId, Requirements>,
    /// The owners of the datasets.
    pub datasets: BTreeMap<DatasetId, AccountId>,
    /// The apps that may read a dataset, when not all may.
    pub allowed_apps: BTreeMap<DatasetId, AllowedApps>,
    pub pools: BTreeMap<PoolId, PoolTerms>,
    /// The authorisers of pools that are not their owners.
    pub authorisers: BTreeMap<PoolId, AccountId>,
    pub categories: BTreeMap<CategoryId, BlockNumber>,
    pub lists: BTreeMap<AccessListId, BTreeSet<AccountId>>,
    pub retained: Vec<DealEntries>,
    pub funded: Vec<(DealId, Funding)>,
    /// The deals that Proof-of-Contribution was told of.
    pub opened: Vec<(DealId, Deal)>,
    /// What the calls of a task cost for each of its votes.
    pub price_of_vote: Balance,
    /// Who lacks money for any deal.
    pub shortage: Shortage,
    /// Pools whose hub is not registered.
    pub unmatchable: BTreeSet<PoolId>,
    /// Whether the escrow refuses although nobody alone lacks money.
    pub escrow_refuses: bool,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

/// Looks at the fakes, or changes them.
pub fn world<R>(look: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with(|world| look(&mut world.borrow_mut()))
}

impl World {
    fn standard() -> Self {
        let pool = |owner: Keyring| PoolTerms {
            owner: owner.to_account_id(),
            policy: PoolPolicy {
                worker_stake_ratio: 40,
                operator_reward_ratio: 3,
                parallelism: PARALLELISM,
                access: Access::Private(LIST),
                scheduling: Scheduling::Open,
            },
        };
        Self {
            apps: [APP, OTHER_APP]
                .map(|id| (id, APP_OWNER.to_account_id()))
                .into(),
            datasets: [DATASET, OTHER_DATASET]
                .map(|id| (id, DATASET_OWNER.to_account_id()))
                .into(),
            pools: [POOL, OTHER_POOL].map(|id| (id, pool(OPERATOR))).into(),
            categories: [(CATEGORY, WORK_TIME), (OTHER_CATEGORY, 2 * WORK_TIME)].into(),
            lists: [(LIST, BTreeSet::new())].into(),
            price_of_vote: PRICE_OF_VOTE,
            ..Self::default()
        }
    }

    /// Puts an account on [`LIST`].
    pub fn list(&mut self, who: Keyring) {
        self.lists
            .entry(LIST)
            .or_default()
            .insert(who.to_account_id());
    }

    /// Takes an account off [`LIST`].
    pub fn unlist(&mut self, who: Keyring) {
        if let Some(members) = self.lists.get_mut(&LIST) {
            members.remove(&who.to_account_id());
        }
    }
}

/// A registry of what [`World`] contains.
pub struct FakeRegistry;

impl Registry for FakeRegistry {
    fn app(id: AppId) -> Option<AppTerms> {
        world(|world| {
            Some(AppTerms {
                owner: world.apps.get(&id).cloned()?,
                kind: world.kinds.get(&id).copied().unwrap_or(AppKind::Wasm),
                curation: world.curations.get(&id).copied(),
                requirements: world.requirements.get(&id).cloned().unwrap_or_default(),
            })
        })
    }

    fn dataset(id: DatasetId) -> Option<DatasetTerms> {
        world(|world| {
            Some(DatasetTerms {
                owner: world.datasets.get(&id).cloned()?,
                allowed_apps: world.allowed_apps.get(&id).cloned().unwrap_or_default(),
            })
        })
    }

    fn pool(id: PoolId) -> Option<PoolTerms> {
        world(|world| world.pools.get(&id).cloned())
    }

    fn category(id: CategoryId) -> Option<CategoryTerms> {
        let work_time = world(|world| world.categories.get(&id).copied())?;
        Some(CategoryTerms { id, work_time })
    }

    fn admits(list: AccessListId, who: &AccountId) -> bool {
        world(|world| {
            world
                .lists
                .get(&list)
                .is_some_and(|members| members.contains(who))
        })
    }

    fn admits_worker(pool: PoolId, owner: &AccountId) -> Option<bool> {
        Some(match Self::pool(pool)?.policy.access {
            Access::Public => true,
            Access::Private(list) => Self::admits(list, owner),
        })
    }

    fn authoriser(pool: PoolId) -> Option<AccountId> {
        let owner = Self::pool(pool)?.owner;
        Some(world(|world| {
            world.authorisers.get(&pool).cloned().unwrap_or(owner)
        }))
    }

    fn is_harmful(app: AppId) -> bool {
        let curation = world(|world| world.curations.get(&app).copied());
        matches!(curation, Some(Curation::Revoked { harmful: true }))
    }

    fn retain(entries: DealEntries) {
        world(|world| world.retained.push(entries));
    }

    fn release(entries: DealEntries) {
        world(|world| {
            let kept = world.retained.iter().position(|kept| *kept == entries);
            world
                .retained
                .swap_remove(kept.expect("released what was not retained"));
        });
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(owner: &AccountId, requirements: Requirements) -> AppId {
        world(|world| {
            let id = AppId(H256::from_low_u64_be(world.apps.len() as u64));
            world.apps.insert(id, owner.clone());
            world.requirements.insert(id, requirements);
            id
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_dataset(owner: &AccountId, app: AppId) -> DatasetId {
        world(|world| {
            let id = DatasetId(H256::from_low_u64_be(world.datasets.len() as u64));
            world.datasets.insert(id, owner.clone());
            let mut allowed = vec![OTHER_APP; AllowedApps::bound()];
            allowed[0] = app;
            world
                .allowed_apps
                .insert(id, BoundedVec::truncate_from(allowed));
            id
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId, workers: &[AccountId]) -> PoolId {
        world(|world| {
            let id = PoolId(H256::from_low_u64_be(world.pools.len() as u64));
            let list = AccessListId(id.0);
            world.lists.insert(list, workers.iter().cloned().collect());
            let policy = PoolPolicy {
                worker_stake_ratio: 30,
                operator_reward_ratio: 1,
                parallelism: 1,
                access: Access::Private(list),
                scheduling: Scheduling::Authorised,
            };
            world.pools.insert(
                id,
                PoolTerms {
                    owner: owner.clone(),
                    policy,
                },
            );
            id
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_authoriser(pool: PoolId, authoriser: &AccountId) {
        world(|world| world.authorisers.insert(pool, authoriser.clone()));
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_harmful(app: AppId) {
        let harmful = Curation::Revoked { harmful: true };
        world(|world| world.curations.insert(app, harmful));
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_category(work_time: BlockNumber) -> CategoryId {
        world(|world| {
            let id = world.categories.len() as CategoryId;
            world.categories.insert(id, work_time);
            id
        })
    }
}

/// Hubs of which only this is known: they keep the pools of [`World::unmatchable`] from deals.
pub struct FakeHubs;

impl Hubs for FakeHubs {
    fn is_barred(_: &AccountId) -> bool {
        unreachable!("the market bars nobody")
    }

    fn is_matchable(pool: PoolId) -> bool {
        world(|world| !world.unmatchable.contains(&pool))
    }

    fn wallet(_: PoolId, _: &AccountId) -> Option<AccountId> {
        unreachable!("the market pays nobody")
    }
}

/// An escrow that holds nothing, but remembers what it was asked to hold.
pub struct FakeEscrow;

impl Escrow for FakeEscrow {
    type Credit = Balance;

    fn shortage(_: &Funding) -> Shortage {
        world(|world| world.shortage)
    }

    fn open(deal: DealId, funding: &Funding) -> DispatchResult {
        world(|world| {
            if world.escrow_refuses {
                return Err(ESCROW_REFUSAL);
            }
            assert_eq!(world.shortage, Shortage::default());
            world.funded.push((deal, funding.clone()));
            Ok(())
        })
    }

    fn settle(_: DealId, _: &Deal, _: &[EndedTask], _: Balance) -> (Vec<Settlement>, Remaining) {
        unreachable!("the market settles nothing")
    }

    fn settle_untouched(_: DealId, _: &Deal, _: u32, _: UntouchedEnd) -> (Settlement, Remaining) {
        unreachable!("the market settles nothing")
    }

    fn close(_: DealId, _: Balance) {
        unreachable!("the market closes nothing")
    }

    fn give_to_treasury(_: Balance) {
        unreachable!("the market gives nothing")
    }

    fn nothing() -> Balance {
        0
    }

    fn merge(sum: Balance, more: Balance) -> Balance {
        sum + more
    }

    fn amount(credit: &Balance) -> Balance {
        *credit
    }
}

/// A Proof-of-Contribution that remembers which deals were made.
pub struct FakeTasks;

impl Tasks for FakeTasks {
    fn open(deal: DealId, terms: &Deal) {
        assert_eq!(crate::Deals::<Test>::get(deal).as_ref(), Some(terms));
        world(|world| world.opened.push((deal, terms.clone())));
    }
}

/// Prices per vote, and one for the callback.
pub struct FakePrices;

impl SettlementPrices for FakePrices {
    fn per_task(votes: u32, callback: bool) -> Balance {
        let price = world(|world| world.price_of_vote);
        let callback = if callback { PRICE_OF_CALLBACK } else { 0 };
        price.saturating_mul(votes.into()).saturating_add(callback)
    }
}

/// What the escrow answers when [`World::escrow_refuses`].
pub const ESCROW_REFUSAL: DispatchError = DispatchError::Token(TokenError::FundsUnavailable);

/// Orders that fit, to be changed by a test.
#[derive(Clone, Debug)]
pub struct Drafts {
    pub app: AppOrder,
    pub dataset: Option<DatasetOrder>,
    pub pool: PoolOrder,
    pub request: RequestOrder,
}

/// The orders with their signatures, if any.
#[derive(Clone, Debug)]
pub struct SignedDrafts {
    pub app: SignedOrder<AppOrder>,
    pub dataset: Option<SignedOrder<DatasetOrder>>,
    pub pool: SignedOrder<PoolOrder>,
    pub request: SignedOrder<RequestOrder>,
}

/// The standard orders, without dataset: 10 tasks are wanted, 50 offered by the pool, 100 by the
/// app.
pub fn drafts() -> Drafts {
    Drafts {
        app: AppOrder {
            app: APP,
            price: APP_PRICE,
            volume: 100,
            tag: Tag(0b0010),
            restrict_dataset: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: 1_000,
            salt: H256::zero(),
        },
        dataset: None,
        pool: PoolOrder {
            pool: POOL,
            price: POOL_PRICE,
            volume: 50,
            tag: Tag(0b1110),
            category: CATEGORY,
            trust: 10,
            verifications: replication(),
            execution_versions: versions(&[EXECUTION_VERSION_1]),
            attributes: Advertisement::default(),
            requirements: Requirements::default(),
            restrict_app: Restriction::Anyone,
            restrict_dataset: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: 2_000,
            salt: H256::zero(),
        },
        request: RequestOrder {
            app: APP,
            max_app_price: 2 * APP_PRICE,
            dataset: None,
            max_dataset_price: 0,
            pool: None,
            max_pool_price: 2 * POOL_PRICE,
            requester: REQUESTER.to_account_id(),
            payer: REQUESTER.to_account_id(),
            matcher: None,
            volume: 10,
            min_volume: 1,
            tag: Tag(0b0100),
            category: CATEGORY,
            trust: 4,
            verification: Verification::Replication,
            execution_version: EXECUTION_VERSION_1,
            max_duration: 10_000,
            beneficiary: STRANGER.to_account_id(),
            callback: None,
            params: BoundedVec::truncate_from(b"{}".to_vec()),
            approved_only: false,
            requirements: Requirements::default(),
            valid_until: 3_000,
            salt: H256::zero(),
        },
    }
}

/// The standard offer of a dataset, for 80 tasks.
pub fn dataset_order() -> DatasetOrder {
    DatasetOrder {
        dataset: DATASET,
        price: DATASET_PRICE,
        volume: 80,
        tag: Tag(0b1000),
        restrict_app: Restriction::Anyone,
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: 1_500,
        salt: H256::zero(),
    }
}

/// The standard orders, with a dataset.
pub fn dataset_drafts() -> Drafts {
    drafts_with(|drafts| {
        drafts.dataset = Some(dataset_order());
        drafts.request.dataset = Some(DATASET);
        drafts.request.max_dataset_price = 2 * DATASET_PRICE;
    })
}

/// The standard orders, without dataset, after a change.
pub fn drafts_with(change: impl FnOnce(&mut Drafts)) -> Drafts {
    let mut drafts = drafts();
    change(&mut drafts);
    drafts
}

pub fn versions<const MOST: u32>(list: &[u32]) -> BoundedVec<u32, ConstU32<MOST>> {
    BoundedVec::truncate_from(list.to_vec())
}

pub fn replication() -> Verifications {
    BoundedVec::truncate_from(vec![Verification::Replication])
}

/// The form of a text of the matchmaking language.
pub fn requirements(text: &str) -> Requirements {
    write_requirements(&Expression::parse(text).expect("requirements of a test parse"))
}

/// The form of an advertisement, such as `[ cpus = 8 ]`.
pub fn attributes(text: &str) -> Advertisement {
    write_attributes(&Ad::parse(text).expect("attributes of a test parse"))
}

/// Bytes that are the form of nothing.
pub fn garbage<const MOST: u32>() -> BoundedVec<u8, ConstU32<MOST>> {
    BoundedVec::truncate_from(vec![0xff; 7])
}

impl Drafts {
    pub fn ids(&self) -> DealOrders {
        DealOrders {
            app: id_of(self.app.clone()),
            dataset: self.dataset.clone().map(id_of),
            pool: id_of(self.pool.clone()),
            request: id_of(self.request.clone()),
        }
    }

    /// Id of the deal that they make when so many tasks were consumed before.
    pub fn deal_id(&self, consumed: u32) -> DealId {
        deal_id(self.ids().request, consumed)
    }

    pub fn unsigned(&self) -> SignedDrafts {
        SignedDrafts {
            app: unsigned(self.app.clone()),
            dataset: self.dataset.clone().map(unsigned),
            pool: unsigned(self.pool.clone()),
            request: unsigned(self.request.clone()),
        }
    }

    /// Signed by app owner, dataset owner, operator and requester.
    pub fn signed(&self) -> SignedDrafts {
        let (ids, mut all) = (self.ids(), self.unsigned());
        all.app.signature = Some(signature(APP_OWNER, ids.app));
        if let Some(dataset) = &mut all.dataset {
            dataset.signature = ids.dataset.map(|id| signature(DATASET_OWNER, id));
        }
        all.pool.signature = Some(signature(OPERATOR, ids.pool));
        all.request.signature = Some(signature(REQUESTER, ids.request));
        all
    }

    /// Signed by all and matched.
    pub fn matched_by(&self, caller: Keyring) -> DispatchResult {
        self.signed().matched_by(caller)
    }

    /// Publishes every order by its owner.
    pub fn publish_all(&self) -> DispatchResult {
        publish(APP_OWNER, self.app.clone())?;
        if let Some(dataset) = &self.dataset {
            publish(DATASET_OWNER, dataset.clone())?;
        }
        publish(OPERATOR, self.pool.clone())?;
        publish(REQUESTER, self.request.clone())
    }
}

impl SignedDrafts {
    pub fn matched_by(self, caller: Keyring) -> DispatchResult {
        Market::match_orders(
            signed(caller),
            Box::new(self.app),
            self.dataset.map(Box::new),
            Box::new(self.pool),
            Box::new(self.request),
        )
    }

    /// What stands against a match by this account.
    pub fn reported_to(&self, caller: Keyring) -> MatchReport {
        Market::report(
            &caller.to_account_id(),
            &self.app,
            self.dataset.as_ref(),
            &self.pool,
            &self.request,
        )
    }
}

fn unsigned<Content>(order: Content) -> SignedOrder<Content> {
    SignedOrder {
        order,
        signature: None,
    }
}

pub fn signed(who: Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

pub fn id_of(order: impl Into<Order>) -> OrderId {
    Market::order_id(&order.into())
}

pub fn signature(who: Keyring, id: OrderId) -> Signature {
    who.sign(order_text(id).as_bytes()).into()
}

pub fn publish(who: Keyring, order: impl Into<Order>) -> DispatchResult {
    Market::publish(signed(who), Box::new(order.into()))
}

pub fn close(who: Keyring, order: impl Into<Order>) -> DispatchResult {
    Market::close(signed(who), Box::new(order.into()))
}

pub fn prune(orders: &[OrderId]) -> DispatchResult {
    Market::prune(signed(ANYONE), BoundedVec::truncate_from(orders.to_vec()))
}

pub fn advance_to(block: BlockNumber) {
    System::set_block_number(block);
}

pub fn held(reason: crate::HoldReason, who: Keyring) -> Balance {
    Balances::balance_on_hold(&reason.into(), &who.to_account_id())
}

pub fn assert_announced(event: Event<Test>) {
    System::assert_last_event(event.into());
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    world(|world| *world = World::standard());
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: EVERYONE
            .map(|who| (who.to_account_id(), ENDOWMENT))
            .to_vec(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| advance_to(1));
    ext
}

/// The invariants, and that the registry keeps one reference for each open deal.
pub fn check_invariants() {
    Market::do_try_state().unwrap();
    assert_eq!(
        world(|world| world.retained.len()),
        OpenDeals::<Test>::iter().count()
    );
}

/// Runs a test in a fresh world and checks the invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        check_invariants();
    });
}
