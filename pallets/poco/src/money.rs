//! Every movement of stake and pay, and nothing else. None of it can fail once a vote's stake is
//! locked.

use crate::{
    Config, Error,
    policy::{Conclusion, Fate, Verdict},
};
use alloc::{collections::BTreeMap, vec::Vec};
use ergon_primitives::{
    AccountId, Balance, Deal, DealId, Outcome, Vote,
    traits::{Ending, Escrow, Reputation, StakeRefusal, Winner, WorkerStaking},
};

/// Money in flight.
pub type CreditOf<T> = <<T as Config>::Escrow as Escrow>::Credit;

impl<T> From<StakeRefusal> for Error<T> {
    fn from(refusal: StakeRefusal) -> Self {
        match refusal {
            StakeRefusal::NoBond => Error::NoBond,
            StakeRefusal::NotAMember => Error::NotAMember,
            StakeRefusal::JoinedTooLate => Error::JoinedTooLate,
            StakeRefusal::BelowMinimum => Error::BelowMinimum,
            StakeRefusal::TooLittleFree => Error::TooLittleFree,
        }
    }
}

/// What a call does to the stakes and scores of workers, whatever the number of tasks: each worker
/// has one line.
#[derive(Default)]
pub(crate) struct Ledger {
    lines: BTreeMap<AccountId, Line>,
}

/// What a call does to one worker, counted in votes.
#[derive(Default)]
struct Line {
    /// Stakes locked.
    locked: u32,
    /// Stakes released.
    released: u32,
    /// Stakes lost to the winners of their tasks.
    lost: u32,
    /// Stakes lost to the treasury.
    forfeited: u32,
    /// Votes that cost score.
    disproven: u32,
    /// Whether a vote raises the score.
    is_proven: bool,
    /// Owner of the bond, once looked up; `Some(None)` if there is no bond.
    owner: Option<Option<AccountId>>,
}

impl Ledger {
    /// How many workers the call would touch if it touched those of these votes too.
    pub(crate) fn workers_with(&self, votes: &[Vote]) -> usize {
        let is_new = |vote: &&Vote| !self.lines.contains_key(&vote.worker);
        self.lines
            .len()
            .saturating_add(votes.iter().filter(is_new).count())
    }

    /// How many workers the call touches so far.
    pub(crate) fn workers(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// A vote of this worker is cast.
    pub(crate) fn cast(&mut self, worker: &AccountId) {
        let line = self.line(worker);
        line.locked = line.locked.saturating_add(1);
    }

    /// This worker's vote is rejected, because its group stayed silent.
    pub(crate) fn reject(&mut self, worker: &AccountId) {
        let line = self.line(worker);
        line.forfeited = line.forfeited.saturating_add(1);
        line.disproven = line.disproven.saturating_add(1);
    }

    /// The stake of this worker's vote is released, and nothing else happens.
    pub(crate) fn release(&mut self, worker: &AccountId) {
        self.line(worker).release();
    }

    /// The votes of a task are judged. `pays_scores` says whether such a task raises scores at all.
    pub(crate) fn judge(&mut self, votes: &[Vote], verdict: &Verdict, pays_scores: bool) {
        let is_settled = matches!(verdict.conclusion, Conclusion::Settled { .. });
        for (vote, fate) in votes.iter().zip(&verdict.fates) {
            match fate {
                Fate::Gone => (),
                Fate::Released => self.release(&vote.worker),
                Fate::Wins { .. } => {
                    let line = self.line(&vote.worker);
                    line.release();
                    line.is_proven |= verdict.scored && pays_scores;
                }
                Fate::Loses => self.line(&vote.worker).lose(is_settled),
            }
        }
    }

    /// Who is paid, and by what weight.
    pub(crate) fn winners<T: Config>(&mut self, votes: &[Vote], verdict: &Verdict) -> Vec<Winner> {
        verdict
            .winners(votes)
            .map(|(vote, weight)| Winner {
                owner: self.payee::<T>(&vote.worker),
                weight,
            })
            .collect()
    }

    /// Locks, releases and takes stakes; returns what tasks that settled took from their losers.
    #[must_use]
    pub(crate) fn move_stakes<T: Config>(&self, stake: Balance) -> CreditOf<T> {
        let (mut lost, mut forfeited) = (T::Escrow::nothing(), T::Escrow::nothing());
        let worth = |votes: u32| stake.saturating_mul(votes.into());
        for (worker, line) in &self.lines {
            if line.locked > 0 {
                T::Staking::lock(worker, worth(line.locked));
            }
            if line.released > 0 {
                T::Staking::unlock(worker, worth(line.released));
            }
            if line.lost > 0 {
                lost = T::Escrow::merge(lost, T::Staking::slash(worker, worth(line.lost)));
            }
            if line.forfeited > 0 {
                let taken = T::Staking::slash(worker, worth(line.forfeited));
                forfeited = T::Escrow::merge(forfeited, taken);
            }
        }
        T::Escrow::give_to_treasury(forfeited);
        lost
    }

    /// Raises and lowers scores. A key without bond has no score to rise.
    pub(crate) fn score<T: Config>(&mut self, id: DealId, deal: &Deal) {
        for (worker, line) in &mut self.lines {
            if line.is_proven && line.owner::<T>(worker).is_some() {
                T::Reputation::proven(worker, id, deal.work_time);
            }
            if line.disproven > 0 {
                T::Reputation::disproven(worker, line.disproven);
            }
        }
    }

    /// The bond's owner. A bond outlives its votes, since each locks a part of it; should there be none
    /// nevertheless, its key is paid.
    fn payee<T: Config>(&mut self, worker: &AccountId) -> AccountId {
        let owner = self.line(worker).owner::<T>(worker).clone();
        owner.unwrap_or_else(|| worker.clone())
    }

    fn line(&mut self, worker: &AccountId) -> &mut Line {
        self.lines.entry(worker.clone()).or_default()
    }
}

impl Line {
    fn release(&mut self) {
        self.released = self.released.saturating_add(1);
    }

    fn lose(&mut self, to_winners: bool) {
        let stakes = match to_winners {
            true => &mut self.lost,
            false => &mut self.forfeited,
        };
        *stakes = stakes.saturating_add(1);
        self.disproven = self.disproven.saturating_add(1);
    }

    fn owner<T: Config>(&mut self, worker: &AccountId) -> &Option<AccountId> {
        self.owner.get_or_insert_with(|| T::Staking::owner(worker))
    }
}

/// What the end of a task means for the escrow.
pub(crate) fn ending(conclusion: &Conclusion, winners: Vec<Winner>) -> Ending {
    match conclusion {
        Conclusion::Settled { outcome, .. } => match outcome {
            Outcome::Unavailable => Ending::Unavailable,
            Outcome::AppFault(_) => proven(false, winners),
            Outcome::Success(_) => proven(true, winners),
        },
        Conclusion::Failed { voted } => Ending::Failed { voted: *voted },
        Conclusion::Broken => Ending::Unavailable,
    }
}

fn proven(app_paid: bool, winners: Vec<Winner>) -> Ending {
    Ending::Proven { app_paid, winners }
}
