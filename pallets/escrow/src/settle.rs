//! The escrow as its neighbours see it: opening a deal's account, ending its tasks, closing it.

use crate::{
    Accounts, Config, CreditOf, Error, EscrowAccount, Event, HoldReason, Pallet,
    bill::{self, Bill, Payees, Refusals, Released},
    money::Till,
};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Balance, Deal, DealId,
    traits::{EndedTask, Escrow, Funding, Remaining, Settlement, Shortage, UntouchedEnd},
};
use frame_support::{
    defensive, ensure, pallet_prelude::DispatchResult, storage::with_storage_layer,
    traits::Imbalance as _,
};

impl<T: Config> Escrow for Pallet<T> {
    type Credit = CreditOf<T>;

    fn shortage(funding: &Funding) -> Shortage {
        let account = EscrowAccount::from(funding);
        let (payment, stake) = (account.payment_with_fee(), account.stake());
        let fee = Some(account.settlement_fee);
        Shortage {
            payer: Self::lacks(HoldReason::TaskPayment, &account.payer, payment)
                || Self::lacks(HoldReason::SettlementFee, &account.payer, fee),
            operator: Self::lacks(HoldReason::OperatorStake, &account.operator, stake),
        }
    }

    fn open(deal: DealId, funding: &Funding) -> DispatchResult {
        let account = EscrowAccount::from(funding);
        ensure!(account.open_tasks > 0, Error::<T>::NoTasks);
        ensure!(!Accounts::<T>::contains_key(deal), Error::<T>::AlreadyOpen);
        account
            .payment_with_fee()
            .ok_or(Error::<T>::AmountTooHigh)?;
        let payment = account.payment().ok_or(Error::<T>::AmountTooHigh)?;
        let stake = account.stake().ok_or(Error::<T>::AmountTooHigh)?;
        // Payer and operator can be one account, so only the holds themselves tell whether all fit.
        with_storage_layer(|| -> DispatchResult {
            let (payer, fee) = (&account.payer, account.settlement_fee);
            Self::hold(HoldReason::TaskPayment, payer, payment)
                .and_then(|()| Self::hold(HoldReason::SettlementFee, payer, fee))
                .map_err(|_| Error::<T>::PayerCannotPay)?;
            Self::hold(HoldReason::OperatorStake, &account.operator, stake)
                .map_err(|_| Error::<T>::OperatorCannotStake)?;
            Ok(())
        })?;
        Accounts::<T>::insert(deal, account);
        Ok(())
    }

    fn settle(
        deal: DealId,
        terms: &Deal,
        ended: &[EndedTask],
        slashed: Self::Credit,
    ) -> (Vec<Settlement>, Remaining) {
        check_slashed(ended, slashed.peek());
        let Some(mut account) = Accounts::<T>::get(deal) else {
            defensive!("tasks ended of a deal that has no escrow account", deal);
            Self::pay_treasury(slashed);
            return (ended.iter().map(unfunded).collect(), Remaining::default());
        };
        let count = u32::try_from(ended.len()).unwrap_or(u32::MAX);
        check_count(&account, count);
        let earner = Self::earner(terms.pool, &account.operator);
        let payees = Payees {
            app: &terms.app_owner,
            dataset: terms.dataset.as_ref().map(|dataset| &dataset.owner),
            operator: &earner,
        };
        let bill = Bill::new(&account, terms, payees, ended);

        let mut till = Till::<T>::new(slashed);
        let mut refusals = move_holds(&mut till, &account, bill.released);
        for (to, amount) in &bill.earned {
            pay(&mut till, &mut refusals, to, *amount);
        }
        // What is left: fees, lost stakes of operators, losers' stakes above the cap, and what was
        // diverted.
        till.close();
        let remaining = account.end_tasks(count, bill.proven);
        Accounts::<T>::insert(deal, account);
        (bill.settlements(&refusals), remaining)
    }

    fn settle_untouched(
        deal: DealId,
        terms: &Deal,
        count: u32,
        end: UntouchedEnd,
    ) -> (Settlement, Remaining) {
        let Some(mut account) = Accounts::<T>::get(deal) else {
            defensive!("tasks ended of a deal that has no escrow account", deal);
            return Default::default();
        };
        check_count(&account, count);
        let count = count.min(account.open_tasks);
        let earner = Self::earner(terms.pool, &account.operator);
        let (released, all) = bill::untouched(&account, terms, count, end);

        let mut till = Till::<T>::new(CreditOf::<T>::zero());
        let mut refusals = move_holds(&mut till, &account, released);
        pay(&mut till, &mut refusals, &earner, all.operator);
        till.close();
        let remaining = account.end_tasks(count, 0);
        Accounts::<T>::insert(deal, account);
        let settlement = bill::untouched_settlement(&all, &earner, &refusals);
        (settlement, remaining)
    }

    fn close(deal: DealId, spent: Balance) {
        let Some(account) = Accounts::<T>::get(deal) else {
            defensive!("a deal was closed that has no escrow account", deal);
            return;
        };
        if account.open_tasks > 0 {
            defensive!("a deal was closed that has open tasks", deal);
            return;
        }
        Accounts::<T>::remove(deal);
        if account.settlement_fee > 0 {
            Self::settle_fee(deal, &account, spent);
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
    /// Burns what the calls of a deal have used up of its fee, and gives the rest back.
    fn settle_fee(deal: DealId, account: &EscrowAccount, spent: Balance) {
        let burned = spent.min(account.settlement_fee);
        let rest = account.settlement_fee.saturating_sub(burned);
        Self::burn(HoldReason::SettlementFee, &account.payer, burned);
        let mut till = Till::<T>::new(CreditOf::<T>::zero());
        let refunded = till.release(HoldReason::SettlementFee, &account.payer, rest);
        till.close();
        Self::deposit_event(Event::Closed {
            deal,
            burned,
            refunded,
        });
    }
}

/// Takes and releases what is on hold; tells who could not take what is its own.
fn move_holds<T: Config>(
    till: &mut Till<T>,
    account: &EscrowAccount,
    released: Released,
) -> Refusals {
    let (payer, operator) = (&account.payer, &account.operator);
    till.take(HoldReason::TaskPayment, payer, released.spent);
    till.take(HoldReason::OperatorStake, operator, released.lost);
    let refund = till.release(HoldReason::TaskPayment, payer, released.refund);
    let returned = till.release(HoldReason::OperatorStake, operator, released.returned);
    Refusals {
        refund: refund < released.refund,
        stake: returned < released.returned,
        ..Refusals::default()
    }
}

/// Pays what an account has earned, or notes that it could not take it.
fn pay<T: Config>(till: &mut Till<T>, refusals: &mut Refusals, to: &AccountId, amount: Balance) {
    if till.pay(to, amount) < amount {
        refusals.payees.insert(to.clone());
    }
}

/// What is moved by the end of a task for which nothing is on hold.
fn unfunded(task: &EndedTask) -> Settlement {
    Settlement {
        treasury: task.slashed,
        ..Settlement::default()
    }
}

fn check_count(account: &EscrowAccount, ended: u32) {
    if ended > account.open_tasks {
        defensive!(
            "more tasks ended than were open",
            (ended, account.open_tasks)
        );
    }
}

fn check_slashed(ended: &[EndedTask], slashed: Balance) {
    let expected = ended
        .iter()
        .fold(0, |sum: Balance, task| sum.saturating_add(task.slashed));
    if slashed != expected {
        defensive!(
            "the losers of the tasks lost another sum",
            (expected, slashed)
        );
    }
}
