//! The agenda: what will be forgotten, and when. Idle blocks work it off, the earliest first.

use crate::{Agenda, Config, Event, Leftover, Pallet, Prices, WeightInfo};
use ergon_primitives::{BlockNumber, Due};
use frame_support::weights::{Weight, WeightMeter};

impl<T: Config> Pallet<T> {
    /// Notes that something must not be forgotten before the end of block `last`.
    pub(crate) fn schedule(leftover: Leftover, last: BlockNumber) {
        Agenda::<T>::insert(Due::after(last), leftover, ());
    }

    /// Takes back [`Self::schedule`].
    pub(crate) fn unschedule(leftover: Leftover, last: BlockNumber) {
        Agenda::<T>::remove(Due::after(last), leftover);
    }

    /// Forgets what is over, the earliest first, while the weight allows; returns what it used.
    pub(crate) fn clean_up(remaining: Weight) -> Weight {
        let mut meter = WeightMeter::with_limit(remaining);
        if meter.try_consume(T::WeightInfo::clean_up_base()).is_err() {
            return Weight::zero();
        }
        let now = Self::now();
        let mut count: u32 = 0;
        for (due, leftover) in Agenda::<T>::iter_keys() {
            let item = T::WeightInfo::forget_leftover();
            if !due.is_over(now) || meter.try_consume(item).is_err() {
                break;
            }
            if Self::forget(due, leftover) {
                count = count.saturating_add(1);
            }
        }
        if count > 0 {
            Self::deposit_event(Event::OrdersPruned { count });
        }
        meter.consumed()
    }

    /// Forgets something that is over; whether it was an order.
    fn forget(due: Due, leftover: Leftover) -> bool {
        Agenda::<T>::remove(due, leftover);
        match leftover {
            Leftover::Order(id) => Self::forget_order(id),
            Leftover::Prices(subject) => {
                Prices::<T>::remove(subject);
                false
            }
        }
    }
}
