//! `ergon run`: from an app and a wish to verified results.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    market::{self, Candidate, Wish},
    order_file::OrderFile,
    request::RequestArgs,
    span::Span,
    table::Card,
    text::{Address, Hex, shown},
    watch,
};
use ergon_client::{
    Call, Event, MarketEvent, Receipt, View, calls,
    primitives::{
        AppOrder, Balance, BlockNumber, CategoryTerms, DealId, HOURS, Order, PoolOrder,
        RequestOrder, SignedOrder, final_period, widening,
    },
};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// How long the request is valid: it is matched at once or not at all.
const VALIDITY: Span = Span(HOURS);

/// Run an app: find the cheapest offers that fit, show the price, make the deal, wait for the tasks,
/// fetch the results and verify them.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
#[command(after_help = "\
Example: ergon --key //Alice run 0x… --volume 24 --trust 3 --arg --scene --arg scene.txt \\
             --arg --tile --arg {index} --input scene.txt=./demo.txt --out tiles

An interrupted run goes on with `ergon deal watch DEAL --out DIR`.")]
pub struct Args {
    #[command(flatten)]
    request: RequestArgs,
    /// Where to put the results, a folder per task; without it they are not fetched.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Make the deal and do not wait for its tasks.
    #[arg(long, conflicts_with = "dry_run")]
    no_wait: bool,
    /// Give up waiting after this time; the deal goes on.
    #[arg(long, value_name = "TIME")]
    timeout: Option<Span>,
    /// An app order that is not published.
    #[arg(long, value_name = "FILE")]
    app_order: Option<PathBuf>,
    /// A pool order that is not published.
    #[arg(long, value_name = "FILE")]
    pool_order: Option<PathBuf>,
    /// Show the price and do nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What the run would cost.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Plan {
    app: Hex,
    app_name: String,
    pool: Hex,
    pool_description: String,
    app_order: Hex,
    pool_order: Hex,
    requester: Address,
    volume: u32,
    trust: u32,
    app_price: Amount,
    pool_price: Amount,
    task_price: Amount,
    deposit: Amount,
    fee: Amount,
    transferable: Amount,
    longest: BlockNumber,
}

impl Render for Plan {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let each = |price: Amount| format!("{price} per task");
        Card::new()
            .line("app", format!("{} ({})", self.app_name, self.app))
            .line("pool", format!("{} ({})", self.pool_description, self.pool))
            .line("tasks", format!("{}, trust {}", self.volume, self.trust))
            .line("app price", each(self.app_price))
            .line("pool price", each(self.pool_price))
            .line("together", each(self.task_price))
            .line(
                "put on hold",
                format!("{} for {} tasks", self.deposit, self.volume),
            )
            .line("fee", format!("about {}", self.fee))
            .line("you have", format!("{} to spend", self.transferable))
            .line("ends", format!("after at most {}", Span(self.longest)))
            .write(out)
    }
}

/// A deal that was made.
#[derive(Serialize)]
pub(super) struct Made {
    deal: Hex,
    volume: u32,
    first_index: u32,
    block: BlockNumber,
    fee: Amount,
}

impl Render for Made {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "Deal {} with {} tasks in block {}.",
            self.deal, self.volume, self.block
        )?;
        writeln!(
            out,
            "Follow it with: ergon deal watch {} --out DIR",
            self.deal
        )
    }
}

/// The three orders that are about to make a deal.
struct Offer {
    app: SignedOrder<AppOrder>,
    pool: SignedOrder<PoolOrder>,
    request: SignedOrder<RequestOrder>,
}

impl Offer {
    fn call(&self) -> Call {
        calls::market::match_orders(self.app.clone(), self.pool.clone(), self.request.clone())
    }
}

/// Does what the command says.
pub async fn run(args: Args, context: &Context) -> Result<Answer, CliError> {
    let (offer, plan) = prepare(&args, context).await?;
    if args.dry_run {
        return Ok(Answer::new(plan));
    }
    ensure_funds(&plan)?;
    context.console.note(&text(&plan));
    if !context.options.yes {
        context.console.confirm("Make this deal?")?;
    }
    let receipt = context.send_agreed(offer.call()).await?;
    let (deal, made) = made(&receipt).ok_or(CliError::Silent("which deal was made"))?;
    context
        .console
        .note(&format!("Deal {deal} made in block {}.", made.block));
    if args.no_wait {
        return Ok(Answer::new(made));
    }
    let report = watch::follow(context, deal, args.out.as_deref(), args.timeout).await?;
    Ok(report.answer())
}

/// Finds the offers, and what they cost.
async fn prepare(args: &Args, context: &Context) -> Result<(Offer, Plan), CliError> {
    let view = context.view().await?;
    let app = context.app(&view, args.request.app).await?;
    let category = context.category(&view, &args.request.category).await?;
    let mut request = args
        .request
        .order(context, &view, &category, VALIDITY)
        .await?;
    let terms = CategoryTerms {
        id: category.0,
        work_time: category.1.work_time,
    };
    let chosen = choose(args, context, &view, &request, terms).await?;

    // The request is for these offers only, at no other price, and only its requester can match it.
    request.max_app_price = chosen.app.signed.order.price;
    request.max_pool_price = chosen.pool.signed.order.price;
    request.pool = Some(chosen.pool.signed.order.pool);
    request.matcher = Some(request.requester.clone());
    let keypair = context.keypair()?;
    let genesis = context.client().await?.genesis();
    let signature = keypair.sign_order(Order::from(request.clone()).id(genesis));
    let offer = Offer {
        app: chosen.app.signed.clone(),
        pool: chosen.pool.signed.clone(),
        request: SignedOrder {
            order: request,
            signature: Some(signature),
        },
    };

    let funds = view.account(&keypair.account()).await?;
    let funds = funds.transferable(view.existential_deposit()?);
    let fee = context
        .client()
        .await?
        .estimate_fee(&offer.call(), &keypair)
        .await?;
    let pool = view.pool(chosen.pool.signed.order.pool).await?;
    let pool_description = pool
        .map(|pool| shown(&pool.description))
        .unwrap_or_default();
    let plan = plan(
        &chosen,
        &offer.request.order,
        terms,
        shown(&app.name),
        pool_description,
    );
    Ok((
        offer,
        Plan {
            fee: Amount(fee),
            transferable: Amount(funds),
            ..plan
        },
    ))
}

async fn choose(
    args: &Args,
    context: &Context,
    view: &View,
    request: &RequestOrder,
    category: CategoryTerms,
) -> Result<Candidate, CliError> {
    let genesis = context.client().await?.genesis();
    let app_order = match &args.app_order {
        Some(path) => Some(OrderFile::read_for(path, genesis)?.into_app_order()?),
        None => None,
    };
    let pool_order = match &args.pool_order {
        Some(path) => Some(OrderFile::read_for(path, genesis)?.into_pool_order()?),
        None => None,
    };
    let candidates = market::candidates(view, genesis, request, app_order, pool_order).await?;
    let now = view.head().number.saturating_add(1);
    market::choose(
        candidates,
        &Wish {
            request,
            category: Some(category),
            now,
        },
    )
}

/// The plan, but for what only the chain knows: fee and funds.
fn plan(
    chosen: &Candidate,
    request: &RequestOrder,
    category: CategoryTerms,
    app_name: String,
    pool_description: String,
) -> Plan {
    let (app, pool) = (&chosen.app.signed.order, &chosen.pool.signed.order);
    let parallelism = chosen
        .pool_terms
        .as_ref()
        .map_or(1, |terms| terms.policy.parallelism);
    let widening = widening(request.volume, parallelism);
    Plan {
        app: app.app.into(),
        app_name,
        pool: pool.pool.into(),
        pool_description,
        app_order: chosen.app.id.into(),
        pool_order: chosen.pool.id.into(),
        requester: Address::from(&request.requester),
        volume: request.volume,
        trust: request.trust,
        app_price: Amount(app.price),
        pool_price: Amount(pool.price),
        task_price: Amount(chosen.task_price()),
        deposit: Amount(
            chosen
                .task_price()
                .saturating_mul(Balance::from(request.volume)),
        ),
        fee: Amount(0),
        transferable: Amount(0),
        longest: final_period(category.work_time, widening).unwrap_or(BlockNumber::MAX),
    }
}

fn ensure_funds(plan: &Plan) -> Result<(), CliError> {
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

fn text(plan: &Plan) -> String {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = plan.render(&mut out);
    String::from_utf8_lossy(&out).trim_end().to_owned()
}

/// The deal that a transaction made.
pub(super) fn made(receipt: &Receipt) -> Option<(DealId, Made)> {
    receipt.events.iter().find_map(|event| match event {
        Event::Market(MarketEvent::Matched {
            deal,
            volume,
            first_index,
            ..
        }) => {
            let (block, fee) = (receipt.block.number, Amount(receipt.fee));
            let (volume, first_index) = (*volume, *first_index);
            Some((
                *deal,
                Made {
                    deal: (*deal).into(),
                    volume,
                    first_index,
                    block,
                    fee,
                },
            ))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::ERG;

    fn plan(transferable: Balance) -> Plan {
        Plan {
            app: Hex::default(),
            app_name: "render".into(),
            pool: Hex::default(),
            pool_description: "demo".into(),
            app_order: Hex::default(),
            pool_order: Hex::default(),
            requester: Address(ergon_client::primitives::AccountId::new([1; 32])),
            volume: 24,
            trust: 3,
            app_price: Amount(ERG / 10),
            pool_price: Amount(ERG),
            task_price: Amount(ERG + ERG / 10),
            deposit: Amount(24 * (ERG + ERG / 10)),
            fee: Amount(ERG / 100),
            transferable: Amount(transferable),
            longest: 9_000,
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
        assert!(text.ends_with("ends         after at most 5 h"), "{text}");
    }
}
