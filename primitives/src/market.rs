//! What the market answers: why orders do not match, which orders stand on the chain, what tasks
//! cost lately.

use crate::{AppId, Balance, BlockNumber, CategoryId, DatasetId, OrderId, PoolId, PublishedOrder};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_matchmaking::Explanation;
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// Most orders on one page of the book.
pub const MAX_PAGE: u32 = 64;
/// Most ended deals whose prices are remembered of one category or app.
pub const MAX_PRICES: u32 = 32;
/// Prices of deals that ended longer ago do not count: 30 days.
pub const PRICE_LIFE: BlockNumber = 30 * crate::DAYS;

/// Why orders do not match, in the order in which the market asks; only the last ones, the youngest,
/// stand elsewhere: those about the request's verification are asked with the rest of its form, the
/// pool's hub before the money. Each has an error of the market of the same name, which says what to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Mismatch {
    /// The app order's last block has passed.
    AppOrderExpired,
    /// The app order expires too far in the future.
    AppOrderLifeTooLong,
    /// The app order is for no task.
    AppOrderEmpty,
    /// The app order's price is above the highest price.
    AppPriceAboveMaximum,
    /// The dataset order's last block has passed.
    DatasetOrderExpired,
    /// The dataset order expires too far in the future.
    DatasetOrderLifeTooLong,
    /// The dataset order is for no task.
    DatasetOrderEmpty,
    /// The dataset order's price is above the highest price.
    DatasetPriceAboveMaximum,
    /// The pool order's last block has passed.
    PoolOrderExpired,
    /// The pool order expires too far in the future.
    PoolOrderLifeTooLong,
    /// The pool order is for no task.
    PoolOrderEmpty,
    /// The pool order's price is above the highest price.
    PoolPriceAboveMaximum,
    /// The pool order's trust is above the highest trust.
    TrustAboveMaximum,
    /// The pool order's attributes are no advertisement.
    PoolAttributesInvalid,
    /// The pool order's requirements are no expression.
    PoolRequirementsInvalid,
    /// The request order's last block has passed.
    RequestOrderExpired,
    /// The request order expires too far in the future.
    RequestOrderLifeTooLong,
    /// The request order is for no task.
    RequestOrderEmpty,
    /// The request order's minimum volume is 0.
    MinimumVolumeZero,
    /// The request order's trust is 0.
    TrustZero,
    /// The request order's requirements are no expression.
    RequestRequirementsInvalid,
    /// The request's callback is too short for a call.
    CallbackInvalid,
    /// Request and pool order are for different categories.
    CategoryMismatch,
    /// There is no such category.
    CategoryUnknown,
    /// The request asks for more trust than the pool offers.
    TrustTooHigh,
    /// The request asks an open pool for too little trust.
    TrustTooLowForOpenPool,
    /// The app costs more than the requester pays.
    AppPriceTooHigh,
    /// The dataset costs more than the requester pays.
    DatasetPriceTooHigh,
    /// The pool costs more than the requester pays.
    PoolPriceTooHigh,
    /// App or request needs a feature that the pool does not have.
    TagNotOffered,
    /// An order speaks of trusted hardware.
    TrustedHardwareUnsupported,
    /// The request is for another app.
    AppMismatch,
    /// The request is for another dataset, or for none.
    DatasetMismatch,
    /// The request is for a dataset, and no dataset order is given.
    DatasetOrderMissing,
    /// The request is for another pool.
    PoolMismatch,
    /// The app order does not admit the dataset.
    AppRefusesDataset,
    /// The app order does not admit the pool.
    AppRefusesPool,
    /// The app order does not admit the requester.
    AppRefusesRequester,
    /// The dataset is registered for other apps.
    DatasetNotForApp,
    /// The dataset order does not admit the app.
    DatasetRefusesApp,
    /// The dataset order does not admit the pool.
    DatasetRefusesPool,
    /// The dataset order does not admit the requester.
    DatasetRefusesRequester,
    /// The pool order does not admit the app.
    PoolRefusesApp,
    /// The pool order does not admit the dataset.
    PoolRefusesDataset,
    /// The pool order does not admit the requester.
    PoolRefusesRequester,
    /// The app is not registered.
    NoSuchApp,
    /// The dataset is not registered.
    NoSuchDataset,
    /// The pool is not registered.
    NoSuchPool,
    /// Governance revoked the app.
    AppRevoked,
    /// The request wants approved apps only, and governance has not approved this one.
    AppNotApproved,
    /// The app's owner stands behind no such order.
    AppOrderNotAuthentic,
    /// The dataset's owner stands behind no such order.
    DatasetOrderNotAuthentic,
    /// The pool's owner stands behind no such order.
    PoolOrderNotAuthentic,
    /// The requester stands behind no such order.
    RequestOrderNotAuthentic,
    /// The request reserves matching for another account.
    NotTheMatcher,
    /// The payer is neither the requester nor the caller.
    PayerDidNotConsent,
    /// The pool does not offer the execution version.
    ExecutionVersionNotOffered,
    /// The execution version runs another kind of app.
    ExecutionVersionUnfit,
    /// The pool does not offer the way of verification.
    VerificationNotOffered,
    /// The pool does not meet what the app demands.
    AppRequirementsUnmet,
    /// The pool does not meet what the request demands.
    RequestRequirementsUnmet,
    /// Request and app do not meet what the pool demands.
    PoolRequirementsUnmet,
    /// Nothing is left of the app order.
    AppVolumeExhausted,
    /// Nothing is left of the dataset order.
    DatasetVolumeExhausted,
    /// Nothing is left of the pool order.
    PoolVolumeExhausted,
    /// Nothing is left of the request order.
    RequestVolumeExhausted,
    /// Less is left than the request wants in one deal.
    VolumeBelowMinimum,
    /// The deal could last too long.
    DurationTooLong,
    /// The payer lacks the money for the tasks.
    PayerCannotPay,
    /// The operator lacks the money for its stake.
    OperatorCannotStake,
    /// The pool belongs to a hub that is not registered, or its operator is suspected or banned.
    PoolHubNotRegistered,
    /// The request's way of verification awaits too few votes for the trust, or too many for a task.
    VerificationInvalid,
    /// The request is for a container image whose answers could be guessed, by open votes.
    BlindRequired,
}

/// Whose requirements an explanation is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Party {
    /// The app's, on the pool.
    App,
    /// The request's, on the pool.
    Request,
    /// The pool's, on request and app.
    Pool,
}

/// Requirements, condition by condition.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct RequirementReport {
    /// Whose requirements they are.
    pub party: Party,
    /// The value of each condition.
    pub explanation: Explanation,
}

/// Why orders match, or why not.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct MatchReport {
    /// Every condition that fails; none when the orders match.
    pub mismatches: Vec<Mismatch>,
    /// The requirements of the parties that have some.
    pub requirements: Vec<RequirementReport>,
    /// How many tasks the deal would have.
    pub volume: u32,
}

/// A sorted list of published orders. Offers stand in it by price, the cheapest first; requests by
/// the highest price that they pay to the one who asks, the highest first.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Shelf {
    /// Offers of an app.
    #[codec(index = 0)]
    App(AppId),
    /// Offers of a dataset.
    #[codec(index = 1)]
    Dataset(DatasetId),
    /// Offers of a pool.
    #[codec(index = 2)]
    Pool(PoolId),
    /// Offers of pools for a category.
    #[codec(index = 3)]
    Category(CategoryId),
    /// Requests for an app, by the price for the app.
    #[codec(index = 4)]
    AppRequests(AppId),
    /// Requests in a category, by the price for the pool.
    #[codec(index = 5)]
    CategoryRequests(CategoryId),
}

/// A place on a shelf: what a page ended with.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Cursor {
    /// Price of the last order, as its shelf sorts it.
    pub price: Balance,
    /// The last order.
    pub order: OrderId,
}

/// An order as the book shows it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct BookEntry {
    /// The order's id.
    pub id: OrderId,
    /// The publication.
    pub published: PublishedOrder,
    /// How many tasks are left of it.
    pub remaining: u32,
    /// Whether it is not expired and its publisher still owns what it offers.
    pub live: bool,
}

/// Some orders of a shelf.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Page {
    /// The orders, at most [`MAX_PAGE`].
    pub orders: Vec<BookEntry>,
    /// Where the next page begins; none after the last order.
    pub next: Option<Cursor>,
}

/// What prices are remembered of.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum PriceSubject {
    /// Deals in a category.
    #[codec(index = 0)]
    Category(CategoryId),
    /// Deals with an app.
    #[codec(index = 1)]
    App(AppId),
}

/// What an ended deal cost.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct PricePoint {
    /// Block in which its last task ended.
    pub ended: BlockNumber,
    /// How many of its tasks were paid, at least 1.
    pub tasks: u32,
    /// App price per task.
    pub app_price: Balance,
    /// Pool price per task.
    pub pool_price: Balance,
}

/// The latest ended deals of a subject, the oldest first: a ring of [`MAX_PRICES`].
pub type PriceHistory = BoundedVec<PricePoint, ConstU32<MAX_PRICES>>;

/// Prices per task, every paid task counted once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PriceRange {
    /// The lowest.
    pub low: Balance,
    /// The lowest that at least half of the tasks did not exceed.
    pub median: Balance,
    /// The highest.
    pub high: Balance,
}

/// What tasks cost lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PriceSummary {
    /// How many deals it is about, at least 1.
    pub deals: u32,
    /// How many paid tasks it is about.
    pub tasks: u64,
    /// Block in which the oldest of the deals ended.
    pub since: BlockNumber,
    /// App prices.
    pub app: PriceRange,
    /// Pool prices.
    pub pool: PriceRange,
}
