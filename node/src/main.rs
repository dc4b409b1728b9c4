//! `ergon-node`: a node of the Ergon chain.
//!
//! It keeps a copy of the chain, talks to other nodes, answers JSON-RPC and, when it is a
//! validator, makes and finalises blocks. The rules of the chain are not here: they are the
//! runtime, a WASM module on the chain itself, which this node executes.
//!
//! # Chains
//!
//! | `--chain` | validators | meant for |
//! |---|---|---|
//! | `dev` | Alice | one machine; `--dev` chooses it |
//! | `local` | Alice, Bob, Charlie, Dave | a network on one machine or a few |
//! | `live` (default) | placeholders, to be replaced | a form for a real network |
//! | a path | those in the file | a real network |
//!
//! A node does not start on a genesis that still names placeholders; it says what to do instead.
//!
//! # How blocks are made: `--sealing`
//!
//! | mode | block production | finality |
//! |---|---|---|
//! | `aura` (default) | validators take turns, one slot each | GRANDPA votes |
//! | `dev` (default with `--dev`) | 20 ms after a transaction arrived; an empty block after a second without one | at once |
//! | `instant` | when a transaction arrives | at once |
//! | `interval=MS` | every MS milliseconds | at once |
//!
//! In all modes but `aura` one node alone makes the blocks. The time on such a chain is made up:
//! each block is one slot later than the block before, however quickly it was made.
//!
//! # Examples
//!
//! A chain for a test, gone when the node stops; the same, kept:
//!
//! ```text
//! ergon-node --dev
//! ergon-node --dev --base-path ./chain
//! ```
//!
//! One of the four validators of a local network:
//!
//! ```text
//! ergon-node --chain local --alice --tmp --unsafe-force-node-key-generation
//! ```
//!
//! A validator of a real network: make the form and fill it in, make the node's identity, put the
//! session keys into the keystore, start.
//!
//! ```text
//! ergon-node build-spec --chain live --disable-default-bootnode > live.json
//! ergon-node key generate-node-key --chain live.json --base-path ./chain
//! ergon-node session-keys --owner ADDRESS --insert --chain live.json --base-path ./chain
//! ergon-node --chain live.json --validator --base-path ./chain
//! ```
//!
//! # Where things are
//!
//! - `cli`, `command`: what can be typed, and what happens then
//! - `chain_spec`, `genesis`: which chains there are, and which of them can be started
//! - `service`: puts the parts of a node together
//! - `aura`: blocks by slots, finality by votes
//! - `sealing`, `manual`: the modes without slots and votes
//! - `rpc`, `offchain`: what the node answers beyond the standard methods; the runtime's helpers
//! - `session_keys`: a validator's keys and the proof that it holds them

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
