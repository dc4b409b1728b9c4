//! Reveals: what opens a vote, and the settlement that the last one brings.

use crate::{Error, mock::*};
use ergon_primitives::{Balance, DealId, ERG, MILLI_ERG, Outcome, Payment, TaskStatus, VoteStatus};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

/// Three workers agree, worker 3 does not: what the protocol works through.
fn three_against_one() -> Scene {
    let scene = terms().deal();
    scene.votes([3], success(9)).votes(0..3, success(1));
    scene
}

#[test]
fn opens_the_vote_and_waits_for_the_others() {
    build_and_execute(|| {
        let scene = three_against_one();
        assert_ok!(scene.reveal(1, success(1)));
        assert_eq!(scene.status_of(1), VoteStatus::Revealed);
        assert_eq!(scene.status_of(0), VoteStatus::Committed);
        let TaskStatus::Revealing { revealed, .. } = scene.task().status else {
            panic!("still revealing");
        };
        assert_eq!(revealed, Some((success(1).outcome, locator(1))));
        let revealed = Event::Revealed {
            deal: scene.id,
            index: 0,
            worker: worker(1),
            outcome: success(1).outcome,
            inline: vec![1; 3].try_into().unwrap(),
        };
        assert_eq!(events().pop(), Some(revealed));
    });
}

#[test]
fn settles_the_worked_example_with_the_last_reveal() {
    build_and_execute(|| {
        let (before_app, before_operator) = (money_of(&provider()), money_of(&operator()));
        let scene = three_against_one();
        let operator_staked = before_operator - money_of(&operator());
        assert_eq!(operator_staked, 300_000_000);
        scene.reveals([2, 0, 1], success(1));

        let at = System::block_number();
        let settled = TaskStatus::Settled {
            outcome: success(1).outcome,
            locator: locator(2),
            at,
        };
        assert_eq!(scene.task().status, settled);
        let pay = |number| Payment {
            to: owner(number),
            amount: 430_000_000,
        };
        let settled = Event::Settled {
            deal: scene.id,
            index: 0,
            outcome: success(1).outcome,
            locator: locator(2),
            workers: vec![pay(0), pay(1), pay(2)],
            losers: vec![worker(3)],
            slashed: 300_000_000,
            app: 5 * MILLI_ERG,
            dataset: 0,
            operator: 10_000_000,
            refunded: 0,
            treasury: 0,
        };
        assert_eq!(events().pop(), Some(settled));
        for number in 0..3 {
            assert_eq!(money_of(&owner(number)), WEALTH - BOND + 430_000_000);
            assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
        }
        assert_eq!((bond_of(3), locked_of(3)), (BOND - 300_000_000, 0));
        assert_eq!(money_of(&provider()), before_app + 5 * MILLI_ERG);
        assert_eq!(money_of(&operator()), before_operator + 10_000_000);
        assert_eq!(money_of(&requester()), WEALTH - 6 * MILLI_ERG);
    });
}

#[test]
fn pays_by_the_logarithm_of_the_weight() {
    build_and_execute(|| {
        let scene = terms().deal();
        set_score(0, 27);
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        // Weights 8 and 2 share 99 % of the pool price three to one.
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 742_500_000);
        assert_eq!(money_of(&owner(1)), WEALTH - BOND + 247_500_000);
    });
}

#[test]
fn gives_losers_stakes_above_one_pool_price_to_the_treasury() {
    build_and_execute(|| {
        let scene = terms().worker_stake_ratio(100).deal();
        set_score(0, 27);
        set_score(1, 27);
        scene.votes([2], success(8)).votes([3], success(9));
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 995_000_000);
        assert_eq!(
            (bond_of(2), bond_of(3)),
            (BOND - MILLI_ERG, BOND - MILLI_ERG)
        );
        assert_eq!(treasury(), MILLI_ERG);
    });
}

#[test]
fn pays_no_app_for_its_own_fault() {
    build_and_execute(|| {
        let scene = terms().deal();
        let before = money_of(&provider());
        scene.votes(0..2, fault()).reveals(0..2, fault());
        assert_eq!(money_of(&provider()), before);
        assert_eq!(money_of(&requester()), WEALTH - MILLI_ERG);
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 495_000_000);
    });
}

/// What the dataset's owner got, as the last event tells.
fn paid_for_the_dataset() -> Option<Balance> {
    match events().pop()? {
        Event::Settled { dataset, .. } => Some(dataset),
        _ => None,
    }
}

#[test]
fn pays_the_owner_of_the_dataset() {
    build_and_execute(|| {
        let before = money_of(&data_owner());
        let scene = terms().dataset(2 * MILLI_ERG).deal();
        assert_eq!(money_of(&requester()), WEALTH - 8 * MILLI_ERG);
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_eq!(paid_for_the_dataset(), Some(2 * MILLI_ERG));
        assert_eq!(money_of(&data_owner()), before + 2 * MILLI_ERG);
        assert_eq!(money_of(&requester()), WEALTH - 8 * MILLI_ERG);
    });
}

#[test]
fn pays_the_dataset_whatever_the_app_did_with_it() {
    build_and_execute(|| {
        let before = (money_of(&provider()), money_of(&data_owner()));
        let scene = terms().dataset(2 * MILLI_ERG).deal();
        scene.votes(0..2, fault()).reveals(0..2, fault());
        assert_eq!(paid_for_the_dataset(), Some(2 * MILLI_ERG));
        assert_eq!(money_of(&provider()), before.0);
        assert_eq!(money_of(&data_owner()), before.1 + 2 * MILLI_ERG);
        assert_eq!(money_of(&requester()), WEALTH - 3 * MILLI_ERG);
    });
}

#[test]
fn pays_no_dataset_when_it_was_unavailable() {
    build_and_execute(|| {
        let before = money_of(&data_owner());
        let scene = terms().dataset(2 * MILLI_ERG).deal();
        scene
            .votes(0..2, unavailable())
            .reveals(0..2, unavailable());
        assert_eq!(paid_for_the_dataset(), Some(0));
        assert_eq!(money_of(&data_owner()), before);
        assert_eq!(money_of(&requester()), WEALTH);
    });
}

#[test]
fn moves_no_money_when_the_module_is_unavailable() {
    build_and_execute(|| {
        let before = money_of(&operator());
        let scene = terms().deal();
        scene
            .votes([3], success(1))
            .votes(0..3, unavailable())
            .reveals(0..3, unavailable());
        assert!(matches!(
            scene.task().status,
            TaskStatus::Settled {
                outcome: Outcome::Unavailable,
                ..
            }
        ));
        assert_eq!(money_of(&requester()), WEALTH);
        assert_eq!(money_of(&operator()), before);
        for number in 0..4 {
            assert_eq!((bond_of(number), locked_of(number)), (BOND, 0));
            assert_eq!(money_of(&owner(number)), WEALTH - BOND);
            assert_eq!(score_of(number), 0);
        }
        assert_eq!(treasury(), 0);
    });
}

#[test]
fn is_in_time_as_long_as_the_task_is_revealing() {
    build_and_execute(|| {
        let scene = three_against_one();
        assert_ok!(scene.reveal(0, success(1)));
        advance_to(scene.deal.final_deadline() + 1_000);
        scene.reveals(1..3, success(1));
        assert!(scene.task().has_ended());
        assert_eq!(bond_of(2), BOND);
    });
}

#[test]
fn fails_for_an_unknown_deal_or_task() {
    build_and_execute(|| {
        let mut scene = three_against_one();
        assert_noop!(scene.at(1).reveal(0, success(1)), Refusal::NoSuchTask);
        scene.id = DealId(H256::zero());
        assert_noop!(scene.reveal(0, success(1)), Refusal::NoSuchDeal);
    });
}

#[test]
fn fails_without_consensus_and_after_the_end() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_noop!(scene.reveal(0, success(1)), Refusal::NotRevealing);
        assert_ok!(scene.contribute(0, success(1)));
        assert_noop!(scene.reveal(0, success(1)), Refusal::NotRevealing);
        scene.votes([1], success(1)).reveals(0..2, success(1));
        assert_noop!(scene.reveal(0, success(1)), Refusal::NotRevealing);
    });
}

#[test]
fn fails_after_the_end_of_a_task_in_an_open_deal() {
    build_and_execute(|| {
        let scene = terms().volume(2).deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_noop!(scene.reveal(0, success(1)), Refusal::NotRevealing);
    });
}

#[test]
fn fails_for_a_worker_without_vote() {
    build_and_execute(|| {
        let scene = terms().deal();
        scene.votes(0..2, success(1));
        assert_noop!(scene.reveal(2, success(1)), Refusal::NotAContributor);
    });
}

#[test]
fn fails_for_a_vote_that_lost() {
    build_and_execute(|| {
        let scene = three_against_one();
        assert_noop!(scene.reveal(3, success(9)), Refusal::VotedOtherwise);
        assert_noop!(scene.reveal(3, success(1)), Refusal::VotedOtherwise);
    });
}

#[test]
fn fails_the_second_time() {
    build_and_execute(|| {
        let scene = three_against_one();
        assert_ok!(scene.reveal(0, success(1)));
        assert_noop!(scene.reveal(0, success(1)), Refusal::AlreadyRevealed);
    });
}

#[test]
fn fails_for_another_result_than_the_one_voted_for() {
    build_and_execute(|| {
        let scene = three_against_one();
        assert_noop!(scene.reveal(0, success(2)), Refusal::CommitmentMismatch);
        let other_trace = Answer {
            trace: H256::zero(),
            ..success(1)
        };
        assert_noop!(scene.reveal(0, other_trace), Refusal::CommitmentMismatch);
    });
}

#[test]
fn fails_for_a_copied_vote_which_then_loses() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_ok!(scene.contribute(0, success(1)));
        assert_ok!(scene.copy(1, success(1)));
        scene.let_reveals_pass();
        assert_ok!(scene.reveal(0, success(1)));
        // The result is known by now, but the seal was made before.
        assert_noop!(scene.reveal(1, success(1)), Refusal::SealMismatch);
        assert_ok!(scene.finalise());
        assert_eq!(bond_of(1), BOND - 300_000_000);
        assert_eq!(money_of(&owner(1)), WEALTH - BOND);
    });
}

#[test]
fn fails_for_a_vote_that_was_rejected() {
    build_and_execute(|| {
        let scene = terms().workers(5).deal();
        scene.votes(0..2, success(1)).let_reveals_pass();
        assert_ok!(scene.reopen());
        // The same answer wins again, by others.
        scene.votes(2..4, success(1));
        assert_noop!(scene.reveal(0, success(1)), Refusal::VoteRejected);
        scene.reveals(2..4, success(1));
        assert!(scene.task().has_ended());
        assert_eq!(money_of(&owner(0)), WEALTH - BOND);
    });
}

/// A vote locks a unit even where the pool asks for no stake: so its bond cannot get another key, and
/// leave the old one to be judged.
#[test]
fn no_vote_is_left_behind_by_its_bond() {
    build_and_execute(|| {
        let scene = terms().worker_stake_ratio(0).pool_price(2 * ERG).deal();
        scene.votes(0..2, success(1));
        let change =
            |proof| WorkerStaking::set_worker_key(signed(owner(0)), worker(0), worker(30), proof);
        let proof = possession(30, &owner(0));
        assert_noop!(
            change(proof.clone()),
            pallet_worker_staking::Error::<Test>::StakeLocked
        );
        scene.reveals(0..2, success(1));
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 990 * MILLI_ERG);
        assert_eq!(money_of(&owner(1)), WEALTH - BOND + 990 * MILLI_ERG);
        assert_ok!(change(proof));
        assert_eq!((score_of(0), score_of(30), score_of(1)), (0, 1, 1));
    });
}
