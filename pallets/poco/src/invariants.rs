//! What must hold after every block; see the crate's documentation for the same in words.

use crate::{
    Agenda, CallbackEnds, CallbackQueue, Config, Errand, MAX_REVOKED, Pallet, Progress,
    Revocations, Revoked, TaskPages,
    consensus::{consensus, consensus_on},
    expire::awaited_until,
};
use alloc::collections::{BTreeMap, BTreeSet};
use ergon_primitives::{
    AccountId, Deal, DealId, DealProgress, DealStatus, Due, OpenedResult, Scheduling, Task,
    TaskStatus, Untouched, Vote, VoteStatus, page_of, traits::Deals,
};
use frame_support::ensure;
use sp_core::H256;
use sp_runtime::TryRuntimeError;

/// What is on the pages of a deal.
#[derive(Default)]
struct Counted {
    records: u32,
    ended: u32,
    most_votes: u32,
    open_votes: u32,
}

impl Counted {
    fn count(&mut self, task: &Task) {
        self.records = self.records.saturating_add(1);
        self.ended = self.ended.saturating_add(task.has_ended().into());
        self.most_votes = self.most_votes.max(task.votes.len() as u32);
        self.open_votes = self.open_votes.saturating_add(task.open_votes());
    }
}

impl<T: Config> Pallet<T> {
    /// Checks every task, deal, errand, callback and revocation on record.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut counted: BTreeMap<DealId, Counted> = BTreeMap::new();
        for (id, number, page) in TaskPages::<T>::iter() {
            let deal = T::Deals::deal(id).ok_or("a page belongs to a deal")?;
            ensure!(
                page.tasks(number).next().is_some(),
                "a page has a task on record"
            );
            let count = counted.entry(id).or_default();
            for (index, task) in page.tasks(number) {
                ensure!(deal.has_task(index), "a task's index is one of its deal");
                check_task(&deal, task)?;
                Self::check_awaited(id, &deal, page_of(index), task)?;
                count.count(task);
            }
        }
        for (id, progress) in Progress::<T>::iter() {
            let count = counted.remove(&id).unwrap_or_default();
            Self::check_progress(id, &progress, &count)?;
        }
        ensure!(counted.is_empty(), "tasks are of a deal that is on record");
        Self::check_agenda()?;
        Self::check_callbacks()?;
        Self::check_revocations()
    }

    fn check_progress(
        id: DealId,
        progress: &DealProgress,
        count: &Counted,
    ) -> Result<(), TryRuntimeError> {
        let deal = T::Deals::deal(id).ok_or("progress is of a deal")?;
        ensure!(
            progress.touched <= deal.volume,
            "a deal has no more tasks than its volume"
        );
        ensure!(
            progress.spent <= deal.settlement_fee,
            "no more is spent than was prepaid"
        );
        ensure!(
            progress.open_votes == count.open_votes,
            "every open vote is counted"
        );
        let untouched = match progress.untouched {
            Untouched::Active => deal.volume.saturating_sub(progress.touched),
            Untouched::Failed { .. } | Untouched::Cancelled { .. } => 0,
        };
        let open = count.records.saturating_sub(count.ended);
        let unfinished = open.saturating_add(untouched);
        match T::Deals::status(id) {
            Some(DealStatus::Open) => {
                ensure!(unfinished > 0, "a deal ends with its last task");
                ensure!(
                    progress.touched == count.records,
                    "every task on record is counted"
                );
                ensure!(
                    progress.most_votes == count.most_votes,
                    "the most votes of a task are known"
                );
            }
            // Pages of an ended deal can be gone already.
            _ => ensure!(unfinished == 0, "every task of an ended deal has ended"),
        }
        Ok(())
    }

    /// Whoever awaits something is looked after when that is overdue.
    fn check_awaited(
        id: DealId,
        deal: &Deal,
        page: u32,
        task: &Task,
    ) -> Result<(), TryRuntimeError> {
        let in_time = awaited_until(deal, task).filter(|deadline| Self::now() < *deadline);
        if let Some(deadline) = in_time {
            ensure!(
                Agenda::<T>::contains_key(Due::starting(deadline), Errand::Reveals(id, page)),
                "awaited votes are on the agenda"
            );
        }
        Ok(())
    }

    fn check_agenda() -> Result<(), TryRuntimeError> {
        let (mut ends, mut removals) = (BTreeSet::new(), BTreeSet::new());
        for (_, errand) in Agenda::<T>::iter_keys() {
            match errand {
                Errand::Reveals(..) => (),
                Errand::Final(id) => ensure!(ends.insert(id), "a deal's end comes once"),
                Errand::Retire(id) => ensure!(removals.insert(id), "a deal is removed once"),
            }
        }
        for id in Progress::<T>::iter_keys() {
            let due = match T::Deals::status(id) {
                Some(DealStatus::Open) => ends.contains(&id),
                _ => removals.contains(&id),
            };
            ensure!(due, "a deal's end or removal is on the agenda");
        }
        Ok(())
    }

    fn check_callbacks() -> Result<(), TryRuntimeError> {
        let ends = CallbackEnds::<T>::get();
        let waiting = ends.first..ends.next;
        let mut count: u64 = 0;
        for place in CallbackQueue::<T>::iter_keys() {
            ensure!(
                waiting.contains(&place),
                "a callback has a place in the queue"
            );
            count = count.saturating_add(1);
        }
        ensure!(
            count == ends.next.saturating_sub(ends.first),
            "the queue of callbacks has no gap"
        );
        Ok(())
    }

    fn check_revocations() -> Result<(), TryRuntimeError> {
        let mut revoked: BTreeMap<DealId, u32> = BTreeMap::new();
        for (id, _) in Revoked::<T>::iter_keys() {
            let count = revoked.entry(id).or_default();
            *count = count.saturating_add(1);
        }
        for (id, noted) in Revocations::<T>::iter() {
            let deal = T::Deals::deal(id).ok_or("a revocation belongs to a deal")?;
            ensure!(
                deal.scheduling == Scheduling::Authorised,
                "only authorisations are revoked"
            );
            ensure!(
                noted > 0 && noted <= MAX_REVOKED,
                "a deal's revocations are bounded"
            );
            let counted = revoked.remove(&id);
            ensure!(counted == Some(noted), "every revocation is counted");
        }
        ensure!(revoked.is_empty(), "every revocation is counted");
        Ok(())
    }
}

fn check_task(deal: &Deal, task: &Task) -> Result<(), TryRuntimeError> {
    let workers: BTreeSet<&AccountId> = task.votes.iter().map(|vote| &vote.worker).collect();
    ensure!(
        workers.len() == task.votes.len(),
        "a worker votes once on a task"
    );
    let is_sealed = deal.verification.is_sealed();
    let is_revealed = |vote: &Vote| vote.status == VoteStatus::Revealed;
    let revealed = task.votes.iter().any(is_revealed);
    match &task.status {
        TaskStatus::Active => {
            ensure!(!task.votes.is_empty(), "an untouched task has no record");
            ensure!(!revealed, "nobody reveals while a task is active");
            ensure!(
                is_sealed || consensus(&task.votes, deal.trust).is_none(),
                "consensus is not missed"
            );
        }
        TaskStatus::Revealing {
            commitment,
            revealed: result,
            ..
        } => {
            ensure!(!is_sealed, "sealed votes are opened, not revealed");
            ensure!(
                result.is_some() == revealed,
                "a result comes with a revealed vote"
            );
            check_revealing(deal, &task.votes, *commitment)?;
        }
        TaskStatus::Opening { results, .. } => {
            ensure!(is_sealed, "only sealed votes are opened");
            check_opening(&task.votes, results)?;
        }
        TaskStatus::Settled { .. } => ensure!(revealed, "somebody proved a settled result"),
        TaskStatus::Failed { .. } => {
            ensure!(is_sealed || !revealed, "a revealed result is settled");
        }
        // It can be cancelled in any state.
        TaskStatus::Cancelled { .. } => (),
    }
    Ok(())
}

fn check_revealing(deal: &Deal, votes: &[Vote], winning: H256) -> Result<(), TryRuntimeError> {
    ensure!(
        consensus_on(votes, winning, deal.trust).is_some(),
        "the winning group has consensus"
    );
    let mut awaited = false;
    for vote in votes {
        let is_winning = vote.commitment == winning;
        awaited |= is_winning && vote.status == VoteStatus::Committed;
        let stray = vote.status == VoteStatus::Revealed && !is_winning;
        ensure!(!stray, "only the winning group reveals");
    }
    ensure!(awaited, "a task without awaited reveals has settled");
    Ok(())
}

fn check_opening(votes: &[Vote], results: &[OpenedResult]) -> Result<(), TryRuntimeError> {
    let mut awaited = false;
    for vote in votes {
        match vote.status {
            VoteStatus::Committed => {
                awaited = true;
                ensure!(vote.commitment.is_zero(), "a sealed vote shows nothing");
            }
            VoteStatus::Revealed => {
                let known = |result: &OpenedResult| result.commitment == vote.commitment;
                ensure!(results.iter().any(known), "an opened vote has a result");
            }
            VoteStatus::Rejected => return Err("sealed votes are not rejected".into()),
        }
    }
    ensure!(awaited, "a task without awaited openings has ended");
    Ok(())
}
