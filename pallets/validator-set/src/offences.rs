//! What follows from an offence.

use crate::{
    Candidates, Cause, Config, Departures, Event, Pallet, Penalties, Settings, Standing, rules,
};
use ergon_primitives::{AccountId, Balance};
use frame_support::{traits::Get, weights::Weight};
use sp_runtime::Perbill;
use sp_staking::{
    SessionIndex,
    offence::{OffenceDetails, OffenceSeverity, OnOffenceHandler},
};

impl<T: Config> OnOffenceHandler<AccountId, (AccountId, ()), Weight> for Pallet<T> {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, (AccountId, ())>],
        fractions: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let oldest = Self::session().saturating_sub(Settings::<T>::get().bonding_duration);
        if session >= oldest {
            for (details, fraction) in offenders.iter().zip(fractions) {
                let (validator, ()) = &details.offender;
                Self::punish(validator, *fraction, session);
            }
        }
        // Each: penalty, member or departure, hold and account, treasury, disabled validators.
        T::DbWeight::get()
            .reads_writes(10, 8)
            .saturating_mul(offenders.len() as u64)
    }
}

impl<T: Config> Pallet<T> {
    /// Slashes, takes the seat away and disables for as long as the seat lasts. Of several offences
    /// in one session the heaviest counts.
    fn punish(validator: &AccountId, fraction: Perbill, session: SessionIndex) {
        let previous = Penalties::<T>::get(session, validator);
        let bond = Self::bond_of(validator);
        let Some((penalty, amount)) = rules::escalate(previous, bond, fraction) else {
            return;
        };

        Penalties::<T>::insert(session, validator, penalty);
        Self::reduce_bond(validator, amount);
        Self::take(validator, amount);
        let innocent = [Standing::Fit, Standing::Absent];
        Self::change_standing(validator, &innocent, Standing::Offender);
        pallet_session::Pallet::<T>::report_offence(validator.clone(), OffenceSeverity(fraction));
        Self::deposit_event(Event::OffencePunished {
            validator: validator.clone(),
            session,
            fraction,
            amount,
        });
    }

    /// What a candidate, or a former one, has on hold.
    fn bond_of(who: &AccountId) -> Balance {
        match Candidates::<T>::get(who) {
            Some(candidate) => candidate.bond,
            None => Departures::<T>::get(who).map_or(0, |departure| departure.amount),
        }
    }

    fn reduce_bond(who: &AccountId, amount: Balance) {
        if let Some(mut candidate) = Candidates::<T>::get(who) {
            candidate.bond = candidate.bond.saturating_sub(amount);
            Candidates::<T>::insert(who, candidate);
        } else if let Some(mut departure) = Departures::<T>::get(who) {
            departure.amount = departure.amount.saturating_sub(amount);
            departure.cause = Cause::Offence;
            Departures::<T>::insert(who, departure);
        }
    }
}
