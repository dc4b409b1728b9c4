//! Which chains there are: three that are built in, and those in files.

use ergon_runtime::genesis_presets::{DEV, LIVE, LOCAL};
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::json;

/// Specification of an Ergon chain.
pub type ChainSpec = GenericChainSpec;

/// Prefix of the names of all network protocols.
const PROTOCOL: &str = "ergon";

/// The chain of this name, or in this file. No name means `live`.
pub fn load(name: &str) -> Result<ChainSpec, String> {
    match name {
        DEV => built_in(DEV, "Ergon Development", ChainType::Development),
        LOCAL => built_in(LOCAL, "Ergon Local", ChainType::Local),
        LIVE | "" => built_in(LIVE, "Ergon", ChainType::Live),
        path => ChainSpec::from_json_file(path.into()).map_err(|error| {
            format!(
                "`{path}` is neither a built-in chain ({DEV}, {LOCAL}, {LIVE}) nor a file with a \
                 chain specification: {error}"
            )
        }),
    }
}

/// A chain whose genesis is the runtime's preset of the same name.
fn built_in(id: &str, name: &str, chain_type: ChainType) -> Result<ChainSpec, String> {
    let runtime = ergon_runtime::WASM_BINARY.ok_or(
        "this program was built without the runtime, so it has no built-in chains: build it again \
         without SKIP_WASM_BUILD, or give --chain a file with a chain specification",
    )?;
    Ok(ChainSpec::builder(runtime, None)
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_protocol_id(PROTOCOL)
        .with_properties(properties())
        .with_genesis_config_preset_name(id)
        .build())
}

/// What wallets need to show amounts and addresses.
fn properties() -> Properties {
    Properties::from_iter([
        ("tokenSymbol".to_string(), json!("ERG")),
        ("tokenDecimals".to_string(), json!(12)),
        ("ss58Format".to_string(), json!(42)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chain, or `None` if the tests were built without the runtime.
    fn chain(name: &str) -> Option<ChainSpec> {
        let loaded = load(name);
        if ergon_runtime::WASM_BINARY.is_none() {
            let refusal = loaded
                .err()
                .expect("there is no runtime to build a genesis with");
            assert!(refusal.contains("SKIP_WASM_BUILD"), "{refusal}");
            return None;
        }
        Some(loaded.expect("built-in chains can be loaded"))
    }

    #[test]
    fn built_in_chains_are_known_by_name() {
        for (id, name) in [
            (DEV, "Ergon Development"),
            (LOCAL, "Ergon Local"),
            (LIVE, "Ergon"),
        ] {
            let Some(chain) = chain(id) else { continue };
            assert_eq!((chain.id(), chain.name()), (id, name));
            assert_eq!(chain.protocol_id(), Some("ergon"));
            assert!(chain.boot_nodes().is_empty());
        }
    }

    #[test]
    fn no_name_means_live() {
        let Some(chain) = chain("") else { return };
        assert_eq!(chain.id(), LIVE);
    }

    #[test]
    fn wallets_learn_symbol_decimals_and_address_format() {
        let Some(chain) = chain(DEV) else { return };
        let properties = chain.properties();
        assert_eq!(properties.get("tokenSymbol"), Some(&json!("ERG")));
        assert_eq!(properties.get("tokenDecimals"), Some(&json!(12)));
        assert_eq!(properties.get("ss58Format"), Some(&json!(42)));
    }

    #[test]
    fn a_specification_comes_back_from_its_file() {
        let Some(live) = chain(LIVE) else { return };
        let json = live.as_json(false).expect("the preset exists");
        let directory = tempfile::tempdir().expect("a directory for tests");
        let path = directory.path().join("live.json");
        std::fs::write(&path, &json).expect("the directory can be written");
        let read = load(&path.display().to_string()).expect("what was written can be read");
        assert_eq!(read.as_json(false).expect("it is complete"), json);
    }

    #[test]
    fn a_missing_file_is_named() {
        let refusal = load("no-such-chain.json")
            .err()
            .expect("there is no such file");
        assert!(refusal.contains("`no-such-chain.json`"), "{refusal}");
        assert!(refusal.contains("dev, local, live"), "{refusal}");
    }
}
