//! Every touch of the currency: the owners' holds and what slashes take from them.

use crate::{Config, CreditOf, HoldReason, Pallet};
use ergon_primitives::{AccountId, Balance};
use frame_support::{
    defensive,
    pallet_prelude::DispatchResult,
    traits::{
        Imbalance as _,
        fungible::{BalancedHold as _, MutateHold as _},
        tokens::Precision,
    },
};

impl<T: Config> Pallet<T> {
    /// Puts an owner's money on hold.
    pub(crate) fn hold(owner: &AccountId, amount: Balance) -> DispatchResult {
        T::Currency::hold(&HoldReason::Bond.into(), owner, amount)
    }

    /// Releases an owner's money.
    pub(crate) fn release(owner: &AccountId, amount: Balance) -> DispatchResult {
        if amount > 0 {
            T::Currency::release(&HoldReason::Bond.into(), owner, amount, Precision::Exact)?;
        }
        Ok(())
    }

    /// Takes money on hold away from an owner.
    pub(crate) fn take(owner: &AccountId, amount: Balance) -> CreditOf<T> {
        if amount == 0 {
            return CreditOf::<T>::zero();
        }
        let (credit, missing) = T::Currency::slash(&HoldReason::Bond.into(), owner, amount);
        if missing > 0 {
            defensive!(
                "less was on hold than the owner's bonds",
                (owner, amount, missing)
            );
        }
        credit
    }
}
