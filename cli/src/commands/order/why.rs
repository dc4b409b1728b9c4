//! `ergon order why`: every condition that fails, and what to do.

use super::{Source, find};
use crate::{
    CliError, Context, ExitStatus,
    amount::Amount,
    answer::{Answer, Render},
    market::{self, Given, Judged, Offers, Reason, advice, reasons},
    order_file::OrderFile,
    text::Hex,
};
use ergon_client::primitives::{Mismatch, OrderId, RequestOrder};
use serde::Serialize;
use std::io::{self, Write};

/// Most candidates that are shown to a person.
const MAX_SHOWN: usize = 10;

/// Which orders to compare.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
pub struct WhyArgs {
    /// The request: a file, or the id of a published order. It need not be signed.
    #[arg(long, value_name = "FILE-OR-ID")]
    request: Source,
    /// An app order; without it, all published ones of the request's app.
    #[arg(long, value_name = "FILE-OR-ID")]
    app: Option<Source>,
    /// A dataset order; without it, all published ones of the request's dataset, if it wants one.
    #[arg(long, value_name = "FILE-OR-ID")]
    dataset: Option<Source>,
    /// A pool order; without it, all published ones of the request's pool or category.
    #[arg(long, value_name = "FILE-OR-ID")]
    pool: Option<Source>,
}

#[derive(Serialize)]
struct Report {
    /// Whether something matches.
    matches: bool,
    /// The candidates, the best first: fewest failed conditions, then cheapest.
    candidates: Vec<CandidateView>,
    /// Sides that have no offer.
    missing: Vec<String>,
    /// What to do about the best candidate.
    advice: Vec<String>,
}

#[derive(Serialize)]
struct CandidateView {
    app_order: Hex,
    dataset_order: Option<Hex>,
    pool_order: Hex,
    task_price: Amount,
    /// How many tasks the deal would have.
    volume: u32,
    /// Why it does not match; nothing when it does.
    reasons: Vec<Reason>,
    #[serde(skip)]
    name: String,
}

impl CandidateView {
    fn new(judged: &Judged, request: &RequestOrder, sentence: impl Fn(Mismatch) -> String) -> Self {
        let candidate = &judged.candidate;
        Self {
            app_order: candidate.app.id.into(),
            dataset_order: candidate.dataset.as_ref().map(|dataset| dataset.id.into()),
            pool_order: candidate.pool.id.into(),
            task_price: Amount(candidate.task_price()),
            volume: judged.report.volume,
            reasons: reasons(judged, request, sentence),
            name: candidate.name(),
        }
    }

    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let verdict = match self.reasons.len() {
            0 => format!("matches, {} tasks", self.volume),
            1 => "one condition fails".into(),
            count => format!("{count} conditions fail"),
        };
        writeln!(
            out,
            "{}: {} per task, {verdict}",
            self.name, self.task_price
        )?;
        for reason in &self.reasons {
            let figures = reason.figures.as_ref();
            let figures = figures.map(|figures| format!(" ({figures})"));
            writeln!(
                out,
                "  - {}{}",
                reason.sentence,
                figures.unwrap_or_default()
            )?;
            for condition in &reason.conditions {
                writeln!(out, "      {condition}")?;
            }
        }
        Ok(())
    }
}

impl Render for Report {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        for missing in &self.missing {
            writeln!(out, "There is nothing to match: {missing}.")?;
        }
        for candidate in self.candidates.iter().take(MAX_SHOWN) {
            candidate.render(out)?;
        }
        if self.candidates.len() > MAX_SHOWN {
            writeln!(out, "And {} more.", self.candidates.len() - MAX_SHOWN)?;
        }
        writeln!(out, "What to do:")?;
        for advice in &self.advice {
            writeln!(out, "  - {advice}")?;
        }
        Ok(())
    }
}

/// `ergon order why`.
pub(super) async fn run(args: WhyArgs, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let genesis = context.client().await?.genesis();
    let given = async |source: Option<&Source>| -> Result<Option<OrderFile>, CliError> {
        match source {
            Some(source) => Ok(Some(find(&view, genesis, source).await?.file)),
            None => Ok(None),
        }
    };
    let found = find(&view, genesis, &args.request).await?;
    let is_published = found.published.is_some();
    let request = found.file.into_request_order()?;
    let is_signed = is_published || request.signature.is_some();
    let given = Given {
        app: given(args.app.as_ref()).await?,
        dataset: given(args.dataset.as_ref()).await?,
        pool: given(args.pool.as_ref()).await?,
    };
    let caller = match context.options.key {
        Some(_) => Some(context.own_account()?),
        None => None,
    };
    let offers = Offers::find(&view, &request.order, given).await?;
    let candidates = offers.candidates(&request.order);
    let judged = market::judge(candidates, async |candidate: &market::Candidate| {
        candidate.ask(&view, &request, caller.as_ref()).await
    });
    let judged = judged.await?;
    let missing = offers.missing(&request.order);
    let sentence = |mismatch| view.mismatch_sentence(mismatch);
    let mut report = report(&judged, missing, &request.order, &args, sentence);
    if !is_signed {
        report.advice.push(sign_command(&args.request));
    }
    Ok(report.answer())
}

fn report(
    judged: &[Judged],
    missing: Vec<String>,
    request: &RequestOrder,
    args: &WhyArgs,
    sentence: impl Fn(Mismatch) -> String,
) -> Report {
    let candidates: Vec<CandidateView> = judged
        .iter()
        .map(|judged| CandidateView::new(judged, request, &sentence))
        .collect();
    Report {
        matches: judged
            .first()
            .is_some_and(|best| best.report.mismatches.is_empty()),
        advice: what_to_do(judged.first(), args),
        candidates,
        missing,
    }
}

impl Report {
    fn answer(self) -> Answer {
        let status = if self.matches {
            ExitStatus::Success
        } else {
            ExitStatus::Refused
        };
        Answer::new(self).with_status(status)
    }
}

/// What to do with the best candidate, or without any.
fn what_to_do(best: Option<&Judged>, args: &WhyArgs) -> Vec<String> {
    let Some(best) = best else {
        return vec![
            "Ask the providers for orders; `ergon order list` shows what is published.".into(),
        ];
    };
    let mut lines: Vec<String> = Vec::new();
    for mismatch in &best.report.mismatches {
        let line = advice(*mismatch);
        if !lines.iter().any(|known| known == line) {
            lines.push(line.into());
        }
    }
    if lines.is_empty() {
        lines.push(match_command(best, args));
    }
    lines
}

/// The command that matches them, with the orders as they were named.
fn match_command(best: &Judged, args: &WhyArgs) -> String {
    let candidate = &best.candidate;
    let named = |typed: &Option<Source>, id: OrderId| match typed {
        Some(source) => source.to_string(),
        None => id.to_string(),
    };
    let dataset = candidate.dataset.as_ref();
    let dataset = dataset.map(|offer| named(&args.dataset, offer.id));
    let dataset = dataset.map(|dataset| format!(" --dataset-order {dataset}"));
    format!(
        "Match them: ergon order match --app-order {}{} --pool-order {} --request-order {}",
        named(&args.app, candidate.app.id),
        dataset.unwrap_or_default(),
        named(&args.pool, candidate.pool.id),
        args.request
    )
}

fn sign_command(request: &Source) -> String {
    format!(
        "Let the requester sign first: ergon order sign {request} --out FILE, or `ergon order \
         attach` with a wallet's signature."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::fixtures::{candidate, judged, request};

    fn explained(judged: &[Judged], missing: Vec<String>) -> Report {
        let sentence = |mismatch| format!("{mismatch:?}.");
        let args = WhyArgs {
            request: Source::File("request.json".into()),
            app: Some(Source::File("app.json".into())),
            dataset: None,
            pool: None,
        };
        report(judged, missing, &request(), &args, sentence)
    }

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        report.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_matches_says_how_to_match_it() {
        let report = explained(&[judged(candidate(1, 1), &[])], Vec::new());
        let text = rendered(&report);
        assert!(text.contains("matches, 10 tasks\nWhat to do:\n"), "{text}");
        assert!(
            text.contains("ergon order match --app-order app.json --pool-order 0x"),
            "{text}"
        );
        assert!(text.ends_with(" --request-order request.json\n"), "{text}");
        assert_eq!(report.answer().status(), ExitStatus::Success);
    }

    #[test]
    fn every_failed_condition_is_a_sentence_and_each_advice_is_given_once() {
        let failed = [
            Mismatch::AppRefusesPool,
            Mismatch::AppRefusesRequester,
            Mismatch::TrustTooHigh,
        ];
        let report = explained(&[judged(candidate(1, 1), &failed)], Vec::new());
        let text = rendered(&report);
        assert!(
            text.contains("3 conditions fail\n  - AppRefusesPool.\n"),
            "{text}"
        );
        assert!(
            text.contains("  - TrustTooHigh. (pool 4, request 3)\n"),
            "{text}"
        );
        assert_eq!(report.advice.len(), 2);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["matches"], false);
        assert_eq!(
            json["candidates"][0]["reasons"][2]["mismatch"],
            "TrustTooHigh"
        );
        assert_eq!(report.answer().status(), ExitStatus::Refused);
    }

    #[test]
    fn without_offers_the_missing_sides_are_named() {
        let report = explained(
            &[],
            vec!["no live order of the app 0x01 is published".into()],
        );
        let text = rendered(&report);
        assert!(
            text.starts_with("There is nothing to match: no live order"),
            "{text}"
        );
        assert!(text.contains("ergon order list"), "{text}");
        assert_eq!(report.answer().status(), ExitStatus::Refused);
    }

    #[test]
    fn only_the_best_are_shown() {
        let failed = vec![judged(candidate(1, 1), &[Mismatch::TrustTooHigh]); MAX_SHOWN + 2];
        let text = rendered(&explained(&failed, Vec::new()));
        assert!(text.contains("\nAnd 2 more.\n"), "{text}");
    }
}
