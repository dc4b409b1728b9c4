//! Datasets, the book, prices, explanations and curation, on a real chain with real workers.

use anyhow::{Context, Result, bail, ensure};
use ergon_client::{
    At, Bundle, Event, InputFile, Keypair, MarketEvent, TaskSpec, TransactionError, View, calls,
    calls::registry::Verdict,
    fetch,
    matchmaking::{Ad, Expression, Value},
    primitives::{
        AccountId, AppOrder, Balance, Curation, Cursor, DatasetOrder, Deal, DealDataset, DealId,
        DealStatus, ERG, MILLI_ERG, Mismatch, Order, Outcome, Party, PoolOrder, PriceRange,
        PriceSubject, PriceSummary, RequestOrder, Shelf, SignedOrder, TaskStatus, write_attributes,
        write_requirements,
    },
};
use ergon_tests::{
    ledger::{self, Journal, Parties, Snapshot},
    market::{Behaviour, DATASET_PROVIDER, Market, OPERATOR, PROVIDER, REQUESTER, treasury},
    orders::{Notary, TRUST, VOLUME, unsigned},
    processes::program,
};
use sp_core::H256;
use std::{fs, path::Path, process::Command, time::Duration};

const PATIENCE: Duration = Duration::from_secs(120);
const PAIR: [Behaviour; 2] = [Behaviour::Honest; 2];
/// Who may do anything on a development chain.
const SUDO: &str = "//Alice";
const APP_PRICE: Balance = 100 * MILLI_ERG;
const DATASET_PRICE: Balance = 250 * MILLI_ERG + 7;
const POOL_PRICE: Balance = ERG;
const TASKS: u32 = 2;
/// A dataset with a row for each task.
const SWEEP: &str = "\
kind,spot,strike,rate,volatility,maturity_years,steps,paths,barrier
european_call,100,90,0.03,0.2,1,1,20000,
european_call,100,110,0.03,0.2,1,1,20000,
";

fn account(name: &str) -> Result<AccountId> {
    Ok(Keypair::from_suri(name)?.account())
}

/// Orders of everybody for tasks that price options of a dataset.
struct Orders {
    notary: Notary,
    app: AppOrder,
    dataset: DatasetOrder,
    pool: PoolOrder,
    request: RequestOrder,
}

impl Orders {
    /// Registers app and dataset. The dataset's order is for as many tasks as the request.
    async fn make(market: &Market, sweep: &Path) -> Result<Self> {
        fs::write(sweep, SWEEP)?;
        let app = market.register_app("ergon-app-options")?;
        let dataset = market.register_dataset("two calls", sweep).await?;
        let notary = Notary::open(&market.client, "XS").await?;
        let app = notary.app(app, APP_PRICE);
        let pool = notary.pool(market.pool, POOL_PRICE)?;
        let words = ["--sweep", "dataset", "--row", "{index}"];
        let spec = TaskSpec {
            args: words.map(str::to_owned).to_vec(),
            inputs: Vec::new(),
        };
        let requester = account(REQUESTER)?;
        Ok(Self {
            request: RequestOrder {
                dataset: Some(dataset),
                max_dataset_price: DATASET_PRICE,
                ..notary.request(&requester, (&app, &pool), TASKS, &spec)?
            },
            dataset: DatasetOrder {
                volume: TASKS,
                ..notary.dataset(dataset, DATASET_PRICE)
            },
            app,
            pool,
            notary,
        })
    }

    /// Puts the three offers on the chain.
    async fn publish(&self, market: &Market) -> Result<()> {
        let offers = [
            (PROVIDER, self.app.clone().into()),
            (DATASET_PROVIDER, self.dataset.clone().into()),
            (OPERATOR, self.pool.clone().into()),
        ];
        for (owner, order) in offers {
            market.submit(owner, calls::market::publish(order)).await?;
        }
        Ok(())
    }

    /// Matches published offers with the caller's request.
    async fn make_deal(&self, market: &Market) -> Result<(DealId, Vec<Event>)> {
        let call = calls::market::match_orders(
            unsigned(self.app.clone()),
            Some(unsigned(self.dataset.clone())),
            unsigned(self.pool.clone()),
            unsigned(self.request.clone()),
        );
        let receipt = market.submit(REQUESTER, call).await?;
        Ok((self.notary.deal(&self.request), receipt.events))
    }

    /// Why `request` would not match the offers, which are published.
    async fn explain(&self, view: &View, request: &RequestOrder) -> Result<Vec<Mismatch>> {
        let report = view
            .explain_match(
                None,
                &unsigned(self.app.clone()),
                Some(&unsigned(self.dataset.clone())),
                &unsigned(self.pool.clone()),
                &unsigned(request.clone()),
            )
            .await?;
        Ok(report.mismatches)
    }
}

async fn view(market: &Market) -> Result<View> {
    Ok(market.client.at(At::Finalised).await?)
}

async fn snapshot(market: &Market) -> Result<Snapshot> {
    let (accounts, workers) = (market.accounts()?, market.worker_accounts());
    Snapshot::take(&market.client, &accounts, &workers).await
}

async fn wait_until_ended(market: &mut Market, deal: DealId) -> Result<()> {
    market
        .wait_for("the deal has ended", PATIENCE, async |client| {
            let escrow = client.at(At::Finalised).await?.escrow(deal).await?;
            Ok(escrow.is_none())
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn dataset_is_read_by_the_tasks_and_its_owner_paid_exactly() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &PAIR).await?;
    let sweep = folder.path().join("sweep.csv");
    let orders = Orders::make(&market, &sweep).await?;
    orders.publish(&market).await?;
    let subjects = [
        PriceSubject::Category(orders.notary.category),
        PriceSubject::App(orders.app.app),
    ];
    for subject in subjects {
        let prices = view(&market).await?.prices(subject).await?;
        ensure!(prices.is_none(), "nothing was paid yet: {prices:?}");
    }

    let before = snapshot(&market).await?;
    let (deal, events) = orders.make_deal(&market).await?;
    ensure_dataset_is_sold_out(&market, &orders, &events).await?;
    market.start_workers()?;
    wait_until_ended(&mut market, deal).await?;
    let after = snapshot(&market).await?;

    let terms = market.deal(deal).await?;
    let expected = DealDataset {
        id: orders.dataset.dataset,
        owner: account(DATASET_PROVIDER)?,
        price: DATASET_PRICE,
    };
    ensure!(terms.dataset == Some(expected), "{terms:?}");
    ensure_ledger(&market, deal, terms, &before, &after).await?;
    ensure_results(&market, deal, folder.path()).await?;
    for subject in subjects {
        ensure_prices(&view(&market).await?, deal, subject).await?;
    }
    market.close()
}

/// The dataset's order was for as many tasks as the deal has: it leaves the chain with the match.
async fn ensure_dataset_is_sold_out(
    market: &Market,
    orders: &Orders,
    events: &[Event],
) -> Result<()> {
    let order = orders.notary.id(orders.dataset.clone());
    let exhausted = Event::Market(MarketEvent::OrderExhausted { order });
    ensure!(events.contains(&exhausted), "{events:?}");
    let view = view(market).await?;
    ensure!(view.published_order(order).await?.is_none());
    let shelf = Shelf::Dataset(orders.dataset.dataset);
    ensure!(view.orders(shelf, None, 64).await?.orders.is_empty());
    let owner = view.account(&account(DATASET_PROVIDER)?).await?;
    ensure!(
        owner.held_for("Market.PublishedOrder") == 0,
        "the deposit is still on hold"
    );
    Ok(())
}

/// Everybody got what the protocol says, the dataset's owner its price for each task.
async fn ensure_ledger(
    market: &Market,
    deal: DealId,
    terms: Deal,
    before: &Snapshot,
    after: &Snapshot,
) -> Result<()> {
    let journal = Journal::read(&market.client, deal, before.block, after.block).await?;
    let parties = Parties {
        terms,
        owners: market.owners(),
        treasury: treasury(),
    };
    let gains = ledger::check(&market.client, deal, &parties, before, after, &journal).await?;
    let gain = gains[&account(DATASET_PROVIDER)?];
    ensure!(
        gain == (Balance::from(TASKS) * DATASET_PRICE) as i128,
        "the dataset's owner gained {gain}"
    );
    ensure!(
        journal.settled.len() == TASKS as usize,
        "{:?}",
        journal.settled
    );
    for (index, task) in &journal.settled {
        ensure!(task.dataset == DATASET_PRICE, "task {index}: {task:?}");
    }
    Ok(())
}

/// Each row of the dataset has the price that the same program computes here.
async fn ensure_results(market: &Market, deal: DealId, folder: &Path) -> Result<()> {
    let input = folder.join("local-input");
    fs::create_dir(&input)?;
    fs::write(input.join("dataset"), SWEEP)?;
    for (index, task) in view(market).await?.tasks(deal).await? {
        let TaskStatus::Settled {
            outcome: Outcome::Success(root),
            locator,
            ..
        } = &task.status
        else {
            bail!("task {index}: {:?}", task.status);
        };
        let copy = folder.join(format!("{index}.bundle"));
        fetch(&String::from_utf8(locator.to_vec())?, 1 << 20, &copy)?;
        let bundle = Bundle::decode(&fs::read(copy)?, 1 << 20)?;
        ensure!(bundle.root() == *root, "task {index} has another result");
        let [file] = bundle.files() else {
            bail!("task {index} has {} files", bundle.files().len());
        };
        ensure!(
            file.content == price_here(&input, folder, index)?,
            "task {index}"
        );
    }
    Ok(())
}

fn price_here(input: &Path, folder: &Path, row: u32) -> Result<Vec<u8>> {
    let output = folder.join(format!("local-{row}"));
    fs::create_dir(&output)?;
    let status = Command::new(program("ergon-app-options")?)
        .args(["--sweep", "dataset", "--row", &row.to_string(), "--input"])
        .arg(input)
        .arg("--output")
        .arg(&output)
        .status()?;
    ensure!(status.success(), "{status}");
    Ok(fs::read(output.join("price.csv"))?)
}

/// The one deal is all that the prices are about.
async fn ensure_prices(view: &View, deal: DealId, subject: PriceSubject) -> Result<()> {
    let Some(DealStatus::Ended(since)) = view.deal_status(deal).await? else {
        bail!("the deal has not ended");
    };
    let only = |price| PriceRange {
        low: price,
        median: price,
        high: price,
    };
    let expected = PriceSummary {
        deals: 1,
        tasks: TASKS.into(),
        since,
        app: only(APP_PRICE),
        pool: only(POOL_PRICE),
    };
    let found = view.prices(subject).await?;
    ensure!(found == Some(expected), "{subject:?}: {found:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_why_orders_do_not_match_is_told_at_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let market = Market::open(folder.path(), &PAIR[..1]).await?;
    let orders = Orders::make(&market, &folder.path().join("sweep.csv")).await?;
    orders.publish(&market).await?;
    let view = view(&market).await?;
    let reasons = orders.explain(&view, &orders.request).await?;
    ensure!(reasons.is_empty(), "{reasons:?}");

    let machines = Ad::parse("[ cpus = 8; os = \"linux\" ]")?;
    let demands = Expression::parse("TARGET.cpus >= 64 && TARGET.os == \"linux\"")?;
    let notary = &orders.notary;
    // Of a pool that somebody else signs for.
    let pool = PoolOrder {
        attributes: write_attributes(&machines),
        ..orders.pool.clone()
    };
    let pool = notary.sign(pool, &Keypair::from_suri(PROVIDER)?);
    let request = RequestOrder {
        max_app_price: APP_PRICE - 1,
        max_pool_price: POOL_PRICE - 1,
        trust: TRUST + 1,
        requirements: write_requirements(&demands),
        ..orders.request.clone()
    };
    let (app, request) = (unsigned(orders.app.clone()), unsigned(request));
    let report = view
        .explain_match(None, &app, None, &pool, &request)
        .await?;
    let expected = [
        Mismatch::TrustTooHigh,
        Mismatch::AppPriceTooHigh,
        Mismatch::PoolPriceTooHigh,
        Mismatch::DatasetOrderMissing,
        Mismatch::PoolOrderNotAuthentic,
        Mismatch::RequestRequirementsUnmet,
    ];
    ensure!(report.mismatches == expected, "{:?}", report.mismatches);
    ensure!(report.volume == TASKS, "{}", report.volume);
    for mismatch in report.mismatches {
        let sentence = view.mismatch_sentence(mismatch);
        ensure!(sentence.contains(' '), "{mismatch:?}: {sentence}");
    }
    let [explained] = report.requirements.as_slice() else {
        bail!(
            "only the request has requirements: {:?}",
            report.requirements
        );
    };
    ensure!(explained.party == Party::Request);
    let values = explained.explanation.conditions.iter();
    let values: Vec<&Value> = values.map(|condition| &condition.value).collect();
    ensure!(
        values == [&Value::Boolean(false), &Value::Boolean(true)],
        "{values:?}"
    );
    ensure_first_reason_is_the_refusal(&market, app, pool, request).await?;
    ensure_only_the_requester_can_leave_the_signature_out(&view, &orders).await?;
    market.close()
}

async fn ensure_first_reason_is_the_refusal(
    market: &Market,
    app: SignedOrder<AppOrder>,
    pool: SignedOrder<PoolOrder>,
    request: SignedOrder<RequestOrder>,
) -> Result<()> {
    let call = calls::market::match_orders(app, None, pool, request);
    let error = market
        .submit(REQUESTER, call)
        .await
        .err()
        .context("the orders match")?;
    let refusal = error.downcast_ref::<TransactionError>();
    ensure!(
        matches!(refusal, Some(TransactionError::Refused { error, .. }) if error == "TrustTooHigh"),
        "{error:?}"
    );
    Ok(())
}

async fn ensure_only_the_requester_can_leave_the_signature_out(
    view: &View,
    orders: &Orders,
) -> Result<()> {
    let report = view
        .explain_match(
            Some(&account(OPERATOR)?),
            &unsigned(orders.app.clone()),
            Some(&unsigned(orders.dataset.clone())),
            &unsigned(orders.pool.clone()),
            &unsigned(orders.request.clone()),
        )
        .await?;
    ensure!(
        report.mismatches == [Mismatch::RequestOrderNotAuthentic],
        "{:?}",
        report.mismatches
    );
    Ok(())
}

/// The prices of a shelf's orders, read page by page.
async fn pages(view: &View, shelf: Shelf, limit: u32) -> Result<Vec<Vec<Balance>>> {
    let (mut pages, mut from): (Vec<Vec<Balance>>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let page = view.orders(shelf, from, limit).await?;
        let mut prices = Vec::new();
        for entry in page.orders {
            ensure!(entry.live && entry.remaining > 0, "{entry:?}");
            prices.push(match entry.published.order {
                Order::Pool(order) => order.price,
                Order::Request(order) => order.max_pool_price,
                other => bail!("an order on the wrong shelf: {other:?}"),
            });
        }
        pages.push(prices);
        from = page.next;
        if from.is_none() {
            return Ok(pages);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn book_lists_offers_by_price_and_requests_by_what_they_pay() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let market = Market::open(folder.path(), &PAIR[..1]).await?;
    let orders = Orders::make(&market, &folder.path().join("sweep.csv")).await?;
    for price in [3, 1, 2] {
        let offer = PoolOrder {
            price: price * ERG,
            ..orders.pool.clone()
        };
        let publish = calls::market::publish(offer.into());
        market.submit(OPERATOR, publish).await?;
        let request = RequestOrder {
            max_pool_price: price * ERG,
            ..orders.request.clone()
        };
        let publish = calls::market::publish(request.into());
        market.submit(REQUESTER, publish).await?;
    }
    let view = view(&market).await?;
    let category = orders.notary.category;
    let offers = vec![vec![ERG, 2 * ERG], vec![3 * ERG]];
    for shelf in [Shelf::Category(category), Shelf::Pool(market.pool)] {
        let found = pages(&view, shelf, 2).await?;
        ensure!(found == offers, "{shelf:?}: {found:?}");
    }
    let requests = pages(&view, Shelf::CategoryRequests(category), 64).await?;
    ensure!(requests == [[3 * ERG, 2 * ERG, ERG]], "{requests:?}");
    let page = view.orders(Shelf::Pool(market.pool), None, 1).await?;
    let [cheapest] = page.orders.as_slice() else {
        bail!("{} orders on a page of one", page.orders.len());
    };
    ensure!(cheapest.remaining == VOLUME);
    ensure!(cheapest.published.publisher == account(OPERATOR)?);
    market.close()
}

#[tokio::test(flavor = "multi_thread")]
async fn harmful_app_ends_its_tasks_and_everybody_gets_back_what_they_put_in() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut market = Market::open(folder.path(), &PAIR[..1]).await?;
    let orders = Orders::make(&market, &folder.path().join("sweep.csv")).await?;
    orders.publish(&market).await?;
    // Claims are paid by whoever makes them.
    market.fund_workers()?;
    let before = snapshot(&market).await?;
    let (deal, _) = orders.make_deal(&market).await?;
    market.start_workers()?;
    // One vote is not enough for trust 3, so the tasks stay open with stake locked.
    let worker = market.workers[0].account.clone();
    market
        .wait_for("the worker has voted", PATIENCE, async |client| {
            let tasks = client.at(At::Finalised).await?.tasks(deal).await?;
            let mut voters = tasks.iter().map(|(_, task)| task.vote_of(&worker));
            let all = voters.all(|vote| vote.is_some());
            Ok(tasks.len() == TASKS as usize && all)
        })
        .await?;

    let verdict = calls::registry::curate_app(orders.app.app, Verdict::Revoke { harmful: true });
    market.submit(SUDO, calls::sudo::sudo(verdict)).await?;
    let curation = view(&market).await?.curation(orders.app.app).await?;
    ensure!(curation == Some(Curation::Revoked { harmful: true }));
    // The worker itself claims the tasks that lock its stake.
    wait_until_ended(&mut market, deal).await?;
    let after = snapshot(&market).await?;

    let view = view(&market).await?;
    for (index, task) in view.tasks(deal).await? {
        let cancelled = matches!(task.status, TaskStatus::Cancelled { .. });
        ensure!(cancelled, "task {index}: {:?}", task.status);
    }
    let journal = Journal::read(&market.client, deal, before.block, after.block).await?;
    let terms = market.deal(deal).await?;
    ensure_only_fees_were_paid(&terms, &before, &after, &journal)?;
    let requester = view.account(&account(REQUESTER)?).await?;
    for reason in ["Escrow.TaskPayment", "Escrow.SettlementFee"] {
        ensure!(requester.held_for(reason) == 0, "{reason}");
    }
    let prices = view.prices(PriceSubject::App(orders.app.app)).await?;
    ensure!(prices.is_none(), "nothing was paid: {prices:?}");

    let again = RequestOrder {
        salt: H256::repeat_byte(1),
        ..orders.request.clone()
    };
    let reasons = orders.explain(&view, &again).await?;
    ensure!(reasons.contains(&Mismatch::AppRevoked), "{reasons:?}");
    market.close()
}

/// Nobody gained or lost anything but fees, the payer what it had prepaid for calls that were made,
/// and no bond changed.
fn ensure_only_fees_were_paid(
    terms: &Deal,
    before: &Snapshot,
    after: &Snapshot,
    journal: &Journal,
) -> Result<()> {
    let prepaid = ledger::prepaid_burned(terms, before, after, journal)?;
    for (account, had) in &before.balances {
        let mut fee = journal.fees.get(account).copied().unwrap_or_default();
        if account == &terms.payer {
            fee += prepaid;
        }
        let has = after.balances.get(account).context("a balance")?;
        ensure!(
            has + fee == *had,
            "{account} went from {had} to {has} with fees of {fee}"
        );
    }
    ensure!(before.bonds == after.bonds, "{:?}", after.bonds);
    Ok(())
}

/// The name under which programs find the dataset is refused for inputs before money is spent.
#[test]
fn input_cannot_take_the_datasets_place() {
    let spec = TaskSpec {
        args: Vec::new(),
        inputs: vec![InputFile {
            name: "dataset".into(),
            sha256: [1; 32],
            locator: "https://example.org/other.csv".into(),
            size: None,
        }],
    };
    let refused = spec.to_params().map_err(|error| error.to_string());
    assert!(refused.is_err_and(|text| text.contains("`dataset`")));
}
