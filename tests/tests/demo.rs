//! The demo's flow with a smaller bag: real node, real workers, real command line.

use anyhow::{Context, Result};
use ergon_client::primitives::AppId;
use ergon_tests::{
    demo::{self, Picture, WORKERS},
    market::{Behaviour, Market, REQUESTER, hash},
    processes::{program, repository},
};
use serde_json::Value;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn bag_of_tiles_is_rendered_paid_and_the_liar_slashed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &WORKERS).await?;
    // The run compares the picture with a local render and every balance with the protocol's rules.
    let report = demo::run(&mut market, &Picture::shipped("small.txt", 12), true).await?;

    let liar = market
        .workers
        .iter()
        .find(|worker| worker.behaviour == Behaviour::Lies);
    let liar = liar.context("one worker lies")?;
    let lost: usize = report
        .journal
        .settled
        .values()
        .flat_map(|task| &task.losers)
        .inspect(|loser| assert_eq!(**loser, liar.account, "only the liar loses"))
        .count();
    assert!(lost > 0, "the liar never voted");
    let stake = market.deal(report.deal).await?.worker_stake;
    assert_eq!(
        report.before.bonds[&liar.account] - report.after.bonds[&liar.account],
        stake * lost as u128
    );
    for worker in market
        .workers
        .iter()
        .filter(|worker| worker.account != liar.account)
    {
        assert_eq!(
            report.before.bonds[&worker.account],
            report.after.bonds[&worker.account]
        );
    }
    assert_eq!(report.after.scores[&liar.account], 0);
    market.close()
}

/// Every row that two workers agreed upon is what the same program computes here.
#[tokio::test(flavor = "multi_thread")]
async fn sweep_of_option_prices_is_what_a_native_run_computes() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &[Behaviour::Honest; 2]).await?;
    let app = market.register_app("ergon-app-options")?.to_string();
    let sweep = repository().join("apps/options/data/sweep.csv");
    market.publish_orders(AppId(hash(&Value::String(app.clone()))?), "XS")?;
    market.start_workers()?;
    let (input, results) = (
        format!("sweep.csv={}", sweep.display()),
        folder.path().join("prices"),
    );
    let out = results.display().to_string();
    let arguments = [
        "run",
        &app,
        "--volume",
        "4",
        "--trust",
        "3",
        "--category",
        "XS",
        "--arg",
        "--sweep",
        "--arg",
        "sweep.csv",
        "--arg",
        "--row",
        "--arg",
        "{index}",
        "--input",
        &input,
        "--out",
        &out,
    ];
    market.cli.run(REQUESTER, &arguments)?;
    for row in 0..4 {
        let local = folder.path().join(format!("local-{row}"));
        std::fs::create_dir(&local)?;
        let status = Command::new(program("ergon-app-options")?)
            .args(["--sweep", "sweep.csv", "--row", &row.to_string(), "--input"])
            .arg(sweep.parent().context("a folder")?)
            .arg("--output")
            .arg(&local)
            .status()?;
        assert!(status.success());
        let certified = std::fs::read(results.join(row.to_string()).join("price.csv"))?;
        assert_eq!(
            certified,
            std::fs::read(local.join("price.csv"))?,
            "row {row}"
        );
    }
    market.close()
}
