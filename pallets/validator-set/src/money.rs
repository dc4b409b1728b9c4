//! Every touch of the currency: the candidates' holds and what offences take from them.

use crate::{Config, CreditOf, HoldReason, Pallet};
use ergon_primitives::{AccountId, Balance};
use frame_support::{
    defensive,
    pallet_prelude::DispatchResult,
    traits::{
        OnUnbalanced,
        fungible::{BalancedHold as _, MutateHold as _},
        tokens::Precision,
    },
};

impl<T: Config> Pallet<T> {
    /// Puts a candidate's money on hold.
    pub(crate) fn hold(who: &AccountId, amount: Balance) -> DispatchResult {
        <T as Config>::Currency::hold(&HoldReason::Bond.into(), who, amount)
    }

    /// Releases a former candidate's money.
    pub(crate) fn release(who: &AccountId, amount: Balance) -> DispatchResult {
        if amount > 0 {
            let reason = HoldReason::Bond.into();
            <T as Config>::Currency::release(&reason, who, amount, Precision::Exact)?;
        }
        Ok(())
    }

    /// Takes money on hold away.
    pub(crate) fn take(who: &AccountId, amount: Balance) {
        if amount == 0 {
            return;
        }
        let (credit, missing): (CreditOf<T>, Balance) =
            <T as Config>::Currency::slash(&HoldReason::Bond.into(), who, amount);
        if missing > 0 {
            defensive!(
                "less was on hold than the candidate's bond",
                (who, amount, missing)
            );
        }
        T::Slashed::on_unbalanced(credit);
    }
}
