//! The invariants of the README, checked against the currency's own records.

use crate::{
    Approvals, Bindings, Cases, Config, HoldReason, Hub, Hubs, InitialParameters,
    NextExpropriation, Pallet, Parameters, Quarantine, Records, Votes, quarantine_account,
    wallet_account,
};
use alloc::collections::BTreeMap;
use ergon_primitives::{AccountId, Balance, Decision, HubPhase};
use frame_support::{
    ensure,
    traits::fungible::{Inspect as _, InspectHold as _},
};
use sp_runtime::TryRuntimeError;

/// Sums of money by account.
type Sums = BTreeMap<AccountId, Balance>;

fn add(sums: &mut Sums, who: AccountId, amount: Balance) {
    let sum = sums.entry(who).or_default();
    *sum = sum.saturating_add(amount);
}

impl<T: Config> Pallet<T> {
    /// Checks the invariants of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        for (owner, hub) in Hubs::<T>::iter() {
            Self::check_hub(&owner, &hub)?;
            Self::check_case(&owner, &hub)?;
        }
        ensure!(
            Records::<T>::iter_keys().all(Hubs::<T>::contains_key),
            "a record has no hub"
        );
        Self::check_approvals()?;
        Self::check_votes()?;
        Self::check_bindings()?;
        Self::check_quarantine()?;
        Self::check_parameters()
    }

    fn check_hub(owner: &AccountId, hub: &Hub) -> Result<(), TryRuntimeError> {
        ensure!(
            hub.bound() <= Self::balance(owner),
            "a wallet holds less than is bound"
        );
        ensure!(
            Records::<T>::contains_key(owner),
            "a hub says nothing of itself"
        );
        ensure!(
            frame_system::Pallet::<T>::providers(&wallet_account(owner)) > 0,
            "a wallet's account does not exist"
        );
        ensure!(
            !hub.trusted || hub.phase.is_registered(),
            "a hub is trusted that is not registered"
        );
        let unlocked = hub.frozen == 0 && hub.locked == 0;
        let sound = match hub.phase {
            HubPhase::Registered { .. } | HubPhase::Leaving { .. } => hub.frozen > 0,
            HubPhase::Created => unlocked && hub.approved == 0,
            HubPhase::Idle | HubPhase::Punished { .. } => unlocked,
            HubPhase::Suspected { .. } => true,
        };
        ensure!(
            sound,
            "a hub's money is bound otherwise than its phase says"
        );
        let deposit = T::Currency::balance_on_hold(&HoldReason::Hub.into(), owner);
        ensure!(deposit == hub.deposit, "a hub's hold is not its deposit");
        Ok(())
    }

    fn check_case(owner: &AccountId, hub: &Hub) -> Result<(), TryRuntimeError> {
        let case = Cases::<T>::get(owner);
        let fits = match hub.phase {
            HubPhase::Suspected { since } => {
                case.is_some_and(|case| case.decision.is_none() && case.opened == since)
            }
            HubPhase::Punished { since, suspected } => case.is_some_and(|case| {
                case.is_confirmed()
                    && case.opened == suspected
                    && case.ban_from <= since
                    && case.decision == Some(Decision::Banned { at: since })
            }),
            _ => case
                .is_none_or(|case| !matches!(case.decision, None | Some(Decision::Banned { .. }))),
        };
        ensure!(fits, "a hub's case does not fit its phase");
        Ok(())
    }

    fn check_approvals() -> Result<(), TryRuntimeError> {
        let (mut approved, mut deposits) = (Sums::new(), Sums::new());
        for (owner, payee, approval) in Approvals::<T>::iter() {
            ensure!(payee != owner, "a hub's owner is its payee");
            ensure!(approval.total() > 0, "an approval is empty");
            ensure!(
                approval.pending.is_sorted_by_key(|part| part.matures),
                "payments are not in the order of their maturity"
            );
            add(&mut approved, owner.clone(), approval.total());
            add(&mut deposits, owner, approval.deposit);
        }
        for (owner, hub) in Hubs::<T>::iter() {
            ensure!(
                hub.approved == approved.remove(&owner).unwrap_or_default(),
                "what a hub approved is not the sum of its approvals"
            );
        }
        ensure!(approved.is_empty(), "an approval has no hub");
        Self::check_holds(HoldReason::Approval, deposits)
    }

    fn check_votes() -> Result<(), TryRuntimeError> {
        let (mut up, mut down, mut stakes) = (Sums::new(), Sums::new(), Sums::new());
        for (owner, voter, vote) in Votes::<T>::iter() {
            ensure!(Hubs::<T>::contains_key(&owner), "a vote has no hub");
            add(if vote.up { &mut up } else { &mut down }, owner, vote.stake);
            add(&mut stakes, voter, vote.stake);
        }
        for (owner, hub) in Hubs::<T>::iter() {
            let counted = (
                up.remove(&owner).unwrap_or_default(),
                down.remove(&owner).unwrap_or_default(),
            );
            ensure!(
                counted == (hub.votes_up, hub.votes_down),
                "a hub's rating is not the sum of the votes"
            );
        }
        Self::check_holds(HoldReason::Vote, stakes)
    }

    fn check_bindings() -> Result<(), TryRuntimeError> {
        let mut deposits = Sums::new();
        for binding in Bindings::<T>::iter_values() {
            ensure!(
                Hubs::<T>::contains_key(&binding.hub),
                "a pool is bound to no hub"
            );
            add(&mut deposits, binding.hub, binding.deposit);
        }
        Self::check_holds(HoldReason::Binding, deposits)
    }

    /// Checks the holds of all accounts in the sums, and those of all owners of hubs: who pays for
    /// approvals and bindings is one of them, so that no hold outlives its last deposit.
    fn check_holds(reason: HoldReason, mut sums: Sums) -> Result<(), TryRuntimeError> {
        let reason = reason.into();
        for owner in Hubs::<T>::iter_keys() {
            sums.entry(owner).or_default();
        }
        for (who, sum) in sums {
            ensure!(
                T::Currency::balance_on_hold(&reason, &who) == sum,
                "a hold is not the sum of the account's deposits"
            );
        }
        Ok(())
    }

    fn check_quarantine() -> Result<(), TryRuntimeError> {
        let mut sum: Balance = 0;
        for (id, expropriation) in Quarantine::<T>::iter() {
            ensure!(
                id < NextExpropriation::<T>::get(),
                "an expropriation has a number of the future"
            );
            ensure!(
                expropriation.amount >= T::Currency::minimum_balance(),
                "an expropriation is below the existential deposit"
            );
            sum = sum.saturating_add(expropriation.amount);
        }
        ensure!(
            T::Currency::balance(&quarantine_account()) >= sum,
            "less is in quarantine than was expropriated"
        );
        Ok(())
    }

    fn check_parameters() -> Result<(), TryRuntimeError> {
        let (initial, limits) = (InitialParameters::<T>::get(), Parameters::<T>::get());
        ensure!(
            Self::is_sound(&limits) && limits.is_between(&initial.least(), &initial.most()),
            "the limits are out of their bounds"
        );
        Ok(())
    }
}
