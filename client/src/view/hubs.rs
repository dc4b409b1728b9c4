//! Hubs: their wallets, what they approved, the cases against them.

use super::View;
use crate::{ClientError, storage::part};
use codec::{Decode, Encode};
use ergon_primitives::{
    AccountId, Balance, BlockNumber, Case, HubPhase, HubRecord, PoolId, domain_hash,
};

const PALLET: &str = "HubWallet";

/// A hub: its phase, what binds its wallet's money, and its standing.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Hub {
    /// Where it stands.
    pub phase: HubPhase,
    /// Frozen since the registration.
    pub frozen: Balance,
    /// Locked with payments since the registration.
    pub locked: Balance,
    /// Approved to payees who have not pulled it yet, blocked approvals included.
    pub approved: Balance,
    /// Whether the tribunal trusts it; only while it is registered.
    pub trusted: bool,
    /// Stakes of the votes for it.
    pub votes_up: Balance,
    /// Stakes of the votes against it.
    pub votes_down: Balance,
    /// First block in which the collective may suspect it (again).
    pub collective_from: BlockNumber,
    /// On hold of its owner for hub and record.
    pub deposit: Balance,
}

impl Hub {
    /// Everything in its wallet that its owner cannot use.
    pub fn bound(&self) -> Balance {
        self.frozen
            .saturating_add(self.locked)
            .saturating_add(self.approved)
    }

    /// The last block in which an approval must have matured to be pulled in block `now`: suspicion
    /// stops the clock.
    pub fn cutoff(&self, now: BlockNumber) -> BlockNumber {
        match self.phase {
            HubPhase::Suspected { since } => since,
            HubPhase::Punished { suspected, .. } => suspected,
            _ => now,
        }
    }
}

/// Payments to one payee that mature together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct PendingApproval {
    /// How much.
    pub amount: Balance,
    /// Block in which the first of them would have matured alone.
    pub first: BlockNumber,
    /// First block in which they can be pulled.
    pub matures: BlockNumber,
}

/// What a hub approved to one payee.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct Approval {
    /// Matured when the last payment was made.
    pub matured: Balance,
    /// Had not matured then; the earliest first.
    pub pending: Vec<PendingApproval>,
    /// On hold of the hub's owner for this approval.
    pub deposit: Balance,
}

impl Approval {
    /// All that is approved.
    pub fn total(&self) -> Balance {
        self.pending
            .iter()
            .fold(self.matured, |sum, part| sum.saturating_add(part.amount))
    }

    /// What had matured in block `cutoff`, see [`Hub::cutoff`].
    pub fn matured_at(&self, cutoff: BlockNumber) -> Balance {
        self.pending
            .iter()
            .filter(|part| part.matures <= cutoff)
            .fold(self.matured, |sum, part| sum.saturating_add(part.amount))
    }
}

/// A standing vote on a hub.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct HubVote {
    /// On hold of the voter.
    pub stake: Balance,
    /// Whether it is for the hub.
    pub up: bool,
}

/// That a pool belongs to a hub.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct PoolBinding {
    /// Owner of the hub.
    pub hub: AccountId,
    /// On hold of the hub's owner for the binding.
    pub deposit: Balance,
}

/// Money taken from a banned hub, in quarantine.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Expropriation {
    /// Owner of the hub.
    pub hub: AccountId,
    /// How much.
    pub amount: Balance,
    /// First block in which the treasury can have it.
    pub until: BlockNumber,
}

/// The numbers of hub life. What has begun keeps the numbers it began with.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct HubLimits {
    /// How long a hub stays registered at least, in blocks.
    pub payout_period: BlockNumber,
    /// How long its money stays locked after that, in blocks.
    pub waiting_period: BlockNumber,
    /// How old an approval must be to be pulled, in blocks.
    pub maturity: BlockNumber,
    /// How long a hub must have been suspected to be banned, in blocks.
    pub ban_period: BlockNumber,
    /// After which time of suspicion anyone may end it, in blocks.
    pub rehabilitation_period: BlockNumber,
    /// After which time an unconfirmed suspicion by the collective can be ended by anyone, in
    /// blocks.
    pub lapse_period: BlockNumber,
    /// How long expropriated money stays frozen before the treasury can have it, in blocks.
    pub quarantine_period: BlockNumber,
    /// What is frozen in the wallet of a registered hub.
    pub registration_freeze: Balance,
    /// Least stake of a vote on a hub.
    pub minimum_vote: Balance,
    /// Share of each payment that is locked, in millionths.
    pub lock_share: u32,
    /// Share of the locked money that the treasury gets at payday, in millionths.
    pub fee_share: u32,
}

/// The wallet of a hub.
pub fn hub_wallet(owner: &AccountId) -> AccountId {
    AccountId::new(domain_hash("ergon/hub", owner).0)
}

impl View {
    /// The hub of an owner.
    pub async fn hub(&self, owner: &AccountId) -> Result<Option<Hub>, ClientError> {
        self.value(PALLET, "Hubs", &[part(owner)]).await
    }

    /// All hubs by owner.
    pub async fn hubs(&self) -> Result<Vec<(AccountId, Hub)>, ClientError> {
        self.entries(PALLET, "Hubs", &[]).await
    }

    /// What a hub says of itself.
    pub async fn hub_record(&self, owner: &AccountId) -> Result<Option<HubRecord>, ClientError> {
        self.value(PALLET, "Records", &[part(owner)]).await
    }

    /// The last case against a hub.
    pub async fn hub_case(&self, owner: &AccountId) -> Result<Option<Case>, ClientError> {
        self.value(PALLET, "Cases", &[part(owner)]).await
    }

    /// What a hub approved, by payee.
    pub async fn hub_approvals(
        &self,
        owner: &AccountId,
    ) -> Result<Vec<(AccountId, Approval)>, ClientError> {
        self.entries(PALLET, "Approvals", &[part(owner)]).await
    }

    /// What a hub approved to one payee.
    pub async fn hub_approval(
        &self,
        owner: &AccountId,
        payee: &AccountId,
    ) -> Result<Option<Approval>, ClientError> {
        self.value(PALLET, "Approvals", &[part(owner), part(payee)])
            .await
    }

    /// The vote of an account on a hub.
    pub async fn hub_vote(
        &self,
        owner: &AccountId,
        voter: &AccountId,
    ) -> Result<Option<HubVote>, ClientError> {
        self.value(PALLET, "Votes", &[part(owner), part(voter)])
            .await
    }

    /// The hub that a pool belongs to.
    pub async fn pool_binding(&self, pool: PoolId) -> Result<Option<PoolBinding>, ClientError> {
        self.value(PALLET, "Bindings", &[part(&pool)]).await
    }

    /// The pools that belong to hubs.
    pub async fn pool_bindings(&self) -> Result<Vec<(PoolId, PoolBinding)>, ClientError> {
        self.entries(PALLET, "Bindings", &[]).await
    }

    /// The expropriations whose money is in quarantine, by number.
    pub async fn quarantine(&self) -> Result<Vec<(u64, Expropriation)>, ClientError> {
        let mut entries: Vec<(u64, Expropriation)> =
            self.entries(PALLET, "Quarantine", &[]).await?;
        entries.sort_by_key(|(id, _)| *id);
        Ok(entries)
    }

    /// The limits of hub life in force.
    pub async fn hub_limits(&self) -> Result<HubLimits, ClientError> {
        self.limits("Parameters").await
    }

    /// The limits of hub life at genesis, which bound all later ones.
    pub async fn initial_hub_limits(&self) -> Result<HubLimits, ClientError> {
        self.limits("InitialParameters").await
    }

    async fn limits(&self, entry: &str) -> Result<HubLimits, ClientError> {
        self.value(PALLET, entry, &[]).await?.ok_or_else(|| {
            ClientError::undecodable(format!("{PALLET}.{entry}"), "the chain has none")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::forms::assert_value;
    use ergon_primitives::{Decision, Judge};
    use sp_core::H256;

    fn account() -> AccountId {
        AccountId::new([8; 32])
    }

    fn hub(phase: HubPhase) -> Hub {
        Hub {
            phase,
            frozen: 1,
            locked: 2,
            approved: 3,
            trusted: true,
            votes_up: 4,
            votes_down: 5,
            collective_from: 6,
            deposit: 7,
        }
    }

    fn approval() -> Approval {
        let pending = |amount, matures| PendingApproval {
            amount,
            first: 1,
            matures,
        };
        Approval {
            matured: 1,
            pending: vec![pending(10, 20), pending(100, 30)],
            deposit: 5,
        }
    }

    #[test]
    fn hubs_have_the_runtimes_form() {
        for phase in [
            HubPhase::Created,
            HubPhase::Registered {
                since: 1,
                payday: 2,
            },
            HubPhase::Suspected { since: 3 },
            HubPhase::Punished {
                since: 4,
                suspected: 3,
            },
        ] {
            assert_value(PALLET, "Hubs", hub(phase));
        }
        let record = HubRecord {
            name: crate::bounded("name", b"hub".to_vec()).unwrap(),
            peer_id: crate::bounded("peer id", b"12D3".to_vec()).unwrap(),
            addresses: Default::default(),
        };
        assert_value(PALLET, "Records", record);
        let case = Case {
            document: H256::repeat_byte(1),
            opened: 1,
            by: Judge::Collective,
            confirmed: Some(2),
            ban_from: 3,
            lapses: 4,
            expires: 5,
            decision: Some(Decision::Lapsed { at: 6 }),
        };
        assert_value(PALLET, "Cases", case);
    }

    #[test]
    fn the_money_of_hubs_has_the_runtimes_form() {
        assert_value(PALLET, "Approvals", approval());
        let vote = HubVote { stake: 1, up: true };
        assert_value(PALLET, "Votes", vote);
        let binding = PoolBinding {
            hub: account(),
            deposit: 1,
        };
        assert_value(PALLET, "Bindings", binding);
        let taken = Expropriation {
            hub: account(),
            amount: 1,
            until: 2,
        };
        assert_value(PALLET, "Quarantine", taken);
        let limits = HubLimits {
            payout_period: 1,
            waiting_period: 2,
            maturity: 3,
            ban_period: 4,
            rehabilitation_period: 5,
            lapse_period: 6,
            quarantine_period: 7,
            registration_freeze: 8,
            minimum_vote: 9,
            lock_share: 10,
            fee_share: 11,
        };
        assert_value(PALLET, "Parameters", limits.clone());
        assert_value(PALLET, "InitialParameters", limits);
    }

    #[test]
    fn suspicion_stops_the_clock_of_approvals() {
        let approval = approval();
        let registered = HubPhase::Registered {
            since: 1,
            payday: 50,
        };
        assert_eq!(hub(registered).bound(), 6);
        for (phase, now, matured) in [
            (registered, 19, 1),
            (registered, 20, 11),
            (registered, 30, 111),
            (HubPhase::Suspected { since: 20 }, 99, 11),
            (
                HubPhase::Punished {
                    since: 90,
                    suspected: 19,
                },
                99,
                1,
            ),
        ] {
            assert_eq!(approval.matured_at(hub(phase).cutoff(now)), matured);
        }
        assert_eq!(approval.total(), 111);
    }
}
