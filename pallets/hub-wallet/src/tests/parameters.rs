//! Limits: their bounds, and that nothing that runs changes.

use crate::{Error, Event, Limits, mock::*};
use ergon_primitives::{ERG, HubPhase};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Permill};

fn set(change: impl FnOnce(&mut Limits)) {
    let mut limits = HubWallet::limits();
    change(&mut limits);
    assert_ok!(HubWallet::set_parameters(RuntimeOrigin::root(), limits));
}

#[test]
fn limits_are_those_of_genesis_at_first() {
    build_and_execute(|| {
        assert_eq!(HubWallet::limits(), limits());
        let (least, most) = HubWallet::bounds();
        assert_eq!(
            (least.maturity, most.maturity),
            (MATURITY / 2, 2 * MATURITY)
        );
        assert_eq!(most.fee_share, Permill::from_percent(5));
    });
}

#[test]
fn the_parameters_origin_sets_them() {
    build_and_execute(|| {
        let mut limits = limits();
        limits.lock_share = Permill::from_percent(10);
        assert_noop!(
            HubWallet::set_parameters(signed(ALICE), limits.clone()),
            DispatchError::BadOrigin
        );
        assert_ok!(HubWallet::set_parameters(
            RuntimeOrigin::root(),
            limits.clone()
        ));
        assert_eq!(HubWallet::limits(), limits);
        System::assert_last_event(
            Event::ParametersSet {
                limits: limits.clone(),
            }
            .into(),
        );
        registered();
        pay(10 * ERG);
        assert_eq!((hub().locked, hub().approved), (ERG, 9 * ERG));
    });
}

#[test]
fn bounds_are_those_of_genesis_for_ever() {
    build_and_execute(|| {
        set(|limits| limits.quarantine_period = QUARANTINE_PERIOD / 2);
        for period in [QUARANTINE_PERIOD / 2 - 1, 2 * QUARANTINE_PERIOD + 1, 0] {
            let mut limits = limits();
            limits.quarantine_period = period;
            assert_noop!(
                HubWallet::set_parameters(RuntimeOrigin::root(), limits),
                Error::<Test>::OutOfBounds
            );
        }
        set(|limits| limits.quarantine_period = 2 * QUARANTINE_PERIOD);
    });
}

#[test]
fn limits_must_not_contradict_each_other() {
    build_and_execute(|| {
        // Each is in its bounds, but anyone could end a suspicion before a ban is possible.
        let mut limits = limits();
        limits.ban_period = 2 * BAN_PERIOD;
        assert!(limits.ban_period >= limits.rehabilitation_period);
        assert_noop!(
            HubWallet::set_parameters(RuntimeOrigin::root(), limits),
            Error::<Test>::OutOfBounds
        );
    });
}

#[test]
fn what_runs_keeps_its_periods() {
    build_and_execute(|| {
        registered();
        pay(10 * ERG);
        set(|limits| {
            limits.payout_period *= 2;
            limits.maturity /= 2;
            limits.registration_freeze *= 2;
        });
        let payday = 1 + PAYOUT_PERIOD;
        assert_eq!(phase(), HubPhase::Registered { since: 1, payday });
        assert_eq!(hub().frozen, FREEZE);
        advance_to(MATURITY);
        assert_eq!(HubWallet::pullable(ALICE, PAYEE), 0);
        advance_to(1 + MATURITY);
        assert_eq!(HubWallet::pullable(ALICE, PAYEE), 7 * ERG);
        assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
        let before = case();
        set(|limits| {
            limits.lapse_period /= 2;
            limits.ban_period /= 2;
            limits.rehabilitation_period *= 2;
        });
        assert_eq!(case(), before);
    });
}

#[test]
fn a_shorter_maturity_overtakes() {
    build_and_execute(|| {
        registered();
        pay(10 * ERG);
        set(|limits| limits.maturity = MATURITY / 2);
        advance_to(2);
        pay(20 * ERG);
        advance_to(2 + MATURITY / 2);
        assert_eq!(HubWallet::pullable(ALICE, PAYEE), 14 * ERG);
        assert_ok!(HubWallet::do_try_state());
    });
}

#[test]
#[should_panic(expected = "the limits of hubs must be positive and in order")]
fn an_unsound_genesis_is_refused() {
    use frame_support::traits::BuildGenesisConfig;
    new_test_ext().execute_with(|| {
        let mut limits = limits();
        limits.rehabilitation_period = limits.ban_period;
        crate::GenesisConfig::<Test> {
            limits,
            ..Default::default()
        }
        .build();
    });
}
