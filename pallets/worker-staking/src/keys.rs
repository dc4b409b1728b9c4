//! Worker keys: proofs of possession and changes.

use crate::{Bonds, Config, Error, Event, Pallet, PoolMembers};
use ergon_primitives::{
    AccountId, Bond, Membership, Signature, possession_text, traits::Reputation as _,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::{Verify, Zero};

impl<T: Config> Pallet<T> {
    /// Whether the proof shows that the owner has the worker key. Machines have ed25519 keys, so no
    /// other kind of signature will do.
    pub(crate) fn possesses(owner: &AccountId, worker: &AccountId, proof: &Signature) -> bool {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let text = possession_text(genesis, owner);
        matches!(proof, Signature::Ed25519(_)) && proof.verify(text.as_bytes(), worker)
    }

    pub(crate) fn do_set_worker_key(
        owner: AccountId,
        old: AccountId,
        new: AccountId,
        proof: &Signature,
    ) -> DispatchResult {
        let bond = Self::owned_bond(&owner, &old)?;
        ensure!(bond.locked == 0, Error::<T>::StakeLocked);
        ensure!(!Bonds::<T>::contains_key(&new), Error::<T>::AlreadyBonded);
        ensure!(Self::possesses(&owner, &new, proof), Error::<T>::BadProof);

        Self::let_account_go(&old)?;
        Self::keep_account(&new);
        // The key is new to the pool: it must not vote on deals that the old one may have voted on.
        let since = Self::now();
        let membership = bond.membership.map(|membership| Membership {
            since,
            ..membership
        });
        if let Some(membership) = membership {
            PoolMembers::<T>::remove(membership.pool, &old);
            PoolMembers::<T>::insert(membership.pool, &new, ());
        }
        Bonds::<T>::remove(&old);
        Bonds::<T>::insert(&new, Bond { membership, ..bond });
        T::Reputation::rename(&old, &new);
        Self::deposit_event(Event::WorkerKeyChanged { old, new });
        Ok(())
    }
}
