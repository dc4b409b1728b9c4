//! Acting on tasks under way: what follows from the store and the chain is done.

use super::{Busy, Daemon, Due, Finished};
use crate::{
    behaviour::Behaviour,
    chain::{Chain, Terms},
    error::WorkerError,
    plan::{Item, Plan, local, seen},
    reconcile::{Action, reconcile},
    send::{Candidate, Errand, Left},
    task::{Ballot, Cast, End, TaskId, TaskRecord, TaskState},
    work::{Assignment, compute},
};
use ergon_client::primitives::{DealId, TaskIndex};
use std::collections::BTreeMap;
use tracing::{Instrument, Span, info_span};

impl<B: Behaviour> Daemon<B> {
    /// What is to be done about each task under way.
    pub(super) async fn plan(&mut self, chain: &Chain) -> Result<Plan, WorkerError> {
        let mut deals: BTreeMap<DealId, Vec<(TaskIndex, TaskRecord)>> = BTreeMap::new();
        for (task, record) in self.shared.store.live()? {
            deals
                .entry(task.deal)
                .or_default()
                .push((task.index, record));
        }
        let mut plan = Plan::default();
        for (deal, records) in deals {
            let terms = self.terms.terms(chain, deal).await?;
            let indexes: Vec<TaskIndex> = records.iter().map(|(index, _)| *index).collect();
            let Some(terms) = terms else {
                self.say(Some(deal), "the chain does not know this deal any more");
                for index in indexes {
                    self.end(TaskId { deal, index }, End::Gone)?;
                }
                continue;
            };
            let sights = chain.tasks(deal, &indexes).await?;
            let harmful = chain.harmful(terms.deal.app).await?;
            for ((index, record), sight) in records.into_iter().zip(sights) {
                let task = TaskId { deal, index };
                let finalised = chain.finalised.head().number;
                let (worker, now) = (&self.shared.worker, self.now);
                let action = reconcile(
                    local(&record, now),
                    seen(
                        &sight.finalised,
                        &terms.deal,
                        worker,
                        task,
                        &record,
                        finalised,
                        harmful.finalised,
                    ),
                    seen(
                        &sight.best,
                        &terms.deal,
                        worker,
                        task,
                        &record,
                        now,
                        harmful.best,
                    ),
                );
                plan.add(Item {
                    task,
                    record,
                    best: sight.best,
                    terms: terms.clone(),
                    action,
                });
            }
        }
        Ok(plan)
    }

    /// Does what is to be done about a task, but for votes and reveals: these are added to what is
    /// due, so that those of one deal go together.
    pub(super) async fn act(
        &mut self,
        chain: &Chain,
        item: Item,
        due: &mut Due,
    ) -> Result<(), WorkerError> {
        let task = item.task;
        match item.action.clone() {
            Action::Wait => Ok(()),
            Action::Finish(end) => self.end(task, end),
            Action::Pause => self.pause(task),
            _ if self.busy.contains_key(&task) => Ok(()),
            Action::NoteCommitted => self.note_committed(item),
            Action::NoteRevealed => match item.record.state.cast() {
                Some(cast) => self.note(task, TaskState::Revealed(cast.clone().at(self.now))),
                None => Ok(()),
            },
            _ if self.is_resting(task) => Ok(()),
            Action::Work if self.free_places() == 0 => Ok(()),
            Action::Work => self.work(chain, task, &item.terms).await,
            Action::Contribute => {
                if let Some(computed) = item.record.state.computed().cloned() {
                    let candidate = Candidate {
                        task,
                        computed,
                        sent: item.record.state.cast().map(|cast| cast.ballot),
                        seen: item.best,
                    };
                    due.vote(&item.terms, candidate);
                }
                Ok(())
            }
            Action::Reveal => {
                let cast = item.record.state.cast().cloned();
                if let Some(cast) = cast.filter(|_| self.shared.behaviour.reveals()) {
                    due.reveal(&item.terms, task, cast, &item.best);
                }
                Ok(())
            }
            Action::CleanUp(overdue) => {
                let errand = Errand::CleanUp(task, overdue);
                self.send(self.occasion(task.deal, &item.terms, 0), errand, None);
                Ok(())
            }
        }
    }

    fn note(&mut self, task: TaskId, state: TaskState) -> Result<(), WorkerError> {
        self.shared.store.advance(task, state)?;
        Ok(())
    }

    /// The vote is on the chain, whoever's life it was sent in.
    fn note_committed(&mut self, item: Item) -> Result<(), WorkerError> {
        let cast = match item.record.state {
            TaskState::Committing(cast) => cast.at(self.now),
            TaskState::Computed(computed) => {
                let terms = &item.terms.deal;
                let ballot = Ballot::of(&computed, terms, &self.shared.worker, item.task);
                tracing::info!(task = %item.task, "the chain has this vote already");
                Cast {
                    computed,
                    ballot,
                    since: self.now,
                }
            }
            _ => return Ok(()),
        };
        self.note(item.task, TaskState::Committed(cast))
    }

    /// Writes down how a task ended. One whose transaction is under way must wait for that.
    fn end(&mut self, task: TaskId, end: End) -> Result<(), WorkerError> {
        if !self.stop(task) {
            return Ok(());
        }
        match &end {
            End::Settled | End::Failed | End::NotNeeded => tracing::info!(%task, %end, "ended"),
            End::Foreign => tracing::error!(
                %task,
                "the chain has another vote of this worker's key than the store; nothing is revealed. \
                 Make sure that no other process uses the key"
            ),
            End::Unopenable => tracing::error!(
                %task,
                "the chain has a sealed vote of this worker's key, and the salt that opens it is lost \
                 or in another store: nothing is computed, and the stake is lost unless a process with \
                 that store opens the vote"
            ),
            _ => tracing::warn!(%task, %end, "ended"),
        }
        self.note(task, TaskState::Done(end))
    }

    fn pause(&mut self, task: TaskId) -> Result<(), WorkerError> {
        if !self.stop(task) {
            return Ok(());
        }
        tracing::info!(%task, "the execution of this task is not needed now");
        self.note(task, TaskState::Discovered)
    }

    /// Stops a task's execution. Whether nothing of the task is going on afterwards.
    fn stop(&mut self, task: TaskId) -> bool {
        match self.busy.remove(&task) {
            None => true,
            Some(Busy {
                execution: Some(execution),
                ..
            }) => {
                execution.abort();
                // It may have come further meanwhile; the next turn sees that.
                false
            }
            Some(sending) => {
                self.busy.insert(task, sending);
                false
            }
        }
    }

    pub(super) fn free_places(&self) -> usize {
        self.shared
            .config
            .parallel
            .saturating_sub(self.executions.len())
    }

    /// Begins with the execution of a task.
    pub(super) async fn work(
        &mut self,
        chain: &Chain,
        task: TaskId,
        terms: &Terms,
    ) -> Result<(), WorkerError> {
        let dataset = match &terms.deal.dataset {
            Some(dataset) => chain.best.dataset(dataset.id).await?,
            None => None,
        };
        let assignment = Assignment {
            task,
            deal: terms.deal.clone(),
            category: terms.category.clone(),
            app: chain.best.app(terms.deal.app).await?,
            dataset,
            now: self.now,
        };
        let (shared, number) = (self.shared.clone(), self.number());
        let execution = async move {
            let result = compute(&shared, &assignment).await;
            Finished {
                tasks: vec![task],
                number,
                batch: None,
                result: result.map(|()| Left::default()),
            }
        };
        let handle = self.executions.spawn(execution.instrument(span(task)));
        let busy = Busy {
            number,
            execution: Some(handle),
        };
        self.busy.insert(task, busy);
        Ok(())
    }

    pub(super) fn number(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
}

fn span(task: TaskId) -> Span {
    info_span!("task", deal = %task.deal, index = task.index)
}
