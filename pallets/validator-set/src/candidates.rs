//! Becoming a candidate, being one, and ceasing to be one.

use crate::{
    Candidate, Candidates, Cause, Config, Departure, Departures, Error, Event, MAX_CANDIDATES,
    Pallet, Standing, rules,
};
use ergon_primitives::{AccountId, Balance, traits::Hubs as _};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use pallet_session::SessionInterface;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register_candidate(who: AccountId, bond: Balance) -> DispatchResult {
        ensure!(
            !Departures::<T>::contains_key(&who),
            Error::<T>::StillDeparting
        );
        let loser = Self::check_candidate(&who, bond)?;

        Self::hold(&who, bond)?;
        Self::enlist(who, bond, loser);
        Ok(())
    }

    pub(crate) fn do_bond_extra(who: AccountId, amount: Balance) -> DispatchResult {
        ensure!(!T::Hubs::is_barred(&who), Error::<T>::Barred);
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let mut candidate = Candidates::<T>::get(&who).ok_or(Error::<T>::NotCandidate)?;
        candidate.bond = candidate
            .bond
            .checked_add(amount)
            .ok_or(ArithmeticError::Overflow)?;

        Self::hold(&who, amount)?;
        Candidates::<T>::insert(&who, candidate);
        Self::deposit_event(Event::BondExtended {
            candidate: who,
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_leave(who: AccountId) -> DispatchResult {
        ensure!(
            Candidates::<T>::contains_key(&who),
            Error::<T>::NotCandidate
        );
        let (desired, minimum) = Self::sizes();
        ensure!(
            Self::is_invulnerable(&who)
                || rules::may_leave(Self::members(), &who, desired, minimum),
            Error::<T>::TooFewValidators
        );

        // The next session is planned already.
        let out = Self::session().saturating_add(2);
        Self::send_off(who, Cause::Left, out);
        Ok(())
    }

    pub(crate) fn do_withdraw(who: AccountId) -> DispatchResult {
        let Departure { amount, until, .. } =
            Departures::<T>::get(&who).ok_or(Error::<T>::NothingToWithdraw)?;
        ensure!(Self::session() >= until, Error::<T>::TooEarly);

        Self::release(&who, amount)?;
        Departures::<T>::remove(&who);
        Self::deposit_event(Event::Withdrawn {
            candidate: who,
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_return_to_duty(who: AccountId) -> DispatchResult {
        let standing = Self::standing_of(&who);
        match (standing, Departures::<T>::get(&who)) {
            (Some(Standing::Offender), _) => Err(Error::<T>::Offender.into()),
            (Some(Standing::Absent), _) => {
                Self::make_fit(&who);
                Ok(())
            }
            (_, Some(departure)) => Self::reenlist(who, departure),
            (Some(Standing::Fit), None) => Err(Error::<T>::OnDuty.into()),
            (None, None) => Err(Error::<T>::NoRole.into()),
        }
    }

    pub(crate) fn do_purge_keys(who: AccountId) -> DispatchResult {
        let active = pallet_session::Validators::<T>::get().contains(&who);
        let queued = pallet_session::QueuedKeys::<T>::get()
            .iter()
            .any(|(validator, _)| *validator == who);
        ensure!(
            !active && !queued && Self::standing_of(&who).is_none(),
            Error::<T>::KeysInUse
        );

        <pallet_session::Pallet<T> as SessionInterface>::purge_keys(&who)?;
        Self::deposit_event(Event::KeysPurged { account: who });
        Ok(())
    }

    /// Lets an absent member start anew.
    pub(crate) fn make_fit(who: &AccountId) {
        if Self::change_standing(who, &[Standing::Absent], Standing::Fit) {
            Self::forget_absences(who);
            Self::deposit_event(Event::ReturnedToDuty {
                validator: who.clone(),
            });
        }
    }

    /// Makes a former candidate one again, with the bond that is still on hold.
    fn reenlist(who: AccountId, departure: Departure) -> DispatchResult {
        ensure!(departure.cause != Cause::Offence, Error::<T>::Offender);
        let loser = Self::check_candidate(&who, departure.amount)?;

        Departures::<T>::remove(&who);
        Self::enlist(who, departure.amount, loser);
        Ok(())
    }

    /// Whether the account can be a candidate with this bond, and who has to make room for it.
    fn check_candidate(who: &AccountId, bond: Balance) -> Result<Option<AccountId>, Error<T>> {
        ensure!(!T::Hubs::is_barred(who), Error::<T>::Barred);
        ensure!(Self::has_keys(who), Error::<T>::NoSessionKeys);
        ensure!(!Self::is_invulnerable(who), Error::<T>::AlreadyInvulnerable);
        ensure!(
            !Candidates::<T>::contains_key(who),
            Error::<T>::AlreadyCandidate
        );
        ensure!(bond >= T::MinimumBond::get(), Error::<T>::BelowMinimum);
        if Candidates::<T>::count() < MAX_CANDIDATES {
            return Ok(None);
        }
        let (desired, minimum) = Self::sizes();
        let loser = rules::outbid(Self::members(), desired, minimum, bond);
        Ok(Some(loser.ok_or(Error::<T>::TooManyCandidates)?))
    }

    fn enlist(who: AccountId, bond: Balance, loser: Option<AccountId>) {
        if let Some(loser) = loser {
            // It has no seat in the plan of now, but may have had one in the last.
            Self::send_off(loser, Cause::Outbid, Self::session().saturating_add(2));
        }
        let candidate = Candidate {
            bond,
            since: Self::session(),
            standing: Standing::Fit,
        };
        Candidates::<T>::insert(&who, candidate);
        Self::deposit_event(Event::CandidateRegistered {
            candidate: who,
            bond,
        });
    }
}
