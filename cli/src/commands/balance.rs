//! `ergon balance`: an account's money.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    table::Card,
    text::Address,
};
use ergon_client::Account;
use ergon_client::primitives::{AccountId, Balance};
use serde::Serialize;
use std::io::{self, Write};

/// Show an account's money.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
#[command(after_help = "Example: ergon balance //Alice")]
pub struct Args {
    /// The account; without it, the one of `--key`.
    account: Option<String>,
}

/// An account's money.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BalanceView {
    account: Address,
    free: Amount,
    held: Vec<HeldView>,
    frozen: Amount,
    transferable: Amount,
    total: Amount,
}

/// Money on hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct HeldView {
    reason: String,
    amount: Amount,
    meaning: String,
}

impl BalanceView {
    /// The money of an account on a chain with this existential deposit.
    pub fn new(account: &AccountId, record: &Account, existential_deposit: Balance) -> Self {
        let held = record.held.iter().map(|held| HeldView {
            reason: held.reason.clone(),
            amount: Amount(held.amount),
            meaning: meaning(&held.reason).into(),
        });
        Self {
            account: account.into(),
            free: Amount(record.free),
            held: held.collect(),
            frozen: Amount(record.frozen),
            transferable: Amount(record.transferable(existential_deposit)),
            total: Amount(record.total()),
        }
    }
}

impl Render for BalanceView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("account", &self.account)
            .line("free", self.free);
        let card = self.held.iter().fold(card, |card, held| {
            card.line("on hold", format!("{}, {}", held.amount, held.meaning))
        });
        card.line("transferable", self.transferable)
            .line("total", self.total)
            .write(out)
    }
}

/// What a reason for a hold means, in plain words.
fn meaning(reason: &str) -> &str {
    match reason {
        "Escrow.TaskPayment" => "payment for tasks that have not ended",
        "Escrow.SettlementFee" => "prepaid calls of tasks that have not ended",
        "Escrow.OperatorStake" => "a pool operator's stake on tasks that have not ended",
        "WorkerStaking.Bond" => "bonds of workers, with what is on its way out",
        "Registry.Entry" => "deposit for entries of the registry, returned when they are removed",
        "Market.PublishedOrder" => "deposit for orders on the chain, returned when they go",
        "Market.ClosedOrder" => {
            "deposit for notes that orders are closed, returned when they expire"
        }
        "Preimage.Preimage" => "deposit for preimages",
        other => other,
    }
}

/// Does what the command says.
pub async fn run(args: Args, context: &Context) -> Result<Answer, CliError> {
    let account = match &args.account {
        Some(text) => context.account(text)?,
        None => context.own_account()?,
    };
    let view = context.view().await?;
    let record = view.account(&account).await?;
    Ok(Answer::new(BalanceView::new(
        &account,
        &record,
        view.existential_deposit()?,
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{Held, Keypair, primitives::ERG};

    fn view() -> BalanceView {
        let held = vec![Held {
            reason: "Escrow.TaskPayment".into(),
            amount: 3 * ERG,
        }];
        let record = Account {
            free: 10 * ERG,
            reserved: 3 * ERG,
            held,
            ..Default::default()
        };
        BalanceView::new(
            &Keypair::from_suri("//Alice").unwrap().account(),
            &record,
            ERG,
        )
    }

    #[test]
    fn holds_are_explained() {
        let mut out = Vec::new();
        view().render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("free          10 ERG\n"), "{text}");
        assert!(
            text.contains("on hold       3 ERG, payment for tasks"),
            "{text}"
        );
        assert!(text.contains("transferable  9 ERG\n"), "{text}");
    }

    #[test]
    fn json_has_reasons_and_smallest_units() {
        let json = serde_json::to_value(view()).unwrap();
        assert_eq!(json["held"][0]["reason"], "Escrow.TaskPayment");
        assert_eq!(json["held"][0]["amount"], "3000000000000");
        assert_eq!(
            (&json["free"], &json["transferable"]),
            (&"10000000000000".into(), &"9000000000000".into())
        );
    }
}
