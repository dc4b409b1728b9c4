//! Benchmarks of the calls.

use crate::{Call, Config, InForce, Pallet, ParameterChange};
use ergon_primitives::ERG;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set() -> Result<(), BenchmarkError> {
        let origin = T::ParametersOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Stop("somebody must be able to change parameters"))?;
        let bond = 10_000 * ERG;

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            ParameterChange::MinimumBond(bond),
        );

        assert_eq!(InForce::<T>::get().minimum_bond, bond);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
