//! Weights of the calls of `pallet_hub_wallet`, estimated from the storage that each call touches
//! at worst and from measured calls of the same shape in other pallets.
//!
//! `scripts/weights` replaces this file by a measured one.

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
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `System::Account` (r:1 w:1)
	/// Storage: `HubWallet::Records` (r:0 w:1)
	fn create() -> Weight {
		Weight::from_parts(90_000_000, 9510)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Storage: `System::Account` (r:1 w:0)
	fn register() -> Weight {
		Weight::from_parts(45_000_000, 9289)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Storage: `System::Account` (r:1 w:0)
	/// Storage: `HubWallet::Approvals` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	fn pay() -> Weight {
		Weight::from_parts(95_000_000, 14849)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Approvals` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	fn pull() -> Weight {
		Weight::from_parts(140_000_000, 14909)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Storage: `System::Account` (r:2 w:2)
	fn payday() -> Weight {
		Weight::from_parts(90_000_000, 11892)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	fn settle() -> Weight {
		Weight::from_parts(35_000_000, 4143)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Storage: `System::Account` (r:1 w:1)
	fn withdraw() -> Weight {
		Weight::from_parts(75_000_000, 6746)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Cases` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	fn suspect() -> Weight {
		Weight::from_parts(60_000_000, 9268)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Cases` (r:1 w:1)
	fn rehabilitate() -> Weight {
		Weight::from_parts(50_000_000, 6725)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Cases` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	/// Storage: `HubWallet::NextExpropriation` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Storage: `HubWallet::Quarantine` (r:0 w:1)
	fn ban() -> Weight {
		Weight::from_parts(130_000_000, 16957)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `HubWallet::Quarantine` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	fn release_quarantine() -> Weight {
		Weight::from_parts(85_000_000, 9238)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `HubWallet::Records` (r:0 w:1)
	fn update_record() -> Weight {
		Weight::from_parts(100_000_000, 6907)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	fn set_trusted() -> Weight {
		Weight::from_parts(35_000_000, 4143)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Storage: `HubWallet::Votes` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	fn rate() -> Weight {
		Weight::from_parts(110_000_000, 12038)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Votes` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `System::Account` (r:1 w:1)
	fn unrate() -> Weight {
		Weight::from_parts(90_000_000, 12098)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Storage: `HubWallet::Bindings` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	fn bind_pool() -> Weight {
		Weight::from_parts(85_000_000, 12299)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `HubWallet::Bindings` (r:1 w:1)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Storage: `HubWallet::Hubs` (r:2 w:0)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `System::Account` (r:1 w:1)
	fn unbind_pool() -> Weight {
		Weight::from_parts(95_000_000, 17556)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `HubWallet::InitialParameters` (r:1 w:0)
	/// Storage: `HubWallet::Parameters` (r:0 w:1)
	fn set_parameters() -> Weight {
		Weight::from_parts(25_000_000, 4032)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Storage: `System::Account` (r:2 w:2)
	/// Storage: `HubWallet::NextExpropriation` (r:1 w:1)
	/// Storage: `HubWallet::Parameters` (r:1 w:0)
	/// Storage: `HubWallet::Quarantine` (r:0 w:1)
	fn sweep() -> Weight {
		Weight::from_parts(110_000_000, 14375)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `HubWallet::Hubs` (r:1 w:1)
	/// Storage: `HubWallet::Approvals` (r:1 w:1)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Storage: `System::Account` (r:1 w:1)
	fn forfeit() -> Weight {
		Weight::from_parts(95_000_000, 12306)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn create() -> Weight {
		Weight::from_parts(90_000_000, 9510)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn register() -> Weight {
		Weight::from_parts(45_000_000, 9289)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn pay() -> Weight {
		Weight::from_parts(95_000_000, 14849)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn pull() -> Weight {
		Weight::from_parts(140_000_000, 14909)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn payday() -> Weight {
		Weight::from_parts(90_000_000, 11892)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn settle() -> Weight {
		Weight::from_parts(35_000_000, 4143)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(75_000_000, 6746)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn suspect() -> Weight {
		Weight::from_parts(60_000_000, 9268)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn rehabilitate() -> Weight {
		Weight::from_parts(50_000_000, 6725)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn ban() -> Weight {
		Weight::from_parts(130_000_000, 16957)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn release_quarantine() -> Weight {
		Weight::from_parts(85_000_000, 9238)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn update_record() -> Weight {
		Weight::from_parts(100_000_000, 6907)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn set_trusted() -> Weight {
		Weight::from_parts(35_000_000, 4143)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn rate() -> Weight {
		Weight::from_parts(110_000_000, 12038)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn unrate() -> Weight {
		Weight::from_parts(90_000_000, 12098)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn bind_pool() -> Weight {
		Weight::from_parts(85_000_000, 12299)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn unbind_pool() -> Weight {
		Weight::from_parts(95_000_000, 17556)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn set_parameters() -> Weight {
		Weight::from_parts(25_000_000, 4032)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn sweep() -> Weight {
		Weight::from_parts(110_000_000, 14375)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn forfeit() -> Weight {
		Weight::from_parts(95_000_000, 12306)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
}
