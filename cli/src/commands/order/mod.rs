//! `ergon order`: orders of every kind.

mod book;
mod make;

use crate::{
    CliError, Context,
    answer::Answer,
    order_file::OrderFile,
    text::{CategoryName, Hex, id},
};
use clap::{Args, Subcommand};
use ergon_client::{
    View,
    primitives::{AppId, Order as AnyOrder, OrderId, PoolId, PublishedOrder},
};
use sp_core::H256;
use std::{convert::Infallible, path::PathBuf, str::FromStr};

/// Make, sign, publish, match and close orders.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// Offer an app: sign an order for a file, or publish it.
    #[command(
        after_help = "Example: ergon --key //Dave order app --app 0x… --price 0.1 --volume 1000 --publish"
    )]
    App(make::AppArgs),
    /// Offer a pool: sign an order for a file, or publish it.
    #[command(
        after_help = "Example: ergon --key //Bob order pool --pool 0x… --price 1 --volume 1000 --publish"
    )]
    Pool(make::PoolArgs),
    /// Ask for computation: sign an order for a file, or publish it. `ergon run` does it all at once.
    #[command(
        after_help = "Example: ergon --key //Alice order request 0x… --volume 24 --out request.json"
    )]
    Request(make::RequestOrderArgs),
    /// Show an order and what is left of it.
    #[command(after_help = "Example: ergon order show order.json")]
    Show {
        /// The order: a file, or the id of a published order.
        #[arg(value_name = "FILE-OR-ID")]
        order: Source,
    },
    /// List the published orders.
    #[command(after_help = "Example: ergon order list --category XS")]
    List(ListArgs),
    /// Sign the order in a file. No node is needed.
    #[command(after_help = "Example: ergon --key //Alice order sign request.json")]
    Sign {
        /// The file.
        file: PathBuf,
        /// Where to put the signed order; without it, into the same file.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
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
    /// Make a deal of three orders.
    #[command(
        after_help = "Example: ergon order match --app-order 0x… --pool-order 0x… --request-order request.json"
    )]
    Match {
        /// The app order: a file, or the id of a published order.
        #[arg(long, value_name = "FILE-OR-ID")]
        app_order: Source,
        /// The pool order: a file, or the id of a published order.
        #[arg(long, value_name = "FILE-OR-ID")]
        pool_order: Source,
        /// The request order: a file, or the id of a published order.
        #[arg(long, value_name = "FILE-OR-ID")]
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

/// Which published orders to list.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct ListArgs {
    /// Only orders for this app.
    #[arg(long, value_name = "ID", value_parser = id::<AppId>)]
    app: Option<AppId>,
    /// Only orders for this pool.
    #[arg(long, value_name = "ID", value_parser = id::<PoolId>)]
    pool: Option<PoolId>,
    /// Only orders for this category, by name or number.
    #[arg(long, value_name = "NAME")]
    category: Option<CategoryName>,
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

/// An order that was found.
struct Found {
    file: OrderFile,
    published: Option<PublishedOrder>,
}

/// Does what the command says.
pub async fn run(command: Order, context: &Context) -> Result<Answer, CliError> {
    match command {
        Order::App(args) => make::app(args, context).await,
        Order::Pool(args) => make::pool(args, context).await,
        Order::Request(args) => make::request(args, context).await,
        Order::Show { order } => book::show(context, &order).await,
        Order::List(args) => book::list(args, context).await,
        Order::Sign { file, out } => make::sign(context, &file, out),
        Order::Verify { file } => book::verify(context, &file).await,
        Order::Close { order } => book::close(context, &order).await,
        Order::Match {
            app_order,
            pool_order,
            request_order,
        } => book::match_orders(context, &app_order, &pool_order, &request_order).await,
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

/// The kind of an order in one word.
fn kind_name(order: &AnyOrder) -> &'static str {
    match order {
        AnyOrder::App(_) => "app",
        AnyOrder::Pool(_) => "pool",
        AnyOrder::Request(_) => "request",
    }
}

/// What an order offers or asks for: an app or a pool.
fn subject(order: &AnyOrder) -> Hex {
    match order {
        AnyOrder::App(order) => order.app.into(),
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
        assert_eq!(text.parse::<Source>(), Ok(published));
        assert_eq!("0x12".parse::<Source>(), Ok(Source::File("0x12".into())));
        assert_eq!(
            "order.json".parse::<Source>(),
            Ok(Source::File("order.json".into()))
        );
    }
}
