//! Calls of Proof-of-Contribution.

use super::Call;
use ergon_primitives::{
    AccountId, Authorisation, Balance, DealId, InlineResult, Outcome, ResultLocator, TaskIndex,
};
use sp_core::H256;

const PALLET: &str = "Poco";

/// Votes on a task; refused when it would lock more than `max_stake` of the bond. Where the pool
/// schedules its workers it needs the `authorisation` of the pool's authoriser.
pub fn contribute(
    deal: DealId,
    index: TaskIndex,
    commitment: H256,
    seal: H256,
    max_stake: Balance,
    authorisation: Option<Authorisation>,
) -> Call {
    Call::new(
        PALLET,
        "contribute",
        (deal, index, commitment, seal, max_stake, authorisation),
    )
}

/// Opens a vote of the winning group.
pub fn reveal(
    deal: DealId,
    index: TaskIndex,
    outcome: Outcome,
    trace: H256,
    locator: ResultLocator,
    inline: InlineResult,
) -> Call {
    Call::new(
        PALLET,
        "reveal",
        (deal, index, outcome, trace, locator, inline),
    )
}

/// Settles a task with the reveals it has, once the others are overdue.
pub fn finalise(deal: DealId, index: TaskIndex) -> Call {
    Call::new(PALLET, "finalise", (deal, index))
}

/// Rejects a winning group that revealed nothing in time.
pub fn reopen(deal: DealId, index: TaskIndex) -> Call {
    Call::new(PALLET, "reopen", (deal, index))
}

/// Ends a task after the final deadline, or at once when its app was revoked as harmful.
pub fn claim(deal: DealId, index: TaskIndex) -> Call {
    Call::new(PALLET, "claim", (deal, index))
}

/// Removes at most `limit` tasks, and as many revocations, of a deal that ended long ago; with the
/// last ones, the deal.
pub fn prune_deal(deal: DealId, limit: u32) -> Call {
    Call::new(PALLET, "prune_deal", (deal, limit))
}

/// Withdraws every authorisation of a worker for a deal. Only authoriser and owner of the deal's pool
/// can.
pub fn revoke(deal: DealId, worker: &AccountId) -> Call {
    Call::new(PALLET, "revoke", (deal, worker))
}
