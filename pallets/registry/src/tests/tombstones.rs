use crate::{Error, Event, Tombstones, mock::*};
use ergon_primitives::MAX_ORDER_LIFE;
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_runtime::DispatchError;

mod prune_tombstone {
    use super::*;

    #[test]
    fn anyone_clears_it_away_after_its_last_block() {
        build_and_execute(|| {
            let id = register_app(ALICE).0;
            assert_ok!(Registry::remove_app(signed(ALICE), id.into()));

            advance_to(1 + MAX_ORDER_LIFE);
            assert_noop!(
                Registry::prune_tombstone(signed(BOB), id),
                Error::<Test>::TombstoneNotExpired
            );

            advance_to(2 + MAX_ORDER_LIFE);
            assert_ok!(Registry::prune_tombstone(signed(BOB), id));
            assert!(!Tombstones::<Test>::contains_key(id));
            assert_eq!(last_event(), Event::TombstonePruned { id });
            register_app(ALICE);
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
