//! What a node needs to settle a bag of tasks. Votes are made up on the spot and nothing is
//! executed, so that only the chain's work is measured.

use crate::{
    orders::Offers,
    parties::{prepare_voters, register},
};
use anyhow::{Result, ensure};
use ergon_client::{
    At, Call, Client, Keypair, TransactionQueue, Wait, bounded, calls,
    primitives::{
        Balance, Contribution, DealId, ERG, EXECUTION_VERSION_1, InlineResult, Opening, Outcome,
        TaskIndex, TaskStatus, commitment, domain_hash, result_digest, seal,
    },
};
use ergon_tests::{market::REQUESTER, processes::Node};
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use sp_core::H256;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Tasks in the bag.
pub const TASKS: u32 = 200;
/// How many transactions of one key are on their way at a time.
pub const IN_FLIGHT: usize = 16;
/// Two and three workers that agree; with a call for each task, and with one for all.
pub const SETTINGS: [Setting; 4] = [
    Setting::new(2, 3, 1),
    Setting::new(3, 5, 1),
    Setting::new(2, 3, TASKS),
    Setting::new(3, 5, TASKS),
];

/// How long the node is watched while it has nothing to do.
const IDLE: Duration = Duration::from_secs(10);
/// How long the settlements may take to be final.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many agree, and the trust for which it takes all of them.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Workers that vote on each task.
    pub voters: usize,
    /// The trust asked for: fresh workers have a weight of 2, so it is at most `2^voters`.
    pub trust: u32,
    /// How many tasks each call is about.
    pub batch: u32,
}

impl Setting {
    const fn new(voters: usize, trust: u32, batch: u32) -> Self {
        Self {
            voters,
            trust,
            batch,
        }
    }
}

/// What it took.
pub struct Figures {
    /// How it was done.
    pub setting: Setting,
    /// Tasks that were settled with a result.
    pub settled: u32,
    /// From the first transaction until everything was settled.
    pub wall: Duration,
    /// CPU time of the node in this time.
    pub cpu: Duration,
    /// CPU time of the idle node per second, in seconds.
    pub idle: f64,
    /// The fee of the match.
    pub match_fee: Balance,
    /// Fees that the workers paid for contributions, because the deal had nothing prepaid left.
    pub contribution_fees: Balance,
    /// Fees that the workers paid for reveals, for the same reason.
    pub reveal_fees: Balance,
    /// What was used up of what the deal had prepaid.
    pub prepaid: Balance,
}

impl Figures {
    /// CPU time without what the node would have used anyway, in seconds.
    pub fn net_cpu(&self) -> f64 {
        self.cpu.as_secs_f64() - self.idle * self.wall.as_secs_f64()
    }

    /// Tasks settled per second of CPU time.
    pub fn per_cpu_second(&self) -> f64 {
        f64::from(self.settled) / self.net_cpu()
    }

    /// Tasks settled per second.
    pub fn per_second(&self) -> f64 {
        f64::from(self.settled) / self.wall.as_secs_f64()
    }

    /// What all parties paid in fees for one task, its part of the match included.
    pub fn fees_per_task(&self) -> Balance {
        let fees = self.match_fee + self.contribution_fees + self.reveal_fees + self.prepaid;
        fees / Balance::from(self.settled.max(1))
    }
}

/// Settles a bag on a new development chain.
pub async fn measure(setting: Setting) -> Result<Figures> {
    let folder = tempfile::tempdir()?;
    let mut node = Node::start(folder.path()).await?;
    let client = node.client().await?;
    let (app, pool) = register(&client).await?;
    let voters = prepare_voters(&node, &client, pool, setting.voters).await?;
    let offers = Offers::sign(&client, app, pool).await?;
    let idle = idle(&node).await?;
    let figures = settle(&node, &client, setting, &offers, &voters, idle).await?;
    node.process.stop()?;
    Ok(figures)
}

/// Matches, votes, reveals; measures from the first transaction to the last settlement.
async fn settle(
    node: &Node,
    client: &Client,
    setting: Setting,
    offers: &Offers,
    voters: &[TransactionQueue],
    idle: f64,
) -> Result<Figures> {
    let requester = TransactionQueue::new(client.clone(), Keypair::from_suri(REQUESTER)?);
    let (request, deal) = offers.request(TASKS, setting.trust, 0)?;
    let issuance_before = issuance(client).await?;

    let (cpu_before, begun) = (node.process.cpu_time()?, Instant::now());
    let match_fee = requester.submit(request, Wait::InBlock).await?.fee;
    let contribution_fees = send_all(voters, setting.batch, |voter, tasks| {
        contribution(voter, deal, tasks, setting)
    })
    .await?;
    let reveal_fees = send_all(voters, setting.batch, |_, tasks| {
        reveal(deal, tasks, setting)
    })
    .await?;
    wait_until_ended(client, deal).await?;
    let (wall, cpu_after) = (begun.elapsed(), node.process.cpu_time()?);

    let cpu = cpu_after.saturating_sub(cpu_before);
    // Nothing but fees and used prepaid money leaves the chain.
    let burned = issuance_before.saturating_sub(issuance(client).await?);
    let prepaid = burned.saturating_sub(match_fee + contribution_fees + reveal_fees);
    let settled = count_settled(client, deal).await?;
    ensure!(settled == TASKS, "{settled} of {TASKS} tasks were settled");
    Ok(Figures {
        setting,
        settled,
        wall,
        cpu,
        idle,
        match_fee,
        contribution_fees,
        reveal_fees,
        prepaid,
    })
}

/// All the money there is.
async fn issuance(client: &Client) -> Result<Balance> {
    Ok(client.at(At::Finalised).await?.total_issuance().await?)
}

/// Sends calls about so many tasks each from each key, the keys side by side; the sum of the fees.
async fn send_all(
    voters: &[TransactionQueue],
    batch: u32,
    call: impl Fn(&TransactionQueue, &[TaskIndex]) -> Result<Call>,
) -> Result<Balance> {
    let tasks: Vec<TaskIndex> = (0..TASKS).collect();
    let sending = voters.iter().map(|voter| {
        let calls: Result<Vec<Call>> = tasks
            .chunks(batch as usize)
            .map(|tasks| call(voter, tasks))
            .collect();
        async move { send(voter, calls?).await }
    });
    Ok(try_join_all(sending).await?.into_iter().sum())
}

/// Sends the calls of one key, several on their way at a time.
async fn send(voter: &TransactionQueue, calls: Vec<Call>) -> Result<Balance> {
    stream::iter(calls)
        .map(|call| voter.submit(call, Wait::InBlock))
        .buffer_unordered(IN_FLIGHT)
        .map_err(anyhow::Error::from)
        .try_fold(Balance::default(), |sum, receipt| async move {
            Ok(sum + receipt.fee)
        })
        .await
}

/// What the workers agree on for a task.
fn result(index: TaskIndex) -> (Outcome, H256) {
    let outcome = Outcome::Success(domain_hash("measure/root", &index));
    (outcome, domain_hash("measure/trace", &index))
}

fn contribution(
    voter: &TransactionQueue,
    deal: DealId,
    tasks: &[TaskIndex],
    setting: Setting,
) -> Result<Call> {
    let vote = |index: TaskIndex| {
        let (outcome, trace) = result(index);
        let digest = result_digest(EXECUTION_VERSION_1, &outcome, trace);
        Contribution {
            index,
            commitment: commitment(deal, index, digest),
            seal: seal(voter.account(), deal, index, digest),
        }
    };
    if let [index] = tasks {
        let Contribution {
            index,
            commitment,
            seal,
        } = vote(*index);
        return Ok(calls::poco::contribute(
            deal, index, commitment, seal, ERG, None,
        ));
    }
    let votes: Vec<Contribution> = tasks.iter().copied().map(vote).collect();
    let votes = bounded("batch", votes)?;
    let most = u32::try_from(setting.voters)?;
    Ok(calls::poco::contribute_many(deal, votes, ERG, None, most))
}

fn reveal(deal: DealId, tasks: &[TaskIndex], setting: Setting) -> Result<Call> {
    let opening = |index: TaskIndex| -> Result<Opening> {
        let (outcome, trace) = result(index);
        let locator = format!("https://example.org/{deal}-{index}.bundle");
        Ok(Opening {
            index,
            outcome,
            trace,
            locator: bounded("locator", locator)?,
            inline: InlineResult::default(),
        })
    };
    if let [index] = tasks {
        let Opening {
            index,
            outcome,
            trace,
            locator,
            inline,
        } = opening(*index)?;
        return Ok(calls::poco::reveal(
            deal, index, outcome, trace, locator, inline,
        ));
    }
    let openings: Result<Vec<Opening>> = tasks.iter().copied().map(opening).collect();
    let most = u32::try_from(setting.voters)?;
    Ok(calls::poco::reveal_many(
        deal,
        bounded("batch", openings?)?,
        most,
    ))
}

async fn wait_until_ended(client: &Client, deal: DealId) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while client
        .at(At::Finalised)
        .await?
        .escrow(deal)
        .await?
        .is_some()
    {
        ensure!(
            Instant::now() < end,
            "tasks of deal {deal} are open {} s after the last reveal",
            PATIENCE.as_secs()
        );
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn count_settled(client: &Client, deal: DealId) -> Result<u32> {
    let tasks = client.at(At::Finalised).await?.tasks(deal).await?;
    let settled = tasks.iter().filter(|(_, task)| {
        matches!(
            task.status,
            TaskStatus::Settled {
                outcome: Outcome::Success(_),
                ..
            }
        )
    });
    Ok(u32::try_from(settled.count())?)
}

/// CPU time that the node uses per second when nobody asks anything of it.
async fn idle(node: &Node) -> Result<f64> {
    let (cpu, begun) = (node.process.cpu_time()?, Instant::now());
    sleep(IDLE).await;
    let used = node.process.cpu_time()?.saturating_sub(cpu);
    Ok(used.as_secs_f64() / begun.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_idle_node_uses_is_taken_off() {
        let figures = Figures {
            setting: SETTINGS[0],
            settled: 200,
            wall: Duration::from_secs(4),
            cpu: Duration::from_secs(3),
            idle: 0.25,
            match_fee: 200,
            contribution_fees: 500,
            reveal_fees: 300,
            prepaid: 1_000,
        };
        assert_eq!(figures.net_cpu(), 2.0);
        assert_eq!(figures.per_cpu_second(), 100.0);
        assert_eq!(figures.per_second(), 50.0);
        assert_eq!(figures.fees_per_task(), 10);
    }
}
