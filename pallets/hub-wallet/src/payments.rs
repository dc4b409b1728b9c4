//! Approvals: what hubs pay, and how payees get it.

use crate::{
    Approval, Approvals, Config, Error, Event, HoldReason, Hubs, Pallet, Parameters, money, rules,
    wallet_account,
};
use ergon_primitives::{AccountId, Balance, HubPhase};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::fungible::Inspect as _};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_pay(owner: AccountId, payee: AccountId, amount: Balance) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        ensure!(hub.phase.is_registered(), Error::<T>::WrongPhase);
        ensure!(
            payee != owner && payee != wallet_account(&owner),
            Error::<T>::PayeeIsOwner
        );
        let limits = Parameters::<T>::get();
        let (locked, approved) = rules::split(amount, limits.lock_share);
        ensure!(
            approved >= T::Currency::minimum_balance(),
            Error::<T>::PayoutTooSmall
        );
        ensure!(
            amount <= Self::spare(&owner, &hub),
            Error::<T>::TooLittleMoney
        );

        let now = Self::now();
        let matures = now.saturating_add(limits.maturity);
        let mut approval = Self::approval_for(&owner, &payee)?;
        rules::approve(&mut approval, approved, now, matures);
        hub.locked = hub.locked.saturating_add(locked);
        hub.approved = hub.approved.saturating_add(approved);
        Approvals::<T>::insert(&owner, &payee, approval);
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::Approved {
            owner,
            payee,
            amount: approved,
            locked,
            matures,
        });
        Ok(())
    }

    pub(crate) fn do_pull(payee: AccountId, owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let mut approval = Approvals::<T>::get(&owner, &payee).ok_or(Error::<T>::NoApproval)?;
        let cutoff = rules::cutoff(hub.phase, Self::now());
        let amount = rules::take_matured(&mut approval, cutoff);
        ensure!(amount > 0, Error::<T>::NothingMatured);

        hub.approved = hub.approved.saturating_sub(amount);
        Hubs::<T>::insert(&owner, hub);
        Self::keep_approval(&owner, &payee, approval)?;
        let amount = Self::send(&wallet_account(&owner), &payee, amount)?;
        Self::deposit_event(Event::Pulled {
            owner,
            payee,
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_forfeit(owner: AccountId, payee: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let HubPhase::Punished { suspected, .. } = hub.phase else {
            return Err(Error::<T>::WrongPhase.into());
        };
        let mut approval = Approvals::<T>::get(&owner, &payee).ok_or(Error::<T>::NoApproval)?;
        let amount = rules::take_blocked(&mut approval, suspected);
        ensure!(amount > 0, Error::<T>::NothingToForfeit);

        hub.approved = hub.approved.saturating_sub(amount);
        Hubs::<T>::insert(&owner, hub);
        Self::keep_approval(&owner, &payee, approval)?;
        Self::deposit_event(Event::Forfeited {
            owner,
            payee,
            amount,
        });
        Ok(())
    }

    /// What the payee could pull now.
    pub(crate) fn matured(owner: &AccountId, payee: &AccountId) -> Balance {
        let found = Hubs::<T>::get(owner).zip(Approvals::<T>::get(owner, payee));
        found.map_or(0, |(hub, mut approval)| {
            let cutoff = rules::cutoff(hub.phase, Self::now());
            rules::take_matured(&mut approval, cutoff)
        })
    }

    /// The payee's approval, or a new one with its deposit.
    fn approval_for(owner: &AccountId, payee: &AccountId) -> Result<Approval, DispatchError> {
        if let Some(approval) = Approvals::<T>::get(owner, payee) {
            return Ok(approval);
        }
        let deposit = money::approval_deposit();
        Self::take_deposit(HoldReason::Approval, owner, deposit)?;
        Ok(Approval {
            deposit,
            ..Default::default()
        })
    }

    /// Stores what is left of an approval; when nothing is, its deposit goes back.
    fn keep_approval(owner: &AccountId, payee: &AccountId, approval: Approval) -> DispatchResult {
        if approval.total() > 0 {
            Approvals::<T>::insert(owner, payee, approval);
            return Ok(());
        }
        Approvals::<T>::remove(owner, payee);
        Self::give_back(HoldReason::Approval, owner, approval.deposit)
    }
}
