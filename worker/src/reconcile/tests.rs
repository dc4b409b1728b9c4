//! Every combination of what the store and the chain can say.

use super::*;
use crate::{choice::tests::deal, task::tests::cast};
use ergon_client::primitives;
use sp_core::H256;

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
