//! Calls that hold other calls.

use super::{Arguments, Call};

/// All of the calls in one transaction, or none of them when one fails.
pub fn batch_all(calls: Vec<Call>) -> Call {
    Call {
        pallet: "Utility",
        name: "batch_all",
        arguments: Arguments::Calls(calls),
    }
}
