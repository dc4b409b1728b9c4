//! Removal of ended deals: state has an end.

use crate::{
    Config, Errand, Error, Event, MAX_PRUNED, Pallet, Progress, Revocations, Revoked, SweepCursor,
    TaskPages,
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, BlockNumber, DealId, DealStatus,
    traits::{Deals, Reputation},
};
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
    /// Removes up to `limit` pages of tasks, and as many revocations and score records, of a deal
    /// that ended long enough ago; and the deal itself when nothing else is left.
    pub(crate) fn do_prune_deal(id: DealId, limit: u32) -> DispatchResult {
        ensure!(T::Deals::status(id).is_some(), Error::<T>::NoSuchDeal);
        let due = Self::retirement_of(id).ok_or(Error::<T>::DealOpen)?;
        ensure!(Self::now() >= due, Error::<T>::StillRetained);

        if Self::retire(id, Self::prune_limit(limit)) {
            Self::unschedule(Errand::Retire(id), due);
        }
        Ok(())
    }

    /// First block in which an ended deal can be removed; none for any other.
    pub(crate) fn retirement_of(id: DealId) -> Option<BlockNumber> {
        match T::Deals::status(id) {
            Some(DealStatus::Ended(at)) => Some(Self::retirement(at)),
            _ => None,
        }
    }

    /// How many pages a call with this argument removes at most.
    pub(crate) fn prune_limit(limit: u32) -> u32 {
        limit.clamp(1, MAX_PRUNED)
    }

    /// How many records of the kind that it has most of an ended deal has at most: pages,
    /// revocations, or score records, of which each belongs to a vote.
    pub(crate) fn retirement_size(id: DealId) -> u32 {
        let progress = Progress::<T>::get(id);
        let votes = progress.touched.saturating_mul(progress.most_votes);
        votes
            .max(progress.touched)
            .max(Revocations::<T>::get(id))
            .max(1)
    }

    /// Removes up to `limit` records of each kind of an ended deal; whether nothing of it is left.
    pub(crate) fn retire(id: DealId, limit: u32) -> bool {
        let pages_gone = Self::remove_pages(id, limit);
        let revocations_gone = Self::remove_revocations(id, limit);
        let scores_gone = T::Reputation::forget(id, limit);
        let all_gone = pages_gone && revocations_gone && scores_gone;
        if all_gone {
            Progress::<T>::remove(id);
            SweepCursor::<T>::remove(id);
            T::Deals::remove(id);
            Self::deposit_event(Event::DealPruned { deal: id });
        }
        all_gone
    }

    /// Removes up to `limit` pages of tasks; whether none is left.
    fn remove_pages(id: DealId, limit: u32) -> bool {
        let pages: Vec<u32> = TaskPages::<T>::iter_key_prefix(id)
            .take(limit as usize)
            .collect();
        for page in pages {
            TaskPages::<T>::remove(id, page);
        }
        TaskPages::<T>::iter_key_prefix(id).next().is_none()
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
