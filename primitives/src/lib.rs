//! The words in which Ergon's pallets, daemons and tools speak: identifiers, registry entries, orders,
//! deals, tasks, votes and bonds, the hashes that bind them, and the traits through which pallets meet.
//!
//! Nothing here has state. Whatever two rooms of the house must agree upon to the byte — a worker and
//! the chain on a commitment, a wallet and the chain on the text of an order — is computed here once.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod deals;
pub mod due;
pub mod hubs;
pub mod ids;
pub mod market;
pub mod money;
pub mod orders;
pub mod outputs;
pub mod registry;
pub mod requirements;
pub mod staking;
pub mod tasks;
pub mod traits;

pub use deals::*;
pub use due::*;
pub use hubs::*;
pub use ids::*;
pub use market::*;
pub use money::*;
pub use orders::*;
pub use outputs::*;
pub use registry::*;
pub use requirements::*;
pub use staking::*;
pub use tasks::*;

/// Account of a person, a contract of several people, or a machine.
pub type AccountId = sp_runtime::AccountId32;
/// Money in the smallest unit; see [`ERG`].
pub type Balance = u128;
/// Height of a block. All of the protocol's times are counted in blocks.
pub type BlockNumber = u32;
/// Signature of an account: sr25519, ed25519 or ecdsa.
pub type Signature = sp_runtime::MultiSignature;

/// The chain's target time between blocks, in milliseconds.
pub const MILLISECONDS_PER_BLOCK: u64 = 2_000;
/// Blocks in a minute.
pub const MINUTES: BlockNumber = (60_000 / MILLISECONDS_PER_BLOCK) as BlockNumber;
/// Blocks in an hour.
pub const HOURS: BlockNumber = 60 * MINUTES;
/// Blocks in a day.
pub const DAYS: BlockNumber = 24 * HOURS;
