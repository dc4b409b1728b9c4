//! When is a result credible? Pure rules over the votes of a task (iExec 7.6).
//!
//! A vote's weight grows with its worker's score, a group's weight is the product of its votes'
//! weights, and a group has consensus when it outweighs all others together, and the doubt 1,
//! `trust − 1` times over.
//!
//! Products of 32 weights and a trust fit 128 bits with room to spare, as the assertion below
//! proves. Should the bounds ever change, arithmetic saturates, and a saturated total makes no
//! consensus for a trust of 2 or more: both sides are then capped at the same number, and the
//! comparison is strict.

use alloc::vec::Vec;
pub use ergon_primitives::needed;
use ergon_primitives::{MAX_CONTRIBUTORS, MAX_TRUST, Score, Vote, VoteStatus};
use sp_core::H256;

/// Highest weight of one vote, so that no account decides alone.
pub const MAX_WEIGHT: u32 = 8;

// Heaviest group, beside an equally heavy rest, times the highest trust.
const _: () = assert!(
    match (MAX_WEIGHT as u128).checked_pow(MAX_CONTRIBUTORS) {
        Some(heaviest) => heaviest.checked_mul(2 * MAX_TRUST as u128).is_some(),
        None => false,
    },
    "weights of groups must fit 128 bits"
);

/// Weight of a vote by the worker's score: `min(max(⌊score/3⌋, 3) − 1, 8)`, from 2 to
/// [`MAX_WEIGHT`].
pub fn weight(score: Score) -> u32 {
    (score / 3).max(3).saturating_sub(1).min(MAX_WEIGHT)
}

/// Fewest voters of a winning group, whatever their weights.
pub fn minimum_voters(trust: u32) -> u32 {
    match trust {
        0..=2 => 1,
        3..=16 => 2,
        _ => 3,
    }
}

/// Votes of a task for the same result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// What they voted for.
    pub commitment: H256,
    /// How many they are.
    pub voters: u32,
    /// Product of their weights.
    pub weight: u128,
}

impl Group {
    /// The live votes for this commitment, if there are any.
    fn of(votes: &[Vote], commitment: H256) -> Option<Self> {
        let mut group = Self {
            commitment,
            voters: 0,
            weight: 1,
        };
        for vote in live(votes).filter(|vote| vote.commitment == commitment) {
            group.voters = group.voters.saturating_add(1);
            group.weight = group.weight.saturating_mul(weight_of(vote));
        }
        (group.voters > 0).then_some(group)
    }
}

/// The weight that a vote counts with: a weight of 0 would wipe out its group.
fn weight_of(vote: &Vote) -> u128 {
    u128::from(vote.weight.max(1))
}

/// Votes of a task, counted: rejected ones are as if never cast.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tally {
    groups: Vec<Group>,
    total: u128,
}

impl Tally {
    /// Counts the votes of a task whose votes show at once what they are for.
    pub fn of(votes: &[Vote]) -> Self {
        Self::over(live(votes))
    }

    /// Counts these votes, whatever their status.
    pub fn over<'a>(votes: impl IntoIterator<Item = &'a Vote>) -> Self {
        let mut tally = Self {
            groups: Vec::new(),
            total: 1,
        };
        for vote in votes {
            tally.count(vote);
        }
        tally
    }

    /// The heaviest group; of equal ones, the one that began first.
    pub fn heaviest(&self) -> Option<&Group> {
        self.groups.iter().rev().max_by_key(|group| group.weight)
    }

    /// Whether the group is credible enough for the trust. A trust of 0 counts as 1.
    pub fn has_consensus(&self, group: &Group, trust: u32) -> bool {
        is_credible(group, self.total, trust)
    }

    fn count(&mut self, vote: &Vote) {
        let weight = weight_of(vote);
        let grown = match self
            .groups
            .iter_mut()
            .find(|group| group.commitment == vote.commitment)
        {
            Some(group) => {
                let before = group.weight;
                group.weight = before.saturating_mul(weight);
                group.voters = group.voters.saturating_add(1);
                group.weight.saturating_sub(before)
            }
            None => {
                self.groups.push(Group {
                    commitment: vote.commitment,
                    voters: 1,
                    weight,
                });
                weight
            }
        };
        self.total = self.total.saturating_add(grown);
    }
}

/// Votes that were not rejected.
fn live(votes: &[Vote]) -> impl Iterator<Item = &Vote> {
    votes
        .iter()
        .filter(|vote| vote.status != VoteStatus::Rejected)
}

fn is_credible(group: &Group, total: u128, trust: u32) -> bool {
    let trust = trust.max(1);
    let credit = group.weight.saturating_mul(u128::from(trust));
    let doubt = total.saturating_mul(u128::from(trust.saturating_sub(1)));
    group.voters >= minimum_voters(trust) && credit > doubt
}

/// The group of this commitment, if it has consensus.
///
/// Others are counted only if the group would have consensus without them: most votes are of
/// groups that are too small, or of the only one.
pub fn consensus_on(votes: &[Vote], commitment: H256, trust: u32) -> Option<Group> {
    let group = Group::of(votes, commitment)?;
    let unopposed = is_credible(&group, group.weight.saturating_add(1), trust);
    let credible = unopposed && {
        let alone = live(votes).all(|vote| vote.commitment == commitment);
        alone || Tally::of(votes).has_consensus(&group, trust)
    };
    credible.then_some(group)
}

/// The heaviest group, if it has consensus. No lighter one can have it instead.
pub fn consensus(votes: &[Vote], trust: u32) -> Option<Group> {
    let tally = Tally::of(votes);
    let group = tally.heaviest()?;
    tally.has_consensus(group, trust).then_some(*group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::AccountId;
    use proptest::prelude::*;
    use sp_core::U512;

    const FRESH: u32 = 2;

    fn vote(worker: u8, group: u8, weight: u32) -> Vote {
        Vote {
            worker: AccountId::new([worker; 32]),
            commitment: H256::repeat_byte(group),
            seal: H256::zero(),
            weight,
            status: VoteStatus::Committed,
        }
    }

    fn votes(of: &[(u8, u32)]) -> Vec<Vote> {
        (0u8..)
            .zip(of)
            .map(|(worker, (group, weight))| vote(worker, *group, *weight))
            .collect()
    }

    fn agreed(count: u32) -> Vec<Vote> {
        votes(&vec![(1, FRESH); count as usize])
    }

    fn wins(of: &[(u8, u32)], group: u8, trust: u32) -> bool {
        consensus_on(&votes(of), H256::repeat_byte(group), trust).is_some()
    }

    #[test]
    fn weight_is_bounded_on_both_sides() {
        assert_eq!(
            [0, 11, 12, 14, 15, 26, 27, 1_000].map(weight),
            [2, 2, 3, 3, 4, 7, 8, 8]
        );
        assert_eq!(weight(Score::MAX), MAX_WEIGHT);
    }

    #[test]
    fn needed_is_exactly_what_fresh_workers_need() {
        for trust in 1..=MAX_TRUST {
            let enough = needed(trust);
            assert!(consensus(&agreed(enough), trust).is_some(), "trust {trust}");
            assert!(
                consensus(&agreed(enough - 1), trust).is_none(),
                "trust {trust}"
            );
        }
    }

    #[test]
    fn worked_example_with_trust_4() {
        let mut cast = vec![(0, FRESH), (1, FRESH), (1, FRESH), (1, FRESH)];
        assert_eq!(Tally::of(&votes(&cast)).total, 11);
        assert!(!wins(&cast, 1, 4), "32 > 33 is false");
        cast.push((1, FRESH));
        let tally = Tally::of(&votes(&cast));
        assert_eq!((tally.heaviest().unwrap().weight, tally.total), (16, 19));
        assert!(wins(&cast, 1, 4), "64 > 57");
        assert!(!wins(&cast, 0, 4));
    }

    #[test]
    fn worked_example_with_trust_3() {
        assert!(!wins(&[(1, FRESH)], 1, 3), "6 > 6 is false");
        assert!(wins(&[(1, FRESH), (1, FRESH)], 1, 3));
    }

    #[test]
    fn no_account_decides_alone() {
        assert!(wins(&[(1, MAX_WEIGHT)], 1, 2));
        assert!(!wins(&[(1, MAX_WEIGHT)], 1, 3), "one voter of two");
        assert!(wins(&[(1, MAX_WEIGHT), (1, FRESH)], 1, 16));
        assert!(
            !wins(&[(1, MAX_WEIGHT), (1, MAX_WEIGHT)], 1, 17),
            "two voters of three"
        );
        assert!(wins(&[(1, MAX_WEIGHT), (1, MAX_WEIGHT), (1, FRESH)], 1, 17));
    }

    #[test]
    fn trust_1_accepts_the_first_vote() {
        assert!(wins(&[(1, FRESH)], 1, 1));
        assert!(wins(&[(1, FRESH)], 1, 0));
    }

    #[test]
    fn rejected_votes_count_for_nothing() {
        let mut cast = votes(&[(0, 8), (0, 8), (1, FRESH), (1, FRESH)]);
        assert_eq!(
            consensus(&cast, 4).map(|group| group.commitment),
            Some(H256::zero())
        );
        cast.iter_mut()
            .take(2)
            .for_each(|vote| vote.status = VoteStatus::Rejected);
        let group = consensus(&cast, 4).unwrap();
        assert_eq!(
            (group.commitment, group.voters, group.weight),
            (H256::repeat_byte(1), 2, 4)
        );
    }

    #[test]
    fn heaviest_of_equals_began_first() {
        let cast = votes(&[(3, FRESH), (1, FRESH), (1, FRESH), (3, FRESH)]);
        assert_eq!(
            Tally::of(&cast).heaviest().unwrap().commitment,
            H256::repeat_byte(3)
        );
        assert_eq!(Tally::of(&[]).heaviest(), None);
    }

    #[test]
    fn saturated_weights_make_no_consensus() {
        let all = u32::MAX;
        let alone = vec![(1, all); 32];
        assert_eq!(Tally::of(&votes(&alone)).total, u128::MAX);
        assert!(!wins(&alone, 1, 2) && !wins(&alone, 1, MAX_TRUST) && !wins(&alone, 1, u32::MAX));
        let halves: Vec<_> = (0u8..32).map(|worker| (worker % 2, all)).collect();
        assert!(!wins(&halves, 0, 2) && !wins(&halves, 1, MAX_TRUST));
    }

    #[test]
    fn weight_of_zero_counts_as_one() {
        assert_eq!(Tally::of(&votes(&[(1, 0), (1, 0)])).total, 2);
    }

    /// The rule without bounds, in 512 bits: enough for 32 weights of 15 bits and a trust.
    fn exact(cast: &[Vote], commitment: H256, trust: u32) -> bool {
        let weight_of = |group: H256| {
            cast.iter()
                .filter(|vote| vote.commitment == group)
                .fold(U512::one(), |product, vote| {
                    product * U512::from(vote.weight.max(1))
                })
        };
        let mut groups: Vec<H256> = cast.iter().map(|vote| vote.commitment).collect();
        groups.sort();
        groups.dedup();
        let total = groups
            .into_iter()
            .fold(U512::one(), |sum, group| sum + weight_of(group));
        let voters = cast
            .iter()
            .filter(|vote| vote.commitment == commitment)
            .count();
        voters >= minimum_voters(trust) as usize
            && weight_of(commitment) * U512::from(trust) > total * U512::from(trust - 1)
    }

    proptest! {
        #[test]
        fn lawful_weights_are_counted_exactly(
            cast in prop::collection::vec((0u8..4, 2u32..=MAX_WEIGHT), 1..=32),
            trust in 1..=MAX_TRUST,
        ) {
            let counted = votes(&cast);
            for group in cast.iter().map(|(group, _)| H256::repeat_byte(*group)) {
                let verdict = consensus_on(&counted, group, trust).is_some();
                prop_assert_eq!(verdict, exact(&counted, group, trust));
            }
        }

        #[test]
        fn saturation_never_makes_a_consensus(
            cast in prop::collection::vec((0u8..3, 1u32..1 << 15), 1..=32),
            trust in 1..=MAX_TRUST,
        ) {
            let counted = votes(&cast);
            for group in cast.iter().map(|(group, _)| H256::repeat_byte(*group)) {
                if consensus_on(&counted, group, trust).is_some() {
                    prop_assert!(exact(&counted, group, trust));
                }
            }
        }

        #[test]
        fn only_the_heaviest_group_can_have_consensus(
            cast in prop::collection::vec((0u8..4, 2u32..=MAX_WEIGHT), 1..=32),
            trust in 2..=MAX_TRUST,
        ) {
            let counted = votes(&cast);
            let heaviest = consensus(&counted, trust).map(|group| group.commitment);
            for group in cast.iter().map(|(group, _)| H256::repeat_byte(*group)) {
                let verdict = consensus_on(&counted, group, trust).is_some();
                prop_assert_eq!(verdict, heaviest == Some(group));
            }
        }
    }
}
