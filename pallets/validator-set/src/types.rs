//! Records of the validator set.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, Balance, BlockNumber, DAYS, MINUTES};
use scale_info::TypeInfo;
use sp_runtime::Perbill;
use sp_staking::SessionIndex;

/// Whether a member of the set deserves a seat. The order is the order in which seats are given.
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
pub enum Standing {
    /// Nothing against it.
    Fit,
    /// Made no block for too many sessions in a row.
    Absent,
    /// Committed an offence.
    Offender,
}

/// A validator by decision of governance.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Invulnerable {
    /// Who it is.
    pub account: AccountId,
    /// Whether it deserves its seat.
    pub standing: Standing,
}

/// An account that bonded money to be a validator.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Candidate {
    /// Money on hold, in the token's smallest unit. The highest bonds have the seats.
    pub bond: Balance,
    /// Session in which it became a candidate.
    pub since: SessionIndex,
    /// Whether it deserves a seat.
    pub standing: Standing,
}

/// Why a candidate is none any more.
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
pub enum Cause {
    /// It left.
    Left,
    /// Somebody bonded more when the list was full.
    Outbid,
    /// It made no block for too many sessions in a row.
    Absent,
    /// It committed an offence.
    Offence,
}

/// The bond of a former candidate on its way out. It answers for offences until it is withdrawn.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Departure {
    /// Money on hold, in the token's smallest unit.
    pub amount: Balance,
    /// First session in which it can be withdrawn.
    pub until: SessionIndex,
    /// Why.
    pub cause: Cause,
}

/// How much a validator has worked.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Attendance {
    /// Blocks that it made in the running session.
    pub authored: u32,
    /// Sessions in a row, up to the last one, in which it made no block.
    pub absences: u32,
}

/// The heaviest offence of a validator in one session.
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
pub struct Penalty {
    /// The bond when the first offence of that session was reported.
    pub base: Balance,
    /// The share of it that was taken.
    pub fraction: Perbill,
}

/// Numbers that differ from chain to chain; set by the genesis.
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
pub struct Terms {
    /// Fewest validators that a session is planned with, at least 1.
    pub minimum: u32,
    /// Length of a session in blocks, at least 1.
    pub session_length: BlockNumber,
    /// For how many sessions after its last one a validator answers for offences with its bond.
    pub bonding_duration: SessionIndex,
    /// How many sessions in a row without a block make a validator absent, at least 1.
    pub absence_limit: u32,
}

impl Default for Terms {
    /// Sessions of ten minutes, a week of liability, two sessions of absence.
    fn default() -> Self {
        let session_length = 10 * MINUTES;
        Self {
            minimum: 1,
            session_length,
            bonding_duration: 7 * DAYS / session_length,
            absence_limit: 2,
        }
    }
}
