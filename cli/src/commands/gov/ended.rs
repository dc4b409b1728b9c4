//! Referenda that have ended, and the deposits that are still there.

use super::show::at;
use crate::{amount::Amount, answer::Render, table::Card, text::Address};
use ergon_client::{Ended, ReferendumIndex, primitives::BlockNumber};
use serde::Serialize;
use std::io::{self, Write};

/// A referendum that has ended.
#[derive(Serialize)]
pub(super) struct EndedView {
    referendum: ReferendumIndex,
    status: &'static str,
    ended: BlockNumber,
    enactment: Option<BlockNumber>,
    deposits: Vec<DepositView>,
    explanation: String,
}

#[derive(Serialize)]
struct DepositView {
    deposit: &'static str,
    who: Address,
    amount: Amount,
    refundable: bool,
}

impl EndedView {
    pub(super) fn new(index: ReferendumIndex, status: &'static str, ended: BlockNumber) -> Self {
        Self {
            referendum: index,
            status,
            ended,
            enactment: None,
            deposits: Vec::new(),
            explanation: String::new(),
        }
    }

    /// The block of its enactment; none when that is over.
    pub(super) fn enacted_in(self, enactment: Option<BlockNumber>) -> Self {
        Self { enactment, ..self }
    }

    pub(super) fn with_deposits(mut self, ended: &Ended) -> Self {
        // The submission deposit goes back only after an approval or a cancellation.
        let returns = matches!(self.status, "approved" | "cancelled");
        let deposits = [
            ("submission", &ended.submission_deposit, returns),
            ("decision", &ended.decision_deposit, true),
        ];
        self.deposits = deposits
            .into_iter()
            .filter_map(|(deposit, paid, refundable)| {
                let paid = paid.as_ref()?;
                Some(DepositView {
                    deposit,
                    who: Address::from(&paid.who),
                    amount: Amount(paid.amount),
                    refundable,
                })
            })
            .collect();
        self
    }

    pub(super) fn explained(mut self, now: BlockNumber) -> Self {
        let index = self.referendum;
        let mut text = match (self.status, self.enactment) {
            ("approved", Some(block)) => format!("It is enacted in {}.", at(block, now)),
            ("approved", None) => "It was enacted.".into(),
            ("rejected", _) => "Too few agreed in time.".into(),
            ("cancelled", _) => "It was stopped by a referendum of the canceller.".into(),
            ("timed-out", _) => "Nobody paid for its decision in time.".into(),
            _ => "It was found malicious; its deposits are lost.".to_owned(),
        };
        if self.deposits.iter().any(|deposit| deposit.refundable) {
            text.push_str(&format!(
                " `ergon gov deposit refund {index}` returns what can be had back."
            ));
        }
        self.explanation = text;
        self
    }
}

impl Render for EndedView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("referendum", self.referendum)
            .line("status", format!("{} in block {}", self.status, self.ended))
            .maybe("enactment in block", self.enactment);
        let card = self.deposits.iter().fold(card, |card, deposit| {
            let fate = if deposit.refundable {
                "refundable"
            } else {
                "stays"
            };
            card.line(
                "deposit",
                format!(
                    "{} of {} ({}, {fate})",
                    deposit.amount, deposit.who, deposit.deposit
                ),
            )
        });
        card.write(out)?;
        writeln!(out, "{}", self.explanation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{Deposit, primitives::AccountId};

    fn text(view: &impl Render) -> String {
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_end_says_which_deposits_go_back() {
        let deposit = |amount| {
            Some(Deposit {
                who: AccountId::new([8; 32]),
                amount,
            })
        };
        let ended = Ended {
            at: 9,
            submission_deposit: deposit(1),
            decision_deposit: deposit(2),
        };
        let rejected = EndedView::new(3, "rejected", 9).with_deposits(&ended);
        let refundable: Vec<_> = rejected
            .deposits
            .iter()
            .map(|deposit| deposit.refundable)
            .collect();
        assert_eq!(refundable, [false, true]);
        let text = text(&rejected.explained(20));
        assert!(text.contains("gov deposit refund 3"), "{text}");
        let killed = EndedView::new(3, "killed", 9).explained(20);
        assert!(killed.explanation.contains("malicious"));
    }

    #[test]
    fn an_approval_that_is_not_enacted_yet_says_when() {
        let waiting = EndedView {
            enactment: Some(50),
            ..EndedView::new(3, "approved", 9)
        };
        let text = text(&waiting.explained(20));
        assert!(
            text.contains("It is enacted in block 50 (in 1 min)."),
            "{text}"
        );
        let done = EndedView::new(3, "approved", 9).explained(20);
        assert_eq!(done.explanation, "It was enacted.");
    }
}
