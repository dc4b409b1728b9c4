//! What must hold after every block; see the crate's documentation for the same in words.

use crate::{
    Config, MAX_REVOKED, Pallet, Revocations, Revoked, Tasks,
    consensus::{consensus, consensus_on},
};
use alloc::collections::{BTreeMap, BTreeSet};
use ergon_primitives::{
    AccountId, Deal, DealId, DealStatus, Scheduling, Task, TaskStatus, Vote, VoteStatus,
    traits::Deals,
};
use frame_support::ensure;
use sp_core::H256;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every task and every revocation on record.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut ended: BTreeMap<DealId, u32> = BTreeMap::new();
        for (id, index, task) in Tasks::<T>::iter() {
            let deal = T::Deals::deal(id).ok_or("a task belongs to a deal")?;
            ensure!(deal.has_task(index), "a task's index is one of its deal");
            Self::check_task(&deal, &task)?;
            let count = ended.entry(id).or_default();
            if task.has_ended() {
                *count = count.saturating_add(1);
            } else {
                let open = T::Deals::status(id) == Some(DealStatus::Open);
                ensure!(open, "every task of an ended deal has ended");
            }
        }
        Self::check_open_deals(ended)?;
        Self::check_revocations()
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

    fn check_open_deals(ended: BTreeMap<DealId, u32>) -> Result<(), TryRuntimeError> {
        for (id, count) in ended {
            let volume = T::Deals::deal(id).map_or(0, |deal| deal.volume);
            let open = T::Deals::status(id) == Some(DealStatus::Open);
            ensure!(!open || count < volume, "a deal ends with its last task");
        }
        Ok(())
    }

    fn check_task(deal: &Deal, task: &Task) -> Result<(), TryRuntimeError> {
        let workers: BTreeSet<&AccountId> = task.votes.iter().map(|vote| &vote.worker).collect();
        ensure!(
            workers.len() == task.votes.len(),
            "a worker votes once on a task"
        );
        let revealed = task
            .votes
            .iter()
            .any(|vote| vote.status == VoteStatus::Revealed);
        match &task.status {
            TaskStatus::Active => {
                ensure!(!revealed, "nobody reveals while a task is active");
                ensure!(
                    consensus(&task.votes, deal.trust).is_none(),
                    "consensus is not missed"
                );
            }
            TaskStatus::Revealing {
                commitment,
                revealed: result,
                ..
            } => {
                ensure!(
                    result.is_some() == revealed,
                    "a result comes with a revealed vote"
                );
                Self::check_revealing(deal, &task.votes, *commitment)?;
            }
            TaskStatus::Settled { .. } => ensure!(revealed, "somebody proved a settled result"),
            TaskStatus::Failed { .. } => ensure!(!revealed, "a revealed result is settled"),
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
}
