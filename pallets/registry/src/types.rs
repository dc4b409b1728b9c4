//! What only this pallet stores.

use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::AccountId;
use scale_info::TypeInfo;
use sp_core::ConstU32;
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
