//! Tests of the whole system: real node and worker processes, scenarios, faults, foreign clients.
//!
//! The library starts and stops processes ([`processes`]), sets up a market on a development chain
//! ([`market`]), makes orders ([`orders`]) and keeps the books of a run ([`ledger`]). The demo, the end-to-end tests and the measurement program use it.
//! Programs are looked for beside the running one, so `cargo build --release --workspace` must have been run.

pub mod demo;
pub mod ledger;
pub mod market;
pub mod orders;
pub mod processes;
