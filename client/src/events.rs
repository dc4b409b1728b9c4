//! What happened, in the primitives' words.
//!
//! Events are found by the names of pallet and variant and decoded field by field, in the order in
//! which the pallets declare them. A test compares names and fields with the committed metadata.

use crate::{ClientError, runtime::Runtime};
use codec::Decode;
use ergon_primitives::{
    AccessListId, AccountId, AppId, Balance, BlockNumber, CategoryId, Curation, DatasetId, DealId,
    InlineResult, OrderId, Outcome, Payment, PoolId, ResultLocator, Score, TaskIndex, Untouched,
};
use sp_core::H256;
use sp_runtime::DispatchError;
use subxt::events::Phase;

/// The pallets of which every event is decoded.
pub(crate) const DECODED_WHOLE: [&str; 9] = [
    RegistryEvent::PALLET,
    MarketEvent::PALLET,
    EscrowEvent::PALLET,
    WorkerStakingEvent::PALLET,
    PocoEvent::PALLET,
    ReputationEvent::PALLET,
    HubWalletEvent::PALLET,
    ValidatorSetEvent::PALLET,
    ProtocolParametersEvent::PALLET,
];

macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $name:ident of $pallet:literal {
            $(
                $(#[$variant_doc:meta])*
                $variant:ident { $( $(#[$field_doc:meta])* $field:ident: $ty:ty, )* },
            )*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                $variant { $( $(#[$field_doc])* $field: $ty, )* },
            )*
        }

        impl $name {
            pub(crate) const PALLET: &'static str = $pallet;

            /// Names of the variants and of their fields.
            #[cfg(test)]
            pub(crate) const SHAPE: &'static [(&'static str, &'static [&'static str])] =
                &[$( (stringify!($variant), &[$( stringify!($field) ),*]) ),*];

            /// Decodes the fields of a variant, if it is one of these.
            pub(crate) fn decode(
                variant: &str,
                fields: &mut &[u8],
            ) -> Result<Option<Self>, codec::Error> {
                $(
                    if variant == stringify!($variant) {
                        return Ok(Some(Self::$variant { $( $field: <$ty>::decode(fields)?, )* }));
                    }
                )*
                Ok(None)
            }
        }
    )*};
}

mod government;
pub use government::{
    CallResult, ConvictionVotingEvent, HubWalletEvent, PreimageEvent, ProtocolParametersEvent,
    ReferendaEvent, TechnicalCollectiveEvent, TreasuryEvent, ValidatorSetEvent,
};

events! {
    /// Events of the registry.
    RegistryEvent of "Registry" {
        /// An app was registered.
        AppRegistered {
            /// The app.
            app: AppId,
            /// Who registered it.
            owner: AccountId,
        },
        /// An app's locator or metadata changed.
        AppUpdated {
            /// The app.
            app: AppId,
        },
        /// An app has a new owner.
        AppTransferred {
            /// The app.
            app: AppId,
            /// The former owner.
            from: AccountId,
            /// The new owner.
            to: AccountId,
        },
        /// An app was removed.
        AppRemoved {
            /// The app.
            app: AppId,
        },
        /// A worker pool was registered.
        PoolRegistered {
            /// The pool.
            pool: PoolId,
            /// Who registered and operates it.
            owner: AccountId,
        },
        /// A pool offers new terms.
        PoolUpdated {
            /// The pool.
            pool: PoolId,
        },
        /// A pool has a new operator.
        PoolTransferred {
            /// The pool.
            pool: PoolId,
            /// The former operator.
            from: AccountId,
            /// The new operator.
            to: AccountId,
        },
        /// A pool was removed.
        PoolRemoved {
            /// The pool.
            pool: PoolId,
        },
        /// A category was created.
        CategoryCreated {
            /// The category.
            category: CategoryId,
            /// Its work time, in blocks.
            work_time: BlockNumber,
        },
        /// An access list was created.
        ListCreated {
            /// The list.
            list: AccessListId,
            /// Who keeps it.
            owner: AccountId,
            /// Number of its members.
            members: u32,
        },
        /// Accounts joined an access list.
        MembersAdded {
            /// The list.
            list: AccessListId,
            /// How many accounts were not on it before.
            added: u32,
            /// Number of its members now.
            members: u32,
        },
        /// Accounts left an access list.
        MembersRemoved {
            /// The list.
            list: AccessListId,
            /// How many accounts were on it before.
            removed: u32,
            /// Number of its members now.
            members: u32,
        },
        /// An access list was deleted; it admits nobody.
        ListDeleted {
            /// The list.
            list: AccessListId,
        },
        /// A removed identifier may be registered again.
        TombstonePruned {
            /// The identifier of an app, a dataset, a pool or a list.
            id: H256,
        },
        /// A dataset was registered.
        DatasetRegistered {
            /// The dataset.
            dataset: DatasetId,
            /// Who registered it.
            owner: AccountId,
        },
        /// A dataset's locator or metadata changed.
        DatasetUpdated {
            /// The dataset.
            dataset: DatasetId,
        },
        /// A dataset has a new owner.
        DatasetTransferred {
            /// The dataset.
            dataset: DatasetId,
            /// The former owner.
            from: AccountId,
            /// The new owner.
            to: AccountId,
        },
        /// A dataset was removed.
        DatasetRemoved {
            /// The dataset.
            dataset: DatasetId,
        },
        /// The owner of an app asks governance to approve it.
        AppProposed {
            /// The app.
            app: AppId,
            /// Hash of the document that speaks for it.
            document: H256,
        },
        /// Governance judged an app.
        AppCurated {
            /// The app.
            app: AppId,
            /// What is said of it now; nothing when it is unreviewed.
            curation: Option<Curation>,
        },
        /// Another key authorises contributions to a pool.
        AuthoriserSet {
            /// The pool.
            pool: PoolId,
            /// The key that authorises from now on.
            authoriser: AccountId,
        },
    }

    /// Events of the market.
    MarketEvent of "Market" {
        /// An order's text was put on the chain.
        OrderPublished {
            /// The order.
            order: OrderId,
            /// Who published it and can get the deposit back.
            publisher: AccountId,
            /// What was put on hold.
            deposit: Balance,
        },
        /// An order was closed: it makes no further deal.
        OrderClosed {
            /// The order.
            order: OrderId,
            /// Who closed it.
            by: AccountId,
        },
        /// Expired orders were forgotten and their deposits returned.
        OrdersPruned {
            /// How many.
            count: u32,
        },
        /// The last task of a published order was consumed: its text left the chain and its
        /// deposit was returned.
        OrderExhausted {
            /// The order.
            order: OrderId,
        },
        /// Orders made a deal.
        Matched {
            /// The deal.
            deal: DealId,
            /// The app.
            app: AppId,
            /// The pool.
            pool: PoolId,
            /// Who asked.
            requester: AccountId,
            /// Number of tasks.
            volume: u32,
            /// Index of the first task.
            first_index: TaskIndex,
            /// App price per task.
            app_price: Balance,
            /// The dataset, if one is used.
            dataset: Option<DatasetId>,
            /// Dataset price per task; 0 when none is used.
            dataset_price: Balance,
            /// Pool price per task.
            pool_price: Balance,
        },
        /// Every task of a deal has ended.
        DealEnded {
            /// The deal.
            deal: DealId,
        },
    }

    /// Events of the escrow.
    EscrowEvent of "Escrow" {
        /// A payout could not reach its account and went to the treasury.
        PayoutDiverted {
            /// Who should have been paid.
            to: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A deal was closed for which the payer had prepaid the calls.
        Closed {
            /// The deal.
            deal: DealId,
            /// What of the settlement fee the calls had used up; burned.
            burned: Balance,
            /// What went back to the payer.
            refunded: Balance,
        },
    }

    /// Events of the workers' bonds.
    WorkerStakingEvent of "WorkerStaking" {
        /// A worker was bonded.
        Bonded {
            /// The worker's key.
            worker: AccountId,
            /// Whose money it is.
            owner: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A bond grew.
        BondExtended {
            /// The worker's key.
            worker: AccountId,
            /// By how much.
            amount: Balance,
        },
        /// A part of a bond is on its way out.
        Unbonding {
            /// The worker's key.
            worker: AccountId,
            /// How much.
            amount: Balance,
            /// First block in which it can be withdrawn.
            until: BlockNumber,
        },
        /// Money went back to the bond's owner.
        Withdrawn {
            /// The worker's key.
            worker: AccountId,
            /// How much.
            amount: Balance,
            /// Whether nothing was left, so that the bond is gone.
            removed: bool,
        },
        /// A worker joined a pool.
        Joined {
            /// The worker's key.
            worker: AccountId,
            /// The pool.
            pool: PoolId,
        },
        /// A worker left a pool.
        Left {
            /// The worker's key.
            worker: AccountId,
            /// The pool.
            pool: PoolId,
        },
        /// A bond has a new worker key.
        WorkerKeyChanged {
            /// The former key.
            old: AccountId,
            /// The new key.
            new: AccountId,
        },
        /// A bond lost stake.
        Slashed {
            /// The worker's key.
            worker: AccountId,
            /// How much.
            amount: Balance,
        },
    }

    /// Events of Proof-of-Contribution.
    PocoEvent of "Poco" {
        /// A worker voted on a task.
        Contributed {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// The worker's key.
            worker: AccountId,
            /// What it voted for; zero when votes are sealed.
            commitment: H256,
            /// Weight of its vote.
            weight: u32,
        },
        /// A group of votes became credible enough: its workers must reveal.
        ConsensusReached {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// What the group voted for.
            commitment: H256,
            /// How many votes the group has.
            voters: u32,
        },
        /// Enough sealed votes have come: all their workers must open them.
        OpeningBegan {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// How many votes there are.
            voters: u32,
        },
        /// A worker opened its vote.
        Revealed {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// The worker's key.
            worker: AccountId,
            /// What came of the task.
            outcome: Outcome,
            /// The result or its head, as this worker claims; not a part of the vote.
            inline: InlineResult,
        },
        /// A task ended with a certain result.
        Settled {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// The result.
            outcome: Outcome,
            /// Where it can be fetched, as the first worker to reveal said.
            locator: ResultLocator,
            /// Who earned what for the computation: the owners of the winners' bonds.
            workers: Vec<Payment>,
            /// Keys of the workers that lost their stake now.
            losers: Vec<AccountId>,
            /// Sum of the stakes they lost.
            slashed: Balance,
            /// What the app's owner got.
            app: Balance,
            /// What the dataset's owner got; 0 when no dataset is used.
            dataset: Balance,
            /// What the operator got.
            operator: Balance,
            /// What went back to the payer.
            refunded: Balance,
            /// What the treasury got.
            treasury: Balance,
        },
        /// A winning group revealed nothing in time: it lost its stakes and counts no more.
        Reopened {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// Keys of the group's workers.
            silent: Vec<AccountId>,
        },
        /// A task ended without a result.
        Failed {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// What went back to the payer.
            refunded: Balance,
            /// What the treasury got.
            treasury: Balance,
        },
        /// A task ended because governance revoked its app as harmful: everybody got back what they
        /// had put in.
        Cancelled {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
        },
        /// All tasks of a deal that nobody voted on ended together.
        UntouchedEnded {
            /// The deal.
            deal: DealId,
            /// How many they were.
            tasks: u32,
            /// What became of them.
            untouched: Untouched,
            /// What the operator got.
            operator: Balance,
            /// What went back to the payer.
            refunded: Balance,
            /// What the treasury got.
            treasury: Balance,
        },
        /// Items of a batch were refused, while others succeeded.
        ItemsRefused {
            /// The deal.
            deal: DealId,
            /// The worker's key.
            worker: AccountId,
            /// The tasks, and why.
            items: Vec<(TaskIndex, DispatchError)>,
        },
        /// The chain called what a deal wants to be called when a task has settled.
        CallbackDone {
            /// The deal.
            deal: DealId,
            /// The task.
            index: TaskIndex,
            /// How the call ended.
            result: CallResult,
        },
        /// The pool withdrew every authorisation of a worker for a deal.
        WorkerRevoked {
            /// The deal.
            deal: DealId,
            /// The worker's key.
            worker: AccountId,
        },
        /// An ended deal and all its tasks were removed.
        DealPruned {
            /// The deal.
            deal: DealId,
        },
    }

    /// Events of the workers' scores.
    ReputationEvent of "Reputation" {
        /// A worker's score changed.
        ScoreChanged {
            /// The worker's key.
            worker: AccountId,
            /// The score before.
            from: Score,
            /// The score now.
            to: Score,
        },
    }

    /// Events of the balances, as far as programs here need them.
    BalancesEvent of "Balances" {
        /// Money went from one account to another.
        Transfer {
            /// Who gave.
            from: AccountId,
            /// Who got.
            to: AccountId,
            /// How much.
            amount: Balance,
        },
    }

    /// Events of the transaction fees.
    TransactionPaymentEvent of "TransactionPayment" {
        /// A transaction's fee was paid.
        TransactionFeePaid {
            /// Who paid.
            who: AccountId,
            /// The whole fee, tip included.
            actual_fee: Balance,
            /// The part of it that was a tip.
            tip: Balance,
        },
    }
}

/// Something that happened in a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// In the registry.
    Registry(RegistryEvent),
    /// In the market.
    Market(MarketEvent),
    /// In the escrow.
    Escrow(EscrowEvent),
    /// With the workers' bonds.
    WorkerStaking(WorkerStakingEvent),
    /// With tasks and votes.
    Poco(PocoEvent),
    /// With the workers' scores.
    Reputation(ReputationEvent),
    /// With balances.
    Balances(BalancesEvent),
    /// With fees.
    TransactionPayment(TransactionPaymentEvent),
    /// With hubs.
    HubWallet(HubWalletEvent),
    /// With the set of validators.
    ValidatorSet(ValidatorSetEvent),
    /// With the protocol's parameters.
    ProtocolParameters(ProtocolParametersEvent),
    /// With preimages.
    Preimage(PreimageEvent),
    /// With referenda.
    Referenda(ReferendaEvent),
    /// With votes on referenda.
    ConvictionVoting(ConvictionVotingEvent),
    /// With the technical collective.
    TechnicalCollective(TechnicalCollectiveEvent),
    /// With the treasury.
    Treasury(TreasuryEvent),
    /// Something that this client does not decode.
    Other {
        /// The pallet.
        pallet: String,
        /// The event's name.
        name: String,
    },
}

impl Event {
    /// Decodes an event from the bytes of its fields.
    fn decode(pallet: &str, name: &str, fields: &[u8]) -> Result<Self, codec::Error> {
        let rest = &mut &*fields;
        let event = match pallet {
            RegistryEvent::PALLET => RegistryEvent::decode(name, rest)?.map(Self::Registry),
            MarketEvent::PALLET => MarketEvent::decode(name, rest)?.map(Self::Market),
            EscrowEvent::PALLET => EscrowEvent::decode(name, rest)?.map(Self::Escrow),
            WorkerStakingEvent::PALLET => {
                WorkerStakingEvent::decode(name, rest)?.map(Self::WorkerStaking)
            }
            PocoEvent::PALLET => PocoEvent::decode(name, rest)?.map(Self::Poco),
            ReputationEvent::PALLET => ReputationEvent::decode(name, rest)?.map(Self::Reputation),
            BalancesEvent::PALLET => BalancesEvent::decode(name, rest)?.map(Self::Balances),
            TransactionPaymentEvent::PALLET => {
                TransactionPaymentEvent::decode(name, rest)?.map(Self::TransactionPayment)
            }
            HubWalletEvent::PALLET => HubWalletEvent::decode(name, rest)?.map(Self::HubWallet),
            ValidatorSetEvent::PALLET => {
                ValidatorSetEvent::decode(name, rest)?.map(Self::ValidatorSet)
            }
            ProtocolParametersEvent::PALLET => {
                ProtocolParametersEvent::decode(name, rest)?.map(Self::ProtocolParameters)
            }
            PreimageEvent::PALLET => PreimageEvent::decode(name, rest)?.map(Self::Preimage),
            ReferendaEvent::PALLET => ReferendaEvent::decode(name, rest)?.map(Self::Referenda),
            ConvictionVotingEvent::PALLET => {
                ConvictionVotingEvent::decode(name, rest)?.map(Self::ConvictionVoting)
            }
            TechnicalCollectiveEvent::PALLET => {
                TechnicalCollectiveEvent::decode(name, rest)?.map(Self::TechnicalCollective)
            }
            TreasuryEvent::PALLET => TreasuryEvent::decode(name, rest)?.map(Self::Treasury),
            _ => None,
        };
        match event {
            Some(_) if !rest.is_empty() => Err("the event has more fields than expected".into()),
            Some(event) => Ok(event),
            None => Ok(Self::Other {
                pallet: pallet.into(),
                name: name.into(),
            }),
        }
    }
}

/// The events of one transaction and, if it failed, the bytes of its dispatch error.
pub(crate) struct ExtrinsicEvents {
    pub(crate) events: Vec<Event>,
    pub(crate) failure: Option<Vec<u8>>,
}

/// All events of a block, from the bytes of `System.Events`.
pub(crate) fn of_block(runtime: &Runtime, bytes: Vec<u8>) -> Result<Vec<Event>, ClientError> {
    Ok(decode_all(runtime, bytes, |_| true)?.events)
}

/// The events of the block's transaction with this index.
pub(crate) fn of_extrinsic(
    runtime: &Runtime,
    bytes: Vec<u8>,
    index: u32,
) -> Result<ExtrinsicEvents, ClientError> {
    decode_all(runtime, bytes, |phase| {
        phase == Phase::ApplyExtrinsic(index)
    })
}

fn decode_all(
    runtime: &Runtime,
    bytes: Vec<u8>,
    wanted: impl Fn(Phase) -> bool,
) -> Result<ExtrinsicEvents, ClientError> {
    let mut events = Vec::new();
    let mut failure = None;
    for event in runtime.offline.events().from_bytes(bytes).iter() {
        let event = event.map_err(|error| ClientError::undecodable("the events", error))?;
        if !wanted(event.phase()) {
            continue;
        }
        let (pallet, name, fields) = (event.pallet_name(), event.event_name(), event.field_bytes());
        if (pallet, name) == ("System", "ExtrinsicFailed") {
            failure = Some(fields.to_vec());
        }
        let event = Event::decode(pallet, name, fields).map_err(|error| {
            ClientError::undecodable(format!("the event {pallet}.{name}"), error)
        })?;
        events.push(event);
    }
    Ok(ExtrinsicEvents { events, failure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compatibility::EXPECTED;
    use codec::Encode;

    /// Variants and fields of a pallet's events in the committed metadata.
    fn declared(pallet: &str) -> Vec<(String, Vec<String>)> {
        let metadata = &EXPECTED.as_ref().unwrap().metadata;
        let pallet = metadata.pallet_by_name(pallet).unwrap();
        let variants = pallet.event_variants().unwrap().iter();
        variants
            .map(|variant| {
                let fields = variant
                    .fields
                    .iter()
                    .map(|field| field.name.clone().unwrap_or_default());
                (variant.name.clone(), fields.collect())
            })
            .collect()
    }

    fn ours(shape: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        shape
            .iter()
            .map(|(name, fields)| {
                (
                    name.to_string(),
                    fields.iter().map(|field| field.to_string()).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn our_pallets_events_are_those_of_the_runtime() {
        assert_eq!(ours(RegistryEvent::SHAPE), declared("Registry"));
        assert_eq!(ours(MarketEvent::SHAPE), declared("Market"));
        assert_eq!(ours(EscrowEvent::SHAPE), declared("Escrow"));
        assert_eq!(ours(WorkerStakingEvent::SHAPE), declared("WorkerStaking"));
        assert_eq!(ours(PocoEvent::SHAPE), declared("Poco"));
        assert_eq!(ours(ReputationEvent::SHAPE), declared("Reputation"));
        assert_eq!(ours(HubWalletEvent::SHAPE), declared("HubWallet"));
        assert_eq!(ours(ValidatorSetEvent::SHAPE), declared("ValidatorSet"));
        assert_eq!(
            ours(ProtocolParametersEvent::SHAPE),
            declared("ProtocolParameters")
        );
    }

    #[test]
    fn the_other_pallets_have_the_events_that_are_decoded() {
        for (shape, pallet) in [
            (BalancesEvent::SHAPE, "Balances"),
            (TransactionPaymentEvent::SHAPE, "TransactionPayment"),
            (PreimageEvent::SHAPE, "Preimage"),
            (ReferendaEvent::SHAPE, "Referenda"),
            (ConvictionVotingEvent::SHAPE, "ConvictionVoting"),
            (TechnicalCollectiveEvent::SHAPE, "TechnicalCollective"),
            (TreasuryEvent::SHAPE, "Treasury"),
        ] {
            let declared = declared(pallet);
            assert!(
                ours(shape).iter().all(|event| declared.contains(event)),
                "{pallet}"
            );
        }
    }

    #[test]
    fn fields_are_decoded_in_their_order() {
        let deal = DealId(H256::repeat_byte(9));
        let fields = (deal, 3u32, vec![AccountId::new([1; 32])]).encode();
        assert_eq!(
            Event::decode("Poco", "Reopened", &fields).unwrap(),
            Event::Poco(PocoEvent::Reopened {
                deal,
                index: 3,
                silent: vec![AccountId::new([1; 32])]
            })
        );
    }

    #[test]
    fn unknown_events_are_named_and_wrong_ones_refused() {
        assert_eq!(
            Event::decode("Sudo", "Sudid", &[1, 2, 3]).unwrap(),
            Event::Other {
                pallet: "Sudo".into(),
                name: "Sudid".into()
            }
        );
        assert!(Event::decode("Market", "DealEnded", &[0; 31]).is_err());
        assert!(Event::decode("Market", "DealEnded", &[0; 33]).is_err());
    }
}
