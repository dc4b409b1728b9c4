//! What requests and machines say of themselves and demand of each other, in the matchmaking
//! language. Chain, wallets and daemons read the same attributes of an order here.

use crate::{
    AccountId, AppKind, AppTerms, Balance, Curation, ERG, PoolOrder, PoolPolicy, RequestOrder,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use ergon_matchmaking::{Ad, Expression, FormError, MAX_ENCODED, Real, Value, tier_of};
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// A condition on a counterpart: the SCALE form of an expression; no bytes are no condition.
pub type Requirements = BoundedVec<u8, ConstU32<MAX_ENCODED>>;
/// What machines are like: the SCALE form of an advertisement; no bytes are no attribute.
pub type Advertisement = BoundedVec<u8, ConstU32<MAX_ENCODED>>;

/// The condition in its readable form; `None` when there is none.
pub fn read_requirements(form: &Requirements) -> Result<Option<Expression>, FormError> {
    if form.is_empty() {
        return Ok(None);
    }
    Expression::decode_bounded(form).map(Some)
}

/// The attributes in their readable form.
pub fn read_attributes(form: &Advertisement) -> Result<Ad, FormError> {
    if form.is_empty() {
        return Ok(Ad::new());
    }
    Ad::decode_bounded(form)
}

/// The condition as orders and apps carry it.
pub fn write_requirements(expression: &Expression) -> Requirements {
    BoundedVec::truncate_from(expression.encode_bounded())
}

/// The attributes as pool orders carry them.
pub fn write_attributes(ad: &Ad) -> Advertisement {
    BoundedVec::truncate_from(ad.encode_bounded())
}

/// What a request and its app say of themselves: `MY` in their requirements, `TARGET` in those of a
/// pool.
///
/// `app`, `dataset`, `requester` (ids as `0x…`), `app_kind` (`"wasm"`, `"oci"`), `app_approved`,
/// `volume`, `category`, `trust`, `execution_version`, `max_duration` (blocks), `max_app_price`,
/// `max_dataset_price`, `max_pool_price` (ERG per task).
pub fn job_ad(request: &RequestOrder, app: Option<&AppTerms>) -> Ad {
    let mut attributes = attributes([
        ("app", hash(request.app.0)),
        ("requester", account(&request.requester)),
        ("volume", integer(request.volume)),
        ("category", integer(request.category)),
        ("trust", integer(request.trust)),
        ("execution_version", integer(request.execution_version)),
        ("max_duration", integer(request.max_duration)),
        ("max_app_price", price(request.max_app_price)),
        ("max_dataset_price", price(request.max_dataset_price)),
        ("max_pool_price", price(request.max_pool_price)),
    ]);
    if let Some(dataset) = request.dataset {
        attributes.push(("dataset", hash(dataset.0)));
    }
    if let Some(app) = app {
        let kind = match app.kind {
            AppKind::Wasm => "wasm",
            AppKind::Oci => "oci",
        };
        let approved = matches!(app.curation, Some(Curation::Approved(_)));
        attributes.push(("app_kind", text(kind)));
        attributes.push(("app_approved", Value::Boolean(approved)));
    }
    ad(attributes)
}

/// What a pool says of itself: `TARGET` in the requirements of requests and apps, `MY` in its own.
///
/// The attributes of its order, and of the chain's knowledge `pool`, `operator` (ids as `0x…`),
/// `price` (ERG per task), `category`, `trust`, `execution_versions`, `parallelism`,
/// `worker_stake_ratio`, `operator_reward_ratio` (percent), and `tier` unless the order names one.
/// What the chain knows cannot be overruled by the order.
pub fn machine_ad(own: &Ad, order: &PoolOrder, operator: Option<(&AccountId, &PoolPolicy)>) -> Ad {
    let versions = order
        .execution_versions
        .iter()
        .map(|version| integer(*version));
    let mut attributes = attributes([
        ("price", price(order.price)),
        ("category", integer(order.category)),
        ("trust", integer(order.trust)),
        ("execution_versions", Value::List(versions.collect())),
    ]);
    if let Some((operator, policy)) = operator {
        attributes.extend([
            ("parallelism", integer(policy.parallelism)),
            ("worker_stake_ratio", integer(policy.worker_stake_ratio)),
            (
                "operator_reward_ratio",
                integer(policy.operator_reward_ratio),
            ),
            ("operator", account(operator)),
        ]);
    }
    if own.get("tier").is_none()
        && let Some(tier) = tier_of(own)
    {
        attributes.push(("tier", text(tier)));
    }
    attributes.push(("pool", hash(order.pool.0)));
    let mut ad = ad(attributes);
    for (name, value) in own.iter() {
        if ad.get(name).is_none() {
            // What does not fit beside the chain's attributes is left out, and then undefined.
            let _ = ad.insert(name, value.clone());
        }
    }
    ad
}

type Attributes = Vec<(&'static str, Value)>;

fn attributes<const N: usize>(list: [(&'static str, Value); N]) -> Attributes {
    list.into()
}

/// The chain's own attributes; together they are far below the bounds of an advertisement.
fn ad(attributes: Attributes) -> Ad {
    let mut ad = Ad::new();
    for (name, value) in attributes {
        let _ = ad.insert(name, value);
    }
    ad
}

fn integer(number: impl Into<i64>) -> Value {
    Value::Integer(number.into())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_string())
}

fn hash(hash: H256) -> Value {
    Value::Text(format!("{hash:?}"))
}

fn account(account: &AccountId) -> Value {
    let bytes: &[u8; 32] = account.as_ref();
    hash(H256(*bytes))
}

/// An amount in ERG, cut off after nine decimals.
fn price(amount: Balance) -> Value {
    // Amounts have three decimals more than reals.
    let nanos = amount / (ERG / 1_000_000_000);
    i128::try_from(nanos)
        .ok()
        .and_then(Real::from_nanos)
        .map_or(Value::Error, Value::Real)
}

/// Text of an expression's SCALE form, for people; what is no expression is shown as bytes.
pub fn requirements_text(form: &Requirements) -> String {
    match read_requirements(form) {
        Ok(Some(expression)) => expression.to_string(),
        Ok(None) => String::new(),
        Err(error) => format!("not an expression ({error})"),
    }
}
