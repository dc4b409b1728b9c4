//! What a match is decided on.

use ergon_primitives::{
    AppOrder, AppTerms, Balance, BlockNumber, CategoryTerms, DatasetOrder, DatasetTerms,
    DealOrders, PoolOrder, PoolTerms, RequestOrder, Tag, final_period, widening,
};

/// A number of tasks for each of the orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Volumes {
    /// Of the app order.
    pub app: u32,
    /// Of the dataset order, if there is one.
    pub dataset: Option<u32>,
    /// Of the pool order.
    pub pool: u32,
    /// Of the request order.
    pub request: u32,
}

/// Which restrictions of orders admit their counterpart. Where a dataset takes part and there is
/// none, everything is admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Admissions {
    /// The app order admits the dataset.
    pub app_admits_dataset: bool,
    /// The app order admits the pool.
    pub app_admits_pool: bool,
    /// The app order admits the requester.
    pub app_admits_requester: bool,
    /// The dataset order admits the app.
    pub dataset_admits_app: bool,
    /// The dataset order admits the pool.
    pub dataset_admits_pool: bool,
    /// The dataset order admits the requester.
    pub dataset_admits_requester: bool,
    /// The pool order admits the app.
    pub pool_admits_app: bool,
    /// The pool order admits the dataset.
    pub pool_admits_dataset: bool,
    /// The pool order admits the requester.
    pub pool_admits_requester: bool,
}

/// Who stands behind the match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Consents {
    /// The app's owner signed or published the app order.
    pub app: bool,
    /// The dataset's owner signed or published the dataset order, or there is none.
    pub dataset: bool,
    /// The pool's owner signed or published the pool order.
    pub pool: bool,
    /// The requester signed or published the request order, or is the caller.
    pub request: bool,
    /// The request lets the caller match.
    pub matcher: bool,
    /// The payer is the requester or the caller.
    pub payer: bool,
}

/// All that decides whether orders match.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts<'a> {
    /// The block in which the orders are to match.
    pub now: BlockNumber,
    /// Ids of the orders.
    pub orders: DealOrders,
    /// The app order.
    pub app_order: &'a AppOrder,
    /// The dataset order, if one is given.
    pub dataset_order: Option<&'a DatasetOrder>,
    /// The pool order.
    pub pool_order: &'a PoolOrder,
    /// The request order.
    pub request_order: &'a RequestOrder,
    /// Terms of the offered app, if it is registered.
    pub app: Option<AppTerms>,
    /// Terms of the offered dataset, if one is offered and registered.
    pub dataset: Option<DatasetTerms>,
    /// Terms of the offered pool, if it is registered.
    pub pool: Option<PoolTerms>,
    /// Terms of the requested category, if it exists.
    pub category: Option<CategoryTerms>,
    /// What was used up of the orders before.
    pub consumed: Volumes,
    /// Which restrictions admit their counterpart.
    pub admissions: Admissions,
    /// Who stands behind the match.
    pub consents: Consents,
    /// Whether neither the pool's operator nor its hub stands against a match.
    pub pool_is_matchable: bool,
    /// Share of the operator's and the app owner's part that goes to the fund, in percent.
    pub fund_fee_ratio: u8,
    /// Share of the pool price that the operator stakes per task, in percent, at most 100.
    pub operator_stake_ratio: u8,
    /// Longest time from a match to the deal's final deadline, in blocks.
    pub max_duration: BlockNumber,
    /// Price of the calls that one task needs.
    pub price_of_calls: Balance,
}

impl Facts<'_> {
    /// What is left of each order.
    pub fn remaining(&self) -> Volumes {
        let consumed = &self.consumed;
        Volumes {
            app: self.app_order.volume.saturating_sub(consumed.app),
            dataset: self
                .dataset_order
                .map(|order| order.volume.saturating_sub(consumed.dataset.unwrap_or(0))),
            pool: self.pool_order.volume.saturating_sub(consumed.pool),
            request: self.request_order.volume.saturating_sub(consumed.request),
        }
    }

    /// How many tasks the deal would have: the least of what is left.
    pub fn volume(&self) -> u32 {
        let left = self.remaining();
        left.app
            .min(left.dataset.unwrap_or(u32::MAX))
            .min(left.pool)
            .min(left.request)
    }

    /// What the payer would prepay for the calls of all tasks; none when it does not fit an amount.
    pub fn settlement_fee(&self) -> Option<Balance> {
        self.price_of_calls.checked_mul(self.volume().into())
    }

    /// The features that the tasks need.
    pub(super) fn needed_tag(&self) -> Tag {
        let dataset = self.dataset_order.map_or(Tag(0), |order| order.tag);
        self.app_order
            .tag
            .union(dataset)
            .union(self.request_order.tag)
    }

    /// Whether the deal's final deadline, `10·T·w` after the match, is near enough. Not asked while
    /// pool or category are unknown.
    pub(super) fn is_short_enough(&self) -> bool {
        let (Some(pool), Some(category)) = (&self.pool, self.category) else {
            return true;
        };
        let widening = widening(self.volume(), pool.policy.parallelism);
        let limit = self.request_order.max_duration.min(self.max_duration);
        final_period(category.work_time, widening).is_some_and(|period| period <= limit)
    }
}
