//! Calls of the market.

use super::Call;
use ergon_primitives::{
    AppOrder, DatasetOrder, Order, OrderId, PoolOrder, RequestOrder, SignedOrder,
};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

const PALLET: &str = "Market";

/// Most orders that one call prunes.
pub const MAX_PRUNED: u32 = 64;

/// Puts an order's text on the chain.
pub fn publish(order: Order) -> Call {
    Call::new(PALLET, "publish", order)
}

/// Closes an order for good, published or not.
pub fn close(order: Order) -> Call {
    Call::new(PALLET, "close", order)
}

/// Makes a deal of orders that fit; the dataset's exactly when the request names a dataset.
pub fn match_orders(
    app: SignedOrder<AppOrder>,
    dataset: Option<SignedOrder<DatasetOrder>>,
    pool: SignedOrder<PoolOrder>,
    request: SignedOrder<RequestOrder>,
) -> Call {
    Call::new(PALLET, "match_orders", (app, dataset, pool, request))
}

/// Forgets expired orders and returns their deposits.
pub fn prune(orders: BoundedVec<OrderId, ConstU32<MAX_PRUNED>>) -> Call {
    Call::new(PALLET, "prune", orders)
}
