//! `ergon gov collective`: motions of the technical collective, which can hurry but not decide.

use super::{action::CallData, show::words};
use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    files::Document,
    table::{Card, Table},
    text::{Address, Hex},
};
use clap::{Args, Subcommand};
use ergon_client::{
    Event, Motion, Receipt, TechnicalCollectiveEvent, View, calls,
    primitives::{AccountId, BlockNumber},
};
use serde::Serialize;
use sp_core::H256;
use std::io::{self, Write};

/// Propose, vote and close motions of the technical collective.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Collective {
    /// List the members and the open motions.
    #[command(after_help = "Example: ergon gov collective list")]
    List,
    /// Propose a motion; it needs two thirds of the members, and at least two.
    Propose(Propose),
    /// Vote on a motion.
    #[command(after_help = "Example: ergon --key //Bob gov collective vote 0x… aye")]
    Vote {
        /// Hash of the motion's call.
        motion: Hex,
        /// For it or against it.
        side: Side,
    },
    /// Close a motion that is decided; if enough agreed, its call is made.
    #[command(after_help = "Example: ergon --key //Bob gov collective close 0x…")]
    Close {
        /// Hash of the motion's call.
        motion: Hex,
    },
}

/// A motion.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct Propose {
    /// A known action.
    #[command(subcommand)]
    action: Option<Action>,
    /// Any other call, encoded.
    #[arg(long, value_name = "HEX")]
    call: Option<CallData>,
}

/// What the collective can do.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Suspect a hub quickly; a referendum must confirm it before it lapses.
    #[command(
        after_help = "Example: ergon --key //Alice gov collective propose suspend-hub //Bob --document case.pdf"
    )]
    SuspendHub {
        /// The hub's owner.
        hub: String,
        /// The document that accuses: a file, whose SHA-256 is taken, or a hash.
        #[arg(long, value_name = "FILE-OR-HASH")]
        document: Document,
    },
    /// Let a referendum on the track `whitelisted_caller` enact a call quickly.
    #[command(after_help = "Example: ergon --key //Alice gov collective propose whitelist 0x0a13…")]
    Whitelist {
        /// The encoded call.
        call: CallData,
    },
}

/// What a member says.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// For it.
    Aye,
    /// Against it.
    Nay,
}

#[derive(Serialize)]
struct ListView {
    members: Vec<Address>,
    needed: u32,
    motions: Vec<MotionView>,
}

#[derive(Serialize)]
struct MotionView {
    motion: Hex,
    index: u32,
    ayes: Vec<Address>,
    nays: Vec<Address>,
    threshold: u32,
    end: BlockNumber,
    call: String,
}

impl Render for ListView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = self
            .members
            .iter()
            .fold(Card::new(), |card, member| card.line("member", member));
        card.line("needed", self.needed).write(out)?;
        writeln!(out)?;
        let mut table = Table::new(&["MOTION", ">AYES", ">NAYS", ">NEEDS", ">UNTIL BLOCK", "CALL"]);
        for motion in &self.motions {
            table.row([
                motion.motion.to_string(),
                motion.ayes.len().to_string(),
                motion.nays.len().to_string(),
                motion.threshold.to_string(),
                motion.end.to_string(),
                motion.call.clone(),
            ]);
        }
        table.write(out, "There are no motions.")
    }
}

/// What came of a step, and what comes next.
#[derive(Serialize)]
struct Told {
    motion: Hex,
    ayes: Option<u32>,
    nays: Option<u32>,
    needed: u32,
    executed: bool,
    next: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Told {
    fn new(motion: H256, needed: u32, receipt: &Receipt) -> Self {
        let mut told = Self {
            motion: Hex(motion),
            ayes: None,
            nays: None,
            needed,
            executed: false,
            next: format!("The members vote with `ergon gov collective vote {motion:?} aye`."),
            sent: Sent::from(receipt),
        };
        for event in &receipt.events {
            if let Event::TechnicalCollective(event) = event {
                told.hear(event, motion);
            }
        }
        told
    }

    fn hear(&mut self, event: &TechnicalCollectiveEvent, motion: H256) {
        match event {
            TechnicalCollectiveEvent::Voted { yes, no, .. } => {
                (self.ayes, self.nays) = (Some(*yes), Some(*no));
                if *yes >= self.needed {
                    self.next = format!(
                        "Enough agree: `ergon gov collective close {motion:?}` makes the call."
                    );
                }
            }
            TechnicalCollectiveEvent::Executed { result, .. } => {
                self.executed = result.is_ok();
                self.next = "The call was made.".into();
            }
            TechnicalCollectiveEvent::Disapproved { .. } => {
                self.next = "Too few agreed; nothing was done.".into();
            }
            TechnicalCollectiveEvent::Proposed { .. } => {}
        }
    }
}

impl Render for Told {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("motion", self.motion)
            .maybe("ayes", self.ayes)
            .maybe("nays", self.nays)
            .line("needed", self.needed);
        self.sent.lines(card).write(out)?;
        writeln!(out, "{}", self.next)
    }
}

/// How many members are two thirds, and at least two.
fn two_thirds(seats: usize) -> u32 {
    let needed = seats.saturating_mul(2).div_ceil(3).max(2);
    u32::try_from(needed).unwrap_or(u32::MAX)
}

/// Does what the command says.
pub(super) async fn run(command: Collective, context: &Context) -> Result<Answer, CliError> {
    match command {
        Collective::List => list(context).await,
        Collective::Propose(args) => propose(context, args).await,
        Collective::Vote { motion, side } => vote(context, motion.0, side).await,
        Collective::Close { motion } => close(context, motion.0).await,
    }
}

fn addresses(accounts: &[AccountId]) -> Vec<Address> {
    accounts.iter().map(Address::from).collect()
}

async fn list(context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let members = view.collective().await?;
    let mut motions = Vec::new();
    for (hash, motion) in view.motions().await? {
        let call = view.motion_call(hash).await?;
        motions.push(MotionView {
            motion: Hex(hash),
            index: motion.index,
            ayes: addresses(&motion.ayes),
            nays: addresses(&motion.nays),
            threshold: motion.threshold,
            end: motion.end,
            call: call.map(|call| words(&view, &call)).unwrap_or_default(),
        });
    }
    Ok(Answer::new(ListView {
        needed: two_thirds(members.len()),
        members: addresses(&members),
        motions,
    }))
}

async fn propose(context: &Context, args: Propose) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let call = proposed(context, &view, args).await?;
    let needed = two_thirds(view.collective().await?.len());
    let motion = calls::governance::call_hash(&call);
    let purpose = format!("Propose to the collective: {}", words(&view, &call));
    let propose = calls::governance::propose_motion(needed, &call);
    let receipt = context.send(propose, &purpose).await?;
    Ok(Answer::new(Told::new(motion, needed, &receipt)))
}

async fn proposed(context: &Context, view: &View, args: Propose) -> Result<Vec<u8>, CliError> {
    let call = match (args.action, args.call) {
        (Some(Action::SuspendHub { hub, document }), None) => {
            calls::hub::suspect(&context.account(&hub)?, document.hash().await?)
        }
        (Some(Action::Whitelist { call }), None) => {
            calls::governance::whitelist_call(calls::governance::call_hash(&call.0))
        }
        (None, Some(CallData(call))) => {
            view.describe_call(&call)?;
            return Ok(call);
        }
        _ => {
            return Err(CliError::Usage(
                "name an action (`ergon gov collective propose --help` lists them) or give --call"
                    .into(),
            ));
        }
    };
    Ok(view.call_data(&call)?)
}

/// An open motion that must exist.
async fn open(view: &View, motion: H256) -> Result<Motion, CliError> {
    let motions = view.motions().await?;
    let found = motions.into_iter().find(|(hash, _)| *hash == motion);
    found
        .map(|(_, found)| found)
        .ok_or_else(|| CliError::NotFound {
            what: "open motion",
            id: format!("{motion:?}"),
        })
}

async fn vote(context: &Context, hash: H256, side: Side) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let motion = open(&view, hash).await?;
    let call = calls::governance::vote_on_motion(hash, motion.index, side == Side::Aye);
    let words = if side == Side::Aye { "aye" } else { "nay" };
    let purpose = format!("Vote {words} on the motion {}", motion.index);
    let receipt = context.send(call, &purpose).await?;
    Ok(Answer::new(Told::new(hash, motion.threshold, &receipt)))
}

async fn close(context: &Context, hash: H256) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let motion = open(&view, hash).await?;
    let call = view.motion_call(hash).await?.unwrap_or_default();
    let weight = view.call_weight(&call).await?;
    let length = calls::governance::length(&call);
    let close = calls::governance::close_motion(hash, motion.index, weight, length);
    let purpose = format!("Close the motion {}", motion.index);
    let receipt = context.send(close, &purpose).await?;
    ensure_done(&view, &receipt)?;
    Ok(Answer::new(Told::new(hash, motion.threshold, &receipt)))
}

/// Closing succeeds whatever comes of the motion's call.
fn ensure_done(view: &View, receipt: &Receipt) -> Result<(), CliError> {
    for event in &receipt.events {
        if let Event::TechnicalCollective(TechnicalCollectiveEvent::Executed { result, .. }) = event
        {
            view.call_result(result).map_err(|reason| {
                CliError::Refused(format!("the motion's call was refused: {reason}"))
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::Head;

    fn receipt(event: TechnicalCollectiveEvent) -> Receipt {
        Receipt {
            block: Head {
                number: 7,
                hash: H256::zero(),
            },
            extrinsic: H256::zero(),
            events: vec![Event::TechnicalCollective(event)],
            fee: 0,
            refused: Vec::new(),
        }
    }

    #[test]
    fn two_thirds_are_at_least_two_members() {
        for (seats, needed) in [(0, 2), (1, 2), (3, 2), (4, 3), (6, 4), (32, 22)] {
            assert_eq!(two_thirds(seats), needed, "{seats}");
        }
    }

    #[test]
    fn a_vote_says_when_enough_agree() {
        let voted = |yes| TechnicalCollectiveEvent::Voted {
            account: AccountId::new([1; 32]),
            proposal_hash: H256::zero(),
            voted: true,
            yes,
            no: 0,
        };
        let told = Told::new(H256::zero(), 2, &receipt(voted(1)));
        assert_eq!((told.ayes, told.nays), (Some(1), Some(0)));
        assert!(told.next.contains("collective vote"), "{}", told.next);
        let told = Told::new(H256::zero(), 2, &receipt(voted(2)));
        assert!(told.next.contains("collective close"), "{}", told.next);
    }

    #[test]
    fn a_closed_motion_says_what_was_done() {
        let executed = TechnicalCollectiveEvent::Executed {
            proposal_hash: H256::zero(),
            result: Ok(()),
        };
        let told = Told::new(H256::zero(), 2, &receipt(executed));
        assert!(told.executed);
        let failed = TechnicalCollectiveEvent::Disapproved {
            proposal_hash: H256::zero(),
        };
        let told = Told::new(H256::zero(), 2, &receipt(failed));
        assert!(!told.executed && told.next.contains("Too few"));
    }
}
