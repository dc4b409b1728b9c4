//! One file per call, then the rules that span calls, then random sequences of calls.

mod claim;
mod contribute;
mod finalise;
mod prune;
mod reopen;
mod reveal;
mod scores;
mod sequences;
