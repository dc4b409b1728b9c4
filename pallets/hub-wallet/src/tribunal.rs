//! Judgement: suspicion, its end, the ban, and what becomes of the money.

use crate::{
    Cases, Config, Error, Event, Hub, Hubs, Pallet, Parameters, Quarantine, quarantine_account,
};
use ergon_primitives::{AccountId, BlockNumber, Case, Decision, HubPhase, Judge};
use frame_support::{
    ensure,
    pallet_prelude::DispatchResult,
    traits::{EnsureOrigin, Get},
};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_core::H256;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Lets only a referendum of the tribunal pass.
    pub(crate) fn ensure_referendum(origin: OriginFor<T>) -> DispatchResult {
        let judge = T::TribunalOrigin::ensure_origin(origin)?;
        ensure!(judge == Judge::Referendum, Error::<T>::OnlyReferendum);
        Ok(())
    }

    /// Whether a referendum of the tribunal speaks. The collective and whoever signs may do no more
    /// than anyone.
    pub(crate) fn judged_or_signed(origin: OriginFor<T>) -> Result<bool, DispatchError> {
        match T::TribunalOrigin::try_origin(origin) {
            Ok(judge) => Ok(judge == Judge::Referendum),
            Err(origin) => ensure_signed(origin).map(|_| false).map_err(Into::into),
        }
    }

    pub(crate) fn do_suspect(judge: Judge, owner: AccountId, document: H256) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        if let Some(case) = Self::open_case(&owner, &hub) {
            if Self::now() < case.until() {
                return Self::confirm(judge, owner, case, document);
            }
            // It is over, only nobody has said so: it cannot shield the hub from a new one.
            Self::end_suspicion(&owner, &mut hub, case, false);
        }
        Self::accuse(judge, owner, hub, document)
    }

    /// The case of a suspected hub.
    fn open_case(owner: &AccountId, hub: &Hub) -> Option<Case> {
        match hub.phase {
            HubPhase::Suspected { .. } => Cases::<T>::get(owner),
            _ => None,
        }
    }

    /// Opens a case.
    fn accuse(judge: Judge, owner: AccountId, mut hub: Hub, document: H256) -> DispatchResult {
        ensure!(
            matches!(
                hub.phase,
                HubPhase::Registered { .. } | HubPhase::Leaving { .. } | HubPhase::Idle
            ),
            Error::<T>::WrongPhase
        );
        let now = Self::now();
        let case = Self::new_case(judge, document, now);
        if judge == Judge::Collective {
            ensure!(now >= hub.collective_from, Error::<T>::CollectiveMustWait);
            hub.collective_from = case.expires;
        }

        Self::enter(&mut hub, HubPhase::Suspected { since: now });
        Self::lose_trust(&owner, &mut hub);
        Cases::<T>::insert(&owner, case);
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::Suspected {
            owner,
            document,
            by: judge,
        });
        Ok(())
    }

    fn new_case(by: Judge, document: H256, opened: BlockNumber) -> Case {
        let limits = Parameters::<T>::get();
        Case {
            document,
            opened,
            by,
            confirmed: None,
            ban_from: opened.saturating_add(limits.ban_period),
            lapses: opened.saturating_add(limits.lapse_period),
            expires: opened.saturating_add(limits.rehabilitation_period),
            decision: None,
        }
    }

    /// Puts a referendum behind the collective's case. The voters' document takes the place of the
    /// collective's, so that no paper of the collective's can keep them from their own; the
    /// periods of the case run on.
    fn confirm(judge: Judge, owner: AccountId, mut case: Case, document: H256) -> DispatchResult {
        ensure!(
            judge == Judge::Referendum && !case.is_confirmed(),
            Error::<T>::AlreadySuspected
        );

        case.document = document;
        case.confirmed = Some(Self::now());
        Cases::<T>::insert(&owner, case);
        Self::deposit_event(Event::SuspicionConfirmed { owner, document });
        Ok(())
    }

    /// Frees a suspected hub, judged innocent or not judged in time. The caller stores the hub.
    fn end_suspicion(owner: &AccountId, hub: &mut Hub, mut case: Case, judged: bool) {
        let at = Self::now();
        let decision = if judged {
            Decision::Rehabilitated { at }
        } else {
            Decision::Lapsed { at }
        };
        case.decision = Some(decision);
        Cases::<T>::insert(owner, case);
        hub.frozen = 0;
        hub.locked = 0;
        Self::enter(hub, HubPhase::Idle);
        Self::deposit_event(Event::Freed {
            owner: owner.clone(),
            decision,
        });
    }

    pub(crate) fn do_rehabilitate(judged: bool, owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let case = Self::open_case(&owner, &hub).ok_or(Error::<T>::WrongPhase)?;
        ensure!(judged || Self::now() >= case.until(), Error::<T>::TooEarly);

        Self::end_suspicion(&owner, &mut hub, case, judged);
        Hubs::<T>::insert(&owner, hub);
        Ok(())
    }

    pub(crate) fn do_ban(owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let mut case = Self::open_case(&owner, &hub).ok_or(Error::<T>::WrongPhase)?;
        ensure!(case.is_confirmed(), Error::<T>::NotConfirmed);
        let now = Self::now();
        ensure!(now >= case.ban_from, Error::<T>::TooEarly);

        hub.frozen = 0;
        hub.locked = 0;
        let phase = HubPhase::Punished {
            since: now,
            suspected: case.opened,
        };
        Self::enter(&mut hub, phase);
        case.decision = Some(Decision::Banned { at: now });
        Cases::<T>::insert(&owner, case);
        Hubs::<T>::insert(&owner, &hub);
        Self::deposit_event(Event::Banned {
            owner: owner.clone(),
            document: case.document,
        });
        Self::expropriate(&owner, &hub)?;
        Ok(())
    }

    pub(crate) fn do_sweep(owner: AccountId) -> DispatchResult {
        let hub = Self::hub_of(&owner)?;
        ensure!(
            matches!(hub.phase, HubPhase::Punished { .. }),
            Error::<T>::WrongPhase
        );
        let swept = Self::expropriate(&owner, &hub)?;
        ensure!(swept > 0, Error::<T>::NothingToSweep);
        Ok(())
    }

    pub(crate) fn do_release_quarantine(id: u64) -> DispatchResult {
        let expropriation = Quarantine::<T>::get(id).ok_or(Error::<T>::NoSuchExpropriation)?;
        ensure!(Self::now() >= expropriation.until, Error::<T>::TooEarly);

        Quarantine::<T>::remove(id);
        let treasury = T::Treasury::get();
        let amount = Self::send(&quarantine_account(), &treasury, expropriation.amount)?;
        Self::deposit_event(Event::QuarantineReleased { id, amount });
        Ok(())
    }

    pub(crate) fn do_set_trusted(owner: AccountId, trusted: bool) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        ensure!(hub.phase.is_registered(), Error::<T>::WrongPhase);

        hub.trusted = trusted;
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::TrustSet { owner, trusted });
        Ok(())
    }
}
