//! One module per door of the escrow, one for what accounts cannot take, one for long runs.

use crate::{Accounts, Error, EscrowAccount, HoldReason::*, mock::*};
use ergon_primitives::{
    AccountId, Balance, Deal, Payment,
    traits::{Ending, Escrow as _, Settlement},
};
use frame_support::{assert_err, assert_noop, assert_ok};
use proptest::prelude::*;

fn proven(count: usize) -> Ending {
    Ending::Proven {
        app_paid: true,
        winners: winners(count),
    }
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
            let settlement =
                Escrow::settle(DEAL, &terms(), &proven(3), slashed(POOL_PRICE * 30 / 100));
            let each = POOL_PRICE * 43 / 100;
            assert_eq!(
                settlement,
                Settlement {
                    workers: WORKER_OWNERS
                        .map(|to| Payment { to, amount: each })
                        .to_vec(),
                    app: APP_PRICE,
                    operator: POOL_PRICE / 100,
                    proven_tasks: 1,
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
            let first = Escrow::settle(DEAL, &terms(), &proven(1), Escrow::nothing());
            assert_eq!((first.open_tasks, first.proven_tasks), (1, 1));
            assert_eq!(on_hold(TaskPayment, &PAYER), TASK_PRICE);
            assert_eq!(on_hold(OperatorStake, &OPERATOR), OPERATOR_STAKE);
            let second = Escrow::settle(DEAL, &terms(), &proven(1), Escrow::nothing());
            assert_eq!((second.open_tasks, second.proven_tasks), (0, 2));
            assert_eq!(Accounts::<Test>::iter().count(), 0);
        });
    }

    #[test]
    fn pays_the_owner_of_the_dataset() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            open(&terms, 1);
            let settlement = Escrow::settle(DEAL, &terms, &proven(2), Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms, &ending, Escrow::nothing());
            assert_eq!(
                (settlement.app, settlement.dataset, settlement.refunded),
                (0, DATASET_PRICE, APP_PRICE)
            );
            assert_eq!(settlement.proven_tasks, 1);
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
            let settlement = Escrow::settle(DEAL, &terms, &proven(1), Escrow::nothing());
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
                let settlement = Escrow::settle(DEAL, &terms(), ending, Escrow::nothing());
                (settlement.open_tasks, settlement.proven_tasks)
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
            let settlement = Escrow::settle(DEAL, &terms(), &ending, Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms, &proven(1), slashed(POOL_PRICE + 7));
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
            Escrow::settle(DEAL, &terms(), &proven(1), Escrow::nothing());
        });
    }
}

mod hubs {
    use super::*;

    /// Settles a task whose operator earns 1 mERG, with one of two votes lost.
    fn settle(ending: &Ending) -> Settlement {
        Escrow::settle(DEAL, &terms(), ending, slashed(POOL_PRICE * 30 / 100))
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
            Escrow::settle(DEAL, &terms(), &Ending::Unavailable, Escrow::nothing());
            let failed = Ending::Failed { voted: true };
            Escrow::settle(DEAL, &terms(), &failed, Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms, &proven(1), Escrow::nothing());
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
            let settlement =
                Escrow::settle(DEAL, &terms(), &Ending::Unavailable, Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms, &Ending::Unavailable, Escrow::nothing());
            assert_eq!(settlement.refunded, TASK_PRICE + DATASET_PRICE);
            assert_eq!(free(&DATASET_OWNER), ENDOWMENT);
        });
    }

    #[test]
    fn a_slash_would_go_to_the_treasury() {
        build_and_execute(|| {
            open(&terms(), 1);
            let settlement = Escrow::settle(DEAL, &terms(), &Ending::Unavailable, slashed(9));
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
            let settlement = Escrow::settle(DEAL, &terms(), &ending, Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms(), &ending, slashed(11));
            let fee = POOL_PRICE * 5 / 100;
            assert_eq!(settlement.refunded, TASK_PRICE - fee);
            assert_eq!(settlement.treasury, fee + OPERATOR_STAKE + 11);
            assert_eq!(settlement.open_tasks, 1);
            assert_eq!(free(&PAYER), ENDOWMENT - TASK_PRICE - fee);
        });
    }

    #[test]
    fn the_fee_is_a_share_of_the_pool_price_alone() {
        build_and_execute(|| {
            let terms = with_dataset(terms(), DATASET_PRICE);
            open(&terms, 1);
            let ending = Ending::Failed { voted: true };
            let settlement = Escrow::settle(DEAL, &terms, &ending, Escrow::nothing());
            let fee = POOL_PRICE * 5 / 100;
            assert_eq!(settlement.refunded, TASK_PRICE + DATASET_PRICE - fee);
            assert_eq!((settlement.dataset, settlement.proven_tasks), (0, 0));
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
            let settlement = Escrow::settle(DEAL, &cheap(), &ending, Escrow::nothing());
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
            Escrow::settle(DEAL, &terms, &ending, Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms, &proven(1), Escrow::nothing());
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
            let settlement = Escrow::settle(DEAL, &terms, &Ending::Unavailable, Escrow::nothing());
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

    fn owners() -> Vec<AccountId> {
        let mut owners = WORKER_OWNERS.to_vec();
        owners.extend([PAYER, OPERATOR, NEWCOMER]);
        owners
    }

    fn endings() -> impl Strategy<Value = Ending> {
        let winner = (proptest::sample::select(owners()), 2u32..=8)
            .prop_map(|(owner, weight)| ergon_primitives::traits::Winner { owner, weight });
        prop_oneof![
            (any::<bool>(), proptest::collection::vec(winner, 1..=5))
                .prop_map(|(app_paid, winners)| Ending::Proven { app_paid, winners }),
            Just(Ending::Unavailable),
            any::<bool>().prop_map(|voted| Ending::Failed { voted }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever the prices and however tasks end, nothing is lost and nothing stays behind.
        #[test]
        fn taken_is_given(
            app_price in 0..=3 * EXISTENTIAL_DEPOSIT,
            dataset in proptest::option::of(0..=3 * EXISTENTIAL_DEPOSIT),
            dataset_owner in proptest::sample::select(owners()),
            wallet in proptest::option::of(proptest::sample::select(owners())),
            pool_price in 0..=3 * EXISTENTIAL_DEPOSIT,
            operator_reward_ratio in 0u8..=50,
            fund_fee_ratio in 0u8..=5,
            tasks in proptest::collection::vec((endings(), 0..=4 * EXISTENTIAL_DEPOSIT), 1..=8),
        ) {
            build_and_execute(|| {
                BoundWallet::set(wallet);
                let mut terms = Deal {
                    app_price, pool_price, operator_reward_ratio, fund_fee_ratio,
                    operator_stake: pool_price * 30 / 100,
                    ..terms()
                };
                if let Some(price) = dataset {
                    terms = with_dataset(terms, price);
                }
                if let Some(dataset) = &mut terms.dataset {
                    dataset.owner = dataset_owner;
                }
                open(&terms, tasks.len() as u32);
                let mut proven = 0;
                for (ending, amount) in tasks {
                    let lost = slashed(amount);
                    let before = issuance();
                    let settlement = Escrow::settle(DEAL, &terms, &ending, lost);
                    let stake = match ending {
                        Ending::Failed { .. } => terms.operator_stake,
                        _ => 0,
                    };
                    proven += u32::from(matches!(ending, Ending::Proven { .. }));
                    assert_eq!(settlement.proven_tasks, proven);
                    assert_eq!(given(&settlement), terms.task_price() + amount + stake);
                    assert_eq!(issuance(), before);
                    Escrow::do_try_state().expect("the invariants hold");
                }
                assert_eq!(Accounts::<Test>::iter().count(), 0);
                assert_eq!(on_hold(TaskPayment, &PAYER), 0);
                assert_eq!(on_hold(OperatorStake, &OPERATOR), 0);
            });
        }
    }
}
