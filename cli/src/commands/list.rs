//! `ergon list`: access lists of the registry.

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    context::salt,
    table::Card,
    text::{Address, Hex, id},
};
use clap::Subcommand;
use ergon_client::{
    Call, bounded,
    calls::{
        self,
        registry::{MAX_MEMBERS_PER_CALL, Members},
    },
    primitives::{AccessListId, AccountId, domain_hash},
};
use serde::Serialize;
use sp_core::H256;
use std::io::{self, Write};

/// Keep lists of accounts, to which pools and orders can be restricted.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum List {
    /// Make a list.
    #[command(after_help = "Example: ergon --key //Bob list create //Charlie //Eve")]
    Create {
        /// The first members.
        #[arg(value_name = "ACCOUNT")]
        accounts: Vec<String>,
    },
    /// Add accounts to a list.
    #[command(after_help = "Example: ergon --key //Bob list add 0x… //Ferdie")]
    Add {
        /// The list.
        #[arg(value_parser = id::<AccessListId>)]
        list: AccessListId,
        /// The accounts.
        #[arg(required = true, value_name = "ACCOUNT")]
        accounts: Vec<String>,
    },
    /// Take accounts off a list.
    #[command(after_help = "Example: ergon --key //Bob list remove 0x… //Eve")]
    Remove {
        /// The list.
        #[arg(value_parser = id::<AccessListId>)]
        list: AccessListId,
        /// The accounts.
        #[arg(required = true, value_name = "ACCOUNT")]
        accounts: Vec<String>,
    },
    /// Delete a list with its members and get its deposit back. Whatever is restricted to it admits
    /// nobody from then on.
    #[command(after_help = "Example: ergon --key //Bob list delete 0x…")]
    Delete {
        /// The list.
        #[arg(value_parser = id::<AccessListId>)]
        list: AccessListId,
    },
    /// Show a list: its owner and its members.
    #[command(after_help = "Example: ergon list show 0x…")]
    Show {
        /// The list.
        #[arg(value_parser = id::<AccessListId>)]
        list: AccessListId,
    },
}

#[derive(Serialize)]
struct Created {
    list: Hex,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Created {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        self.sent
            .lines(Card::new().line("list", self.list))
            .write(out)
    }
}

#[derive(Serialize)]
struct ListView {
    list: Hex,
    owner: Address,
    members: Vec<Address>,
}

impl Render for ListView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("list", self.list)
            .line("owner", &self.owner)
            .line("members", self.members.len());
        self.members
            .iter()
            .fold(card, |card, member| card.line("member", member))
            .write(out)
    }
}

/// Does what the command says.
pub async fn run(command: List, context: &Context) -> Result<Answer, CliError> {
    match command {
        List::Create { accounts } => create(context, &accounts).await,
        List::Add { list, accounts } => {
            change(
                context,
                list,
                &accounts,
                calls::registry::add_members,
                "Add",
            )
            .await
        }
        List::Remove { list, accounts } => {
            let change_by = calls::registry::remove_members;
            change(context, list, &accounts, change_by, "Remove").await
        }
        List::Delete { list } => delete(context, list).await,
        List::Show { list } => show(context, list).await,
    }
}

async fn create(context: &Context, texts: &[String]) -> Result<Answer, CliError> {
    let members = accounts(context, texts)?;
    let (list, steps) = new_list(&context.own_account()?, salt(), &members)?;
    let purpose = format!("Make a list of {} account(s)", members.len());
    let receipt = context.send(together(steps), &purpose).await?;
    let (list, sent) = (list.into(), Sent::from(&receipt));
    Ok(Answer::new(Created { list, sent }))
}

/// Adds accounts to a list or takes them off it.
pub(super) async fn change(
    context: &Context,
    list: AccessListId,
    texts: &[String],
    change: fn(AccessListId, Members) -> Call,
    verb: &str,
) -> Result<Answer, CliError> {
    let accounts = accounts(context, texts)?;
    let steps = batched(list, &accounts, change)?;
    let purpose = format!("{verb} {} account(s)", accounts.len());
    let receipt = context.send(together(steps), &purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn delete(context: &Context, list: AccessListId) -> Result<Answer, CliError> {
    let members = context.view().await?.list_members(list).await?;
    // Only an empty list can be deleted.
    let mut steps = batched(list, &members, calls::registry::remove_members)?;
    steps.push(calls::registry::delete_list(list));
    let purpose = format!(
        "Delete the list {list} with its {} member(s)",
        members.len()
    );
    let receipt = context.send(together(steps), &purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn show(context: &Context, list: AccessListId) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let record = view.access_list(list).await?;
    let record = record.ok_or_else(|| CliError::NotFound {
        what: "list",
        id: list.to_string(),
    })?;
    let mut members: Vec<Address> = view
        .list_members(list)
        .await?
        .into_iter()
        .map(Address)
        .collect();
    members.sort();
    Ok(Answer::new(ListView {
        list: list.into(),
        owner: Address(record.owner),
        members,
    }))
}

/// The calls that make an access list, and its identifier, which follows from owner and salt.
pub(super) fn new_list(
    owner: &AccountId,
    salt: H256,
    members: &[AccountId],
) -> Result<(AccessListId, Vec<Call>), CliError> {
    let list = AccessListId(domain_hash("ergon/list", &(owner, salt)));
    let mut batches = member_batches(members)?.into_iter();
    let first = calls::registry::create_list(salt, batches.next().unwrap_or_default());
    let rest = batches.map(|members| calls::registry::add_members(list, members));
    Ok((list, std::iter::once(first).chain(rest).collect()))
}

fn batched(
    list: AccessListId,
    accounts: &[AccountId],
    change: fn(AccessListId, Members) -> Call,
) -> Result<Vec<Call>, CliError> {
    let batches = member_batches(accounts)?.into_iter();
    Ok(batches.map(|members| change(list, members)).collect())
}

/// The accounts in portions that fit one call each.
fn member_batches(members: &[AccountId]) -> Result<Vec<Members>, CliError> {
    let batches = members.chunks(MAX_MEMBERS_PER_CALL as usize);
    batches
        .map(|batch| bounded("list of accounts", batch).map_err(CliError::from))
        .collect()
}

/// One call as it is, several in one transaction.
pub(super) fn together(mut calls: Vec<Call>) -> Call {
    match calls.pop() {
        Some(only) if calls.is_empty() => only,
        last => {
            calls.extend(last);
            calls::utility::batch_all(calls)
        }
    }
}

/// The accounts that texts name.
pub(super) fn accounts(context: &Context, texts: &[String]) -> Result<Vec<AccountId>, CliError> {
    texts.iter().map(|text| context.account(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_list_shows_its_members() {
        let view = ListView {
            list: Hex::default(),
            owner: Address(AccountId::new([9; 32])),
            members: accounts(2).into_iter().map(Address).collect(),
        };
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("members  2\nmember   5"), "{text}");
    }
}
