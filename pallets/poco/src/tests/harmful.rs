//! Tasks of an app that governance revokes as harmful.

use crate::{Error, mock::*};
use ergon_primitives::{DealStatus, ERG, MILLI_ERG, TaskStatus, VoteStatus, traits::Deals};
use frame_support::{assert_noop, assert_ok};
use pallet_registry::Verdict;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

#[test]
fn gives_everybody_back_what_they_put_in() {
    build_and_execute(|| {
        let (before_operator, before_app) = (money_of(&operator()), money_of(&provider()));
        let scene = terms().dataset(ERG).deal();
        let before_data = money_of(&data_owner());
        for number in 0..4 {
            set_score(number, 9);
        }
        scene.votes([3], success(9)).votes(0..3, success(1));
        assert_ok!(scene.reveal(0, success(1)));
        find_harmful(true);

        assert_ok!(scene.claim());
        let at = System::block_number();
        assert_eq!(scene.task().status, TaskStatus::Cancelled { at });
        let cancelled = Event::Cancelled {
            deal: scene.id,
            index: 0,
        };
        assert_eq!(events().pop(), Some(cancelled));
        for number in 0..4 {
            assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
            assert_eq!(money_of(&owner(number)), WEALTH - BOND);
            assert_eq!(score_of(number), 9);
        }
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!(money_of(&operator()), before_operator);
        assert_eq!(money_of(&provider()), before_app);
        assert_eq!(money_of(&data_owner()), before_data);
        assert_eq!(treasury(), 0);
        assert_eq!(Market::status(scene.id), Some(DealStatus::Ended(at)));
    });
}

#[test]
fn needs_no_deadline_and_no_vote() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        find_harmful(true);
        assert_ok!(scene.at(1).claim());
        assert!(matches!(
            scene.at(1).task().status,
            TaskStatus::Cancelled { .. }
        ));
        assert_eq!(Market::status(scene.id), Some(DealStatus::Open));
        assert_ok!(scene.at(0).claim());
        assert!(matches!(
            Market::status(scene.id),
            Some(DealStatus::Ended(_))
        ));
        assert_eq!(money_of(&requester()), WEALTH);
    });
}

#[test]
fn comes_after_the_deadlines_too() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 9);
        scene.votes(0..2, success(1));
        find_harmful(true);
        advance_to(scene.deal.final_deadline() + 1_000);
        assert_ok!(scene.claim());
        assert!(matches!(scene.task().status, TaskStatus::Cancelled { .. }));
        // They could not reveal, so they are not judged for silence.
        assert_eq!((bond_of(0), score_of(0), treasury()), (BOND, 9, 0));
    });
}

#[test]
fn nobody_goes_on_with_the_task() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        let (active, silent, half_open) = (scene.at(0), scene.at(1), scene.at(2));
        silent.votes(0..2, success(1));
        half_open.votes(0..2, success(1)).reveals([0], success(1));
        find_harmful(true);

        assert_noop!(active.contribute(0, success(1)), Refusal::AppRevoked);
        assert_noop!(silent.reveal(0, success(1)), Refusal::AppRevoked);
        scene.let_reveals_pass();
        assert_noop!(silent.reopen(), Refusal::AppRevoked);
        assert_noop!(half_open.finalise(), Refusal::AppRevoked);
        for task in [active, silent, half_open] {
            assert_ok!(task.claim());
        }
        assert_eq!(treasury(), 0);
    });
}

#[test]
fn leaves_ended_tasks_alone() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        find_harmful(true);
        assert_noop!(scene.claim(), Refusal::AlreadyEnded);
        assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
        assert_ok!(scene.at(1).claim());
        assert_noop!(scene.at(1).claim(), Refusal::AlreadyEnded);
        assert_noop!(scene.at(1).reveal(0, success(1)), Refusal::NotRevealing);
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 495_000_000);
        assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG);
    });
}

#[test]
fn restores_nothing_that_a_silent_group_lost_before() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1)).let_reveals_pass();
        assert_ok!(scene.reopen());
        assert_ok!(scene.contribute(2, success(2)));
        find_harmful(true);
        assert_ok!(scene.claim());
        assert_eq!(scene.status_of(0), VoteStatus::Rejected);
        assert_eq!(bond_of(0), BOND - 300_000_000);
        assert_eq!((bond_of(2), locked_of(2)), (BOND, 0));
    });
}

#[test]
fn takes_a_finding_of_harm_and_no_lesser_verdict() {
    build_and_execute(|| {
        let scene = terms().deal();
        judge(Verdict::Revoke { harmful: false });
        assert_noop!(scene.claim(), Refusal::BeforeFinalDeadline);
        assert_ok!(scene.contribute(0, success(1)));

        judge(Verdict::Revoke { harmful: true });
        assert_noop!(scene.contribute(1, success(1)), Refusal::AppRevoked);
        judge(Verdict::Clear);
        assert_noop!(scene.claim(), Refusal::BeforeFinalDeadline);
        assert_ok!(scene.contribute(1, success(1)));
        scene.reveals(0..2, success(1));
        assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
    });
}
