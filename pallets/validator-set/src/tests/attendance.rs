//! Validators that make no blocks.

use crate::{Attendances, Cause, Error, Event, Settings, Standing, mock::*};
use frame_support::{assert_noop, assert_ok};

mod counting {
    use super::*;

    #[test]
    fn knows_who_made_the_blocks_of_the_session() {
        build_and_execute(|| {
            pass_sessions(1);
            for _ in 0..8 {
                next_block();
            }
            for validator in accounts(&INVULNERABLES) {
                let attendance = ValidatorSet::attendance(validator);
                assert_eq!((attendance.authored, attendance.absences), (2, 0));
            }
        });
    }

    #[test]
    fn starts_anew_with_the_first_block() {
        build_and_execute(|| {
            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT - 1);
            assert_eq!(
                ValidatorSet::attendance(alice()).absences,
                ABSENCE_LIMIT - 1
            );
            Offline::set(vec![]);
            pass_sessions(1);
            assert_eq!(ValidatorSet::attendance(alice()).absences, 0);
            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT - 1);
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Fit));
        });
    }

    #[test]
    fn keeps_nothing_of_those_who_are_there() {
        build_and_execute(|| {
            pass_sessions(3);
            assert_eq!(Attendances::<Test>::iter().count(), 0);
        });
    }

    #[test]
    fn blames_nobody_when_too_many_are_absent_for_finality() {
        build_and_execute(|| {
            Offline::set(vec![alice(), dave()]);
            pass_sessions(ABSENCE_LIMIT + 2);
            assert_eq!(ValidatorSet::attendance(alice()).absences, 0);
            assert_eq!(Session::validators(), accounts(&INVULNERABLES));

            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT);
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Absent));
        });
    }

    #[test]
    fn blames_nobody_when_there_are_no_blocks() {
        build_and_execute(|| {
            Offline::set(accounts(&INVULNERABLES));
            pass_sessions(ABSENCE_LIMIT + 2);
            for validator in accounts(&INVULNERABLES) {
                assert_eq!(ValidatorSet::standing(validator), Some(Standing::Fit));
            }
        });
    }
}

mod an_absent_candidate {
    use super::*;

    #[test]
    fn loses_its_candidacy_and_no_money() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            let bond = bond_of(&eve());
            Offline::set(vec![eve()]);
            pass_sessions(ABSENCE_LIMIT - 1);
            assert_eq!(ValidatorSet::standing(eve()), Some(Standing::Fit));
            pass_sessions(1);
            System::assert_has_event(
                Event::ValidatorAbsent {
                    validator: eve(),
                    sessions: ABSENCE_LIMIT,
                }
                .into(),
            );
            let departure = departure_of(&eve());
            assert_eq!((departure.amount, departure.cause), (bond, Cause::Absent));
            // It sits through this session; the bond answers for that.
            assert_eq!(
                departure.until,
                Session::current_index() + 1 + BONDING_DURATION
            );
            assert!(is_seated(&eve()));
            pass_sessions(1);
            assert_eq!(Session::validators(), accounts(&INVULNERABLES));
            assert_eq!(on_hold(&eve()), bond);
        });
    }

    #[test]
    fn comes_back_when_it_wants() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            Offline::set(vec![eve()]);
            pass_sessions(ABSENCE_LIMIT + 1);
            Offline::set(vec![]);
            assert_ok!(ValidatorSet::return_to_duty(signed(eve())));
            pass_sessions(2);
            assert!(is_seated(&eve()));
        });
    }

    #[test]
    fn makes_room_for_the_next() {
        build_and_execute(|| {
            seated(&[(eve(), 30), (ferdie(), 20), (one(), 10)]);
            assert!(!is_seated(&one()));
            Offline::set(vec![eve()]);
            pass_sessions(ABSENCE_LIMIT + 1);
            assert_eq!(Session::validators(), invulnerables_and(&[ferdie(), one()]));
        });
    }
}

mod an_absent_invulnerable {
    use super::*;

    #[test]
    fn is_skipped_until_it_returns_to_duty() {
        build_and_execute(|| {
            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT + 1);
            assert!(!is_seated(&alice()));
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Absent));

            Offline::set(vec![]);
            pass_sessions(3);
            assert!(!is_seated(&alice()));
            assert_ok!(ValidatorSet::return_to_duty(signed(alice())));
            System::assert_last_event(Event::ReturnedToDuty { validator: alice() }.into());
            pass_sessions(2);
            assert!(is_seated(&alice()));
            assert_noop!(
                ValidatorSet::return_to_duty(signed(alice())),
                Error::<Test>::OnDuty
            );
        });
    }

    #[test]
    fn is_fit_again_when_it_makes_blocks_in_its_last_session() {
        build_and_execute(|| {
            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT);
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Absent));
            Offline::set(vec![]);
            pass_sessions(1);
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Fit));
            pass_sessions(2);
            assert!(is_seated(&alice()));
        });
    }

    #[test]
    fn keeps_its_seat_when_the_minimum_needs_it() {
        build_and_execute(|| {
            Settings::<Test>::mutate(|terms| terms.minimum = 4);
            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT);
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Absent));
            System::assert_has_event(Event::UnfitSeated { count: 1 }.into());
            pass_sessions(2);
            assert_eq!(Session::validators(), accounts(&INVULNERABLES));

            // A candidate takes the seat.
            seated(&[(eve(), 30)]);
            assert_eq!(Session::validators().len(), 4);
            assert!(is_seated(&eve()));
            assert!(!is_seated(&alice()));
        });
    }
}
