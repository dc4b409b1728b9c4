//! Orders: signed offers and wishes that make a deal when they fit (iExec 7.5 – 7.7).

use crate::{
    AccessListId, AccountId, Advertisement, AppId, Balance, BlockNumber, CategoryId, DAYS,
    DatasetId, DealId, MAX_CONTRIBUTORS, OrderId, PoolId, Requirements, Signature, domain_hash,
};
use alloc::{format, string::String};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// Longest time from now until an order's expiry: 180 days. It bounds how long consumed volume must
/// be remembered.
pub const MAX_ORDER_LIFE: BlockNumber = 180 * DAYS;
/// Longest parameters of a request, in bytes.
pub const MAX_PARAMS: u32 = 2_048;
/// Highest trust a pool can offer.
pub const MAX_TRUST: u32 = 1 << 12;
/// Most execution versions that a pool order offers.
pub const MAX_EXECUTION_VERSIONS: u32 = 8;
/// Longest time from match to the final deadline: 30 days.
pub const MAX_DURATION: BlockNumber = 30 * DAYS;

/// Most ways of verification that a pool order offers.
pub const MAX_VERIFICATIONS: u32 = 4;
/// How many workers race beside the referees.
pub const RACERS: u32 = 2;
/// Longest call that a settled task sends back, in bytes.
pub const MAX_CALLBACK: u32 = 1_024;

/// Parameters of a request: a JSON text that the worker reads; the chain does not.
pub type Params = BoundedVec<u8, ConstU32<MAX_PARAMS>>;

/// Exact engine and configuration that computes a digest. Only one version votes on a deal.
pub type ExecutionVersion = u32;

/// Versions from this one on run container images, those below it WebAssembly modules.
pub const FIRST_CONTAINER_VERSION: ExecutionVersion = 1 << 31;

/// A call that the chain makes with the requester's origin when a task has settled, in SCALE.
pub type Callback = BoundedVec<u8, ConstU32<MAX_CALLBACK>>;

/// How the chain finds out which result is right.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Verification {
    /// Workers repeat the task until so many agree that the trust asked for is reached (iExec 7.6).
    #[codec(index = 0)]
    Replication,
    /// As [`Self::Replication`], but nobody sees how others voted before so many have: for answers
    /// small enough to guess.
    #[codec(index = 1)]
    Blind {
        /// How many votes are awaited before they are opened, from `needed(trust)` to 32.
        voters: u8,
    },
    /// Two workers and some referees, whose roles are drawn after all have voted (Symbioses
    /// 5.2–5.4).
    #[codec(index = 2)]
    Race {
        /// How many referees, from 0 to 30.
        referees: u8,
    },
}

/// How many fresh workers that agree, with nobody against them, make a result credible enough for
/// this trust: the least `k ≥ 1` with `2^k ≥ trust` (iExec 7.6).
pub fn needed(trust: u32) -> u32 {
    trust
        .saturating_sub(1)
        .checked_ilog2()
        .map_or(1, |log| log.saturating_add(1))
}

impl Verification {
    /// Whether a task can be verified this way at this trust: enough votes are awaited for it, and no
    /// more than a task can have. A race compares results one by one, whatever the trust.
    pub fn admits(self, trust: u32) -> bool {
        match self {
            Self::Replication => true,
            Self::Blind { .. } => {
                (needed(trust)..=MAX_CONTRIBUTORS).contains(&self.votes_expected(trust))
            }
            Self::Race { .. } => self.votes_expected(trust) <= MAX_CONTRIBUTORS,
        }
    }

    /// How many votes a task needs that is verified this way at this trust, when nothing goes wrong.
    pub fn votes_expected(self, trust: u32) -> u32 {
        match self {
            Self::Replication => needed(trust),
            Self::Blind { voters } => u32::from(voters),
            Self::Race { referees } => u32::from(referees).saturating_add(RACERS),
        }
    }

    /// Whether votes are sealed until all of them can be opened.
    pub fn is_sealed(self) -> bool {
        self != Self::Replication
    }

    /// Whether a pool that offers this takes a request for the other: the same way with no more
    /// workers.
    pub fn covers(self, asked: Self) -> bool {
        match (self, asked) {
            (Self::Replication, Self::Replication) => true,
            (Self::Blind { voters: most }, Self::Blind { voters }) => voters <= most,
            (Self::Race { referees: most }, Self::Race { referees }) => referees <= most,
            _ => false,
        }
    }
}

/// The ways of verification that a pool offers.
pub type Verifications = BoundedVec<Verification, ConstU32<MAX_VERIFICATIONS>>;

/// Wasmtime 36.0.20 with fuel, NaN canonicalisation and the worker's own WASI preview 1.
pub const EXECUTION_VERSION_1: ExecutionVersion = 1;

/// A set of 64 features, a bit each; the meaning of bits is a convention of the market.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Tag(pub u64);

impl Tag {
    /// Trusted hardware: refused until attestation exists, so that nobody can claim it for nothing.
    pub const TRUSTED_HARDWARE: Tag = Tag(1);

    /// The features of both.
    pub fn union(self, other: Tag) -> Tag {
        Tag(self.0 | other.0)
    }

    /// Whether every feature of `other` is in this set.
    pub fn contains(self, other: Tag) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the sets share a feature.
    pub fn intersects(self, other: Tag) -> bool {
        self.0 & other.0 != 0
    }
}

/// Who an order may meet.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Restriction<Id> {
    /// Anyone.
    Anyone,
    /// This one only.
    Only(Id),
    /// Those whose owner the access list contains when the match is made. A deleted list admits none.
    Listed(AccessListId),
}

/// An app provider's offer.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct AppOrder {
    /// The app on offer.
    pub app: AppId,
    /// Price per task, at most [`crate::MAX_PRICE`].
    pub price: Balance,
    /// How many tasks in all, at least 1.
    pub volume: u32,
    /// Features that the app needs.
    pub tag: Tag,
    /// Datasets that it may be used with. A request without dataset is always admitted.
    pub restrict_dataset: Restriction<DatasetId>,
    /// Pools that may run it.
    pub restrict_pool: Restriction<PoolId>,
    /// Requesters that may use it.
    pub restrict_requester: Restriction<AccountId>,
    /// Last block in which the order may match.
    pub valid_until: BlockNumber,
    /// Tells equal orders apart.
    pub salt: H256,
}

/// A dataset provider's offer.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct DatasetOrder {
    /// The dataset on offer.
    pub dataset: DatasetId,
    /// Price per task, at most [`crate::MAX_PRICE`].
    pub price: Balance,
    /// How many tasks in all, at least 1.
    pub volume: u32,
    /// Features that its use needs.
    pub tag: Tag,
    /// Apps that may read it.
    pub restrict_app: Restriction<AppId>,
    /// Pools that may read it.
    pub restrict_pool: Restriction<PoolId>,
    /// Requesters that may use it.
    pub restrict_requester: Restriction<AccountId>,
    /// Last block in which the order may match.
    pub valid_until: BlockNumber,
    /// Tells equal orders apart.
    pub salt: H256,
}

/// A pool operator's offer.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PoolOrder {
    /// The pool on offer.
    pub pool: PoolId,
    /// Price per task, at most [`crate::MAX_PRICE`].
    pub price: Balance,
    /// How many tasks in all, at least 1.
    pub volume: u32,
    /// Features that the pool's machines have.
    pub tag: Tag,
    /// Category of work on offer.
    pub category: CategoryId,
    /// Highest trust on offer, at most [`MAX_TRUST`].
    pub trust: u32,
    /// Ways of verification on offer.
    pub verifications: Verifications,
    /// Execution versions on offer.
    pub execution_versions: BoundedVec<ExecutionVersion, ConstU32<MAX_EXECUTION_VERSIONS>>,
    /// What the pool's machines are like.
    pub attributes: Advertisement,
    /// What the pool demands of a request.
    pub requirements: Requirements,
    /// Apps that may run in it.
    pub restrict_app: Restriction<AppId>,
    /// Datasets that may be used in it. A request without dataset is always admitted.
    pub restrict_dataset: Restriction<DatasetId>,
    /// Requesters that may use it.
    pub restrict_requester: Restriction<AccountId>,
    /// Last block in which the order may match.
    pub valid_until: BlockNumber,
    /// Tells equal orders apart.
    pub salt: H256,
}

/// A requester's wish.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct RequestOrder {
    /// The app to run.
    pub app: AppId,
    /// Highest app price per task.
    pub max_app_price: Balance,
    /// The dataset to use, or none.
    pub dataset: Option<DatasetId>,
    /// Highest dataset price per task.
    pub max_dataset_price: Balance,
    /// The pool to run in, or any.
    pub pool: Option<PoolId>,
    /// Highest pool price per task.
    pub max_pool_price: Balance,
    /// Who asks, and signs.
    pub requester: AccountId,
    /// Who pays: the requester, or a sponsor, who consents by being the one that calls match.
    pub payer: AccountId,
    /// Who alone may call match, or anyone.
    pub matcher: Option<AccountId>,
    /// How many tasks in all, at least 1.
    pub volume: u32,
    /// Fewest tasks that one deal must have, at least 1.
    pub min_volume: u32,
    /// Features that the tasks need.
    pub tag: Tag,
    /// Category of work.
    pub category: CategoryId,
    /// How sure the result must be: a lone dishonest group of workers must be this many times less
    /// credible than the winners (iExec 7.6).
    pub trust: u32,
    /// How the result is verified.
    pub verification: Verification,
    /// The execution version that votes.
    pub execution_version: ExecutionVersion,
    /// Longest time from match to the final deadline, in blocks.
    pub max_duration: BlockNumber,
    /// Who the result is for.
    pub beneficiary: AccountId,
    /// What to call when a task has settled.
    pub callback: Option<Callback>,
    /// What to run: see the worker's documentation.
    pub params: Params,
    /// Whether only apps that governance approved will do.
    pub approved_only: bool,
    /// What the request demands of the pool's machines.
    pub requirements: Requirements,
    /// Last block in which the order may match.
    pub valid_until: BlockNumber,
    /// Tells equal orders apart.
    pub salt: H256,
}

/// Any order.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Order {
    /// Of an app provider.
    #[codec(index = 0)]
    App(AppOrder),
    /// Of a dataset provider.
    #[codec(index = 1)]
    Dataset(DatasetOrder),
    /// Of a pool operator.
    #[codec(index = 2)]
    Pool(PoolOrder),
    /// Of a requester.
    #[codec(index = 3)]
    Request(RequestOrder),
}

impl Order {
    /// The order's id on the chain with this genesis: its type is the index of the variant.
    pub fn id(&self, genesis: H256) -> OrderId {
        OrderId(domain_hash("ergon/order", &(genesis, self)))
    }

    /// Last block in which the order may match.
    pub fn valid_until(&self) -> BlockNumber {
        match self {
            Order::App(order) => order.valid_until,
            Order::Dataset(order) => order.valid_until,
            Order::Pool(order) => order.valid_until,
            Order::Request(order) => order.valid_until,
        }
    }

    /// How many tasks the order is for.
    pub fn volume(&self) -> u32 {
        match self {
            Order::App(order) => order.volume,
            Order::Dataset(order) => order.volume,
            Order::Pool(order) => order.volume,
            Order::Request(order) => order.volume,
        }
    }
}

impl From<AppOrder> for Order {
    fn from(order: AppOrder) -> Self {
        Order::App(order)
    }
}

impl From<DatasetOrder> for Order {
    fn from(order: DatasetOrder) -> Self {
        Order::Dataset(order)
    }
}

impl From<PoolOrder> for Order {
    fn from(order: PoolOrder) -> Self {
        Order::Pool(order)
    }
}

impl From<RequestOrder> for Order {
    fn from(order: RequestOrder) -> Self {
        Order::Request(order)
    }
}

/// An order with its owner's signature, or without one when the order is published on the chain or,
/// for a request, when the requester itself calls match.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct SignedOrder<Content> {
    /// The order.
    pub order: Content,
    /// Signature over [`order_text`].
    pub signature: Option<Signature>,
}

/// The text that an order's owner signs. Browser wallets wrap messages in `<Bytes>`; never raw
/// 32 bytes, since those are also the form of a long transaction.
pub fn order_text(id: OrderId) -> String {
    format!("<Bytes>ergon order {:?}</Bytes>", id.0)
}

/// What has been used up of an order.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Consumption {
    /// Tasks consumed; the order's whole volume when it was closed.
    pub volume: u32,
    /// The order's expiry, after which this record can be pruned.
    pub valid_until: BlockNumber,
}

/// An order whose text stands on the chain.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PublishedOrder {
    /// Who published it: the owner of what it offers at that time, or the requester.
    pub publisher: AccountId,
    /// Deposit on hold for its storage, returned when it goes.
    pub deposit: Balance,
    /// The order.
    pub order: Order,
}

/// Id of the deal that a request order makes when `consumed` of its tasks were consumed before.
/// A counter would let a reorganisation hand one deal's votes to another.
pub fn deal_id(request: OrderId, consumed: u32) -> DealId {
    DealId(domain_hash("ergon/deal", &(request, consumed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RequestOrder {
        RequestOrder {
            app: AppId(H256::repeat_byte(1)),
            max_app_price: 1,
            dataset: None,
            max_dataset_price: 0,
            pool: None,
            max_pool_price: 2,
            requester: AccountId::new([3; 32]),
            payer: AccountId::new([3; 32]),
            matcher: None,
            volume: 5,
            min_volume: 1,
            tag: Tag(0),
            category: 0,
            trust: 3,
            verification: Verification::Replication,
            execution_version: EXECUTION_VERSION_1,
            max_duration: 100,
            beneficiary: AccountId::new([3; 32]),
            callback: None,
            params: Default::default(),
            approved_only: false,
            requirements: Default::default(),
            valid_until: 10,
            salt: H256::zero(),
        }
    }

    #[test]
    fn order_id_binds_chain_type_and_content() {
        let order = Order::from(request());
        let genesis = H256::repeat_byte(7);
        let id = order.id(genesis);
        assert_eq!(id, order.clone().id(genesis));
        assert_ne!(id, order.id(H256::repeat_byte(8)));
        let mut other = request();
        other.salt = H256::repeat_byte(1);
        assert_ne!(id, Order::from(other).id(genesis));
    }

    #[test]
    fn order_text_is_what_wallets_sign() {
        let id = OrderId(H256::repeat_byte(0xab));
        assert_eq!(
            order_text(id),
            format!("<Bytes>ergon order 0x{}</Bytes>", "ab".repeat(32))
        );
    }

    #[test]
    fn deal_ids_of_one_request_differ() {
        let id = OrderId(H256::repeat_byte(1));
        assert_ne!(deal_id(id, 0), deal_id(id, 1));
    }

    #[test]
    fn needed_follows_the_table() {
        let table = [
            (0, 1),
            (1, 1),
            (2, 1),
            (3, 2),
            (4, 2),
            (5, 3),
            (8, 3),
            (9, 4),
            (16, 4),
        ];
        for (trust, workers) in table {
            assert_eq!(needed(trust), workers, "trust {trust}");
        }
        assert_eq!((needed(17), needed(32), needed(MAX_TRUST)), (5, 5, 12));
        assert_eq!(needed(u32::MAX), 32);
    }

    #[test]
    fn blind_votes_can_reach_the_trust_and_find_room() {
        let admits = |voters, trust| Verification::Blind { voters }.admits(trust);
        for (trust, fewest) in [(0, 1), (2, 1), (3, 2), (4, 2), (5, 3), (MAX_TRUST, 12)] {
            assert!(!admits(fewest - 1, trust) && admits(fewest, trust));
            assert!(admits(32, trust) && !admits(33, trust));
        }
    }

    #[test]
    fn races_have_room_for_30_referees() {
        for trust in [1, MAX_TRUST] {
            for (referees, admitted) in [(0, true), (30, true), (31, false), (u8::MAX, false)] {
                let race = Verification::Race { referees };
                assert_eq!(race.admits(trust), admitted, "{referees} referees");
            }
        }
    }

    #[test]
    fn replication_is_good_for_every_trust() {
        for trust in [0, 1, MAX_TRUST, u32::MAX] {
            assert!(Verification::Replication.admits(trust));
        }
    }

    #[test]
    fn expected_votes_are_those_of_a_smooth_task() {
        let expected = |verification: Verification| verification.votes_expected(5);
        assert_eq!(expected(Verification::Replication), 3);
        assert_eq!(expected(Verification::Blind { voters: 7 }), 7);
        assert_eq!(expected(Verification::Race { referees: 0 }), 2);
        assert_eq!(expected(Verification::Race { referees: 30 }), 32);
    }

    #[test]
    fn tag_sets() {
        let both = Tag(0b110);
        assert!(both.contains(Tag(0b100)) && both.contains(Tag(0)) && !both.contains(Tag(0b1)));
        assert!(both.intersects(Tag(0b10)) && !both.intersects(Tag(0b1)));
        assert_eq!(Tag(0b10).union(Tag(0b100)), both);
    }
}
