//! Writes the runtime's metadata (version 15) to standard output:
//! `cargo run --release -p ergon-runtime --example metadata > client/metadata.scale`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    // Periods of the government are of the chain's own pace and so need a state, be it an empty one.
    let metadata = sp_io::TestExternalities::default()
        .execute_with(|| ergon_runtime::Runtime::metadata_at_version(15))
        .expect("the runtime serves metadata 15");
    std::io::stdout().write_all(&metadata)
}
