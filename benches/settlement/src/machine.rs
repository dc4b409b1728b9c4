//! What the figures were measured on.

use std::{env, fs, thread::available_parallelism};

/// Prints it in two lines.
pub fn print() {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cores = available_parallelism().map_or(1, usize::from);
    let (cpu, kernel) = (read("/proc/cpuinfo"), read("/proc/sys/kernel/osrelease"));
    println!(
        "Machine: {cores} cores, CPU {}, Linux {}; runtime {}, database in {}.",
        model(&cpu).unwrap_or("not said"),
        kernel.trim(),
        ergon_runtime::VERSION.spec_version,
        env::temp_dir().display(),
    );
    let load = read("/proc/loadavg");
    println!(
        "Load when the measurement began: {} (average of a minute).",
        load.split(' ').next().unwrap_or_default()
    );
}

fn model(cpuinfo: &str) -> Option<&str> {
    let mut lines = cpuinfo.lines();
    let line = lines.find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
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
