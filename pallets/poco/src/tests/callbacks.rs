//! Callbacks: what is called when a task has settled.

use super::sweep::{agenda_first, callbacks_first, is_open};
use crate::{CallbackEnds, CallbackQueue, Error, WeightInfo, mock::*};
use codec::Encode;
use ergon_primitives::{BlockNumber, DealId, ERG, TaskIndex};
use frame_support::{dispatch::GetDispatchInfo, pallet_prelude::DispatchResult, weights::Weight};
use sp_core::H256;
use sp_runtime::DispatchError;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;
type Weights = <Test as crate::Config>::WeightInfo;

/// A call that leaves an event.
fn remark() -> RuntimeCall {
    frame_system::Call::<Test>::remark_with_event { remark: vec![7] }.into()
}

fn weight_of(call: &RuntimeCall) -> Weight {
    call.get_dispatch_info().call_weight
}

/// A deal with this callback.
fn with_callback(volume: u32, callback: impl Encode) -> Scene {
    terms().volume(volume).callback(callback.encode()).deal()
}

fn settle(scene: &Scene) {
    scene.votes(0..2, success(1)).reveals(0..2, success(1));
}

/// What comes of this callback when the task settles and the next block is idle.
fn outcome_of(callback: impl Encode) -> DispatchResult {
    let scene = with_callback(1, callback);
    settle(&scene);
    advance(1);
    idle(Weight::MAX);
    assert!(waiting().is_empty());
    let done = done();
    assert_eq!(done.len(), 1);
    assert_eq!((done[0].0, done[0].1), (scene.id, 0));
    done[0].2
}

/// What has come of the callbacks so far.
fn done() -> Vec<(DealId, TaskIndex, DispatchResult)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::CallbackDone {
                deal,
                index,
                result,
            } => Some((deal, index, result)),
            _ => None,
        })
        .collect()
}

/// Tasks whose callbacks wait, in their order.
fn waiting() -> Vec<TaskIndex> {
    let ends = CallbackEnds::<Test>::get();
    let tasks: Vec<TaskIndex> = (ends.first..ends.next)
        .filter_map(|place| Some(CallbackQueue::<Test>::get(place)?.1))
        .collect();
    assert_eq!(tasks.len(), CallbackQueue::<Test>::iter_keys().count());
    assert_eq!(CallbackEnds::<Test>::exists(), !tasks.is_empty());
    tasks
}

/// Who remarked something.
fn remarkers() -> Vec<ergon_primitives::AccountId> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::System(frame_system::Event::Remarked { sender, .. }) => Some(sender),
            _ => None,
        })
        .collect()
}

#[test]
fn the_requester_calls_when_a_task_has_settled() {
    build_and_execute(|| {
        let scene = with_callback(2, remark());
        settle(&scene);
        assert_eq!(waiting(), [0]);
        assert!(remarkers().is_empty(), "not while the task settles");
        idle(Weight::MAX);
        assert_eq!(remarkers(), [requester()]);
        assert_eq!(done(), [(scene.id, 0, Ok(()))]);
        assert!(waiting().is_empty());
        idle(Weight::MAX);
        assert_eq!(done().len(), 1, "once");
    });
}

#[test]
fn nobody_is_called_without_a_result() {
    build_and_execute(|| {
        let scene = with_callback(40, remark());
        scene.at(0).votes([0], success(1));
        scene.at(1).votes(0..2, success(1));
        advance_to(scene.deal.final_deadline());
        idle(Weight::MAX);
        assert!(!is_open(&scene));
        assert_eq!((waiting(), done()), (vec![], vec![]));
    });
}

#[test]
fn deals_without_a_callback_leave_no_trace() {
    build_and_execute(|| {
        settle(&terms().deal());
        assert!(waiting().is_empty());
    });
}

#[test]
fn the_sweeper_lets_requesters_call_too() {
    build_and_execute(|| {
        let scene = with_callback(1, remark());
        scene.votes(0..2, success(1)).reveals([0], success(1));
        scene.let_reveals_pass();
        idle(Weight::MAX);
        advance(1);
        idle(Weight::MAX);
        assert_eq!(done(), [(scene.id, 0, Ok(()))]);
    });
}

mod what_comes_of_it {
    use super::*;

    #[test]
    fn success() {
        build_and_execute(|| assert_eq!(outcome_of(remark()), Ok(())));
    }

    #[test]
    fn failure_of_the_call() {
        build_and_execute(|| {
            let for_root_only = frame_system::Call::<Test>::set_heap_pages { pages: 1 };
            let outcome = outcome_of(RuntimeCall::from(for_root_only));
            assert_eq!(outcome, Err(DispatchError::BadOrigin));
        });
    }

    #[test]
    fn a_call_that_callbacks_cannot_be() {
        build_and_execute(|| {
            let transfer = pallet_balances::Call::<Test>::transfer_keep_alive {
                dest: ANYONE,
                value: ERG,
            };
            let before = money_of(&ANYONE);
            let outcome = outcome_of(RuntimeCall::from(transfer));
            assert_eq!(outcome, Err(Refusal::CallbackFiltered.into()));
            assert_eq!(money_of(&ANYONE), before);
        });
    }

    #[test]
    fn no_call_at_all() {
        build_and_execute(|| {
            let undecodable: DispatchResult = Err(Refusal::CallbackUndecodable.into());
            let mut too_long = remark().encode();
            too_long.push(0);
            for bytes in [vec![0xff; 2], vec![0, 0], too_long] {
                let scene = terms().callback(bytes).deal();
                settle(&scene);
                idle(Weight::MAX);
                assert_eq!(done().pop(), Some((scene.id, 0, undecodable)));
            }
            assert!(remarkers().is_empty());
        });
    }

    #[test]
    fn a_call_that_is_too_heavy_and_one_that_just_is_not() {
        build_and_execute(|| {
            let limit = weight_of(&remark());
            let too_heavy: DispatchResult = Err(Refusal::CallbackTooHeavy.into());
            let cases = [
                (limit - Weight::from_parts(1, 0), too_heavy),
                (limit, Ok(())),
            ];
            for (allowed, outcome) in cases {
                let scene = with_callback(1, remark());
                settle(&scene);
                MaxCallbackWeight::set(allowed);
                idle(Weight::MAX);
                assert_eq!(done().pop(), Some((scene.id, 0, outcome)));
            }
        });
    }

    #[test]
    fn nothing_when_the_deal_is_gone() {
        build_and_execute(|| {
            let gone = DealId(H256::repeat_byte(0xff));
            Poco::queue_callback(gone, 5);
            idle(Weight::MAX);
            let no_deal: DispatchResult = Err(Refusal::NoSuchDeal.into());
            assert_eq!(done(), [(gone, 5, no_deal)]);
            assert!(waiting().is_empty());
        });
    }
}

mod weight {
    use super::*;

    fn enough() -> Weight {
        Weights::callback_base() + Weights::callback() + weight_of(&remark())
    }

    fn settled(tasks: u32) -> Scene {
        let scene = with_callback(tasks, remark());
        for index in 0..tasks {
            settle(&scene.at(index));
        }
        advance_to(callbacks_first(System::block_number()));
        scene
    }

    #[test]
    fn exactly_enough_is_enough_and_one_less_is_not() {
        build_and_execute(|| {
            settled(1);
            let too_little = [
                Weight::zero(),
                Weights::callback_base() - Weight::from_parts(1, 0),
                Weights::callback_base(),
                enough() - Weight::from_parts(1, 0),
            ];
            for weight in too_little {
                idle(weight);
                assert_eq!(waiting(), [0]);
            }
            assert_eq!(idle(enough()), enough());
            assert!(waiting().is_empty());
            assert_eq!(remarkers().len(), 1);
        });
    }

    #[test]
    fn they_are_called_in_the_order_in_which_tasks_settled() {
        build_and_execute(|| {
            let scene = settled(3);
            let rests: [&[TaskIndex]; 3] = [&[1, 2], &[2], &[]];
            for left in rests {
                idle(enough());
                assert_eq!(waiting(), left);
            }
            let order: Vec<TaskIndex> = done().iter().map(|(_, index, _)| *index).collect();
            assert_eq!(order, [0, 1, 2]);
            assert!(done().iter().all(|(id, ..)| *id == scene.id));
        });
    }

    /// Weight for one of them only, in blocks of either kind.
    #[test]
    fn neither_callbacks_nor_the_agenda_starve() {
        build_and_execute(|| {
            let scene = with_callback(40, remark());
            for index in 0..3 {
                Poco::queue_callback(scene.id, index);
            }
            let call = Weights::callback() + weight_of(&remark());
            let budget = Weights::callback_base()
                + Weights::sweep_base()
                + call.max(Weights::sweep_untouched());
            let end: BlockNumber = scene.deal.final_deadline();
            advance_to(callbacks_first(end));
            idle(budget);
            assert!(waiting().len() < 3);
            assert!(is_open(&scene));

            for index in 3..9 {
                Poco::queue_callback(scene.id, index);
            }
            advance_to(agenda_first(end));
            idle(budget);
            assert!(!is_open(&scene));
            assert!(!waiting().is_empty());
            idle(Weight::MAX);
        });
    }
}

mod calls_of_this_pallet {
    use super::*;

    fn sweep() -> RuntimeCall {
        crate::Call::<Test>::sweep { limit: 1 }.into()
    }

    #[test]
    fn a_callback_may_do_what_the_sweeper_was_about_to_do() {
        build_and_execute(|| {
            let scene = with_callback(40, sweep());
            settle(&scene);
            // Drops the entry of the settled reveals, so that the deal's end is the first.
            scene.let_reveals_pass();
            Poco::sweep(signed(ANYONE), 1).unwrap();
            advance_to(callbacks_first(scene.deal.final_deadline()));
            idle(Weight::MAX);
            assert!(!is_open(&scene));
            assert_eq!(done(), [(scene.id, 0, Ok(()))]);
        });
    }

    #[test]
    fn a_callback_that_comes_too_late_is_refused_like_any_call() {
        build_and_execute(|| {
            let scene = with_callback(1, sweep());
            settle(&scene);
            idle(Weight::MAX);
            let nothing_due: DispatchResult = Err(Refusal::NothingDue.into());
            assert_eq!(done(), [(scene.id, 0, nothing_due)]);
        });
    }

    #[test]
    fn callbacks_that_let_tasks_settle_make_others_wait_their_turn() {
        build_and_execute(|| {
            let scene = with_callback(2, sweep());
            scene.at(1).votes(0..2, success(1)).reveals([0], success(1));
            let overdue = scene.deal.reveal_deadline(System::block_number());
            settle(&scene.at(0));
            advance_to(callbacks_first(overdue));
            idle(Weight::MAX);
            let results: Vec<_> = done()
                .into_iter()
                .map(|(_, index, result)| (index, result))
                .collect();
            assert_eq!(results[0], (0, Ok(())), "it settled the other task");
            assert!(results.iter().all(|(index, _)| [0, 1].contains(index)));
            idle(Weight::MAX);
            assert!(waiting().is_empty());
            assert_eq!(done().len(), 2);
            assert!(!is_open(&scene));
        });
    }
}
