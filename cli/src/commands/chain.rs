//! `ergon chain`: the chain as a whole.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    span::Span,
    table::{Card, Table},
    text::{Hex, shown},
};
use clap::Subcommand;
use ergon_client::{Head, primitives::BlockNumber};
use serde::Serialize;
use std::io::{self, Write};

/// Look at the chain.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Chain {
    /// Show identity, runtime, heads and issuance.
    #[command(after_help = "Example: ergon chain status")]
    Status,
    /// List the categories of work.
    #[command(after_help = "Example: ergon chain categories")]
    Categories,
}

#[derive(Serialize)]
struct StatusView {
    node: String,
    genesis: Hex,
    spec_version: u32,
    best: HeadView,
    finalised: HeadView,
    issuance: Amount,
    existential_deposit: Amount,
    time: u64,
}

#[derive(Serialize)]
struct HeadView {
    number: BlockNumber,
    hash: Hex,
}

impl From<Head> for HeadView {
    fn from(head: Head) -> Self {
        Self {
            number: head.number,
            hash: Hex(head.hash),
        }
    }
}

impl Render for StatusView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        Card::new()
            .line("node", &self.node)
            .line("genesis", self.genesis)
            .line("runtime", format!("version {}", self.spec_version))
            .line("best", format!("{} {}", self.best.number, self.best.hash))
            .line(
                "finalised",
                format!("{} {}", self.finalised.number, self.finalised.hash),
            )
            .line("issuance", self.issuance)
            .line("least balance", self.existential_deposit)
            .write(out)
    }
}

#[derive(Serialize)]
struct CategoriesView {
    categories: Vec<CategoryView>,
}

#[derive(Serialize)]
struct CategoryView {
    category: u32,
    name: String,
    work_time: BlockNumber,
    input_limit: u64,
    output_limit: u64,
}

impl Render for CategoriesView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&[
            ">NUMBER",
            "NAME",
            ">TIME PER TASK",
            ">INPUT BYTES",
            ">OUTPUT BYTES",
        ]);
        for category in &self.categories {
            table.row([
                category.category.to_string(),
                category.name.clone(),
                Span(category.work_time).to_string(),
                category.input_limit.to_string(),
                category.output_limit.to_string(),
            ]);
        }
        table.write(out, "There are no categories.")
    }
}

/// Does what the command says.
pub async fn run(command: Chain, context: &Context) -> Result<Answer, CliError> {
    match command {
        Chain::Status => status(context).await,
        Chain::Categories => categories(context).await,
    }
}

async fn status(context: &Context) -> Result<Answer, CliError> {
    let client = context.client().await?;
    let heads = client.heads().await?;
    let view = context.view().await?;
    Ok(Answer::new(StatusView {
        node: client.url().into(),
        genesis: Hex(client.genesis()),
        spec_version: client.spec_version().await?,
        best: heads.best.into(),
        finalised: heads.finalised.into(),
        issuance: Amount(view.total_issuance().await?),
        existential_deposit: Amount(view.existential_deposit()?),
        time: view.timestamp().await?,
    }))
}

async fn categories(context: &Context) -> Result<Answer, CliError> {
    let categories = context.view().await?.categories().await?;
    let categories = categories
        .into_iter()
        .map(|(category, record)| CategoryView {
            category,
            name: shown(&record.name),
            work_time: record.work_time,
            input_limit: record.input_limit,
            output_limit: record.output_limit,
        });
    Ok(Answer::new(CategoriesView {
        categories: categories.collect(),
    }))
}
