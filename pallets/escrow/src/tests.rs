//! One module per door of the escrow, one for what accounts cannot take, one for many tasks at once,
//! one for long runs.

use crate::{Accounts, Error, EscrowAccount, HoldReason::*, mock::*};
use ergon_primitives::{
    AccountId, Balance, Deal, Payment,
    traits::{EndedTask, Ending, Escrow as _, Remaining, Settlement, UntouchedEnd, Winner},
};
use frame_support::{assert_err, assert_noop, assert_ok};
use proptest::prelude::*;

fn proven(count: usize) -> Ending {
    Ending::Proven {
        app_paid: true,
        winners: winners(count),
    }
}

fn remaining(open: u32, proven: u32) -> Remaining {
    Remaining { open, proven }
}

fn given(settlement: &Settlement) -> Balance {
    let workers: Balance = settlement
        .workers
        .iter()
        .map(|payment| payment.amount)
        .sum();
    let owners = settlement.app + settlement.dataset;
    workers + owners + settlement.operator + settlement.refunded + settlement.treasury
}

fn ended(ending: Ending, slashed: Balance) -> EndedTask {
    EndedTask { ending, slashed }
}

/// The standard terms with prepaid calls.
fn prepaid(settlement_fee: Balance) -> Deal {
    Deal {
        settlement_fee,
        ..terms()
    }
}

/// Opens another deal of one task.
fn open_other(terms: &Deal) {
    assert_ok!(Escrow::open(OTHER_DEAL, &funding(terms, 1)));
}

fn open(terms: &Deal, tasks: u32) {
    assert_ok!(Escrow::open(DEAL, &funding(terms, tasks)));
}

mod open {
    use super::*;

    #[test]
    fn holds_the_price_and_the_stake_of_all_tasks() {
        build_and_execute(|| {
            assert_ok!(Escrow::open(DEAL, &funding(&terms(), 3)));
            assert_eq!(on_hold(TaskPayment, &PAYER), 3 * TASK_PRICE);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), 3 * OPERATOR_STAKE);
            assert_eq!(free(&PAYER), ENDOWMENT - 3 * TASK_PRICE);
            let account = EscrowAccount {
                payer: PAYER,
                task_price: TASK_PRICE,
                operator: OPERATOR,
                operator_stake: OPERATOR_STAKE,
                open_tasks: 3,
                proven_tasks: 0,
                settlement_fee: 0,
            };
            assert_eq!(Accounts::<Test>::get(DEAL), Some(account));
        });
    }

    #[test]
    fn holds_the_price_of_the_dataset_too() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            assert_ok!(Escrow::open(DEAL, &funding(&terms, 3)));
            assert_eq!(
                on_hold(TaskPayment, &PAYER),
                3 * (TASK_PRICE + DATASET_PRICE)
            );
        });
    }

    #[test]
    fn holds_of_several_deals_add_up() {
        build_and_execute(|| {
            assert_ok!(Escrow::open(DEAL, &funding(&terms(), 3)));
            assert_ok!(Escrow::open(OTHER_DEAL, &funding(&terms(), 2)));
            assert_eq!(on_hold(TaskPayment, &PAYER), 5 * TASK_PRICE);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), 5 * OPERATOR_STAKE);
        });
    }

    #[test]
    fn free_tasks_hold_nothing() {
        build_and_execute(|| {
            let terms = Deal {
                app_price: 0,
                pool_price: 0,
                operator_stake: 0,
                ..terms()
            };
            assert_ok!(Escrow::open(DEAL, &funding(&terms, 3)));
            assert_eq!(on_hold(TaskPayment, &PAYER), 0);
            assert_eq!(
                Accounts::<Test>::get(DEAL).map(|account| account.open_tasks),
                Some(3)
            );
        });
    }

    #[test]
    fn payer_keeps_the_existential_deposit() {
        build_and_execute(|| {
            set_free(&PAYER, TASK_PRICE + EXISTENTIAL_DEPOSIT - 1);
            assert_noop!(
                Escrow::open(DEAL, &funding(&terms(), 1)),
                Error::<Test>::PayerCannotPay
            );
            set_free(&PAYER, TASK_PRICE + EXISTENTIAL_DEPOSIT);
            assert_ok!(Escrow::open(DEAL, &funding(&terms(), 1)));
        });
    }

    #[test]
    fn operator_keeps_the_existential_deposit() {
        build_and_execute(|| {
            set_free(&OPERATOR, OPERATOR_STAKE + EXISTENTIAL_DEPOSIT - 1);
            // Nothing of the payer's stays on hold either.
            assert_noop!(
                Escrow::open(DEAL, &funding(&terms(), 1)),
                Error::<Test>::OperatorCannotStake
            );
            set_free(&OPERATOR, OPERATOR_STAKE + EXISTENTIAL_DEPOSIT);
            assert_ok!(Escrow::open(DEAL, &funding(&terms(), 1)));
        });
    }

    #[test]
    fn payer_that_is_the_operator_must_fund_both() {
        build_and_execute(|| {
            let terms = Deal {
                operator: PAYER,
                ..terms()
            };
            set_free(
                &PAYER,
                TASK_PRICE + OPERATOR_STAKE + EXISTENTIAL_DEPOSIT - 1,
            );
            assert_noop!(
                Escrow::open(DEAL, &funding(&terms, 1)),
                Error::<Test>::OperatorCannotStake
            );
            set_free(&PAYER, TASK_PRICE + OPERATOR_STAKE + EXISTENTIAL_DEPOSIT);
            assert_ok!(Escrow::open(DEAL, &funding(&terms, 1)));
        });
    }

    #[test]
    fn refuses_amounts_that_overflow() {
        build_and_execute(|| {
            let price = Deal {
                app_price: 0,
                pool_price: Balance::MAX / 2 + 1,
                ..terms()
            };
            assert_noop!(
                Escrow::open(DEAL, &funding(&price, 2)),
                Error::<Test>::AmountTooHigh
            );
            let stake = Deal {
                operator_stake: Balance::MAX / 2 + 1,
                ..terms()
            };
            assert_noop!(
                Escrow::open(DEAL, &funding(&stake, 2)),
                Error::<Test>::AmountTooHigh
            );
        });
    }

    #[test]
    fn refuses_no_tasks() {
        build_and_execute(|| {
            assert_noop!(
                Escrow::open(DEAL, &funding(&terms(), 0)),
                Error::<Test>::NoTasks
            );
        });
    }

    #[test]
    fn refuses_to_open_twice() {
        build_and_execute(|| {
            open(&terms(), 1);
            assert_noop!(
                Escrow::open(DEAL, &funding(&terms(), 1)),
                Error::<Test>::AlreadyOpen
            );
        });
    }
}

mod shortage {
    use super::*;
    use ergon_primitives::traits::Shortage;

    fn shortage(payer: bool, operator: bool) -> Shortage {
        Shortage { payer, operator }
    }

    #[test]
    fn is_found_where_opening_is_refused() {
        build_and_execute(|| {
            let funding = funding(&terms(), 1);
            assert_eq!(Escrow::shortage(&funding), shortage(false, false));

            set_free(&PAYER, TASK_PRICE + EXISTENTIAL_DEPOSIT - 1);
            assert_eq!(Escrow::shortage(&funding), shortage(true, false));
            assert_noop!(Escrow::open(DEAL, &funding), Error::<Test>::PayerCannotPay);

            set_free(&OPERATOR, OPERATOR_STAKE + EXISTENTIAL_DEPOSIT - 1);
            assert_eq!(Escrow::shortage(&funding), shortage(true, true));

            set_free(&PAYER, TASK_PRICE + EXISTENTIAL_DEPOSIT);
            assert_eq!(Escrow::shortage(&funding), shortage(false, true));
            assert_noop!(
                Escrow::open(DEAL, &funding),
                Error::<Test>::OperatorCannotStake
            );

            set_free(&OPERATOR, OPERATOR_STAKE + EXISTENTIAL_DEPOSIT);
            assert_eq!(Escrow::shortage(&funding), shortage(false, false));
            assert_ok!(Escrow::open(DEAL, &funding));
        });
    }

    #[test]
    fn counts_the_dataset_and_all_tasks() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            set_free(
                &PAYER,
                2 * (TASK_PRICE + DATASET_PRICE) + EXISTENTIAL_DEPOSIT - 1,
            );
            let of = |tasks| Escrow::shortage(&funding(&terms, tasks)).payer;
            assert_eq!((of(1), of(2)), (false, true));
        });
    }

    #[test]
    fn judges_each_party_alone() {
        build_and_execute(|| {
            let terms = Deal {
                operator: PAYER,
                ..terms()
            };
            set_free(&PAYER, TASK_PRICE + EXISTENTIAL_DEPOSIT);
            let funding = funding(&terms, 1);
            assert_eq!(Escrow::shortage(&funding), shortage(false, false));
            assert_noop!(
                Escrow::open(DEAL, &funding),
                Error::<Test>::OperatorCannotStake
            );
        });
    }

    #[test]
    fn of_amounts_that_overflow_is_everybodys() {
        build_and_execute(|| {
            let terms = Deal {
                pool_price: Balance::MAX,
                operator_stake: Balance::MAX,
                ..terms()
            };
            assert_eq!(Escrow::shortage(&funding(&terms, 2)), shortage(true, true));
        });
    }

    #[test]
    fn of_free_tasks_is_nobodys() {
        build_and_execute(|| {
            let terms = Deal {
                app_price: 0,
                pool_price: 0,
                operator_stake: 0,
                payer: NEWCOMER,
                ..terms()
            };
            assert_eq!(
                Escrow::shortage(&funding(&terms, 1)),
                shortage(false, false)
            );
            assert_ok!(Escrow::open(DEAL, &funding(&terms, 1)));
        });
    }
}

mod settle_proven {
    use super::*;

    #[test]
    fn pays_everybody_as_in_the_worked_example() {
        build_and_execute(|| {
            open(&terms(), 1);
            let settlement = settle(&terms(), &proven(3), slashed(POOL_PRICE * 30 / 100));
            let each = POOL_PRICE * 43 / 100;
            assert_eq!(
                settlement,
                Settlement {
                    workers: WORKER_OWNERS
                        .map(|to| Payment { to, amount: each })
                        .to_vec(),
                    app: APP_PRICE,
                    operator: POOL_PRICE / 100,
                    ..Default::default()
                }
            );
            for owner in &WORKER_OWNERS {
                assert_eq!(free(owner), ENDOWMENT + each);
            }
            assert_eq!(free(&APP_OWNER), ENDOWMENT + APP_PRICE);
            assert_eq!(free(&OPERATOR), ENDOWMENT + POOL_PRICE / 100);
            assert_eq!(free(&PAYER), ENDOWMENT - TASK_PRICE);
            assert_eq!(
                on_hold(TaskPayment, &PAYER) + on_hold(OperatorStake, &OPERATOR),
                0
            );
            assert_eq!(Accounts::<Test>::get(DEAL), None);
        });
    }

    #[test]
    fn ends_one_task_at_a_time() {
        build_and_execute(|| {
            open(&terms(), 2);
            let left = || settle_and_count(&terms(), &proven(1), Escrow::nothing()).1;
            assert_eq!(left(), remaining(1, 1));
            assert_eq!(on_hold(TaskPayment, &PAYER), TASK_PRICE);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), OPERATOR_STAKE);
            assert_eq!(left(), remaining(0, 2));
            assert_eq!(Accounts::<Test>::iter().count(), 0);
        });
    }

    #[test]
    fn pays_the_owner_of_the_dataset() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            open(&terms, 1);
            let settlement = settle(&terms, &proven(2), Escrow::nothing());
            assert_eq!(
                (settlement.app, settlement.dataset, settlement.refunded),
                (APP_PRICE, DATASET_PRICE, 0)
            );
            assert_eq!(given(&settlement), TASK_PRICE + DATASET_PRICE);
            assert_eq!(free(&DATASET_OWNER), ENDOWMENT + DATASET_PRICE);
            assert_eq!(free(&APP_OWNER), ENDOWMENT + APP_PRICE);
            assert_eq!(free(&PAYER), ENDOWMENT - TASK_PRICE - DATASET_PRICE);
            assert_eq!(on_hold(TaskPayment, &PAYER), 0);
        });
    }

    #[test]
    fn app_at_fault_does_not_cost_the_dataset_its_price() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            open(&terms, 1);
            let ending = Ending::Proven {
                app_paid: false,
                winners: winners(2),
            };
            let settlement = settle(&terms, &ending, Escrow::nothing());
            assert_eq!(
                (settlement.app, settlement.dataset, settlement.refunded),
                (0, DATASET_PRICE, APP_PRICE)
            );
            assert_eq!(free(&DATASET_OWNER), ENDOWMENT + DATASET_PRICE);
            assert_eq!(free(&PAYER), ENDOWMENT - POOL_PRICE - DATASET_PRICE);
        });
    }

    #[test]
    fn fund_takes_nothing_of_the_dataset() {
        build_and_execute(|| {
            let terms = Deal {
                app_price: 0,
                pool_price: 0,
                fund_fee_ratio: 5,
                ..with_dataset(terms(), DATASET_PRICE)
            };
            open(&terms, 1);
            let settlement = settle(&terms, &proven(1), Escrow::nothing());
            assert_eq!(
                (settlement.dataset, settlement.treasury),
                (DATASET_PRICE, 0)
            );
        });
    }

    #[test]
    fn only_paid_results_count_as_proven() {
        build_and_execute(|| {
            open(&terms(), 4);
            let settle = |ending: &Ending| {
                let (_, left) = settle_and_count(&terms(), ending, Escrow::nothing());
                (left.open, left.proven)
            };
            assert_eq!(settle(&Ending::Unavailable), (3, 0));
            assert_eq!(settle(&proven(1)), (2, 1));
            assert_eq!(settle(&Ending::Failed { voted: true }), (1, 1));
            assert_eq!(settle(&proven(1)), (0, 2));
        });
    }

    #[test]
    fn app_at_fault_refunds_its_price() {
        build_and_execute(|| {
            open(&terms(), 1);
            let ending = Ending::Proven {
                app_paid: false,
                winners: winners(2),
            };
            let settlement = settle(&terms(), &ending, Escrow::nothing());
            assert_eq!((settlement.app, settlement.refunded), (0, APP_PRICE));
            assert_eq!(free(&PAYER), ENDOWMENT - POOL_PRICE);
            assert_eq!(free(&APP_OWNER), ENDOWMENT);
            assert_eq!(on_hold(TaskPayment, &PAYER), 0);
        });
    }

    #[test]
    fn treasury_gets_fund_fee_and_excess_of_slashes() {
        build_and_execute(|| {
            let terms = Deal {
                fund_fee_ratio: 5,
                ..terms()
            };
            open(&terms, 1);
            let settlement = settle(&terms, &proven(1), slashed(POOL_PRICE + 7));
            let fee = APP_PRICE * 5 / 100 + POOL_PRICE / 100 * 5 / 100;
            assert_eq!(settlement.treasury, fee + 7);
            assert_eq!(free(&TREASURY), ENDOWMENT + fee + 7);
            assert_eq!(settlement.workers[0].amount, POOL_PRICE * 199 / 100);
        });
    }

    #[test]
    #[should_panic(expected = "no escrow account")]
    fn task_without_account_is_noticed() {
        new_test_ext().execute_with(|| {
            settle(&terms(), &proven(1), Escrow::nothing());
        });
    }
}

mod hubs {
    use super::*;

    /// Settles a task whose operator earns 1 mERG, with one of two votes lost.
    fn settle(ending: &Ending) -> Settlement {
        crate::mock::settle(&terms(), ending, slashed(POOL_PRICE * 30 / 100))
    }

    #[test]
    fn get_the_reward_of_a_bound_pools_operator() {
        build_and_execute(|| {
            BoundWallet::set(Some(WALLET));
            open(&terms(), 1);
            let settlement = settle(&proven(2));
            assert_eq!(settlement.operator, POOL_PRICE / 100);
            assert_eq!(free(&WALLET), POOL_PRICE / 100);
            // Its stake is its own.
            assert_eq!(free(&OPERATOR), ENDOWMENT);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), 0);
        });
    }

    #[test]
    fn get_nothing_of_the_workers() {
        let paid = |wallet| {
            let mut workers = Vec::new();
            build_and_execute(|| {
                BoundWallet::set(wallet);
                open(&terms(), 1);
                workers = settle(&proven(2)).workers;
                for payment in &workers {
                    assert_eq!(free(&payment.to), ENDOWMENT + payment.amount);
                }
            });
            workers
        };
        let workers = paid(Some(WALLET));
        assert_eq!(workers.len(), 2);
        assert_eq!(workers, paid(None));
    }

    /// What was agreed on when the deal was made says nothing about hubs.
    #[test]
    fn are_those_of_the_settlement_and_not_of_the_match() {
        build_and_execute(|| {
            open(&terms(), 3);
            settle(&proven(1));
            BoundWallet::set(Some(WALLET));
            settle(&proven(1));
            BoundWallet::set(None);
            settle(&proven(1));
            assert_eq!(free(&WALLET), POOL_PRICE / 100);
            assert_eq!(free(&OPERATOR), ENDOWMENT + 2 * (POOL_PRICE / 100));
        });
    }

    #[test]
    fn get_nothing_of_tasks_without_result() {
        build_and_execute(|| {
            BoundWallet::set(Some(WALLET));
            open(&terms(), 2);
            crate::mock::settle(&terms(), &Ending::Unavailable, Escrow::nothing());
            let failed = Ending::Failed { voted: true };
            crate::mock::settle(&terms(), &failed, Escrow::nothing());
            assert_eq!(free(&WALLET), 0);
            assert_eq!(free(&OPERATOR), ENDOWMENT - OPERATOR_STAKE);
        });
    }

    #[test]
    fn whose_wallets_cannot_take_a_reward_lose_it_to_the_treasury() {
        build_and_execute(|| {
            BoundWallet::set(Some(WALLET));
            let terms = Deal {
                pool_price: POOL_PRICE / 2,
                ..terms()
            };
            open(&terms, 1);
            let settlement = crate::mock::settle(&terms, &proven(1), Escrow::nothing());
            let reward = EXISTENTIAL_DEPOSIT / 2;
            assert_eq!((settlement.operator, settlement.treasury), (0, reward));
            assert_eq!(diverted(), [(WALLET, reward)]);
        });
    }
}

mod settle_unavailable {
    use super::*;

    #[test]
    fn gives_everybody_back_what_they_put_in() {
        build_and_execute(|| {
            open(&terms(), 1);
            let settlement = settle(&terms(), &Ending::Unavailable, Escrow::nothing());
            assert_eq!(
                settlement,
                Settlement {
                    refunded: TASK_PRICE,
                    ..Default::default()
                }
            );
            assert_eq!(free(&PAYER), ENDOWMENT);
            assert_eq!(free(&OPERATOR), ENDOWMENT);
            assert_eq!(free(&TREASURY), ENDOWMENT);
        });
    }

    #[test]
    fn pays_no_dataset() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            open(&terms, 1);
            let settlement = settle(&terms, &Ending::Unavailable, Escrow::nothing());
            assert_eq!(settlement.refunded, TASK_PRICE + DATASET_PRICE);
            assert_eq!(free(&DATASET_OWNER), ENDOWMENT);
        });
    }

    #[test]
    fn a_slash_would_go_to_the_treasury() {
        build_and_execute(|| {
            open(&terms(), 1);
            let settlement = settle(&terms(), &Ending::Unavailable, slashed(9));
            assert_eq!(settlement.treasury, 9);
            assert_eq!(free(&TREASURY), ENDOWMENT + 9);
        });
    }
}

mod settle_failed {
    use super::*;

    #[test]
    fn without_enough_votes_the_payer_owes_nothing() {
        build_and_execute(|| {
            open(&terms(), 1);
            let ending = Ending::Failed { voted: false };
            let settlement = settle(&terms(), &ending, Escrow::nothing());
            assert_eq!(settlement.refunded, TASK_PRICE);
            assert_eq!(settlement.treasury, OPERATOR_STAKE);
            assert_eq!(free(&PAYER), ENDOWMENT);
            assert_eq!(free(&OPERATOR), ENDOWMENT - OPERATOR_STAKE);
            assert_eq!(free(&TREASURY), ENDOWMENT + OPERATOR_STAKE);
        });
    }

    #[test]
    fn with_enough_votes_the_payer_owes_a_fee() {
        build_and_execute(|| {
            open(&terms(), 2);
            let ending = Ending::Failed { voted: true };
            let (settlement, left) = settle_and_count(&terms(), &ending, slashed(11));
            let fee = POOL_PRICE * 5 / 100;
            assert_eq!(settlement.refunded, TASK_PRICE - fee);
            assert_eq!(settlement.treasury, fee + OPERATOR_STAKE + 11);
            assert_eq!(left, remaining(1, 0));
            assert_eq!(free(&PAYER), ENDOWMENT - TASK_PRICE - fee);
        });
    }

    #[test]
    fn the_fee_is_a_share_of_the_pool_price_alone() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            open(&terms, 1);
            let ending = Ending::Failed { voted: true };
            let settlement = settle(&terms, &ending, Escrow::nothing());
            let fee = POOL_PRICE * 5 / 100;
            assert_eq!(settlement.refunded, TASK_PRICE + DATASET_PRICE - fee);
            assert_eq!(settlement.dataset, 0);
            assert_eq!(free(&DATASET_OWNER), ENDOWMENT);
        });
    }
}

mod payouts {
    use super::*;

    fn cheap() -> Deal {
        Deal {
            app_price: 0,
            pool_price: EXISTENTIAL_DEPOSIT,
            operator_reward_ratio: 50,
            ..terms()
        }
    }

    #[test]
    fn below_the_existential_deposit_are_diverted() {
        build_and_execute(|| {
            open(&cheap(), 1);
            let mut winners = winners(1);
            winners[0].owner = NEWCOMER;
            let ending = Ending::Proven {
                app_paid: true,
                winners,
            };
            let settlement = settle(&cheap(), &ending, Escrow::nothing());
            let half = EXISTENTIAL_DEPOSIT / 2;
            assert_eq!(
                settlement.workers,
                [Payment {
                    to: NEWCOMER,
                    amount: 0
                }]
            );
            assert_eq!((settlement.operator, settlement.treasury), (half, half));
            assert_eq!(diverted(), [(NEWCOMER, half)]);
            assert_eq!(free(&TREASURY), ENDOWMENT + half);
        });
    }

    #[test]
    fn of_the_existential_deposit_make_an_account() {
        build_and_execute(|| {
            let terms = Deal {
                operator_reward_ratio: 0,
                ..cheap()
            };
            open(&terms, 1);
            let mut winners = winners(1);
            winners[0].owner = NEWCOMER;
            let ending = Ending::Proven {
                app_paid: true,
                winners,
            };
            settle(&terms, &ending, Escrow::nothing());
            assert_eq!(free(&NEWCOMER), EXISTENTIAL_DEPOSIT);
            assert!(diverted().is_empty());
        });
    }

    #[test]
    fn of_datasets_are_diverted_too() {
        build_and_execute(|| {
            let mut terms = with_dataset(terms(), EXISTENTIAL_DEPOSIT - 1);
            if let Some(dataset) = &mut terms.dataset {
                dataset.owner = NEWCOMER;
            }
            open(&terms, 1);
            let settlement = settle(&terms, &proven(1), Escrow::nothing());
            assert_eq!(settlement.dataset, 0);
            assert_eq!(settlement.treasury, EXISTENTIAL_DEPOSIT - 1);
            assert_eq!(diverted(), [(NEWCOMER, EXISTENTIAL_DEPOSIT - 1)]);
        });
    }

    /// Another provider reference lets an account put everything on hold; it can then not take back
    /// less than the existential deposit.
    #[test]
    fn of_refunds_are_diverted_too() {
        build_and_execute(|| {
            let price = EXISTENTIAL_DEPOSIT / 10;
            let terms = Deal {
                app_price: 0,
                pool_price: price,
                operator_stake: 0,
                ..terms()
            };
            System::inc_providers(&PAYER);
            set_free(&PAYER, 10 * price);
            open(&terms, 10);
            assert_eq!(free(&PAYER), 0);
            let settlement = settle(&terms, &Ending::Unavailable, Escrow::nothing());
            assert_eq!((settlement.refunded, settlement.treasury), (0, price));
            assert_eq!(diverted(), [(PAYER, price)]);
            assert_eq!(on_hold(TaskPayment, &PAYER), 9 * price);
        });
    }

    #[test]
    fn that_nobody_can_take_are_burned() {
        build_and_execute(|| {
            set_free(&TREASURY, 0);
            let before = issuance();
            Escrow::give_to_treasury(slashed(EXISTENTIAL_DEPOSIT - 1));
            assert_eq!(free(&TREASURY), 0);
            assert_eq!(issuance(), before);
            Escrow::give_to_treasury(slashed(EXISTENTIAL_DEPOSIT));
            assert_eq!(free(&TREASURY), EXISTENTIAL_DEPOSIT);
        });
    }
}

mod settlement_fee {
    use super::*;
    use crate::Event;

    const FEE: Balance = 40 * EXISTENTIAL_DEPOSIT;

    #[test]
    fn is_on_hold_apart_from_the_price() {
        build_and_execute(|| {
            open(&prepaid(FEE), 2);
            assert_eq!(on_hold(TaskPayment, &PAYER), 2 * TASK_PRICE);
            assert_eq!(on_hold(SettlementFee, &PAYER), FEE);
            assert_eq!(free(&PAYER), ENDOWMENT - 2 * TASK_PRICE - FEE);
        });
    }

    #[test]
    fn is_a_part_of_what_the_payer_needs() {
        build_and_execute(|| {
            let funding = funding(&prepaid(FEE), 1);
            set_free(&PAYER, TASK_PRICE + FEE + EXISTENTIAL_DEPOSIT - 1);
            assert!(Escrow::shortage(&funding).payer);
            assert_noop!(Escrow::open(DEAL, &funding), Error::<Test>::PayerCannotPay);
            set_free(&PAYER, TASK_PRICE + FEE + EXISTENTIAL_DEPOSIT);
            assert!(!Escrow::shortage(&funding).payer);
            assert_ok!(Escrow::open(DEAL, &funding));
        });
    }

    #[test]
    fn must_fit_an_amount_together_with_the_price() {
        build_and_execute(|| {
            let terms = prepaid(Balance::MAX - TASK_PRICE + 1);
            assert!(Escrow::shortage(&funding(&terms, 1)).payer);
            assert_noop!(
                Escrow::open(DEAL, &funding(&terms, 1)),
                Error::<Test>::AmountTooHigh
            );
        });
    }

    #[test]
    fn is_burned_as_far_as_it_was_spent() {
        build_and_execute(|| {
            open(&prepaid(FEE), 1);
            let before = issuance();
            let ended = [ended(Ending::Unavailable, 0)];
            drop(Escrow::settle(
                DEAL,
                &prepaid(FEE),
                &ended,
                Escrow::nothing(),
            ));
            assert_eq!(on_hold(SettlementFee, &PAYER), FEE);
            Escrow::close(DEAL, FEE / 4);
            assert_eq!(on_hold(SettlementFee, &PAYER), 0);
            assert_eq!(free(&PAYER), ENDOWMENT - FEE / 4);
            assert_eq!(issuance(), before - FEE / 4);
            assert_eq!(Accounts::<Test>::get(DEAL), None);
            let event = Event::Closed {
                deal: DEAL,
                burned: FEE / 4,
                refunded: FEE - FEE / 4,
            };
            System::assert_last_event(event.into());
        });
    }

    #[test]
    fn is_all_that_can_be_spent() {
        build_and_execute(|| {
            open(&prepaid(FEE), 1);
            open_other(&prepaid(FEE));
            Escrow::settle_untouched(DEAL, &prepaid(FEE), 1, UntouchedEnd::CancelledAsHarmful);
            Escrow::close(DEAL, Balance::MAX);
            // The other deal's fee is its own.
            assert_eq!(on_hold(SettlementFee, &PAYER), FEE);
        });
    }

    #[test]
    fn that_the_payer_cannot_take_back_is_the_treasurys() {
        build_and_execute(|| {
            let terms = Deal {
                app_price: 0,
                pool_price: 0,
                operator_stake: 0,
                ..prepaid(EXISTENTIAL_DEPOSIT)
            };
            System::inc_providers(&PAYER);
            System::inc_providers(&PAYER);
            set_free(&PAYER, EXISTENTIAL_DEPOSIT);
            open(&terms, 1);
            assert_eq!(free(&PAYER), 0);
            Escrow::settle_untouched(DEAL, &terms, 1, UntouchedEnd::Failed);
            // A tenth of the existential deposit comes back to an account that has nothing else.
            let rest = EXISTENTIAL_DEPOSIT / 10;
            Escrow::close(DEAL, EXISTENTIAL_DEPOSIT - rest);
            assert_eq!(diverted(), [(PAYER, rest)]);
            assert_eq!(free(&TREASURY), ENDOWMENT + rest);
        });
    }

    #[test]
    #[should_panic(expected = "that has open tasks")]
    fn of_an_open_deal_stays() {
        new_test_ext().execute_with(|| {
            open(&prepaid(FEE), 1);
            Escrow::close(DEAL, FEE);
        });
    }

    #[test]
    #[should_panic(expected = "no escrow account")]
    fn of_no_deal_is_noticed() {
        new_test_ext().execute_with(|| Escrow::close(DEAL, 0));
    }
}

mod untouched {
    use super::*;

    #[test]
    fn tasks_that_the_payer_cancels_console_the_operator() {
        build_and_execute(|| {
            open(&terms(), 1_000);
            let (settlement, left) =
                Escrow::settle_untouched(DEAL, &terms(), 999, UntouchedEnd::CancelledByPayer);
            let fee = 999 * (POOL_PRICE * 5 / 100);
            let expected = Settlement {
                operator: fee,
                refunded: 999 * TASK_PRICE - fee,
                ..Default::default()
            };
            assert_eq!((settlement, left), (expected, remaining(1, 0)));
            assert_eq!(on_hold(TaskPayment, &PAYER), TASK_PRICE);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), OPERATOR_STAKE);
            assert_eq!(free(&OPERATOR), ENDOWMENT - OPERATOR_STAKE + fee);
            assert_eq!(free(&PAYER), ENDOWMENT - TASK_PRICE - fee);
        });
    }

    #[test]
    fn tasks_that_the_payer_cancels_console_the_hub() {
        build_and_execute(|| {
            BoundWallet::set(Some(WALLET));
            open(&terms(), 1);
            Escrow::settle_untouched(DEAL, &terms(), 1, UntouchedEnd::CancelledByPayer);
            Escrow::close(DEAL, 0);
            assert_eq!(free(&WALLET), POOL_PRICE * 5 / 100);
            assert_eq!(free(&OPERATOR), ENDOWMENT);
        });
    }

    #[test]
    fn tasks_that_are_cancelled_as_harmful_cost_nothing() {
        build_and_execute(|| {
            open(&terms(), 10);
            let (settlement, _) =
                Escrow::settle_untouched(DEAL, &terms(), 10, UntouchedEnd::CancelledAsHarmful);
            assert_eq!(settlement.refunded, 10 * TASK_PRICE);
            Escrow::close(DEAL, 0);
            assert_eq!(free(&PAYER), ENDOWMENT);
            assert_eq!(free(&OPERATOR), ENDOWMENT);
        });
    }

    #[test]
    fn tasks_that_fail_cost_the_operator_its_stakes() {
        build_and_execute(|| {
            open(&terms(), 10);
            let (settlement, left) =
                Escrow::settle_untouched(DEAL, &terms(), 10, UntouchedEnd::Failed);
            let expected = Settlement {
                refunded: 10 * TASK_PRICE,
                treasury: 10 * OPERATOR_STAKE,
                ..Default::default()
            };
            assert_eq!((settlement, left), (expected, remaining(0, 0)));
            Escrow::close(DEAL, 0);
            assert_eq!(free(&PAYER), ENDOWMENT);
            assert_eq!(free(&TREASURY), ENDOWMENT + 10 * OPERATOR_STAKE);
        });
    }

    /// As many tasks as there can be, of the highest price that can still be funded.
    #[test]
    fn tasks_of_all_the_money_in_the_world_end_in_one_step() {
        build_and_execute(|| {
            let price = (Balance::MAX - issuance()) / Balance::from(u32::MAX);
            let terms = Deal {
                app_price: 0,
                pool_price: price,
                operator_stake: 0,
                ..terms()
            };
            let endowment = Balance::from(u32::MAX) * price + EXISTENTIAL_DEPOSIT;
            set_free(&PAYER, endowment);
            open(&terms, u32::MAX);
            let end = UntouchedEnd::CancelledByPayer;
            let (settlement, left) = Escrow::settle_untouched(DEAL, &terms, u32::MAX, end);
            assert_eq!(given(&settlement), Balance::from(u32::MAX) * price);
            assert_eq!(left, remaining(0, 0));
            Escrow::close(DEAL, 0);
            assert_eq!(free(&PAYER), endowment - settlement.operator);
            assert_eq!(free(&OPERATOR), ENDOWMENT + settlement.operator);
        });
    }

    #[test]
    #[should_panic(expected = "more tasks ended than were open")]
    fn tasks_that_do_not_exist_are_noticed() {
        new_test_ext().execute_with(|| {
            open(&terms(), 1);
            Escrow::settle_untouched(DEAL, &terms(), 2, UntouchedEnd::Failed);
        });
    }
}

mod together {
    use super::*;

    #[test]
    fn each_account_is_paid_once() {
        build_and_execute(|| {
            open(&terms(), 5);
            System::reset_events();
            let tasks = [
                ended(proven(3), 0),
                ended(Ending::Failed { voted: true }, 0),
                ended(proven(3), POOL_PRICE * 30 / 100),
                ended(Ending::Unavailable, 0),
            ];
            let lost = slashed(POOL_PRICE * 30 / 100);
            let (settlements, left) = Escrow::settle(DEAL, &terms(), &tasks, lost);
            assert_eq!(left, remaining(1, 2));
            let each = POOL_PRICE * 33 / 100 + POOL_PRICE * 43 / 100;
            for owner in &WORKER_OWNERS {
                assert_eq!(free(owner), ENDOWMENT + each);
                assert_eq!(deposits_to(owner), 1);
            }
            assert_eq!(deposits_to(&APP_OWNER), 1);
            assert_eq!(deposits_to(&OPERATOR), 1);
            assert_eq!(settlements.len(), 4);
            assert_eq!(given(&settlements[1]), TASK_PRICE + OPERATOR_STAKE);
            assert_eq!(settlements[3].refunded, TASK_PRICE);
            assert_eq!(on_hold(TaskPayment, &PAYER), TASK_PRICE);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), OPERATOR_STAKE);
        });
    }

    /// Two halves of the existential deposit make an account.
    #[test]
    fn more_can_be_taken_than_one_by_one() {
        build_and_execute(|| {
            let terms = Deal {
                app_price: 0,
                pool_price: EXISTENTIAL_DEPOSIT / 2,
                operator_reward_ratio: 0,
                ..terms()
            };
            open(&terms, 2);
            let task = ended(newcomers_task(), 0);
            let tasks = [task.clone(), task];
            let (settlements, _) = Escrow::settle(DEAL, &terms, &tasks, Escrow::nothing());
            Escrow::close(DEAL, 0);
            assert_eq!(free(&NEWCOMER), EXISTENTIAL_DEPOSIT);
            assert!(diverted().is_empty());
            for settlement in &settlements {
                assert_eq!(settlement.workers[0].amount, EXISTENTIAL_DEPOSIT / 2);
            }
        });
    }

    #[test]
    fn what_cannot_be_taken_is_diverted_once() {
        build_and_execute(|| {
            let terms = Deal {
                app_price: 0,
                pool_price: EXISTENTIAL_DEPOSIT / 4,
                operator_reward_ratio: 0,
                ..terms()
            };
            open(&terms, 3);
            let task = ended(newcomers_task(), 0);
            let tasks = [task.clone(), ended(proven(1), 0), task];
            let (settlements, _) = Escrow::settle(DEAL, &terms, &tasks, Escrow::nothing());
            Escrow::close(DEAL, 0);
            let quarter = EXISTENTIAL_DEPOSIT / 4;
            assert_eq!(diverted(), [(NEWCOMER, 2 * quarter)]);
            assert_eq!(free(&TREASURY), ENDOWMENT + 2 * quarter);
            let treasury: Vec<Balance> = settlements.iter().map(|one| one.treasury).collect();
            assert_eq!(treasury, [quarter, 0, quarter]);
            for settlement in &settlements {
                assert_eq!(given(settlement), quarter);
            }
        });
    }

    /// Frozen money, as by votes, keeps nobody from paying and being paid.
    #[test]
    fn frozen_accounts_pay_and_are_paid() {
        build_and_execute(|| {
            open(&terms(), 2);
            for who in [&PAYER, &OPERATOR, &WORKER_OWNERS[0]] {
                freeze(who, Balance::MAX);
            }
            let tasks = [
                ended(proven(1), 0),
                ended(Ending::Failed { voted: true }, 0),
            ];
            Escrow::settle(DEAL, &terms(), &tasks, Escrow::nothing());
            Escrow::close(DEAL, 0);
            assert!(diverted().is_empty());
            assert_eq!(free(&WORKER_OWNERS[0]), ENDOWMENT + POOL_PRICE * 99 / 100);
            let fee = POOL_PRICE * 5 / 100;
            assert_eq!(free(&PAYER), ENDOWMENT - TASK_PRICE - fee);
            let reward = POOL_PRICE / 100;
            assert_eq!(free(&OPERATOR), ENDOWMENT - OPERATOR_STAKE + reward);
        });
    }

    #[test]
    #[should_panic(expected = "more tasks ended than were open")]
    fn more_than_there_are_is_noticed() {
        new_test_ext().execute_with(|| {
            open(&terms(), 1);
            let task = ended(Ending::Unavailable, 0);
            let tasks = [task.clone(), task];
            drop(Escrow::settle(DEAL, &terms(), &tasks, Escrow::nothing()));
        });
    }

    #[test]
    #[should_panic(expected = "lost another sum")]
    fn a_wrong_sum_of_slashes_is_noticed() {
        new_test_ext().execute_with(|| {
            open(&terms(), 1);
            let tasks = [ended(Ending::Unavailable, 3)];
            drop(Escrow::settle(DEAL, &terms(), &tasks, slashed(2)));
        });
    }

    fn newcomers_task() -> Ending {
        Ending::Proven {
            app_paid: true,
            winners: vec![Winner {
                owner: NEWCOMER,
                weight: 2,
            }],
        }
    }
}

mod credits {
    use super::*;

    #[test]
    fn add_up_and_reach_the_treasury() {
        build_and_execute(|| {
            let sum = Escrow::merge(slashed(3), Escrow::merge(slashed(4), Escrow::nothing()));
            assert_eq!(Escrow::amount(&sum), 7);
            Escrow::give_to_treasury(sum);
            assert_eq!(free(&TREASURY), ENDOWMENT + 7);
        });
    }

    #[test]
    fn empty_ones_change_nothing() {
        build_and_execute(|| {
            let events = System::events().len();
            Escrow::give_to_treasury(Escrow::nothing());
            assert_eq!(System::events().len(), events);
            assert_eq!(Escrow::amount(&Escrow::nothing()), 0);
        });
    }
}

mod genesis {
    use super::*;

    #[test]
    fn makes_the_treasury_permanent() {
        build_and_execute(|| {
            set_free(&TREASURY, 0);
            assert_eq!(System::providers(&TREASURY), 1);
        });
    }
}

mod invariants {
    use super::*;

    #[test]
    fn a_missing_hold_is_found() {
        new_test_ext().execute_with(|| {
            open(&terms(), 2);
            Accounts::<Test>::mutate(DEAL, |account| {
                if let Some(account) = account {
                    account.open_tasks = 1;
                }
            });
            assert_err!(
                Escrow::do_try_state(),
                "an account's hold is not the sum over its deals"
            );
        });
    }

    #[test]
    fn money_on_hold_for_no_deal_is_found() {
        new_test_ext().execute_with(|| {
            open(&prepaid(9), 1);
            Accounts::<Test>::remove(DEAL);
            assert_err!(
                Escrow::do_try_state(),
                "an account's hold is not the sum over its deals"
            );
        });
    }

    #[test]
    fn an_account_that_nobody_closed_is_found() {
        new_test_ext().execute_with(|| {
            open(&terms(), 1);
            let ended = [ended(proven(1), 0)];
            drop(Escrow::settle(DEAL, &terms(), &ended, Escrow::nothing()));
            assert_err!(Escrow::do_try_state(), "an escrow account has no open task");
        });
    }

    fn owners() -> Vec<AccountId> {
        let mut owners = WORKER_OWNERS.to_vec();
        owners.extend([PAYER, OPERATOR, APP_OWNER, NEWCOMER]);
        owners
    }

    fn endings() -> impl Strategy<Value = Ending> {
        let winner = (proptest::sample::select(owners()), 2u32..=8)
            .prop_map(|(owner, weight)| Winner { owner, weight });
        prop_oneof![
            (any::<bool>(), proptest::collection::vec(winner, 1..=5))
                .prop_map(|(app_paid, winners)| Ending::Proven { app_paid, winners }),
            Just(Ending::Unavailable),
            any::<bool>().prop_map(|voted| Ending::Failed { voted }),
        ]
    }

    /// Some tasks that ended, with prices around `unit`.
    fn tasks(unit: Balance) -> impl Strategy<Value = Vec<EndedTask>> {
        let task =
            (endings(), 0..=4 * unit).prop_map(|(ending, slashed)| EndedTask { ending, slashed });
        proptest::collection::vec(task, 1..=8)
    }

    /// Terms of a deal with prices around `unit`.
    fn deals(unit: Balance) -> impl Strategy<Value = Deal> {
        let parties = (
            proptest::sample::select(owners()),
            proptest::sample::select(owners()),
        );
        let prices = (
            0..=3 * unit,
            proptest::option::of(0..=3 * unit),
            0..=3 * unit,
        );
        (parties, prices, 0u8..=50, 0u8..=5, 0..=2 * unit).prop_map(
            |(parties, prices, operator_reward_ratio, fund_fee_ratio, settlement_fee)| {
                let (app_owner, dataset_owner) = parties;
                let (app_price, dataset_price, pool_price) = prices;
                let mut terms = Deal {
                    app_owner,
                    app_price,
                    pool_price,
                    operator_reward_ratio,
                    fund_fee_ratio,
                    settlement_fee,
                    operator_stake: pool_price * 30 / 100,
                    ..terms()
                };
                if let Some(price) = dataset_price {
                    terms = with_dataset(terms, price);
                }
                if let Some(dataset) = &mut terms.dataset {
                    dataset.owner = dataset_owner;
                }
                terms
            },
        )
    }

    fn untouched_ends() -> impl Strategy<Value = UntouchedEnd> {
        proptest::sample::select(vec![
            UntouchedEnd::Failed,
            UntouchedEnd::CancelledByPayer,
            UntouchedEnd::CancelledAsHarmful,
        ])
    }

    /// What a task's money adds up to.
    fn taken(terms: &Deal, task: &EndedTask) -> Balance {
        let stake = match task.ending {
            Ending::Failed { .. } => terms.operator_stake,
            _ => 0,
        };
        terms.task_price() + task.slashed + stake
    }

    fn proven_of(tasks: &[EndedTask]) -> u32 {
        let is_proven = |task: &&EndedTask| matches!(task.ending, Ending::Proven { .. });
        tasks.iter().filter(is_proven).count() as u32
    }

    fn settle_together(terms: &Deal, tasks: &[EndedTask]) -> (Vec<Settlement>, Remaining) {
        let lost = slashed(tasks.iter().map(|task| task.slashed).sum());
        Escrow::settle(DEAL, terms, tasks, lost)
    }

    /// What everybody has, free and on hold, and all there is.
    fn world() -> Vec<Balance> {
        let mut everybody = owners();
        everybody.extend([DATASET_OWNER, TREASURY, WALLET]);
        everybody
            .iter()
            .flat_map(|who| {
                let held = on_hold(TaskPayment, who) + on_hold(OperatorStake, who);
                [free(who), held, on_hold(SettlementFee, who)]
            })
            .chain([issuance()])
            .collect()
    }

    /// What became of a fresh world in which the deal's tasks ended in these groups.
    fn outcome(
        terms: &Deal,
        wallet: &Option<AccountId>,
        groups: &[&[EndedTask]],
    ) -> (Vec<Settlement>, Vec<Balance>) {
        new_test_ext().execute_with(|| {
            BoundWallet::set(wallet.clone());
            set_free(&NEWCOMER, ENDOWMENT);
            set_free(&WALLET, ENDOWMENT);
            let tasks = groups.iter().map(|group| group.len()).sum::<usize>();
            open(terms, tasks as u32);
            let settlements = groups
                .iter()
                .flat_map(|group| settle_together(terms, group).0)
                .collect();
            Escrow::close(DEAL, terms.settlement_fee / 2);
            Escrow::do_try_state().expect("the invariants hold");
            assert!(diverted().is_empty());
            (settlements, world())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever the prices and however tasks end, nothing is lost and nothing stays behind.
        #[test]
        fn taken_is_given(
            terms in deals(EXISTENTIAL_DEPOSIT),
            wallet in proptest::option::of(proptest::sample::select(owners())),
            tasks in tasks(EXISTENTIAL_DEPOSIT),
            group in 1usize..=8,
            rest in 0u32..=1_000,
            end in untouched_ends(),
            spent in 0..=3 * EXISTENTIAL_DEPOSIT,
        ) {
            new_test_ext().execute_with(|| {
                BoundWallet::set(wallet);
                let before = issuance();
                open(&terms, tasks.len() as u32 + rest);
                let mut slashed = 0;
                for group in tasks.chunks(group) {
                    let (settlements, _) = settle_together(&terms, group);
                    for (task, settlement) in group.iter().zip(&settlements) {
                        assert_eq!(given(settlement), taken(&terms, task));
                        slashed += task.slashed;
                    }
                    assert_eq!(settlements.len(), group.len());
                }
                assert_eq!(issuance(), before + slashed);
                let (settlement, left) = Escrow::settle_untouched(DEAL, &terms, rest, end);
                let stake = match end {
                    UntouchedEnd::Failed => terms.operator_stake,
                    _ => 0,
                };
                let expected = (terms.task_price() + stake) * Balance::from(rest);
                assert_eq!(given(&settlement), expected);
                assert_eq!(left, remaining(0, proven_of(&tasks)));
                assert_eq!(issuance(), before + slashed);

                Escrow::close(DEAL, spent);
                assert_eq!(issuance(), before + slashed - spent.min(terms.settlement_fee));
                assert_eq!(Accounts::<Test>::iter().count(), 0);
                Escrow::do_try_state().expect("the invariants hold");
            });
        }

        /// Accounts that can take everything see no difference between tasks that end together and
        /// tasks that end one after the other, in whatever order.
        #[test]
        fn together_is_as_one_by_one(
            terms in deals(1_000),
            wallet in proptest::option::of(proptest::sample::select(vec![WALLET, PAYER])),
            tasks in tasks(1_000),
            size in 1usize..=8,
        ) {
            let together = outcome(&terms, &wallet, &[tasks.as_slice()]);
            let single: Vec<&[EndedTask]> = tasks.chunks(1).collect();
            assert_eq!(outcome(&terms, &wallet, &single), together);
            let groups: Vec<&[EndedTask]> = tasks.chunks(size).collect();
            assert_eq!(outcome(&terms, &wallet, &groups), together);

            let reversed: Vec<EndedTask> = tasks.iter().rev().cloned().collect();
            let (mut settlements, world) = outcome(&terms, &wallet, &[reversed.as_slice()]);
            settlements.reverse();
            assert_eq!((settlements, world), together);
        }

        /// Tasks that nobody worked on may as well end in any portions.
        #[test]
        fn untouched_tasks_end_in_any_portions(
            terms in deals(EXISTENTIAL_DEPOSIT),
            (first, second) in (0u32..=1_000, 1u32..=1_000),
            end in untouched_ends(),
        ) {
            let outcome = |portions: &[u32]| {
                new_test_ext().execute_with(|| {
                    open(&terms, first + second);
                    for count in portions {
                        Escrow::settle_untouched(DEAL, &terms, *count, end);
                    }
                    Escrow::close(DEAL, 0);
                    Escrow::do_try_state().expect("the invariants hold");
                    world()
                })
            };
            assert_eq!(outcome(&[first, second]), outcome(&[first + second]));
        }
    }
}
