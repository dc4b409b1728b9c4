//! Stakes behind votes.

use crate::{Bonds, Event, mock::*};
use ergon_primitives::{
    ERG,
    traits::{StakeRefusal, WorkerStaking as _},
};
use frame_support::{assert_err, assert_ok, traits::Imbalance as _};

/// First block whose deals a machine that joined in block 1 may vote on.
const EARLIEST: u32 = 1 + JOIN_DELAY;

mod lock {
    use super::*;

    #[test]
    fn touches_the_bond_only() {
        build_and_execute(|| {
            let worker = joined();
            assert_ok!(WorkerStaking::lock(&worker, POOL, EARLIEST, ERG));
            assert_ok!(WorkerStaking::lock(&worker, POOL, EARLIEST, 2 * ERG));
            let bond = bond_of(&worker);
            assert_eq!((bond.amount, bond.locked), (BOND, 3 * ERG));
            assert_eq!(on_hold(&ALICE), BOND);
        });
    }

    #[test]
    fn needs_a_bond_in_the_pool() {
        build_and_execute(|| {
            let worker = MACHINE.to_account_id();
            let lock = |pool| WorkerStaking::lock(&worker, pool, EARLIEST, ERG);
            assert_eq!(lock(POOL), Err(StakeRefusal::NoBond));
            bonded(MACHINE, ALICE);
            assert_eq!(lock(POOL), Err(StakeRefusal::NotAMember));
            assert_ok!(WorkerStaking::join(signed(ALICE), worker.clone(), POOL));
            assert_eq!(lock(OTHER_POOL), Err(StakeRefusal::NotAMember));
        });
    }

    #[test]
    fn needs_the_join_delay() {
        build_and_execute(|| {
            let worker = joined();
            let lock = |started| WorkerStaking::lock(&worker, POOL, started, ERG);
            assert_eq!(lock(EARLIEST - 1), Err(StakeRefusal::JoinedTooLate));
            assert_ok!(lock(EARLIEST));
        });
    }

    #[test]
    fn needs_an_earlier_block_even_without_delay() {
        build_and_execute(|| {
            RequiredDelay::set(0);
            let worker = joined();
            let lock = |started| WorkerStaking::lock(&worker, POOL, started, ERG);
            assert_eq!(lock(1), Err(StakeRefusal::JoinedTooLate));
            assert_ok!(lock(2));
        });
    }

    #[test]
    fn needs_the_minimum() {
        build_and_execute(|| {
            let worker = locked(BOND - MINIMUM_BOND + 1);
            drop(WorkerStaking::slash(&worker, BOND - MINIMUM_BOND));
            assert_ok!(WorkerStaking::lock(&worker, POOL, EARLIEST, ERG));
            drop(WorkerStaking::slash(&worker, 1));
            assert_eq!(
                WorkerStaking::lock(&worker, POOL, EARLIEST, ERG),
                Err(StakeRefusal::BelowMinimum)
            );
        });
    }

    #[test]
    fn needs_free_stake() {
        build_and_execute(|| {
            let worker = locked(ERG);
            let lock = |amount| WorkerStaking::lock(&worker, POOL, EARLIEST, amount);
            assert_eq!(lock(BOND - ERG + 1), Err(StakeRefusal::TooLittleFree));
            assert_ok!(lock(BOND - ERG));
            assert_ok!(lock(0));
        });
    }
}

mod unlock {
    use super::*;

    #[test]
    fn frees_the_stake() {
        build_and_execute(|| {
            let worker = locked(3 * ERG);
            WorkerStaking::unlock(&worker, 2 * ERG);
            assert_eq!(bond_of(&worker).locked, ERG);
        });
    }

    #[test]
    fn of_nothing_needs_no_bond() {
        build_and_execute(|| {
            WorkerStaking::unlock(&MACHINE.to_account_id(), 0);
            assert_eq!(Bonds::<Test>::iter().count(), 0);
        });
    }

    #[test]
    #[should_panic(expected = "no bond")]
    fn of_a_bond_that_is_gone_is_noticed() {
        new_test_ext().execute_with(|| WorkerStaking::unlock(&MACHINE.to_account_id(), 1));
    }

    #[test]
    #[should_panic(expected = "more was released")]
    fn of_more_than_locked_is_noticed() {
        new_test_ext().execute_with(|| WorkerStaking::unlock(&locked(1), 2));
    }
}

mod slash {
    use super::*;

    #[test]
    fn takes_bond_lock_and_hold_together() {
        build_and_execute(|| {
            let worker = locked(3 * ERG);
            let before = issuance();
            let credit = WorkerStaking::slash(&worker, 2 * ERG);
            assert_eq!(credit.peek(), 2 * ERG);
            assert_eq!(issuance(), before);
            let bond = bond_of(&worker);
            assert_eq!((bond.amount, bond.locked), (BOND - 2 * ERG, ERG));
            assert_eq!(on_hold(&ALICE), BOND - 2 * ERG);
            System::assert_last_event(
                Event::Slashed {
                    worker,
                    amount: 2 * ERG,
                }
                .into(),
            );
        });
    }

    #[test]
    fn of_all_tasks_at_a_time_takes_the_whole_bond() {
        build_and_execute(|| {
            let worker = joined();
            let stake = BOND / 3;
            for _ in 0..3 {
                assert_ok!(WorkerStaking::lock(&worker, POOL, EARLIEST, stake));
            }
            for left in (0..3).rev() {
                assert_eq!(WorkerStaking::slash(&worker, stake).peek(), stake);
                assert_eq!(bond_of(&worker).amount, left * stake);
                assert_ok!(WorkerStaking::do_try_state());
            }
            assert_eq!(free(&ALICE), ENDOWMENT - BOND);
        });
    }

    #[test]
    fn leaves_other_bonds_and_unbonding_amounts_alone() {
        build_and_execute(|| {
            let worker = locked(ERG);
            let other = bonded(OTHER_MACHINE, ALICE);
            assert_ok!(WorkerStaking::unbond(
                signed(ALICE),
                worker.clone(),
                5 * ERG
            ));
            drop(WorkerStaking::slash(&worker, ERG));
            assert_eq!(bond_of(&other).amount, BOND);
            assert_eq!(bond_of(&worker).held(), BOND - ERG);
        });
    }

    #[test]
    fn of_nothing_needs_no_bond() {
        build_and_execute(|| {
            assert_eq!(WorkerStaking::slash(&MACHINE.to_account_id(), 0).peek(), 0);
        });
    }

    #[test]
    #[should_panic(expected = "no bond")]
    fn of_a_bond_that_is_gone_is_noticed() {
        new_test_ext().execute_with(|| drop(WorkerStaking::slash(&MACHINE.to_account_id(), 1)));
    }

    #[test]
    #[should_panic(expected = "more was slashed")]
    fn of_more_than_locked_is_noticed() {
        new_test_ext().execute_with(|| drop(WorkerStaking::slash(&locked(1), 2)));
    }
}

mod owner {
    use super::*;

    #[test]
    fn is_the_bonds() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_eq!(WorkerStaking::owner(&worker), Some(ALICE));
            assert_eq!(WorkerStaking::owner(&ALICE), None);
        });
    }
}

mod invariants {
    use super::*;

    #[test]
    fn a_bond_without_hold_is_found() {
        new_test_ext().execute_with(|| {
            let worker = bonded(MACHINE, ALICE);
            let mut bond = bond_of(&worker);
            bond.amount += 1;
            Bonds::<Test>::insert(&worker, bond);
            assert_err!(
                WorkerStaking::do_try_state(),
                "an owner's hold is not the sum of its bonds"
            );
        });
    }
}
