//! Approvals: pay, pull, forfeit.

use crate::{Approvals, Error, Event, HoldReason, MAX_PENDING, mock::*, wallet_account};
use ergon_primitives::{Balance, BlockNumber, ERG};
use frame_support::{assert_noop, assert_ok};

/// The smallest payment of which 70 % are the existential deposit.
fn smallest() -> Balance {
    (1..)
        .map(|extra| EXISTENTIAL_DEPOSIT * 10 / 7 - 10 + extra)
        .find(|amount| amount - amount * 3 / 10 >= EXISTENTIAL_DEPOSIT)
        .expect("some amount is large enough")
}

mod pay {
    use super::*;

    #[test]
    fn locks_three_tenths_and_approves_the_rest() {
        build_and_execute(|| {
            registered();
            let amount = 10 * ERG + 3;
            assert_ok!(HubWallet::pay(signed(ALICE), PAYEE, amount));
            let locked = 3 * ERG;
            let approved = 7 * ERG + 3;
            assert_eq!((hub().locked, hub().approved), (locked, approved));
            assert_eq!((wallet(), free(&PAYEE)), (FUNDS, ENDOWMENT));
            System::assert_last_event(
                Event::Approved {
                    owner: ALICE,
                    payee: PAYEE,
                    amount: approved,
                    locked,
                    matures: 1 + MATURITY,
                }
                .into(),
            );
        });
    }

    #[test]
    fn adds_up_per_payee_under_one_deposit() {
        build_and_execute(|| {
            registered();
            pay(ERG);
            let deposit = on_hold(HoldReason::Approval, &ALICE);
            assert!(deposit > 0);
            advance_by(1);
            pay(ERG);
            assert_eq!(on_hold(HoldReason::Approval, &ALICE), deposit);
            let approval = Approvals::<Test>::get(ALICE, PAYEE).expect("something is approved");
            assert_eq!(
                (approval.total(), approval.pending.len()),
                (14 * ERG / 10, 2)
            );
            assert_ok!(HubWallet::pay(signed(ALICE), OTHER_PAYEE, ERG));
            assert_eq!(on_hold(HoldReason::Approval, &ALICE), 2 * deposit);
        });
    }

    #[test]
    fn spends_what_is_neither_frozen_nor_locked_nor_approved() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            let left = FUNDS - FREEZE - 10 * ERG;
            assert_noop!(
                HubWallet::pay(signed(ALICE), PAYEE, left + 1),
                Error::<Test>::TooLittleMoney
            );
            assert_ok!(HubWallet::pay(signed(ALICE), PAYEE, left));
            assert_noop!(
                HubWallet::pay(signed(ALICE), PAYEE, smallest()),
                Error::<Test>::TooLittleMoney
            );
            fund(&ALICE, smallest());
            pay(smallest());
        });
    }

    #[test]
    fn refuses_dust() {
        build_and_execute(|| {
            registered();
            for amount in [0, 1, smallest() - 1] {
                assert_noop!(
                    HubWallet::pay(signed(ALICE), PAYEE, amount),
                    Error::<Test>::PayoutTooSmall
                );
            }
            assert_ok!(HubWallet::pay(signed(ALICE), PAYEE, smallest()));
            assert_eq!(hub().approved, EXISTENTIAL_DEPOSIT);
        });
    }

    #[test]
    fn refuses_the_owner_and_its_wallet() {
        build_and_execute(|| {
            registered();
            for payee in [ALICE, wallet_account(&ALICE)] {
                assert_noop!(
                    HubWallet::pay(signed(ALICE), payee, ERG),
                    Error::<Test>::PayeeIsOwner
                );
            }
        });
    }

    #[test]
    fn needs_the_owners_money_for_the_deposit() {
        build_and_execute(|| {
            registered();
            assert_ok!(Balances::transfer_keep_alive(
                signed(ALICE),
                BOB,
                free(&ALICE) - EXISTENTIAL_DEPOSIT
            ));
            assert_noop!(
                HubWallet::pay(signed(ALICE), PAYEE, ERG),
                Error::<Test>::CannotPayDeposit
            );
        });
    }

    #[test]
    fn is_for_registered_hubs() {
        for arrange in [created, leaving, idle, suspected, banned] {
            build_and_execute(|| {
                arrange();
                assert_noop!(
                    HubWallet::pay(signed(ALICE), PAYEE, ERG),
                    Error::<Test>::WrongPhase
                );
                assert_noop!(
                    HubWallet::pay(signed(BOB), PAYEE, ERG),
                    Error::<Test>::NoSuchHub
                );
            });
        }
    }
}

mod pull {
    use super::*;

    #[test]
    fn moves_what_has_matured_one_block_early_and_at_the_block() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_to(MATURITY);
            assert_eq!(HubWallet::pullable(ALICE, PAYEE), 0);
            assert_noop!(
                HubWallet::pull(signed(PAYEE), ALICE),
                Error::<Test>::NothingMatured
            );
            advance_to(1 + MATURITY);
            assert_eq!(HubWallet::pullable(ALICE, PAYEE), 7 * ERG);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(free(&PAYEE), ENDOWMENT + 7 * ERG);
            assert_eq!((wallet(), hub().approved), (FUNDS - 7 * ERG, 0));
            System::assert_last_event(
                Event::Pulled {
                    owner: ALICE,
                    payee: PAYEE,
                    amount: 7 * ERG,
                }
                .into(),
            );
        });
    }

    #[test]
    fn leaves_what_has_not_matured() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(1);
            pay(20 * ERG);
            advance_to(1 + MATURITY);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(free(&PAYEE), ENDOWMENT + 7 * ERG);
            assert_eq!(hub().approved, 14 * ERG);
            assert_noop!(
                HubWallet::pull(signed(PAYEE), ALICE),
                Error::<Test>::NothingMatured
            );
        });
    }

    #[test]
    fn returns_the_deposit_with_the_last_unit() {
        build_and_execute(|| {
            registered();
            let before = free(&ALICE);
            pay(ERG);
            advance_by(1);
            pay(ERG);
            advance_to(1 + MATURITY);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert!(free(&ALICE) < before);
            advance_by(1);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(free(&ALICE), before);
            assert_noop!(
                HubWallet::pull(signed(PAYEE), ALICE),
                Error::<Test>::NoApproval
            );
        });
    }

    #[test]
    fn works_in_every_phase() {
        let leave: fn() = || {
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
        };
        let idle: fn() = || {
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            advance_by(WAITING_PERIOD);
            assert_ok!(HubWallet::settle(signed(ALICE)));
        };
        let suspect: fn() = || {
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        };
        let ban: fn() = || {
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            advance_by(BAN_PERIOD);
            assert_ok!(HubWallet::ban(referendum(), ALICE));
        };
        let stay: fn() = || {};
        for go_on in [stay, leave, idle, suspect, ban] {
            build_and_execute(|| {
                registered();
                pay(10 * ERG);
                advance_by(MATURITY);
                go_on();
                assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
                assert_eq!(free(&PAYEE), ENDOWMENT + 7 * ERG);
            });
        }
    }

    #[test]
    fn reaches_a_fresh_account() {
        build_and_execute(|| {
            registered();
            assert_ok!(HubWallet::pay(signed(ALICE), FRESH, smallest()));
            advance_by(MATURITY);
            assert_ok!(HubWallet::pull(signed(FRESH), ALICE));
            assert_eq!(free(&FRESH), EXISTENTIAL_DEPOSIT);
        });
    }

    #[test]
    fn takes_a_rest_along_that_no_account_can_hold() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            advance_by(WAITING_PERIOD);
            assert_ok!(HubWallet::settle(signed(ALICE)));
            assert_ok!(HubWallet::withdraw(signed(ALICE)));
            let crumb = EXISTENTIAL_DEPOSIT - 1;
            fund(&ALICE, crumb);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(free(&PAYEE), ENDOWMENT + 7 * ERG + crumb);
            assert_eq!(wallet(), 0);
        });
    }

    #[test]
    fn leaves_a_rest_that_an_account_can_hold() {
        build_and_execute(|| {
            registered();
            pay(10 * ERG);
            advance_by(PAYOUT_PERIOD);
            assert_ok!(HubWallet::payday(signed(ALICE)));
            advance_by(WAITING_PERIOD);
            assert_ok!(HubWallet::settle(signed(ALICE)));
            assert_ok!(HubWallet::withdraw(signed(ALICE)));
            fund(&ALICE, EXISTENTIAL_DEPOSIT);
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!(free(&PAYEE), ENDOWMENT + 7 * ERG);
            assert_eq!(wallet(), EXISTENTIAL_DEPOSIT);
        });
    }

    #[test]
    fn is_for_payees() {
        build_and_execute(|| {
            assert_noop!(
                HubWallet::pull(signed(PAYEE), ALICE),
                Error::<Test>::NoSuchHub
            );
            registered();
            pay(ERG);
            advance_by(MATURITY);
            for who in [ALICE, BOB, OTHER_PAYEE] {
                assert_noop!(
                    HubWallet::pull(signed(who), ALICE),
                    Error::<Test>::NoApproval
                );
            }
        });
    }
}

#[test]
fn many_payments_mature_a_quarter_late_at_most() {
    build_and_execute(|| {
        registered();
        let payments = MATURITY - 1;
        for _ in 0..payments {
            pay(ERG);
            advance_by(1);
        }
        let approval = Approvals::<Test>::get(ALICE, PAYEE).expect("something is approved");
        assert_eq!(approval.pending.len(), MAX_PENDING as usize);
        assert_eq!(approval.total(), Balance::from(payments) * 7 * ERG / 10);
        // Payment n, made in block n, can be pulled a quarter after its time.
        for n in 1..=payments {
            advance_to(n + MATURITY + MATURITY / 4);
            assert!(HubWallet::pullable(ALICE, PAYEE) >= Balance::from(n) * 7 * ERG / 10);
        }
    });
}

mod forfeit {
    use super::*;

    /// Alice's hub, banned for a suspicion in block `suspected`, after payments in blocks 1 and 2.
    fn banned_after_payments(suspected: BlockNumber) {
        registered();
        pay(10 * ERG);
        advance_to(2);
        pay(20 * ERG);
        advance_to(suspected);
        assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
        advance_by(BAN_PERIOD);
        assert_ok!(HubWallet::ban(referendum(), ALICE));
    }

    #[test]
    fn takes_back_what_was_blocked_and_no_more() {
        build_and_execute(|| {
            banned_after_payments(1 + MATURITY);
            assert_eq!(wallet(), 21 * ERG);
            assert_ok!(HubWallet::forfeit(signed(BOB), ALICE, PAYEE));
            System::assert_last_event(
                Event::Forfeited {
                    owner: ALICE,
                    payee: PAYEE,
                    amount: 14 * ERG,
                }
                .into(),
            );
            assert_noop!(
                HubWallet::forfeit(signed(BOB), ALICE, PAYEE),
                Error::<Test>::NothingToForfeit
            );
            assert_ok!(HubWallet::sweep(signed(BOB), ALICE));
            assert_eq!((wallet(), quarantined()), (7 * ERG, FUNDS - 7 * ERG));
            assert_ok!(HubWallet::pull(signed(PAYEE), ALICE));
            assert_eq!((wallet(), free(&PAYEE)), (0, ENDOWMENT + 7 * ERG));
        });
    }

    #[test]
    fn returns_the_deposit_of_an_approval_that_is_gone() {
        build_and_execute(|| {
            banned_after_payments(MATURITY);
            let (before, deposit) = (free(&ALICE), on_hold(HoldReason::Approval, &ALICE));
            assert_ok!(HubWallet::forfeit(signed(BOB), ALICE, PAYEE));
            assert_eq!(free(&ALICE), before + deposit);
            assert_noop!(
                HubWallet::forfeit(signed(BOB), ALICE, PAYEE),
                Error::<Test>::NoApproval
            );
            assert_noop!(
                HubWallet::pull(signed(PAYEE), ALICE),
                Error::<Test>::NoApproval
            );
        });
    }

    #[test]
    fn is_for_banned_hubs() {
        build_and_execute(|| {
            assert_noop!(
                HubWallet::forfeit(signed(BOB), ALICE, PAYEE),
                Error::<Test>::NoSuchHub
            );
            registered();
            pay(ERG);
            assert_noop!(
                HubWallet::forfeit(signed(BOB), ALICE, PAYEE),
                Error::<Test>::WrongPhase
            );
            assert_ok!(HubWallet::suspect(referendum(), ALICE, DOCUMENT));
            assert_noop!(
                HubWallet::forfeit(signed(BOB), ALICE, PAYEE),
                Error::<Test>::WrongPhase
            );
        });
    }
}
