//! Benchmarks of the calls.

use crate::{
    Approval, Approvals, Call, Cases, Config, Event, HoldReason, Hub, Hubs, InitialParameters,
    MAX_PENDING, Pallet, Parameters, Pending, PoolOwners as _, Quarantine, money, wallet_account,
};
use alloc::vec;
use ergon_primitives::{
    AccountId, Balance, BlockNumber, Case, Decision, ERG, HubAddresses, HubPhase, HubRecord, Judge,
    MAX_HUB_ADDRESS, MAX_HUB_ADDRESSES, MAX_NAME, MAX_PEER_ID, Name, PeerId, PoolId,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin as _, Get, fungible::Mutate as _};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use sp_core::H256;
use sp_runtime::BoundedVec;

/// What wallets hold at first.
const FUNDS: Balance = 1_000 * ERG;
/// When everything has happened long ago.
const LATE: BlockNumber = 1_000_000_000;
const DOCUMENT: H256 = H256::repeat_byte(9);

/// An account with money.
fn endowed<T: Config>(name: &'static str) -> AccountId {
    let who: AccountId = account(name, 0, 0);
    endow::<T>(&who);
    who
}

fn endow<T: Config>(who: &AccountId) {
    T::Currency::mint_into(who, 10 * FUNDS).expect("an account can be endowed");
}

/// A record as long as it may be; the letter tells records apart.
fn longest_record(letter: u8) -> HubRecord {
    let address = BoundedVec::truncate_from(vec![letter; MAX_HUB_ADDRESS as usize]);
    HubRecord {
        name: Name::truncate_from(vec![letter; MAX_NAME as usize]),
        peer_id: PeerId::truncate_from(vec![letter; MAX_PEER_ID as usize]),
        addresses: HubAddresses::truncate_from(vec![address; MAX_HUB_ADDRESSES as usize]),
    }
}

fn set_block<T: Config>(block: BlockNumber) {
    frame_system::Pallet::<T>::set_block_number(block.into());
}

/// A hub in its first phase with a full wallet.
fn created<T: Config>() -> AccountId {
    set_block::<T>(1);
    let owner: AccountId = whitelisted_caller();
    endow::<T>(&owner);
    Pallet::<T>::do_create(owner.clone(), longest_record(b'n')).expect("the owner has no hub");
    T::Currency::mint_into(&wallet_account(&owner), FUNDS).expect("a wallet can be funded");
    owner
}

/// A registered, trusted hub.
fn registered<T: Config>() -> AccountId {
    let owner = created::<T>();
    Pallet::<T>::do_register(owner.clone()).expect("the wallet is funded");
    Pallet::<T>::do_set_trusted(owner.clone(), true).expect("the hub is registered");
    owner
}

/// Makes the operator a registered hub and binds its pool to it.
pub(crate) fn bind<T: Config>(pool: PoolId, operator: &AccountId) {
    T::Currency::mint_into(&wallet_account(operator), FUNDS).expect("a wallet can be funded");
    Pallet::<T>::do_create(operator.clone(), longest_record(b'n')).expect("there is no hub yet");
    Pallet::<T>::do_register(operator.clone()).expect("the wallet is funded");
    Pallet::<T>::do_bind_pool(operator.clone(), pool).expect("the pool is the operator's");
}

/// A hub that has paid, and the payee's approval of as many parts as there may be.
fn paid<T: Config>(owner: &AccountId, payee: &AccountId) {
    let amount = ERG;
    let deposit = money::approval_deposit();
    Pallet::<T>::take_deposit(HoldReason::Approval, owner, deposit).expect("the owner is endowed");
    let parts = (1..=MAX_PENDING).map(|index| Pending {
        amount,
        first: 100 + index,
        matures: 100 + index,
    });
    let approval = Approval {
        matured: 0,
        pending: BoundedVec::truncate_from(parts.collect()),
        deposit,
    };
    change::<T>(owner, |hub| hub.approved += approval.total());
    Approvals::<T>::insert(owner, payee, approval);
}

fn change<T: Config>(owner: &AccountId, change: impl FnOnce(&mut Hub)) {
    let mut hub = Hubs::<T>::get(owner).expect("the owner has a hub");
    change(&mut hub);
    Hubs::<T>::insert(owner, hub);
}

/// A hub that a referendum suspects.
fn suspected<T: Config>() -> AccountId {
    let owner = registered::<T>();
    Pallet::<T>::do_suspect(Judge::Referendum, owner.clone(), DOCUMENT)
        .expect("the hub is registered");
    owner
}

/// A hub that was banned.
fn banned<T: Config>() -> AccountId {
    let owner = suspected::<T>();
    set_block::<T>(LATE);
    Pallet::<T>::do_ban(owner.clone()).expect("the hub was suspected long ago");
    owner
}

fn tribunal<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::TribunalOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

fn assert_last_event<T: Config>(event: Event<T>) {
    let event: <T as frame_system::Config>::RuntimeEvent = event.into();
    frame_system::Pallet::<T>::assert_last_event(event);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn create() {
        let owner: AccountId = whitelisted_caller();
        endow::<T>(&owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), longest_record(b'n'));

        let wallet = wallet_account(&owner);
        assert_last_event::<T>(Event::Created { owner, wallet });
    }

    #[benchmark]
    fn register() {
        let owner = created::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        let hub = Hubs::<T>::get(&owner).expect("the owner has a hub");
        assert!(hub.phase.is_registered());
    }

    #[benchmark]
    fn pay() {
        let owner = registered::<T>();
        let payee = endowed::<T>("payee");
        paid::<T>(&owner, &payee);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), payee.clone(), ERG);

        let approval = Approvals::<T>::get(&owner, &payee).expect("there is an approval");
        assert!(approval.total() > Balance::from(MAX_PENDING) * ERG);
    }

    #[benchmark]
    fn pull() {
        let owner = registered::<T>();
        let payee = endowed::<T>("payee");
        paid::<T>(&owner, &payee);
        set_block::<T>(LATE);

        #[extrinsic_call]
        _(RawOrigin::Signed(payee.clone()), owner.clone());

        let amount = Balance::from(MAX_PENDING) * ERG;
        assert_last_event::<T>(Event::Pulled {
            owner,
            payee,
            amount,
        });
    }

    #[benchmark]
    fn payday() {
        let owner = registered::<T>();
        endow::<T>(&T::Treasury::get());
        change::<T>(&owner, |hub| hub.locked = FUNDS / 2);
        set_block::<T>(LATE);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        let hub = Hubs::<T>::get(&owner).expect("the owner has a hub");
        assert!(matches!(hub.phase, HubPhase::Leaving { .. }));
        assert!(hub.locked < FUNDS / 2);
    }

    #[benchmark]
    fn settle() {
        let owner = registered::<T>();
        change::<T>(&owner, |hub| hub.phase = HubPhase::Leaving { until: 0 });

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        assert_last_event::<T>(Event::Settled { owner });
    }

    #[benchmark]
    fn withdraw() {
        let owner = created::<T>();
        change::<T>(&owner, |hub| hub.phase = HubPhase::Idle);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        assert_last_event::<T>(Event::Withdrawn {
            owner,
            amount: FUNDS,
        });
    }

    #[benchmark]
    fn suspect() -> Result<(), BenchmarkError> {
        // An earlier suspicion is over, and nobody has said so.
        let owner = suspected::<T>();
        set_block::<T>(LATE);
        let origin = tribunal::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, owner.clone(), DOCUMENT);

        assert_last_event::<T>(Event::Suspected {
            owner,
            document: DOCUMENT,
            by: Judge::Referendum,
        });
        Ok(())
    }

    #[benchmark]
    fn rehabilitate() -> Result<(), BenchmarkError> {
        let owner = suspected::<T>();
        let at = Pallet::<T>::now();
        let origin = tribunal::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, owner.clone());

        let decision = Decision::Rehabilitated { at };
        assert_last_event::<T>(Event::Freed { owner, decision });
        Ok(())
    }

    #[benchmark]
    fn ban() -> Result<(), BenchmarkError> {
        let owner = suspected::<T>();
        set_block::<T>(LATE);
        let origin = tribunal::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, owner.clone());

        let decision = Cases::<T>::get(&owner).and_then(|case: Case| case.decision);
        assert_eq!(decision, Some(Decision::Banned { at: LATE }));
        Ok(())
    }

    #[benchmark]
    fn release_quarantine() {
        banned::<T>();
        let caller = endowed::<T>("anyone");
        set_block::<T>(2 * LATE);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), 0);

        assert_last_event::<T>(Event::QuarantineReleased {
            id: 0,
            amount: FUNDS,
        });
    }

    #[benchmark]
    fn update_record() {
        let owner = created::<T>();
        let record = longest_record(b'm');

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), record);

        assert_last_event::<T>(Event::RecordUpdated { owner });
    }

    #[benchmark]
    fn set_trusted() -> Result<(), BenchmarkError> {
        let owner = registered::<T>();
        let origin = tribunal::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, owner.clone(), false);

        let trusted = false;
        assert_last_event::<T>(Event::TrustSet { owner, trusted });
        Ok(())
    }

    #[benchmark]
    fn rate() {
        // The caller changes its vote.
        let owner = registered::<T>();
        let voter = endowed::<T>("voter");
        let stake = Parameters::<T>::get().minimum_vote;
        Pallet::<T>::do_rate(voter.clone(), owner.clone(), stake, true).expect("it may vote");
        let up = false;

        #[extrinsic_call]
        _(RawOrigin::Signed(voter.clone()), owner.clone(), stake, up);

        assert_last_event::<T>(Event::Rated {
            owner,
            voter,
            stake,
            up,
        });
    }

    #[benchmark]
    fn unrate() {
        let owner = registered::<T>();
        let voter = endowed::<T>("voter");
        let stake = Parameters::<T>::get().minimum_vote;
        Pallet::<T>::do_rate(voter.clone(), owner.clone(), stake, true).expect("it may vote");

        #[extrinsic_call]
        _(RawOrigin::Signed(voter.clone()), owner.clone());

        assert_last_event::<T>(Event::Unrated { owner, voter });
    }

    #[benchmark]
    fn bind_pool() {
        let owner = registered::<T>();
        let pool = T::PoolOwners::benchmark_pool(&owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), pool);

        assert_last_event::<T>(Event::PoolBound { pool, owner });
    }

    #[benchmark]
    fn unbind_pool() {
        let owner = registered::<T>();
        let pool = T::PoolOwners::benchmark_pool(&owner);
        Pallet::<T>::do_bind_pool(owner.clone(), pool).expect("the hub is registered");

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), pool);

        assert_last_event::<T>(Event::PoolUnbound { pool, owner });
    }

    #[benchmark]
    fn set_parameters() -> Result<(), BenchmarkError> {
        let limits = InitialParameters::<T>::get();
        let origin = T::ParametersOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, limits.clone());

        assert_last_event::<T>(Event::ParametersSet { limits });
        Ok(())
    }

    #[benchmark]
    fn sweep() {
        let owner = banned::<T>();
        let caller = endowed::<T>("anyone");
        T::Currency::mint_into(&wallet_account(&owner), FUNDS).expect("a wallet can be funded");

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), owner);

        assert!(Quarantine::<T>::contains_key(1));
    }

    #[benchmark]
    fn forfeit() {
        let owner = banned::<T>();
        let caller = endowed::<T>("anyone");
        let payee = endowed::<T>("payee");
        let amount = Balance::from(MAX_PENDING) * ERG;
        T::Currency::mint_into(&wallet_account(&owner), amount).expect("a wallet can be funded");
        paid::<T>(&owner, &payee);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), owner.clone(), payee.clone());

        assert_last_event::<T>(Event::Forfeited {
            owner,
            payee,
            amount,
        });
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
