//! Every combination of what the store and the chain can say.

use super::*;
use crate::{choice::tests::deal, task::tests::cast};
use ergon_client::primitives;

use VoteStatus::{Committed, Rejected, Revealed};

fn seen(stage: Stage, vote: Vote) -> Seen {
    Seen {
        stage,
        vote,
        overdue: None,
    }
}

fn local(phase: Phase) -> Local {
    Local {
        phase,
        waited: true,
    }
}

/// What a letter of the table stands for.
fn action(letter: u8) -> Action {
    match letter {
        b'.' => Action::Wait,
        b'W' => Action::Work,
        b'P' => Action::Pause,
        b'C' => Action::Contribute,
        b'c' => Action::NoteCommitted,
        b'R' => Action::Reveal,
        b'r' => Action::NoteRevealed,
        b'N' => Action::Finish(End::NotNeeded),
        b'S' => Action::Finish(End::Settled),
        b'L' => Action::Finish(End::Lost),
        b'J' => Action::Finish(End::Rejected),
        b'F' => Action::Finish(End::Failed),
        b'X' => Action::Finish(End::Foreign),
        letter => panic!("the table has no letter {}", char::from(letter)),
    }
}

/// Chain on the left. A letter for each of the phases Discovered, Fetching, Executing | Computed,
/// Committing, Committed, Revealing, Revealed | Done. A blank is a combination that cannot be: only
/// who knows its result knows that it won, or that a vote is another one.
const TABLE: [(Stage, Option<VoteStatus>, &[u8; 9]); 27] = [
    (Stage::Open, None, b"WWWCCCCC."),
    (Stage::Open, Some(Committed), b"WWWcc...."),
    (Stage::Open, Some(Revealed), b".PPccrr.."),
    (Stage::Open, Some(Rejected), b".PPcc...."),
    (Stage::Closed, None, b"NNNNNNNN."),
    (Stage::Closed, Some(Committed), b"WWWcc...."),
    (Stage::Closed, Some(Revealed), b".PPccrr.."),
    (Stage::Closed, Some(Rejected), b".PPcc...."),
    (Stage::MineWon, Some(Committed), b"   ccRRR."),
    (Stage::MineWon, Some(Revealed), b"   ccrr.."),
    (Stage::MineWon, Some(Rejected), b"   cc...."),
    (Stage::OtherWon, None, b".PP......"),
    (Stage::OtherWon, Some(Committed), b"WWWcc...."),
    (Stage::OtherWon, Some(Revealed), b".PPccrr.."),
    (Stage::OtherWon, Some(Rejected), b".PPcc...."),
    (Stage::Harmful, None, b"NNNN....."),
    (Stage::Harmful, Some(Committed), b".PP......"),
    (Stage::Harmful, Some(Revealed), b".PP......"),
    (Stage::Harmful, Some(Rejected), b"JJJJJJJJ."),
    (Stage::Settled, None, b"NNNNNNNN."),
    (Stage::Settled, Some(Committed), b"LLLLLLLL."),
    (Stage::Settled, Some(Revealed), b"SSSSSSSS."),
    (Stage::Settled, Some(Rejected), b"JJJJJJJJ."),
    (Stage::Failed, None, b"NNNNNNNN."),
    (Stage::Failed, Some(Committed), b"FFFFFFFF."),
    (Stage::Failed, Some(Revealed), b"FFFFFFFF."),
    (Stage::Failed, Some(Rejected), b"JJJJJJJJ."),
];

#[test]
fn every_combination_has_its_action() {
    for (stage, status, row) in TABLE {
        for (phase, letter) in Phase::ALL.into_iter().zip(row) {
            if *letter == b' ' {
                continue;
            }
            let vote = match status {
                None => Vote::None,
                Some(status) if phase.is_before_result() => Vote::Unknown(status),
                Some(status) => Vote::Mine(status),
            };
            let chain = seen(stage, vote);
            let result = reconcile(local(phase), chain, chain);
            assert_eq!(result, action(*letter), "{phase}, {stage:?}, {vote:?}");
        }
    }
}

#[test]
fn vote_of_another_store_is_never_touched() {
    let stages = [
        Stage::Open,
        Stage::Closed,
        Stage::OtherWon,
        Stage::Harmful,
        Stage::Settled,
        Stage::Failed,
    ];
    for stage in stages {
        for phase in Phase::ALL
            .into_iter()
            .filter(|phase| !phase.is_before_result())
        {
            let foreign = seen(stage, Vote::Foreign);
            let expected = if phase == Phase::Done {
                Action::Wait
            } else {
                action(b'X')
            };
            assert_eq!(reconcile(local(phase), foreign, foreign), expected);
            let not_final = seen(Stage::Open, Vote::None);
            let waiting = reconcile(local(phase), not_final, foreign);
            assert_eq!(waiting, Action::Wait, "{phase}, {stage:?}");
        }
    }
}

#[test]
fn nothing_is_revealed_before_the_consensus_is_final() {
    let won = seen(Stage::MineWon, Vote::Mine(Committed));
    for finalised in [
        seen(Stage::Open, Vote::None),
        seen(Stage::Open, Vote::Mine(Committed)),
        seen(Stage::OtherWon, Vote::Mine(Committed)),
        seen(Stage::Closed, Vote::Mine(Committed)),
    ] {
        for phase in [Phase::Committed, Phase::Revealing, Phase::Revealed] {
            assert_eq!(
                reconcile(local(phase), finalised, won),
                Action::Wait,
                "{phase}"
            );
        }
    }
}

#[test]
fn nothing_ends_before_its_end_is_final() {
    let open = seen(Stage::Open, Vote::None);
    for stage in [Stage::Settled, Stage::Failed] {
        let ended = seen(stage, Vote::None);
        assert_eq!(
            reconcile(local(Phase::Discovered), open, ended),
            Action::Wait
        );
        assert_eq!(
            reconcile(local(Phase::Executing), open, ended),
            Action::Pause
        );
        assert_eq!(reconcile(local(Phase::Computed), open, ended), Action::Wait);
    }
    let closed = seen(Stage::Closed, Vote::None);
    assert_eq!(
        reconcile(local(Phase::Committing), open, closed),
        Action::Wait
    );
}

#[test]
fn transactions_under_way_are_not_sent_again_at_once() {
    let under_way = |phase| Local {
        phase,
        waited: false,
    };
    let open = seen(Stage::Open, Vote::None);
    for phase in [
        Phase::Committing,
        Phase::Committed,
        Phase::Revealing,
        Phase::Revealed,
    ] {
        assert_eq!(
            reconcile(under_way(phase), open, open),
            Action::Wait,
            "{phase}"
        );
    }
    assert_eq!(
        reconcile(under_way(Phase::Computed), open, open),
        Action::Contribute
    );
    let won = seen(Stage::MineWon, Vote::Mine(Committed));
    assert_eq!(
        reconcile(under_way(Phase::Committed), won, won),
        Action::Reveal
    );
    for phase in [Phase::Revealing, Phase::Revealed] {
        assert_eq!(
            reconcile(under_way(phase), won, won),
            Action::Wait,
            "{phase}"
        );
    }
}

#[test]
fn own_reveal_comes_before_cleaning_up_after_others() {
    let mut won = seen(Stage::MineWon, Vote::Mine(Committed));
    won.overdue = Some(Overdue::Reopen);
    assert_eq!(reconcile(local(Phase::Committed), won, won), Action::Reveal);
    let mut revealed = seen(Stage::MineWon, Vote::Mine(Revealed));
    revealed.overdue = Some(Overdue::Finalise);
    let cleaning = Action::CleanUp(Overdue::Finalise);
    assert_eq!(
        reconcile(local(Phase::Revealed), revealed, revealed),
        cleaning
    );
}

fn worker(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

/// A task on which the workers 2 and 1 voted for the same.
fn task(status: TaskStatus) -> Task {
    let ballot = cast(1, 0).ballot;
    let mut task = Task {
        status,
        ..Task::default()
    };
    for number in [2, 1] {
        let vote = primitives::Vote {
            worker: worker(number),
            commitment: ballot.commitment,
            seal: if number == 1 {
                ballot.seal
            } else {
                H256::zero()
            },
            weight: 2,
            status: Committed,
        };
        task.votes.try_push(vote).unwrap();
    }
    task
}

fn revealing(revealed: bool) -> Task {
    let ballot = cast(1, 0).ballot;
    let result = (primitives::Outcome::Unavailable, Default::default());
    task(TaskStatus::Revealing {
        commitment: ballot.commitment,
        since: 120,
        revealed: revealed.then_some(result),
    })
}

/// Sealed votes are to be opened.
fn opening(opened: bool) -> TaskStatus {
    let result = primitives::OpenedResult {
        commitment: H256::zero(),
        outcome: primitives::Outcome::Unavailable,
        locator: Default::default(),
    };
    let results = if opened { vec![result] } else { Vec::new() };
    TaskStatus::Opening {
        since: 120,
        seed: H256::zero(),
        results: results.try_into().unwrap(),
    }
}

fn look(task: &Task, number: u8, now: BlockNumber) -> Seen {
    Seen::of(task, &deal(), &worker(number), Some(cast(1, 0).ballot), now)
}

#[test]
fn votes_are_told_apart() {
    let task = task(TaskStatus::Active);
    assert_eq!(look(&task, 1, 110).vote, Vote::Mine(Committed));
    assert_eq!(
        look(&task, 2, 110).vote,
        Vote::Foreign,
        "its seal is another one"
    );
    assert_eq!(look(&task, 3, 110).vote, Vote::None);
    let unknown = Seen::of(&task, &deal(), &worker(1), None, 110);
    assert_eq!(unknown.vote, Vote::Unknown(Committed));
}

#[test]
fn stages_follow_status_and_time() {
    let active = Task::default();
    assert_eq!(look(&active, 1, 169).stage, Stage::Open);
    assert_eq!(look(&active, 1, 170).stage, Stage::Closed);
    assert_eq!(look(&revealing(false), 1, 121).stage, Stage::MineWon);
    assert_eq!(look(&revealing(false), 3, 121).stage, Stage::OtherWon);
    let opening = task(opening(false));
    assert_eq!(look(&opening, 1, 121).stage, Stage::MineWon);
    assert_eq!(look(&opening, 2, 121).stage, Stage::OtherWon);
    assert_eq!(look(&opening, 3, 121).stage, Stage::OtherWon);
    let ended = |outcome| TaskStatus::Settled {
        outcome,
        locator: Default::default(),
        at: 130,
    };
    let success = primitives::Outcome::Success(H256::zero());
    assert_eq!(look(&task(ended(success)), 1, 131).stage, Stage::Settled);
    let unavailable = primitives::Outcome::Unavailable;
    assert_eq!(look(&task(ended(unavailable)), 1, 131).stage, Stage::Failed);
    let failed = task(TaskStatus::Failed { at: 200 });
    assert_eq!(look(&failed, 1, 201).stage, Stage::Failed);
    let cancelled = task(TaskStatus::Cancelled { at: 200 });
    assert_eq!(look(&cancelled, 1, 201).stage, Stage::Failed);
}

#[test]
fn late_others_are_helped_by_one_voter_after_the_other() {
    // Consensus in block 120, 2 T of 10 blocks for reveals; worker 2 voted first, worker 1 second.
    let silent = revealing(false);
    assert_eq!(look(&silent, 2, 139).overdue, None);
    assert_eq!(look(&silent, 2, 140).overdue, Some(Overdue::Reopen));
    assert_eq!(look(&silent, 1, 141).overdue, None);
    assert_eq!(look(&silent, 1, 142).overdue, Some(Overdue::Reopen));
    assert_eq!(
        look(&silent, 3, 142).overdue,
        None,
        "without stake nothing is lost by waiting"
    );
    assert_eq!(
        look(&revealing(true), 2, 140).overdue,
        Some(Overdue::Finalise)
    );
    for (opened, overdue) in [(false, Overdue::Reopen), (true, Overdue::Finalise)] {
        let opening = task(opening(opened));
        assert_eq!(look(&opening, 2, 139).overdue, None);
        assert_eq!(look(&opening, 2, 140).overdue, Some(overdue));
    }
    // Without consensus, after 10 T.
    let active = task(TaskStatus::Active);
    assert_eq!(look(&active, 2, 199).overdue, None);
    assert_eq!(look(&active, 2, 200).overdue, Some(Overdue::Claim));
}

#[test]
fn tasks_of_harmful_apps_have_no_future() {
    let claim = Some(Overdue::Claim);
    let active = task(TaskStatus::Active);
    assert_eq!(
        look(&active, 1, 110).unless_harmful(false),
        look(&active, 1, 110)
    );
    for task in [&active, &revealing(false), &revealing(true)] {
        let mine = look(task, 1, 110).unless_harmful(true);
        assert_eq!((mine.stage, mine.overdue), (Stage::Harmful, claim));
        let others = look(task, 3, 110).unless_harmful(true);
        assert_eq!((others.stage, others.overdue), (Stage::Harmful, None));
    }
    let failed = task(TaskStatus::Failed { at: 200 });
    assert_eq!(
        look(&failed, 1, 201).unless_harmful(true).stage,
        Stage::Failed
    );
}

#[test]
fn stake_in_a_task_of_a_harmful_app_is_freed_at_once() {
    let open = seen(Stage::Open, Vote::Mine(Committed));
    let harmful = open.unless_harmful(true);
    let claim = Action::CleanUp(Overdue::Claim);
    for phase in Phase::ALL {
        let expected = match phase {
            Phase::Fetching | Phase::Executing => Action::Pause,
            Phase::Done => Action::Wait,
            _ => claim.clone(),
        };
        assert_eq!(reconcile(local(phase), open, harmful), expected, "{phase}");
    }
    let voteless = seen(Stage::Open, Vote::None).unless_harmful(true);
    let open = seen(Stage::Open, Vote::None);
    assert_eq!(
        reconcile(local(Phase::Computed), open, voteless),
        Action::Wait
    );
    assert_eq!(
        reconcile(local(Phase::Computed), voteless, voteless),
        Action::Finish(End::NotNeeded)
    );
}

fn sealed(verification: Verification) -> Deal {
    Deal {
        verification,
        ..deal()
    }
}

fn settled(outcome: Outcome) -> TaskStatus {
    TaskStatus::Settled {
        outcome,
        locator: Default::default(),
        at: 130,
    }
}

const FAILED: TaskStatus = TaskStatus::Failed { at: 130 };
const MINE: Outcome = Outcome::Success(H256::repeat_byte(1));

/// An ended task with sealed votes: what each was opened to, if it was, and its weight. The first one
/// is that of the worker 1.
fn ended(status: TaskStatus, votes: &[(Option<u8>, u32)]) -> Task {
    let mut task = Task {
        status,
        ..Task::default()
    };
    for (number, (opened, weight)) in (1..).zip(votes) {
        let vote = primitives::Vote {
            worker: worker(number),
            commitment: opened.map_or(H256::zero(), H256::repeat_byte),
            seal: H256::zero(),
            weight: *weight,
            status: if opened.is_some() {
                Revealed
            } else {
                Committed
            },
        };
        task.votes.try_push(vote).unwrap();
    }
    task
}

/// How such a task ends for the worker 1.
fn end_of_sealed(deal: &Deal, task: &Task) -> Action {
    let stage = match task.status {
        TaskStatus::Settled { .. } => Stage::Settled,
        _ => Stage::Failed,
    };
    let chain = seen(stage, Vote::Mine(task.votes[0].status));
    let chain = chain.if_sealed(task, deal, &worker(1), &MINE);
    reconcile(local(Phase::Revealed), chain, chain)
}

#[test]
fn opened_vote_that_lost_is_lost() {
    let other = Outcome::Success(H256::repeat_byte(2));
    let votes = [(Some(1), 2), (Some(1), 2)];
    for verification in [
        Verification::Blind { voters: 2 },
        Verification::Race { referees: 0 },
    ] {
        let deal = sealed(verification);
        let end = |outcome| end_of_sealed(&deal, &ended(settled(outcome), &votes));
        assert_eq!(end(MINE), Action::Finish(End::Settled));
        assert_eq!(end(other), Action::Finish(End::Lost));
    }
    let open = Task::default();
    let revealed = seen(Stage::Open, Vote::Mine(Revealed));
    let deal = sealed(Verification::Blind { voters: 2 });
    assert_eq!(
        revealed.if_sealed(&open, &deal, &worker(1), &MINE),
        revealed
    );
}

#[test]
fn opened_vote_with_the_outcome_and_another_trace_is_lost() {
    let blind = sealed(Verification::Blind { voters: 3 });
    let race = sealed(Verification::Race { referees: 1 });
    let end = |deal: &Deal, votes: &[(Option<u8>, u32)]| {
        end_of_sealed(deal, &ended(settled(MINE), votes))
    };
    let (won, lost) = (Action::Finish(End::Settled), Action::Finish(End::Lost));
    let outnumbered = &[(Some(1), 2), (Some(2), 2), (Some(2), 2)];
    assert_eq!(end(&blind, outnumbered), lost);
    assert_eq!(end(&race, outnumbered), lost);
    // One that weighs 8 beats two that weigh 2, but not in a race.
    let heavier = &[(Some(1), 8), (Some(2), 2), (Some(2), 2)];
    assert_eq!(end(&blind, heavier), won);
    assert_eq!(end(&race, heavier), lost);
    let silent = &[(Some(1), 2), (Some(1), 2), (None, 8)];
    assert_eq!(end(&blind, silent), won);
    assert_eq!(end(&race, silent), won);
}

#[test]
fn silence_is_lost_where_votes_were_to_be_opened_and_nothing_won() {
    let (lost, failed) = (Action::Finish(End::Lost), Action::Finish(End::Failed));
    // Trust 3 needs two votes.
    let blind = sealed(Verification::Blind { voters: 3 });
    let race = sealed(Verification::Race { referees: 1 });
    let end = |deal: &Deal, votes: &[(Option<u8>, u32)]| end_of_sealed(deal, &ended(FAILED, votes));
    let (silent, opened) = ((None, 2), (Some(1), 2));
    assert_eq!(end(&blind, &[silent, opened, (Some(2), 2)]), lost);
    assert_eq!(end(&race, &[silent, opened, (Some(2), 2)]), lost);
    assert_eq!(end(&blind, &[silent, silent]), lost, "nobody opened");
    assert_eq!(end(&race, &[silent, silent, silent]), lost, "nobody opened");
    // Too few voted: nothing was to be opened, and stakes come back.
    assert_eq!(end(&blind, &[silent]), failed);
    assert_eq!(end(&race, &[silent, silent]), failed);
    assert_eq!(end(&blind, &[opened, silent, silent]), failed, "it opened");
    let cancelled = TaskStatus::Cancelled { at: 130 };
    let cancelled = ended(cancelled, &[silent, opened, opened]);
    assert_eq!(end_of_sealed(&blind, &cancelled), failed);
}

#[test]
fn sealed_vote_without_its_salt_is_not_computed_again() {
    let task = task(TaskStatus::Active);
    let look = |deal: &Deal| Seen::of(&task, deal, &worker(1), None, 110);
    assert_eq!(look(&deal()).vote, Vote::Unknown(Committed));
    let sealed = look(&sealed(Verification::Blind { voters: 3 }));
    assert_eq!(sealed.vote, Vote::Unopenable);
    let not_final = seen(Stage::Open, Vote::None);
    for phase in [Phase::Discovered, Phase::Fetching, Phase::Executing] {
        let waiting = match phase {
            Phase::Discovered => Action::Wait,
            _ => Action::Pause,
        };
        assert_eq!(reconcile(local(phase), not_final, sealed), waiting);
        let end = Action::Finish(End::Unopenable);
        assert_eq!(reconcile(local(phase), sealed, sealed), end);
    }
    let claimed = sealed.unless_harmful(true);
    assert_eq!((claimed.stage, claimed.overdue), (Stage::Harmful, None));
    assert!(End::Unopenable.to_string().contains("salt"));
}
