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
    primitives::{AccountId, Balance, BlockNumber, DealId, Payment, Task, TaskIndex, VoteStatus},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
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

/// What a settlement says of its payments.
struct Settled<'a> {
    task: TaskId,
    losers: &'a [AccountId],
    payments: &'a [Payment],
}

/// Writes down what the block paid for this worker's part; tells whether there was anything.
async fn note_payments<B: Behaviour>(
    shared: &Shared<B>,
    block: &FinalisedBlock,
) -> Result<bool, WorkerError> {
    let mut deals: BTreeMap<DealId, Vec<Settled<'_>>> = BTreeMap::new();
    for settled in block.events.iter().filter_map(settled) {
        if shared.store.task(settled.task)?.is_some() {
            deals.entry(settled.task.deal).or_default().push(settled);
        }
    }
    if deals.is_empty() {
        return Ok(false);
    }
    let view = shared.client.at(At::Finalised).await?;
    let owner = view.bond(&shared.worker).await?.map(|bond| bond.owner);
    let mut earned = Vec::new();
    for (deal, settled) in deals {
        let indexes: Vec<TaskIndex> = settled.iter().map(|settled| settled.task.index).collect();
        let tasks = view.tasks_at(deal, &indexes).await?;
        for (settled, task) in settled.iter().zip(tasks) {
            let task = task.unwrap_or_default();
            if let Some(amount) = payment(&task, settled, &shared.worker, owner.as_ref()) {
                tracing::info!(task = %settled.task, amount, "earned");
                earned.push((settled.task, amount));
            }
        }
    }
    shared.store.set_earned(&earned)?;
    Ok(!earned.is_empty())
}

fn settled(event: &Event) -> Option<Settled<'_>> {
    match event {
        Event::Poco(PocoEvent::Settled {
            deal,
            index,
            workers,
            losers,
            ..
        }) => Some(Settled {
            task: TaskId {
                deal: *deal,
                index: *index,
            },
            losers,
            payments: workers,
        }),
        _ => None,
    }
}

/// What a worker was paid. Payments are in the order of the votes that won; where roles decide about
/// the order, by the owner of the worker's bond.
fn payment(
    task: &Task,
    settled: &Settled<'_>,
    worker: &AccountId,
    owner: Option<&AccountId>,
) -> Option<Balance> {
    let mut winners = task.votes.iter().filter(|vote| {
        vote.status == VoteStatus::Revealed && !settled.losers.contains(&vote.worker)
    });
    let place = winners.position(|vote| &vote.worker == worker)?;
    let in_order = settled.payments.get(place)?;
    let is_owners = |payment: &&Payment| owner.is_none_or(|owner| &payment.to == owner);
    let mut owners = settled.payments.iter().filter(is_owners);
    let paid = Some(in_order)
        .filter(is_owners)
        .or_else(|| owners.next())
        .unwrap_or(in_order);
    Some(paid.amount)
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

    /// A task with these votes.
    fn task(votes: &[(u8, VoteStatus)]) -> Task {
        let mut task = Task::default();
        for (number, status) in votes {
            let vote = Vote {
                worker: worker(*number),
                commitment: H256::zero(),
                seal: H256::zero(),
                weight: 2,
                status: *status,
            };
            task.votes.try_push(vote).unwrap();
        }
        task
    }

    fn settled<'a>(losers: &'a [AccountId], payments: &'a [Payment]) -> Settled<'a> {
        Settled {
            task: crate::task::tests::task(0),
            losers,
            payments,
        }
    }

    #[test]
    fn payments_belong_to_the_votes_that_were_revealed_in_their_order() {
        let task = task(&[
            (1, VoteStatus::Revealed),
            (2, VoteStatus::Committed),
            (3, VoteStatus::Rejected),
            (4, VoteStatus::Revealed),
        ]);
        // One person owns both bonds.
        let payments = [5, 7].map(|amount| Payment {
            to: worker(9),
            amount,
        });
        let owner = worker(9);
        let earned = |number, payments: &[Payment]| {
            payment(
                &task,
                &settled(&[], payments),
                &worker(number),
                Some(&owner),
            )
        };
        let all = [1, 2, 3, 4, 5].map(|number| earned(number, &payments));
        assert_eq!(all, [Some(5), None, None, Some(7), None]);
        assert_eq!(earned(1, &[]), None, "nothing is paid for `Unavailable`");
    }

    #[test]
    fn who_opened_a_losing_vote_earns_nothing_and_roles_decide_the_order() {
        let opened = VoteStatus::Revealed;
        let task = task(&[(1, opened), (2, opened), (3, opened)]);
        let losers = [worker(1)];
        // The third vote's worker was drawn first.
        let payments = [(33, 8), (32, 4)].map(|(owner, amount)| Payment {
            to: worker(owner),
            amount,
        });
        let earned = |number: u8| {
            let owner = worker(number + 30);
            let settled = settled(&losers, &payments);
            payment(&task, &settled, &worker(number), Some(&owner))
        };
        assert_eq!([1, 2, 3].map(earned), [None, Some(4), Some(8)]);
    }
}
