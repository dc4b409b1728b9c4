//! Questions to a node that need no client: each on a connection of its own, so that the node may be
//! killed, frozen and started again in between.

use anyhow::{Context, Result};
use codec::{Decode, Encode};
use ergon_client::primitives::BlockNumber;
use serde_json::Value;
use sp_io::hashing::{blake2_128, twox_64, twox_128};
use std::time::Duration;
use subxt::rpcs::{
    RpcClient,
    client::{RpcParams, rpc_params},
};
use tokio::time::timeout;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// A block's place in a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

/// A node that is asked.
#[derive(Clone, Debug)]
pub struct Rpc {
    url: String,
}

impl Rpc {
    /// The node at this address.
    pub fn new(url: String) -> Self {
        Self { url }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks one question.
    pub async fn ask(&self, method: &str, parameters: RpcParams) -> Result<Value> {
        timeout(ANSWER, self.ask_patiently(method, parameters))
            .await
            .with_context(|| format!("{} does not answer {method} in time", self.url))?
    }

    async fn ask_patiently(&self, method: &str, parameters: RpcParams) -> Result<Value> {
        let node = RpcClient::from_insecure_url(&self.url).await?;
        Ok(node.request(method, parameters).await?)
    }

    /// Number of the best block.
    pub async fn best(&self) -> Result<BlockNumber> {
        number(&self.ask("chain_getHeader", rpc_params![]).await?)
    }

    /// The last final block.
    pub async fn finalised(&self) -> Result<Head> {
        let hash = self.ask("chain_getFinalizedHead", rpc_params![]).await?;
        let header = self.ask("chain_getHeader", rpc_params![&hash]).await?;
        Ok(Head {
            number: number(&header)?,
            hash: hash.as_str().context("a hash is a text")?.into(),
        })
    }

    /// Hash of the block with this number in the best chain, if there is one.
    pub async fn hash_of(&self, number: BlockNumber) -> Result<Option<String>> {
        let hash = self.ask("chain_getBlockHash", rpc_params![number]).await?;
        Ok(hash.as_str().map(str::to_owned))
    }

    /// What is finally stored at a key. Of a record it can be asked for the first fields alone.
    pub async fn stored<T: Decode>(&self, key: &Key) -> Result<Option<T>> {
        let block = self.finalised().await?.hash;
        let parameters = rpc_params![format!("0x{}", hex::encode(&key.0)), block];
        let stored = self.ask("state_getStorage", parameters).await?;
        let Some(text) = stored.as_str() else {
            return Ok(None);
        };
        let bytes = hex::decode(text.trim_start_matches("0x"))?;
        Ok(Some(T::decode(&mut bytes.as_slice())?))
    }
}

fn number(header: &Value) -> Result<BlockNumber> {
    let text = header["number"].as_str().context("a header has a number")?;
    Ok(BlockNumber::from_str_radix(
        text.trim_start_matches("0x"),
        16,
    )?)
}

/// Where something is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key(Vec<u8>);

impl Key {
    /// A single value of a pallet.
    pub fn value(pallet: &str, entry: &str) -> Self {
        Self([twox_128(pallet.as_bytes()), twox_128(entry.as_bytes())].concat())
    }

    /// An entry of a map that is hashed with BLAKE2-128.
    pub fn blake2(pallet: &str, entry: &str, key: &impl Encode) -> Self {
        let key = key.encode();
        Self::value(pallet, entry).then(&blake2_128(&key), &key)
    }

    /// An entry of a map that is hashed with XX-64.
    pub fn twox(pallet: &str, entry: &str, key: &impl Encode) -> Self {
        let key = key.encode();
        Self::value(pallet, entry).then(&twox_64(&key), &key)
    }

    fn then(mut self, digest: &[u8], key: &[u8]) -> Self {
        self.0.extend_from_slice(digest);
        self.0.extend_from_slice(key);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn headers_count_in_hexadecimal_digits() {
        assert_eq!(number(&json!({ "number": "0x1f" })).unwrap(), 31);
        assert!(number(&json!({})).is_err());
    }

    #[test]
    fn keys_are_where_substrate_keeps_things() {
        let known = "26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac";
        assert_eq!(hex::encode(Key::value("System", "Number").0), known);
        let entry = Key::blake2("System", "Account", &7u8).0;
        assert_eq!(entry.len(), 32 + 16 + 1);
        assert_eq!(Key::twox("System", "BlockHash", &7u32).0.len(), 32 + 8 + 4);
    }
}
