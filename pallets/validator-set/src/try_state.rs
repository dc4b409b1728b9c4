//! The invariants of the crate's documentation, checked against the records of the currency and of
//! the session pallet.

use crate::{
    Attendances, Candidates, Config, Departures, DesiredCandidates, HoldReason, Invulnerables,
    MAX_CANDIDATES, Pallet, Penalties, Settings,
};
use ergon_primitives::{AccountId, Balance};
use frame_support::{ensure, traits::fungible::InspectHold as _};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_bonds()?;
        Self::check_lists()?;
        Self::check_records()?;
        let seats = pallet_session::QueuedKeys::<T>::decode_len().unwrap_or(0);
        ensure!(
            seats >= Settings::<T>::get().minimum as usize,
            "fewer validators than the minimum are queued"
        );
        Ok(())
    }

    fn check_bonds() -> Result<(), TryRuntimeError> {
        for (who, candidate) in Candidates::<T>::iter() {
            ensure!(
                !Departures::<T>::contains_key(&who),
                "a candidate has another bond on its way out"
            );
            Self::check_hold(&who, candidate.bond)?;
        }
        for (who, departure) in Departures::<T>::iter() {
            Self::check_hold(&who, departure.amount)?;
        }
        Ok(())
    }

    fn check_hold(who: &AccountId, expected: Balance) -> Result<(), TryRuntimeError> {
        let reason = HoldReason::Bond.into();
        let on_hold = <T as Config>::Currency::balance_on_hold(&reason, who);
        ensure!(on_hold == expected, "a bond is not what is on hold");
        Ok(())
    }

    fn check_lists() -> Result<(), TryRuntimeError> {
        ensure!(
            Candidates::<T>::iter_keys().count() == Candidates::<T>::count() as usize,
            "the candidates are miscounted"
        );
        ensure!(
            Candidates::<T>::count() <= MAX_CANDIDATES
                && DesiredCandidates::<T>::get() <= MAX_CANDIDATES,
            "there are too many candidates, or seats for them"
        );
        let listed = Invulnerables::<T>::get();
        ensure!(
            listed
                .iter()
                .zip(listed.iter().skip(1))
                .all(|(one, next)| one.account < next.account),
            "the invulnerables are out of order"
        );
        Ok(())
    }

    fn check_records() -> Result<(), TryRuntimeError> {
        let active = pallet_session::Validators::<T>::get();
        ensure!(
            Attendances::<T>::iter_keys()
                .all(|who| active.contains(&who) || Self::standing_of(&who).is_some()),
            "an attendance is kept of a stranger"
        );
        let oldest = Self::session().saturating_sub(Settings::<T>::get().bonding_duration);
        ensure!(
            Penalties::<T>::iter_keys().all(|(session, _)| session >= oldest),
            "a penalty is kept for too long"
        );
        Ok(())
    }
}
