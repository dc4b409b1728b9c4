//! The parameters as other pallets take them: one `Get` for each, to be named in a configuration.

use crate::{Config, InForce};
use core::marker::PhantomData;
use ergon_primitives::{Balance, BlockNumber};
use frame_support::traits::Get;

/// Defines the `Get` of a parameter.
macro_rules! parameter {
    ($(#[$doc:meta])* $name:ident is $field:ident: $type:ty) => {
        $(#[$doc])*
        pub struct $name<T>(PhantomData<T>);

        impl<T: Config> Get<$type> for $name<T> {
            fn get() -> $type {
                InForce::<T>::get().$field
            }
        }
    };
}

parameter!(
    /// See [`crate::Parameters::fund_fee_ratio`].
    FundFeeRatio is fund_fee_ratio: u8
);
parameter!(
    /// See [`crate::Parameters::operator_stake_ratio`].
    OperatorStakeRatio is operator_stake_ratio: u8
);
parameter!(
    /// See [`crate::Parameters::max_duration`].
    MaxDuration is max_duration: BlockNumber
);
parameter!(
    /// See [`crate::Parameters::minimum_bond`].
    MinimumBond is minimum_bond: Balance
);
parameter!(
    /// See [`crate::Parameters::bonding_duration`].
    BondingDuration is bonding_duration: BlockNumber
);
parameter!(
    /// See [`crate::Parameters::join_delay`].
    JoinDelay is join_delay: BlockNumber
);
parameter!(
    /// See [`crate::Parameters::min_scored_price`].
    MinScoredPrice is min_scored_price: Balance
);
parameter!(
    /// See [`crate::Parameters::retention_period`].
    RetentionPeriod is retention_period: BlockNumber
);
