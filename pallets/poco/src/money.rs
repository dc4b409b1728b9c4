//! Every movement of stake and pay, and nothing else. None of it can fail once a vote's stake is
//! locked.
//!
//! A stake of zero is not locked, because there is nothing to lock; it is therefore neither
//! released nor slashed, and its worker's bond need not exist any more when the task ends.

use crate::{Config, Error, Pallet, verdict::Verdict};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Deal, DealId, Outcome, Vote,
    traits::{Ending, Escrow, Settlement, StakeRefusal, Winner, WorkerStaking},
};
use sp_runtime::traits::Zero;

/// Money in flight.
pub type CreditOf<T> = <<T as Config>::Escrow as Escrow>::Credit;

impl<T> From<StakeRefusal> for Error<T> {
    fn from(refusal: StakeRefusal) -> Self {
        match refusal {
            StakeRefusal::NoBond => Error::NoBond,
            StakeRefusal::NotAMember => Error::NotAMember,
            StakeRefusal::JoinedTooLate => Error::JoinedTooLate,
            StakeRefusal::BelowMinimum => Error::BelowMinimum,
            StakeRefusal::TooLittleFree => Error::TooLittleFree,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Locks what a vote on a task of the deal stakes.
    pub(crate) fn lock_stake(deal: &Deal, worker: &AccountId) -> Result<(), Error<T>> {
        T::Staking::lock(worker, deal.pool, deal.started, deal.worker_stake).map_err(Error::from)
    }

    /// Gives the stakes of these votes back.
    pub(crate) fn release_stakes<'a>(deal: &Deal, votes: impl IntoIterator<Item = &'a Vote>) {
        if deal.worker_stake.is_zero() {
            return;
        }
        for vote in votes {
            T::Staking::unlock(&vote.worker, deal.worker_stake);
        }
    }

    /// Takes the stakes of these votes away.
    #[must_use]
    pub(crate) fn slash_stakes<'a>(
        deal: &Deal,
        votes: impl IntoIterator<Item = &'a Vote>,
    ) -> CreditOf<T> {
        if deal.worker_stake.is_zero() {
            return T::Escrow::nothing();
        }
        votes.into_iter().fold(T::Escrow::nothing(), |sum, vote| {
            T::Escrow::merge(sum, T::Staking::slash(&vote.worker, deal.worker_stake))
        })
    }

    /// Takes the stakes of a silent group for the treasury.
    pub(crate) fn forfeit_stakes<'a>(deal: &Deal, votes: impl IntoIterator<Item = &'a Vote>) {
        T::Escrow::give_to_treasury(Self::slash_stakes(deal, votes));
    }

    /// Pays and refunds a task with a certain result.
    pub(crate) fn pay(
        id: DealId,
        deal: &Deal,
        outcome: &Outcome,
        verdict: &Verdict,
        slashed: CreditOf<T>,
    ) -> Settlement {
        let ending = match outcome {
            Outcome::Unavailable => Ending::Unavailable,
            Outcome::AppFault(_) => Self::proven(false, verdict),
            Outcome::Success(_) => Self::proven(true, verdict),
        };
        T::Escrow::settle(id, deal, &ending, slashed)
    }

    /// Refunds a task without a result.
    pub(crate) fn refund(id: DealId, deal: &Deal, voted: bool) -> Settlement {
        T::Escrow::settle(id, deal, &Ending::Failed { voted }, T::Escrow::nothing())
    }

    /// Gives payer and operator back what a cancelled task had put on hold.
    pub(crate) fn give_back(id: DealId, deal: &Deal) -> Settlement {
        T::Escrow::settle(id, deal, &Ending::Unavailable, T::Escrow::nothing())
    }

    fn proven(app_paid: bool, verdict: &Verdict) -> Ending {
        let winners: Vec<Winner> = verdict
            .winners
            .iter()
            .map(|vote| Winner {
                owner: Self::payee(&vote.worker),
                weight: vote.weight,
            })
            .collect();
        Ending::Proven { app_paid, winners }
    }

    /// The bond's owner; the key itself if, with a stake of zero, the bond has gone.
    fn payee(worker: &AccountId) -> AccountId {
        T::Staking::owner(worker).unwrap_or_else(|| worker.clone())
    }
}
