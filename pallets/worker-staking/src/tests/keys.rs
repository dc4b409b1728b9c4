//! Proofs of possession and changes of worker keys.

use crate::{Bonds, Error, Event, PoolMembers, mock::*};
use ergon_primitives::{AccountId, Membership, Signature, possession_text};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;
use sp_keyring::Sr25519Keyring;

mod proof_of_possession {
    use super::*;

    fn bond_with(worker: AccountId, proof: Signature) -> DispatchResult {
        WorkerStaking::bond(signed(ALICE), worker, BOND, proof)
    }

    #[test]
    fn must_be_for_this_owner() {
        build_and_execute(|| {
            assert_noop!(
                bond_with(MACHINE.to_account_id(), proof(MACHINE, &BOB)),
                Error::<Test>::BadProof
            );
        });
    }

    #[test]
    fn must_be_by_this_machine() {
        build_and_execute(|| {
            assert_noop!(
                bond_with(MACHINE.to_account_id(), proof(OTHER_MACHINE, &ALICE)),
                Error::<Test>::BadProof
            );
        });
    }

    #[test]
    fn must_be_for_this_chain() {
        build_and_execute(|| {
            let elsewhere = possession_text(H256::repeat_byte(0xee), &ALICE);
            let proof = Signature::Ed25519(MACHINE.sign(elsewhere.as_bytes()));
            assert_noop!(
                bond_with(MACHINE.to_account_id(), proof),
                Error::<Test>::BadProof
            );
        });
    }

    #[test]
    fn must_be_of_an_ed25519_key() {
        build_and_execute(|| {
            let person = Sr25519Keyring::Charlie;
            let proof = Signature::Sr25519(person.sign(text(&ALICE).as_bytes()));
            assert_noop!(
                bond_with(person.to_account_id(), proof),
                Error::<Test>::BadProof
            );
        });
    }
}

mod set_worker_key {
    use super::*;

    fn change(old: AccountId) -> DispatchResult {
        WorkerStaking::set_worker_key(
            signed(ALICE),
            old,
            OTHER_MACHINE.to_account_id(),
            proof(OTHER_MACHINE, &ALICE),
        )
    }

    #[test]
    fn moves_bond_membership_and_score() {
        build_and_execute(|| {
            let (old, new) = (joined(), OTHER_MACHINE.to_account_id());
            advance_to(9);
            assert_ok!(change(old.clone()));
            assert_eq!(Bonds::<Test>::get(&old), None);
            assert_eq!(bond_of(&new).amount, BOND);
            assert_eq!(
                membership_of(&new),
                Some(Membership {
                    pool: POOL,
                    since: 9
                })
            );
            assert!(!PoolMembers::<Test>::contains_key(POOL, &old));
            assert!(PoolMembers::<Test>::contains_key(POOL, &new));
            assert_eq!(Renamed::get(), [(old.clone(), new.clone())]);
            System::assert_last_event(Event::WorkerKeyChanged { old, new }.into());
        });
    }

    #[test]
    fn works_outside_of_pools() {
        build_and_execute(|| {
            assert_ok!(change(bonded(MACHINE, ALICE)));
            assert_eq!(membership_of(&OTHER_MACHINE.to_account_id()), None);
        });
    }

    #[test]
    fn is_refused_while_stake_is_locked() {
        build_and_execute(|| {
            let worker = locked(1);
            assert_noop!(change(worker), Error::<Test>::StakeLocked);
        });
    }

    #[test]
    fn is_refused_for_a_bonded_key() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::set_worker_key(
                    signed(ALICE),
                    worker.clone(),
                    worker.clone(),
                    proof(MACHINE, &ALICE)
                ),
                Error::<Test>::AlreadyBonded
            );
            bonded(OTHER_MACHINE, BOB);
            assert_noop!(change(worker), Error::<Test>::AlreadyBonded);
        });
    }

    #[test]
    fn needs_the_new_keys_proof() {
        build_and_execute(|| {
            let worker = bonded(MACHINE, ALICE);
            assert_noop!(
                WorkerStaking::set_worker_key(
                    signed(ALICE),
                    worker,
                    OTHER_MACHINE.to_account_id(),
                    proof(MACHINE, &ALICE)
                ),
                Error::<Test>::BadProof
            );
        });
    }

    #[test]
    fn is_refused_without_bond_or_ownership() {
        build_and_execute(|| {
            assert_noop!(change(MACHINE.to_account_id()), Error::<Test>::NoSuchBond);
            let worker = bonded(MACHINE, BOB);
            assert_noop!(change(worker), Error::<Test>::NotOwner);
        });
    }
}
