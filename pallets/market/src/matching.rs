//! When three orders make a deal, and which (iExec 7.5 – 7.7): pure functions over plain facts.
//!
//! Nothing here reads the chain. Wallets and daemons can ask the same questions before they spend a
//! transaction on the answer.

pub use crate::mismatch::Mismatch;

use ergon_primitives::{
    AppOrder, AppTerms, BlockNumber, CategoryTerms, Deal, DealOrders, MAX_DURATION, MAX_ORDER_LIFE,
    MAX_PRICE, MAX_TRUST, OPERATOR_STAKE_RATIO, Order, PoolOrder, PoolTerms, RequestOrder,
    Scheduling, Tag, final_period, percent_of, widening,
};

/// Least trust in a pool in which every member may race: below it a fresh account would decide
/// alone.
pub const MIN_OPEN_TRUST: u32 = 3;
/// Most tasks of one deal; what the orders have left makes further deals. Each task is ended by a
/// call of its own, and a deal keeps its app and its pool in the registry until the last one: four
/// thousand million free tasks would keep them for ever, for the price of one match.
pub const MAX_DEAL_VOLUME: u32 = 10_000;

/// A number of tasks for each of the three orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Volumes {
    /// Of the app order.
    pub app: u32,
    /// Of the pool order.
    pub pool: u32,
    /// Of the request order.
    pub request: u32,
}

/// Which restrictions admit their counterpart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Admissions {
    /// The app order admits the pool.
    pub app_admits_pool: bool,
    /// The app order admits the requester.
    pub app_admits_requester: bool,
    /// The pool order admits the app.
    pub pool_admits_app: bool,
    /// The pool order admits the requester.
    pub pool_admits_requester: bool,
}

/// Who stands behind the match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Consents {
    /// The app's owner signed or published the app order.
    pub app: bool,
    /// The pool's owner signed or published the pool order.
    pub pool: bool,
    /// The requester signed or published the request order, or is the caller.
    pub request: bool,
    /// The request lets the caller match.
    pub matcher: bool,
    /// The payer is the requester or the caller.
    pub payer: bool,
}

/// All that decides whether three orders match.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts<'a> {
    /// The block in which the orders are to match.
    pub now: BlockNumber,
    /// Ids of the orders.
    pub orders: DealOrders,
    /// The app order.
    pub app_order: &'a AppOrder,
    /// The pool order.
    pub pool_order: &'a PoolOrder,
    /// The request order.
    pub request_order: &'a RequestOrder,
    /// Terms of the offered app, if it is registered.
    pub app: Option<AppTerms>,
    /// Terms of the offered pool, if it is registered.
    pub pool: Option<PoolTerms>,
    /// Terms of the requested category, if it exists.
    pub category: Option<CategoryTerms>,
    /// What was used up of the orders before.
    pub consumed: Volumes,
    /// Which restrictions admit their counterpart.
    pub admissions: Admissions,
    /// Who stands behind the match.
    pub consents: Consents,
    /// Share of the operator's and the app owner's part that goes to the fund, in percent.
    pub fund_fee_ratio: u8,
}

impl Facts<'_> {
    /// What is left of each order.
    pub fn remaining(&self) -> Volumes {
        Volumes {
            app: self.app_order.volume.saturating_sub(self.consumed.app),
            pool: self.pool_order.volume.saturating_sub(self.consumed.pool),
            request: self
                .request_order
                .volume
                .saturating_sub(self.consumed.request),
        }
    }

    /// How many tasks the deal would have: the least of what is left, at most [`MAX_DEAL_VOLUME`].
    pub fn volume(&self) -> u32 {
        let Volumes { app, pool, request } = self.remaining();
        app.min(pool).min(request).min(MAX_DEAL_VOLUME)
    }

    /// Whether the deal's final deadline, `10·T·w` after the match, is near enough. Not asked while
    /// pool or category are unknown.
    fn is_short_enough(&self) -> bool {
        let (Some(pool), Some(category)) = (&self.pool, self.category) else {
            return true;
        };
        let widening = widening(self.volume(), pool.policy.parallelism);
        let limit = self.request_order.max_duration.min(MAX_DURATION);
        final_period(category.work_time, widening).is_some_and(|period| period <= limit)
    }
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
        pool: pool.pool,
        operator: pool_terms.owner.clone(),
        pool_price: pool.price,
        requester: request.requester.clone(),
        payer: request.payer.clone(),
        beneficiary: request.beneficiary.clone(),
        category: category.id,
        work_time: category.work_time,
        trust: request.trust,
        execution_version: request.execution_version,
        params: request.params.clone(),
        first_index: facts.consumed.request,
        volume,
        started: facts.now,
        widening: widening(volume, policy.parallelism),
        worker_stake: percent_of(pool.price, policy.worker_stake_ratio),
        operator_stake: percent_of(pool.price, OPERATOR_STAKE_RATIO),
        operator_reward_ratio: policy.operator_reward_ratio,
        fund_fee_ratio: facts.fund_fee_ratio,
    })
}

/// All reasons why the orders do not match: first what is wrong with each order by itself, then
/// with the three together, in the order of the protocol.
pub fn mismatches(facts: &Facts<'_>) -> impl Iterator<Item = Mismatch> {
    app_order_faults(facts.app_order, facts.now)
        .into_iter()
        .chain(pool_order_faults(facts.pool_order, facts.now))
        .chain(request_order_faults(facts.request_order, facts.now))
        .chain(category_and_trust(facts))
        .chain(prices_and_tags(facts))
        .chain(identities(facts))
        .chain(refusals(facts))
        .chain(missing_entries(facts))
        .chain(missing_consents(facts))
        .chain(execution(facts))
        .chain(volumes(facts))
        .chain([unless(facts.is_short_enough(), Mismatch::DurationTooLong)])
        .flatten()
}

/// What is wrong with an order whatever it meets: expiry, bounds, features.
pub fn fault(order: &Order, now: BlockNumber) -> Option<Mismatch> {
    let (fault, tag) = match order {
        Order::App(order) => (first(app_order_faults(order, now)), order.tag),
        Order::Pool(order) => (first(pool_order_faults(order, now)), order.tag),
        Order::Request(order) => (first(request_order_faults(order, now)), order.tag),
    };
    fault.or(needs_no_trusted_hardware(tag))
}

/// The reason why an expired order is of no use any more; none while it is not expired.
pub fn expiry(order: &Order, now: BlockNumber) -> Option<Mismatch> {
    let expired = match order {
        Order::App(_) => Mismatch::AppOrderExpired,
        Order::Pool(_) => Mismatch::PoolOrderExpired,
        Order::Request(_) => Mismatch::RequestOrderExpired,
    };
    unless(is_alive(order.valid_until(), now), expired)
}

/// The reason why an order of which this much is left makes no deal; none while it can.
pub fn exhaustion(order: &Order, remaining: u32) -> Option<Mismatch> {
    match order {
        Order::App(_) => unless(remaining > 0, Mismatch::AppVolumeExhausted),
        Order::Pool(_) => unless(remaining > 0, Mismatch::PoolVolumeExhausted),
        Order::Request(order) => {
            unless(remaining > 0, Mismatch::RequestVolumeExhausted).or(unless(
                remaining.min(MAX_DEAL_VOLUME) >= order.min_volume,
                Mismatch::VolumeBelowMinimum,
            ))
        }
    }
}

/// Answers to `N` questions, in their order.
type Found<const N: usize> = [Option<Mismatch>; N];

fn unless(holds: bool, mismatch: Mismatch) -> Option<Mismatch> {
    (!holds).then_some(mismatch)
}

fn first<const N: usize>(found: Found<N>) -> Option<Mismatch> {
    found.into_iter().flatten().next()
}

fn is_alive(valid_until: BlockNumber, now: BlockNumber) -> bool {
    now <= valid_until
}

/// Whether an order's consumption need not be remembered for longer than [`MAX_ORDER_LIFE`].
fn is_bounded(valid_until: BlockNumber, now: BlockNumber) -> bool {
    valid_until <= now.saturating_add(MAX_ORDER_LIFE)
}

fn app_order_faults(order: &AppOrder, now: BlockNumber) -> Found<4> {
    [
        unless(is_alive(order.valid_until, now), Mismatch::AppOrderExpired),
        unless(
            is_bounded(order.valid_until, now),
            Mismatch::AppOrderLifeTooLong,
        ),
        unless(order.volume > 0, Mismatch::AppOrderEmpty),
        unless(order.price <= MAX_PRICE, Mismatch::AppPriceAboveMaximum),
    ]
}

fn pool_order_faults(order: &PoolOrder, now: BlockNumber) -> Found<5> {
    [
        unless(is_alive(order.valid_until, now), Mismatch::PoolOrderExpired),
        unless(
            is_bounded(order.valid_until, now),
            Mismatch::PoolOrderLifeTooLong,
        ),
        unless(order.volume > 0, Mismatch::PoolOrderEmpty),
        unless(order.price <= MAX_PRICE, Mismatch::PoolPriceAboveMaximum),
        unless(order.trust <= MAX_TRUST, Mismatch::TrustAboveMaximum),
    ]
}

fn request_order_faults(order: &RequestOrder, now: BlockNumber) -> Found<5> {
    [
        unless(
            is_alive(order.valid_until, now),
            Mismatch::RequestOrderExpired,
        ),
        unless(
            is_bounded(order.valid_until, now),
            Mismatch::RequestOrderLifeTooLong,
        ),
        unless(order.volume > 0, Mismatch::RequestOrderEmpty),
        unless(order.min_volume > 0, Mismatch::MinimumVolumeZero),
        unless(order.trust > 0, Mismatch::TrustZero),
    ]
}

fn category_and_trust(facts: &Facts<'_>) -> Found<4> {
    let (pool, request) = (facts.pool_order, facts.request_order);
    let is_open = facts
        .pool
        .as_ref()
        .is_some_and(|terms| terms.policy.scheduling == Scheduling::Open);
    [
        unless(
            request.category == pool.category,
            Mismatch::CategoryMismatch,
        ),
        unless(facts.category.is_some(), Mismatch::CategoryUnknown),
        unless(request.trust <= pool.trust, Mismatch::TrustTooHigh),
        unless(
            !is_open || request.trust >= MIN_OPEN_TRUST,
            Mismatch::TrustTooLowForOpenPool,
        ),
    ]
}

fn prices_and_tags(facts: &Facts<'_>) -> Found<4> {
    let (app, pool, request) = (facts.app_order, facts.pool_order, facts.request_order);
    let needed = app.tag.union(request.tag);
    [
        unless(
            app.price <= request.max_app_price,
            Mismatch::AppPriceTooHigh,
        ),
        unless(
            pool.price <= request.max_pool_price,
            Mismatch::PoolPriceTooHigh,
        ),
        unless(pool.tag.contains(needed), Mismatch::TagNotOffered),
        needs_no_trusted_hardware(needed.union(pool.tag)),
    ]
}

/// Nobody can attest trusted hardware yet, so nobody shall be able to claim or demand it.
fn needs_no_trusted_hardware(tag: Tag) -> Option<Mismatch> {
    unless(
        !tag.intersects(Tag::TRUSTED_HARDWARE),
        Mismatch::TrustedHardwareUnsupported,
    )
}

fn identities(facts: &Facts<'_>) -> Found<2> {
    let request = facts.request_order;
    let pool_fits = request
        .pool
        .is_none_or(|pool| pool == facts.pool_order.pool);
    [
        unless(request.app == facts.app_order.app, Mismatch::AppMismatch),
        unless(pool_fits, Mismatch::PoolMismatch),
    ]
}

fn refusals(facts: &Facts<'_>) -> Found<4> {
    let admissions = facts.admissions;
    [
        unless(admissions.app_admits_pool, Mismatch::AppRefusesPool),
        unless(
            admissions.app_admits_requester,
            Mismatch::AppRefusesRequester,
        ),
        unless(admissions.pool_admits_app, Mismatch::PoolRefusesApp),
        unless(
            admissions.pool_admits_requester,
            Mismatch::PoolRefusesRequester,
        ),
    ]
}

fn missing_entries(facts: &Facts<'_>) -> Found<2> {
    [
        unless(facts.app.is_some(), Mismatch::NoSuchApp),
        unless(facts.pool.is_some(), Mismatch::NoSuchPool),
    ]
}

fn missing_consents(facts: &Facts<'_>) -> Found<5> {
    let consents = facts.consents;
    [
        unless(consents.app, Mismatch::AppOrderNotAuthentic),
        unless(consents.pool, Mismatch::PoolOrderNotAuthentic),
        unless(consents.request, Mismatch::RequestOrderNotAuthentic),
        unless(consents.matcher, Mismatch::NotTheMatcher),
        unless(consents.payer, Mismatch::PayerDidNotConsent),
    ]
}

fn execution(facts: &Facts<'_>) -> Found<1> {
    let offered = &facts.pool_order.execution_versions;
    let is_offered = offered.contains(&facts.request_order.execution_version);
    [unless(is_offered, Mismatch::ExecutionVersionNotOffered)]
}

fn volumes(facts: &Facts<'_>) -> Found<4> {
    let remaining = facts.remaining();
    let is_enough = facts.volume() >= facts.request_order.min_volume;
    [
        unless(remaining.app > 0, Mismatch::AppVolumeExhausted),
        unless(remaining.pool > 0, Mismatch::PoolVolumeExhausted),
        unless(remaining.request > 0, Mismatch::RequestVolumeExhausted),
        unless(is_enough, Mismatch::VolumeBelowMinimum),
    ]
}
