//! Weights of the calls of `pallet_market`.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};

/// Weight functions needed for `pallet_market`.
pub trait WeightInfo {
	fn publish() -> Weight;
	fn close() -> Weight;
	fn match_orders() -> Weight;
	fn prune(n: u32, ) -> Weight;
}

/// Weights for `pallet_market` on the chain's own database.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `System::BlockHash` (r:1 w:0), `Market::Orders` (r:1 w:1), `Market::Consumed` (r:1 w:0),
	/// the registry's app, pool and category (r:3 w:0), `Balances::Holds` (r:1 w:1), `System::Account` (r:1 w:1)
	fn publish() -> Weight {
		Weight::from_parts(50_000_000, 6_000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `System::BlockHash` (r:1 w:0), `Market::Orders` (r:1 w:1), `Market::Consumed` (r:1 w:1),
	/// `Market::ClosingDeposits` (r:0 w:1), the registry's entry (r:1 w:0), `Balances::Holds` (r:1 w:1),
	/// `System::Account` (r:1 w:1)
	fn close() -> Weight {
		Weight::from_parts(50_000_000, 6_000)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `System::BlockHash` (r:1 w:0), `Market::Orders` (r:3 w:0), `Market::Consumed` (r:3 w:3),
	/// `Market::Deals` (r:0 w:1), `Market::DealStatuses` (r:0 w:1), `Market::OpenDeals` (r:0 w:1),
	/// the registry's app, pool, category, lists and members (r:11 w:0) and uses (r:2 w:2), the escrow's
	/// record (r:0 w:1), `Balances::Holds` (r:2 w:2), `System::Account` (r:2 w:2). Three signatures are
	/// verified, at up to 150 microseconds each.
	fn match_orders() -> Weight {
		Weight::from_parts(500_000_000, 30_000)
			.saturating_add(T::DbWeight::get().reads(24_u64))
			.saturating_add(T::DbWeight::get().writes(13_u64))
	}
	/// Storage for each order: `Market::Orders` (r:1 w:1), `Market::Consumed` (r:1 w:1),
	/// `Market::ClosingDeposits` (r:1 w:1), `Balances::Holds` (r:1 w:1), `System::Account` (r:1 w:1)
	/// The range of component `n` is `[1, 64]`.
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(50_000_000, 1_500)
			.saturating_add(Weight::from_parts(50_000_000, 6_000).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes((5_u64).saturating_mul(n.into())))
	}
}

// For backwards compatibility and tests.
impl WeightInfo for () {
	fn publish() -> Weight {
		Weight::from_parts(50_000_000, 6_000)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn close() -> Weight {
		Weight::from_parts(50_000_000, 6_000)
			.saturating_add(RocksDbWeight::get().reads(6_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn match_orders() -> Weight {
		Weight::from_parts(500_000_000, 30_000)
			.saturating_add(RocksDbWeight::get().reads(24_u64))
			.saturating_add(RocksDbWeight::get().writes(13_u64))
	}
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(50_000_000, 1_500)
			.saturating_add(Weight::from_parts(50_000_000, 6_000).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes((5_u64).saturating_mul(n.into())))
	}
}
