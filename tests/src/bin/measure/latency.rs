//! How long a task takes from the signed request to its settlement, with real workers that have
//! nothing to compute.

use crate::orders::Offers;
use anyhow::{Context, Result, bail, ensure};
use ergon_client::{
    At, BlockItem, Event, FinalisedBlocks, Keypair, MarketEvent, PocoEvent, TransactionQueue, Wait,
    primitives::{DealId, Outcome, TaskStatus},
};
use ergon_tests::market::{Behaviour, Market, REQUESTER};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// Deals before the measurement, which compile the module and fill caches.
pub const WARM_UPS: u32 = 5;
/// Deals that are measured, one after the other.
pub const DEALS: u32 = 50;
/// How many workers wait for tasks.
pub const WORKERS: usize = 3;
/// How sure a result must be: two workers that agree are enough.
pub const TRUST: u32 = 3;
/// How long one task may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// `(module (memory (export "memory") 1) (func (export "_start")))`, section by section.
const NO_OP: [&[u8]; 7] = [
    b"\0asm\x01\0\0\0",
    // Types: a function without parameters and results.
    b"\x01\x04\x01\x60\0\0",
    // Functions: one of this type.
    b"\x03\x02\x01\0",
    // Memories: one with at least a page.
    b"\x05\x03\x01\0\x01",
    // Exports: 19 bytes, two entries: the memory and the function.
    b"\x07\x13\x02\x06memory\x02\0",
    b"\x06_start\0\0",
    // Code: one body of two bytes, without locals, that ends at once.
    b"\x0a\x04\x01\x02\0\x0b",
];

/// When things were seen in a finalised block, counted from the moment before the request was sent.
pub struct Sample {
    /// The deal.
    pub matched: Duration,
    /// The first vote.
    pub contributed: Duration,
    /// The vote that decided.
    pub agreed: Duration,
    /// The settlement.
    pub settled: Duration,
}

/// Measures on a development chain with workers of its own.
pub async fn measure() -> Result<Vec<Sample>> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &[Behaviour::Honest; WORKERS]).await?;
    let offers = offers(&market, folder.path()).await?;
    market.start_workers()?;
    let mut requester = Requester::new(&market, offers).await?;
    let mut samples = Vec::new();
    for number in 0..WARM_UPS + DEALS {
        let sample = requester.request(&market, number).await?;
        if number >= WARM_UPS {
            samples.push(sample);
        }
    }
    ensure_success(&market, &requester.deals).await?;
    market.close()?;
    Ok(samples)
}

/// Registers the module and signs offers.
async fn offers(market: &Market, folder: &Path) -> Result<Offers> {
    let module = folder.join("no-op.wasm");
    fs::write(&module, NO_OP.concat())?;
    let app = market.register_module("no-op", &module)?;
    Offers::sign(&market.client, app, market.pool).await
}

/// Asks for one task after the other and watches what becomes of them.
struct Requester {
    offers: Offers,
    queue: TransactionQueue,
    blocks: FinalisedBlocks,
    deals: Vec<DealId>,
}

impl Requester {
    async fn new(market: &Market, offers: Offers) -> Result<Self> {
        // A connection of its own, so that sending does not wait for watching.
        let queue =
            TransactionQueue::new(market.node.client().await?, Keypair::from_suri(REQUESTER)?);
        let next = market.client.heads().await?.finalised.number + 1;
        let blocks = market.client.finalised_blocks(Some(next));
        Ok(Self {
            offers,
            queue,
            blocks,
            deals: Vec::new(),
        })
    }

    /// Asks for one task and waits until it is settled.
    async fn request(&mut self, market: &Market, number: u32) -> Result<Sample> {
        let Self {
            offers,
            queue,
            blocks,
            deals,
        } = self;
        let (call, deal) = offers.request(1, TRUST, number)?;
        deals.push(deal);
        let begun = Instant::now();
        let sent = async { anyhow::Ok(queue.submit(call, Wait::InBlock).await?) };
        let watched = async {
            timeout(PATIENCE, watch(blocks, deal, begun))
                .await
                .with_context(|| stuck(market, deal))?
        };
        let (_, sample) = tokio::try_join!(sent, watched)?;
        Ok(sample)
    }
}

/// Notes when the stages of a task are seen.
async fn watch(blocks: &mut FinalisedBlocks, deal: DealId, begun: Instant) -> Result<Sample> {
    let mut seen: [Option<Duration>; 4] = [None; 4];
    while let Some(item) = blocks.next().await {
        let BlockItem::Block(block) = item? else {
            bail!("the node forgot blocks of this run");
        };
        let now = begun.elapsed();
        for stage in block.events.iter().filter_map(|event| stage(event, deal)) {
            seen[stage].get_or_insert(now);
        }
        if let [
            Some(matched),
            Some(contributed),
            Some(agreed),
            Some(settled),
        ] = seen
        {
            return Ok(Sample {
                matched,
                contributed,
                agreed,
                settled,
            });
        }
    }
    bail!("the stream of finalised blocks ended");
}

/// Which stage of the deal's task an event tells of: 0 match, 1 contribution, 2 consensus,
/// 3 settlement.
fn stage(event: &Event, of: DealId) -> Option<usize> {
    match event {
        Event::Market(MarketEvent::Matched { deal, .. }) if *deal == of => Some(0),
        Event::Poco(PocoEvent::Contributed { deal, .. }) if *deal == of => Some(1),
        Event::Poco(PocoEvent::ConsensusReached { deal, .. }) if *deal == of => Some(2),
        Event::Poco(PocoEvent::Settled { deal, .. }) if *deal == of => Some(3),
        _ => None,
    }
}

/// A task that was settled with an error would have been measured as well.
async fn ensure_success(market: &Market, deals: &[DealId]) -> Result<()> {
    let view = market.client.at(At::Finalised).await?;
    for deal in deals {
        let task = view
            .task(*deal, 0)
            .await?
            .context("the task has a record")?;
        ensure!(
            matches!(
                task.status,
                TaskStatus::Settled {
                    outcome: Outcome::Success(_),
                    ..
                }
            ),
            "the no-op of deal {deal} did not succeed: {:?}",
            task.status
        );
    }
    Ok(())
}

fn stuck(market: &Market, deal: DealId) -> String {
    let logs = market.workers.iter().filter_map(|worker| {
        Some(format!(
            "-- {}\n{}",
            worker.name,
            worker.process.as_ref()?.log_tail()
        ))
    });
    let logs = logs.collect::<Vec<_>>().join("\n");
    format!(
        "deal {deal} was not settled in {} s; the workers say:\n{logs}",
        PATIENCE.as_secs()
    )
}
