//! When an identifier may be registered and an entry removed: uses and tombstones.

use crate::{Config, Error, Event, Pallet, Tombstones, Uses};
use ergon_primitives::{BlockNumber, MAX_ORDER_LIFE};
use frame_support::{defensive, ensure, pallet_prelude::DispatchResult};
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

    /// Forgets that the identifier was removed once.
    pub(crate) fn unearth(id: H256) {
        Tombstones::<T>::remove(id);
    }

    /// Marks a removed identifier for as long as an order that can be matched now stays valid.
    pub(crate) fn bury(id: H256) {
        Tombstones::<T>::insert(id, Self::now().saturating_add(MAX_ORDER_LIFE));
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

    /// See [`Pallet::prune_tombstone`].
    pub(crate) fn do_prune_tombstone(id: H256) -> DispatchResult {
        let until = Tombstones::<T>::get(id).ok_or(Error::<T>::NoSuchTombstone)?;
        ensure!(Self::now() > until, Error::<T>::TombstoneNotExpired);
        Self::unearth(id);
        Self::deposit_event(Event::TombstonePruned { id });
        Ok(())
    }
}
