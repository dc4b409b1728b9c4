//! Calls of the hub wallets.

use super::Call;
use crate::view::HubLimits;
use ergon_primitives::{AccountId, Balance, HubRecord, PoolId};
use sp_core::H256;

const PALLET: &str = "HubWallet";

/// Makes a hub with a wallet of its own.
pub fn create(record: HubRecord) -> Call {
    Call::new(PALLET, "create", record)
}

/// Puts the caller's hub on the whitelist.
pub fn register() -> Call {
    Call::new(PALLET, "register", ())
}

/// Approves money to a payee; a share of it is locked in the wallet.
pub fn pay(to: &AccountId, amount: Balance) -> Call {
    Call::new(PALLET, "pay", (to, amount))
}

/// Moves to the caller what a hub approved to it and that has matured.
pub fn pull(owner: &AccountId) -> Call {
    Call::new(PALLET, "pull", owner)
}

/// Takes the caller's hub off the whitelist after its payout period.
pub fn payday() -> Call {
    Call::new(PALLET, "payday", ())
}

/// Unlocks the money of the caller's hub after its waiting period.
pub fn settle() -> Call {
    Call::new(PALLET, "settle", ())
}

/// Moves the wallet's money to the caller when its hub is idle.
pub fn withdraw() -> Call {
    Call::new(PALLET, "withdraw", ())
}

/// Accuses a hub on the ground of the document with this hash. Only the tribunal can.
pub fn suspect(owner: &AccountId, document: H256) -> Call {
    Call::new(PALLET, "suspect", (owner, document))
}

/// Ends a suspicion: the tribunal at any time, anyone when its time is over.
pub fn rehabilitate(owner: &AccountId) -> Call {
    Call::new(PALLET, "rehabilitate", owner)
}

/// Condemns a hub that has been suspected long enough. Only a referendum of the tribunal can.
pub fn ban(owner: &AccountId) -> Call {
    Call::new(PALLET, "ban", owner)
}

/// Gives expropriated money to the treasury when its quarantine is over.
pub fn release_quarantine(id: u64) -> Call {
    Call::new(PALLET, "release_quarantine", id)
}

/// Changes what the caller's hub says of itself.
pub fn update_record(record: HubRecord) -> Call {
    Call::new(PALLET, "update_record", record)
}

/// Marks a hub as trusted, or takes the mark away. Only a referendum of the tribunal can.
pub fn set_trusted(owner: &AccountId, trusted: bool) -> Call {
    Call::new(PALLET, "set_trusted", (owner, trusted))
}

/// Votes on a hub with a stake that is on hold while the vote stands.
pub fn rate(owner: &AccountId, stake: Balance, up: bool) -> Call {
    Call::new(PALLET, "rate", (owner, stake, up))
}

/// Takes a vote on a hub back.
pub fn unrate(owner: &AccountId) -> Call {
    Call::new(PALLET, "unrate", owner)
}

/// Binds a pool of the caller to its hub.
pub fn bind_pool(pool: PoolId) -> Call {
    Call::new(PALLET, "bind_pool", pool)
}

/// Takes a pool out of its hub.
pub fn unbind_pool(pool: PoolId) -> Call {
    Call::new(PALLET, "unbind_pool", pool)
}

/// Sets all limits of hub life. Only a referendum on parameters can.
pub fn set_parameters(limits: HubLimits) -> Call {
    Call::new(PALLET, "set_parameters", limits)
}

/// Puts what arrived in a banned hub's wallet into quarantine.
pub fn sweep(owner: &AccountId) -> Call {
    Call::new(PALLET, "sweep", owner)
}

/// Takes back what a banned hub had approved too late for its payee.
pub fn forfeit(owner: &AccountId, payee: &AccountId) -> Call {
    Call::new(PALLET, "forfeit", (owner, payee))
}
