#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod apps;
mod categories;
mod curation;
mod datasets;
mod ids;
mod interface;
mod lifetime;
mod lists;
mod money;
mod pools;
mod terms;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use ergon_primitives::Due;
pub use ids::{access_list_id, app_id, dataset_id, pool_id};
pub use money::{app_deposit, dataset_deposit, list_deposit, pool_deposit};
pub use pallet::*;
pub use terms::{PolicyFlaw, are_distinct, are_good_outputs, is_good_name, policy_flaw};
pub use types::{AccessList, MAX_MEMBERS_PER_CALL, MemberBatch, Verdict};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::{AccessList, MemberBatch, Verdict, WeightInfo};
    use alloc::vec::Vec;
    use ergon_primitives::{
        AccessListId, AccountId, AllowedApps, App, AppId, AppKind, Balance, BlockNumber, Category,
        CategoryId, Curation, Dataset, DatasetId, Description, Due, Locator, Name, OutputFiles,
        Pool, PoolId, PoolPolicy, Requirements, traits::Hubs,
    };
    use frame_support::{
        DefaultNoBound,
        pallet_prelude::*,
        traits::fungible::{Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    /// Version of the layout in storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The registry.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the registry needs of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// The money that deposits are made of.
        type Currency: Mutate<AccountId, Balance = Balance>
            + MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who creates categories and curates apps.
        type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Knows who is barred from new pools.
        type Hubs: Hubs;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// Deposit for an app, a dataset, a pool or an access list.
        #[codec(index = 0)]
        Entry,
    }

    /// Registered apps.
    #[pallet::storage]
    pub type Apps<T: Config> = StorageMap<_, Identity, AppId, App>;

    /// What is said of apps: by their owners, who propose them while they are registered, and by
    /// governance. An app without record is unreviewed.
    #[pallet::storage]
    pub type Curations<T: Config> = StorageMap<_, Identity, AppId, Curation>;

    /// Registered datasets.
    #[pallet::storage]
    pub type Datasets<T: Config> = StorageMap<_, Identity, DatasetId, Dataset>;

    /// Registered worker pools.
    #[pallet::storage]
    pub type Pools<T: Config> = StorageMap<_, Identity, PoolId, Pool>;

    /// Categories of work, numbered from 0 in the order of their creation.
    #[pallet::storage]
    pub type Categories<T: Config> = StorageMap<_, Twox64Concat, CategoryId, Category>;

    /// Number that the next category gets.
    #[pallet::storage]
    pub type NextCategory<T: Config> = StorageValue<_, CategoryId, ValueQuery>;

    /// Access lists: owner and size.
    #[pallet::storage]
    pub type AccessLists<T: Config> = StorageMap<_, Identity, AccessListId, AccessList>;

    /// Members of the access lists; at most 1024 a list.
    #[pallet::storage]
    pub type ListMembers<T: Config> =
        StorageDoubleMap<_, Identity, AccessListId, Blake2_128Concat, AccountId, ()>;

    /// Deposit of each app, dataset, pool and list: who paid it and how much.
    #[pallet::storage]
    pub type Deposits<T: Config> = StorageMap<_, Identity, H256, (AccountId, Balance)>;

    /// How many open deals use an app, a dataset or a pool.
    #[pallet::storage]
    pub type Uses<T: Config> = StorageMap<_, Identity, H256, u32, ValueQuery>;

    /// Removed identifiers: the last block in which each must not be registered again.
    #[pallet::storage]
    pub type Tombstones<T: Config> = StorageMap<_, Identity, H256, BlockNumber>;

    /// The tombstones by their last block. Keys are not hashed, so that the first one is the
    /// earliest.
    #[pallet::storage]
    pub type Burials<T: Config> = StorageDoubleMap<_, Identity, Due, Identity, H256, ()>;

    /// The registry at genesis.
    #[pallet::genesis_config]
    #[derive(DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Categories in the order of their numbers: name (1 to 64 bytes of UTF-8), work time in
        /// blocks (at least 1), input limit and output limit in bytes.
        pub categories: Vec<(Vec<u8>, BlockNumber, u64, u64)>,
        /// Binds the configuration to its runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (name, work_time, input_limit, output_limit) in &self.categories {
                let created = Name::try_from(name.clone()).is_ok_and(|name| {
                    Pallet::<T>::do_create_category(name, *work_time, *input_limit, *output_limit)
                        .is_ok()
                });
                assert!(
                    created,
                    "a genesis category needs a name of 1 to 64 bytes of UTF-8 and a work time of \
                     at least 1 block",
                );
            }
        }
    }

    /// What happened in the registry.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An app was registered.
        AppRegistered {
            /// The app.
            app: AppId,
            /// Who registered it.
            owner: AccountId,
        },
        /// An app's locator or metadata changed.
        AppUpdated {
            /// The app.
            app: AppId,
        },
        /// An app has a new owner.
        AppTransferred {
            /// The app.
            app: AppId,
            /// The former owner.
            from: AccountId,
            /// The new owner.
            to: AccountId,
        },
        /// An app was removed; its identifier is buried.
        AppRemoved {
            /// The app.
            app: AppId,
        },
        /// A worker pool was registered.
        PoolRegistered {
            /// The pool.
            pool: PoolId,
            /// Who registered and operates it.
            owner: AccountId,
        },
        /// A pool offers new terms.
        PoolUpdated {
            /// The pool.
            pool: PoolId,
        },
        /// A pool has a new operator.
        PoolTransferred {
            /// The pool.
            pool: PoolId,
            /// The former operator.
            from: AccountId,
            /// The new operator.
            to: AccountId,
        },
        /// A pool was removed; its identifier is buried.
        PoolRemoved {
            /// The pool.
            pool: PoolId,
        },
        /// A category was created.
        CategoryCreated {
            /// The category.
            category: CategoryId,
            /// Its work time, in blocks.
            work_time: BlockNumber,
        },
        /// An access list was created.
        ListCreated {
            /// The list.
            list: AccessListId,
            /// Who keeps it.
            owner: AccountId,
            /// Number of its members.
            members: u32,
        },
        /// Accounts joined an access list.
        MembersAdded {
            /// The list.
            list: AccessListId,
            /// How many accounts were not on it before.
            added: u32,
            /// Number of its members now.
            members: u32,
        },
        /// Accounts left an access list.
        MembersRemoved {
            /// The list.
            list: AccessListId,
            /// How many accounts were on it before.
            removed: u32,
            /// Number of its members now.
            members: u32,
        },
        /// An access list was deleted; it admits nobody and its identifier is buried.
        ListDeleted {
            /// The list.
            list: AccessListId,
        },
        /// A removed identifier may be registered again.
        TombstonePruned {
            /// The identifier of an app, a dataset, a pool or a list.
            id: H256,
        },
        /// A dataset was registered.
        DatasetRegistered {
            /// The dataset.
            dataset: DatasetId,
            /// Who registered it.
            owner: AccountId,
        },
        /// A dataset's locator or metadata changed.
        DatasetUpdated {
            /// The dataset.
            dataset: DatasetId,
        },
        /// A dataset has a new owner.
        DatasetTransferred {
            /// The dataset.
            dataset: DatasetId,
            /// The former owner.
            from: AccountId,
            /// The new owner.
            to: AccountId,
        },
        /// A dataset was removed; its identifier is buried.
        DatasetRemoved {
            /// The dataset.
            dataset: DatasetId,
        },
        /// The owner of an app asks governance to approve it.
        AppProposed {
            /// The app.
            app: AppId,
            /// Hash of the document that speaks for it.
            document: H256,
        },
        /// Governance judged an app.
        AppCurated {
            /// The app.
            app: AppId,
            /// What is said of it now; nothing when it is unreviewed.
            curation: Option<Curation>,
        },
        /// Another key authorises contributions to a pool.
        AuthoriserSet {
            /// The pool.
            pool: PoolId,
            /// The key that authorises from now on.
            authoriser: AccountId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The name is empty or no valid UTF-8. Give it 1 to 64 bytes of text.
        BadName,
        /// The same owner has registered the same content before. Update that entry instead.
        AlreadyRegistered,
        /// An entry with this identifier was removed less than 180 days ago, and orders signed
        /// for it may still be valid. Wait, or register other content.
        Tombstoned,
        /// The caller does not own the entry. Only its owner may change or remove it.
        NotOwner,
        /// There is no app with this identifier.
        NoSuchApp,
        /// There is no worker pool with this identifier.
        NoSuchPool,
        /// There is no access list with this identifier. Create it before naming it in a policy.
        NoSuchList,
        /// Open deals refer to the entry. Wait until they have ended.
        InUse,
        /// The worker stake ratio is above 100 % of the pool price.
        StakeRatioTooHigh,
        /// The operator reward ratio is above 50 % of the pool price.
        RewardRatioTooHigh,
        /// The parallelism is 0. A pool works on at least one task at a time.
        NoParallelism,
        /// The work time is 0. A task takes at least one block.
        ZeroWorkTime,
        /// All category numbers are given away.
        TooManyCategories,
        /// The list would have more than 1024 members. Use a second list.
        TooManyMembers,
        /// The list has members. Remove them before deleting it.
        ListNotEmpty,
        /// There is no tombstone for this identifier.
        NoSuchTombstone,
        /// The tombstone still guards against old orders. Prune it after its last block.
        TombstoneNotExpired,
        /// The caller's free balance does not cover the storage deposit. Add funds or shorten
        /// the entry.
        CannotPayDeposit,
        /// There is no dataset with this identifier.
        NoSuchDataset,
        /// The requirements are not the SCALE form of an expression. Encode the expression anew, or
        /// leave the bytes out if there is no condition.
        BadRequirements,
        /// The declared outputs are not plain paths below the output folder, or two of them cannot
        /// be files at once. Use UTF-8 with `/` between the parts, no part empty, `.` or `..`, no
        /// backslash and no NUL; name no path twice and none that is a folder of another one.
        BadOutputs,
        /// The dataset names an app twice. Name each app once.
        DuplicateApp,
        /// An open pool was to be public, and fresh accounts could outvote honest workers for free.
        /// Use an access list, or let an authoriser schedule the work.
        OpenPoolMustBePrivate,
        /// Governance revoked the app. Only governance can clear it.
        AppRevoked,
        /// The app is approved. Governance must clear it before it is judged by another document.
        AlreadyApproved,
        /// The app's owner has not proposed this document. Approve the one that was proposed.
        NotProposed,
        /// Nothing is said of the app, so nothing can be cleared.
        NotCurated,
        /// The account's hub was banned, so it can register no pool. What it owns it can still remove.
        Barred,
        /// The operator's hub is suspected or banned, or the pool is bound to a hub that is not
        /// registered or not the operator's. Wait for the tribunal, or unbind the pool first.
        HubNotFree,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::clean_up(remaining)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers an app.
        ///
        /// ## Origin
        /// Signed; the caller becomes the owner and pays the deposit.
        ///
        /// ## Parameters
        /// - `name`: 1 to 64 bytes of UTF-8.
        /// - `kind`: how the app is executed.
        /// - `digest`: SHA-256 of the module, or of the image's manifest.
        /// - `locator`: where the module or image can be fetched.
        /// - `metadata`: pointer to documentation.
        /// - `requirements`: what the app demands of machines: the SCALE form of an expression, or
        ///   nothing.
        /// - `outputs`: the output files that count, at most 16 relative paths; every file counts
        ///   when there is none.
        ///
        /// ## Errors
        /// `BadName`, `BadRequirements`, `BadOutputs`, `AlreadyRegistered`, `Tombstoned`,
        /// `CannotPayDeposit`.
        ///
        /// ## Events
        /// `AppRegistered`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_app())]
        #[allow(clippy::too_many_arguments)]
        pub fn register_app(
            origin: OriginFor<T>,
            name: Name,
            kind: AppKind,
            digest: H256,
            locator: Locator,
            metadata: Description,
            requirements: Requirements,
            outputs: OutputFiles,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_register_app(App {
                owner,
                name,
                kind,
                digest,
                locator,
                metadata,
                requirements,
                outputs,
            })
        }

        /// Changes where an app can be fetched and where its documentation is.
        ///
        /// The former deposit goes back to whoever paid it; the owner pays for the new size. What
        /// governance says of the app stays, because the digest tells what it is.
        ///
        /// ## Origin
        /// Signed by the app's owner.
        ///
        /// ## Parameters
        /// - `app`: the app.
        /// - `locator`: where the module or image can be fetched from now on.
        /// - `metadata`: pointer to documentation.
        ///
        /// ## Errors
        /// `NoSuchApp`, `NotOwner`, `CannotPayDeposit`.
        ///
        /// ## Events
        /// `AppUpdated`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::update_app())]
        pub fn update_app(
            origin: OriginFor<T>,
            app: AppId,
            locator: Locator,
            metadata: Description,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_update_app(who, app, locator, metadata)
        }

        /// Gives an app to another account. Identifier and deposit stay as they are.
        ///
        /// ## Origin
        /// Signed by the app's owner.
        ///
        /// ## Parameters
        /// - `app`: the app.
        /// - `to`: the new owner.
        ///
        /// ## Errors
        /// `NoSuchApp`, `NotOwner`.
        ///
        /// ## Events
        /// `AppTransferred`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::transfer_app())]
        pub fn transfer_app(origin: OriginFor<T>, app: AppId, to: AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_transfer_app(who, app, to)
        }

        /// Removes an app that no open deal uses and returns its deposit to whoever paid it. A
        /// proposal or an approval goes with it, a revocation stays.
        ///
        /// ## Origin
        /// Signed by the app's owner.
        ///
        /// ## Parameters
        /// - `app`: the app.
        ///
        /// ## Errors
        /// `NoSuchApp`, `NotOwner`, `InUse`.
        ///
        /// ## Events
        /// `AppRemoved`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::remove_app())]
        pub fn remove_app(origin: OriginFor<T>, app: AppId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_app(who, app)
        }

        /// Registers a worker pool.
        ///
        /// ## Origin
        /// Signed; the caller becomes the operator and pays the deposit.
        ///
        /// ## Parameters
        /// - `description`: at most 256 bytes; with the owner it makes the identifier.
        /// - `authoriser`: the key that authorises contributions for the pool; it signs off-chain.
        /// - `policy`: the terms on offer.
        ///
        /// ## Errors
        /// `Barred`, `StakeRatioTooHigh`, `RewardRatioTooHigh`, `NoParallelism`,
        /// `OpenPoolMustBePrivate`, `NoSuchList`, `AlreadyRegistered`, `Tombstoned`,
        /// `CannotPayDeposit`.
        ///
        /// ## Events
        /// `PoolRegistered`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::register_pool())]
        pub fn register_pool(
            origin: OriginFor<T>,
            description: Description,
            authoriser: AccountId,
            policy: PoolPolicy,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_register_pool(Pool {
                owner,
                authoriser,
                description,
                policy,
            })
        }

        /// Changes the terms a pool offers. Deals that exist keep theirs.
        ///
        /// The former deposit goes back to whoever paid it; the operator pays it anew.
        ///
        /// ## Origin
        /// Signed by the pool's operator.
        ///
        /// ## Parameters
        /// - `pool`: the pool.
        /// - `policy`: the terms on offer from now on.
        ///
        /// ## Errors
        /// `NoSuchPool`, `NotOwner`, `StakeRatioTooHigh`, `RewardRatioTooHigh`, `NoParallelism`,
        /// `OpenPoolMustBePrivate`, `NoSuchList`, `CannotPayDeposit`.
        ///
        /// ## Events
        /// `PoolUpdated`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::update_pool())]
        pub fn update_pool(
            origin: OriginFor<T>,
            pool: PoolId,
            policy: PoolPolicy,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_update_pool(who, pool, policy)
        }

        /// Gives a pool to another account. Identifier, authoriser and deposit stay as they are. A
        /// pool that cannot be matched because of a hub stays where it is: no pool leaves its
        /// operator while that is judged.
        ///
        /// ## Origin
        /// Signed by the pool's operator.
        ///
        /// ## Parameters
        /// - `pool`: the pool.
        /// - `to`: the new operator.
        ///
        /// ## Errors
        /// `NoSuchPool`, `NotOwner`, `HubNotFree`.
        ///
        /// ## Events
        /// `PoolTransferred`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::transfer_pool())]
        pub fn transfer_pool(origin: OriginFor<T>, pool: PoolId, to: AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_transfer_pool(who, pool, to)
        }

        /// Removes a pool that no open deal uses and returns its deposit to whoever paid it.
        ///
        /// ## Origin
        /// Signed by the pool's operator.
        ///
        /// ## Parameters
        /// - `pool`: the pool.
        ///
        /// ## Errors
        /// `NoSuchPool`, `NotOwner`, `InUse`.
        ///
        /// ## Events
        /// `PoolRemoved`.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::remove_pool())]
        pub fn remove_pool(origin: OriginFor<T>, pool: PoolId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_pool(who, pool)
        }

        /// Creates a category of work under the next free number. Categories stay for ever.
        ///
        /// ## Origin
        /// `RegistrarOrigin`.
        ///
        /// ## Parameters
        /// - `name`: 1 to 64 bytes of UTF-8.
        /// - `work_time`: time one task may take, in blocks, at least 1.
        /// - `input_limit`: largest sum of input sizes of a task, in bytes.
        /// - `output_limit`: largest sum of output sizes of a task, in bytes.
        ///
        /// ## Errors
        /// `BadOrigin`, `BadName`, `ZeroWorkTime`, `TooManyCategories`.
        ///
        /// ## Events
        /// `CategoryCreated`.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::create_category())]
        pub fn create_category(
            origin: OriginFor<T>,
            name: Name,
            work_time: BlockNumber,
            input_limit: u64,
            output_limit: u64,
        ) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_create_category(name, work_time, input_limit, output_limit).map(|_| ())
        }

        /// Creates an access list.
        ///
        /// ## Origin
        /// Signed; the caller keeps the list and pays the deposit.
        ///
        /// ## Parameters
        /// - `salt`: tells the caller's lists apart; with the owner it makes the identifier.
        /// - `members`: at most 64 accounts; those named twice count once.
        ///
        /// ## Errors
        /// `AlreadyRegistered`, `Tombstoned`, `CannotPayDeposit`.
        ///
        /// ## Events
        /// `ListCreated`.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::create_list(members.len() as u32))]
        pub fn create_list(
            origin: OriginFor<T>,
            salt: H256,
            members: MemberBatch,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_create_list(owner, salt, members)
        }

        /// Adds accounts to an access list. Those that are on it already change nothing.
        ///
        /// ## Origin
        /// Signed by the list's owner, who pays the deposit.
        ///
        /// ## Parameters
        /// - `list`: the list.
        /// - `members`: at most 64 accounts.
        ///
        /// ## Errors
        /// `NoSuchList`, `NotOwner`, `TooManyMembers`, `CannotPayDeposit`.
        ///
        /// ## Events
        /// `MembersAdded`.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::add_members(members.len() as u32))]
        pub fn add_members(
            origin: OriginFor<T>,
            list: AccessListId,
            members: MemberBatch,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_add_members(who, list, members)
        }

        /// Removes accounts from an access list and returns their part of the deposit. Those
        /// that are not on it change nothing.
        ///
        /// ## Origin
        /// Signed by the list's owner.
        ///
        /// ## Parameters
        /// - `list`: the list.
        /// - `members`: at most 64 accounts.
        ///
        /// ## Errors
        /// `NoSuchList`, `NotOwner`.
        ///
        /// ## Events
        /// `MembersRemoved`.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::remove_members(members.len() as u32))]
        pub fn remove_members(
            origin: OriginFor<T>,
            list: AccessListId,
            members: MemberBatch,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_members(who, list, members)
        }

        /// Deletes an access list without members and returns its deposit.
        ///
        /// ## Origin
        /// Signed by the list's owner.
        ///
        /// ## Parameters
        /// - `list`: the list.
        ///
        /// ## Errors
        /// `NoSuchList`, `NotOwner`, `ListNotEmpty`.
        ///
        /// ## Events
        /// `ListDeleted`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::delete_list())]
        pub fn delete_list(origin: OriginFor<T>, list: AccessListId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_delete_list(who, list)
        }

        /// Clears away a tombstone that has served its time, without waiting for an idle block.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `id`: the identifier of a removed app, dataset, pool or list.
        ///
        /// ## Errors
        /// `NoSuchTombstone`, `TombstoneNotExpired`.
        ///
        /// ## Events
        /// `TombstonePruned`.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::prune_tombstone())]
        pub fn prune_tombstone(origin: OriginFor<T>, id: H256) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_prune_tombstone(id)
        }

        /// Registers a dataset.
        ///
        /// ## Origin
        /// Signed; the caller becomes the owner and pays the deposit.
        ///
        /// ## Parameters
        /// - `name`: 1 to 64 bytes of UTF-8.
        /// - `digest`: SHA-256 of the content as it is fetched; with the owner it makes the
        ///   identifier.
        /// - `locator`: where the content can be fetched.
        /// - `metadata`: pointer to documentation.
        /// - `encryption`: how the content is encrypted and who hands out keys; none when it is
        ///   public.
        /// - `allowed_apps`: at most 32 apps that may read it, registered or not, each once; any
        ///   app may when there is none.
        ///
        /// ## Errors
        /// `BadName`, `DuplicateApp`, `AlreadyRegistered`, `Tombstoned`, `CannotPayDeposit`.
        ///
        /// ## Events
        /// `DatasetRegistered`.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::register_dataset())]
        pub fn register_dataset(
            origin: OriginFor<T>,
            name: Name,
            digest: H256,
            locator: Locator,
            metadata: Description,
            encryption: Option<Description>,
            allowed_apps: AllowedApps,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_register_dataset(Dataset {
                owner,
                name,
                digest,
                locator,
                metadata,
                encryption,
                allowed_apps,
            })
        }

        /// Changes where a dataset can be fetched and where its documentation is.
        ///
        /// The former deposit goes back to whoever paid it; the owner pays for the new size.
        ///
        /// ## Origin
        /// Signed by the dataset's owner.
        ///
        /// ## Parameters
        /// - `dataset`: the dataset.
        /// - `locator`: where the content can be fetched from now on.
        /// - `metadata`: pointer to documentation.
        ///
        /// ## Errors
        /// `NoSuchDataset`, `NotOwner`, `CannotPayDeposit`.
        ///
        /// ## Events
        /// `DatasetUpdated`.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::update_dataset())]
        pub fn update_dataset(
            origin: OriginFor<T>,
            dataset: DatasetId,
            locator: Locator,
            metadata: Description,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_update_dataset(who, dataset, locator, metadata)
        }

        /// Gives a dataset to another account. Identifier and deposit stay as they are.
        ///
        /// ## Origin
        /// Signed by the dataset's owner.
        ///
        /// ## Parameters
        /// - `dataset`: the dataset.
        /// - `to`: the new owner.
        ///
        /// ## Errors
        /// `NoSuchDataset`, `NotOwner`.
        ///
        /// ## Events
        /// `DatasetTransferred`.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::transfer_dataset())]
        pub fn transfer_dataset(
            origin: OriginFor<T>,
            dataset: DatasetId,
            to: AccountId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_transfer_dataset(who, dataset, to)
        }

        /// Removes a dataset that no open deal uses and returns its deposit to whoever paid it.
        ///
        /// ## Origin
        /// Signed by the dataset's owner.
        ///
        /// ## Parameters
        /// - `dataset`: the dataset.
        ///
        /// ## Errors
        /// `NoSuchDataset`, `NotOwner`, `InUse`.
        ///
        /// ## Events
        /// `DatasetRemoved`.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::remove_dataset())]
        pub fn remove_dataset(origin: OriginFor<T>, dataset: DatasetId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_dataset(who, dataset)
        }

        /// Asks governance to approve an app. A later proposal takes the place of an earlier one.
        ///
        /// ## Origin
        /// Signed by the app's owner.
        ///
        /// ## Parameters
        /// - `app`: the app.
        /// - `document`: hash of the document that speaks for it.
        ///
        /// ## Errors
        /// `NoSuchApp`, `NotOwner`, `AppRevoked`, `AlreadyApproved`.
        ///
        /// ## Events
        /// `AppProposed`.
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::propose_app())]
        pub fn propose_app(origin: OriginFor<T>, app: AppId, document: H256) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_propose_app(who, app, document)
        }

        /// Says what governance thinks of an app.
        ///
        /// ## Origin
        /// `RegistrarOrigin`.
        ///
        /// ## Parameters
        /// - `app`: the app. It must be registered to be approved; it can be revoked whether it is
        ///   registered or not, so that no owner dodges the verdict by removing it in time.
        /// - `verdict`: approval on the ground of the proposed document, revocation, or back to
        ///   unreviewed.
        ///
        /// ## Errors
        /// `BadOrigin`, `NoSuchApp`, `AppRevoked`, `NotProposed`, `NotCurated`.
        ///
        /// ## Events
        /// `AppCurated`.
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::curate_app())]
        pub fn curate_app(origin: OriginFor<T>, app: AppId, verdict: Verdict) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_curate_app(app, verdict)
        }

        /// Names the key that authorises contributions for a pool from now on. What the former key
        /// signed is worth nothing any more.
        ///
        /// ## Origin
        /// Signed by the pool's operator.
        ///
        /// ## Parameters
        /// - `pool`: the pool.
        /// - `authoriser`: the key.
        ///
        /// ## Errors
        /// `NoSuchPool`, `NotOwner`.
        ///
        /// ## Events
        /// `AuthoriserSet`.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::set_authoriser())]
        pub fn set_authoriser(
            origin: OriginFor<T>,
            pool: PoolId,
            authoriser: AccountId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_authoriser(who, pool, authoriser)
        }
    }
}
