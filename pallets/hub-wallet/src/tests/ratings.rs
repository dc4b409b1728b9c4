//! Votes on hubs: rate, unrate.

use crate::{Error, Event, HoldReason, Votes, mock::*};
use ergon_primitives::ERG;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

#[test]
fn a_vote_holds_its_stake_while_it_stands() {
    build_and_execute(|| {
        registered();
        assert_ok!(HubWallet::rate(signed(BOB), ALICE, 5 * ERG, true));
        System::assert_last_event(
            Event::Rated {
                owner: ALICE,
                voter: BOB,
                stake: 5 * ERG,
                up: true,
            }
            .into(),
        );
        assert_ok!(HubWallet::rate(signed(PAYEE), ALICE, 3 * ERG, false));
        assert_eq!((hub().votes_up, hub().votes_down), (5 * ERG, 3 * ERG));
        assert_eq!(on_hold(HoldReason::Vote, &BOB), 5 * ERG);
        assert_ok!(HubWallet::unrate(signed(BOB), ALICE));
        System::assert_last_event(
            Event::Unrated {
                owner: ALICE,
                voter: BOB,
            }
            .into(),
        );
        assert_eq!((hub().votes_up, hub().votes_down), (0, 3 * ERG));
        assert_eq!(on_hold(HoldReason::Vote, &BOB), 0);
    });
}

#[test]
fn a_vote_replaces_the_voters_earlier_one() {
    build_and_execute(|| {
        registered();
        assert_ok!(HubWallet::rate(signed(BOB), ALICE, 5 * ERG, true));
        assert_ok!(HubWallet::rate(signed(BOB), ALICE, 4 * ERG, false));
        assert_eq!((hub().votes_up, hub().votes_down), (0, 4 * ERG));
        assert_eq!(on_hold(HoldReason::Vote, &BOB), 4 * ERG);
        assert_eq!(Votes::<Test>::iter().count(), 1);
    });
}

#[test]
fn a_vote_has_a_minimum() {
    build_and_execute(|| {
        registered();
        assert_noop!(
            HubWallet::rate(signed(BOB), ALICE, MINIMUM_VOTE - 1, true),
            Error::<Test>::StakeTooSmall
        );
        assert_ok!(HubWallet::rate(signed(BOB), ALICE, MINIMUM_VOTE, true));
    });
}

#[test]
fn a_vote_needs_the_voters_own_money() {
    build_and_execute(|| {
        registered();
        assert_noop!(
            HubWallet::rate(signed(FRESH), ALICE, MINIMUM_VOTE, true),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn owners_do_not_vote_on_their_hubs() {
    build_and_execute(|| {
        registered();
        assert_noop!(
            HubWallet::rate(signed(ALICE), ALICE, MINIMUM_VOTE, true),
            Error::<Test>::OwnHub
        );
    });
}

#[test]
fn only_registered_hubs_are_voted_on() {
    for arrange in [created, leaving, idle, suspected, banned] {
        build_and_execute(|| {
            arrange();
            assert_noop!(
                HubWallet::rate(signed(BOB), ALICE, MINIMUM_VOTE, false),
                Error::<Test>::WrongPhase
            );
            assert_noop!(
                HubWallet::rate(signed(BOB), BOB, MINIMUM_VOTE, false),
                Error::<Test>::NoSuchHub
            );
        });
    }
}

#[test]
fn votes_can_always_be_taken_back() {
    build_and_execute(|| {
        registered();
        assert_ok!(HubWallet::rate(signed(BOB), ALICE, MINIMUM_VOTE, true));
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        advance_by(BAN_PERIOD);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
        assert_eq!(hub().votes_up, MINIMUM_VOTE);
        assert_ok!(HubWallet::unrate(signed(BOB), ALICE));
        assert_noop!(
            HubWallet::unrate(signed(BOB), ALICE),
            Error::<Test>::NotRated
        );
        assert_noop!(
            HubWallet::unrate(signed(BOB), PAYEE),
            Error::<Test>::NoSuchHub
        );
    });
}
