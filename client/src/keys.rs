//! Keys: where they come from, what they sign.

use ergon_primitives::{AccountId, OrderId, Signature, order_text, possession_text};
use serde::{Deserialize, Serialize};
use sp_core::{
    H256, Pair,
    crypto::{SecretStringError, Ss58Codec},
    ecdsa, ed25519, sr25519,
};
use sp_runtime::{
    MultiSigner,
    traits::{IdentifyAccount, Verify},
};
use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    str::FromStr,
};
use subxt::{
    config::substrate::{AccountId32, MultiSignature, SubstrateConfig},
    tx::Signer,
};

/// Longest key file, in bytes; a longer one is no key file.
const MAX_KEY_FILE: u64 = 4_096;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The secret is no valid one. The text never repeats the secret.
    #[error(
        "the secret is not valid: {reason}. Give a development name (`//Alice`), a phrase of 12 or \
         24 words, or 0x and 64 hexadecimal digits"
    )]
    BadSecret {
        /// Which part of it is wrong.
        reason: &'static str,
    },
    /// There is no signature scheme of that name.
    #[error("there is no signature scheme `{0}`: choose sr25519, ed25519 or ecdsa")]
    UnknownScheme(String),
    /// The text is no account.
    #[error(
        "`{text}` is not an account: {reason}. Give an address like 5Grwva… or 0x and 64 \
         hexadecimal digits"
    )]
    BadAddress {
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be read or written.
    #[error("cannot {action} the key file {}: {reason}", .path.display())]
    File {
        /// What was tried: `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        reason: io::Error,
    },
    /// Others than the owner can read the file.
    #[error(
        "the key file {path} can be read by others (mode {mode:03o}). Make it private with \
         `chmod 600 {path}`", path = .path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file's content is no key.
    #[error(
        "the key file {} holds no key: {reason}. It must hold a secret in plain text, or JSON with \
         `scheme` and `secret`", .path.display()
    )]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// A signature scheme.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Schnorrkel; what wallets use.
    #[default]
    Sr25519,
    /// Ed25519; what worker keys must be.
    Ed25519,
    /// ECDSA over secp256k1.
    Ecdsa,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sr25519 => "sr25519",
            Self::Ed25519 => "ed25519",
            Self::Ecdsa => "ecdsa",
        })
    }
}

impl FromStr for Scheme {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, KeyError> {
        match name {
            "sr25519" => Ok(Self::Sr25519),
            "ed25519" => Ok(Self::Ed25519),
            "ecdsa" => Ok(Self::Ecdsa),
            _ => Err(KeyError::UnknownScheme(name.into())),
        }
    }
}

/// A key pair of any scheme.
#[derive(Clone)]
pub enum Keypair {
    /// Of the scheme sr25519.
    Sr25519(sr25519::Pair),
    /// Of the scheme ed25519.
    Ed25519(ed25519::Pair),
    /// Of the scheme ecdsa.
    Ecdsa(ecdsa::Pair),
}

impl fmt::Debug for Keypair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Keypair({}, {})",
            self.scheme(),
            account_to_ss58(&self.account())
        )
    }
}

/// A key file in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    scheme: Scheme,
    secret: String,
}

impl Keypair {
    /// The sr25519 pair of a secret: development name, phrase or hexadecimal seed, each with
    /// optional derivation path.
    pub fn from_suri(suri: &str) -> Result<Self, KeyError> {
        Self::from_suri_with(suri, Scheme::Sr25519)
    }

    /// The pair of a secret in the given scheme.
    pub fn from_suri_with(suri: &str, scheme: Scheme) -> Result<Self, KeyError> {
        let suri = suri.trim();
        match scheme {
            Scheme::Sr25519 => Pair::from_string(suri, None).map(Self::Sr25519),
            Scheme::Ed25519 => Pair::from_string(suri, None).map(Self::Ed25519),
            Scheme::Ecdsa => Pair::from_string(suri, None).map(Self::Ecdsa),
        }
        .map_err(|error| KeyError::BadSecret {
            reason: bad_part(&error),
        })
    }

    /// A new random pair with its secret phrase of 12 words.
    pub fn generate(scheme: Scheme) -> (Self, String) {
        match scheme {
            Scheme::Sr25519 => {
                let (pair, phrase, _) = sr25519::Pair::generate_with_phrase(None);
                (Self::Sr25519(pair), phrase)
            }
            Scheme::Ed25519 => {
                let (pair, phrase, _) = ed25519::Pair::generate_with_phrase(None);
                (Self::Ed25519(pair), phrase)
            }
            Scheme::Ecdsa => {
                let (pair, phrase, _) = ecdsa::Pair::generate_with_phrase(None);
                (Self::Ecdsa(pair), phrase)
            }
        }
    }

    /// The pair in a key file: JSON with `scheme` and `secret`, or a bare secret, which is taken as
    /// one of `bare`'s scheme. A file that others can read is refused.
    pub fn from_file(path: &Path, bare: Scheme) -> Result<Self, KeyError> {
        let text = read_private(path)?;
        let bad = |reason: String| KeyError::BadFile {
            path: path.into(),
            reason,
        };
        let (scheme, secret) = if text.trim_start().starts_with('{') {
            let file: KeyFile = serde_json::from_str(&text)
                .map_err(|error| bad(format!("line {}, {}", error.line(), json_fault(&error))))?;
            (file.scheme, file.secret)
        } else {
            (bare, text)
        };
        Self::from_suri_with(&secret, scheme).map_err(|error| match error {
            KeyError::BadSecret { reason } => bad(reason.into()),
            error => error,
        })
    }

    /// Writes a secret into a new key file that only its owner can read. A file that is there
    /// already is never overwritten. Returns the pair.
    pub fn write_file(path: &Path, secret: &str, scheme: Scheme) -> Result<Self, KeyError> {
        let pair = Self::from_suri_with(secret, scheme)?;
        let failed = |reason| KeyError::File {
            action: "write",
            path: path.into(),
            reason,
        };
        let file = KeyFile {
            scheme,
            secret: secret.trim().into(),
        };
        let mut text =
            serde_json::to_string_pretty(&file).map_err(|error| failed(io::Error::other(error)))?;
        text.push('\n');
        let mut target = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        target
            .write_all(text.as_bytes())
            .and_then(|()| target.sync_all())
            .map_err(failed)?;
        Ok(pair)
    }

    /// The scheme of the pair.
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Sr25519(_) => Scheme::Sr25519,
            Self::Ed25519(_) => Scheme::Ed25519,
            Self::Ecdsa(_) => Scheme::Ecdsa,
        }
    }

    /// The account of the pair.
    pub fn account(&self) -> AccountId {
        match self {
            Self::Sr25519(pair) => MultiSigner::from(pair.public()),
            Self::Ed25519(pair) => MultiSigner::from(pair.public()),
            Self::Ecdsa(pair) => MultiSigner::from(pair.public()),
        }
        .into_account()
    }

    /// Signs bytes as they are.
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        match self {
            Self::Sr25519(pair) => pair.sign(bytes).into(),
            Self::Ed25519(pair) => pair.sign(bytes).into(),
            Self::Ecdsa(pair) => pair.sign(bytes).into(),
        }
    }

    /// Signs an order: the text of its id.
    pub fn sign_order(&self, order: OrderId) -> Signature {
        self.sign(order_text(order).as_bytes())
    }

    /// Shows that whoever appoints this worker key has it: the proof for `WorkerStaking.bond`.
    pub fn prove_possession(&self, genesis: H256, owner: &AccountId) -> Signature {
        self.sign(possession_text(genesis, owner).as_bytes())
    }
}

/// Whether the account signed the bytes.
pub fn verify(signature: &Signature, bytes: &[u8], signer: &AccountId) -> bool {
    signature.verify(bytes, signer)
}

/// Reads an account: an SS58 address of any network, or 0x and 64 hexadecimal digits.
pub fn account_from_ss58(text: &str) -> Result<AccountId, KeyError> {
    let bad = |reason: String| KeyError::BadAddress {
        text: text.into(),
        reason,
    };
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x") {
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|error| bad(error.to_string()))?;
        return Ok(AccountId::new(bytes));
    }
    AccountId::from_ss58check_with_version(text)
        .map(|(account, _)| account)
        .map_err(|error| bad(error.to_string()))
}

/// The account's address with Substrate's generic prefix 42.
pub fn account_to_ss58(account: &AccountId) -> String {
    account.to_ss58check()
}

fn read_private(path: &Path) -> Result<String, KeyError> {
    let failed = |reason| KeyError::File {
        action: "read",
        path: path.into(),
        reason,
    };
    let file = File::open(path).map_err(failed)?;
    // The permissions of the open file are checked, not those of a path that may be exchanged.
    let mode = file.metadata().map_err(failed)?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed {
            path: path.into(),
            mode,
        });
    }
    let mut text = String::new();
    file.take(MAX_KEY_FILE)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

/// What is wrong with a secret, in words that do not repeat any of it.
fn bad_part(error: &SecretStringError) -> &'static str {
    match error {
        SecretStringError::InvalidFormat(_) => "it has a wrong form",
        SecretStringError::InvalidPhrase => "its words are not a valid phrase",
        SecretStringError::InvalidPassword => "its password is wrong",
        SecretStringError::InvalidSeed => "its seed is not valid",
        SecretStringError::InvalidSeedLength => "its seed has a wrong length",
        SecretStringError::InvalidPath => "its derivation path cannot be used with this scheme",
    }
}

/// What is wrong with a JSON text, in words that do not repeat any of it.
fn json_fault(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Data => "`scheme` or `secret` is missing, wrong or not alone",
        _ => "this is not JSON",
    }
}

/// The pair as the transaction library wants it.
pub(crate) struct TransactionSigner<'a>(pub(crate) &'a Keypair);

impl Signer<SubstrateConfig> for TransactionSigner<'_> {
    fn account_id(&self) -> AccountId32 {
        AccountId32::from(<[u8; 32]>::from(self.0.account()))
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        match self.0 {
            Keypair::Sr25519(pair) => MultiSignature::Sr25519(pair.sign(payload).0),
            Keypair::Ed25519(pair) => MultiSignature::Ed25519(pair.sign(payload).0),
            Keypair::Ecdsa(pair) => MultiSignature::Ecdsa(pair.sign(payload).0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    const SCHEMES: [Scheme; 3] = [Scheme::Sr25519, Scheme::Ed25519, Scheme::Ecdsa];

    fn private_file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        (dir, path)
    }

    #[test]
    fn alice_has_her_well_known_address() {
        let alice = Keypair::from_suri("//Alice").unwrap();
        let address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert_eq!(account_to_ss58(&alice.account()), address);
        assert_eq!(account_from_ss58(address).unwrap(), alice.account());
        let digits = format!("0x{}", hex::encode(<[u8; 32]>::from(alice.account())));
        assert_eq!(account_from_ss58(&digits).unwrap(), alice.account());
    }

    #[test]
    fn what_is_no_account_is_refused() {
        for text in [
            "",
            "Alice",
            "0x1234",
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX",
        ] {
            assert!(
                matches!(account_from_ss58(text), Err(KeyError::BadAddress { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn every_scheme_signs_orders_and_proofs() {
        let (genesis, order) = (H256::repeat_byte(1), OrderId(H256::repeat_byte(2)));
        for scheme in SCHEMES {
            let pair = Keypair::from_suri_with("//Alice", scheme).unwrap();
            let other = Keypair::from_suri_with("//Bob", scheme).unwrap();
            let signature = pair.sign_order(order);
            let text = order_text(order);
            assert!(
                verify(&signature, text.as_bytes(), &pair.account()),
                "{scheme}"
            );
            assert!(
                !verify(&signature, text.as_bytes(), &other.account()),
                "{scheme}"
            );
            let proof = pair.prove_possession(genesis, &other.account());
            let text = possession_text(genesis, &other.account());
            assert!(verify(&proof, text.as_bytes(), &pair.account()), "{scheme}");
        }
    }

    #[test]
    fn a_bad_secret_is_refused_without_repeating_it() {
        for secret in ["hunter2 hunter2", "0x1234", "//Alice/hunter2"] {
            let error = Keypair::from_suri_with(secret, Scheme::Ed25519).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_written_file_is_private_and_can_be_read_back() {
        let dir = tempfile::tempdir().unwrap();
        for scheme in SCHEMES {
            let path = dir.path().join(scheme.to_string());
            let (pair, phrase) = Keypair::generate(scheme);
            Keypair::write_file(&path, &phrase, scheme).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
            let read = Keypair::from_file(&path, Scheme::Sr25519).unwrap();
            assert_eq!((read.scheme(), read.account()), (scheme, pair.account()));
        }
    }

    #[test]
    fn a_file_is_never_overwritten() {
        let (_dir, path) = private_file("precious");
        let error = Keypair::write_file(&path, "//Alice", Scheme::Sr25519).unwrap_err();
        assert!(
            matches!(
                error,
                KeyError::File {
                    action: "write",
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(fs::read_to_string(path).unwrap(), "precious");
    }

    #[test]
    fn a_bare_secret_is_read_in_the_given_scheme() {
        let (_dir, path) = private_file("//Bob\n");
        let pair = Keypair::from_file(&path, Scheme::Ed25519).unwrap();
        let expected = Keypair::from_suri_with("//Bob", Scheme::Ed25519).unwrap();
        assert_eq!(pair.account(), expected.account());
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_remedy() {
        let (_dir, path) = private_file("//Bob");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Keypair::from_file(&path, Scheme::Sr25519).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("mode 640") && text.contains("chmod 600"),
            "{text}"
        );
    }

    #[test]
    fn broken_files_are_refused_without_repeating_the_secret() {
        for text in [
            "{",
            r#"{"secret":"hunter2 hunter2"}"#,
            r#"{"scheme":"rsa","secret":"hunter2"}"#,
            r#"{"scheme":"ed25519","secret":"hunter2 hunter2"}"#,
            r#"{"scheme":"ed25519","secret":"//A","hunter2":1}"#,
            "hunter2 hunter2",
        ] {
            let (_dir, path) = private_file(text);
            let error = Keypair::from_file(&path, Scheme::Sr25519).unwrap_err();
            assert!(matches!(error, KeyError::BadFile { .. }), "{error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let text = format!("{:?}", Keypair::from_suri("//Alice").unwrap());
        assert!(text.starts_with("Keypair(sr25519, 5Grwva"), "{text}");
    }
}
