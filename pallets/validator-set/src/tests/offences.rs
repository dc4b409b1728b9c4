//! Offences reported through the offences pallet.

use crate::{Cause, Error, Event, Penalties, Standing, mock::*};
use ergon_primitives::{AccountId, Balance, ERG};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Perbill;
use sp_staking::{
    SessionIndex,
    offence::{Kind, Offence, OffenceError, ReportOffence},
};

/// An offence that costs a quarter of the bond for each who commits it in the same round.
struct Misbehaviour {
    offender: AccountId,
    session: SessionIndex,
    round: u32,
}

impl Offence<(AccountId, ())> for Misbehaviour {
    const ID: Kind = *b"test:misbehaving";
    type Slot = u32;

    fn offenders(&self) -> Vec<(AccountId, ())> {
        vec![(self.offender.clone(), ())]
    }

    fn session_index(&self) -> SessionIndex {
        self.session
    }

    fn validator_set_count(&self) -> u32 {
        Session::validators().len() as u32
    }

    fn slot(&self) -> u32 {
        self.round
    }

    fn slash_fraction(&self, offenders: u32) -> Perbill {
        Perbill::from_percent(25 * offenders)
    }
}

fn report(offender: AccountId, session: SessionIndex, round: u32) -> Result<(), OffenceError> {
    let offence = Misbehaviour {
        offender,
        session,
        round,
    };
    <Offences as ReportOffence<_, _, _>>::report_offence(Vec::<AccountId>::new(), offence)
}

fn report_now(offender: AccountId) {
    assert_eq!(report(offender, Session::current_index(), 1), Ok(()));
}

fn is_disabled(who: &AccountId) -> bool {
    let index = Session::validator_id_to_index(who).expect("it is seated");
    Session::disabled_validators().contains(&index)
}

const BOND: Balance = 40 * ERG;

mod an_offending_candidate {
    use super::*;

    #[test]
    fn pays_and_is_disabled_at_once() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            report_now(eve());
            assert_eq!(
                (bond_of(&eve()), on_hold(&eve())),
                (BOND * 3 / 4, BOND * 3 / 4)
            );
            assert_eq!(free(&TREASURY), ENDOWMENT + BOND / 4);
            assert_eq!(ValidatorSet::standing(eve()), Some(Standing::Offender));
            assert!(is_disabled(&eve()));
            System::assert_has_event(
                Event::OffencePunished {
                    validator: eve(),
                    session: 2,
                    fraction: Perbill::from_percent(25),
                    amount: BOND / 4,
                }
                .into(),
            );
        });
    }

    #[test]
    fn stays_disabled_when_the_set_changes() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            assert_ok!(ValidatorSet::register_candidate(signed(ferdie()), BOND));
            pass_sessions(1);
            // It sits in the next session, which is planned, with Ferdie beside it.
            report_now(eve());
            assert_ok!(ValidatorSet::leave(signed(eve())));
            pass_sessions(1);
            assert!(is_seated(&ferdie()));
            assert!(is_disabled(&eve()));
            assert!(!is_disabled(&ferdie()));
            pass_sessions(1);
            assert!(!is_seated(&eve()));
            assert!(Session::disabled_validators().is_empty());
        });
    }

    #[test]
    fn loses_its_candidacy_and_cannot_come_back() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            report_now(eve());
            assert_noop!(
                ValidatorSet::return_to_duty(signed(eve())),
                Error::<Test>::Offender
            );
            pass_sessions(1);
            assert_eq!(departure_of(&eve()).cause, Cause::Offence);
            pass_sessions(1);
            assert!(!is_seated(&eve()));
            assert_noop!(
                ValidatorSet::return_to_duty(signed(eve())),
                Error::<Test>::Offender
            );
            advance_to_session(departure_of(&eve()).until);
            assert_ok!(ValidatorSet::withdraw(signed(eve())));
            assert_eq!(free(&eve()), ENDOWMENT - BOND / 4);
        });
    }

    #[test]
    fn does_not_dodge_by_leaving_first() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            report_now(eve());
            let departure = departure_of(&eve());
            assert_eq!(
                (departure.amount, departure.cause),
                (BOND * 3 / 4, Cause::Offence)
            );
            assert_eq!(on_hold(&eve()), BOND * 3 / 4);
            assert_noop!(
                ValidatorSet::return_to_duty(signed(eve())),
                Error::<Test>::Offender
            );
        });
    }

    #[test]
    fn does_not_clear_its_name_by_leaving() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            report_now(eve());
            assert_ok!(ValidatorSet::leave(signed(eve())));
            assert_eq!(departure_of(&eve()).cause, Cause::Offence);
            assert_noop!(
                ValidatorSet::return_to_duty(signed(eve())),
                Error::<Test>::Offender
            );
        });
    }

    #[test]
    fn pays_once_for_the_heaviest_offence_of_a_session() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            assert_eq!(report(eve(), 2, 1), Ok(()));
            assert_eq!(report(eve(), 2, 1), Err(OffenceError::DuplicateReport));
            assert_eq!(report(eve(), 2, 2), Ok(()));
            assert_eq!(bond_of(&eve()), BOND * 3 / 4);
            // Another session, another offence.
            assert_eq!(report(eve(), 1, 3), Ok(()));
            assert_eq!(bond_of(&eve()), BOND * 9 / 16);
        });
    }

    #[test]
    fn pays_the_difference_when_others_join_in() {
        build_and_execute(|| {
            seated(&[(eve(), 40), (ferdie(), 40)]);
            assert_eq!(report(eve(), 2, 1), Ok(()));
            assert_eq!(report(ferdie(), 2, 1), Ok(()));
            assert_eq!((bond_of(&eve()), bond_of(&ferdie())), (BOND / 2, BOND / 2));
            assert_eq!(free(&TREASURY), ENDOWMENT + BOND);
        });
    }
}

mod an_offending_invulnerable {
    use super::*;

    #[test]
    fn is_disabled_and_loses_its_seat() {
        build_and_execute(|| {
            report_now(alice());
            assert!(is_disabled(&alice()));
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Offender));
            assert_eq!(free(&alice()), ENDOWMENT);
            assert_noop!(
                ValidatorSet::return_to_duty(signed(alice())),
                Error::<Test>::Offender
            );
            pass_sessions(2);
            assert!(!is_seated(&alice()));
        });
    }

    #[test]
    fn does_not_come_back_as_a_candidate_after_its_dismissal() {
        build_and_execute(|| {
            seated(&[(eve(), 40)]);
            report_now(alice());
            let others = accounts(&INVULNERABLES[1..]).try_into().unwrap();
            assert_ok!(ValidatorSet::set_invulnerables(
                RuntimeOrigin::root(),
                others
            ));
            let until = departure_of(&alice()).until;
            assert_noop!(
                ValidatorSet::register_candidate(signed(alice()), BOND),
                Error::<Test>::StillDeparting
            );
            assert_noop!(
                ValidatorSet::return_to_duty(signed(alice())),
                Error::<Test>::Offender
            );
            advance_to_session(until - 1);
            assert_noop!(
                ValidatorSet::withdraw(signed(alice())),
                Error::<Test>::TooEarly
            );
            advance_to_session(until);
            assert_ok!(ValidatorSet::withdraw(signed(alice())));
            assert_ok!(ValidatorSet::register_candidate(signed(alice()), BOND));
        });
    }

    #[test]
    fn sits_disabled_while_the_minimum_needs_it() {
        build_and_execute(|| {
            let three = accounts(&INVULNERABLES[..3]).try_into().unwrap();
            assert_ok!(ValidatorSet::set_invulnerables(
                RuntimeOrigin::root(),
                three
            ));
            seated(&[(eve(), 40)]);
            assert_ok!(ValidatorSet::leave(signed(eve())));
            report_now(alice());
            pass_sessions(1);
            System::assert_has_event(Event::UnfitSeated { count: 1 }.into());
            pass_sessions(3);
            assert_eq!(Session::validators(), accounts(&INVULNERABLES[..3]));
        });
    }

    #[test]
    fn gives_way_to_a_candidate() {
        build_and_execute(|| {
            let three = accounts(&INVULNERABLES[..3]).try_into().unwrap();
            assert_ok!(ValidatorSet::set_invulnerables(
                RuntimeOrigin::root(),
                three
            ));
            pass_sessions(2);
            report_now(alice());
            pass_sessions(2);
            assert!(is_seated(&alice()));
            seated(&[(eve(), 40)]);
            assert!(is_seated(&eve()));
            assert!(!is_seated(&alice()));
        });
    }
}

#[test]
fn an_offence_counts_through_its_last_session_of_liability() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        advance_to_session(2 + BONDING_DURATION);
        for _ in 1..SESSION_LENGTH {
            next_block();
        }
        assert_eq!(Session::current_index(), 2 + BONDING_DURATION);
        assert_eq!(report(eve(), 2, 1), Ok(()));
        assert_eq!(bond_of(&eve()), BOND * 3 / 4);
        assert!(Penalties::<Test>::contains_key(2, eve()));

        next_block();
        assert_eq!(Session::current_index(), 3 + BONDING_DURATION);
        assert!(!Penalties::<Test>::contains_key(2, eve()));
        let left = departure_of(&eve()).amount;
        assert_eq!(report(eve(), 2, 2), Ok(()));
        assert_eq!(departure_of(&eve()).amount, left);
    });
}

#[test]
fn offences_of_different_sessions_add_up() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        assert_eq!(report(eve(), 1, 1), Ok(()));
        // Ferdie, who has no bond, doubles the fraction of the second round.
        assert_eq!(report(eve(), 2, 2), Ok(()));
        assert_eq!(report(ferdie(), 2, 2), Ok(()));
        // A quarter, and half of what was left.
        assert_eq!(bond_of(&eve()), BOND * 3 / 8);
        assert_eq!((free(&ferdie()), on_hold(&ferdie())), (ENDOWMENT, 0));
    });
}
