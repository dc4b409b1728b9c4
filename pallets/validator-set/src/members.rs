//! Who belongs to the set, and in what standing.

use crate::{
    Attendance, Attendances, Candidates, Cause, Config, Departure, Departures, DesiredCandidates,
    Event, Invulnerables, Pallet, Settings, Standing,
    rules::{self, Member},
};
use alloc::vec::Vec;
use ergon_primitives::AccountId;
use sp_staking::SessionIndex;

impl<T: Config> Pallet<T> {
    /// The running session.
    pub(crate) fn session() -> SessionIndex {
        pallet_session::CurrentIndex::<T>::get()
    }

    /// Whether the account has session keys.
    pub(crate) fn has_keys(who: &AccountId) -> bool {
        pallet_session::NextKeys::<T>::contains_key(who)
    }

    pub(crate) fn is_invulnerable(who: &AccountId) -> bool {
        Invulnerables::<T>::get()
            .iter()
            .any(|invulnerable| invulnerable.account == *who)
    }

    /// All invulnerables and candidates with session keys. An account that is both is counted as
    /// invulnerable.
    pub(crate) fn members() -> Vec<Member> {
        let invulnerables = Invulnerables::<T>::get();
        let candidates: Vec<Member> = Candidates::<T>::iter()
            .filter(|(account, _)| invulnerables.iter().all(|it| it.account != *account))
            .map(|(account, candidate)| Member {
                account,
                bond: Some(candidate.bond),
                since: candidate.since,
                standing: candidate.standing,
            })
            .collect();
        invulnerables
            .into_iter()
            .map(|invulnerable| Member {
                account: invulnerable.account,
                bond: None,
                since: 0,
                standing: invulnerable.standing,
            })
            .chain(candidates)
            .filter(|member| Self::has_keys(&member.account))
            .collect()
    }

    /// Seats for candidates and fewest validators.
    pub(crate) fn sizes() -> (u32, u32) {
        (DesiredCandidates::<T>::get(), Settings::<T>::get().minimum)
    }

    /// Who would sit, were a session planned now; ascending by account.
    pub(crate) fn planned() -> Vec<Member> {
        let (desired, minimum) = Self::sizes();
        rules::seats(Self::members(), desired, minimum)
    }

    /// Standing of a member; of an account that is invulnerable and candidate, the invulnerable's.
    pub(crate) fn standing_of(who: &AccountId) -> Option<Standing> {
        let invulnerables = Invulnerables::<T>::get();
        let invulnerable = invulnerables.iter().find(|it| it.account == *who);
        match invulnerable {
            Some(invulnerable) => Some(invulnerable.standing),
            None => Candidates::<T>::get(who).map(|candidate| candidate.standing),
        }
    }

    /// Moves a member from one of these standings to another; whether it had one of them.
    pub(crate) fn change_standing(who: &AccountId, from: &[Standing], to: Standing) -> bool {
        let mut changed = false;
        let mut change = |standing: &mut Standing| {
            if from.contains(standing) {
                *standing = to;
                changed = true;
            }
        };
        Invulnerables::<T>::mutate(|invulnerables| {
            invulnerables
                .iter_mut()
                .filter(|it| it.account == *who)
                .for_each(|it| change(&mut it.standing));
        });
        if let Some(mut candidate) = Candidates::<T>::get(who) {
            change(&mut candidate.standing);
            Candidates::<T>::insert(who, candidate);
        }
        changed
    }

    /// First session in which an account, without a seat since session `out`, answers for nothing.
    pub(crate) fn answers_until(out: SessionIndex) -> SessionIndex {
        out.saturating_add(Settings::<T>::get().bonding_duration)
    }

    /// Lets an account start anew. The blocks that it made in the running session stay on record.
    pub(crate) fn forget_absences(who: &AccountId) {
        Attendances::<T>::mutate_exists(who, |record| {
            *record = record
                .take()
                .filter(|record| record.authored > 0)
                .map(|record| Attendance {
                    absences: 0,
                    ..record
                });
        });
    }

    /// Ends a candidacy. `out` is the first session in which the account surely has no seat. An
    /// offender departs as one, whatever the occasion.
    pub(crate) fn send_off(who: AccountId, cause: Cause, out: SessionIndex) {
        let Some(candidate) = Candidates::<T>::take(&who) else {
            return;
        };
        let cause = match candidate.standing {
            Standing::Offender => Cause::Offence,
            Standing::Fit | Standing::Absent => cause,
        };
        let until = Self::answers_until(out);
        let departure = Departure {
            amount: candidate.bond,
            until,
            cause,
        };
        Departures::<T>::insert(&who, departure);
        Self::forget_absences(&who);
        Self::deposit_event(Event::CandidateDeparted {
            candidate: who,
            cause,
            until,
        });
    }
}
