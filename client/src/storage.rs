//! Keys of storage entries, as the runtime's metadata describes them, and the values below them.

use crate::{ClientError, connection::Connection};
use codec::{Decode, Encode};
use sp_core::H256;
use sp_io::hashing::{blake2_128, blake2_256, twox_64, twox_128, twox_256};
use subxt::{Metadata, ext::frame_decode::storage::StorageHasher};

/// How many entries one request asks for.
const PAGE: u32 = 256;

/// Key of a storage entry or, when fewer parts are given than the entry has, the prefix of all
/// entries that begin with these parts.
pub(crate) fn key(
    metadata: &Metadata,
    pallet: &str,
    entry: &str,
    parts: &[Vec<u8>],
) -> Result<Vec<u8>, ClientError> {
    let hashers = hashers(metadata, pallet, entry)?;
    if parts.len() > hashers.len() {
        return Err(ClientError::unencodable(
            format!("a key of {pallet}.{entry}"),
            format!("it has {} parts, not {}", hashers.len(), parts.len()),
        ));
    }
    let mut key = twox_128(pallet.as_bytes()).to_vec();
    key.extend(twox_128(entry.as_bytes()));
    for (hasher, part) in hashers.into_iter().zip(parts) {
        hash_into(hasher, part, &mut key);
    }
    Ok(key)
}

/// The last part of an entry's full key.
pub(crate) fn last_part<T: Decode>(
    metadata: &Metadata,
    pallet: &str,
    entry: &str,
    prefix: &[u8],
    key: &[u8],
) -> Result<T, ClientError> {
    let what = || format!("a key of {pallet}.{entry}");
    let hasher = hashers(metadata, pallet, entry)?
        .last()
        .copied()
        .ok_or_else(|| ClientError::undecodable(what(), "it has no parts"))?;
    let mut rest = key
        .strip_prefix(prefix)
        .and_then(|rest| rest.get(digest_length(hasher)?..))
        .ok_or_else(|| ClientError::undecodable(what(), "it cannot be taken apart"))?;
    T::decode(&mut rest).map_err(|error| ClientError::undecodable(what(), error))
}

fn hashers(
    metadata: &Metadata,
    pallet: &str,
    entry: &str,
) -> Result<Vec<StorageHasher>, ClientError> {
    let entry_metadata = metadata
        .pallet_by_name(pallet)
        .and_then(|pallet| pallet.storage())
        .and_then(|storage| storage.entry_by_name(entry))
        .ok_or_else(|| {
            ClientError::undecodable(format!("{pallet}.{entry}"), "the runtime has no such entry")
        })?;
    Ok(entry_metadata.keys().map(|key| key.hasher).collect())
}

fn hash_into(hasher: StorageHasher, part: &[u8], key: &mut Vec<u8>) {
    match hasher {
        StorageHasher::Blake2_128 => key.extend(blake2_128(part)),
        StorageHasher::Blake2_256 => key.extend(blake2_256(part)),
        StorageHasher::Twox128 => key.extend(twox_128(part)),
        StorageHasher::Twox256 => key.extend(twox_256(part)),
        StorageHasher::Blake2_128Concat => {
            key.extend(blake2_128(part));
            key.extend(part);
        }
        StorageHasher::Twox64Concat => {
            key.extend(twox_64(part));
            key.extend(part);
        }
        StorageHasher::Identity => key.extend(part),
    }
}

/// Bytes before the part itself, for hashers that keep the part.
fn digest_length(hasher: StorageHasher) -> Option<usize> {
    match hasher {
        StorageHasher::Blake2_128Concat => Some(16),
        StorageHasher::Twox64Concat => Some(8),
        StorageHasher::Identity => Some(0),
        StorageHasher::Blake2_128
        | StorageHasher::Blake2_256
        | StorageHasher::Twox128
        | StorageHasher::Twox256 => None,
    }
}

/// Encodes one part of a key.
pub(crate) fn part(part: &impl Encode) -> Vec<u8> {
    part.encode()
}

/// Reads a value whole: bytes that are left over are an error.
pub(crate) fn decode<T: Decode>(what: &str, mut bytes: &[u8]) -> Result<T, ClientError> {
    let value = T::decode(&mut bytes).map_err(|error| ClientError::undecodable(what, error))?;
    if bytes.is_empty() {
        Ok(value)
    } else {
        Err(ClientError::undecodable(
            what,
            format!("{} bytes are left over", bytes.len()),
        ))
    }
}

/// The value at a key.
pub(crate) async fn fetch(
    connection: &Connection,
    key: &[u8],
    block: H256,
) -> Result<Option<Vec<u8>>, ClientError> {
    connection
        .ask("state_getStorage", |methods| async move {
            methods.state_get_storage(key, Some(block)).await
        })
        .await
}

/// The values at many keys, in the order of the keys, in few requests.
pub(crate) async fn fetch_many(
    connection: &Connection,
    keys: &[Vec<u8>],
    block: H256,
) -> Result<Vec<Option<Vec<u8>>>, ClientError> {
    let mut values = Vec::with_capacity(keys.len());
    for page in keys.chunks(PAGE as usize) {
        let changes = connection
            .ask("state_queryStorageAt", |methods| async move {
                let keys: Vec<&[u8]> = page.iter().map(Vec::as_slice).collect();
                methods.state_query_storage_at(keys, Some(block)).await
            })
            .await?;
        let found: std::collections::HashMap<Vec<u8>, Vec<u8>> = changes
            .into_iter()
            .flat_map(|set| set.changes)
            .filter_map(|(key, value)| Some((key.0, value?.0)))
            .collect();
        values.extend(page.iter().map(|key| found.get(key).cloned()));
    }
    Ok(values)
}

/// All keys that begin with a prefix, in their order.
pub(crate) async fn keys_below(
    connection: &Connection,
    prefix: &[u8],
    block: H256,
) -> Result<Vec<Vec<u8>>, ClientError> {
    let mut keys: Vec<Vec<u8>> = Vec::new();
    loop {
        let after = keys.last().cloned();
        let after = after.as_deref();
        let page = connection
            .ask("state_getKeysPaged", |methods| async move {
                methods
                    .state_get_keys_paged(prefix, PAGE, after, Some(block))
                    .await
            })
            .await?;
        let complete = page.len() < PAGE as usize;
        keys.extend(page);
        if complete {
            return Ok(keys);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compatibility::EXPECTED;
    use ergon_primitives::{AccountId, DealId};

    fn metadata() -> &'static Metadata {
        &EXPECTED.as_ref().unwrap().metadata
    }

    #[test]
    fn keys_have_the_well_known_form() {
        let alice = AccountId::new([7; 32]);
        let key = key(metadata(), "System", "Account", &[part(&alice)]).unwrap();
        let prefix = "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9";
        assert_eq!(hex::encode(&key[..32]), prefix);
        assert_eq!(key[32..48], blake2_128(&[7; 32]));
        assert_eq!(key[48..], [7; 32]);
    }

    #[test]
    fn the_last_part_of_a_key_can_be_read_back() {
        let deal = DealId(H256::repeat_byte(3));
        let prefix = key(metadata(), "Poco", "TaskPages", &[part(&deal)]).unwrap();
        let full = key(
            metadata(),
            "Poco",
            "TaskPages",
            &[part(&deal), part(&42u32)],
        )
        .unwrap();
        let page: u32 = last_part(metadata(), "Poco", "TaskPages", &prefix, &full).unwrap();
        assert_eq!(page, 42);
    }

    #[test]
    fn wrong_keys_are_errors() {
        let too_many = key(metadata(), "Timestamp", "Now", &[part(&1u8)]);
        assert!(matches!(too_many, Err(ClientError::Unencodable { .. })));
        let unknown = key(metadata(), "Timestamp", "Then", &[]);
        assert!(matches!(unknown, Err(ClientError::Undecodable { .. })));
        let foreign = last_part::<u32>(metadata(), "Poco", "TaskPages", b"prefix", b"key");
        assert!(matches!(foreign, Err(ClientError::Undecodable { .. })));
    }

    #[test]
    fn left_over_bytes_are_an_error() {
        assert_eq!(decode::<u8>("x", &[1]).unwrap(), 1);
        let error = decode::<u8>("x", &[1, 2]).unwrap_err();
        assert!(
            error.to_string().contains("1 bytes are left over"),
            "{error}"
        );
    }
}
