//! Weights of the calls of `pallet_protocol_parameters`, measured.
//!
//! Written by `scripts/weights` on 2026-11-21; never edit by hand.
//! CPU: AMD EPYC; steps 50, repeat 20, WASM execution: Compiled.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::ParityDbWeight}};

/// Weight functions needed for `pallet_protocol_parameters`.
pub trait WeightInfo {
	fn set() -> Weight;
}

/// Weights of `pallet_protocol_parameters` with the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `ProtocolParameters::InForce` (r:1 w:1)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	fn set() -> Weight {
		Weight::from_parts(9_815_000, 1535)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn set() -> Weight {
		Weight::from_parts(9_815_000, 1535)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
