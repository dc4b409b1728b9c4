//! One module per question that other pallets ask.

use crate::{LastScored, Scores, mock::*};
use ergon_primitives::{AccountId, Score, traits::Reputation as _};

fn prove(worker: &AccountId) {
    Reputation::proven(worker, DEAL, WORK_TIME);
}

mod score {
    use super::*;

    #[test]
    fn is_zero_for_strangers() {
        build_and_execute(|| assert_eq!(Reputation::score(&ALICE), 0));
    }

    #[test]
    fn is_what_was_earned() {
        build_and_execute(|| {
            give(&ALICE, 7);
            assert_eq!(Reputation::score(&ALICE), 7);
            assert_eq!(Reputation::score(&BOB), 0);
        });
    }
}

mod proven {
    use super::*;

    #[test]
    fn adds_one_and_announces_it() {
        build_and_execute(|| {
            give(&ALICE, 4);
            prove(&ALICE);
            assert_eq!(Reputation::score(&ALICE), 5);
            assert_eq!(LastScored::<Test>::get(DEAL, ALICE), Some(1));
            assert_eq!(changes(), vec![(ALICE, 4, 5)]);
        });
    }

    #[test]
    fn counts_once_per_work_time() {
        build_and_execute(|| {
            prove(&ALICE);
            prove(&ALICE);
            advance_to(WORK_TIME);
            prove(&ALICE);
            assert_eq!(Reputation::score(&ALICE), 1);
            assert_eq!(changes().len(), 1);

            advance_to(1 + WORK_TIME);
            prove(&ALICE);
            assert_eq!(Reputation::score(&ALICE), 2);
        });
    }

    #[test]
    fn a_result_that_does_not_count_does_not_put_off_the_next() {
        build_and_execute(|| {
            prove(&ALICE);
            advance_to(WORK_TIME);
            prove(&ALICE);
            assert_eq!(LastScored::<Test>::get(DEAL, ALICE), Some(1));
        });
    }

    #[test]
    fn counts_each_deal_and_each_worker_by_itself() {
        build_and_execute(|| {
            prove(&ALICE);
            prove(&BOB);
            Reputation::proven(&ALICE, OTHER_DEAL, WORK_TIME);
            assert_eq!(Reputation::score(&ALICE), 2);
            assert_eq!(Reputation::score(&BOB), 1);
        });
    }

    #[test]
    fn stays_at_the_highest_score() {
        build_and_execute(|| {
            give(&ALICE, Score::MAX);
            prove(&ALICE);
            assert_eq!(Reputation::score(&ALICE), Score::MAX);
            assert!(changes().is_empty());
        });
    }
}

mod disproven {
    use super::*;

    #[test]
    fn takes_a_third_and_announces_it() {
        build_and_execute(|| {
            give(&ALICE, 10);
            Reputation::disproven(&ALICE, 1);
            assert_eq!(Reputation::score(&ALICE), 6);
            assert_eq!(changes(), vec![(ALICE, 10, 6)]);
        });
    }

    #[test]
    fn counts_every_time() {
        build_and_execute(|| {
            give(&ALICE, 9);
            Reputation::disproven(&ALICE, 1);
            Reputation::disproven(&ALICE, 1);
            assert_eq!(Reputation::score(&ALICE), 4);
        });
    }

    #[test]
    fn several_times_is_announced_once() {
        build_and_execute(|| {
            give(&ALICE, 100);
            Reputation::disproven(&ALICE, 3);
            // 100, 66, 44, 29.
            assert_eq!(Reputation::score(&ALICE), 29);
            assert_eq!(changes(), vec![(ALICE, 100, 29)]);
        });
    }

    #[test]
    fn never_changes_nothing() {
        build_and_execute(|| {
            give(&ALICE, 100);
            Reputation::disproven(&ALICE, 0);
            assert_eq!(Reputation::score(&ALICE), 100);
            assert!(changes().is_empty());
        });
    }

    #[test]
    fn a_score_that_falls_to_zero_is_not_stored() {
        build_and_execute(|| {
            give(&ALICE, 1);
            Reputation::disproven(&ALICE, 1);
            assert!(!Scores::<Test>::contains_key(ALICE));
            assert_eq!(changes(), vec![(ALICE, 1, 0)]);
        });
    }

    #[test]
    fn a_stranger_has_nothing_to_lose() {
        build_and_execute(|| {
            Reputation::disproven(&ALICE, 1);
            assert!(!Scores::<Test>::contains_key(ALICE));
            assert!(changes().is_empty());
        });
    }
}

mod rename {
    use super::*;

    #[test]
    fn moves_the_score() {
        build_and_execute(|| {
            give(&ALICE, 8);
            Reputation::rename(&ALICE, &BOB);
            assert_eq!(Reputation::score(&BOB), 8);
            assert!(!Scores::<Test>::contains_key(ALICE));
            assert_eq!(changes(), vec![(ALICE, 8, 0), (BOB, 0, 8)]);
        });
    }

    #[test]
    fn replaces_what_the_new_key_had() {
        build_and_execute(|| {
            give(&ALICE, 2);
            give(&BOB, 50);
            Reputation::rename(&ALICE, &BOB);
            assert_eq!(Reputation::score(&BOB), 2);
            Reputation::rename(&ALICE, &BOB);
            assert_eq!(Reputation::score(&BOB), 0);
        });
    }

    #[test]
    fn to_the_same_key_changes_nothing() {
        build_and_execute(|| {
            give(&ALICE, 8);
            Reputation::rename(&ALICE, &ALICE);
            assert_eq!(Reputation::score(&ALICE), 8);
            assert!(changes().is_empty());
        });
    }
}

mod forget_worker {
    use super::*;

    #[test]
    fn leaves_nothing_of_its_score() {
        build_and_execute(|| {
            prove(&ALICE);
            Reputation::forget_worker(&ALICE);
            assert_eq!(Reputation::score(&ALICE), 0);
            assert!(!Scores::<Test>::contains_key(ALICE));
        });
    }
}

mod forget {
    use super::*;

    /// Scores five workers for [`DEAL`] and one for [`OTHER_DEAL`].
    fn note() {
        for number in 1..=5 {
            prove(&AccountId::new([number; 32]));
        }
        Reputation::proven(&ALICE, OTHER_DEAL, WORK_TIME);
    }

    fn noted() -> usize {
        LastScored::<Test>::iter_key_prefix(DEAL).count()
    }

    #[test]
    fn removes_at_most_as_many_as_allowed() {
        build_and_execute(|| {
            note();
            assert!(!Reputation::forget(DEAL, 2));
            assert_eq!(noted(), 3);
            assert!(!Reputation::forget(DEAL, 2));
            assert_eq!(noted(), 1);
            assert!(Reputation::forget(DEAL, 2));
            assert_eq!(noted(), 0);
        });
    }

    #[test]
    fn knows_when_the_last_allowed_one_was_the_last() {
        build_and_execute(|| {
            note();
            assert!(Reputation::forget(DEAL, 5));
            assert_eq!(noted(), 0);
        });
    }

    #[test]
    fn only_looks_when_nothing_is_allowed() {
        build_and_execute(|| {
            note();
            assert!(!Reputation::forget(DEAL, 0));
            assert_eq!(noted(), 5);
            assert!(Reputation::forget(DEAL, 10));
            assert!(Reputation::forget(DEAL, 0));
        });
    }

    #[test]
    fn leaves_scores_and_other_deals_alone() {
        build_and_execute(|| {
            note();
            assert!(Reputation::forget(DEAL, 10));
            assert_eq!(Reputation::score(&ALICE), 2);
            assert_eq!(LastScored::<Test>::get(OTHER_DEAL, ALICE), Some(1));
        });
    }
}

#[test]
#[should_panic(expected = "a score of 0 is stored")]
fn a_stored_zero_breaks_an_invariant() {
    build_and_execute(|| Scores::<Test>::insert(ALICE, 0));
}

#[test]
#[should_panic(expected = "scored in the future")]
fn a_score_from_the_future_breaks_an_invariant() {
    build_and_execute(|| LastScored::<Test>::insert(DEAL, ALICE, 2));
}
