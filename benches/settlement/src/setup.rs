//! What is there before the measurement: an app, a pool, bonded workers, and deals.

use crate::{
    actors::{Actors, Key, Worker},
    chain::Chain,
    setting::Setting,
    state,
};
use anyhow::{Result, ensure};
use ergon_primitives::{
    Access, AccountId, AppId, AppKind, AppOrder, Balance, DealId, Description, ERG,
    EXECUTION_VERSION_1, MAX_DURATION, MILLI_ERG, Name, Order, PoolId, PoolOrder, PoolPolicy,
    RequestOrder, Restriction, Scheduling, SignedOrder, Tag, Verification, deal_id, domain_hash,
    order_text, possession_text,
};
use ergon_runtime::{
    Runtime, RuntimeCall,
    opaque::{Block, UncheckedExtrinsic as Transaction},
};
use sp_core::H256;
use sp_runtime::BoundedVec;

type RegistryCall = pallet_registry::Call<Runtime>;
type MarketCall = pallet_market::Call<Runtime>;
type StakingCall = pallet_worker_staking::Call<Runtime>;

/// What a task pays for the app and to the pool.
const APP_PRICE: Balance = 100 * MILLI_ERG;
const POOL_PRICE: Balance = ERG;
/// What each worker bonds: more than all its votes lock together.
const BOND: Balance = 100_000 * ERG;
/// The category `S`: twenty minutes per task. No deadline passes while tasks are worked on, and all
/// have passed when the deals are forgotten.
const CATEGORY: u32 = 1;
/// How long orders are valid after the block in which they are signed: as long as the matches take.
pub const ORDER_LIFE: u32 = 600;

/// A deal whose tasks are 0, 1, … `volume - 1`.
#[derive(Clone, Copy)]
pub struct Bag {
    /// The deal.
    pub deal: DealId,
    /// Number of its tasks.
    pub volume: u32,
}

/// Registers an app and a pool, and lets workers bond and join. The blocks that did so.
pub fn register(chain: &Chain<'_>, actors: &mut Actors) -> Result<Vec<Block>> {
    let genesis = chain.genesis();
    let app = actors.provider.transaction(genesis, register_app())?;
    let pool = register_pool(&actors.operator.account);
    let mut transactions = vec![app, actors.operator.transaction(genesis, pool)?];
    let pool = pool_of(actors);
    for worker in &mut actors.workers {
        transactions.extend(join(genesis, worker, pool)?);
    }
    let blocks = chain.author(&transactions)?;
    let members = state::count(chain, "WorkerStaking", "PoolMembers")?;
    ensure!(
        members == actors.workers.len(),
        "{members} workers are in the pool instead of {}",
        actors.workers.len()
    );
    Ok(blocks)
}

fn register_app() -> RuntimeCall {
    RuntimeCall::Registry(RegistryCall::register_app {
        name: Name::truncate_from(b"nothing".to_vec()),
        kind: AppKind::Wasm,
        digest: module(),
        locator: Default::default(),
        metadata: Default::default(),
        requirements: Default::default(),
        outputs: Default::default(),
    })
}

fn register_pool(operator: &AccountId) -> RuntimeCall {
    RuntimeCall::Registry(RegistryCall::register_pool {
        description: description(),
        authoriser: operator.clone(),
        policy: PoolPolicy {
            worker_stake_ratio: 30,
            operator_reward_ratio: 10,
            // As many tasks at a time as there are, so that deadlines do not depend on the bag.
            parallelism: u32::MAX,
            access: Access::Public,
            scheduling: Scheduling::Authorised,
        },
    })
}

fn join(genesis: H256, worker: &mut Worker, pool: PoolId) -> Result<[Transaction; 2]> {
    let Worker { machine, owner } = worker;
    let text = possession_text(genesis, &owner.account);
    let bond = StakingCall::bond {
        worker: machine.account.clone(),
        amount: BOND,
        proof: machine.key.sign(text.as_bytes()),
    };
    let join = StakingCall::join {
        worker: machine.account.clone(),
        pool,
    };
    Ok([
        owner.transaction(genesis, RuntimeCall::WorkerStaking(bond))?,
        owner.transaction(genesis, RuntimeCall::WorkerStaking(join))?,
    ])
}

/// Makes the deals of a row. The deals, and the blocks that made them.
pub fn match_deals(
    chain: &Chain<'_>,
    actors: &mut Actors,
    setting: &Setting,
) -> Result<(Vec<Bag>, Vec<Block>)> {
    let genesis = chain.genesis();
    let notary = Notary {
        genesis,
        valid_until: chain.best().0 + ORDER_LIFE,
    };
    let app = notary.sign(notary.app(app_of(actors)), &actors.provider.key);
    let pool = notary.sign(notary.pool(pool_of(actors)), &actors.operator.key);
    let (mut bags, mut transactions) = (Vec::new(), Vec::new());
    for number in 0..setting.deals {
        let requester = actors.requester.account.clone();
        let request = notary.request(app.order.app, requester, setting, number);
        let id = Order::from(request.clone()).id(genesis);
        bags.push(Bag {
            deal: deal_id(id, 0),
            volume: setting.bag,
        });
        let call = MarketCall::match_orders {
            app: Box::new(app.clone()),
            dataset: None,
            pool: Box::new(pool.clone()),
            // The requester itself makes the deal.
            request: Box::new(SignedOrder {
                order: request,
                signature: None,
            }),
        };
        let call = RuntimeCall::Market(call);
        transactions.push(actors.requester.transaction(genesis, call)?);
    }
    let blocks = chain.author(&transactions)?;
    let open = state::count(chain, "Market", "OpenDeals")?;
    ensure!(
        open == bags.len(),
        "{open} deals are open instead of {}",
        bags.len()
    );
    Ok((bags, blocks))
}

fn module() -> H256 {
    domain_hash("bench/module", &0u32)
}

fn description() -> Description {
    Description::truncate_from(b"a pool".to_vec())
}

fn app_of(actors: &Actors) -> AppId {
    pallet_registry::app_id(&actors.provider.account, AppKind::Wasm, module())
}

fn pool_of(actors: &Actors) -> PoolId {
    pallet_registry::pool_id(&actors.operator.account, &description())
}

/// Writes orders.
struct Notary {
    genesis: H256,
    valid_until: u32,
}

impl Notary {
    fn sign<Content: Clone + Into<Order>>(
        &self,
        order: Content,
        key: &Key,
    ) -> SignedOrder<Content> {
        let id = order.clone().into().id(self.genesis);
        let signature = Some(key.sign(order_text(id).as_bytes()));
        SignedOrder { order, signature }
    }

    fn app(&self, app: AppId) -> AppOrder {
        AppOrder {
            app,
            price: APP_PRICE,
            volume: u32::MAX,
            tag: Tag(0),
            restrict_dataset: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: self.valid_until,
            salt: H256::zero(),
        }
    }

    fn pool(&self, pool: PoolId) -> PoolOrder {
        PoolOrder {
            pool,
            price: POOL_PRICE,
            volume: u32::MAX,
            tag: Tag(0),
            category: CATEGORY,
            trust: 8,
            verifications: BoundedVec::truncate_from(vec![Verification::Replication]),
            execution_versions: BoundedVec::truncate_from(vec![EXECUTION_VERSION_1]),
            attributes: Default::default(),
            requirements: Default::default(),
            restrict_app: Restriction::Anyone,
            restrict_dataset: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: self.valid_until,
            salt: H256::zero(),
        }
    }

    fn request(
        &self,
        app: AppId,
        requester: AccountId,
        setting: &Setting,
        number: u32,
    ) -> RequestOrder {
        RequestOrder {
            app,
            max_app_price: APP_PRICE,
            dataset: None,
            max_dataset_price: 0,
            pool: None,
            max_pool_price: POOL_PRICE,
            requester: requester.clone(),
            payer: requester.clone(),
            matcher: None,
            volume: setting.bag,
            min_volume: setting.bag,
            tag: Tag(0),
            category: CATEGORY,
            trust: setting.scheme.trust(),
            verification: Verification::Replication,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: requester,
            callback: None,
            params: Default::default(),
            approved_only: false,
            requirements: Default::default(),
            valid_until: self.valid_until,
            salt: domain_hash("bench/request", &number),
        }
    }
}
