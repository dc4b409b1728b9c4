//! Keys with names: a private file each in the user's configuration folder.

use crate::CliError;
use ergon_client::{Keypair, Scheme};
use std::{
    env, fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Longest name of a key.
const MAX_NAME: usize = 64;

/// A folder of key files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyStore {
    folder: PathBuf,
}

/// Where a key text leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeySource {
    /// The text is the secret.
    Secret,
    /// A stored key or another file.
    File(PathBuf),
}

impl KeyStore {
    /// The store in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The user's store: `$XDG_CONFIG_HOME/ergon/keys`, or `~/.config/ergon/keys`.
    pub fn of_user() -> Self {
        let set = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let config = set("XDG_CONFIG_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".config")))
            .unwrap_or_else(|| ".config".into());
        Self::new(config.join("ergon").join("keys"))
    }

    /// The file of a name, whether it exists or not.
    pub fn path(&self, name: &str) -> Result<PathBuf, CliError> {
        if is_name(name) {
            Ok(self.folder.join(name))
        } else {
            Err(CliError::Usage(format!(
                "`{name}` is no name for a key: use 1 to {MAX_NAME} letters, digits, `-`, `_` and \
                 `.`, beginning with a letter or digit"
            )))
        }
    }

    /// Stores a secret under a name that is not taken.
    pub fn store(
        &self,
        name: &str,
        secret: &str,
        scheme: Scheme,
    ) -> Result<(PathBuf, Keypair), CliError> {
        let path = self.path(name)?;
        if path.exists() {
            return Err(CliError::Usage(format!(
                "there is a key `{name}` already, at {}; stored keys are never overwritten",
                path.display()
            )));
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .map_err(|reason| CliError::File {
                action: "create",
                path: self.folder.clone(),
                reason,
            })?;
        let pair = Keypair::write_file(&path, secret, scheme)?;
        Ok((path, pair))
    }

    /// Names of the stored keys, sorted.
    pub fn names(&self) -> Result<Vec<String>, CliError> {
        let failed = |reason| CliError::File {
            action: "read",
            path: self.folder.clone(),
            reason,
        };
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            names.extend(
                name.to_str()
                    .filter(|name| is_name(name))
                    .map(str::to_owned),
            );
        }
        names.sort();
        Ok(names)
    }

    /// Where a key text leads: to a secret, a stored key or a file, in this order.
    pub fn find(&self, text: &str) -> Result<KeySource, CliError> {
        if is_secret(text) {
            return Ok(KeySource::Secret);
        }
        let stored = self.path(text).ok().filter(|path| path.is_file());
        let file = || {
            Some(Path::new(text))
                .filter(|path| path.is_file())
                .map(Path::to_owned)
        };
        stored
            .or_else(file)
            .map(KeySource::File)
            .ok_or_else(|| CliError::UnknownKey { name: text.into() })
    }

    /// The key pair that a text names. A bare secret is taken as one of `bare`'s scheme.
    pub fn resolve(&self, text: &str, bare: Scheme) -> Result<Keypair, CliError> {
        Ok(match self.find(text)? {
            KeySource::Secret => Keypair::from_suri_with(text, bare)?,
            KeySource::File(path) => Keypair::from_file(&path, bare)?,
        })
    }
}

/// Whether a text can only be a secret: a derivation path, a seed or a phrase.
fn is_secret(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("//") || text.starts_with("0x") || text.contains(' ')
}

fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn store() -> (tempfile::TempDir, KeyStore) {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyStore::new(folder.path().join("keys"));
        (folder, store)
    }

    #[test]
    fn stored_keys_are_found_by_name() {
        let (_folder, store) = store();
        assert!(store.names().unwrap().is_empty());
        let (path, pair) = store.store("worker-1", "//Bob", Scheme::Ed25519).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(store.names().unwrap(), ["worker-1"]);
        let found = store.resolve("worker-1", Scheme::Sr25519).unwrap();
        assert_eq!(
            (found.scheme(), found.account()),
            (Scheme::Ed25519, pair.account())
        );
    }

    #[test]
    fn stored_keys_are_never_overwritten() {
        let (_folder, store) = store();
        store.store("a", "//Bob", Scheme::Sr25519).unwrap();
        let error = store.store("a", "//Eve", Scheme::Sr25519).err().unwrap();
        assert!(error.to_string().contains("never overwritten"), "{error}");
        let found = store.resolve("a", Scheme::Sr25519).unwrap();
        assert_eq!(
            found.account(),
            Keypair::from_suri("//Bob").unwrap().account()
        );
    }

    #[test]
    fn names_cannot_lead_out_of_the_folder() {
        let (_folder, store) = store();
        for name in [
            "",
            "..",
            "../a",
            "a/b",
            ".hidden",
            "-x",
            "a b",
            &"a".repeat(65),
        ] {
            assert!(
                matches!(store.path(name), Err(CliError::Usage(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn secrets_are_recognised_and_files_are_read() {
        let (folder, store) = store();
        for text in ["//Alice", "0x1234", "one two three"] {
            assert_eq!(store.find(text).unwrap(), KeySource::Secret, "{text}");
        }
        let path = folder.path().join("mine.json");
        Keypair::write_file(&path, "//Eve", Scheme::Ecdsa).unwrap();
        let found = store
            .resolve(path.to_str().unwrap(), Scheme::Sr25519)
            .unwrap();
        assert_eq!(found.scheme(), Scheme::Ecdsa);
        assert!(matches!(
            store.find("nobody"),
            Err(CliError::UnknownKey { .. })
        ));
    }
}
