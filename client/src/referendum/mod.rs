//! Referenda and votes as the chain keeps them.

mod curve;
mod office;
mod vote;

pub use curve::{Curve, Share};
pub use office::Office;
pub use vote::{AccountVote, Ballot, Conviction, Delegations, PriorLock, Voting};

use codec::{Decode, Encode, Input};
use ergon_primitives::{AccountId, Balance, BlockNumber};
use sp_core::H256;
use std::fmt;

/// Number of a referendum.
pub type ReferendumIndex = u32;

/// Number of a track.
pub type TrackId = u16;

/// A track: how the referenda of one office are decided.
#[derive(Clone, PartialEq, Eq, Debug, Decode)]
pub struct Track {
    /// Its number.
    pub id: TrackId,
    /// Its name.
    pub name: TrackName,
    /// How many of its referenda are decided at a time.
    pub max_deciding: u32,
    /// Deposit for a decision.
    pub decision_deposit: Balance,
    /// How long after its submission a decision begins at the earliest, in blocks.
    pub prepare_period: BlockNumber,
    /// In which time it must be found, in blocks.
    pub decision_period: BlockNumber,
    /// For how long it must stand, in blocks.
    pub confirm_period: BlockNumber,
    /// Least time from the approval to the enactment, in blocks.
    pub min_enactment_period: BlockNumber,
    /// Share of the votes that must be aye, while the decision goes on.
    pub min_approval: Curve,
    /// Share of all money that must have voted aye, while the decision goes on.
    pub min_support: Curve,
}

/// Name of a track. The runtime fills it up with zeros.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrackName(
    /// Without the zeros.
    pub String,
);

impl Decode for TrackName {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let name = String::decode(input)?;
        Ok(Self(name.trim_end_matches('\0').to_owned()))
    }
}

impl fmt::Display for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a referendum is about.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Proposal {
    /// The call with this hash, in an old form.
    #[codec(index = 0)]
    Legacy {
        /// BLAKE2-256 of the encoded call.
        hash: H256,
    },
    /// The encoded call itself.
    #[codec(index = 1)]
    Inline(Vec<u8>),
    /// The call with this hash, whose preimage somebody puts on the chain.
    #[codec(index = 2)]
    Lookup {
        /// BLAKE2-256 of the encoded call.
        hash: H256,
        /// Length of the encoded call, in bytes.
        length: u32,
    },
}

/// When an approved call is enacted, unless its track wants it later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Enactment {
    /// In this block.
    #[codec(index = 0)]
    At(BlockNumber),
    /// So many blocks after the approval.
    #[codec(index = 1)]
    After(BlockNumber),
}

/// A deposit and who paid it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Deposit {
    /// Who paid it and gets it back.
    pub who: AccountId,
    /// How much.
    pub amount: Balance,
}

/// A decision that is going on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Deciding {
    /// Block in which it began.
    pub since: BlockNumber,
    /// Block in which it is approved, if it stands until then; none while too few agree.
    pub confirming: Option<BlockNumber>,
}

/// The votes so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct Tally {
    /// Aye votes, weighted by conviction.
    pub ayes: Balance,
    /// Nay votes, weighted by conviction.
    pub nays: Balance,
    /// Money that voted aye or abstained, without conviction.
    pub support: Balance,
}

impl Tally {
    /// Share of the votes that are aye; nothing when nobody voted.
    pub fn approval(&self) -> Share {
        Share::of(self.ayes, self.ayes.saturating_add(self.nays))
    }

    /// Share of all money that can vote.
    pub fn support_of(&self, electorate: Balance) -> Share {
        Share::of(self.support, electorate)
    }
}

/// A referendum that has not ended.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Ongoing {
    /// Its track.
    pub track: TrackId,
    /// Who speaks when it is enacted.
    pub office: Office,
    /// What it is about.
    pub proposal: Proposal,
    /// When it is enacted.
    pub enactment: Enactment,
    /// Block in which it was submitted.
    pub submitted: BlockNumber,
    /// Who submitted it.
    pub submission_deposit: Deposit,
    /// Who paid for the decision; none while nobody has.
    pub decision_deposit: Option<Deposit>,
    /// The decision; none before it begins.
    pub deciding: Option<Deciding>,
    /// The votes so far.
    pub tally: Tally,
    /// Whether it waits for others of its track to be decided.
    pub in_queue: bool,
    /// When the chain looks at it next, and the place of that task.
    pub alarm: Option<(BlockNumber, (BlockNumber, u32))>,
}

/// A referendum that has ended, with the deposits that are still there.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Ended {
    /// In which block.
    pub at: BlockNumber,
    /// Who submitted it; it goes back only after an approval or a cancellation.
    pub submission_deposit: Option<Deposit>,
    /// Who paid for the decision.
    pub decision_deposit: Option<Deposit>,
}

/// A referendum.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Referendum {
    /// It has not ended.
    #[codec(index = 0)]
    Ongoing(Ongoing),
    /// Enough agreed for long enough.
    #[codec(index = 1)]
    Approved(Ended),
    /// Too few agreed in time.
    #[codec(index = 2)]
    Rejected(Ended),
    /// It was stopped; its deposits can be fetched.
    #[codec(index = 3)]
    Cancelled(Ended),
    /// Nobody paid for its decision in time.
    #[codec(index = 4)]
    TimedOut(Ended),
    /// It was found malicious; its deposits are lost.
    #[codec(index = 5)]
    Killed(
        /// In which block.
        BlockNumber,
    ),
}

/// A motion of the collective.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Motion {
    /// Its number.
    pub index: u32,
    /// How many members must agree.
    pub threshold: u32,
    /// Who agrees.
    pub ayes: Vec<AccountId>,
    /// Who does not.
    pub nays: Vec<AccountId>,
    /// Block from which it can be closed whoever voted.
    pub end: BlockNumber,
}

/// How much of a block's capacity a call takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Weight {
    /// Time on the reference machine, in picoseconds.
    #[codec(compact)]
    pub ref_time: u64,
    /// Size of a proof of what it reads, in bytes.
    #[codec(compact)]
    pub proof_size: u64,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn ongoing() -> Ongoing {
        let who = AccountId::new([8; 32]);
        Ongoing {
            track: 12,
            office: Office::Tribunal,
            proposal: Proposal::Lookup {
                hash: H256::repeat_byte(3),
                length: 66,
            },
            enactment: Enactment::After(10),
            submitted: 5,
            submission_deposit: Deposit {
                who: who.clone(),
                amount: 10,
            },
            decision_deposit: Some(Deposit { who, amount: 100 }),
            deciding: Some(Deciding {
                since: 7,
                confirming: Some(9),
            }),
            tally: Tally {
                ayes: 30,
                nays: 10,
                support: 20,
            },
            in_queue: false,
            alarm: Some((9, (9, 0))),
        }
    }

    #[test]
    fn shares_of_the_tally() {
        let tally = ongoing().tally;
        assert_eq!(tally.approval(), Share::percent(75));
        assert_eq!(tally.support_of(200), Share::percent(10));
        assert_eq!(Tally::default().approval(), Share(0));
        assert_eq!(tally.support_of(0), Share::percent(100));
    }

    #[test]
    fn names_of_tracks_have_no_zeros() {
        let wire = "root\0\0\0".encode();
        let name = TrackName::decode(&mut wire.as_slice()).unwrap();
        assert_eq!(name.to_string(), "root");
    }
}
