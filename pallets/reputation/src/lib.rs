#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

mod interface;
pub mod score;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
    use ergon_primitives::{AccountId, BlockNumber, DealId, Score};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;

    /// Version of the layout in storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The scores of workers.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Reputation needs nothing but the system.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {}

    /// Score of each worker that has one above 0.
    #[pallet::storage]
    pub type Scores<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Score, ValueQuery>;

    /// Block in which a worker's result last counted for a deal.
    #[pallet::storage]
    pub type LastScored<T: Config> =
        StorageDoubleMap<_, Identity, DealId, Blake2_128Concat, AccountId, BlockNumber>;

    /// What happened to scores.
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A worker has another score.
        ScoreChanged {
            /// The worker's key.
            worker: AccountId,
            /// Its score before.
            from: Score,
            /// Its score now.
            to: Score,
        },
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    impl<T: Config> Pallet<T> {
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }

        /// Writes a score and announces it, if it is another one.
        pub(crate) fn set_score(worker: &AccountId, to: Score) {
            Self::change_score(worker, Scores::<T>::get(worker), to);
        }

        /// The same for a worker whose score is known to be `from`.
        pub(crate) fn change_score(worker: &AccountId, from: Score, to: Score) {
            if from == to {
                return;
            }
            if to == 0 {
                Scores::<T>::remove(worker);
            } else {
                Scores::<T>::insert(worker, to);
            }
            Self::deposit_event(Event::ScoreChanged {
                worker: worker.clone(),
                from,
                to,
            });
        }
    }
}
