//! From endings to votes.

use super::*;
use crate::{
    executor::{Limits, OutputFile, Trace},
    task::tests::task,
};
use ergon_client::{
    Bundle, bounded,
    primitives::{FaultKind, MAX_OUTPUT_PATH, output_root},
};
use futures::{FutureExt, future::BoxFuture};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

fn execution(ending: Ending, trace: Trace) -> Execution {
    Execution {
        ending,
        trace,
        stdout_tail: b"out".to_vec(),
        stderr_tail: b"err".to_vec(),
        wall: Duration::from_secs(1),
    }
}

fn trace() -> Trace {
    Trace {
        fuel_used: Some(5),
        memory_hash: Some([1; 32]),
    }
}

#[test]
fn every_ending_is_a_vote() {
    let home = tempfile::tempdir().unwrap();
    let publication = Publication::new(home.path().join("published"), None).unwrap();
    fs::create_dir(publication.folder()).unwrap();
    let outputs = home.path().join("outputs");
    fs::create_dir(&outputs).unwrap();
    let none = Trace::default();
    let table = [
        (Ending::Exit(-3), trace(), FaultKind::Exit(-3)),
        (Ending::Trap("unreachable".into()), trace(), FaultKind::Trap),
        (
            Ending::Trap("division by zero".into()),
            none.clone(),
            FaultKind::Trap,
        ),
        (Ending::FuelExhausted, trace(), FaultKind::FuelExhausted),
        (Ending::OutputLimit, none.clone(), FaultKind::OutputLimit),
        (
            Ending::InvalidModule("no start".into()),
            none,
            FaultKind::InvalidModule,
        ),
    ];
    for (ending, trace, fault) in table {
        let hash = H256(trace.hash());
        let computed = publish(&publication, task(0), &outputs, &execution(ending, trace)).unwrap();
        assert_eq!(computed.outcome, Outcome::AppFault(fault));
        assert_eq!(computed.trace, hash);
        assert!(
            computed.locator.is_empty(),
            "there is no result to be fetched"
        );
        assert!(publication.log(task(0)).exists() && !publication.bundle(task(0)).exists());
    }
}

#[test]
fn success_is_published_before_it_is_a_vote() {
    let home = tempfile::tempdir().unwrap();
    let publication = Publication::new(home.path().into(), None).unwrap();
    let outputs = home.path().join("outputs");
    fs::create_dir(&outputs).unwrap();
    fs::write(outputs.join("answer"), b"42").unwrap();
    let bundle = Bundle::pack(&outputs, ["answer"]).unwrap();
    let file = bundle.manifest().remove(0);
    let files = vec![OutputFile {
        path: file.path.clone(),
        size: file.size,
        digest: file.digest.0,
    }];
    let ending = Ending::Success { outputs: files };
    let computed = publish(
        &publication,
        task(0),
        &outputs,
        &execution(ending.clone(), trace()),
    )
    .unwrap();
    assert_eq!(computed.outcome, Outcome::Success(output_root(vec![file])));
    assert_eq!(computed.locator, publication.locator(task(0)));
    assert_eq!(computed.inline.as_slice(), b"42");
    let bytes = fs::read(publication.bundle(task(0))).unwrap();
    assert_eq!(Bundle::decode(&bytes, 1_000).unwrap(), bundle);

    remove_outputs(&outputs);
    remove_outputs(&outputs);
    assert!(publish(&publication, task(1), &outputs, &execution(ending, trace())).is_err());
}

fn written(folder: &Path, files: &[(&str, &[u8])]) -> Vec<OutputFile> {
    fs::create_dir_all(folder.join("log")).unwrap();
    for (path, content) in files {
        fs::write(folder.join(path), content).unwrap();
    }
    let bundle = Bundle::pack(folder, files.iter().map(|(path, _)| *path)).unwrap();
    let files = bundle.manifest().into_iter().map(|file| OutputFile {
        path: file.path,
        size: file.size,
        digest: file.digest.0,
    });
    files.collect()
}

fn declared(paths: &[&str]) -> OutputFiles {
    let paths = paths
        .iter()
        .map(|path| bounded::<u8, MAX_OUTPUT_PATH>("path", path.as_bytes()).unwrap());
    bounded("paths", paths.collect::<Vec<_>>()).unwrap()
}

#[test]
fn only_declared_outputs_that_exist_count() {
    let folder = tempfile::tempdir().unwrap();
    let all = written(
        folder.path(),
        &[
            ("answer", b"42"),
            ("log/noise", b"17:03"),
            ("log/answer", b""),
        ],
    );
    let kept = |paths: &[&str]| {
        let mut outputs = all.clone();
        keep_declared(&mut outputs, &declared(paths));
        let names = outputs.into_iter().map(|file| file.path);
        names.collect::<Vec<_>>()
    };
    assert_eq!(kept(&[]), ["answer", "log/answer", "log/noise"]);
    assert_eq!(kept(&["answer", "missing"]), ["answer"]);
    assert_eq!(kept(&["log/noise", "answer"]), ["answer", "log/noise"]);
    assert_eq!(kept(&["missing"]), [""; 0]);
    assert_eq!(kept(&["log"]), [""; 0], "a folder is no file");
}

#[test]
fn files_that_do_not_count_change_neither_root_nor_bundle() {
    let home = tempfile::tempdir().unwrap();
    let publication = Publication::new(home.path().join("published"), None).unwrap();
    fs::create_dir(publication.folder()).unwrap();
    let votes: Vec<Computed> = [(0u32, b"17:03"), (1, b"17:04")]
        .into_iter()
        .map(|(index, noise)| {
            let folder = home.path().join(index.to_string());
            let mut outputs = written(&folder, &[("answer", b"42"), ("log/noise", noise)]);
            keep_declared(&mut outputs, &declared(&["answer"]));
            let ending = Ending::Success { outputs };
            publish(
                &publication,
                task(index),
                &folder,
                &execution(ending, trace()),
            )
            .unwrap()
        })
        .collect();
    assert_eq!(votes[0].outcome, votes[1].outcome);
    assert_eq!(votes[0].inline.as_slice(), b"42");
    let bundles = [0, 1].map(|index| fs::read(publication.bundle(task(index))).unwrap());
    assert_eq!(bundles[0], bundles[1]);
    let bundle = Bundle::decode(&bundles[0], 1_000).unwrap();
    assert_eq!(votes[0].outcome, Outcome::Success(bundle.root()));
    assert_eq!(bundle.files().len(), 1);
}

#[test]
fn failures_of_this_machine_are_no_votes() {
    let io = || ExecutorError::Io(io::Error::other("disk"));
    let silent = [
        ExecutorError::StackOverflow,
        ExecutorError::MemoryRefused,
        ExecutorError::WallClock(Duration::from_secs(1)),
        io(),
        ExecutorError::ChildDied("gone".into()),
    ];
    for error in silent {
        assert!(matches!(no_result(error), NoResult::Skip(_)));
    }
    let name = ExecutorError::Input("a".into(), "bad");
    assert!(matches!(no_result(name), NoResult::Unavailable(_)));
}

/// Fails some times, then succeeds.
struct Flaky {
    failures: u32,
    error: fn() -> ExecutorError,
    runs: AtomicU32,
}

impl Executor for Flaky {
    fn execute<'a>(&'a self, _: &'a Job) -> BoxFuture<'a, Result<Execution, ExecutorError>> {
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        let result = if run < self.failures {
            Err((self.error)())
        } else {
            Ok(execution(Ending::Exit(1), trace()))
        };
        async move { result }.boxed()
    }
}

#[tokio::test]
async fn only_troubles_with_files_are_worth_one_more_try() {
    let job = Job {
        module: "/module".into(),
        args: vec![],
        inputs: vec![],
        limits: Limits::default(),
        output_dir: "/outputs".into(),
    };
    let disk: fn() -> ExecutorError = || ExecutorError::Io(io::Error::other("disk"));
    let memory: fn() -> ExecutorError = || ExecutorError::MemoryRefused;
    for (failures, error, runs, succeeds) in [
        (1, disk, 2, true),
        (2, disk, 2, false),
        (1, memory, 1, false),
    ] {
        let flaky = Flaky {
            failures,
            error,
            runs: AtomicU32::new(0),
        };
        assert_eq!(execute(&flaky, &job).await.is_ok(), succeeds);
        assert_eq!(flaky.runs.load(Ordering::Relaxed), runs);
    }
}
