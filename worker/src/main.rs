//! The Ergon worker.

use std::process::ExitCode;

fn main() -> ExitCode {
    ergon_worker::serve_as_child().unwrap_or_else(ergon_worker::cli::main)
}
