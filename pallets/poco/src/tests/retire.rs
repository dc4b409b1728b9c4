//! Removal of ended deals, by anybody and by idle blocks.

use super::sweep::{agenda, callbacks_first, looks};
use crate::{Error, MAX_PRUNED, Progress, Revocations, Revoked, TaskPages, WeightInfo, mock::*};
use ergon_primitives::{BlockNumber, DealId, TASKS_PER_PAGE as PAGE, Verification, traits::Deals};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResult, GetDispatchInfo},
    weights::Weight,
};
use sp_core::H256;
use sp_io::hashing::twox_128;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;
type Weights = <Test as crate::Config>::WeightInfo;

fn prune(scene: &Scene, limit: u32) -> DispatchResult {
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

/// A deal with three pages that has ended in this block, its final deadline.
fn ended_with_three_pages() -> Scene {
    let scene = terms().volume(3 * PAGE).deal();
    for index in [0, PAGE, 2 * PAGE] {
        scene.at(index).votes([0], success(1));
    }
    advance_to(scene.deal.final_deadline());
    idle(Weight::MAX);
    scene
}

fn pages_of(scene: &Scene) -> usize {
    TaskPages::<Test>::iter_key_prefix(scene.id).count()
}

fn is_on_record(scene: &Scene) -> bool {
    Market::deal(scene.id).is_some()
}

/// Every key that the pallet has in storage.
fn keys() -> Vec<Vec<u8>> {
    let prefix = twox_128(b"Poco").to_vec();
    std::iter::successors(Some(prefix.clone()), |key| sp_io::storage::next_key(key))
        .skip(1)
        .take_while(|key| key.starts_with(&prefix))
        .collect()
}

mod idle_blocks {
    use super::*;

    #[test]
    fn remove_a_deal_after_the_retention_period_and_not_a_block_earlier() {
        build_and_execute(|| {
            let scene = ended(3);
            advance(RETENTION - 1);
            idle(Weight::MAX);
            assert!(is_on_record(&scene));
            advance(1);
            idle(Weight::MAX);
            assert!(!is_on_record(&scene));
            assert_eq!(Market::status(scene.id), None);
            assert_eq!(events().pop(), Some(Event::DealPruned { deal: scene.id }));
        });
    }

    #[test]
    fn leave_nothing_of_any_deal() {
        build_and_execute(|| {
            let before = keys();
            // Settled, silent, half revealed, without consensus, and never touched.
            let scene = terms().workers(5).volume(3 * PAGE).authorised().deal();
            for index in [0, 1, 2] {
                scene.at(index).votes(0..2, success(1));
            }
            scene.at(0).reveals(0..2, success(1));
            scene.at(2).reveals([0], success(1));
            let other_page = scene.at(PAGE + 1);
            other_page.votes([2], success(1)).votes([3], success(2));
            assert_ok!(scene.revoke(4));
            ended(2);
            let blind = Verification::Blind { voters: 2 };
            terms().verification(blind).deal();
            assert!(keys().len() > before.len());

            live_through(scene.deal.final_deadline() + RETENTION);
            assert_eq!(keys(), before);
            assert_eq!(pallet_market::Deals::<Test>::iter_keys().count(), 0);
            assert_eq!(pallet_market::DealStatuses::<Test>::iter_keys().count(), 0);
            assert_eq!(pallet_escrow::Accounts::<Test>::iter_keys().count(), 0);
            assert_eq!(
                pallet_reputation::LastScored::<Test>::iter_keys().count(),
                0
            );
        });
    }

    #[test]
    fn leave_nothing_when_they_come_late() {
        build_and_execute(|| {
            let before = keys();
            let scene = terms().volume(3 * PAGE).deal();
            for index in [0, PAGE, 2 * PAGE] {
                scene.at(index).votes(0..2, success(1));
            }
            advance_to(scene.deal.final_deadline() + 1_000);
            idle(Weight::MAX);
            advance(RETENTION);
            idle(Weight::MAX);
            assert!(!is_on_record(&scene));
            assert_eq!(keys(), before);
        });
    }

    #[test]
    fn drop_what_is_still_on_the_agenda_when_it_is_due() {
        build_and_execute(|| {
            let scene = ended(1);
            let overdue = scene.deal.reveal_deadline(System::block_number());
            advance(RETENTION);
            idle(Weight::MAX);
            assert!(!is_on_record(&scene));
            assert_eq!(agenda().len(), 1, "reveals that came in time");
            advance_to(overdue);
            idle(Weight::MAX);
            assert!(agenda().is_empty());
        });
    }

    #[test]
    fn find_nothing_to_do_when_somebody_was_quicker() {
        build_and_execute(|| {
            let scene = ended(1);
            advance(RETENTION);
            assert_ok!(prune(&scene, MAX_PRUNED));
            assert_eq!(agenda().len(), 1, "the removal is off the agenda");
            assert_eq!(idle(Weight::MAX), looks());
        });
    }

    #[test]
    fn go_on_where_the_last_one_had_no_weight_left() {
        build_and_execute(|| {
            let scene = terms().authorised().deal();
            for number in 10..14 {
                assert_ok!(scene.revoke(number));
            }
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            advance_to(callbacks_first(System::block_number() + RETENTION));
            for left in [2, 0] {
                let enough = looks() + Weights::prune_deal(2);
                assert_eq!(idle(enough), enough);
                assert_eq!(Revocations::<Test>::get(scene.id), left);
            }
            assert!(!is_on_record(&scene));
        });
    }

    #[test]
    fn need_weight_for_one_record_of_each_kind() {
        build_and_execute(|| {
            let scene = ended(1);
            advance_to(callbacks_first(System::block_number() + RETENTION));
            let enough = looks() + Weights::prune_deal(1);
            idle(enough - Weight::from_parts(1, 0));
            assert_eq!(pages_of(&scene), 1);
            idle(enough - Weight::from_parts(0, 1));
            assert_eq!(pages_of(&scene), 1);
            assert_eq!(idle(enough), enough);
            assert_eq!(pages_of(&scene), 0);
            assert!(is_on_record(&scene), "the second score record is left");
            idle(enough);
            assert!(!is_on_record(&scene));
        });
    }
}

mod prune_deal {
    use super::*;

    #[test]
    fn removes_everything_of_the_deal() {
        build_and_execute(|| {
            let scene = ended(3);
            advance(RETENTION);
            assert_ok!(prune(&scene, MAX_PRUNED));
            assert_eq!(pages_of(&scene), 0);
            assert!(!Progress::<Test>::contains_key(scene.id));
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
            let scene = ended_with_three_pages();
            advance(RETENTION);
            assert_ok!(prune(&scene, 1));
            assert_eq!(pages_of(&scene), 2);
            assert!(is_on_record(&scene));
            assert_ok!(prune(&scene, 0));
            assert_eq!(pages_of(&scene), 1, "a limit of 0 counts as 1");
            assert_ok!(prune(&scene, u32::MAX));
            assert!(!is_on_record(&scene));
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
                assert!(is_on_record(&scene));
            }
            // Two score records went with them.
            assert_ok!(prune(&scene, 1));
            assert!(!Revocations::<Test>::contains_key(scene.id));
            assert_eq!(Revoked::<Test>::iter_key_prefix(scene.id).count(), 0);
            assert!(!is_on_record(&scene));
        });
    }

    #[test]
    fn leaves_other_deals_alone() {
        build_and_execute(|| {
            let (old, other) = (ended(1), ended(1));
            advance(RETENTION);
            assert_ok!(prune(&old, MAX_PRUNED));
            assert!(!is_on_record(&old));
            assert_eq!(pages_of(&other), 1);
            assert!(is_on_record(&other));
        });
    }

    /// A pruned task must not come to life again: it would be paid twice.
    #[test]
    fn leaves_nothing_to_do_in_a_half_pruned_deal() {
        build_and_execute(|| {
            let scene = terms().authorised().deal();
            for number in 10..13 {
                assert_ok!(scene.revoke(number));
            }
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            advance(RETENTION);
            assert_ok!(prune(&scene, 1));
            assert_eq!(pages_of(&scene), 0);
            assert!(is_on_record(&scene));
            assert!(System::block_number() < scene.deal.contribution_deadline());
            let tasks = |refused: BlockNumber| {
                advance_to(refused);
                assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
                assert_noop!(scene.reveal(0, success(1)), Refusal::NotRevealing);
                assert_noop!(scene.finalise(), Refusal::NotRevealing);
                assert_noop!(scene.reopen(), Refusal::NotRevealing);
                assert_noop!(scene.claim(), Refusal::AlreadyEnded);
            };
            tasks(System::block_number());
            tasks(scene.deal.final_deadline());
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
            assert_eq!(weight(0), Weights::prune_deal(1));
            assert_eq!(weight(7), Weights::prune_deal(7));
            assert_eq!(weight(u32::MAX), Weights::prune_deal(MAX_PRUNED));
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
            assert!(!is_on_record(&scene));
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
}
