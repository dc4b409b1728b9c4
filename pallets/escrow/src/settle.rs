//! The escrow as its neighbours see it: opening a deal's account and ending its tasks.

use crate::{
    Accounts, Config, CreditOf, Error, EscrowAccount, HoldReason, Pallet,
    account::Progress,
    money::Till,
    payout::{self, PayoutTerms},
};
use alloc::vec::Vec;
use ergon_primitives::{
    Balance, Deal, DealId, Payment,
    traits::{Ending, Escrow, Funding, Settlement, Shortage, Winner},
};
use frame_support::{
    defensive, ensure, pallet_prelude::DispatchResult, storage::with_storage_layer,
    traits::Imbalance as _,
};

impl<T: Config> Escrow for Pallet<T> {
    type Credit = CreditOf<T>;

    fn shortage(funding: &Funding) -> Shortage {
        let account = EscrowAccount::from(funding);
        let (payment, stake) = (account.payment(), account.stake());
        Shortage {
            payer: Self::lacks(HoldReason::TaskPayment, &account.payer, payment),
            operator: Self::lacks(HoldReason::OperatorStake, &account.operator, stake),
        }
    }

    fn open(deal: DealId, funding: &Funding) -> DispatchResult {
        let account = EscrowAccount::from(funding);
        ensure!(account.open_tasks > 0, Error::<T>::NoTasks);
        ensure!(!Accounts::<T>::contains_key(deal), Error::<T>::AlreadyOpen);
        let payment = account.payment().ok_or(Error::<T>::AmountTooHigh)?;
        let stake = account.stake().ok_or(Error::<T>::AmountTooHigh)?;
        // Payer and operator can be one account, so only the holds themselves tell whether both fit.
        with_storage_layer(|| -> DispatchResult {
            Self::hold(HoldReason::TaskPayment, &account.payer, payment)
                .map_err(|_| Error::<T>::PayerCannotPay)?;
            Self::hold(HoldReason::OperatorStake, &account.operator, stake)
                .map_err(|_| Error::<T>::OperatorCannotStake)?;
            Ok(())
        })?;
        Accounts::<T>::insert(deal, account);
        Ok(())
    }

    fn settle(deal: DealId, terms: &Deal, ending: &Ending, slashed: Self::Credit) -> Settlement {
        let till = Till::<T>::new(slashed);
        let Some(account) = Accounts::<T>::get(deal) else {
            defensive!("a task ended of a deal that has no escrow account", deal);
            return Settlement {
                treasury: till.close(),
                ..Default::default()
            };
        };
        let settlement = match ending {
            Ending::Proven { app_paid, winners } => {
                settle_proven(till, &account, terms, *app_paid, winners)
            }
            Ending::Unavailable => settle_unavailable(till, &account),
            Ending::Failed { voted } => settle_failed(till, &account, terms, *voted),
        };
        let is_proven = matches!(ending, Ending::Proven { .. });
        let Progress { open, proven } = Self::end_one_task(deal, account, is_proven);
        Settlement {
            open_tasks: open,
            proven_tasks: proven,
            ..settlement
        }
    }

    fn give_to_treasury(credit: Self::Credit) {
        Self::pay_treasury(credit);
    }

    fn nothing() -> Self::Credit {
        CreditOf::<T>::zero()
    }

    fn merge(sum: Self::Credit, more: Self::Credit) -> Self::Credit {
        sum.merge(more)
    }

    fn amount(credit: &Self::Credit) -> Balance {
        credit.peek()
    }
}

impl<T: Config> Pallet<T> {
    /// Notes that a task has ended. The last one takes the record away.
    fn end_one_task(deal: DealId, mut account: EscrowAccount, is_proven: bool) -> Progress {
        account.open_tasks = account.open_tasks.saturating_sub(1);
        account.proven_tasks = account.proven_tasks.saturating_add(is_proven.into());
        let progress = Progress {
            open: account.open_tasks,
            proven: account.proven_tasks,
        };
        if progress.open == 0 {
            Accounts::<T>::remove(deal);
        } else {
            Accounts::<T>::insert(deal, account);
        }
        progress
    }
}

fn settle_proven<T: Config>(
    mut till: Till<T>,
    account: &EscrowAccount,
    terms: &Deal,
    app_paid: bool,
    winners: &[Winner],
) -> Settlement {
    let weights: Vec<u32> = winners.iter().map(|winner| winner.weight).collect();
    let parts = payout::split(&PayoutTerms::from(terms), app_paid, &weights, till.amount());
    let spent = account.task_price.saturating_sub(parts.app_refund);

    till.take(HoldReason::TaskPayment, &account.payer, spent);
    let refunded = till.release(HoldReason::TaskPayment, &account.payer, parts.app_refund);
    till.release(
        HoldReason::OperatorStake,
        &account.operator,
        account.operator_stake,
    );
    let workers = winners
        .iter()
        .zip(parts.workers)
        .map(|(winner, amount)| pay_worker(&mut till, winner, amount))
        .collect();
    let app = till.pay(&terms.app_owner, parts.app);
    let dataset = match &terms.dataset {
        Some(dataset) => till.pay(&dataset.owner, parts.dataset),
        None => 0,
    };
    let operator = till.reward(terms.pool, &account.operator, parts.operator);
    // What is left in the till: the fund's fee, losers' stakes above the cap, and diverted payouts.
    Settlement {
        workers,
        app,
        dataset,
        operator,
        refunded,
        treasury: till.close(),
        ..Default::default()
    }
}

fn pay_worker<T: Config>(till: &mut Till<T>, winner: &Winner, amount: Balance) -> Payment {
    Payment {
        to: winner.owner.clone(),
        amount: till.pay(&winner.owner, amount),
    }
}

fn settle_unavailable<T: Config>(mut till: Till<T>, account: &EscrowAccount) -> Settlement {
    let refunded = till.release(HoldReason::TaskPayment, &account.payer, account.task_price);
    till.release(
        HoldReason::OperatorStake,
        &account.operator,
        account.operator_stake,
    );
    Settlement {
        refunded,
        treasury: till.close(),
        ..Default::default()
    }
}

fn settle_failed<T: Config>(
    mut till: Till<T>,
    account: &EscrowAccount,
    terms: &Deal,
    voted: bool,
) -> Settlement {
    let fee = payout::failure_fee(terms.pool_price, voted).min(account.task_price);
    let refund = account.task_price.saturating_sub(fee);
    till.take(HoldReason::TaskPayment, &account.payer, fee);
    till.take(
        HoldReason::OperatorStake,
        &account.operator,
        account.operator_stake,
    );
    let refunded = till.release(HoldReason::TaskPayment, &account.payer, refund);
    Settlement {
        refunded,
        treasury: till.close(),
        ..Default::default()
    }
}
