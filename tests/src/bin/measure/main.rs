//! `scripts/measure`: how long a task takes and what it costs, on this machine. See
//! `docs/performance.md`.

mod latency;
mod machine;
mod orders;
mod parties;
mod references;
mod report;
mod statistics;
mod throughput;

use anyhow::{Context, Result, bail};
use machine::Machine;
use report::Report;
use std::{env, fs, path::PathBuf};

const USAGE: &str = "usage: measure [--json FILE]";

#[tokio::main]
async fn main() -> Result<()> {
    let json = json_file(env::args().skip(1))?;
    let report = measure().await?;
    report.print();
    if let Some(path) = json {
        let text = format!("{:#}\n", report.to_json());
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// The file that the figures shall also go to.
fn json_file(mut arguments: impl Iterator<Item = String>) -> Result<Option<PathBuf>> {
    let Some(option) = arguments.next() else {
        return Ok(None);
    };
    match (option.as_str(), arguments.next(), arguments.next()) {
        ("--json", Some(path), None) => Ok(Some(path.into())),
        _ => bail!(USAGE),
    }
}

/// Every measurement, one after the other, each with a chain of its own.
async fn measure() -> Result<Report> {
    let machine = Machine::look()?;
    eprintln!(
        "Latency: {} deals of one task each …",
        latency::WARM_UPS + latency::DEALS
    );
    let latency = latency::measure().await?;
    let mut throughput = Vec::new();
    for setting in throughput::SETTINGS {
        eprintln!(
            "Throughput: {} tasks, {} voters, {} tasks per call …",
            throughput::TASKS,
            setting.voters,
            setting.batch
        );
        throughput.push(throughput::measure(setting).await?);
    }
    Ok(Report {
        machine,
        latency,
        throughput,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Option<PathBuf>> {
        json_file(words.iter().map(|word| word.to_string()))
    }

    #[test]
    fn only_the_file_for_json_is_an_option() {
        assert_eq!(parsed(&[]).unwrap(), None);
        assert_eq!(
            parsed(&["--json", "figures.json"]).unwrap(),
            Some("figures.json".into())
        );
        for words in [
            &["--json"][..],
            &["figures.json"],
            &["--json", "one", "two"],
        ] {
            assert_eq!(parsed(words).unwrap_err().to_string(), USAGE);
        }
    }
}
