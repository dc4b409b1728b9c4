//! The invariants of the crate's documentation, checked against the currency's own records.

use crate::{Accounts, Config, HoldReason, Pallet};
use alloc::collections::BTreeMap;
use ergon_primitives::{AccountId, Balance};
use frame_support::{ensure, traits::fungible::InspectHold as _};
use sp_runtime::TryRuntimeError;

type Sums = BTreeMap<AccountId, Balance>;

impl<T: Config> Pallet<T> {
    /// Checks every account, and the holds of all who have one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let (mut payments, mut stakes, mut fees) = (Sums::new(), Sums::new(), Sums::new());
        for (_, account) in Accounts::<T>::iter() {
            ensure!(account.open_tasks > 0, "an escrow account has no open task");
            let payment = account
                .payment()
                .ok_or("a payment does not fit an amount")?;
            let stake = account.stake().ok_or("a stake does not fit an amount")?;
            add(&mut fees, account.payer.clone(), account.settlement_fee)?;
            add(&mut payments, account.payer, payment)?;
            add(&mut stakes, account.operator, stake)?;
        }
        Self::check_holds(HoldReason::TaskPayment, payments)?;
        Self::check_holds(HoldReason::OperatorStake, stakes)?;
        Self::check_holds(HoldReason::SettlementFee, fees)
    }

    /// Also of accounts without any deal: nothing is on hold that nobody would release.
    fn check_holds(reason: HoldReason, mut sums: Sums) -> Result<(), TryRuntimeError> {
        for who in frame_system::Account::<T>::iter_keys() {
            sums.entry(who).or_default();
        }
        for (who, expected) in sums {
            let held = T::Currency::balance_on_hold(&reason.into(), &who);
            ensure!(
                held == expected,
                "an account's hold is not the sum over its deals"
            );
        }
        Ok(())
    }
}

fn add(sums: &mut Sums, who: AccountId, amount: Balance) -> Result<(), TryRuntimeError> {
    let sum = sums.entry(who).or_default();
    *sum = sum
        .checked_add(amount)
        .ok_or("the sum of holds does not fit an amount")?;
    Ok(())
}
