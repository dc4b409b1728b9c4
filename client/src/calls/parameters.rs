//! Calls of the protocol's parameters.

use super::Call;
use codec::{Decode, Encode};
use ergon_primitives::{Balance, BlockNumber};

/// A parameter of the protocol with a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum ParameterChange {
    /// Share of the operator's and the app owner's part that goes to the ecosystem fund, in percent.
    #[codec(index = 0)]
    FundFeeRatio(u8),
    /// Share of the pool price that an operator stakes per task, in percent.
    #[codec(index = 1)]
    OperatorStakeRatio(u8),
    /// Longest time from a match to the deal's final deadline, in blocks.
    #[codec(index = 2)]
    MaxDuration(BlockNumber),
    /// Least stake of a bond that votes or joins a pool.
    #[codec(index = 3)]
    MinimumBond(Balance),
    /// How long an amount waits between `unbond` and `withdraw`, in blocks.
    #[codec(index = 4)]
    BondingDuration(BlockNumber),
    /// How long a bond must have been in a pool before a deal is made to vote on it, in blocks.
    #[codec(index = 5)]
    JoinDelay(BlockNumber),
    /// Lowest pool price of a task that raises scores.
    #[codec(index = 6)]
    MinScoredPrice(Balance),
    /// How long an ended deal stays on record, in blocks.
    #[codec(index = 7)]
    RetentionPeriod(BlockNumber),
}

/// Gives a parameter a new value. Only a referendum on parameters can.
pub fn set(change: ParameterChange) -> Call {
    Call::new("ProtocolParameters", "set", change)
}
