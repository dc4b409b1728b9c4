//! What a certain result means for each vote of its task: a pure rule.

use alloc::vec::Vec;
use ergon_primitives::{Outcome, Vote, VoteStatus};

/// What becomes of the votes of a task that settles. Votes rejected earlier are in none of the
/// lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict<'a> {
    /// Those who proved the result and are paid.
    pub winners: Vec<&'a Vote>,
    /// Those who voted otherwise or stayed silent: they lose stake and score.
    pub losers: Vec<&'a Vote>,
    /// Those who get their stake back.
    pub released: Vec<&'a Vote>,
    /// Whether winners earn score, as far as the votes can tell.
    pub scored: bool,
}

impl<'a> Verdict<'a> {
    /// Judges the votes of a task whose revealed votes agree on this outcome.
    pub fn of(votes: &'a [Vote], outcome: &Outcome) -> Self {
        let (revealed, others): (Vec<_>, Vec<_>) = votes
            .iter()
            .filter(|vote| vote.status != VoteStatus::Rejected)
            .partition(|vote| vote.status == VoteStatus::Revealed);
        match outcome {
            Outcome::Unavailable => Self {
                winners: Vec::new(),
                losers: Vec::new(),
                released: revealed.into_iter().chain(others).collect(),
                scored: false,
            },
            Outcome::Success(_) | Outcome::AppFault(_) => Self {
                released: revealed.clone(),
                winners: revealed,
                losers: others,
                scored: is_scored(votes, outcome),
            },
        }
    }
}

/// A lone contributor proves nothing about itself, and an app that is made to fail is the cheapest
/// way to let accounts agree.
fn is_scored(votes: &[Vote], outcome: &Outcome) -> bool {
    let unanimous = votes
        .first()
        .is_none_or(|first| votes.iter().all(|vote| vote.commitment == first.commitment));
    votes.len() > 1 && !(unanimous && matches!(outcome, Outcome::AppFault(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use VoteStatus::{Committed, Rejected, Revealed};
    use ergon_primitives::{AccountId, FaultKind};
    use sp_core::H256;

    const SUCCESS: Outcome = Outcome::Success(H256::zero());
    const FAULT: Outcome = Outcome::AppFault(FaultKind::Trap);

    fn votes(of: &[(u8, VoteStatus)]) -> Vec<Vote> {
        (0u8..)
            .zip(of)
            .map(|(worker, (group, status))| Vote {
                worker: AccountId::new([worker; 32]),
                commitment: H256::repeat_byte(*group),
                seal: H256::zero(),
                weight: 2,
                status: *status,
            })
            .collect()
    }

    fn who(votes: &[&Vote]) -> Vec<u8> {
        votes
            .iter()
            .map(|vote| AsRef::<[u8; 32]>::as_ref(&vote.worker)[0])
            .collect()
    }

    #[test]
    fn revealed_win_and_all_other_live_votes_lose() {
        let cast = votes(&[
            (1, Revealed),
            (2, Committed),
            (3, Rejected),
            (1, Committed),
            (1, Revealed),
        ]);
        for outcome in [SUCCESS, FAULT] {
            let verdict = Verdict::of(&cast, &outcome);
            assert_eq!(who(&verdict.winners), [0, 4]);
            assert_eq!(who(&verdict.losers), [1, 3]);
            assert_eq!(who(&verdict.released), [0, 4]);
        }
    }

    #[test]
    fn unavailable_releases_everybody() {
        let cast = votes(&[(1, Revealed), (2, Committed), (3, Rejected), (1, Committed)]);
        let verdict = Verdict::of(&cast, &Outcome::Unavailable);
        assert_eq!(who(&verdict.released), [0, 1, 3]);
        assert!(verdict.winners.is_empty() && verdict.losers.is_empty() && !verdict.scored);
    }

    #[test]
    fn lone_contributor_earns_no_score() {
        assert!(!Verdict::of(&votes(&[(1, Revealed)]), &SUCCESS).scored);
        assert!(Verdict::of(&votes(&[(1, Revealed), (1, Revealed)]), &SUCCESS).scored);
        assert!(Verdict::of(&votes(&[(1, Revealed), (2, Rejected)]), &SUCCESS).scored);
    }

    #[test]
    fn fault_found_by_all_earns_no_score() {
        assert!(!Verdict::of(&votes(&[(1, Revealed), (1, Revealed)]), &FAULT).scored);
        assert!(
            Verdict::of(
                &votes(&[(1, Revealed), (1, Revealed), (2, Committed)]),
                &FAULT
            )
            .scored
        );
    }
}
