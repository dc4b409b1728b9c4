//! What bonds may do: decisions over plain values, without chain or storage.

use ergon_primitives::{
    Balance, BlockNumber, Bond, MAX_UNBONDING, Membership, PoolId, traits::StakeRefusal,
};

/// What votes need of a bond.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VoteTerms {
    /// The deal's pool.
    pub pool: PoolId,
    /// Block of the deal's match.
    pub started: BlockNumber,
    /// Stake of each vote.
    pub stake: Balance,
    /// How long before the match the bond must have joined the pool, in blocks.
    pub join_delay: BlockNumber,
    /// Least stake of a bond that votes.
    pub minimum: Balance,
}

/// How many such votes the bond can back, at least 1; the first reason against even one otherwise.
/// Without a stake there is no limit: [`u32::MAX`].
pub fn backed_votes(bond: &Bond, vote: &VoteTerms) -> Result<u32, StakeRefusal> {
    let membership = bond
        .membership
        .filter(|membership| membership.pool == vote.pool)
        .ok_or(StakeRefusal::NotAMember)?;
    if !is_early_enough(&membership, vote) {
        return Err(StakeRefusal::JoinedTooLate);
    }
    if bond.amount < vote.minimum {
        return Err(StakeRefusal::BelowMinimum);
    }
    match bond.free().checked_div(vote.stake) {
        Some(0) => Err(StakeRefusal::TooLittleFree),
        Some(votes) => Ok(u32::try_from(votes).unwrap_or(u32::MAX)),
        None => Ok(u32::MAX),
    }
}

/// Who joins in the very block of a match may know of it, so strictly earlier, whatever the delay.
fn is_early_enough(membership: &Membership, vote: &VoteTerms) -> bool {
    membership.since < vote.started
        && membership.since.saturating_add(vote.join_delay) <= vote.started
}

/// Why an amount cannot leave a bond.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnbondRefusal {
    /// Less than it is free.
    TooLittleFree,
    /// The rest would be below the minimum, but not zero.
    WouldFallBelowMinimum,
    /// As many amounts as possible are on their way out.
    TooManyUnbonding,
}

/// Whether the amount can leave the bond; the first reason against it otherwise.
pub fn check_unbond(bond: &Bond, amount: Balance, minimum: Balance) -> Result<(), UnbondRefusal> {
    if amount > bond.free() {
        return Err(UnbondRefusal::TooLittleFree);
    }
    let rest = bond.amount.saturating_sub(amount);
    if rest != 0 && rest < minimum {
        return Err(UnbondRefusal::WouldFallBelowMinimum);
    }
    if bond.unbonding.len() >= MAX_UNBONDING as usize {
        return Err(UnbondRefusal::TooManyUnbonding);
    }
    Ok(())
}

/// Takes out of the bond what has waited until `now`; returns the sum.
pub fn take_matured(bond: &mut Bond, now: BlockNumber) -> Balance {
    let matured = bond
        .unbonding
        .iter()
        .filter(|chunk| chunk.until <= now)
        .fold(0, |sum: Balance, chunk| sum.saturating_add(chunk.amount));
    bond.unbonding.retain(|chunk| chunk.until > now);
    matured
}

/// Takes a locked amount away from the bond; returns how much that was, less than `amount` only if
/// less was locked.
pub fn take_locked(bond: &mut Bond, amount: Balance) -> Balance {
    let taken = amount.min(bond.locked);
    bond.locked = bond.locked.saturating_sub(taken);
    bond.amount = bond.amount.saturating_sub(taken);
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::{AccountId, Unbonding};
    use proptest::prelude::*;
    use sp_core::H256;

    const POOL: PoolId = PoolId(H256::repeat_byte(1));

    /// 100 of which 40 are locked, in the pool since block 10.
    fn bond() -> Bond {
        Bond {
            owner: AccountId::new([1; 32]),
            amount: 100,
            locked: 40,
            unbonding: Default::default(),
            membership: Some(Membership {
                pool: POOL,
                since: 10,
            }),
        }
    }

    fn vote() -> VoteTerms {
        VoteTerms {
            pool: POOL,
            started: 30,
            stake: 60,
            join_delay: 20,
            minimum: 100,
        }
    }

    #[test]
    fn vote_needs_membership_of_that_pool() {
        assert_eq!(backed_votes(&bond(), &vote()), Ok(1));
        let elsewhere = VoteTerms {
            pool: PoolId(H256::zero()),
            ..vote()
        };
        assert_eq!(
            backed_votes(&bond(), &elsewhere),
            Err(StakeRefusal::NotAMember)
        );
        let nowhere = Bond {
            membership: None,
            ..bond()
        };
        assert_eq!(
            backed_votes(&nowhere, &vote()),
            Err(StakeRefusal::NotAMember)
        );
    }

    #[test]
    fn vote_needs_an_early_member() {
        let late = VoteTerms {
            started: 29,
            ..vote()
        };
        assert_eq!(
            backed_votes(&bond(), &late),
            Err(StakeRefusal::JoinedTooLate)
        );
        let next_block = VoteTerms {
            started: 11,
            join_delay: 0,
            ..vote()
        };
        assert_eq!(backed_votes(&bond(), &next_block), Ok(1));
        let same_block = VoteTerms {
            started: 10,
            join_delay: 0,
            ..vote()
        };
        assert_eq!(
            backed_votes(&bond(), &same_block),
            Err(StakeRefusal::JoinedTooLate)
        );
    }

    #[test]
    fn vote_needs_the_minimum() {
        let more = VoteTerms {
            minimum: 101,
            ..vote()
        };
        assert_eq!(
            backed_votes(&bond(), &more),
            Err(StakeRefusal::BelowMinimum)
        );
    }

    #[test]
    fn vote_needs_free_stake() {
        let more = VoteTerms {
            stake: 61,
            ..vote()
        };
        assert_eq!(
            backed_votes(&bond(), &more),
            Err(StakeRefusal::TooLittleFree)
        );
    }

    #[test]
    fn as_many_votes_are_backed_as_stakes_are_free() {
        let votes = |stake| backed_votes(&bond(), &VoteTerms { stake, ..vote() });
        // 60 are free.
        assert_eq!(votes(31), Ok(1));
        assert_eq!(votes(30), Ok(2));
        assert_eq!(votes(1), Ok(60));
        assert_eq!(votes(0), Ok(u32::MAX));
        let rich = Bond {
            amount: Balance::MAX,
            ..bond()
        };
        let cheap = VoteTerms { stake: 1, ..vote() };
        assert_eq!(backed_votes(&rich, &cheap), Ok(u32::MAX));
    }

    #[test]
    fn a_vote_without_stake_needs_no_free_stake() {
        let exhausted = Bond {
            locked: 100,
            ..bond()
        };
        let votes = |stake| backed_votes(&exhausted, &VoteTerms { stake, ..vote() });
        assert_eq!(votes(0), Ok(u32::MAX));
        assert_eq!(votes(1), Err(StakeRefusal::TooLittleFree));
    }

    #[test]
    fn unbond_leaves_nothing_or_the_minimum() {
        let unlocked = Bond {
            locked: 0,
            ..bond()
        };
        assert_eq!(check_unbond(&unlocked, 60, 40), Ok(()));
        assert_eq!(
            check_unbond(&unlocked, 61, 40),
            Err(UnbondRefusal::WouldFallBelowMinimum)
        );
        assert_eq!(check_unbond(&unlocked, 100, 40), Ok(()));
        assert_eq!(
            check_unbond(&unlocked, 101, 40),
            Err(UnbondRefusal::TooLittleFree)
        );
    }

    #[test]
    fn unbond_leaves_what_is_locked() {
        assert_eq!(check_unbond(&bond(), 60, 1), Ok(()));
        assert_eq!(
            check_unbond(&bond(), 61, 1),
            Err(UnbondRefusal::TooLittleFree)
        );
    }

    #[test]
    fn unbond_is_bounded() {
        let chunk = Unbonding {
            amount: 1,
            until: 50,
        };
        let mut bond = bond();
        while bond.unbonding.len() < MAX_UNBONDING as usize {
            assert_eq!(check_unbond(&bond, 1, 1), Ok(()));
            assert!(bond.unbonding.try_push(chunk).is_ok());
        }
        assert_eq!(
            check_unbond(&bond, 1, 1),
            Err(UnbondRefusal::TooManyUnbonding)
        );
    }

    #[test]
    fn only_mature_amounts_are_taken() {
        let mut bond = bond();
        for until in [10u32, 11, 12] {
            assert!(
                bond.unbonding
                    .try_push(Unbonding {
                        amount: until.into(),
                        until
                    })
                    .is_ok()
            );
        }
        assert_eq!(take_matured(&mut bond, 9), 0);
        assert_eq!(take_matured(&mut bond, 11), 21);
        assert_eq!(
            bond.unbonding.to_vec(),
            [Unbonding {
                amount: 12,
                until: 12
            }]
        );
    }

    proptest! {
        #[test]
        fn a_slash_takes_bond_and_lock_down_together(
            amount: Balance,
            locked: Balance,
            slash: Balance,
        ) {
            let before = Bond { amount, locked: locked.min(amount), ..bond() };
            let mut after = before.clone();
            let taken = take_locked(&mut after, slash);
            prop_assert_eq!(taken, slash.min(before.locked));
            prop_assert_eq!(before.amount - after.amount, taken);
            prop_assert_eq!(before.locked - after.locked, taken);
            prop_assert_eq!(before.free(), after.free());
        }
    }
}
