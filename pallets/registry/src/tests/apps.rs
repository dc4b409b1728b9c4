use crate::{
    Apps, Burials, Deposits, Due, Error, Event, HoldReason, Tombstones, app_deposit, app_id,
    mock::*,
};
use ergon_primitives::{
    AppId, AppKind, DealEntries, Description, Locator, MAX_LOCATOR, MAX_ORDER_LIFE, MILLI_ERG,
    Name, OutputFiles, Requirements, storage_deposit, traits::Registry as _,
};
use frame_support::{
    assert_noop, assert_ok, pallet_prelude::DispatchResult, traits::fungible::MutateHold,
};
use sp_core::H256;
use sp_runtime::DispatchError;

fn register(owner: ergon_primitives::AccountId, name: Name) -> DispatchResult {
    register_with(owner, name, Requirements::default(), OutputFiles::default())
}

fn register_with(
    owner: ergon_primitives::AccountId,
    name: Name,
    requirements: Requirements,
    outputs: OutputFiles,
) -> DispatchResult {
    Registry::register_app(
        signed(owner),
        name,
        AppKind::Wasm,
        DIGEST,
        Locator::default(),
        Description::default(),
        requirements,
        outputs,
    )
}

mod register_app {
    use super::*;

    #[test]
    fn stores_the_app_and_takes_its_deposit() {
        build_and_execute(|| {
            let id = app_id(&ALICE, AppKind::Wasm, DIGEST);
            assert_ok!(Registry::register_app(
                signed(ALICE),
                name("render"),
                AppKind::Wasm,
                DIGEST,
                bytes(b"ipfs://module"),
                bytes(b"ipfs://manual"),
                requirements("TARGET.memory >= 1024"),
                outputs(&["image.png", "log/render.txt"]),
            ));

            let app = Apps::<Test>::get(id).unwrap();
            assert_eq!(app.owner, ALICE);
            assert_eq!(app.name, name("render"));
            assert_eq!(app.digest, DIGEST);
            assert_eq!(app.locator.as_slice(), b"ipfs://module");
            assert_eq!(app.metadata.as_slice(), b"ipfs://manual");
            assert_eq!(app.requirements, requirements("TARGET.memory >= 1024"));
            assert_eq!(app.outputs, outputs(&["image.png", "log/render.txt"]));
            assert_eq!(held(&ALICE), app_deposit(&app));
            assert_eq!(
                Deposits::<Test>::get(id.0),
                Some((ALICE, app_deposit(&app)))
            );
            assert_eq!(
                last_event(),
                Event::AppRegistered {
                    app: id,
                    owner: ALICE
                }
            );
        });
    }

    #[test]
    fn the_deposit_counts_identifier_and_encoding_and_a_curation() {
        build_and_execute(|| {
            register_app(ALICE);
            // Identifier 32, owner 32, name 1 + 6, kind 1, digest 32, four empty strings of 1.
            let app = storage_deposit(32 + 32 + 7 + 1 + 32 + 4);
            // Identifier 32, kind of judgement 1, document 32.
            assert_eq!(held(&ALICE), app + storage_deposit(32 + 1 + 32));
        });
    }

    #[test]
    fn a_container_of_the_same_digest_is_another_app() {
        build_and_execute(|| {
            let module = register_app(ALICE);
            assert_ok!(Registry::register_app(
                signed(ALICE),
                name("render"),
                AppKind::Oci,
                DIGEST,
                Locator::default(),
                Description::default(),
                Requirements::default(),
                OutputFiles::default(),
            ));
            let image = app_id(&ALICE, AppKind::Oci, DIGEST);
            assert_ne!(module, image);
            assert_eq!(Apps::<Test>::get(image).unwrap().kind, AppKind::Oci);
        });
    }

    #[test]
    fn fails_when_the_requirements_are_no_expression() {
        build_and_execute(|| {
            let mut cut = requirements("TARGET.cpus >= 4").into_inner();
            cut.pop();
            let forms: [Requirements; 2] = [bytes(&[0xff; 8]), cut.try_into().unwrap()];
            for form in forms {
                assert_noop!(
                    register_with(ALICE, name("render"), form, OutputFiles::default()),
                    Error::<Test>::BadRequirements
                );
            }
        });
    }

    #[test]
    fn fails_when_the_outputs_cannot_all_be_files() {
        build_and_execute(|| {
            for paths in [
                ["a", ""],
                ["a", "/b"],
                ["a", "../b"],
                ["a", "b\\c"],
                ["a", "a"],
                ["a/b", "a"],
            ] {
                let empty = Requirements::default();
                assert_noop!(
                    register_with(ALICE, name("render"), empty, outputs(&paths)),
                    Error::<Test>::BadOutputs
                );
            }
            let (empty, good) = (Requirements::default(), outputs(&["a/b", "a/c"]));
            assert_ok!(register_with(ALICE, name("render"), empty, good));
        });
    }

    #[test]
    fn the_same_content_of_two_owners_is_two_apps() {
        build_and_execute(|| {
            assert_ne!(register_app(ALICE), register_app(BOB));
            assert_eq!(Apps::<Test>::iter_keys().count(), 2);
        });
    }

    #[test]
    fn fails_when_the_name_is_empty_or_no_text() {
        build_and_execute(|| {
            assert_noop!(register(ALICE, Name::default()), Error::<Test>::BadName);
            assert_noop!(register(ALICE, bytes(&[0xff])), Error::<Test>::BadName);
        });
    }

    #[test]
    fn fails_when_the_owner_registered_the_same_content_before() {
        build_and_execute(|| {
            register_app(ALICE);
            assert_noop!(
                register(ALICE, name("other")),
                Error::<Test>::AlreadyRegistered
            );
        });
    }

    #[test]
    fn fails_when_the_app_was_given_away() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_ok!(Registry::transfer_app(signed(ALICE), id, BOB));
            assert_noop!(
                register(ALICE, name("render")),
                Error::<Test>::AlreadyRegistered
            );
        });
    }

    #[test]
    fn fails_while_the_identifier_is_buried_and_works_in_the_block_after() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            advance_to(10);
            assert_ok!(Registry::remove_app(signed(ALICE), id));

            advance_to(10 + MAX_ORDER_LIFE);
            assert_noop!(register(ALICE, name("render")), Error::<Test>::Tombstoned);
            advance_to(11 + MAX_ORDER_LIFE);
            assert_ok!(register(ALICE, name("render")));
            assert!(!Tombstones::<Test>::contains_key(id.0));
            assert_eq!(Burials::<Test>::iter_keys().count(), 0);
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_the_deposit() {
        build_and_execute(|| {
            assert_noop!(
                register(PAUPER, name("render")),
                Error::<Test>::CannotPayDeposit
            );
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                Registry::register_app(
                    RuntimeOrigin::root(),
                    name("render"),
                    AppKind::Wasm,
                    DIGEST,
                    Locator::default(),
                    Description::default(),
                    Requirements::default(),
                    OutputFiles::default(),
                ),
                DispatchError::BadOrigin
            );
        });
    }
}

mod update_app {
    use super::*;

    fn update(who: ergon_primitives::AccountId, app: AppId) -> DispatchResult {
        Registry::update_app(
            signed(who),
            app,
            bytes(b"new locator"),
            bytes(b"new metadata"),
        )
    }

    #[test]
    fn changes_locator_and_metadata_and_nothing_else() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            let before = Apps::<Test>::get(id).unwrap();
            assert_ok!(update(ALICE, id));

            let after = Apps::<Test>::get(id).unwrap();
            assert_eq!(after.locator.as_slice(), b"new locator");
            assert_eq!(after.metadata.as_slice(), b"new metadata");
            assert_eq!((after.owner, after.name), (before.owner, before.name));
            assert_eq!((after.kind, after.digest), (before.kind, before.digest));
            assert_eq!(last_event(), Event::AppUpdated { app: id });
        });
    }

    #[test]
    fn the_deposit_follows_the_size_both_ways() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            let small = held(&ALICE);
            assert_ok!(update(ALICE, id));
            assert_eq!(held(&ALICE), app_deposit(&Apps::<Test>::get(id).unwrap()));
            assert!(held(&ALICE) > small);

            let (locator, metadata) = (Locator::default(), Description::default());
            assert_ok!(Registry::update_app(signed(ALICE), id, locator, metadata));
            assert_eq!(held(&ALICE), small);
        });
    }

    #[test]
    fn a_new_owner_takes_over_the_deposit() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_ok!(Registry::transfer_app(signed(ALICE), id, BOB));
            assert_ok!(update(BOB, id));
            assert_eq!(held(&ALICE), 0);
            assert_eq!(held(&BOB), app_deposit(&Apps::<Test>::get(id).unwrap()));
        });
    }

    #[test]
    fn fails_when_there_is_no_such_app() {
        build_and_execute(|| {
            let id = AppId(H256::zero());
            assert_noop!(update(ALICE, id), Error::<Test>::NoSuchApp);
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_noop!(update(BOB, id), Error::<Test>::NotOwner);
        });
    }

    #[test]
    fn fails_when_the_owner_cannot_pay_for_the_new_size() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_ok!(Registry::transfer_app(signed(ALICE), id, PAUPER));
            let locator: Locator = bytes(&[b'x'; MAX_LOCATOR as usize]);
            assert_noop!(
                Registry::update_app(signed(PAUPER), id, locator, Description::default()),
                Error::<Test>::CannotPayDeposit
            );
            assert_eq!(Deposits::<Test>::get(id.0), Some((ALICE, held(&ALICE))));
        });
    }
}

mod transfer_app {
    use super::*;

    #[test]
    fn changes_the_owner_and_leaves_the_deposit() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            let deposit = held(&ALICE);
            assert_ok!(Registry::transfer_app(signed(ALICE), id, BOB));

            assert_eq!(Apps::<Test>::get(id).unwrap().owner, BOB);
            assert_eq!((held(&ALICE), held(&BOB)), (deposit, 0));
            assert_eq!(
                last_event(),
                Event::AppTransferred {
                    app: id,
                    from: ALICE,
                    to: BOB
                }
            );
        });
    }

    #[test]
    fn fails_when_there_is_no_such_app() {
        build_and_execute(|| {
            assert_noop!(
                Registry::transfer_app(signed(ALICE), AppId(H256::zero()), BOB),
                Error::<Test>::NoSuchApp
            );
        });
    }

    #[test]
    fn fails_when_the_caller_was_the_owner() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_ok!(Registry::transfer_app(signed(ALICE), id, BOB));
            assert_noop!(
                Registry::transfer_app(signed(ALICE), id, ALICE),
                Error::<Test>::NotOwner
            );
        });
    }
}

mod remove_app {
    use super::*;

    #[test]
    fn returns_the_deposit_and_buries_the_identifier() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            advance_to(5);
            assert_ok!(Registry::remove_app(signed(ALICE), id));

            assert!(!Apps::<Test>::contains_key(id));
            assert_eq!(held(&ALICE), 0);
            assert_eq!(Balances::free_balance(ALICE), WEALTH);
            let last = 5 + MAX_ORDER_LIFE;
            assert_eq!(Tombstones::<Test>::get(id.0), Some(last));
            assert!(Burials::<Test>::contains_key(Due::after(last), id.0));
            assert_eq!(last_event(), Event::AppRemoved { app: id });
        });
    }

    #[test]
    fn returns_the_deposit_to_whoever_paid_it() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_ok!(Registry::transfer_app(signed(ALICE), id, BOB));
            assert_ok!(Registry::remove_app(signed(BOB), id));
            assert_eq!(Balances::free_balance(ALICE), WEALTH);
            assert_eq!(Balances::free_balance(BOB), WEALTH);
        });
    }

    #[test]
    fn fails_when_there_is_no_such_app() {
        build_and_execute(|| {
            assert_noop!(
                Registry::remove_app(signed(ALICE), AppId(H256::zero())),
                Error::<Test>::NoSuchApp
            );
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_owner() {
        build_and_execute(|| {
            let id = register_app(ALICE);
            assert_noop!(
                Registry::remove_app(signed(BOB), id),
                Error::<Test>::NotOwner
            );
        });
    }

    #[test]
    fn fails_until_the_last_open_deal_has_ended() {
        build_and_execute(|| {
            let app = register_app(ALICE);
            let pool = register_pool(BOB, create_list(BOB, 1, vec![]));
            let entries = DealEntries {
                app,
                dataset: None,
                pool,
            };
            Registry::retain(entries);
            Registry::retain(entries);
            assert_noop!(
                Registry::remove_app(signed(ALICE), app),
                Error::<Test>::InUse
            );
            Registry::release(entries);
            assert_noop!(
                Registry::remove_app(signed(ALICE), app),
                Error::<Test>::InUse
            );
            Registry::release(entries);
            assert_ok!(Registry::remove_app(signed(ALICE), app));
        });
    }
}

#[test]
fn a_deposit_without_a_record_does_not_go_unnoticed() {
    new_test_ext().execute_with(|| {
        assert_ok!(Registry::do_try_state());
        assert_ok!(Balances::hold(&HoldReason::Entry.into(), &BOB, MILLI_ERG));
        assert!(Registry::do_try_state().is_err());
    });
}
