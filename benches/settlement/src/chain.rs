//! A chain of this process: the client, executor and database of a full node, without network.

use anyhow::{Context, Result, anyhow, bail, ensure};
use codec::{Decode, Encode};
use ergon_primitives::{AccountId, MILLISECONDS_PER_BLOCK};
use ergon_runtime::{
    genesis_presets,
    opaque::{Block, Hash, UncheckedExtrinsic as Transaction},
};
use futures::executor::block_on;
use sc_block_builder::BlockBuilderBuilder;
use sc_client_api::StorageProvider;
use sc_client_db::{DatabaseSettings, DatabaseSource};
use sc_consensus::{
    BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction, StorageChanges,
};
use sc_executor::WasmExecutor;
use sc_service::{
    BlocksPruning, GenericChainSpec, GenesisBlockBuilder, PruningMode, TFullBackend, TFullClient,
    client::{ClientConfig, new_with_backend},
    new_db_backend,
};
use sp_blockchain::{ApplyExtrinsicFailed::Validity, Error, HeaderBackend};
use sp_consensus::BlockOrigin;
use sp_consensus_aura::{AURA_ENGINE_ID, Slot};
use sp_core::{
    storage::{Storage, StorageKey},
    testing::TaskExecutor,
};
use sp_database::MemDb;
use sp_inherents::InherentData;
use sp_runtime::{BuildStorage, Digest, DigestItem, traits::Block as _};
use sp_timestamp::Timestamp;
use std::{
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What a chain begins with.
type ChainSpec = GenericChainSpec;
/// Runs the runtime.
type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
/// Blocks, state, and the runtime that executes them.
pub type Client = TFullClient<Block, ergon_runtime::RuntimeApi, Executor>;
/// Where they are stored.
pub type Backend = TFullBackend<Block>;

/// Slot of the genesis; block n has the n-th slot after it.
const FIRST_SLOT: u64 = 850_000_000;
/// Money of each account that the genesis endows, in the token's smallest unit: a million ERG.
const ENDOWMENT: u64 = 1_000_000_000_000_000_000;
/// How long ended deals stay on record, in blocks: the least that the runtime allows.
pub const RETENTION: u32 = ergon_primitives::HOURS;
/// Blocks whose state is kept, as nodes do unless told.
const STATES: u32 = 256;
/// Most memory for caches of the state's trie, in bytes. Nodes use up to 1 GiB; it is never filled
/// here.
const TRIE_CACHE: usize = 256 << 20;
/// How long a client's threads may take to let go of the database.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all chains of a run have in common. The runtime is compiled once.
pub struct Blueprint {
    genesis: Storage,
    executor: Executor,
    threads: TaskExecutor,
}

impl Blueprint {
    /// A development chain on which these accounts have money and ended deals are soon forgotten.
    pub fn new(endowed: &[AccountId]) -> Result<Self> {
        let runtime = ergon_runtime::WASM_BINARY
            .context("built without the runtime: build again without SKIP_WASM_BUILD")?;
        let spec = ChainSpec::builder(runtime, None)
            .with_name("Measurement")
            .with_id("measurement")
            .with_genesis_config_patch(genesis_patch(endowed)?)
            .build();
        Ok(Self {
            genesis: spec.build_storage().map_err(anyhow::Error::msg)?,
            executor: Executor::builder()
                .with_max_runtime_instances(8)
                .with_runtime_cache_size(2)
                .build(),
            threads: TaskExecutor::new(),
        })
    }

    /// A new chain in ParityDB, in a temporary folder.
    pub fn on_disk(&self) -> Result<Chain<'_>> {
        self.open(Place::Disk(tempfile::tempdir()?), true)
    }

    /// A new chain in memory.
    pub fn in_memory(&self) -> Result<Chain<'_>> {
        self.open(Place::Memory(Arc::new(MemDb::new())), true)
    }

    fn open(&self, place: Place, is_new: bool) -> Result<Chain<'_>> {
        let backend = new_db_backend::<Block>(DatabaseSettings {
            trie_cache_maximum_size: Some(TRIE_CACHE),
            state_pruning: Some(PruningMode::blocks_pruning(STATES)),
            source: place.source(is_new),
            blocks_pruning: BlocksPruning::KeepFinalized,
            pruning_filters: Vec::new(),
            metrics_registry: None,
        })?;
        let genesis = GenesisBlockBuilder::<Block, _, _>::new_with_storage(
            self.genesis.clone(),
            true,
            backend.clone(),
            self.executor.clone(),
        )?;
        let client = new_with_backend(
            backend.clone(),
            self.executor.clone(),
            genesis,
            Box::new(self.threads.clone()),
            None,
            None,
            ClientConfig::default(),
        )?;
        Ok(Chain {
            blueprint: self,
            place,
            client,
            backend,
        })
    }
}

/// The development preset with our changes.
fn genesis_patch(endowed: &[AccountId]) -> Result<serde_json::Value> {
    let preset = genesis_presets::get(&genesis_presets::DEV.into()).context("no dev preset")?;
    let mut patch: serde_json::Value = serde_json::from_slice(&preset)?;
    let balances = patch.pointer_mut("/balances/balances");
    let balances = balances.and_then(|balances| balances.as_array_mut());
    let balances = balances.context("the dev preset has no balances")?;
    for account in endowed {
        balances.push(serde_json::to_value((account, ENDOWMENT))?);
    }
    // Stakes must be able to leave before deals are forgotten, so both periods shrink.
    for period in ["bondingDuration", "retentionPeriod"] {
        let place = patch.pointer_mut(&format!("/protocolParameters/parameters/{period}"));
        *place.with_context(|| format!("the dev preset has no {period}"))? = RETENTION.into();
    }
    Ok(patch)
}

/// Where a chain is stored.
enum Place {
    /// In ParityDB in this folder.
    Disk(TempDir),
    /// In memory.
    Memory(Arc<MemDb>),
}

impl Place {
    fn source(&self, is_new: bool) -> DatabaseSource {
        match self {
            Self::Disk(folder) => DatabaseSource::ParityDb {
                path: folder.path().join("paritydb"),
            },
            Self::Memory(database) => DatabaseSource::Custom {
                db: database.clone(),
                require_create_flag: is_new,
            },
        }
    }
}

/// A chain. Each block is final as soon as it is imported.
pub struct Chain<'a> {
    blueprint: &'a Blueprint,
    place: Place,
    /// Blocks, state and runtime.
    pub client: Client,
    /// Where they are stored.
    pub backend: Arc<Backend>,
}

/// A chain whose database is closed.
pub struct ClosedChain<'a> {
    blueprint: &'a Blueprint,
    place: Place,
    best: (u32, Hash),
}

impl<'a> ClosedChain<'a> {
    /// Opens the database again; nothing is in the caches.
    pub fn open(self) -> Result<Chain<'a>> {
        let chain = self.blueprint.open(self.place, false)?;
        let found = chain.best();
        ensure!(
            found == self.best,
            "the database forgot blocks: closed at {:?}, opened at {found:?}",
            self.best
        );
        Ok(chain)
    }
}

impl<'a> Chain<'a> {
    /// Number and hash of the latest block.
    pub fn best(&self) -> (u32, Hash) {
        let info = self.client.info();
        (info.best_number, info.best_hash)
    }

    /// Hash of the genesis.
    pub fn genesis(&self) -> Hash {
        self.client.info().genesis_hash
    }

    /// Writes everything out and closes the database.
    pub fn close(self) -> Result<ClosedChain<'a>> {
        let best = self.best();
        let Self {
            blueprint,
            place,
            client,
            backend,
        } = self;
        drop(client);
        let end = Instant::now() + PATIENCE;
        while Arc::strong_count(&backend) > 1 {
            ensure!(
                Instant::now() < end,
                "threads of the client keep the database open"
            );
            sleep(Duration::from_millis(1));
        }
        drop(backend);
        Ok(ClosedChain {
            blueprint,
            place,
            best,
        })
    }

    /// Makes and stores as many blocks as the transactions need. Blocks in which a session ends have
    /// room for few or none.
    pub fn author(&self, transactions: &[Transaction]) -> Result<Vec<Block>> {
        let mut blocks = Vec::new();
        let mut rest = transactions;
        let mut was_empty = false;
        while !rest.is_empty() {
            let (block, used) = self.author_block(rest)?;
            let is_empty = used == 0;
            ensure!(
                !(is_empty && was_empty),
                "a transaction does not fit into an empty block"
            );
            was_empty = is_empty;
            rest = rest.get(used..).unwrap_or_default();
            blocks.push(block);
        }
        Ok(blocks)
    }

    /// Makes and stores a block of as many of the transactions as fit; says how many did.
    pub fn author_block(&self, transactions: &[Transaction]) -> Result<(Block, usize)> {
        let (number, parent) = self.best();
        let slot = FIRST_SLOT + u64::from(number) + 1;
        let digest = DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(slot).encode());
        let mut builder = BlockBuilderBuilder::new(&self.client)
            .on_parent_block(parent)
            .with_parent_block_number(number)
            .with_inherent_digests(Digest { logs: vec![digest] })
            .build()?;
        for inherent in builder.create_inherents(inherent_data(slot)?)? {
            builder.push(inherent)?;
        }
        let mut used = 0;
        for transaction in transactions {
            match builder.push(transaction.clone()) {
                Ok(()) => used += 1,
                Err(Error::ApplyExtrinsicFailed(Validity(error)))
                    if error.exhausted_resources() =>
                {
                    break;
                }
                Err(error) => bail!("transaction {used} of block {}: {error}", number + 1),
            }
        }
        let (block, changes) = builder.build()?.into_inner();
        let changes = StateAction::ApplyChanges(StorageChanges::Changes(changes));
        self.import(block.clone(), changes)?;
        Ok((block, used))
    }

    /// Executes and stores a block from elsewhere, as every full node does.
    pub fn execute(&self, block: &Block) -> Result<()> {
        self.import(block.clone(), StateAction::Execute)
    }

    /// Stores a block whose changes are known, or after execution.
    pub fn import(&self, block: Block, state: StateAction<Block>) -> Result<()> {
        let (header, body) = block.deconstruct();
        let number = header.number;
        let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header);
        params.body = Some(body);
        params.state_action = state;
        params.finalized = true;
        params.fork_choice = Some(ForkChoiceStrategy::LongestChain);
        match block_on(self.client.import_block(params))? {
            ImportResult::Imported(_) => Ok(()),
            other => Err(anyhow!("block {number} was not imported: {other:?}")),
        }
    }

    /// A value of the latest state.
    pub fn get<T: Decode>(&self, key: Vec<u8>) -> Result<Option<T>> {
        let value = self.client.storage(self.best().1, &StorageKey(key))?;
        let value = value.map(|value| T::decode(&mut &value.0[..]));
        Ok(value.transpose()?)
    }

    /// All keys of the latest state that begin like this, with their values.
    pub fn pairs(&self, prefix: &[u8]) -> Result<impl Iterator<Item = (Vec<u8>, Vec<u8>)>> {
        let prefix = StorageKey(prefix.to_vec());
        let pairs = self
            .client
            .storage_pairs(self.best().1, Some(&prefix), None)?;
        Ok(pairs.map(|(key, value)| (key.0, value.0)))
    }
}

/// The time that a block tells.
fn inherent_data(slot: u64) -> Result<InherentData> {
    let mut data = InherentData::new();
    let time = Timestamp::from(slot * MILLISECONDS_PER_BLOCK);
    data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &time)?;
    Ok(data)
}
