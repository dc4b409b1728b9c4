//! What governance decides.

use crate::{
    Candidates, Config, DesiredCandidates, Error, Event, Invulnerable, Invulnerables,
    MAX_CANDIDATES, Pallet, Settings, Standing,
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
        }
        Self::deposit_event(Event::InvulnerablesSet { count });
        Ok(())
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
