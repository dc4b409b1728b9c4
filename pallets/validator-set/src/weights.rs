//! Weights of the calls of `pallet_validator_set`, measured.
//!
//! Written by `scripts/weights` on 2026-11-21; never edit by hand.
//! CPU: AMD EPYC; steps 50, repeat 20, WASM execution: Compiled.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::ParityDbWeight}};

/// Weight functions needed for `pallet_validator_set`.
pub trait WeightInfo {
	fn set_invulnerables() -> Weight;
	fn set_desired_candidates() -> Weight;
	fn register_candidate() -> Weight;
	fn bond_extra() -> Weight;
	fn leave() -> Weight;
	fn withdraw() -> Weight;
	fn return_to_duty() -> Weight;
	fn purge_keys() -> Weight;
	fn note_author() -> Weight;
}

/// Weights of `pallet_validator_set` with the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Session::NextKeys` (r:128 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::Candidates` (r:129 w:0)
	/// Proof: `ValidatorSet::Candidates` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Proof: `ValidatorSet::Settings` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:1)
	/// Proof: `ValidatorSet::Invulnerables` (`max_values`: Some(1), `max_size`: Some(2114), added: 2609, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Attendances` (r:64 w:64)
	/// Proof: `ValidatorSet::Attendances` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Departures` (r:64 w:64)
	/// Proof: `ValidatorSet::Departures` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	fn set_invulnerables() -> Weight {
		Weight::from_parts(1_582_850_000, 341307)
			.saturating_add(T::DbWeight::get().reads(388_u64))
			.saturating_add(T::DbWeight::get().writes(129_u64))
	}
	/// Storage: `ValidatorSet::DesiredCandidates` (r:0 w:1)
	/// Proof: `ValidatorSet::DesiredCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn set_desired_candidates() -> Weight {
		Weight::from_parts(6_220_000, 0)
			.saturating_add(T::DbWeight::get().reads(0_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ValidatorSet::Departures` (r:1 w:1)
	/// Proof: `ValidatorSet::Departures` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:129 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Proof: `ValidatorSet::Invulnerables` (`max_values`: Some(1), `max_size`: Some(2114), added: 2609, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Candidates` (r:66 w:2)
	/// Proof: `ValidatorSet::Candidates` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::CounterForCandidates` (r:1 w:1)
	/// Proof: `ValidatorSet::CounterForCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::DesiredCandidates` (r:1 w:0)
	/// Proof: `ValidatorSet::DesiredCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Proof: `ValidatorSet::Settings` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	/// Proof: `ValidatorSet::Attendances` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	fn register_candidate() -> Weight {
		Weight::from_parts(867_808_000, 338487)
			.saturating_add(T::DbWeight::get().reads(204_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Candidates` (r:1 w:1)
	/// Proof: `ValidatorSet::Candidates` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn bond_extra() -> Weight {
		Weight::from_parts(69_403_000, 3784)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `ValidatorSet::Candidates` (r:65 w:1)
	/// Proof: `ValidatorSet::Candidates` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::DesiredCandidates` (r:1 w:0)
	/// Proof: `ValidatorSet::DesiredCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Proof: `ValidatorSet::Settings` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Proof: `ValidatorSet::Invulnerables` (`max_values`: Some(1), `max_size`: Some(2114), added: 2609, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:128 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::CounterForCandidates` (r:1 w:1)
	/// Proof: `ValidatorSet::CounterForCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	/// Proof: `ValidatorSet::Attendances` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Departures` (r:0 w:1)
	/// Proof: `ValidatorSet::Departures` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	fn leave() -> Weight {
		Weight::from_parts(762_242_000, 335924)
			.saturating_add(T::DbWeight::get().reads(199_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `ValidatorSet::Departures` (r:1 w:1)
	/// Proof: `ValidatorSet::Departures` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn withdraw() -> Weight {
		Weight::from_parts(54_922_000, 3784)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Proof: `ValidatorSet::Invulnerables` (`max_values`: Some(1), `max_size`: Some(2114), added: 2609, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Candidates` (r:66 w:2)
	/// Proof: `ValidatorSet::Candidates` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Departures` (r:1 w:2)
	/// Proof: `ValidatorSet::Departures` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:129 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::CounterForCandidates` (r:1 w:1)
	/// Proof: `ValidatorSet::CounterForCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::DesiredCandidates` (r:1 w:0)
	/// Proof: `ValidatorSet::DesiredCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Proof: `ValidatorSet::Settings` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	/// Proof: `ValidatorSet::Attendances` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	fn return_to_duty() -> Weight {
		Weight::from_parts(804_575_000, 338536)
			.saturating_add(T::DbWeight::get().reads(203_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::QueuedKeys` (r:1 w:0)
	/// Proof: `Session::QueuedKeys` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Proof: `ValidatorSet::Invulnerables` (`max_values`: Some(1), `max_size`: Some(2114), added: 2609, mode: `MaxEncodedLen`)
	/// Storage: `ValidatorSet::Candidates` (r:1 w:0)
	/// Proof: `ValidatorSet::Candidates` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:1 w:1)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Session::ExternallySetKeys` (r:1 w:0)
	/// Proof: `Session::ExternallySetKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `Session::KeyOwner` (r:0 w:2)
	/// Proof: `Session::KeyOwner` (`max_values`: None, `max_size`: None, mode: `Measured`)
	fn purge_keys() -> Weight {
		Weight::from_parts(65_678_000, 6745)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	/// Proof: `ValidatorSet::Attendances` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	fn note_author() -> Weight {
		Weight::from_parts(6_039_000, 3521)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn set_invulnerables() -> Weight {
		Weight::from_parts(1_582_850_000, 341307)
			.saturating_add(ParityDbWeight::get().reads(388_u64))
			.saturating_add(ParityDbWeight::get().writes(129_u64))
	}
	fn set_desired_candidates() -> Weight {
		Weight::from_parts(6_220_000, 0)
			.saturating_add(ParityDbWeight::get().reads(0_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn register_candidate() -> Weight {
		Weight::from_parts(867_808_000, 338487)
			.saturating_add(ParityDbWeight::get().reads(204_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn bond_extra() -> Weight {
		Weight::from_parts(69_403_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn leave() -> Weight {
		Weight::from_parts(762_242_000, 335924)
			.saturating_add(ParityDbWeight::get().reads(199_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(54_922_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn return_to_duty() -> Weight {
		Weight::from_parts(804_575_000, 338536)
			.saturating_add(ParityDbWeight::get().reads(203_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn purge_keys() -> Weight {
		Weight::from_parts(65_678_000, 6745)
			.saturating_add(ParityDbWeight::get().reads(7_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn note_author() -> Weight {
		Weight::from_parts(6_039_000, 3521)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
