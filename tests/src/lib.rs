//! Tests of the whole system: real node and worker processes, scenarios, faults, foreign clients.
//!
//! The library starts and stops processes ([`processes`]), sets up a market on a development chain
//! ([`market`]), makes orders ([`orders`]) and keeps the books of a run ([`ledger`]). The demo, the end-to-end tests and the measurement program use it.
//! Networks of several nodes ([`network`]) are asked by plain questions ([`rpc`]) and governed by referenda ([`government`]).
//! Programs are looked for beside the running one, so `cargo build --release --workspace` must have been run.

pub mod demo;
pub mod government;
pub mod ledger;
pub mod market;
pub mod network;
pub mod orders;
pub mod processes;
pub mod rpc;
