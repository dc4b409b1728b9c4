#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod agenda;
pub mod api;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod book;
mod deals;
mod facts;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod keys;
pub mod matching;
mod mismatch;
#[cfg(test)]
mod mock;
mod money;
mod orders;
mod prices;
mod requirements;
#[cfg(test)]
mod tests;
pub mod weights;

pub use ergon_primitives::Due;
pub use keys::{Leftover, Rank};
pub use pallet::*;
pub use prices::summary;
pub use weights::WeightInfo;

/// Most orders that one call can prune.
pub const MAX_PRUNED: u32 = 64;
/// Highest fund fee, in percent: the ecosystem fund must not become the reason to go elsewhere.
pub const MAX_FUND_FEE_RATIO: u8 = 5;

/// Orders, matching and deals.
#[frame_support::pallet]
pub mod pallet {
    use crate::{Leftover, MAX_PRUNED, Rank, WeightInfo};
    use alloc::boxed::Box;
    use ergon_primitives::{
        AccountId, AppId, AppOrder, Balance, BlockNumber, Consumption, Cursor, DatasetId,
        DatasetOrder, Deal, DealId, DealStatus, Due, MatchReport, Order, OrderId, Page, PoolId,
        PoolOrder, PriceHistory, PriceSubject, PriceSummary, PublishedOrder, RequestOrder, Shelf,
        SignedOrder, TaskIndex, traits,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>, AccountId = AccountId, Hash = H256>
    {
        /// The money in which deposits are held.
        type Currency: Mutate<AccountId, Balance = Balance>
            + MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;
        /// The runtime's reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;
        /// Where apps, pools, categories and access lists are looked up.
        type Registry: traits::Registry;
        /// Who keeps the money of deals.
        type Escrow: traits::Escrow;
        /// Knows which pools' hubs keep them from being matched.
        type Hubs: traits::Hubs;
        /// Whom the tasks of new deals are told to.
        type Tasks: traits::Tasks;
        /// Knows what the calls of a task cost. Frozen into each deal when it is made.
        type SettlementPrices: traits::SettlementPrices;
        /// Share of the operator's and the app owner's part that goes to the ecosystem fund, in
        /// percent, at most [`crate::MAX_FUND_FEE_RATIO`]. Frozen into each deal when it is made.
        type FundFeeRatio: Get<u8>;
        /// Share of the pool price that the operator stakes per task, in percent, at most 100.
        /// Frozen into each deal when it is made.
        type OperatorStakeRatio: Get<u8>;
        /// Longest time from a match to the deal's final deadline, in blocks.
        type MaxDuration: Get<BlockNumber>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Orders, matching and deals.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Why money of an account is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// Deposit for the text of an order on the chain.
        #[codec(index = 0)]
        PublishedOrder,
        /// Deposit for the note that an order is closed that was never published.
        #[codec(index = 1)]
        ClosedOrder,
    }

    /// Orders whose text stands on the chain. The key is a hash that nobody can choose.
    #[pallet::storage]
    pub type Orders<T: Config> = StorageMap<_, Identity, OrderId, PublishedOrder>;

    /// What has been used up of an order, until its expiry; nothing of it when there is no record.
    #[pallet::storage]
    pub type Consumed<T: Config> = StorageMap<_, Identity, OrderId, Consumption>;

    /// Who paid which deposit for closing an order that was not published.
    #[pallet::storage]
    pub type ClosingDeposits<T: Config> = StorageMap<_, Identity, OrderId, (AccountId, Balance)>;

    /// Frozen terms of the deals.
    #[pallet::storage]
    pub type Deals<T: Config> = StorageMap<_, Identity, DealId, Deal>;

    /// Where the deals stand. Apart from [`Deals`], so that the end of a deal need not rewrite its
    /// terms.
    #[pallet::storage]
    pub type DealStatuses<T: Config> = StorageMap<_, Identity, DealId, DealStatus>;

    /// Open deals by pool, so that a worker finds its work.
    #[pallet::storage]
    pub type OpenDeals<T: Config> = StorageDoubleMap<_, Identity, PoolId, Identity, DealId, ()>;

    /// The published orders by shelf, rank and id. Keys are not hashed, so that a walk along them
    /// is sorted; matching never reads this.
    #[pallet::storage]
    pub type Book<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, Shelf>,
            NMapKey<Identity, Rank>,
            NMapKey<Identity, OrderId>,
        ),
        (),
    >;

    /// What can be forgotten, by the last block in which it must not be. Keys are not hashed, so
    /// that the first one is the earliest.
    #[pallet::storage]
    pub type Agenda<T: Config> = StorageDoubleMap<_, Identity, Due, Identity, Leftover, ()>;

    /// Prices of the deals that ended last, by category and by app.
    #[pallet::storage]
    pub type Prices<T: Config> = StorageMap<_, Identity, PriceSubject, PriceHistory, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An order's text was put on the chain.
        OrderPublished {
            /// The order.
            order: OrderId,
            /// Who published it and can get the deposit back.
            publisher: AccountId,
            /// What was put on hold.
            deposit: Balance,
        },
        /// An order was closed: it makes no further deal.
        OrderClosed {
            /// The order.
            order: OrderId,
            /// Who closed it.
            by: AccountId,
        },
        /// Expired orders were forgotten and their deposits returned.
        OrdersPruned {
            /// How many of the given orders there was something to forget of.
            count: u32,
        },
        /// The last task of a published order was consumed: its text left the chain and its
        /// deposit was returned.
        OrderExhausted {
            /// The order.
            order: OrderId,
        },
        /// Orders made a deal.
        Matched {
            /// The deal.
            deal: DealId,
            /// The app.
            app: AppId,
            /// The pool.
            pool: PoolId,
            /// Who asked.
            requester: AccountId,
            /// Number of tasks.
            volume: u32,
            /// Index of the first task.
            first_index: TaskIndex,
            /// App price per task.
            app_price: Balance,
            /// The dataset, if one is used.
            dataset: Option<DatasetId>,
            /// Dataset price per task; 0 when none is used.
            dataset_price: Balance,
            /// Pool price per task.
            pool_price: Balance,
        },
        /// Every task of a deal has ended.
        DealEnded {
            /// The deal.
            deal: DealId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The order already stands on the chain; give it another salt to publish an equal one.
        AlreadyPublished,
        /// Only the owner of the app, dataset or pool, the requester, or who published the order
        /// may do this.
        NotOwner,
        /// The order is neither published nor has anything left that could be closed.
        NothingToClose,
        /// None of the given orders has expired and left something behind.
        NothingToPrune,
        /// The app order's last block has passed; ask its owner for a new one.
        AppOrderExpired,
        /// The app order expires more than 180 days from now; use it later or sign a shorter one.
        AppOrderLifeTooLong,
        /// The app order is for no task at all.
        AppOrderEmpty,
        /// The app order's price is above the highest price of anything, 2^96.
        AppPriceAboveMaximum,
        /// The dataset order's last block has passed; ask its owner for a new one.
        DatasetOrderExpired,
        /// The dataset order expires more than 180 days from now; use it later or sign a shorter
        /// one.
        DatasetOrderLifeTooLong,
        /// The dataset order is for no task at all.
        DatasetOrderEmpty,
        /// The dataset order's price is above the highest price of anything, 2^96.
        DatasetPriceAboveMaximum,
        /// The pool order's last block has passed; ask its owner for a new one.
        PoolOrderExpired,
        /// The pool order expires more than 180 days from now; use it later or sign a shorter one.
        PoolOrderLifeTooLong,
        /// The pool order is for no task at all.
        PoolOrderEmpty,
        /// The pool order's price is above the highest price of anything, 2^96.
        PoolPriceAboveMaximum,
        /// The pool order offers more trust than any pool may, 4096.
        TrustAboveMaximum,
        /// The pool order's attributes are not the SCALE form of an advertisement.
        PoolAttributesInvalid,
        /// The pool order's requirements are not the SCALE form of an expression.
        PoolRequirementsInvalid,
        /// The request order's last block has passed; sign a new one.
        RequestOrderExpired,
        /// The request order expires more than 180 days from now; use it later or sign a shorter
        /// one.
        RequestOrderLifeTooLong,
        /// The request order is for no task at all.
        RequestOrderEmpty,
        /// The request order's minimum volume is 0; ask for at least one task a deal.
        MinimumVolumeZero,
        /// The request order asks for trust 0; ask for at least 1.
        TrustZero,
        /// The request order's requirements are not the SCALE form of an expression.
        RequestRequirementsInvalid,
        /// The request's callback is too short for a call, which names a pallet and one of its
        /// functions; give the whole call in SCALE, or none.
        CallbackInvalid,
        /// Request and pool order are for different categories.
        CategoryMismatch,
        /// There is no such category.
        CategoryUnknown,
        /// The request asks for more trust than the pool offers.
        TrustTooHigh,
        /// Every member of the pool may race for tasks; ask it for a trust of at least 3.
        TrustTooLowForOpenPool,
        /// The app costs more than the requester pays for it.
        AppPriceTooHigh,
        /// The dataset costs more than the requester pays for it.
        DatasetPriceTooHigh,
        /// The pool costs more than the requester pays for it.
        PoolPriceTooHigh,
        /// The app or the request needs a feature that the pool does not have.
        TagNotOffered,
        /// Trusted hardware (bit 0 of the tag) cannot be attested yet; leave the bit out.
        TrustedHardwareUnsupported,
        /// The request is for another app.
        AppMismatch,
        /// The dataset order is for another dataset than the request, which may want none.
        DatasetMismatch,
        /// The request is for a dataset; give an order of its owner as well.
        DatasetOrderMissing,
        /// The request is for another pool.
        PoolMismatch,
        /// The app order is restricted to other datasets.
        AppRefusesDataset,
        /// The app order is restricted to other pools.
        AppRefusesPool,
        /// The app order is restricted to other requesters.
        AppRefusesRequester,
        /// The dataset is registered for other apps only; ask its owner for one that allows this
        /// app.
        DatasetNotForApp,
        /// The dataset order is restricted to other apps.
        DatasetRefusesApp,
        /// The dataset order is restricted to other pools.
        DatasetRefusesPool,
        /// The dataset order is restricted to other requesters.
        DatasetRefusesRequester,
        /// The pool order is restricted to other apps.
        PoolRefusesApp,
        /// The pool order is restricted to other datasets.
        PoolRefusesDataset,
        /// The pool order is restricted to other requesters.
        PoolRefusesRequester,
        /// The app is not registered.
        NoSuchApp,
        /// The dataset is not registered.
        NoSuchDataset,
        /// The pool is not registered.
        NoSuchPool,
        /// Governance revoked the app; no deal can be made with it.
        AppRevoked,
        /// The request wants approved apps only, and governance has not approved this one.
        AppNotApproved,
        /// The app's owner has neither signed nor published the app order on this chain.
        AppOrderNotAuthentic,
        /// The dataset's owner has neither signed nor published the dataset order on this chain.
        DatasetOrderNotAuthentic,
        /// The pool's owner has neither signed nor published the pool order on this chain.
        PoolOrderNotAuthentic,
        /// The requester has neither signed nor published the request order on this chain, nor
        /// calls.
        RequestOrderNotAuthentic,
        /// The request names another account as its only matcher.
        NotTheMatcher,
        /// The request names a sponsor; only the sponsor itself can match it.
        PayerDidNotConsent,
        /// The pool does not offer the execution version that the request names.
        ExecutionVersionNotOffered,
        /// The execution version runs another kind of app: those from 2^31 on run container images,
        /// those below it WebAssembly modules.
        ExecutionVersionUnfit,
        /// The pool does not offer the way of verification that the request names.
        VerificationNotOffered,
        /// The pool does not meet the app's requirements.
        AppRequirementsUnmet,
        /// The pool does not meet the request's requirements.
        RequestRequirementsUnmet,
        /// Request and app do not meet the pool's requirements.
        PoolRequirementsUnmet,
        /// Nothing is left of the app order, or it was closed.
        AppVolumeExhausted,
        /// Nothing is left of the dataset order, or it was closed.
        DatasetVolumeExhausted,
        /// Nothing is left of the pool order, or it was closed.
        PoolVolumeExhausted,
        /// Nothing is left of the request order, or it was closed.
        RequestVolumeExhausted,
        /// Less is left of the orders than the request wants in one deal.
        VolumeBelowMinimum,
        /// The deal could last longer than the request or the chain allows.
        DurationTooLong,
        /// The payer lacks the money for the tasks and their calls; give it more, or ask for fewer
        /// tasks.
        PayerCannotPay,
        /// The pool's operator lacks the money for its stake; take another pool, or fewer tasks.
        OperatorCannotStake,
        /// The pool belongs to a hub that is not registered, or its operator is suspected or
        /// banned; take another pool.
        PoolHubNotRegistered,
        /// The request's way of verification awaits fewer votes than its trust needs, or more than
        /// the 32 that a task can have; change the number of voters or referees, or the trust.
        VerificationInvalid,
        /// Answers of container images could be guessed; with a trust of 3 or more, ask for blind
        /// votes or a race.
        BlindRequired,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::clean_up(remaining)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts an order's text on the chain, so that anyone can match it without a signature.
        ///
        /// ## Origin
        /// Signed by the owner of the app, dataset or pool on offer, or by the requester.
        ///
        /// ## Parameters
        /// - `order`: the order. Its owner pays a deposit by its size, returned when it is closed
        ///   or pruned.
        ///
        /// ## Errors
        /// `AlreadyPublished`, `NotOwner`, and each reason why the order could not match by itself:
        /// expiry, volume, price, trust, category, entry, nothing left.
        ///
        /// ## Events
        /// `OrderPublished`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::publish())]
        pub fn publish(origin: OriginFor<T>, order: Box<Order>) -> DispatchResult {
            let publisher = ensure_signed(origin)?;
            Self::do_publish(publisher, *order)
        }

        /// Closes an order for good, whether it was published or only signed.
        ///
        /// ## Origin
        /// Signed by the owner of the app, dataset or pool on offer, by the requester, or by the
        /// account that published the order.
        ///
        /// ## Parameters
        /// - `order`: the order. A publication goes and its deposit is returned. When there is
        ///   none, a deposit is taken for remembering the closing until the order is pruned.
        ///
        /// ## Errors
        /// `NotOwner`, `NothingToClose`, `NoSuchApp`, `NoSuchDataset`, `NoSuchPool`,
        /// `AppOrderExpired`, `DatasetOrderExpired`, `PoolOrderExpired`, `RequestOrderExpired`.
        ///
        /// ## Events
        /// `OrderClosed`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::close())]
        pub fn close(origin: OriginFor<T>, order: Box<Order>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_close(who, &order)
        }

        /// Makes a deal of orders that fit.
        ///
        /// ## Origin
        /// Signed by anyone, or by the matcher or the sponsor that the request names.
        ///
        /// ## Parameters
        /// - `app`, `dataset`, `pool`, `request`: the orders; a dataset order exactly when the
        ///   request names a dataset. An order that is published needs no signature, nor does the
        ///   request of the caller.
        ///
        /// ## Errors
        /// One for each condition of a match, and what the escrow still refuses then.
        ///
        /// ## Events
        /// `Matched`, and `OrderExhausted` for each published order of which nothing is left.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::match_orders())]
        pub fn match_orders(
            origin: OriginFor<T>,
            app: Box<SignedOrder<AppOrder>>,
            dataset: Option<Box<SignedOrder<DatasetOrder>>>,
            pool: Box<SignedOrder<PoolOrder>>,
            request: Box<SignedOrder<RequestOrder>>,
        ) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            Self::do_match(&caller, &app, dataset.as_deref(), &pool, &request)
        }

        /// Forgets expired orders: publications, consumed volumes and closings. Deposits go back to
        /// those who paid them.
        ///
        /// ## Origin
        /// Signed by anyone.
        ///
        /// ## Parameters
        /// - `orders`: at most [`MAX_PRUNED`] ids. Those not expired are skipped.
        ///
        /// ## Errors
        /// `NothingToPrune`.
        ///
        /// ## Events
        /// `OrdersPruned`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::prune(orders.len() as u32))]
        pub fn prune(
            origin: OriginFor<T>,
            orders: BoundedVec<OrderId, ConstU32<MAX_PRUNED>>,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_prune(&orders)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Published orders of a shelf in its order, from the one after `from` on; at most `limit`,
        /// which is between 1 and 64 whatever is asked for.
        pub fn orders(shelf: Shelf, from: Option<Cursor>, limit: u32) -> Page {
            Self::page(shelf, from, limit)
        }

        /// What tasks of a category or an app cost in the last 30 days; none when nothing was paid.
        pub fn prices(subject: PriceSubject) -> Option<PriceSummary> {
            Self::price_summary(subject)
        }

        /// Every reason why the orders cannot be matched now by `caller`, or by the requester when
        /// none is given, and the requirements condition by condition.
        pub fn explain_match(
            caller: Option<AccountId>,
            app: Box<SignedOrder<AppOrder>>,
            dataset: Option<Box<SignedOrder<DatasetOrder>>>,
            pool: Box<SignedOrder<PoolOrder>>,
            request: Box<SignedOrder<RequestOrder>>,
        ) -> MatchReport {
            let caller = caller.unwrap_or_else(|| request.order.requester.clone());
            Self::report(&caller, &app, dataset.as_deref(), &pool, &request)
        }
    }
}
