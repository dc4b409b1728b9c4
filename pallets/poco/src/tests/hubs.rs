//! Tasks that run while the hub of their pool is tried.

use crate::mock::*;
use ergon_primitives::{AccountId, Balance, MILLI_ERG, TaskStatus, traits::Deals as _};
use frame_support::{assert_noop, assert_ok};

const WALLET: AccountId = AccountId::new([0xdd; 32]);
/// What the operator earns with a task of 1 mERG.
const REWARD: Balance = MILLI_ERG / 100;

/// The pool is bound to a hub whose wallet exists.
fn bind() {
    assert_ok!(Balances::transfer_keep_alive(
        signed(ANYONE),
        WALLET,
        MILLI_ERG
    ));
    Hub::set(Some(TestHub {
        wallet: WALLET,
        is_registered: true,
        barred: vec![],
    }));
}

fn set_hub(change: impl FnOnce(&mut TestHub)) {
    Hub::mutate(|hub| change(hub.as_mut().expect("the pool is bound")));
}

#[test]
fn a_suspended_hubs_tasks_end_as_others_do() {
    build_and_execute(|| {
        bind();
        let scene = terms().volume(2).deal();
        let operators = money_of(&operator());
        scene.votes(0..2, success(1));
        set_hub(|hub| hub.is_registered = false);

        // One task had votes, the other one gets its first now.
        scene.reveals(0..2, success(1));
        let second = scene.at(1);
        second.votes(0..2, success(2)).reveals(0..2, success(2));
        for task in [scene.task(), second.task()] {
            assert!(matches!(task.status, TaskStatus::Settled { .. }));
        }
        // Two workers share 99 %.
        for number in 0..2 {
            let earned = 2 * (MILLI_ERG - REWARD) / 2;
            assert_eq!(money_of(&owner(number)), WEALTH - BOND + earned);
        }
        assert_eq!(money_of(&WALLET), MILLI_ERG + 2 * REWARD);
        let stakes = 2 * Market::deal(scene.id).unwrap().operator_stake;
        assert_eq!(money_of(&operator()), operators + stakes);
    });
}

/// Who is barred gets out what is its own.
#[test]
fn a_barred_worker_reveals_is_paid_and_unbonds() {
    build_and_execute(|| {
        bind();
        let scene = terms().deal();
        scene.votes(0..2, success(1));
        set_hub(|hub| hub.barred = vec![owner(0)]);
        scene.reveals(0..2, success(1));
        let earned = (MILLI_ERG - REWARD) / 2;
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + earned);

        assert_noop!(
            WorkerStaking::bond_extra(signed(owner(0)), worker(0), 1),
            pallet_worker_staking::Error::<Test>::Barred
        );
        assert_ok!(WorkerStaking::leave(signed(owner(0)), worker(0)));
        assert_ok!(WorkerStaking::unbond(signed(owner(0)), worker(0), BOND));
        advance(100);
        assert_ok!(WorkerStaking::withdraw(signed(owner(0)), worker(0)));
        assert_eq!(money_of(&owner(0)), WEALTH + earned);
    });
}
