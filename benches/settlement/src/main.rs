//! `cargo run --release -p settlement-bench`: how many tasks a full node settles per second, what of
//! them stays in the state, and where the time goes. See `docs/performance.md`.

mod actors;
mod args;
mod chain;
mod clock;
mod machine;
mod measure;
mod profile;
mod references;
mod setting;
mod setup;
mod state;
mod table;
mod work;

use actors::Actors;
use anyhow::Result;
use args::Args;
use chain::Blueprint;
use clap::Parser;
use measure::Row;
use profile::Profile;
use setting::Setting;
use std::process::ExitCode;

/// Most workers of a scheme.
const MOST_WORKERS: u32 = 5;

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    if cfg!(debug_assertions) {
        eprintln!("Built without --release: the figures mean nothing.");
    }
    eprintln!("Building the genesis and compiling the runtime …");
    let blueprint = Blueprint::new(&Actors::new(MOST_WORKERS)?.accounts())?;
    machine::print();
    let report = measure_all(&blueprint, &args);
    report.print();
    Ok(if report.failures == 0 {
        ExitCode::SUCCESS
    } else {
        eprintln!("{} rows are missing: see above.", report.failures);
        ExitCode::FAILURE
    })
}

/// What was measured.
#[derive(Default)]
struct Report {
    rows: Vec<Row>,
    profiles: Vec<Profile>,
    failures: usize,
}

impl Report {
    fn print(&self) {
        if self.rows.is_empty() {
            return;
        }
        table::print_speed(&self.rows);
        table::print_comparison(&self.rows);
        table::print_state(&self.rows);
        self.profiles.iter().for_each(table::print_profile);
    }
}

/// Every setting, one after the other. One that fails leaves no row and does not stop the others.
fn measure_all(blueprint: &Blueprint, args: &Args) -> Report {
    let settings = args.settings();
    let mut report = Report::default();
    for (number, setting) in settings.iter().enumerate() {
        eprintln!("[{}/{}] {setting} …", number + 1, settings.len());
        match measure_one(blueprint, args, *setting) {
            Ok((row, profile)) => {
                report.rows.push(row);
                report.profiles.extend(profile);
            }
            Err(error) => {
                eprintln!("    no row: {error:#}");
                report.failures += 1;
            }
        }
    }
    report
}

fn measure_one(
    blueprint: &Blueprint,
    args: &Args,
    setting: Setting,
) -> Result<(Row, Option<Profile>)> {
    let with_state = args.calls_with_state() == Some(setting.calls);
    let (row, recording) = measure::measure(blueprint, setting, with_state)?;
    let rate = f64::from(setting.tasks()) / row.import.cpu.as_secs_f64();
    eprintln!("    {rate:.0} tasks imported per CPU-second");
    if args.profiled_bag() != Some(setting.bag) {
        return Ok((row, None));
    }
    eprintln!("    importing again for the profile …");
    let profile = profile::profile(blueprint, &row, &recording)?;
    Ok((row, Some(profile)))
}
