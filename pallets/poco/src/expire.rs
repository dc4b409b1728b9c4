//! What happens when workers stay silent: tasks go on without them, and end in time.

use crate::{Config, Error, Event, Pallet, desk::Desk, policy, policy::Step};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, BlockNumber, Deal, DealId, Task, TaskIndex, TaskStatus, VoteStatus,
};
use frame_support::ensure;
use sp_core::H256;

/// What a caller expects of a task whose workers are overdue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Somebody has shown a result.
    Result,
    /// Nobody has.
    Silence,
    /// One or the other.
    Either,
}

impl<T: Config> Pallet<T> {
    /// A task settled with the reveals it has, not closed yet.
    pub(crate) fn finalisation(id: DealId, index: TaskIndex) -> Result<Desk<T>, Error<T>> {
        let mut desk = Desk::<T>::open(id, Error::NotRevealing)?;
        desk.go_on(index, Expected::Result)?;
        Ok(desk)
    }

    /// A task that goes on without a silent group, not closed yet.
    pub(crate) fn reopening(id: DealId, index: TaskIndex) -> Result<Desk<T>, Error<T>> {
        let mut desk = Desk::<T>::open(id, Error::NotRevealing)?;
        desk.go_on(index, Expected::Silence)?;
        Ok(desk)
    }

    /// A task claimed, not closed yet.
    pub(crate) fn claiming(id: DealId, index: TaskIndex) -> Result<Desk<T>, Error<T>> {
        let mut desk = Desk::<T>::open(id, Error::AlreadyEnded)?;
        desk.claim(index)?;
        Ok(desk)
    }
}

impl<T: Config> Desk<T> {
    /// Goes on with a task without the votes that are overdue, whatever there is.
    pub(crate) fn overdue(&mut self, index: TaskIndex) -> Result<(), Error<T>> {
        self.go_on(index, Expected::Either)
    }

    fn go_on(&mut self, index: TaskIndex, expected: Expected) -> Result<(), Error<T>> {
        self.on_task(index, |desk, task| {
            let deadline = awaited_until(&desk.deal, task).ok_or(Error::<T>::NotRevealing)?;
            desk.ensure_harmless()?;
            ensure_expected::<T>(task, expected)?;
            ensure!(desk.now >= deadline, Error::<T>::RevealsOpen);
            desk.expire(index, task)
        })
    }

    /// Ends a task that has not ended by the deal's final deadline, with the result if there is
    /// one; and a task of a harmful app at once.
    ///
    /// Reveals that began late keep their time: whoever has until a later block is not judged
    /// before it.
    pub(crate) fn claim(&mut self, index: TaskIndex) -> Result<(), Error<T>> {
        self.on_task(index, |desk, task| {
            ensure!(!task.has_ended(), Error::<T>::AlreadyEnded);
            if desk.is_harmful {
                desk.cancel(index, task);
                return Ok(());
            }
            ensure!(
                desk.now >= desk.deal.final_deadline(),
                Error::<T>::BeforeFinalDeadline
            );
            let deadline = awaited_until(&desk.deal, task);
            ensure!(
                deadline.is_none_or(|deadline| desk.now >= deadline),
                Error::<T>::RevealsOpen
            );
            desk.expire(index, task)
        })
    }

    /// Does with a task whose time is over what its policy says.
    fn expire(&mut self, index: TaskIndex, task: &mut Task) -> Result<(), Error<T>> {
        let policy = policy::of(&self.deal);
        let step = match task.status {
            TaskStatus::Active => policy.closed(task, &self.deal, self.now),
            _ => policy.overdue(task, &self.deal, self.now),
        };
        ensure!(step != Step::Wait, Error::<T>::RevealsOpen);
        self.follow(index, task, step);
        Ok(())
    }

    /// Takes a silent group out of the task, its stakes to the treasury and its scores down. More
    /// workers may contribute then, if nothing else follows.
    pub(crate) fn reject_silent(&mut self, index: TaskIndex, task: &mut Task, commitment: H256) {
        let mut silent: Vec<AccountId> = Vec::new();
        for vote in task.votes.iter_mut() {
            if vote.commitment == commitment && vote.status == VoteStatus::Committed {
                vote.status = VoteStatus::Rejected;
                self.ledger.reject(&vote.worker);
                silent.push(vote.worker.clone());
            }
        }
        task.status = TaskStatus::Active;
        self.announce(Event::Reopened {
            deal: self.id,
            index,
            silent,
        });
    }
}

/// First block in which nobody has to wait any more for votes to be revealed or opened, or for
/// further sealed votes to come; `None` if nothing of that kind is awaited.
pub(crate) fn awaited_until(deal: &Deal, task: &Task) -> Option<BlockNumber> {
    match task.status {
        TaskStatus::Revealing { since, .. } | TaskStatus::Opening { since, .. } => {
            Some(deal.reveal_deadline(since))
        }
        TaskStatus::Active => {
            let is_begun = deal.verification.is_sealed() && !task.votes.is_empty();
            is_begun.then(|| deal.contribution_deadline())
        }
        TaskStatus::Settled { .. } | TaskStatus::Failed { .. } | TaskStatus::Cancelled { .. } => {
            None
        }
    }
}

fn ensure_expected<T>(task: &Task, expected: Expected) -> Result<(), Error<T>> {
    let is_shown = match &task.status {
        TaskStatus::Revealing { revealed, .. } => revealed.is_some(),
        TaskStatus::Opening { results, .. } => !results.is_empty(),
        _ => false,
    };
    match expected {
        Expected::Result => ensure!(is_shown, Error::<T>::NothingRevealed),
        Expected::Silence => ensure!(!is_shown, Error::<T>::SomethingRevealed),
        Expected::Either => (),
    }
    Ok(())
}
