//! `ergon gov show`: where a referendum stands.

use super::{
    ended::EndedView,
    standing::{Chain, Measure, Progress, Standing},
    tracks,
};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    span::Span,
    table::Card,
    text::Address,
};
use ergon_client::{
    Ended, Ongoing, Proposal, Referendum, ReferendumIndex, Track, View, primitives::BlockNumber,
};
use serde::Serialize;
use std::io::{self, Write};

/// A referendum that has not ended.
#[derive(Serialize)]
struct OngoingView {
    referendum: ReferendumIndex,
    status: &'static str,
    track: String,
    call: String,
    submitted: BlockNumber,
    by: Address,
    deciding_since: Option<BlockNumber>,
    confirming_until: Option<BlockNumber>,
    approval: MeasureView,
    support: MeasureView,
    ayes: Amount,
    nays: Amount,
    missing: Vec<String>,
    /// The block in which the present state ends.
    ends: Option<BlockNumber>,
    explanation: String,
    block: BlockNumber,
}

#[derive(Serialize)]
struct MeasureView {
    reached: String,
    needed_now: String,
    needed_at_the_end: String,
}

impl From<Measure> for MeasureView {
    fn from(measure: Measure) -> Self {
        Self {
            reached: measure.reached.to_string(),
            needed_now: measure.needed.to_string(),
            needed_at_the_end: measure.at_the_end.to_string(),
        }
    }
}

impl MeasureView {
    fn line(&self) -> String {
        format!(
            "{} (needs {} now, {} at the end)",
            self.reached, self.needed_now, self.needed_at_the_end
        )
    }
}

/// A block, and how long it takes until then.
pub(super) fn at(block: BlockNumber, now: BlockNumber) -> String {
    match block.saturating_sub(now) {
        0 => format!("block {block}"),
        left => format!("block {block} (in {})", Span(left)),
    }
}

/// Name of the progress, the block that ends it, and what that means.
pub(super) fn explain(
    progress: Progress,
    index: ReferendumIndex,
    now: BlockNumber,
) -> (&'static str, Option<BlockNumber>, String) {
    match progress {
        Progress::Unpaid { deposit, until } => (
            "unpaid",
            Some(until),
            format!(
                "Somebody must pay the decision deposit of {deposit}: `ergon gov deposit place \
                 {index}`. If nobody does, it ends in {}. Votes count already.",
                at(until, now)
            ),
        ),
        Progress::Preparing { until } => (
            "preparing",
            Some(until),
            format!(
                "Its decision begins in {}, if its track has room. Votes count already.",
                at(until, now)
            ),
        ),
        Progress::Queued => (
            "queued",
            None,
            "Its track decides on as many as it can; those with more aye votes come first.".into(),
        ),
        Progress::Deciding { ends, passes } => {
            let outcome = match passes {
                Some(block) => format!(
                    "With these votes they are enough in {}, and must then stand for the \
                     confirmation period.",
                    at(block, now)
                ),
                None => format!("With these votes it is rejected in {}.", at(ends, now)),
            };
            let text = format!(
                "Too few agree so far; the thresholds fall until {}. {outcome} Vote with `ergon gov \
                 vote {index} aye --amount ERG`.",
                at(ends, now)
            );
            ("deciding", Some(ends), text)
        }
        Progress::Confirming { until, enacted } => (
            "confirming",
            Some(until),
            format!(
                "Enough agree. If that stands, it is approved in {} and enacted in {}.",
                at(until, now),
                at(enacted, now)
            ),
        ),
    }
}

impl OngoingView {
    fn new(
        index: ReferendumIndex,
        referendum: &Ongoing,
        track: &Track,
        call: String,
        chain: Chain,
    ) -> Self {
        let standing = Standing::of(referendum, track, chain);
        let (status, ends, explanation) = explain(standing.progress, index, chain.now);
        Self {
            referendum: index,
            status,
            track: track.name.to_string(),
            call,
            submitted: referendum.submitted,
            by: Address::from(&referendum.submission_deposit.who),
            deciding_since: referendum.deciding.map(|deciding| deciding.since),
            confirming_until: referendum.deciding.and_then(|deciding| deciding.confirming),
            approval: standing.approval.into(),
            support: standing.support.into(),
            ayes: Amount(referendum.tally.ayes),
            nays: Amount(referendum.tally.nays),
            missing: standing.missing,
            ends,
            explanation,
            block: chain.now,
        }
    }
}

impl Render for OngoingView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("referendum", self.referendum)
            .line("track", &self.track)
            .line("call", &self.call)
            .line(
                "submitted",
                format!("in block {} by {}", self.submitted, self.by),
            )
            .line("status", self.status)
            .maybe("deciding since block", self.deciding_since)
            .maybe("confirming until block", self.confirming_until)
            .line("approval", self.approval.line())
            .line("support", self.support.line())
            .line("votes", format!("{} aye, {} nay", self.ayes, self.nays));
        let card = self
            .missing
            .iter()
            .fold(card, |card, what| card.line("missing", what));
        card.maybe("ends", self.ends.map(|block| at(block, self.block)))
            .write(out)?;
        writeln!(out, "{}", self.explanation)
    }
}

/// What all referenda share in the view's block.
pub(super) async fn chain(view: &View) -> Result<Chain, CliError> {
    Ok(Chain {
        now: view.head().number,
        electorate: view.electorate().await?,
        undeciding_timeout: view.undeciding_timeout()?,
    })
}

/// The call of a proposal in words, as far as the chain knows it.
pub(super) async fn call_words(view: &View, proposal: &Proposal) -> Result<String, CliError> {
    let (hash, bytes) = match proposal {
        Proposal::Inline(bytes) => return Ok(words(view, bytes)),
        Proposal::Lookup { hash, length } => (hash, view.preimage(*hash, *length).await?),
        Proposal::Legacy { hash } => (hash, None),
    };
    Ok(bytes.map_or_else(
        || format!("{hash:?}, whose preimage is not on the chain"),
        |bytes| words(view, &bytes),
    ))
}

/// An encoded call in words; voters may propose bytes that are no call.
pub(super) fn words(view: &View, call: &[u8]) -> String {
    view.describe_call(call)
        .unwrap_or_else(|_| format!("0x{}, which is no call of this runtime", hex::encode(call)))
}

/// Shows a referendum.
pub(super) async fn show(context: &Context, index: ReferendumIndex) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let found = existing(&view, index).await?;
    let now = view.head().number;
    let ended =
        |status, ended: &Ended| EndedView::new(index, status, ended.at).with_deposits(ended);
    let answer = match &found {
        Referendum::Ongoing(referendum) => {
            let track = tracks::by_id(&view, referendum.track)?;
            let call = call_words(&view, &referendum.proposal).await?;
            let chain = chain(&view).await?;
            return Ok(Answer::new(OngoingView::new(
                index, referendum, &track, call, chain,
            )));
        }
        Referendum::Approved(record) => {
            ended("approved", record).enacted_in(view.enactment(index).await?)
        }
        Referendum::Rejected(record) => ended("rejected", record),
        Referendum::Cancelled(record) => ended("cancelled", record),
        Referendum::TimedOut(record) => ended("timed-out", record),
        Referendum::Killed(block) => EndedView::new(index, "killed", *block),
    };
    Ok(Answer::new(answer.explained(now)))
}

/// A referendum that must exist.
pub(super) async fn existing(view: &View, index: ReferendumIndex) -> Result<Referendum, CliError> {
    let found = view.referendum(index).await?;
    found.ok_or_else(|| CliError::NotFound {
        what: "referendum",
        id: index.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::gov::standing::tests::{chain, referendum, tally, track};
    use ergon_client::Deciding;

    fn text(view: &impl Render) -> String {
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn show_explains_what_is_missing_and_when_it_ends() {
        let deciding = Some(Deciding {
            since: 110,
            confirming: None,
        });
        let poor = referendum(deciding, tally(0, 40, 0));
        let call = "HubWallet.ban(owner: 5F…)".to_owned();
        let view = OngoingView::new(3, &poor, &track(), call, chain(110));
        let text = text(&view);
        for part in [
            "deciding since block  110",
            "0 % (needs 100 % now, 50 % at the end)",
            "it is rejected in block 1110 (in 33 min 20 s)",
            "ergon gov vote 3 aye",
            "HubWallet.ban",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(text.matches("missing").count(), 2, "{text}");
        let json = serde_json::to_value(&view).unwrap();
        assert_eq!(json["status"], "deciding");
        assert_eq!(json["support"]["needed_at_the_end"], "10 %");
    }

    #[test]
    fn show_says_when_an_approval_is_enacted() {
        let deciding = Some(Deciding {
            since: 110,
            confirming: Some(200),
        });
        let rich = referendum(deciding, tally(900, 0, 900));
        let view = OngoingView::new(3, &rich, &track(), String::new(), chain(170));
        assert_eq!((view.status, view.ends), ("confirming", Some(200)));
        assert!(
            view.explanation.contains("enacted in block 220"),
            "{}",
            view.explanation
        );
    }
}
