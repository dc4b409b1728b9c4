//! The orders that a sequence plays with, and what can be said of them without the chain.

use super::world::*;
use ergon_matchmaking::{Ad, Expression};
use ergon_primitives::{
    AccessListId, Advertisement, AllowedApps, AppId, AppKind, AppOrder, Balance, DatasetId,
    DatasetOrder, Description, EXECUTION_VERSION_1, MILLI_ERG, Order, PoolId, PoolOrder,
    RequestOrder, Requirements, Restriction, Tag, Verification, write_attributes,
    write_requirements,
};
use pallet_registry::{access_list_id, app_id, dataset_id, pool_id};
use proptest::prelude::*;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// Orders of each type.
pub const EACH: usize = 4;
/// Apps, datasets and pools, of each.
pub const ENTRIES: usize = 2;

pub fn digest(entry: usize) -> H256 {
    H256::repeat_byte(entry as u8 + 1)
}

pub fn app(entry: usize) -> AppId {
    app_id(&account(APP_OWNER), AppKind::Wasm, digest(entry))
}

pub fn dataset(entry: usize) -> DatasetId {
    dataset_id(&account(DATASET_OWNER), digest(entry))
}

pub fn pool_description(entry: usize) -> Description {
    BoundedVec::truncate_from(vec![b'p'; entry + 1])
}

pub fn pool(entry: usize) -> PoolId {
    pool_id(&account(OPERATOR), &pool_description(entry))
}

/// The one list there is.
pub fn list() -> AccessListId {
    access_list_id(&account(OTHER), H256::zero())
}

/// The second dataset is for the first app alone.
pub fn allowed_apps(dataset: usize) -> AllowedApps {
    match dataset {
        0 => AllowedApps::default(),
        _ => AllowedApps::truncate_from(vec![app(0)]),
    }
}

/// What somebody demands of the other side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Demand {
    Nothing,
    /// Of a pool.
    Memory(i64),
    /// Of a pool.
    Parallelism(u32),
    /// Of a request.
    TrustAtMost(u32),
    /// Of a request.
    VolumeAtLeast(u32),
}

impl Demand {
    /// The demand in the matchmaking language.
    pub fn form(self) -> Requirements {
        let text = match self {
            Demand::Nothing => return Requirements::default(),
            Demand::Memory(least) => format!("TARGET.memory >= {least}"),
            Demand::Parallelism(least) => format!("TARGET.parallelism >= {least}"),
            Demand::TrustAtMost(most) => format!("TARGET.trust <= {most}"),
            Demand::VolumeAtLeast(least) => format!("TARGET.volume >= {least} && true"),
        };
        write_requirements(&Expression::parse(&text).expect("the demand is a plain comparison"))
    }
}

/// The second app demands memory.
pub fn app_demand(entry: usize) -> Demand {
    match entry {
        0 => Demand::Nothing,
        _ => Demand::Memory(4),
    }
}

/// Whom an order admits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admits {
    Anyone,
    /// The entry or person of this number.
    Only(usize),
    /// Those whose owner is on the list.
    Listed,
}

impl Admits {
    fn form<Id>(self, id: impl Fn(usize) -> Id) -> Restriction<Id> {
        match self {
            Admits::Anyone => Restriction::Anyone,
            Admits::Only(number) => Restriction::Only(id(number)),
            Admits::Listed => Restriction::Listed(list()),
        }
    }
}

/// What all offers have.
#[derive(Clone, Debug)]
pub struct Offer {
    pub entry: usize,
    pub price: Balance,
    pub volume: u32,
    pub tag: u64,
    pub valid_until: u32,
    pub admits_app: Admits,
    pub admits_dataset: Admits,
    pub admits_pool: Admits,
    pub admits_requester: Admits,
}

/// What pools offer beside.
#[derive(Clone, Debug)]
pub struct PoolOffer {
    pub offer: Offer,
    pub category: u32,
    pub trust: u32,
    pub memory: Option<i64>,
    pub demand: Demand,
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    pub app: usize,
    pub dataset: Option<usize>,
    pub pool: Option<usize>,
    pub max_app_price: Balance,
    pub max_dataset_price: Balance,
    pub max_pool_price: Balance,
    pub requester: Who,
    pub payer: Who,
    pub matcher: Option<Who>,
    pub volume: u32,
    pub min_volume: u32,
    pub tag: u64,
    pub category: u32,
    pub trust: u32,
    pub max_duration: u32,
    pub approved_only: bool,
    pub demand: Demand,
    pub valid_until: u32,
}

/// Any of them.
#[derive(Clone, Debug)]
pub enum Draft {
    App(Offer),
    Dataset(Offer),
    Pool(PoolOffer),
    Request(Wish),
}

impl Draft {
    pub fn volume(&self) -> u32 {
        match self {
            Draft::App(offer) | Draft::Dataset(offer) => offer.volume,
            Draft::Pool(pool) => pool.offer.volume,
            Draft::Request(wish) => wish.volume,
        }
    }

    pub fn valid_until(&self) -> u32 {
        match self {
            Draft::App(offer) | Draft::Dataset(offer) => offer.valid_until,
            Draft::Pool(pool) => pool.offer.valid_until,
            Draft::Request(wish) => wish.valid_until,
        }
    }

    /// How many shelves the order stands on, and the bytes of their names.
    pub fn shelves(&self) -> &'static [usize] {
        match self {
            Draft::App(_) | Draft::Dataset(_) => &[33],
            Draft::Pool(_) | Draft::Request(_) => &[33, 5],
        }
    }

    /// The order as the chain knows it; the number tells equal ones apart.
    pub fn order(&self, number: usize) -> Order {
        let salt = H256::from_low_u64_be(number as u64);
        match self {
            Draft::App(offer) => app_order(offer, salt).into(),
            Draft::Dataset(offer) => dataset_order(offer, salt).into(),
            Draft::Pool(pool) => pool_order(pool, salt).into(),
            Draft::Request(wish) => request_order(wish, salt).into(),
        }
    }
}

pub fn app_order(offer: &Offer, salt: H256) -> AppOrder {
    AppOrder {
        app: app(offer.entry),
        price: offer.price,
        volume: offer.volume,
        tag: Tag(offer.tag),
        restrict_dataset: offer.admits_dataset.form(dataset),
        restrict_pool: offer.admits_pool.form(pool),
        restrict_requester: offer.admits_requester.form(account),
        valid_until: offer.valid_until,
        salt,
    }
}

pub fn dataset_order(offer: &Offer, salt: H256) -> DatasetOrder {
    DatasetOrder {
        dataset: dataset(offer.entry),
        price: offer.price,
        volume: offer.volume,
        tag: Tag(offer.tag),
        restrict_app: offer.admits_app.form(app),
        restrict_pool: offer.admits_pool.form(pool),
        restrict_requester: offer.admits_requester.form(account),
        valid_until: offer.valid_until,
        salt,
    }
}

pub fn pool_order(pool_offer: &PoolOffer, salt: H256) -> PoolOrder {
    let offer = &pool_offer.offer;
    PoolOrder {
        pool: pool(offer.entry),
        price: offer.price,
        volume: offer.volume,
        tag: Tag(offer.tag),
        category: pool_offer.category,
        trust: pool_offer.trust,
        verifications: BoundedVec::truncate_from(vec![Verification::Replication]),
        execution_versions: BoundedVec::truncate_from(vec![EXECUTION_VERSION_1]),
        attributes: attributes(pool_offer.memory),
        requirements: pool_offer.demand.form(),
        restrict_app: offer.admits_app.form(app),
        restrict_dataset: offer.admits_dataset.form(dataset),
        restrict_requester: offer.admits_requester.form(account),
        valid_until: offer.valid_until,
        salt,
    }
}

fn attributes(memory: Option<i64>) -> Advertisement {
    match memory {
        None => Advertisement::default(),
        Some(memory) => {
            let text = format!("[ memory = {memory} ]");
            write_attributes(&Ad::parse(&text).expect("one attribute is an advertisement"))
        }
    }
}

pub fn request_order(wish: &Wish, salt: H256) -> RequestOrder {
    RequestOrder {
        app: app(wish.app),
        max_app_price: wish.max_app_price,
        dataset: wish.dataset.map(dataset),
        max_dataset_price: wish.max_dataset_price,
        pool: wish.pool.map(pool),
        max_pool_price: wish.max_pool_price,
        requester: account(wish.requester),
        payer: account(wish.payer),
        matcher: wish.matcher.map(account),
        volume: wish.volume,
        min_volume: wish.min_volume,
        tag: Tag(wish.tag),
        category: wish.category,
        trust: wish.trust,
        verification: Verification::Replication,
        execution_version: EXECUTION_VERSION_1,
        max_duration: wish.max_duration,
        beneficiary: account(wish.requester),
        callback: None,
        params: Default::default(),
        approved_only: wish.approved_only,
        requirements: wish.demand.form(),
        valid_until: wish.valid_until,
        salt,
    }
}

/// The common value mostly, one of the others now and then.
fn mostly<T: Clone + core::fmt::Debug + 'static>(
    common: T,
    others: Vec<T>,
) -> impl Strategy<Value = T> {
    prop_oneof![12 => Just(common), 1 => prop::sample::select(others)]
}

fn entry() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(0), 1 => Just(1)]
}

fn admits() -> impl Strategy<Value = Admits> {
    mostly(
        Admits::Anyone,
        vec![Admits::Only(0), Admits::Only(1), Admits::Listed],
    )
}

fn admits_person() -> impl Strategy<Value = Admits> {
    mostly(
        Admits::Anyone,
        vec![Admits::Only(REQUESTER), Admits::Only(OTHER), Admits::Listed],
    )
}

fn valid_until() -> impl Strategy<Value = u32> {
    prop::sample::select(vec![30u32, 150, 600, 10_000])
}

fn offer(prices: [Balance; 3], most: u32) -> impl Strategy<Value = Offer> {
    let terms = (
        entry(),
        prop::sample::select(prices.to_vec()),
        1..=most,
        mostly(0, vec![2u64, 4]),
        valid_until(),
    );
    (terms, [admits(), admits(), admits()], admits_person()).prop_map(
        |((entry, price, volume, tag, valid_until), others, admits_requester)| {
            let [admits_app, admits_dataset, admits_pool] = others;
            Offer {
                entry,
                price,
                volume,
                tag,
                valid_until,
                admits_app,
                admits_dataset,
                admits_pool,
                admits_requester,
            }
        },
    )
}

fn pool_offer() -> impl Strategy<Value = PoolOffer> {
    (
        offer([0, MILLI_ERG, 30 * MILLI_ERG], 12),
        mostly(0, vec![1, NO_CATEGORY]),
        mostly(10, vec![3u32]),
        prop::sample::select(vec![None, Some(2), Some(8)]),
        mostly(
            Demand::Nothing,
            vec![Demand::TrustAtMost(3), Demand::VolumeAtLeast(3)],
        ),
        mostly(true, vec![false]),
    )
        .prop_map(
            |(offer, category, trust, memory, demand, is_able)| PoolOffer {
                offer: Offer {
                    tag: if is_able { 6 } else { 2 },
                    ..offer
                },
                category,
                trust,
                memory,
                demand,
            },
        )
}

fn wish() -> impl Strategy<Value = Wish> {
    let what = (
        entry(),
        prop::option::of(entry()),
        prop::option::weighted(0.2, entry()),
        mostly(5 * MILLI_ERG, vec![0]),
        mostly(5 * MILLI_ERG, vec![0]),
        mostly(40 * MILLI_ERG, vec![MILLI_ERG]),
    );
    let who = prop::sample::select(vec![REQUESTER, OTHER]);
    let whom = (
        who.clone(),
        prop::option::weighted(0.1, who.clone()),
        prop::option::weighted(0.1, who),
    );
    let terms = (
        1u32..=15,
        mostly(1u32, vec![2, 4, 20]),
        mostly(0, vec![2u64, 4]),
        mostly(0, vec![1, NO_CATEGORY]),
        mostly(3, vec![1u32, 4]),
        mostly(10_000, vec![250u32]),
        mostly(false, vec![true]),
        mostly(
            Demand::Nothing,
            vec![Demand::Memory(4), Demand::Parallelism(2)],
        ),
        valid_until(),
    );
    (what, whom, terms).prop_map(|(what, (requester, sponsor, matcher), terms)| Wish {
        app: what.0,
        dataset: what.1,
        pool: what.2,
        max_app_price: what.3,
        max_dataset_price: what.4,
        max_pool_price: what.5,
        requester,
        payer: sponsor.unwrap_or(requester),
        matcher,
        volume: terms.0,
        min_volume: terms.1,
        tag: terms.2,
        category: terms.3,
        trust: terms.4,
        max_duration: terms.5,
        approved_only: terms.6,
        demand: terms.7,
        valid_until: terms.8,
    })
}

/// [`EACH`] orders of each type: first of apps, then of datasets, of pools, and requests.
pub fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let cheap = [0, MILLI_ERG, 5 * MILLI_ERG];
    (
        prop::collection::vec(offer(cheap, 12).prop_map(Draft::App), EACH),
        prop::collection::vec(offer(cheap, 12).prop_map(Draft::Dataset), EACH),
        prop::collection::vec(pool_offer().prop_map(Draft::Pool), EACH),
        prop::collection::vec(wish().prop_map(Draft::Request), EACH),
    )
        .prop_map(|(apps, datasets, pools, requests)| [apps, datasets, pools, requests].concat())
}
