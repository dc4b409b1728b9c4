//! Deposits: the only place where this pallet moves money.

use crate::{AccessList, Config, Deposits, Error, HoldReason, Pallet};
use codec::{Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, App, Balance, Curation, Dataset, Pool, storage_deposit};
use frame_support::{
    defensive, defensive_assert,
    pallet_prelude::DispatchResult,
    traits::{fungible::MutateHold, tokens::Precision},
};
use sp_core::H256;

/// Bytes of an identifier, which is the key of an entry.
const ID_BYTES: usize = 32;
/// Bytes of a list's member: the list, the account and 16 bytes of the account's hash.
const MEMBER_BYTES: usize = ID_BYTES + 16 + 32;

/// Deposit for an app and, from the start, for what will be said of it, an item of its own.
pub fn app_deposit(app: &App) -> Balance {
    let curation = storage_deposit(ID_BYTES.saturating_add(Curation::max_encoded_len()));
    entry_deposit(app).saturating_add(curation)
}

/// Deposit for a dataset.
pub fn dataset_deposit(dataset: &Dataset) -> Balance {
    entry_deposit(dataset)
}

/// Deposit for a pool.
pub fn pool_deposit(pool: &Pool) -> Balance {
    entry_deposit(pool)
}

/// Deposit for an access list and its members, each of which is an item of its own.
pub fn list_deposit(list: &AccessList) -> Balance {
    let members = storage_deposit(MEMBER_BYTES).saturating_mul(Balance::from(list.members));
    entry_deposit(list).saturating_add(members)
}

fn entry_deposit(entry: &impl Encode) -> Balance {
    storage_deposit(ID_BYTES.saturating_add(entry.encoded_size()))
}

impl<T: Config> Pallet<T> {
    /// Takes the deposit for a new entry.
    pub(crate) fn take_deposit(id: H256, payer: &AccountId, amount: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Entry.into(), payer, amount)
            .map_err(|_| Error::<T>::CannotPayDeposit)?;
        Deposits::<T>::insert(id, (payer, amount));
        Ok(())
    }

    /// Returns an entry's deposit to whoever paid it.
    pub(crate) fn return_deposit(id: H256) -> DispatchResult {
        let Some((payer, amount)) = Deposits::<T>::take(id) else {
            defensive!("every entry has a deposit");
            return Ok(());
        };
        let reason = HoldReason::Entry.into();
        let released = T::Currency::release(&reason, &payer, amount, Precision::BestEffort)?;
        defensive_assert!(
            released == amount,
            "the hold covers every deposit of its account"
        );
        Ok(())
    }

    /// Returns the deposit and takes a new one from `payer`.
    pub(crate) fn renew_deposit(id: H256, payer: &AccountId, amount: Balance) -> DispatchResult {
        Self::return_deposit(id)?;
        Self::take_deposit(id, payer, amount)
    }
}
