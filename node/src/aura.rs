//! Blocks by slots (Aura) and finality by votes (GRANDPA).

use crate::{
    rpc::GrandpaDeps,
    service::{AuraId, Authoring, Block, FullBackend, FullClient, FullSelectChain, Hash},
};
use sc_consensus::{DefaultImportQueue, JustificationSyncLink};
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams, SyncOracle};
use sc_consensus_grandpa::{
    Config as GrandpaConfig, FinalityProofProvider, GrandpaBlockImport, GrandpaParams, LinkHalf,
    SharedVoterState, VotingRule, VotingRulesBuilder, warp_proof::NetworkProvider,
};
use sc_network::{
    NetworkBackend, NotificationMetrics, NotificationService, ProtocolName,
    config::FullNetworkConfiguration,
};
use sc_service::{Configuration, Error as ServiceError, Role, TaskManager, WarpSyncConfig};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::{
    Slot, SlotDuration,
    inherents::InherentDataProvider as SlotProvider,
    sr25519::{AuthorityPair as AuraPair, AuthoritySignature},
};
use sp_keystore::KeystorePtr;
use sp_timestamp::{InherentDataProvider as TimestampProvider, Timestamp};
use std::{sync::Arc, time::Duration};

/// How often votes are sent again: short slots need quick votes.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// At least each so many blocks a justification is stored: light clients and warp sync live on
/// them.
const JUSTIFICATION_PERIOD: u32 = 64;
/// Share of a slot in which a block may be made. The rest is for its way through the network.
const PROPOSAL_SHARE: f32 = 2.0 / 3.0;

/// By how many slots the best block may be ahead of the clock: clocks differ a little.
const SLOTS_AHEAD: u64 = 30;

/// The way of a block into the chain, and what voters need to know of it.
pub struct Consensus {
    block_import: GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>,
    link: LinkHalf<Block, FullClient, FullSelectChain>,
}

/// The voters' protocol in the network.
pub struct VoterProtocol {
    name: ProtocolName,
    notifications: Box<dyn NotificationService>,
}

/// How this node takes part.
pub struct Part {
    /// Whether it makes blocks and votes, or only follows.
    pub role: Role,
    /// Whether it runs GRANDPA: votes as an authority, or follows the votes.
    pub votes: bool,
    name: String,
    force_authoring: bool,
    keystore: KeystorePtr,
}

impl Part {
    /// The part that this configuration gives to the node that holds these keys.
    pub fn new(config: &Configuration, keystore: KeystorePtr) -> Self {
        Self {
            role: config.role,
            votes: !config.disable_grandpa,
            name: config.network.node_name.clone(),
            force_authoring: config.force_authoring,
            keystore,
        }
    }
}

/// The queue of blocks that wait for import: slots and signatures are checked, finality is tracked.
pub fn import_queue(
    config: &Configuration,
    client: &Arc<FullClient>,
    select_chain: &FullSelectChain,
    task_manager: &TaskManager,
    telemetry: Option<TelemetryHandle>,
) -> Result<(DefaultImportQueue<Block>, Consensus), ServiceError> {
    let (block_import, link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        client,
        select_chain.clone(),
        telemetry.clone(),
    )?;
    let slot_client = client.clone();
    let queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
        block_import: block_import.clone(),
        justification_import: Some(Box::new(block_import.clone())),
        client: client.clone(),
        create_inherent_data_providers: move |parent, ()| {
            let client = slot_client.clone();
            async move {
                let slot_duration =
                    sc_consensus_aura::standalone::slot_duration_at::<AuraId, Block, _>(
                        &*client, parent,
                    )?;
                let timestamp = TimestampProvider::from_system_time();
                let slot =
                    SlotProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
                Ok((slot, timestamp))
            }
        },
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry,
        compatibility_mode: Default::default(),
    })?;
    Ok((queue, Consensus { block_import, link }))
}

/// Adds the voters' protocol to the network that is about to be built.
pub fn add_voter_protocol<N>(
    config: &Configuration,
    genesis_hash: Hash,
    network: &mut FullNetworkConfiguration<Block, Hash, N>,
    metrics: NotificationMetrics,
) -> VoterProtocol
where
    N: NetworkBackend<Block, Hash>,
{
    let name = sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
    let (protocol, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<Block, N>(
        name.clone(),
        metrics,
        network.peer_store_handle(),
    );
    network.add_notification_protocol(protocol);
    VoterProtocol {
        name,
        notifications,
    }
}

/// The slot of the best block; `None` if it has none.
fn best_slot(client: &FullClient) -> Result<Option<Slot>, ServiceError> {
    let best = client.header(client.info().best_hash)?;
    Ok(best.and_then(|header| {
        sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(&header).ok()
    }))
}

/// Refuses a chain whose time is ahead of the clock. Blocks that were sealed without slots are each
/// one slot later than the one before; validators would say nothing and wait until it is that late.
fn check_time(best: Slot, now: Slot, slot_duration: SlotDuration) -> Result<(), String> {
    let ahead = (*best).saturating_sub(*now);
    if ahead <= SLOTS_AHEAD {
        return Ok(());
    }
    let wait = Duration::from_millis(ahead.saturating_mul(slot_duration.as_millis()));
    Err(format!(
        "the best block is {wait:?} ahead of this machine's clock, and no block can be made before \
         that time. Either the clock is wrong, or the blocks were made with --sealing dev, instant \
         or interval: then use that mode again, or start anew (purge-chain, or another --base-path)."
    ))
}

impl Consensus {
    /// How a new node gets to the newest state without executing all blocks before.
    pub fn warp_sync(&self, backend: Arc<FullBackend>) -> WarpSyncConfig<Block> {
        let authorities = self.link.shared_authority_set().clone();
        let provider = NetworkProvider::new(backend, authorities, Vec::new());
        WarpSyncConfig::WithProvider(Arc::new(provider))
    }

    /// What the answers about finality are read from.
    pub fn rpc_deps(
        &self,
        backend: Arc<FullBackend>,
        voter_state: SharedVoterState,
    ) -> GrandpaDeps {
        let authority_set = self.link.shared_authority_set().clone();
        let finality_proofs =
            FinalityProofProvider::new_for_service(backend, Some(authority_set.clone()));
        GrandpaDeps {
            voter_state,
            authority_set,
            justifications: self.link.justification_stream(),
            finality_proofs,
        }
    }

    /// Starts to make blocks in this node's slots.
    pub fn start_authoring<S>(
        &self,
        node: &Authoring<'_>,
        part: &Part,
        sync: S,
    ) -> Result<(), ServiceError>
    where
        S: SyncOracle + JustificationSyncLink<Block> + Send + Sync + Clone + 'static,
    {
        let slot_duration = sc_consensus_aura::slot_duration::<AuraId, Block, _>(&*node.client)?;
        let now = Slot::from_timestamp(Timestamp::current(), slot_duration);
        if let Some(slot) = best_slot(&node.client)? {
            check_time(slot, now, slot_duration).map_err(ServiceError::Other)?;
        }
        let never_back_off: Option<()> = None;
        let authoring = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(
            StartAuraParams {
                slot_duration,
                client: node.client.clone(),
                select_chain: node.select_chain.clone(),
                block_import: self.block_import.clone(),
                proposer_factory: node.proposer_factory(),
                sync_oracle: sync.clone(),
                justification_sync_link: sync,
                create_inherent_data_providers: move |_, ()| async move {
                    let timestamp = TimestampProvider::from_system_time();
                    let slot =
                        SlotProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
                    Ok((slot, timestamp))
                },
                force_authoring: part.force_authoring,
                backoff_authoring_blocks: never_back_off,
                keystore: part.keystore.clone(),
                block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SHARE),
                max_block_proposal_slot_portion: None,
                telemetry: node.telemetry.clone(),
                compatibility_mode: Default::default(),
            },
        )?;
        // Essential: a validator that makes no blocks harms the chain, and somebody must notice.
        node.task_manager.spawn_essential_handle().spawn_blocking(
            "aura",
            Some("block-authoring"),
            authoring,
        );
        Ok(())
    }

    /// What the voter needs to run. A node without authority listens to the votes.
    pub fn into_voter<N, S>(
        self,
        node: &Authoring<'_>,
        part: Part,
        protocol: VoterProtocol,
        voter_state: SharedVoterState,
        network: N,
        sync: S,
    ) -> GrandpaParams<
        Block,
        FullClient,
        N,
        S,
        FullSelectChain,
        impl VotingRule<Block, FullClient> + Clone + 'static + use<N, S>,
    > {
        GrandpaParams {
            config: GrandpaConfig {
                gossip_duration: GOSSIP_DURATION,
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(part.name),
                observer_enabled: false,
                keystore: part.role.is_authority().then_some(part.keystore),
                local_role: part.role,
                telemetry: node.telemetry.clone(),
                protocol_name: protocol.name,
            },
            link: self.link,
            network,
            sync,
            notification_service: protocol.notifications,
            voting_rule: VotingRulesBuilder::<Block, FullClient>::default().build(),
            prometheus_registry: node.prometheus.clone(),
            shared_voter_state: voter_state,
            telemetry: node.telemetry.clone(),
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(node.pool.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_from_the_future_is_refused() {
        let duration = SlotDuration::from_millis(2_000);
        let check = |best: u64| check_time(Slot::from(best), Slot::from(1_000), duration);
        for fine in [0, 999, 1_000, 1_000 + SLOTS_AHEAD] {
            assert_eq!(check(fine), Ok(()));
        }
        let refusal = check(1_000 + 1_800).expect_err("an hour ahead");
        assert!(refusal.contains("3600s"), "{refusal}");
        assert!(refusal.contains("--sealing"), "{refusal}");
    }
}
