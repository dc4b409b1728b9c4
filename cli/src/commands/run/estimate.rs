//! `ergon run --estimate`: what it would cost, without sending anything.

use super::{Args, choose, plan::SETTLEMENT_FEE, wish};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    market::{self, Candidate, Choice, Judged},
    prices::{PricesView, RangeView},
    table::Card,
    text::Hex,
};
use ergon_client::{
    View,
    primitives::{
        AccountId, Balance, Mismatch, PriceRange, PriceSubject, PriceSummary, RequestOrder,
    },
};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Estimate {
    app: Hex,
    category: u32,
    volume: u32,
    /// The cheapest offers that fit now.
    offer: Option<OfferView>,
    /// Why there is no such offer.
    reasons: Vec<String>,
    /// The whole cost at the prices that were paid lately, without a dataset; none when there are
    /// not enough of them.
    history: Option<RangeView>,
    app_prices: PricesView,
    category_prices: PricesView,
}

#[derive(Serialize)]
struct OfferView {
    app_price: Amount,
    dataset_price: Amount,
    pool_price: Amount,
    task_price: Amount,
    total: Amount,
}

impl OfferView {
    fn new(candidate: &Candidate, volume: u32) -> Self {
        let task_price = candidate.task_price();
        Self {
            app_price: Amount(candidate.app.signed.order.price),
            dataset_price: Amount(candidate.dataset_price()),
            pool_price: Amount(candidate.pool.signed.order.price),
            task_price: Amount(task_price),
            total: Amount(task_price.saturating_mul(Balance::from(volume))),
        }
    }

    fn parts(&self) -> String {
        let (app, pool) = (self.app_price, self.pool_price);
        let dataset = match self.dataset_price {
            Amount(0) => String::new(),
            price => format!(", dataset {price}"),
        };
        format!("{}: app {app}{dataset}, pool {pool}", self.task_price)
    }
}

impl Render for Estimate {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let tasks = format!("for {} tasks", self.volume);
        let card = Card::new().line("app", self.app).line("tasks", self.volume);
        let card = match &self.offer {
            Some(offer) => card
                .line("offered", format!("{} {tasks}", offer.total))
                .line("per task", offer.parts())
                .line("prepaid", SETTLEMENT_FEE),
            None => card.line("offered", "nothing that fits"),
        };
        let history = self.history.as_ref();
        card.maybe(
            "paid lately",
            history.map(|range| format!("{range} {tasks}")),
        )
        .write(out)?;
        for reason in &self.reasons {
            writeln!(out, "  - {reason}")?;
        }
        writeln!(out, "{}", self.app_prices.line())?;
        writeln!(out, "{}", self.category_prices.line())
    }
}

/// Who asks when no key is given: an account that nobody has.
const NOBODY: AccountId = AccountId::new([0; 32]);

pub(super) async fn run(args: &Args, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let requester = match context.options.key {
        Some(_) => context.own_account()?,
        None => NOBODY,
    };
    let wish = wish(args, context, &view, &requester).await?;
    let order = &wish.request.order;
    let (offer, reasons) = match choose(args, context, &view, &wish.request).await {
        Ok(Choice::Found(found)) => (Some(found.candidate), Vec::new()),
        Ok(Choice::Nothing(mut judged)) => {
            if context.options.key.is_none() {
                forget_money(&mut judged);
            }
            (None, why(market::no_offer(&view, &judged, order))?)
        }
        Err(error) => (None, why(error)?),
    };
    let histories = Histories::read(&view, order).await?;
    Ok(Answer::new(estimate(order, offer, reasons, histories)))
}

/// That an account which nobody has lacks money is of no interest.
fn forget_money(judged: &mut [Judged]) {
    for judged in judged {
        let mismatches = &mut judged.report.mismatches;
        mismatches.retain(|mismatch| *mismatch != Mismatch::PayerCannotPay);
    }
}

/// That no offer fits is an answer here.
fn why(error: CliError) -> Result<Vec<String>, CliError> {
    match error {
        CliError::NoOffer { reasons } => Ok(reasons),
        error => Err(error),
    }
}

/// What was paid lately.
struct Histories {
    app: Option<PriceSummary>,
    category: Option<PriceSummary>,
}

impl Histories {
    async fn read(view: &View, request: &RequestOrder) -> Result<Self, CliError> {
        Ok(Self {
            app: view.prices(PriceSubject::App(request.app)).await?,
            category: view
                .prices(PriceSubject::Category(request.category))
                .await?,
        })
    }

    /// What so many tasks would have cost: the app at its own prices, the pool at its category's.
    fn total(&self, volume: u32) -> Option<RangeView> {
        let (app, pool) = (self.app?.app, self.category?.pool);
        let total = |price: fn(&PriceRange) -> Balance| {
            let task = price(&app).saturating_add(price(&pool));
            Amount(task.saturating_mul(Balance::from(volume)))
        };
        Some(RangeView {
            low: total(|range| range.low),
            median: total(|range| range.median),
            high: total(|range| range.high),
        })
    }
}

fn estimate(
    request: &RequestOrder,
    offer: Option<Candidate>,
    reasons: Vec<String>,
    histories: Histories,
) -> Estimate {
    Estimate {
        app: request.app.into(),
        category: request.category,
        volume: request.volume,
        offer: offer.map(|offer| OfferView::new(&offer, request.volume)),
        reasons,
        history: histories.total(request.volume),
        app_prices: PricesView::new(PriceSubject::App(request.app), histories.app),
        category_prices: PricesView::new(
            PriceSubject::Category(request.category),
            histories.category,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::fixtures::{candidate, judged, request};
    use ergon_client::primitives::ERG;

    fn summary(app: Balance, pool: Balance) -> PriceSummary {
        let range = |low| PriceRange {
            low,
            median: 2 * low,
            high: 3 * low,
        };
        PriceSummary {
            deals: 1,
            tasks: 10,
            since: 1,
            app: range(app),
            pool: range(pool),
        }
    }

    fn rendered(estimate: &Estimate) -> String {
        let mut out = Vec::new();
        estimate.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn offers_and_history_are_multiplied_by_the_tasks() {
        let histories = Histories {
            app: Some(summary(ERG / 10, 7)),
            category: Some(summary(9, ERG)),
        };
        let offer = candidate(ERG / 2, ERG);
        let estimate = estimate(&request(), Some(offer), Vec::new(), histories);
        let text = rendered(&estimate);
        assert!(
            text.contains("offered      15 ERG for 10 tasks\n"),
            "{text}"
        );
        assert!(
            text.contains("1.5 ERG: app 0.5 ERG, pool 1 ERG\n"),
            "{text}"
        );
        assert!(
            text.contains("low 11 ERG, median 22 ERG, high 33 ERG for 10 tasks\n"),
            "{text}"
        );
    }

    #[test]
    fn nobodys_money_is_of_no_interest() {
        let failed = [Mismatch::TrustTooHigh, Mismatch::PayerCannotPay];
        let mut judged = [judged(candidate(1, 1), &failed)];
        forget_money(&mut judged);
        assert_eq!(judged[0].report.mismatches, [Mismatch::TrustTooHigh]);
    }

    #[test]
    fn what_is_not_known_is_said() {
        let histories = Histories {
            app: None,
            category: Some(summary(1, 1)),
        };
        let estimate = estimate(&request(), None, vec!["no order".into()], histories);
        let text = rendered(&estimate);
        assert!(text.contains("nothing that fits\n  - no order\n"), "{text}");
        assert!(text.contains("Nothing was paid for the app 0x01"), "{text}");
        let json = serde_json::to_value(&estimate).unwrap();
        assert!(json["offer"].is_null() && json["history"].is_null());
    }
}
