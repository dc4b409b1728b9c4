//! The Ergon worker.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(ergon_worker::executor::CHILD_ARGUMENT) {
        return ergon_worker::executor::sandbox::run_child();
    }
    ExitCode::FAILURE
}
