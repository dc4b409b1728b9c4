//! Votes on hubs, each with a stake that is on hold while it stands (SONM 2.4.3.1).

use crate::{Config, Error, Event, HoldReason, Hub, Hubs, Pallet, Parameters, Vote, Votes};
use ergon_primitives::{AccountId, Balance};
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl Hub {
    /// Counts a vote.
    fn count(&mut self, vote: &Vote) {
        let votes = self.votes(vote.up);
        *votes = votes.saturating_add(vote.stake);
    }

    /// Counts a vote no more.
    fn discount(&mut self, vote: &Vote) {
        let votes = self.votes(vote.up);
        *votes = votes.saturating_sub(vote.stake);
    }

    fn votes(&mut self, up: bool) -> &mut Balance {
        if up {
            &mut self.votes_up
        } else {
            &mut self.votes_down
        }
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_rate(
        voter: AccountId,
        owner: AccountId,
        stake: Balance,
        up: bool,
    ) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        ensure!(hub.phase.is_registered(), Error::<T>::WrongPhase);
        ensure!(voter != owner, Error::<T>::OwnHub);
        let minimum = Parameters::<T>::get().minimum_vote;
        ensure!(stake >= minimum, Error::<T>::StakeTooSmall);

        if let Some(earlier) = Votes::<T>::get(&owner, &voter) {
            hub.discount(&earlier);
            Self::give_back(HoldReason::Vote, &voter, earlier.stake)?;
        }
        Self::hold_stake(&voter, stake)?;
        let vote = Vote { stake, up };
        hub.count(&vote);
        Votes::<T>::insert(&owner, &voter, vote);
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::Rated {
            owner,
            voter,
            stake,
            up,
        });
        Ok(())
    }

    pub(crate) fn do_unrate(voter: AccountId, owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let vote = Votes::<T>::get(&owner, &voter).ok_or(Error::<T>::NotRated)?;

        Self::give_back(HoldReason::Vote, &voter, vote.stake)?;
        hub.discount(&vote);
        Votes::<T>::remove(&owner, &voter);
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::Unrated { owner, voter });
        Ok(())
    }
}
