//! Computing a task: fetch, execute, publish. What comes out is stored before anyone hears of it.

use crate::{
    behaviour::Behaviour,
    error::WorkerError,
    fetch::Failure,
    limits::{self, nominal_time},
    shared::Shared,
    task::{Computed, End, Phase, TaskId, TaskState},
};
use crate::executor::{Ending, Execution, Executor, ExecutorError, Job};
use ergon_client::{
    TaskSpec,
    primitives::{App, BlockNumber, Category, Deal, InlineResult, ResultLocator},
};
use sp_core::H256;
use std::{path::PathBuf, sync::Arc};

/// What there is to know of a task before it is computed.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The task.
    pub task: TaskId,
    /// The deal's terms.
    pub deal: Arc<Deal>,
    /// The deal's category.
    pub category: Arc<Category>,
    /// The app as it is registered now; `None` when it was removed.
    pub app: Option<App>,
    /// Number of the best block.
    pub now: BlockNumber,
}

/// What a job without result means for the task.
enum NoResult {
    /// The vote is `Unavailable`.
    Unavailable(String),
    /// There is no vote.
    Skip(String),
}

/// Computes a task that is under way in the store up to [`Phase::Executing`].
pub async fn compute<B: Behaviour>(
    shared: &Shared<B>,
    assignment: &Assignment,
) -> Result<(), WorkerError> {
    let task = assignment.task;
    begin(shared, task)?;
    let honest = match run(shared, assignment).await? {
        Ok(computed) => computed,
        Err(NoResult::Unavailable(reason)) => {
            tracing::warn!(%reason, "module or inputs cannot be had");
            Computed::unavailable()
        }
        Err(NoResult::Skip(reason)) => {
            tracing::warn!(%reason, "the task is left to other workers");
            shared.store.advance(task, TaskState::Done(End::Skipped(reason)))?;
            return Ok(());
        }
    };
    let computed = shared.behaviour.outcome(honest);
    tracing::info!(outcome = ?computed.outcome, trace = ?computed.trace, "computed");
    shared.store.advance(task, TaskState::Computed(computed))?;
    Ok(())
}

/// Brings the task to [`Phase::Fetching`], from wherever an earlier process left it.
fn begin<B: Behaviour>(shared: &Shared<B>, task: TaskId) -> Result<(), WorkerError> {
    let phase = shared.store.task(task)?.map(|record| record.state.phase());
    if phase != Some(Phase::Discovered) {
        shared.store.advance(task, TaskState::Discovered)?;
    }
    shared.store.advance(task, TaskState::Fetching)?;
    Ok(())
}

async fn run<B: Behaviour>(
    shared: &Shared<B>,
    assignment: &Assignment,
) -> Result<Result<Computed, NoResult>, WorkerError> {
    let job = match job(shared, assignment).await {
        Ok(job) => job,
        Err(no_result) => return Ok(Err(no_result)),
    };
    shared.store.advance(assignment.task, TaskState::Executing)?;
    let execution = match execute(&shared.executor, &job).await {
        Ok(execution) => execution,
        Err(error) => return Ok(Err(NoResult::Skip(error.to_string()))),
    };
    tracing::info!(
        ending = summary(&execution.ending),
        fuel = execution.trace.fuel_used,
        milliseconds = execution.wall.as_millis(),
        "executed"
    );
    let (publication, task) = (shared.config.publication.clone(), assignment.task);
    let work = move || {
        let published = publish(&publication, task, &job.output_dir, &execution);
        remove_outputs(&job.output_dir);
        published
    };
    Ok(Ok(tokio::task::spawn_blocking(work).await??))
}

async fn job<B: Behaviour>(
    shared: &Shared<B>,
    assignment: &Assignment,
) -> Result<Job, NoResult> {
    let Assignment {
        task,
        deal,
        category,
        app,
        now,
    } = assignment;
    let unavailable = |reason: String| NoResult::Unavailable(reason);
    let app = app.as_ref().ok_or_else(|| unavailable("the app was removed".into()))?;
    let spec = TaskSpec::parse(&deal.params).map_err(|error| unavailable(error.to_string()))?;
    let left = deal.contribution_deadline().saturating_sub(*now);
    let files = shared
        .cache
        .prepare(app, &spec, category.input_limit, nominal_time(left / 4))
        .await
        .map_err(|failure| match failure {
            Failure::Unavailable(reason) => NoResult::Unavailable(reason),
            Failure::Skip(reason) => NoResult::Skip(reason),
        })?;
    let mut args = vec![limits::PROGRAM_NAME.to_owned()];
    args.extend(spec.args_for(task.index));
    Ok(Job {
        module: files.module,
        args,
        inputs: files.inputs,
        limits: limits::limits(deal, category, shared.config.wall_clock_factor),
        output_dir: work_folder(shared, *task),
    })
}

fn work_folder<B: Behaviour>(shared: &Shared<B>, task: TaskId) -> PathBuf {
    let name = format!("{}-{}", hex::encode(task.deal.0), task.index);
    shared.config.data_dir.join(crate::shared::WORK_FOLDER).join(name)
}

/// Runs the job; once more when the machine's files were the reason that it failed.
async fn execute(executor: &impl Executor, job: &Job) -> Result<Execution, ExecutorError> {
    match executor.execute(job).await {
        Err(error @ ExecutorError::Io(_)) => {
            tracing::warn!(%error, "trying once more");
            executor.execute(job).await
        }
        result => result,
    }
}

/// Puts result and log where they can be fetched, and says what the vote is.
fn publish(
    publication: &crate::publish::Publication,
    task: TaskId,
    outputs: &std::path::Path,
    execution: &Execution,
) -> Result<Computed, WorkerError> {
    publication.keep_log(task, &execution.stdout_tail, &execution.stderr_tail)?;
    let outcome = execution.ending.outcome();
    let (locator, inline) = match (&execution.ending, &outcome) {
        (Ending::Success { outputs: files }, ergon_client::primitives::Outcome::Success(root)) => {
            let inline = publication.publish(task, outputs, files, *root)?;
            (publication.locator(task), inline)
        }
        _ => (ResultLocator::default(), InlineResult::default()),
    };
    Ok(Computed {
        outcome,
        trace: H256(execution.trace.hash()),
        locator,
        inline,
    })
}

/// The bundle has everything; what stays behind is only removed later.
fn remove_outputs(folder: &std::path::Path) {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(folder = %folder.display(), %error, "cannot remove a task's outputs");
        }
        _ => {}
    }
}

/// How an execution ended, in a word or two.
fn summary(ending: &Ending) -> String {
    match ending {
        Ending::Success { outputs } => format!("success with {} files", outputs.len()),
        Ending::Exit(code) => format!("exit code {code}"),
        Ending::Trap(kind) => format!("trap: {kind}"),
        Ending::FuelExhausted => "out of fuel".into(),
        Ending::OutputLimit => "too much output".into(),
        Ending::InvalidModule(reason) => format!("invalid module: {reason}"),
    }
}

#[cfg(test)]
mod tests;
