//! The commands that need no node.

use super::*;
use crate::task::{
    Phase,
    tests::{state, task},
};
use clap::CommandFactory;
use ergon_client::{
    primitives::{Signature, possession_text},
    verify,
};
use std::{fs, os::unix::fs::MetadataExt};

fn ergon_worker(words: &[&str]) -> Result<String, WorkerError> {
    let words = std::iter::once(PROGRAM).chain(words.iter().copied());
    let cli = Cli::try_parse_from(words).unwrap();
    let mut out = Vec::new();
    dispatch(cli.command, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("worker").display().to_string();
    (folder, data)
}

#[test]
fn command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn init_makes_a_folder_that_works_and_says_what_comes_next() {
    let (_folder, data) = folder();
    let text = ergon_worker(&["init", "--data", &data]).unwrap();
    let key = Path::new(&data).join("worker.key");
    let worker = account_to_ss58(&read_key(&key).unwrap().account());
    assert_eq!(fs::metadata(&key).unwrap().mode() & 0o777, 0o600);
    for expected in [
        format!("ergon worker bond {worker}"),
        format!("ergon worker join {worker}"),
        format!("run --config {data}/worker.toml"),
    ] {
        assert!(text.contains(&expected), "{text}");
    }
    let written = fs::read_to_string(Path::new(&data).join(FILE_NAME)).unwrap();
    assert_eq!(written, DEFAULT_FILE);
}

#[test]
fn init_keeps_what_is_there() {
    let (_folder, data) = folder();
    let first = ergon_worker(&["init", "--data", &data]).unwrap();
    fs::write(Path::new(&data).join(FILE_NAME), "parallel = 3\n").unwrap();
    let second = ergon_worker(&["init", "--data", &data]).unwrap();
    assert_eq!(
        first.lines().next(),
        second.lines().next(),
        "the key is the same"
    );
    assert!(second.contains("(was there)"), "{second}");
    let shown = ergon_worker(&["config", "--data", &data]).unwrap();
    assert!(shown.contains("parallel = 3"), "{shown}");
}

#[test]
fn proof_is_what_the_chain_verifies() {
    let (_folder, data) = folder();
    ergon_worker(&["init", "--data", &data]).unwrap();
    let worker = read_key(&Path::new(&data).join("worker.key"))
        .unwrap()
        .account();
    let owner = AccountId::new([7; 32]);
    let address = account_to_ss58(&owner);
    let genesis = format!("0x{}", "11".repeat(32));
    let words = [
        "proof",
        "--data",
        &data,
        "--owner",
        &address,
        "--genesis",
        &genesis,
    ];
    let text = ergon_worker(&words).unwrap();
    let bytes = hex::decode(text.trim().trim_start_matches("0x")).unwrap();
    let signature: Signature = codec::Decode::decode(&mut bytes.as_slice()).unwrap();
    let signed = possession_text(H256::repeat_byte(0x11), &owner);
    assert!(verify(&signature, signed.as_bytes(), &worker));
}

#[test]
fn wrong_words_are_usage_errors() {
    let (_folder, data) = folder();
    let missing_key = ergon_worker(&["proof", "--data", &data, "--owner", "x"]).unwrap_err();
    assert!(matches!(missing_key, WorkerError::NoKey(_)));
    ergon_worker(&["init", "--data", &data]).unwrap();
    let address = account_to_ss58(&AccountId::new([7; 32]));
    for words in [
        vec!["proof", "--data", &data, "--owner", "nobody"],
        vec![
            "proof",
            "--data",
            &data,
            "--owner",
            &address,
            "--genesis",
            "0x12",
        ],
        vec!["config", "--data", &data, "--parallel", "0"],
        vec!["config", "--config", "/nowhere/worker.toml"],
    ] {
        let error = ergon_worker(&words).unwrap_err();
        assert_eq!(error.status(), ExitStatus::Usage, "{error}");
    }
}

#[test]
fn status_shows_tasks_or_who_uses_the_store() {
    let (_folder, data) = folder();
    let none = ergon_worker(&["status", "--data", &data]).unwrap_err();
    assert!(none.to_string().contains("no worker has run"), "{none}");

    let store = Store::open(Path::new(&data)).unwrap();
    for last in [Phase::Executing, Phase::Done] {
        for phase in Phase::ALL.into_iter().filter(|phase| *phase <= last) {
            store.advance(task(last as u32), state(phase)).unwrap();
        }
    }
    store
        .set_earned(&[(task(Phase::Done as u32), ERG * 3 / 2)])
        .unwrap();
    let skipped = TaskState::Done(End::Skipped("no memory".into()));
    store.advance(task(99), TaskState::Discovered).unwrap();
    store.advance(task(99), skipped).unwrap();
    let in_use = ergon_worker(&["status", "--data", &data]).unwrap_err();
    assert_eq!(in_use.status(), ExitStatus::InUse);
    let process = format!("process {}", std::process::id());
    assert!(in_use.to_string().contains(&process), "{in_use}");
    drop(store);

    let text = ergon_worker(&["status", "--data", &data]).unwrap();
    for expected in [
        "Under way: 1",
        &format!("{}  executing", task(Phase::Executing as u32)),
        "Ended: 2, of which 1 settled",
        "Earned: 1.5 ERG",
        &format!("{}  skipped: no memory", task(99)),
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}

#[test]
fn amounts_have_no_idle_zeros() {
    assert_eq!(erg(0), "0");
    assert_eq!(erg(10 * ERG), "10");
    assert_eq!(erg(ERG + 1), "1.000000000001");
}
