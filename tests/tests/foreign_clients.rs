//! Clients that know nothing of Ergon can use it.

use anyhow::{Context, Result, ensure};
use ergon_client::{
    At, Keypair, account_to_ss58,
    primitives::{DealId, HubPhase, Judge},
};
use ergon_tests::{
    market::{Behaviour, Market},
    processes::{CommandLine, Node, repository},
};
use serde_json::Value;
use sp_core::H256;
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
    for file in [
        "package.json",
        "package-lock.json",
        ".npmrc",
        "check.mjs",
        "match.mjs",
        "governance.mjs",
    ] {
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

/// A Python environment with the pinned substrate-interface, in a folder that outlives the checkout.
/// `None` where there is no Python that can make environments.
fn python() -> Result<Option<PathBuf>> {
    let modules = ["-c", "import venv, ensurepip"];
    let found = Command::new("python3").args(modules).output();
    if !found.is_ok_and(|output| output.status.success()) {
        return Ok(None);
    }
    let requirements = repository().join("tests/python/requirements.txt");
    let home = std::env::var_os("HOME").context("HOME is set")?;
    let folder = PathBuf::from(home).join(".cache/ergon/python-client");
    let stamp = folder.join("installed.txt");
    let interpreter = folder.join("bin/python");
    let wanted = std::fs::read(&requirements)?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(interpreter));
    }
    let output = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .output()?;
    ensure_success("python3 -m venv", &output)?;
    let output = Command::new(&interpreter)
        .args(["-m", "pip", "install", "--quiet", "--requirement"])
        .arg(&requirements)
        .output()?;
    ensure_success("pip install", &output)?;
    std::fs::write(&stamp, wanted)?;
    Ok(Some(interpreter))
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

#[tokio::test(flavor = "multi_thread")]
async fn orders_signed_by_polkadot_js_match() -> Result<()> {
    let Some(folder) = polkadot_js()? else {
        eprintln!(
            "SKIPPED: npm is not installed, so orders signed by polkadot.js cannot be tried. Install nodejs and npm to run this test."
        );
        return Ok(());
    };
    let mut script = Command::new("node");
    script.arg("match.mjs").current_dir(folder);
    orders_match(script, "ecdsa").await
}

#[tokio::test(flavor = "multi_thread")]
async fn polkadot_js_suspends_a_hub_by_referendum() -> Result<()> {
    const HUB: &str = "//Bob";
    let Some(script) = polkadot_js()? else {
        eprintln!(
            "SKIPPED: npm is not installed, so voting with polkadot.js cannot be tried. Install nodejs and npm to run this test."
        );
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let mut node = Node::start(folder.path()).await?;
    let owner = Keypair::from_suri(HUB)?.account();
    register_hub(&node, HUB)?;
    let document = H256::repeat_byte(7);
    let output = Command::new("node")
        .args(["governance.mjs", &node.url(), &account_to_ss58(&owner)])
        .arg(format!("{document:?}"))
        .current_dir(&script)
        .output()?;
    ensure_success("governance.mjs", &output)?;
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(answer["phase"]["Suspected"].is_object(), "{answer}");
    let view = node.client().await?.at(At::Best).await?;
    let hub = view.hub(&owner).await?.context("the hub is on the chain")?;
    ensure!(matches!(hub.phase, HubPhase::Suspected { .. }), "{hub:?}");
    let case = view.hub_case(&owner).await?.context("there is a case")?;
    ensure!(case.document == document, "{case:?}");
    ensure!(case.by == Judge::Referendum, "{case:?}");
    node.process.stop()?;
    Ok(())
}

/// Makes a hub and puts it on the whitelist.
fn register_hub(node: &Node, key: &str) -> Result<()> {
    let cli = CommandLine::new(node.url());
    let create = ["hub", "create", "--name", "north", "--peer-id", "12D3Koo"];
    let created = cli.run(key, &create)?;
    let wallet = created["wallet"].as_str().context("wallet")?;
    cli.run(key, &["transfer", wallet, "1000"])?;
    cli.run(key, &["hub", "register"])?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_signed_by_python_match() -> Result<()> {
    let Some(interpreter) = python()? else {
        eprintln!(
            "SKIPPED: Python cannot make environments, so orders signed by substrate-interface cannot be tried. Install python3-venv to run this test."
        );
        return Ok(());
    };
    let mut script = Command::new(interpreter);
    script.arg(repository().join("tests/python/match_orders.py"));
    orders_match(script, "ed25519").await
}

/// The script makes a deal of two tasks of orders that it signs itself, the request with this scheme.
async fn orders_match(mut script: Command, scheme: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let market = Market::open(folder.path(), &[Behaviour::Honest]).await?;
    let app = market.register_app("ergon-app-options")?;
    let output = script
        .arg(market.node.url())
        .arg(app.to_string())
        .arg(market.pool.to_string())
        .output()?;
    ensure_success("the script", &output)?;
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(answer["scheme"] == scheme, "{answer}");
    ensure!(answer["volume"] == 2, "{answer}");
    let id: DealId = answer["deal"]
        .as_str()
        .context("deal")?
        .parse::<H256>()?
        .into();
    let deal = market
        .client
        .at(At::Best)
        .await?
        .deal(id)
        .await?
        .context("the deal is on the chain")?;
    ensure!(deal.app == app && deal.volume == 2, "{deal:?}");
    market.close()
}
