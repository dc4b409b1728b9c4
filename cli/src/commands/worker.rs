//! `ergon worker`: bonds of workers. The bond's owner signs; the worker key never does.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    table::{Card, Table},
    text::{Address, Hex, id},
};
use clap::{Args, Subcommand};
use codec::Decode;
use ergon_client::{
    Call, Scheme, View, calls,
    primitives::{AccountId, BlockNumber, Bond, PoolId, Score, Signature, possession_text},
    verify,
};
use serde::Serialize;
use sp_core::{H256, ed25519};
use std::io::{self, Write};

/// Bond workers and let them join pools.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Worker {
    /// Bond a worker: put stake behind its votes.
    #[command(after_help = "Example: ergon --key //Charlie worker bond 5F… 100 --proof 0x…")]
    Bond {
        /// Address of the worker's key.
        worker: String,
        /// The stake, in ERG.
        amount: Amount,
        /// Proof that you have the worker's key.
        #[command(flatten)]
        proof: Proof,
    },
    /// Add to a bond.
    #[command(after_help = "Example: ergon worker extra 5F… 50")]
    Extra {
        /// Address of the worker's key.
        worker: String,
        /// How much more, in ERG.
        amount: Amount,
    },
    /// Send a part of a bond on its way out; it can be withdrawn after the cool-down.
    #[command(after_help = "Example: ergon worker unbond 5F… 50")]
    Unbond {
        /// Address of the worker's key.
        worker: String,
        /// How much, in ERG.
        amount: Amount,
    },
    /// Take back what has been on its way out long enough.
    #[command(after_help = "Example: ergon worker withdraw 5F…")]
    Withdraw {
        /// Address of the worker's key.
        worker: String,
    },
    /// Let a worker join a pool.
    #[command(after_help = "Example: ergon --key //Charlie worker join 5F… 0x…")]
    Join {
        /// Address of the worker's key.
        worker: String,
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
    },
    /// Let a worker leave its pool.
    #[command(after_help = "Example: ergon worker leave 5F…")]
    Leave {
        /// Address of the worker's key.
        worker: String,
    },
    /// Give a bond another worker key.
    #[command(after_help = "Example: ergon worker set-key 5F… 5G… --worker-key new.json")]
    SetKey {
        /// Address of the present key.
        worker: String,
        /// Address of the new key.
        new: String,
        /// Proof that you have the new key.
        #[command(flatten)]
        proof: Proof,
    },
    /// Show a worker: stake, pool, score.
    #[command(after_help = "Example: ergon worker show 5F…")]
    Show {
        /// Address of the worker's key.
        worker: String,
    },
    /// List workers, of all pools or one.
    #[command(after_help = "Example: ergon worker list --pool 0x…")]
    List {
        /// Only workers of this pool.
        #[arg(long, value_name = "ID", value_parser = id::<PoolId>)]
        pool: Option<PoolId>,
    },
}

/// How possession of a worker key is shown.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
#[group(required = true, multiple = false)]
pub struct Proof {
    /// The proof that `ergon-worker proof` prints.
    #[arg(long, value_name = "HEX")]
    proof: Option<String>,
    /// The worker's key file, to make the proof here.
    #[arg(long, value_name = "FILE")]
    worker_key: Option<String>,
}

#[derive(Serialize)]
struct WorkerView {
    worker: Address,
    owner: Address,
    amount: Amount,
    locked: Amount,
    free: Amount,
    unbonding: Vec<UnbondingView>,
    pool: Option<Hex>,
    since: Option<BlockNumber>,
    score: Score,
}

#[derive(Serialize)]
struct UnbondingView {
    amount: Amount,
    until: BlockNumber,
}

impl WorkerView {
    fn new(worker: &AccountId, bond: &Bond, score: Score) -> Self {
        let unbonding = bond.unbonding.iter().map(|chunk| UnbondingView {
            amount: Amount(chunk.amount),
            until: chunk.until,
        });
        Self {
            worker: worker.into(),
            owner: Address::from(&bond.owner),
            amount: Amount(bond.amount),
            locked: Amount(bond.locked),
            free: Amount(bond.free()),
            unbonding: unbonding.collect(),
            pool: bond.membership.map(|membership| membership.pool.into()),
            since: bond.membership.map(|membership| membership.since),
            score,
        }
    }
}

impl Render for WorkerView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("worker", &self.worker)
            .line("owner", &self.owner)
            .line("stake", self.amount)
            .line("locked", self.locked)
            .line("free", self.free);
        let card = self.unbonding.iter().fold(card, |card, chunk| {
            card.line(
                "on its way out",
                format!("{} from block {}", chunk.amount, chunk.until),
            )
        });
        card.maybe("pool", self.pool)
            .maybe("joined in block", self.since)
            .line("score", self.score)
            .write(out)
    }
}

#[derive(Serialize)]
struct WorkerList {
    workers: Vec<WorkerView>,
}

impl Render for WorkerList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["WORKER", "OWNER", ">STAKE", ">LOCKED", ">SCORE", "POOL"]);
        for worker in &self.workers {
            table.row([
                worker.worker.to_string(),
                worker.owner.short(),
                worker.amount.to_string(),
                worker.locked.to_string(),
                worker.score.to_string(),
                worker.pool.map(|pool| pool.to_string()).unwrap_or_default(),
            ]);
        }
        table.write(out, "There are no workers; `ergon worker bond` bonds one.")
    }
}

/// Does what the command says.
pub async fn run(command: Worker, context: &Context) -> Result<Answer, CliError> {
    match command {
        Worker::Bond {
            worker,
            amount,
            proof,
        } => bond(context, &worker, amount, &proof).await,
        Worker::Extra { worker, amount } => {
            let worker = context.account(&worker)?;
            let call = calls::staking::bond_extra(&worker, amount.0);
            send(context, call, &format!("Add {amount} to the bond")).await
        }
        Worker::Unbond { worker, amount } => {
            let worker = context.account(&worker)?;
            let call = calls::staking::unbond(&worker, amount.0);
            send(context, call, &format!("Take {amount} out of the bond")).await
        }
        Worker::Withdraw { worker } => {
            let call = calls::staking::withdraw(&context.account(&worker)?);
            send(context, call, "Withdraw what is due").await
        }
        Worker::Join { worker, pool } => {
            let call = calls::staking::join(&context.account(&worker)?, pool);
            send(context, call, &format!("Join the pool {pool}")).await
        }
        Worker::Leave { worker } => {
            let call = calls::staking::leave(&context.account(&worker)?);
            send(context, call, "Leave the pool").await
        }
        Worker::SetKey { worker, new, proof } => set_key(context, &worker, &new, &proof).await,
        Worker::Show { worker } => show(context, &worker).await,
        Worker::List { pool } => list(context, pool).await,
    }
}

async fn bond(
    context: &Context,
    worker: &str,
    amount: Amount,
    proof: &Proof,
) -> Result<Answer, CliError> {
    let worker = context.account(worker)?;
    let proof = signature(context, &worker, proof).await?;
    let call = calls::staking::bond(&worker, amount.0, proof);
    let purpose = format!("Bond {} with {amount}", Address::from(&worker));
    send(context, call, &purpose).await
}

async fn set_key(
    context: &Context,
    worker: &str,
    new: &str,
    proof: &Proof,
) -> Result<Answer, CliError> {
    let (worker, new) = (context.account(worker)?, context.account(new)?);
    let proof = signature(context, &new, proof).await?;
    let call = calls::staking::set_worker_key(&worker, &new, proof);
    let purpose = format!("Replace the worker key by {}", Address::from(&new));
    send(context, call, &purpose).await
}

/// The proof of possession, checked here because a transaction with a wrong one costs its fee.
async fn signature(
    context: &Context,
    worker: &AccountId,
    proof: &Proof,
) -> Result<Signature, CliError> {
    let owner = context.own_account()?;
    let genesis = context.client().await?.genesis();
    let signature = match (&proof.proof, &proof.worker_key) {
        (Some(text), _) => read_proof(text)?,
        (None, Some(key)) => context
            .keys
            .resolve(key, Scheme::Ed25519)?
            .prove_possession(genesis, &owner),
        (None, None) => return Err(CliError::Usage("give --proof or --worker-key".into())),
    };
    check_proof(&signature, genesis, &owner, worker)?;
    Ok(signature)
}

fn check_proof(
    signature: &Signature,
    genesis: H256,
    owner: &AccountId,
    worker: &AccountId,
) -> Result<(), CliError> {
    let is_ed25519 = matches!(signature, Signature::Ed25519(_));
    let text = possession_text(genesis, owner);
    if is_ed25519 && verify(signature, text.as_bytes(), worker) {
        return Ok(());
    }
    Err(CliError::NotGenuine(format!(
        "the proof does not show that {} has the worker key {} on this chain; a proof is made \
         with the worker's ed25519 key, for one owner and one chain: `ergon-worker proof --owner {}`",
        Address::from(owner),
        Address::from(worker),
        Address::from(owner),
    )))
}

/// Reads a proof: an encoded signature of any scheme, or the 64 bytes of an ed25519 signature.
fn read_proof(text: &str) -> Result<Signature, CliError> {
    let wrong = || CliError::Usage("the proof is not what `ergon-worker proof` prints".into());
    let digits = text.trim();
    let bytes = hex::decode(digits.strip_prefix("0x").unwrap_or(digits)).map_err(|_| wrong())?;
    if let Ok(raw) = ed25519::Signature::try_from(bytes.as_slice()) {
        return Ok(Signature::Ed25519(raw));
    }
    let mut rest = bytes.as_slice();
    match Signature::decode(&mut rest) {
        Ok(signature) if rest.is_empty() => Ok(signature),
        _ => Err(wrong()),
    }
}

async fn show(context: &Context, worker: &str) -> Result<Answer, CliError> {
    let worker = context.account(worker)?;
    let view = context.view().await?;
    let bond = view
        .bond(&worker)
        .await?
        .ok_or_else(|| CliError::NotFound {
            what: "bond of the worker",
            id: Address::from(&worker).to_string(),
        })?;
    let score = view.score(&worker).await?;
    Ok(Answer::new(WorkerView::new(&worker, &bond, score)))
}

async fn list(context: &Context, pool: Option<PoolId>) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let mut workers = Vec::new();
    for (worker, bond) in bonds(&view, pool).await? {
        let score = view.score(&worker).await?;
        workers.push(WorkerView::new(&worker, &bond, score));
    }
    workers.sort_by(|one, other| one.worker.cmp(&other.worker));
    Ok(Answer::new(WorkerList { workers }))
}

async fn bonds(view: &View, pool: Option<PoolId>) -> Result<Vec<(AccountId, Bond)>, CliError> {
    let is_in = |bond: &Bond| {
        pool.is_none_or(|pool| {
            bond.membership
                .is_some_and(|membership| membership.pool == pool)
        })
    };
    let bonds = view.bonds().await?;
    Ok(bonds.into_iter().filter(|(_, bond)| is_in(bond)).collect())
}

async fn send(context: &Context, call: Call, purpose: &str) -> Result<Answer, CliError> {
    let receipt = context.send(call, purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use ergon_client::Keypair;

    fn key(name: &str, scheme: Scheme) -> Keypair {
        Keypair::from_suri_with(name, scheme).unwrap()
    }

    #[test]
    fn proofs_are_read_in_both_forms() {
        let owner = key("//Charlie", Scheme::Sr25519).account();
        let proof = key("//Worker", Scheme::Ed25519).prove_possession(H256::zero(), &owner);
        let encoded = hex::encode(proof.encode());
        for text in [
            format!("0x{encoded}"),
            encoded.clone(),
            encoded[2..].to_owned(),
        ] {
            assert_eq!(read_proof(&text).unwrap(), proof, "{text}");
        }
        for text in ["", "0x", "0x01", "zz", &format!("{encoded}00")] {
            assert!(
                matches!(read_proof(text), Err(CliError::Usage(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_proof_is_for_one_key_owner_and_chain() {
        let (worker, other) = (
            key("//Worker", Scheme::Ed25519),
            key("//Other", Scheme::Ed25519),
        );
        let owner = key("//Charlie", Scheme::Sr25519).account();
        let proof = worker.prove_possession(H256::zero(), &owner);
        let check = |genesis: H256, owner: &AccountId, worker: &AccountId| {
            check_proof(&proof, genesis, owner, worker).is_ok()
        };
        assert!(check(H256::zero(), &owner, &worker.account()));
        assert!(!check(H256::repeat_byte(1), &owner, &worker.account()));
        assert!(!check(H256::zero(), &worker.account(), &worker.account()));
        assert!(!check(H256::zero(), &owner, &other.account()));
    }

    #[test]
    fn a_worker_key_must_be_ed25519() {
        let worker = key("//Worker", Scheme::Sr25519);
        let owner = key("//Charlie", Scheme::Sr25519).account();
        let proof = worker.prove_possession(H256::zero(), &owner);
        assert!(check_proof(&proof, H256::zero(), &owner, &worker.account()).is_err());
    }
}
