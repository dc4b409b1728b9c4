#![doc = include_str!("../README.md")]

pub mod closed_form;
pub mod contract;
pub mod monte_carlo;
pub mod normal;
pub mod sweep;

pub use contract::{Contract, Kind};
pub use monte_carlo::{Estimate, price};
pub use sweep::{Sweep, SweepError};
