//! Who takes part in the throughput measurement: an app's provider, a pool's operator, and workers
//! that are only keys.

use anyhow::{Context, Result};
use ergon_client::{
    Client, Event, Keypair, Receipt, RegistryEvent, Scheme, TransactionQueue, Wait, bounded, calls,
    primitives::{
        Access, AppId, AppKind, Balance, Description, ERG, OutputFiles, PoolId, PoolPolicy,
        Requirements, Scheduling, domain_hash,
    },
};
use ergon_tests::{
    market::{OPERATOR, PROVIDER},
    processes::Node,
};
use sp_core::H256;

/// Whose stake the votes are.
const OWNER: &str = "//Dave";
/// What each worker bonds: more than all its votes lock together.
const BOND: Balance = 100 * ERG;
/// What each worker key gets for fees, should the calls cost more than the deal has prepaid.
const FEES: Balance = 1_000 * ERG;

/// An app that nobody will run, and a pool.
pub async fn register(client: &Client) -> Result<(AppId, PoolId)> {
    let provider = TransactionQueue::new(client.clone(), Keypair::from_suri(PROVIDER)?);
    let digest = domain_hash("measure/module", &0u32);
    let locator = bounded("locator", "https://example.org/module.wasm")?;
    let name = bounded("name", "nothing")?;
    let call = calls::registry::register_app(
        name,
        AppKind::Wasm,
        digest,
        locator,
        Description::default(),
        Requirements::default(),
        OutputFiles::default(),
    );
    let receipt = provider.submit(call, Wait::Finalised).await?;
    let app = told(&receipt, |event| match event {
        RegistryEvent::AppRegistered { app, .. } => Some(*app),
        _ => None,
    })?;
    Ok((app, register_pool(client).await?))
}

async fn register_pool(client: &Client) -> Result<PoolId> {
    let operator = TransactionQueue::new(client.clone(), Keypair::from_suri(OPERATOR)?);
    let members = bounded("members", [Keypair::from_suri(OWNER)?.account()])?;
    let call = calls::registry::create_list(H256::zero(), members);
    let receipt = operator.submit(call, Wait::Finalised).await?;
    let list = told(&receipt, |event| match event {
        RegistryEvent::ListCreated { list, .. } => Some(*list),
        _ => None,
    })?;
    let policy = PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 10,
        parallelism: 4,
        access: Access::Private(list),
        scheduling: Scheduling::Open,
    };
    let description = bounded("description", "a pool")?;
    let call = calls::registry::register_pool(description, operator.account(), policy);
    let receipt = operator.submit(call, Wait::Finalised).await?;
    told(&receipt, |event| match event {
        RegistryEvent::PoolRegistered { pool, .. } => Some(*pool),
        _ => None,
    })
}

/// What the registry told in a receipt.
fn told<T>(receipt: &Receipt, pick: impl Fn(&RegistryEvent) -> Option<T>) -> Result<T> {
    let mut events = receipt.events.iter().filter_map(|event| match event {
        Event::Registry(event) => Some(event),
        _ => None,
    });
    events.find_map(pick).context("the registry told no id")
}

/// New worker keys, funded, bonded and in the pool; each with a connection of its own, as workers
/// have.
pub async fn prepare_voters(
    node: &Node,
    client: &Client,
    pool: PoolId,
    count: usize,
) -> Result<Vec<TransactionQueue>> {
    let owner = TransactionQueue::new(client.clone(), Keypair::from_suri(OWNER)?);
    let mut voters = Vec::new();
    for _ in 0..count {
        let (key, _) = Keypair::generate(Scheme::Ed25519);
        let (worker, proof) = (
            key.account(),
            key.prove_possession(client.genesis(), owner.account()),
        );
        let call = calls::utility::batch_all(vec![
            calls::balances::transfer_keep_alive(&worker, FEES),
            calls::staking::bond(&worker, BOND, proof),
            calls::staking::join(&worker, pool),
        ]);
        owner.submit(call, Wait::Finalised).await?;
        voters.push(TransactionQueue::new(node.client().await?, key));
    }
    Ok(voters)
}
