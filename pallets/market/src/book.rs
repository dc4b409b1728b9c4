//! The book: published orders on sorted shelves, for those who look for a counterpart.

use crate::{Book, Config, Orders, Pallet, Rank};
use alloc::vec::Vec;
use ergon_primitives::{
    Balance, BookEntry, Cursor, MAX_PAGE, Order, OrderId, Page, PublishedOrder, Shelf,
};

/// The shelves of an order, with the price by which each sorts it.
pub(crate) fn places(order: &Order) -> impl Iterator<Item = (Shelf, Balance)> + use<> {
    let (first, second) = match order {
        Order::App(order) => ((Shelf::App(order.app), order.price), None),
        Order::Dataset(order) => ((Shelf::Dataset(order.dataset), order.price), None),
        Order::Pool(order) => (
            (Shelf::Pool(order.pool), order.price),
            Some((Shelf::Category(order.category), order.price)),
        ),
        Order::Request(order) => (
            (Shelf::AppRequests(order.app), order.max_app_price),
            Some((
                Shelf::CategoryRequests(order.category),
                order.max_pool_price,
            )),
        ),
    };
    [Some(first), second].into_iter().flatten()
}

/// Where a price stands on the shelf: the cheapest offer and the highest bid come first.
pub(crate) fn rank(shelf: Shelf, price: Balance) -> Rank {
    match shelf {
        Shelf::App(_) | Shelf::Dataset(_) | Shelf::Pool(_) | Shelf::Category(_) => {
            Rank::ascending(price)
        }
        Shelf::AppRequests(_) | Shelf::CategoryRequests(_) => Rank::descending(price),
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn put_on_shelves(id: OrderId, order: &Order) {
        for (shelf, price) in places(order) {
            Book::<T>::insert((shelf, rank(shelf, price), id), ());
        }
    }

    pub(crate) fn take_off_shelves(id: OrderId, order: &Order) {
        for (shelf, price) in places(order) {
            Book::<T>::remove((shelf, rank(shelf, price), id));
        }
    }

    /// Published orders of a shelf in its order, from the one after `from` on; at most `limit`,
    /// which is between 1 and [`MAX_PAGE`] whatever is asked for. A cursor is good also when its order has left the shelf.
    pub fn page(shelf: Shelf, from: Option<Cursor>, limit: u32) -> Page {
        let limit = limit.clamp(1, MAX_PAGE) as usize;
        let mut ids = Self::ids_on(shelf, from);
        let orders: Vec<BookEntry> = ids.by_ref().take(limit).filter_map(Self::entry).collect();
        let last = orders
            .last()
            .and_then(|entry| cursor_of(shelf, entry))
            .or(from);
        Page {
            orders,
            next: ids.next().and(last),
        }
    }

    fn ids_on(shelf: Shelf, from: Option<Cursor>) -> impl Iterator<Item = OrderId> {
        // The walk begins behind the key that it is given, whether or not there is such a key.
        let keys = match from {
            None => Book::<T>::iter_key_prefix((shelf,)),
            Some(Cursor { price, order }) => {
                let place = Book::<T>::hashed_key_for((shelf, rank(shelf, price), order));
                Book::<T>::iter_key_prefix_from((shelf,), place)
            }
        };
        keys.map(|(_, id)| id)
    }

    fn entry(id: OrderId) -> Option<BookEntry> {
        let published = Orders::<T>::get(id)?;
        Some(BookEntry {
            id,
            remaining: published.order.volume().saturating_sub(Self::consumed(id)),
            live: Self::is_live(&published),
            published,
        })
    }

    /// Whether the order is not expired and its publisher still owns what it offers.
    fn is_live(published: &PublishedOrder) -> bool {
        published.order.valid_until() >= Self::now()
            && Self::owner_of(&published.order).is_ok_and(|owner| owner == published.publisher)
    }
}

fn cursor_of(shelf: Shelf, entry: &BookEntry) -> Option<Cursor> {
    let price = places(&entry.published.order)
        .find_map(|(place, price)| (place == shelf).then_some(price))?;
    Some(Cursor {
        price,
        order: entry.id,
    })
}
