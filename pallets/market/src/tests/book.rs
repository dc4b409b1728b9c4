use crate::mock::*;
use ergon_primitives::{
    AppOrder, Balance, Cursor, MAX_PAGE, OrderId, Page, PoolOrder, RequestOrder, Shelf,
};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_core::H256;

fn app_order(price: Balance, salt: u64) -> AppOrder {
    AppOrder {
        price,
        salt: H256::from_low_u64_be(salt),
        ..drafts().app
    }
}

fn pool_order(price: Balance) -> PoolOrder {
    PoolOrder {
        price,
        ..drafts().pool
    }
}

fn request(max_app_price: Balance, max_pool_price: Balance) -> RequestOrder {
    RequestOrder {
        max_app_price,
        max_pool_price,
        ..drafts().request
    }
}

/// Publishes offers of the app at these prices; their ids.
fn published(prices: &[Balance]) -> Vec<OrderId> {
    let orders = prices.iter().zip(0..);
    orders
        .map(|(price, salt)| {
            let order = app_order(*price, salt);
            assert_ok!(publish(APP_OWNER, order.clone()));
            id_of(order)
        })
        .collect()
}

fn ids(page: &Page) -> Vec<OrderId> {
    page.orders.iter().map(|entry| entry.id).collect()
}

fn whole(shelf: Shelf) -> Page {
    let page = Market::page(shelf, None, MAX_PAGE);
    assert_eq!(page.next, None, "everything fits on a page");
    page
}

/// All ids of a shelf, read in pages of `limit`.
fn read_in_pages(shelf: Shelf, limit: u32) -> Vec<OrderId> {
    let (mut found, mut from) = (Vec::new(), None);
    loop {
        let page = Market::page(shelf, from, limit);
        assert!(page.orders.len() <= limit as usize);
        found.extend(ids(&page));
        if page.next.is_none() {
            return found;
        }
        from = page.next;
    }
}

#[test]
fn the_cheapest_offer_comes_first() {
    build_and_execute(|| {
        let known = published(&[300, 1, 256, 255]);
        let expected = [known[1], known[3], known[2], known[0]];
        assert_eq!(ids(&whole(Shelf::App(APP))), expected);
    });
}

#[test]
fn the_highest_bid_comes_first_by_the_price_of_its_shelf() {
    build_and_execute(|| {
        let orders = [request(5, 700), request(6, 600), request(300, 1)];
        let known = orders.clone().map(id_of);
        for order in orders {
            assert_ok!(publish(REQUESTER, order));
        }
        assert_eq!(
            ids(&whole(Shelf::AppRequests(APP))),
            [known[2], known[1], known[0]]
        );
        assert_eq!(
            ids(&whole(Shelf::CategoryRequests(CATEGORY))),
            [known[0], known[1], known[2]]
        );
    });
}

#[test]
fn each_type_stands_on_its_own_shelves() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.publish_all());
        let known = drafts.ids();
        let shelves = [
            (Shelf::App(APP), known.app),
            (Shelf::Dataset(DATASET), known.dataset.unwrap()),
            (Shelf::Pool(POOL), known.pool),
            (Shelf::Category(CATEGORY), known.pool),
            (Shelf::AppRequests(APP), known.request),
            (Shelf::CategoryRequests(CATEGORY), known.request),
        ];
        for (shelf, id) in shelves {
            assert_eq!(ids(&whole(shelf)), [id], "{shelf:?}");
        }
        let others = [
            Shelf::App(OTHER_APP),
            Shelf::Dataset(OTHER_DATASET),
            Shelf::Pool(OTHER_POOL),
            Shelf::Category(OTHER_CATEGORY),
            Shelf::AppRequests(OTHER_APP),
            Shelf::CategoryRequests(OTHER_CATEGORY),
        ];
        for shelf in others {
            assert!(whole(shelf).orders.is_empty(), "{shelf:?}");
        }
    });
}

#[test]
fn a_page_ends_where_the_next_one_begins() {
    build_and_execute(|| {
        let known = published(&[10, 20, 30]);
        let first = Market::page(Shelf::App(APP), None, 2);
        assert_eq!(ids(&first), known[..2]);
        let cursor = Cursor {
            price: 20,
            order: known[1],
        };
        assert_eq!(first.next, Some(cursor));
        let second = Market::page(Shelf::App(APP), first.next, 2);
        assert_eq!((ids(&second), second.next), (known[2..].to_vec(), None));
    });
}

#[test]
fn a_page_of_requests_ends_with_the_price_of_its_shelf() {
    build_and_execute(|| {
        assert_ok!(publish(REQUESTER, request(7, 70)));
        assert_ok!(publish(REQUESTER, request(6, 80)));
        let next = |shelf| Market::page(shelf, None, 1).next.unwrap().price;
        assert_eq!(next(Shelf::AppRequests(APP)), 7);
        assert_eq!(next(Shelf::CategoryRequests(CATEGORY)), 80);
    });
}

#[test]
fn a_full_last_page_has_no_successor() {
    build_and_execute(|| {
        published(&[10, 20]);
        assert_eq!(Market::page(Shelf::App(APP), None, 2).next, None);
    });
}

#[test]
fn a_page_has_an_order_at_least_so_that_reading_on_comes_to_an_end() {
    build_and_execute(|| {
        let known = published(&[10, 20]);
        let page = Market::page(Shelf::App(APP), None, 0);
        assert_eq!(ids(&page), known[..1]);
        assert!(page.next.is_some());
    });
}

#[test]
fn a_page_is_bounded_whatever_is_asked() {
    build_and_execute(|| {
        let prices: Vec<Balance> = (0..Balance::from(MAX_PAGE) + 1).collect();
        published(&prices);
        let page = Market::page(Shelf::App(APP), None, u32::MAX);
        assert_eq!(page.orders.len(), MAX_PAGE as usize);
        assert!(page.next.is_some());
        assert_eq!(read_in_pages(Shelf::App(APP), u32::MAX).len(), prices.len());
    });
}

#[test]
fn a_cursor_is_good_when_its_order_has_gone() {
    build_and_execute(|| {
        let known = published(&[10, 20, 30]);
        let next = Market::page(Shelf::App(APP), None, 2).next;
        assert_ok!(close(APP_OWNER, app_order(20, 1)));
        assert_eq!(ids(&Market::page(Shelf::App(APP), next, 2)), known[2..]);
    });
}

#[test]
fn an_order_leaves_its_shelves_with_its_publication() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| drafts.pool.volume = 10);
        assert_ok!(drafts.publish_all());
        assert_ok!(drafts.unsigned().matched_by(ANYONE));
        for shelf in [
            Shelf::Pool(POOL),
            Shelf::Category(CATEGORY),
            Shelf::AppRequests(APP),
            Shelf::CategoryRequests(CATEGORY),
        ] {
            assert!(
                whole(shelf).orders.is_empty(),
                "{shelf:?} has a used-up order"
            );
        }
        assert_eq!(ids(&whole(Shelf::App(APP))), [drafts.ids().app]);
        assert_ok!(close(APP_OWNER, drafts.app));
        assert!(whole(Shelf::App(APP)).orders.is_empty());
    });
}

#[test]
fn an_entry_tells_what_is_left() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
        let entry = &whole(Shelf::App(APP)).orders[0];
        assert_eq!((entry.remaining, entry.live), (90, true));
        assert_eq!(entry.published.order, drafts.app.into());
    });
}

#[test]
fn an_entry_is_live_until_its_last_block_has_passed() {
    build_and_execute(|| {
        assert_ok!(publish(APP_OWNER, drafts().app));
        advance_to(1_000);
        assert!(whole(Shelf::App(APP)).orders[0].live);
        advance_to(1_001);
        assert!(!whole(Shelf::App(APP)).orders[0].live);
    });
}

#[test]
fn an_entry_is_live_while_its_publisher_owns_what_it_offers() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.publish_all());
        let live = |shelf| whole(shelf).orders[0].live;
        world(|world| {
            let new = STRANGER.to_account_id();
            world.apps.insert(APP, new.clone());
            world.datasets.remove(&DATASET);
            if let Some(pool) = world.pools.get_mut(&POOL) {
                pool.owner = new;
            }
        });
        assert!(!live(Shelf::App(APP)));
        assert!(!live(Shelf::Dataset(DATASET)));
        assert!(!live(Shelf::Pool(POOL)));
        assert!(live(Shelf::AppRequests(APP)));
        world(|world| world.apps.insert(APP, APP_OWNER.to_account_id()));
        assert!(live(Shelf::App(APP)));
    });
}

#[test]
fn wallets_ask_the_view_function() {
    build_and_execute(|| {
        assert_ok!(publish(OPERATOR, pool_order(5)));
        let page = Market::orders(Shelf::Pool(POOL), None, 9);
        assert_eq!(page, Market::page(Shelf::Pool(POOL), None, 9));
        assert_eq!(ids(&page), [id_of(pool_order(5))]);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pages_of_any_size_show_every_order_once_and_sorted(
        prices in prop::collection::vec(
            prop_oneof![0u128..4, 250u128..260, 0..=ergon_primitives::MAX_PRICE],
            0..40,
        ),
        limit in 1u32..50,
    ) {
        new_test_ext().execute_with(|| {
            let known = published(&prices);
            let mut expected: Vec<_> = prices.iter().zip(known).collect();
            expected.sort();
            let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
            assert_eq!(read_in_pages(Shelf::App(APP), limit), expected);
            check_invariants();
        });
    }
}
