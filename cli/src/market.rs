//! Which offers fit a request, and why the others do not: the market's own rules, asked before
//! anything is signed.

use crate::{CliError, amount::Amount};
use ergon_client::{
    View,
    primitives::{
        AccountId, AppOrder, AppTerms, Balance, BlockNumber, CategoryTerms, DealOrders,
        OPERATOR_STAKE_RATIO, Order, OrderId, Pool, PoolId, PoolOrder, PoolTerms, PublishedOrder,
        RequestOrder, Restriction, SignedOrder, order_text, percent_of,
    },
    verify,
};
use pallet_market::matching::{Admissions, Consents, Facts, Mismatch, Volumes, mismatches};
use sp_core::H256;
use std::collections::BTreeMap;

/// Most candidates whose reasons are shown.
const MAX_SHOWN: usize = 12;

/// An order that could be one side of the deal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer<Content> {
    /// Its id.
    pub id: OrderId,
    /// The order, with a signature unless it is published.
    pub signed: SignedOrder<Content>,
    /// How many of its tasks are used up.
    pub consumed: u32,
    /// Whether its owner stands behind it.
    pub is_authentic: bool,
}

/// Two offers that could make a deal with the request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The app's side.
    pub app: Offer<AppOrder>,
    /// The app's terms, if it is registered.
    pub app_terms: Option<AppTerms>,
    /// The pool's side.
    pub pool: Offer<PoolOrder>,
    /// The pool's terms, if it is registered.
    pub pool_terms: Option<PoolTerms>,
    /// Which restrictions admit their counterpart.
    pub admissions: Admissions,
    /// What the operator has for its stake.
    pub operator_funds: Balance,
}

/// A request, and when and in which category it is to be done.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// The request order, complete but for its final prices.
    pub request: &'a RequestOrder,
    /// Terms of its category, if it exists.
    pub category: Option<CategoryTerms>,
    /// The block in which the orders would match.
    pub now: BlockNumber,
}

impl Candidate {
    /// What one task would cost.
    pub fn task_price(&self) -> Balance {
        let (app, pool) = (self.app.signed.order.price, self.pool.signed.order.price);
        app.saturating_add(pool)
    }

    /// Why it makes no deal with the request; nothing when it does.
    pub fn reasons(&self, wish: &Wish<'_>) -> Vec<String> {
        let facts = self.facts(wish);
        let mut reasons: Vec<String> = mismatches(&facts)
            .map(|mismatch| reason(mismatch, &facts))
            .collect();
        let stake = percent_of(self.pool.signed.order.price, OPERATOR_STAKE_RATIO)
            .saturating_mul(Balance::from(facts.volume()));
        if self.operator_funds < stake {
            let (funds, stake) = (Amount(self.operator_funds), Amount(stake));
            reasons.push(format!("the operator has {funds} and must stake {stake}"));
        }
        reasons
    }

    fn facts<'a>(&'a self, wish: &Wish<'a>) -> Facts<'a> {
        Facts {
            now: wish.now,
            // Which request it is makes no difference to whether it fits.
            orders: DealOrders {
                app: self.app.id,
                pool: self.pool.id,
                request: OrderId(H256::zero()),
            },
            app_order: &self.app.signed.order,
            pool_order: &self.pool.signed.order,
            request_order: wish.request,
            app: self.app_terms.clone(),
            pool: self.pool_terms.clone(),
            category: wish.category,
            consumed: Volumes {
                app: self.app.consumed,
                pool: self.pool.consumed,
                request: 0,
            },
            admissions: self.admissions,
            // The requester is the one who will call match, and pays.
            consents: Consents {
                app: self.app.is_authentic,
                pool: self.pool.is_authentic,
                request: true,
                matcher: true,
                payer: true,
            },
            // Only says how the operator's part is split later.
            fund_fee_ratio: 0,
        }
    }
}

/// The cheapest candidate that fits, or why each of them does not.
pub fn choose(candidates: Vec<Candidate>, wish: &Wish<'_>) -> Result<Candidate, CliError> {
    let mut judged: Vec<(Vec<String>, Candidate)> = candidates
        .into_iter()
        .map(|candidate| (candidate.reasons(wish), candidate))
        .collect();
    judged.sort_by_key(|(reasons, candidate)| (reasons.len(), candidate.task_price()));
    match judged.first() {
        Some((reasons, best)) if reasons.is_empty() => Ok(best.clone()),
        _ => Err(CliError::NoOffer {
            reasons: listed(&judged),
        }),
    }
}

fn listed(judged: &[(Vec<String>, Candidate)]) -> Vec<String> {
    let mut lines: Vec<String> = judged
        .iter()
        .take(MAX_SHOWN)
        .map(|(reasons, candidate)| {
            let (app, pool) = (candidate.app.id, candidate.pool.id);
            format!(
                "app order {app} with pool order {pool}: {}",
                reasons.join("; ")
            )
        })
        .collect();
    if judged.len() > MAX_SHOWN {
        lines.push(format!("and {} more", judged.len() - MAX_SHOWN));
    }
    lines
}

/// A mismatch in words, with the figures.
fn reason(mismatch: Mismatch, facts: &Facts<'_>) -> String {
    let (app, pool, request) = (facts.app_order, facts.pool_order, facts.request_order);
    let left = facts.remaining();
    match mismatch {
        Mismatch::AppOrderExpired => format!("the app order expired in block {}", app.valid_until),
        Mismatch::AppOrderLifeTooLong => "the app order is valid for more than 180 days".into(),
        Mismatch::AppOrderEmpty => "the app order is for no task".into(),
        Mismatch::AppPriceAboveMaximum => "the app's price is above any price allowed".into(),
        Mismatch::PoolOrderExpired => {
            format!("the pool order expired in block {}", pool.valid_until)
        }
        Mismatch::PoolOrderLifeTooLong => "the pool order is valid for more than 180 days".into(),
        Mismatch::PoolOrderEmpty => "the pool order is for no task".into(),
        Mismatch::PoolPriceAboveMaximum => "the pool's price is above any price allowed".into(),
        Mismatch::TrustAboveMaximum => "the pool promises more trust than any pool may".into(),
        Mismatch::RequestOrderExpired => "the request has expired".into(),
        Mismatch::RequestOrderLifeTooLong => "the request is valid for more than 180 days".into(),
        Mismatch::RequestOrderEmpty => "the request is for no task".into(),
        Mismatch::MinimumVolumeZero => "the request's minimum volume is 0".into(),
        Mismatch::TrustZero => "the request's trust is 0".into(),
        Mismatch::CategoryMismatch => format!(
            "the pool order is for category {}, the request for {}",
            pool.category, request.category
        ),
        Mismatch::CategoryUnknown => format!("there is no category {}", request.category),
        Mismatch::TrustTooHigh => {
            format!(
                "the pool offers trust {}, the request needs {}",
                pool.trust, request.trust
            )
        }
        Mismatch::TrustTooLowForOpenPool => {
            format!(
                "an open pool needs a trust of at least 3, not {}",
                request.trust
            )
        }
        Mismatch::AppPriceTooHigh => format!(
            "the app costs {}, the limit is {}",
            Amount(app.price),
            Amount(request.max_app_price)
        ),
        Mismatch::PoolPriceTooHigh => format!(
            "the pool costs {}, the limit is {}",
            Amount(pool.price),
            Amount(request.max_pool_price)
        ),
        Mismatch::TagNotOffered => {
            let missing = app.tag.union(request.tag).0 & !pool.tag.0;
            format!("the pool lacks the features {missing:#x}")
        }
        Mismatch::TrustedHardwareUnsupported => "trusted hardware cannot be attested yet".into(),
        Mismatch::AppMismatch => "the app order is for another app".into(),
        Mismatch::PoolMismatch => "the pool order is for another pool".into(),
        Mismatch::AppRefusesPool => "the app order does not admit the pool".into(),
        Mismatch::AppRefusesRequester => "the app order does not admit you".into(),
        Mismatch::PoolRefusesApp => "the pool order does not admit the app".into(),
        Mismatch::PoolRefusesRequester => "the pool order does not admit you".into(),
        Mismatch::NoSuchApp => "the app is not registered any more".into(),
        Mismatch::NoSuchPool => "the pool is not registered any more".into(),
        Mismatch::AppOrderNotAuthentic => {
            "the app's owner has neither signed nor published the app order".into()
        }
        Mismatch::PoolOrderNotAuthentic => {
            "the pool's operator has neither signed nor published the pool order".into()
        }
        Mismatch::RequestOrderNotAuthentic => "the requester did not sign the request".into(),
        Mismatch::NotTheMatcher => "the request names another matcher".into(),
        Mismatch::PayerDidNotConsent => "the payer did not consent".into(),
        Mismatch::ExecutionVersionNotOffered => {
            format!(
                "the pool does not offer execution version {}",
                request.execution_version
            )
        }
        Mismatch::AppVolumeExhausted => "the app order is used up".into(),
        Mismatch::PoolVolumeExhausted => "the pool order is used up".into(),
        Mismatch::RequestVolumeExhausted => "the request is used up".into(),
        Mismatch::VolumeBelowMinimum => format!(
            "{} tasks are left of the app order and {} of the pool order, {} are needed",
            left.app, left.pool, request.min_volume
        ),
        Mismatch::DurationTooLong => {
            "the tasks could take longer than allowed: the pool works on too few at a time".into()
        }
    }
}

/// The offers that the request could meet: the given ones, or the published ones.
pub async fn candidates(
    view: &View,
    genesis: H256,
    request: &RequestOrder,
    app_order: Option<SignedOrder<AppOrder>>,
    pool_order: Option<SignedOrder<PoolOrder>>,
) -> Result<Vec<Candidate>, CliError> {
    let published = view.published_orders().await?;
    let apps = app_orders(app_order, &published, request);
    let pools = pool_orders(pool_order, &published, request);
    let missing = missing_sides(request, apps.is_empty(), pools.is_empty());
    if !missing.is_empty() {
        return Err(CliError::NoOffer { reasons: missing });
    }
    let search = Search {
        view,
        genesis,
        published: published.into_iter().collect(),
    };
    search.pairs(apps, pools, request).await
}

fn app_orders(
    given: Option<SignedOrder<AppOrder>>,
    published: &[(OrderId, PublishedOrder)],
    request: &RequestOrder,
) -> Vec<SignedOrder<AppOrder>> {
    let fitting = |(_, published): &(OrderId, PublishedOrder)| match &published.order {
        Order::App(order) if order.app == request.app => Some(SignedOrder {
            order: order.clone(),
            signature: None,
        }),
        _ => None,
    };
    match given {
        Some(given) => vec![given],
        None => published.iter().filter_map(fitting).collect(),
    }
}

fn pool_orders(
    given: Option<SignedOrder<PoolOrder>>,
    published: &[(OrderId, PublishedOrder)],
    request: &RequestOrder,
) -> Vec<SignedOrder<PoolOrder>> {
    let fitting = |(_, published): &(OrderId, PublishedOrder)| match &published.order {
        Order::Pool(order) if request.pool.is_none_or(|pool| pool == order.pool) => {
            Some(SignedOrder {
                order: order.clone(),
                signature: None,
            })
        }
        _ => None,
    };
    match given {
        Some(given) => vec![given],
        None => published.iter().filter_map(fitting).collect(),
    }
}

fn missing_sides(request: &RequestOrder, no_app: bool, no_pool: bool) -> Vec<String> {
    let mut missing = Vec::new();
    if no_app {
        missing.push(format!(
            "no app order for the app {} is published",
            request.app
        ));
    }
    if no_pool {
        missing.push(match request.pool {
            Some(pool) => format!("no pool order for the pool {pool} is published"),
            None => "no pool order is published".into(),
        });
    }
    missing
}

/// Reads what the rules need to know.
struct Search<'a> {
    view: &'a View,
    genesis: H256,
    published: BTreeMap<OrderId, PublishedOrder>,
}

/// A pool and what its operator can spend.
type KnownPool = (Option<Pool>, Balance);

impl Search<'_> {
    async fn pairs(
        &self,
        apps: Vec<SignedOrder<AppOrder>>,
        pools: Vec<SignedOrder<PoolOrder>>,
        request: &RequestOrder,
    ) -> Result<Vec<Candidate>, CliError> {
        let pools = self.pool_offers(pools).await?;
        let mut pairs = Vec::new();
        for signed in apps {
            let owner = self.view.app(signed.order.app).await?.map(|app| app.owner);
            let app = self.offer(signed, owner.as_ref()).await?;
            for (pool, (record, operator_funds)) in &pools {
                let operator = record.as_ref().map(|pool| &pool.owner);
                let admissions = self
                    .admissions(
                        &app.signed.order,
                        owner.as_ref(),
                        &pool.signed.order,
                        operator,
                        request,
                    )
                    .await?;
                pairs.push(Candidate {
                    app: app.clone(),
                    app_terms: owner.clone().map(|owner| AppTerms { owner }),
                    pool: pool.clone(),
                    pool_terms: record.as_ref().map(terms),
                    admissions,
                    operator_funds: *operator_funds,
                });
            }
        }
        Ok(pairs)
    }

    async fn pool_offers(
        &self,
        orders: Vec<SignedOrder<PoolOrder>>,
    ) -> Result<Vec<(Offer<PoolOrder>, KnownPool)>, CliError> {
        let mut known: BTreeMap<PoolId, KnownPool> = BTreeMap::new();
        let mut offers = Vec::new();
        for signed in orders {
            let id = signed.order.pool;
            let pool = match known.get(&id) {
                Some(pool) => pool.clone(),
                None => known.entry(id).or_insert(self.pool(id).await?).clone(),
            };
            let operator = pool.0.as_ref().map(|pool| &pool.owner);
            let offer = self.offer(signed, operator).await?;
            offers.push((offer, pool));
        }
        Ok(offers)
    }

    async fn pool(&self, id: PoolId) -> Result<KnownPool, CliError> {
        let Some(pool) = self.view.pool(id).await? else {
            return Ok((None, 0));
        };
        let account = self.view.account(&pool.owner).await?;
        Ok((
            Some(pool),
            account.transferable(self.view.existential_deposit()?),
        ))
    }

    async fn offer<Content: Clone + Into<Order>>(
        &self,
        signed: SignedOrder<Content>,
        owner: Option<&AccountId>,
    ) -> Result<Offer<Content>, CliError> {
        let order: Order = signed.order.clone().into();
        let id = order.id(self.genesis);
        let consumed = self
            .view
            .consumption(id)
            .await?
            .map_or(0, |consumption| consumption.volume);
        let is_published = |owner: &AccountId| {
            self.published
                .get(&id)
                .is_some_and(|published| published.publisher == *owner)
        };
        let is_signed = |owner: &AccountId| {
            let text = order_text(id);
            signed
                .signature
                .as_ref()
                .is_some_and(|signature| verify(signature, text.as_bytes(), owner))
        };
        let is_authentic = owner.is_some_and(|owner| is_published(owner) || is_signed(owner));
        Ok(Offer {
            id,
            signed,
            consumed,
            is_authentic,
        })
    }

    async fn admissions(
        &self,
        app: &AppOrder,
        app_owner: Option<&AccountId>,
        pool: &PoolOrder,
        operator: Option<&AccountId>,
        request: &RequestOrder,
    ) -> Result<Admissions, CliError> {
        let requester = &request.requester;
        let asking = Some(requester);
        Ok(Admissions {
            app_admits_pool: self
                .admits(&app.restrict_pool, &pool.pool, operator)
                .await?,
            app_admits_requester: self
                .admits(&app.restrict_requester, requester, asking)
                .await?,
            pool_admits_app: self.admits(&pool.restrict_app, &app.app, app_owner).await?,
            pool_admits_requester: self
                .admits(&pool.restrict_requester, requester, asking)
                .await?,
        })
    }

    /// Whether the restriction admits `id`, which belongs to `account`. A list admits by account.
    async fn admits<Id: PartialEq>(
        &self,
        restriction: &Restriction<Id>,
        id: &Id,
        account: Option<&AccountId>,
    ) -> Result<bool, CliError> {
        Ok(match (restriction, account) {
            (Restriction::Anyone, _) => true,
            (Restriction::Only(only), _) => only == id,
            (Restriction::Listed(list), Some(account)) => self.view.admits(*list, account).await?,
            (Restriction::Listed(_), None) => false,
        })
    }
}

fn terms(pool: &Pool) -> PoolTerms {
    PoolTerms {
        owner: pool.owner.clone(),
        policy: pool.policy,
    }
}

#[cfg(test)]
mod tests;
