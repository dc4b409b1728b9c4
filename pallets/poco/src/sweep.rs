//! The sweeper: it does what is due, so that every task ends without anybody's help.
//!
//! It does what anybody could do with a call, and nothing else: a late sweep gives the silent more
//! time and changes no outcome. Entries are served in the order in which they fall due, a step at a
//! time, each charged before it is taken; what a block has no weight for goes on in the next one.
//! A step leaves an entry as long as there is more to do for it, and finds out anew what that is;
//! nothing is remembered but up to which page the end of a long deal has come.

use crate::{
    Agenda, Config, Errand, Error, MAX_PRUNED, MAX_SWEEP, Pallet, Progress, SweepCursor, TaskPages,
    WeightInfo, desk::Desk, expire::awaited_until,
};
use alloc::vec::Vec;
use core::{iter, marker::PhantomData};
use ergon_primitives::{
    BlockNumber, DealId, DealStatus, Due, MAX_CONTRIBUTORS, Task, TaskIndex,
    traits::{Deals, UntouchedEnd},
};
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, WithPostDispatchInfo},
    storage::KeyPrefixIterator,
    traits::Get,
    weights::{Weight, WeightMeter},
};

/// For so many blocks callbacks come first, for as many the agenda, and so on: when a block has
/// weight for one of them only, neither starves.
pub(crate) const TURN: BlockNumber = 16;

/// How far an errand has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The meter cannot pay for it.
    Waits,
    /// A part of it was done.
    GoesOn,
    /// Nothing is left to do.
    Over,
}

impl<T: Config> Pallet<T> {
    /// Calls callbacks and does what is due, in turns, while the weight allows; what it used.
    pub(crate) fn work_off(remaining: Weight) -> Weight {
        let mut meter = WeightMeter::with_limit(remaining);
        let mut sweeper = Sweeper::<T>::new();
        let mut is_callbacks_turn = callbacks_come_first(Self::now());
        let (mut calling, mut sweeping) = (true, true);
        while calling || sweeping {
            if is_callbacks_turn {
                calling = calling && Self::serve_callback(&mut meter);
            } else {
                sweeping = sweeping && sweeper.step(&mut meter);
            }
            is_callbacks_turn = !is_callbacks_turn;
        }
        meter.consumed()
    }

    /// Does what is due, as many steps as the limit says and its weight pays for.
    pub(crate) fn do_sweep(limit: u32) -> DispatchResultWithPostInfo {
        let mut meter = WeightMeter::with_limit(Self::sweep_weight(limit));
        let mut sweeper = Sweeper::<T>::new();
        let steps = iter::repeat_with(|| sweeper.step(&mut meter))
            .take(sweep_limit(limit) as usize)
            .take_while(|taken| *taken)
            .count();
        if steps == 0 {
            return Err(Error::<T>::NothingDue.with_weight(meter.consumed()));
        }
        Ok(Some(meter.consumed()).into())
    }

    /// Weight that a call of `sweep` with this limit may use: each step can be any.
    pub(crate) fn sweep_weight(limit: u32) -> Weight {
        Self::step_weight().saturating_mul(sweep_limit(limit).into())
    }

    /// A weight that pays for the least of what any step can be.
    pub(crate) fn step_weight() -> Weight {
        let votes = MAX_CONTRIBUTORS;
        let step = T::WeightInfo::sweep_page(votes)
            .max(T::WeightInfo::sweep_tasks(1, votes))
            .max(T::WeightInfo::sweep_untouched())
            .max(T::WeightInfo::prune_deal(1));
        T::WeightInfo::sweep_base().saturating_add(step)
    }

    /// Whether an empty block has weight for every step and for every callback. Panics if not: for
    /// the test of a runtime's configuration only.
    pub(crate) fn check_weights() {
        let block = T::BlockWeights::get().max_block;
        let callback = T::WeightInfo::callback_base()
            .saturating_add(T::WeightInfo::callback())
            .saturating_add(T::MaxCallbackWeight::get());
        assert!(
            Self::step_weight().all_lte(block),
            "a step of the sweeper is heavier than a block"
        );
        assert!(
            callback.all_lte(block),
            "a callback is heavier than a block"
        );
    }

    fn is_open(id: DealId) -> bool {
        T::Deals::status(id) == Some(DealStatus::Open)
    }
}

/// How many steps a call with this argument takes at most.
fn sweep_limit(limit: u32) -> u32 {
    limit.clamp(1, MAX_SWEEP)
}

/// Whether callbacks are served before the agenda in this block.
fn callbacks_come_first(now: BlockNumber) -> bool {
    (now / TURN).is_multiple_of(2)
}

/// Works the agenda off, what is due longest first.
///
/// It walks over the agenda once, so that it never looks again at what it has removed; entries that
/// are made meanwhile are due in later blocks.
pub(crate) struct Sweeper<T> {
    now: BlockNumber,
    entries: KeyPrefixIterator<(Due, Errand)>,
    current: Option<(Due, Errand)>,
    config: PhantomData<T>,
}

impl<T: Config> Sweeper<T> {
    /// Stands before the first entry.
    pub(crate) fn new() -> Self {
        Self {
            now: Pallet::<T>::now(),
            entries: Agenda::<T>::iter_keys(),
            current: None,
            config: PhantomData,
        }
    }

    /// Takes a step of the first entry that is due; whether there was one and the meter paid for
    /// it. An entry without anything to do is dropped.
    pub(crate) fn step(&mut self, meter: &mut WeightMeter) -> bool {
        if meter.try_consume(T::WeightInfo::sweep_base()).is_err() {
            return false;
        }
        self.current = self.current.or_else(|| self.entries.next());
        let Some((due, errand)) = self.current.filter(|(due, _)| due.is_over(self.now)) else {
            return false;
        };
        let step = Self::serve(errand, meter);
        if step == Step::Over {
            Agenda::<T>::remove(due, errand);
            self.current = None;
        }
        step != Step::Waits
    }

    /// Takes a step of an errand, if it still is one.
    fn serve(errand: Errand, meter: &mut WeightMeter) -> Step {
        match errand {
            Errand::Reveals(id, page) if Pallet::<T>::is_open(id) => {
                Self::go_on_without(id, page, meter)
            }
            Errand::Final(id) if Pallet::<T>::is_open(id) => Self::end_deal(id, meter),
            Errand::Retire(id) => match Pallet::<T>::retirement_of(id) {
                Some(due) => Self::retire(id, due, meter),
                None => Step::Over,
            },
            Errand::Reveals(..) | Errand::Final(_) => Step::Over,
        }
    }

    /// Goes on with a page's tasks without the votes that are overdue.
    fn go_on_without(id: DealId, page: u32, meter: &mut WeightMeter) -> Step {
        let is_due = |desk: &Desk<T>, task: &Task| {
            awaited_until(&desk.deal, task).is_some_and(|deadline| desk.now >= deadline)
        };
        let serve = |desk: &mut Desk<T>, index| {
            if desk.is_harmful {
                desk.claim(index)
            } else {
                desk.overdue(index)
            }
        };
        Self::serve_page(id, page, meter, is_due, serve)
    }

    /// Ends the tasks of a deal after its final deadline: page by page those that somebody voted
    /// on, then all others at once.
    ///
    /// Tasks whose reveals are still in time are left to entries of their own; the deal's end comes
    /// back when their time is over, so that none can be forgotten.
    fn end_deal(id: DealId, meter: &mut WeightMeter) -> Step {
        let Some(page) = next_page::<T>(id) else {
            return Self::end_untouched(id, meter);
        };
        let is_due = |desk: &Desk<T>, task: &Task| {
            let is_in_time =
                || awaited_until(&desk.deal, task).is_some_and(|deadline| desk.now < deadline);
            !task.has_ended() && (desk.is_harmful || !is_in_time())
        };
        let serve = |desk: &mut Desk<T>, index| desk.claim(index);
        match Self::serve_page(id, page, meter, is_due, serve) {
            Step::Over => {
                SweepCursor::<T>::insert(id, page);
                Step::GoesOn
            }
            unfinished => unfinished,
        }
    }

    /// Ends all tasks of a deal that nobody voted on.
    fn end_untouched(id: DealId, meter: &mut WeightMeter) -> Step {
        if meter.try_consume(T::WeightInfo::sweep_untouched()).is_err() {
            return Step::Waits;
        }
        let Ok(mut desk) = Desk::<T>::open(id, Error::AlreadyEnded) else {
            return Step::Over;
        };
        let all_reveals_over = desk.deal.reveal_deadline(desk.now);
        desk.end_untouched(if desk.is_harmful {
            UntouchedEnd::CancelledAsHarmful
        } else {
            UntouchedEnd::Failed
        });
        desk.close();
        SweepCursor::<T>::remove(id);
        if Pallet::<T>::is_open(id) {
            Pallet::<T>::schedule(Errand::Final(id), all_reveals_over);
        }
        Step::Over
    }

    /// Removes an ended deal, as much of it as the meter pays for; later, if the retention period has
    /// become longer since the deal ended.
    fn retire(id: DealId, due: BlockNumber, meter: &mut WeightMeter) -> Step {
        if Pallet::<T>::now() < due {
            if meter.try_consume(T::WeightInfo::prune_deal(1)).is_err() {
                return Step::Waits;
            }
            Pallet::<T>::schedule(Errand::Retire(id), due);
            return Step::Over;
        }
        let size = Pallet::<T>::retirement_size(id).min(MAX_PRUNED);
        let paid = iter::successors(Some(size), |records| records.checked_div(2))
            .take_while(|records| *records > 0)
            .find(|records| {
                let weight = T::WeightInfo::prune_deal(*records);
                meter.try_consume(weight).is_ok()
            });
        let Some(records) = paid else {
            return Step::Waits;
        };
        if Pallet::<T>::retire(id, records) {
            Step::Over
        } else {
            Step::GoesOn
        }
    }

    /// Serves the tasks of a page that are due, as many as the meter pays for.
    fn serve_page(
        id: DealId,
        page: u32,
        meter: &mut WeightMeter,
        is_due: impl Fn(&Desk<T>, &Task) -> bool,
        serve: impl Fn(&mut Desk<T>, TaskIndex) -> Result<(), Error<T>>,
    ) -> Step {
        let votes = Progress::<T>::get(id).most_votes;
        let look = T::WeightInfo::sweep_page(votes);
        if !meter.can_consume(look) {
            return Step::Waits;
        }
        let Ok(mut desk) = Desk::<T>::open(id, Error::AlreadyEnded) else {
            return Step::Over;
        };
        let due = due_tasks(&desk, page, is_due);
        let Some(count) = affordable::<T>(meter, due.len(), votes) else {
            meter.consume(look);
            return if due.is_empty() {
                Step::Over
            } else {
                Step::Waits
            };
        };
        let served = due
            .iter()
            .take(count)
            .filter(|index| serve(&mut desk, **index).is_ok())
            .count();
        desk.close();
        // What refuses to be served does not hold up what comes after it.
        if count == due.len() || served == 0 {
            Step::Over
        } else {
            Step::GoesOn
        }
    }
}

/// Charges for as many of these tasks as the meter can pay; `None` if that is none.
fn affordable<T: Config>(meter: &mut WeightMeter, tasks: usize, votes: u32) -> Option<usize> {
    (1..=tasks).rev().find(|count| {
        let count = *count as u32;
        let weight = T::WeightInfo::sweep_tasks(count, count.saturating_mul(votes));
        meter.try_consume(weight).is_ok()
    })
}

/// Indexes of the page's tasks that are due, ascending.
fn due_tasks<T: Config>(
    desk: &Desk<T>,
    page: u32,
    is_due: impl Fn(&Desk<T>, &Task) -> bool,
) -> Vec<TaskIndex> {
    let Some(tasks) = TaskPages::<T>::get(desk.id, page) else {
        return Vec::new();
    };
    tasks
        .tasks(page)
        .filter(|(_, task)| is_due(desk, task))
        .map(|(index, _)| index)
        .collect()
}

/// The page after the one at which the end of the deal stands, in the order of storage. No page
/// comes into being in between but with tasks that have ended: nobody contributes any more.
fn next_page<T: Config>(id: DealId) -> Option<u32> {
    let mut pages = match SweepCursor::<T>::get(id) {
        None => TaskPages::<T>::iter_key_prefix(id),
        Some(last) => {
            let key = TaskPages::<T>::hashed_key_for(id, last);
            TaskPages::<T>::iter_key_prefix_from(id, key)
        }
    };
    pages.next()
}
