//! Entries of the registry: what can be computed, by whom, and for how long.

use crate::{AccessListId, AccountId, Balance, BlockNumber, CategoryId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// Longest name of an entry, in bytes of UTF-8.
pub const MAX_NAME: u32 = 64;
/// Longest locator of an entry, in bytes.
pub const MAX_LOCATOR: u32 = 256;
/// Longest description or metadata pointer, in bytes.
pub const MAX_DESCRIPTION: u32 = 256;
/// Most accounts in one access list.
pub const MAX_LIST_MEMBERS: u32 = 1_024;
/// Highest share of the pool price that each contribution locks, in percent (iExec 7.5, capped).
pub const MAX_WORKER_STAKE_RATIO: u8 = 100;
/// Highest share of the pool price that the operator keeps, in percent.
pub const MAX_OPERATOR_REWARD_RATIO: u8 = 50;

/// Name of an entry.
pub type Name = BoundedVec<u8, ConstU32<MAX_NAME>>;
/// Where content can be fetched; whoever fetches verifies it against a digest.
pub type Locator = BoundedVec<u8, ConstU32<MAX_LOCATOR>>;
/// Free text or a pointer to a document.
pub type Description = BoundedVec<u8, ConstU32<MAX_DESCRIPTION>>;

/// How an app is executed.
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
pub enum AppKind {
    /// A WebAssembly module with WASI preview 1.
    Wasm,
}

/// A registered application.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct App {
    /// Who is paid for it and may change or remove it.
    pub owner: AccountId,
    /// Human-readable name.
    pub name: Name,
    /// How it is executed.
    pub kind: AppKind,
    /// SHA-256 of the module.
    pub digest: H256,
    /// Where the module can be fetched.
    pub locator: Locator,
    /// Pointer to documentation.
    pub metadata: Description,
}

/// Who may work in a pool.
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
pub enum Access {
    /// Bond owners that the list contains.
    Private(AccessListId),
}

/// Who decides which worker contributes to which task.
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
pub enum Scheduling {
    /// Every member may race for every task. Needs private access and trust of at least 3, because
    /// otherwise fresh accounts could outvote honest ones with garbage for free.
    Open,
}

/// The terms a pool offers; read at match and frozen into the deal.
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
pub struct PoolPolicy {
    /// Share of the pool price that each contribution locks, in percent, at most
    /// [`MAX_WORKER_STAKE_RATIO`] (iExec 7.5).
    pub worker_stake_ratio: u8,
    /// Share of the pool price that the operator keeps, in percent, at most
    /// [`MAX_OPERATOR_REWARD_RATIO`] (iExec 7.5).
    pub operator_reward_ratio: u8,
    /// How many tasks the pool promises to work on at a time, at least 1. Deadlines of a bag
    /// are widened by `⌈volume / parallelism⌉`.
    pub parallelism: u32,
    /// Who may work in the pool.
    pub access: Access,
    /// Who decides which worker contributes.
    pub scheduling: Scheduling,
}

/// A registered worker pool.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Pool {
    /// The operator: funds the operator's stake, is paid the operator's reward.
    pub owner: AccountId,
    /// Human-readable description.
    pub description: Description,
    /// The terms on offer.
    pub policy: PoolPolicy,
}

/// A category of work.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Category {
    /// Human-readable name, for example `XS`.
    pub name: Name,
    /// T of the protocol: the time one task may take, in blocks, at least 1.
    pub work_time: BlockNumber,
    /// Largest sum of input sizes of a task, in bytes.
    pub input_limit: u64,
    /// Largest sum of output sizes of a task, in bytes.
    pub output_limit: u64,
}

/// What a match needs to know of an app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppTerms {
    /// The app's owner now.
    pub owner: AccountId,
}

/// What a match needs to know of a pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoolTerms {
    /// The operator now.
    pub owner: AccountId,
    /// The terms on offer now.
    pub policy: PoolPolicy,
}

/// What a match needs to know of a category.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CategoryTerms {
    /// The category.
    pub id: CategoryId,
    /// T, in blocks.
    pub work_time: BlockNumber,
}

/// Storage deposit for `bytes` of an entry: [`crate::MILLI_ERG`] an item and
/// 10 [`crate::MICRO_ERG`] a byte.
pub fn storage_deposit(bytes: usize) -> Balance {
    crate::MILLI_ERG.saturating_add((bytes as Balance).saturating_mul(10 * crate::MICRO_ERG))
}
