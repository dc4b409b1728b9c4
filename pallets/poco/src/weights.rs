//! Weights of the calls of `pallet_poco`, measured.
//!
//! Written by `scripts/weights` on 2026-11-21; never edit by hand.
//! CPU: AMD EPYC; steps 50, repeat 20, WASM execution: Compiled.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::ParityDbWeight}};

/// Weight functions needed for `pallet_poco`.
pub trait WeightInfo {
	fn contribute() -> Weight;
	fn reveal() -> Weight;
	fn finalise() -> Weight;
	fn reopen() -> Weight;
	fn claim() -> Weight;
	fn claim_cancelled() -> Weight;
	fn revoke() -> Weight;
	fn prune_deal(n: u32, ) -> Weight;
}

/// Weights of `pallet_poco` with the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:0)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:1 w:1)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Revoked` (r:1 w:0)
	/// Proof: `Poco::Revoked` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::Scores` (r:1 w:0)
	/// Proof: `Reputation::Scores` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `WorkerStaking::Bonds` (r:1 w:1)
	/// Proof: `WorkerStaking::Bonds` (`max_values`: None, `max_size`: Some(310), added: 2785, mode: `MaxEncodedLen`)
	/// Storage: `ProtocolParameters::InForce` (r:1 w:0)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	fn contribute() -> Weight {
		Weight::from_parts(203_442_000, 6943)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:1 w:1)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `WorkerStaking::Bonds` (r:32 w:32)
	/// Proof: `WorkerStaking::Bonds` (`max_values`: None, `max_size`: Some(310), added: 2785, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:18 w:18)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:38 w:38)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Escrow::Accounts` (r:1 w:1)
	/// Proof: `Escrow::Accounts` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Bindings` (r:1 w:0)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProtocolParameters::InForce` (r:1 w:0)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::LastScored` (r:16 w:16)
	/// Proof: `Reputation::LastScored` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::Scores` (r:32 w:32)
	/// Proof: `Reputation::Scores` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:3 w:3)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Market::Prices` (r:2 w:2)
	/// Proof: `Market::Prices` (`max_values`: None, `max_size`: Some(1314), added: 3789, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:2)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::OpenDeals` (r:0 w:1)
	/// Proof: `Market::OpenDeals` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
	fn reveal() -> Weight {
		Weight::from_parts(1_891_658_000, 99904)
			.saturating_add(T::DbWeight::get().reads(148_u64))
			.saturating_add(T::DbWeight::get().writes(147_u64))
	}
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:1 w:1)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `WorkerStaking::Bonds` (r:32 w:32)
	/// Proof: `WorkerStaking::Bonds` (`max_values`: None, `max_size`: Some(310), added: 2785, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:18 w:18)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:38 w:38)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Escrow::Accounts` (r:1 w:1)
	/// Proof: `Escrow::Accounts` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Bindings` (r:1 w:0)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProtocolParameters::InForce` (r:1 w:0)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::LastScored` (r:16 w:16)
	/// Proof: `Reputation::LastScored` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::Scores` (r:32 w:32)
	/// Proof: `Reputation::Scores` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:3 w:3)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Market::Prices` (r:2 w:2)
	/// Proof: `Market::Prices` (`max_values`: None, `max_size`: Some(1314), added: 3789, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:4)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::OpenDeals` (r:0 w:1)
	/// Proof: `Market::OpenDeals` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
	fn finalise() -> Weight {
		Weight::from_parts(1_944_808_000, 99904)
			.saturating_add(T::DbWeight::get().reads(148_u64))
			.saturating_add(T::DbWeight::get().writes(149_u64))
	}
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:1 w:1)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `WorkerStaking::Bonds` (r:32 w:32)
	/// Proof: `WorkerStaking::Bonds` (`max_values`: None, `max_size`: Some(310), added: 2785, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:34 w:34)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:35 w:35)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::Scores` (r:32 w:32)
	/// Proof: `Reputation::Scores` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Escrow::Accounts` (r:1 w:1)
	/// Proof: `Escrow::Accounts` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:3 w:3)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Market::OpenDeals` (r:0 w:1)
	/// Proof: `Market::OpenDeals` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
	fn reopen() -> Weight {
		Weight::from_parts(1_739_733_000, 95986)
			.saturating_add(T::DbWeight::get().reads(141_u64))
			.saturating_add(T::DbWeight::get().writes(140_u64))
	}
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:1 w:1)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `WorkerStaking::Bonds` (r:32 w:32)
	/// Proof: `WorkerStaking::Bonds` (`max_values`: None, `max_size`: Some(310), added: 2785, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:18 w:18)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:38 w:38)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Escrow::Accounts` (r:1 w:1)
	/// Proof: `Escrow::Accounts` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
	/// Storage: `HubWallet::Bindings` (r:1 w:0)
	/// Proof: `HubWallet::Bindings` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `ProtocolParameters::InForce` (r:1 w:0)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::LastScored` (r:16 w:16)
	/// Proof: `Reputation::LastScored` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::Scores` (r:32 w:32)
	/// Proof: `Reputation::Scores` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:3 w:3)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Market::Prices` (r:2 w:2)
	/// Proof: `Market::Prices` (`max_values`: None, `max_size`: Some(1314), added: 3789, mode: `MaxEncodedLen`)
	/// Storage: `Market::Agenda` (r:0 w:4)
	/// Proof: `Market::Agenda` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Market::OpenDeals` (r:0 w:1)
	/// Proof: `Market::OpenDeals` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
	fn claim() -> Weight {
		Weight::from_parts(1_929_625_000, 99904)
			.saturating_add(T::DbWeight::get().reads(148_u64))
			.saturating_add(T::DbWeight::get().writes(149_u64))
	}
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:1 w:1)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Curations` (r:1 w:0)
	/// Proof: `Registry::Curations` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `WorkerStaking::Bonds` (r:32 w:32)
	/// Proof: `WorkerStaking::Bonds` (`max_values`: None, `max_size`: Some(310), added: 2785, mode: `MaxEncodedLen`)
	/// Storage: `Escrow::Accounts` (r:1 w:1)
	/// Proof: `Escrow::Accounts` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:2 w:2)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(319), added: 2794, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Uses` (r:3 w:3)
	/// Proof: `Registry::Uses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Market::OpenDeals` (r:0 w:1)
	/// Proof: `Market::OpenDeals` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
	fn claim_cancelled() -> Weight {
		Weight::from_parts(484_499_000, 90110)
			.saturating_add(T::DbWeight::get().reads(44_u64))
			.saturating_add(T::DbWeight::get().writes(43_u64))
	}
	/// Storage: `Market::Deals` (r:1 w:0)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Pools` (r:1 w:0)
	/// Proof: `Registry::Pools` (`max_values`: None, `max_size`: Some(394), added: 2869, mode: `MaxEncodedLen`)
	/// Storage: `Market::DealStatuses` (r:1 w:0)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Revoked` (r:1 w:1)
	/// Proof: `Poco::Revoked` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Revocations` (r:1 w:1)
	/// Proof: `Poco::Revocations` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn revoke() -> Weight {
		Weight::from_parts(79_098_000, 6081)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Market::DealStatuses` (r:1 w:1)
	/// Proof: `Market::DealStatuses` (`max_values`: None, `max_size`: Some(37), added: 2512, mode: `MaxEncodedLen`)
	/// Storage: `ProtocolParameters::InForce` (r:1 w:0)
	/// Proof: `ProtocolParameters::InForce` (`max_values`: Some(1), `max_size`: Some(50), added: 545, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Tasks` (r:257 w:256)
	/// Proof: `Poco::Tasks` (`max_values`: None, `max_size`: Some(3478), added: 5953, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Revocations` (r:1 w:1)
	/// Proof: `Poco::Revocations` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Poco::Revoked` (r:256 w:256)
	/// Proof: `Poco::Revoked` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
	/// Storage: `Reputation::LastScored` (r:257 w:256)
	/// Proof: `Reputation::LastScored` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
	/// Storage: `Market::Deals` (r:0 w:1)
	/// Proof: `Market::Deals` (`max_values`: None, `max_size`: Some(2616), added: 5091, mode: `MaxEncodedLen`)
	/// `n` goes from 1 to 256.
	fn prune_deal(n: u32, ) -> Weight {
		Weight::from_parts(107_350_707, 6943)
			.saturating_add(Weight::from_parts(13_967_483, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5953).saturating_mul(n.into()))
	}
}

/// The same with the weights of ParityDB, for tests.
impl WeightInfo for () {
	fn contribute() -> Weight {
		Weight::from_parts(203_442_000, 6943)
			.saturating_add(ParityDbWeight::get().reads(10_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn reveal() -> Weight {
		Weight::from_parts(1_891_658_000, 99904)
			.saturating_add(ParityDbWeight::get().reads(148_u64))
			.saturating_add(ParityDbWeight::get().writes(147_u64))
	}
	fn finalise() -> Weight {
		Weight::from_parts(1_944_808_000, 99904)
			.saturating_add(ParityDbWeight::get().reads(148_u64))
			.saturating_add(ParityDbWeight::get().writes(149_u64))
	}
	fn reopen() -> Weight {
		Weight::from_parts(1_739_733_000, 95986)
			.saturating_add(ParityDbWeight::get().reads(141_u64))
			.saturating_add(ParityDbWeight::get().writes(140_u64))
	}
	fn claim() -> Weight {
		Weight::from_parts(1_929_625_000, 99904)
			.saturating_add(ParityDbWeight::get().reads(148_u64))
			.saturating_add(ParityDbWeight::get().writes(149_u64))
	}
	fn claim_cancelled() -> Weight {
		Weight::from_parts(484_499_000, 90110)
			.saturating_add(ParityDbWeight::get().reads(44_u64))
			.saturating_add(ParityDbWeight::get().writes(43_u64))
	}
	fn revoke() -> Weight {
		Weight::from_parts(79_098_000, 6081)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn prune_deal(n: u32, ) -> Weight {
		Weight::from_parts(107_350_707, 6943)
			.saturating_add(Weight::from_parts(13_967_483, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
			.saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5953).saturating_mul(n.into()))
	}
}
