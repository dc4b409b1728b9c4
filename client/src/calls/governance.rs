//! Calls of referenda, votes and the technical collective.
//!
//! Where one of these calls holds another call, that one is given as the runtime reads it, see
//! [`View::call_data`](crate::View::call_data).

use super::{Call, Raw};
use crate::referendum::{
    AccountVote, Enactment, Office, Proposal, ReferendumIndex, TrackId, Weight,
};
use codec::Compact;
use ergon_primitives::AccountId;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::MultiAddress;

const REFERENDA: &str = "Referenda";
const VOTING: &str = "ConvictionVoting";
const COLLECTIVE: &str = "TechnicalCollective";

/// Hash by which the chain knows an encoded call.
pub fn call_hash(call: &[u8]) -> H256 {
    H256(blake2_256(call))
}

/// Puts an encoded call on the chain, so that a referendum can name it by its hash. The caller pays
/// a deposit for it.
pub fn note_preimage(call: &[u8]) -> Call {
    Call::new("Preimage", "note_preimage", call)
}

/// Takes a preimage off the chain again and returns its deposit.
pub fn unnote_preimage(hash: H256) -> Call {
    Call::new("Preimage", "unnote_preimage", hash)
}

/// Asks all voters whether an office shall make a call.
pub fn submit(office: Office, proposal: Proposal, enactment: Enactment) -> Call {
    Call::new(REFERENDA, "submit", (office, proposal, enactment))
}

/// Pays for the decision on a referendum.
pub fn place_decision_deposit(index: ReferendumIndex) -> Call {
    Call::new(REFERENDA, "place_decision_deposit", index)
}

/// Returns the decision deposit of an ended referendum to whoever paid it.
pub fn refund_decision_deposit(index: ReferendumIndex) -> Call {
    Call::new(REFERENDA, "refund_decision_deposit", index)
}

/// Returns the submission deposit of an approved or cancelled referendum to whoever paid it.
pub fn refund_submission_deposit(index: ReferendumIndex) -> Call {
    Call::new(REFERENDA, "refund_submission_deposit", index)
}

/// Cancels a referendum. Only a referendum of the canceller can.
pub fn cancel(index: ReferendumIndex) -> Call {
    Call::new(REFERENDA, "cancel", index)
}

/// Kills a malicious referendum. Only a referendum of the killer can.
pub fn kill(index: ReferendumIndex) -> Call {
    Call::new(REFERENDA, "kill", index)
}

/// Lets the chain look at a referendum now. It does so itself when the time has come; only root can
/// ask for it.
pub fn nudge(index: ReferendumIndex) -> Call {
    Call::new(REFERENDA, "nudge_referendum", index)
}

/// Votes on a referendum; replaces an earlier vote.
pub fn vote(index: ReferendumIndex, vote: AccountVote) -> Call {
    Call::new(VOTING, "vote", (Compact(index), vote))
}

/// Takes a vote back.
pub fn remove_vote(track: TrackId, index: ReferendumIndex) -> Call {
    Call::new(VOTING, "remove_vote", (Some(track), index))
}

/// Unlocks what an account's votes on a track do not lock any more.
pub fn unlock(track: TrackId, account: &AccountId) -> Call {
    let target = MultiAddress::<AccountId, ()>::Id(account.clone());
    Call::new(VOTING, "unlock", (track, target))
}

/// Lets the collective's members vote on an encoded call; it is made when `threshold` of them
/// agree.
pub fn propose_motion(threshold: u32, call: &[u8]) -> Call {
    let arguments = (Compact(threshold), Raw(call), Compact(length(call)));
    Call::new(COLLECTIVE, "propose", arguments)
}

/// A member's vote on a motion.
pub fn vote_on_motion(motion: H256, index: u32, agree: bool) -> Call {
    Call::new(COLLECTIVE, "vote", (motion, Compact(index), agree))
}

/// Ends a motion that is decided and, if it was agreed to, makes its call; `weight` and `length` are
/// at least the call's.
pub fn close_motion(motion: H256, index: u32, weight: Weight, length: u32) -> Call {
    let arguments = (motion, Compact(index), weight, Compact(length));
    Call::new(COLLECTIVE, "close", arguments)
}

/// Whitelists the call with this hash, so that a referendum can enact it quickly. Only the
/// collective can.
pub fn whitelist_call(hash: H256) -> Call {
    Call::new("Whitelist", "whitelist_call", hash)
}

/// Makes a whitelisted call as root. Only a referendum on the track of whitelisted calls can.
pub fn dispatch_whitelisted_call(call: &[u8]) -> Call {
    let name = "dispatch_whitelisted_call_with_preimage";
    Call::new("Whitelist", name, Raw(call))
}

/// Length of an encoded call, in bytes.
pub fn length(call: &[u8]) -> u32 {
    u32::try_from(call.len()).unwrap_or(u32::MAX)
}
