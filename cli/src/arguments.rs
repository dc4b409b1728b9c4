//! The command line: what can be typed. Reading it has no effects.

use crate::{EXIT_HELP, commands};
use clap::{Args, Parser, Subcommand};

/// The node that is asked when none is named.
pub const DEFAULT_NODE: &str = "ws://127.0.0.1:9944";

/// Under what the shared options stand, so that a command's own come first.
const SHARED: &str = "Options of all commands";

/// The Ergon command line: buy computation, sell it, and look at the chain.
///
/// Amounts are in ERG with up to 12 decimals (`1.5`). Identifiers are 0x and 64 hexadecimal digits.
/// Accounts are SS58 addresses, names of stored keys, or development names like //Alice. Times are
/// 90s, 30m, 12h, 7d, or a number of blocks.
#[derive(Parser, Debug)]
#[command(name = "ergon", version, after_help = EXIT_HELP, propagate_version = true)]
pub struct Cli {
    /// The options that all commands share.
    #[command(flatten)]
    pub options: Options,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The options that all commands share.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Address of the node.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "ERGON_NODE",
        default_value = DEFAULT_NODE,
        help_heading = SHARED
    )]
    pub node: String,
    /// The key that signs: name of a stored key, key file, or secret such as //Alice.
    #[arg(
        long,
        global = true,
        value_name = "KEY",
        env = "ERGON_KEY",
        hide_env_values = true,
        help_heading = SHARED
    )]
    pub key: Option<String>,
    /// Write one JSON document to standard output, errors too.
    #[arg(long, global = true, help_heading = SHARED)]
    pub json: bool,
    /// Agree to everything beforehand.
    #[arg(long, short, global = true, help_heading = SHARED)]
    pub yes: bool,
    /// Write nothing but the answer.
    #[arg(long, short, global = true, help_heading = SHARED)]
    pub quiet: bool,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make, import and show keys.
    #[command(subcommand)]
    Key(commands::key::Key),
    /// Show an account's money: free, on hold for what, transferable.
    Balance(commands::balance::Args),
    /// Give money to an account.
    Transfer(commands::transfer::Args),
    /// Register and manage apps.
    #[command(subcommand)]
    App(commands::app::App),
    /// Register and manage datasets.
    #[command(subcommand)]
    Dataset(commands::dataset::Dataset),
    /// Register and manage worker pools.
    #[command(subcommand)]
    Pool(commands::pool::Pool),
    /// Keep lists of accounts, to which pools and orders can be restricted.
    #[command(subcommand)]
    List(commands::list::List),
    /// Keep the earnings of pools in a hub's wallet: pay, leave, withdraw, look at cases.
    #[command(subcommand)]
    Hub(commands::hub::Hub),
    /// Bond workers and let them join pools.
    #[command(subcommand)]
    Worker(commands::worker::Worker),
    /// Make, sign, publish, explain, match and close orders.
    #[command(subcommand)]
    Order(commands::order::Order),
    /// Show what tasks cost lately.
    Price(commands::price::Args),
    /// Check requirements and attributes before they stand in an order.
    #[command(subcommand)]
    Expression(commands::expression::Expression),
    /// Run an app: find offers, agree on the price, wait, fetch and verify the results.
    Run(commands::run::Args),
    /// Show and watch deals.
    #[command(subcommand)]
    Deal(commands::deal::Deal),
    /// Show a task, what it waits for, and help it on.
    #[command(subcommand)]
    Task(commands::task::Task),
    /// Fetch and verify results.
    #[command(subcommand)]
    Result(commands::result::ResultCommand),
    /// Validate the chain: session keys, candidacy, who has a seat.
    #[command(subcommand)]
    Validator(commands::validator::Validator),
    /// Ask the voters, vote, and see where referenda stand.
    #[command(subcommand)]
    Gov(commands::gov::Gov),
    /// Look at the chain.
    #[command(subcommand)]
    Chain(commands::chain::Chain),
}

#[cfg(test)]
mod tests;
