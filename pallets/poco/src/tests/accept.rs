//! Results that the pool's authoriser takes.

use crate::{Error, WeightInfo, mock::*};
use ergon_primitives::{
    DealId, DealStatus, ERG, MILLI_ERG, Opening, Outcome, Payment, Signature, TaskIndex,
    TaskStatus, Verification, traits::Deals,
};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use sp_core::H256;
use sp_keyring::Sr25519Keyring;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;
type Weights = <Test as crate::Config>::WeightInfo;

/// Terms of a deal that one accepted result is enough for.
fn trusting() -> Terms {
    terms().trust(2).authorised()
}

fn all(indexes: impl IntoIterator<Item = TaskIndex>) -> Vec<(TaskIndex, Answer)> {
    let indexes = indexes.into_iter();
    indexes.map(|index| (index, success(1))).collect()
}

#[test]
fn settles_at_once() {
    build_and_execute(|| {
        let scene = trusting().deal();
        assert_ok!(scene.accept(0, success(1)));
        let at = System::block_number();
        let (outcome, locator) = (success(1).outcome, locator(0));
        let status = TaskStatus::Settled {
            outcome,
            locator: locator.clone(),
            at,
        };
        assert_eq!(scene.task().status, status);
        let vote = scene.task().votes[0].clone();
        assert_eq!(vote.commitment, scene.commitment(success(1)));
        assert_eq!(vote.seal, scene.ballot(0, success(1)).seal);

        let revealed = Event::Revealed {
            deal: scene.id,
            index: 0,
            worker: worker(0),
            outcome,
            inline: vec![0; 3].try_into().unwrap(),
        };
        let settled = Event::Settled {
            deal: scene.id,
            index: 0,
            outcome,
            locator,
            workers: vec![Payment {
                to: owner(0),
                amount: 990_000_000,
            }],
            losers: vec![],
            slashed: 0,
            app: 5 * MILLI_ERG,
            dataset: 0,
            operator: 10_000_000,
            refunded: 0,
            treasury: 0,
        };
        assert_eq!(events(), [revealed, settled]);
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 990_000_000);
        assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG);
        assert_eq!(Market::status(scene.id), Some(DealStatus::Ended(at)));
    });
}

#[test]
fn stakes_nothing_and_raises_no_score() {
    build_and_execute(|| {
        // A vote would stake more than the bond has.
        let scene = trusting().pool_price(40 * ERG).volume(2).deal();
        assert_noop!(scene.contribute(0, success(1)), Refusal::TooLittleFree);
        assert_ok!(scene.accept(0, success(1)));
        assert_eq!((bond_of(0), locked_of(0), score_of(0)), (BOND, 0, 0));
    });
}

#[test]
fn pays_for_faults_and_for_nothing_that_was_not_to_be_had() {
    build_and_execute(|| {
        let before = (money_of(&provider()), money_of(&operator()));
        let scene = trusting().volume(2).deal();
        assert_ok!(scene.at(0).accept(0, fault()));
        assert_ok!(scene.at(1).accept(0, unavailable()));
        let TaskStatus::Settled { outcome, .. } = scene.at(1).task().status else {
            panic!("settled as unavailable");
        };
        assert_eq!(outcome, Outcome::Unavailable);
        assert_eq!(money_of(&provider()), before.0);
        assert_eq!(money_of(&operator()), before.1 + 10_000_000);
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 990_000_000);
        assert_eq!(money_of(&requester()), WEALTH - MILLI_ERG);
    });
}

#[test]
fn needs_a_pool_that_schedules() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_noop!(scene.accept(0, success(1)), Refusal::NotAuthorisedPool);
    });
}

#[test]
fn needs_a_requester_who_trusts() {
    build_and_execute(|| {
        for (trust, is_enough) in [(1, true), (2, true), (3, false)] {
            let scene = terms().trust(trust).authorised().deal();
            if is_enough {
                assert_ok!(scene.accept(0, success(1)));
            } else {
                assert_noop!(scene.accept(0, success(1)), Refusal::TrustTooHigh);
            }
        }
    });
}

#[test]
fn needs_votes_that_are_not_sealed() {
    build_and_execute(|| {
        for verification in [
            Verification::Blind { voters: 1 },
            Verification::Race { referees: 0 },
        ] {
            let scene = trusting().verification(verification).deal();
            assert_noop!(scene.accept(0, success(1)), Refusal::SealedVotes);
        }
    });
}

#[test]
fn needs_an_untouched_task() {
    build_and_execute(|| {
        let scene = trusting().volume(4).deal();
        scene.at(0).votes([1], success(1));
        assert_noop!(scene.at(0).accept(0, success(1)), Refusal::NotUntouched);
        assert_ok!(scene.at(1).accept(0, success(1)));
        assert_noop!(scene.at(1).accept(2, success(1)), Refusal::NotUntouched);
        assert_noop!(scene.at(4).accept(0, success(1)), Refusal::NoSuchTask);
        assert_ok!(scene.cancel());
        assert_noop!(scene.at(2).accept(0, success(1)), Refusal::NotUntouched);
    });
}

#[test]
fn needs_a_worker_that_could_contribute() {
    build_and_execute(|| {
        let scene = trusting().volume(2).deal();
        assert_noop!(scene.accept(30, success(1)), Refusal::NoBond);
        hire(5);
        assert_noop!(scene.accept(5, success(1)), Refusal::JoinedTooLate);
        assert_ok!(WorkerStaking::leave(signed(owner(1)), worker(1)));
        assert_noop!(scene.accept(1, success(1)), Refusal::NotAMember);
        assert_ok!(scene.revoke(2));
        assert_noop!(scene.accept(2, success(1)), Refusal::AuthorisationRevoked);
        find_harmful(true);
        assert_noop!(scene.accept(0, success(1)), Refusal::AppRevoked);
        find_harmful(false);
        assert_ok!(scene.accept(0, success(1)));
    });
}

#[test]
fn needs_a_bond_above_the_minimum() {
    build_and_execute(|| {
        let scene = terms().pool_price(20 * ERG).deal();
        scene.votes([3], success(9)).votes(0..3, success(1));
        scene.reveals(0..3, success(1));
        let next = trusting().deal();
        assert_noop!(next.accept(3, success(1)), Refusal::BelowMinimum);
    });
}

#[test]
fn needs_the_present_authorisers_word() {
    build_and_execute(|| {
        let scene = trusting().volume(2).deal();
        let result = scene.opening(0, success(1));
        let accepted = scene.acceptance(0, std::slice::from_ref(&result));
        let successor = Sr25519Keyring::Ferdie;
        let message = scene.message_of_acceptance(0, &[result]);
        let by = |signer: Sr25519Keyring| Signature::from(signer.sign(message.as_bytes()));

        // Not even the pool's owner takes results.
        for signer in [Sr25519Keyring::Bob, successor] {
            let refused = scene.accept_with(0, success(1), by(signer));
            assert_eq!(refused, Err(Refusal::NotAccepted.into()));
        }
        replace_authoriser(successor.to_account_id());
        assert_noop!(
            scene.accept_with(0, success(1), accepted),
            Refusal::NotAccepted
        );
        assert_ok!(scene.accept_with(0, success(1), by(successor)));
    });
}

#[test]
fn binds_chain_deal_worker_task_and_result() {
    build_and_execute(|| {
        let (scene, other) = (trusting().volume(2).deal(), trusting().volume(2).deal());
        let accepted = |scene: &Scene, number| {
            let result = scene.opening(number, success(1));
            scene.acceptance(number, &[result])
        };
        let wrong = [
            accepted(&other, 0),
            accepted(&scene, 1),
            accepted(&scene.at(1), 0),
            scene.acceptance(0, &[scene.opening(0, success(2))]),
            scene.acceptance(0, &[]),
            scene.acceptance(0, &scene.openings(0, all(0..2))),
        ];
        for acceptance in wrong {
            assert_noop!(
                scene.accept_with(0, success(1), acceptance),
                Refusal::NotAccepted
            );
        }
        let here = accepted(&scene, 0);
        let genesis = System::block_hash(0);
        frame_system::BlockHash::<Test>::insert(0, H256::zero());
        assert_noop!(
            scene.accept_with(0, success(1), here.clone()),
            Refusal::NotAccepted
        );
        frame_system::BlockHash::<Test>::insert(0, genesis);
        assert_ok!(scene.accept_with(0, success(1), here));
    });
}

/// Where the result lies is no part of the word: the worker may move it.
#[test]
fn leaves_the_locator_to_the_worker() {
    build_and_execute(|| {
        let scene = trusting().deal();
        let elsewhere = Opening {
            locator: locator(9),
            ..scene.opening(0, success(1))
        };
        let acceptance = scene.acceptance(0, &[elsewhere]);
        assert_ok!(scene.accept_with(0, success(1), acceptance));
    });
}

#[test]
fn fails_for_an_unknown_or_ended_deal() {
    build_and_execute(|| {
        let mut scene = trusting().deal();
        assert_ok!(scene.accept(0, success(1)));
        assert_noop!(scene.accept(1, success(1)), Refusal::NotActive);
        scene.id = DealId(H256::zero());
        assert_noop!(scene.accept(0, success(1)), Refusal::NoSuchDeal);
    });
}

mod many {
    use super::*;

    #[test]
    fn settle_with_one_signature() {
        build_and_execute(|| {
            let scene = trusting().volume(40).deal();
            let results = scene.openings(0, all(0..40));
            assert_ok!(scene.accept_many(0, results));
            let earned = 40 * 990_000_000;
            assert_eq!(money_of(&owner(0)), WEALTH - BOND + earned);
            assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
            let told = events();
            let settled = told
                .iter()
                .filter(|event| matches!(event, Event::Settled { .. }));
            assert_eq!(settled.count(), 40);
        });
    }

    #[test]
    fn are_refused_alone() {
        build_and_execute(|| {
            let scene = trusting().volume(4).deal();
            scene.at(1).votes([1], success(1));
            let results = scene.openings(0, all([0, 1, 3, 4]));
            assert_ok!(scene.accept_many(0, results));
            let others = [(1, Refusal::NotUntouched), (4, Refusal::NoSuchTask)];
            assert_eq!(refusals(0), refused(others));
            for (index, has_ended) in [(0, true), (1, false), (2, false), (3, true)] {
                assert_eq!(scene.at(index).task().has_ended(), has_ended);
            }
            let again = scene.openings(0, all([0, 1]));
            assert_noop!(scene.accept_many(0, again), Refusal::NotUntouched);
        });
    }

    #[test]
    fn are_taken_all_or_not_at_all() {
        build_and_execute(|| {
            let scene = trusting().volume(3).deal();
            let (three, two) = (scene.openings(0, all(0..3)), scene.openings(0, all(0..2)));
            let call = PocoCall::contribute_and_finalise_many {
                deal: scene.id,
                results: two.try_into().unwrap(),
                acceptance: scene.acceptance(0, &three),
                max_votes: 32,
            };
            assert_noop!(make(worker(0), call), Refusal::NotAccepted);
        });
    }

    #[test]
    fn come_in_order() {
        build_and_execute(|| {
            let scene = trusting().volume(3).deal();
            let results = |indexes: &[TaskIndex]| scene.openings(0, all(indexes.to_vec()));
            assert_noop!(scene.accept_many(0, vec![]), Refusal::EmptyBatch);
            for unsorted in [&[1, 0][..], &[0, 0], &[0, 2, 1]] {
                assert_noop!(
                    scene.accept_many(0, results(unsorted)),
                    Refusal::NotAscending
                );
            }
        });
    }

    #[test]
    fn declare_the_votes_of_the_deal() {
        build_and_execute(|| {
            let scene = terms().trust(2).authorised().volume(3).deal();
            scene.at(0).votes([1], success(1));
            let call = |max_votes| {
                let results = scene.openings(0, all([1, 2]));
                scene.batch_of_results(0, results, max_votes)
            };
            let declared = call(7).get_dispatch_info().call_weight;
            let expected = Weights::contribute_and_finalise_many(2, 1, 7);
            assert_eq!(declared, expected);
            assert_noop!(make(worker(0), call(0)), Refusal::TooManyVotes);
            assert_ok!(make(worker(0), call(1)));
        });
    }
}
