//! `ergon validator`: session keys, candidacies, and who validates.

mod keys;
mod list;

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    table::Card,
};
use clap::Subcommand;
use ergon_client::{Call, Event, Receipt, ValidatorSetEvent, calls};
use serde::Serialize;
use std::io::{self, Write};

/// Validate the chain: register session keys, bond, and come and go by the set's rules.
///
/// Whoever wants to validate runs a node with `--validator`, registers its session keys (`keys`),
/// and then bonds (`register`). It has a seat from the session after the next on, if its bond is
/// among the highest.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Validator {
    /// Let your own node make session keys, and register them with the proof that it has them.
    ///
    /// The node that --node names must be the validator's own: it answers this only on its own
    /// machine, or with `--rpc-methods unsafe`. With --keys and --proof the node is not asked; both
    /// are what `ergon-node session-keys` prints.
    #[command(after_help = "Example: ergon --node ws://127.0.0.1:9944 --key //Eve validator keys")]
    Keys {
        /// The keys that `ergon-node session-keys` printed.
        #[arg(long, value_name = "HEX", requires = "proof", value_parser = keys::bytes)]
        keys: Option<keys::Bytes>,
        /// The proof that it printed.
        #[arg(long, value_name = "HEX", requires = "keys", value_parser = keys::bytes)]
        proof: Option<keys::Bytes>,
    },
    /// Become a candidate with a bond; the highest bonds have the seats.
    #[command(after_help = "Example: ergon --key //Eve validator register 1000")]
    Register {
        /// The bond, in ERG; it answers for offences.
        bond: Amount,
    },
    /// Add to your bond.
    #[command(after_help = "Example: ergon --key //Eve validator bond-more 500")]
    BondMore {
        /// How much more, in ERG.
        amount: Amount,
    },
    /// Stop being a candidate. Keep the node running until your last session is over.
    #[command(after_help = "Example: ergon --key //Eve validator leave")]
    Leave,
    /// Take back the bond when it answers for nothing any more.
    #[command(after_help = "Example: ergon --key //Eve validator withdraw")]
    Withdraw,
    /// Be fit again after an absence, or a candidate again after you left.
    #[command(after_help = "Example: ergon --key //Eve validator return")]
    Return,
    /// Remove your session keys and get their deposit back, when you have no role any more.
    #[command(after_help = "Example: ergon --key //Eve validator purge")]
    Purge,
    /// Show the session and everybody who validates, wants to, or has left.
    #[command(after_help = "Example: ergon validator list")]
    List,
}

/// What came of a call, and what comes next.
#[derive(Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_session: Option<u32>,
    next: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Told {
    fn new(receipt: &Receipt, next: &str) -> Self {
        Self {
            amount: None,
            from_session: None,
            next: next.into(),
            sent: Sent::from(receipt),
        }
    }

    /// What the events of a call say. The first one is about the caller.
    fn of(receipt: &Receipt) -> Self {
        let mut told = receipt.events.iter().filter_map(|event| match event {
            Event::ValidatorSet(event) => Self::of_event(receipt, event),
            _ => None,
        });
        told.next()
            .unwrap_or_else(|| Self::new(receipt, "Look at it with `ergon validator list`."))
    }

    fn of_event(receipt: &Receipt, event: &ValidatorSetEvent) -> Option<Self> {
        use ValidatorSetEvent::*;
        let new = |next: &str| Self::new(receipt, next);
        Some(match event {
            CandidateRegistered { bond, .. } => Self {
                amount: Some(Amount(*bond)),
                ..new(
                    "With one of the highest bonds you have a seat from the session after the \
                     next on: `ergon validator list`.",
                )
            },
            BondExtended { amount, .. } => Self {
                amount: Some(Amount(*amount)),
                ..new("The highest bonds have the seats: `ergon validator list`.")
            },
            CandidateDeparted { until, .. } => Self {
                from_session: Some(*until),
                ..new(
                    "Keep the node running through the next session. From that session on \
                     `ergon validator withdraw` returns the bond.",
                )
            },
            Withdrawn { amount, .. } => Self {
                amount: Some(Amount(*amount)),
                ..new("The bond is in your account. `ergon validator purge` removes the keys.")
            },
            ReturnedToDuty { .. } => new("You are fit for a seat again: `ergon validator list`."),
            KeysPurged { .. } => new("The deposit for the keys is in your account."),
            _ => return None,
        })
    }
}

impl Render for Told {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .maybe("amount", self.amount)
            .maybe("from session", self.from_session);
        self.sent.lines(card).write(out)?;
        writeln!(out, "{}", self.next)
    }
}

/// Does what the command says.
pub async fn run(command: Validator, context: &Context) -> Result<Answer, CliError> {
    let (call, purpose) = match command {
        Validator::Keys { keys, proof } => return keys::register(context, keys.zip(proof)).await,
        Validator::List => return list::list(context).await,
        Validator::Register { bond } => {
            ensure_enough(context, bond).await?;
            (
                calls::validators::register_candidate(bond.0),
                format!("Become a candidate with a bond of {bond}"),
            )
        }
        Validator::BondMore { amount } => (
            calls::validators::bond_extra(amount.0),
            format!("Add {amount} to your bond"),
        ),
        Validator::Leave => (
            calls::validators::leave(),
            "Stop being a candidate".to_owned(),
        ),
        Validator::Withdraw => (
            calls::validators::withdraw(),
            "Take the bond back".to_owned(),
        ),
        Validator::Return => (
            calls::validators::return_to_duty(),
            "Return to duty".to_owned(),
        ),
        Validator::Purge => (
            calls::validators::purge_keys(),
            "Remove your session keys".to_owned(),
        ),
    };
    send(context, call, &purpose).await
}

/// A bond that is too small costs the fee for nothing.
async fn ensure_enough(context: &Context, bond: Amount) -> Result<(), CliError> {
    let view = context.view().await?;
    let least = Amount(view.minimum_validator_bond()?);
    if bond < least {
        return Err(CliError::Usage(format!(
            "a candidate bonds at least {least}, not {bond}"
        )));
    }
    if view.session_keys(&context.own_account()?).await?.is_none() {
        return Err(CliError::Usage(
            "a candidate needs session keys: `ergon validator keys` registers them".into(),
        ));
    }
    Ok(())
}

async fn send(context: &Context, call: Call, purpose: &str) -> Result<Answer, CliError> {
    let receipt = context.send(call, purpose).await?;
    Ok(Answer::new(Told::of(&receipt)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{DepartureCause, Head, primitives::AccountId};
    use sp_core::H256;

    fn receipt(events: Vec<ValidatorSetEvent>) -> Receipt {
        Receipt {
            block: Head {
                number: 7,
                hash: H256::zero(),
            },
            extrinsic: H256::zero(),
            events: events.into_iter().map(Event::ValidatorSet).collect(),
            fee: 0,
            refused: Vec::new(),
        }
    }

    #[test]
    fn leaving_says_when_the_bond_is_free() {
        let departed = ValidatorSetEvent::CandidateDeparted {
            candidate: AccountId::new([8; 32]),
            cause: DepartureCause::Left,
            until: 12,
        };
        let told = Told::of(&receipt(vec![departed]));
        assert_eq!(told.from_session, Some(12));
        let mut out = Vec::new();
        told.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("from session  12"), "{text}");
        assert!(text.contains("validator withdraw"), "{text}");
    }

    #[test]
    fn an_answer_without_events_leads_to_the_list() {
        assert!(
            Told::of(&receipt(Vec::new()))
                .next
                .contains("validator list")
        );
    }
}
