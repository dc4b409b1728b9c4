//! Settlement of a task whose result is certain.

use crate::{Config, Error, Event, Pallet, Tasks, verdict::Verdict};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Balance, Deal, DealId, DealStatus, Outcome, ResultLocator, Task, TaskIndex,
    TaskStatus,
    traits::{Deals, Escrow, Reputation, Settlement, WorkerStaking},
};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};

impl<T: Config> Pallet<T> {
    /// The deal and a task of it that may still change; `ended` if all tasks of the deal have
    /// ended.
    ///
    /// Only the deal can tell, once pruning has begun: a pruned task must not look like a new one.
    pub(crate) fn open_task(
        id: DealId,
        index: TaskIndex,
        ended: Error<T>,
    ) -> Result<(Deal, Task), Error<T>> {
        let deal = T::Deals::deal(id).ok_or(Error::<T>::NoSuchDeal)?;
        ensure!(deal.has_task(index), Error::<T>::NoSuchTask);
        ensure!(T::Deals::status(id) == Some(DealStatus::Open), ended);
        Ok((deal, Tasks::<T>::get(id, index).unwrap_or_default()))
    }

    /// Settles a task some of whose reveals did not come in time.
    pub(crate) fn do_finalise(id: DealId, index: TaskIndex) -> DispatchResult {
        let (deal, task) = Self::open_task(id, index, Error::NotRevealing)?;
        let TaskStatus::Revealing {
            since,
            ref revealed,
            ..
        } = task.status
        else {
            return Err(Error::<T>::NotRevealing.into());
        };
        Self::ensure_harmless(&deal)?;
        let result = revealed.clone().ok_or(Error::<T>::NothingRevealed)?;
        ensure!(
            Self::now() >= deal.reveal_deadline(since),
            Error::<T>::RevealsOpen
        );
        Self::settle(id, &deal, index, task, result);
        Ok(())
    }

    /// Ends a task with the result that its winning group revealed. Cannot fail.
    pub(crate) fn settle(
        id: DealId,
        deal: &Deal,
        index: TaskIndex,
        task: Task,
        result: (Outcome, ResultLocator),
    ) {
        let Task { votes, .. } = task;
        let (outcome, locator) = result;
        let verdict = Verdict::of(&votes, &outcome);
        let losers: Vec<AccountId> = verdict
            .losers
            .iter()
            .map(|vote| vote.worker.clone())
            .collect();

        Self::release_stakes(deal, verdict.released.iter().copied());
        let credit = Self::slash_stakes(deal, verdict.losers.iter().copied());
        let slashed = T::Escrow::amount(&credit);
        let settlement = Self::pay(id, deal, &outcome, &verdict, credit);
        Self::score(id, deal, &verdict);

        let settled = TaskStatus::Settled {
            outcome,
            locator: locator.clone(),
            at: Self::now(),
        };
        Tasks::<T>::insert(
            id,
            index,
            Task {
                status: settled,
                votes,
            },
        );
        Self::announce_settled(id, index, (outcome, locator), losers, slashed, &settlement);
        Self::end_deal_after(id, &settlement);
    }

    /// The deal ends with its last task.
    pub(crate) fn end_deal_after(id: DealId, settlement: &Settlement) {
        if settlement.open_tasks == 0 {
            T::Deals::end(id, settlement.proven_tasks);
        }
    }

    fn score(id: DealId, deal: &Deal, verdict: &Verdict) {
        if verdict.scored && deal.pool_price >= T::MinScoredPrice::get() {
            // A key without bond has no score to rise.
            for vote in verdict
                .winners
                .iter()
                .filter(|vote| Self::is_bonded(&vote.worker))
            {
                T::Reputation::proven(&vote.worker, id, deal.work_time);
            }
        }
        for vote in &verdict.losers {
            T::Reputation::disproven(&vote.worker);
        }
    }

    fn is_bonded(worker: &AccountId) -> bool {
        T::Staking::owner(worker).is_some()
    }

    fn announce_settled(
        deal: DealId,
        index: TaskIndex,
        (outcome, locator): (Outcome, ResultLocator),
        losers: Vec<AccountId>,
        slashed: Balance,
        settlement: &Settlement,
    ) {
        Self::deposit_event(Event::Settled {
            deal,
            index,
            outcome,
            locator,
            workers: settlement.workers.clone(),
            losers,
            slashed,
            app: settlement.app,
            dataset: settlement.dataset,
            operator: settlement.operator,
            refunded: settlement.refunded,
            treasury: settlement.treasury,
        });
    }
}
