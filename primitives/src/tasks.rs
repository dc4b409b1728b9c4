//! Tasks and votes: what a worker commits to, and how far a task has come (iExec 7.6, 7.7).

use crate::{
    AccountId, Balance, BlockNumber, DealId, ExecutionVersion, Signature, TaskIndex, domain_hash,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// Most workers that contribute to one task.
pub const MAX_CONTRIBUTORS: u32 = 32;
/// Longest locator of a result, in bytes.
pub const MAX_RESULT_LOCATOR: u32 = 128;
/// Longest result carried in the event of a reveal, in bytes.
pub const MAX_INLINE_RESULT: u32 = 256;

/// Where a result can be fetched.
pub type ResultLocator = BoundedVec<u8, ConstU32<MAX_RESULT_LOCATOR>>;
/// A small result, or the head of one, carried in an event; not part of the digest.
pub type InlineResult = BoundedVec<u8, ConstU32<MAX_INLINE_RESULT>>;

/// The word of a pool's authoriser that a worker may contribute to a range of a deal's tasks.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Authorisation {
    /// First index of the range.
    pub first: TaskIndex,
    /// Last index of the range.
    pub last: TaskIndex,
    /// Last block in which a contribution may use it.
    pub valid_until: BlockNumber,
    /// The authoriser's signature over [`authorisation_message`].
    pub signature: Signature,
}

/// What the authoriser signs: it binds the chain, the worker key, the deal, the range and the end.
pub fn authorisation_message(
    genesis: H256,
    worker: &AccountId,
    deal: DealId,
    (first, last): (TaskIndex, TaskIndex),
    valid_until: BlockNumber,
) -> H256 {
    domain_hash(
        "ergon/auth",
        &(genesis, worker, deal, first, last, valid_until),
    )
}

/// How an app went wrong.
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
pub enum FaultKind {
    /// It ended with this exit code, not 0.
    Exit(i32),
    /// It trapped.
    Trap,
    /// It used up its fuel.
    FuelExhausted,
    /// It wrote more than its category allows.
    OutputLimit,
    /// It is no module that the execution version can run.
    InvalidModule,
}

/// What came of a task; part of the vote, so that workers agree on failures too.
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
pub enum Outcome {
    /// The app ended well; root of its outputs (see [`crate::outputs`]).
    Success(H256),
    /// The app went wrong.
    AppFault(FaultKind),
    /// Module or input could not be fetched or verified.
    Unavailable,
}

/// Digest of a result: what honest workers must agree on.
pub fn result_digest(version: ExecutionVersion, outcome: &Outcome, trace: H256) -> H256 {
    domain_hash("ergon/result", &(version, outcome, trace))
}

/// The vote: hides the digest, equal for equal digests of one task.
pub fn commitment(deal: DealId, index: TaskIndex, digest: H256) -> H256 {
    domain_hash("ergon/commit", &(deal, index, digest))
}

/// Shows that this worker knew the digest when it voted; a copied vote can never be revealed.
pub fn seal(worker: &AccountId, deal: DealId, index: TaskIndex, digest: H256) -> H256 {
    domain_hash("ergon/seal", &(worker, deal, index, digest))
}

/// How far a vote has come.
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
pub enum VoteStatus {
    /// Committed: its stake is locked.
    Committed,
    /// Revealed in time: its stake is locked until the task settles.
    Revealed,
    /// Its group won and stayed silent: its stake was slashed, it counts no more.
    Rejected,
}

/// A worker's vote on a task; it stays as long as the task, so that nobody votes twice.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Vote {
    /// The worker's key.
    pub worker: AccountId,
    /// What it voted for.
    pub commitment: H256,
    /// Proof that it knew the digest.
    pub seal: H256,
    /// Its weight w_i when it voted.
    pub weight: u32,
    /// How far it has come.
    pub status: VoteStatus,
}

/// Where a task stands. A task of an open deal without record is `Active` without votes.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum TaskStatus {
    /// Workers may contribute.
    Active,
    /// A group of votes is credible enough; its workers must reveal.
    Revealing {
        /// The commitment that won.
        commitment: H256,
        /// Block of the consensus.
        since: BlockNumber,
        /// The first reveal: outcome and where its result can be fetched.
        revealed: Option<(Outcome, ResultLocator)>,
    },
    /// The result is certain and everybody has been paid.
    Settled {
        /// The result.
        outcome: Outcome,
        /// Where it can be fetched.
        locator: ResultLocator,
        /// Block of the settlement.
        at: BlockNumber,
    },
    /// No result: the payer was refunded.
    Failed {
        /// Block of the failure.
        at: BlockNumber,
    },
    /// Ended because its payer cancelled it before anybody voted, or because governance revoked its
    /// app as harmful: everybody got back what they put in, less what a cancellation costs.
    Cancelled {
        /// Block of the cancellation.
        at: BlockNumber,
    },
    /// Votes were sealed, and enough of them came: all their workers must open them.
    Opening {
        /// Block of the last vote.
        since: BlockNumber,
        /// Decides about roles where these are drawn: hash of block `since`. Zero until it is known.
        seed: H256,
        /// What the votes opened so far say, each result once, in the order of their arrival.
        results: BoundedVec<OpenedResult, ConstU32<MAX_CONTRIBUTORS>>,
    },
}

/// A result that somebody opened a sealed vote for.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct OpenedResult {
    /// Commitment to the result: the group of votes for it.
    pub commitment: H256,
    /// The result.
    pub outcome: Outcome,
    /// Where the first to open said that it can be fetched.
    pub locator: ResultLocator,
}

/// A task's record.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Task {
    /// Where it stands.
    pub status: TaskStatus,
    /// All votes in the order of their arrival.
    pub votes: BoundedVec<Vote, ConstU32<MAX_CONTRIBUTORS>>,
}

impl Default for Task {
    fn default() -> Self {
        Self {
            status: TaskStatus::Active,
            votes: Default::default(),
        }
    }
}

impl Task {
    /// Whether the task has ended, one way or the other.
    pub fn has_ended(&self) -> bool {
        match self.status {
            TaskStatus::Active | TaskStatus::Revealing { .. } | TaskStatus::Opening { .. } => false,
            TaskStatus::Settled { .. }
            | TaskStatus::Failed { .. }
            | TaskStatus::Cancelled { .. } => true,
        }
    }

    /// How many votes are neither shown nor judged.
    pub fn open_votes(&self) -> u32 {
        if self.has_ended() {
            return 0;
        }
        let is_open = |vote: &&Vote| vote.status == VoteStatus::Committed;
        u32::try_from(self.votes.iter().filter(is_open).count()).unwrap_or(u32::MAX)
    }

    /// The worker's vote.
    pub fn vote_of(&self, worker: &AccountId) -> Option<&Vote> {
        self.votes.iter().find(|vote| &vote.worker == worker)
    }
}

/// How many tasks are stored together: enough for a batch to touch few keys, and so few that a call
/// about one task does not spend its time on decoding others.
pub const TASKS_PER_PAGE: u32 = 8;

/// Number of the page that has the task of this index.
pub fn page_of(index: TaskIndex) -> u32 {
    index / TASKS_PER_PAGE
}

/// Neighbouring tasks of a deal: those whose index divided by [`TASKS_PER_PAGE`] is the page's
/// number. A task that nobody touched has no record.
#[derive(
    Clone,
    Default,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct TaskPage(pub [Option<Task>; TASKS_PER_PAGE as usize]);

impl TaskPage {
    /// The record of a task. The index must be one of this page's.
    pub fn get(&self, index: TaskIndex) -> Option<&Task> {
        self.0.get(slot(index))?.as_ref()
    }

    /// The place of a task's record.
    pub fn slot_mut(&mut self, index: TaskIndex) -> Option<&mut Option<Task>> {
        self.0.get_mut(slot(index))
    }

    /// All records with their indexes, ascending. `page` is the page's number.
    pub fn tasks(&self, page: u32) -> impl Iterator<Item = (TaskIndex, &Task)> {
        let first = page.saturating_mul(TASKS_PER_PAGE);
        (0..TASKS_PER_PAGE)
            .map(move |offset| first.saturating_add(offset))
            .zip(&self.0)
            .filter_map(|(index, task)| Some((index, task.as_ref()?)))
    }
}

fn slot(index: TaskIndex) -> usize {
    (index % TASKS_PER_PAGE) as usize
}

/// What became of the tasks of a deal that nobody voted on.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Untouched {
    /// They are active.
    #[default]
    Active,
    /// They failed all together at the deal's final deadline.
    Failed {
        /// Block of the failure.
        at: BlockNumber,
    },
    /// The payer cancelled them, or governance revoked the app as harmful.
    Cancelled {
        /// Block of the cancellation.
        at: BlockNumber,
    },
}

/// How far the tasks of a deal are, in numbers.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct DealProgress {
    /// How many tasks have a record.
    pub touched: u32,
    /// Most votes that a task of the deal has.
    pub most_votes: u32,
    /// How many votes are neither shown nor judged: each may still cost a reveal.
    pub open_votes: u32,
    /// What of the settlement fee has been used up by free calls.
    pub spent: Balance,
    /// What became of the other tasks.
    pub untouched: Untouched,
}

impl DealProgress {
    /// Status of a task of the deal that has no record.
    pub fn status_of_untouched(&self) -> TaskStatus {
        match self.untouched {
            Untouched::Active => TaskStatus::Active,
            Untouched::Failed { at } => TaskStatus::Failed { at },
            Untouched::Cancelled { at } => TaskStatus::Cancelled { at },
        }
    }
}

/// Most tasks that one call works on.
pub const MAX_BATCH: u32 = 512;

/// A vote in a batch.
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
pub struct Contribution {
    /// The task.
    pub index: TaskIndex,
    /// The vote: hides the result, equal for equal results. Zero in a deal with sealed votes.
    pub commitment: H256,
    /// Shows, once the result is revealed, that this worker knew it now.
    pub seal: H256,
}

/// A result that a worker shows.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Opening {
    /// The task.
    pub index: TaskIndex,
    /// What came of it.
    pub outcome: Outcome,
    /// Trace of the execution.
    pub trace: H256,
    /// Where the result can be fetched.
    pub locator: ResultLocator,
    /// The result or its head, for the event; may be empty.
    pub inline: InlineResult,
}

/// What the authoriser signs when it has seen a worker's results and takes them: it binds the chain,
/// the worker key, the deal and each result.
pub fn acceptance_message(
    genesis: H256,
    worker: &AccountId,
    deal: DealId,
    results: &[(TaskIndex, H256)],
) -> H256 {
    domain_hash("ergon/accept", &(genesis, worker, deal, results))
}

/// A sealed vote: shows nothing, not even whether it equals another one. The salt is the worker's
/// secret until it opens the vote.
pub fn sealed(
    worker: &AccountId,
    deal: DealId,
    index: TaskIndex,
    digest: H256,
    salt: H256,
) -> H256 {
    domain_hash("ergon/blind", &(worker, deal, index, digest, salt))
}

/// A payment made when a task settled.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Payment {
    /// Who was paid.
    pub to: AccountId,
    /// How much.
    pub amount: Balance,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_differ_in_every_part() {
        let digest = result_digest(1, &Outcome::Unavailable, H256::zero());
        assert_ne!(
            digest,
            result_digest(2, &Outcome::Unavailable, H256::zero())
        );
        assert_ne!(
            digest,
            result_digest(1, &Outcome::Success(H256::zero()), H256::zero())
        );
        assert_ne!(
            digest,
            result_digest(1, &Outcome::Unavailable, H256::repeat_byte(1))
        );
    }

    #[test]
    fn seals_belong_to_one_worker_and_task() {
        let (deal, digest) = (DealId(H256::zero()), H256::repeat_byte(1));
        let (alice, bob) = (AccountId::new([1; 32]), AccountId::new([2; 32]));
        assert_ne!(seal(&alice, deal, 0, digest), seal(&bob, deal, 0, digest));
        assert_ne!(seal(&alice, deal, 0, digest), seal(&alice, deal, 1, digest));
        assert_ne!(seal(&alice, deal, 0, digest), commitment(deal, 0, digest));
        assert_ne!(commitment(deal, 0, digest), commitment(deal, 1, digest));
    }

    #[test]
    fn authorisations_bind_every_part() {
        let (chain, deal) = (H256::repeat_byte(1), DealId(H256::repeat_byte(2)));
        let worker = AccountId::new([3; 32]);
        let messages = [
            authorisation_message(chain, &worker, deal, (4, 5), 6),
            authorisation_message(H256::zero(), &worker, deal, (4, 5), 6),
            authorisation_message(chain, &AccountId::new([0; 32]), deal, (4, 5), 6),
            authorisation_message(chain, &worker, DealId(H256::zero()), (4, 5), 6),
            authorisation_message(chain, &worker, deal, (0, 5), 6),
            authorisation_message(chain, &worker, deal, (4, 6), 6),
            authorisation_message(chain, &worker, deal, (4, 5), 7),
        ];
        for (number, message) in messages.iter().enumerate() {
            assert!(!messages[..number].contains(message), "message {number}");
        }
    }

    fn opening() -> TaskStatus {
        TaskStatus::Opening {
            since: 0,
            seed: H256::zero(),
            results: Default::default(),
        }
    }

    #[test]
    fn a_page_has_the_tasks_of_its_number() {
        let (first, next) = (2 * TASKS_PER_PAGE, 3 * TASKS_PER_PAGE);
        let on_record = [first, first + 3, next - 1];
        let mut page = TaskPage::default();
        for index in on_record {
            assert_eq!(page_of(index), 2);
            *page.slot_mut(index).unwrap() = Some(Task::default());
        }
        assert_eq!((page_of(first - 1), page_of(next)), (1, 3));
        assert!(page.get(first + 3).is_some() && page.get(first + 4).is_none());
        let indexes: Vec<TaskIndex> = page.tasks(2).map(|(index, _)| index).collect();
        assert_eq!(indexes, on_record);
        let last = TaskIndex::MAX;
        let mut page = TaskPage::default();
        *page.slot_mut(last).unwrap() = Some(Task::default());
        let indexes: Vec<TaskIndex> = page.tasks(page_of(last)).map(|(index, _)| index).collect();
        assert_eq!(indexes, [last]);
    }

    #[test]
    fn sealed_votes_show_nothing_and_belong_to_one_worker() {
        let (deal, digest, salt) = (DealId(H256::zero()), H256::zero(), H256::zero());
        let (alice, bob) = (AccountId::new([1; 32]), AccountId::new([2; 32]));
        let vote = sealed(&alice, deal, 0, digest, salt);
        assert_ne!(vote, sealed(&alice, deal, 0, digest, H256::repeat_byte(1)));
        assert_ne!(vote, sealed(&alice, deal, 0, H256::repeat_byte(1), salt));
        assert_ne!(vote, sealed(&bob, deal, 0, digest, salt));
        assert_ne!(vote, sealed(&alice, deal, 1, digest, salt));
    }

    #[test]
    fn statuses_keep_their_numbers() {
        let at = 0;
        assert_eq!(TaskStatus::Active.encode()[0], 0);
        assert_eq!(TaskStatus::Failed { at }.encode()[0], 3);
        assert_eq!(TaskStatus::Cancelled { at }.encode()[0], 4);
        assert_eq!(opening().encode()[0], 5);
    }

    #[test]
    fn only_active_and_revealing_tasks_have_not_ended() {
        let task = |status| Task {
            status,
            ..Default::default()
        };
        let revealing = TaskStatus::Revealing {
            commitment: H256::zero(),
            since: 0,
            revealed: None,
        };
        let settled = TaskStatus::Settled {
            outcome: Outcome::Unavailable,
            locator: Default::default(),
            at: 0,
        };
        assert!(!task(TaskStatus::Active).has_ended());
        assert!(!task(revealing).has_ended());
        assert!(!task(opening()).has_ended());
        assert!(task(settled).has_ended());
        assert!(task(TaskStatus::Failed { at: 0 }).has_ended());
        assert!(task(TaskStatus::Cancelled { at: 0 }).has_ended());
    }
}
