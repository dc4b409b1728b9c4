//! Government: who can speak for an office, how a referendum runs from its preimage to its enactment,
//! and what the collective can do without one.

use codec::Encode;
use ergon_primitives::{
    Access, Description, ERG, HubPhase, HubRecord, Judge, PoolPolicy, Scheduling,
};
use ergon_runtime::{
    AccountId, Balance, Balances, BlockNumber, ConvictionVoting, Hash, HubWallet, OriginCaller,
    Preimage, ProtocolParameters, Referenda, Registry, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, RuntimeOrigin, Scheduler, System, TechnicalCollective, Treasury,
    configs::{
        governance::{
            CancelOrigin, KillOrigin, ParametersOrigin, RegistrarOrigin, TechnicalInstance,
            TreasurerLimit, TreasurerOrigin, TribunalOrigin,
        },
        money::{ExistentialDeposit, TreasuryAccount},
        tracks::{Tracks, track_of},
    },
    genesis_presets,
    origins::{Day, Origin},
};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::GetDispatchInfo,
    traits::{Bounded, EnsureOrigin, Get, Hooks, schedule::DispatchTime},
};
use frame_system::RawOrigin;
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_protocol_parameters::ParameterChange;
use pallet_referenda::{ReferendumIndex, ReferendumInfo, TrackInfo, TracksInfo};
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    BoundedVec, BuildStorage, DispatchError, DispatchResult, MultiAddress,
    traits::{BlakeTwo256, Hash as _},
};

const ALICE: Sr25519Keyring = Sr25519Keyring::Alice;
const BOB: Sr25519Keyring = Sr25519Keyring::Bob;
const CHARLIE: Sr25519Keyring = Sr25519Keyring::Charlie;
/// No member of the collective.
const DAVE: Sr25519Keyring = Sr25519Keyring::Dave;

const OFFICES: [Origin; 7] = [
    Origin::Parameters,
    Origin::Registrar,
    Origin::Tribunal,
    Origin::Treasurer,
    Origin::ReferendumCanceller,
    Origin::ReferendumKiller,
    Origin::WhitelistedCaller,
];

const PRESETS: [&str; 3] = [
    genesis_presets::DEV,
    genesis_presets::LOCAL,
    genesis_presets::LIVE,
];

fn genesis(preset: &str) -> sp_io::TestExternalities {
    let patch = genesis_presets::get(&PresetId::from(preset)).expect("the preset exists");
    let patch: serde_json::Value = serde_json::from_slice(&patch).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it serialises");
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the preset fits");
    let mut chain: sp_io::TestExternalities =
        config.build_storage().expect("genesis builds").into();
    chain.execute_with(|| System::set_block_number(1));
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

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

fn collective(ayes: u32, seats: u32) -> RuntimeOrigin {
    pallet_collective::RawOrigin::<AccountId, TechnicalInstance>::Members(ayes, seats).into()
}

fn terms(office: Origin) -> TrackInfo<Balance, BlockNumber> {
    Tracks::info(track_of(office))
        .expect("every office has a track")
        .into_owned()
}

/// Lets time pass: everything that was scheduled until `block` happens.
fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        Scheduler::on_initialize(next);
    }
}

/// Notes the call as a preimage, asks the voters to enact it as the office, and pays for the decision.
fn ask(office: Origin, call: RuntimeCall) -> ReferendumIndex {
    let bytes = call.encode();
    let (hash, len) = (BlakeTwo256::hash(&bytes), bytes.len() as u32);
    let referendum = pallet_referenda::ReferendumCount::<Runtime>::get();
    assert_ok!(Preimage::note_preimage(signed(ALICE), bytes));
    assert_ok!(Referenda::submit(
        signed(ALICE),
        Box::new(OriginCaller::Origins(office)),
        Bounded::Lookup { hash, len },
        DispatchTime::After(0),
    ));
    assert_ok!(Referenda::place_decision_deposit(signed(ALICE), referendum));
    referendum
}

/// Everybody votes with nearly all that they have.
fn all_vote(referendum: ReferendumIndex, aye: bool) {
    for voter in Sr25519Keyring::well_known() {
        let vote = AccountVote::Standard {
            vote: Vote {
                aye,
                conviction: Conviction::Locked1x,
            },
            balance: 900_000 * ERG,
        };
        assert_ok!(ConvictionVoting::vote(signed(voter), referendum, vote));
    }
}

/// When a referendum that was asked now, and that everybody wants at once, is enacted.
fn earliest_enactment(office: Origin) -> BlockNumber {
    let track = terms(office);
    System::block_number()
        + track.prepare_period
        + track.confirm_period
        + track.min_enactment_period
}

/// How the enactment of the last referendum ended; none if there was none.
fn enacted() -> Option<DispatchResult> {
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            // Only enactments have names.
            RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
                id: Some(_),
                result,
                ..
            }) => Some(result),
            _ => None,
        })
}

fn set(change: ParameterChange) -> RuntimeCall {
    pallet_protocol_parameters::Call::set { change }.into()
}

/// The fund's fee as the market sees it.
fn fund_fee() -> u8 {
    <<Runtime as pallet_market::Config>::FundFeeRatio as Get<u8>>::get()
}

mod tracks {
    use super::*;

    #[test]
    fn have_ascending_ids_and_names() {
        genesis(genesis_presets::LIVE).execute_with(|| {
            assert_ok!(Tracks::check_integrity());
            let ids: Vec<_> = Tracks::track_ids().collect();
            assert!(
                ids.is_sorted_by(|id, next| id < next),
                "sorted and unique: {ids:?}"
            );
            for track in Tracks::tracks() {
                assert!(track.info.name[0].is_ascii_lowercase(), "{}", track.id);
                assert_eq!(Tracks::info(track.id).as_deref(), Some(&track.info));
            }
        });
    }

    #[test]
    fn each_office_and_root_have_one_of_their_own_and_nobody_else_has() {
        genesis(genesis_presets::LIVE).execute_with(|| {
            let mut found: Vec<_> = OFFICES
                .map(OriginCaller::Origins)
                .into_iter()
                .chain([OriginCaller::system(RawOrigin::Root)])
                .map(|origin| Tracks::track_for(&origin).expect("it has a track"))
                .collect();
            found.sort();
            assert_eq!(found, Tracks::track_ids().collect::<Vec<_>>());

            let alice = ALICE.to_account_id();
            let strangers = [
                OriginCaller::system(RawOrigin::None),
                OriginCaller::system(RawOrigin::Signed(alice)),
                OriginCaller::TechnicalCollective(pallet_collective::RawOrigin::Members(3, 3)),
            ];
            for stranger in strangers {
                assert_eq!(Tracks::track_for(&stranger), Err(()), "{stranger:?}");
            }
        });
    }

    #[test]
    fn enact_while_the_winners_votes_are_locked() {
        for preset in PRESETS {
            genesis(preset).execute_with(|| {
                let lock: BlockNumber =
                    <Runtime as pallet_conviction_voting::Config>::VoteLockingPeriod::get();
                for track in Tracks::tracks() {
                    let enactment = track.info.min_enactment_period;
                    assert!(enactment >= 1);
                    assert!(
                        lock * Conviction::Locked1x.lock_periods() >= enactment,
                        "{preset}: track {} enacts after the locks are gone",
                        track.id
                    );
                }
            });
        }
    }

    #[test]
    fn cost_more_the_more_they_can_do() {
        genesis(genesis_presets::LIVE).execute_with(|| {
            let submission: Balance =
                <Runtime as pallet_referenda::Config>::SubmissionDeposit::get();
            let deposit = |office| terms(office).decision_deposit;
            let root = Tracks::info(0).expect("root has a track").decision_deposit;
            assert_eq!(submission, 10 * ERG);
            assert_eq!(deposit(Origin::Tribunal), 100 * ERG);
            assert_eq!(deposit(Origin::Parameters), 1_000 * ERG);
            for office in OFFICES {
                assert!(deposit(office) > submission && deposit(office) < root);
            }
        });
    }

    #[test]
    fn are_real_days_only_on_a_real_network() {
        for (preset, day) in [("dev", 30), ("local", 30), ("live", 43_200)] {
            genesis(preset).execute_with(|| {
                assert_eq!(Day::<Runtime>::get(), day, "{preset}");
                assert_eq!(terms(Origin::Parameters).decision_period, 14 * day);
                assert_eq!(terms(Origin::Parameters).confirm_period, day / 2);
                assert_eq!(terms(Origin::Tribunal).decision_period, 7 * day);
            });
        }
    }

    #[test]
    fn ask_for_less_and_less_and_never_for_nothing() {
        use sp_runtime::Perbill;
        genesis(genesis_presets::LIVE).execute_with(|| {
            for track in Tracks::tracks() {
                let (approval, support) = (&track.info.min_approval, &track.info.min_support);
                assert_eq!(approval.threshold(Perbill::zero()), Perbill::one());
                assert_eq!(
                    approval.threshold(Perbill::one()),
                    Perbill::from_percent(50)
                );
                assert_eq!(
                    support.threshold(Perbill::zero()),
                    Perbill::from_percent(50)
                );
                assert!(support.threshold(Perbill::one()) >= Perbill::from_rational(1u32, 1_000));
            }
        });
    }
}

mod offices {
    use super::*;

    fn admits<E: EnsureOrigin<RuntimeOrigin>>(origin: RuntimeOrigin) -> bool {
        E::ensure_origin(origin).is_ok()
    }

    type Check = fn(RuntimeOrigin) -> bool;

    fn checks() -> [(Origin, Check); 7] {
        [
            (Origin::Parameters, admits::<ParametersOrigin>),
            (Origin::Registrar, admits::<RegistrarOrigin>),
            (Origin::Tribunal, admits::<TribunalOrigin>),
            (Origin::Treasurer, admits::<TreasurerOrigin>),
            (Origin::ReferendumCanceller, admits::<CancelOrigin>),
            (Origin::ReferendumKiller, admits::<KillOrigin>),
            (
                Origin::WhitelistedCaller,
                admits::<<Runtime as pallet_whitelist::Config>::DispatchWhitelistedOrigin>,
            ),
        ]
    }

    #[test]
    fn admit_their_own_referenda_and_root_and_nobody_else() {
        genesis(genesis_presets::LOCAL).execute_with(|| {
            for (office, admits) in checks() {
                assert!(admits(RuntimeOrigin::root()), "{office:?}");
                for speaker in OFFICES {
                    assert_eq!(admits(speaker.into()), speaker == office, "{office:?}");
                }
                let member = pallet_collective::RawOrigin::<_, TechnicalInstance>::Member(
                    ALICE.to_account_id(),
                );
                let strangers = [RuntimeOrigin::none(), signed(ALICE), member.into()];
                for stranger in strangers {
                    assert!(!admits(stranger), "{office:?}");
                }
                let is_tribunal = office == Origin::Tribunal;
                assert_eq!(admits(collective(3, 3)), is_tribunal, "{office:?}");
            }
        });
    }

    #[test]
    fn the_tribunal_says_on_whose_behalf_it_judges() {
        let judge = |origin| TribunalOrigin::ensure_origin(origin).ok();
        assert_eq!(judge(Origin::Tribunal.into()), Some(Judge::Referendum));
        assert_eq!(judge(RuntimeOrigin::root()), Some(Judge::Referendum));
        for (ayes, seats) in [(2, 2), (2, 3), (3, 3), (3, 4), (4, 6), (22, 32)] {
            let found = judge(collective(ayes, seats));
            assert_eq!(found, Some(Judge::Collective), "{ayes} of {seats}");
        }
        for (ayes, seats) in [(0, 0), (1, 1), (1, 2), (1, 3), (2, 4), (3, 5), (21, 32)] {
            assert_eq!(judge(collective(ayes, seats)), None, "{ayes} of {seats}");
        }
    }
}

mod referenda {
    use super::*;

    #[test]
    fn on_the_parameters_track_change_a_parameter() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let enactment = earliest_enactment(Origin::Parameters);
            let referendum = ask(Origin::Parameters, set(ParameterChange::FundFeeRatio(3)));
            all_vote(referendum, true);
            run_to(enactment - 1);
            assert_eq!((fund_fee(), enacted()), (0, None));
            run_to(enactment);
            assert_eq!((fund_fee(), enacted()), (3, Some(Ok(()))));
        });
    }

    #[test]
    fn cannot_change_a_parameter_beyond_its_bounds() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let enactment = earliest_enactment(Origin::Parameters);
            let referendum = ask(Origin::Parameters, set(ParameterChange::FundFeeRatio(6)));
            all_vote(referendum, true);
            run_to(enactment);
            let refusal = pallet_protocol_parameters::Error::<Runtime>::OutOfBounds.into();
            assert_eq!((fund_fee(), enacted()), (0, Some(Err(refusal))));
        });
    }

    #[test]
    fn on_another_track_change_no_parameter() {
        for office in OFFICES {
            if office == Origin::Parameters {
                continue;
            }
            genesis(genesis_presets::DEV).execute_with(|| {
                let enactment = earliest_enactment(office);
                let referendum = ask(office, set(ParameterChange::FundFeeRatio(3)));
                all_vote(referendum, true);
                run_to(enactment);
                let expected = Some(Err(DispatchError::BadOrigin));
                assert_eq!((fund_fee(), enacted()), (0, expected), "{office:?}");
            });
        }
    }

    #[test]
    fn that_nobody_wants_end_without_effect() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let track = terms(Origin::Parameters);
            let end = System::block_number() + track.prepare_period + track.decision_period;
            let referendum = ask(Origin::Parameters, set(ParameterChange::FundFeeRatio(3)));
            all_vote(referendum, false);
            let info = || pallet_referenda::ReferendumInfoFor::<Runtime>::get(referendum);
            run_to(end - 1);
            assert!(matches!(info(), Some(ReferendumInfo::Ongoing(_))));
            run_to(end);
            assert!(matches!(info(), Some(ReferendumInfo::Rejected(..))));
            assert_eq!(fund_fee(), 0);
        });
    }

    #[test]
    fn give_back_both_deposits_when_approved() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let reserved = || System::account(ALICE.to_account_id()).data.reserved;
            let initially = reserved();
            let enactment = earliest_enactment(Origin::Parameters);
            let call = set(ParameterChange::FundFeeRatio(3));
            let referendum = ask(Origin::Parameters, call.clone());
            all_vote(referendum, true);
            let deposits = 10 * ERG + terms(Origin::Parameters).decision_deposit;
            let before = reserved();
            assert!(
                before > initially + deposits,
                "the preimage has a deposit too"
            );
            run_to(enactment);
            assert_ok!(Referenda::refund_decision_deposit(signed(BOB), referendum));
            assert_ok!(Referenda::refund_submission_deposit(
                signed(BOB),
                referendum
            ));
            assert_eq!(before - reserved(), deposits);
            let hash = BlakeTwo256::hash_of(&call);
            assert_ok!(Preimage::unnote_preimage(signed(ALICE), hash));
            assert_eq!(reserved(), initially);
        });
    }

    #[test]
    fn that_are_killed_pay_their_deposits_to_the_treasury() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let referendum = ask(Origin::Parameters, set(ParameterChange::FundFeeRatio(3)));
            let deposits = 10 * ERG + terms(Origin::Parameters).decision_deposit;
            let before = Balances::free_balance(TreasuryAccount::get());
            for stranger in [signed(ALICE), Origin::ReferendumCanceller.into()] {
                assert_noop!(
                    Referenda::kill(stranger, referendum),
                    DispatchError::BadOrigin
                );
            }
            assert_ok!(Referenda::kill(Origin::ReferendumKiller.into(), referendum));
            let after = Balances::free_balance(TreasuryAccount::get());
            assert_eq!(after - before, deposits);
        });
    }
}

mod tribunal {
    use super::*;

    const DOCUMENT: Hash = Hash::repeat_byte(7);

    /// Bob's hub, registered.
    fn registered_hub() -> AccountId {
        let owner = BOB.to_account_id();
        let record = HubRecord {
            name: BoundedVec::truncate_from(b"Bob's hub".to_vec()),
            peer_id: BoundedVec::truncate_from(b"12D3KooW".to_vec()),
            addresses: BoundedVec::new(),
        };
        assert_ok!(HubWallet::create(signed(BOB), record));
        let wallet = HubWallet::hub(owner.clone())
            .expect("it was created")
            .wallet;
        assert_ok!(Balances::transfer_keep_alive(
            signed(BOB),
            MultiAddress::Id(wallet),
            100 * ERG
        ));
        assert_ok!(HubWallet::register(signed(BOB)));
        owner
    }

    fn suspect(owner: &AccountId) -> RuntimeCall {
        pallet_hub_wallet::Call::suspect {
            owner: owner.clone(),
            document: DOCUMENT,
        }
        .into()
    }

    fn phase(owner: &AccountId) -> HubPhase {
        HubWallet::hub(owner.clone()).expect("it was created").phase
    }

    #[test]
    fn suspects_a_hub_by_referendum() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let owner = registered_hub();
            let enactment = earliest_enactment(Origin::Tribunal);
            let referendum = ask(Origin::Tribunal, suspect(&owner));
            all_vote(referendum, true);
            run_to(enactment - 1);
            assert!(phase(&owner).is_registered());
            run_to(enactment);
            assert_eq!(enacted(), Some(Ok(())));
            assert_eq!(phase(&owner), HubPhase::Suspected { since: enactment });
            let case = HubWallet::case(owner).expect("there is a case");
            assert_eq!((case.by, case.document), (Judge::Referendum, DOCUMENT));
        });
    }

    #[test]
    fn suspects_a_hub_by_two_thirds_of_the_collective_at_once() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let owner = registered_hub();
            let call = suspect(&owner);
            let (hash, length) = (BlakeTwo256::hash_of(&call), call.encoded_size() as u32);
            let weight = call.get_dispatch_info().call_weight;
            let motion = Box::new(call);
            assert_noop!(
                TechnicalCollective::propose(signed(DAVE), 2, motion.clone(), length),
                pallet_collective::Error::<Runtime, TechnicalInstance>::NotMember
            );
            assert_ok!(TechnicalCollective::propose(
                signed(ALICE),
                2,
                motion,
                length
            ));
            for member in [ALICE, CHARLIE] {
                assert_ok!(TechnicalCollective::vote(signed(member), hash, 0, true));
            }
            assert!(phase(&owner).is_registered());
            assert_ok!(TechnicalCollective::close(
                signed(DAVE),
                hash,
                0,
                weight,
                length
            ));
            let since = System::block_number();
            assert_eq!(phase(&owner), HubPhase::Suspected { since });
            let case = HubWallet::case(owner).expect("there is a case");
            assert_eq!(case.by, Judge::Collective);
        });
    }

    #[test]
    fn keeps_the_pools_of_the_accused_where_they_are() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let owner = registered_hub();
            let policy = PoolPolicy {
                worker_stake_ratio: 30,
                operator_reward_ratio: 1,
                parallelism: 1,
                access: Access::Public,
                scheduling: Scheduling::Authorised,
            };
            let description = Description::truncate_from(b"Bob's pool".to_vec());
            let pool = pallet_registry::pool_id(&owner, &description);
            assert_ok!(Registry::register_pool(
                signed(BOB),
                description,
                owner.clone(),
                policy
            ));
            let tribunal = Origin::Tribunal;
            assert_ok!(HubWallet::suspect(tribunal.into(), owner.clone(), DOCUMENT));
            // The pool is not even bound, but a friend could go on with it.
            assert_noop!(
                Registry::transfer_pool(signed(BOB), pool, ALICE.to_account_id()),
                pallet_registry::Error::<Runtime>::HubNotFree
            );
            assert_ok!(HubWallet::rehabilitate(tribunal.into(), owner));
            assert_ok!(Registry::transfer_pool(
                signed(BOB),
                pool,
                ALICE.to_account_id()
            ));
        });
    }

    #[test]
    fn suspects_nobody_for_anybody_else() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let owner = registered_hub();
            let strangers = [
                signed(ALICE),
                collective(1, 3),
                Origin::Registrar.into(),
                Origin::Parameters.into(),
                RuntimeOrigin::none(),
            ];
            for stranger in strangers {
                assert_noop!(
                    HubWallet::suspect(stranger, owner.clone(), DOCUMENT),
                    DispatchError::BadOrigin
                );
            }
        });
    }
}

mod treasury {
    use super::*;

    /// The spend that the treasurer approved last.
    fn approve(amount: Balance) -> u32 {
        assert_ok!(spend(Origin::Treasurer.into(), amount));
        pallet_treasury::SpendCount::<Runtime>::get() - 1
    }

    fn spend(origin: RuntimeOrigin, amount: Balance) -> DispatchResult {
        let to = MultiAddress::Id(DAVE.to_account_id());
        Treasury::spend(origin, Box::new(()), amount, Box::new(to), None)
    }

    #[test]
    fn is_the_account_that_slashes_and_dust_go_to() {
        assert_eq!(Treasury::account_id(), TreasuryAccount::get());
    }

    #[test]
    fn spends_what_the_treasurer_may_and_no_more() {
        genesis(genesis_presets::DEV).execute_with(|| {
            assert_ok!(spend(Origin::Treasurer.into(), TreasurerLimit::get()));
            assert_noop!(
                spend(Origin::Treasurer.into(), TreasurerLimit::get() + 1),
                pallet_treasury::Error::<Runtime>::InsufficientPermission
            );
            assert_ok!(spend(RuntimeOrigin::root(), TreasurerLimit::get() + 1));
            for stranger in [signed(ALICE), collective(3, 3), Origin::Tribunal.into()] {
                assert_noop!(spend(stranger, 1), DispatchError::BadOrigin);
            }
        });
    }

    #[test]
    fn never_pays_its_last_coin() {
        genesis(genesis_presets::DEV).execute_with(|| {
            let all = Balances::free_balance(TreasuryAccount::get());
            let too_much = approve(all - ExistentialDeposit::get() + 1);
            assert_noop!(
                Treasury::payout(signed(BOB), too_much),
                pallet_treasury::Error::<Runtime>::PayoutError
            );
            let dave = Balances::free_balance(DAVE.to_account_id());
            let most = approve(all - ExistentialDeposit::get());
            assert_ok!(Treasury::payout(signed(BOB), most));
            let left = Balances::free_balance(TreasuryAccount::get());
            assert_eq!(left, ExistentialDeposit::get());
            let gained = Balances::free_balance(DAVE.to_account_id()) - dave;
            assert_eq!(gained, all - left);
        });
    }
}

mod presets {
    use super::*;
    use pallet_protocol_parameters::{InForce, Parameters};

    #[test]
    fn only_well_known_networks_have_a_collective_from_the_start() {
        for (preset, members) in [("dev", 3), ("local", 3), ("live", 0)] {
            genesis(preset).execute_with(|| {
                let found = pallet_collective::Members::<Runtime, TechnicalInstance>::get();
                assert_eq!(found.len(), members, "{preset}");
            });
        }
    }

    #[test]
    fn parameters_are_the_defaults_but_for_the_join_delay() {
        for preset in PRESETS {
            genesis(preset).execute_with(|| {
                let mut expected = Parameters::default();
                if preset != genesis_presets::LIVE {
                    expected.join_delay = 0;
                }
                assert_eq!(InForce::<Runtime>::get(), expected, "{preset}");
                assert!(
                    ProtocolParameters::set(signed(ALICE), ParameterChange::JoinDelay(1)).is_err()
                );
            });
        }
    }
}
