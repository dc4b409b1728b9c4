use crate::{Error, Event, Pools, Tombstones, mock::*, pool_deposit, pool_id};
use ergon_primitives::{
    AccessListId, AccountId, Description, MAX_ORDER_LIFE, PoolId, PoolPolicy, traits::Registry as _,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;

/// Policies that are refused, each with the reason.
fn flawed(list: AccessListId) -> [(PoolPolicy, Error<Test>); 4] {
    let good = policy(list);
    let nowhere = AccessListId(H256::repeat_byte(0xee));
    [
        (
            PoolPolicy {
                worker_stake_ratio: 101,
                ..good
            },
            Error::StakeRatioTooHigh,
        ),
        (
            PoolPolicy {
                operator_reward_ratio: 51,
                ..good
            },
            Error::RewardRatioTooHigh,
        ),
        (
            PoolPolicy {
                parallelism: 0,
                ..good
            },
            Error::NoParallelism,
        ),
        (policy(nowhere), Error::NoSuchList),
    ]
}

/// The policy that is as extreme as it may be.
fn extreme(list: AccessListId) -> PoolPolicy {
    PoolPolicy {
        worker_stake_ratio: 100,
        operator_reward_ratio: 50,
        parallelism: 1,
        ..policy(list)
    }
}

mod register_pool {
    use super::*;

    fn register(owner: AccountId, policy: PoolPolicy) -> DispatchResult {
        Registry::register_pool(signed(owner), bytes(b"pool"), policy)
    }

    #[test]
    fn stores_the_pool_and_takes_its_deposit() {
        build_and_execute(|| {
            let list = create_list(BOB, 1, vec![]);
            let description: Description = bytes(b"two racks");
            let id = pool_id(&ALICE, &description);
            assert_ok!(Registry::register_pool(
                signed(ALICE),
                description.clone(),
                policy(list)
            ));

            let pool = Pools::<Test>::get(id).unwrap();
            assert_eq!(pool.owner, ALICE);
            assert_eq!(pool.description, description);
            assert_eq!(pool.policy, policy(list));
            assert_eq!(held(&ALICE), pool_deposit(&pool));
            assert_eq!(
                last_event(),
                Event::PoolRegistered {
                    pool: id,
                    owner: ALICE
                }
            );
        });
    }

    #[test]
    fn accepts_ratios_on_their_bounds() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            assert_ok!(register(ALICE, extreme(list)));
        });
    }

    #[test]
    fn fails_when_the_policy_is_flawed() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            for (policy, error) in flawed(list) {
                assert_noop!(register(ALICE, policy), error);
            }
        });
    }

    #[test]
    fn fails_when_the_owner_registered_the_same_description_before() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            register_pool(ALICE, list);
            assert_noop!(
                register(ALICE, extreme(list)),
                Error::<Test>::AlreadyRegistered
            );
            assert_ok!(register(BOB, policy(list)));
        });
    }

    #[test]
    fn fails_while_the_identifier_is_buried_and_works_in_the_block_after() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let id = register_pool(ALICE, list);
            assert_ok!(Registry::remove_pool(signed(ALICE), id));

            advance_to(1 + MAX_ORDER_LIFE);
            assert_noop!(register(ALICE, policy(list)), Error::<Test>::Tombstoned);
            advance_to(2 + MAX_ORDER_LIFE);
            assert_ok!(register(ALICE, policy(list)));
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_the_deposit() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            assert_noop!(
                register(PAUPER, policy(list)),
                Error::<Test>::CannotPayDeposit
            );
        });
    }
}

mod update_pool {
    use super::*;

    #[test]
    fn changes_the_policy_and_nothing_else() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let id = register_pool(ALICE, list);
            let before = (held(&ALICE), Pools::<Test>::get(id).unwrap());
            assert_ok!(Registry::update_pool(signed(ALICE), id, extreme(list)));

            let pool = Pools::<Test>::get(id).unwrap();
            assert_eq!(pool.policy, extreme(list));
            assert_eq!(pool.description, before.1.description);
            assert_eq!((held(&ALICE), pool.owner), (before.0, before.1.owner));
            assert_eq!(last_event(), Event::PoolUpdated { pool: id });
        });
    }

    #[test]
    fn a_new_operator_takes_over_the_deposit() {
        build_and_execute(|| {
            let list = create_list(BOB, 1, vec![]);
            let (id, lists) = (register_pool(ALICE, list), held(&BOB));
            assert_ok!(Registry::transfer_pool(signed(ALICE), id, BOB));
            assert_ok!(Registry::update_pool(signed(BOB), id, policy(list)));
            assert_eq!(held(&ALICE), 0);
            assert_eq!(
                held(&BOB),
                lists + pool_deposit(&Pools::<Test>::get(id).unwrap())
            );
        });
    }

    #[test]
    fn fails_when_the_policy_is_flawed() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let id = register_pool(ALICE, list);
            for (policy, error) in flawed(list) {
                assert_noop!(Registry::update_pool(signed(ALICE), id, policy), error);
            }
        });
    }

    #[test]
    fn fails_when_there_is_no_such_pool() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            assert_noop!(
                Registry::update_pool(signed(ALICE), PoolId(H256::zero()), policy(list)),
                Error::<Test>::NoSuchPool
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_operator() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let id = register_pool(ALICE, list);
            assert_noop!(
                Registry::update_pool(signed(BOB), id, policy(list)),
                Error::<Test>::NotOwner
            );
        });
    }

    #[test]
    fn fails_when_the_new_operator_cannot_pay_the_deposit() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let id = register_pool(ALICE, list);
            assert_ok!(Registry::transfer_pool(signed(ALICE), id, PAUPER));
            assert_noop!(
                Registry::update_pool(signed(PAUPER), id, extreme(list)),
                Error::<Test>::CannotPayDeposit
            );
            assert_eq!(Pools::<Test>::get(id).unwrap().policy, policy(list));
        });
    }
}

mod transfer_pool {
    use super::*;

    #[test]
    fn changes_the_operator_and_leaves_the_deposit() {
        build_and_execute(|| {
            let id = register_pool(ALICE, create_list(ALICE, 1, vec![]));
            let deposits = held(&ALICE);
            assert_ok!(Registry::transfer_pool(signed(ALICE), id, BOB));

            assert_eq!(Pools::<Test>::get(id).unwrap().owner, BOB);
            assert_eq!((held(&ALICE), held(&BOB)), (deposits, 0));
            assert_eq!(
                last_event(),
                Event::PoolTransferred {
                    pool: id,
                    from: ALICE,
                    to: BOB
                }
            );
        });
    }

    #[test]
    fn fails_when_there_is_no_such_pool() {
        build_and_execute(|| {
            assert_noop!(
                Registry::transfer_pool(signed(ALICE), PoolId(H256::zero()), BOB),
                Error::<Test>::NoSuchPool
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_operator() {
        build_and_execute(|| {
            let id = register_pool(ALICE, create_list(ALICE, 1, vec![]));
            assert_noop!(
                Registry::transfer_pool(signed(BOB), id, BOB),
                Error::<Test>::NotOwner
            );
        });
    }
}

mod remove_pool {
    use super::*;

    #[test]
    fn returns_the_deposit_and_buries_the_identifier() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let lists = held(&ALICE);
            let id = register_pool(ALICE, list);
            assert_ok!(Registry::remove_pool(signed(ALICE), id));

            assert!(!Pools::<Test>::contains_key(id));
            assert_eq!(held(&ALICE), lists);
            assert_eq!(Tombstones::<Test>::get(id.0), Some(1 + MAX_ORDER_LIFE));
            assert_eq!(last_event(), Event::PoolRemoved { pool: id });
        });
    }

    #[test]
    fn fails_when_there_is_no_such_pool() {
        build_and_execute(|| {
            assert_noop!(
                Registry::remove_pool(signed(ALICE), PoolId(H256::zero())),
                Error::<Test>::NoSuchPool
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_operator() {
        build_and_execute(|| {
            let id = register_pool(ALICE, create_list(ALICE, 1, vec![]));
            assert_noop!(
                Registry::remove_pool(signed(BOB), id),
                Error::<Test>::NotOwner
            );
        });
    }

    #[test]
    fn fails_until_the_last_open_deal_has_ended() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            let pool = register_pool(BOB, create_list(BOB, 1, vec![]));
            Registry::retain(app, pool);
            assert_noop!(
                Registry::remove_pool(signed(BOB), pool),
                Error::<Test>::InUse
            );
            Registry::release(app, pool);
            assert_ok!(Registry::remove_pool(signed(BOB), pool));
        });
    }
}
