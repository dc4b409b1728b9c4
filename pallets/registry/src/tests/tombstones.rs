use crate::{Burials, Due, Error, Event, Tombstones, WeightInfo as _, mock::*};
use ergon_primitives::MAX_ORDER_LIFE;
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use sp_core::H256;
use sp_runtime::DispatchError;

/// Registers and removes an app in block `block`; its identifier.
fn buried(owner: ergon_primitives::AccountId, block: u32) -> H256 {
    advance_to(block);
    let app = register_app(owner.clone());
    assert_ok!(Registry::remove_app(signed(owner), app));
    app.0
}

mod prune_tombstone {
    use super::*;

    #[test]
    fn anyone_clears_it_away_after_its_last_block() {
        build_and_execute(|| {
            let id = buried(ALICE, 1);

            advance_to(1 + MAX_ORDER_LIFE);
            assert_noop!(
                Registry::prune_tombstone(signed(BOB), id),
                Error::<Test>::TombstoneNotExpired
            );

            advance_to(2 + MAX_ORDER_LIFE);
            assert_ok!(Registry::prune_tombstone(signed(BOB), id));
            assert!(!Tombstones::<Test>::contains_key(id));
            assert_eq!(Burials::<Test>::iter_keys().count(), 0);
            assert_eq!(last_event(), Event::TombstonePruned { id });
            register_app(ALICE);
        });
    }

    #[test]
    fn clears_away_datasets_pools_and_lists_as_well() {
        build_and_execute(|| {
            let list = create_list(ALICE, 1, vec![]);
            let (dataset, pool) = (register_dataset(ALICE), register_pool(ALICE, list));
            assert_ok!(Registry::remove_dataset(signed(ALICE), dataset));
            assert_ok!(Registry::remove_pool(signed(ALICE), pool));
            assert_ok!(Registry::delete_list(signed(ALICE), list));
            assert_eq!(Burials::<Test>::iter_keys().count(), 3);

            advance_to(2 + MAX_ORDER_LIFE);
            for id in [dataset.0, pool.0, list.0] {
                assert_ok!(Registry::prune_tombstone(signed(BOB), id));
            }
            assert_eq!(Burials::<Test>::iter_keys().count(), 0);
        });
    }

    #[test]
    fn fails_when_nothing_was_removed() {
        build_and_execute(|| {
            let live = register_app(ALICE).0;
            for id in [live, H256::zero()] {
                assert_noop!(
                    Registry::prune_tombstone(signed(ALICE), id),
                    Error::<Test>::NoSuchTombstone
                );
            }
        });
    }

    #[test]
    fn needs_a_signature() {
        build_and_execute(|| {
            assert_noop!(
                Registry::prune_tombstone(RuntimeOrigin::none(), H256::zero()),
                DispatchError::BadOrigin
            );
        });
    }
}

mod on_idle {
    use super::*;

    /// Weight of clearing away so many tombstones.
    fn weight(tombstones: u32) -> Weight {
        <Test as crate::Config>::WeightInfo::clean_up(tombstones)
    }

    fn idle(remaining: Weight) -> Weight {
        Registry::on_idle(System::block_number(), remaining)
    }

    #[test]
    fn clears_away_what_is_over_and_nothing_else() {
        build_and_execute(|| {
            let (first, second) = (buried(ALICE, 1), buried(BOB, 2));

            advance_to(1 + MAX_ORDER_LIFE);
            assert_eq!(idle(Weight::MAX), weight(0));
            assert!(Tombstones::<Test>::contains_key(first));

            advance_to(2 + MAX_ORDER_LIFE);
            assert_eq!(idle(Weight::MAX), weight(1));
            assert!(!Tombstones::<Test>::contains_key(first));
            assert_eq!(
                Burials::<Test>::iter_keys().collect::<Vec<_>>(),
                [(Due::after(2 + MAX_ORDER_LIFE), second)]
            );
            assert_eq!(last_event(), Event::TombstonePruned { id: first });
        });
    }

    #[test]
    fn the_earliest_go_first_as_far_as_the_weight_reaches() {
        build_and_execute(|| {
            // In little-endian bytes the late one would come first.
            let (late, early) = (buried(ALICE, 0x100), buried(BOB, 0xff));
            advance_to(0x101 + MAX_ORDER_LIFE);

            // Enough for one, and for all but the last unit of the second.
            let nearly_two = weight(2).saturating_sub(Weight::from_parts(1, 0));
            assert_eq!(idle(nearly_two), weight(1));
            assert!(!Tombstones::<Test>::contains_key(early));
            assert!(Tombstones::<Test>::contains_key(late));

            assert_eq!(idle(weight(1)), weight(1));
            assert!(!Tombstones::<Test>::contains_key(late));
        });
    }

    #[test]
    fn costs_nothing_when_there_is_no_weight_for_a_look() {
        build_and_execute(|| {
            let id = buried(ALICE, 1);
            advance_to(2 + MAX_ORDER_LIFE);
            for remaining in [
                Weight::zero(),
                weight(0).saturating_sub(Weight::from_parts(1, 0)),
                weight(0).saturating_sub(Weight::from_parts(0, 1)),
            ] {
                assert_eq!(idle(remaining), Weight::zero());
            }
            assert_eq!(idle(weight(0)), weight(0));
            assert!(Tombstones::<Test>::contains_key(id));
        });
    }

    #[test]
    fn clears_away_many_that_end_in_one_block() {
        build_and_execute(|| {
            let apps = [register_app(ALICE), register_app(BOB)];
            for (app, owner) in apps.into_iter().zip([ALICE, BOB]) {
                assert_ok!(Registry::remove_app(signed(owner), app));
            }
            let list = create_list(ALICE, 1, vec![]);
            assert_ok!(Registry::delete_list(signed(ALICE), list));

            advance_to(2 + MAX_ORDER_LIFE);
            assert_eq!(idle(Weight::MAX), weight(3));
            assert_eq!(Tombstones::<Test>::iter_keys().count(), 0);
        });
    }

    #[test]
    fn what_was_registered_again_is_left_alone() {
        build_and_execute(|| {
            buried(ALICE, 1);
            advance_to(2 + MAX_ORDER_LIFE);
            let app = register_app(ALICE);
            assert_eq!(idle(Weight::MAX), weight(0));
            assert_eq!(last_event(), Event::AppRegistered { app, owner: ALICE });
        });
    }
}
