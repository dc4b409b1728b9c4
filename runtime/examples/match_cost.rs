//! What a match costs when few or many orders stand on the chain:
//! `cargo run --release -p ergon-runtime --example match_cost [ORDERS…]`.
//!
//! For each number of orders (0, 1,000 and 100,000 unless told) it publishes as many, half of them offers of the same
//! pool and half requests for the same app, writes them into the state trie, and times matches of three signed orders
//! one by one. Native code and the state in memory: the numbers show how the cost grows, not what a block holds.

use ergon_primitives::{
    AccountId, AppId, AppKind, AppOrder, EXECUTION_VERSION_1, MILLI_ERG, Order, PoolId, PoolOrder,
    PoolPolicy, RequestOrder, Restriction, Scheduling, SignedOrder, Tag, Verification, order_text,
};
use ergon_runtime::{
    Balances, Market, Registry, Runtime, RuntimeGenesisConfig, RuntimeOrigin, System,
    genesis_presets,
};
use frame_support::{assert_ok, traits::fungible::Mutate};
use pallet_market::WeightInfo as _;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self as Keyring, Alice, Bob, Charlie};
use sp_runtime::{BoundedVec, BuildStorage};
use std::time::{Duration, Instant};

const MATCHES: u32 = 500;
const BATCH: u32 = 1_000;

fn main() {
    let mut numbers: Vec<u32> = std::env::args()
        .skip(1)
        .map(|word| word.parse().expect("every argument is a number of orders"))
        .collect();
    if numbers.is_empty() {
        numbers = vec![0, 1_000, 100_000];
    }
    let weight = pallet_market::weights::SubstrateWeight::<Runtime>::match_orders();
    println!("weight of match_orders: {weight}");
    println!(
        "{:>10} {:>12} {:>12} {:>12}",
        "orders", "fastest", "median", "slowest"
    );
    for orders in numbers {
        let mut times = measure(orders);
        times.sort();
        let middle = times[times.len() / 2];
        let (first, last) = (times[0], times[times.len() - 1]);
        println!("{orders:>10} {first:>12.1?} {middle:>12.1?} {last:>12.1?}");
    }
}

fn measure(orders: u32) -> Vec<Duration> {
    let mut chain = dev_chain();
    let (app, pool) = chain.execute_with(entries);
    publish(&mut chain, orders, app, pool);
    let offers = chain.execute_with(|| (app_order(app), pool_order(pool, 0)));
    let times = (0..MATCHES).map(|number| {
        chain.execute_with(|| {
            let app = Box::new(signed(offers.0.clone(), Charlie));
            let pool = Box::new(signed(offers.1.clone(), Bob));
            let request = Box::new(signed(request(offers.0.app, 1_000_000 + number), Alice));
            let origin = RuntimeOrigin::signed(Charlie.to_account_id());
            let start = Instant::now();
            let result = Market::match_orders(origin, app, None, pool, request);
            let time = start.elapsed();
            assert_ok!(result);
            time
        })
    });
    times.collect()
}

fn dev_chain() -> sp_io::TestExternalities {
    let preset = genesis_presets::get(&genesis_presets::DEV.into()).expect("the preset exists");
    let patch: serde_json::Value = serde_json::from_slice(&preset).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it serialises");
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the preset fits");
    let mut chain: sp_io::TestExternalities =
        config.build_storage().expect("genesis builds").into();
    chain.execute_with(|| System::set_block_number(1));
    chain
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
    match (base, patch) {
        (serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}

/// An app of Charlie and a pool of Bob; all three have money enough.
fn entries() -> (AppId, PoolId) {
    for who in [Alice, Bob, Charlie] {
        assert_ok!(Balances::mint_into(&who.to_account_id(), 1 << 100));
    }
    let name = BoundedVec::truncate_from(b"app".to_vec());
    let (digest, nothing) = (H256::repeat_byte(1), Default::default());
    assert_ok!(Registry::register_app(
        RuntimeOrigin::signed(Charlie.to_account_id()),
        name,
        AppKind::Wasm,
        digest,
        Default::default(),
        Default::default(),
        nothing,
        Default::default(),
    ));
    let bob = Bob.to_account_id();
    let description = BoundedVec::truncate_from(b"pool".to_vec());
    let policy = PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 4,
        access: ergon_primitives::Access::Public,
        scheduling: Scheduling::Authorised,
    };
    assert_ok!(Registry::register_pool(
        RuntimeOrigin::signed(bob.clone()),
        description.clone(),
        bob.clone(),
        policy
    ));
    let app = pallet_registry::app_id(&Charlie.to_account_id(), AppKind::Wasm, digest);
    (app, pallet_registry::pool_id(&bob, &description))
}

fn publish(chain: &mut sp_io::TestExternalities, orders: u32, app: AppId, pool: PoolId) {
    for start in (0..orders).step_by(BATCH as usize) {
        chain.execute_with(|| {
            System::reset_events();
            for number in start..orders.min(start + BATCH) {
                let (who, order): (Keyring, Order) = if number % 2 == 0 {
                    (Bob, pool_order(pool, number + 1).into())
                } else {
                    (Alice, request(app, number).into())
                };
                let origin = RuntimeOrigin::signed(who.to_account_id());
                assert_ok!(Market::publish(origin, Box::new(order)));
            }
        });
        chain.commit_all().expect("the state is written");
    }
}

fn signed<Content: Clone + Into<Order>>(order: Content, who: Keyring) -> SignedOrder<Content> {
    let id = Market::order_id(&order.clone().into());
    let signature = Some(who.sign(order_text(id).as_bytes()).into());
    SignedOrder { order, signature }
}

fn app_order(app: AppId) -> AppOrder {
    AppOrder {
        app,
        price: MILLI_ERG,
        volume: u32::MAX,
        tag: Tag(0),
        restrict_dataset: Restriction::Anyone,
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: 1_000,
        salt: H256::zero(),
    }
}

fn pool_order(pool: PoolId, number: u32) -> PoolOrder {
    PoolOrder {
        pool,
        price: MILLI_ERG + u128::from(number),
        volume: u32::MAX,
        tag: Tag(0),
        category: 0,
        trust: 4,
        verifications: BoundedVec::truncate_from(vec![Verification::Replication]),
        execution_versions: BoundedVec::truncate_from(vec![EXECUTION_VERSION_1]),
        attributes: Default::default(),
        requirements: Default::default(),
        restrict_app: Restriction::Anyone,
        restrict_dataset: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: 1_000,
        salt: H256::from_low_u64_be(number.into()),
    }
}

fn request(app: AppId, number: u32) -> RequestOrder {
    let requester: AccountId = Alice.to_account_id();
    RequestOrder {
        app,
        max_app_price: MILLI_ERG,
        dataset: None,
        max_dataset_price: 0,
        pool: None,
        max_pool_price: MILLI_ERG + u128::from(number),
        requester: requester.clone(),
        payer: requester.clone(),
        matcher: None,
        volume: 1,
        min_volume: 1,
        tag: Tag(0),
        category: 0,
        trust: 3,
        verification: Verification::Replication,
        execution_version: EXECUTION_VERSION_1,
        max_duration: 100_000,
        beneficiary: requester,
        callback: None,
        params: Default::default(),
        approved_only: false,
        requirements: Default::default(),
        valid_until: 1_000,
        salt: H256::from_low_u64_be(number.into()),
    }
}
