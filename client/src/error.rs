//! What can go wrong between a program and the chain.

use crate::{BundleError, FetchError, KeyError, SpecError, TooLong, TransactionError};
use ergon_primitives::BlockNumber;
use sp_core::H256;

/// Any error of this crate. Each says what happened, why, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody answers at the address, or the connection was lost and did not come back in time.
    #[error(
        "no node answers at {url}: {reason}. Start one with `ergon-node --dev`, or name the address \
         of a running node"
    )]
    NodeUnreachable {
        /// The address that was tried.
        url: String,
        /// What the attempt failed with.
        reason: String,
    },
    /// A node answers, but its chain has none of Ergon's pallets.
    #[error(
        "the node at {url} does not serve an Ergon chain: its runtime lacks {missing}. Name the \
         address of an Ergon node"
    )]
    NotErgon {
        /// The node's address.
        url: String,
        /// The pallets that its runtime lacks, separated by commas.
        missing: String,
    },
    /// The runtime differs from the one that this client was built for in something the client
    /// uses.
    #[error(
        "the node's runtime (version {runtime}) is {} the one this client was built for (version \
         {client}) and differs in: {}. {}",
        age(*.runtime, *.client), .differences.join(", "), remedy(*.runtime, *.client)
    )]
    Incompatible {
        /// `spec_version` of the node's runtime.
        runtime: u32,
        /// `spec_version` of the runtime this client was built for.
        client: u32,
        /// The calls, storage entries, events and constants that differ, as `Pallet.name`.
        differences: Vec<String>,
    },
    /// The node serves another chain than the one that was expected.
    #[error(
        "the node serves the chain {found:?}, but {expected:?} was expected. Name the address of a \
         node of the right chain, or start afresh for this one"
    )]
    OtherChain {
        /// Genesis hash that was expected.
        expected: H256,
        /// Genesis hash that the node has.
        found: H256,
    },
    /// The node does not know the block.
    #[error("the node knows no block {block}. It may still be syncing, or the block was abandoned")]
    NoSuchBlock {
        /// Number or hash of the block.
        block: String,
    },
    /// The node has discarded the state of that block.
    #[error(
        "the node has discarded the state of block {block}. Ask a node that keeps older state \
         (`--state-pruning archive`), or read a newer block"
    )]
    StatePruned {
        /// Number or hash of the block.
        block: String,
    },
    /// The node answered a request with an error.
    #[error("the node refused `{method}`: {reason}")]
    Refused {
        /// The request.
        method: String,
        /// The node's words.
        reason: String,
    },
    /// Something that the node sent cannot be read.
    #[error(
        "runtime and client disagree about {what}: {reason}. Use a client that was built for the \
         node's runtime"
    )]
    Undecodable {
        /// What was read.
        what: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// A transaction cannot be put together for the node's runtime.
    #[error("cannot encode {what} for the node's runtime: {reason}")]
    Unencodable {
        /// What was to be encoded.
        what: String,
        /// Why it cannot be encoded.
        reason: String,
    },
    /// A text does not fit the field it is for.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// A key cannot be read or written.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A request's parameters are not valid.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A result bundle is not valid.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A file cannot be fetched or is not what it should be.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A transaction came to nothing.
    #[error(transparent)]
    Transaction(Box<TransactionError>),
}

impl ClientError {
    /// Whether trying again later can help, with the same node and the same client.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::NodeUnreachable { .. } | Self::NoSuchBlock { .. }
        )
    }

    pub(crate) fn no_such_block(number: BlockNumber) -> Self {
        Self::NoSuchBlock {
            block: number.to_string(),
        }
    }

    pub(crate) fn undecodable(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Undecodable {
            what: what.into(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn unencodable(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Unencodable {
            what: what.into(),
            reason: reason.to_string(),
        }
    }
}

impl From<TransactionError> for ClientError {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Client(error) => error,
            error => Self::Transaction(Box::new(error)),
        }
    }
}

fn age(runtime: u32, client: u32) -> &'static str {
    match runtime.cmp(&client) {
        std::cmp::Ordering::Greater => "newer than",
        std::cmp::Ordering::Less => "older than",
        std::cmp::Ordering::Equal => "another build of",
    }
}

fn remedy(runtime: u32, client: u32) -> &'static str {
    if runtime > client {
        "Update this program"
    } else {
        "Use the release that belongs to the node"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incompatibility_says_who_is_newer_and_what_differs() {
        let text = ClientError::Incompatible {
            runtime: 3,
            client: 2,
            differences: vec!["Poco.reveal".into(), "Market.Deals".into()],
        }
        .to_string();
        assert!(
            text.contains("newer than") && text.contains("Update this program"),
            "{text}"
        );
        assert!(text.contains("Poco.reveal, Market.Deals"), "{text}");
    }

    #[test]
    fn a_transaction_that_failed_for_want_of_a_node_is_a_plain_client_error() {
        let lost = ClientError::NodeUnreachable {
            url: "ws://nowhere".into(),
            reason: "gone".into(),
        };
        let error = ClientError::from(TransactionError::Client(lost));
        assert!(matches!(error, ClientError::NodeUnreachable { .. }));
        assert!(error.is_passing());
    }
}
