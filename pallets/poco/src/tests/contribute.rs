//! Votes: who may cast them, when, and what they do.

use crate::{Error, consensus::MAX_WEIGHT, mock::*};
use ergon_primitives::{
    DealId, ERG, MAX_CONTRIBUTORS, MAX_TRUST, MILLI_ERG, Task, TaskStatus, VoteStatus,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

#[test]
fn records_the_vote_and_locks_its_stake() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_ok!(scene.contribute(0, success(1)));
        let task = scene.task();
        assert_eq!(task.status, TaskStatus::Active);
        let vote = task.vote_of(&worker(0)).unwrap();
        assert_eq!(vote.commitment, scene.commitment(success(1)));
        assert_eq!((vote.weight, vote.status), (2, VoteStatus::Committed));
        assert_eq!(locked_of(0), 300_000_000);
        let (deal, index, commitment) = (scene.id, 0, vote.commitment);
        let contributed = Event::Contributed {
            deal,
            index,
            worker: worker(0),
            commitment,
            weight: 2,
        };
        assert_eq!(events(), [contributed]);
    });
}

#[test]
fn needs_no_record_to_begin_and_keeps_tasks_apart() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        assert_eq!(scene.at(1).task(), Task::default());
        assert_ok!(scene.at(1).contribute(0, success(1)));
        assert_ok!(scene.at(0).contribute(0, success(1)));
        assert_eq!(
            (
                scene.at(0).task().votes.len(),
                scene.at(1).task().votes.len()
            ),
            (1, 1)
        );
        assert_eq!(locked_of(0), 600_000_000);
    });
}

#[test]
fn reaches_consensus_in_the_worked_example_of_trust_4() {
    build_and_execute(|| {
        let scene = terms().trust(4).workers(5).deal();
        scene.votes([0], success(9)).votes(1..4, success(1));
        assert_eq!(scene.task().status, TaskStatus::Active);
        assert_ok!(scene.contribute(4, success(1)));
        let commitment = scene.commitment(success(1));
        let since = System::block_number();
        let revealing = TaskStatus::Revealing {
            commitment,
            since,
            revealed: None,
        };
        assert_eq!(scene.task().status, revealing);
        let reached = Event::ConsensusReached {
            deal: scene.id,
            index: 0,
            commitment,
            voters: 4,
        };
        assert_eq!(events().pop(), Some(reached));
    });
}

#[test]
fn one_vote_decides_nothing_for_an_open_pool() {
    build_and_execute(|| {
        let scene = terms().trust(3).deal();
        set_score(0, 1_000);
        assert_ok!(scene.contribute(0, success(1)));
        assert_eq!(scene.task().status, TaskStatus::Active);
        assert_ok!(scene.contribute(1, success(1)));
        assert!(matches!(scene.task().status, TaskStatus::Revealing { .. }));
    });
}

#[test]
fn weighs_the_vote_by_the_score_of_that_moment() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 27);
        assert_ok!(scene.contribute(0, success(1)));
        set_score(0, 1);
        assert_eq!(scene.task().vote_of(&worker(0)).unwrap().weight, MAX_WEIGHT);
    });
}

#[test]
fn fails_for_an_unknown_deal() {
    build_and_execute(|| {
        let mut scene = terms().deal();
        scene.id = DealId(H256::zero());
        assert_noop!(scene.contribute(0, success(1)), Refusal::NoSuchDeal);
    });
}

#[test]
fn fails_for_an_index_out_of_range() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        assert_ok!(scene.at(1).contribute(0, success(1)));
        assert_noop!(scene.at(2).contribute(0, success(1)), Refusal::NoSuchTask);
        assert_noop!(
            scene.at(u32::MAX).contribute(0, success(1)),
            Refusal::NoSuchTask
        );
    });
}

#[test]
fn fails_once_there_is_consensus_or_an_end() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1));
        assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
        scene.reveals(0..2, success(1));
        assert!(scene.task().has_ended());
        assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
    });
}

#[test]
fn fails_for_an_ended_task_of_an_open_deal() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
    });
}

#[test]
fn fails_from_the_deadline_on() {
    build_and_execute(|| {
        let scene = terms().deal();
        let deadline = scene.deal.contribution_deadline();
        assert_eq!(deadline, scene.deal.started + 7 * WORK_TIME);
        advance_to(deadline - 1);
        assert_ok!(scene.contribute(0, success(1)));
        advance_to(deadline);
        assert_noop!(
            scene.contribute(1, success(1)),
            Refusal::ContributionsClosed
        );
    });
}

#[test]
fn fails_for_a_second_vote() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_ok!(scene.contribute(0, success(1)));
        assert_noop!(scene.contribute(0, success(1)), Refusal::AlreadyContributed);
        assert_noop!(scene.contribute(0, success(2)), Refusal::AlreadyContributed);
    });
}

#[test]
fn fails_when_the_task_is_full() {
    build_and_execute(|| {
        let most = MAX_CONTRIBUTORS as u8;
        let scene = terms().trust(MAX_TRUST).workers(most + 1).deal();
        for number in 0..most {
            assert_ok!(scene.contribute(number, success(number)));
        }
        assert_noop!(
            scene.contribute(most, success(most)),
            Refusal::TooManyContributors
        );
    });
}

#[test]
fn fails_when_the_stake_is_above_the_limit() {
    build_and_execute(|| {
        let scene = terms().deal();
        let stake = scene.deal.worker_stake;
        assert_noop!(
            scene.contribute_with_limit(0, success(1), stake - 1),
            Refusal::StakeAboveLimit
        );
        assert_ok!(scene.contribute_with_limit(0, success(1), stake));
    });
}

#[test]
fn fails_for_a_key_without_bond() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_noop!(scene.contribute(30, success(1)), Refusal::NoBond);
    });
}

#[test]
fn fails_outside_the_pool() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_ok!(WorkerStaking::leave(signed(owner(0)), worker(0)));
        assert_noop!(scene.contribute(0, success(1)), Refusal::NotAMember);
    });
}

#[test]
fn fails_for_a_worker_that_joined_too_late() {
    build_and_execute(|| {
        let scene = terms().workers(2).deal();
        hire(2);
        assert_noop!(scene.contribute(2, success(1)), Refusal::JoinedTooLate);
        let later = terms().workers(3).deal();
        assert_ok!(later.contribute(2, success(1)));
    });
}

#[test]
fn fails_for_a_bond_below_the_minimum() {
    build_and_execute(|| {
        let scene = terms().pool_price(20 * ERG).deal();
        scene
            .votes([3], success(9))
            .votes(0..3, success(1))
            .reveals(0..3, success(1));
        assert_eq!(bond_of(3), BOND - 6 * ERG);
        assert!(bond_of(3) < MINIMUM_BOND);
        let next = terms().deal();
        assert_noop!(next.contribute(3, success(1)), Refusal::BelowMinimum);
    });
}

#[test]
fn fails_when_too_little_of_the_bond_is_free() {
    build_and_execute(|| {
        let scene = terms().volume(2).pool_price(20 * ERG).deal();
        assert_ok!(scene.at(0).contribute(0, success(1)));
        assert_noop!(
            scene.at(1).contribute(0, success(1)),
            Refusal::TooLittleFree
        );
        let dear = terms().pool_price(40 * ERG).deal();
        assert_noop!(dear.contribute(1, success(1)), Refusal::TooLittleFree);
    });
}

#[test]
fn fails_for_an_owner_instead_of_its_key() {
    build_and_execute(|| {
        let Scene { id, index, .. } = terms().deal();
        let (caller, hash) = (signed(owner(0)), H256::zero());
        assert_noop!(
            Poco::contribute(caller, id, index, hash, hash, MILLI_ERG, None),
            Refusal::NoBond
        );
    });
}
