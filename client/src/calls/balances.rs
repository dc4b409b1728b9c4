//! Calls of the balances.

use super::Call;
use codec::Compact;
use ergon_primitives::{AccountId, Balance};
use sp_runtime::MultiAddress;

/// Gives money to an account, unless the giver would fall below the existential deposit.
pub fn transfer_keep_alive(to: &AccountId, amount: Balance) -> Call {
    let to = MultiAddress::<AccountId, ()>::Id(to.clone());
    Call::new("Balances", "transfer_keep_alive", (to, Compact(amount)))
}
