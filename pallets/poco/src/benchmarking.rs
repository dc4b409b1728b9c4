//! What the calls cost at their worst: a task with as many votes as it can have, all of which the
//! end touches.

use crate::{Call, Config, Pallet, Revocations, Revoked, Tasks};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Authorisation, BlockNumber, DAYS, Deal, DealId, InlineResult, MAX_CONTRIBUTORS,
    MAX_INLINE_RESULT, MAX_RESULT_LOCATOR, MAX_TRUST, Outcome, ResultLocator, Scheduling, Score,
    Signature, Task, TaskIndex, TaskStatus, Vote, VoteStatus, authorisation_message, commitment,
    result_digest, seal,
    traits::{Deals, Registry, Reputation, WorkerStaking},
};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use sp_core::{H256, ecdsa, testing::ECDSA};
use sp_runtime::{
    MultiSigner,
    app_crypto::RuntimePublic,
    traits::{IdentifyAccount, Zero},
};

/// How many of a task's voters win; the others lose. A winner costs about as much as a loser.
const WINNERS: u32 = MAX_CONTRIBUTORS / 2;
/// Fresh voters that make a consensus for the highest trust.
const NEEDED: u32 = 12;

const WINNING: Outcome = Outcome::Success(H256::repeat_byte(1));
const LOSING: Outcome = Outcome::Success(H256::repeat_byte(2));
const TRACE: H256 = H256::repeat_byte(3);

/// A deal, and as many workers in its pool as can vote on a task, each with an owner of its own.
struct Scene {
    id: DealId,
    deal: Deal,
    workers: Vec<AccountId>,
}

impl Scene {
    fn new<T: Config>(volume: u32) -> Self {
        // Late enough for workers that joined at genesis, whatever delay they have to wait.
        frame_system::Pallet::<T>::set_block_number((30 * DAYS).into());
        let owners: Vec<AccountId> = (0..MAX_CONTRIBUTORS)
            .map(|number| account("owner", number, 0))
            .collect();
        let workers: Vec<AccountId> = (0..MAX_CONTRIBUTORS)
            .map(|number| account("worker", number, 0))
            .collect();
        let (id, deal) = T::Deals::benchmark_deal(&owners, volume, MAX_TRUST);
        for (worker, owner) in workers.iter().zip(&owners) {
            T::Staking::benchmark_worker(worker, owner, deal.pool);
            // Proven once in another deal: a score of 0 cannot fall, and is not written when it
            // should.
            T::Reputation::proven(worker, DealId(H256::zero()), 0);
        }
        assert_eq!(
            deal.scheduling,
            Scheduling::Authorised,
            "benchmark pools schedule their workers"
        );
        let scene = Self { id, deal, workers };
        assert!(
            scene.scores::<T>().iter().all(|score| *score > 0),
            "every score can rise and fall"
        );
        scene
    }

    fn scores<T: Config>(&self) -> Vec<Score> {
        self.workers.iter().map(T::Reputation::score).collect()
    }

    fn index(&self) -> TaskIndex {
        self.deal.first_index
    }

    fn digest(&self, outcome: &Outcome) -> H256 {
        result_digest(self.deal.execution_version, outcome, TRACE)
    }

    fn commitment(&self, outcome: &Outcome) -> H256 {
        commitment(self.id, self.index(), self.digest(outcome))
    }

    fn vote(&self, number: u32, outcome: &Outcome, status: VoteStatus) -> Vote {
        let worker = self.workers[number as usize].clone();
        let seal = seal(&worker, self.id, self.index(), self.digest(outcome));
        let (commitment, weight) = (self.commitment(outcome), 8);
        Vote {
            worker,
            commitment,
            seal,
            weight,
            status,
        }
    }

    /// The first half of the workers voted for the winning result, the others against it.
    fn divided_votes(&self, winners: VoteStatus) -> Vec<Vote> {
        (0..MAX_CONTRIBUTORS)
            .map(|number| {
                if number < WINNERS {
                    self.vote(number, &WINNING, winners)
                } else {
                    self.vote(number, &LOSING, VoteStatus::Committed)
                }
            })
            .collect()
    }

    /// Puts a revealing task with these votes on record, their stakes locked.
    fn put_revealing<T: Config>(&self, votes: Vec<Vote>) {
        for vote in &votes {
            let Deal {
                pool,
                started,
                worker_stake,
                ..
            } = self.deal;
            let locked = T::Staking::lock(&vote.worker, pool, started, worker_stake);
            assert!(locked.is_ok(), "benchmark workers have stake enough");
        }
        let revealed = votes
            .iter()
            .any(|vote| vote.status == VoteStatus::Revealed)
            .then(|| (WINNING, longest_locator()));
        let (commitment, since) = (self.commitment(&WINNING), Pallet::<T>::now());
        let status = TaskStatus::Revealing {
            commitment,
            since,
            revealed,
        };
        self.put::<T>(self.index(), status, votes);
    }

    fn put<T: Config>(&self, index: TaskIndex, status: TaskStatus, votes: Vec<Vote>) {
        let mut task = Task {
            status,
            ..Default::default()
        };
        for vote in votes {
            assert!(
                task.votes.try_push(vote).is_ok(),
                "not more votes than a task can have"
            );
        }
        Tasks::<T>::insert(self.id, index, task);
    }

    /// Makes a key the pool's authoriser whose signatures take longest to verify, and lets it sign
    /// for the worker.
    fn authorise<T: Config>(&self, worker: &AccountId) -> Authorisation {
        let key = ecdsa::Public::generate_pair(ECDSA, Some(b"//authoriser".to_vec()));
        let authoriser = MultiSigner::from(key).into_account();
        T::Registry::benchmark_authoriser(self.deal.pool, &authoriser);

        let (first, last) = (self.index(), self.index());
        let valid_until = BlockNumber::MAX;
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let message = authorisation_message(genesis, worker, self.id, (first, last), valid_until);
        let signature = key
            .sign(ECDSA, &message)
            .expect("the key was generated before");
        Authorisation {
            first,
            last,
            valid_until,
            signature: Signature::Ecdsa(signature),
        }
    }

    fn pass_deadlines<T: Config>(&self) {
        let block = self.deal.final_deadline();
        frame_system::Pallet::<T>::set_block_number(block.into());
    }

    fn assert_ended<T: Config>(&self) {
        let task = Tasks::<T>::get(self.id, self.index());
        assert!(task.is_some_and(|task| task.has_ended()));
    }
}

fn longest_locator() -> ResultLocator {
    ResultLocator::truncate_from(alloc::vec![b'l'; MAX_RESULT_LOCATOR as usize])
}

fn longest_inline() -> InlineResult {
    InlineResult::truncate_from(alloc::vec![b'i'; MAX_INLINE_RESULT as usize])
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The last vote that fits, authorised with the slowest kind of signature; it brings a
    /// consensus.
    #[benchmark]
    fn contribute() {
        let scene = Scene::new::<T>(1);
        let last = MAX_CONTRIBUTORS - 1;
        let mut votes = scene.divided_votes(VoteStatus::Committed);
        votes.truncate(last as usize);
        for (number, vote) in (0..).zip(votes.iter_mut()) {
            vote.commitment = scene.commitment(&WINNING);
            vote.weight = 2;
            if number >= NEEDED - 1 {
                vote.status = VoteStatus::Rejected;
            }
        }
        scene.put::<T>(scene.index(), TaskStatus::Active, votes);
        let Vote {
            worker,
            commitment,
            seal,
            ..
        } = scene.vote(last, &WINNING, VoteStatus::Committed);
        let (id, index, stake) = (scene.id, scene.index(), scene.deal.worker_stake);
        let authorisation = scene.authorise::<T>(&worker);

        #[extrinsic_call]
        _(
            RawOrigin::Signed(worker),
            id,
            index,
            commitment,
            seal,
            stake,
            Some(authorisation),
        );

        let task = Tasks::<T>::get(scene.id, scene.index());
        assert!(task.is_some_and(|task| matches!(task.status, TaskStatus::Revealing { .. })));
    }

    /// The last awaited reveal, which settles the task.
    #[benchmark]
    fn reveal() {
        let scene = Scene::new::<T>(1);
        let mut votes = scene.divided_votes(VoteStatus::Revealed);
        votes[0].status = VoteStatus::Committed;
        let caller = votes[0].worker.clone();
        scene.put_revealing::<T>(votes);
        let (id, index) = (scene.id, scene.index());

        #[extrinsic_call]
        _(
            RawOrigin::Signed(caller),
            id,
            index,
            WINNING,
            TRACE,
            longest_locator(),
            longest_inline(),
        );

        scene.assert_ended::<T>();
    }

    #[benchmark]
    fn finalise() {
        let scene = Scene::new::<T>(1);
        scene.put_revealing::<T>(scene.divided_votes(VoteStatus::Revealed));
        scene.pass_deadlines::<T>();
        let (id, index) = (scene.id, scene.index());

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, index);

        scene.assert_ended::<T>();
    }

    /// All voters stayed silent and nothing can win any more: all are slashed and the task fails.
    #[benchmark]
    fn reopen() {
        let scene = Scene::new::<T>(1);
        let silent = (0..MAX_CONTRIBUTORS)
            .map(|number| scene.vote(number, &WINNING, VoteStatus::Committed))
            .collect();
        scene.put_revealing::<T>(silent);
        scene.pass_deadlines::<T>();
        let (id, index) = (scene.id, scene.index());

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, index);

        scene.assert_ended::<T>();
        assert!(scene.scores::<T>().iter().all(|score| *score == 0));
    }

    /// Settles the task; failing it touches no more.
    #[benchmark]
    fn claim() {
        let scene = Scene::new::<T>(1);
        scene.put_revealing::<T>(scene.divided_votes(VoteStatus::Revealed));
        scene.pass_deadlines::<T>();
        let (id, index) = (scene.id, scene.index());

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, index);

        scene.assert_ended::<T>();
    }

    /// All votes are live and give their stakes back.
    #[benchmark]
    fn claim_cancelled() {
        let scene = Scene::new::<T>(1);
        scene.put_revealing::<T>(scene.divided_votes(VoteStatus::Revealed));
        T::Registry::benchmark_harmful(scene.deal.app);
        let (id, index) = (scene.id, scene.index());

        #[extrinsic_call]
        claim(RawOrigin::Signed(whitelisted_caller()), id, index);

        let task = Tasks::<T>::get(scene.id, scene.index());
        assert!(task.is_some_and(|task| matches!(task.status, TaskStatus::Cancelled { .. })));
    }

    /// By the pool's owner, for whom the authoriser is looked up in vain.
    #[benchmark]
    fn revoke() {
        let scene = Scene::new::<T>(1);
        let worker = scene.workers[0].clone();
        let operator = scene.deal.operator.clone();
        T::Registry::benchmark_authoriser(scene.deal.pool, &worker);

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), scene.id, worker.clone());

        assert!(Revoked::<T>::contains_key(scene.id, &worker));
    }

    /// Removes a deal whose tasks have all the votes they can have, and as many revocations and
    /// score records.
    #[benchmark]
    fn prune_deal(n: Linear<1, 256>) {
        let scene = Scene::new::<T>(n);
        for index in (scene.index()..).take(n as usize) {
            let votes = scene.divided_votes(VoteStatus::Committed);
            scene.put::<T>(index, TaskStatus::Failed { at: 0 }, votes);
            T::Reputation::proven(&account("scored", index, 0), scene.id, scene.deal.work_time);
            let revoked: AccountId = account("revoked", index, 0);
            Revoked::<T>::insert(scene.id, revoked, ());
        }
        Revocations::<T>::insert(scene.id, n);
        T::Deals::end(scene.id, n);
        let due = scene
            .deal
            .final_deadline()
            .saturating_add(T::RetentionPeriod::get());
        frame_system::Pallet::<T>::set_block_number(due.into());

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), scene.id, n);

        assert!(T::Deals::deal(scene.id).is_none());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
