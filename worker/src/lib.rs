//! The Ergon worker.

pub mod executor;
