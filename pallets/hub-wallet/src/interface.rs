//! What others see of hubs, and what hubs ask of others.

use crate::{Bindings, Config, Hubs, Pallet, wallet_account};
use ergon_primitives::{AccountId, HubPhase, PoolId, traits};

/// Knows who operates a worker pool.
pub trait PoolOwners {
    /// The operator now; none when there is no such pool.
    fn owner(pool: PoolId) -> Option<AccountId>;

    /// Makes a pool for a benchmark.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId) -> PoolId;
}

impl<Registry: traits::Registry> PoolOwners for Registry {
    fn owner(pool: PoolId) -> Option<AccountId> {
        Registry::pool(pool).map(|terms| terms.owner)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId) -> PoolId {
        Registry::benchmark_pool(owner, core::slice::from_ref(owner))
    }
}

impl<T: Config> traits::Hubs for Pallet<T> {
    fn is_barred(who: &AccountId) -> bool {
        Hubs::<T>::get(who).is_some_and(|hub| matches!(hub.phase, HubPhase::Punished { .. }))
    }

    fn is_matchable(pool: PoolId) -> bool {
        let operator = T::PoolOwners::owner(pool);
        let phase = operator
            .as_ref()
            .and_then(Hubs::<T>::get)
            .map(|hub| hub.phase);
        match Bindings::<T>::get(pool) {
            Some(binding) => {
                operator == Some(binding.hub) && phase.is_some_and(HubPhase::is_registered)
            }
            None => !phase.is_some_and(HubPhase::is_accused),
        }
    }

    fn wallet(pool: PoolId, operator: &AccountId) -> Option<AccountId> {
        Bindings::<T>::get(pool)
            .filter(|binding| binding.hub == *operator)
            .map(|binding| wallet_account(&binding.hub))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_bind(pool: PoolId, operator: &AccountId) {
        crate::benchmarking::bind::<T>(pool, operator);
    }
}
