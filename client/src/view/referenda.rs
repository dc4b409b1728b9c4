//! Referenda, votes and the technical collective.

use super::View;
use crate::{
    ClientError,
    referendum::{Motion, Referendum, ReferendumIndex, Track, TrackId, Voting, Weight},
    storage::{self, part},
};
use codec::{Decode, Encode, Input};
use ergon_primitives::{AccountId, Balance, BlockNumber, DAYS};
use sp_core::H256;
use sp_io::hashing::blake2_256;

const REFERENDA: &str = "Referenda";
const COLLECTIVE: &str = "TechnicalCollective";

/// Bytes as they are.
struct Bytes(Vec<u8>);

impl Decode for Bytes {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let length = input.remaining_len()?.unwrap_or_default();
        let mut bytes = vec![0; length];
        input.read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// What the runtime says of a call before it is made.
#[derive(Decode)]
struct CallInformation {
    weight: Weight,
    _class: u8,
    _fee: Balance,
}

/// Account of the treasury: derived by the SDK from `erg/trsy`, so nobody has its key.
pub fn treasury_account() -> AccountId {
    let mut bytes = [0; 32];
    bytes[..12].copy_from_slice(b"modlerg/trsy");
    AccountId::new(bytes)
}

impl View {
    /// Length of a governance day, in blocks.
    pub async fn governance_day(&self) -> Result<BlockNumber, ClientError> {
        let found = self.value("Origins", "Day", &[]).await?;
        Ok(found.unwrap_or(DAYS))
    }

    /// The tracks at this chain's pace.
    pub fn tracks(&self) -> Result<Vec<Track>, ClientError> {
        self.runtime.constant(REFERENDA, "Tracks")
    }

    /// Deposit for a referendum.
    pub fn submission_deposit(&self) -> Result<Balance, ClientError> {
        self.runtime.constant(REFERENDA, "SubmissionDeposit")
    }

    /// In which time somebody must pay for a decision, in blocks.
    pub fn undeciding_timeout(&self) -> Result<BlockNumber, ClientError> {
        self.runtime.constant(REFERENDA, "UndecidingTimeout")
    }

    /// For how long the money of a vote with the least conviction is locked after it won, in blocks.
    pub fn vote_locking_period(&self) -> Result<BlockNumber, ClientError> {
        self.runtime
            .constant("ConvictionVoting", "VoteLockingPeriod")
    }

    /// All money that can vote: all there is, without what the treasury has put aside.
    pub async fn electorate(&self) -> Result<Balance, ClientError> {
        let inactive: Option<Balance> = self.value("Balances", "InactiveIssuance", &[]).await?;
        let issuance = self.total_issuance().await?;
        Ok(issuance.saturating_sub(inactive.unwrap_or_default()))
    }

    /// A referendum.
    pub async fn referendum(
        &self,
        index: ReferendumIndex,
    ) -> Result<Option<Referendum>, ClientError> {
        self.value(REFERENDA, "ReferendumInfoFor", &[part(&index)])
            .await
    }

    /// All referenda, the newest first.
    pub async fn referenda(&self) -> Result<Vec<(ReferendumIndex, Referendum)>, ClientError> {
        let mut referenda: Vec<(ReferendumIndex, Referendum)> =
            self.entries(REFERENDA, "ReferendumInfoFor", &[]).await?;
        referenda.sort_by_key(|(index, _)| std::cmp::Reverse(*index));
        Ok(referenda)
    }

    /// Block in which an approved referendum is enacted; none when it was enacted already.
    pub async fn enactment(
        &self,
        index: ReferendumIndex,
    ) -> Result<Option<BlockNumber>, ClientError> {
        let name = (*b"assembly", "enactment", index).using_encoded(blake2_256);
        let place: Option<(BlockNumber, u32)> =
            self.value("Scheduler", "Lookup", &[part(&name)]).await?;
        Ok(place.map(|(block, _)| block))
    }

    /// The encoded call with this hash and length, if somebody put it on the chain.
    pub async fn preimage(&self, hash: H256, length: u32) -> Result<Option<Vec<u8>>, ClientError> {
        self.value("Preimage", "PreimageFor", &[part(&(hash, length))])
            .await
    }

    /// What an account does, by track.
    pub async fn votes(&self, account: &AccountId) -> Result<Vec<(TrackId, Voting)>, ClientError> {
        let mut votes: Vec<(TrackId, Voting)> = self
            .entries("ConvictionVoting", "VotingFor", &[part(account)])
            .await?;
        votes.sort_by_key(|(track, _)| *track);
        Ok(votes)
    }

    /// How much of an account's money votes lock, by track. The locks of tracks overlap.
    pub async fn vote_locks(
        &self,
        account: &AccountId,
    ) -> Result<Vec<(TrackId, Balance)>, ClientError> {
        let parts = [part(account)];
        let locks = self.value("ConvictionVoting", "ClassLocksFor", &parts);
        Ok(locks.await?.unwrap_or_default())
    }

    /// The members of the technical collective.
    pub async fn collective(&self) -> Result<Vec<AccountId>, ClientError> {
        let members = self.value(COLLECTIVE, "Members", &[]).await?;
        Ok(members.unwrap_or_default())
    }

    /// The collective's open motions by the hash of their call.
    pub async fn motions(&self) -> Result<Vec<(H256, Motion)>, ClientError> {
        let mut motions: Vec<(H256, Motion)> = self.entries(COLLECTIVE, "Voting", &[]).await?;
        motions.sort_by_key(|(_, motion)| motion.index);
        Ok(motions)
    }

    /// The encoded call of an open motion.
    pub async fn motion_call(&self, motion: H256) -> Result<Option<Vec<u8>>, ClientError> {
        let call: Option<Bytes> = self
            .value(COLLECTIVE, "ProposalOf", &[part(&motion)])
            .await?;
        Ok(call.map(|call| call.0))
    }

    /// How much of a block's capacity an encoded call takes.
    pub async fn call_weight(&self, call: &[u8]) -> Result<Weight, ClientError> {
        let function = "TransactionPaymentCallApi_query_call_info";
        let mut arguments = call.to_vec();
        crate::calls::governance::length(call).encode_to(&mut arguments);
        let answer = self
            .client
            .call_runtime(function, arguments, self.head.hash)
            .await?;
        let information: CallInformation = storage::decode(function, &answer)?;
        Ok(information.weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        referendum::{AccountVote, Ballot, Conviction, Ended, PriorLock, tests::ongoing},
        runtime::tests::expected_runtime,
        view::forms::assert_value,
    };

    #[test]
    fn referenda_have_the_runtimes_form() {
        let ended = || Ended {
            at: 1,
            submission_deposit: None,
            decision_deposit: ongoing().decision_deposit,
        };
        for referendum in [
            Referendum::Ongoing(ongoing()),
            Referendum::Approved(ended()),
            Referendum::Rejected(ended()),
            Referendum::Cancelled(ended()),
            Referendum::TimedOut(ended()),
            Referendum::Killed(3),
        ] {
            assert_value(REFERENDA, "ReferendumInfoFor", referendum);
        }
        assert_value("Scheduler", "Lookup", (1u32, 2u32));
        assert_value("Preimage", "PreimageFor", vec![1u8, 2]);
        assert_value("Origins", "Day", 30u32);
        assert_value("Balances", "InactiveIssuance", 1u128);
    }

    #[test]
    fn tracks_are_read_from_the_runtime() {
        let tracks: Vec<Track> = expected_runtime().constant(REFERENDA, "Tracks").unwrap();
        let tribunal = tracks.iter().find(|track| track.id == 12).unwrap();
        assert_eq!(tribunal.name.to_string(), "tribunal");
        assert!(tribunal.decision_deposit > 0 && tribunal.decision_period > 0);
        let offices = crate::referendum::Office::ALL.map(|office| office.track());
        assert!(tracks.iter().all(|track| offices.contains(&track.id)));
        assert_eq!(tracks.len(), offices.len());
    }

    #[test]
    fn votes_have_the_runtimes_form() {
        let ballot = Ballot {
            aye: true,
            conviction: Conviction::Locked6x,
        };
        let standard = AccountVote::Standard {
            ballot,
            balance: 10,
        };
        let abstain = AccountVote::SplitAbstain {
            aye: 0,
            nay: 0,
            abstain: 1,
        };
        let prior = PriorLock {
            until: 1,
            amount: 2,
        };
        let casting = Voting::Casting {
            votes: vec![(1, standard), (2, abstain)],
            delegations: Default::default(),
            prior,
        };
        let delegating = Voting::Delegating {
            balance: 1,
            target: AccountId::new([1; 32]),
            conviction: Conviction::None,
            delegations: Default::default(),
            prior,
        };
        assert_value("ConvictionVoting", "VotingFor", casting);
        assert_value("ConvictionVoting", "VotingFor", delegating);
        assert_value("ConvictionVoting", "ClassLocksFor", vec![(12u16, 1u128)]);
    }

    #[test]
    fn motions_have_the_runtimes_form() {
        let member = AccountId::new([1; 32]);
        let motion = Motion {
            index: 1,
            threshold: 2,
            ayes: vec![member.clone()],
            nays: Vec::new(),
            end: 3,
        };
        assert_value(COLLECTIVE, "Voting", motion);
        assert_value(COLLECTIVE, "Members", vec![member]);
    }

    #[test]
    fn all_bytes_of_a_call_are_read() {
        let read: Bytes = storage::decode("call", &[1, 2, 3]).unwrap();
        assert_eq!(read.0, [1, 2, 3]);
    }
}
