//! Which calls are free: those of workers that would do what they say, as long as something is left
//! of what the deal's payer has prepaid for them.

use crate::{Call, Config, Error, Pallet, Progress, batch::Aim, contribute::Voter, desk::Desk};
use alloc::vec;
use codec::Encode;
use ergon_primitives::{
    AccountId, Balance, Contribution, DealId, MAX_CONTRIBUTORS, Opening,
    traits::{Deals, WorkerStaking},
};
use frame_support::DebugNoBound;

/// What a call is worth to the deal that it is about.
#[derive(DebugNoBound)]
pub enum Judgement<T: Config> {
    /// It is no worker's call, or nothing prepaid is left for it: it pays as any other.
    Ordinary,
    /// All that it asks for would be done, and its deal pays for it.
    Useful {
        /// The deal.
        deal: DealId,
    },
    /// Some of what it asks for would be refused, for this reason.
    Useless(Error<T>),
}

/// What a deal's payer has prepaid for calls, and what it must be enough for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Purse {
    /// The deal.
    pub deal: DealId,
    /// What is left, in the token's smallest unit.
    pub prepaid: Balance,
    /// How many votes a task is reckoned to have, when its calls are priced: as many as are expected,
    /// and one more than any task of the deal has, as the next vote may bring.
    pub votes: u32,
    /// How many votes of all tasks are neither shown nor judged.
    pub open_votes: u32,
}

impl<T: Config> Pallet<T> {
    /// Judges a call without making it.
    ///
    /// It runs the call's own code on a desk and drops that, so that judgement and call can never
    /// disagree. A key without bond pays for what it calls.
    pub fn judge(who: &AccountId, call: &Call<T>) -> Judgement<T> {
        let Some(Purse { deal, .. }) = Self::purse(who, call) else {
            return Judgement::Ordinary;
        };
        match rehearse(who, call) {
            None => Judgement::Ordinary,
            Some(Err(refusal)) => Judgement::Useless(refusal),
            Some(Ok(_)) => Judgement::Useful { deal },
        }
    }

    /// What there is to pay the call from if it does all that it asks for; none if the call is
    /// ordinary.
    ///
    /// In a block this is all there is to know beforehand: a call that fails there is taken out of
    /// the block again.
    pub fn purse(who: &AccountId, call: &Call<T>) -> Option<Purse> {
        let purse = Self::purse_of(deal_of(call)?)?;
        let is_useful = purse.prepaid > 0 && T::Staking::is_bonded(who);
        is_useful.then_some(purse)
    }

    /// What is left for free calls of what the deal's payer has prepaid.
    pub fn prepaid(deal: DealId) -> Balance {
        Self::purse_of(deal).map_or(0, |purse| purse.prepaid)
    }

    fn purse_of(deal: DealId) -> Option<Purse> {
        let terms = T::Deals::deal(deal)?;
        let progress = Progress::<T>::get(deal);
        let expected = terms.verification.votes_expected(terms.trust);
        Some(Purse {
            deal,
            prepaid: terms.settlement_fee.saturating_sub(progress.spent),
            votes: expected.max(progress.most_votes.saturating_add(1)),
            open_votes: progress.open_votes,
        })
    }

    /// Pays an amount, not more than [`Self::prepaid`], of what was prepaid.
    pub fn spend(deal: DealId, amount: Balance) {
        Progress::<T>::mutate_extant(deal, |progress| {
            progress.spent = progress.spent.saturating_add(amount);
        });
    }

    /// Takes back a part of what [`Self::spend`] has paid, because the call used less.
    pub fn spare(deal: DealId, amount: Balance) {
        Progress::<T>::mutate_extant(deal, |progress| {
            progress.spent = progress.spent.saturating_sub(amount);
        });
    }
}

impl<T> Error<T> {
    /// The error's number: the index under which the metadata lists it.
    pub fn code(&self) -> u8 {
        self.encode().first().copied().unwrap_or_default()
    }
}

/// The deal that a worker's call is about; none if it is no worker's call.
fn deal_of<T: Config>(call: &Call<T>) -> Option<DealId> {
    match call {
        Call::contribute { deal, .. }
        | Call::reveal { deal, .. }
        | Call::finalise { deal, .. }
        | Call::contribute_many { deal, .. }
        | Call::reveal_many { deal, .. }
        | Call::contribute_and_finalise { deal, .. }
        | Call::contribute_and_finalise_many { deal, .. }
        | Call::open_sealed { deal, .. } => Some(*deal),
        _ => None,
    }
}

/// What the call would do, not closed; none if it is no worker's call.
fn rehearse<T: Config>(who: &AccountId, call: &Call<T>) -> Option<Result<Desk<T>, Error<T>>> {
    let worker = who.clone();
    Some(match call {
        Call::contribute {
            deal,
            index,
            commitment,
            seal,
            max_stake,
            authorisation,
        } => {
            let ballot = Contribution {
                index: *index,
                commitment: *commitment,
                seal: *seal,
            };
            let voter = Voter::new(worker, *max_stake, authorisation.clone());
            Pallet::<T>::contribution(*deal, voter, ballot)
        }
        Call::contribute_many {
            deal,
            items,
            max_stake,
            authorisation,
            max_votes,
        } => {
            let voter = Voter::new(worker, *max_stake, authorisation.clone());
            Pallet::<T>::contributions(*deal, voter, items, *max_votes, Aim::Judge)
        }
        Call::reveal {
            deal,
            index,
            outcome,
            trace,
            locator,
            inline,
        } => {
            let opening = Opening {
                index: *index,
                outcome: *outcome,
                trace: *trace,
                locator: locator.clone(),
                inline: inline.clone(),
            };
            Pallet::<T>::revelation(*deal, who, opening)
        }
        Call::reveal_many {
            deal,
            items,
            max_votes,
        } => Pallet::<T>::revelations(*deal, who, items.to_vec(), *max_votes, Aim::Judge),
        Call::contribute_and_finalise {
            deal,
            result,
            acceptance,
        } => {
            let results = vec![result.clone()];
            Pallet::<T>::acceptance(
                *deal,
                worker,
                results,
                acceptance,
                MAX_CONTRIBUTORS,
                Aim::Judge,
            )
        }
        Call::contribute_and_finalise_many {
            deal,
            results,
            acceptance,
            max_votes,
        } => Pallet::<T>::acceptance(
            *deal,
            worker,
            results.to_vec(),
            acceptance,
            *max_votes,
            Aim::Judge,
        ),
        Call::open_sealed { deal, result, salt } => {
            Pallet::<T>::opening(*deal, who, result.clone(), *salt)
        }
        Call::finalise { deal, index } => Pallet::<T>::finalisation(*deal, *index),
        _ => return None,
    })
}
