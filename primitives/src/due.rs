//! Blocks in which something falls due, as keys of an agenda.

use crate::BlockNumber;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The last block in which something is left alone; the earliest comes first, byte by byte.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Due([u8; 4]);

impl Due {
    /// The last block.
    pub fn after(block: BlockNumber) -> Self {
        Self(block.to_be_bytes())
    }

    /// The first block in which it is over; block 0, which nobody makes, counts as block 1.
    pub fn starting(block: BlockNumber) -> Self {
        Self::after(block.saturating_sub(1))
    }

    /// Whether it is over in block `now`.
    pub fn is_over(self, now: BlockNumber) -> bool {
        BlockNumber::from_be_bytes(self.0) < now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn dues_sort_as_blocks(one: BlockNumber, other: BlockNumber) {
            let (first, second) = (Due::after(one), Due::after(other));
            prop_assert_eq!(first.cmp(&second), one.cmp(&other));
            prop_assert_eq!(first.encode().cmp(&second.encode()), one.cmp(&other));
            prop_assert_eq!(first.is_over(other), one < other);
        }

        #[test]
        fn a_start_is_the_first_block_after(start in 1..BlockNumber::MAX) {
            let due = Due::starting(start);
            prop_assert!(due.is_over(start));
            prop_assert!(!due.is_over(start - 1));
        }
    }
}
