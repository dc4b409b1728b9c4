//! Which validator a key of the running session belongs to.

use crate::{Config, KeysInUse};
use core::marker::PhantomData;
use frame_support::{storage::with_transaction, traits::KeyOwnerProofSystem};
use pallet_session::historical;
use sp_runtime::{DispatchError, KeyTypeId, TransactionOutcome};

/// Proofs that a key belongs to a validator. Those of the running session are made and checked with
/// the keys with which it runs.
///
/// The session pallet's history takes the keys of the next session for that. A validator that
/// registers other keys would be out of reach with it, until the session is over or, when it did so
/// before its first session, for good.
pub struct KeyOwners<T>(PhantomData<T>);

impl<T: Config, D: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, D)> for KeyOwners<T> {
    type Proof = <historical::Pallet<T> as KeyOwnerProofSystem<(KeyTypeId, D)>>::Proof;
    type IdentificationTuple = historical::IdentificationTuple<T>;

    fn prove(key: (KeyTypeId, D)) -> Option<Self::Proof> {
        with_keys_in_use::<T, _>(|| historical::Pallet::<T>::prove(key))
    }

    fn check_proof(
        key: (KeyTypeId, D),
        proof: Self::Proof,
    ) -> Option<historical::IdentificationTuple<T>> {
        with_keys_in_use::<T, _>(|| historical::Pallet::<T>::check_proof(key, proof))
    }
}

/// Asks the history as if no validator of the session had registered other keys.
fn with_keys_in_use<T: Config, R>(ask: impl FnOnce() -> Option<R>) -> Option<R> {
    let answer: Result<Option<R>, DispatchError> = with_transaction(|| {
        for (validator, keys) in KeysInUse::<T>::get() {
            pallet_session::NextKeys::<T>::insert(validator, keys);
        }
        TransactionOutcome::Rollback(Ok(ask()))
    });
    answer.ok().flatten()
}
