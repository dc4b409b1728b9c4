//! What a row measures: who settles tasks how, in deals of which size.

use clap::ValueEnum;
use std::fmt;

/// Who votes on a task, and how it settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheme {
    /// One worker, whose result the pool's authoriser has seen and signed: settles in one call.
    ContributeAndFinalise,
    /// One worker contributes and reveals, trust 1.
    One,
    /// Three workers contribute and reveal, trust 5: all three are needed.
    Three,
    /// Five workers, the first of which is wrong, trust 4: the other four are needed.
    FiveOneWrong,
}

impl Scheme {
    /// How many workers vote on each task.
    pub fn workers(self) -> u32 {
        match self {
            Self::ContributeAndFinalise | Self::One => 1,
            Self::Three => 3,
            Self::FiveOneWrong => 5,
        }
    }

    /// The trust at which workers without a score settle the task with their last vote (protocol,
    /// section 4: three agreeing votes weigh 8 of 9, and 8·5 > 9·4; four against one 16 of 19, and
    /// 16·4 > 19·3, but 8·4 > 11·3 is false).
    pub fn trust(self) -> u32 {
        match self {
            Self::ContributeAndFinalise | Self::One => 1,
            Self::Three => 5,
            Self::FiveOneWrong => 4,
        }
    }

    /// Whether the worker of this number votes for a wrong result. It votes first, so that it
    /// counts.
    pub fn is_wrong(self, worker: usize) -> bool {
        self == Self::FiveOneWrong && worker == 0
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ContributeAndFinalise => "contribute and finalise",
            Self::One => "one worker",
            Self::Three => "three workers",
            Self::FiveOneWrong => "five workers, one wrong",
        })
    }
}

/// How workers call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Calls {
    /// A call per worker, task and step.
    Single,
    /// A call per worker, step and as many tasks of a deal as a batch takes.
    Batch,
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single => "single",
            Self::Batch => "batches",
        })
    }
}

/// What a row measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Who votes and how.
    pub scheme: Scheme,
    /// How workers call.
    pub calls: Calls,
    /// Tasks per deal, at least 1.
    pub bag: u32,
    /// Number of deals, at least 1.
    pub deals: u32,
    /// Most tasks in one call of a batch, at least 1.
    pub batch: u32,
}

impl Setting {
    /// Tasks of all deals.
    pub fn tasks(&self) -> u32 {
        self.bag.saturating_mul(self.deals)
    }

    /// Most tasks of a call.
    pub fn tasks_per_call(&self) -> u32 {
        match self.calls {
            Calls::Single => 1,
            Calls::Batch => self.batch,
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, calls, bag, deals) = (self.scheme, self.calls, self.bag, self.deals);
        write!(
            f,
            "{deals} deal(s) of {bag} task(s), {scheme}, {calls} calls"
        )
    }
}
