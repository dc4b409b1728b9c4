//! `ergon-bencher pallet …`: the benchmark command of the SDK, without its RocksDB.
//!
//! The published `frame-omni-bencher` is the same command with RocksDB compiled in, which takes longer to
//! build than everything else together. See `scripts/weights` for how it is called.

use clap::Parser;
use frame_benchmarking_cli::BenchmarkCmd;
use sp_runtime::traits::BlakeTwo256;

/// Runs benchmarks of a runtime.
#[derive(Parser)]
struct Command {
    #[command(subcommand)]
    command: BenchmarkCmd,
}

fn main() -> sc_cli::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new("info,wasmtime_cranelift=off"))
        .with_writer(std::io::stderr)
        .init();
    match Command::parse().command {
        BenchmarkCmd::Pallet(pallet) => pallet.run_with_spec::<BlakeTwo256, ()>(None),
        _ => Err("only the `pallet` command is supported".into()),
    }
}
