//! The commands, a file each: what can be typed after the name, and what is done.

pub mod app;
pub mod balance;
pub mod chain;
pub mod dataset;
pub mod deal;
pub mod expression;
pub mod gov;
pub mod hub;
pub mod key;
pub mod list;
pub mod order;
pub mod pool;
pub mod price;
pub mod result;
pub mod run;
pub mod task;
pub mod transfer;
pub mod validator;
pub mod worker;

use crate::{CliError, Context, answer::Answer, arguments::Command};

/// Does what a command says.
pub async fn run(command: Command, context: &Context) -> Result<Answer, CliError> {
    match command {
        Command::Key(command) => key::run(command, context),
        Command::Balance(args) => balance::run(args, context).await,
        Command::Transfer(args) => transfer::run(args, context).await,
        Command::App(command) => app::run(command, context).await,
        Command::Dataset(command) => dataset::run(command, context).await,
        Command::List(command) => list::run(command, context).await,
        Command::Hub(command) => hub::run(command, context).await,
        Command::Pool(command) => pool::run(command, context).await,
        Command::Worker(command) => worker::run(command, context).await,
        Command::Order(command) => order::run(command, context).await,
        Command::Price(args) => price::run(args, context).await,
        Command::Expression(command) => expression::run(command, context),
        Command::Run(args) => run::run(args, context).await,
        Command::Deal(command) => deal::run(command, context).await,
        Command::Task(command) => task::run(command, context).await,
        Command::Result(command) => result::run(command, context).await,
        Command::Validator(command) => validator::run(command, context).await,
        Command::Gov(command) => gov::run(command, context).await,
        Command::Chain(command) => chain::run(command, context).await,
    }
}
