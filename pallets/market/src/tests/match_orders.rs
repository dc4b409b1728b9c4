use crate::{
    Consumed, DealStatuses, Deals, Error, Event, OpenDeals, matching::MAX_DEAL_VOLUME, mock::*,
};
use ergon_primitives::{
    Consumption, Deal, DealStatus, EXECUTION_VERSION_1, MAX_PRICE, traits::Funding,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_runtime::BoundedVec;

#[test]
fn freezes_what_the_orders_agree_on() {
    build_and_execute(|| {
        let drafts = drafts();
        advance_to(7);
        assert_ok!(drafts.matched_by(ANYONE));
        assert_eq!(
            Deals::<Test>::get(drafts.deal_id(0)),
            Some(Deal {
                orders: drafts.ids(),
                app: APP,
                app_owner: APP_OWNER.to_account_id(),
                app_price: APP_PRICE,
                pool: POOL,
                operator: OPERATOR.to_account_id(),
                pool_price: POOL_PRICE,
                requester: REQUESTER.to_account_id(),
                payer: REQUESTER.to_account_id(),
                beneficiary: STRANGER.to_account_id(),
                category: CATEGORY,
                work_time: WORK_TIME,
                trust: 4,
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
fn announces_the_deal() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        assert_announced(Event::Matched {
            deal: drafts.deal_id(0),
            app: APP,
            pool: POOL,
            requester: REQUESTER.to_account_id(),
            volume: 10,
            first_index: 0,
            app_price: APP_PRICE,
            pool_price: POOL_PRICE,
        });
    });
}

#[test]
fn opens_the_deal_and_writes_down_what_is_consumed() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let (id, orders) = (drafts.deal_id(0), drafts.ids());
        assert_eq!(DealStatuses::<Test>::get(id), Some(DealStatus::Open));
        assert!(OpenDeals::<Test>::contains_key(POOL, id));
        for (order, valid_until) in [
            (orders.app, 1_000),
            (orders.pool, 2_000),
            (orders.request, 3_000),
        ] {
            let consumption = Consumption {
                volume: 10,
                valid_until,
            };
            assert_eq!(Consumed::<Test>::get(order), Some(consumption));
        }
    });
}

#[test]
fn tells_escrow_and_registry() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let funding = Funding {
            payer: REQUESTER.to_account_id(),
            task_price: APP_PRICE + POOL_PRICE,
            operator: OPERATOR.to_account_id(),
            operator_stake: 3_000,
            tasks: 10,
        };
        world(|world| {
            assert_eq!(world.funded, vec![(drafts.deal_id(0), funding)]);
            assert_eq!(world.retained, vec![(APP, POOL)]);
        });
    });
}

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
    for (app, pool, request, expected) in [(7, 8, 9, 7), (8, 7, 9, 7), (9, 8, 7, 7), (3, 3, 3, 3)] {
        build_and_execute(|| {
            let drafts = drafts_with(|drafts| {
                drafts.app.volume = app;
                drafts.pool.volume = pool;
                drafts.request.volume = request;
            });
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
        let drafts = drafts();
        assert_ok!(drafts.matched_by(ANYONE));
        let before = Deals::<Test>::get(drafts.deal_id(0));
        world(|world| {
            world.apps.insert(APP, STRANGER.to_account_id());
            world.categories.insert(CATEGORY, 1);
            let pool = world.pools.get_mut(&POOL).unwrap();
            pool.owner = STRANGER.to_account_id();
            pool.policy.worker_stake_ratio = 100;
        });
        assert_eq!(Deals::<Test>::get(drafts.deal_id(0)), before);
    });
}

#[test]
fn highest_prices_and_volumes_overflow_nothing() {
    build_and_execute(|| {
        world(|world| world.pools.get_mut(&POOL).unwrap().policy.parallelism = u32::MAX);
        let drafts = drafts_with(|drafts| {
            drafts.app.price = MAX_PRICE;
            drafts.pool.price = MAX_PRICE;
            drafts.request.max_app_price = u128::MAX;
            drafts.request.max_pool_price = u128::MAX;
            drafts.app.volume = u32::MAX;
            drafts.pool.volume = u32::MAX;
            drafts.request.volume = u32::MAX;
        });
        assert_ok!(drafts.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        assert_eq!(deal.volume, MAX_DEAL_VOLUME);
        assert_eq!(deal.task_price(), 2 * MAX_PRICE);
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
