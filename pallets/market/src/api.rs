//! What programs ask a node about the market; wallets can ask the view functions of the same names.

use alloc::boxed::Box;
use ergon_primitives::{
    AccountId, AppOrder, Cursor, DatasetOrder, MatchReport, Page, PoolOrder, PriceSubject,
    PriceSummary, RequestOrder, Shelf, SignedOrder,
};

sp_api::decl_runtime_apis! {
    /// Questions about orders and prices.
    pub trait MarketApi {
        /// Published orders of a shelf in its order, from the one after `from` on; at most `limit`,
        /// which is between 1 and 64 whatever is asked for.
        fn orders(shelf: Shelf, from: Option<Cursor>, limit: u32) -> Page;
        /// What tasks of a category or an app cost in the last 30 days; none when nothing was paid.
        fn prices(subject: PriceSubject) -> Option<PriceSummary>;
        /// Every reason why the orders cannot be matched now by `caller`, or by the requester when
        /// none is given, and the requirements condition by condition.
        fn explain_match(
            caller: Option<AccountId>,
            app: Box<SignedOrder<AppOrder>>,
            dataset: Option<Box<SignedOrder<DatasetOrder>>>,
            pool: Box<SignedOrder<PoolOrder>>,
            request: Box<SignedOrder<RequestOrder>>,
        ) -> MatchReport;
    }
}
