//! Several nodes on one machine: finality with nodes that fail, a validator that comes and goes, hubs
//! that are judged by referendum.
//!
//! Networks start slowly and their clocks are real, so stories that do not disturb each other are told at the
//! same time on one network.

use anyhow::{Context, Result, ensure};
use codec::Decode;
use ergon_client::{
    At, Call, Client, Event, Keypair, RegistryEvent, Scheme, TaskSpec, TransactionError, Wait,
    bounded, calls,
    primitives::{
        Access, AccountId, AppId, AppKind, AppOrder, Balance, BlockNumber, Case, DealId, Decision,
        Description, ERG, EXECUTION_VERSION_1, HubPhase, HubRecord, InlineResult, Judge, MILLI_ERG,
        Order, Outcome, OutputFiles, PoolId, PoolOrder, PoolPolicy, RequestOrder, Requirements,
        Scheduling, SignedOrder, TaskStatus, commitment, domain_hash, result_digest, seal,
    },
};
use ergon_tests::{
    government::{
        Enactment, Track, decide, ensure_refused,
        hubs::{self, wallet},
        submit, submit_by, validators,
    },
    market::treasury,
    network::{Network, wait_until_final},
    orders::Notary,
    rpc::{Key, Rpc},
};
use sp_core::H256;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long something may take that takes a session or a few periods of a local network.
const PATIENCE: Duration = Duration::from_secs(240);
/// Longest time without a new final block that is no standstill.
const STANDSTILL: Duration = Duration::from_secs(45);

/// Waits until the last final block says what it should.
async fn wait_until<T: Decode>(
    rpc: &Rpc,
    what: &str,
    key: &Key,
    mut holds: impl FnMut(Option<T>) -> bool,
) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !holds(rpc.stored(key).await?) {
        ensure!(
            Instant::now() < end,
            "waited {} s in vain until {what}",
            PATIENCE.as_secs()
        );
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

// ---- Nodes fail ----

#[tokio::test(flavor = "multi_thread")]
async fn finality_stops_with_two_of_four_and_goes_on_with_three() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut network = Network::start(folder.path(), &[]).await?;
    let watcher = network.watch(&["alice", "full"])?;
    let alice = network.member("alice")?.rpc();

    network.kill("bob")?;
    network.kill("charlie")?;
    // What was on its way when they went may still become final.
    sleep(Duration::from_secs(6)).await;
    let (last, best) = (alice.finalised().await?, alice.best().await?);
    sleep(Duration::from_secs(15)).await;
    ensure!(
        alice.finalised().await? == last,
        "two of four finalised blocks"
    );
    ensure!(
        alice.best().await? > best,
        "two of four go on making blocks"
    );

    network.restart("bob").await?;
    wait_until_final(&alice, best, Duration::from_secs(60)).await?;
    let at_alice = alice.hash_of(last.number).await?;
    ensure!(
        at_alice.as_ref() == Some(&last.hash),
        "the last final block changed"
    );

    network.restart("charlie").await?;
    let seconds = Duration::from_secs(60);
    network.catch_up("charlie", "alice", seconds).await?;
    network.catch_up("bob", "alice", seconds).await?;
    network.catch_up("full", "alice", seconds).await?;
    let seen = watcher.finish().await?;
    network.ensure_nothing_is_lost(&seen.blocks).await?;
    network.close()
}

// ---- Validators come and go, hubs are judged ----

#[tokio::test(flavor = "multi_thread")]
async fn validators_change_and_hubs_are_judged_while_blocks_become_final() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut network = Network::start(folder.path(), &["eve"]).await?;
    let watcher = network.watch(&["alice", "full"])?;
    let (client, rpc) = (
        network.member("alice")?.client().await?,
        network.member("alice")?.rpc(),
    );
    let trial = async { judge_hubs(&client, &rpc).await.context("hubs are judged") };
    let change = async {
        change_validators(&mut network, &client, &rpc)
            .await
            .context("validators change")
    };
    tokio::try_join!(trial, change)?;

    let seen = watcher.finish().await?;
    ensure!(
        seen.longest_pause < STANDSTILL,
        "nothing became final for {:?}",
        seen.longest_pause
    );
    network.ensure_nothing_is_lost(&seen.blocks).await?;
    network.close()
}

/// Eve comes, Charlie is away for two minutes meanwhile, Dave is killed, Eve goes.
async fn change_validators(network: &mut Network, client: &Client, rpc: &Rpc) -> Result<()> {
    let eve = Keypair::from_suri("//Eve")?.account();
    let seats = Key::value("Session", "Validators");
    let sits = |set: Option<Vec<AccountId>>| set.is_some_and(|set| set.contains(&eve));

    network.cut("charlie")?;
    let away = Instant::now();
    let candidacy = vec![
        validators::set_keys(&eve, "//Eve")?,
        validators::register_candidate(1_000 * ERG),
    ];
    let candidacy = calls::utility::batch_all(candidacy);
    submit(client, "//Eve", candidacy, Wait::Finalised).await?;
    let before = network.member("eve")?.blocks_made();
    ensure!(before == 0, "Eve made blocks before she had a seat");
    sleep(Duration::from_secs(120).saturating_sub(away.elapsed())).await;
    network.join("charlie")?;
    network.catch_up("charlie", "alice", PATIENCE).await?;

    wait_until(rpc, "Eve has a seat", &seats, sits).await?;
    network.kill("dave")?;
    network.wait_for_finality(5, PATIENCE).await?;
    network.restart("dave").await?;
    network.catch_up("dave", "alice", PATIENCE).await?;
    ensure!(
        network.member("eve")?.blocks_made() > 0,
        "Eve has a seat and makes no blocks"
    );

    submit(client, "//Eve", validators::leave(), Wait::Finalised).await?;
    wait_until(rpc, "Eve has no seat", &seats, |set| !sits(set)).await?;
    network.wait_for_finality(5, PATIENCE).await
}

/// Whose hub is banned; it has a pool.
const CONDEMNED: &str = "//Bob";
/// Whose hub a referendum finds innocent.
const INNOCENT: &str = "//Ferdie";
/// Whose hub everybody forgets.
const FORGOTTEN: &str = "//Charlie";
/// Whose workers compute, and whom the condemned hub pays.
const WORKER: &str = "//Dave";
/// Who asks and offers the app.
const REQUESTER: &str = "//Alice";
/// What each hub begins with.
const CAPITAL: Balance = 100 * ERG;
/// What the condemned hub pays at a time.
const PAYMENT: Balance = 10 * ERG;

fn account(key: &str) -> Result<AccountId> {
    Ok(Keypair::from_suri(key)?.account())
}

fn phase_of(owner: &AccountId) -> Key {
    Key::blake2("HubWallet", "Hubs", owner)
}

async fn case_of(rpc: &Rpc, owner: &AccountId) -> Result<Case> {
    let key = Key::blake2("HubWallet", "Cases", owner);
    rpc.stored(&key).await?.context("there is a case")
}

async fn total(client: &Client, who: &AccountId) -> Result<Balance> {
    let view = client.at(At::Finalised).await?;
    Ok(view.account(who).await?.total())
}

async fn open_hub(client: &Client, key: &str) -> Result<()> {
    let record = HubRecord {
        name: bounded("name", format!("hub of {key}"))?,
        peer_id: bounded("peer id", "12D3KooW")?,
        addresses: Default::default(),
    };
    let opening = vec![
        hubs::create(&record),
        calls::balances::transfer_keep_alive(&wallet(&account(key)?), CAPITAL),
        hubs::register(),
    ];
    submit(
        client,
        key,
        calls::utility::batch_all(opening),
        Wait::InBlock,
    )
    .await?;
    Ok(())
}

/// Register, pay, pull, suspect, no matches any more but the running task settles, ban, quarantine, treasury;
/// beside it one hub that is found innocent and one that is forgotten.
async fn judge_hubs(client: &Client, rpc: &Rpc) -> Result<()> {
    let condemned = account(CONDEMNED)?;
    let (innocent, forgotten) = (account(INNOCENT)?, account(FORGOTTEN)?);
    for owner in [CONDEMNED, INNOCENT, FORGOTTEN] {
        open_hub(client, owner).await?;
    }
    let mut shop = Shop::open(client).await?;
    submit(
        client,
        CONDEMNED,
        hubs::bind_pool(shop.pool.pool),
        Wait::InBlock,
    )
    .await?;
    let deal = shop.buy(client).await?;
    shop.vote(client, deal).await?;
    pay_and_pull(client, rpc, &condemned).await?;

    let document = domain_hash("network test/case", &0u32);
    let accusation = [&condemned, &innocent, &forgotten].map(|hub| hubs::suspect(hub, document));
    let accusation = calls::utility::batch_all(accusation.to_vec());
    decide(client, rpc, Track::Tribunal, &accusation, Enactment::Soon).await?;
    let is_suspected = |phase| matches!(phase, Some(HubPhase::Suspected { .. }));
    for hub in [&condemned, &innocent, &forgotten] {
        wait_until(rpc, "a hub is suspected", &phase_of(hub), is_suspected).await?;
    }
    let case = case_of(rpc, &condemned).await?;
    ensure!(
        case.document == document && case.by == Judge::Referendum,
        "{case:?}"
    );

    suspicion_stops_new_deals_only(client, &mut shop, deal, &condemned).await?;
    judgement(client, rpc, &case, [&condemned, &innocent]).await?;
    end_of_quarantine(client, rpc, &condemned).await?;

    let opened = case_of(rpc, &forgotten).await?;
    wait_until_final(rpc, opened.expires, PATIENCE).await?;
    submit(
        client,
        WORKER,
        hubs::rehabilitate(&forgotten),
        Wait::Finalised,
    )
    .await?;
    let lapsed = case_of(rpc, &forgotten).await?.decision;
    ensure!(
        matches!(lapsed, Some(Decision::Lapsed { .. })),
        "{lapsed:?}"
    );
    Ok(())
}

/// The hub pays; the payee pulls what has matured, and 70 % of the payment is what it gets.
async fn pay_and_pull(client: &Client, rpc: &Rpc, hub: &AccountId) -> Result<()> {
    let limits: [BlockNumber; 3] = rpc
        .stored(&Key::value("HubWallet", "Parameters"))
        .await?
        .context("hubs have limits")?;
    let [_payout_period, _waiting_period, maturity] = limits;
    let payee = account(WORKER)?;
    let paid = submit(client, CONDEMNED, hubs::pay(&payee, PAYMENT), Wait::InBlock).await?;
    let early = ("HubWallet", "NothingMatured");
    ensure_refused(client, WORKER, hubs::pull(hub), early).await?;
    wait_until_final(rpc, paid.block.number + maturity, PATIENCE).await?;
    let before = total(client, &payee).await?;
    let pulled = submit(client, WORKER, hubs::pull(hub), Wait::Finalised).await?;
    let gain = total(client, &payee).await? + pulled.fee - before;
    ensure!(gain == PAYMENT * 7 / 10, "the payee got {gain}");
    // Approved to the payee: a ban takes nothing of it.
    submit(client, CONDEMNED, hubs::pay(&payee, PAYMENT), Wait::InBlock).await?;
    Ok(())
}

/// The pool cannot be matched; the running task settles, and the operator's part goes to the wallet.
async fn suspicion_stops_new_deals_only(
    client: &Client,
    shop: &mut Shop,
    deal: DealId,
    hub: &AccountId,
) -> Result<()> {
    let refusal = shop.buy(client).await.err();
    let refusal = refusal.context("the pool of a suspected hub was matched")?;
    ensure!(
        matches!(
            refusal.downcast_ref(),
            Some(TransactionError::Refused { pallet, .. }) if pallet == "Market"
        ),
        "{refusal}"
    );
    let before = total(client, &wallet(hub)).await?;
    shop.reveal(client, deal).await?;
    let view = client.at(At::Finalised).await?;
    let task = view.task(deal, 0).await?.context("the task has a record")?;
    let succeeded = matches!(
        task.status,
        TaskStatus::Settled {
            outcome: Outcome::Success(_),
            ..
        }
    );
    ensure!(succeeded, "{:?}", task.status);
    let earned = total(client, &wallet(hub)).await? - before;
    ensure!(earned == shop.pool.price / 10, "the wallet earned {earned}");
    let withdrawal = ("HubWallet", "WrongPhase");
    ensure_refused(client, CONDEMNED, hubs::withdraw(), withdrawal).await
}

/// One referendum, decided before its time: a ban as soon as it is possible, and an acquittal.
async fn judgement(
    client: &Client,
    rpc: &Rpc,
    case: &Case,
    [condemned, innocent]: [&AccountId; 2],
) -> Result<()> {
    let sentence = vec![hubs::ban(condemned), hubs::rehabilitate(innocent)];
    let sentence = calls::utility::batch_all(sentence);
    let enactment = Enactment::In(case.ban_from);
    decide(client, rpc, Track::Tribunal, &sentence, enactment).await?;
    wait_until(
        rpc,
        "the hub is banned",
        &phase_of(condemned),
        |phase| matches!(phase, Some(HubPhase::Punished { since, .. }) if since >= case.ban_from),
    )
    .await?;
    let acquitted = case_of(rpc, innocent).await?.decision;
    ensure!(
        matches!(acquitted, Some(Decision::Rehabilitated { .. })),
        "{acquitted:?}"
    );
    let before = total(client, &wallet(innocent)).await?;
    submit(client, INNOCENT, hubs::withdraw(), Wait::Finalised).await?;
    let left = total(client, &wallet(innocent)).await?;
    ensure!(
        before == CAPITAL && left == 0,
        "{left} of {before} stayed behind"
    );
    Ok(())
}

/// What was taken rests, and then the treasury has it.
async fn end_of_quarantine(client: &Client, rpc: &Rpc, hub: &AccountId) -> Result<()> {
    let first = Key::twox("HubWallet", "Quarantine", &0u64);
    let (of, amount, until): (AccountId, Balance, BlockNumber) = rpc
        .stored(&first)
        .await?
        .context("money is in quarantine")?;
    ensure!(&of == hub && amount > 0, "{amount} of {of:?}");
    let early = ("HubWallet", "TooEarly");
    ensure_refused(client, WORKER, hubs::release_quarantine(0), early).await?;
    let before = total(client, &treasury()).await?;
    wait_until_final(rpc, until, PATIENCE).await?;
    submit(client, WORKER, hubs::release_quarantine(0), Wait::Finalised).await?;
    let gain = total(client, &treasury()).await? - before;
    ensure!(
        gain == amount,
        "the treasury got {gain} instead of {amount}"
    );
    Ok(())
}

// ---- A market of two workers ----

/// An app, a pool of the condemned hub's owner with two workers, and offers of both.
struct Shop {
    notary: Notary,
    app: AppOrder,
    pool: PoolOrder,
    workers: [Keypair; 2],
    sales: u32,
}

impl Shop {
    async fn open(client: &Client) -> Result<Self> {
        let (app, pool) = (register_app(client).await?, register_pool(client).await?);
        let workers = [(); 2].map(|()| Keypair::generate(Scheme::Ed25519).0);
        for worker in &workers {
            hire(client, worker, pool).await?;
        }
        let notary = Notary::open(client, "XS").await?;
        Ok(Self {
            app: notary.app(app, 100 * MILLI_ERG),
            pool: notary.pool(pool, ERG)?,
            notary,
            workers,
            sales: 0,
        })
    }

    /// Makes a deal of one task for which both workers are needed.
    async fn buy(&mut self, client: &Client) -> Result<DealId> {
        self.sales += 1;
        let requester = account(REQUESTER)?;
        let offers = (&self.app, &self.pool);
        let request = RequestOrder {
            salt: domain_hash("network test/request", &self.sales),
            ..self
                .notary
                .request(&requester, offers, 1, &TaskSpec::default())?
        };
        let deal = self.notary.deal(&request);
        let call = self.matching(request)?;
        submit(client, REQUESTER, call, Wait::InBlock).await?;
        Ok(deal)
    }

    fn matching(&self, request: RequestOrder) -> Result<Call> {
        let (app, pool) = (
            self.signed(&self.app, REQUESTER)?,
            self.signed(&self.pool, CONDEMNED)?,
        );
        let request = self.signed(&request, REQUESTER)?;
        Ok(calls::market::match_orders(app, None, pool, request))
    }

    fn signed<Content>(&self, order: &Content, owner: &str) -> Result<SignedOrder<Content>>
    where
        Content: Clone + Into<Order>,
    {
        Ok(self.notary.sign(order.clone(), &Keypair::from_suri(owner)?))
    }

    async fn vote(&self, client: &Client, deal: DealId) -> Result<()> {
        let (outcome, trace) = result();
        let digest = result_digest(EXECUTION_VERSION_1, &outcome, trace);
        let vote = commitment(deal, 0, digest);
        for worker in &self.workers {
            let seal = seal(&worker.account(), deal, 0, digest);
            let call = calls::poco::contribute(deal, 0, vote, seal, ERG, None);
            submit_by(client, worker.clone(), call, Wait::InBlock).await?;
        }
        Ok(())
    }

    async fn reveal(&self, client: &Client, deal: DealId) -> Result<()> {
        let (outcome, trace) = result();
        let locator = bounded("locator", "https://example.org/result.bundle")?;
        let call = calls::poco::reveal(deal, 0, outcome, trace, locator, InlineResult::default());
        for worker in &self.workers {
            submit_by(client, worker.clone(), call.clone(), Wait::Finalised).await?;
        }
        Ok(())
    }
}

/// What both workers found.
fn result() -> (Outcome, H256) {
    let outcome = Outcome::Success(domain_hash("network test/root", &0u32));
    (outcome, domain_hash("network test/trace", &0u32))
}

async fn register_app(client: &Client) -> Result<AppId> {
    let call = calls::registry::register_app(
        bounded("name", "nothing")?,
        AppKind::Wasm,
        domain_hash("network test/module", &0u32),
        bounded("locator", "https://example.org/module.wasm")?,
        Description::default(),
        Requirements::default(),
        OutputFiles::default(),
    );
    let receipt = submit(client, REQUESTER, call, Wait::InBlock).await?;
    let mut events = receipt.events.into_iter();
    let told = events.find_map(|event| match event {
        Event::Registry(RegistryEvent::AppRegistered { app, .. }) => Some(app),
        _ => None,
    });
    told.context("the registry told the app's id")
}

async fn register_pool(client: &Client) -> Result<PoolId> {
    let operator = account(CONDEMNED)?;
    let members = bounded("members", [account(WORKER)?])?;
    let call = calls::registry::create_list(H256::zero(), members);
    let receipt = submit(client, CONDEMNED, call, Wait::InBlock).await?;
    let mut events = receipt.events.into_iter();
    let told = events.find_map(|event| match event {
        Event::Registry(RegistryEvent::ListCreated { list, .. }) => Some(list),
        _ => None,
    });
    let policy = PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 10,
        parallelism: 1,
        access: Access::Private(told.context("the registry told the list's id")?),
        scheduling: Scheduling::Open,
    };
    let call = calls::registry::register_pool(bounded("description", "a pool")?, &operator, policy);
    let receipt = submit(client, CONDEMNED, call, Wait::InBlock).await?;
    let mut events = receipt.events.into_iter();
    let told = events.find_map(|event| match event {
        Event::Registry(RegistryEvent::PoolRegistered { pool, .. }) => Some(pool),
        _ => None,
    });
    told.context("the registry told the pool's id")
}

/// Bonds stake for a worker key and lets it join the pool. The key gets no money.
async fn hire(client: &Client, worker: &Keypair, pool: PoolId) -> Result<()> {
    let proof = worker.prove_possession(client.genesis(), &account(WORKER)?);
    let worker = worker.account();
    let hiring = vec![
        calls::staking::bond(&worker, 100 * ERG, proof),
        calls::staking::join(&worker, pool),
    ];
    submit(
        client,
        WORKER,
        calls::utility::batch_all(hiring),
        Wait::InBlock,
    )
    .await?;
    Ok(())
}
