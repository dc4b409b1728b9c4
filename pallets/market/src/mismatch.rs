//! The reasons why orders do not match, and the errors by which a call tells them.

use crate::Error;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// Why orders do not match. Each has an error of the same name, which says what to do.
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
    /// The pool costs more than the requester pays.
    PoolPriceTooHigh,
    /// App or request needs a feature that the pool does not have.
    TagNotOffered,
    /// An order speaks of trusted hardware.
    TrustedHardwareUnsupported,
    /// The request is for another app.
    AppMismatch,
    /// The request is for another pool.
    PoolMismatch,
    /// The app order does not admit the pool.
    AppRefusesPool,
    /// The app order does not admit the requester.
    AppRefusesRequester,
    /// The pool order does not admit the app.
    PoolRefusesApp,
    /// The pool order does not admit the requester.
    PoolRefusesRequester,
    /// The app is not registered.
    NoSuchApp,
    /// The pool is not registered.
    NoSuchPool,
    /// The app's owner stands behind no such order.
    AppOrderNotAuthentic,
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
    /// Nothing is left of the app order.
    AppVolumeExhausted,
    /// Nothing is left of the pool order.
    PoolVolumeExhausted,
    /// Nothing is left of the request order.
    RequestVolumeExhausted,
    /// Less is left than the request wants in one deal.
    VolumeBelowMinimum,
    /// The deal could last too long.
    DurationTooLong,
}

impl<T> From<Mismatch> for Error<T> {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::AppOrderExpired => Self::AppOrderExpired,
            Mismatch::AppOrderLifeTooLong => Self::AppOrderLifeTooLong,
            Mismatch::AppOrderEmpty => Self::AppOrderEmpty,
            Mismatch::AppPriceAboveMaximum => Self::AppPriceAboveMaximum,
            Mismatch::PoolOrderExpired => Self::PoolOrderExpired,
            Mismatch::PoolOrderLifeTooLong => Self::PoolOrderLifeTooLong,
            Mismatch::PoolOrderEmpty => Self::PoolOrderEmpty,
            Mismatch::PoolPriceAboveMaximum => Self::PoolPriceAboveMaximum,
            Mismatch::TrustAboveMaximum => Self::TrustAboveMaximum,
            Mismatch::RequestOrderExpired => Self::RequestOrderExpired,
            Mismatch::RequestOrderLifeTooLong => Self::RequestOrderLifeTooLong,
            Mismatch::RequestOrderEmpty => Self::RequestOrderEmpty,
            Mismatch::MinimumVolumeZero => Self::MinimumVolumeZero,
            Mismatch::TrustZero => Self::TrustZero,
            Mismatch::CategoryMismatch => Self::CategoryMismatch,
            Mismatch::CategoryUnknown => Self::CategoryUnknown,
            Mismatch::TrustTooHigh => Self::TrustTooHigh,
            Mismatch::TrustTooLowForOpenPool => Self::TrustTooLowForOpenPool,
            Mismatch::AppPriceTooHigh => Self::AppPriceTooHigh,
            Mismatch::PoolPriceTooHigh => Self::PoolPriceTooHigh,
            Mismatch::TagNotOffered => Self::TagNotOffered,
            Mismatch::TrustedHardwareUnsupported => Self::TrustedHardwareUnsupported,
            Mismatch::AppMismatch => Self::AppMismatch,
            Mismatch::PoolMismatch => Self::PoolMismatch,
            Mismatch::AppRefusesPool => Self::AppRefusesPool,
            Mismatch::AppRefusesRequester => Self::AppRefusesRequester,
            Mismatch::PoolRefusesApp => Self::PoolRefusesApp,
            Mismatch::PoolRefusesRequester => Self::PoolRefusesRequester,
            Mismatch::NoSuchApp => Self::NoSuchApp,
            Mismatch::NoSuchPool => Self::NoSuchPool,
            Mismatch::AppOrderNotAuthentic => Self::AppOrderNotAuthentic,
            Mismatch::PoolOrderNotAuthentic => Self::PoolOrderNotAuthentic,
            Mismatch::RequestOrderNotAuthentic => Self::RequestOrderNotAuthentic,
            Mismatch::NotTheMatcher => Self::NotTheMatcher,
            Mismatch::PayerDidNotConsent => Self::PayerDidNotConsent,
            Mismatch::ExecutionVersionNotOffered => Self::ExecutionVersionNotOffered,
            Mismatch::AppVolumeExhausted => Self::AppVolumeExhausted,
            Mismatch::PoolVolumeExhausted => Self::PoolVolumeExhausted,
            Mismatch::RequestVolumeExhausted => Self::RequestVolumeExhausted,
            Mismatch::VolumeBelowMinimum => Self::VolumeBelowMinimum,
            Mismatch::DurationTooLong => Self::DurationTooLong,
        }
    }
}
