//! Any sequence of matches, closings, ends, prunings, idle blocks and waiting keeps every promise
//! about volumes.

use crate::{Deals, mock::*};
use ergon_primitives::{DatasetOrder, Deal, Order, OrderId, traits::Deals as _};
use frame_support::{traits::Hooks, weights::Weight};
use proptest::prelude::*;
use sp_core::H256;
use sp_keyring::Sr25519Keyring as Keyring;
use std::collections::BTreeMap;

/// Orders of each type that a sequence plays with.
const EACH: usize = 3;
/// Blocks that go by when a sequence waits.
const WAIT: u32 = 4;

#[derive(Clone, Debug)]
enum Step {
    /// The dataset order takes part when the request is for a dataset.
    Match {
        app: usize,
        dataset: usize,
        pool: usize,
        request: usize,
    },
    Close {
        order: usize,
    },
    End {
        deal: usize,
        proven: u32,
    },
    Prune,
    Idle,
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..EACH, 0..EACH, 0..EACH, 0..EACH).prop_map(|(app, dataset, pool, request)| {
            Step::Match {
                app,
                dataset,
                pool,
                request,
            }
        }),
        1 => (0..4 * EACH).prop_map(|order| Step::Close { order }),
        1 => (0..8usize, 0..3u32).prop_map(|(deal, proven)| Step::End { deal, proven }),
        1 => Just(Step::Prune),
        1 => Just(Step::Idle),
        1 => Just(Step::Wait),
    ]
}

/// What the test knows of an order, counted without looking at the chain.
struct Expected {
    owner: Keyring,
    order: Order,
    left: u32,
    taken: u32,
}

/// The orders of a sequence, and the block it has come to.
struct Model {
    drafts: Vec<Drafts>,
    datasets: Vec<DatasetOrder>,
    orders: BTreeMap<OrderId, Expected>,
    now: u32,
}

impl Model {
    /// Publishes orders of the given volumes: those of index 0 expire soon, the others late; those
    /// of index 1 are for a dataset.
    fn new(volumes: &[[u32; 4]]) -> Self {
        let (drafts, datasets): (Vec<_>, Vec<_>) = volumes.iter().zip(0u8..).map(differing).unzip();
        let mut model = Self {
            drafts,
            datasets,
            orders: BTreeMap::new(),
            now: 1,
        };
        let offers = model.drafts.clone().into_iter().zip(model.datasets.clone());
        for (drafts, dataset) in offers {
            model.add(APP_OWNER, drafts.app.into());
            model.add(DATASET_OWNER, dataset.into());
            model.add(OPERATOR, drafts.pool.into());
            model.add(REQUESTER, drafts.request.into());
        }
        model
    }

    fn add(&mut self, owner: Keyring, order: Order) {
        publish(owner, order.clone()).unwrap();
        let left = order.volume();
        self.orders.insert(
            id_of(order.clone()),
            Expected {
                owner,
                order,
                left,
                taken: 0,
            },
        );
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Match {
                app,
                dataset,
                pool,
                request,
            } => self.attempt(*app, *dataset, *pool, *request),
            Step::Close { order } => self.close(*order),
            Step::End { deal, proven } => end(*deal, *proven),
            Step::Prune => {
                let ids: Vec<_> = self.orders.keys().copied().collect();
                let may_forget = self.orders.values().any(|known| self.is_expired(known));
                assert!(
                    prune(&ids).is_err() || may_forget,
                    "forgot an order that can match"
                );
            }
            Step::Idle => {
                Market::on_idle(self.now, Weight::MAX);
            }
            Step::Wait => {
                self.now += WAIT;
                advance_to(self.now);
            }
        }
    }

    /// Matches orders and compares with what must happen.
    fn attempt(&mut self, app: usize, dataset: usize, pool: usize, request: usize) {
        let request = self.drafts[request].request.clone();
        let dataset = self.datasets[dataset].clone();
        let drafts = Drafts {
            app: self.drafts[app].app.clone(),
            dataset: request.dataset.map(|_| dataset),
            pool: self.drafts[pool].pool.clone(),
            request,
        };
        let ids = drafts.ids();
        let ids: Vec<_> = [ids.app, ids.pool, ids.request]
            .into_iter()
            .chain(ids.dataset)
            .collect();
        let volume = ids.iter().map(|id| self.left(*id)).min().unwrap_or(0);
        assert_eq!(drafts.unsigned().matched_by(ANYONE).is_ok(), volume > 0);
        for id in ids {
            let known = self.orders.get_mut(&id).unwrap();
            known.left -= volume.min(known.left);
            known.taken += volume;
        }
    }

    /// What can still be matched of an order: nothing after its expiry.
    fn left(&self, id: OrderId) -> u32 {
        let known = &self.orders[&id];
        if self.is_expired(known) {
            0
        } else {
            known.left
        }
    }

    fn is_expired(&self, known: &Expected) -> bool {
        known.order.valid_until() < self.now
    }

    fn close(&mut self, index: usize) {
        let now = self.now;
        let Some(known) = self.orders.values_mut().nth(index) else {
            return;
        };
        let is_closed = close(known.owner, known.order.clone()).is_ok();
        if is_closed {
            assert!(known.order.valid_until() >= now);
            known.left = 0;
        }
    }

    /// Compares the deals on the chain with what the test counted.
    fn check(&self) {
        let mut deals: Vec<Deal> = Deals::<Test>::iter_values().collect();
        deals.sort_by_key(|deal| deal.first_index);
        for (id, known) in &self.orders {
            let of_order = |deal: &&Deal| {
                let orders = deal.orders;
                [orders.app, orders.pool, orders.request].contains(id)
                    || orders.dataset == Some(*id)
            };
            let sum: u32 = deals.iter().filter(of_order).map(|deal| deal.volume).sum();
            assert_eq!(sum, known.taken);
            assert!(
                sum <= known.order.volume(),
                "an order was consumed beyond its volume"
            );
            let mut next = 0;
            for deal in deals.iter().filter(|deal| deal.orders.request == *id) {
                assert_eq!(
                    deal.first_index, next,
                    "ranges of a request are consecutive"
                );
                next += deal.volume;
            }
        }
        check_invariants();
    }
}

/// Orders that differ from others in their salt, their volumes, their expiry and whether they are
/// for a dataset.
fn differing((volumes, salt): (&[u32; 4], u8)) -> (Drafts, DatasetOrder) {
    let mut drafts = if salt == 1 {
        dataset_drafts()
    } else {
        drafts()
    };
    let mut dataset = dataset_order();
    [
        drafts.app.volume,
        dataset.volume,
        drafts.pool.volume,
        drafts.request.volume,
    ] = *volumes;
    drafts.app.salt = H256::repeat_byte(salt);
    dataset.salt = H256::repeat_byte(salt);
    drafts.pool.salt = H256::repeat_byte(salt);
    drafts.request.salt = H256::repeat_byte(salt);
    if salt == 0 {
        drafts.app.valid_until = 2 * WAIT;
        dataset.valid_until = 4 * WAIT;
        drafts.pool.valid_until = 3 * WAIT;
        drafts.request.valid_until = 5 * WAIT;
    }
    (drafts, dataset)
}

/// Ends one of the open deals.
fn end(index: usize, proven: u32) {
    if let Some((_, id, ())) = crate::OpenDeals::<Test>::iter().nth(index) {
        Market::end(id, proven);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn never_make_more_deals_than_the_orders_allow(
        volumes in prop::collection::vec(prop::array::uniform4(1u32..20), EACH),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        new_test_ext().execute_with(|| {
            let mut model = Model::new(&volumes);
            for step in &steps {
                model.take(step);
                model.check();
            }
        });
    }
}
