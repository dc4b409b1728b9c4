//! Failed conditions in words: the chain's own sentence, the figures, and the requirements one by
//! one; and what to do about it.

use super::{Candidate, Judged};
use crate::amount::Amount;
use ergon_client::{
    matchmaking::{Condition, Value},
    primitives::{Mismatch, Party, RequestOrder},
};
use serde::Serialize;
use std::fmt;

/// A condition of the match that fails.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reason {
    /// Name of the chain's error.
    pub mismatch: String,
    /// What the chain says about it.
    pub sentence: String,
    /// The figures.
    pub figures: Option<String>,
    /// The conditions of requirements that do not hold.
    pub conditions: Vec<FailedCondition>,
}

/// A condition of requirements that does not hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FailedCondition {
    /// How it is written.
    pub condition: String,
    /// What it evaluates to.
    pub value: String,
    /// The attributes that it names and nobody gives.
    pub undefined: Vec<String>,
    /// The same in words.
    #[serde(skip)]
    line: String,
}

impl From<&Condition> for FailedCondition {
    fn from(condition: &Condition) -> Self {
        Self {
            condition: condition.text.clone(),
            value: condition.value.to_string(),
            undefined: condition.undefined.clone(),
            line: condition.to_string(),
        }
    }
}

impl fmt::Display for FailedCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        if let Some(figures) = &self.figures {
            write!(f, " ({figures})")?;
        }
        let conditions: Vec<String> = self.conditions.iter().map(ToString::to_string).collect();
        match conditions.as_slice() {
            [] => Ok(()),
            lines => write!(f, " [{}]", lines.join("; ")),
        }
    }
}

/// Why a candidate makes no deal with the request; nothing when it does.
pub fn reasons(
    judged: &Judged,
    request: &RequestOrder,
    sentence: impl Fn(Mismatch) -> String,
) -> Vec<Reason> {
    let mismatches = judged.report.mismatches.iter().copied();
    mismatches
        .map(|mismatch| Reason {
            mismatch: format!("{mismatch:?}"),
            sentence: sentence(mismatch),
            figures: figures(mismatch, &judged.candidate, request),
            conditions: conditions(mismatch, judged),
        })
        .collect()
}

/// The conditions behind a mismatch that do not hold.
fn conditions(mismatch: Mismatch, judged: &Judged) -> Vec<FailedCondition> {
    let party = match mismatch {
        Mismatch::AppRequirementsUnmet => Party::App,
        Mismatch::RequestRequirementsUnmet => Party::Request,
        Mismatch::PoolRequirementsUnmet => Party::Pool,
        _ => return Vec::new(),
    };
    let reports = judged.report.requirements.iter();
    reports
        .filter(|report| report.party == party)
        .flat_map(|report| &report.explanation.conditions)
        .filter(|condition| condition.value != Value::Boolean(true))
        .map(FailedCondition::from)
        .collect()
}

/// The figures behind a mismatch, where there are some.
fn figures(mismatch: Mismatch, candidate: &Candidate, request: &RequestOrder) -> Option<String> {
    let (app, pool) = (&candidate.app.signed.order, &candidate.pool.signed.order);
    let dataset = candidate.dataset.as_ref().map(|offer| &offer.signed.order);
    let over = |price, limit| format!("{} per task, limit {}", Amount(price), Amount(limit));
    let until = |block| format!("its last block was {block}");
    Some(match mismatch {
        Mismatch::AppOrderExpired => until(app.valid_until),
        Mismatch::DatasetOrderExpired => until(dataset?.valid_until),
        Mismatch::PoolOrderExpired => until(pool.valid_until),
        Mismatch::RequestOrderExpired => until(request.valid_until),
        Mismatch::CategoryMismatch => {
            format!("pool {}, request {}", pool.category, request.category)
        }
        Mismatch::CategoryUnknown => format!("category {}", request.category),
        Mismatch::TrustTooHigh | Mismatch::TrustTooLowForOpenPool => {
            format!("pool {}, request {}", pool.trust, request.trust)
        }
        Mismatch::AppPriceTooHigh => over(app.price, request.max_app_price),
        Mismatch::DatasetPriceTooHigh => over(dataset?.price, request.max_dataset_price),
        Mismatch::PoolPriceTooHigh => over(pool.price, request.max_pool_price),
        Mismatch::TagNotOffered => {
            let needed = app.tag.union(request.tag);
            let needed = dataset.map_or(needed, |dataset| needed.union(dataset.tag));
            format!("the features {:#x} are missing", needed.0 & !pool.tag.0)
        }
        Mismatch::ExecutionVersionNotOffered | Mismatch::ExecutionVersionUnfit => {
            let offered: Vec<String> = pool.execution_versions.iter().map(u32::to_string).collect();
            format!(
                "request {}, pool {}",
                request.execution_version,
                offered.join(", ")
            )
        }
        Mismatch::VolumeBelowMinimum => {
            format!("the request wants at least {} tasks", request.min_volume)
        }
        _ => return None,
    })
}

/// What the requester can do about a mismatch.
pub fn advice(mismatch: Mismatch) -> &'static str {
    use Mismatch::*;
    match mismatch {
        AppOrderExpired | AppOrderLifeTooLong | AppOrderEmpty | AppPriceAboveMaximum
        | AppOrderNotAuthentic | AppVolumeExhausted => {
            "Ask the app's owner for a new order, or use another one."
        }
        DatasetOrderExpired
        | DatasetOrderLifeTooLong
        | DatasetOrderEmpty
        | DatasetPriceAboveMaximum
        | DatasetOrderNotAuthentic
        | DatasetVolumeExhausted => "Ask the dataset's owner for a new order, or use another one.",
        PoolOrderExpired
        | PoolOrderLifeTooLong
        | PoolOrderEmpty
        | PoolPriceAboveMaximum
        | TrustAboveMaximum
        | PoolAttributesInvalid
        | PoolRequirementsInvalid
        | PoolOrderNotAuthentic
        | PoolVolumeExhausted => "Ask the pool's operator for a new order, or use another one.",
        RequestOrderExpired
        | RequestOrderLifeTooLong
        | RequestOrderEmpty
        | MinimumVolumeZero
        | TrustZero
        | RequestRequirementsInvalid
        | CallbackInvalid
        | RequestVolumeExhausted => "Make and sign a new request.",
        CategoryMismatch => "Use a pool order for the request's category, or ask in another one.",
        CategoryUnknown => "Choose a category that `ergon chain categories` lists.",
        TrustTooHigh => "Lower --trust, or use a pool that offers more.",
        TrustTooLowForOpenPool => "Ask for a --trust of at least 3, or use an authorised pool.",
        AppPriceTooHigh => "Raise --max-app-price, or wait for a cheaper order.",
        DatasetPriceTooHigh => "Raise --max-dataset-price, or wait for a cheaper order.",
        PoolPriceTooHigh => "Raise --max-pool-price, or use a cheaper pool.",
        TagNotOffered => "Ask for fewer features with --tag, or use a pool that has them.",
        TrustedHardwareUnsupported => "Leave bit 0 out of --tag.",
        AppMismatch => "Use an order of the app that the request names.",
        DatasetMismatch => "Use an order of the dataset that the request names, or none.",
        DatasetOrderMissing => "Give an order of the dataset that the request names.",
        PoolMismatch => "Use an order of the pool that the request names, or name none.",
        AppRefusesDataset | AppRefusesPool | AppRefusesRequester => {
            "Use another order of the app, or ask its owner to admit what you want."
        }
        DatasetNotForApp | DatasetRefusesApp | DatasetRefusesPool | DatasetRefusesRequester => {
            "Use another order of the dataset, or ask its owner to admit what you want."
        }
        PoolRefusesApp | PoolRefusesDataset | PoolRefusesRequester => {
            "Use another pool, or ask its operator to admit what you want."
        }
        NoSuchApp => "Choose an app that `ergon app list` shows.",
        NoSuchDataset => "Choose a dataset that `ergon dataset list` shows.",
        NoSuchPool => "Choose a pool that `ergon pool list` shows.",
        AppRevoked => "Use another app: governance revoked this one.",
        AppNotApproved => "Leave --approved-only out, or use an approved app.",
        RequestOrderNotAuthentic => "Sign the request: `ergon order sign FILE`.",
        NotTheMatcher => "Let the account that the request names match it.",
        PayerDidNotConsent => "Let the payer that the request names match it.",
        ExecutionVersionNotOffered => "Use a pool that runs this kind of app.",
        ExecutionVersionUnfit => "Give the --execution-version that runs this kind of app.",
        VerificationNotOffered => {
            "Use a pool that offers this --verification with as many voters or referees."
        }
        AppRequirementsUnmet => "Use a pool whose machines are what the app needs.",
        RequestRequirementsUnmet => {
            "Ask for less with --requirements or --tier, or use a pool with better machines."
        }
        PoolRequirementsUnmet => "Change the request to what the pool wants, or use another pool.",
        VolumeBelowMinimum => "Ask for fewer tasks: lower --volume or --min-volume.",
        DurationTooLong => {
            "Ask for fewer tasks, raise --max-duration, or use a pool with more parallelism."
        }
        PayerCannotPay => {
            "Give the payer more money, for the tasks and their calls, or ask for fewer tasks."
        }
        OperatorCannotStake => "Use another pool: this one's operator lacks the money to stake.",
        PoolHubNotRegistered => "Use another pool: this one's hub is not on the whitelist.",
        VerificationInvalid => {
            "Ask with --verification blind:VOTERS for as many voters as --trust needs, at most 32, or \
             with race:REFEREES for at most 30 referees."
        }
        BlindRequired => {
            "Ask with --verification blind:VOTERS or race:REFEREES, or for a --trust of at most 2."
        }
    }
}
