//! `ergon pool`: worker pools of the registry.

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    context::salt,
    table::{Card, Table},
    text::{Address, Hex, id, shown},
};
use clap::{ArgGroup, Subcommand};
use ergon_client::{
    Call, Event, Receipt, RegistryEvent, bounded,
    calls::{
        self,
        registry::{MAX_MEMBERS_PER_CALL, Members},
    },
    primitives::{
        Access, AccessListId, AccountId, MAX_DESCRIPTION, Pool as PoolRecord, PoolId, PoolPolicy,
        Scheduling, domain_hash,
    },
};
use serde::Serialize;
use std::io::{self, Write};

/// Register and manage worker pools.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Pool {
    /// Register a worker pool and make the list of those who may work in it.
    #[command(
        after_help = "Example: ergon --key //Bob pool create --description demo --worker //Charlie --parallelism 4",
        group = ArgGroup::new("admitted").args(["worker", "list"]).required(true)
    )]
    Create {
        /// What the pool is, at most 256 bytes.
        #[arg(long)]
        description: String,
        /// Owner of workers that may join; can be given several times.
        #[arg(long, value_name = "ACCOUNT")]
        worker: Vec<String>,
        /// An access list that exists, instead of a new one.
        #[arg(long, value_name = "ID", value_parser = id::<AccessListId>)]
        list: Option<AccessListId>,
        /// Share of the pool price that each vote locks, in percent, at most 100.
        #[arg(long, default_value_t = 30)]
        stake_ratio: u8,
        /// Share of the pool price that the operator keeps, in percent, at most 50.
        #[arg(long, default_value_t = 1)]
        reward_ratio: u8,
        /// How many tasks the pool works on at a time.
        #[arg(long, default_value_t = 1)]
        parallelism: u32,
    },
    /// List all pools.
    #[command(after_help = "Example: ergon pool list")]
    List,
    /// Show a pool: terms, who may join, who has joined.
    #[command(after_help = "Example: ergon pool show 0x…")]
    Show {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
    },
    /// Change a pool's terms for later deals.
    #[command(after_help = "Example: ergon pool update 0x… --parallelism 8")]
    Update {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
        /// Share of the pool price that each vote locks, in percent.
        #[arg(long)]
        stake_ratio: Option<u8>,
        /// Share of the pool price that the operator keeps, in percent.
        #[arg(long)]
        reward_ratio: Option<u8>,
        /// How many tasks the pool works on at a time.
        #[arg(long)]
        parallelism: Option<u32>,
        /// Another access list.
        #[arg(long, value_name = "ID", value_parser = id::<AccessListId>)]
        list: Option<AccessListId>,
    },
    /// Give a pool to another operator. Its old orders lose their force.
    #[command(after_help = "Example: ergon pool transfer 0x… //Eve")]
    Transfer {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
        /// The new operator.
        to: String,
    },
    /// Remove a pool and get its deposit back.
    #[command(after_help = "Example: ergon pool remove 0x…")]
    Remove {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
    },
    /// Let workers of more owners join a pool.
    #[command(after_help = "Example: ergon pool admit 0x… //Charlie //Eve")]
    Admit {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
        /// The owners.
        #[arg(required = true, value_name = "ACCOUNT")]
        accounts: Vec<String>,
    },
    /// Let workers of these owners join a pool no more; who is in it stays.
    #[command(after_help = "Example: ergon pool expel 0x… //Eve")]
    Expel {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
        /// The owners.
        #[arg(required = true, value_name = "ACCOUNT")]
        accounts: Vec<String>,
    },
}

#[derive(Serialize)]
struct PoolView {
    pool: Hex,
    description: String,
    operator: Address,
    stake_ratio: u8,
    reward_ratio: u8,
    parallelism: u32,
    list: Hex,
}

impl PoolView {
    fn new(id: PoolId, pool: &PoolRecord) -> Self {
        let PoolPolicy {
            worker_stake_ratio,
            operator_reward_ratio,
            parallelism,
            ..
        } = pool.policy;
        Self {
            pool: id.into(),
            description: shown(&pool.description),
            operator: Address::from(&pool.owner),
            stake_ratio: worker_stake_ratio,
            reward_ratio: operator_reward_ratio,
            parallelism,
            list: list_of(&pool.policy).into(),
        }
    }
}

#[derive(Serialize)]
struct PoolList {
    pools: Vec<PoolView>,
}

impl Render for PoolList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = [
            "POOL",
            "DESCRIPTION",
            "OPERATOR",
            ">STAKE",
            ">REWARD",
            ">PARALLEL",
        ];
        let mut table = Table::new(&header);
        for pool in &self.pools {
            table.row([
                pool.pool.to_string(),
                pool.description.clone(),
                pool.operator.short(),
                format!("{} %", pool.stake_ratio),
                format!("{} %", pool.reward_ratio),
                pool.parallelism.to_string(),
            ]);
        }
        table.write(
            out,
            "There are no pools; `ergon pool create` registers one.",
        )
    }
}

#[derive(Serialize)]
struct PoolDetails {
    #[serde(flatten)]
    pool: PoolView,
    admitted: Vec<Address>,
    workers: Vec<Address>,
}

impl Render for PoolDetails {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let pool = &self.pool;
        let card = Card::new()
            .line("pool", pool.pool)
            .line("description", &pool.description)
            .line("operator", &pool.operator)
            .line(
                "stake",
                format!("{} % of the pool price per vote", pool.stake_ratio),
            )
            .line(
                "reward",
                format!("{} % of the pool price for the operator", pool.reward_ratio),
            )
            .line("parallelism", pool.parallelism)
            .line("list", pool.list);
        let card = self
            .admitted
            .iter()
            .fold(card, |card, owner| card.line("admitted", owner));
        self.workers
            .iter()
            .fold(card, |card, worker| card.line("worker", worker))
            .write(out)
    }
}

#[derive(Serialize)]
struct Created {
    pool: Hex,
    list: Hex,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Created {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        self.sent
            .lines(Card::new().line("pool", self.pool).line("list", self.list))
            .write(out)
    }
}

/// Does what the command says.
pub async fn run(command: Pool, context: &Context) -> Result<Answer, CliError> {
    match command {
        Pool::Create {
            description,
            worker,
            list,
            stake_ratio,
            reward_ratio,
            parallelism,
        } => {
            let terms = |list| PoolPolicy {
                worker_stake_ratio: stake_ratio,
                operator_reward_ratio: reward_ratio,
                parallelism,
                access: Access::Private(list),
                scheduling: Scheduling::Open,
            };
            create(context, &description, list, &worker, terms).await
        }
        Pool::List => list_all(context).await,
        Pool::Show { pool } => show(context, pool).await,
        Pool::Update {
            pool,
            stake_ratio,
            reward_ratio,
            parallelism,
            list,
        } => {
            let change = |old: PoolPolicy| PoolPolicy {
                worker_stake_ratio: stake_ratio.unwrap_or(old.worker_stake_ratio),
                operator_reward_ratio: reward_ratio.unwrap_or(old.operator_reward_ratio),
                parallelism: parallelism.unwrap_or(old.parallelism),
                access: list.map_or(old.access, Access::Private),
                ..old
            };
            update(context, pool, change).await
        }
        Pool::Transfer { pool, to } => transfer(context, pool, &to).await,
        Pool::Remove { pool } => {
            let call = calls::registry::remove_pool(pool);
            send(context, call, &format!("Remove the pool {pool}")).await
        }
        Pool::Admit { pool, accounts } => {
            change_members(
                context,
                pool,
                &accounts,
                calls::registry::add_members,
                "Admit",
            )
            .await
        }
        Pool::Expel { pool, accounts } => {
            change_members(
                context,
                pool,
                &accounts,
                calls::registry::remove_members,
                "Expel",
            )
            .await
        }
    }
}

async fn create(
    context: &Context,
    description: &str,
    list: Option<AccessListId>,
    workers: &[String],
    terms: impl FnOnce(AccessListId) -> PoolPolicy,
) -> Result<Answer, CliError> {
    let bounded_description =
        bounded::<u8, MAX_DESCRIPTION>("description", description.as_bytes())?;
    let (list, mut steps) = match list {
        Some(list) => (list, Vec::new()),
        None => new_list(
            &context.own_account()?,
            salt(),
            &accounts(context, workers)?,
        )?,
    };
    steps.push(calls::registry::register_pool(
        bounded_description,
        terms(list),
    ));
    let receipt = context
        .send(together(steps), &format!("Create the pool `{description}`"))
        .await?;
    let pool = created_pool(&receipt).ok_or(CliError::Silent("which pool was created"))?;
    let (pool, list, sent) = (pool.into(), list.into(), Sent::from(&receipt));
    Ok(Answer::new(Created { pool, list, sent }))
}

/// The calls that make an access list, and its identifier, which follows from owner and salt.
fn new_list(
    owner: &AccountId,
    salt: sp_core::H256,
    members: &[AccountId],
) -> Result<(AccessListId, Vec<Call>), CliError> {
    let list = AccessListId(domain_hash("ergon/list", &(owner, salt)));
    let mut batches = member_batches(members)?.into_iter();
    let first = calls::registry::create_list(salt, batches.next().unwrap_or_default());
    let rest = batches.map(|members| calls::registry::add_members(list, members));
    Ok((list, std::iter::once(first).chain(rest).collect()))
}

/// The accounts in portions that fit one call each.
fn member_batches(members: &[AccountId]) -> Result<Vec<Members>, CliError> {
    let batches = members.chunks(MAX_MEMBERS_PER_CALL as usize);
    batches
        .map(|batch| bounded("list of accounts", batch).map_err(CliError::from))
        .collect()
}

/// One call as it is, several in one transaction.
fn together(mut calls: Vec<Call>) -> Call {
    match calls.pop() {
        Some(only) if calls.is_empty() => only,
        last => {
            calls.extend(last);
            calls::utility::batch_all(calls)
        }
    }
}

fn created_pool(receipt: &Receipt) -> Option<PoolId> {
    receipt.events.iter().find_map(|event| match event {
        Event::Registry(RegistryEvent::PoolRegistered { pool, .. }) => Some(*pool),
        _ => None,
    })
}

fn accounts(context: &Context, texts: &[String]) -> Result<Vec<AccountId>, CliError> {
    texts.iter().map(|text| context.account(text)).collect()
}

fn list_of(policy: &PoolPolicy) -> AccessListId {
    match policy.access {
        Access::Private(list) => list,
    }
}

async fn list_all(context: &Context) -> Result<Answer, CliError> {
    let mut pools = context.view().await?.pools().await?;
    pools.sort_by(|(_, one), (_, other)| one.description.cmp(&other.description));
    let pools = pools
        .iter()
        .map(|(id, pool)| PoolView::new(*id, pool))
        .collect();
    Ok(Answer::new(PoolList { pools }))
}

async fn show(context: &Context, id: PoolId) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let pool = context.pool(&view, id).await?;
    let addresses = |accounts: Vec<AccountId>| accounts.into_iter().map(Address).collect();
    Ok(Answer::new(PoolDetails {
        pool: PoolView::new(id, &pool),
        admitted: addresses(view.list_members(list_of(&pool.policy)).await?),
        workers: addresses(view.pool_members(id).await?),
    }))
}

async fn update(
    context: &Context,
    id: PoolId,
    change: impl FnOnce(PoolPolicy) -> PoolPolicy,
) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let old = context.pool(&view, id).await?.policy;
    let new = change(old);
    if new == old {
        return Err(CliError::Usage(
            "these are the pool's terms already: nothing to change".into(),
        ));
    }
    let call = calls::registry::update_pool(id, new);
    send(context, call, &format!("Change the terms of the pool {id}")).await
}

async fn transfer(context: &Context, pool: PoolId, to: &str) -> Result<Answer, CliError> {
    let to = context.account(to)?;
    let purpose = format!("Give the pool {pool} to {}", Address::from(&to));
    send(context, calls::registry::transfer_pool(pool, &to), &purpose).await
}

async fn change_members(
    context: &Context,
    pool: PoolId,
    texts: &[String],
    change: fn(AccessListId, Members) -> Call,
    verb: &str,
) -> Result<Answer, CliError> {
    let accounts = accounts(context, texts)?;
    let view = context.view().await?;
    let list = list_of(&context.pool(&view, pool).await?.policy);
    let batches = member_batches(&accounts)?;
    let calls = batches
        .into_iter()
        .map(|members| change(list, members))
        .collect();
    send(
        context,
        together(calls),
        &format!("{verb} {} account(s)", accounts.len()),
    )
    .await
}

async fn send(context: &Context, call: Call, purpose: &str) -> Result<Answer, CliError> {
    let receipt = context.send(call, purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    fn accounts(count: u8) -> Vec<AccountId> {
        (0..count)
            .map(|number| AccountId::new([number; 32]))
            .collect()
    }

    #[test]
    fn one_call_stays_alone() {
        let (list, calls) =
            new_list(&AccountId::new([9; 32]), H256::zero(), &accounts(64)).unwrap();
        assert_eq!(calls.len(), 1);
        assert_eq!(together(calls).name(), "create_list");
        assert_ne!(list.0, H256::zero());
    }

    #[test]
    fn long_lists_are_filled_in_one_transaction() {
        let (_, calls) = new_list(&AccountId::new([9; 32]), H256::zero(), &accounts(130)).unwrap();
        let names: Vec<_> = calls.iter().map(Call::name).collect();
        assert_eq!(names, ["create_list", "add_members", "add_members"]);
        let text = together(calls).to_string();
        assert!(
            text.starts_with("Utility.batch_all [Registry.create_list"),
            "{text}"
        );
    }

    #[test]
    fn lists_of_different_owners_or_salts_differ() {
        let id = |owner: u8, salt: u8| {
            let owner = AccountId::new([owner; 32]);
            new_list(&owner, H256::repeat_byte(salt), &[]).unwrap().0
        };
        assert_ne!(id(1, 1), id(2, 1));
        assert_ne!(id(1, 1), id(1, 2));
        assert_eq!(id(1, 1), id(1, 1));
    }
}
