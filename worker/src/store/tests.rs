//! What is written stays, whoever looks at it, and nothing else can be written.

use super::*;
use crate::task::{
    End,
    tests::{cast, computed, state, task},
};
use std::mem;

fn worker(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

/// Leads a task to a phase along its life.
fn lead(store: &Store, id: TaskId, to: Phase) {
    for phase in Phase::ALL {
        if phase <= to {
            store.advance(id, state(phase)).unwrap();
        }
    }
}

#[test]
fn everything_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store.bind(H256::repeat_byte(1), &worker(1)).unwrap();
    store.set_cursor(42).unwrap();
    lead(&store, task(1), Phase::Computed);
    lead(&store, task(2), Phase::Committed);
    lead(&store, task(3), Phase::Done);
    store.set_earned(&[(task(3), 7), (task(9), 1)]).unwrap();
    drop(store);

    let store = Store::open_existing(folder.path()).unwrap();
    assert_eq!(
        store.owner().unwrap(),
        Some((H256::repeat_byte(1), worker(1)))
    );
    assert_eq!(store.cursor().unwrap(), Some(42));
    let live: Vec<_> = store.live().unwrap();
    let states: Vec<_> = live
        .iter()
        .map(|(id, record)| (*id, record.state.clone()))
        .collect();
    assert_eq!(
        states,
        [
            (task(1), TaskState::Computed(computed(1))),
            (task(2), TaskState::Committed(cast(1, 1))),
        ]
    );
    let done = store.done().unwrap();
    assert_eq!(done[0].1.state, TaskState::Done(End::Settled));
    assert_eq!(
        (done.len(), done[0].0, done[0].1.earned),
        (1, task(3), Some(7))
    );
}

#[test]
fn written_is_on_the_disk_before_the_process_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    lead(&store, task(1), Phase::Committing);
    // As after kill -9: what is on the disk now, with nothing closed.
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join(FILE_NAME), copy.path().join(FILE_NAME)).unwrap();
    mem::forget(store);
    let copy = Store::open(copy.path()).unwrap();
    let record = copy.task(task(1)).unwrap().unwrap();
    assert_eq!(record.state, state(Phase::Committing));
}

#[test]
fn states_that_do_not_follow_are_refused_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let refused = store.advance(task(1), state(Phase::Computed));
    assert!(matches!(refused, Err(StoreError::Transition { .. })));
    assert_eq!(store.task(task(1)).unwrap(), None);

    lead(&store, task(1), Phase::Computed);
    let other_result = store.advance(task(1), TaskState::Committing(cast(2, 1)));
    assert!(matches!(
        other_result,
        Err(StoreError::Transition {
            reason: BadTransition::Rewritten,
            ..
        })
    ));
    assert_eq!(
        store.task(task(1)).unwrap().unwrap().state,
        state(Phase::Computed)
    );

    lead(&store, task(2), Phase::Done);
    assert!(store.advance(task(2), state(Phase::Fetching)).is_err());
    assert!(store.advance(task(2), state(Phase::Discovered)).is_err());
}

#[test]
fn several_tasks_move_on_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    lead(&store, task(1), Phase::Computed);
    lead(&store, task(2), Phase::Executing);
    let committing = || (task(1), state(Phase::Committing));
    let refused = store.advance_all([committing(), (task(2), state(Phase::Committing))]);
    assert!(matches!(refused, Err(StoreError::Transition { .. })));
    let phase = |index| store.task(task(index)).unwrap().unwrap().state.phase();
    assert_eq!((phase(1), phase(2)), (Phase::Computed, Phase::Executing));
    let moves = [committing(), (task(2), state(Phase::Computed))];
    store.advance_all(moves).unwrap();
    assert_eq!((phase(1), phase(2)), (Phase::Committing, Phase::Computed));
}

#[test]
fn store_of_another_chain_or_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.owner().unwrap(), None);
    store.bind(H256::repeat_byte(1), &worker(1)).unwrap();
    store.bind(H256::repeat_byte(1), &worker(1)).unwrap();
    let chain = store.bind(H256::repeat_byte(2), &worker(1)).unwrap_err();
    assert!(matches!(chain, StoreError::OtherChain { .. }));
    assert!(chain.to_string().contains("--data"), "{chain}");
    let key = store.bind(H256::repeat_byte(1), &worker(2)).unwrap_err();
    assert!(matches!(key, StoreError::OtherWorker { .. }));
}

#[test]
fn second_process_is_told_who_has_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let _store = Store::open(folder.path()).unwrap();
    let error = Store::open(folder.path()).unwrap_err().to_string();
    let holder = format!("already in use by process {}", std::process::id());
    assert!(error.contains(&holder), "{error}");
}

#[test]
fn missing_store_is_not_made_by_looking() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open_existing(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::Missing(_)));
    assert!(!folder.path().join(FILE_NAME).exists());
}

#[test]
fn store_of_another_form_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store
        .write(|transaction| put(transaction, ABOUT, b"format", &99u32))
        .unwrap();
    drop(store);
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::OtherFormat(99)));
}

#[test]
fn damaged_records_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store
        .write(|transaction| put(transaction, LIVE, &key(task(5)), &99u8))
        .unwrap();
    let error = store.live().unwrap_err().to_string();
    assert!(error.contains(&task(5).to_string()), "{error}");
}

#[test]
fn forgotten_tasks_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    lead(&store, task(1), Phase::Done);
    lead(&store, task(2), Phase::Done);
    store.forget(&[task(1), task(9)]).unwrap();
    let left: Vec<_> = store
        .done()
        .unwrap()
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(left, [task(2)]);
}

#[test]
fn keys_sort_like_tasks() {
    let mut ids = [task(1), task(256), task(2), task(u32::MAX)];
    ids.sort_by_key(|id| key(*id));
    assert_eq!(ids, [task(1), task(2), task(256), task(u32::MAX)]);
    assert_eq!(read_key(&key(task(256))), Some(task(256)));
    assert_eq!(read_key(&[0; 35]), None);
}
