use crate::{Agenda, Due, Leftover, Prices, mock::*};
use ergon_primitives::{
    Balance, MAX_PRICES, PRICE_LIFE, PricePoint, PriceRange, PriceSubject, traits::Deals as _,
};
use frame_support::assert_ok;
use sp_core::H256;

const OF_APP: PriceSubject = PriceSubject::App(APP);
const OF_CATEGORY: PriceSubject = PriceSubject::Category(CATEGORY);

/// A deal of one task at these prices that has ended with so many paid tasks.
fn ended(salt: u64, app_price: Balance, pool_price: Balance, proven: u32) {
    let drafts = drafts_with(|drafts| {
        let salt = H256::from_low_u64_be(salt);
        (drafts.app.salt, drafts.pool.salt, drafts.request.salt) = (salt, salt, salt);
        drafts.app.valid_until = 2 * PRICE_LIFE;
        drafts.pool.valid_until = 2 * PRICE_LIFE;
        drafts.request.valid_until = 2 * PRICE_LIFE;
        drafts.app.price = app_price;
        drafts.pool.price = pool_price;
        drafts.request.max_app_price = app_price;
        drafts.request.max_pool_price = pool_price;
    });
    assert_ok!(drafts.matched_by(ANYONE));
    Market::end(drafts.deal_id(0), proven);
}

/// When the prices of the subject are to be forgotten.
fn dues(subject: PriceSubject) -> Vec<Due> {
    let item = Leftover::Prices(subject);
    Agenda::<Test>::iter_keys()
        .filter_map(|(due, other)| (other == item).then_some(due))
        .collect()
}

fn range(low: Balance, median: Balance, high: Balance) -> PriceRange {
    PriceRange { low, median, high }
}

#[test]
fn an_ended_deal_leaves_its_prices_behind() {
    build_and_execute(|| {
        advance_to(5);
        ended(1, 30, 400, 7);
        let point = PricePoint {
            ended: 5,
            tasks: 7,
            app_price: 30,
            pool_price: 400,
        };
        for subject in [OF_APP, OF_CATEGORY] {
            assert_eq!(Prices::<Test>::get(subject).into_inner(), [point]);
            assert_eq!(dues(subject), [Due::after(5 + PRICE_LIFE)]);
        }
        assert_eq!(Prices::<Test>::iter_keys().count(), 2);
    });
}

#[test]
fn a_deal_of_which_nothing_was_paid_leaves_none() {
    build_and_execute(|| {
        ended(1, 30, 400, 0);
        assert_eq!(Prices::<Test>::iter_keys().count(), 0);
        assert_eq!(Market::price_summary(OF_APP), None);
    });
}

#[test]
fn a_later_deal_moves_the_time_to_forget() {
    build_and_execute(|| {
        ended(1, 30, 400, 1);
        advance_to(9);
        ended(2, 30, 400, 1);
        assert_eq!(dues(OF_APP), [Due::after(9 + PRICE_LIFE)]);
        assert_eq!(dues(OF_CATEGORY), [Due::after(9 + PRICE_LIFE)]);
    });
}

#[test]
fn deals_that_end_in_one_block_count_both() {
    build_and_execute(|| {
        ended(1, 10, 100, 1);
        ended(2, 10, 100, 1);
        assert_eq!(Prices::<Test>::get(OF_APP).len(), 2);
        assert_eq!(dues(OF_APP), [Due::after(1 + PRICE_LIFE)]);
    });
}

#[test]
fn only_the_latest_deals_are_remembered() {
    build_and_execute(|| {
        for block in 1..=MAX_PRICES + 5 {
            advance_to(block);
            ended(block.into(), Balance::from(block), 1, 1);
        }
        let history = Prices::<Test>::get(OF_APP);
        let blocks: Vec<_> = history.iter().map(|point| point.ended).collect();
        assert_eq!(blocks, (6..=MAX_PRICES + 5).collect::<Vec<_>>());
        let found = Market::price_summary(OF_APP).unwrap();
        assert_eq!(
            (found.deals, found.app.low, found.since),
            (MAX_PRICES, 6, 6)
        );
    });
}

#[test]
fn a_summary_tells_low_median_and_high() {
    build_and_execute(|| {
        ended(1, 10, 900, 1);
        advance_to(2);
        ended(2, 20, 700, 5);
        advance_to(3);
        ended(3, 30, 800, 1);
        let found = Market::price_summary(OF_CATEGORY).unwrap();
        assert_eq!(found.app, range(10, 20, 30));
        assert_eq!(found.pool, range(700, 700, 900));
        assert_eq!((found.deals, found.tasks, found.since), (3, 7, 1));
        assert_eq!(
            Market::prices(OF_CATEGORY),
            Some(found),
            "wallets see the same"
        );
    });
}

#[test]
fn a_summary_leaves_out_what_is_too_old() {
    build_and_execute(|| {
        ended(1, 10, 100, 1);
        advance_to(50);
        ended(2, 20, 200, 1);
        advance_to(2 + PRICE_LIFE);
        let found = Market::price_summary(OF_APP).unwrap();
        assert_eq!((found.deals, found.app.low), (1, 20));
        advance_to(51 + PRICE_LIFE);
        assert_eq!(Market::price_summary(OF_APP), None);
    });
}

#[test]
fn prices_are_told_apart_by_subject() {
    build_and_execute(|| {
        ended(1, 10, 100, 1);
        assert_eq!(Market::price_summary(PriceSubject::App(OTHER_APP)), None);
        let other = PriceSubject::Category(OTHER_CATEGORY);
        assert_eq!(Market::price_summary(other), None);
    });
}
