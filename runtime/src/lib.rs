//! The Ergon runtime: what every node agrees on.
//!
//! This file is the table of contents: which pallets there are and under which index. How each is set
//! up stands in [`configs`], a file per subject; what a new chain starts with in [`genesis_presets`];
//! what nodes and clients can ask in `apis`.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
#![allow(
    missing_docs,
    reason = "the SDK's macros generate undocumented items here"
)]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

mod apis;
pub use apis::RuntimeApi;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod charge;
pub mod configs;
pub mod genesis_presets;
pub mod origins;
pub mod prices;

pub use ergon_primitives::{AccountId, Balance, BlockNumber, Signature};

use alloc::{borrow::Cow, vec::Vec};
use pallet_session::historical as pallet_session_historical;
use sp_runtime::{
    MultiAddress, generic, impl_opaque_keys,
    traits::{BlakeTwo256, NumberFor},
};
use sp_version::RuntimeVersion;

/// How many transactions an account has sent.
pub type Nonce = u32;
/// Hash of a block or a transaction.
pub type Hash = sp_core::H256;
/// How an account is named in a transaction.
pub type Address = MultiAddress<AccountId, ()>;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block with its hash and justifications.
pub type SignedBlock = generic::SignedBlock<Block>;
/// Hash or number of a block.
pub type BlockId = generic::BlockId<Block>;

/// What is checked and charged around each call, in the order in which wallets encode it. Only the
/// standard extensions: every wallet knows them. [`ChargeOrSpend`](charge::ChargeOrSpend) looks to
/// them like the `ChargeTransactionPayment` that it wraps.
pub type TransactionExtensions = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    charge::ChargeOrSpend,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// The extensions of a transaction with this nonce, lifetime and tip, that names no metadata hash.
pub fn extensions(nonce: Nonce, era: generic::Era, tip: Balance) -> TransactionExtensions {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        charge::ChargeOrSpend::with_tip(tip),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// A transaction as it travels.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TransactionExtensions>;
/// What a sender signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TransactionExtensions>;

/// What executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Block types of a node that does not look into transactions.
pub mod opaque {
    use super::*;
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// Header of a block.
    pub type Header = super::Header;
    /// A block of opaque transactions.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
    /// Hash or number of a block.
    pub type BlockId = generic::BlockId<Block>;
    /// Hash of a block.
    pub type Hash = super::Hash;
}

impl_opaque_keys! {
    /// Keys with which a validator takes part in a session.
    pub struct SessionKeys {
        /// Signs blocks (sr25519).
        pub aura: Aura,
        /// Signs finality votes (ed25519).
        pub grandpa: Grandpa,
    }
}

/// Version of the runtime. `spec_version` is major·1,000,000 + minor·1,000 + patch.
/// `transaction_version` rises when a transaction that was signed before would mean something else:
/// when a call's index or arguments or the extensions' bytes change, not when calls are added.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("ergon"),
    impl_name: Cow::Borrowed("ergon"),
    authoring_version: 1,
    spec_version: 3_000,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 2,
    system_version: 1,
};

// Hooks and genesis run in the order of declaration: authorship, Aura and the validator set before
// the sessions.
#[frame_support::runtime(legacy_ordering)]
mod runtime {
    /// The runtime.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // The chain itself.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    // Before the sessions: the author of a session's last block belongs to that session.
    #[runtime::pallet_index(30)]
    pub type Authorship = pallet_authorship;
    // Before the sessions: who may make a session's first block is for the session before to say.
    #[runtime::pallet_index(3)]
    pub type Aura = pallet_aura;
    // Candidates' bonds; before the set of validators.
    #[runtime::pallet_index(5)]
    pub type Balances = pallet_balances;
    // Before the sessions: their genesis asks for the first validators.
    #[runtime::pallet_index(27)]
    pub type ValidatorSet = pallet_validator_set;
    #[runtime::pallet_index(2)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(28)]
    pub type Historical = pallet_session_historical;
    #[runtime::pallet_index(4)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(29)]
    pub type Offences = pallet_offences;

    // Fees.
    #[runtime::pallet_index(6)]
    pub type TransactionPayment = pallet_transaction_payment;

    // Ways to call.
    #[runtime::pallet_index(7)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(8)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(9)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(10)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(11)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(12)]
    pub type Sudo = pallet_sudo;

    // Government.
    #[runtime::pallet_index(13)]
    pub type Origins = origins;
    #[runtime::pallet_index(14)]
    pub type ConvictionVoting = pallet_conviction_voting;
    #[runtime::pallet_index(15)]
    pub type Referenda = pallet_referenda;
    #[runtime::pallet_index(16)]
    pub type Whitelist = pallet_whitelist;
    #[runtime::pallet_index(17)]
    pub type TechnicalCollective = pallet_collective<Instance1>;
    #[runtime::pallet_index(18)]
    pub type Treasury = pallet_treasury;
    #[runtime::pallet_index(19)]
    pub type ProtocolParameters = pallet_protocol_parameters;

    // What Ergon is for.
    #[runtime::pallet_index(20)]
    pub type Registry = pallet_registry;
    #[runtime::pallet_index(21)]
    pub type Market = pallet_market;
    #[runtime::pallet_index(22)]
    pub type Escrow = pallet_escrow;
    #[runtime::pallet_index(23)]
    pub type WorkerStaking = pallet_worker_staking;
    #[runtime::pallet_index(24)]
    pub type Poco = pallet_poco;
    #[runtime::pallet_index(25)]
    pub type Reputation = pallet_reputation;
    #[runtime::pallet_index(26)]
    pub type HubWallet = pallet_hub_wallet;
}
