//! Closing a desk: everything that a call has done to a deal is moved, written and announced at
//! once. None of it can fail.

use crate::{Config, Errand, Event, Pallet, Progress, desk::Desk};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Balance, Outcome, ResultLocator, TaskIndex,
    traits::{Deals, Escrow, Remaining, Settlement},
};

/// What is known of a task that ends before its money has moved.
pub(crate) struct Closing {
    /// The task.
    pub index: TaskIndex,
    /// How it ends.
    pub end: End,
}

/// How a task ends, for those who read events.
pub(crate) enum End {
    /// With a certain result.
    Settled {
        /// The result.
        outcome: Outcome,
        /// Where it can be fetched.
        locator: ResultLocator,
        /// Whose votes were wrong, or came to nothing.
        losers: Vec<AccountId>,
        /// Sum of the stakes that they lose.
        slashed: Balance,
    },
    /// Without a result.
    Failed,
    /// With everything given back.
    Cancelled,
}

impl<T: Config> Desk<T> {
    /// Makes what was done on the desk happen. Cannot fail.
    pub(crate) fn close(mut self) {
        self.announce_refusals();
        for event in core::mem::take(&mut self.events) {
            Pallet::<T>::deposit_event(event);
        }
        let remaining = self.settle_ended();
        let remaining = self.settle_untouched().or(remaining);
        self.keep_agenda();
        match remaining {
            Some(Remaining { open: 0, proven }) => self.end_deal(proven),
            _ => self.write(),
        }
    }

    fn announce_refusals(&mut self) {
        let Some(refusals) = self.refusals.take() else {
            return;
        };
        if !refusals.items.is_empty() {
            let event = refusals.into_event(self.id);
            self.announce(event);
        }
    }

    /// Moves stakes, pays for the tasks that end, changes scores, and says so.
    fn settle_ended(&mut self) -> Option<Remaining> {
        let slashed = self.ledger.move_stakes::<T>(self.deal.worker_stake);
        if self.ended.is_empty() {
            // Stakes are lost to winners only.
            T::Escrow::give_to_treasury(slashed);
            self.ledger.score::<T>(self.id, &self.deal);
            return None;
        }
        let (settlements, remaining) = T::Escrow::settle(self.id, &self.deal, &self.ended, slashed);
        self.ledger.score::<T>(self.id, &self.deal);
        for (closing, settlement) in core::mem::take(&mut self.closings)
            .into_iter()
            .zip(settlements)
        {
            self.announce_end(closing, settlement);
        }
        Some(remaining)
    }

    fn announce_end(&self, closing: Closing, settlement: Settlement) {
        let (deal, index) = (self.id, closing.index);
        let event = match closing.end {
            End::Settled {
                outcome,
                locator,
                losers,
                slashed,
            } => {
                self.queue_callback(index);
                Event::Settled {
                    deal,
                    index,
                    outcome,
                    locator,
                    workers: settlement.workers,
                    losers,
                    slashed,
                    app: settlement.app,
                    dataset: settlement.dataset,
                    operator: settlement.operator,
                    refunded: settlement.refunded,
                    treasury: settlement.treasury,
                }
            }
            End::Failed => Event::Failed {
                deal,
                index,
                refunded: settlement.refunded,
                treasury: settlement.treasury,
            },
            End::Cancelled => Event::Cancelled { deal, index },
        };
        Pallet::<T>::deposit_event(event);
    }

    fn queue_callback(&self, index: TaskIndex) {
        if self.deal.callback.is_some() {
            Pallet::<T>::queue_callback(self.id, index);
        }
    }

    fn settle_untouched(&self) -> Option<Remaining> {
        let end = self.untouched_end?;
        let tasks = self.untouched();
        let (settlement, remaining) = T::Escrow::settle_untouched(self.id, &self.deal, tasks, end);
        Pallet::<T>::deposit_event(Event::UntouchedEnded {
            deal: self.id,
            tasks,
            untouched: self.progress.untouched,
            operator: settlement.operator,
            refunded: settlement.refunded,
            treasury: settlement.treasury,
        });
        Some(remaining)
    }

    fn keep_agenda(&self) {
        for (first, page) in &self.deadlines {
            Pallet::<T>::schedule(Errand::Reveals(self.id, *page), *first);
        }
    }

    /// The deal ends with its last task.
    fn end_deal(self, proven: u32) {
        let (id, spent) = (self.id, self.progress.spent);
        T::Escrow::close(id, spent);
        Pallet::<T>::schedule_retirement(id, &self.deal);
        T::Deals::end(id, proven);
        self.write();
    }

    fn write(self) {
        if self.progress != self.before {
            Progress::<T>::insert(self.id, self.progress);
        }
        self.pages.write();
    }
}
