//! One module per group of calls, one per duty of the set, and one for long runs.

mod attendance;
mod candidates;
mod equivocation;
mod governance;
mod keys;
mod offences;
mod sequences;
mod sessions;
