use super::{account, hash};
use crate::{
    Call, HubLimits, bounded,
    calls::{
        governance, hub,
        parameters::{self, ParameterChange},
        registry, validators,
    },
    referendum::{AccountVote, Ballot, Conviction, Enactment, Office, Proposal, Weight},
    runtime::tests::expected_runtime,
};
use ergon_primitives::{AppId, HubRecord, PoolId};

fn record() -> HubRecord {
    let address = bounded("address", b"/ip4/10.0.0.1".to_vec()).unwrap();
    HubRecord {
        name: bounded("name", b"north".to_vec()).unwrap(),
        peer_id: bounded("peer id", b"12D3Koo".to_vec()).unwrap(),
        addresses: bounded("addresses", vec![address]).unwrap(),
    }
}

fn limits() -> HubLimits {
    HubLimits {
        payout_period: 1,
        waiting_period: 2,
        maturity: 3,
        ban_period: 4,
        rehabilitation_period: 5,
        lapse_period: 6,
        quarantine_period: 7,
        registration_freeze: 8,
        minimum_vote: 9,
        lock_share: 10,
        fee_share: 11,
    }
}

/// An encoded call to be held by another one.
fn inner() -> Vec<u8> {
    let call = registry::curate_app(AppId(hash(2)), registry::Verdict::Clear);
    call.encode_for(&expected_runtime().metadata).unwrap()
}

fn votes() -> [AccountVote; 2] {
    let ballot = Ballot {
        aye: true,
        conviction: Conviction::Locked6x,
    };
    let balance = 5;
    let (aye, nay, abstain) = (1, 2, 3);
    [
        AccountVote::Standard { ballot, balance },
        AccountVote::SplitAbstain { aye, nay, abstain },
    ]
}

fn changes() -> [ParameterChange; 8] {
    [
        ParameterChange::FundFeeRatio(1),
        ParameterChange::OperatorStakeRatio(30),
        ParameterChange::MaxDuration(3),
        ParameterChange::MinimumBond(4),
        ParameterChange::BondingDuration(5),
        ParameterChange::JoinDelay(6),
        ParameterChange::MinScoredPrice(7),
        ParameterChange::RetentionPeriod(8),
    ]
}

fn of_hubs() -> Vec<Call> {
    let (owner, pool) = (account(), PoolId(hash(3)));
    vec![
        hub::create(record()),
        hub::register(),
        hub::pay(&owner, 5),
        hub::pull(&owner),
        hub::payday(),
        hub::settle(),
        hub::withdraw(),
        hub::suspect(&owner, hash(1)),
        hub::rehabilitate(&owner),
        hub::ban(&owner),
        hub::release_quarantine(7),
        hub::update_record(record()),
        hub::set_trusted(&owner, true),
        hub::rate(&owner, 5, true),
        hub::unrate(&owner),
        hub::bind_pool(pool),
        hub::unbind_pool(pool),
        hub::set_parameters(limits()),
        hub::sweep(&owner),
        hub::forfeit(&owner, &owner),
    ]
}

fn of_validators() -> Vec<Call> {
    vec![
        validators::set_keys(&[7; 64], &[1, 2, 3]),
        validators::purge_session_keys(),
        validators::set_invulnerables(bounded("invulnerables", vec![account()]).unwrap()),
        validators::set_desired_candidates(4),
        validators::register_candidate(5),
        validators::bond_extra(6),
        validators::leave(),
        validators::withdraw(),
        validators::return_to_duty(),
        validators::purge_keys(),
    ]
}

fn of_voters() -> Vec<Call> {
    let lookup = || Proposal::Lookup {
        hash: hash(1),
        length: 66,
    };
    let mut calls = vec![
        governance::note_preimage(&[1, 2, 3]),
        governance::unnote_preimage(hash(1)),
        governance::submit(Office::Root, Proposal::Inline(inner()), Enactment::At(9)),
        governance::place_decision_deposit(3),
        governance::refund_decision_deposit(3),
        governance::refund_submission_deposit(3),
        governance::cancel(3),
        governance::kill(3),
        governance::nudge(3),
        governance::remove_vote(12, 3),
        governance::unlock(12, &account()),
    ];
    calls.extend(
        Office::ALL.map(|office| governance::submit(office, lookup(), Enactment::After(9))),
    );
    calls.extend(votes().map(|vote| governance::vote(3, vote)));
    calls
}

fn of_the_collective() -> Vec<Call> {
    let weight = Weight {
        ref_time: 1_000_000,
        proof_size: 64,
    };
    vec![
        governance::propose_motion(2, &inner()),
        governance::vote_on_motion(hash(1), 3, true),
        governance::close_motion(hash(1), 3, weight, 66),
        governance::whitelist_call(hash(1)),
        governance::dispatch_whitelisted_call(&inner()),
    ]
}

/// One call of each kind, with arguments in which every field shows.
pub(super) fn samples() -> Vec<Call> {
    let mut calls = of_hubs();
    calls.extend(of_validators());
    calls.extend(of_voters());
    calls.extend(of_the_collective());
    calls.extend(changes().map(parameters::set));
    calls
}

#[test]
fn offices_are_those_of_the_runtime() {
    let runtime = expected_runtime();
    for office in Office::ALL {
        let call = governance::submit(office, Proposal::Inline(vec![0, 0]), Enactment::After(0));
        let bytes = call.encode_for(&runtime.metadata).unwrap();
        let read = runtime.offline.tx().from_call_data_bytes(&bytes).unwrap();
        let text = format!("{:?}", read.call_data());
        let name = match office {
            Office::Root => "Root".to_owned(),
            office => format!("{office:?}"),
        };
        assert!(text.contains(&format!("\"{name}\"")), "{office:?}: {text}");
    }
}
