//! Benchmarks of the calls, with full lists.

use crate::{
    Attendance, Attendances, Call, Candidate, Candidates, Cause, Config, Departure, Departures,
    DesiredCandidates, Event, Invulnerable, Invulnerables, MAX_CANDIDATES, MAX_INVULNERABLES,
    Pallet, Standing,
};
use codec::Decode;
use ergon_primitives::{AccountId, Balance, ERG};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{
        EnsureOrigin, Get,
        fungible::{Balanced as _, Inspect as _},
    },
};
use frame_system::RawOrigin;
use sp_runtime::traits::TrailingZeroInput;

/// Gives a new or old account this much on top of the existential deposit.
fn endow<T: Config>(who: &AccountId, amount: Balance) {
    let endowment = <T as Config>::Currency::minimum_balance().saturating_add(amount);
    let credit = <T as Config>::Currency::issue(endowment);
    assert!(
        <T as Config>::Currency::resolve(who, credit).is_ok(),
        "an account can be endowed"
    );
}

/// Registers session keys that are made of the account's own bytes.
fn register_keys<T: Config>(who: &AccountId) {
    let bytes: &[u8] = who.as_ref();
    let keys = T::Keys::decode(&mut TrailingZeroInput::new(bytes)).expect("keys are plain bytes");
    pallet_session::NextKeys::<T>::insert(who, keys);
}

/// An account with session keys and money.
fn ready<T: Config>(who: &AccountId, amount: Balance) {
    register_keys::<T>(who);
    endow::<T>(who, amount);
}

fn bond<T: Config>() -> Balance {
    T::MinimumBond::get().saturating_add(100 * ERG)
}

/// Accounts with session keys.
fn accounts<T: Config>(name: &'static str, count: u32) -> alloc::vec::Vec<AccountId> {
    (0..count)
        .map(|number| {
            let who = account(name, number, 0);
            register_keys::<T>(&who);
            who
        })
        .collect()
}

/// Makes all the invulnerables that there can be, each absent once.
fn fill_invulnerables<T: Config>() {
    let mut accounts = accounts::<T>("invulnerable", MAX_INVULNERABLES);
    accounts.sort();
    for who in &accounts {
        let record = Attendance {
            authored: 0,
            absences: 1,
        };
        Attendances::<T>::insert(who, record);
    }
    let list: alloc::vec::Vec<_> = accounts
        .into_iter()
        .map(|account| Invulnerable {
            account,
            standing: Standing::Fit,
        })
        .collect();
    Invulnerables::<T>::put(BoundedVec::try_from(list).expect("there is room for them"));
}

/// Makes so many candidates that wait for a seat with the minimum bond.
fn fill_candidates<T: Config>(count: u32) {
    DesiredCandidates::<T>::put(0);
    for who in accounts::<T>("candidate", count) {
        let candidate = Candidate {
            bond: T::MinimumBond::get(),
            since: 0,
            standing: Standing::Fit,
        };
        Candidates::<T>::insert(who, candidate);
    }
}

/// The caller as a candidate.
fn candidate<T: Config>() -> AccountId {
    let who: AccountId = whitelisted_caller();
    ready::<T>(&who, bond::<T>());
    Pallet::<T>::hold(&who, T::MinimumBond::get()).expect("the candidate was endowed");
    let candidate = Candidate {
        bond: T::MinimumBond::get(),
        since: 0,
        standing: Standing::Fit,
    };
    Candidates::<T>::insert(&who, candidate);
    who
}

/// The caller with a bond on its way out that can be withdrawn now.
fn departed<T: Config>() -> AccountId {
    let who: AccountId = whitelisted_caller();
    ready::<T>(&who, bond::<T>());
    Pallet::<T>::hold(&who, bond::<T>()).expect("the account was endowed");
    let departure = Departure {
        amount: bond::<T>(),
        until: 0,
        cause: Cause::Absent,
    };
    Departures::<T>::insert(&who, departure);
    who
}

fn assert_last_event<T: Config>(event: Event<T>) {
    let event: <T as frame_system::Config>::RuntimeEvent = event.into();
    frame_system::Pallet::<T>::assert_last_event(event);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_invulnerables() -> Result<(), BenchmarkError> {
        fill_invulnerables::<T>();
        // Every dismissed offender is remembered.
        Invulnerables::<T>::mutate(|list| {
            list.iter_mut()
                .for_each(|it| it.standing = Standing::Offender);
        });
        fill_candidates::<T>(MAX_CANDIDATES);
        let origin =
            T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let list = BoundedVec::try_from(accounts::<T>("new", MAX_INVULNERABLES))
            .expect("there is room for them");

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, list);

        assert_last_event::<T>(Event::InvulnerablesSet {
            count: MAX_INVULNERABLES,
        });
        Ok(())
    }

    #[benchmark]
    fn set_desired_candidates() -> Result<(), BenchmarkError> {
        let origin =
            T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, MAX_CANDIDATES);

        assert_eq!(DesiredCandidates::<T>::get(), MAX_CANDIDATES);
        Ok(())
    }

    #[benchmark]
    fn register_candidate() {
        fill_invulnerables::<T>();
        fill_candidates::<T>(MAX_CANDIDATES);
        let who: AccountId = whitelisted_caller();
        ready::<T>(&who, bond::<T>());

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), bond::<T>());

        assert_eq!(Candidates::<T>::count(), MAX_CANDIDATES);
        assert_last_event::<T>(Event::CandidateRegistered {
            candidate: who,
            bond: bond::<T>(),
        });
    }

    #[benchmark]
    fn bond_extra() {
        let who = candidate::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), ERG);

        assert_last_event::<T>(Event::BondExtended {
            candidate: who,
            amount: ERG,
        });
    }

    #[benchmark]
    fn leave() {
        fill_invulnerables::<T>();
        fill_candidates::<T>(MAX_CANDIDATES - 1);
        let who = candidate::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(Departures::<T>::contains_key(who));
    }

    #[benchmark]
    fn withdraw() {
        let who = departed::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert_last_event::<T>(Event::Withdrawn {
            candidate: who,
            amount: bond::<T>(),
        });
    }

    #[benchmark]
    fn return_to_duty() {
        fill_invulnerables::<T>();
        fill_candidates::<T>(MAX_CANDIDATES);
        let who = departed::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert_last_event::<T>(Event::CandidateRegistered {
            candidate: who,
            bond: bond::<T>(),
        });
    }

    #[benchmark]
    fn purge_keys() {
        fill_invulnerables::<T>();
        let who: AccountId = whitelisted_caller();
        ready::<T>(&who, ERG);
        // As the session pallet counts an account with keys.
        frame_system::Pallet::<T>::inc_consumers(&who).expect("the account exists");

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert_last_event::<T>(Event::KeysPurged { account: who });
    }

    #[benchmark]
    fn note_author() {
        let author: AccountId = account("author", 0, 0);

        #[block]
        {
            <Pallet<T> as pallet_authorship::EventHandler<_, _>>::note_author(author.clone());
        }

        assert_eq!(
            Attendances::<T>::get(author).map(|record| record.authored),
            Some(1)
        );
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
