//! A worker that misbehaves, for tests. It takes the options of `ergon-worker run` and differs from a
//! real one in nothing but what `--mode` says.

use clap::{Parser, ValueEnum};
use ergon_client::primitives::{Outcome, Task};
use ergon_worker::{
    behaviour::Behaviour,
    cli::{self, Options},
    task::{Ballot, Computed},
};
use sp_core::H256;
use std::process::ExitCode;

/// Misbehaves towards the other workers
#[derive(Parser)]
#[command(name = "dishonest-worker")]
enum Cli {
    /// Work until stopped
    Run {
        /// How to misbehave
        #[arg(long)]
        mode: Mode,
        #[command(flatten)]
        options: Options,
    },
}

/// How to misbehave.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    /// Vote for an output that was not computed
    Lie,
    /// Vote for the truth and never reveal it
    Silent,
    /// Copy the vote of another worker
    Copy,
}

impl Behaviour for Mode {
    fn outcome(&self, honest: Computed) -> Computed {
        match self {
            // The same lie from every liar, so that several of them agree.
            Self::Lie => Computed {
                outcome: Outcome::Success(H256::repeat_byte(0xbd)),
                ..honest
            },
            Self::Silent | Self::Copy => honest,
        }
    }

    fn vote(&self, honest: Ballot, task: &Task) -> Option<Ballot> {
        match self {
            Self::Lie | Self::Silent => Some(honest),
            // The seal comes along, but it belongs to the other worker.
            Self::Copy => task.votes.first().map(|vote| Ballot {
                commitment: vote.commitment,
                seal: vote.seal,
            }),
        }
    }

    fn reveals(&self) -> bool {
        !matches!(self, Self::Silent)
    }
}

fn main() -> ExitCode {
    ergon_worker::serve_as_child().unwrap_or_else(|| {
        let Cli::Run { mode, options } = Cli::parse();
        cli::exit("dishonest-worker", cli::run(options, mode))
    })
}
