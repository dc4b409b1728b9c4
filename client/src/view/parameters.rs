//! The protocol's numbers.

use super::View;
use crate::ClientError;
use codec::{Decode, Encode};
use ergon_primitives::{Balance, BlockNumber};

/// The protocol's numbers that a referendum can change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct ProtocolParameters {
    /// Share of the operator's and the app owner's part that goes to the ecosystem fund, in percent.
    pub fund_fee_ratio: u8,
    /// Share of the pool price that an operator stakes per task, in percent.
    pub operator_stake_ratio: u8,
    /// Longest time from a match to the deal's final deadline, in blocks.
    pub max_duration: BlockNumber,
    /// Least stake of a bond that votes or joins a pool.
    pub minimum_bond: Balance,
    /// How long an amount waits between `unbond` and `withdraw`, in blocks.
    pub bonding_duration: BlockNumber,
    /// How long a bond must have been in a pool before a deal is made to vote on it, in blocks.
    pub join_delay: BlockNumber,
    /// Lowest pool price of a task that raises scores.
    pub min_scored_price: Balance,
    /// How long an ended deal stays on record, in blocks.
    pub retention_period: BlockNumber,
}

impl View {
    /// The protocol's numbers in force.
    pub async fn protocol_parameters(&self) -> Result<ProtocolParameters, ClientError> {
        let found = self.value("ProtocolParameters", "InForce", &[]).await?;
        found.ok_or_else(|| {
            ClientError::undecodable("ProtocolParameters.InForce", "the chain has none")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::forms::assert_value;

    #[test]
    fn parameters_have_the_runtimes_form() {
        let parameters = ProtocolParameters {
            fund_fee_ratio: 1,
            operator_stake_ratio: 30,
            max_duration: 3,
            minimum_bond: 4,
            bonding_duration: 5,
            join_delay: 6,
            min_scored_price: 7,
            retention_period: 8,
        };
        assert_value("ProtocolParameters", "InForce", parameters);
    }
}
