//! The chain's state in one block.

use crate::{
    Account, Client, ClientError, Head,
    account::{AccountInfo, HeldOnWire},
    runtime::Runtime,
    storage::{self, part},
};
use codec::{Decode, Encode};
use ergon_primitives::{
    AccessListId, AccountId, App, AppId, Balance, BlockNumber, Bond, Category, CategoryId,
    Consumption, Deal, DealId, DealStatus, OrderId, Pool, PoolId, PublishedOrder, Score, Task,
    TaskIndex,
};
use std::sync::Arc;

/// An access list's record. The members are entries of their own.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct AccessListRecord {
    /// Who keeps the list.
    pub owner: AccountId,
    /// Number of its members.
    pub members: u32,
}

/// The money that a deal still has on hold.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct EscrowRecord {
    /// Who pays.
    pub payer: AccountId,
    /// What one task costs the payer.
    pub task_price: Balance,
    /// Who stakes for the pool.
    pub operator: AccountId,
    /// What the operator stakes per task.
    pub operator_stake: Balance,
    /// How many tasks have not ended.
    pub open_tasks: u32,
}

/// The chain's state in one block. All reads through one view are of the same block.
#[derive(Clone)]
pub struct View {
    client: Client,
    head: Head,
    runtime: Arc<Runtime>,
}

impl View {
    pub(crate) fn new(client: Client, head: Head, runtime: Arc<Runtime>) -> Self {
        Self {
            client,
            head,
            runtime,
        }
    }

    /// The block.
    pub fn head(&self) -> Head {
        self.head
    }

    /// An account's nonce and money. An account that does not exist has none.
    pub async fn account(&self, account: &AccountId) -> Result<Account, ClientError> {
        let info: Option<AccountInfo> = self.value("System", "Account", &[part(account)]).await?;
        let holds: Option<Vec<HeldOnWire>> =
            self.value("Balances", "Holds", &[part(account)]).await?;
        Account::new(
            &self.runtime.metadata,
            info.unwrap_or_default(),
            holds.unwrap_or_default(),
        )
    }

    /// All the money there is.
    pub async fn total_issuance(&self) -> Result<Balance, ClientError> {
        Ok(self
            .value("Balances", "TotalIssuance", &[])
            .await?
            .unwrap_or_default())
    }

    /// The least that an account must have to exist.
    pub fn existential_deposit(&self) -> Result<Balance, ClientError> {
        self.runtime.constant("Balances", "ExistentialDeposit")
    }

    /// The block's time, in milliseconds since 1970.
    pub async fn timestamp(&self) -> Result<u64, ClientError> {
        Ok(self
            .value("Timestamp", "Now", &[])
            .await?
            .unwrap_or_default())
    }

    /// An app.
    pub async fn app(&self, id: AppId) -> Result<Option<App>, ClientError> {
        self.value("Registry", "Apps", &[part(&id)]).await
    }

    /// All apps.
    pub async fn apps(&self) -> Result<Vec<(AppId, App)>, ClientError> {
        self.entries("Registry", "Apps", &[]).await
    }

    /// A pool.
    pub async fn pool(&self, id: PoolId) -> Result<Option<Pool>, ClientError> {
        self.value("Registry", "Pools", &[part(&id)]).await
    }

    /// All pools.
    pub async fn pools(&self) -> Result<Vec<(PoolId, Pool)>, ClientError> {
        self.entries("Registry", "Pools", &[]).await
    }

    /// A category.
    pub async fn category(&self, id: CategoryId) -> Result<Option<Category>, ClientError> {
        self.value("Registry", "Categories", &[part(&id)]).await
    }

    /// All categories in the order of their creation.
    pub async fn categories(&self) -> Result<Vec<(CategoryId, Category)>, ClientError> {
        let mut categories: Vec<(CategoryId, Category)> =
            self.entries("Registry", "Categories", &[]).await?;
        categories.sort_by_key(|(id, _)| *id);
        Ok(categories)
    }

    /// An access list.
    pub async fn access_list(
        &self,
        id: AccessListId,
    ) -> Result<Option<AccessListRecord>, ClientError> {
        self.value("Registry", "AccessLists", &[part(&id)]).await
    }

    /// Whether an access list contains the account.
    pub async fn admits(&self, list: AccessListId, who: &AccountId) -> Result<bool, ClientError> {
        let parts = [part(&list), part(who)];
        Ok(self
            .value::<()>("Registry", "ListMembers", &parts)
            .await?
            .is_some())
    }

    /// The members of an access list.
    pub async fn list_members(&self, list: AccessListId) -> Result<Vec<AccountId>, ClientError> {
        self.last_parts("Registry", "ListMembers", &[part(&list)])
            .await
    }

    /// The bond of a worker key.
    pub async fn bond(&self, worker: &AccountId) -> Result<Option<Bond>, ClientError> {
        self.value("WorkerStaking", "Bonds", &[part(worker)]).await
    }

    /// All bonds by worker key.
    pub async fn bonds(&self) -> Result<Vec<(AccountId, Bond)>, ClientError> {
        self.entries("WorkerStaking", "Bonds", &[]).await
    }

    /// The worker keys in a pool.
    pub async fn pool_members(&self, pool: PoolId) -> Result<Vec<AccountId>, ClientError> {
        self.last_parts("WorkerStaking", "PoolMembers", &[part(&pool)])
            .await
    }

    /// How long before a deal's start a worker must have joined its pool, in blocks.
    pub async fn join_delay(&self) -> Result<BlockNumber, ClientError> {
        Ok(self
            .value("WorkerStaking", "JoinDelay", &[])
            .await?
            .unwrap_or_default())
    }

    /// A worker's score.
    pub async fn score(&self, worker: &AccountId) -> Result<Score, ClientError> {
        Ok(self
            .value("Reputation", "Scores", &[part(worker)])
            .await?
            .unwrap_or_default())
    }

    /// A published order.
    pub async fn published_order(
        &self,
        id: OrderId,
    ) -> Result<Option<PublishedOrder>, ClientError> {
        self.value("Market", "Orders", &[part(&id)]).await
    }

    /// All published orders. The expired ones among them are those that nobody has pruned yet.
    pub async fn published_orders(&self) -> Result<Vec<(OrderId, PublishedOrder)>, ClientError> {
        self.entries("Market", "Orders", &[]).await
    }

    /// What has been used up of an order; nothing when there is no record.
    pub async fn consumption(&self, id: OrderId) -> Result<Option<Consumption>, ClientError> {
        self.value("Market", "Consumed", &[part(&id)]).await
    }

    /// The terms of a deal.
    pub async fn deal(&self, id: DealId) -> Result<Option<Deal>, ClientError> {
        self.value("Market", "Deals", &[part(&id)]).await
    }

    /// All deals that are not pruned.
    pub async fn deals(&self) -> Result<Vec<(DealId, Deal)>, ClientError> {
        self.entries("Market", "Deals", &[]).await
    }

    /// Where a deal stands.
    pub async fn deal_status(&self, id: DealId) -> Result<Option<DealStatus>, ClientError> {
        self.value("Market", "DealStatuses", &[part(&id)]).await
    }

    /// The open deals of a pool.
    pub async fn open_deals(&self, pool: PoolId) -> Result<Vec<DealId>, ClientError> {
        self.last_parts("Market", "OpenDeals", &[part(&pool)]).await
    }

    /// What a deal still has on hold; nothing when all its tasks have ended.
    pub async fn escrow(&self, deal: DealId) -> Result<Option<EscrowRecord>, ClientError> {
        self.value("Escrow", "Accounts", &[part(&deal)]).await
    }

    /// A task's record. A task of an open deal without record is active and has no votes.
    pub async fn task(&self, deal: DealId, index: TaskIndex) -> Result<Option<Task>, ClientError> {
        self.value("Poco", "Tasks", &[part(&deal), part(&index)])
            .await
    }

    /// All records of a deal's tasks in the order of their indexes.
    pub async fn tasks(&self, deal: DealId) -> Result<Vec<(TaskIndex, Task)>, ClientError> {
        let mut tasks: Vec<(TaskIndex, Task)> =
            self.entries("Poco", "Tasks", &[part(&deal)]).await?;
        tasks.sort_by_key(|(index, _)| *index);
        Ok(tasks)
    }

    /// The records of some of a deal's tasks, in the order in which they are asked for.
    pub async fn tasks_at(
        &self,
        deal: DealId,
        indexes: &[TaskIndex],
    ) -> Result<Vec<Option<Task>>, ClientError> {
        let keys = indexes
            .iter()
            .map(|index| self.key("Poco", "Tasks", &[part(&deal), part(index)]))
            .collect::<Result<Vec<_>, _>>()?;
        self.fetch_many(&keys)
            .await?
            .into_iter()
            .map(|value| {
                value
                    .map(|value| storage::decode("Poco.Tasks", &value))
                    .transpose()
            })
            .collect()
    }

    fn key(&self, pallet: &str, entry: &str, parts: &[Vec<u8>]) -> Result<Vec<u8>, ClientError> {
        storage::key(&self.runtime.metadata, pallet, entry, parts)
    }

    async fn fetch_many(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, ClientError> {
        storage::fetch_many(self.client.connection(), keys, self.head.hash).await
    }

    /// The value of an entry.
    async fn value<T: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        parts: &[Vec<u8>],
    ) -> Result<Option<T>, ClientError> {
        let key = self.key(pallet, entry, parts)?;
        storage::fetch(self.client.connection(), &key, self.head.hash)
            .await?
            .map(|value| storage::decode(&format!("{pallet}.{entry}"), &value))
            .transpose()
    }

    /// All entries below the given parts of the key: last part and value of each.
    async fn entries<Key: Decode, Value: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        parts: &[Vec<u8>],
    ) -> Result<Vec<(Key, Value)>, ClientError> {
        let (prefix, keys) = self.keys_below(pallet, entry, parts).await?;
        let values = self.fetch_many(&keys).await?;
        keys.iter()
            .zip(values)
            .filter_map(|(key, value)| Some((key, value?)))
            .map(|(key, value)| {
                let key = self.last_part(pallet, entry, &prefix, key)?;
                Ok((key, storage::decode(&format!("{pallet}.{entry}"), &value)?))
            })
            .collect()
    }

    /// The last parts of all keys below the given parts.
    async fn last_parts<Key: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        parts: &[Vec<u8>],
    ) -> Result<Vec<Key>, ClientError> {
        let (prefix, keys) = self.keys_below(pallet, entry, parts).await?;
        keys.iter()
            .map(|key| self.last_part(pallet, entry, &prefix, key))
            .collect()
    }

    async fn keys_below(
        &self,
        pallet: &str,
        entry: &str,
        parts: &[Vec<u8>],
    ) -> Result<(Vec<u8>, Vec<Vec<u8>>), ClientError> {
        let prefix = self.key(pallet, entry, parts)?;
        let keys = storage::keys_below(self.client.connection(), &prefix, self.head.hash).await?;
        Ok((prefix, keys))
    }

    fn last_part<Key: Decode>(
        &self,
        pallet: &str,
        entry: &str,
        prefix: &[u8],
        key: &[u8],
    ) -> Result<Key, ClientError> {
        storage::last_part(&self.runtime.metadata, pallet, entry, prefix, key)
    }
}
