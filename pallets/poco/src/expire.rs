//! What happens when workers stay silent: reopening, failure, and the claim that ends every task.

use crate::{
    Config, Error, Event, Pallet, Tasks, consensus,
    consensus::{Next, needed},
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Deal, DealId, Task, TaskIndex, TaskStatus, Vote, VoteStatus,
    traits::{Registry, Reputation},
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    /// Rejects a winning group that revealed nothing, and sees what can become of the task without
    /// it.
    pub(crate) fn do_reopen(id: DealId, index: TaskIndex) -> DispatchResult {
        let (deal, mut task) = Self::open_task(id, index, Error::NotRevealing)?;
        let TaskStatus::Revealing {
            commitment,
            since,
            ref revealed,
        } = task.status
        else {
            return Err(Error::<T>::NotRevealing.into());
        };
        Self::ensure_harmless(&deal)?;
        ensure!(revealed.is_none(), Error::<T>::SomethingRevealed);
        ensure!(
            Self::now() >= deal.reveal_deadline(since),
            Error::<T>::RevealsOpen
        );

        Self::reject_silent(id, &deal, index, &mut task, commitment);
        match consensus::next(&task.votes, &deal, Self::now()) {
            Next::Reveal(group) => Self::begin_reveals(id, index, &mut task, &group),
            Next::Contribute => task.status = TaskStatus::Active,
            Next::Fail => {
                Self::fail(id, &deal, index, task);
                return Ok(());
            }
        }
        Tasks::<T>::insert(id, index, task);
        Ok(())
    }

    /// Ends a task that has not ended by the deal's final deadline, with the result if there is
    /// one; and a task of a harmful app at once.
    ///
    /// Reveals that began late keep their time: whoever has until a later block is not judged
    /// before it.
    pub(crate) fn do_claim(id: DealId, index: TaskIndex) -> DispatchResult {
        let (deal, mut task) = Self::open_task(id, index, Error::AlreadyEnded)?;
        ensure!(!task.has_ended(), Error::<T>::AlreadyEnded);
        if T::Registry::is_harmful(deal.app) {
            Self::cancel(id, &deal, index, task);
            return Ok(());
        }
        ensure!(
            Self::now() >= deal.final_deadline(),
            Error::<T>::BeforeFinalDeadline
        );
        if let TaskStatus::Revealing {
            commitment,
            since,
            ref revealed,
        } = task.status
        {
            ensure!(
                Self::now() >= deal.reveal_deadline(since),
                Error::<T>::RevealsOpen
            );
            if let Some(result) = revealed.clone() {
                Self::settle(id, &deal, index, task, result);
                return Ok(());
            }
            Self::reject_silent(id, &deal, index, &mut task, commitment);
        }
        Self::fail(id, &deal, index, task);
        Ok(())
    }

    /// Ends a task without a result. Cannot fail.
    fn fail(id: DealId, deal: &Deal, index: TaskIndex, task: Task) {
        let Task { votes, .. } = task;
        let voted = votes.len() >= needed(deal.trust) as usize;
        let live = votes
            .iter()
            .filter(|vote| vote.status != VoteStatus::Rejected);
        Self::release_stakes(deal, live);
        let settlement = Self::refund(id, deal, voted);

        let status = TaskStatus::Failed { at: Self::now() };
        Tasks::<T>::insert(id, index, Task { status, votes });
        Self::deposit_event(Event::Failed {
            deal: id,
            index,
            refunded: settlement.refunded,
            treasury: settlement.treasury,
        });
        Self::end_deal_after(id, &settlement);
    }

    /// Takes a silent group out of the task, its stakes to the treasury and its scores down.
    fn reject_silent(id: DealId, deal: &Deal, index: TaskIndex, task: &mut Task, commitment: H256) {
        let is_silent =
            |vote: &&Vote| vote.commitment == commitment && vote.status == VoteStatus::Committed;
        Self::forfeit_stakes(deal, task.votes.iter().filter(is_silent));
        let mut silent: Vec<AccountId> = Vec::new();
        for vote in task.votes.iter_mut() {
            if is_silent(&&*vote) {
                vote.status = VoteStatus::Rejected;
                T::Reputation::disproven(&vote.worker);
                silent.push(vote.worker.clone());
            }
        }
        Self::deposit_event(Event::Reopened {
            deal: id,
            index,
            silent,
        });
    }
}
