//! Looking at orders, and using them.

use super::{Found, ListArgs, Source, find, kind_name, subject};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    commands::run::made,
    order_file::{OrderFile, order_json},
    table::{Card, Table},
    text::{Address, Hex},
};
use ergon_client::{
    Event, MarketEvent, View, bounded,
    calls::{self, market::MAX_PRUNED},
    primitives::{
        AccountId, AppId, BlockNumber, CategoryId, Order as AnyOrder, OrderId, PoolId,
        PublishedOrder,
    },
};
use serde::Serialize;
use serde_json::Value;
use std::{
    io::{self, Write},
    path::Path,
};

#[derive(Serialize)]
struct OrderView {
    id: Hex,
    #[serde(rename = "type")]
    kind: &'static str,
    owner: Option<Address>,
    published: bool,
    signed: bool,
    authentic: bool,
    expired: bool,
    volume: u32,
    consumed: u32,
    left: u32,
    order: Value,
}

impl Render for OrderView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let yes = |is: bool| if is { "yes" } else { "no" };
        Card::new()
            .line("order", self.id)
            .line("type", self.kind)
            .maybe("owner", self.owner.as_ref())
            .line("published", yes(self.published))
            .line("signed", yes(self.signed))
            .line("authentic", yes(self.authentic))
            .line("expired", yes(self.expired))
            .line("left", format!("{} of {} tasks", self.left, self.volume))
            .write(out)?;
        writeln!(out, "{:#}", self.order)
    }
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
    /// The app of an app or request order, the pool of a pool order.
    subject: Hex,
    price: Amount,
    left: u32,
    category: Option<CategoryId>,
    trust: Option<u32>,
    valid_until: BlockNumber,
    expired: bool,
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
            "APP OR POOL",
        ];
        let mut table = Table::new(&header);
        let or_dash = |number: Option<u32>| number.map_or("-".into(), |number| number.to_string());
        for order in &self.orders {
            let until = if order.expired {
                "expired".into()
            } else {
                order.valid_until.to_string()
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

#[derive(Serialize)]
struct Pruned {
    pruned: u32,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Render for Pruned {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} order(s) forgotten.", self.pruned)
    }
}

/// `ergon order show`.
pub(super) async fn show(context: &Context, source: &Source) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let genesis = context.client().await?.genesis();
    let found = find(&view, genesis, source).await?;
    Ok(Answer::new(order_view(&view, found).await?))
}

/// `ergon order verify`.
pub(super) async fn verify(context: &Context, path: &Path) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let genesis = context.client().await?.genesis();
    let found = find(&view, genesis, &Source::File(path.into())).await?;
    let seen = order_view(&view, found).await?;
    match fault(&seen) {
        Some(fault) => Err(CliError::NotGenuine(format!(
            "the order {} {fault}",
            seen.id
        ))),
        None => Ok(Answer::new(seen)),
    }
}

/// Why an order is of no use, if it is of none.
fn fault(order: &OrderView) -> Option<&'static str> {
    if order.owner.is_none() {
        Some("offers something that is not registered on this chain")
    } else if !order.authentic {
        Some("is neither signed nor published by its owner")
    } else if order.expired {
        Some("has expired")
    } else if order.left == 0 {
        Some("is used up or closed")
    } else {
        None
    }
}

async fn order_view(view: &View, found: Found) -> Result<OrderView, CliError> {
    let Found { file, published } = found;
    let owner = owner_of(view, &file.order).await?;
    let is_published_by = |owner: &AccountId| {
        published
            .as_ref()
            .is_some_and(|order| order.publisher == *owner)
    };
    let is_authentic = |owner: &AccountId| file.is_signed_by(owner) || is_published_by(owner);
    let consumed = consumed(view, file.id()).await?;
    let volume = file.order.volume();
    Ok(OrderView {
        id: file.id().into(),
        kind: kind_name(&file.order),
        published: published.is_some(),
        signed: file.signature.is_some(),
        authentic: owner.as_ref().is_some_and(is_authentic),
        owner: owner.map(Address),
        expired: is_expired(&file.order, view),
        volume,
        consumed,
        left: volume.saturating_sub(consumed),
        order: order_json(&file.order),
    })
}

/// Who alone can sign the order.
async fn owner_of(view: &View, order: &AnyOrder) -> Result<Option<AccountId>, CliError> {
    Ok(match order {
        AnyOrder::App(order) => view.app(order.app).await?.map(|app| app.owner),
        AnyOrder::Pool(order) => view.pool(order.pool).await?.map(|pool| pool.owner),
        AnyOrder::Request(order) => Some(order.requester.clone()),
    })
}

async fn consumed(view: &View, id: OrderId) -> Result<u32, CliError> {
    Ok(view
        .consumption(id)
        .await?
        .map_or(0, |consumption| consumption.volume))
}

/// Whether no later block can match the order.
fn is_expired(order: &AnyOrder, view: &View) -> bool {
    view.head().number >= order.valid_until()
}

/// `ergon order list`.
pub(super) async fn list(args: ListArgs, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let category = match &args.category {
        Some(name) => Some(context.category(&view, name).await?.0),
        None => None,
    };
    let mut orders = Vec::new();
    for (id, published) in view.published_orders().await? {
        if is_wanted(&published.order, args.app, args.pool, category) {
            orders.push(listed(&view, id, &published).await?);
        }
    }
    orders.sort_by(|one, other| {
        (one.kind, one.price, one.id).cmp(&(other.kind, other.price, other.id))
    });
    Ok(Answer::new(OrderList { orders }))
}

fn is_wanted(
    order: &AnyOrder,
    app: Option<AppId>,
    pool: Option<PoolId>,
    category: Option<CategoryId>,
) -> bool {
    let (its_app, its_pool, its_category) = match order {
        AnyOrder::App(order) => (Some(order.app), None, None),
        AnyOrder::Pool(order) => (None, Some(order.pool), Some(order.category)),
        AnyOrder::Request(order) => (Some(order.app), order.pool, Some(order.category)),
    };
    (app.is_none() || app == its_app)
        && (pool.is_none() || pool == its_pool)
        && (category.is_none() || category == its_category)
}

async fn listed(
    view: &View,
    id: OrderId,
    published: &PublishedOrder,
) -> Result<ListedOrder, CliError> {
    let order = &published.order;
    let (price, category, trust) = match order {
        AnyOrder::App(order) => (order.price, None, None),
        AnyOrder::Pool(order) => (order.price, Some(order.category), Some(order.trust)),
        AnyOrder::Request(order) => (
            order.max_app_price.saturating_add(order.max_pool_price),
            Some(order.category),
            Some(order.trust),
        ),
    };
    Ok(ListedOrder {
        id: id.into(),
        kind: kind_name(order),
        publisher: Address::from(&published.publisher),
        subject: subject(order),
        price: Amount(price),
        left: order.volume().saturating_sub(consumed(view, id).await?),
        category,
        trust,
        valid_until: order.valid_until(),
        expired: is_expired(order, view),
        order: order_json(order),
    })
}

/// `ergon order close`.
pub(super) async fn close(context: &Context, source: &Source) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let genesis = context.client().await?.genesis();
    let order = find(&view, genesis, source).await?.file;
    let purpose = format!(
        "Close the {} order {} for good",
        kind_name(&order.order),
        order.id()
    );
    let receipt = context
        .send(calls::market::close(order.order), &purpose)
        .await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

/// `ergon order match`.
pub(super) async fn match_orders(
    context: &Context,
    app: &Source,
    pool: &Source,
    request: &Source,
) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let genesis = context.client().await?.genesis();
    let find = async |source: &Source| -> Result<OrderFile, CliError> {
        Ok(find(&view, genesis, source).await?.file)
    };
    let app = find(app).await?.into_app_order()?;
    let pool = find(pool).await?.into_pool_order()?;
    let request = find(request).await?.into_request_order()?;
    let call = calls::market::match_orders(app, pool, request);
    let receipt = context.send(call, "Make a deal of these orders").await?;
    let (_, made) = made(&receipt).ok_or(CliError::Silent("which deal was made"))?;
    Ok(Answer::new(made))
}

/// `ergon order prune`.
pub(super) async fn prune(context: &Context, orders: Vec<OrderId>) -> Result<Answer, CliError> {
    let orders = if orders.is_empty() {
        expired(context).await?
    } else {
        orders
    };
    if orders.is_empty() {
        return Ok(Answer::new(Pruned {
            pruned: 0,
            sent: None,
        }));
    }
    let purpose = format!("Forget {} expired order(s)", orders.len());
    let orders = bounded::<OrderId, MAX_PRUNED>("list of orders", orders)?;
    let receipt = context.send(calls::market::prune(orders), &purpose).await?;
    let pruned = receipt.events.iter().find_map(|event| match event {
        Event::Market(MarketEvent::OrdersPruned { count }) => Some(*count),
        _ => None,
    });
    let pruned = pruned.ok_or(CliError::Silent("how many orders were forgotten"))?;
    Ok(Answer::new(Pruned {
        pruned,
        sent: Some(Sent::from(&receipt)),
    }))
}

/// Published orders whose last block is over, as many as one call can prune.
async fn expired(context: &Context) -> Result<Vec<OrderId>, CliError> {
    let view = context.view().await?;
    let now = view.head().number;
    let published = view.published_orders().await?;
    let expired = published
        .into_iter()
        .filter(|(_, published)| published.order.valid_until() < now);
    Ok(expired
        .map(|(id, _)| id)
        .take(MAX_PRUNED as usize)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::{AppOrder, Restriction, Tag};
    use sp_core::H256;

    fn view() -> OrderView {
        OrderView {
            id: Hex::default(),
            kind: "app",
            owner: Some(Address(AccountId::new([1; 32]))),
            published: false,
            signed: true,
            authentic: true,
            expired: false,
            volume: 5,
            consumed: 2,
            left: 3,
            order: Value::Null,
        }
    }

    #[test]
    fn an_order_of_use_has_no_fault() {
        assert_eq!(fault(&view()), None);
        assert!(
            fault(&OrderView {
                authentic: false,
                ..view()
            })
            .unwrap()
            .contains("neither")
        );
        assert!(
            fault(&OrderView {
                expired: true,
                ..view()
            })
            .unwrap()
            .contains("expired")
        );
        assert!(
            fault(&OrderView { left: 0, ..view() })
                .unwrap()
                .contains("used up")
        );
        assert!(
            fault(&OrderView {
                owner: None,
                ..view()
            })
            .unwrap()
            .contains("not registered")
        );
    }

    #[test]
    fn filters_look_at_what_an_order_is_about() {
        let (app, other) = (AppId(H256::repeat_byte(1)), AppId(H256::repeat_byte(2)));
        let order = AnyOrder::App(AppOrder {
            app,
            price: 1,
            volume: 1,
            tag: Tag(0),
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: 1,
            salt: H256::zero(),
        });
        assert!(is_wanted(&order, None, None, None));
        assert!(is_wanted(&order, Some(app), None, None));
        assert!(!is_wanted(&order, Some(other), None, None));
        assert!(!is_wanted(&order, None, Some(PoolId(H256::zero())), None));
        assert!(!is_wanted(&order, None, None, Some(0)));
    }

    #[test]
    fn an_order_shows_what_is_left() {
        let mut out = Vec::new();
        view().render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("left       3 of 5 tasks\n"), "{text}");
    }
}
