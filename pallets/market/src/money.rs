//! The only file that touches money: deposits for what orders leave on the chain.

use crate::{Config, HoldReason, Pallet};
use codec::{Encode, MaxEncodedLen};
use ergon_primitives::{
    AccountId, Balance, Consumption, Order, OrderId, PublishedOrder, storage_deposit,
};
use frame_support::{
    pallet_prelude::DispatchResult,
    traits::{fungible::MutateHold, tokens::Precision},
};

impl<T: Config> Pallet<T> {
    /// What publishing the order puts on hold: the price of its text, its id, its publisher and the
    /// amount itself.
    pub fn publication_deposit(order: &Order) -> Balance {
        deposit([
            OrderId::max_encoded_len(),
            AccountId::max_encoded_len(),
            Balance::max_encoded_len(),
            order.encoded_size(),
        ])
    }

    /// What closing an unpublished order puts on hold: the price of two records under the order's
    /// id, that its volume is consumed and that somebody paid for this note.
    pub fn closing_deposit() -> Balance {
        deposit([
            OrderId::max_encoded_len(),
            Consumption::max_encoded_len(),
            OrderId::max_encoded_len(),
            <(AccountId, Balance)>::max_encoded_len(),
        ])
    }

    pub(crate) fn hold_publication(who: &AccountId, deposit: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::PublishedOrder.into(), who, deposit)
    }

    pub(crate) fn release_publication(published: &PublishedOrder) -> DispatchResult {
        release::<T>(
            HoldReason::PublishedOrder,
            &published.publisher,
            published.deposit,
        )
    }

    pub(crate) fn hold_closing(who: &AccountId, deposit: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::ClosedOrder.into(), who, deposit)
    }

    pub(crate) fn release_closing(who: &AccountId, deposit: Balance) -> DispatchResult {
        release::<T>(HoldReason::ClosedOrder, who, deposit)
    }
}

fn release<T: Config>(reason: HoldReason, who: &AccountId, deposit: Balance) -> DispatchResult {
    T::Currency::release(&reason.into(), who, deposit, Precision::BestEffort)?;
    Ok(())
}

/// Price of storing parts of these sizes, in bytes.
fn deposit<const N: usize>(parts: [usize; N]) -> Balance {
    storage_deposit(parts.into_iter().fold(0, usize::saturating_add))
}
