//! A hub's life by its owner's calls: created, registered, leaving, idle.

use crate::{
    Config, Error, Event, HoldReason, Hub, HubView, Hubs, Pallet, Parameters, Records, money,
    rules, wallet_account,
};
use ergon_primitives::{AccountId, BlockNumber, HubPhase, HubRecord};
use frame_support::{defensive_assert, ensure, pallet_prelude::DispatchResult};
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    /// The current block.
    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// The account's hub.
    pub(crate) fn hub_of(owner: &AccountId) -> Result<Hub, Error<T>> {
        Hubs::<T>::get(owner).ok_or(Error::<T>::NoSuchHub)
    }

    /// Moves a hub along an edge of the phase graph.
    pub(crate) fn enter(hub: &mut Hub, next: HubPhase) {
        defensive_assert!(
            rules::leads_to(hub.phase, next),
            "every call checks the phase that it leaves"
        );
        hub.phase = next;
    }

    /// Takes the trust mark from a hub that leaves the whitelist.
    pub(crate) fn lose_trust(owner: &AccountId, hub: &mut Hub) {
        if core::mem::take(&mut hub.trusted) {
            Self::deposit_event(Event::TrustSet {
                owner: owner.clone(),
                trusted: false,
            });
        }
    }

    pub(crate) fn do_create(owner: AccountId, record: HubRecord) -> DispatchResult {
        if let Some(hub) = Hubs::<T>::get(&owner) {
            return Err(match hub.phase {
                HubPhase::Punished { .. } => Error::<T>::Barred,
                _ => Error::<T>::AlreadyCreated,
            }
            .into());
        }
        ensure!(record.is_good(), Error::<T>::BadRecord);

        let deposit = money::hub_deposit(&record);
        Self::take_deposit(HoldReason::Hub, &owner, deposit)?;
        let wallet = wallet_account(&owner);
        // The account exists from now on, with or without money.
        frame_system::Pallet::<T>::inc_providers(&wallet);
        let hub = Hub {
            phase: HubPhase::Created,
            frozen: 0,
            locked: 0,
            approved: 0,
            trusted: false,
            votes_up: 0,
            votes_down: 0,
            collective_from: 0,
            deposit,
        };
        Hubs::<T>::insert(&owner, hub);
        Records::<T>::insert(&owner, record);
        Self::deposit_event(Event::Created { owner, wallet });
        Ok(())
    }

    pub(crate) fn do_update_record(owner: AccountId, record: HubRecord) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        ensure!(!hub.phase.is_accused(), Error::<T>::WrongPhase);
        ensure!(record.is_good(), Error::<T>::BadRecord);

        let deposit = money::hub_deposit(&record);
        Self::give_back(HoldReason::Hub, &owner, hub.deposit)?;
        Self::take_deposit(HoldReason::Hub, &owner, deposit)?;
        hub.deposit = deposit;
        Hubs::<T>::insert(&owner, hub);
        Records::<T>::insert(&owner, record);
        Self::deposit_event(Event::RecordUpdated { owner });
        Ok(())
    }

    pub(crate) fn do_register(owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        ensure!(
            matches!(hub.phase, HubPhase::Created | HubPhase::Idle),
            Error::<T>::WrongPhase
        );
        let limits = Parameters::<T>::get();
        ensure!(
            Self::spare(&owner, &hub) > limits.registration_freeze,
            Error::<T>::TooLittleMoney
        );

        let since = Self::now();
        let payday = since.saturating_add(limits.payout_period);
        hub.frozen = limits.registration_freeze;
        Self::enter(&mut hub, HubPhase::Registered { since, payday });
        let frozen = hub.frozen;
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::Registered {
            owner,
            frozen,
            payday,
        });
        Ok(())
    }

    pub(crate) fn do_payday(owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let HubPhase::Registered { payday, .. } = hub.phase else {
            return Err(Error::<T>::WrongPhase.into());
        };
        let now = Self::now();
        ensure!(now >= payday, Error::<T>::TooEarly);
        let limits = Parameters::<T>::get();

        let fee = Self::pay_fee(&owner, limits.fee_share.mul_floor(hub.locked))?;
        hub.locked = hub.locked.saturating_sub(fee);
        let until = now.saturating_add(limits.waiting_period);
        Self::enter(&mut hub, HubPhase::Leaving { until });
        Self::lose_trust(&owner, &mut hub);
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::PaydayReached { owner, fee, until });
        Ok(())
    }

    pub(crate) fn do_settle(owner: AccountId) -> DispatchResult {
        let mut hub = Self::hub_of(&owner)?;
        let HubPhase::Leaving { until } = hub.phase else {
            return Err(Error::<T>::WrongPhase.into());
        };
        ensure!(Self::now() >= until, Error::<T>::TooEarly);

        hub.frozen = 0;
        hub.locked = 0;
        Self::enter(&mut hub, HubPhase::Idle);
        Hubs::<T>::insert(&owner, hub);
        Self::deposit_event(Event::Settled { owner });
        Ok(())
    }

    pub(crate) fn do_withdraw(owner: AccountId) -> DispatchResult {
        let hub = Self::hub_of(&owner)?;
        ensure!(hub.phase == HubPhase::Idle, Error::<T>::WrongPhase);
        let amount = Self::spare(&owner, &hub);
        ensure!(amount > 0, Error::<T>::NothingToWithdraw);

        let amount = Self::send(&wallet_account(&owner), &owner, amount)?;
        Self::deposit_event(Event::Withdrawn { owner, amount });
        Ok(())
    }

    /// All that is to be known of the account's hub.
    pub(crate) fn view(owner: &AccountId) -> Option<HubView> {
        let hub = Hubs::<T>::get(owner)?;
        Some(HubView {
            wallet: wallet_account(owner),
            phase: hub.phase,
            record: Records::<T>::get(owner)?,
            balance: Self::balance(owner),
            frozen: hub.frozen,
            locked: hub.locked,
            approved: hub.approved,
            trusted: hub.trusted,
            votes_up: hub.votes_up,
            votes_down: hub.votes_down,
        })
    }
}
