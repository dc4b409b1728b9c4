//! What is to be done about a task, from what the store says and what the chain says. Pure.
//!
//! Two blocks are looked at: what the finalised one says is certain, what the best one says is newer.
//! A task ends for this worker, and a vote is revealed, only when the finalised block says so: a
//! reveal in a block that is abandoned would give the result away. Everything else follows the best
//! block.

use crate::task::{Ballot, End, Phase};
use ergon_client::primitives::{
    AccountId, BlockNumber, Deal, Outcome, Task, TaskStatus, Verification, Vote as VoteRecord,
    VoteStatus, needed,
};
use sp_core::H256;

/// How many blocks a transaction from before a restart may take before it is sent again.
pub const RESEND_AFTER: BlockNumber = 5;

/// What a block says about a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// It takes votes.
    Open,
    /// It has no consensus, but the time for votes is over.
    Closed,
    /// This worker must reveal its vote: its result won, or the time has come to open sealed votes.
    MineWon,
    /// Others must reveal: another result won, or one that this worker did not vote for.
    OtherWon,
    /// Its app is revoked as harmful: no vote and no reveal is taken, and anyone can end it.
    Harmful,
    /// It ended with a result.
    Settled,
    /// It ended without one.
    Failed,
}

/// What a block says about this worker's vote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Vote {
    /// There is none.
    None,
    /// The one in the store, or the one that belongs to the stored result.
    Mine(VoteStatus),
    /// One of this worker's key for a task whose result is not known here yet.
    Unknown(VoteStatus),
    /// One of this worker's key that is not the one in the store.
    Foreign,
    /// A sealed one of this worker's key for a task whose result is not in the store. Its salt is not
    /// there either, and nothing else opens it: to compute the result again is of no use.
    Unopenable,
}

/// What a block says about a task and this worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// About the task.
    pub stage: Stage,
    /// About this worker's vote.
    pub vote: Vote,
    /// What anyone may do because others are late.
    pub overdue: Option<Overdue>,
}

/// What anyone may do about a task because others are late.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overdue {
    /// Settle it with the reveals that came.
    Finalise,
    /// Reject the group that revealed nothing.
    Reopen,
    /// End it after the final deadline, or because its app is harmful.
    Claim,
}

/// What is to be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Nothing now.
    Wait,
    /// Fetch and execute.
    Work,
    /// Stop executing: it is not needed unless the task is reopened.
    Pause,
    /// Send the vote.
    Contribute,
    /// Write down that the vote is on the chain.
    NoteCommitted,
    /// Send the reveal.
    Reveal,
    /// Write down that the reveal is on the chain.
    NoteRevealed,
    /// Do what others are late with.
    CleanUp(Overdue),
    /// Write down how it ended.
    Finish(End),
}

/// What the store says about a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Local {
    /// Where it stands.
    pub phase: Phase,
    /// Whether the transaction that led here has had the time it needs to be seen on the chain. Means
    /// nothing before the first transaction.
    pub waited: bool,
}

impl Seen {
    /// What a block says. `ballot` is the stored vote, or the one that belongs to the stored result.
    pub fn of(
        task: &Task,
        deal: &Deal,
        worker: &AccountId,
        ballot: Option<Ballot>,
        now: BlockNumber,
    ) -> Self {
        let vote = match (task.vote_of(worker), ballot) {
            (None, _) => Vote::None,
            (Some(vote), None)
                if deal.verification.is_sealed() && vote.status == VoteStatus::Committed =>
            {
                Vote::Unopenable
            }
            (Some(vote), None) => Vote::Unknown(vote.status),
            (Some(vote), Some(ballot)) => {
                if ballot.is(vote) {
                    Vote::Mine(vote.status)
                } else {
                    Vote::Foreign
                }
            }
        };
        let stage = match &task.status {
            TaskStatus::Active if now < deal.contribution_deadline() => Stage::Open,
            TaskStatus::Active => Stage::Closed,
            TaskStatus::Revealing { commitment, .. } => {
                let mine = ballot.is_some_and(|ballot| ballot.commitment == *commitment);
                mine_or_other(mine && matches!(vote, Vote::Mine(_)))
            }
            TaskStatus::Opening { .. } => mine_or_other(matches!(vote, Vote::Mine(_))),
            // Settled without anything to settle: nobody is paid, nobody loses.
            TaskStatus::Settled {
                outcome: Outcome::Unavailable,
                ..
            } => Stage::Failed,
            TaskStatus::Settled { .. } => Stage::Settled,
            TaskStatus::Failed { .. } | TaskStatus::Cancelled { .. } => Stage::Failed,
        };
        let overdue = overdue(task, deal, worker, now);
        Self {
            stage,
            vote,
            overdue,
        }
    }

    /// The same task where votes are sealed: everybody opens them, so a vote that was opened has
    /// lost all the same when another result won. It counts as one that was not revealed. And when
    /// nothing wins, those that were not opened have lost: for them it is as if another result had.
    pub fn if_sealed(self, task: &Task, deal: &Deal, worker: &AccountId, mine: &Outcome) -> Self {
        use VoteStatus::{Committed, Revealed};
        match (&task.status, self.vote) {
            (TaskStatus::Settled { outcome, .. }, Vote::Mine(Revealed))
                if outcome != mine || !is_of_heaviest_group(task, deal, worker) =>
            {
                let vote = Vote::Mine(Committed);
                Self { vote, ..self }
            }
            (TaskStatus::Failed { .. }, Vote::Mine(Committed)) if were_to_be_opened(task, deal) => {
                let stage = Stage::Settled;
                Self { stage, ..self }
            }
            _ => self,
        }
    }

    /// The same task if the block says that its app is harmful: what has not ended has no future, and
    /// whoever has stake in it frees it at once.
    pub fn unless_harmful(self, harmful: bool) -> Self {
        if !harmful || matches!(self.stage, Stage::Settled | Stage::Failed) {
            return self;
        }
        let locked = match self.vote {
            Vote::Mine(status) | Vote::Unknown(status) => status != VoteStatus::Rejected,
            Vote::None | Vote::Foreign | Vote::Unopenable => false,
        };
        Self {
            stage: Stage::Harmful,
            overdue: locked.then_some(Overdue::Claim),
            ..self
        }
    }
}

/// Whether no group of opened votes outweighs that of this worker: of those with the same outcome and
/// different traces the heaviest won. In a race votes count alike; between groups of the same size
/// roles decided, which the task does not name any more: there this worker's group counts as the winner.
fn is_of_heaviest_group(task: &Task, deal: &Deal, worker: &AccountId) -> bool {
    let opened = || {
        let votes = task.votes.iter();
        votes.filter(|vote| vote.status == VoteStatus::Revealed)
    };
    let weight = |vote: &VoteRecord| match deal.verification {
        Verification::Race { .. } => 2,
        Verification::Replication | Verification::Blind { .. } => u128::from(vote.weight.max(1)),
    };
    let weight_of_group = |commitment: H256| {
        let group = opened().filter(|vote| vote.commitment == commitment);
        group.map(weight).fold(1, u128::saturating_mul)
    };
    task.vote_of(worker).is_some_and(|mine| {
        let heaviest = opened().map(|vote| weight_of_group(vote.commitment)).max();
        Some(weight_of_group(mine.commitment)) >= heaviest
    })
}

/// Whether the sealed votes of a task that failed were enough to be opened before.
fn were_to_be_opened(task: &Task, deal: &Deal) -> bool {
    let enough = match deal.verification {
        // When contributions are over, as many as the trust needs will do.
        Verification::Blind { .. } => needed(deal.trust),
        verification => verification.votes_expected(deal.trust),
    };
    u32::try_from(task.votes.len()).is_ok_and(|votes| votes >= enough)
}

fn mine_or_other(mine: bool) -> Stage {
    if mine {
        Stage::MineWon
    } else {
        Stage::OtherWon
    }
}

/// What anyone may do now and this worker does, because its stake is locked. So that not everyone
/// does, each voter waits two blocks longer than the one that voted before it.
fn overdue(task: &Task, deal: &Deal, worker: &AccountId, now: BlockNumber) -> Option<Overdue> {
    let place = task
        .votes
        .iter()
        .position(|vote| &vote.worker == worker && vote.status != VoteStatus::Rejected)?;
    let now = now.checked_sub(BlockNumber::try_from(place).ok()?.checked_mul(2)?)?;
    let after_final = now >= deal.final_deadline();
    match &task.status {
        TaskStatus::Active if after_final => Some(Overdue::Claim),
        TaskStatus::Revealing {
            since, revealed, ..
        } if now >= deal.reveal_deadline(*since) => Some(match revealed {
            Some(_) => Overdue::Finalise,
            None => Overdue::Reopen,
        }),
        TaskStatus::Opening { since, results, .. } if now >= deal.reveal_deadline(*since) => {
            Some(if results.is_empty() {
                Overdue::Reopen
            } else {
                Overdue::Finalise
            })
        }
        _ => None,
    }
}

/// What is to be done about a task.
pub fn reconcile(local: Local, finalised: Seen, best: Seen) -> Action {
    if local.phase == Phase::Done {
        return Action::Wait;
    }
    if let Some(end) = end(local.phase, finalised) {
        return Action::Finish(end);
    }
    match best.stage {
        // Certain when it is final; nothing is left to be done.
        Stage::Settled | Stage::Failed => idle(local.phase),
        _ if matches!(best.vote, Vote::Foreign | Vote::Unopenable) => idle(local.phase),
        Stage::Harmful => harmful(local.phase, best),
        _ if local.phase.is_before_result() => compute(local.phase, best),
        _ => match best.vote {
            Vote::None => vote(local, finalised, best),
            _ => after_vote(local, finalised, best),
        },
    }
}

/// How the task ended, if it is certain.
fn end(phase: Phase, finalised: Seen) -> Option<End> {
    use VoteStatus::*;
    let (Vote::Mine(status) | Vote::Unknown(status)) = finalised.vote else {
        let ended = match finalised.stage {
            Stage::Settled | Stage::Failed => true,
            // Governance can take it back, and a vote that was sent can still come.
            Stage::Harmful => phase <= Phase::Computed,
            Stage::Open | Stage::Closed | Stage::MineWon | Stage::OtherWon => false,
        };
        return match finalised.vote {
            Vote::Foreign => Some(End::Foreign),
            Vote::Unopenable => Some(End::Unopenable),
            _ => ended.then_some(End::NotNeeded),
        };
    };
    match (finalised.stage, status) {
        (Stage::Settled, Revealed) => Some(End::Settled),
        (Stage::Settled, Committed) => Some(End::Lost),
        (Stage::Failed, Committed | Revealed) => Some(End::Failed),
        (Stage::Harmful | Stage::Settled | Stage::Failed, Rejected) => Some(End::Rejected),
        // Its stake is locked until somebody claims it.
        (Stage::Harmful, Committed | Revealed) => None,
        (Stage::Open | Stage::Closed | Stage::MineWon | Stage::OtherWon, _) => None,
    }
}

/// Without result: it is computed when it can be of use, for a vote or for a reveal.
fn compute(phase: Phase, best: Seen) -> Action {
    match (best.vote, best.stage) {
        (Vote::None, Stage::Open) | (Vote::Unknown(VoteStatus::Committed), _) => Action::Work,
        (Vote::None, Stage::Closed) => Action::Finish(End::NotNeeded),
        _ => idle(phase),
    }
}

/// Nothing of a harmful app runs here; stake that is locked in its task is freed.
fn harmful(phase: Phase, best: Seen) -> Action {
    match (phase, best.overdue) {
        (Phase::Fetching | Phase::Executing, _) => Action::Pause,
        (_, Some(overdue)) => Action::CleanUp(overdue),
        (_, None) => Action::Wait,
    }
}

fn idle(phase: Phase) -> Action {
    match phase {
        Phase::Fetching | Phase::Executing => Action::Pause,
        _ => Action::Wait,
    }
}

/// With a result, and without a vote in the best block.
fn vote(local: Local, finalised: Seen, best: Seen) -> Action {
    match best.stage {
        Stage::Open if local.phase != Phase::Computed && !local.waited => Action::Wait,
        Stage::Open => Action::Contribute,
        Stage::Closed if finalised.stage == Stage::Closed => Action::Finish(End::NotNeeded),
        _ => Action::Wait,
    }
}

/// With a result, and with its vote in the best block.
fn after_vote(local: Local, finalised: Seen, best: Seen) -> Action {
    use VoteStatus::*;
    let certain = finalised.stage == Stage::MineWon && finalised.vote == Vote::Mine(Committed);
    let due = certain && best.stage == Stage::MineWon && best.vote == Vote::Mine(Committed);
    let under_way = matches!(local.phase, Phase::Revealing | Phase::Revealed) && !local.waited;
    match (local.phase, best.vote) {
        (Phase::Computed | Phase::Committing, _) => Action::NoteCommitted,
        (Phase::Committed | Phase::Revealing, Vote::Mine(Revealed)) => Action::NoteRevealed,
        _ if due && under_way => Action::Wait,
        _ if due => Action::Reveal,
        _ => best.overdue.map_or(Action::Wait, Action::CleanUp),
    }
}

#[cfg(test)]
mod tests;
