//! Following a deal to its end, and fetching its results on the way.

use crate::{
    CliError, Context, ExitStatus,
    answer::{Answer, Render},
    files,
    progress::{Meter, Progress},
    results::{Available, CANCELLED, outcome_name, outcome_text},
    span::Span,
    table::Table,
    text::Hex,
};
use ergon_client::{
    ClientError,
    primitives::{Deal, DealId, DealStatus, Outcome, Task, TaskIndex, TaskStatus},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How often the chain is looked at.
const PAUSE: Duration = Duration::from_secs(1);
/// How often a result is asked for that cannot be fetched for a passing reason.
const ATTEMPTS: u32 = 10;

/// What came of a task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TaskReport {
    /// The task.
    pub index: TaskIndex,
    /// `settled`, `failed`, `cancelled`, or `pruned` when the chain has forgotten the task.
    pub status: &'static str,
    /// `success`, `app-fault` or `unavailable`, if it settled.
    pub outcome: Option<&'static str>,
    /// The outcome in words.
    pub detail: Option<String>,
    /// The fetched outputs.
    pub files: Vec<PathBuf>,
    /// Why the outputs could not be fetched.
    pub error: Option<String>,
    /// The exit status that this task alone would give.
    #[serde(skip)]
    pub exit: ExitStatus,
}

/// What came of a deal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DealReport {
    /// The deal.
    pub deal: Hex,
    /// Its tasks in the order of their indexes.
    pub tasks: Vec<TaskReport>,
    /// Where the outputs are; none when they were not fetched.
    pub out: Option<PathBuf>,
}

impl DealReport {
    /// The worst of the tasks' exit statuses.
    pub fn status(&self) -> ExitStatus {
        self.tasks
            .iter()
            .map(|task| task.exit)
            .max()
            .unwrap_or(ExitStatus::Success)
    }

    /// The report as an answer.
    pub fn answer(self) -> Answer {
        let status = self.status();
        Answer::new(self).with_status(status)
    }
}

impl Render for DealReport {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&[">TASK", "STATUS", "OUTCOME", ">FILES", "REMARK"]);
        for task in self.tasks.iter() {
            let remark = match (task.outcome, &task.error) {
                (_, Some(error)) => error.lines().next().unwrap_or_default().to_owned(),
                (Some("success"), None) => String::new(),
                (_, None) => task.detail.clone().unwrap_or_default(),
            };
            table.row([
                task.index.to_string(),
                task.status.into(),
                task.outcome.unwrap_or("-").into(),
                task.files.len().to_string(),
                remark,
            ]);
        }
        table.write(out, "The deal has no tasks.")?;
        let good = self
            .tasks
            .iter()
            .filter(|task| task.exit == ExitStatus::Success)
            .count();
        write!(out, "{good} of {} tasks succeeded", self.tasks.len())?;
        match &self.out {
            Some(folder) => writeln!(out, "; verified outputs are in {}.", folder.display()),
            None => writeln!(out, "."),
        }
    }
}

/// The command that goes on with a deal.
pub fn resume_command(deal: DealId, out: Option<&Path>) -> String {
    match out {
        Some(out) => format!("ergon deal watch {deal} --out {}", out.display()),
        None => format!("ergon deal watch {deal}"),
    }
}

/// Follows a deal until all its tasks have ended and, when there is a folder, their outputs are in it.
pub async fn follow(
    context: &Context,
    id: DealId,
    out: Option<&Path>,
    timeout: Option<Span>,
) -> Result<DealReport, CliError> {
    let out = out.map(files::absolute).transpose()?;
    let resume = resume_command(id, out.as_deref());
    tokio::select! {
        report = until_the_end(context, id, out, timeout) => report,
        _ = tokio::signal::ctrl_c() => Err(CliError::Interrupted { resume }),
    }
}

async fn until_the_end(
    context: &Context,
    id: DealId,
    out: Option<PathBuf>,
    timeout: Option<Span>,
) -> Result<DealReport, CliError> {
    let view = context.view().await?;
    let deal = context.deal(&view, id).await?;
    let output_limit = view
        .category(deal.category)
        .await?
        .map_or(u64::MAX, |category| category.output_limit);
    let mut follower = Follower {
        deal: &deal,
        out: out.as_deref(),
        output_limit,
        ended: BTreeMap::new(),
        reports: BTreeMap::new(),
        attempts: BTreeMap::new(),
    };
    let mut meter = Meter::new(&context.console, deal.volume);
    let (start, limit) = (Instant::now(), timeout.map(Span::duration));
    let mut seen = None;
    loop {
        let view = context.view().await?;
        if seen.replace(view.head()) != Some(view.head()) || follower.is_waiting_for_files() {
            let status = view.deal_status(id).await?;
            let open = follower.open();
            let tasks = view.tasks_at(id, &open).await?;
            let open: Vec<Task> = follower.sort_out(open, tasks);
            meter.show(Progress::of(&deal, follower.ended.values().chain(&open)));
            follower.take(status, &meter).await;
        }
        if follower.is_done() {
            drop(meter);
            let tasks = follower.reports.into_values().collect();
            return Ok(DealReport {
                deal: id.into(),
                tasks,
                out,
            });
        }
        if let Some(limit) = limit.filter(|limit| start.elapsed() >= *limit) {
            return Err(CliError::TimedOut {
                what: format!("the deal {id}"),
                seconds: limit.as_secs(),
                resume: resume_command(id, out.as_deref()),
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is known of a deal's tasks that have ended.
struct Follower<'a> {
    deal: &'a Deal,
    out: Option<&'a Path>,
    output_limit: u64,
    /// The tasks that have ended. The chain is not asked for them again: what a finalised block says of
    /// them stays.
    ended: BTreeMap<TaskIndex, Task>,
    reports: BTreeMap<TaskIndex, TaskReport>,
    /// How often a result could not be fetched.
    attempts: BTreeMap<TaskIndex, u32>,
}

impl Follower<'_> {
    fn is_done(&self) -> bool {
        self.reports.len() as u64 >= u64::from(self.deal.volume)
    }

    fn is_waiting_for_files(&self) -> bool {
        self.attempts
            .keys()
            .any(|index| !self.reports.contains_key(index))
    }

    /// The tasks that have not ended as far as is known.
    fn open(&self) -> Vec<TaskIndex> {
        let first = self.deal.first_index;
        (first..first.saturating_add(self.deal.volume))
            .filter(|index| !self.ended.contains_key(index) && !self.reports.contains_key(index))
            .collect()
    }

    /// Keeps those of the tasks that have ended, and returns the others. A task that the chain does
    /// not know is neither.
    fn sort_out(&mut self, indexes: Vec<TaskIndex>, tasks: Vec<Option<Task>>) -> Vec<Task> {
        let mut open = Vec::new();
        for (index, task) in indexes.into_iter().zip(tasks) {
            match task {
                Some(task) if task.has_ended() => {
                    self.ended.insert(index, task);
                }
                Some(task) => open.push(task),
                None => {}
            }
        }
        open
    }

    /// Reports on the tasks that have ended, and fetches their results.
    async fn take(&mut self, status: Option<DealStatus>, meter: &Meter<'_>) {
        let unreported: Vec<TaskIndex> = self
            .ended
            .keys()
            .filter(|index| !self.reports.contains_key(index))
            .copied()
            .collect();
        for index in unreported {
            if let Some(task) = self.ended.get(&index).cloned()
                && let Some(report) = self.report(index, &task, meter).await
            {
                self.reports.insert(index, report);
            }
        }
        if !matches!(status, Some(DealStatus::Open)) {
            self.give_up_pruned();
        }
    }

    /// All tasks of an ended deal have ended, unless they have been removed meanwhile.
    fn give_up_pruned(&mut self) {
        for index in self.open() {
            self.reports.insert(index, pruned(index));
        }
    }

    /// The report on a task, once nothing more can come of it.
    async fn report(
        &mut self,
        index: TaskIndex,
        task: &Task,
        meter: &Meter<'_>,
    ) -> Option<TaskReport> {
        let report = ended(index, task)?;
        let (Some(out), Ok(result)) = (self.out, Available::of(index, Some(task))) else {
            return Some(report);
        };
        match result.fetch(out, self.output_limit).await {
            Ok(files) => {
                meter.note(&format!("Task {index}: {} file(s) verified.", files.len()));
                Some(TaskReport { files, ..report })
            }
            Err(error) => {
                let attempts = self.attempts.entry(index).or_default();
                *attempts = attempts.saturating_add(1);
                let is_final = !is_passing(&error) || *attempts >= ATTEMPTS;
                is_final.then(|| without_files(report, &error))
            }
        }
    }
}

fn is_passing(error: &CliError) -> bool {
    matches!(error, CliError::Client(ClientError::Fetch(error)) if error.is_passing())
}

fn without_files(report: TaskReport, error: &CliError) -> TaskReport {
    let explanation = error.explain();
    TaskReport {
        error: Some(explanation.message),
        exit: explanation.status,
        ..report
    }
}

/// The report on a task that has ended, without files.
fn ended(index: TaskIndex, task: &Task) -> Option<TaskReport> {
    let (status, outcome) = match &task.status {
        TaskStatus::Active | TaskStatus::Revealing { .. } | TaskStatus::Opening { .. } => {
            return None;
        }
        TaskStatus::Settled { outcome, .. } => ("settled", Some(outcome)),
        TaskStatus::Failed { .. } => ("failed", None),
        TaskStatus::Cancelled { .. } => ("cancelled", None),
    };
    let detail = match (outcome, status) {
        (Some(outcome), _) => outcome_text(outcome),
        (None, "cancelled") => format!("{CANCELLED}; the payer was refunded"),
        (None, _) => "the workers came to no agreement in time; the payer was refunded".into(),
    };
    let exit = match outcome {
        Some(Outcome::Success(_)) => ExitStatus::Success,
        _ => ExitStatus::TaskFailed,
    };
    let outcome = outcome.map(outcome_name);
    let (files, error) = (Vec::new(), None);
    Some(TaskReport {
        index,
        status,
        outcome,
        detail: Some(detail),
        files,
        error,
        exit,
    })
}

fn pruned(index: TaskIndex) -> TaskReport {
    TaskReport {
        index,
        status: "pruned",
        outcome: None,
        detail: None,
        files: Vec::new(),
        error: Some("the chain has forgotten this task: the deal ended long ago".into()),
        exit: ExitStatus::TaskFailed,
    }
}

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
