//! The invariants of the crate's documentation, checked against the currency's own records.

use crate::{Bonds, Config, HoldReason, Pallet, PoolMembers};
use alloc::collections::BTreeMap;
use ergon_primitives::{AccountId, Balance, Bond};
use frame_support::{
    ensure,
    traits::{Get as _, fungible::InspectHold as _},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(T::MinimumBond::get() > 0, "a bond may have no amount");
        let mut held = BTreeMap::<AccountId, Balance>::new();
        for (worker, bond) in Bonds::<T>::iter() {
            Self::check_bond(&worker, &bond)?;
            let sum = held.entry(bond.owner.clone()).or_default();
            *sum = sum
                .checked_add(bond.held())
                .ok_or("bonds do not fit an amount")?;
        }
        Self::check_holds(held)?;
        Self::check_members()
    }

    fn check_bond(worker: &AccountId, bond: &Bond) -> Result<(), TryRuntimeError> {
        ensure!(bond.locked <= bond.amount, "more is locked than bonded");
        ensure!(
            frame_system::Pallet::<T>::providers(worker) > 0,
            "nothing keeps the account of a worker key"
        );
        ensure!(
            bond.unbonding.iter().all(|chunk| chunk.amount > 0),
            "nothing is on its way out"
        );
        if let Some(membership) = bond.membership {
            ensure!(
                PoolMembers::<T>::contains_key(membership.pool, worker),
                "a pool does not list a member"
            );
        }
        Ok(())
    }

    fn check_holds(held: BTreeMap<AccountId, Balance>) -> Result<(), TryRuntimeError> {
        for (owner, expected) in held {
            let on_hold = T::Currency::balance_on_hold(&HoldReason::Bond.into(), &owner);
            ensure!(
                on_hold == expected,
                "an owner's hold is not the sum of its bonds"
            );
        }
        Ok(())
    }

    fn check_members() -> Result<(), TryRuntimeError> {
        for (pool, worker, ()) in PoolMembers::<T>::iter() {
            let membership = Bonds::<T>::get(&worker).and_then(|bond| bond.membership);
            ensure!(
                membership.is_some_and(|membership| membership.pool == pool),
                "a pool lists a worker that is no member"
            );
        }
        Ok(())
    }
}
