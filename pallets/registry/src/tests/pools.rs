use crate::{Error, Event, Pools, Tombstones, mock::*, pool_deposit, pool_id};
use ergon_primitives::{
    Access, AccessListId, AccountId, DealEntries, Description, MAX_ORDER_LIFE, PoolId, PoolPolicy,
    Scheduling, traits::Registry as _,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;
use sp_runtime::DispatchError;

/// Policies that are refused, each with the reason.
fn flawed(list: AccessListId) -> [(PoolPolicy, Error<Test>); 5] {
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
        (
            PoolPolicy {
                access: Access::Public,
                ..good
            },
            Error::OpenPoolMustBePrivate,
        ),
        (policy(nowhere), Error::NoSuchList),
    ]
}

/// A policy that admits everybody and lets the authoriser choose.
fn public() -> PoolPolicy {
    PoolPolicy {
        access: Access::Public,
        scheduling: Scheduling::Authorised,
        ..policy(AccessListId(H256::zero()))
    }
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
        Registry::register_pool(signed(owner), bytes(b"pool"), AUTHORISER, policy)
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
                AUTHORISER,
                policy(list)
            ));

            let pool = Pools::<Test>::get(id).unwrap();
            assert_eq!(pool.owner, ALICE);
            assert_eq!(pool.authoriser, AUTHORISER);
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
    fn fails_for_the_barred() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            Barred::set(vec![ALICE]);
            assert_noop!(register(ALICE, policy(list)), Error::<Test>::Barred);
            assert_ok!(register(BOB, policy(list)));
            Barred::set(vec![]);
            assert_ok!(register(ALICE, policy(list)));
        });
    }

    #[test]
    fn leaves_the_barred_what_they_have() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let before = held(&ALICE);
            let pool = register_pool(ALICE, list);
            Barred::set(vec![ALICE]);
            assert_ok!(Registry::update_pool(signed(ALICE), pool, extreme(list)));
            assert_ok!(Registry::remove_pool(signed(ALICE), pool));
            assert_eq!(held(&ALICE), before);
        });
    }

    #[test]
    fn accepts_a_public_pool_that_is_scheduled() {
        build_and_execute(|| {
            assert_ok!(register(ALICE, public()));
            let pool = Pools::<Test>::get(pool_id(&ALICE, &bytes(b"pool"))).unwrap();
            assert_eq!(pool.policy, public());
            assert_eq!(held(&ALICE), pool_deposit(&pool));
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            let root = RuntimeOrigin::root();
            assert_noop!(
                Registry::register_pool(root, bytes(b"pool"), AUTHORISER, public()),
                DispatchError::BadOrigin
            );
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
    fn a_pool_opens_its_doors_and_its_deposit_shrinks() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let lists = held(&ALICE);
            let id = register_pool(ALICE, list);
            let private = held(&ALICE) - lists;
            assert_ok!(Registry::update_pool(signed(ALICE), id, public()));
            let deposit = pool_deposit(&Pools::<Test>::get(id).unwrap());
            assert_eq!(held(&ALICE) - lists, deposit);
            assert!(deposit < private);
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

    #[test]
    fn fails_while_the_operators_hub_is_judged() {
        build_and_execute(|| {
            let id = register_pool(ALICE, create_list(ALICE, 1, vec![]));
            Judged::set(vec![id]);
            assert_noop!(
                Registry::transfer_pool(signed(ALICE), id, BOB),
                Error::<Test>::HubNotFree
            );
            Judged::set(Vec::new());
            assert_ok!(Registry::transfer_pool(signed(ALICE), id, BOB));
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
            let entries = DealEntries {
                app,
                dataset: None,
                pool,
            };
            Registry::retain(entries);
            assert_noop!(
                Registry::remove_pool(signed(BOB), pool),
                Error::<Test>::InUse
            );
            Registry::release(entries);
            assert_ok!(Registry::remove_pool(signed(BOB), pool));
        });
    }
}

mod set_authoriser {
    use super::*;

    #[test]
    fn changes_the_key_and_nothing_else() {
        build_and_execute(|| {
            let id = register_pool(ALICE, create_list(ALICE, 1, vec![]));
            let (before, deposits) = (Pools::<Test>::get(id).unwrap(), held(&ALICE));
            assert_ok!(Registry::set_authoriser(signed(ALICE), id, BOB));

            let after = Pools::<Test>::get(id).unwrap();
            assert_eq!(after.authoriser, BOB);
            assert_eq!((after.owner, after.policy), (before.owner, before.policy));
            assert_eq!(after.description, before.description);
            assert_eq!(held(&ALICE), deposits);
            assert_eq!(
                last_event(),
                Event::AuthoriserSet {
                    pool: id,
                    authoriser: BOB
                }
            );
        });
    }

    #[test]
    fn fails_when_there_is_no_such_pool() {
        build_and_execute(|| {
            assert_noop!(
                Registry::set_authoriser(signed(ALICE), PoolId(H256::zero()), BOB),
                Error::<Test>::NoSuchPool
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_operator() {
        build_and_execute(|| {
            let id = register_pool(ALICE, create_list(ALICE, 1, vec![]));
            // Not even the authoriser may.
            for who in [BOB, AUTHORISER] {
                assert_noop!(
                    Registry::set_authoriser(signed(who.clone()), id, who),
                    Error::<Test>::NotOwner
                );
            }
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                Registry::set_authoriser(RuntimeOrigin::root(), PoolId(H256::zero()), BOB),
                DispatchError::BadOrigin
            );
        });
    }
}
