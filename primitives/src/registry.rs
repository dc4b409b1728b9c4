//! Entries of the registry: what can be computed, by whom, and for how long.

use crate::{
    AccessListId, AccountId, AppId, Balance, BlockNumber, CategoryId, DatasetId, ExecutionVersion,
    FIRST_CONTAINER_VERSION, PoolId, Requirements,
};
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
/// Most output files that an app declares.
pub const MAX_OUTPUT_FILES: u32 = 16;
/// Longest path of a declared output file, in bytes.
pub const MAX_OUTPUT_PATH: u32 = 128;
/// Most apps that a dataset names.
pub const MAX_ALLOWED_APPS: u32 = 32;
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

/// The output files of an app that count: the result is a digest of these alone, in any order.
/// Without any, every file that the app writes counts.
pub type OutputFiles =
    BoundedVec<BoundedVec<u8, ConstU32<MAX_OUTPUT_PATH>>, ConstU32<MAX_OUTPUT_FILES>>;
/// The apps that may read a dataset.
pub type AllowedApps = BoundedVec<AppId, ConstU32<MAX_ALLOWED_APPS>>;

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
    #[codec(index = 0)]
    Wasm,
    /// A container image of the Open Container Initiative.
    #[codec(index = 1)]
    Oci,
}

impl AppKind {
    /// Whether apps of this kind run on the execution version.
    pub fn runs_on(self, version: ExecutionVersion) -> bool {
        match self {
            AppKind::Wasm => version < FIRST_CONTAINER_VERSION,
            AppKind::Oci => version >= FIRST_CONTAINER_VERSION,
        }
    }
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
    /// SHA-256 of the module, or of the image's manifest.
    pub digest: H256,
    /// Where the module or image can be fetched.
    pub locator: Locator,
    /// Pointer to documentation.
    pub metadata: Description,
    /// What the app demands of the machines that run it.
    pub requirements: Requirements,
    /// The output files that count.
    pub outputs: OutputFiles,
}

/// What governance says of an app. An app of which it says nothing is unreviewed.
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
pub enum Curation {
    /// The owner asks for approval on the ground of the document with this hash.
    Proposed(H256),
    /// Approved on the ground of the document with this hash.
    Approved(H256),
    /// No deal can be made with it any more.
    Revoked {
        /// Whether unfinished tasks end without result too, everybody getting back what they put in.
        harmful: bool,
    },
}

/// A registered dataset.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Dataset {
    /// Who is paid for it and may change or remove it.
    pub owner: AccountId,
    /// Human-readable name.
    pub name: Name,
    /// SHA-256 of the content as it is fetched.
    pub digest: H256,
    /// Where the content can be fetched.
    pub locator: Locator,
    /// Pointer to documentation.
    pub metadata: Description,
    /// How the content is encrypted and who hands out keys; none when it is public.
    pub encryption: Option<Description>,
    /// The apps that may read it; any app when there is none.
    pub allowed_apps: AllowedApps,
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
    /// Every bond owner.
    #[codec(index = 1)]
    Public,
    /// Bond owners that the list contains.
    #[codec(index = 0)]
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
    #[codec(index = 0)]
    Open,
    /// The pool's authoriser says which member may contribute to which tasks.
    #[codec(index = 1)]
    Authorised,
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
    /// The key that authorises contributions on behalf of the pool.
    pub authoriser: AccountId,
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
    /// How it is executed.
    pub kind: AppKind,
    /// What governance says of it now.
    pub curation: Option<Curation>,
    /// What it demands of the machines that run it.
    pub requirements: Requirements,
}

/// What a match needs to know of a dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatasetTerms {
    /// The dataset's owner now.
    pub owner: AccountId,
    /// The apps that may read it; any app when there is none.
    pub allowed_apps: AllowedApps,
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

/// The entries that a deal uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DealEntries {
    /// The app.
    pub app: AppId,
    /// The dataset, if one is used.
    pub dataset: Option<DatasetId>,
    /// The pool.
    pub pool: PoolId,
}

/// Storage deposit for `bytes` of an entry: [`crate::MILLI_ERG`] an item and
/// 10 [`crate::MICRO_ERG`] a byte.
pub fn storage_deposit(bytes: usize) -> Balance {
    crate::MILLI_ERG.saturating_add((bytes as Balance).saturating_mul(10 * crate::MICRO_ERG))
}
