//! Contributions: votes on a task, and the consensus they may bring about.

use crate::{Config, Error, Event, Pallet, Tasks, consensus, consensus::Group};
use ergon_primitives::{
    AccountId, Authorisation, Balance, Deal, DealId, Task, TaskIndex, TaskStatus, Vote, VoteStatus,
    traits::Reputation,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_core::H256;

/// What a worker hands in.
pub(crate) struct Ballot {
    /// What it votes for.
    pub commitment: H256,
    /// Shows later that it knew the result.
    pub seal: H256,
    /// Most that the vote may lock of its bond.
    pub max_stake: Balance,
    /// The word of the pool's authoriser.
    pub authorisation: Option<Authorisation>,
}

impl<T: Config> Pallet<T> {
    /// Records a worker's vote, locks its stake, and looks whether its group has consensus now.
    pub(crate) fn do_contribute(
        worker: AccountId,
        id: DealId,
        index: TaskIndex,
        ballot: Ballot,
    ) -> DispatchResult {
        let (deal, mut task) = Self::open_task(id, index, Error::NotActive)?;
        Self::ensure_takes_votes(&deal, &task)?;
        ensure!(
            task.vote_of(&worker).is_none(),
            Error::<T>::AlreadyContributed
        );
        ensure!(
            deal.worker_stake <= ballot.max_stake,
            Error::<T>::StakeAboveLimit
        );
        Self::ensure_authorised(&deal, id, index, &worker, ballot.authorisation.as_ref())?;
        let Ballot {
            commitment, seal, ..
        } = ballot;
        let weight = consensus::weight(T::Reputation::score(&worker));
        let status = VoteStatus::Committed;
        task.votes
            .try_push(Vote {
                worker: worker.clone(),
                commitment,
                seal,
                weight,
                status,
            })
            .map_err(|_| Error::<T>::TooManyContributors)?;

        Self::lock_stake(&deal, &worker)?;
        Self::deposit_event(Event::Contributed {
            deal: id,
            index,
            worker,
            commitment,
            weight,
        });
        if let Some(group) = consensus::consensus_on(&task.votes, commitment, deal.trust) {
            Self::begin_reveals(id, index, &mut task, &group);
        }
        Tasks::<T>::insert(id, index, task);
        Ok(())
    }

    /// Whether anybody may vote on the task now.
    fn ensure_takes_votes(deal: &Deal, task: &Task) -> Result<(), Error<T>> {
        ensure!(task.status == TaskStatus::Active, Error::<T>::NotActive);
        Self::ensure_harmless(deal)?;
        ensure!(
            Self::now() < deal.contribution_deadline(),
            Error::<T>::ContributionsClosed
        );
        Ok(())
    }

    /// The group has consensus: from now on its workers must reveal.
    pub(crate) fn begin_reveals(id: DealId, index: TaskIndex, task: &mut Task, group: &Group) {
        let Group {
            commitment, voters, ..
        } = *group;
        task.status = TaskStatus::Revealing {
            commitment,
            since: Self::now(),
            revealed: None,
        };
        Self::deposit_event(Event::ConsensusReached {
            deal: id,
            index,
            commitment,
            voters,
        });
    }
}
