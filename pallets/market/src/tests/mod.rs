//! One module for each call and each side of the pallet that others see.

mod agenda;
mod authenticity;
mod book;
mod boundaries;
mod close;
mod deals;
mod interleavings;
mod match_orders;
mod matching;
mod mismatches;
mod model;
mod prices;
mod prune;
mod publish;
mod requirements;
