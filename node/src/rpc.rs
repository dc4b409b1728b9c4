//! What the node answers over JSON-RPC beyond the methods that every Substrate node has.

use crate::service::{Block, FullBackend, FullClient, FullPool, Hash};
use ergon_runtime::{AccountId, Balance, BlockNumber, Nonce};
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::Error as ServiceError;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockchainError, HeaderBackend, HeaderMetadata};
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{System, SystemApiServer};

/// What the answers about finality are read from.
#[derive(Clone)]
pub struct GrandpaDeps {
    /// State of this node's voter; empty while it does not vote.
    pub voter_state: SharedVoterState,
    /// Who may vote.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// Justifications as they come.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proofs for old blocks.
    pub finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// What the answers are read from.
pub struct FullDeps<C, P> {
    /// The chain.
    pub client: Arc<C>,
    /// Transactions that wait.
    pub pool: Arc<P>,
    /// Finality; `None` where nobody votes.
    pub grandpa: Option<GrandpaDeps>,
}

/// Builds the RPC extensions, once for each server.
pub fn builder(
    client: Arc<FullClient>,
    pool: Arc<FullPool>,
    grandpa: Option<GrandpaDeps>,
) -> Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>, ServiceError>> {
    Box::new(move |subscriptions| {
        let deps = FullDeps {
            client: client.clone(),
            pool: pool.clone(),
            grandpa: grandpa.clone(),
        };
        create_full(deps, subscriptions).map_err(ServiceError::Application)
    })
}

/// The extensions: account nonces, fees and, where nodes vote, finality.
pub fn create_full<C, P>(
    FullDeps {
        client,
        pool,
        grandpa,
    }: FullDeps<C, P>,
    subscriptions: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>>
where
    C: ProvideRuntimeApi<Block>,
    C: HeaderBackend<Block> + HeaderMetadata<Block, Error = BlockchainError>,
    C: Send + Sync + 'static,
    C::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>,
    C::Api: pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>,
    C::Api: BlockBuilder<Block>,
    P: TransactionPool + 'static,
{
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    if let Some(deps) = grandpa {
        let GrandpaDeps {
            voter_state,
            authority_set,
            justifications,
            finality_proofs,
        } = deps;
        let grandpa = Grandpa::new(
            subscriptions,
            authority_set,
            voter_state,
            justifications,
            finality_proofs,
        );
        module.merge(grandpa.into_rpc())?;
    }
    Ok(module)
}
