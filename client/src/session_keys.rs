//! New session keys for a validator, made in the keystore of its own node.

use crate::{Client, ClientError, connection::refusal};
use codec::Encode;
use ergon_primitives::AccountId;
use serde::Deserialize;
use std::time::Duration;
use subxt::rpcs::{self, RpcClient, client::rpc_params};
use tokio::time::timeout;

/// The request. Nodes answer it only to who is trusted: on their own machine, or with
/// `--rpc-methods unsafe`.
const METHOD: &str = "author_rotateKeysWithOwner";

/// How long connecting and answering may take together.
const PATIENCE: Duration = Duration::from_secs(30);

/// Public session keys, and the proof for their owner that the node has the secret ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProvenKeys {
    /// The keys, encoded one after the other.
    pub keys: Vec<u8>,
    /// The proof, for one owner alone.
    pub proof: Vec<u8>,
}

/// The node's answer.
#[derive(Deserialize)]
struct Generated {
    keys: String,
    proof: Option<String>,
}

impl Client {
    /// Lets the node make new session keys in its keystore, for an owner who will register them. It
    /// is not asked twice, since it would make keys twice.
    pub async fn rotate_session_keys(&self, owner: &AccountId) -> Result<ProvenKeys, ClientError> {
        let owner = format!("0x{}", hex::encode(owner.encode()));
        let request = async {
            let node = RpcClient::from_insecure_url(self.url()).await?;
            node.request::<Generated>(METHOD, rpc_params![owner]).await
        };
        let answer = timeout(PATIENCE, request).await;
        let unreachable = |reason: String| ClientError::NodeUnreachable {
            url: self.url().to_owned(),
            reason,
        };
        match answer {
            Ok(Ok(generated)) => read(generated),
            Ok(Err(rpcs::Error::User(error))) => Err(refusal(METHOD, &error)),
            Ok(Err(error)) => Err(unreachable(error.to_string())),
            Err(_) => Err(unreachable("it does not answer requests".into())),
        }
    }
}

fn read(generated: Generated) -> Result<ProvenKeys, ClientError> {
    let bytes = |text: String| {
        let digits = text.strip_prefix("0x").unwrap_or(&text);
        hex::decode(digits).map_err(|error| ClientError::undecodable(METHOD, error))
    };
    let proof = generated
        .proof
        .ok_or_else(|| ClientError::undecodable(METHOD, "the node proves nothing"))?;
    Ok(ProvenKeys {
        keys: bytes(generated.keys)?,
        proof: bytes(proof)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Result<ProvenKeys, ClientError> {
        read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn keys_come_with_a_proof() {
        let proven = answer(r#"{"keys":"0x0102","proof":"0x03"}"#).unwrap();
        assert_eq!((proven.keys, proven.proof), (vec![1, 2], vec![3]));
    }

    #[test]
    fn other_answers_are_errors() {
        for json in [
            r#"{"keys":"0x0102"}"#,
            r#"{"keys":"0x0102","proof":null}"#,
            r#"{"keys":"zz","proof":"0x03"}"#,
        ] {
            let error = answer(json).unwrap_err();
            assert!(error.to_string().contains(METHOD), "{error}");
        }
    }
}
