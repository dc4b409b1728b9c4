//! Race: two workers and some referees (Symbioses 5.2–5.4).
//!
//! All compute, lock stakes and commit seals before anything is shown. Only then are roles drawn, from
//! the hash of a block that nobody knew before: so nobody can agree beforehand on who will break a
//! task, or prepare for being a referee. ★ In the source the first to deliver is the Winner; there
//! the fastest network decides, and whoever sees a delivery can repeat it.
//!
//! The result that most have opened wins, if two did at least. Between results of equally many, roles
//! decide: opened results are compared in their order until one is found for a second time; Winner and
//! Verifier agree, or the first Referee that repeats one of these results decides. Whoever gave the
//! result first in that order is the Winner then, and whoever repeated it the Verifier. With up to two
//! referees this is the source's rule. ★ With more of them, the source's rule lets two workers whom the
//! order puts first outvote all others; and who makes the block of the last vote can choose among
//! orders.

use super::{
    Conclusion, Policy, Step, Verdict, are_openings_due, have_all_opened, have_all_voted,
    is_opened, is_telling, opened, result_of,
};
use alloc::vec::Vec;
use ergon_primitives::{
    BlockNumber, Deal, Outcome, RACERS, ResultLocator, Task, TaskStatus, Vote, domain_hash,
};
use sp_core::H256;

/// Weight of the Winner's pay: twice a share, since pay goes by `⌊log2 weight⌋`.
const WINNER: u32 = 4;
/// Weight of the pay of everybody else who gave the result: one share.
const CONFIRMING: u32 = 2;

/// Two workers' results are compared, and those of referees when they differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Race;

impl Policy for Race {
    fn voted(&self, task: &Task, deal: &Deal) -> Step {
        if have_all_voted(task, deal) {
            Step::BeginOpening
        } else {
            Step::Wait
        }
    }

    fn opened(&self, task: &Task, _deal: &Deal) -> Step {
        if have_all_opened(task) {
            Step::End(judge(task))
        } else {
            Step::Wait
        }
    }

    fn overdue(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step {
        if are_openings_due(task, deal, now) {
            Step::End(judge(task))
        } else {
            Step::Wait
        }
    }

    /// A race that not all have joined never begins; neither requester nor app is to blame.
    fn closed(&self, task: &Task, deal: &Deal, now: BlockNumber) -> Step {
        if now < deal.contribution_deadline() {
            Step::Wait
        } else {
            let conclusion = Conclusion::Failed { voted: false };
            Step::End(Verdict::without_result(&task.votes, conclusion, |_| false))
        }
    }

    fn draws_roles(&self) -> bool {
        true
    }
}

/// The votes in the order of their roles: Winner, Verifier, then the referees.
pub fn in_order<'a>(seed: H256, votes: impl IntoIterator<Item = &'a Vote>) -> Vec<&'a Vote> {
    let mut drawn: Vec<&Vote> = votes.into_iter().collect();
    drawn.sort_by_cached_key(|vote| domain_hash("ergon/roles", &(seed, &vote.worker)));
    drawn
}

/// Who silently left its role is passed over in the order, and loses. When fewer than two results
/// were opened the pool has not delivered; when no two of them agree, the race is broken.
fn judge(task: &Task) -> Verdict {
    let order = in_order(seed_of(task), opened(&task.votes));
    let agreed =
        winner_of(&order).and_then(|winner| Some((winner, result_of(task, winner.commitment)?)));
    let conclusion = if order.len() < RACERS as usize {
        Conclusion::Failed { voted: false }
    } else {
        Conclusion::Broken
    };
    match agreed {
        Some((winner, result)) => settled(task, winner, result),
        None => Verdict::without_result(&task.votes, conclusion, |vote| !is_opened(vote)),
    }
}

/// The first vote, along the order, for the result that most agree on; between results of equally many,
/// for the one that is the first to be found for a second time.
fn winner_of<'a>(order: &[&'a Vote]) -> Option<&'a Vote> {
    let agree = |vote: &Vote, other: &Vote| vote.commitment == other.commitment;
    let support = |vote: &Vote| order.iter().filter(|other| agree(vote, other)).count();
    let most = order.iter().map(|vote| support(vote)).max()?;
    let repeated = order.iter().enumerate().find_map(|(place, vote)| {
        let is_repeated = order.iter().take(place).any(|earlier| agree(vote, earlier));
        (is_repeated && support(vote) == most).then_some(vote)
    })?;
    order.iter().copied().find(|vote| agree(vote, repeated))
}

fn settled(task: &Task, winner: &Vote, result: (Outcome, ResultLocator)) -> Verdict {
    let scored = is_telling(opened(&task.votes), &result.0);
    Verdict::settled(&task.votes, result, scored, |vote| {
        if !is_opened(vote) || vote.commitment != winner.commitment {
            None
        } else if vote.worker == winner.worker {
            Some(WINNER)
        } else {
            Some(CONFIRMING)
        }
    })
}

fn seed_of(task: &Task) -> H256 {
    match task.status {
        TaskStatus::Opening { seed, .. } => seed,
        _ => H256::zero(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{tests::*, *};

    const POLICY: Race = Race;

    /// What becomes of the opened votes of a race, by their results in the order of the roles: equal
    /// letters are equal results; `2` is paid double, `1` once, `-` loses, `o` is released. Every race
    /// of two racers and two referees is here, and every one that fewer of them have opened.
    const RACES: [(&str, &str); 24] = [
        ("aaaa", "2111"), // Winner = Verifier: they share, and agreeing referees too
        ("aaab", "211-"),
        ("aaba", "21-1"),
        ("aabb", "21--"), // two referees cannot overrule them
        ("aabc", "21--"),
        ("abaa", "2-11"), // first referee = Winner, who stays
        ("abab", "2-1-"), // the second referee comes too late
        ("abac", "2-1-"),
        ("abba", "-21-"), // first referee = Verifier, who becomes Winner
        ("abbb", "-211"),
        ("abbc", "-21-"),
        ("abca", "2--1"), // the first referee equals nobody, the second decides
        ("abcb", "-2-1"),
        ("abcc", "--21"), // the only results that do not all differ
        ("abcd", "oooo"), // broken
        ("aaa", "211"),
        ("aab", "21-"),
        ("aba", "2-1"),
        ("abb", "-21"),
        ("abc", "ooo"),
        ("aa", "21"),
        ("ab", "oo"),
        ("a", "o"), // nobody to compare with
        ("", ""),
    ];

    fn race(referees: u8) -> Deal {
        deal(Verification::Race { referees }, 1)
    }

    /// A race whose workers gave these results in the order of their roles.
    fn raced(by_role: &[Option<u8>]) -> Task {
        let blank = opening(&vec![None; by_role.len()]);
        let mut results = vec![None; by_role.len()];
        for (vote, result) in in_order(SEED, &blank.votes).into_iter().zip(by_role) {
            results[number(vote)] = *result;
        }
        opening(&results)
    }

    /// What becomes of the votes, in the order of their roles and in the letters of [`RACES`].
    fn fates_by_role(task: &Task, verdict: &Verdict) -> String {
        in_order(SEED, &task.votes)
            .into_iter()
            .map(|vote| match verdict.fates[number(vote)] {
                Fate::Wins { weight } => char::from_digit(weight.ilog2(), 10).unwrap(),
                Fate::Loses => '-',
                Fate::Released => 'o',
                Fate::Gone => '!',
            })
            .collect()
    }

    fn judged(by_role: &[Option<u8>]) -> (String, Conclusion) {
        let task = raced(by_role);
        let verdict = end(POLICY.overdue(&task, &race(2), DUE));
        (fates_by_role(&task, &verdict), verdict.conclusion)
    }

    /// Results in letters: the first one is `a`, the first that differs from it `b`, and so on.
    fn letters(results: &[u8]) -> String {
        let mut known: Vec<u8> = Vec::new();
        let mut letter = |result: &u8| {
            let place = known.iter().position(|other| other == result);
            let place = place.unwrap_or_else(|| {
                known.push(*result);
                known.len() - 1
            });
            char::from(b'a' + place as u8)
        };
        results.iter().map(&mut letter).collect()
    }

    fn expected(by_role: &[Option<u8>]) -> (String, Conclusion) {
        let shown: Vec<u8> = by_role.iter().copied().flatten().collect();
        let pattern = letters(&shown);
        let (_, fates) = RACES.iter().find(|(race, _)| *race == pattern).unwrap();
        let conclusion = match fates.find('2') {
            Some(winner) => proves(shown[winner]),
            None if shown.len() < 2 => Conclusion::Failed { voted: false },
            None => Conclusion::Broken,
        };
        let mut fates = fates.chars();
        let everybody = by_role.iter();
        let fates = everybody.map(|result| result.map_or('-', |_| fates.next().unwrap()));
        (fates.collect(), conclusion)
    }

    #[test]
    fn every_race_of_four_ends_as_the_table_says() {
        for code in 0..5u32.pow(4) {
            let result = |role: u32| match code / 5u32.pow(role) % 5 {
                0 => None,
                result => Some(result as u8),
            };
            let by_role: Vec<Option<u8>> = (0..4).map(result).collect();
            assert_eq!(judged(&by_role), expected(&by_role), "{by_role:?}");
        }
    }

    #[test]
    fn race_begins_when_all_have_joined() {
        for (referees, field) in [(0, 2), (2, 4), (30, 32)] {
            let terms = race(referees);
            assert_eq!(POLICY.voted(&unopened(field - 1), &terms), Step::Wait);
            assert_eq!(POLICY.voted(&unopened(field), &terms), Step::BeginOpening);
        }
    }

    #[test]
    fn race_that_not_all_joined_fails_and_releases_everybody() {
        let three = unopened(3);
        assert_eq!(POLICY.closed(&three, &race(2), CLOSED - 1), Step::Wait);
        for late in [CLOSED, FINAL] {
            let verdict = end(POLICY.closed(&three, &race(2), late));
            assert_eq!(verdict.conclusion, Conclusion::Failed { voted: false });
            assert_eq!(sorted(&verdict, &three), (vec![], vec![], vec![0, 1, 2]));
        }
    }

    #[test]
    fn nothing_is_judged_before_all_have_opened_or_are_due() {
        let waits = raced(&[Some(1), Some(1), None]);
        assert_eq!(
            POLICY.opened(&waits, &race(1)),
            Step::Wait,
            "a referee may differ"
        );
        assert_eq!(POLICY.overdue(&waits, &race(1), DUE - 1), Step::Wait);
        let verdict = end(POLICY.overdue(&waits, &race(1), DUE));
        assert_eq!(fates_by_role(&waits, &verdict), "21-");

        let all = raced(&[Some(1), Some(1), Some(2)]);
        assert_eq!(POLICY.overdue(&all, &race(1), DUE - 1), Step::Wait);
        let verdict = end(POLICY.opened(&all, &race(1)));
        assert_eq!(fates_by_role(&all, &verdict), "21-");

        let active = unopened(1);
        assert_eq!(POLICY.opened(&active, &race(1)), Step::Wait);
        assert_eq!(
            POLICY.overdue(&active, &race(1), BlockNumber::MAX),
            Step::Wait
        );
    }

    #[test]
    fn winner_is_paid_double_whatever_the_weights() {
        let mut task = raced(&[Some(1), Some(1), Some(1)]);
        task.votes.iter_mut().for_each(|vote| vote.weight = 8);
        let verdict = end(POLICY.opened(&task, &race(1)));
        assert_eq!(fates_by_role(&task, &verdict), "211");
        let mut paid: Vec<u32> = verdict.winners(&task.votes).map(|(_, paid)| paid).collect();
        paid.sort();
        assert_eq!(paid, [2, 2, 4]);
    }

    #[test]
    fn silent_winner_or_verifier_loses_and_is_passed_over() {
        let fates = |by_role: &[Option<u8>]| judged(by_role).0;
        assert_eq!(fates(&[None, Some(1), Some(1), Some(2)]), "-21-");
        assert_eq!(fates(&[Some(1), None, Some(1), Some(1)]), "2-11");
        assert_eq!(fates(&[None, None, Some(1), Some(1)]), "--21");
        // Silence is no way out of being found wrong.
        assert_eq!(fates(&[Some(2), Some(1), Some(1)]), "-21");
        assert_eq!(fates(&[None, Some(1), Some(1)]), "-21");
    }

    #[test]
    fn silent_ones_lose_in_a_broken_race_too() {
        let (fates, conclusion) = judged(&[Some(1), None, Some(2), Some(3)]);
        assert_eq!((fates.as_str(), conclusion), ("o-oo", Conclusion::Broken));
        let (fates, conclusion) = judged(&[None, Some(1), None, None]);
        let failed = Conclusion::Failed { voted: false };
        assert_eq!((fates.as_str(), conclusion), ("-o--", failed));
    }

    /// Who has a hand in the order gains nothing by it: two in front do not outvote three behind.
    #[test]
    fn two_that_lie_lose_against_more_wherever_they_stand() {
        for liars in [[0, 1], [0, 4], [2, 3], [3, 4]] {
            let mut by_role = vec![Some(1); 5];
            for role in liars {
                by_role[role] = Some(2);
            }
            let (fates, conclusion) = judged(&by_role);
            assert_eq!(conclusion, proves(1), "{liars:?}");
            assert!(liars.iter().all(|role| fates.as_bytes()[*role] == b'-'));
        }
        let mut by_role = vec![Some(2); 32];
        by_role[0] = Some(1);
        by_role[1] = Some(1);
        let (fates, conclusion) = judged(&by_role);
        assert_eq!(fates, format!("--2{}", "1".repeat(29)));
        assert_eq!(conclusion, proves(2));
    }

    #[test]
    fn roles_decide_between_results_of_equally_many() {
        let first = judged(&[1, 2, 3, 2, 1, 4].map(Some));
        assert_eq!(first, ("-2-1--".into(), proves(2)));
        let many = judged(&[3, 3, 1, 2, 1, 2, 2, 1].map(Some));
        assert_eq!(many, ("--2-1--1".into(), proves(1)));
    }

    #[test]
    fn referees_are_asked_until_one_repeats_a_result() {
        let mut by_role: Vec<Option<u8>> = (1..=31).map(Some).collect();
        assert_eq!(judged(&by_role).1, Conclusion::Broken);
        by_role.push(Some(17));
        let (fates, conclusion) = judged(&by_role);
        assert_eq!(conclusion, proves(17));
        assert_eq!((fates.find('2'), fates.find('1')), (Some(16), Some(31)));
        assert_eq!(fates.matches('-').count(), 30);
    }

    #[test]
    fn unavailable_releases_everybody() {
        let by_role = [Some(UNAVAILABLE), Some(1), Some(UNAVAILABLE), None];
        let (fates, conclusion) = judged(&by_role);
        assert_eq!((fates.as_str(), conclusion), ("oooo", proves(UNAVAILABLE)));
    }

    #[test]
    fn broken_races_and_common_faults_raise_no_scores() {
        let scored = |by_role: &[Option<u8>]| {
            let task = raced(by_role);
            end(POLICY.overdue(&task, &race(2), DUE)).scored
        };
        assert!(scored(&[Some(1), Some(1)]));
        assert!(!scored(&[Some(1), Some(2), Some(3)]));
        assert!(!scored(&[Some(FAULTY), Some(FAULTY), None]));
        assert!(scored(&[Some(FAULTY), Some(1), Some(FAULTY)]));
        assert!(!scored(&[Some(UNAVAILABLE), Some(UNAVAILABLE), Some(1)]));
    }

    #[test]
    fn roles_follow_from_the_seed_alone() {
        let task = unopened(32);
        let numbers = |order: Vec<&Vote>| order.into_iter().map(number).collect::<Vec<_>>();
        let drawn = numbers(in_order(SEED, &task.votes));
        let reversed = numbers(in_order(SEED, task.votes.iter().rev()));
        assert_eq!(reversed, drawn, "not from who came first");
        assert_ne!(numbers(in_order(group(8), &task.votes)), drawn);
    }

    #[test]
    fn everybody_can_become_everything() {
        let task = unopened(4);
        let mut seen = [[false; 4]; 4];
        for seed in 0..=u8::MAX {
            let order = in_order(H256::repeat_byte(seed), &task.votes);
            for (role, vote) in order.into_iter().enumerate() {
                seen[number(vote)][role] = true;
            }
        }
        assert_eq!(seen, [[true; 4]; 4]);
    }
}
