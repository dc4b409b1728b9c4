//! Calls of the account that may do anything on a development chain.

use super::{Arguments, Call};

/// A call made as the chain itself, signed by the account that may do so. The transaction succeeds
/// whatever comes of the call: look at the chain's state afterwards.
pub fn sudo(call: Call) -> Call {
    Call {
        pallet: "Sudo",
        name: "sudo",
        arguments: Arguments::Call(Box::new(call)),
    }
}
