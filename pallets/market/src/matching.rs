//! When orders make a deal, and which (iExec 7.5 – 7.7): pure functions over plain facts.
//!
//! Nothing here reads the chain. Wallets and daemons can ask the same questions before they spend a
//! transaction on the answer.

mod alone;
mod facts;
mod together;

pub use crate::requirements::Demands;
pub use alone::{exhaustion, expiry, fault};
pub use ergon_primitives::Mismatch;
pub use facts::{Admissions, Consents, Facts, Volumes};

use ergon_primitives::{Deal, DealDataset, Tag, percent_of, traits::Funding, widening};

/// Least trust in a pool in which every member may race: below it a fresh account would decide
/// alone.
pub const MIN_OPEN_TRUST: u32 = 3;
/// Most tasks of one deal; what the orders have left makes further deals. Each task is ended by a
/// call of its own, and a deal keeps its entries in the registry until the last one: four thousand
/// million free tasks would keep them for ever, for the price of one match.
pub const MAX_DEAL_VOLUME: u32 = 10_000;

/// All reasons why the orders do not match: first what is wrong with each order by itself, then
/// with all of them together, in the order of [`Mismatch`], the pool's hub last. Money is for the
/// escrow to say.
pub fn mismatches(facts: &Facts<'_>) -> impl Iterator<Item = Mismatch> {
    let dataset = facts.dataset_order;
    alone::app_order_faults(facts.app_order, facts.now)
        .into_iter()
        .chain(dataset.map_or([None; 4], |order| {
            alone::dataset_order_faults(order, facts.now)
        }))
        .chain(alone::pool_order_faults(facts.pool_order, facts.now))
        .chain(alone::request_order_faults(facts.request_order, facts.now))
        .chain(together::category_and_trust(facts))
        .chain(together::prices_and_tags(facts))
        .chain(together::identities(facts))
        .chain(together::refusals(facts))
        .chain(together::entries(facts))
        .chain(together::missing_consents(facts))
        .chain(together::execution(facts))
        .chain(together::requirements(facts))
        .chain(together::volumes(facts))
        .chain(together::hub(facts))
        .flatten()
}

/// The deal that the orders make now, or the first reason why they do not.
pub fn deal(facts: &Facts<'_>) -> Result<Deal, Mismatch> {
    if let Some(mismatch) = mismatches(facts).next() {
        return Err(mismatch);
    }
    let (app, pool, request) = (facts.app_order, facts.pool_order, facts.request_order);
    let app_terms = facts.app.as_ref().ok_or(Mismatch::NoSuchApp)?;
    let pool_terms = facts.pool.as_ref().ok_or(Mismatch::NoSuchPool)?;
    let category = facts.category.ok_or(Mismatch::CategoryUnknown)?;
    let policy = &pool_terms.policy;
    let volume = facts.volume();
    Ok(Deal {
        orders: facts.orders,
        app: app.app,
        app_owner: app_terms.owner.clone(),
        app_price: app.price,
        dataset: deal_dataset(facts)?,
        pool: pool.pool,
        operator: pool_terms.owner.clone(),
        pool_price: pool.price,
        requester: request.requester.clone(),
        payer: request.payer.clone(),
        beneficiary: request.beneficiary.clone(),
        category: category.id,
        work_time: category.work_time,
        trust: request.trust,
        verification: request.verification,
        scheduling: policy.scheduling,
        execution_version: request.execution_version,
        params: request.params.clone(),
        first_index: facts.consumed.request,
        volume,
        started: facts.now,
        widening: widening(volume, policy.parallelism),
        worker_stake: percent_of(pool.price, policy.worker_stake_ratio),
        operator_stake: percent_of(pool.price, facts.operator_stake_ratio),
        operator_reward_ratio: policy.operator_reward_ratio,
        fund_fee_ratio: facts.fund_fee_ratio,
    })
}

fn deal_dataset(facts: &Facts<'_>) -> Result<Option<DealDataset>, Mismatch> {
    let Some(order) = facts.dataset_order else {
        return Ok(None);
    };
    let terms = facts.dataset.as_ref().ok_or(Mismatch::NoSuchDataset)?;
    Ok(Some(DealDataset {
        id: order.dataset,
        owner: terms.owner.clone(),
        price: order.price,
    }))
}

/// What the deal would put on hold; none while nobody can tell, because the pool is not registered
/// or no task is left.
pub fn funding(facts: &Facts<'_>) -> Option<Funding> {
    let operator = facts.pool.as_ref()?.owner.clone();
    let tasks = facts.volume();
    let dataset_price = facts.dataset_order.map_or(0, |order| order.price);
    (tasks > 0).then(|| Funding {
        payer: facts.request_order.payer.clone(),
        task_price: facts
            .app_order
            .price
            .saturating_add(dataset_price)
            .saturating_add(facts.pool_order.price),
        operator,
        operator_stake: percent_of(facts.pool_order.price, facts.operator_stake_ratio),
        tasks,
    })
}

/// Answers to `N` questions, in their order.
type Found<const N: usize> = [Option<Mismatch>; N];

fn unless(holds: bool, mismatch: Mismatch) -> Option<Mismatch> {
    (!holds).then_some(mismatch)
}

/// Nobody can attest trusted hardware yet, so nobody shall be able to claim or demand it.
fn needs_no_trusted_hardware(tag: Tag) -> Option<Mismatch> {
    unless(
        !tag.intersects(Tag::TRUSTED_HARDWARE),
        Mismatch::TrustedHardwareUnsupported,
    )
}
