//! `ergon transfer`: money from one account to another.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Sent},
    text::Address,
};
use ergon_client::calls;

/// Give money to an account. The giver keeps at least the existential deposit.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
#[command(after_help = "Example: ergon --key //Alice transfer //Bob 12.5")]
pub struct Args {
    /// Who gets it.
    to: String,
    /// How much, in ERG.
    amount: Amount,
}

/// Does what the command says.
pub async fn run(args: Args, context: &Context) -> Result<Answer, CliError> {
    let to = context.account(&args.to)?;
    let call = calls::balances::transfer_keep_alive(&to, args.amount.0);
    let purpose = format!("Give {} to {}", args.amount, Address::from(&to));
    let receipt = context.send(call, &purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}
