//! Double votes in GRANDPA, from the signed votes to the slash.

use crate::{Event, KeyOwners, Standing, mock::*};
use ergon_primitives::{AccountId, Balance, ERG};
use frame_support::{assert_noop, assert_ok, dispatch::Pays, traits::KeyOwnerProofSystem};
use sp_consensus_grandpa::{
    AuthoritySignature, Equivocation, EquivocationProof, KEY_TYPE, RoundNumber, SetId,
};
use sp_core::H256;
use sp_keyring::Ed25519Keyring::{self, Alice, Eve, Ferdie};
use sp_runtime::{
    Perbill,
    transaction_validity::{InvalidTransaction, TransactionSource},
};
use sp_session::MembershipProof;

type Prevote = finality_grandpa::Prevote<H256, u32>;
type Proof = EquivocationProof<H256, u32>;

const BOND: Balance = 40 * ERG;
/// Of five validators one: (3 · 1 / 5)².
const FRACTION: Perbill = Perbill::from_percent(36);
const LOST: Balance = BOND * 36 / 100;

/// A vote for a block, signed by this validator.
fn vote(
    signer: Ed25519Keyring,
    set: SetId,
    round: RoundNumber,
    block: u8,
) -> (Prevote, AuthoritySignature) {
    let prevote = Prevote::new(H256::repeat_byte(block), 10);
    let message = finality_grandpa::Message::Prevote(prevote.clone());
    let payload = sp_consensus_grandpa::localized_payload(round, set, &message);
    (prevote, signer.sign(&payload).into())
}

/// Two votes of one validator in one round of the running set.
fn double_vote(signer: Ed25519Keyring, round: RoundNumber, blocks: [u8; 2]) -> Box<Proof> {
    let set = Grandpa::current_set_id();
    let [first, second] = blocks.map(|block| vote(signer, set, round, block));
    Box::new(EquivocationProof::new(
        set,
        Equivocation::Prevote(finality_grandpa::Equivocation {
            round_number: round,
            identity: signer.public().into(),
            first,
            second,
        }),
    ))
}

/// Proof that the key belongs to a validator of the running session.
fn ownership(signer: Ed25519Keyring) -> MembershipProof {
    let key = keys(signer).grandpa;
    KeyOwners::<Test>::prove((KEY_TYPE, &key)).expect("the session's keys can be proven")
}

#[test]
fn costs_a_candidate_bond_and_seat() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let proof = double_vote(Eve, 1, [1, 2]);
        let reported = Grandpa::report_equivocation(signed(alice()), proof, ownership(Eve));
        assert_eq!(reported.map(|done| done.pays_fee), Ok(Pays::No));

        System::assert_has_event(
            Event::OffencePunished {
                validator: eve(),
                session: 2,
                fraction: FRACTION,
                amount: LOST,
            }
            .into(),
        );
        assert_eq!(
            (bond_of(&eve()), on_hold(&eve())),
            (BOND - LOST, BOND - LOST)
        );
        assert_eq!(free(&TREASURY), ENDOWMENT + LOST);
        assert_eq!(ValidatorSet::standing(eve()), Some(Standing::Offender));
        let index = Session::validator_id_to_index(&eve()).unwrap();
        assert_eq!(Session::disabled_validators(), [index]);

        pass_sessions(2);
        assert_eq!(Session::validators(), accounts(&INVULNERABLES));
        // GRANDPA changes its set at the end of the session's first block.
        next_block();
        assert_eq!(Grandpa::grandpa_authorities().len(), INVULNERABLES.len());
    });
}

#[test]
fn is_reported_by_a_validators_node_on_its_own() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let call = pallet_grandpa::Call::<Test>::report_equivocation_unsigned {
            equivocation_proof: double_vote(Eve, 1, [1, 2]),
            key_owner_proof: ownership(Eve),
        };
        let validity = |source| Grandpa::validate_unsigned(source, &call);
        assert_ok!(validity(TransactionSource::Local));
        assert_eq!(
            validity(TransactionSource::External),
            Err(InvalidTransaction::Call.into())
        );

        assert_ok!(Grandpa::report_equivocation_unsigned(
            RuntimeOrigin::none(),
            double_vote(Eve, 1, [1, 2]),
            ownership(Eve),
        ));
        assert_eq!(bond_of(&eve()), BOND - LOST);
        assert_eq!(
            validity(TransactionSource::Local),
            Err(InvalidTransaction::Stale.into())
        );
    });
}

#[test]
fn is_punished_once() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let report = |round, blocks| {
            Grandpa::report_equivocation(
                signed(alice()),
                double_vote(Eve, round, blocks),
                ownership(Eve),
            )
        };
        assert_ok!(report(1, [1, 2]));
        assert_noop!(
            report(1, [1, 3]),
            pallet_grandpa::Error::<Test>::DuplicateOffenceReport
        );
        // Another round of the same session costs no more.
        assert_ok!(report(2, [1, 2]));
        assert_eq!(bond_of(&eve()), BOND - LOST);
    });
}

#[test]
fn counts_when_it_comes_to_light_after_the_offender_left() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let (proof, owner) = (double_vote(Eve, 1, [1, 2]), ownership(Eve));
        assert_ok!(ValidatorSet::leave(signed(eve())));
        let report = || Grandpa::report_equivocation(signed(alice()), proof.clone(), owner.clone());

        // Liable for five sessions after the session of the offence, the second.
        advance_to_session(2 + BONDING_DURATION);
        assert!(!is_seated(&eve()));
        assert_ok!(report());
        assert_eq!(departure_of(&eve()).amount, BOND - LOST);
        assert_eq!(on_hold(&eve()), BOND - LOST);
    });
}

/// Registers other keys for an account: those in use stay so until the session after the next.
fn change_keys(who: AccountId) {
    let (keys, proof) = generated_keys(&who);
    assert_ok!(Session::set_keys(signed(who), keys, proof));
}

#[test]
fn cannot_be_hidden_behind_other_keys() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let before = ownership(Eve);
        change_keys(eve());
        assert_eq!(ownership(Eve), before);
        let proof = double_vote(Eve, 1, [1, 2]);
        assert_ok!(Grandpa::report_equivocation(
            signed(alice()),
            proof,
            ownership(Eve)
        ));
        assert_eq!(bond_of(&eve()), BOND - LOST);
        // To ask changes nothing.
        let registered = pallet_session::NextKeys::<Test>::get(eve()).unwrap();
        assert_ne!(registered.grandpa, keys(Eve).grandpa);
    });
}

#[test]
fn cannot_be_hidden_behind_keys_of_the_session_before() {
    build_and_execute(|| {
        assert_ok!(ValidatorSet::register_candidate(signed(eve()), BOND));
        pass_sessions(1);
        // Too late for the session that is planned.
        change_keys(eve());
        pass_sessions(1);
        let (proof, owner) = (double_vote(Eve, 1, [1, 2]), ownership(Eve));
        // The proof is good in the session and after it.
        pass_sessions(1);
        assert_ok!(Grandpa::report_equivocation(signed(alice()), proof, owner));
        assert_eq!(bond_of(&eve()), BOND - LOST);
    });
}

#[test]
fn counts_through_the_liability_though_the_set_changes_with_every_session() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let (proof, owner) = (double_vote(Eve, 1, [1, 2]), ownership(Eve));
        let set = Grandpa::current_set_id();
        for _ in 0..BONDING_DURATION {
            change_keys(alice());
            pass_sessions(1);
        }
        // Keys take effect in the session after the next.
        assert_eq!(
            Grandpa::current_set_id(),
            set + SetId::from(BONDING_DURATION) - 1
        );
        assert_ok!(Grandpa::report_equivocation(signed(ferdie()), proof, owner));
        assert_eq!(bond_of(&eve()), BOND - LOST);
    });
}

#[test]
fn lapses_with_the_liability() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let (proof, owner) = (double_vote(Eve, 1, [1, 2]), ownership(Eve));
        assert_ok!(ValidatorSet::leave(signed(eve())));
        advance_to_session(3 + BONDING_DURATION);
        assert_noop!(
            Grandpa::report_equivocation(signed(alice()), proof, owner),
            pallet_grandpa::Error::<Test>::InvalidKeyOwnershipProof
        );
        assert_eq!(departure_of(&eve()).amount, BOND);
    });
}

#[test]
fn needs_two_different_votes_and_the_right_key() {
    build_and_execute(|| {
        seated(&[(eve(), 40)]);
        let report = |signer, blocks, owner| {
            Grandpa::report_equivocation(
                signed(alice()),
                double_vote(signer, 1, blocks),
                ownership(owner),
            )
        };
        assert_noop!(
            report(Eve, [1, 1], Eve),
            pallet_grandpa::Error::<Test>::InvalidEquivocationProof
        );
        assert_noop!(
            report(Eve, [1, 2], Alice),
            pallet_grandpa::Error::<Test>::InvalidKeyOwnershipProof
        );
        // Ferdie votes twice, but is no validator.
        assert_noop!(
            report(Ferdie, [1, 2], Ferdie),
            pallet_grandpa::Error::<Test>::InvalidKeyOwnershipProof
        );
        assert_eq!(bond_of(&eve()), BOND);
    });
}
