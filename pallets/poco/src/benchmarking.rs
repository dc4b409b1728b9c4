//! What the calls cost at their worst.
//!
//! Tasks are written straight into their pages, with the locks, scores and escrow that their votes
//! would have left, because half a thousand tasks of 32 votes each take too many calls to make.
//!
//! Every task that ends is the last one of its deal, so that the deal ends too; it has a dataset, a
//! callback as long as it may be, and an operator whose earnings flow into the wallet of a hub. Other
//! tasks of its page are as large as a task can be, although those of a deal that ends are smaller:
//! both are measured together, to be on the safe side.
//!
//! Measurement knows sums only, and what a batch costs has products in it: every page has votes, every
//! swept task has voters. So these weights ask for the product itself as one of their components, and
//! who asks for a weight multiplies (`batch.rs`, `sweep.rs`, and the runtime's prices):
//!
//! - a batch has `i` items on `p` pages, and `v` is the number of *layers* of votes: a layer is one vote
//!   of each of a page's 8 tasks, so that `p` pages of tasks with up to `n` votes have `p · n` layers;
//! - of `n` swept tasks, `v` is how many votes they have together.

use crate::{
    Agenda, Call, CallbackEnds, CallbackQueue, Config, Errand, MAX_BATCH_WORKERS, Pallet, Progress,
    Revocations, Revoked, SweepCursor, TaskPages, sweep::Sweeper,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use codec::Encode;
use ergon_primitives::{
    AccountId, Authorisation, BlockNumber, Callback, Contribution, DAYS, Deal, DealId, Due,
    InlineResult, MAX_CALLBACK, MAX_CONTRIBUTORS, MAX_INLINE_RESULT, MAX_RESULT_LOCATOR,
    OpenedResult, Opening, Outcome, ResultLocator, Scheduling, Signature, TASKS_PER_PAGE, Task,
    TaskIndex, TaskPage, TaskStatus, Untouched, Verification, Vote, VoteStatus, acceptance_message,
    authorisation_message, commitment, page_of, result_digest, seal, sealed,
    traits::{Deals, EndedTask, Ending, Escrow, Registry, Reputation, WorkerStaking},
};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::Get,
    weights::{Weight, WeightMeter},
};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use sp_core::{H256, ecdsa, testing::ECDSA};
use sp_runtime::{
    BoundedVec, MultiSigner,
    app_crypto::RuntimePublic,
    traits::{IdentifyAccount, Zero},
};

/// Trust of all deals: the number of votes is what counts here, not how they come to agree.
const TRUST: u32 = 1;
/// Tasks whose reveal settles them with votes of many: those of so many pages.
const CROWDED_PAGES: u32 = 32;
const CROWDED: u32 = CROWDED_PAGES * TASKS_PER_PAGE;

const TRACE: H256 = H256::repeat_byte(3);
const SALT: H256 = H256::repeat_byte(4);

/// A hash of its own for each number.
fn hash(number: u32) -> H256 {
    let mut hash = H256::zero();
    hash.0[28..].copy_from_slice(&number.to_be_bytes());
    hash
}

/// A result; equal numbers are equal results.
fn outcome(number: u32) -> Outcome {
    Outcome::Success(hash(number))
}

/// A deal, and workers of its pool, each with an owner of its own.
struct Scene {
    id: DealId,
    deal: Deal,
    workers: Vec<AccountId>,
}

impl Scene {
    /// A deal of `volume` tasks that is verified like that, with so many workers.
    fn new<T: Config>(verification: Verification, volume: u32, workers: u32) -> Self {
        // Late enough for workers that joined at genesis, whatever delay they have to wait.
        set_block::<T>(30 * DAYS);
        let callback = longest_callback::<T>();
        let (id, deal) = T::Deals::benchmark_deal(&[], volume, TRUST, verification, callback);
        assert_eq!(
            deal.scheduling,
            Scheduling::Authorised,
            "benchmark pools schedule their workers"
        );
        let workers: Vec<AccountId> = (0..workers)
            .map(|number| account("worker", number, 0))
            .collect();
        for (number, worker) in (0..).zip(&workers) {
            let owner: AccountId = account("owner", number, 0);
            T::Staking::benchmark_worker(worker, &owner, deal.pool);
            // Proven once in another deal: a score of 0 cannot fall, and is not written when it
            // should.
            T::Reputation::proven(worker, DealId(H256::zero()), 0);
            assert!(T::Reputation::score(worker) > 0, "a score can fall");
        }
        Self { id, deal, workers }
    }

    /// A deal of one full page.
    fn of_a_page<T: Config>(verification: Verification, workers: u32) -> Self {
        Self::new::<T>(verification, TASKS_PER_PAGE, workers)
    }

    fn worker(&self, number: u32) -> AccountId {
        self.workers[number as usize].clone()
    }

    fn digest(&self, number: u32) -> H256 {
        result_digest(self.deal.execution_version, &outcome(number), TRACE)
    }

    fn commitment(&self, index: TaskIndex, number: u32) -> H256 {
        commitment(self.id, index, self.digest(number))
    }

    /// A worker's vote for a result, its group visible.
    fn vote(&self, worker: u32, index: TaskIndex, result: u32, status: VoteStatus) -> Vote {
        let worker = self.worker(worker);
        let seal = seal(&worker, self.id, index, self.digest(result));
        Vote {
            worker,
            commitment: self.commitment(index, result),
            seal,
            weight: 8,
            status,
        }
    }

    /// A sealed vote that has not been opened yet.
    fn sealed_vote(&self, worker: u32, index: TaskIndex, result: u32) -> Vote {
        let key = self.worker(worker);
        Vote {
            seal: sealed(&key, self.id, index, self.digest(result), SALT),
            commitment: H256::zero(),
            ..self.vote(worker, index, result, VoteStatus::Committed)
        }
    }

    fn opening(&self, index: TaskIndex, result: u32) -> Opening {
        Opening {
            index,
            outcome: outcome(result),
            trace: TRACE,
            locator: longest_locator(),
            inline: longest_inline(),
        }
    }

    /// Result number 1 has won by the votes of the first of these workers, half of them; the others
    /// voted otherwise. Of the group, the first has not revealed.
    fn revealing(&self, index: TaskIndex, voters: &[u32]) -> Task {
        let half = voters.len().div_ceil(2);
        let votes = voters
            .iter()
            .enumerate()
            .map(|(place, worker)| match place {
                0 => self.vote(*worker, index, 1, VoteStatus::Committed),
                _ if place < half => self.vote(*worker, index, 1, VoteStatus::Revealed),
                _ => self.vote(*worker, index, 2, VoteStatus::Committed),
            })
            .collect();
        let status = TaskStatus::Revealing {
            commitment: self.commitment(index, 1),
            since: self.deal.started,
            revealed: (half > 1).then(|| (outcome(1), longest_locator())),
        };
        task(status, votes)
    }

    /// A race: all but the first of the workers have opened; half of them have found result number 1,
    /// each of the others one of its own.
    fn opened(&self, index: TaskIndex, voters: &[u32]) -> Task {
        let half = voters.len().div_ceil(2).max(3);
        let result = |place: usize| match place {
            _ if place < half => 1,
            _ => place as u32 + 1,
        };
        let votes: Vec<Vote> = voters
            .iter()
            .enumerate()
            .map(|(place, worker)| match place {
                0 => self.sealed_vote(*worker, index, result(0)),
                _ => self.vote(*worker, index, result(place), VoteStatus::Revealed),
            })
            .collect();
        let mut results: Vec<OpenedResult> = Vec::new();
        for (place, vote) in votes.iter().enumerate().skip(1) {
            if results
                .iter()
                .all(|known| known.commitment != vote.commitment)
            {
                results.push(opened_result(vote.commitment, result(place) as u8));
            }
        }
        let status = TaskStatus::Opening {
            since: self.deal.started,
            seed: H256::zero(),
            results: BoundedVec::truncate_from(results),
        };
        task(status, votes)
    }

    /// Puts tasks on record, and locks the stakes of all votes of the scene's workers.
    fn put<T: Config>(&self, tasks: impl IntoIterator<Item = (TaskIndex, Task)>) {
        let mut stakes: BTreeMap<AccountId, u32> = BTreeMap::new();
        let (mut touched, mut most_votes, mut open_votes) = (0u32, 0u32, 0u32);
        let (mut number, mut page) = (0u32, TaskPage::default());
        let mut is_used = false;
        for (index, task) in tasks {
            if page_of(index) != number && is_used {
                TaskPages::<T>::insert(self.id, number, &page);
                page = TaskPage::default();
            }
            (number, is_used) = (page_of(index), true);
            touched += 1;
            most_votes = most_votes.max(task.votes.len() as u32);
            open_votes += task.open_votes();
            for vote in &task.votes {
                if vote.status != VoteStatus::Rejected {
                    *stakes.entry(vote.worker.clone()).or_default() += 1;
                }
            }
            *page.slot_mut(index).expect("every index has a place") = Some(task);
        }
        TaskPages::<T>::insert(self.id, number, &page);
        for worker in &self.workers {
            let votes = stakes.get(worker).copied().unwrap_or_default();
            T::Staking::lock(worker, self.deal.worker_stake * u128::from(votes));
        }
        Progress::<T>::mutate(self.id, |progress| {
            progress.touched = touched;
            progress.most_votes = most_votes;
            progress.open_votes = open_votes;
        });
    }

    /// Fills the first page: this task, and others that nobody looks at, with so many votes each.
    fn put_first<T: Config>(&self, task: Task, votes: u32) {
        let others = (1..TASKS_PER_PAGE).map(|index| (index, self.bystander(index, votes)));
        self.put::<T>([(0, task)].into_iter().chain(others));
    }

    /// The largest task with so many votes, by accounts that have no part in the benchmark.
    fn bystander(&self, index: TaskIndex, votes: u32) -> Task {
        let since = self.deal.started;
        if self.deal.verification.is_sealed() {
            let status = TaskStatus::Opening {
                since,
                seed: H256::repeat_byte(1),
                results: BoundedVec::truncate_from((0..votes).map(any_result).collect()),
            };
            task(status, (0..votes).map(any_vote).collect())
        } else {
            let status = TaskStatus::Revealing {
                commitment: self.commitment(index, 1),
                since,
                revealed: Some((outcome(1), longest_locator())),
            };
            task(status, (0..votes).map(any_vote).collect())
        }
    }

    /// Ends tasks for the escrow, so that so many are left open.
    fn leave_open<T: Config>(&self, tasks: u32) {
        let ended = EndedTask {
            ending: Ending::Unavailable,
            slashed: 0,
        };
        let ended = vec![ended; self.deal.volume.saturating_sub(tasks) as usize];
        if !ended.is_empty() {
            T::Escrow::settle(self.id, &self.deal, &ended, T::Escrow::nothing());
        }
    }

    /// Makes a key the pool's authoriser whose signatures take longest to verify.
    fn authoriser<T: Config>(&self) -> ecdsa::Public {
        let key = ecdsa::Public::generate_pair(ECDSA, Some(b"//authoriser".to_vec()));
        let authoriser = MultiSigner::from(key).into_account();
        T::Registry::benchmark_authoriser(self.deal.pool, &authoriser);
        key
    }

    /// Lets the authoriser sign that the worker may contribute to every task.
    fn authorise<T: Config>(&self, worker: &AccountId) -> Authorisation {
        let (first, last) = (0, TaskIndex::MAX);
        let valid_until = BlockNumber::MAX;
        let genesis = genesis::<T>();
        let message = authorisation_message(genesis, worker, self.id, (first, last), valid_until);
        Authorisation {
            first,
            last,
            valid_until,
            signature: sign(&self.authoriser::<T>(), message),
        }
    }

    /// Lets the authoriser take these results from the worker.
    fn accept<T: Config>(&self, worker: &AccountId, results: &[Opening]) -> Signature {
        let digest = |result: &Opening| {
            let digest = result_digest(self.deal.execution_version, &result.outcome, TRACE);
            (result.index, digest)
        };
        let digests: Vec<(TaskIndex, H256)> = results.iter().map(digest).collect();
        let message = acceptance_message(genesis::<T>(), worker, self.id, &digests);
        sign(&self.authoriser::<T>(), message)
    }

    /// Takes the deal's own entries off the agenda; only this errand is left, due now.
    fn leave_errand<T: Config>(&self, errand: Errand) {
        let others: Vec<_> = Agenda::<T>::iter_keys().collect();
        for (due, other) in others {
            Agenda::<T>::remove(due, other);
        }
        Agenda::<T>::insert(Due::starting(1), errand, ());
    }

    fn pass_deadlines<T: Config>(&self) {
        set_block::<T>(self.deal.final_deadline());
    }

    fn status<T: Config>(&self, index: TaskIndex) -> TaskStatus {
        let page = TaskPages::<T>::get(self.id, page_of(index));
        let task = page.and_then(|page| page.get(index).cloned());
        task.expect("the task is on record").status
    }

    fn assert_settled<T: Config>(&self, index: TaskIndex) {
        assert!(matches!(
            self.status::<T>(index),
            TaskStatus::Settled { .. }
        ));
    }

    fn assert_ended<T: Config>(&self) {
        assert!(matches!(
            T::Deals::status(self.id),
            Some(ergon_primitives::DealStatus::Ended(_))
        ));
    }
}

/// Items of a batch, and what else is on their pages.
struct Bag {
    /// Items with the votes of many; they fill pages of their own.
    crowded: u32,
    /// Votes of all crowded tasks together.
    votes: u32,
    /// Other items, and on how many pages they are.
    lonely: (u32, u32),
}

impl Bag {
    /// `items` on `pages`, of which [`CROWDED_PAGES`] have `layers` of votes.
    fn new(items: u32, pages: u32, layers: u32) -> Self {
        Self {
            crowded: CROWDED,
            votes: layers * TASKS_PER_PAGE,
            lonely: (items - CROWDED, pages - CROWDED_PAGES),
        }
    }

    /// The crowded tasks, and how many votes each has.
    fn crowded(&self) -> impl Iterator<Item = (TaskIndex, u32)> + '_ {
        (0..self.crowded).map(|index| (index, share(self.votes, self.crowded, index)))
    }

    /// The other items.
    fn lonely(&self) -> impl Iterator<Item = TaskIndex> + '_ {
        let (items, pages) = self.lonely;
        (0..pages).flat_map(move |page| {
            let first = self.crowded + page * TASKS_PER_PAGE;
            first..first + share(items, pages, page)
        })
    }

    fn all(&self) -> impl Iterator<Item = TaskIndex> + '_ {
        (0..self.crowded).chain(self.lonely())
    }

    fn volume(&self) -> u32 {
        self.crowded + self.lonely.1 * TASKS_PER_PAGE
    }
}

/// What part number `part` gets when `whole` is divided among `parts`, the first ones getting the
/// rest.
fn share(whole: u32, parts: u32, part: u32) -> u32 {
    whole / parts + u32::from(part < whole % parts)
}

/// As many different workers as asked for, not the first one; with each number others are first, and
/// in the end each was.
fn others(count: u32, number: u32, workers: u32) -> impl Iterator<Item = u32> {
    let rest = workers.saturating_sub(1).max(1);
    // A prime beyond the number of workers: it never goes round in a part of them only.
    (0..count).map(move |place| 1 + (number * 131 + place) % rest)
}

fn task(status: TaskStatus, votes: Vec<Vote>) -> Task {
    assert!(votes.len() <= MAX_CONTRIBUTORS as usize);
    Task {
        status,
        votes: BoundedVec::truncate_from(votes),
    }
}

fn any_vote(number: u32) -> Vote {
    Vote {
        worker: AccountId::new(hash(number).0),
        commitment: any_result(number).commitment,
        seal: H256::repeat_byte(2),
        weight: 8,
        status: match number {
            0 => VoteStatus::Committed,
            _ => VoteStatus::Revealed,
        },
    }
}

fn any_result(number: u32) -> OpenedResult {
    opened_result(hash(number), number as u8)
}

fn opened_result(commitment: H256, number: u8) -> OpenedResult {
    OpenedResult {
        commitment,
        outcome: outcome(number.into()),
        locator: longest_locator(),
    }
}

fn longest_locator() -> ResultLocator {
    ResultLocator::truncate_from(vec![b'l'; MAX_RESULT_LOCATOR as usize])
}

fn longest_inline() -> InlineResult {
    InlineResult::truncate_from(vec![b'i'; MAX_INLINE_RESULT as usize])
}

/// A remark that is as long as a callback may be.
fn longest_callback<T: Config>() -> Callback {
    let of = |length: usize| {
        let remark = vec![b'r'; length];
        let call: <T as Config>::RuntimeCall = frame_system::Call::<T>::remark { remark }.into();
        call.encode()
    };
    // The length of the length does not change so near the end.
    let most = MAX_CALLBACK as usize;
    let overhead = of(most).len() - most;
    Callback::truncate_from(of(most - overhead))
}

fn race(votes: u32) -> Verification {
    Verification::Race {
        referees: votes.saturating_sub(2) as u8,
    }
}

fn sign(key: &ecdsa::Public, message: H256) -> Signature {
    let signature = key
        .sign(ECDSA, &message)
        .expect("the key was generated before");
    Signature::Ecdsa(signature)
}

fn genesis<T: Config>() -> H256 {
    frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
}

fn set_block<T: Config>(block: BlockNumber) {
    frame_system::Pallet::<T>::set_block_number(block.into());
}

fn numbers(count: u32) -> Vec<u32> {
    (0..count).collect()
}

fn batch<Item>(items: Vec<Item>) -> crate::pallet::Batch<Item> {
    let length = items.len();
    let batch = BoundedVec::truncate_from(items);
    assert_eq!(batch.len(), length, "no more items than a batch can have");
    batch
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The last awaited vote of a task, authorised with the slowest kind of signature; from now on
    /// all are opened. Pages of deals with sealed votes are the largest ones.
    #[benchmark]
    fn contribute(v: Linear<1, 32>) {
        let verification = Verification::Blind { voters: v as u8 };
        let scene = Scene::of_a_page::<T>(verification, v);
        let last = v - 1;
        if last == 0 {
            let others = (1..TASKS_PER_PAGE).map(|index| (index, scene.bystander(index, v)));
            scene.put::<T>(others);
        } else {
            let votes = (0..last).map(|worker| scene.sealed_vote(worker, 0, 1));
            scene.put_first::<T>(task(TaskStatus::Active, votes.collect()), v);
        }
        let vote = scene.sealed_vote(last, 0, 1);
        let authorisation = scene.authorise::<T>(&vote.worker);
        let (id, stake) = (scene.id, scene.deal.worker_stake);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(vote.worker),
            id,
            0,
            vote.commitment,
            vote.seal,
            stake,
            Some(authorisation),
        );

        assert!(matches!(scene.status::<T>(0), TaskStatus::Opening { .. }));
    }

    /// The last awaited reveal, which settles the task.
    #[benchmark]
    fn reveal(v: Linear<1, 32>) {
        let scene = Scene::of_a_page::<T>(Verification::Replication, v);
        scene.put_first::<T>(scene.revealing(0, &numbers(v)), v);
        scene.leave_open::<T>(1);
        let (id, caller) = (scene.id, scene.worker(0));
        let Opening {
            outcome,
            trace,
            locator,
            inline,
            ..
        } = scene.opening(0, 1);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            id,
            0,
            outcome,
            trace,
            locator,
            inline,
        );

        scene.assert_settled::<T>(0);
        scene.assert_ended::<T>();
    }

    /// A race of which one racer stays silent.
    #[benchmark]
    fn finalise(v: Linear<3, 32>) {
        let scene = Scene::of_a_page::<T>(race(v), v);
        scene.put_first::<T>(scene.opened(0, &numbers(v)), v);
        scene.leave_open::<T>(1);
        scene.pass_deadlines::<T>();
        let id = scene.id;

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, 0);

        scene.assert_settled::<T>(0);
        scene.assert_ended::<T>();
    }

    /// All voters stayed silent and nothing can win any more: all are slashed and the task fails.
    #[benchmark]
    fn reopen(v: Linear<1, 32>) {
        let scene = Scene::of_a_page::<T>(Verification::Replication, v);
        let silent = (0..v).map(|worker| scene.vote(worker, 0, 1, VoteStatus::Committed));
        let status = TaskStatus::Revealing {
            commitment: scene.commitment(0, 1),
            since: scene.deal.started,
            revealed: None,
        };
        scene.put_first::<T>(task(status, silent.collect()), v);
        scene.leave_open::<T>(1);
        scene.pass_deadlines::<T>();
        let id = scene.id;

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, 0);

        assert!(matches!(scene.status::<T>(0), TaskStatus::Failed { .. }));
        assert!(
            scene
                .workers
                .iter()
                .all(|key| T::Reputation::score(key) == 0)
        );
        scene.assert_ended::<T>();
    }

    /// Settles a race of which one racer stays silent; failing it touches no more.
    #[benchmark]
    fn claim(v: Linear<3, 32>) {
        let scene = Scene::of_a_page::<T>(race(v), v);
        scene.put_first::<T>(scene.opened(0, &numbers(v)), v);
        scene.leave_open::<T>(1);
        scene.pass_deadlines::<T>();
        let id = scene.id;

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, 0);

        scene.assert_settled::<T>(0);
        scene.assert_ended::<T>();
    }

    /// All votes are live and give their stakes back.
    #[benchmark]
    fn claim_cancelled(v: Linear<3, 32>) {
        let scene = Scene::of_a_page::<T>(race(v), v);
        scene.put_first::<T>(scene.opened(0, &numbers(v)), v);
        scene.leave_open::<T>(1);
        T::Registry::benchmark_harmful(scene.deal.app);
        let id = scene.id;

        #[extrinsic_call]
        claim(RawOrigin::Signed(whitelisted_caller()), id, 0);

        assert!(matches!(scene.status::<T>(0), TaskStatus::Cancelled { .. }));
        scene.assert_ended::<T>();
    }

    /// Removes a deal of which so many records of each kind are left.
    #[benchmark]
    fn prune_deal(l: Linear<1, 256>) {
        let scene = Scene::new::<T>(Verification::Replication, 1, 0);
        let mut page = TaskPage::default();
        page.0.fill(Some(scene.bystander(0, MAX_CONTRIBUTORS)));
        for number in 0..l {
            TaskPages::<T>::insert(scene.id, number, &page);
            let scored: AccountId = account("scored", number, 0);
            T::Reputation::proven(&scored, scene.id, scene.deal.work_time);
            let revoked: AccountId = account("revoked", number, 0);
            Revoked::<T>::insert(scene.id, revoked, ());
        }
        Revocations::<T>::insert(scene.id, l);
        scene.leave_open::<T>(0);
        T::Escrow::close(scene.id, 0);
        T::Deals::end(scene.id, 1);
        let now = Pallet::<T>::now();
        Pallet::<T>::schedule_retirement(scene.id, &scene.deal);
        set_block::<T>(now.saturating_add(T::RetentionPeriod::get()));

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), scene.id, l);

        assert!(T::Deals::deal(scene.id).is_none());
        assert!(!Agenda::<T>::iter_keys().any(|(_, errand)| errand.deal() == scene.id));
    }

    /// By the pool's owner, for whom the authoriser is looked up in vain.
    #[benchmark]
    fn revoke() {
        let scene = Scene::new::<T>(Verification::Replication, 1, 1);
        let (worker, operator) = (scene.worker(0), scene.deal.operator.clone());
        T::Registry::benchmark_authoriser(scene.deal.pool, &worker);

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), scene.id, worker.clone());

        assert!(Revoked::<T>::contains_key(scene.id, &worker));
    }

    /// Each vote is the last one awaited. Tasks of the crowded pages have votes already.
    #[benchmark]
    fn contribute_many(i: Linear<320, 512>, p: Linear<64, 96>, v: Linear<64, 1_024>) {
        let bag = Bag::new(i, p, v);
        let workers = MAX_CONTRIBUTORS;
        let verification = Verification::Replication;
        let scene = Scene::new::<T>(verification, bag.volume(), workers);
        let voted = bag.crowded().map(|(index, votes)| {
            let votes = others(votes - 1, index, workers);
            let votes = votes.map(|other| scene.vote(other, index, 2, VoteStatus::Rejected));
            (index, task(TaskStatus::Active, votes.collect()))
        });
        scene.put::<T>(voted);
        let caller = scene.worker(0);
        let ballot = |index: TaskIndex| {
            let vote = scene.vote(0, index, 1, VoteStatus::Committed);
            Contribution {
                index,
                commitment: vote.commitment,
                seal: vote.seal,
            }
        };
        let items = batch(bag.all().map(ballot).collect());
        let authorisation = scene.authorise::<T>(&caller);
        let (id, stake) = (scene.id, scene.deal.worker_stake);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            id,
            items,
            stake,
            Some(authorisation),
            MAX_CONTRIBUTORS,
        );

        for index in bag.all() {
            assert!(matches!(
                scene.status::<T>(index),
                TaskStatus::Revealing { .. }
            ));
        }
    }

    /// Each reveal is the last one awaited, and settles its task. Those of the crowded pages have so
    /// many votes, of `w` workers together, each of which wins here and loses there; with fewer votes
    /// not every worker would do both.
    #[benchmark]
    fn reveal_many(
        i: Linear<320, 512>,
        p: Linear<64, 96>,
        v: Linear<256, 1_024>,
        w: Linear<33, 128>,
    ) {
        assert!(w <= MAX_BATCH_WORKERS);
        let bag = Bag::new(i, p, v);
        let scene = Scene::new::<T>(Verification::Replication, bag.volume(), w);
        let crowded = bag.crowded().map(|(index, votes)| {
            let voters: Vec<u32> = [0].into_iter().chain(others(votes - 1, index, w)).collect();
            (index, scene.revealing(index, &voters))
        });
        let lonely = bag
            .lonely()
            .map(|index| (index, scene.revealing(index, &[0])));
        scene.put::<T>(crowded.chain(lonely));
        scene.leave_open::<T>(i);
        let items = batch(bag.all().map(|index| scene.opening(index, 1)).collect());
        let (id, caller) = (scene.id, scene.worker(0));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id, items, MAX_CONTRIBUTORS);

        for index in bag.all() {
            scene.assert_settled::<T>(index);
        }
        scene.assert_ended::<T>();
    }

    /// Accepted with the slowest kind of signature.
    #[benchmark]
    fn contribute_and_finalise(v: Linear<1, 32>) {
        let scene = Scene::of_a_page::<T>(Verification::Replication, 1);
        let others = (1..TASKS_PER_PAGE).map(|index| (index, scene.bystander(index, v)));
        scene.put::<T>(others);
        scene.leave_open::<T>(1);
        let caller = scene.worker(0);
        let result = scene.opening(0, 1);
        let acceptance = scene.accept::<T>(&caller, core::slice::from_ref(&result));
        let id = scene.id;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id, result, acceptance);

        scene.assert_settled::<T>(0);
        scene.assert_ended::<T>();
    }

    /// Half of each page at most are items; the other tasks have all the votes.
    #[benchmark]
    fn contribute_and_finalise_many(i: Linear<96, 256>, p: Linear<64, 96>, v: Linear<96, 1_024>) {
        let half = TASKS_PER_PAGE / 2;
        let scene = Scene::new::<T>(Verification::Replication, p * TASKS_PER_PAGE, 1);
        let voted = (0..p).flat_map(|page| {
            let votes = share(v, p, page) * TASKS_PER_PAGE;
            let first = page * TASKS_PER_PAGE + half;
            (0..half).map(move |place| (first + place, share(votes, half, place)))
        });
        scene.put::<T>(voted.map(|(index, votes)| (index, scene.bystander(index, votes))));
        scene.leave_open::<T>(i);
        let items: Vec<Opening> = (0..p)
            .flat_map(|page| {
                let first = page * TASKS_PER_PAGE;
                first..first + share(i, p, page)
            })
            .map(|index| scene.opening(index, 1))
            .collect();
        let caller = scene.worker(0);
        let acceptance = scene.accept::<T>(&caller, &items);
        let indexes: Vec<TaskIndex> = items.iter().map(|item| item.index).collect();
        let (id, items) = (scene.id, batch(items));

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            id,
            items,
            acceptance,
            MAX_CONTRIBUTORS,
        );

        for index in indexes {
            scene.assert_settled::<T>(index);
        }
        scene.assert_ended::<T>();
    }

    /// The last awaited opening of a race. The block of the last vote is not known any more.
    #[benchmark]
    fn open_sealed(v: Linear<2, 32>) {
        let scene = Scene::of_a_page::<T>(race(v), v);
        scene.put_first::<T>(scene.opened(0, &numbers(v)), v);
        scene.leave_open::<T>(1);
        set_block::<T>(scene.deal.started.saturating_add(1));
        let (id, caller) = (scene.id, scene.worker(0));
        let result = scene.opening(0, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id, result, SALT);

        scene.assert_settled::<T>(0);
        scene.assert_ended::<T>();
    }

    /// All tasks of the deal, which ends.
    #[benchmark]
    fn cancel() {
        let scene = Scene::of_a_page::<T>(Verification::Replication, 0);
        let payer = scene.deal.payer.clone();

        #[extrinsic_call]
        _(RawOrigin::Signed(payer), scene.id);

        assert!(matches!(
            Progress::<T>::get(scene.id).untouched,
            Untouched::Cancelled { .. }
        ));
        scene.assert_ended::<T>();
    }

    /// An entry of a deal that has ended meanwhile: it is dropped.
    #[benchmark]
    fn sweep_base() {
        let scene = Scene::new::<T>(Verification::Replication, 1, 0);
        scene.leave_open::<T>(0);
        T::Escrow::close(scene.id, 0);
        T::Deals::end(scene.id, 0);
        scene.leave_errand::<T>(Errand::Reveals(scene.id, 0));

        #[block]
        {
            assert!(Sweeper::<T>::new().step(&mut WeightMeter::new()));
        }

        assert_eq!(Agenda::<T>::iter_keys().count(), 0);
    }

    /// The end of a deal comes to a page of which every task is still in time.
    #[benchmark]
    fn sweep_page(v: Linear<1, 32>) {
        let scene = Scene::of_a_page::<T>(race(v.max(2)), 0);
        scene.put_first::<T>(scene.bystander(0, v), v);
        scene.leave_errand::<T>(Errand::Final(scene.id));

        #[block]
        {
            assert!(Sweeper::<T>::new().step(&mut WeightMeter::new()));
        }

        assert_eq!(SweepCursor::<T>::get(scene.id), Some(0));
    }

    /// The end of a deal comes to a page with `n` tasks whose races are settled without one racer
    /// each; they have `v` votes together, each of a worker of its own. The other tasks of the page
    /// are as large as tasks can be.
    #[benchmark]
    fn sweep_tasks(n: Linear<4, 8>, v: Linear<24, 128>) {
        let scene = Scene::of_a_page::<T>(race(MAX_CONTRIBUTORS), v);
        let mut first = 0;
        let due: Vec<(TaskIndex, Task)> = (0..n)
            .map(|index| {
                let voters: Vec<u32> = (first..).take(share(v, n, index) as usize).collect();
                first += voters.len() as u32;
                (index, scene.opened(index, &voters))
            })
            .collect();
        let others = (n..TASKS_PER_PAGE).map(|index| {
            let mut task = scene.bystander(index, MAX_CONTRIBUTORS);
            if let TaskStatus::Opening { since, .. } = &mut task.status {
                *since = scene.deal.final_deadline();
            }
            (index, task)
        });
        scene.put::<T>(due.into_iter().chain(others));
        scene.leave_open::<T>(n);
        scene.pass_deadlines::<T>();
        scene.leave_errand::<T>(Errand::Final(scene.id));

        #[block]
        {
            assert!(Sweeper::<T>::new().step(&mut WeightMeter::new()));
        }

        for index in 0..n {
            scene.assert_settled::<T>(index);
        }
        scene.assert_ended::<T>();
    }

    /// All tasks of the deal, which ends.
    #[benchmark]
    fn sweep_untouched() {
        let scene = Scene::of_a_page::<T>(Verification::Replication, 0);
        SweepCursor::<T>::insert(scene.id, 0);
        scene.pass_deadlines::<T>();
        scene.leave_errand::<T>(Errand::Final(scene.id));

        #[block]
        {
            assert!(Sweeper::<T>::new().step(&mut WeightMeter::new()));
        }

        assert!(matches!(
            Progress::<T>::get(scene.id).untouched,
            Untouched::Failed { .. }
        ));
        scene.assert_ended::<T>();
    }

    /// A look at an empty queue.
    #[benchmark]
    fn callback_base() {
        #[block]
        {
            assert!(!Pallet::<T>::serve_callback(&mut WeightMeter::new()));
        }

        assert!(CallbackEnds::<T>::get().is_empty());
    }

    /// The only callback that waits, as long as it may be. What it calls is charged for apart, but
    /// is measured here too, because it is made.
    #[benchmark]
    fn callback() {
        let scene = Scene::new::<T>(Verification::Replication, 1, 0);
        Pallet::<T>::queue_callback(scene.id, 0);
        let mut meter = WeightMeter::new();

        #[block]
        {
            assert!(Pallet::<T>::serve_callback(&mut meter));
        }

        assert!(meter.consumed() != Weight::zero());
        assert_eq!(CallbackQueue::<T>::iter_keys().count(), 0);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
