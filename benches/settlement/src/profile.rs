//! Where the time of an import goes. Each part is measured by itself on the same blocks; what is
//! the difference of two measurements is marked as such in the table.

use crate::{
    actors::Actors,
    chain::{Blueprint, Chain},
    clock::{Stopwatch, rest},
    measure::{Recording, Row, import},
    setting::Setting,
};
use anyhow::{Result, anyhow, ensure};
use ergon_primitives::{AccountId, Signature};
use ergon_runtime::opaque::Block;
use sc_client_api::{Backend as _, TrieCacheContext};
use sc_consensus::{StateAction, StorageChanges};
use sp_api::{ApiExt, CallContext, Core, ProvideRuntimeApi};
use sp_core::H256;
use sp_runtime::{
    StateVersion,
    traits::{Block as _, Header as _, Verify},
};
use sp_state_machine::Backend as _;
use std::{hint::black_box, time::Duration};

/// CPU times of the same blocks.
pub struct Profile {
    /// What the blocks settle.
    pub setting: Setting,
    /// Import with ParityDB: everything.
    pub disk: Duration,
    /// Import with the database in memory.
    pub memory: Duration,
    /// `Core_execute_block` alone: the runtime in WebAssembly with all host calls, nothing stored.
    pub execution: Duration,
    /// The state's new root, computed natively from the same changes.
    pub trie: Duration,
    /// As many signatures as there are in the blocks, checked natively.
    pub signatures: Duration,
    /// How many signatures those are.
    pub signature_count: u32,
}

/// Looks into a row.
pub fn profile(blueprint: &Blueprint, row: &Row, recording: &Recording) -> Result<Profile> {
    let memory = import(blueprint.in_memory()?, recording, None)?;
    let (execution, trie) = execute(blueprint.in_memory()?, recording)?;
    Ok(Profile {
        setting: row.setting,
        disk: row.import.cpu,
        memory: memory.cpu,
        execution,
        trie,
        signatures: check_signatures(recording)?,
        signature_count: recording.worker_signatures + recording.pool_signatures,
    })
}

/// Time for executing the blocks, and for the roots of the states after them.
fn execute(chain: Chain<'_>, recording: &Recording) -> Result<(Duration, Duration)> {
    for block in &recording.setup {
        chain.execute(block)?;
    }
    let chain = chain.close()?.open()?;
    rest();
    let mut sum = (Duration::ZERO, Duration::ZERO);
    for block in &recording.work {
        let (execution, trie) = execute_one(&chain, block)?;
        sum = (sum.0 + execution, sum.1 + trie);
    }
    drop(chain.close()?);
    Ok(sum)
}

/// Executes a block and computes the root once more from its changes; then stores it, for the next
/// one to build on.
fn execute_one(chain: &Chain<'_>, block: &Block) -> Result<(Duration, Duration)> {
    let parent = *block.header().parent_hash();
    let mut api = chain.client.runtime_api();
    api.set_call_context(CallContext::Onchain { import: true });
    let watch = Stopwatch::start();
    api.execute_block(parent, block.clone().into())?;
    let execution = watch.cpu();

    let state = chain.backend.state_at(parent, TrieCacheContext::Trusted)?;
    let changes = api
        .into_storage_changes(&state, parent)
        .map_err(|error| anyhow!("the changes cannot be taken: {error}"))?;
    let watch = Stopwatch::start();
    let delta = changes.main_storage_changes.iter();
    let delta = delta.map(|(key, value)| (key.as_slice(), value.as_deref()));
    let (root, nodes) = state.storage_root(delta, StateVersion::V1);
    let trie = watch.cpu();
    drop(nodes);
    ensure!(
        root == *block.header().state_root(),
        "the changes lead to another root"
    );
    let changes = StateAction::ApplyChanges(StorageChanges::Changes(changes));
    chain.import(block.clone(), changes)?;
    Ok((execution, trie))
}

/// Time for checking as many signatures as the blocks have, each once: ed25519 over 256 bytes by
/// workers under transactions, sr25519 over 32 bytes by the authoriser within them.
fn check_signatures(recording: &Recording) -> Result<Duration> {
    let actors = Actors::new(1)?;
    let (authoriser, worker) = (&actors.operator, &actors.workers[0].machine);
    let (long, short) = ([7; 256], H256::repeat_byte(7));
    let under = worker.key.sign(&long);
    let within = authoriser.key.sign(short.as_bytes());
    let watch = Stopwatch::start();
    check(recording.worker_signatures, &under, &long, &worker.account)?;
    let (count, short) = (recording.pool_signatures, short.as_bytes());
    check(count, &within, short, &authoriser.account)?;
    Ok(watch.cpu())
}

fn check(count: u32, signature: &Signature, message: &[u8], signer: &AccountId) -> Result<()> {
    for _ in 0..count {
        let (signature, message) = (black_box(signature), black_box(message));
        ensure!(signature.verify(message, signer), "a signature is wrong");
    }
    Ok(())
}
