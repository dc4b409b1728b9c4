//! Worker pools.

use crate::{
    AccessLists, Config, Error, Event, Pallet, PolicyFlaw, Pools, policy_flaw, pool_deposit,
    pool_id,
};
use ergon_primitives::{Access, AccountId, Pool, PoolId, PoolPolicy, traits::Hubs as _};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
};

impl<T: Config> Pallet<T> {
    /// See [`Pallet::register_pool`].
    pub(crate) fn do_register_pool(pool: Pool) -> DispatchResult {
        let owner = pool.owner.clone();
        let id = pool_id(&owner, &pool.description);
        ensure!(!T::Hubs::is_barred(&owner), Error::<T>::Barred);
        Self::ensure_good_policy(&pool.policy)?;
        ensure!(!Pools::<T>::contains_key(id), Error::<T>::AlreadyRegistered);
        Self::ensure_not_buried(id.0)?;

        Self::take_deposit(id.0, &owner, pool_deposit(&pool))?;
        Self::unearth(id.0);
        Pools::<T>::insert(id, pool);

        Self::deposit_event(Event::PoolRegistered { pool: id, owner });
        Ok(())
    }

    /// See [`Pallet::update_pool`].
    pub(crate) fn do_update_pool(who: AccountId, id: PoolId, policy: PoolPolicy) -> DispatchResult {
        let pool = Pool {
            policy,
            ..Self::pool_of(&who, id)?
        };
        Self::ensure_good_policy(&policy)?;

        Self::renew_deposit(id.0, &who, pool_deposit(&pool))?;
        Pools::<T>::insert(id, pool);

        Self::deposit_event(Event::PoolUpdated { pool: id });
        Ok(())
    }

    /// See [`Pallet::transfer_pool`].
    pub(crate) fn do_transfer_pool(who: AccountId, id: PoolId, to: AccountId) -> DispatchResult {
        let pool = Self::pool_of(&who, id)?;
        ensure!(T::Hubs::is_matchable(id), Error::<T>::HubNotFree);

        Pools::<T>::insert(
            id,
            Pool {
                owner: to.clone(),
                ..pool
            },
        );

        Self::deposit_event(Event::PoolTransferred {
            pool: id,
            from: who,
            to,
        });
        Ok(())
    }

    /// See [`Pallet::remove_pool`].
    pub(crate) fn do_remove_pool(who: AccountId, id: PoolId) -> DispatchResult {
        Self::pool_of(&who, id)?;
        Self::ensure_unused(id.0)?;

        Pools::<T>::remove(id);
        Self::return_deposit(id.0)?;
        Self::bury(id.0);

        Self::deposit_event(Event::PoolRemoved { pool: id });
        Ok(())
    }

    /// See [`Pallet::set_authoriser`].
    pub(crate) fn do_set_authoriser(
        who: AccountId,
        id: PoolId,
        authoriser: AccountId,
    ) -> DispatchResult {
        let pool = Self::pool_of(&who, id)?;

        Pools::<T>::insert(
            id,
            Pool {
                authoriser: authoriser.clone(),
                ..pool
            },
        );

        Self::deposit_event(Event::AuthoriserSet {
            pool: id,
            authoriser,
        });
        Ok(())
    }

    /// The pool, if it is `who`'s.
    fn pool_of(who: &AccountId, id: PoolId) -> Result<Pool, DispatchError> {
        let pool = Pools::<T>::get(id).ok_or(Error::<T>::NoSuchPool)?;
        ensure!(&pool.owner == who, Error::<T>::NotOwner);
        Ok(pool)
    }

    fn ensure_good_policy(policy: &PoolPolicy) -> DispatchResult {
        if let Some(flaw) = policy_flaw(policy) {
            return Err(Error::<T>::from(flaw).into());
        }
        if let Access::Private(list) = policy.access {
            ensure!(AccessLists::<T>::contains_key(list), Error::<T>::NoSuchList);
        }
        Ok(())
    }
}

impl<T> From<PolicyFlaw> for Error<T> {
    fn from(flaw: PolicyFlaw) -> Self {
        match flaw {
            PolicyFlaw::StakeRatioTooHigh => Self::StakeRatioTooHigh,
            PolicyFlaw::RewardRatioTooHigh => Self::RewardRatioTooHigh,
            PolicyFlaw::NoParallelism => Self::NoParallelism,
            PolicyFlaw::OpenAndPublic => Self::OpenPoolMustBePrivate,
        }
    }
}
