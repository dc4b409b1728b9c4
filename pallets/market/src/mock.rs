//! A runtime with balances and the market, between a registry and an escrow that only record.

use crate as pallet_market;
use crate::{Event, OpenDeals};
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppOrder, AppTerms, Balance, BlockNumber, CategoryId,
    CategoryTerms, Deal, DealId, DealOrders, ERG, EXECUTION_VERSION_1, MILLI_ERG, Order, OrderId,
    PoolId, PoolOrder, PoolPolicy, PoolTerms, RequestOrder, Restriction, Scheduling, Signature,
    SignedOrder, Tag, deal_id, order_text,
    traits::{Ending, Escrow, Funding, Registry, Settlement},
};
use frame_support::{
    derive_impl,
    pallet_prelude::{ConstU32, DispatchError, DispatchResult, Get},
    traits::{ConstU128, fungible::InspectHold},
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
    type FundFeeRatio = FundFee;
    type WeightInfo = ();
}

pub const APP_OWNER: Keyring = Keyring::Alice;
pub const OPERATOR: Keyring = Keyring::Bob;
pub const REQUESTER: Keyring = Keyring::Charlie;
pub const SPONSOR: Keyring = Keyring::Dave;
pub const ANYONE: Keyring = Keyring::Eve;
pub const STRANGER: Keyring = Keyring::Ferdie;
const EVERYONE: [Keyring; 6] = [APP_OWNER, OPERATOR, REQUESTER, SPONSOR, ANYONE, STRANGER];

pub const APP: AppId = AppId(H256([1; 32]));
pub const OTHER_APP: AppId = AppId(H256([2; 32]));
pub const POOL: PoolId = PoolId(H256([3; 32]));
pub const OTHER_POOL: PoolId = PoolId(H256([4; 32]));
pub const LIST: AccessListId = AccessListId(H256([5; 32]));
pub const CATEGORY: CategoryId = 0;
pub const OTHER_CATEGORY: CategoryId = 1;
pub const WORK_TIME: BlockNumber = 20;
/// Half of the standard request, whose deal is therefore widened twice.
pub const PARALLELISM: u32 = 5;
pub const APP_PRICE: Balance = 1_000;
pub const POOL_PRICE: Balance = 10_000;
pub const ENDOWMENT: Balance = 1_000 * ERG;

/// What the fakes know and what they were told.
#[derive(Default)]
pub struct World {
    pub apps: BTreeMap<AppId, AccountId>,
    pub pools: BTreeMap<PoolId, PoolTerms>,
    pub categories: BTreeMap<CategoryId, BlockNumber>,
    pub lists: BTreeMap<AccessListId, BTreeSet<AccountId>>,
    pub retained: Vec<(AppId, PoolId)>,
    pub funded: Vec<(DealId, Funding)>,
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
            pools: [POOL, OTHER_POOL].map(|id| (id, pool(OPERATOR))).into(),
            categories: [(CATEGORY, WORK_TIME), (OTHER_CATEGORY, 2 * WORK_TIME)].into(),
            lists: [(LIST, BTreeSet::new())].into(),
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
}

/// A registry of what [`World`] contains.
pub struct FakeRegistry;

impl Registry for FakeRegistry {
    fn app(id: AppId) -> Option<AppTerms> {
        world(|world| world.apps.get(&id).cloned()).map(|owner| AppTerms { owner })
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
        let Access::Private(list) = Self::pool(pool)?.policy.access;
        Some(Self::admits(list, owner))
    }

    fn retain(app: AppId, pool: PoolId) {
        world(|world| world.retained.push((app, pool)));
    }

    fn release(app: AppId, pool: PoolId) {
        world(|world| {
            let kept = world
                .retained
                .iter()
                .position(|entry| *entry == (app, pool));
            world
                .retained
                .swap_remove(kept.expect("released what was not retained"));
        });
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(owner: &AccountId) -> AppId {
        world(|world| {
            let id = AppId(H256::from_low_u64_be(world.apps.len() as u64));
            world.apps.insert(id, owner.clone());
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
                scheduling: Scheduling::Open,
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
    fn benchmark_category(work_time: BlockNumber) -> CategoryId {
        world(|world| {
            let id = world.categories.len() as CategoryId;
            world.categories.insert(id, work_time);
            id
        })
    }
}

/// An escrow that holds nothing, but remembers what it was asked to hold.
pub struct FakeEscrow;

impl Escrow for FakeEscrow {
    type Credit = Balance;

    fn open(deal: DealId, funding: &Funding) -> DispatchResult {
        world(|world| {
            if world.escrow_refuses {
                return Err(ESCROW_REFUSAL);
            }
            world.funded.push((deal, funding.clone()));
            Ok(())
        })
    }

    fn settle(_: DealId, _: &Deal, _: &Ending, _: Balance) -> Settlement {
        unreachable!("the market settles nothing")
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

/// What the escrow answers when [`World::escrow_refuses`].
pub const ESCROW_REFUSAL: DispatchError = DispatchError::Token(TokenError::FundsUnavailable);

/// Three orders that fit, to be changed by a test.
#[derive(Clone)]
pub struct Drafts {
    pub app: AppOrder,
    pub pool: PoolOrder,
    pub request: RequestOrder,
}

/// The three orders with their signatures, if any.
#[derive(Clone)]
pub struct Trio {
    pub app: SignedOrder<AppOrder>,
    pub pool: SignedOrder<PoolOrder>,
    pub request: SignedOrder<RequestOrder>,
}

/// The standard orders: 10 tasks are wanted, 50 offered by the pool, 100 by the app.
pub fn drafts() -> Drafts {
    Drafts {
        app: AppOrder {
            app: APP,
            price: APP_PRICE,
            volume: 100,
            tag: Tag(0b0010),
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: 1_000,
            salt: H256::zero(),
        },
        pool: PoolOrder {
            pool: POOL,
            price: POOL_PRICE,
            volume: 50,
            tag: Tag(0b1110),
            category: CATEGORY,
            trust: 10,
            execution_versions: versions(&[EXECUTION_VERSION_1]),
            restrict_app: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: 2_000,
            salt: H256::zero(),
        },
        request: RequestOrder {
            app: APP,
            max_app_price: 2 * APP_PRICE,
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
            execution_version: EXECUTION_VERSION_1,
            max_duration: 10_000,
            beneficiary: STRANGER.to_account_id(),
            params: BoundedVec::truncate_from(b"{}".to_vec()),
            valid_until: 3_000,
            salt: H256::zero(),
        },
    }
}

/// The standard orders after a change.
pub fn drafts_with(change: impl FnOnce(&mut Drafts)) -> Drafts {
    let mut drafts = drafts();
    change(&mut drafts);
    drafts
}

pub fn versions<const MOST: u32>(list: &[u32]) -> BoundedVec<u32, ConstU32<MOST>> {
    BoundedVec::truncate_from(list.to_vec())
}

impl Drafts {
    pub fn ids(&self) -> DealOrders {
        DealOrders {
            app: id_of(self.app.clone()),
            pool: id_of(self.pool.clone()),
            request: id_of(self.request.clone()),
        }
    }

    /// Id of the deal that they make when so many tasks were consumed before.
    pub fn deal_id(&self, consumed: u32) -> DealId {
        deal_id(self.ids().request, consumed)
    }

    pub fn unsigned(&self) -> Trio {
        Trio {
            app: SignedOrder {
                order: self.app.clone(),
                signature: None,
            },
            pool: SignedOrder {
                order: self.pool.clone(),
                signature: None,
            },
            request: SignedOrder {
                order: self.request.clone(),
                signature: None,
            },
        }
    }

    /// Signed by app owner, operator and requester.
    pub fn signed(&self) -> Trio {
        let (ids, mut trio) = (self.ids(), self.unsigned());
        trio.app.signature = Some(signature(APP_OWNER, ids.app));
        trio.pool.signature = Some(signature(OPERATOR, ids.pool));
        trio.request.signature = Some(signature(REQUESTER, ids.request));
        trio
    }

    /// Signed by all and matched.
    pub fn matched_by(&self, caller: Keyring) -> DispatchResult {
        self.signed().matched_by(caller)
    }
}

impl Trio {
    pub fn matched_by(self, caller: Keyring) -> DispatchResult {
        let Self { app, pool, request } = self;
        Market::match_orders(
            signed(caller),
            Box::new(app),
            Box::new(pool),
            Box::new(request),
        )
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
