//! The daemon: looks at the chain, at its store, and does what follows from both.
//!
//! It is driven by finalised blocks, and decides from current storage, never from events alone. What
//! it has in memory can be lost at any moment: everything that matters is in the store. No task of the
//! program outlives the daemon: all are in its [`JoinSet`]s.

use crate::{
    behaviour::{Behaviour, Honest},
    books,
    chain::{Chain, TermsCache},
    config::Config,
    error::WorkerError,
    send::Left,
    shared::Shared,
    task::TaskId,
};
use ergon_client::primitives::{AccountId, Balance, BlockNumber, DealId, TaskIndex};
use std::{
    collections::{HashMap, HashSet},
    future::Future,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task::{AbortHandle, JoinError, JoinSet, spawn_blocking},
    time::{sleep, timeout},
};

mod act;
mod batches;
mod take_on;

use batches::{Due, UnderWay};

/// How long the daemon sleeps at most.
const TICK: Duration = Duration::from_secs(1);
/// How long transactions in flight are waited for at the end.
const GRACE: Duration = Duration::from_secs(5);
/// How often old results and files are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);
/// Blocks for which a task rests after something that was refused.
const REST: BlockNumber = 5;
/// Blocks for which no task is taken on of a deal that could not pay for a vote.
const UNPAID_REST: BlockNumber = 20;

/// Something about tasks that came to its end.
struct Finished {
    tasks: Vec<TaskId>,
    number: u64,
    /// What of a deal it was, if it was votes or reveals.
    batch: Option<(DealId, Kind)>,
    /// What was left undone.
    result: Result<Left, WorkerError>,
}

/// What is sent of a deal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Kind {
    /// A batch of votes.
    Votes,
    /// A batch of reveals.
    Reveals,
    /// The opening of one sealed vote.
    Openings,
}

/// Something about a task that is going on.
struct Busy {
    number: u64,
    /// For executions, which can be stopped; a transaction that is sent cannot.
    execution: Option<AbortHandle>,
}

/// A worker at work.
pub struct Daemon<B: Behaviour = Honest> {
    shared: Arc<Shared<B>>,
    executions: JoinSet<Finished>,
    sendings: JoinSet<Finished>,
    follower: JoinSet<WorkerError>,
    busy: HashMap<TaskId, Busy>,
    /// Votes and reveals on their way.
    under_way: UnderWay,
    /// Until which block tasks rest.
    resting: HashMap<TaskId, BlockNumber>,
    /// Until which block no task is taken on of deals that could not pay for a vote.
    unpaid: HashMap<DealId, BlockNumber>,
    /// Tasks that are in the store.
    known: HashMap<DealId, HashSet<TaskIndex>>,
    /// Tasks of open deals that have ended, or that cannot be this worker's.
    closed: HashMap<DealId, HashSet<TaskIndex>>,
    terms: TermsCache,
    /// What was last said about the worker's standing, and about deals.
    said: HashMap<Option<DealId>, String>,
    /// Stake that votes which are not on the chain yet are going to lock.
    promised: Balance,
    /// The highest finalised block that was seen, in this life or an earlier one.
    height: BlockNumber,
    /// The best block of the last look.
    now: BlockNumber,
    counter: u64,
    pruned: Option<Instant>,
}

impl<B: Behaviour> Daemon<B> {
    /// Opens store and key and connects to the node.
    pub async fn open(config: Config, behaviour: B) -> Result<Self, WorkerError> {
        let shared = Shared::open(config, behaviour).await?;
        let mut known: HashMap<DealId, HashSet<TaskIndex>> = HashMap::new();
        let records = shared.store.live()?.into_iter().chain(shared.store.done()?);
        for (task, _) in records {
            known.entry(task.deal).or_default().insert(task.index);
        }
        let height = shared.store.cursor()?.unwrap_or_default().saturating_sub(1);
        Ok(Self {
            shared: Arc::new(shared),
            executions: JoinSet::new(),
            sendings: JoinSet::new(),
            follower: JoinSet::new(),
            busy: HashMap::new(),
            under_way: UnderWay::default(),
            resting: HashMap::new(),
            unpaid: HashMap::new(),
            known,
            closed: HashMap::new(),
            terms: TermsCache::default(),
            said: HashMap::new(),
            promised: 0,
            height,
            now: 0,
            counter: 0,
            pruned: None,
        })
    }

    /// The worker's key.
    pub fn worker(&self) -> &AccountId {
        &self.shared.worker
    }

    /// Works until `stop` comes to its end, or something happens that waiting cannot mend. Then nothing
    /// new is begun, executions are killed, and transactions in flight get a little time.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), WorkerError> {
        let mut stop = pin!(stop);
        let (sender, mut news) = watch::channel(0);
        self.follower
            .spawn(books::follow(self.shared.clone(), sender));
        let result = loop {
            tokio::select! {
                () = &mut stop => break Ok(()),
                turn = self.turn(&mut news) => if let Err(error) = turn {
                    break Err(error);
                },
            }
        };
        self.close().await;
        result
    }

    async fn close(mut self) {
        self.executions.shutdown().await;
        self.follower.shutdown().await;
        let sent = async { while self.sendings.join_next().await.is_some() {} };
        if timeout(GRACE, sent).await.is_err() {
            tracing::warn!("some transactions are still under way; the next start looks for them");
        }
        self.sendings.shutdown().await;
    }

    /// Looks and acts once, then waits until there is a reason to do so again.
    async fn turn(&mut self, news: &mut watch::Receiver<BlockNumber>) -> Result<(), WorkerError> {
        match self.step().await {
            Ok(()) => {}
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) => tracing::warn!(%error, "cannot look at the chain, trying again"),
        }
        self.prune().await?;
        self.wait(news).await?;
        while let Some(joined) = self.executions.try_join_next() {
            self.finish(joined)?;
        }
        while let Some(joined) = self.sendings.try_join_next() {
            self.finish(joined)?;
        }
        Ok(())
    }

    async fn wait(&mut self, news: &mut watch::Receiver<BlockNumber>) -> Result<(), WorkerError> {
        tokio::select! {
            _ = news.changed() => Ok(()),
            () = sleep(TICK) => Ok(()),
            Some(joined) = self.executions.join_next() => self.finish(joined),
            Some(joined) = self.sendings.join_next() => self.finish(joined),
            Some(ended) = self.follower.join_next() => Err(ended.unwrap_or_else(WorkerError::from)),
        }
    }

    /// Takes note of the end of an execution or a transaction.
    fn finish(&mut self, joined: Result<Finished, JoinError>) -> Result<(), WorkerError> {
        let Finished {
            tasks,
            number,
            batch,
            result,
        } = match joined {
            Ok(finished) => finished,
            Err(error) if error.is_cancelled() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if let Some(batch) = batch {
            self.under_way.end(batch);
        }
        let released: HashSet<TaskId> = tasks
            .into_iter()
            .filter(|task| self.release(*task, number))
            .collect();
        // One that was stopped has nothing to say any more.
        if released.is_empty() {
            return Ok(());
        }
        match result {
            Ok(left) => {
                self.note_payment(batch, left.is_unpaid);
                let tasks = left.tasks.into_iter();
                tasks
                    .filter(|task| released.contains(task))
                    .for_each(|task| self.rest(task));
            }
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) => {
                tracing::warn!(tasks = released.len(), %error, "trying again later");
                released.into_iter().for_each(|task| self.rest(task));
            }
        }
        Ok(())
    }

    /// Remembers whether a deal pays for votes.
    fn note_payment(&mut self, batch: Option<(DealId, Kind)>, is_unpaid: bool) {
        match batch {
            Some((deal, _)) if is_unpaid => {
                let until = self.now.saturating_add(UNPAID_REST);
                self.unpaid.insert(deal, until);
            }
            Some((deal, Kind::Votes)) => {
                self.unpaid.remove(&deal);
            }
            _ => {}
        }
    }

    /// A task is free again if it was this that went on about it.
    fn release(&mut self, task: TaskId, number: u64) -> bool {
        let mine = self
            .busy
            .get(&task)
            .is_some_and(|busy| busy.number == number);
        if mine {
            self.busy.remove(&task);
        }
        mine
    }

    fn rest(&mut self, task: TaskId) {
        self.resting.insert(task, self.now.saturating_add(REST));
    }

    fn is_resting(&self, task: TaskId) -> bool {
        self.resting
            .get(&task)
            .is_some_and(|until| self.now < *until)
    }

    async fn prune(&mut self) -> Result<(), WorkerError> {
        if self.pruned.is_some_and(|last| last.elapsed() < PRUNE_EVERY) {
            return Ok(());
        }
        self.pruned = Some(Instant::now());
        let shared = self.shared.clone();
        spawn_blocking(move || books::prune(&shared)).await??;
        Ok(())
    }

    /// Looks once and does what follows.
    async fn step(&mut self) -> Result<(), WorkerError> {
        let chain = Chain::look(&self.shared.client).await?;
        self.now = chain.now();
        let finalised = chain.finalised.head().number;
        if finalised < self.height {
            let text = format!(
                "the node is at block {finalised} and was at {} before; waiting until it has caught up",
                self.height
            );
            self.say(None, &text);
            return Ok(());
        }
        self.height = finalised;
        let now = self.now;
        self.resting.retain(|_, until| now < *until);
        self.unpaid.retain(|_, until| now < *until);

        let plan = self.plan(&chain).await?;
        self.promised = plan.promised;
        let mut due = Due::default();
        for item in plan.sorted() {
            self.act(&chain, item, &mut due).await?;
        }
        self.send_due(&chain, due).await?;
        self.take_on(&chain).await
    }

    /// Says something that stays true for a while only once.
    fn say(&mut self, about: Option<DealId>, text: &str) {
        if self.said.get(&about).is_some_and(|last| last == text) {
            return;
        }
        match about {
            Some(deal) => tracing::info!(%deal, "{text}"),
            None => tracing::info!("{text}"),
        }
        self.said.insert(about, text.into());
    }
}
