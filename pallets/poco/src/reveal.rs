//! Reveals: the winning group opens its votes.

use crate::{Config, Error, Event, Pallet, Tasks};
use ergon_primitives::{
    AccountId, DealId, InlineResult, Outcome, ResultLocator, TaskIndex, TaskStatus, Vote,
    VoteStatus, commitment, result_digest, seal,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_core::H256;

/// What a worker shows of its result.
pub(crate) struct Opening {
    /// What came of the task.
    pub outcome: Outcome,
    /// Trace of the execution.
    pub trace: H256,
    /// Where the result can be fetched.
    pub locator: ResultLocator,
    /// The result or its head, for the event.
    pub inline: InlineResult,
}

impl<T: Config> Pallet<T> {
    /// Opens a worker's vote. The last awaited reveal settles the task.
    pub(crate) fn do_reveal(
        worker: AccountId,
        id: DealId,
        index: TaskIndex,
        opening: Opening,
    ) -> DispatchResult {
        let (deal, mut task) = Self::open_task(id, index, Error::NotRevealing)?;
        let TaskStatus::Revealing {
            commitment: winning,
            revealed,
            ..
        } = &mut task.status
        else {
            return Err(Error::<T>::NotRevealing.into());
        };
        let winning = *winning;
        Self::ensure_harmless(&deal)?;
        let vote = task
            .votes
            .iter_mut()
            .find(|vote| vote.worker == worker)
            .ok_or(Error::<T>::NotAContributor)?;
        let digest = result_digest(deal.execution_version, &opening.outcome, opening.trace);
        Self::ensure_opens(vote, winning, id, index, digest)?;

        let Opening {
            outcome,
            locator,
            inline,
            ..
        } = opening;
        vote.status = VoteStatus::Revealed;
        let result = revealed.get_or_insert((outcome, locator)).clone();
        Self::deposit_event(Event::Revealed {
            deal: id,
            index,
            worker,
            outcome,
            inline,
        });
        let awaited =
            |vote: &Vote| vote.commitment == winning && vote.status == VoteStatus::Committed;
        if task.votes.iter().any(awaited) {
            Tasks::<T>::insert(id, index, task);
        } else {
            Self::settle(id, &deal, index, task, result);
        }
        Ok(())
    }

    /// Whether this digest opens this vote, and the vote may be opened.
    fn ensure_opens(
        vote: &Vote,
        winning: H256,
        id: DealId,
        index: TaskIndex,
        digest: H256,
    ) -> Result<(), Error<T>> {
        ensure!(
            vote.status != VoteStatus::Rejected,
            Error::<T>::VoteRejected
        );
        ensure!(
            vote.status != VoteStatus::Revealed,
            Error::<T>::AlreadyRevealed
        );
        ensure!(vote.commitment == winning, Error::<T>::VotedOtherwise);
        ensure!(
            commitment(id, index, digest) == winning,
            Error::<T>::CommitmentMismatch
        );
        ensure!(
            seal(&vote.worker, id, index, digest) == vote.seal,
            Error::<T>::SealMismatch
        );
        Ok(())
    }
}
