//! Modules, datasets and inputs: from their locators into a cache of verified files.
//!
//! # When a file cannot be had
//!
//! | what happens | what the worker does |
//! |---|---|
//! | the locator means nothing, or the file is larger than allowed | votes `Unavailable` at once: everyone sees the same |
//! | there is no such file, the server refuses it, or its content is another | tries again three times, then votes `Unavailable` |
//! | the server cannot be reached | tries again for a quarter of the time for votes, then votes `Unavailable` |
//! | the configuration does not allow the locator | leaves the task alone |
//! | this machine cannot write or read a file of its own | tries again three times, then leaves the task alone |
//!
//! A vote for `Unavailable` costs nobody a stake when it wins; it loses like any other vote when enough
//! workers could fetch the file. A machine that shares no files with requesters should not allow `file`
//! locators.

use crate::{config::LocatorKind, limits::MAX_MODULE_BYTES};
use ergon_client::{
    DATASET_INPUT, FetchError, InputFile, TaskSpec, fetch_verified,
    primitives::{App, AppKind, Dataset},
    sha256_of,
};
use std::{
    collections::HashSet,
    fs::{self, File},
    io,
    path::{Component, Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};
use tokio::time::sleep;

/// How often a file is asked for that should be there and is not, beyond the first time.
const RETRIES: u32 = 3;
/// Pause before the first repetition; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(if cfg!(test) { 1 } else { 500 });
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Files that were used so lately are never pruned: an execution may be about to read them.
const IN_USE: Duration = Duration::from_secs(600);

/// Why a task's files are not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The vote is `Unavailable`; why.
    Unavailable(String),
    /// There is no vote; why.
    Skip(String),
}

/// Which locators may be fetched from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocatorRules {
    kinds: Vec<LocatorKind>,
    roots: Vec<PathBuf>,
}

impl LocatorRules {
    /// Only these kinds, and files only below these folders.
    pub fn new(kinds: Vec<LocatorKind>, roots: Vec<PathBuf>) -> Self {
        Self { kinds, roots }
    }

    /// Why a locator may not be fetched from, if it may not. Those that mean nothing are nobody's rule.
    pub fn refuse(&self, locator: &str) -> Option<String> {
        let kind = kind(locator)?;
        if !self.kinds.contains(&kind) {
            return Some(format!("`locators` does not allow `{locator}`"));
        }
        if kind == LocatorKind::File && !self.is_below_roots(locator) {
            return Some(format!("`{locator}` is not below one of `file_roots`"));
        }
        None
    }

    fn is_below_roots(&self, locator: &str) -> bool {
        if self.roots.iter().any(|root| root == Path::new("/")) {
            return true;
        }
        let path = locator.strip_prefix("file://").unwrap_or(locator);
        let path = Path::new(path.strip_prefix("localhost").unwrap_or(path));
        // Escapes could hide anything, and links lead anywhere.
        let plain =
            !locator.contains('%') && path.components().all(|part| part != Component::ParentDir);
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        plain
            && self.roots.iter().any(|root| {
                let root = fs::canonicalize(root).unwrap_or_else(|_| root.clone());
                real.starts_with(root)
            })
    }
}

fn kind(locator: &str) -> Option<LocatorKind> {
    let kinds = [
        ("https://", LocatorKind::Https),
        ("http://", LocatorKind::Http),
        ("file://", LocatorKind::File),
        ("/", LocatorKind::File),
    ];
    kinds
        .into_iter()
        .find(|(start, _)| locator.starts_with(start))
        .map(|(_, kind)| kind)
}

/// What an error of a fetch means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Judgement {
    /// Everyone sees the same, always.
    Unavailable,
    /// It may have been an accident; after some repetitions it is so.
    UnavailableAfterRetries,
    /// It may pass; after a long time it is so.
    UnavailableInTheEnd,
    /// The fault is this machine's.
    Own,
}

fn judge(error: &FetchError) -> Judgement {
    match error {
        FetchError::BadLocator { .. } | FetchError::TooLarge { .. } => Judgement::Unavailable,
        FetchError::File { .. } => Judgement::Own,
        error if error.is_passing() => Judgement::UnavailableInTheEnd,
        _ => Judgement::UnavailableAfterRetries,
    }
}

/// What to do after a number of failures.
fn next(
    judgement: Judgement,
    failures: u32,
    patience_is_over: bool,
) -> Option<fn(String) -> Failure> {
    let retried = failures > RETRIES;
    match judgement {
        Judgement::Unavailable => Some(Failure::Unavailable),
        Judgement::UnavailableAfterRetries if retried => Some(Failure::Unavailable),
        Judgement::UnavailableInTheEnd if retried && patience_is_over => Some(Failure::Unavailable),
        Judgement::Own if retried => Some(Failure::Skip),
        _ => None,
    }
}

/// A task's files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Files {
    /// The module.
    pub module: PathBuf,
    /// Names below the input folder, and the files behind them.
    pub inputs: Vec<(String, PathBuf)>,
}

/// Verified files by their digests.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Where the executor keeps compiled modules; pruned together with the files.
    compiled: PathBuf,
    limit: u64,
    rules: LocatorRules,
    /// Digests of files that were verified since this process started.
    verified: Mutex<HashSet<[u8; 32]>>,
}

impl Cache {
    /// A cache in a worker's folder, pruned to `limit` bytes.
    pub fn open(data: &Path, limit: u64, rules: LocatorRules) -> io::Result<Self> {
        let (folder, compiled) = (data.join("cache"), data.join("compiled"));
        fs::create_dir_all(&folder)?;
        fs::create_dir_all(&compiled)?;
        Ok(Self {
            folder,
            compiled,
            limit,
            rules,
            verified: Mutex::default(),
        })
    }

    /// Folder of the compiled modules.
    pub fn compiled(&self) -> &Path {
        &self.compiled
    }

    /// Fetches a task's module, its dataset and its inputs; the sizes of these may come to `input_limit`
    /// bytes. An encrypted dataset is given to the app as it is. Servers that cannot be reached are asked
    /// again for as long as `patience`.
    pub async fn prepare(
        &self,
        app: &App,
        dataset: Option<&Dataset>,
        spec: &TaskSpec,
        input_limit: u64,
        patience: Duration,
    ) -> Result<Files, Failure> {
        if app.kind != AppKind::Wasm {
            let reason = "the app is a container image, and this worker runs none";
            return Err(Failure::Skip(reason.into()));
        }
        let deadline = Instant::now() + patience;
        let too_large =
            || Failure::Unavailable("the inputs are larger than their category allows".into());
        if spec.known_size() > input_limit {
            return Err(too_large());
        }
        let locator = String::from_utf8_lossy(&app.locator);
        let (module, _) = self
            .obtain(&locator, app.digest.0, MAX_MODULE_BYTES, deadline)
            .await?;
        let wanted = dataset.map(as_input).into_iter();
        let mut inputs = Vec::new();
        let mut left = input_limit;
        for input in wanted.chain(spec.inputs.iter().cloned()) {
            let (path, size) = self
                .obtain(&input.locator, input.sha256, left, deadline)
                .await?;
            left = left.checked_sub(size).ok_or_else(too_large)?;
            inputs.push((input.name, path));
        }
        Ok(Files { module, inputs })
    }

    /// The file with this digest, and its size: from the cache, or from the locator.
    async fn obtain(
        &self,
        locator: &str,
        sha256: [u8; 32],
        limit: u64,
        deadline: Instant,
    ) -> Result<(PathBuf, u64), Failure> {
        let path = self.folder.join(hex::encode(sha256));
        if let Some(size) = self.find(&path, sha256).await {
            return Ok((path, size));
        }
        if let Some(reason) = self.rules.refuse(locator) {
            return Err(Failure::Skip(reason));
        }
        let (mut failures, mut pause) = (0, FIRST_PAUSE);
        loop {
            let error = match self.fetch(locator, sha256, limit, &path).await {
                Ok(size) => return Ok((path, size)),
                Err(error) => error,
            };
            failures += 1;
            let judgement = judge(&error);
            if let Some(failure) = next(judgement, failures, Instant::now() >= deadline) {
                return Err(failure(error.to_string()));
            }
            tracing::warn!(%error, failures, "cannot fetch a file, trying again");
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn fetch(
        &self,
        locator: &str,
        sha256: [u8; 32],
        limit: u64,
        to: &Path,
    ) -> Result<u64, FetchError> {
        let (locator, to) = (locator.to_owned(), to.to_owned());
        let path = to.clone();
        let work = move || fetch_verified(&locator, sha256, limit, &to);
        let size = tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|error| Err(own_fault(&path, io::Error::other(error))))?;
        self.remember(sha256);
        Ok(size)
    }

    /// Looks for a file in the cache. It is verified once by each process: disks forget.
    async fn find(&self, path: &Path, sha256: [u8; 32]) -> Option<u64> {
        let size = fs::metadata(path).ok()?.len();
        if !self.is_verified(&sha256) {
            let file = path.to_owned();
            let found = tokio::task::spawn_blocking(move || sha256_of(&file))
                .await
                .ok()?
                .ok()?;
            if found != sha256 {
                tracing::warn!(path = %path.display(), "a cached file is damaged, fetching it again");
                return None;
            }
            self.remember(sha256);
        }
        touch(path);
        Some(size)
    }

    fn is_verified(&self, sha256: &[u8; 32]) -> bool {
        self.verified
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(sha256)
    }

    fn remember(&self, sha256: [u8; 32]) {
        self.verified
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(sha256);
    }

    /// Removes the least recently used files beyond the limit.
    pub fn prune(&self) -> io::Result<()> {
        let mut files = list(&self.folder)?;
        files.extend(list(&self.compiled)?);
        files.sort();
        let mut total: u64 = files.iter().map(|(_, _, size)| size).sum();
        let spare = SystemTime::now()
            .checked_sub(IN_USE)
            .unwrap_or(SystemTime::UNIX_EPOCH);
        for (used, path, size) in files {
            if total <= self.limit || used > spare {
                break;
            }
            fs::remove_file(&path)?;
            total = total.saturating_sub(size);
        }
        Ok(())
    }
}

/// A dataset as one more input. No input of a request has its name: that is checked with the request.
fn as_input(dataset: &Dataset) -> InputFile {
    InputFile {
        name: DATASET_INPUT.into(),
        sha256: dataset.digest.0,
        locator: String::from_utf8_lossy(&dataset.locator).into_owned(),
        size: None,
    }
}

fn own_fault(path: &Path, reason: io::Error) -> FetchError {
    FetchError::File {
        action: "write",
        path: path.into(),
        reason,
    }
}

/// Says that a file was used now. Without success it is only pruned earlier.
fn touch(path: &Path) {
    let touched = File::options()
        .append(true)
        .open(path)
        .and_then(|file| file.set_modified(SystemTime::now()));
    if let Err(error) = touched {
        tracing::debug!(path = %path.display(), %error, "cannot touch a cached file");
    }
}

/// Time of use, path and size of a folder's files.
fn list(folder: &Path) -> io::Result<Vec<(SystemTime, PathBuf, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_file() {
            files.push((metadata.modified()?, entry.path(), metadata.len()));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
