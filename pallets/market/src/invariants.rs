//! What must hold after every call; the list is in the crate's documentation.

use crate::{
    ClosingDeposits, Config, Consumed, DealStatuses, Deals, HoldReason, OpenDeals, Orders, Pallet,
};
use alloc::collections::BTreeMap;
use ergon_primitives::{AccountId, Balance, DealStatus, OrderId, deal_id};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

type Sums = BTreeMap<AccountId, Balance>;

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_publications()?;
        Self::check_closings()?;
        Self::check_volumes()?;
        Self::check_deals()?;
        Self::check_open_deals()
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
                Self::consumed(id) <= order.volume(),
                "order is consumed beyond its volume"
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

    fn check_holds(reason: HoldReason, sums: Sums) -> Result<(), TryRuntimeError> {
        for (who, sum) in sums {
            ensure!(
                T::Currency::balance_on_hold(&reason.into(), &who) == sum,
                "hold differs from the sum of the deposits"
            );
        }
        Ok(())
    }

    fn check_volumes() -> Result<(), TryRuntimeError> {
        let mut sums = BTreeMap::<OrderId, u64>::new();
        for deal in Deals::<T>::iter_values() {
            for order in [deal.orders.app, deal.orders.pool, deal.orders.request] {
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

fn add(sums: &mut Sums, who: AccountId, amount: Balance) {
    let sum = sums.entry(who).or_default();
    *sum = sum.saturating_add(amount);
}
