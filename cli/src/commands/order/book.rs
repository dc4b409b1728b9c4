//! Looking at orders, and using them.

use super::{Found, Source, find};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    commands::run::made,
    market::{Candidate, Judged, offer, reasons},
    order_file::{OrderFile, kind_name, order_json},
    table::Card,
    text::{Address, Hex},
};
use ergon_client::{
    Event, MarketEvent, View, bounded,
    calls::{self, market::MAX_PRUNED},
    primitives::{AccountId, Balance, Mismatch, Order as AnyOrder, OrderId, RequestOrder},
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
        AnyOrder::Dataset(order) => {
            let dataset = view.dataset(order.dataset).await?;
            dataset.map(|dataset| dataset.owner)
        }
        AnyOrder::Pool(order) => view.pool(order.pool).await?.map(|pool| pool.owner),
        AnyOrder::Request(order) => Some(order.requester.clone()),
    })
}

pub(super) async fn consumed(view: &View, id: OrderId) -> Result<u32, CliError> {
    Ok(view
        .consumption(id)
        .await?
        .map_or(0, |consumption| consumption.volume))
}

/// Whether no later block can match the order.
pub(super) fn is_expired(order: &AnyOrder, view: &View) -> bool {
    view.head().number >= order.valid_until()
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
    dataset: Option<&Source>,
    pool: &Source,
    request: &Source,
) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let genesis = context.client().await?.genesis();
    let find = async |source: &Source| -> Result<OrderFile, CliError> {
        Ok(find(&view, genesis, source).await?.file)
    };
    let candidate = Candidate {
        app: offer(find(app).await?, OrderFile::into_app_order)?,
        dataset: match dataset {
            Some(source) => Some(offer(find(source).await?, OrderFile::into_dataset_order)?),
            None => None,
        },
        pool: offer(find(pool).await?, OrderFile::into_pool_order)?,
    };
    let request = find(request).await?.into_request_order()?;
    let caller = context.own_account()?;
    let report = candidate.ask(&view, &request, Some(&caller)).await?;
    let judged = Judged { candidate, report };
    ensure_match(&view, &judged, &request.order).await?;

    let purpose = price_of(&judged);
    let dataset = judged.candidate.dataset.map(|dataset| dataset.signed);
    let (app, pool) = (judged.candidate.app.signed, judged.candidate.pool.signed);
    let call = calls::market::match_orders(app, dataset, pool, request);
    let receipt = context.send(call, &purpose).await?;
    let (_, made) = made(&receipt).ok_or(CliError::Silent("which deal was made"))?;
    Ok(Answer::new(made))
}

/// What the deal would cost, for whoever agrees to it.
fn price_of(judged: &Judged) -> String {
    let price = judged.candidate.task_price();
    let volume = judged.report.volume;
    format!(
        "Make a deal of {volume} tasks at {} each, {} in all",
        Amount(price),
        Amount(price.saturating_mul(Balance::from(volume)))
    )
}

/// What does not match is not sent: the fee would be lost.
async fn ensure_match(
    view: &View,
    judged: &Judged,
    request: &RequestOrder,
) -> Result<(), CliError> {
    match judged.report.mismatches.as_slice() {
        [] => Ok(()),
        [Mismatch::PayerCannotPay] => {
            let funds = view.account(&request.payer).await?;
            let price = judged.candidate.task_price();
            Err(CliError::NotEnoughMoney {
                account: Address::from(&request.payer),
                what: "the deal",
                needed: Amount(price.saturating_mul(Balance::from(judged.report.volume))),
                available: Amount(funds.transferable(view.existential_deposit()?)),
            })
        }
        _ => {
            let sentence = |mismatch| view.mismatch_sentence(mismatch);
            let reasons = reasons(judged, request, sentence);
            Err(CliError::NoMatch {
                reasons: reasons.iter().map(ToString::to_string).collect(),
            })
        }
    }
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
    use crate::market::fixtures::{candidate, judged};
    use ergon_client::primitives::ERG;

    #[test]
    fn whoever_matches_is_told_the_price() {
        let judged = judged(candidate(ERG / 10, ERG), &[]);
        let purpose = price_of(&judged);
        assert_eq!(
            purpose,
            "Make a deal of 10 tasks at 1.1 ERG each, 11 ERG in all"
        );
    }

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
    fn an_order_shows_what_is_left() {
        let mut out = Vec::new();
        view().render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("left       3 of 5 tasks\n"), "{text}");
    }
}
