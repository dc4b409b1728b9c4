//! One module for each call and each side of the pallet that others see.

mod authenticity;
mod close;
mod deals;
mod interleavings;
mod match_orders;
mod matching;
mod mismatches;
mod prune;
mod publish;
