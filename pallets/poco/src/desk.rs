//! One deal at work. Every call opens a desk, works on tasks, and closes it.
//!
//! What a call needs is read once, changed in memory, and written once when the desk is closed,
//! whatever the number of tasks. Dropping a desk changes nothing: so a call can be tried before it
//! is made. Closing it cannot fail.

use crate::{
    Config, Error, Event, Pallet, Progress,
    batch::Refusals,
    close::Closing,
    money::Ledger,
    pages::Pages,
    policy::{self, Step},
};
use alloc::{collections::BTreeSet, vec::Vec};
use ergon_primitives::{
    BlockNumber, Deal, DealId, DealProgress, DealStatus, Task, TaskIndex, TaskStatus, Untouched,
    page_of,
    traits::{Deals, EndedTask, Registry, UntouchedEnd},
};
use frame_support::ensure;

/// A deal at work.
pub(crate) struct Desk<T: Config> {
    /// The deal.
    pub id: DealId,
    /// Its terms.
    pub deal: Deal,
    /// How far it is, with what this call has done so far.
    pub progress: DealProgress,
    /// The block that is being made.
    pub now: BlockNumber,
    /// Whether governance revoked the app as harmful.
    pub is_harmful: bool,
    /// What was refused of a batch.
    pub refusals: Option<Refusals<T>>,
    pub(crate) ledger: Ledger,
    pub(crate) pages: Pages<T>,
    /// What the deal's progress was before.
    pub(crate) before: DealProgress,
    /// What will be announced, in this order.
    pub(crate) events: Vec<Event<T>>,
    /// Tasks that end, as the escrow sees them, and the rest of what is known of each.
    pub(crate) ended: Vec<EndedTask>,
    pub(crate) closings: Vec<Closing>,
    /// How all tasks without votes end, if they do.
    pub(crate) untouched_end: Option<UntouchedEnd>,
    /// Blocks from which on somebody must look at a page.
    pub(crate) deadlines: BTreeSet<(BlockNumber, u32)>,
}

impl<T: Config> Desk<T> {
    /// Begins work on a deal; `ended` if all its tasks have ended.
    ///
    /// Only the deal can tell that, once pruning has begun: a pruned task must not look like a new
    /// one.
    pub(crate) fn open(id: DealId, ended: Error<T>) -> Result<Self, Error<T>> {
        let deal = T::Deals::deal(id).ok_or(Error::<T>::NoSuchDeal)?;
        ensure!(T::Deals::status(id) == Some(DealStatus::Open), ended);
        let progress = Progress::<T>::get(id);
        Ok(Self {
            id,
            is_harmful: T::Registry::is_harmful(deal.app),
            deal,
            progress,
            before: progress,
            now: Pallet::<T>::now(),
            refusals: None,
            ledger: Ledger::default(),
            pages: Pages::of(id),
            events: Vec::new(),
            ended: Vec::new(),
            closings: Vec::new(),
            untouched_end: None,
            deadlines: BTreeSet::new(),
        })
    }

    /// Takes a task out of its page.
    pub(crate) fn task(&mut self, index: TaskIndex) -> Result<Task, Error<T>> {
        ensure!(self.deal.has_task(index), Error::<T>::NoSuchTask);
        let record = self.pages.take(index);
        Ok(record.unwrap_or_else(|| self.untouched_task()))
    }

    /// Puts a changed task back into its page.
    pub(crate) fn put(&mut self, index: TaskIndex, task: Task) {
        let votes = u32::try_from(task.votes.len()).unwrap_or(u32::MAX);
        self.progress.most_votes = self.progress.most_votes.max(votes);
        if self.pages.put(index, task) {
            self.progress.touched = self.progress.touched.saturating_add(1);
        }
    }

    /// Works on a task. The work must check before it changes anything: what it refuses is left as
    /// it was.
    pub(crate) fn on_task(
        &mut self,
        index: TaskIndex,
        work: impl FnOnce(&mut Self, &mut Task) -> Result<(), Error<T>>,
    ) -> Result<(), Error<T>> {
        let mut task = self.task(index)?;
        let before = task.open_votes();
        let done = work(self, &mut task);
        match done {
            Ok(()) => {
                let open = self.progress.open_votes.saturating_sub(before);
                self.progress.open_votes = open.saturating_add(task.open_votes());
                self.put(index, task);
            }
            Err(_) => self.pages.put_back(index, task),
        }
        done
    }

    /// How many tasks have no record.
    pub(crate) fn untouched(&self) -> u32 {
        self.deal.volume.saturating_sub(self.progress.touched)
    }

    /// Ends all tasks that nobody voted on, in one step; does nothing when there are none, or they
    /// have ended so before.
    pub(crate) fn end_untouched(&mut self, end: UntouchedEnd) {
        let is_open = self.progress.untouched == Untouched::Active;
        if !is_open || self.untouched() == 0 {
            return;
        }
        self.progress.untouched = match end {
            UntouchedEnd::Failed => Untouched::Failed { at: self.now },
            UntouchedEnd::CancelledByPayer | UntouchedEnd::CancelledAsHarmful => {
                Untouched::Cancelled { at: self.now }
            }
        };
        self.untouched_end = Some(end);
    }

    /// Says what happened, when the desk is closed.
    pub(crate) fn announce(&mut self, event: Event<T>) {
        self.events.push(event);
    }

    /// Notes that somebody must look at the task from this block on.
    pub(crate) fn look_again(&mut self, index: TaskIndex, first: BlockNumber) {
        self.deadlines.insert((first, page_of(index)));
    }

    /// Whether the tasks of the deal may go on.
    pub(crate) fn ensure_harmless(&self) -> Result<(), Error<T>> {
        ensure!(!self.is_harmful, Error::<T>::AppRevoked);
        Ok(())
    }

    /// Does with a task what the deal's policy says. Cannot fail.
    pub(crate) fn follow(&mut self, index: TaskIndex, task: &mut Task, step: Step) {
        let step = match step {
            Step::Reject { commitment } => {
                self.reject_silent(index, task, commitment);
                policy::of(&self.deal).closed(task, &self.deal, self.now)
            }
            other => other,
        };
        match step {
            // A rejected group leaves the task active, where nobody can be silent.
            Step::Wait | Step::Reject { .. } => (),
            Step::BeginReveals(group) => self.begin_reveals(index, task, &group),
            Step::BeginOpening => self.begin_opening(index, task),
            Step::End(verdict) => self.end(index, task, verdict),
        }
    }

    fn untouched_task(&self) -> Task {
        Task {
            status: self.progress.status_of_untouched(),
            votes: Default::default(),
        }
    }
}

/// Whether nobody has voted on the task, and anybody may.
pub(crate) fn is_untouched(task: &Task) -> bool {
    task.votes.is_empty() && task.status == TaskStatus::Active
}
