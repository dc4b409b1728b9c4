//! One module per call and per question of Proof-of-Contribution, and one for long runs.

mod bonds;
mod keys;
mod pools;
mod references;
mod sequences;
mod votes;
