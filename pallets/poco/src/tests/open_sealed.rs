//! Sealed votes, from the first one to the money: blind replication and races.

use crate::{Error, mock::*, policy};
use ergon_primitives::{
    Contribution, DealId, DealStatus, MILLI_ERG, TaskStatus, Verification, VoteStatus, seal,
    traits::Deals,
};
use frame_support::{assert_noop, assert_ok, weights::Weight};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

/// A task of trust 3 with so many blind voters.
fn blind(voters: u8) -> Scene {
    let verification = Verification::Blind { voters };
    terms().workers(8).verification(verification).deal()
}

/// A race with so many referees.
fn race(referees: u8) -> Scene {
    let verification = Verification::Race { referees };
    terms().workers(8).verification(verification).deal()
}

fn is_opening(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Opening { .. })
}

fn is_settled(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Settled { .. })
}

fn is_failed(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Failed { .. })
}

/// Numbers of the workers in the order of their roles, in the block after the last vote.
fn roles(scene: &Scene) -> Vec<u8> {
    let TaskStatus::Opening { since, .. } = scene.task().status else {
        panic!("all have voted");
    };
    policy::in_order(System::block_hash(since), &scene.task().votes)
        .into_iter()
        .map(|vote| (0..=u8::MAX).find(|number| worker(*number) == vote.worker))
        .map(|number| number.unwrap())
        .collect()
}

/// Lets workers vote so that the results by role are these: the seed depends on the block alone.
fn raced(referees: u8, by_role: &[u8]) -> (Scene, Vec<u8>) {
    let probe = new_test_ext().execute_with(|| {
        let scene = race(referees);
        let count = by_role.len() as u8;
        scene.votes(0..count, success(1));
        advance(1);
        roles(&scene)
    });
    let scene = race(referees);
    for number in 0..by_role.len() as u8 {
        let role = probe.iter().position(|worker| *worker == number).unwrap();
        assert_ok!(scene.contribute(number, success(by_role[role])));
    }
    advance(1);
    assert_eq!(roles(&scene), probe);
    (scene, probe)
}

fn earned(number: u8) -> ergon_primitives::Balance {
    money_of(&owner(number)) + BOND - WEALTH
}

mod votes {
    use super::*;

    #[test]
    fn show_nothing() {
        build_and_execute(|| {
            let scene = blind(4);
            scene.votes(0..2, success(1));
            let task = scene.task();
            assert_eq!(task.status, TaskStatus::Active);
            assert!(task.votes.iter().all(|vote| vote.commitment.is_zero()));
            assert_ne!(task.votes[0].seal, task.votes[1].seal);
            let told = |event: &Event| match event {
                Event::Contributed { commitment, .. } => commitment.is_zero(),
                _ => false,
            };
            assert!(events().iter().all(told));
        });
    }

    #[test]
    fn with_a_commitment_are_refused() {
        build_and_execute(|| {
            for scene in [blind(4), race(1)] {
                let shown = Contribution {
                    commitment: scene.commitment(success(1)),
                    ..scene.ballot(0, success(1))
                };
                assert_noop!(scene.vote(0, shown), Refusal::SealedVotes);
            }
        });
    }

    #[test]
    fn begin_the_opening_when_all_have_come() {
        build_and_execute(|| {
            let scene = blind(4);
            scene.votes(0..3, success(1));
            assert!(!is_opening(&scene));
            assert_ok!(scene.contribute(3, success(9)));
            assert!(is_opening(&scene));
            let began = Event::OpeningBegan {
                deal: scene.id,
                index: 0,
                voters: 4,
            };
            assert_eq!(events().pop(), Some(began));
            assert_noop!(scene.contribute(4, success(1)), Refusal::NotActive);
        });
    }

    /// Nobody has to ask: fewer will do when contributions are over.
    #[test]
    fn begin_the_opening_at_the_contribution_deadline_if_they_are_enough() {
        build_and_execute(|| {
            let scene = blind(5);
            scene.votes(0..3, success(1));
            let deadline = scene.deal.contribution_deadline();
            advance_to(deadline - 1);
            idle(Weight::MAX);
            assert!(!is_opening(&scene));
            advance_to(deadline);
            idle(Weight::MAX);
            assert!(is_opening(&scene));
            scene.opens(0..3, success(1));
            assert!(is_settled(&scene));
            assert_eq!(earned(0), 330_000_000);
        });
    }

    #[test]
    fn that_are_too_few_fail_the_task_then() {
        build_and_execute(|| {
            for verification in [
                Verification::Blind { voters: 4 },
                Verification::Race { referees: 1 },
            ] {
                let scene = terms().verification(verification).deal();
                assert_ok!(scene.contribute(0, success(1)));
                advance_to(scene.deal.contribution_deadline());
                idle(Weight::MAX);
                assert!(is_failed(&scene));
                assert_eq!((bond_of(0), locked_of(0)), (BOND, 0));
                assert_eq!(money_of(&requester()), WEALTH);
            }
        });
    }

    #[test]
    fn are_looked_after_by_anybody_who_asks() {
        build_and_execute(|| {
            let scene = blind(4);
            assert_noop!(scene.reopen(), Refusal::NotRevealing);
            scene.votes(0..2, success(1));
            let deadline = scene.deal.contribution_deadline();
            advance_to(deadline - 1);
            assert_noop!(scene.reopen(), Refusal::RevealsOpen);
            assert_noop!(scene.finalise(), Refusal::NothingRevealed);
            advance_to(deadline);
            assert_noop!(scene.finalise(), Refusal::NothingRevealed);
            assert_ok!(scene.reopen());
            assert!(is_opening(&scene));
        });
    }

    #[test]
    fn that_nobody_asked_for_are_opened_after_the_final_deadline() {
        build_and_execute(|| {
            let scene = blind(4);
            scene.votes(0..2, success(1));
            advance_to(scene.deal.final_deadline());
            assert_ok!(scene.claim());
            assert!(is_opening(&scene));
            assert_noop!(scene.claim(), Refusal::RevealsOpen);
            scene.opens(0..2, success(1));
            assert!(is_settled(&scene));
        });
    }
}

mod blind_votes {
    use super::*;

    #[test]
    fn are_opened_one_by_one_and_judged_together() {
        build_and_execute(|| {
            let scene = blind(4);
            scene.votes(0..3, success(1)).votes([3], success(9));
            assert_ok!(scene.open(3, success(9)));
            assert_eq!(scene.status_of(3), VoteStatus::Revealed);
            let revealed = Event::Revealed {
                deal: scene.id,
                index: 0,
                worker: worker(3),
                outcome: success(9).outcome,
                inline: vec![3; 3].try_into().unwrap(),
            };
            assert_eq!(events().pop(), Some(revealed));
            scene.opens(0..2, success(1));
            assert!(is_opening(&scene));
            assert_ok!(scene.open(2, success(1)));

            // As in the worked example, where votes are not sealed.
            assert!(is_settled(&scene));
            for number in 0..3 {
                assert_eq!(earned(number), 430_000_000);
                assert_eq!((score_of(number), locked_of(number)), (1, 0));
            }
            assert_eq!(bond_of(3), BOND - 300_000_000);
            assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG);
        });
    }

    #[test]
    fn that_do_not_agree_fail_and_cost_a_fee() {
        build_and_execute(|| {
            let scene = blind(2);
            scene.votes([0], success(1)).votes([1], success(2));
            scene.opens([0], success(1)).opens([1], success(2));
            assert!(is_failed(&scene));
            assert_eq!(money_of(&requester()), WEALTH - 50_000_000);
            for number in 0..2 {
                assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
            }
        });
    }

    #[test]
    fn for_a_module_that_is_not_to_be_had_cost_nobody_anything() {
        build_and_execute(|| {
            let scene = blind(3);
            scene.votes(0..3, unavailable()).opens(0..3, unavailable());
            assert!(is_settled(&scene));
            assert_eq!(money_of(&requester()), WEALTH);
            for number in 0..3 {
                assert_eq!((bond_of(number), earned(number)), (BOND, 0));
            }
        });
    }

    #[test]
    fn of_a_harmful_app_are_not_opened_but_released() {
        build_and_execute(|| {
            let scene = blind(2);
            scene.votes(0..2, success(1));
            assert_ok!(scene.open(0, success(1)));
            find_harmful(true);
            assert_noop!(scene.open(1, success(1)), Refusal::AppRevoked);
            assert_ok!(scene.claim());
            assert_eq!((bond_of(1), locked_of(1), treasury()), (BOND, 0, 0));
            assert_eq!(money_of(&requester()), WEALTH);
        });
    }

    #[test]
    fn that_stay_shut_lose() {
        build_and_execute(|| {
            let scene = blind(3);
            scene.votes(0..3, success(1)).let_reveals_pass();
            scene.opens(0..2, success(1));
            assert_noop!(scene.reopen(), Refusal::SomethingRevealed);
            assert_ok!(scene.finalise());
            assert!(is_settled(&scene));
            assert_eq!(bond_of(2), BOND - 300_000_000);
            assert_eq!(earned(0), 645_000_000);
        });
    }

    #[test]
    fn that_all_stay_shut_fail_the_task_at_their_workers_cost() {
        build_and_execute(|| {
            let scene = blind(2);
            set_score(0, 9);
            scene.votes(0..2, success(1)).let_reveals_pass();
            assert_noop!(scene.finalise(), Refusal::NothingRevealed);
            assert_ok!(scene.reopen());
            assert!(is_failed(&scene));
            assert_eq!((bond_of(0), score_of(0)), (BOND - 300_000_000, 6));
            // Nobody can be blamed but the workers: no fee.
            assert_eq!(money_of(&requester()), WEALTH);
            assert_eq!(treasury(), 3 * 300_000_000);
        });
    }

    #[test]
    fn are_swept_when_overdue() {
        build_and_execute(|| {
            let scene = blind(2);
            scene.votes(0..2, success(1));
            let deadline = scene.deal.reveal_deadline(System::block_number());
            live_through(deadline - 1);
            assert!(is_opening(&scene));
            live_through(deadline);
            assert!(is_failed(&scene));
        });
    }
}

mod races {
    use super::*;

    #[test]
    fn have_no_roles_in_the_block_of_the_last_vote() {
        build_and_execute(|| {
            let scene = race(1);
            scene.votes(0..3, success(1));
            assert!(is_opening(&scene));
            for number in 0..3 {
                assert_noop!(scene.open(number, success(1)), Refusal::RolesNotDrawn);
            }
            advance(1);
            assert_ok!(scene.open(0, success(1)));
            let since = System::block_number() - 1;
            let TaskStatus::Opening { seed, .. } = scene.task().status else {
                panic!("two are awaited");
            };
            assert_eq!(seed, hash_of(since));
        });
    }

    #[test]
    fn that_agree_pay_the_winner_twice_as_much() {
        build_and_execute(|| {
            let scene = race(0);
            scene.votes(0..2, success(1));
            advance(1);
            let order = roles(&scene);
            scene.opens(0..2, success(1));
            assert!(is_settled(&scene));
            assert_eq!(earned(order[0]), 660_000_000);
            assert_eq!(earned(order[1]), 330_000_000);
        });
    }

    #[test]
    fn pay_referees_that_agree_once() {
        build_and_execute(|| {
            let (scene, order) = raced(1, &[1, 1, 1]);
            scene.opens(0..3, success(1));
            assert!(is_settled(&scene));
            let pay = order.iter().map(|number| earned(*number));
            assert_eq!(
                pay.collect::<Vec<_>>(),
                [495_000_000, 247_500_000, 247_500_000]
            );
        });
    }

    /// A race in which Winner and Verifier differ, and the referee found this.
    fn disputed(found: u8) -> (Scene, Vec<u8>) {
        let results = [1, 2, found];
        let (scene, order) = raced(1, &results);
        for (number, result) in order.iter().zip(results) {
            assert_ok!(scene.open(*number, success(result)));
        }
        (scene, order)
    }

    #[test]
    fn are_decided_by_a_referee_for_the_winner() {
        build_and_execute(|| {
            let (scene, order) = disputed(1);
            assert!(is_settled(&scene));
            // 0.99 + 0.3 of the pool price, two to one.
            assert_eq!(earned(order[0]), 860_000_000);
            assert_eq!(earned(order[2]), 430_000_000);
            assert_eq!(bond_of(order[1]), BOND - 300_000_000);
        });
    }

    #[test]
    fn are_decided_by_a_referee_for_the_verifier() {
        build_and_execute(|| {
            let (scene, order) = disputed(2);
            assert!(is_settled(&scene));
            assert_eq!(earned(order[1]), 860_000_000);
            assert_eq!(earned(order[2]), 430_000_000);
            assert_eq!(bond_of(order[0]), BOND - 300_000_000);
        });
    }

    #[test]
    fn are_broken_when_all_differ() {
        build_and_execute(|| {
            let before = money_of(&operator());
            let (scene, _) = disputed(3);
            assert!(is_failed(&scene));
            let failed = Event::Failed {
                deal: scene.id,
                index: 0,
                refunded: 6 * MILLI_ERG,
                treasury: 0,
            };
            assert_eq!(events().pop(), Some(failed));
            assert_eq!(money_of(&requester()), WEALTH);
            assert_eq!(money_of(&operator()), before);
            for number in 0..3 {
                let worker = (bond_of(number), locked_of(number), score_of(number));
                assert_eq!(worker, (BOND, 0, 0));
            }
        });
    }

    #[test]
    fn pass_over_who_stays_silent() {
        build_and_execute(|| {
            let (scene, order) = raced(1, &[1, 1, 1]);
            let since = System::block_number() - 1;
            scene.opens([order[1], order[2]], success(1));
            advance_to(scene.deal.reveal_deadline(since));
            assert_ok!(scene.finalise());
            assert!(is_settled(&scene));
            assert_eq!(earned(order[1]), 860_000_000);
            assert_eq!(earned(order[2]), 430_000_000);
            assert_eq!(bond_of(order[0]), BOND - 300_000_000);
        });
    }

    #[test]
    fn that_not_all_have_joined_never_begin() {
        build_and_execute(|| {
            let scene = race(1);
            scene.votes(0..2, success(1));
            advance_to(scene.deal.contribution_deadline());
            assert_ok!(scene.reopen());
            assert!(is_failed(&scene));
            assert_eq!((bond_of(0), locked_of(0)), (BOND, 0));
        });
    }

    #[test]
    fn draw_roles_with_the_last_hash_when_theirs_is_forgotten() {
        build_and_execute(|| {
            let scene = race(0);
            scene.votes(0..2, success(1));
            let since = System::block_number();
            advance_to(since + 300);
            frame_system::BlockHash::<Test>::remove(since);
            let parent = H256::repeat_byte(0x77);
            System::initialize(&(since + 301), &parent, &Default::default());
            assert_ok!(scene.open(0, success(1)));
            let TaskStatus::Opening { seed, .. } = scene.task().status else {
                panic!("one is awaited");
            };
            assert_eq!(seed, parent);
            assert_ok!(scene.open(1, success(1)));
        });
    }
}

mod refusals_of_openings {
    use super::*;

    #[test]
    fn of_votes_that_are_not_sealed() {
        build_and_execute(|| {
            let scene = terms().deal();
            scene.votes(0..2, success(1));
            assert_noop!(scene.open(0, success(1)), Refusal::VotesNotSealed);
        });
    }

    #[test]
    fn before_all_have_voted_and_after_the_end() {
        build_and_execute(|| {
            let scene = blind(2);
            assert_noop!(scene.open(0, success(1)), Refusal::NotRevealing);
            assert_ok!(scene.contribute(0, success(1)));
            assert_noop!(scene.open(0, success(1)), Refusal::NotRevealing);
            assert_ok!(scene.contribute(1, success(1)));
            scene.opens(0..2, success(1));
            assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
            assert_noop!(scene.open(0, success(1)), Refusal::NotRevealing);
        });
    }

    #[test]
    fn of_workers_without_vote_and_of_votes_that_are_open() {
        build_and_execute(|| {
            let scene = blind(2);
            scene.votes(0..2, success(1));
            assert_noop!(scene.open(2, success(1)), Refusal::NotAContributor);
            assert_ok!(scene.open(0, success(1)));
            assert_noop!(scene.open(0, success(1)), Refusal::AlreadyRevealed);
        });
    }

    #[test]
    fn with_another_result_or_salt() {
        build_and_execute(|| {
            let scene = blind(2);
            scene.votes(0..2, success(1));
            assert_noop!(scene.open(0, success(2)), Refusal::SealMismatch);
            let others_salt = scene.open_with(0, success(1), salt(1));
            assert_eq!(others_salt, Err(Refusal::SealMismatch.into()));
            assert_ok!(scene.open(0, success(1)));
        });
    }

    /// What seals a vote elsewhere seals none here.
    #[test]
    fn of_seals_without_salt() {
        build_and_execute(|| {
            let scene = blind(2);
            let digest = ergon_primitives::result_digest(
                ergon_primitives::EXECUTION_VERSION_1,
                &success(1).outcome,
                success(1).trace,
            );
            let unsalted = Contribution {
                seal: seal(&worker(0), scene.id, 0, digest),
                ..scene.ballot(0, success(1))
            };
            assert_ok!(scene.vote(0, unsalted));
            assert_ok!(scene.contribute(1, success(1)));
            assert_noop!(scene.open(0, success(1)), Refusal::SealMismatch);
        });
    }

    #[test]
    fn of_unknown_deals_and_tasks() {
        build_and_execute(|| {
            let mut scene = blind(2);
            assert_noop!(scene.at(1).open(0, success(1)), Refusal::NoSuchTask);
            scene.id = DealId(H256::zero());
            assert_noop!(scene.open(0, success(1)), Refusal::NoSuchDeal);
        });
    }
}
