//! Whose word an order is.

use crate::{Deals, Error, mock::*};
use ergon_primitives::{OrderId, Signature, order_text};
use frame_support::{assert_noop, assert_ok};
use sp_core::{H256, Pair, ecdsa, ed25519};
use sp_runtime::{AccountId32, MultiSigner, traits::IdentifyAccount};

/// Makes an account the requester, lets it sign by `sign`, and matches.
fn request_of(account: AccountId32, sign: impl FnOnce(&[u8]) -> Signature) -> Trio {
    let drafts = drafts_with(|drafts| {
        drafts.request.requester = account.clone();
        drafts.request.payer = account;
    });
    let mut trio = drafts.signed();
    trio.request.signature = Some(sign(order_text(drafts.ids().request).as_bytes()));
    trio
}

#[test]
fn sr25519_signatures_count() {
    build_and_execute(|| {
        assert_ok!(drafts().matched_by(ANYONE));
    });
}

#[test]
fn ed25519_signatures_count() {
    build_and_execute(|| {
        let pair = ed25519::Pair::from_seed(&[7; 32]);
        let trio = request_of(pair.public().into(), |text| pair.sign(text).into());
        assert_ok!(trio.matched_by(ANYONE));
    });
}

#[test]
fn ecdsa_signatures_count() {
    build_and_execute(|| {
        let pair = ecdsa::Pair::from_seed(&[7; 32]);
        let account = MultiSigner::from(pair.public()).into_account();
        let trio = request_of(account, |text| pair.sign(text).into());
        assert_ok!(trio.matched_by(ANYONE));
    });
}

#[test]
fn signatures_of_others_do_not_count() {
    build_and_execute(|| {
        let (drafts, ids) = (drafts(), drafts().ids());
        let mut trio = drafts.signed();
        trio.app.signature = Some(signature(OPERATOR, ids.app));
        assert_noop!(trio.matched_by(ANYONE), Error::<Test>::AppOrderNotAuthentic);

        let mut trio = drafts.signed();
        trio.pool.signature = Some(signature(APP_OWNER, ids.pool));
        assert_noop!(
            trio.matched_by(ANYONE),
            Error::<Test>::PoolOrderNotAuthentic
        );

        let mut trio = drafts.signed();
        trio.request.signature = Some(signature(ANYONE, ids.request));
        assert_noop!(
            trio.matched_by(ANYONE),
            Error::<Test>::RequestOrderNotAuthentic
        );
    });
}

#[test]
fn orders_without_word_do_not_count() {
    build_and_execute(|| {
        let mut trio = drafts().signed();
        trio.app.signature = None;
        assert_noop!(trio.matched_by(ANYONE), Error::<Test>::AppOrderNotAuthentic);

        let mut trio = drafts().signed();
        trio.pool.signature = None;
        assert_noop!(
            trio.matched_by(ANYONE),
            Error::<Test>::PoolOrderNotAuthentic
        );

        let mut trio = drafts().signed();
        trio.request.signature = None;
        assert_noop!(
            trio.matched_by(ANYONE),
            Error::<Test>::RequestOrderNotAuthentic
        );
    });
}

#[test]
fn a_signature_covers_every_part_of_the_order() {
    build_and_execute(|| {
        let mut trio = drafts().signed();
        trio.pool.order.price -= 1;
        assert_noop!(
            trio.matched_by(ANYONE),
            Error::<Test>::PoolOrderNotAuthentic
        );

        let mut trio = drafts().signed();
        trio.request.order.payer = ANYONE.to_account_id();
        assert_noop!(
            trio.matched_by(ANYONE),
            Error::<Test>::RequestOrderNotAuthentic
        );
    });
}

#[test]
fn signatures_for_another_chain_do_not_count() {
    build_and_execute(|| {
        let other_genesis = H256::repeat_byte(1);
        let mut trio = drafts().signed();
        let foreign: OrderId = ergon_primitives::Order::from(drafts().app).id(other_genesis);
        trio.app.signature = Some(signature(APP_OWNER, foreign));
        assert_noop!(trio.matched_by(ANYONE), Error::<Test>::AppOrderNotAuthentic);
    });
}

#[test]
fn a_signature_of_the_bare_hash_does_not_count() {
    build_and_execute(|| {
        let mut trio = drafts().signed();
        let id = drafts().ids().app;
        trio.app.signature = Some(APP_OWNER.sign(id.0.as_bytes()).into());
        assert_noop!(trio.matched_by(ANYONE), Error::<Test>::AppOrderNotAuthentic);
    });
}

#[test]
fn publications_need_no_signature() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        assert_ok!(publish(OPERATOR, drafts.pool.clone()));
        assert_ok!(publish(REQUESTER, drafts.request.clone()));
        assert_ok!(drafts.unsigned().matched_by(ANYONE));
    });
}

#[test]
fn a_wrong_signature_does_not_spoil_a_publication() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        let mut trio = drafts.signed();
        trio.app.signature = Some(signature(STRANGER, drafts.ids().app));
        assert_ok!(trio.matched_by(ANYONE));
    });
}

#[test]
fn the_word_of_a_former_owner_does_not_count() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        world(|world| world.apps.insert(APP, STRANGER.to_account_id()));
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::AppOrderNotAuthentic
        );

        let mut trio = drafts.signed();
        trio.app.signature = Some(signature(STRANGER, drafts.ids().app));
        assert_ok!(trio.matched_by(ANYONE));
        assert_eq!(
            Deals::<Test>::get(drafts.deal_id(0)).map(|deal| deal.app_owner),
            Some(STRANGER.to_account_id())
        );
    });
}

#[test]
fn the_requester_itself_needs_no_signature() {
    build_and_execute(|| {
        let mut trio = drafts().signed();
        trio.request.signature = None;
        assert_ok!(trio.matched_by(REQUESTER));
    });
}

#[test]
fn a_named_matcher_is_the_only_one() {
    let drafts = drafts_with(|drafts| drafts.request.matcher = Some(ANYONE.to_account_id()));
    build_and_execute(|| {
        assert_noop!(drafts.matched_by(REQUESTER), Error::<Test>::NotTheMatcher);
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn a_sponsor_pays_only_by_matching_itself() {
    build_and_execute(|| {
        let drafts = drafts_with(|drafts| drafts.request.payer = SPONSOR.to_account_id());
        assert_noop!(drafts.matched_by(ANYONE), Error::<Test>::PayerDidNotConsent);
        assert_noop!(
            drafts.matched_by(REQUESTER),
            Error::<Test>::PayerDidNotConsent
        );
        assert_ok!(drafts.matched_by(SPONSOR));
        world(|world| assert_eq!(world.funded[0].1.payer, SPONSOR.to_account_id()));
    });
}
