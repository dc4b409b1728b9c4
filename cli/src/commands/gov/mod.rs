//! `ergon gov`: referenda, votes, the technical collective, and the protocol's numbers.

mod action;
mod collective;
mod deposit;
mod ended;
mod list;
mod parameters;
mod propose;
mod show;
mod standing;
mod status;
mod tracks;
mod vote;

use crate::{CliError, Context, answer::Answer, commands::hub};
use clap::Subcommand;
use ergon_client::ReferendumIndex;

/// Ask the voters, vote, and see what comes of it.
///
/// A referendum asks for one call by one office. It is submitted, somebody pays for its decision, it
/// is decided on for a while: when enough agree (approval: the share of aye votes; support: the share
/// of all money), and that stands for the confirmation period, it is enacted.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Gov {
    /// List the tracks: deposits, periods, thresholds.
    #[command(after_help = "Example: ergon gov tracks")]
    Tracks,
    /// List referenda.
    #[command(after_help = "Example: ergon gov list --all")]
    List {
        /// Those that have ended too.
        #[arg(long)]
        all: bool,
    },
    /// Explain where a referendum stands: what is missing, and when it ends.
    #[command(after_help = "Example: ergon gov show 3")]
    Show {
        /// The referendum.
        referendum: ReferendumIndex,
    },
    /// Ask the voters: notes the call, submits the referendum and pays for its decision.
    Propose(propose::Propose),
    /// Vote on a referendum; replaces an earlier vote.
    #[command(
        after_help = "Example: ergon --key //Alice gov vote 3 aye --amount 1000 --conviction 2"
    )]
    Vote(vote::Vote),
    /// Take a vote back.
    #[command(after_help = "Example: ergon --key //Alice gov unvote 3")]
    Unvote {
        /// The referendum.
        referendum: ReferendumIndex,
    },
    /// Take back votes on ended referenda, and unlock what nothing locks any more.
    #[command(after_help = "Example: ergon --key //Alice gov unlock --track tribunal")]
    Unlock {
        /// Only on this track.
        #[arg(long, value_name = "NAME")]
        track: Option<String>,
    },
    /// Pay or return deposits of referenda.
    #[command(subcommand)]
    Deposit(deposit::DepositCommand),
    /// Motions of the technical collective.
    #[command(subcommand)]
    Collective(collective::Collective),
    /// List the numbers that can be changed, with their bounds.
    #[command(after_help = "Example: ergon gov parameters")]
    Parameters,
    /// Show what is going on, and with --key what your votes lock.
    #[command(after_help = "Example: ergon --key //Alice gov status")]
    Status,
    /// Show the case against a hub, like `ergon hub case`.
    #[command(after_help = "Example: ergon gov case //Bob")]
    Case {
        /// The hub's owner.
        hub: String,
    },
}

/// Does what the command says.
pub async fn run(command: Gov, context: &Context) -> Result<Answer, CliError> {
    match command {
        Gov::Tracks => tracks::show(context).await,
        Gov::List { all } => list::list(context, all).await,
        Gov::Show { referendum } => show::show(context, referendum).await,
        Gov::Propose(args) => propose::run(args, context).await,
        Gov::Vote(args) => vote::vote(args, context).await,
        Gov::Unvote { referendum } => vote::unvote(context, referendum).await,
        Gov::Unlock { track } => vote::unlock(context, track.as_deref()).await,
        Gov::Deposit(command) => deposit::run(command, context).await,
        Gov::Collective(command) => collective::run(command, context).await,
        Gov::Parameters => parameters::show(context).await,
        Gov::Status => status::show(context).await,
        Gov::Case { hub } => hub::show_case(context, &hub).await,
    }
}
