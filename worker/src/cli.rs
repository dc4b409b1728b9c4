//! The command line of the worker.

use crate::{
    behaviour::{Behaviour, Honest},
    config::{
        Config, ConfigError, DEFAULT_FILE, FILE_NAME, LogFormat, Overrides, Settings,
        default_folder, read_hash,
    },
    daemon::Daemon,
    error::{ExitStatus, WorkerError},
    shared::read_key,
    store::Store,
    task::{End, TaskId, TaskRecord, TaskState},
};
use clap::{Args, Parser, Subcommand};
use codec::Encode;
use ergon_client::{
    Client, Keypair, Scheme, account_from_ss58, account_to_ss58,
    primitives::{AccountId, Balance, ERG},
};
use sp_core::H256;
use std::{
    fs::{DirBuilder, File},
    io::{self, IsTerminal, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};
use tokio::{
    runtime::Runtime,
    signal::unix::{Signal, SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

/// How long the program waits at its end for downloads that nobody needs any more.
const LAST_WAIT: Duration = Duration::from_secs(1);
/// What the worker's program is called.
const PROGRAM: &str = "ergon-worker";

/// Executes tasks of the Ergon chain and votes on their results.
#[derive(Parser)]
#[command(name = PROGRAM, version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Work until stopped by SIGTERM or Ctrl-C
    Run(Options),
    /// Make a folder with a documented configuration and a new key; what is there is kept
    Init {
        /// The folder [default: ergon-worker in the user's data folder]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Print the proof that the key's holder agrees to be bonded by an owner
    Proof {
        /// Account that is going to bond the worker
        #[arg(long, value_name = "ADDRESS")]
        owner: String,
        /// Genesis hash of the chain; the node is asked when it is not given
        #[arg(long, value_name = "HASH")]
        genesis: Option<String>,
        #[command(flatten)]
        options: Options,
    },
    /// Show the tasks in the store of a worker that is not running
    Status(Options),
    /// Print the configuration as it takes effect
    Config(Options),
}

/// What the command line says instead of the configuration file.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Configuration file [default: worker.toml in the worker's folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address of the node, ws:// or wss://
    #[arg(long, value_name = "URL")]
    node: Option<String>,
    /// The worker's key file
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The worker's folder [default: ergon-worker in the user's data folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Id of the only pool to work for
    #[arg(long, value_name = "ID")]
    pool: Option<String>,
    /// How many tasks are executed at a time
    #[arg(long, value_name = "N")]
    parallel: Option<usize>,
}

impl From<Options> for Overrides {
    fn from(options: Options) -> Self {
        let Options {
            config,
            node,
            key,
            data,
            pool,
            parallel,
        } = options;
        Self {
            config,
            node,
            key,
            data,
            pool,
            parallel,
        }
    }
}

/// The whole program but the executor's child.
pub fn main() -> ExitCode {
    exit(PROGRAM, dispatch(Cli::parse().command, &mut io::stdout()))
}

/// Tells the user what went wrong, and the caller in the exit status.
pub fn exit(program: &str, result: Result<(), WorkerError>) -> ExitCode {
    match result {
        Ok(()) => ExitStatus::Success.into(),
        Err(error) => {
            eprintln!("{program}: {error}");
            error.status().into()
        }
    }
}

fn dispatch(command: Command, out: &mut impl Write) -> Result<(), WorkerError> {
    match command {
        Command::Run(options) => run(options, Honest),
        Command::Init { data } => init(data, out),
        Command::Proof {
            owner,
            genesis,
            options,
        } => proof(&owner, genesis.as_deref(), options, out),
        Command::Status(options) => status(options, out),
        Command::Config(options) => show_config(options, out),
    }
}

/// `ergon-worker run`, with any behaviour.
pub fn run(options: Options, behaviour: impl Behaviour) -> Result<(), WorkerError> {
    let config = Config::load(&options.into())?;
    start_logging(config.log_format);
    let runtime = Runtime::new().map_err(WorkerError::System)?;
    let result = runtime.block_on(work(config, behaviour));
    runtime.shutdown_timeout(LAST_WAIT);
    result
}

async fn work(config: Config, behaviour: impl Behaviour) -> Result<(), WorkerError> {
    // From here on a signal is a wish to stop, also while everything is being opened.
    let mut terminate = signal(SignalKind::terminate()).map_err(WorkerError::System)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(WorkerError::System)?;
    let open = Daemon::open(config, behaviour);
    let daemon = tokio::select! {
        daemon = open => daemon?,
        () = stopped(&mut terminate, &mut interrupt) => return Ok(()),
    };
    tracing::info!(worker = %account_to_ss58(daemon.worker()), "ready");
    daemon.run(stopped(&mut terminate, &mut interrupt)).await?;
    tracing::info!("stopped");
    Ok(())
}

async fn stopped(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn start_logging(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if let Err(error) = started {
        eprintln!("{PROGRAM}: no log will be written: {error}");
    }
}

fn init(data: Option<PathBuf>, out: &mut impl Write) -> Result<(), WorkerError> {
    let folder = match data {
        Some(folder) => folder,
        None => default_folder()?,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(WorkerError::file(&folder))?;
    let config = folder.join(FILE_NAME);
    let new_config = write_new(&config, DEFAULT_FILE)?;
    let settings = Settings::load(&Overrides {
        config: Some(config.clone()),
        ..Overrides::default()
    })?;
    let key_file = settings.key_file;
    let new_key = !key_file.exists();
    if new_key {
        let (_, phrase) = Keypair::generate(Scheme::Ed25519);
        Keypair::write_file(&key_file, &phrase, Scheme::Ed25519)?;
    }
    let worker = account_to_ss58(&read_key(&key_file)?.account());
    print(
        out,
        &next_steps(&worker, (&config, new_config), (&key_file, new_key)),
    )
}

/// Writes a file that is not there yet; tells whether it did.
fn write_new(path: &Path, text: &str) -> Result<bool, WorkerError> {
    match File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .map_err(WorkerError::file(path))?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(WorkerError::file(path)(error)),
    }
}

fn next_steps(worker: &str, config: (&Path, bool), key: (&Path, bool)) -> String {
    let is_new = |new| if new { "new" } else { "was there" };
    let (config, new_config) = (config.0.display(), is_new(config.1));
    let (key, new_key) = (key.0.display(), is_new(key.1));
    format!(
        "Worker {worker}\n\
         \x20 configuration  {config} ({new_config})\n\
         \x20 key            {key} ({new_key}); keep a copy in a safe place\n\
         \n\
         Next, with the account that owns the stake (OWNER is its address):\n\
         \x20 1. Bond stake behind it:\n\
         \x20      ergon worker bond {worker} AMOUNT \\\n\
         \x20        --proof \"$(ergon-worker proof --config {config} --owner OWNER)\"\n\
         \x20 2. Join a pool:\n\
         \x20      ergon worker join {worker} POOL\n\
         \x20 3. Start the worker:\n\
         \x20      ergon-worker run --config {config}\n\
         \n\
         The worker needs no money of its own, as long as deals have something prepaid for its\n\
         calls; otherwise its log says so.\n"
    )
}

fn proof(
    owner: &str,
    genesis: Option<&str>,
    options: Options,
    out: &mut impl Write,
) -> Result<(), WorkerError> {
    let settings = Settings::load(&options.into())?;
    let key = read_key(&settings.key_file)?;
    let owner = account_from_ss58(owner)?;
    let genesis = match genesis {
        Some(text) => read_hash(text).ok_or_else(|| {
            WorkerError::Usage(format!(
                "`{text}` is no genesis hash: write 0x and 64 digits"
            ))
        })?,
        None => genesis_of(&settings.node)?,
    };
    print(out, &format!("{}\n", proof_text(&key, genesis, &owner)))
}

fn genesis_of(node: &str) -> Result<H256, WorkerError> {
    let runtime = Runtime::new().map_err(WorkerError::System)?;
    let client = runtime.block_on(Client::connect(node))?;
    Ok(client.genesis())
}

/// The proof as `ergon worker bond` reads it: an encoded signature.
fn proof_text(key: &Keypair, genesis: H256, owner: &AccountId) -> String {
    format!(
        "0x{}",
        hex::encode(key.prove_possession(genesis, owner).encode())
    )
}

fn status(options: Options, out: &mut impl Write) -> Result<(), WorkerError> {
    let settings = Settings::load(&options.into())?;
    let store = Store::open_existing(&settings.data_dir)?;
    let mut text = match store.owner()? {
        Some((genesis, worker)) => {
            format!(
                "Worker {} on the chain {genesis:?}\n",
                account_to_ss58(&worker)
            )
        }
        None => "A worker that has not met a chain yet\n".into(),
    };
    let (live, done) = (store.live()?, store.done()?);
    text.push_str(&format!("\nUnder way: {}\n", live.len()));
    text.extend(live.iter().map(live_line));
    text.push_str(&done_lines(&done));
    print(out, &text)
}

fn live_line((task, record): &(TaskId, TaskRecord)) -> String {
    let mut line = format!("  {task}  {}", record.state.phase());
    if let Some(computed) = record.state.computed() {
        line.push_str(&format!("  {:?}", computed.outcome));
    }
    line.push('\n');
    line
}

/// How many tasks ended in which way, those that cost something or were skipped one by one, and what
/// all earned.
fn done_lines(done: &[(TaskId, TaskRecord)]) -> String {
    let ended = |wanted: fn(&End) -> bool| {
        let ends = done
            .iter()
            .filter_map(|(task, record)| match &record.state {
                TaskState::Done(end) if wanted(end) => Some((task, end)),
                _ => None,
            });
        ends.collect::<Vec<_>>()
    };
    let settled = ended(|end| *end == End::Settled).len();
    let quiet = ended(|end| matches!(end, End::Failed | End::NotNeeded | End::Gone));
    let bad = ended(|end| {
        matches!(
            end,
            End::Lost | End::Rejected | End::Foreign | End::Skipped(_) | End::Unopenable
        )
    });
    let earned: Balance = done.iter().filter_map(|(_, record)| record.earned).sum();
    let mut text = format!(
        "\nEnded: {}, of which {settled} settled with this worker's result and {} ended without it\n\
         Earned: {} ERG\n",
        done.len(),
        quiet.len(),
        erg(earned)
    );
    if !bad.is_empty() {
        text.push_str(&format!("\nNot as they should be: {}\n", bad.len()));
    }
    text.extend(bad.iter().map(|(task, end)| format!("  {task}  {end}\n")));
    text
}

/// An amount in ERG, with all its decimals.
fn erg(amount: Balance) -> String {
    let text = format!("{}.{:012}", amount / ERG, amount % ERG);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

fn show_config(options: Options, out: &mut impl Write) -> Result<(), WorkerError> {
    let settings = Settings::load(&options.into())?;
    check(settings.clone())?;
    print(out, &settings.to_text())
}

/// A configuration that cannot be used is not shown as one that takes effect.
fn check(settings: Settings) -> Result<(), ConfigError> {
    Config::try_from(settings).map(|_| ())
}

/// Prints for whoever listens.
fn print(out: &mut impl Write, text: &str) -> Result<(), WorkerError> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(WorkerError::System(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
