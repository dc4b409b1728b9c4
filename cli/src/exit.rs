//! What the program's exit status says.

use std::process::ExitCode;

/// The exit status. The numbers are a promise to scripts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum ExitStatus {
    /// Everything was done.
    Success = 0,
    /// Something failed that no other status describes.
    Failure = 1,
    /// The command or a file that it names is not valid.
    Usage = 2,
    /// The node is not reachable, or its chain or runtime is not the right one.
    Node = 3,
    /// The chain refused a transaction.
    Refused = 4,
    /// What the command names does not exist.
    NotFound = 5,
    /// An account has too little money.
    NotEnoughMoney = 6,
    /// The user declined or interrupted.
    Declined = 7,
    /// A task failed, or its result cannot be had.
    TaskFailed = 8,
    /// A result, an order or a signature is not what it should be.
    VerificationFailed = 9,
    /// It took too long.
    TimedOut = 10,
}

impl ExitStatus {
    /// Every status in the order of its number.
    pub const ALL: [Self; 11] = [
        Self::Success,
        Self::Failure,
        Self::Usage,
        Self::Node,
        Self::Refused,
        Self::NotFound,
        Self::NotEnoughMoney,
        Self::Declined,
        Self::TaskFailed,
        Self::VerificationFailed,
        Self::TimedOut,
    ];

    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// The table of the exit statuses for `--help`.
pub const EXIT_HELP: &str = "\
Exit status:
   0  everything was done
   1  unexpected failure
   2  the command or a file it names is not valid
   3  the node is not reachable, or not a node of this chain
   4  the chain refused the transaction
   5  what was named does not exist
   6  too little money
   7  declined or interrupted by the user
   8  a task failed, or its result cannot be had
   9  verification failed
  10  timed out";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_order_and_in_the_help() {
        for (number, status) in (0..).zip(ExitStatus::ALL) {
            assert_eq!(status.code(), number);
            assert!(
                EXIT_HELP.contains(&format!("\n  {number:>2}  ")),
                "{status:?}"
            );
        }
    }
}
