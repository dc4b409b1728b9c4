//! Plain orders, made and signed with the client: restricted to nobody, good for a day.

use anyhow::{Context, Result};
use ergon_client::{
    At, Client, Keypair, TaskSpec, bounded,
    primitives::{
        AccountId, AppId, AppOrder, Balance, BlockNumber, CategoryId, DAYS, DatasetId,
        DatasetOrder, DealId, EXECUTION_VERSION_1, MAX_DURATION, Order, OrderId, PoolId, PoolOrder,
        RequestOrder, Restriction, SignedOrder, Tag, Verification, deal_id,
    },
};
use sp_core::H256;

/// For how many tasks the offers are.
pub const VOLUME: u32 = 100_000;
/// The highest trust on offer.
pub const TRUST: u32 = 16;

/// What the orders of a run have in common.
#[derive(Clone, Debug)]
pub struct Notary {
    /// The chain.
    pub genesis: H256,
    /// Category of work.
    pub category: CategoryId,
    /// Last block in which the orders may match.
    pub valid_until: BlockNumber,
}

impl Notary {
    /// For work of the category with this name.
    pub async fn open(client: &Client, category: &str) -> Result<Self> {
        let view = client.at(At::Finalised).await?;
        let mut categories = view.categories().await?.into_iter();
        let (category, _) = categories
            .find(|(_, found)| found.name.as_slice() == category.as_bytes())
            .with_context(|| format!("the chain has no category {category}"))?;
        Ok(Self {
            genesis: client.genesis(),
            category,
            valid_until: view.head().number + DAYS,
        })
    }

    /// An offer of an app.
    pub fn app(&self, app: AppId, price: Balance) -> AppOrder {
        AppOrder {
            app,
            price,
            volume: VOLUME,
            tag: Tag::default(),
            restrict_dataset: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: self.valid_until,
            salt: H256::zero(),
        }
    }

    /// An offer of a dataset.
    pub fn dataset(&self, dataset: DatasetId, price: Balance) -> DatasetOrder {
        DatasetOrder {
            dataset,
            price,
            volume: VOLUME,
            tag: Tag::default(),
            restrict_app: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: self.valid_until,
            salt: H256::zero(),
        }
    }

    /// An offer of a pool that runs WebAssembly.
    pub fn pool(&self, pool: PoolId, price: Balance) -> Result<PoolOrder> {
        Ok(PoolOrder {
            pool,
            price,
            volume: VOLUME,
            tag: Tag::default(),
            category: self.category,
            trust: TRUST,
            verifications: bounded("verifications", [Verification::Replication])?,
            execution_versions: bounded("versions", [EXECUTION_VERSION_1])?,
            attributes: Default::default(),
            requirements: Default::default(),
            restrict_app: Restriction::Anyone,
            restrict_dataset: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: self.valid_until,
            salt: H256::zero(),
        })
    }

    /// A request for tasks of an app in a pool, all in one deal, without a dataset, at trust 3 and at
    /// the prices of the offers.
    pub fn request(
        &self,
        requester: &AccountId,
        (app, pool): (&AppOrder, &PoolOrder),
        volume: u32,
        spec: &TaskSpec,
    ) -> Result<RequestOrder> {
        Ok(RequestOrder {
            app: app.app,
            max_app_price: app.price,
            dataset: None,
            max_dataset_price: 0,
            pool: Some(pool.pool),
            max_pool_price: pool.price,
            requester: requester.clone(),
            payer: requester.clone(),
            matcher: None,
            volume,
            min_volume: volume,
            tag: Tag::default(),
            category: self.category,
            trust: 3,
            verification: Verification::Replication,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: requester.clone(),
            callback: None,
            params: spec.to_params()?,
            approved_only: false,
            requirements: Default::default(),
            valid_until: self.valid_until,
            salt: H256::zero(),
        })
    }

    /// The order's id.
    pub fn id(&self, order: impl Into<Order>) -> OrderId {
        order.into().id(self.genesis)
    }

    /// The first deal that a request makes.
    pub fn deal(&self, request: &RequestOrder) -> DealId {
        deal_id(self.id(request.clone()), 0)
    }

    /// The order with its owner's signature.
    pub fn sign<Content: Clone + Into<Order>>(
        &self,
        order: Content,
        owner: &Keypair,
    ) -> SignedOrder<Content> {
        let signature = owner.sign_order(self.id(order.clone()));
        SignedOrder {
            order,
            signature: Some(signature),
        }
    }
}

/// An order that needs no signature: it is published, or its requester calls match.
pub fn unsigned<Content>(order: Content) -> SignedOrder<Content> {
    SignedOrder {
        order,
        signature: None,
    }
}
