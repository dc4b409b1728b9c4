//! `ergon deal`: deals and how far they have come.

use super::pool::scheduling_name;
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    progress::Progress,
    span::Span,
    table::{Card, Table},
    text::{Address, Hex, id, shown},
    watch,
};
use clap::Subcommand;
use ergon_client::{
    EscrowRecord,
    primitives::{
        AccountId, BlockNumber, Deal as DealRecord, DealDataset, DealId, DealProgress, DealStatus,
        Untouched,
    },
};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

mod cancel;

/// Show and watch deals, and cancel what nobody has begun with.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Deal {
    /// List deals, the newest last.
    #[command(after_help = "Example: ergon --key //Alice deal list --mine")]
    List {
        /// Only deals of the key's account: as requester, payer, operator, or owner of app or dataset.
        #[arg(long)]
        mine: bool,
    },
    /// Show a deal: terms, deadlines, progress.
    #[command(after_help = "Example: ergon deal show 0x…")]
    Show {
        /// The deal.
        #[arg(value_parser = id::<DealId>)]
        deal: DealId,
    },
    /// Cancel the tasks of a deal that nobody has voted on. Only its payer can, and only before the
    /// contribution deadline; the pool's operator gets 5 % of their pool price, and the rest comes back.
    /// With an app revoked as harmful it is never too late, and all comes back.
    #[command(after_help = "Example: ergon --key //Alice deal cancel 0x…")]
    Cancel {
        /// The deal.
        #[arg(value_parser = id::<DealId>)]
        deal: DealId,
    },
    /// Follow a deal to its end and fetch its results. What is there already and verified stays.
    #[command(after_help = "Example: ergon deal watch 0x… --out tiles")]
    Watch {
        /// The deal.
        #[arg(value_parser = id::<DealId>)]
        deal: DealId,
        /// Where to put the results, a folder per task; without it they are not fetched.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Give up waiting after this time; the deal goes on.
        #[arg(long, value_name = "TIME")]
        timeout: Option<Span>,
    },
}

#[derive(Serialize)]
struct DealView {
    deal: Hex,
    status: &'static str,
    app: Hex,
    dataset: Option<Hex>,
    pool: Hex,
    requester: Address,
    payer: Address,
    beneficiary: Address,
    app_owner: Address,
    operator: Address,
    app_price: Amount,
    dataset_price: Amount,
    pool_price: Amount,
    worker_stake: Amount,
    operator_stake: Amount,
    settlement_fee: Amount,
    category: u32,
    trust: u32,
    scheduling: &'static str,
    first_index: u32,
    volume: u32,
    started: BlockNumber,
    contribution_deadline: BlockNumber,
    final_deadline: BlockNumber,
    params: String,
}

impl DealView {
    fn new(id: DealId, deal: &DealRecord, status: Option<DealStatus>) -> Self {
        Self {
            deal: id.into(),
            status: status_name(status),
            app: deal.app.into(),
            dataset: deal.dataset.as_ref().map(|dataset| dataset.id.into()),
            pool: deal.pool.into(),
            requester: Address::from(&deal.requester),
            payer: Address::from(&deal.payer),
            beneficiary: Address::from(&deal.beneficiary),
            app_owner: Address::from(&deal.app_owner),
            operator: Address::from(&deal.operator),
            app_price: Amount(deal.app_price),
            dataset_price: Amount(deal.dataset_price()),
            pool_price: Amount(deal.pool_price),
            worker_stake: Amount(deal.worker_stake),
            operator_stake: Amount(deal.operator_stake),
            settlement_fee: Amount(deal.settlement_fee),
            category: deal.category,
            trust: deal.trust,
            scheduling: scheduling_name(deal.scheduling),
            first_index: deal.first_index,
            volume: deal.volume,
            started: deal.started,
            contribution_deadline: deal.contribution_deadline(),
            final_deadline: deal.final_deadline(),
            params: shown(&deal.params),
        }
    }

    fn card(&self) -> Card {
        let last = self
            .first_index
            .saturating_add(self.volume.saturating_sub(1));
        Card::new()
            .line("deal", self.deal)
            .line("status", self.status)
            .line("app", format!("{} of {}", self.app, self.app_owner))
            .maybe("dataset", self.dataset)
            .line("pool", format!("{} of {}", self.pool, self.operator))
            .line("requester", &self.requester)
            .line("payer", &self.payer)
            .line("prices", self.prices())
            .line(
                "stakes",
                format!(
                    "{} per vote, {} per task",
                    self.worker_stake, self.operator_stake
                ),
            )
            .line("category", self.category)
            .line("trust", self.trust)
            .line("scheduling", self.scheduling)
            .line(
                "tasks",
                format!("{}, from {} to {last}", self.volume, self.first_index),
            )
            .line("started", format!("in block {}", self.started))
            .line(
                "contributions",
                format!("until block {}", self.contribution_deadline),
            )
            .line("ends", format!("by block {}", self.final_deadline))
            .line("request", &self.params)
    }

    fn prices(&self) -> String {
        let (app, dataset, pool) = (self.app_price, self.dataset_price, self.pool_price);
        match self.dataset {
            Some(_) => format!("{app} for the app, {dataset} for the dataset, {pool} for the pool"),
            None => format!("{app} for the app, {pool} for the pool"),
        }
    }
}

fn status_name(status: Option<DealStatus>) -> &'static str {
    match status {
        Some(DealStatus::Open) => "open",
        Some(DealStatus::Ended(_)) => "ended",
        None => "unknown",
    }
}

#[derive(Serialize)]
struct DealList {
    deals: Vec<DealView>,
}

impl Render for DealList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["DEAL", "STATUS", ">TASKS", ">BLOCK", "REQUESTER"]);
        for deal in &self.deals {
            table.row([
                deal.deal.to_string(),
                deal.status.into(),
                deal.volume.to_string(),
                deal.started.to_string(),
                deal.requester.short(),
            ]);
        }
        table.write(out, "There are no deals.")
    }
}

#[derive(Serialize)]
struct DealDetails {
    #[serde(flatten)]
    deal: DealView,
    progress: Progress,
    on_hold: Amount,
    /// What is left of the settlement fee for calls of workers.
    prepaid_left: Amount,
    /// How many tasks wait for their first vote.
    untouched: u32,
    /// What became of them, if they have ended.
    ended_untouched: Option<EndedUntouched>,
}

/// Tasks that ended without a vote, all of them at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
struct EndedUntouched {
    tasks: u32,
    status: &'static str,
    at: BlockNumber,
}

impl EndedUntouched {
    /// What became of so many tasks, if they have ended.
    fn of(tasks: u32, untouched: Untouched) -> Option<Self> {
        let (status, at) = match untouched {
            Untouched::Active => return None,
            Untouched::Failed { at } => ("failed", at),
            Untouched::Cancelled { at } => ("cancelled", at),
        };
        Some(Self { tasks, status, at })
    }
}

impl Render for DealDetails {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        self.deal
            .card()
            .line("progress", self.progress)
            .line("untouched", self.untouched())
            .line("on hold", self.on_hold)
            .line("prepaid", self.prepaid())
            .write(out)
    }
}

impl DealDetails {
    fn new(
        deal: DealView,
        progress: Progress,
        escrow: Option<EscrowRecord>,
        chain: &DealProgress,
    ) -> Self {
        let on_hold = escrow.map_or(0, |escrow| {
            escrow.task_price.saturating_mul(escrow.open_tasks.into())
        });
        let without_vote = deal.volume.saturating_sub(chain.touched);
        let ended_untouched = EndedUntouched::of(without_vote, chain.untouched);
        // With the last task what is left goes back.
        let (left, waiting) = match deal.status {
            "open" => (
                deal.settlement_fee.0.saturating_sub(chain.spent),
                without_vote,
            ),
            _ => (0, 0),
        };
        Self {
            untouched: ended_untouched.map_or(waiting, |_| 0),
            ended_untouched,
            deal,
            progress,
            on_hold: Amount(on_hold),
            prepaid_left: Amount(left),
        }
    }

    fn untouched(&self) -> String {
        match self.ended_untouched {
            None => format!("{} tasks have no vote", self.untouched),
            Some(EndedUntouched { tasks, status, at }) => {
                format!("none: {tasks} tasks ended without a vote, {status} in block {at}")
            }
        }
    }

    fn prepaid(&self) -> String {
        let (left, fee) = (self.prepaid_left, self.deal.settlement_fee);
        format!("{left} of {fee} left for the workers' calls")
    }
}

/// Does what the command says.
pub async fn run(command: Deal, context: &Context) -> Result<Answer, CliError> {
    match command {
        Deal::List { mine } => list(context, mine).await,
        Deal::Show { deal } => show(context, deal).await,
        Deal::Cancel { deal } => cancel::cancel(context, deal).await,
        Deal::Watch { deal, out, timeout } => {
            Ok(watch::follow(context, deal, out.as_deref(), timeout)
                .await?
                .answer())
        }
    }
}

async fn list(context: &Context, mine: bool) -> Result<Answer, CliError> {
    let owner = if mine {
        Some(context.own_account()?)
    } else {
        None
    };
    let view = context.view().await?;
    let mut deals = view.deals().await?;
    deals.retain(|(_, deal)| owner.as_ref().is_none_or(|owner| is_party(deal, owner)));
    deals.sort_by_key(|(id, deal)| (deal.started, *id));
    let mut views = Vec::new();
    for (id, deal) in &deals {
        views.push(DealView::new(*id, deal, view.deal_status(*id).await?));
    }
    Ok(Answer::new(DealList { deals: views }))
}

fn is_party(deal: &DealRecord, account: &AccountId) -> bool {
    let owns_dataset = |dataset: &DealDataset| dataset.owner == *account;
    deal.dataset.as_ref().is_some_and(owns_dataset)
        || [
            &deal.requester,
            &deal.payer,
            &deal.app_owner,
            &deal.operator,
        ]
        .contains(&account)
}

async fn show(context: &Context, id: DealId) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let deal = context.deal(&view, id).await?;
    let tasks = view.tasks(id).await?;
    let progress = Progress::of(&deal, tasks.iter().map(|(_, task)| task));
    let chain = view.progress(id).await?.unwrap_or_default();
    let escrow = view.escrow(id).await?;
    let deal = DealView::new(id, &deal, view.deal_status(id).await?);
    Ok(Answer::new(DealDetails::new(
        deal, progress, escrow, &chain,
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixtures::deal;
    use sp_core::H256;

    fn progress() -> DealProgress {
        DealProgress {
            touched: 1,
            most_votes: 2,
            spent: 5,
            ..DealProgress::default()
        }
    }

    #[test]
    fn a_deal_shows_its_terms_and_deadlines() {
        let terms = DealView::new(DealId(H256::zero()), &deal(3), Some(DealStatus::Open));
        let details = DealDetails::new(terms, Progress::of(&deal(3), &[]), None, &progress());
        let mut out = Vec::new();
        details.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("tasks          3, from 0 to 2\n"), "{text}");
        assert!(text.contains("contributions  until block 240\n"), "{text}");
        assert!(text.contains("ends           by block 300\n"), "{text}");
        assert!(
            text.contains("untouched      2 tasks have no vote\n"),
            "{text}"
        );
        assert_eq!(
            (details.prepaid_left, details.on_hold),
            (Amount(7), Amount(0))
        );
        let json = serde_json::to_value(&details).unwrap();
        assert_eq!(
            (&json["status"], &json["progress"]["active"]),
            (&"open".into(), &3.into())
        );
        assert_eq!(json["untouched"], 2);
        assert!(json["ended_untouched"].is_null());
    }

    #[test]
    fn nothing_is_prepaid_when_a_deal_has_ended() {
        let terms = DealView::new(DealId(H256::zero()), &deal(3), Some(DealStatus::Ended(7)));
        let details = DealDetails::new(terms, Progress::of(&deal(3), &[]), None, &progress());
        assert_eq!(details.prepaid_left, Amount(0));
    }

    #[test]
    fn tasks_that_ended_without_a_vote_are_not_untouched() {
        for (untouched, text) in [
            (Untouched::Cancelled { at: 7 }, "cancelled in block 7"),
            (Untouched::Failed { at: 300 }, "failed in block 300"),
        ] {
            let chain = DealProgress {
                untouched,
                ..progress()
            };
            let terms = DealView::new(DealId(H256::zero()), &deal(3), Some(DealStatus::Open));
            let details = DealDetails::new(terms, Progress::of(&deal(3), &[]), None, &chain);
            let json = serde_json::to_value(&details).unwrap();
            assert_eq!(json["untouched"], 0);
            assert_eq!(json["ended_untouched"]["tasks"], 2);
            let expected = format!("none: 2 tasks ended without a vote, {text}");
            assert_eq!(details.untouched(), expected);
        }
    }

    #[test]
    fn a_deal_that_is_not_open_has_no_untouched_tasks() {
        for status in [Some(DealStatus::Ended(7)), None] {
            let terms = DealView::new(DealId(H256::zero()), &deal(3), status);
            let nothing_known = DealProgress::default();
            let progress = Progress::of(&deal(3), &[]);
            let details = DealDetails::new(terms, progress, None, &nothing_known);
            assert_eq!((details.untouched, details.ended_untouched), (0, None));
        }
    }

    #[test]
    fn parties_of_a_deal_are_recognised() {
        for number in 1..=3 {
            assert!(is_party(&deal(1), &AccountId::new([number; 32])));
        }
        assert!(!is_party(&deal(1), &AccountId::new([4; 32])));
    }
}
