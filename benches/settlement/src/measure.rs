//! A row: sets a chain up, makes the blocks that settle its tasks, imports them into another chain.

use crate::{
    actors::Actors,
    chain::{Blueprint, Chain},
    clock::{Stopwatch, Times, rest},
    setting::Setting,
    setup::{self, Bag},
    state::{self, Bytes},
    work::Work,
};
use anyhow::{Result, ensure};
use ergon_primitives::Balance;
use ergon_runtime::opaque::{Block, Hash};

/// What came out for a setting. All its tasks are settled.
pub struct Row {
    /// What was measured.
    pub setting: Setting,
    /// Transactions of workers.
    pub transactions: usize,
    /// Blocks that they filled.
    pub blocks: usize,
    /// What the workers paid in fees, in the token's smallest unit.
    pub fees: Balance,
    /// Time to make the blocks and store them.
    pub authoring: Times,
    /// Time to import them.
    pub import: Times,
    /// Bytes of state, if looked at.
    pub bytes: Option<Bytes>,
}

/// The blocks of a row, to be imported again.
pub struct Recording {
    /// Blocks that were not measured.
    pub setup: Vec<Block>,
    /// Blocks that were.
    pub work: Vec<Block>,
    /// Signatures of workers under transactions.
    pub worker_signatures: u32,
    /// Signatures of the pool's authoriser within them.
    pub pool_signatures: u32,
}

/// Measures a setting; with a look at the state if wanted.
pub fn measure(
    blueprint: &Blueprint,
    setting: Setting,
    with_state: bool,
) -> Result<(Row, Recording)> {
    let mut actors = Actors::new(setting.scheme.workers())?;
    let chain = blueprint.on_disk()?;
    let mut setup = setup::register(&chain, &mut actors)?;
    let before = state::bytes(&chain)?;
    let (bags, blocks) = setup::match_deals(&chain, &mut actors, &setting)?;
    setup.extend(blocks);
    let open = state::bytes(&chain)? - before;
    let money = state::money_of_workers(&chain, &actors)?;
    let work = Work::sign(chain.genesis(), &mut actors, &bags, &setting)?;

    let (authoring, blocks, chain) = timed(chain, |chain| author(chain, &work))?;
    state::ensure_settled(&chain, &bags, &setting)?;
    let fees = money.saturating_sub(state::money_of_workers(&chain, &actors)?);
    let (_, head) = chain.best();
    let bytes = with_state.then(|| look(&chain, before, open)).transpose()?;
    drop(chain.close()?);

    let recording = Recording {
        setup,
        work: blocks,
        worker_signatures: work.worker_signatures,
        pool_signatures: work.pool_signatures,
    };
    let import = import(
        blueprint.on_disk()?,
        &recording,
        Some((head, bags.as_slice(), &setting)),
    )?;
    let row = Row {
        setting,
        transactions: work.stages.iter().map(Vec::len).sum(),
        blocks: recording.work.len(),
        fees,
        authoring,
        import,
        bytes,
    };
    Ok((row, recording))
}

/// Does something on a chain of which nothing is in the caches. The CPU time includes closing the
/// database, so that nothing that it still had to write is left out; the wall time does not.
pub fn timed<'a, T>(
    chain: Chain<'a>,
    job: impl FnOnce(&Chain<'a>) -> Result<T>,
) -> Result<(Times, T, Chain<'a>)> {
    let chain = chain.close()?.open()?;
    rest();
    let watch = Stopwatch::start();
    let result = job(&chain)?;
    let wall = watch.wall();
    let closed = chain.close()?;
    let cpu = watch.cpu();
    Ok((Times { cpu, wall }, result, closed.open()?))
}

fn author(chain: &Chain<'_>, work: &Work) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    for stage in &work.stages {
        blocks.extend(chain.author(stage)?);
    }
    Ok(blocks)
}

/// Imports a recording into a new chain; the time for the measured part. Makes sure that the chain
/// ends with the same block and all tasks settled, if told what to expect.
pub fn import(
    chain: Chain<'_>,
    recording: &Recording,
    expected: Option<(Hash, &[Bag], &Setting)>,
) -> Result<Times> {
    for block in &recording.setup {
        chain.execute(block)?;
    }
    let (times, (), chain) = timed(chain, |chain| {
        recording
            .work
            .iter()
            .try_for_each(|block| chain.execute(block))
    })?;
    if let Some((head, bags, setting)) = expected {
        let (_, found) = chain.best();
        ensure!(found == head, "the import ends with another block");
        state::ensure_settled(&chain, bags, setting)?;
    }
    drop(chain.close()?);
    Ok(times)
}

/// Looks at the state of a chain on which everything is settled, and again when it is forgotten.
fn look(chain: &Chain<'_>, before: i64, open: i64) -> Result<Bytes> {
    let settled = state::bytes(chain)? - before;
    eprintln!("    waiting until the deals are forgotten …");
    let is_forgotten = state::retire(chain)?;
    let retired = state::bytes(chain)? - before;
    Ok(Bytes {
        open,
        settled,
        retired: is_forgotten.then_some(retired),
        kept: state::kept_bytes(chain)?,
    })
}
