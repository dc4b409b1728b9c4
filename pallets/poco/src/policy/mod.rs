//! How the chain finds out which result is right: verification policies behind one trait.
//!
//! A policy is a pure function of a task's record, its deal and the block. It changes nothing: it
//! names the [`Step`] that follows, and whoever asked takes it.

mod blind;
mod race;
mod replication;

pub use blind::Blind;
pub use race::{Race, in_order};
pub use replication::Replication;

use crate::consensus::Group;
use alloc::vec::Vec;
use ergon_primitives::{
    BlockNumber, Deal, Outcome, ResultLocator, Task, TaskStatus, Verification, Vote, VoteStatus,
};
use sp_core::H256;

/// A way of verification.
pub trait Policy {
    /// What follows from the vote that was just cast: the last one of an active task.
    fn voted(&self, task: &Task, deal: &Deal) -> Step;

    /// What follows from the reveal or opening that was just noted: its vote is `Revealed`, and the
    /// status has its result.
    fn opened(&self, task: &Task, deal: &Deal) -> Step;

    /// What follows for a task whose reveals or openings are awaited: [`Step::Wait`] before they are
    /// due.
    fn overdue(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step;

    /// What follows for an active task without a new vote: because a silent group was just rejected,
    /// or because contributions are over. [`Step::Wait`] if more votes may come.
    fn closed(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step;

    /// Whether the hash of the block of the last vote is needed to open votes, so that none can be
    /// opened in that block.
    fn draws_roles(&self) -> bool {
        false
    }
}

/// What follows for a task. Never more than one thing at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Nothing.
    Wait,
    /// This group is credible enough: its workers must reveal.
    BeginReveals(Group),
    /// Enough sealed votes have come: all of them must be opened.
    BeginOpening,
    /// The winning group revealed nothing: its votes are rejected. The task is active then, and
    /// [`Policy::closed`] says what follows.
    Reject {
        /// What the group voted for.
        commitment: H256,
    },
    /// The task ends.
    End(Verdict),
}

/// How a task ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Conclusion {
    /// With a certain result.
    Settled {
        /// The result.
        outcome: Outcome,
        /// Where it can be fetched, as the first to show it said.
        locator: ResultLocator,
    },
    /// Without a result.
    Failed {
        /// Whether so many voted that the requester or the app is to blame.
        voted: bool,
    },
    /// With results of which no two agree (Symbioses 5.3): nobody can tell whose fault it is, and
    /// payer and operator get back what they put in.
    Broken,
}

/// What becomes of a vote when its task ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It proved the result: it is paid, and its stake is released.
    Wins {
        /// What its pay is measured by: shares are as `⌊log2 weight⌋`.
        weight: u32,
    },
    /// It was wrong or silent: stake and score are lost. With [`Conclusion::Settled`] its stake goes to
    /// the winners as far as the rules permit, otherwise to the treasury.
    Loses,
    /// Its stake is released, and nothing else happens.
    Released,
    /// It was rejected before and has lost its stake already.
    Gone,
}

/// How a task ends, and what that means for each of its votes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// How the task ends.
    pub conclusion: Conclusion,
    /// What becomes of the votes: one fate for each, in their order.
    pub fates: Vec<Fate>,
    /// Whether winners earn score, as far as the votes can tell.
    pub scored: bool,
}

impl Verdict {
    /// The votes that win, and what their pay is measured by. `votes` are those of the task judged.
    pub fn winners<'a>(&'a self, votes: &'a [Vote]) -> impl Iterator<Item = (&'a Vote, u32)> {
        self.judged(votes).filter_map(|(vote, fate)| match fate {
            Fate::Wins { weight } => Some((vote, weight)),
            Fate::Loses | Fate::Released | Fate::Gone => None,
        })
    }

    /// The votes that lose stake and score.
    pub fn losers<'a>(&'a self, votes: &'a [Vote]) -> impl Iterator<Item = &'a Vote> {
        self.judged(votes)
            .filter_map(|(vote, fate)| (fate == Fate::Loses).then_some(vote))
    }

    /// The votes whose stakes are released, those that win included.
    pub fn released<'a>(&'a self, votes: &'a [Vote]) -> impl Iterator<Item = &'a Vote> {
        self.judged(votes).filter_map(|(vote, fate)| match fate {
            Fate::Wins { .. } | Fate::Released => Some(vote),
            Fate::Loses | Fate::Gone => None,
        })
    }

    fn judged<'a>(&'a self, votes: &'a [Vote]) -> impl Iterator<Item = (&'a Vote, Fate)> {
        votes.iter().zip(self.fates.iter().copied())
    }

    /// The result is certain. `pay` says by what weight a live vote is paid, if it wins. Workers that
    /// agree that the task cannot be done are neither paid nor scored, and nobody loses anything.
    fn settled(
        votes: &[Vote],
        (outcome, locator): (Outcome, ResultLocator),
        scored: bool,
        pay: impl Fn(&Vote) -> Option<u32>,
    ) -> Self {
        let paid = outcome != Outcome::Unavailable;
        let fate = |vote: &Vote| match pay(vote) {
            _ if !paid => Fate::Released,
            Some(weight) => Fate::Wins { weight },
            None => Fate::Loses,
        };
        Self {
            conclusion: Conclusion::Settled { outcome, locator },
            fates: fates(votes, fate),
            scored: scored && paid,
        }
    }

    /// No result. `loses` says which of the live votes lose; the others are released.
    fn without_result(
        votes: &[Vote],
        conclusion: Conclusion,
        loses: impl Fn(&Vote) -> bool,
    ) -> Self {
        let fate = |vote: &Vote| {
            if loses(vote) {
                Fate::Loses
            } else {
                Fate::Released
            }
        };
        Self {
            conclusion,
            fates: fates(votes, fate),
            scored: false,
        }
    }
}

fn fates(votes: &[Vote], fate: impl Fn(&Vote) -> Fate) -> Vec<Fate> {
    let fate_of = |vote: &Vote| match vote.status {
        VoteStatus::Rejected => Fate::Gone,
        VoteStatus::Committed | VoteStatus::Revealed => fate(vote),
    };
    votes.iter().map(fate_of).collect()
}

/// Whether agreeing on this outcome says anything about a worker. A lone contributor proves nothing
/// about itself, and an app that is made to fail is the cheapest way to let accounts agree.
fn is_telling<'a>(mut votes: impl Iterator<Item = &'a Vote> + Clone, outcome: &Outcome) -> bool {
    let Some(first) = votes.next() else {
        return false;
    };
    let has_company = votes.clone().next().is_some();
    let is_disputed = votes.any(|vote| vote.commitment != first.commitment);
    has_company && (is_disputed || !matches!(outcome, Outcome::AppFault(_)))
}

/// Whether all sealed votes have come that are awaited.
fn have_all_voted(task: &Task, deal: &Deal) -> bool {
    task.votes.len() >= deal.verification.votes_expected(deal.trust) as usize
}

/// The sealed votes that were opened.
fn opened(votes: &[Vote]) -> impl Iterator<Item = &Vote> + Clone {
    votes.iter().filter(|vote| is_opened(vote))
}

fn is_opened(vote: &Vote) -> bool {
    vote.status == VoteStatus::Revealed
}

/// Whether every sealed vote of a task that is opening has been opened.
fn have_all_opened(task: &Task) -> bool {
    matches!(task.status, TaskStatus::Opening { .. }) && task.votes.iter().all(is_opened)
}

/// What the sealed votes of this commitment were opened to.
fn result_of(task: &Task, commitment: H256) -> Option<(Outcome, ResultLocator)> {
    let TaskStatus::Opening { results, .. } = &task.status else {
        return None;
    };
    results
        .iter()
        .find(|result| result.commitment == commitment)
        .map(|result| (result.outcome, result.locator.clone()))
}

/// Whether whoever has not opened its sealed vote now is silent.
fn are_openings_due(task: &Task, deal: &Deal, now: BlockNumber) -> bool {
    match task.status {
        TaskStatus::Opening { since, .. } => now >= deal.reveal_deadline(since),
        _ => false,
    }
}

/// The policy that a deal was made with.
pub fn of(deal: &Deal) -> &'static dyn Policy {
    match deal.verification {
        Verification::Replication => &Replication,
        Verification::Blind { .. } => &Blind,
        Verification::Race { .. } => &Race,
    }
}

#[cfg(test)]
mod tests;
