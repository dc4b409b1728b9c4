//! Contributions where the pool schedules: what an authorisation must be like.

use crate::{Error, mock::*};
use ergon_primitives::{DealId, Scheduling, TaskStatus};
use frame_support::{assert_noop, assert_ok};
use sp_core::{H256, Pair, ecdsa, ed25519};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{MultiSigner, traits::IdentifyAccount};

type Refusal = Error<Test>;

/// A deal of three tasks that the pool schedules.
fn scheduled() -> Scene {
    terms().authorised().volume(3).deal()
}

#[test]
fn lets_the_worker_contribute() {
    build_and_execute(|| {
        let scene = scheduled();
        assert_eq!(scene.deal.scheduling, Scheduling::Authorised);
        let authorisation = scene.grant(0).sign(AUTHORISER);
        assert_ok!(scene.contribute_with(0, success(1), Some(authorisation)));
        assert_eq!(scene.task().votes.len(), 1);
        assert_eq!(locked_of(0), scene.deal.worker_stake);
    });
}

#[test]
fn is_needed() {
    build_and_execute(|| {
        let scene = scheduled();
        assert_noop!(
            scene.contribute_with(0, success(1), None),
            Refusal::NotAuthorised
        );
    });
}

#[test]
fn is_ignored_where_every_member_may_race() {
    build_and_execute(|| {
        let scene = terms().deal();
        let worthless = scene.grant(3).valid_until(0).sign(Sr25519Keyring::Eve);
        assert_ok!(scene.contribute_with(0, success(1), Some(worthless)));
        assert_ok!(scene.contribute_with(1, success(1), None));
    });
}

#[test]
fn decides_as_the_deal_was_made() {
    build_and_execute(|| {
        let open = terms().deal();
        let scheduled = terms().authorised().deal();
        assert_ok!(open.contribute_with(0, success(1), None));
        let again_open = terms().deal();
        assert_noop!(
            scheduled.contribute_with(0, success(1), None),
            Refusal::NotAuthorised
        );
        assert_ok!(again_open.contribute_with(0, success(1), None));
    });
}

#[test]
fn holds_up_to_its_last_block() {
    build_and_execute(|| {
        let scene = scheduled();
        let last = System::block_number() + 5;
        let authorise = |number| Some(scene.grant(number).valid_until(last).sign(AUTHORISER));
        advance_to(last);
        assert_ok!(scene.contribute_with(0, success(1), authorise(0)));
        advance_to(last + 1);
        assert_noop!(
            scene.contribute_with(1, success(1), authorise(1)),
            Refusal::AuthorisationExpired
        );
    });
}

#[test]
fn covers_both_ends_of_its_range() {
    build_and_execute(|| {
        let scene = terms().authorised().volume(4).deal();
        let authorisation = scene.grant(0).range(1, 2).sign(AUTHORISER);
        let try_at = |index| {
            scene
                .at(index)
                .contribute_with(0, success(1), Some(authorisation.clone()))
        };
        assert_noop!(try_at(0), Refusal::NotAuthorised);
        assert_noop!(try_at(3), Refusal::NotAuthorised);
        assert_ok!(try_at(1));
        assert_ok!(try_at(2));
    });
}

#[test]
fn covers_nothing_with_its_ends_exchanged() {
    build_and_execute(|| {
        let scene = scheduled();
        let authorisation = scene.grant(0).range(1, 0).sign(AUTHORISER);
        assert_noop!(
            scene.contribute_with(0, success(1), Some(authorisation)),
            Refusal::NotAuthorised
        );
    });
}

#[test]
fn gives_one_vote_a_task_however_often_it_is_used() {
    build_and_execute(|| {
        let scene = scheduled();
        let authorisation = scene.grant(0).range(0, 2).sign(AUTHORISER);
        assert_ok!(scene.contribute_with(0, success(1), Some(authorisation.clone())));
        assert_noop!(
            scene.contribute_with(0, success(1), Some(authorisation)),
            Refusal::AlreadyContributed
        );
    });
}

#[test]
fn of_another_chain_is_refused() {
    build_and_execute(|| {
        let scene = scheduled();
        let mut grant = scene.grant(0);
        grant.genesis = H256::repeat_byte(1);
        assert_noop!(
            scene.contribute_with(0, success(1), Some(grant.sign(AUTHORISER))),
            Refusal::NotAuthorised
        );
    });
}

#[test]
fn of_another_worker_is_refused() {
    build_and_execute(|| {
        let scene = scheduled();
        let others = scene.grant(1).sign(AUTHORISER);
        assert_noop!(
            scene.contribute_with(0, success(1), Some(others)),
            Refusal::NotAuthorised
        );
    });
}

#[test]
fn of_another_deal_is_refused() {
    build_and_execute(|| {
        let (one, other) = (scheduled(), scheduled());
        let authorisation = one.grant(0).sign(AUTHORISER);
        assert_noop!(
            other.contribute_with(0, success(1), Some(authorisation)),
            Refusal::NotAuthorised
        );
        let mut grant = one.grant(0);
        grant.deal = DealId(H256::zero());
        assert_noop!(
            one.contribute_with(0, success(1), Some(grant.sign(AUTHORISER))),
            Refusal::NotAuthorised
        );
    });
}

/// Range and end are under the signature.
#[test]
fn that_somebody_widened_is_refused() {
    build_and_execute(|| {
        let scene = scheduled();
        let mut wider = scene.grant(0).range(1, 2).sign(AUTHORISER);
        wider.first = 0;
        assert_noop!(
            scene.contribute_with(0, success(1), Some(wider)),
            Refusal::NotAuthorised
        );
        let mut longer = scene.grant(0).sign(AUTHORISER);
        longer.valid_until += 1;
        assert_noop!(
            scene.contribute_with(0, success(1), Some(longer)),
            Refusal::NotAuthorised
        );
    });
}

#[test]
fn by_anybody_else_is_refused() {
    build_and_execute(|| {
        let scene = scheduled();
        // Not even the pool's owner signs for it.
        for signer in [Sr25519Keyring::Bob, Sr25519Keyring::Ferdie] {
            let authorisation = scene.grant(0).sign(signer);
            assert_noop!(
                scene.contribute_with(0, success(1), Some(authorisation)),
                Refusal::NotAuthorised
            );
        }
    });
}

#[test]
fn of_a_replaced_authoriser_is_worthless_at_once() {
    build_and_execute(|| {
        let scene = scheduled();
        let sign = |number, signer| Some(scene.grant(number).sign(signer));
        assert_ok!(scene.contribute_with(0, success(1), sign(0, AUTHORISER)));

        replace_authoriser(Sr25519Keyring::Ferdie.to_account_id());
        assert_noop!(
            scene.contribute_with(1, success(1), sign(1, AUTHORISER)),
            Refusal::NotAuthorised
        );
        assert_ok!(scene.contribute_with(1, success(1), sign(1, Sr25519Keyring::Ferdie)));
        // What was contributed before counts.
        scene.reveals(0..2, success(1));
        assert!(scene.task().has_ended());
    });
}

#[test]
fn can_be_signed_with_any_kind_of_key() {
    build_and_execute(|| {
        let scene = scheduled();

        let key = ed25519::Pair::from_seed(&[7; 32]);
        replace_authoriser(MultiSigner::from(key.public()).into_account());
        let grant = scene.grant(0);
        let signature = key.sign(grant.message().as_bytes());
        let authorisation = grant.signed_with(signature.into());
        assert_ok!(scene.contribute_with(0, success(1), Some(authorisation)));

        let key = ecdsa::Pair::from_seed(&[7; 32]);
        replace_authoriser(MultiSigner::from(key.public()).into_account());
        let grant = scene.grant(1);
        let signature = key.sign(grant.message().as_bytes());
        let authorisation = grant.signed_with(signature.into());
        assert_ok!(scene.contribute_with(1, success(1), Some(authorisation)));
    });
}

#[test]
fn makes_no_member_of_the_pool() {
    build_and_execute(|| {
        let scene = scheduled();
        let authorisation = scene.grant(30).sign(AUTHORISER);
        assert_noop!(
            scene.contribute_with(30, success(1), Some(authorisation)),
            Refusal::NoBond
        );
        assert_ok!(WorkerStaking::leave(signed(owner(0)), worker(0)));
        let authorisation = scene.grant(0).sign(AUTHORISER);
        assert_noop!(
            scene.contribute_with(0, success(1), Some(authorisation)),
            Refusal::NotAMember
        );
    });
}

#[test]
fn is_what_counts_in_a_public_pool() {
    build_and_execute(|| {
        // Nobody has to be on a list to join.
        let early = terms().public().authorised().trust(1).deal();
        hire(STRANGER);
        let authorisation = early.grant(STRANGER).sign(AUTHORISER);
        assert_noop!(
            early.contribute_with(STRANGER, success(1), Some(authorisation)),
            Refusal::JoinedTooLate
        );

        let scene = terms().public().authorised().trust(1).deal();
        assert_noop!(
            scene.contribute_with(STRANGER, success(1), None),
            Refusal::NotAuthorised
        );
        let authorisation = scene.grant(STRANGER).sign(AUTHORISER);
        assert_ok!(scene.contribute_with(STRANGER, success(1), Some(authorisation)));
        assert!(matches!(scene.task().status, TaskStatus::Revealing { .. }));
        scene.reveals([STRANGER], success(1));
        assert_eq!(money_of(&owner(STRANGER)), WEALTH - BOND + 990_000_000);
    });
}
