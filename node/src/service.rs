//! Puts the parts of a node together: chain, pool, network, RPC, and whatever makes the blocks.

use crate::{
    aura::{self, Consensus, Part, VoterProtocol},
    manual,
    offchain::OffchainTasks,
    rpc,
    sealing::Sealing,
};
use sc_basic_authorship::ProposerFactory;
use sc_consensus::DefaultImportQueue;
use sc_consensus_grandpa::SharedVoterState;
use sc_executor::WasmExecutor;
use sc_network::{NetworkBackend, config::FullNetworkConfiguration};
use sc_service::{
    BuildNetworkParams, Configuration, Error as ServiceError, PartialComponents, SpawnTasksParams,
    TFullBackend, TFullClient, TaskManager,
};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

pub use ergon_runtime::opaque::{Block, Hash};
pub use sp_consensus_aura::sr25519::AuthorityId as AuraId;

/// What the runtime may call in the node.
pub type HostFunctions = sp_io::SubstrateHostFunctions;
/// The chain: blocks, state, and the runtime that executes them.
pub type FullClient = TFullClient<Block, ergon_runtime::RuntimeApi, WasmExecutor<HostFunctions>>;
/// Where the chain is stored.
pub type FullBackend = TFullBackend<Block>;
/// The rule which block to build on.
pub type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Transactions that wait.
pub type FullPool = TransactionPoolHandle<Block, FullClient>;

/// The parts that commands on the database need too.
pub type Partial = PartialComponents<
    FullClient,
    FullBackend,
    FullSelectChain,
    DefaultImportQueue<Block>,
    FullPool,
    Extra,
>;

/// Parts that not every node has.
pub struct Extra {
    /// Slots and votes; `None` where blocks are sealed without them.
    pub consensus: Option<Consensus>,
    /// Connection to a telemetry server.
    pub telemetry: Option<Telemetry>,
}

/// What the makers of blocks share.
pub struct Authoring<'a> {
    /// Runs their tasks.
    pub task_manager: &'a TaskManager,
    /// The chain.
    pub client: Arc<FullClient>,
    /// Transactions for the blocks.
    pub pool: Arc<FullPool>,
    /// Which block to build on.
    pub select_chain: FullSelectChain,
    /// Where figures are published.
    pub prometheus: Option<Registry>,
    /// Where events are told.
    pub telemetry: Option<TelemetryHandle>,
}

impl Authoring<'_> {
    /// Fills blocks with transactions.
    pub fn proposer_factory(&self) -> ProposerFactory<FullPool, FullClient> {
        ProposerFactory::new(
            self.task_manager.spawn_handle(),
            self.client.clone(),
            self.pool.clone(),
            self.prometheus.as_ref(),
            self.telemetry.clone(),
        )
    }
}

/// Opens the database and builds everything that does not need the network.
pub fn new_partial(config: &Configuration, sealing: Sealing) -> Result<Partial, ServiceError> {
    let telemetry = connect_telemetry(config)?;
    let telemetry_handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, ergon_runtime::RuntimeApi, _>(
            config,
            telemetry_handle.clone(),
            sc_service::new_wasm_executor::<HostFunctions>(&config.executor),
            Vec::new(),
        )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager
            .spawn_handle()
            .spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = sc_transaction_pool::Builder::new(
        task_manager.spawn_essential_handle(),
        client.clone(),
        config.role.is_authority().into(),
    )
    .with_options(config.transaction_pool.clone())
    .with_prometheus(config.prometheus_registry())
    .build();
    let (import_queue, consensus) = match sealing {
        Sealing::Aura => {
            let (queue, consensus) = aura::import_queue(
                config,
                &client,
                &select_chain,
                &task_manager,
                telemetry_handle,
            )?;
            (queue, Some(consensus))
        }
        Sealing::Instant | Sealing::Interval(_) | Sealing::Dev => {
            let queue = sc_consensus_manual_seal::import_queue(
                Box::new(client.clone()),
                &task_manager.spawn_essential_handle(),
                config.prometheus_registry(),
            );
            (queue, None)
        }
    };
    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool: Arc::new(transaction_pool),
        other: Extra {
            consensus,
            telemetry,
        },
    })
}

/// The telemetry servers of the configuration; usually there are none.
fn connect_telemetry(
    config: &Configuration,
) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
    let endpoints = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty());
    endpoints
        .map(|endpoints| {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()
}

/// Starts a node on this network backend. It runs until the returned manager is dropped.
pub fn new_full<N>(config: Configuration, sealing: Sealing) -> Result<TaskManager, ServiceError>
where
    N: NetworkBackend<Block, Hash>,
{
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: Extra {
            consensus,
            mut telemetry,
        },
    } = new_partial(&config, sealing)?;

    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let mut network_config = FullNetworkConfiguration::<Block, Hash, N>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let finality = consensus.map(|consensus| {
        let genesis_hash = client.info().genesis_hash;
        let protocol =
            aura::add_voter_protocol(&config, genesis_hash, &mut network_config, metrics.clone());
        Finality {
            consensus,
            protocol,
            voter_state: SharedVoterState::empty(),
        }
    });

    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config: network_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: finality
                .as_ref()
                .map(|it| it.consensus.warp_sync(backend.clone())),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let keystore = keystore_container.keystore();
    if config.offchain_worker.enabled {
        let workers = OffchainTasks {
            client: client.clone(),
            backend: backend.clone(),
            pool: transaction_pool.clone(),
            network: network.clone(),
            keystore: keystore.clone(),
            is_validator: config.role.is_authority(),
        };
        workers.spawn(&task_manager)?;
    }

    let part = Part::new(&config, keystore.clone());
    let prometheus = config.prometheus_registry().cloned();
    let grandpa_rpc = finality.as_ref().map(|it| {
        it.consensus
            .rpc_deps(backend.clone(), it.voter_state.clone())
    });
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore,
        transaction_pool: transaction_pool.clone(),
        rpc_builder: rpc::builder(client.clone(), transaction_pool.clone(), grandpa_rpc),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    let node = Authoring {
        task_manager: &task_manager,
        client,
        pool: transaction_pool,
        select_chain,
        prometheus,
        telemetry: telemetry.as_ref().map(Telemetry::handle),
    };
    if let Some(pace) = sealing.pace() {
        manual::start(&node, pace)?;
    }
    if let Some(Finality {
        consensus,
        protocol,
        voter_state,
    }) = finality
    {
        if part.role.is_authority() {
            consensus.start_authoring(&node, &part, sync_service.clone())?;
        }
        if part.votes {
            let voter = sc_consensus_grandpa::run_grandpa_voter(consensus.into_voter(
                &node,
                part,
                protocol,
                voter_state,
                network,
                sync_service,
            ))?;
            // Essential: without its voter a validator would stop finality without a word.
            task_manager
                .spawn_essential_handle()
                .spawn_blocking("grandpa-voter", None, voter);
        }
    }
    Ok(task_manager)
}

/// What finality by votes needs while the node is put together.
struct Finality {
    consensus: Consensus,
    protocol: VoterProtocol,
    voter_state: SharedVoterState,
}
