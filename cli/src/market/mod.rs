//! Which offers fit a request, and why the others do not: the node is asked by the chain's own
//! rules, before anything is signed.

mod offers;
mod reasons;

pub use offers::{Given, Offer, Offers, offer, shelf};
pub use reasons::{Reason, advice, reasons};

use crate::CliError;
use ergon_client::{
    View,
    primitives::{
        AccountId, AppOrder, Balance, DatasetOrder, MatchReport, Mismatch, PoolOrder, RequestOrder,
        SignedOrder,
    },
};
use std::cmp::Reverse;

/// Most candidates whose reasons are shown.
const MAX_SHOWN: usize = 12;
/// Most candidates that the node is asked about.
const MAX_ASKED: usize = 4_096;

/// Offers that could make a deal with a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The app's side.
    pub app: Offer<AppOrder>,
    /// The dataset's side, if the request wants one.
    pub dataset: Option<Offer<DatasetOrder>>,
    /// The pool's side.
    pub pool: Offer<PoolOrder>,
}

impl Candidate {
    /// What the dataset would cost per task; 0 when none is used.
    pub fn dataset_price(&self) -> Balance {
        self.dataset
            .as_ref()
            .map_or(0, |dataset| dataset.signed.order.price)
    }

    /// What one task would cost.
    pub fn task_price(&self) -> Balance {
        let (app, pool) = (self.app.signed.order.price, self.pool.signed.order.price);
        app.saturating_add(self.dataset_price())
            .saturating_add(pool)
    }

    /// Asks the chain whether the candidate and the request match when `caller`, or the requester
    /// without one, wants them to.
    pub async fn ask(
        &self,
        view: &View,
        request: &SignedOrder<RequestOrder>,
        caller: Option<&AccountId>,
    ) -> Result<MatchReport, CliError> {
        let dataset = self.dataset.as_ref().map(|dataset| &dataset.signed);
        Ok(view
            .explain_match(
                caller,
                &self.app.signed,
                dataset,
                &self.pool.signed,
                request,
            )
            .await?)
    }

    /// The candidate's orders in words.
    pub fn name(&self) -> String {
        let (app, pool) = (self.app.id, self.pool.id);
        match &self.dataset {
            Some(dataset) => {
                let dataset = dataset.id;
                format!("app order {app} with dataset order {dataset} and pool order {pool}")
            }
            None => format!("app order {app} with pool order {pool}"),
        }
    }
}

/// A candidate, and what the chain says of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The candidate.
    pub candidate: Candidate,
    /// What the chain says.
    pub report: MatchReport,
}

impl Judged {
    /// Whether it fits. That the payer lacks money is told later, with the figures.
    fn fits(&self) -> bool {
        self.report
            .mismatches
            .iter()
            .all(|mismatch| *mismatch == Mismatch::PayerCannotPay)
    }
}

/// What a search came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// The cheapest candidate that fits.
    Found(Judged),
    /// None fits: all that were asked about, the best first.
    Nothing(Vec<Judged>),
}

/// Looks for the cheapest candidate that fits.
pub async fn choose(
    mut candidates: Vec<Candidate>,
    mut ask: impl AsyncFnMut(&Candidate) -> Result<MatchReport, CliError>,
) -> Result<Choice, CliError> {
    candidates.sort_by_key(Candidate::task_price);
    let mut judged = Vec::new();
    for candidate in candidates.into_iter().take(MAX_ASKED) {
        let report = ask(&candidate).await?;
        let found = Judged { candidate, report };
        if found.fits() {
            return Ok(Choice::Found(found));
        }
        judged.push(found);
    }
    rank(&mut judged);
    Ok(Choice::Nothing(judged))
}

/// What the chain says of every candidate, the best first.
pub async fn judge(
    candidates: Vec<Candidate>,
    mut ask: impl AsyncFnMut(&Candidate) -> Result<MatchReport, CliError>,
) -> Result<Vec<Judged>, CliError> {
    let mut judged = Vec::new();
    for candidate in candidates.into_iter().take(MAX_ASKED) {
        let report = ask(&candidate).await?;
        judged.push(Judged { candidate, report });
    }
    rank(&mut judged);
    Ok(judged)
}

/// Fewest failed conditions first, then the cheapest, then the one with most tasks.
fn rank(judged: &mut [Judged]) {
    judged.sort_by_key(|judged| {
        let failed = judged.report.mismatches.len();
        let price = judged.candidate.task_price();
        (failed, price, Reverse(judged.report.volume))
    });
}

/// The error that no candidate fits, with the reasons of the best ones.
pub fn no_offer(view: &View, judged: &[Judged], request: &RequestOrder) -> CliError {
    let sentence = |mismatch| view.mismatch_sentence(mismatch);
    CliError::NoOffer {
        reasons: listed(judged, request, sentence),
    }
}

fn listed(
    judged: &[Judged],
    request: &RequestOrder,
    sentence: impl Fn(Mismatch) -> String,
) -> Vec<String> {
    let mut lines: Vec<String> = judged
        .iter()
        .take(MAX_SHOWN)
        .map(|judged| {
            let reasons = reasons(judged, request, &sentence);
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            format!("{}: {}", judged.candidate.name(), reasons.join(" "))
        })
        .collect();
    if judged.len() > MAX_SHOWN {
        lines.push(format!("and {} more", judged.len() - MAX_SHOWN));
    }
    lines
}

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
