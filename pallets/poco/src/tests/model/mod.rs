//! Random sequences of all calls, on many deals and tasks, against a model of the protocol.
//!
//! Eight workers, four honest, one lazy, one lying, one copying, one that never reveals, vote on the
//! tasks of deals of all kinds, singly and in batches, with calls that are now and then malformed;
//! payers cancel, the pool revokes, governance changes its mind about the app, blocks come and go to
//! both sides of every deadline, and idle time is short or long. The model (`reference.rs`) knows of
//! the protocol only its text; it foretells which calls, and which of their items, are taken, which
//! are free, and where every task, vote, stake, score and unit of money is then. After each step what
//! it could change is compared, and the pallets check their own invariants; after every fiftieth, and
//! in the end, everything is compared.
//!
//! What holds in every sequence:
//!
//! - A task always ends: after the last step nobody does anything, and idle blocks alone end all
//!   tasks, return all holds, release all locks, and remove all records.
//! - Money is conserved: what is taken is given, and only what free calls used up is burned.
//! - Nobody is paid twice: a task ends once, and pays each worker at most once.
//! - Who has found what reached consensus and shows it in time is never slashed.
//! - No hold and no lock outlives its cause: they are, after every step, what open tasks need.
//! - Who shows a result first or last changes no payout.
//! - A copied vote can never be revealed: the copier tries, with the right result.
//! - The chain's judgement of a call, by which it is free, and the call itself never disagree.
//!
//! A failure names its seed and the shortest sequence known that fails. `ERGON_MODEL_STEPS` sets how
//! many steps each test makes, for long runs; `ERGON_MODEL_SEED` sets the first seed.

mod reference;
mod steps;
mod world;

use crate::mock::*;
use ergon_primitives::{Balance, Score, Verification};
use frame_support::assert_ok;
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};
use steps::{Dice, Flavour, Step, sequence};
use world::{Tally, World};

/// Steps of a test, unless the environment says otherwise; there are four such tests.
const STEPS: usize = 52_000;
/// Steps of a sequence.
const LENGTH: usize = 400;
/// After so many steps everything is compared.
const STRIDE: usize = 50;
/// How often a failing sequence is tried again, to find a shorter one.
const ATTEMPTS: usize = 300;

fn from_environment(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().expect("the variable is a number"))
}

/// Makes all steps, and lets everything end; notes how far it has come.
fn run(seed: u64, steps: &[Step], at: &Cell<usize>) -> Tally {
    new_test_ext().execute_with(|| {
        let mut dice = Dice::new(!seed);
        // Some are new, some well known.
        let scores = [(); 8].map(|()| dice.below(3) as u32 * dice.below(14) as u32);
        let mut world = World::new(scores);
        for (number, step) in steps.iter().enumerate() {
            at.set(number);
            world.make(step);
            world.check_pallets();
            if number % STRIDE == STRIDE - 1 {
                world.check();
            }
        }
        at.set(steps.len());
        world.check();
        world.let_all_end();
        world.tally
    })
}

/// What came of a sequence; if it failed, after how many steps.
fn attempt(seed: u64, steps: &[Step]) -> Result<Tally, usize> {
    let at = Cell::new(0);
    catch_unwind(AssertUnwindSafe(|| run(seed, steps, &at))).map_err(|_| at.get())
}

/// The shortest sequence that is found to fail, by leaving out parts of one that does.
fn shorten(seed: u64, steps: &[Step], failed_at: usize) -> Vec<Step> {
    let mut shortest: Vec<Step> = steps.iter().take(failed_at + 1).cloned().collect();
    let (mut part, mut left) = (shortest.len().div_ceil(2), ATTEMPTS);
    while part > 0 && left > 0 {
        let mut from = 0;
        while from < shortest.len() && left > 0 {
            left -= 1;
            let until = (from + part).min(shortest.len());
            let shorter = [&shortest[..from], &shortest[until..]].concat();
            match attempt(seed, &shorter) {
                Ok(_) => from = until,
                Err(at) => shortest = shorter.into_iter().take(at + 1).collect(),
            }
        }
        part /= 2;
    }
    shortest
}

/// Makes sequences of a flavour until there are steps enough.
fn explore(flavour: Flavour) -> Tally {
    let wanted = from_environment("ERGON_MODEL_STEPS").map_or(STEPS, |steps| steps as usize);
    let first = from_environment("ERGON_MODEL_SEED").unwrap_or(flavour as u64 * 1_000_000_000);
    let mut sum = Tally::default();
    for seed in (first..).take(wanted.div_ceil(LENGTH)) {
        let steps = sequence(seed, flavour, LENGTH);
        match attempt(seed, &steps) {
            Ok(tally) => sum.add(&tally),
            Err(at) => {
                let shortest = shorten(seed, &steps, at);
                panic!(
                    "{flavour:?} fails with seed {seed} at step {at}; the shortest sequence known \
                     has {} steps: {shortest:#?}",
                    shortest.len()
                );
            }
        }
    }
    assert!(sum.settled > 0 && sum.failed > 0, "tasks end both ways");
    assert!(sum.cancelled > 0 && sum.batches > 0, "much is tried");
    assert!(
        sum.swept > 0 && sum.free > 0,
        "idle time and prepayment work"
    );
    sum
}

#[test]
fn deals_of_all_kinds_go_as_the_model_foretells() {
    let tally = explore(Flavour::Mixed);
    assert!(tally.rejected > 0, "some groups are silent");
}

#[test]
fn batches_go_as_the_model_foretells() {
    explore(Flavour::Batches);
}

#[test]
fn sealed_votes_go_as_the_model_foretells() {
    explore(Flavour::Sealed);
}

#[test]
fn silence_goes_as_the_model_foretells() {
    let tally = explore(Flavour::Silence);
    assert!(tally.rejected > 0, "some groups are silent");
}

/// Everything that a settlement changes for somebody.
type Fortunes = (
    Vec<(ergon_primitives::AccountId, Balance)>,
    Vec<(Balance, Balance, Score)>,
);

/// Three workers agree, one does not; those of them show their results in this order.
fn fortunes(verification: Verification, order: &[u8]) -> Fortunes {
    new_test_ext().execute_with(|| {
        let deal = terms().workers(4).verification(verification).deal();
        deal.votes([3], success(9)).votes(0..3, success(1));
        advance(1);
        for number in order {
            let answer = success(if *number == 3 { 9 } else { 1 });
            assert_ok!(match verification {
                Verification::Replication => deal.reveal(*number, answer),
                _ => deal.open(*number, answer),
            });
        }
        assert!(deal.task().has_ended());
        let worker = |number| (bond_of(number), locked_of(number), score_of(number));
        (all_money(), (0..4).map(worker).collect())
    })
}

/// All orders of these workers.
fn orders(workers: &[u8]) -> Vec<Vec<u8>> {
    if workers.is_empty() {
        return vec![Vec::new()];
    }
    workers
        .iter()
        .flat_map(|first| {
            let others: Vec<u8> = workers.iter().copied().filter(|one| one != first).collect();
            let rests = orders(&others).into_iter();
            rests.map(|rest| [vec![*first], rest].concat())
        })
        .collect()
}

#[test]
fn order_of_reveals_changes_no_payout() {
    for (verification, workers) in [
        (Verification::Replication, &[0, 1, 2][..]),
        (Verification::Blind { voters: 4 }, &[0, 1, 2, 3][..]),
        (Verification::Race { referees: 2 }, &[0, 1, 2, 3][..]),
    ] {
        let expected = fortunes(verification, workers);
        for order in orders(workers) {
            assert_eq!(fortunes(verification, &order), expected, "{order:?}");
        }
    }
}
