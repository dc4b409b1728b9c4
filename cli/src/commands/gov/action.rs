//! What can be proposed by name.

use super::parameters;
use crate::{
    CliError, Context,
    files::Document,
    span::Span,
    text::{Address, id},
};
use clap::Subcommand;
use ergon_client::{
    Call, Office, View, bounded,
    calls::{self, registry::Verdict},
    primitives::{AppId, MAX_NAME},
};
use std::str::FromStr;

/// What voters can be asked for.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Suspect a hub on the ground of a document, or confirm the collective's suspicion of it.
    #[command(
        after_help = "Example: ergon --key //Alice gov propose suspend-hub //Bob --document case.pdf"
    )]
    SuspendHub {
        /// The hub's owner.
        hub: String,
        /// The document that accuses: a file, whose SHA-256 is taken, or a hash.
        #[arg(long, value_name = "FILE-OR-HASH")]
        document: Document,
    },
    /// Free a suspected hub.
    #[command(after_help = "Example: ergon --key //Alice gov propose rehabilitate-hub //Bob")]
    RehabilitateHub {
        /// The hub's owner.
        hub: String,
    },
    /// Ban a hub that has been suspected long enough.
    #[command(after_help = "Example: ergon --key //Alice gov propose ban-hub //Bob")]
    BanHub {
        /// The hub's owner.
        hub: String,
    },
    /// Mark a registered hub as trusted.
    #[command(after_help = "Example: ergon --key //Alice gov propose trust-hub //Bob")]
    TrustHub {
        /// The hub's owner.
        hub: String,
        /// Take the mark away instead.
        #[arg(long)]
        withdraw: bool,
    },
    /// Give a parameter of the protocol another value.
    #[command(
        after_help = "Example: ergon --key //Alice gov propose set-parameter fund-fee-ratio 2"
    )]
    SetParameter {
        /// The parameter; `ergon gov parameters` lists them.
        name: String,
        /// Its value: percent, a length of time, or ERG.
        value: String,
    },
    /// Approve an app on the ground of the document that its owner proposed.
    #[command(
        after_help = "Example: ergon --key //Alice gov propose approve-app 0x… --document review.pdf"
    )]
    ApproveApp {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// The proposed document: a file, whose SHA-256 is taken, or a hash.
        #[arg(long, value_name = "FILE-OR-HASH")]
        document: Document,
    },
    /// Revoke an app: no deal can be made with it any more.
    #[command(after_help = "Example: ergon --key //Alice gov propose revoke-app 0x… --harmful")]
    RevokeApp {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// End unfinished tasks too; everybody gets back what they put in.
        #[arg(long)]
        harmful: bool,
    },
    /// Create a category of work.
    #[command(
        after_help = "Example: ergon --key //Alice gov propose create-category XXL --work-time 20h --input-limit 8589934592 --output-limit 8589934592"
    )]
    CreateCategory {
        /// Its name.
        name: String,
        /// How long a task may take.
        #[arg(long, value_name = "TIME")]
        work_time: Span,
        /// Most bytes that a task reads.
        #[arg(long, value_name = "BYTES")]
        input_limit: u64,
        /// Most bytes that a task writes.
        #[arg(long, value_name = "BYTES")]
        output_limit: u64,
    },
}

/// An encoded call, typed as hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallData(
    /// The bytes.
    pub Vec<u8>,
);

impl FromStr for CallData {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        match hex::decode(digits) {
            Ok(bytes) if bytes.len() >= 2 => Ok(Self(bytes)),
            _ => Err("an encoded call is 0x and at least four hexadecimal digits".into()),
        }
    }
}

/// What is asked for: by which office, and how it reads.
pub(super) struct Proposed {
    /// Who makes the call.
    pub(super) office: Office,
    /// The encoded call.
    pub(super) call: Vec<u8>,
    /// What it does, in words.
    pub(super) title: String,
}

impl Action {
    /// The call that does it, and the office that may.
    pub(super) async fn propose(
        self,
        context: &Context,
        view: &View,
    ) -> Result<Proposed, CliError> {
        let title = self.title(context)?;
        let (office, call) = self.call(context, view).await?;
        Ok(Proposed {
            office,
            call: view.call_data(&call)?,
            title,
        })
    }

    async fn call(self, context: &Context, view: &View) -> Result<(Office, Call), CliError> {
        let account = |text: &str| context.account(text);
        Ok(match self {
            Self::SuspendHub { hub, document } => {
                let document = document.hash().await?;
                (
                    Office::Tribunal,
                    calls::hub::suspect(&account(&hub)?, document),
                )
            }
            Self::RehabilitateHub { hub } => {
                (Office::Tribunal, calls::hub::rehabilitate(&account(&hub)?))
            }
            Self::BanHub { hub } => (Office::Tribunal, calls::hub::ban(&account(&hub)?)),
            Self::TrustHub { hub, withdraw } => (
                Office::Tribunal,
                calls::hub::set_trusted(&account(&hub)?, !withdraw),
            ),
            Self::SetParameter { name, value } => (
                Office::Parameters,
                parameters::change(view, &name, &value).await?,
            ),
            Self::ApproveApp { app, document } => {
                let verdict = Verdict::Approve(document.hash().await?);
                (Office::Registrar, calls::registry::curate_app(app, verdict))
            }
            Self::RevokeApp { app, harmful } => (
                Office::Registrar,
                calls::registry::curate_app(app, Verdict::Revoke { harmful }),
            ),
            Self::CreateCategory {
                name,
                work_time,
                input_limit,
                output_limit,
            } => {
                let name = bounded::<u8, MAX_NAME>("name", name.as_bytes())?;
                let call =
                    calls::registry::create_category(name, work_time.0, input_limit, output_limit);
                (Office::Registrar, call)
            }
        })
    }

    fn title(&self, context: &Context) -> Result<String, CliError> {
        let hub = |text: &str| Ok::<_, CliError>(Address(context.account(text)?));
        Ok(match self {
            Self::SuspendHub { hub: owner, .. } => format!("Suspect the hub of {}", hub(owner)?),
            Self::RehabilitateHub { hub: owner } => format!("Free the hub of {}", hub(owner)?),
            Self::BanHub { hub: owner } => format!("Ban the hub of {}", hub(owner)?),
            Self::TrustHub {
                hub: owner,
                withdraw: false,
            } => format!("Trust the hub of {}", hub(owner)?),
            Self::TrustHub { hub: owner, .. } => {
                format!("Trust the hub of {} no more", hub(owner)?)
            }
            Self::SetParameter { name, value } => format!("Set {name} to {value}"),
            Self::ApproveApp { app, .. } => format!("Approve the app {app}"),
            Self::RevokeApp { app, .. } => format!("Revoke the app {app}"),
            Self::CreateCategory { name, .. } => format!("Create the category {name}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_typed_as_digits() {
        assert_eq!("0x0a13".parse(), Ok(CallData(vec![0x0a, 0x13])));
        assert_eq!("0a13ff".parse(), Ok(CallData(vec![0x0a, 0x13, 0xff])));
        for text in ["", "0x", "0x0a", "0x0a1", "transfer"] {
            assert!(text.parse::<CallData>().is_err(), "{text}");
        }
    }
}
