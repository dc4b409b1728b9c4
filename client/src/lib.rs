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
mod referendum;
mod runtime;
mod session_keys;
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
    BalancesEvent, CallResult, ConvictionVotingEvent, EscrowEvent, Event, HubWalletEvent,
    MarketEvent, PocoEvent, PreimageEvent, ProtocolParametersEvent, ReferendaEvent, RegistryEvent,
    ReputationEvent, TechnicalCollectiveEvent, TransactionPaymentEvent, TreasuryEvent,
    ValidatorSetEvent, WorkerStakingEvent,
};
pub use fetch::{FetchError, fetch, fetch_verified, sha256_of};
pub use finalised::{BlockItem, FinalisedBlock, FinalisedBlocks};
pub use keys::{KeyError, Keypair, Scheme, account_from_ss58, account_to_ss58, verify};
pub use referendum::{
    AccountVote, Ballot, Conviction, Curve, Deciding, Delegations, Deposit, Enactment, Ended,
    Motion, Office, Ongoing, PriorLock, Proposal, Referendum, ReferendumIndex, Share, Tally, Track,
    TrackId, TrackName, Voting, Weight,
};
pub use session_keys::ProvenKeys;
pub use task_spec::{DATASET_INPUT, InputFile, MAX_ARGUMENTS, MAX_INPUTS, SpecError, TaskSpec};
pub use transaction::{Receipt, RefusedItem, TransactionError, TransactionQueue, Wait};
pub use view::{
    AccessListRecord, Approval, Attendance, Candidate, Departure, DepartureCause, EscrowRecord,
    Expropriation, Hub, HubLimits, HubVote, Invulnerable, PendingApproval, PoolBinding,
    ProtocolParameters, SessionIndex, SessionKeys, Standing, ValidatorTerms, View, hub_wallet,
    treasury_account,
};

pub use ergon_matchmaking as matchmaking;
pub use ergon_primitives as primitives;
