use crate::{Uses, mock::*};
use ergon_primitives::{
    AccessListId, AppId, AppTerms, CategoryTerms, PoolId, PoolTerms, traits::Registry as _,
};
use frame_support::assert_ok;
use sp_core::H256;

#[test]
fn terms_are_those_of_now() {
    build_and_execute(|| {
        let list = create_list(ALICE, 1, vec![]);
        let (app, pool) = (register_app(ALICE), register_pool(ALICE, list));
        assert_eq!(Registry::app(app), Some(AppTerms { owner: ALICE }));
        assert_ok!(Registry::transfer_app(signed(ALICE), app, BOB));
        assert_eq!(Registry::app(app), Some(AppTerms { owner: BOB }));
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
fn what_is_not_registered_has_no_terms() {
    build_and_execute(|| {
        let app = register_app(ALICE);
        assert_ok!(Registry::remove_app(signed(ALICE), app));
        assert_eq!(Registry::app(app), None);
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
fn uses_are_counted_and_leave_nothing_behind() {
    build_and_execute(|| {
        let (app, other) = (register_app(ALICE), register_app(BOB));
        let pool = register_pool(ALICE, create_list(ALICE, 1, vec![]));
        Registry::retain(app, pool);
        Registry::retain(other, pool);
        assert_eq!(
            (Uses::<Test>::get(app.0), Uses::<Test>::get(pool.0)),
            (1, 2)
        );
        Registry::release(app, pool);
        assert_eq!(
            (Uses::<Test>::get(app.0), Uses::<Test>::get(pool.0)),
            (0, 1)
        );
        Registry::release(other, pool);
        assert_eq!(Uses::<Test>::iter().count(), 0);
    });
}

#[test]
#[should_panic(expected = "a use is released once")]
fn a_release_without_a_retain_is_a_defect() {
    new_test_ext().execute_with(|| {
        Registry::release(AppId(H256::zero()), PoolId(H256::zero()));
    });
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmark_helpers_make_what_they_promise() {
    use ergon_primitives::MAX_LIST_MEMBERS;

    build_and_execute(|| {
        let workers = accounts(0, 3);
        let app = Registry::benchmark_app(&ALICE);
        assert_eq!(Registry::benchmark_app(&ALICE), app);
        assert_eq!(Registry::app(app), Some(AppTerms { owner: ALICE }));

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
