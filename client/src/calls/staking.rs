//! Calls of the workers' bonds. All are made by the bond's owner, never by the worker key.

use super::Call;
use ergon_primitives::{AccountId, Balance, PoolId, Signature};

const PALLET: &str = "WorkerStaking";

/// Bonds a worker; `proof` is the worker key's signature made by
/// [`Keypair::prove_possession`](crate::Keypair::prove_possession).
pub fn bond(worker: &AccountId, amount: Balance, proof: Signature) -> Call {
    Call::new(PALLET, "bond", (worker, amount, proof))
}

/// Adds to a bond.
pub fn bond_extra(worker: &AccountId, amount: Balance) -> Call {
    Call::new(PALLET, "bond_extra", (worker, amount))
}

/// Sends a part of a bond on its way out.
pub fn unbond(worker: &AccountId, amount: Balance) -> Call {
    Call::new(PALLET, "unbond", (worker, amount))
}

/// Takes back what has been on its way out long enough.
pub fn withdraw(worker: &AccountId) -> Call {
    Call::new(PALLET, "withdraw", worker)
}

/// Lets a worker join a pool.
pub fn join(worker: &AccountId, pool: PoolId) -> Call {
    Call::new(PALLET, "join", (worker, pool))
}

/// Lets a worker leave its pool.
pub fn leave(worker: &AccountId) -> Call {
    Call::new(PALLET, "leave", worker)
}

/// Gives a bond another worker key; `proof` is the new key's.
pub fn set_worker_key(worker: &AccountId, new: &AccountId, proof: Signature) -> Call {
    Call::new(PALLET, "set_worker_key", (worker, new, proof))
}
