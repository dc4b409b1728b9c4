//! Where the protocol leaves its sources on purpose, and each time the attack that it closes: the
//! attacks here fail.

use crate::{Error, mock::*};
use ergon_primitives::{
    Access, Authorisation, Balance, BlockNumber, DealId, DealStatus, ERG, MILLI_ERG, PoolPolicy,
    Scheduling, Signature, TaskIndex, TaskStatus, Verification, VoteStatus, traits::Deals,
};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold, weights::Weight};
use pallet_registry::Verdict;

type Refusal = Error<Test>;

fn earned(number: u8) -> Balance {
    money_of(&owner(number)) + BOND - WEALTH
}

mod deals {
    use super::*;

    /// A pool that changes its policy after the match cannot change what its deals stake and pay.
    #[test]
    fn what_was_agreed_stays_as_it_was() {
        build_and_execute(|| {
            let scene = terms().deal();
            // The next deal gives the pool another policy.
            let greedy = terms().worker_stake_ratio(100).authorised().deal();
            assert_ne!(greedy.deal.worker_stake, scene.deal.worker_stake);
            scene.votes([3], success(9)).votes(0..3, success(1));
            assert_eq!(locked_of(0), 300_000_000);
            scene.reveals(0..3, success(1));
            assert_eq!(earned(0), 430_000_000);
            assert_eq!(bond_of(3), BOND - 300_000_000);
        });
    }

    /// Changes all that may be changed of what the deal refers to; and the category, which nobody may
    /// change.
    fn change_everything(scene: &Scene) {
        let policy = PoolPolicy {
            worker_stake_ratio: 100,
            operator_reward_ratio: 50,
            parallelism: 1,
            access: Access::Public,
            scheduling: Scheduling::Authorised,
        };
        let (seller, data_seller) = (signed(provider()), signed(data_owner()));
        let dataset = scene.deal.dataset.as_ref().unwrap().id;
        assert_ok!(Registry::update_pool(signed(operator()), pool_id(), policy));
        replace_authoriser(ANYONE);
        assert_ok!(Registry::transfer_pool(
            signed(operator()),
            pool_id(),
            ANYONE
        ));
        assert_ok!(Registry::transfer_app(seller, app_id(), ANYONE));
        assert_ok!(Registry::transfer_dataset(data_seller, dataset, ANYONE));
        judge(Verdict::Revoke { harmful: false });
        pallet_registry::Categories::<Test>::mutate(scene.deal.category, |category| {
            category.as_mut().unwrap().work_time = 1;
        });
    }

    /// Nothing that happens after the match touches a deal: not the pool's policy, not who owns
    /// pool, app and dataset by now, not what the category has become.
    #[test]
    fn what_was_agreed_outlives_all_changes() {
        build_and_execute(|| {
            let scene = terms().volume(2).dataset(ERG).deal();
            change_everything(&scene);
            let money = || [provider(), data_owner(), operator(), ANYONE].map(|who| money_of(&who));
            let [app, data, pool, new_owner] = money();

            // Members vote as long as they could, without anybody's leave, for the same stake.
            advance_to(scene.deal.started + 7 * WORK_TIME - 1);
            scene.votes([3], success(9)).votes(0..3, success(1));
            assert_eq!(locked_of(0), 300_000_000);
            scene.reveals(0..2, success(1));
            advance(2 * WORK_TIME - 1);
            assert_noop!(scene.finalise(), Refusal::RevealsOpen);
            advance(1);
            assert_ok!(scene.finalise());
            // 0.99 of the pool price and the stakes of two.
            assert_eq!((earned(0), earned(1)), (795_000_000, 795_000_000));
            let slashed = BOND - 300_000_000;
            assert_eq!([0, 1, 2, 3].map(bond_of), [BOND, BOND, slashed, slashed]);

            let other = scene.at(1);
            advance_to(scene.deal.started + 10 * WORK_TIME - 1);
            assert_noop!(other.claim(), Refusal::BeforeFinalDeadline);
            advance(1);
            assert_ok!(other.claim());
            // The operator has its stake for the first task back, and has lost that for the second.
            let operators = pool + 300_000_000 + 10_000_000;
            let owners = [app + 5 * MILLI_ERG, data + ERG, operators, new_owner];
            assert_eq!(money(), owners);
            assert_eq!(treasury(), 300_000_000);
            assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG - ERG);
        });
    }

    /// A deal that was made when the fund's fee was 5 % pays it, though it is 0 now.
    #[test]
    fn the_fee_of_the_fund_is_that_of_the_match() {
        build_and_execute(|| {
            let scene = terms().deal();
            assert_eq!(scene.deal.fund_fee_ratio, 0);
            pallet_market::Deals::<Test>::mutate(scene.id, |deal| {
                deal.as_mut().unwrap().fund_fee_ratio = 5;
            });
            let (app, pool) = (money_of(&provider()), money_of(&operator()));
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            assert_eq!(money_of(&provider()), app + 4_750_000_000);
            let stake = scene.deal.operator_stake;
            assert_eq!(money_of(&operator()), pool + stake + 9_500_000);
            assert_eq!(treasury(), 250_000_000 + 500_000);
            assert_eq!((earned(0), earned(1)), (495_000_000, 495_000_000));
        });
    }

    /// Of the same parties each time, with the pool's authoriser deciding who contributes.
    fn scheduled() -> Scene {
        terms().trust(1).authorised().deal()
    }

    /// Nothing is wrong with it but, maybe, the deal.
    fn permission(scene: &Scene) -> Authorisation {
        let grant = scene.grant(0).range(0, TaskIndex::MAX);
        grant.valid_until(BlockNumber::MAX).sign(AUTHORISER)
    }

    /// With a counter, whoever changes the order of matches would exchange deals' ids.
    #[test]
    fn ids_do_not_depend_on_the_order_of_matches() {
        // The orders of each block are other ones.
        let made_in = |blocks: &[BlockNumber]| -> Vec<DealId> {
            new_test_ext().execute_with(|| {
                let make_in = |block: &BlockNumber| {
                    System::set_block_number(block - 1);
                    scheduled().id
                };
                blocks.iter().map(make_in).collect()
            })
        };
        let ids = made_in(&[2, 3, 4]);
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[2] != ids[0]);
        assert_eq!(made_in(&[4, 2, 3]), [ids[2], ids[0], ids[1]]);
        assert_eq!(made_in(&[3]), [ids[1]], "nor on whether there were others");
    }

    /// With a counter, a reorganisation would hand what was signed for a deal to the next one.
    #[test]
    fn reorganisations_hand_no_authorisation_to_another_deal() {
        let [lost, kept] = new_test_ext()
            .execute_with(|| [scheduled(), scheduled()].map(|scene| permission(&scene)));
        build_and_execute(|| {
            // The first match is not in this chain.
            advance(1);
            let scene = scheduled();
            assert_noop!(
                scene.contribute_with(0, success(1), Some(lost)),
                Refusal::NotAuthorised
            );
            assert_ok!(scene.contribute_with(0, success(1), Some(kept)));
        });
    }

    #[test]
    fn what_is_signed_for_one_fits_no_other_of_the_same_parties() {
        build_and_execute(|| {
            let scenes = [scheduled(), scheduled(), scheduled()];
            let permissions = scenes.each_ref().map(permission);
            let acceptances: [Signature; 3] = scenes
                .each_ref()
                .map(|scene| scene.acceptance(0, &[scene.opening(0, success(1))]));
            for (place, scene) in scenes.iter().enumerate() {
                for other in (0..scenes.len()).filter(|other| *other != place) {
                    let permission = permissions[other].clone();
                    assert_noop!(
                        scene.contribute_with(0, success(1), Some(permission)),
                        Refusal::NotAuthorised
                    );
                    let acceptance = acceptances[other].clone();
                    assert_noop!(
                        scene.accept_with(0, success(1), acceptance),
                        Refusal::NotAccepted
                    );
                }
            }
            // Each fits its own; the last deal settles by acceptance.
            let [first, second, last] = &scenes;
            let [to_first, to_second, _] = permissions;
            assert_ok!(first.contribute_with(0, success(1), Some(to_first)));
            assert_ok!(second.contribute_with(0, success(1), Some(to_second)));
            let [.., acceptance] = acceptances;
            assert_ok!(last.accept_with(0, success(1), acceptance));
        });
    }

    /// Whoever deals with itself cannot get block space below its price: what makes calls free was
    /// paid for, and does not come back.
    #[test]
    fn free_calls_use_up_what_was_prepaid() {
        build_and_execute(|| {
            let scene = terms().deal();
            let fee = scene.deal.settlement_fee;
            assert!(fee > 0);
            Poco::spend(scene.id, fee);
            assert_eq!(Poco::prepaid(scene.id), 0);
            // What pays for other calls now is no deal.
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG - fee);
        });
    }
}

mod tasks {
    use super::*;

    /// A task whose record was pruned looks like a new one, and would be paid again.
    #[test]
    fn no_task_is_paid_twice_after_pruning() {
        build_and_execute(|| {
            let scene = terms().authorised().deal();
            for number in 10..13 {
                assert_ok!(scene.revoke(number));
            }
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            advance(RETENTION);
            assert_ok!(Poco::prune_deal(signed(ANYONE), scene.id, 1));
            assert!(Market::deal(scene.id).is_some(), "half pruned");
            assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
            assert_noop!(scene.claim(), Refusal::AlreadyEnded);
            assert_ok!(Poco::prune_deal(signed(ANYONE), scene.id, 256));
            assert_noop!(scene.contribute(2, success(1)), Refusal::NoSuchDeal);
        });
    }

    /// A bag runs longer than its first task: late tasks have as much time to reveal as early ones.
    #[test]
    fn late_tasks_of_a_bag_get_their_time() {
        build_and_execute(|| {
            let scene = terms().volume(9).deal();
            advance_to(scene.deal.contribution_deadline() - 1);
            let late = scene.at(8);
            late.votes(0..2, success(1));
            let overdue = System::block_number() + 2 * WORK_TIME;
            advance_to(overdue - 1);
            assert_noop!(late.reopen(), Refusal::RevealsOpen);
            late.reveals(0..2, success(1));
            assert!(late.task().has_ended());
        });
    }

    /// A group cannot agree on a result and later tell of a fault, or that the module was not to be
    /// had, to spare the payer; nor the other way round.
    #[test]
    fn the_outcome_is_part_of_the_vote() {
        build_and_execute(|| {
            let scene = terms().volume(2).deal();
            scene.at(0).votes(0..2, success(1));
            scene.at(1).votes(0..2, unavailable());
            let pretended = [fault(), unavailable()].map(|other| Answer {
                trace: success(1).trace,
                ..other
            });
            for other in pretended {
                assert_noop!(scene.reveal(0, other), Refusal::CommitmentMismatch);
            }
            let refused = scene.at(1).reveal(0, success(1));
            assert_eq!(refused, Err(Refusal::CommitmentMismatch.into()));
        });
    }

    /// However high a score, its vote weighs no more than 8.
    #[test]
    fn no_account_decides_alone() {
        build_and_execute(|| {
            let scene = terms().trust(9).workers(5).deal();
            set_score(0, u32::MAX);
            scene.votes([0], success(9));
            assert_eq!(scene.task().votes[0].weight, 8);
            assert_eq!(scene.task().status, TaskStatus::Active);
            scene.votes(1..5, success(1));
            // 16 · 9 > 25 · 8 is false: it delays, and it does not win.
            assert_eq!(scene.task().status, TaskStatus::Active);
        });
    }

    /// Two of the highest score are not enough for a trust of 17, nor one for 3.
    #[test]
    fn the_trustful_need_several_voters() {
        build_and_execute(|| {
            (0..3).for_each(|number| set_score(number, 100));
            for (trust, needed) in [(3, 2), (16, 2), (17, 3)] {
                let scene = terms().trust(trust).deal();
                scene.votes(0..needed - 1, success(1));
                assert_eq!(scene.task().status, TaskStatus::Active, "trust {trust}");
                scene.votes([needed - 1], success(1));
                assert_ne!(scene.task().status, TaskStatus::Active, "trust {trust}");
            }
        });
    }

    /// Nobody can withhold the settlement of a task that all have revealed.
    #[test]
    fn the_last_awaited_reveal_settles() {
        build_and_execute(|| {
            let scene = terms().deal();
            scene.votes(0..2, success(1)).reveals([0], success(1));
            assert!(!scene.task().has_ended());
            assert_ok!(scene.reveal(1, success(1)));
            assert!(matches!(scene.task().status, TaskStatus::Settled { .. }));
            assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
        });
    }

    /// Winning and staying silent blocks a task; it costs stake and score even if the task fails.
    #[test]
    fn silence_costs_even_when_the_task_fails() {
        build_and_execute(|| {
            let scene = terms().deal();
            set_score(0, 9);
            advance_to(scene.deal.contribution_deadline() - 1);
            scene.votes(0..2, success(1)).let_reveals_pass();
            assert_ok!(scene.reopen());
            assert!(matches!(scene.task().status, TaskStatus::Failed { .. }));
            assert_eq!(scene.status_of(0), VoteStatus::Rejected);
            assert_eq!((bond_of(0), score_of(0)), (BOND - 300_000_000, 6));
            assert!(treasury() >= 2 * 300_000_000);
        });
    }

    /// A silent group must not take others with it: the next one wins at once.
    #[test]
    fn a_silent_group_makes_room_at_once() {
        build_and_execute(|| {
            let scene = terms().deal();
            (0..2).for_each(|number| set_score(number, 27));
            scene.votes([0], success(1)).votes(2..4, success(2));
            scene.votes([1], success(1)).let_reveals_pass();
            assert_ok!(scene.reopen());
            scene.reveals(2..4, success(2));
            assert_eq!((earned(2), bond_of(2)), (495_000_000, BOND));
        });
    }

    /// An acceptance that waits for its block is read by everybody: it names its worker.
    #[test]
    fn accepted_results_cannot_be_stolen_on_their_way() {
        build_and_execute(|| {
            let scene = terms().trust(1).authorised().deal();
            let result = scene.opening(0, success(1));
            let acceptance = scene.acceptance(0, &[result]);
            let stolen = scene.accept_with(1, success(1), acceptance.clone());
            assert_eq!(stolen, Err(Refusal::NotAccepted.into()));
            // Nor can others be paid with it for another result.
            let altered = scene.accept_with(0, success(2), acceptance.clone());
            assert_eq!(altered, Err(Refusal::NotAccepted.into()));
            assert_ok!(scene.accept_with(0, success(1), acceptance));
            assert_eq!((earned(0), earned(1)), (990_000_000, 0));
        });
    }

    /// Votes in the open tell who agrees, not what they know.
    #[test]
    fn copied_votes_lose() {
        build_and_execute(|| {
            let scene = terms().deal();
            scene.votes([0], success(1));
            assert_ok!(scene.copy(1, success(1)));
            assert_ok!(scene.reveal(0, success(1)));
            assert_noop!(scene.reveal(1, success(1)), Refusal::SealMismatch);
            scene.let_reveals_pass();
            assert_ok!(scene.finalise());
            assert_eq!((earned(1), bond_of(1)), (0, BOND - 300_000_000));
        });
    }

    /// In a race the first to deliver is not the Winner: whoever sees a delivery could repeat it.
    #[test]
    fn racers_gain_nothing_by_haste() {
        let pay = |order: [u8; 2]| {
            new_test_ext().execute_with(|| {
                let race = Verification::Race { referees: 0 };
                let scene = terms().verification(race).deal();
                scene.votes(order, success(1));
                advance(1);
                scene.opens(order, success(1));
                check_invariants();
                (earned(0), earned(1))
            })
        };
        assert_eq!(pay([0, 1]), pay([1, 0]));
    }

    /// In a race nobody knows its role before it has voted, and so nobody opens before roles are drawn.
    #[test]
    fn roles_are_unknown_while_votes_can_be_chosen() {
        build_and_execute(|| {
            let race = Verification::Race { referees: 0 };
            let scene = terms().verification(race).deal();
            scene.votes(0..2, success(1));
            assert_noop!(scene.open(0, success(1)), Refusal::RolesNotDrawn);
            assert_noop!(scene.contribute(2, success(1)), Refusal::NotActive);
        });
    }

    /// Whoever sees how others opened cannot take their side, nor keep out of it.
    #[test]
    fn sealed_votes_cannot_be_changed_or_withheld() {
        build_and_execute(|| {
            let blind = Verification::Blind { voters: 4 };
            let scene = terms().verification(blind).deal();
            scene.votes(0..3, success(1)).votes([3], success(9));
            scene.opens(0..3, success(1));
            assert_noop!(scene.open(3, success(1)), Refusal::SealMismatch);
            scene.let_reveals_pass();
            assert_ok!(scene.finalise());
            assert_eq!(bond_of(3), BOND - 300_000_000);
        });
    }
}

mod money {
    use super::*;

    /// It never pays to set up tasks for others to lose: beyond one pool price the treasury gets
    /// what losers lose.
    #[test]
    fn losers_are_no_source_of_income() {
        build_and_execute(|| {
            let scene = terms().worker_stake_ratio(100).deal();
            (0..2).for_each(|number| set_score(number, 27));
            scene.votes([2], success(8)).votes([3], success(9));
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            // 0.99 + 1 of the pool price for both, not 2.99.
            assert_eq!(earned(0) + earned(1), 1_990_000_000);
            assert_eq!(treasury(), MILLI_ERG);
        });
    }

    /// A requester whose tasks cannot agree keeps workers busy for nothing: that costs.
    #[test]
    fn tasks_that_cannot_agree_cost_their_payer() {
        build_and_execute(|| {
            let scene = terms().deal();
            scene.votes([0], success(1)).votes([1], success(2));
            advance_to(scene.deal.final_deadline());
            idle(Weight::MAX);
            assert_eq!(money_of(&requester()), WEALTH - 50_000_000);
        });
    }

    /// Failed tasks are no kitty that later winners of the pool could farm.
    #[test]
    fn operators_stakes_of_failed_tasks_leave_the_pool() {
        build_and_execute(|| {
            let failed = terms().deal();
            advance_to(failed.deal.final_deadline());
            idle(Weight::MAX);
            assert_eq!(treasury(), failed.deal.operator_stake);
            let next = terms().deal();
            next.votes(0..2, success(1)).reveals(0..2, success(1));
            assert_eq!(earned(0), 495_000_000);
            assert_eq!(treasury(), failed.deal.operator_stake);
        });
    }

    /// Nothing on hold outlives its deal, however the deal ends.
    #[test]
    fn nothing_is_held_for_a_deal_that_is_gone() {
        build_and_execute(|| {
            let scene = terms().volume(40).dataset(ERG).deal();
            scene.at(0).votes(0..2, success(1)).reveals([0], success(1));
            scene.at(1).votes(0..2, success(1));
            scene.at(35).votes([0], success(1));
            live_through(scene.deal.final_deadline());
            assert_ne!(Market::status(scene.id), Some(DealStatus::Open));
            assert_eq!(prepaid_by(&requester()), 0);
            for reason in [
                pallet_escrow::HoldReason::TaskPayment,
                pallet_escrow::HoldReason::OperatorStake,
            ] {
                for who in [requester(), operator()] {
                    assert_eq!(Balances::balance_on_hold(&reason.into(), &who), 0);
                }
            }
        });
    }
}

mod scores {
    use super::*;

    /// Free tasks among friends mint nothing.
    #[test]
    fn cannot_be_minted_with_cheap_tasks() {
        build_and_execute(|| {
            for price in [0, MIN_SCORED_PRICE - 1] {
                let scene = terms().pool_price(price).deal();
                scene.votes(0..2, success(1)).reveals(0..2, success(1));
            }
            assert_eq!((score_of(0), score_of(1)), (0, 0));
        });
    }

    /// A bag of a thousand tasks is worth no more than one task, as long as T has not passed; not in one
    /// call, and not in several.
    #[test]
    fn cannot_be_minted_with_large_bags() {
        build_and_execute(|| {
            let scene = terms().volume(20).deal();
            let all = || (0..20).map(|index| (index, success(1)));
            for number in 0..2 {
                assert_ok!(scene.contribute_many(number, scene.ballots(number, all())));
            }
            scene.at(0).reveals(0..2, success(1));
            for number in 0..2 {
                let rest = scene.openings(number, all().skip(1));
                assert_ok!(scene.reveal_many(number, rest));
            }
            assert_eq!((score_of(0), score_of(1)), (1, 1));
        });
    }

    /// A lone worker, an app made to fail, an accepted result and the end of a forgotten task prove
    /// nothing.
    #[test]
    fn cannot_be_minted_alone() {
        build_and_execute(|| {
            let lone = terms().trust(1).authorised().deal();
            lone.votes([0], success(1)).reveals([0], success(1));
            let faulty = terms().deal();
            faulty.votes(0..2, fault()).reveals(0..2, fault());
            let accepted = terms().trust(1).authorised().deal();
            assert_ok!(accepted.accept(0, success(1)));
            let forgotten = terms().deal();
            forgotten.votes([0], success(1));
            advance_to(forgotten.deal.final_deadline());
            assert_ok!(forgotten.claim());
            assert_eq!((score_of(0), score_of(1)), (0, 0));
        });
    }

    /// Losing many votes in one call costs as much as losing them in as many calls.
    #[test]
    fn cannot_be_saved_by_losing_all_at_once() {
        build_and_execute(|| {
            let scene = terms().volume(3).deal();
            let all = || (0..3).map(|index| (index, success(1)));
            for index in 0..3 {
                scene
                    .at(index)
                    .votes([3], success(9))
                    .votes(0..3, success(1));
                scene.at(index).reveals(0..2, success(1));
            }
            set_score(3, 27);
            assert_ok!(scene.reveal_many(2, scene.openings(2, all())));
            assert_eq!(score_of(3), 27 * 2 / 3 * 2 / 3 * 2 / 3);
        });
    }
}

/// Nobody but a worker with a bond works, and a worker's key moves nothing but votes.
#[test]
fn a_stolen_machine_steals_nothing() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_eq!(money_of(&worker(0)), 0, "its owner is paid");
        let thief = signed(worker(0));
        assert_noop!(
            WorkerStaking::unbond(thief.clone(), worker(0), BOND),
            pallet_worker_staking::Error::<Test>::NotOwner
        );
        assert_noop!(
            WorkerStaking::leave(thief, worker(0)),
            pallet_worker_staking::Error::<Test>::NotOwner
        );
    });
}
