//! Sealed votes, calls that the deal pays for, and cancellation, on a real chain with real workers.

use anyhow::{Context, Result, bail, ensure};
use ergon_client::{
    At, Keypair, Scheme, TaskSpec, TransactionError, TransactionQueue, Wait, bounded, calls,
    primitives::{
        AccountId, DealId, ERG, MILLI_ERG, Outcome, PoolOrder, RequestOrder, TaskStatus,
        Verification, VoteStatus,
    },
};
use ergon_tests::{
    ledger::{Journal, Snapshot, prepaid_burned},
    market::{Behaviour, Market, OPERATOR, PROVIDER, REQUESTER},
    orders::{Notary, unsigned},
    processes::repository,
};
use sp_core::H256;
use std::{fs, path::Path, time::Duration};

const PATIENCE: Duration = Duration::from_secs(120);
const HONEST: [Behaviour; 3] = [Behaviour::Honest; 3];

fn account(name: &str) -> Result<AccountId> {
    Ok(Keypair::from_suri(name)?.account())
}

/// Makes a deal for a module that needs no input and succeeds.
async fn make_deal(
    market: &Market,
    folder: &Path,
    verification: Verification,
    tasks: u32,
) -> Result<DealId> {
    let module = folder.join("clock.wasm");
    let source = repository().join("apps/hostile/clock.wat");
    fs::write(&module, wat::parse_file(source)?)?;
    let app = market.register_module("clock", &module)?;

    let notary = Notary::open(&market.client, "XS").await?;
    let app = notary.app(app, 100 * MILLI_ERG);
    let pool = PoolOrder {
        verifications: bounded("verifications", [verification])?,
        ..notary.pool(market.pool, ERG)?
    };
    let requester = account(REQUESTER)?;
    let spec = TaskSpec {
        args: Vec::new(),
        inputs: Vec::new(),
    };
    let request = RequestOrder {
        verification,
        ..notary.request(&requester, (&app, &pool), tasks, &spec)?
    };
    for (owner, order) in [
        (PROVIDER, app.clone().into()),
        (OPERATOR, pool.clone().into()),
    ] {
        market.submit(owner, calls::market::publish(order)).await?;
    }
    let deal = notary.deal(&request);
    let call = calls::market::match_orders(unsigned(app), None, unsigned(pool), unsigned(request));
    market.submit(REQUESTER, call).await?;
    Ok(deal)
}

async fn wait_until_ended(market: &mut Market, deal: DealId) -> Result<()> {
    market
        .wait_for("the deal has ended", PATIENCE, async |client| {
            let escrow = client.at(At::Finalised).await?.escrow(deal).await?;
            Ok(escrow.is_none())
        })
        .await
}

/// All tasks succeeded with so many votes, all of them opened, and nobody lost stake.
async fn ensure_all_opened(
    market: &Market,
    deal: DealId,
    tasks: usize,
    votes: usize,
) -> Result<()> {
    let view = market.client.at(At::Finalised).await?;
    let records = view.tasks(deal).await?;
    ensure!(records.len() == tasks, "{} tasks", records.len());
    for (index, task) in records {
        let TaskStatus::Settled {
            outcome: Outcome::Success(_),
            ..
        } = task.status
        else {
            bail!("task {index}: {:?}", task.status);
        };
        ensure!(task.votes.len() == votes, "task {index}: {:?}", task.votes);
        let opened = |status| status == VoteStatus::Revealed;
        let all = task.votes.iter().all(|vote| opened(vote.status));
        ensure!(all, "task {index}: {:?}", task.votes);
    }
    for worker in &market.workers {
        let bond = view.bond(&worker.account).await?.context("a bond")?;
        ensure!((bond.amount, bond.locked) == (100 * ERG, 0), "{bond:?}");
        let key = view.account(&worker.account).await?;
        ensure!(key.total() == 0, "the worker key has {}", key.total());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_votes_are_cast_opened_and_paid_without_a_fee() -> Result<()> {
    for verification in [
        Verification::Blind { voters: 3 },
        Verification::Race { referees: 1 },
    ] {
        let folder = tempfile::tempdir()?;
        let mut market = Market::open(folder.path(), &HONEST).await?;
        let deal = make_deal(&market, folder.path(), verification, 3).await?;
        market.start_workers()?;
        wait_until_ended(&mut market, deal).await?;
        ensure_all_opened(&market, deal, 3, 3)
            .await
            .with_context(|| format!("{verification:?}"))?;
        market.close()?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn bag_of_several_pages_is_worked_off_by_keys_without_money() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &HONEST[..2]).await?;
    let deal = make_deal(&market, folder.path(), Verification::Replication, 70).await?;
    market.start_workers()?;
    wait_until_ended(&mut market, deal).await?;
    ensure_all_opened(&market, deal, 70, 2).await?;
    market.close()
}

/// A call of a worker key that would do nothing is not taken, and costs nothing.
async fn ensure_useless_call_is_refused(market: &Market, deal: DealId) -> Result<()> {
    let worker = market.workers.first().context("a worker")?;
    let key = Keypair::from_file(&worker.folder().join("worker.key"), Scheme::Ed25519)?;
    let queue = TransactionQueue::new(market.client.clone(), key);
    let vote = H256::repeat_byte(1);
    let call = calls::poco::contribute(deal, 99, vote, vote, ERG, None);
    match queue.submit(call, Wait::InBlock).await {
        Err(TransactionError::Useless { error, .. }) => ensure!(error == "NoSuchTask", "{error}"),
        other => bail!("{other:?}"),
    }
    let view = market.client.at(At::Best).await?;
    ensure!(view.account(&worker.account).await?.nonce == 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn payer_cancels_what_nobody_has_voted_on() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &HONEST[..1]).await?;
    let accounts = market.accounts()?;
    let deal = make_deal(&market, folder.path(), Verification::Replication, 3).await?;
    ensure_useless_call_is_refused(&market, deal).await?;
    let workers = market.worker_accounts();
    let before = Snapshot::take(&market.client, &accounts, &workers).await?;

    let stranger = market.submit(PROVIDER, calls::poco::cancel(deal)).await;
    let refusal = stranger.err().context("a stranger cancelled the deal")?;
    ensure!(
        matches!(
            refusal.downcast_ref(),
            Some(TransactionError::Refused { error, .. }) if error == "NotThePayer"
        ),
        "{refusal}"
    );
    let id = deal.to_string();
    let answer = market.cli.run(REQUESTER, &["deal", "cancel", &id])?;
    let fee = 3 * ERG / 20;
    ensure!(answer["tasks"] == 3, "{answer}");
    ensure!(answer["operator"] == fee.to_string(), "{answer}");

    wait_until_ended(&mut market, deal).await?;
    let view = market.client.at(At::Finalised).await?;
    for (index, task) in view.tasks(deal).await? {
        let cancelled = matches!(task.status, TaskStatus::Cancelled { .. });
        ensure!(cancelled, "task {index}: {:?}", task.status);
    }
    let shown = market.cli.run(REQUESTER, &["deal", "show", &id])?;
    ensure!(shown["progress"]["cancelled"] == 3, "{shown}");
    ensure!(shown["status"] == "ended", "{shown}");

    let after = Snapshot::take(&market.client, &accounts, &workers).await?;
    let journal = Journal::read(&market.client, deal, before.block, after.block).await?;
    let prepaid = prepaid_burned(&market.deal(deal).await?, &before, &after, &journal)?;
    for (name, lost, won) in [(REQUESTER, fee + prepaid, 0), (OPERATOR, 0, fee)] {
        let who = account(name)?;
        let paid = journal.fees.get(&who).copied().unwrap_or_default();
        ensure!(
            after.balances[&who] + lost + paid == before.balances[&who] + won,
            "{name} went from {} to {}",
            before.balances[&who],
            after.balances[&who]
        );
    }
    market.close()
}
