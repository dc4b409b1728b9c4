//! What a deal has on hold.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, Balance, traits::Funding};
use scale_info::TypeInfo;

/// A deal's escrow account: whose money is on hold, how much per task, for how many tasks.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct EscrowAccount {
    /// Who pays.
    pub payer: AccountId,
    /// What one task costs the payer.
    pub task_price: Balance,
    /// Who stakes for the pool.
    pub operator: AccountId,
    /// What the operator stakes per task.
    pub operator_stake: Balance,
    /// How many tasks have not ended, at least 1.
    pub open_tasks: u32,
    /// How many tasks ended with a result that was paid.
    pub proven_tasks: u32,
}

impl EscrowAccount {
    /// The payer's money still on hold, or `None` when it does not fit an amount.
    pub fn payment(&self) -> Option<Balance> {
        self.task_price.checked_mul(self.open_tasks.into())
    }

    /// The operator's money still on hold, or `None` when it does not fit an amount.
    pub fn stake(&self) -> Option<Balance> {
        self.operator_stake.checked_mul(self.open_tasks.into())
    }
}

/// How many tasks of a deal are left, and how many were paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Progress {
    pub open: u32,
    pub proven: u32,
}

impl From<&Funding> for EscrowAccount {
    fn from(funding: &Funding) -> Self {
        Self {
            payer: funding.payer.clone(),
            task_price: funding.task_price,
            operator: funding.operator.clone(),
            operator_stake: funding.operator_stake,
            open_tasks: funding.tasks,
            proven_tasks: 0,
        }
    }
}
