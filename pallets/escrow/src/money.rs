//! Every touch of the currency: holds, credits, payouts, the treasury.

use crate::{Config, CreditOf, Event, HoldReason, LOG_TARGET, Pallet};
use ergon_primitives::{AccountId, Balance, PoolId, traits::Hubs as _};
use frame_support::{
    defensive,
    pallet_prelude::DispatchResult,
    traits::{
        Get, Imbalance as _,
        fungible::{Balanced as _, BalancedHold as _, InspectHold as _, MutateHold as _},
        tokens::Precision,
    },
};

/// The till of one settlement: money comes in from holds and slashes, goes out to accounts, and what
/// is left when it closes is the treasury's. So whatever is taken is given.
pub(crate) struct Till<T: Config> {
    credit: CreditOf<T>,
}

impl<T: Config> Till<T> {
    /// A till with this money in it.
    pub(crate) fn new(credit: CreditOf<T>) -> Self {
        Self { credit }
    }

    /// Takes an amount on hold into the till.
    pub(crate) fn take(&mut self, reason: HoldReason, from: &AccountId, amount: Balance) {
        self.credit
            .subsume(Pallet::<T>::take_held(reason, from, amount));
    }

    /// Pays out of the till; returns what arrived. What the account cannot take stays in the till.
    pub(crate) fn pay(&mut self, to: &AccountId, amount: Balance) -> Balance {
        let credit = self.credit.extract(amount);
        self.deliver(to, credit)
    }

    /// Releases an amount on hold; returns what arrived. What the account cannot take, because it
    /// has no balance beside its holds, comes into the till.
    pub(crate) fn release(
        &mut self,
        reason: HoldReason,
        to: &AccountId,
        amount: Balance,
    ) -> Balance {
        if amount == 0 {
            return 0;
        }
        match T::Currency::release(&reason.into(), to, amount, Precision::BestEffort) {
            Ok(released) => {
                if released < amount {
                    defensive!(
                        "less was on hold than a deal had put there",
                        (to, amount, released)
                    );
                }
                released
            }
            Err(_) => {
                let credit = Pallet::<T>::take_held(reason, to, amount);
                self.deliver(to, credit)
            }
        }
    }

    /// Gives what is left to the treasury.
    pub(crate) fn close(self) {
        Pallet::<T>::pay_treasury(self.credit);
    }

    fn deliver(&mut self, to: &AccountId, credit: CreditOf<T>) -> Balance {
        let Err(credit) = credit.drop_zero() else {
            return 0;
        };
        let amount = credit.peek();
        let Err(refused) = T::Currency::resolve(to, credit) else {
            return amount;
        };
        self.credit.subsume(refused);
        Pallet::<T>::deposit_event(Event::PayoutDiverted {
            to: to.clone(),
            amount,
        });
        0
    }
}

impl<T: Config> Pallet<T> {
    /// Puts an amount on hold.
    pub(crate) fn hold(reason: HoldReason, who: &AccountId, amount: Balance) -> DispatchResult {
        if amount == 0 {
            return Ok(());
        }
        T::Currency::hold(&reason.into(), who, amount)
    }

    /// Whether [`Self::hold`] of the amount would be refused; `None` does not fit an amount.
    pub(crate) fn lacks(reason: HoldReason, who: &AccountId, amount: Option<Balance>) -> bool {
        match amount {
            Some(0) => false,
            Some(amount) => !T::Currency::can_hold(&reason.into(), who, amount),
            None => true,
        }
    }

    /// Gives money to the treasury. An amount below the existential deposit is burned when the
    /// treasury's account is empty.
    pub(crate) fn pay_treasury(credit: CreditOf<T>) {
        let Err(credit) = credit.drop_zero() else {
            return;
        };
        if let Err(refused) = T::Currency::resolve(&T::TreasuryAccount::get(), credit) {
            log::error!(
                target: LOG_TARGET,
                "the treasury is empty and cannot take {}; it is burned: give the treasury the \
                 existential deposit",
                refused.peek(),
            );
        }
    }

    /// Burns an amount on hold.
    pub(crate) fn burn(reason: HoldReason, from: &AccountId, amount: Balance) {
        // Nobody takes the credit, so the issuance shrinks by it.
        drop(Self::take_held(reason, from, amount));
    }

    /// Whom the operator's earnings of a pool go to: the wallet of its hub if the pool is bound to
    /// that now, else the operator itself.
    pub(crate) fn earner(pool: PoolId, operator: &AccountId) -> AccountId {
        T::Hubs::wallet(pool, operator).unwrap_or_else(|| operator.clone())
    }

    fn take_held(reason: HoldReason, from: &AccountId, amount: Balance) -> CreditOf<T> {
        if amount == 0 {
            return CreditOf::<T>::zero();
        }
        let (credit, missing) = T::Currency::slash(&reason.into(), from, amount);
        if missing > 0 {
            defensive!(
                "less was on hold than a deal had put there",
                (from, amount, missing)
            );
        }
        credit
    }
}
