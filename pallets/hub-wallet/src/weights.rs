//! Weights of the calls of `pallet_hub_wallet`, measured.
//!
//! Written by `scripts/weights` on 2026-11-21; never edit by hand.
//! CPU: AMD EPYC; steps 50, repeat 20, WASM execution: Compiled.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::ParityDbWeight}};

/// Weight functions needed for `pallet_hub_wallet`.
pub trait WeightInfo {
	fn create() -> Weight;
	fn register() -> Weight;
	fn pay() -> Weight;
	fn pull() -> Weight;
	fn payday() -> Weight;
	fn settle() -> Weight;
	fn withdraw() -> Weight;
	fn suspect() -> Weight;
	fn rehabilitate() -> Weight;
	fn ban() -> Weight;
	fn release_quarantine() -> Weight;
	fn update_record() -> Weight;
	fn set_trusted() -> Weight;
	fn rate() -> Weight;
	fn unrate() -> Weight;
	fn bind_pool() -> Weight;
	fn unbind_pool() -> Weight;
	fn set_parameters() -> Weight;
	fn sweep() -> Weight;
	fn forfeit() -> Weight;
}

/// Weights of `pallet_hub_wallet` with the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Records` (r:0 w:1)
	/// Proof: `HubWallet::Records` (`max_values`: None, `max_size`: Some(1221), added: 3696, mode: `MaxEncodedLen`)
	fn create() -> Weight {
		Weight::from_parts(72_368_000, 3784)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:0)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn register() -> Weight {
		Weight::from_parts(25_959_000, 3623)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:0)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Approvals` (r:1 w:1)
	/// Proof: `HubWallet::Approvals` (`max_values`: None, `max_size`: Some(321), added: 2796, mode: `MaxEncodedLen`)
	fn pay() -> Weight {
		Weight::from_parts(36_495_000, 3786)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Approvals` (r:1 w:1)
	/// Proof: `HubWallet::Approvals` (`max_values`: None, `max_size`: Some(321), added: 2796, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn pull() -> Weight {
		Weight::from_parts(116_644_000, 6196)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn payday() -> Weight {
		Weight::from_parts(74_240_000, 6196)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	fn settle() -> Weight {
		Weight::from_parts(16_345_000, 3623)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn withdraw() -> Weight {
		Weight::from_parts(71_556_000, 3623)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Cases` (r:1 w:1)
	/// Proof: `HubWallet::Cases` (`max_values`: None, `max_size`: Some(108), added: 2583, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	fn suspect() -> Weight {
		Weight::from_parts(33_189_000, 3623)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Cases` (r:1 w:1)
	/// Proof: `HubWallet::Cases` (`max_values`: None, `max_size`: Some(108), added: 2583, mode: `MaxEncodedLen`)
	fn rehabilitate() -> Weight {
		Weight::from_parts(25_087_000, 3623)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Cases` (r:1 w:1)
	/// Proof: `HubWallet::Cases` (`max_values`: None, `max_size`: Some(108), added: 2583, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::NextExpropriation` (r:1 w:1)
	/// Proof: `HubWallet::NextExpropriation` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Quarantine` (r:0 w:1)
	/// Proof: `HubWallet::Quarantine` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	fn ban() -> Weight {
		Weight::from_parts(96_023_000, 6196)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `HubWallet::Quarantine` (r:1 w:1)
	/// Proof: `HubWallet::Quarantine` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn release_quarantine() -> Weight {
		Weight::from_parts(72_568_000, 6196)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Records` (r:0 w:1)
	/// Proof: `HubWallet::Records` (`max_values`: None, `max_size`: Some(1221), added: 3696, mode: `MaxEncodedLen`)
	fn update_record() -> Weight {
		Weight::from_parts(101_050_000, 3784)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	fn set_trusted() -> Weight {
		Weight::from_parts(15_713_000, 3623)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Votes` (r:1 w:1)
	/// Proof: `HubWallet::Votes` (`max_values`: None, `max_size`: Some(113), added: 2588, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn rate() -> Weight {
		Weight::from_parts(109_082_000, 3784)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Votes` (r:1 w:1)
	/// Proof: `HubWallet::Votes` (`max_values`: None, `max_size`: Some(113), added: 2588, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn unrate() -> Weight {
		Weight::from_parts(65_938_000, 3784)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Bindings` (r:1 w:1)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn bind_pool() -> Weight {
		Weight::from_parts(121_320_000, 3859)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Bindings` (r:1 w:1)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn unbind_pool() -> Weight {
		Weight::from_parts(96_673_000, 3859)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::InitialParameters` (r:1 w:0)
	/// Proof: `HubWallet::InitialParameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:0 w:1)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	fn set_parameters() -> Weight {
		Weight::from_parts(10_646_000, 1553)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::NextExpropriation` (r:1 w:1)
	/// Proof: `HubWallet::NextExpropriation` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Proof: `HubWallet::Parameters` (`max_values`: Some(1), `max_size`: Some(68), added: 563, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Quarantine` (r:0 w:1)
	/// Proof: `HubWallet::Quarantine` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	fn sweep() -> Weight {
		Weight::from_parts(80_780_000, 6196)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Approvals` (r:1 w:1)
	/// Proof: `HubWallet::Approvals` (`max_values`: None, `max_size`: Some(321), added: 2796, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn forfeit() -> Weight {
		Weight::from_parts(66_749_000, 3786)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn create() -> Weight {
		Weight::from_parts(72_368_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn register() -> Weight {
		Weight::from_parts(25_959_000, 3623)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn pay() -> Weight {
		Weight::from_parts(36_495_000, 3786)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn pull() -> Weight {
		Weight::from_parts(116_644_000, 6196)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn payday() -> Weight {
		Weight::from_parts(74_240_000, 6196)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn settle() -> Weight {
		Weight::from_parts(16_345_000, 3623)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(71_556_000, 3623)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn suspect() -> Weight {
		Weight::from_parts(33_189_000, 3623)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn rehabilitate() -> Weight {
		Weight::from_parts(25_087_000, 3623)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn ban() -> Weight {
		Weight::from_parts(96_023_000, 6196)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn release_quarantine() -> Weight {
		Weight::from_parts(72_568_000, 6196)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn update_record() -> Weight {
		Weight::from_parts(101_050_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn set_trusted() -> Weight {
		Weight::from_parts(15_713_000, 3623)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn rate() -> Weight {
		Weight::from_parts(109_082_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn unrate() -> Weight {
		Weight::from_parts(65_938_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn bind_pool() -> Weight {
		Weight::from_parts(121_320_000, 3859)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn unbind_pool() -> Weight {
		Weight::from_parts(96_673_000, 3859)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn set_parameters() -> Weight {
		Weight::from_parts(10_646_000, 1553)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn sweep() -> Weight {
		Weight::from_parts(80_780_000, 6196)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn forfeit() -> Weight {
		Weight::from_parts(66_749_000, 3786)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
}
