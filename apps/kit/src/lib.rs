#![doc = include_str!("../README.md")]

pub mod arguments;
pub mod maths;
pub mod program;
pub mod random;
