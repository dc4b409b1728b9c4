use crate::{
    Burials, Datasets, Deposits, Due, Error, Event, Tombstones, dataset_deposit, dataset_id,
    mock::*,
};
use ergon_primitives::{
    AccountId, AllowedApps, AppId, Dataset, DatasetId, DealEntries, Description, Locator,
    MAX_ALLOWED_APPS, MAX_LOCATOR, MAX_ORDER_LIFE, Name, storage_deposit, traits::Registry as _,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;
use sp_runtime::DispatchError;

const NO_DATASET: DatasetId = DatasetId(H256::zero());

fn register(owner: AccountId, name: Name, apps: AllowedApps) -> DispatchResult {
    Registry::register_dataset(
        signed(owner),
        name,
        DIGEST,
        Locator::default(),
        Description::default(),
        None,
        apps,
    )
}

/// The apps of these numbers; none is registered.
fn apps(numbers: impl IntoIterator<Item = u8>) -> AllowedApps {
    let apps = numbers
        .into_iter()
        .map(|number| AppId(H256::repeat_byte(number)));
    AllowedApps::try_from(apps.collect::<Vec<_>>()).unwrap()
}

mod register_dataset {
    use super::*;

    #[test]
    fn stores_the_dataset_and_takes_its_deposit() {
        build_and_execute(|| {
            let id = dataset_id(&ALICE, DIGEST);
            assert_ok!(Registry::register_dataset(
                signed(ALICE),
                name("scene"),
                DIGEST,
                bytes(b"ipfs://scene"),
                bytes(b"ipfs://manual"),
                Some(bytes(b"age; ask keys.example")),
                apps([1, 2]),
            ));

            let dataset = Dataset {
                owner: ALICE,
                name: name("scene"),
                digest: DIGEST,
                locator: bytes(b"ipfs://scene"),
                metadata: bytes(b"ipfs://manual"),
                encryption: Some(bytes(b"age; ask keys.example")),
                allowed_apps: apps([1, 2]),
            };
            assert_eq!(held(&ALICE), dataset_deposit(&dataset));
            assert_eq!(
                Deposits::<Test>::get(id.0),
                Some((ALICE, dataset_deposit(&dataset)))
            );
            assert_eq!(Datasets::<Test>::get(id), Some(dataset));
            assert_eq!(
                last_event(),
                Event::DatasetRegistered {
                    dataset: id,
                    owner: ALICE
                }
            );
        });
    }

    #[test]
    fn the_deposit_counts_identifier_and_encoding() {
        build_and_execute(|| {
            register_dataset(ALICE);
            // Identifier 32, owner 32, name 1 + 5, digest 32, two empty strings of 1, no
            // encryption 1, no apps 1.
            let bytes = 32 + 32 + 6 + 32 + 1 + 1 + 1 + 1;
            assert_eq!(held(&ALICE), storage_deposit(bytes));
        });
    }

    #[test]
    fn the_same_content_of_two_owners_is_two_datasets() {
        build_and_execute(|| {
            assert_ne!(register_dataset(ALICE), register_dataset(BOB));
            assert_eq!(Datasets::<Test>::iter_keys().count(), 2);
        });
    }

    #[test]
    fn accepts_as_many_apps_as_there_may_be() {
        build_and_execute(|| {
            let all = apps(0..MAX_ALLOWED_APPS as u8);
            assert_ok!(register(ALICE, name("scene"), all.clone()));
            let dataset = Datasets::<Test>::get(dataset_id(&ALICE, DIGEST)).unwrap();
            assert_eq!(dataset.allowed_apps, all);
        });
    }

    #[test]
    fn fails_when_an_app_is_named_twice() {
        build_and_execute(|| {
            assert_noop!(
                register(ALICE, name("scene"), apps([1, 2, 1])),
                Error::<Test>::DuplicateApp
            );
        });
    }

    #[test]
    fn fails_when_the_name_is_empty_or_no_text() {
        build_and_execute(|| {
            for name in [Name::default(), bytes(&[0xff])] {
                assert_noop!(register(ALICE, name, apps([])), Error::<Test>::BadName);
            }
        });
    }

    #[test]
    fn fails_when_the_owner_registered_the_same_content_before() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            let again = || register(ALICE, name("other"), apps([1]));
            assert_noop!(again(), Error::<Test>::AlreadyRegistered);
            assert_ok!(Registry::transfer_dataset(signed(ALICE), id, BOB));
            assert_noop!(again(), Error::<Test>::AlreadyRegistered);
        });
    }

    #[test]
    fn fails_while_the_identifier_is_buried_and_works_in_the_block_after() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            advance_to(10);
            assert_ok!(Registry::remove_dataset(signed(ALICE), id));

            let again = || register(ALICE, name("scene"), apps([]));
            advance_to(10 + MAX_ORDER_LIFE);
            assert_noop!(again(), Error::<Test>::Tombstoned);
            advance_to(11 + MAX_ORDER_LIFE);
            assert_ok!(again());
            assert!(!Tombstones::<Test>::contains_key(id.0));
            assert_eq!(Burials::<Test>::iter_keys().count(), 0);
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_the_deposit() {
        build_and_execute(|| {
            assert_noop!(
                register(PAUPER, name("scene"), apps([])),
                Error::<Test>::CannotPayDeposit
            );
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                Registry::register_dataset(
                    RuntimeOrigin::root(),
                    name("scene"),
                    DIGEST,
                    Locator::default(),
                    Description::default(),
                    None,
                    apps([]),
                ),
                DispatchError::BadOrigin
            );
        });
    }
}

mod update_dataset {
    use super::*;

    fn update(who: AccountId, dataset: DatasetId) -> DispatchResult {
        Registry::update_dataset(
            signed(who),
            dataset,
            bytes(b"new locator"),
            bytes(b"new metadata"),
        )
    }

    #[test]
    fn changes_locator_and_metadata_and_nothing_else() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            let before = Datasets::<Test>::get(id).unwrap();
            assert_ok!(update(ALICE, id));

            let after = Dataset {
                locator: bytes(b"new locator"),
                metadata: bytes(b"new metadata"),
                ..before
            };
            assert_eq!(Datasets::<Test>::get(id), Some(after));
            assert_eq!(last_event(), Event::DatasetUpdated { dataset: id });
        });
    }

    #[test]
    fn the_deposit_follows_the_size_both_ways() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            let small = held(&ALICE);
            assert_ok!(update(ALICE, id));
            let large = dataset_deposit(&Datasets::<Test>::get(id).unwrap());
            assert_eq!(held(&ALICE), large);
            assert!(large > small);

            let (locator, metadata) = (Locator::default(), Description::default());
            assert_ok!(Registry::update_dataset(
                signed(ALICE),
                id,
                locator,
                metadata
            ));
            assert_eq!(held(&ALICE), small);
        });
    }

    #[test]
    fn a_new_owner_takes_over_the_deposit() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            assert_ok!(Registry::transfer_dataset(signed(ALICE), id, BOB));
            assert_ok!(update(BOB, id));
            let deposit = dataset_deposit(&Datasets::<Test>::get(id).unwrap());
            assert_eq!((held(&ALICE), held(&BOB)), (0, deposit));
        });
    }

    #[test]
    fn fails_when_there_is_no_such_dataset() {
        build_and_execute(|| {
            assert_noop!(update(ALICE, NO_DATASET), Error::<Test>::NoSuchDataset);
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            assert_noop!(update(BOB, id), Error::<Test>::NotOwner);
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_for_the_new_size() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            assert_ok!(Registry::transfer_dataset(signed(ALICE), id, PAUPER));
            let locator: Locator = bytes(&[b'x'; MAX_LOCATOR as usize]);
            assert_noop!(
                Registry::update_dataset(signed(PAUPER), id, locator, Description::default()),
                Error::<Test>::CannotPayDeposit
            );
            assert_eq!(Deposits::<Test>::get(id.0), Some((ALICE, held(&ALICE))));
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            let (locator, metadata) = (Locator::default(), Description::default());
            assert_noop!(
                Registry::update_dataset(RuntimeOrigin::root(), NO_DATASET, locator, metadata),
                DispatchError::BadOrigin
            );
        });
    }
}

mod transfer_dataset {
    use super::*;

    #[test]
    fn changes_the_owner_and_leaves_the_deposit() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            let deposit = held(&ALICE);
            assert_ok!(Registry::transfer_dataset(signed(ALICE), id, BOB));

            assert_eq!(Datasets::<Test>::get(id).unwrap().owner, BOB);
            assert_eq!((held(&ALICE), held(&BOB)), (deposit, 0));
            assert_eq!(
                last_event(),
                Event::DatasetTransferred {
                    dataset: id,
                    from: ALICE,
                    to: BOB
                }
            );
        });
    }

    #[test]
    fn fails_when_there_is_no_such_dataset() {
        build_and_execute(|| {
            assert_noop!(
                Registry::transfer_dataset(signed(ALICE), NO_DATASET, BOB),
                Error::<Test>::NoSuchDataset
            );
        });
    }

    #[test]
    fn fails_when_the_caller_was_the_owner() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            assert_ok!(Registry::transfer_dataset(signed(ALICE), id, BOB));
            assert_noop!(
                Registry::transfer_dataset(signed(ALICE), id, ALICE),
                Error::<Test>::NotOwner
            );
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                Registry::transfer_dataset(RuntimeOrigin::root(), NO_DATASET, BOB),
                DispatchError::BadOrigin
            );
        });
    }
}

mod remove_dataset {
    use super::*;

    #[test]
    fn returns_the_deposit_and_buries_the_identifier() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            advance_to(5);
            assert_ok!(Registry::remove_dataset(signed(ALICE), id));

            assert!(!Datasets::<Test>::contains_key(id));
            assert_eq!(held(&ALICE), 0);
            assert_eq!(Balances::free_balance(ALICE), WEALTH);
            let last = 5 + MAX_ORDER_LIFE;
            assert_eq!(Tombstones::<Test>::get(id.0), Some(last));
            assert!(Burials::<Test>::contains_key(Due::after(last), id.0));
            assert_eq!(last_event(), Event::DatasetRemoved { dataset: id });
        });
    }

    #[test]
    fn returns_the_deposit_to_whoever_paid_it() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            assert_ok!(Registry::transfer_dataset(signed(ALICE), id, BOB));
            assert_ok!(Registry::remove_dataset(signed(BOB), id));
            assert_eq!(Balances::free_balance(ALICE), WEALTH);
            assert_eq!(Balances::free_balance(BOB), WEALTH);
        });
    }

    #[test]
    fn fails_when_there_is_no_such_dataset() {
        build_and_execute(|| {
            assert_noop!(
                Registry::remove_dataset(signed(ALICE), NO_DATASET),
                Error::<Test>::NoSuchDataset
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            assert_noop!(
                Registry::remove_dataset(signed(BOB), id),
                Error::<Test>::NotOwner
            );
        });
    }

    #[test]
    fn fails_until_the_last_open_deal_has_ended() {
        build_and_execute(|| {
            let id = register_dataset(ALICE);
            let entries = DealEntries {
                app: register_app(ALICE),
                dataset: Some(id),
                pool: register_pool(BOB, create_list(BOB, 1, vec![])),
            };
            Registry::retain(entries);
            assert_noop!(
                Registry::remove_dataset(signed(ALICE), id),
                Error::<Test>::InUse
            );
            Registry::release(entries);
            assert_ok!(Registry::remove_dataset(signed(ALICE), id));
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                Registry::remove_dataset(RuntimeOrigin::root(), NO_DATASET),
                DispatchError::BadOrigin
            );
        });
    }
}
