//! What the accused might try: no call of its own delays judgement or gets money past it.

use crate::{Error, mock::*, wallet_account};
use ergon_primitives::{ERG, HubPhase, PoolId, traits::Hubs};
use frame_support::{assert_noop, assert_ok};

fn is_matchable(pool: PoolId) -> bool {
    <HubWallet as Hubs>::is_matchable(pool)
}

/// Alice's hub, suspected by referendum in block 1, with [`POOL`] bound to it.
fn accused_with_pool() {
    registered();
    give_pool(POOL, &ALICE);
    assert_ok!(HubWallet::bind_pool(signed(ALICE), POOL));
    assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
}

#[test]
fn a_second_hub() {
    build_and_execute(|| {
        suspected();
        assert_noop!(
            HubWallet::create(signed(ALICE), record("another")),
            Error::<Test>::AlreadyCreated
        );
        advance_by(BAN_PERIOD);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        assert_noop!(
            HubWallet::create(signed(ALICE), record("another")),
            Error::<Test>::Barred
        );
        assert_noop!(
            HubWallet::register(signed(ALICE)),
            Error::<Test>::WrongPhase
        );
    });
}

#[test]
fn money_by_any_call_of_the_owner() {
    build_and_execute(|| {
        suspected();
        for refused in [
            HubWallet::withdraw(signed(ALICE)),
            HubWallet::payday(signed(ALICE)),
            HubWallet::settle(signed(ALICE)),
            HubWallet::pay(signed(ALICE), PAYEE, ERG),
            HubWallet::update_record(signed(ALICE), record("innocent")),
        ] {
            assert_eq!(refused, Err(Error::<Test>::WrongPhase.into()));
        }
        let early = Error::<Test>::TooEarly;
        assert_noop!(HubWallet::rehabilitate(signed(ALICE), ALICE), early);
        assert_eq!(wallet(), FUNDS);
    });
}

#[test]
fn paying_a_friend_at_the_last_moment() {
    build_and_execute(|| {
        registered();
        // The whole wallet to a friend, one block too late to mature before the suspicion.
        pay(FUNDS - FREEZE);
        let friends = (FUNDS - FREEZE) * 7 / 10;
        advance_to(MATURITY);
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        advance_by(BAN_PERIOD);
        assert_noop!(
            HubWallet::pull(signed(PAYEE), ALICE),
            Error::<Test>::NothingMatured
        );
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        assert_noop!(
            HubWallet::pull(signed(PAYEE), ALICE),
            Error::<Test>::NothingMatured
        );
        assert_eq!((quarantined(), wallet()), (FUNDS - friends, friends));
        assert_ok!(HubWallet::forfeit(signed(BOB), ALICE, PAYEE));
        assert_ok!(HubWallet::sweep(signed(BOB), ALICE));
        assert_eq!((quarantined(), wallet()), (FUNDS, 0));
    });
}

#[test]
fn leaving_before_the_suspicion() {
    for arrange in [leaving, idle] {
        build_and_execute(|| {
            arrange();
            assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
            advance_by(WAITING_PERIOD);
            assert_noop!(HubWallet::settle(signed(ALICE)), Error::<Test>::WrongPhase);
            assert_noop!(
                HubWallet::withdraw(signed(ALICE)),
                Error::<Test>::WrongPhase
            );
        });
    }
}

#[test]
fn giving_the_pool_to_a_friend() {
    build_and_execute(|| {
        accused_with_pool();
        give_pool(POOL, &BOB);
        assert!(!is_matchable(POOL));
        assert_eq!(
            <HubWallet as Hubs>::wallet(POOL, &ALICE),
            Some(wallet_account(&ALICE))
        );
        for who in [ALICE, PAYEE] {
            assert_noop!(
                HubWallet::unbind_pool(signed(who), POOL),
                Error::<Test>::NotPoolOwner
            );
        }
        assert_noop!(
            HubWallet::unbind_pool(signed(BOB), POOL),
            Error::<Test>::WrongPhase
        );
        // Nor can the friend bind it to a hub of its own.
        assert_ok!(HubWallet::create(signed(BOB), record("friend")));
        fund(&BOB, 10 * ERG);
        assert_ok!(HubWallet::register(signed(BOB)));
        assert_noop!(
            HubWallet::bind_pool(signed(BOB), POOL),
            Error::<Test>::AlreadyBound
        );
        // When judgement is done, the buyer is free.
        advance_by(BAN_PERIOD);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        assert!(!is_matchable(POOL));
        assert_ok!(HubWallet::unbind_pool(signed(BOB), POOL));
        assert!(is_matchable(POOL));
    });
}

#[test]
fn unbinding_or_renewing_the_pool() {
    build_and_execute(|| {
        accused_with_pool();
        assert_noop!(
            HubWallet::unbind_pool(signed(ALICE), POOL),
            Error::<Test>::WrongPhase
        );
        // A new pool of the accused cannot be matched either.
        give_pool(OTHER_POOL, &ALICE);
        assert!(!is_matchable(OTHER_POOL));
        // Removing the pool does not cut the binding, so that its id comes back bound.
        remove_pool(POOL);
        assert_noop!(
            HubWallet::unbind_pool(signed(ALICE), POOL),
            Error::<Test>::WrongPhase
        );
        advance_by(BAN_PERIOD);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        give_pool(POOL, &ALICE);
        assert_noop!(
            HubWallet::unbind_pool(signed(ALICE), POOL),
            Error::<Test>::Barred
        );
        assert!(!is_matchable(POOL) && !is_matchable(OTHER_POOL));
    });
}

#[test]
fn leaving_does_not_set_the_pool_free() {
    build_and_execute(|| {
        registered();
        give_pool(POOL, &ALICE);
        assert_ok!(HubWallet::bind_pool(signed(ALICE), POOL));
        advance_by(PAYOUT_PERIOD);
        assert_ok!(HubWallet::payday(signed(ALICE)));
        assert_noop!(
            HubWallet::unbind_pool(signed(ALICE), POOL),
            Error::<Test>::WrongPhase
        );
        assert!(!is_matchable(POOL));
        advance_by(WAITING_PERIOD);
        assert_ok!(HubWallet::settle(signed(ALICE)));
        assert_ok!(HubWallet::unbind_pool(signed(ALICE), POOL));
        assert!(is_matchable(POOL));
    });
}

#[test]
fn a_seller_that_never_settles_does_not_keep_the_pool() {
    build_and_execute(|| {
        registered();
        give_pool(POOL, &ALICE);
        assert_ok!(HubWallet::bind_pool(signed(ALICE), POOL));
        advance_by(PAYOUT_PERIOD);
        give_pool(POOL, &BOB);
        assert_ok!(HubWallet::payday(signed(ALICE)));
        advance_by(WAITING_PERIOD - 1);
        assert_noop!(
            HubWallet::unbind_pool(signed(BOB), POOL),
            Error::<Test>::WrongPhase
        );
        advance_by(1);
        assert_ok!(HubWallet::unbind_pool(signed(BOB), POOL));
        assert!(is_matchable(POOL));
    });
}

#[test]
fn waiting_for_the_lapse_of_what_voters_have_confirmed() {
    build_and_execute(|| {
        registered();
        assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
        advance_to(LAPSE_PERIOD);
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        advance_to(1 + LAPSE_PERIOD);
        assert_noop!(
            HubWallet::rehabilitate(signed(ALICE), ALICE),
            Error::<Test>::TooEarly
        );
    });
}

#[test]
fn a_late_referendum_is_not_raced_by_the_lapse() {
    build_and_execute(|| {
        registered();
        assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
        advance_to(1 + LAPSE_PERIOD);
        // Nobody has ended the lapsed suspicion: the referendum needs no gap in which the hub is
        // idle.
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        assert_eq!(
            phase(),
            HubPhase::Suspected {
                since: 1 + LAPSE_PERIOD
            }
        );
        assert_noop!(
            HubWallet::withdraw(signed(ALICE)),
            Error::<Test>::WrongPhase
        );
    });
}

#[test]
fn the_judges_gain_nothing_at_once() {
    build_and_execute(|| {
        suspected();
        advance_by(BAN_PERIOD);
        let before = free(&TREASURY);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        advance_by(QUARANTINE_PERIOD - 1);
        for origin in [signed(BOB), signed(TREASURY), collective()] {
            assert_noop!(
                HubWallet::release_quarantine(origin, 0),
                Error::<Test>::TooEarly
            );
        }
        assert_eq!((free(&TREASURY), quarantined()), (before, FUNDS));
    });
}
