//! Daemons survive `kill -9` at any instruction; nothing is lost, nobody votes twice, nobody is slashed for it.

use anyhow::{Context, Result, ensure};
use ergon_client::{
    At,
    primitives::{DealId, Outcome, TaskStatus, VoteStatus},
};
use ergon_tests::{
    demo::Picture,
    market::{Behaviour, Market},
};
use std::{path::Path, time::Duration};

const PATIENCE: Duration = Duration::from_secs(120);
const HONEST: [Behaviour; 3] = [Behaviour::Honest; 3];

/// A market with workers that do not run yet, and a deal for them.
async fn market_with_deal(
    folder: &Path,
    workers: &[Behaviour],
    tiles: u32,
    category: &str,
) -> Result<(Market, DealId)> {
    let market = Market::open(folder, workers).await?;
    let app = market.register_app("ergon-app-render")?;
    market.publish_orders(app, category)?;
    let options = Picture::shipped("small.txt", tiles).options();
    let deal = market.request(app, category, tiles, &options)?;
    Ok((market, deal))
}

async fn wait_until_ended(market: &mut Market, deal: DealId) -> Result<()> {
    market
        .wait_for("the deal has ended", PATIENCE, async |client| {
            Ok(client
                .at(At::Finalised)
                .await?
                .escrow(deal)
                .await?
                .is_none())
        })
        .await
}

/// Every task succeeded, with one vote per worker and nobody's stake taken.
async fn ensure_all_well(market: &Market, deal: DealId, tasks: usize) -> Result<()> {
    let view = market.client.at(At::Finalised).await?;
    let records = view.tasks(deal).await?;
    ensure!(
        records.len() == tasks,
        "{} of {tasks} tasks have a record",
        records.len()
    );
    for (index, task) in records {
        ensure!(
            matches!(
                task.status,
                TaskStatus::Settled {
                    outcome: Outcome::Success(_),
                    ..
                }
            ),
            "task {index}: {:?}",
            task.status
        );
        let mut voters: Vec<_> = task.votes.iter().map(|vote| &vote.worker).collect();
        voters.sort();
        voters.dedup();
        ensure!(
            voters.len() == task.votes.len(),
            "a worker voted twice on task {index}"
        );
        ensure!(
            task.votes
                .iter()
                .all(|vote| vote.status == VoteStatus::Revealed),
            "somebody lost on task {index}: {:?}",
            task.votes
        );
    }
    for worker in &market.workers {
        let bond = view.bond(&worker.account).await?.context("a bond")?;
        ensure!(bond.locked == 0, "a lock outlived its task");
        ensure!(
            bond.amount == 100 * ergon_client::primitives::ERG,
            "an honest worker was slashed"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn worker_killed_again_and_again_loses_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut market, deal) = market_with_deal(folder.path(), &HONEST[..2], 12, "XS").await?;
    market.start_workers()?;
    // At ever different moments: fetching, executing, between store and chain, waiting, revealing.
    for kill in 0..12u64 {
        tokio::time::sleep(Duration::from_millis(150 + 97 * kill)).await;
        market.workers[(kill % 2) as usize].kill_and_restart()?;
    }
    wait_until_ended(&mut market, deal).await?;
    ensure_all_well(&market, deal, 12).await?;
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn worker_killed_after_its_vote_reveals_when_it_is_back() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut market, deal) = market_with_deal(folder.path(), &HONEST[..2], 1, "XS").await?;
    let (first, second) = (0, 1);
    let voter = market.workers[first].account.clone();

    market.workers[first].start()?;
    market
        .wait_for("the first worker has voted", PATIENCE, async |client| {
            let task = client.at(At::Finalised).await?.task(deal, 0).await?;
            Ok(task.is_some_and(|task| task.vote_of(&voter).is_some()))
        })
        .await?;
    market.workers[first].running()?.kill()?;
    market.workers[first].process = None;

    market.workers[second].start()?;
    market
        .wait_for("the second worker has revealed", PATIENCE, async |client| {
            let task = client.at(At::Finalised).await?.task(deal, 0).await?;
            let status = task.map(|task| task.status);
            Ok(matches!(
                status,
                Some(TaskStatus::Revealing {
                    revealed: Some(_),
                    ..
                })
            ))
        })
        .await?;

    market.workers[first].start()?;
    wait_until_ended(&mut market, deal).await?;
    ensure_all_well(&market, deal, 1).await?;
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn node_killed_in_the_middle_of_a_bag_loses_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut market, deal) = market_with_deal(folder.path(), &HONEST[..2], 12, "XS").await?;
    market.start_workers()?;
    for _ in 0..2 {
        market
            .wait_for("another task has votes", PATIENCE, async |client| {
                let tasks = client.at(At::Finalised).await?.tasks(deal).await?;
                Ok(tasks.iter().any(|(_, task)| !task.votes.is_empty()))
            })
            .await?;
        let finalised = market.client.heads().await?.finalised;
        market.node.kill_and_restart().await?;
        let now = market.client.heads().await?.finalised;
        ensure!(now.number >= finalised.number, "finalised blocks were lost");
        let view = market.client.at(At::Hash(finalised.hash)).await?;
        ensure!(
            view.deal(deal).await?.is_some(),
            "a finalised block is not there any more"
        );
    }
    wait_until_ended(&mut market, deal).await?;
    ensure_all_well(&market, deal, 12).await?;
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_worker_cannot_keep_others_from_their_pay() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let behaviours = [Behaviour::Honest, Behaviour::Honest, Behaviour::StaysSilent];
    // TEST has a work time of 20 blocks, so that the reveal deadline passes while one waits.
    let (mut market, deal) = market_with_deal(folder.path(), &behaviours, 1, "TEST").await?;
    // The silent one first, so that its vote is among the winners for certain.
    let silent = market.workers[2].account.clone();
    market.workers[2].start()?;
    market
        .wait_for("the silent worker has voted", PATIENCE, async |client| {
            let task = client.at(At::Finalised).await?.task(deal, 0).await?;
            Ok(task.is_some_and(|task| task.vote_of(&silent).is_some()))
        })
        .await?;
    market.workers[0].start()?;
    wait_until_ended(&mut market, deal).await?;

    let view = market.client.at(At::Finalised).await?;
    let task = view.task(deal, 0).await?.context("a record")?;
    ensure!(matches!(
        task.status,
        TaskStatus::Settled {
            outcome: Outcome::Success(_),
            ..
        }
    ));
    let lost = view.bond(&silent).await?.context("a bond")?.amount;
    let stake = market.deal(deal).await?.worker_stake;
    ensure!(
        lost == 100 * ergon_client::primitives::ERG - stake,
        "the silent worker keeps {lost}"
    );
    market.close()
}
