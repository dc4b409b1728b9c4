//! Benchmarks of the calls, and what the benchmarks of other pallets need of the registry.

use crate::{
    AccessList, AccessLists, Apps, Burials, Call, Categories, Config, Curations, Datasets,
    ListMembers, MAX_MEMBERS_PER_CALL, MemberBatch, NextCategory, Pallet, Pools, Tombstones,
    Verdict, access_list_id, app_id, dataset_id, pool_id,
};
use alloc::{format, string::String, vec, vec::Vec};
use ergon_matchmaking::Expression;
use ergon_primitives::{
    Access, AccessListId, AccountId, AllowedApps, App, AppId, AppKind, BlockNumber, CategoryId,
    Curation, Dataset, DatasetId, Description, Due, ERG, Locator, MAX_ALLOWED_APPS,
    MAX_DESCRIPTION, MAX_LIST_MEMBERS, MAX_LOCATOR, MAX_NAME, MAX_ORDER_LIFE, MAX_OUTPUT_FILES,
    MAX_OUTPUT_PATH, Name, OutputFiles, Pool, PoolId, PoolPolicy, Requirements, Scheduling,
    domain_hash, write_requirements,
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{EnsureOrigin, fungible::Mutate},
    weights::Weight,
};
use frame_system::RawOrigin;
use sp_core::H256;
use sp_runtime::BoundedVec;

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

fn longest_name() -> Name {
    Name::truncate_from(vec![b'n'; MAX_NAME as usize])
}

fn longest_locator(letter: u8) -> Locator {
    Locator::truncate_from(vec![letter; MAX_LOCATOR as usize])
}

fn longest_description(letter: u8) -> Description {
    Description::truncate_from(vec![letter; MAX_DESCRIPTION as usize])
}

/// A conjunction of this many conditions, nested as flat as possible.
fn conditions(count: u32) -> String {
    if count <= 1 {
        return "TARGET.m >= 1".into();
    }
    let half = count / 2;
    let rest = count.saturating_sub(half);
    format!("({} && {})", conditions(half), conditions(rest))
}

/// As many conditions as an expression can have: the form that takes longest to read.
fn largest_requirements() -> Requirements {
    (1..=96)
        .rev()
        .find_map(|count| Expression::parse(&conditions(count)).ok())
        .map(|expression| write_requirements(&expression))
        .expect("one condition is an expression")
}

/// As many paths as there may be, as long as possible, and different in the last letter only.
fn largest_outputs() -> OutputFiles {
    let path = |letter: u8| {
        let mut path = vec![b'p'; (MAX_OUTPUT_PATH as usize).saturating_sub(1)];
        path.push(letter);
        BoundedVec::truncate_from(path)
    };
    OutputFiles::truncate_from((b'a'..).take(MAX_OUTPUT_FILES as usize).map(path).collect())
}

/// An app of the largest size but for its requirements.
fn large_app(owner: &AccountId, requirements: Requirements) -> App {
    App {
        owner: owner.clone(),
        name: longest_name(),
        kind: AppKind::Wasm,
        digest: H256::repeat_byte(1),
        locator: longest_locator(b'l'),
        metadata: longest_description(b'm'),
        requirements,
        outputs: largest_outputs(),
    }
}

/// A dataset of the largest size; the last of its apps is `app`.
fn largest_dataset(owner: &AccountId, app: AppId) -> Dataset {
    let others = (1..MAX_ALLOWED_APPS).map(|index| AppId(domain_hash("other app", &index)));
    let mut apps: Vec<AppId> = others.collect();
    apps.push(app);
    Dataset {
        owner: owner.clone(),
        name: longest_name(),
        digest: domain_hash("benchmark dataset", &app),
        locator: longest_locator(b'l'),
        metadata: longest_description(b'm'),
        encryption: Some(longest_description(b'e')),
        allowed_apps: AllowedApps::truncate_from(apps),
    }
}

/// A tombstone that has served its time long ago.
fn bury_long_ago<T: Config>(id: H256) {
    Tombstones::<T>::insert(id, 0);
    Burials::<T>::insert(Due::after(0), id, ());
}

fn policy(list: AccessListId) -> PoolPolicy {
    PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 1,
        access: Access::Private(list),
        scheduling: Scheduling::Authorised,
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

/// See `Registry::benchmark_app`: of the largest size but for its requirements, and approved.
pub(crate) fn set_authoriser<T: Config>(pool: PoolId, authoriser: &AccountId) {
    Pools::<T>::mutate_extant(pool, |pool| pool.authoriser = authoriser.clone());
}

pub(crate) fn make_harmful<T: Config>(app: AppId) {
    Curations::<T>::insert(app, Curation::Revoked { harmful: true });
}

pub(crate) fn make_app<T: Config>(owner: &AccountId, requirements: Requirements) -> AppId {
    let app = App {
        digest: domain_hash("benchmark app", &requirements),
        ..large_app(owner, requirements)
    };
    let id = app_id(owner, app.kind, app.digest);
    if !Apps::<T>::contains_key(id) {
        endow::<T>(owner);
        Pallet::<T>::do_register_app(app).expect("the owner is endowed and the app is new");
        Curations::<T>::insert(id, Curation::Approved(H256::repeat_byte(1)));
    }
    id
}

/// An app of the largest size that was approved.
fn make_largest_app<T: Config>(owner: &AccountId) -> AppId {
    make_app::<T>(owner, largest_requirements())
}

/// See `Registry::benchmark_dataset`: of the largest size.
pub(crate) fn make_dataset<T: Config>(owner: &AccountId, app: AppId) -> DatasetId {
    let dataset = largest_dataset(owner, app);
    let id = dataset_id(owner, dataset.digest);
    if !Datasets::<T>::contains_key(id) {
        endow::<T>(owner);
        Pallet::<T>::do_register_dataset(dataset)
            .expect("the owner is endowed and the dataset is new");
    }
    id
}

/// A dataset of `owner` whose deposit `first` paid.
fn inherited_dataset<T: Config>(first: AccountId, owner: AccountId) -> DatasetId {
    let id = make_dataset::<T>(&first, AppId(H256::repeat_byte(1)));
    Pallet::<T>::do_transfer_dataset(first, id, owner).expect("the dataset is the first's");
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
            authoriser: owner.clone(),
            description,
            policy: policy(list),
        };
        Pallet::<T>::do_register_pool(pool).expect("the owner is endowed and the pool is new");
    }
    id
}

/// See `Registry::benchmark_category`.
pub(crate) fn make_category<T: Config>(work_time: BlockNumber) -> CategoryId {
    Pallet::<T>::do_create_category(longest_name(), work_time, u64::MAX, u64::MAX)
        .expect("the category is sound and a number is free")
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_app() {
        let owner = endowed::<T>("owner");
        let app = large_app(&owner, largest_requirements());
        let id = app_id(&owner, app.kind, app.digest);
        bury_long_ago::<T>(id.0);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner),
            app.name,
            app.kind,
            app.digest,
            app.locator,
            app.metadata,
            app.requirements,
            app.outputs,
        );

        assert!(Apps::<T>::contains_key(id));
        assert!(!Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn update_app() {
        let first = endowed::<T>("first owner");
        let owner = endowed::<T>("owner");
        let id = make_largest_app::<T>(&first);
        Pallet::<T>::do_transfer_app(first, id, owner.clone()).expect("the app is the first's");
        let (locator, metadata) = (longest_locator(b'n'), longest_description(b'n'));

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, locator.clone(), metadata);

        assert_eq!(Apps::<T>::get(id).map(|app| app.locator), Some(locator));
    }

    #[benchmark]
    fn transfer_app() {
        let owner = endowed::<T>("owner");
        let to = endowed::<T>("next owner");
        let id = make_largest_app::<T>(&owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone());

        assert_eq!(Apps::<T>::get(id).map(|app| app.owner), Some(to));
    }

    #[benchmark]
    fn remove_app() {
        let first = endowed::<T>("first owner");
        let owner = endowed::<T>("owner");
        let id = make_largest_app::<T>(&first);
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
        let description = longest_description(b'd');
        let id = pool_id(&owner, &description);
        bury_long_ago::<T>(id.0);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.clone()),
            description,
            owner.clone(),
            policy(list),
        );

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
            T::RegistrarOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let name = longest_name();
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
        bury_long_ago::<T>(id.0);

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
        let id = make_largest_app::<T>(&owner);
        Pallet::<T>::do_remove_app(owner.clone(), id).expect("the app is the owner's");
        frame_system::Pallet::<T>::set_block_number((MAX_ORDER_LIFE + 10).into());

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id.0);

        assert!(!Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn register_dataset() {
        let owner = endowed::<T>("owner");
        let dataset = largest_dataset(&owner, AppId(H256::repeat_byte(1)));
        let id = dataset_id(&owner, dataset.digest);
        bury_long_ago::<T>(id.0);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner),
            dataset.name,
            dataset.digest,
            dataset.locator,
            dataset.metadata,
            dataset.encryption,
            dataset.allowed_apps,
        );

        assert!(Datasets::<T>::contains_key(id));
        assert!(!Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn update_dataset() {
        let owner = endowed::<T>("owner");
        let id = inherited_dataset::<T>(endowed::<T>("first owner"), owner.clone());
        let (locator, metadata) = (longest_locator(b'n'), longest_description(b'n'));

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, locator.clone(), metadata);

        assert_eq!(
            Datasets::<T>::get(id).map(|dataset| dataset.locator),
            Some(locator)
        );
    }

    #[benchmark]
    fn transfer_dataset() {
        let owner = endowed::<T>("owner");
        let to = endowed::<T>("next owner");
        let id = make_dataset::<T>(&owner, AppId(H256::repeat_byte(1)));

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone());

        assert_eq!(
            Datasets::<T>::get(id).map(|dataset| dataset.owner),
            Some(to)
        );
    }

    #[benchmark]
    fn remove_dataset() {
        let owner = endowed::<T>("owner");
        let id = inherited_dataset::<T>(endowed::<T>("first owner"), owner.clone());

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert!(!Datasets::<T>::contains_key(id));
        assert!(Tombstones::<T>::contains_key(id.0));
    }

    #[benchmark]
    fn propose_app() {
        let owner = endowed::<T>("owner");
        let id = make_largest_app::<T>(&owner);
        let (former, document) = (H256::repeat_byte(1), H256::repeat_byte(2));
        Curations::<T>::insert(id, Curation::Proposed(former));

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, document);

        assert_eq!(Curations::<T>::get(id), Some(Curation::Proposed(document)));
    }

    /// An approval reads most: the app and what was said of it.
    #[benchmark]
    fn curate_app() -> Result<(), BenchmarkError> {
        let origin =
            T::RegistrarOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let id = make_largest_app::<T>(&endowed::<T>("owner"));
        let document = H256::repeat_byte(2);
        Curations::<T>::insert(id, Curation::Proposed(document));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, Verdict::Approve(document));

        assert_eq!(Curations::<T>::get(id), Some(Curation::Approved(document)));
        Ok(())
    }

    #[benchmark]
    fn set_authoriser() {
        let owner = endowed::<T>("owner");
        let authoriser: AccountId = account("authoriser", 0, 0);
        let id = make_pool::<T>(&owner, &[]);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, authoriser.clone());

        assert_eq!(
            Pools::<T>::get(id).map(|pool| pool.authoriser),
            Some(authoriser)
        );
    }

    /// The walk over `t` tombstones that are over ends at one that is not.
    #[benchmark]
    fn clean_up(t: Linear<0, 64>) {
        frame_system::Pallet::<T>::set_block_number(1u32.into());
        (0..t).for_each(|index| bury_long_ago::<T>(domain_hash("removed", &index)));
        Pallet::<T>::bury(H256::repeat_byte(1));

        #[block]
        {
            Pallet::<T>::clean_up(Weight::MAX);
        }

        assert_eq!(Tombstones::<T>::iter_keys().count(), 1);
        assert_eq!(Burials::<T>::iter_keys().count(), 1);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
