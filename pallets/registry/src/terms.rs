//! What names and policies must be like. Pure functions over plain values.

use ergon_primitives::{MAX_OPERATOR_REWARD_RATIO, MAX_WORKER_STAKE_RATIO, PoolPolicy};

/// Whether people can read the name: it is not empty and valid UTF-8.
pub fn is_good_name(name: &[u8]) -> bool {
    !name.is_empty() && core::str::from_utf8(name).is_ok()
}

/// What makes a policy unacceptable, whatever is registered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyFlaw {
    /// The worker stake ratio is above [`MAX_WORKER_STAKE_RATIO`].
    StakeRatioTooHigh,
    /// The operator reward ratio is above [`MAX_OPERATOR_REWARD_RATIO`].
    RewardRatioTooHigh,
    /// The parallelism is 0.
    NoParallelism,
}

/// The first flaw of a policy (iExec 7.5; the upper bounds are Ergon's own).
pub fn policy_flaw(policy: &PoolPolicy) -> Option<PolicyFlaw> {
    if policy.worker_stake_ratio > MAX_WORKER_STAKE_RATIO {
        return Some(PolicyFlaw::StakeRatioTooHigh);
    }
    if policy.operator_reward_ratio > MAX_OPERATOR_REWARD_RATIO {
        return Some(PolicyFlaw::RewardRatioTooHigh);
    }
    (policy.parallelism == 0).then_some(PolicyFlaw::NoParallelism)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::{Access, AccessListId, Scheduling};
    use proptest::prelude::*;
    use sp_core::H256;

    fn policy(stake: u8, reward: u8, parallelism: u32) -> PoolPolicy {
        PoolPolicy {
            worker_stake_ratio: stake,
            operator_reward_ratio: reward,
            parallelism,
            access: Access::Private(AccessListId(H256::zero())),
            scheduling: Scheduling::Open,
        }
    }

    #[test]
    fn names_are_text() {
        assert!(is_good_name(b"render"));
        assert!(is_good_name("Ångström ×10".as_bytes()));
        assert!(!is_good_name(b""));
        assert!(!is_good_name(&[0xff, 0xfe]));
        // The first byte of a character of two, cut off.
        assert!(!is_good_name(&[b'a', 0xc3]));
    }

    #[test]
    fn bounds_of_a_policy_are_inclusive() {
        assert_eq!(policy_flaw(&policy(100, 50, 1)), None);
        assert_eq!(policy_flaw(&policy(0, 0, u32::MAX)), None);
        assert_eq!(
            policy_flaw(&policy(101, 50, 1)),
            Some(PolicyFlaw::StakeRatioTooHigh)
        );
        assert_eq!(
            policy_flaw(&policy(100, 51, 1)),
            Some(PolicyFlaw::RewardRatioTooHigh)
        );
        assert_eq!(
            policy_flaw(&policy(100, 50, 0)),
            Some(PolicyFlaw::NoParallelism)
        );
    }

    proptest! {
        #[test]
        fn a_policy_is_flawless_exactly_within_its_bounds(
            stake: u8,
            reward: u8,
            parallelism in 0u32..3,
        ) {
            let within = stake <= 100 && reward <= 50 && parallelism >= 1;
            prop_assert_eq!(policy_flaw(&policy(stake, reward, parallelism)).is_none(), within);
        }
    }
}
