//! What the chain knows about orders: their ids, their owners, who stands behind them, what is
//! left.

use crate::{
    Config, Consumed, Orders, Pallet,
    matching::{self, Admissions, Consents, Demands, Facts, Mismatch, Volumes},
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, AppOrder, BlockNumber, DatasetId, DatasetOrder, DealOrders, MatchReport, Order,
    OrderId, PoolOrder, RequestOrder, Restriction, Signature, SignedOrder, order_text,
    traits::{Escrow, Funding, Hubs, Registry, SettlementPrices},
};
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_runtime::{
    SaturatedConversion,
    traits::{Verify, Zero},
};

/// Who owns what is on offer, as far as it is registered.
#[derive(Clone, Copy)]
struct Owners<'a> {
    app: Option<&'a AccountId>,
    dataset: Option<&'a AccountId>,
    pool: Option<&'a AccountId>,
}

impl<T: Config> Pallet<T> {
    /// All reasons why `caller` cannot match these orders now, and what the parties demand of each
    /// other, condition by condition. Whether payer and operator have the money is said as soon as
    /// it is known how many tasks it is about.
    pub fn report(
        caller: &AccountId,
        app: &SignedOrder<AppOrder>,
        dataset: Option<&SignedOrder<DatasetOrder>>,
        pool: &SignedOrder<PoolOrder>,
        request: &SignedOrder<RequestOrder>,
    ) -> MatchReport {
        let facts = Self::facts(caller, app, dataset, pool, request);
        MatchReport {
            mismatches: Self::all_mismatches(&facts),
            requirements: Demands::of(&facts).reports(),
            volume: facts.volume(),
        }
    }

    /// All reasons why `caller` cannot match these orders now.
    pub fn mismatches(
        caller: &AccountId,
        app: &SignedOrder<AppOrder>,
        dataset: Option<&SignedOrder<DatasetOrder>>,
        pool: &SignedOrder<PoolOrder>,
        request: &SignedOrder<RequestOrder>,
    ) -> Vec<Mismatch> {
        Self::all_mismatches(&Self::facts(caller, app, dataset, pool, request))
    }

    fn all_mismatches(facts: &Facts<'_>) -> Vec<Mismatch> {
        let money = matching::funding(facts).map(|funding| Self::shortages(&funding));
        matching::mismatches(facts)
            .chain(money.into_iter().flatten())
            .collect()
    }

    /// Who lacks the money for a deal.
    pub(crate) fn shortages(funding: &Funding) -> impl Iterator<Item = Mismatch> + use<T> {
        let shortage = T::Escrow::shortage(funding);
        let payer = shortage.payer.then_some(Mismatch::PayerCannotPay);
        let operator = shortage.operator.then_some(Mismatch::OperatorCannotStake);
        payer.into_iter().chain(operator)
    }

    /// The order's id on this chain.
    pub fn order_id(order: &Order) -> OrderId {
        order.id(Self::genesis())
    }

    /// How many tasks of the order have been used up; all of them when it was closed.
    pub fn consumed(order: OrderId) -> u32 {
        Consumed::<T>::get(order).map_or(0, |consumption| consumption.volume)
    }

    pub(crate) fn genesis() -> H256 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
    }

    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// Who may sign, publish and close the order now.
    pub(crate) fn owner_of(order: &Order) -> Result<AccountId, Mismatch> {
        match order {
            Order::App(order) => T::Registry::app(order.app)
                .map(|terms| terms.owner)
                .ok_or(Mismatch::NoSuchApp),
            Order::Dataset(order) => T::Registry::dataset(order.dataset)
                .map(|terms| terms.owner)
                .ok_or(Mismatch::NoSuchDataset),
            Order::Pool(order) => T::Registry::pool(order.pool)
                .map(|terms| terms.owner)
                .ok_or(Mismatch::NoSuchPool),
            Order::Request(order) => Ok(order.requester.clone()),
        }
    }

    pub(crate) fn facts<'a>(
        caller: &AccountId,
        app: &'a SignedOrder<AppOrder>,
        dataset: Option<&'a SignedOrder<DatasetOrder>>,
        pool: &'a SignedOrder<PoolOrder>,
        request: &'a SignedOrder<RequestOrder>,
    ) -> Facts<'a> {
        let dataset_order = dataset.map(|dataset| &dataset.order);
        let orders = Self::ids(&app.order, dataset_order, &pool.order, &request.order);
        let app_terms = T::Registry::app(app.order.app);
        let dataset_terms = dataset_order.and_then(|order| T::Registry::dataset(order.dataset));
        let pool_terms = T::Registry::pool(pool.order.pool);
        let owners = Owners {
            app: app_terms.as_ref().map(|terms| &terms.owner),
            dataset: dataset_terms.as_ref().map(|terms| &terms.owner),
            pool: pool_terms.as_ref().map(|terms| &terms.owner),
        };
        let requester = &request.order.requester;
        Facts {
            now: Self::now(),
            orders,
            app_order: &app.order,
            dataset_order,
            pool_order: &pool.order,
            request_order: &request.order,
            category: T::Registry::category(request.order.category),
            consumed: Self::all_consumed(&orders),
            admissions: Self::admissions(&app.order, dataset_order, &pool.order, owners, requester),
            consents: Consents {
                app: Self::is_authentic(orders.app, owners.app, &app.signature),
                dataset: dataset.zip(orders.dataset).is_none_or(|(signed, id)| {
                    Self::is_authentic(id, owners.dataset, &signed.signature)
                }),
                pool: Self::is_authentic(orders.pool, owners.pool, &pool.signature),
                ..Self::consents_to_request(caller, orders.request, request)
            },
            pool_is_matchable: T::Hubs::is_matchable(pool.order.pool),
            fund_fee_ratio: T::FundFeeRatio::get(),
            operator_stake_ratio: T::OperatorStakeRatio::get(),
            max_duration: T::MaxDuration::get(),
            price_of_calls: T::SettlementPrices::per_task(
                matching::prepaid_votes(&request.order),
                request.order.callback.is_some(),
            ),
            app: app_terms,
            dataset: dataset_terms,
            pool: pool_terms,
        }
    }

    fn ids(
        app: &AppOrder,
        dataset: Option<&DatasetOrder>,
        pool: &PoolOrder,
        request: &RequestOrder,
    ) -> DealOrders {
        let genesis = Self::genesis();
        DealOrders {
            app: Order::from(app.clone()).id(genesis),
            dataset: dataset.map(|order| Order::from(order.clone()).id(genesis)),
            pool: Order::from(pool.clone()).id(genesis),
            request: Order::from(request.clone()).id(genesis),
        }
    }

    fn all_consumed(orders: &DealOrders) -> Volumes {
        Volumes {
            app: Self::consumed(orders.app),
            dataset: orders.dataset.map(Self::consumed),
            pool: Self::consumed(orders.pool),
            request: Self::consumed(orders.request),
        }
    }

    fn admissions(
        app: &AppOrder,
        dataset: Option<&DatasetOrder>,
        pool: &PoolOrder,
        owners: Owners<'_>,
        requester: &AccountId,
    ) -> Admissions {
        let admits_app =
            |restriction: &Restriction<_>| Self::admits(restriction, &app.app, owners.app);
        let admits_dataset = |restriction: &Restriction<DatasetId>| {
            dataset.is_none_or(|order| Self::admits(restriction, &order.dataset, owners.dataset))
        };
        let admits_pool =
            |restriction: &Restriction<_>| Self::admits(restriction, &pool.pool, owners.pool);
        let admits_requester =
            |restriction: &Restriction<_>| Self::admits(restriction, requester, Some(requester));
        Admissions {
            app_admits_dataset: admits_dataset(&app.restrict_dataset),
            app_admits_pool: admits_pool(&app.restrict_pool),
            app_admits_requester: admits_requester(&app.restrict_requester),
            dataset_admits_app: dataset.is_none_or(|order| admits_app(&order.restrict_app)),
            dataset_admits_pool: dataset.is_none_or(|order| admits_pool(&order.restrict_pool)),
            dataset_admits_requester: dataset
                .is_none_or(|order| admits_requester(&order.restrict_requester)),
            pool_admits_app: admits_app(&pool.restrict_app),
            pool_admits_dataset: admits_dataset(&pool.restrict_dataset),
            pool_admits_requester: admits_requester(&pool.restrict_requester),
        }
    }

    /// Whether the restriction admits `id`, which belongs to `account`. A list admits by account.
    fn admits<Id: PartialEq>(
        restriction: &Restriction<Id>,
        id: &Id,
        account: Option<&AccountId>,
    ) -> bool {
        match restriction {
            Restriction::Anyone => true,
            Restriction::Only(only) => only == id,
            Restriction::Listed(list) => account.is_some_and(|who| T::Registry::admits(*list, who)),
        }
    }

    /// What the request's side says; the offers' sides are left open.
    fn consents_to_request(
        caller: &AccountId,
        id: OrderId,
        SignedOrder { order, signature }: &SignedOrder<RequestOrder>,
    ) -> Consents {
        let requester = &order.requester;
        Consents {
            app: false,
            dataset: false,
            pool: false,
            request: requester == caller || Self::is_authentic(id, Some(requester), signature),
            matcher: order
                .matcher
                .as_ref()
                .is_none_or(|matcher| matcher == caller),
            payer: order.payer == *requester || order.payer == *caller,
        }
    }

    /// Whether the owner signed the order's text, or published the order and owns it still. An
    /// order without owner is nobody's.
    fn is_authentic(id: OrderId, owner: Option<&AccountId>, signature: &Option<Signature>) -> bool {
        let Some(owner) = owner else { return false };
        let is_signed = signature
            .as_ref()
            .is_some_and(|signature| signature.verify(order_text(id).as_bytes(), owner));
        is_signed || Orders::<T>::get(id).is_some_and(|published| published.publisher == *owner)
    }
}
