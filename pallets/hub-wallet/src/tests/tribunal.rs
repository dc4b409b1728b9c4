//! Judgement: suspect, rehabilitate, ban, quarantine, sweep, trust.

use crate::{Cases, Error, Event, Quarantine, mock::*, quarantine_account, wallet_account};
use ergon_primitives::{Case, Decision, ERG, HubPhase, Judge};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

/// Alice's hub, suspected by the collective in block 1.
fn suspected_by_collective() {
    registered();
    assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
}

mod suspect {
    use super::*;

    #[test]
    fn opens_a_case() {
        build_and_execute(|| {
            suspected();
            assert_eq!(phase(), HubPhase::Suspected { since: 1 });
            let expected = Case {
                document: DOCUMENT,
                opened: 1,
                by: Judge::Referendum,
                confirmed: None,
                ban_from: 1 + BAN_PERIOD,
                lapses: 1 + LAPSE_PERIOD,
                expires: 1 + REHABILITATION_PERIOD,
                decision: None,
            };
            assert_eq!(HubWallet::case(ALICE), Some(expected));
            System::assert_last_event(
                Event::Suspected {
                    owner: ALICE,
                    document: DOCUMENT,
                    by: Judge::Referendum,
                }
                .into(),
            );
        });
    }

    #[test]
    fn reaches_registered_leaving_and_idle_hubs() {
        for arrange in [registered, leaving, idle] {
            for origin in [referendum(), collective()] {
                build_and_execute(|| {
                    arrange();
                    let (frozen, locked) = (hub().frozen, hub().locked);
                    assert_ok!(HubWallet::suspect(origin, ALICE, DOCUMENT));
                    let since = System::block_number();
                    assert_eq!(phase(), HubPhase::Suspected { since });
                    assert_eq!((hub().frozen, hub().locked), (frozen, locked));
                });
            }
        }
        for arrange in [created, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::suspect(referendum(), ALICE, DOCUMENT),
                    Error::<Test>::WrongPhase
                );
                assert_noop!(
                    HubWallet::suspect(referendum(), BOB, DOCUMENT),
                    Error::<Test>::NoSuchHub
                );
            });
        }
    }

    #[test]
    fn is_the_tribunals() {
        build_and_execute(|| {
            registered();
            for who in [ALICE, BOB, TREASURY] {
                assert_noop!(
                    HubWallet::suspect(signed(who), ALICE, DOCUMENT),
                    DispatchError::BadOrigin
                );
            }
        });
    }

    #[test]
    fn stops_the_maturing_of_approvals() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_to(2);
            pay(20 * ERG);
            advance_to(1 + MATURITY);
            assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
            advance_by(MATURITY);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(free(&PAYEE), ENDOWMENT + 7 * ERG);
            assert_noop!(
                HubWallet::pull(signed(PAYEE), ALICE),
                Error::<Test>::NothingMatured
            );
        });
    }

    #[test]
    fn takes_the_trust_away() {
        build_and_execute(|| {
            registered();
            assert_ok!(HubWallet::set_trusted(referendum(), ALICE, true));
            assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
            assert!(!hub().trusted);
        });
    }

    #[test]
    fn by_referendum_confirms_the_collectives_one_block_before_it_lapses() {
        build_and_execute(|| {
            suspected_by_collective();
            advance_to(LAPSE_PERIOD);
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            assert_eq!(phase(), HubPhase::Suspected { since: 1 });
            assert_eq!(case().confirmed, Some(LAPSE_PERIOD));
            assert_eq!(
                (case().by, case().until()),
                (Judge::Collective, case().expires)
            );
            System::assert_last_event(
                Event::SuspicionConfirmed {
                    owner: ALICE,
                    document: DOCUMENT,
                }
                .into(),
            );
            assert_noop!(
                HubWallet::suspect(referendum(), ALICE, DOCUMENT),
                Error::<Test>::AlreadySuspected
            );
        });
    }

    #[test]
    fn by_referendum_opens_a_new_case_when_the_collectives_has_lapsed() {
        build_and_execute(|| {
            suspected_by_collective();
            let now = 1 + LAPSE_PERIOD;
            advance_to(now);
            assert_ok!(HubWallet::suspect(referendum(), ALICE, OTHER_DOCUMENT));
            System::assert_has_event(
                Event::Freed {
                    owner: ALICE,
                    decision: Decision::Lapsed { at: now },
                }
                .into(),
            );
            assert_eq!(phase(), HubPhase::Suspected { since: now });
            assert_eq!((case().opened, case().by), (now, Judge::Referendum));
            assert_eq!(case().ban_from, now + BAN_PERIOD);
        });
    }

    #[test]
    fn replaces_the_collectives_document_but_not_its_clock() {
        build_and_execute(|| {
            suspected_by_collective();
            let before = case();
            advance_to(1 + LAPSE_PERIOD - 1);
            assert_ok!(HubWallet::suspect(referendum(), ALICE, OTHER_DOCUMENT));
            System::assert_last_event(
                Event::SuspicionConfirmed {
                    owner: ALICE,
                    document: OTHER_DOCUMENT,
                }
                .into(),
            );
            let confirmed = ergon_primitives::Case {
                document: OTHER_DOCUMENT,
                confirmed: Some(LAPSE_PERIOD),
                ..before
            };
            assert_eq!(case(), confirmed);
        });
    }

    #[test]
    fn adds_nothing_to_an_open_case() {
        build_and_execute(|| {
            suspected_by_collective();
            assert_noop!(
                HubWallet::suspect(collective(), ALICE, DOCUMENT),
                Error::<Test>::AlreadySuspected
            );
        });
        build_and_execute(|| {
            suspected();
            for origin in [referendum(), collective()] {
                assert_noop!(
                    HubWallet::suspect(origin, ALICE, DOCUMENT),
                    Error::<Test>::AlreadySuspected
                );
            }
        });
    }

    #[test]
    fn by_the_collective_comes_once_in_a_rehabilitation_period() {
        build_and_execute(|| {
            suspected_by_collective();
            advance_to(1 + LAPSE_PERIOD);
            // Neither while the old suspicion waits for its end nor after it.
            assert_noop!(
                HubWallet::suspect(collective(), ALICE, DOCUMENT),
                Error::<Test>::CollectiveMustWait
            );
            assert_ok!(HubWallet::rehabilitate(signed(ALICE), ALICE));
            advance_to(REHABILITATION_PERIOD);
            assert_noop!(
                HubWallet::suspect(collective(), ALICE, DOCUMENT),
                Error::<Test>::CollectiveMustWait
            );
            advance_to(1 + REHABILITATION_PERIOD);
            assert_ok!(HubWallet::suspect(collective(), ALICE, DOCUMENT));
        });
    }

    #[test]
    fn by_referendum_is_not_bound_to_the_collectives_wait() {
        build_and_execute(|| {
            suspected_by_collective();
            advance_to(1 + LAPSE_PERIOD);
            assert_ok!(HubWallet::rehabilitate(signed(ALICE), ALICE));
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        });
    }
}

mod rehabilitate {
    use super::*;

    #[test]
    fn by_referendum_is_possible_at_once() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            assert_ok!(HubWallet::rehabilitate(referendum(), ALICE));
            let decision = Decision::Rehabilitated { at: 1 };
            System::assert_last_event(
                Event::Freed {
                    owner: ALICE,
                    decision,
                }
                .into(),
            );
            assert_eq!(case().decision, Some(decision));
            assert_eq!(phase(), HubPhase::Idle);
            assert_eq!((hub().frozen, hub().locked), (0, 0));
            // The approval matures as if nothing had been.
            assert_eq!(hub().approved, 7 * ERG);
            advance_to(MATURITY);
            assert_eq!(HubWallet::pullable(ALICE, PAYEE), 0);
            advance_to(1 + MATURITY);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
        });
    }

    #[test]
    fn by_anyone_ends_a_referendums_suspicion_at_its_block() {
        build_and_execute(|| {
            suspected();
            advance_to(REHABILITATION_PERIOD);
            for origin in [signed(BOB), signed(ALICE), collective()] {
                assert_noop!(
                    HubWallet::rehabilitate(origin, ALICE),
                    Error::<Test>::TooEarly
                );
            }
            advance_to(1 + REHABILITATION_PERIOD);
            assert_ok!(HubWallet::rehabilitate(signed(BOB), ALICE));
            let at = 1 + REHABILITATION_PERIOD;
            assert_eq!(case().decision, Some(Decision::Lapsed { at }));
            assert_eq!(phase(), HubPhase::Idle);
        });
    }

    #[test]
    fn by_anyone_ends_the_collectives_suspicion_at_its_block() {
        build_and_execute(|| {
            suspected_by_collective();
            advance_to(LAPSE_PERIOD);
            assert_noop!(
                HubWallet::rehabilitate(signed(BOB), ALICE),
                Error::<Test>::TooEarly
            );
            advance_to(1 + LAPSE_PERIOD);
            assert_ok!(HubWallet::rehabilitate(signed(BOB), ALICE));
            assert_eq!(phase(), HubPhase::Idle);
        });
    }

    #[test]
    fn by_anyone_waits_when_the_collectives_suspicion_was_confirmed() {
        build_and_execute(|| {
            suspected_by_collective();
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            for block in [1 + LAPSE_PERIOD, REHABILITATION_PERIOD] {
                advance_to(block);
                assert_noop!(
                    HubWallet::rehabilitate(signed(BOB), ALICE),
                    Error::<Test>::TooEarly
                );
            }
            advance_to(1 + REHABILITATION_PERIOD);
            assert_ok!(HubWallet::rehabilitate(signed(BOB), ALICE));
        });
    }

    #[test]
    fn is_for_suspected_hubs() {
        for arrange in [created, registered, leaving, idle, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::rehabilitate(referendum(), ALICE),
                    Error::<Test>::WrongPhase
                );
                assert_noop!(
                    HubWallet::rehabilitate(signed(BOB), BOB),
                    Error::<Test>::NoSuchHub
                );
            });
        }
        build_and_execute(|| {
            suspected();
            assert_noop!(
                HubWallet::rehabilitate(RuntimeOrigin::none(), ALICE),
                DispatchError::BadOrigin
            );
        });
    }
}

mod ban {
    use super::*;

    #[test]
    fn comes_exactly_after_the_ban_period() {
        build_and_execute(|| {
            suspected();
            advance_to(BAN_PERIOD);
            assert_noop!(HubWallet::ban(referendum(), ALICE), Error::<Test>::TooEarly);
            let since = 1 + BAN_PERIOD;
            advance_to(since);
            assert_ok!(HubWallet::ban(referendum(), ALICE));
            assert_eq!(
                phase(),
                HubPhase::Punished {
                    since,
                    suspected: 1
                }
            );
            assert_eq!(case().decision, Some(Decision::Banned { at: since }));
            System::assert_has_event(
                Event::Banned {
                    owner: ALICE,
                    document: DOCUMENT,
                }
                .into(),
            );
        });
    }

    #[test]
    fn puts_everything_but_approvals_into_quarantine() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            advance_by(BAN_PERIOD);
            let treasury = free(&TREASURY);
            assert_ok!(HubWallet::ban(referendum(), ALICE));
            let amount = FUNDS - 7 * ERG;
            let until = 1 + BAN_PERIOD + QUARANTINE_PERIOD;
            assert_eq!((wallet(), quarantined()), (7 * ERG, amount));
            assert_eq!(free(&TREASURY), treasury);
            System::assert_last_event(
                Event::Expropriated {
                    id: 0,
                    owner: ALICE,
                    amount,
                    until,
                }
                .into(),
            );
            assert_eq!(expropriation(0).amount, amount);
            assert_eq!(
                (expropriation(0).hub, expropriation(0).until),
                (ALICE, until)
            );
        });
    }

    #[test]
    fn works_on_an_empty_wallet() {
        build_and_execute(|| {
            idle();
            assert_ok!(HubWallet::withdraw(signed(ALICE)));
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            advance_by(BAN_PERIOD);
            assert_ok!(HubWallet::ban(referendum(), ALICE));
            assert_eq!(Quarantine::<Test>::iter().count(), 0);
        });
    }

    #[test]
    fn needs_a_referendum_behind_the_suspicion() {
        build_and_execute(|| {
            suspected_by_collective();
            advance_by(BAN_PERIOD);
            assert_noop!(
                HubWallet::ban(referendum(), ALICE),
                Error::<Test>::NotConfirmed
            );
        });
        build_and_execute(|| {
            suspected_by_collective();
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            advance_to(BAN_PERIOD);
            assert_noop!(HubWallet::ban(referendum(), ALICE), Error::<Test>::TooEarly);
            advance_to(1 + BAN_PERIOD);
            assert_ok!(HubWallet::ban(referendum(), ALICE));
        });
    }

    #[test]
    fn is_the_referendums() {
        build_and_execute(|| {
            suspected();
            advance_by(BAN_PERIOD);
            assert_noop!(
                HubWallet::ban(collective(), ALICE),
                Error::<Test>::OnlyReferendum
            );
            assert_noop!(HubWallet::ban(signed(BOB), ALICE), DispatchError::BadOrigin);
        });
    }

    #[test]
    fn is_for_suspected_hubs() {
        for arrange in [created, registered, leaving, idle, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::ban(referendum(), ALICE),
                    Error::<Test>::WrongPhase
                );
                assert_noop!(HubWallet::ban(referendum(), BOB), Error::<Test>::NoSuchHub);
            });
        }
    }

    #[test]
    fn is_final() {
        build_and_execute(|| {
            banned();
            advance_by(10 * REHABILITATION_PERIOD);
            assert_noop!(
                HubWallet::rehabilitate(referendum(), ALICE),
                Error::<Test>::WrongPhase
            );
            assert!(Cases::<Test>::contains_key(ALICE));
        });
    }
}

mod quarantine {
    use super::*;

    #[test]
    fn pays_the_treasury_exactly_when_it_is_over() {
        build_and_execute(|| {
            banned();
            let before = free(&TREASURY);
            advance_to(BAN_PERIOD + QUARANTINE_PERIOD);
            assert_noop!(
                HubWallet::release_quarantine(signed(BOB), 0),
                Error::<Test>::TooEarly
            );
            advance_to(1 + BAN_PERIOD + QUARANTINE_PERIOD);
            assert_ok!(HubWallet::release_quarantine(signed(BOB), 0));
            assert_eq!((free(&TREASURY), quarantined()), (before + FUNDS, 0));
            System::assert_last_event(
                Event::QuarantineReleased {
                    id: 0,
                    amount: FUNDS,
                }
                .into(),
            );
            assert_noop!(
                HubWallet::release_quarantine(signed(BOB), 0),
                Error::<Test>::NoSuchExpropriation
            );
        });
    }

    #[test]
    fn takes_a_rest_along_that_no_account_can_hold() {
        build_and_execute(|| {
            banned();
            let crumb = EXISTENTIAL_DEPOSIT - 1;
            assert_ok!(Balances::transfer_keep_alive(
                signed(BOB),
                quarantine_account(),
                crumb
            ));
            let before = free(&TREASURY);
            advance_by(QUARANTINE_PERIOD);
            assert_ok!(HubWallet::release_quarantine(signed(BOB), 0));
            assert_eq!(
                (free(&TREASURY), quarantined()),
                (before + FUNDS + crumb, 0)
            );
        });
    }

    #[test]
    fn holds_later_arrivals_for_a_full_period_of_their_own() {
        build_and_execute(|| {
            banned();
            advance_by(10);
            fund(&ALICE, ERG);
            assert_ok!(HubWallet::sweep(signed(BOB), ALICE));
            let until = System::block_number() + QUARANTINE_PERIOD;
            assert_eq!(
                (expropriation(1).amount, expropriation(1).until),
                (ERG, until)
            );
            advance_to(until - 1);
            assert_ok!(HubWallet::release_quarantine(signed(BOB), 0));
            assert_noop!(
                HubWallet::release_quarantine(signed(BOB), 1),
                Error::<Test>::TooEarly
            );
            assert_eq!(quarantined(), ERG);
            advance_to(until);
            assert_ok!(HubWallet::release_quarantine(signed(BOB), 1));
        });
    }
}

mod sweep {
    use super::*;

    #[test]
    fn waits_for_an_amount_that_an_account_can_hold() {
        build_and_execute(|| {
            banned();
            assert_noop!(
                HubWallet::sweep(signed(BOB), ALICE),
                Error::<Test>::NothingToSweep
            );
            fund(&ALICE, EXISTENTIAL_DEPOSIT);
            assert_ok!(HubWallet::sweep(signed(BOB), ALICE));
            assert_eq!(
                (wallet(), expropriation(1).amount),
                (0, EXISTENTIAL_DEPOSIT)
            );
        });
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(MATURITY);
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            advance_by(BAN_PERIOD);
            assert_ok!(HubWallet::ban(referendum(), ALICE));
            fund(&ALICE, EXISTENTIAL_DEPOSIT - 1);
            assert_noop!(
                HubWallet::sweep(signed(BOB), ALICE),
                Error::<Test>::NothingToSweep
            );
            fund(&ALICE, 1);
            assert_ok!(HubWallet::sweep(signed(BOB), ALICE));
            assert_eq!(wallet(), 7 * ERG);
        });
    }

    #[test]
    fn is_for_banned_hubs() {
        for arrange in [created, registered, leaving, idle, suspected] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::sweep(signed(BOB), ALICE),
                    Error::<Test>::WrongPhase
                );
                assert_noop!(HubWallet::sweep(signed(BOB), BOB), Error::<Test>::NoSuchHub);
            });
        }
    }
}

mod set_trusted {
    use super::*;

    #[test]
    fn marks_registered_hubs() {
        build_and_execute(|| {
            registered();
            for trusted in [true, false] {
                assert_ok!(HubWallet::set_trusted(referendum(), ALICE, trusted));
                assert_eq!(hub().trusted, trusted);
                System::assert_last_event(
                    Event::TrustSet {
                        owner: ALICE,
                        trusted,
                    }
                    .into(),
                );
            }
        });
        for arrange in [created, leaving, idle, suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::set_trusted(referendum(), ALICE, true),
                    Error::<Test>::WrongPhase
                );
            });
        }
    }

    #[test]
    fn is_the_referendums() {
        build_and_execute(|| {
            registered();
            assert_noop!(
                HubWallet::set_trusted(collective(), ALICE, true),
                Error::<Test>::OnlyReferendum
            );
            assert_noop!(
                HubWallet::set_trusted(signed(ALICE), ALICE, true),
                DispatchError::BadOrigin
            );
            assert_noop!(
                HubWallet::set_trusted(referendum(), BOB, true),
                Error::<Test>::NoSuchHub
            );
        });
    }
}

#[test]
fn nobody_has_the_keys_of_wallets_and_quarantine() {
    // Each is a hash of what it is for, and no two are the same.
    assert_ne!(wallet_account(&ALICE), wallet_account(&BOB));
    assert_ne!(wallet_account(&ALICE), quarantine_account());
    assert_ne!(wallet_account(&ALICE), ALICE);
}
