//! Who takes part, and how they sign transactions.

use anyhow::Result;
use codec::{Compact, DecodeAll, Encode};
use ergon_primitives::{AccountId, Signature};
use ergon_runtime::{
    Address, RuntimeCall, SignedPayload, TransactionExtensions, UncheckedExtrinsic, VERSION,
    opaque::UncheckedExtrinsic as Transaction,
};
use sp_core::{H256, Pair, ed25519, sr25519};
use sp_runtime::{
    MultiSigner,
    generic::Era,
    traits::{IdentifyAccount, TransactionExtension},
};

/// What is signed beside a transaction's own bytes.
type Implicit = <TransactionExtensions as TransactionExtension<RuntimeCall>>::Implicit;

/// A secret key: people have sr25519 keys, machines ed25519 ones.
pub enum Key {
    /// Of a person.
    Person(sr25519::Pair),
    /// Of a worker machine.
    Machine(ed25519::Pair),
}

impl Key {
    fn person(path: &str) -> Result<Self> {
        Ok(Self::Person(sr25519::Pair::from_string(path, None)?))
    }

    fn machine(path: &str) -> Result<Self> {
        Ok(Self::Machine(ed25519::Pair::from_string(path, None)?))
    }

    /// The key's account.
    pub fn account(&self) -> AccountId {
        let signer: MultiSigner = match self {
            Self::Person(pair) => pair.public().into(),
            Self::Machine(pair) => pair.public().into(),
        };
        signer.into_account()
    }

    /// The key's signature over these bytes.
    pub fn sign(&self, message: &[u8]) -> Signature {
        match self {
            Self::Person(pair) => pair.sign(message).into(),
            Self::Machine(pair) => pair.sign(message).into(),
        }
    }
}

/// An account that sends transactions.
pub struct Signer {
    /// Its key.
    pub key: Key,
    /// Its account.
    pub account: AccountId,
    nonce: u32,
}

impl Signer {
    fn new(key: Key) -> Self {
        Self {
            account: key.account(),
            key,
            nonce: 0,
        }
    }

    /// Signs the account's next transaction.
    pub fn transaction(&mut self, genesis: H256, call: RuntimeCall) -> Result<Transaction> {
        let (extensions, implicit) = (extensions(self.nonce)?, implicit(genesis)?);
        let payload = SignedPayload::from_raw(call, extensions, implicit);
        self.nonce += 1;
        let signature = payload.using_encoded(|payload| self.key.sign(payload));
        let (call, extensions, _) = payload.deconstruct();
        let sender = Address::Id(self.account.clone());
        let transaction = UncheckedExtrinsic::new_signed(call, sender, signature, extensions);
        let bytes = transaction.encode();
        Ok(Transaction::try_from_encoded_extrinsic(&bytes)?)
    }
}

/// The extensions of a transaction that never expires and gives no tip. Decoded from what wallets
/// write, so that it does not matter which type stands behind a standard encoding.
fn extensions(nonce: u32) -> Result<TransactionExtensions> {
    let (tip, without_metadata_hash) = (Compact(0u128), 0u8);
    let bytes = (Era::Immortal, Compact(nonce), tip, without_metadata_hash).encode();
    Ok(TransactionExtensions::decode_all(&mut &bytes[..])?)
}

/// Versions, genesis, the block since which the transaction is valid, no metadata hash.
fn implicit(genesis: H256) -> Result<Implicit> {
    let (spec, transaction) = (VERSION.spec_version, VERSION.transaction_version);
    let bytes = (spec, transaction, genesis, genesis, None::<[u8; 32]>).encode();
    Ok(Implicit::decode_all(&mut &bytes[..])?)
}

/// A worker: its machine, and the owner of its bond.
pub struct Worker {
    /// The machine's key, which votes.
    pub machine: Signer,
    /// Who bonds and is paid.
    pub owner: Signer,
}

/// All who take part.
pub struct Actors {
    /// Provides the app.
    pub provider: Signer,
    /// Operates the pool and authorises its workers.
    pub operator: Signer,
    /// Asks, pays, and makes the deals.
    pub requester: Signer,
    /// The workers, in the order in which they vote.
    pub workers: Vec<Worker>,
}

impl Actors {
    /// The same keys each time, and as many workers as asked for.
    pub fn new(workers: u32) -> Result<Self> {
        let person = |path: &str| Key::person(path).map(Signer::new);
        let worker = |number: u32| {
            anyhow::Ok(Worker {
                machine: Signer::new(Key::machine(&format!("//Worker//{number}"))?),
                owner: person(&format!("//Owner//{number}"))?,
            })
        };
        Ok(Self {
            provider: person("//Provider")?,
            operator: person("//Operator")?,
            requester: person("//Requester")?,
            workers: (0..workers).map(worker).collect::<Result<_>>()?,
        })
    }

    /// All accounts.
    pub fn accounts(&self) -> Vec<AccountId> {
        let people = [&self.provider, &self.operator, &self.requester];
        let workers = self.workers.iter();
        let workers = workers.flat_map(|worker| [&worker.machine, &worker.owner]);
        let all = people.into_iter().chain(workers);
        all.map(|signer| signer.account.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_runtime::Runtime;
    use sp_runtime::{generic::Preamble, traits::Verify};

    #[test]
    fn keys_sign_for_their_accounts() {
        let actors = Actors::new(1).unwrap();
        for signer in [&actors.requester, &actors.workers[0].machine] {
            let signature = signer.key.sign(b"message");
            assert!(signature.verify(&b"message"[..], &signer.account));
            assert!(!signature.verify(&b"another"[..], &signer.account));
        }
        assert_eq!(actors.accounts().len(), 5);
    }

    #[test]
    fn a_transaction_carries_call_nonce_and_signature() {
        let mut actors = Actors::new(0).unwrap();
        let transaction = |signer: &mut Signer| {
            let call = RuntimeCall::Poco(pallet_poco::Call::<Runtime>::finalise {
                deal: H256::zero().into(),
                index: 7,
            });
            signer.transaction(H256::repeat_byte(1), call).unwrap()
        };
        let first = transaction(&mut actors.requester).encode();
        let second = transaction(&mut actors.requester).encode();
        assert_ne!(first, second);
        let nonces = [first, second].map(|bytes| {
            let transaction = UncheckedExtrinsic::decode_all(&mut &bytes[..]).unwrap();
            let Preamble::Signed(sender, _, extensions) = transaction.preamble else {
                panic!("it is signed");
            };
            assert_eq!(sender, Address::Id(actors.requester.account.clone()));
            extensions.encode()
        });
        // Immortal, nonce, no tip, no metadata hash.
        assert_eq!(nonces, [vec![0u8, 0, 0, 0], vec![0u8, 4, 0, 0]]);
    }
}
