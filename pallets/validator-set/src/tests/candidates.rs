//! Becoming a candidate, being one, and ceasing to be one.

use crate::{
    Candidates, Cause, Departure, Departures, Error, Event, MAX_CANDIDATES, Standing, mock::*,
};
use ergon_primitives::{AccountId, Balance, ERG};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Inspect, Mutate as _},
};
use sp_runtime::{DispatchError, TokenError};

/// Fills the list with candidates that bond 20 ERG and more; returns the one that bonds least.
fn full_list() -> AccountId {
    let account = |number: u32| AccountId::new([100 + number as u8; 32]);
    for number in 0..MAX_CANDIDATES {
        let who = account(number);
        let key = sp_core::ed25519::Public::from_raw([100 + number as u8; 32]);
        assert_ok!(Balances::mint_into(&who, ENDOWMENT));
        pallet_session::NextKeys::<Test>::insert(
            &who,
            TestKeys {
                grandpa: key.into(),
            },
        );
        let bond = (20 + Balance::from(number)) * ERG;
        assert_ok!(ValidatorSet::register_candidate(signed(who), bond));
    }
    account(0)
}

mod register_candidate {
    use super::*;

    #[test]
    fn holds_the_bond() {
        build_and_execute(|| {
            assert_ok!(ValidatorSet::register_candidate(
                signed(eve()),
                MINIMUM_BOND
            ));
            assert_eq!(
                (bond_of(&eve()), on_hold(&eve())),
                (MINIMUM_BOND, MINIMUM_BOND)
            );
            assert_eq!(free(&eve()), ENDOWMENT - MINIMUM_BOND);
            assert_eq!(ValidatorSet::standing(eve()), Some(Standing::Fit));
            System::assert_last_event(
                Event::CandidateRegistered {
                    candidate: eve(),
                    bond: MINIMUM_BOND,
                }
                .into(),
            );
        });
    }

    #[test]
    fn needs_the_minimum_bond() {
        build_and_execute(|| {
            let register = |bond| ValidatorSet::register_candidate(signed(eve()), bond);
            assert_noop!(register(MINIMUM_BOND - 1), Error::<Test>::BelowMinimum);
            assert_ok!(register(MINIMUM_BOND));
        });
    }

    #[test]
    fn needs_session_keys() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::register_candidate(signed(KEYLESS), MINIMUM_BOND),
                Error::<Test>::NoSessionKeys
            );
        });
    }

    #[test]
    fn is_refused_to_the_barred() {
        build_and_execute(|| {
            Barred::set(vec![eve()]);
            assert_noop!(
                ValidatorSet::register_candidate(signed(eve()), MINIMUM_BOND),
                Error::<Test>::Barred
            );
        });
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            Barred::set(vec![eve()]);
            assert_noop!(
                ValidatorSet::bond_extra(signed(eve()), ERG),
                Error::<Test>::Barred
            );
        });
    }

    #[test]
    fn is_refused_to_invulnerables() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::register_candidate(signed(alice()), MINIMUM_BOND),
                Error::<Test>::AlreadyInvulnerable
            );
        });
    }

    #[test]
    fn is_refused_to_candidates() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_noop!(
                ValidatorSet::register_candidate(signed(eve()), MINIMUM_BOND),
                Error::<Test>::AlreadyCandidate
            );
        });
    }

    #[test]
    fn is_refused_while_an_earlier_bond_departs() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            assert_noop!(
                ValidatorSet::register_candidate(signed(eve()), MINIMUM_BOND),
                Error::<Test>::StillDeparting
            );
        });
    }

    #[test]
    fn needs_the_money() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::register_candidate(signed(eve()), ENDOWMENT + 1),
                TokenError::FundsUnavailable
            );
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::register_candidate(RuntimeOrigin::root(), MINIMUM_BOND),
                DispatchError::BadOrigin
            );
        });
    }

    #[test]
    fn outbids_the_lowest_bond_without_a_seat_when_the_list_is_full() {
        build_and_execute(|| {
            let lowest = full_list();
            let register = |bond| ValidatorSet::register_candidate(signed(eve()), bond);
            assert_noop!(register(20 * ERG), Error::<Test>::TooManyCandidates);
            assert_ok!(register(20 * ERG + 1));
            assert_eq!(Candidates::<Test>::count(), MAX_CANDIDATES);
            assert_eq!(departure_of(&lowest).cause, Cause::Outbid);
            assert_eq!(on_hold(&lowest), 20 * ERG);
        });
    }
}

mod bond_extra {
    use super::*;

    #[test]
    fn grows_the_bond() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(ValidatorSet::bond_extra(signed(eve()), ERG));
            assert_eq!((bond_of(&eve()), on_hold(&eve())), (31 * ERG, 31 * ERG));
            System::assert_last_event(
                Event::BondExtended {
                    candidate: eve(),
                    amount: ERG,
                }
                .into(),
            );
        });
    }

    #[test]
    fn can_win_a_seat() {
        build_and_execute(|| {
            seated(&[(eve(), 30), (ferdie(), 20), (one(), 10)]);
            assert!(!is_seated(&one()));
            assert_ok!(ValidatorSet::bond_extra(signed(one()), 15 * ERG));
            pass_sessions(2);
            assert_eq!(Session::validators(), invulnerables_and(&[eve(), one()]));
        });
    }

    #[test]
    fn needs_an_amount_and_a_candidate() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::bond_extra(signed(eve()), ERG),
                Error::<Test>::NotCandidate
            );
            seated(&[(eve(), 30)]);
            assert_noop!(
                ValidatorSet::bond_extra(signed(eve()), 0),
                Error::<Test>::ZeroAmount
            );
        });
    }
}

mod leave {
    use super::*;

    #[test]
    fn keeps_the_seat_through_the_next_session() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_eq!(Session::current_index(), 2);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            pass_sessions(1);
            assert!(is_seated(&eve()));
            pass_sessions(1);
            assert!(!is_seated(&eve()));
            assert_eq!(Session::validators(), accounts(&INVULNERABLES));
        });
    }

    #[test]
    fn sends_the_bond_on_its_way() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            // Seated through session 3, liable for five more.
            assert_eq!(
                departure_of(&eve()),
                Departure {
                    amount: 30 * ERG,
                    until: 9,
                    cause: Cause::Left,
                }
            );
            assert_eq!(on_hold(&eve()), 30 * ERG);
            System::assert_last_event(
                Event::CandidateDeparted {
                    candidate: eve(),
                    cause: Cause::Left,
                    until: 9,
                }
                .into(),
            );
        });
    }

    #[test]
    fn is_refused_when_too_few_would_remain() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            let few = accounts(&INVULNERABLES[..2]).try_into().unwrap();
            assert_ok!(ValidatorSet::set_invulnerables(RuntimeOrigin::root(), few));
            assert_noop!(
                ValidatorSet::leave(signed(eve())),
                Error::<Test>::TooFewValidators
            );
            assert_ok!(ValidatorSet::register_candidate(
                signed(ferdie()),
                MINIMUM_BOND
            ));
            assert_ok!(ValidatorSet::leave(signed(eve())));
        });
    }

    #[test]
    fn is_for_candidates() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::leave(signed(alice())),
                Error::<Test>::NotCandidate
            );
        });
    }
}

mod withdraw {
    use super::*;

    #[test]
    fn releases_the_bond_when_its_liability_ends() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            let until = departure_of(&eve()).until;
            advance_to_session(until - 1);
            for _ in 1..SESSION_LENGTH {
                next_block();
            }
            assert_noop!(
                ValidatorSet::withdraw(signed(eve())),
                Error::<Test>::TooEarly
            );
            next_block();
            assert_eq!(Session::current_index(), until);
            assert_ok!(ValidatorSet::withdraw(signed(eve())));
            assert_eq!((free(&eve()), on_hold(&eve())), (ENDOWMENT, 0));
            assert!(!Departures::<Test>::contains_key(eve()));
            System::assert_last_event(
                Event::Withdrawn {
                    candidate: eve(),
                    amount: 30 * ERG,
                }
                .into(),
            );
        });
    }

    #[test]
    fn needs_a_departing_bond() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_noop!(
                ValidatorSet::withdraw(signed(eve())),
                Error::<Test>::NothingToWithdraw
            );
        });
    }
}

mod return_to_duty {
    use super::*;

    #[test]
    fn makes_a_former_candidate_one_again() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            pass_sessions(3);
            assert_ok!(ValidatorSet::return_to_duty(signed(eve())));
            assert_eq!((bond_of(&eve()), on_hold(&eve())), (30 * ERG, 30 * ERG));
            assert!(!Departures::<Test>::contains_key(eve()));
            pass_sessions(2);
            assert!(is_seated(&eve()));
        });
    }

    #[test]
    fn asks_a_former_candidate_what_a_new_one_is_asked() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            Barred::set(vec![eve()]);
            assert_noop!(
                ValidatorSet::return_to_duty(signed(eve())),
                Error::<Test>::Barred
            );
        });
    }

    #[test]
    fn is_refused_to_those_on_duty_and_to_strangers() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::return_to_duty(signed(alice())),
                Error::<Test>::OnDuty
            );
            assert_noop!(
                ValidatorSet::return_to_duty(signed(eve())),
                Error::<Test>::NoRole
            );
        });
    }
}

#[test]
fn bonds_create_and_destroy_no_money() {
    build_and_execute(|| {
        let issuance = || <Balances as Inspect<AccountId>>::total_issuance();
        let before = issuance();
        seated(&[(eve(), 30), (ferdie(), 20)]);
        assert_ok!(ValidatorSet::leave(signed(eve())));
        advance_to_session(departure_of(&eve()).until);
        assert_ok!(ValidatorSet::withdraw(signed(eve())));
        assert_eq!(issuance(), before);
    });
}
