//! Deals: made by a match, ended and removed by Proof-of-Contribution.

use crate::{
    Config, DealStatuses, Deals, Error, Event, OpenDeals, Pallet,
    matching::{self, Facts},
};
use ergon_primitives::{
    AccountId, AppOrder, DatasetOrder, Deal, DealId, DealStatus, PoolOrder, RequestOrder,
    SignedOrder, deal_id, traits,
    traits::{Escrow as _, Funding, Registry as _, Tasks as _},
};
use frame_support::{defensive, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_match(
        caller: &AccountId,
        app: &SignedOrder<AppOrder>,
        dataset: Option<&SignedOrder<DatasetOrder>>,
        pool: &SignedOrder<PoolOrder>,
        request: &SignedOrder<RequestOrder>,
    ) -> DispatchResult {
        let facts = Self::facts(caller, app, dataset, pool, request);
        let deal = matching::deal(&facts).map_err(Error::<T>::from)?;
        let id = deal_id(deal.orders.request, deal.first_index);

        Self::fund(id, &deal)?;
        T::Registry::retain(deal.entries());
        Self::consume(&facts, deal.volume);
        OpenDeals::<T>::insert(deal.pool, id, ());
        DealStatuses::<T>::insert(id, DealStatus::Open);
        Deals::<T>::insert(id, &deal);
        T::Tasks::open(id, &deal);

        Self::announce(id, deal);
        Ok(())
    }

    /// Puts payer's and operator's money on hold. Who lacks money is told by the market's own
    /// errors; only what nobody lacks alone is left for the escrow to refuse.
    fn fund(id: DealId, deal: &Deal) -> DispatchResult {
        let funding = funding(deal);
        if let Some(shortage) = Self::shortages(&funding).next() {
            return Err(Error::<T>::from(shortage).into());
        }
        T::Escrow::open(id, &funding)
    }

    /// Notes what is used up of each order.
    fn consume(facts: &Facts<'_>, volume: u32) {
        let (ids, before) = (facts.orders, facts.consumed);
        let note = |id, before: u32, until, offered| {
            Self::note_consumption(id, until, before.saturating_add(volume), offered);
        };
        let order = facts.app_order;
        note(ids.app, before.app, order.valid_until, order.volume);
        if let (Some(id), Some(order)) = (ids.dataset, facts.dataset_order) {
            let before = before.dataset.unwrap_or(0);
            note(id, before, order.valid_until, order.volume);
        }
        let order = facts.pool_order;
        note(ids.pool, before.pool, order.valid_until, order.volume);
        let order = facts.request_order;
        note(ids.request, before.request, order.valid_until, order.volume);
    }

    fn announce(id: DealId, deal: Deal) {
        Self::deposit_event(Event::Matched {
            deal: id,
            app: deal.app,
            pool: deal.pool,
            volume: deal.volume,
            first_index: deal.first_index,
            app_price: deal.app_price,
            dataset: deal.entries().dataset,
            dataset_price: deal.dataset_price(),
            pool_price: deal.pool_price,
            requester: deal.requester,
        });
    }
}

fn funding(deal: &Deal) -> Funding {
    Funding {
        payer: deal.payer.clone(),
        task_price: deal.task_price(),
        operator: deal.operator.clone(),
        operator_stake: deal.operator_stake,
        tasks: deal.volume,
        settlement_fee: deal.settlement_fee,
    }
}

impl<T: Config> traits::Deals for Pallet<T> {
    fn deal(id: DealId) -> Option<Deal> {
        Deals::<T>::get(id)
    }

    fn status(id: DealId) -> Option<DealStatus> {
        DealStatuses::<T>::get(id)
    }

    fn end(id: DealId, proven: u32) {
        let (Some(deal), Some(DealStatus::Open)) =
            (Deals::<T>::get(id), DealStatuses::<T>::get(id))
        else {
            defensive!("only an open deal can end");
            return;
        };
        DealStatuses::<T>::insert(id, DealStatus::Ended(Self::now()));
        OpenDeals::<T>::remove(deal.pool, id);
        T::Registry::release(deal.entries());
        Self::record_prices(&deal, proven);
        Self::deposit_event(Event::DealEnded { deal: id });
    }

    fn remove(id: DealId) {
        let Some(DealStatus::Ended(_)) = DealStatuses::<T>::get(id) else {
            defensive!("only an ended deal can be removed");
            return;
        };
        Deals::<T>::remove(id);
        DealStatuses::<T>::remove(id);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_deal(
        pool_workers: &[AccountId],
        volume: u32,
        trust: u32,
        verification: ergon_primitives::Verification,
        callback: ergon_primitives::Callback,
    ) -> (DealId, Deal) {
        crate::benchmarking::deal::<T>(pool_workers, volume, trust, verification, callback)
    }
}
