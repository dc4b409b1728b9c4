//! What tasks cost lately: deals leave their prices behind when they end.

use crate::{Config, Leftover, Pallet, Prices};
use alloc::vec::Vec;
use ergon_primitives::{
    Balance, BlockNumber, Deal, PRICE_LIFE, PriceHistory, PricePoint, PriceRange, PriceSubject,
    PriceSummary,
};
use frame_support::defensive;

impl<T: Config> Pallet<T> {
    /// Remembers the prices of a deal that has just ended with so many paid tasks. A deal of which
    /// nothing was paid says nothing of prices.
    pub(crate) fn record_prices(deal: &Deal, proven: u32) {
        if proven == 0 {
            return;
        }
        let point = PricePoint {
            ended: Self::now(),
            tasks: proven,
            app_price: deal.app_price,
            pool_price: deal.pool_price,
        };
        Self::remember(PriceSubject::Category(deal.category), point);
        Self::remember(PriceSubject::App(deal.app), point);
    }

    fn remember(subject: PriceSubject, point: PricePoint) {
        let mut history = Prices::<T>::get(subject);
        if let Some(latest) = history.last() {
            Self::unschedule(Leftover::Prices(subject), last_block(latest));
        }
        push(&mut history, point);
        Prices::<T>::insert(subject, history);
        Self::schedule(Leftover::Prices(subject), last_block(&point));
    }

    /// What tasks of a category or an app cost in the last 30 days; none when nothing was paid.
    pub fn price_summary(subject: PriceSubject) -> Option<PriceSummary> {
        summary(&Prices::<T>::get(subject), Self::now())
    }
}

/// Last block in which a price counts.
fn last_block(point: &PricePoint) -> BlockNumber {
    point.ended.saturating_add(PRICE_LIFE)
}

/// Adds the latest price; the oldest falls out of a full ring.
fn push(history: &mut PriceHistory, point: PricePoint) {
    let end = history.len();
    if history.force_insert_keep_right(end, point).is_err() {
        defensive!("the end of a ring takes every price");
    }
}

/// What tasks cost in the 30 days before `now`, each paid task counted once; none when nothing was
/// paid.
pub fn summary(history: &[PricePoint], now: BlockNumber) -> Option<PriceSummary> {
    let recent: Vec<&PricePoint> = history
        .iter()
        .filter(|point| last_block(point) >= now)
        .collect();
    let range = |price: fn(&PricePoint) -> Balance| {
        range(
            recent
                .iter()
                .map(|point| (price(point), point.tasks))
                .collect(),
        )
    };
    Some(PriceSummary {
        deals: recent.len() as u32,
        tasks: recent.iter().map(|point| u64::from(point.tasks)).sum(),
        since: recent.iter().map(|point| point.ended).min()?,
        app: range(|point| point.app_price)?,
        pool: range(|point| point.pool_price)?,
    })
}

/// The range of prices, each with the number of tasks it was paid for.
fn range(mut prices: Vec<(Balance, u32)>) -> Option<PriceRange> {
    prices.sort_unstable();
    Some(PriceRange {
        low: prices.first()?.0,
        median: median(&prices)?,
        high: prices.last()?.0,
    })
}

/// The lowest of the sorted prices that at least half of the tasks did not exceed.
fn median(sorted: &[(Balance, u32)]) -> Option<Balance> {
    let total: u64 = sorted.iter().map(|(_, tasks)| u64::from(*tasks)).sum();
    let mut below: u64 = 0;
    sorted.iter().find_map(|(price, tasks)| {
        below = below.saturating_add((*tasks).into());
        (below.saturating_mul(2) >= total).then_some(*price)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::MAX_PRICES;
    use proptest::prelude::*;

    fn point(
        ended: BlockNumber,
        tasks: u32,
        app_price: Balance,
        pool_price: Balance,
    ) -> PricePoint {
        PricePoint {
            ended,
            tasks,
            app_price,
            pool_price,
        }
    }

    #[test]
    fn nothing_paid_is_no_price() {
        assert_eq!(summary(&[], 1), None);
    }

    #[test]
    fn one_deal_is_its_own_summary() {
        let all = |price| PriceRange {
            low: price,
            median: price,
            high: price,
        };
        let expected = PriceSummary {
            deals: 1,
            tasks: 7,
            since: 10,
            app: all(3),
            pool: all(4),
        };
        assert_eq!(summary(&[point(10, 7, 3, 4)], 20), Some(expected));
    }

    #[test]
    fn the_median_counts_tasks_and_not_deals() {
        let history = [point(1, 1, 10, 1), point(2, 1, 20, 2), point(3, 3, 90, 3)];
        let found = summary(&history, 4).unwrap();
        assert_eq!(
            (found.app.low, found.app.median, found.app.high),
            (10, 90, 90)
        );
    }

    #[test]
    fn half_of_the_tasks_is_enough_for_the_median() {
        let history = [point(1, 2, 10, 0), point(2, 2, 20, 0)];
        assert_eq!(summary(&history, 4).unwrap().app.median, 10);
        let history = [point(1, 2, 10, 0), point(2, 3, 20, 0)];
        assert_eq!(summary(&history, 4).unwrap().app.median, 20);
    }

    #[test]
    fn app_and_pool_prices_are_sorted_apart() {
        let history = [point(1, 1, 1, 9), point(2, 1, 2, 8), point(3, 1, 3, 7)];
        let found = summary(&history, 4).unwrap();
        assert_eq!((found.app.median, found.pool.median), (2, 8));
        assert_eq!((found.app.low, found.pool.low), (1, 7));
    }

    #[test]
    fn prices_count_for_thirty_days_to_the_block() {
        let history = [point(5, 1, 1, 1), point(6, 1, 2, 2)];
        let of = |now| summary(&history, now).map(|found| (found.deals, found.since));
        assert_eq!(of(5 + PRICE_LIFE), Some((2, 5)));
        assert_eq!(of(6 + PRICE_LIFE), Some((1, 6)));
        assert_eq!(of(7 + PRICE_LIFE), None);
    }

    #[test]
    fn the_greatest_numbers_fit() {
        let most = point(BlockNumber::MAX, u32::MAX, Balance::MAX, Balance::MAX);
        let found = summary(&[most; MAX_PRICES as usize], BlockNumber::MAX).unwrap();
        assert_eq!(found.tasks, u64::from(u32::MAX) * u64::from(MAX_PRICES));
        assert_eq!(found.app.median, Balance::MAX);
    }

    #[test]
    fn a_full_ring_loses_its_oldest_price() {
        let mut history = PriceHistory::default();
        for block in 0..MAX_PRICES + 3 {
            push(&mut history, point(block, 1, 0, 0));
        }
        let blocks: Vec<_> = history.iter().map(|point| point.ended).collect();
        assert_eq!(blocks, (3..MAX_PRICES + 3).collect::<Vec<_>>());
    }

    /// Every paid task in a list of its own, sorted: the middle of it can be pointed at.
    fn naive(history: &[PricePoint], now: BlockNumber) -> Option<PriceSummary> {
        let recent: Vec<_> = history
            .iter()
            .filter(|point| now <= point.ended || now - point.ended <= PRICE_LIFE)
            .collect();
        let range = |price: fn(&PricePoint) -> Balance| {
            let mut tasks: Vec<Balance> = recent
                .iter()
                .flat_map(|point| vec![price(point); point.tasks as usize])
                .collect();
            tasks.sort();
            PriceRange {
                low: tasks[0],
                median: tasks[(tasks.len() - 1) / 2],
                high: tasks[tasks.len() - 1],
            }
        };
        (!recent.is_empty()).then(|| PriceSummary {
            deals: recent.len() as u32,
            tasks: recent.iter().map(|point| u64::from(point.tasks)).sum(),
            since: recent.iter().map(|point| point.ended).min().unwrap(),
            app: range(|point| point.app_price),
            pool: range(|point| point.pool_price),
        })
    }

    fn any_point() -> impl Strategy<Value = PricePoint> {
        let around = PRICE_LIFE - 20..PRICE_LIFE + 20;
        (around, 1u32..50, 0u128..20, any::<u128>())
            .prop_map(|(ended, tasks, app, pool)| point(ended, tasks, app, pool))
    }

    proptest! {
        #[test]
        fn is_what_a_list_of_all_tasks_says(
            history in prop::collection::vec(any_point(), 0..=MAX_PRICES as usize),
            now in 2 * PRICE_LIFE - 30..2 * PRICE_LIFE + 30,
        ) {
            prop_assert_eq!(summary(&history, now), naive(&history, now));
        }

        #[test]
        fn does_not_depend_on_the_order_of_the_deals(
            history in prop::collection::vec(any_point(), 0..=MAX_PRICES as usize),
        ) {
            let reversed: Vec<_> = history.iter().rev().copied().collect();
            let now = 2 * PRICE_LIFE;
            prop_assert_eq!(summary(&history, now), summary(&reversed, now));
        }
    }
}
