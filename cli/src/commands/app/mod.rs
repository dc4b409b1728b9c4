//! `ergon app`: apps of the registry.

mod curate;
mod register;
mod view;

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    files::{self, Document},
    text::{Address, Hex, id, shown},
};
use clap::Subcommand;
use ergon_client::{
    bounded, calls,
    primitives::{AppId, AppKind, Curation},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::PathBuf,
};
use view::{AppList, AppView};

/// Register and manage apps.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum App {
    /// Register an app: its name, its digest, and where it can be fetched.
    #[command(
        after_help = "Example: ergon --key //Dave app register --name render --module render.wasm"
    )]
    Register(register::Args),
    /// List all apps.
    #[command(after_help = "Example: ergon app list")]
    List,
    /// Show an app.
    #[command(after_help = "Example: ergon app show 0x…")]
    Show {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
    },
    /// Change where an app's module and documentation are.
    #[command(
        after_help = "Example: ergon app update 0x… --locator https://example.org/render.wasm"
    )]
    Update {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// Where workers fetch the module from now on.
        #[arg(long, value_name = "URL")]
        locator: Option<String>,
        /// Pointer to documentation from now on.
        #[arg(long)]
        metadata: Option<String>,
    },
    /// Give an app to another account. Its old orders lose their force.
    #[command(after_help = "Example: ergon app transfer 0x… //Eve")]
    Transfer {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// The new owner.
        to: String,
    },
    /// Remove an app and get its deposit back. It cannot be registered again for 180 days.
    #[command(after_help = "Example: ergon app remove 0x…")]
    Remove {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
    },
    /// Ask governance to approve an app on the ground of a document: what it does, how it was tested.
    #[command(
        after_help = "Example: ergon --key //Dave app propose 0x… --document review.pdf\n\n\
                      Keep the document where people find it, and name the place in --metadata."
    )]
    Propose {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// The document: a file, whose SHA-256 is taken, or a hash.
        #[arg(long, value_name = "FILE-OR-HASH")]
        document: Document,
    },
    /// Approve or revoke an app, as governance.
    #[command(subcommand)]
    Curate(curate::Curate),
    /// Fetch an app's module and verify its digest.
    #[command(after_help = "Example: ergon app fetch 0x… --out render.wasm")]
    Fetch {
        /// The app.
        #[arg(value_parser = id::<AppId>)]
        app: AppId,
        /// Where to put the module.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

#[derive(Serialize)]
struct Fetched {
    app: Hex,
    file: PathBuf,
    size: u64,
}

impl Render for Fetched {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{}: {} bytes, verified.",
            self.file.display(),
            self.size
        )
    }
}

/// Does what the command says.
pub async fn run(command: App, context: &Context) -> Result<Answer, CliError> {
    match command {
        App::Register(args) => register::run(args, context).await,
        App::List => list(context).await,
        App::Show { app } => show(context, app).await,
        App::Update {
            app,
            locator,
            metadata,
        } => update(context, app, locator, metadata).await,
        App::Transfer { app, to } => transfer(context, app, &to).await,
        App::Remove { app } => remove(context, app).await,
        App::Propose { app, document } => propose(context, app, &document).await,
        App::Curate(command) => curate::run(command, context).await,
        App::Fetch { app, out } => fetch(context, app, out).await,
    }
}

async fn list(context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let mut apps = view.apps().await?;
    apps.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let curations: BTreeMap<AppId, Curation> = view.curations().await?.into_iter().collect();
    let apps = apps
        .iter()
        .map(|(id, app)| AppView::new(*id, app, curations.get(id)))
        .collect();
    Ok(Answer::new(AppList { apps }))
}

async fn show(context: &Context, app: AppId) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let record = context.app(&view, app).await?;
    let curation = view.curation(app).await?;
    Ok(Answer::new(AppView::new(app, &record, curation.as_ref())))
}

async fn propose(context: &Context, app: AppId, document: &Document) -> Result<Answer, CliError> {
    let hash = document.hash().await?;
    let purpose = format!("Propose the app {app} on the ground of {}", Hex(hash));
    let receipt = context
        .send(calls::registry::propose_app(app, hash), &purpose)
        .await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn update(
    context: &Context,
    app: AppId,
    locator: Option<String>,
    metadata: Option<String>,
) -> Result<Answer, CliError> {
    if locator.is_none() && metadata.is_none() {
        return Err(CliError::Usage(
            "nothing to change: give --locator or --metadata".into(),
        ));
    }
    let view = context.view().await?;
    let record = context.app(&view, app).await?;
    // An image is not one file that could be fetched here.
    if let (Some(locator), AppKind::Wasm) = (&locator, record.kind) {
        files::check_locator(locator, record.digest.0).await?;
    }
    let locator = match locator {
        Some(locator) => bounded("locator", locator)?,
        None => record.locator,
    };
    let metadata = match metadata {
        Some(metadata) => bounded("metadata", metadata)?,
        None => record.metadata,
    };
    let call = calls::registry::update_app(app, locator, metadata);
    let receipt = context.send(call, &format!("Update the app {app}")).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn transfer(context: &Context, app: AppId, to: &str) -> Result<Answer, CliError> {
    let to = context.account(to)?;
    let purpose = format!("Give the app {app} to {}", Address::from(&to));
    let receipt = context
        .send(calls::registry::transfer_app(app, &to), &purpose)
        .await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn remove(context: &Context, app: AppId) -> Result<Answer, CliError> {
    let purpose = format!("Remove the app {app}");
    let receipt = context
        .send(calls::registry::remove_app(app), &purpose)
        .await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn fetch(context: &Context, app: AppId, out: PathBuf) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let record = context.app(&view, app).await?;
    if record.kind == AppKind::Oci {
        return Err(CliError::Usage(format!(
            "the app is a container image, which container engines fetch: pull `{}` and compare \
             the digest of its manifest with sha256:{}",
            shown(&record.locator),
            hex::encode(record.digest)
        )));
    }
    let locator = String::from_utf8_lossy(&record.locator).into_owned();
    let size =
        files::download_verified(&locator, record.digest.0, files::MAX_FETCHED, &out).await?;
    Ok(Answer::new(Fetched {
        app: app.into(),
        file: out,
        size,
    }))
}
