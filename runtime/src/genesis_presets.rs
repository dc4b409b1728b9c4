//! What a new chain starts with.
//!
//! | preset | validators | root | collective | governance day | session | meant for |
//! |---|---|---|---|---|---|---|
//! | `dev` | Alice | Alice | Alice, Bob, Charlie | 1 min | 1 min | one machine, tests, the demo |
//! | `local` | Alice, Bob, Charlie, Dave | nobody | Alice, Bob, Charlie | 1 min | 1 min | a network on one machine or a few |
//! | `live` | placeholders, to be replaced | nobody | nobody | 24 h | 10 min | a real network |
//!
//! A hub's periods last days or months in `live` and minutes elsewhere, so that one can watch a whole
//! trial in ten.

use crate::{
    AccountId, Balance, BalancesConfig, HubWalletConfig, OriginsConfig, ProtocolParametersConfig,
    RegistryConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, SudoConfig,
    TechnicalCollectiveConfig, ValidatorSetConfig, configs::money::TreasuryAccount,
};
use alloc::{vec, vec::Vec};
use ergon_primitives::{BlockNumber, DAYS, ERG, HOURS, MINUTES};
use frame_support::build_struct_json_patch;
use pallet_hub_wallet::Limits;
use pallet_protocol_parameters::Parameters;
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{ByteArray, crypto::UncheckedFrom};
use sp_genesis_builder::PresetId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Preset of a development chain.
pub const DEV: &str = "dev";
/// Preset of a network of four validators with well-known keys.
pub const LOCAL: &str = "local";
/// Preset of a real network: a form to be filled in.
pub const LIVE: &str = "live";

/// Money of each well-known account of `dev` and `local`.
const ENDOWMENT: Balance = 1_000_000 * ERG;
/// Money that the treasury starts with, so that it always exists.
const TREASURY: Balance = ERG;

const MEBIBYTE: u64 = 1 << 20;

/// Name, work time, input limit, output limit.
type CategoryConfig = (Vec<u8>, BlockNumber, u64, u64);

fn categories() -> Vec<CategoryConfig> {
    vec![
        (b"XS".to_vec(), 5 * MINUTES, 16 * MEBIBYTE, 16 * MEBIBYTE),
        (b"S".to_vec(), 20 * MINUTES, 64 * MEBIBYTE, 64 * MEBIBYTE),
        (b"M".to_vec(), HOURS, 256 * MEBIBYTE, 256 * MEBIBYTE),
        (b"L".to_vec(), 3 * HOURS, 1024 * MEBIBYTE, 1024 * MEBIBYTE),
        (b"XL".to_vec(), 10 * HOURS, 4096 * MEBIBYTE, 4096 * MEBIBYTE),
    ]
}

/// A category whose deadlines pass while one watches.
fn test_category() -> CategoryConfig {
    (b"TEST".to_vec(), 20, 16 * MEBIBYTE, 16 * MEBIBYTE)
}

/// A validator that is known by its name.
fn well_known(account: Sr25519Keyring, finality: Ed25519Keyring) -> (AccountId, SessionKeys) {
    let keys = SessionKeys {
        aura: account.public().into(),
        grandpa: finality.public().into(),
    };
    (account.to_account_id(), keys)
}

fn placeholder_key(number: u8) -> [u8; 32] {
    let mut key = [0; 32];
    key[31] = number;
    key
}

/// A validator that has to be replaced by a real one.
fn placeholder(number: u8) -> (AccountId, SessionKeys) {
    let key = placeholder_key(number);
    let keys = SessionKeys {
        aura: AuraId::from(sp_core::sr25519::Public::unchecked_from(key)),
        grandpa: GrandpaId::from(sp_core::ed25519::Public::unchecked_from(key)),
    };
    (AccountId::new(key), keys)
}

/// Whether this public key is one of the `live` preset's placeholders: 31 zeros and a small number.
pub fn is_placeholder_authority(key: &[u8]) -> bool {
    key.len() == AuraId::LEN && key.iter().rev().skip(1).all(|byte| *byte == 0)
}

/// How long things take.
struct Pace {
    /// Length of a governance day, in blocks.
    day: BlockNumber,
    /// Length of a session, in blocks.
    session: BlockNumber,
    /// Sessions for which a former validator answers for offences.
    liability: u32,
    /// Blocks that a worker must have been in a pool before it votes on a deal.
    join_delay: BlockNumber,
    /// The periods and amounts of hub life.
    hubs: Limits,
}

impl Pace {
    /// Minutes where somebody watches.
    fn watched() -> Self {
        Self {
            day: MINUTES,
            session: MINUTES,
            liability: 10,
            join_delay: 0,
            hubs: Limits {
                payout_period: 2 * MINUTES,
                waiting_period: MINUTES,
                maturity: MINUTES,
                ban_period: 2 * MINUTES,
                rehabilitation_period: 4 * MINUTES,
                lapse_period: 2 * MINUTES,
                quarantine_period: 2 * MINUTES,
                ..Limits::default()
            },
        }
    }

    /// The protocol's own periods.
    fn real() -> Self {
        Self {
            day: DAYS,
            session: 10 * MINUTES,
            liability: 7 * 144,
            join_delay: DAYS,
            hubs: Limits::default(),
        }
    }
}

/// What tells one new chain from another.
struct Start {
    /// The first validators, by decision of governance.
    validators: Vec<(AccountId, SessionKeys)>,
    /// Fewest validators of a session.
    minimum: u32,
    /// Seats for validators that bond money.
    seats: u32,
    /// Accounts that begin with money.
    endowed: Vec<AccountId>,
    /// Who may do anything.
    root: Option<AccountId>,
    /// The technical collective.
    collective: Vec<AccountId>,
    /// Categories of work.
    categories: Vec<CategoryConfig>,
    /// How long things take.
    pace: Pace,
}

fn genesis(start: Start) -> Value {
    let pace = start.pace;
    let mut balances: Vec<_> = start
        .endowed
        .into_iter()
        .map(|account| (account, ENDOWMENT))
        .collect();
    balances.push((TreasuryAccount::get(), TREASURY));
    let invulnerables: Vec<_> = start
        .validators
        .iter()
        .map(|(account, _)| account.clone())
        .collect();
    let keys: Vec<_> = start
        .validators
        .into_iter()
        .map(|(account, keys)| (account.clone(), account, keys))
        .collect();
    let parameters = Parameters {
        join_delay: pace.join_delay,
        ..Parameters::default()
    };
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances },
        validator_set: ValidatorSetConfig {
            invulnerables,
            desired_candidates: start.seats,
            minimum: start.minimum,
            session_length: pace.session,
            bonding_duration: pace.liability,
            absence_limit: 2,
        },
        session: SessionConfig { keys },
        sudo: SudoConfig { key: start.root },
        origins: OriginsConfig { day: pace.day },
        technical_collective: TechnicalCollectiveConfig {
            members: start.collective
        },
        protocol_parameters: ProtocolParametersConfig { parameters },
        registry: RegistryConfig {
            categories: start.categories
        },
        hub_wallet: HubWalletConfig { limits: pace.hubs },
    })
}

/// Accounts whose keys everybody knows.
fn well_known_accounts() -> Vec<AccountId> {
    Sr25519Keyring::well_known()
        .map(|key| key.to_account_id())
        .collect()
}

/// The technical collective where keys are well known.
fn well_known_collective() -> Vec<AccountId> {
    [
        Sr25519Keyring::Alice,
        Sr25519Keyring::Bob,
        Sr25519Keyring::Charlie,
    ]
    .map(|key| key.to_account_id())
    .to_vec()
}

fn dev() -> Value {
    let mut categories = categories();
    categories.push(test_category());
    genesis(Start {
        validators: vec![well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
        minimum: 1,
        seats: 4,
        endowed: well_known_accounts(),
        root: Some(Sr25519Keyring::Alice.to_account_id()),
        collective: well_known_collective(),
        categories,
        pace: Pace::watched(),
    })
}

fn local() -> Value {
    genesis(Start {
        validators: vec![
            well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
            well_known(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
            well_known(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
            well_known(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
        ],
        minimum: 4,
        seats: 4,
        endowed: well_known_accounts(),
        root: None,
        collective: well_known_collective(),
        categories: categories(),
        pace: Pace::watched(),
    })
}

fn live() -> Value {
    genesis(Start {
        validators: (1..=4).map(placeholder).collect(),
        minimum: 4,
        seats: 16,
        endowed: vec![],
        root: None,
        collective: vec![],
        categories: categories(),
        pace: Pace::real(),
    })
}

/// The preset of this name.
pub fn get(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEV => dev(),
        LOCAL => local(),
        LIVE => live(),
        // What tools that know no Ergon ask for.
        sp_genesis_builder::DEV_RUNTIME_PRESET => dev(),
        sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET => local(),
        _ => return None,
    };
    Some(alloc::format!("{patch}").into_bytes())
}

/// Names of all presets.
pub fn names() -> Vec<PresetId> {
    [DEV, LOCAL, LIVE].map(PresetId::from).to_vec()
}
