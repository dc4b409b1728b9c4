//! Files, here and behind locators.

use crate::{CliError, text::Hex};
use ergon_client::{FetchError, fetch, fetch_verified, sha256_of};
use sp_core::H256;
use std::{
    convert::Infallible,
    fs,
    panic::resume_unwind,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Largest module or input file that is fetched to compute or check its digest: 4 GiB, which is
/// what the largest category of work allows.
pub const MAX_FETCHED: u64 = 4 << 30;

/// Size and SHA-256 of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// Size in bytes.
    pub size: u64,
    /// The digest.
    pub sha256: [u8; 32],
}

/// Does blocking work beside the event loop.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The program is coming to its end; there is nobody left to tell.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Fetches a file of at most `limit` bytes.
pub async fn download(locator: &str, limit: u64, to: &Path) -> Result<Fingerprint, FetchError> {
    let (locator, to) = (locator.to_owned(), to.to_owned());
    let (size, sha256) = blocking(move || fetch(&locator, limit, &to)).await?;
    Ok(Fingerprint { size, sha256 })
}

/// Fetches a file of at most `limit` bytes that must have this SHA-256; returns its size.
pub async fn download_verified(
    locator: &str,
    sha256: [u8; 32],
    limit: u64,
    to: &Path,
) -> Result<u64, FetchError> {
    let (locator, to) = (locator.to_owned(), to.to_owned());
    blocking(move || fetch_verified(&locator, sha256, limit, &to)).await
}

/// Size and SHA-256 of what a locator serves. Nothing is kept.
pub async fn fingerprint(locator: &str) -> Result<Fingerprint, CliError> {
    let folder = temporary_folder()?;
    let to = folder.path().join("file");
    download(locator, MAX_FETCHED, &to).await.map_err(typed)
}

/// Makes sure that a locator serves the file with this SHA-256.
pub async fn check_locator(locator: &str, sha256: [u8; 32]) -> Result<(), CliError> {
    let folder = temporary_folder()?;
    let to = folder.path().join("file");
    let fetched = download_verified(locator, sha256, MAX_FETCHED, &to).await;
    fetched.map(|_| ()).map_err(typed)
}

/// A locator that is none was typed wrongly: nobody else can mend it.
fn typed(error: FetchError) -> CliError {
    match error {
        FetchError::BadLocator { .. } => CliError::Usage(error.to_string()),
        error => error.into(),
    }
}

/// SHA-256 of a local file.
pub async fn local_digest(path: &Path) -> Result<[u8; 32], CliError> {
    let path = path.to_owned();
    Ok(blocking(move || sha256_of(&path)).await?)
}

/// The `file://` locator of a local file, which must exist.
pub fn file_locator(path: &Path) -> Result<String, CliError> {
    let failed = |reason| CliError::File {
        action: "find",
        path: path.into(),
        reason,
    };
    let path = fs::canonicalize(path).map_err(failed)?;
    match path.to_str() {
        // In a locator `%` begins an escape.
        Some(path) => Ok(format!("file://{}", path.replace('%', "%25"))),
        None => Err(CliError::Usage(format!(
            "the path {} is no UTF-8, and a locator must be: rename the file",
            path.display()
        ))),
    }
}

/// A document that is named by a file, or by its hash when it is elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Document {
    /// The file; its hash is its SHA-256.
    File(PathBuf),
    /// The hash.
    Hash(H256),
}

impl FromStr for Document {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.parse::<Hex>() {
            Ok(hash) => Self::Hash(hash.0),
            Err(_) => Self::File(text.into()),
        })
    }
}

impl Document {
    /// The document's hash.
    pub async fn hash(&self) -> Result<H256, CliError> {
        match self {
            Self::File(path) => local_digest(path).await.map(H256),
            Self::Hash(hash) => Ok(*hash),
        }
    }
}

/// Whether a text is a locator rather than a path.
pub fn is_locator(text: &str) -> bool {
    text.contains("://")
}

/// An absolute form of a path that need not exist.
pub fn absolute(path: &Path) -> Result<PathBuf, CliError> {
    std::path::absolute(path).map_err(|reason| CliError::File {
        action: "find",
        path: path.into(),
        reason,
    })
}

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<String, CliError> {
    fs::read_to_string(path).map_err(|reason| CliError::File {
        action: "read",
        path: path.into(),
        reason,
    })
}

/// Writes a text file.
pub fn write_text(path: &Path, text: &str) -> Result<(), CliError> {
    fs::write(path, text).map_err(|reason| CliError::File {
        action: "write",
        path: path.into(),
        reason,
    })
}

fn temporary_folder() -> Result<tempfile::TempDir, CliError> {
    tempfile::tempdir().map_err(|reason| CliError::File {
        action: "create a folder in",
        path: std::env::temp_dir(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_local_file_is_served_by_its_locator() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("100% genuine.txt");
        write_text(&path, "hello").unwrap();
        let locator = file_locator(&path).unwrap();
        assert!(
            locator.starts_with("file:///") && locator.contains("100%25 genuine"),
            "{locator}"
        );
        let sha256 = local_digest(&path).await.unwrap();
        check_locator(&locator, sha256).await.unwrap();
        assert_eq!(
            fingerprint(&locator).await.unwrap(),
            Fingerprint { size: 5, sha256 }
        );
    }

    #[tokio::test]
    async fn another_file_at_the_locator_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_text(&path, "hello").unwrap();
        let error = check_locator(&file_locator(&path).unwrap(), [0; 32])
            .await
            .unwrap_err();
        assert_eq!(error.explain().code, "wrong-digest");
    }

    #[tokio::test]
    async fn a_locator_that_is_none_was_typed_wrongly() {
        for locator in ["ftp://example.org/a", ""] {
            let error = check_locator(locator, [0; 32]).await.unwrap_err();
            assert_eq!(error.explain().code, "usage", "{locator}");
            assert!(fingerprint(locator).await.is_err(), "{locator}");
        }
    }

    #[tokio::test]
    async fn a_document_is_a_file_or_a_hash() {
        let text = format!("0x{}", "ab".repeat(32));
        let hash: Document = text.parse().unwrap();
        assert_eq!(hash.hash().await.unwrap(), H256::repeat_byte(0xab));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("review.txt");
        write_text(&path, "hello").unwrap();
        let file: Document = path.to_str().unwrap().parse().unwrap();
        let digest = hex::encode(file.hash().await.unwrap());
        assert!(digest.starts_with("2cf24dba5fb0a30e"), "{digest}");
    }

    #[test]
    fn a_missing_file_has_no_locator() {
        let error = file_locator(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(matches!(error, CliError::File { action: "find", .. }));
    }

    #[test]
    fn locators_are_told_from_paths() {
        assert!(is_locator("https://example.org/a") && is_locator("file:///a"));
        assert!(!is_locator("/a/b") && !is_locator("scene.txt"));
    }
}
