//! What ends the worker, and the exit status that goes with it.

use crate::{config::ConfigError, store::StoreError};
use ergon_client::{ClientError, KeyError, Scheme};
use std::{io, path::PathBuf, process::ExitCode};
use tokio::task::JoinError;

/// The exit status. The numbers are a promise to scripts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum ExitStatus {
    /// Everything was done.
    Success = 0,
    /// Something failed that no other status describes.
    Failure = 1,
    /// The command, the configuration or the key is not valid.
    Usage = 2,
    /// The node is not reachable, or its chain or runtime is not the right one.
    Node = 3,
    /// Another process uses the store.
    InUse = 4,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

/// Any error of the worker. Each says what happened, why, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The worker's key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no key yet.
    #[error("there is no worker key at {}. Make one with `ergon-worker init`", .0.display())]
    NoKey(PathBuf),
    /// The key is of another scheme.
    #[error("the key {} is of the scheme {found}, but worker keys are ed25519. Make one with `ergon-worker init`", .path.display())]
    OtherScheme {
        /// The key file.
        path: PathBuf,
        /// The scheme.
        found: Scheme,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node cannot be used.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A file of the worker cannot be used.
    #[error("cannot use {}: {reason}; check disk space and permissions", .path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// A part of the program failed.
    #[error("a part of the worker failed: {0}. This is a fault of the program; start it again")]
    Broken(#[from] JoinError),
    /// Something of the operating system that every program needs is missing.
    #[error("cannot start: {0}")]
    System(io::Error),
    /// The command is not complete.
    #[error("{0}")]
    Usage(String),
}

impl WorkerError {
    /// The exit status that goes with it.
    pub fn status(&self) -> ExitStatus {
        match self {
            Self::Config(_) | Self::Key(_) | Self::NoKey(_) | Self::OtherScheme { .. } => {
                ExitStatus::Usage
            }
            Self::Usage(_) | Self::Store(StoreError::OtherWorker { .. }) => ExitStatus::Usage,
            Self::Store(StoreError::InUse { .. }) => ExitStatus::InUse,
            Self::Store(StoreError::OtherChain { .. }) | Self::Client(_) => ExitStatus::Node,
            _ => ExitStatus::Failure,
        }
    }

    /// Whether waiting cannot mend it, so that the worker must end. What a node does wrong for a while
    /// is borne; what it is does not change.
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Client(error) => matches!(
                error,
                ClientError::OtherChain { .. }
                    | ClientError::NotErgon { .. }
                    | ClientError::Incompatible { .. }
            ),
            _ => true,
        }
    }

    /// The error of a file or folder.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |reason| Self::File { path, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    #[test]
    fn each_status_has_its_errors() {
        let unreachable = ClientError::NodeUnreachable {
            url: "ws://nowhere".into(),
            reason: "gone".into(),
        };
        let in_use = StoreError::InUse {
            folder: "/data".into(),
            holder: "7".into(),
        };
        let other_chain = StoreError::OtherChain {
            stored: H256::zero(),
            found: H256::repeat_byte(1),
        };
        let cases: [(WorkerError, ExitStatus); 6] = [
            (ConfigError::NoHome.into(), ExitStatus::Usage),
            (WorkerError::NoKey("/key".into()), ExitStatus::Usage),
            (unreachable.into(), ExitStatus::Node),
            (in_use.into(), ExitStatus::InUse),
            (other_chain.into(), ExitStatus::Node),
            (
                WorkerError::System(io::Error::other("x")),
                ExitStatus::Failure,
            ),
        ];
        for (error, status) in cases {
            assert_eq!(error.status(), status, "{error}");
        }
    }

    #[test]
    fn a_node_that_is_away_is_waited_for() {
        let away = ClientError::NodeUnreachable {
            url: "ws://nowhere".into(),
            reason: "gone".into(),
        };
        assert!(!WorkerError::from(away).is_fatal());
        let other = ClientError::OtherChain {
            expected: H256::zero(),
            found: H256::repeat_byte(1),
        };
        assert!(WorkerError::from(other).is_fatal());
        assert!(WorkerError::from(ConfigError::NoHome).is_fatal());
    }
}
