//! Whose score rises and falls when a task ends.

use crate::mock::*;
use ergon_primitives::MILLI_ERG;
use frame_support::assert_ok;

fn scores() -> [u32; 4] {
    [0, 1, 2, 3].map(score_of)
}

fn set_scores(score: u32) {
    (0..4).for_each(|number| set_score(number, score));
}

#[test]
fn rise_by_one_for_winners_and_fall_by_a_third_for_losers() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_scores(10);
        scene
            .votes([3], success(9))
            .votes(0..3, success(1))
            .reveals(0..3, success(1));
        assert_eq!(scores(), [11, 11, 11, 6]);
    });
}

#[test]
fn fall_for_the_silent() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_scores(10);
        scene
            .votes(0..2, success(1))
            .let_reveals_pass()
            .reveals([0], success(1));
        assert_ok!(scene.finalise());
        assert_eq!(scores(), [11, 6, 10, 10]);
    });
}

#[test]
fn do_not_rise_in_cheap_tasks() {
    build_and_execute(|| {
        let scene = terms().pool_price(MIN_SCORED_PRICE - 1).deal();
        set_scores(10);
        scene
            .votes([3], success(9))
            .votes(0..3, success(1))
            .reveals(0..3, success(1));
        assert_eq!(scores(), [10, 10, 10, 6]);
    });
}

#[test]
fn do_not_rise_when_all_find_the_same_fault() {
    build_and_execute(|| {
        let scene = terms().pool_price(MILLI_ERG).deal();
        scene.votes(0..2, fault()).reveals(0..2, fault());
        assert_eq!(scores(), [0; 4]);
    });
}

#[test]
fn rise_when_a_fault_was_disputed() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene
            .votes([3], success(1))
            .votes(0..3, fault())
            .reveals(0..3, fault());
        assert_eq!(scores(), [1, 1, 1, 0]);
    });
}

#[test]
fn rise_once_a_deal_and_work_time() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        let settle = |index| {
            scene
                .at(index)
                .votes(0..2, success(1))
                .reveals(0..2, success(1));
        };
        settle(0);
        settle(1);
        assert_eq!(scores(), [1, 1, 0, 0]);
        advance(WORK_TIME);
        settle(2);
        assert_eq!(scores(), [2, 2, 0, 0]);
    });
}

#[test]
fn rise_again_in_another_deal() {
    build_and_execute(|| {
        for _ in 0..2 {
            terms()
                .deal()
                .votes(0..2, success(1))
                .reveals(0..2, success(1));
        }
        assert_eq!(scores(), [2, 2, 0, 0]);
    });
}
