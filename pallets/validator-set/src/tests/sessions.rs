//! The rotation of sessions.

use crate::mock::*;
use ergon_primitives::ERG;
use frame_support::{
    assert_ok,
    traits::{EstimateNextSessionRotation as _, Get as _},
};
use pallet_session::historical::HistoricalSessions;

#[test]
fn begin_with_the_invulnerables_of_the_genesis() {
    build_and_execute(|| {
        assert_eq!(Session::validators(), accounts(&INVULNERABLES));
        assert_eq!(ValidatorSet::planned_validators(), accounts(&INVULNERABLES));
        let authorities = Grandpa::grandpa_authorities();
        assert_eq!(authorities.len(), INVULNERABLES.len());
    });
}

#[test]
fn are_as_long_as_the_genesis_says() {
    build_and_execute(|| {
        assert_eq!(crate::SessionLength::<Test>::get(), SESSION_LENGTH);
        assert_eq!(
            <Test as pallet_session::Config>::NextSessionRotation::average_session_length(),
            SESSION_LENGTH
        );
        pass_sessions(1);
        assert_eq!(System::block_number(), SESSION_LENGTH);
    });
}

#[test]
fn seat_a_candidate_in_the_session_after_the_next() {
    build_and_execute(|| {
        assert_ok!(ValidatorSet::register_candidate(
            signed(eve()),
            MINIMUM_BOND
        ));
        pass_sessions(1);
        assert!(!is_seated(&eve()));
        pass_sessions(1);
        assert_eq!(Session::validators(), invulnerables_and(&[eve()]));
    });
}

#[test]
fn change_the_finality_set_only_with_the_validators_or_their_keys() {
    build_and_execute(|| {
        pass_sessions(3);
        assert_eq!(Grandpa::current_set_id(), 0);

        assert_ok!(ValidatorSet::register_candidate(
            signed(eve()),
            MINIMUM_BOND
        ));
        pass_sessions(2);
        assert_eq!(Grandpa::current_set_id(), 1);
        // A higher bond changes neither.
        assert_ok!(ValidatorSet::bond_extra(signed(eve()), ERG));
        pass_sessions(3);
        assert_eq!(Grandpa::current_set_id(), 1);

        let (keys, proof) = generated_keys(&eve());
        assert_ok!(Session::set_keys(signed(eve()), keys, proof));
        pass_sessions(2);
        assert_eq!(Grandpa::current_set_id(), 2);
    });
}

#[test]
fn leave_roots_of_keys_for_as_long_as_offences_count() {
    build_and_execute(|| {
        advance_to_session(BONDING_DURATION + 2);
        assert!(!HistoricalSessions::<Test>::contains_key(1));
        for session in 2..=BONDING_DURATION + 3 {
            assert!(HistoricalSessions::<Test>::contains_key(session));
        }
    });
}

#[test]
fn go_on_with_the_same_validators_when_nobody_could_sit() {
    build_and_execute(|| {
        // More than any call can do: every key is gone.
        let keys: Vec<_> = pallet_session::NextKeys::<Test>::iter().collect();
        for (who, _) in &keys {
            pallet_session::NextKeys::<Test>::remove(who);
        }
        let planned = <ValidatorSet as pallet_session::SessionManager<_>>::new_session(2);
        assert_eq!(planned, None);
        for (who, keys) in keys {
            pallet_session::NextKeys::<Test>::insert(who, keys);
        }
    });
}
