//! Random sequences on the real registry, market and escrow, against a small model that foretells
//! every call.
//!
//! The model foretells which calls are accepted, what is used up of every order, every deal to the
//! last field, and the free money and the holds of every person. After each step the invariants of
//! all three pallets hold. In the end everything is closed, removed or forgotten: every deposit is
//! back, and nothing is left to read.

mod drafts;
mod reference;
mod world;

use crate::{
    Agenda, Book, ClosingDeposits, Consumed, DealStatuses, Deals, HoldReason, OpenDeals, Orders,
    Prices,
};
use drafts::*;
use ergon_primitives::{
    AppKind, Balance, Description, Locator, MAX_ORDER_LIFE, Order, OutputFiles, PRICE_LIFE,
    SignedOrder,
    traits::{Deals as _, EndedTask, Ending, Escrow as _, Winner},
};
use frame_support::{assert_ok, pallet_prelude::DispatchResult};
use pallet_registry::Verdict;
use proptest::{prelude::*, test_runner::RngSeed};
use reference::*;
use sp_core::H256;
use sp_runtime::BoundedVec;
use std::sync::atomic::{AtomicUsize, Ordering};
use world::*;

/// Cases of the test.
const CASES: u32 = 192;
/// Deals made in all cases, to know that the sequences are worth their time.
static DEALS: AtomicUsize = AtomicUsize::new(0);

/// Who signs an order, or makes a call that belongs to somebody.
#[derive(Clone, Copy, Debug)]
enum Hand {
    /// Nobody; of a call, [`OTHER`].
    None,
    /// The owner now.
    Owner,
    /// Who registered the entry, or a requester.
    Former,
    /// Somebody else.
    Stranger,
}

/// What somebody tries.
#[derive(Clone, Debug)]
enum Step {
    Publish {
        order: usize,
        by: Hand,
    },
    Close {
        order: usize,
        by: Hand,
    },
    Match {
        caller: Who,
        orders: [usize; 3],
        dataset: Option<usize>,
        is_fitting: bool,
        hands: [Hand; 4],
    },
    Register(Kind, usize),
    Transfer {
        kind: Kind,
        entry: usize,
        by: Hand,
        to: Who,
    },
    Remove {
        kind: Kind,
        entry: usize,
        by: Hand,
    },
    UpdatePool {
        pool: usize,
        by: Hand,
        policy: Policy,
    },
    SetMember {
        who: Who,
        is_member: bool,
    },
    Propose(usize),
    Approve(usize),
    Revoke {
        app: usize,
        harmful: bool,
    },
    Clear(usize),
    End {
        deal: usize,
        is_paid: bool,
    },
    RemoveDeal(usize),
    Prune,
    Idle(u64),
    Wait(u32),
}

/// The chain and its model, side by side.
struct Pair {
    model: Reference,
}

impl Pair {
    fn new(drafts: Vec<Draft>) -> Self {
        assert_ok!(Registry::create_list(
            signed(OTHER),
            H256::zero(),
            Default::default()
        ));
        let mut pair = Self {
            model: Reference::new(drafts, System::block_hash(0)),
        };
        for kind in [Kind::App, Kind::Dataset, Kind::Pool] {
            pair.take(&Step::Register(kind, 0));
        }
        pair
    }

    fn take(&mut self, step: &Step) {
        let (done, foretold) = self.take_both(step);
        assert_eq!(done.is_ok(), foretold, "{step:?} gave {done:?}");
        self.compare();
    }

    /// Takes the step on the chain and in the model.
    fn take_both(&mut self, step: &Step) -> (DispatchResult, bool) {
        let model = &mut self.model;
        match *step {
            Step::Publish { order, by } => {
                let who = hand_of_order(model, order, by).unwrap_or(OTHER);
                let text = model.orders[order].draft.order(order);
                let done = Market::publish(signed(who), Box::new(text));
                (done, model.publish(who, order))
            }
            Step::Close { order, by } => {
                let who = hand_of_order(model, order, by).unwrap_or(OTHER);
                let text = model.orders[order].draft.order(order);
                let done = Market::close(signed(who), Box::new(text));
                (done, model.close(who, order))
            }
            Step::Match {
                caller,
                orders,
                dataset,
                is_fitting,
                hands,
            } => {
                let attempt = attempt(model, caller, orders, dataset, is_fitting, hands);
                let done = match_on_chain(model, attempt);
                DEALS.fetch_add(done.is_ok().into(), Ordering::Relaxed);
                (done, model.make_deal(attempt))
            }
            Step::Register(kind, entry) => (register(kind, entry), model.register(kind, entry)),
            Step::Transfer {
                kind,
                entry,
                by,
                to,
            } => {
                let by = hand_of_entry(model, kind, entry, by);
                (
                    transfer(kind, entry, by, to),
                    model.transfer(kind, entry, by, to),
                )
            }
            Step::Remove { kind, entry, by } => {
                let by = hand_of_entry(model, kind, entry, by);
                (remove(kind, entry, by), model.remove(kind, entry, by))
            }
            Step::UpdatePool { pool, by, policy } => {
                let by = hand_of_entry(model, Kind::Pool, pool, by);
                let done = Registry::update_pool(signed(by), drafts::pool(pool), policy.form());
                (done, model.update_pool(pool, by, policy))
            }
            Step::SetMember { who, is_member } => {
                (set_member(who, is_member), model.set_member(who, is_member))
            }
            Step::Propose(app) => {
                let by = hand_of_entry(model, Kind::App, app, Hand::Owner);
                let done = Registry::propose_app(signed(by), drafts::app(app), DOCUMENT);
                (done, model.propose(app, by))
            }
            Step::Approve(app) => (curate(app, Verdict::Approve(DOCUMENT)), model.approve(app)),
            Step::Revoke { app, harmful } => (
                curate(app, Verdict::Revoke { harmful }),
                model.revoke(app, harmful),
            ),
            Step::Clear(app) => (curate(app, Verdict::Clear), model.clear(app)),
            Step::End { deal, is_paid } => {
                if let Some(number) = pick(&model.open_deals(), deal) {
                    end_on_chain(&model.deals[number], is_paid);
                    model.end_deal(number, is_paid);
                }
                (Ok(()), true)
            }
            Step::RemoveDeal(deal) => {
                if let Some(number) = pick(&model.ended_deals(), deal) {
                    Market::remove(model.deals.remove(number).id);
                }
                (Ok(()), true)
            }
            Step::Prune => {
                let ids = model.orders.iter().map(|known| known.id).collect();
                let done = Market::prune(signed(WORKER), BoundedVec::truncate_from(ids));
                (done, model.prune())
            }
            Step::Idle(items) => {
                idle(items);
                model.idle(items);
                (Ok(()), true)
            }
            Step::Wait(blocks) => {
                model.now += blocks;
                advance_to(model.now);
                (Ok(()), true)
            }
        }
    }

    fn compare(&self) {
        for known in &self.model.orders {
            compare_order(known);
        }
        for who in 0..PEOPLE.len() {
            compare_money(&self.model, who);
        }
        self.compare_deals();
        check_invariants();
    }

    fn compare_deals(&self) {
        let deals = &self.model.deals;
        assert_eq!(Deals::<Chain>::iter_keys().count(), deals.len());
        for deal in deals {
            // The terms were foretold when the deal was made; nothing has touched them since.
            assert_eq!(Deals::<Chain>::get(deal.id), Some(deal.terms.clone()));
            let is_open = OpenDeals::<Chain>::contains_key(deal.terms.pool, deal.id);
            assert_eq!(is_open, !deal.has_ended);
        }
    }

    /// Everything ends, and is forgotten in time; then nothing is on hold, and everybody has what
    /// it had at the start, but for paid tasks.
    fn wind_up(mut self) {
        self.end_deals();
        self.close_orders();
        self.remove_entries();
        self.model.now += MAX_ORDER_LIFE + PRICE_LIFE + 1;
        advance_to(self.model.now);
        idle_for_long();
        self.model.idle(u64::MAX);
        self.compare();

        for who in 0..PEOPLE.len() {
            let expected = ENDOWMENT as i128 + self.model.earned[who];
            assert_eq!(free(who) as i128, expected, "not all came back to {who}");
        }
        assert_nothing_is_left();
    }

    fn end_deals(&mut self) {
        while !self.model.open_deals().is_empty() {
            self.take(&Step::End {
                deal: 0,
                is_paid: false,
            });
        }
        while !self.model.deals.is_empty() {
            self.take(&Step::RemoveDeal(0));
        }
    }

    /// Publishers close what has not expired.
    fn close_orders(&mut self) {
        for order in 0..self.model.orders.len() {
            let text = self.model.orders[order].draft.order(order);
            if self.model.is_expired(order) {
                continue;
            }
            if let Some((publisher, _)) = self.model.orders[order].publication {
                assert_ok!(Market::close(signed(publisher), Box::new(text)));
                assert!(self.model.close(publisher, order));
                self.compare();
            }
        }
    }

    fn remove_entries(&mut self) {
        for kind in [Kind::App, Kind::Dataset, Kind::Pool] {
            for entry in 0..ENTRIES {
                self.take(&Step::Remove {
                    kind,
                    entry,
                    by: Hand::Owner,
                });
                assert_eq!(self.model.entry(kind, entry).owner, None);
            }
        }
        for who in self.model.members.clone() {
            self.take(&Step::SetMember {
                who,
                is_member: false,
            });
        }
        assert_ok!(Registry::delete_list(signed(OTHER), list()));
        self.model.delete_list();
    }
}

fn compare_order(known: &Known) {
    let (id, volume) = (known.id, known.draft.volume());
    assert!(known.taken <= volume, "consumed beyond the volume");
    assert_eq!(Market::consumed(id), known.consumed);
    assert_eq!(Consumed::<Chain>::contains_key(id), known.is_noted);
    let named = |(who, amount): (Who, Balance)| (account(who), amount);
    let publication = Orders::<Chain>::get(id);
    assert_eq!(
        publication.map(|published| (published.publisher, published.deposit)),
        known.publication.map(named)
    );
    assert_eq!(ClosingDeposits::<Chain>::get(id), known.closing.map(named));
}

fn compare_money(model: &Reference, who: Who) {
    use pallet_escrow::HoldReason::{OperatorStake, SettlementFee, TaskPayment};
    use pallet_registry::HoldReason::Entry;
    assert_eq!(free(who), model.free[who], "free money of {who}");
    let holds = [
        held(HoldReason::PublishedOrder, who),
        held(HoldReason::ClosedOrder, who),
        held(Entry, who),
        held(TaskPayment, who),
        held(OperatorStake, who),
        held(SettlementFee, who),
    ];
    let foretold = [
        model.held_for_publications(who),
        model.held_for_closings(who),
        model.held_for_entries(who),
        model.held_for_tasks(who),
        model.held_for_stakes(who),
        model.held_for_calls(who),
    ];
    assert_eq!(holds, foretold, "holds of {who}");
}

/// What governance said of a revoked app stays; everything else is gone.
fn assert_nothing_is_left() {
    let of_market = [
        Orders::<Chain>::iter_keys().count(),
        Consumed::<Chain>::iter_keys().count(),
        ClosingDeposits::<Chain>::iter_keys().count(),
        Deals::<Chain>::iter_keys().count(),
        DealStatuses::<Chain>::iter_keys().count(),
        OpenDeals::<Chain>::iter_keys().count(),
        Book::<Chain>::iter_keys().count(),
        Agenda::<Chain>::iter_keys().count(),
        Prices::<Chain>::iter_keys().count(),
    ];
    assert_eq!(of_market, [0; 9]);
    let of_registry = [
        pallet_registry::Apps::<Chain>::iter_keys().count(),
        pallet_registry::Datasets::<Chain>::iter_keys().count(),
        pallet_registry::Pools::<Chain>::iter_keys().count(),
        pallet_registry::AccessLists::<Chain>::iter_keys().count(),
        pallet_registry::ListMembers::<Chain>::iter_keys().count(),
        pallet_registry::Deposits::<Chain>::iter_keys().count(),
        pallet_registry::Uses::<Chain>::iter_keys().count(),
        pallet_registry::Tombstones::<Chain>::iter_keys().count(),
    ];
    assert_eq!(of_registry, [0; 8]);
    assert_eq!(pallet_escrow::Accounts::<Chain>::iter_keys().count(), 0);
}

fn pick(numbers: &[usize], choice: usize) -> Option<usize> {
    let index = choice.checked_rem(numbers.len())?;
    numbers.get(index).copied()
}

fn hand(by: Hand, owner: Option<Who>, former: Who) -> Option<Who> {
    match by {
        Hand::None => None,
        Hand::Owner => owner.or(Some(former)),
        Hand::Former => Some(former),
        Hand::Stranger => Some(WORKER),
    }
}

fn hand_of_order(model: &Reference, order: usize, by: Hand) -> Option<Who> {
    let former = match model.orders[order].draft {
        Draft::App(_) => APP_OWNER,
        Draft::Dataset(_) => DATASET_OWNER,
        Draft::Pool(_) => OPERATOR,
        Draft::Request(_) => REQUESTER,
    };
    hand(by, model.owner(order), former)
}

fn hand_of_entry(model: &Reference, kind: Kind, entry: usize, by: Hand) -> Who {
    hand(by, model.entry(kind, entry).owner, kind.registrar()).unwrap_or(OTHER)
}

/// The attempt that a step describes. Orders of each type are numbered after those of the type
/// before. A fitting attempt takes offers of what the request names.
fn attempt(
    model: &Reference,
    caller: Who,
    [app, pool, request]: [usize; 3],
    dataset: Option<usize>,
    is_fitting: bool,
    hands: [Hand; 4],
) -> Attempt {
    let (mut app, mut dataset) = (app, dataset.map(|dataset| EACH + dataset));
    let (mut pool, request) = (2 * EACH + pool, 3 * EACH + request);
    if is_fitting && let Draft::Request(wish) = &model.orders[request].draft {
        app = next(
            model,
            app,
            0,
            |draft| matches!(draft, Draft::App(offer) if offer.entry == wish.app),
        );
        pool = next(
            model,
            pool,
            2 * EACH,
            |draft| matches!(draft, Draft::Pool(offer) if offer.category == wish.category),
        );
        dataset = wish.dataset.map(|wanted| {
            next(
                model,
                dataset.unwrap_or(EACH),
                EACH,
                |draft| matches!(draft, Draft::Dataset(offer) if offer.entry == wanted),
            )
        });
    }
    let orders = [Some(app), dataset, Some(pool), Some(request)];
    let signer = |number: usize| {
        let order = orders[number]?;
        hand_of_order(model, order, hands[number])
    };
    Attempt {
        caller,
        app,
        dataset,
        pool,
        request,
        signers: [0, 1, 2, 3].map(signer),
    }
}

/// The first order from `start` on, round its type, that will do and has something left; `start`
/// when there is none.
fn next(model: &Reference, start: usize, first: usize, will_do: impl Fn(&Draft) -> bool) -> usize {
    (0..EACH)
        .map(|step| first + (start - first + step) % EACH)
        .find(|order| {
            let known = &model.orders[*order];
            will_do(&known.draft)
                && known.consumed < known.draft.volume()
                && !model.is_expired(*order)
        })
        .unwrap_or(start)
}

fn match_on_chain(model: &Reference, attempt: Attempt) -> DispatchResult {
    let [app_signer, dataset_signer, pool_signer, request_signer] = attempt.signers;
    let text = |order: usize| model.orders[order].draft.order(order);
    let sign = |order: &Order, signer: Option<Who>| signer.map(|who| signature(who, order));
    let (app, pool, request) = (text(attempt.app), text(attempt.pool), text(attempt.request));
    let signatures = (
        sign(&app, app_signer),
        sign(&pool, pool_signer),
        sign(&request, request_signer),
    );
    let dataset = attempt.dataset.map(|order| {
        let order = text(order);
        let signature = sign(&order, dataset_signer);
        let Order::Dataset(order) = order else {
            unreachable!("an attempt gives a dataset's order")
        };
        Box::new(SignedOrder { order, signature })
    });
    let (Order::App(app), Order::Pool(pool), Order::Request(request)) = (app, pool, request) else {
        unreachable!("an attempt gives an order of each type")
    };
    Market::match_orders(
        signed(attempt.caller),
        Box::new(SignedOrder {
            order: app,
            signature: signatures.0,
        }),
        dataset,
        Box::new(SignedOrder {
            order: pool,
            signature: signatures.1,
        }),
        Box::new(SignedOrder {
            order: request,
            signature: signatures.2,
        }),
    )
}

/// Ends every task of the deal, as Proof-of-Contribution does.
fn end_on_chain(agreed: &Agreed, is_paid: bool) {
    let terms = &agreed.terms;
    let ending = if is_paid {
        let winner = Winner {
            owner: account(WORKER),
            weight: 2,
        };
        Ending::Proven {
            app_paid: true,
            winners: vec![winner],
        }
    } else {
        Ending::Unavailable
    };
    let task = EndedTask { ending, slashed: 0 };
    let tasks = vec![task; terms.volume as usize];
    let (_, remaining) = Escrow::settle(agreed.id, terms, &tasks, Escrow::nothing());
    Escrow::close(agreed.id, spent_on_calls(terms));
    Market::end(agreed.id, remaining.proven);
}

fn register(kind: Kind, entry: usize) -> DispatchResult {
    let who = signed(kind.registrar());
    let (locator, metadata) = (Locator::default(), Description::default());
    match kind {
        Kind::App => Registry::register_app(
            who,
            name(),
            AppKind::Wasm,
            digest(entry),
            locator,
            metadata,
            app_demand(entry).form(),
            OutputFiles::default(),
        ),
        Kind::Dataset => Registry::register_dataset(
            who,
            name(),
            digest(entry),
            locator,
            metadata,
            None,
            allowed_apps(entry),
        ),
        Kind::Pool => Registry::register_pool(
            who,
            pool_description(entry),
            account(OPERATOR),
            Policy::Open.form(),
        ),
    }
}

fn transfer(kind: Kind, entry: usize, by: Who, to: Who) -> DispatchResult {
    let (by, to) = (signed(by), account(to));
    match kind {
        Kind::App => Registry::transfer_app(by, drafts::app(entry), to),
        Kind::Dataset => Registry::transfer_dataset(by, drafts::dataset(entry), to),
        Kind::Pool => Registry::transfer_pool(by, drafts::pool(entry), to),
    }
}

fn remove(kind: Kind, entry: usize, by: Who) -> DispatchResult {
    let by = signed(by);
    match kind {
        Kind::App => Registry::remove_app(by, drafts::app(entry)),
        Kind::Dataset => Registry::remove_dataset(by, drafts::dataset(entry)),
        Kind::Pool => Registry::remove_pool(by, drafts::pool(entry)),
    }
}

fn set_member(who: Who, is_member: bool) -> DispatchResult {
    let members = BoundedVec::truncate_from(vec![account(who)]);
    if is_member {
        Registry::add_members(signed(OTHER), list(), members)
    } else {
        Registry::remove_members(signed(OTHER), list(), members)
    }
}

fn curate(app: usize, verdict: Verdict) -> DispatchResult {
    Registry::curate_app(RuntimeOrigin::root(), drafts::app(app), verdict)
}

fn any_hand() -> impl Strategy<Value = Hand> {
    prop_oneof![
        60 => Just(Hand::Owner),
        2 => Just(Hand::None),
        1 => Just(Hand::Former),
        1 => Just(Hand::Stranger),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::App), Just(Kind::Dataset), Just(Kind::Pool)]
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop_oneof![
        4 => Just(Policy::Open),
        4 => Just(Policy::Authorised),
        1 => Just(Policy::OpenToAll),
    ]
}

fn any_match() -> impl Strategy<Value = Step> {
    let caller = prop::sample::select(vec![REQUESTER, OTHER, WORKER]);
    let dataset = prop::option::of(0..EACH);
    let hands = [any_hand(), any_hand(), any_hand(), any_hand()];
    let is_fitting = prop::bool::weighted(0.9);
    (
        caller,
        [0..EACH, 0..EACH, 0..EACH],
        dataset,
        is_fitting,
        hands,
    )
        .prop_map(|(caller, orders, dataset, is_fitting, hands)| Step::Match {
            caller,
            orders,
            dataset,
            is_fitting,
            hands,
        })
}

fn any_step() -> impl Strategy<Value = Step> {
    let order = || 0..4 * EACH;
    let entry = || 0..ENTRIES;
    prop_oneof![
        8 => (order(), any_hand()).prop_map(|(order, by)| Step::Publish { order, by }),
        2 => (order(), any_hand()).prop_map(|(order, by)| Step::Close { order, by }),
        50 => any_match(),
        2 => (any_kind(), entry()).prop_map(|(kind, entry)| Step::Register(kind, entry)),
        2 => (any_kind(), entry(), any_hand(), 0..PEOPLE.len())
            .prop_map(|(kind, entry, by, to)| Step::Transfer { kind, entry, by, to }),
        1 => (any_kind(), entry(), any_hand())
            .prop_map(|(kind, entry, by)| Step::Remove { kind, entry, by }),
        2 => (entry(), any_hand(), any_policy())
            .prop_map(|(pool, by, policy)| Step::UpdatePool { pool, by, policy }),
        2 => (0..PEOPLE.len(), prop::bool::weighted(0.8))
            .prop_map(|(who, is_member)| Step::SetMember { who, is_member }),
        1 => entry().prop_map(Step::Propose),
        1 => entry().prop_map(Step::Approve),
        1 => (entry(), any::<bool>()).prop_map(|(app, harmful)| Step::Revoke { app, harmful }),
        2 => entry().prop_map(Step::Clear),
        3 => (any::<usize>(), any::<bool>())
            .prop_map(|(deal, is_paid)| Step::End { deal, is_paid }),
        1 => any::<usize>().prop_map(Step::RemoveDeal),
        1 => Just(Step::Prune),
        1 => (0u64..4).prop_map(Step::Idle),
        2 => prop::sample::select(vec![1u32, 10, 60, 300]).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(0x0e46_0003),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    fn check_sequences(
        drafts in drafts(),
        steps in prop::collection::vec(any_step(), 40..80),
    ) {
        new_test_ext().execute_with(|| {
            let mut pair = Pair::new(drafts);
            for step in &steps {
                pair.take(step);
            }
            pair.wind_up();
        });
    }
}

#[test]
fn every_call_does_what_the_protocol_says() {
    check_sequences();
    let deals = DEALS.load(Ordering::Relaxed);
    assert!(deals > CASES as usize, "only {deals} deals were made");
}
