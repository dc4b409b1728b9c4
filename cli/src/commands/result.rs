//! `ergon result`: results of tasks.

use crate::{
    CliError, Context, ExitStatus,
    answer::{Answer, Render},
    files,
    results::{Available, root_at},
    table::Table,
    text::{Hex, id},
};
use clap::Subcommand;
use ergon_client::primitives::{DealId, TaskIndex};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Fetch and verify results.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum ResultCommand {
    /// Fetch the result of a task, or of all tasks that have one, and verify it.
    #[command(after_help = "Example: ergon result fetch 0x… 3 --out tiles")]
    Fetch {
        /// The deal.
        #[arg(value_parser = id::<DealId>)]
        deal: DealId,
        /// Index of the task; without it, all that have settled.
        index: Option<TaskIndex>,
        /// Where to put the results, a folder per task.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Verify outputs that you have against what the workers agreed upon.
    #[command(after_help = "Example: ergon result verify 0x… 3 tiles/3")]
    Verify {
        /// The deal.
        #[arg(value_parser = id::<DealId>)]
        deal: DealId,
        /// Index of the task.
        index: TaskIndex,
        /// The folder of the outputs, or the result file of a worker.
        path: PathBuf,
    },
}

#[derive(Serialize)]
struct FetchReport {
    deal: Hex,
    out: PathBuf,
    tasks: Vec<Fetched>,
}

#[derive(Serialize)]
struct Fetched {
    index: TaskIndex,
    files: Vec<PathBuf>,
    error: Option<String>,
    #[serde(skip)]
    exit: ExitStatus,
}

impl FetchReport {
    fn status(&self) -> ExitStatus {
        self.tasks
            .iter()
            .map(|task| task.exit)
            .max()
            .unwrap_or(ExitStatus::Success)
    }
}

impl Render for FetchReport {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&[">TASK", ">FILES", "REMARK"]);
        for task in &self.tasks {
            let remark = task.error.as_deref().unwrap_or("verified");
            let remark = remark.lines().next().unwrap_or_default();
            table.row([
                task.index.to_string(),
                task.files.len().to_string(),
                remark.into(),
            ]);
        }
        table.write(out, "No task of the deal has a result yet.")
    }
}

#[derive(Serialize)]
struct Verified {
    deal: Hex,
    index: TaskIndex,
    root: Hex,
    path: PathBuf,
    genuine: bool,
}

impl Render for Verified {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let (path, index) = (self.path.display(), self.index);
        writeln!(
            out,
            "{path} is the result of task {index}, with the root {}.",
            self.root
        )
    }
}

/// Does what the command says.
pub async fn run(command: ResultCommand, context: &Context) -> Result<Answer, CliError> {
    match command {
        ResultCommand::Fetch { deal, index, out } => fetch(context, deal, index, out).await,
        ResultCommand::Verify { deal, index, path } => verify(context, deal, index, path).await,
    }
}

async fn fetch(
    context: &Context,
    id: DealId,
    index: Option<TaskIndex>,
    out: PathBuf,
) -> Result<Answer, CliError> {
    let out = files::absolute(&out)?;
    let view = context.view().await?;
    let deal = context.deal(&view, id).await?;
    let limit = view
        .category(deal.category)
        .await?
        .map_or(u64::MAX, |category| category.output_limit);
    let wanted = match index {
        Some(index) => vec![Available::of(index, view.task(id, index).await?.as_ref())?],
        None => {
            let tasks = view.tasks(id).await?;
            tasks
                .iter()
                .filter_map(|(index, task)| Available::of(*index, Some(task)).ok())
                .collect()
        }
    };
    let mut tasks = Vec::new();
    for result in wanted {
        match result.fetch(&out, limit).await {
            Ok(files) => {
                let (index, exit) = (result.index, ExitStatus::Success);
                tasks.push(Fetched {
                    index,
                    files,
                    error: None,
                    exit,
                });
            }
            // One task asked for: its error is the command's. Several: the others go on.
            Err(error) if index.is_some() => return Err(error),
            Err(error) => {
                let explanation = error.explain();
                let (error, exit) = (Some(explanation.message), explanation.status);
                tasks.push(Fetched {
                    index: result.index,
                    files: Vec::new(),
                    error,
                    exit,
                });
            }
        }
    }
    let report = FetchReport {
        deal: id.into(),
        out,
        tasks,
    };
    let status = report.status();
    Ok(Answer::new(report).with_status(status))
}

async fn verify(
    context: &Context,
    id: DealId,
    index: TaskIndex,
    path: PathBuf,
) -> Result<Answer, CliError> {
    let view = context.view().await?;
    context.deal(&view, id).await?;
    let result = Available::of(index, view.task(id, index).await?.as_ref())?;
    result.check(root_at(&path)?)?;
    let root = Hex(result.root);
    Ok(Answer::new(Verified {
        deal: id.into(),
        index,
        root,
        path,
        genuine: true,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched(index: TaskIndex, error: Option<&str>, exit: ExitStatus) -> Fetched {
        Fetched {
            index,
            files: Vec::new(),
            error: error.map(Into::into),
            exit,
        }
    }

    #[test]
    fn the_worst_task_decides() {
        let mut report = FetchReport {
            deal: Hex::default(),
            out: "/out".into(),
            tasks: Vec::new(),
        };
        assert_eq!(report.status(), ExitStatus::Success);
        report.tasks.push(fetched(0, None, ExitStatus::Success));
        report.tasks.push(fetched(
            1,
            Some("forged\nmore"),
            ExitStatus::VerificationFailed,
        ));
        assert_eq!(report.status(), ExitStatus::VerificationFailed);
        let mut out = Vec::new();
        report.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "TASK  FILES  REMARK\n   0      0  verified\n   1      0  forged\n"
        );
    }
}
