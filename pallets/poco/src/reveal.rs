//! Reveals: workers open their votes. Where votes show which of them agree, only the winning group
//! does so; where they are sealed, everybody does.

use crate::{
    Config, Error, Event, MAX_BATCH_WORKERS, Pallet, batch, batch::Aim, desk::Desk, policy,
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, BlockNumber, DealId, InlineResult, OpenedResult, Opening, Outcome, Task, TaskIndex,
    TaskStatus, Vote, VoteStatus, commitment, result_digest, seal, sealed,
};
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;

impl<T: Config> Pallet<T> {
    /// One reveal, not closed yet.
    pub(crate) fn revelation(
        id: DealId,
        worker: &AccountId,
        opening: Opening,
    ) -> Result<Desk<T>, Error<T>> {
        let mut desk = Desk::<T>::open(id, Error::NotRevealing)?;
        desk.ensure_shows_groups()?;
        desk.reveal(worker, opening)?;
        Ok(desk)
    }

    /// A batch of reveals, not closed yet.
    pub(crate) fn revelations(
        id: DealId,
        worker: &AccountId,
        openings: Vec<Opening>,
        max_votes: u32,
        aim: Aim,
    ) -> Result<Desk<T>, Error<T>> {
        batch::ensure_ascending::<T>(&openings)?;
        let mut desk = Desk::<T>::open(id, Error::NotRevealing)?;
        desk.ensure_shows_groups()?;
        desk.ensure_votes(max_votes)?;
        desk.work_off(aim, worker, openings, |desk, opening| {
            desk.reveal(worker, opening)
        })?;
        Ok(desk)
    }

    /// The opening of a sealed vote, not closed yet.
    pub(crate) fn opening(
        id: DealId,
        worker: &AccountId,
        opening: Opening,
        salt: H256,
    ) -> Result<Desk<T>, Error<T>> {
        let mut desk = Desk::<T>::open(id, Error::NotRevealing)?;
        ensure!(
            desk.deal.verification.is_sealed(),
            Error::<T>::VotesNotSealed
        );
        desk.open_sealed(worker, opening, salt)?;
        Ok(desk)
    }

    /// What roles are drawn with: the hash of the block of the last vote, which nobody knew when it
    /// voted. When the chain has forgotten it, since nobody opened a vote for so long, the last hash
    /// that it knows.
    fn seed_of(block: BlockNumber) -> H256 {
        let hash = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(block));
        if hash.is_zero() {
            frame_system::Pallet::<T>::parent_hash()
        } else {
            hash
        }
    }
}

impl<T: Config> Desk<T> {
    /// Opens a vote of the winning group. The last awaited one settles the task.
    pub(crate) fn reveal(&mut self, worker: &AccountId, opening: Opening) -> Result<(), Error<T>> {
        self.on_task(opening.index, |desk, task| {
            let TaskStatus::Revealing {
                commitment: winning,
                ..
            } = task.status
            else {
                return Err(Error::<T>::NotRevealing);
            };
            desk.ensure_harmless()?;
            let vote = find_vote::<T>(task, worker)?;
            ensure_can_reveal::<T>(vote, winning)?;
            let digest = desk.digest(&opening);
            desk.ensure_opens(vote, winning, opening.index, digest)?;
            desk.ensure_room(task)?;

            mark_revealed(task, worker, winning);
            desk.note_result(task, winning, &opening);
            desk.show(worker, task, opening);
            Ok(())
        })
    }

    /// Opens a sealed vote. The last one settles the task.
    pub(crate) fn open_sealed(
        &mut self,
        worker: &AccountId,
        opening: Opening,
        salt: H256,
    ) -> Result<(), Error<T>> {
        let index = opening.index;
        self.on_task(index, |desk, task| {
            let TaskStatus::Opening { since, .. } = task.status else {
                return Err(Error::<T>::NotRevealing);
            };
            desk.ensure_harmless()?;
            desk.ensure_roles_known(since)?;
            let vote = find_vote::<T>(task, worker)?;
            ensure!(
                vote.status == VoteStatus::Committed,
                Error::<T>::AlreadyRevealed
            );
            let digest = desk.digest(&opening);
            let expected = sealed(worker, desk.id, index, digest, salt);
            ensure!(expected == vote.seal, Error::<T>::SealMismatch);

            let commitment = commitment(desk.id, index, digest);
            mark_revealed(task, worker, commitment);
            desk.note_result(task, commitment, &opening);
            desk.show(worker, task, opening);
            Ok(())
        })
    }

    /// Whether votes of the deal show which of them agree.
    fn ensure_shows_groups(&self) -> Result<(), Error<T>> {
        let is_sealed = self.deal.verification.is_sealed();
        ensure!(!is_sealed, Error::<T>::SealedVotes);
        Ok(())
    }

    /// Whether the block of the last vote has a hash already, where roles are drawn with it.
    fn ensure_roles_known(&self, since: BlockNumber) -> Result<(), Error<T>> {
        let draws_roles = policy::of(&self.deal).draws_roles();
        ensure!(!draws_roles || self.now > since, Error::<T>::RolesNotDrawn);
        Ok(())
    }

    /// Whether this digest opens this vote.
    fn ensure_opens(
        &self,
        vote: &Vote,
        winning: H256,
        index: TaskIndex,
        digest: H256,
    ) -> Result<(), Error<T>> {
        ensure!(
            commitment(self.id, index, digest) == winning,
            Error::<T>::CommitmentMismatch
        );
        ensure!(
            seal(&vote.worker, self.id, index, digest) == vote.seal,
            Error::<T>::SealMismatch
        );
        Ok(())
    }

    /// Whether one call may touch the task's workers too, should the task settle.
    fn ensure_room(&self, task: &Task) -> Result<(), Error<T>> {
        let most = MAX_BATCH_WORKERS as usize;
        let touched = self.ledger.workers() as usize;
        let is_far = touched.saturating_add(task.votes.len()) <= most;
        ensure!(
            is_far || self.ledger.workers_with(&task.votes) <= most,
            Error::<T>::TooManyWorkers
        );
        Ok(())
    }

    pub(crate) fn digest(&self, opening: &Opening) -> H256 {
        result_digest(self.deal.execution_version, &opening.outcome, opening.trace)
    }

    /// Notes the result of a group with the task, if it is the first to show it.
    fn note_result(&self, task: &mut Task, commitment: H256, opening: &Opening) {
        let result = || (opening.outcome, opening.locator.clone());
        match &mut task.status {
            TaskStatus::Revealing { revealed, .. } => {
                revealed.get_or_insert_with(result);
            }
            TaskStatus::Opening {
                since,
                seed,
                results,
            } => {
                if seed.is_zero() && policy::of(&self.deal).draws_roles() {
                    *seed = Pallet::<T>::seed_of(*since);
                }
                if !results.iter().any(|known| known.commitment == commitment) {
                    let (outcome, locator) = result();
                    let opened = OpenedResult {
                        commitment,
                        outcome,
                        locator,
                    };
                    // There is a place for a result of each vote.
                    let _ = results.try_push(opened);
                }
            }
            TaskStatus::Active
            | TaskStatus::Settled { .. }
            | TaskStatus::Failed { .. }
            | TaskStatus::Cancelled { .. } => (),
        }
    }

    /// Announces an opened vote and goes on with its task.
    fn show(&mut self, worker: &AccountId, task: &mut Task, opening: Opening) {
        let Opening {
            index,
            outcome,
            inline,
            ..
        } = opening;
        self.announce_revealed(worker, index, outcome, inline);
        let step = policy::of(&self.deal).opened(task, &self.deal);
        self.follow(index, task, step);
    }

    pub(crate) fn announce_revealed(
        &mut self,
        worker: &AccountId,
        index: TaskIndex,
        outcome: Outcome,
        inline: InlineResult,
    ) {
        self.announce(Event::Revealed {
            deal: self.id,
            index,
            worker: worker.clone(),
            outcome,
            inline,
        });
    }
}

fn find_vote<'a, T>(task: &'a Task, worker: &AccountId) -> Result<&'a Vote, Error<T>> {
    task.vote_of(worker).ok_or(Error::NotAContributor)
}

/// Whether the vote is of the winning group and still to be revealed.
fn ensure_can_reveal<T>(vote: &Vote, winning: H256) -> Result<(), Error<T>> {
    ensure!(
        vote.status != VoteStatus::Rejected,
        Error::<T>::VoteRejected
    );
    ensure!(
        vote.status != VoteStatus::Revealed,
        Error::<T>::AlreadyRevealed
    );
    ensure!(vote.commitment == winning, Error::<T>::VotedOtherwise);
    Ok(())
}

/// The worker's vote is open, and for this.
fn mark_revealed(task: &mut Task, worker: &AccountId, commitment: H256) {
    if let Some(vote) = task.votes.iter_mut().find(|vote| vote.worker == *worker) {
        vote.status = VoteStatus::Revealed;
        vote.commitment = commitment;
    }
}
