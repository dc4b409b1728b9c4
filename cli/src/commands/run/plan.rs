//! What a run would cost, before the user agrees.

use crate::{
    CliError,
    amount::Amount,
    answer::Render,
    market::Candidate,
    span::Span,
    table::Card,
    text::{Address, Hex, shown},
};
use ergon_client::primitives::{
    Balance, BlockNumber, CategoryTerms, Pool, RequestOrder, Scheduling, final_period, widening,
};
use serde::Serialize;
use std::io::{self, Write};

/// What an authorised pool means for whoever waits for it.
const AUTHORISED: &str = "only those whom the pool's authoriser admits to a task";

/// What comes on top of the price. How much it is, the chain says when the deal is made.
pub(super) const SETTLEMENT_FEE: &str = "the settlement fee on top; it pays the workers' calls, and \
                                         what they do not use comes back";

/// What the run would cost.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Plan {
    app: Hex,
    app_name: String,
    dataset: Option<Hex>,
    pool: Hex,
    pool_description: String,
    /// Whether only those may work whom the pool's authoriser admits to a task.
    authorised: bool,
    app_order: Hex,
    dataset_order: Option<Hex>,
    pool_order: Hex,
    requester: Address,
    volume: u32,
    trust: u32,
    app_price: Amount,
    dataset_price: Amount,
    pool_price: Amount,
    task_price: Amount,
    pub(super) deposit: Amount,
    pub(super) fee: Amount,
    pub(super) transferable: Amount,
    longest: BlockNumber,
}

impl Plan {
    /// The plan, but for what only the chain knows: fee and funds.
    pub(super) fn new(
        chosen: &Candidate,
        request: &RequestOrder,
        category: CategoryTerms,
        app_name: String,
        record: Option<&Pool>,
    ) -> Self {
        let (app, pool) = (&chosen.app.signed.order, &chosen.pool.signed.order);
        let parallelism = record.map_or(1, |record| record.policy.parallelism);
        let widening = widening(request.volume, parallelism);
        let volume = Balance::from(request.volume);
        Self {
            app: app.app.into(),
            app_name,
            dataset: request.dataset.map(Hex::from),
            pool: pool.pool.into(),
            pool_description: record.map_or(String::new(), |record| shown(&record.description)),
            authorised: record.is_some_and(is_authorised),
            app_order: chosen.app.id.into(),
            dataset_order: chosen.dataset.as_ref().map(|dataset| dataset.id.into()),
            pool_order: chosen.pool.id.into(),
            requester: Address::from(&request.requester),
            volume: request.volume,
            trust: request.trust,
            app_price: Amount(app.price),
            dataset_price: Amount(chosen.dataset_price()),
            pool_price: Amount(pool.price),
            task_price: Amount(chosen.task_price()),
            deposit: Amount(chosen.task_price().saturating_mul(volume)),
            fee: Amount(0),
            transferable: Amount(0),
            longest: final_period(category.work_time, widening).unwrap_or(BlockNumber::MAX),
        }
    }
}

fn is_authorised(pool: &Pool) -> bool {
    pool.policy.scheduling == Scheduling::Authorised
}

impl Render for Plan {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let each = |price: Amount| format!("{price} per task");
        let card = Card::new()
            .line("app", format!("{} ({})", self.app_name, self.app))
            .maybe("dataset", self.dataset)
            .line("pool", format!("{} ({})", self.pool_description, self.pool))
            .maybe("workers", self.authorised.then_some(AUTHORISED))
            .line("tasks", format!("{}, trust {}", self.volume, self.trust))
            .line("app price", each(self.app_price));
        let card = match self.dataset {
            Some(_) => card.line("dataset price", each(self.dataset_price)),
            None => card,
        };
        card.line("pool price", each(self.pool_price))
            .line("together", each(self.task_price))
            .line(
                "put on hold",
                format!("{} for {} tasks", self.deposit, self.volume),
            )
            .line("prepaid", SETTLEMENT_FEE)
            .line("fee", format!("about {}", self.fee))
            .line("you have", format!("{} to spend", self.transferable))
            .line("ends", format!("after at most {}", Span(self.longest)))
            .write(out)
    }
}

pub(super) fn ensure_funds(plan: &Plan) -> Result<(), CliError> {
    let needed = Amount(plan.deposit.0.saturating_add(plan.fee.0));
    if plan.transferable >= needed {
        return Ok(());
    }
    Err(CliError::NotEnoughMoney {
        account: plan.requester.clone(),
        what: "the deal with its fee",
        needed,
        available: plan.transferable,
    })
}

pub(super) fn text(plan: &Plan) -> String {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = plan.render(&mut out);
    String::from_utf8_lossy(&out).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::fixtures::{candidate, request};
    use ergon_client::primitives::{DatasetId, ERG};

    fn plan(transferable: Balance) -> Plan {
        let chosen = candidate(ERG / 10, ERG);
        let order = RequestOrder {
            volume: 24,
            ..request()
        };
        let category = CategoryTerms {
            id: 0,
            work_time: 20,
        };
        let plan = Plan::new(&chosen, &order, category, "render".into(), None);
        Plan {
            fee: Amount(ERG / 100),
            transferable: Amount(transferable),
            ..plan
        }
    }

    #[test]
    fn deposit_and_fee_must_be_there() {
        let needed = 24 * (ERG + ERG / 10) + ERG / 100;
        assert!(ensure_funds(&plan(needed)).is_ok());
        let error = ensure_funds(&plan(needed - 1)).unwrap_err();
        assert_eq!(error.explain().status.code(), 6);
        assert!(error.to_string().contains("26.41 ERG"), "{error}");
    }

    #[test]
    fn the_plan_shows_price_and_duration() {
        let text = text(&plan(0));
        assert!(text.contains("together     1.1 ERG per task\n"), "{text}");
        assert!(
            text.contains("put on hold  26.4 ERG for 24 tasks\n"),
            "{text}"
        );
        // 10 periods of 20 blocks for each of 24 tasks one after the other: 4 800 blocks.
        assert!(
            text.ends_with("ends         after at most 2 h 40 min"),
            "{text}"
        );
        assert!(!text.contains("dataset"), "{text}");
        assert!(!text.contains("workers  "), "{text}");
    }

    #[test]
    fn that_an_authoriser_decides_shows_in_the_plan() {
        let plan = Plan {
            authorised: true,
            ..plan(0)
        };
        let text = text(&plan);
        assert!(text.contains("workers      only those whom"), "{text}");
    }

    #[test]
    fn a_dataset_shows_in_the_plan() {
        let plan = Plan {
            dataset: Some(DatasetId(sp_core::H256::repeat_byte(7)).into()),
            dataset_price: Amount(ERG),
            ..plan(0)
        };
        let text = text(&plan);
        assert!(text.contains("dataset price  1 ERG per task\n"), "{text}");
    }
}
