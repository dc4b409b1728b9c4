//! `ergon order list`: the order book, sorted by price.

use super::{
    book::{consumed, is_expired},
    subject,
};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    market::shelf,
    order_file::{kind_name, order_json},
    table::Table,
    text::{Address, CategoryName, Hex, id},
};
use ergon_client::{
    View,
    primitives::{
        AppId, Balance, BlockNumber, BookEntry, CategoryId, DatasetId, Order as AnyOrder, PoolId,
        Shelf,
    },
};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// Which published orders to list.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
pub struct ListArgs {
    /// Offers of this app; with --requests, the requests for it.
    #[arg(long, value_name = "ID", value_parser = id::<AppId>)]
    app: Option<AppId>,
    /// Offers of this dataset.
    #[arg(long, value_name = "ID", value_parser = id::<DatasetId>)]
    dataset: Option<DatasetId>,
    /// Offers of this pool.
    #[arg(long, value_name = "ID", value_parser = id::<PoolId>)]
    pool: Option<PoolId>,
    /// Offers of pools in this category, by name or number; with --requests, the requests in it.
    #[arg(long, value_name = "NAME")]
    category: Option<CategoryName>,
    /// Requests instead of offers, those that pay most first.
    #[arg(long, conflicts_with_all = ["dataset", "pool"])]
    requests: bool,
    /// Nothing dearer than this, in ERG per task.
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    max_price: Option<Amount>,
    /// No more than so many orders.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Serialize)]
struct OrderList {
    orders: Vec<ListedOrder>,
}

#[derive(Serialize)]
struct ListedOrder {
    id: Hex,
    #[serde(rename = "type")]
    kind: &'static str,
    publisher: Address,
    /// The app of an app or request order, the dataset or pool of the others.
    subject: Hex,
    /// The offer's price, or the highest that the request pays to the side that is asked about.
    price: Amount,
    left: u32,
    category: Option<CategoryId>,
    trust: Option<u32>,
    valid_until: BlockNumber,
    expired: bool,
    /// Whether it can match by itself.
    live: bool,
    order: Value,
}

impl Render for OrderList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = [
            "ORDER",
            "TYPE",
            ">PRICE",
            ">LEFT",
            ">CATEGORY",
            ">TRUST",
            ">UNTIL BLOCK",
            "APP, DATASET OR POOL",
        ];
        let mut table = Table::new(&header);
        let or_dash = |number: Option<u32>| number.map_or("-".into(), |number| number.to_string());
        for order in &self.orders {
            let until = match (order.expired, order.live) {
                (true, _) => "expired".into(),
                (false, false) => "not its owner's".into(),
                (false, true) => order.valid_until.to_string(),
            };
            table.row([
                order.id.to_string(),
                order.kind.into(),
                order.price.to_string(),
                order.left.to_string(),
                or_dash(order.category),
                or_dash(order.trust),
                until,
                order.subject.to_string(),
            ]);
        }
        table.write(out, "No such orders are published.")
    }
}

/// What an order must be to be listed.
struct Filter {
    app: Option<AppId>,
    dataset: Option<DatasetId>,
    pool: Option<PoolId>,
    category: Option<CategoryId>,
    requests: bool,
    max_price: Option<Balance>,
}

impl Filter {
    /// The shelf that has all that is wanted; none when it stands on several.
    fn shelf(&self) -> Option<Shelf> {
        let offers = self
            .dataset
            .map(Shelf::Dataset)
            .or(self.pool.map(Shelf::Pool));
        match (self.requests, offers) {
            (false, Some(shelf)) => Some(shelf),
            (false, None) => self
                .app
                .map(Shelf::App)
                .or(self.category.map(Shelf::Category)),
            (true, _) => self
                .app
                .map(Shelf::AppRequests)
                .or(self.category.map(Shelf::CategoryRequests)),
        }
    }

    fn admits(&self, order: &AnyOrder, shelf: Option<Shelf>) -> bool {
        let (app, dataset, pool, category) = match order {
            AnyOrder::App(order) => (Some(order.app), None, None, None),
            AnyOrder::Dataset(order) => (None, Some(order.dataset), None, None),
            AnyOrder::Pool(order) => (None, None, Some(order.pool), Some(order.category)),
            AnyOrder::Request(order) => (
                Some(order.app),
                order.dataset,
                order.pool,
                Some(order.category),
            ),
        };
        let is_request = matches!(order, AnyOrder::Request(_));
        (!self.requests || is_request)
            && (self.app.is_none() || app == self.app)
            && (self.dataset.is_none() || dataset == self.dataset)
            && (self.pool.is_none() || pool == self.pool)
            && (self.category.is_none() || category == self.category)
            && self
                .max_price
                .is_none_or(|limit| price(order, shelf) <= limit)
    }
}

/// The price by which a shelf sorts the order; a request's whole price when it is on none.
fn price(order: &AnyOrder, shelf: Option<Shelf>) -> Balance {
    match order {
        AnyOrder::App(order) => order.price,
        AnyOrder::Dataset(order) => order.price,
        AnyOrder::Pool(order) => order.price,
        AnyOrder::Request(order) => match shelf {
            Some(Shelf::AppRequests(_)) => order.max_app_price,
            Some(Shelf::CategoryRequests(_)) => order.max_pool_price,
            _ => order
                .max_app_price
                .saturating_add(order.max_dataset_price)
                .saturating_add(order.max_pool_price),
        },
    }
}

/// `ergon order list`.
pub(super) async fn run(args: ListArgs, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let category = match &args.category {
        Some(name) => Some(context.category(&view, name).await?.0),
        None => None,
    };
    let filter = Filter {
        app: args.app,
        dataset: args.dataset,
        pool: args.pool,
        category,
        requests: args.requests,
        max_price: args.max_price.map(|price| price.0),
    };
    let place = filter.shelf();
    let mut entries = entries(&view, place).await?;
    entries.retain(|entry| filter.admits(&entry.published.order, place));
    let mut orders: Vec<ListedOrder> = entries
        .into_iter()
        .map(|entry| listed(&view, entry, place))
        .collect();
    if place.is_none() {
        orders.sort_by_key(|order| (order.kind, order.price, order.id));
    }
    orders.truncate(args.limit.unwrap_or(usize::MAX));
    Ok(Answer::new(OrderList { orders }))
}

/// The orders of a shelf, all of its pages; all published orders without one.
async fn entries(view: &View, wanted: Option<Shelf>) -> Result<Vec<BookEntry>, CliError> {
    if let Some(wanted) = wanted {
        return shelf(view, wanted, None).await;
    }
    let mut entries = Vec::new();
    for (id, published) in view.published_orders().await? {
        let volume = published.order.volume();
        let remaining = volume.saturating_sub(consumed(view, id).await?);
        entries.push(BookEntry {
            live: remaining > 0 && !is_expired(&published.order, view),
            id,
            published,
            remaining,
        });
    }
    Ok(entries)
}

fn listed(view: &View, entry: BookEntry, shelf: Option<Shelf>) -> ListedOrder {
    let order = &entry.published.order;
    let (category, trust) = match order {
        AnyOrder::App(_) | AnyOrder::Dataset(_) => (None, None),
        AnyOrder::Pool(order) => (Some(order.category), Some(order.trust)),
        AnyOrder::Request(order) => (Some(order.category), Some(order.trust)),
    };
    ListedOrder {
        id: entry.id.into(),
        kind: kind_name(order),
        publisher: Address::from(&entry.published.publisher),
        subject: subject(order),
        price: Amount(price(order, shelf)),
        left: entry.remaining,
        category,
        trust,
        valid_until: order.valid_until(),
        expired: is_expired(order, view),
        live: entry.live,
        order: order_json(order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::fixtures::{app_offer, pool_offer, request};
    use sp_core::H256;

    const NOTHING: Filter = Filter {
        app: None,
        dataset: None,
        pool: None,
        category: None,
        requests: false,
        max_price: None,
    };
    const APP: AppId = AppId(H256::repeat_byte(1));
    const POOL: PoolId = PoolId(H256::repeat_byte(2));
    const OTHER: PoolId = PoolId(H256::repeat_byte(9));

    #[test]
    fn what_is_asked_for_stands_on_one_shelf() {
        let both = Filter {
            app: Some(APP),
            category: Some(3),
            ..NOTHING
        };
        assert_eq!(both.shelf(), Some(Shelf::App(APP)));
        let requests = Filter {
            requests: true,
            ..both
        };
        assert_eq!(requests.shelf(), Some(Shelf::AppRequests(APP)));
        let pool = Filter {
            pool: Some(POOL),
            category: Some(3),
            ..NOTHING
        };
        assert_eq!(pool.shelf(), Some(Shelf::Pool(POOL)));
        assert_eq!(NOTHING.shelf(), None);
    }

    #[test]
    fn filters_look_at_what_an_order_is_about() {
        let app = AnyOrder::App(app_offer(5).signed.order);
        let pool = AnyOrder::Pool(pool_offer(5).signed.order);
        assert!(NOTHING.admits(&app, None) && NOTHING.admits(&pool, None));
        let of_pool = |id| Filter {
            pool: Some(id),
            ..NOTHING
        };
        assert!(of_pool(POOL).admits(&pool, None));
        assert!(!of_pool(POOL).admits(&app, None) && !of_pool(OTHER).admits(&pool, None));
        let cheap = |limit| Filter {
            max_price: Some(limit),
            ..NOTHING
        };
        assert!(cheap(5).admits(&app, None) && !cheap(4).admits(&app, None));
        let requests = Filter {
            requests: true,
            ..NOTHING
        };
        assert!(!requests.admits(&app, None));
        assert!(requests.admits(&AnyOrder::Request(request()), None));
    }

    #[test]
    fn a_request_has_the_price_of_its_shelf() {
        let wish = request();
        let order = AnyOrder::Request(wish.clone());
        let by_app = price(&order, Some(Shelf::AppRequests(APP)));
        let by_category = price(&order, Some(Shelf::CategoryRequests(0)));
        assert_eq!(
            (by_app, by_category),
            (wish.max_app_price, wish.max_pool_price)
        );
        assert_eq!(
            price(&order, None),
            wish.max_app_price + wish.max_pool_price
        );
    }
}
