//! The invariants of the README, checked.

use crate::{Config, LastScored, Pallet, Scores};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(
            Scores::<T>::iter_values().all(|score| score > 0),
            "a score of 0 is stored"
        );
        let now = Self::now();
        let past = LastScored::<T>::iter_values().all(|block| block <= now);
        ensure!(past, "a result was scored in the future");
        Ok(())
    }
}
