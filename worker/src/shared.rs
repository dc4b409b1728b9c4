//! What all parts of the daemon use.

use crate::{
    behaviour::Behaviour, config::Config, error::WorkerError, executor::WasmExecutor, fetch::Cache,
    store::Store,
};
use ergon_client::{Client, Keypair, Scheme, TransactionQueue, primitives::AccountId};
use std::{fs, io, path::Path, time::Duration};

/// Folder of executions under way, below the worker's folder.
pub(crate) const WORK_FOLDER: &str = "work";
/// How long a node that is being started is waited for.
const NODE_PATIENCE: Duration = Duration::from_secs(10);
/// How long the result of a transaction is waited for; after that the chain is looked at.
const TRANSACTION_PATIENCE: Duration = Duration::from_secs(120);

/// What all parts of the daemon use.
pub(crate) struct Shared<B> {
    pub(crate) config: Config,
    pub(crate) client: Client,
    pub(crate) queue: TransactionQueue,
    pub(crate) store: Store,
    pub(crate) cache: Cache,
    pub(crate) executor: WasmExecutor,
    pub(crate) behaviour: B,
    /// The worker's key.
    pub(crate) worker: AccountId,
}

impl<B: Behaviour> Shared<B> {
    /// Opens everything, cheapest and most certain to fail first.
    pub(crate) async fn open(config: Config, behaviour: B) -> Result<Self, WorkerError> {
        let key = read_key(&config.key_file)?;
        let worker = key.account();
        let store = Store::open(&config.data_dir)?;
        prepare_folders(&config)?;
        let cache = Cache::open(
            &config.data_dir,
            config.cache_limit,
            config.locators.clone(),
        )
        .map_err(WorkerError::file(&config.data_dir))?;
        let executor = WasmExecutor::new()
            .map_err(WorkerError::System)?
            .with_cache(cache.compiled().into());

        let client = Client::connect_within(&config.node, NODE_PATIENCE).await?;
        if let Some(genesis) = config.genesis {
            client.expect_genesis(genesis)?;
        }
        store.bind(client.genesis(), &worker)?;
        // Of two votes, reveals or settlements of a task by one worker the chain refuses the second.
        let queue = TransactionQueue::new(client.clone(), key)
            .with_patience(TRANSACTION_PATIENCE)
            .for_repeatable_calls();
        Ok(Self {
            config,
            client,
            queue,
            store,
            cache,
            executor,
            behaviour,
            worker,
        })
    }
}

/// The worker's key from its file.
pub(crate) fn read_key(path: &Path) -> Result<Keypair, WorkerError> {
    if !path.exists() {
        return Err(WorkerError::NoKey(path.into()));
    }
    let key = Keypair::from_file(path, Scheme::Ed25519)?;
    match key.scheme() {
        Scheme::Ed25519 => Ok(key),
        found => Err(WorkerError::OtherScheme {
            path: path.into(),
            found,
        }),
    }
}

/// Makes the folders, and removes what an earlier process left of its executions.
fn prepare_folders(config: &Config) -> Result<(), WorkerError> {
    let work = config.data_dir.join(WORK_FOLDER);
    match fs::remove_dir_all(&work) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(WorkerError::file(work)(error));
        }
        _ => {}
    }
    for folder in [work.as_path(), config.publication.folder()] {
        fs::create_dir_all(folder).map_err(WorkerError::file(folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_private_ed25519_keys_are_worker_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("worker.key");
        assert!(matches!(read_key(&path), Err(WorkerError::NoKey(_))));
        Keypair::write_file(&path, "//Worker", Scheme::Ed25519).unwrap();
        assert_eq!(read_key(&path).unwrap().scheme(), Scheme::Ed25519);
        let other = folder.path().join("other.key");
        Keypair::write_file(&other, "//Worker", Scheme::Sr25519).unwrap();
        let error = read_key(&other).unwrap_err();
        assert!(error.to_string().contains("sr25519"), "{error}");
    }
}
