//! The figures as tables and as JSON.

use crate::{
    latency::{self, Sample},
    machine::Machine,
    references,
    statistics::{Summary, milliseconds},
    throughput::{self, Figures},
};
use ergon_client::primitives::{Balance, ERG};
use serde_json::{Value, json};
use std::time::Duration;

/// The median that a no-op on a development chain should not exceed, in milliseconds.
const LATENCY_TARGET: u32 = 250;

/// Steps of a task: what each is called and how long it took.
const STEPS: [(&str, fn(&Sample) -> Duration); 5] = [
    ("request sent → deal", |sample| sample.matched),
    ("deal → first contribution", |sample| {
        sample.contributed.saturating_sub(sample.matched)
    }),
    ("first contribution → consensus", |sample| {
        sample.agreed.saturating_sub(sample.contributed)
    }),
    ("consensus → settled", |sample| {
        sample.settled.saturating_sub(sample.agreed)
    }),
    ("request sent → settled", |sample| sample.settled),
];

/// All that was measured.
pub struct Report {
    /// On what.
    pub machine: Machine,
    /// One sample per deal.
    pub latency: Vec<Sample>,
    /// One entry per setting.
    pub throughput: Vec<Figures>,
}

impl Report {
    /// Prints the tables.
    pub fn print(&self) {
        self.machine.print();
        self.print_latency();
        self.print_throughput();
        self.print_fees();
        references::print(&self.throughput);
    }

    fn print_latency(&self) {
        println!(
            "\nLatency of a no-op: {} workers, trust {}, {} deals of one task each, one after the",
            latency::WORKERS,
            latency::TRUST,
            self.latency.len()
        );
        println!(
            "other after {} warm-ups; as seen in finalised blocks",
            latency::WARM_UPS
        );
        println!("  {:<32} {:>12} {:>12}", "step", "median ms", "p95 ms");
        for (step, summary) in self.steps() {
            let (median, p95) = (milliseconds(summary.median), milliseconds(summary.p95));
            println!("  {step:<32} {median:>12.1} {p95:>12.1}");
        }
        println!("  The aim for the last line is a median of at most {LATENCY_TARGET} ms.");
        println!("  Medians of steps need not add up to the median of the whole.");
    }

    fn steps(&self) -> impl Iterator<Item = (&'static str, Summary)> + '_ {
        STEPS.iter().filter_map(move |(step, duration)| {
            Some((*step, Summary::of(self.latency.iter().map(duration))?))
        })
    }

    fn print_throughput(&self) {
        println!(
            "\nThroughput: a bag of {} tasks, at most {} calls on their way per key",
            throughput::TASKS,
            throughput::IN_FLIGHT
        );
        println!(
            "  {:>6} {:>5} {:>10} {:>7} {:>8} {:>8} {:>10} {:>10} {:>12} {:>16}",
            "voters",
            "trust",
            "tasks/call",
            "settled",
            "wall s",
            "tasks/s",
            "CPU s",
            "idle CPU",
            "net CPU s",
            "tasks per CPU-s"
        );
        for figures in &self.throughput {
            println!(
                "  {:>6} {:>5} {:>10} {:>7} {:>8.2} {:>8.1} {:>10.2} {:>8.2} % {:>12.2} {:>16.1}",
                figures.setting.voters,
                figures.setting.trust,
                figures.setting.batch,
                figures.settled,
                figures.wall.as_secs_f64(),
                figures.per_second(),
                figures.cpu.as_secs_f64(),
                figures.idle * 100.0,
                figures.net_cpu(),
                figures.per_cpu_second()
            );
        }
        println!(
            "  CPU: user and system time of the node process. Idle CPU: what it uses while nobody"
        );
        println!("  asks anything, in percent of one core; net CPU is without it.");
    }

    fn print_fees(&self) {
        println!("\nFees per task in ERG; votes and reveals are free while something is prepaid");
        println!(
            "  {:>6} {:>10} {:>14} {:>14} {:>14} {:>14} {:>14}",
            "voters", "tasks/call", "match", "prepaid used", "contributions", "reveals", "sum"
        );
        for figures in &self.throughput {
            let per_task = |fees: Balance| erg(fees) / f64::from(figures.settled);
            println!(
                "  {:>6} {:>10} {:>14.9} {:>14.9} {:>14.9} {:>14.9} {:>14.9}",
                figures.setting.voters,
                figures.setting.batch,
                per_task(figures.match_fee),
                per_task(figures.prepaid),
                per_task(figures.contribution_fees),
                per_task(figures.reveal_fees),
                erg(figures.fees_per_task())
            );
        }
    }

    /// The same for programs. Durations end in their unit, fees are in the smallest unit of money.
    pub fn to_json(&self) -> Value {
        json!({
            "machine": self.machine.to_json(),
            "latency": self.latency_json(),
            "throughput": self.throughput.iter().map(figures_json).collect::<Vec<_>>(),
            "references": references::to_json(),
        })
    }

    fn latency_json(&self) -> Value {
        let steps: Vec<Value> = self
            .steps()
            .map(|(step, summary)| {
                json!({
                    "step": step,
                    "median_ms": milliseconds(summary.median),
                    "p95_ms": milliseconds(summary.p95),
                })
            })
            .collect();
        let samples: Vec<Value> = self.latency.iter().map(sample_json).collect();
        json!({
            "workers": latency::WORKERS,
            "trust": latency::TRUST,
            "warm_ups": latency::WARM_UPS,
            "steps": steps,
            "samples": samples,
        })
    }
}

fn sample_json(sample: &Sample) -> Value {
    json!({
        "matched_ms": milliseconds(sample.matched),
        "contributed_ms": milliseconds(sample.contributed),
        "agreed_ms": milliseconds(sample.agreed),
        "settled_ms": milliseconds(sample.settled),
    })
}

fn figures_json(figures: &Figures) -> Value {
    json!({
        "voters": figures.setting.voters,
        "trust": figures.setting.trust,
        "tasks_per_call": figures.setting.batch,
        "in_flight_per_key": throughput::IN_FLIGHT,
        "settled": figures.settled,
        "wall_s": figures.wall.as_secs_f64(),
        "cpu_s": figures.cpu.as_secs_f64(),
        "idle_cpu_s_per_s": figures.idle,
        "net_cpu_s": figures.net_cpu(),
        "tasks_per_s": figures.per_second(),
        "tasks_per_cpu_s": figures.per_cpu_second(),
        "match_fee": figures.match_fee.to_string(),
        "contribution_fees": figures.contribution_fees.to_string(),
        "reveal_fees": figures.reveal_fees.to_string(),
        "prepaid_used": figures.prepaid.to_string(),
        "fees_per_task": figures.fees_per_task().to_string(),
    })
}

/// An amount in ERG, for showing.
fn erg(amount: Balance) -> f64 {
    amount as f64 / ERG as f64
}
