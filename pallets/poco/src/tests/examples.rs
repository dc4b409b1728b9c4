//! The worked examples and tables of the protocol, through the pallet's calls.

use crate::mock::*;
use ergon_primitives::{Balance, MILLI_ERG, TaskStatus};
use frame_support::assert_ok;

fn is_revealing(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Revealing { .. })
}

/// Trust 4, fresh workers: bad, good, good, good, good.
#[test]
fn the_fourth_good_vote_outweighs_a_bad_one_at_trust_4() {
    build_and_execute(|| {
        let scene = terms().trust(4).workers(5).deal();
        scene.votes([0], success(9));
        for number in 1..4 {
            scene.votes([number], success(1));
            assert!(!is_revealing(&scene), "32 > 33 is false");
        }
        scene.votes([4], success(1));
        assert!(is_revealing(&scene), "64 > 57");
    });
}

#[test]
fn one_vote_is_not_enough_for_trust_3() {
    build_and_execute(|| {
        let scene = terms().trust(3).deal();
        scene.votes([0], success(1));
        assert!(!is_revealing(&scene), "6 > 6 is false");
        scene.votes([1], success(1));
        assert!(is_revealing(&scene));
    });
}

/// How many fresh workers a trust needs that agree, with nobody against them.
#[test]
fn as_many_workers_are_needed_as_the_table_says() {
    build_and_execute(|| {
        let table = [
            (1, 1),
            (2, 1),
            (3, 2),
            (4, 2),
            (5, 3),
            (8, 3),
            (9, 4),
            (16, 4),
            (17, 5),
            (32, 5),
        ];
        for (trust, needed) in table {
            let scene = terms().trust(trust).authorised().workers(5).deal();
            scene.votes(0..needed - 1, success(1));
            assert!(!is_revealing(&scene), "trust {trust}");
            scene.votes([needed - 1], success(1));
            assert!(is_revealing(&scene), "trust {trust}");
        }
    });
}

/// Pool price 10^9, worker stake 30 %, operator 1 %: three winners and a loser.
#[test]
fn three_winners_share_what_a_loser_lost() {
    build_and_execute(|| {
        let before = money_of(&operator());
        let scene = terms().deal();
        assert_eq!(scene.deal.pool_price, 1_000_000_000);
        scene.votes([3], success(9)).votes(0..3, success(1));
        scene.reveals(0..3, success(1));
        for number in 0..3 {
            assert_eq!(money_of(&owner(number)), WEALTH - BOND + 430_000_000);
        }
        assert_eq!(money_of(&operator()), before + 10_000_000);
        assert_eq!(bond_of(3), BOND - 300_000_000);
        assert_eq!(treasury(), 0);
    });
}

/// What the end of a task costs payer and operator, and gives to workers and the treasury.
fn price_of(end: fn(&Scene)) -> [Balance; 4] {
    new_test_ext().execute_with(|| {
        let operators = money_of(&operator());
        let scene = terms().deal();
        end(&scene);
        check_invariants();
        let lost = operators.saturating_sub(money_of(&operator()));
        let workers: Balance = (0..4)
            .map(|number| money_of(&owner(number)) + BOND - WEALTH)
            .sum();
        [WEALTH - money_of(&requester()), lost, workers, treasury()]
    })
}

#[test]
fn every_end_has_its_price() {
    let (share, stake, fee) = (990_000_000, 300_000_000, 50_000_000);

    let proven = price_of(|scene| {
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
    });
    assert_eq!(proven, [6 * MILLI_ERG, 0, share, 0]);
    let app_fault = price_of(|scene| {
        scene.votes(0..2, fault()).reveals(0..2, fault());
    });
    assert_eq!(app_fault, [MILLI_ERG, 0, share, 0]);
    let not_to_be_had = price_of(|scene| {
        scene
            .votes(0..2, unavailable())
            .reveals(0..2, unavailable());
    });
    assert_eq!(not_to_be_had, [0; 4]);
    let forgotten = price_of(|scene| {
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
    });
    assert_eq!(forgotten, [0, stake, 0, stake]);
    let disputed = price_of(|scene| {
        scene.votes([0], success(1)).votes([1], success(2));
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
    });
    assert_eq!(disputed, [fee, stake, 0, stake + fee]);
    let cancelled = price_of(|scene| {
        assert_ok!(scene.cancel());
    });
    assert_eq!(cancelled, [fee, 0, 0, 0]);
}
