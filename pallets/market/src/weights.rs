//! Weights of the calls of `pallet_market`, measured.
//!
//! Written by `scripts/weights` on 2026-11-21; never edit by hand.
//! CPU: AMD EPYC; steps 50, repeat 20, WASM execution: Compiled.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::ParityDbWeight}};

/// Weight functions needed for `pallet_market`.
pub trait WeightInfo {
	fn publish() -> Weight;
	fn close() -> Weight;
	fn match_orders() -> Weight;
	fn prune(n: u32, ) -> Weight;
	fn forget_leftover() -> Weight;
	fn clean_up_base() -> Weight;
}

/// Weights of `pallet_market` with the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Market::Orders` (r:1 w:1)
	/// Proof: `Market::Orders` (`max_values`: None, `max_size`: Some(4530), added: 7005, mode: `MaxEncodedLen`)
	/// Storage: `Market::Consumed` (r:1 w:0)
	/// Proof: `Market::Consumed` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Categories` (r:1 w:0)
	/// Proof: `Registry::Categories` (`max_values`: None, `max_size`: Some(98), added: 2573, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Apps` (r:1 w:0)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Datasets` (r:1 w:0)
	/// Proof: `Registry::Datasets` (`max_values`: None, `max_size`: Some(1962), added: 4437, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(337), added: 2812, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:1)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::Book` (r:0 w:2)
	/// Proof: `Market::Book` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
	fn publish() -> Weight {
		Weight::from_parts(294_577_000, 7995)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Market::Orders` (r:1 w:1)
	/// Proof: `Market::Orders` (`max_values`: None, `max_size`: Some(4530), added: 7005, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Market::Consumed` (r:1 w:1)
	/// Proof: `Market::Consumed` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(337), added: 2812, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:1)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::Book` (r:0 w:2)
	/// Proof: `Market::Book` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
	fn close() -> Weight {
		Weight::from_parts(129_432_000, 7995)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Apps` (r:1 w:0)
	/// Proof: `Registry::Apps` (`max_values`: None, `max_size`: Some(3786), added: 6261, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Datasets` (r:1 w:0)
	/// Proof: `Registry::Datasets` (`max_values`: None, `max_size`: Some(1962), added: 4437, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Categories` (r:1 w:0)
	/// Proof: `Registry::Categories` (`max_values`: None, `max_size`: Some(98), added: 2573, mode: `MaxEncodedLen`)
	/// Storage: `Market::Consumed` (r:4 w:4)
	/// Proof: `Market::Consumed` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
	/// Storage: `Registry::ListMembers` (r:9 w:0)
	/// Proof: `Registry::ListMembers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Market::Orders` (r:4 w:4)
	/// Proof: `Market::Orders` (`max_values`: None, `max_size`: Some(4530), added: 7005, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Hubs` (r:1 w:0)
	/// Proof: `HubWallet::Hubs` (`max_values`: None, `max_size`: Some(158), added: 2633, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Bindings` (r:1 w:0)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProtocolParameters::InForce` (r:1 w:0)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:5 w:5)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(337), added: 2812, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:4 w:4)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Escrow::Accounts` (r:1 w:1)
	/// Proof: `Escrow::Accounts` (`max_values`: None, `max_size`: Some(152), added: 2627, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:3 w:3)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:4)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::Deals` (r:0 w:1)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(3660), added: 6135, mode: `MaxEncodedLen`)
	/// Storage: `Market::Book` (r:0 w:6)
	/// Proof: `Market::Book` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:0 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Market::OpenDeals` (r:0 w:1)
	/// Proof: `Market::OpenDeals` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Agenda` (r:0 w:1)
	/// Proof: `Poco::Agenda` (`max_values`: None, `max_size`: Some(41), added: 2516, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Progress` (r:0 w:1)
	/// Proof: `Poco::Progress` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	fn match_orders() -> Weight {
		Weight::from_parts(1_474_730_000, 29010)
			.saturating_add(T::DbWeight::get().reads(39_u64))
			.saturating_add(T::DbWeight::get().writes(36_u64))
	}
	/// Storage: `Market::Orders` (r:64 w:64)
	/// Proof: `Market::Orders` (`max_values`: None, `max_size`: Some(4530), added: 7005, mode: `MaxEncodedLen`)
	/// Storage: `Market::Consumed` (r:64 w:64)
	/// Proof: `Market::Consumed` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:64 w:64)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:64 w:64)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(337), added: 2812, mode: `MaxEncodedLen`)
	/// Storage: `Market::ClosingDeposits` (r:64 w:0)
	/// Proof: `Market::ClosingDeposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:64)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::Book` (r:0 w:128)
	/// Proof: `Market::Book` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
	/// `n` goes from 1 to 64.
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(26_256_678, 990)
			.saturating_add(Weight::from_parts(76_997_148, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(0_u64))
			.saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(0_u64))
			.saturating_add(T::DbWeight::get().writes((7_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 7005).saturating_mul(n.into()))
	}
	/// Storage: `Market::Agenda` (r:2 w:1)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::Orders` (r:1 w:1)
	/// Proof: `Market::Orders` (`max_values`: None, `max_size`: Some(4530), added: 7005, mode: `MaxEncodedLen`)
	/// Storage: `Market::Consumed` (r:1 w:1)
	/// Proof: `Market::Consumed` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(337), added: 2812, mode: `MaxEncodedLen`)
	/// Storage: `Market::ClosingDeposits` (r:1 w:0)
	/// Proof: `Market::ClosingDeposits` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Market::Book` (r:0 w:2)
	/// Proof: `Market::Book` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
	fn forget_leftover() -> Weight {
		Weight::from_parts(122_202_000, 7995)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Market::Agenda` (r:1 w:0)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	fn clean_up_base() -> Weight {
		Weight::from_parts(12_959_000, 3503)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(0_u64))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn publish() -> Weight {
		Weight::from_parts(294_577_000, 7995)
			.saturating_add(ParityDbWeight::get().reads(10_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn close() -> Weight {
		Weight::from_parts(129_432_000, 7995)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn match_orders() -> Weight {
		Weight::from_parts(1_474_730_000, 29010)
			.saturating_add(ParityDbWeight::get().reads(39_u64))
			.saturating_add(ParityDbWeight::get().writes(36_u64))
	}
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(26_256_678, 990)
			.saturating_add(Weight::from_parts(76_997_148, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(0_u64))
			.saturating_add(ParityDbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(0_u64))
			.saturating_add(ParityDbWeight::get().writes((7_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 7005).saturating_mul(n.into()))
	}
	fn forget_leftover() -> Weight {
		Weight::from_parts(122_202_000, 7995)
			.saturating_add(ParityDbWeight::get().reads(7_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn clean_up_base() -> Weight {
		Weight::from_parts(12_959_000, 3503)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(0_u64))
	}
}
