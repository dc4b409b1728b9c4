//! Who gets what when a task ends: arithmetic over plain amounts, without chain or storage.

use alloc::vec::Vec;
use ergon_primitives::{Balance, Deal, percent_of};

/// Share of the pool price that a failed task costs its payer when enough workers had voted, in percent.
pub const FAILURE_FEE_RATIO: u8 = 5;

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
