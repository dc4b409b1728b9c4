//! The parent's side of a job: start the child, wait for its report, check what it wrote, clean up.
//!
//! The child gets its request as one line on stdin, and stdin stays open as long as the parent
//! wants the child to live: when the parent is gone, however it went, the child reads the end of
//! the file and ends itself. (A death signal of the kernel is tied to the *thread* that started the
//! child, and threads of an asynchronous runtime come and go.)

use super::{
    CHILD_ARGUMENT, Ending, Execution, Executor, ExecutorError, Job, Trace, confine, outputs,
    wire::{Report, Request},
};
use futures::{FutureExt, future::BoxFuture};
use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf, absolute},
    process::{self, ExitStatus, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    task, time,
};

/// The program of the process that asks, also when its file is gone or another one.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// Bytes of the child's own messages (not the app's) that are kept.
const MAX_COMPLAINT: u64 = 16 << 10;
/// Attempts to remove a folder into which a dying child may still be writing.
const REMOVALS: u32 = 20;
/// Time between these attempts.
const BETWEEN_REMOVALS: Duration = Duration::from_millis(5);

/// Runs WebAssembly modules, each in a process of its own.
#[derive(Clone, Debug)]
pub struct WasmExecutor {
    program: PathBuf,
    cache: Option<PathBuf>,
}

impl WasmExecutor {
    /// Children are further processes of the program that is running now, even after its file has
    /// been replaced: a newer program may have another engine, whose results are not ours.
    pub fn new() -> io::Result<Self> {
        let program = PathBuf::from(THIS_PROGRAM);
        if program.try_exists()? {
            return Ok(Self::with_program(program));
        }
        Ok(Self::with_program(std::env::current_exe()?))
    }

    /// Children run this program, which must call [`super::sandbox::run_child`] when its first
    /// argument is [`CHILD_ARGUMENT`].
    pub fn with_program(program: PathBuf) -> Self {
        Self {
            program,
            cache: None,
        }
    }

    /// Keeps compiled modules in this folder, which nobody else may write, instead of in `compiled`
    /// next to each module.
    pub fn with_cache(mut self, folder: PathBuf) -> Self {
        self.cache = Some(folder);
        self
    }

    async fn run(&self, job: &Job) -> Result<Execution, ExecutorError> {
        let started = Instant::now();
        let scratch = Scratch::beside(&job.output_dir)?;
        let request = self.request(job, &scratch)?;
        let report = self.supervise(&request, &scratch).await?;
        let (ending, trace, stdout_tail, stderr_tail) = match report {
            Report::Failed(failure) => return Err(failure.into()),
            Report::Ended {
                ending,
                trace,
                stdout_tail,
                stderr_tail,
            } => (ending, trace, stdout_tail, stderr_tail),
        };
        let trace = check_trace(&ending, trace)?;
        if let Ending::Success { outputs } = &ending {
            take_outputs(job, &request, outputs.clone()).await?;
        }
        Ok(Execution {
            ending,
            trace,
            stdout_tail,
            stderr_tail,
            wall: started.elapsed(),
        })
    }

    fn request(&self, job: &Job, scratch: &Scratch) -> Result<Request, ExecutorError> {
        let module = absolute(&job.module)?;
        let cache = match &self.cache {
            Some(folder) => absolute(folder)?,
            None => module.with_file_name("compiled"),
        };
        check_input_names(job)?;
        let mut inputs = Vec::with_capacity(job.inputs.len());
        for (name, path) in &job.inputs {
            inputs.push((name.clone(), absolute(path)?));
        }
        let (args, limits) = (job.args.clone(), job.limits.clone());
        Ok(Request {
            module,
            args,
            inputs,
            limits,
            outputs: scratch.outputs(),
            cache,
        })
    }

    /// Runs the child until its report or the deadline. Whichever way this ends, so does the child.
    async fn supervise(
        &self,
        request: &Request,
        scratch: &Scratch,
    ) -> Result<Report, ExecutorError> {
        let mut running = Running::start(&self.program, &scratch.folder)?;
        match time::timeout(request.limits.wall_clock, running.report(request)).await {
            Ok(report) => report,
            Err(_) => {
                running.end().await;
                Err(ExecutorError::WallClock(request.limits.wall_clock))
            }
        }
    }
}

impl Executor for WasmExecutor {
    fn execute<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<Execution, ExecutorError>> {
        self.run(job).boxed()
    }
}

/// Names below `/input` are plain and each is one file, so that they mean the same to every worker.
fn check_input_names(job: &Job) -> Result<(), ExecutorError> {
    let names = job
        .inputs
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<BTreeSet<_>>();
    let mut seen = BTreeSet::new();
    for (name, _) in &job.inputs {
        let mut folders = name
            .match_indices('/')
            .filter_map(|(end, _)| name.get(..end));
        let why = if name.contains('\0') {
            "a name contains no NUL"
        } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
            "it must be a relative path without `.`, `..` and empty parts"
        } else if !seen.insert(name) {
            "another input has the same name"
        } else if folders.any(|folder| names.contains(folder)) {
            "another input has the name of its folder"
        } else {
            continue;
        };
        return Err(ExecutorError::Input(name.clone(), why));
    }
    Ok(())
}

/// A trace is there when the protocol says so and never otherwise.
fn check_trace(ending: &Ending, trace: Trace) -> Result<Trace, ExecutorError> {
    let ended_well = matches!(ending, Ending::Success { .. } | Ending::Exit(_));
    let expected = match ending {
        Ending::Trap(_) => trace.fuel_used.is_some(), // only `unreachable` has one
        _ => ended_well || *ending == Ending::FuelExhausted,
    };
    if trace.fuel_used.is_some() == expected && (expected || trace.memory_hash.is_none()) {
        return Ok(trace);
    }
    Err(ExecutorError::ChildDied(
        "its trace does not fit how the app ended".into(),
    ))
}

/// Checks each output against the report, then puts them where the job wants them.
async fn take_outputs(
    job: &Job,
    request: &Request,
    reported: Vec<super::OutputFile>,
) -> Result<(), ExecutorError> {
    let (from, to) = (request.outputs.clone(), job.output_dir.clone());
    let (most_bytes, most_entries) = (job.limits.output_bytes, job.limits.files);
    let checked = task::spawn_blocking(move || {
        if outputs::survey(&from, most_bytes, most_entries)? != reported {
            return Err(io::Error::other(
                "the outputs are not those that were reported",
            ));
        }
        outputs::adopt(&from, &to)
    });
    Ok(checked.await.map_err(io::Error::other)??)
}

/// A child at work. Dropping it kills its group.
struct Running {
    child: Child,
    /// The group that is killed at the end; `None` once the child has been waited for, when its
    /// number may belong to somebody else.
    group: Option<u32>,
}

impl Running {
    fn start(program: &Path, folder: &Path) -> Result<Self, ExecutorError> {
        let child = Command::new(absolute(program)?)
            .arg(CHILD_ARGUMENT)
            .env_clear()
            .current_dir(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            group: child.id(),
            child,
        })
    }

    /// Hands over the request and waits for the end.
    async fn report(&mut self, request: &Request) -> Result<Report, ExecutorError> {
        let (Some(mut stdin), Some(stdout), Some(stderr)) = (
            self.child.stdin.take(),
            self.child.stdout.take(),
            self.child.stderr.take(),
        ) else {
            return Err(ExecutorError::ChildDied("it has no pipes".into()));
        };
        let line = request.to_line()?;
        // A child that dies early closes its pipe; its status below tells more than that error.
        let _ = stdin.write_all(&line).await;
        let longest = Report::longest(&request.limits);
        let (report, complaint) =
            tokio::try_join!(read(stdout, longest), read(stderr, MAX_COMPLAINT))?;
        let status = self.child.wait().await?;
        self.group = None;
        drop(stdin); // open until here: its end is the sign that the parent is gone
        conclude(status, &report, &complaint)
    }

    async fn end(&mut self) {
        self.kill();
        let _ = self.child.wait().await; // a killed child cannot refuse to end
        self.group = None;
    }

    fn kill(&self) {
        if let Some(leader) = self.group {
            confine::kill_group(leader);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads to the end; one byte more than `most` is an error.
async fn read(from: impl AsyncRead + Unpin, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .await?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(
            "the process that ran the job says more than it may",
        ));
    }
    Ok(bytes)
}

/// Turns what the child left into a report.
fn conclude(status: ExitStatus, report: &[u8], complaint: &[u8]) -> Result<Report, ExecutorError> {
    let complaint = String::from_utf8_lossy(complaint).trim().to_string();
    if !status.success() {
        let last_words = format!("{status}; its last words: {complaint:?}");
        return Err(ExecutorError::ChildDied(last_words));
    }
    if !complaint.is_empty() {
        tracing::warn!(%complaint, "the process that ran the job had something to say");
    }
    serde_json::from_slice(report)
        .map_err(|error| ExecutorError::ChildDied(format!("unreadable report: {error}")))
}

/// How the names of private folders begin.
const SCRATCH: &str = ".execution-";
/// Attempts to make a private folder, each under a new name.
const MAKINGS: u32 = 8;

/// The job's private folder, on the same file system as its outputs; removed at the end. It is
/// locked as long as the worker lives: one without a lock was left by a worker that was killed, and
/// the next job beside it removes it.
struct Scratch {
    folder: PathBuf,
    /// Holds the lock.
    _handle: File,
}

impl Scratch {
    fn beside(output_dir: &Path) -> Result<Self, ExecutorError> {
        let output_dir = absolute(output_dir)?;
        let parent = output_dir.parent().ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "the output folder cannot be the root",
            )
        })?;
        fs::create_dir_all(parent)?;
        sweep(parent)?;
        let mut made = Self::make(parent);
        for _ in 1..MAKINGS {
            if made.is_ok() {
                break;
            }
            made = Self::make(parent); // the sweep of another job may have taken it for a left one
        }
        Ok(made?)
    }

    fn make(parent: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("{SCRATCH}{}-{number}", process::id()));
        fs::create_dir(&folder)?;
        let handle = File::open(&folder)?;
        // A file system without locks has no sweeps either.
        if let Err(TryLockError::WouldBlock) = handle.try_lock() {
            return Err(io::Error::other("another job is removing the new folder"));
        }
        fs::create_dir(folder.join("outputs"))?;
        Ok(Self {
            folder,
            _handle: handle,
        })
    }

    fn outputs(&self) -> PathBuf {
        self.folder.join("outputs")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for _ in 0..REMOVALS {
            if remove(&self.folder).is_ok() {
                return;
            }
            thread::sleep(BETWEEN_REMOVALS);
        }
        tracing::warn!(folder = %self.folder.display(), "cannot remove the folder of a job");
    }
}

/// Removes private folders that killed workers have left.
fn sweep(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let is_scratch = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        if is_scratch
            && let Ok(folder) = File::open(entry.path())
            && folder.try_lock().is_ok()
            && let Err(error) = remove(&entry.path())
        {
            tracing::warn!(folder = %entry.path().display(), %error, "cannot remove what was left");
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::Limits;

    fn job(inputs: &[&str]) -> Job {
        Job {
            module: "/m.wasm".into(),
            args: vec![],
            inputs: inputs
                .iter()
                .map(|name| (name.to_string(), "/file".into()))
                .collect(),
            limits: Limits::default(),
            output_dir: "/out".into(),
        }
    }

    #[test]
    fn children_are_of_this_program() {
        let program = WasmExecutor::new().unwrap().program;
        let this = std::env::current_exe().unwrap();
        assert_eq!(
            fs::canonicalize(program).unwrap(),
            fs::canonicalize(this).unwrap()
        );
    }

    #[test]
    fn folders_of_jobs_beside_each_other_are_kept_and_left_ones_removed() {
        let parent = tempfile::tempdir().unwrap();
        let left = parent.path().join(".execution-1-0");
        fs::create_dir(&left).unwrap();
        let first = Scratch::beside(&parent.path().join("a")).unwrap();
        assert!(!left.exists());
        let second = Scratch::beside(&parent.path().join("b")).unwrap();
        assert!(first.outputs().exists() && second.outputs().exists());
        drop((first, second));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn plain_names_are_inputs() {
        let names = ["a", "b/a", "b/b.csv", "..a", "a b", "ä/ö", ".hidden"];
        assert!(check_input_names(&job(&names)).is_ok());
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let names = [
            "", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a/./b", "a/.", "a\0b", ".", "..",
        ];
        for name in names {
            let error = check_input_names(&job(&[name])).unwrap_err();
            assert!(matches!(error, ExecutorError::Input(_, _)), "{name:?}");
        }
    }

    #[test]
    fn names_that_exclude_each_other_are_refused() {
        for names in [["a", "a"], ["a", "a/b"], ["a/b/c", "a/b"]] {
            assert!(check_input_names(&job(&names)).is_err(), "{names:?}");
        }
    }

    #[test]
    fn traces_belong_to_their_endings() {
        let full = Trace {
            fuel_used: Some(1),
            memory_hash: Some([0; 32]),
        };
        let torn = Trace {
            fuel_used: None,
            memory_hash: Some([0; 32]),
        };
        assert!(check_trace(&Ending::Exit(1), full.clone()).is_ok());
        assert!(check_trace(&Ending::FuelExhausted, full.clone()).is_ok());
        assert!(check_trace(&Ending::Trap("unreachable".into()), full.clone()).is_ok());
        assert!(check_trace(&Ending::Trap("division".into()), Trace::default()).is_ok());
        assert!(check_trace(&Ending::OutputLimit, full).is_err());
        assert!(check_trace(&Ending::Exit(1), Trace::default()).is_err());
        assert!(check_trace(&Ending::Trap("division".into()), torn).is_err());
    }

    #[test]
    fn scratch_folder_goes_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::beside(&folder.path().join("work/out")).unwrap();
        let place = scratch.folder.clone();
        assert!(scratch.outputs().is_dir());
        assert_eq!(place.parent(), Some(folder.path().join("work").as_path()));
        drop(scratch);
        assert!(!place.exists());
    }

    #[tokio::test]
    async fn program_that_is_no_worker_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let job = Job {
            output_dir: folder.path().join("out"),
            ..job(&[])
        };
        for (program, expected) in [
            ("/bin/false", "exit status: 1"),
            ("/bin/true", "unreadable"),
        ] {
            let error = WasmExecutor::with_program(program.into())
                .execute(&job)
                .await
                .unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        let missing = WasmExecutor::with_program("/nowhere/worker".into())
            .execute(&job)
            .await;
        assert!(matches!(missing, Err(ExecutorError::Io(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
