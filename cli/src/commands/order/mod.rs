//! `ergon order`: orders of every kind.

mod book;
mod list;
mod make;
mod why;

use crate::{
    CliError, Context,
    answer::Answer,
    order_file::OrderFile,
    text::{Hex, id},
};
use clap::Subcommand;
use ergon_client::{
    View,
    primitives::{Order as AnyOrder, OrderId, PublishedOrder},
};
use sp_core::H256;
use std::{convert::Infallible, fmt, path::PathBuf, str::FromStr};

/// Make, sign, publish, explain, match and close orders.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// Offer an app: sign an order for a file, or publish it.
    #[command(
        after_help = "Example: ergon --key //Dave order app --app 0x… --price 0.1 --volume 1000 --publish"
    )]
    App(make::AppArgs),
    /// Offer a dataset: sign an order for a file, or publish it.
    #[command(
        after_help = "Example: ergon --key //Dave order dataset --dataset 0x… --price 0.1 --volume 1000 --publish"
    )]
    Dataset(make::DatasetArgs),
    /// Offer a pool: sign an order for a file, or publish it.
    #[command(
        after_help = "Example: ergon --key //Bob order pool --pool 0x… --price 1 --volume 1000 --publish"
    )]
    Pool(make::PoolArgs),
    /// Ask for computation: sign an order for a file, or publish it. `ergon run` does it all at once.
    #[command(
        after_help = "Example: ergon --key //Alice order request 0x… --volume 24 --tier T2.small --max-app-price 0.1 --max-pool-price 1 --out request.json"
    )]
    Request(make::RequestOrderArgs),
    /// Show an order and what is left of it.
    #[command(after_help = "Example: ergon order show order.json")]
    Show {
        /// The order: a file, or the id of a published order.
        #[arg(value_name = "FILE-OR-ID")]
        order: Source,
    },
    /// List published orders by price: those of an app, a dataset, a pool or a category. Without any
    /// of these, all.
    #[command(after_help = "Example: ergon order list --category XS --max-price 2 --limit 10")]
    List(list::ListArgs),
    /// Sign the order in a file, with a key of any scheme. No node is needed.
    #[command(
        after_help = "Example: ergon --key //Alice order sign request.json --out signed.json"
    )]
    Sign {
        /// The file.
        file: PathBuf,
        /// Where to put the signed order; without it, standard output.
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print exactly the text that a browser wallet has to sign. No node is needed.
    #[command(after_help = "Example: ergon order text request.json")]
    Text {
        /// The file.
        file: PathBuf,
    },
    /// Put a wallet's signature to the order in a file. No node is needed.
    #[command(
        after_help = "Example: ergon order attach request.json --scheme sr25519 --signature 0x… --out signed.json"
    )]
    Attach(make::AttachArgs),
    /// Tell why orders do not match: every condition that fails, and what to do. A request alone is
    /// compared with all published offers, the best first.
    #[command(
        after_help = "Example: ergon order why --request request.json --pool 0x…\n\n\
                      The status is 0 when something matches and 4 when nothing does."
    )]
    Why(why::WhyArgs),
    /// Verify that the order in a file is genuine and still of use.
    #[command(after_help = "Example: ergon order verify order.json")]
    Verify {
        /// The file.
        file: PathBuf,
    },
    /// Close an order for good, published or not.
    #[command(after_help = "Example: ergon --key //Dave order close order.json")]
    Close {
        /// The order: a file, or the id of a published order.
        #[arg(value_name = "FILE-OR-ID")]
        order: Source,
    },
    /// Make a deal of orders: of an app, of a pool, of a request, and of a dataset if one is used.
    #[command(
        after_help = "Example: ergon order match --app-order 0x… --pool-order 0x… --request-order request.json"
    )]
    Match {
        /// The app order: a file, or the id of a published order.
        #[arg(long, visible_alias = "app", value_name = "FILE-OR-ID")]
        app_order: Source,
        /// The dataset order: a file, or the id of a published order.
        #[arg(long, visible_alias = "dataset", value_name = "FILE-OR-ID")]
        dataset_order: Option<Source>,
        /// The pool order: a file, or the id of a published order.
        #[arg(long, visible_alias = "pool", value_name = "FILE-OR-ID")]
        pool_order: Source,
        /// The request order: a file, or the id of a published order.
        #[arg(long, visible_alias = "request", value_name = "FILE-OR-ID")]
        request_order: Source,
    },
    /// Forget expired orders; deposits go back to those who paid them.
    #[command(after_help = "Example: ergon --key //Bob order prune")]
    Prune {
        /// Ids of orders; without any, all published orders that have expired, at most 64.
        #[arg(value_name = "ID", value_parser = id::<OrderId>)]
        orders: Vec<OrderId>,
    },
}

/// Where an order is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// On the chain.
    Published(OrderId),
    /// In a file.
    File(PathBuf),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match id(text) {
            Ok(id) => Self::Published(id),
            Err(_) => Self::File(text.into()),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published(id) => write!(f, "{id}"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// An order that was found.
struct Found {
    file: OrderFile,
    published: Option<PublishedOrder>,
}

/// Does what the command says.
pub async fn run(command: Order, context: &Context) -> Result<Answer, CliError> {
    match command {
        Order::App(args) => make::app(args, context).await,
        Order::Dataset(args) => make::dataset(args, context).await,
        Order::Pool(args) => make::pool(args, context).await,
        Order::Request(args) => make::request(args, context).await,
        Order::Show { order } => book::show(context, &order).await,
        Order::List(args) => list::run(args, context).await,
        Order::Sign { file, out } => make::sign(context, &file, out),
        Order::Text { file } => make::text(&file),
        Order::Attach(args) => make::attach(context, args),
        Order::Why(args) => why::run(args, context).await,
        Order::Verify { file } => book::verify(context, &file).await,
        Order::Close { order } => book::close(context, &order).await,
        Order::Match {
            app_order,
            dataset_order,
            pool_order,
            request_order,
        } => {
            let dataset = dataset_order.as_ref();
            book::match_orders(context, &app_order, dataset, &pool_order, &request_order).await
        }
        Order::Prune { orders } => book::prune(context, orders).await,
    }
}

/// Finds an order in a file of this chain or on the chain.
async fn find(view: &View, genesis: H256, source: &Source) -> Result<Found, CliError> {
    match source {
        Source::File(path) => {
            let file = OrderFile::read_for(path, genesis)?;
            let published = view.published_order(file.id()).await?;
            Ok(Found { file, published })
        }
        Source::Published(id) => {
            let published = view
                .published_order(*id)
                .await?
                .ok_or_else(|| CliError::NotFound {
                    what: "published order",
                    id: id.to_string(),
                })?;
            let order = published.order.clone();
            let file = OrderFile {
                genesis,
                order,
                signature: None,
            };
            Ok(Found {
                file,
                published: Some(published),
            })
        }
    }
}

/// What an order offers or asks for: an app, a dataset or a pool.
fn subject(order: &AnyOrder) -> Hex {
    match order {
        AnyOrder::App(order) => order.app.into(),
        AnyOrder::Dataset(order) => order.dataset.into(),
        AnyOrder::Pool(order) => order.pool.into(),
        AnyOrder::Request(order) => order.app.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_named_by_id_or_file() {
        let text = format!("0x{}", "ab".repeat(32));
        let published = Source::Published(OrderId(H256::repeat_byte(0xab)));
        assert_eq!(published.to_string(), text);
        assert_eq!(text.parse::<Source>(), Ok(published));
        assert_eq!("0x12".parse::<Source>(), Ok(Source::File("0x12".into())));
        assert_eq!(
            "order.json".parse::<Source>(),
            Ok(Source::File("order.json".into()))
        );
    }
}
