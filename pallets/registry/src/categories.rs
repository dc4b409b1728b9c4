//! Categories of work (iExec 7.10): append-only, because orders name them by number.

use crate::{Categories, Config, Error, Event, NextCategory, Pallet, is_good_name};
use ergon_primitives::{BlockNumber, Category, CategoryId, Name};
use frame_support::{ensure, pallet_prelude::DispatchError};

impl<T: Config> Pallet<T> {
    /// See [`Pallet::create_category`].
    pub(crate) fn do_create_category(
        name: Name,
        work_time: BlockNumber,
        input_limit: u64,
        output_limit: u64,
    ) -> Result<CategoryId, DispatchError> {
        let id = NextCategory::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::TooManyCategories)?;
        ensure!(is_good_name(&name), Error::<T>::BadName);
        ensure!(work_time >= 1, Error::<T>::ZeroWorkTime);

        NextCategory::<T>::put(next);
        Categories::<T>::insert(
            id,
            Category {
                name,
                work_time,
                input_limit,
                output_limit,
            },
        );

        Self::deposit_event(Event::CategoryCreated {
            category: id,
            work_time,
        });
        Ok(id)
    }
}
