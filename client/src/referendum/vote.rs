//! Votes: for or against, with how much money, locked for how long.

use super::ReferendumIndex;
use codec::{Decode, Encode, Error, Input, Output};
use ergon_primitives::{AccountId, Balance, BlockNumber};

/// The bit of a ballot that says aye.
const AYE: u8 = 0b1000_0000;

/// How much a vote counts, and for how long its money is locked when it wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Encode, Decode)]
pub enum Conviction {
    /// A tenth; not locked.
    #[codec(index = 0)]
    None,
    /// Once; locked for one period.
    #[default]
    #[codec(index = 1)]
    Locked1x,
    /// Twice; locked for two periods.
    #[codec(index = 2)]
    Locked2x,
    /// Three times; locked for four periods.
    #[codec(index = 3)]
    Locked3x,
    /// Four times; locked for eight periods.
    #[codec(index = 4)]
    Locked4x,
    /// Five times; locked for sixteen periods.
    #[codec(index = 5)]
    Locked5x,
    /// Six times; locked for thirty-two periods.
    #[codec(index = 6)]
    Locked6x,
}

impl Conviction {
    /// All, the weakest first.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Locked1x,
        Self::Locked2x,
        Self::Locked3x,
        Self::Locked4x,
        Self::Locked5x,
        Self::Locked6x,
    ];

    /// By which number votes are multiplied; 0 stands for a tenth.
    pub fn factor(self) -> u8 {
        self as u8
    }

    /// For how many locking periods the money of a vote that won is locked.
    pub fn lock_periods(self) -> u32 {
        match self.factor() {
            0 => 0,
            factor => 1 << (factor - 1),
        }
    }

    /// The votes that money has.
    pub fn votes(self, money: Balance) -> Balance {
        match self.factor() {
            0 => money / 10,
            factor => money.saturating_mul(factor.into()),
        }
    }
}

/// For or against, with conviction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ballot {
    /// Whether it is for the proposal.
    pub aye: bool,
    /// How much it counts.
    pub conviction: Conviction,
}

impl Encode for Ballot {
    fn size_hint(&self) -> usize {
        1
    }

    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        output.push_byte(self.conviction.factor() | if self.aye { AYE } else { 0 });
    }
}

impl Decode for Ballot {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let byte = input.read_byte()?;
        let conviction = Conviction::ALL.get(usize::from(byte & !AYE)).copied();
        Ok(Self {
            aye: byte & AYE != 0,
            conviction: conviction.ok_or("there is no such conviction")?,
        })
    }
}

/// What an account votes on one referendum.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum AccountVote {
    /// For or against.
    #[codec(index = 0)]
    Standard {
        /// What it says.
        ballot: Ballot,
        /// The money behind it.
        balance: Balance,
    },
    /// Both, without conviction.
    #[codec(index = 1)]
    Split {
        /// The money for it.
        aye: Balance,
        /// The money against it.
        nay: Balance,
    },
    /// Both, and neither, without conviction.
    #[codec(index = 2)]
    SplitAbstain {
        /// The money for it.
        aye: Balance,
        /// The money against it.
        nay: Balance,
        /// The money that counts only as support.
        abstain: Balance,
    },
}

impl AccountVote {
    /// All the money behind it.
    pub fn balance(self) -> Balance {
        match self {
            Self::Standard { balance, .. } => balance,
            Self::Split { aye, nay } => aye.saturating_add(nay),
            Self::SplitAbstain { aye, nay, abstain } => {
                aye.saturating_add(nay).saturating_add(abstain)
            }
        }
    }
}

/// Votes that others gave an account to use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct Delegations {
    /// Votes, weighted by conviction.
    pub votes: Balance,
    /// The money behind them.
    pub capital: Balance,
}

/// What is still locked for votes that were taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct PriorLock {
    /// First block in which it can be unlocked.
    pub until: BlockNumber,
    /// How much.
    pub amount: Balance,
}

/// What an account does on one track.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Voting {
    /// It votes itself.
    #[codec(index = 0)]
    Casting {
        /// Its votes by referendum.
        votes: Vec<(ReferendumIndex, AccountVote)>,
        /// What others gave it.
        delegations: Delegations,
        /// What is still locked.
        prior: PriorLock,
    },
    /// It gave its votes to another account.
    #[codec(index = 1)]
    Delegating {
        /// The money behind them.
        balance: Balance,
        /// Who votes with them.
        target: AccountId,
        /// How much they count.
        conviction: Conviction,
        /// What others gave it.
        delegations: Delegations,
        /// What is still locked.
        prior: PriorLock,
    },
}

impl Voting {
    /// The votes that it casts itself.
    pub fn votes(&self) -> &[(ReferendumIndex, AccountVote)] {
        match self {
            Self::Casting { votes, .. } => votes,
            Self::Delegating { .. } => &[],
        }
    }

    /// What is still locked for votes that were taken back.
    pub fn prior(&self) -> PriorLock {
        match self {
            Self::Casting { prior, .. } | Self::Delegating { prior, .. } => *prior,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn convictions_double_the_lock() {
        let periods = Conviction::ALL.map(Conviction::lock_periods);
        assert_eq!(periods, [0, 1, 2, 4, 8, 16, 32]);
        let votes = Conviction::ALL.map(|conviction| conviction.votes(100));
        assert_eq!(votes, [10, 100, 200, 300, 400, 500, 600]);
    }

    #[test]
    fn a_ballot_is_one_byte() {
        let ballot = Ballot {
            aye: true,
            conviction: Conviction::Locked3x,
        };
        assert_eq!(ballot.encode(), [0x83]);
        assert_eq!(Ballot::decode(&mut &[0x83u8][..]).unwrap(), ballot);
        assert!(Ballot::decode(&mut &[7u8][..]).is_err());
    }

    #[test]
    fn all_money_behind_a_vote_counts() {
        let vote = AccountVote::SplitAbstain {
            aye: 1,
            nay: 2,
            abstain: 3,
        };
        assert_eq!(vote.balance(), 6);
    }
}
