//! Benchmarks of the calls, and what the benchmarks of other pallets need of the registry.

use crate::{
    AccessList, AccessLists, Apps, Call, Categories, Config, ListMembers, MAX_MEMBERS_PER_CALL,
    MemberBatch, NextCategory, Pallet, Pools, Tombstones, access_list_id, app_id, pool_id,
};
use alloc::{vec, vec::Vec};
use ergon_primitives::{
    Access, AccessListId, AccountId, App, AppId, AppKind, BlockNumber, CategoryId, Description,
    ERG, Locator, MAX_DESCRIPTION, MAX_LIST_MEMBERS, MAX_LOCATOR, MAX_NAME, MAX_ORDER_LIFE, Name,
    Pool, PoolId, PoolPolicy, Scheduling, domain_hash,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, fungible::Mutate};
use frame_system::RawOrigin;
use sp_core::H256;

/// Gives the account more than the benchmarks hold.
fn endow<T: Config>(who: &AccountId) {
    T::Currency::mint_into(who, 10_000 * ERG).expect("an account can be endowed");
}

/// An account with money.
fn endowed<T: Config>(name: &'static str) -> AccountId {
    let who: AccountId = account(name, 0, 0);
    endow::<T>(&who);
    who
}

/// An app of the largest size.
fn largest_app(owner: &AccountId) -> App {
    App {
        owner: owner.clone(),
        name: Name::truncate_from(vec![b'a'; MAX_NAME as usize]),
        kind: AppKind::Wasm,
        digest: H256::repeat_byte(1),
        locator: Locator::truncate_from(vec![b'l'; MAX_LOCATOR as usize]),
        metadata: Description::truncate_from(vec![b'm'; MAX_DESCRIPTION as usize]),
    }
}

fn policy(list: AccessListId) -> PoolPolicy {
    PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 1,
        access: Access::Private(list),
        scheduling: Scheduling::Open,
    }
}

/// Accounts number `from` and following, `length` of them.
fn batch(from: u32, length: u32) -> MemberBatch {
    let last = from.saturating_add(length);
    MemberBatch::truncate_from(
        (from..last)
            .map(|index| account("member", index, 0))
            .collect(),
    )
}

/// A list of the owner with these members, unless there is one already.
fn make_list<T: Config>(owner: &AccountId, members: &[AccountId]) -> AccessListId {
    let salt = domain_hash("benchmark list", &members);
    let id = access_list_id(owner, salt);
    if AccessLists::<T>::contains_key(id) {
        return id;
    }
    Pallet::<T>::do_create_list(owner.clone(), salt, MemberBatch::default())
        .expect("the owner is endowed");
    for part in members.chunks(MAX_MEMBERS_PER_CALL as usize) {
        Pallet::<T>::do_add_members(owner.clone(), id, MemberBatch::truncate_from(part.to_vec()))
            .expect("the owner is endowed and the list has room");
    }
    id
}

/// A list with all but `room` of the members it may have.
fn nearly_full_list<T: Config>(owner: &AccountId, room: u32) -> AccessListId {
    let size = MAX_LIST_MEMBERS.saturating_sub(room);
    let members: Vec<AccountId> = (0..size).map(|index| account("member", index, 0)).collect();
    make_list::<T>(owner, &members)
}

/// See `Registry::benchmark_app`.
pub(crate) fn make_app<T: Config>(owner: &AccountId) -> AppId {
    let app = largest_app(owner);
    let id = app_id(owner, app.kind, app.digest);
    if !Apps::<T>::contains_key(id) {
        endow::<T>(owner);
        Pallet::<T>::do_register_app(app).expect("the owner is endowed and the app is new");
    }
    id
}

/// See `Registry::benchmark_pool`.
pub(crate) fn make_pool<T: Config>(owner: &AccountId, workers: &[AccountId]) -> PoolId {
    let mut members = workers.to_vec();
    let fillers = (0..MAX_LIST_MEMBERS).map(|index| account("filler", index, 0));
    members.extend(fillers.take((MAX_LIST_MEMBERS as usize).saturating_sub(workers.len())));
    endow::<T>(owner);
    let list = make_list::<T>(owner, &members);

    let mut description = list.0.as_bytes().to_vec();
    description.resize(MAX_DESCRIPTION as usize, b'd');
    let description = Description::truncate_from(description);
    let id = pool_id(owner, &description);
    if !Pools::<T>::contains_key(id) {
        let pool = Pool {
            owner: owner.clone(),
            description,
            policy: policy(list),
        };
        Pallet::<T>::do_register_pool(pool).expect("the owner is endowed and the pool is new");
    }
    id
}

/// See `Registry::benchmark_category`.
pub(crate) fn make_category<T: Config>(work_time: BlockNumber) -> CategoryId {
    let name = Name::truncate_from(vec![b'c'; MAX_NAME as usize]);
    Pallet::<T>::do_create_category(name, work_time, u64::MAX, u64::MAX)
        .expect("the category is sound and a number is free")
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_app() {
        let owner = endowed::<T>("owner");
        let app = largest_app(&owner);
        let id = app_id(&owner, app.kind, app.digest);
        Tombstones::<T>::insert(id.0, 0);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner),
            app.name,
            app.kind,
            app.digest,
            app.locator,
            app.metadata,
        );

        assert!(Apps::<T>::contains_key(id));
        assert!(!Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn update_app() {
        let first = endowed::<T>("first owner");
        let owner = endowed::<T>("owner");
        let id = make_app::<T>(&first);
        Pallet::<T>::do_transfer_app(first, id, owner.clone()).expect("the app is the first's");
        let locator = Locator::truncate_from(vec![b'n'; MAX_LOCATOR as usize]);
        let metadata = Description::truncate_from(vec![b'n'; MAX_DESCRIPTION as usize]);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, locator.clone(), metadata);

        assert_eq!(Apps::<T>::get(id).map(|app| app.locator), Some(locator));
    }

    #[benchmark]
    fn transfer_app() {
        let owner = endowed::<T>("owner");
        let to = endowed::<T>("next owner");
        let id = make_app::<T>(&owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone());

        assert_eq!(Apps::<T>::get(id).map(|app| app.owner), Some(to));
    }

    #[benchmark]
    fn remove_app() {
        let first = endowed::<T>("first owner");
        let owner = endowed::<T>("owner");
        let id = make_app::<T>(&first);
        Pallet::<T>::do_transfer_app(first, id, owner.clone()).expect("the app is the first's");

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert!(!Apps::<T>::contains_key(id));
        assert!(Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn register_pool() {
        let owner = endowed::<T>("owner");
        let list = make_list::<T>(&owner, &[]);
        let description = Description::truncate_from(vec![b'd'; MAX_DESCRIPTION as usize]);
        let id = pool_id(&owner, &description);
        Tombstones::<T>::insert(id.0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), description, policy(list));

        assert!(Pools::<T>::contains_key(id));
        assert!(!Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn update_pool() {
        let first = endowed::<T>("first owner");
        let owner = endowed::<T>("owner");
        let id = make_pool::<T>(&first, &[]);
        Pallet::<T>::do_transfer_pool(first, id, owner.clone()).expect("the pool is the first's");
        let list = make_list::<T>(&owner, &[]);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, policy(list));

        assert_eq!(
            Pools::<T>::get(id).map(|pool| pool.policy),
            Some(policy(list))
        );
    }

    #[benchmark]
    fn transfer_pool() {
        let owner = endowed::<T>("owner");
        let to = endowed::<T>("next owner");
        let id = make_pool::<T>(&owner, &[]);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone());

        assert_eq!(Pools::<T>::get(id).map(|pool| pool.owner), Some(to));
    }

    #[benchmark]
    fn remove_pool() {
        let first = endowed::<T>("first owner");
        let owner = endowed::<T>("owner");
        let id = make_pool::<T>(&first, &[]);
        Pallet::<T>::do_transfer_pool(first, id, owner.clone()).expect("the pool is the first's");

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert!(!Pools::<T>::contains_key(id));
        assert!(Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn create_category() -> Result<(), BenchmarkError> {
        let origin =
            T::CategoryOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let name = Name::truncate_from(vec![b'c'; MAX_NAME as usize]);
        let id = NextCategory::<T>::get();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, name, 150, u64::MAX, u64::MAX);

        assert!(Categories::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn create_list(m: Linear<0, MAX_MEMBERS_PER_CALL>) {
        let owner = endowed::<T>("owner");
        let salt = H256::repeat_byte(2);
        let id = access_list_id(&owner, salt);
        Tombstones::<T>::insert(id.0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), salt, batch(0, m));

        assert_eq!(
            AccessLists::<T>::get(id),
            Some(AccessList { owner, members: m })
        );
    }

    #[benchmark]
    fn add_members(m: Linear<0, MAX_MEMBERS_PER_CALL>) {
        let owner = endowed::<T>("owner");
        let id = nearly_full_list::<T>(&owner, m);
        let size = MAX_LIST_MEMBERS.saturating_sub(m);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), id, batch(size, m));

        let members = MAX_LIST_MEMBERS;
        assert_eq!(
            AccessLists::<T>::get(id),
            Some(AccessList { owner, members })
        );
    }

    #[benchmark]
    fn remove_members(m: Linear<0, MAX_MEMBERS_PER_CALL>) {
        let owner = endowed::<T>("owner");
        let id = nearly_full_list::<T>(&owner, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, batch(0, m));

        let left = ListMembers::<T>::iter_key_prefix(id).count();
        assert_eq!(left, MAX_LIST_MEMBERS.saturating_sub(m) as usize);
    }

    #[benchmark]
    fn delete_list() {
        let owner = endowed::<T>("owner");
        let id = make_list::<T>(&owner, &[]);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert!(!AccessLists::<T>::contains_key(id));
        assert!(Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn prune_tombstone() {
        let owner = endowed::<T>("owner");
        let id = make_app::<T>(&owner);
        Pallet::<T>::do_remove_app(owner.clone(), id).expect("the app is the owner's");
        frame_system::Pallet::<T>::set_block_number((MAX_ORDER_LIFE + 10).into());

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id.0);

        assert!(!Tombstones::<T>::contains_key(id.0));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
