//! What other pallets see of the scores.

use crate::{Config, LastScored, Pallet, Scores, score};
use ergon_primitives::{AccountId, BlockNumber, DealId, Score, traits::Reputation};

impl<T: Config> Reputation for Pallet<T> {
    fn score(worker: &AccountId) -> Score {
        Scores::<T>::get(worker)
    }

    fn proven(worker: &AccountId, deal: DealId, work_time: BlockNumber) {
        let now = Self::now();
        if !score::counts(LastScored::<T>::get(deal, worker), now, work_time) {
            return;
        }
        LastScored::<T>::insert(deal, worker, now);
        let score = Scores::<T>::get(worker);
        Self::change_score(worker, score, score::after_success(score));
    }

    fn disproven(worker: &AccountId, times: u32) {
        let score = Scores::<T>::get(worker);
        Self::change_score(worker, score, score::after_failures(score, times));
    }

    fn rename(old: &AccountId, new: &AccountId) {
        if old == new {
            return;
        }
        let score = Scores::<T>::get(old);
        Self::set_score(old, 0);
        Self::set_score(new, score);
    }

    fn forget_worker(worker: &AccountId) {
        Self::set_score(worker, 0);
    }

    fn forget(deal: DealId, limit: u32) -> bool {
        // Not `clear_prefix`: its limit does not count what was written in the same block.
        let removed = LastScored::<T>::drain_prefix(deal)
            .take(limit as usize)
            .count();
        let stopped_early = removed < limit as usize;
        stopped_early || LastScored::<T>::iter_key_prefix(deal).next().is_none()
    }
}
