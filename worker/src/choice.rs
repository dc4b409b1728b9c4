//! Which deals and tasks to work on. Pure.

use crate::task::TaskId;
use codec::Encode;
use ergon_client::primitives::{
    AccountId, AppKind, Balance, BlockNumber, Bond, Deal, DealId, EXECUTION_VERSION_1,
    MAX_CONTRIBUTORS, Scheduling, Task, TaskIndex, TaskStatus,
};
use sp_core::{Blake2Hasher, Hasher};
use std::fmt;

/// Why a deal is left alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unwanted {
    /// It belongs to another pool.
    OtherPool,
    /// The worker joined the pool too late for it.
    JoinedTooLate,
    /// Governance revoked its app as harmful.
    Harmful,
    /// Its app is a container image.
    Container,
    /// The pool schedules its workers.
    NeedsAuthorisation,
    /// Another engine votes on it.
    ExecutionVersion,
    /// Each vote would lock more stake than the configuration allows.
    StakeAboveLimit,
    /// The bond has too little that is free for one more vote.
    TooLittleFree,
    /// What is left of the time for votes is shorter than a task may take.
    TooLate,
    /// Nothing could pay for this worker's last vote on it.
    Unpaid,
}

impl fmt::Display for Unwanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherPool => "it belongs to another pool",
            Self::JoinedTooLate => "the worker joined the pool too late for it",
            Self::Harmful => "governance revoked its app as harmful; no vote on it is taken",
            Self::Container => "its app is a container image, and this worker runs none",
            Self::NeedsAuthorisation => {
                "its pool schedules its workers, and this worker takes no authorisations"
            }
            Self::ExecutionVersion => "another engine votes on it; a newer worker may have it",
            Self::StakeAboveLimit => "it locks more stake than `max_stake` allows",
            Self::TooLittleFree => "the bond has too little free; more can be bonded",
            Self::TooLate => "its time for votes is almost over",
            Self::Unpaid => {
                "what it has prepaid does not cover another vote, and the worker's key cannot pay"
            }
        })
    }
}

/// What the worker brings.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// Its bond.
    pub bond: &'a Bond,
    /// How long before a deal's start it must have joined, in blocks.
    pub join_delay: BlockNumber,
    /// Highest stake to lock for one vote.
    pub max_stake: Balance,
    /// Stake that votes which are not on the chain yet are going to lock.
    pub promised: Balance,
    /// Number of the best block.
    pub now: BlockNumber,
}

/// Whether to work on a deal; `kind` says how its app is executed, if it is registered. Whether the app
/// is harmful, and whether anything pays for votes, are other questions, because their answers change.
pub fn judge(deal: &Deal, kind: Option<AppKind>, standing: &Standing<'_>) -> Result<(), Unwanted> {
    let membership = standing
        .bond
        .membership
        .filter(|membership| membership.pool == deal.pool)
        .ok_or(Unwanted::OtherPool)?;
    let since = membership.since;
    let early = since < deal.started && since.saturating_add(standing.join_delay) <= deal.started;
    let free = standing.bond.free().saturating_sub(standing.promised);
    let left = deal.contribution_deadline().saturating_sub(standing.now);
    let checks = [
        (early, Unwanted::JoinedTooLate),
        (kind != Some(AppKind::Oci), Unwanted::Container),
        (
            deal.scheduling == Scheduling::Open,
            Unwanted::NeedsAuthorisation,
        ),
        (
            deal.execution_version == EXECUTION_VERSION_1,
            Unwanted::ExecutionVersion,
        ),
        (
            deal.worker_stake <= standing.max_stake,
            Unwanted::StakeAboveLimit,
        ),
        (deal.worker_stake <= free, Unwanted::TooLittleFree),
        (left >= deal.work_time, Unwanted::TooLate),
    ];
    match checks.into_iter().find(|(holds, _)| !holds) {
        Some((_, reason)) => Err(reason),
        None => Ok(()),
    }
}

/// How many more votes the bond can stand behind.
pub fn affordable(deal: &Deal, standing: &Standing<'_>) -> usize {
    let free = standing.bond.free().saturating_sub(standing.promised);
    match free.checked_div(deal.worker_stake) {
        Some(votes) => usize::try_from(votes).unwrap_or(usize::MAX),
        None => usize::MAX,
    }
}

/// A deal's tasks in the order in which this worker looks at them: from a place of its own on, so
/// that the pool's members spread over the bag.
pub fn sequence(
    worker: &AccountId,
    id: DealId,
    deal: &Deal,
) -> impl Iterator<Item = TaskIndex> + use<> {
    let (first, volume) = (deal.first_index, deal.volume.max(1));
    let offset = place(worker, id) % volume;
    // In 64 bits, where the sum cannot overflow.
    let shifted = move |step: u32| (u64::from(offset) + u64::from(step)) % u64::from(volume);
    (0..deal.volume).filter_map(move |step| {
        let index = u64::from(first) + shifted(step);
        TaskIndex::try_from(index).ok()
    })
}

fn place(worker: &AccountId, id: DealId) -> u32 {
    let hash = Blake2Hasher::hash(&(worker, id).encode());
    u32::from_le_bytes(hash.0.first_chunk().copied().unwrap_or_default())
}

/// Whether the task takes a vote of this worker.
pub fn is_votable(task: &Task, worker: &AccountId) -> bool {
    task.status == TaskStatus::Active
        && task.votes.len() < MAX_CONTRIBUTORS as usize
        && task.vote_of(worker).is_none()
}

/// The best `most` of the candidates, given with their number of votes in the order of
/// [`sequence`]: fewest votes first.
pub fn choose(mut candidates: Vec<(TaskId, usize)>, most: usize) -> Vec<TaskId> {
    candidates.sort_by_key(|(_, votes)| *votes); // stable: keeps the order of the sequence
    candidates.truncate(most);
    candidates.into_iter().map(|(task, _)| task).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::task::tests::task;
    use ergon_client::primitives::{
        AppId, Category, DealOrders, ERG, FIRST_CONTAINER_VERSION, Membership, OrderId, PoolId,
        Verification, Vote, VoteStatus,
    };
    use sp_core::H256;
    use std::collections::BTreeSet;

    pub(crate) fn category() -> Category {
        Category {
            name: Default::default(),
            work_time: 10,
            input_limit: 1_000,
            output_limit: 2_000,
        }
    }

    /// Ten tasks from 5 on, in the pool 1, from block 100 on.
    pub(crate) fn deal() -> Deal {
        let id = OrderId(H256::zero());
        let someone = worker(9);
        Deal {
            orders: DealOrders {
                app: id,
                dataset: None,
                pool: id,
                request: id,
            },
            app: AppId(H256::zero()),
            app_owner: someone.clone(),
            app_price: 1,
            dataset: None,
            pool: PoolId(H256::repeat_byte(1)),
            operator: someone.clone(),
            pool_price: 1,
            requester: someone.clone(),
            payer: someone.clone(),
            beneficiary: someone,
            category: 0,
            work_time: 10,
            trust: 3,
            verification: Verification::Replication,
            scheduling: Scheduling::Open,
            execution_version: EXECUTION_VERSION_1,
            params: Default::default(),
            first_index: 5,
            volume: 10,
            started: 100,
            widening: 1,
            worker_stake: ERG,
            operator_stake: 1,
            operator_reward_ratio: 0,
            fund_fee_ratio: 0,
            settlement_fee: ERG,
            callback: None,
        }
    }

    fn worker(number: u8) -> AccountId {
        AccountId::new([number; 32])
    }

    fn bond() -> Bond {
        Bond {
            owner: worker(8),
            amount: 10 * ERG,
            locked: 4 * ERG,
            unbonding: Default::default(),
            membership: Some(Membership {
                pool: PoolId(H256::repeat_byte(1)),
                since: 50,
            }),
        }
    }

    fn standing(bond: &Bond) -> Standing<'_> {
        Standing {
            bond,
            join_delay: 50,
            max_stake: Balance::MAX,
            promised: 0,
            now: 110,
        }
    }

    /// What comes of a deal whose app is a module.
    fn verdict(deal: &Deal, standing: &Standing<'_>) -> Result<(), Unwanted> {
        judge(deal, Some(AppKind::Wasm), standing)
    }

    #[test]
    fn fitting_deal_is_wanted() {
        assert_eq!(verdict(&deal(), &standing(&bond())), Ok(()));
        assert_eq!(judge(&deal(), None, &standing(&bond())), Ok(()));
    }

    #[test]
    fn what_this_worker_cannot_do_is_left_alone_with_a_reason() {
        let (bond, mut deal) = (bond(), deal());
        deal.scheduling = Scheduling::Authorised;
        assert_eq!(
            verdict(&deal, &standing(&bond)),
            Err(Unwanted::NeedsAuthorisation)
        );
        deal.execution_version = FIRST_CONTAINER_VERSION;
        assert_eq!(
            judge(&deal, Some(AppKind::Oci), &standing(&bond)),
            Err(Unwanted::Container)
        );
        for reason in [
            Unwanted::Harmful,
            Unwanted::Container,
            Unwanted::NeedsAuthorisation,
            Unwanted::Unpaid,
        ] {
            assert!(reason.to_string().len() > 20, "{reason:?}");
        }
    }

    #[test]
    fn each_reason_to_leave_a_deal_alone() {
        let (bond, deal) = (bond(), deal());
        let mut elsewhere = bond.clone();
        elsewhere.membership = None;
        assert_eq!(
            verdict(&deal, &standing(&elsewhere)),
            Err(Unwanted::OtherPool)
        );
        let mut late = standing(&bond);
        late.join_delay = 51;
        assert_eq!(verdict(&deal, &late), Err(Unwanted::JoinedTooLate));
        let mut same_block = deal.clone();
        same_block.started = 50;
        let mut no_delay = standing(&bond);
        no_delay.join_delay = 0;
        assert_eq!(
            verdict(&same_block, &no_delay),
            Err(Unwanted::JoinedTooLate)
        );
        let mut newer = deal.clone();
        newer.execution_version = EXECUTION_VERSION_1 + 1;
        assert_eq!(
            verdict(&newer, &standing(&bond)),
            Err(Unwanted::ExecutionVersion)
        );
        let mut careful = standing(&bond);
        careful.max_stake = ERG - 1;
        assert_eq!(verdict(&deal, &careful), Err(Unwanted::StakeAboveLimit));
        let mut busy = standing(&bond);
        busy.promised = 5 * ERG + 1;
        assert_eq!(verdict(&deal, &busy), Err(Unwanted::TooLittleFree));
    }

    #[test]
    fn a_whole_work_time_must_be_left() {
        let (bond, deal) = (bond(), deal());
        let mut now = standing(&bond);
        now.now = 160;
        assert_eq!(verdict(&deal, &now), Ok(()));
        now.now = 161;
        assert_eq!(verdict(&deal, &now), Err(Unwanted::TooLate));
        now.now = 1_000;
        assert_eq!(verdict(&deal, &now), Err(Unwanted::TooLate));
    }

    #[test]
    fn votes_are_bounded_by_what_the_bond_has_free() {
        let bond = bond();
        let mut standing = standing(&bond);
        assert_eq!(affordable(&deal(), &standing), 6);
        standing.promised = 5 * ERG + 1;
        assert_eq!(affordable(&deal(), &standing), 0);
        let mut free = deal();
        free.worker_stake = 0;
        assert_eq!(affordable(&free, &standing), usize::MAX);
    }

    #[test]
    fn sequence_has_every_task_once_from_a_place_of_ones_own() {
        let id = DealId(H256::repeat_byte(3));
        let mut starts = BTreeSet::new();
        for number in 0..20 {
            let indexes: Vec<_> = sequence(&worker(number), id, &deal()).collect();
            let sorted: BTreeSet<_> = indexes.iter().copied().collect();
            assert_eq!(sorted, (5..15).collect());
            assert_eq!(indexes.len(), 10);
            starts.insert(indexes[0]);
        }
        assert!(starts.len() > 3, "workers do not spread: {starts:?}");
    }

    #[test]
    fn sequence_at_the_end_of_all_indexes_does_not_overflow() {
        let mut last = deal();
        (last.first_index, last.volume) = (u32::MAX - 1, 2);
        let indexes: BTreeSet<_> = sequence(&worker(1), DealId(H256::zero()), &last).collect();
        assert_eq!(indexes, BTreeSet::from([u32::MAX - 1, u32::MAX]));
    }

    #[test]
    fn only_active_tasks_without_own_vote_take_one() {
        let mut task = Task::default();
        assert!(is_votable(&task, &worker(1)));
        let vote = |number| Vote {
            worker: worker(number),
            commitment: H256::zero(),
            seal: H256::zero(),
            weight: 2,
            status: VoteStatus::Committed,
        };
        task.votes.try_push(vote(1)).unwrap();
        assert!(!is_votable(&task, &worker(1)) && is_votable(&task, &worker(2)));
        for number in 3..34 {
            task.votes.try_push(vote(number)).unwrap();
        }
        assert!(!is_votable(&task, &worker(2)), "it is full");
        let ended = Task {
            status: TaskStatus::Failed { at: 1 },
            ..Task::default()
        };
        assert!(!is_votable(&ended, &worker(1)));
    }

    #[test]
    fn fewest_votes_first_then_the_sequence() {
        let candidates = vec![(task(3), 1), (task(4), 0), (task(5), 2), (task(1), 0)];
        assert_eq!(choose(candidates.clone(), 3), [task(4), task(1), task(3)]);
        assert_eq!(choose(candidates, 0), []);
    }
}
