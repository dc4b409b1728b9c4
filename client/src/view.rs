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
    Consumption, Curation, Dataset, DatasetId, Deal, DealId, DealStatus, OrderId, Pool, PoolId,
    PublishedOrder, Score,
};
use std::sync::Arc;

mod calls;
#[cfg(test)]
mod forms;
mod governance;
mod hubs;
mod market;
mod parameters;
mod referenda;
mod tasks;
mod validators;

pub use hubs::{
    Approval, Expropriation, Hub, HubLimits, HubVote, PendingApproval, PoolBinding, hub_wallet,
};
pub use parameters::ProtocolParameters;
pub use referenda::treasury_account;
pub use validators::{
    Attendance, Candidate, Departure, DepartureCause, Invulnerable, SessionIndex, SessionKeys,
    Standing, ValidatorTerms,
};

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
    /// How many tasks ended with a result that was paid.
    pub proven_tasks: u32,
    /// What the payer prepaid for the calls of all tasks.
    pub settlement_fee: Balance,
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

    /// What is said of an app; nothing when it is unreviewed.
    pub async fn curation(&self, id: AppId) -> Result<Option<Curation>, ClientError> {
        self.value("Registry", "Curations", &[part(&id)]).await
    }

    /// What is said of apps, also of revoked ones that are not registered any more.
    pub async fn curations(&self) -> Result<Vec<(AppId, Curation)>, ClientError> {
        self.entries("Registry", "Curations", &[]).await
    }

    /// A dataset.
    pub async fn dataset(&self, id: DatasetId) -> Result<Option<Dataset>, ClientError> {
        self.value("Registry", "Datasets", &[part(&id)]).await
    }

    /// All datasets.
    pub async fn datasets(&self) -> Result<Vec<(DatasetId, Dataset)>, ClientError> {
        self.entries("Registry", "Datasets", &[]).await
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
        Ok(self.protocol_parameters().await?.join_delay)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compatibility::EXPECTED, view::forms::assert_value};
    use ergon_primitives::{
        Access, AppKind, AppOrder, DatasetOrder, DealDataset, DealOrders, DealProgress,
        EXECUTION_VERSION_1, Membership, OpenedResult, Order, Outcome, OutputFiles, PoolPolicy,
        Restriction, Scheduling, Tag, Task, TaskPage, TaskStatus, Unbonding, Untouched,
        Verification, Vote, VoteStatus,
    };
    use sp_core::{ConstU32, H256};
    use sp_runtime::BoundedVec;

    fn hash(byte: u8) -> H256 {
        H256::repeat_byte(byte)
    }

    fn account() -> AccountId {
        AccountId::new([8; 32])
    }

    fn outputs() -> OutputFiles {
        let path = crate::bounded("path", b"price.csv".to_vec()).unwrap();
        crate::bounded("outputs", vec![path]).unwrap()
    }

    fn deal() -> Deal {
        Deal {
            orders: DealOrders {
                app: OrderId(hash(1)),
                dataset: Some(OrderId(hash(6))),
                pool: OrderId(hash(2)),
                request: OrderId(hash(3)),
            },
            app: AppId(hash(4)),
            app_owner: account(),
            app_price: 1,
            dataset: Some(DealDataset {
                id: DatasetId(hash(7)),
                owner: account(),
                price: 13,
            }),
            pool: PoolId(hash(5)),
            operator: account(),
            pool_price: 2,
            requester: account(),
            payer: account(),
            beneficiary: account(),
            category: 3,
            work_time: 4,
            trust: 5,
            verification: Verification::Blind { voters: 5 },
            scheduling: Scheduling::Authorised,
            execution_version: EXECUTION_VERSION_1,
            params: b"{}".to_vec().try_into().unwrap(),
            first_index: 6,
            volume: 7,
            started: 8,
            widening: 9,
            worker_stake: 10,
            operator_stake: 11,
            operator_reward_ratio: 12,
            fund_fee_ratio: 5,
            settlement_fee: 14,
            callback: Some(b"callback".to_vec().try_into().unwrap()),
        }
    }

    fn task(status: TaskStatus) -> Task {
        let vote = |status| Vote {
            worker: account(),
            commitment: hash(1),
            seal: hash(2),
            weight: 3,
            status,
        };
        let votes = [
            VoteStatus::Committed,
            VoteStatus::Revealed,
            VoteStatus::Rejected,
        ];
        Task {
            status,
            votes: votes.map(vote).to_vec().try_into().unwrap(),
        }
    }

    #[test]
    fn registry_entries_have_the_runtimes_form() {
        let policy = PoolPolicy {
            worker_stake_ratio: 30,
            operator_reward_ratio: 1,
            parallelism: 2,
            access: Access::Private(AccessListId(hash(1))),
            scheduling: Scheduling::Open,
        };
        fn text<const LIMIT: u32>() -> BoundedVec<u8, ConstU32<LIMIT>> {
            b"text".to_vec().try_into().unwrap()
        }
        let app = App {
            owner: account(),
            name: b"render".to_vec().try_into().unwrap(),
            kind: AppKind::Wasm,
            digest: hash(2),
            locator: text(),
            metadata: text(),
            requirements: text(),
            outputs: outputs(),
        };
        let dataset = Dataset {
            owner: account(),
            name: b"prices".to_vec().try_into().unwrap(),
            digest: hash(3),
            locator: text(),
            metadata: text(),
            encryption: Some(text()),
            allowed_apps: vec![AppId(hash(4))].try_into().unwrap(),
        };
        let category = Category {
            name: b"XS".to_vec().try_into().unwrap(),
            work_time: 150,
            input_limit: 1,
            output_limit: 2,
        };
        assert_value("Registry", "Apps", app);
        assert_value("Registry", "Datasets", dataset);
        for curation in [
            Curation::Proposed(hash(1)),
            Curation::Approved(hash(1)),
            Curation::Revoked { harmful: true },
        ] {
            assert_value("Registry", "Curations", curation);
        }
        assert_value(
            "Registry",
            "Pools",
            Pool {
                owner: account(),
                authoriser: account(),
                description: text(),
                policy,
            },
        );
        assert_value("Registry", "Categories", category);
        let list = AccessListRecord {
            owner: account(),
            members: 3,
        };
        assert_value("Registry", "AccessLists", list);
        assert_value("Registry", "ListMembers", ());
    }

    #[test]
    fn market_and_escrow_entries_have_the_runtimes_form() {
        let order = Order::App(AppOrder {
            app: AppId(hash(1)),
            price: 1,
            volume: 2,
            tag: Tag(4),
            restrict_dataset: Restriction::Only(DatasetId(hash(3))),
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Only(account()),
            valid_until: 3,
            salt: hash(2),
        });
        let dataset = Order::Dataset(DatasetOrder {
            dataset: DatasetId(hash(3)),
            price: 1,
            volume: 2,
            tag: Tag(4),
            restrict_app: Restriction::Only(AppId(hash(1))),
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Only(account()),
            valid_until: 3,
            salt: hash(2),
        });
        for order in [order, dataset] {
            let published = PublishedOrder {
                publisher: account(),
                deposit: 1,
                order,
            };
            assert_value("Market", "Orders", published);
        }
        assert_value(
            "Market",
            "Consumed",
            Consumption {
                volume: 1,
                valid_until: 2,
            },
        );
        assert_value("Market", "Deals", deal());
        assert_value("Market", "DealStatuses", DealStatus::Ended(7));
        assert_value("Market", "OpenDeals", ());
        let escrow = EscrowRecord {
            payer: account(),
            task_price: 1,
            operator: account(),
            operator_stake: 2,
            open_tasks: 3,
            proven_tasks: 4,
            settlement_fee: 5,
        };
        assert_value("Escrow", "Accounts", escrow);
    }

    #[test]
    fn workers_entries_have_the_runtimes_form() {
        let bond = Bond {
            owner: account(),
            amount: 1,
            locked: 2,
            unbonding: vec![Unbonding {
                amount: 3,
                until: 4,
            }]
            .try_into()
            .unwrap(),
            membership: Some(Membership {
                pool: PoolId(hash(1)),
                since: 5,
            }),
        };
        assert_value("WorkerStaking", "Bonds", bond);
        assert_value("WorkerStaking", "PoolMembers", ());
        assert_value("Reputation", "Scores", 1u32);
    }

    #[test]
    fn tasks_have_the_runtimes_form() {
        let locator = || b"file:///tmp/1".to_vec().try_into().unwrap();
        let outcome = Outcome::Success(hash(3));
        let revealed = Some((outcome, locator()));
        let opened = OpenedResult {
            commitment: hash(1),
            outcome,
            locator: locator(),
        };
        for status in [
            TaskStatus::Active,
            TaskStatus::Revealing {
                commitment: hash(1),
                since: 2,
                revealed,
            },
            TaskStatus::Settled {
                outcome,
                locator: locator(),
                at: 9,
            },
            TaskStatus::Failed { at: 9 },
            TaskStatus::Cancelled { at: 9 },
            TaskStatus::Opening {
                since: 2,
                seed: hash(4),
                results: vec![opened].try_into().unwrap(),
            },
        ] {
            let mut page = TaskPage::default();
            *page.slot_mut(3).unwrap() = Some(task(status));
            assert_value("Poco", "TaskPages", page);
        }
        for untouched in [
            Untouched::Active,
            Untouched::Failed { at: 9 },
            Untouched::Cancelled { at: 9 },
        ] {
            let progress = DealProgress {
                touched: 1,
                most_votes: 2,
                open_votes: 0,
                spent: 3,
                untouched,
            };
            assert_value("Poco", "Progress", progress);
        }
    }

    #[test]
    fn the_sdks_entries_have_the_form_that_is_read() {
        assert_value("Balances", "TotalIssuance", 1u128);
        assert_value("Timestamp", "Now", 1u64);
        let metadata = &EXPECTED.as_ref().unwrap().metadata;
        let system = metadata
            .pallet_by_name("System")
            .unwrap()
            .storage()
            .unwrap();
        let nobody = system
            .entry_by_name("Account")
            .unwrap()
            .default_value()
            .unwrap();
        assert_eq!(
            storage::decode::<AccountInfo>("System.Account", nobody)
                .unwrap()
                .nonce,
            0
        );
    }
}
