//! Whatever candidates, governance and offenders do in whatever order, the minimum sits, the
//! invariants hold and no money is lost.

use crate::{Candidates, Departures, mock::*};
use ergon_primitives::{AccountId, Balance, ERG};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_keyring::Ed25519Keyring;
use sp_runtime::Perbill;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

/// Who takes part: the invulnerables of the genesis and the candidates to be.
const PEOPLE: [Ed25519Keyring; 7] = [
    Ed25519Keyring::Alice,
    Ed25519Keyring::Bob,
    Ed25519Keyring::Charlie,
    Ed25519Keyring::Dave,
    Ed25519Keyring::Eve,
    Ed25519Keyring::Ferdie,
    Ed25519Keyring::One,
];

/// People are named by their place among [`PEOPLE`]; amounts are in ERG.
#[derive(Clone, Debug)]
enum Step {
    Register(usize, u8),
    BondExtra(usize, u8),
    Leave(usize),
    Withdraw(usize),
    Return(usize),
    /// Of those who are not appointed at genesis.
    PurgeKeys(usize),
    /// These, by their bits, are the invulnerables.
    Appoint(u8),
    Seats(u32),
    /// These, by their bits, make no blocks.
    Sleep(u8),
    /// Somebody's offence, so many sessions ago, costs this percentage.
    Offend(usize, u32, u32),
    Sessions(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..PEOPLE.len();
    let step = prop_oneof![
        (who(), 5u8..60).prop_map(|(who, bond)| Step::Register(who, bond)),
        (who(), 0u8..20).prop_map(|(who, amount)| Step::BondExtra(who, amount)),
        who().prop_map(Step::Leave),
        who().prop_map(Step::Withdraw),
        who().prop_map(Step::Return),
        (INVULNERABLES.len()..PEOPLE.len()).prop_map(Step::PurgeKeys),
        any::<u8>().prop_map(Step::Appoint),
        (0u32..4).prop_map(Step::Seats),
        any::<u8>().prop_map(Step::Sleep),
        (who(), 0u32..8, 0u32..=100)
            .prop_map(|(who, age, percent)| Step::Offend(who, age, percent)),
        (1u32..4).prop_map(Step::Sessions),
        (1u32..4).prop_map(Step::Sessions),
    ];
    proptest::collection::vec(step, 1..40)
}

fn account(person: usize) -> AccountId {
    PEOPLE[person].to_account_id()
}

fn erg(amount: u8) -> Balance {
    Balance::from(amount) * ERG
}

/// The people whose bits are set, ascending.
fn chosen(bits: u8) -> Vec<AccountId> {
    let mut accounts: Vec<_> = (0..PEOPLE.len())
        .filter(|person| bits & (1 << person) != 0)
        .map(account)
        .collect();
    accounts.sort();
    accounts
}

fn offend(person: usize, age: u32, percent: u32) {
    let Some(session) = Session::current_index().checked_sub(age) else {
        return;
    };
    let details = OffenceDetails {
        offender: (account(person), ()),
        reporters: Vec::new(),
    };
    ValidatorSet::on_offence(&[details], &[Perbill::from_percent(percent)], session);
}

/// A call may well be refused; the invariants must hold either way.
fn take(step: Step) {
    match step {
        Step::Register(who, bond) => {
            let _ = ValidatorSet::register_candidate(signed(account(who)), erg(bond));
        }
        Step::BondExtra(who, amount) => {
            let _ = ValidatorSet::bond_extra(signed(account(who)), erg(amount));
        }
        Step::Leave(who) => {
            let _ = ValidatorSet::leave(signed(account(who)));
        }
        Step::Withdraw(who) => {
            let _ = ValidatorSet::withdraw(signed(account(who)));
        }
        Step::Return(who) => {
            let _ = ValidatorSet::return_to_duty(signed(account(who)));
        }
        Step::PurgeKeys(who) => {
            let _ = ValidatorSet::purge_keys(signed(account(who)));
        }
        Step::Appoint(bits) => {
            let accounts = chosen(bits).try_into().unwrap();
            let _ = ValidatorSet::set_invulnerables(RuntimeOrigin::root(), accounts);
        }
        Step::Seats(count) => {
            assert_ok!(ValidatorSet::set_desired_candidates(
                RuntimeOrigin::root(),
                count
            ));
        }
        Step::Sleep(bits) => Offline::set(chosen(bits)),
        Step::Offend(who, age, percent) => offend(who, age, percent),
        Step::Sessions(count) => pass_sessions(count),
    }
}

fn check() {
    assert_ok!(ValidatorSet::do_try_state());
    assert!(Session::validators().len() as u32 >= MINIMUM);
    let owned: Balance = (0..PEOPLE.len())
        .map(account)
        .map(|who| free(&who) + on_hold(&who))
        .sum();
    let total = (PEOPLE.len() as Balance + 1) * ENDOWMENT;
    assert_eq!(owned + free(&TreasuryAccount::get()), total);
}

/// Everybody leaves as far as possible, and takes out what is left.
fn wind_up() {
    assert_ok!(ValidatorSet::set_invulnerables(
        RuntimeOrigin::root(),
        accounts(&INVULNERABLES).try_into().unwrap()
    ));
    for person in 0..PEOPLE.len() {
        let _ = ValidatorSet::leave(signed(account(person)));
    }
    pass_sessions(BONDING_DURATION + 3);
    for person in 0..PEOPLE.len() {
        let _ = ValidatorSet::withdraw(signed(account(person)));
    }
    check();
    assert_eq!(Candidates::<Test>::count(), 0);
    assert_eq!(Departures::<Test>::iter().count(), 0);
    assert!((0..PEOPLE.len()).all(|person| on_hold(&account(person)) == 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn keep_the_minimum_and_the_money(steps in steps()) {
        build_and_execute(|| {
            for step in steps {
                take(step);
                check();
            }
            wind_up();
        });
    }
}
