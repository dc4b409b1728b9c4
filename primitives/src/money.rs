//! Units of money and bounds of amounts.

use crate::Balance;

/// One ERG, the native token, in its smallest unit.
pub const ERG: Balance = 1_000_000_000_000;
/// A thousandth of an ERG.
pub const MILLI_ERG: Balance = ERG / 1_000;
/// A millionth of an ERG.
pub const MICRO_ERG: Balance = ERG / 1_000_000;

/// Highest price per task of anything. Three prices of this size times the tasks of a deal (at most
/// 10 000) stay far below 2^128; times any volume (2^32) they do not, so products are checked.
pub const MAX_PRICE: Balance = 1 << 96;
