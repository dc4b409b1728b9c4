//! Execution: a verified module and its verified inputs go in; how it ended, its outputs and its
//! trace come out.
//!
//! # What an app sees
//!
//! A module for WASI preview 1 that exports `_start` and its `memory`. Its arguments are the job's,
//! its environment is empty, `/input` holds the inputs and cannot be changed, `/output` is empty
//! and takes the results; both live in memory only. Time does not exist: clocks answer "not
//! supported" and sleeps pass at once. `random_get` gives a fixed stream. There is no network.
//!
//! # Why workers agree
//!
//! Everything an app can observe is a function of the module, the arguments, the inputs and the
//! [`Limits`]: instructions cost fuel, NaNs have one form, memory grows up to a given size, files
//! are listed in the order of their creation, and the work of the host is paid with fuel too. What
//! does depend on the machine never becomes a vote: it is an [`ExecutorError`].
//!
//! # Why the worker is safe
//!
//! The app runs in a child process ([`child`], [`sandbox`]) with limits of its own, an empty
//! environment and no file system but the one in its memory. The parent stops it after
//! [`Limits::wall_clock`], checks each output byte itself, and nothing is left behind
//! whichever way the job ends: dropping the future ends the child, and a child whose worker dies
//! ends itself.

use ergon_primitives::{FaultKind, Outcome, domain_hash, output_root};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sp_core::{Blake2Hasher, H256, Hasher};
use std::{io, path::PathBuf, time::Duration};

mod cache;
pub mod child;
mod confine;
mod engine;
mod outputs;
pub mod sandbox;
mod wasi;
pub mod wire;

pub use child::WasmExecutor;
pub use engine::ENGINE;

/// The hidden first argument that makes the worker's program a child which executes one job.
pub const CHILD_ARGUMENT: &str = "__execute";

/// Runs jobs.
pub trait Executor: Send + Sync {
    /// Runs one job to its end. Dropping the future ends the job and removes what it left.
    fn execute<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<Execution, ExecutorError>>;
}

/// One run of one module.
#[derive(Clone, Debug)]
pub struct Job {
    /// The module: a WebAssembly binary whose digest has been checked.
    pub module: PathBuf,
    /// Its arguments; the first is by custom the program's name.
    pub args: Vec<String>,
    /// Names below `/input`, with `/` between their parts, and the verified files behind them.
    pub inputs: Vec<(String, PathBuf)>,
    /// What it may use.
    pub limits: Limits,
    /// Folder that holds the outputs after a success; replaced if it exists, otherwise untouched.
    pub output_dir: PathBuf,
}

/// What a job may use. All but `wall_clock` and `stack_bytes` change what an app observes, so
/// workers on the same deal must use the same values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Fuel: about one unit for each instruction, and one for each 8 bytes the host copies.
    pub fuel: u64,
    /// Time from start to end, compilation included. A job that takes longer is stopped without a
    /// vote.
    pub wall_clock: Duration,
    /// Largest linear memory, in bytes, at most 4 GiB; growing beyond answers -1.
    pub memory_bytes: u64,
    /// Largest sum of all files in `/output` at any moment, in bytes.
    pub output_bytes: u64,
    /// Bytes of stdout and stderr that are kept, half for each; the earlier ones are discarded.
    pub log_bytes: u64,
    /// Stack for the module's calls, in bytes. An overflow is no vote, as frames differ by machine.
    pub stack_bytes: u64,
    /// Most files and folders in `/output` at any moment.
    pub files: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 200_000_000_000, // two to four minutes of one core
            wall_clock: Duration::from_secs(600),
            memory_bytes: 512 << 20,
            output_bytes: 64 << 20,
            log_bytes: 64 << 10,
            stack_bytes: 2 << 20,
            files: 1_024,
        }
    }
}

/// What came of a job.
#[derive(Clone, Debug)]
pub struct Execution {
    /// How it ended.
    pub ending: Ending,
    /// What it computed on the way.
    pub trace: Trace,
    /// The last bytes it wrote to stdout.
    pub stdout_tail: Vec<u8>,
    /// The last bytes it wrote to stderr.
    pub stderr_tail: Vec<u8>,
    /// Time from start to end, as measured by the worker.
    pub wall: Duration,
}

/// How a job ended, as every honest worker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// The app returned or exited with 0.
    Success {
        /// Its files in `/output`, sorted by path.
        outputs: Vec<OutputFile>,
    },
    /// The app exited with this code, not 0.
    Exit(i32),
    /// The app trapped; the kind of the trap.
    Trap(String),
    /// The app used up its fuel.
    FuelExhausted,
    /// The app wrote more bytes or files to `/output` than allowed.
    OutputLimit,
    /// The module does not compile, imports what does not exist, or asks for more than allowed;
    /// why.
    InvalidModule(String),
}

impl Ending {
    /// The outcome that is voted on.
    pub fn outcome(&self) -> Outcome {
        match self {
            Ending::Success { outputs } => Outcome::Success(output_root(
                outputs.iter().cloned().map(Into::into).collect(),
            )),
            Ending::Exit(code) => Outcome::AppFault(FaultKind::Exit(*code)),
            Ending::Trap(_) => Outcome::AppFault(FaultKind::Trap),
            Ending::FuelExhausted => Outcome::AppFault(FaultKind::FuelExhausted),
            Ending::OutputLimit => Outcome::AppFault(FaultKind::OutputLimit),
            Ending::InvalidModule(_) => Outcome::AppFault(FaultKind::InvalidModule),
        }
    }
}

/// A file that the app left in `/output`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OutputFile {
    /// Path below `/output`, with `/` between its parts.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// blake2-256 of the content.
    pub digest: [u8; 32],
}

impl From<OutputFile> for ergon_primitives::OutputFile {
    fn from(file: OutputFile) -> Self {
        Self {
            path: file.path,
            size: file.size,
            digest: H256(file.digest),
        }
    }
}

/// What an app computed on the way to its end. Both parts are there when it returned, exited,
/// reached `unreachable` or used up its fuel (the memory only if it is exported as `memory` and the
/// module's start function had returned), and empty otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Fuel used.
    pub fuel_used: Option<u64>,
    /// blake2-256 of the whole final linear memory.
    pub memory_hash: Option<[u8; 32]>,
}

impl Trace {
    /// `H("ergon/trace", fuel used, memory hash)`: the trace's part in a vote.
    pub fn hash(&self) -> [u8; 32] {
        domain_hash("ergon/trace", &(self.fuel_used, self.memory_hash)).0
    }
}

/// Why a job gave nothing to vote on: the cause lies in this machine, not in the app.
#[derive(Debug, thiserror::Error)]
pub enum ExecutorError {
    /// The calls of the app were deeper than the stack.
    #[error(
        "the app used up its call stack; how deep calls may go differs between machines, so this is \
         no vote; raise `stack_bytes` if the app is meant to recurse"
    )]
    StackOverflow,
    /// This machine had no memory for what the app is allowed to use.
    #[error(
        "this machine refused memory that the app is allowed to use; free memory or run fewer tasks \
         at a time"
    )]
    MemoryRefused,
    /// The job took too long.
    #[error(
        "the job was stopped after {0:?} of wall-clock time; this machine is too slow or too busy \
         for the category"
    )]
    WallClock(Duration),
    /// An input cannot be shown to the app.
    #[error("the input {0:?} cannot be placed below /input: {1}")]
    Input(String, &'static str),
    /// A file of the worker could not be read or written.
    #[error("cannot run the job: {0}; check the worker's folders, disk space and permissions")]
    Io(#[from] io::Error),
    /// The child process ended without a report, or with a false one.
    #[error("the process that ran the job failed: {0}; the task is left to other workers")]
    ChildDied(String),
}

/// blake2-256.
fn digest(bytes: &[u8]) -> [u8; 32] {
    Blake2Hasher::hash(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    #[test]
    fn trace_hash_is_a_domain_hash_of_both_parts() {
        let trace = Trace {
            fuel_used: Some(7),
            memory_hash: Some([1; 32]),
        };
        let mut bytes = b"ergon/trace".to_vec();
        Some(7u64).encode_to(&mut bytes);
        Some([1u8; 32]).encode_to(&mut bytes);
        assert_eq!(trace.hash(), digest(&bytes));
        assert_ne!(trace.hash(), Trace::default().hash());
    }

    #[test]
    fn each_ending_has_its_outcome() {
        let file = OutputFile {
            path: "a".into(),
            size: 1,
            digest: [2; 32],
        };
        let root = output_root(vec![file.clone().into()]);
        let faults = [
            (
                Ending::Success {
                    outputs: vec![file],
                },
                Outcome::Success(root),
            ),
            (Ending::Exit(3), Outcome::AppFault(FaultKind::Exit(3))),
            (
                Ending::Trap("unreachable".into()),
                Outcome::AppFault(FaultKind::Trap),
            ),
            (
                Ending::FuelExhausted,
                Outcome::AppFault(FaultKind::FuelExhausted),
            ),
            (
                Ending::OutputLimit,
                Outcome::AppFault(FaultKind::OutputLimit),
            ),
            (
                Ending::InvalidModule("no start".into()),
                Outcome::AppFault(FaultKind::InvalidModule),
            ),
        ];
        for (ending, outcome) in faults {
            assert_eq!(ending.outcome(), outcome);
        }
    }
}
