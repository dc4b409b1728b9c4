//! Tasks that their payer wants no more.

use crate::{Error, mock::*};
use ergon_primitives::{
    Balance, DealId, DealStatus, MILLI_ERG, TaskStatus, Untouched, traits::Deals,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

/// What the operator gets for a task: 5 % of the pool price.
const CONSOLATION: Balance = 50_000_000;

#[test]
fn ends_what_nobody_has_touched_and_consoles_the_operator() {
    build_and_execute(|| {
        let before = money_of(&operator());
        let scene = terms().volume(3).deal();
        scene.at(1).votes([0], success(1));
        assert_ok!(scene.cancel());
        let at = System::block_number();
        for index in [0, 2] {
            let status = scene.at(index).task().status;
            assert_eq!(status, TaskStatus::Cancelled { at });
        }
        let ended = Event::UntouchedEnded {
            deal: scene.id,
            tasks: 2,
            untouched: Untouched::Cancelled { at },
            operator: 2 * CONSOLATION,
            refunded: 2 * (6 * MILLI_ERG - CONSOLATION),
            treasury: 0,
        };
        assert_eq!(events().pop(), Some(ended));
        // The stake of the third task is still on hold.
        let stake = scene.deal.operator_stake;
        assert_eq!(money_of(&operator()), before - stake + 2 * CONSOLATION);
        assert_eq!(
            money_of(&requester()),
            WEALTH - 6 * MILLI_ERG - 2 * CONSOLATION
        );
    });
}

#[test]
fn leaves_what_is_worked_on() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes([0], success(1));
        assert_ok!(scene.cancel());
        assert_eq!(Market::status(scene.id), Some(DealStatus::Open));
        scene.votes([1], success(1)).reveals(0..2, success(1));
        assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
        let ended = DealStatus::Ended(System::block_number());
        assert_eq!(Market::status(scene.id), Some(ended));
    });
}

#[test]
fn ends_an_untouched_deal_whatever_its_volume() {
    build_and_execute(|| {
        let before = money_of(&operator());
        let scene = terms().volume(1_000).deal();
        assert_ok!(scene.cancel());
        assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
        assert_eq!(money_of(&requester()), WEALTH - 1_000 * CONSOLATION);
        assert_eq!(money_of(&operator()), before + 1_000 * CONSOLATION);
        assert_eq!(prepaid_by(&requester()), 0);
    });
}

#[test]
fn ends_the_tasks_for_everybody() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes([0], success(1));
        assert_ok!(scene.cancel());
        let cancelled = scene.at(1);
        assert_noop!(cancelled.contribute(0, success(1)), Refusal::NotActive);
        assert_noop!(cancelled.reveal(0, success(1)), Refusal::NotRevealing);
        assert_noop!(cancelled.finalise(), Refusal::NotRevealing);
        assert_noop!(cancelled.reopen(), Refusal::NotRevealing);
        advance_to(scene.deal.final_deadline());
        assert_noop!(cancelled.claim(), Refusal::AlreadyEnded);
        assert_ok!(scene.claim());
        assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
    });
}

#[test]
fn is_for_the_payer_and_not_for_the_requester() {
    build_and_execute(|| {
        let scene = terms().payer(ANYONE).volume(2).deal();
        for stranger in [requester(), operator(), worker(0), owner(0)] {
            assert_noop!(
                Poco::cancel(signed(stranger), scene.id),
                Refusal::NotThePayer
            );
        }
        assert_ok!(Poco::cancel(signed(ANYONE), scene.id));
        assert_eq!(money_of(&ANYONE), WEALTH - 2 * CONSOLATION);
        assert_eq!(money_of(&requester()), WEALTH);
    });
}

#[test]
fn is_possible_once_and_while_something_is_untouched() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.at(0).votes([0], success(1));
        assert_ok!(scene.cancel());
        assert_noop!(scene.cancel(), Refusal::NothingUntouched);

        let busy = terms().deal();
        busy.votes([0], success(1));
        assert_noop!(busy.cancel(), Refusal::NothingUntouched);
        busy.votes([1], success(1)).reveals(0..2, success(1));
        assert_noop!(busy.cancel(), Refusal::DealEnded);
    });
}

#[test]
fn costs_nothing_when_the_app_is_harmful() {
    build_and_execute(|| {
        let before = money_of(&operator());
        let scene = terms().volume(5).deal();
        find_harmful(true);
        advance_to(scene.deal.final_deadline());
        assert_ok!(scene.cancel());
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!(money_of(&operator()), before);
        assert_eq!(treasury(), 0);
    });
}

#[test]
fn fails_for_an_unknown_deal() {
    build_and_execute(|| {
        let mut scene = terms().deal();
        scene.id = DealId(H256::zero());
        assert_noop!(scene.cancel(), Refusal::NoSuchDeal);
    });
}
