//! Who may contribute where the pool schedules: the authoriser's word, and its withdrawal.

use crate::{
    Config, Error, Event, MAX_REVOKED, Pallet, Revocations, Revoked, contribute::Voter, desk::Desk,
};
use ergon_primitives::{
    AccountId, Authorisation, BlockNumber, DealId, DealStatus, PoolId, Scheduling, Signature,
    TaskIndex, authorisation_message,
    traits::{Deals, Registry},
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_runtime::traits::{Verify, Zero};

impl<T: Config> Desk<T> {
    /// Whether the worker may contribute to the task as far as the pool's scheduling goes; whether
    /// its authorisation is authentic is left to [`Self::ensure_authentic`]. In an open pool every
    /// member may, and an authorisation says nothing.
    pub(crate) fn ensure_authorised(
        &self,
        voter: &mut Voter,
        index: TaskIndex,
    ) -> Result<(), Error<T>> {
        if self.deal.scheduling == Scheduling::Open {
            return Ok(());
        }
        let given = voter.authorisation.as_ref();
        let given = given.ok_or(Error::<T>::NotAuthorised)?;
        ensure!(covers(given, index), Error::<T>::NotAuthorised);
        ensure!(is_valid(given, self.now), Error::<T>::AuthorisationExpired);
        self.ensure_not_revoked(voter)
    }

    /// Whether the pool has left the worker its authorisations for the deal.
    pub(crate) fn ensure_not_revoked(&self, voter: &mut Voter) -> Result<(), Error<T>> {
        let worker = &voter.worker;
        let is_revoked = *voter
            .is_revoked
            .get_or_insert_with(|| Revoked::<T>::contains_key(self.id, worker));
        ensure!(!is_revoked, Error::<T>::AuthorisationRevoked);
        Ok(())
    }

    /// Whether the worker's authorisation, where one is needed, is the authoriser's word about this
    /// worker and deal.
    pub(crate) fn ensure_authentic(&self, voter: &mut Voter) -> Result<(), Error<T>> {
        if self.deal.scheduling == Scheduling::Open {
            return Ok(());
        }
        let (worker, given) = (&voter.worker, voter.authorisation.as_ref());
        let is_authentic = *voter
            .is_authentic
            .get_or_insert_with(|| given.is_some_and(|given| self.is_authentic(worker, given)));
        ensure!(is_authentic, Error::<T>::NotAuthorised);
        Ok(())
    }

    fn is_authentic(&self, worker: &AccountId, given: &Authorisation) -> bool {
        let range = (given.first, given.last);
        let genesis = Pallet::<T>::genesis();
        let message = authorisation_message(genesis, worker, self.id, range, given.valid_until);
        self.has_signed(message, &given.signature)
    }

    /// Whether the pool's authoriser of this block signed the message.
    pub(crate) fn has_signed(&self, message: H256, signature: &Signature) -> bool {
        T::Registry::authoriser(self.deal.pool)
            .is_some_and(|authoriser| signature.verify(message.as_bytes(), &authoriser))
    }
}

impl<T: Config> Pallet<T> {
    /// Hash of the chain's first block, which tells chains apart.
    pub(crate) fn genesis() -> H256 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
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
