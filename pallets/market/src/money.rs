//! The only file that touches money: deposits for what orders leave on the chain. Every record that
//! an order has is an item, paid by its bytes.

use crate::{Config, HoldReason, Leftover, Pallet, Rank, book};
use codec::{Encode, MaxEncodedLen};
use ergon_primitives::{
    AccountId, Balance, Consumption, Due, Order, OrderId, PublishedOrder, Shelf, storage_deposit,
};
use frame_support::{
    defensive,
    pallet_prelude::DispatchResult,
    traits::{fungible::MutateHold, tokens::Precision},
};

impl<T: Config> Pallet<T> {
    /// What publishing the order puts on hold: the price of its text with id, publisher and the
    /// amount itself, of its places on the shelves, and of its entry in the agenda.
    pub fn publication_deposit(order: &Order) -> Balance {
        let text = deposit([
            OrderId::max_encoded_len(),
            AccountId::max_encoded_len(),
            Balance::max_encoded_len(),
            order.encoded_size(),
        ]);
        book::places(order)
            .map(|(shelf, _)| place_deposit(shelf))
            .chain([agenda_deposit()])
            .fold(text, Balance::saturating_add)
    }

    /// What closing an unpublished order puts on hold: the price of the note that its volume is
    /// consumed, of the note who paid, and of its entry in the agenda.
    pub fn closing_deposit() -> Balance {
        [
            deposit([OrderId::max_encoded_len(), Consumption::max_encoded_len()]),
            deposit([
                OrderId::max_encoded_len(),
                <(AccountId, Balance)>::max_encoded_len(),
            ]),
            agenda_deposit(),
        ]
        .into_iter()
        .fold(0, Balance::saturating_add)
    }

    pub(crate) fn hold_publication(who: &AccountId, deposit: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::PublishedOrder.into(), who, deposit)
    }

    pub(crate) fn release_publication(published: &PublishedOrder) {
        release::<T>(
            HoldReason::PublishedOrder,
            &published.publisher,
            published.deposit,
        );
    }

    pub(crate) fn hold_closing(who: &AccountId, deposit: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::ClosedOrder.into(), who, deposit)
    }

    pub(crate) fn release_closing(who: &AccountId, deposit: Balance) {
        release::<T>(HoldReason::ClosedOrder, who, deposit);
    }
}

/// Returns a deposit. Every deposit is above any existential deposit that makes sense, so its
/// account can take it; if it could not, the money would stay on hold, and a log line would tell.
fn release<T: Config>(reason: HoldReason, who: &AccountId, deposit: Balance) {
    match T::Currency::release(&reason.into(), who, deposit, Precision::BestEffort) {
        Ok(released) if released == deposit => {}
        Ok(released) => {
            defensive!("less was on hold than an order's deposit", (who, released));
        }
        Err(error) => {
            defensive!("a deposit could not be returned", (who, error));
        }
    }
}

fn place_deposit(shelf: Shelf) -> Balance {
    deposit([
        shelf.encoded_size(),
        Rank::max_encoded_len(),
        OrderId::max_encoded_len(),
    ])
}

fn agenda_deposit() -> Balance {
    deposit([Due::max_encoded_len(), Leftover::max_encoded_len()])
}

/// Price of an item whose parts have these sizes, in bytes.
fn deposit<const N: usize>(parts: [usize; N]) -> Balance {
    storage_deposit(parts.into_iter().fold(0, usize::saturating_add))
}
