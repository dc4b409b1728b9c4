//! A runtime as the node describes it.

use crate::{ClientError, compatibility, connection::Connection};
use codec::{Decode, Encode};
use sp_core::H256;
use std::{collections::HashMap, sync::Arc};
use subxt::{
    ArcMetadata, Metadata, OfflineClient,
    client::OfflineClientAtBlock,
    config::substrate::{SpecVersionForRange, SubstrateConfig},
};
use tokio::sync::Mutex;

/// Newest version of the metadata format that this client reads.
const NEWEST_METADATA: u32 = 16;

/// One version of the chain's runtime.
pub(crate) struct Runtime {
    /// The runtime's version.
    pub(crate) spec_version: u32,
    /// What its pallets offer.
    pub(crate) metadata: ArcMetadata,
    /// Builds transactions and decodes events for it.
    pub(crate) offline: OfflineClientAtBlock<SubstrateConfig>,
}

impl Runtime {
    pub(crate) fn new(
        genesis: H256,
        spec_version: u32,
        transaction_version: u32,
        metadata: ArcMetadata,
    ) -> Result<Self, ClientError> {
        let config = SubstrateConfig::builder()
            .set_genesis_hash(genesis)
            .set_metadata_for_spec_versions([(spec_version, metadata.clone())])
            .set_spec_version_for_block_ranges([SpecVersionForRange {
                block_range: 0..u64::MAX,
                spec_version,
                transaction_version,
            }])
            .build();
        let offline = OfflineClient::new_with_config(config)
            .at_block(0u64)
            .map_err(|error| ClientError::undecodable("the runtime's description", error))?;
        Ok(Self {
            spec_version,
            metadata,
            offline,
        })
    }

    /// A constant of a pallet.
    pub(crate) fn constant<T: Decode>(&self, pallet: &str, name: &str) -> Result<T, ClientError> {
        constant(&self.metadata, pallet, name)
    }
}

/// A constant in some metadata.
pub(crate) fn constant<T: Decode>(
    metadata: &Metadata,
    pallet: &str,
    name: &str,
) -> Result<T, ClientError> {
    let what = || format!("the constant {pallet}.{name}");
    let mut bytes = metadata
        .pallet_by_name(pallet)
        .and_then(|pallet| pallet.constant_by_name(name))
        .ok_or_else(|| ClientError::undecodable(what(), "the runtime has none"))?
        .value();
    T::decode(&mut bytes).map_err(|error| ClientError::undecodable(what(), error))
}

/// The runtimes that were met so far, by version.
#[derive(Default)]
pub(crate) struct Runtimes {
    known: Mutex<HashMap<u32, Arc<Runtime>>>,
}

impl Runtimes {
    /// The runtime in the state of a block. One that the client does not fit is an error.
    pub(crate) async fn at(
        &self,
        connection: &Connection,
        block: H256,
    ) -> Result<Arc<Runtime>, ClientError> {
        let version = connection
            .ask("state_getRuntimeVersion", |methods| async move {
                methods.state_get_runtime_version(Some(block)).await
            })
            .await?;
        // Held while loading, so that callers that meet a new runtime together load it once.
        let mut known = self.known.lock().await;
        if let Some(runtime) = known.get(&version.spec_version) {
            return Ok(runtime.clone());
        }
        let metadata = fetch_metadata(connection, block).await?;
        compatibility::check(connection.url(), version.spec_version, &metadata)?;
        let runtime = Arc::new(Runtime::new(
            connection.genesis(),
            version.spec_version,
            version.transaction_version,
            metadata.arc(),
        )?);
        known.insert(version.spec_version, runtime.clone());
        Ok(runtime)
    }
}

/// The newest metadata that node and client both understand.
async fn fetch_metadata(connection: &Connection, block: H256) -> Result<Metadata, ClientError> {
    let undecodable = |error: codec::Error| ClientError::undecodable("the metadata", error);
    let versions = call(connection, "Metadata_metadata_versions", Vec::new(), block).await?;
    let version = Vec::<u32>::decode(&mut versions.as_slice())
        .map_err(undecodable)?
        .into_iter()
        .filter(|version| *version <= NEWEST_METADATA)
        .max()
        .ok_or_else(|| ClientError::undecodable("the metadata", "no known format is offered"))?;
    let bytes = call(
        connection,
        "Metadata_metadata_at_version",
        version.encode(),
        block,
    )
    .await?;
    let metadata = Option::<Vec<u8>>::decode(&mut bytes.as_slice())
        .map_err(undecodable)?
        .ok_or_else(|| ClientError::undecodable("the metadata", "the runtime keeps it back"))?;
    Metadata::decode_from(&metadata).map_err(undecodable)
}

/// Calls a function of the runtime's API.
pub(crate) async fn call(
    connection: &Connection,
    function: &str,
    arguments: Vec<u8>,
    block: H256,
) -> Result<Vec<u8>, ClientError> {
    let arguments = arguments.as_slice();
    connection
        .ask(function, |methods| async move {
            methods
                .state_call(function, Some(arguments), Some(block))
                .await
        })
        .await
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The runtime that this client was built for.
    pub(crate) fn expected_runtime() -> Runtime {
        let version = compatibility::EXPECTED.as_ref().unwrap().spec_version;
        let metadata = Metadata::decode_from(compatibility::METADATA).unwrap();
        Runtime::new(H256::repeat_byte(1), version, 1, metadata.arc()).unwrap()
    }

    #[test]
    fn constants_are_read_whole_or_refused() {
        let runtime = expected_runtime();
        let deposit: u128 = runtime.constant("Balances", "ExistentialDeposit").unwrap();
        assert!(deposit > 0);
        let unknown = runtime.constant::<u128>("Balances", "Nothing");
        assert!(matches!(unknown, Err(ClientError::Undecodable { .. })));
    }
}
