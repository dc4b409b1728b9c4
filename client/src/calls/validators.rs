//! Calls of validators: their session keys and their candidacies.

use super::{Call, Raw};
use ergon_primitives::{AccountId, Balance};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

const SESSION: &str = "Session";
const SET: &str = "ValidatorSet";

/// Most validators that governance can name.
pub const MAX_INVULNERABLES: u32 = 64;

/// Registers the caller's session keys, encoded one after the other; `proof` shows that the caller
/// has the secret ones, see [`Client::rotate_session_keys`](crate::Client::rotate_session_keys).
pub fn set_keys(keys: &[u8], proof: &[u8]) -> Call {
    Call::new(SESSION, "set_keys", (Raw(keys), proof))
}

/// Removes the caller's session keys. The runtime lets nobody make this call but root;
/// [`purge_keys`] stands for it.
pub fn purge_session_keys() -> Call {
    Call::new(SESSION, "purge_keys", ())
}

/// Names all validators by decision of governance. Only a referendum of root can.
pub fn set_invulnerables(
    invulnerables: BoundedVec<AccountId, ConstU32<MAX_INVULNERABLES>>,
) -> Call {
    Call::new(SET, "set_invulnerables", invulnerables)
}

/// Says how many candidates have a seat. Only a referendum of root can.
pub fn set_desired_candidates(count: u32) -> Call {
    Call::new(SET, "set_desired_candidates", count)
}

/// Makes the caller a candidate with this bond.
pub fn register_candidate(bond: Balance) -> Call {
    Call::new(SET, "register_candidate", bond)
}

/// Adds to the caller's bond.
pub fn bond_extra(amount: Balance) -> Call {
    Call::new(SET, "bond_extra", amount)
}

/// Ends the caller's candidacy.
pub fn leave() -> Call {
    Call::new(SET, "leave", ())
}

/// Takes the caller's bond back when it answers for nothing any more.
pub fn withdraw() -> Call {
    Call::new(SET, "withdraw", ())
}

/// Makes the caller fit again after an absence, or a candidate again after it left.
pub fn return_to_duty() -> Call {
    Call::new(SET, "return_to_duty", ())
}

/// Removes the session keys of a caller that has no role any more, and releases their deposit.
pub fn purge_keys() -> Call {
    Call::new(SET, "purge_keys", ())
}
