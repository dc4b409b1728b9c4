//! The executor as the daemon uses it: real child processes, hostile programs, nothing left behind.

use ergon_worker::executor::{
    CHILD_ARGUMENT, Ending, Execution, Executor, ExecutorError, Job, Limits, OutputFile, Trace,
    WasmExecutor, wire::Request,
};
use sp_core::Hasher;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The worker's program, which is its own child.
const PROGRAM: &str = env!("CARGO_BIN_EXE_ergon-worker");
/// Longest time that processes may need to disappear.
const PATIENCE: Duration = Duration::from_secs(10);

/// A folder with a program, its job and an executor.
struct Bench {
    folder: TempDir,
    job: Job,
}

impl Bench {
    /// A program given as text.
    fn text(text: &str) -> Self {
        Self::binary(&wat::parse_str(text).unwrap())
    }

    /// One of `apps/hostile`.
    fn hostile(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../apps/hostile");
        Self::binary(&wat::parse_file(folder.join(name).with_extension("wat")).unwrap())
    }

    fn binary(wasm: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let module = folder.path().join("module.wasm");
        fs::write(&module, wasm).unwrap();
        let limits = Limits {
            fuel: 1_000_000_000,
            wall_clock: Duration::from_secs(120),
            memory_bytes: 16 << 20,
            output_bytes: 1 << 20,
            log_bytes: 4_096,
            ..Limits::default()
        };
        let output_dir = folder.path().join("work/outputs");
        let args = vec!["app".to_string()];
        Self {
            job: Job {
                module,
                args,
                inputs: vec![],
                limits,
                output_dir,
            },
            folder,
        }
    }

    fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.job.limits);
        self
    }

    fn input(mut self, name: &str, content: &str) -> Self {
        let file = self
            .folder
            .path()
            .join(format!("input-{}", self.job.inputs.len()));
        fs::write(&file, content).unwrap();
        self.job.inputs.push((name.to_string(), file));
        self
    }

    /// Runs the job, and checks that only its outputs stay.
    async fn run(&self) -> Result<Execution, ExecutorError> {
        let result = executor().execute(&self.job).await;
        self.expect_nothing_left();
        result
    }

    /// Runs the job twice and checks that both runs came to the same.
    async fn agree(&self) -> Execution {
        let (first, second) = (self.run().await.unwrap(), self.run().await.unwrap());
        assert_eq!(
            (&first.ending, &first.trace),
            (&second.ending, &second.trace)
        );
        assert_eq!(first.stdout_tail, second.stdout_tail);
        first
    }

    fn output(&self, path: &str) -> Vec<u8> {
        fs::read(self.job.output_dir.join(path)).unwrap()
    }

    fn expect_nothing_left(&self) {
        let work = self.folder.path().join("work");
        for entry in fs::read_dir(&work).into_iter().flatten() {
            assert_eq!(entry.unwrap().path(), self.job.output_dir);
        }
        assert_eq!(self.children(), 0, "no process stays");
    }

    /// Processes that run in this job's folders, as children do.
    fn children(&self) -> usize {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let places = processes.filter_map(|process| fs::read_link(process.path().join("cwd")).ok());
        places
            .filter(|place| place.starts_with(self.folder.path()))
            .count()
    }

    fn wait_until_childless(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.children() > 0 {
            assert!(Instant::now() < deadline, "the child must end");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("compiled")
    }

    fn cached(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.cache()).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn executor() -> WasmExecutor {
    WasmExecutor::with_program(PROGRAM.into())
}

fn success() -> Ending {
    Ending::Success { outputs: vec![] }
}

/// A module with the usual imports, whose `_start` has this body.
fn program(body: &str) -> String {
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "path_open" (func $open
                (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_read" (func $read
                (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write
                (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "path_create_directory" (func $folder
                (param i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "data/in") (data (i32.const 16) "out/result")
            (data (i32.const 32) "\00\01\00\00\00\01\00\00") ;; 256 bytes at 256
            (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
            (func (export "_start") {body}))"#
    )
}

/// Copies `/input/data/in` to `/output/out/result`.
fn copier() -> String {
    program(
        r"(call $check (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 7)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
          (call $check (call $read (i32.load (i32.const 64)) (i32.const 32) (i32.const 1)
            (i32.const 36)))
          (call $check (call $folder (i32.const 4) (i32.const 16) (i32.const 3)))
          (call $check (call $open (i32.const 4) (i32.const 0) (i32.const 16) (i32.const 10)
            (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 68)))
          (call $check (call $write (i32.load (i32.const 68)) (i32.const 32) (i32.const 1)
            (i32.const 72)))",
    )
}

fn is_full(trace: &Trace) -> bool {
    trace.fuel_used.is_some() && trace.memory_hash.is_some()
}

mod outputs {
    use super::*;

    #[tokio::test]
    async fn of_a_success_are_verified_and_moved() {
        let bench = Bench::text(&copier()).input("data/in", "forty-two");
        let execution = bench.agree().await;
        let digest = sp_core::Blake2Hasher::hash(b"forty-two").0;
        let file = OutputFile {
            path: "out/result".into(),
            size: 9,
            digest,
        };
        assert_eq!(
            execution.ending,
            Ending::Success {
                outputs: vec![file]
            }
        );
        assert_eq!(bench.output("out/result"), b"forty-two");
        assert!(is_full(&execution.trace));
    }

    #[tokio::test]
    async fn replace_those_of_an_earlier_run() {
        let bench = Bench::text(&copier()).input("data/in", "new");
        fs::create_dir_all(&bench.job.output_dir).unwrap();
        fs::write(bench.job.output_dir.join("stale"), "old").unwrap();
        bench.run().await.unwrap();
        assert!(!bench.job.output_dir.join("stale").exists());
        assert_eq!(bench.output("out/result"), b"new");
    }

    #[tokio::test]
    async fn of_a_fault_are_not_kept() {
        let body =
            "(call $check (call $open (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 4)
            (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 64)))
            (call $exit (i32.const 9))";
        let bench = Bench::text(&program(body));
        assert_eq!(bench.run().await.unwrap().ending, Ending::Exit(9));
        assert!(!bench.job.output_dir.exists());
    }

    #[tokio::test]
    async fn missing_input_is_the_apps_error_and_missing_file_the_workers() {
        let bench = Bench::text(&copier());
        assert_eq!(bench.run().await.unwrap().ending, Ending::Exit(44)); // not found
        let bench = bench.input("data/in", "x");
        fs::remove_file(&bench.job.inputs[0].1).unwrap();
        assert!(matches!(bench.run().await, Err(ExecutorError::Io(_))));
    }

    #[tokio::test]
    async fn wrong_input_names_are_refused() {
        for name in ["../in", "/etc/passwd", ""] {
            let error = Bench::text(&copier())
                .input(name, "x")
                .run()
                .await
                .unwrap_err();
            assert!(
                matches!(error, ExecutorError::Input(_, _)),
                "{name}: {error}"
            );
        }
    }
}

mod hostile {
    use super::*;

    #[tokio::test]
    async fn endless_loop_uses_up_its_fuel() {
        let execution = Bench::hostile("loop").agree().await;
        assert_eq!(execution.ending, Ending::FuelExhausted);
        assert_eq!(execution.trace.fuel_used, Some(1_000_000_000));
        assert!(is_full(&execution.trace));
    }

    #[tokio::test]
    async fn endless_loop_with_endless_fuel_is_stopped() {
        let bench = Bench::hostile("loop").limits(|limits| {
            limits.fuel = u64::MAX;
            limits.wall_clock = Duration::from_millis(700);
        });
        let started = Instant::now();
        assert!(matches!(
            bench.run().await,
            Err(ExecutorError::WallClock(_))
        ));
        assert!(started.elapsed() < PATIENCE);
    }

    #[tokio::test]
    async fn long_work_for_little_fuel_is_stopped() {
        let bench = Bench::hostile("fill").limits(|limits| {
            limits.wall_clock = Duration::from_millis(700);
        });
        let started = Instant::now();
        assert!(matches!(
            bench.run().await,
            Err(ExecutorError::WallClock(_))
        ));
        assert!(started.elapsed() < PATIENCE);
    }

    #[tokio::test]
    async fn endless_compilation_is_stopped() {
        let step = "(local.set 0 (i32.mul (local.get 0) (local.get 1)))";
        let text = format!(
            r#"(module (func (export "_start") (local i32 i32) {}))"#,
            step.repeat(400_000)
        );
        let bench = Bench::text(&text).limits(|limits| {
            limits.wall_clock = Duration::from_millis(30);
        });
        assert!(matches!(
            bench.run().await,
            Err(ExecutorError::WallClock(_))
        ));
        let whole = |entry: &PathBuf| entry.extension().is_some_and(|ending| ending == "cwasm");
        assert!(!bench.cached().iter().any(whole));
    }

    #[tokio::test]
    async fn memory_ends_at_the_limit() {
        let bench = Bench::hostile("allocate");
        let execution = bench.agree().await;
        assert_eq!(execution.ending, Ending::Exit(1));
        assert!(is_full(&execution.trace));
        let larger = bench
            .limits(|limits| limits.memory_bytes = 32 << 20)
            .agree()
            .await;
        assert_ne!(larger.trace, execution.trace);
    }

    #[tokio::test]
    async fn output_ends_at_the_limit() {
        let bench = Bench::hostile("write-too-much");
        let execution = bench.agree().await;
        assert_eq!(
            (execution.ending, execution.trace),
            (Ending::OutputLimit, Trace::default())
        );
        assert!(!bench.job.output_dir.exists());
    }

    #[tokio::test]
    async fn unreachable_is_a_trap_with_a_trace() {
        let execution = Bench::hostile("trap").agree().await;
        assert_eq!(execution.ending, Ending::Trap("unreachable".into()));
        assert!(is_full(&execution.trace));
    }

    #[tokio::test]
    async fn exit_code_is_reported() {
        let execution = Bench::hostile("exit-3").agree().await;
        assert_eq!(execution.ending, Ending::Exit(3));
        assert!(is_full(&execution.trace));
    }

    #[tokio::test]
    async fn sockets_clocks_and_the_host_are_out_of_reach() {
        for name in ["socket", "clock", "escape"] {
            let execution = Bench::hostile(name).agree().await;
            assert_eq!(execution.ending, success(), "{name}");
        }
    }

    #[tokio::test]
    async fn log_is_bounded_and_paid_for() {
        let execution = Bench::hostile("print-1gb").agree().await;
        assert_eq!(execution.ending, success());
        assert_eq!(execution.stdout_tail, vec![b'o'; 2_048]);
        assert!(execution.trace.fuel_used.unwrap() > (1 << 30) / 8);
        let bench = Bench::hostile("print-1gb").limits(|limits| limits.fuel = 1_000_000);
        assert_eq!(bench.agree().await.ending, Ending::FuelExhausted);
    }

    #[tokio::test]
    async fn stack_overflow_is_no_vote() {
        assert!(matches!(
            Bench::hostile("recurse").run().await,
            Err(ExecutorError::StackOverflow)
        ));
    }

    #[tokio::test]
    async fn nans_have_one_form() {
        let bench = Bench::hostile("nan");
        bench.agree().await;
        let bytes = bench.output("nan.bin");
        let (doubles, singles) = bytes.split_at(64);
        for double in doubles.chunks(8) {
            assert_eq!(double, 0x7ff8_0000_0000_0000u64.to_le_bytes());
        }
        for single in singles.chunks(4) {
            assert_eq!(single, 0x7fc0_0000u32.to_le_bytes());
        }
        assert_eq!(singles.len(), 8);
    }
}

mod traps {
    use super::*;

    #[tokio::test]
    async fn other_than_unreachable_have_no_trace() {
        let faults = [
            (
                "(drop (i32.div_u (i32.const 1) (i32.load (i32.const 512))))",
                "divide by zero",
            ),
            ("(drop (i32.load (i32.const 65536)))", "out of bounds"),
        ];
        for (body, kind) in faults {
            let execution = Bench::text(&program(body)).agree().await;
            assert!(matches!(&execution.ending, Ending::Trap(text) if text.contains(kind)));
            assert_eq!(execution.trace, Trace::default());
        }
    }

    #[tokio::test]
    async fn at_the_start_of_a_module_are_traps_too() {
        let text = r#"(module (func $boom unreachable) (start $boom) (func (export "_start")))"#;
        let execution = Bench::text(text).agree().await;
        assert_eq!(execution.ending, Ending::Trap("unreachable".into()));
        assert!(execution.trace.fuel_used.is_some());
        assert_eq!(execution.trace.memory_hash, None);
    }

    #[tokio::test]
    async fn exit_at_the_start_of_a_module_is_an_exit() {
        let text = r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func $leave (call $exit (i32.const 5)))
            (start $leave)
            (func (export "_start") unreachable))"#;
        let execution = Bench::text(text).agree().await;
        assert_eq!(execution.ending, Ending::Exit(5));
        assert!(execution.trace.fuel_used.is_some());
        assert_eq!(execution.trace.memory_hash, None);
    }

    #[tokio::test]
    async fn data_outside_the_memory_is_a_trap() {
        let text = r#"(module
            (memory (export "memory") 1)
            (data (i32.const 65535) "ab")
            (func (export "_start")))"#;
        let execution = Bench::text(text).agree().await;
        assert!(matches!(&execution.ending, Ending::Trap(kind) if kind.contains("out of bounds")));
        assert_eq!(execution.trace, Trace::default());
    }

    #[tokio::test]
    async fn refused_tables_are_answers_and_not_traps() {
        let text = r#"(module
            (table $functions 0 funcref) (table $references 1 externref)
            (memory (export "memory") 1)
            (func (export "_start")
                (i32.store (i32.const 0)
                    (table.grow $functions (ref.null func) (i32.const 1048577)))
                (i32.store (i32.const 4)
                    (table.grow $references (ref.null extern) (i32.const 1048575)))
                (if (i32.ne (i32.load (i32.const 0)) (i32.const -1)) (then unreachable))
                (if (i32.ne (i32.load (i32.const 4)) (i32.const 1)) (then unreachable))))"#;
        let execution = Bench::text(text).agree().await;
        assert_eq!(execution.ending, success());
        assert!(is_full(&execution.trace));
    }

    #[tokio::test]
    async fn trace_tells_different_computations_apart() {
        let mut hashes = Vec::new();
        for value in [1, 2] {
            let body = format!("(i32.store (i32.const 512) (i32.const {value}))");
            let execution = Bench::text(&program(&body)).agree().await;
            assert_eq!(execution.ending, success());
            hashes.push(execution.trace.hash());
        }
        assert_ne!(hashes[0], hashes[1]);
    }
}

mod invalid_modules {
    use super::*;

    async fn why(bench: Bench) -> String {
        let execution = bench.agree().await;
        assert_eq!(execution.trace, Trace::default());
        match execution.ending {
            Ending::InvalidModule(why) => why,
            other => panic!("{other:?} instead of an invalid module"),
        }
    }

    #[tokio::test]
    async fn are_told_what_is_missing() {
        let start = r#"(func (export "_start"))"#;
        let cases = [
            ("(module)".to_string(), "_start"),
            (
                r#"(module (func (export "_start") (param i32)))"#.to_string(),
                "_start",
            ),
            (
                format!(
                    r#"(module (import "env" "magic" (func)) (memory (export "memory") 1) {start})"#
                ),
                "env::magic",
            ),
            (
                format!(
                    r#"(module (import "wasi_snapshot_preview1" "fd_sync" (func (param i64)))
                        (memory (export "memory") 1) {start})"#
                ),
                "fd_sync",
            ),
            (
                format!(
                    r#"(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
                        {start})"#
                ),
                "memory",
            ),
            (format!("(module (memory 300) {start})"), "more memory"),
            (
                format!("(module (table 1048577 funcref) {start})"),
                "more memory",
            ),
            (
                format!("(module {} {start})", "(table 1 funcref)".repeat(9)),
                "too many tables",
            ),
            (
                format!(r#"(module (memory 1) (memory (export "memory") 1) {start})"#),
                "memor",
            ),
            (
                format!(
                    r#"(module (import "env" "memory" (memory 1)) (export "memory" (memory 0)) {start})"#
                ),
                "env::memory",
            ),
            (format!("(module (memory 1 1 shared) {start})"), "threads"),
        ];
        for (text, expected) in cases {
            let why = why(Bench::text(&text)).await;
            assert!(why.contains(expected), "{text}: {why}");
        }
    }

    #[tokio::test]
    async fn other_bytes_are_no_module() {
        for bytes in [
            b"".as_slice(),
            b"(module)",
            b"\x7fELF",
            b"\0asm\x01\0\0\0\x01",
        ] {
            assert!(!why(Bench::binary(bytes)).await.is_empty());
        }
    }
}

mod cache {
    use super::*;

    #[tokio::test]
    async fn compiled_module_is_used_again() {
        let bench = Bench::hostile("exit-3");
        let first = bench.run().await.unwrap();
        let [entry]: [PathBuf; 1] = bench.cached().try_into().unwrap();
        let made = fs::metadata(&entry).unwrap().modified().unwrap();
        let second = bench.run().await.unwrap();
        assert_eq!((first.ending, first.trace), (second.ending, second.trace));
        assert_eq!(bench.cached(), std::slice::from_ref(&entry));
        assert_eq!(fs::metadata(&entry).unwrap().modified().unwrap(), made);
    }

    #[tokio::test]
    async fn damaged_entry_is_not_trusted() {
        let bench = Bench::hostile("exit-3");
        let expected = bench.run().await.unwrap();
        let [entry]: [PathBuf; 1] = bench.cached().try_into().unwrap();
        let whole = fs::read(&entry).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        for damaged in [vec![], flipped, vec![0; whole.len()]] {
            fs::write(&entry, &damaged).unwrap();
            let execution = bench.run().await.unwrap();
            assert_eq!(execution.ending, expected.ending);
            assert_eq!(execution.trace, expected.trace);
            assert_ne!(fs::read(&entry).unwrap(), damaged, "it was compiled anew");
        }
    }

    #[tokio::test]
    async fn folder_can_be_chosen() {
        let bench = Bench::hostile("exit-3");
        let folder = bench.folder.path().join("elsewhere/modules");
        let executor = executor().with_cache(folder.clone());
        executor.execute(&bench.job).await.unwrap();
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
        assert!(bench.cached().is_empty());
    }
}

mod lifetime {
    use super::*;

    fn endless() -> Bench {
        Bench::hostile("loop").limits(|limits| limits.fuel = u64::MAX)
    }

    async fn wait_for_child(bench: &Bench) {
        let deadline = Instant::now() + PATIENCE;
        while bench.children() == 0 {
            assert!(Instant::now() < deadline, "the child must start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn dropping_the_future_ends_the_child() {
        let bench = endless();
        let executor = executor();
        tokio::select! {
            result = executor.execute(&bench.job) => panic!("it must not end: {result:?}"),
            () = wait_for_child(&bench) => {}
        }
        bench.wait_until_childless();
        bench.expect_nothing_left();
    }

    #[tokio::test]
    async fn what_a_killed_worker_left_is_removed_and_what_a_living_one_uses_is_not() {
        let bench = Bench::hostile("exit-3");
        let work = bench.folder.path().join("work");
        let [left, used] = [".execution-1-0", ".execution-1-1"].map(|name| work.join(name));
        for folder in [&left, &used] {
            fs::create_dir_all(folder.join("outputs")).unwrap();
            fs::write(folder.join("outputs/half"), "half").unwrap();
        }
        let lock = fs::File::open(&used).unwrap();
        lock.lock().unwrap();
        executor().execute(&bench.job).await.unwrap();
        assert!(!left.exists());
        assert!(used.exists());
        drop(lock);
        bench.run().await.unwrap();
    }

    /// Rather the child than the worker, or a node beside it.
    #[tokio::test]
    async fn child_is_the_first_to_go_when_memory_runs_out() {
        let bench = endless();
        let first_to_go = || {
            let processes = fs::read_dir("/proc").unwrap().flatten();
            let mut children = processes.map(|process| process.path()).filter(|process| {
                fs::read_link(process.join("cwd"))
                    .is_ok_and(|place| place.starts_with(bench.folder.path()))
            });
            children.any(|child| {
                fs::read_to_string(child.join("oom_score_adj"))
                    .is_ok_and(|score| score.trim() == "1000")
            })
        };
        let wait = async {
            let deadline = Instant::now() + PATIENCE;
            while !first_to_go() {
                assert!(Instant::now() < deadline, "the child must give itself up");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let executor = executor();
        tokio::select! {
            result = executor.execute(&bench.job) => panic!("it must not end: {result:?}"),
            () = wait => {}
        }
        bench.wait_until_childless();
    }

    #[test]
    fn end_of_the_worker_ends_the_child() {
        let bench = endless();
        let outputs = bench.folder.path().join("private");
        fs::create_dir(&outputs).unwrap();
        let request = Request {
            module: bench.job.module.clone(),
            args: vec![],
            inputs: vec![],
            limits: bench.job.limits.clone(),
            outputs,
            cache: bench.cache(),
        };
        let mut child = Command::new(PROGRAM)
            .arg(CHILD_ARGUMENT)
            .current_dir(bench.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&request.to_line().unwrap()).unwrap();
        thread::sleep(Duration::from_millis(300));
        assert!(
            child.try_wait().unwrap().is_none(),
            "it runs while the worker lives"
        );
        drop(stdin); // as if the worker had been killed
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(
                Instant::now() < deadline,
                "the child must end with its worker"
            );
            thread::sleep(Duration::from_millis(10));
        };
        assert!(!status.success());
    }

    #[test]
    fn child_without_a_request_ends() {
        let mut child = Command::new(PROGRAM)
            .arg(CHILD_ARGUMENT)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        assert!(!child.wait().unwrap().success());
    }

    #[tokio::test]
    async fn jobs_run_beside_each_other() {
        let benches = ["exit-3", "trap", "nan", "clock"].map(Bench::hostile);
        let runs = benches.each_ref().map(Bench::run);
        let results = futures::future::join_all(runs).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
    }
}
