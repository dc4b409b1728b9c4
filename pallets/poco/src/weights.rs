//! Weights of the calls of `pallet_poco`, in the form of the benchmarking tool's output.
//!
//! Counted by hand: 50 µs a call and 25 µs for each of up to 32 workers that a settlement touches.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{constants::RocksDbWeight, Weight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_poco`.
pub trait WeightInfo {
	fn contribute() -> Weight;
	fn reveal() -> Weight;
	fn finalise() -> Weight;
	fn reopen() -> Weight;
	fn claim() -> Weight;
	fn prune_deal(n: u32, ) -> Weight;
}

/// Weights for `pallet_poco` with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn contribute() -> Weight {
		Weight::from_parts(50_000_000, 20_000)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn reveal() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(T::DbWeight::get().reads(172_u64))
			.saturating_add(T::DbWeight::get().writes(172_u64))
	}
	fn finalise() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(T::DbWeight::get().reads(172_u64))
			.saturating_add(T::DbWeight::get().writes(172_u64))
	}
	fn reopen() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(T::DbWeight::get().reads(172_u64))
			.saturating_add(T::DbWeight::get().writes(172_u64))
	}
	fn claim() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(T::DbWeight::get().reads(172_u64))
			.saturating_add(T::DbWeight::get().writes(172_u64))
	}
	/// The range of component `n` is `[1, 256]`.
	fn prune_deal(n: u32, ) -> Weight {
		Weight::from_parts(50_000_000, 20_000)
			.saturating_add(Weight::from_parts(10_000_000, 8_000).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(n.into())))
	}
}

// For tests.
impl WeightInfo for () {
	fn contribute() -> Weight {
		Weight::from_parts(50_000_000, 20_000)
			.saturating_add(RocksDbWeight::get().reads(6_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn reveal() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(RocksDbWeight::get().reads(172_u64))
			.saturating_add(RocksDbWeight::get().writes(172_u64))
	}
	fn finalise() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(RocksDbWeight::get().reads(172_u64))
			.saturating_add(RocksDbWeight::get().writes(172_u64))
	}
	fn reopen() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(RocksDbWeight::get().reads(172_u64))
			.saturating_add(RocksDbWeight::get().writes(172_u64))
	}
	fn claim() -> Weight {
		Weight::from_parts(850_000_000, 200_000)
			.saturating_add(RocksDbWeight::get().reads(172_u64))
			.saturating_add(RocksDbWeight::get().writes(172_u64))
	}
	/// The range of component `n` is `[1, 256]`.
	fn prune_deal(n: u32, ) -> Weight {
		Weight::from_parts(50_000_000, 20_000)
			.saturating_add(Weight::from_parts(10_000_000, 8_000).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(6_u64))
			.saturating_add(RocksDbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
			.saturating_add(RocksDbWeight::get().writes((2_u64).saturating_mul(n.into())))
	}
}
