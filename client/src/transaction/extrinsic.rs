//! Transactions as bytes.

use super::{LIFE, verdict::Lifetime};
use crate::{Call, Client, ClientError, Head, Keypair, keys::TransactionSigner, runtime::Runtime};
use codec::{Compact, Decode, Encode};
use ergon_primitives::{AccountId, Balance};
use sp_core::H256;
use sp_runtime::transaction_validity::{TransactionSource, TransactionValidity};
use std::sync::Arc;
use subxt::{
    config::{
        DefaultExtrinsicParamsBuilder,
        substrate::{AccountId32, SubstrateConfig},
    },
    ext::scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter, TypeResolver},
    tx::Payload,
};

/// How far behind the best block a transaction may be born, in blocks. When finality lags by more
/// than this, a transaction born in the last finalised block would have too short a life.
const LONGEST_LAG: u32 = 16;

/// A moment from which transactions can count their life.
#[derive(Clone)]
pub(crate) struct Birth {
    /// The block.
    pub(crate) block: Head,
    /// The runtime that transactions are for.
    pub(crate) runtime: Arc<Runtime>,
}

impl Birth {
    /// The present moment: the last finalised block, or one near the best block when finality lags.
    pub(crate) async fn now(client: &Client) -> Result<Self, ClientError> {
        let heads = client.heads().await?;
        let runtime = client.runtime_at(heads.best.hash).await?;
        let earliest = heads.best.number.saturating_sub(LONGEST_LAG);
        let block = if heads.finalised.number >= earliest {
            heads.finalised
        } else {
            Head {
                number: earliest,
                hash: client.hash_of(earliest).await?,
            }
        };
        Ok(Self { block, runtime })
    }
}

/// A signed transaction.
#[derive(Clone)]
pub(crate) struct Extrinsic {
    /// Its bytes, as they go over the wire.
    pub(crate) bytes: Vec<u8>,
    /// Its hash.
    pub(crate) hash: H256,
    /// How long it can come into the chain.
    pub(crate) life: Lifetime,
}

/// Arguments that are encoded already.
struct Encoded(Vec<u8>);

impl EncodeAsFields for Encoded {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _fields: &mut dyn FieldIter<'_, R::TypeId>,
        _types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend(&self.0);
        Ok(())
    }
}

/// A call as the transaction library wants it.
struct CallPayload<'a> {
    call: &'a Call,
    arguments: Encoded,
}

impl Payload for CallPayload<'_> {
    type CallData = Encoded;

    fn pallet_name(&self) -> &str {
        self.call.pallet()
    }

    fn call_name(&self) -> &str {
        self.call.name()
    }

    fn call_data(&self) -> &Encoded {
        &self.arguments
    }
}

/// Signs a call.
pub(crate) fn sign(
    call: &Call,
    keypair: &Keypair,
    nonce: u64,
    birth: &Birth,
) -> Result<Extrinsic, ClientError> {
    let unencodable =
        |error: subxt::error::ExtrinsicError| ClientError::unencodable(call.to_string(), error);
    let payload = CallPayload {
        call,
        arguments: Encoded(call.arguments(&birth.runtime.metadata)?),
    };
    let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
        .nonce(nonce)
        .mortal_from_unchecked(LIFE.into(), birth.block.number.into(), birth.block.hash)
        .build();
    let signed = birth
        .runtime
        .offline
        .tx()
        .create_signable_offline(&payload, params)
        .and_then(|mut signable| signable.sign(&TransactionSigner(keypair)))
        .map_err(unencodable)?;
    let born = birth.block.number;
    Ok(Extrinsic {
        hash: signed.hash(),
        bytes: signed.into_encoded(),
        life: Lifetime {
            nonce,
            born,
            dies: born.saturating_add(LIFE),
        },
    })
}

/// The account's next nonce, transactions in the node's pool included.
pub(crate) async fn next_nonce(client: &Client, account: &AccountId) -> Result<u64, ClientError> {
    let account = AccountId32::from(<[u8; 32]>::from(account.clone()));
    let account = &account;
    client
        .ask("system_accountNextIndex", |methods| async move {
            methods.system_account_next_index(account).await
        })
        .await
}

/// What the runtime at the best block thinks of a transaction.
pub(crate) async fn validity(
    client: &Client,
    bytes: &[u8],
) -> Result<TransactionValidity, ClientError> {
    let best = client.best().await?;
    let mut arguments = TransactionSource::External.encode();
    arguments.extend(bytes);
    arguments.extend(best.hash.encode());
    let function = "TaggedTransactionQueue_validate_transaction";
    let answer = client.call_runtime(function, arguments, best.hash).await?;
    TransactionValidity::decode(&mut answer.as_slice())
        .map_err(|error| ClientError::undecodable(function, error))
}

/// What a call would cost in fees now.
pub(crate) async fn estimate(
    client: &Client,
    call: &Call,
    keypair: &Keypair,
) -> Result<Balance, ClientError> {
    let birth = Birth::now(client).await?;
    let nonce = next_nonce(client, &keypair.account()).await?;
    let extrinsic = sign(call, keypair, nonce, &birth)?;
    let length = u32::try_from(extrinsic.bytes.len())
        .map_err(|error| ClientError::unencodable(call.to_string(), error))?;
    let mut arguments = extrinsic.bytes;
    arguments.extend(length.encode());
    let function = "TransactionPaymentApi_query_info";
    let answer = client
        .call_runtime(function, arguments, birth.block.hash)
        .await?;
    // Weight (time and proof size), class, fee.
    <(Compact<u64>, Compact<u64>, u8, Balance)>::decode(&mut answer.as_slice())
        .map(|(_, _, _, fee)| fee)
        .map_err(|error| ClientError::undecodable(function, error))
}

/// The bodies of a block's transactions.
pub(crate) async fn body(client: &Client, block: H256) -> Result<Vec<Vec<u8>>, ClientError> {
    let details = client
        .ask("chain_getBlock", |methods| async move {
            methods.chain_get_block(Some(block)).await
        })
        .await?
        .ok_or_else(|| ClientError::NoSuchBlock {
            block: format!("{block:?}"),
        })?;
    Ok(details
        .block
        .extrinsics
        .into_iter()
        .map(|bytes| bytes.0)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calls, runtime::tests::expected_runtime};

    fn birth() -> Birth {
        Birth {
            block: Head {
                number: 100,
                hash: H256::repeat_byte(2),
            },
            runtime: Arc::new(expected_runtime()),
        }
    }

    fn pair() -> Keypair {
        Keypair::from_suri("//Alice").unwrap()
    }

    #[test]
    fn a_transaction_lives_for_64_blocks_from_its_birth() {
        let call = calls::poco::claim(ergon_primitives::DealId(H256::zero()), 1);
        let extrinsic = sign(&call, &pair(), 7, &birth()).unwrap();
        assert_eq!(
            extrinsic.life,
            Lifetime {
                nonce: 7,
                born: 100,
                dies: 164
            }
        );
        assert_eq!(
            extrinsic.hash,
            H256(sp_io::hashing::blake2_256(&extrinsic.bytes))
        );
    }

    #[test]
    fn the_call_stands_at_the_end_of_the_transaction() {
        let call = calls::balances::transfer_keep_alive(&pair().account(), 5);
        let birth = birth();
        let extrinsic = sign(&call, &pair(), 0, &birth).unwrap();
        let encoded = call.encode_for(&birth.runtime.metadata).unwrap();
        assert!(extrinsic.bytes.ends_with(&encoded));
        let Compact(length) = Compact::<u32>::decode(&mut extrinsic.bytes.as_slice()).unwrap();
        let prefix = Compact(length).encode().len();
        assert_eq!(extrinsic.bytes.len(), prefix + length as usize);
    }

    #[test]
    fn the_same_call_with_another_nonce_is_another_transaction() {
        let call = calls::staking::leave(&pair().account());
        let birth = birth();
        let hash = |nonce| sign(&call, &pair(), nonce, &birth).unwrap().hash;
        assert_ne!(hash(0), hash(1));
    }
}
