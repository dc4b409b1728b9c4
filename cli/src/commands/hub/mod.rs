//! `ergon hub`: hubs and their wallets. The hub's owner signs; anyone may help time on.

mod case;
mod told;
mod view;

pub(crate) use case::show as show_case;
pub(crate) use view::millionths;

use crate::{
    CliError, Context,
    amount::Amount,
    answer::Answer,
    text::{Address, id},
};
use clap::{Args, Subcommand};
use ergon_client::{
    Call, bounded, calls,
    primitives::{
        HubAddresses, HubRecord, MAX_HUB_ADDRESS, MAX_HUB_ADDRESSES, MAX_NAME, MAX_PEER_ID, PoolId,
    },
};
use told::Told;

/// Keep the earnings of worker pools in a hub's wallet, under the tribunal's eyes.
///
/// A hub goes through phases: it is created, registered (it may pay, and its pools can be matched),
/// leaves after its payout period (`payday`), and its money is free after the waiting period
/// (`settle`, `withdraw`). A suspicion blocks its money until it is decided (`case`).
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Hub {
    /// Make a hub with a wallet of its own; fill the wallet with `ergon transfer`.
    #[command(
        after_help = "Example: ergon --key //Bob hub create --name north --peer-id 12D3Koo… --address /ip4/10.0.0.1/tcp/30333"
    )]
    Create {
        /// What it says of itself.
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Change what your hub says of itself.
    #[command(after_help = "Example: ergon --key //Bob hub update --name north --peer-id 12D3Koo…")]
    Update {
        /// What it says from now on; addresses that are left out are gone.
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Put your hub on the whitelist: the payout period starts.
    #[command(after_help = "Example: ergon --key //Bob hub register")]
    Register,
    /// Show a hub: phase, wallet, what binds its money, what comes next.
    #[command(after_help = "Example: ergon hub show //Bob")]
    Show {
        /// Its owner; without it your own hub is shown.
        owner: Option<String>,
    },
    /// List the hubs.
    #[command(after_help = "Example: ergon hub list --registered")]
    List {
        /// Only those on the whitelist.
        #[arg(long)]
        registered: bool,
    },
    /// Show the numbers of hub life: periods, shares, amounts.
    #[command(after_help = "Example: ergon hub limits")]
    Limits,
    /// Pay somebody: a share is locked in the wallet, the rest can be pulled when it has matured.
    #[command(after_help = "Example: ergon --key //Bob hub pay //Charlie 10")]
    Pay {
        /// Who gets it.
        to: String,
        /// How much, in ERG, the locked share included.
        amount: Amount,
    },
    /// Get what a hub approved to you and that has matured.
    #[command(after_help = "Example: ergon --key //Charlie hub pull //Bob")]
    Pull {
        /// The hub's owner.
        hub: String,
    },
    /// Leave the whitelist after the payout period; the waiting period starts.
    #[command(after_help = "Example: ergon --key //Bob hub payday")]
    Payday,
    /// Unlock your hub's money after the waiting period.
    #[command(after_help = "Example: ergon --key //Bob hub settle")]
    Settle,
    /// Take the money out of the wallet of your idle hub.
    #[command(after_help = "Example: ergon --key //Bob hub withdraw")]
    Withdraw,
    /// Vote on a registered hub, with a stake that is on hold while the vote stands.
    #[command(after_help = "Example: ergon --key //Dave hub rate //Bob up --stake 5")]
    Rate {
        /// The hub's owner.
        hub: String,
        /// For it or against it.
        opinion: Opinion,
        /// The stake, in ERG.
        #[arg(long, value_name = "ERG")]
        stake: Amount,
    },
    /// Take your vote on a hub back and get its stake.
    #[command(after_help = "Example: ergon --key //Dave hub unrate //Bob")]
    Unrate {
        /// The hub's owner.
        hub: String,
    },
    /// Bind a pool of yours to your hub: the operator's earnings flow into the wallet.
    #[command(after_help = "Example: ergon --key //Bob hub bind 0x…")]
    Bind {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
    },
    /// Take a pool out of its hub.
    #[command(after_help = "Example: ergon --key //Bob hub unbind 0x…")]
    Unbind {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
    },
    /// Show the case against a hub: opened by whom, until when, decided how.
    #[command(after_help = "Example: ergon hub case //Bob")]
    Case {
        /// The hub's owner.
        hub: String,
    },
    /// End a suspicion whose time is over; before, only a referendum can.
    #[command(after_help = "Example: ergon --key //Dave hub rehabilitate //Bob")]
    Rehabilitate {
        /// The hub's owner.
        hub: String,
    },
    /// Put what arrived in a banned hub's wallet into quarantine.
    #[command(after_help = "Example: ergon --key //Dave hub sweep //Bob")]
    Sweep {
        /// The hub's owner.
        hub: String,
    },
    /// Take back what a banned hub had approved too late for its payee, so that it can be swept.
    #[command(after_help = "Example: ergon --key //Dave hub forfeit //Bob //Charlie")]
    Forfeit {
        /// The hub's owner.
        hub: String,
        /// Whose approval it is.
        payee: String,
    },
    /// Give money whose quarantine is over to the treasury.
    #[command(after_help = "Example: ergon --key //Dave hub release 0")]
    Release {
        /// Number of the expropriation; `ergon hub case` shows it.
        number: u64,
    },
}

/// What a hub says of itself.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct RecordArgs {
    /// A name for people, at most 64 bytes.
    #[arg(long)]
    name: String,
    /// Network identity of the hub's machine, as libp2p writes it.
    #[arg(long, value_name = "ID")]
    peer_id: String,
    /// Where the hub can be reached, a multiaddress; at most eight.
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<String>,
}

/// What a voter thinks of a hub.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opinion {
    /// It does its work well.
    Up,
    /// It does not.
    Down,
}

impl RecordArgs {
    fn read(&self) -> Result<HubRecord, CliError> {
        let addresses = self
            .address
            .iter()
            .map(|address| bounded::<u8, MAX_HUB_ADDRESS>("address", address.as_bytes()))
            .collect::<Result<Vec<_>, _>>()?;
        let addresses: HubAddresses = bounded::<_, MAX_HUB_ADDRESSES>("addresses", addresses)?;
        let record = HubRecord {
            name: bounded::<u8, MAX_NAME>("name", self.name.as_bytes())?,
            peer_id: bounded::<u8, MAX_PEER_ID>("peer id", self.peer_id.as_bytes())?,
            addresses,
        };
        if record.is_good() {
            return Ok(record);
        }
        Err(CliError::Usage(
            "name, peer id and each address must say something".into(),
        ))
    }
}

/// Does what the command says.
pub async fn run(command: Hub, context: &Context) -> Result<Answer, CliError> {
    match command {
        Hub::Show { owner } => view::show(context, owner.as_deref()).await,
        Hub::List { registered } => view::list(context, registered).await,
        Hub::Limits => view::limits(context).await,
        Hub::Case { hub } => case::show(context, &hub).await,
        command => {
            let (call, purpose) = call_of(command, context)?;
            let receipt = context.send(call, &purpose).await?;
            Ok(Answer::new(Told::of(&receipt)))
        }
    }
}

/// The call that a command makes, and what it is for.
fn call_of(command: Hub, context: &Context) -> Result<(Call, String), CliError> {
    let account = |text: &str| context.account(text);
    let named = |text: &str| Ok::<_, CliError>(Address(account(text)?));
    Ok(match command {
        Hub::Create { record } => (
            calls::hub::create(record.read()?),
            format!("Create the hub `{}`", record.name),
        ),
        Hub::Update { record } => (
            calls::hub::update_record(record.read()?),
            "Change what your hub says of itself".into(),
        ),
        Hub::Register => (calls::hub::register(), "Register your hub".into()),
        Hub::Pay { to, amount } => {
            let to = named(&to)?;
            let call = calls::hub::pay(&to.0, amount.0);
            (call, format!("Pay {amount} to {to}"))
        }
        Hub::Pull { hub } => {
            let hub = named(&hub)?;
            (calls::hub::pull(&hub.0), format!("Get what {hub} owes"))
        }
        Hub::Payday => (calls::hub::payday(), "Leave the whitelist".into()),
        Hub::Settle => (calls::hub::settle(), "Unlock your hub's money".into()),
        Hub::Withdraw => (calls::hub::withdraw(), "Empty your hub's wallet".into()),
        Hub::Rate {
            hub,
            opinion,
            stake,
        } => {
            let hub = named(&hub)?;
            let up = opinion == Opinion::Up;
            let side = if up { "for" } else { "against" };
            let call = calls::hub::rate(&hub.0, stake.0, up);
            (call, format!("Stake {stake} {side} the hub of {hub}"))
        }
        Hub::Unrate { hub } => {
            let call = calls::hub::unrate(&account(&hub)?);
            (call, "Take the vote back".into())
        }
        Hub::Bind { pool } => (
            calls::hub::bind_pool(pool),
            format!("Bind the pool {pool} to your hub"),
        ),
        Hub::Unbind { pool } => (
            calls::hub::unbind_pool(pool),
            format!("Take the pool {pool} out of its hub"),
        ),
        Hub::Rehabilitate { hub } => {
            let hub = named(&hub)?;
            let call = calls::hub::rehabilitate(&hub.0);
            (call, format!("End the suspicion of {hub}"))
        }
        Hub::Sweep { hub } => {
            let hub = named(&hub)?;
            let call = calls::hub::sweep(&hub.0);
            (call, format!("Sweep the wallet of {hub}"))
        }
        Hub::Forfeit { hub, payee } => {
            let (hub, payee) = (named(&hub)?, named(&payee)?);
            let call = calls::hub::forfeit(&hub.0, &payee.0);
            (call, format!("Take back what {hub} approved to {payee}"))
        }
        Hub::Release { number } => (
            calls::hub::release_quarantine(number),
            format!("Give expropriation {number} to the treasury"),
        ),
        Hub::Show { .. } | Hub::List { .. } | Hub::Limits | Hub::Case { .. } => {
            return Err(CliError::Usage("this command only looks".into()));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, addresses: &[&str]) -> RecordArgs {
        RecordArgs {
            name: name.into(),
            peer_id: "12D3Koo".into(),
            address: addresses.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn records_say_something_and_fit() {
        let read = record("north", &["/ip4/10.0.0.1"]).read().unwrap();
        assert_eq!(read.name.as_slice(), b"north");
        assert_eq!(read.addresses.len(), 1);
        for wrong in [
            record("", &[]),
            record("north", &[""]),
            record(&"n".repeat(65), &[]),
            record("north", &["/ip4/10.0.0.1"; 9]),
        ] {
            assert!(wrong.read().is_err(), "{wrong:?}");
        }
    }
}
