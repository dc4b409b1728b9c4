//! Bad input gets a clear answer and changes nothing.

use anyhow::{Context, Result, ensure};
use ergon_client::{
    At,
    primitives::{DealId, FaultKind, Outcome, TaskStatus, VoteStatus},
};
use ergon_tests::{
    market::{Behaviour, Market, REQUESTER, hash},
    processes::{CommandLine, Node, Process, free_port, program, repository},
};
use serde_json::Value;
use std::{fs, path::Path, time::Duration};

const PATIENCE: Duration = Duration::from_secs(120);
const PAIR: [Behaviour; 2] = [Behaviour::Honest; 2];

async fn outcome(market: &mut Market, deal: DealId) -> Result<Outcome> {
    market
        .wait_for("the task has ended", PATIENCE, async |client| {
            let task = client.at(At::Finalised).await?.task(deal, 0).await?;
            Ok(task.is_some_and(|task| task.has_ended()))
        })
        .await?;
    let task = market
        .client
        .at(At::Finalised)
        .await?
        .task(deal, 0)
        .await?
        .context("a record")?;
    match task.status {
        TaskStatus::Settled { outcome, .. } => Ok(outcome),
        other => anyhow::bail!("the task did not settle: {other:?}"),
    }
}

/// A module from the hostile ones, in binary form.
fn hostile(folder: &Path, name: &str) -> Result<std::path::PathBuf> {
    let module = folder.join(format!("{name}.wasm"));
    let source = repository()
        .join("apps/hostile")
        .join(format!("{name}.wat"));
    fs::write(&module, wat::parse_file(source)?)?;
    Ok(module)
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_modules_are_settled_as_what_they_are() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &PAIR).await?;
    market.start_workers()?;
    let fault = Outcome::AppFault;
    for (name, expected) in [
        ("trap", Some(fault(FaultKind::Trap))),
        ("exit-3", Some(fault(FaultKind::Exit(3)))),
        ("write-too-much", Some(fault(FaultKind::OutputLimit))),
        // These three succeed exactly when everything they try is refused.
        ("socket", None),
        ("escape", None),
        ("clock", None),
    ] {
        let app = market.register_module(name, &hostile(folder.path(), name)?)?;
        market.publish_orders(app, "XS")?;
        let deal = market.request(app, "XS", 1, &[])?;
        let outcome = outcome(&mut market, deal).await?;
        match expected {
            Some(expected) => ensure!(outcome == expected, "{name}: {outcome:?}"),
            None => ensure!(
                matches!(outcome, Outcome::Success(_)),
                "{name}: {outcome:?}"
            ),
        }
    }
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_or_changed_files_make_a_task_unavailable_and_cost_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &PAIR).await?;

    let module = hostile(folder.path(), "exit-3")?;
    let app = market.register_module("changed after registration", &module)?;
    market.publish_orders(app, "XS")?;
    let changed = market.request(app, "XS", 1, &[])?;
    fs::write(&module, b"something else")?;

    let app = market.register_module("missing", &hostile(folder.path(), "clock")?)?;
    market.publish_orders(app, "XS")?;
    let input = folder.path().join("input.txt");
    fs::write(&input, "input")?;
    let options = [
        "--input".to_owned(),
        format!("input.txt={}", input.display()),
    ];
    let missing = market.request(app, "XS", 1, &options)?;
    fs::remove_file(&input)?;

    // The files were there when the command line looked, and are not when the workers want them.
    market.start_workers()?;
    for deal in [changed, missing] {
        ensure!(outcome(&mut market, deal).await? == Outcome::Unavailable);
    }
    let requester = ergon_client::Keypair::from_suri(REQUESTER)?.account();
    let account = market
        .client
        .at(At::Finalised)
        .await?
        .account(&requester)
        .await?;
    for reason in ["Escrow.TaskPayment", "Escrow.SettlementFee"] {
        ensure!(account.held_for(reason) == 0, "{reason} stayed on hold");
    }
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn copied_commitment_can_never_be_revealed_and_costs_the_copier_its_stake() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let behaviours = [Behaviour::Honest, Behaviour::Copies];
    let mut market = Market::open(folder.path(), &behaviours).await?;
    let module = hostile(folder.path(), "clock")?;
    let app = market.register_module("clock", &module)?;
    market.publish_orders(app, "TEST")?;
    let deal = market.request(app, "TEST", 1, &[])?;
    market.start_workers()?;
    ensure!(matches!(
        outcome(&mut market, deal).await?,
        Outcome::Success(_)
    ));
    let view = market.client.at(At::Finalised).await?;
    let task = view.task(deal, 0).await?.context("a record")?;
    let copier = &market.workers[1].account;
    let status = task.vote_of(copier).map(|vote| vote.status);
    ensure!(
        status == Some(VoteStatus::Committed),
        "the copier's vote is {status:?}"
    );
    let stake = market.deal(deal).await?.worker_stake;
    let left = view.bond(copier).await?.context("a bond")?.amount;
    ensure!(
        left == 100 * ergon_client::primitives::ERG - stake,
        "the copier keeps {left}"
    );
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn second_worker_on_the_same_store_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &PAIR[..1]).await?;
    market.start_workers()?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let worker = &mut market.workers[0];
    worker.running()?.ensure_running()?;
    let mut second = worker.spawn(worker.folder())?;
    let status = second
        .wait(Duration::from_secs(40))?
        .context("it ends by itself")?;
    ensure!(status.code() == Some(4), "{status}: {}", second.log_tail());
    ensure!(
        second.log_tail().contains("in use"),
        "{}",
        second.log_tail()
    );
    worker.running()?.ensure_running()?;
    market.close()
}

/// Exit code and document of a command that fails.
fn refused(cli: &CommandLine, key: &str, arguments: &[&str]) -> Result<(i32, Value)> {
    let output = cli.output(key, arguments)?;
    let code = output.status.code().context("no signal ended it")?;
    ensure!(code != 0, "ergon {} was not refused", arguments.join(" "));
    let text = if output.stdout.is_empty() {
        &output.stderr
    } else {
        &output.stdout
    };
    let document: Value = serde_json::from_slice(text)
        .with_context(|| format!("no JSON: {}", String::from_utf8_lossy(text)))?;
    ensure!(
        document["error"]["message"]
            .as_str()
            .is_some_and(|text| text.len() > 10),
        "{document}"
    );
    Ok((code, document))
}

#[tokio::test(flavor = "multi_thread")]
async fn command_line_says_what_is_wrong_with_an_exit_code_that_means_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let nowhere = CommandLine::new(format!("ws://127.0.0.1:{}", free_port()?));
    ensure!(refused(&nowhere, "//Alice", &["balance"])?.0 == 3);

    let market = Market::open(folder.path(), &PAIR[..1]).await?;
    let app = market
        .register_module("exit", &hostile(folder.path(), "exit-3")?)?
        .to_string();
    market.publish_orders(
        ergon_client::primitives::AppId(hash(&Value::String(app.clone()))?),
        "XS",
    )?;
    let run = |more: &[&'static str]| {
        let mut arguments = vec!["run", &app, "--no-wait", "--trust", "3", "--category", "XS"];
        arguments.extend(more);
        arguments.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let try_run = |key: &str, more: &[&'static str]| {
        let arguments = run(more);
        refused(
            &market.cli,
            key,
            &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    };
    ensure!(
        try_run("//a stranger without money", &[])?.0 == 6,
        "no money"
    );
    let (code, document) = try_run("//Alice", &["--max-pool-price", "0.5"])?;
    ensure!(code == 5, "no pool is that cheap: {code} {document}");
    let unknown = format!("0x{}", "12".repeat(32));
    ensure!(refused(&market.cli, "//Alice", &["app", "show", &unknown])?.0 == 5);
    ensure!(refused(&market.cli, "//Alice", &["task", "show", &unknown, "0"])?.0 == 5);
    ensure!(refused(&market.cli, "//Alice", &["transfer", "nobody", "1"])?.0 == 2);
    let missing = [
        "app",
        "register",
        "--name",
        "x",
        "--module",
        "/does/not/exist.wasm",
    ];
    let (code, document) = refused(&market.cli, "//Alice", &missing)?;
    ensure!(
        code != 0 && document.to_string().contains("/does/not/exist.wasm"),
        "{document}"
    );
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn worker_of_one_chain_refuses_another() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &PAIR[..1]).await?;
    market.start_workers()?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let worker = &mut market.workers[0];
    let status = worker.running()?.stop()?;
    ensure!(status.success(), "{status}");

    let other = Node::start_chain(&folder.path().join("other"), "local").await?;
    let arguments = [
        "run".to_owned(),
        "--config".to_owned(),
        worker.folder().join("worker.toml").display().to_string(),
        "--node".to_owned(),
        other.url(),
    ];
    let log = folder.path().join("refused.log");
    let mut process = Process::start("worker", &program("ergon-worker")?, &arguments, &log)?;
    let status = process
        .wait(Duration::from_secs(40))?
        .context("it ends by itself")?;
    ensure!(status.code() == Some(3), "{status}: {}", process.log_tail());
    ensure!(
        process.log_tail().contains("chain"),
        "{}",
        process.log_tail()
    );
    Ok(())
}
