//! What must hold after every call; the list is in the crate's documentation.

use crate::{
    Agenda, Book, ClosingDeposits, Config, Consumed, DealStatuses, Deals, HoldReason, Leftover,
    MAX_FUND_FEE_RATIO, OpenDeals, Orders, Pallet, Prices, book,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use codec::Encode;
use ergon_primitives::{
    AccountId, Balance, Deal, DealStatus, Due, MAX_PRICES, OrderId, PRICE_LIFE, PriceHistory,
    deal_id,
};
use frame_support::{
    ensure,
    traits::{Get, fungible::InspectHold},
};
use sp_runtime::TryRuntimeError;

type Sums = BTreeMap<AccountId, Balance>;
/// Keys in their SCALE form, which can be compared whatever they are.
type Keys = BTreeSet<Vec<u8>>;

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_ratios()?;
        Self::check_publications()?;
        Self::check_closings()?;
        Self::check_book()?;
        Self::check_agenda()?;
        Self::check_prices()?;
        Self::check_volumes()?;
        Self::check_deals()?;
        Self::check_open_deals()
    }

    fn check_ratios() -> Result<(), TryRuntimeError> {
        ensure!(
            T::FundFeeRatio::get() <= MAX_FUND_FEE_RATIO,
            "the fund's fee is too high"
        );
        ensure!(
            T::OperatorStakeRatio::get() <= 100,
            "operators stake more than the price"
        );
        Ok(())
    }

    fn check_publications() -> Result<(), TryRuntimeError> {
        let mut sums = Sums::new();
        for (id, published) in Orders::<T>::iter() {
            let order = &published.order;
            ensure!(
                Self::order_id(order) == id,
                "publication stands under a foreign id"
            );
            ensure!(
                published.deposit == Self::publication_deposit(order),
                "deposit of a publication is not what its bytes cost"
            );
            ensure!(
                Self::consumed(id) < order.volume(),
                "publication of an order of which nothing is left"
            );
            ensure!(
                !ClosingDeposits::<T>::contains_key(id),
                "closing deposit was taken for a publication"
            );
            add(&mut sums, published.publisher, published.deposit);
        }
        Self::check_holds(HoldReason::PublishedOrder, sums)
    }

    fn check_closings() -> Result<(), TryRuntimeError> {
        let mut sums = Sums::new();
        for (id, (who, deposit)) in ClosingDeposits::<T>::iter() {
            ensure!(
                Consumed::<T>::contains_key(id),
                "closing deposit outlives its consumption"
            );
            add(&mut sums, who, deposit);
        }
        Self::check_holds(HoldReason::ClosedOrder, sums)
    }

    /// Also of accounts without any deposit: nothing is on hold that nobody would return.
    fn check_holds(reason: HoldReason, mut sums: Sums) -> Result<(), TryRuntimeError> {
        for who in frame_system::Account::<T>::iter_keys() {
            sums.entry(who).or_default();
        }
        for (who, sum) in sums {
            ensure!(
                T::Currency::balance_on_hold(&reason.into(), &who) == sum,
                "hold differs from the sum of the deposits"
            );
        }
        Ok(())
    }

    fn check_book() -> Result<(), TryRuntimeError> {
        let mut expected = Keys::new();
        for (id, published) in Orders::<T>::iter() {
            expected.extend(
                book::places(&published.order)
                    .map(|(shelf, price)| (shelf, book::rank(shelf, price), id).encode()),
            );
        }
        let found: Keys = Book::<T>::iter_keys().map(|place| place.encode()).collect();
        ensure!(
            found == expected,
            "the shelves are not what is published, each order at its rank"
        );
        Ok(())
    }

    fn check_agenda() -> Result<(), TryRuntimeError> {
        let published = Orders::<T>::iter()
            .map(|(id, published)| (Leftover::Order(id), published.order.valid_until()));
        let consumed = Consumed::<T>::iter()
            .map(|(id, consumption)| (Leftover::Order(id), consumption.valid_until));
        let priced = Prices::<T>::iter().filter_map(|(subject, history)| {
            let latest = history.last()?.ended;
            Some((Leftover::Prices(subject), latest.saturating_add(PRICE_LIFE)))
        });
        let expected: Keys = published
            .chain(consumed)
            .chain(priced)
            .map(|(leftover, last)| (Due::after(last), leftover).encode())
            .collect();
        let found: Keys = Agenda::<T>::iter_keys()
            .map(|entry| entry.encode())
            .collect();
        ensure!(
            found == expected,
            "the agenda is not what will have to be forgotten"
        );
        Ok(())
    }

    fn check_prices() -> Result<(), TryRuntimeError> {
        for history in Prices::<T>::iter_values() {
            ensure!(
                !history.is_empty() && history.len() <= MAX_PRICES as usize,
                "a price history is empty or too long"
            );
            ensure!(
                is_sorted(&history),
                "a price history is not sorted by block"
            );
            ensure!(
                history.iter().all(|point| point.tasks > 0),
                "a price that nobody paid"
            );
        }
        Ok(())
    }

    fn check_volumes() -> Result<(), TryRuntimeError> {
        let mut sums = BTreeMap::<OrderId, u64>::new();
        for deal in Deals::<T>::iter_values() {
            for order in orders_of(&deal) {
                let sum = sums.entry(order).or_default();
                *sum = sum.saturating_add(deal.volume.into());
            }
        }
        for (order, sum) in sums {
            let noted = Consumed::<T>::get(order);
            ensure!(
                noted.is_none_or(|consumption| sum <= u64::from(consumption.volume)),
                "deals of an order have more tasks than were consumed"
            );
        }
        Ok(())
    }

    fn check_deals() -> Result<(), TryRuntimeError> {
        for (id, deal) in Deals::<T>::iter() {
            ensure!(
                deal_id(deal.orders.request, deal.first_index) == id,
                "deal stands under a foreign id"
            );
            ensure!(deal.volume > 0, "deal without task");
            ensure!(
                deal.orders.dataset.is_some() == deal.dataset.is_some(),
                "deal with a dataset without its order, or the other way round"
            );
            ensure!(DealStatuses::<T>::contains_key(id), "deal without status");
        }
        let statuses = DealStatuses::<T>::iter().count();
        ensure!(
            statuses == Deals::<T>::iter().count(),
            "status without deal"
        );
        Ok(())
    }

    fn check_open_deals() -> Result<(), TryRuntimeError> {
        for (pool, id, ()) in OpenDeals::<T>::iter() {
            ensure!(
                DealStatuses::<T>::get(id) == Some(DealStatus::Open),
                "listed deal is not open"
            );
            ensure!(
                Deals::<T>::get(id).is_some_and(|deal| deal.pool == pool),
                "open deal is listed under a foreign pool"
            );
        }
        let open = DealStatuses::<T>::iter_values().filter(|status| *status == DealStatus::Open);
        ensure!(
            open.count() == OpenDeals::<T>::iter().count(),
            "open deal is not listed"
        );
        Ok(())
    }
}

fn orders_of(deal: &Deal) -> impl Iterator<Item = OrderId> + use<> {
    let orders = deal.orders;
    [orders.app, orders.pool, orders.request]
        .into_iter()
        .chain(orders.dataset)
}

fn is_sorted(history: &PriceHistory) -> bool {
    history.is_sorted_by_key(|point| point.ended)
}

fn add(sums: &mut Sums, who: AccountId, amount: Balance) {
    let sum = sums.entry(who).or_default();
    *sum = sum.saturating_add(amount);
}
