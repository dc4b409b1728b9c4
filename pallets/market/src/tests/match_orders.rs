use crate::{
    Consumed, DealStatuses, Deals, Error, Event, HoldReason, OpenDeals, Orders,
    matching::MAX_DEAL_VOLUME, mock::*,
};
use ergon_primitives::{
    Consumption, Deal, DealDataset, DealEntries, DealStatus, EXECUTION_VERSION_1, MAX_PRICE,
    OrderId, Scheduling, Verification, traits::Funding,
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
fn tells_escrow_and_registry() {
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
            };
            let entries = DealEntries {
                app: APP,
                dataset,
                pool: POOL,
            };
            world(|world| {
                assert_eq!(world.funded, vec![(drafts.deal_id(0), funding)]);
                assert_eq!(world.retained, vec![entries]);
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
        assert_eq!(deal.volume, MAX_DEAL_VOLUME);
        assert_eq!(deal.task_price(), 3 * MAX_PRICE);
        assert_eq!(deal.worker_stake, MAX_PRICE * 40 / 100);
    });
}

/// Drafts of one app, pool and request order of this volume each, in a pool that works on all tasks
/// at once.
fn drafts_of(volume: u32) -> Drafts {
    world(|world| world.pools.get_mut(&POOL).unwrap().policy.parallelism = u32::MAX);
    drafts_with(|drafts| {
        drafts.app.volume = volume;
        drafts.pool.volume = volume;
        drafts.request.volume = volume;
    })
}

/// Every task is ended by a call of its own: a deal of 2^32 free tasks would keep a stranger's app
/// in the registry for ever.
#[test]
fn a_deal_has_no_more_tasks_than_can_be_ended() {
    build_and_execute(|| {
        let drafts = drafts_of(u32::MAX);
        assert_ok!(drafts.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!((deal.first_index, deal.volume), (0, MAX_DEAL_VOLUME));
        assert_eq!(Market::consumed(drafts.ids().app), MAX_DEAL_VOLUME);
    });
}

#[test]
fn what_is_too_much_for_one_deal_makes_another() {
    build_and_execute(|| {
        let drafts = drafts_of(MAX_DEAL_VOLUME + 1);
        assert_ok!(drafts.matched_by(ANYONE));
        assert_ok!(drafts.matched_by(ANYONE));
        let rest = Deals::<Test>::get(drafts.deal_id(MAX_DEAL_VOLUME)).unwrap();
        assert_eq!((rest.first_index, rest.volume), (MAX_DEAL_VOLUME, 1));
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::AppVolumeExhausted);
    });
}

#[test]
fn a_request_for_more_in_one_deal_than_there_can_be_is_refused() {
    build_and_execute(|| {
        let mut drafts = drafts_of(u32::MAX);
        drafts.request.min_volume = MAX_DEAL_VOLUME + 1;
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::VolumeBelowMinimum);
        assert_noop!(
            publish(REQUESTER, drafts.request.clone()),
            Error::<Test>::VolumeBelowMinimum
        );
        drafts.request.min_volume = MAX_DEAL_VOLUME;
        assert_ok!(publish(REQUESTER, drafts.request.clone()));
        assert_ok!(drafts.matched_by(ANYONE));
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
