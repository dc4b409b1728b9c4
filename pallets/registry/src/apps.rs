//! Apps.

use crate::{
    Apps, Config, Error, Event, Pallet, app_deposit, app_id, are_good_outputs, is_good_name,
};
use ergon_primitives::{AccountId, App, AppId, Description, Locator, read_requirements};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
};

impl<T: Config> Pallet<T> {
    /// See [`Pallet::register_app`].
    pub(crate) fn do_register_app(app: App) -> DispatchResult {
        let owner = app.owner.clone();
        let id = app_id(&owner, app.kind, app.digest);
        ensure!(is_good_name(&app.name), Error::<T>::BadName);
        ensure!(
            read_requirements(&app.requirements).is_ok(),
            Error::<T>::BadRequirements
        );
        ensure!(are_good_outputs(&app.outputs), Error::<T>::BadOutputs);
        ensure!(!Apps::<T>::contains_key(id), Error::<T>::AlreadyRegistered);
        Self::ensure_not_buried(id.0)?;

        Self::take_deposit(id.0, &owner, app_deposit(&app))?;
        Self::unearth(id.0);
        Apps::<T>::insert(id, app);

        Self::deposit_event(Event::AppRegistered { app: id, owner });
        Ok(())
    }

    /// See [`Pallet::update_app`].
    pub(crate) fn do_update_app(
        who: AccountId,
        id: AppId,
        locator: Locator,
        metadata: Description,
    ) -> DispatchResult {
        let app = App {
            locator,
            metadata,
            ..Self::app_of(&who, id)?
        };

        Self::renew_deposit(id.0, &who, app_deposit(&app))?;
        Apps::<T>::insert(id, app);

        Self::deposit_event(Event::AppUpdated { app: id });
        Ok(())
    }

    /// See [`Pallet::transfer_app`].
    pub(crate) fn do_transfer_app(who: AccountId, id: AppId, to: AccountId) -> DispatchResult {
        let app = Self::app_of(&who, id)?;

        Apps::<T>::insert(
            id,
            App {
                owner: to.clone(),
                ..app
            },
        );

        Self::deposit_event(Event::AppTransferred {
            app: id,
            from: who,
            to,
        });
        Ok(())
    }

    /// See [`Pallet::remove_app`].
    pub(crate) fn do_remove_app(who: AccountId, id: AppId) -> DispatchResult {
        Self::app_of(&who, id)?;
        Self::ensure_unused(id.0)?;

        Apps::<T>::remove(id);
        Self::forget_merits(id);
        Self::return_deposit(id.0)?;
        Self::bury(id.0);

        Self::deposit_event(Event::AppRemoved { app: id });
        Ok(())
    }

    /// The app, if it is `who`'s.
    pub(crate) fn app_of(who: &AccountId, id: AppId) -> Result<App, DispatchError> {
        let app = Apps::<T>::get(id).ok_or(Error::<T>::NoSuchApp)?;
        ensure!(&app.owner == who, Error::<T>::NotOwner);
        Ok(app)
    }
}
