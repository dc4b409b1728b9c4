//! Membership of pools.

use crate::{Error, Event, PoolMembers, mock::*};
use ergon_primitives::{Membership, traits::WorkerStaking as _};
use frame_support::{assert_noop, assert_ok};

mod join {
    use super::*;

    #[test]
    fn makes_a_member() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            advance_to(5);
            assert_ok!(WorkerStaking::join(signed(ALICE), worker.clone(), POOL));
            assert_eq!(
                membership_of(&worker),
                Some(Membership {
                    pool: POOL,
                    since: 5
                })
            );
            assert!(PoolMembers::<Test>::contains_key(POOL, &worker));
            System::assert_last_event(Event::Joined { worker, pool: POOL }.into());
        });
    }

    #[test]
    fn is_refused_to_members() {
        build_and_execute(|| {
            let worker = joined();
            for pool in [POOL, OTHER_POOL] {
                assert_noop!(
                    WorkerStaking::join(signed(ALICE), worker.clone(), pool),
                    Error::<Test>::AlreadyMember
                );
            }
        });
    }

    #[test]
    fn needs_a_pool_that_admits_the_owner() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::join(signed(ALICE), worker, NO_POOL),
                Error::<Test>::NoSuchPool
            );
            let worker = bonded(OTHER_MACHINE, STRANGER);
            assert_noop!(
                WorkerStaking::join(signed(STRANGER), worker, POOL),
                Error::<Test>::NotAdmitted
            );
        });
    }

    #[test]
    fn is_open_to_everybody_when_the_pool_is_public() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, STRANGER);
            let join = |pool| WorkerStaking::join(signed(STRANGER), worker.clone(), pool);
            assert_noop!(join(POOL), Error::<Test>::NotAdmitted);
            assert_ok!(join(PUBLIC_POOL));
            let since = System::block_number();
            assert_eq!(
                membership_of(&worker),
                Some(Membership {
                    pool: PUBLIC_POOL,
                    since
                })
            );
        });
    }

    #[test]
    fn needs_the_minimum() {
        build_and_execute(|| {
            let worker = locked(BOND - MINIMUM_BOND + 1);
            drop(WorkerStaking::slash(&worker, BOND - MINIMUM_BOND + 1));
            assert_ok!(WorkerStaking::leave(signed(ALICE), worker.clone()));
            assert_noop!(
                WorkerStaking::join(signed(ALICE), worker.clone(), POOL),
                Error::<Test>::BelowMinimum
            );
            assert_ok!(WorkerStaking::bond_extra(signed(ALICE), worker.clone(), 1));
            assert_ok!(WorkerStaking::join(signed(ALICE), worker, POOL));
        });
    }

    #[test]
    fn is_the_owners_decision() {
        build_and_execute(|| {
            assert_noop!(
                WorkerStaking::join(signed(ALICE), MACHINE.to_account_id(), POOL),
                Error::<Test>::NoSuchBond
            );
            let worker = bonded(MACHINE, ALICE);
            // Not even the machine itself may.
            for who in [BOB, worker.clone()] {
                assert_noop!(
                    WorkerStaking::join(signed(who), worker.clone(), POOL),
                    Error::<Test>::NotOwner
                );
            }
        });
    }
}

mod leave {
    use super::*;

    #[test]
    fn ends_the_membership() {
        build_and_execute(|| {
            let worker = joined();
            assert_ok!(WorkerStaking::leave(signed(ALICE), worker.clone()));
            assert_eq!(membership_of(&worker), None);
            assert!(!PoolMembers::<Test>::contains_key(POOL, &worker));
            System::assert_last_event(Event::Left { worker, pool: POOL }.into());
        });
    }

    #[test]
    fn is_refused_while_stake_is_locked() {
        build_and_execute(|| {
            let worker = locked(1);
            assert_noop!(
                WorkerStaking::leave(signed(ALICE), worker.clone()),
                Error::<Test>::StakeLocked
            );
            WorkerStaking::unlock(&worker, 1);
            assert_ok!(WorkerStaking::leave(signed(ALICE), worker));
        });
    }

    #[test]
    fn is_refused_without_membership_bond_or_ownership() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::leave(signed(ALICE), worker.clone()),
                Error::<Test>::NotAMember
            );
            assert_noop!(
                WorkerStaking::leave(signed(ALICE), BOB),
                Error::<Test>::NoSuchBond
            );
            assert_noop!(
                WorkerStaking::leave(signed(BOB), worker),
                Error::<Test>::NotOwner
            );
        });
    }
}
