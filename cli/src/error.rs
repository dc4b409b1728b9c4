//! What can go wrong, and what the user is told about it.

use crate::{ExitStatus, amount::Amount, text::Address};
use ergon_client::{
    BundleError, ClientError, FetchError, KeyError, SpecError, TooLong, TransactionError,
};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Any error of a command.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The client could not do it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The command does not make sense.
    #[error("{0}")]
    Usage(String),
    /// The command needs a key and none was given.
    #[error("this command signs, and no key was given")]
    NoKey,
    /// No key goes by that name.
    #[error("there is no key `{name}`: neither a stored key nor a file has this name")]
    UnknownKey {
        /// The name.
        name: String,
    },
    /// The chain has nothing of that kind with that name.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its identifier or name.
        id: String,
    },
    /// No offers fit a wish.
    #[error("no offer fits{}", bullets(.reasons))]
    NoOffer {
        /// Why each candidate does not fit.
        reasons: Vec<String>,
    },
    /// The orders that were named do not match.
    #[error("the orders do not match{}", bullets(.reasons))]
    NoMatch {
        /// Every condition that fails.
        reasons: Vec<String>,
    },
    /// The chain executed the transaction, but refused what it was for.
    #[error("{0}")]
    Refused(String),
    /// The chain would refuse what was asked for, so nothing was sent.
    #[error("{reason}")]
    Useless {
        /// Why the chain would refuse.
        reason: String,
        /// What to do instead.
        advice: String,
    },
    /// The account's money does not suffice.
    #[error("{account} has {available} to spend, but {what} needs {needed}")]
    NotEnoughMoney {
        /// The account.
        account: Address,
        /// What the money is for.
        what: &'static str,
        /// How much is needed.
        needed: Amount,
        /// How much there is.
        available: Amount,
    },
    /// The user said no.
    #[error("nothing was done, because you declined")]
    Declined,
    /// The command needs consent, and nobody can be asked.
    #[error("`{question}` needs an answer, and there is no terminal to ask at")]
    NobodyToAsk {
        /// The question.
        question: String,
    },
    /// The user interrupted the command.
    #[error("interrupted; what was sent to the chain goes on without this program")]
    Interrupted {
        /// The command that goes on from here.
        resume: String,
    },
    /// What was waited for did not happen in time.
    #[error("{what} did not end in the {seconds} s that were allowed")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long, in seconds.
        seconds: u64,
        /// The command that goes on from here.
        resume: String,
    },
    /// The task has no result that could be fetched.
    #[error("task {index} of the deal has no result: {reason}")]
    NoResult {
        /// The task.
        index: u32,
        /// Why.
        reason: String,
    },
    /// Something is not what it was promised to be.
    #[error("{0}")]
    NotGenuine(String),
    /// An order file cannot be read.
    #[error("the order file {} is not valid: {reason}", .path.display())]
    OrderFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("cannot {action} {}: {reason}", .path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        reason: io::Error,
    },
    /// Standard input cannot be read.
    #[error("cannot read standard input: {0}")]
    Input(io::Error),
    /// The answer cannot be written.
    #[error("cannot write the answer: {0}")]
    Output(io::Error),
    /// A transaction is in the chain, but without the event that should tell what it made.
    #[error("the transaction was executed, but the chain did not say {0}")]
    Silent(&'static str),
}

macro_rules! through_client {
    ($($error:ty),*) => {$(
        impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::Client(error.into())
            }
        }
    )*};
}

through_client!(
    BundleError,
    FetchError,
    KeyError,
    SpecError,
    TooLong,
    TransactionError
);

fn bullets(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  - {line}")).collect()
}

/// An error in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Explanation {
    /// The error's name for programs.
    pub code: &'static str,
    /// What happened, and why.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// The status with which the program ends.
    #[serde(skip)]
    pub status: ExitStatus,
}

/// Name, exit status and hint of an error.
type Verdict = (&'static str, ExitStatus, String);

impl CliError {
    /// The error in words.
    pub fn explain(&self) -> Explanation {
        let (code, status, hint) = self.verdict();
        Explanation {
            code,
            message: self.to_string(),
            hint,
            status,
        }
    }

    /// Whether the reader of the answer is gone: then there is nobody to tell.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    fn verdict(&self) -> Verdict {
        match self {
            Self::Client(error) => of_client(error),
            Self::Usage(_) => (
                "usage",
                ExitStatus::Usage,
                "See `ergon help COMMAND`.".into(),
            ),
            Self::NoKey => (
                "no-key",
                ExitStatus::Usage,
                "Give `--key NAME`, `--key FILE` or `--key //Alice`, or set ERGON_KEY. \
                 `ergon key new NAME` makes a key."
                    .into(),
            ),
            Self::UnknownKey { .. } => (
                "unknown-key",
                ExitStatus::Usage,
                "`ergon key list` shows the stored keys; `ergon key new NAME` makes one.".into(),
            ),
            Self::NotFound {
                what: "category", ..
            } => (
                "not-found",
                ExitStatus::NotFound,
                "`ergon chain categories` lists the categories.".into(),
            ),
            Self::NotFound {
                what: "published order",
                ..
            } => (
                "not-found",
                ExitStatus::NotFound,
                "Orders leave the chain when they expire, are used up or closed; `ergon order \
                 list` shows those that are there. What was published a moment ago may not be \
                 final yet."
                    .into(),
            ),
            Self::NotFound { .. } => (
                "not-found",
                ExitStatus::NotFound,
                "Check the identifier and that `--node` is a node of the right chain; what was \
                 made a moment ago may not be final yet."
                    .into(),
            ),
            Self::NoOffer { .. } => (
                "no-offer",
                ExitStatus::NotFound,
                "Change the request (`--trust`, `--category`, `--volume`, `--requirements`, \
                 `--max-app-price`, `--max-pool-price`, `--pool`), or ask the providers for other \
                 orders. `ergon order list` shows what is on offer, `ergon order why` what fails."
                    .into(),
            ),
            Self::NoMatch { .. } => (
                "no-match",
                ExitStatus::Refused,
                "Nothing was sent. `ergon order why` with the same orders tells what to do.".into(),
            ),
            Self::Refused(_) => (
                "refused",
                ExitStatus::Refused,
                "The fee was paid; nothing else has changed.".into(),
            ),
            Self::Useless { advice, .. } => ("refused", ExitStatus::Refused, advice.clone()),
            Self::NotEnoughMoney { .. } => (
                "not-enough-money",
                ExitStatus::NotEnoughMoney,
                "Give the account more money, or ask for fewer tasks. `ergon balance` shows what \
                 is on hold for what."
                    .into(),
            ),
            Self::Declined => (
                "declined",
                ExitStatus::Declined,
                "`--yes` agrees beforehand.".into(),
            ),
            Self::NobodyToAsk { .. } => (
                "declined",
                ExitStatus::Declined,
                "Add `--yes` to agree beforehand.".into(),
            ),
            Self::Interrupted { resume } => (
                "interrupted",
                ExitStatus::Declined,
                format!("Go on with `{resume}`."),
            ),
            Self::TimedOut { resume, .. } => (
                "timed-out",
                ExitStatus::TimedOut,
                format!("Go on with `{resume}`."),
            ),
            Self::NoResult { .. } => (
                "no-result",
                ExitStatus::TaskFailed,
                "`ergon task why DEAL INDEX` tells what became of the task.".into(),
            ),
            Self::NotGenuine(_) => (
                "verification-failed",
                ExitStatus::VerificationFailed,
                "Do not use it: ask its provider for the genuine one.".into(),
            ),
            Self::OrderFile { .. } => (
                "bad-order-file",
                ExitStatus::Usage,
                "docs/orders.md describes the form; `ergon order app`, `dataset`, `pool` and `request` \
                 write valid files."
                    .into(),
            ),
            Self::File { reason, .. } => (
                "file",
                of_file(reason),
                "Check the path and its permissions.".into(),
            ),
            Self::Input(_) => (
                "input",
                ExitStatus::Failure,
                "Try again at a terminal.".into(),
            ),
            Self::Output(_) => (
                "output",
                ExitStatus::Failure,
                "Write the answer somewhere else.".into(),
            ),
            Self::Silent(_) => (
                "incompatible",
                ExitStatus::Node,
                "Runtime and program may be of different releases: `ergon chain status`.".into(),
            ),
        }
    }
}

/// A file that cannot be what the command needs was named wrongly; anything else is a failure.
fn of_file(reason: &io::Error) -> ExitStatus {
    match reason.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::InvalidData => ExitStatus::Usage,
        _ => ExitStatus::Failure,
    }
}

fn of_client(error: &ClientError) -> Verdict {
    let (code, status, hint) = match error {
        ClientError::NodeUnreachable { .. } => (
            "node-unreachable",
            ExitStatus::Node,
            "Check `--node` or ERGON_NODE, and that the node is running.",
        ),
        ClientError::NotErgon { .. } => (
            "not-ergon",
            ExitStatus::Node,
            "Check `--node` or ERGON_NODE.",
        ),
        ClientError::Incompatible { .. } => (
            "incompatible",
            ExitStatus::Node,
            "Use programs of one release.",
        ),
        ClientError::OtherChain { .. } => (
            "other-chain",
            ExitStatus::Node,
            "Check `--node` or ERGON_NODE.",
        ),
        ClientError::NoSuchBlock { .. } => (
            "no-such-block",
            ExitStatus::NotFound,
            "Try again when the node has caught up.",
        ),
        ClientError::StatePruned { .. } => {
            ("state-pruned", ExitStatus::NotFound, "Ask an archive node.")
        }
        ClientError::Refused { .. } => (
            "node-refused",
            ExitStatus::Failure,
            "Look into the node's log, or ask another node.",
        ),
        ClientError::Undecodable { .. } | ClientError::Unencodable { .. } => (
            "incompatible",
            ExitStatus::Node,
            "Use programs of one release.",
        ),
        ClientError::TooLong(_) => (
            "too-long",
            ExitStatus::Usage,
            "Give a shorter text or list.",
        ),
        ClientError::Key(error) => return of_key(error),
        ClientError::Spec(_) => (
            "bad-request",
            ExitStatus::Usage,
            "Change `--arg` and `--input` accordingly.",
        ),
        ClientError::Bundle(_) => (
            "bad-result",
            ExitStatus::VerificationFailed,
            "The file that was served is not the one that the workers agreed upon; ask the pool's \
             operator.",
        ),
        ClientError::Fetch(error) => return of_fetch(error),
        ClientError::Transaction(error) => return of_transaction(error),
    };
    (code, status, hint.into())
}

fn of_key(error: &KeyError) -> Verdict {
    let (code, hint) = match error {
        KeyError::BadSecret { .. } => ("bad-secret", "Check the secret for typing errors."),
        KeyError::UnknownScheme(_) => ("unknown-scheme", "Leave `--scheme` out for sr25519."),
        KeyError::BadAddress { .. } => ("bad-address", "Copy the whole address."),
        KeyError::File { .. } => ("key-file", "`ergon key list` shows where the keys are."),
        KeyError::Exposed { .. } => (
            "key-exposed",
            "If others may have read it, make a new key and move the money there.",
        ),
        KeyError::BadFile { .. } => (
            "bad-key-file",
            "`ergon key import NAME` writes a valid file.",
        ),
    };
    (code, ExitStatus::Usage, hint.into())
}

fn of_fetch(error: &FetchError) -> Verdict {
    let (code, status, hint) = match error {
        FetchError::BadLocator { .. } => (
            "bad-locator",
            ExitStatus::TaskFailed,
            "Whoever gave the locator must mend it.",
        ),
        FetchError::NotFound { .. } => (
            "file-missing",
            ExitStatus::TaskFailed,
            "Its provider may have removed it.",
        ),
        FetchError::Refused { .. } => (
            "fetch-refused",
            ExitStatus::TaskFailed,
            "Ask whoever runs the server.",
        ),
        FetchError::Unreachable { .. } => (
            "fetch-unreachable",
            ExitStatus::TaskFailed,
            "Check the network and try again.",
        ),
        FetchError::TooLarge { .. } => (
            "too-large",
            ExitStatus::VerificationFailed,
            "It is not the file that was promised.",
        ),
        FetchError::WrongDigest { .. } => (
            "wrong-digest",
            ExitStatus::VerificationFailed,
            "Serve the very file whose digest is registered, or register the new file.",
        ),
        FetchError::File { reason, .. } => (
            "file",
            of_file(reason),
            "Check the path and its permissions.",
        ),
    };
    (code, status, hint.into())
}

fn of_transaction(error: &TransactionError) -> Verdict {
    let (code, status, hint) = match error {
        TransactionError::Refused { .. } => (
            "refused",
            ExitStatus::Refused,
            "The fee was paid; nothing else has changed.",
        ),
        TransactionError::Useless { .. } => (
            "refused",
            ExitStatus::Refused,
            "The call was not made and cost nothing.",
        ),
        TransactionError::NotEnoughMoney { .. } => (
            "not-enough-money",
            ExitStatus::NotEnoughMoney,
            "`ergon balance` shows the account.",
        ),
        TransactionError::Failed { .. } => (
            "refused",
            ExitStatus::Refused,
            "The fee was paid; nothing else has changed.",
        ),
        TransactionError::CannotPay { .. } => (
            "not-enough-money",
            ExitStatus::NotEnoughMoney,
            "`ergon balance` shows the account.",
        ),
        TransactionError::Invalid { .. } => (
            "invalid",
            ExitStatus::Refused,
            "The call was not made and cost nothing.",
        ),
        TransactionError::Busy { .. } => (
            "node-busy",
            ExitStatus::TimedOut,
            "The call was not made and cost nothing.",
        ),
        TransactionError::TimedOut { .. } => (
            "timed-out",
            ExitStatus::TimedOut,
            "Look at the chain before you send it again.",
        ),
        TransactionError::Client(error) => return of_client(error),
    };
    (code, status, hint.into())
}

/// Writes an error for a program.
pub fn write_json(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let document = serde_json::json!({ "error": explanation });
    writeln!(out, "{document:#}")
}

/// Writes an error for a person.
pub fn write_text(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "error: {}", explanation.message)?;
    writeln!(out, " hint: {}", explanation.hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(error: impl Into<CliError>) -> u8 {
        error.into().explain().status.code()
    }

    fn unreachable() -> ClientError {
        ClientError::NodeUnreachable {
            url: "ws://nowhere".into(),
            reason: "refused".into(),
        }
    }

    #[test]
    fn client_errors_have_their_exit_status() {
        assert_eq!(status(unreachable()), 3);
        let refused = TransactionError::Refused {
            call: "Registry.register_app".into(),
            pallet: "Registry".into(),
            error: "AlreadyRegistered".into(),
            documentation: "It is registered.".into(),
        };
        assert_eq!(status(refused), 4);
        let useless = TransactionError::Useless {
            call: "Poco.finalise".into(),
            pallet: "Poco".into(),
            error: "NotRevealing".into(),
            documentation: "The task awaits no reveals.".into(),
        };
        assert_eq!(status(useless), 4);
        assert_eq!(status(TransactionError::Client(unreachable())), 3);
        let poor = TransactionError::CannotPay {
            call: "a".into(),
            account: "b".into(),
        };
        assert_eq!(status(poor), 6);
        assert_eq!(status(KeyError::UnknownScheme("rsa".into())), 2);
        assert_eq!(
            status(FetchError::NotFound {
                locator: "/a".into()
            }),
            8
        );
        assert_eq!(status(BundleError::TooManyFiles(1)), 9);
    }

    #[test]
    fn own_errors_have_their_exit_status() {
        assert_eq!(status(CliError::NoKey), 2);
        assert_eq!(
            status(CliError::NotFound {
                what: "app",
                id: "x".into()
            }),
            5
        );
        assert_eq!(status(CliError::NoOffer { reasons: vec![] }), 5);
        assert_eq!(status(CliError::Declined), 7);
        assert_eq!(status(CliError::Interrupted { resume: "x".into() }), 7);
        assert_eq!(
            status(CliError::NoResult {
                index: 0,
                reason: "x".into()
            }),
            8
        );
        assert_eq!(status(CliError::NotGenuine("x".into())), 9);
        let late = CliError::TimedOut {
            what: "x".into(),
            seconds: 1,
            resume: "y".into(),
        };
        assert_eq!(status(late), 10);
    }

    #[test]
    fn a_file_that_is_not_there_is_a_wrong_command() {
        let error = |kind: io::ErrorKind| CliError::File {
            action: "read",
            path: "a".into(),
            reason: kind.into(),
        };
        assert_eq!(status(error(io::ErrorKind::NotFound)), 2);
        assert_eq!(status(error(io::ErrorKind::StorageFull)), 1);
    }

    #[test]
    fn orders_that_do_not_match_were_not_sent() {
        let error = CliError::NoMatch {
            reasons: vec!["one".into()],
        };
        assert_eq!(error.to_string(), "the orders do not match\n  - one");
        let explained = error.explain();
        assert_eq!((explained.code, explained.status.code()), ("no-match", 4));
        assert!(explained.hint.contains("order why"), "{}", explained.hint);
    }

    #[test]
    fn reasons_are_listed() {
        let error = CliError::NoOffer {
            reasons: vec!["one".into(), "two".into()],
        };
        assert_eq!(error.to_string(), "no offer fits\n  - one\n  - two");
    }

    #[test]
    fn errors_are_json_with_code_message_and_hint() {
        let mut out = Vec::new();
        write_json(&CliError::Declined.explain(), &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["error"]["code"], "declined");
        assert!(
            json["error"]["message"]
                .as_str()
                .unwrap()
                .contains("declined")
        );
        assert!(json["error"]["hint"].as_str().unwrap().contains("--yes"));
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_failures() {
        assert!(CliError::Output(io::ErrorKind::BrokenPipe.into()).is_closed_pipe());
        assert!(!CliError::Output(io::ErrorKind::StorageFull.into()).is_closed_pipe());
        assert!(!CliError::Declined.is_closed_pipe());
    }
}
