//! `session-keys`: a validator's public session keys, the proof that it holds the secret ones, and
//! the way of the secret ones into the keystore.
//!
//! The chain accepts session keys only with a proof of possession: a signature of the owner's
//! account by each key. So nobody can register the keys of somebody else.

use codec::Encode;
use ergon_runtime::{AccountId, SessionKeys};
use sc_cli::{Error, KeystoreParams, Result, SharedParams, SubstrateCli, utils};
use sc_keystore::{Keystore, LocalKeystore};
use sc_service::{BasePath, config::KeystoreConfig};
use serde_json::json;
use sp_core::{
    Pair,
    bytes::to_hex,
    crypto::{ExposeSecret, SecretString, SecretStringError},
    ed25519, sr25519,
};
use sp_keystore::KeystoreExt;
use sp_state_machine::BasicExternalities;
use std::{
    io::{Write, stdout},
    path::PathBuf,
};

/// Arguments of `session-keys`.
#[derive(Debug, Clone, clap::Parser)]
pub struct SessionKeysCmd {
    /// Secret from which the keys are made: a phrase, a 0x seed or a //path.
    ///
    /// If it is the name of a file, the secret is read from the file. If it is not given, the
    /// program asks for it.
    #[arg(long, value_name = "SECRET")]
    pub seed: Option<String>,

    /// Account that will send `session.setKeys`; the proof holds for this account alone.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_owner)]
    pub owner: AccountId,

    /// Put the keys into the keystore of the chain that --chain and --base-path name.
    #[arg(long)]
    pub insert: bool,

    /// Chain and base path.
    #[clap(flatten)]
    pub shared_params: SharedParams,

    /// Keystore and its password.
    #[clap(flatten)]
    pub keystore_params: KeystoreParams,
}

fn parse_owner(text: &str) -> std::result::Result<AccountId, String> {
    text.parse::<AccountId>().map_err(|reason| {
        format!("`{text}` is no account ({reason}): give an SS58 address or 0x and 64 hex digits")
    })
}

impl SessionKeysCmd {
    /// Makes the keys, stores them if asked to, and prints what `session.setKeys` needs.
    pub fn run<C: SubstrateCli>(&self, cli: &C) -> Result<()> {
        let secret = utils::read_uri(self.seed.as_ref())?;
        let directory = if self.insert {
            self.chain_directory(cli)?
        } else {
            PathBuf::new()
        };
        let (path, password) = match self.keystore_params.keystore_config(&directory)? {
            KeystoreConfig::Path { path, password } => (Some(path), password),
            KeystoreConfig::InMemory => (None, None),
        };
        let generated = Generated::new(&secret, password.as_ref(), &self.owner)?;
        if let Some(path) = path.filter(|_| self.insert) {
            generated.insert(LocalKeystore::open(path.clone(), password)?, &secret)?;
            eprintln!("The keys are in {}.", path.display());
        }
        stdout().write_all(generated.report(&self.owner).as_bytes())?;
        Ok(())
    }

    /// Where the node keeps the data of the chain.
    fn chain_directory<C: SubstrateCli>(&self, cli: &C) -> Result<PathBuf> {
        if self.shared_params.is_dev() && self.shared_params.base_path.is_none() {
            return Err(Error::Input(
                "--insert with --dev would put the keys into a directory that is removed at once: \
                 give --base-path too"
                    .into(),
            ));
        }
        let base_path = self
            .shared_params
            .base_path()?
            .unwrap_or_else(|| BasePath::from_project("", "", &C::executable_name()));
        let chain = cli.load_spec(&self.shared_params.chain_id(self.shared_params.is_dev()))?;
        Ok(base_path.config_dir(chain.id()))
    }
}

/// Session keys with the proof that their maker holds them.
struct Generated {
    keys: SessionKeys,
    /// One signature for each key, encoded.
    proof: Vec<u8>,
}

impl Generated {
    /// The keys that the runtime would make from this secret, proven for this owner.
    fn new(secret: &str, password: Option<&SecretString>, owner: &AccountId) -> Result<Self> {
        let secret = with_password(secret, password)?;
        check(&secret)?;
        let mut externalities = BasicExternalities::new_empty();
        externalities.register_extension(KeystoreExt::new(LocalKeystore::in_memory()));
        let seed = Some(secret.into_bytes());
        let generated = externalities.execute_with(|| SessionKeys::generate(&owner.encode(), seed));
        Ok(Self {
            keys: generated.keys,
            proof: generated.proof.encode(),
        })
    }

    /// Puts the keys into this keystore. The password is not stored: the keystore has it.
    fn insert(&self, keystore: LocalKeystore, secret: &str) -> Result<()> {
        for (public, key_type) in self.keys.clone().into_raw_public_keys() {
            keystore
                .insert(key_type, secret, &public)
                .map_err(|()| Error::KeystoreOperation)?;
        }
        Ok(())
    }

    fn report(&self, owner: &AccountId) -> String {
        let Self { keys, proof } = self;
        let mut lines = vec![format!("owner:   {owner}")];
        for (public, key_type) in keys.clone().into_raw_public_keys() {
            let name = match &key_type.0 {
                b"aura" => "aura:",
                b"gran" => "grandpa:",
                _ => "other:",
            };
            lines.push(format!("{name:<9}{}", to_hex(&public, false)));
        }
        lines.push(format!("keys:    {}", to_hex(&keys.encode(), false)));
        lines.push(format!("proof:   {}", to_hex(proof, false)));
        lines.push(format!("genesis: {}", json!([owner, owner, keys])));
        lines.push(
            "Let the owner send session.setKeys(keys, proof). The first validators of a".into(),
        );
        lines.push(
            "new chain put `genesis` into session.keys of its specification instead.\n".into(),
        );
        lines.join("\n")
    }
}

/// The secret as it is when the keystore has a password.
fn with_password(secret: &str, password: Option<&SecretString>) -> Result<String> {
    match password {
        None => Ok(secret.into()),
        Some(_) if secret.contains("///") => Err(Error::Input(
            "the secret has a password of its own (after ///) and the keystore has another: use \
             only one of them"
                .into(),
        )),
        Some(password) => Ok(format!("{secret}///{}", password.expose_secret())),
    }
}

/// Refuses a secret from which not every kind of key can be made.
fn check(secret: &str) -> Result<()> {
    let refused = |kind: &str, reason: SecretStringError| {
        Error::Input(format!(
            "no {kind} key can be made from the secret ({reason:?}): give a phrase of 12 or more \
             words, a seed of 0x and 64 hex digits, or a path with double slashes such as \
             //Alice//session"
        ))
    };
    sr25519::Pair::from_string(secret, None).map_err(|reason| refused("sr25519", reason))?;
    ed25519::Pair::from_string(secret, None).map_err(|reason| refused("ed25519", reason))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::crypto::key_types;
    use sp_runtime::traits::OpaqueKeys;
    use std::str::FromStr;

    fn account(byte: u8) -> AccountId {
        AccountId::new([byte; 32])
    }

    fn alice() -> Generated {
        Generated::new("//Alice", None, &account(7)).expect("Alice's secret is well known")
    }

    fn password(text: &str) -> SecretString {
        SecretString::from_str(text).expect("any text is a password")
    }

    #[test]
    fn the_keys_of_a_well_known_secret_are_well_known() {
        let aura = sr25519::Pair::from_string("//Alice", None)
            .expect("well known")
            .public();
        let grandpa = ed25519::Pair::from_string("//Alice", None)
            .expect("well known")
            .public();
        let expected = [aura.0, grandpa.0].concat();
        assert_eq!(alice().keys.encode(), expected);
    }

    #[test]
    fn the_chain_accepts_the_proof_for_the_owner_alone() {
        let Generated { keys, proof } = alice();
        assert!(keys.ownership_proof_is_valid(&account(7).encode(), &proof));
        assert!(!keys.ownership_proof_is_valid(&account(8).encode(), &proof));
    }

    #[test]
    fn the_report_has_what_set_keys_needs() {
        let alice = alice();
        let report = alice.report(&account(7));
        assert!(report.contains(&format!("keys:    {}", to_hex(&alice.keys.encode(), false))));
        assert!(report.contains(&format!("proof:   {}", to_hex(&alice.proof, false))));
        assert!(report.contains(&account(7).to_string()));
    }

    #[test]
    fn the_report_has_what_a_genesis_needs() {
        let owner: AccountId = sr25519::Pair::from_string("//Alice//stash", None)
            .expect("well known")
            .public()
            .into();
        let report = alice().report(&owner);
        let mut lines = report.lines();
        let entry = lines
            .find_map(|line| line.strip_prefix("genesis: "))
            .expect("the report has a line for the genesis");
        // The addresses under which everybody knows Alice.
        let expected = json!([
            "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY",
            "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY",
            {
                "aura": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
                "grandpa": "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu",
            },
        ]);
        let found: serde_json::Value = serde_json::from_str(entry).expect("it is JSON");
        assert_eq!(found, expected);
        // The runtime's genesis reads it as a validator with its keys.
        let read: (AccountId, AccountId, SessionKeys) =
            serde_json::from_str(entry).expect("it is an entry of session.keys");
        assert_eq!(read, (owner.clone(), owner, alice().keys));
    }

    #[test]
    fn a_node_finds_the_inserted_keys() {
        let directory = tempfile::tempdir().expect("a directory for tests");
        let open = || LocalKeystore::open(directory.path(), None).expect("the keystore opens");
        let alice = alice();
        alice
            .insert(open(), "//Alice")
            .expect("the keystore can be written");
        assert!(open().has_keys(&alice.keys.into_raw_public_keys()));
    }

    #[test]
    fn a_password_is_part_of_the_secret() {
        let directory = tempfile::tempdir().expect("a directory for tests");
        let guarded = password("guarded");
        let open =
            || LocalKeystore::open(directory.path(), Some(guarded.clone())).expect("it opens");
        let with_password = Generated::new("//Alice", Some(&guarded), &account(7))
            .expect("a secret with a password");
        assert_ne!(with_password.keys, alice().keys);

        with_password
            .insert(open(), "//Alice")
            .expect("the keystore can be written");
        let aura = open().sr25519_public_keys(key_types::AURA);
        let signature = open().sr25519_sign(key_types::AURA, &aura[0], b"block");
        assert!(
            matches!(signature, Ok(Some(_))),
            "the keystore can sign with what it was given"
        );
    }

    #[test]
    fn two_passwords_are_refused() {
        let refusal = Generated::new("//Alice///own", Some(&password("other")), &account(7));
        assert!(matches!(refusal, Err(Error::Input(text)) if text.contains("only one")));
    }

    #[test]
    fn a_secret_must_fit_both_kinds_of_key() {
        for (secret, kind) in [("//Alice/soft", "ed25519"), ("not a secret", "sr25519")] {
            let refusal = Generated::new(secret, None, &account(7));
            assert!(
                matches!(refusal, Err(Error::Input(text)) if text.contains(kind)),
                "{secret}"
            );
        }
    }

    #[test]
    fn an_owner_is_an_address_or_a_public_key() {
        let owner = account(7);
        assert_eq!(parse_owner(&owner.to_string()), Ok(owner.clone()));
        assert_eq!(parse_owner(&to_hex(&[7; 32], false)), Ok(owner));
        let refusal = parse_owner("Alice").expect_err("a name is no address");
        assert!(refusal.contains("`Alice`"), "{refusal}");
    }
}
