#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

mod get;
pub mod rules;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use get::*;
pub use pallet::*;
pub use rules::{ParameterChange, Parameters};
pub use weights::WeightInfo;

/// The pallet's items.
#[frame_support::pallet]
pub mod pallet {
    use crate::{ParameterChange, Parameters, WeightInfo, rules::Refusal};
    use frame_support::{DefaultNoBound, pallet_prelude::*};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs from the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Who changes parameters.
        type ParametersOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// The parameters in force.
    #[pallet::storage]
    pub type InForce<T: Config> = StorageValue<_, Parameters, ValueQuery>;

    /// The parameters at genesis.
    #[pallet::genesis_config]
    #[derive(DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// All parameters; those that are left out have their defaults.
        pub parameters: Parameters,
        /// Binds the runtime's type; carries nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                self.parameters.check().is_ok(),
                "the genesis' protocol parameters are out of bounds, or do not fit each other: {:?}",
                self.parameters
            );
            InForce::<T>::put(self.parameters);
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A parameter has a new value.
        ParameterChanged {
            /// The parameter with its former value.
            from: ParameterChange,
            /// The same parameter with its value from now on.
            to: ParameterChange,
        },
    }

    /// Why a change was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The value is below the least or above the most that the parameter can be. Take one
        /// between its bounds.
        OutOfBounds,
        /// The lowest price that scores would be above the smallest bond. Lower the one or raise the
        /// other first.
        ScoredPriceAboveBond,
        /// Ended deals would be forgotten before stakes can leave. Lengthen the retention period or
        /// shorten the bonding duration first.
        RecordShorterThanBonding,
    }

    impl<T> From<Refusal> for Error<T> {
        fn from(refusal: Refusal) -> Self {
            match refusal {
                Refusal::OutOfBounds => Error::OutOfBounds,
                Refusal::ScoredPriceAboveBond => Error::ScoredPriceAboveBond,
                Refusal::RecordShorterThanBonding => Error::RecordShorterThanBonding,
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                Parameters::default().check().is_ok(),
                "the default parameters must be within their bounds"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Gives a parameter a new value.
        ///
        /// ## Origin
        /// A referendum on the parameters track.
        ///
        /// ## Parameters
        /// - `change`: the parameter and its new value.
        ///
        /// ## Errors
        /// [`Error::OutOfBounds`], [`Error::ScoredPriceAboveBond`],
        /// [`Error::RecordShorterThanBonding`].
        ///
        /// ## Events
        /// [`Event::ParameterChanged`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set(origin: OriginFor<T>, change: ParameterChange) -> DispatchResult {
            T::ParametersOrigin::ensure_origin(origin)?;
            Self::do_set(change)
        }
    }

    impl<T: Config> Pallet<T> {
        fn do_set(change: ParameterChange) -> DispatchResult {
            let before = InForce::<T>::get();
            let after = before.with(change);
            after.check().map_err(Error::<T>::from)?;

            InForce::<T>::put(after);
            Self::deposit_event(Event::ParameterChanged {
                from: before.value_of(change),
                to: change,
            });
            Ok(())
        }
    }
}
