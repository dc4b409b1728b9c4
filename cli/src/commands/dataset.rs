//! `ergon dataset`: datasets of the registry.

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    files,
    table::{Card, Table},
    text::{Address, Hex, id, shown},
};
use clap::{Subcommand, builder::NonEmptyStringValueParser};
use ergon_client::{
    Call, Event, RegistryEvent, bounded, calls,
    primitives::{
        AppId, Dataset as DatasetRecord, DatasetId, MAX_DESCRIPTION, MAX_LOCATOR, MAX_NAME,
    },
};
use serde::Serialize;
use sp_core::H256;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Register and manage datasets.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Dataset {
    /// Register a dataset: its name, its digest, where it can be fetched, and which apps may read it.
    #[command(
        after_help = "Example: ergon --key //Dave dataset register --name genome --file genome.tar"
    )]
    Register {
        /// Name of the dataset, at most 64 bytes.
        #[arg(long, value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// The content, encrypted already if it is to be.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Where workers fetch it (https://…, http://…, file://…); by default this very file.
        #[arg(long, value_name = "URL")]
        locator: Option<String>,
        /// Pointer to documentation, at most 256 bytes.
        #[arg(long, default_value = "")]
        metadata: String,
        /// How the content is encrypted and who hands out keys, at most 256 bytes; without it, it is
        /// public.
        #[arg(long, value_name = "TEXT")]
        encryption: Option<String>,
        /// App that may read it; can be given several times, at most 32 times. Without any, every app.
        #[arg(long = "allow-app", value_name = "ID", value_parser = id::<AppId>)]
        allowed_apps: Vec<AppId>,
    },
    /// List all datasets.
    #[command(after_help = "Example: ergon dataset list")]
    List,
    /// Show a dataset.
    #[command(after_help = "Example: ergon dataset show 0x…")]
    Show {
        /// The dataset.
        #[arg(value_parser = id::<DatasetId>)]
        dataset: DatasetId,
    },
    /// Change where a dataset's content and documentation are.
    #[command(
        after_help = "Example: ergon dataset update 0x… --locator https://example.org/genome.tar"
    )]
    Update {
        /// The dataset.
        #[arg(value_parser = id::<DatasetId>)]
        dataset: DatasetId,
        /// Where workers fetch the content from now on.
        #[arg(long, value_name = "URL")]
        locator: Option<String>,
        /// Pointer to documentation from now on.
        #[arg(long)]
        metadata: Option<String>,
    },
    /// Give a dataset to another account. Its old orders lose their force.
    #[command(after_help = "Example: ergon dataset transfer 0x… //Eve")]
    Transfer {
        /// The dataset.
        #[arg(value_parser = id::<DatasetId>)]
        dataset: DatasetId,
        /// The new owner.
        to: String,
    },
    /// Remove a dataset and get its deposit back. It cannot be registered again for 180 days.
    #[command(after_help = "Example: ergon dataset remove 0x…")]
    Remove {
        /// The dataset.
        #[arg(value_parser = id::<DatasetId>)]
        dataset: DatasetId,
    },
}

#[derive(Serialize)]
struct DatasetView {
    dataset: Hex,
    name: String,
    owner: Address,
    digest: Hex,
    locator: String,
    metadata: String,
    /// None when the content is public.
    encryption: Option<String>,
    /// The apps that may read it; every app when there is none.
    allowed_apps: Vec<Hex>,
}

impl DatasetView {
    fn new(id: DatasetId, dataset: &DatasetRecord) -> Self {
        Self {
            dataset: id.into(),
            name: shown(&dataset.name),
            owner: Address::from(&dataset.owner),
            digest: Hex(dataset.digest),
            locator: shown(&dataset.locator),
            metadata: shown(&dataset.metadata),
            encryption: dataset.encryption.as_ref().map(|text| shown(text)),
            allowed_apps: dataset
                .allowed_apps
                .iter()
                .map(|app| (*app).into())
                .collect(),
        }
    }
}

impl Render for DatasetView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("dataset", self.dataset)
            .line("name", &self.name)
            .line("owner", &self.owner)
            .line("digest", self.digest)
            .line("locator", &self.locator)
            .line("metadata", &self.metadata)
            .line("encryption", self.encryption.as_deref().unwrap_or("none"));
        let card = match self.allowed_apps.as_slice() {
            [] => card.line("for", "every app"),
            apps => apps
                .iter()
                .fold(card, |card, app| card.line("for app", app)),
        };
        card.write(out)
    }
}

#[derive(Serialize)]
struct DatasetList {
    datasets: Vec<DatasetView>,
}

impl Render for DatasetList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["DATASET", "NAME", ">APPS", "OWNER"]);
        for dataset in &self.datasets {
            let apps = match dataset.allowed_apps.len() {
                0 => "every".into(),
                count => count.to_string(),
            };
            table.row([
                dataset.dataset.to_string(),
                dataset.name.clone(),
                apps,
                dataset.owner.short(),
            ]);
        }
        table.write(
            out,
            "There are no datasets; `ergon dataset register` registers one.",
        )
    }
}

#[derive(Serialize)]
struct Registered {
    dataset: Hex,
    digest: Hex,
    locator: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Registered {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("dataset", self.dataset)
            .line("digest", self.digest);
        self.sent
            .lines(card.line("locator", &self.locator))
            .write(out)
    }
}

/// Does what the command says.
pub async fn run(command: Dataset, context: &Context) -> Result<Answer, CliError> {
    match command {
        Dataset::Register {
            name,
            file,
            locator,
            metadata,
            encryption,
            allowed_apps,
        } => {
            let locator = match locator {
                Some(locator) => locator,
                None => files::file_locator(&file)?,
            };
            let sha256 = files::local_digest(&file).await?;
            files::check_locator(&locator, sha256).await?;
            let encryption = encryption
                .map(|text| bounded("encryption", text))
                .transpose()?;
            let call = calls::registry::register_dataset(
                bounded::<u8, MAX_NAME>("name", name.as_bytes())?,
                H256(sha256),
                bounded::<u8, MAX_LOCATOR>("locator", locator.as_bytes())?,
                bounded::<u8, MAX_DESCRIPTION>("metadata", metadata)?,
                encryption,
                bounded("list of apps", allowed_apps)?,
            );
            register(context, call, &name, Hex(H256(sha256)), locator).await
        }
        Dataset::List => list(context).await,
        Dataset::Show { dataset } => {
            let view = context.view().await?;
            let record = context.dataset(&view, dataset).await?;
            Ok(Answer::new(DatasetView::new(dataset, &record)))
        }
        Dataset::Update {
            dataset,
            locator,
            metadata,
        } => update(context, dataset, locator, metadata).await,
        Dataset::Transfer { dataset, to } => {
            let to = context.account(&to)?;
            let purpose = format!("Give the dataset {dataset} to {}", Address::from(&to));
            send(
                context,
                calls::registry::transfer_dataset(dataset, &to),
                &purpose,
            )
            .await
        }
        Dataset::Remove { dataset } => {
            let call = calls::registry::remove_dataset(dataset);
            send(context, call, &format!("Remove the dataset {dataset}")).await
        }
    }
}

async fn register(
    context: &Context,
    call: Call,
    name: &str,
    digest: Hex,
    locator: String,
) -> Result<Answer, CliError> {
    let purpose = format!("Register the dataset `{name}`");
    let receipt = context.send(call, &purpose).await?;
    let dataset = receipt.events.iter().find_map(|event| match event {
        Event::Registry(RegistryEvent::DatasetRegistered { dataset, .. }) => Some(*dataset),
        _ => None,
    });
    let dataset = dataset.ok_or(CliError::Silent("which dataset was registered"))?;
    Ok(Answer::new(Registered {
        dataset: dataset.into(),
        digest,
        locator,
        sent: Sent::from(&receipt),
    }))
}

async fn list(context: &Context) -> Result<Answer, CliError> {
    let mut datasets = context.view().await?.datasets().await?;
    datasets.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let datasets = datasets
        .iter()
        .map(|(id, dataset)| DatasetView::new(*id, dataset))
        .collect();
    Ok(Answer::new(DatasetList { datasets }))
}

async fn update(
    context: &Context,
    dataset: DatasetId,
    locator: Option<String>,
    metadata: Option<String>,
) -> Result<Answer, CliError> {
    if locator.is_none() && metadata.is_none() {
        return Err(CliError::Usage(
            "nothing to change: give --locator or --metadata".into(),
        ));
    }
    let view = context.view().await?;
    let record = context.dataset(&view, dataset).await?;
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
    let call = calls::registry::update_dataset(dataset, locator, metadata);
    send(context, call, &format!("Update the dataset {dataset}")).await
}

async fn send(context: &Context, call: Call, purpose: &str) -> Result<Answer, CliError> {
    let receipt = context.send(call, purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::AccountId;

    fn rendered(encryption: Option<&str>, apps: Vec<AppId>) -> String {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let dataset = DatasetRecord {
            owner: AccountId::new([1; 32]),
            name: bytes("ge\x1bnome").try_into().unwrap(),
            digest: H256::repeat_byte(1),
            locator: bytes("file:///genome.tar").try_into().unwrap(),
            metadata: Default::default(),
            encryption: encryption.map(|text| bytes(text).try_into().unwrap()),
            allowed_apps: apps.try_into().unwrap(),
        };
        let mut out = Vec::new();
        DatasetView::new(DatasetId(H256::zero()), &dataset)
            .render(&mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_dataset_shows_who_may_read_it() {
        let open = rendered(None, Vec::new());
        assert!(open.contains("name        ge·nome\n"), "{open}");
        assert!(
            open.contains("encryption  none\nfor         every app\n"),
            "{open}"
        );
        let closed = rendered(Some("age, ask me"), vec![AppId(H256::repeat_byte(7))]);
        assert!(
            closed.contains("encryption  age, ask me\nfor app     0x0707"),
            "{closed}"
        );
    }
}
