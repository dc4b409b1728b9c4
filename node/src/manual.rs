//! Sealing without slots and votes: one node makes each block when there is reason to, and the
//! block is final at once.
//!
//! ```text
//! pool --arrivals--> next_trigger --why--> drive --command--> engine --block--> chain
//!                        ^                   |
//!                        +---- when idle ----+--- again at once while the pool has more
//! ```
//!
//! The digests and timestamps are those that Aura's pallet expects. The first block takes the time
//! of the clock, each other block the slot after its parent's: so time rises with every block, and
//! goes on where it was after a restart.

use crate::{
    sealing::Pace,
    service::{AuraId, Authoring, Block, FullPool, Hash},
};
use futures::{
    FutureExt, SinkExt, Stream, StreamExt,
    channel::{mpsc, oneshot},
    future,
};
use sc_consensus_manual_seal::{
    CreatedBlock, EngineCommand, Error as SealError, ManualSealParams,
    consensus::{aura::AuraConsensusDataProvider, timestamp::SlotTimestampProvider},
    run_manual_seal,
};
use sc_service::Error as ServiceError;
use sc_transaction_pool_api::TransactionPool;
use std::{future::pending, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, sleep_until};

const TASK_GROUP: Option<&str> = Some("block-authoring");

/// How long the pool may take to notice a new block.
const POOL_PATIENCE: Duration = Duration::from_secs(1);
/// Pause before listening to the pool again after it has dropped its listener.
const LISTEN_AGAIN: Duration = Duration::from_millis(50);

/// Why a block is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trigger {
    /// Transactions wait: the block must hold some.
    Transactions,
    /// Nothing happened for a while: the block may be empty.
    Rest,
}

/// What became of the wish for a block.
#[derive(Debug)]
enum Outcome<H> {
    /// There is a new block.
    Made(H),
    /// No transaction could be applied, so no block was made.
    Nothing,
    /// The block could not be made.
    Failed(SealError),
    /// The engine has stopped.
    Gone,
}

/// Starts the tasks that make and finalise blocks at this pace.
pub fn start(node: &Authoring<'_>, pace: Pace) -> Result<(), ServiceError> {
    let (bell, arrivals) = mpsc::channel(0);
    let (commands, commands_stream) = mpsc::channel(0);
    let slot_duration = sc_consensus_aura::slot_duration::<AuraId, Block, _>(&*node.client)?;
    let clock_client = node.client.clone();
    let engine = run_manual_seal(ManualSealParams {
        block_import: node.client.clone(),
        env: node.proposer_factory(),
        client: node.client.clone(),
        pool: node.pool.clone(),
        commands_stream,
        select_chain: node.select_chain.clone(),
        consensus_data_provider: Some(Box::new(
            AuraConsensusDataProvider::<Block>::new_with_slot_duration(slot_duration),
        )),
        // The timestamp alone: the engine takes a block for empty when it has as many extrinsics as
        // there are inherents.
        create_inherent_data_providers: move |_, ()| {
            let client = clock_client.clone();
            async move {
                let clock = SlotTimestampProvider::new_aura::<Block, _>(client)
                    .map_err(|error| error.to_string())?;
                Ok(clock)
            }
        },
    });
    let pool = node.pool.clone();
    let driver = drive(arrivals, pace, commands, move |at| {
        waits_at(pool.clone(), at)
    });

    // Essential: a node that was asked to make blocks and cannot is of no use.
    node.task_manager.spawn_essential_handle().spawn_blocking(
        "manual-seal",
        TASK_GROUP,
        future::join(engine, driver).map(|_| ()),
    );
    node.task_manager.spawn_essential_handle().spawn(
        "sealing-arrivals",
        TASK_GROUP,
        ring_on_arrival(node.pool.clone(), bell),
    );
    Ok(())
}

/// Rings when a transaction has become ready. Rings that nobody has heard yet count as one.
async fn ring_on_arrival(pool: Arc<FullPool>, mut bell: mpsc::Sender<()>) {
    loop {
        let mut arrivals = pool.import_notification_stream();
        while arrivals.next().await.is_some() {
            ring(&mut bell);
        }
        // The pool drops a listener that falls behind: count what was missed as one arrival.
        ring(&mut bell);
        sleep(LISTEN_AGAIN).await;
    }
}

fn ring(bell: &mut mpsc::Sender<()>) {
    // If it is full then it is still ringing.
    let _ = bell.try_send(());
}

/// Whether transactions wait in the pool once it knows the block `at`.
async fn waits_at(pool: Arc<FullPool>, at: Hash) -> bool {
    pool.ready_at_with_timeout(at, POOL_PATIENCE)
        .await
        .next()
        .is_some()
}

/// Commands a block for each trigger, and further blocks while a block has left transactions
/// behind.
async fn drive<A, H, F, W>(
    mut arrivals: A,
    pace: Pace,
    mut engine: mpsc::Sender<EngineCommand<H>>,
    more_waits_at: F,
) where
    A: Stream<Item = ()> + Unpin,
    F: Fn(H) -> W,
    W: Future<Output = bool>,
{
    let mut rest_until = rest_from(&pace, Instant::now());
    let mut left_over = false;
    loop {
        let trigger = if left_over {
            Trigger::Transactions
        } else {
            next_trigger(&mut arrivals, &pace, rest_until).await
        };
        let started = Instant::now();
        let outcome = seal(&mut engine, trigger).await;
        if !matches!(outcome, Outcome::Nothing) {
            rest_until = rest_from(&pace, started);
        }
        left_over = match outcome {
            Outcome::Made(hash) => pace.gather.is_some() && more_waits_at(hash).await,
            Outcome::Nothing => false,
            Outcome::Failed(error) => {
                log::warn!("No block was made: {error}");
                false
            }
            Outcome::Gone => return,
        };
    }
}

/// Until when the chain may rest. Where only time counts it counts from the start of the last
/// block, so that blocks come regularly, otherwise from its end.
fn rest_from(pace: &Pace, started: Instant) -> Option<Instant> {
    let from = if pace.gather.is_some() {
        Instant::now()
    } else {
        started
    };
    pace.rest.map(|rest| from + rest)
}

/// Waits for the next reason to make a block. All that arrives while transactions are gathered is
/// part of the same reason.
async fn next_trigger<A>(arrivals: &mut A, pace: &Pace, rest_until: Option<Instant>) -> Trigger
where
    A: Stream<Item = ()> + Unpin,
{
    let arrived = tokio::select! {
        biased;
        Some(()) = arrivals.next(), if pace.gather.is_some() => true,
        () = reach(rest_until) => false,
    };
    if !arrived {
        return Trigger::Rest;
    }
    if let Some(gather) = pace.gather.filter(|gather| !gather.is_zero()) {
        sleep(gather).await;
    }
    while let Some(Some(())) = arrivals.next().now_or_never() {}
    Trigger::Transactions
}

async fn reach(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

/// Commands one block and waits for it.
async fn seal<H>(engine: &mut mpsc::Sender<EngineCommand<H>>, trigger: Trigger) -> Outcome<H> {
    let (sender, answer) = oneshot::channel();
    let command = EngineCommand::SealNewBlock {
        create_empty: trigger == Trigger::Rest,
        finalize: true,
        parent_hash: None,
        sender: Some(sender),
    };
    if engine.send(command).await.is_err() {
        return Outcome::Gone;
    }
    match answer.await {
        Ok(Ok(CreatedBlock { hash, .. })) => Outcome::Made(hash),
        Ok(Err(SealError::EmptyTransactionPool)) => Outcome::Nothing,
        Ok(Err(error)) => Outcome::Failed(error),
        Err(oneshot::Canceled) => Outcome::Gone,
    }
}

#[cfg(test)]
mod tests;
