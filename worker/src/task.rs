//! A task's life in the worker, as a type: which states there are, and which follows which.
//!
//! ```text
//! Discovered → Fetching → Executing → Computed → Committing → Committed → Revealing → Revealed → Done
//!     ↑___________|___________|           |↑_________|↑___________|↑__________|↑_________|
//! ```
//!
//! The arrows back: an execution that was interrupted or is not needed now begins again; a vote or a
//! reveal that never reached the chain, or left it with an abandoned block, is sent again. Every state
//! can end in `Done`. What was computed never changes, and neither does a vote: see
//! [`TaskState::check`].

use crate::executor::Trace;
use codec::{Decode, Encode};
use ergon_client::primitives::{
    AccountId, Balance, BlockNumber, Deal, DealId, InlineResult, Outcome, ResultLocator, TaskIndex,
    Vote, commitment, result_digest, seal, sealed,
};
use sp_core::H256;
use std::fmt;

/// Names a task.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub struct TaskId {
    /// The deal.
    pub deal: DealId,
    /// The task's index.
    pub index: TaskIndex,
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.deal, self.index)
    }
}

/// What an execution came to, and what its reveal will say.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Computed {
    /// What came of the task.
    pub outcome: Outcome,
    /// Trace of the execution.
    pub trace: H256,
    /// Where the result can be fetched; empty when there is none.
    pub locator: ResultLocator,
    /// A small result itself.
    pub inline: InlineResult,
    /// A random number that keeps a sealed vote secret until it is opened. Without it the vote could
    /// never be opened, so it is written down with the result, before the vote is sent.
    pub salt: H256,
}

impl Computed {
    /// Module or inputs could not be had.
    pub fn unavailable() -> Self {
        Self {
            outcome: Outcome::Unavailable,
            trace: H256(Trace::default().hash()),
            locator: ResultLocator::default(),
            inline: InlineResult::default(),
            salt: H256::zero(),
        }
    }
}

/// A vote on a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Ballot {
    /// The commitment; zero where votes are sealed.
    pub commitment: H256,
    /// Proof that this worker knew the digest.
    pub seal: H256,
}

impl Ballot {
    /// The vote for what was computed, in the form that the deal's verification wants.
    pub fn of(computed: &Computed, terms: &Deal, worker: &AccountId, task: TaskId) -> Self {
        let TaskId { deal, index } = task;
        let digest = result_digest(terms.execution_version, &computed.outcome, computed.trace);
        if terms.verification.is_sealed() {
            Self {
                commitment: H256::zero(),
                seal: sealed(worker, deal, index, digest, computed.salt),
            }
        } else {
            Self {
                commitment: commitment(deal, index, digest),
                seal: seal(worker, deal, index, digest),
            }
        }
    }

    /// Whether a vote on the chain is this one. The seal of a sealed vote says all; its commitment
    /// becomes known when it is opened.
    pub fn is(&self, vote: &Vote) -> bool {
        let same_group = self.commitment == vote.commitment || self.commitment.is_zero();
        same_group && self.seal == vote.seal
    }
}

/// A vote with what it stands for.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Cast {
    /// What was computed.
    pub computed: Computed,
    /// The vote.
    pub ballot: Ballot,
    /// Block in which this state was seen on the chain, or the best block when its transaction was
    /// sent.
    pub since: BlockNumber,
}

impl Cast {
    /// The same vote in a state that began in another block.
    pub fn at(self, since: BlockNumber) -> Self {
        Self { since, ..self }
    }
}

/// How a task ended for this worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum End {
    /// It settled with this worker's result.
    Settled,
    /// It settled with another result, or without this worker's reveal, or ended without a result and
    /// without this worker's opening of its sealed vote: the stake is lost.
    Lost,
    /// This worker's group revealed too late and was rejected: the stake is lost.
    Rejected,
    /// It ended without a result; the stake came back.
    Failed,
    /// It ended, or its time was over, before this worker voted.
    NotNeeded,
    /// This machine could not execute it; why.
    Skipped(String),
    /// The chain has a vote by this worker's key that is not in the store.
    Foreign,
    /// The chain does not know it any more.
    Gone,
    /// The chain has a sealed vote by this worker's key, and the salt that opens it is not in the
    /// store.
    Unopenable,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled => f.write_str("settled"),
            Self::Lost => f.write_str("lost"),
            Self::Rejected => f.write_str("rejected"),
            Self::Failed => f.write_str("failed"),
            Self::NotNeeded => f.write_str("not needed"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
            Self::Foreign => f.write_str("voted by another store"),
            Self::Gone => f.write_str("gone"),
            Self::Unopenable => f.write_str("voted, but the salt that opens the vote is lost"),
        }
    }
}

/// Where a task stands in this worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum TaskState {
    /// Chosen; nothing was done yet.
    Discovered,
    /// Module and inputs are being fetched.
    Fetching,
    /// It is being executed.
    Executing,
    /// Its result is known and published here.
    Computed(Computed),
    /// The vote is on its way to the chain.
    Committing(Cast),
    /// The vote is on the chain.
    Committed(Cast),
    /// The reveal is on its way to the chain.
    Revealing(Cast),
    /// The reveal is on the chain.
    Revealed(Cast),
    /// It ended.
    Done(End),
}

/// A [`TaskState`] without what belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "each is the state of the same name")]
pub enum Phase {
    Discovered,
    Fetching,
    Executing,
    Computed,
    Committing,
    Committed,
    Revealing,
    Revealed,
    Done,
}

impl Phase {
    /// All phases in the order of a task's life.
    pub const ALL: [Self; 9] = [
        Self::Discovered,
        Self::Fetching,
        Self::Executing,
        Self::Computed,
        Self::Committing,
        Self::Committed,
        Self::Revealing,
        Self::Revealed,
        Self::Done,
    ];

    /// Whether this phase may follow directly.
    pub fn may_become(self, next: Self) -> bool {
        use Phase::*;
        match self {
            Discovered => matches!(next, Fetching | Done),
            Fetching => matches!(next, Discovered | Executing | Computed | Done),
            Executing => matches!(next, Discovered | Computed | Done),
            Computed => matches!(next, Committing | Committed | Done),
            Committing => matches!(next, Computed | Committing | Committed | Done),
            Committed => matches!(next, Committing | Revealing | Revealed | Done),
            Revealing => matches!(next, Committing | Committed | Revealing | Revealed | Done),
            Revealed => matches!(next, Committing | Committed | Revealing | Done),
            Done => false,
        }
    }

    /// Whether the worker must compute before it can vote.
    pub fn is_before_result(self) -> bool {
        self < Self::Computed
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovered => "discovered",
            Self::Fetching => "fetching",
            Self::Executing => "executing",
            Self::Computed => "computed",
            Self::Committing => "committing",
            Self::Committed => "committed",
            Self::Revealing => "revealing",
            Self::Revealed => "revealed",
            Self::Done => "done",
        })
    }
}

/// A step that a task's life does not have.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadTransition {
    /// The states do not follow each other.
    #[error("a task that is {from} cannot become {to}; this is a fault of the worker's program")]
    Order {
        /// Where it stands.
        from: Phase,
        /// Where it should go.
        to: Phase,
    },
    /// Result or vote would change.
    #[error(
        "a task's result or vote cannot change once it is stored; this is a fault of the worker's program"
    )]
    Rewritten,
}

impl TaskState {
    /// The state without what belongs to it.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Discovered => Phase::Discovered,
            Self::Fetching => Phase::Fetching,
            Self::Executing => Phase::Executing,
            Self::Computed(_) => Phase::Computed,
            Self::Committing(_) => Phase::Committing,
            Self::Committed(_) => Phase::Committed,
            Self::Revealing(_) => Phase::Revealing,
            Self::Revealed(_) => Phase::Revealed,
            Self::Done(_) => Phase::Done,
        }
    }

    /// The vote, once there is one.
    pub fn cast(&self) -> Option<&Cast> {
        match self {
            Self::Committing(cast)
            | Self::Committed(cast)
            | Self::Revealing(cast)
            | Self::Revealed(cast) => Some(cast),
            _ => None,
        }
    }

    /// The result, once there is one.
    pub fn computed(&self) -> Option<&Computed> {
        match self {
            Self::Computed(computed) => Some(computed),
            state => state.cast().map(|cast| &cast.computed),
        }
    }

    /// Whether `next` may follow: in the order of a task's life, with the same result and vote.
    pub fn check(&self, next: &Self) -> Result<(), BadTransition> {
        let (from, to) = (self.phase(), next.phase());
        if !from.may_become(to) {
            return Err(BadTransition::Order { from, to });
        }
        let same_result = agree(self.computed(), next.computed());
        let same_vote = agree(
            self.cast().map(|cast| cast.ballot),
            next.cast().map(|cast| cast.ballot),
        );
        if same_result && same_vote {
            Ok(())
        } else {
            Err(BadTransition::Rewritten)
        }
    }
}

/// Whether two things are equal, as far as both are there.
fn agree<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// What the store knows of a task.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct TaskRecord {
    /// Where it stands.
    pub state: TaskState,
    /// When it came to stand there, in seconds since 1970.
    pub changed: u64,
    /// What the settlement paid for this worker's part, once its event was seen.
    pub earned: Option<Balance>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::choice::tests::deal;
    use ergon_client::primitives::{Verification, VoteStatus};

    pub(crate) fn computed(root: u8) -> Computed {
        Computed {
            outcome: Outcome::Success(H256::repeat_byte(root)),
            ..Computed::unavailable()
        }
    }

    pub(crate) fn task(index: TaskIndex) -> TaskId {
        TaskId {
            deal: DealId(H256::repeat_byte(7)),
            index,
        }
    }

    pub(crate) fn cast(root: u8, since: BlockNumber) -> Cast {
        let worker = AccountId::new([1; 32]);
        let computed = computed(root);
        let ballot = Ballot::of(&computed, &deal(), &worker, task(0));
        Cast {
            computed,
            ballot,
            since,
        }
    }

    pub(crate) fn state(phase: Phase) -> TaskState {
        match phase {
            Phase::Discovered => TaskState::Discovered,
            Phase::Fetching => TaskState::Fetching,
            Phase::Executing => TaskState::Executing,
            Phase::Computed => TaskState::Computed(computed(1)),
            Phase::Committing => TaskState::Committing(cast(1, 1)),
            Phase::Committed => TaskState::Committed(cast(1, 1)),
            Phase::Revealing => TaskState::Revealing(cast(1, 1)),
            Phase::Revealed => TaskState::Revealed(cast(1, 1)),
            Phase::Done => TaskState::Done(End::Settled),
        }
    }

    /// A row for each phase; a column for each phase that may follow.
    const TABLE: [(Phase, [u8; 9]); 9] = [
        //                    Di Fe Ex Cp Ci Ct Ri Rd Do
        (Phase::Discovered, [0, 1, 0, 0, 0, 0, 0, 0, 1]),
        (Phase::Fetching, [1, 0, 1, 1, 0, 0, 0, 0, 1]),
        (Phase::Executing, [1, 0, 0, 1, 0, 0, 0, 0, 1]),
        (Phase::Computed, [0, 0, 0, 0, 1, 1, 0, 0, 1]),
        (Phase::Committing, [0, 0, 0, 1, 1, 1, 0, 0, 1]),
        (Phase::Committed, [0, 0, 0, 0, 1, 0, 1, 1, 1]),
        (Phase::Revealing, [0, 0, 0, 0, 1, 1, 1, 1, 1]),
        (Phase::Revealed, [0, 0, 0, 0, 1, 1, 1, 0, 1]),
        (Phase::Done, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ];

    #[test]
    fn states_follow_each_other_as_the_table_says() {
        for (from, row) in TABLE {
            for (to, allowed) in Phase::ALL.into_iter().zip(row) {
                let result = state(from).check(&state(to));
                let expected = match allowed {
                    1 => Ok(()),
                    _ => Err(BadTransition::Order { from, to }),
                };
                assert_eq!(result, expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn results_and_votes_never_change() {
        let other = TaskState::Committed(cast(2, 1));
        assert_eq!(
            state(Phase::Computed).check(&other),
            Err(BadTransition::Rewritten)
        );
        assert_eq!(
            state(Phase::Committing).check(&other),
            Err(BadTransition::Rewritten)
        );
        let mut copied = cast(1, 1);
        copied.ballot.commitment = H256::zero();
        let copied = TaskState::Committed(copied);
        assert_eq!(
            state(Phase::Committing).check(&copied),
            Err(BadTransition::Rewritten)
        );
        // Another block is no other vote.
        let later = TaskState::Committed(cast(1, 9));
        assert_eq!(state(Phase::Committing).check(&later), Ok(()));
    }

    #[test]
    fn ballots_of_two_workers_have_one_commitment_and_two_seals() {
        let (alice, bob) = (AccountId::new([1; 32]), AccountId::new([2; 32]));
        let one = Ballot::of(&computed(1), &deal(), &alice, task(0));
        let other = Ballot::of(&computed(1), &deal(), &bob, task(0));
        assert_eq!(one.commitment, other.commitment);
        assert_ne!(one.seal, other.seal);
    }

    #[test]
    fn sealed_ballots_show_nothing_and_are_known_again() {
        let worker = AccountId::new([1; 32]);
        let terms = Deal {
            verification: Verification::Blind { voters: 3 },
            ..deal()
        };
        let salted = Computed {
            salt: H256::repeat_byte(9),
            ..computed(1)
        };
        let ballot = Ballot::of(&salted, &terms, &worker, task(0));
        assert_ne!(ballot, Ballot::of(&computed(1), &terms, &worker, task(0)));
        assert!(ballot.commitment.is_zero());
        let mut vote = Vote {
            worker,
            commitment: H256::zero(),
            seal: ballot.seal,
            weight: 2,
            status: VoteStatus::Committed,
        };
        assert!(ballot.is(&vote));
        vote.commitment = H256::repeat_byte(1); // as when it was opened
        assert!(ballot.is(&vote));
        vote.seal = H256::zero();
        assert!(!ballot.is(&vote));
    }

    #[test]
    fn records_survive_their_encoding() {
        for phase in Phase::ALL {
            let record = TaskRecord {
                state: state(phase),
                changed: 5,
                earned: Some(3),
            };
            let bytes = record.encode();
            assert_eq!(TaskRecord::decode(&mut bytes.as_slice()), Ok(record));
        }
    }
}
