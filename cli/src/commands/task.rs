//! `ergon task`: one task, its votes, and what it waits for.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    results::{CANCELLED, outcome_name, outcome_text},
    span::Span,
    table::{Card, Table},
    text::{Address, Hex, id, shown},
};
use clap::{Args, Subcommand};
use ergon_client::{
    Call, calls,
    primitives::{
        BlockNumber, Deal, DealId, Scheduling, Task as TaskRecord, TaskIndex, TaskStatus,
        Verification, Vote, VoteStatus, needed,
    },
};
use pallet_poco::policy::{self, Step};
use serde::Serialize;
use std::io::{self, Write};

/// Show a task, what it waits for, and help it on.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Task {
    /// Show a task: where it stands, who voted, what stake is locked until when, and the deadlines.
    #[command(after_help = "Example: ergon task show 0x… 0")]
    Show(Place),
    /// Tell what is awaited, from whom, and until when.
    #[command(after_help = "Example: ergon task why 0x… 0")]
    Why(Place),
    /// Settle a task with the reveals it has, when the others are overdue.
    #[command(after_help = "Example: ergon task finalise 0x… 0")]
    Finalise(Place),
    /// Reject a winning group that revealed nothing in time.
    #[command(after_help = "Example: ergon task reopen 0x… 0")]
    Reopen(Place),
    /// End a task after the final deadline; the payer gets the money back.
    #[command(after_help = "Example: ergon task claim 0x… 0")]
    Claim(Place),
}

/// A task of a deal.
#[derive(Args, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The deal.
    #[arg(value_parser = id::<DealId>)]
    deal: DealId,
    /// Index of the task.
    index: TaskIndex,
}

#[derive(Serialize)]
struct TaskView {
    deal: Hex,
    index: TaskIndex,
    status: &'static str,
    outcome: Option<&'static str>,
    detail: Option<String>,
    output_root: Option<Hex>,
    locator: Option<String>,
    stake: Amount,
    contribution_deadline: BlockNumber,
    reveal_deadline: Option<BlockNumber>,
    final_deadline: BlockNumber,
    votes: Vec<VoteView>,
}

#[derive(Serialize)]
struct VoteView {
    worker: Address,
    commitment: Hex,
    weight: u32,
    status: &'static str,
    /// What the vote locks of the worker's bond now.
    locked: Amount,
    /// Block by which anybody can have ended the lock; it mostly ends before.
    lock_ends: Option<BlockNumber>,
}

impl VoteView {
    fn new(deal: &Deal, task: &TaskRecord, vote: &Vote) -> Self {
        let lock_ends = lock_end(deal, task, vote);
        let status = match vote.status {
            VoteStatus::Committed => "committed",
            VoteStatus::Revealed => "revealed",
            VoteStatus::Rejected => "rejected",
        };
        let (worker, commitment) = (Address::from(&vote.worker), Hex(vote.commitment));
        Self {
            worker,
            commitment,
            weight: vote.weight,
            status,
            locked: Amount(lock_ends.map_or(0, |_| deal.worker_stake)),
            lock_ends,
        }
    }
}

/// Block by which anybody can have ended the lock of a vote's stake; none if nothing is locked.
///
/// Reveals that begin at the final deadline have their whole time after it. Each further group that
/// wins and stays silent adds its time to reveal, and loses its stakes for that.
fn lock_end(deal: &Deal, task: &TaskRecord, vote: &Vote) -> Option<BlockNumber> {
    if vote.status == VoteStatus::Rejected {
        return None;
    }
    match &task.status {
        TaskStatus::Active => Some(deal.reveal_deadline(deal.final_deadline())),
        // If the winners stay silent, the others' votes may still win.
        TaskStatus::Revealing {
            commitment,
            since,
            revealed: None,
        } if vote.commitment != *commitment => {
            let silence_ends = deal.reveal_deadline(*since);
            Some(deal.reveal_deadline(silence_ends.max(deal.final_deadline())))
        }
        TaskStatus::Revealing { since, .. } | TaskStatus::Opening { since, .. } => {
            Some(deal.reveal_deadline(*since))
        }
        TaskStatus::Settled { .. } | TaskStatus::Failed { .. } | TaskStatus::Cancelled { .. } => {
            None
        }
    }
}

impl TaskView {
    fn new(place: Place, deal: &Deal, task: &TaskRecord) -> Self {
        let result = match &task.status {
            TaskStatus::Settled {
                outcome, locator, ..
            } => Some((outcome, locator)),
            TaskStatus::Revealing {
                revealed: Some((outcome, locator)),
                ..
            } => Some((outcome, locator)),
            _ => None,
        };
        let outcome = result.map(|(outcome, _)| outcome);
        Self {
            deal: place.deal.into(),
            index: place.index,
            status: status_name(&task.status),
            outcome: outcome.map(outcome_name),
            detail: outcome.map(outcome_text),
            output_root: outcome.and_then(|outcome| match outcome {
                ergon_client::primitives::Outcome::Success(root) => Some(Hex(*root)),
                _ => None,
            }),
            locator: result.map(|(_, locator)| shown(locator)),
            stake: Amount(deal.worker_stake),
            contribution_deadline: deal.contribution_deadline(),
            reveal_deadline: reveal_deadline(deal, &task.status),
            final_deadline: deal.final_deadline(),
            votes: task
                .votes
                .iter()
                .map(|vote| VoteView::new(deal, task, vote))
                .collect(),
        }
    }
}

fn status_name(status: &TaskStatus) -> &'static str {
    match status {
        TaskStatus::Active => "active",
        TaskStatus::Revealing { .. } => "revealing",
        TaskStatus::Opening { .. } => "opening",
        TaskStatus::Settled { .. } => "settled",
        TaskStatus::Failed { .. } => "failed",
        TaskStatus::Cancelled { .. } => "cancelled",
    }
}

fn reveal_deadline(deal: &Deal, status: &TaskStatus) -> Option<BlockNumber> {
    match status {
        TaskStatus::Revealing { since, .. } | TaskStatus::Opening { since, .. } => {
            Some(deal.reveal_deadline(*since))
        }
        _ => None,
    }
}

impl Render for TaskView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        Card::new()
            .line("deal", self.deal)
            .line("task", self.index)
            .line("status", self.status)
            .maybe("outcome", self.detail.as_ref())
            .maybe("locator", self.locator.as_ref())
            .line("stake", format!("{} per vote", self.stake))
            .line(
                "contributions",
                format!("until block {}", self.contribution_deadline),
            )
            .maybe(
                "reveals",
                self.reveal_deadline
                    .map(|block| format!("until block {block}")),
            )
            .line("ends", format!("by block {}", self.final_deadline))
            .write(out)?;
        writeln!(out)?;
        let mut table = Table::new(&[
            "WORKER",
            ">WEIGHT",
            "STATUS",
            ">LOCKED",
            ">UNTIL BLOCK",
            "VOTE",
        ]);
        for vote in &self.votes {
            table.row([
                vote.worker.to_string(),
                vote.weight.to_string(),
                vote.status.into(),
                vote.locked.to_string(),
                vote.lock_ends
                    .map_or_else(|| "-".into(), |block| block.to_string()),
                vote.commitment.to_string(),
            ]);
        }
        table.write(out, "Nobody has voted yet.")
    }
}

/// What a task waits for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Awaited {
    deal: Hex,
    index: TaskIndex,
    status: &'static str,
    block: BlockNumber,
    /// What is awaited, in words.
    awaited: String,
    /// From whom, if that is known.
    from: Vec<Address>,
    /// First block in which it is too late.
    until: Option<BlockNumber>,
    /// The command with which anybody can help the task on now.
    command: Option<String>,
}

impl Render for Awaited {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let until = self.until.map(|until| {
            let left = Span(until.saturating_sub(self.block));
            if until > self.block {
                format!("block {until}, in about {left}")
            } else {
                format!("block {until}, which has passed")
            }
        });
        let card = Card::new()
            .line("task", self.index)
            .line("status", self.status)
            .line("awaited", &self.awaited);
        let card = self
            .from
            .iter()
            .fold(card, |card, worker| card.line("from", worker));
        card.maybe("until", until)
            .maybe("you can", self.command.as_ref())
            .write(out)
    }
}

/// Does what the command says.
pub async fn run(command: Task, context: &Context) -> Result<Answer, CliError> {
    match command {
        Task::Show(place) => {
            let (deal, task, _) = read(context, place).await?;
            Ok(Answer::new(TaskView::new(place, &deal, &task)))
        }
        Task::Why(place) => {
            let (deal, task, now) = read(context, place).await?;
            Ok(Answer::new(awaited(place, &deal, &task, now)))
        }
        Task::Finalise(place) => {
            send(
                context,
                calls::poco::finalise(place.deal, place.index),
                "Finalise",
            )
            .await
        }
        Task::Reopen(place) => {
            send(
                context,
                calls::poco::reopen(place.deal, place.index),
                "Reopen",
            )
            .await
        }
        Task::Claim(place) => {
            send(
                context,
                calls::poco::claim(place.deal, place.index),
                "Claim",
            )
            .await
        }
    }
}

async fn read(
    context: &Context,
    place: Place,
) -> Result<(Deal, TaskRecord, BlockNumber), CliError> {
    let view = context.view().await?;
    let deal = context.deal(&view, place.deal).await?;
    if !deal.has_task(place.index) {
        return Err(CliError::NotFound {
            what: "task",
            id: place.index.to_string(),
        });
    }
    let task = view
        .task(place.deal, place.index)
        .await?
        .unwrap_or_default();
    Ok((deal, task, view.head().number))
}

async fn send(context: &Context, call: Call, verb: &str) -> Result<Answer, CliError> {
    let receipt = context.send(call, &format!("{verb} the task")).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

/// What a task waits for in the block `now`.
fn awaited(place: Place, deal: &Deal, task: &TaskRecord, now: BlockNumber) -> Awaited {
    let nothing = Awaited {
        deal: place.deal.into(),
        index: place.index,
        status: status_name(&task.status),
        block: now,
        awaited: String::new(),
        from: Vec::new(),
        until: None,
        command: None,
    };
    let command = |verb: &str| Some(format!("ergon task {verb} {} {}", place.deal, place.index));
    match &task.status {
        TaskStatus::Active => {
            let is_open = policy::of(deal).closed(task, deal, now) == Step::Wait;
            let until = if is_open {
                deal.contribution_deadline()
            } else {
                deal.final_deadline()
            };
            let awaited = if is_open {
                votes_awaited(deal, task)
            } else {
                no_more_votes(deal)
            };
            let command = if now >= deal.final_deadline() {
                command("claim")
            } else {
                None
            };
            Awaited {
                awaited,
                until: Some(until),
                command,
                ..nothing
            }
        }
        TaskStatus::Revealing {
            commitment,
            since,
            revealed,
        } => {
            let until = deal.reveal_deadline(*since);
            let silent = task.votes.iter().filter(|vote| {
                vote.commitment == *commitment && vote.status == VoteStatus::Committed
            });
            let from = silent.map(|vote| Address::from(&vote.worker)).collect();
            let verb = if revealed.is_some() {
                "finalise"
            } else {
                "reopen"
            };
            let command = if now >= until { command(verb) } else { None };
            let awaited = "the winners must reveal what they voted for".into();
            Awaited {
                awaited,
                from,
                until: Some(until),
                command,
                ..nothing
            }
        }
        TaskStatus::Opening { since, results, .. } => {
            let until = deal.reveal_deadline(*since);
            let sealed = task
                .votes
                .iter()
                .filter(|vote| vote.status == VoteStatus::Committed);
            let verb = if results.is_empty() {
                "reopen"
            } else {
                "finalise"
            };
            Awaited {
                awaited: "everybody who voted must open the sealed vote".into(),
                from: sealed.map(|vote| Address::from(&vote.worker)).collect(),
                until: Some(until),
                command: if now >= until { command(verb) } else { None },
                ..nothing
            }
        }
        TaskStatus::Settled { outcome, at, .. } => {
            let awaited = format!("nothing: settled in block {at}, {}", outcome_text(outcome));
            Awaited { awaited, ..nothing }
        }
        TaskStatus::Failed { at } => {
            let awaited = format!("nothing: failed in block {at}, the payer was refunded");
            Awaited { awaited, ..nothing }
        }
        TaskStatus::Cancelled { at } => {
            let awaited = format!("nothing: cancelled in block {at}: {CANCELLED}");
            Awaited { awaited, ..nothing }
        }
    }
}

fn votes_awaited(deal: &Deal, task: &TaskRecord) -> String {
    let live = task
        .votes
        .iter()
        .filter(|vote| vote.status != VoteStatus::Rejected)
        .count();
    let who = match deal.scheduling {
        Scheduling::Open => "workers of the pool",
        Scheduling::Authorised => "workers that the pool's authoriser chooses",
    };
    let trust = deal.trust;
    match deal.verification {
        Verification::Replication => format!(
            "{who} must vote: {live} have, and trust {trust} needs at least {} new workers that agree",
            needed(trust)
        ),
        sealed => format!(
            "{who} must vote: {live} of {} have; the votes are sealed until then",
            sealed.votes_expected(trust)
        ),
    }
}

fn no_more_votes(deal: &Deal) -> String {
    if deal.verification.is_sealed() {
        "nobody can vote any more: sealed votes are opened if they are enough, else the task fails"
            .into()
    } else {
        "nobody can vote any more and no group has won: the task fails at its final deadline".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixtures::deal;
    use ergon_client::primitives::{AccountId, Outcome};
    use sp_core::H256;

    const PLACE: Place = Place {
        deal: DealId(H256::zero()),
        index: 0,
    };

    fn vote(worker: u8, group: u8, status: VoteStatus) -> Vote {
        Vote {
            worker: AccountId::new([worker; 32]),
            commitment: H256::repeat_byte(group),
            seal: H256::zero(),
            weight: 2,
            status,
        }
    }

    fn task(status: TaskStatus, votes: Vec<Vote>) -> TaskRecord {
        TaskRecord {
            status,
            votes: votes.try_into().unwrap(),
        }
    }

    fn revealing(revealed: bool) -> TaskRecord {
        let votes = vec![
            vote(1, 1, VoteStatus::Committed),
            vote(2, 1, VoteStatus::Revealed),
            vote(3, 2, VoteStatus::Committed),
        ];
        let revealed = revealed.then(|| (Outcome::Unavailable, Default::default()));
        let commitment = H256::repeat_byte(1);
        task(
            TaskStatus::Revealing {
                commitment,
                since: 150,
                revealed,
            },
            votes,
        )
    }

    #[test]
    fn an_active_task_waits_for_votes() {
        let voted = task(TaskStatus::Active, vec![vote(1, 1, VoteStatus::Committed)]);
        let awaited = awaited(PLACE, &deal(1), &voted, 120);
        assert!(
            awaited
                .awaited
                .contains("1 have, and trust 3 needs at least 2"),
            "{awaited:?}"
        );
        assert_eq!((awaited.until, awaited.command), (Some(240), None));
    }

    #[test]
    fn an_active_task_can_be_claimed_at_the_final_deadline() {
        let before = awaited(PLACE, &deal(1), &TaskRecord::default(), 299);
        assert_eq!((before.until, before.command), (Some(300), None));
        let after = awaited(PLACE, &deal(1), &TaskRecord::default(), 300);
        assert!(after.command.unwrap().starts_with("ergon task claim 0x"));
    }

    #[test]
    fn a_revealing_task_waits_for_the_silent_winners() {
        let waiting = awaited(PLACE, &deal(1), &revealing(true), 189);
        assert_eq!(waiting.from, [Address(AccountId::new([1; 32]))]);
        assert_eq!((waiting.until, waiting.command), (Some(190), None));
        let overdue = awaited(PLACE, &deal(1), &revealing(true), 190)
            .command
            .unwrap();
        assert!(overdue.contains("task finalise"), "{overdue}");
        let silent = awaited(PLACE, &deal(1), &revealing(false), 190)
            .command
            .unwrap();
        assert!(silent.contains("task reopen"), "{silent}");
    }

    #[test]
    fn sealed_votes_are_awaited_and_then_their_openings() {
        let blind = Deal {
            verification: Verification::Blind { voters: 4 },
            ..deal(1)
        };
        let voted = vec![
            vote(1, 0, VoteStatus::Committed),
            vote(2, 0, VoteStatus::Revealed),
        ];
        let active = task(TaskStatus::Active, voted.clone());
        let waiting = awaited(PLACE, &blind, &active, 120);
        assert!(waiting.awaited.contains("2 of 4 have"), "{waiting:?}");
        let opening = TaskStatus::Opening {
            since: 150,
            seed: H256::zero(),
            results: Default::default(),
        };
        let opening = task(opening, voted);
        let waiting = awaited(PLACE, &blind, &opening, 189);
        assert_eq!(waiting.status, "opening");
        assert_eq!(waiting.from, [Address(AccountId::new([1; 32]))]);
        assert_eq!((waiting.until, waiting.command), (Some(190), None));
        let overdue = awaited(PLACE, &blind, &opening, 190).command.unwrap();
        assert!(overdue.contains("task reopen"), "{overdue}");
    }

    #[test]
    fn an_ended_task_waits_for_nothing() {
        for status in [
            TaskStatus::Failed { at: 300 },
            TaskStatus::Cancelled { at: 300 },
        ] {
            let awaited = awaited(PLACE, &deal(1), &task(status, Vec::new()), 310);
            assert!(awaited.awaited.starts_with("nothing"), "{awaited:?}");
            assert_eq!((awaited.until, awaited.command), (None, None));
        }
    }

    #[test]
    fn votes_are_shown_with_weight_and_status() {
        let view = TaskView::new(PLACE, &deal(1), &revealing(true));
        let json = serde_json::to_value(&view).unwrap();
        assert_eq!(json["status"], "revealing");
        assert_eq!(json["votes"][1]["status"], "revealed");
        assert_eq!(json["votes"][1]["weight"], 2);
        assert_eq!(
            json["votes"][0]["commitment"],
            Hex(H256::repeat_byte(1)).to_string()
        );
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("reveals        until block 190\n"), "{text}");
        assert!(text.contains("LOCKED  UNTIL BLOCK  VOTE\n"), "{text}");
    }

    /// What the votes of a task lock, and until when.
    fn locks(task: &TaskRecord) -> Vec<(Amount, Option<BlockNumber>)> {
        TaskView::new(PLACE, &deal(1), task)
            .votes
            .iter()
            .map(|vote| (vote.locked, vote.lock_ends))
            .collect()
    }

    #[test]
    fn a_vote_shows_what_it_locks_and_until_when() {
        let locked = |until: BlockNumber| (Amount(3), Some(until));
        let free: (Amount, Option<BlockNumber>) = (Amount(0), None);
        let votes = vec![
            vote(1, 1, VoteStatus::Committed),
            vote(2, 2, VoteStatus::Rejected),
        ];
        let active = task(TaskStatus::Active, votes.clone());
        assert_eq!(locks(&active), [locked(340), free]);
        let opening = TaskStatus::Opening {
            since: 150,
            seed: H256::zero(),
            results: Default::default(),
        };
        assert_eq!(locks(&task(opening, votes.clone())), [locked(190), free]);
        for ended in [
            TaskStatus::Failed { at: 300 },
            TaskStatus::Cancelled { at: 300 },
        ] {
            assert_eq!(locks(&task(ended, votes.clone())), [free, free]);
        }
    }

    #[test]
    fn stakes_of_others_stay_locked_while_the_winners_are_silent() {
        let locked = |until: BlockNumber| (Amount(3), Some(until));
        let shown = locks(&revealing(true));
        assert_eq!(shown, [locked(190), locked(190), locked(190)]);
        let silent = locks(&revealing(false));
        assert_eq!(silent, [locked(190), locked(190), locked(340)]);
    }
}
