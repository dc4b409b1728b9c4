//! The offers that a request could meet: files that were given, or the order book's.

use super::Candidate;
use crate::{CliError, order_file::OrderFile};
use ergon_client::{
    View,
    primitives::{
        AppOrder, BookEntry, Cursor, DatasetOrder, MAX_PAGE, Order, OrderId, PoolOrder,
        RequestOrder, Shelf, SignedOrder,
    },
};

/// An order that could be one side of a deal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer<Content> {
    /// Its id.
    pub id: OrderId,
    /// The order, with a signature unless it is published.
    pub signed: SignedOrder<Content>,
}

/// Orders that shall be used instead of those of the book.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// An app order.
    pub app: Option<OrderFile>,
    /// A dataset order.
    pub dataset: Option<OrderFile>,
    /// A pool order.
    pub pool: Option<OrderFile>,
}

/// The offers of each side.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Offers {
    /// Of the app.
    pub apps: Vec<Offer<AppOrder>>,
    /// Of the dataset.
    pub datasets: Vec<Offer<DatasetOrder>>,
    /// Of pools.
    pub pools: Vec<Offer<PoolOrder>>,
}

impl Offers {
    /// The orders that are given, and for the sides without one those on its shelf.
    pub async fn find(view: &View, request: &RequestOrder, given: Given) -> Result<Self, CliError> {
        let mut offers = Self::default();
        match given.app {
            Some(file) => offers.apps = vec![offer(file, OrderFile::into_app_order)?],
            None => offers.take(shelf(view, Shelf::App(request.app), None).await?),
        }
        match (given.dataset, request.dataset) {
            (Some(file), _) => {
                offers.datasets = vec![offer(file, OrderFile::into_dataset_order)?];
            }
            (None, Some(id)) => offers.take(shelf(view, Shelf::Dataset(id), None).await?),
            (None, None) => {}
        }
        match (given.pool, request.pool) {
            (Some(file), _) => offers.pools = vec![offer(file, OrderFile::into_pool_order)?],
            (None, Some(id)) => offers.take(shelf(view, Shelf::Pool(id), None).await?),
            (None, None) => {
                let category = Shelf::Category(request.category);
                offers.take(shelf(view, category, None).await?);
            }
        }
        Ok(offers)
    }

    /// Takes the orders of a shelf. Those that cannot match any more are of no interest.
    fn take(&mut self, entries: Vec<BookEntry>) {
        for entry in entries.into_iter().filter(|entry| entry.live) {
            let id = entry.id;
            match entry.published.order {
                Order::App(order) => self.apps.push(published(id, order)),
                Order::Dataset(order) => self.datasets.push(published(id, order)),
                Order::Pool(order) => self.pools.push(published(id, order)),
                Order::Request(_) => {}
            }
        }
    }

    /// Every way to combine the offers for the request.
    pub fn candidates(&self, request: &RequestOrder) -> Vec<Candidate> {
        let datasets: Vec<Option<&Offer<DatasetOrder>>> =
            if request.dataset.is_some() || !self.datasets.is_empty() {
                self.datasets.iter().map(Some).collect()
            } else {
                vec![None]
            };
        let mut candidates = Vec::new();
        for app in &self.apps {
            for dataset in &datasets {
                for pool in &self.pools {
                    candidates.push(Candidate {
                        app: app.clone(),
                        dataset: dataset.cloned(),
                        pool: pool.clone(),
                    });
                }
            }
        }
        candidates
    }

    /// The sides that have no offer at all, in words.
    pub fn missing(&self, request: &RequestOrder) -> Vec<String> {
        let mut missing = Vec::new();
        if self.apps.is_empty() {
            missing.push(format!(
                "no live order of the app {} is published",
                request.app
            ));
        }
        if let (Some(dataset), true) = (request.dataset, self.datasets.is_empty()) {
            missing.push(format!(
                "no live order of the dataset {dataset} is published"
            ));
        }
        if self.pools.is_empty() {
            missing.push(match request.pool {
                Some(pool) => format!("no live order of the pool {pool} is published"),
                None => format!(
                    "no live pool order for the category {} is published",
                    request.category
                ),
            });
        }
        missing
    }
}

/// The order in a file, which must be of the kind that `read` takes.
pub fn offer<Content>(
    file: OrderFile,
    read: impl FnOnce(OrderFile) -> Result<SignedOrder<Content>, CliError>,
) -> Result<Offer<Content>, CliError> {
    let id = file.id();
    let signed = read(file)?;
    Ok(Offer { id, signed })
}

fn published<Content>(id: OrderId, order: Content) -> Offer<Content> {
    let signature = None;
    Offer {
        id,
        signed: SignedOrder { order, signature },
    }
}

/// The first orders of a shelf in its order, at most `limit`; all pages without one.
pub async fn shelf(
    view: &View,
    shelf: Shelf,
    limit: Option<usize>,
) -> Result<Vec<BookEntry>, CliError> {
    let limit = limit.unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut from: Option<Cursor> = None;
    while found.len() < limit {
        let page = view.orders(shelf, from, MAX_PAGE).await?;
        found.extend(page.orders);
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}
