//! Both sides of every deadline, block by block.

use crate::{Errand, Error, mock::*};
use ergon_primitives::{
    Balance, BlockNumber, MILLI_ERG, TaskIndex, TaskStatus, Verification, VoteStatus,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult, weights::Weight};

type Refusal = Error<Test>;

/// How many blocks before and after a deadline are tried.
const AROUND: BlockNumber = 3;
/// What is left of a bond that has lost the stake of one vote.
const SLASHED: Balance = BOND - 300_000_000;

/// The attempt is refused for this reason in the blocks before the deadline, and possible from it on.
fn opens(
    scene: impl Fn() -> Scene,
    deadline: impl Fn(&Scene) -> BlockNumber,
    refusal: fn() -> Refusal,
    attempt: impl Fn(&Scene) -> DispatchResult,
) {
    each_block(scene, deadline, |scene, is_before| {
        let expected: DispatchResult = if is_before {
            Err(refusal().into())
        } else {
            Ok(())
        };
        assert_eq!(attempt(scene), expected);
    });
}

/// The attempt is possible in the blocks before the deadline, and refused for this reason from it on.
fn closes(
    scene: impl Fn() -> Scene,
    deadline: impl Fn(&Scene) -> BlockNumber,
    refusal: fn() -> Refusal,
    attempt: impl Fn(&Scene) -> DispatchResult,
) {
    each_block(scene, deadline, |scene, is_before| {
        let expected: DispatchResult = if is_before {
            Ok(())
        } else {
            Err(refusal().into())
        };
        assert_eq!(attempt(scene), expected);
    });
}

/// Tries something in each block around a deadline, every time on a chain of its own.
fn each_block(
    scene: impl Fn() -> Scene,
    deadline: impl Fn(&Scene) -> BlockNumber,
    attempt: impl Fn(&Scene, bool),
) {
    for offset in 0..2 * AROUND {
        build_and_execute(|| {
            let scene = scene();
            advance_to(deadline(&scene) - AROUND + offset);
            attempt(&scene, offset < AROUND);
        });
    }
}

fn contribution(scene: &Scene) -> BlockNumber {
    scene.deal.contribution_deadline()
}

fn end(scene: &Scene) -> BlockNumber {
    scene.deal.final_deadline()
}

/// When the votes of a task are overdue that reached consensus, or were all cast, in the block in which
/// the deal was made.
fn reveals(scene: &Scene) -> BlockNumber {
    scene.deal.reveal_deadline(scene.deal.started)
}

fn voted() -> Scene {
    let scene = terms().volume(2).deal();
    scene.votes(0..2, success(1));
    scene
}

fn half_revealed() -> Scene {
    let scene = voted();
    scene.reveals([0], success(1));
    scene
}

fn blind() -> Terms {
    terms().verification(Verification::Blind { voters: 4 })
}

/// For three workers.
fn race() -> Terms {
    terms().verification(Verification::Race { referees: 1 })
}

fn half_opened() -> Scene {
    let scene = blind().deal();
    scene.votes(0..4, success(1)).opens(0..3, success(1));
    scene
}

/// The same answer to both tasks of a deal of two.
fn both() -> [(TaskIndex, Answer); 2] {
    [(0, success(1)), (1, success(1))]
}

fn earned(number: u8) -> Balance {
    money_of(&owner(number)) + BOND - WEALTH
}

fn is_settled(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Settled { .. })
}

fn is_failed(scene: &Scene) -> bool {
    matches!(scene.task().status, TaskStatus::Failed { .. })
}

/// What is left of the bonds of these workers, none of it locked.
fn free_bonds<const N: usize>(numbers: [u8; N]) -> [Balance; N] {
    numbers.map(|number| {
        assert_eq!(locked_of(number), 0);
        bond_of(number)
    })
}

#[test]
fn are_where_the_protocol_puts_them() {
    build_and_execute(|| {
        // Nine tasks, four at a time, take three times as long.
        for (volume, times) in [(1, 1), (4, 1), (5, 2), (9, 3)] {
            let scene = terms().volume(volume).deal();
            let started = scene.deal.started;
            assert_eq!(contribution(&scene), started + 7 * WORK_TIME * times);
            assert_eq!(end(&scene), started + 10 * WORK_TIME * times);
            assert_eq!(reveals(&scene), started + 2 * WORK_TIME);
        }
    });
}

mod contributions {
    use super::*;

    /// What nobody can work on any more only fails; its payer cannot let the operator off.
    #[test]
    fn end_cancellations() {
        let untouched = || terms().volume(2).deal();
        let cancel = |scene: &Scene| scene.cancel();
        closes(untouched, contribution, || Refusal::TooLateToCancel, cancel);
        closes(voted, contribution, || Refusal::TooLateToCancel, cancel);
    }

    #[test]
    fn one() {
        let attempt = |scene: &Scene| scene.contribute(0, success(1));
        let closed = || Refusal::ContributionsClosed;
        closes(|| terms().deal(), contribution, closed, attempt);
        closes(|| blind().deal(), contribution, closed, attempt);
    }

    #[test]
    fn many() {
        let attempt = |scene: &Scene| {
            let answers = [(0, success(1)), (1, success(1))];
            scene.contribute_many(0, scene.ballots(0, answers))
        };
        let scene = || terms().volume(2).deal();
        closes(
            scene,
            contribution,
            || Refusal::ContributionsClosed,
            attempt,
        );
    }

    #[test]
    fn many_sealed() {
        let attempt = |scene: &Scene| scene.contribute_many(0, scene.ballots(0, both()));
        let closed = || Refusal::ContributionsClosed;
        closes(|| blind().volume(2).deal(), contribution, closed, attempt);
        closes(|| race().volume(2).deal(), contribution, closed, attempt);
    }

    /// In the last block they decide as they ever did, and later they leave nothing behind.
    #[test]
    fn many_that_decide() {
        let scene = || {
            let scene = terms().volume(2).deal();
            scene.votes([0], success(1));
            scene.at(1).votes([0], success(1));
            scene
        };
        each_block(scene, contribution, |scene, is_before| {
            let cast = scene.contribute_many(1, scene.ballots(1, both()));
            assert_eq!(cast.is_ok(), is_before);
            for index in 0..2 {
                let status = scene.at(index).task().status;
                let is_revealing = matches!(status, TaskStatus::Revealing { .. });
                assert_eq!(is_revealing, is_before);
            }
            let votes = if is_before { 2 } else { 0 };
            assert_eq!(locked_of(1), votes * scene.deal.worker_stake);
        });
    }

    #[test]
    fn accepted_results() {
        let scene = || terms().trust(1).authorised().volume(2).deal();
        let closed = || Refusal::ContributionsClosed;
        let one = |scene: &Scene| scene.accept(0, success(1));
        closes(scene, contribution, closed, one);
        let many = |scene: &Scene| {
            let answers = [(0, success(1)), (1, success(1))];
            scene.accept_many(0, scene.openings(0, answers))
        };
        closes(scene, contribution, closed, many);
    }

    #[test]
    fn with_an_authorisation() {
        let valid_until = |scene: &Scene| scene.deal.started + 50;
        let attempt = |scene: &Scene| {
            let grant = scene.grant(0).valid_until(valid_until(scene));
            scene.contribute_with(0, success(1), Some(grant.sign(AUTHORISER)))
        };
        let scene = || terms().authorised().deal();
        // It holds in its last block.
        let over = |scene: &Scene| valid_until(scene) + 1;
        closes(scene, over, || Refusal::AuthorisationExpired, attempt);
    }

    #[test]
    fn many_with_an_authorisation() {
        let valid_until = |scene: &Scene| scene.deal.started + 50;
        let attempt = |scene: &Scene| {
            let answers = [(0, success(1)), (1, success(1))];
            let grant = scene.grant(0).range(0, 1).valid_until(valid_until(scene));
            let call = PocoCall::contribute_many {
                deal: scene.id,
                items: scene.ballots(0, answers).try_into().unwrap(),
                max_stake: Balance::MAX,
                authorisation: Some(grant.sign(AUTHORISER)),
                max_votes: 0,
            };
            make(worker(0), call)
        };
        let scene = || terms().authorised().volume(2).deal();
        let over = |scene: &Scene| valid_until(scene) + 1;
        closes(scene, over, || Refusal::AuthorisationExpired, attempt);
    }
}

mod overdue_reveals {
    use super::*;

    #[test]
    fn are_taken_all_the_same() {
        each_block(half_revealed, reveals, |scene, _| {
            assert_ok!(scene.reveal(1, success(1)));
            assert!(scene.task().has_ended());
        });
    }

    #[test]
    fn permit_to_finalise() {
        opens(
            half_revealed,
            reveals,
            || Refusal::RevealsOpen,
            Scene::finalise,
        );
        opens(
            half_revealed,
            reveals,
            || Refusal::RevealsOpen,
            |scene| scene.finalise_as(worker(3)),
        );
    }

    #[test]
    fn permit_to_reopen() {
        opens(voted, reveals, || Refusal::RevealsOpen, Scene::reopen);
    }

    /// Worker 1 reveals what it voted for on both tasks.
    fn reveal_both(scene: &Scene) -> DispatchResult {
        scene.reveal_many(1, scene.openings(1, both()))
    }

    fn both_voted() -> Scene {
        let scene = voted();
        scene.at(1).votes(0..2, success(1));
        scene
    }

    fn both_half_revealed() -> Scene {
        let scene = half_revealed();
        scene.at(1).votes(0..2, success(1)).reveals([0], success(1));
        scene
    }

    /// The deadline takes no right away, it only gives others one.
    #[test]
    fn are_taken_in_batches_as_long_as_nobody_has_gone_on() {
        each_block(both_half_revealed, reveals, |scene, _| {
            assert_ok!(reveal_both(scene));
            assert!(is_settled(scene) && is_settled(&scene.at(1)));
            assert_eq!((earned(1), treasury()), (2 * 495_000_000, 0));
        });
        each_block(both_voted, reveals, |scene, _| {
            assert_ok!(reveal_both(scene));
            assert_eq!(scene.status_of(1), VoteStatus::Revealed);
            assert_eq!(scene.at(1).status_of(1), VoteStatus::Revealed);
            assert_noop!(scene.reopen(), Refusal::SomethingRevealed);
        });
    }

    #[test]
    fn are_refused_of_a_batch_for_the_task_that_went_on() {
        each_block(both_half_revealed, reveals, |scene, is_before| {
            let went_on = scene.finalise();
            let seen = events().len();
            assert_ok!(reveal_both(scene));
            assert!(is_settled(scene) && is_settled(&scene.at(1)));
            if is_before {
                assert_eq!(went_on, Err(Refusal::RevealsOpen.into()));
                assert_eq!(refusals(seen), None);
                assert_eq!((earned(1), bond_of(1)), (2 * 495_000_000, BOND));
            } else {
                assert_eq!(went_on, Ok(()));
                assert_eq!(refusals(seen), refused([(0, Refusal::NotRevealing)]));
                assert_eq!((earned(1), bond_of(1)), (495_000_000, SLASHED));
            }
        });
    }

    #[test]
    fn are_refused_in_batches_when_all_tasks_went_on() {
        for scene in [both_voted as fn() -> Scene, both_half_revealed] {
            closes(
                scene,
                reveals,
                || Refusal::NotRevealing,
                |scene| {
                    idle(Weight::MAX);
                    reveal_both(scene)
                },
            );
        }
    }

    /// Who agrees in the last moment has its time, and the task nevertheless ends in time.
    #[test]
    fn of_the_last_possible_consensus_come_before_the_end() {
        let scene = || {
            let scene = terms().deal();
            advance_to(contribution(&scene) - 1);
            scene.votes(0..2, success(1));
            scene
        };
        let overdue = |scene: &Scene| {
            let overdue = scene.deal.reveal_deadline(contribution(scene) - 1);
            assert!(overdue < end(scene));
            overdue
        };
        opens(
            scene,
            overdue,
            || Refusal::RevealsOpen,
            |scene| {
                scene.reopen()?;
                assert!(is_failed(scene));
                Ok(())
            },
        );
        each_block(scene, overdue, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(is_failed(scene), !is_before);
        });
    }

    #[test]
    fn are_swept() {
        for scene in [voted as fn() -> Scene, half_revealed] {
            each_block(scene, reveals, |scene, is_before| {
                idle(Weight::MAX);
                let status = scene.task().status;
                let is_revealing = matches!(status, TaskStatus::Revealing { .. });
                assert_eq!(is_revealing, is_before);
            });
        }
    }
}

mod overdue_openings {
    use super::*;

    #[test]
    fn are_taken_all_the_same() {
        each_block(half_opened, reveals, |scene, _| {
            assert_ok!(scene.open(3, success(1)));
            assert!(scene.task().has_ended());
        });
    }

    #[test]
    fn permit_to_finalise() {
        opens(
            half_opened,
            reveals,
            || Refusal::RevealsOpen,
            Scene::finalise,
        );
    }

    #[test]
    fn permit_to_go_on_without_any() {
        let scene = || {
            let scene = blind().deal();
            scene.votes(0..4, success(1));
            scene
        };
        opens(scene, reveals, || Refusal::RevealsOpen, Scene::reopen);
    }

    #[test]
    fn are_swept() {
        each_block(half_opened, reveals, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(scene.task().has_ended(), !is_before);
        });
    }

    #[test]
    fn of_fewer_votes_begin_at_the_contribution_deadline() {
        let scene = || {
            let scene = blind().deal();
            scene.votes(0..2, success(1));
            scene
        };
        opens(scene, contribution, || Refusal::RevealsOpen, Scene::reopen);
        opens(
            scene,
            contribution,
            || Refusal::NotRevealing,
            |scene| {
                idle(Weight::MAX);
                scene.open(0, success(1))
            },
        );
    }
}

mod races {
    use super::*;

    /// How many blocks after the others the last worker votes.
    const LATER: BlockNumber = 10;

    fn unjoined() -> Scene {
        let scene = race().deal();
        scene.votes(0..2, success(1));
        scene
    }

    fn joined() -> Scene {
        let scene = unjoined();
        advance(LATER);
        scene.votes([2], success(1));
        scene
    }

    /// Two of the three votes are open.
    fn half_raced() -> Scene {
        let scene = joined();
        advance(1);
        scene.opens(0..2, success(1));
        scene
    }

    /// The time to open begins with the last vote.
    fn openings(scene: &Scene) -> BlockNumber {
        scene.deal.reveal_deadline(scene.deal.started + LATER)
    }

    fn assert_fails_at_nobodys_cost(scene: &Scene) {
        assert!(is_failed(scene));
        assert_eq!(free_bonds([0, 1]), [BOND; 2]);
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!(treasury(), scene.deal.operator_stake);
    }

    /// Two have agreed, and the third was silent.
    fn assert_is_won(scene: &Scene) {
        assert!(is_settled(scene));
        let mut pay = [earned(0), earned(1)];
        pay.sort();
        // 0.99 + 0.3 of the pool price, two to one.
        assert_eq!(pay, [430_000_000, 860_000_000]);
        assert_eq!(free_bonds([0, 1, 2]), [BOND, BOND, SLASHED]);
    }

    fn assert_all_were_silent(scene: &Scene) {
        assert!(is_failed(scene));
        assert_eq!(free_bonds([0, 1, 2]), [SLASHED; 3]);
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!(treasury(), scene.deal.operator_stake + 3 * 300_000_000);
    }

    #[test]
    fn can_be_joined_until_the_contribution_deadline() {
        let closed = || Refusal::ContributionsClosed;
        let first = |scene: &Scene| scene.contribute(0, success(1));
        closes(|| race().deal(), contribution, closed, first);
        let last = |scene: &Scene| scene.contribute(2, success(1));
        closes(unjoined, contribution, closed, last);
    }

    #[test]
    fn that_not_all_have_joined_fail_when_somebody_asks() {
        opens(
            unjoined,
            contribution,
            || Refusal::RevealsOpen,
            |scene| {
                scene.reopen()?;
                assert_fails_at_nobodys_cost(scene);
                Ok(())
            },
        );
        opens(
            unjoined,
            end,
            || Refusal::BeforeFinalDeadline,
            |scene| {
                scene.claim()?;
                assert_fails_at_nobodys_cost(scene);
                Ok(())
            },
        );
        each_block(unjoined, contribution, |scene, _| {
            assert_noop!(scene.finalise(), Refusal::NothingRevealed);
            assert_noop!(scene.claim(), Refusal::BeforeFinalDeadline);
        });
    }

    #[test]
    fn that_not_all_have_joined_fail_by_themselves() {
        each_block(unjoined, contribution, |scene, is_before| {
            idle(Weight::MAX);
            if is_before {
                assert_eq!(scene.task().status, TaskStatus::Active);
                assert_eq!(locked_of(0), scene.deal.worker_stake);
            } else {
                assert_fails_at_nobodys_cost(scene);
            }
        });
    }

    /// Nobody has anything locked in them.
    #[test]
    fn that_nobody_has_joined_wait_for_the_end() {
        let scene = || race().deal();
        each_block(scene, contribution, |scene, _| {
            idle(Weight::MAX);
            assert!(!scene.task().has_ended());
            assert_noop!(scene.reopen(), Refusal::NotRevealing);
        });
        each_block(scene, end, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(is_failed(scene), !is_before);
        });
    }

    #[test]
    fn are_opened_from_the_block_after_the_last_vote_on() {
        for blocks in 0..AROUND {
            build_and_execute(|| {
                let scene = joined();
                let last_vote = System::block_number();
                advance(blocks);
                let opened = scene.open(0, success(1));
                if blocks == 0 {
                    assert_eq!(opened, Err(Refusal::RolesNotDrawn.into()));
                    assert_eq!(scene.status_of(0), VoteStatus::Committed);
                    return;
                }
                assert_eq!(opened, Ok(()));
                let TaskStatus::Opening { seed, .. } = scene.task().status else {
                    panic!("two are awaited");
                };
                assert_eq!(seed, hash_of(last_vote), "whenever somebody opens");
            });
        }
    }

    #[test]
    fn are_opened_late_all_the_same() {
        each_block(half_raced, openings, |scene, _| {
            assert_ok!(scene.open(2, success(1)));
            assert!(is_settled(scene));
            assert_eq!(free_bonds([0, 1, 2]), [BOND; 3]);
        });
    }

    #[test]
    fn go_on_without_the_silent_when_somebody_asks() {
        opens(
            half_raced,
            openings,
            || Refusal::RevealsOpen,
            |scene| {
                scene.finalise()?;
                assert_is_won(scene);
                Ok(())
            },
        );
        opens(
            half_raced,
            end,
            || Refusal::BeforeFinalDeadline,
            |scene| {
                scene.claim()?;
                assert_is_won(scene);
                Ok(())
            },
        );
    }

    #[test]
    fn go_on_without_the_silent_by_themselves() {
        each_block(half_raced, openings, |scene, is_before| {
            idle(Weight::MAX);
            if is_before {
                assert!(!scene.task().has_ended());
            } else {
                assert_is_won(scene);
            }
        });
    }

    #[test]
    fn that_nobody_opens_fail_at_the_cost_of_the_silent() {
        opens(
            joined,
            openings,
            || Refusal::RevealsOpen,
            |scene| {
                scene.reopen()?;
                assert_all_were_silent(scene);
                Ok(())
            },
        );
        each_block(joined, openings, |scene, is_before| {
            idle(Weight::MAX);
            if is_before {
                assert!(!scene.task().has_ended());
            } else {
                assert_all_were_silent(scene);
            }
        });
    }
}

/// Consensus before the contribution deadline leaves time to reveal before the final one; consensus
/// that comes because others are rejected late does not, and has its time all the same.
mod late_reveals {
    use super::*;

    /// So many blocks before the final deadline somebody goes on with the task.
    const BEFORE_END: BlockNumber = 5;
    /// Tasks whose reveals or openings have begun so late.
    const LATE: [fn() -> Scene; 3] = [reopened, swept, begun];

    /// Workers 0 and 1 win and stay silent; without them, 2 and 3 win.
    fn two_groups() -> Scene {
        let scene = terms().volume(2).deal();
        (0..2).for_each(|number| set_score(number, 27));
        scene
            .votes([0], success(1))
            .votes(2..4, success(2))
            .votes([1], success(1));
        scene
    }

    fn reopened() -> Scene {
        let scene = two_groups();
        advance_to(end(&scene) - BEFORE_END);
        assert_ok!(scene.reopen());
        scene
    }

    fn swept() -> Scene {
        let scene = two_groups();
        advance_to(end(&scene) - BEFORE_END);
        idle(Weight::MAX);
        scene
    }

    /// Two of four blind votes, which are enough as nobody else has come.
    fn begun() -> Scene {
        let scene = blind().volume(2).deal();
        scene.votes(0..2, success(1));
        advance_to(end(&scene) - BEFORE_END);
        assert_ok!(scene.reopen());
        scene
    }

    /// Of the second group worker 2 has revealed.
    fn half_late() -> Scene {
        let scene = reopened();
        scene.reveals([2], success(2));
        scene
    }

    fn late(scene: &Scene) -> BlockNumber {
        let late = scene.deal.reveal_deadline(end(scene) - BEFORE_END);
        assert!(late > end(scene) + AROUND);
        late
    }

    #[test]
    fn keep_their_task_from_being_claimed() {
        for scene in LATE {
            each_block(scene, end, |scene, is_before| {
                let refusal = if is_before {
                    Refusal::BeforeFinalDeadline
                } else {
                    Refusal::RevealsOpen
                };
                assert_noop!(scene.claim(), refusal);
                assert_noop!(scene.reopen(), Refusal::RevealsOpen);
            });
            opens(
                scene,
                late,
                || Refusal::RevealsOpen,
                |scene| {
                    scene.claim()?;
                    assert!(is_failed(scene));
                    Ok(())
                },
            );
        }
    }

    #[test]
    fn keep_no_other_task_from_being_claimed() {
        for scene in LATE {
            opens(
                scene,
                end,
                || Refusal::BeforeFinalDeadline,
                |scene| scene.at(1).claim(),
            );
        }
    }

    #[test]
    fn count_when_the_task_is_claimed() {
        opens(
            half_late,
            late,
            || Refusal::RevealsOpen,
            |scene| {
                scene.claim()?;
                assert!(is_settled(scene));
                assert_eq!(earned(2), 1_290_000_000);
                let bonds = [SLASHED, SLASHED, BOND, SLASHED];
                assert_eq!(free_bonds([0, 1, 2, 3]), bonds);
                Ok(())
            },
        );
    }

    #[test]
    fn that_do_not_come_cost_the_second_group_too() {
        for scene in [reopened as fn() -> Scene, swept] {
            opens(
                scene,
                late,
                || Refusal::RevealsOpen,
                |scene| {
                    scene.claim()?;
                    assert_eq!(free_bonds([0, 1, 2, 3]), [SLASHED; 4]);
                    // With the operator's stake, and the fee for a task on which enough had voted.
                    assert_eq!(treasury(), (4 + 1) * 300_000_000 + 50_000_000);
                    Ok(())
                },
            );
        }
    }

    #[test]
    fn settle_their_task_after_the_end() {
        for scene in [reopened as fn() -> Scene, swept] {
            for deadline in [end as fn(&Scene) -> BlockNumber, late] {
                each_block(scene, deadline, |scene, _| {
                    scene.reveals(2..4, success(2));
                    assert!(is_settled(scene));
                    assert_eq!((earned(2), earned(3)), (495_000_000, 495_000_000));
                });
            }
        }
        each_block(begun, late, |scene, _| {
            scene.opens(0..2, success(1));
            assert!(is_settled(scene));
        });
    }

    #[test]
    fn are_waited_for_when_the_deal_ends_by_itself() {
        for scene in LATE {
            each_block(scene, end, |scene, is_before| {
                idle(Weight::MAX);
                assert!(!scene.task().has_ended());
                assert_eq!(scene.at(1).task().has_ended(), !is_before);
            });
        }
    }

    #[test]
    fn end_their_task_by_itself_when_they_are_overdue() {
        for scene in LATE {
            each_block(scene, late, |scene, is_before| {
                idle(Weight::MAX);
                assert_eq!(is_failed(scene), !is_before);
            });
        }
        each_block(half_late, late, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(is_settled(scene), !is_before);
        });
    }

    /// Not a block is left out.
    #[test]
    fn end_their_task_in_the_same_block_when_every_block_is_idle() {
        for scene in LATE {
            build_and_execute(|| {
                let scene = scene();
                live_through(late(&scene) - 1);
                assert!(!scene.task().has_ended());
                assert!(scene.at(1).task().has_ended());
                live_through(late(&scene));
                let at = late(&scene);
                assert_eq!(scene.task().status, TaskStatus::Failed { at });
            });
        }
    }

    /// Whoever claims first of all rejects the silent, as if it had reopened the task.
    #[test]
    fn can_begin_with_the_end() {
        let claim = |scene: &Scene| -> DispatchResult {
            scene.claim()?;
            assert!(matches!(scene.task().status, TaskStatus::Revealing { .. }));
            Ok(())
        };
        opens(two_groups, end, || Refusal::BeforeFinalDeadline, claim);
        let claimed = || {
            let scene = two_groups();
            advance_to(end(&scene));
            assert_ok!(scene.claim());
            scene
        };
        let overdue = |scene: &Scene| scene.deal.reveal_deadline(end(scene));
        opens(claimed, overdue, || Refusal::RevealsOpen, Scene::claim);
        each_block(claimed, overdue, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(scene.task().has_ended(), !is_before);
        });
    }
}

mod the_end {
    use super::*;

    /// Idle blocks end the first task of this deal at its final deadline and not earlier, even if
    /// nothing else reminds them of its votes.
    fn ends_by_itself(scene: impl Fn() -> Scene, check: impl Fn(&Scene)) {
        let forgotten = || {
            let scene = scene();
            for first in [reveals(&scene), contribution(&scene)] {
                Poco::unschedule(Errand::Reveals(scene.id, 0), first);
            }
            scene
        };
        each_block(forgotten, end, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(scene.task().has_ended(), !is_before);
            if !is_before {
                check(scene);
            }
        });
    }

    #[test]
    fn comes_by_itself_for_a_lone_vote() {
        let with_a_vote = |terms: fn() -> Terms| {
            move || {
                let scene = terms().deal();
                scene.votes([0], success(1));
                scene
            }
        };
        for terms in [terms as fn() -> Terms, blind, race] {
            ends_by_itself(with_a_vote(terms), |scene| {
                assert!(is_failed(scene));
                assert_eq!(free_bonds([0]), [BOND]);
                assert_eq!(money_of(&requester()), WEALTH);
                assert_eq!(treasury(), scene.deal.operator_stake);
            });
        }
    }

    #[test]
    fn comes_by_itself_for_votes_that_do_not_agree() {
        let scene = || {
            let scene = untouched();
            scene.votes([0], success(1)).votes([1], success(2));
            scene
        };
        ends_by_itself(scene, |scene| {
            assert!(is_failed(scene) && is_failed(&scene.at(1)));
            assert_eq!(free_bonds([0, 1]), [BOND; 2]);
            assert_eq!(money_of(&requester()), WEALTH - 50_000_000);
        });
    }

    #[test]
    fn comes_by_itself_for_the_silent() {
        ends_by_itself(voted, |scene| {
            assert!(is_failed(scene) && is_failed(&scene.at(1)));
            assert_eq!(free_bonds([0, 1]), [SLASHED; 2]);
            // Stakes of two workers and for two tasks.
            assert_eq!(treasury(), 4 * 300_000_000 + 50_000_000);
        });
    }

    #[test]
    fn comes_by_itself_with_what_was_shown() {
        ends_by_itself(half_revealed, |scene| {
            assert!(is_settled(scene) && is_failed(&scene.at(1)));
            assert_eq!(free_bonds([0, 1]), [BOND, SLASHED]);
            assert_eq!(earned(0), 1_290_000_000);
            assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG);
        });
        ends_by_itself(half_opened, |scene| {
            assert!(is_settled(scene));
            assert_eq!(free_bonds([0, 1, 2, 3]), [BOND, BOND, BOND, SLASHED]);
            assert_eq!(earned(0), 430_000_000);
        });
    }

    fn untouched() -> Scene {
        terms().volume(2).deal()
    }

    #[test]
    fn of_untouched_and_touched_tasks() {
        let before = || Refusal::BeforeFinalDeadline;
        opens(untouched, end, before, Scene::claim);
        opens(voted, end, before, Scene::claim);
        opens(voted, end, before, |scene| scene.at(1).claim());
    }

    #[test]
    fn of_tasks_of_which_something_is_revealed() {
        opens(
            half_revealed,
            end,
            || Refusal::BeforeFinalDeadline,
            Scene::claim,
        );
    }

    #[test]
    fn comes_by_itself() {
        each_block(untouched, end, |scene, is_before| {
            idle(Weight::MAX);
            assert_eq!(scene.task().has_ended(), !is_before);
        });
    }

    #[test]
    fn can_be_swept() {
        let sweep = |_: &Scene| make(ANYONE, PocoCall::sweep { limit: 1 });
        opens(untouched, end, || Refusal::NothingDue, sweep);
    }

    #[test]
    fn of_the_record_comes_after_the_retention_period() {
        let scene = || {
            let scene = untouched();
            assert_ok!(scene.cancel());
            scene
        };
        let due = |scene: &Scene| scene.deal.started + RETENTION;
        opens(
            scene,
            due,
            || Refusal::StillRetained,
            |scene| {
                let (deal, limit) = (scene.id, 1);
                make(ANYONE, PocoCall::prune_deal { deal, limit })
            },
        );
        opens(
            scene,
            due,
            || Refusal::NothingDue,
            |_| make(ANYONE, PocoCall::sweep { limit: 1 }),
        );
    }
}
