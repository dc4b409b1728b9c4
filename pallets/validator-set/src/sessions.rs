//! Sessions: who sits in the one that is planned, and what becomes out of date.

use crate::{
    Candidates, Cause, Config, Departures, Event, KeysInUse, MAX_VALIDATORS, Pallet, Penalties,
    Settings, Standing, rules::Member,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use ergon_primitives::{AccountId, BlockNumber};
use frame_support::{
    BoundedVec,
    traits::{ConstU32, Get},
};
use pallet_session::historical;
use sp_runtime::traits::Convert;
use sp_staking::{SessionIndex, offence::OffenceSeverity};

/// Length of a session in blocks, at least 1, for the session pallet's `PeriodicSessions`.
pub struct SessionLength<T>(PhantomData<T>);

impl<T: Config> Get<BlockNumber> for SessionLength<T> {
    fn get() -> BlockNumber {
        Settings::<T>::get().session_length.max(1)
    }
}

/// A validator is identified by its account alone.
pub struct NoIdentification;

impl Convert<AccountId, Option<()>> for NoIdentification {
    fn convert(_validator: AccountId) -> Option<()> {
        Some(())
    }
}

impl<T: Config> pallet_session::SessionManager<AccountId> for Pallet<T> {
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        Self::plan_session(index)
    }

    fn start_session(index: SessionIndex) {
        Self::open_session(index);
    }

    fn end_session(_index: SessionIndex) {
        Self::close_session();
    }
}

impl<T: Config> historical::SessionManager<AccountId, ()> for Pallet<T> {
    fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        let validators = Self::plan_session(index)?;
        Some(validators.into_iter().map(|who| (who, ())).collect())
    }

    fn start_session(index: SessionIndex) {
        Self::open_session(index);
    }

    fn end_session(_index: SessionIndex) {
        Self::close_session();
    }
}

impl<T: Config> Pallet<T> {
    /// Seats the members. None when the same validators go on with the same keys: then finality
    /// needs no new set. None also when nobody could sit: the chain goes on with those it has.
    fn plan_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        let planned = Self::planned();
        if planned.is_empty() {
            return None;
        }
        Self::announce_unfit(&planned);
        Self::send_off_unfit(&planned, index);
        let validators: Vec<AccountId> = planned.into_iter().map(|member| member.account).collect();
        (!Self::is_unchanged(&validators, index)).then_some(validators)
    }

    /// Whether the session that has begun, with the keys in use, can go on as the planned one.
    fn is_unchanged(validators: &[AccountId], index: SessionIndex) -> bool {
        let next: Vec<_> = validators
            .iter()
            .filter_map(|validator| {
                let keys = pallet_session::Pallet::<T>::load_keys(validator)?;
                Some((validator.clone(), keys))
            })
            .collect();
        // The root of keys of an unchanged session is a copy of the one before; there must be one.
        let has_root = index
            .checked_sub(1)
            .is_some_and(historical::HistoricalSessions::<T>::contains_key);
        has_root && next == pallet_session::QueuedKeys::<T>::get()
    }

    fn announce_unfit(planned: &[Member]) {
        let count = planned.iter().filter(|member| !member.is_fit()).count() as u32;
        if count > 0 {
            Self::deposit_event(Event::UnfitSeated { count });
        }
    }

    /// Ends the candidacy of absent ones and offenders that the planned session does not need.
    fn send_off_unfit(planned: &[Member], index: SessionIndex) {
        let unfit: Vec<AccountId> = Candidates::<T>::iter()
            .filter(|(_, candidate)| candidate.standing != Standing::Fit)
            .map(|(who, _)| who)
            .filter(|who| planned.iter().all(|member| member.account != *who))
            .collect();
        for who in unfit {
            Self::send_off(who, Cause::Absent, index);
        }
    }

    fn open_session(index: SessionIndex) {
        // What was queued until now begins; what comes after it is queued later.
        let keys: BoundedVec<_, ConstU32<MAX_VALIDATORS>> =
            BoundedVec::truncate_from(pallet_session::QueuedKeys::<T>::get());
        KeysInUse::<T>::put(keys);
        Self::keep_offenders_disabled();
        Self::forget_before(index);
    }

    /// A session with other validators begins with all of them enabled.
    fn keep_offenders_disabled() {
        for validator in pallet_session::Validators::<T>::get() {
            if Self::is_offender(&validator) {
                let severity = OffenceSeverity::max_severity();
                pallet_session::Pallet::<T>::report_offence(validator, severity);
            }
        }
    }

    /// Whether an offence speaks against this validator, which may have left meanwhile.
    fn is_offender(who: &AccountId) -> bool {
        match Self::standing_of(who) {
            Some(standing) => standing == Standing::Offender,
            None => {
                Departures::<T>::get(who).is_some_and(|departure| departure.cause == Cause::Offence)
            }
        }
    }

    /// Forgets what can be reported no more.
    fn forget_before(index: SessionIndex) {
        let Some(oldest) = index.checked_sub(Settings::<T>::get().bonding_duration) else {
            return;
        };
        historical::Pallet::<T>::prune_up_to(oldest);
        if let Some(expired) = oldest.checked_sub(1) {
            // A session has no more validators than this, and each at most one penalty.
            let _ = Penalties::<T>::clear_prefix(expired, MAX_VALIDATORS, None);
        }
    }
}
