//! Which calls are free. That a judgement changes nothing and foretells the call, [`make`] checks for
//! every call of every test.

use crate::{Error, Judgement, mock::*};
use ergon_primitives::{AccountId, DealId, MILLI_ERG, Verification};
use frame_support::{assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;

type Refusal = Error<Test>;

const USEFUL: Option<DispatchResult> = Some(Ok(()));

fn useless(refusal: Refusal) -> Option<DispatchResult> {
    Some(Err(refusal.into()))
}

fn contribution(scene: &Scene, number: u8, answer: Answer) -> PocoCall {
    let ballot = scene.ballot(number, answer);
    PocoCall::contribute {
        deal: scene.id,
        index: ballot.index,
        commitment: ballot.commitment,
        seal: ballot.seal,
        max_stake: scene.deal.worker_stake,
        authorisation: None,
    }
}

fn reveal(scene: &Scene, number: u8, answer: Answer) -> PocoCall {
    let opening = scene.opening(number, answer);
    PocoCall::reveal {
        deal: scene.id,
        index: opening.index,
        outcome: opening.outcome,
        trace: opening.trace,
        locator: opening.locator,
        inline: opening.inline,
    }
}

fn finalisation(scene: &Scene) -> PocoCall {
    PocoCall::finalise {
        deal: scene.id,
        index: scene.index,
    }
}

/// What is said of a worker's call.
fn of(number: u8, call: &PocoCall) -> Option<DispatchResult> {
    judged(&worker(number), call)
}

#[test]
fn useful_calls_name_their_deal() {
    build_and_execute(|| {
        let scene = terms().deal();
        let call = contribution(&scene, 0, success(1));
        let judgement = Poco::judge(&worker(0), &call);
        assert!(matches!(judgement, Judgement::Useful { deal } if deal == scene.id));
    });
}

mod calls {
    use super::*;

    #[test]
    fn contribute() {
        build_and_execute(|| {
            let scene = terms().deal();
            let call = contribution(&scene, 0, success(1));
            assert_eq!(of(0, &call), USEFUL);
            assert_ok!(make(worker(0), call.clone()));
            assert_eq!(of(0, &call), useless(Refusal::AlreadyContributed));
            assert_eq!(of(30, &call), None, "a key without bond");
        });
    }

    #[test]
    fn contribute_many() {
        build_and_execute(|| {
            let scene = terms().volume(3).deal();
            let batch = |indexes: [u32; 2]| {
                let answers = indexes.map(|index| (index, success(1)));
                scene.batch_of_votes(0, scene.ballots(0, answers), 32)
            };
            assert_eq!(of(0, &batch([0, 1])), USEFUL);
            assert_ok!(scene.at(1).contribute(0, success(1)));
            // One item would be refused: it would be made, but not for nothing.
            let partly = batch([0, 1]);
            assert_eq!(of(0, &partly), useless(Refusal::AlreadyContributed));
            assert_ok!(make(worker(0), partly));
            assert_eq!(of(0, &batch([2, 2])), useless(Refusal::NotAscending));
            assert_eq!(of(0, &batch([2, 7])), useless(Refusal::NoSuchTask));
            assert_eq!(of(30, &batch([2, 7])), None);
        });
    }

    #[test]
    fn reveal_one_and_many() {
        build_and_execute(|| {
            let scene = terms().volume(2).deal();
            let answers = || [(0, success(1)), (1, success(1))];
            let many = scene.batch_of_reveals(scene.openings(0, answers()), 32);
            let one = reveal(&scene, 0, success(1));
            for call in [&one, &many] {
                assert_eq!(of(0, call), useless(Refusal::NotRevealing));
            }
            scene.at(0).votes(0..2, success(1));
            assert_eq!(of(0, &one), USEFUL);
            assert_eq!(of(0, &many), useless(Refusal::NotRevealing));
            scene.at(1).votes(0..2, success(1));
            assert_eq!(of(0, &many), USEFUL);
            assert_eq!(of(2, &many), useless(Refusal::NotAContributor));
            assert_eq!(of(30, &many), None);
        });
    }

    #[test]
    fn finalise_by_workers_only() {
        build_and_execute(|| {
            let scene = terms().deal();
            let call = finalisation(&scene);
            scene.votes(0..2, success(1)).reveals([0], success(1));
            assert_eq!(of(0, &call), useless(Refusal::RevealsOpen));
            scene.let_reveals_pass();
            assert_eq!(of(0, &call), USEFUL);
            assert_eq!(of(3, &call), USEFUL, "whoever has a bond");
            for payer in [ANYONE, requester(), operator(), owner(0)] {
                assert_eq!(judged(&payer, &call), None);
            }
            assert_ok!(scene.finalise_as(worker(3)));
            assert_eq!(of(0, &call), useless(Refusal::NotRevealing));
        });
    }

    #[test]
    fn accepted_results() {
        build_and_execute(|| {
            let scene = terms().trust(1).authorised().volume(3).deal();
            let result = scene.opening(0, success(1));
            let one = PocoCall::contribute_and_finalise {
                deal: scene.id,
                acceptance: scene.acceptance(0, std::slice::from_ref(&result)),
                result,
            };
            let answers = || [(1, success(1)), (2, success(1))];
            let many = scene.batch_of_results(0, scene.openings(0, answers()), 32);
            for call in [one, many] {
                assert_eq!(of(0, &call), USEFUL);
                assert_eq!(of(1, &call), useless(Refusal::NotAccepted));
                assert_eq!(of(30, &call), None);
                assert_ok!(make(worker(0), call));
            }
        });
    }

    #[test]
    fn open_sealed() {
        build_and_execute(|| {
            let blind = Verification::Blind { voters: 2 };
            let scene = terms().verification(blind).deal();
            let call = PocoCall::open_sealed {
                deal: scene.id,
                result: scene.opening(0, success(1)),
                salt: salt(0),
            };
            scene.votes([0], success(1));
            assert_eq!(of(0, &call), useless(Refusal::NotRevealing));
            scene.votes([1], success(1));
            assert_eq!(of(0, &call), USEFUL);
            assert_eq!(of(1, &call), useless(Refusal::SealMismatch));
            assert_eq!(of(30, &call), None);
        });
    }

    #[test]
    fn of_others_are_ordinary() {
        build_and_execute(|| {
            let scene = terms().deal();
            let (deal, index, worker) = (scene.id, scene.index, worker(1));
            for call in [
                PocoCall::reopen { deal, index },
                PocoCall::claim { deal, index },
                PocoCall::prune_deal { deal, limit: 1 },
                PocoCall::revoke { deal, worker },
                PocoCall::cancel { deal },
                PocoCall::sweep { limit: 1 },
            ] {
                assert_eq!(of(0, &call), None);
            }
        });
    }
}

mod prepaid_money {
    use super::*;

    #[test]
    fn is_the_price_of_the_votes_needed_and_two_more() {
        build_and_execute(|| {
            let prepaid = |terms: Terms| Poco::prepaid(terms.deal().id);
            assert_eq!(prepaid(terms()), 4 * CALL_PRICE);
            assert_eq!(prepaid(terms().volume(10)), 40 * CALL_PRICE);
            assert_eq!(prepaid(terms().trust(9)), 6 * CALL_PRICE);
            assert_eq!(prepaid(terms().callback(vec![0; 2])), 5 * CALL_PRICE);
            let race = Verification::Race { referees: 3 };
            assert_eq!(prepaid(terms().verification(race)), 7 * CALL_PRICE);
        });
    }

    #[test]
    fn makes_calls_free_as_long_as_something_is_left() {
        build_and_execute(|| {
            let scene = terms().deal();
            let fee = scene.deal.settlement_fee;
            let call = contribution(&scene, 0, success(1));
            Poco::spend(scene.id, fee - 1);
            assert_eq!((Poco::prepaid(scene.id), of(0, &call)), (1, USEFUL));
            Poco::spend(scene.id, 1);
            assert_eq!((Poco::prepaid(scene.id), of(0, &call)), (0, None));
            let refused = contribution(&scene.at(7), 0, success(1));
            assert_eq!(of(0, &refused), None, "whoever pays may err");
            assert_ok!(make(worker(0), call));
        });
    }

    #[test]
    fn comes_back_as_far_as_a_call_used_less() {
        build_and_execute(|| {
            let scene = terms().deal();
            Poco::spend(scene.id, 1_000);
            Poco::spare(scene.id, 400);
            assert_eq!(scene.progress().spent, 600);
            Poco::spare(scene.id, 1_000);
            assert_eq!(scene.progress().spent, 0);
        });
    }

    #[test]
    fn that_was_spent_is_burned_with_the_deal_and_the_rest_goes_back() {
        build_and_execute(|| {
            let scene = terms().payer(ANYONE).deal();
            let fee = scene.deal.settlement_fee;
            assert_eq!(prepaid_by(&ANYONE), fee);
            let before = Balances::total_issuance();
            Poco::spend(scene.id, 12_345);
            scene.votes(0..2, success(1));
            assert_eq!(prepaid_by(&ANYONE), fee);
            scene.reveals(0..2, success(1));
            assert_eq!(prepaid_by(&ANYONE), 0);
            assert_eq!(Balances::total_issuance(), before - 12_345);
            let free = Balances::free_balance(ANYONE);
            assert_eq!(free, WEALTH - 6 * MILLI_ERG - 12_345);
        });
    }

    #[test]
    fn of_deals_that_are_not_there_is_none() {
        build_and_execute(|| {
            let mut scene = terms().deal();
            scene.id = DealId(H256::repeat_byte(9));
            assert_eq!(Poco::prepaid(scene.id), 0);
            let call = contribution(&scene, 0, success(1));
            assert_eq!(of(0, &call), None);
            Poco::spend(scene.id, 5);
            assert!(!crate::Progress::<Test>::contains_key(scene.id));
        });
    }

    #[test]
    fn makes_nothing_free_once_the_deal_has_ended() {
        build_and_execute(|| {
            let scene = terms().deal();
            let call = contribution(&scene, 2, success(1));
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            assert_eq!(of(2, &call), useless(Refusal::NotActive));
            advance(RETENTION);
            idle(frame_support::weights::Weight::MAX);
            assert_eq!(of(2, &call), None, "nobody prepaid anything");
        });
    }
}

/// Keys that could swamp the chain with free calls: each needs a bond.
#[test]
fn strangers_pay_whatever_they_call() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.at(1).votes(0..2, success(1));
        let stranger = AccountId::new([0x13; 32]);
        for call in [
            contribution(&scene, 0, success(1)),
            reveal(&scene.at(1), 0, success(1)),
            finalisation(&scene.at(1)),
        ] {
            assert_eq!(judged(&stranger, &call), None);
        }
    });
}
