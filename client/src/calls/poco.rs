//! Calls of Proof-of-Contribution.

use super::Call;
use ergon_primitives::{Balance, DealId, InlineResult, Outcome, ResultLocator, TaskIndex};
use sp_core::H256;

const PALLET: &str = "Poco";

/// Votes on a task; refused when it would lock more than `max_stake` of the bond.
pub fn contribute(
    deal: DealId,
    index: TaskIndex,
    commitment: H256,
    seal: H256,
    max_stake: Balance,
) -> Call {
    Call::new(
        PALLET,
        "contribute",
        (deal, index, commitment, seal, max_stake),
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

/// Ends a task after the final deadline.
pub fn claim(deal: DealId, index: TaskIndex) -> Call {
    Call::new(PALLET, "claim", (deal, index))
}

/// Removes at most `limit` tasks of a deal that ended long ago; with the last one, the deal.
pub fn prune_deal(deal: DealId, limit: u32) -> Call {
    Call::new(PALLET, "prune_deal", (deal, limit))
}
