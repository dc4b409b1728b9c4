//! The runtime as a whole: presets, metadata, and whether every call fits a block.

use ergon_runtime::{
    Runtime, RuntimeCall, RuntimeGenesisConfig, System, configs::money::TreasuryAccount,
    configs::system::RuntimeBlockWeights, genesis_presets,
};
use frame_support::dispatch::GetDispatchInfo;
use sp_genesis_builder::PresetId;
use sp_runtime::BuildStorage;

fn genesis(preset: &str) -> sp_io::TestExternalities {
    let patch = genesis_presets::get(&PresetId::from(preset)).expect("the preset exists");
    let patch: serde_json::Value = serde_json::from_slice(&patch).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it serialises");
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the preset fits");
    config.build_storage().expect("genesis builds").into()
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

#[test]
fn committed_metadata_is_the_runtimes() {
    let committed = include_bytes!("../../client/metadata.scale");
    // Periods of the government are of the chain's own pace and so need a state, be it an empty one.
    let metadata = sp_io::TestExternalities::default()
        .execute_with(|| Runtime::metadata_at_version(15))
        .expect("version 15 is served");
    assert!(
        *metadata == committed[..],
        "the runtime's interface changed: run `cargo run --release -p ergon-runtime --example metadata > client/metadata.scale`"
    );
}

#[test]
fn metadata_is_served_for_every_client() {
    assert_eq!(
        Runtime::metadata_versions()
            .into_iter()
            .filter(|v| *v < 100)
            .collect::<Vec<_>>(),
        [14, 15, 16]
    );
}

#[test]
fn every_preset_builds_with_treasury_and_categories() {
    for preset in [
        genesis_presets::DEV,
        genesis_presets::LOCAL,
        genesis_presets::LIVE,
    ] {
        genesis(preset).execute_with(|| {
            assert!(
                System::providers(&TreasuryAccount::get()) >= 1,
                "{preset}: treasury can die"
            );
            let categories = pallet_registry::Categories::<Runtime>::iter().count();
            assert_eq!(
                categories,
                if preset == genesis_presets::DEV { 6 } else { 5 },
                "{preset}"
            );
        });
    }
}

#[test]
fn only_the_dev_preset_has_a_root_key() {
    for (preset, has_root) in [("dev", true), ("local", false), ("live", false)] {
        genesis(preset).execute_with(|| {
            assert_eq!(
                pallet_sudo::Key::<Runtime>::get().is_some(),
                has_root,
                "{preset}"
            );
        });
    }
}

#[test]
fn only_the_live_preset_has_placeholders_and_a_join_delay() {
    for (preset, placeholders, delay) in [("dev", 0, 0), ("local", 0, 0), ("live", 4, 43_200)] {
        genesis(preset).execute_with(|| {
            let found = pallet_aura::Authorities::<Runtime>::get()
                .iter()
                .filter(|key| genesis_presets::is_placeholder_authority(key.as_ref()))
                .count();
            assert_eq!(found, placeholders, "{preset}");
            assert_eq!(
                pallet_protocol_parameters::InForce::<Runtime>::get().join_delay,
                delay,
                "{preset}"
            );
        });
    }
}

#[test]
fn the_heaviest_call_of_each_kind_fits_a_block() {
    use ergon_runtime::{AccountId, Hash};
    use frame_support::dispatch::DispatchClass;
    use sp_runtime::BoundedVec;
    let members = BoundedVec::truncate_from(vec![AccountId::new([1; 32]); 64]);
    let list = ergon_primitives::AccessListId(Hash::zero());
    let deal = ergon_primitives::DealId(Hash::zero());
    let orders = BoundedVec::truncate_from(vec![ergon_primitives::OrderId(Hash::zero()); 64]);
    let calls: Vec<RuntimeCall> = vec![
        pallet_registry::Call::create_list {
            salt: Hash::zero(),
            members: members.clone(),
        }
        .into(),
        pallet_registry::Call::add_members {
            list,
            members: members.clone(),
        }
        .into(),
        pallet_registry::Call::remove_members { list, members }.into(),
        pallet_market::Call::prune { orders }.into(),
        pallet_poco::Call::prune_deal {
            deal,
            limit: u32::MAX,
        }
        .into(),
        pallet_poco::Call::reopen { deal, index: 0 }.into(),
        pallet_poco::Call::claim { deal, index: 0 }.into(),
        pallet_poco::Call::finalise { deal, index: 0 }.into(),
    ];
    let calls = calls.into_iter().chain(heaviest_calls_of_government());
    let limits = RuntimeBlockWeights::get();
    let most = limits
        .get(DispatchClass::Normal)
        .max_extrinsic
        .expect("normal calls are limited");
    for call in calls {
        let weight = call.get_dispatch_info().call_weight;
        assert!(
            weight.all_lte(most),
            "{call:?} weighs {weight} where {most} fit"
        );
    }
}

/// The heaviest calls of hubs, of the set of validators and of the protocol's numbers.
fn heaviest_calls_of_government() -> Vec<RuntimeCall> {
    use ergon_primitives::{HubRecord, MAX_HUB_ADDRESS, MAX_HUB_ADDRESSES, MAX_PEER_ID};
    use ergon_runtime::{AccountId, Hash};
    use pallet_validator_set::MAX_INVULNERABLES;
    use sp_runtime::BoundedVec;
    let owner = AccountId::new([1; 32]);
    let address = BoundedVec::truncate_from(vec![b'a'; MAX_HUB_ADDRESS as usize]);
    let record = HubRecord {
        name: BoundedVec::truncate_from(vec![b'a'; 64]),
        peer_id: BoundedVec::truncate_from(vec![b'a'; MAX_PEER_ID as usize]),
        addresses: BoundedVec::truncate_from(vec![address; MAX_HUB_ADDRESSES as usize]),
    };
    let invulnerables = (0..MAX_INVULNERABLES as u8)
        .map(|number| AccountId::new([number; 32]))
        .collect();
    vec![
        pallet_hub_wallet::Call::create { record }.into(),
        pallet_hub_wallet::Call::pay {
            to: owner.clone(),
            amount: 1,
        }
        .into(),
        pallet_hub_wallet::Call::pull {
            owner: owner.clone(),
        }
        .into(),
        pallet_hub_wallet::Call::suspect {
            owner: owner.clone(),
            document: Hash::zero(),
        }
        .into(),
        pallet_hub_wallet::Call::ban {
            owner: owner.clone(),
        }
        .into(),
        pallet_hub_wallet::Call::sweep { owner }.into(),
        pallet_protocol_parameters::Call::set {
            change: pallet_protocol_parameters::ParameterChange::JoinDelay(1),
        }
        .into(),
        pallet_validator_set::Call::set_invulnerables {
            invulnerables: BoundedVec::truncate_from(invulnerables),
        }
        .into(),
        pallet_validator_set::Call::register_candidate { bond: 1 }.into(),
        pallet_validator_set::Call::return_to_duty {}.into(),
    ]
}

/// Who gets an entry gets all that it will earn; who authorises for a pool can hand out its work.
#[test]
fn a_proxy_that_moves_no_money_gives_no_entry_away() {
    use ergon_primitives::{AppId, DatasetId, PoolId};
    use ergon_runtime::{AccountId, Hash, configs::calls::ProxyType};
    use frame_support::traits::InstanceFilter;
    let (app, pool) = (AppId(Hash::zero()), PoolId(Hash::zero()));
    let dataset = DatasetId(Hash::zero());
    let to = AccountId::new([1; 32]);
    let transfers: Vec<RuntimeCall> = vec![
        pallet_registry::Call::transfer_app {
            app,
            to: to.clone(),
        }
        .into(),
        pallet_registry::Call::transfer_dataset {
            dataset,
            to: to.clone(),
        }
        .into(),
        pallet_registry::Call::transfer_pool {
            pool,
            to: to.clone(),
        }
        .into(),
        pallet_registry::Call::set_authoriser {
            pool,
            authoriser: to,
        }
        .into(),
    ];
    for call in transfers {
        assert!(!ProxyType::NonTransfer.filter(&call), "{call:?}");
        assert!(ProxyType::Market.filter(&call), "{call:?}");
    }
    let removal = RuntimeCall::from(pallet_registry::Call::remove_app { app });
    assert!(ProxyType::NonTransfer.filter(&removal));
}

/// It may cost deposits and locks of its principal, but no money leaves.
#[test]
fn a_proxy_for_government_votes_and_does_nothing_else() {
    use ergon_runtime::{Hash, configs::calls::ProxyType};
    use frame_support::traits::InstanceFilter;
    let may: Vec<RuntimeCall> = vec![
        pallet_referenda::Call::place_decision_deposit { index: 0 }.into(),
        pallet_conviction_voting::Call::remove_vote {
            class: None,
            index: 0,
        }
        .into(),
        pallet_preimage::Call::unnote_preimage { hash: Hash::zero() }.into(),
        pallet_treasury::Call::payout { index: 0 }.into(),
    ];
    let may_not: Vec<RuntimeCall> = vec![
        pallet_validator_set::Call::register_candidate { bond: 1 }.into(),
        pallet_hub_wallet::Call::payday {}.into(),
        pallet_treasury::Call::void_spend { index: 0 }.into(),
        pallet_poco::Call::claim {
            deal: ergon_primitives::DealId(Hash::zero()),
            index: 0,
        }
        .into(),
    ];
    assert!(may.iter().all(|call| ProxyType::Governance.filter(call)));
    assert!(
        !may_not
            .iter()
            .any(|call| ProxyType::Governance.filter(call))
    );
    assert!(ProxyType::NonTransfer.filter(&may[1]));
    assert!(!ProxyType::NonTransfer.filter(&may_not[0]));
    assert!(!ProxyType::NonTransfer.filter(&may_not[1]));
}

#[test]
fn no_validator_drops_its_keys_behind_the_sets_back() {
    use frame_support::traits::Contains;
    type Filter = <Runtime as frame_system::Config>::BaseCallFilter;
    let purge = RuntimeCall::from(pallet_session::Call::purge_keys {});
    assert!(!Filter::contains(&purge));
    let instead = RuntimeCall::from(pallet_validator_set::Call::purge_keys {});
    assert!(Filter::contains(&instead));
}

/// See the documentation of the validator set.
#[test]
fn hooks_run_in_the_order_that_the_sessions_need() {
    use frame_support::traits::PalletsInfoAccess;
    let order: Vec<_> = ergon_runtime::AllPalletsWithSystem::infos()
        .into_iter()
        .map(|pallet| pallet.name)
        .collect();
    let sessions = order.iter().position(|name| *name == "Session");
    assert!(sessions.is_some());
    for before in ["Authorship", "Aura", "Balances", "ValidatorSet"] {
        let place = order.iter().position(|name| *name == before);
        assert!(place.is_some() && place < sessions, "{before}: {order:?}");
    }
}

#[test]
fn each_preset_begins_with_its_validators() {
    use pallet_validator_set::Settings;
    for (preset, validators, minimum, session) in
        [("dev", 1, 1, 30), ("local", 4, 4, 30), ("live", 4, 4, 300)]
    {
        genesis(preset).execute_with(|| {
            let settings = Settings::<Runtime>::get();
            assert_eq!(
                (settings.minimum, settings.session_length),
                (minimum, session),
                "{preset}"
            );
            assert!(
                u64::from(settings.bonding_duration)
                    <= ergon_runtime::configs::consensus::MAX_LIABILITY,
                "{preset}: offences would be proven too late"
            );
            let invulnerables = pallet_validator_set::Invulnerables::<Runtime>::get();
            assert_eq!(invulnerables.len(), validators, "{preset}");
            let seated = pallet_session::Validators::<Runtime>::get();
            assert_eq!(seated.len(), validators, "{preset}");
            for who in seated {
                assert!(
                    invulnerables.iter().any(|member| member.account == who),
                    "{preset}: {who} was not appointed"
                );
            }
        });
    }
}

/// Minutes where one watches, the protocol's numbers where money is real.
#[test]
fn a_hubs_trial_lasts_minutes_except_in_live() {
    use ergon_primitives::MINUTES;
    use pallet_hub_wallet::Limits;
    for preset in ["dev", "local"] {
        genesis(preset).execute_with(|| {
            let limits = ergon_runtime::HubWallet::limits();
            let trial = limits.maturity + limits.ban_period + limits.quarantine_period;
            assert!(trial <= 10 * MINUTES, "{preset}");
            let life = limits.payout_period + limits.waiting_period;
            assert!(life <= 10 * MINUTES, "{preset}");
            assert_eq!(limits.lock_share, Limits::default().lock_share);
        });
    }
    genesis("live").execute_with(|| {
        assert_eq!(ergon_runtime::HubWallet::limits(), Limits::default());
    });
}

/// Anybody can register session keys; they stay until they are purged.
#[test]
fn session_keys_are_stored_against_a_deposit() {
    use ergon_runtime::{Balance, configs::consensus::KeyDeposit};
    let deposit: Balance = KeyDeposit::get();
    assert!(deposit >= 3 * ergon_primitives::storage_deposit(64));
}
