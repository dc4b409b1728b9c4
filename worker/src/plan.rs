//! What is to be done about the tasks under way, most urgent first.

use crate::{
    chain::Terms,
    reconcile::{Action, Local, RESEND_AFTER, Seen},
    task::{Ballot, Phase, TaskId, TaskRecord, TaskState},
};
use ergon_client::primitives::{AccountId, Balance, BlockNumber, Deal, Task};

/// What is to be done about one task.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The task.
    pub(crate) task: TaskId,
    /// What the store says.
    pub(crate) record: TaskRecord,
    /// What the best block says.
    pub(crate) best: Task,
    /// The terms of its deal.
    pub(crate) terms: Terms,
    /// What is to be done.
    pub(crate) action: Action,
}

/// What is to be done about all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    items: Vec<Item>,
    /// Stake that votes which are not on the chain yet are going to lock.
    pub(crate) promised: Balance,
}

impl Plan {
    /// Adds a task.
    pub(crate) fn add(&mut self, item: Item) {
        if promises(&item.record.state, &item.action) {
            let stake = item.terms.deal.worker_stake;
            self.promised = self.promised.saturating_add(stake);
        }
        self.items.push(item);
    }

    /// The tasks, most urgent first.
    pub(crate) fn sorted(mut self) -> Vec<Item> {
        self.items.sort_by_key(|item| urgency(&item.action));
        self.items
    }
}

/// Writing down comes first, because more may follow from it; then reveals, because silence costs a
/// stake; new work comes last.
fn urgency(action: &Action) -> u8 {
    match action {
        Action::Finish(_) | Action::Pause => 0,
        Action::NoteCommitted | Action::NoteRevealed => 1,
        Action::Reveal => 2,
        Action::CleanUp(_) => 3,
        Action::Contribute => 4,
        Action::Work => 5,
        Action::Wait => 6,
    }
}

/// Whether the task's vote is going to lock stake that is not locked yet.
fn promises(state: &TaskState, action: &Action) -> bool {
    let is_coming = state.phase() <= Phase::Committing;
    is_coming && !matches!(action, Action::Finish(_) | Action::NoteCommitted)
}

/// What the store says, for [`crate::reconcile::reconcile`].
pub(crate) fn local(record: &TaskRecord, now: BlockNumber) -> Local {
    let since = record.state.cast().map_or(0, |cast| cast.since);
    Local {
        phase: record.state.phase(),
        waited: now >= since.saturating_add(RESEND_AFTER),
    }
}

/// What a block says, for [`crate::reconcile::reconcile`]. `harmful`: whether it says that the app is.
pub(crate) fn seen(
    task: &Task,
    deal: &Deal,
    worker: &AccountId,
    id: TaskId,
    record: &TaskRecord,
    now: BlockNumber,
    harmful: bool,
) -> Seen {
    let state = &record.state;
    let cast = state.cast().map(|cast| cast.ballot);
    let ballot = cast.or_else(|| {
        let computed = state.computed()?;
        Some(Ballot::of(computed, deal, worker, id))
    });
    let seen = Seen::of(task, deal, worker, ballot, now);
    let seen = match state.computed() {
        Some(computed) if deal.verification.is_sealed() => {
            seen.if_sealed(task, deal, worker, &computed.outcome)
        }
        _ => seen,
    };
    seen.unless_harmful(harmful)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        choice::tests::{category, deal},
        reconcile::{Overdue, Stage, Vote},
        task::{
            End,
            tests::{state, task},
        },
    };
    use ergon_client::primitives::{self, AppKind, VoteStatus};
    use std::sync::Arc;

    fn record(phase: Phase) -> TaskRecord {
        TaskRecord {
            state: state(phase),
            changed: 0,
            earned: None,
        }
    }

    fn item(index: u32, phase: Phase, action: Action) -> Item {
        Item {
            task: task(index),
            record: record(phase),
            best: Task::default(),
            terms: Terms {
                deal: Arc::new(deal()),
                category: Arc::new(category()),
                kind: Some(AppKind::Wasm),
            },
            action,
        }
    }

    #[test]
    fn reveals_come_before_contributions_and_both_before_new_work() {
        let actions = [
            Action::Wait,
            Action::Work,
            Action::Contribute,
            Action::CleanUp(Overdue::Claim),
            Action::Reveal,
            Action::NoteRevealed,
            Action::Finish(End::Settled),
        ];
        let mut plan = Plan::default();
        for (index, action) in (0..).zip(actions) {
            plan.add(item(index, Phase::Committed, action));
        }
        let order: Vec<u32> = plan.sorted().iter().map(|item| item.task.index).collect();
        assert_eq!(order, [6, 5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn votes_to_come_promise_their_stake() {
        let stake = deal().worker_stake;
        for phase in Phase::ALL {
            let mut plan = Plan::default();
            plan.add(item(0, phase, Action::Wait));
            let coming = phase <= Phase::Committing;
            assert_eq!(plan.promised, if coming { stake } else { 0 }, "{phase}");
        }
        let mut plan = Plan::default();
        plan.add(item(0, Phase::Executing, Action::Finish(End::NotNeeded)));
        plan.add(item(1, Phase::Committing, Action::NoteCommitted));
        assert_eq!(plan.promised, 0);
    }

    #[test]
    fn transactions_have_some_blocks_of_time() {
        // The states of the tests are of block 1.
        assert!(!local(&record(Phase::Committing), 5).waited);
        assert!(local(&record(Phase::Committing), 1 + RESEND_AFTER).waited);
        assert_eq!(local(&record(Phase::Executing), 9).phase, Phase::Executing);
    }

    #[test]
    fn stored_result_recognises_its_vote_without_a_stored_vote() {
        let worker = AccountId::new([1; 32]);
        let record = record(Phase::Computed);
        let computed = record.state.computed().unwrap();
        let ballot = Ballot::of(computed, &deal(), &worker, task(5));
        let mut on_chain = Task::default();
        let vote = primitives::Vote {
            worker: worker.clone(),
            commitment: ballot.commitment,
            seal: ballot.seal,
            weight: 2,
            status: VoteStatus::Committed,
        };
        on_chain.votes.try_push(vote).unwrap();
        let found = seen(&on_chain, &deal(), &worker, task(5), &record, 110, false);
        assert_eq!(found.vote, Vote::Mine(VoteStatus::Committed));
        let found = seen(&on_chain, &deal(), &worker, task(5), &record, 110, true);
        assert_eq!(found.stage, Stage::Harmful);
        on_chain.votes[0].commitment = Default::default();
        let found = seen(&on_chain, &deal(), &worker, task(5), &record, 110, false);
        assert_eq!(found.vote, Vote::Foreign);
    }
}
