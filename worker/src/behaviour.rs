//! The seam for tests: how a worker behaves towards the others.

use crate::task::{Ballot, Computed};
use ergon_client::primitives::Task;

/// How a worker behaves. The daemon does everything else the same way whoever it works for, so tests
/// of the whole system can run dishonest workers which differ from real ones in nothing but this.
/// This crate has only [`Honest`].
pub trait Behaviour: Send + Sync + 'static {
    /// What the worker claims to have computed.
    fn outcome(&self, honest: Computed) -> Computed {
        honest
    }

    /// The vote that it sends, in view of the votes that are there; none for not voting now.
    fn vote(&self, honest: Ballot, task: &Task) -> Option<Ballot> {
        let _ = task;
        Some(honest)
    }

    /// Whether it reveals what it voted for.
    fn reveals(&self) -> bool {
        true
    }
}

/// Says what it computed, votes for it, reveals it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Honest;

impl Behaviour for Honest {}
