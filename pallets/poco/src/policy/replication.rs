//! Replication: workers repeat the task until so many agree that the trust asked for is reached
//! (iExec 7.6). Votes hide results, but show at once which of them agree.

use super::{Conclusion, Policy, Step, Verdict, is_opened, is_telling};
use crate::consensus::{consensus, consensus_on};
use ergon_primitives::{
    BlockNumber, Deal, MAX_CONTRIBUTORS, Outcome, ResultLocator, Task, TaskStatus, Vote,
    VoteStatus, needed,
};
use sp_core::H256;

/// Votes are repeated until a group has consensus; its workers then reveal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Replication;

impl Policy for Replication {
    /// Consensus is looked for in the group of the vote only: no other one has become heavier.
    fn voted(&self, task: &Task, deal: &Deal) -> Step {
        task.votes
            .last()
            .and_then(|vote| consensus_on(&task.votes, vote.commitment, deal.trust))
            .map_or(Step::Wait, Step::BeginReveals)
    }

    /// The last awaited reveal settles the task.
    fn opened(&self, task: &Task, _deal: &Deal) -> Step {
        match &task.status {
            TaskStatus::Revealing {
                commitment,
                revealed: Some(result),
                ..
            } if !is_awaited(&task.votes, *commitment) => Step::End(settled(&task.votes, result)),
            _ => Step::Wait,
        }
    }

    fn overdue(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step {
        match &task.status {
            TaskStatus::Revealing {
                commitment,
                since,
                revealed,
            } if now >= deal.reveal_deadline(*since) => match revealed {
                Some(result) => Step::End(settled(&task.votes, result)),
                None => Step::Reject {
                    commitment: *commitment,
                },
            },
            _ => Step::Wait,
        }
    }

    /// A group that comes to consensus because a heavier one stayed silent has its time to reveal,
    /// also after the final deadline: so a late sweep changes no outcome. It ends all the same, for
    /// each round rejects a vote.
    fn closed(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step {
        let room = task.votes.len() < MAX_CONTRIBUTORS as usize;
        if let Some(group) = consensus(&task.votes, deal.trust) {
            Step::BeginReveals(group)
        } else if room && now < deal.contribution_deadline() {
            Step::Wait
        } else {
            Step::End(failed(&task.votes, deal))
        }
    }
}

/// Whether a worker of the group has not revealed yet.
fn is_awaited(votes: &[Vote], commitment: H256) -> bool {
    votes
        .iter()
        .any(|vote| vote.commitment == commitment && vote.status == VoteStatus::Committed)
}

/// Who revealed wins; whoever voted otherwise or stayed silent loses.
fn settled(votes: &[Vote], result: &(Outcome, ResultLocator)) -> Verdict {
    let scored = is_telling(votes.iter(), &result.0);
    let pay = |vote: &Vote| is_opened(vote).then_some(vote.weight);
    Verdict::settled(votes, result.clone(), scored, pay)
}

/// Nobody loses by a task that cannot agree; silent groups have lost before.
fn failed(votes: &[Vote], deal: &Deal) -> Verdict {
    let voted = votes.len() >= needed(deal.trust) as usize;
    Verdict::without_result(votes, Conclusion::Failed { voted }, |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{tests::*, *};
    use VoteStatus::{Committed, Rejected, Revealed};

    const POLICY: Replication = Replication;

    fn active(of: &[(u8, VoteStatus)]) -> Task {
        task(TaskStatus::Active, of)
    }

    fn revealing(outcome: Option<Outcome>, of: &[(u8, VoteStatus)]) -> Task {
        let revealed = outcome.map(|outcome| (outcome, locator(1)));
        task(
            TaskStatus::Revealing {
                commitment: group(1),
                since: SINCE,
                revealed,
            },
            of,
        )
    }

    fn replicated(trust: u32) -> Deal {
        deal(Verification::Replication, trust)
    }

    fn begins(step: Step) -> Option<(H256, u32, u128)> {
        match step {
            Step::BeginReveals(group) => Some((group.commitment, group.voters, group.weight)),
            _ => None,
        }
    }

    #[test]
    fn votes_short_of_consensus_change_nothing() {
        let terms = replicated(4);
        let mut cast = vec![(2, Committed), (1, Committed)];
        assert_eq!(POLICY.voted(&active(&[]), &terms), Step::Wait);
        for _ in 0..2 {
            assert_eq!(POLICY.voted(&active(&cast), &terms), Step::Wait);
            cast.push((1, Committed));
        }
        assert_eq!(POLICY.voted(&active(&cast), &terms), Step::Wait, "32 > 33");
        cast.push((1, Committed));
        let step = POLICY.voted(&active(&cast), &terms);
        assert_eq!(begins(step), Some((group(1), 4, 16)), "64 > 57");
    }

    #[test]
    fn trust_3_needs_a_second_vote() {
        let terms = replicated(3);
        let alone = POLICY.voted(&active(&[(1, Committed)]), &terms);
        assert_eq!(alone, Step::Wait, "6 > 6");
        let both = POLICY.voted(&active(&[(1, Committed), (1, Committed)]), &terms);
        assert_eq!(begins(both), Some((group(1), 2, 4)));
    }

    #[test]
    fn consensus_is_that_of_the_last_vote() {
        let cast = [
            (1, Rejected),
            (2, Committed),
            (2, Committed),
            (3, Committed),
        ];
        assert_eq!(POLICY.voted(&active(&cast), &replicated(4)), Step::Wait);
        let step = POLICY.voted(&active(&cast[..3]), &replicated(4));
        assert_eq!(begins(step), Some((group(2), 2, 4)));
    }

    #[test]
    fn last_awaited_reveal_settles() {
        let terms = replicated(3);
        let waits = revealing(
            Some(SUCCESS),
            &[(1, Revealed), (1, Committed), (2, Committed)],
        );
        assert_eq!(POLICY.opened(&waits, &terms), Step::Wait);
        let all = revealing(
            Some(SUCCESS),
            &[(1, Revealed), (1, Revealed), (2, Committed)],
        );
        let verdict = end(POLICY.opened(&all, &terms));
        let conclusion = Conclusion::Settled {
            outcome: SUCCESS,
            locator: locator(1),
        };
        assert_eq!(verdict.conclusion, conclusion);
        assert_eq!(sorted(&verdict, &all), (vec![0, 1], vec![2], vec![]));
        assert_eq!(POLICY.opened(&active(&[(1, Revealed)]), &terms), Step::Wait);
    }

    #[test]
    fn revealed_win_and_all_other_live_votes_lose() {
        let cast = [
            (1, Revealed),
            (2, Committed),
            (3, Rejected),
            (1, Committed),
            (1, Revealed),
        ];
        for outcome in [SUCCESS, FAULT] {
            let task = revealing(Some(outcome), &cast);
            let verdict = end(POLICY.overdue(&task, &replicated(3), DUE));
            assert_eq!(sorted(&verdict, &task), (vec![0, 4], vec![1, 3], vec![]));
            assert_eq!(verdict.fates[2], Fate::Gone);
            let released: Vec<_> = verdict.released(&task.votes).collect();
            assert_eq!(released, [&task.votes[0], &task.votes[4]]);
            assert!(
                verdict
                    .winners(&task.votes)
                    .all(|(vote, paid)| paid == vote.weight)
            );
        }
    }

    #[test]
    fn unavailable_releases_everybody() {
        let cast = [(1, Revealed), (2, Committed), (3, Rejected), (1, Committed)];
        let task = revealing(Some(Outcome::Unavailable), &cast);
        let verdict = end(POLICY.overdue(&task, &replicated(3), DUE));
        assert_eq!(sorted(&verdict, &task), (vec![], vec![], vec![0, 1, 3]));
        assert!(!verdict.scored);
    }

    fn scored(outcome: Outcome, cast: &[(u8, VoteStatus)]) -> bool {
        end(POLICY.overdue(&revealing(Some(outcome), cast), &replicated(1), DUE)).scored
    }

    #[test]
    fn lone_contributor_earns_no_score() {
        assert!(!scored(SUCCESS, &[(1, Revealed)]));
        assert!(scored(SUCCESS, &[(1, Revealed), (1, Revealed)]));
        assert!(scored(SUCCESS, &[(1, Revealed), (2, Rejected)]));
    }

    #[test]
    fn fault_found_by_all_earns_no_score() {
        assert!(!scored(FAULT, &[(1, Revealed), (1, Revealed)]));
        assert!(scored(
            FAULT,
            &[(1, Revealed), (1, Revealed), (2, Committed)]
        ));
    }

    #[test]
    fn nothing_is_overdue_before_the_deadline() {
        let terms = replicated(3);
        for outcome in [None, Some(SUCCESS)] {
            let task = revealing(outcome, &[(1, Committed), (1, Committed)]);
            assert_eq!(POLICY.overdue(&task, &terms, DUE - 1), Step::Wait);
            assert_ne!(POLICY.overdue(&task, &terms, DUE), Step::Wait);
        }
        let active = active(&[(1, Committed)]);
        assert_eq!(
            POLICY.overdue(&active, &terms, BlockNumber::MAX),
            Step::Wait
        );
    }

    #[test]
    fn silent_group_is_rejected() {
        let task = revealing(None, &[(1, Committed), (2, Committed), (1, Committed)]);
        let step = POLICY.overdue(&task, &replicated(3), DUE);
        assert_eq!(
            step,
            Step::Reject {
                commitment: group(1)
            }
        );
    }

    #[test]
    fn after_a_rejection_the_heaviest_group_is_tested() {
        let terms = replicated(4);
        let cast = [
            (1, Rejected),
            (1, Rejected),
            (2, Committed),
            (3, Committed),
            (2, Committed),
        ];
        let step = POLICY.closed(&active(&cast[..4]), &terms, DUE);
        assert_eq!(step, Step::Wait, "more workers may vote");
        let cast = [(1, Rejected), (1, Rejected), (2, Committed), (2, Committed)];
        for now in [DUE, CLOSED, FINAL, BlockNumber::MAX] {
            let step = POLICY.closed(&active(&cast), &terms, now);
            assert_eq!(begins(step), Some((group(2), 2, 4)), "block {now}");
        }
        let cast = [(1, Rejected), (2, Committed), (3, Committed)];
        let verdict = end(POLICY.closed(&active(&cast), &terms, FINAL));
        assert_eq!(verdict.conclusion, Conclusion::Failed { voted: true });
        assert_eq!(verdict.fates, [Fate::Gone, Fate::Released, Fate::Released]);
    }

    #[test]
    fn what_cannot_win_any_more_fails() {
        let terms = replicated(4);
        let hopeless = active(&[(1, Rejected), (2, Committed)]);
        assert_eq!(POLICY.closed(&hopeless, &terms, CLOSED - 1), Step::Wait);
        let verdict = end(POLICY.closed(&hopeless, &terms, CLOSED));
        assert_eq!(sorted(&verdict, &hopeless), (vec![], vec![], vec![1]));
        assert!(!verdict.scored);

        let full: Vec<_> = (0..32).map(|voter| (voter, Committed)).collect();
        let step = POLICY.closed(&active(&full[..31]), &terms, DUE);
        assert_eq!(step, Step::Wait);
        end(POLICY.closed(&active(&full), &terms, DUE));
    }

    #[test]
    fn payer_owes_a_fee_when_enough_had_voted() {
        let cast = [(1, Rejected), (2, Committed)];
        for (votes, trust, voted) in [(0, 1, false), (1, 4, false), (2, 4, true), (2, 5, false)] {
            let task = active(&cast[..votes]);
            let verdict = end(POLICY.closed(&task, &replicated(trust), FINAL));
            assert_eq!(verdict.conclusion, Conclusion::Failed { voted });
        }
    }
}
