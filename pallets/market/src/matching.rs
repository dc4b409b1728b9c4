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

use ergon_primitives::{
    Deal, DealDataset, LEAST_WORKER_STAKE, RequestOrder, Tag, percent_of, traits::Funding, widening,
};

/// Least trust in a pool in which every member may race: below it a fresh account would decide
/// alone.
pub const MIN_OPEN_TRUST: u32 = 3;
/// Least trust at which results of container images need sealed votes: below it nobody votes twice on
/// a task, so there is nobody to copy from.
pub const MIN_SEALED_TRUST: u32 = 3;
/// Votes of a task that the settlement fee pays for beyond those that it needs when nothing goes wrong:
/// some lose.
pub const SPARE_VOTES: u32 = 2;
/// Fewest bytes of a call: it names a pallet and one of its functions.
pub const MIN_CALLBACK: usize = 2;

/// All reasons why the orders do not match: first what is wrong with each order by itself, then
/// with all of them together, in the order of [`Mismatch`], the pool's hub and the settlement fee last.
/// Money is for the escrow to say, as far as it fits an amount.
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
        .chain(together::fee(facts))
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
        worker_stake: percent_of(pool.price, policy.worker_stake_ratio).max(LEAST_WORKER_STAKE),
        operator_stake: percent_of(pool.price, facts.operator_stake_ratio),
        operator_reward_ratio: policy.operator_reward_ratio,
        fund_fee_ratio: facts.fund_fee_ratio,
        settlement_fee: facts.settlement_fee().ok_or(Mismatch::PayerCannotPay)?,
        callback: request.callback.clone(),
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
/// or no task is left, nor when the settlement fee does not fit an amount.
pub fn funding(facts: &Facts<'_>) -> Option<Funding> {
    let operator = facts.pool.as_ref()?.owner.clone();
    let tasks = facts.volume();
    let settlement_fee = facts.settlement_fee()?;
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
        settlement_fee,
    })
}

/// How many votes of each task the settlement fee of such a request pays for.
pub fn prepaid_votes(request: &RequestOrder) -> u32 {
    request
        .verification
        .votes_expected(request.trust)
        .saturating_add(SPARE_VOTES)
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
