//! The demo's flow with a smaller bag: real node, real workers, real command line.

use anyhow::{Context, Result};
use ergon_tests::{
    demo::{self, Picture, WORKERS},
    market::{Behaviour, Market},
};

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
