//! When an identifier may be registered and an entry removed: uses and tombstones.

use crate::{Burials, Config, Error, Event, Pallet, Tombstones, Uses, WeightInfo};
use ergon_primitives::{BlockNumber, Due, MAX_ORDER_LIFE};
use frame_support::{
    defensive, ensure,
    pallet_prelude::DispatchResult,
    weights::{Weight, WeightMeter},
};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// Refuses an identifier while orders signed for its removed entry may be valid.
    pub(crate) fn ensure_not_buried(id: H256) -> DispatchResult {
        let buried = Tombstones::<T>::get(id).is_some_and(|until| Self::now() <= until);
        ensure!(!buried, Error::<T>::Tombstoned);
        Ok(())
    }

    /// Marks a removed identifier for as long as an order that can be matched now stays valid.
    pub(crate) fn bury(id: H256) {
        let until = Self::now().saturating_add(MAX_ORDER_LIFE);
        Tombstones::<T>::insert(id, until);
        Burials::<T>::insert(Due::after(until), id, ());
    }

    /// Forgets that the identifier was removed once, if it was.
    pub(crate) fn unearth(id: H256) {
        if let Some(until) = Tombstones::<T>::get(id) {
            Self::forget_tombstone(Due::after(until), id);
        }
    }

    fn forget_tombstone(due: Due, id: H256) {
        Tombstones::<T>::remove(id);
        Burials::<T>::remove(due, id);
    }

    /// See [`Pallet::prune_tombstone`].
    pub(crate) fn do_prune_tombstone(id: H256) -> DispatchResult {
        let until = Tombstones::<T>::get(id).ok_or(Error::<T>::NoSuchTombstone)?;
        let due = Due::after(until);
        ensure!(due.is_over(Self::now()), Error::<T>::TombstoneNotExpired);

        Self::forget_tombstone(due, id);

        Self::deposit_event(Event::TombstonePruned { id });
        Ok(())
    }

    /// Clears away tombstones that have served their time, the earliest first, as many as
    /// `remaining` pays for; the weight it used.
    pub(crate) fn clean_up(remaining: Weight) -> Weight {
        let mut meter = WeightMeter::with_limit(remaining);
        let look = T::WeightInfo::clean_up(0);
        let each = T::WeightInfo::clean_up(1).saturating_sub(look);
        if meter.try_consume(look).is_err() {
            return meter.consumed();
        }
        let now = Self::now();
        // Only what the walk has passed is removed, so it sees each tombstone once.
        for (due, id) in Burials::<T>::iter_keys() {
            if !due.is_over(now) || meter.try_consume(each).is_err() {
                break;
            }
            Self::forget_tombstone(due, id);
            Self::deposit_event(Event::TombstonePruned { id });
        }
        meter.consumed()
    }

    /// Refuses the removal of what open deals refer to.
    pub(crate) fn ensure_unused(id: H256) -> DispatchResult {
        ensure!(!Uses::<T>::contains_key(id), Error::<T>::InUse);
        Ok(())
    }

    /// One more open deal refers to the entry.
    pub(crate) fn add_use(id: H256) {
        Uses::<T>::mutate(id, |uses| *uses = uses.saturating_add(1));
    }

    /// One open deal less refers to the entry.
    pub(crate) fn remove_use(id: H256) {
        match Uses::<T>::get(id) {
            0 => {
                defensive!("a use is released once for each time it was retained");
            }
            1 => Uses::<T>::remove(id),
            uses => Uses::<T>::insert(id, uses.saturating_sub(1)),
        }
    }
}
