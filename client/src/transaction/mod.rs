//! Transactions: what an account asks the chain to do, in order, and what came of it.

mod extrinsic;
mod nonces;
mod queue;
mod receipt;
mod verdict;

pub(crate) use extrinsic::estimate;
pub use queue::TransactionQueue;
pub(crate) use receipt::sentence;
pub use receipt::{Receipt, RefusedItem};

use crate::ClientError;
use ergon_primitives::BlockNumber;
use sp_core::H256;

/// How many blocks a transaction lives.
const LIFE: BlockNumber = 64;

/// How certain a result must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Wait {
    /// In a block, which may still be abandoned.
    InBlock,
    /// In a block that is final.
    #[default]
    Finalised,
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum TransactionError {
    /// A pallet refused the call. The fee was paid.
    #[error("the chain refused {call}: {documentation} ({pallet}.{error})")]
    Refused {
        /// The call.
        call: String,
        /// The pallet that refused it.
        pallet: String,
        /// The error's name.
        error: String,
        /// What the pallet says about the error.
        documentation: String,
    },
    /// The call would be refused, so the node did not take it; the call was not made and cost nothing.
    #[error("the call {call} would be refused: {documentation} ({pallet}.{error})")]
    Useless {
        /// The call.
        call: String,
        /// The pallet that would refuse it.
        pallet: String,
        /// The error's name.
        error: String,
        /// What the pallet says about the error.
        documentation: String,
    },
    /// An account has too little money for what the call moves or holds. The fee was paid.
    #[error("the chain refused {call}: {reason} Give the account more money and try again")]
    NotEnoughMoney {
        /// The call.
        call: String,
        /// What exactly is missing.
        reason: String,
    },
    /// The call failed for a reason that no pallet gave. The fee was paid.
    #[error("the chain could not execute {call}: {reason}")]
    Failed {
        /// The call.
        call: String,
        /// The reason.
        reason: String,
    },
    /// The account cannot pay the fee; the call was not made.
    #[error("the account {account} cannot pay the fee of {call}. Give it money and try again")]
    CannotPay {
        /// The call.
        call: String,
        /// The account.
        account: String,
    },
    /// The node refuses the transaction for good; the call was not made.
    #[error("the node does not accept {call}: {reason}")]
    Invalid {
        /// The call.
        call: String,
        /// The reason.
        reason: String,
    },
    /// The node kept refusing the transaction for reasons that should have passed; the call was not
    /// made.
    #[error("the node did not accept {call} (attempts: {attempts}): {reason}. Try again later")]
    Busy {
        /// The call.
        call: String,
        /// How many attempts were made.
        attempts: u32,
        /// The last reason.
        reason: String,
    },
    /// The call was sent, but what came of it was not seen in time.
    #[error(
        "{call} was sent as transaction {extrinsic:?}, but nothing was certain after {seconds} s. It \
         may still take effect: look before sending it again"
    )]
    TimedOut {
        /// The call.
        call: String,
        /// Hash of the last transaction that carried it.
        extrinsic: H256,
        /// How long it was waited for, in seconds.
        seconds: u64,
    },
    /// The node could not be asked, or its answer not be read.
    #[error(transparent)]
    Client(#[from] ClientError),
}
