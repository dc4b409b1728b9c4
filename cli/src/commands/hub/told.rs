//! What the chain says about a call of a hub, and what comes next.

use crate::{
    amount::Amount,
    answer::{Render, Sent},
    table::Card,
    text::Address,
};
use ergon_client::{Event, HubWalletEvent, Receipt, primitives::BlockNumber};
use serde::Serialize;
use std::io::{self, Write};

/// What came of a call, with what the chain said about it.
#[derive(Serialize)]
pub(super) struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    wallet: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_block: Option<BlockNumber>,
    next: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Told {
    fn new(receipt: &Receipt, next: impl Into<String>) -> Self {
        Self {
            wallet: None,
            amount: None,
            locked: None,
            number: None,
            from_block: None,
            next: next.into(),
            sent: Sent::from(receipt),
        }
    }

    /// What the events of a call say.
    pub(super) fn of(receipt: &Receipt) -> Self {
        let mut told = receipt.events.iter().filter_map(|event| match event {
            Event::HubWallet(event) => Self::of_event(receipt, event),
            _ => None,
        });
        told.next_back()
            .unwrap_or_else(|| Self::new(receipt, "Look at it with `ergon hub show`."))
    }

    fn of_event(receipt: &Receipt, event: &HubWalletEvent) -> Option<Self> {
        use HubWalletEvent::*;
        let new = |next: &str| Self::new(receipt, next);
        Some(match event {
            Created { wallet, .. } => Self {
                wallet: Some(wallet.into()),
                ..new("Fill the wallet with `ergon transfer`, then `ergon hub register`.")
            },
            Registered { frozen, payday, .. } => Self {
                locked: Some(Amount(*frozen)),
                from_block: Some(*payday),
                ..new("Bind pools with `ergon hub bind`; it may leave from that block on.")
            },
            Approved {
                amount,
                locked,
                matures,
                ..
            } => Self {
                amount: Some(Amount(*amount)),
                locked: Some(Amount(*locked)),
                from_block: Some(*matures),
                ..new("From that block on the payee can get it with `ergon hub pull`.")
            },
            Pulled { amount, .. } | Withdrawn { amount, .. } => Self {
                amount: Some(Amount(*amount)),
                ..new("The money is in your account.")
            },
            PaydayReached { fee, until, .. } => Self {
                amount: Some(Amount(*fee)),
                from_block: Some(*until),
                ..new("The treasury got that; `ergon hub settle` works from that block on.")
            },
            Settled { .. } => new("`ergon hub withdraw` takes the money out."),
            Freed { .. } => new("The hub is idle; its owner may withdraw or register again."),
            Forfeited { amount, .. } => Self {
                amount: Some(Amount(*amount)),
                ..new("`ergon hub sweep` puts it into quarantine.")
            },
            Expropriated {
                id, amount, until, ..
            } => Self {
                amount: Some(Amount(*amount)),
                number: Some(*id),
                from_block: Some(*until),
                ..new("From that block on `ergon hub release` gives it to the treasury.")
            },
            QuarantineReleased { id, amount } => Self {
                amount: Some(Amount(*amount)),
                number: Some(*id),
                ..new("The treasury has it.")
            },
            _ => return None,
        })
    }
}

impl Render for Told {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .maybe("wallet", self.wallet.as_ref())
            .maybe("number", self.number)
            .maybe("amount", self.amount)
            .maybe("locked", self.locked)
            .maybe("from block", self.from_block);
        self.sent.lines(card).write(out)?;
        writeln!(out, "{}", self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{Head, primitives::AccountId};
    use sp_core::H256;

    fn receipt(event: HubWalletEvent) -> Receipt {
        Receipt {
            block: Head {
                number: 7,
                hash: H256::zero(),
            },
            extrinsic: H256::zero(),
            events: vec![Event::HubWallet(event)],
            fee: 0,
            refused: Vec::new(),
        }
    }

    #[test]
    fn the_answer_says_what_the_chain_said() {
        let account = AccountId::new([8; 32]);
        let approved = receipt(HubWalletEvent::Approved {
            owner: account.clone(),
            payee: account,
            amount: 7,
            locked: 3,
            matures: 99,
        });
        let told = Told::of(&approved);
        assert_eq!(
            (told.amount, told.locked, told.from_block),
            (Some(Amount(7)), Some(Amount(3)), Some(99))
        );
        let mut out = Vec::new();
        told.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("from block  99") && text.contains("hub pull"),
            "{text}"
        );
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!((&json["amount"], &json["block"]), (&"7".into(), &7.into()));
        assert!(json.get("wallet").is_none());
    }

    #[test]
    fn events_that_say_no_more_than_done_lead_to_show() {
        let account = AccountId::new([8; 32]);
        let told = Told::of(&receipt(HubWalletEvent::RecordUpdated { owner: account }));
        assert!(told.next.contains("ergon hub show"));
    }
}
