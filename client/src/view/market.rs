//! What the market answers in one block: orders by price, prices, and why orders match or not. Each
//! answer is computed by the runtime itself.

use super::View;
use crate::{ClientError, storage, transaction::sentence};
use codec::{Decode, Encode};
use ergon_primitives::{
    AccountId, AppOrder, Cursor, DatasetOrder, MatchReport, Mismatch, Page, PoolOrder,
    PriceSubject, PriceSummary, RequestOrder, Shelf, SignedOrder,
};
use subxt::Metadata;

impl View {
    /// Published orders of a shelf in its order, from the one after `from` on; at most `limit` and at
    /// most 64. Those that cannot match any more say so.
    pub async fn orders(
        &self,
        shelf: Shelf,
        from: Option<Cursor>,
        limit: u32,
    ) -> Result<Page, ClientError> {
        self.ask("MarketApi_orders", (shelf, from, limit)).await
    }

    /// What tasks of a category or an app cost in the last 30 days; none when nothing was paid.
    pub async fn prices(&self, subject: PriceSubject) -> Result<Option<PriceSummary>, ClientError> {
        self.ask("MarketApi_prices", subject).await
    }

    /// Every reason why the orders cannot be matched now by `caller`, or by the requester when none is
    /// given, and the requirements condition by condition.
    pub async fn explain_match(
        &self,
        caller: Option<&AccountId>,
        app: &SignedOrder<AppOrder>,
        dataset: Option<&SignedOrder<DatasetOrder>>,
        pool: &SignedOrder<PoolOrder>,
        request: &SignedOrder<RequestOrder>,
    ) -> Result<MatchReport, ClientError> {
        let arguments = (caller, app, dataset, pool, request);
        self.ask("MarketApi_explain_match", arguments).await
    }

    /// What a pallet says about one of its errors, in one line; none when it has no such error.
    pub fn error_sentence(&self, pallet: &str, error: &str) -> Option<String> {
        error_sentence(&self.runtime.metadata, pallet, error)
    }

    /// What the market says about a reason why orders do not match; the reason's name when it says
    /// nothing.
    pub fn mismatch_sentence(&self, mismatch: Mismatch) -> String {
        let name = format!("{mismatch:?}");
        self.error_sentence("Market", &name)
            .unwrap_or_else(|| sentence(&name))
    }

    async fn ask<T: Decode>(
        &self,
        function: &str,
        arguments: impl Encode,
    ) -> Result<T, ClientError> {
        let answer = self
            .client
            .call_runtime(function, arguments.encode(), self.head.hash)
            .await?;
        storage::decode(function, &answer)
    }
}

fn error_sentence(metadata: &Metadata, pallet: &str, error: &str) -> Option<String> {
    let variants = metadata.pallet_by_name(pallet)?.error_variants()?;
    let variant = variants.iter().find(|variant| variant.name == error)?;
    Some(sentence(&variant.docs.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compatibility::EXPECTED;
    use ergon_matchmaking::{Ad, Expression};
    use ergon_primitives::{
        AppId, BookEntry, CategoryId, DatasetId, Order, OrderId, Party, PoolId, PriceRange,
        PublishedOrder, RequirementReport, Restriction, Tag,
    };
    use sp_core::H256;
    use subxt::ext::scale_value::scale::decode_as_type;

    const CATEGORY: CategoryId = 3;

    fn metadata() -> &'static Metadata {
        &EXPECTED.as_ref().unwrap().metadata
    }

    fn hash(byte: u8) -> H256 {
        H256::repeat_byte(byte)
    }

    fn assert_form(what: &str, type_id: u32, bytes: &[u8]) {
        let mut rest = bytes;
        decode_as_type(&mut rest, type_id, metadata().types())
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(
            rest.is_empty(),
            "{what}: {} bytes are left over",
            rest.len()
        );
    }

    /// Checks that the runtime reads these arguments of a function, and answers in this form.
    fn assert_function(name: &str, arguments: &[Vec<u8>], answer: impl Encode) {
        let api = metadata().runtime_api_trait_by_name("MarketApi").unwrap();
        let function = api.method_by_name(name).unwrap();
        assert_eq!(function.inputs().len(), arguments.len(), "{name}");
        for (input, bytes) in function.inputs().zip(arguments) {
            assert_form(&format!("{name}: {}", input.name), input.id, bytes);
        }
        assert_form(name, function.output_ty(), &answer.encode());
    }

    fn app_order() -> AppOrder {
        AppOrder {
            app: AppId(hash(1)),
            price: 1,
            volume: 2,
            tag: Tag(4),
            restrict_dataset: Restriction::Anyone,
            restrict_pool: Restriction::Anyone,
            restrict_requester: Restriction::Anyone,
            valid_until: 3,
            salt: hash(2),
        }
    }

    #[test]
    fn shelves_are_asked_for_in_the_runtimes_form() {
        let cursor = Cursor {
            price: 1,
            order: OrderId(hash(1)),
        };
        let entry = BookEntry {
            id: OrderId(hash(1)),
            published: PublishedOrder {
                publisher: AccountId::new([8; 32]),
                deposit: 1,
                order: Order::App(app_order()),
            },
            remaining: 2,
            live: true,
        };
        let page = Page {
            orders: vec![entry],
            next: Some(cursor),
        };
        for shelf in [
            Shelf::App(AppId(hash(1))),
            Shelf::Dataset(DatasetId(hash(1))),
            Shelf::Pool(PoolId(hash(1))),
            Shelf::Category(CATEGORY),
            Shelf::AppRequests(AppId(hash(1))),
            Shelf::CategoryRequests(CATEGORY),
        ] {
            let arguments = [shelf.encode(), Some(cursor).encode(), 64u32.encode()];
            assert_function("orders", &arguments, &page);
        }
    }

    #[test]
    fn prices_are_asked_for_in_the_runtimes_form() {
        let range = PriceRange {
            low: 1,
            median: 2,
            high: 3,
        };
        let summary = PriceSummary {
            deals: 1,
            tasks: 2,
            since: 3,
            app: range,
            pool: range,
        };
        for subject in [
            PriceSubject::Category(CATEGORY),
            PriceSubject::App(AppId(hash(1))),
        ] {
            assert_function("prices", &[subject.encode()], Some(summary));
        }
    }

    #[test]
    fn explanations_have_the_form_that_is_read() {
        let (one, other) = (Ad::new(), Ad::new());
        let expression = Expression::parse("TARGET.cpus >= 8 && true").unwrap();
        let report = MatchReport {
            mismatches: vec![Mismatch::AppOrderExpired, Mismatch::OperatorCannotStake],
            requirements: vec![RequirementReport {
                party: Party::Pool,
                explanation: expression.explain(&one, &other),
            }],
            volume: 3,
        };
        let api = metadata().runtime_api_trait_by_name("MarketApi").unwrap();
        let function = api.method_by_name("explain_match").unwrap();
        assert_form("explain_match", function.output_ty(), &report.encode());
        let order = SignedOrder {
            order: app_order(),
            signature: None,
        };
        let input = function.inputs().nth(1).unwrap();
        assert_form("explain_match: app", input.id, &order.encode());
    }

    #[test]
    fn every_mismatch_has_a_sentence() {
        // The last one: the variants have no gaps, so its index is their number less one.
        let last = Mismatch::BlindRequired.encode()[0];
        for index in 0..=last {
            let mismatch = Mismatch::decode(&mut [index].as_slice()).unwrap();
            let sentence = error_sentence(metadata(), "Market", &format!("{mismatch:?}"));
            assert!(sentence.is_some_and(|line| line.len() > 10), "{mismatch:?}");
        }
    }

    #[test]
    fn unknown_errors_have_no_sentence() {
        assert_eq!(error_sentence(metadata(), "Market", "Nothing"), None);
        assert_eq!(error_sentence(metadata(), "Nowhere", "NotOwner"), None);
        let known = error_sentence(metadata(), "Market", "AppPriceTooHigh").unwrap();
        assert_eq!(known, "The app costs more than the requester pays for it.");
    }
}
