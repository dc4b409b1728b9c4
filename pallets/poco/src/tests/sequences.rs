//! Random sequences of calls by several workers, against a model of the rules: the model foretells
//! which calls are accepted and where each task stands after them; all invariants hold after every
//! call; and in the end everything ends.

use crate::mock::*;
use ergon_primitives::{BlockNumber, Deal, DealStatus, ERG, Scheduling, TaskStatus, traits::Deals};
use frame_support::{assert_ok, pallet_prelude::DispatchResult};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const WORKERS: u8 = 6;
const TASKS: u32 = 2;
const ANSWERS: u8 = 4;
/// Weight of all votes: nobody's score rises far enough in two tasks for more.
const WEIGHT: u128 = 2;

/// What somebody tries on a task.
#[derive(Clone, Copy, Debug)]
enum Step {
    Contribute {
        worker: u8,
        answer: u8,
    },
    /// Contribute without the authoriser's word.
    Intrude {
        worker: u8,
        answer: u8,
    },
    Copy {
        worker: u8,
        answer: u8,
    },
    Reveal {
        worker: u8,
        answer: u8,
    },
    Finalise,
    Reopen,
    Claim,
    /// The pool does not want the worker in the deal any more.
    Revoke {
        worker: u8,
    },
    /// Governance finds the app harmful, or not so after all.
    Judge {
        harmful: bool,
    },
    Wait(BlockNumber),
}

/// What holds for all tasks of the modelled deal.
struct World {
    authorised: bool,
    harmful: bool,
    revoked: BTreeSet<u8>,
}

impl World {
    fn new(deal: &Deal) -> Self {
        Self {
            authorised: deal.scheduling == Scheduling::Authorised,
            harmful: false,
            revoked: BTreeSet::new(),
        }
    }

    /// Whether the pool lets the worker contribute.
    fn admits(&self, worker: u8, has_authorisation: bool) -> bool {
        !self.authorised || (has_authorisation && !self.revoked.contains(&worker))
    }

    /// The worker is revoked, if the deal is scheduled and goes on, and it was not before.
    fn revoke(&mut self, worker: u8, deal_goes_on: bool) -> bool {
        self.authorised && deal_goes_on && self.revoked.insert(worker)
    }

    fn judge(&mut self, harmful: bool) -> bool {
        self.harmful = harmful;
        true
    }
}

fn answer(number: u8) -> Answer {
    match number {
        0 => success(1),
        1 => success(2),
        2 => fault(),
        _ => unavailable(),
    }
}

/// Where a modelled task stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Active,
    Revealing { answer: u8, since: BlockNumber },
    Ended,
    Cancelled,
}

impl Phase {
    fn has_ended(self) -> bool {
        matches!(self, Phase::Ended | Phase::Cancelled)
    }
}

/// How a modelled vote stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    Honest,
    Copied,
    Revealed,
    Rejected,
}

/// A task as the protocol's text tells it: groups and total move with each vote.
struct Model {
    phase: Phase,
    votes: BTreeMap<u8, (u8, Standing)>,
    groups: [u128; ANSWERS as usize],
    total: u128,
}

impl Model {
    fn new() -> Self {
        Self {
            phase: Phase::Active,
            votes: BTreeMap::new(),
            groups: [0; 4],
            total: 1,
        }
    }

    /// Whether the step on this task is accepted in this block; if it is, the model makes it.
    fn accepts(&mut self, step: Step, world: &World, deal: &Deal, now: BlockNumber) -> bool {
        if world.harmful {
            return matches!(step, Step::Claim) && self.cancel();
        }
        match step {
            Step::Contribute { worker, answer } => {
                world.admits(worker, true)
                    && self.contribute(worker, answer, Standing::Honest, deal, now)
            }
            Step::Intrude { worker, answer } => {
                world.admits(worker, false)
                    && self.contribute(worker, answer, Standing::Honest, deal, now)
            }
            Step::Copy { worker, answer } => {
                world.admits(worker, true)
                    && self.contribute(worker, answer, Standing::Copied, deal, now)
            }
            Step::Reveal { worker, answer } => self.reveal(worker, answer),
            Step::Finalise => self.finalise(now),
            Step::Reopen => self.reopen(deal, now),
            Step::Claim => self.claim(deal, now),
            Step::Revoke { .. } | Step::Judge { .. } | Step::Wait(_) => true,
        }
    }

    fn cancel(&mut self) -> bool {
        let accepted = !self.phase.has_ended();
        if accepted {
            self.phase = Phase::Cancelled;
        }
        accepted
    }

    fn contribute(
        &mut self,
        worker: u8,
        answer: u8,
        standing: Standing,
        deal: &Deal,
        now: BlockNumber,
    ) -> bool {
        let open = self.phase == Phase::Active && now < deal.started + 7 * WORK_TIME;
        if !open || self.votes.contains_key(&worker) {
            return false;
        }
        self.votes.insert(worker, (answer, standing));
        let group = &mut self.groups[answer as usize];
        let before = *group;
        *group = before.max(1) * WEIGHT;
        self.total += *group - before;
        if self.has_consensus(answer, deal) {
            self.phase = Phase::Revealing { answer, since: now };
        }
        true
    }

    fn has_consensus(&self, answer: u8, deal: &Deal) -> bool {
        let trust = u128::from(deal.trust);
        let weight = self.groups[answer as usize];
        let fewest = if trust < 3 { 1 } else { 2 };
        self.live(answer).count() >= fewest && weight * trust > self.total * (trust - 1)
    }

    fn live(&self, of: u8) -> impl Iterator<Item = Standing> + '_ {
        self.votes
            .values()
            .filter(move |(answer, standing)| *answer == of && *standing != Standing::Rejected)
            .map(|(_, standing)| *standing)
    }

    fn reveal(&mut self, worker: u8, answer: u8) -> bool {
        let Phase::Revealing {
            answer: winning, ..
        } = self.phase
        else {
            return false;
        };
        let opens = (winning, Standing::Honest);
        if answer != winning || self.votes.get(&worker) != Some(&opens) {
            return false;
        }
        self.votes.insert(worker, (answer, Standing::Revealed));
        if self
            .live(winning)
            .all(|standing| standing == Standing::Revealed)
        {
            self.phase = Phase::Ended;
        }
        true
    }

    /// The winning answer, if its reveals are overdue, and whether any came.
    fn overdue(&self, now: BlockNumber) -> Option<(u8, bool)> {
        let Phase::Revealing { answer, since } = self.phase else {
            return None;
        };
        let revealed = self
            .live(answer)
            .any(|standing| standing == Standing::Revealed);
        (now >= since + 2 * WORK_TIME).then_some((answer, revealed))
    }

    fn finalise(&mut self, now: BlockNumber) -> bool {
        let accepted = matches!(self.overdue(now), Some((_, true)));
        if accepted {
            self.phase = Phase::Ended;
        }
        accepted
    }

    fn reopen(&mut self, deal: &Deal, now: BlockNumber) -> bool {
        let Some((silent, false)) = self.overdue(now) else {
            return false;
        };
        for (answer, standing) in self.votes.values_mut() {
            if *answer == silent {
                *standing = Standing::Rejected;
            }
        }
        self.total -= self.groups[silent as usize];
        self.groups[silent as usize] = 0;
        let next = (0..ANSWERS).find(|answer| self.has_consensus(*answer, deal));
        self.phase = match next {
            _ if now >= deal.started + 10 * WORK_TIME => Phase::Ended,
            Some(answer) => Phase::Revealing { answer, since: now },
            None if now < deal.started + 7 * WORK_TIME => Phase::Active,
            None => Phase::Ended,
        };
        true
    }

    fn claim(&mut self, deal: &Deal, now: BlockNumber) -> bool {
        let due = match self.phase {
            Phase::Active => true,
            Phase::Revealing { .. } => self.overdue(now).is_some(),
            Phase::Ended | Phase::Cancelled => false,
        };
        let accepted = due && now >= deal.started + 10 * WORK_TIME;
        if accepted {
            self.phase = Phase::Ended;
        }
        accepted
    }
}

/// Whether the step is accepted; if it is, the models make it.
fn foretell(models: &mut [Model], world: &mut World, index: u32, step: Step, deal: &Deal) -> bool {
    match step {
        Step::Revoke { worker } => {
            let goes_on = models.iter().any(|model| !model.phase.has_ended());
            world.revoke(worker, goes_on)
        }
        Step::Judge { harmful } => world.judge(harmful),
        Step::Wait(_) => true,
        _ => models[index as usize].accepts(step, world, deal, System::block_number()),
    }
}

fn execute(scene: &Scene, step: Step) -> DispatchResult {
    match step {
        Step::Contribute {
            worker,
            answer: given,
        } => scene.contribute(worker, answer(given)),
        Step::Intrude {
            worker,
            answer: given,
        } => scene.contribute_with(worker, answer(given), None),
        Step::Copy {
            worker,
            answer: given,
        } => scene.copy(worker, answer(given)),
        Step::Reveal {
            worker,
            answer: given,
        } => scene.reveal(worker, answer(given)),
        Step::Finalise => scene.finalise(),
        Step::Reopen => scene.reopen(),
        Step::Claim => scene.claim(),
        Step::Revoke { worker } => scene.revoke(worker),
        Step::Judge { harmful } => {
            find_harmful(harmful);
            Ok(())
        }
        Step::Wait(blocks) => {
            advance(blocks);
            Ok(())
        }
    }
}

fn assert_agrees(model: &Model, scene: &Scene) {
    let status = scene.task().status;
    match model.phase {
        Phase::Active => assert_eq!(status, TaskStatus::Active),
        Phase::Revealing {
            answer: expected,
            since: began,
        } => assert!(matches!(
            status,
            TaskStatus::Revealing { commitment, since, .. }
                if commitment == scene.commitment(answer(expected)) && since == began
        )),
        Phase::Ended => assert!(matches!(
            status,
            TaskStatus::Settled { .. } | TaskStatus::Failed { .. }
        )),
        Phase::Cancelled => assert!(matches!(status, TaskStatus::Cancelled { .. })),
    }
}

/// Whatever is left can be claimed in the end; then nothing is locked and nothing on hold.
fn assert_ends(scene: &Scene) {
    advance_to(scene.deal.final_deadline() + 100 * WORK_TIME);
    for task in (0..TASKS).map(|index| scene.at(index)) {
        if !task.task().has_ended() {
            assert_ok!(task.claim());
        }
    }
    check_invariants();
    assert!(matches!(
        Market::status(scene.id),
        Some(DealStatus::Ended(_))
    ));
    for number in 0..WORKERS {
        assert_eq!(locked_of(number), 0);
    }
}

fn step() -> impl Strategy<Value = Step> {
    let vote = || (0..WORKERS, 0..ANSWERS);
    prop_oneof![
        6 => vote().prop_map(|(worker, answer)| Step::Contribute { worker, answer }),
        1 => vote().prop_map(|(worker, answer)| Step::Intrude { worker, answer }),
        1 => vote().prop_map(|(worker, answer)| Step::Copy { worker, answer }),
        6 => vote().prop_map(|(worker, answer)| Step::Reveal { worker, answer }),
        2 => Just(Step::Finalise),
        3 => Just(Step::Reopen),
        1 => Just(Step::Claim),
        1 => (0..WORKERS).prop_map(|worker| Step::Revoke { worker }),
        1 => prop::bool::weighted(0.25).prop_map(|harmful| Step::Judge { harmful }),
        3 => (1..=2 * WORK_TIME).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn calls_do_what_the_model_foretells(
        trust in 3u32..=5,
        authorised: bool,
        dataset in prop::option::of(0..=ERG),
        steps in prop::collection::vec((0..TASKS, step()), 1..60),
    ) {
        new_test_ext().execute_with(|| {
            let mut terms = terms().workers(WORKERS).volume(TASKS).trust(trust);
            if authorised {
                // Where the pool schedules, one worker can be enough.
                terms = terms.trust(trust - 2).authorised();
            }
            if let Some(price) = dataset {
                terms = terms.dataset(price);
            }
            let scene = terms.deal();
            let mut world = World::new(&scene.deal);
            let mut models = [Model::new(), Model::new()];
            for (index, step) in steps {
                let task = scene.at(index);
                let expected = foretell(&mut models, &mut world, index, step, &scene.deal);
                let done = execute(&task, step);
                assert_eq!(done.is_ok(), expected, "{step:?} gave {done:?}");
                assert_agrees(&models[index as usize], &task);
                check_invariants();
            }
            assert_ends(&scene);
        });
    }
}
