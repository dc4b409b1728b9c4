//! The configuration: as typed ([`Settings`]), and ready to use ([`Config`]).

use crate::{fetch::LocatorRules, publish::Publication};
use ergon_client::primitives::{Balance, ERG, PoolId};
use serde::{Deserialize, Serialize};
use sp_core::H256;
use std::{
    env, fs, io,
    path::{Path, PathBuf, absolute},
    thread,
    time::Duration,
};

/// The documented configuration file that `ergon-worker init` writes.
pub const DEFAULT_FILE: &str = include_str!("config/default.toml");
/// Name of the configuration file in a worker's folder.
pub const FILE_NAME: &str = "worker.toml";
/// Memory that one task may use, in MiB; fixed by the execution version.
const TASK_MEMORY_MIB: u64 = 512;
/// Longest retention, in days: a hundred years.
const MAX_RETENTION_DAYS: u64 = 36_500;
const SECONDS_PER_DAY: u64 = 86_400;
const MEBIBYTE: u64 = 1 << 20;

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read the configuration {}: {reason}. Write one with `ergon-worker init`",
        .path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The file's text is not a configuration.
    #[error("the configuration {} is not valid: {reason}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, the field, and what is wrong with it.
        reason: String,
    },
    /// A field has a value that cannot be used.
    #[error("the setting `{field}` cannot be `{value}`: {reason}")]
    Bad {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it, and what to write instead.
        reason: String,
    },
    /// Neither an option nor the environment says where the worker's folder is.
    #[error("cannot tell where the worker's folder is: set HOME, or give `--data DIR`")]
    NoHome,
}

impl ConfigError {
    /// A value that cannot be used.
    pub(crate) fn bad(
        field: &'static str,
        value: impl ToString,
        reason: impl Into<String>,
    ) -> Self {
        Self::Bad {
            field,
            value: value.to_string(),
            reason: reason.into(),
        }
    }
}

/// Kinds of locators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LocatorKind {
    /// `file://` and absolute paths.
    File,
    /// `http://`.
    Http,
    /// `https://`.
    Https,
}

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// The configuration as typed. Each field is documented in [`DEFAULT_FILE`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address of the node.
    pub node: String,
    /// Genesis hash of the only chain to work on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genesis: Option<String>,
    /// Folder of store, caches and lock.
    pub data_dir: PathBuf,
    /// The worker's key.
    pub key_file: PathBuf,
    /// The only pool to work for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// How many tasks are executed at a time; the number of cores when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel: Option<usize>,
    /// Memory that all tasks together may use, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u64>,
    /// How long a task may be executed, in work times of its category.
    pub wall_clock_factor: f64,
    /// Highest stake to lock for one vote, in ERG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_stake: Option<String>,
    /// Kinds of locators that are fetched from.
    pub locators: Vec<LocatorKind>,
    /// Folders below which `file` locators may point.
    pub file_roots: Vec<PathBuf>,
    /// Size that fetched and compiled files are pruned to, in MiB.
    pub cache_mib: u64,
    /// Folder in which results are published.
    pub output_dir: PathBuf,
    /// Address under which the results can be downloaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_url: Option<String>,
    /// How long results and records are kept, in days.
    pub retention_days: u64,
    /// How log lines are written.
    pub log_format: LogFormat,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            node: "ws://127.0.0.1:9944".into(),
            genesis: None,
            data_dir: ".".into(),
            key_file: "worker.key".into(),
            pool: None,
            parallel: None,
            memory_mib: None,
            wall_clock_factor: 3.0,
            max_stake: None,
            locators: vec![LocatorKind::File, LocatorKind::Http, LocatorKind::Https],
            file_roots: vec!["/".into()],
            cache_mib: 4_096,
            output_dir: "outputs".into(),
            output_url: None,
            retention_days: 30,
            log_format: LogFormat::Text,
        }
    }
}

/// What the command line says instead of the file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The configuration file.
    pub config: Option<PathBuf>,
    /// Address of the node.
    pub node: Option<String>,
    /// The worker's key.
    pub key: Option<PathBuf>,
    /// Folder of store, caches and lock.
    pub data: Option<PathBuf>,
    /// The only pool to work for.
    pub pool: Option<String>,
    /// How many tasks are executed at a time.
    pub parallel: Option<usize>,
}

impl Settings {
    /// Reads the configuration file, if there is one, and puts the command line's words and absolute
    /// paths into it.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        let (folder, settings) = match &overrides.config {
            Some(path) => (folder_of(path), Self::read(path)?),
            None => {
                let folder = match &overrides.data {
                    Some(folder) => folder.clone(),
                    None => default_folder()?,
                };
                let path = folder.join(FILE_NAME);
                let settings = if path.exists() {
                    Self::read(&path)?
                } else {
                    Self::default()
                };
                (folder, settings)
            }
        };
        settings.override_with(overrides).settle(&folder)
    }

    /// Reads a configuration from its text.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::Malformed {
            path: path.into(),
            reason: error.to_string().trim().into(),
        })
    }

    /// The configuration as the text of a file.
    pub fn to_text(&self) -> String {
        // Paths are text by now, and nothing else in here could fail.
        toml::to_string(self).unwrap_or_else(|error| format!("# cannot be shown: {error}\n"))
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|reason| ConfigError::Unreadable {
            path: path.into(),
            reason,
        })?;
        Self::parse(&text, path)
    }

    fn override_with(mut self, overrides: &Overrides) -> Self {
        let Overrides {
            config: _,
            node,
            key,
            data,
            pool,
            parallel,
        } = overrides.clone();
        self.node = node.unwrap_or(self.node);
        self.pool = pool.or(self.pool);
        self.parallel = parallel.or(self.parallel);
        // Paths of the command line start where the command was typed.
        let here = |path: PathBuf| absolute(&path).unwrap_or(path);
        self.key_file = key.map_or(self.key_file, here);
        self.data_dir = data.map_or(self.data_dir, here);
        self
    }

    /// Makes all paths absolute.
    fn settle(mut self, folder: &Path) -> Result<Self, ConfigError> {
        let settled = |field, path: PathBuf| {
            let path = absolute(&path)
                .map_err(|error| ConfigError::bad(field, path.display(), error.to_string()))?;
            match path.to_str() {
                Some(_) => Ok(path.components().collect()),
                None => Err(ConfigError::bad(field, path.display(), "it is no UTF-8")),
            }
        };
        self.data_dir = settled("data_dir", folder.join(&self.data_dir))?;
        self.key_file = settled("key_file", self.data_dir.join(&self.key_file))?;
        self.output_dir = settled("output_dir", self.data_dir.join(&self.output_dir))?;
        Ok(self)
    }
}

/// The configuration, checked and ready to use.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the node.
    pub node: String,
    /// Genesis hash of the only chain to work on.
    pub genesis: Option<H256>,
    /// Folder of store, caches and lock.
    pub data_dir: PathBuf,
    /// The worker's key.
    pub key_file: PathBuf,
    /// The only pool to work for.
    pub pool: Option<PoolId>,
    /// How many tasks are executed at a time, at least 1.
    pub parallel: usize,
    /// How long a task may be executed, in work times of its category.
    pub wall_clock_factor: f64,
    /// Highest stake to lock for one vote.
    pub max_stake: Balance,
    /// Where modules and inputs may be fetched from.
    pub locators: LocatorRules,
    /// Size that fetched and compiled files are pruned to, in bytes.
    pub cache_limit: u64,
    /// Where results are published.
    pub publication: Publication,
    /// How long results and records are kept.
    pub retention: Duration,
    /// How log lines are written.
    pub log_format: LogFormat,
}

impl TryFrom<Settings> for Config {
    type Error = ConfigError;

    fn try_from(settings: Settings) -> Result<Self, ConfigError> {
        let genesis = settings
            .genesis
            .as_deref()
            .map(|text| hash("genesis", text));
        let pool = settings.pool.as_deref().map(|text| hash("pool", text));
        let max_stake = settings
            .max_stake
            .as_deref()
            .map(|text| erg("max_stake", text));
        Ok(Self {
            genesis: genesis.transpose()?,
            pool: pool.transpose()?.map(PoolId),
            parallel: parallel(&settings)?,
            wall_clock_factor: factor(settings.wall_clock_factor)?,
            max_stake: max_stake.transpose()?.unwrap_or(Balance::MAX),
            locators: locators(settings.locators, settings.file_roots)?,
            cache_limit: settings.cache_mib.saturating_mul(MEBIBYTE),
            publication: Publication::new(settings.output_dir, settings.output_url.as_deref())?,
            retention: retention(settings.retention_days)?,
            node: node(settings.node)?,
            data_dir: settings.data_dir,
            key_file: settings.key_file,
            log_format: settings.log_format,
        })
    }
}

impl Config {
    /// Reads, completes and checks the configuration.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        Settings::load(overrides)?.try_into()
    }
}

/// The worker's folder when nobody says otherwise: `ergon-worker` in the user's data folder.
pub fn default_folder() -> Result<PathBuf, ConfigError> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let data = set("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/share")))
        .ok_or(ConfigError::NoHome)?;
    Ok(data.join("ergon-worker"))
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Into::into).unwrap_or_default()
}

fn node(address: String) -> Result<String, ConfigError> {
    if address.starts_with("ws://") || address.starts_with("wss://") {
        return Ok(address);
    }
    let reason = "it must begin with ws:// or wss://, for example ws://127.0.0.1:9944";
    Err(ConfigError::bad("node", address, reason))
}

fn parallel(settings: &Settings) -> Result<usize, ConfigError> {
    let wanted = match settings.parallel {
        Some(0) => {
            return Err(ConfigError::bad(
                "parallel",
                0,
                "at least one task must be executed",
            ));
        }
        Some(wanted) => wanted,
        None => thread::available_parallelism().map_or(1, |cores| cores.get()),
    };
    let fitting = settings
        .memory_mib
        .map_or(u64::MAX, |memory| (memory / TASK_MEMORY_MIB).max(1));
    Ok(wanted.min(usize::try_from(fitting).unwrap_or(usize::MAX)))
}

fn factor(factor: f64) -> Result<f64, ConfigError> {
    if factor.is_finite() && factor > 0.0 && factor <= 1_000.0 {
        return Ok(factor);
    }
    let reason = "write a number above 0 and up to 1000";
    Err(ConfigError::bad("wall_clock_factor", factor, reason))
}

fn retention(days: u64) -> Result<Duration, ConfigError> {
    if days <= MAX_RETENTION_DAYS {
        return Ok(Duration::from_secs(days * SECONDS_PER_DAY));
    }
    let reason = format!("at most {MAX_RETENTION_DAYS} days are possible");
    Err(ConfigError::bad("retention_days", days, reason))
}

fn locators(kinds: Vec<LocatorKind>, roots: Vec<PathBuf>) -> Result<LocatorRules, ConfigError> {
    if kinds.is_empty() {
        let reason =
            "without any kind nothing can be fetched; write some of \"file\", \"http\", \"https\"";
        return Err(ConfigError::bad("locators", "[]", reason));
    }
    match roots.iter().find(|root| !root.is_absolute()) {
        Some(root) => {
            let reason = "write absolute paths, for example /srv/ergon";
            Err(ConfigError::bad("file_roots", root.display(), reason))
        }
        None => Ok(LocatorRules::new(kinds, roots)),
    }
}

/// A hash from a field.
fn hash(field: &'static str, text: &str) -> Result<H256, ConfigError> {
    read_hash(text)
        .ok_or_else(|| ConfigError::bad(field, text, "write 0x and 64 hexadecimal digits"))
}

/// A hash: `0x` and 64 hexadecimal digits.
pub(crate) fn read_hash(text: &str) -> Option<H256> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim().strip_prefix("0x")?, &mut bytes).ok()?;
    Some(H256(bytes))
}

/// An amount in ERG, with up to twelve decimals.
fn erg(field: &'static str, text: &str) -> Result<Balance, ConfigError> {
    read_erg(text).ok_or_else(|| {
        let reason = "write an amount in ERG with at most twelve decimals, for example \"2.5\"";
        ConfigError::bad(field, text, reason)
    })
}

fn read_erg(text: &str) -> Option<Balance> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(decimals) || decimals.len() > 12 {
        return None;
    }
    let fraction: Balance = format!("{decimals:0<12}").parse().ok()?;
    let whole: Balance = whole.parse().ok()?;
    whole.checked_mul(ERG)?.checked_add(fraction)
}

#[cfg(test)]
mod tests;
