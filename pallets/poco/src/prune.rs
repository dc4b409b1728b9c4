//! Removal of ended deals: state has an end.

use crate::{Config, Error, Event, MAX_PRUNED, Pallet, Revocations, Revoked, Tasks};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, DealId, DealStatus, TaskIndex,
    traits::{Deals, Reputation},
};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};

impl<T: Config> Pallet<T> {
    /// Removes up to `limit` tasks, and as many revocations and score records, of a deal that ended
    /// long enough ago; and the deal itself when nothing else is left.
    pub(crate) fn do_prune_deal(id: DealId, limit: u32) -> DispatchResult {
        let status = T::Deals::status(id).ok_or(Error::<T>::NoSuchDeal)?;
        let DealStatus::Ended(at) = status else {
            return Err(Error::<T>::DealOpen.into());
        };
        let due = at.saturating_add(T::RetentionPeriod::get());
        ensure!(Self::now() >= due, Error::<T>::StillRetained);

        let limit = Self::prune_limit(limit);
        let tasks_gone = Self::remove_tasks(id, limit);
        let revocations_gone = Self::remove_revocations(id, limit);
        let scores_gone = T::Reputation::forget(id, limit);
        if tasks_gone && revocations_gone && scores_gone {
            T::Deals::remove(id);
            Self::deposit_event(Event::DealPruned { deal: id });
        }
        Ok(())
    }

    /// How many tasks a call with this argument removes at most.
    pub(crate) fn prune_limit(limit: u32) -> u32 {
        limit.clamp(1, MAX_PRUNED)
    }

    /// Removes up to `limit` tasks; whether none is left.
    fn remove_tasks(id: DealId, limit: u32) -> bool {
        let due: Vec<TaskIndex> = Tasks::<T>::iter_key_prefix(id)
            .take(limit as usize)
            .collect();
        for index in due {
            Tasks::<T>::remove(id, index);
        }
        Tasks::<T>::iter_key_prefix(id).next().is_none()
    }

    /// Removes up to `limit` revocations; whether none is left.
    fn remove_revocations(id: DealId, limit: u32) -> bool {
        let left = Revocations::<T>::get(id);
        if left == 0 {
            return true;
        }
        let due: Vec<AccountId> = Revoked::<T>::iter_key_prefix(id)
            .take(limit as usize)
            .collect();
        for worker in due {
            Revoked::<T>::remove(id, worker);
        }
        match left.saturating_sub(limit) {
            0 => Revocations::<T>::remove(id),
            left => Revocations::<T>::insert(id, left),
        }
        left <= limit
    }
}
