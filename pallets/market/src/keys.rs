//! Keys that sort as what they mean.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{Balance, OrderId, PriceSubject};
use scale_info::TypeInfo;

/// Place of an order on a shelf: the smaller comes first, byte by byte.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Rank([u8; 16]);

impl Rank {
    /// The cheapest first: for offers.
    pub fn ascending(price: Balance) -> Self {
        Self(price.to_be_bytes())
    }

    /// The highest first: for requests.
    pub fn descending(price: Balance) -> Self {
        Self((!price).to_be_bytes())
    }
}

/// Something that will be forgotten.
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
pub enum Leftover {
    /// Publication, consumption and closing of an order.
    #[codec(index = 0)]
    Order(OrderId),
    /// Remembered prices.
    #[codec(index = 1)]
    Prices(PriceSubject),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_sort_as_prices(one: Balance, other: Balance) {
            prop_assert_eq!(Rank::ascending(one).cmp(&Rank::ascending(other)), one.cmp(&other));
            prop_assert_eq!(Rank::descending(one).cmp(&Rank::descending(other)), other.cmp(&one));
        }
    }
}
