//! Computing a task: fetch, execute, publish. What comes out is stored before anyone hears of it.

use crate::{
    behaviour::Behaviour,
    error::WorkerError,
    executor::{Ending, Execution, Executor, ExecutorError, Job, OutputFile},
    fetch::Failure,
    limits::{self, nominal_time},
    publish::{Publication, PublishError},
    shared::{Shared, WORK_FOLDER},
    store::StoreError,
    task::{Computed, End, Phase, TaskId, TaskState},
};
use ergon_client::{
    Keypair, Scheme, TaskSpec,
    primitives::{
        App, BlockNumber, Category, Dataset, Deal, InlineResult, Outcome, OutputFiles,
        ResultLocator,
    },
};
use sp_core::H256;
use std::{fs, io, path::Path, sync::Arc};
use tokio::task::{JoinError, spawn_blocking};

/// What there is to know of a task before it is computed.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    /// The task.
    pub(crate) task: TaskId,
    /// The deal's terms.
    pub(crate) deal: Arc<Deal>,
    /// The deal's category.
    pub(crate) category: Arc<Category>,
    /// The app as it is registered now; `None` when it was removed.
    pub(crate) app: Option<App>,
    /// The dataset as it is registered now; `None` when the deal uses none, or it was removed.
    pub(crate) dataset: Option<Dataset>,
    /// Number of the best block.
    pub(crate) now: BlockNumber,
}

/// Why there is nothing that was computed.
#[derive(Debug)]
enum NoResult {
    /// The vote is `Unavailable`; why.
    Unavailable(String),
    /// There is no vote; why.
    Skip(String),
    /// The worker cannot go on.
    Broken(WorkerError),
}

impl From<StoreError> for NoResult {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<JoinError> for NoResult {
    fn from(error: JoinError) -> Self {
        Self::Broken(error.into())
    }
}

/// Computes a task up to [`TaskState::Computed`], or ends it without a vote.
pub(crate) async fn compute<B: Behaviour>(
    shared: &Shared<B>,
    assignment: &Assignment,
) -> Result<(), WorkerError> {
    let task = assignment.task;
    let honest = match run(shared, assignment).await {
        Ok(computed) => computed,
        Err(NoResult::Unavailable(reason)) => {
            tracing::warn!(%reason, "module or inputs cannot be had");
            Computed::unavailable()
        }
        Err(NoResult::Skip(reason)) => {
            tracing::warn!(%reason, "the task is left to other workers");
            shared
                .store
                .advance(task, TaskState::Done(End::Skipped(reason)))?;
            return Ok(());
        }
        Err(NoResult::Broken(error)) => return Err(error),
    };
    let computed = Computed {
        salt: random_salt(),
        ..shared.behaviour.outcome(honest)
    };
    tracing::info!(outcome = ?computed.outcome, trace = ?computed.trace, "computed");
    shared.store.advance(task, TaskState::Computed(computed))?;
    Ok(())
}

async fn run<B: Behaviour>(
    shared: &Shared<B>,
    assignment: &Assignment,
) -> Result<Computed, NoResult> {
    let task = assignment.task;
    begin(shared, task)?;
    let job = job(shared, assignment).await?;
    shared.store.advance(task, TaskState::Executing)?;
    let mut execution = execute(&shared.executor, &job).await.map_err(no_result)?;
    tracing::info!(
        ending = %summary(&execution.ending),
        fuel = execution.trace.fuel_used,
        milliseconds = execution.wall.as_millis() as u64,
        "executed"
    );
    if let (Ending::Success { outputs }, Some(app)) = (&mut execution.ending, &assignment.app) {
        keep_declared(outputs, &app.outputs);
    }
    let publication = shared.config.publication.clone();
    let work = move || {
        let published = publish(&publication, task, &job.output_dir, &execution);
        remove_outputs(&job.output_dir);
        published
    };
    let published = spawn_blocking(work).await?;
    published.map_err(|error| NoResult::Skip(error.to_string()))
}

/// Brings the task to [`Phase::Fetching`], from wherever an earlier process left it.
fn begin<B: Behaviour>(shared: &Shared<B>, task: TaskId) -> Result<(), StoreError> {
    let phase = shared.store.task(task)?.map(|record| record.state.phase());
    if phase != Some(Phase::Discovered) {
        shared.store.advance(task, TaskState::Discovered)?;
    }
    shared.store.advance(task, TaskState::Fetching)?;
    Ok(())
}

/// Fetches what the execution needs. Parameters that mean nothing are unavailable to everyone.
async fn job<B: Behaviour>(shared: &Shared<B>, assignment: &Assignment) -> Result<Job, NoResult> {
    let Assignment {
        task,
        deal,
        category,
        app,
        dataset,
        now,
    } = assignment;
    let unavailable = |reason: &str| NoResult::Unavailable(reason.into());
    let app = app
        .as_ref()
        .ok_or_else(|| unavailable("the app was removed"))?;
    if deal.dataset.is_some() && dataset.is_none() {
        return Err(unavailable("the dataset was removed"));
    }
    let spec = TaskSpec::parse(&deal.params).map_err(|error| unavailable(&error.to_string()))?;
    let left = deal.contribution_deadline().saturating_sub(*now);
    let files = shared
        .cache
        .prepare(
            app,
            dataset.as_ref(),
            &spec,
            category.input_limit,
            nominal_time(left / 4),
        )
        .await
        .map_err(|failure| match failure {
            Failure::Unavailable(reason) => NoResult::Unavailable(reason),
            Failure::Skip(reason) => NoResult::Skip(reason),
        })?;
    let mut args = vec![limits::PROGRAM_NAME.to_owned()];
    args.extend(spec.args_for(task.index));
    let folder = format!("{}-{}", hex::encode(task.deal.0), task.index);
    Ok(Job {
        module: files.module,
        args,
        inputs: files.inputs,
        limits: limits::limits(deal, category, shared.config.wall_clock_factor),
        output_dir: shared.config.data_dir.join(WORK_FOLDER).join(folder),
    })
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

/// What a failure of this machine means: silence. Names that no worker can place are not its fault.
fn no_result(error: ExecutorError) -> NoResult {
    let reason = error.to_string();
    match error {
        ExecutorError::Input(..) => NoResult::Unavailable(reason),
        ExecutorError::StackOverflow
        | ExecutorError::MemoryRefused
        | ExecutorError::WallClock(_)
        | ExecutorError::Io(_)
        | ExecutorError::ChildDied(_) => NoResult::Skip(reason),
    }
}

/// Leaves the output files that count: those that the app declares, or all when it declares none. The
/// root that is voted for, and the bundle, cover these alone.
fn keep_declared(outputs: &mut Vec<OutputFile>, declared: &OutputFiles) {
    if declared.is_empty() {
        return;
    }
    outputs.retain(|file| {
        let mut paths = declared.iter();
        paths.any(|path| path.as_slice() == file.path.as_bytes())
    });
}

/// Puts result and log where they can be fetched, and says what there is to vote for.
fn publish(
    publication: &Publication,
    task: TaskId,
    folder: &Path,
    execution: &Execution,
) -> Result<Computed, PublishError> {
    publication.keep_log(task, &execution.stdout_tail, &execution.stderr_tail)?;
    let outcome = execution.ending.outcome();
    let (locator, inline) = match (&execution.ending, outcome) {
        (Ending::Success { outputs }, Outcome::Success(root)) => (
            publication.locator(task),
            publication.publish(task, folder, outputs, root)?,
        ),
        _ => (ResultLocator::default(), InlineResult::default()),
    };
    Ok(Computed {
        outcome,
        trace: H256(execution.trace.hash()),
        locator,
        inline,
        ..Computed::unavailable()
    })
}

/// A random number: the public half of a fresh key, since making keys is what the operating system's
/// randomness is trusted with already.
fn random_salt() -> H256 {
    let (key, _) = Keypair::generate(Scheme::Ed25519);
    H256(key.account().into())
}

/// The bundle has everything; what cannot be removed now goes at the next start.
fn remove_outputs(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(folder = %folder.display(), %error, "cannot remove a task's outputs");
        }
        _ => {}
    }
}

/// How an execution ended, in a few words.
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
