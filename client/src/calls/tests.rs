use super::*;
use crate::{Keypair, runtime::tests::expected_runtime};
use ergon_primitives::{
    Access, AccessListId, AccountId, AppId, AppKind, AppOrder, Authorisation, Contribution,
    DatasetId, DatasetOrder, DealId, EXECUTION_VERSION_1, FaultKind, Opening, Order, OrderId,
    Outcome, OutputFiles, PoolId, PoolOrder, PoolPolicy, RequestOrder, Restriction, Scheduling,
    SignedOrder, Tag, TaskIndex, Verification,
};
use sp_core::H256;

mod government;

fn pair() -> Keypair {
    Keypair::from_suri("//Alice").unwrap()
}

fn account() -> AccountId {
    pair().account()
}

fn hash(byte: u8) -> H256 {
    H256::repeat_byte(byte)
}

fn policy() -> PoolPolicy {
    PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 2,
        access: Access::Private(AccessListId(hash(1))),
        scheduling: Scheduling::Open,
    }
}

fn app_order() -> AppOrder {
    AppOrder {
        app: AppId(hash(2)),
        price: 1 << 96,
        volume: 3,
        tag: Tag(6),
        restrict_dataset: Restriction::Only(DatasetId(hash(4))),
        restrict_pool: Restriction::Only(PoolId(hash(3))),
        restrict_requester: Restriction::Listed(AccessListId(hash(1))),
        valid_until: 1_000,
        salt: hash(9),
    }
}

fn dataset_order() -> DatasetOrder {
    DatasetOrder {
        dataset: DatasetId(hash(4)),
        price: 5,
        volume: 3,
        tag: Tag(2),
        restrict_app: Restriction::Only(AppId(hash(2))),
        restrict_pool: Restriction::Listed(AccessListId(hash(1))),
        restrict_requester: Restriction::Anyone,
        valid_until: 1_000,
        salt: hash(9),
    }
}

fn pool_order() -> PoolOrder {
    PoolOrder {
        pool: PoolId(hash(3)),
        price: 7,
        volume: 3,
        tag: Tag(6),
        category: 1,
        trust: 16,
        verifications: vec![Verification::Replication, Verification::Blind { voters: 5 }]
            .try_into()
            .unwrap(),
        execution_versions: vec![EXECUTION_VERSION_1].try_into().unwrap(),
        attributes: b"attributes".to_vec().try_into().unwrap(),
        requirements: b"requirements".to_vec().try_into().unwrap(),
        restrict_app: Restriction::Anyone,
        restrict_dataset: Restriction::Listed(AccessListId(hash(1))),
        restrict_requester: Restriction::Only(account()),
        valid_until: 1_000,
        salt: hash(9),
    }
}

fn request_order() -> RequestOrder {
    RequestOrder {
        app: AppId(hash(2)),
        max_app_price: 1 << 96,
        dataset: Some(DatasetId(hash(4))),
        max_dataset_price: 6,
        pool: Some(PoolId(hash(3))),
        max_pool_price: 7,
        requester: account(),
        payer: account(),
        matcher: Some(account()),
        volume: 3,
        min_volume: 1,
        tag: Tag(0),
        category: 1,
        trust: 4,
        verification: Verification::Race { referees: 2 },
        execution_version: EXECUTION_VERSION_1,
        max_duration: 900,
        beneficiary: account(),
        callback: Some(b"callback".to_vec().try_into().unwrap()),
        params: bounded("params", b"{}".to_vec()).unwrap(),
        approved_only: true,
        requirements: b"requirements".to_vec().try_into().unwrap(),
        valid_until: 1_000,
        salt: hash(9),
    }
}

fn outputs() -> OutputFiles {
    let path = bounded("path", b"price.csv".to_vec()).unwrap();
    bounded("outputs", vec![path]).unwrap()
}

fn authorisation() -> Authorisation {
    Authorisation {
        first: 1,
        last: 2,
        valid_until: 1_000,
        signature: pair().prove_possession(hash(0), &account()),
    }
}

fn contribution(index: TaskIndex) -> Contribution {
    Contribution {
        index,
        commitment: hash(10),
        seal: hash(11),
    }
}

fn opening(index: TaskIndex) -> Opening {
    Opening {
        index,
        outcome: Outcome::Success(hash(12)),
        trace: hash(13),
        locator: bounded("locator", b"file:///tmp/1.bundle".to_vec()).unwrap(),
        inline: bounded("inline result", b"42".to_vec()).unwrap(),
    }
}

fn batch<Item>(items: Vec<Item>) -> poco::Batch<Item> {
    bounded("batch", items).unwrap()
}

fn signed<Content: Into<Order> + Clone>(order: Content) -> SignedOrder<Content> {
    let id = order.clone().into().id(hash(0));
    SignedOrder {
        order,
        signature: Some(pair().sign_order(id)),
    }
}

/// One call of each kind, with arguments in which every field shows.
fn samples() -> Vec<Call> {
    let (app, pool, list) = (AppId(hash(2)), PoolId(hash(3)), AccessListId(hash(1)));
    let (deal, owner, dataset) = (DealId(hash(4)), account(), DatasetId(hash(4)));
    let proof = pair().prove_possession(hash(0), &owner);
    let members = || bounded("members", vec![account()]).unwrap();
    let locator = || bounded("locator", b"https://example.org/app.wasm".to_vec()).unwrap();
    let text = || bounded("text", b"some text".to_vec()).unwrap();
    vec![
        registry::register_app(
            bounded("name", b"render".to_vec()).unwrap(),
            AppKind::Wasm,
            hash(5),
            locator(),
            text(),
            b"requirements".to_vec().try_into().unwrap(),
            outputs(),
        ),
        registry::update_app(app, locator(), text()),
        registry::transfer_app(app, &owner),
        registry::remove_app(app),
        registry::register_pool(text(), &owner, policy()),
        registry::update_pool(pool, policy()),
        registry::transfer_pool(pool, &owner),
        registry::remove_pool(pool),
        registry::create_category(
            bounded("name", b"XS".to_vec()).unwrap(),
            150,
            1 << 20,
            1 << 21,
        ),
        registry::create_list(hash(6), members()),
        registry::add_members(list, members()),
        registry::remove_members(list, members()),
        registry::delete_list(list),
        registry::prune_tombstone(hash(7)),
        registry::register_dataset(
            bounded("name", b"prices".to_vec()).unwrap(),
            hash(5),
            locator(),
            text(),
            Some(text()),
            vec![app].try_into().unwrap(),
        ),
        registry::update_dataset(dataset, locator(), text()),
        registry::transfer_dataset(dataset, &owner),
        registry::remove_dataset(dataset),
        registry::propose_app(app, hash(7)),
        registry::curate_app(app, registry::Verdict::Approve(hash(7))),
        registry::curate_app(app, registry::Verdict::Revoke { harmful: true }),
        registry::curate_app(app, registry::Verdict::Clear),
        registry::set_authoriser(pool, &owner),
        market::publish(app_order().into()),
        market::publish(dataset_order().into()),
        market::close(request_order().into()),
        market::match_orders(
            signed(app_order()),
            Some(signed(dataset_order())),
            signed(pool_order()),
            signed(request_order()),
        ),
        market::match_orders(
            signed(app_order()),
            None,
            signed(pool_order()),
            signed(request_order()),
        ),
        market::prune(bounded("orders", vec![OrderId(hash(8))]).unwrap()),
        staking::bond(&owner, 10, proof.clone()),
        staking::bond_extra(&owner, 10),
        staking::unbond(&owner, 10),
        staking::withdraw(&owner),
        staking::join(&owner, pool),
        staking::leave(&owner),
        staking::set_worker_key(&owner, &owner, proof.clone()),
        poco::contribute(deal, 1, hash(10), hash(11), 300, None),
        poco::contribute(deal, 1, hash(10), hash(11), 300, Some(authorisation())),
        poco::reveal(
            deal,
            1,
            Outcome::AppFault(FaultKind::Exit(-3)),
            hash(12),
            bounded("locator", b"file:///tmp/1.bundle".to_vec()).unwrap(),
            bounded("inline result", b"42".to_vec()).unwrap(),
        ),
        poco::finalise(deal, 1),
        poco::reopen(deal, 1),
        poco::claim(deal, 1),
        poco::prune_deal(deal, 256),
        poco::revoke(deal, &owner),
        poco::contribute_many(
            deal,
            batch(vec![contribution(1), contribution(7)]),
            300,
            Some(authorisation()),
            4,
        ),
        poco::reveal_many(deal, batch(vec![opening(1), opening(7)]), 4),
        poco::contribute_and_finalise(deal, opening(1), proof.clone()),
        poco::contribute_and_finalise_many(deal, batch(vec![opening(1), opening(7)]), proof, 4),
        poco::open_sealed(deal, opening(1), hash(13)),
        poco::cancel(deal),
        poco::sweep(32),
        balances::transfer_keep_alive(&owner, 1_000_000),
    ]
}

#[test]
fn every_call_is_what_the_runtime_reads() {
    let runtime = expected_runtime();
    for call in samples().into_iter().chain(government::samples()) {
        let bytes = call.encode_for(&runtime.metadata).unwrap();
        let read = runtime.offline.tx().from_call_data_bytes(&bytes);
        let read = read.unwrap_or_else(|error| panic!("{call}: {error}"));
        assert_eq!(
            (read.pallet_name(), read.call_name()),
            (call.pallet(), call.name())
        );
        assert_eq!(
            runtime.offline.tx().call_data(&read).unwrap(),
            bytes,
            "{call}"
        );
    }
}

#[test]
fn a_batch_is_what_the_runtime_reads() {
    let runtime = expected_runtime();
    let batch = utility::batch_all(samples());
    let bytes = batch.encode_for(&runtime.metadata).unwrap();
    let read = runtime.offline.tx().from_call_data_bytes(&bytes).unwrap();
    assert_eq!(
        (read.pallet_name(), read.call_name()),
        ("Utility", "batch_all")
    );
}

#[test]
fn a_call_as_the_chain_itself_is_what_the_runtime_reads() {
    let runtime = expected_runtime();
    let inner = registry::curate_app(AppId(hash(2)), registry::Verdict::Clear);
    let call = sudo::sudo(inner);
    assert_eq!(call.to_string(), "Sudo.sudo [Registry.curate_app]");
    let bytes = call.encode_for(&runtime.metadata).unwrap();
    let read = runtime.offline.tx().from_call_data_bytes(&bytes).unwrap();
    assert_eq!((read.pallet_name(), read.call_name()), ("Sudo", "sudo"));
    assert_eq!(runtime.offline.tx().call_data(&read).unwrap(), bytes);
}

#[test]
fn calls_have_readable_names() {
    let claim = poco::claim(DealId(hash(4)), 1);
    assert_eq!(claim.to_string(), "Poco.claim");
    let batch = utility::batch_all(vec![claim, staking::leave(&account())]);
    assert_eq!(
        batch.to_string(),
        "Utility.batch_all [Poco.claim, WorkerStaking.leave]"
    );
}

#[test]
fn a_call_that_the_runtime_has_not_got_is_refused() {
    let unknown = Call::new("Poco", "guess", 1u8);
    let error = unknown
        .encode_for(&expected_runtime().metadata)
        .unwrap_err();
    assert!(error.to_string().contains("Poco.guess"), "{error}");
}

#[test]
fn what_is_too_long_is_refused_with_both_lengths() {
    let fits = bounded::<u8, 4>("name", b"four".to_vec()).unwrap();
    assert_eq!(fits.into_inner(), b"four");
    let error = bounded::<u8, 4>("name", b"fifth".to_vec()).unwrap_err();
    assert_eq!(
        error,
        TooLong {
            what: "name",
            length: 5,
            limit: 4
        }
    );
}
