//! The end of tasks that nobody brought to an end.

use crate::{Error, mock::*};
use ergon_primitives::{
    DealId, DealStatus, MILLI_ERG, PriceSubject, TaskStatus, VoteStatus, traits::Deals,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

#[test]
fn fails_an_untouched_task_and_refunds_all() {
    build_and_execute(|| {
        let before = money_of(&operator());
        let scene = terms().deal();
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
        let at = System::block_number();
        assert_eq!(scene.task().status, TaskStatus::Failed { at });
        let (refunded, treasury_got) = (6 * MILLI_ERG, 300_000_000);
        let failed = Event::Failed {
            deal: scene.id,
            index: 0,
            refunded,
            treasury: treasury_got,
        };
        assert_eq!(events().pop(), Some(failed));
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!(money_of(&operator()), before - 300_000_000);
        assert_eq!(treasury(), 300_000_000);
        assert_eq!(Market::status(scene.id), Some(DealStatus::Ended(at)));
    });
}

#[test]
fn takes_no_fee_when_too_few_had_voted() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes([0], success(1));
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!((bond_of(0), locked_of(0)), (BOND, 0));
    });
}

#[test]
fn takes_a_fee_when_enough_had_voted_and_not_agreed() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 9);
        scene.votes([0], success(1)).votes([1], success(2));
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
        assert_eq!(money_of(&requester()), WEALTH - 50_000_000);
        assert_eq!(treasury(), 350_000_000);
        for number in 0..2 {
            assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
        }
        assert_eq!((score_of(0), score_of(1)), (9, 0));
    });
}

#[test]
fn settles_with_the_result_if_one_was_revealed() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1)).reveals([0], success(1));
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
        assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 1_290_000_000);
        assert_eq!(bond_of(1), BOND - 300_000_000);
    });
}

#[test]
fn slashes_a_silent_group_that_nobody_reopened() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 9);
        scene.votes([2], success(2)).votes([0, 1, 3], success(1));
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.claim());
        assert!(matches!(scene.task().status, TaskStatus::Failed { .. }));
        assert_eq!((scene.status_of(0), score_of(0)), (VoteStatus::Rejected, 6));
        assert_eq!((bond_of(0), bond_of(2)), (BOND - 300_000_000, BOND));
        let silent = vec![worker(0), worker(1), worker(3)];
        let reopened = Event::Reopened {
            deal: scene.id,
            index: 0,
            silent,
        };
        assert!(events().contains(&reopened));
        assert_eq!(treasury(), 3 * 300_000_000 + 350_000_000);
    });
}

#[test]
fn waits_for_reveals_that_are_still_in_time() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 27);
        set_score(1, 27);
        advance_to(scene.deal.contribution_deadline() - 1);
        scene
            .votes([0], success(1))
            .votes(2..4, success(2))
            .votes([1], success(1));
        scene.let_reveals_pass();
        assert_ok!(scene.reopen());
        let deadline = scene.deal.reveal_deadline(System::block_number());
        assert!(deadline > scene.deal.final_deadline());

        advance_to(deadline - 1);
        assert_noop!(scene.claim(), Refusal::RevealsOpen);
        assert_ok!(scene.reveal(2, success(2)));
        assert_noop!(scene.claim(), Refusal::RevealsOpen);
        advance_to(deadline);
        assert_ok!(scene.claim());
        assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
    });
}

#[test]
fn ends_the_deal_with_its_last_task() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        scene
            .at(1)
            .votes(0..2, success(1))
            .reveals(0..2, success(1));
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.at(2).claim());
        assert_eq!(Market::status(scene.id), Some(DealStatus::Open));
        assert_ok!(scene.at(0).claim());
        let ended = DealStatus::Ended(System::block_number());
        assert_eq!(Market::status(scene.id), Some(ended));
    });
}

/// Only what was paid tells what such tasks cost.
#[test]
fn tells_the_market_how_many_tasks_were_paid() {
    build_and_execute(|| {
        let scene = terms().volume(3).deal();
        for (index, answer) in [(0, success(1)), (1, unavailable())] {
            scene.at(index).votes(0..2, answer).reveals(0..2, answer);
        }
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.at(2).claim());
        let prices = pallet_market::Prices::<Test>::get(PriceSubject::App(app_id()));
        let paid: Vec<u32> = prices.iter().map(|point| point.tasks).collect();
        assert_eq!(paid, [1]);
    });
}

#[test]
fn fails_one_block_too_early() {
    build_and_execute(|| {
        let scene = terms().deal();
        let deadline = scene.deal.started + 10 * WORK_TIME;
        advance_to(deadline - 1);
        assert_noop!(scene.claim(), Refusal::BeforeFinalDeadline);
        advance_to(deadline);
        assert_ok!(scene.claim());
    });
}

#[test]
fn gives_a_widened_bag_more_time() {
    build_and_execute(|| {
        // Nine tasks, four at a time.
        let scene = terms().volume(9).deal();
        advance_to(scene.deal.started + 3 * 10 * WORK_TIME - 1);
        assert_noop!(scene.claim(), Refusal::BeforeFinalDeadline);
        advance(1);
        assert_ok!(scene.claim());
    });
}

#[test]
fn fails_when_the_task_has_ended() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_noop!(scene.claim(), Refusal::AlreadyEnded);
        advance_to(scene.deal.final_deadline());
        assert_noop!(scene.claim(), Refusal::AlreadyEnded);
        assert_ok!(scene.at(1).claim());
        assert_noop!(scene.at(1).claim(), Refusal::AlreadyEnded);
    });
}

#[test]
fn fails_for_an_unknown_deal_or_task() {
    build_and_execute(|| {
        let mut scene = terms().deal();
        advance_to(scene.deal.final_deadline());
        assert_noop!(scene.at(1).claim(), Refusal::NoSuchTask);
        scene.id = DealId(H256::zero());
        assert_noop!(scene.claim(), Refusal::NoSuchDeal);
    });
}
