//! One file per call, then the rules that span calls, then random sequences of calls.

mod authorise;
mod cancel;
mod claim;
mod contribute;
mod finalise;
mod hubs;
mod prune;
mod reopen;
mod reveal;
mod revoke;
mod scores;
mod sequences;
