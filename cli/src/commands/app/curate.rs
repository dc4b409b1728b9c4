//! `ergon app curate`: the word of governance on an app.

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    files::Document,
    text::id,
};
use clap::Subcommand;
use ergon_client::{
    Call, Event, Receipt, RegistryEvent,
    calls::{self, registry::Verdict},
    primitives::AppId,
};
use serde::Serialize;
use std::io::{self, Write};

/// Approve or revoke an app. On a development chain, with its sudo key, the call is sent; else it is
/// written for a referendum.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Curate {
    /// Approve an app on the ground of the document that its owner proposed.
    #[command(
        after_help = "Example: ergon --key //Alice app curate approve 0x… --document review.pdf"
    )]
    Approve {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// The proposed document: a file, whose SHA-256 is taken, or a hash.
        #[arg(long, value_name = "FILE-OR-HASH")]
        document: Document,
    },
    /// Revoke an app: no deal can be made with it any more.
    #[command(after_help = "Example: ergon --key //Alice app curate revoke 0x… --harmful")]
    Revoke {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// End unfinished tasks too; everybody gets back what they put in.
        #[arg(long)]
        harmful: bool,
    },
    /// Take back whatever was said: the app is unreviewed again.
    #[command(after_help = "Example: ergon --key //Alice app curate clear 0x…")]
    Clear {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
    },
}

/// A call that only governance can make.
#[derive(Serialize)]
struct Proposal {
    call: String,
    data: String,
}

impl Render for Proposal {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.data)
    }
}

/// Does what the command says.
pub(super) async fn run(command: Curate, context: &Context) -> Result<Answer, CliError> {
    let (app, verdict, purpose) = match command {
        Curate::Approve { app, document } => {
            let hash = document.hash().await?;
            (app, Verdict::Approve(hash), "Approve")
        }
        Curate::Revoke { app, harmful } => (app, Verdict::Revoke { harmful }, "Revoke"),
        Curate::Clear { app } => (app, Verdict::Clear, "Say nothing any more about"),
    };
    let call = calls::registry::curate_app(app, verdict);
    let view = context.view().await?;
    let sudo = view.sudo_key().await?;
    match (context.own_account(), sudo) {
        (Ok(own), Some(sudo)) if own == sudo => {
            as_sudo(context, call, &format!("{purpose} the app {app}")).await
        }
        (Err(error), _) if context.options.key.is_some() => Err(error),
        _ => {
            context.console.note(
                "Only governance can do this, or the sudo key of a development chain. This is the \
                 call for a referendum; its track is `registrar`.",
            );
            let data = view.call_data(&call)?;
            Ok(Answer::new(Proposal {
                call: call.to_string(),
                data: format!("0x{}", hex::encode(data)),
            }))
        }
    }
}

/// The sudo transaction succeeds whatever comes of the call inside, so its event is looked for.
async fn as_sudo(context: &Context, call: Call, purpose: &str) -> Result<Answer, CliError> {
    let receipt = context.send(calls::sudo::sudo(call), purpose).await?;
    ensure_curated(&receipt)?;
    Ok(Answer::new(Sent::from(&receipt)))
}

fn ensure_curated(receipt: &Receipt) -> Result<(), CliError> {
    let is_curated =
        |event: &Event| matches!(event, Event::Registry(RegistryEvent::AppCurated { .. }));
    if receipt.events.iter().any(is_curated) {
        return Ok(());
    }
    Err(CliError::Refused(
        "the registry refused the verdict: an app must exist to be approved, and only on the ground \
         of the document that its owner proposed; `ergon app show` tells which"
            .into(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::Head;
    use sp_core::H256;

    #[test]
    fn a_verdict_that_was_refused_inside_is_noticed() {
        let receipt = Receipt {
            block: Head {
                number: 1,
                hash: H256::zero(),
            },
            extrinsic: H256::zero(),
            events: Vec::new(),
            fee: 0,
            refused: Vec::new(),
        };
        let error = ensure_curated(&receipt).unwrap_err();
        assert_eq!(error.explain().status.code(), 4);
    }

    #[test]
    fn a_proposal_is_the_bare_call() {
        let mut out = Vec::new();
        let proposal = Proposal {
            call: "Registry.curate_app".into(),
            data: "0x0a13".into(),
        };
        proposal.render(&mut out).unwrap();
        assert_eq!(out, b"0x0a13\n");
    }
}
