//! `ergon app`: apps of the registry.

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    files,
    table::{Card, Table},
    text::{Address, Hex, id, shown},
};
use clap::Subcommand;
use ergon_client::{
    Event, RegistryEvent, bounded, calls,
    primitives::{App as AppRecord, AppId, AppKind, MAX_DESCRIPTION, MAX_LOCATOR, MAX_NAME},
};
use serde::Serialize;
use sp_core::H256;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Register and manage apps.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum App {
    /// Register an app: its name, its module's digest, and where the module can be fetched.
    #[command(
        after_help = "Example: ergon --key //Dave app register --name render --module render.wasm"
    )]
    Register {
        /// Name of the app, at most 64 bytes.
        #[arg(long)]
        name: String,
        /// The WebAssembly module.
        #[arg(long, value_name = "FILE")]
        module: PathBuf,
        /// Where workers fetch the module (https://…, http://…, file://…); by default this very file.
        #[arg(long, value_name = "URL")]
        locator: Option<String>,
        /// Pointer to documentation, at most 256 bytes.
        #[arg(long, default_value = "")]
        metadata: String,
    },
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
struct AppView {
    app: Hex,
    name: String,
    owner: Address,
    kind: &'static str,
    digest: Hex,
    locator: String,
    metadata: String,
}

impl AppView {
    fn new(id: AppId, app: &AppRecord) -> Self {
        let kind = match app.kind {
            AppKind::Wasm => "wasm",
        };
        Self {
            app: id.into(),
            name: shown(&app.name),
            owner: Address::from(&app.owner),
            kind,
            digest: Hex(app.digest),
            locator: shown(&app.locator),
            metadata: shown(&app.metadata),
        }
    }
}

impl Render for AppView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        Card::new()
            .line("app", self.app)
            .line("name", &self.name)
            .line("owner", &self.owner)
            .line("kind", self.kind)
            .line("digest", self.digest)
            .line("locator", &self.locator)
            .line("metadata", &self.metadata)
            .write(out)
    }
}

#[derive(Serialize)]
struct AppList {
    apps: Vec<AppView>,
}

impl Render for AppList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["APP", "NAME", "OWNER"]);
        for app in &self.apps {
            table.row([app.app.to_string(), app.name.clone(), app.owner.short()]);
        }
        table.write(
            out,
            "There are no apps; `ergon app register` registers one.",
        )
    }
}

#[derive(Serialize)]
struct Registered {
    app: Hex,
    digest: Hex,
    locator: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Registered {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("app", self.app)
            .line("digest", self.digest);
        self.sent
            .lines(card.line("locator", &self.locator))
            .write(out)
    }
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
        App::Register {
            name,
            module,
            locator,
            metadata,
        } => register(context, name, module, locator, metadata).await,
        App::List => list(context).await,
        App::Show { app } => show(context, app).await,
        App::Update {
            app,
            locator,
            metadata,
        } => update(context, app, locator, metadata).await,
        App::Transfer { app, to } => transfer(context, app, &to).await,
        App::Remove { app } => remove(context, app).await,
        App::Fetch { app, out } => fetch(context, app, out).await,
    }
}

async fn register(
    context: &Context,
    name: String,
    module: PathBuf,
    locator: Option<String>,
    metadata: String,
) -> Result<Answer, CliError> {
    let locator = match locator {
        Some(locator) => locator,
        None => files::file_locator(&module)?,
    };
    let bounded_name = bounded::<u8, MAX_NAME>("name", name.as_bytes())?;
    let bounded_locator = bounded::<u8, MAX_LOCATOR>("locator", locator.as_bytes())?;
    let metadata = bounded::<u8, MAX_DESCRIPTION>("metadata", metadata.as_bytes())?;
    let sha256 = files::local_digest(&module).await?;
    files::check_locator(&locator, sha256).await?;

    let digest = H256(sha256);
    let call = calls::registry::register_app(
        bounded_name,
        AppKind::Wasm,
        digest,
        bounded_locator,
        metadata,
    );
    let receipt = context
        .send(call, &format!("Register the app `{name}`"))
        .await?;
    let app = receipt.events.iter().find_map(|event| match event {
        Event::Registry(RegistryEvent::AppRegistered { app, .. }) => Some(*app),
        _ => None,
    });
    let app = app.ok_or(CliError::Silent("which app was registered"))?;
    let (app, digest, sent) = (app.into(), Hex(digest), Sent::from(&receipt));
    Ok(Answer::new(Registered {
        app,
        digest,
        locator,
        sent,
    }))
}

async fn list(context: &Context) -> Result<Answer, CliError> {
    let mut apps = context.view().await?.apps().await?;
    apps.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let apps = apps
        .iter()
        .map(|(id, app)| AppView::new(*id, app))
        .collect();
    Ok(Answer::new(AppList { apps }))
}

async fn show(context: &Context, app: AppId) -> Result<Answer, CliError> {
    let view = context.view().await?;
    Ok(Answer::new(AppView::new(
        app,
        &context.app(&view, app).await?,
    )))
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
    if let Some(locator) = &locator {
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
    let locator = String::from_utf8_lossy(&record.locator).into_owned();
    let size =
        files::download_verified(&locator, record.digest.0, files::MAX_FETCHED, &out).await?;
    Ok(Answer::new(Fetched {
        app: app.into(),
        file: out,
        size,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::Keypair;

    #[test]
    fn what_a_stranger_registered_is_shown_safely() {
        let app = AppRecord {
            owner: Keypair::from_suri("//Dave").unwrap().account(),
            name: b"re\x1bnder".to_vec().try_into().unwrap(),
            kind: AppKind::Wasm,
            digest: H256::repeat_byte(1),
            locator: b"file:///render.wasm".to_vec().try_into().unwrap(),
            metadata: Default::default(),
        };
        let mut out = Vec::new();
        AppView::new(AppId(H256::repeat_byte(2)), &app)
            .render(&mut out)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("name      re·nder\n"), "{text}");
        assert!(text.contains("locator   file:///render.wasm\n"), "{text}");
    }
}
