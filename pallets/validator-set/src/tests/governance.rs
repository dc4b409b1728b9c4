//! What governance decides.

use crate::{Error, Event, Invulnerables, MAX_CANDIDATES, Standing, mock::*};
use ergon_primitives::AccountId;
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_keyring::Ed25519Keyring;
use sp_runtime::DispatchError;

fn set_invulnerables(accounts: Vec<AccountId>) -> DispatchResult {
    ValidatorSet::set_invulnerables(RuntimeOrigin::root(), accounts.try_into().unwrap())
}

mod invulnerables {
    use super::*;

    #[test]
    fn sit_from_the_session_after_the_next_on() {
        build_and_execute(|| {
            let wanted = accounts(&[
                Ed25519Keyring::Alice,
                Ed25519Keyring::Bob,
                Ed25519Keyring::Eve,
            ]);
            assert_ok!(set_invulnerables(wanted.clone()));
            System::assert_last_event(Event::InvulnerablesSet { count: 3 }.into());
            pass_sessions(1);
            assert_eq!(Session::validators(), accounts(&INVULNERABLES));
            pass_sessions(1);
            assert_eq!(Session::validators(), wanted);
        });
    }

    #[test]
    fn without_keys_get_no_seat() {
        build_and_execute(|| {
            assert_ok!(set_invulnerables(invulnerables_and(&[KEYLESS])));
            pass_sessions(2);
            assert_eq!(Session::validators(), accounts(&INVULNERABLES));
        });
    }

    #[test]
    fn are_never_too_few() {
        build_and_execute(|| {
            let two = accounts(&INVULNERABLES[..2]);
            assert_noop!(
                set_invulnerables(two.clone()),
                Error::<Test>::TooFewValidators
            );
            let mut keyless = two.clone();
            keyless.push(KEYLESS);
            assert_noop!(set_invulnerables(keyless), Error::<Test>::TooFewValidators);
            // A candidate makes up for one.
            seated(&[(eve(), 30)]);
            assert_ok!(set_invulnerables(two));
        });
    }

    #[test]
    fn are_named_once_each() {
        build_and_execute(|| {
            assert_noop!(
                set_invulnerables(invulnerables_and(&[alice()])),
                Error::<Test>::DuplicateInvulnerable
            );
        });
    }

    #[test]
    fn are_fit_when_they_are_named_again() {
        build_and_execute(|| {
            Offline::set(vec![alice()]);
            pass_sessions(ABSENCE_LIMIT);
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Absent));
            assert_ok!(set_invulnerables(accounts(&INVULNERABLES)));
            assert_eq!(ValidatorSet::standing(alice()), Some(Standing::Fit));
            assert_eq!(ValidatorSet::attendance(alice()).absences, 0);
        });
    }

    #[test]
    fn keep_the_bond_that_they_had_as_candidates() {
        build_and_execute(|| {
            seated(&[(eve(), 30)]);
            assert_ok!(set_invulnerables(invulnerables_and(&[eve()])));
            pass_sessions(2);
            assert_eq!(Session::validators(), invulnerables_and(&[eve()]));
            assert_ok!(ValidatorSet::leave(signed(eve())));
            pass_sessions(2);
            assert!(is_seated(&eve()));
        });
    }

    #[test]
    fn are_governances_to_name() {
        build_and_execute(|| {
            assert_noop!(
                ValidatorSet::set_invulnerables(signed(alice()), Default::default()),
                DispatchError::BadOrigin
            );
            assert_eq!(Invulnerables::<Test>::get().len(), INVULNERABLES.len());
        });
    }
}

mod seats {
    use super::*;

    #[test]
    fn are_as_many_as_governance_says() {
        build_and_execute(|| {
            seated(&[(eve(), 30), (ferdie(), 20), (one(), 10)]);
            assert_eq!(Session::validators(), invulnerables_and(&[eve(), ferdie()]));
            assert_ok!(ValidatorSet::set_desired_candidates(
                RuntimeOrigin::root(),
                1
            ));
            System::assert_last_event(Event::DesiredCandidatesSet { count: 1 }.into());
            pass_sessions(2);
            assert_eq!(Session::validators(), invulnerables_and(&[eve()]));
        });
    }

    #[test]
    fn are_at_most_as_many_as_candidates_can_be() {
        build_and_execute(|| {
            let set = |count| ValidatorSet::set_desired_candidates(RuntimeOrigin::root(), count);
            assert_noop!(set(MAX_CANDIDATES + 1), Error::<Test>::TooManySeats);
            assert_ok!(set(MAX_CANDIDATES));
            assert_noop!(
                ValidatorSet::set_desired_candidates(signed(alice()), 1),
                DispatchError::BadOrigin
            );
        });
    }
}
