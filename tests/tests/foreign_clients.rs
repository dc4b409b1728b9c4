//! Clients that know nothing of Ergon can use it.

use anyhow::{Context, Result, ensure};
use ergon_tests::{
    market::{Behaviour, Market},
    processes::repository,
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Installs the pinned polkadot.js into a folder that outlives the checkout. `None` where there is no npm.
fn polkadot_js() -> Result<Option<PathBuf>> {
    if Command::new("npm").arg("--version").output().is_err() {
        return Ok(None);
    }
    let source = repository().join("tests/polkadot-js");
    let cache = std::env::var_os("HOME")
        .map(PathBuf::from)
        .context("HOME is set")?;
    let folder = cache.join(".cache/ergon/polkadot-js");
    std::fs::create_dir_all(&folder)?;
    for file in ["package.json", "package-lock.json", ".npmrc", "check.mjs"] {
        std::fs::copy(source.join(file), folder.join(file))
            .with_context(|| format!("copying {file}"))?;
    }
    let output = Command::new("npm")
        .arg("ci")
        .arg("--prefer-offline")
        .current_dir(&folder)
        .output()?;
    ensure_success("npm ci", &output)?;
    Ok(Some(folder))
}

fn ensure_success(what: &str, output: &Output) -> Result<()> {
    ensure!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn polkadot_js_reads_calls_and_decodes_without_custom_types() -> Result<()> {
    let Some(script) = polkadot_js()? else {
        eprintln!(
            "SKIPPED: npm is not installed, so polkadot.js cannot be tried. Install nodejs and npm to run this test."
        );
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let (market, deal) = market_with_deal(folder.path()).await?;
    let output = Command::new("node")
        .arg("check.mjs")
        .arg(market.node.url())
        .current_dir(&script)
        .output()?;
    ensure_success("check.mjs", &output)?;
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    let events = answer["events"].as_array().context("events")?;
    ensure!(
        events
            .iter()
            .any(|event| event["name"] == "registry.ListCreated"),
        "{answer}"
    );
    let deals = answer["deals"].as_array().context("deals")?;
    ensure!(
        deals
            .iter()
            .any(|read| read["id"] == deal && read["volume"] == "3" && read["trust"] == "3"),
        "{deal} is not among {deals:?}"
    );
    market.close()
}

/// A market without workers, and a deal of three tasks in it.
async fn market_with_deal(folder: &Path) -> Result<(Market, Value)> {
    let market = Market::open(folder, &[Behaviour::Honest]).await?;
    let app = market.register_app("ergon-app-options")?;
    market.publish_orders(app, "XS")?;
    let deal = market.request(app, "XS", 3, &[])?;
    Ok((market, deal.to_string().into()))
}
