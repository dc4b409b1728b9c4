use crate::{Uses, Verdict, mock::*};
use ergon_primitives::{
    Access, AccessListId, AccountId, AllowedApps, AppId, AppKind, AppTerms, CategoryTerms,
    Curation, DatasetId, DatasetTerms, DealEntries, PoolId, PoolPolicy, PoolTerms, Requirements,
    Scheduling, traits::Registry as _,
};
use frame_support::assert_ok;
use sp_core::H256;

/// What [`register_app`] registered, owned by `owner` and judged like this.
fn terms(owner: AccountId, curation: Option<Curation>) -> AppTerms {
    AppTerms {
        owner,
        kind: AppKind::Wasm,
        curation,
        requirements: Requirements::default(),
    }
}

#[test]
fn terms_are_those_of_now() {
    build_and_execute(|| {
        let list = create_list(ALICE, 1, vec![]);
        let (app, pool) = (register_app(ALICE), register_pool(ALICE, list));
        assert_eq!(Registry::app(app), Some(terms(ALICE, None)));
        assert_ok!(Registry::transfer_app(signed(ALICE), app, BOB));
        assert_eq!(Registry::app(app), Some(terms(BOB, None)));
        let document = H256::repeat_byte(1);
        assert_ok!(Registry::propose_app(signed(BOB), app, document));
        assert_eq!(
            Registry::app(app),
            Some(terms(BOB, Some(Curation::Proposed(document))))
        );
        assert_eq!(
            Registry::pool(pool),
            Some(PoolTerms {
                owner: ALICE,
                policy: policy(list)
            })
        );
    });
}

#[test]
fn datasets_tell_their_owner_and_apps() {
    build_and_execute(|| {
        let dataset = register_dataset(ALICE);
        let allowed_apps = AllowedApps::default();
        assert_ok!(Registry::transfer_dataset(signed(ALICE), dataset, BOB));
        assert_eq!(
            Registry::dataset(dataset),
            Some(DatasetTerms {
                owner: BOB,
                allowed_apps
            })
        );
    });
}

#[test]
fn the_authoriser_is_that_of_now() {
    build_and_execute(|| {
        let pool = register_pool(ALICE, create_list(ALICE, 1, vec![]));
        assert_eq!(Registry::authoriser(pool), Some(AUTHORISER));
        assert_ok!(Registry::set_authoriser(signed(ALICE), pool, BOB));
        assert_eq!(Registry::authoriser(pool), Some(BOB));
        assert_eq!(Registry::authoriser(PoolId(H256::zero())), None);
    });
}

#[test]
fn only_apps_revoked_as_harmful_are_harmful() {
    build_and_execute(|| {
        let app = register_app(ALICE);
        assert!(!Registry::is_harmful(app));
        for harmful in [false, true] {
            let verdict = Verdict::Revoke { harmful };
            assert_ok!(Registry::curate_app(RuntimeOrigin::root(), app, verdict));
            assert_eq!(Registry::is_harmful(app), harmful);
        }
        assert_ok!(Registry::curate_app(
            RuntimeOrigin::root(),
            app,
            Verdict::Clear
        ));
        assert!(!Registry::is_harmful(app));
    });
}

#[test]
fn what_is_not_registered_has_no_terms() {
    build_and_execute(|| {
        let app = register_app(ALICE);
        assert_ok!(Registry::remove_app(signed(ALICE), app));
        assert_eq!(Registry::app(app), None);
        assert_eq!(Registry::dataset(DatasetId(H256::zero())), None);
        assert_eq!(Registry::pool(PoolId(H256::zero())), None);
        assert_eq!(Registry::category(0), None);
    });
}

#[test]
fn categories_tell_their_work_time() {
    build_and_execute(|| {
        assert_ok!(Registry::create_category(
            RuntimeOrigin::root(),
            name("TEST"),
            20,
            1,
            1
        ));
        assert_eq!(
            Registry::category(0),
            Some(CategoryTerms {
                id: 0,
                work_time: 20
            })
        );
    });
}

#[test]
fn lists_admit_their_members() {
    build_and_execute(|| {
        let list = create_list(ALICE, 1, vec![BOB]);
        assert!(Registry::admits(list, &BOB));
        // To keep a list is not to be on it.
        assert!(!Registry::admits(list, &ALICE));
        assert!(!Registry::admits(AccessListId(H256::zero()), &BOB));
    });
}

#[test]
fn pools_admit_the_members_of_their_list() {
    build_and_execute(|| {
        let pool = register_pool(ALICE, create_list(ALICE, 1, vec![BOB]));
        assert_eq!(Registry::admits_worker(pool, &BOB), Some(true));
        assert_eq!(Registry::admits_worker(pool, &ALICE), Some(false));
        assert_eq!(Registry::admits_worker(PoolId(H256::zero()), &BOB), None);
    });
}

#[test]
fn public_pools_admit_everybody() {
    build_and_execute(|| {
        let list = create_list(ALICE, 1, vec![]);
        let pool = register_pool(ALICE, list);
        assert_eq!(Registry::admits_worker(pool, &BOB), Some(false));
        let public = PoolPolicy {
            access: Access::Public,
            scheduling: Scheduling::Authorised,
            ..policy(list)
        };
        assert_ok!(Registry::update_pool(signed(ALICE), pool, public));
        for who in accounts(0, 3).into_iter().chain([ALICE, BOB]) {
            assert_eq!(Registry::admits_worker(pool, &who), Some(true));
        }
    });
}

#[test]
fn uses_are_counted_and_leave_nothing_behind() {
    build_and_execute(|| {
        let (app, other) = (register_app(ALICE), register_app(BOB));
        let dataset = register_dataset(ALICE);
        let pool = register_pool(ALICE, create_list(ALICE, 1, vec![]));
        let with = DealEntries {
            app,
            dataset: Some(dataset),
            pool,
        };
        let without = DealEntries {
            app: other,
            dataset: None,
            pool,
        };
        let uses = || [app.0, other.0, dataset.0, pool.0].map(Uses::<Test>::get);

        Registry::retain(with);
        assert_eq!(uses(), [1, 0, 1, 1]);
        Registry::retain(without);
        assert_eq!(uses(), [1, 1, 1, 2]);
        Registry::release(with);
        assert_eq!(uses(), [0, 1, 0, 1]);
        Registry::release(without);
        assert_eq!(Uses::<Test>::iter().count(), 0);
    });
}

#[test]
#[should_panic(expected = "a use is released once")]
fn a_release_without_a_retain_is_a_defect() {
    new_test_ext().execute_with(|| {
        Registry::release(DealEntries {
            app: AppId(H256::zero()),
            dataset: None,
            pool: PoolId(H256::zero()),
        });
    });
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmark_helpers_make_what_they_promise() {
    use ergon_primitives::{MAX_ALLOWED_APPS, MAX_LIST_MEMBERS};

    build_and_execute(|| {
        let workers = accounts(0, 3);
        let form = requirements("TARGET.cpus >= 4");
        let app = Registry::benchmark_app(&ALICE, form.clone());
        assert_eq!(Registry::benchmark_app(&ALICE, form.clone()), app);
        assert_ne!(
            Registry::benchmark_app(&ALICE, Requirements::default()),
            app
        );
        let terms = Registry::app(app).unwrap();
        assert_eq!((terms.owner, terms.requirements), (ALICE, form));
        assert!(matches!(terms.curation, Some(Curation::Approved(_))));

        let dataset = Registry::benchmark_dataset(&ALICE, app);
        assert_eq!(Registry::benchmark_dataset(&ALICE, app), dataset);
        let terms = Registry::dataset(dataset).unwrap();
        assert_eq!(terms.allowed_apps.len(), MAX_ALLOWED_APPS as usize);
        assert_eq!(
            (terms.owner, terms.allowed_apps.last()),
            (ALICE, Some(&app))
        );

        let pool = Registry::benchmark_pool(&ALICE, &workers);
        assert_eq!(Registry::benchmark_pool(&ALICE, &workers), pool);
        assert!(
            workers
                .iter()
                .all(|who| Registry::admits_worker(pool, who) == Some(true))
        );
        let policy = Registry::pool(pool).unwrap().policy;
        assert_eq!(
            (policy.worker_stake_ratio, policy.operator_reward_ratio),
            (30, 1)
        );
        assert_eq!(policy.parallelism, 1);
        assert_eq!(
            crate::ListMembers::<Test>::iter_keys().count(),
            MAX_LIST_MEMBERS as usize
        );

        let category = Registry::benchmark_category(20);
        assert_eq!(Registry::category(category).unwrap().work_time, 20);
    });
}
