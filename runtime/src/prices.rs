//! What the calls of a deal's tasks cost: asked at the match, when the payer prepays them.
//!
//! A task prepays, at the multiplier of the match:
//! - for each of its votes a contribution and a reveal, made by single calls;
//! - one call at its declared weight, because a call is free only if what is left covers the most
//!   that it could cost;
//! - its upkeep: what idle blocks may have to do for it, its removal after the retention period, and
//!   the callback if there is one.
//!
//! The upkeep is used up at once, because nobody's call pays for it later. Of the rest the payer gets
//! back what the workers' calls do not use. When fees rise after the match, what is prepaid covers
//! fewer calls; then workers pay for the last ones.

use crate::{
    Balance, Poco, Runtime, RuntimeCall, TransactionExtensions, TransactionPayment,
    configs::{ergon::MaxCallbackWeight, system::RuntimeBlockWeights},
    extensions,
};
use ergon_primitives::{
    Deal, DealId, MAX_CONTRIBUTORS, TASKS_PER_PAGE,
    traits::{SettlementPrices, Tasks},
};
use frame_support::{dispatch::DispatchClass, weights::Weight};
use pallet_poco::{MAX_PRUNED, WeightInfo};
use pallet_transaction_payment::Multiplier;
use sp_runtime::{FixedPointNumber, generic::Era, traits::TransactionExtension};

type Weights = <Runtime as pallet_poco::Config>::WeightInfo;

/// Longest transaction of a single contribution, in bytes.
pub const CONTRIBUTION_LENGTH: u32 = 512;
/// Longest transaction of a single reveal or opening, in bytes.
pub const REVEAL_LENGTH: u32 = 768;

/// Prices of what tasks need, by the weights of this runtime and the fees of the moment.
pub struct TaskPrices;

impl SettlementPrices for TaskPrices {
    fn per_task(votes: u32, callback: bool) -> Balance {
        let (votes, tariff) = (votes.clamp(1, MAX_CONTRIBUTORS), Tariff::of(votes));
        tariff
            .contributions(votes)
            .saturating_add(tariff.reveals(votes))
            .saturating_add(tariff.margin())
            .saturating_add(upkeep(votes, 1, callback))
    }
}

/// The tasks of Proof-of-Contribution, with their upkeep paid from the beginning.
pub struct PaidTasks;

impl Tasks for PaidTasks {
    fn open(deal: DealId, terms: &Deal) {
        <Poco as Tasks>::open(deal, terms);
        let votes = terms.verification.votes_expected(terms.trust);
        let callback = terms.callback.is_some();
        let upkeep = upkeep(votes, terms.volume, callback);
        Poco::spend(deal, upkeep.min(terms.settlement_fee));
    }
}

/// Price of the idle time that a deal may need: for each task its share of a page that is swept, the
/// removal of its records, and its callback; for the deal its own end and removal.
///
/// It is never more for `n` tasks than `n` times the price for one.
fn upkeep(votes: u32, tasks: u32, callback: bool) -> Balance {
    let task = task_upkeep(votes.min(MAX_CONTRIBUTORS), callback);
    let deal = Weights::sweep_untouched().saturating_add(Weights::prune_deal(1));
    block_space(task)
        .saturating_mul(tasks.into())
        .saturating_add(block_space(deal))
}

/// Idle time that a task with so many votes may need. Each vote can leave a record of a score.
fn task_upkeep(votes: u32, callback: bool) -> Weight {
    let of_page = votes.saturating_mul(TASKS_PER_PAGE);
    let sweep = Weights::sweep_tasks(TASKS_PER_PAGE, of_page).div(TASKS_PER_PAGE.into());
    let record = Weights::prune_deal(MAX_PRUNED).div(MAX_PRUNED.into());
    let callback = if callback {
        Weights::callback_base()
            .saturating_add(Weights::callback())
            .saturating_add(MaxCallbackWeight::get())
    } else {
        Weight::zero()
    };
    sweep
        .saturating_add(record.saturating_mul(votes.into()))
        .saturating_add(callback)
}

/// Prices of single calls at the fees of the moment.
pub struct Tariff {
    /// How many votes a task of the deal is reckoned to have.
    votes: u32,
    multiplier: Multiplier,
    /// Weight of the extensions around a worker's call.
    around: Weight,
    /// What every transaction pays.
    base: Balance,
}

impl Tariff {
    /// That of a deal whose tasks have at most so many votes.
    pub fn of(votes: u32) -> Self {
        let class = RuntimeBlockWeights::get()
            .get(DispatchClass::Normal)
            .clone();
        Self {
            votes: votes.clamp(1, MAX_CONTRIBUTORS),
            multiplier: TransactionPayment::next_fee_multiplier(),
            around: extensions_weight(),
            base: TransactionPayment::weight_to_fee(class.base_extrinsic),
        }
    }

    /// Price of so many contributions.
    pub fn contributions(&self, count: u32) -> Balance {
        let weight = Weights::contribute(self.votes);
        self.calls(count, weight, CONTRIBUTION_LENGTH)
    }

    /// Price of so many reveals or openings, settlements included.
    pub fn reveals(&self, count: u32) -> Balance {
        let weight = Weights::reveal(self.votes).max(Weights::open_sealed(self.votes));
        self.calls(count, weight, REVEAL_LENGTH)
    }

    /// Price of the most that a single call is declared to weigh: a call is free only if that is
    /// covered, although it uses less.
    pub fn margin(&self) -> Balance {
        let heaviest = Weights::contribute(MAX_CONTRIBUTORS)
            .max(Weights::reveal(MAX_CONTRIBUTORS))
            .max(Weights::open_sealed(MAX_CONTRIBUTORS))
            .max(Weights::finalise(MAX_CONTRIBUTORS))
            .max(Weights::contribute_and_finalise(MAX_CONTRIBUTORS));
        self.calls(1, heaviest, REVEAL_LENGTH)
    }

    /// The fees of so many transactions with such a call, as the SDK reckons them.
    fn calls(&self, count: u32, weight: Weight, length: u32) -> Balance {
        let weight = TransactionPayment::weight_to_fee(weight.saturating_add(self.around));
        self.base
            .saturating_add(self.multiplier.saturating_mul_int(weight))
            .saturating_add(TransactionPayment::length_to_fee(length))
            .saturating_mul(count.into())
    }
}

/// Weight of the extensions around a worker's call.
fn extensions_weight() -> Weight {
    let deal = DealId(Default::default());
    let any = RuntimeCall::Poco(pallet_poco::Call::finalise { deal, index: 0 });
    let around: TransactionExtensions = extensions(0, Era::mortal(64, 0), 0);
    TransactionExtension::<RuntimeCall>::weight(&around, &any)
}

/// Price of this much of a block.
fn block_space(weight: Weight) -> Balance {
    TransactionPayment::next_fee_multiplier()
        .saturating_mul_int(TransactionPayment::weight_to_fee(weight))
}
