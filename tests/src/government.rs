//! Government by voters: referenda from the preimage to the enactment, and the calls of hubs and
//! validators.

use crate::rpc::{Key, Rpc};
use anyhow::{Context, Result, bail, ensure};
use codec::Compact;
use ergon_client::{
    At, Call, Client, Keypair, Receipt, TransactionError, TransactionQueue, Wait, calls,
    primitives::{AccountId, Balance, BlockNumber, ERG, HubRecord, PoolId, domain_hash},
};
use futures::future::try_join_all;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Who pays the deposits.
pub const PROPOSER: &str = "//Alice";
/// Who votes: accounts with more than half of all money, so that a decision is found at once.
pub const VOTERS: [&str; 7] = [
    "//Dave",
    "//Alice//stash",
    "//Bob//stash",
    "//Charlie//stash",
    "//Dave//stash",
    "//Eve//stash",
    "//Ferdie//stash",
];
/// What each of them votes with.
const STAKE: Balance = 999_000 * ERG;
/// Aye, and locked for one period after a decision that it won.
const AYE: u8 = 0b1000_0001;
/// How long a referendum may take until it is approved.
const DECISION: Duration = Duration::from_secs(120);

/// Whose word a referendum is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Track {
    /// Everybody's, about everything.
    Root,
    /// The judges' of hubs.
    Tribunal,
}

impl Track {
    /// The origin as the runtime encodes it: index of the pallet, index of the office.
    fn origin(self) -> (u8, u8) {
        match self {
            Self::Root => (0, 0),
            Self::Tribunal => (13, 2),
        }
    }
}

/// When what was decided is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enactment {
    /// As soon as the track allows.
    Soon,
    /// In this block, or as soon as the track allows.
    In(BlockNumber),
}

impl Enactment {
    fn encoded(self) -> (u8, BlockNumber) {
        match self {
            Self::In(block) => (0, block),
            Self::Soon => (1, 1),
        }
    }
}

/// How a referendum stands; the index of the variant in the runtime.
const ONGOING: u8 = 0;
const APPROVED: u8 = 1;

/// Sends a call of somebody.
pub async fn submit(
    client: &Client,
    key: &str,
    call: Call,
    wait: Wait,
) -> Result<Receipt, TransactionError> {
    let keypair = Keypair::from_suri(key).expect("well-known keys are good");
    submit_by(client, keypair, call, wait).await
}

/// The same with any key.
pub async fn submit_by(
    client: &Client,
    key: Keypair,
    call: Call,
    wait: Wait,
) -> Result<Receipt, TransactionError> {
    TransactionQueue::new(client.clone(), key)
        .submit(call, wait)
        .await
}

/// Sends a call that must be refused by this pallet with this error.
pub async fn ensure_refused(
    client: &Client,
    key: &str,
    call: Call,
    (pallet, error): (&str, &str),
) -> Result<()> {
    let name = call.to_string();
    match submit(client, key, call, Wait::InBlock).await {
        Err(TransactionError::Refused {
            pallet: refused_by,
            error: reason,
            ..
        }) if refused_by == pallet && reason == error => Ok(()),
        Err(other) => bail!("{name} was to be refused with {pallet}.{error}, not: {other}"),
        Ok(_) => bail!("{name} was to be refused with {pallet}.{error}"),
    }
}

/// Takes a call from its preimage to the approval; the referendum's number.
pub async fn decide(
    client: &Client,
    rpc: &Rpc,
    track: Track,
    call: &Call,
    enactment: Enactment,
) -> Result<u32> {
    let count = Key::value("Referenda", "ReferendumCount");
    let index = rpc.stored(&count).await?.unwrap_or(0u32);
    let content = client.at(At::Best).await?.call_data(call)?;
    let proposal = vec![
        Call::new("Preimage", "note_preimage", &content),
        propose(track, &content, enactment)?,
        Call::new("Referenda", "place_decision_deposit", index),
    ];
    let proposal = calls::utility::batch_all(proposal);
    submit(client, PROPOSER, proposal, Wait::InBlock).await?;
    try_join_all(VOTERS.map(|voter| submit(client, voter, vote(index), Wait::InBlock))).await?;
    wait_for_approval(rpc, index).await?;
    Ok(index)
}

fn propose(track: Track, content: &[u8], enactment: Enactment) -> Result<Call> {
    const LOOKUP: u8 = 2;
    let length = u32::try_from(content.len())?;
    let preimage = (LOOKUP, H256(blake2_256(content)), length);
    let arguments = (track.origin(), preimage, enactment.encoded());
    Ok(Call::new("Referenda", "submit", arguments))
}

fn vote(referendum: u32) -> Call {
    const STANDARD: u8 = 0;
    let arguments = (Compact(referendum), STANDARD, AYE, STAKE);
    Call::new("ConvictionVoting", "vote", arguments)
}

async fn wait_for_approval(rpc: &Rpc, index: u32) -> Result<()> {
    let key = Key::blake2("Referenda", "ReferendumInfoFor", &index);
    let end = Instant::now() + DECISION;
    loop {
        match rpc.stored::<u8>(&key).await? {
            Some(APPROVED) => return Ok(()),
            Some(ONGOING) | None => ensure!(
                Instant::now() < end,
                "referendum {index} is not decided after {} s",
                DECISION.as_secs()
            ),
            Some(other) => bail!("referendum {index} ended with status {other}"),
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// Calls of hubs.
pub mod hubs {
    use super::*;

    const PALLET: &str = "HubWallet";

    /// Makes a hub.
    pub fn create(record: &HubRecord) -> Call {
        Call::new(PALLET, "create", record)
    }

    /// Puts the hub on the whitelist.
    pub fn register() -> Call {
        Call::new(PALLET, "register", ())
    }

    /// Lets the hub pay somebody.
    pub fn pay(to: &AccountId, amount: Balance) -> Call {
        Call::new(PALLET, "pay", (to, amount))
    }

    /// Takes what the hub approved to the caller.
    pub fn pull(hub: &AccountId) -> Call {
        Call::new(PALLET, "pull", hub)
    }

    /// Takes what is free of an idle hub.
    pub fn withdraw() -> Call {
        Call::new(PALLET, "withdraw", ())
    }

    /// Accuses a hub.
    pub fn suspect(hub: &AccountId, document: H256) -> Call {
        Call::new(PALLET, "suspect", (hub, document))
    }

    /// Ends a suspicion.
    pub fn rehabilitate(hub: &AccountId) -> Call {
        Call::new(PALLET, "rehabilitate", hub)
    }

    /// Condemns a hub.
    pub fn ban(hub: &AccountId) -> Call {
        Call::new(PALLET, "ban", hub)
    }

    /// Gives expropriated money to the treasury.
    pub fn release_quarantine(id: u64) -> Call {
        Call::new(PALLET, "release_quarantine", id)
    }

    /// Binds a pool to the caller's hub.
    pub fn bind_pool(pool: PoolId) -> Call {
        Call::new(PALLET, "bind_pool", pool)
    }

    /// A hub's wallet.
    pub fn wallet(hub: &AccountId) -> AccountId {
        AccountId::new(domain_hash("ergon/hub", hub).0)
    }
}

/// Calls of validators.
pub mod validators {
    use super::*;
    use crate::processes::program;
    use ergon_client::account_to_ss58;
    use std::process::Command;

    /// Registers the session keys that a node has which was started with the name of a well-known
    /// account. Keys and proof are what `ergon-node session-keys` prints.
    pub fn set_keys(owner: &AccountId, seed: &str) -> Result<Call> {
        let output = Command::new(program("ergon-node")?)
            .args(["session-keys", "--seed", seed, "--owner"])
            .arg(account_to_ss58(owner))
            .output()?;
        ensure!(output.status.success(), "{output:?}");
        let report = String::from_utf8(output.stdout)?;
        let keys: [u8; 64] = field(&report, "keys")?
            .try_into()
            .ok()
            .context("session keys have 64 bytes")?;
        Ok(Call::new(
            "Session",
            "set_keys",
            (keys, field(&report, "proof")?),
        ))
    }

    fn field(report: &str, name: &str) -> Result<Vec<u8>> {
        let mut lines = report.lines().filter_map(|line| line.split_once(':'));
        let (_, text) = lines
            .find(|(label, _)| *label == name)
            .with_context(|| format!("session-keys prints {name}"))?;
        Ok(hex::decode(text.trim().trim_start_matches("0x"))?)
    }

    /// Bonds money to become a validator.
    pub fn register_candidate(bond: Balance) -> Call {
        Call::new("ValidatorSet", "register_candidate", bond)
    }

    /// Ends a candidacy.
    pub fn leave() -> Call {
        Call::new("ValidatorSet", "leave", ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    #[test]
    fn proposals_are_encoded_as_the_runtime_reads_them() {
        let call = propose(Track::Tribunal, b"call", Enactment::In(9)).expect("it is short");
        let expected = [
            vec![13, 2, 2],
            blake2_256(b"call").to_vec(),
            4u32.encode(),
            vec![0],
            9u32.encode(),
        ];
        assert_eq!(
            call,
            Call::new("Referenda", "submit", Raw(expected.concat()))
        );
        assert_eq!(call.name(), "submit");
    }

    /// Bytes that are encoded already.
    struct Raw(Vec<u8>);

    impl Encode for Raw {
        fn encode(&self) -> Vec<u8> {
            self.0.clone()
        }
    }
}
