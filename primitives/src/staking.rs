//! Bonds: what stands behind a worker's votes.

use crate::{AccountId, Balance, BlockNumber, PoolId, domain_hash};
use alloc::{format, string::String};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// Most withdrawals that one bond waits for at a time.
pub const MAX_UNBONDING: u32 = 8;

/// A worker's place in a pool.
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
pub struct Membership {
    /// The pool.
    pub pool: PoolId,
    /// Block of joining; deals from before it are not the worker's.
    pub since: BlockNumber,
}

/// An amount on its way out of a bond.
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
pub struct Unbonding {
    /// How much.
    pub amount: Balance,
    /// First block in which it can be withdrawn.
    pub until: BlockNumber,
}

/// Stake of one machine, known by its worker key.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Bond {
    /// Whose money it is, and who earns.
    pub owner: AccountId,
    /// Stake that backs votes, locked part included, unbonding part excluded.
    pub amount: Balance,
    /// Part of `amount` locked by votes on unsettled tasks.
    pub locked: Balance,
    /// On its way out; can still not be slashed for later votes.
    pub unbonding: BoundedVec<Unbonding, ConstU32<MAX_UNBONDING>>,
    /// The pool it works in.
    pub membership: Option<Membership>,
}

impl Bond {
    /// Stake that no vote has locked.
    pub fn free(&self) -> Balance {
        self.amount.saturating_sub(self.locked)
    }

    /// All that is on hold for this bond.
    pub fn held(&self) -> Balance {
        self.unbonding
            .iter()
            .fold(self.amount, |sum, chunk| sum.saturating_add(chunk.amount))
    }
}

/// The text that a worker key signs to show that whoever appoints it has it.
pub fn possession_text(genesis: H256, owner: &AccountId) -> String {
    format!(
        "<Bytes>ergon worker {:?}</Bytes>",
        domain_hash("ergon/worker", &(genesis, owner))
    )
}

/// A worker's score as a vote's weight needs it.
pub type Score = u32;
