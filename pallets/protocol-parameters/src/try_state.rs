//! The invariants of the crate's documentation.

use crate::{Config, InForce, Pallet, rules::Refusal};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        let refusal = InForce::<T>::get()
            .check()
            .map_err(|refusal| match refusal {
                Refusal::OutOfBounds => "a parameter is out of its bounds",
                Refusal::ScoredPriceAboveBond => "the lowest price that scores is above the bond",
                Refusal::RecordShorterThanBonding => "deals are forgotten before stakes can leave",
            });
        refusal.map_err(TryRuntimeError::from)
    }
}
