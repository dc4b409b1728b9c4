//! Stakes behind votes.

use crate::{Bonds, Event, mock::*};
use ergon_primitives::{
    ERG,
    traits::{StakeRefusal, WorkerStaking as _},
};
use frame_support::{assert_err, assert_ok, traits::Imbalance as _};

/// First block whose deals a machine that joined in block 1 may vote on.
const EARLIEST: u32 = 1 + JOIN_DELAY;

mod backs {
    use super::*;

    #[test]
    fn as_many_votes_as_stakes_are_free() {
        build_and_execute(|| {
            let worker = joined();
            let backs = |stake| WorkerStaking::backs(&worker, POOL, EARLIEST, stake);
            let votes = u32::try_from(BOND / ERG).unwrap();
            assert_eq!(backs(ERG), Ok(votes));
            assert_eq!(backs(0), Ok(u32::MAX));
            WorkerStaking::lock(&worker, 2 * ERG);
            assert_eq!(backs(ERG), Ok(votes - 2));
            assert_eq!(backs(BOND - 2 * ERG), Ok(1));
            assert_eq!(backs(BOND - ERG), Err(StakeRefusal::TooLittleFree));
        });
    }

    #[test]
    fn only_those_of_a_bond_in_the_pool() {
        build_and_execute(|| {
            let worker = MACHINE.to_account_id();
            let backs = |pool| WorkerStaking::backs(&worker, pool, EARLIEST, BOND);
            assert_eq!(backs(POOL), Err(StakeRefusal::NoBond));
            bonded(MACHINE, ALICE);
            assert_eq!(backs(POOL), Err(StakeRefusal::NotAMember));
            assert_ok!(WorkerStaking::join(signed(ALICE), worker.clone(), POOL));
            assert_eq!(backs(OTHER_POOL), Err(StakeRefusal::NotAMember));
            assert_eq!(backs(POOL), Ok(1));
        });
    }

    #[test]
    fn only_those_of_deals_after_the_join_delay() {
        build_and_execute(|| {
            let worker = joined();
            let backs = |started| WorkerStaking::backs(&worker, POOL, started, BOND);
            assert_eq!(backs(EARLIEST - 1), Err(StakeRefusal::JoinedTooLate));
            assert_eq!(backs(EARLIEST), Ok(1));
        });
    }

    #[test]
    fn only_those_of_deals_of_a_later_block_even_without_delay() {
        build_and_execute(|| {
            RequiredDelay::set(0);
            let worker = joined();
            let backs = |started| WorkerStaking::backs(&worker, POOL, started, BOND);
            assert_eq!(backs(1), Err(StakeRefusal::JoinedTooLate));
            assert_eq!(backs(2), Ok(1));
        });
    }

    #[test]
    fn none_below_the_minimum() {
        build_and_execute(|| {
            let worker = locked(BOND - MINIMUM_BOND + 1);
            drop(WorkerStaking::slash(&worker, BOND - MINIMUM_BOND));
            let backs = |stake| WorkerStaking::backs(&worker, POOL, EARLIEST, stake);
            assert_eq!(backs(MINIMUM_BOND - 1), Ok(1));
            drop(WorkerStaking::slash(&worker, 1));
            assert_eq!(backs(1), Err(StakeRefusal::BelowMinimum));
            assert_eq!(backs(0), Err(StakeRefusal::BelowMinimum));
        });
    }
}

mod lock {
    use super::*;

    #[test]
    fn touches_the_bond_only() {
        build_and_execute(|| {
            let worker = joined();
            WorkerStaking::lock(&worker, ERG);
            WorkerStaking::lock(&worker, 2 * ERG);
            let bond = bond_of(&worker);
            assert_eq!((bond.amount, bond.locked), (BOND, 3 * ERG));
            assert_eq!(on_hold(&ALICE), BOND);
        });
    }

    #[test]
    fn takes_all_that_is_free() {
        build_and_execute(|| {
            let worker = joined();
            WorkerStaking::lock(&worker, BOND);
            assert_eq!(bond_of(&worker).free(), 0);
        });
    }

    #[test]
    #[should_panic(expected = "no bond")]
    fn of_a_bond_that_is_gone_is_noticed() {
        new_test_ext().execute_with(|| WorkerStaking::lock(&MACHINE.to_account_id(), 1));
    }

    #[test]
    #[should_panic(expected = "more was locked")]
    fn of_more_than_is_free_is_noticed() {
        new_test_ext().execute_with(|| WorkerStaking::lock(&locked(1), BOND));
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
                assert_ok!(lock(&worker, POOL, EARLIEST, stake));
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

mod is_bonded {
    use super::*;

    #[test]
    fn who_has_something_to_lose() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert!(WorkerStaking::is_bonded(&worker));
            assert!(!WorkerStaking::is_bonded(&ALICE));
            assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), BOND));
            assert!(!WorkerStaking::is_bonded(&worker));
        });
    }

    #[test]
    fn what_is_left_counts_while_it_is_locked() {
        build_and_execute(|| {
            let worker = locked(BOND);
            drop(WorkerStaking::slash(&worker, BOND - 1));
            assert!(WorkerStaking::is_bonded(&worker));
            WorkerStaking::unlock(&worker, 1);
            assert!(!WorkerStaking::is_bonded(&worker));
        });
    }
}

mod invariants {
    use super::*;

    #[test]
    fn a_worker_key_without_account_is_found() {
        new_test_ext().execute_with(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_ok!(System::dec_providers(&worker));
            assert_err!(
                WorkerStaking::do_try_state(),
                "nothing keeps the account of a worker key"
            );
        });
    }

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
