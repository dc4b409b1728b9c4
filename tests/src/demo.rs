//! The demo: a bag of tiles, four workers of which one lies, and the whole ledger afterwards.

use crate::{
    ledger::{self, Journal, Parties, SettledTask, Snapshot},
    market::{Behaviour, Market, OPERATOR, PROVIDER, REQUESTER, hash, treasury},
    processes::{program, repository},
};
use anyhow::{Context, Result, ensure};
use ergon_client::{
    At, Keypair, account_to_ss58,
    primitives::{AccountId, AppId, Balance, DealId, ERG, Task},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Four workers; the last one lies.
pub const WORKERS: [Behaviour; 4] = [
    Behaviour::Honest,
    Behaviour::Honest,
    Behaviour::Honest,
    Behaviour::Lies,
];

/// What to render.
pub struct Picture {
    /// The scene file.
    pub scene: PathBuf,
    /// How many tiles it has.
    pub tiles: u32,
}

impl Picture {
    /// A scene that is shipped with the app.
    pub fn shipped(name: &str, tiles: u32) -> Self {
        Self {
            scene: repository().join("apps/render/scenes").join(name),
            tiles,
        }
    }

    /// The options of `ergon run` that render a tile per task.
    pub fn options(&self) -> Vec<String> {
        let scene = format!("scene.txt={}", self.scene.display());
        let words = ["--arg", "--scene", "--arg", "scene.txt", "--arg", "--tile"];
        let more = ["--arg", "{index}", "--input", &scene];
        words.into_iter().chain(more).map(str::to_owned).collect()
    }
}

/// What came of the demo.
pub struct Report {
    /// The deal.
    pub deal: DealId,
    /// The picture that the workers rendered.
    pub picture: PathBuf,
    /// Every task's record on the chain.
    pub tasks: Vec<(u32, Task)>,
    /// What the events say.
    pub journal: Journal,
    /// Before the deal.
    pub before: Snapshot,
    /// After it.
    pub after: Snapshot,
    /// What each account gained or lost by the deal, fees apart.
    pub gains: BTreeMap<AccountId, i128>,
    /// What the payer had prepaid for the workers' calls.
    pub settlement_fee: Balance,
    /// What of it was used up.
    pub prepaid: Balance,
}

/// Registers the app, requests the bag, waits for it, assembles the picture, checks picture and ledger.
pub async fn run(market: &mut Market, picture: &Picture, quiet: bool) -> Result<Report> {
    let app = market.register_app("ergon-app-render")?;
    market.publish_orders(app, "XS")?;
    market.start_workers()?;
    let (accounts, workers) = (market.accounts()?, market.worker_accounts());
    let before = Snapshot::take(&market.client, &accounts, &workers).await?;

    let tiles = market.folder.join("tiles");
    let deal = request(market, app, picture, &tiles, quiet)?;
    let png = assemble(market, picture, &tiles)?;

    let after = settled_snapshot(market, deal, &accounts, &workers).await?;
    let journal = Journal::read(&market.client, deal, before.block, after.block).await?;
    let parties = Parties {
        terms: market.deal(deal).await?,
        owners: market.owners(),
        treasury: treasury(),
    };
    let gains = ledger::check(&market.client, deal, &parties, &before, &after, &journal).await?;
    let prepaid = ledger::prepaid_burned(&parties.terms, &before, &after, &journal)?;
    let tasks = market.client.at(At::Finalised).await?.tasks(deal).await?;
    Ok(Report {
        deal,
        picture: png,
        tasks,
        journal,
        before,
        after,
        gains,
        settlement_fee: parties.terms.settlement_fee,
        prepaid,
    })
}

/// `ergon run`, as a requester would type it.
fn request(
    market: &Market,
    app: AppId,
    picture: &Picture,
    tiles: &Path,
    quiet: bool,
) -> Result<DealId> {
    let (app, pool) = (app.to_string(), market.pool.to_string());
    let (volume, out) = (picture.tiles.to_string(), tiles.display().to_string());
    let mut arguments = vec!["run", &app, "--pool", &pool, "--volume", &volume];
    arguments.extend(["--trust", "3", "--category", "XS", "--out", &out]);
    let options = picture.options();
    arguments.extend(options.iter().map(String::as_str));
    if quiet {
        return Ok(DealId(hash(
            &market.cli.run(REQUESTER, &arguments)?["deal"],
        )?));
    }
    // With the terminal's own output, so that progress is seen; the deal is found afterwards.
    let status = market
        .cli
        .command(REQUESTER, &arguments)?
        .stdin(Stdio::null())
        .status()?;
    ensure!(status.success(), "ergon run ended with {status}");
    let deals = market.cli.run(REQUESTER, &["deal", "list"])?;
    let deal = &deals["deals"]
        .as_array()
        .context("a list of deals")?
        .last()
        .context("a deal")?["deal"];
    Ok(DealId(hash(deal)?))
}

/// Puts the tiles together, renders the same picture here, and compares the bytes.
fn assemble(market: &Market, picture: &Picture, tiles: &Path) -> Result<PathBuf> {
    let png = market.folder.join("picture.png");
    let local = market.folder.join("local.png");
    let tiles = tiles.display().to_string();
    render_assemble(
        picture,
        &["--tiles", &tiles, "--out", &png.display().to_string()],
    )?;
    render_assemble(picture, &["--local", "--out", &local.display().to_string()])?;
    ensure!(
        std::fs::read(&png)? == std::fs::read(&local)?,
        "the workers' picture {} differs from a local render {}",
        png.display(),
        local.display()
    );
    Ok(png)
}

fn render_assemble(picture: &Picture, arguments: &[&str]) -> Result<()> {
    let output = Command::new(program("render-assemble")?)
        .arg("--scene")
        .arg(&picture.scene)
        .args(arguments)
        .output()?;
    ensure!(
        output.status.success(),
        "render-assemble: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// The books after the last task, once the workers have sent everything they will send.
async fn settled_snapshot(
    market: &mut Market,
    deal: DealId,
    accounts: &[AccountId],
    workers: &[AccountId],
) -> Result<Snapshot> {
    let patience = std::time::Duration::from_secs(60);
    market
        .wait_for("the deal has ended", patience, async |client| {
            let escrow = client.at(At::Finalised).await?.escrow(deal).await?;
            Ok(escrow.is_none())
        })
        .await?;
    Snapshot::take(&market.client, accounts, workers).await
}

impl Report {
    /// The tables that the demo shows.
    pub fn print(&self, market: &Market) -> Result<()> {
        self.print_tasks(market);
        self.print_workers(market);
        self.print_accounts(market)?;
        let fees = self.journal.total_fees();
        println!(
            "\nThe workers' calls cost them nothing: of {} ERG that the requester had prepaid for \
             them, {} ERG were used up.",
            erg(self.settlement_fee as i128),
            erg(self.prepaid as i128)
        );
        println!(
            "Issuance went from {} to {} ERG: {} ERG of fees and what was prepaid and used were \
             burned, nothing else changed it.",
            erg(self.before.issuance as i128),
            erg(self.after.issuance as i128),
            erg(fees as i128)
        );
        println!("\nThe picture: {}", self.picture.display());
        println!("Rendered here with the same library: identical bytes.");
        Ok(())
    }

    fn print_tasks(&self, market: &Market) {
        println!("\nTasks of deal {}", self.deal);
        println!(
            "  {:>5}  {:<44} {:>12} {:>12}",
            "task", "votes (✓ won, ✗ lost)", "to winners", "slashed"
        );
        for (index, task) in &self.tasks {
            let Some(settled) = self.journal.settled.get(index) else {
                continue;
            };
            let votes: Vec<String> = task
                .votes
                .iter()
                .map(|vote| {
                    let mark = if settled.losers.contains(&vote.worker) {
                        '✗'
                    } else {
                        '✓'
                    };
                    format!("{} {mark}", name_of(market, &vote.worker))
                })
                .collect();
            println!(
                "  {index:>5}  {:<44} {:>12} {:>12}",
                votes.join(", "),
                erg(paid(settled) as i128),
                erg(settled.slashed as i128)
            );
        }
    }

    fn print_workers(&self, market: &Market) {
        println!("\nWorkers");
        println!(
            "  {:<10} {:<12} {:>14} {:>14} {:>14} {:>13} {:>12}",
            "worker",
            "behaviour",
            "owner gained",
            "bond before",
            "bond after",
            "score before",
            "score after"
        );
        for worker in &market.workers {
            println!(
                "  {:<10} {:<12} {:>14} {:>14} {:>14} {:>13} {:>12}",
                worker.name,
                format!("{:?}", worker.behaviour).to_lowercase(),
                erg(self.gains.get(&worker.owner).copied().unwrap_or_default()),
                erg(self.before.bonds[&worker.account] as i128),
                erg(self.after.bonds[&worker.account] as i128),
                self.before.scores[&worker.account],
                self.after.scores[&worker.account],
            );
        }
    }

    fn print_accounts(&self, market: &Market) -> Result<()> {
        println!("\nAccounts (fees apart)");
        let mut named = vec![("treasury".to_owned(), treasury())];
        for (role, name) in [
            ("requester", REQUESTER),
            ("operator", OPERATOR),
            ("app provider", PROVIDER),
        ] {
            named.push((
                format!("{role} {name}"),
                Keypair::from_suri(name)?.account(),
            ));
        }
        for worker in &market.workers {
            named.push((format!("owner of {}", worker.name), worker.owner.clone()));
        }
        for (role, account) in named {
            let gain = self.gains.get(&account).copied().unwrap_or_default();
            let fee = self.journal.fees.get(&account).copied().unwrap_or_default();
            println!(
                "  {role:<22} {:<48} {:>14}   fees {:>12}",
                account_to_ss58(&account),
                erg(gain),
                erg(fee as i128)
            );
        }
        Ok(())
    }
}

fn name_of(market: &Market, account: &AccountId) -> String {
    let worker = market
        .workers
        .iter()
        .find(|worker| &worker.account == account);
    worker.map_or_else(|| account_to_ss58(account), |worker| worker.name.clone())
}

fn paid(task: &SettledTask) -> Balance {
    task.workers.iter().map(|payment| payment.amount).sum()
}

/// An amount in ERG with six decimals, rounded towards zero.
fn erg(amount: i128) -> String {
    let unit = ERG as i128;
    let sign = if amount < 0 { "-" } else { "" };
    let (whole, rest) = ((amount / unit).abs(), (amount % unit).abs() / 1_000_000);
    format!("{sign}{whole}.{rest:06}")
}
