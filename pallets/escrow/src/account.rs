//! What a deal has on hold.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{
    AccountId, Balance,
    traits::{Funding, Remaining},
};
use scale_info::TypeInfo;

/// A deal's escrow account: whose money is on hold, how much per task, for how many tasks, and how much
/// for the calls of all of them.
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
    /// How many tasks have not ended; 0 only until the account is closed.
    pub open_tasks: u32,
    /// How many tasks ended with a result that was paid.
    pub proven_tasks: u32,
    /// What the payer prepaid for the calls of all tasks; on hold until the account is closed.
    pub settlement_fee: Balance,
}

impl EscrowAccount {
    /// The payer's money still on hold for tasks, or `None` when it does not fit an amount.
    pub fn payment(&self) -> Option<Balance> {
        self.task_price.checked_mul(self.open_tasks.into())
    }

    /// The payer's money that all tasks and calls need, or `None` when it does not fit an amount.
    pub fn payment_with_fee(&self) -> Option<Balance> {
        self.payment()?.checked_add(self.settlement_fee)
    }

    /// The operator's money still on hold, or `None` when it does not fit an amount.
    pub fn stake(&self) -> Option<Balance> {
        self.operator_stake.checked_mul(self.open_tasks.into())
    }

    /// Notes that so many tasks have ended, of which so many were paid; what is left then.
    pub(crate) fn end_tasks(&mut self, ended: u32, proven: u32) -> Remaining {
        self.open_tasks = self.open_tasks.saturating_sub(ended);
        self.proven_tasks = self.proven_tasks.saturating_add(proven);
        Remaining {
            open: self.open_tasks,
            proven: self.proven_tasks,
        }
    }
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
            settlement_fee: funding.settlement_fee,
        }
    }
}
