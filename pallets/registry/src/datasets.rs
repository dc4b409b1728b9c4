//! Datasets.

use crate::{
    Config, Datasets, Error, Event, Pallet, are_distinct, dataset_deposit, dataset_id, is_good_name,
};
use ergon_primitives::{AccountId, Dataset, DatasetId, Description, Locator};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
};

impl<T: Config> Pallet<T> {
    /// See [`Pallet::register_dataset`].
    pub(crate) fn do_register_dataset(dataset: Dataset) -> DispatchResult {
        let owner = dataset.owner.clone();
        let id = dataset_id(&owner, dataset.digest);
        ensure!(is_good_name(&dataset.name), Error::<T>::BadName);
        ensure!(
            are_distinct(&dataset.allowed_apps),
            Error::<T>::DuplicateApp
        );
        ensure!(
            !Datasets::<T>::contains_key(id),
            Error::<T>::AlreadyRegistered
        );
        Self::ensure_not_buried(id.0)?;

        Self::take_deposit(id.0, &owner, dataset_deposit(&dataset))?;
        Self::unearth(id.0);
        Datasets::<T>::insert(id, dataset);

        Self::deposit_event(Event::DatasetRegistered { dataset: id, owner });
        Ok(())
    }

    /// See [`Pallet::update_dataset`].
    pub(crate) fn do_update_dataset(
        who: AccountId,
        id: DatasetId,
        locator: Locator,
        metadata: Description,
    ) -> DispatchResult {
        let dataset = Dataset {
            locator,
            metadata,
            ..Self::dataset_of(&who, id)?
        };

        Self::renew_deposit(id.0, &who, dataset_deposit(&dataset))?;
        Datasets::<T>::insert(id, dataset);

        Self::deposit_event(Event::DatasetUpdated { dataset: id });
        Ok(())
    }

    /// See [`Pallet::transfer_dataset`].
    pub(crate) fn do_transfer_dataset(
        who: AccountId,
        id: DatasetId,
        to: AccountId,
    ) -> DispatchResult {
        let dataset = Self::dataset_of(&who, id)?;

        Datasets::<T>::insert(
            id,
            Dataset {
                owner: to.clone(),
                ..dataset
            },
        );

        Self::deposit_event(Event::DatasetTransferred {
            dataset: id,
            from: who,
            to,
        });
        Ok(())
    }

    /// See [`Pallet::remove_dataset`].
    pub(crate) fn do_remove_dataset(who: AccountId, id: DatasetId) -> DispatchResult {
        Self::dataset_of(&who, id)?;
        Self::ensure_unused(id.0)?;

        Datasets::<T>::remove(id);
        Self::return_deposit(id.0)?;
        Self::bury(id.0);

        Self::deposit_event(Event::DatasetRemoved { dataset: id });
        Ok(())
    }

    /// The dataset, if it is `who`'s.
    fn dataset_of(who: &AccountId, id: DatasetId) -> Result<Dataset, DispatchError> {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        ensure!(&dataset.owner == who, Error::<T>::NotOwner);
        Ok(dataset)
    }
}
