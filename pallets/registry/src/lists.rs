//! Access lists: sets of accounts kept by their owners (iExec 8.3).

use crate::{
    AccessList, AccessLists, Config, Error, Event, ListMembers, MemberBatch, Pallet,
    access_list_id, list_deposit,
};
use alloc::collections::BTreeSet;
use ergon_primitives::{AccessListId, AccountId, MAX_LIST_MEMBERS};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    /// See [`Pallet::create_list`].
    pub(crate) fn do_create_list(
        owner: AccountId,
        salt: H256,
        members: MemberBatch,
    ) -> DispatchResult {
        let id = access_list_id(&owner, salt);
        ensure!(
            !AccessLists::<T>::contains_key(id),
            Error::<T>::AlreadyRegistered
        );
        Self::ensure_not_buried(id.0)?;
        let newcomers: BTreeSet<AccountId> = members.into_iter().collect();
        let members = count(&newcomers);

        let list = AccessList {
            owner: owner.clone(),
            members,
        };
        Self::take_deposit(id.0, &owner, list_deposit(&list))?;
        Self::unearth(id.0);
        AccessLists::<T>::insert(id, list);
        newcomers
            .iter()
            .for_each(|who| ListMembers::<T>::insert(id, who, ()));

        Self::deposit_event(Event::ListCreated {
            list: id,
            owner,
            members,
        });
        Ok(())
    }

    /// See [`Pallet::add_members`].
    pub(crate) fn do_add_members(
        who: AccountId,
        id: AccessListId,
        accounts: MemberBatch,
    ) -> DispatchResult {
        let list = Self::list_of(&who, id)?;
        let newcomers = Self::select(id, accounts, false);
        let added = count(&newcomers);
        let members = list.members.saturating_add(added);
        ensure!(members <= MAX_LIST_MEMBERS, Error::<T>::TooManyMembers);

        Self::resize(id, list, members)?;
        newcomers
            .iter()
            .for_each(|member| ListMembers::<T>::insert(id, member, ()));

        Self::deposit_event(Event::MembersAdded {
            list: id,
            added,
            members,
        });
        Ok(())
    }

    /// See [`Pallet::remove_members`].
    pub(crate) fn do_remove_members(
        who: AccountId,
        id: AccessListId,
        accounts: MemberBatch,
    ) -> DispatchResult {
        let list = Self::list_of(&who, id)?;
        let leavers = Self::select(id, accounts, true);
        let removed = count(&leavers);
        let members = list.members.saturating_sub(removed);

        Self::resize(id, list, members)?;
        leavers
            .iter()
            .for_each(|member| ListMembers::<T>::remove(id, member));

        Self::deposit_event(Event::MembersRemoved {
            list: id,
            removed,
            members,
        });
        Ok(())
    }

    /// See [`Pallet::delete_list`].
    pub(crate) fn do_delete_list(who: AccountId, id: AccessListId) -> DispatchResult {
        let list = Self::list_of(&who, id)?;
        ensure!(list.members == 0, Error::<T>::ListNotEmpty);

        AccessLists::<T>::remove(id);
        Self::return_deposit(id.0)?;
        Self::bury(id.0);

        Self::deposit_event(Event::ListDeleted { list: id });
        Ok(())
    }

    /// The list, if it is `who`'s.
    fn list_of(who: &AccountId, id: AccessListId) -> Result<AccessList, DispatchError> {
        let list = AccessLists::<T>::get(id).ok_or(Error::<T>::NoSuchList)?;
        ensure!(&list.owner == who, Error::<T>::NotOwner);
        Ok(list)
    }

    /// Those of the accounts that are on the list, or those that are not, each once.
    fn select(id: AccessListId, accounts: MemberBatch, listed: bool) -> BTreeSet<AccountId> {
        accounts
            .into_iter()
            .filter(|account| ListMembers::<T>::contains_key(id, account) == listed)
            .collect()
    }

    /// Writes the list's new size and has its owner pay for it.
    fn resize(id: AccessListId, list: AccessList, members: u32) -> DispatchResult {
        let list = AccessList { members, ..list };
        Self::renew_deposit(id.0, &list.owner, list_deposit(&list))?;
        AccessLists::<T>::insert(id, list);
        Ok(())
    }
}

/// Number of accounts; a batch has at most 64.
fn count(accounts: &BTreeSet<AccountId>) -> u32 {
    accounts.len() as u32
}
