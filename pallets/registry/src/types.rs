//! What only this pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::AccountId;
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
