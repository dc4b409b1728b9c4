//! Votes and reveals of one deal that are due at the same time go together.

use super::{Busy, Daemon, Finished, Kind};
use crate::{
    behaviour::Behaviour,
    chain::{Chain, Terms},
    error::WorkerError,
    send::{BATCH, Candidate, Errand, Occasion, send},
    task::{Cast, TaskId},
};
use ergon_client::primitives::{AccountId, BlockNumber, Deal, DealId, Task, TaskStatus};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    mem,
};
use tracing::{Instrument, info_span};

/// The most workers that one call of reveals may touch (`MAX_BATCH_WORKERS` of the pallet): those of
/// all tasks that it settles.
const BATCH_WORKERS: usize = 128;
/// The most transactions with reveals that are on their way at a time.
const REVEALS: usize = 32;

/// A reveal that is due.
#[derive(Debug)]
struct Reveal {
    task: TaskId,
    cast: Cast,
    /// First block in which it is too late.
    deadline: BlockNumber,
    /// Everybody who voted on the task.
    voters: Vec<AccountId>,
}

/// What is due in one deal.
#[derive(Debug)]
struct OfDeal {
    terms: Terms,
    reveals: Vec<Reveal>,
    votes: Vec<Candidate>,
}

/// What is due.
#[derive(Debug, Default)]
pub(super) struct Due {
    deals: BTreeMap<DealId, OfDeal>,
}

/// A transaction to be sent.
#[derive(Debug)]
struct Sending {
    deal: DealId,
    terms: Terms,
    errand: Errand,
    kind: Kind,
    /// First block in which it is too late for a reveal of it.
    deadline: BlockNumber,
}

/// Transactions that are on their way, by what they are. What becomes ready meanwhile waits for the
/// next one, so that batches grow when the chain is slower than this worker.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    counts: HashMap<(DealId, Kind), usize>,
}

impl UnderWay {
    /// One more is sent.
    fn begin(&mut self, of: (DealId, Kind)) {
        let count = self.counts.entry(of).or_default();
        *count = count.saturating_add(1);
    }

    /// One came to its end.
    pub(super) fn end(&mut self, of: (DealId, Kind)) {
        let left = self.counts.remove(&of).unwrap_or_default();
        if left > 1 {
            self.counts.insert(of, left.saturating_sub(1));
        }
    }

    /// What may be sent now. A deal's votes, and its reveals, wait until those before have come to
    /// their end; what is opened one by one waits only for a place.
    fn admit(&self, sendings: Vec<Sending>) -> Vec<Sending> {
        let mut places = REVEALS.saturating_sub(self.reveals());
        let may_go = |sending: &Sending| {
            let is_waiting = self.counts.contains_key(&(sending.deal, sending.kind));
            match sending.kind {
                Kind::Votes => return !is_waiting,
                Kind::Reveals if is_waiting => return false,
                Kind::Reveals | Kind::Openings => {}
            }
            let is_free = places > 0;
            places = places.saturating_sub(1);
            is_free
        };
        sendings.into_iter().filter(may_go).collect()
    }

    fn reveals(&self) -> usize {
        let counts = self.counts.iter();
        counts
            .filter(|((_, kind), _)| *kind != Kind::Votes)
            .map(|(_, count)| count)
            .sum()
    }
}

impl Due {
    /// Adds a vote.
    pub(super) fn vote(&mut self, terms: &Terms, candidate: Candidate) {
        let deal = candidate.task.deal;
        self.of(deal, terms).votes.push(candidate);
    }

    /// Adds a reveal, for a task that looks like this in the best block.
    pub(super) fn reveal(&mut self, terms: &Terms, task: TaskId, cast: Cast, seen: &Task) {
        let voters = seen.votes.iter().map(|vote| vote.worker.clone());
        let reveal = Reveal {
            task,
            cast,
            deadline: reveal_deadline(&terms.deal, seen),
            voters: voters.collect(),
        };
        self.of(task.deal, terms).reveals.push(reveal);
    }

    fn of(&mut self, deal: DealId, terms: &Terms) -> &mut OfDeal {
        self.deals.entry(deal).or_insert_with(|| OfDeal {
            terms: terms.clone(),
            reveals: Vec::new(),
            votes: Vec::new(),
        })
    }

    /// What is to be sent, in this order: the reveals of all deals come before all votes, because
    /// silence costs a stake, and of the reveals the most urgent ones.
    fn sendings(self) -> Vec<Sending> {
        let (mut sendings, mut votes) = (Vec::new(), Vec::new());
        for (deal, of_deal) in self.deals {
            let OfDeal {
                terms,
                reveals,
                votes: candidates,
            } = of_deal;
            sendings.extend(sendings_of_reveals(deal, &terms, reveals));
            votes.extend(sending_of_votes(deal, terms, candidates));
        }
        sendings.sort_by_key(|sending: &Sending| sending.deadline);
        sendings.extend(votes);
        sendings
    }
}

/// Reveals of one deal. Sealed votes are opened one by one.
fn sendings_of_reveals(deal: DealId, terms: &Terms, reveals: Vec<Reveal>) -> Vec<Sending> {
    let is_sealed = terms.deal.verification.is_sealed();
    let (kind, parts) = if is_sealed {
        let alone = reveals.into_iter().map(|reveal| vec![reveal]);
        (Kind::Openings, alone.collect::<Vec<_>>())
    } else {
        (Kind::Reveals, parts(reveals))
    };
    let sending = |part: Vec<Reveal>| {
        let deadlines = part.iter().map(|reveal| reveal.deadline);
        let deadline = deadlines.min().unwrap_or(BlockNumber::MAX);
        let casts = part.into_iter().map(|reveal| (reveal.task, reveal.cast));
        Sending {
            deal,
            terms: terms.clone(),
            errand: Errand::Reveal(casts.collect()),
            kind,
            deadline,
        }
    };
    parts.into_iter().map(sending).collect()
}

/// Reveals as they go into calls, most urgent first. The tasks of one call have together no more
/// workers than it may touch: else the node would refuse it.
fn parts(mut reveals: Vec<Reveal>) -> Vec<Vec<Reveal>> {
    reveals.sort_by_key(|reveal| (reveal.deadline, reveal.task));
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    let mut workers: BTreeSet<AccountId> = BTreeSet::new();
    for reveal in reveals {
        let is_new = |voter: &&AccountId| !workers.contains(*voter);
        let together = workers
            .len()
            .saturating_add(reveal.voters.iter().filter(is_new).count());
        if part.len() >= BATCH || together > BATCH_WORKERS {
            parts.push(mem::take(&mut part));
            workers.clear();
        }
        workers.extend(reveal.voters.iter().cloned());
        part.push(reveal);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// Votes of one deal, as many as go into one call.
fn sending_of_votes(deal: DealId, terms: Terms, mut votes: Vec<Candidate>) -> Option<Sending> {
    if votes.is_empty() {
        return None;
    }
    votes.sort_by_key(|candidate| candidate.task);
    votes.truncate(BATCH);
    Some(Sending {
        deal,
        terms,
        errand: Errand::Contribute(votes),
        kind: Kind::Votes,
        deadline: BlockNumber::MAX,
    })
}

/// First block in which it is too late to reveal a vote on the task.
fn reveal_deadline(deal: &Deal, task: &Task) -> BlockNumber {
    match &task.status {
        TaskStatus::Revealing { since, .. } | TaskStatus::Opening { since, .. } => {
            deal.reveal_deadline(*since)
        }
        _ => BlockNumber::MAX,
    }
}

impl<B: Behaviour> Daemon<B> {
    /// Sends what is due and may be sent now.
    pub(super) async fn send_due(&mut self, chain: &Chain, due: Due) -> Result<(), WorkerError> {
        for sending in self.under_way.admit(due.sendings()) {
            let Sending {
                deal,
                terms,
                errand,
                kind,
                ..
            } = sending;
            let progress = match kind {
                // Nobody asks how many votes there are.
                Kind::Openings => None,
                Kind::Reveals | Kind::Votes => chain.best.progress(deal).await?,
            };
            let most_votes = progress.unwrap_or_default().most_votes;
            let occasion = self.occasion(deal, &terms, most_votes);
            self.send(occasion, errand, Some(kind));
        }
        Ok(())
    }

    /// What is said with every errand in a deal.
    pub(super) fn occasion(&self, deal: DealId, terms: &Terms, most_votes: u32) -> Occasion {
        Occasion {
            deal,
            terms: terms.deal.clone(),
            most_votes,
            now: self.now,
        }
    }

    /// Begins with a transaction.
    pub(super) fn send(&mut self, occasion: Occasion, errand: Errand, kind: Option<Kind>) {
        let (shared, number, tasks) = (self.shared.clone(), self.number(), errand.tasks());
        let batch = kind.map(|kind| (occasion.deal, kind));
        for task in &tasks {
            let busy = Busy {
                number,
                execution: None,
            };
            self.busy.insert(*task, busy);
        }
        if let Some(batch) = batch {
            self.under_way.begin(batch);
        }
        let span = match tasks.as_slice() {
            [task] => info_span!("task", deal = %task.deal, index = task.index),
            tasks => info_span!("tasks", deal = %occasion.deal, count = tasks.len()),
        };
        let sending = async move {
            Finished {
                tasks,
                number,
                batch,
                result: send(&shared, &occasion, errand).await,
            }
        };
        self.sendings.spawn(sending.instrument(span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        choice::tests::{category, deal},
        task::tests::{cast, computed, task},
    };
    use ergon_client::primitives::{AppKind, Verification, Vote, VoteStatus};
    use sp_core::H256;
    use std::sync::Arc;

    fn terms(verification: Verification) -> Terms {
        Terms {
            deal: Arc::new(Deal {
                verification,
                ..deal()
            }),
            category: Arc::new(category()),
            kind: Some(AppKind::Wasm),
        }
    }

    fn worker(number: u32) -> AccountId {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_le_bytes());
        AccountId::new(bytes)
    }

    /// A task whose reveals are awaited since a block, with votes of these workers.
    fn revealing(since: BlockNumber, voters: impl IntoIterator<Item = u32>) -> Task {
        let mut task = Task {
            status: TaskStatus::Revealing {
                commitment: H256::zero(),
                since,
                revealed: None,
            },
            ..Task::default()
        };
        for number in voters {
            let vote = Vote {
                worker: worker(number),
                commitment: H256::zero(),
                seal: H256::zero(),
                weight: 2,
                status: VoteStatus::Committed,
            };
            task.votes.try_push(vote).unwrap();
        }
        task
    }

    fn candidate(task: TaskId) -> Candidate {
        Candidate {
            task,
            computed: computed(1),
            sent: None,
            seen: Task::default(),
        }
    }

    /// Three votes and three reveals, out of order.
    fn due(verification: Verification) -> Due {
        let (mut due, terms) = (Due::default(), terms(verification));
        for index in [9, 5, 7] {
            due.vote(&terms, candidate(task(index)));
            let seen = revealing(120, [1, 2]);
            due.reveal(&terms, task(index + 10), cast(1, 1), &seen);
        }
        due
    }

    fn kinds(sendings: &[Sending]) -> Vec<(usize, Kind)> {
        let of = |sending: &Sending| (sending.errand.tasks().len(), sending.kind);
        sendings.iter().map(of).collect()
    }

    #[test]
    fn what_is_due_in_a_deal_goes_together_in_its_order() {
        let sendings = due(Verification::Replication).sendings();
        let [reveals, votes] = sendings.as_slice() else {
            panic!("{sendings:?}")
        };
        assert_eq!((reveals.kind, votes.kind), (Kind::Reveals, Kind::Votes));
        assert_eq!(reveals.errand.tasks(), [task(15), task(17), task(19)]);
        assert_eq!(votes.errand.tasks(), [task(5), task(7), task(9)]);
    }

    #[test]
    fn sealed_votes_are_sent_together_and_opened_alone() {
        let sendings = due(Verification::Race { referees: 1 }).sendings();
        let alone = (1, Kind::Openings);
        assert_eq!(kinds(&sendings), [alone, alone, alone, (3, Kind::Votes)]);
    }

    #[test]
    fn reveals_of_all_deals_come_before_all_votes_and_the_most_urgent_one_first() {
        let (mut due, terms) = (Due::default(), terms(Verification::Replication));
        for (deal, since) in [(1, 130), (2, 120), (3, 125)] {
            let of_deal = TaskId {
                deal: DealId(H256::repeat_byte(deal)),
                index: 5,
            };
            due.vote(&terms, candidate(of_deal));
            due.reveal(&terms, of_deal, cast(1, 1), &revealing(since, [1]));
        }
        let order: Vec<_> = due
            .sendings()
            .iter()
            .map(|sending| (sending.deal.0.0[0], sending.kind))
            .collect();
        let expected = [
            (2, Kind::Reveals),
            (3, Kind::Reveals),
            (1, Kind::Reveals),
            (1, Kind::Votes),
            (2, Kind::Votes),
            (3, Kind::Votes),
        ];
        assert_eq!(order, expected);
    }

    #[test]
    fn no_batch_is_longer_than_a_call_takes() {
        let (mut due, terms) = (Due::default(), terms(Verification::Replication));
        for index in 0..BATCH as u32 + 5 {
            due.reveal(&terms, task(index), cast(1, 1), &revealing(120, [1, 2]));
            due.vote(&terms, candidate(task(index)));
        }
        let sizes: Vec<_> = kinds(&due.sendings());
        let expected = [
            (BATCH, Kind::Reveals),
            (5, Kind::Reveals),
            (BATCH, Kind::Votes),
        ];
        assert_eq!(sizes, expected);
    }

    #[test]
    fn no_batch_of_reveals_settles_tasks_of_more_workers_than_a_call_may_touch() {
        let (mut due, terms) = (Due::default(), terms(Verification::Replication));
        // Each task has the worker 0 and 30 others: four tasks have 121 workers, five have 151.
        for index in 0..9 {
            let first = index * 30 + 1;
            let voters = std::iter::once(0).chain(first..first + 30);
            due.reveal(&terms, task(index), cast(1, 1), &revealing(120, voters));
        }
        let sizes: Vec<_> = kinds(&due.sendings());
        assert_eq!(
            sizes,
            [(4, Kind::Reveals), (4, Kind::Reveals), (1, Kind::Reveals)]
        );
    }

    #[test]
    fn what_is_of_a_kind_waits_for_what_is_on_its_way() {
        let mut under_way = UnderWay::default();
        let votes = (task(0).deal, Kind::Votes);
        let reveals = (task(0).deal, Kind::Reveals);
        let admitted = |under_way: &UnderWay| {
            let sendings = due(Verification::Replication).sendings();
            let kinds = under_way.admit(sendings).into_iter();
            kinds.map(|sending| sending.kind).collect::<Vec<_>>()
        };
        under_way.begin(votes);
        assert_eq!(admitted(&under_way), [Kind::Reveals]);
        under_way.begin(reveals);
        under_way.begin(reveals);
        under_way.end(votes);
        assert_eq!(admitted(&under_way), [Kind::Votes]);
        under_way.end(reveals);
        assert_eq!(admitted(&under_way), [Kind::Votes], "one is on its way");
        under_way.end(reveals);
        assert_eq!(admitted(&under_way), [Kind::Reveals, Kind::Votes]);
    }

    #[test]
    fn only_so_many_sealed_votes_are_opened_at_a_time_and_the_most_urgent_ones() {
        let mut under_way = UnderWay::default();
        let openings = (task(0).deal, Kind::Openings);
        (0..REVEALS - 2).for_each(|_| under_way.begin(openings));
        let (mut due, terms) = (Due::default(), terms(Verification::Blind { voters: 3 }));
        for (index, since) in [(5, 130), (6, 120), (7, 125)] {
            due.reveal(&terms, task(index), cast(1, 1), &revealing(since, [1]));
        }
        due.vote(&terms, candidate(task(8)));
        let admitted = under_way.admit(due.sendings()).into_iter();
        let tasks: Vec<_> = admitted
            .flat_map(|sending| sending.errand.tasks())
            .collect();
        assert_eq!(tasks, [task(6), task(7), task(8)]);
    }
}
