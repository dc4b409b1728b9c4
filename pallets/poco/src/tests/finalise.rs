//! Settlement with the reveals that came.

use crate::{Error, mock::*};
use ergon_primitives::{DealId, TaskStatus, VoteStatus};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

type Refusal = Error<Test>;

#[test]
fn pays_who_revealed_and_slashes_who_was_silent() {
    build_and_execute(|| {
        let scene = terms().trust(5).deal();
        scene.votes(0..3, success(1)).let_reveals_pass();
        scene.reveals(0..2, success(1));
        assert_ok!(scene.finalise());
        assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
        assert_eq!(scene.status_of(2), VoteStatus::Committed);
        // Two winners share 0.99 + 0.3 of the pool price.
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 645_000_000);
        assert_eq!(bond_of(2), BOND - 300_000_000);
        assert_eq!(treasury(), 0);
    });
}

#[test]
fn fails_one_block_too_early() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1)).reveals([0], success(1));
        let deadline = System::block_number() + 2 * WORK_TIME;
        advance_to(deadline - 1);
        assert_noop!(scene.finalise(), Refusal::RevealsOpen);
        advance_to(deadline);
        assert_ok!(scene.finalise());
    });
}

#[test]
fn fails_when_nothing_is_revealed() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1)).let_reveals_pass();
        assert_noop!(scene.finalise(), Refusal::NothingRevealed);
    });
}

#[test]
fn fails_when_the_task_is_not_revealing() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        assert_noop!(scene.finalise(), Refusal::NotRevealing);
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_noop!(scene.finalise(), Refusal::NotRevealing);
    });
}

#[test]
fn fails_for_an_unknown_deal_or_task() {
    build_and_execute(|| {
        let mut scene = terms().deal();
        assert_noop!(scene.at(1).finalise(), Refusal::NoSuchTask);
        scene.id = DealId(H256::zero());
        assert_noop!(scene.finalise(), Refusal::NoSuchDeal);
    });
}
