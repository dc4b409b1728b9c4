//! Orders on the chain: published, closed, forgotten.

use crate::{
    ClosingDeposits, Config, Consumed, Error, Event, Orders, Pallet,
    matching::{self, Mismatch},
};
use ergon_primitives::{
    AccountId, Consumption, Order, OrderId, PublishedOrder, RequestOrder, traits::Registry,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_publish(publisher: AccountId, order: Order) -> DispatchResult {
        let id = Self::order_id(&order);
        ensure!(!Orders::<T>::contains_key(id), Error::<T>::AlreadyPublished);
        Self::ensure_could_match(id, &order).map_err(Error::<T>::from)?;
        let owner = Self::owner_of(&order).map_err(Error::<T>::from)?;
        ensure!(owner == publisher, Error::<T>::NotOwner);

        let deposit = Self::publication_deposit(&order);
        Self::hold_publication(&publisher, deposit)?;
        let published = PublishedOrder {
            publisher: publisher.clone(),
            deposit,
            order,
        };
        Orders::<T>::insert(id, published);

        Self::deposit_event(Event::OrderPublished {
            order: id,
            publisher,
            deposit,
        });
        Ok(())
    }

    /// Whether a counterpart could be found for the order: nothing about it alone rules out a
    /// match.
    fn ensure_could_match(id: OrderId, order: &Order) -> Result<(), Mismatch> {
        let remaining = order.volume().saturating_sub(Self::consumed(id));
        matching::fault(order, Self::now())
            .or_else(|| Self::missing_reference(order))
            .or_else(|| matching::exhaustion(order, remaining))
            .map_or(Ok(()), Err)
    }

    /// What the order refers to and does not exist. Whether an offered entry exists is for
    /// [`Self::owner_of`] to say.
    fn missing_reference(order: &Order) -> Option<Mismatch> {
        match order {
            Order::App(_) => None,
            Order::Pool(order) if T::Registry::category(order.category).is_none() => {
                Some(Mismatch::CategoryUnknown)
            }
            Order::Pool(_) => None,
            Order::Request(order) => Self::missing_wish(order),
        }
    }

    fn missing_wish(order: &RequestOrder) -> Option<Mismatch> {
        if T::Registry::category(order.category).is_none() {
            return Some(Mismatch::CategoryUnknown);
        }
        if T::Registry::app(order.app).is_none() {
            return Some(Mismatch::NoSuchApp);
        }
        let pool_is_missing = order
            .pool
            .is_some_and(|pool| T::Registry::pool(pool).is_none());
        pool_is_missing.then_some(Mismatch::NoSuchPool)
    }

    pub(crate) fn do_close(who: AccountId, order: &Order) -> DispatchResult {
        let id = Self::order_id(order);
        let published = Orders::<T>::get(id);
        matching::expiry(order, Self::now()).map_or(Ok(()), |late| Err(Error::<T>::from(late)))?;
        Self::ensure_may_close(&who, order, published.as_ref())?;
        let has_something_left = Self::consumed(id) < order.volume();
        ensure!(
            published.is_some() || has_something_left,
            Error::<T>::NothingToClose
        );

        match published {
            Some(published) => Self::withdraw_publication(id, &published)?,
            None => Self::note_closing(id, &who)?,
        }
        let closed = Consumption {
            volume: order.volume(),
            valid_until: order.valid_until(),
        };
        Consumed::<T>::insert(id, closed);

        Self::deposit_event(Event::OrderClosed { order: id, by: who });
        Ok(())
    }

    /// The owner may close an order, and so may its publisher, who else could not get the deposit
    /// back after a change of owners.
    fn ensure_may_close(
        who: &AccountId,
        order: &Order,
        published: Option<&PublishedOrder>,
    ) -> DispatchResult {
        if published.is_some_and(|published| published.publisher == *who) {
            return Ok(());
        }
        let owner = Self::owner_of(order).map_err(Error::<T>::from)?;
        ensure!(owner == *who, Error::<T>::NotOwner);
        Ok(())
    }

    fn withdraw_publication(id: OrderId, published: &PublishedOrder) -> DispatchResult {
        Self::release_publication(published)?;
        Orders::<T>::remove(id);
        Ok(())
    }

    fn note_closing(id: OrderId, who: &AccountId) -> DispatchResult {
        let deposit = Self::closing_deposit();
        Self::hold_closing(who, deposit)?;
        ClosingDeposits::<T>::insert(id, (who, deposit));
        Ok(())
    }

    pub(crate) fn do_prune(orders: &[OrderId]) -> DispatchResult {
        let mut count: u32 = 0;
        for id in orders {
            if Self::prune_order(*id)? {
                count = count.saturating_add(1);
            }
        }
        ensure!(count > 0, Error::<T>::NothingToPrune);

        Self::deposit_event(Event::OrdersPruned { count });
        Ok(())
    }

    /// Forgets an expired order; whether there was anything to forget.
    fn prune_order(id: OrderId) -> Result<bool, DispatchError> {
        let now = Self::now();
        let publication =
            Orders::<T>::get(id).filter(|published| published.order.valid_until() < now);
        let consumption = Consumed::<T>::get(id).filter(|consumed| consumed.valid_until < now);

        if let Some(published) = &publication {
            Self::withdraw_publication(id, published)?;
        }
        if consumption.is_some() {
            Consumed::<T>::remove(id);
            Self::return_closing_deposit(id)?;
        }
        Ok(publication.is_some() || consumption.is_some())
    }

    fn return_closing_deposit(id: OrderId) -> DispatchResult {
        match ClosingDeposits::<T>::take(id) {
            Some((who, deposit)) => Self::release_closing(&who, deposit),
            None => Ok(()),
        }
    }
}
