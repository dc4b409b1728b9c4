//! Blind replication: votes are sealed until so many have come that all can be opened together.
//! For answers small enough to guess, and therefore easy to copy.
//!
//! A sealed vote shows nothing, not even whether it equals another one; so nobody can wait for a
//! group to join. Whoever does not open its vote loses: otherwise one could see how the others voted
//! before it takes a side.

use super::{
    Conclusion, Policy, Step, Verdict, are_openings_due, have_all_opened, have_all_voted,
    is_opened, is_telling, opened, result_of,
};
use crate::consensus::Tally;
use ergon_primitives::{BlockNumber, Deal, Task, needed};

/// The formula of replication runs once, over the groups of opened votes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blind;

impl Policy for Blind {
    fn voted(&self, task: &Task, deal: &Deal) -> Step {
        if have_all_voted(task, deal) {
            Step::BeginOpening
        } else {
            Step::Wait
        }
    }

    /// Nobody's result matters before all are known: so the order of opening changes no payout.
    fn opened(&self, task: &Task, deal: &Deal) -> Step {
        if have_all_opened(task) {
            Step::End(judge(task, deal))
        } else {
            Step::Wait
        }
    }

    fn overdue(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step {
        if are_openings_due(task, deal, now) {
            Step::End(judge(task, deal))
        } else {
            Step::Wait
        }
    }

    /// When contributions are over, fewer votes than awaited will do, as long as they can reach the
    /// trust. This holds however late somebody asks: a late sweep changes no outcome.
    fn closed(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step {
        if now < deal.contribution_deadline() {
            Step::Wait
        } else if is_enough(task.votes.len(), deal) {
            Step::BeginOpening
        } else {
            let conclusion = Conclusion::Failed { voted: false };
            Step::End(Verdict::without_result(&task.votes, conclusion, |_| false))
        }
    }
}

fn is_enough(votes: usize, deal: &Deal) -> bool {
    votes >= needed(deal.trust) as usize
}

/// The credible group wins; all others lose, and so do those who stayed silent. Without a credible
/// group only the silent lose. A vote that nobody opened cannot have disagreed: it makes no fee due.
fn judge(task: &Task, deal: &Deal) -> Verdict {
    let tally = Tally::over(opened(&task.votes));
    let winner = tally
        .heaviest()
        .filter(|group| tally.has_consensus(group, deal.trust))
        .and_then(|group| Some((group.commitment, result_of(task, group.commitment)?)));
    match winner {
        Some((commitment, result)) => {
            let scored = is_telling(opened(&task.votes), &result.0);
            Verdict::settled(&task.votes, result, scored, |vote| {
                (is_opened(vote) && vote.commitment == commitment).then_some(vote.weight)
            })
        }
        None => {
            let voted = is_enough(opened(&task.votes).count(), deal);
            let conclusion = Conclusion::Failed { voted };
            Verdict::without_result(&task.votes, conclusion, |vote| !is_opened(vote))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{tests::*, *};
    use proptest::prelude::*;

    const POLICY: Blind = Blind;

    fn blind(trust: u32) -> Deal {
        deal(Verification::Blind { voters: 4 }, trust)
    }

    fn judged(trust: u32, results: &[Option<u8>]) -> (Task, Verdict) {
        let task = opening(results);
        let verdict = end(POLICY.overdue(&task, &blind(trust), DUE));
        (task, verdict)
    }

    #[test]
    fn opening_begins_with_the_last_awaited_vote() {
        for (votes, step) in [(3, Step::Wait), (4, Step::BeginOpening)] {
            assert_eq!(POLICY.voted(&unopened(votes), &blind(4)), step);
        }
    }

    #[test]
    fn sealed_votes_of_equal_looks_are_no_group() {
        let copied = unopened(3);
        assert!(copied.votes.iter().all(|vote| vote.commitment.is_zero()));
        assert_eq!(POLICY.voted(&copied, &blind(1)), Step::Wait);
    }

    #[test]
    fn after_the_deadline_as_many_as_the_trust_needs_will_do() {
        for trust in [3, 4] {
            let two = unopened(2);
            assert_eq!(POLICY.closed(&two, &blind(trust), CLOSED - 1), Step::Wait);
            for late in [CLOSED, FINAL, BlockNumber::MAX] {
                assert_eq!(POLICY.closed(&two, &blind(trust), late), Step::BeginOpening);
            }
        }
        let one = unopened(1);
        assert_eq!(POLICY.closed(&one, &blind(3), CLOSED - 1), Step::Wait);
        let verdict = end(POLICY.closed(&one, &blind(3), CLOSED));
        assert_eq!(verdict.conclusion, Conclusion::Failed { voted: false });
        assert_eq!(sorted(&verdict, &one), (vec![], vec![], vec![0]));
    }

    #[test]
    fn nothing_is_judged_before_all_have_opened_or_are_due() {
        let some = opening(&[Some(1), Some(1), Some(1), None]);
        assert_eq!(POLICY.opened(&some, &blind(4)), Step::Wait);
        assert_eq!(POLICY.overdue(&some, &blind(4), DUE - 1), Step::Wait);
        let due = end(POLICY.overdue(&some, &blind(4), DUE));
        assert_eq!(sorted(&due, &some), (vec![0, 1, 2], vec![3], vec![]));

        let all = opening(&[Some(1), Some(1), Some(1), Some(2)]);
        assert_eq!(POLICY.overdue(&all, &blind(4), DUE - 1), Step::Wait);
        let last = end(POLICY.opened(&all, &blind(2)));
        assert_eq!(sorted(&last, &all), (vec![0, 1, 2], vec![3], vec![]));
    }

    #[test]
    fn tasks_that_are_not_opening_wait() {
        let active = unopened(1);
        assert_eq!(POLICY.opened(&active, &blind(4)), Step::Wait);
        assert_eq!(
            POLICY.overdue(&active, &blind(4), BlockNumber::MAX),
            Step::Wait
        );
    }

    #[test]
    fn worked_example_with_trust_4() {
        let (task, verdict) = judged(4, &[Some(2), Some(1), Some(1), Some(1)]);
        assert_eq!(verdict.conclusion, Conclusion::Failed { voted: true });
        assert_eq!(sorted(&verdict, &task), (vec![], vec![], vec![0, 1, 2, 3]));

        let (task, verdict) = judged(4, &[Some(2), Some(1), Some(1), Some(1), Some(1)]);
        assert_eq!(verdict.conclusion, proves(1));
        assert_eq!(sorted(&verdict, &task), (vec![1, 2, 3, 4], vec![0], vec![]));
    }

    #[test]
    fn silent_voters_are_no_doubt_but_lose() {
        let (task, verdict) = judged(4, &[None, Some(1), None, Some(1)]);
        assert_eq!(verdict.conclusion, proves(1));
        assert_eq!(sorted(&verdict, &task), (vec![1, 3], vec![0, 2], vec![]));

        let (task, verdict) = judged(4, &[None, Some(1), Some(2), None]);
        assert_eq!(verdict.conclusion, Conclusion::Failed { voted: true });
        assert_eq!(sorted(&verdict, &task), (vec![], vec![0, 3], vec![1, 2]));
    }

    #[test]
    fn votes_that_nobody_opened_make_no_fee_due() {
        for (results, voted) in [
            ([None, None, None], false),
            ([Some(1), None, None], false),
            ([Some(1), Some(2), None], true),
        ] {
            let (_, verdict) = judged(4, &results);
            assert_eq!(verdict.conclusion, Conclusion::Failed { voted });
        }
        let (task, verdict) = judged(4, &[None, None]);
        assert_eq!(sorted(&verdict, &task), (vec![], vec![0, 1], vec![]));
    }

    #[test]
    fn winners_are_paid_by_their_weight() {
        let mut task = opening(&[Some(1), Some(1)]);
        task.votes[1].weight = 8;
        let verdict = end(POLICY.opened(&task, &blind(3)));
        let paid: Vec<_> = verdict
            .winners(&task.votes)
            .map(|(_, weight)| weight)
            .collect();
        assert_eq!(paid, [2, 8]);
        assert!(verdict.scored);
    }

    #[test]
    fn no_account_decides_alone() {
        let mut task = opening(&[Some(1), None]);
        task.votes[0].weight = 8;
        let verdict = end(POLICY.overdue(&task, &blind(3), DUE));
        assert_eq!(verdict.conclusion, Conclusion::Failed { voted: false });
        assert_eq!(sorted(&verdict, &task), (vec![], vec![1], vec![0]));
    }

    #[test]
    fn unavailable_releases_everybody() {
        let unavailable = Some(UNAVAILABLE);
        let (task, verdict) = judged(3, &[unavailable, Some(1), unavailable, None, unavailable]);
        assert_eq!(
            sorted(&verdict, &task),
            (vec![], vec![], vec![0, 1, 2, 3, 4])
        );
        assert!(!verdict.scored);
    }

    #[test]
    fn scores_need_somebody_else_and_more_than_a_common_fault() {
        let scored = |results: &[Option<u8>]| judged(2, results).1.scored;
        assert!(!scored(&[Some(1)]));
        assert!(!scored(&[Some(1), None]), "the silent prove nothing");
        assert!(scored(&[Some(1), Some(1)]));
        assert!(!scored(&[Some(FAULTY), Some(FAULTY)]));
        assert!(!scored(&[Some(FAULTY), Some(FAULTY), None]));
        assert!(scored(&[Some(FAULTY), Some(FAULTY), Some(1)]));
    }

    #[test]
    fn of_equal_groups_the_one_that_voted_first_wins() {
        let task = opened_along(&[Some(2), Some(1)], &[1, 0]);
        let verdict = end(POLICY.opened(&task, &blind(1)));
        assert_eq!(verdict.conclusion, proves(2), "whoever opened first");
    }

    proptest! {
        #[test]
        fn only_a_credible_group_wins(
            results in prop::collection::vec(prop::option::of(1u8..4), 1..=32),
            trust in 1u32..=64,
        ) {
            let (task, verdict) = judged(trust, &results);
            let tally = Tally::over(task.votes.iter().filter(|vote| is_opened(vote)));
            let credible = tally.heaviest().filter(|group| tally.has_consensus(group, trust));
            let won = matches!(verdict.conclusion, Conclusion::Settled { .. });
            prop_assert_eq!(won, credible.is_some());
            for (vote, _) in verdict.winners(&task.votes) {
                prop_assert_eq!(Some(vote.commitment), credible.map(|group| group.commitment));
            }
        }
    }
}
