//! What tasks cost lately, as the chain remembers it.

use crate::{CliError, Context, amount::Amount, answer::Render, table::Card, text::Hex};
use ergon_client::{
    View,
    primitives::{BlockNumber, PriceRange, PriceSubject, PriceSummary},
};
use serde::Serialize;
use std::io::{self, Write};

/// Lowest, middle and highest price per task.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct RangeView {
    /// The lowest.
    pub low: Amount,
    /// The lowest that at least half of the tasks did not exceed.
    pub median: Amount,
    /// The highest.
    pub high: Amount,
}

impl From<PriceRange> for RangeView {
    fn from(range: PriceRange) -> Self {
        Self {
            low: Amount(range.low),
            median: Amount(range.median),
            high: Amount(range.high),
        }
    }
}

impl std::fmt::Display for RangeView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { low, median, high } = self;
        write!(f, "low {low}, median {median}, high {high}")
    }
}

/// What was paid for a category or an app.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PricesView {
    category: Option<u32>,
    app: Option<Hex>,
    /// None when nothing was paid lately.
    prices: Option<PaidView>,
}

/// What was paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct PaidView {
    deals: u32,
    tasks: u64,
    since: BlockNumber,
    app_price: RangeView,
    pool_price: RangeView,
}

impl PricesView {
    /// The prices of a subject.
    pub fn new(subject: PriceSubject, summary: Option<PriceSummary>) -> Self {
        let (category, app) = match subject {
            PriceSubject::Category(category) => (Some(category), None),
            PriceSubject::App(app) => (None, Some(app.into())),
        };
        Self {
            category,
            app,
            prices: summary.map(|summary| PaidView {
                deals: summary.deals,
                tasks: summary.tasks,
                since: summary.since,
                app_price: summary.app.into(),
                pool_price: summary.pool.into(),
            }),
        }
    }

    fn subject(&self) -> String {
        match (self.category, &self.app) {
            (Some(category), _) => format!("category {category}"),
            (None, Some(app)) => format!("the app {app}"),
            (None, None) => String::new(),
        }
    }

    /// The prices in one line.
    pub fn line(&self) -> String {
        let subject = self.subject();
        match &self.prices {
            None => format!("Nothing was paid for {subject} in the last 30 days."),
            Some(paid) => format!(
                "Paid for {subject} in the last 30 days: app {}; pool {} (per task, {} tasks in {} \
                 deals).",
                paid.app_price, paid.pool_price, paid.tasks, paid.deals
            ),
        }
    }
}

impl Render for PricesView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(paid) = &self.prices else {
            return writeln!(out, "{}", self.line());
        };
        Card::new()
            .line("prices of", self.subject())
            .line("app", format!("{} per task", paid.app_price))
            .line("pool", format!("{} per task", paid.pool_price))
            .line(
                "paid",
                format!("{} tasks in {} deals", paid.tasks, paid.deals),
            )
            .line("since", format!("block {}", paid.since))
            .write(out)
    }
}

/// Tells beside the answer what was paid lately, for whoever is about to name a price.
pub async fn tell(context: &Context, view: &View, subject: PriceSubject) -> Result<(), CliError> {
    if !context.console.is_quiet() {
        let summary = view.prices(subject).await?;
        context
            .console
            .note(&PricesView::new(subject, summary).line());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::ERG;

    fn summary() -> PriceSummary {
        let range = |low| PriceRange {
            low,
            median: 2 * low,
            high: 3 * low,
        };
        PriceSummary {
            deals: 4,
            tasks: 70,
            since: 9,
            app: range(ERG / 10),
            pool: range(ERG),
        }
    }

    #[test]
    fn prices_are_told_in_one_line_or_many() {
        let view = PricesView::new(PriceSubject::Category(2), Some(summary()));
        assert_eq!(
            view.line(),
            "Paid for category 2 in the last 30 days: app low 0.1 ERG, median 0.2 ERG, high 0.3 \
             ERG; pool low 1 ERG, median 2 ERG, high 3 ERG (per task, 70 tasks in 4 deals)."
        );
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("since      block 9\n"), "{text}");
    }

    #[test]
    fn an_empty_history_says_so() {
        let app = ergon_client::primitives::AppId(sp_core::H256::repeat_byte(1));
        let view = PricesView::new(PriceSubject::App(app), None);
        assert!(view.line().starts_with("Nothing was paid for the app 0x01"));
        let json = serde_json::to_value(&view).unwrap();
        assert!(json["prices"].is_null() && json["category"].is_null());
    }
}
