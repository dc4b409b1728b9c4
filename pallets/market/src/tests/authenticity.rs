//! Whose word an order is.

use crate::{Deals, Error, mock::*};
use ergon_primitives::{Order, OrderId, Signature, order_text};
use frame_support::{assert_noop, assert_ok};
use sp_core::{H256, Pair, ecdsa, ed25519};
use sp_runtime::{AccountId32, MultiSigner, traits::IdentifyAccount};

/// Makes an account the owner of all that is on offer and the requester, lets it sign by `sign`,
/// and returns the orders.
fn all_of(account: &AccountId32, sign: impl Fn(&[u8]) -> Signature) -> SignedDrafts {
    world(|world| {
        world.apps.insert(APP, account.clone());
        world.datasets.insert(DATASET, account.clone());
        world.pools.get_mut(&POOL).unwrap().owner = account.clone();
    });
    let mut drafts = dataset_drafts();
    drafts.request.requester = account.clone();
    drafts.request.payer = account.clone();
    let (ids, mut all) = (drafts.ids(), drafts.unsigned());
    let signed = |id: OrderId| Some(sign(order_text(id).as_bytes()));
    all.app.signature = signed(ids.app);
    all.dataset.as_mut().unwrap().signature = ids.dataset.and_then(signed);
    all.pool.signature = signed(ids.pool);
    all.request.signature = signed(ids.request);
    all
}

#[test]
fn sr25519_signatures_count() {
    build_and_execute(|| {
        let account = STRANGER.to_account_id();
        let all = all_of(&account, |text| STRANGER.sign(text).into());
        assert_ok!(all.matched_by(ANYONE));
    });
}

#[test]
fn ed25519_signatures_count() {
    build_and_execute(|| {
        let pair = ed25519::Pair::from_seed(&[7; 32]);
        let all = all_of(&pair.public().into(), |text| pair.sign(text).into());
        assert_ok!(all.matched_by(ANYONE));
    });
}

#[test]
fn ecdsa_signatures_count() {
    build_and_execute(|| {
        let pair = ecdsa::Pair::from_seed(&[7; 32]);
        let account = MultiSigner::from(pair.public()).into_account();
        let all = all_of(&account, |text| pair.sign(text).into());
        assert_ok!(all.matched_by(ANYONE));
    });
}

#[test]
fn a_signature_of_one_kind_is_none_of_another() {
    build_and_execute(|| {
        let pair = ed25519::Pair::from_seed(&[7; 32]);
        let all = all_of(&pair.public().into(), |text| {
            let signature = pair.sign(text);
            Signature::Sr25519(sp_core::sr25519::Signature::from_raw(signature.0))
        });
        assert_noop!(all.matched_by(ANYONE), Error::<Test>::AppOrderNotAuthentic);
    });
}

type Change = fn(&mut SignedDrafts, Option<Signature>);

/// How to change an order's signature, its id, and what the call answers when nobody stands behind
/// it.
const ORDERS: [(Change, fn(&Drafts) -> OrderId, Error<Test>); 4] = [
    (
        |all, signature| all.app.signature = signature,
        |drafts| drafts.ids().app,
        Error::AppOrderNotAuthentic,
    ),
    (
        |all, signature| all.dataset.as_mut().unwrap().signature = signature,
        |drafts| drafts.ids().dataset.unwrap(),
        Error::DatasetOrderNotAuthentic,
    ),
    (
        |all, signature| all.pool.signature = signature,
        |drafts| drafts.ids().pool,
        Error::PoolOrderNotAuthentic,
    ),
    (
        |all, signature| all.request.signature = signature,
        |drafts| drafts.ids().request,
        Error::RequestOrderNotAuthentic,
    ),
];

/// The call answers for each order that a signature made from its id does not count.
fn refused_with(sign: impl Fn(OrderId) -> Option<Signature>) {
    for (change, id, error) in ORDERS {
        build_and_execute(|| {
            let drafts = dataset_drafts();
            let mut all = drafts.signed();
            change(&mut all, sign(id(&drafts)));
            assert_noop!(all.matched_by(ANYONE), error);
        });
    }
}

#[test]
fn signatures_of_others_do_not_count() {
    refused_with(|id| Some(signature(STRANGER, id)));
}

#[test]
fn orders_without_word_do_not_count() {
    refused_with(|_| None);
}

#[test]
fn signatures_of_another_order_do_not_count() {
    for who in [APP_OWNER, DATASET_OWNER, OPERATOR, REQUESTER] {
        refused_with(|_| Some(signature(who, OrderId(H256::zero()))));
    }
}

/// The raw 32 bytes of a hash are also the form of a long transaction.
#[test]
fn signatures_of_the_bare_hash_do_not_count() {
    for who in [APP_OWNER, DATASET_OWNER, OPERATOR, REQUESTER] {
        refused_with(|id| Some(who.sign(id.0.as_bytes()).into()));
    }
}

#[test]
fn signatures_of_the_text_without_its_frame_do_not_count() {
    for who in [APP_OWNER, DATASET_OWNER, OPERATOR, REQUESTER] {
        refused_with(|id| {
            let framed = order_text(id);
            let bare = framed
                .strip_prefix("<Bytes>")
                .and_then(|text| text.strip_suffix("</Bytes>"));
            Some(who.sign(bare.unwrap().as_bytes()).into())
        });
    }
}

#[test]
fn a_signature_covers_every_part_of_the_order() {
    build_and_execute(|| {
        let mut all = drafts().signed();
        all.pool.order.price -= 1;
        assert_noop!(all.matched_by(ANYONE), Error::<Test>::PoolOrderNotAuthentic);

        let mut all = drafts().signed();
        all.request.order.payer = ANYONE.to_account_id();
        assert_noop!(
            all.matched_by(ANYONE),
            Error::<Test>::RequestOrderNotAuthentic
        );
    });
}

#[test]
fn signatures_for_another_chain_do_not_count() {
    build_and_execute(|| {
        let other_genesis = H256::repeat_byte(1);
        let mut all = drafts().signed();
        let foreign = Order::from(drafts().app).id(other_genesis);
        all.app.signature = Some(signature(APP_OWNER, foreign));
        assert_noop!(all.matched_by(ANYONE), Error::<Test>::AppOrderNotAuthentic);
    });
}

#[test]
fn publications_need_no_signature() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        assert_ok!(drafts.publish_all());
        assert_ok!(drafts.unsigned().matched_by(ANYONE));
    });
}

#[test]
fn a_wrong_signature_does_not_spoil_a_publication() {
    build_and_execute(|| {
        let drafts = drafts();
        assert_ok!(publish(APP_OWNER, drafts.app.clone()));
        let mut all = drafts.signed();
        all.app.signature = Some(signature(STRANGER, drafts.ids().app));
        assert_ok!(all.matched_by(ANYONE));
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

        let mut all = drafts.signed();
        all.app.signature = Some(signature(STRANGER, drafts.ids().app));
        assert_ok!(all.matched_by(ANYONE));
        assert_eq!(
            Deals::<Test>::get(drafts.deal_id(0)).map(|deal| deal.app_owner),
            Some(STRANGER.to_account_id())
        );
    });
}

#[test]
fn owners_that_change_between_signing_and_matching() {
    let transfers: [(fn(&mut World), Error<Test>); 3] = [
        (
            |world| {
                world.apps.insert(APP, STRANGER.to_account_id());
            },
            Error::AppOrderNotAuthentic,
        ),
        (
            |world| {
                world.datasets.insert(DATASET, STRANGER.to_account_id());
            },
            Error::DatasetOrderNotAuthentic,
        ),
        (
            |world| world.pools.get_mut(&POOL).unwrap().owner = STRANGER.to_account_id(),
            Error::PoolOrderNotAuthentic,
        ),
    ];
    for (transfer, error) in transfers {
        build_and_execute(|| {
            let all = dataset_drafts().signed();
            world(transfer);
            assert_noop!(all.matched_by(ANYONE), error);
        });
    }
}

#[test]
fn the_word_of_a_new_owner_counts() {
    build_and_execute(|| {
        let drafts = dataset_drafts();
        world(|world| world.datasets.insert(DATASET, STRANGER.to_account_id()));
        let mut all = drafts.signed();
        let id = drafts.ids().dataset.unwrap();
        all.dataset.as_mut().unwrap().signature = Some(signature(STRANGER, id));
        assert_ok!(all.matched_by(ANYONE));
        let deal = Deals::<Test>::get(drafts.deal_id(0)).unwrap();
        let owner = deal.dataset.map(|dataset| dataset.owner);
        assert_eq!(owner, Some(STRANGER.to_account_id()));
    });
}

#[test]
fn the_requester_itself_needs_no_signature() {
    build_and_execute(|| {
        let mut all = drafts().signed();
        all.request.signature = None;
        assert_ok!(all.matched_by(REQUESTER));
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
