//! What can be wrong with an order by itself, whatever it meets.

use super::{Found, MIN_CALLBACK, MIN_SEALED_TRUST, Mismatch, needs_no_trusted_hardware, unless};
use ergon_primitives::{
    AppOrder, BlockNumber, DatasetOrder, FIRST_CONTAINER_VERSION, MAX_ORDER_LIFE, MAX_PRICE,
    MAX_TRUST, Order, PoolOrder, RequestOrder, read_attributes, read_requirements,
};

/// What is wrong with an order whatever it meets: expiry, bounds, forms, features.
pub fn fault(order: &Order, now: BlockNumber) -> Option<Mismatch> {
    let (fault, tag) = match order {
        Order::App(order) => (first(app_order_faults(order, now)), order.tag),
        Order::Dataset(order) => (first(dataset_order_faults(order, now)), order.tag),
        Order::Pool(order) => (first(pool_order_faults(order, now)), order.tag),
        Order::Request(order) => (first(request_order_faults(order, now)), order.tag),
    };
    fault.or(needs_no_trusted_hardware(tag))
}

/// The reason why an expired order is of no use any more; none while it is not expired.
pub fn expiry(order: &Order, now: BlockNumber) -> Option<Mismatch> {
    let expired = match order {
        Order::App(_) => Mismatch::AppOrderExpired,
        Order::Dataset(_) => Mismatch::DatasetOrderExpired,
        Order::Pool(_) => Mismatch::PoolOrderExpired,
        Order::Request(_) => Mismatch::RequestOrderExpired,
    };
    unless(is_alive(order.valid_until(), now), expired)
}

/// The reason why an order of which this much is left makes no deal; none while it can.
pub fn exhaustion(order: &Order, remaining: u32) -> Option<Mismatch> {
    let exhausted = match order {
        Order::App(_) => Mismatch::AppVolumeExhausted,
        Order::Dataset(_) => Mismatch::DatasetVolumeExhausted,
        Order::Pool(_) => Mismatch::PoolVolumeExhausted,
        Order::Request(_) => Mismatch::RequestVolumeExhausted,
    };
    unless(remaining > 0, exhausted).or_else(|| shortfall(order, remaining))
}

/// Whether so little is left of a request that no deal can have its minimum.
fn shortfall(order: &Order, remaining: u32) -> Option<Mismatch> {
    let Order::Request(order) = order else {
        return None;
    };
    let is_enough = remaining >= order.min_volume;
    unless(is_enough, Mismatch::VolumeBelowMinimum)
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

pub(super) fn app_order_faults(order: &AppOrder, now: BlockNumber) -> Found<4> {
    let until = order.valid_until;
    [
        unless(is_alive(until, now), Mismatch::AppOrderExpired),
        unless(is_bounded(until, now), Mismatch::AppOrderLifeTooLong),
        unless(order.volume > 0, Mismatch::AppOrderEmpty),
        unless(order.price <= MAX_PRICE, Mismatch::AppPriceAboveMaximum),
    ]
}

pub(super) fn dataset_order_faults(order: &DatasetOrder, now: BlockNumber) -> Found<4> {
    let until = order.valid_until;
    let is_affordable = order.price <= MAX_PRICE;
    [
        unless(is_alive(until, now), Mismatch::DatasetOrderExpired),
        unless(is_bounded(until, now), Mismatch::DatasetOrderLifeTooLong),
        unless(order.volume > 0, Mismatch::DatasetOrderEmpty),
        unless(is_affordable, Mismatch::DatasetPriceAboveMaximum),
    ]
}

pub(super) fn pool_order_faults(order: &PoolOrder, now: BlockNumber) -> Found<7> {
    let until = order.valid_until;
    let has_attributes = read_attributes(&order.attributes).is_ok();
    let has_requirements = read_requirements(&order.requirements).is_ok();
    [
        unless(is_alive(until, now), Mismatch::PoolOrderExpired),
        unless(is_bounded(until, now), Mismatch::PoolOrderLifeTooLong),
        unless(order.volume > 0, Mismatch::PoolOrderEmpty),
        unless(order.price <= MAX_PRICE, Mismatch::PoolPriceAboveMaximum),
        unless(order.trust <= MAX_TRUST, Mismatch::TrustAboveMaximum),
        unless(has_attributes, Mismatch::PoolAttributesInvalid),
        unless(has_requirements, Mismatch::PoolRequirementsInvalid),
    ]
}

pub(super) fn request_order_faults(order: &RequestOrder, now: BlockNumber) -> Found<9> {
    let until = order.valid_until;
    let has_requirements = read_requirements(&order.requirements).is_ok();
    let is_callable = order
        .callback
        .as_ref()
        .is_none_or(|callback| callback.len() >= MIN_CALLBACK);
    let is_verifiable = order.verification.admits(order.trust);
    [
        unless(is_alive(until, now), Mismatch::RequestOrderExpired),
        unless(is_bounded(until, now), Mismatch::RequestOrderLifeTooLong),
        unless(order.volume > 0, Mismatch::RequestOrderEmpty),
        unless(order.min_volume > 0, Mismatch::MinimumVolumeZero),
        unless(order.trust > 0, Mismatch::TrustZero),
        unless(has_requirements, Mismatch::RequestRequirementsInvalid),
        unless(is_callable, Mismatch::CallbackInvalid),
        unless(is_verifiable, Mismatch::VerificationInvalid),
        unless(!is_guessable(order), Mismatch::BlindRequired),
    ]
}

/// Whether workers could copy each other's votes instead of computing: nothing but its output tells
/// what a container image did, and short outputs can be found by trying whose commitment they have.
fn is_guessable(order: &RequestOrder) -> bool {
    order.execution_version >= FIRST_CONTAINER_VERSION
        && order.trust >= MIN_SEALED_TRUST
        && !order.verification.is_sealed()
}
