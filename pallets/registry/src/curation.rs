//! Curation: owners propose their apps, governance approves or revokes them.
//!
//! A proposal and an approval belong to a registered app and go with it. A revocation belongs to the
//! identifier: it outlives the removal, so that its owner does not get rid of it by registering the
//! app again. The same content registered by another account is another app, unreviewed: those who
//! want to be safe from it ask for approved apps only.

use crate::{Apps, Config, Curations, Error, Event, Pallet, Verdict};
use ergon_primitives::{AccountId, AppId, Curation};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    /// See [`Pallet::propose_app`].
    pub(crate) fn do_propose_app(who: AccountId, id: AppId, document: H256) -> DispatchResult {
        Self::app_of(&who, id)?;
        match Curations::<T>::get(id) {
            Some(Curation::Revoked { .. }) => return Err(Error::<T>::AppRevoked.into()),
            Some(Curation::Approved(_)) => return Err(Error::<T>::AlreadyApproved.into()),
            Some(Curation::Proposed(_)) | None => {}
        }

        Curations::<T>::insert(id, Curation::Proposed(document));

        Self::deposit_event(Event::AppProposed { app: id, document });
        Ok(())
    }

    /// See [`Pallet::curate_app`].
    pub(crate) fn do_curate_app(id: AppId, verdict: Verdict) -> DispatchResult {
        let curation = match verdict {
            Verdict::Approve(document) => {
                Self::ensure_proposed(id, document)?;
                Some(Curation::Approved(document))
            }
            Verdict::Revoke { harmful } => Some(Curation::Revoked { harmful }),
            Verdict::Clear => {
                ensure!(Curations::<T>::contains_key(id), Error::<T>::NotCurated);
                None
            }
        };

        Curations::<T>::set(id, curation);

        Self::deposit_event(Event::AppCurated { app: id, curation });
        Ok(())
    }

    /// Forgets a proposal or an approval; a revocation stays.
    pub(crate) fn forget_merits(id: AppId) {
        if !matches!(Curations::<T>::get(id), Some(Curation::Revoked { .. })) {
            Curations::<T>::remove(id);
        }
    }

    /// Refuses a document that the app's owner did not propose.
    fn ensure_proposed(id: AppId, document: H256) -> DispatchResult {
        ensure!(Apps::<T>::contains_key(id), Error::<T>::NoSuchApp);
        match Curations::<T>::get(id) {
            Some(Curation::Proposed(known) | Curation::Approved(known)) if known == document => {
                Ok(())
            }
            Some(Curation::Revoked { .. }) => Err(Error::<T>::AppRevoked.into()),
            _ => Err(Error::<T>::NotProposed.into()),
        }
    }
}
