//! Session keys: proof of possession, and no way out of the set by dropping them.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_candidate_proves_that_it_has_its_keys() {
    build_and_execute(|| {
        let (keys, proof) = generated_keys(&KEYLESS);
        assert_ok!(Session::set_keys(signed(KEYLESS), keys, proof));
        assert_ok!(ValidatorSet::register_candidate(
            signed(KEYLESS),
            MINIMUM_BOND
        ));
        pass_sessions(2);
        assert!(is_seated(&KEYLESS));
    });
}

#[test]
fn nobody_registers_anothers_keys() {
    build_and_execute(|| {
        let (keys, proof) = generated_keys(&alice());
        assert_noop!(
            Session::set_keys(signed(KEYLESS), keys, proof),
            pallet_session::Error::<Test>::InvalidProof
        );
        assert_noop!(
            ValidatorSet::register_candidate(signed(KEYLESS), MINIMUM_BOND),
            Error::<Test>::NoSessionKeys
        );
    });
}

#[test]
fn a_stranger_purges_its_keys_and_gets_the_deposit_back() {
    build_and_execute(|| {
        let (keys, proof) = generated_keys(&KEYLESS);
        assert_ok!(Session::set_keys(signed(KEYLESS), keys, proof));
        assert_eq!(free(&KEYLESS), ENDOWMENT - KEY_DEPOSIT);
        assert_ok!(ValidatorSet::purge_keys(signed(KEYLESS)));
        assert_eq!(free(&KEYLESS), ENDOWMENT);
        System::assert_last_event(Event::KeysPurged { account: KEYLESS }.into());
        assert_noop!(
            ValidatorSet::purge_keys(signed(KEYLESS)),
            pallet_session::Error::<Test>::NoKeys
        );
    });
}

#[test]
fn members_and_validators_keep_their_keys() {
    build_and_execute(|| {
        let purge = |who| ValidatorSet::purge_keys(signed(who));
        assert_noop!(purge(alice()), Error::<Test>::KeysInUse);
        assert_ok!(ValidatorSet::register_candidate(
            signed(eve()),
            MINIMUM_BOND
        ));
        assert_noop!(purge(eve()), Error::<Test>::KeysInUse);

        pass_sessions(2);
        assert_ok!(ValidatorSet::leave(signed(eve())));
        assert_noop!(purge(eve()), Error::<Test>::KeysInUse);
        pass_sessions(1);
        assert_noop!(purge(eve()), Error::<Test>::KeysInUse);
        pass_sessions(1);
        assert_ok!(purge(eve()));
    });
}
