//! Benchmarks, and the deal that other pallets' benchmarks start from.
//!
//! Worst case of a match: a published order needs no signature, but a caller may give one all the
//! same. So each of the four orders carries a signature that costs a whole public-key recovery and
//! turns out to be another's, and then its publication is read too. Every restriction is a list,
//! each of another list; all orders are as long as they may be; the requirements of all parties
//! take as many steps as the language allows, in as many parts. The match uses up all four orders,
//! so that four publications leave their shelves and four deposits go back. A sponsor calls and
//! pays, so that the requester's deposit goes to an account of its own.

use crate::{
    Agenda, Call, Config, Consumed, Deals, Event, Leftover, MAX_PRUNED, Orders, Pallet, Prices,
};
use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use ergon_matchmaking::{Ad, Expression};
use ergon_primitives::{
    Access, AccessListId, AccountId, Advertisement, AppId, AppOrder, Balance, Callback, CategoryId,
    DatasetId, DatasetOrder, Deal, DealId, ERG, EXECUTION_VERSION_1, MAX_CALLBACK, MAX_DURATION,
    MAX_EXECUTION_VERSIONS, MAX_ORDER_LIFE, MAX_PARAMS, MAX_PRICES, MAX_VERIFICATIONS, Order,
    OrderId, PoolId, PoolOrder, PriceSubject, RequestOrder, Requirements, Restriction, Signature,
    SignedOrder, Tag, Verification, deal_id,
    traits::{Deals as _, Hubs as _, Registry},
    write_attributes, write_requirements,
};
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::fungible::Mutate, weights::Weight};
use frame_system::RawOrigin;
use sp_core::{H256, ecdsa};
use sp_runtime::SaturatedConversion;

/// Enough for every deposit and for thousands of tasks of three ERG each.
const ENDOWMENT: Balance = 10_000_000 * ERG;
/// T of the benchmarks' category, in blocks; short, so that bags of some thousand tasks fit.
const WORK_TIME: u32 = 20;
/// A condition of three nodes in twelve bytes: as many of them as an expression can have nearly
/// fill its form.
const SHORT: &str = "ppp =?= qqqq";
/// How many of [`SHORT`] leave room in a form for conditions that use up the steps.
const SHORT_ONES: usize = 55;
/// A condition on a pool that looks at many bytes.
const HARD_ON_POOL: &str = "TARGET.note == TARGET.note";
/// The same as the pool puts it.
const HARD_ON_ITSELF: &str = "MY.note == MY.note";

/// Accounts and entries of a match, a set for each deal that exists.
struct Setting {
    app_owner: AccountId,
    dataset_owner: AccountId,
    operator: AccountId,
    requester: AccountId,
    app: AppId,
    dataset: DatasetId,
    pool: PoolId,
    category: CategoryId,
}

impl Setting {
    fn new<T: Config>(pool_workers: &[AccountId], app_requirements: Requirements) -> Self {
        let round: u32 = Deals::<T>::iter().count().saturated_into();
        let app_owner = endowed::<T>("app_owner", round);
        let dataset_owner = endowed::<T>("dataset_owner", round);
        let operator = endowed::<T>("operator", round);
        let requester = endowed::<T>("requester", round);
        let app = T::Registry::benchmark_app(&app_owner, app_requirements);
        let pool = T::Registry::benchmark_pool(&operator, pool_workers);
        T::Hubs::benchmark_bind(pool, &operator);
        Self {
            app,
            dataset: T::Registry::benchmark_dataset(&dataset_owner, app),
            pool,
            category: T::Registry::benchmark_category(WORK_TIME),
            app_owner,
            dataset_owner,
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
            restrict_dataset: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }

    fn dataset_order<T: Config>(&self, volume: u32) -> DatasetOrder {
        DatasetOrder {
            dataset: self.dataset,
            price: ERG,
            volume,
            tag: Tag::default(),
            restrict_app: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }

    fn pool_order<T: Config>(&self, volume: u32, trust: u32) -> PoolOrder {
        let versions = vec![EXECUTION_VERSION_1; MAX_EXECUTION_VERSIONS as usize];
        let verifications = vec![Verification::Replication; MAX_VERIFICATIONS as usize];
        PoolOrder {
            pool: self.pool,
            price: ERG,
            volume,
            tag: Tag::default(),
            category: self.category,
            trust,
            verifications: BoundedVec::truncate_from(verifications),
            execution_versions: BoundedVec::truncate_from(versions),
            attributes: Advertisement::default(),
            requirements: Requirements::default(),
            restrict_app: Restriction::Anyone,
            restrict_dataset: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }

    fn request_order<T: Config>(&self, volume: u32, trust: u32) -> RequestOrder {
        RequestOrder {
            app: self.app,
            max_app_price: ERG,
            dataset: Some(self.dataset),
            max_dataset_price: ERG,
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
            verification: Verification::Replication,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: self.requester.clone(),
            callback: None,
            params: BoundedVec::truncate_from(vec![b'x'; MAX_PARAMS as usize]),
            approved_only: false,
            requirements: Requirements::default(),
            valid_until: Pallet::<T>::now() + MAX_ORDER_LIFE,
            salt: H256::zero(),
        }
    }

    /// The longest order that can be published.
    fn longest_request<T: Config>(&self) -> RequestOrder {
        RequestOrder {
            requirements: longest_requirements(),
            callback: Some(longest_callback()),
            ..self.request_order::<T>(10, 3)
        }
    }

    /// The longest order of a pool.
    fn longest_pool_order<T: Config>(&self) -> PoolOrder {
        PoolOrder {
            attributes: longest_attributes(),
            requirements: longest_requirements(),
            ..self.pool_order::<T>(10, 3)
        }
    }

    /// Orders that fit and cost as much as they can.
    fn hardest_orders<T: Config>(
        &self,
        everyone: &[AccountId],
    ) -> (AppOrder, DatasetOrder, PoolOrder, RequestOrder) {
        let [first, second, third] = [&self.app_owner, &self.dataset_owner, &self.operator]
            .map(|owner| list_of::<T>(T::Registry::benchmark_pool(owner, everyone)));
        let app = AppOrder {
            restrict_dataset: Restriction::Listed(first),
            restrict_pool: Restriction::Listed(first),
            restrict_requester: Restriction::Listed(first),
            ..self.app_order::<T>(10)
        };
        let dataset = DatasetOrder {
            restrict_app: Restriction::Listed(second),
            restrict_pool: Restriction::Listed(second),
            restrict_requester: Restriction::Listed(second),
            ..self.dataset_order::<T>(10)
        };
        let pool = PoolOrder {
            attributes: longest_attributes(),
            requirements: hardest_requirements(HARD_ON_ITSELF),
            restrict_app: Restriction::Listed(third),
            restrict_dataset: Restriction::Listed(third),
            restrict_requester: Restriction::Listed(third),
            ..self.pool_order::<T>(10, 3)
        };
        let request = RequestOrder {
            requirements: hardest_requirements(HARD_ON_POOL),
            callback: Some(longest_callback()),
            ..self.request_order::<T>(10, 3)
        };
        (app, dataset, pool, request)
    }
}

/// Makes a deal through the front door: published orders, matched by the requester, with a dataset
/// of 1 ERG a task; the price histories that its end will add to are full. `volume` must be at most
/// 2 160, since the registry's benchmark pools work on one task at a time.
pub(crate) fn deal<T: Config>(
    pool_workers: &[AccountId],
    volume: u32,
    trust: u32,
    verification: Verification,
    callback: Callback,
) -> (DealId, Deal) {
    let setting = Setting::new::<T>(pool_workers, Requirements::default());
    let app = setting.app_order::<T>(volume);
    let dataset = setting.dataset_order::<T>(volume);
    let pool = PoolOrder {
        verifications: BoundedVec::truncate_from(vec![verification; MAX_VERIFICATIONS as usize]),
        ..setting.pool_order::<T>(volume, trust)
    };
    let request = RequestOrder {
        verification,
        callback: Some(callback),
        ..setting.request_order::<T>(volume, trust)
    };
    published::<T>(&setting.app_owner, app.clone());
    published::<T>(&setting.dataset_owner, dataset.clone());
    published::<T>(&setting.operator, pool.clone());
    let id = deal_id(Pallet::<T>::order_id(&request.clone().into()), 0);
    Pallet::<T>::do_match(
        &setting.requester,
        &unsigned(app),
        Some(&unsigned(dataset)),
        &unsigned(pool),
        &unsigned(request),
    )
    .expect("orders of the benchmark fit; qed");
    let deal = Pallet::<T>::deal(id).expect("the deal was just made; qed");
    for _ in 0..MAX_PRICES {
        Pallet::<T>::record_prices(&deal, 1);
    }
    (id, deal)
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

/// A publication of the longest request of an account of its own, partly used up.
fn leftover<T: Config>(setting: &mut Setting, index: u32) -> OrderId {
    setting.requester = endowed::<T>("publisher", index);
    let order = setting.longest_request::<T>();
    let (valid_until, volume) = (order.valid_until, order.volume);
    let id = published::<T>(&setting.requester, order);
    Pallet::<T>::note_consumption(id, valid_until, volume - 1, volume);
    id
}

fn advance_behind_every_order<T: Config>() {
    let block = Pallet::<T>::now() + MAX_ORDER_LIFE + 1;
    frame_system::Pallet::<T>::set_block_number(block.into());
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
    match terms.policy.access {
        Access::Private(list) => list,
        Access::Public => unreachable!("pools of benchmarks are private"),
    }
}

/// A callback as long as it may be; the market does not read it.
fn longest_callback() -> Callback {
    BoundedVec::truncate_from(vec![0; MAX_CALLBACK as usize])
}

/// Attributes that nearly fill an advertisement, of which `note` is as long as a text may be.
fn longest_attributes() -> Advertisement {
    let [long, rest] = [250, 220].map(|length| "n".repeat(length));
    let text = format!(
        "[ note = \"{long}\"; first = \"{rest}\"; second = \"{rest}\"; third = \"{rest}\" ]"
    );
    write_attributes(&Ad::parse(&text).expect("the advertisement is within its bounds; qed"))
}

/// A condition of as many parts as there can be, which nearly fills its form, and holds.
fn longest_requirements() -> Requirements {
    most_of(SHORT.into(), SHORT, &Ad::new())
}

/// A condition that has nearly as many parts and takes nearly as many steps as the language allows,
/// and holds for pools with [`longest_attributes`].
fn hardest_requirements(part: &str) -> Requirements {
    let ad = ergon_primitives::read_attributes(&longest_attributes())
        .expect("the advertisement was just written; qed");
    most_of(vec![SHORT; SHORT_ONES].join(" && "), part, &ad)
}

/// The part, added to a text as often as it can be while the whole holds on both sides.
fn most_of(mut text: String, part: &str, ad: &Ad) -> Requirements {
    let mut most = Expression::parse(&text).expect("the beginning is within bounds; qed");
    loop {
        text.push_str(" && ");
        text.push_str(part);
        match Expression::parse(&text) {
            Ok(more) if more.holds(ad, ad) => most = more,
            _ => return write_requirements(&most),
        }
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The longest order is a request, which also refers to most entries.
    #[benchmark]
    fn publish() {
        let setting = Setting::new::<T>(&[], longest_requirements());
        let order = Order::from(setting.longest_request::<T>());
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

    /// The owner closes what somebody else had published, as after a transfer: the owner is looked
    /// up, the text is read and leaves its shelves, and a deposit goes back.
    #[benchmark]
    fn close() {
        let setting = Setting::new::<T>(&[], Requirements::default());
        let order = Order::from(setting.longest_pool_order::<T>());
        let id = published::<T>(&setting.operator, order.clone());
        let former = endowed::<T>("former_operator", 0);
        let deposit = Pallet::<T>::publication_deposit(&order);
        Pallet::<T>::hold_publication(&former, deposit).expect("the account is endowed; qed");
        Orders::<T>::mutate(id, |published| {
            if let Some(published) = published {
                published.publisher = former;
            }
        });
        let by = setting.operator;

        #[extrinsic_call]
        _(RawOrigin::Signed(by.clone()), Box::new(order));

        let event = Event::<T>::OrderClosed { order: id, by };
        frame_system::Pallet::<T>::assert_last_event(event.into());
    }

    #[benchmark]
    fn match_orders() {
        let everyone = ["app_owner", "dataset_owner", "operator", "requester"]
            .map(|name| account::<AccountId>(name, 0, 0));
        let setting = Setting::new::<T>(&everyone, hardest_requirements(HARD_ON_POOL));
        let (app, dataset, pool, request) = setting.hardest_orders::<T>(&everyone);
        published::<T>(&setting.app_owner, app.clone());
        published::<T>(&setting.dataset_owner, dataset.clone());
        published::<T>(&setting.operator, pool.clone());
        let matcher: AccountId = whitelisted_caller();
        T::Currency::set_balance(&matcher, ENDOWMENT);
        let request = RequestOrder {
            payer: matcher.clone(),
            matcher: Some(matcher.clone()),
            ..request
        };
        let id = deal_id(published::<T>(&setting.requester, request.clone()), 0);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(matcher),
            signed_by_another(app),
            Some(signed_by_another(dataset)),
            signed_by_another(pool),
            signed_by_another(request),
        );

        assert_eq!(Deals::<T>::get(id).map(|deal| deal.volume), Some(10));
        assert_eq!(Orders::<T>::iter_keys().count(), 0);
    }

    #[benchmark]
    fn prune(n: Linear<1, MAX_PRUNED>) {
        let mut setting = Setting::new::<T>(&[], Requirements::default());
        let ids: Vec<_> = (0..n)
            .map(|index| leftover::<T>(&mut setting, index))
            .collect();
        advance_behind_every_order::<T>();
        let caller: AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), BoundedVec::truncate_from(ids));

        assert_eq!(Orders::<T>::iter_keys().count(), 0);
        let event = Event::<T>::OrdersPruned { count: n };
        frame_system::Pallet::<T>::assert_last_event(event.into());
    }

    /// One item of the agenda, with the walk to it.
    #[benchmark]
    fn forget_leftover() {
        let mut setting = Setting::new::<T>(&[], Requirements::default());
        let id = leftover::<T>(&mut setting, 0);
        advance_behind_every_order::<T>();

        #[block]
        {
            Pallet::<T>::clean_up(Weight::MAX);
        }

        assert!(!Orders::<T>::contains_key(id) && !Consumed::<T>::contains_key(id));
        assert_eq!(Agenda::<T>::iter_keys().count(), 0);
    }

    /// A look at an agenda of which nothing is over.
    #[benchmark]
    fn clean_up_base() {
        let verification = Verification::Replication;
        let (_, deal) = deal::<T>(&[], 1, 3, verification, longest_callback());
        let subject = PriceSubject::App(deal.app);
        let before = Agenda::<T>::iter_keys().count();
        assert!(Agenda::<T>::iter_keys().any(|(_, item)| item == Leftover::Prices(subject)));

        #[block]
        {
            Pallet::<T>::clean_up(Weight::MAX);
        }

        assert_eq!(Agenda::<T>::iter_keys().count(), before);
        assert_eq!(
            Prices::<T>::get(subject).len() as u32,
            MAX_PRICES,
            "a recorded price lasts"
        );
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
