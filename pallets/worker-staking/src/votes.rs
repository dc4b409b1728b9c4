//! Bonds as Proof-of-Contribution sees them: stakes behind votes.

use crate::{
    Bonds, Config, CreditOf, Event, Pallet,
    rules::{self, VoteTerms},
};
use ergon_primitives::{
    AccountId, Balance, BlockNumber, Bond, PoolId,
    traits::{StakeRefusal, WorkerStaking},
};
use frame_support::{
    defensive,
    traits::{Get, Imbalance as _},
};

impl<T: Config> WorkerStaking for Pallet<T> {
    type Credit = CreditOf<T>;

    fn owner(worker: &AccountId) -> Option<AccountId> {
        Bonds::<T>::get(worker).map(|bond| bond.owner)
    }

    fn is_bonded(worker: &AccountId) -> bool {
        let has_something = |bond: Bond| bond.locked > 0 || bond.amount >= T::MinimumBond::get();
        Bonds::<T>::get(worker).is_some_and(has_something)
    }

    fn backs(
        worker: &AccountId,
        pool: PoolId,
        started: BlockNumber,
        stake: Balance,
    ) -> Result<u32, StakeRefusal> {
        let bond = Bonds::<T>::get(worker).ok_or(StakeRefusal::NoBond)?;
        let vote = VoteTerms {
            pool,
            started,
            stake,
            join_delay: T::JoinDelay::get(),
            minimum: T::MinimumBond::get(),
        };
        rules::backed_votes(&bond, &vote)
    }

    fn lock(worker: &AccountId, amount: Balance) {
        let Some(mut bond) = Bonds::<T>::get(worker) else {
            defensive!("a stake was locked of a worker that has no bond", worker);
            return;
        };
        if amount > bond.free() {
            defensive!("more was locked than the bond had free", (worker, amount));
        }
        bond.locked = bond.locked.saturating_add(amount).min(bond.amount);
        Bonds::<T>::insert(worker, bond);
    }

    fn unlock(worker: &AccountId, amount: Balance) {
        let Some(mut bond) = Bonds::<T>::get(worker) else {
            defensive!("a stake was released of a worker that has no bond", worker);
            return;
        };
        if amount > bond.locked {
            defensive!(
                "more was released than the bond had locked",
                (worker, amount)
            );
        }
        bond.locked = bond.locked.saturating_sub(amount);
        Bonds::<T>::insert(worker, bond);
    }

    fn slash(worker: &AccountId, amount: Balance) -> Self::Credit {
        let Some(mut bond) = Bonds::<T>::get(worker) else {
            defensive!("a stake was slashed of a worker that has no bond", worker);
            return CreditOf::<T>::zero();
        };
        let taken = rules::take_locked(&mut bond, amount);
        if taken < amount {
            defensive!(
                "more was slashed than the bond had locked",
                (worker, amount, taken)
            );
        }
        let credit = Self::take(&bond.owner, taken);
        Bonds::<T>::insert(worker, bond);
        if taken > 0 {
            Self::deposit_event(Event::Slashed {
                worker: worker.clone(),
                amount: taken,
            });
        }
        credit
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_worker(worker: &AccountId, owner: &AccountId, pool: PoolId) {
        crate::benchmarking::bond_long_ago::<T>(worker, owner, pool);
    }
}
