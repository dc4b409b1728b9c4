//! Money in and out of bonds.

use crate::{Bonds, Error, Event, PoolMembers, mock::*};
use ergon_primitives::{
    AccountId, Balance, Bond, ERG, MAX_UNBONDING, Unbonding, traits::WorkerStaking as _,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, TokenError};

mod bond {
    use super::*;

    #[test]
    fn holds_the_owners_money() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_eq!(
                bond_of(&worker),
                Bond {
                    owner: ALICE,
                    amount: BOND,
                    locked: 0,
                    unbonding: Default::default(),
                    membership: None,
                }
            );
            assert_eq!((on_hold(&ALICE), free(&ALICE)), (BOND, ENDOWMENT - BOND));
            System::assert_last_event(
                Event::Bonded {
                    worker,
                    owner: ALICE,
                    amount: BOND,
                }
                .into(),
            );
        });
    }

    #[test]
    fn adds_up_for_an_owner_of_several_machines() {
        build_and_execute(|| {
            bonded(MACHINE, ALICE);
            bonded(OTHER_MACHINE, ALICE);
            assert_eq!(on_hold(&ALICE), 2 * BOND);
        });
    }

    #[test]
    fn needs_the_minimum() {
        build_and_execute(|| {
            let worker = MACHINE.to_account_id();
            let bond = |amount| {
                WorkerStaking::bond(
                    signed(ALICE),
                    worker.clone(),
                    amount,
                    proof(MACHINE, &ALICE),
                )
            };
            assert_noop!(bond(MINIMUM_BOND - 1), Error::<Test>::BelowMinimum);
            assert_ok!(bond(MINIMUM_BOND));
        });
    }

    #[test]
    fn needs_money_beside_the_existential_deposit() {
        build_and_execute(|| {
            let worker = MACHINE.to_account_id();
            let bond =
                || WorkerStaking::bond(signed(ALICE), worker.clone(), BOND, proof(MACHINE, &ALICE));
            set_free(&ALICE, BOND + EXISTENTIAL_DEPOSIT - 1);
            assert_noop!(bond(), TokenError::FundsUnavailable);
            set_free(&ALICE, BOND + EXISTENTIAL_DEPOSIT);
            assert_ok!(bond());
        });
    }

    #[test]
    fn is_refused_for_a_bonded_key() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::bond(signed(BOB), worker, BOND, proof(MACHINE, &BOB)),
                Error::<Test>::AlreadyBonded
            );
        });
    }

    #[test]
    fn is_refused_without_a_signature_on_the_call() {
        build_and_execute(|| {
            let (worker, proof) = (MACHINE.to_account_id(), proof(MACHINE, &ALICE));
            assert_noop!(
                WorkerStaking::bond(RuntimeOrigin::root(), worker, BOND, proof),
                DispatchError::BadOrigin
            );
        });
    }
}

mod bond_extra {
    use super::*;

    #[test]
    fn grows_the_bond() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_ok!(WorkerStaking::bond_extra(
                signed(ALICE),
                worker.clone(),
                ERG
            ));
            assert_eq!(bond_of(&worker).amount, BOND + ERG);
            assert_eq!(on_hold(&ALICE), BOND + ERG);
            System::assert_last_event(
                Event::BondExtended {
                    worker,
                    amount: ERG,
                }
                .into(),
            );
        });
    }

    #[test]
    fn is_refused_without_amount_bond_ownership_or_money() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            let extra = |who: AccountId, worker: &AccountId, amount: Balance| {
                WorkerStaking::bond_extra(signed(who), worker.clone(), amount)
            };
            assert_noop!(extra(ALICE, &worker, 0), Error::<Test>::ZeroAmount);
            assert_noop!(extra(ALICE, &BOB, 1), Error::<Test>::NoSuchBond);
            assert_noop!(extra(BOB, &worker, 1), Error::<Test>::NotOwner);
            assert_noop!(
                extra(ALICE, &worker, ENDOWMENT),
                TokenError::FundsUnavailable
            );
        });
    }
}

mod unbond {
    use super::*;

    #[test]
    fn sends_an_amount_on_its_way() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), ERG));
            let (amount, until) = (ERG, 1 + BONDING_DURATION);
            assert_eq!(bond_of(&worker).amount, BOND - ERG);
            assert_eq!(
                bond_of(&worker).unbonding.to_vec(),
                [Unbonding { amount, until }]
            );
            assert_eq!(on_hold(&ALICE), BOND);
            System::assert_last_event(
                Event::Unbonding {
                    worker,
                    amount,
                    until,
                }
                .into(),
            );
        });
    }

    #[test]
    fn leaves_the_minimum_or_nothing() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            let unbond = |amount| WorkerStaking::unbond(signed(ALICE), worker.clone(), amount);
            assert_noop!(
                unbond(BOND - MINIMUM_BOND + 1),
                Error::<Test>::WouldFallBelowMinimum
            );
            assert_ok!(unbond(BOND - MINIMUM_BOND));
            assert_noop!(unbond(1), Error::<Test>::WouldFallBelowMinimum);
            assert_ok!(unbond(MINIMUM_BOND));
            assert_eq!(bond_of(&worker).amount, 0);
        });
    }

    #[test]
    fn takes_only_what_is_free() {
        build_and_execute(|| {
            let worker = locked(ERG);
            let unbond = |amount| WorkerStaking::unbond(signed(ALICE), worker.clone(), amount);
            assert_noop!(unbond(BOND), Error::<Test>::TooLittleFree);
            assert_noop!(unbond(BOND - ERG + 1), Error::<Test>::TooLittleFree);
            assert_ok!(unbond(BOND - MINIMUM_BOND));
        });
    }

    #[test]
    fn is_bounded() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            for _ in 0..MAX_UNBONDING {
                assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), ERG));
            }
            assert_noop!(
                WorkerStaking::unbond(signed(ALICE), worker, ERG),
                Error::<Test>::TooManyUnbonding
            );
        });
    }

    #[test]
    fn is_refused_without_amount_bond_or_ownership() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::unbond(signed(ALICE), worker.clone(), 0),
                Error::<Test>::ZeroAmount
            );
            assert_noop!(
                WorkerStaking::unbond(signed(ALICE), BOB, 1),
                Error::<Test>::NoSuchBond
            );
            assert_noop!(
                WorkerStaking::unbond(signed(BOB), worker, 1),
                Error::<Test>::NotOwner
            );
        });
    }
}

mod withdraw {
    use super::*;

    #[test]
    fn releases_what_has_waited_long_enough() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), ERG));
            advance_to(2);
            assert_ok!(WorkerStaking::unbond(
                signed(ALICE),
                worker.clone(),
                2 * ERG
            ));

            advance_to(BONDING_DURATION);
            assert_noop!(
                WorkerStaking::withdraw(signed(ALICE), worker.clone()),
                Error::<Test>::NothingMatured
            );
            advance_to(BONDING_DURATION + 1);
            assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
            assert_eq!(on_hold(&ALICE), BOND - ERG);
            System::assert_last_event(
                Event::Withdrawn {
                    worker: worker.clone(),
                    amount: ERG,
                    removed: false,
                }
                .into(),
            );
            advance_to(BONDING_DURATION + 2);
            assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker));
            assert_eq!(on_hold(&ALICE), BOND - 3 * ERG);
        });
    }

    #[test]
    fn of_the_last_unit_removes_bond_and_membership() {
        build_and_execute(|| {
            let worker = joined();
            assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), BOND));
            advance_to(1 + BONDING_DURATION);
            assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
            assert_eq!(Bonds::<Test>::get(&worker), None);
            assert!(!PoolMembers::<Test>::contains_key(POOL, &worker));
            assert_eq!((on_hold(&ALICE), free(&ALICE)), (0, ENDOWMENT));
            System::assert_has_event(
                Event::Left {
                    worker: worker.clone(),
                    pool: POOL,
                }
                .into(),
            );
            System::assert_last_event(
                Event::Withdrawn {
                    worker,
                    amount: BOND,
                    removed: true,
                }
                .into(),
            );
        });
    }

    #[test]
    fn tidies_up_a_bond_that_was_slashed_away() {
        build_and_execute(|| {
            let worker = locked(BOND);
            drop(WorkerStaking::slash(&worker, BOND));
            assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
            assert_eq!(Bonds::<Test>::get(&worker), None);
            assert_eq!(Forgotten::get(), std::slice::from_ref(&worker));
            System::assert_last_event(
                Event::Withdrawn {
                    worker,
                    amount: 0,
                    removed: true,
                }
                .into(),
            );
        });
    }

    #[test]
    fn is_refused_without_bond_or_ownership() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::withdraw(signed(ALICE), BOB),
                Error::<Test>::NoSuchBond
            );
            assert_noop!(
                WorkerStaking::withdraw(signed(BOB), worker),
                Error::<Test>::NotOwner
            );
        });
    }
}

mod barred {
    use super::*;

    #[test]
    fn owners_bond_nothing_more() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            Barred::set(vec![ALICE]);
            assert_noop!(
                WorkerStaking::bond_extra(signed(ALICE), worker, ERG),
                Error::<Test>::Barred
            );
            let other = OTHER_MACHINE.to_account_id();
            assert_noop!(
                WorkerStaking::bond(
                    signed(ALICE),
                    other.clone(),
                    BOND,
                    proof(OTHER_MACHINE, &ALICE)
                ),
                Error::<Test>::Barred
            );
            assert_ok!(WorkerStaking::bond(
                signed(BOB),
                other,
                BOND,
                proof(OTHER_MACHINE, &BOB)
            ));
        });
    }

    #[test]
    fn owners_join_no_pool() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            Barred::set(vec![ALICE]);
            assert_noop!(
                WorkerStaking::join(signed(ALICE), worker, POOL),
                Error::<Test>::Barred
            );
        });
    }

    #[test]
    fn owners_get_out_what_is_theirs() {
        build_and_execute(|| {
            let worker = joined();
            Barred::set(vec![ALICE]);
            assert_ok!(WorkerStaking::leave(signed(ALICE), worker.clone()));
            assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), BOND));
            advance_to(1 + BONDING_DURATION);
            assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
            assert_eq!((on_hold(&ALICE), free(&ALICE)), (0, ENDOWMENT));
            assert!(!Bonds::<Test>::contains_key(&worker));
        });
    }

    #[test]
    fn owners_still_vote_with_what_they_have() {
        build_and_execute(|| {
            let worker = joined();
            Barred::set(vec![ALICE]);
            assert_ok!(lock(&worker, POOL, 1 + JOIN_DELAY, ERG));
        });
    }
}
