//! Winning groups that stay silent.

use crate::{Error, mock::*};
use ergon_primitives::{DealId, MAX_CONTRIBUTORS, MILLI_ERG, TaskStatus, VoteStatus};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

/// Workers 0 and 1 with high scores win against workers 2 and 3, who would win without them.
fn favourites_before_runners_up() -> Scene {
    let scene = terms().deal();
    set_score(0, 27);
    set_score(1, 27);
    scene
        .votes([0], success(1))
        .votes(2..4, success(2))
        .votes([1], success(1));
    assert!(matches!(
        scene.task().status,
        TaskStatus::Revealing { commitment, .. } if commitment == scene.commitment(success(1))
    ));
    scene
}

#[test]
fn rejects_the_silent_and_lets_others_contribute() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 9);
        scene.votes(0..2, success(1)).let_reveals_pass();
        assert_ok!(scene.reopen());
        assert_eq!(scene.task().status, TaskStatus::Active);
        assert_eq!(scene.status_of(0), VoteStatus::Rejected);
        assert_eq!((bond_of(0), locked_of(0)), (BOND - 300_000_000, 0));
        assert_eq!((score_of(0), score_of(1)), (6, 0));
        assert_eq!(treasury(), 600_000_000);
        let silent = vec![worker(0), worker(1)];
        let reopened = Event::Reopened {
            deal: scene.id,
            index: 0,
            silent,
        };
        assert_eq!(events().pop(), Some(reopened));

        assert_noop!(scene.contribute(0, success(2)), Refusal::AlreadyContributed);
        scene.votes(2..4, success(2)).reveals(2..4, success(2));
        // What the silent lost is the treasury's, not the winners'.
        assert_eq!(money_of(&owner(2)), WEALTH - BOND + 495_000_000);
        assert_eq!(treasury(), 600_000_000);
    });
}

#[test]
fn spares_votes_for_other_results() {
    build_and_execute(|| {
        let scene = favourites_before_runners_up();
        scene.let_reveals_pass();
        assert_ok!(scene.reopen());
        assert_eq!(
            (bond_of(0), bond_of(1)),
            (BOND - 300_000_000, BOND - 300_000_000)
        );
        assert_eq!((bond_of(2), bond_of(3)), (BOND, BOND));
        assert_eq!((score_of(0), score_of(2)), (18, 0));
    });
}

#[test]
fn lets_the_heaviest_remaining_group_win_at_once() {
    build_and_execute(|| {
        let scene = favourites_before_runners_up();
        scene.let_reveals_pass();
        assert_ok!(scene.reopen());
        let (commitment, since) = (scene.commitment(success(2)), System::block_number());
        let revealing = TaskStatus::Revealing {
            commitment,
            since,
            revealed: None,
        };
        assert_eq!(scene.task().status, revealing);
        let reached = Event::ConsensusReached {
            deal: scene.id,
            index: 0,
            commitment,
            voters: 2,
        };
        assert_eq!(events().pop(), Some(reached));
        scene.reveals(2..4, success(2));
        assert!(scene.task().has_ended());
        assert_eq!(money_of(&owner(0)), WEALTH - BOND);
    });
}

#[test]
fn fails_the_task_after_the_contribution_deadline() {
    build_and_execute(|| {
        let scene = terms().deal();
        advance_to(scene.deal.contribution_deadline() - 1);
        scene.votes(0..2, success(1)).let_reveals_pass();
        assert_ok!(scene.reopen());
        let at = System::block_number();
        assert_eq!(scene.task().status, TaskStatus::Failed { at });
        let failed = Event::Failed {
            deal: scene.id,
            index: 0,
            refunded: 6 * MILLI_ERG - 50_000_000,
            treasury: 350_000_000,
        };
        assert_eq!(events().pop(), Some(failed));
        assert_eq!(treasury(), 950_000_000);
    });
}

#[test]
fn fails_a_full_task_in_which_nothing_can_win_any_more() {
    build_and_execute(|| {
        let most = MAX_CONTRIBUTORS as u8;
        let scene = terms().workers(most).deal();
        for number in 0..most - 3 {
            assert_ok!(scene.contribute(number, success(number)));
        }
        for number in most - 3..most {
            set_score(number, 27);
            assert_ok!(scene.contribute(number, success(99)));
        }
        scene.let_reveals_pass();
        assert!(System::block_number() < scene.deal.contribution_deadline());
        assert_ok!(scene.reopen());
        assert!(matches!(scene.task().status, TaskStatus::Failed { .. }));
        assert_eq!((bond_of(0), locked_of(0)), (BOND, 0));
        assert_eq!(bond_of(most - 1), BOND - 300_000_000);
    });
}

/// Whoever could not win before has its time to reveal: a late call changes no outcome.
#[test]
fn lets_others_win_after_the_final_deadline_too() {
    build_and_execute(|| {
        let scene = favourites_before_runners_up();
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.reopen());
        assert_noop!(scene.claim(), Refusal::RevealsOpen);
        scene.reveals(2..4, success(2));
        assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
        assert_eq!((bond_of(2), locked_of(2)), (BOND, 0));
        assert_eq!(bond_of(0), BOND - 300_000_000);
    });
}

#[test]
fn fails_one_block_too_early() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1));
        let deadline = System::block_number() + 2 * WORK_TIME;
        advance_to(deadline - 1);
        assert_noop!(scene.reopen(), Refusal::RevealsOpen);
        advance_to(deadline);
        assert_ok!(scene.reopen());
    });
}

#[test]
fn fails_when_a_result_is_revealed() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene
            .votes(0..2, success(1))
            .reveals([0], success(1))
            .let_reveals_pass();
        assert_noop!(scene.reopen(), Refusal::SomethingRevealed);
    });
}

#[test]
fn fails_when_the_task_is_not_revealing() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        assert_noop!(scene.reopen(), Refusal::NotRevealing);
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_noop!(scene.reopen(), Refusal::NotRevealing);
    });
}

#[test]
fn fails_for_an_unknown_deal_or_task() {
    build_and_execute(|| {
        let mut scene = terms().deal();
        assert_noop!(scene.at(1).reopen(), Refusal::NoSuchTask);
        scene.id = DealId(H256::zero());
        assert_noop!(scene.reopen(), Refusal::NoSuchDeal);
    });
}
