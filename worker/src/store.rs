//! The worker's memory: one embedded database file, written before every action on the chain.
//!
//! Each change is a transaction that is on the disk when the function returns, so a worker that is
//! killed at any instruction finds here what it had decided. Tasks that ended are kept apart from those
//! that are under way, so that looking at what is to be done does not become slower with the years.

use crate::{
    lock::{Lock, LockError},
    task::{BadTransition, Phase, TaskId, TaskRecord, TaskState},
};
use codec::{Decode, Encode};
use ergon_client::{
    account_to_ss58,
    primitives::{AccountId, Balance, BlockNumber, DealId, TaskIndex},
};
use redb::{
    AccessGuard, Builder, Database, ReadableDatabase, ReadableTable, StorageError, TableDefinition,
    WriteTransaction,
};
use sp_core::H256;
use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

type Bytes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Tasks under way.
const LIVE: Bytes = TableDefinition::new("live");
/// Tasks that ended.
const DONE: Bytes = TableDefinition::new("done");
/// What the store belongs to, and the cursor.
const ABOUT: Bytes = TableDefinition::new("about");

/// Form of the records. A store of another form is refused.
const FORMAT: u32 = 2;
/// Name of the database file.
const FILE_NAME: &str = "store.redb";
/// Memory for the database's cache, in bytes; records are small.
const CACHE_BYTES: usize = 16 << 20;
/// Bytes of a task's key: deal and index.
const KEY_BYTES: usize = 36;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process uses the folder.
    #[error(
        "the store in {} is already in use by process {holder}. Stop that worker first, or use \
         another folder (`--data`) with another key", .folder.display()
    )]
    InUse {
        /// The worker's folder.
        folder: PathBuf,
        /// The process.
        holder: String,
    },
    /// There is no store yet.
    #[error("there is no store in {} yet: no worker has run there", .0.display())]
    Missing(PathBuf),
    /// The folder cannot be used.
    #[error("cannot use the folder {}: {reason}; check that it exists and is yours", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The store belongs to another chain.
    #[error(
        "this store is of the chain {stored:?}, but the node serves {found:?}. Name a node of the \
         store's chain, or use a new folder (`--data`) for the other one"
    )]
    OtherChain {
        /// Genesis hash in the store.
        stored: H256,
        /// Genesis hash of the node.
        found: H256,
    },
    /// The store belongs to another key.
    #[error(
        "this store is of the worker {stored}, but the key is {found}'s. Use the key that belongs to \
         the store, or a new folder (`--data`) for the other one"
    )]
    OtherWorker {
        /// Address in the store.
        stored: String,
        /// Address of the key.
        found: String,
    },
    /// The store has another form.
    #[error(
        "this store has the form {0}, which this program does not know (it knows {known}). Use the \
         program that wrote it until its tasks have ended, then a new folder", known = FORMAT
    )]
    OtherFormat(u32),
    /// A record cannot be read.
    #[error(
        "the store is damaged at {0}. Keep the file for an inquiry and start with a new folder"
    )]
    Damaged(String),
    /// A step that a task's life does not have.
    #[error("task {task}: {reason}")]
    Transition {
        /// The task.
        task: TaskId,
        /// What is wrong.
        reason: BadTransition,
    },
    /// The database failed.
    #[error("the store failed: {0}; check the disk")]
    Database(Box<redb::Error>),
}

/// The errors of the database's many parts are one to the worker.
macro_rules! database_errors {
    ($($error:ty),*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Database(Box::new(error.into()))
            }
        }
    )*};
}
database_errors!(
    redb::DatabaseError,
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError
);

/// The store.
pub struct Store {
    database: Database,
    _lock: Lock,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the store of a folder, or makes one.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let lock = Lock::take(folder).map_err(|error| match error {
            LockError::InUse(holder) => StoreError::InUse {
                folder: folder.into(),
                holder,
            },
            LockError::Io(reason) => StoreError::Folder {
                folder: folder.into(),
                reason,
            },
        })?;
        let database = Builder::new()
            .set_cache_size(CACHE_BYTES)
            .create(folder.join(FILE_NAME))?;
        let store = Self {
            database,
            _lock: lock,
        };
        store.check_format()?;
        Ok(store)
    }

    /// Opens the store of a folder in which a worker has run.
    pub fn open_existing(folder: &Path) -> Result<Self, StoreError> {
        if folder.join(FILE_NAME).is_file() {
            Self::open(folder)
        } else {
            Err(StoreError::Missing(folder.into()))
        }
    }

    /// Ties the store to a chain and a key, or refuses those that it is not tied to.
    pub fn bind(&self, genesis: H256, worker: &AccountId) -> Result<(), StoreError> {
        match self.about::<H256>(b"genesis")? {
            Some(stored) if stored != genesis => {
                return Err(StoreError::OtherChain {
                    stored,
                    found: genesis,
                });
            }
            _ => {}
        }
        match self.about::<AccountId>(b"worker")? {
            Some(stored) if stored != *worker => {
                return Err(StoreError::OtherWorker {
                    stored: account_to_ss58(&stored),
                    found: account_to_ss58(worker),
                });
            }
            _ => {}
        }
        self.write(|transaction| {
            put(transaction, ABOUT, b"genesis", &genesis)?;
            put(transaction, ABOUT, b"worker", worker)
        })
    }

    /// The chain and the worker that the store is tied to.
    pub fn owner(&self) -> Result<Option<(H256, AccountId)>, StoreError> {
        Ok(self.about(b"genesis")?.zip(self.about(b"worker")?))
    }

    /// Number of the first finalised block whose events were not read yet.
    pub fn cursor(&self) -> Result<Option<BlockNumber>, StoreError> {
        self.about(b"cursor")
    }

    /// Remembers that the events of all blocks before this one were read.
    pub fn set_cursor(&self, next: BlockNumber) -> Result<(), StoreError> {
        self.write(|transaction| put(transaction, ABOUT, b"cursor", &next))
    }

    /// What is known of a task.
    pub fn task(&self, task: TaskId) -> Result<Option<TaskRecord>, StoreError> {
        let key = key(task);
        let transaction = self.database.begin_read()?;
        for table in [LIVE, DONE] {
            if let Some(bytes) = transaction.open_table(table)?.get(key.as_slice())? {
                return record(task, bytes.value()).map(Some);
            }
        }
        Ok(None)
    }

    /// All tasks under way.
    pub fn live(&self) -> Result<Vec<(TaskId, TaskRecord)>, StoreError> {
        self.all(LIVE)
    }

    /// All tasks that ended.
    pub fn done(&self) -> Result<Vec<(TaskId, TaskRecord)>, StoreError> {
        self.all(DONE)
    }

    /// Moves a task on, or begins with it. The change is on the disk when this returns.
    pub fn advance(&self, task: TaskId, next: TaskState) -> Result<TaskRecord, StoreError> {
        self.write(|transaction| move_on(transaction, task, next))
    }

    /// Moves several tasks on, all of them or none. The change is on the disk when this returns.
    pub fn advance_all(
        &self,
        moves: impl IntoIterator<Item = (TaskId, TaskState)>,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            for (task, next) in moves {
                move_on(transaction, task, next)?;
            }
            Ok(())
        })
    }

    /// Remembers what tasks earned.
    pub fn set_earned(&self, earned: &[(TaskId, Balance)]) -> Result<(), StoreError> {
        self.write(|transaction| {
            for (task, amount) in earned {
                let Some(mut record) = find(transaction, *task)? else {
                    continue;
                };
                record.earned = Some(*amount);
                let table = match record.state.phase() {
                    Phase::Done => DONE,
                    _ => LIVE,
                };
                put(transaction, table, &key(*task), &record)?;
            }
            Ok(())
        })
    }

    /// Forgets tasks that ended.
    pub fn forget(&self, tasks: &[TaskId]) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut table = transaction.open_table(DONE)?;
            for task in tasks {
                table.remove(key(*task).as_slice())?;
            }
            Ok(())
        })
    }

    fn check_format(&self) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.open_table(LIVE)?;
            transaction.open_table(DONE)?;
            transaction.open_table(ABOUT)?;
            Ok(())
        })?;
        match self.about::<u32>(b"format")? {
            None => self.write(|transaction| put(transaction, ABOUT, b"format", &FORMAT)),
            Some(FORMAT) => Ok(()),
            Some(other) => Err(StoreError::OtherFormat(other)),
        }
    }

    fn about<T: Decode>(&self, name: &[u8]) -> Result<Option<T>, StoreError> {
        let table = self.database.begin_read()?.open_table(ABOUT)?;
        let Some(bytes) = table.get(name)? else {
            return Ok(None);
        };
        let damaged = |_| StoreError::Damaged(String::from_utf8_lossy(name).into());
        T::decode(&mut bytes.value()).map(Some).map_err(damaged)
    }

    fn all(&self, table: Bytes) -> Result<Vec<(TaskId, TaskRecord)>, StoreError> {
        let table = self.database.begin_read()?.open_table(table)?;
        table.iter()?.map(entry).collect()
    }

    /// Makes a change, all of it or nothing.
    fn write<T>(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.database.begin_write()?;
        let result = change(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// What the table's iterator gives.
type Entry<'a> = (
    AccessGuard<'a, &'static [u8]>,
    AccessGuard<'a, &'static [u8]>,
);

fn entry(entry: Result<Entry<'_>, StorageError>) -> Result<(TaskId, TaskRecord), StoreError> {
    let (key, value) = entry?;
    let task = read_key(key.value())
        .ok_or_else(|| StoreError::Damaged(format!("the key 0x{}", hex::encode(key.value()))))?;
    Ok((task, record(task, value.value())?))
}

fn record(task: TaskId, mut bytes: &[u8]) -> Result<TaskRecord, StoreError> {
    TaskRecord::decode(&mut bytes).map_err(|_| StoreError::Damaged(format!("task {task}")))
}

/// A task's record as a change finds it.
fn find(transaction: &WriteTransaction, task: TaskId) -> Result<Option<TaskRecord>, StoreError> {
    let key = key(task);
    for table in [LIVE, DONE] {
        if let Some(bytes) = transaction.open_table(table)?.get(key.as_slice())? {
            return record(task, bytes.value()).map(Some);
        }
    }
    Ok(None)
}

fn put(
    transaction: &WriteTransaction,
    table: Bytes,
    key: &[u8],
    value: &impl Encode,
) -> Result<(), StoreError> {
    transaction
        .open_table(table)?
        .insert(key, value.encode().as_slice())?;
    Ok(())
}

/// Moves a task on. Its record is read by the transaction that writes, so that nobody comes in between.
fn move_on(
    transaction: &WriteTransaction,
    task: TaskId,
    next: TaskState,
) -> Result<TaskRecord, StoreError> {
    let former = find(transaction, task)?;
    check(former.as_ref(), &next).map_err(|reason| StoreError::Transition { task, reason })?;
    let record = TaskRecord {
        state: next,
        changed: now(),
        earned: former.and_then(|record| record.earned),
    };
    let key = key(task);
    if record.state.phase() == Phase::Done {
        transaction.open_table(LIVE)?.remove(key.as_slice())?;
        put(transaction, DONE, &key, &record)?;
    } else {
        put(transaction, LIVE, &key, &record)?;
    }
    Ok(record)
}

/// A task begins as discovered; after that its states follow each other.
fn check(former: Option<&TaskRecord>, next: &TaskState) -> Result<(), BadTransition> {
    match former {
        Some(record) => record.state.check(next),
        None if *next == TaskState::Discovered => Ok(()),
        None => Err(BadTransition::Order {
            from: Phase::Discovered,
            to: next.phase(),
        }),
    }
}

/// Deal, then index with its highest byte first, so that keys sort like tasks.
fn key(task: TaskId) -> [u8; KEY_BYTES] {
    let mut key = [0; KEY_BYTES];
    let bytes = task.deal.0.0.into_iter().chain(task.index.to_be_bytes());
    key.iter_mut()
        .zip(bytes)
        .for_each(|(place, byte)| *place = byte);
    key
}

fn read_key(key: &[u8]) -> Option<TaskId> {
    let (deal, index) = key.split_first_chunk::<32>()?;
    Some(TaskId {
        deal: DealId(H256(*deal)),
        index: TaskIndex::from_be_bytes(index.try_into().ok()?),
    })
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

#[cfg(test)]
mod tests;
