//! What governance decides.

use crate::{
    Candidates, Cause, Config, Departure, Departures, DesiredCandidates, Error, Event,
    Invulnerable, Invulnerables, MAX_CANDIDATES, Pallet, Settings, Standing,
};
use alloc::vec::Vec;
use ergon_primitives::AccountId;
use frame_support::{BoundedVec, ensure, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_invulnerables(accounts: Vec<AccountId>) -> DispatchResult {
        ensure!(
            Self::fit_with(&accounts) >= Settings::<T>::get().minimum as usize,
            Error::<T>::TooFewValidators
        );
        let count = accounts.len() as u32;
        let before = Invulnerables::<T>::get();

        Self::appoint(accounts)?;
        for invulnerable in before {
            Self::forget_absences(&invulnerable.account);
            Self::remember_offender(invulnerable);
        }
        Self::deposit_event(Event::InvulnerablesSet { count });
        Ok(())
    }

    /// A dismissed offender answers for its offence like a candidate that left, only without a
    /// bond: it cannot come back as a candidate before.
    fn remember_offender(dismissed: Invulnerable) {
        let Invulnerable { account, standing } = dismissed;
        if standing != Standing::Offender || Self::standing_of(&account).is_some() {
            return;
        }
        Departures::<T>::mutate(account, |departure| {
            let until = Self::answers_until(Self::session().saturating_add(2));
            let departure = departure.get_or_insert(Departure {
                amount: 0,
                until,
                cause: Cause::Offence,
            });
            departure.until = departure.until.max(until);
            departure.cause = Cause::Offence;
        });
    }

    pub(crate) fn do_set_desired_candidates(count: u32) -> DispatchResult {
        ensure!(count <= MAX_CANDIDATES, Error::<T>::TooManySeats);
        DesiredCandidates::<T>::put(count);
        Self::deposit_event(Event::DesiredCandidatesSet { count });
        Ok(())
    }

    /// Puts these invulnerables in the place of the former, all fit.
    pub(crate) fn appoint(mut accounts: Vec<AccountId>) -> Result<(), Error<T>> {
        accounts.sort();
        let twice = accounts
            .iter()
            .zip(accounts.iter().skip(1))
            .any(|(one, next)| one == next);
        ensure!(!twice, Error::<T>::DuplicateInvulnerable);
        let invulnerables: Vec<Invulnerable> = accounts
            .into_iter()
            .map(|account| Invulnerable {
                account,
                standing: Standing::Fit,
            })
            .collect();
        let invulnerables =
            BoundedVec::try_from(invulnerables).map_err(|_| Error::<T>::TooManySeats)?;
        Invulnerables::<T>::put(invulnerables);
        Ok(())
    }

    /// How many fit members with session keys there are, were these the invulnerables.
    fn fit_with(invulnerables: &[AccountId]) -> usize {
        let candidates = Candidates::<T>::iter()
            .filter(|(who, candidate)| {
                candidate.standing == Standing::Fit && !invulnerables.contains(who)
            })
            .map(|(who, _)| who);
        invulnerables
            .iter()
            .cloned()
            .chain(candidates)
            .filter(Self::has_keys)
            .count()
    }
}
