//! The books of a run: what every account had and has, what the chain's events say, and whether the two agree.

use anyhow::{Context, Result, ensure};
use ergon_client::{
    At, BlockItem, Client, EscrowEvent, Event, PocoEvent, TransactionPaymentEvent,
    primitives::{
        AccountId, Balance, BlockNumber, Deal, DealId, Outcome, Payment, Score, TaskIndex,
        TaskStatus, VoteStatus,
    },
};
use std::collections::BTreeMap;

/// What stands on the chain at one moment, of the accounts that matter.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The block.
    pub block: BlockNumber,
    /// All money.
    pub issuance: Balance,
    /// Free and held money of each account.
    pub balances: BTreeMap<AccountId, Balance>,
    /// Stake of each worker.
    pub bonds: BTreeMap<AccountId, Balance>,
    /// Score of each worker.
    pub scores: BTreeMap<AccountId, Score>,
}

impl Snapshot {
    /// Reads accounts and workers at the last finalised block.
    pub async fn take(
        client: &Client,
        accounts: &[AccountId],
        workers: &[AccountId],
    ) -> Result<Self> {
        let view = client.at(At::Finalised).await?;
        let mut snapshot = Self {
            block: view.head().number,
            issuance: view.total_issuance().await?,
            balances: BTreeMap::new(),
            bonds: BTreeMap::new(),
            scores: BTreeMap::new(),
        };
        for account in accounts.iter().chain(workers) {
            let total = view.account(account).await?.total();
            snapshot.balances.insert(account.clone(), total);
        }
        for worker in workers {
            let bond = view.bond(worker).await?.context("the worker has a bond")?;
            ensure!(bond.locked == 0, "a lock of {worker} outlived its task");
            snapshot.bonds.insert(worker.clone(), bond.amount);
            snapshot
                .scores
                .insert(worker.clone(), view.score(worker).await?);
        }
        Ok(snapshot)
    }
}

/// A settled task, as its one event tells it.
#[derive(Clone, Debug)]
pub struct SettledTask {
    /// What came of it.
    pub outcome: Outcome,
    /// What each winner's owner was paid.
    pub workers: Vec<Payment>,
    /// Workers that lost their stake.
    pub losers: Vec<AccountId>,
    /// What they lost together.
    pub slashed: Balance,
    /// What the app's owner got.
    pub app: Balance,
    /// What the dataset's owner got; 0 when no dataset is used.
    pub dataset: Balance,
    /// What the operator got.
    pub operator: Balance,
    /// What the treasury got.
    pub treasury: Balance,
}

/// What happened between two blocks.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// Fees by payer.
    pub fees: BTreeMap<AccountId, Balance>,
    /// Settled tasks of the deal.
    pub settled: BTreeMap<TaskIndex, SettledTask>,
    /// What of the deal's settlement fee was burned and what came back, once the deal was closed.
    pub closed: Option<(Balance, Balance)>,
}

impl Journal {
    /// Reads the events after block `after` up to block `until`.
    pub async fn read(
        client: &Client,
        deal: DealId,
        after: BlockNumber,
        until: BlockNumber,
    ) -> Result<Self> {
        let mut journal = Self::default();
        if after >= until {
            return Ok(journal);
        }
        let mut blocks = client.finalised_blocks(Some(after + 1));
        while let Some(item) = blocks.next().await {
            let BlockItem::Block(block) = item? else {
                anyhow::bail!("the node forgot blocks of this run");
            };
            let last = block.number >= until;
            block
                .events
                .into_iter()
                .for_each(|event| journal.note(deal, event));
            if last {
                break;
            }
        }
        Ok(journal)
    }

    /// All fees.
    pub fn total_fees(&self) -> Balance {
        self.fees.values().sum()
    }

    fn note(&mut self, of: DealId, event: Event) {
        match event {
            Event::TransactionPayment(TransactionPaymentEvent::TransactionFeePaid {
                who,
                actual_fee,
                ..
            }) => *self.fees.entry(who).or_default() += actual_fee,
            Event::Poco(PocoEvent::Settled {
                deal,
                index,
                outcome,
                workers,
                losers,
                slashed,
                app,
                dataset,
                operator,
                treasury,
                ..
            }) if deal == of => {
                let task = SettledTask {
                    outcome,
                    workers,
                    losers,
                    slashed,
                    app,
                    dataset,
                    operator,
                    treasury,
                };
                self.settled.insert(index, task);
            }
            Event::Escrow(EscrowEvent::Closed {
                deal,
                burned,
                refunded,
            }) if deal == of => self.closed = Some((burned, refunded)),
            _ => {}
        }
    }
}

/// Who is who in a deal, for checking what everybody got.
#[derive(Clone, Debug)]
pub struct Parties {
    /// The terms.
    pub terms: Deal,
    /// Worker keys with their owners.
    pub owners: BTreeMap<AccountId, AccountId>,
    /// Where slashes and dust go.
    pub treasury: AccountId,
}

/// Checks the whole ledger of a deal whose tasks all settled with success, from the votes on the chain and the
/// protocol's rules (protocol 6), independently of the chain's own arithmetic. Returns what each account gained (or lost).
pub async fn check(
    client: &Client,
    deal: DealId,
    parties: &Parties,
    before: &Snapshot,
    after: &Snapshot,
    journal: &Journal,
) -> Result<BTreeMap<AccountId, i128>> {
    let terms = &parties.terms;
    let tasks = client.at(At::Finalised).await?.tasks(deal).await?;
    ensure!(tasks.len() == terms.volume as usize, "a task has no record");

    let mut expected: BTreeMap<AccountId, i128> = before
        .balances
        .keys()
        .map(|account| (account.clone(), 0))
        .collect();
    let prepaid = prepaid_burned(terms, before, after, journal)?;
    *expected.entry(terms.payer.clone()).or_default() -= prepaid as i128;
    let mut slashes: BTreeMap<AccountId, Balance> = BTreeMap::new();
    for (index, task) in &tasks {
        ensure!(
            matches!(
                task.status,
                TaskStatus::Settled {
                    outcome: Outcome::Success(_),
                    ..
                }
            ),
            "task {index} did not succeed: {:?}",
            task.status
        );
        let winners: Vec<_> = task
            .votes
            .iter()
            .filter(|vote| vote.status == VoteStatus::Revealed)
            .collect();
        let losers: Vec<_> = task
            .votes
            .iter()
            .filter(|vote| vote.status != VoteStatus::Revealed)
            .collect();
        let lost = terms.worker_stake * losers.len() as Balance;
        let reward = terms.pool_price * Balance::from(terms.operator_reward_ratio) / 100;
        let share = terms.pool_price - reward + lost.min(terms.pool_price);
        let parts: Vec<u128> = winners
            .iter()
            .map(|vote| u128::from(vote.weight.ilog2()))
            .collect();
        let whole: u128 = parts.iter().sum();
        let mut paid = 0;
        for (vote, part) in winners.iter().zip(&parts) {
            let owner = parties
                .owners
                .get(&vote.worker)
                .context("an unknown worker voted")?;
            *expected.entry(owner.clone()).or_default() += (share * part / whole) as i128;
            paid += share * part / whole;
        }
        *expected.entry(terms.operator.clone()).or_default() += (reward + share - paid) as i128;
        *expected.entry(terms.app_owner.clone()).or_default() += terms.app_price as i128;
        let mut price = terms.app_price + terms.pool_price;
        if let Some(dataset) = &terms.dataset {
            *expected.entry(dataset.owner.clone()).or_default() += dataset.price as i128;
            price += dataset.price;
        }
        *expected.entry(terms.payer.clone()).or_default() -= price as i128;
        *expected.entry(parties.treasury.clone()).or_default() +=
            lost.saturating_sub(terms.pool_price) as i128;
        for vote in losers {
            let owner = parties
                .owners
                .get(&vote.worker)
                .context("an unknown worker voted")?;
            *expected.entry(owner.clone()).or_default() -= terms.worker_stake as i128;
            *slashes.entry(vote.worker.clone()).or_default() += terms.worker_stake;
        }
    }
    for (worker, stake) in &before.bonds {
        let left = stake - slashes.get(worker).copied().unwrap_or_default();
        ensure!(
            after.bonds.get(worker) == Some(&left),
            "the bond of {worker} is {:?} instead of {left}",
            after.bonds.get(worker)
        );
    }
    for (account, gain) in &expected {
        let fee = journal.fees.get(account).copied().unwrap_or_default() as i128;
        let (had, has) = (balance(before, account)?, balance(after, account)?);
        ensure!(
            has - had == gain - fee,
            "{account} went from {had} to {has} where {gain} less a fee of {fee} was due"
        );
    }
    for worker in before.bonds.keys() {
        ensure!(
            !journal.fees.contains_key(worker),
            "the worker key {worker} paid a fee although the deal had prepaid its calls"
        );
    }
    Ok(expected)
}

/// What the workers' calls used up of the deal's settlement fee. It is burned as fees are, and nothing
/// else changes issuance; of the fee, what was not used must have come back to the payer. That nobody
/// but the payer lost it, the check of all balances shows.
pub fn prepaid_burned(
    terms: &Deal,
    before: &Snapshot,
    after: &Snapshot,
    journal: &Journal,
) -> Result<Balance> {
    let burned = before
        .issuance
        .checked_sub(after.issuance)
        .context("money was made")?;
    let fees = journal.total_fees();
    let prepaid = burned
        .checked_sub(fees)
        .with_context(|| format!("only {burned} were burned where fees were {fees}"))?;
    ensure!(
        0 < prepaid && prepaid <= terms.settlement_fee,
        "{prepaid} of a settlement fee of {} were used up",
        terms.settlement_fee
    );
    let told = Some((prepaid, terms.settlement_fee - prepaid));
    ensure!(
        journal.closed == told,
        "the chain told {:?} where {told:?} is right",
        journal.closed
    );
    Ok(prepaid)
}

fn balance(snapshot: &Snapshot, account: &AccountId) -> Result<i128> {
    let balance = snapshot
        .balances
        .get(account)
        .context("an account is not in the snapshot")?;
    Ok(*balance as i128)
}
