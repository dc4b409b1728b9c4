//! A chain with parameters and nothing else, and verbs for tests.

use crate::{self as pallet_protocol_parameters, ParameterChange, Parameters};
use frame_support::{assert_ok, derive_impl};
use frame_system::EnsureRoot;
use sp_runtime::{BuildStorage, DispatchResult};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        ProtocolParameters: pallet_protocol_parameters,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
}

impl crate::Config for Test {
    type ParametersOrigin = EnsureRoot<u64>;
    type WeightInfo = ();
}

/// A chain that starts with these parameters, in block 1.
pub fn chain_with(parameters: Parameters) -> sp_io::TestExternalities {
    let storage = RuntimeGenesisConfig {
        protocol_parameters: crate::GenesisConfig {
            parameters,
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .expect("the genesis of the mock is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    chain_with(Parameters::default())
}

/// Runs a test and checks the pallet's invariants after it.
pub fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_ok!(ProtocolParameters::do_try_state());
    });
}

pub fn set(change: ParameterChange) -> DispatchResult {
    ProtocolParameters::set(RuntimeOrigin::root(), change)
}

pub fn in_force() -> Parameters {
    crate::InForce::<Test>::get()
}

/// Announced changes: before, after.
pub fn changes() -> Vec<(ParameterChange, ParameterChange)> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::ProtocolParameters(crate::Event::ParameterChanged { from, to }) => {
                Some((from, to))
            }
            _ => None,
        })
        .collect()
}
