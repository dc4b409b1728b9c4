//! Who validates: the sessions, and the members of the set.

use super::View;
use crate::{ClientError, referendum::Share, storage::part};
use codec::{Decode, Encode};
use ergon_primitives::{AccountId, Balance, BlockNumber};

const SESSION: &str = "Session";
const SET: &str = "ValidatorSet";

/// Number of a session.
pub type SessionIndex = u32;

/// The session keys of a validator: Aura's and then GRANDPA's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct SessionKeys {
    /// The key that signs blocks, sr25519.
    pub aura: [u8; 32],
    /// The key that votes on finality, ed25519.
    pub grandpa: [u8; 32],
}

/// Whether a member of the set deserves a seat.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Standing {
    /// Nothing against it.
    #[codec(index = 0)]
    Fit,
    /// Made no block for too many sessions in a row.
    #[codec(index = 1)]
    Absent,
    /// Committed an offence.
    #[codec(index = 2)]
    Offender,
}

/// A validator by decision of governance.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Invulnerable {
    /// Who it is.
    pub account: AccountId,
    /// Whether it deserves its seat.
    pub standing: Standing,
}

/// An account that bonded money to be a validator.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Candidate {
    /// Money on hold. The highest bonds have the seats.
    pub bond: Balance,
    /// Session in which it became a candidate.
    pub since: SessionIndex,
    /// Whether it deserves a seat.
    pub standing: Standing,
}

/// Why a candidate is none any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum DepartureCause {
    /// It left.
    #[codec(index = 0)]
    Left,
    /// Somebody bonded more when the list was full.
    #[codec(index = 1)]
    Outbid,
    /// It made no block for too many sessions in a row.
    #[codec(index = 2)]
    Absent,
    /// It committed an offence.
    #[codec(index = 3)]
    Offence,
}

/// The bond of a former candidate on its way out.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Departure {
    /// Money on hold.
    pub amount: Balance,
    /// First session in which it can be withdrawn.
    pub until: SessionIndex,
    /// Why.
    pub cause: DepartureCause,
}

/// How much a validator has worked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct Attendance {
    /// Blocks that it made in the running session.
    pub authored: u32,
    /// Sessions in a row, up to the last one, in which it made no block.
    pub absences: u32,
}

/// Numbers of the validator set that differ from chain to chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct ValidatorTerms {
    /// Fewest validators that a session is planned with.
    pub minimum: u32,
    /// Length of a session in blocks.
    pub session_length: BlockNumber,
    /// For how many sessions after its last one a validator answers for offences with its bond.
    pub bonding_duration: SessionIndex,
    /// How many sessions in a row without a block make a validator absent.
    pub absence_limit: u32,
}

impl View {
    /// Number of the running session.
    pub async fn session(&self) -> Result<SessionIndex, ClientError> {
        let found = self.value(SESSION, "CurrentIndex", &[]).await?;
        Ok(found.unwrap_or_default())
    }

    /// The validators of the running session.
    pub async fn validators(&self) -> Result<Vec<AccountId>, ClientError> {
        let found = self.value(SESSION, "Validators", &[]).await?;
        Ok(found.unwrap_or_default())
    }

    /// The validators of the next session with their keys.
    pub async fn queued_validators(&self) -> Result<Vec<(AccountId, SessionKeys)>, ClientError> {
        let found = self.value(SESSION, "QueuedKeys", &[]).await?;
        Ok(found.unwrap_or_default())
    }

    /// Places in the list of validators of those that may not work in this session, and how heavy
    /// their offences were.
    pub async fn disabled_validators(&self) -> Result<Vec<(u32, Share)>, ClientError> {
        let found = self.value(SESSION, "DisabledValidators", &[]).await?;
        Ok(found.unwrap_or_default())
    }

    /// The session keys that an account registered.
    pub async fn session_keys(
        &self,
        account: &AccountId,
    ) -> Result<Option<SessionKeys>, ClientError> {
        self.value(SESSION, "NextKeys", &[part(account)]).await
    }

    /// The validators by decision of governance.
    pub async fn invulnerables(&self) -> Result<Vec<Invulnerable>, ClientError> {
        let found = self.value(SET, "Invulnerables", &[]).await?;
        Ok(found.unwrap_or_default())
    }

    /// The candidates, the highest bond first.
    pub async fn candidates(&self) -> Result<Vec<(AccountId, Candidate)>, ClientError> {
        let mut candidates: Vec<(AccountId, Candidate)> =
            self.entries(SET, "Candidates", &[]).await?;
        candidates.sort_by(|one, other| other.1.bond.cmp(&one.1.bond).then(one.0.cmp(&other.0)));
        Ok(candidates)
    }

    /// How many candidates have a seat.
    pub async fn desired_candidates(&self) -> Result<u32, ClientError> {
        let found = self.value(SET, "DesiredCandidates", &[]).await?;
        Ok(found.unwrap_or_default())
    }

    /// The bonds on their way out.
    pub async fn departures(&self) -> Result<Vec<(AccountId, Departure)>, ClientError> {
        self.entries(SET, "Departures", &[]).await
    }

    /// Who worked how much.
    pub async fn attendances(&self) -> Result<Vec<(AccountId, Attendance)>, ClientError> {
        self.entries(SET, "Attendances", &[]).await
    }

    /// The numbers of the validator set.
    pub async fn validator_terms(&self) -> Result<ValidatorTerms, ClientError> {
        let found = self.value(SET, "Settings", &[]).await?;
        found.ok_or_else(|| ClientError::undecodable("ValidatorSet.Settings", "the chain has none"))
    }

    /// Least bond of a new candidate.
    pub fn minimum_validator_bond(&self) -> Result<Balance, ClientError> {
        self.runtime.constant(SET, "MinimumBond")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::forms::assert_value;

    fn account() -> AccountId {
        AccountId::new([8; 32])
    }

    #[test]
    fn sessions_have_the_runtimes_form() {
        let keys = SessionKeys {
            aura: [1; 32],
            grandpa: [2; 32],
        };
        assert_value(SESSION, "CurrentIndex", 1u32);
        assert_value(SESSION, "Validators", vec![account()]);
        assert_value(SESSION, "QueuedKeys", vec![(account(), keys)]);
        assert_value(SESSION, "DisabledValidators", vec![(1u32, Share(7))]);
        assert_value(SESSION, "NextKeys", keys);
    }

    #[test]
    fn members_have_the_runtimes_form() {
        let invulnerable = Invulnerable {
            account: account(),
            standing: Standing::Offender,
        };
        assert_value(SET, "Invulnerables", vec![invulnerable]);
        let candidate = Candidate {
            bond: 1,
            since: 2,
            standing: Standing::Absent,
        };
        assert_value(SET, "Candidates", candidate);
        let departure = Departure {
            amount: 1,
            until: 2,
            cause: DepartureCause::Offence,
        };
        assert_value(SET, "Departures", departure);
        let attendance = Attendance {
            authored: 1,
            absences: 2,
        };
        assert_value(SET, "Attendances", attendance);
        assert_value(SET, "DesiredCandidates", 4u32);
        let terms = ValidatorTerms {
            minimum: 1,
            session_length: 2,
            bonding_duration: 3,
            absence_limit: 4,
        };
        assert_value(SET, "Settings", terms);
    }
}
