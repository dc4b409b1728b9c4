//! `ergon gov propose`: preimage, referendum, decision deposit, and what happens when.

use super::{
    action::{Action, CallData, Proposed},
    show::words,
    standing::enactment,
    tracks,
};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    span::Span,
    table::Card,
    text::Hex,
};
use clap::Args;
use ergon_client::{
    Call, Enactment, Event, Office, Proposal, Receipt, ReferendaEvent, ReferendumIndex, Track,
    View, calls, primitives::BlockNumber,
};
use serde::Serialize;
use std::io::{self, Write};

/// What to ask the voters for.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct Propose {
    /// A known action.
    #[command(subcommand)]
    action: Option<Action>,
    /// Any other call, encoded; needs --track. On the track `whitelisted_caller` it is the call
    /// that the collective whitelisted.
    #[arg(long, value_name = "HEX", requires = "track")]
    call: Option<CallData>,
    /// The track on which --call is decided; `ergon gov tracks` lists them.
    #[arg(long, value_name = "NAME", requires = "call")]
    track: Option<String>,
    /// How long after its approval it is enacted, if the track does not want it later.
    #[arg(long, value_name = "TIME", global = true, default_value = "0")]
    enact_after: Span,
    /// Leave the decision deposit to somebody else.
    #[arg(long, global = true)]
    no_deposit: bool,
}

/// One transaction on the way.
#[derive(Serialize)]
struct Step {
    step: &'static str,
    #[serde(flatten)]
    sent: Sent,
}

/// The blocks in which things happen, as far as they are known.
#[derive(Serialize, PartialEq, Eq, Debug)]
struct Schedule {
    decision_begins: BlockNumber,
    decision_ends: BlockNumber,
    approved_at_the_earliest: BlockNumber,
    enacted_at_the_earliest: BlockNumber,
}

#[derive(Serialize)]
struct Outcome {
    referendum: ReferendumIndex,
    track: String,
    call: String,
    hash: Hex,
    steps: Vec<Step>,
    /// Nothing while nobody has paid for the decision.
    schedule: Option<Schedule>,
    #[serde(skip)]
    now: BlockNumber,
}

impl Schedule {
    fn new(track: &Track, submitted: BlockNumber, wish: Enactment) -> Self {
        let begins = submitted.saturating_add(track.prepare_period);
        let approved = begins.saturating_add(track.confirm_period);
        Self {
            decision_begins: begins,
            decision_ends: begins.saturating_add(track.decision_period),
            approved_at_the_earliest: approved,
            enacted_at_the_earliest: enactment(wish, approved, track.min_enactment_period),
        }
    }

    fn lines(&self, card: Card, now: BlockNumber) -> Card {
        let at =
            |block: BlockNumber| format!("block {block} (in {})", Span(block.saturating_sub(now)));
        card.line("decision begins", at(self.decision_begins))
            .line(
                "approved",
                format!("from {} on", at(self.approved_at_the_earliest)),
            )
            .line(
                "enacted",
                format!("from {} on", at(self.enacted_at_the_earliest)),
            )
            .line(
                "rejected",
                format!("in {}, if too few agree", at(self.decision_ends)),
            )
    }
}

impl Render for Outcome {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("referendum", self.referendum)
            .line("track", &self.track)
            .line("call", &self.call)
            .line("hash", self.hash);
        let card = self.steps.iter().fold(card, |card, step| {
            let sent = &step.sent;
            card.line(
                step.step,
                format!("in block {}, fee {}", sent.block, sent.fee),
            )
        });
        let id = self.referendum;
        match &self.schedule {
            Some(schedule) => schedule.lines(card, self.now).write(out)?,
            None => {
                card.write(out)?;
                writeln!(
                    out,
                    "Its decision begins when somebody pays: `ergon gov deposit place {id}`."
                )?;
            }
        }
        writeln!(
            out,
            "Vote with `ergon gov vote {id} aye --amount ERG`; `ergon gov show {id}` tells how it stands."
        )
    }
}

/// Asks the voters.
pub(super) async fn run(args: Propose, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let proposed = proposed(&args, context, &view).await?;
    let track = tracks::by_id(&view, proposed.office.track())?;
    let wish = Enactment::After(args.enact_after.0);
    agree(context, &view, &proposed, &track, args.no_deposit)?;

    let mut steps = Vec::new();
    let hash = calls::governance::call_hash(&proposed.call);
    let length = calls::governance::length(&proposed.call);
    if view.preimage(hash, length).await?.is_none() {
        let call = calls::governance::note_preimage(&proposed.call);
        step(context, &mut steps, "preimage noted", call).await?;
    }
    let proposal = Proposal::Lookup { hash, length };
    let submit = calls::governance::submit(proposed.office, proposal, wish);
    let receipt = step(context, &mut steps, "submitted", submit).await?;
    let referendum =
        submitted(&receipt).ok_or(CliError::Silent("which referendum was submitted"))?;
    if !args.no_deposit {
        let deposit = calls::governance::place_decision_deposit(referendum);
        step(context, &mut steps, "deposit placed", deposit).await?;
    }
    let begin = receipt.block.number;
    Ok(Answer::new(Outcome {
        referendum,
        track: track.name.to_string(),
        call: words(&view, &proposed.call),
        hash: Hex(hash),
        schedule: (!args.no_deposit).then(|| Schedule::new(&track, begin, wish)),
        now: steps.last().map_or(begin, |step| step.sent.block),
        steps,
    }))
}

async fn proposed(args: &Propose, context: &Context, view: &View) -> Result<Proposed, CliError> {
    match (&args.action, &args.call, &args.track) {
        (Some(action), None, _) => action.clone().propose(context, view).await,
        (None, Some(CallData(call)), Some(track)) => any_call(view, call, track),
        _ => Err(CliError::Usage(
            "name an action (`ergon gov propose --help` lists them), or give --call and --track"
                .into(),
        )),
    }
}

fn any_call(view: &View, call: &[u8], track: &str) -> Result<Proposed, CliError> {
    let track = tracks::by_name(view, track)?;
    let office = Office::of_track(track.id).ok_or_else(|| CliError::NotFound {
        what: "office of the track",
        id: track.name.to_string(),
    })?;
    let title = view.describe_call(call)?;
    let call = if office == Office::WhitelistedCaller {
        view.call_data(&calls::governance::dispatch_whitelisted_call(call))?
    } else {
        call.to_vec()
    };
    Ok(Proposed {
        office,
        call,
        title,
    })
}

/// Shows what is asked for and what it costs, and asks for consent to all steps at once.
fn agree(
    context: &Context,
    view: &View,
    proposed: &Proposed,
    track: &Track,
    no_deposit: bool,
) -> Result<(), CliError> {
    let submission = Amount(view.submission_deposit()?);
    let decision = Amount(track.decision_deposit);
    let deposits = if no_deposit {
        format!("{submission}")
    } else {
        format!("{submission} for the referendum and {decision} for its decision")
    };
    context.console.note(&format!(
        "{} on the track {}: deposits are {deposits}, and a little for the text of the call. They \
         come back, but the first one only after an approval, and none if it is found malicious.",
        proposed.title, track.name
    ));
    if context.options.yes {
        return Ok(());
    }
    context
        .console
        .confirm(&format!("{}: ask the voters?", proposed.title))
}

async fn step(
    context: &Context,
    steps: &mut Vec<Step>,
    name: &'static str,
    call: Call,
) -> Result<Receipt, CliError> {
    let receipt = context.send_agreed(call).await?;
    let block = receipt.block.number;
    context.console.note(&format!("… {name} in block {block}."));
    steps.push(Step {
        step: name,
        sent: Sent::from(&receipt),
    });
    Ok(receipt)
}

fn submitted(receipt: &Receipt) -> Option<ReferendumIndex> {
    receipt.events.iter().find_map(|event| match event {
        Event::Referenda(ReferendaEvent::Submitted { index, .. }) => Some(*index),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::gov::standing::tests::track;

    fn sent(block: BlockNumber) -> Sent {
        Sent {
            block,
            fee: Amount(2_000_000_000),
            transaction: Hex::default(),
        }
    }

    fn outcome(schedule: Option<Schedule>) -> String {
        let view = Outcome {
            referendum: 3,
            track: "tribunal".into(),
            call: "HubWallet.ban(owner: 5F…)".into(),
            hash: Hex::default(),
            steps: vec![Step {
                step: "submitted",
                sent: sent(100),
            }],
            schedule,
            now: 100,
        };
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_schedule_follows_the_track() {
        let schedule = Schedule::new(&track(), 100, Enactment::After(0));
        let expected = Schedule {
            decision_begins: 110,
            decision_ends: 1_110,
            approved_at_the_earliest: 160,
            enacted_at_the_earliest: 180,
        };
        assert_eq!(schedule, expected);
        let text = outcome(Some(schedule));
        assert!(text.contains("block 110 (in 20 s)"), "{text}");
        assert!(text.contains("in block 100, fee 0.002 ERG"), "{text}");
        assert!(text.contains("ergon gov vote 3 aye"), "{text}");
    }

    #[test]
    fn without_deposit_the_answer_says_who_must_pay() {
        assert!(outcome(None).contains("ergon gov deposit place 3"));
    }
}
