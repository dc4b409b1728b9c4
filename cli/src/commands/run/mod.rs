//! `ergon run`: from an app and a wish to verified results.

mod estimate;
mod plan;

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    context::after,
    market::{self, Candidate, Choice, Given, Offers},
    order_file::OrderFile,
    request::{Occasion, RequestArgs},
    span::Span,
    text::{Hex, shown},
    watch,
};
use ergon_client::{
    Call, Event, MarketEvent, Receipt, View, calls,
    primitives::{
        AccountId, AppOrder, BlockNumber, CategoryTerms, DatasetOrder, DealId, HOURS, Order,
        PoolOrder, RequestOrder, SignedOrder,
    },
};
use plan::{Plan, ensure_funds, text};
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
    /// A dataset order that is not published.
    #[arg(long, value_name = "FILE", requires = "dataset")]
    dataset_order: Option<PathBuf>,
    /// A pool order that is not published.
    #[arg(long, value_name = "FILE")]
    pool_order: Option<PathBuf>,
    /// Show the price and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Show what it would cost by the offers and by what was paid lately, and do nothing. No key is
    /// needed.
    #[arg(long, conflicts_with_all = ["dry_run", "no_wait"])]
    estimate: bool,
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

/// The orders that are about to make a deal.
struct Offer {
    app: SignedOrder<AppOrder>,
    dataset: Option<SignedOrder<DatasetOrder>>,
    pool: SignedOrder<PoolOrder>,
    request: SignedOrder<RequestOrder>,
}

impl Offer {
    fn call(&self) -> Call {
        calls::market::match_orders(
            self.app.clone(),
            self.dataset.clone(),
            self.pool.clone(),
            self.request.clone(),
        )
    }
}

/// Does what the command says.
pub async fn run(args: Args, context: &Context) -> Result<Answer, CliError> {
    if args.estimate {
        return estimate::run(&args, context).await;
    }
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

/// A wish that is not signed yet, and what is known about it.
struct Wish {
    request: SignedOrder<RequestOrder>,
    category: CategoryTerms,
    app_name: String,
}

/// Finds the offers, and what they cost.
async fn prepare(args: &Args, context: &Context) -> Result<(Offer, Plan), CliError> {
    let view = context.view().await?;
    let keypair = context.keypair()?;
    let wish = wish(args, context, &view, &keypair.account()).await?;
    let chosen = match choose(args, context, &view, &wish.request).await? {
        Choice::Found(found) => found.candidate,
        Choice::Nothing(judged) => {
            return Err(market::no_offer(&view, &judged, &wish.request.order));
        }
    };

    let mut request = tailored(wish.request, &chosen);
    let genesis = context.client().await?.genesis();
    let id = Order::from(request.order.clone()).id(genesis);
    request.signature = Some(keypair.sign_order(id));
    let offer = Offer {
        app: chosen.app.signed.clone(),
        dataset: chosen
            .dataset
            .as_ref()
            .map(|dataset| dataset.signed.clone()),
        pool: chosen.pool.signed.clone(),
        request,
    };
    let pool = view.pool(chosen.pool.signed.order.pool).await?;
    let mut plan = Plan::new(
        &chosen,
        &offer.request.order,
        wish.category,
        wish.app_name,
        pool.as_ref(),
    );
    ensure_match(&view, &chosen, &offer.request).await?;

    let funds = view.account(&keypair.account()).await?;
    plan.transferable = Amount(funds.transferable(view.existential_deposit()?));
    let client = context.client().await?;
    plan.fee = Amount(client.estimate_fee(&offer.call(), &keypair).await?);
    Ok((offer, plan))
}

/// The wish of an account, and what the plan needs to know.
async fn wish(
    args: &Args,
    context: &Context,
    view: &View,
    requester: &AccountId,
) -> Result<Wish, CliError> {
    let app = context.app(view, args.request.app).await?;
    let (id, category) = context.category(view, &args.request.category).await?;
    let occasion = Occasion {
        requester: requester.clone(),
        category: id,
        input_limit: Some(category.input_limit),
        kind: Some(app.kind),
        valid_until: after(view.head().number, VALIDITY.0),
    };
    Ok(Wish {
        request: SignedOrder {
            order: args.request.order(&occasion).await?,
            signature: None,
        },
        category: CategoryTerms {
            id,
            work_time: category.work_time,
        },
        app_name: shown(&app.name),
    })
}

/// The cheapest offers that fit.
async fn choose(
    args: &Args,
    context: &Context,
    view: &View,
    request: &SignedOrder<RequestOrder>,
) -> Result<Choice, CliError> {
    let genesis = context.client().await?.genesis();
    let file = |path: &Option<PathBuf>| {
        let path = path.as_deref();
        path.map(|path| OrderFile::read_for(path, genesis))
            .transpose()
    };
    let given = Given {
        app: file(&args.app_order)?,
        dataset: file(&args.dataset_order)?,
        pool: file(&args.pool_order)?,
    };
    let offers = Offers::find(view, &request.order, given).await?;
    let missing = offers.missing(&request.order);
    if !missing.is_empty() {
        return Err(CliError::NoOffer { reasons: missing });
    }
    let candidates = offers.candidates(&request.order);
    market::choose(candidates, async |candidate: &Candidate| {
        candidate.ask(view, request, None).await
    })
    .await
}

/// The request for these offers only: at no other price, and only its requester can match it.
fn tailored(
    mut request: SignedOrder<RequestOrder>,
    chosen: &Candidate,
) -> SignedOrder<RequestOrder> {
    let order = &mut request.order;
    order.max_app_price = chosen.app.signed.order.price;
    order.max_dataset_price = chosen.dataset_price();
    order.max_pool_price = chosen.pool.signed.order.price;
    order.pool = Some(chosen.pool.signed.order.pool);
    order.matcher = Some(order.requester.clone());
    request
}

/// The chain's last word on the very orders that will be sent.
async fn ensure_match(
    view: &View,
    chosen: &Candidate,
    request: &SignedOrder<RequestOrder>,
) -> Result<(), CliError> {
    let chosen = vec![chosen.clone()];
    let choice = market::choose(chosen, async |candidate: &Candidate| {
        candidate.ask(view, request, None).await
    });
    match choice.await? {
        Choice::Found(_) => Ok(()),
        Choice::Nothing(judged) => Err(market::no_offer(view, &judged, &request.order)),
    }
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
    use crate::market::fixtures::{candidate, request};

    #[test]
    fn the_request_is_for_the_chosen_offers_only() {
        let chosen = candidate(5, 7);
        let request = SignedOrder {
            order: request(),
            signature: None,
        };
        let order = tailored(request, &chosen).order;
        assert_eq!((order.max_app_price, order.max_pool_price), (5, 7));
        assert_eq!(order.max_dataset_price, 0);
        assert_eq!(order.pool, Some(chosen.pool.signed.order.pool));
        assert_eq!(order.matcher, Some(order.requester));
    }
}
