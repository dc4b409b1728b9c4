//! Worker keys have accounts as long as they have bonds, and no longer.

use crate::{Bonds, Error, mock::*};
use ergon_primitives::{AccountId, ERG};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

fn withdraw_everything(worker: &AccountId) -> DispatchResult {
    assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), BOND));
    advance_to(1 + BONDING_DURATION);
    WorkerStaking::withdraw(signed(ALICE), worker.clone())
}

fn change(old: &AccountId) -> DispatchResult {
    WorkerStaking::set_worker_key(
        signed(ALICE),
        old.clone(),
        OTHER_MACHINE.to_account_id(),
        proof(OTHER_MACHINE, &ALICE),
    )
}

/// Lets something rely on the account, as a hold on its money does.
fn rely_on(worker: &AccountId) {
    assert_ok!(System::inc_consumers(worker));
}

#[test]
fn a_bond_keeps_an_account_without_money() {
    build_and_execute(|| {
        let worker = MACHINE.to_account_id();
        assert!(!System::account_exists(&worker));
        bonded(MACHINE, ALICE);
        assert!(System::account_exists(&worker));
        assert_eq!((System::providers(&worker), free(&worker)), (1, 0));
    });
}

#[test]
fn the_account_goes_with_the_bond() {
    build_and_execute(|| {
        let worker = bonded(MACHINE, ALICE);
        assert_ok!(WorkerStaking::unbond(signed(ALICE), worker.clone(), ERG));
        advance_to(1 + BONDING_DURATION);
        assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
        assert_eq!(System::providers(&worker), 1);
        assert_ok!(WorkerStaking::unbond(
            signed(ALICE),
            worker.clone(),
            BOND - ERG
        ));
        advance_to(1 + 2 * BONDING_DURATION);
        assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
        assert!(!System::account_exists(&worker));
    });
}

#[test]
fn an_account_with_money_stays() {
    build_and_execute(|| {
        let worker = bonded(MACHINE, ALICE);
        set_free(&worker, ERG);
        assert_eq!(System::providers(&worker), 2);
        assert_ok!(withdraw_everything(&worker));
        assert_eq!((System::providers(&worker), free(&worker)), (1, ERG));
    });
}

#[test]
fn the_reference_follows_the_key() {
    build_and_execute(|| {
        let (old, new) = (joined(), OTHER_MACHINE.to_account_id());
        assert_ok!(change(&old));
        assert!(!System::account_exists(&old));
        assert_eq!(System::providers(&new), 1);
    });
}

#[test]
fn a_key_in_use_keeps_the_bond_but_not_the_money() {
    build_and_execute(|| {
        let worker = joined();
        rely_on(&worker);
        assert_ok!(withdraw_everything(&worker));
        assert_eq!((on_hold(&ALICE), free(&ALICE)), (0, ENDOWMENT));
        assert_eq!(bond_of(&worker).held(), 0);
        System::assert_last_event(
            crate::Event::Withdrawn {
                worker: worker.clone(),
                amount: BOND,
                removed: false,
            }
            .into(),
        );
        assert_noop!(
            WorkerStaking::withdraw(signed(ALICE), worker.clone()),
            Error::<Test>::WorkerKeyInUse
        );
        // The existential deposit keeps the account as well as the bond does.
        set_free(&worker, EXISTENTIAL_DEPOSIT);
        assert_ok!(WorkerStaking::withdraw(signed(ALICE), worker.clone()));
        assert_eq!(Bonds::<Test>::get(&worker), None);
        assert!(System::account_exists(&worker));
    });
}

#[test]
fn a_key_in_use_is_not_replaced_before_its_account_has_money() {
    build_and_execute(|| {
        let worker = joined();
        rely_on(&worker);
        assert_noop!(change(&worker), Error::<Test>::WorkerKeyInUse);
        set_free(&worker, EXISTENTIAL_DEPOSIT);
        assert_ok!(change(&worker));
        assert_eq!(System::providers(&worker), 1);
    });
}
