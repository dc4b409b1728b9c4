//! The law of scores. Pure functions over plain values.

use ergon_primitives::{BlockNumber, Score};

/// Score after a proven result: one more.
pub fn after_success(score: Score) -> Score {
    score.saturating_add(1)
}

/// Score after a lost vote: `⌊2s/3⌋`.
pub fn after_failure(score: Score) -> Score {
    // 2s could overflow. With s = 3q + r it is 2q + ⌊2r/3⌋, and each part fits.
    let (thirds, rest) = (score / 3, score % 3);
    thirds
        .saturating_mul(2)
        .saturating_add(rest.saturating_mul(2) / 3)
}

/// Score after so many lost votes, one after the other. A score that has fallen to 0 stays there, and
/// each loss takes a third of what is left: after some fifty steps nothing is, however many were lost.
pub fn after_failures(score: Score, times: u32) -> Score {
    let mut left = score;
    for _ in 0..times {
        if left == 0 {
            break;
        }
        left = after_failure(left);
    }
    left
}

/// Whether a result of a deal counts now, if one counted in block `last`.
pub fn counts(last: Option<BlockNumber>, now: BlockNumber, work_time: BlockNumber) -> bool {
    last.is_none_or(|last| now >= last.saturating_add(work_time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn worked_examples() {
        assert_eq!(after_success(0), 1);
        assert_eq!(after_success(Score::MAX), Score::MAX);
        let losses = [
            (0, 0),
            (1, 0),
            (2, 1),
            (3, 2),
            (4, 2),
            (5, 3),
            (6, 4),
            (9, 6),
            (100, 66),
        ];
        for (before, after) in losses {
            assert_eq!(
                after_failure(before),
                after,
                "after a loss of a worker with {before}"
            );
        }
    }

    #[test]
    fn a_result_counts_again_after_the_work_time() {
        assert!(counts(None, 1, 20));
        assert!(!counts(Some(10), 10, 20));
        assert!(!counts(Some(10), 29, 20));
        assert!(counts(Some(10), 30, 20));
        assert!(!counts(Some(10), BlockNumber::MAX - 1, BlockNumber::MAX));
    }

    proptest! {
        #[test]
        fn a_failure_is_the_floor_of_two_thirds(score: Score) {
            prop_assert_eq!(u64::from(after_failure(score)), u64::from(score) * 2 / 3);
        }

        #[test]
        fn many_failures_are_one_after_another(score: Score, times in 0u32..80) {
            let one_by_one = (0..times).fold(score, |score, _| after_failure(score));
            prop_assert_eq!(after_failures(score, times), one_by_one);
        }

        #[test]
        fn no_score_survives_sixty_failures(score: Score) {
            prop_assert_eq!(after_failures(score, 60), 0);
            prop_assert_eq!(after_failures(score, u32::MAX), 0);
        }

        #[test]
        fn a_failure_costs_something_as_long_as_there_is_something(score in 1..=Score::MAX) {
            prop_assert!(after_failure(score) < score);
        }

        #[test]
        fn a_success_is_worth_one(score in 0..Score::MAX) {
            prop_assert_eq!(after_success(score) - score, 1);
        }

        #[test]
        fn more_score_before_is_never_less_after(low: Score, high: Score) {
            let (low, high) = (low.min(high), low.max(high));
            prop_assert!(after_failure(low) <= after_failure(high));
            prop_assert!(after_success(low) <= after_success(high));
        }
    }
}
