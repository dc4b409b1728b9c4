//! What a new chain starts with.
//!
//! | preset | validators | root | meant for |
//! |---|---|---|---|
//! | `dev` | Alice | Alice | one machine, tests, the demo |
//! | `local` | Alice, Bob, Charlie, Dave | nobody | a network on one machine or a few |
//! | `live` | placeholders, to be replaced | nobody | a real network |

use crate::{
    AccountId, Balance, BalancesConfig, RegistryConfig, RuntimeGenesisConfig, SessionConfig,
    SessionKeys, SudoConfig, WorkerStakingConfig, configs::money::TreasuryAccount,
};
use alloc::{vec, vec::Vec};
use ergon_primitives::{BlockNumber, DAYS, ERG, HOURS, MINUTES};
use frame_support::build_struct_json_patch;
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

fn genesis(
    validators: Vec<(AccountId, SessionKeys)>,
    endowed: Vec<AccountId>,
    root: Option<AccountId>,
    categories: Vec<CategoryConfig>,
    join_delay: BlockNumber,
) -> Value {
    let mut balances: Vec<_> = endowed
        .into_iter()
        .map(|account| (account, ENDOWMENT))
        .collect();
    balances.push((TreasuryAccount::get(), TREASURY));
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances },
        session: SessionConfig {
            keys: validators
                .into_iter()
                .map(|(account, keys)| (account.clone(), account, keys))
                .collect(),
        },
        sudo: SudoConfig { key: root },
        registry: RegistryConfig { categories },
        worker_staking: WorkerStakingConfig { join_delay },
    })
}

fn dev() -> Value {
    let mut categories = categories();
    categories.push(test_category());
    genesis(
        vec![well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
        Sr25519Keyring::well_known()
            .map(|key| key.to_account_id())
            .collect(),
        Some(Sr25519Keyring::Alice.to_account_id()),
        categories,
        0,
    )
}

fn local() -> Value {
    genesis(
        vec![
            well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
            well_known(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
            well_known(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
            well_known(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
        ],
        Sr25519Keyring::well_known()
            .map(|key| key.to_account_id())
            .collect(),
        None,
        categories(),
        0,
    )
}

fn live() -> Value {
    genesis(
        (1..=4).map(placeholder).collect(),
        vec![],
        None,
        categories(),
        DAYS,
    )
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
