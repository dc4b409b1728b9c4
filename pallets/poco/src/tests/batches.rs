//! A batch does what its items do as single calls, one after the other in the same block.

use crate::{Agenda, CallbackQueue, Errand, TaskPages, mock::*};
use ergon_primitives::{
    AccountId, Balance, Contribution, DealProgress, DealStatus, Due, Opening, Score,
    TASKS_PER_PAGE as PAGE, TaskIndex, TaskPage, traits::Deals,
};
use frame_support::pallet_prelude::DispatchResult;
use proptest::prelude::*;
use sp_runtime::DispatchError;
use std::collections::BTreeSet;

/// Tasks on two pages, the last index out of range.
const VOLUME: u32 = PAGE + 4;
const INDEXES: [TaskIndex; 9] = [
    0,
    1,
    2,
    PAGE - 2,
    PAGE - 1,
    PAGE,
    PAGE + 1,
    VOLUME - 1,
    VOLUME,
];
const WORKERS: u8 = 5;

/// Everything that a call on a deal can change, but scores.
#[derive(PartialEq, Debug)]
struct State {
    money: Vec<(AccountId, Balance)>,
    bonds: Vec<(Balance, Balance)>,
    pages: Vec<(u32, TaskPage)>,
    progress: DealProgress,
    status: Option<DealStatus>,
    agenda: Vec<(Due, Errand)>,
    callbacks: usize,
}

fn state(scene: &Scene) -> State {
    let mut pages: Vec<_> = TaskPages::<Test>::iter_prefix(scene.id).collect();
    pages.sort_by_key(|(number, _)| *number);
    State {
        money: all_money(),
        bonds: (0..WORKERS)
            .map(|number| (bond_of(number), locked_of(number)))
            .collect(),
        pages,
        progress: scene.progress(),
        status: Market::status(scene.id),
        agenda: Agenda::<Test>::iter_keys().collect(),
        callbacks: CallbackQueue::<Test>::iter_keys().count(),
    }
}

/// What came of the items: those that were refused.
type Refused = Vec<(TaskIndex, DispatchError)>;

/// What came of a batch.
fn as_batch(indexes: &[TaskIndex], done: impl FnOnce() -> DispatchResult) -> Refused {
    let seen = events().len();
    match done() {
        Ok(()) => refusals(seen).unwrap_or_default(),
        Err(first) => indexes.iter().map(|index| (*index, first)).collect(),
    }
}

/// What came of the same items one by one.
fn as_singles(indexes: &[TaskIndex], mut make: impl FnMut(TaskIndex) -> DispatchResult) -> Refused {
    let indexes = indexes.iter();
    indexes
        .filter_map(|index| Some((*index, make(*index).err()?)))
        .collect()
}

/// Workers vote on some tasks before, and those who can reveal some results.
#[derive(Clone, Debug)]
struct Before {
    trust: u32,
    is_cheap: bool,
    has_callback: bool,
    votes: Vec<(TaskIndex, u8, u8)>,
    reveals: Vec<(TaskIndex, u8, u8)>,
}

fn answer(number: u8) -> Answer {
    match number {
        0 => success(1),
        1 => success(2),
        _ => unavailable(),
    }
}

fn before() -> impl Strategy<Value = Before> {
    let step = || {
        (
            prop::sample::select(INDEXES[..8].to_vec()),
            0..WORKERS,
            0u8..6,
        )
    };
    (
        1u32..=4,
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(step(), 0..60),
        prop::collection::vec(step(), 0..40),
    )
        .prop_map(|(trust, is_cheap, has_callback, votes, reveals)| Before {
            trust,
            is_cheap,
            has_callback,
            votes,
            reveals,
        })
}

/// Most answers are the same, so that something settles.
fn likely(number: u8) -> Answer {
    answer(number.saturating_sub(3))
}

impl Before {
    fn scene(&self) -> Scene {
        let price = MIN_SCORED_PRICE - Balance::from(self.is_cheap);
        let mut terms = terms()
            .workers(WORKERS)
            .volume(VOLUME)
            .trust(self.trust)
            .pool_price(price)
            .authorised();
        if self.has_callback {
            terms = terms.callback(vec![0; 2]);
        }
        let scene = terms.deal();
        (0..WORKERS).for_each(|number| set_score(number, 3 + Score::from(number)));
        for (index, worker, given) in &self.votes {
            // Some vote twice, or too late.
            let _ = scene.at(*index).contribute(*worker, likely(*given));
        }
        for (index, worker, given) in &self.reveals {
            let _ = scene.at(*index).reveal(*worker, likely(*given));
        }
        scene
    }

    /// Makes the same change on two chains that were the same before.
    fn compare(
        &self,
        batch: impl FnOnce(&Scene) -> Refused,
        singles: impl FnOnce(&Scene) -> Refused,
    ) {
        let (together, scores, refused) = self.on_a_chain(batch);
        let (one_by_one, expected_scores, expected) = self.on_a_chain(singles);
        assert_eq!(together, one_by_one);
        let indexes = |refused: &Refused| -> Vec<TaskIndex> {
            refused.iter().map(|(index, _)| *index).collect()
        };
        assert_eq!(indexes(&refused), indexes(&expected));
        assert_reasons(&refused, &expected);
        for (score, expected) in scores.into_iter().zip(expected_scores) {
            // Who wins and loses in one call has won first: a point is worth a little less then.
            assert!(score == expected || (!self.is_cheap && score + 1 == expected));
        }
    }

    fn on_a_chain(&self, change: impl FnOnce(&Scene) -> Refused) -> (State, Vec<Score>, Refused) {
        new_test_ext().execute_with(|| {
            let scene = self.scene();
            let refused = change(&scene);
            check_invariants();
            let scores = (0..WORKERS).map(score_of).collect();
            (state(&scene), scores, refused)
        })
    }
}

/// A batch of which nothing is left names the first reason only.
fn assert_reasons(refused: &[(TaskIndex, DispatchError)], expected: &[(TaskIndex, DispatchError)]) {
    let is_refused_as_one = refused.iter().all(|(_, why)| *why == refused[0].1);
    assert!(refused == expected || (is_refused_as_one && refused[0] == expected[0]));
}

fn items() -> impl Strategy<Value = Vec<(TaskIndex, u8)>> {
    let answers = prop::collection::vec(0u8..6, INDEXES.len());
    let chosen = prop::sample::subsequence(INDEXES.to_vec(), 1..=INDEXES.len());
    (chosen, answers).prop_map(|(chosen, answers)| chosen.into_iter().zip(answers).collect())
}

fn indexes(items: &[(TaskIndex, u8)]) -> Vec<TaskIndex> {
    items.iter().map(|(index, _)| *index).collect()
}

fn answers(items: &[(TaskIndex, u8)]) -> Vec<(TaskIndex, Answer)> {
    let items = items.iter();
    items
        .map(|(index, given)| (*index, likely(*given)))
        .collect()
}

/// The answer of a batch for a task.
fn answer_of(items: &[(TaskIndex, u8)], index: TaskIndex) -> Answer {
    let given = items.iter().find(|(of, _)| *of == index);
    likely(given.unwrap().1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn of_votes(before in before(), items in items(), number in 0..WORKERS) {
        let indexes = indexes(&items);
        before.compare(
            |scene| {
                let ballots: Vec<Contribution> = scene.ballots(number, answers(&items));
                as_batch(&indexes, || scene.contribute_many(number, ballots))
            },
            |scene| as_singles(&indexes, |index| {
                scene.at(index).contribute(number, answer_of(&items, index))
            }),
        );
    }

    #[test]
    fn of_reveals(before in before(), items in items(), number in 0..WORKERS) {
        let indexes = indexes(&items);
        before.compare(
            |scene| {
                let openings: Vec<Opening> = scene.openings(number, answers(&items));
                as_batch(&indexes, || scene.reveal_many(number, openings))
            },
            |scene| as_singles(&indexes, |index| {
                scene.at(index).reveal(number, answer_of(&items, index))
            }),
        );
    }

    #[test]
    fn of_accepted_results(before in before(), items in items(), number in 0..WORKERS) {
        let indexes = indexes(&items);
        before.compare(
            |scene| {
                let results: Vec<Opening> = scene.openings(number, answers(&items));
                as_batch(&indexes, || scene.accept_many(number, results))
            },
            |scene| as_singles(&indexes, |index| {
                scene.at(index).accept(number, answer_of(&items, index))
            }),
        );
    }
}

/// The whole deal in three batches: two of votes, one after the other of reveals.
#[test]
fn a_deal_settles_with_a_call_for_each_worker_and_step() {
    build_and_execute(|| {
        let scene = terms().volume(VOLUME).deal();
        let all = || (0..VOLUME).map(|index| (index, success(1)));
        for number in 0..2 {
            let ballots = scene.ballots(number, all());
            assert_eq!(scene.contribute_many(number, ballots), Ok(()));
        }
        for number in 0..2 {
            let openings = scene.openings(number, all());
            assert_eq!(scene.reveal_many(number, openings), Ok(()));
        }
        assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
        let earned = Balance::from(VOLUME) * 495_000_000;
        let owners: BTreeSet<Balance> = (0..2).map(|number| money_of(&owner(number))).collect();
        assert_eq!(owners, BTreeSet::from([WEALTH - BOND + earned]));
    });
}
