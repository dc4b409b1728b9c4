//! Who gets what when a task ends: arithmetic over plain amounts, without chain or storage.

use alloc::vec::Vec;
use ergon_primitives::{
    Balance, Deal, percent_of,
    traits::{Ending, UntouchedEnd},
};

/// Share of the pool price that a failed task costs its payer when enough workers had voted, in percent.
pub const FAILURE_FEE_RATIO: u8 = 5;
/// Share of the pool price that the operator gets for a task that the payer cancels before anybody
/// voted, in percent: its machines had been promised to the task.
pub const CANCELLATION_FEE_RATIO: u8 = 5;

/// What a payout depends on; frozen with the deal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PayoutTerms {
    /// App price of the task.
    pub app_price: Balance,
    /// Dataset price of the task; 0 when no dataset is used.
    pub dataset_price: Balance,
    /// Pool price of the task.
    pub pool_price: Balance,
    /// Share of the pool price that the operator keeps, in percent, at most 100.
    pub operator_ratio: u8,
    /// Share of the operator's and the app owner's part that the ecosystem fund gets, in percent, at
    /// most 100.
    pub fund_fee_ratio: u8,
}

impl From<&Deal> for PayoutTerms {
    fn from(deal: &Deal) -> Self {
        Self {
            app_price: deal.app_price,
            dataset_price: deal.dataset_price(),
            pool_price: deal.pool_price,
            operator_ratio: deal.operator_reward_ratio,
            fund_fee_ratio: deal.fund_fee_ratio,
        }
    }
}

/// The parts of a proven task's money. Their sum is app price + dataset price + pool price + slashed
/// amount.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Split {
    /// To the app's owner, less the fund fee.
    pub app: Balance,
    /// App price that stays with the payer, because the result is the app's fault.
    pub app_refund: Balance,
    /// To the dataset's owner: the whole dataset price, for the data was read whatever the app made
    /// of it.
    pub dataset: Balance,
    /// To each winner, in the order of their weights.
    pub workers: Vec<Balance>,
    /// To the operator: its share and the dust of the division, less the fund fee.
    pub operator: Balance,
    /// To the ecosystem fund: its fee.
    pub fund_fee: Balance,
    /// To the ecosystem fund: losers' stakes beyond one pool price.
    pub treasury: Balance,
}

/// What is on hold for one task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// Of the payer: the task price.
    pub price: Balance,
    /// Of the operator: its stake.
    pub stake: Balance,
}

/// Where the money of an ended task goes. The sum of the parts is what is on hold for it + what its
/// losers lost.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Parts {
    /// To each winner, in the order in which they were given.
    pub workers: Vec<Balance>,
    /// To the app's owner.
    pub app: Balance,
    /// To the dataset's owner.
    pub dataset: Balance,
    /// To the operator, or the wallet of its hub.
    pub operator: Balance,
    /// Of the task price, back to the payer.
    pub refund: Balance,
    /// Of the operator's stake, back to the operator.
    pub released: Balance,
    /// To the treasury.
    pub treasury: Balance,
}

/// Divides the money of a task that somebody worked on. `slashed` is what its losers lost.
pub fn parts(terms: &PayoutTerms, held: Held, ending: &Ending, slashed: Balance) -> Parts {
    match ending {
        Ending::Proven { app_paid, winners } => {
            let weights: Vec<u32> = winners.iter().map(|winner| winner.weight).collect();
            proven(held, split(terms, *app_paid, &weights, slashed))
        }
        Ending::Unavailable => Parts {
            treasury: slashed,
            ..returned(held)
        },
        Ending::Failed { voted } => failed(held, failure_fee(terms.pool_price, *voted), slashed),
    }
}

/// Divides the money of a task that nobody worked on.
pub fn untouched_parts(terms: &PayoutTerms, held: Held, end: UntouchedEnd) -> Parts {
    match end {
        UntouchedEnd::Failed => failed(held, 0, 0),
        UntouchedEnd::CancelledAsHarmful => returned(held),
        UntouchedEnd::CancelledByPayer => {
            let fee = percent_of(terms.pool_price, CANCELLATION_FEE_RATIO).min(held.price);
            Parts {
                operator: fee,
                refund: held.price.saturating_sub(fee),
                ..returned(held)
            }
        }
    }
}

fn proven(held: Held, split: Split) -> Parts {
    Parts {
        workers: split.workers,
        app: split.app,
        dataset: split.dataset,
        operator: split.operator,
        refund: split.app_refund,
        released: held.stake,
        treasury: split.fund_fee.saturating_add(split.treasury),
    }
}

/// Everybody gets back what they put in.
fn returned(held: Held) -> Parts {
    Parts {
        refund: held.price,
        released: held.stake,
        ..Parts::default()
    }
}

fn failed(held: Held, fee: Balance, slashed: Balance) -> Parts {
    let fee = fee.min(held.price);
    Parts {
        refund: held.price.saturating_sub(fee),
        treasury: fee.saturating_add(held.stake).saturating_add(slashed),
        ..Parts::default()
    }
}

/// Divides the money of a proven task. `weights` are those of the winners' votes; `slashed` is what
/// the losers lost. Without any winner the workers' part goes to the treasury.
pub fn split(terms: &PayoutTerms, app_paid: bool, weights: &[u32], slashed: Balance) -> Split {
    let reward = share(terms.pool_price, terms.operator_ratio);
    // Losers' stakes count up to one pool price, so that it never pays to set up tasks for others
    // to lose.
    let counted = slashed.min(terms.pool_price);
    let pot = terms
        .pool_price
        .saturating_sub(reward)
        .saturating_add(counted);
    let (workers, rest) = distribute(pot, weights);
    let (dust, unclaimed) = if weights.is_empty() {
        (0, rest)
    } else {
        (rest, 0)
    };

    let (app_part, app_refund) = if app_paid {
        (terms.app_price, 0)
    } else {
        (0, terms.app_price)
    };
    let operator_part = reward.saturating_add(dust);
    let app_fee = share(app_part, terms.fund_fee_ratio);
    let operator_fee = share(operator_part, terms.fund_fee_ratio);

    Split {
        app: app_part.saturating_sub(app_fee),
        app_refund,
        dataset: terms.dataset_price,
        workers,
        operator: operator_part.saturating_sub(operator_fee),
        fund_fee: app_fee.saturating_add(operator_fee),
        treasury: slashed.saturating_sub(counted).saturating_add(unclaimed),
    }
}

/// What a failed task costs its payer; `voted`: enough workers had voted to blame the task.
pub fn failure_fee(pool_price: Balance, voted: bool) -> Balance {
    if voted {
        percent_of(pool_price, FAILURE_FEE_RATIO)
    } else {
        0
    }
}

/// `⌊amount · percent / 100⌋`, never more than the amount.
fn share(amount: Balance, percent: u8) -> Balance {
    percent_of(amount, percent.min(100))
}

/// Payments in proportion to `⌊log2 weight⌋`, and what the division leaves over.
fn distribute(pot: Balance, weights: &[u32]) -> (Vec<Balance>, Balance) {
    let whole = weights.iter().fold(0, |sum: Balance, weight| {
        sum.saturating_add(logarithm(*weight))
    });
    let payments: Vec<Balance> = weights
        .iter()
        .map(|weight| proportion(pot, logarithm(*weight), whole))
        .collect();
    let paid = payments
        .iter()
        .fold(0, |sum: Balance, payment| sum.saturating_add(*payment));
    (payments, pot.saturating_sub(paid))
}

/// `⌊log2 weight⌋`. Weights start at 2; a smaller one counts as 2, so that nobody works for nothing.
fn logarithm(weight: u32) -> Balance {
    weight.max(2).ilog2().into()
}

/// `⌊pot · part / whole⌋` for `part ≤ whole < 2^64`.
fn proportion(pot: Balance, part: Balance, whole: Balance) -> Balance {
    let whole = whole.max(1);
    // Split so that no product overflows: quotient · part ≤ pot, remainder · part < whole².
    (pot / whole)
        .saturating_mul(part)
        .saturating_add((pot % whole).saturating_mul(part) / whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::traits::Winner;
    use proptest::prelude::*;

    const BILLION: Balance = 1_000_000_000;

    fn terms() -> PayoutTerms {
        PayoutTerms {
            app_price: 0,
            dataset_price: 0,
            pool_price: BILLION,
            operator_ratio: 1,
            fund_fee_ratio: 0,
        }
    }

    fn sum(split: &Split) -> Balance {
        let workers: Balance = split.workers.iter().sum();
        let owners = split.app + split.app_refund + split.dataset;
        owners + workers + split.operator + split.fund_fee + split.treasury
    }

    #[test]
    fn worked_example_of_the_protocol() {
        let split = split(&terms(), true, &[2, 2, 2], 300_000_000);
        assert_eq!(split.workers, [430_000_000; 3]);
        assert_eq!(split.operator, 10_000_000);
        assert_eq!(split.treasury, 0);
    }

    #[test]
    fn logarithms_of_weights_decide() {
        // ⌊log2⌋ of 2, 4, 8 is 1, 2, 3; the pot is 990 000 000.
        let split = split(&terms(), true, &[2, 4, 8], 0);
        assert_eq!(split.workers, [165_000_000, 330_000_000, 495_000_000]);
        assert_eq!(split.operator, 10_000_000);
    }

    #[test]
    fn operator_gets_the_dust() {
        let terms = PayoutTerms {
            pool_price: 101,
            ..terms()
        };
        // Reward 1, pot 100, three winners get 33 each.
        let split = split(&terms, true, &[2, 2, 2], 0);
        assert_eq!(split.workers, [33; 3]);
        assert_eq!(split.operator, 2);
    }

    #[test]
    fn losers_stakes_count_up_to_one_pool_price() {
        let at_cap = split(&terms(), true, &[2], BILLION);
        assert_eq!((at_cap.workers[0], at_cap.treasury), (1_990_000_000, 0));
        let above_cap = split(&terms(), true, &[2], BILLION + 1);
        assert_eq!(
            (above_cap.workers[0], above_cap.treasury),
            (1_990_000_000, 1)
        );
    }

    #[test]
    fn fund_fee_comes_from_operator_and_app() {
        let terms = PayoutTerms {
            app_price: 1_000,
            fund_fee_ratio: 5,
            ..terms()
        };
        let split = split(&terms, true, &[2], 0);
        assert_eq!(split.app, 950);
        assert_eq!(split.operator, 9_500_000);
        assert_eq!(split.workers, [990_000_000]);
        assert_eq!(split.fund_fee, 50 + 500_000);
    }

    #[test]
    fn dataset_is_paid_in_full_whatever_the_app_did() {
        let terms = PayoutTerms {
            app_price: 1_000,
            dataset_price: 700,
            fund_fee_ratio: 5,
            ..terms()
        };
        for app_paid in [true, false] {
            let split = split(&terms, app_paid, &[2], 0);
            assert_eq!(split.dataset, 700);
            assert_eq!(split.workers, [990_000_000]);
        }
    }

    #[test]
    fn app_at_fault_is_not_paid() {
        let terms = PayoutTerms {
            app_price: 1_000,
            ..terms()
        };
        let split = split(&terms, false, &[2], 0);
        assert_eq!((split.app, split.app_refund), (0, 1_000));
    }

    #[test]
    fn without_winners_the_treasury_gets_the_workers_part() {
        let split = split(&terms(), true, &[], 7);
        assert_eq!((split.operator, split.treasury), (10_000_000, 990_000_007));
    }

    fn given(parts: &Parts) -> Balance {
        let workers: Balance = parts.workers.iter().sum();
        let owners = parts.app + parts.dataset + parts.operator;
        workers + owners + parts.refund + parts.released + parts.treasury
    }

    const HELD: Held = Held {
        price: BILLION,
        stake: 300_000_000,
    };

    #[test]
    fn cancelling_costs_a_share_of_the_pool_price() {
        let cancelled = untouched_parts(&terms(), HELD, UntouchedEnd::CancelledByPayer);
        let expected = Parts {
            operator: 50_000_000,
            refund: 950_000_000,
            released: 300_000_000,
            ..Parts::default()
        };
        assert_eq!(cancelled, expected);
        let taxed = PayoutTerms {
            fund_fee_ratio: 5,
            ..terms()
        };
        // A consolation is no earning: the fund takes nothing of it.
        let cancelled = untouched_parts(&taxed, HELD, UntouchedEnd::CancelledByPayer);
        assert_eq!(cancelled, expected);
    }

    #[test]
    fn harmful_apps_cost_nobody_anything() {
        let cancelled = untouched_parts(&terms(), HELD, UntouchedEnd::CancelledAsHarmful);
        let expected = Parts {
            refund: BILLION,
            released: 300_000_000,
            ..Parts::default()
        };
        assert_eq!(cancelled, expected);
    }

    #[test]
    fn forgotten_tasks_cost_the_operator_its_stake() {
        let failed = untouched_parts(&terms(), HELD, UntouchedEnd::Failed);
        let expected = Parts {
            refund: BILLION,
            treasury: 300_000_000,
            ..Parts::default()
        };
        assert_eq!(failed, expected);
        let voted = parts(&terms(), HELD, &Ending::Failed { voted: false }, 0);
        assert_eq!(failed, voted);
    }

    #[test]
    fn failure_fee_is_due_only_after_votes() {
        assert_eq!(failure_fee(BILLION, true), 50_000_000);
        assert_eq!(failure_fee(19, true), 0);
        assert_eq!(failure_fee(BILLION, false), 0);
    }

    prop_compose! {
        /// Any division of any amount into app price, dataset price, pool price and slashed amount.
        fn amounts()(total in any::<Balance>())(
            total in Just(total),
            app in 0..=total,
            cut in 0..=total,
            other_cut in 0..=total,
        ) -> (Balance, Balance, Balance, Balance) {
            let dataset = cut.min(total - app);
            let pool = other_cut.min(total - app - dataset);
            (app, dataset, pool, total - app - dataset - pool)
        }
    }

    proptest! {
        #[test]
        fn taken_is_given(
            (app_price, dataset_price, pool_price, slashed) in amounts(),
            operator_ratio: u8,
            fund_fee_ratio: u8,
            app_paid: bool,
            weights in proptest::collection::vec(any::<u32>(), 0..=32),
        ) {
            let terms = PayoutTerms {
                app_price, dataset_price, pool_price, operator_ratio, fund_fee_ratio,
            };
            let split = split(&terms, app_paid, &weights, slashed);
            prop_assert_eq!(sum(&split), app_price + dataset_price + pool_price + slashed);
            prop_assert_eq!(split.dataset, dataset_price);
        }

        #[test]
        fn whatever_the_end_what_was_held_is_given(
            (app_price, dataset_price, pool_price, slashed) in amounts(),
            operator_ratio: u8,
            fund_fee_ratio: u8,
            stake in 0..=BILLION,
            choice in 0u8..7,
            weights in proptest::collection::vec(any::<u32>(), 1..=32),
        ) {
            let terms = PayoutTerms {
                app_price, dataset_price, pool_price, operator_ratio, fund_fee_ratio,
            };
            let price = app_price + dataset_price + pool_price;
            // As much as there can be: all money in the world, without the stake.
            let slashed = slashed.min(Balance::MAX - price - stake.min(Balance::MAX - price));
            let stake = stake.min(Balance::MAX - price - slashed);
            let held = Held { price, stake };
            let winners = || -> Vec<Winner> {
                let owner = ergon_primitives::AccountId::new([1; 32]);
                weights
                    .iter()
                    .map(|weight| Winner { owner: owner.clone(), weight: *weight })
                    .collect()
            };
            let ended = |ending| (parts(&terms, held, &ending, slashed), slashed);
            let untouched = |end| (untouched_parts(&terms, held, end), 0);
            let (parts, lost) = match choice {
                0 => ended(Ending::Proven { app_paid: true, winners: winners() }),
                1 => ended(Ending::Proven { app_paid: false, winners: winners() }),
                2 => ended(Ending::Unavailable),
                3 => ended(Ending::Failed { voted: true }),
                4 => untouched(UntouchedEnd::Failed),
                5 => untouched(UntouchedEnd::CancelledByPayer),
                _ => untouched(UntouchedEnd::CancelledAsHarmful),
            };
            prop_assert_eq!(given(&parts), price + stake + lost);
        }

        #[test]
        fn fund_fee_never_touches_workers_or_datasets(
            (app_price, dataset_price, pool_price, slashed) in amounts(),
            fund_fee_ratio in 0u8..=100,
            weights in proptest::collection::vec(2u32..=8, 1..=32),
        ) {
            let free = PayoutTerms {
                app_price, dataset_price, pool_price, operator_ratio: 1, fund_fee_ratio: 0,
            };
            let taxed = PayoutTerms { fund_fee_ratio, ..free };
            let free = split(&free, true, &weights, slashed);
            let taxed = split(&taxed, true, &weights, slashed);
            prop_assert_eq!((free.workers, free.dataset), (taxed.workers, taxed.dataset));
        }

        #[test]
        fn equal_weights_are_paid_equally_and_heavier_ones_not_less(
            pool_price: Balance,
            weights in proptest::collection::vec(2u32..=8, 1..=32),
        ) {
            let terms = PayoutTerms { pool_price, ..terms() };
            let paid = split(&terms, true, &weights, 0).workers;
            for (left, left_paid) in weights.iter().zip(&paid) {
                for (right, right_paid) in weights.iter().zip(&paid) {
                    prop_assert!(left < right || left_paid >= right_paid);
                }
            }
        }

        #[test]
        fn dust_is_smaller_than_the_number_of_winners(
            pool_price: Balance,
            weights in proptest::collection::vec(2u32..=8, 1..=32),
        ) {
            let terms = PayoutTerms { pool_price, operator_ratio: 0, ..terms() };
            let dust = split(&terms, true, &weights, 0).operator;
            prop_assert!(dust < weights.len() as Balance);
        }
    }
}
