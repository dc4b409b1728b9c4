//! Who may contribute where the pool schedules: the authoriser's word, and its withdrawal.

use crate::{Config, Error, Event, MAX_REVOKED, Pallet, Revocations, Revoked};
use ergon_primitives::{
    AccountId, Authorisation, BlockNumber, Deal, DealId, DealStatus, PoolId, Scheduling, TaskIndex,
    authorisation_message,
    traits::{Deals, Registry},
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::{Verify, Zero};

impl<T: Config> Pallet<T> {
    /// Whether the worker may contribute to the task as far as the pool's scheduling goes. In an
    /// open pool every member may, and an authorisation says nothing.
    pub(crate) fn ensure_authorised(
        deal: &Deal,
        id: DealId,
        index: TaskIndex,
        worker: &AccountId,
        authorisation: Option<&Authorisation>,
    ) -> Result<(), Error<T>> {
        if deal.scheduling == Scheduling::Open {
            return Ok(());
        }
        let given = authorisation.ok_or(Error::<T>::NotAuthorised)?;
        ensure!(covers(given, index), Error::<T>::NotAuthorised);
        ensure!(
            is_valid(given, Self::now()),
            Error::<T>::AuthorisationExpired
        );
        ensure!(
            !Revoked::<T>::contains_key(id, worker),
            Error::<T>::AuthorisationRevoked
        );
        ensure!(
            Self::is_authentic(deal, id, worker, given),
            Error::<T>::NotAuthorised
        );
        Ok(())
    }

    /// Whether the pool's authoriser of this block signed the authorisation for this worker and
    /// deal.
    fn is_authentic(deal: &Deal, id: DealId, worker: &AccountId, given: &Authorisation) -> bool {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let range = (given.first, given.last);
        let message = authorisation_message(genesis, worker, id, range, given.valid_until);
        T::Registry::authoriser(deal.pool)
            .is_some_and(|authoriser| given.signature.verify(message.as_bytes(), &authoriser))
    }

    /// Withdraws every authorisation of the worker for the deal, those to come included.
    pub(crate) fn do_revoke(who: AccountId, id: DealId, worker: AccountId) -> DispatchResult {
        let deal = T::Deals::deal(id).ok_or(Error::<T>::NoSuchDeal)?;
        ensure!(
            Self::schedules(&who, deal.pool),
            Error::<T>::NotTheAuthoriser
        );
        ensure!(
            deal.scheduling == Scheduling::Authorised,
            Error::<T>::OpenToAllMembers
        );
        let is_open = T::Deals::status(id) == Some(DealStatus::Open);
        ensure!(is_open, Error::<T>::DealEnded);
        ensure!(
            !Revoked::<T>::contains_key(id, &worker),
            Error::<T>::AlreadyRevoked
        );
        let count = Revocations::<T>::get(id);
        ensure!(count < MAX_REVOKED, Error::<T>::TooManyRevoked);

        Revocations::<T>::insert(id, count.saturating_add(1));
        Revoked::<T>::insert(id, &worker, ());
        Self::deposit_event(Event::WorkerRevoked { deal: id, worker });
        Ok(())
    }

    /// Whether the account decides who works in the pool: its authoriser or its owner.
    fn schedules(who: &AccountId, pool: PoolId) -> bool {
        let is_authoriser = T::Registry::authoriser(pool).as_ref() == Some(who);
        is_authoriser || T::Registry::pool(pool).is_some_and(|pool| pool.owner == *who)
    }
}

/// Whether the index is in the authorisation's range, both ends included.
fn covers(given: &Authorisation, index: TaskIndex) -> bool {
    (given.first..=given.last).contains(&index)
}

/// Whether the authorisation's last block has not passed.
fn is_valid(given: &Authorisation, now: BlockNumber) -> bool {
    now <= given.valid_until
}
