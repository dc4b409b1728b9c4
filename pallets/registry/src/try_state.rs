//! The invariants of the README, checked.

use crate::{
    AccessLists, Apps, Burials, Categories, Config, Curations, Datasets, Deposits, HoldReason,
    ListMembers, NextCategory, Pallet, Pools, Tombstones, Uses, are_distinct, are_good_outputs,
    policy_flaw,
};
use alloc::collections::BTreeMap;
use ergon_primitives::{
    AccessListId, AccountId, AppId, Balance, Curation, DatasetId, Due, MAX_LIST_MEMBERS, PoolId,
    read_requirements,
};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_core::H256;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_deposits()?;
        Self::check_holds()?;
        Self::check_lists()?;
        Self::check_apps()?;
        Self::check_datasets()?;
        Self::check_pools()?;
        Self::check_categories()?;
        Self::check_tombstones()?;
        Self::check_uses()
    }

    fn check_deposits() -> Result<(), TryRuntimeError> {
        let apps = Apps::<T>::iter_keys().map(|id| id.0);
        let datasets = Datasets::<T>::iter_keys().map(|id| id.0);
        let pools = Pools::<T>::iter_keys().map(|id| id.0);
        let lists = AccessLists::<T>::iter_keys().map(|id| id.0);
        let mut entries = 0usize;
        for id in apps.chain(datasets).chain(pools).chain(lists) {
            let deposit = Deposits::<T>::get(id).map(|(_, amount)| amount);
            ensure!(
                deposit.is_some_and(|amount| amount > 0),
                "an entry has no deposit"
            );
            entries = entries.saturating_add(1);
        }
        ensure!(
            Deposits::<T>::iter_keys().count() == entries,
            "a deposit has no entry"
        );
        Ok(())
    }

    fn check_holds() -> Result<(), TryRuntimeError> {
        // Also accounts without any deposit: nothing is on hold that nobody would return.
        let mut paid: BTreeMap<AccountId, Balance> = frame_system::Account::<T>::iter_keys()
            .map(|who| (who, 0))
            .collect();
        for (payer, amount) in Deposits::<T>::iter_values() {
            let sum = paid.entry(payer).or_default();
            *sum = sum.saturating_add(amount);
        }
        let reason = HoldReason::Entry.into();
        for (payer, sum) in paid {
            let held = T::Currency::balance_on_hold(&reason, &payer);
            ensure!(
                held == sum,
                "a hold is not the sum of the account's deposits"
            );
        }
        Ok(())
    }

    fn check_lists() -> Result<(), TryRuntimeError> {
        let mut members = 0usize;
        for (id, list) in AccessLists::<T>::iter() {
            let size = ListMembers::<T>::iter_key_prefix(id).count();
            ensure!(
                size == list.members as usize,
                "a list's size is not its members' number"
            );
            ensure!(list.members <= MAX_LIST_MEMBERS, "a list is too long");
            members = members.saturating_add(size);
        }
        ensure!(
            ListMembers::<T>::iter_keys().count() == members,
            "a member has no list"
        );
        Ok(())
    }

    fn check_apps() -> Result<(), TryRuntimeError> {
        for app in Apps::<T>::iter_values() {
            ensure!(
                read_requirements(&app.requirements).is_ok(),
                "an app's requirements cannot be read"
            );
            ensure!(
                are_good_outputs(&app.outputs),
                "an app's outputs cannot all be files"
            );
        }
        for (id, curation) in Curations::<T>::iter() {
            let stays = matches!(curation, Curation::Revoked { .. });
            ensure!(
                stays || Apps::<T>::contains_key(id),
                "an app that is gone is proposed or approved"
            );
        }
        Ok(())
    }

    fn check_datasets() -> Result<(), TryRuntimeError> {
        let sound = Datasets::<T>::iter_values().all(|dataset| are_distinct(&dataset.allowed_apps));
        ensure!(sound, "a dataset names an app twice");
        Ok(())
    }

    fn check_pools() -> Result<(), TryRuntimeError> {
        let sound = Pools::<T>::iter_values().all(|pool| policy_flaw(&pool.policy).is_none());
        ensure!(sound, "a pool's policy is out of bounds");
        Ok(())
    }

    fn check_categories() -> Result<(), TryRuntimeError> {
        let next = NextCategory::<T>::get();
        for (id, category) in Categories::<T>::iter() {
            ensure!(id < next, "a category has a number that was not given");
            ensure!(category.work_time >= 1, "a category has no work time");
        }
        ensure!(
            Categories::<T>::iter_keys().count() == next as usize,
            "a category is missing"
        );
        Ok(())
    }

    fn check_tombstones() -> Result<(), TryRuntimeError> {
        let mut tombstones = 0usize;
        for (id, until) in Tombstones::<T>::iter() {
            ensure!(
                !Self::is_registered(id),
                "a registered identifier is buried"
            );
            ensure!(
                Burials::<T>::contains_key(Due::after(until), id),
                "a tombstone will never be cleared away"
            );
            tombstones = tombstones.saturating_add(1);
        }
        ensure!(
            Burials::<T>::iter_keys().count() == tombstones,
            "a burial has no tombstone"
        );
        Ok(())
    }

    fn check_uses() -> Result<(), TryRuntimeError> {
        for (id, uses) in Uses::<T>::iter() {
            ensure!(uses > 0, "a use is counted that is none");
            ensure!(Self::is_registered(id), "an entry in use is gone");
            ensure!(
                !AccessLists::<T>::contains_key(AccessListId(id)),
                "a list is in use"
            );
        }
        Ok(())
    }

    fn is_registered(id: H256) -> bool {
        Apps::<T>::contains_key(AppId(id))
            || Datasets::<T>::contains_key(DatasetId(id))
            || Pools::<T>::contains_key(PoolId(id))
            || AccessLists::<T>::contains_key(AccessListId(id))
    }
}
