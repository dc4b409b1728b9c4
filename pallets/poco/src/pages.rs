//! The pages of a deal's tasks that a call works on: each is read once, changed in memory, and
//! written once.

use crate::{Config, TaskPages};
use alloc::{boxed::Box, collections::BTreeMap};
use core::marker::PhantomData;
use ergon_primitives::{DealId, Task, TaskIndex, TaskPage, page_of};

/// Pages of one deal.
pub(crate) struct Pages<T> {
    deal: DealId,
    sheets: BTreeMap<u32, Sheet>,
    _config: PhantomData<T>,
}

/// A page at work. Boxed, because a page is large, and maps move what they hold.
struct Sheet {
    page: Box<TaskPage>,
    /// Which places have a record, also while it is taken out: a bit each.
    recorded: u8,
    changed: bool,
}

impl<T: Config> Pages<T> {
    /// The pages of this deal, none of them read yet.
    pub(crate) fn of(deal: DealId) -> Self {
        Self {
            deal,
            sheets: BTreeMap::new(),
            _config: PhantomData,
        }
    }

    /// Takes a task's record out of its page.
    pub(crate) fn take(&mut self, index: TaskIndex) -> Option<Task> {
        self.sheet(page_of(index)).page.slot_mut(index)?.take()
    }

    /// Puts back what was taken out, unchanged. A task that had no record gets none.
    pub(crate) fn put_back(&mut self, index: TaskIndex, task: Task) {
        let sheet = self.sheet(page_of(index));
        if sheet.recorded & place(index) != 0 {
            sheet.put(index, task);
        }
    }

    /// Puts a changed task into its page; whether that is its first record.
    pub(crate) fn put(&mut self, index: TaskIndex, task: Task) -> bool {
        let sheet = self.sheet(page_of(index));
        let is_first = sheet.recorded & place(index) == 0;
        sheet.recorded |= place(index);
        sheet.changed = true;
        sheet.put(index, task);
        is_first
    }

    /// Most votes of a task on these pages.
    pub(crate) fn most_votes(&self) -> u32 {
        let tasks = self
            .sheets
            .values()
            .flat_map(|sheet| sheet.page.0.iter().flatten());
        let most = tasks.map(|task| task.votes.len()).max().unwrap_or(0);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// Writes what has changed.
    pub(crate) fn write(self) {
        for (number, sheet) in self.sheets.iter().filter(|(_, sheet)| sheet.changed) {
            TaskPages::<T>::insert(self.deal, number, &*sheet.page);
        }
    }

    fn sheet(&mut self, number: u32) -> &mut Sheet {
        let deal = self.deal;
        self.sheets
            .entry(number)
            .or_insert_with(|| Sheet::of(TaskPages::<T>::get(deal, number).unwrap_or_default()))
    }
}

impl Sheet {
    fn of(page: TaskPage) -> Self {
        let bit = |slot: &Option<Task>| u8::from(slot.is_some());
        let recorded = page
            .0
            .iter()
            .rev()
            .fold(0u8, |bits, slot| bits.wrapping_shl(1) | bit(slot));
        Self {
            page: Box::new(page),
            recorded,
            changed: false,
        }
    }

    fn put(&mut self, index: TaskIndex, task: Task) {
        if let Some(slot) = self.page.slot_mut(index) {
            *slot = Some(task);
        }
    }
}

/// The bit of a task's place in its page.
fn place(index: TaskIndex) -> u8 {
    // Wraps at 8, which is the number of places.
    1u8.wrapping_shl(index)
}

const _: () = assert!(
    ergon_primitives::TASKS_PER_PAGE == u8::BITS,
    "a page's places are the bits of a u8"
);
