//! Weights of the calls of `pallet_validator_set`.
//!
//! Counted from the storage that the calls touch with full lists. `scripts/weights` overwrites this
//! file with measured values.

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
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Storage: `ValidatorSet::Candidates` (r:65 w:0)
	/// Storage: `Session::NextKeys` (r:128 w:0)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:1)
	/// Storage: `ValidatorSet::Attendances` (r:64 w:64)
	fn set_invulnerables() -> Weight {
		Weight::from_parts(1_500_000_000, 664000)
			.saturating_add(T::DbWeight::get().reads(259_u64))
			.saturating_add(T::DbWeight::get().writes(65_u64))
	}
	/// Storage: `ValidatorSet::DesiredCandidates` (r:0 w:1)
	fn set_desired_candidates() -> Weight {
		Weight::from_parts(15_000_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `ValidatorSet::Departures` (r:1 w:1)
	/// Storage: `Session::NextKeys` (r:129 w:0)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Storage: `ValidatorSet::Candidates` (r:66 w:2)
	/// Storage: `ValidatorSet::CounterForCandidates` (r:1 w:1)
	/// Storage: `ValidatorSet::DesiredCandidates` (r:1 w:0)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	fn register_candidate() -> Weight {
		Weight::from_parts(1_200_000_000, 510000)
			.saturating_add(T::DbWeight::get().reads(203_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `ValidatorSet::Candidates` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	fn bond_extra() -> Weight {
		Weight::from_parts(90_000_000, 3675)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `ValidatorSet::Candidates` (r:66 w:1)
	/// Storage: `ValidatorSet::CounterForCandidates` (r:1 w:1)
	/// Storage: `ValidatorSet::DesiredCandidates` (r:1 w:0)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Storage: `Session::NextKeys` (r:128 w:0)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	/// Storage: `ValidatorSet::Departures` (r:0 w:1)
	fn leave() -> Weight {
		Weight::from_parts(1_100_000_000, 510000)
			.saturating_add(T::DbWeight::get().reads(200_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `ValidatorSet::Departures` (r:1 w:1)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Storage: `Balances::Holds` (r:1 w:1)
	fn withdraw() -> Weight {
		Weight::from_parts(85_000_000, 3675)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `ValidatorSet::Departures` (r:1 w:2)
	/// Storage: `Session::NextKeys` (r:129 w:0)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Storage: `ValidatorSet::Candidates` (r:66 w:2)
	/// Storage: `ValidatorSet::CounterForCandidates` (r:1 w:1)
	/// Storage: `ValidatorSet::DesiredCandidates` (r:1 w:0)
	/// Storage: `ValidatorSet::Settings` (r:1 w:0)
	/// Storage: `Session::CurrentIndex` (r:1 w:0)
	/// Storage: `ValidatorSet::Attendances` (r:1 w:0)
	fn return_to_duty() -> Weight {
		Weight::from_parts(1_150_000_000, 510000)
			.saturating_add(T::DbWeight::get().reads(202_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Storage: `Session::QueuedKeys` (r:1 w:0)
	/// Storage: `ValidatorSet::Invulnerables` (r:1 w:0)
	/// Storage: `ValidatorSet::Candidates` (r:1 w:0)
	/// Storage: `Session::NextKeys` (r:1 w:1)
	/// Storage: `Session::KeyOwner` (r:0 w:2)
	/// Storage: `Session::ExternallySetKeys` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `System::Account` (r:1 w:1)
	fn purge_keys() -> Weight {
		Weight::from_parts(95_000_000, 13000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `ValidatorSet::Attendances` (r:1 w:1)
	fn note_author() -> Weight {
		Weight::from_parts(12_000_000, 3529)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn set_invulnerables() -> Weight {
		Weight::from_parts(1_500_000_000, 664000)
			.saturating_add(ParityDbWeight::get().reads(259_u64))
			.saturating_add(ParityDbWeight::get().writes(65_u64))
	}
	fn set_desired_candidates() -> Weight {
		Weight::from_parts(15_000_000, 0)
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn register_candidate() -> Weight {
		Weight::from_parts(1_200_000_000, 510000)
			.saturating_add(ParityDbWeight::get().reads(203_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn bond_extra() -> Weight {
		Weight::from_parts(90_000_000, 3675)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn leave() -> Weight {
		Weight::from_parts(1_100_000_000, 510000)
			.saturating_add(ParityDbWeight::get().reads(200_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(85_000_000, 3675)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn return_to_duty() -> Weight {
		Weight::from_parts(1_150_000_000, 510000)
			.saturating_add(ParityDbWeight::get().reads(202_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn purge_keys() -> Weight {
		Weight::from_parts(95_000_000, 13000)
			.saturating_add(ParityDbWeight::get().reads(8_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn note_author() -> Weight {
		Weight::from_parts(12_000_000, 3529)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
