//! Every touch of the currency: wallets, quarantine, treasury, and what is on hold.

use crate::{
    Approval, Config, Error, Event, Expropriation, HoldReason, Hub, NextExpropriation, Pallet,
    Parameters, Quarantine,
};
use codec::{Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, Balance, HubRecord, PoolId, domain_hash, storage_deposit};
use frame_support::{
    defensive_assert,
    pallet_prelude::DispatchResult,
    traits::{
        Get,
        fungible::{Inspect as _, Mutate as _, MutateHold as _},
        tokens::{DepositConsequence, Precision, Preservation, Provenance},
    },
};
use sp_runtime::DispatchError;

/// Bytes of an account as key of a map, hashed and plain.
const ACCOUNT_KEY_BYTES: usize = 16 + 32;

/// The wallet of a hub: an account whose address is a hash, so that nobody has its key.
pub fn wallet_account(owner: &AccountId) -> AccountId {
    AccountId::new(domain_hash("ergon/hub", owner).0)
}

/// Where expropriated money waits; nobody has its key.
pub fn quarantine_account() -> AccountId {
    AccountId::new(domain_hash("ergon/quarantine", &()).0)
}

/// Deposit for a hub with this record; it pays for a case against the hub from the start.
pub(crate) fn hub_deposit(record: &HubRecord) -> Balance {
    let bytes = Hub::max_encoded_len()
        .saturating_add(ergon_primitives::Case::max_encoded_len())
        .saturating_add(record.encoded_size())
        .saturating_add(3 * ACCOUNT_KEY_BYTES);
    storage_deposit(bytes)
}

/// Deposit for an approval, as large as it may grow.
pub(crate) fn approval_deposit() -> Balance {
    storage_deposit(Approval::max_encoded_len().saturating_add(2 * ACCOUNT_KEY_BYTES))
}

/// Deposit for a binding.
pub(crate) fn binding_deposit() -> Balance {
    let key = PoolId::max_encoded_len();
    storage_deposit(crate::Binding::max_encoded_len().saturating_add(key))
}

impl<T: Config> Pallet<T> {
    /// What a hub's wallet holds.
    pub(crate) fn balance(owner: &AccountId) -> Balance {
        T::Currency::balance(&wallet_account(owner))
    }

    /// What in a hub's wallet is neither frozen, locked nor approved.
    pub(crate) fn spare(owner: &AccountId, hub: &Hub) -> Balance {
        Self::balance(owner).saturating_sub(hub.bound())
    }

    /// Moves money out of a wallet or the quarantine; returns how much. A rest below the
    /// existential deposit, which no account can hold, goes along.
    pub(crate) fn send(
        from: &AccountId,
        to: &AccountId,
        amount: Balance,
    ) -> Result<Balance, DispatchError> {
        let balance = T::Currency::balance(from);
        let is_crumb = balance.saturating_sub(amount) < T::Currency::minimum_balance();
        let sent = if is_crumb {
            balance.max(amount)
        } else {
            amount
        };
        T::Currency::transfer(from, to, sent, Preservation::Expendable)
    }

    /// Gives the treasury its share of a hub's locked money; returns how much. An amount too small
    /// for a treasury without money stays where it is: a fee must not keep a hub from leaving.
    pub(crate) fn pay_fee(owner: &AccountId, fee: Balance) -> Result<Balance, DispatchError> {
        let treasury = T::Treasury::get();
        let receivable = T::Currency::can_deposit(&treasury, fee, Provenance::Extant);
        if fee == 0 || receivable != DepositConsequence::Success {
            return Ok(0);
        }
        Self::send(&wallet_account(owner), &treasury, fee)
    }

    /// Puts what in a banned hub's wallet is not approved into quarantine; returns how much. What
    /// is below the existential deposit waits for more.
    pub(crate) fn expropriate(owner: &AccountId, hub: &Hub) -> Result<Balance, DispatchError> {
        let amount = Self::spare(owner, hub);
        if amount < T::Currency::minimum_balance() {
            return Ok(0);
        }
        Self::send(&wallet_account(owner), &quarantine_account(), amount)?;
        let id = NextExpropriation::<T>::mutate(|next| {
            let id = *next;
            *next = next.saturating_add(1);
            id
        });
        let until = Self::now().saturating_add(Parameters::<T>::get().quarantine_period);
        let expropriation = Expropriation {
            hub: owner.clone(),
            amount,
            until,
        };
        Quarantine::<T>::insert(id, expropriation);
        Self::deposit_event(Event::Expropriated {
            id,
            owner: owner.clone(),
            amount,
            until,
        });
        Ok(amount)
    }

    /// Puts the stake of a vote on hold.
    pub(crate) fn hold_stake(voter: &AccountId, stake: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Vote.into(), voter, stake)
    }

    /// Takes a deposit.
    pub(crate) fn take_deposit(
        reason: HoldReason,
        payer: &AccountId,
        amount: Balance,
    ) -> DispatchResult {
        T::Currency::hold(&reason.into(), payer, amount)
            .map_err(|_| Error::<T>::CannotPayDeposit.into())
    }

    /// Releases a deposit or a stake.
    pub(crate) fn give_back(
        reason: HoldReason,
        payer: &AccountId,
        amount: Balance,
    ) -> DispatchResult {
        let released = T::Currency::release(&reason.into(), payer, amount, Precision::BestEffort)?;
        defensive_assert!(
            released == amount,
            "the hold covers every deposit of its account"
        );
        Ok(())
    }
}
