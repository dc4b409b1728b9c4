//! Deals: made by a match, ended and removed by Proof-of-Contribution.

use crate::{
    Config, Consumed, DealStatuses, Deals, Error, Event, OpenDeals, Pallet,
    matching::{self, Facts},
};
use ergon_primitives::{
    AccountId, AppOrder, BlockNumber, Consumption, Deal, DealId, DealStatus, OrderId, PoolOrder,
    RequestOrder, SignedOrder, deal_id, traits,
    traits::{Escrow as _, Funding, Registry as _},
};
use frame_support::{defensive, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_match(
        caller: &AccountId,
        app: &SignedOrder<AppOrder>,
        pool: &SignedOrder<PoolOrder>,
        request: &SignedOrder<RequestOrder>,
    ) -> DispatchResult {
        let facts = Self::facts(caller, app, pool, request);
        let deal = matching::deal(&facts).map_err(Error::<T>::from)?;
        let id = deal_id(deal.orders.request, deal.first_index);

        T::Escrow::open(id, &funding(&deal))?;
        T::Registry::retain(deal.app, deal.pool);
        Self::consume_all(&facts, deal.volume);
        OpenDeals::<T>::insert(deal.pool, id, ());
        DealStatuses::<T>::insert(id, DealStatus::Open);
        Deals::<T>::insert(id, &deal);

        Self::deposit_event(Event::Matched {
            deal: id,
            app: deal.app,
            pool: deal.pool,
            requester: deal.requester,
            volume: deal.volume,
            first_index: deal.first_index,
            app_price: deal.app_price,
            pool_price: deal.pool_price,
        });
        Ok(())
    }

    fn consume_all(facts: &Facts<'_>, volume: u32) {
        let Facts {
            orders, consumed, ..
        } = facts;
        let (app, pool, request) = (facts.app_order, facts.pool_order, facts.request_order);
        Self::consume(orders.app, app.valid_until, consumed.app, volume);
        Self::consume(orders.pool, pool.valid_until, consumed.pool, volume);
        Self::consume(
            orders.request,
            request.valid_until,
            consumed.request,
            volume,
        );
    }

    fn consume(order: OrderId, valid_until: BlockNumber, before: u32, volume: u32) {
        let volume = before.saturating_add(volume);
        Consumed::<T>::insert(
            order,
            Consumption {
                volume,
                valid_until,
            },
        );
    }
}

fn funding(deal: &Deal) -> Funding {
    Funding {
        payer: deal.payer.clone(),
        task_price: deal.task_price(),
        operator: deal.operator.clone(),
        operator_stake: deal.operator_stake,
        tasks: deal.volume,
    }
}

impl<T: Config> traits::Deals for Pallet<T> {
    fn deal(id: DealId) -> Option<Deal> {
        Deals::<T>::get(id)
    }

    fn status(id: DealId) -> Option<DealStatus> {
        DealStatuses::<T>::get(id)
    }

    fn end(id: DealId) {
        let (Some(deal), Some(DealStatus::Open)) =
            (Deals::<T>::get(id), DealStatuses::<T>::get(id))
        else {
            defensive!("only an open deal can end");
            return;
        };
        DealStatuses::<T>::insert(id, DealStatus::Ended(Self::now()));
        OpenDeals::<T>::remove(deal.pool, id);
        T::Registry::release(deal.app, deal.pool);
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
    fn benchmark_deal(pool_workers: &[AccountId], volume: u32, trust: u32) -> (DealId, Deal) {
        crate::benchmarking::deal::<T>(pool_workers, volume, trust)
    }
}
