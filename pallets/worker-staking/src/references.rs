//! What keeps the accounts of worker keys.
//!
//! Calls that are free for workers need an account that counts transactions, but no money. So a bond
//! is a provider of its worker key's account.

use crate::{Config, Error, Pallet};
use ergon_primitives::AccountId;

impl<T: Config> Pallet<T> {
    /// Keeps the account of a key that gets a bond.
    pub(crate) fn keep_account(worker: &AccountId) {
        frame_system::Pallet::<T>::inc_providers(worker);
    }

    /// Lets the account of a key go that loses its bond. Refused when somebody relies on the account,
    /// as a hold on its money does, and the bond is all that keeps it.
    pub(crate) fn let_account_go(worker: &AccountId) -> Result<(), Error<T>> {
        frame_system::Pallet::<T>::dec_providers(worker)
            .map(|_| ())
            .map_err(|_| Error::WorkerKeyInUse)
    }
}
