//! Membership of pools.

use crate::{Bonds, Config, Error, Event, Pallet, PoolMembers};
use ergon_primitives::{
    AccountId, Bond, Membership, PoolId,
    traits::{Hubs as _, Registry as _},
};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_join(owner: AccountId, worker: AccountId, pool: PoolId) -> DispatchResult {
        ensure!(!T::Hubs::is_barred(&owner), Error::<T>::Barred);
        let bond = Self::owned_bond(&owner, &worker)?;
        ensure!(bond.membership.is_none(), Error::<T>::AlreadyMember);
        ensure!(
            bond.amount >= T::MinimumBond::get(),
            Error::<T>::BelowMinimum
        );
        let admitted = T::Registry::admits_worker(pool, &owner).ok_or(Error::<T>::NoSuchPool)?;
        ensure!(admitted, Error::<T>::NotAdmitted);

        let membership = Some(Membership {
            pool,
            since: Self::now(),
        });
        Bonds::<T>::insert(&worker, Bond { membership, ..bond });
        PoolMembers::<T>::insert(pool, &worker, ());
        Self::deposit_event(Event::Joined { worker, pool });
        Ok(())
    }

    pub(crate) fn do_leave(owner: AccountId, worker: AccountId) -> DispatchResult {
        let bond = Self::owned_bond(&owner, &worker)?;
        let membership = bond.membership.ok_or(Error::<T>::NotAMember)?;
        ensure!(bond.locked == 0, Error::<T>::StakeLocked);

        Bonds::<T>::insert(
            &worker,
            Bond {
                membership: None,
                ..bond
            },
        );
        Self::take_out_of_pool(&worker, membership.pool);
        Ok(())
    }

    /// Takes the machine off the pool's list and says so.
    pub(crate) fn take_out_of_pool(worker: &AccountId, pool: PoolId) {
        PoolMembers::<T>::remove(pool, worker);
        Self::deposit_event(Event::Left {
            worker: worker.clone(),
            pool,
        });
    }
}
