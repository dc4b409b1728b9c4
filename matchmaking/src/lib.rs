#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

extern crate alloc;

mod ad;
pub mod attributes;
mod display;
mod error;
mod evaluate;
mod explain;
mod expression;
mod fixed;
mod lexer;
mod parser;
mod scale;
mod tiers;
mod value;

pub use ad::Ad;
pub use error::{AdError, FormError, ParseError, ParseErrorKind};
pub use explain::{Condition, Explanation};
pub use expression::Expression;
pub use fixed::Real;
pub use tiers::{tier, tier_of, tiers};
pub use value::Value;

/// Longest source text of an expression or an advertisement, in bytes.
pub const MAX_TEXT: usize = 4_096;
/// Longest SCALE form of an expression or an advertisement, in bytes: what an order may carry.
pub const MAX_ENCODED: u32 = 1_024;
/// Deepest nesting of an expression, of its text and of a list; a name or literal alone has depth 1.
pub const MAX_DEPTH: u32 = 32;
/// Most nodes of an expression: every literal, name, operator, list and call is one.
pub const MAX_NODES: u32 = 256;
/// Most work units of one evaluation: a node counts 1, and so does each byte or element it looks at.
pub const MAX_STEPS: u32 = 4_096;
/// Most elements of one list.
pub const MAX_LIST: u32 = 64;
/// Longest text value, in bytes of UTF-8.
pub const MAX_STRING: u32 = 256;
/// Most attributes of an advertisement.
pub const MAX_ATTRIBUTES: u32 = 64;
/// Longest name of an attribute, in bytes.
pub const MAX_ATTRIBUTE_NAME: u32 = 64;
