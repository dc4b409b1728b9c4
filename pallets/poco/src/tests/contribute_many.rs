//! Votes on many tasks in one call.

use crate::{Error, WeightInfo, mock::*};
use codec::{Decode, Encode};
use ergon_primitives::{
    Authorisation, Balance, Contribution, ERG, MAX_BATCH, TASKS_PER_PAGE as PAGE, TaskIndex,
    TaskStatus, Verification,
};
use frame_support::weights::Weight;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;
type Weights = <Test as crate::Config>::WeightInfo;

/// The same answer to each of these tasks.
fn all(indexes: &[TaskIndex]) -> Vec<(TaskIndex, Answer)> {
    indexes.iter().map(|index| (*index, success(1))).collect()
}

#[test]
fn votes_on_every_task() {
    build_and_execute(|| {
        let scene = terms().volume(2 * PAGE).deal();
        let indexes = [0, 1, PAGE - 1, PAGE, 2 * PAGE - 1];
        assert_ok!(scene.contribute_many(0, scene.ballots(0, all(&indexes))));
        for index in indexes {
            let task = scene.at(index).task();
            let vote = task.vote_of(&worker(0)).unwrap();
            assert_eq!(vote.commitment, scene.at(index).commitment(success(1)));
        }
        assert_eq!(locked_of(0), 5 * scene.deal.worker_stake);
        let told: Vec<TaskIndex> = events()
            .into_iter()
            .map(|event| match event {
                Event::Contributed { index, .. } => index,
                other => panic!("nothing but votes, not {other:?}"),
            })
            .collect();
        assert_eq!(told, indexes);
    });
}

#[test]
fn brings_consensus_where_its_votes_decide() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        scene.at(0).votes([0], success(1));
        scene.at(2).votes([0], success(1));
        assert_ok!(scene.contribute_many(1, scene.ballots(1, all(&[0, 1, 2]))));
        for (index, decided) in [(0, true), (1, false), (2, true)] {
            let status = scene.at(index).task().status;
            assert_eq!(matches!(status, TaskStatus::Revealing { .. }), decided);
        }
    });
}

#[test]
fn refuses_items_alone_and_says_why() {
    build_and_execute(|| {
        let scene = terms().volume(4).deal();
        scene.at(0).votes([2], success(1));
        scene.at(3).votes(0..2, success(1));
        let items = scene.ballots(2, all(&[0, 1, 2, 3, 9]));
        assert_ok!(scene.contribute_many(2, items));
        let refused = Event::ItemsRefused {
            deal: scene.id,
            worker: worker(2),
            items: vec![
                (0, Refusal::AlreadyContributed.into()),
                (3, Refusal::NotActive.into()),
                (9, Refusal::NoSuchTask.into()),
            ],
        };
        assert_eq!(events().pop(), Some(refused));
        assert_eq!(locked_of(2), 3 * scene.deal.worker_stake);
        assert_eq!(scene.progress().touched, 4);
    });
}

#[test]
fn leaves_no_record_of_an_untouched_task_that_it_was_refused_for() {
    build_and_execute(|| {
        let scene = terms().authorised().volume(2 * PAGE).deal();
        let grant = scene.grant(0).range(0, 0);
        let call = PocoCall::contribute_many {
            deal: scene.id,
            items: scene.ballots(0, all(&[0, 1, PAGE + 1])).try_into().unwrap(),
            max_stake: Balance::MAX,
            authorisation: Some(grant.sign(AUTHORISER)),
            max_votes: 0,
        };
        assert_ok!(make(worker(0), call));
        let others = [1, PAGE + 1].map(|index| (index, Refusal::NotAuthorised));
        assert_eq!(refusals(0), refused(others));
        assert_eq!(scene.progress().touched, 1);
        assert_eq!(
            crate::TaskPages::<Test>::iter_key_prefix(scene.id).count(),
            1
        );
    });
}

#[test]
fn fails_for_the_first_reason_when_all_items_are_refused() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.at(0).votes([0], success(1));
        let items = || scene.ballots(0, all(&[0, 7]));
        assert_noop!(
            scene.contribute_many(0, items()),
            Refusal::AlreadyContributed
        );
        let others = || scene.ballots(30, all(&[0, 7]));
        assert_noop!(scene.contribute_many(30, others()), Refusal::NoBond);
    });
}

#[test]
fn fails_without_order() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        let votes = |indexes: &[TaskIndex]| scene.ballots(0, all(indexes));
        assert_noop!(scene.contribute_many(0, vec![]), Refusal::EmptyBatch);
        for unsorted in [&[1, 0][..], &[0, 2, 1], &[0, 0], &[0, 1, 1]] {
            assert_noop!(
                scene.contribute_many(0, votes(unsorted)),
                Refusal::NotAscending
            );
        }
        assert_ok!(scene.contribute_many(0, votes(&[0, 2])));
    });
}

#[test]
fn fails_for_more_votes_than_declared() {
    build_and_execute(|| {
        let scene = terms().trust(9).workers(4).volume(2).deal();
        scene.votes(0..3, success(1));
        let call = |max_votes| {
            let items = scene.ballots(3, all(&[1]));
            scene.batch_of_votes(3, items, max_votes)
        };
        assert_noop!(make(worker(3), call(2)), Refusal::TooManyVotes);
        assert_ok!(make(worker(3), call(3)));
    });
}

#[test]
fn stops_where_the_bond_ends() {
    build_and_execute(|| {
        let scene = terms().volume(5).pool_price(10 * ERG).deal();
        assert_ok!(scene.contribute_many(0, scene.ballots(0, all(&[0, 1, 2, 3, 4]))));
        let others = [3, 4].map(|index| (index, Refusal::TooLittleFree));
        assert_eq!(refusals(0), refused(others));
        assert_eq!(locked_of(0), 9 * ERG);
    });
}

#[test]
fn takes_512_tasks_and_no_more() {
    build_and_execute(|| {
        let scene = terms().volume(MAX_BATCH + 1).deal();
        let items = |count: u32| -> Vec<Contribution> {
            let answers = (0..count).map(|index| (index, success(1)));
            scene.ballots(0, answers)
        };
        assert_ok!(scene.contribute_many(0, items(MAX_BATCH)));
        assert_eq!(scene.progress().touched, MAX_BATCH);
        let pages = crate::TaskPages::<Test>::iter_key_prefix(scene.id).count();
        assert_eq!(pages, (MAX_BATCH / PAGE) as usize);

        let encoded = |count| {
            let authorisation: Option<Authorisation> = None;
            (
                7u8,
                scene.id,
                items(count),
                Balance::MAX,
                authorisation,
                32u32,
            )
                .encode()
        };
        assert!(PocoCall::decode(&mut &encoded(MAX_BATCH)[..]).is_ok());
        assert!(PocoCall::decode(&mut &encoded(MAX_BATCH + 1)[..]).is_err());
    });
}

#[test]
fn seals_votes_where_the_deal_wants_it() {
    build_and_execute(|| {
        let blind = Verification::Blind { voters: 2 };
        let scene = terms().verification(blind).volume(2).deal();
        let mut items = scene.ballots(0, all(&[0, 1]));
        items[1].commitment = scene.at(1).commitment(success(1));
        assert_ok!(scene.contribute_many(0, items));
        assert_eq!(refusals(0), refused([(1, Refusal::SealedVotes)]));
        assert_eq!(scene.task().votes[0].commitment, H256::zero());
    });
}

/// Weight of a batch, or of as many single calls if that is less.
fn at_most(items: u32, pages: u32, layers: u32, single: Weight) -> Weight {
    Weights::contribute_many(items, pages, layers).min(single * u64::from(items))
}

#[test]
fn costs_by_items_pages_and_votes() {
    build_and_execute(|| {
        let scene = terms().trust(9).volume(3 * PAGE).deal();
        scene.votes([1, 2], success(1));
        let call = |indexes: &[TaskIndex], max_votes| {
            scene.batch_of_votes(0, scene.ballots(0, all(indexes)), max_votes)
        };
        let declared = |call: PocoCall| call.get_dispatch_info().call_weight;
        let row: Vec<TaskIndex> = (0..2 * PAGE + 2).collect();
        let many = call(&row, 7);
        let items = 2 * PAGE + 2;
        assert_eq!(declared(many), Weights::contribute_many(items, 3, 3 * 7));
        let worst = call(&row[..5], u32::MAX);
        assert_eq!(declared(worst), Weights::contribute_many(5, 1, 32));
        // Small batches cost as many single calls.
        assert_eq!(
            declared(call(&[0], 2)),
            at_most(1, 1, 2, Weights::contribute(2))
        );

        let done = Poco::contribute_many(
            signed(worker(0)),
            scene.id,
            scene.ballots(0, all(&[0, PAGE])).try_into().unwrap(),
            Balance::MAX,
            None,
            32,
        );
        let used = done.unwrap().actual_weight;
        assert_eq!(used, Some(at_most(2, 2, 2 * 3, Weights::contribute(3))));
    });
}

#[test]
fn fails_for_an_unknown_or_ended_deal() {
    build_and_execute(|| {
        let mut scene = terms().deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        let items = || scene.ballots(2, all(&[0]));
        assert_noop!(scene.contribute_many(2, items()), Refusal::NotActive);
        let items = items();
        scene.id = ergon_primitives::DealId(H256::zero());
        assert_noop!(scene.contribute_many(2, items), Refusal::NoSuchDeal);
    });
}
