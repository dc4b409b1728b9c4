//! The transactions that are measured: votes and reveals, signed beforehand.

use crate::{
    actors::{Actors, Key, Worker},
    setting::{Calls, Scheme, Setting},
    setup::Bag,
};
use anyhow::Result;
use ergon_primitives::{
    AccountId, Authorisation, Balance, BlockNumber, Contribution, DealId, ERG, EXECUTION_VERSION_1,
    Opening, Outcome, ResultLocator, Signature, TaskIndex, acceptance_message,
    authorisation_message, commitment, domain_hash, result_digest, seal,
};
use ergon_runtime::{Runtime, RuntimeCall, opaque::UncheckedExtrinsic as Transaction};
use sp_core::H256;
use sp_runtime::BoundedVec;
use std::ops::Range;

type PocoCall = pallet_poco::Call<Runtime>;

/// The most that a vote may lock.
const MAX_STAKE: Balance = ERG;
/// Authorisations are valid as long as the deal.
const FOR_EVER: BlockNumber = BlockNumber::MAX;

/// All that is to be done for a row.
#[derive(Default)]
pub struct Work {
    /// What is sent one after the other: votes, then reveals; each in the order of the tasks.
    pub stages: Vec<Vec<Transaction>>,
    /// Signatures of workers under transactions.
    pub worker_signatures: u32,
    /// Signatures of the pool's authoriser within them.
    pub pool_signatures: u32,
}

impl Work {
    /// Signs everything.
    pub fn sign(
        genesis: H256,
        actors: &mut Actors,
        bags: &[Bag],
        setting: &Setting,
    ) -> Result<Self> {
        let mut clerk = Clerk {
            genesis,
            operator: &actors.operator.key,
            setting,
            work: Self::default(),
        };
        let workers = &mut actors.workers;
        if setting.scheme == Scheme::ContributeAndFinalise {
            clerk.stage(workers, bags, Clerk::accepted_result)?;
        } else {
            // All votes before the first reveal: what a worker earns must not change the weight of
            // its later votes, else fewer of them would do.
            clerk.stage(workers, bags, Clerk::vote)?;
            clerk.stage(workers, bags, Clerk::reveal)?;
        }
        Ok(clerk.work)
    }
}

/// What a worker has to do: some tasks of a deal, neighbours.
struct Errand<'a> {
    worker: &'a AccountId,
    is_wrong: bool,
    deal: DealId,
    indexes: Range<TaskIndex>,
    /// The pool's word that the worker may work on the deal.
    authorisation: &'a Authorisation,
}

impl Errand<'_> {
    fn openings(&self) -> Vec<Opening> {
        let opening = |index| opening(self.deal, index, self.is_wrong);
        self.indexes.clone().map(opening).collect()
    }

    fn contributions(&self) -> Vec<Contribution> {
        let openings = self.openings();
        openings.iter().map(|it| self.contribution(it)).collect()
    }

    fn contribution(&self, opening: &Opening) -> Contribution {
        let (deal, index, digest) = (self.deal, opening.index, digest(opening));
        Contribution {
            index,
            commitment: commitment(deal, index, digest),
            seal: seal(self.worker, deal, index, digest),
        }
    }
}

/// The result that a task settles with.
pub fn result(deal: DealId, index: TaskIndex) -> Outcome {
    opening(deal, index, false).outcome
}

/// What a worker says came of a task.
fn opening(deal: DealId, index: TaskIndex, is_wrong: bool) -> Opening {
    let root = domain_hash("bench/root", &(deal, index, is_wrong));
    Opening {
        index,
        outcome: Outcome::Success(root),
        trace: domain_hash("bench/trace", &(deal, index)),
        locator: ResultLocator::truncate_from(format!("{root:?}").into_bytes()),
        inline: Default::default(),
    }
}

fn digest(opening: &Opening) -> H256 {
    result_digest(EXECUTION_VERSION_1, &opening.outcome, opening.trace)
}

/// Writes and signs transactions.
struct Clerk<'a> {
    genesis: H256,
    operator: &'a Key,
    setting: &'a Setting,
    work: Work,
}

/// The call that does an errand, if there is one.
type Step<'a> = fn(&mut Clerk<'a>, &Errand<'_>) -> Option<PocoCall>;

impl<'a> Clerk<'a> {
    /// Adds a stage in which every worker does a step for each task.
    fn stage(&mut self, workers: &mut [Worker], bags: &[Bag], step: Step<'a>) -> Result<()> {
        let mut stage = Vec::new();
        for bag in bags {
            let passes: Vec<Authorisation> = workers
                .iter()
                .map(|worker| self.authorise(&worker.machine.account, bag))
                .collect();
            for indexes in slices(bag.volume, self.setting.tasks_per_call()) {
                for (number, worker) in workers.iter_mut().enumerate() {
                    let account = worker.machine.account.clone();
                    let errand = Errand {
                        worker: &account,
                        is_wrong: self.setting.scheme.is_wrong(number),
                        deal: bag.deal,
                        indexes: indexes.clone(),
                        authorisation: &passes[number],
                    };
                    if let Some(call) = step(self, &errand) {
                        let call = RuntimeCall::Poco(call);
                        stage.push(worker.machine.transaction(self.genesis, call)?);
                        self.work.worker_signatures += 1;
                    }
                }
            }
        }
        self.work.stages.push(stage);
        Ok(())
    }

    fn authorise(&self, worker: &AccountId, bag: &Bag) -> Authorisation {
        let (first, last) = (0, bag.volume.saturating_sub(1));
        let range = (first, last);
        let message = authorisation_message(self.genesis, worker, bag.deal, range, FOR_EVER);
        Authorisation {
            first,
            last,
            valid_until: FOR_EVER,
            signature: self.operator.sign(message.as_bytes()),
        }
    }

    fn accept(&mut self, errand: &Errand<'_>, openings: &[Opening]) -> Signature {
        let results: Vec<_> = openings.iter().map(|it| (it.index, digest(it))).collect();
        let message = acceptance_message(self.genesis, errand.worker, errand.deal, &results);
        self.work.pool_signatures += 1;
        self.operator.sign(message.as_bytes())
    }

    /// Votes that any task of the deal has at most, as the caller knows.
    fn max_votes(&self) -> u32 {
        self.setting.scheme.workers()
    }

    fn vote(&mut self, errand: &Errand<'_>) -> Option<PocoCall> {
        self.work.pool_signatures += 1;
        let deal = errand.deal;
        let authorisation = Some(errand.authorisation.clone());
        let mut items = errand.contributions();
        Some(match self.setting.calls {
            Calls::Batch => PocoCall::contribute_many {
                deal,
                items: BoundedVec::truncate_from(items),
                max_stake: MAX_STAKE,
                authorisation,
                max_votes: self.max_votes(),
            },
            Calls::Single => {
                let Contribution {
                    index,
                    commitment,
                    seal,
                } = items.pop()?;
                PocoCall::contribute {
                    deal,
                    index,
                    commitment,
                    seal,
                    max_stake: MAX_STAKE,
                    authorisation,
                }
            }
        })
    }

    fn reveal(&mut self, errand: &Errand<'_>) -> Option<PocoCall> {
        if errand.is_wrong {
            return None;
        }
        let deal = errand.deal;
        let mut items = errand.openings();
        Some(match self.setting.calls {
            Calls::Batch => PocoCall::reveal_many {
                deal,
                items: BoundedVec::truncate_from(items),
                max_votes: self.max_votes(),
            },
            Calls::Single => {
                let Opening {
                    index,
                    outcome,
                    trace,
                    locator,
                    inline,
                } = items.pop()?;
                PocoCall::reveal {
                    deal,
                    index,
                    outcome,
                    trace,
                    locator,
                    inline,
                }
            }
        })
    }

    fn accepted_result(&mut self, errand: &Errand<'_>) -> Option<PocoCall> {
        let deal = errand.deal;
        let mut results = errand.openings();
        let acceptance = self.accept(errand, &results);
        Some(match self.setting.calls {
            Calls::Batch => PocoCall::contribute_and_finalise_many {
                deal,
                results: BoundedVec::truncate_from(results),
                acceptance,
                max_votes: self.max_votes(),
            },
            Calls::Single => PocoCall::contribute_and_finalise {
                deal,
                result: results.pop()?,
                acceptance,
            },
        })
    }
}

/// The indexes of a bag, cut into slices of at most this many.
fn slices(volume: u32, most: u32) -> impl Iterator<Item = Range<TaskIndex>> {
    let step = most.max(1);
    let starts = (0..volume).step_by(step as usize);
    starts.map(move |start| start..start.saturating_add(step).min(volume))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(scheme: Scheme, calls: Calls) -> Vec<usize> {
        let setting = Setting {
            scheme,
            calls,
            bag: 5,
            deals: 2,
            batch: 3,
        };
        let bags = [1, 2].map(|number| Bag {
            deal: DealId(H256::repeat_byte(number)),
            volume: 5,
        });
        let mut actors = Actors::new(scheme.workers()).unwrap();
        let work = Work::sign(H256::zero(), &mut actors, &bags, &setting).unwrap();
        let stages: Vec<usize> = work.stages.iter().map(Vec::len).collect();
        assert_eq!(
            stages.iter().sum::<usize>(),
            work.worker_signatures as usize
        );
        stages
    }

    #[test]
    fn every_task_of_a_bag_is_in_one_slice() {
        let slices: Vec<_> = slices(5, 2).collect();
        assert_eq!(slices, [0..2u32, 2..4, 4..5]);
        assert_eq!(super::slices(3, 512).count(), 1);
    }

    #[test]
    fn every_worker_votes_and_those_who_are_right_reveal() {
        assert_eq!(work(Scheme::ContributeAndFinalise, Calls::Single), [10]);
        assert_eq!(work(Scheme::One, Calls::Single), [10, 10]);
        assert_eq!(work(Scheme::FiveOneWrong, Calls::Single), [50, 40]);
        assert_eq!(work(Scheme::Three, Calls::Batch), [12, 12]);
    }

    #[test]
    fn a_wrong_worker_has_another_result() {
        let deal = DealId(H256::zero());
        assert_eq!(opening(deal, 0, false).outcome, result(deal, 0));
        assert_ne!(opening(deal, 0, true).outcome, result(deal, 0));
        assert_ne!(result(deal, 1), result(deal, 0));
    }
}
