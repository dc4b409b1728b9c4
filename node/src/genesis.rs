//! Refuses to start a chain whose genesis names validators that nobody is.
//!
//! The `live` preset is a form: its validators are placeholders. The check looks at the genesis
//! itself, whatever the chain is called, and before a database is made from it. Otherwise the
//! database would keep the form after the form has been filled in.

use codec::Decode;
use sc_service::Configuration;
use sp_core::{bytes::to_hex, storage::Storage};
use sp_io::hashing::twox_128;

type Key = [u8; 32];

/// Why a chain cannot be started.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The genesis cannot be built from the specification.
    #[error("the genesis of chain `{chain}` cannot be built: {reason}")]
    Unbuildable {
        /// Name of the chain.
        chain: String,
        /// What the builder said.
        reason: String,
    },
    /// Nobody could make or finalise blocks.
    #[error(
        "the genesis of chain `{chain}` names no {role} authorities, so nobody could make its \
         blocks. Put validators' session keys into its specification; `ergon-node session-keys` \
         prints them."
    )]
    NoAuthorities {
        /// Name of the chain.
        chain: String,
        /// Which authorities are missing.
        role: &'static str,
    },
    /// The validators are placeholders.
    #[error(
        "the genesis of chain `{chain}` is a form that was not filled in, so nobody could make its \
         blocks. These keys are placeholders:\n{}\n\
         To make a real chain:\n  \
         1. ergon-node build-spec --chain live > live.json\n  \
         2. replace these keys and their accounts in live.json by those of your validators; \
         `ergon-node session-keys` prints the keys\n  \
         3. ergon-node --chain live.json\n\
         To try Ergon out, start with --dev or --chain local.",
        list(.keys)
    )]
    Placeholders {
        /// Name of the chain.
        chain: String,
        /// What the key is for, and the key.
        keys: Vec<(&'static str, Key)>,
    },
}

fn list(keys: &[(&'static str, Key)]) -> String {
    let lines: Vec<_> = keys
        .iter()
        .map(|(role, key)| format!("  {role:<8}{}", to_hex(key, false)))
        .collect();
    lines.join("\n")
}

/// Builds the genesis, checks it, and leaves it in the specification, so that it is built only
/// once.
pub fn prepare(config: &mut Configuration) -> Result<(), Error> {
    let chain = config.chain_spec.name().to_string();
    let genesis = config
        .chain_spec
        .as_storage_builder()
        .build_storage()
        .map_err(|reason| Error::Unbuildable {
            chain: chain.clone(),
            reason,
        })?;
    check(&chain, &genesis, |key| {
        ergon_runtime::genesis_presets::is_placeholder_authority(key)
    })?;
    config.chain_spec.set_storage(genesis);
    Ok(())
}

fn check(
    chain: &str,
    genesis: &Storage,
    is_placeholder: impl Fn(&Key) -> bool,
) -> Result<(), Error> {
    let aura = read::<Key>(genesis, "Aura");
    let grandpa: Vec<Key> = read::<(Key, u64)>(genesis, "Grandpa")
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let mut placeholders = Vec::new();
    for (role, keys) in [("Aura", aura), ("GRANDPA", grandpa)] {
        if keys.is_empty() {
            return Err(Error::NoAuthorities {
                chain: chain.to_string(),
                role,
            });
        }
        placeholders.extend(
            keys.into_iter()
                .filter(&is_placeholder)
                .map(|key| (role, key)),
        );
    }
    if placeholders.is_empty() {
        return Ok(());
    }
    Err(Error::Placeholders {
        chain: chain.to_string(),
        keys: placeholders,
    })
}

/// The list that the pallet of this name stores as `Authorities`; empty if there is none.
fn read<Authority: Decode>(genesis: &Storage, pallet: &str) -> Vec<Authority> {
    let value = genesis.top.get(&storage_key(pallet));
    value
        .and_then(|value| Decode::decode(&mut &value[..]).ok())
        .unwrap_or_default()
}

fn storage_key(pallet: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(b"Authorities")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain_spec;
    use codec::Encode;
    use sp_runtime::BuildStorage;

    const ALICE: Key = [1; 32];
    const NOBODY: Key = [0; 32];

    fn genesis(aura: &[Key], grandpa: &[Key]) -> Storage {
        let weighted: Vec<(Key, u64)> = grandpa.iter().map(|key| (*key, 1)).collect();
        let mut genesis = Storage::default();
        genesis.top.insert(storage_key("Aura"), aura.encode());
        genesis
            .top
            .insert(storage_key("Grandpa"), weighted.encode());
        genesis
    }

    fn check_for_nobody(genesis: &Storage) -> Result<(), Error> {
        check("Test", genesis, |key| *key == NOBODY)
    }

    #[test]
    fn real_validators_are_accepted() {
        assert_eq!(check_for_nobody(&genesis(&[ALICE], &[ALICE])), Ok(()));
    }

    #[test]
    fn each_placeholder_is_named_and_real_keys_are_not() {
        let refusal = check_for_nobody(&genesis(&[ALICE, NOBODY], &[NOBODY, ALICE]));
        let keys = vec![("Aura", NOBODY), ("GRANDPA", NOBODY)];
        assert_eq!(
            refusal,
            Err(Error::Placeholders {
                chain: "Test".into(),
                keys
            })
        );
    }

    #[test]
    fn a_refusal_says_which_keys_and_what_to_do() {
        let refusal = check_for_nobody(&genesis(&[NOBODY], &[ALICE])).expect_err("a placeholder");
        let text = refusal.to_string();
        assert!(text.contains(&to_hex(&NOBODY, false)), "{text}");
        assert!(!text.contains(&to_hex(&ALICE, false)), "{text}");
        assert!(
            text.contains("ergon-node build-spec --chain live > live.json"),
            "{text}"
        );
        assert!(text.contains("ergon-node --chain live.json"), "{text}");
    }

    #[test]
    fn a_genesis_without_validators_is_refused() {
        let no_one = |role| {
            Err(Error::NoAuthorities {
                chain: "Test".into(),
                role,
            })
        };
        assert_eq!(check_for_nobody(&Storage::default()), no_one("Aura"));
        assert_eq!(check_for_nobody(&genesis(&[], &[ALICE])), no_one("Aura"));
        assert_eq!(check_for_nobody(&genesis(&[ALICE], &[])), no_one("GRANDPA"));
    }

    /// The verdict on a built-in chain, or `None` if the tests were built without the runtime.
    fn verdict(name: &str) -> Option<Result<(), Error>> {
        if ergon_runtime::WASM_BINARY.is_none() {
            assert!(
                chain_spec::load(name).is_err(),
                "there is nothing to build a genesis with"
            );
            return None;
        }
        let chain = chain_spec::load(name).expect("built-in chains can be loaded");
        let genesis = chain
            .build_storage()
            .expect("built-in chains have a genesis");
        Some(check(name, &genesis, |key| {
            ergon_runtime::genesis_presets::is_placeholder_authority(key)
        }))
    }

    #[test]
    fn of_the_built_in_chains_only_live_is_a_form() {
        let Some(live) = verdict("live") else { return };
        let Err(Error::Placeholders { keys, .. }) = live else {
            panic!("accepted: {live:?}")
        };
        assert_eq!(keys.len(), 8, "four validators with two keys each");
        assert_eq!(verdict("dev"), Some(Ok(())));
        assert_eq!(verdict("local"), Some(Ok(())));
    }
}
