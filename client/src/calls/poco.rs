//! Calls of Proof-of-Contribution.

use super::Call;
use ergon_primitives::{
    AccountId, Authorisation, Balance, Contribution, DealId, InlineResult, MAX_BATCH, Opening,
    Outcome, ResultLocator, Signature, TaskIndex,
};
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

const PALLET: &str = "Poco";

/// Items of one deal, in the ascending order of their indexes.
pub type Batch<Item> = BoundedVec<Item, ConstU32<MAX_BATCH>>;

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

/// Removes at most `limit` records of a deal that ended long ago; with the last ones, the deal.
pub fn prune_deal(deal: DealId, limit: u32) -> Call {
    Call::new(PALLET, "prune_deal", (deal, limit))
}

/// Withdraws every authorisation of a worker for a deal. Only authoriser and owner of the deal's pool
/// can.
pub fn revoke(deal: DealId, worker: &AccountId) -> Call {
    Call::new(PALLET, "revoke", (deal, worker))
}

/// Votes on several tasks; what is refused is told in an event. `max_votes` must be at least the most
/// votes that a task of the deal has: the fee depends on it.
pub fn contribute_many(
    deal: DealId,
    items: Batch<Contribution>,
    max_stake: Balance,
    authorisation: Option<Authorisation>,
    max_votes: u32,
) -> Call {
    Call::new(
        PALLET,
        "contribute_many",
        (deal, items, max_stake, authorisation, max_votes),
    )
}

/// Opens votes of winning groups; what is refused is told in an event. `max_votes` as in
/// [`contribute_many`].
pub fn reveal_many(deal: DealId, items: Batch<Opening>, max_votes: u32) -> Call {
    Call::new(PALLET, "reveal_many", (deal, items, max_votes))
}

/// Settles a task at once with a result that the pool's authoriser has seen and accepted.
pub fn contribute_and_finalise(deal: DealId, result: Opening, acceptance: Signature) -> Call {
    Call::new(
        PALLET,
        "contribute_and_finalise",
        (deal, result, acceptance),
    )
}

/// Settles several tasks at once with results that the pool's authoriser has seen and accepted, all
/// of them with one signature. `max_votes` as in [`contribute_many`].
pub fn contribute_and_finalise_many(
    deal: DealId,
    results: Batch<Opening>,
    acceptance: Signature,
    max_votes: u32,
) -> Call {
    Call::new(
        PALLET,
        "contribute_and_finalise_many",
        (deal, results, acceptance, max_votes),
    )
}

/// Opens a sealed vote; `salt` is the secret that was sealed with it.
pub fn open_sealed(deal: DealId, result: Opening, salt: H256) -> Call {
    Call::new(PALLET, "open_sealed", (deal, result, salt))
}

/// Cancels all tasks of a deal that nobody voted on. Only the deal's payer can.
pub fn cancel(deal: DealId) -> Call {
    Call::new(PALLET, "cancel", (deal,))
}

/// Does now, in at most `limit` steps, what is due and would be done when blocks have room.
pub fn sweep(limit: u32) -> Call {
    Call::new(PALLET, "sweep", (limit,))
}
