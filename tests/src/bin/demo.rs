//! `scripts/demo`: see the README.

use anyhow::Result;
use ergon_tests::{
    demo::{self, Picture, WORKERS},
    market::Market,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

const USAGE: &str = "usage: demo [--keep] [--small] OUTPUT-FOLDER";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let keep = arguments.iter().any(|word| word == "--keep");
    let small = arguments.iter().any(|word| word == "--small");
    let folder = arguments.iter().find(|word| !word.starts_with("--"));
    let Some(folder) = folder.map(PathBuf::from) else {
        anyhow::bail!(USAGE)
    };
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;

    let begun = Instant::now();
    // Dropping the work ends its processes, which are in groups of their own.
    let (market, report) = tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted; node and workers were stopped"),
        result = work(&folder, small) => result?,
    };
    report.print(&market)?;
    println!("The demo's own work took {} s.", begun.elapsed().as_secs());
    if keep {
        wait_for_the_user(&market, &report).await?;
    }
    market.close()?;
    println!("Node and workers have stopped.");
    Ok(())
}

async fn work(folder: &Path, small: bool) -> Result<(Market, demo::Report)> {
    println!("Starting a development chain, a pool and four workers, one of them a liar …");
    let mut market = Market::open(folder, &WORKERS).await?;
    let picture = if small {
        Picture::shipped("small.txt", 12)
    } else {
        Picture::shipped("demo.txt", 24)
    };
    println!(
        "Requesting {} tiles at trust 3: no result counts before two workers agree.\n",
        picture.tiles
    );
    let report = demo::run(&mut market, &picture, false).await?;
    Ok((market, report))
}

async fn wait_for_the_user(market: &Market, report: &demo::Report) -> Result<()> {
    let url = market.node.url();
    println!("\nEverything keeps running until you press Ctrl-C.");
    println!("  polkadot.js Apps: Settings → Development → custom endpoint {url}");
    println!(
        "    then Developer → Chain state → market.deals, poco.tasks; no custom types are needed"
    );
    println!(
        "  command line:     ergon --node {url} deal show {}",
        report.deal
    );
    println!(
        "                    ergon --node {url} task show {} 0",
        report.deal
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
