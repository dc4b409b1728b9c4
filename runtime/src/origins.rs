//! The offices of the chain's government, and how fast its clocks run.
//!
//! A referendum on the track of an office speaks with that office's origin; nothing else does. The
//! length of a governance day is set at genesis and never changes: a real day on a real network, a
//! minute where one watches.

pub use pallet::*;

/// Offices and the governance day.
#[frame_support::pallet]
pub mod pallet {
    use ergon_primitives::{BlockNumber, DAYS};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::BlockNumberFor;

    /// Hours of a governance day. It has at least as many blocks, so that no hour is empty.
    pub const HOURS_PER_DAY: u32 = 24;

    /// Offices and the governance day.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Nothing is needed of the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// Who speaks when a referendum of a track is enacted.
    #[pallet::origin]
    #[derive(
        Clone,
        Copy,
        PartialEq,
        Eq,
        Debug,
        Encode,
        Decode,
        DecodeWithMemTracking,
        MaxEncodedLen,
        TypeInfo,
    )]
    pub enum Origin {
        /// Changes the protocol's numbers within their bounds.
        #[codec(index = 0)]
        Parameters,
        /// Creates categories and curates apps.
        #[codec(index = 1)]
        Registrar,
        /// Suspects, rehabilitates and bans hubs.
        #[codec(index = 2)]
        Tribunal,
        /// Spends from the treasury.
        #[codec(index = 3)]
        Treasurer,
        /// Cancels a referendum; its deposits can be fetched back.
        #[codec(index = 4)]
        ReferendumCanceller,
        /// Kills a malicious referendum; its deposits go to the treasury.
        #[codec(index = 5)]
        ReferendumKiller,
        /// Enacts quickly, as root, what the technical collective has whitelisted.
        #[codec(index = 6)]
        WhitelistedCaller,
    }

    /// Length of a governance day, in blocks, at least [`HOURS_PER_DAY`].
    #[pallet::storage]
    pub type Day<T: Config> = StorageValue<_, BlockNumber, ValueQuery, RealDay>;

    /// A day of 24 hours.
    pub struct RealDay;

    impl Get<BlockNumber> for RealDay {
        fn get() -> BlockNumber {
            DAYS
        }
    }

    /// The pace, fixed at genesis.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Length of a governance day, in blocks, at least [`HOURS_PER_DAY`].
        pub day: BlockNumber,
        /// Binds the runtime's type; carries nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                day: RealDay::get(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                self.day >= HOURS_PER_DAY,
                "a governance day has at least {HOURS_PER_DAY} blocks, not {}",
                self.day
            );
            Day::<T>::put(self.day);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            ensure!(
                Day::<T>::get() >= HOURS_PER_DAY,
                "a governance day has too few blocks"
            );
            Ok(())
        }
    }
}
