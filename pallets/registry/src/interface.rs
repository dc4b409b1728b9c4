//! What other pallets see of the registry.

#[cfg(feature = "runtime-benchmarks")]
use crate::benchmarking;
use crate::{Apps, Categories, Config, ListMembers, Pallet, Pools};
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppTerms, CategoryId, CategoryTerms, PoolId, PoolTerms,
    traits::Registry,
};

impl<T: Config> Registry for Pallet<T> {
    fn app(id: AppId) -> Option<AppTerms> {
        Apps::<T>::get(id).map(|app| AppTerms { owner: app.owner })
    }

    fn pool(id: PoolId) -> Option<PoolTerms> {
        Pools::<T>::get(id).map(|pool| PoolTerms {
            owner: pool.owner,
            policy: pool.policy,
        })
    }

    fn category(id: CategoryId) -> Option<CategoryTerms> {
        Categories::<T>::get(id).map(|category| CategoryTerms {
            id,
            work_time: category.work_time,
        })
    }

    fn admits(list: AccessListId, who: &AccountId) -> bool {
        // A list is deleted only without members, so a member proves that the list exists.
        ListMembers::<T>::contains_key(list, who)
    }

    fn admits_worker(pool: PoolId, owner: &AccountId) -> Option<bool> {
        let Access::Private(list) = Pools::<T>::get(pool)?.policy.access;
        Some(Self::admits(list, owner))
    }

    fn retain(app: AppId, pool: PoolId) {
        Self::add_use(app.0);
        Self::add_use(pool.0);
    }

    fn release(app: AppId, pool: PoolId) {
        Self::remove_use(app.0);
        Self::remove_use(pool.0);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(owner: &AccountId) -> AppId {
        benchmarking::make_app::<T>(owner)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId, workers: &[AccountId]) -> PoolId {
        benchmarking::make_pool::<T>(owner, workers)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_category(work_time: ergon_primitives::BlockNumber) -> CategoryId {
        benchmarking::make_category::<T>(work_time)
    }
}
