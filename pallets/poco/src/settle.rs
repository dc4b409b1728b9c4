//! The end of tasks: what a verdict means for the task, its votes and its money.

use crate::{
    Config, Error, Pallet,
    close::{Closing, End},
    desk::Desk,
    money,
    policy::{Conclusion, Verdict},
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Balance, Task, TaskIndex, TaskStatus,
    traits::{EndedTask, Ending},
};
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
    traits::Get,
    weights::Weight,
};

impl<T: Config> Pallet<T> {
    /// Closes the desk of a call whose weight depends on the votes of the tasks on the pages that it
    /// touches.
    pub(crate) fn finish(
        desk: Result<Desk<T>, Error<T>>,
        weight: impl FnOnce(u32) -> Weight,
    ) -> DispatchResultWithPostInfo {
        Self::finish_batch(desk, |votes, _| weight(votes))
    }

    /// The same for a call whose weight depends on the number of workers that it touches too.
    pub(crate) fn finish_batch(
        desk: Result<Desk<T>, Error<T>>,
        weight: impl FnOnce(u32, u32) -> Weight,
    ) -> DispatchResultWithPostInfo {
        let desk = desk?;
        let used = weight(desk.pages.most_votes(), desk.ledger.workers());
        desk.close();
        Ok(PostDispatchInfo::from(Some(used)))
    }
}

impl<T: Config> Desk<T> {
    /// Ends a task as its policy judged. Cannot fail.
    pub(crate) fn end(&mut self, index: TaskIndex, task: &mut Task, verdict: Verdict) {
        let pays_scores = self.deal.pool_price >= T::MinScoredPrice::get();
        self.ledger.judge(&task.votes, &verdict, pays_scores);
        self.conclude(index, task, verdict);
    }

    /// Ends a task whose votes' stakes and scores have been seen to. Cannot fail.
    pub(crate) fn conclude(&mut self, index: TaskIndex, task: &mut Task, verdict: Verdict) {
        let winners = self.ledger.winners::<T>(&task.votes, &verdict);
        let ending = money::ending(&verdict.conclusion, winners);
        let losers: Vec<AccountId> = verdict
            .losers(&task.votes)
            .map(|vote| vote.worker.clone())
            .collect();
        let (at, slashed) = (self.now, self.stakes_of(losers.len()));
        match verdict.conclusion {
            Conclusion::Settled { outcome, locator } => {
                task.status = TaskStatus::Settled {
                    outcome,
                    locator: locator.clone(),
                    at,
                };
                let end = End::Settled {
                    outcome,
                    locator,
                    losers,
                    slashed,
                };
                self.note_end(index, end, ending, slashed);
            }
            // What its losers lose is the treasury's.
            Conclusion::Failed { .. } | Conclusion::Broken => {
                task.status = TaskStatus::Failed { at };
                self.note_end(index, End::Failed, ending, 0);
            }
        }
    }

    /// Notes how a task ends; the desk moves its money when it is closed.
    pub(crate) fn note_end(
        &mut self,
        index: TaskIndex,
        end: End,
        ending: Ending,
        slashed: Balance,
    ) {
        self.ended.push(EndedTask { ending, slashed });
        self.closings.push(Closing { index, end });
    }

    fn stakes_of(&self, votes: usize) -> Balance {
        let votes = Balance::try_from(votes).unwrap_or(Balance::MAX);
        self.deal.worker_stake.saturating_mul(votes)
    }
}
