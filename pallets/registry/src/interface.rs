//! What other pallets see of the registry.

#[cfg(feature = "runtime-benchmarks")]
use crate::benchmarking;
use crate::{Apps, Categories, Config, Curations, Datasets, ListMembers, Pallet, Pools};
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppTerms, CategoryId, CategoryTerms, Curation,
    DatasetId, DatasetTerms, DealEntries, PoolId, PoolTerms, traits::Registry,
};
use sp_core::H256;

impl<T: Config> Registry for Pallet<T> {
    fn app(id: AppId) -> Option<AppTerms> {
        Apps::<T>::get(id).map(|app| AppTerms {
            owner: app.owner,
            kind: app.kind,
            curation: Curations::<T>::get(id),
            requirements: app.requirements,
        })
    }

    fn dataset(id: DatasetId) -> Option<DatasetTerms> {
        Datasets::<T>::get(id).map(|dataset| DatasetTerms {
            owner: dataset.owner,
            allowed_apps: dataset.allowed_apps,
        })
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
        Some(match Pools::<T>::get(pool)?.policy.access {
            Access::Public => true,
            Access::Private(list) => Self::admits(list, owner),
        })
    }

    fn authoriser(pool: PoolId) -> Option<AccountId> {
        Pools::<T>::get(pool).map(|pool| pool.authoriser)
    }

    fn is_harmful(app: AppId) -> bool {
        Curations::<T>::get(app) == Some(Curation::Revoked { harmful: true })
    }

    fn retain(entries: DealEntries) {
        hashes(entries).for_each(Self::add_use);
    }

    fn release(entries: DealEntries) {
        hashes(entries).for_each(Self::remove_use);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_app(owner: &AccountId, requirements: ergon_primitives::Requirements) -> AppId {
        benchmarking::make_app::<T>(owner, requirements)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_dataset(owner: &AccountId, app: AppId) -> DatasetId {
        benchmarking::make_dataset::<T>(owner, app)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_pool(owner: &AccountId, workers: &[AccountId]) -> PoolId {
        benchmarking::make_pool::<T>(owner, workers)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_authoriser(pool: PoolId, authoriser: &AccountId) {
        benchmarking::set_authoriser::<T>(pool, authoriser);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_harmful(app: AppId) {
        benchmarking::make_harmful::<T>(app);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_category(work_time: ergon_primitives::BlockNumber) -> CategoryId {
        benchmarking::make_category::<T>(work_time)
    }
}

/// Under which uses of the entries are counted.
fn hashes(entries: DealEntries) -> impl Iterator<Item = H256> {
    let dataset = entries.dataset.map(|dataset| dataset.0);
    [entries.app.0, entries.pool.0].into_iter().chain(dataset)
}
