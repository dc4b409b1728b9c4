use crate::{Consumed, DealStatuses, Deals, Error, Event, HoldReason, OpenDeals, Orders, mock::*};
use ergon_primitives::{
    Callback, Consumption, Deal, DealDataset, DealEntries, DealStatus, EXECUTION_VERSION_1,
    MAX_PRICE, Mismatch, OrderId, Scheduling, Verification, traits::Funding,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_runtime::BoundedVec;

#[test]
fn freezes_what_the_orders_agree_on() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        advance_to(7);
        assert_ok!(drafts.matched_by(ANYONE));
        assert_eq!(
            Deals::<Test>::get(drafts.deal_id(0)),
            Some(Deal {
                orders: drafts.ids(),
                app: APP,
                app_owner: APP_OWNER.to_account_id(),
                app_price: APP_PRICE,
                dataset: Some(DealDataset {
                    id: DATASET,
                    owner: DATASET_OWNER.to_account_id(),
                    price: DATASET_PRICE,
                }),
                pool: POOL,
                operator: OPERATOR.to_account_id(),
                pool_price: POOL_PRICE,
                requester: REQUESTER.to_account_id(),
                payer: REQUESTER.to_account_id(),
                beneficiary: STRANGER.to_account_id(),
                category: CATEGORY,
                work_time: WORK_TIME,
                trust: 4,
                verification: Verification::Replication,
                scheduling: Scheduling::Open,
                execution_version: EXECUTION_VERSION_1,
                params: BoundedVec::truncate_from(b"{}".to_vec()),
                first_index: 0,
                volume: 10,
                started: 7,
                widening: 2,
                worker_stake: 4_000,
                operator_stake: 3_000,
                operator_reward_ratio: 3,
                fund_fee_ratio: FUND_FEE_RATIO,
                settlement_fee: 10 * PRICE_OF_CALLS,
                callback: None,
            })
        );
    });
}

#[test]
fn without_dataset_the_deal_has_none() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!((deal.dataset, deal.orders.dataset), (None, None));
    });
}

#[test]
fn keeps_who_decides_on_contributions() {
    build_and_execute(|| {
        world(|world| {
            world.pools.get_mut(&POOL).unwrap().policy.scheduling = Scheduling::Authorised;
        });
        assert_ok!(drafts().matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts().deal_id(0)).unwrap();
        assert_eq!(deal.scheduling, Scheduling::Authorised);
    });
}

#[test]
fn announces_the_deal() {
    for (drafts, dataset, dataset_price) in [
        (drafts(), None, 0),
        (dataset_drafts(), Some(DATASET), DATASET_PRICE),
    ] {
        build_and_execute(|| {
            assert_ok!(drafts.matched_by(ANYONE));
            assert_announced(Event::Matched {
                deal: drafts.deal_id(0),
                app: APP,
                pool: POOL,
                requester: REQUESTER.to_account_id(),
                volume: 10,
                first_index: 0,
                app_price: APP_PRICE,
                dataset,
                dataset_price,
                pool_price: POOL_PRICE,
            });
        });
    }
}

#[test]
fn opens_the_deal_and_writes_down_what_is_consumed() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let (id, orders) = (drafts.deal_id(0), drafts.ids());
        assert_eq!(DealStatuses::<Test>::get(id), Some(DealStatus::Open));
        assert!(OpenDeals::<Test>::contains_key(POOL, id));
        for (order, valid_until) in [
            (orders.app, 1_000),
            (orders.dataset.unwrap(), 1_500),
            (orders.pool, 2_000),
            (orders.request, 3_000),
        ] {
            let consumption = Consumption {
                volume: 10,
                valid_until,
            };
            assert_eq!(Consumed::<Test>::get(order), Some(consumption));
        }
        assert_eq!(Consumed::<Test>::iter().count(), 4);
    });
}

#[test]
fn tells_escrow_registry_and_the_keeper_of_tasks() {
    for (drafts, dataset, dataset_price) in [
        (drafts(), None, 0),
        (dataset_drafts(), Some(DATASET), DATASET_PRICE),
    ] {
        build_and_execute(|| {
            assert_ok!(drafts.matched_by(ANYONE));
            let funding = Funding {
                payer: REQUESTER.to_account_id(),
                task_price: APP_PRICE + dataset_price + POOL_PRICE,
                operator: OPERATOR.to_account_id(),
                operator_stake: 3_000,
                tasks: 10,
                settlement_fee: 10 * PRICE_OF_CALLS,
            };
            let entries = DealEntries {
                app: APP,
                dataset,
                pool: POOL,
            };
            world(|world| {
                assert_eq!(world.funded, vec![(drafts.deal_id(0), funding)]);
                assert_eq!(world.retained, vec![entries]);
                let made = Deals::<Test>::iter().collect::<Vec<_>>();
                assert_eq!(world.opened, made);
            });
        });
    }
}

/// Payer and operator can be one account: each has enough for its own part, not for both.
#[test]
fn fails_as_the_escrow_does() {
    build_and_execute(|| {
        world(|world| world.escrow_refuses = true);
        assert_noop!(drafts().matched_by(ANYONE), ESCROW_REFUSAL);
        assert_eq!(world(|world| world.retained.len()), 0);
        assert_eq!(world(|world| world.opened.len()), 0);
    });
}

/// A request with a callback prepays it for each of its ten tasks.
#[test]
fn freezes_callback_and_its_price() {
    build_and_execute(|| {
        let callback = Callback::truncate_from(b"call".to_vec());
        let drafts = drafts_with(|drafts| drafts.request.callback = Some(callback.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!(deal.callback, Some(callback));
        let price = PRICE_OF_CALLS + PRICE_OF_CALLBACK;
        assert_eq!(deal.settlement_fee, 10 * price);
    });
}

#[test]
fn freezes_how_results_are_verified() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| {
            let offered = vec![Verification::Blind { voters: 9 }];
            drafts.pool.verifications = BoundedVec::truncate_from(offered);
            drafts.request.verification = Verification::Blind { voters: 5 };
        });
        assert_ok!(drafts.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        // What was asked for, not what was offered.
        assert_eq!(deal.verification, Verification::Blind { voters: 5 });
        assert_eq!(deal.settlement_fee, 10 * (5 + 2) * PRICE_OF_VOTE);
    });
}

#[test]
fn freezes_the_price_of_calls() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        world(|world| world.price_of_vote = 1_000);
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!(deal.settlement_fee, 10 * PRICE_OF_CALLS);
    });
}

#[test]
fn calls_that_cost_more_than_there_can_be_are_not_paid() {
    build_and_execute(|| {
        world(|world| world.price_of_vote = u128::MAX / 4);
        let report = drafts().signed().reported_to(ANYONE);
        assert_eq!(report.mismatches, [Mismatch::PayerCannotPay]);
        assert_noop!(drafts().matched_by(ANYONE), Error::<Test>::PayerCannotPay);
    });
}

#[test]
fn takes_the_least_of_what_is_left() {
    for (app, dataset, pool, request, expected) in [
        (7, 8, 9, 8, 7),
        (8, 7, 8, 9, 7),
        (9, 8, 7, 8, 7),
        (8, 9, 8, 7, 7),
        (3, 3, 3, 3, 3),
    ] {
        build_and_execute(|| {
            let mut drafts = dataset_drafts();
            drafts.app.volume = app;
            drafts.dataset.as_mut().unwrap().volume = dataset;
            drafts.pool.volume = pool;
            drafts.request.volume = request;
            assert_ok!(drafts.matched_by(ANYONE));
            let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
            assert_eq!(deal.volume, expected);
        });
    }
}

#[test]
fn deals_of_one_request_have_consecutive_indexes() {
    build_and_execute(|| {
        let mut drafts = drafts_with(|drafts| drafts.pool.volume = 6);
        assert_ok!(drafts.matched_by(ANYONE));
        drafts.pool.salt = H256::repeat_byte(1);
        assert_ok!(drafts.matched_by(ANYONE));

        let first = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        let second = Deals::<Test>::get(drafts.deal_id(6)).unwrap();
        assert_eq!((first.first_index, first.volume), (0, 6));
        assert_eq!((second.first_index, second.volume), (6, 4));
    });
}

#[test]
fn several_requests_share_an_offer() {
    build_and_execute(|| {
        let mut drafts = drafts_with(|drafts| drafts.pool.volume = 15);
        assert_ok!(drafts.matched_by(ANYONE));
        drafts.request.salt = H256::repeat_byte(1);
        assert_ok!(drafts.matched_by(ANYONE));

        let second = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!((second.first_index, second.volume), (0, 5));
        assert_eq!(Market::consumed(drafts.ids().pool), 15);
        assert_eq!(Market::consumed(drafts.ids().app), 15);
    });
}

#[test]
fn the_same_orders_match_until_one_is_exhausted() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::RequestVolumeExhausted
        );
    });
}

#[test]
fn later_changes_do_not_touch_the_deal() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let before = Deals::<Test>::get(drafts.deal_id(0));
        world(|world| {
            world.apps.insert(APP, STRANGER.to_account_id());
            world.datasets.insert(DATASET, STRANGER.to_account_id());
            world.categories.insert(CATEGORY, 1);
            let pool = world.pools.get_mut(&POOL).unwrap();
            pool.owner = STRANGER.to_account_id();
            pool.policy.worker_stake_ratio = 100;
            pool.policy.scheduling = Scheduling::Authorised;
        });
        assert_eq!(Deals::<Test>::get(drafts.deal_id(0)), before);
    });
}

#[test]
fn highest_prices_and_volumes_overflow_nothing() {
    build_and_execute(|| {
        world(|world| world.pools.get_mut(&POOL).unwrap().policy.parallelism = u32::MAX);
        let mut drafts = dataset_drafts();
        let dataset = drafts.dataset.as_mut().unwrap();
        dataset.price = MAX_PRICE;
        dataset.volume = u32::MAX;
        drafts.app.price = MAX_PRICE;
        drafts.pool.price = MAX_PRICE;
        drafts.request.max_app_price = u128::MAX;
        drafts.request.max_dataset_price = u128::MAX;
        drafts.request.max_pool_price = u128::MAX;
        drafts.app.volume = u32::MAX;
        drafts.pool.volume = u32::MAX;
        drafts.request.volume = u32::MAX;
        assert_ok!(drafts.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!(deal.volume, u32::MAX);
        assert_eq!(Market::consumed(drafts.ids().app), u32::MAX);
        assert_eq!(deal.task_price(), 3 * MAX_PRICE);
        assert_eq!(deal.worker_stake, MAX_PRICE * 40 / 100);
    });
}

fn is_published(order: OrderId) -> bool {
    Orders::<Test>::contains_key(order)
}

#[test]
fn takes_exhausted_publications_off_the_chain() {
    build_and_execute(|| {
        let mut drafts = dataset_drafts();
        drafts.dataset.as_mut().unwrap().volume = 10;
        assert_ok!(drafts.publish_all());
        let ids = drafts.ids();
        assert_ok!(drafts.unsigned().matched_by(ANYONE));

        let exhausted = [ids.dataset.unwrap(), ids.request];
        for order in exhausted {
            assert!(!is_published(order));
            System::assert_has_event(Event::OrderExhausted { order }.into());
        }
        assert_eq!(held(HoldReason::PublishedOrder, DATASET_OWNER), 0);
        assert_eq!(held(HoldReason::PublishedOrder, REQUESTER), 0);

        assert!(is_published(ids.app) && is_published(ids.pool));
        assert!(held(HoldReason::PublishedOrder, APP_OWNER) > 0);
        let is_exhausted = |record: &frame_system::EventRecord<RuntimeEvent, H256>| {
            matches!(
                record.event,
                RuntimeEvent::Market(Event::OrderExhausted { .. })
            )
        };
        let count = System::events().into_iter().filter(is_exhausted).count();
        assert_eq!(count, exhausted.len());
    });
}

#[test]
fn an_exhausted_publication_makes_no_deal_again() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| drafts.app.volume = 10);
        assert_ok!(drafts.publish_all());
        assert_ok!(drafts.unsigned().matched_by(ANYONE));
        let next = drafts_with(|next| {
            next.app = drafts.app.clone();
            next.request.salt = H256::repeat_byte(1);
        });
        assert_noop!(next.matched_by(ANYONE), Error::<Test>::AppVolumeExhausted);
        assert_noop!(
            publish(APP_OWNER, drafts.app),
            Error::<Test>::AppVolumeExhausted
        );
    });
}
