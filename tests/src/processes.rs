//! Processes that end when their handle does.

use anyhow::{Context, Result, bail, ensure};
use ergon_client::Client;
use serde_json::Value;
use std::{
    fs::{self, File},
    net::TcpListener,
    ops::Range,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// How long a node may take until it answers, on a machine that does much else.
const NODE_START: Duration = Duration::from_secs(180);
/// Ports that programs are told to listen on.
const PORTS: Range<u16> = 12_000..32_000;
/// How long a process may take to stop when asked.
const STOP: Duration = Duration::from_secs(20);

/// A program of this workspace, built beside the running one.
pub fn program(name: &str) -> Result<PathBuf> {
    let running = std::env::current_exe()?;
    let path = running
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    path.with_context(|| {
        format!("{name} is not built: run `cargo build --release --workspace --all-targets` first")
    })
}

/// A module of an app, compiled to WebAssembly.
pub fn module(name: &str) -> Result<PathBuf> {
    let release = program("ergon-node")?;
    let target = release.ancestors().nth(2).context("target folder")?;
    let path = target
        .join("wasm32-wasip1/release")
        .join(format!("{name}.wasm"));
    ensure!(
        path.is_file(),
        "{} is not built: run `cargo build --release --target wasm32-wasip1 -p {name}` first",
        path.display()
    );
    Ok(path)
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is in a folder")
        .to_owned()
}

/// A TCP port that was free a moment ago. It is below those that the system gives to connections, so that
/// no other test takes it before the program does that it is meant for.
pub fn free_port() -> Result<u16> {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    for _ in 0..PORTS.len() {
        let number = first.wrapping_add(TRIED.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + (number % PORTS.len() as u32) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}

/// A running process; killed when the handle is dropped.
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program with its output going to `log` (appended).
    pub fn start(name: &str, program: &Path, arguments: &[String], log: &Path) -> Result<Self> {
        let output = File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            // A group of its own, so that a Ctrl-C at the terminal reaches only who started it.
            .process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        Ok(Self {
            name: name.into(),
            child,
            log: log.into(),
        })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once, like `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(status);
        }
        let asked = Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status()?;
        ensure!(asked.success(), "{} cannot be asked to stop", self.name);
        match self.wait(STOP)? {
            Some(status) => Ok(status),
            None => {
                self.kill()?;
                bail!("{} did not stop within {} s", self.name, STOP.as_secs())
            }
        }
    }

    /// Waits until it ends, at most so long.
    pub fn wait(&mut self, patience: Duration) -> Result<Option<ExitStatus>> {
        let end = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Fails when it has ended, with the end of its log.
    pub fn ensure_running(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended with {status}:\n{}", self.name, self.log_tail());
        }
        Ok(())
    }

    /// Everything it has written.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The last lines that it wrote.
    pub fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().rev().take(30).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// CPU time that it has used, user and system together.
    pub fn cpu_time(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        // The name in parentheses may contain spaces; user and system ticks are the 12th and 13th field behind it.
        let fields = stat.rsplit_once(')').context("stat has a name")?.1;
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>())
            .sum::<Result<u64, std::num::ParseIntError>>()?;
        Ok(Duration::from_millis(ticks * 1_000 / ticks_per_second()?))
    }
}

fn ticks_per_second() -> Result<u64> {
    let output = Command::new("getconf").arg("CLK_TCK").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to be done about a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A node of a development chain that seals when transactions arrive.
pub struct Node {
    /// The process.
    pub process: Process,
    port: u16,
    folder: PathBuf,
    chain: String,
}

impl Node {
    /// Starts a node of a new development chain with its database in `folder`.
    pub async fn start(folder: &Path) -> Result<Self> {
        Self::start_chain(folder, "dev").await
    }

    /// Starts a node of a chain (`dev` or `local`) that seals by itself.
    pub async fn start_chain(folder: &Path, chain: &str) -> Result<Self> {
        let port = free_port()?;
        let process = Self::spawn(folder, port, chain)?;
        let mut node = Self {
            process,
            port,
            folder: folder.into(),
            chain: chain.into(),
        };
        node.wait_until_it_answers().await?;
        Ok(node)
    }

    /// Kills it like `kill -9` and starts it again on the same database and port.
    pub async fn kill_and_restart(&mut self) -> Result<()> {
        self.process.kill()?;
        self.start_again().await
    }

    /// Starts it again on the same database and port.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process = Self::spawn(&self.folder, self.port, &self.chain)?;
        self.wait_until_it_answers().await
    }

    /// Where its RPC is.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// A new connection.
    pub async fn client(&self) -> Result<Client> {
        Ok(Client::connect(&self.url()).await?)
    }

    fn spawn(folder: &Path, port: u16, chain: &str) -> Result<Process> {
        fs::create_dir_all(folder)?;
        let base_path = format!("--base-path={}", folder.display());
        let rpc_port = format!("--rpc-port={port}");
        let mut arguments = vec![
            base_path.as_str(),
            &rpc_port,
            "--rpc-max-connections=1000",
            "--listen-addr=/ip4/127.0.0.1/tcp/0",
            "--no-prometheus",
            "--no-telemetry",
            "--no-mdns",
        ];
        match chain {
            "dev" => arguments.push("--dev"),
            other => {
                arguments.extend(["--chain", other, "--alice", "--sealing=interval=1000"]);
                arguments.push("--unsafe-force-node-key-generation");
            }
        }
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        Process::start(
            "ergon-node",
            &program("ergon-node")?,
            &arguments,
            &folder.join("node.log"),
        )
    }

    async fn wait_until_it_answers(&mut self) -> Result<()> {
        let end = Instant::now() + NODE_START;
        loop {
            self.process.ensure_running()?;
            match Client::connect(&self.url()).await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() >= end => {
                    bail!(
                        "the node does not answer: {error}\n{}",
                        self.process.log_tail()
                    )
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

/// The command line, as a user would call it.
#[derive(Clone)]
pub struct CommandLine {
    url: String,
}

impl CommandLine {
    /// For a node.
    pub fn new(url: String) -> Self {
        Self { url }
    }

    /// The command with its global options.
    pub fn command(&self, key: &str, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(program("ergon")?);
        command
            .args(["--node", &self.url, "--key", key, "--yes"])
            .args(arguments);
        Ok(command)
    }

    /// Runs it and returns what came out.
    pub fn output(&self, key: &str, arguments: &[&str]) -> Result<Output> {
        let mut command = self.command(key, arguments)?;
        Ok(command.arg("--json").stdin(Stdio::null()).output()?)
    }

    /// Runs it, expects success, returns the document it printed.
    pub fn run(&self, key: &str, arguments: &[&str]) -> Result<Value> {
        let output = self.output(key, arguments)?;
        ensure!(
            output.status.success(),
            "ergon {} ended with {}: {}{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("ergon {} printed no JSON", arguments.join(" ")))
    }
}
