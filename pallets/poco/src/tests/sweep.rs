//! The sweeper: what happens when nobody does anything.

use crate::{Agenda, Errand, Error, SweepCursor, WeightInfo, mock::*, sweep::TURN};
use ergon_primitives::{
    Balance, BlockNumber, DealId, DealStatus, Due, MAX_TRUST, MILLI_ERG, Outcome,
    TASKS_PER_PAGE as PAGE, TaskIndex, TaskStatus, VoteStatus, traits::Deals,
};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, weights::Weight};
use sp_core::H256;
use sp_runtime::DispatchError;

type Refusal = Error<Test>;
type Weights = <Test as crate::Config>::WeightInfo;

/// The first block from `block` on in which callbacks are looked at before the agenda.
pub(super) fn callbacks_first(block: BlockNumber) -> BlockNumber {
    block.next_multiple_of(2 * TURN)
}

/// The first block from `block` on in which the agenda is looked at before callbacks.
pub(super) fn agenda_first(block: BlockNumber) -> BlockNumber {
    callbacks_first(block) + TURN
}

/// What a block uses in which nothing is to be done.
pub(super) fn looks() -> Weight {
    Weights::callback_base() + Weights::sweep_base()
}

pub(super) fn agenda() -> Vec<(Due, Errand)> {
    Agenda::<Test>::iter_keys().collect()
}

pub(super) fn is_open(scene: &Scene) -> bool {
    Market::status(scene.id) == Some(DealStatus::Open)
}

fn ended(scene: &Scene, tasks: impl IntoIterator<Item = TaskIndex>) -> usize {
    tasks
        .into_iter()
        .filter(|index| scene.at(*index).task().has_ended())
        .count()
}

fn is_revealing(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Revealing { .. })
}

fn is_settled(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Settled { .. })
}

fn is_cancelled(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Cancelled { .. })
}

mod deadlines {
    use super::*;

    #[test]
    fn a_deal_ends_at_its_final_deadline_and_not_a_block_earlier() {
        build_and_execute(|| {
            let scene = terms().volume(100).deal();
            let deadline = scene.deal.final_deadline();
            advance_to(deadline - 1);
            assert_eq!(idle(Weight::MAX), looks());
            assert!(is_open(&scene));

            advance_to(deadline);
            idle(Weight::MAX);
            let status = Market::status(scene.id);
            assert_eq!(status, Some(DealStatus::Ended(deadline)));
            let failed = TaskStatus::Failed { at: deadline };
            assert_eq!(scene.at(0).task().status, failed);
            assert_eq!(scene.at(99).task().status, failed);
            assert_eq!(money_of(&requester()), WEALTH);
            assert_eq!(treasury(), 100 * scene.deal.operator_stake);
        });
    }

    #[test]
    fn overdue_reveals_settle_a_task_and_not_a_block_earlier() {
        build_and_execute(|| {
            let scene = terms().volume(2).deal();
            scene.votes(0..2, success(1)).reveals([0], success(1));
            let deadline = scene.deal.reveal_deadline(System::block_number());
            advance_to(deadline - 1);
            assert_eq!(idle(Weight::MAX), looks());
            assert!(is_revealing(&scene));

            advance_to(deadline);
            idle(Weight::MAX);
            assert!(is_settled(&scene));
            assert_eq!(bond_of(1), BOND - 300_000_000);
            assert_eq!(agenda().len(), 1, "the end of the deal");
        });
    }

    #[test]
    fn a_silent_group_makes_room_for_others() {
        build_and_execute(|| {
            let scene = terms().deal();
            scene.votes(0..2, success(1)).let_reveals_pass();
            idle(Weight::MAX);
            assert_eq!(scene.task().status, TaskStatus::Active);
            assert_eq!(scene.status_of(0), VoteStatus::Rejected);
            assert_eq!(treasury(), 600_000_000);

            scene.votes(2..4, success(2)).reveals(2..4, success(2));
            assert!(is_settled(&scene));
        });
    }

    #[test]
    fn without_time_for_others_a_silent_group_ends_the_task() {
        build_and_execute(|| {
            let scene = terms().deal();
            advance_to(scene.deal.contribution_deadline() - 1);
            scene.votes(0..2, success(1)).let_reveals_pass();
            assert!(System::block_number() < scene.deal.final_deadline());
            idle(Weight::MAX);
            assert!(matches!(scene.task().status, TaskStatus::Failed { .. }));
            assert!(!is_open(&scene));
        });
    }

    /// Two groups, of which the first stays silent; of the second one worker reveals. The sweeper
    /// works in time, or not before the final deadline.
    fn second_chance(is_late: bool) -> (Outcome, Vec<Balance>) {
        new_test_ext().execute_with(|| {
            let scene = terms().deal();
            set_score(0, 27);
            set_score(1, 27);
            advance_to(scene.deal.contribution_deadline() - 1);
            scene
                .votes([0], success(1))
                .votes(2..4, success(2))
                .votes([1], success(1));
            scene.let_reveals_pass();
            if is_late {
                advance_to(scene.deal.final_deadline());
            }
            idle(Weight::MAX);
            assert!(is_revealing(&scene));
            assert_ok!(scene.reveal(2, success(2)));

            let deadline = scene.deal.reveal_deadline(System::block_number());
            assert!(deadline > scene.deal.final_deadline());
            advance_to(deadline - 1);
            idle(Weight::MAX);
            assert!(
                is_revealing(&scene),
                "reveals that began late have their time"
            );
            assert_noop!(scene.claim(), Refusal::RevealsOpen);
            check_invariants();

            advance_to(deadline);
            idle(Weight::MAX);
            check_invariants();
            assert!(!is_open(&scene));
            let TaskStatus::Settled { outcome, .. } = scene.task().status else {
                panic!("the second group's result counts");
            };
            let mut money = vec![treasury(), money_of(&requester()), money_of(&operator())];
            money.extend((0..4).map(bond_of));
            money.extend((0..4).map(|number| money_of(&owner(number))));
            (outcome, money)
        })
    }

    #[test]
    fn a_late_sweep_changes_no_outcome() {
        let in_time = second_chance(false);
        assert_eq!(in_time.0, success(2).outcome);
        assert_eq!(in_time, second_chance(true));
    }

    #[test]
    fn the_end_comes_back_to_what_it_left() {
        build_and_execute(|| {
            let scene = terms().volume(2).deal();
            set_score(0, 27);
            set_score(1, 27);
            advance_to(scene.deal.contribution_deadline() - 1);
            scene
                .votes([0], success(1))
                .votes(2..4, success(2))
                .votes([1], success(1));
            scene.let_reveals_pass();
            idle(Weight::MAX);
            let overdue = scene.deal.reveal_deadline(System::block_number());

            let deadline = scene.deal.final_deadline();
            advance_to(deadline);
            idle(Weight::MAX);
            assert!(is_revealing(&scene));
            assert!(scene.at(1).task().has_ended());
            assert!(!SweepCursor::<Test>::contains_key(scene.id));
            let again = scene.deal.reveal_deadline(deadline);
            assert_eq!(
                agenda(),
                [
                    (Due::starting(overdue), Errand::Reveals(scene.id, 0)),
                    (Due::starting(again), Errand::Final(scene.id))
                ]
            );

            // Even without an entry of their own.
            Poco::unschedule(Errand::Reveals(scene.id, 0), overdue);
            advance_to(again - 1);
            idle(Weight::MAX);
            assert!(is_open(&scene));
            advance_to(again);
            idle(Weight::MAX);
            assert!(!is_open(&scene));
        });
    }
}

mod agendas {
    use super::*;

    #[test]
    fn a_page_has_one_entry_a_block() {
        build_and_execute(|| {
            let scene = terms().volume(40).deal();
            let block = System::block_number();
            scene.at(0).votes(0..2, success(1));
            scene.at(1).votes(0..2, success(1));
            scene.at(PAGE + 1).votes(0..2, success(1));
            advance(1);
            scene.at(2).votes(0..2, success(1));
            let first = Due::starting(scene.deal.reveal_deadline(block));
            let second = Due::starting(scene.deal.reveal_deadline(block + 1));
            let end = Due::starting(scene.deal.final_deadline());
            assert_eq!(
                agenda(),
                [
                    (first, Errand::Reveals(scene.id, 0)),
                    (first, Errand::Reveals(scene.id, 1)),
                    (second, Errand::Reveals(scene.id, 0)),
                    (end, Errand::Final(scene.id))
                ]
            );
        });
    }

    #[test]
    fn entries_of_settled_tasks_are_dropped_when_they_are_due() {
        build_and_execute(|| {
            let scene = terms().volume(2).deal();
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            scene.let_reveals_pass();
            assert_eq!(agenda().len(), 2);
            let events = System::events().len();
            idle(Weight::MAX);
            let end = Due::starting(scene.deal.final_deadline());
            assert_eq!(agenda(), [(end, Errand::Final(scene.id))]);
            assert_eq!(System::events().len(), events);
        });
    }

    #[test]
    fn a_deal_that_ends_early_has_its_removal_on_the_agenda_instead_of_its_end() {
        build_and_execute(|| {
            let scene = terms().deal();
            scene.votes(0..2, success(1)).reveals(0..2, success(1));
            let now = System::block_number();
            assert_eq!(
                agenda(),
                [
                    (Due::starting(now + RETENTION), Errand::Retire(scene.id)),
                    (
                        Due::starting(scene.deal.reveal_deadline(now)),
                        Errand::Reveals(scene.id, 0)
                    ),
                ]
            );
        });
    }

    #[test]
    fn entries_of_deals_that_are_gone_are_dropped() {
        build_and_execute(|| {
            let gone = DealId(H256::repeat_byte(0xff));
            let scene = terms().deal();
            advance_to(scene.deal.final_deadline());
            for errand in [
                Errand::Reveals(gone, 7),
                Errand::Final(gone),
                Errand::Retire(gone),
            ] {
                Poco::schedule(errand, 1);
            }
            idle(Weight::MAX);
            assert!(!is_open(&scene), "what comes after them is served");
            let removal = Due::starting(System::block_number() + RETENTION);
            assert_eq!(agenda(), [(removal, Errand::Retire(scene.id))]);
        });
    }

    #[test]
    fn entries_too_early_or_too_late_for_their_deal_are_dropped() {
        build_and_execute(|| {
            let (open, ended) = (terms().deal(), terms().deal());
            ended.votes(0..2, success(1)).reveals(0..2, success(1));
            Poco::schedule(Errand::Retire(open.id), 1);
            Poco::schedule(Errand::Final(ended.id), 1);
            let before = agenda().len();
            idle(Weight::MAX);
            assert_eq!(agenda().len(), before - 2);
            assert!(is_open(&open));
            assert!(Market::deal(ended.id).is_some());
        });
    }
}

mod long_deals {
    use super::*;

    /// What somebody voted on and nobody went on with, in four pages.
    const VOTED: [TaskIndex; 5] = [0, 1, 2 * PAGE, 4 * PAGE + 6, 99];

    fn voted() -> Scene {
        let scene = terms().volume(100).deal();
        for index in VOTED {
            scene.at(index).votes([0], success(1));
        }
        advance_to(scene.deal.final_deadline());
        scene
    }

    #[test]
    fn go_on_in_the_next_block() {
        build_and_execute(|| {
            let scene = voted();
            let budget = looks()
                + Weights::sweep_tasks(1, 1)
                    .max(Weights::sweep_untouched())
                    .max(Weights::sweep_page(1));
            let mut blocks = 0;
            let mut before = 0;
            while is_open(&scene) {
                idle(budget);
                check_invariants();
                let now = ended(&scene, VOTED);
                assert!(now >= before, "what has ended stays so");
                (blocks, before) = (blocks + 1, now);
                assert!(blocks <= 10, "every block comes nearer to the end");
                advance(1);
            }
            assert!(blocks > 1, "one block has too little weight");
            assert_eq!(ended(&scene, 0..100), 100);
            assert!(!SweepCursor::<Test>::contains_key(scene.id));
            assert_eq!(money_of(&requester()), WEALTH);
            assert_eq!(treasury(), 100 * scene.deal.operator_stake);
            assert_eq!((bond_of(0), locked_of(0)), (BOND, 0));
        });
    }

    #[test]
    fn come_to_the_same_end_when_others_claim_meanwhile() {
        build_and_execute(|| {
            let scene = voted();
            let budget = looks() + Weights::sweep_tasks(2, 2);
            // One of them, one beside one of them, one on a page of its own.
            for index in [4 * PAGE + 6, 2 * PAGE + 1, 50] {
                idle(budget);
                // Whoever comes first; both do the same.
                let _ = scene.at(index).claim();
                check_invariants();
            }
            idle(Weight::MAX);
            assert_eq!(ended(&scene, 0..100), 100);
            assert_eq!(money_of(&requester()), WEALTH);
            assert_eq!(treasury(), 100 * scene.deal.operator_stake);
        });
    }

    #[test]
    fn do_not_hold_up_others_for_ever() {
        build_and_execute(|| {
            let (long, short) = (terms().volume(40).deal(), terms().volume(38).deal());
            for index in 0..40 {
                long.at(index).votes([0], success(1));
            }
            advance_to(short.deal.final_deadline());
            let budget = Weights::callback_base() + Poco::step_weight();
            for _ in 0..40 {
                idle(budget);
            }
            assert!(!is_open(&long) && !is_open(&short));
        });
    }
}

mod weight {
    use super::*;

    /// One unit less of each kind.
    fn nearly(weight: Weight) -> [Weight; 2] {
        [
            weight - Weight::from_parts(1, 0),
            weight - Weight::from_parts(0, 1),
        ]
    }

    #[test]
    fn nothing_is_done_without_weight_for_a_look() {
        build_and_execute(|| {
            let scene = terms().deal();
            advance_to(callbacks_first(scene.deal.final_deadline()));
            assert_eq!(idle(Weight::zero()), Weight::zero());
            for too_little in nearly(looks()) {
                assert_eq!(idle(too_little), Weights::callback_base());
            }
            assert_eq!(idle(looks()), looks());
            assert!(is_open(&scene));
        });
    }

    #[test]
    fn exactly_enough_is_enough_and_one_less_is_not() {
        build_and_execute(|| {
            let scene = terms().volume(100).deal();
            advance_to(callbacks_first(scene.deal.final_deadline()));
            let enough = looks() + Weights::sweep_untouched();
            for too_little in nearly(enough) {
                assert_eq!(idle(too_little), looks());
                assert!(is_open(&scene));
            }
            assert_eq!(idle(enough), enough);
            assert!(!is_open(&scene));
        });
    }

    #[test]
    fn all_untouched_tasks_cost_as_much_as_one() {
        let used = |volume| {
            new_test_ext().execute_with(|| {
                let scene = terms().volume(volume).deal();
                advance_to(scene.deal.final_deadline());
                idle(Weight::MAX)
            })
        };
        let one = looks() + Weights::sweep_untouched() + Weights::sweep_base();
        assert_eq!((used(1), used(1_000)), (one, one));
    }

    #[test]
    fn a_page_is_served_as_far_as_the_weight_goes() {
        build_and_execute(|| {
            let scene = terms().volume(5).deal();
            for index in 0..5 {
                scene.at(index).votes([0], success(1));
            }
            advance_to(callbacks_first(scene.deal.final_deadline()));
            let enough = |tasks| looks() + Weights::sweep_tasks(tasks, tasks);
            assert_eq!(idle(enough(2)), enough(2));
            assert_eq!(ended(&scene, 0..5), 2);
            idle(nearly(enough(2))[0]);
            assert_eq!(ended(&scene, 0..5), 3);
            idle(nearly(enough(1))[0]);
            assert_eq!(ended(&scene, 0..5), 3, "not even one");
            idle(enough(1));
            assert_eq!(ended(&scene, 0..5), 4);
            assert!(is_open(&scene));
            idle(enough(1));
            assert!(!is_open(&scene));
        });
    }

    #[test]
    fn a_page_without_anything_due_costs_a_look_at_it() {
        build_and_execute(|| {
            let scene = terms().volume(40).deal();
            scene
                .at(0)
                .votes(0..2, success(1))
                .reveals(0..2, success(1));
            scene.at(PAGE).votes([0], success(1));
            advance_to(scene.deal.final_deadline());
            let pages = Weights::sweep_page(2) * 2 + Weights::sweep_tasks(1, 2);
            let steps = pages + Weights::sweep_untouched();
            // The overdue reveals, both pages, the rest, and the deal's removal, which has time.
            let used = Weights::callback_base() + Weights::sweep_base() * 5 + steps;
            assert_eq!(idle(Weight::MAX), used);
            assert!(!is_open(&scene));
        });
    }

    #[test]
    fn the_earliest_comes_first() {
        build_and_execute(|| {
            let (early, late) = (terms().deal(), terms().deal());
            advance_to(callbacks_first(late.deal.final_deadline()));
            idle(looks() + Weights::sweep_untouched());
            assert!(!is_open(&early) && is_open(&late));
        });
    }

    #[test]
    fn every_step_fits_an_empty_block() {
        Poco::check_weights();
    }
}

mod harmful_apps {
    use super::*;

    #[test]
    fn all_tasks_are_cancelled_at_the_final_deadline() {
        build_and_execute(|| {
            let before = money_of(&operator());
            let scene = terms().volume(40).deal();
            scene.at(0).votes([0], success(1));
            scene
                .at(PAGE + 1)
                .votes(0..2, success(1))
                .reveals([0], success(1));
            find_harmful(true);
            advance_to(scene.deal.final_deadline());
            idle(Weight::MAX);
            for index in [0, 1, PAGE + 1, 39] {
                assert!(is_cancelled(&scene.at(index)), "task {index}");
            }
            assert!(!is_open(&scene));
            for number in 0..2 {
                assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
            }
            assert_eq!(money_of(&requester()), WEALTH);
            assert_eq!(money_of(&operator()), before);
            assert_eq!(treasury(), 0);
        });
    }

    #[test]
    fn nobody_is_judged_for_reveals_that_are_not_taken() {
        build_and_execute(|| {
            let scene = terms().volume(2).deal();
            set_score(0, 9);
            scene.votes(0..2, success(1));
            find_harmful(true);
            scene.let_reveals_pass();
            idle(Weight::MAX);
            assert!(is_cancelled(&scene));
            assert_eq!((bond_of(0), score_of(0), treasury()), (BOND, 9, 0));
            assert!(is_open(&scene), "the other task has its time");
        });
    }

    #[test]
    fn late_reveals_are_cancelled_with_the_rest() {
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
            idle(Weight::MAX);
            find_harmful(true);
            advance_to(scene.deal.final_deadline());
            idle(Weight::MAX);
            assert!(is_cancelled(&scene));
            assert!(!is_open(&scene));
        });
    }
}

mod silence {
    use super::*;

    #[test]
    fn ends_every_task_and_leaves_nothing_on_hold() {
        build_and_execute(|| {
            let scene = terms().volume(40).deal();
            scene.at(0).votes([0], success(1));
            scene.at(1).votes(0..2, success(1));
            scene.at(2).votes(0..2, success(1)).reveals([0], success(1));
            scene.at(39).votes([2], success(1)).votes([3], success(2));
            live_through(scene.deal.final_deadline() - 1);
            check_invariants();
            assert_eq!(ended(&scene, 0..40), 1, "what was revealed is settled");

            live_through(scene.deal.final_deadline());
            assert_eq!(ended(&scene, 0..40), 40);
            assert!(!is_open(&scene));
            // One task was paid; two failed although enough had voted on them.
            let paid = 6 * MILLI_ERG + 2 * 50_000_000;
            assert_eq!(money_of(&requester()), WEALTH - paid);
            for number in 0..4 {
                assert_eq!(locked_of(number), 0);
            }
            // Silent once, and not revealed once.
            assert_eq!(bond_of(1), BOND - 2 * 300_000_000);
            assert_eq!((bond_of(2), bond_of(3)), (BOND, BOND));

            live_through(scene.deal.final_deadline() + RETENTION);
            assert_eq!((Market::deal(scene.id), agenda()), (None, vec![]));
        });
    }

    #[test]
    fn ends_the_same_way_in_one_late_sweep() {
        build_and_execute(|| {
            let scene = terms().volume(70).deal();
            scene
                .at(0)
                .votes(0..2, success(1))
                .reveals(0..2, success(1));
            scene.at(1).votes([0], success(1));
            scene.at(2).votes(0..2, success(1)).reveals([0], success(1));
            scene.at(PAGE + 1).votes(0..2, success(1));
            scene.at(2 * PAGE + 2).votes([2], success(1));
            advance_to(scene.deal.final_deadline() + 1_000);
            idle(Weight::MAX);
            assert_eq!(ended(&scene, 0..70), 70);
            assert!(is_settled(&scene.at(2)));
            let paid = 2 * 6 * MILLI_ERG + 50_000_000;
            assert_eq!(money_of(&requester()), WEALTH - paid);
            for number in 0..3 {
                assert_eq!(locked_of(number), 0);
            }
        });
    }
}

mod call {
    use super::*;

    fn weight_of(limit: u32) -> Weight {
        crate::Call::<Test>::sweep { limit }
            .get_dispatch_info()
            .call_weight
    }

    #[test]
    fn anybody_does_what_is_due_and_pays_for_that_only() {
        build_and_execute(|| {
            let scene = terms().volume(7).deal();
            advance_to(scene.deal.final_deadline());
            let done = Poco::sweep(signed(ANYONE), 1).unwrap();
            assert!(!is_open(&scene));
            let used = Weights::sweep_base() + Weights::sweep_untouched();
            assert_eq!(done.actual_weight, Some(used));
            assert!(used.all_lte(weight_of(1)));
        });
    }

    #[test]
    fn takes_no_more_steps_than_the_limit() {
        build_and_execute(|| {
            let (early, middle, late) = (terms().deal(), terms().deal(), terms().deal());
            advance_to(late.deal.final_deadline());
            assert_ok!(Poco::sweep(signed(ANYONE), 1));
            assert!(!is_open(&early) && is_open(&middle));
            assert_ok!(Poco::sweep(signed(ANYONE), 0));
            assert!(!is_open(&middle) && is_open(&late), "0 counts as 1");
            assert_ok!(Poco::sweep(signed(ANYONE), u32::MAX));
            assert!(!is_open(&late));
        });
    }

    #[test]
    fn costs_by_its_limit() {
        build_and_execute(|| {
            let one = Poco::step_weight();
            assert_eq!((weight_of(0), weight_of(1)), (one, one));
            assert_eq!(weight_of(3), one * 3);
            assert_eq!(weight_of(u32::MAX), weight_of(crate::MAX_SWEEP));
        });
    }

    #[test]
    fn the_least_limit_pays_for_a_task_with_all_its_votes() {
        build_and_execute(|| {
            let scene = terms().workers(33).trust(MAX_TRUST).volume(2).deal();
            for index in 0..2 {
                for number in 0..32 {
                    scene.at(index).votes([number], success(number));
                }
            }
            advance_to(scene.deal.final_deadline());
            assert_ok!(Poco::sweep(signed(ANYONE), 1));
            assert_eq!(ended(&scene, 0..2), 1);
            assert_ok!(Poco::sweep(signed(ANYONE), 1));
            assert!(!is_open(&scene));
        });
    }

    #[test]
    fn fails_one_block_too_early() {
        build_and_execute(|| {
            let scene = terms().deal();
            advance_to(scene.deal.final_deadline() - 1);
            let refused = Poco::sweep(signed(ANYONE), 1).unwrap_err();
            assert_eq!(refused.error, Refusal::NothingDue.into());
            let look = Some(Weights::sweep_base());
            assert_eq!(refused.post_info.actual_weight, look);
            assert!(is_open(&scene));
            advance(1);
            assert_ok!(Poco::sweep(signed(ANYONE), 1));
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            let refused = Poco::sweep(RuntimeOrigin::none(), 1).unwrap_err();
            assert_eq!(refused.error, DispatchError::BadOrigin);
        });
    }
}
