//! What becomes of tasks whose app governance revoked as harmful: nobody goes on with them, and
//! whoever asks ends them, with everything given back.
//!
//! No reveal is taken in such a deal; so nobody may be judged for a reveal that did not come either.

use crate::{Config, Error, Event, Pallet, Tasks};
use ergon_primitives::{Deal, DealId, Task, TaskIndex, TaskStatus, VoteStatus, traits::Registry};
use frame_support::ensure;

impl<T: Config> Pallet<T> {
    /// Whether the tasks of the deal may go on.
    pub(crate) fn ensure_harmless(deal: &Deal) -> Result<(), Error<T>> {
        ensure!(!T::Registry::is_harmful(deal.app), Error::<T>::AppRevoked);
        Ok(())
    }

    /// Ends a task of a harmful app: stakes and money go back, nobody is paid or scored. Votes that
    /// were rejected before have lost their stakes for good. Cannot fail.
    pub(crate) fn cancel(id: DealId, deal: &Deal, index: TaskIndex, task: Task) {
        let Task { votes, .. } = task;
        let live = votes
            .iter()
            .filter(|vote| vote.status != VoteStatus::Rejected);
        Self::release_stakes(deal, live);
        let settlement = Self::give_back(id, deal);

        let status = TaskStatus::Cancelled { at: Self::now() };
        Tasks::<T>::insert(id, index, Task { status, votes });
        Self::deposit_event(Event::Cancelled { deal: id, index });
        Self::end_deal_after(id, &settlement);
    }
}
