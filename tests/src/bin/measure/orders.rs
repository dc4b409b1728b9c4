//! Signed orders, and the deals that come of them.

use anyhow::Result;
use ergon_client::{
    Call, Client, Keypair, TaskSpec, calls,
    primitives::{
        AppId, AppOrder, DealId, ERG, MILLI_ERG, PoolId, PoolOrder, RequestOrder, SignedOrder,
        domain_hash,
    },
};
use ergon_tests::{
    market::{OPERATOR, PROVIDER, REQUESTER},
    orders::Notary,
};

/// The category of every task here.
const CATEGORY: &str = "XS";

/// What an app and a pool offer, signed once, and who makes deals of it.
pub struct Offers {
    notary: Notary,
    app: SignedOrder<AppOrder>,
    pool: SignedOrder<PoolOrder>,
    requester: Keypair,
}

impl Offers {
    /// Offers that anyone can use for a day.
    pub async fn sign(client: &Client, app: AppId, pool: PoolId) -> Result<Self> {
        let notary = Notary::open(client, CATEGORY).await?;
        let app = notary.app(app, 100 * MILLI_ERG);
        let pool = notary.pool(pool, ERG)?;
        Ok(Self {
            app: notary.sign(app, &Keypair::from_suri(PROVIDER)?),
            pool: notary.sign(pool, &Keypair::from_suri(OPERATOR)?),
            requester: Keypair::from_suri(REQUESTER)?,
            notary,
        })
    }

    /// Signs a request: the call that makes a deal of it, and the deal's id. `number` tells
    /// requests of one chain apart.
    pub fn request(&self, volume: u32, trust: u32, number: u32) -> Result<(Call, DealId)> {
        let requester = self.requester.account();
        let offers = (&self.app.order, &self.pool.order);
        let request = RequestOrder {
            trust,
            salt: domain_hash("measure/request", &number),
            ..self
                .notary
                .request(&requester, offers, volume, &TaskSpec::default())?
        };
        let deal = self.notary.deal(&request);
        let request = self.notary.sign(request, &self.requester);
        let call = calls::market::match_orders(self.app.clone(), None, self.pool.clone(), request);
        Ok((call, deal))
    }
}
