//! Orders on the chain: published, closed, used up, forgotten.

use crate::{ClosingDeposits, Config, Consumed, Error, Event, Leftover, Orders, Pallet, matching};
use ergon_primitives::{
    AccountId, AppTerms, BlockNumber, Consumption, Curation, Mismatch, Order, OrderId,
    PublishedOrder, RequestOrder, traits::Registry,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_publish(publisher: AccountId, order: Order) -> DispatchResult {
        let id = Self::order_id(&order);
        ensure!(!Orders::<T>::contains_key(id), Error::<T>::AlreadyPublished);
        Self::ensure_could_match(id, &order).map_err(Error::<T>::from)?;
        let owner = Self::owner_of(&order).map_err(Error::<T>::from)?;
        ensure!(owner == publisher, Error::<T>::NotOwner);

        let deposit = Self::publication_deposit(&order);
        Self::hold_publication(&publisher, deposit)?;
        Self::put_on_shelves(id, &order);
        Self::schedule(Leftover::Order(id), order.valid_until());
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
            .or_else(|| Self::reference_fault(order))
            .or_else(|| matching::exhaustion(order, remaining))
            .map_or(Ok(()), Err)
    }

    /// What is wrong with the entries that the order refers to. Whether an offered entry exists is
    /// for [`Self::owner_of`] to say.
    fn reference_fault(order: &Order) -> Option<Mismatch> {
        match order {
            Order::App(order) => T::Registry::app(order.app).and_then(|terms| revocation(&terms)),
            Order::Dataset(_) => None,
            Order::Pool(order) if T::Registry::category(order.category).is_none() => {
                Some(Mismatch::CategoryUnknown)
            }
            Order::Pool(_) => None,
            Order::Request(order) => Self::wish_fault(order),
        }
    }

    fn wish_fault(order: &RequestOrder) -> Option<Mismatch> {
        if T::Registry::category(order.category).is_none() {
            return Some(Mismatch::CategoryUnknown);
        }
        let Some(app) = T::Registry::app(order.app) else {
            return Some(Mismatch::NoSuchApp);
        };
        let pool_is_missing = order
            .pool
            .is_some_and(|pool| T::Registry::pool(pool).is_none());
        app_fault(order, &app)
            .or_else(|| Self::dataset_fault(order))
            .or(pool_is_missing.then_some(Mismatch::NoSuchPool))
    }

    fn dataset_fault(order: &RequestOrder) -> Option<Mismatch> {
        match T::Registry::dataset(order.dataset?) {
            None => Some(Mismatch::NoSuchDataset),
            Some(terms) => {
                let allowed = &terms.allowed_apps;
                let is_allowed = allowed.is_empty() || allowed.contains(&order.app);
                (!is_allowed).then_some(Mismatch::DatasetNotForApp)
            }
        }
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
            Some(published) => Self::withdraw(id, &published),
            None => Self::note_closing(id, &who)?,
        }
        Self::write_consumption(id, order.volume(), order.valid_until());

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

    fn note_closing(id: OrderId, who: &AccountId) -> DispatchResult {
        let deposit = Self::closing_deposit();
        Self::hold_closing(who, deposit)?;
        ClosingDeposits::<T>::insert(id, (who, deposit));
        Ok(())
    }

    /// Notes that a match has brought an order's consumption to `consumed` of its `order_volume`
    /// tasks. Of an order of which nothing is left the publication goes at once. This cannot fail.
    pub(crate) fn note_consumption(
        id: OrderId,
        valid_until: BlockNumber,
        consumed: u32,
        order_volume: u32,
    ) {
        Self::write_consumption(id, consumed, valid_until);
        if consumed < order_volume {
            return;
        }
        if let Some(published) = Orders::<T>::get(id) {
            Self::withdraw(id, &published);
            Self::deposit_event(Event::OrderExhausted { order: id });
        }
    }

    fn write_consumption(id: OrderId, volume: u32, valid_until: BlockNumber) {
        let consumption = Consumption {
            volume,
            valid_until,
        };
        Consumed::<T>::insert(id, consumption);
        Self::schedule(Leftover::Order(id), valid_until);
    }

    /// Takes an order's text off the chain and returns its deposit.
    fn withdraw(id: OrderId, published: &PublishedOrder) {
        Self::take_off_shelves(id, &published.order);
        Orders::<T>::remove(id);
        Self::release_publication(published);
    }

    pub(crate) fn do_prune(orders: &[OrderId]) -> DispatchResult {
        let mut count: u32 = 0;
        for id in orders {
            if Self::prune_order(*id) {
                count = count.saturating_add(1);
            }
        }
        ensure!(count > 0, Error::<T>::NothingToPrune);

        Self::deposit_event(Event::OrdersPruned { count });
        Ok(())
    }

    /// Forgets an order and its place on the agenda, if it has expired; whether there was anything
    /// to forget.
    fn prune_order(id: OrderId) -> bool {
        let expiry = Orders::<T>::get(id)
            .map(|published| published.order.valid_until())
            .or(Consumed::<T>::get(id).map(|consumption| consumption.valid_until));
        match expiry {
            Some(valid_until) if valid_until < Self::now() => {
                Self::unschedule(Leftover::Order(id), valid_until);
                Self::forget_order(id)
            }
            _ => false,
        }
    }

    /// Forgets all that an order left on the chain, and returns deposits; whether there was
    /// anything. This cannot fail.
    pub(crate) fn forget_order(id: OrderId) -> bool {
        let publication = Orders::<T>::get(id);
        let consumption = Consumed::<T>::take(id);
        if let Some(published) = &publication {
            Self::withdraw(id, published);
        }
        if let Some((who, deposit)) = ClosingDeposits::<T>::take(id) {
            Self::release_closing(&who, deposit);
        }
        publication.is_some() || consumption.is_some()
    }
}

/// Why the request will never get a deal with its app as that is now.
fn app_fault(order: &RequestOrder, app: &AppTerms) -> Option<Mismatch> {
    let is_fit = app.kind.runs_on(order.execution_version);
    revocation(app).or((!is_fit).then_some(Mismatch::ExecutionVersionUnfit))
}

fn revocation(app: &AppTerms) -> Option<Mismatch> {
    matches!(app.curation, Some(Curation::Revoked { .. })).then_some(Mismatch::AppRevoked)
}
