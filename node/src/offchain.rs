//! Off-chain workers: what the runtime may do outside of blocks, after each new one.

use crate::service::{FullBackend, FullClient, FullPool};
use futures::FutureExt;
use sc_client_api::Backend;
use sc_network::service::traits::NetworkService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Error as ServiceError, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// What the runtime's off-chain workers may use.
pub struct OffchainTasks {
    /// The chain.
    pub client: Arc<FullClient>,
    /// Their own storage.
    pub backend: Arc<FullBackend>,
    /// Where they send transactions.
    pub pool: Arc<FullPool>,
    /// What they see of the network.
    pub network: Arc<dyn NetworkService>,
    /// Keys of the node.
    pub keystore: KeystorePtr,
    /// Whether the node is an authority.
    pub is_validator: bool,
}

impl OffchainTasks {
    /// Runs them for each new block. They get no HTTP: the runtime has no use for it.
    pub fn spawn(self, task_manager: &TaskManager) -> Result<(), ServiceError> {
        let workers = OffchainWorkers::new(OffchainWorkerOptions {
            runtime_api_provider: self.client.clone(),
            keystore: Some(self.keystore),
            offchain_db: self.backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(self.pool)),
            network_provider: Arc::new(self.network),
            is_validator: self.is_validator,
            enable_http_requests: false,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            Some("offchain-worker"),
            workers
                .run(self.client, task_manager.spawn_handle())
                .boxed(),
        );
        Ok(())
    }
}
