//! What the chain's state says: which tasks are settled, how many bytes there are, who paid fees.
//! Read from the raw storage, as any outsider would.

use crate::{
    actors::Actors,
    chain::{Chain, RETENTION},
    setting::Setting,
    setup::{Bag, ORDER_LIFE},
    work,
};
use anyhow::{Context, Result, ensure};
use codec::Decode;
use ergon_primitives::{AccountId, Balance, Task, TaskPage, TaskStatus};
use sp_io::hashing::{blake2_128, twox_128};

/// The pallets whose state grows with deals.
const PALLETS: [&str; 7] = [
    "Registry",
    "Market",
    "Escrow",
    "WorkerStaking",
    "Poco",
    "Reputation",
    "Balances",
];
/// What must be empty when all deals are forgotten.
const OF_DEALS: [(&str, &str); 5] = [
    ("Poco", "TaskPages"),
    ("Poco", "Progress"),
    ("Poco", "Agenda"),
    ("Market", "Deals"),
    ("Market", "Consumed"),
];
/// How often the state is looked at while deals are forgotten, in blocks.
const LOOK: u32 = 20;

/// Bytes of state, keys and values, that the deals of a row added.
#[derive(Clone, Copy)]
pub struct Bytes {
    /// When they were matched and nobody had voted.
    pub open: i64,
    /// When all tasks were settled.
    pub settled: i64,
    /// When they were forgotten; `None` if they were not when the time had passed.
    pub retired: Option<i64>,
    /// Part of `retired` that is about workers and the market, not about deals: scores, price history.
    pub kept: i64,
}

/// Keys of a storage item.
pub fn count(chain: &Chain<'_>, pallet: &str, item: &str) -> Result<usize> {
    Ok(chain.pairs(&prefix(pallet, item))?.count())
}

/// Bytes of all pallets' state.
pub fn bytes(chain: &Chain<'_>) -> Result<i64> {
    let sizes = PALLETS.map(|pallet| size(chain, &twox_128(pallet.as_bytes())));
    sizes.into_iter().sum()
}

/// Bytes that stay though no deal is on record.
pub fn kept_bytes(chain: &Chain<'_>) -> Result<i64> {
    let scores = size(chain, &prefix("Reputation", "Scores"))?;
    Ok(scores + size(chain, &prefix("Market", "Prices"))?)
}

fn size(chain: &Chain<'_>, prefix: &[u8]) -> Result<i64> {
    let pairs = chain.pairs(prefix)?;
    let size: usize = pairs.map(|(key, value)| key.len() + value.len()).sum();
    Ok(i64::try_from(size)?)
}

fn prefix(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// Makes empty blocks until the deals are forgotten; whether they were.
pub fn retire(chain: &Chain<'_>) -> Result<bool> {
    let blocks = RETENTION + ORDER_LIFE;
    for made in 1..=blocks {
        chain.author_block(&[])?;
        let is_over = made > RETENTION && made % LOOK == 0;
        if is_over && is_forgotten(chain)? {
            return Ok(true);
        }
    }
    is_forgotten(chain)
}

fn is_forgotten(chain: &Chain<'_>) -> Result<bool> {
    for (pallet, item) in OF_DEALS {
        if chain.pairs(&prefix(pallet, item))?.next().is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Refuses a row of which not every task is settled with the right result, after the votes of all
/// its workers, or of which some money is still in escrow.
pub fn ensure_settled(chain: &Chain<'_>, bags: &[Bag], setting: &Setting) -> Result<()> {
    let mut settled = 0;
    for bag in bags {
        settled += settled_tasks(chain, bag, setting)?;
    }
    let tasks = setting.tasks();
    ensure!(settled == tasks, "{settled} of {tasks} tasks are settled");
    let open = count(chain, "Market", "OpenDeals")?;
    ensure!(open == 0, "{open} deals are open though all tasks settled");
    let escrows = count(chain, "Escrow", "Accounts")?;
    ensure!(escrows == 0, "{escrows} escrow accounts are left");
    Ok(())
}

fn settled_tasks(chain: &Chain<'_>, bag: &Bag, setting: &Setting) -> Result<u32> {
    let mut prefix = prefix("Poco", "TaskPages");
    prefix.extend_from_slice(bag.deal.0.as_bytes());
    let mut settled = 0;
    for (key, value) in chain.pairs(&prefix)? {
        let number = key
            .last_chunk()
            .context("a page's key ends in its number")?;
        let page = TaskPage::decode(&mut &value[..])?;
        let tasks = page.tasks(u32::from_le_bytes(*number));
        let right = tasks.filter(|(index, task)| is_right(bag, *index, task, setting));
        settled += u32::try_from(right.count())?;
    }
    Ok(settled)
}

fn is_right(bag: &Bag, index: u32, task: &Task, setting: &Setting) -> bool {
    let voters = setting.scheme.workers() as usize;
    let TaskStatus::Settled { outcome, .. } = task.status else {
        return false;
    };
    outcome == work::result(bag.deal, index) && task.votes.len() == voters
}

/// Free money of all worker machines. They only ever spend it on fees: earnings go to the owners.
pub fn money_of_workers(chain: &Chain<'_>, actors: &Actors) -> Result<Balance> {
    let machines = actors.workers.iter();
    let balances = machines.map(|worker| free_balance(chain, &worker.machine.account));
    balances.sum()
}

fn free_balance(chain: &Chain<'_>, account: &AccountId) -> Result<Balance> {
    let mut key = prefix("System", "Account");
    key.extend(blake2_128(account.as_ref()));
    key.extend_from_slice(account.as_ref());
    // Nonce, three counts of references, then the balances, the free one first.
    let account: Option<([u32; 4], Balance)> = chain.get(key)?;
    Ok(account.map_or(0, |(_, free)| free))
}
