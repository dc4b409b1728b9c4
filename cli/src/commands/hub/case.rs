//! `ergon hub case`: the case against a hub.

use super::view::{existing, until};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    table::Card,
    text::{Address, Hex},
};
use ergon_client::{
    Expropriation,
    primitives::{AccountId, BlockNumber, Case, Decision, Judge},
};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct CaseView {
    hub: Address,
    document: Hex,
    opened: BlockNumber,
    by: &'static str,
    confirmed: Option<BlockNumber>,
    ban_from: BlockNumber,
    until: BlockNumber,
    decision: Option<&'static str>,
    decided: Option<BlockNumber>,
    quarantine: Vec<QuarantineView>,
    block: BlockNumber,
    next: String,
}

#[derive(Serialize)]
struct QuarantineView {
    number: u64,
    amount: Amount,
    until: BlockNumber,
}

/// The answer when nobody ever accused the hub.
#[derive(Serialize)]
struct NoCase {
    hub: Address,
    document: Option<Hex>,
}

impl Render for NoCase {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Nobody has accused the hub of {}.", self.hub)
    }
}

impl CaseView {
    fn new(hub: &AccountId, case: &Case, block: BlockNumber) -> Self {
        let decided = case.decision.map(|decision| match decision {
            Decision::Rehabilitated { at } => ("rehabilitated", at),
            Decision::Banned { at } => ("banned", at),
            Decision::Lapsed { at } => ("lapsed", at),
        });
        Self {
            hub: hub.into(),
            document: Hex(case.document),
            opened: case.opened,
            by: match case.by {
                Judge::Referendum => "referendum",
                Judge::Collective => "collective",
            },
            confirmed: case.confirmed,
            ban_from: case.ban_from,
            until: case.until(),
            decision: decided.map(|(decision, _)| decision),
            decided: decided.map(|(_, at)| at),
            quarantine: Vec::new(),
            block,
            next: next(case, block),
        }
    }

    fn with_quarantine(mut self, hub: &AccountId, entries: Vec<(u64, Expropriation)>) -> Self {
        self.quarantine = entries
            .into_iter()
            .filter(|(_, entry)| entry.hub == *hub)
            .map(|(number, entry)| QuarantineView {
                number,
                amount: Amount(entry.amount),
                until: entry.until,
            })
            .collect();
        self
    }
}

/// What can happen next, and by whom.
fn next(case: &Case, now: BlockNumber) -> String {
    if case.decision.is_some() {
        return "The case is closed.".into();
    }
    if now >= case.until() {
        return "The time is over: anyone can end the suspicion with `ergon hub rehabilitate`."
            .into();
    }
    if !case.is_confirmed() {
        return format!(
            "Unless a referendum confirms it (`ergon gov propose suspend-hub` with the same \
             document), anyone can end it from block {} on.",
            case.lapses
        );
    }
    format!(
        "A referendum can end it at any time (`ergon gov propose rehabilitate-hub`) or ban the hub \
         from block {} on (`ergon gov propose ban-hub`); from block {} on anyone can end it.",
        case.ban_from, case.expires
    )
}

impl Render for CaseView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("hub", &self.hub)
            .line("document", self.document)
            .line("opened", format!("in block {} by {}", self.opened, self.by))
            .maybe(
                "confirmed",
                self.confirmed
                    .map(|block| format!("in block {block} by referendum")),
            )
            .line(
                "ban possible",
                until(self.ban_from, self.block).replace("until", "from"),
            )
            .line(
                "ends by itself",
                until(self.until, self.block).replace("until", "from"),
            );
        let decision = self.decision.zip(self.decided);
        let card = card.line(
            "decision",
            decision.map_or("none yet".into(), |(decision, at)| {
                format!("{decision} in block {at}")
            }),
        );
        let card = self.quarantine.iter().fold(card, |card, entry| {
            card.line(
                "quarantine",
                format!(
                    "number {}: {}, {}",
                    entry.number,
                    entry.amount,
                    until(entry.until, self.block)
                ),
            )
        });
        card.write(out)?;
        writeln!(out, "{}", self.next)
    }
}

/// Shows the case against a hub.
pub(crate) async fn show(context: &Context, hub: &str) -> Result<Answer, CliError> {
    let hub = context.account(hub)?;
    let view = context.view().await?;
    existing(&view, &hub).await?;
    let Some(case) = view.hub_case(&hub).await? else {
        return Ok(Answer::new(NoCase {
            hub: hub.into(),
            document: None,
        }));
    };
    let answer = CaseView::new(&hub, &case, view.head().number);
    Ok(Answer::new(
        answer.with_quarantine(&hub, view.quarantine().await?),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    fn case(by: Judge) -> Case {
        Case {
            document: H256::repeat_byte(1),
            opened: 10,
            by,
            confirmed: None,
            ban_from: 120,
            lapses: 24,
            expires: 190,
            decision: None,
        }
    }

    fn text(view: &CaseView) -> String {
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_quick_suspicion_must_be_confirmed() {
        let owner = AccountId::new([8; 32]);
        let view = CaseView::new(&owner, &case(Judge::Collective), 20);
        assert_eq!((view.by, view.until), ("collective", 24));
        assert!(view.next.contains("confirms it"), "{}", view.next);
        let over = CaseView::new(&owner, &case(Judge::Collective), 24);
        assert!(over.next.contains("hub rehabilitate"), "{}", over.next);
    }

    #[test]
    fn a_referendums_suspicion_can_become_a_ban() {
        let owner = AccountId::new([8; 32]);
        let view = CaseView::new(&owner, &case(Judge::Referendum), 20);
        let text = text(&view);
        assert!(text.contains("from block 120, in 3 min 20 s"), "{text}");
        assert!(
            text.contains("none yet") && text.contains("ban-hub"),
            "{text}"
        );
    }

    #[test]
    fn a_ban_shows_where_the_money_is() {
        let owner = AccountId::new([8; 32]);
        let banned = Case {
            decision: Some(Decision::Banned { at: 121 }),
            ..case(Judge::Referendum)
        };
        let entry = |hub: &AccountId| Expropriation {
            hub: hub.clone(),
            amount: 1_000_000_000_000,
            until: 200,
        };
        let other = AccountId::new([9; 32]);
        let view = CaseView::new(&owner, &banned, 130)
            .with_quarantine(&owner, vec![(0, entry(&other)), (1, entry(&owner))]);
        let text = text(&view);
        assert!(text.contains("banned in block 121"), "{text}");
        assert!(text.contains("number 1: 1 ERG, until block 200"), "{text}");
        assert!(!text.contains("number 0"), "{text}");
    }
}
