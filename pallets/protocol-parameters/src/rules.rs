//! The parameters, their bounds, and what they must be to each other: pure rules over plain values.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::RangeInclusive;
use ergon_primitives::{Balance, BlockNumber, DAYS, ERG, HOURS, MICRO_ERG, MILLI_ERG};
use scale_info::TypeInfo;

/// Bounds of [`Parameters::fund_fee_ratio`]: the fund never gets more than 5 %.
pub const FUND_FEE_RATIO: RangeInclusive<u8> = 0..=5;
/// Bounds of [`Parameters::operator_stake_ratio`]: an operator always has something to lose.
pub const OPERATOR_STAKE_RATIO: RangeInclusive<u8> = 10..=100;
/// Bounds of [`Parameters::max_duration`]: the longest category, 10 hours, needs 100 hours.
pub const DURATION: RangeInclusive<BlockNumber> = 5 * DAYS..=90 * DAYS;
/// Bounds of [`Parameters::minimum_bond`]: more than nothing, and not only for the rich.
pub const MINIMUM_BOND: RangeInclusive<Balance> = 100 * MILLI_ERG..=10_000 * ERG;
/// Bounds of [`Parameters::bonding_duration`].
pub const BONDING_DURATION: RangeInclusive<BlockNumber> = HOURS..=60 * DAYS;
/// Bounds of [`Parameters::join_delay`]: newcomers get their chance within a week.
pub const JOIN_DELAY: RangeInclusive<BlockNumber> = 0..=7 * DAYS;
/// Bounds of [`Parameters::min_scored_price`]: scores are never free.
pub const MIN_SCORED_PRICE: RangeInclusive<Balance> = MICRO_ERG..=ERG;
/// Bounds of [`Parameters::retention_period`].
pub const RETENTION_PERIOD: RangeInclusive<BlockNumber> = HOURS..=365 * DAYS;

/// All parameters, in the order of [`ParameterChange`].
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Parameters {
    /// Share of the operator's and the app owner's part that goes to the ecosystem fund, in percent,
    /// see [`FUND_FEE_RATIO`]; frozen into each deal.
    pub fund_fee_ratio: u8,
    /// Share of the pool price that an operator stakes per task, in percent, see
    /// [`OPERATOR_STAKE_RATIO`]; frozen into each deal.
    pub operator_stake_ratio: u8,
    /// Longest time from a match to the deal's final deadline, in blocks, see [`DURATION`].
    pub max_duration: BlockNumber,
    /// Least stake of a bond that votes or joins a pool, in the token's smallest unit, see
    /// [`MINIMUM_BOND`].
    pub minimum_bond: Balance,
    /// How long an amount waits between `unbond` and `withdraw`, in blocks, see
    /// [`BONDING_DURATION`].
    pub bonding_duration: BlockNumber,
    /// How long a bond must have been in a pool before a deal is made to vote on it, in blocks, see
    /// [`JOIN_DELAY`].
    pub join_delay: BlockNumber,
    /// Lowest pool price of a task that raises scores, in the token's smallest unit, see
    /// [`MIN_SCORED_PRICE`].
    pub min_scored_price: Balance,
    /// How long an ended deal stays on record, in blocks, see [`RETENTION_PERIOD`].
    pub retention_period: BlockNumber,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            fund_fee_ratio: 0,
            operator_stake_ratio: 30,
            max_duration: 30 * DAYS,
            minimum_bond: ERG,
            bonding_duration: 7 * DAYS,
            join_delay: DAYS,
            min_scored_price: MILLI_ERG,
            retention_period: 30 * DAYS,
        }
    }
}

/// A parameter with a value. Bounds, units and meaning are those of the fields of [`Parameters`].
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ParameterChange {
    /// [`Parameters::fund_fee_ratio`], in percent: 0 to 5.
    #[codec(index = 0)]
    FundFeeRatio(u8),
    /// [`Parameters::operator_stake_ratio`], in percent: 10 to 100.
    #[codec(index = 1)]
    OperatorStakeRatio(u8),
    /// [`Parameters::max_duration`], in blocks: 5 to 90 days.
    #[codec(index = 2)]
    MaxDuration(BlockNumber),
    /// [`Parameters::minimum_bond`], in the token's smallest unit: 0.1 to 10 000 ERG.
    #[codec(index = 3)]
    MinimumBond(Balance),
    /// [`Parameters::bonding_duration`], in blocks: 1 hour to 60 days.
    #[codec(index = 4)]
    BondingDuration(BlockNumber),
    /// [`Parameters::join_delay`], in blocks: 0 to 7 days.
    #[codec(index = 5)]
    JoinDelay(BlockNumber),
    /// [`Parameters::min_scored_price`], in the token's smallest unit: 0.000001 to 1 ERG.
    #[codec(index = 6)]
    MinScoredPrice(Balance),
    /// [`Parameters::retention_period`], in blocks: 1 hour to 365 days.
    #[codec(index = 7)]
    RetentionPeriod(BlockNumber),
}

/// Why parameters cannot be in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// One is below its least or above its most.
    OutOfBounds,
    /// The lowest price that scores is above the smallest bond.
    ScoredPriceAboveBond,
    /// Ended deals are forgotten before stakes can leave.
    RecordShorterThanBonding,
}

impl Parameters {
    /// These parameters after a change.
    pub fn with(mut self, change: ParameterChange) -> Self {
        match change {
            ParameterChange::FundFeeRatio(value) => self.fund_fee_ratio = value,
            ParameterChange::OperatorStakeRatio(value) => self.operator_stake_ratio = value,
            ParameterChange::MaxDuration(value) => self.max_duration = value,
            ParameterChange::MinimumBond(value) => self.minimum_bond = value,
            ParameterChange::BondingDuration(value) => self.bonding_duration = value,
            ParameterChange::JoinDelay(value) => self.join_delay = value,
            ParameterChange::MinScoredPrice(value) => self.min_scored_price = value,
            ParameterChange::RetentionPeriod(value) => self.retention_period = value,
        }
        self
    }

    /// The parameter that the change is about, with the value that it has here.
    pub fn value_of(&self, change: ParameterChange) -> ParameterChange {
        use ParameterChange::*;
        match change {
            FundFeeRatio(_) => FundFeeRatio(self.fund_fee_ratio),
            OperatorStakeRatio(_) => OperatorStakeRatio(self.operator_stake_ratio),
            MaxDuration(_) => MaxDuration(self.max_duration),
            MinimumBond(_) => MinimumBond(self.minimum_bond),
            BondingDuration(_) => BondingDuration(self.bonding_duration),
            JoinDelay(_) => JoinDelay(self.join_delay),
            MinScoredPrice(_) => MinScoredPrice(self.min_scored_price),
            RetentionPeriod(_) => RetentionPeriod(self.retention_period),
        }
    }

    /// Whether these parameters can be in force; the first reason against it otherwise.
    pub fn check(&self) -> Result<(), Refusal> {
        if !self.are_within_bounds() {
            return Err(Refusal::OutOfBounds);
        }
        if self.min_scored_price > self.minimum_bond {
            return Err(Refusal::ScoredPriceAboveBond);
        }
        if self.bonding_duration > self.retention_period {
            return Err(Refusal::RecordShorterThanBonding);
        }
        Ok(())
    }

    fn are_within_bounds(&self) -> bool {
        FUND_FEE_RATIO.contains(&self.fund_fee_ratio)
            && OPERATOR_STAKE_RATIO.contains(&self.operator_stake_ratio)
            && DURATION.contains(&self.max_duration)
            && MINIMUM_BOND.contains(&self.minimum_bond)
            && BONDING_DURATION.contains(&self.bonding_duration)
            && JOIN_DELAY.contains(&self.join_delay)
            && MIN_SCORED_PRICE.contains(&self.min_scored_price)
            && RETENTION_PERIOD.contains(&self.retention_period)
    }
}
