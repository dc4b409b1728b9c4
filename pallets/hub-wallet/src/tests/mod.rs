//! One module per room of the pallet, one for what the accused tries, and one for long runs.

mod dodges;
mod life;
mod parameters;
mod payments;
mod pools;
mod ratings;
mod sequences;
mod tribunal;
