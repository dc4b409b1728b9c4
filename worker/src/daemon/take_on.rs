//! Taking on new tasks while there are free places.

use super::Daemon;
use crate::{
    behaviour::Behaviour,
    chain::{Chain, Terms},
    choice::{self, Standing, Unwanted},
    error::WorkerError,
    task::{TaskId, TaskState},
};
use ergon_client::primitives::{BlockNumber, Bond, DealId, PoolId, TaskIndex};
use std::collections::HashSet;

/// Tasks that are looked at with one request.
const PAGE: usize = 128;
/// Pages of a deal that are looked at in one turn.
const PAGES: usize = 8;

impl<B: Behaviour> Daemon<B> {
    /// Chooses new tasks for free places.
    pub(super) async fn take_on(&mut self, chain: &Chain) -> Result<(), WorkerError> {
        if self.free_places() == 0 {
            return Ok(());
        }
        let Some((bond, pool)) = self.place(chain).await? else {
            return Ok(());
        };
        let open = chain.best.open_deals(pool).await?;
        self.forget_closed_deals(&open);
        let mut deals = Vec::with_capacity(open.len());
        for id in open {
            if let Some(terms) = self.terms.terms(chain, id).await? {
                deals.push((id, terms));
            }
        }
        deals.sort_by_key(|(id, terms)| (terms.deal.contribution_deadline(), *id));
        let join_delay = chain.best.join_delay().await?;
        for (id, terms) in deals {
            if self.free_places() == 0 {
                break;
            }
            self.take_from(chain, &bond, join_delay, id, &terms).await?;
        }
        Ok(())
    }

    /// The worker's bond and the pool that it works in, if it may work.
    async fn place(&mut self, chain: &Chain) -> Result<Option<(Bond, PoolId)>, WorkerError> {
        let Some(bond) = chain.best.bond(&self.shared.worker).await? else {
            self.say(
                None,
                "waiting: nobody has bonded this worker yet (`ergon worker bond`)",
            );
            return Ok(None);
        };
        let Some(membership) = bond.membership else {
            self.say(
                None,
                "waiting: the worker is in no pool yet (`ergon worker join`)",
            );
            return Ok(None);
        };
        let wanted = self.shared.config.pool;
        if wanted.is_some_and(|pool| pool != membership.pool) {
            let pool = membership.pool;
            let text =
                format!("waiting: the worker is in the pool {pool}, not in the configured one");
            self.say(None, &text);
            return Ok(None);
        }
        self.say(None, &format!("working for the pool {}", membership.pool));
        Ok(Some((bond, membership.pool)))
    }

    /// Takes tasks of one deal.
    async fn take_from(
        &mut self,
        chain: &Chain,
        bond: &Bond,
        join_delay: BlockNumber,
        id: DealId,
        terms: &Terms,
    ) -> Result<(), WorkerError> {
        let standing = Standing {
            bond,
            join_delay,
            max_stake: self.shared.config.max_stake,
            promised: self.promised,
            now: self.now,
        };
        let mut verdict = choice::judge(&terms.deal, terms.kind, &standing);
        if verdict.is_ok() && chain.harmful(terms.deal.app).await?.anywhere() {
            verdict = Err(Unwanted::Harmful);
        }
        if verdict.is_ok() && self.unpaid.contains_key(&id) {
            verdict = Err(Unwanted::Unpaid);
        }
        if let Err(reason) = verdict {
            self.say(Some(id), &format!("left alone: {reason}"));
            return Ok(());
        }
        let most = self
            .free_places()
            .min(choice::affordable(&terms.deal, &standing));
        let candidates = self.candidates(chain, id, terms, most).await?;
        for task in choice::choose(candidates, most) {
            self.known.entry(id).or_default().insert(task.index);
            self.shared.store.advance(task, TaskState::Discovered)?;
            self.promised = self.promised.saturating_add(terms.deal.worker_stake);
            self.work(chain, task, terms).await?;
        }
        Ok(())
    }

    /// Tasks of a deal that take this worker's vote, with the number of votes that they have.
    async fn candidates(
        &mut self,
        chain: &Chain,
        id: DealId,
        terms: &Terms,
        most: usize,
    ) -> Result<Vec<(TaskId, usize)>, WorkerError> {
        let indexes: Vec<TaskIndex> = choice::sequence(&self.shared.worker, id, &terms.deal)
            .filter(|index| !self.is_settled_matter(id, *index))
            .take(PAGE * PAGES)
            .collect();
        let (mut candidates, mut ended) = (Vec::new(), Vec::new());
        for page in indexes.chunks(PAGE) {
            let tasks = chain.best.tasks_at(id, page).await?;
            for (index, task) in page.iter().zip(tasks) {
                let task = task.unwrap_or_default();
                if task.has_ended() {
                    ended.push(*index);
                } else if task.vote_of(&self.shared.worker).is_some() {
                    self.disown(id, *index);
                } else if choice::is_votable(&task, &self.shared.worker) {
                    let id = TaskId {
                        deal: id,
                        index: *index,
                    };
                    candidates.push((id, task.votes.len()));
                }
            }
            if candidates.len() >= most {
                break;
            }
        }
        self.close_ended(chain, id, &ended).await?;
        Ok(candidates)
    }

    /// Whether the task is in the store, or not worth another look.
    fn is_settled_matter(&self, deal: DealId, index: TaskIndex) -> bool {
        [&self.known, &self.closed].into_iter().any(|tasks| {
            tasks
                .get(&deal)
                .is_some_and(|indexes| indexes.contains(&index))
        })
    }

    /// The chain has a vote of this worker's key that the store knows nothing about.
    fn disown(&mut self, deal: DealId, index: TaskIndex) {
        tracing::warn!(
            task = %TaskId { deal, index },
            "the chain has a vote of this worker's key that is not in this store: another process \
             may use the same key. It is left alone"
        );
        self.closed.entry(deal).or_default().insert(index);
    }

    /// Remembers which of these tasks have ended for certain.
    async fn close_ended(
        &mut self,
        chain: &Chain,
        id: DealId,
        ended: &[TaskIndex],
    ) -> Result<(), WorkerError> {
        if ended.is_empty() {
            return Ok(());
        }
        let tasks = chain.finalised.tasks_at(id, ended).await?;
        let certain = ended.iter().zip(tasks).filter_map(|(index, task)| {
            task.is_some_and(|task| task.has_ended()).then_some(*index)
        });
        self.closed.entry(id).or_default().extend(certain);
        Ok(())
    }

    fn forget_closed_deals(&mut self, open: &[DealId]) {
        let open: HashSet<&DealId> = open.iter().collect();
        let busy: HashSet<DealId> = self.busy.keys().map(|task| task.deal).collect();
        self.closed.retain(|id, _| open.contains(id));
        self.terms
            .retain(|id| open.contains(id) || busy.contains(id));
        self.said
            .retain(|about, _| about.as_ref().is_none_or(|id| open.contains(id)));
    }
}
