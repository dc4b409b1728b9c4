//! A network of several nodes on this machine: nodes that are killed, frozen and brought back.
//!
//! All nodes listen on 127.0.0.1 alone. Whoever is cut off is frozen (`SIGSTOP`): to the others that
//! looks like a broken cable, and it needs no rights. `scripts/local-net` cuts real (virtual) cables.

use crate::{
    processes::{Process, free_port, program},
    rpc::{Head, Rpc},
};
use anyhow::{Context, Result, bail, ensure};
use ergon_client::{Client, primitives::BlockNumber};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{task::JoinHandle, time::sleep};

/// The validators of the chain `local`.
pub const VALIDATORS: [&str; 4] = ["alice", "bob", "charlie", "dave"];
/// How long a node may take until it answers.
const NODE_START: Duration = Duration::from_secs(180);
/// How often one looks whether something has happened.
const GLANCE: Duration = Duration::from_millis(300);

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It has the session keys of the well-known account of its name.
    Validator,
    /// It follows.
    Full,
}

/// One node of a network.
pub struct Member {
    /// What it is called.
    pub name: String,
    /// Its process, if it runs.
    pub process: Option<Process>,
    role: Role,
    folder: PathBuf,
    rpc_port: u16,
    p2p_port: u16,
    identity: String,
}

impl Member {
    fn new(folder: &Path, name: &str, role: Role) -> Result<Self> {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self {
            name: name.into(),
            process: None,
            role,
            identity: new_identity(&folder)?,
            folder,
            rpc_port: free_port()?,
            p2p_port: free_port()?,
        })
    }

    /// Its answers.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(self.url())
    }

    /// A new connection for transactions.
    pub async fn client(&self) -> Result<Client> {
        Ok(Client::connect(&self.url()).await?)
    }

    /// Where its RPC is.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc_port)
    }

    /// How many blocks it has made since its folder is new.
    pub fn blocks_made(&self) -> usize {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        log.matches("Pre-sealed block for proposal").count()
    }

    fn log(&self) -> PathBuf {
        self.folder.join("node.log")
    }

    fn address(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}", self.p2p_port)
    }

    fn spawn(&mut self, bootnodes: &[String]) -> Result<()> {
        let mut arguments = vec![
            "--chain=local".to_owned(),
            format!("--base-path={}", self.folder.display()),
            format!("--node-key-file={}", key_file(&self.folder).display()),
            format!("--listen-addr={}", self.address()),
            format!("--rpc-port={}", self.rpc_port),
            "--no-prometheus".into(),
            "--no-telemetry".into(),
            "--no-mdns".into(),
            match self.role {
                Role::Validator => format!("--{}", self.name),
                Role::Full => format!("--name={}", self.name),
            },
            "--bootnodes".into(),
        ];
        arguments.extend_from_slice(bootnodes);
        let program = program("ergon-node")?;
        self.process = Some(Process::start(
            &self.name,
            &program,
            &arguments,
            &self.log(),
        )?);
        Ok(())
    }

    fn running(&mut self) -> Result<&mut Process> {
        let name = &self.name;
        self.process
            .as_mut()
            .with_context(|| format!("{name} runs"))
    }

    async fn wait_until_it_answers(&mut self) -> Result<()> {
        let (rpc, end) = (self.rpc(), Instant::now() + NODE_START);
        while let Err(error) = rpc.finalised().await {
            let process = self.running()?;
            process.ensure_running()?;
            let log = process.log_tail();
            ensure!(
                Instant::now() < end,
                "{} does not answer: {error}\n{log}",
                self.name
            );
            sleep(GLANCE).await;
        }
        Ok(())
    }

    fn signal(&mut self, signal: &str) -> Result<()> {
        let id = self.running()?.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status()?;
        ensure!(sent.success(), "{} cannot be sent {signal}", self.name);
        Ok(())
    }
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("node-key")
}

/// Makes a node's key in the network; its public name.
fn new_identity(folder: &Path) -> Result<String> {
    let node = program("ergon-node")?;
    let file = key_file(folder).display().to_string();
    let made = Command::new(&node)
        .args(["key", "generate-node-key", "--file", &file])
        .output()?;
    ensure!(made.status.success(), "{made:?}");
    let asked = Command::new(&node)
        .args(["key", "inspect-node-key", "--file", &file])
        .output()?;
    ensure!(asked.status.success(), "{asked:?}");
    Ok(String::from_utf8(asked.stdout)?.trim().to_owned())
}

/// The four validators of the chain `local`, a full node, and whoever else is wanted.
pub struct Network {
    members: Vec<Member>,
}

impl Network {
    /// Starts the validators, validators in waiting of these well-known names, and a full node, and
    /// waits until something is final at all of them.
    pub async fn start(folder: &Path, in_waiting: &[&str]) -> Result<Self> {
        let mut members = Vec::new();
        for name in VALIDATORS.iter().chain(in_waiting) {
            members.push(Member::new(folder, name, Role::Validator)?);
        }
        members.push(Member::new(folder, "full", Role::Full)?);
        let mut network = Self { members };
        let names: Vec<String> = network.names().map(str::to_owned).collect();
        for name in &names {
            network.spawn(name)?;
        }
        for member in &mut network.members {
            member.wait_until_it_answers().await?;
        }
        network
            .wait_for_finality(1, Duration::from_secs(90))
            .await?;
        Ok(network)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.name.as_str())
    }

    /// A node by its name.
    pub fn member(&self, name: &str) -> Result<&Member> {
        let mut members = self.members.iter();
        members
            .find(|member| member.name == name)
            .with_context(|| format!("there is no node {name}"))
    }

    fn member_mut(&mut self, name: &str) -> Result<&mut Member> {
        let mut members = self.members.iter_mut();
        members
            .find(|member| member.name == name)
            .with_context(|| format!("there is no node {name}"))
    }

    fn spawn(&mut self, name: &str) -> Result<()> {
        let others = self.members.iter().filter(|member| member.name != name);
        let bootnodes: Vec<String> = others
            .map(|member| format!("{}/p2p/{}", member.address(), member.identity))
            .collect();
        self.member_mut(name)?.spawn(&bootnodes)
    }

    /// Starts a node again on its database, and waits until it answers.
    pub async fn restart(&mut self, name: &str) -> Result<()> {
        self.spawn(name)?;
        self.member_mut(name)?.wait_until_it_answers().await
    }

    /// Ends a node like `kill -9`.
    pub fn kill(&mut self, name: &str) -> Result<()> {
        let member = self.member_mut(name)?;
        member.running()?.kill()?;
        member.process = None;
        Ok(())
    }

    /// Cuts a node off.
    pub fn cut(&mut self, name: &str) -> Result<()> {
        self.member_mut(name)?.signal("-STOP")
    }

    /// Brings a node that was cut off back.
    pub fn join(&mut self, name: &str) -> Result<()> {
        self.member_mut(name)?.signal("-CONT")
    }

    /// Waits until so many more blocks than the first node knows of are final at every running node.
    pub async fn wait_for_finality(&self, more: BlockNumber, patience: Duration) -> Result<()> {
        let first = self.members.first().context("a network has nodes")?;
        let goal = first.rpc().finalised().await?.number + more;
        let running = self.members.iter().filter(|node| node.process.is_some());
        let end = Instant::now() + patience;
        for member in running {
            wait_until_final(&member.rpc(), goal, end.duration_since(Instant::now())).await?;
        }
        Ok(())
    }

    /// Waits until a node has what is final at another one now; how long that took.
    pub async fn catch_up(&self, name: &str, with: &str, patience: Duration) -> Result<Duration> {
        let begun = Instant::now();
        let goal = self.member(with)?.rpc().finalised().await?.number;
        wait_until_final(&self.member(name)?.rpc(), goal, patience).await?;
        Ok(begun.elapsed())
    }

    /// Looks on from now on, at these nodes: they must answer all the time.
    pub fn watch(&self, names: &[&str]) -> Result<Watcher> {
        let witnesses: Result<Vec<Rpc>> = names
            .iter()
            .map(|name| Ok(self.member(name)?.rpc()))
            .collect();
        Ok(Watcher::start(witnesses?))
    }

    /// Checks that every node has the blocks that were seen to be final.
    pub async fn ensure_nothing_is_lost(&self, seen: &BTreeMap<BlockNumber, String>) -> Result<()> {
        for member in self.members.iter().filter(|node| node.process.is_some()) {
            for (number, hash) in seen {
                let found = member.rpc().hash_of(*number).await?;
                ensure!(
                    found.as_ref() == Some(hash),
                    "block {number} was final as {hash}, and {} has {found:?}",
                    member.name
                );
            }
        }
        Ok(())
    }

    /// Stops all nodes, and checks that they end well.
    pub fn close(mut self) -> Result<()> {
        for member in &mut self.members {
            if let Some(mut process) = member.process.take() {
                let status = process.stop()?;
                ensure!(status.success(), "{} ended with {status}", member.name);
            }
        }
        Ok(())
    }
}

/// Waits until a block of this number is final at a node.
pub async fn wait_until_final(rpc: &Rpc, goal: BlockNumber, patience: Duration) -> Result<()> {
    let end = Instant::now() + patience;
    loop {
        // A node that was just brought back may not answer yet.
        let last = match rpc.finalised().await {
            Ok(head) if head.number >= goal => return Ok(()),
            Ok(head) => format!("the last one is {}", head.number),
            Err(error) => error.to_string(),
        };
        if Instant::now() >= end {
            bail!(
                "block {goal} is not final at {} after {} s: {last}",
                rpc.url(),
                patience.as_secs()
            );
        }
        sleep(GLANCE).await;
    }
}

/// What was seen of finality.
#[derive(Clone, Default, Debug)]
pub struct Seen {
    /// Blocks that were final, with their hashes.
    pub blocks: BTreeMap<BlockNumber, String>,
    /// The longest time without a new one.
    pub longest_pause: Duration,
}

impl Seen {
    /// Notes what a node says; fails when another node has said otherwise.
    fn note(&mut self, head: Head) -> Result<()> {
        match self.blocks.insert(head.number, head.hash.clone()) {
            Some(before) if before != head.hash => bail!(
                "block {} was final as {before} and is now final as {}",
                head.number,
                head.hash
            ),
            _ => Ok(()),
        }
    }

    fn last(&self) -> Option<BlockNumber> {
        self.blocks.last_key_value().map(|(number, _)| *number)
    }
}

/// Looks at finality all the time.
pub struct Watcher {
    is_over: Arc<AtomicBool>,
    work: JoinHandle<Result<Seen>>,
}

impl Watcher {
    fn start(witnesses: Vec<Rpc>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let work = tokio::spawn(watch(witnesses, is_over.clone()));
        Self { is_over, work }
    }

    /// Ends it; what it has seen.
    pub async fn finish(self) -> Result<Seen> {
        self.is_over.store(true, Ordering::Relaxed);
        self.work.await?
    }
}

async fn watch(witnesses: Vec<Rpc>, is_over: Arc<AtomicBool>) -> Result<Seen> {
    let mut seen = Seen::default();
    let mut progress = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        let before = seen.last();
        for witness in &witnesses {
            seen.note(witness.finalised().await?)?;
        }
        seen.longest_pause = seen.longest_pause.max(progress.elapsed());
        if seen.last() > before {
            progress = Instant::now();
        }
        sleep(GLANCE).await;
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(number: BlockNumber, hash: &str) -> Head {
        Head {
            number,
            hash: hash.into(),
        }
    }

    #[test]
    fn two_final_blocks_of_one_number_are_noticed() {
        let mut seen = Seen::default();
        seen.note(head(7, "a")).expect("nothing was seen before");
        seen.note(head(7, "a")).expect("it is the same");
        seen.note(head(8, "b")).expect("it is another number");
        assert_eq!(seen.last(), Some(8));
        let contradiction = seen.note(head(7, "c")).expect_err("7 was final as a");
        assert!(contradiction.to_string().contains("block 7"));
    }
}
