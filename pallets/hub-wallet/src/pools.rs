//! Binding of worker pools to hubs.

use crate::{Binding, Bindings, Config, Error, Event, HoldReason, Hubs, Pallet, PoolOwners, money};
use ergon_primitives::{AccountId, BlockNumber, HubPhase, PoolId, traits};
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_bind_pool(owner: AccountId, pool: PoolId) -> DispatchResult {
        let operator = T::PoolOwners::owner(pool).ok_or(Error::<T>::NoSuchPool)?;
        ensure!(operator == owner, Error::<T>::NotPoolOwner);
        let hub = Self::hub_of(&owner)?;
        ensure!(hub.phase.is_registered(), Error::<T>::WrongPhase);
        ensure!(!Bindings::<T>::contains_key(pool), Error::<T>::AlreadyBound);

        let deposit = money::binding_deposit();
        Self::take_deposit(HoldReason::Binding, &owner, deposit)?;
        let binding = Binding {
            hub: owner.clone(),
            deposit,
        };
        Bindings::<T>::insert(pool, binding);
        Self::deposit_event(Event::PoolBound { pool, owner });
        Ok(())
    }

    pub(crate) fn do_unbind_pool(who: AccountId, pool: PoolId) -> DispatchResult {
        let binding = Bindings::<T>::get(pool).ok_or(Error::<T>::NotBound)?;
        Self::ensure_may_unbind(&who, pool, &binding)?;
        let lets_go =
            Hubs::<T>::get(&binding.hub).is_none_or(|hub| lets_pools_go(hub.phase, Self::now()));
        ensure!(lets_go, Error::<T>::WrongPhase);

        Bindings::<T>::remove(pool);
        Self::give_back(HoldReason::Binding, &binding.hub, binding.deposit)?;
        Self::deposit_event(Event::PoolUnbound {
            pool,
            owner: binding.hub,
        });
        Ok(())
    }

    /// The operator may, unless it is banned; for a pool that is gone, the hub's owner.
    fn ensure_may_unbind(who: &AccountId, pool: PoolId, binding: &Binding) -> DispatchResult {
        let Some(operator) = T::PoolOwners::owner(pool) else {
            ensure!(*who == binding.hub, Error::<T>::NotPoolOwner);
            return Ok(());
        };
        ensure!(*who == operator, Error::<T>::NotPoolOwner);
        ensure!(!<Self as traits::Hubs>::is_barred(who), Error::<T>::Barred);
        Ok(())
    }
}

/// Whether a hub's pools can be unbound: not while there is judgement to dodge. A hub that could
/// settle but does not cannot keep the pool of a new operator.
fn lets_pools_go(phase: HubPhase, now: BlockNumber) -> bool {
    match phase {
        HubPhase::Registered { .. } | HubPhase::Idle | HubPhase::Punished { .. } => true,
        HubPhase::Leaving { until } => now >= until,
        HubPhase::Created | HubPhase::Suspected { .. } => false,
    }
}
