#![doc = include_str!("../README.md")]

mod account;
mod bundle;
pub mod calls;
mod client;
mod compatibility;
mod connection;
mod error;
mod events;
mod fetch;
mod finalised;
mod keys;
mod runtime;
mod storage;
mod task_spec;
mod transaction;
mod view;

pub use account::{Account, Held};
pub use bundle::{Bundle, BundleError, BundleFile, MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES};
pub use calls::{Call, TooLong, bounded};
pub use client::{At, Client, Head, Heads};
pub use error::ClientError;
pub use events::{
    BalancesEvent, EscrowEvent, Event, MarketEvent, PocoEvent, RegistryEvent, ReputationEvent,
    TransactionPaymentEvent, WorkerStakingEvent,
};
pub use fetch::{FetchError, fetch, fetch_verified, sha256_of};
pub use finalised::{BlockItem, FinalisedBlock, FinalisedBlocks};
pub use keys::{KeyError, Keypair, Scheme, account_from_ss58, account_to_ss58, verify};
pub use task_spec::{DATASET_INPUT, InputFile, MAX_ARGUMENTS, MAX_INPUTS, SpecError, TaskSpec};
pub use transaction::{Receipt, TransactionError, TransactionQueue, Wait};
pub use view::{AccessListRecord, EscrowRecord, ProtocolParameters, View};

pub use ergon_matchmaking as matchmaking;
pub use ergon_primitives as primitives;
