//! Benchmarks, and the deal that other pallets' benchmarks start from.
//!
//! Worst case of a match: every restriction is a list of full length, the request's parameters are
//! as long as they may be, and each order carries a signature that costs a whole public-key
//! recovery and turns out to be another's, so that the publication is read too.

use crate::{Call, Config, Consumed, Deals, Event, MAX_PRUNED, Orders, Pallet};
use alloc::{boxed::Box, vec, vec::Vec};
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppOrder, Balance, CategoryId, Consumption, Deal,
    DealId, ERG, EXECUTION_VERSION_1, MAX_DURATION, MAX_EXECUTION_VERSIONS, MAX_ORDER_LIFE,
    MAX_PARAMS, Order, OrderId, PoolId, PoolOrder, RequestOrder, Restriction, Signature,
    SignedOrder, Tag, deal_id,
    traits::{Deals as _, Registry},
};
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::fungible::Mutate};
use frame_system::RawOrigin;
use sp_core::{H256, ecdsa};
use sp_runtime::SaturatedConversion;

/// Enough for every deposit and for thousands of tasks of two ERG each.
const ENDOWMENT: Balance = 10_000_000 * ERG;
/// T of the benchmarks' category, in blocks; short, so that bags of some thousand tasks fit.
const WORK_TIME: u32 = 20;

/// Accounts and entries of a match, a set for each deal that exists.
struct Setting {
    app_owner: AccountId,
    operator: AccountId,
    requester: AccountId,
    app: AppId,
    pool: PoolId,
    category: CategoryId,
}

impl Setting {
    fn new<T: Config>(pool_workers: &[AccountId]) -> Self {
        let round: u32 = Deals::<T>::iter().count().saturated_into();
        let app_owner = endowed::<T>("app_owner", round);
        let operator = endowed::<T>("operator", round);
        let requester = endowed::<T>("requester", round);
        Self {
            app: T::Registry::benchmark_app(&app_owner),
            pool: T::Registry::benchmark_pool(&operator, pool_workers),
            category: T::Registry::benchmark_category(WORK_TIME),
            app_owner,
            operator,
            requester,
        }
    }

    fn app_order<T: Config>(&self, volume: u32) -> AppOrder {
        AppOrder {
            app: self.app,
            price: ERG,
            volume,
            tag: Tag::default(),
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }

    fn pool_order<T: Config>(&self, volume: u32, trust: u32) -> PoolOrder {
        let versions = vec![EXECUTION_VERSION_1; MAX_EXECUTION_VERSIONS as usize];
        PoolOrder {
            pool: self.pool,
            price: ERG,
            volume,
            tag: Tag::default(),
            category: self.category,
            trust,
            execution_versions: BoundedVec::truncate_from(versions),
            restrict_app: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }

    fn request_order<T: Config>(&self, volume: u32, trust: u32) -> RequestOrder {
        RequestOrder {
            app: self.app,
            max_app_price: ERG,
            pool: Some(self.pool),
            max_pool_price: ERG,
            requester: self.requester.clone(),
            payer: self.requester.clone(),
            matcher: None,
            volume,
            min_volume: 1,
            tag: Tag::default(),
            category: self.category,
            trust,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: self.requester.clone(),
            params: BoundedVec::truncate_from(vec![b'x'; MAX_PARAMS as usize]),
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }
}

/// Makes a deal through the front door: published orders, matched by the requester. `trust` must be
/// at least 3, since the registry's benchmark pools are open, and `volume` at most 6 480, since
/// they work on one task at a time.
pub(crate) fn deal<T: Config>(
    pool_workers: &[AccountId],
    volume: u32,
    trust: u32,
) -> (DealId, Deal) {
    let setting = Setting::new::<T>(pool_workers);
    let app = setting.app_order::<T>(volume);
    let pool = setting.pool_order::<T>(volume, trust);
    let request = setting.request_order::<T>(volume, trust);
    published::<T>(&setting.app_owner, app.clone());
    published::<T>(&setting.operator, pool.clone());
    let id = deal_id(Pallet::<T>::order_id(&request.clone().into()), 0);
    let (app, pool, request) = (unsigned(app), unsigned(pool), unsigned(request));
    Pallet::<T>::do_match(&setting.requester, &app, &pool, &request)
        .expect("orders of the benchmark fit; qed");
    (
        id,
        Pallet::<T>::deal(id).expect("the deal was just made; qed"),
    )
}

fn endowed<T: Config>(name: &'static str, index: u32) -> AccountId {
    let who: AccountId = account(name, index, 0);
    T::Currency::set_balance(&who, ENDOWMENT);
    who
}

fn published<T: Config>(owner: &AccountId, order: impl Into<Order>) -> OrderId {
    let order = order.into();
    let id = Pallet::<T>::order_id(&order);
    Pallet::<T>::do_publish(owner.clone(), order).expect("order of the benchmark is sound; qed");
    id
}

fn unsigned<Content>(order: Content) -> SignedOrder<Content> {
    SignedOrder {
        order,
        signature: None,
    }
}

fn signed_by_another<Content>(order: Content) -> Box<SignedOrder<Content>> {
    Box::new(SignedOrder {
        order,
        signature: Some(valid_for_nobody()),
    })
}

/// A well-formed signature, whatever the message is: `r` is the x coordinate of the curve's
/// generator, `s` is 1. Recovery succeeds, with a key that nobody has.
fn valid_for_nobody() -> Signature {
    let mut bytes = [0; 65];
    bytes[..32].copy_from_slice(&[
        0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b,
        0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8,
        0x17, 0x98,
    ]);
    bytes[63] = 1;
    Signature::Ecdsa(ecdsa::Signature::from_raw(bytes))
}

/// The list that the benchmark pool admits.
fn list_of<T: Config>(pool: PoolId) -> AccessListId {
    let terms = T::Registry::pool(pool).expect("the pool was just made; qed");
    let Access::Private(list) = terms.policy.access;
    list
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn publish() {
        let setting = Setting::new::<T>(&[]);
        let order = Order::from(setting.request_order::<T>(10, 3));
        let id = Pallet::<T>::order_id(&order);
        let deposit = Pallet::<T>::publication_deposit(&order);
        let publisher = setting.requester;

        #[extrinsic_call]
        _(RawOrigin::Signed(publisher.clone()), Box::new(order));

        let event = Event::<T>::OrderPublished {
            order: id,
            publisher,
            deposit,
        };
        frame_system::Pallet::<T>::assert_last_event(event.into());
    }

    #[benchmark]
    fn close() {
        let setting = Setting::new::<T>(&[]);
        let order = Order::from(setting.pool_order::<T>(10, 3));
        let id = Pallet::<T>::order_id(&order);
        let by = setting.operator;

        #[extrinsic_call]
        _(RawOrigin::Signed(by.clone()), Box::new(order));

        let event = Event::<T>::OrderClosed { order: id, by };
        frame_system::Pallet::<T>::assert_last_event(event.into());
    }

    #[benchmark]
    fn match_orders() {
        let everyone =
            ["app_owner", "operator", "requester"].map(|name| account::<AccountId>(name, 0, 0));
        let setting = Setting::new::<T>(&everyone);
        let list = list_of::<T>(setting.pool);
        let mut app = setting.app_order::<T>(10);
        let mut pool = setting.pool_order::<T>(10, 3);
        let request = setting.request_order::<T>(10, 3);
        app.restrict_pool = Restriction::Listed(list);
        app.restrict_requester = Restriction::Listed(list);
        pool.restrict_app = Restriction::Listed(list);
        pool.restrict_requester = Restriction::Listed(list);
        published::<T>(&setting.app_owner, app.clone());
        published::<T>(&setting.operator, pool.clone());
        let id = deal_id(published::<T>(&setting.requester, request.clone()), 0);
        let matcher: AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(matcher),
            signed_by_another(app),
            signed_by_another(pool),
            signed_by_another(request),
        );

        assert_eq!(Deals::<T>::get(id).map(|deal| deal.volume), Some(10));
    }

    #[benchmark]
    fn prune(n: Linear<1, MAX_PRUNED>) {
        let mut setting = Setting::new::<T>(&[]);
        let valid_until = Pallet::<T>::now() + MAX_ORDER_LIFE;
        let mut ids = Vec::new();
        for index in 0..n {
            setting.requester = endowed::<T>("publisher", index);
            let order = setting.request_order::<T>(10, 3);
            let id = published::<T>(&setting.requester, order);
            Consumed::<T>::insert(
                id,
                Consumption {
                    volume: 5,
                    valid_until,
                },
            );
            ids.push(id);
        }
        frame_system::Pallet::<T>::set_block_number((valid_until + 1).into());
        let caller: AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), BoundedVec::truncate_from(ids));

        assert_eq!(Orders::<T>::iter_keys().count(), 0);
        let event = Event::<T>::OrdersPruned { count: n };
        frame_system::Pallet::<T>::assert_last_event(event.into());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
