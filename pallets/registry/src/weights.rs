//! Weights of the calls of `pallet_registry`, measured.
//!
//! Written by `scripts/weights` on 2026-11-21; never edit by hand.
//! CPU: AMD EPYC; steps 50, repeat 20, WASM execution: Compiled.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::ParityDbWeight}};

/// Weight functions needed for `pallet_registry`.
pub trait WeightInfo {
	fn register_app() -> Weight;
	fn update_app() -> Weight;
	fn transfer_app() -> Weight;
	fn remove_app() -> Weight;
	fn register_pool() -> Weight;
	fn update_pool() -> Weight;
	fn transfer_pool() -> Weight;
	fn remove_pool() -> Weight;
	fn create_category() -> Weight;
	fn create_list(m: u32, ) -> Weight;
	fn add_members(m: u32, ) -> Weight;
	fn remove_members(m: u32, ) -> Weight;
	fn delete_list() -> Weight;
	fn prune_tombstone() -> Weight;
	fn register_dataset() -> Weight;
	fn update_dataset() -> Weight;
	fn transfer_dataset() -> Weight;
	fn remove_dataset() -> Weight;
	fn propose_app() -> Weight;
	fn curate_app() -> Weight;
	fn set_authoriser() -> Weight;
	fn clean_up(t: u32, ) -> Weight;
}

/// Weights of `pallet_registry` with the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Registry::Apps` (r:1 w:1)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:1 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:0 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn register_app() -> Weight {
		Weight::from_parts(189_922_000, 7251)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Apps` (r:1 w:1)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:2 w:2)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn update_app() -> Weight {
		Weight::from_parts(130_824_000, 7251)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Apps` (r:1 w:1)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	fn transfer_app() -> Weight {
		Weight::from_parts(34_161_000, 7251)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Apps` (r:1 w:1)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:1 w:0)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:1)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:0 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn remove_app() -> Weight {
		Weight::from_parts(89_613_000, 7251)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `Registry::AccessLists` (r:1 w:0)
	/// Proof: `Registry::AccessLists` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:1)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:1 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:0 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn register_pool() -> Weight {
		Weight::from_parts(83_454_000, 3859)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Pools` (r:1 w:1)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Registry::AccessLists` (r:1 w:0)
	/// Proof: `Registry::AccessLists` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:2 w:2)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn update_pool() -> Weight {
		Weight::from_parts(177_233_000, 6578)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Pools` (r:1 w:1)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Bindings` (r:1 w:0)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	fn transfer_pool() -> Weight {
		Weight::from_parts(59_539_000, 3859)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Pools` (r:1 w:1)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:1 w:0)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:0 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn remove_pool() -> Weight {
		Weight::from_parts(151_144_000, 3859)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::NextCategory` (r:1 w:1)
	/// Proof: `Registry::NextCategory` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Categories` (r:0 w:1)
	/// Proof: `Registry::Categories` (`max_values`: None, `max_size`: Some(98), added: 2573, mode: `MaxEncodedLen`)
	fn create_category() -> Weight {
		Weight::from_parts(12_278_000, 1489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Registry::AccessLists` (r:1 w:1)
	/// Proof: `Registry::AccessLists` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:1 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::ListMembers` (r:0 w:64)
	/// Proof: `Registry::ListMembers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:0 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// `m` goes from 0 to 64.
	fn create_list(m: u32, ) -> Weight {
		Weight::from_parts(88_698_150, 3784)
			.saturating_add(Weight::from_parts(2_442_723, 0).saturating_mul(m.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
	}
	/// Storage: `Registry::AccessLists` (r:1 w:1)
	/// Proof: `Registry::AccessLists` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::ListMembers` (r:64 w:64)
	/// Proof: `Registry::ListMembers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// `m` goes from 0 to 64.
	fn add_members(m: u32, ) -> Weight {
		Weight::from_parts(168_579_970, 3784)
			.saturating_add(Weight::from_parts(6_612_469, 0).saturating_mul(m.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
			.saturating_add(Weight::from_parts(0, 2555).saturating_mul(m.into()))
	}
	/// Storage: `Registry::AccessLists` (r:1 w:1)
	/// Proof: `Registry::AccessLists` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::ListMembers` (r:64 w:64)
	/// Proof: `Registry::ListMembers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// `m` goes from 0 to 64.
	fn remove_members(m: u32, ) -> Weight {
		Weight::from_parts(172_704_527, 3784)
			.saturating_add(Weight::from_parts(7_881_841, 0).saturating_mul(m.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(m.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(m.into())))
			.saturating_add(Weight::from_parts(0, 2555).saturating_mul(m.into()))
	}
	/// Storage: `Registry::AccessLists` (r:1 w:1)
	/// Proof: `Registry::AccessLists` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:0 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn delete_list() -> Weight {
		Weight::from_parts(62_403_000, 3784)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Tombstones` (r:1 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn prune_tombstone() -> Weight {
		Weight::from_parts(30_074_000, 3501)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Registry::Datasets` (r:1 w:1)
	/// Proof: `Registry::Datasets` (`max_values`: None, `max_size`: Some(1962), added: 4437, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:1 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:0 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn register_dataset() -> Weight {
		Weight::from_parts(133_298_000, 5427)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Datasets` (r:1 w:1)
	/// Proof: `Registry::Datasets` (`max_values`: None, `max_size`: Some(1962), added: 4437, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:2 w:2)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	fn update_dataset() -> Weight {
		Weight::from_parts(192_405_000, 6578)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Datasets` (r:1 w:1)
	/// Proof: `Registry::Datasets` (`max_values`: None, `max_size`: Some(1962), added: 4437, mode: `MaxEncodedLen`)
	fn transfer_dataset() -> Weight {
		Weight::from_parts(29_013_000, 5427)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Datasets` (r:1 w:1)
	/// Proof: `Registry::Datasets` (`max_values`: None, `max_size`: Some(1962), added: 4437, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:1 w:0)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Deposits` (r:1 w:1)
	/// Proof: `Registry::Deposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:0 w:1)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Burials` (r:0 w:1)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn remove_dataset() -> Weight {
		Weight::from_parts(102_172_000, 5427)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Apps` (r:1 w:0)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:1)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	fn propose_app() -> Weight {
		Weight::from_parts(43_615_000, 7251)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Apps` (r:1 w:0)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:1)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	fn curate_app() -> Weight {
		Weight::from_parts(57_034_000, 7251)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Pools` (r:1 w:1)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	fn set_authoriser() -> Weight {
		Weight::from_parts(52_278_000, 3859)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Burials` (r:65 w:64)
	/// Proof: `Registry::Burials` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Tombstones` (r:0 w:64)
	/// Proof: `Registry::Tombstones` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// `t` goes from 0 to 64.
	fn clean_up(t: u32, ) -> Weight {
		Weight::from_parts(1_253_751, 3501)
			.saturating_add(Weight::from_parts(7_092_858, 0).saturating_mul(t.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(t.into())))
			.saturating_add(T::DbWeight::get().writes(0_u64))
			.saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(t.into())))
			.saturating_add(Weight::from_parts(0, 2511).saturating_mul(t.into()))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn register_app() -> Weight {
		Weight::from_parts(189_922_000, 7251)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn update_app() -> Weight {
		Weight::from_parts(130_824_000, 7251)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn transfer_app() -> Weight {
		Weight::from_parts(34_161_000, 7251)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn remove_app() -> Weight {
		Weight::from_parts(89_613_000, 7251)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn register_pool() -> Weight {
		Weight::from_parts(83_454_000, 3859)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn update_pool() -> Weight {
		Weight::from_parts(177_233_000, 6578)
			.saturating_add(ParityDbWeight::get().reads(7_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn transfer_pool() -> Weight {
		Weight::from_parts(59_539_000, 3859)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn remove_pool() -> Weight {
		Weight::from_parts(151_144_000, 3859)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn create_category() -> Weight {
		Weight::from_parts(12_278_000, 1489)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn create_list(m: u32, ) -> Weight {
		Weight::from_parts(88_698_150, 3784)
			.saturating_add(Weight::from_parts(2_442_723, 0).saturating_mul(m.into()))
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(m.into())))
	}
	fn add_members(m: u32, ) -> Weight {
		Weight::from_parts(168_579_970, 3784)
			.saturating_add(Weight::from_parts(6_612_469, 0).saturating_mul(m.into()))
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(m.into())))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(m.into())))
			.saturating_add(Weight::from_parts(0, 2555).saturating_mul(m.into()))
	}
	fn remove_members(m: u32, ) -> Weight {
		Weight::from_parts(172_704_527, 3784)
			.saturating_add(Weight::from_parts(7_881_841, 0).saturating_mul(m.into()))
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(m.into())))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(m.into())))
			.saturating_add(Weight::from_parts(0, 2555).saturating_mul(m.into()))
	}
	fn delete_list() -> Weight {
		Weight::from_parts(62_403_000, 3784)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn prune_tombstone() -> Weight {
		Weight::from_parts(30_074_000, 3501)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn register_dataset() -> Weight {
		Weight::from_parts(133_298_000, 5427)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn update_dataset() -> Weight {
		Weight::from_parts(192_405_000, 6578)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn transfer_dataset() -> Weight {
		Weight::from_parts(29_013_000, 5427)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn remove_dataset() -> Weight {
		Weight::from_parts(102_172_000, 5427)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn propose_app() -> Weight {
		Weight::from_parts(43_615_000, 7251)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn curate_app() -> Weight {
		Weight::from_parts(57_034_000, 7251)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn set_authoriser() -> Weight {
		Weight::from_parts(52_278_000, 3859)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn clean_up(t: u32, ) -> Weight {
		Weight::from_parts(1_253_751, 3501)
			.saturating_add(Weight::from_parts(7_092_858, 0).saturating_mul(t.into()))
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(t.into())))
			.saturating_add(ParityDbWeight::get().writes(0_u64))
			.saturating_add(ParityDbWeight::get().writes((2_u64).saturating_mul(t.into())))
			.saturating_add(Weight::from_parts(0, 2511).saturating_mul(t.into()))
	}
}
