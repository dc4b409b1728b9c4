//! Files from locators: `https://`, `http://`, `file://` and absolute paths.
//!
//! These functions block: call them from a thread that may wait, for example through
//! `tokio::task::spawn_blocking`.

use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use ureq::Agent;

/// How long a connection may take.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long a server may be silent.
const SILENT_TIME: Duration = Duration::from_secs(30);
/// How long a whole download may take.
const TOTAL_TIME: Duration = Duration::from_secs(1_800);
/// How much is read at a time.
const CHUNK: usize = 64 * 1_024;

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The locator is none that can be fetched.
    #[error(
        "cannot fetch `{locator}`: {reason}. Use https://, http://, file:// or an absolute path"
    )]
    BadLocator {
        /// The locator.
        locator: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is nothing at the locator.
    #[error("there is no file at `{locator}`. Ask its provider to put it there again")]
    NotFound {
        /// The locator.
        locator: String,
    },
    /// The server does not give the file.
    #[error("the server refuses `{locator}` with the HTTP status {status}")]
    Refused {
        /// The locator.
        locator: String,
        /// The HTTP status.
        status: u16,
    },
    /// The server cannot be reached, or the connection broke off.
    #[error("cannot fetch `{locator}` now: {reason}. Try again later")]
    Unreachable {
        /// The locator.
        locator: String,
        /// What happened.
        reason: String,
    },
    /// The file is larger than allowed.
    #[error("`{locator}` is larger than the {limit} bytes that are allowed")]
    TooLarge {
        /// The locator.
        locator: String,
        /// The largest size that is allowed, in bytes.
        limit: u64,
    },
    /// The content is not the one that was promised.
    #[error(
        "`{locator}` has the SHA-256 {found}, but {expected} was promised. The file was changed or \
         damaged; nothing was kept"
    )]
    WrongDigest {
        /// The locator.
        locator: String,
        /// The digest that was promised, in hexadecimal.
        expected: String,
        /// The digest of what came, in hexadecimal.
        found: String,
    },
    /// A local file cannot be read or written.
    #[error("cannot {action} {}: {reason}", .path.display())]
    File {
        /// What was tried: `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        reason: io::Error,
    },
}

impl FetchError {
    /// Whether trying again later can help: the fault is not known to lie with the file.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }
}

/// Fetches a file of at most `limit` bytes to `to`, and returns its size and SHA-256. The file
/// appears there only when it is complete.
pub fn fetch(locator: &str, limit: u64, to: &Path) -> Result<(u64, [u8; 32]), FetchError> {
    let part = Part::beside(to)?;
    let fetched = copy(locator, limit, &part)?;
    part.keep(to)?;
    Ok(fetched)
}

/// Fetches a file of at most `limit` bytes to `to`, and returns its size. The file appears there
/// only when it is complete and has this SHA-256.
pub fn fetch_verified(
    locator: &str,
    sha256: [u8; 32],
    limit: u64,
    to: &Path,
) -> Result<u64, FetchError> {
    let part = Part::beside(to)?;
    let (size, found) = copy(locator, limit, &part)?;
    if found != sha256 {
        return Err(FetchError::WrongDigest {
            locator: locator.into(),
            expected: hex::encode(sha256),
            found: hex::encode(found),
        });
    }
    part.keep(to)?;
    Ok(size)
}

/// The SHA-256 of a local file.
pub fn sha256_of(path: &Path) -> Result<[u8; 32], FetchError> {
    let failed = |reason| FetchError::File {
        action: "read",
        path: path.into(),
        reason,
    };
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut hasher).map_err(failed)?;
    Ok(hasher.finalize().into())
}

/// Copies what is at the locator into the part, and returns size and SHA-256.
fn copy(locator: &str, limit: u64, part: &Part) -> Result<(u64, [u8; 32]), FetchError> {
    let too_large = || FetchError::TooLarge {
        locator: locator.into(),
        limit,
    };
    let (mut source, announced) = open(locator)?;
    if announced.is_some_and(|size| size > limit) {
        return Err(too_large());
    }
    let mut target = part.open()?;
    let mut hasher = Sha256::new();
    let mut size = 0u64;
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let reason = error.to_string();
                return Err(FetchError::Unreachable {
                    locator: locator.into(),
                    reason,
                });
            }
        };
        size = size.saturating_add(length as u64);
        if size > limit {
            return Err(too_large());
        }
        let bytes = chunk.get(..length).unwrap_or_default();
        hasher.update(bytes);
        target
            .write_all(bytes)
            .map_err(|reason| part.write_error(reason))?;
    }
    target
        .sync_all()
        .map_err(|reason| part.write_error(reason))?;
    Ok((size, hasher.finalize().into()))
}

/// Something to read, and its size if that is known beforehand.
type Source = (Box<dyn Read>, Option<u64>);

fn open(locator: &str) -> Result<Source, FetchError> {
    if locator.starts_with("https://") || locator.starts_with("http://") {
        open_url(locator)
    } else {
        open_file(locator, &path_of(locator)?)
    }
}

/// The path that a `file://` locator or an absolute path names.
fn path_of(locator: &str) -> Result<PathBuf, FetchError> {
    let bad = |reason: &str| FetchError::BadLocator {
        locator: locator.into(),
        reason: reason.into(),
    };
    let Some(rest) = locator.strip_prefix("file://") else {
        return if locator.starts_with('/') {
            Ok(locator.into())
        } else {
            Err(bad(
                "it is neither a known kind of address nor an absolute path",
            ))
        };
    };
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return Err(bad("it names a file on another machine"));
    }
    percent_decode(path)
        .map(PathBuf::from)
        .ok_or_else(|| bad("it has a wrong escape with `%`"))
}

/// Replaces `%XX` by the byte it stands for.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let mut byte = [0];
            hex::decode_to_slice(after.get(..2)?, &mut byte).ok()?;
            bytes.extend(byte);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn open_file(locator: &str, path: &Path) -> Result<Source, FetchError> {
    let failed = |reason: io::Error| match reason.kind() {
        io::ErrorKind::NotFound => FetchError::NotFound {
            locator: locator.into(),
        },
        _ => FetchError::File {
            action: "read",
            path: path.into(),
            reason,
        },
    };
    // Asked before opening: to open a pipe or a device could wait for ever.
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        let reason = "it is not a regular file".into();
        return Err(FetchError::BadLocator {
            locator: locator.into(),
            reason,
        });
    }
    let file = File::open(path).map_err(failed)?;
    Ok((Box::new(file), Some(metadata.len())))
}

/// One agent for all downloads, so that connections are used again.
static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .timeout_connect(Some(CONNECT_TIME))
        .timeout_recv_response(Some(SILENT_TIME))
        .timeout_per_read(Some(SILENT_TIME))
        .timeout_global(Some(TOTAL_TIME))
        .user_agent(concat!("ergon/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::new_with_config(config)
});

fn open_url(locator: &str) -> Result<Source, FetchError> {
    let response = AGENT
        .get(locator)
        .call()
        .map_err(|error| refusal(locator, error))?;
    let body = response.into_body();
    let size = body.content_length();
    Ok((Box::new(body.into_reader()), size))
}

fn refusal(locator: &str, error: ureq::Error) -> FetchError {
    let locator = locator.to_owned();
    match error {
        ureq::Error::StatusCode(404 | 410) => FetchError::NotFound { locator },
        ureq::Error::StatusCode(status) => FetchError::Refused { locator, status },
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => FetchError::BadLocator {
            locator,
            reason: error.to_string(),
        },
        error => FetchError::Unreachable {
            locator,
            reason: error.to_string(),
        },
    }
}

/// An unfinished file beside the one that it will be. It is removed unless it is kept.
struct Part {
    path: PathBuf,
}

impl Part {
    fn beside(target: &Path) -> Result<Self, FetchError> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".part-{}-{number}", std::process::id()));
        let path = target.with_file_name(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|reason| FetchError::File {
                action: "write",
                path: folder.into(),
                reason,
            })?;
        }
        Ok(Self { path })
    }

    fn open(&self) -> Result<File, FetchError> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&self.path)
            .map_err(|reason| self.write_error(reason))
    }

    fn write_error(&self, reason: io::Error) -> FetchError {
        FetchError::File {
            action: "write",
            path: self.path.clone(),
            reason,
        }
    }

    fn keep(self, target: &Path) -> Result<(), FetchError> {
        fs::rename(&self.path, target).map_err(|reason| self.write_error(reason))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After `keep` there is nothing left here; otherwise nobody misses what cannot be removed.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{BufRead, BufReader},
        net::TcpListener,
        thread,
    };

    const CONTENT: &[u8] = b"the content of a file";

    fn digest() -> [u8; 32] {
        Sha256::digest(CONTENT).into()
    }

    /// A server that answers every connection with the same bytes; returns its address.
    fn serve(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let request = BufReader::new(stream.try_clone().unwrap()).lines();
                // The request's head ends with an empty line.
                for line in request {
                    if line.map_or(true, |line| line.is_empty()) {
                        break;
                    }
                }
                let _ = stream.write_all(&answer);
            }
        });
        format!("http://{address}/file")
    }

    fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
        [head.as_bytes(), body].concat()
    }

    fn ok() -> Vec<u8> {
        response(
            "200 OK",
            &format!("Content-Length: {}\r\n", CONTENT.len()),
            CONTENT,
        )
    }

    fn target() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("target");
        (dir, path)
    }

    fn is_empty(dir: &tempfile::TempDir) -> bool {
        fs::read_dir(dir.path()).unwrap().next().is_none()
    }

    #[test]
    fn fetches_over_http() {
        let (_dir, path) = target();
        let size = CONTENT.len() as u64;
        assert_eq!(fetch(&serve(ok()), 1_000, &path).unwrap(), (size, digest()));
        assert_eq!(fs::read(&path).unwrap(), CONTENT);
        assert_eq!(sha256_of(&path).unwrap(), digest());
    }

    #[test]
    fn fetches_local_files_by_path_and_by_address() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("a file");
        fs::write(&source, CONTENT).unwrap();
        let path = source.to_str().unwrap().to_owned();
        let escaped = path.replace(' ', "%20");
        let to = dir.path().join("deep/below/copy");
        for locator in [
            path,
            format!("file://{escaped}"),
            format!("file://localhost{escaped}"),
        ] {
            assert_eq!(
                fetch_verified(&locator, digest(), 21, &to).unwrap(),
                21,
                "{locator}"
            );
            assert_eq!(fs::read(&to).unwrap(), CONTENT);
            fs::remove_file(&to).unwrap();
        }
    }

    #[test]
    fn a_wrong_digest_leaves_nothing_behind() {
        let (dir, path) = target();
        let error = fetch_verified(&serve(ok()), [0; 32], 1_000, &path).unwrap_err();
        assert!(matches!(error, FetchError::WrongDigest { .. }) && !error.is_passing());
        assert!(is_empty(&dir));
    }

    #[test]
    fn a_wrong_digest_does_not_touch_the_file_that_is_there() {
        let (_dir, path) = target();
        fs::write(&path, "verified before").unwrap();
        fetch_verified(&serve(ok()), [0; 32], 1_000, &path).unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), "verified before");
    }

    #[test]
    fn too_much_is_refused_announced_or_not() {
        let size = CONTENT.len() as u64;
        let unannounced = response("200 OK", "", CONTENT);
        for answer in [ok(), unannounced] {
            let (dir, path) = target();
            let url = serve(answer);
            let error = fetch(&url, size - 1, &path).unwrap_err();
            assert!(matches!(error, FetchError::TooLarge { limit, .. } if limit == size - 1));
            assert!(is_empty(&dir));
            assert!(fetch(&url, size, &path).is_ok());
        }
    }

    #[test]
    fn a_connection_that_breaks_off_is_an_error() {
        let (dir, path) = target();
        let cut = response("200 OK", "Content-Length: 1000\r\n", CONTENT);
        let error = fetch(&serve(cut), 2_000, &path).unwrap_err();
        assert!(matches!(error, FetchError::Unreachable { .. }), "{error}");
        assert!(error.is_passing() && is_empty(&dir));
    }

    #[test]
    fn the_servers_refusals_are_told_apart() {
        let (_dir, path) = target();
        let refused = |status: &str| {
            let url = serve(response(status, "Content-Length: 0\r\n", b""));
            fetch(&url, 10, &path).unwrap_err()
        };
        assert!(matches!(
            refused("404 Not Found"),
            FetchError::NotFound { .. }
        ));
        let forbidden = refused("403 Forbidden");
        assert!(matches!(forbidden, FetchError::Refused { status: 403, .. }));
        assert!(!forbidden.is_passing());
        assert!(refused("503 Service Unavailable").is_passing());
    }

    #[test]
    fn nobody_at_the_address_is_unreachable() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        drop(listener);
        let (_dir, path) = target();
        let error = fetch(&url, 10, &path).unwrap_err();
        assert!(matches!(error, FetchError::Unreachable { .. }), "{error}");
    }

    #[test]
    fn locators_that_cannot_be_fetched_are_refused() {
        let (dir, path) = target();
        for locator in [
            "",
            "relative/path",
            "ftp://host/file",
            "file://host/file",
            "file:///%G0",
        ] {
            let error = fetch(locator, 10, &path).unwrap_err();
            assert!(
                matches!(error, FetchError::BadLocator { .. }),
                "{locator}: {error}"
            );
        }
        let folder = dir.path().to_str().unwrap();
        assert!(matches!(
            fetch(folder, 10, &path),
            Err(FetchError::BadLocator { .. })
        ));
        let nothing = dir.path().join("nothing");
        let missing = fetch(nothing.to_str().unwrap(), 10, &path);
        assert!(matches!(missing, Err(FetchError::NotFound { .. })));
    }
}
