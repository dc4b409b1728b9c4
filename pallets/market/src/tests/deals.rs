//! What Proof-of-Contribution asks of the market.

use crate::{DealStatuses, Deals, Event, OpenDeals, mock::*};
use ergon_primitives::{DealEntries, DealId, DealStatus, PriceSubject, traits::Deals as _};
use frame_support::assert_ok;
use sp_core::H256;

fn made() -> DealId {
    assert_ok!(drafts().matched_by(ANYONE));
    drafts().deal_id(0)
}

#[test]
fn a_deal_can_be_read() {
    build_and_execute(|| {
        let id = made();
        assert_eq!(Market::deal(id).map(|deal| deal.volume), Some(10));
        assert_eq!(Market::status(id), Some(DealStatus::Open));
        let unknown = DealId(H256::zero());
        assert_eq!(
            (Market::deal(unknown), Market::status(unknown)),
            (None, None)
        );
    });
}

#[test]
fn ending_a_deal_lets_go_of_its_entries() {
    build_and_execute(|| {
        let id = made();
        advance_to(50);
        Market::end(id, 0);
        assert_announced(Event::DealEnded { deal: id });
        assert_eq!(Market::status(id), Some(DealStatus::Ended(50)));
        assert!(!OpenDeals::<Test>::contains_key(POOL, id));
        assert_eq!(world(|world| world.retained.len()), 0);
        assert!(
            Market::deal(id).is_some(),
            "its terms stay for the retention period"
        );
    });
}

#[test]
fn ending_one_deal_leaves_the_others_open() {
    build_and_execute(|| {
        let first = made();
        let other = drafts_with(|drafts| drafts.request.salt = H256::repeat_byte(1));
        assert_ok!(other.matched_by(ANYONE));
        Market::end(first, 0);
        assert!(OpenDeals::<Test>::contains_key(POOL, other.deal_id(0)));
        let left = DealEntries {
            app: APP,
            dataset: None,
            pool: POOL,
        };
        assert_eq!(world(|world| world.retained.clone()), vec![left]);
    });
}

#[test]
fn ending_a_deal_lets_go_of_its_dataset() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_eq!(world(|world| world.retained[0].dataset), Some(DATASET));
        Market::end(drafts.deal_id(0), 10);
        assert_eq!(world(|world| world.retained.len()), 0);
    });
}

/// Deals of which nothing was paid say nothing about prices.
#[test]
fn ending_a_deal_notes_its_prices_when_something_was_paid() {
    build_and_execute(|| {
        let first = made();
        let other = drafts_with(|drafts| drafts.request.salt = H256::repeat_byte(1));
        assert_ok!(other.matched_by(ANYONE));
        let subjects = [PriceSubject::Category(CATEGORY), PriceSubject::App(APP)];
        Market::end(first, 0);
        for subject in subjects {
            assert_eq!(Market::prices(subject), None);
        }
        Market::end(other.deal_id(0), 3);
        for subject in subjects {
            let summary = Market::prices(subject).unwrap();
            assert_eq!((summary.deals, summary.tasks), (1, 3));
            assert_eq!(summary.app.median, APP_PRICE);
            assert_eq!(summary.pool.median, POOL_PRICE);
        }
    });
}

#[test]
fn an_ended_deal_can_be_removed() {
    build_and_execute(|| {
        let id = made();
        Market::end(id, 0);
        Market::remove(id);
        assert_eq!(Deals::<Test>::iter().count(), 0);
        assert_eq!(DealStatuses::<Test>::iter().count(), 0);
    });
}

#[test]
#[should_panic(expected = "only an open deal can end")]
fn a_deal_ends_once() {
    build_and_execute(|| {
        let id = made();
        Market::end(id, 0);
        Market::end(id, 0);
    });
}

#[test]
#[should_panic(expected = "only an open deal can end")]
fn an_unknown_deal_does_not_end() {
    build_and_execute(|| Market::end(DealId(H256::zero()), 0));
}

#[test]
#[should_panic(expected = "only an ended deal can be removed")]
fn an_open_deal_cannot_be_removed() {
    build_and_execute(|| Market::remove(made()));
}
