//! What the figures were measured on.

use anyhow::{Context, Result, ensure};
use ergon_tests::processes::program;
use serde_json::{Value, json};
use std::{fs, process::Command};

/// A machine, and the version of what runs on it.
pub struct Machine {
    cores: usize,
    model: String,
    kernel: String,
    load: String,
    node: String,
}

impl Machine {
    /// Looks at the machine that this runs on.
    pub fn look() -> Result<Self> {
        let text = |path: &str| fs::read_to_string(path).with_context(|| format!("reading {path}"));
        let load = text("/proc/loadavg")?;
        Ok(Self {
            cores: std::thread::available_parallelism()?.get(),
            model: model(&text("/proc/cpuinfo")?)
                .unwrap_or("not said")
                .to_owned(),
            kernel: text("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            load: load.split(' ').next().unwrap_or_default().to_owned(),
            node: node_version()?,
        })
    }

    /// Says it in a few lines.
    pub fn print(&self) {
        println!(
            "Machine: {} cores, CPU {}, Linux {}",
            self.cores, self.model, self.kernel
        );
        println!(
            "Load when the measurement began: {} (average of a minute)",
            self.load
        );
        println!(
            "Versions: {}, measured by ergon-tests {}",
            self.node,
            version()
        );
        println!(
            "Measured on a development chain with everything on one machine. On a machine with"
        );
        println!("few cores, or a shared one, figures are for comparison with each other only.");
    }

    /// The same for programs.
    pub fn to_json(&self) -> Value {
        json!({
            "cores": self.cores,
            "cpu": self.model,
            "kernel": self.kernel,
            "load": self.load,
            "node": self.node,
            "tests": version(),
        })
    }
}

/// Version of this program and its workspace.
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

fn model(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

fn node_version() -> Result<String> {
    let output = Command::new(program("ergon-node")?)
        .arg("--version")
        .output()?;
    ensure!(
        output.status.success(),
        "ergon-node --version ended with {}",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_read_where_it_is_said() {
        let cpuinfo = "processor\t: 0\nmodel name\t: A CPU: fast\nprocessor\t: 1\n";
        assert_eq!(model(cpuinfo), Some("A CPU: fast"));
        assert_eq!(model("processor\t: 0\n"), None);
    }
}
