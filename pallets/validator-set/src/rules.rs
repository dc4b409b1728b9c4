//! Who gets a seat, who is absent and what an offence costs, over plain values.

use crate::{Attendance, Penalty, Standing};
use alloc::vec::Vec;
use core::cmp::Reverse;
use ergon_primitives::{AccountId, Balance};
use sp_runtime::Perbill;
use sp_staking::SessionIndex;

/// Blocks that a validator must have been able to make in a session for its absence to count.
pub const MINIMUM_EXPECTED: u32 = 2;

/// An invulnerable or a candidate that has session keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who it is.
    pub account: AccountId,
    /// Its bond; none for an invulnerable.
    pub bond: Option<Balance>,
    /// Session in which a candidate became one; 0 for an invulnerable.
    pub since: SessionIndex,
    /// Whether it deserves a seat.
    pub standing: Standing,
}

impl Member {
    /// Whether nothing speaks against it.
    pub fn is_fit(&self) -> bool {
        self.standing == Standing::Fit
    }

    /// Those with the lower rank sit first: the fit before the absent before the offenders, among
    /// them invulnerables before candidates, higher bonds before lower ones, the older before the
    /// younger.
    fn rank(&self) -> (Standing, bool, Reverse<Option<Balance>>, SessionIndex) {
        (
            self.standing,
            self.bond.is_some(),
            Reverse(self.bond),
            self.since,
        )
    }
}

/// Who sits: all fit invulnerables and the `desired` fit candidates with the highest bonds. When
/// these are fewer than `minimum`, the next in rank fill up to it, were they unfit: a set below the
/// minimum is worse than a member that sleeps. Sorted by account, so that the same members make the
/// same list.
pub fn seats(mut members: Vec<Member>, desired: u32, minimum: u32) -> Vec<Member> {
    let fit = |bonded: bool| {
        let count = members
            .iter()
            .filter(|member| member.is_fit() && member.bond.is_some() == bonded)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let regular = fit(false).saturating_add(fit(true).min(desired));

    members.sort_by(|one, other| {
        let by_rank = one.rank().cmp(&other.rank());
        by_rank.then_with(|| one.account.cmp(&other.account))
    });
    members.truncate(regular.max(minimum) as usize);
    members.sort_by(|one, other| one.account.cmp(&other.account));
    members
}

/// Whether a member can go: it has no seat, or enough fit ones remain without it.
pub fn may_leave(members: Vec<Member>, who: &AccountId, desired: u32, minimum: u32) -> bool {
    let others = members
        .iter()
        .filter(|member| member.is_fit() && member.account != *who)
        .count();
    others >= minimum as usize
        || seats(members, desired, minimum)
            .iter()
            .all(|member| member.account != *who)
}

/// Who makes room for a candidate with this bond: the one without a seat that bonds least, if less.
pub fn outbid(
    members: Vec<Member>,
    desired: u32,
    minimum: u32,
    bond: Balance,
) -> Option<AccountId> {
    let seated = seats(members.clone(), desired, minimum);
    members
        .into_iter()
        .filter(|member| !seated.contains(member))
        .filter_map(|member| member.bond.map(|amount| (amount, member.account)))
        .filter(|(amount, _)| *amount < bond)
        .min()
        .map(|(_, account)| account)
}

/// Whether finality goes on without so many of the validators: GRANDPA lives with less than a third.
pub fn finality_survives(absent: usize, validators: usize) -> bool {
    absent.saturating_mul(3) < validators
}

/// Sessions in a row without a block, now that one has ended in which `expected` blocks were a
/// validator's part. A session that is too short for a judgement changes nothing.
pub fn absences(record: Attendance, expected: u32) -> u32 {
    if record.authored > 0 {
        0
    } else if expected < MINIMUM_EXPECTED {
        record.absences
    } else {
        record.absences.saturating_add(1)
    }
}

/// What an offence costs a bond: the penalty on record from now on and the amount to take now.
/// None when it is no heavier than what was punished for the same session before.
///
/// Reports of several validators in one round raise the fraction of all of them; each pays the
/// difference only.
pub fn escalate(
    previous: Option<Penalty>,
    bond: Balance,
    fraction: Perbill,
) -> Option<(Penalty, Balance)> {
    let Some(Penalty {
        base,
        fraction: before,
    }) = previous
    else {
        let base = bond;
        return Some((Penalty { base, fraction }, fraction.mul_floor(base)));
    };
    if fraction <= before {
        return None;
    }
    let more = fraction
        .mul_floor(base)
        .saturating_sub(before.mul_floor(base));
    Some((Penalty { base, fraction }, more.min(bond)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn member(number: u8, bond: Option<Balance>, standing: Standing) -> Member {
        Member {
            account: AccountId::new([number; 32]),
            bond,
            since: 0,
            standing,
        }
    }

    fn fit(number: u8, bond: Option<Balance>) -> Member {
        member(number, bond, Standing::Fit)
    }

    fn numbers(members: Vec<Member>) -> Vec<u8> {
        members
            .iter()
            .map(|member| {
                let bytes: &[u8; 32] = member.account.as_ref();
                bytes[0]
            })
            .collect()
    }

    fn account(number: u8) -> AccountId {
        AccountId::new([number; 32])
    }

    #[test]
    fn invulnerables_and_the_highest_bonds_sit() {
        let members = vec![
            fit(1, Some(10)),
            fit(2, Some(30)),
            fit(3, Some(20)),
            fit(9, None),
        ];
        assert_eq!(numbers(seats(members.clone(), 2, 1)), [2, 3, 9]);
        assert_eq!(numbers(seats(members.clone(), 0, 1)), [9]);
        assert_eq!(numbers(seats(members, 9, 1)), [1, 2, 3, 9]);
    }

    #[test]
    fn of_equal_bonds_the_older_sits() {
        let mut younger = fit(1, Some(10));
        younger.since = 5;
        assert_eq!(numbers(seats(vec![younger, fit(2, Some(10))], 1, 1)), [2]);
    }

    #[test]
    fn the_minimum_is_filled_by_the_fit_then_the_absent_then_offenders() {
        let members = vec![
            fit(1, None),
            fit(2, Some(10)),
            member(3, None, Standing::Absent),
            member(4, Some(90), Standing::Absent),
            member(5, None, Standing::Offender),
        ];
        assert_eq!(numbers(seats(members.clone(), 0, 1)), [1]);
        assert_eq!(numbers(seats(members.clone(), 0, 2)), [1, 2]);
        assert_eq!(numbers(seats(members.clone(), 0, 3)), [1, 2, 3]);
        assert_eq!(numbers(seats(members.clone(), 0, 4)), [1, 2, 3, 4]);
        assert_eq!(numbers(seats(members, 0, 9)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn one_goes_when_enough_fit_ones_remain_or_it_has_no_seat() {
        let members = vec![
            fit(1, None),
            fit(2, Some(20)),
            fit(3, Some(10)),
            member(4, None, Standing::Absent),
        ];
        let may = |number, desired, minimum| {
            may_leave(members.clone(), &account(number), desired, minimum)
        };
        assert!(may(2, 2, 2));
        assert!(!may(2, 2, 3));
        assert!(may(3, 1, 2));
        assert!(!may(3, 1, 3));
    }

    #[test]
    fn the_lowest_bond_without_a_seat_makes_room_for_a_higher_one() {
        let members = vec![
            fit(1, Some(30)),
            fit(2, Some(10)),
            fit(3, Some(20)),
            fit(4, None),
        ];
        assert_eq!(outbid(members.clone(), 1, 1, 11), Some(account(2)));
        assert_eq!(outbid(members.clone(), 1, 1, 10), None);
        assert_eq!(outbid(members, 3, 1, 99), None);
    }

    #[test]
    fn absence_counts_in_sessions_that_are_long_enough() {
        let record = |authored, absences| Attendance { authored, absences };
        assert_eq!(absences(record(0, 1), MINIMUM_EXPECTED), 2);
        assert_eq!(absences(record(0, 1), MINIMUM_EXPECTED - 1), 1);
        assert_eq!(absences(record(1, 1), 100), 0);
        assert_eq!(absences(record(1, 1), 0), 0);
    }

    #[test]
    fn finality_survives_less_than_a_third() {
        assert!(finality_survives(1, 4));
        assert!(!finality_survives(2, 4));
        assert!(finality_survives(2, 7));
        assert!(!finality_survives(1, 3));
        assert!(finality_survives(0, 1));
        assert!(!finality_survives(0, 0));
    }

    #[test]
    fn a_heavier_fraction_takes_the_difference() {
        let half = Perbill::from_percent(50);
        let (first, amount) = escalate(None, 1_001, half).unwrap();
        assert_eq!((first.base, first.fraction, amount), (1_001, half, 500));
        assert_eq!(escalate(Some(first), 501, half), None);

        let all = Perbill::one();
        let (second, amount) = escalate(Some(first), 501, all).unwrap();
        assert_eq!((second.base, second.fraction, amount), (1_001, all, 501));
        // Of a bond that was slashed for another session meanwhile, no more than is left.
        assert_eq!(escalate(Some(first), 100, all).unwrap().1, 100);
    }

    fn any_member() -> impl Strategy<Value = Member> {
        let standing = prop_oneof![
            Just(Standing::Fit),
            Just(Standing::Absent),
            Just(Standing::Offender),
        ];
        (any::<u8>(), proptest::option::of(0u128..100), standing)
            .prop_map(|(number, bond, standing)| member(number, bond, standing))
    }

    fn any_members() -> impl Strategy<Value = Vec<Member>> {
        proptest::collection::vec(any_member(), 0..12).prop_map(|mut members| {
            members.sort_by(|one, other| one.account.cmp(&other.account));
            members.dedup_by(|one, other| one.account == other.account);
            members
        })
    }

    proptest! {
        #[test]
        fn the_minimum_holds_whenever_there_are_members(
            members in any_members(), desired in 0u32..8, minimum in 1u32..8,
        ) {
            let seated = seats(members.clone(), desired, minimum);
            prop_assert!(seated.len() >= members.len().min(minimum as usize));
            let unfit = seated.iter().filter(|member| !member.is_fit()).count();
            prop_assert!(unfit == 0 || seated.len() <= minimum as usize);
        }

        #[test]
        fn the_order_of_the_members_does_not_matter(
            members in any_members(), desired in 0u32..8, minimum in 1u32..8,
        ) {
            let reversed = members.iter().rev().cloned().collect();
            prop_assert_eq!(
                seats(members, desired, minimum),
                seats(reversed, desired, minimum)
            );
        }

        #[test]
        fn nobody_pays_more_than_the_heaviest_fraction(
            bond in 0u128..1_000_000, fractions in proptest::collection::vec(0u32..=100, 1..8),
        ) {
            let (mut penalty, mut left) = (None, bond);
            for percent in &fractions {
                let fraction = Perbill::from_percent(*percent);
                if let Some((heavier, amount)) = escalate(penalty, left, fraction) {
                    penalty = Some(heavier);
                    left -= amount;
                }
            }
            let heaviest = fractions.iter().copied().max().unwrap_or_default();
            prop_assert_eq!(bond - left, Perbill::from_percent(heaviest).mul_floor(bond));
        }
    }
}
