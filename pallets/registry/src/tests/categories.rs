use crate::{Categories, Error, Event, GenesisConfig, NextCategory, mock::*};
use ergon_primitives::{BlockNumber, Category};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_runtime::{BuildStorage, DispatchError};

fn create(text: &str, work_time: BlockNumber) -> DispatchResult {
    Registry::create_category(RuntimeOrigin::root(), name(text), work_time, 1_000, 2_000)
}

mod create_category {
    use super::*;

    #[test]
    fn gives_consecutive_numbers() {
        build_and_execute(|| {
            assert_ok!(create("XS", 150));
            assert_ok!(create("S", 600));

            let second = Category {
                name: name("S"),
                work_time: 600,
                input_limit: 1_000,
                output_limit: 2_000,
            };
            assert_eq!(Categories::<Test>::get(0).unwrap().name, name("XS"));
            assert_eq!(Categories::<Test>::get(1), Some(second));
            assert_eq!(NextCategory::<Test>::get(), 2);
            assert_eq!(
                last_event(),
                Event::CategoryCreated {
                    category: 1,
                    work_time: 600
                }
            );
        });
    }

    #[test]
    fn accepts_a_work_time_of_one_block() {
        build_and_execute(|| {
            assert_ok!(create("flash", 1));
        });
    }

    #[test]
    fn fails_when_the_work_time_is_zero() {
        build_and_execute(|| {
            assert_noop!(create("never", 0), Error::<Test>::ZeroWorkTime);
        });
    }

    #[test]
    fn fails_when_the_name_is_empty() {
        build_and_execute(|| {
            assert_noop!(create("", 1), Error::<Test>::BadName);
        });
    }

    #[test]
    fn fails_when_all_numbers_are_given_away() {
        build_and_execute(|| {
            NextCategory::<Test>::put(u32::MAX);
            assert_noop!(create("one too many", 1), Error::<Test>::TooManyCategories);
            NextCategory::<Test>::kill();
        });
    }

    #[test]
    fn fails_when_the_caller_is_not_the_registrar() {
        build_and_execute(|| {
            assert_noop!(
                Registry::create_category(signed(ALICE), name("mine"), 1, 0, 0),
                DispatchError::BadOrigin
            );
        });
    }
}

mod genesis {
    use super::*;

    fn build(categories: Vec<(Vec<u8>, BlockNumber, u64, u64)>) -> sp_io::TestExternalities {
        GenesisConfig::<Test> {
            categories,
            ..Default::default()
        }
        .build_storage()
        .unwrap()
        .into()
    }

    #[test]
    fn creates_its_categories_in_order() {
        build(vec![
            (b"XS".to_vec(), 150, 1, 2),
            (b"S".to_vec(), 600, 3, 4),
        ])
        .execute_with(|| {
            let first = Categories::<Test>::get(0).unwrap();
            assert_eq!((first.name, first.work_time), (name("XS"), 150));
            let second = Categories::<Test>::get(1).unwrap();
            assert_eq!((second.input_limit, second.output_limit), (3, 4));
            assert_eq!(NextCategory::<Test>::get(), 2);
            assert_ok!(Registry::do_try_state());
        });
    }

    #[test]
    #[should_panic(expected = "a genesis category needs a name")]
    fn refuses_a_category_without_work_time() {
        build(vec![(b"never".to_vec(), 0, 1, 1)]);
    }

    #[test]
    #[should_panic(expected = "a genesis category needs a name")]
    fn refuses_a_name_that_is_too_long() {
        build(vec![(vec![b'x'; 65], 1, 1, 1)]);
    }
}
