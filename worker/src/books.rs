//! The books: what tasks earned, read from the events of finalised blocks; and what is old enough to
//! be forgotten.
//!
//! Nothing is decided here. A worker that misses events knows less about its income and nothing else.

use crate::{
    behaviour::Behaviour,
    error::WorkerError,
    shared::Shared,
    store::{self, StoreError},
    task::TaskId,
};
use ergon_client::{
    At, BlockItem, Event, FinalisedBlock, PocoEvent,
    primitives::{AccountId, Balance, BlockNumber, Payment, Task, VoteStatus},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::sleep};

/// Blocks after which the cursor is written although nothing happened in them.
const BLOCKS_PER_CURSOR: u32 = 64;
/// Pause after an error.
const PAUSE: Duration = Duration::from_secs(5);

/// Follows the finalised chain, tells its height, and writes down payments. Returns only when the
/// worker must end.
pub(crate) async fn follow<B: Behaviour>(
    shared: Arc<Shared<B>>,
    news: watch::Sender<BlockNumber>,
) -> WorkerError {
    loop {
        match read_blocks(&shared, &news).await {
            Ok(()) => {}
            Err(error) if error.is_fatal() => return error,
            Err(error) => tracing::warn!(%error, "cannot follow the chain, trying again"),
        }
        sleep(PAUSE).await;
    }
}

async fn read_blocks<B: Behaviour>(
    shared: &Shared<B>,
    news: &watch::Sender<BlockNumber>,
) -> Result<(), WorkerError> {
    let mut blocks = shared.client.finalised_blocks(shared.store.cursor()?);
    let mut unwritten = BLOCKS_PER_CURSOR; // the first one is written at once
    while let Some(item) = blocks.next().await {
        let item = item?;
        let paid = match &item {
            BlockItem::Block(block) => note_payments(shared, block).await?,
            BlockItem::Pruned { from, to } => {
                tracing::warn!(from, to, "the node has no events of these blocks any more");
                true
            }
        };
        unwritten += 1;
        if paid || unwritten >= BLOCKS_PER_CURSOR {
            shared.store.set_cursor(item.cursor())?;
            unwritten = 0;
        }
        news.send_replace(item.cursor());
    }
    Ok(())
}

/// Writes down what the block paid for this worker's part; tells whether there was anything.
async fn note_payments<B: Behaviour>(
    shared: &Shared<B>,
    block: &FinalisedBlock,
) -> Result<bool, WorkerError> {
    let mut paid = false;
    for event in &block.events {
        let Event::Poco(PocoEvent::Settled {
            deal,
            index,
            workers,
            ..
        }) = event
        else {
            continue;
        };
        let id = TaskId {
            deal: *deal,
            index: *index,
        };
        if shared.store.task(id)?.is_none() {
            continue;
        }
        let view = shared.client.at(At::Finalised).await?;
        let task = view.task(*deal, *index).await?.unwrap_or_default();
        if let Some(amount) = payment(&task, workers, &shared.worker) {
            tracing::info!(deal = %deal, task = index, amount, "earned");
            shared.store.set_earned(id, amount)?;
            paid = true;
        }
    }
    Ok(paid)
}

/// What a worker was paid: payments are in the order of the votes that were revealed.
fn payment(task: &Task, payments: &[Payment], worker: &AccountId) -> Option<Balance> {
    let mut revealed = task
        .votes
        .iter()
        .filter(|vote| vote.status == VoteStatus::Revealed);
    let place = revealed.position(|vote| &vote.worker == worker)?;
    payments.get(place).map(|payment| payment.amount)
}

/// Forgets tasks that ended longer ago than results are kept, with their results.
pub(crate) fn prune<B: Behaviour>(shared: &Shared<B>) -> Result<(), StoreError> {
    let before = store::now().saturating_sub(shared.config.retention.as_secs());
    let done = shared.store.done()?.into_iter();
    let old: Vec<TaskId> = done
        .filter(|(_, record)| record.changed < before)
        .map(|(task, _)| task)
        .collect();
    for task in &old {
        shared.config.publication.remove(*task);
    }
    if !old.is_empty() {
        shared.store.forget(&old)?;
        tracing::info!(tasks = old.len(), "forgot tasks that ended long ago");
    }
    if let Err(error) = shared.cache.prune() {
        tracing::warn!(%error, "cannot prune the cache");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::Vote;
    use sp_core::H256;

    fn worker(number: u8) -> AccountId {
        AccountId::new([number; 32])
    }

    #[test]
    fn payments_belong_to_the_votes_that_were_revealed_in_their_order() {
        let mut task = Task::default();
        let votes = [
            (1, VoteStatus::Revealed),
            (2, VoteStatus::Committed),
            (3, VoteStatus::Rejected),
            (4, VoteStatus::Revealed),
        ];
        for (number, status) in votes {
            let vote = Vote {
                worker: worker(number),
                commitment: H256::zero(),
                seal: H256::zero(),
                weight: 2,
                status,
            };
            task.votes.try_push(vote).unwrap();
        }
        // One person owns both bonds.
        let payments = [5, 7].map(|amount| Payment {
            to: worker(9),
            amount,
        });
        let earned = [1, 2, 3, 4, 5].map(|number| payment(&task, &payments, &worker(number)));
        assert_eq!(earned, [Some(5), None, None, Some(7), None]);
        assert_eq!(
            payment(&task, &[], &worker(1)),
            None,
            "nothing is paid for `Unavailable`"
        );
    }
}
