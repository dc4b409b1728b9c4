//! Tasks that end because somebody does not want them any more.
//!
//! When governance revoked the app as harmful, nobody goes on with its tasks, and whoever asks ends
//! them, with everything given back. No reveal is taken in such a deal; so nobody may be judged for
//! a reveal that did not come either. And a payer can cancel tasks that nobody has voted on.

use crate::{Config, Error, Pallet, close::End, desk::Desk};
use ergon_primitives::{
    AccountId, DealId, Task, TaskIndex, TaskStatus, Untouched, VoteStatus,
    traits::{Ending, UntouchedEnd},
};
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl<T: Config> Desk<T> {
    /// Ends a task of a harmful app: stakes and money go back, nobody is paid or scored. Votes that
    /// were rejected before have lost their stakes for good. Cannot fail.
    pub(crate) fn cancel(&mut self, index: TaskIndex, task: &mut Task) {
        for vote in &task.votes {
            if vote.status != VoteStatus::Rejected {
                self.ledger.release(&vote.worker);
            }
        }
        task.status = TaskStatus::Cancelled { at: self.now };
        self.note_end(index, End::Cancelled, Ending::Unavailable, 0);
    }
}

impl<T: Config> Pallet<T> {
    /// Ends all tasks of the deal that nobody has voted on, because its payer wants them no more.
    ///
    /// When contributions are over they can only fail, whenever that is done: the payer cannot let
    /// the operator off.
    pub(crate) fn do_cancel(who: AccountId, id: DealId) -> DispatchResult {
        let mut desk = Desk::<T>::open(id, Error::DealEnded)?;
        ensure!(desk.deal.payer == who, Error::<T>::NotThePayer);
        let is_open = desk.progress.untouched == Untouched::Active;
        ensure!(
            is_open && desk.untouched() > 0,
            Error::<T>::NothingUntouched
        );
        let is_in_time = desk.now < desk.deal.contribution_deadline();
        ensure!(desk.is_harmful || is_in_time, Error::<T>::TooLateToCancel);

        desk.end_untouched(match desk.is_harmful {
            true => UntouchedEnd::CancelledAsHarmful,
            false => UntouchedEnd::CancelledByPayer,
        });
        desk.close();
        Ok(())
    }
}
