//! One module for the call, one for what other pallets see, one for genesis and invariants.

use crate::{Error, InForce, ParameterChange, Parameters, mock::*};
use ergon_primitives::{DAYS, ERG, HOURS, MICRO_ERG, MILLI_ERG};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;
use sp_runtime::DispatchError;

/// Least and most of each parameter, and what is just outside; none below 0.
fn bounds() -> Vec<[Option<ParameterChange>; 4]> {
    use ParameterChange::*;
    let case = |below, least, most, above| [below, Some(least), Some(most), Some(above)];
    vec![
        case(None, FundFeeRatio(0), FundFeeRatio(5), FundFeeRatio(6)),
        case(
            Some(OperatorStakeRatio(9)),
            OperatorStakeRatio(10),
            OperatorStakeRatio(100),
            OperatorStakeRatio(101),
        ),
        case(
            Some(MaxDuration(5 * DAYS - 1)),
            MaxDuration(5 * DAYS),
            MaxDuration(90 * DAYS),
            MaxDuration(90 * DAYS + 1),
        ),
        case(
            Some(MinimumBond(100 * MILLI_ERG - 1)),
            MinimumBond(100 * MILLI_ERG),
            MinimumBond(10_000 * ERG),
            MinimumBond(10_000 * ERG + 1),
        ),
        case(
            Some(BondingDuration(HOURS - 1)),
            BondingDuration(HOURS),
            BondingDuration(60 * DAYS),
            BondingDuration(60 * DAYS + 1),
        ),
        case(
            None,
            JoinDelay(0),
            JoinDelay(7 * DAYS),
            JoinDelay(7 * DAYS + 1),
        ),
        case(
            Some(MinScoredPrice(MICRO_ERG - 1)),
            MinScoredPrice(MICRO_ERG),
            MinScoredPrice(ERG),
            MinScoredPrice(ERG + 1),
        ),
        case(
            Some(RetentionPeriod(HOURS - 1)),
            RetentionPeriod(HOURS),
            RetentionPeriod(365 * DAYS),
            RetentionPeriod(365 * DAYS + 1),
        ),
    ]
}

/// Parameters that are as far as possible from breaking a relation.
fn roomy() -> Parameters {
    Parameters {
        minimum_bond: 10_000 * ERG,
        min_scored_price: MICRO_ERG,
        bonding_duration: HOURS,
        retention_period: 365 * DAYS,
        ..Default::default()
    }
}

mod set {
    use super::*;
    use ParameterChange::*;

    #[test]
    fn takes_each_parameter_up_to_both_bounds_and_no_further() {
        for [below, least, most, above] in bounds() {
            for change in [least, most].into_iter().flatten() {
                chain_with(roomy()).execute_with(|| {
                    assert_ok!(set(change));
                    assert_eq!(in_force(), roomy().with(change));
                    assert_eq!(changes(), [(roomy().value_of(change), change)]);
                    assert_ok!(ProtocolParameters::do_try_state());
                });
            }
            for change in [below, above].into_iter().flatten() {
                chain_with(roomy()).execute_with(|| {
                    assert_noop!(set(change), Error::<Test>::OutOfBounds);
                });
            }
        }
    }

    #[test]
    fn changes_one_parameter_and_announces_old_and_new() {
        build_and_execute(|| {
            assert_ok!(set(FundFeeRatio(3)));
            assert_ok!(set(FundFeeRatio(2)));
            let expected = Parameters {
                fund_fee_ratio: 2,
                ..Default::default()
            };
            assert_eq!(in_force(), expected);
            assert_eq!(
                changes(),
                [
                    (FundFeeRatio(0), FundFeeRatio(3)),
                    (FundFeeRatio(3), FundFeeRatio(2))
                ]
            );
        });
    }

    #[test]
    fn keeps_the_scored_price_at_or_below_the_smallest_bond() {
        build_and_execute(|| {
            assert_ok!(set(MinimumBond(500 * MILLI_ERG)));
            assert_ok!(set(MinScoredPrice(500 * MILLI_ERG)));
            assert_noop!(
                set(MinScoredPrice(500 * MILLI_ERG + 1)),
                Error::<Test>::ScoredPriceAboveBond
            );
            assert_noop!(
                set(MinimumBond(500 * MILLI_ERG - 1)),
                Error::<Test>::ScoredPriceAboveBond
            );
        });
    }

    #[test]
    fn keeps_the_record_at_least_as_long_as_the_bonding() {
        build_and_execute(|| {
            assert_ok!(set(RetentionPeriod(7 * DAYS)));
            assert_noop!(
                set(RetentionPeriod(7 * DAYS - 1)),
                Error::<Test>::RecordShorterThanBonding
            );
            assert_noop!(
                set(BondingDuration(7 * DAYS + 1)),
                Error::<Test>::RecordShorterThanBonding
            );
        });
    }

    #[test]
    fn is_for_the_office_only() {
        build_and_execute(|| {
            for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
                assert_noop!(
                    ProtocolParameters::set(origin, FundFeeRatio(1)),
                    DispatchError::BadOrigin
                );
            }
        });
    }

    fn any_change() -> impl Strategy<Value = ParameterChange> {
        prop_oneof![
            (0..8u8).prop_map(FundFeeRatio),
            any::<u8>().prop_map(OperatorStakeRatio),
            (0..100 * DAYS).prop_map(MaxDuration),
            (0..2 * ERG).prop_map(MinimumBond),
            (0..70 * DAYS).prop_map(BondingDuration),
            (0..9 * DAYS).prop_map(JoinDelay),
            (0..2 * ERG).prop_map(MinScoredPrice),
            (0..400 * DAYS).prop_map(RetentionPeriod),
        ]
    }

    proptest! {
        #[test]
        fn no_sequence_leads_out_of_bounds_and_relations(
            sequence in prop::collection::vec(any_change(), 1..40)
        ) {
            build_and_execute(|| {
                for change in sequence {
                    let before = in_force();
                    let expected = match set(change) {
                        Ok(()) => before.with(change),
                        Err(_) => before,
                    };
                    assert_eq!(in_force(), expected);
                    assert_ok!(expected.check());
                }
            });
        }
    }
}

mod get {
    use super::*;
    use frame_support::traits::Get;

    fn value<G: Get<V>, V>() -> V {
        G::get()
    }

    #[test]
    fn other_pallets_see_what_is_in_force() {
        let parameters = Parameters {
            fund_fee_ratio: 1,
            operator_stake_ratio: 20,
            max_duration: 6 * DAYS,
            minimum_bond: 3 * ERG,
            bonding_duration: 4 * DAYS,
            join_delay: 5,
            min_scored_price: 6 * MILLI_ERG,
            retention_period: 9 * DAYS,
        };
        chain_with(parameters).execute_with(|| {
            assert_eq!(value::<crate::FundFeeRatio<Test>, u8>(), 1);
            assert_eq!(value::<crate::OperatorStakeRatio<Test>, u8>(), 20);
            assert_eq!(value::<crate::MaxDuration<Test>, u32>(), 6 * DAYS);
            assert_eq!(value::<crate::MinimumBond<Test>, u128>(), 3 * ERG);
            assert_eq!(value::<crate::BondingDuration<Test>, u32>(), 4 * DAYS);
            assert_eq!(value::<crate::JoinDelay<Test>, u32>(), 5);
            assert_eq!(value::<crate::MinScoredPrice<Test>, u128>(), 6 * MILLI_ERG);
            assert_eq!(value::<crate::RetentionPeriod<Test>, u32>(), 9 * DAYS);
        });
    }

    #[test]
    fn a_chain_without_record_has_the_defaults() {
        sp_io::TestExternalities::default().execute_with(|| {
            assert_eq!(in_force(), Parameters::default());
            assert_eq!(value::<crate::JoinDelay<Test>, u32>(), DAYS);
        });
    }
}

mod genesis {
    use super::*;

    #[test]
    fn writes_all_parameters() {
        build_and_execute(|| {
            assert!(InForce::<Test>::exists());
            assert_eq!(in_force(), Parameters::default());
        });
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn refuses_parameters_out_of_bounds() {
        chain_with(Parameters {
            fund_fee_ratio: 6,
            ..Default::default()
        });
    }

    #[test]
    fn parameters_that_are_left_out_have_their_defaults() {
        let parameters: Parameters =
            serde_json::from_str(r#"{ "joinDelay": 0 }"#).expect("it is a form of parameters");
        let expected = Parameters {
            join_delay: 0,
            ..Default::default()
        };
        assert_eq!(parameters, expected);
        assert!(serde_json::from_str::<Parameters>(r#"{ "joinDelays": 0 }"#).is_err());
    }
}

mod try_state {
    use super::*;

    #[test]
    fn finds_what_no_call_can_make() {
        let bad = [
            Parameters {
                fund_fee_ratio: 6,
                ..Default::default()
            },
            Parameters {
                min_scored_price: ERG,
                minimum_bond: 100 * MILLI_ERG,
                ..Default::default()
            },
            Parameters {
                retention_period: DAYS,
                ..Default::default()
            },
        ];
        for parameters in bad {
            new_test_ext().execute_with(|| {
                InForce::<Test>::put(parameters);
                assert!(
                    ProtocolParameters::do_try_state().is_err(),
                    "{parameters:?}"
                );
            });
        }
    }
}
