//! What the tests of all policies share, and what every policy promises.

use super::*;
use crate::consensus::{Tally, consensus};
use ergon_primitives::{
    AccountId, AppId, DealId, DealOrders, EXECUTION_VERSION_1, FaultKind, OpenedResult, OrderId,
    PoolId, Scheduling, needed, sealed,
};
use proptest::prelude::*;

/// Block in which reveals or openings began.
pub(crate) const SINCE: BlockNumber = 50;
/// First block in which those are overdue.
pub(crate) const DUE: BlockNumber = 90;
/// First block in which contributions are refused.
pub(crate) const CLOSED: BlockNumber = 140;
/// The final deadline.
pub(crate) const FINAL: BlockNumber = 200;

pub(crate) const SUCCESS: Outcome = Outcome::Success(H256::zero());
pub(crate) const FAULT: Outcome = Outcome::AppFault(FaultKind::Trap);
/// Results of these numbers have the outcomes of their names; all others are successes.
pub(crate) const UNAVAILABLE: u8 = 254;
pub(crate) const FAULTY: u8 = 255;
/// Hash of the block of the last vote.
pub(crate) const SEED: H256 = H256::repeat_byte(7);

/// A deal that starts in block 0, with a work time of 20 blocks.
pub(crate) fn deal(verification: Verification, trust: u32) -> Deal {
    let nobody = AccountId::new([0; 32]);
    let order = OrderId(H256::zero());
    Deal {
        orders: DealOrders {
            app: order,
            dataset: None,
            pool: order,
            request: order,
        },
        app: AppId(H256::zero()),
        app_owner: nobody.clone(),
        app_price: 1,
        dataset: None,
        pool: PoolId(H256::zero()),
        operator: nobody.clone(),
        pool_price: 1,
        requester: nobody.clone(),
        payer: nobody.clone(),
        beneficiary: nobody,
        category: 0,
        work_time: 20,
        trust,
        verification,
        scheduling: Scheduling::Authorised,
        execution_version: EXECUTION_VERSION_1,
        params: Default::default(),
        first_index: 0,
        volume: 1,
        started: 0,
        widening: 1,
        worker_stake: 1,
        operator_stake: 1,
        operator_reward_ratio: 1,
        fund_fee_ratio: 0,
        settlement_fee: 0,
        callback: None,
    }
}

/// Commitment to the result of this number.
pub(crate) fn group(result: u8) -> H256 {
    H256::repeat_byte(result)
}

fn outcome(result: u8) -> Outcome {
    match result {
        UNAVAILABLE => Outcome::Unavailable,
        FAULTY => FAULT,
        _ => Outcome::Success(group(result)),
    }
}

pub(crate) fn locator(result: u8) -> ResultLocator {
    vec![result].try_into().unwrap()
}

/// A task with fresh workers' votes: what each is for, and its status.
pub(crate) fn task(status: TaskStatus, of: &[(u8, VoteStatus)]) -> Task {
    let votes: Vec<Vote> = (0u8..)
        .zip(of)
        .map(|(worker, (result, status))| Vote {
            worker: AccountId::new([worker; 32]),
            commitment: group(*result),
            seal: H256::zero(),
            weight: 2,
            status: *status,
        })
        .collect();
    Task {
        status,
        votes: votes.try_into().unwrap(),
    }
}

/// An active task with so many sealed votes.
pub(crate) fn unopened(votes: usize) -> Task {
    task(TaskStatus::Active, &vec![(0, VoteStatus::Committed); votes])
}

/// A task whose sealed votes were opened to results of these numbers in the order of the votes, or
/// not at all.
pub(crate) fn opening(results: &[Option<u8>]) -> Task {
    let order: Vec<usize> = (0..results.len()).collect();
    opened_along(results, &order)
}

/// The same, opened in another order.
pub(crate) fn opened_along(results: &[Option<u8>], order: &[usize]) -> Task {
    let mut task = Task {
        status: TaskStatus::Opening {
            since: SINCE,
            seed: SEED,
            results: Default::default(),
        },
        ..unopened(results.len())
    };
    for voter in order {
        if let Some(result) = results[*voter] {
            open(&mut task, *voter, result);
        }
    }
    task
}

fn open(task: &mut Task, voter: usize, result: u8) {
    let vote = task.votes.iter_mut().nth(voter).unwrap();
    vote.commitment = group(result);
    vote.status = VoteStatus::Revealed;
    let TaskStatus::Opening { results, .. } = &mut task.status else {
        panic!("the task is opening");
    };
    if results
        .iter()
        .all(|known| known.commitment != group(result))
    {
        let shown = OpenedResult {
            commitment: group(result),
            outcome: outcome(result),
            locator: locator(result),
        };
        results.try_push(shown).unwrap();
    }
}

/// The conclusion of a task that settles with the result of this number.
pub(crate) fn proves(result: u8) -> Conclusion {
    Conclusion::Settled {
        outcome: outcome(result),
        locator: locator(result),
    }
}

/// The verdict of a step that ends the task.
pub(crate) fn end(step: Step) -> Verdict {
    match step {
        Step::End(verdict) => verdict,
        other => panic!("does not end: {other:?}"),
    }
}

/// The number of a vote's worker: its place among the votes.
pub(crate) fn number(vote: &Vote) -> usize {
    let key: &[u8; 32] = vote.worker.as_ref();
    usize::from(key[0])
}

/// Numbers of the voters that win, of those that lose, and of those that are only released.
pub(crate) fn sorted(verdict: &Verdict, task: &Task) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
    let winners: Vec<_> = verdict
        .winners(&task.votes)
        .map(|(vote, _)| number(vote))
        .collect();
    let losers = verdict.losers(&task.votes).map(number).collect();
    let released = verdict
        .released(&task.votes)
        .map(number)
        .filter(|voter| !winners.contains(voter))
        .collect();
    (winners, losers, released)
}

#[test]
fn deadlines_are_what_the_constants_say() {
    let terms = deal(Verification::Replication, 1);
    assert_eq!(terms.reveal_deadline(SINCE), DUE);
    assert_eq!(terms.contribution_deadline(), CLOSED);
    assert_eq!(terms.final_deadline(), FINAL);
}

#[test]
fn each_deal_is_judged_by_its_own_policy() {
    let twins = unopened(2);
    let step = |verification| of(&deal(verification, 3)).voted(&twins, &deal(verification, 3));
    assert!(matches!(
        step(Verification::Replication),
        Step::BeginReveals(_)
    ));
    assert_eq!(step(Verification::Blind { voters: 3 }), Step::Wait);
    assert_eq!(step(Verification::Race { referees: 0 }), Step::BeginOpening);
    let draws = |verification| of(&deal(verification, 3)).draws_roles();
    assert!(draws(Verification::Race { referees: 0 }));
    assert!(!draws(Verification::Blind { voters: 3 }) && !draws(Verification::Replication));
}

/// A thief sees every seal, and every digest and salt once they are shown; but it must have a seal on
/// the chain before that.
#[test]
fn copied_seal_cannot_be_opened_and_loses() {
    let (deal_id, digest) = (DealId(H256::zero()), group(1));
    let (thief, salt) = (AccountId::new([2; 32]), group(9));
    let copied = sealed(&AccountId::new([0; 32]), deal_id, 0, digest, salt);
    assert_ne!(sealed(&thief, deal_id, 0, digest, salt), copied);
    for verification in [
        Verification::Blind { voters: 3 },
        Verification::Race { referees: 1 },
    ] {
        let terms = deal(verification, 3);
        let task = opening(&[Some(1), Some(1), None]);
        let verdict = end(of(&terms).overdue(&task, &terms, DUE));
        assert_eq!(
            verdict.losers(&task.votes).map(number).collect::<Vec<_>>(),
            [2]
        );
    }
}

/// A worker that sealed one result cannot choose another salt to open it to the result that is winning.
#[test]
fn no_other_salt_opens_a_seal_to_another_result() {
    let (worker, deal_id) = (AccountId::new([0; 32]), DealId(H256::zero()));
    let cast = sealed(&worker, deal_id, 0, group(1), group(9));
    for salt in 0..=u8::MAX {
        assert_ne!(sealed(&worker, deal_id, 0, group(2), group(salt)), cast);
        let same_salt = group(salt) == group(9);
        let opens = sealed(&worker, deal_id, 0, group(1), group(salt)) == cast;
        assert_eq!(opens, same_salt);
    }
}

/// Results of up to 32 voters, some of whom stay silent, and an order of opening.
fn openings() -> impl Strategy<Value = (Vec<Option<u8>>, Vec<usize>)> {
    let result = prop_oneof![1u8..4, Just(UNAVAILABLE), Just(FAULTY)];
    let results = prop::collection::vec(prop::option::weighted(0.8, result), 1..=32);
    results.prop_flat_map(|results| {
        let order: Vec<usize> = (0..results.len()).collect();
        (Just(results), Just(order).prop_shuffle())
    })
}

fn sealed_deals() -> impl Strategy<Value = Deal> {
    let blind = (1u8..=32).prop_map(|voters| Verification::Blind { voters });
    let race = (0u8..=30).prop_map(|referees| Verification::Race { referees });
    (prop_oneof![blind, race], 1u32..64).prop_map(|(way, trust)| deal(way, trust))
}

fn statuses() -> impl Strategy<Value = Vec<(u8, VoteStatus)>> {
    let status = prop_oneof![
        Just(VoteStatus::Committed),
        Just(VoteStatus::Revealed),
        Just(VoteStatus::Rejected),
    ];
    prop::collection::vec((2u8..5, status), 1..=31)
}

/// Every live vote wins, loses or is released, and only one of these; a rejected one is in no list.
fn covers_each_live_vote_once(verdict: &Verdict, task: &Task) -> bool {
    let (winners, losers, released) = sorted(verdict, task);
    let mut judged = [winners, losers, released].concat();
    judged.sort();
    let live = task.votes.iter();
    let live = live.filter(|vote| vote.status != VoteStatus::Rejected);
    verdict.fates.len() == task.votes.len() && judged == live.map(number).collect::<Vec<_>>()
}

proptest! {
    #[test]
    fn payouts_do_not_depend_on_the_order_of_opening(
        (results, order) in openings(),
        terms in sealed_deals(),
    ) {
        let judge = |task: &Task| end(of(&terms).overdue(task, &terms, DUE));
        let (ours, theirs) = (opening(&results), opened_along(&results, &order));
        prop_assert_eq!(judge(&ours), judge(&theirs));
    }

    #[test]
    fn last_opening_gives_the_verdict_that_the_deadline_would(
        (results, order) in openings(),
        terms in sealed_deals(),
    ) {
        let shown: Vec<Option<u8>> = results.iter().map(|result| result.or(Some(9))).collect();
        let mut task = opening(&vec![None; shown.len()]);
        let (last, others) = order.split_last().unwrap();
        for voter in others {
            open(&mut task, *voter, shown[*voter].unwrap());
            prop_assert_eq!(of(&terms).opened(&task, &terms), Step::Wait);
        }
        open(&mut task, *last, shown[*last].unwrap());
        let ended = of(&terms).opened(&task, &terms);
        prop_assert_eq!(ended, of(&terms).overdue(&task, &terms, DUE));
    }

    #[test]
    fn who_gave_the_result_and_opened_it_never_loses(
        (results, _) in openings(),
        terms in sealed_deals(),
    ) {
        let task = opening(&results);
        let verdict = end(of(&terms).overdue(&task, &terms, DUE));
        let paid: Vec<Vote> = verdict.winners(&task.votes).map(|(vote, _)| vote.clone()).collect();
        for (vote, result) in task.votes.iter().zip(&results) {
            let fate = verdict.fates[number(vote)];
            let gave_it = result.is_some_and(|result| proves(result) == verdict.conclusion);
            let agrees = result.is_some() && paid.iter().any(|winner| {
                winner.commitment == vote.commitment
            });
            if gave_it || agrees {
                prop_assert_ne!(fate, Fate::Loses);
            }
            let settled = matches!(verdict.conclusion, Conclusion::Settled { .. });
            prop_assert!(settled || result.is_none() == (fate == Fate::Loses));
        }
    }

    #[test]
    fn sealed_verdicts_cover_each_vote_once(
        (results, _) in openings(),
        terms in sealed_deals(),
    ) {
        let task = opening(&results);
        let verdict = end(of(&terms).overdue(&task, &terms, DUE));
        prop_assert!(covers_each_live_vote_once(&verdict, &task));
        let waiting = Task { status: TaskStatus::Active, votes: task.votes };
        if let Step::End(verdict) = of(&terms).closed(&waiting, &terms, CLOSED) {
            prop_assert!(covers_each_live_vote_once(&verdict, &waiting));
            prop_assert!(!verdict.fates.contains(&Fate::Loses));
        }
    }

    #[test]
    fn results_are_paid_exactly_when_somebody_wins(
        (results, _) in openings(),
        terms in sealed_deals(),
    ) {
        let task = opening(&results);
        let verdict = end(of(&terms).overdue(&task, &terms, DUE));
        let paid = match verdict.conclusion {
            Conclusion::Settled { outcome, .. } => outcome != Outcome::Unavailable,
            Conclusion::Failed { .. } | Conclusion::Broken => false,
        };
        prop_assert_eq!(paid, verdict.winners(&task.votes).next().is_some());
        prop_assert!(paid || !verdict.scored);
    }

    #[test]
    fn replicated_verdicts_cover_each_vote_once_and_spare_who_revealed(
        cast in statuses(),
        shown in prop_oneof![Just(SUCCESS), Just(FAULT), Just(Outcome::Unavailable)],
        trust in 1u32..64,
    ) {
        let terms = deal(Verification::Replication, trust);
        // Only votes of the winning group are ever revealed.
        let cast: Vec<(u8, VoteStatus)> = cast
            .into_iter()
            .map(|(result, status)| match status {
                VoteStatus::Revealed => (1, status),
                VoteStatus::Committed | VoteStatus::Rejected => (result, status),
            })
            .chain([(1, VoteStatus::Revealed)])
            .collect();
        let status = TaskStatus::Revealing {
            commitment: group(1),
            since: SINCE,
            revealed: Some((shown, locator(1))),
        };
        let revealing = task(status, &cast);
        let verdict = end(of(&terms).opened(&revealing, &terms));
        prop_assert_eq!(&verdict, &end(of(&terms).overdue(&revealing, &terms, DUE)));
        prop_assert!(covers_each_live_vote_once(&verdict, &revealing));
        for (voter, (_, status)) in cast.iter().enumerate() {
            prop_assert!(*status != VoteStatus::Revealed || verdict.fates[voter] != Fate::Loses);
        }
        // Without a credible group it fails, and nobody loses.
        match of(&terms).closed(&revealing, &terms, FINAL) {
            Step::End(failed) => {
                prop_assert!(covers_each_live_vote_once(&failed, &revealing));
                prop_assert!(!failed.fates.contains(&Fate::Loses));
            }
            step => {
                let credible = consensus(&revealing.votes, terms.trust);
                prop_assert_eq!(Some(step), credible.map(Step::BeginReveals));
            }
        }
    }

    #[test]
    fn vote_brings_about_what_counting_all_votes_would(
        cast in prop::collection::vec(1u8..4, 1..=32),
        trust in 2u32..64,
    ) {
        let terms = deal(Verification::Replication, trust);
        let cast: Vec<_> = cast.into_iter().map(|result| (result, VoteStatus::Committed)).collect();
        let active = task(TaskStatus::Active, &cast);
        let last = active.votes.last().unwrap().commitment;
        let expected = consensus(&active.votes, trust).filter(|group| group.commitment == last);
        let step = of(&terms).voted(&active, &terms);
        prop_assert_eq!(step, expected.map_or(Step::Wait, Step::BeginReveals));
    }

    #[test]
    fn blind_fails_only_without_consensus_among_the_opened(
        (results, _) in openings(),
        trust in 1u32..64,
    ) {
        let terms = deal(Verification::Blind { voters: 32 }, trust);
        let task = opening(&results);
        let verdict = end(of(&terms).overdue(&task, &terms, DUE));
        let shown = task.votes.iter().filter(|vote| vote.status == VoteStatus::Revealed);
        let tally = Tally::over(shown.clone());
        let agreed = tally.heaviest().is_some_and(|group| tally.has_consensus(group, trust));
        let voted = shown.count() >= needed(trust) as usize;
        prop_assert_eq!(verdict.conclusion == Conclusion::Failed { voted }, !agreed);
        prop_assert_eq!(matches!(verdict.conclusion, Conclusion::Settled { .. }), agreed);
    }
}
