//! Batches: many tasks of one deal in one call. Items are refused alone, and the call says which.

use crate::{Config, Error, Event, MAX_BATCH_WORKERS, WeightInfo, desk::Desk};
use alloc::vec::Vec;
use ergon_primitives::{
    AccountId, Contribution, DealId, MAX_CONTRIBUTORS, Opening, TaskIndex, page_of,
};
use frame_support::{ensure, weights::Weight};
use sp_runtime::DispatchError;

/// What is done on one task.
pub(crate) trait Item {
    /// The task.
    fn index(&self) -> TaskIndex;
}

impl Item for Contribution {
    fn index(&self) -> TaskIndex {
        self.index
    }
}

impl Item for Opening {
    fn index(&self) -> TaskIndex {
        self.index
    }
}

/// Why a batch is worked off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Aim {
    /// It is made: items are refused alone.
    Make,
    /// It is judged: the first refused item is enough to call it useless.
    Judge,
}

/// Items of a batch that were refused, and why.
pub(crate) struct Refusals<T> {
    worker: AccountId,
    /// The refused items, ascending.
    pub items: Vec<(TaskIndex, Error<T>)>,
}

impl<T: Config> Refusals<T> {
    /// What the call says of them.
    pub(crate) fn into_event(self, deal: DealId) -> Event<T> {
        let items = self.items.into_iter();
        Event::ItemsRefused {
            deal,
            worker: self.worker,
            items: items
                .map(|(index, refusal)| (index, DispatchError::from(refusal)))
                .collect(),
        }
    }
}

/// Whether the batch names tasks in order, each once.
pub(crate) fn ensure_ascending<T>(items: &[impl Item]) -> Result<(), Error<T>> {
    ensure!(!items.is_empty(), Error::<T>::EmptyBatch);
    let indexes = items.iter().map(|item| item.index());
    let is_ascending = indexes
        .clone()
        .zip(indexes.skip(1))
        .all(|(one, next)| one < next);
    ensure!(is_ascending, Error::<T>::NotAscending);
    Ok(())
}

impl<T: Config> Desk<T> {
    /// Works off a batch. When every item is refused, so is the batch, for the first one's reason.
    pub(crate) fn work_off<I: Item>(
        &mut self,
        aim: Aim,
        worker: &AccountId,
        batch: impl IntoIterator<Item = I>,
        mut work: impl FnMut(&mut Self, I) -> Result<(), Error<T>>,
    ) -> Result<(), Error<T>> {
        let mut items = Vec::new();
        let mut is_useful = false;
        for item in batch {
            let index = item.index();
            match work(self, item) {
                Ok(()) => is_useful = true,
                Err(refusal) if aim == Aim::Judge => return Err(refusal),
                Err(refusal) => items.push((index, refusal)),
            }
        }
        if is_useful {
            let worker = worker.clone();
            self.refusals = Some(Refusals { worker, items });
            return Ok(());
        }
        let first = items.into_iter().next();
        Err(first.map_or(Error::<T>::EmptyBatch, |(_, refusal)| refusal))
    }

    /// Whether the caller has declared enough for the deal's tasks.
    pub(crate) fn ensure_votes(&self, max_votes: u32) -> Result<(), Error<T>> {
        ensure!(
            self.progress.most_votes <= max_votes,
            Error::<T>::TooManyVotes
        );
        Ok(())
    }
}

/// What the weight of a batch depends on.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    items: u32,
    pages: u32,
}

impl Size {
    /// Size of a batch; an unordered one, which is refused, seems larger.
    pub(crate) fn of(batch: &[impl Item]) -> Self {
        let pages = batch.iter().map(|item| page_of(item.index()));
        let turns = pages
            .clone()
            .zip(pages.skip(1))
            .filter(|(one, next)| one != next)
            .count();
        Self {
            items: count(batch.len()),
            pages: count(turns).saturating_add(1),
        }
    }

    /// Weight of this many contributions.
    pub(crate) fn contribute<T: Config>(self, votes: u32) -> Weight {
        let batch = T::WeightInfo::contribute_many(self.items, self.pages, self.layers(votes));
        self.at_most(batch, T::WeightInfo::contribute(bounded(votes)))
    }

    /// Weight of this many accepted results.
    pub(crate) fn accept<T: Config>(self, votes: u32) -> Weight {
        let layers = self.layers(votes);
        let batch = T::WeightInfo::contribute_and_finalise_many(self.items, self.pages, layers);
        self.at_most(
            batch,
            T::WeightInfo::contribute_and_finalise(bounded(votes)),
        )
    }

    /// Weight of this many reveals that settle tasks with so many different workers.
    pub(crate) fn reveal<T: Config>(self, votes: u32, workers: u32) -> Weight {
        let layers = self.layers(votes);
        let batch = T::WeightInfo::reveal_many(self.items, self.pages, layers, workers);
        self.at_most(batch, T::WeightInfo::reveal(bounded(votes)))
    }

    /// A batch does no more than as many single calls would. Large batches are what is measured, and the
    /// line through them does not begin at nothing.
    fn at_most(self, batch: Weight, single: Weight) -> Weight {
        batch.min(single.saturating_mul(self.items.into()))
    }

    /// The same when the workers are not known: each task has others, as far as a call can touch.
    pub(crate) fn reveal_worst<T: Config>(self, votes: u32) -> Weight {
        let workers = self.items.saturating_mul(bounded(votes));
        self.reveal::<T>(votes, workers.min(MAX_BATCH_WORKERS))
    }

    /// How many layers of votes there are on the batch's pages, if tasks have so many: the benchmarks
    /// measure these, because pages and votes multiply.
    fn layers(self, votes: u32) -> u32 {
        self.pages.saturating_mul(bounded(votes))
    }
}

/// A task that is worked on has a vote, and no more than it can have, whatever the caller declares.
fn bounded(votes: u32) -> u32 {
    votes.clamp(1, MAX_CONTRIBUTORS)
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::Test;
    use ergon_primitives::TASKS_PER_PAGE;
    use sp_core::H256;

    fn batch(indexes: &[TaskIndex]) -> Vec<Contribution> {
        let ballot = |index: &TaskIndex| Contribution {
            index: *index,
            commitment: H256::zero(),
            seal: H256::zero(),
        };
        indexes.iter().map(ballot).collect()
    }

    fn size(indexes: &[TaskIndex]) -> (u32, u32) {
        let Size { items, pages } = Size::of(&batch(indexes));
        (items, pages)
    }

    #[test]
    fn pages_are_counted_once() {
        let page = TASKS_PER_PAGE;
        assert_eq!(size(&[page - 1]), (1, 1));
        assert_eq!(size(&[0, 1, page - 1]), (3, 1));
        assert_eq!(size(&[page - 1, page, page + 1, 3 * page]), (4, 3));
    }

    #[test]
    fn order_is_strict() {
        let check = |indexes: &[TaskIndex]| ensure_ascending::<Test>(&batch(indexes));
        assert!(check(&[7]).is_ok() && check(&[1, 2, 900]).is_ok());
        assert!(matches!(check(&[]), Err(Error::EmptyBatch)));
        assert!(matches!(check(&[1, 1]), Err(Error::NotAscending)));
        assert!(matches!(check(&[2, 3, 1]), Err(Error::NotAscending)));
    }
}
