//! Figures of the reference: the contracts of iExec PoCo 6.2 in a bag of 200 tasks, signatures
//! checked, on the development node anvil 1.7.

use crate::throughput::Figures;
use serde_json::{Value, json};

/// A figure of the reference.
struct Reference {
    /// How tasks are settled.
    what: &'static str,
    /// How many voters the comparable measurement here has, if there is one.
    voters: Option<usize>,
    /// Tasks settled per CPU-second.
    per_cpu_second: u32,
}

/// What the reference was measured with, once, on a machine of two cores.
const REFERENCES: [Reference; 4] = [
    Reference {
        what: "one worker",
        voters: None,
        per_cpu_second: 820,
    },
    Reference {
        what: "three workers",
        voters: Some(3),
        per_cpu_second: 385,
    },
    Reference {
        what: "contribute and finalise at once",
        voters: None,
        per_cpu_second: 1_449,
    },
    Reference {
        what: "fast path without consensus",
        voters: None,
        per_cpu_second: 2_683,
    },
];

impl Reference {
    /// What was measured here in the same way.
    fn comparable(&self, measured: &[Figures]) -> Option<f64> {
        let voters = self.voters?;
        let figures = measured
            .iter()
            .find(|figures| figures.setting.voters == voters && figures.setting.batch == 1)?;
        Some(figures.per_cpu_second())
    }

    fn print(&self, measured: &[Figures]) {
        let (here, ratio) = match self.comparable(measured) {
            Some(here) => {
                let ratio = here / f64::from(self.per_cpu_second);
                (format!("{here:.1}"), format!("{ratio:.3}"))
            }
            None => ("-".into(), "-".into()),
        };
        println!(
            "  {:<32} {:>10} {here:>10} {ratio:>8}",
            self.what, self.per_cpu_second
        );
    }
}

/// Prints the reference's figures beside those from here.
pub fn print(measured: &[Figures]) {
    println!("\nTasks settled per CPU-second beside the reference, in a bag of 200, single calls");
    println!(
        "  {:<32} {:>10} {:>10} {:>8}",
        "", "reference", "here", "ratio"
    );
    for reference in &REFERENCES {
        reference.print(measured);
    }
    println!(
        "  Reference: iExec PoCo 6.2 on anvil 1.7, measured once on another occasion on a machine"
    );
    println!(
        "  of two cores. It is settlement alone in its EVM node, with all state in memory. Ours"
    );
    println!(
        "  includes what a development node does meanwhile: block production, pool validation,"
    );
    println!("  RPC (every transaction is watched and its receipt read) and database.");
    println!("  -: not measured here; an open pool has no result with fewer than two workers.");
}

/// The reference's figures for programs.
pub fn to_json() -> Value {
    let figures = REFERENCES.iter().map(
        |reference| json!({ "what": reference.what, "tasks_per_cpu_s": reference.per_cpu_second }),
    );
    figures.collect()
}
