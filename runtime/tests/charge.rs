//! Who pays for a transaction: useful calls of workers are paid by their deal, useless ones never get
//! into a block, everything else is paid by its sender; and nobody gets block space below its price.

use codec::{Decode, Encode};
use ergon_primitives::{
    Access, AccountId, AppId, AppKind, AppOrder, Authorisation, Balance, Contribution, DealId, ERG,
    EXECUTION_VERSION_1, MILLI_ERG, Opening, Order, Outcome, PoolId, PoolOrder, PoolPolicy,
    RequestOrder, Restriction, Scheduling, Signature, SignedOrder, Tag, TaskIndex, Verification,
    authorisation_message, commitment, deal_id, order_text, possession_text, result_digest, seal,
};
use ergon_runtime::{
    Balances, Executive, Market, Nonce, Poco, Registry, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, RuntimeOrigin, SignedPayload, System, TransactionExtensions,
    TransactionPayment, UncheckedExtrinsic, WorkerStaking,
    charge::{ChargeOrSpend, LONGEVITY, PRIORITY},
    configs::money::{LengthFee, TreasuryAccount},
    extensions, genesis_presets,
    prices::{CONTRIBUTION_LENGTH, REVEAL_LENGTH, Tariff},
};
use frame_support::{
    assert_ok,
    storage::with_transaction_unchecked,
    traits::fungible::{Inspect, Mutate},
};
use pallet_poco::{Error, Progress};
use pallet_transaction_payment::{ChargeTransactionPayment, Multiplier, NextFeeMultiplier};
use sp_core::H256;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{
    ApplyExtrinsicResult, BoundedVec, BuildStorage, MultiAddress, TransactionOutcome,
    generic::Era,
    traits::TransactionExtension,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
};

const REQUESTER: Sr25519Keyring = Sr25519Keyring::Alice;
const OPERATOR: Sr25519Keyring = Sr25519Keyring::Bob;
const DEVELOPER: Sr25519Keyring = Sr25519Keyring::Charlie;
const BOND_OWNER: Sr25519Keyring = Sr25519Keyring::Dave;
/// Has money and no bond.
const STRANGER: Sr25519Keyring = Sr25519Keyring::Eve;
/// Machines without any money.
const WORKER: Ed25519Keyring = Ed25519Keyring::Ferdie;
const OTHER_WORKER: Ed25519Keyring = Ed25519Keyring::Eve;

const GENESIS: H256 = H256::repeat_byte(7);
const FOREVER: u32 = 1_000_000;

/// Who signs a transaction.
#[derive(Clone, Copy)]
enum Key {
    Person(Sr25519Keyring),
    Machine(Ed25519Keyring),
}

impl Key {
    fn account(self) -> AccountId {
        match self {
            Self::Person(key) => key.to_account_id(),
            Self::Machine(key) => key.to_account_id(),
        }
    }

    fn sign(self, message: &[u8]) -> Signature {
        match self {
            Self::Person(key) => key.sign(message).into(),
            Self::Machine(key) => key.sign(message).into(),
        }
    }
}

// ---- A chain with a pool, two machines and a deal. ----

fn chain() -> sp_io::TestExternalities {
    let preset = genesis_presets::get(&genesis_presets::DEV.into()).expect("the preset exists");
    let patch: serde_json::Value = serde_json::from_slice(&preset).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it serialises");
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the preset fits");
    let mut chain: sp_io::TestExternalities =
        config.build_storage().expect("genesis builds").into();
    chain.execute_with(next_block);
    chain
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
    match (base, patch) {
        (serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}

/// Begins the next block. Each block's parent hash is that of genesis.
fn next_block() {
    let next = System::block_number() + 1;
    System::initialize(&next, &GENESIS, &Default::default());
    System::reset_events();
}

fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

/// Who plays which part of a deal.
struct Cast {
    requester: Sr25519Keyring,
    operator: Sr25519Keyring,
    developer: Sr25519Keyring,
    bond_owner: Sr25519Keyring,
}

const STRANGERS: Cast = Cast {
    requester: REQUESTER,
    operator: OPERATOR,
    developer: DEVELOPER,
    bond_owner: BOND_OWNER,
};

/// One account is everything.
const ALONE: Cast = Cast {
    requester: REQUESTER,
    operator: REQUESTER,
    developer: REQUESTER,
    bond_owner: REQUESTER,
};

impl Cast {
    /// Both machines in the operator's pool, and in the next block a deal of so many tasks.
    fn deal(&self, volume: u32, trust: u32) -> DealId {
        let app = self.app();
        let pool = self.pool();
        for worker in [WORKER, OTHER_WORKER] {
            self.bond(worker, pool);
        }
        next_block();
        self.match_orders(app, pool, volume, trust)
    }

    fn app(&self) -> AppId {
        let digest = H256::repeat_byte(1);
        assert_ok!(Registry::register_app(
            origin(self.developer),
            BoundedVec::truncate_from(b"app".to_vec()),
            AppKind::Wasm,
            digest,
            Default::default(),
            Default::default(),
            Default::default(),
            Default::default(),
        ));
        pallet_registry::app_id(&self.developer.to_account_id(), AppKind::Wasm, digest)
    }

    fn pool(&self) -> PoolId {
        let operator = self.operator.to_account_id();
        let description = BoundedVec::truncate_from(b"pool".to_vec());
        let policy = PoolPolicy {
            worker_stake_ratio: 30,
            operator_reward_ratio: 1,
            parallelism: 1_000,
            access: Access::Public,
            scheduling: Scheduling::Authorised,
        };
        assert_ok!(Registry::register_pool(
            origin(self.operator),
            description.clone(),
            operator.clone(),
            policy
        ));
        pallet_registry::pool_id(&operator, &description)
    }

    fn bond(&self, worker: Ed25519Keyring, pool: PoolId) {
        let owner = self.bond_owner.to_account_id();
        let proof = worker.sign(possession_text(GENESIS, &owner).as_bytes());
        let worker = worker.to_account_id();
        assert_ok!(WorkerStaking::bond(
            origin(self.bond_owner),
            worker.clone(),
            1_000 * ERG,
            proof.into()
        ));
        assert_ok!(WorkerStaking::join(origin(self.bond_owner), worker, pool));
    }

    fn match_orders(&self, app: AppId, pool: PoolId, volume: u32, trust: u32) -> DealId {
        let request = request(&self.requester.to_account_id(), app, volume, trust);
        let id = Market::order_id(&request.clone().into());
        assert_ok!(Market::match_orders(
            origin(self.requester),
            Box::new(signed(app_order(app), self.developer)),
            None,
            Box::new(signed(pool_order(pool), self.operator)),
            Box::new(signed(request, self.requester)),
        ));
        deal_id(id, 0)
    }
}

fn signed<Content: Clone + Into<Order>>(
    order: Content,
    who: Sr25519Keyring,
) -> SignedOrder<Content> {
    let id = Market::order_id(&order.clone().into());
    let signature = Some(who.sign(order_text(id).as_bytes()).into());
    SignedOrder { order, signature }
}

fn app_order(app: AppId) -> AppOrder {
    AppOrder {
        app,
        price: MILLI_ERG,
        volume: u32::MAX,
        tag: Tag(0),
        restrict_dataset: Restriction::Anyone,
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: 1_000,
        salt: H256::zero(),
    }
}

fn pool_order(pool: PoolId) -> PoolOrder {
    PoolOrder {
        pool,
        price: MILLI_ERG,
        volume: u32::MAX,
        tag: Tag(0),
        category: 0,
        trust: 4,
        verifications: BoundedVec::truncate_from(vec![Verification::Replication]),
        execution_versions: BoundedVec::truncate_from(vec![EXECUTION_VERSION_1]),
        attributes: Default::default(),
        requirements: Default::default(),
        restrict_app: Restriction::Anyone,
        restrict_dataset: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: 1_000,
        salt: H256::zero(),
    }
}

fn request(requester: &AccountId, app: AppId, volume: u32, trust: u32) -> RequestOrder {
    RequestOrder {
        app,
        max_app_price: MILLI_ERG,
        dataset: None,
        max_dataset_price: 0,
        pool: None,
        max_pool_price: MILLI_ERG,
        requester: requester.clone(),
        payer: requester.clone(),
        matcher: None,
        volume,
        min_volume: 1,
        tag: Tag(0),
        category: 0,
        trust,
        verification: Verification::Replication,
        execution_version: EXECUTION_VERSION_1,
        max_duration: 1_000_000,
        beneficiary: requester.clone(),
        callback: None,
        params: Default::default(),
        approved_only: false,
        requirements: Default::default(),
        valid_until: 1_000,
        salt: H256::zero(),
    }
}

// ---- What workers call. ----

fn outcome() -> Outcome {
    Outcome::Success(H256::repeat_byte(3))
}

fn digest() -> H256 {
    result_digest(EXECUTION_VERSION_1, &outcome(), H256::zero())
}

/// The authoriser's word for every task of the deal.
fn authorisation(by: Sr25519Keyring, worker: &AccountId, deal: DealId) -> Authorisation {
    let (first, last) = (0, u32::MAX);
    let message = authorisation_message(GENESIS, worker, deal, (first, last), FOREVER);
    Authorisation {
        first,
        last,
        valid_until: FOREVER,
        signature: by.sign(message.as_bytes()).into(),
    }
}

fn contribute(worker: &AccountId, deal: DealId, index: TaskIndex) -> RuntimeCall {
    contribute_authorised(worker, deal, index, OPERATOR)
}

fn contribute_authorised(
    worker: &AccountId,
    deal: DealId,
    index: TaskIndex,
    by: Sr25519Keyring,
) -> RuntimeCall {
    pallet_poco::Call::contribute {
        deal,
        index,
        commitment: commitment(deal, index, digest()),
        seal: seal(worker, deal, index, digest()),
        max_stake: ERG,
        authorisation: Some(authorisation(by, worker, deal)),
    }
    .into()
}

fn contribute_many(worker: &AccountId, deal: DealId, indexes: &[TaskIndex]) -> RuntimeCall {
    contribute_many_authorised(worker, deal, indexes, OPERATOR)
}

fn contribute_many_authorised(
    worker: &AccountId,
    deal: DealId,
    indexes: &[TaskIndex],
    by: Sr25519Keyring,
) -> RuntimeCall {
    let items = indexes.iter().map(|&index| Contribution {
        index,
        commitment: commitment(deal, index, digest()),
        seal: seal(worker, deal, index, digest()),
    });
    pallet_poco::Call::contribute_many {
        deal,
        items: BoundedVec::truncate_from(items.collect()),
        max_stake: ERG,
        authorisation: Some(authorisation(by, worker, deal)),
        max_votes: 8,
    }
    .into()
}

fn reveal(deal: DealId, index: TaskIndex) -> RuntimeCall {
    pallet_poco::Call::reveal {
        deal,
        index,
        outcome: outcome(),
        trace: H256::zero(),
        locator: Default::default(),
        inline: Default::default(),
    }
    .into()
}

fn reveal_many(deal: DealId, indexes: &[TaskIndex]) -> RuntimeCall {
    let items = indexes.iter().map(|&index| Opening {
        index,
        outcome: outcome(),
        trace: H256::zero(),
        locator: Default::default(),
        inline: Default::default(),
    });
    pallet_poco::Call::reveal_many {
        deal,
        items: BoundedVec::truncate_from(items.collect()),
        max_votes: 8,
    }
    .into()
}

// ---- Transactions. ----

const MACHINE: Key = Key::Machine(WORKER);
const OTHER_MACHINE: Key = Key::Machine(OTHER_WORKER);

fn transaction(call: RuntimeCall, by: Key) -> UncheckedExtrinsic {
    transaction_with(call, by, System::account_nonce(by.account()), 0)
}

fn transaction_with(call: RuntimeCall, by: Key, nonce: Nonce, tip: Balance) -> UncheckedExtrinsic {
    let payload = SignedPayload::new(call, extensions(nonce, Era::Immortal, tip))
        .expect("the extensions know what they imply");
    let signature = payload.using_encoded(|message| by.sign(message));
    let (call, extensions, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, MultiAddress::Id(by.account()), signature, extensions)
}

/// What the pool would hear of it. Changes nothing.
fn validate(transaction: UncheckedExtrinsic) -> TransactionValidity {
    with_transaction_unchecked(|| {
        let source = TransactionSource::External;
        TransactionOutcome::Rollback(Executive::validate_transaction(
            source,
            transaction,
            GENESIS,
        ))
    })
}

/// Puts it into the block, as an author does: what is invalid leaves no trace.
fn apply(transaction: UncheckedExtrinsic) -> ApplyExtrinsicResult {
    with_transaction_unchecked(|| match Executive::apply_extrinsic(transaction) {
        Ok(result) => TransactionOutcome::Commit(Ok(result)),
        Err(error) => TransactionOutcome::Rollback(Err(error)),
    })
}

fn make(call: RuntimeCall, by: Key) {
    let result = apply(transaction(call, by));
    assert_eq!(result, Ok(Ok(())));
}

fn refusal(error: Error<Runtime>) -> InvalidTransaction {
    InvalidTransaction::Custom(error.code())
}

fn is_free(validity: &TransactionValidity) -> bool {
    matches!(validity, Ok(valid) if valid.priority == PRIORITY)
}

fn spent(deal: DealId) -> Balance {
    Progress::<Runtime>::get(deal).spent
}

fn prepaid_at_match(deal: DealId) -> Balance {
    pallet_market::Deals::<Runtime>::get(deal)
        .expect("the deal is on record")
        .settlement_fee
}

fn money_of(key: Key) -> Balance {
    Balances::total_balance(&key.account())
}

fn give(key: Key, amount: Balance) {
    assert_ok!(Balances::mint_into(&key.account(), amount));
}

/// What senders have paid in this block.
fn fees_paid() -> Vec<Balance> {
    let fee = |record: frame_system::EventRecord<RuntimeEvent, H256>| match record.event {
        RuntimeEvent::TransactionPayment(
            pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
        ) => Some(actual_fee),
        _ => None,
    };
    System::events().into_iter().filter_map(fee).collect()
}

/// Price of what the block's last transaction used of it, at a multiplier of 1.
fn price_of_last(length: usize) -> Balance {
    price_of_last_at(1, length)
}

/// The same at this multiplier.
fn price_of_last_at(multiplier: u32, length: usize) -> Balance {
    let weight = |record: frame_system::EventRecord<RuntimeEvent, H256>| match record.event {
        RuntimeEvent::System(frame_system::Event::ExtrinsicSuccess { dispatch_info }) => {
            Some(dispatch_info.weight)
        }
        _ => None,
    };
    let used = System::events().into_iter().filter_map(weight).next_back();
    let used = used.expect("a transaction was applied");
    let weight = TransactionPayment::weight_to_fee(used) * Balance::from(multiplier);
    weight + LengthFee::get() * length as Balance
}

fn declared_fee(transaction: &UncheckedExtrinsic) -> Balance {
    let length = transaction.encoded_size() as u32;
    TransactionPayment::query_info(transaction.clone(), length).partial_fee
}

/// Whether a transaction that its sender pays is taken and paid, and costs the deal nothing.
fn assert_sender_pays(transaction: UncheckedExtrinsic, by: Key, deal: DealId) {
    let (before, money) = (spent(deal), money_of(by));
    let validity = validate(transaction.clone());
    assert!(validity.is_ok() && !is_free(&validity), "{validity:?}");
    System::reset_events();
    assert!(apply(transaction).is_ok());
    let paid: Balance = fees_paid().into_iter().sum();
    assert!(paid > 0);
    assert_eq!(money_of(by), money - paid);
    assert_eq!(spent(deal), before);
}

// ---- Useful calls. ----

#[test]
fn a_useful_call_is_free_and_its_deal_pays_what_it_used() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 1);
        assert_eq!(money_of(MACHINE), 0);
        let before = spent(deal);
        let contribution = transaction(contribute(&MACHINE.account(), deal, 0), MACHINE);
        let (declared, length) = (declared_fee(&contribution), contribution.encoded_size());

        let valid = validate(contribution.clone()).expect("it is useful");
        assert_eq!((valid.priority, valid.longevity), (PRIORITY, LONGEVITY));
        assert_eq!(valid.requires, Vec::<Vec<u8>>::new());
        assert!(valid.propagate);
        assert_eq!(apply(contribution), Ok(Ok(())));

        let paid = spent(deal) - before;
        assert_eq!(paid, price_of_last(length));
        assert!(paid <= declared, "{paid} of {declared}");
        assert!(fees_paid().is_empty());
        assert_eq!(money_of(MACHINE), 0);
        assert_eq!(Poco::prepaid(deal), prepaid_at_match(deal) - spent(deal));
    });
}

#[test]
fn a_key_without_money_contributes_and_reveals() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(1, 1);
        make(contribute(&MACHINE.account(), deal, 0), MACHINE);
        next_block();
        make(reveal(deal, 0), MACHINE);
        let settled = |record: frame_system::EventRecord<RuntimeEvent, H256>| {
            matches!(
                record.event,
                RuntimeEvent::Poco(pallet_poco::Event::Settled { .. })
            )
        };
        assert!(System::events().into_iter().any(settled));
        assert!(fees_paid().is_empty());
    });
}

#[test]
fn batches_are_free_when_every_item_is_useful() {
    chain().execute_with(|| {
        let indexes: Vec<TaskIndex> = (0..40).collect();
        let deal = STRANGERS.deal(40, 3);
        for machine in [MACHINE, OTHER_MACHINE] {
            make(contribute_many(&machine.account(), deal, &indexes), machine);
        }
        next_block();
        for machine in [MACHINE, OTHER_MACHINE] {
            make(reveal_many(deal, &indexes), machine);
        }
        assert!(fees_paid().is_empty());
        let status = pallet_market::DealStatuses::<Runtime>::get(deal);
        assert!(matches!(
            status,
            Some(ergon_primitives::DealStatus::Ended(_))
        ));
    });
}

/// Each is useful now, but only one of them can be in the next block.
#[test]
fn calls_about_the_same_task_exclude_each_other_in_the_pool() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 1);
        let worker = MACHINE.account();
        let tags = |call: RuntimeCall, nonce: Nonce| {
            let validity = validate(transaction_with(call, MACHINE, nonce, 0));
            validity.expect("it is useful").provides
        };
        let share = |one: &[Vec<u8>], other: &[Vec<u8>]| one.iter().any(|tag| other.contains(tag));
        let single = tags(contribute(&worker, deal, 0), 0);
        let batch = tags(contribute_many(&worker, deal, &[0, 1]), 1);
        let other = tags(contribute(&worker, deal, 1), 1);
        assert!(share(&single, &batch));
        assert!(!share(&single, &other));
    });
}

// ---- Calls that their sender pays. ----

#[test]
fn beyond_the_prepaid_the_sender_pays() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 1);
        let call = contribute(&MACHINE.account(), deal, 0);
        let needed = needed_for_vote(&transaction(call.clone(), MACHINE), 1, 1);
        leave(deal, needed);
        assert!(is_free(&validate(transaction(call.clone(), MACHINE))));
        for left in [needed - 1, 0] {
            leave(deal, left);
            let validity = validate(transaction(call.clone(), MACHINE));
            assert_eq!(validity, Err(InvalidTransaction::Payment.into()));
        }
        give(MACHINE, ERG);
        assert_sender_pays(transaction(call, MACHINE), MACHINE, deal);
    });
}

/// Whoever voted without money must be able to reveal: before more votes are free, all reveals are.
#[test]
fn more_votes_do_not_use_up_what_reveals_need() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 1);
        make(contribute(&MACHINE.account(), deal, 0), MACHINE);
        assert_eq!(Progress::<Runtime>::get(deal).open_votes, 1);
        next_block();

        let vote = transaction(contribute(&OTHER_MACHINE.account(), deal, 1), OTHER_MACHINE);
        // The next vote could be the second of its task.
        let needed = needed_for_vote(&vote, 2, 2);
        leave(deal, needed);
        assert!(is_free(&validate(vote.clone())));
        leave(deal, needed - 1);
        assert_eq!(
            validate(vote),
            Err(InvalidTransaction::Payment.into()),
            "a key without money votes no more"
        );

        let reveal = transaction(reveal(deal, 0), MACHINE);
        leave(deal, declared_fee(&reveal));
        assert!(is_free(&validate(reveal.clone())));
        leave(deal, needed - 1);
        assert_eq!(apply(reveal), Ok(Ok(())));
        assert_eq!(Progress::<Runtime>::get(deal).open_votes, 0);
    });
}

/// Leaves this much of what was prepaid.
fn leave(deal: DealId, left: Balance) {
    Progress::<Runtime>::mutate(deal, |progress| {
        progress.spent = prepaid_at_match(deal) - left;
    });
}

/// What must be left for a vote, so that `open` votes can be revealed then, of tasks with so many votes.
fn needed_for_vote(vote: &UncheckedExtrinsic, votes: u32, open: u32) -> Balance {
    let tariff = Tariff::of(votes);
    let cast = tariff.contributions(1) + tariff.margin();
    declared_fee(vote).max(cast) + tariff.reveals(open)
}

#[test]
fn fees_that_rose_use_up_the_prepaid_sooner() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(1, 1);
        let call = contribute(&MACHINE.account(), deal, 0);
        NextFeeMultiplier::<Runtime>::put(Multiplier::from_u32(1_000));
        let validity = validate(transaction(call.clone(), MACHINE));
        assert_eq!(validity, Err(InvalidTransaction::Payment.into()));
        NextFeeMultiplier::<Runtime>::put(Multiplier::from_u32(1));
        assert!(is_free(&validate(transaction(call, MACHINE))));
    });
}

#[test]
fn a_call_with_a_tip_is_as_any_other() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 3);
        let worker = MACHINE.account();
        let tipped = |index: TaskIndex| {
            let nonce = System::account_nonce(&worker);
            transaction_with(contribute(&worker, deal, index), MACHINE, nonce, 1)
        };
        let validity = validate(tipped(0));
        assert_eq!(validity, Err(InvalidTransaction::Payment.into()));
        give(MACHINE, ERG);
        assert_sender_pays(tipped(0), MACHINE, deal);
        // The second one is useless: it is taken, fails and is paid, as everywhere.
        let error = Error::<Runtime>::AlreadyContributed.into();
        assert_eq!(apply(tipped(0)), Ok(Err(error)));
    });
}

#[test]
fn a_wrapped_call_is_as_any_other() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 1);
        let worker = MACHINE.account();
        let call = contribute(&worker, deal, 0);
        let wrapped: Vec<RuntimeCall> = vec![
            pallet_utility::Call::batch_all {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_utility::Call::batch {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_proxy::Call::proxy {
                real: MultiAddress::Id(worker.clone()),
                force_proxy_type: None,
                call: Box::new(call.clone()),
            }
            .into(),
            pallet_multisig::Call::as_multi_threshold_1 {
                other_signatories: vec![STRANGER.to_account_id()],
                call: Box::new(call),
            }
            .into(),
        ];
        for call in wrapped.clone() {
            let validity = validate(transaction(call, MACHINE));
            assert_eq!(validity, Err(InvalidTransaction::Payment.into()));
        }
        give(MACHINE, ERG);
        for call in wrapped {
            assert_sender_pays(transaction(call, MACHINE), MACHINE, deal);
        }
    });
}

#[test]
fn what_is_no_workers_call_is_paid_by_its_sender() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(1, 1);
        let stranger = Key::Person(STRANGER);
        let calls: Vec<RuntimeCall> = vec![
            pallet_poco::Call::claim { deal, index: 0 }.into(),
            pallet_poco::Call::finalise { deal, index: 0 }.into(),
            frame_system::Call::remark {
                remark: b"hello".to_vec(),
            }
            .into(),
        ];
        for call in calls {
            assert_sender_pays(transaction(call, stranger), stranger, deal);
        }
    });
}

// ---- Useless calls. ----

/// Refused by pool and block with this reason, and nothing was charged to anybody.
fn assert_useless(call: RuntimeCall, by: Key, deal: DealId, error: Error<Runtime>) {
    let before = (
        spent(deal),
        money_of(by),
        System::account_nonce(by.account()),
    );
    let refused = refusal(error);
    assert_eq!(
        validate(transaction(call.clone(), by)),
        Err(refused.into()),
        "{call:?}"
    );
    assert_eq!(apply(transaction(call, by)), Err(refused.into()));
    let after = (
        spent(deal),
        money_of(by),
        System::account_nonce(by.account()),
    );
    assert_eq!(before, after);
    assert!(fees_paid().is_empty());
}

#[test]
fn useless_calls_are_refused_with_their_reason_and_cost_nothing() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(3, 3);
        let worker = MACHINE.account();
        give(MACHINE, ERG);
        let useless = |call, error| assert_useless(call, MACHINE, deal, error);
        make(contribute(&worker, deal, 0), MACHINE);
        System::reset_events();

        useless(
            contribute(&worker, deal, 0),
            Error::<Runtime>::AlreadyContributed,
        );
        useless(contribute(&worker, deal, 3), Error::<Runtime>::NoSuchTask);
        useless(reveal(deal, 0), Error::<Runtime>::NotRevealing);
        useless(
            contribute_authorised(&worker, deal, 1, STRANGER),
            Error::<Runtime>::NotAuthorised,
        );
        let items = |indexes: &[TaskIndex]| contribute_many(&worker, deal, indexes);
        // One bad item is enough for the pool.
        let refused = refusal(Error::<Runtime>::AlreadyContributed);
        let batch = transaction(items(&[0, 1]), MACHINE);
        assert_eq!(validate(batch), Err(refused.into()));
        useless(items(&[2, 1]), Error::<Runtime>::NotAscending);
        useless(items(&[1, 1]), Error::<Runtime>::NotAscending);
        useless(items(&[]), Error::<Runtime>::EmptyBatch);
        assert!(is_free(&validate(transaction(items(&[1, 2]), MACHINE))));

        let terms = pallet_market::Deals::<Runtime>::get(deal).expect("the deal is on record");
        System::set_block_number(terms.contribution_deadline());
        useless(
            contribute(&worker, deal, 1),
            Error::<Runtime>::ContributionsClosed,
        );
    });
}

/// It has no bond that could be of use to a deal.
#[test]
fn a_stranger_pays_for_its_vain_attempt() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(1, 1);
        let stranger = Key::Person(STRANGER);
        let call = contribute(&stranger.account(), deal, 0);
        assert_sender_pays(transaction(call.clone(), stranger), stranger, deal);
        let error = Error::<Runtime>::NoBond.into();
        assert_eq!(apply(transaction(call, stranger)), Ok(Err(error)));
    });
}

#[test]
fn a_batch_that_became_useless_in_part_is_paid_by_the_deal() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(2, 1);
        let late = contribute_many(&OTHER_MACHINE.account(), deal, &[0, 1]);
        let late = transaction(late, OTHER_MACHINE);
        assert!(is_free(&validate(late.clone())));
        make(contribute(&MACHINE.account(), deal, 0), MACHINE);
        let before = spent(deal);
        assert_eq!(apply(late), Ok(Ok(())));
        assert!(spent(deal) > before);
        assert!(fees_paid().is_empty());
    });
}

#[test]
fn a_call_that_became_useless_is_refused_by_the_block() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(1, 1);
        let late = transaction(contribute(&OTHER_MACHINE.account(), deal, 0), OTHER_MACHINE);
        assert!(is_free(&validate(late.clone())));
        make(contribute(&MACHINE.account(), deal, 0), MACHINE);
        let refused = refusal(Error::<Runtime>::NotActive);
        assert_eq!(apply(late), Err(refused.into()));
    });
}

/// Clients show these numbers in words; who reorders the errors makes them lie.
#[test]
fn refusals_keep_their_numbers() {
    let errors: Vec<Error<Runtime>> = vec![
        Error::NoSuchDeal,
        Error::NoSuchTask,
        Error::NotActive,
        Error::ContributionsClosed,
        Error::AlreadyContributed,
        Error::TooManyContributors,
        Error::StakeAboveLimit,
        Error::NoBond,
        Error::NotAMember,
        Error::JoinedTooLate,
        Error::BelowMinimum,
        Error::TooLittleFree,
        Error::NotRevealing,
        Error::NotAContributor,
        Error::VotedOtherwise,
        Error::VoteRejected,
        Error::AlreadyRevealed,
        Error::CommitmentMismatch,
        Error::SealMismatch,
        Error::RevealsOpen,
        Error::NothingRevealed,
        Error::SomethingRevealed,
        Error::AlreadyEnded,
        Error::BeforeFinalDeadline,
        Error::DealOpen,
        Error::StillRetained,
        Error::NotAuthorised,
        Error::AuthorisationExpired,
        Error::AuthorisationRevoked,
        Error::AppRevoked,
        Error::NotTheAuthoriser,
        Error::OpenToAllMembers,
        Error::DealEnded,
        Error::AlreadyRevoked,
        Error::TooManyRevoked,
        Error::SealedVotes,
        Error::VotesNotSealed,
        Error::RolesNotDrawn,
        Error::EmptyBatch,
        Error::NotAscending,
        Error::TooManyVotes,
        Error::TooManyWorkers,
        Error::NotAuthorisedPool,
        Error::TrustTooHigh,
        Error::NotUntouched,
        Error::NotAccepted,
        Error::NotThePayer,
        Error::NothingUntouched,
        Error::TooLateToCancel,
        Error::NothingDue,
        Error::CallbackUndecodable,
        Error::CallbackFiltered,
        Error::CallbackTooHeavy,
    ];
    let numbers: Vec<u8> = (0..errors.len() as u8).collect();
    let codes: Vec<u8> = errors.into_iter().map(|error| error.code()).collect();
    assert_eq!(codes, numbers);
}

// ---- Money. ----

/// Whoever deals with itself pays at least the price of the block space that its free calls use:
/// what it burns is no less than the sum of what they cost as ordinary calls.
#[test]
fn who_deals_with_itself_pays_for_the_block_space() {
    for (volume, trust, machines) in [
        (1, 1, &[MACHINE][..]),
        (1, 3, &[MACHINE, OTHER_MACHINE][..]),
        (40, 3, &[MACHINE, OTHER_MACHINE][..]),
    ] {
        chain().execute_with(|| {
            let deal = ALONE.deal(volume, trust);
            let (requester, treasury) = (REQUESTER.to_account_id(), TreasuryAccount::get());
            let money = || Balances::total_balance(&requester) + Balances::total_balance(&treasury);
            let (issuance, before) = (Balances::total_issuance(), money());
            let mut used = 0;
            let mut free = |call: RuntimeCall, by: Key| {
                let transaction = transaction(call, by);
                let length = transaction.encoded_size();
                assert!(is_free(&validate(transaction.clone())));
                assert_eq!(apply(transaction), Ok(Ok(())));
                used += price_of_last(length);
            };
            for index in 0..volume {
                for machine in machines {
                    let worker = machine.account();
                    let by = REQUESTER;
                    free(contribute_authorised(&worker, deal, index, by), *machine);
                }
            }
            next_block();
            for index in 0..volume {
                for machine in machines {
                    free(reveal(deal, index), *machine);
                }
            }
            let status = pallet_market::DealStatuses::<Runtime>::get(deal);
            assert!(matches!(
                status,
                Some(ergon_primitives::DealStatus::Ended(_))
            ));
            let burned = issuance - Balances::total_issuance();
            assert!(
                burned >= used,
                "{burned} burned for block space of {used}, {volume} tasks"
            );
            assert!(burned <= prepaid_at_match(deal));
            assert_eq!(before - money(), burned, "somebody else has the money");
        });
    }
}

/// The same in batches, and when fees rise between votes and reveals: every call is paid at the price
/// of its own block, whatever was reckoned at the match.
#[test]
fn who_deals_with_itself_in_batches_pays_the_price_of_each_block() {
    for (volume, rise) in [(40, 1), (40, 2), (512, 1), (512, 3)] {
        chain().execute_with(|| {
            let deal = ALONE.deal(volume, 3);
            let indexes: Vec<TaskIndex> = (0..volume).collect();
            let issuance = Balances::total_issuance();
            let mut used = 0;
            let mut free = |call: RuntimeCall, by: Key, multiplier: u32| {
                let transaction = transaction(call, by);
                let length = transaction.encoded_size();
                assert!(is_free(&validate(transaction.clone())));
                assert_eq!(apply(transaction), Ok(Ok(())));
                used += price_of_last_at(multiplier, length);
            };
            for machine in [MACHINE, OTHER_MACHINE] {
                let worker = machine.account();
                let call = contribute_many_authorised(&worker, deal, &indexes, REQUESTER);
                free(call, machine, 1);
            }
            next_block();
            NextFeeMultiplier::<Runtime>::put(Multiplier::from_u32(rise));
            for machine in [MACHINE, OTHER_MACHINE] {
                free(reveal_many(deal, &indexes), machine, rise);
            }
            let status = pallet_market::DealStatuses::<Runtime>::get(deal);
            assert!(matches!(
                status,
                Some(ergon_primitives::DealStatus::Ended(_))
            ));
            let burned = issuance - Balances::total_issuance();
            assert!(
                burned >= used && burned <= prepaid_at_match(deal),
                "{burned} burned for block space of {used}, {volume} tasks, fees times {rise}"
            );
        });
    }
}

#[test]
fn what_is_prepaid_covers_a_task_with_two_votes_more_than_needed() {
    use ergon_primitives::{needed, traits::SettlementPrices};
    use ergon_runtime::prices::TaskPrices;
    chain().execute_with(|| {
        let deal = STRANGERS.deal(3, 1);
        let per_task = TaskPrices::per_task(needed(1) + 2, false);
        assert_eq!(prepaid_at_match(deal), per_task * 3);
        // The upkeep is paid from the beginning.
        assert!(spent(deal) > 0 && spent(deal) < prepaid_at_match(deal));
        let (vote, next_vote) = (
            TaskPrices::per_task(3, false),
            TaskPrices::per_task(4, false),
        );
        assert!(next_vote > vote);
        assert!(TaskPrices::per_task(3, true) > vote);
        assert_eq!(
            TaskPrices::per_task(32, false),
            TaskPrices::per_task(34, false)
        );
    });
}

/// Even the smallest deal has enough prepaid for the most that a single call is declared to cost.
#[test]
fn the_smallest_deal_can_pay_for_each_single_call() {
    chain().execute_with(|| {
        let deal = STRANGERS.deal(1, 1);
        let opening = Opening {
            index: 0,
            outcome: outcome(),
            trace: H256::zero(),
            locator: BoundedVec::truncate_from(vec![b'a'; 1_000]),
            inline: BoundedVec::truncate_from(vec![b'a'; 1_000]),
        };
        let calls: Vec<RuntimeCall> = vec![
            contribute(&MACHINE.account(), deal, 0),
            reveal(deal, 0),
            pallet_poco::Call::finalise { deal, index: 0 }.into(),
            pallet_poco::Call::open_sealed {
                deal,
                result: opening.clone(),
                salt: H256::zero(),
            }
            .into(),
            pallet_poco::Call::contribute_and_finalise {
                deal,
                result: opening,
                acceptance: MACHINE.sign(b"accepted"),
            }
            .into(),
        ];
        for call in calls {
            let declared = declared_fee(&transaction(call.clone(), MACHINE));
            let left = Poco::prepaid(deal);
            assert!(declared <= left, "{call:?} costs {declared} of {left}");
        }
    });
}

#[test]
fn single_calls_are_no_longer_than_the_price_list_says() {
    chain().execute_with(|| {
        let deal = DealId(H256::repeat_byte(1));
        let longest = |call: RuntimeCall| {
            let transaction = transaction_with(call, MACHINE, Nonce::MAX, 0);
            // An era of a mortal transaction is one byte longer.
            transaction.encoded_size() as u32 + 1
        };
        let mut call = contribute(&MACHINE.account(), deal, u32::MAX);
        if let RuntimeCall::Poco(pallet_poco::Call::contribute { max_stake, .. }) = &mut call {
            *max_stake = Balance::MAX;
        }
        assert!(longest(call) <= CONTRIBUTION_LENGTH);
        let opening = Opening {
            index: u32::MAX,
            outcome: outcome(),
            trace: H256::zero(),
            locator: BoundedVec::truncate_from(vec![b'a'; 1_000]),
            inline: BoundedVec::truncate_from(vec![b'a'; 1_000]),
        };
        let call = pallet_poco::Call::open_sealed {
            deal,
            result: opening,
            salt: H256::zero(),
        };
        assert!(longest(call.into()) <= REVEAL_LENGTH);
    });
}

// ---- What wallets see. ----

/// The extensions with the SDK's own in the place of ours.
type PlainExtensions = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

#[test]
fn wallets_see_the_sdks_extension() {
    let ours = <TransactionExtensions as TransactionExtension<RuntimeCall>>::metadata();
    let plain = <PlainExtensions as TransactionExtension<RuntimeCall>>::metadata();
    assert_eq!(ours.len(), plain.len());
    for (ours, plain) in ours.iter().zip(&plain) {
        assert_eq!(ours.identifier, plain.identifier);
        assert_eq!((ours.ty, ours.implicit), (plain.ty, plain.implicit));
        assert_eq!(ours.ty.type_info(), plain.ty.type_info());
    }
    let metadata = sp_io::TestExternalities::default()
        .execute_with(|| Runtime::metadata_at_version(15))
        .expect("version 15 is served");
    let name = b"ChargeOrSpend";
    assert!(!metadata.windows(name.len()).any(|window| window == name));
}

#[test]
fn its_bytes_are_those_of_the_sdks_extension() {
    for tip in [0, 1, 63, 64, MILLI_ERG, Balance::MAX] {
        let bytes = ChargeTransactionPayment::<Runtime>::from(tip).encode();
        let ours = ChargeOrSpend::with_tip(tip);
        assert_eq!(ours.encode(), bytes);
        assert_eq!(ChargeOrSpend::decode(&mut &bytes[..]), Ok(ours));
    }
}

#[test]
fn asking_who_pays_is_weighed_and_judging_happens_in_the_pool_only() {
    sp_io::TestExternalities::default().execute_with(|| {
        let deal = DealId(H256::repeat_byte(1));
        let weight = |call: &RuntimeCall| {
            TransactionExtension::<RuntimeCall>::weight(&ChargeOrSpend::with_tip(0), call)
        };
        let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
        let reads = <Runtime as frame_system::Config>::DbWeight::get().reads(3);
        for call in [reveal(deal, 0), reveal_many(deal, &[0, 1, 64])] {
            assert_eq!(weight(&call) - weight(&remark), reads);
        }
        let claim = pallet_poco::Call::claim { deal, index: 0 };
        assert_eq!(weight(&claim.into()), weight(&remark));
    });
}
