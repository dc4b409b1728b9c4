//! Units of money and bounds of amounts.

use crate::Balance;

/// One ERG, the native token, in its smallest unit.
pub const ERG: Balance = 1_000_000_000_000;
/// A thousandth of an ERG.
pub const MILLI_ERG: Balance = ERG / 1_000;
/// A millionth of an ERG.
pub const MICRO_ERG: Balance = ERG / 1_000_000;

/// Highest price per task of anything. Three prices of this size times the highest volume (2^32)
/// stay far below 2^128, so that sums of prices never overflow.
pub const MAX_PRICE: Balance = 1 << 96;
