//! Workers that the pool does not want in a deal any more.

use crate::{Error, MAX_REVOKED, Revocations, Revoked, mock::*};
use ergon_primitives::{AccountId, DealId};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_keyring::Sr25519Keyring;

type Event = crate::Event<Test>;
type Refusal = Error<Test>;

fn scheduled() -> Scene {
    terms().authorised().volume(2).deal()
}

#[test]
fn ends_every_authorisation_of_the_worker_for_the_deal() {
    build_and_execute(|| {
        let scene = scheduled();
        let before = scene.grant(0).range(0, 1).sign(AUTHORISER);
        assert_ok!(scene.revoke(0));
        let revoked = Event::WorkerRevoked {
            deal: scene.id,
            worker: worker(0),
        };
        assert_eq!(events(), [revoked]);
        assert_noop!(
            scene.contribute_with(0, success(1), Some(before)),
            Refusal::AuthorisationRevoked
        );
        advance(1);
        let after = scene.grant(0).sign(AUTHORISER);
        assert_noop!(
            scene.contribute_with(0, success(1), Some(after)),
            Refusal::AuthorisationRevoked
        );
    });
}

#[test]
fn touches_no_other_worker_and_no_other_deal() {
    build_and_execute(|| {
        let (scene, other) = (scheduled(), scheduled());
        assert_ok!(scene.revoke(0));
        assert_ok!(scene.contribute(1, success(1)));
        assert_ok!(other.contribute(0, success(1)));
        assert!(Revoked::<Test>::contains_key(scene.id, worker(0)));
        assert_eq!(
            (
                Revocations::<Test>::get(scene.id),
                Revocations::<Test>::get(other.id)
            ),
            (1, 0)
        );
    });
}

#[test]
fn leaves_what_was_contributed_before() {
    build_and_execute(|| {
        let scene = scheduled();
        assert_ok!(scene.contribute(0, success(1)));
        assert_ok!(scene.revoke(0));
        assert_ok!(scene.contribute(1, success(1)));
        scene.reveals(0..2, success(1));
        assert!(scene.task().has_ended());
        assert_eq!(money_of(&owner(0)), WEALTH - BOND + 495_000_000);
        assert_noop!(
            scene.at(1).contribute(0, success(1)),
            Refusal::AuthorisationRevoked
        );
    });
}

#[test]
fn is_for_the_authoriser_and_the_owner_of_the_pool() {
    build_and_execute(|| {
        let scene = scheduled();
        for stranger in [ANYONE, requester(), worker(0), owner(0)] {
            assert_noop!(
                Poco::revoke(signed(stranger), scene.id, worker(0)),
                Refusal::NotTheAuthoriser
            );
        }
        assert_ok!(Poco::revoke(signed(operator()), scene.id, worker(0)));
        let authoriser = AUTHORISER.to_account_id();
        assert_ok!(Poco::revoke(signed(authoriser), scene.id, worker(1)));
    });
}

#[test]
fn is_for_the_authoriser_of_this_block() {
    build_and_execute(|| {
        let scene = scheduled();
        let successor = Sr25519Keyring::Ferdie.to_account_id();
        assert_noop!(
            Poco::revoke(signed(successor.clone()), scene.id, worker(0)),
            Refusal::NotTheAuthoriser
        );
        replace_authoriser(successor.clone());
        assert_noop!(scene.revoke(0), Refusal::NotTheAuthoriser);
        assert_ok!(Poco::revoke(signed(successor), scene.id, worker(0)));
    });
}

#[test]
fn can_name_a_key_that_has_not_joined_yet() {
    build_and_execute(|| {
        let scene = scheduled();
        assert_ok!(scene.revoke(30));
        assert!(Revoked::<Test>::contains_key(scene.id, worker(30)));
    });
}

#[test]
fn fails_the_second_time() {
    build_and_execute(|| {
        let scene = scheduled();
        assert_ok!(scene.revoke(0));
        assert_noop!(scene.revoke(0), Refusal::AlreadyRevoked);
    });
}

#[test]
fn fails_where_every_member_may_race() {
    build_and_execute(|| {
        let scene = terms().deal();
        assert_noop!(scene.revoke(0), Refusal::OpenToAllMembers);
    });
}

#[test]
fn fails_for_more_than_a_deal_can_remember() {
    build_and_execute(|| {
        let scene = scheduled();
        let key = |number: u32| AccountId::new(H256::from_low_u64_be(number.into()).0);
        let revoke = |number| Poco::revoke(signed(operator()), scene.id, key(number));
        for number in 0..MAX_REVOKED {
            assert_ok!(revoke(number));
        }
        assert_noop!(revoke(MAX_REVOKED), Refusal::TooManyRevoked);
        assert_noop!(revoke(0), Refusal::AlreadyRevoked);
    });
}

#[test]
fn fails_once_the_deal_has_ended() {
    build_and_execute(|| {
        let scene = terms().authorised().deal();
        scene.votes(0..2, success(1)).reveals(0..2, success(1));
        assert_noop!(scene.revoke(2), Refusal::DealEnded);
    });
}

#[test]
fn fails_for_an_unknown_deal() {
    build_and_execute(|| {
        let mut scene = scheduled();
        scene.id = DealId(H256::zero());
        assert_noop!(scene.revoke(0), Refusal::NoSuchDeal);
    });
}
