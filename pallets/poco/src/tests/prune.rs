//! Removal of ended deals.

use crate::{Error, MAX_PRUNED, Revocations, Revoked, Tasks, WeightInfo, mock::*};
use ergon_primitives::{DealId, traits::Deals};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

fn prune(scene: &Scene, limit: u32) -> frame_support::dispatch::DispatchResult {
    Poco::prune_deal(signed(ANYONE), scene.id, limit)
}

/// A deal whose tasks have all settled in this block.
fn ended(volume: u32) -> Scene {
    let scene = terms().volume(volume).deal();
    for index in 0..volume {
        scene
            .at(index)
            .votes(0..2, success(1))
            .reveals(0..2, success(1));
    }
    scene
}

fn tasks_of(scene: &Scene) -> usize {
    Tasks::<Test>::iter_key_prefix(scene.id).count()
}

#[test]
fn removes_everything_of_the_deal() {
    build_and_execute(|| {
        let scene = ended(3);
        advance(RETENTION);
        assert_ok!(prune(&scene, MAX_PRUNED));
        assert_eq!(tasks_of(&scene), 0);
        assert_eq!(
            (Market::deal(scene.id), Market::status(scene.id)),
            (None, None)
        );
        assert_eq!(
            pallet_reputation::LastScored::<Test>::iter_prefix(scene.id).count(),
            0
        );
        assert_eq!(events().pop(), Some(Event::DealPruned { deal: scene.id }));
    });
}

#[test]
fn removes_at_most_the_limit_a_call() {
    build_and_execute(|| {
        let scene = ended(3);
        advance(RETENTION);
        assert_ok!(prune(&scene, 1));
        assert_eq!(tasks_of(&scene), 2);
        assert!(Market::deal(scene.id).is_some());
        assert_ok!(prune(&scene, 0));
        assert_eq!(tasks_of(&scene), 1, "a limit of 0 counts as 1");
        assert_ok!(prune(&scene, u32::MAX));
        assert_eq!(Market::deal(scene.id), None);
    });
}

#[test]
fn removes_revocations_too() {
    build_and_execute(|| {
        let scene = terms().authorised().deal();
        for number in 10..13 {
            assert_ok!(scene.revoke(number));
        }
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        advance(RETENTION);
        for left in [2, 1] {
            assert_ok!(prune(&scene, 1));
            assert_eq!(Revocations::<Test>::get(scene.id), left);
            assert_eq!(
                Revoked::<Test>::iter_key_prefix(scene.id).count(),
                left as usize
            );
            assert!(Market::deal(scene.id).is_some());
        }
        // Two score records went with them.
        assert_ok!(prune(&scene, 1));
        assert!(!Revocations::<Test>::contains_key(scene.id));
        assert_eq!(Revoked::<Test>::iter_key_prefix(scene.id).count(), 0);
        assert_eq!(Market::deal(scene.id), None);
    });
}

#[test]
fn leaves_other_deals_alone() {
    build_and_execute(|| {
        let (old, other) = (ended(1), ended(1));
        advance(RETENTION);
        assert_ok!(prune(&old, MAX_PRUNED));
        assert_eq!(Market::deal(old.id), None);
        assert_eq!(tasks_of(&other), 1);
        assert!(Market::deal(other.id).is_some());
    });
}

/// A pruned task must not come to life again: it would be paid twice.
#[test]
fn leaves_nothing_to_do_in_a_half_pruned_deal() {
    build_and_execute(|| {
        let scene = ended(2);
        advance(RETENTION);
        assert_ok!(prune(&scene, 1));
        assert!(System::block_number() < scene.deal.contribution_deadline());
        for scene in [scene.at(0), scene.at(1)] {
            assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
            assert_noop!(scene.reveal(0, success(1)), Refusal::NotRevealing);
            assert_noop!(scene.finalise(), Refusal::NotRevealing);
            assert_noop!(scene.reopen(), Refusal::NotRevealing);
        }
        advance_to(scene.deal.final_deadline());
        assert_noop!(scene.at(0).claim(), Refusal::AlreadyEnded);
        assert_noop!(scene.at(1).claim(), Refusal::AlreadyEnded);
    });
}

#[test]
fn costs_by_its_limit() {
    build_and_execute(|| {
        let deal = DealId(H256::zero());
        let weight = |limit| {
            crate::Call::<Test>::prune_deal { deal, limit }
                .get_dispatch_info()
                .call_weight
        };
        assert_eq!(weight(0), <() as WeightInfo>::prune_deal(1));
        assert_eq!(weight(7), <() as WeightInfo>::prune_deal(7));
        assert_eq!(weight(u32::MAX), <() as WeightInfo>::prune_deal(MAX_PRUNED));
    });
}

#[test]
fn fails_while_a_task_is_open() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        advance_to(1_000_000);
        assert_noop!(prune(&scene, 1), Refusal::DealOpen);
    });
}

#[test]
fn fails_one_block_too_early() {
    build_and_execute(|| {
        let scene = ended(1);
        advance(RETENTION - 1);
        assert_noop!(prune(&scene, 1), Refusal::StillRetained);
        advance(1);
        assert_ok!(prune(&scene, 2));
        assert_eq!(Market::deal(scene.id), None);
    });
}

#[test]
fn fails_for_an_unknown_deal() {
    build_and_execute(|| {
        let mut scene = ended(1);
        scene.id = DealId(H256::zero());
        assert_noop!(prune(&scene, 1), Refusal::NoSuchDeal);
    });
}
