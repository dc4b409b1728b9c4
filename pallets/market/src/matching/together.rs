//! What orders must agree on. A question about something unknown is not asked: that it is unknown
//! is a reason of its own.

use super::{Demands, Facts, Found, MIN_OPEN_TRUST, Mismatch, needs_no_trusted_hardware, unless};
use ergon_primitives::{Curation, Party, Scheduling};

pub(super) fn category_and_trust(facts: &Facts<'_>) -> Found<4> {
    let (pool, request) = (facts.pool_order, facts.request_order);
    let is_open = facts
        .pool
        .as_ref()
        .is_some_and(|terms| terms.policy.scheduling == Scheduling::Open);
    let is_same_category = request.category == pool.category;
    let is_enough_for_all = !is_open || request.trust >= MIN_OPEN_TRUST;
    [
        unless(is_same_category, Mismatch::CategoryMismatch),
        unless(facts.category.is_some(), Mismatch::CategoryUnknown),
        unless(request.trust <= pool.trust, Mismatch::TrustTooHigh),
        unless(is_enough_for_all, Mismatch::TrustTooLowForOpenPool),
    ]
}

pub(super) fn prices_and_tags(facts: &Facts<'_>) -> Found<5> {
    let (app, pool, request) = (facts.app_order, facts.pool_order, facts.request_order);
    let app_fits = app.price <= request.max_app_price;
    let dataset_fits = facts
        .dataset_order
        .is_none_or(|order| order.price <= request.max_dataset_price)
        // Who asks for no dataset sets no limit either; that it is unwanted is said elsewhere.
        || request.dataset.is_none();
    let pool_fits = pool.price <= request.max_pool_price;
    let needed = facts.needed_tag();
    [
        unless(app_fits, Mismatch::AppPriceTooHigh),
        unless(dataset_fits, Mismatch::DatasetPriceTooHigh),
        unless(pool_fits, Mismatch::PoolPriceTooHigh),
        unless(pool.tag.contains(needed), Mismatch::TagNotOffered),
        needs_no_trusted_hardware(needed.union(pool.tag)),
    ]
}

pub(super) fn identities(facts: &Facts<'_>) -> Found<4> {
    let request = facts.request_order;
    let offered = facts.dataset_order.map(|order| order.dataset);
    let pool_fits = request
        .pool
        .is_none_or(|pool| pool == facts.pool_order.pool);
    [
        unless(request.app == facts.app_order.app, Mismatch::AppMismatch),
        unless(
            offered.is_none() || offered == request.dataset,
            Mismatch::DatasetMismatch,
        ),
        unless(
            offered.is_some() || request.dataset.is_none(),
            Mismatch::DatasetOrderMissing,
        ),
        unless(pool_fits, Mismatch::PoolMismatch),
    ]
}

pub(super) fn refusals(facts: &Facts<'_>) -> Found<10> {
    let admits = facts.admissions;
    let is_for_app = facts.dataset.as_ref().is_none_or(|terms| {
        terms.allowed_apps.is_empty() || terms.allowed_apps.contains(&facts.app_order.app)
    });
    [
        unless(admits.app_admits_dataset, Mismatch::AppRefusesDataset),
        unless(admits.app_admits_pool, Mismatch::AppRefusesPool),
        unless(admits.app_admits_requester, Mismatch::AppRefusesRequester),
        unless(is_for_app, Mismatch::DatasetNotForApp),
        unless(admits.dataset_admits_app, Mismatch::DatasetRefusesApp),
        unless(admits.dataset_admits_pool, Mismatch::DatasetRefusesPool),
        unless(
            admits.dataset_admits_requester,
            Mismatch::DatasetRefusesRequester,
        ),
        unless(admits.pool_admits_app, Mismatch::PoolRefusesApp),
        unless(admits.pool_admits_dataset, Mismatch::PoolRefusesDataset),
        unless(admits.pool_admits_requester, Mismatch::PoolRefusesRequester),
    ]
}

pub(super) fn entries(facts: &Facts<'_>) -> Found<5> {
    let has_dataset = facts.dataset_order.is_none() || facts.dataset.is_some();
    let app = facts.app.as_ref();
    let is_revoked =
        app.is_some_and(|terms| matches!(terms.curation, Some(Curation::Revoked { .. })));
    let is_approved = app.is_none_or(|terms| matches!(terms.curation, Some(Curation::Approved(_))));
    let is_good_enough = is_approved || !facts.request_order.approved_only;
    [
        unless(app.is_some(), Mismatch::NoSuchApp),
        unless(has_dataset, Mismatch::NoSuchDataset),
        unless(facts.pool.is_some(), Mismatch::NoSuchPool),
        unless(!is_revoked, Mismatch::AppRevoked),
        unless(is_good_enough, Mismatch::AppNotApproved),
    ]
}

pub(super) fn missing_consents(facts: &Facts<'_>) -> Found<6> {
    let consents = facts.consents;
    [
        unless(consents.app, Mismatch::AppOrderNotAuthentic),
        unless(consents.dataset, Mismatch::DatasetOrderNotAuthentic),
        unless(consents.pool, Mismatch::PoolOrderNotAuthentic),
        unless(consents.request, Mismatch::RequestOrderNotAuthentic),
        unless(consents.matcher, Mismatch::NotTheMatcher),
        unless(consents.payer, Mismatch::PayerDidNotConsent),
    ]
}

pub(super) fn execution(facts: &Facts<'_>) -> Found<3> {
    let (pool, request) = (facts.pool_order, facts.request_order);
    let version = request.execution_version;
    let is_fit = facts
        .app
        .as_ref()
        .is_none_or(|terms| terms.kind.runs_on(version));
    let is_verifiable = pool
        .verifications
        .iter()
        .any(|offered| offered.covers(request.verification));
    [
        unless(
            pool.execution_versions.contains(&version),
            Mismatch::ExecutionVersionNotOffered,
        ),
        unless(is_fit, Mismatch::ExecutionVersionUnfit),
        unless(is_verifiable, Mismatch::VerificationNotOffered),
    ]
}

pub(super) fn requirements(facts: &Facts<'_>) -> Found<3> {
    let demands = Demands::of(facts);
    [
        (Party::App, Mismatch::AppRequirementsUnmet),
        (Party::Request, Mismatch::RequestRequirementsUnmet),
        (Party::Pool, Mismatch::PoolRequirementsUnmet),
    ]
    .map(|(party, unmet)| unless(demands.are_met(party), unmet))
}

pub(super) fn volumes(facts: &Facts<'_>) -> Found<6> {
    let left = facts.remaining();
    let is_enough = facts.volume() >= facts.request_order.min_volume;
    [
        unless(left.app > 0, Mismatch::AppVolumeExhausted),
        unless(left.dataset != Some(0), Mismatch::DatasetVolumeExhausted),
        unless(left.pool > 0, Mismatch::PoolVolumeExhausted),
        unless(left.request > 0, Mismatch::RequestVolumeExhausted),
        unless(is_enough, Mismatch::VolumeBelowMinimum),
        unless(facts.is_short_enough(), Mismatch::DurationTooLong),
    ]
}

pub(super) fn hub(facts: &Facts<'_>) -> Found<1> {
    let is_matchable = facts.pool.is_none() || facts.pool_is_matchable;
    [unless(is_matchable, Mismatch::PoolHubNotRegistered)]
}

/// A fee that does not fit an amount is more than anybody has.
pub(super) fn fee(facts: &Facts<'_>) -> Found<1> {
    let fits = facts.settlement_fee().is_some();
    [unless(fits, Mismatch::PayerCannotPay)]
}
