//! A market on a development chain: a node, a pool, workers with their processes, an app and its orders.

use crate::processes::{CommandLine, Node, Process, module, program};
use anyhow::{Context, Result};
use ergon_client::{
    At, Call, Client, Event, Keypair, Receipt, RegistryEvent, Scheme, TransactionQueue, Wait,
    account_to_ss58, bounded, calls,
    primitives::{AccountId, AllowedApps, AppId, DatasetId, Deal, DealId, Description, PoolId},
    sha256_of,
};
use serde_json::Value;
use sp_core::H256;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Who asks and pays.
pub const REQUESTER: &str = "//Alice";
/// Who operates the pool.
pub const OPERATOR: &str = "//Bob";
/// Who offers the app.
pub const PROVIDER: &str = "//Charlie";
/// Who offers datasets.
pub const DATASET_PROVIDER: &str = "//Charlie//stash";
/// What each worker bonds, in ERG.
const BOND: &str = "100";
/// What a worker key gets for fees of calls that no deal pays, in ERG.
const FEES: &str = "10";

/// How a worker behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Behaviour {
    /// Computes and tells the truth.
    Honest,
    /// Votes for an output it did not compute.
    Lies,
    /// Commits and never reveals.
    StaysSilent,
    /// Copies the commitment of another worker.
    Copies,
}

impl Behaviour {
    fn program(self) -> &'static str {
        match self {
            Self::Honest => "ergon-worker",
            Self::Lies | Self::StaysSilent | Self::Copies => "dishonest-worker",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Honest => &[],
            Self::Lies => &["--mode", "lie"],
            Self::StaysSilent => &["--mode", "silent"],
            Self::Copies => &["--mode", "copy"],
        }
    }
}

/// A bonded worker.
pub struct Worker {
    /// What it is called in logs.
    pub name: String,
    /// How it behaves.
    pub behaviour: Behaviour,
    /// Whose money is bonded.
    pub owner: AccountId,
    /// Its key's account.
    pub account: AccountId,
    /// Its process, if it runs.
    pub process: Option<Process>,
    folder: PathBuf,
    node: String,
}

impl Worker {
    /// Starts its process.
    pub fn start(&mut self) -> Result<()> {
        self.process = Some(self.spawn(&self.folder)?);
        Ok(())
    }

    /// Starts a second process on a store, which must be refused.
    pub fn spawn(&self, folder: &Path) -> Result<Process> {
        let mut arguments = vec![
            "run".to_owned(),
            "--config".to_owned(),
            folder.join("worker.toml").display().to_string(),
            "--node".to_owned(),
            self.node.clone(),
            "--parallel".to_owned(),
            "1".to_owned(),
        ];
        arguments.extend(
            self.behaviour
                .arguments()
                .iter()
                .map(|word| word.to_string()),
        );
        let log = self.folder.join("worker.log");
        Process::start(
            &self.name,
            &program(self.behaviour.program())?,
            &arguments,
            &log,
        )
    }

    /// Its process.
    pub fn running(&mut self) -> Result<&mut Process> {
        self.process.as_mut().context("the worker runs")
    }

    /// Kills it like `kill -9` and starts it again on its store.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.running()?.kill()?;
        self.start()
    }

    /// Its folder: configuration, key, store, outputs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The market.
pub struct Market {
    /// Where everything of the run is kept.
    pub folder: PathBuf,
    /// The node.
    pub node: Node,
    /// A connection to it.
    pub client: Client,
    /// The command line for it.
    pub cli: CommandLine,
    /// The pool.
    pub pool: PoolId,
    /// The workers.
    pub workers: Vec<Worker>,
}

impl Market {
    /// Starts a node, bonds a worker for each behaviour and lets them join a new pool. Starts no worker.
    pub async fn open(folder: &Path, behaviours: &[Behaviour]) -> Result<Self> {
        let node = Node::start(&folder.join("node")).await?;
        let client = node.client().await?;
        let cli = CommandLine::new(node.url());
        let owners = [
            "//Dave",
            "//Eve",
            "//Ferdie",
            "//Alice//stash",
            "//Bob//stash",
        ];
        let mut workers = Vec::new();
        for (number, (behaviour, owner)) in behaviours.iter().zip(owners).enumerate() {
            let name = format!("worker-{}", number + 1);
            workers.push(prepare_worker(
                folder,
                &name,
                *behaviour,
                owner,
                &node.url(),
            )?);
        }
        let mut create = vec![
            "pool",
            "create",
            "--description",
            "a pool",
            "--parallelism",
            "4",
        ];
        let addresses: Vec<String> = workers
            .iter()
            .map(|worker| account_to_ss58(&worker.owner))
            .collect();
        for address in &addresses {
            create.extend(["--worker", address]);
        }
        let pool = PoolId(hash(&cli.run(OPERATOR, &create)?["pool"])?);
        for (worker, owner) in workers.iter().zip(owners) {
            bond(&cli, &client, worker, owner, pool)?;
        }
        Ok(Self {
            folder: folder.into(),
            node,
            client,
            cli,
            pool,
            workers,
        })
    }

    /// Gives the worker keys money for calls that no deal pays, such as the claim of a task. For votes
    /// and reveals they need none.
    pub fn fund_workers(&self) -> Result<()> {
        for worker in &self.workers {
            let address = account_to_ss58(&worker.account);
            self.cli.run(OPERATOR, &["transfer", &address, FEES])?;
        }
        Ok(())
    }

    /// Starts every worker's process.
    pub fn start_workers(&mut self) -> Result<()> {
        self.workers.iter_mut().try_for_each(Worker::start)
    }

    /// Registers an app from the modules built for WebAssembly.
    pub fn register_app(&self, name: &str) -> Result<AppId> {
        self.register_module(name, &module(name)?)
    }

    /// Registers an app from any module.
    pub fn register_module(&self, name: &str, module: &Path) -> Result<AppId> {
        let module = module.display().to_string();
        let answer = self.cli.run(
            PROVIDER,
            &["app", "register", "--name", name, "--module", &module],
        )?;
        Ok(AppId(hash(&answer["app"])?))
    }

    /// Sends a call of somebody and waits until it is final.
    pub async fn submit(&self, key: &str, call: Call) -> Result<Receipt> {
        let queue = TransactionQueue::new(self.client.clone(), Keypair::from_suri(key)?);
        Ok(queue.submit(call, Wait::Finalised).await?)
    }

    /// Registers a file as a dataset that every app may read.
    pub async fn register_dataset(&self, name: &str, file: &Path) -> Result<DatasetId> {
        let call = calls::registry::register_dataset(
            bounded("name", name)?,
            H256(sha256_of(file)?),
            bounded("locator", file.display().to_string())?,
            Description::default(),
            None,
            AllowedApps::default(),
        );
        let receipt = self.submit(DATASET_PROVIDER, call).await?;
        let mut events = receipt.events.into_iter();
        let registered = events.find_map(|event| match event {
            Event::Registry(RegistryEvent::DatasetRegistered { dataset, .. }) => Some(dataset),
            _ => None,
        });
        registered.context("the registry told no id")
    }

    /// Publishes an order for the app and one for the pool.
    pub fn publish_orders(&self, app: AppId, category: &str) -> Result<()> {
        let (app, pool) = (app.to_string(), self.pool.to_string());
        let order_app = [
            "order",
            "app",
            "--app",
            &app,
            "--price",
            "0.1",
            "--volume",
            "100000",
            "--publish",
        ];
        self.cli.run(PROVIDER, &order_app)?;
        let order_pool = [
            "order",
            "pool",
            "--pool",
            &pool,
            "--price",
            "1",
            "--volume",
            "100000",
            "--category",
            category,
            "--trust",
            "4",
            "--publish",
        ];
        self.cli.run(OPERATOR, &order_pool)?;
        Ok(())
    }

    /// Requests tasks of an app in the pool at trust 3, with further options of `ergon run`, and does not wait for them.
    pub fn request(
        &self,
        app: AppId,
        category: &str,
        volume: u32,
        more: &[String],
    ) -> Result<DealId> {
        let (app, pool, volume) = (app.to_string(), self.pool.to_string(), volume.to_string());
        let mut arguments = vec!["run", &app, "--pool", &pool, "--volume", &volume];
        arguments.extend(["--trust", "3", "--category", category, "--no-wait"]);
        arguments.extend(more.iter().map(String::as_str));
        Ok(DealId(hash(&self.cli.run(REQUESTER, &arguments)?["deal"])?))
    }

    /// Everybody whose money may move, but the worker keys.
    pub fn accounts(&self) -> Result<Vec<AccountId>> {
        let mut accounts = vec![treasury()];
        for name in [REQUESTER, OPERATOR, PROVIDER, DATASET_PROVIDER] {
            accounts.push(Keypair::from_suri(name)?.account());
        }
        accounts.extend(self.workers.iter().map(|worker| worker.owner.clone()));
        Ok(accounts)
    }

    /// The workers' keys.
    pub fn worker_accounts(&self) -> Vec<AccountId> {
        self.workers
            .iter()
            .map(|worker| worker.account.clone())
            .collect()
    }

    /// Worker keys with their owners.
    pub fn owners(&self) -> BTreeMap<AccountId, AccountId> {
        self.workers
            .iter()
            .map(|worker| (worker.account.clone(), worker.owner.clone()))
            .collect()
    }

    /// The terms of a deal.
    pub async fn deal(&self, id: DealId) -> Result<Deal> {
        self.client
            .at(At::Finalised)
            .await?
            .deal(id)
            .await?
            .context("the deal is on the chain")
    }

    /// Waits until the condition holds on the finalised chain; fails when a process has died or time is up.
    pub async fn wait_for(
        &mut self,
        what: &str,
        patience: Duration,
        mut holds: impl AsyncFnMut(&Client) -> Result<bool>,
    ) -> Result<()> {
        let end = Instant::now() + patience;
        loop {
            if holds(&self.client).await? {
                return Ok(());
            }
            self.node.process.ensure_running()?;
            for worker in &mut self.workers {
                if let Some(process) = &mut worker.process {
                    process.ensure_running()?;
                }
            }
            anyhow::ensure!(
                Instant::now() < end,
                "waited {} s in vain until {what}; the workers say:\n{}",
                patience.as_secs(),
                self.worker_logs()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Stops workers and node, and checks that they end well.
    pub fn close(mut self) -> Result<()> {
        for worker in &mut self.workers {
            if let Some(mut process) = worker.process.take() {
                let status = process.stop()?;
                anyhow::ensure!(
                    status.success(),
                    "{} ended with {status}:\n{}",
                    worker.name,
                    process.log_tail()
                );
            }
        }
        self.node.process.stop()?;
        Ok(())
    }

    fn worker_logs(&self) -> String {
        let logs = self.workers.iter().filter_map(|worker| {
            Some(format!(
                "-- {}\n{}",
                worker.name,
                worker.process.as_ref()?.log_tail()
            ))
        });
        logs.collect::<Vec<_>>().join("\n")
    }
}

/// The treasury's account: derived from its pallet identifier as the runtime does it.
pub fn treasury() -> AccountId {
    let mut bytes = [0; 32];
    bytes[..12].copy_from_slice(b"modlerg/trsy");
    AccountId::new(bytes)
}

/// A 32-byte hash in a JSON text.
pub fn hash(value: &Value) -> Result<H256> {
    let text = value.as_str().context("an id is a text")?;
    let bytes = hex::decode(text.trim_start_matches("0x"))?;
    Ok(H256(bytes.try_into().ok().context("an id has 32 bytes")?))
}

fn prepare_worker(
    folder: &Path,
    name: &str,
    behaviour: Behaviour,
    owner: &str,
    node: &str,
) -> Result<Worker> {
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    let output = std::process::Command::new(program("ergon-worker")?)
        .args(["init", "--data"])
        .arg(&folder)
        .output()?;
    anyhow::ensure!(
        output.status.success(),
        "ergon-worker init: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let key = Keypair::from_file(&folder.join("worker.key"), Scheme::Ed25519)?;
    Ok(Worker {
        name: name.into(),
        behaviour,
        owner: Keypair::from_suri(owner)?.account(),
        account: key.account(),
        process: None,
        folder,
        node: node.into(),
    })
}

/// Bonds stake for the worker's key and lets it join the pool. The key gets no money.
fn bond(
    cli: &CommandLine,
    client: &Client,
    worker: &Worker,
    owner: &str,
    pool: PoolId,
) -> Result<()> {
    let key = Keypair::from_file(&worker.folder.join("worker.key"), Scheme::Ed25519)?;
    let proof = key.prove_possession(client.genesis(), &worker.owner);
    let proof = format!("0x{}", hex::encode(codec::Encode::encode(&proof)));
    let (address, pool) = (account_to_ss58(&worker.account), pool.to_string());
    cli.run(
        owner,
        &["worker", "bond", &address, BOND, "--proof", &proof],
    )?;
    cli.run(owner, &["worker", "join", &address, &pool])?;
    Ok(())
}
