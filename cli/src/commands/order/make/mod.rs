//! Making orders: signed into a file, published, or written down for another key to sign.

mod app;
mod dataset;
mod pool;
mod request;
mod sign;

pub use app::AppArgs;
pub use dataset::DatasetArgs;
pub use pool::PoolArgs;
pub use request::RequestOrderArgs;
pub use sign::AttachArgs;

pub(super) use app::app;
pub(super) use dataset::dataset;
pub(super) use pool::pool;
pub(super) use request::request;
pub(super) use sign::{attach, sign, text};

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    context::after,
    limits,
    order_file::{OrderFile, kind_name},
    span::Span,
    table::Card,
    text::{Address, CategoryName, Hex, restriction_to_account},
};
use clap::{Args, value_parser};
use ergon_client::{
    Event, MarketEvent, View, calls,
    primitives::{AccountId, BlockNumber, CategoryId, Order as AnyOrder, Restriction},
};
use serde::Serialize;
use serde_json::Value;
use sp_core::H256;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Where a new order goes. Without any of these, its signed document is written to standard output.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
struct Destination {
    /// Put the order on the chain, for a deposit, where everybody finds it.
    #[arg(long, conflicts_with_all = ["out", "unsigned"])]
    publish: bool,
    /// Write the order into a file, to be handed to whom it may concern.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Do not sign: another key signs with `ergon order sign`, or a wallet with `ergon order text`
    /// and `ergon order attach`.
    #[arg(long)]
    unsigned: bool,
}

/// For which chain and how long an order is, when no node shall tell.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
struct Timing {
    /// Ask no node. The key is taken for the owner's, and a category must be given by its number.
    #[arg(long, requires_all = ["genesis", "valid_until"], conflicts_with = "publish")]
    offline: bool,
    /// Genesis hash of the chain that the order is for; `ergon chain status` shows it.
    #[arg(long, value_name = "HASH", requires = "offline")]
    genesis: Option<Hex>,
    /// Last block in which the order may match, instead of --expires.
    #[arg(long, value_name = "BLOCK", conflicts_with = "expires")]
    valid_until: Option<BlockNumber>,
}

/// What all offers have.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
struct OfferArgs {
    /// Price per task, in ERG.
    #[arg(long, value_name = "AMOUNT", value_parser = limits::price, allow_negative_numbers = true)]
    price: Amount,
    /// How many tasks in all.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    volume: u32,
    /// How long the order is valid, at most 180d.
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = limits::life)]
    expires: Span,
    /// Requester who may use it: an address, or list:ID; without it, anyone.
    #[arg(long, value_name = "WHO", value_parser = restriction_to_account)]
    restrict_requester: Option<Restriction<AccountId>>,
    /// Features that the app or dataset needs or the pool has, as a number of 64 bits.
    #[arg(long, value_name = "BITS", default_value = "0", value_parser = limits::tag)]
    tag: u64,
    #[command(flatten)]
    timing: Timing,
    #[command(flatten)]
    destination: Destination,
}

/// What a new order must know of its chain, told by a node or by the user.
struct Ground {
    genesis: H256,
    valid_until: BlockNumber,
    /// None when no node is asked.
    view: Option<View>,
}

impl Ground {
    async fn of(context: &Context, timing: &Timing, expires: Span) -> Result<Self, CliError> {
        if let (true, Some(genesis), Some(valid_until)) =
            (timing.offline, timing.genesis, timing.valid_until)
        {
            return Ok(Self {
                genesis: genesis.0,
                valid_until,
                view: None,
            });
        }
        let view = context.view().await?;
        let now = view.head().number;
        let valid_until = timing.valid_until.unwrap_or(after(now, expires.0));
        ensure_not_over(valid_until, now)?;
        Ok(Self {
            genesis: context.client().await?.genesis(),
            valid_until,
            view: Some(view),
        })
    }

    /// The number of a category; its name needs a node.
    async fn category(
        &self,
        context: &Context,
        name: &CategoryName,
    ) -> Result<CategoryId, CliError> {
        match (&self.view, name) {
            (Some(view), name) => Ok(context.category(view, name).await?.0),
            (None, CategoryName::Number(number)) => Ok(*number),
            (None, CategoryName::Name(name)) => Err(CliError::Usage(format!(
                "without a node nobody knows which category `{name}` is: give its number, which \
                 `ergon chain categories` shows"
            ))),
        }
    }
}

fn ensure_not_over(valid_until: BlockNumber, now: BlockNumber) -> Result<(), CliError> {
    if valid_until > now {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "the last block {valid_until} is over, the chain is at {now}: give a later --valid-until"
    )))
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

/// A document that was written.
#[derive(Serialize)]
struct Written {
    order: Hex,
    signer: Option<Address>,
    file: Option<PathBuf>,
    document: Value,
}

impl Render for Written {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let state = match &self.signer {
            Some(signer) => format!("signed by {signer}"),
            None if self.document["signature"].is_null() => "not signed".into(),
            None => "with a signature that was not checked".into(),
        };
        match &self.file {
            Some(file) => writeln!(out, "Order {}, {state}, in {}.", self.order, file.display()),
            None => writeln!(out, "{:#}", self.document),
        }
    }
}

/// An order of somebody else's entry would be worth nothing.
fn ensure_owner(
    context: &Context,
    destination: &Destination,
    owner: &AccountId,
    what: &str,
) -> Result<(), CliError> {
    // Who will sign an unsigned order is not known here.
    if destination.unsigned || context.own_account()? == *owner {
        return Ok(());
    }
    let owner = Address::from(owner);
    Err(CliError::Usage(format!(
        "the {what} belongs to {owner}, who alone can offer it: give that key with --key, or write \
         the order with --unsigned for its owner to sign"
    )))
}

/// Sends an order where it shall go.
async fn deliver(
    context: &Context,
    ground: &Ground,
    order: impl Into<AnyOrder>,
    destination: Destination,
) -> Result<Answer, CliError> {
    let file = OrderFile::unsigned(ground.genesis, order);
    if destination.publish {
        publish(context, file).await
    } else if destination.unsigned {
        written(file, None, destination.out)
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
    file.signature = Some(keypair.sign_order(file.id()));
    written(file, Some(keypair.account()), out)
}

fn written(
    file: OrderFile,
    signer: Option<AccountId>,
    out: Option<PathBuf>,
) -> Result<Answer, CliError> {
    if let Some(path) = &out {
        file.write(path)?;
    }
    Ok(Answer::new(Written {
        order: file.id().into(),
        signer: signer.map(Address),
        file: out,
        document: file.to_json(),
    }))
}

#[cfg(test)]
mod tests;
