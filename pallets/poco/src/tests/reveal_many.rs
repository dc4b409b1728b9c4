//! Reveals of many tasks in one call.

use crate::{Error, MAX_BATCH_WORKERS, WeightInfo, mock::*};
use ergon_primitives::{
    DealStatus, MILLI_ERG, TASKS_PER_PAGE as PAGE, TaskIndex, TaskStatus, Verification,
    traits::Deals,
};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, weights::Weight};

type Event = crate::Event<Test>;
type Refusal = Error<Test>;
type Weights = <Test as crate::Config>::WeightInfo;

fn all(indexes: impl IntoIterator<Item = TaskIndex>) -> Vec<(TaskIndex, Answer)> {
    let indexes = indexes.into_iter();
    indexes.map(|index| (index, success(1))).collect()
}

/// Workers 0 and 1 agree on all tasks, and worker 0 has revealed.
fn one_awaited(volume: u32) -> Scene {
    let scene = terms().volume(volume).deal();
    for index in 0..volume {
        let task = scene.at(index);
        task.votes(0..2, success(1)).reveals([0], success(1));
    }
    scene
}

fn settled(scene: &Scene, indexes: impl IntoIterator<Item = TaskIndex>) -> usize {
    let is_settled = |index: &TaskIndex| {
        let status = scene.at(*index).task().status;
        matches!(status, TaskStatus::Settled { .. })
    };
    indexes.into_iter().filter(is_settled).count()
}

#[test]
fn settles_every_task_and_ends_the_deal() {
    build_and_execute(|| {
        let scene = one_awaited(3);
        assert_ok!(scene.reveal_many(1, scene.openings(1, all(0..3))));
        assert_eq!(settled(&scene, 0..3), 3);
        let ended = DealStatus::Ended(System::block_number());
        assert_eq!(Market::status(scene.id), Some(ended));
        for number in 0..2 {
            assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
            let earned = 3 * 495_000_000;
            assert_eq!(money_of(&owner(number)), WEALTH - BOND + earned);
            assert_eq!(score_of(number), 1, "once a call");
        }
        assert_eq!(money_of(&requester()), WEALTH - 3 * 6 * MILLI_ERG);
    });
}

#[test]
fn tells_of_the_reveals_first_and_of_their_consequences_then() {
    build_and_execute(|| {
        let scene = one_awaited(2);
        let seen = events().len();
        assert_ok!(scene.reveal_many(1, scene.openings(1, all(0..2))));
        let told: Vec<(char, TaskIndex)> = events()
            .into_iter()
            .skip(seen)
            .map(|event| match event {
                Event::Revealed { index, .. } => ('r', index),
                Event::Settled { index, .. } => ('s', index),
                other => panic!("no {other:?}"),
            })
            .collect();
        assert_eq!(told, [('r', 0), ('r', 1), ('s', 0), ('s', 1)]);
    });
}

#[test]
fn tells_of_each_task_what_it_paid() {
    build_and_execute(|| {
        let scene = one_awaited(2);
        assert_ok!(scene.reveal_many(1, scene.openings(1, all(0..2))));
        for event in events() {
            if let Event::Settled {
                workers,
                app,
                operator,
                ..
            } = event
            {
                let paid: Vec<_> = workers.iter().map(|pay| pay.amount).collect();
                assert_eq!(paid, [495_000_000; 2]);
                assert_eq!((app, operator), (5 * MILLI_ERG, 10_000_000));
            }
        }
    });
}

#[test]
fn refuses_items_alone_and_says_why() {
    build_and_execute(|| {
        let scene = terms().volume(5).deal();
        for index in [0, 1, 2] {
            scene.at(index).votes(0..2, success(1));
        }
        scene.at(3).votes([1, 2], success(1));
        let answers = [
            (0, success(1)),
            (1, success(2)),
            (2, success(1)),
            (3, success(1)),
            (4, success(1)),
        ];
        assert_ok!(scene.reveal_many(0, scene.openings(0, answers)));
        let others = [
            (1, Refusal::CommitmentMismatch),
            (3, Refusal::NotAContributor),
            (4, Refusal::NotRevealing),
        ];
        assert_eq!(refusals(0), refused(others));
        let again = || scene.openings(0, all([0, 1]));
        assert_ok!(scene.reveal_many(0, again()));
        assert_noop!(scene.reveal_many(0, again()), Refusal::AlreadyRevealed);
    });
}

#[test]
fn takes_all_that_a_loser_lost() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        for index in 0..3 {
            let task = scene.at(index);
            task.votes([3], success(9)).votes(0..3, success(1));
            task.reveals(0..2, success(1));
        }
        set_score(3, 27);
        assert_ok!(scene.reveal_many(2, scene.openings(2, all(0..3))));
        assert_eq!(bond_of(3), BOND - 3 * 300_000_000);
        assert_eq!(score_of(3), 8, "27, 18, 12, 8");
        assert_eq!(money_of(&owner(2)), WEALTH - BOND + 3 * 430_000_000);
    });
}

#[test]
fn fails_without_order() {
    build_and_execute(|| {
        let scene = one_awaited(3);
        let openings = |indexes: &[TaskIndex]| scene.openings(1, all(indexes.iter().copied()));
        assert_noop!(scene.reveal_many(1, vec![]), Refusal::EmptyBatch);
        for unsorted in [&[1, 0][..], &[0, 2, 1], &[2, 2]] {
            assert_noop!(
                scene.reveal_many(1, openings(unsorted)),
                Refusal::NotAscending
            );
        }
        assert_ok!(scene.reveal_many(1, openings(&[0, 2])));
    });
}

#[test]
fn fails_for_more_votes_than_declared() {
    build_and_execute(|| {
        let scene = one_awaited(2);
        let call = |max_votes| scene.batch_of_reveals(scene.openings(1, all(0..2)), max_votes);
        assert_noop!(make(worker(1), call(1)), Refusal::TooManyVotes);
        assert_ok!(make(worker(1), call(2)));
    });
}

#[test]
fn fails_where_votes_are_sealed() {
    build_and_execute(|| {
        let blind = Verification::Blind { voters: 2 };
        let scene = terms().verification(blind).deal();
        scene.votes(0..2, success(1));
        let items = || scene.openings(0, all([0]));
        assert_noop!(scene.reveal_many(0, items()), Refusal::SealedVotes);
        assert_noop!(scene.reveal(0, success(1)), Refusal::SealedVotes);
    });
}

const _: () = assert!(3 + 29 * 4 <= MAX_BATCH_WORKERS && 3 + 29 * 5 > MAX_BATCH_WORKERS);

/// Three winners settle five tasks, each with 29 losers of its own.
#[test]
fn settles_with_no_more_workers_than_one_call_can_touch() {
    build_and_execute(|| {
        let losers = |task: u8| (3 + 29 * task)..(3 + 29 * (task + 1));
        let scene = terms()
            .public()
            .authorised()
            .workers(losers(4).end)
            .volume(5)
            .deal();
        (0..3).for_each(|number| set_score(number, 27));
        for task in 0..5 {
            let here = scene.at(task.into());
            for number in losers(task) {
                assert_ok!(here.contribute(number, success(number)));
            }
            here.votes(0..3, success(1)).reveals(1..3, success(1));
        }
        assert_ok!(scene.reveal_many(0, scene.openings(0, all(0..5))));
        assert_eq!(refusals(0), refused([(4, Refusal::TooManyWorkers)]));
        assert_eq!(settled(&scene, 0..5), 4);
        assert_ok!(scene.at(4).reveal(0, success(1)));
        assert_eq!(settled(&scene, 0..5), 5);
    });
}

/// Weight of a batch on two pages, or of as many single calls if that is less.
fn at_most(items: u32, layers: u32, workers: u32, single: Weight) -> Weight {
    Weights::reveal_many(items, 2, layers, workers).min(single * u64::from(items))
}

#[test]
fn costs_by_items_pages_votes_and_workers() {
    build_and_execute(|| {
        let scene = one_awaited(PAGE + 2);
        let call = |indexes: &[TaskIndex], max_votes| {
            let indexes = indexes.iter().copied();
            scene.batch_of_reveals(scene.openings(1, all(indexes)), max_votes)
        };
        let declared = |call: PocoCall| call.get_dispatch_info().call_weight;
        let few = call(&[0, 1, PAGE + 1], 5);
        assert_eq!(declared(few), at_most(3, 2 * 5, 15, Weights::reveal(5)));
        let worst = call(&[0, 1, 2, 3, 4], u32::MAX);
        let most = MAX_BATCH_WORKERS;
        let worst_of_batch = Weights::reveal_many(5, 1, 32, most);
        assert_eq!(declared(worst), worst_of_batch.min(Weights::reveal(32) * 5));

        let items = scene.openings(1, all([0, PAGE + 1]));
        let done = Poco::reveal_many(signed(worker(1)), scene.id, items.try_into().unwrap(), 2);
        let used = done.unwrap().actual_weight;
        assert_eq!(used, Some(at_most(2, 2 * 2, 2, Weights::reveal(2))));
    });
}
