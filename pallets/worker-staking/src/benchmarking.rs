//! Benchmarks of the calls, and what the benchmarks of other pallets need of bonds.

use crate::{Bonds, Call, Config, Event, Pallet, PoolMembers};
use ergon_primitives::{
    AccountId, Balance, Bond, DealId, ERG, MAX_UNBONDING, Membership, PoolId, Signature, Unbonding,
    possession_text,
    traits::{Registry as _, Reputation as _},
};
use frame_benchmarking::v2::*;
use frame_support::traits::{
    Get,
    fungible::{Balanced as _, Inspect as _},
};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use sp_core::{H256, ed25519, testing::ED25519};
use sp_runtime::{app_crypto::RuntimePublic, traits::Zero};

/// Gives a new or old account this much on top of the existential deposit.
fn endow<T: Config>(who: &AccountId, amount: Balance) {
    let endowment = T::Currency::minimum_balance().saturating_add(amount);
    let credit = T::Currency::issue(endowment);
    assert!(
        T::Currency::resolve(who, credit).is_ok(),
        "an account can be endowed"
    );
}

/// Bonds a worker with plenty of stake.
fn insert_bond<T: Config>(worker: &AccountId, owner: &AccountId, membership: Option<Membership>) {
    let amount = T::MinimumBond::get().saturating_add(10_000 * ERG);
    endow::<T>(owner, amount);
    Pallet::<T>::hold(owner, amount).expect("the owner was endowed");
    let bond = Bond {
        owner: owner.clone(),
        amount,
        locked: 0,
        unbonding: Default::default(),
        membership,
    };
    Bonds::<T>::insert(worker, bond);
    Pallet::<T>::keep_account(worker);
    if let Some(membership) = membership {
        PoolMembers::<T>::insert(membership.pool, worker, ());
    }
}

/// See `WorkerStaking::benchmark_worker`. It may vote on deals of block 1 where nobody has to wait,
/// as on the chain that is measured.
pub(crate) fn bond_long_ago<T: Config>(worker: &AccountId, owner: &AccountId, pool: PoolId) {
    insert_bond::<T>(worker, owner, Some(Membership { pool, since: 0 }));
}

/// A machine's key, in the keystore of the benchmark's host.
fn machine(seed: &str) -> ed25519::Public {
    ed25519::Public::generate_pair(ED25519, Some(seed.as_bytes().to_vec()))
}

fn proof<T: Config>(machine: &ed25519::Public, owner: &AccountId) -> Signature {
    let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
    let signature = machine
        .sign(ED25519, &possession_text(genesis, owner))
        .expect("the key was generated before");
    Signature::Ed25519(signature)
}

/// A bond in a pool whose access list is as long as it may be.
fn bonded_member<T: Config>() -> (AccountId, AccountId, PoolId) {
    let (owner, worker, pool) = admitted::<T>();
    bond_long_ago::<T>(&worker, &owner, pool);
    (owner, worker, pool)
}

/// An owner that a pool admits, and a worker key, not bonded yet.
fn admitted<T: Config>() -> (AccountId, AccountId, PoolId) {
    let owner: AccountId = whitelisted_caller();
    let operator: AccountId = account("operator", 0, 0);
    endow::<T>(&operator, 10_000 * ERG);
    let pool = T::Registry::benchmark_pool(&operator, core::slice::from_ref(&owner));
    (owner, account("worker", 0, 0), pool)
}

/// Sends the bond's money on its way out in `count` amounts, mature since ever; all of it if
/// `everything`.
fn fill_unbonding<T: Config>(worker: &AccountId, count: u32, everything: bool) {
    let mut bond = Bonds::<T>::get(worker).expect("the worker is bonded");
    for index in 1..=count {
        let amount = if everything && index == count {
            bond.amount
        } else {
            1
        };
        bond.amount -= amount;
        bond.unbonding
            .try_push(Unbonding { amount, until: 0 })
            .expect("the count is in bounds");
    }
    Bonds::<T>::insert(worker, bond);
}

fn assert_last_event<T: Config>(event: Event<T>) {
    let event: <T as frame_system::Config>::RuntimeEvent = event.into();
    frame_system::Pallet::<T>::assert_last_event(event);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn bond() {
        let owner: AccountId = whitelisted_caller();
        let amount = T::MinimumBond::get();
        endow::<T>(&owner, amount);
        let machine = machine("//machine");
        let worker = AccountId::from(machine);
        let proof = proof::<T>(&machine, &owner);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner.clone()),
            worker.clone(),
            amount,
            proof,
        );

        assert_last_event::<T>(Event::Bonded {
            worker,
            owner,
            amount,
        });
    }

    #[benchmark]
    fn bond_extra() {
        let (owner, worker, _) = bonded_member::<T>();
        fill_unbonding::<T>(&worker, MAX_UNBONDING, false);
        let amount = ERG;
        endow::<T>(&owner, amount);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker.clone(), amount);

        assert_last_event::<T>(Event::BondExtended { worker, amount });
    }

    #[benchmark]
    fn unbond() {
        // The block in which the benchmark's call runs.
        frame_system::Pallet::<T>::set_block_number(1u32.into());
        let (owner, worker, _) = bonded_member::<T>();
        fill_unbonding::<T>(&worker, MAX_UNBONDING - 1, false);
        let amount = ERG;
        let until = Pallet::<T>::now() + T::BondingDuration::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker.clone(), amount);

        assert_last_event::<T>(Event::Unbonding {
            worker,
            amount,
            until,
        });
    }

    #[benchmark]
    fn withdraw() {
        let (owner, worker, _) = bonded_member::<T>();
        let amount = Bonds::<T>::get(&worker).map_or(0, |record| record.amount);
        fill_unbonding::<T>(&worker, MAX_UNBONDING, true);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker.clone());

        assert!(!Bonds::<T>::contains_key(&worker));
        assert_last_event::<T>(Event::Withdrawn {
            worker,
            amount,
            removed: true,
        });
    }

    #[benchmark]
    fn join() {
        let (owner, worker, pool) = admitted::<T>();
        insert_bond::<T>(&worker, &owner, None);
        fill_unbonding::<T>(&worker, MAX_UNBONDING, false);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker.clone(), pool);

        assert_last_event::<T>(Event::Joined { worker, pool });
    }

    #[benchmark]
    fn leave() {
        let (owner, worker, pool) = bonded_member::<T>();
        fill_unbonding::<T>(&worker, MAX_UNBONDING, false);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker.clone());

        assert_last_event::<T>(Event::Left { worker, pool });
    }

    #[benchmark]
    fn set_worker_key() {
        let (owner, old, _) = bonded_member::<T>();
        fill_unbonding::<T>(&old, MAX_UNBONDING, false);
        // A score that follows the key is written twice; one of 0 is not.
        T::Reputation::proven(&old, DealId(H256::zero()), 0);
        let machine = machine("//machine");
        let new = AccountId::from(machine);
        let proof = proof::<T>(&machine, &owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), old.clone(), new.clone(), proof);

        assert_last_event::<T>(Event::WorkerKeyChanged { old, new });
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
