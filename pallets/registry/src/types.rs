//! What only this pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, BlockNumber};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// Most accounts that one call adds to a list or removes from it.
pub const MAX_MEMBERS_PER_CALL: u32 = 64;

/// Accounts that one call adds to a list or removes from it.
pub type MemberBatch = BoundedVec<AccountId, ConstU32<MAX_MEMBERS_PER_CALL>>;

/// An access list; its members are stored one by one.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct AccessList {
    /// Who keeps it and pays for it.
    pub owner: AccountId,
    /// Number of its members.
    pub members: u32,
}

/// What governance decides about an app.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Verdict {
    /// It is approved on the ground of the document with this hash, which its owner proposed or it
    /// was approved on before.
    #[codec(index = 0)]
    Approve(H256),
    /// No deal can be made with it any more.
    #[codec(index = 1)]
    Revoke {
        /// Whether unfinished tasks end without result too.
        harmful: bool,
    },
    /// Whatever was said is taken back: it is unreviewed.
    #[codec(index = 2)]
    Clear,
}

/// The last block of a tombstone; the earliest comes first, byte by byte.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct Due([u8; 4]);

impl Due {
    /// The last block.
    pub fn after(block: BlockNumber) -> Self {
        Self(block.to_be_bytes())
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
            prop_assert_eq!(first.encode().cmp(&second.encode()), one.cmp(&other));
            prop_assert_eq!(first.is_over(other), one < other);
        }
    }
}
