//! Signed orders, and the deals that come of them.

use anyhow::{Context, Result};
use ergon_client::{
    At, Call, Client, Keypair, TaskSpec, calls,
    primitives::{
        AppId, AppOrder, BlockNumber, CategoryId, DAYS, DealId, ERG, EXECUTION_VERSION_1,
        MAX_DURATION, MILLI_ERG, Order, PoolId, PoolOrder, RequestOrder, Restriction, SignedOrder,
        Tag, deal_id, domain_hash,
    },
};
use ergon_tests::market::{OPERATOR, PROVIDER, REQUESTER};
use sp_core::H256;

/// The category of every task here.
const CATEGORY: &[u8] = b"XS";
/// For how many tasks the offers are.
const VOLUME: u32 = 100_000;
/// The highest trust on offer.
const TRUST: u32 = 16;

/// What an app and a pool offer, signed once, and who makes deals of it.
pub struct Offers {
    genesis: H256,
    valid_until: BlockNumber,
    category: CategoryId,
    app: SignedOrder<AppOrder>,
    pool: SignedOrder<PoolOrder>,
    requester: Keypair,
}

impl Offers {
    /// Offers that anyone can use for a day.
    pub async fn sign(client: &Client, app: AppId, pool: PoolId) -> Result<Self> {
        let (view, genesis) = (client.at(At::Finalised).await?, client.genesis());
        let categories = view.categories().await?;
        let (category, _) = categories
            .into_iter()
            .find(|(_, category)| category.name.as_slice() == CATEGORY)
            .context("the chain has no category XS")?;
        let valid_until = view.head().number + DAYS;
        let app = app_order(app, valid_until);
        let pool = pool_order(pool, category, valid_until)?;
        Ok(Self {
            genesis,
            valid_until,
            category,
            app: signed(app, &Keypair::from_suri(PROVIDER)?, genesis),
            pool: signed(pool, &Keypair::from_suri(OPERATOR)?, genesis),
            requester: Keypair::from_suri(REQUESTER)?,
        })
    }

    /// Signs a request: the call that makes a deal of it, and the deal's id. `number` tells
    /// requests of one chain apart.
    pub fn request(&self, volume: u32, trust: u32, number: u32) -> Result<(Call, DealId)> {
        let requester = self.requester.account();
        let request = RequestOrder {
            app: self.app.order.app,
            max_app_price: self.app.order.price,
            pool: Some(self.pool.order.pool),
            max_pool_price: self.pool.order.price,
            requester: requester.clone(),
            payer: requester.clone(),
            matcher: None,
            volume,
            min_volume: volume,
            tag: Tag::default(),
            category: self.category,
            trust,
            execution_version: EXECUTION_VERSION_1,
            max_duration: MAX_DURATION,
            beneficiary: requester,
            params: TaskSpec::default().to_params()?,
            valid_until: self.valid_until,
            salt: domain_hash("measure/request", &number),
        };
        let deal = deal_id(Order::from(request.clone()).id(self.genesis), 0);
        let request = signed(request, &self.requester, self.genesis);
        Ok((
            calls::market::match_orders(self.app.clone(), self.pool.clone(), request),
            deal,
        ))
    }
}

fn app_order(app: AppId, valid_until: BlockNumber) -> AppOrder {
    AppOrder {
        app,
        price: 100 * MILLI_ERG,
        volume: VOLUME,
        tag: Tag::default(),
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until,
        salt: H256::zero(),
    }
}

fn pool_order(pool: PoolId, category: CategoryId, valid_until: BlockNumber) -> Result<PoolOrder> {
    Ok(PoolOrder {
        pool,
        price: ERG,
        volume: VOLUME,
        tag: Tag::default(),
        category,
        trust: TRUST,
        execution_versions: ergon_client::bounded("versions", [EXECUTION_VERSION_1])?,
        restrict_app: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until,
        salt: H256::zero(),
    })
}

fn signed<Content: Clone + Into<Order>>(
    order: Content,
    owner: &Keypair,
    genesis: H256,
) -> SignedOrder<Content> {
    let signature = owner.sign_order(order.clone().into().id(genesis));
    SignedOrder {
        order,
        signature: Some(signature),
    }
}
