#![doc = include_str!("../README.md")]
// The SDK gives its error types; they are large, and returned once in the life of a process.
#![allow(clippy::result_large_err)]

mod aura;
mod chain_spec;
mod cli;
mod command;
mod genesis;
mod manual;
mod offchain;
mod rpc;
mod sealing;
mod service;
mod session_keys;

fn main() -> std::process::ExitCode {
    command::main()
}
