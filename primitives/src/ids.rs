//! Identifiers: each is a domain-separated hash of what it names.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_io::hashing::blake2_256;

/// `H(tag, …)` of the protocol: blake2-256 over the tag's bytes followed by the SCALE bytes of `parts`.
///
/// The tag keeps hashes of different meaning apart; no tag is a prefix of another one that can be
/// followed by the same bytes, because each tag always goes with parts of one type.
pub fn domain_hash(tag: &str, parts: &impl Encode) -> H256 {
    let mut bytes = alloc::vec::Vec::with_capacity(tag.len() + parts.size_hint());
    bytes.extend_from_slice(tag.as_bytes());
    parts.encode_to(&mut bytes);
    H256(blake2_256(&bytes))
}

macro_rules! hash_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        pub struct $name(
            /// The hash.
            pub H256,
        );

        impl From<H256> for $name {
            fn from(hash: H256) -> Self {
                Self(hash)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
    };
}

hash_id!(
    /// An application: hash of what it is and who registered it first.
    AppId
);
hash_id!(
    /// A dataset: hash of its content and who registered it first.
    DatasetId
);
hash_id!(
    /// A worker pool.
    PoolId
);
hash_id!(
    /// An access list.
    AccessListId
);
hash_id!(
    /// An order, bound to one chain, one order type and its content.
    OrderId
);
hash_id!(
    /// A deal: hash of its request order's id and the volume consumed before it.
    DealId
);

/// A category of work: how long one task may take. Numbered in the order of their creation.
pub type CategoryId = u32;

/// Number of a task inside its request order. Deals of one request have consecutive ranges.
pub type TaskIndex = u32;
