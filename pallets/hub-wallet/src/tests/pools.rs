//! Binding of pools, and what others see of it.

use crate::{Bindings, Error, Event, HoldReason, mock::*, wallet_account};
use ergon_primitives::{PoolId, traits::Hubs};
use frame_support::{assert_noop, assert_ok, traits::fungible::MutateHold};

fn is_matchable(pool: PoolId) -> bool {
    <HubWallet as Hubs>::is_matchable(pool)
}

/// Alice's registered hub with [`POOL`] bound to it.
fn bound() {
    registered();
    give_pool(POOL, &ALICE);
    assert_ok!(HubWallet::bind_pool(signed(ALICE), POOL));
}

#[test]
fn a_bound_pools_earnings_flow_into_the_wallet() {
    build_and_execute(|| {
        assert_eq!(<HubWallet as Hubs>::wallet(POOL, &ALICE), None);
        bound();
        System::assert_last_event(
            Event::PoolBound {
                pool: POOL,
                owner: ALICE,
            }
            .into(),
        );
        let wallet = Some(wallet_account(&ALICE));
        assert_eq!(<HubWallet as Hubs>::wallet(POOL, &ALICE), wallet);
        assert!(is_matchable(POOL));
        // Tasks that run settle into it whatever becomes of the hub.
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        assert_eq!(<HubWallet as Hubs>::wallet(POOL, &ALICE), wallet);
    });
}

#[test]
fn a_hub_earns_only_from_its_own_deals() {
    build_and_execute(|| {
        // Bob's deals still run when Alice, who has bought the pool, binds it.
        bound();
        assert_eq!(<HubWallet as Hubs>::wallet(POOL, &BOB), None);
        // A pool that was sold under its binding earns for nobody until it is unbound.
        give_pool(POOL, &BOB);
        assert!(!is_matchable(POOL));
        assert_ok!(HubWallet::unbind_pool(signed(BOB), POOL));
        assert!(is_matchable(POOL));
        assert_eq!(<HubWallet as Hubs>::wallet(POOL, &ALICE), None);
    });
}

#[test]
fn a_hold_that_outlives_its_deposit_is_found() {
    for reason in [HoldReason::Approval, HoldReason::Binding] {
        new_test_ext().execute_with(|| {
            registered();
            assert_ok!(HubWallet::do_try_state());
            assert_ok!(Balances::hold(&reason.into(), &ALICE, FREEZE));
            assert!(HubWallet::do_try_state().is_err());
        });
    }
}

#[test]
fn a_binding_takes_a_deposit_and_returns_it() {
    build_and_execute(|| {
        bound();
        assert!(on_hold(HoldReason::Binding, &ALICE) > 0);
        assert_ok!(HubWallet::unbind_pool(signed(ALICE), POOL));
        System::assert_last_event(
            Event::PoolUnbound {
                pool: POOL,
                owner: ALICE,
            }
            .into(),
        );
        assert_eq!(on_hold(HoldReason::Binding, &ALICE), 0);
        assert_eq!(<HubWallet as Hubs>::wallet(POOL, &ALICE), None);
        assert_noop!(
            HubWallet::unbind_pool(signed(ALICE), POOL),
            Error::<Test>::NotBound
        );
    });
}

#[test]
fn only_a_hub_owners_own_pool_is_bound() {
    build_and_execute(|| {
        registered();
        assert_noop!(
            HubWallet::bind_pool(signed(ALICE), POOL),
            Error::<Test>::NoSuchPool
        );
        give_pool(POOL, &BOB);
        assert_noop!(
            HubWallet::bind_pool(signed(ALICE), POOL),
            Error::<Test>::NotPoolOwner
        );
        assert_noop!(
            HubWallet::bind_pool(signed(BOB), POOL),
            Error::<Test>::NoSuchHub
        );
    });
}

#[test]
fn a_pool_belongs_to_one_hub() {
    build_and_execute(|| {
        bound();
        assert_noop!(
            HubWallet::bind_pool(signed(ALICE), POOL),
            Error::<Test>::AlreadyBound
        );
        give_pool(OTHER_POOL, &ALICE);
        assert_ok!(HubWallet::bind_pool(signed(ALICE), OTHER_POOL));
        assert_eq!(Bindings::<Test>::iter().count(), 2);
    });
}

#[test]
fn pools_are_bound_to_registered_hubs() {
    for arrange in [created, leaving, idle, suspected, banned] {
        build_and_execute(|| {
            arrange();
            give_pool(POOL, &ALICE);
            assert_noop!(
                HubWallet::bind_pool(signed(ALICE), POOL),
                Error::<Test>::WrongPhase
            );
        });
    }
}

#[test]
fn a_bound_pool_is_matchable_while_its_hub_is_registered() {
    build_and_execute(|| {
        bound();
        assert!(is_matchable(POOL));
        advance_by(PAYOUT_PERIOD);
        assert_ok!(HubWallet::payday(signed(ALICE)));
        assert!(!is_matchable(POOL));
        advance_by(WAITING_PERIOD);
        assert_ok!(HubWallet::settle(signed(ALICE)));
        assert!(!is_matchable(POOL));
        assert_ok!(HubWallet::register(signed(ALICE)));
        assert!(is_matchable(POOL));
        assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
        assert!(!is_matchable(POOL));
        assert_ok!(HubWallet::rehabilitate(referendum(), ALICE));
        assert!(!is_matchable(POOL));
    });
}

#[test]
fn an_unbound_pool_is_matchable_unless_its_operator_is_accused() {
    let is_matchable_after = |arrange: fn()| {
        let mut matchable = false;
        build_and_execute(|| {
            arrange();
            give_pool(OTHER_POOL, &ALICE);
            matchable = is_matchable(OTHER_POOL);
        });
        matchable
    };
    assert!(is_matchable_after(|| {}));
    for arrange in [created, registered, leaving, idle] {
        assert!(is_matchable_after(arrange));
    }
    for arrange in [suspected, banned] {
        assert!(!is_matchable_after(arrange));
    }
}

#[test]
fn only_the_banned_are_barred() {
    for arrange in [created, registered, leaving, idle, suspected] {
        build_and_execute(|| {
            arrange();
            assert!(!<HubWallet as Hubs>::is_barred(&ALICE));
        });
    }
    build_and_execute(|| {
        banned();
        assert!(<HubWallet as Hubs>::is_barred(&ALICE));
        assert!(!<HubWallet as Hubs>::is_barred(&BOB));
    });
}

#[test]
fn without_hubs_everything_is_free() {
    assert!(!<() as Hubs>::is_barred(&ALICE));
    assert!(<() as Hubs>::is_matchable(POOL));
    assert_eq!(<() as Hubs>::wallet(POOL, &ALICE), None);
}

#[test]
fn a_pool_that_is_gone_is_unbound_by_the_hubs_owner() {
    build_and_execute(|| {
        bound();
        remove_pool(POOL);
        assert_noop!(
            HubWallet::unbind_pool(signed(BOB), POOL),
            Error::<Test>::NotPoolOwner
        );
        assert_ok!(HubWallet::unbind_pool(signed(ALICE), POOL));
    });
    // A banned owner gets its deposit back too.
    build_and_execute(|| {
        bound();
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        advance_by(BAN_PERIOD);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        remove_pool(POOL);
        assert_ok!(HubWallet::unbind_pool(signed(ALICE), POOL));
        assert_eq!(on_hold(HoldReason::Binding, &ALICE), 0);
    });
}
