//! What names, paths and policies must be like. Pure functions over plain values.

use alloc::{collections::BTreeSet, vec::Vec};
use ergon_primitives::{
    Access, MAX_OPERATOR_REWARD_RATIO, MAX_WORKER_STAKE_RATIO, PoolPolicy, Scheduling,
};

/// Whether people can read the name: it is not empty and valid UTF-8.
pub fn is_good_name(name: &[u8]) -> bool {
    !name.is_empty() && core::str::from_utf8(name).is_ok()
}

/// Whether each item is there once.
pub fn are_distinct<Item: Ord>(items: &[Item]) -> bool {
    items.iter().collect::<BTreeSet<_>>().len() == items.len()
}

/// Whether files of these paths can all be in one output folder: each path is a plain relative one,
/// no two are equal and none is a folder of another.
pub fn are_good_outputs<Path: AsRef<[u8]>>(paths: &[Path]) -> bool {
    let paths: Vec<&[u8]> = paths.iter().map(|path| path.as_ref()).collect();
    let collision = paths.iter().enumerate().any(|(index, path)| {
        let mut later = paths.iter().skip(index.saturating_add(1));
        later.any(|other| clash(path, other))
    });
    !collision && paths.iter().all(|path| is_plain_path(path))
}

/// Whether the path means the same on every machine and stays below the output folder.
fn is_plain_path(path: &[u8]) -> bool {
    core::str::from_utf8(path).is_ok_and(|path| {
        !path.contains(['\\', '\0']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
    })
}

/// Whether the paths are equal or one is a folder of the other.
fn clash(one: &[u8], other: &[u8]) -> bool {
    lies_at(one, other) || lies_at(other, one)
}

/// Whether the path is this place or below it.
fn lies_at(path: &[u8], place: &[u8]) -> bool {
    path.strip_prefix(place)
        .is_some_and(|rest| rest.first().is_none_or(|next| *next == b'/'))
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
    /// Every bond owner may race for every task.
    OpenAndPublic,
}

/// The first flaw of a policy (iExec 7.5; the upper bounds and that open pools are private are
/// Ergon's own).
pub fn policy_flaw(policy: &PoolPolicy) -> Option<PolicyFlaw> {
    if policy.worker_stake_ratio > MAX_WORKER_STAKE_RATIO {
        return Some(PolicyFlaw::StakeRatioTooHigh);
    }
    if policy.operator_reward_ratio > MAX_OPERATOR_REWARD_RATIO {
        return Some(PolicyFlaw::RewardRatioTooHigh);
    }
    if policy.parallelism == 0 {
        return Some(PolicyFlaw::NoParallelism);
    }
    matches!(
        (policy.scheduling, policy.access),
        (Scheduling::Open, Access::Public)
    )
    .then_some(PolicyFlaw::OpenAndPublic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::AccessListId;
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
    fn paths_are_plain_and_relative() {
        for good in ["a", "results/frame 1.png", "a..b", "...", ".hidden", "ä/ö"] {
            assert!(is_plain_path(good.as_bytes()), "{good:?}");
        }
        for bad in [
            "", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "../a", "a/../b", "a\\b", "a\0",
        ] {
            assert!(!is_plain_path(bad.as_bytes()), "{bad:?}");
        }
        assert!(!is_plain_path(&[b'a', 0xff]));
    }

    #[test]
    fn outputs_are_files_side_by_side() {
        assert!(are_good_outputs::<&str>(&[]));
        assert!(are_good_outputs(&["a", "b", "ab", "c/a", "c/b", "c-a"]));
        assert!(!are_good_outputs(&["a", "b", "a"]));
        assert!(!are_good_outputs(&["a", "a/b"]));
        assert!(!are_good_outputs(&["a/b/c", "x", "a/b"]));
        assert!(!are_good_outputs(&["a", "../b"]));
    }

    #[test]
    fn distinct_means_each_once() {
        assert!(are_distinct::<u8>(&[]));
        assert!(are_distinct(&[2, 1, 3]));
        assert!(!are_distinct(&[2, 1, 2]));
    }

    #[test]
    fn only_open_pools_must_be_private() {
        let private = policy(30, 1, 1).access;
        for (scheduling, access, flaw) in [
            (Scheduling::Open, private, None),
            (
                Scheduling::Open,
                Access::Public,
                Some(PolicyFlaw::OpenAndPublic),
            ),
            (Scheduling::Authorised, private, None),
            (Scheduling::Authorised, Access::Public, None),
        ] {
            let policy = PoolPolicy {
                scheduling,
                access,
                ..policy(30, 1, 1)
            };
            assert_eq!(policy_flaw(&policy), flaw);
        }
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
        /// Paths of up to three parts, drawn from so few that they meet often.
        #[test]
        fn good_outputs_can_be_written_to_one_folder(
            paths in proptest::collection::vec("[ab]{1,2}(/[ab]){0,2}", 0..6),
        ) {
            let files: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
            let folders: BTreeSet<&str> = paths
                .iter()
                .flat_map(|path| path.match_indices('/').map(move |(end, _)| &path[..end]))
                .collect();
            let possible = files.len() == paths.len() && files.is_disjoint(&folders);
            prop_assert_eq!(are_good_outputs(&paths), possible);
        }

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
