//! Contributions: votes on tasks, and what they may bring about.

use crate::{
    Config, Error, Event, Pallet, batch, batch::Aim, consensus, consensus::Group, desk::Desk,
    policy,
};
use ergon_primitives::{
    AccountId, Authorisation, Balance, Contribution, DealId, Task, TaskIndex, TaskStatus, Vote,
    VoteStatus,
    traits::{Reputation, StakeRefusal, WorkerStaking},
};
use frame_support::ensure;

/// A worker that votes, and what it brings along for all its votes of a call. What is the same for
/// all of them is looked up with the first one.
pub(crate) struct Voter {
    /// The worker's key.
    pub worker: AccountId,
    /// Most that a vote may lock of its bond.
    pub max_stake: Balance,
    /// The word of the pool's authoriser.
    pub authorisation: Option<Authorisation>,
    pub(crate) is_revoked: Option<bool>,
    pub(crate) is_authentic: Option<bool>,
    /// How many votes the bond still backs.
    backed: Option<Result<u32, StakeRefusal>>,
    weight: Option<u32>,
}

impl Voter {
    /// A worker of which nothing is known yet.
    pub(crate) fn new(
        worker: AccountId,
        max_stake: Balance,
        authorisation: Option<Authorisation>,
    ) -> Self {
        Self {
            worker,
            max_stake,
            authorisation,
            is_revoked: None,
            is_authentic: None,
            backed: None,
            weight: None,
        }
    }

    /// Weight of a vote that it casts now.
    pub(crate) fn weight<T: Config>(&mut self) -> u32 {
        let worker = &self.worker;
        *self
            .weight
            .get_or_insert_with(|| consensus::weight(T::Reputation::score(worker)))
    }

    /// One vote less is backed by the bond.
    fn spend(&mut self) {
        if let Some(Ok(left)) = &mut self.backed {
            *left = left.saturating_sub(1);
        }
    }
}

impl<T: Config> Pallet<T> {
    /// One contribution, not closed yet.
    pub(crate) fn contribution(
        id: DealId,
        mut voter: Voter,
        ballot: Contribution,
    ) -> Result<Desk<T>, Error<T>> {
        let mut desk = Desk::<T>::open(id, Error::NotActive)?;
        desk.contribute(&mut voter, ballot)?;
        Ok(desk)
    }

    /// A batch of contributions, not closed yet.
    pub(crate) fn contributions(
        id: DealId,
        mut voter: Voter,
        ballots: &[Contribution],
        max_votes: u32,
        aim: Aim,
    ) -> Result<Desk<T>, Error<T>> {
        batch::ensure_ascending::<T>(ballots)?;
        let mut desk = Desk::<T>::open(id, Error::NotActive)?;
        desk.ensure_votes(max_votes)?;
        let worker = voter.worker.clone();
        let ballots = ballots.iter().copied();
        desk.work_off(aim, &worker, ballots, |desk, ballot| {
            desk.contribute(&mut voter, ballot)
        })?;
        Ok(desk)
    }
}

impl<T: Config> Desk<T> {
    /// Records a worker's vote, locks its stake, and looks what follows.
    pub(crate) fn contribute(
        &mut self,
        voter: &mut Voter,
        ballot: Contribution,
    ) -> Result<(), Error<T>> {
        self.on_task(ballot.index, |desk, task| {
            desk.ensure_takes_votes(task)?;
            desk.ensure_new(voter, task)?;
            desk.ensure_fits(voter, &ballot)?;
            desk.ensure_authorised(voter, ballot.index)?;
            ensure!(!task.votes.is_full(), Error::<T>::TooManyContributors);
            desk.ensure_backed(voter, desk.deal.worker_stake)?;
            // The dearest check comes last.
            desk.ensure_authentic(voter)?;
            desk.vote(voter, task, ballot)
        })
    }

    /// Whether anybody may vote on the task now.
    fn ensure_takes_votes(&self, task: &Task) -> Result<(), Error<T>> {
        ensure!(task.status == TaskStatus::Active, Error::<T>::NotActive);
        self.ensure_takes_work()
    }

    /// Whether the deal's tasks may be worked on now.
    pub(crate) fn ensure_takes_work(&self) -> Result<(), Error<T>> {
        self.ensure_harmless()?;
        ensure!(
            self.now < self.deal.contribution_deadline(),
            Error::<T>::ContributionsClosed
        );
        Ok(())
    }

    fn ensure_new(&self, voter: &Voter, task: &Task) -> Result<(), Error<T>> {
        ensure!(
            task.vote_of(&voter.worker).is_none(),
            Error::<T>::AlreadyContributed
        );
        Ok(())
    }

    /// Whether this is a vote that both the deal and the caller want.
    fn ensure_fits(&self, voter: &Voter, ballot: &Contribution) -> Result<(), Error<T>> {
        let is_sealed = self.deal.verification.is_sealed();
        ensure!(
            !is_sealed || ballot.commitment.is_zero(),
            Error::<T>::SealedVotes
        );
        ensure!(
            self.deal.worker_stake <= voter.max_stake,
            Error::<T>::StakeAboveLimit
        );
        Ok(())
    }

    /// Whether the worker's bond backs one more vote with this stake.
    pub(crate) fn ensure_backed(&self, voter: &mut Voter, stake: Balance) -> Result<(), Error<T>> {
        let (worker, deal) = (&voter.worker, &self.deal);
        let backed = *voter
            .backed
            .get_or_insert_with(|| T::Staking::backs(worker, deal.pool, deal.started, stake));
        ensure!(backed? > 0, Error::<T>::TooLittleFree);
        Ok(())
    }

    fn vote(
        &mut self,
        voter: &mut Voter,
        task: &mut Task,
        ballot: Contribution,
    ) -> Result<(), Error<T>> {
        let weight = voter.weight::<T>();
        let worker = voter.worker.clone();
        let Contribution {
            index,
            commitment,
            seal,
        } = ballot;
        task.votes
            .try_push(Vote {
                worker: worker.clone(),
                commitment,
                seal,
                weight,
                status: VoteStatus::Committed,
            })
            .map_err(|_| Error::<T>::TooManyContributors)?;

        voter.spend();
        self.ledger.cast(&worker);
        self.announce(Event::Contributed {
            deal: self.id,
            index,
            worker,
            commitment,
            weight,
        });
        if self.deal.verification.is_sealed() {
            // Votes that are enough by then must be opened.
            self.look_again(index, self.deal.contribution_deadline());
        }
        let step = policy::of(&self.deal).voted(task, &self.deal);
        self.follow(index, task, step);
        Ok(())
    }

    /// The group has consensus: from now on its workers must reveal.
    pub(crate) fn begin_reveals(&mut self, index: TaskIndex, task: &mut Task, group: &Group) {
        let Group {
            commitment, voters, ..
        } = *group;
        task.status = TaskStatus::Revealing {
            commitment,
            since: self.now,
            revealed: None,
        };
        self.look_again(index, self.deal.reveal_deadline(self.now));
        self.announce(Event::ConsensusReached {
            deal: self.id,
            index,
            commitment,
            voters,
        });
    }

    /// Enough sealed votes have come: from now on all of them must be opened.
    pub(crate) fn begin_opening(&mut self, index: TaskIndex, task: &mut Task) {
        task.status = TaskStatus::Opening {
            since: self.now,
            seed: Default::default(),
            results: Default::default(),
        };
        self.look_again(index, self.deal.reveal_deadline(self.now));
        self.announce(Event::OpeningBegan {
            deal: self.id,
            index,
            voters: u32::try_from(task.votes.len()).unwrap_or(u32::MAX),
        });
    }
}
