//! The owner's calls: create, register, payday, settle, withdraw, update_record.

use crate::{Error, Event, HoldReason, Records, mock::*, wallet_account};
use ergon_primitives::{BlockNumber, ERG, HubPhase, MILLI_ERG};
use frame_support::{assert_noop, assert_ok};

mod create {
    use super::*;

    #[test]
    fn makes_a_hub_with_a_wallet_of_its_own() {
        build_and_execute(|| {
            let wallet = wallet_account(&ALICE);
            assert_ne!(wallet, wallet_account(&BOB));
            assert!(!System::account_exists(&wallet));
            assert_ok!(HubWallet::create(signed(ALICE), record("hub")));
            System::assert_last_event(
                Event::Created {
                    owner: ALICE,
                    wallet: wallet.clone(),
                }
                .into(),
            );
            assert_eq!(phase(), HubPhase::Created);
            assert_eq!(Records::<Test>::get(ALICE), Some(record("hub")));
            // It exists without money, and money reaches it by a plain transfer.
            assert!(System::account_exists(&wallet));
            fund(&ALICE, ERG);
            assert_eq!(free(&wallet), ERG);
        });
    }

    #[test]
    fn takes_a_deposit() {
        build_and_execute(|| {
            assert_ok!(HubWallet::create(signed(ALICE), record("hub")));
            let deposit = on_hold(HoldReason::Hub, &ALICE);
            assert!(deposit > MILLI_ERG);
            assert_eq!(free(&ALICE), ENDOWMENT - deposit);
            assert_noop!(
                HubWallet::create(signed(FRESH), record("hub")),
                Error::<Test>::CannotPayDeposit
            );
        });
    }

    #[test]
    fn gives_one_hub_to_an_account() {
        build_and_execute(|| {
            created();
            assert_noop!(
                HubWallet::create(signed(ALICE), record("other")),
                Error::<Test>::AlreadyCreated
            );
        });
    }

    #[test]
    fn is_refused_to_the_banned() {
        build_and_execute(|| {
            banned();
            assert_noop!(
                HubWallet::create(signed(ALICE), record("again")),
                Error::<Test>::Barred
            );
        });
    }

    #[test]
    fn needs_a_record_that_says_something() {
        build_and_execute(|| {
            assert_noop!(
                HubWallet::create(signed(ALICE), record("")),
                Error::<Test>::BadRecord
            );
            let mut nameless = record("hub");
            nameless.peer_id = Default::default();
            assert_noop!(
                HubWallet::create(signed(ALICE), nameless),
                Error::<Test>::BadRecord
            );
        });
    }
}

mod register {
    use super::*;

    #[test]
    fn puts_a_hub_on_the_whitelist() {
        build_and_execute(|| {
            created();
            advance_to(5);
            assert_ok!(HubWallet::register(signed(ALICE)));
            let payday = 5 + PAYOUT_PERIOD;
            assert_eq!(phase(), HubPhase::Registered { since: 5, payday });
            assert_eq!(hub().frozen, FREEZE);
            System::assert_last_event(
                Event::Registered {
                    owner: ALICE,
                    frozen: FREEZE,
                    payday,
                }
                .into(),
            );
        });
    }

    #[test]
    fn needs_more_than_the_freeze() {
        build_and_execute(|| {
            assert_ok!(HubWallet::create(signed(ALICE), record("hub")));
            fund(&ALICE, FREEZE);
            assert_noop!(
                HubWallet::register(signed(ALICE)),
                Error::<Test>::TooLittleMoney
            );
            assert_ok!(Balances::transfer_allow_death(
                signed(BOB),
                wallet_account(&ALICE),
                1
            ));
            assert_ok!(HubWallet::register(signed(ALICE)));
        });
    }

    #[test]
    fn does_not_count_what_is_approved() {
        build_and_execute(|| {
            registered();
            pay(90 * ERG);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            advance_by(WAITING_PERIOD);
            assert_ok!(HubWallet::settle(signed(ALICE)));
            assert_ok!(HubWallet::withdraw(signed(ALICE)));
            assert_eq!(wallet(), 63 * ERG);
            assert_noop!(
                HubWallet::register(signed(ALICE)),
                Error::<Test>::TooLittleMoney
            );
        });
    }

    #[test]
    fn is_possible_again_when_idle() {
        build_and_execute(|| {
            idle();
            let now = System::block_number();
            assert_ok!(HubWallet::register(signed(ALICE)));
            let payday = now + PAYOUT_PERIOD;
            assert_eq!(phase(), HubPhase::Registered { since: now, payday });
        });
    }

    #[test]
    fn is_refused_in_any_other_phase() {
        for arrange in [registered, leaving, suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::register(signed(ALICE)),
                    Error::<Test>::WrongPhase
                );
            });
        }
        build_and_execute(|| {
            assert_noop!(HubWallet::register(signed(ALICE)), Error::<Test>::NoSuchHub);
        });
    }
}

mod payday {
    use super::*;

    #[test]
    fn comes_exactly_after_the_payout_period() {
        build_and_execute(|| {
            registered();
            advance_to(PAYOUT_PERIOD);
            assert_noop!(HubWallet::payday(signed(ALICE)), Error::<Test>::TooEarly);
            advance_to(1 + PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            let until: BlockNumber = 1 + PAYOUT_PERIOD + WAITING_PERIOD;
            assert_eq!(phase(), HubPhase::Leaving { until });
        });
    }

    #[test]
    fn gives_the_treasury_its_share_of_what_is_locked() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(PAYOUT_PERIOD);
            let before = free(&TREASURY);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            // 0.5 % of 3 ERG.
            let fee = 15 * MILLI_ERG;
            assert_eq!(free(&TREASURY), before + fee);
            assert_eq!(wallet(), FUNDS - fee);
            assert_eq!((hub().locked, hub().frozen), (3 * ERG - fee, FREEZE));
            System::assert_last_event(
                Event::PaydayReached {
                    owner: ALICE,
                    fee,
                    until: System::block_number() + WAITING_PERIOD,
                }
                .into(),
            );
        });
    }

    #[test]
    fn is_not_stopped_by_a_treasury_that_cannot_take_so_little() {
        ext_with_treasury(0).execute_with(|| {
            registered();
            // 0.5 % of 0.15 ERG is less than the existential deposit.
            pay(ERG / 2);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            assert_eq!(free(&TREASURY), 0);
            assert_eq!((wallet(), hub().locked), (FUNDS, 3 * ERG / 20));
            assert_ok!(HubWallet::do_try_state());
        });
        ext_with_treasury(0).execute_with(|| {
            registered();
            // 0.5 % of 0.2 ERG is the existential deposit.
            pay(2 * ERG / 3 + 1);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            assert_eq!(free(&TREASURY), EXISTENTIAL_DEPOSIT);
            assert_ok!(HubWallet::do_try_state());
        });
    }

    #[test]
    fn ends_the_tribunals_trust() {
        build_and_execute(|| {
            registered();
            assert_ok!(HubWallet::set_trusted(referendum(), ALICE, true));
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            assert!(!hub().trusted);
            System::assert_has_event(
                Event::TrustSet {
                    owner: ALICE,
                    trusted: false,
                }
                .into(),
            );
        });
    }

    #[test]
    fn is_for_registered_hubs() {
        for arrange in [created, leaving, idle, suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(HubWallet::payday(signed(ALICE)), Error::<Test>::WrongPhase);
                assert_noop!(HubWallet::payday(signed(BOB)), Error::<Test>::NoSuchHub);
            });
        }
    }
}

mod settle {
    use super::*;

    #[test]
    fn comes_exactly_after_the_waiting_period() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            advance_by(WAITING_PERIOD - 1);
            assert_noop!(HubWallet::settle(signed(ALICE)), Error::<Test>::TooEarly);
            advance_by(1);
            assert_ok!(HubWallet::settle(signed(ALICE)));
            System::assert_last_event(Event::Settled { owner: ALICE }.into());
            assert_eq!(phase(), HubPhase::Idle);
            assert_eq!((hub().frozen, hub().locked), (0, 0));
            assert_eq!(hub().approved, 7 * ERG);
        });
    }

    #[test]
    fn is_for_leaving_hubs() {
        for arrange in [created, registered, idle, suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(HubWallet::settle(signed(ALICE)), Error::<Test>::WrongPhase);
                assert_noop!(HubWallet::settle(signed(BOB)), Error::<Test>::NoSuchHub);
            });
        }
    }
}

mod withdraw {
    use super::*;

    #[test]
    fn gives_the_owner_everything_that_is_not_approved() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            advance_by(WAITING_PERIOD);
            assert_ok!(HubWallet::settle(signed(ALICE)));
            let (before, balance) = (free(&ALICE), wallet());
            assert_ok!(HubWallet::withdraw(signed(ALICE)));
            let amount = balance - 7 * ERG;
            assert_eq!((free(&ALICE), wallet()), (before + amount, 7 * ERG));
            System::assert_last_event(
                Event::Withdrawn {
                    owner: ALICE,
                    amount,
                }
                .into(),
            );
            assert_noop!(
                HubWallet::withdraw(signed(ALICE)),
                Error::<Test>::NothingToWithdraw
            );
            // The payee still gets what is approved, to the last unit.
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(wallet(), 0);
        });
    }

    #[test]
    fn is_for_idle_hubs() {
        for arrange in [created, registered, leaving, suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::withdraw(signed(ALICE)),
                    Error::<Test>::WrongPhase
                );
                assert_noop!(HubWallet::withdraw(signed(BOB)), Error::<Test>::NoSuchHub);
            });
        }
    }
}

mod update_record {
    use super::*;

    #[test]
    fn changes_record_and_deposit() {
        for arrange in [created, registered, leaving, idle] {
            build_and_execute(|| {
                arrange();
                let before = on_hold(HoldReason::Hub, &ALICE);
                assert_ok!(HubWallet::update_record(signed(ALICE), record("longer")));
                System::assert_last_event(Event::RecordUpdated { owner: ALICE }.into());
                assert_eq!(Records::<Test>::get(ALICE), Some(record("longer")));
                assert!(on_hold(HoldReason::Hub, &ALICE) > before);
                assert_ok!(HubWallet::update_record(signed(ALICE), record("hub")));
                assert_eq!(on_hold(HoldReason::Hub, &ALICE), before);
            });
        }
    }

    #[test]
    fn is_refused_to_the_accused_and_to_bad_records() {
        for arrange in [suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::update_record(signed(ALICE), record("innocent")),
                    Error::<Test>::WrongPhase
                );
            });
        }
        build_and_execute(|| {
            created();
            assert_noop!(
                HubWallet::update_record(signed(ALICE), record("")),
                Error::<Test>::BadRecord
            );
            assert_noop!(
                HubWallet::update_record(signed(BOB), record("hub")),
                Error::<Test>::NoSuchHub
            );
        });
    }
}

#[test]
fn a_hub_shows_itself() {
    build_and_execute(|| {
        assert_eq!(HubWallet::hub(ALICE), None);
        registered();
        pay(10 * ERG);
        let view = HubWallet::hub(ALICE).expect("Alice has a hub");
        assert_eq!(view.wallet, wallet_account(&ALICE));
        assert_eq!(view.record, record("hub"));
        assert!(view.phase.is_registered());
        assert_eq!(
            (view.balance, view.frozen, view.locked, view.approved),
            (FUNDS, FREEZE, 3 * ERG, 7 * ERG)
        );
        assert_eq!(
            (view.trusted, view.votes_up, view.votes_down),
            (false, 0, 0)
        );
    });
}
