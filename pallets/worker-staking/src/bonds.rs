//! Money in and out of bonds.

use crate::{
    Bonds, Config, Error, Event, Pallet,
    rules::{self, UnbondRefusal},
};
use ergon_primitives::{
    AccountId, Balance, Bond, Signature, Unbonding,
    traits::{Hubs as _, Reputation as _},
};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_bond(
        owner: AccountId,
        worker: AccountId,
        amount: Balance,
        proof: &Signature,
    ) -> DispatchResult {
        ensure!(!T::Hubs::is_barred(&owner), Error::<T>::Barred);
        ensure!(
            !Bonds::<T>::contains_key(&worker),
            Error::<T>::AlreadyBonded
        );
        ensure!(amount >= T::MinimumBond::get(), Error::<T>::BelowMinimum);
        ensure!(
            Self::possesses(&owner, &worker, proof),
            Error::<T>::BadProof
        );

        Self::hold(&owner, amount)?;
        let bond = Bond {
            owner: owner.clone(),
            amount,
            locked: 0,
            unbonding: Default::default(),
            membership: None,
        };
        Bonds::<T>::insert(&worker, bond);
        Self::keep_account(&worker);
        Self::deposit_event(Event::Bonded {
            worker,
            owner,
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_bond_extra(
        owner: AccountId,
        worker: AccountId,
        amount: Balance,
    ) -> DispatchResult {
        ensure!(!T::Hubs::is_barred(&owner), Error::<T>::Barred);
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let mut bond = Self::owned_bond(&owner, &worker)?;
        bond.amount = bond
            .amount
            .checked_add(amount)
            .ok_or(ArithmeticError::Overflow)?;

        Self::hold(&owner, amount)?;
        Bonds::<T>::insert(&worker, bond);
        Self::deposit_event(Event::BondExtended { worker, amount });
        Ok(())
    }

    pub(crate) fn do_unbond(
        owner: AccountId,
        worker: AccountId,
        amount: Balance,
    ) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::ZeroAmount);
        let mut bond = Self::owned_bond(&owner, &worker)?;
        rules::check_unbond(&bond, amount, T::MinimumBond::get()).map_err(Error::<T>::from)?;
        let until = Self::now().saturating_add(T::BondingDuration::get());

        bond.amount = bond.amount.saturating_sub(amount);
        bond.unbonding
            .try_push(Unbonding { amount, until })
            .map_err(|_| Error::<T>::TooManyUnbonding)?;
        Bonds::<T>::insert(&worker, bond);
        Self::deposit_event(Event::Unbonding {
            worker,
            amount,
            until,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw(owner: AccountId, worker: AccountId) -> DispatchResult {
        let mut bond = Self::owned_bond(&owner, &worker)?;
        let amount = rules::take_matured(&mut bond, Self::now());
        // A bond that was slashed away has nothing to mature and can go.
        let is_empty = bond.held() == 0;
        ensure!(amount > 0 || is_empty, Error::<T>::NothingMatured);

        Self::release(&owner, amount)?;
        let removed = is_empty && Self::try_to_let_go(&worker, amount)?;
        if removed {
            Self::remove_bond(&worker, &bond);
        } else {
            Bonds::<T>::insert(&worker, bond);
        }
        Self::deposit_event(Event::Withdrawn {
            worker,
            amount,
            removed,
        });
        Ok(())
    }

    /// Whether the worker key's account could be let go. Money leaves even if not; a call without any
    /// money in it is then refused.
    fn try_to_let_go(worker: &AccountId, amount: Balance) -> Result<bool, Error<T>> {
        match Self::let_account_go(worker) {
            Ok(()) => Ok(true),
            Err(_) if amount > 0 => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// Removes a bond of which nothing is left; nothing of it can be locked then.
    fn remove_bond(worker: &AccountId, bond: &Bond) {
        if let Some(membership) = bond.membership {
            Self::take_out_of_pool(worker, membership.pool);
        }
        Bonds::<T>::remove(worker);
        T::Reputation::forget_worker(worker);
    }
}

impl<T> From<UnbondRefusal> for Error<T> {
    fn from(refusal: UnbondRefusal) -> Self {
        match refusal {
            UnbondRefusal::TooLittleFree => Error::TooLittleFree,
            UnbondRefusal::WouldFallBelowMinimum => Error::WouldFallBelowMinimum,
            UnbondRefusal::TooManyUnbonding => Error::TooManyUnbonding,
        }
    }
}
