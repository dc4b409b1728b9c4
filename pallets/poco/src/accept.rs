//! Results that settle at once, because the pool's authoriser has seen them and takes them: for
//! requesters who trust the pool.
//!
//! The authoriser's word names worker and results; in the open it would be stolen on its way into a
//! block. Nothing is staked on such a result, and it raises no score.

use crate::{
    Config, Error, Pallet,
    batch::{self, Aim, Item},
    contribute::Voter,
    desk::{Desk, is_untouched},
    policy::{Conclusion, Fate, Verdict},
};
use alloc::{vec, vec::Vec};
use ergon_primitives::{
    AccountId, DealId, Opening, Outcome, ResultLocator, Scheduling, Signature, TaskIndex, Vote,
    VoteStatus, acceptance_message, commitment, seal,
};
use frame_support::ensure;
use sp_core::H256;

/// Highest trust for which one result is enough.
const MAX_ACCEPTED_TRUST: u32 = 2;

/// A result and its digest.
struct Accepted {
    opening: Opening,
    digest: H256,
}

impl Item for Accepted {
    fn index(&self) -> TaskIndex {
        self.opening.index
    }
}

impl<T: Config> Pallet<T> {
    /// Accepted results, one or many, not closed yet.
    pub(crate) fn acceptance(
        id: DealId,
        worker: AccountId,
        results: Vec<Opening>,
        acceptance: &Signature,
        max_votes: u32,
        aim: Aim,
    ) -> Result<Desk<T>, Error<T>> {
        batch::ensure_ascending::<T>(&results)?;
        let mut desk = Desk::<T>::open(id, Error::NotActive)?;
        desk.ensure_votes(max_votes)?;
        let mut voter = Voter::new(worker, 0, None);
        desk.ensure_accepts(&mut voter)?;
        let digest = |opening: &Opening| (opening.index, desk.digest(opening));
        let digests: Vec<(TaskIndex, H256)> = results.iter().map(digest).collect();
        desk.ensure_accepted(&voter.worker, &digests, acceptance)?;

        let weight = voter.weight::<T>();
        let worker = voter.worker;
        let accepted = results
            .into_iter()
            .zip(digests)
            .map(|(opening, (_, digest))| Accepted { opening, digest });
        desk.work_off(aim, &worker, accepted, |desk, accepted| {
            desk.accept(&worker, weight, accepted)
        })?;
        Ok(desk)
    }
}

impl<T: Config> Desk<T> {
    /// Whether the deal settles on the authoriser's word for this worker's results.
    fn ensure_accepts(&self, voter: &mut Voter) -> Result<(), Error<T>> {
        let is_scheduled = self.deal.scheduling == Scheduling::Authorised;
        ensure!(is_scheduled, Error::<T>::NotAuthorisedPool);
        let is_sealed = self.deal.verification.is_sealed();
        ensure!(!is_sealed, Error::<T>::SealedVotes);
        ensure!(
            self.deal.trust <= MAX_ACCEPTED_TRUST,
            Error::<T>::TrustTooHigh
        );
        self.ensure_takes_work()?;
        self.ensure_not_revoked(voter)?;
        self.ensure_backed(voter, 0)
    }

    /// Whether the pool's authoriser takes these results from this worker.
    fn ensure_accepted(
        &self,
        worker: &AccountId,
        digests: &[(TaskIndex, H256)],
        acceptance: &Signature,
    ) -> Result<(), Error<T>> {
        let genesis = Pallet::<T>::genesis();
        let message = acceptance_message(genesis, worker, self.id, digests);
        ensure!(
            self.has_signed(message, acceptance),
            Error::<T>::NotAccepted
        );
        Ok(())
    }

    /// Settles a task that nobody has voted on.
    fn accept(
        &mut self,
        worker: &AccountId,
        weight: u32,
        accepted: Accepted,
    ) -> Result<(), Error<T>> {
        let Accepted { opening, digest } = accepted;
        let Opening {
            index,
            outcome,
            locator,
            inline,
            ..
        } = opening;
        self.on_task(index, |desk, task| {
            ensure!(is_untouched(task), Error::<T>::NotUntouched);
            task.votes
                .try_push(Vote {
                    worker: worker.clone(),
                    commitment: commitment(desk.id, index, digest),
                    seal: seal(worker, desk.id, index, digest),
                    weight,
                    status: VoteStatus::Revealed,
                })
                .map_err(|_| Error::<T>::TooManyContributors)?;
            desk.announce_revealed(worker, index, outcome, inline);
            desk.conclude(index, task, verdict(outcome, locator, weight));
            Ok(())
        })
    }
}

/// The only vote wins; where there is nothing to be paid for, nothing happens.
fn verdict(outcome: Outcome, locator: ResultLocator, weight: u32) -> Verdict {
    let fate = match outcome {
        Outcome::Success(_) | Outcome::AppFault(_) => Fate::Wins { weight },
        Outcome::Unavailable => Fate::Released,
    };
    Verdict {
        conclusion: Conclusion::Settled { outcome, locator },
        fates: vec![fate],
        scored: false,
    }
}
