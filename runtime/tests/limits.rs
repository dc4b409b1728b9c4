//! Whether the heaviest calls of workers and the sweeper fit a block, extensions included, and how
//! large a batch of the heaviest tasks can be.

use codec::Encode;
use ergon_primitives::{
    AccountId, Authorisation, Balance, Contribution, DealId, MAX_BATCH, MAX_CONTRIBUTORS, Opening,
    Outcome, TASKS_PER_PAGE, TaskIndex,
};
use ergon_runtime::{
    Runtime, RuntimeCall, System, UncheckedExtrinsic,
    configs::{
        ergon::{Callbacks, MaxCallbackWeight},
        system::{RuntimeBlockLength, RuntimeBlockWeights},
    },
    extensions,
};
use frame_support::{dispatch::GetDispatchInfo, traits::Contains};
use frame_system::CheckWeight;
use sp_core::{H256, ed25519};
use sp_runtime::{BoundedVec, MultiAddress, generic::Era};

/// Most bytes that a transaction of ours has: half of what a node's pool keeps by default of
/// transactions whose nonces are not the next ones.
const POOL_LENGTH: usize = 512 * 1024;

fn deal() -> DealId {
    DealId(H256::repeat_byte(1))
}

fn signature() -> ergon_primitives::Signature {
    ed25519::Signature::from_raw([0; 64]).into()
}

fn authorisation() -> Option<Authorisation> {
    Some(Authorisation {
        first: 0,
        last: TaskIndex::MAX,
        valid_until: u32::MAX,
        signature: signature(),
    })
}

/// The most that a result can show.
fn opening(index: TaskIndex) -> Opening {
    Opening {
        index,
        outcome: Outcome::Success(H256::repeat_byte(1)),
        trace: H256::repeat_byte(1),
        locator: BoundedVec::truncate_from(vec![b'a'; 1_000]),
        inline: BoundedVec::truncate_from(vec![b'a'; 1_000]),
    }
}

/// As many tasks, each on a page of its own or all in a row.
fn indexes(items: u32, scattered: bool) -> impl Iterator<Item = TaskIndex> {
    let step = if scattered { TASKS_PER_PAGE } else { 1 };
    // The row begins with the last task of a page.
    (0..items).map(move |item| TASKS_PER_PAGE - 1 + item * step)
}

fn contribute_many(items: u32, scattered: bool, max_votes: u32) -> RuntimeCall {
    let items = indexes(items, scattered).map(|index| Contribution {
        index,
        commitment: H256::repeat_byte(1),
        seal: H256::repeat_byte(1),
    });
    pallet_poco::Call::contribute_many {
        deal: deal(),
        items: BoundedVec::truncate_from(items.collect()),
        max_stake: Balance::MAX,
        authorisation: authorisation(),
        max_votes,
    }
    .into()
}

fn reveal_many(items: u32, scattered: bool, max_votes: u32) -> RuntimeCall {
    pallet_poco::Call::reveal_many {
        deal: deal(),
        items: BoundedVec::truncate_from(indexes(items, scattered).map(opening).collect()),
        max_votes,
    }
    .into()
}

fn accept_many(items: u32, scattered: bool, max_votes: u32) -> RuntimeCall {
    pallet_poco::Call::contribute_and_finalise_many {
        deal: deal(),
        results: BoundedVec::truncate_from(indexes(items, scattered).map(opening).collect()),
        acceptance: signature(),
        max_votes,
    }
    .into()
}

fn single_calls() -> Vec<RuntimeCall> {
    vec![
        pallet_poco::Call::contribute {
            deal: deal(),
            index: 0,
            commitment: H256::zero(),
            seal: H256::zero(),
            max_stake: Balance::MAX,
            authorisation: authorisation(),
        }
        .into(),
        pallet_poco::Call::reveal {
            deal: deal(),
            index: 0,
            outcome: opening(0).outcome,
            trace: H256::zero(),
            locator: opening(0).locator,
            inline: opening(0).inline,
        }
        .into(),
        pallet_poco::Call::finalise {
            deal: deal(),
            index: 0,
        }
        .into(),
        pallet_poco::Call::contribute_and_finalise {
            deal: deal(),
            result: opening(0),
            acceptance: signature(),
        }
        .into(),
        pallet_poco::Call::open_sealed {
            deal: deal(),
            result: opening(0),
            salt: H256::zero(),
        }
        .into(),
        pallet_poco::Call::cancel { deal: deal() }.into(),
        pallet_poco::Call::sweep { limit: u32::MAX }.into(),
    ]
}

/// The call as a transaction.
fn transaction(call: RuntimeCall) -> UncheckedExtrinsic {
    let who = AccountId::new([1; 32]);
    let around = extensions(u32::MAX, Era::mortal(64, 0), 0);
    UncheckedExtrinsic::new_signed(call, MultiAddress::Id(who), signature(), around)
}

/// What a block lacks for the call: weight, extensions included, or bytes.
fn lack(call: RuntimeCall) -> Option<String> {
    let transaction = transaction(call);
    let (info, length) = (transaction.get_dispatch_info(), transaction.encoded_size());
    let weights = RuntimeBlockWeights::get();
    let most = weights
        .get(info.class)
        .max_extrinsic
        .expect("transactions are limited");
    let longest = *RuntimeBlockLength::get().max.get(info.class) as usize;
    let weight = info.total_weight().saturating_add_proof_size(length as u64);
    if weight.any_gt(most) {
        return Some(format!("weighs {weight} where {most} fit"));
    }
    let longest = longest.min(POOL_LENGTH);
    (length > longest).then(|| format!("has {length} bytes where {longest} fit"))
}

#[test]
fn every_single_call_fits_a_block() {
    for call in single_calls() {
        assert_eq!(lack(call.clone()), None, "{call:?}");
    }
}

/// Tasks in a row, with as many votes as there can be.
#[test]
fn the_largest_batch_of_neighbours_fits_a_block() {
    let kinds: [fn(u32, bool, u32) -> RuntimeCall; 3] = [contribute_many, reveal_many, accept_many];
    for (number, batch) in kinds.into_iter().enumerate() {
        let call = batch(MAX_BATCH, false, MAX_CONTRIBUTORS);
        assert_eq!(lack(call), None, "kind {number}");
    }
}

/// Each task on a page of its own, with as few votes as the highest trust of practice needs.
#[test]
fn the_largest_scattered_batch_fits_a_block_when_votes_are_few() {
    let kinds: [fn(u32, bool, u32) -> RuntimeCall; 3] = [contribute_many, reveal_many, accept_many];
    for (number, batch) in kinds.into_iter().enumerate() {
        assert_eq!(lack(batch(MAX_BATCH, true, 3)), None, "kind {number}");
    }
}

/// Nobody is kept from a task by its weight: what does not fit together fits in smaller batches.
#[test]
fn some_scattered_batch_of_the_heaviest_tasks_fits_a_block() {
    let kinds: [fn(u32, bool, u32) -> RuntimeCall; 3] = [contribute_many, reveal_many, accept_many];
    for (number, batch) in kinds.into_iter().enumerate() {
        let call = batch(8, true, MAX_CONTRIBUTORS);
        assert_eq!(lack(call), None, "kind {number}");
    }
}

/// How large a batch of the heaviest tasks can be when each is on a page of its own.
#[test]
fn a_scattered_batch_of_the_heaviest_tasks_grows_up_to_the_limit() {
    let kinds: [fn(u32, bool, u32) -> RuntimeCall; 3] = [contribute_many, reveal_many, accept_many];
    for (number, batch) in kinds.into_iter().enumerate() {
        let fits = |items: &u32| lack(batch(*items, true, MAX_CONTRIBUTORS)).is_none();
        let most = (1..=MAX_BATCH).take_while(fits).count();
        println!("kind {number}: {most} scattered tasks with {MAX_CONTRIBUTORS} votes each");
        assert!(most >= 32, "kind {number}: only {most} fit");
        let beyond = (most as u32 + 1..=MAX_BATCH).find(fits);
        assert_eq!(beyond, None, "kind {number}: what is heavier never fits");
    }
}

/// However many of the heaviest calls wait: a block takes some, and stays inside its limits. It does
/// not fill itself beyond what it has for transactions, so that hooks and the sweeper have the rest.
#[test]
fn a_block_full_of_the_heaviest_calls_stays_inside_its_limits() {
    let batches: [fn(u32, bool, u32) -> RuntimeCall; 3] =
        [contribute_many, reveal_many, accept_many];
    let neighbours = batches.map(|batch| batch(MAX_BATCH, false, MAX_CONTRIBUTORS));
    let scattered = batches.map(|batch| batch(32, true, MAX_CONTRIBUTORS));
    for call in single_calls()
        .into_iter()
        .chain(neighbours)
        .chain(scattered)
    {
        sp_io::TestExternalities::default().execute_with(|| fill_block_with(&call));
    }
}

fn fill_block_with(call: &RuntimeCall) {
    let transaction = transaction(call.clone());
    let (info, length) = (transaction.get_dispatch_info(), transaction.encoded_size());
    let taken = (0..100_000)
        .take_while(|_| {
            let checked = CheckWeight::<Runtime>::do_validate(&info, length);
            let next = checked.map(|(_, next_length)| next_length);
            next.and_then(|next| CheckWeight::<Runtime>::do_prepare(&info, length, next))
                .is_ok()
        })
        .count();
    let (weights, used) = (RuntimeBlockWeights::get(), System::block_weight());
    let most = weights
        .get(info.class)
        .max_total
        .unwrap_or(weights.max_block);
    assert!(taken > 0, "not one fits: {call:?}");
    assert!(used.get(info.class).all_lte(most), "{taken} of {call:?}");
    assert!(
        used.total().all_lte(weights.max_block),
        "{taken} of {call:?}"
    );
    let one = info.total_weight().saturating_mul(taken as u64);
    assert!(one.all_lte(*used.get(info.class)), "each is counted");
}

#[test]
fn a_batch_weighs_no_more_than_as_many_single_calls() {
    let weight = |call: &RuntimeCall| call.get_dispatch_info().call_weight;
    let single = single_calls();
    let kinds: [(fn(u32, bool, u32) -> RuntimeCall, &RuntimeCall); 3] = [
        (contribute_many, &single[0]),
        (reveal_many, &single[1]),
        (accept_many, &single[3]),
    ];
    for (number, (batch, single)) in kinds.into_iter().enumerate() {
        for (items, scattered) in [(1, true), (2, true), (40, false), (MAX_BATCH, true)] {
            let batch = weight(&batch(items, scattered, MAX_CONTRIBUTORS));
            let singles = weight(single).saturating_mul(items.into());
            assert!(batch.all_lte(singles), "kind {number}, {items} items");
        }
        let full = weight(&batch(MAX_BATCH, false, 3)).ref_time();
        let singles = weight(single).ref_time().saturating_mul(MAX_BATCH.into());
        assert!(full.saturating_mul(4) < singles, "kind {number}: it pays");
    }
}

#[test]
fn weights_grow_with_items_pages_and_votes() {
    let weight = |call: RuntimeCall| call.get_dispatch_info().call_weight;
    for batch in [contribute_many, reveal_many, accept_many] {
        let least = weight(batch(2, false, 1));
        assert!(least.ref_time() < weight(batch(3, false, 1)).ref_time());
        assert!(weight(batch(2, false, 1)).ref_time() <= weight(batch(2, true, 1)).ref_time());
        assert!(least.ref_time() < weight(batch(2, false, 32)).ref_time());
        // More than there can be counts as the most.
        assert_eq!(weight(batch(2, false, 32)), weight(batch(2, false, 99)));
    }
}

/// The heaviest call of each kind that a settled task may send back.
#[test]
fn what_callbacks_may_call_is_light_enough() {
    let members = BoundedVec::truncate_from(vec![AccountId::new([1; 32]); 64]);
    let list = ergon_primitives::AccessListId(H256::zero());
    let app = ergon_primitives::AppId(H256::zero());
    let calls: Vec<RuntimeCall> = vec![
        frame_system::Call::remark_with_event {
            remark: vec![0; ergon_primitives::MAX_CALLBACK as usize],
        }
        .into(),
        pallet_registry::Call::add_members {
            list,
            members: members.clone(),
        }
        .into(),
        pallet_registry::Call::remove_members { list, members }.into(),
        pallet_registry::Call::propose_app {
            app,
            document: H256::zero(),
        }
        .into(),
    ];
    for call in calls {
        assert!(Callbacks::contains(&call), "{call:?}");
        let weight = call.get_dispatch_info().call_weight;
        let most = MaxCallbackWeight::get();
        assert!(
            weight.all_lte(most),
            "{call:?} weighs {weight} where {most} are allowed"
        );
    }
}

#[test]
fn callbacks_move_no_money_and_wrap_no_calls() {
    let to = AccountId::new([1; 32]);
    let app = ergon_primitives::AppId(H256::zero());
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
    let calls: Vec<RuntimeCall> = vec![
        pallet_balances::Call::transfer_keep_alive {
            dest: MultiAddress::Id(to.clone()),
            value: 1,
        }
        .into(),
        pallet_registry::Call::transfer_app {
            app,
            to: to.clone(),
        }
        .into(),
        pallet_worker_staking::Call::withdraw { worker: to.clone() }.into(),
        pallet_hub_wallet::Call::pay {
            to: to.clone(),
            amount: 1,
        }
        .into(),
        pallet_poco::Call::cancel { deal: deal() }.into(),
        pallet_poco::Call::sweep { limit: 1 }.into(),
        pallet_utility::Call::batch {
            calls: vec![remark.clone()],
        }
        .into(),
        pallet_proxy::Call::proxy {
            real: MultiAddress::Id(to),
            force_proxy_type: None,
            call: Box::new(remark.clone()),
        }
        .into(),
        frame_system::Call::set_heap_pages { pages: 1 }.into(),
    ];
    for call in calls {
        assert!(!Callbacks::contains(&call), "{call:?}");
    }
    assert!(Callbacks::contains(&remark));
}
