//! Any sequence of matches, closings, ends, prunings and waiting keeps every promise about volumes.

use crate::{Deals, mock::*};
use ergon_primitives::{Deal, Order, OrderId, traits::Deals as _};
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
    Match {
        app: usize,
        pool: usize,
        request: usize,
    },
    Close {
        order: usize,
    },
    End {
        deal: usize,
    },
    Prune,
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..EACH, 0..EACH, 0..EACH)
            .prop_map(|(app, pool, request)| Step::Match { app, pool, request }),
        1 => (0..3 * EACH).prop_map(|order| Step::Close { order }),
        1 => (0..8usize).prop_map(|deal| Step::End { deal }),
        1 => Just(Step::Prune),
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
    orders: BTreeMap<OrderId, Expected>,
    now: u32,
}

impl Model {
    /// Publishes orders of the given volumes: those of index 0 expire soon, the others late.
    fn new(volumes: &[(u32, u32, u32)]) -> Self {
        let drafts: Vec<_> = volumes.iter().zip(0u8..).map(differing).collect();
        let mut model = Self {
            drafts,
            orders: BTreeMap::new(),
            now: 1,
        };
        for drafts in model.drafts.clone() {
            model.add(APP_OWNER, drafts.app.into());
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
            Step::Match { app, pool, request } => self.attempt(*app, *pool, *request),
            Step::Close { order } => self.close(*order),
            Step::End { deal } => end(*deal),
            Step::Prune => {
                let ids: Vec<_> = self.orders.keys().copied().collect();
                let may_forget = self.orders.values().any(|known| self.is_expired(known));
                assert!(
                    prune(&ids).is_err() || may_forget,
                    "forgot an order that can match"
                );
            }
            Step::Wait => {
                self.now += WAIT;
                advance_to(self.now);
            }
        }
    }

    /// Matches orders and compares with what must happen.
    fn attempt(&mut self, app: usize, pool: usize, request: usize) {
        let drafts = Drafts {
            app: self.drafts[app].app.clone(),
            pool: self.drafts[pool].pool.clone(),
            request: self.drafts[request].request.clone(),
        };
        let ids = drafts.ids();
        let ids = [ids.app, ids.pool, ids.request];
        let volume = ids.map(|id| self.left(id)).into_iter().min().unwrap_or(0);
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
                [deal.orders.app, deal.orders.pool, deal.orders.request].contains(id)
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

/// Orders that differ from others in their salt, their volumes and their expiry.
fn differing((volumes, salt): (&(u32, u32, u32), u8)) -> Drafts {
    drafts_with(|drafts| {
        (drafts.app.volume, drafts.pool.volume, drafts.request.volume) = *volumes;
        drafts.app.salt = H256::repeat_byte(salt);
        drafts.pool.salt = H256::repeat_byte(salt);
        drafts.request.salt = H256::repeat_byte(salt);
        if salt == 0 {
            drafts.app.valid_until = 2 * WAIT;
            drafts.pool.valid_until = 3 * WAIT;
            drafts.request.valid_until = 5 * WAIT;
        }
    })
}

/// Ends one of the open deals.
fn end(index: usize) {
    if let Some((_, id, ())) = crate::OpenDeals::<Test>::iter().nth(index) {
        Market::end(id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn never_make_more_deals_than_the_orders_allow(
        volumes in prop::collection::vec((1u32..20, 1u32..20, 1u32..20), EACH),
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
