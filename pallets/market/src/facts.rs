//! What the chain knows about orders: their ids, their owners, who stands behind them, what is
//! left.

use crate::{
    Config, Consumed, Orders, Pallet,
    matching::{Admissions, Consents, Facts, Mismatch, Volumes},
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, AppOrder, BlockNumber, DealOrders, Order, OrderId, PoolOrder, RequestOrder,
    Restriction, Signature, SignedOrder, order_text, traits::Registry,
};
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_runtime::{
    SaturatedConversion,
    traits::{Verify, Zero},
};

impl<T: Config> Pallet<T> {
    /// All reasons why `caller` cannot match these orders now. When there is none, only the money
    /// of payer or operator may still be missing.
    pub fn mismatches(
        caller: &AccountId,
        app: &SignedOrder<AppOrder>,
        pool: &SignedOrder<PoolOrder>,
        request: &SignedOrder<RequestOrder>,
    ) -> Vec<Mismatch> {
        crate::matching::mismatches(&Self::facts(caller, app, pool, request)).collect()
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
            Order::Pool(order) => T::Registry::pool(order.pool)
                .map(|terms| terms.owner)
                .ok_or(Mismatch::NoSuchPool),
            Order::Request(order) => Ok(order.requester.clone()),
        }
    }

    pub(crate) fn facts<'a>(
        caller: &AccountId,
        app: &'a SignedOrder<AppOrder>,
        pool: &'a SignedOrder<PoolOrder>,
        request: &'a SignedOrder<RequestOrder>,
    ) -> Facts<'a> {
        let orders = Self::ids(&app.order, &pool.order, &request.order);
        let app_terms = T::Registry::app(app.order.app);
        let pool_terms = T::Registry::pool(pool.order.pool);
        let app_owner = app_terms.as_ref().map(|terms| &terms.owner);
        let operator = pool_terms.as_ref().map(|terms| &terms.owner);
        Facts {
            now: Self::now(),
            orders,
            app_order: &app.order,
            pool_order: &pool.order,
            request_order: &request.order,
            category: T::Registry::category(request.order.category),
            consumed: Volumes {
                app: Self::consumed(orders.app),
                pool: Self::consumed(orders.pool),
                request: Self::consumed(orders.request),
            },
            admissions: Self::admissions(
                (&app.order, app_owner),
                (&pool.order, operator),
                &request.order.requester,
            ),
            consents: Consents {
                app: Self::is_authentic(orders.app, app_owner, &app.signature),
                pool: Self::is_authentic(orders.pool, operator, &pool.signature),
                ..Self::consents_to_request(caller, orders.request, request)
            },
            fund_fee_ratio: T::FundFeeRatio::get(),
            app: app_terms,
            pool: pool_terms,
        }
    }

    fn ids(app: &AppOrder, pool: &PoolOrder, request: &RequestOrder) -> DealOrders {
        let genesis = Self::genesis();
        DealOrders {
            app: Order::from(app.clone()).id(genesis),
            pool: Order::from(pool.clone()).id(genesis),
            request: Order::from(request.clone()).id(genesis),
        }
    }

    fn admissions(
        (app, app_owner): (&AppOrder, Option<&AccountId>),
        (pool, operator): (&PoolOrder, Option<&AccountId>),
        requester: &AccountId,
    ) -> Admissions {
        let asking = Some(requester);
        Admissions {
            app_admits_pool: Self::admits(&app.restrict_pool, &pool.pool, operator),
            app_admits_requester: Self::admits(&app.restrict_requester, requester, asking),
            pool_admits_app: Self::admits(&pool.restrict_app, &app.app, app_owner),
            pool_admits_requester: Self::admits(&pool.restrict_requester, requester, asking),
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
