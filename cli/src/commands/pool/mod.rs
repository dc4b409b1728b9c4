//! `ergon pool`: worker pools of the registry.

mod view;

pub(super) use view::scheduling_name;

use super::list;
use crate::{
    CliError, Context,
    answer::{Answer, Sent},
    context::salt,
    text::{Address, Hex, id},
};
use clap::{ArgGroup, Subcommand, ValueEnum, value_parser};
use ergon_client::{
    Call, Event, Receipt, RegistryEvent, bounded, calls,
    primitives::{
        Access, AccessListId, AccountId, MAX_DESCRIPTION, PoolId, PoolPolicy, Scheduling,
    },
};
use std::str::FromStr;
use view::{Created, PoolDetails, PoolList, PoolView, list_of};

/// Register and manage worker pools.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Pool {
    /// Register a worker pool and make the list of those who may work in it.
    #[command(
        visible_alias = "register",
        after_help = "Example: ergon --key //Bob pool create --description demo --worker //Charlie --parallelism 4",
        group = ArgGroup::new("admitted").args(["worker", "access"]).required(true)
    )]
    Create {
        /// What the pool is, at most 256 bytes.
        #[arg(long)]
        description: String,
        /// Owner of workers that may join; can be given several times.
        #[arg(long, value_name = "ACCOUNT")]
        worker: Vec<String>,
        /// Who may join, instead of a new list: public, or the id of an access list.
        #[arg(long, visible_alias = "list", value_name = "public|ID")]
        access: Option<AccessText>,
        /// The key that says which worker contributes to what; without it, the operator's.
        #[arg(long, value_name = "ACCOUNT")]
        authoriser: Option<String>,
        /// Who decides which worker contributes: open (every member may) or authorised (the
        /// authoriser says so). Without it, open in a private pool and authorised in a public one.
        #[arg(long, value_name = "HOW", value_enum)]
        scheduling: Option<SchedulingText>,
        /// Share of the pool price that each vote locks, in percent, at most 100.
        #[arg(
            long,
            default_value_t = 30,
            value_name = "PERCENT",
            value_parser = value_parser!(u8).range(0..=100)
        )]
        stake_ratio: u8,
        /// Share of the pool price that the operator keeps, in percent, at most 50.
        #[arg(
            long,
            default_value_t = 1,
            value_name = "PERCENT",
            value_parser = value_parser!(u8).range(0..=50)
        )]
        reward_ratio: u8,
        /// How many tasks the pool works on at a time.
        #[arg(
            long,
            default_value_t = 1,
            value_name = "N",
            value_parser = value_parser!(u32).range(1..)
        )]
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
        /// Share of the pool price that each vote locks, in percent, at most 100.
        #[arg(long, value_name = "PERCENT", value_parser = value_parser!(u8).range(0..=100))]
        stake_ratio: Option<u8>,
        /// Share of the pool price that the operator keeps, in percent, at most 50.
        #[arg(long, value_name = "PERCENT", value_parser = value_parser!(u8).range(0..=50))]
        reward_ratio: Option<u8>,
        /// How many tasks the pool works on at a time.
        #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
        parallelism: Option<u32>,
        /// Who may join: public, or the id of an access list.
        #[arg(long, visible_alias = "list", value_name = "public|ID")]
        access: Option<AccessText>,
        /// Who decides which worker contributes: open or authorised.
        #[arg(long, value_name = "HOW", value_enum)]
        scheduling: Option<SchedulingText>,
    },
    /// Replace the key that authorises contributions to a pool.
    #[command(after_help = "Example: ergon --key //Bob pool set-authoriser 0x… //Eve")]
    SetAuthoriser {
        /// The pool.
        #[arg(value_parser = id::<PoolId>)]
        pool: PoolId,
        /// The account of the new key.
        authoriser: String,
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

/// Who may join a pool, as it is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AccessText(Access);

impl FromStr for AccessText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "public" {
            return Ok(Self(Access::Public));
        }
        let list =
            id(text).map_err(|error| format!("write public or the id of a list: {error}"))?;
        Ok(Self(Access::Private(list)))
    }
}

/// Who decides which worker contributes, as it is typed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchedulingText {
    /// Every member may contribute to every task.
    Open,
    /// The authoriser says which member may contribute to which tasks.
    Authorised,
}

impl From<SchedulingText> for Scheduling {
    fn from(text: SchedulingText) -> Self {
        match text {
            SchedulingText::Open => Self::Open,
            SchedulingText::Authorised => Self::Authorised,
        }
    }
}

/// Does what the command says.
pub async fn run(command: Pool, context: &Context) -> Result<Answer, CliError> {
    match command {
        Pool::Create {
            description,
            worker,
            access,
            authoriser,
            scheduling,
            stake_ratio,
            reward_ratio,
            parallelism,
        } => {
            let terms = |access| PoolPolicy {
                worker_stake_ratio: stake_ratio,
                operator_reward_ratio: reward_ratio,
                parallelism,
                access,
                scheduling: scheduling.map_or(usual_scheduling(access), Scheduling::from),
            };
            let authoriser = match authoriser {
                Some(text) => context.account(&text)?,
                None => context.own_account()?,
            };
            let access = access.map(|AccessText(access)| access);
            create(context, &description, &authoriser, access, &worker, terms).await
        }
        Pool::List => list_all(context).await,
        Pool::Show { pool } => show(context, pool).await,
        Pool::Update {
            pool,
            stake_ratio,
            reward_ratio,
            parallelism,
            access,
            scheduling,
        } => {
            let change = |old: PoolPolicy| PoolPolicy {
                worker_stake_ratio: stake_ratio.unwrap_or(old.worker_stake_ratio),
                operator_reward_ratio: reward_ratio.unwrap_or(old.operator_reward_ratio),
                parallelism: parallelism.unwrap_or(old.parallelism),
                access: access.map_or(old.access, |AccessText(access)| access),
                scheduling: scheduling.map_or(old.scheduling, Scheduling::from),
            };
            update(context, pool, change).await
        }
        Pool::SetAuthoriser { pool, authoriser } => {
            let authoriser = context.account(&authoriser)?;
            let call = calls::registry::set_authoriser(pool, &authoriser);
            let whom = Address(authoriser);
            send(
                context,
                call,
                &format!("Let {whom} authorise for the pool {pool}"),
            )
            .await
        }
        Pool::Transfer { pool, to } => transfer(context, pool, &to).await,
        Pool::Remove { pool } => {
            let call = calls::registry::remove_pool(pool);
            send(context, call, &format!("Remove the pool {pool}")).await
        }
        Pool::Admit { pool, accounts } => {
            let list = private_list(context, pool).await?;
            list::change(
                context,
                list,
                &accounts,
                calls::registry::add_members,
                "Admit",
            )
            .await
        }
        Pool::Expel { pool, accounts } => {
            let list = private_list(context, pool).await?;
            let remove = calls::registry::remove_members;
            list::change(context, list, &accounts, remove, "Expel").await
        }
    }
}

async fn create(
    context: &Context,
    description: &str,
    authoriser: &AccountId,
    access: Option<Access>,
    workers: &[String],
    terms: impl FnOnce(Access) -> PoolPolicy,
) -> Result<Answer, CliError> {
    let bounded_description =
        bounded::<u8, MAX_DESCRIPTION>("description", description.as_bytes())?;
    let (access, mut steps) = match access {
        Some(access) => (access, Vec::new()),
        None => {
            let members = list::accounts(context, workers)?;
            let (list, steps) = list::new_list(&context.own_account()?, salt(), &members)?;
            (Access::Private(list), steps)
        }
    };
    let policy = terms(access);
    ensure_sound(&policy)?;
    steps.push(calls::registry::register_pool(
        bounded_description,
        authoriser,
        policy,
    ));
    let purpose = format!("Create the pool `{description}`");
    let receipt = context.send(list::together(steps), &purpose).await?;
    let pool = created_pool(&receipt).ok_or(CliError::Silent("which pool was created"))?;
    Ok(Answer::new(Created {
        pool: pool.into(),
        list: list_of(&policy).map(Hex::from),
        sent: Sent::from(&receipt),
    }))
}

/// Strangers may only work where somebody says who does what.
fn usual_scheduling(access: Access) -> Scheduling {
    match access {
        Access::Public => Scheduling::Authorised,
        Access::Private(_) => Scheduling::Open,
    }
}

fn ensure_sound(policy: &PoolPolicy) -> Result<(), CliError> {
    match (policy.access, policy.scheduling) {
        (Access::Public, Scheduling::Open) => Err(CliError::Usage(
            "a pool that is public and open would let fresh accounts outvote honest ones for \
             nothing: give --scheduling authorised, or --access with a list"
                .into(),
        )),
        _ => Ok(()),
    }
}

fn created_pool(receipt: &Receipt) -> Option<PoolId> {
    receipt.events.iter().find_map(|event| match event {
        Event::Registry(RegistryEvent::PoolRegistered { pool, .. }) => Some(*pool),
        _ => None,
    })
}

/// The list of a private pool.
async fn private_list(context: &Context, pool: PoolId) -> Result<AccessListId, CliError> {
    let view = context.view().await?;
    let list = list_of(&context.pool(&view, pool).await?.policy);
    list.ok_or_else(|| {
        CliError::Usage(format!(
            "the pool {pool} is public: every owner of a bonded worker may join it"
        ))
    })
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
    let admitted = match list_of(&pool.policy) {
        Some(list) => view.list_members(list).await?,
        None => Vec::new(),
    };
    Ok(Answer::new(PoolDetails {
        pool: PoolView::new(id, &pool),
        admitted: addresses(admitted),
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
    ensure_sound(&new)?;
    let call = calls::registry::update_pool(id, new);
    send(context, call, &format!("Change the terms of the pool {id}")).await
}

async fn transfer(context: &Context, pool: PoolId, to: &str) -> Result<Answer, CliError> {
    let to = context.account(to)?;
    let purpose = format!("Give the pool {pool} to {}", Address::from(&to));
    send(context, calls::registry::transfer_pool(pool, &to), &purpose).await
}

async fn send(context: &Context, call: Call, purpose: &str) -> Result<Answer, CliError> {
    let receipt = context.send(call, purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    #[test]
    fn access_is_public_or_a_list() {
        let id = format!("0x{}", "ab".repeat(32));
        let list = Access::Private(AccessListId(H256::repeat_byte(0xab)));
        assert_eq!("public".parse(), Ok(AccessText(Access::Public)));
        assert_eq!(id.parse(), Ok(AccessText(list)));
        let error = "private".parse::<AccessText>().unwrap_err();
        assert!(error.contains("public or the id"), "{error}");
    }

    #[test]
    fn a_public_pool_needs_an_authoriser() {
        let list = Access::Private(AccessListId(H256::zero()));
        assert_eq!(usual_scheduling(Access::Public), Scheduling::Authorised);
        assert_eq!(usual_scheduling(list), Scheduling::Open);
        let policy = |access, scheduling| PoolPolicy {
            worker_stake_ratio: 30,
            operator_reward_ratio: 1,
            parallelism: 4,
            access,
            scheduling,
        };
        assert!(ensure_sound(&policy(list, Scheduling::Open)).is_ok());
        assert!(ensure_sound(&policy(Access::Public, Scheduling::Authorised)).is_ok());
        assert!(ensure_sound(&policy(Access::Public, Scheduling::Open)).is_err());
    }
}
