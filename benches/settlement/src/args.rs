//! The command line.

use crate::setting::{Calls, Scheme, Setting};
use clap::{Parser, ValueEnum, value_parser};
use ergon_primitives::MAX_BATCH;

/// Tasks of a row with one deal per task: each deal has to be matched before.
const TASKS_OF_SINGLE_DEALS: u32 = 1_000;
/// Tasks of a row with single calls, at least.
const TASKS_OF_SINGLE_CALLS: u32 = 2_000;
/// Tasks of a row with batches, at least.
const TASKS_OF_BATCHES: u32 = 10_000;
/// Most tasks of one deal here: more than that the bonds of the workers do not back.
const LARGEST_BAG: i64 = 100_000;

/// Measures how fast tasks are settled: makes blocks of votes and reveals, then imports them as any
/// full node does — real WebAssembly runtime, every signature checked, state written to ParityDB.
///
/// Prints tables in Markdown to standard output and its progress to standard error. A row is printed
/// only if every task of it is settled with the right result. Signing, registering, bonding and
/// matching are not measured. All measurements together take some minutes; stop other work on the
/// machine first.
#[derive(Debug, Parser)]
#[command(name = "settlement-bench", version)]
pub struct Args {
    /// A few hundred tasks per row: shows whether everything works, the figures mean little.
    #[arg(long)]
    pub quick: bool,
    /// Tasks per deal; may be given several times (default: 1, 200 and 10000; with --quick 1, 200
    /// and 1000).
    #[arg(long = "bag", value_name = "N", value_parser = value_parser!(u32).range(1..=LARGEST_BAG))]
    pub bags: Vec<u32>,
    /// How tasks are settled; may be given several times (default: all).
    #[arg(long = "scheme", value_name = "SCHEME", value_enum)]
    pub schemes: Vec<Scheme>,
    /// How workers call; may be given several times (default: both).
    #[arg(long = "calls", value_name = "CALLS", value_enum)]
    pub calls: Vec<Calls>,
    /// Most tasks in one call of a batch.
    #[arg(long, value_name = "N", default_value_t = MAX_BATCH,
        value_parser = value_parser!(u32).range(1..=i64::from(MAX_BATCH)))]
    pub batch: u32,
    /// Tasks per row at least, in as many deals as it takes (default: 1000 with a deal per task,
    /// 2000 with single calls, 10000 with batches; with --quick 200).
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=LARGEST_BAG))]
    pub tasks: Option<u32>,
    /// Leave out the table of state: it waits for 1800 blocks per row until deals are forgotten.
    #[arg(long)]
    pub no_state: bool,
    /// Leave out the profile: it imports blocks twice more.
    #[arg(long)]
    pub no_profile: bool,
}

impl Args {
    /// What shall be measured, in the order of the table.
    pub fn settings(&self) -> Vec<Setting> {
        let (bags, schemes, calls) = (self.bags(), all(&self.schemes), self.calls());
        let mut settings = Vec::new();
        for bag in bags {
            for scheme in &schemes {
                settings.extend(calls.iter().map(|calls| self.setting(bag, *scheme, *calls)));
            }
        }
        settings
    }

    /// Tasks per deal of the rows that are looked into more closely.
    pub fn profiled_bag(&self) -> Option<u32> {
        let bags = self.bags();
        let usual = bags.iter().find(|bag| **bag == 200).or(bags.first());
        usual.copied().filter(|_| !self.no_profile)
    }

    /// The kind of calls whose rows tell about the state, which is the same for both kinds.
    pub fn calls_with_state(&self) -> Option<Calls> {
        self.calls().last().copied().filter(|_| !self.no_state)
    }

    fn bags(&self) -> Vec<u32> {
        match (self.bags.is_empty(), self.quick) {
            (true, false) => vec![1, 200, 10_000],
            (true, true) => vec![1, 200, 1_000],
            (false, _) => self.bags.clone(),
        }
    }

    fn calls(&self) -> Vec<Calls> {
        all(&self.calls)
    }

    fn setting(&self, bag: u32, scheme: Scheme, calls: Calls) -> Setting {
        let usual = match (bag, calls) {
            _ if self.quick => 200,
            (1, _) => TASKS_OF_SINGLE_DEALS,
            (_, Calls::Single) => TASKS_OF_SINGLE_CALLS,
            (_, Calls::Batch) => TASKS_OF_BATCHES,
        };
        Setting {
            scheme,
            calls,
            bag,
            deals: self.tasks.unwrap_or(usual).div_ceil(bag),
            batch: self.batch,
        }
    }
}

/// What was asked for, or everything.
fn all<T: ValueEnum>(asked: &[T]) -> Vec<T> {
    if asked.is_empty() {
        T::value_variants().to_vec()
    } else {
        asked.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn settings(words: &[&str]) -> Vec<Setting> {
        let words = ["settlement-bench"].iter().chain(words);
        Args::try_parse_from(words).expect("valid words").settings()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn everything_is_measured_unless_told() {
        let all = settings(&[]);
        assert_eq!(all.len(), 3 * 4 * 2);
        assert!(all.iter().all(|setting| setting.tasks() >= 1_000));
        assert!(all.iter().any(|it| it.bag == 10_000 && it.deals == 1));
    }

    #[test]
    fn what_is_asked_for_is_measured() {
        let words = [
            "--bag", "50", "--scheme", "three", "--calls", "batch", "--tasks", "120",
        ];
        let all = settings(&words);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].bag, all[0].deals, all[0].tasks()), (50, 3, 150));
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for words in [["--bag", "0"], ["--batch", "513"], ["--tasks", "0"]] {
            let words = ["settlement-bench"].iter().chain(&words);
            assert!(Args::try_parse_from(words).is_err());
        }
    }
}
