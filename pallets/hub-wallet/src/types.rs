//! What only this pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, Balance, BlockNumber, HubPhase, HubRecord};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// Most payments on their way from one hub to one payee that are told apart.
pub const MAX_PENDING: u32 = 8;

/// A hub: its phase, what binds its wallet's money, and its standing.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
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
    /// What the wallet must hold: everything that its owner cannot use.
    pub fn bound(&self) -> Balance {
        self.frozen
            .saturating_add(self.locked)
            .saturating_add(self.approved)
    }
}

/// Payments to one payee that mature together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pending {
    /// How much.
    pub amount: Balance,
    /// Block in which the first of them would have matured alone.
    pub first: BlockNumber,
    /// First block in which they can be pulled.
    pub matures: BlockNumber,
}

/// What a hub approved to one payee.
#[derive(Clone, Default, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Approval {
    /// Matured when the last payment was made.
    pub matured: Balance,
    /// Had not matured then; the earliest first.
    pub pending: BoundedVec<Pending, ConstU32<MAX_PENDING>>,
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
}

/// A standing vote on a hub.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Vote {
    /// On hold of the voter.
    pub stake: Balance,
    /// Whether it is for the hub.
    pub up: bool,
}

/// That a pool belongs to a hub.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Binding {
    /// Owner of the hub.
    pub hub: AccountId,
    /// On hold of the hub's owner for the binding.
    pub deposit: Balance,
}

/// Money taken from a banned hub, in quarantine.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Expropriation {
    /// Owner of the hub.
    pub hub: AccountId,
    /// How much.
    pub amount: Balance,
    /// First block in which the treasury can have it.
    pub until: BlockNumber,
}

/// All that is to be known of a hub.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct HubView {
    /// The wallet's account.
    pub wallet: AccountId,
    /// Where the hub stands.
    pub phase: HubPhase,
    /// What it says of itself.
    pub record: HubRecord,
    /// What the wallet holds.
    pub balance: Balance,
    /// Frozen since the registration.
    pub frozen: Balance,
    /// Locked with payments since the registration.
    pub locked: Balance,
    /// Approved to payees who have not pulled it yet.
    pub approved: Balance,
    /// Whether the tribunal trusts it.
    pub trusted: bool,
    /// Stakes of the votes for it.
    pub votes_up: Balance,
    /// Stakes of the votes against it.
    pub votes_down: Balance,
}
