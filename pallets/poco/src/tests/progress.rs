//! How far a deal is: what of it was touched, by how many, and what became of the rest.

use crate::{Agenda, Errand, Progress, TaskPages, mock::*};
use ergon_primitives::{DealProgress, Due, TASKS_PER_PAGE as PAGE, TaskStatus, Untouched};
use frame_support::{assert_ok, weights::Weight};

#[test]
fn begins_with_the_deal() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        assert!(Progress::<Test>::contains_key(scene.id));
        assert_eq!(scene.progress(), DealProgress::default());
        let end = Due::starting(scene.deal.final_deadline());
        assert!(Agenda::<Test>::contains_key(end, Errand::Final(scene.id)));
        assert_eq!(TaskPages::<Test>::iter_key_prefix(scene.id).count(), 0);
    });
}

#[test]
fn counts_tasks_once_and_votes_at_most() {
    build_and_execute(|| {
        let scene = terms().trust(9).volume(40).deal();
        let counted = || {
            let progress = scene.progress();
            (progress.touched, progress.most_votes)
        };
        scene.at(0).votes(0..3, success(1));
        assert_eq!(counted(), (1, 3));
        scene.at(39).votes([0], success(1));
        assert_eq!(counted(), (2, 3));
        scene.at(39).votes(1..3, success(2));
        assert_eq!(counted(), (2, 3));
        scene.at(0).votes([3], success(1)).reveals(0..4, success(1));
        assert_eq!(counted(), (2, 4), "a settled task stays");
    });
}

#[test]
fn counts_tasks_that_were_claimed_without_a_vote() {
    build_and_execute(|| {
        let scene = terms().volume(40).deal();
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.at(PAGE + 1).claim());
        assert_eq!(scene.progress().touched, 1);
        assert_eq!(scene.progress().most_votes, 0);
        assert_eq!(scene.progress().untouched, Untouched::Active);
    });
}

#[test]
fn tells_what_became_of_untouched_tasks() {
    build_and_execute(|| {
        let (failed, cancelled) = (terms().volume(2).deal(), terms().volume(2).deal());
        let at = System::block_number();
        assert_ok!(cancelled.cancel());
        assert_eq!(cancelled.at(1).task().status, TaskStatus::Cancelled { at });
        let at = failed.deal.final_deadline();
        advance_to(at);
        idle(Weight::MAX);
        assert_eq!(failed.progress().untouched, Untouched::Failed { at });
        assert_eq!(failed.at(1).task().status, TaskStatus::Failed { at });
    });
}

#[test]
fn goes_with_its_deal() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_ok!(scene.cancel());
        advance(RETENTION);
        assert!(Progress::<Test>::contains_key(scene.id));
        idle(Weight::MAX);
        assert!(!Progress::<Test>::contains_key(scene.id));
    });
}
