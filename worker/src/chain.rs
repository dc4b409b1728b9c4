//! What the daemon sees of the chain in one look: the finalised and the best block, and the terms of
//! deals.

use crate::error::WorkerError;
use ergon_client::{
    At, Client, View,
    primitives::{AppId, AppKind, BlockNumber, Category, Curation, Deal, DealId, Task, TaskIndex},
};
use std::{collections::HashMap, sync::Arc};

/// A deal with what belongs to it. None of it can change.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// The deal.
    pub(crate) deal: Arc<Deal>,
    /// Its category.
    pub(crate) category: Arc<Category>,
    /// How its app is executed; nothing when the app is not registered.
    pub(crate) kind: Option<AppKind>,
}

/// The chain at one moment.
pub(crate) struct Chain {
    /// The last finalised block.
    pub(crate) finalised: View,
    /// The best block; never older than the finalised one.
    pub(crate) best: View,
}

/// A task in both blocks.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// In the finalised block.
    pub(crate) finalised: Task,
    /// In the best block.
    pub(crate) best: Task,
}

/// Whether an app is revoked as harmful, in both blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Harmful {
    /// In the finalised block.
    pub(crate) finalised: bool,
    /// In the best block.
    pub(crate) best: bool,
}

impl Harmful {
    /// In one block at least.
    pub(crate) fn anywhere(self) -> bool {
        self.finalised || self.best
    }
}

impl Chain {
    /// Looks at the chain.
    pub(crate) async fn look(client: &Client) -> Result<Self, WorkerError> {
        // In this order, so that the best block is not the older one.
        let finalised = client.at(At::Finalised).await?;
        let best = client.at(At::Best).await?;
        Ok(Self { finalised, best })
    }

    /// Number of the best block.
    pub(crate) fn now(&self) -> BlockNumber {
        self.best.head().number
    }

    /// Some tasks of a deal in both blocks. Where the deal is not known yet they are active and have no
    /// votes.
    pub(crate) async fn tasks(
        &self,
        deal: DealId,
        indexes: &[TaskIndex],
    ) -> Result<Vec<Sight>, WorkerError> {
        let best = self.best.tasks_at(deal, indexes).await?;
        let finalised = if self.is_final() {
            best.clone()
        } else {
            self.finalised.tasks_at(deal, indexes).await?
        };
        let sights = finalised
            .into_iter()
            .zip(best)
            .map(|(finalised, best)| Sight {
                finalised: finalised.unwrap_or_default(),
                best: best.unwrap_or_default(),
            });
        Ok(sights.collect())
    }

    /// Whether an app is revoked as harmful now. Governance can say so, and take it back, at any time.
    pub(crate) async fn harmful(&self, app: AppId) -> Result<Harmful, WorkerError> {
        let best = is_harmful(&self.best, app).await?;
        let finalised = if self.is_final() {
            best
        } else {
            is_harmful(&self.finalised, app).await?
        };
        Ok(Harmful { finalised, best })
    }

    /// Whether both blocks are the same, as they mostly are on a development chain.
    fn is_final(&self) -> bool {
        self.best.head() == self.finalised.head()
    }
}

async fn is_harmful(view: &View, app: AppId) -> Result<bool, WorkerError> {
    let curation = view.curation(app).await?;
    Ok(curation == Some(Curation::Revoked { harmful: true }))
}

/// Terms that were read from finalised blocks. Those of other blocks can change: a deal's id does not
/// say which pool order it met.
#[derive(Debug, Default)]
pub(crate) struct TermsCache {
    known: HashMap<DealId, Terms>,
}

impl TermsCache {
    /// The terms of a deal; none if the chain does not know it.
    pub(crate) async fn terms(
        &mut self,
        chain: &Chain,
        id: DealId,
    ) -> Result<Option<Terms>, WorkerError> {
        if let Some(terms) = self.known.get(&id) {
            return Ok(Some(terms.clone()));
        }
        if let Some(terms) = read(&chain.finalised, id).await? {
            self.known.insert(id, terms.clone());
            return Ok(Some(terms));
        }
        read(&chain.best, id).await
    }

    /// Forgets the others.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&DealId) -> bool) {
        self.known.retain(|id, _| wanted(id));
    }
}

async fn read(view: &View, id: DealId) -> Result<Option<Terms>, WorkerError> {
    let Some(deal) = view.deal(id).await? else {
        return Ok(None);
    };
    let category = view.category(deal.category).await?;
    let app = view.app(deal.app).await?;
    Ok(category.map(|category| Terms {
        deal: Arc::new(deal),
        category: Arc::new(category),
        kind: app.map(|app| app.kind),
    }))
}
