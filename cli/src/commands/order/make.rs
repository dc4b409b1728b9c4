//! Making orders: signed into a file, or published.

use super::kind_name;
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    context::{after, salt},
    order_file::OrderFile,
    request::RequestArgs,
    span::Span,
    table::Card,
    text::{Address, CategoryName, Hex, id, restriction, restriction_to_account},
};
use clap::Args;
use ergon_client::{
    Event, MarketEvent, bounded, calls,
    primitives::{
        AccountId, AppId, AppOrder, EXECUTION_VERSION_1, Order as AnyOrder, PoolId, PoolOrder,
        Restriction, Tag,
    },
};
use serde::Serialize;
use serde_json::Value;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Where a new order goes. Without either, its document is written to standard output.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
#[group(multiple = false)]
pub struct Destination {
    /// Put the order on the chain, for a deposit, where everybody finds it.
    #[arg(long)]
    publish: bool,
    /// Write the signed order into a file, to be handed to whom it may concern.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What all offers have.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
struct OfferArgs {
    /// Price per task, in ERG.
    #[arg(long, value_name = "AMOUNT")]
    price: Amount,
    /// How many tasks in all.
    #[arg(long, value_name = "N")]
    volume: u32,
    /// How long the order is valid, at most 180d.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    expires: Span,
    /// Requester who may use it: an address, or list:ID; without it, anyone.
    #[arg(long, value_name = "WHO", value_parser = restriction_to_account)]
    restrict_requester: Option<Restriction<AccountId>>,
    /// Features that the app needs or the pool has, as a number of 64 bits.
    #[arg(long, value_name = "BITS", default_value_t = 0)]
    tag: u64,
    #[command(flatten)]
    destination: Destination,
}

/// Offer an app.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct AppArgs {
    /// The app.
    #[arg(long, value_name = "ID", value_parser = id::<AppId>)]
    app: AppId,
    /// Pool that may run it: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<PoolId>)]
    restrict_pool: Option<Restriction<PoolId>>,
    #[command(flatten)]
    offer: OfferArgs,
}

/// Offer a pool.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct PoolArgs {
    /// The pool.
    #[arg(long, value_name = "ID", value_parser = id::<PoolId>)]
    pool: PoolId,
    /// Category of work, by name or number; see `ergon chain categories`.
    #[arg(long, value_name = "NAME", default_value = "XS")]
    category: CategoryName,
    /// Highest trust on offer.
    #[arg(long, value_name = "T", default_value_t = 4)]
    trust: u32,
    /// App that may run in it: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<AppId>)]
    restrict_app: Option<Restriction<AppId>>,
    #[command(flatten)]
    offer: OfferArgs,
}

/// Ask for computation.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct RequestOrderArgs {
    #[command(flatten)]
    request: RequestArgs,
    /// Fewest tasks that one deal must have; without it, all.
    #[arg(long, value_name = "N")]
    min_volume: Option<u32>,
    /// How long the order is valid, at most 180d.
    #[arg(long, value_name = "TIME", default_value = "7d")]
    expires: Span,
    #[command(flatten)]
    destination: Destination,
}

#[derive(Serialize)]
struct Published {
    order: Hex,
    deposit: Amount,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Published {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        self.sent
            .lines(
                Card::new()
                    .line("order", self.order)
                    .line("deposit", self.deposit),
            )
            .write(out)
    }
}

#[derive(Serialize)]
struct Signed {
    order: Hex,
    signer: Address,
    file: Option<PathBuf>,
    document: Value,
}

impl Render for Signed {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.file {
            Some(file) => writeln!(out, "Order {} signed, in {}.", self.order, file.display()),
            None => writeln!(out, "{:#}", self.document),
        }
    }
}

/// `ergon order app`.
pub(super) async fn app(args: AppArgs, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    ensure_owner(context, &context.app(&view, args.app).await?.owner, "app")?;
    let offer = args.offer;
    let order = AppOrder {
        app: args.app,
        price: offer.price.0,
        volume: offer.volume,
        tag: Tag(offer.tag),
        restrict_pool: args.restrict_pool.unwrap_or(Restriction::Anyone),
        restrict_requester: offer.restrict_requester.unwrap_or(Restriction::Anyone),
        valid_until: after(view.head().number, offer.expires.0),
        salt: salt(),
    };
    deliver(context, order.into(), offer.destination).await
}

/// `ergon order pool`.
pub(super) async fn pool(args: PoolArgs, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    ensure_owner(
        context,
        &context.pool(&view, args.pool).await?.owner,
        "pool",
    )?;
    let (category, _) = context.category(&view, &args.category).await?;
    let offer = args.offer;
    let order = PoolOrder {
        pool: args.pool,
        price: offer.price.0,
        volume: offer.volume,
        tag: Tag(offer.tag),
        category,
        trust: args.trust,
        execution_versions: bounded("list of execution versions", [EXECUTION_VERSION_1])?,
        restrict_app: args.restrict_app.unwrap_or(Restriction::Anyone),
        restrict_requester: offer.restrict_requester.unwrap_or(Restriction::Anyone),
        valid_until: after(view.head().number, offer.expires.0),
        salt: salt(),
    };
    deliver(context, order.into(), offer.destination).await
}

/// `ergon order request`.
pub(super) async fn request(args: RequestOrderArgs, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    context.app(&view, args.request.app).await?;
    let category = context.category(&view, &args.request.category).await?;
    let mut order = args
        .request
        .order(context, &view, &category, args.expires)
        .await?;
    order.min_volume = args.min_volume.unwrap_or(order.volume);
    deliver(context, order.into(), args.destination).await
}

/// `ergon order sign`.
pub(super) fn sign(
    context: &Context,
    path: &Path,
    out: Option<PathBuf>,
) -> Result<Answer, CliError> {
    let file = OrderFile::read(path)?;
    let signer = context.own_account()?;
    if let AnyOrder::Request(order) = &file.order
        && order.requester != signer
    {
        return Err(CliError::Usage(format!(
            "only the requester {} can sign this request",
            Address::from(&order.requester)
        )));
    }
    signed(context, file, Some(out.unwrap_or_else(|| path.into())))
}

/// An order of somebody else's entry would be worth nothing.
fn ensure_owner(context: &Context, owner: &AccountId, what: &str) -> Result<(), CliError> {
    if context.own_account()? == *owner {
        return Ok(());
    }
    let owner = Address::from(owner);
    Err(CliError::Usage(format!(
        "the {what} belongs to {owner}, who alone can offer it"
    )))
}

async fn deliver(
    context: &Context,
    order: AnyOrder,
    destination: Destination,
) -> Result<Answer, CliError> {
    let genesis = context.client().await?.genesis();
    let file = OrderFile {
        genesis,
        order,
        signature: None,
    };
    if destination.publish {
        publish(context, file).await
    } else {
        signed(context, file, destination.out)
    }
}

async fn publish(context: &Context, file: OrderFile) -> Result<Answer, CliError> {
    let id = file.id();
    let purpose = format!("Publish the {} order {id}", kind_name(&file.order));
    let receipt = context
        .send(calls::market::publish(file.order), &purpose)
        .await?;
    let deposit = receipt.events.iter().find_map(|event| match event {
        Event::Market(MarketEvent::OrderPublished { deposit, .. }) => Some(*deposit),
        _ => None,
    });
    let deposit = Amount(deposit.ok_or(CliError::Silent("that the order was published"))?);
    Ok(Answer::new(Published {
        order: id.into(),
        deposit,
        sent: Sent::from(&receipt),
    }))
}

fn signed(
    context: &Context,
    mut file: OrderFile,
    out: Option<PathBuf>,
) -> Result<Answer, CliError> {
    let keypair = context.keypair()?;
    let order = file.id();
    file.signature = Some(keypair.sign_order(order));
    if let Some(path) = &out {
        file.write(path)?;
    }
    let (order, signer) = (order.into(), Address(keypair.account()));
    Ok(Answer::new(Signed {
        order,
        signer,
        file: out,
        document: file.to_json(),
    }))
}
