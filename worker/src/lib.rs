#![doc = include_str!("../README.md")]

pub mod behaviour;
mod books;
mod chain;
pub mod choice;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod error;
pub mod executor;
pub mod fetch;
pub mod limits;
pub mod lock;
mod plan;
pub mod publish;
pub mod reconcile;
mod send;
mod shared;
pub mod store;
pub mod task;
mod work;

use std::process::ExitCode;

/// Executes a task if this process was started for that, which every program that runs a
/// [`daemon::Daemon`] must do before anything else.
pub fn serve_as_child() -> Option<ExitCode> {
    let argument = std::env::args_os().nth(1)?;
    (argument == executor::CHILD_ARGUMENT).then(executor::sandbox::run_child)
}
