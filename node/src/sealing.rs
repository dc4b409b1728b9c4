//! How blocks are made: the modes and their names.

use sc_service::{ChainType, Role};
use std::{fmt, ops::RangeInclusive, str::FromStr, time::Duration};

/// Milliseconds between two blocks that `interval=MS` accepts.
const INTERVALS: RangeInclusive<u64> = 1..=3_600_000;

/// In `dev` mode, how long transactions are gathered before they are sealed.
const DEV_GATHERING: Duration = Duration::from_millis(20);
/// In `dev` mode, how long the chain rests before an empty block is made.
const DEV_REST: Duration = Duration::from_secs(1);

/// How blocks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// Validators take turns by slots, GRANDPA finalises.
    Aura,
    /// A final block when a transaction arrives.
    Instant,
    /// A final block after each such time, with or without transactions.
    Interval(Duration),
    /// A final block soon after transactions arrived, and one for each second without any.
    Dev,
}

impl Sealing {
    /// The mode of a node that was not told one.
    pub fn default_for(is_dev: bool) -> Self {
        if is_dev { Self::Dev } else { Self::Aura }
    }

    /// When this mode makes blocks, or `None` if slots decide.
    pub fn pace(self) -> Option<Pace> {
        let (gather, rest) = match self {
            Self::Aura => return None,
            Self::Instant => (Some(Duration::ZERO), None),
            Self::Interval(period) => (None, Some(period)),
            Self::Dev => (Some(DEV_GATHERING), Some(DEV_REST)),
        };
        Some(Pace { gather, rest })
    }

    /// Refuses a mode that makes blocks on a node that does not.
    pub fn check_role(self, role: &Role) -> Result<(), String> {
        if self == Self::Aura || role.is_authority() {
            return Ok(());
        }
        Err(format!(
            "sealing mode `{self}` makes blocks, and this node is not allowed to: it is no \
             authority. Start it with --dev, or with --validator (or --alice), or leave --sealing \
             away."
        ))
    }
}

impl Sealing {
    /// Refuses a mode that finalises alone on a chain that others take part in: the node would leave
    /// them, and could not come back.
    pub fn check_chain(self, chain_type: &ChainType) -> Result<(), String> {
        if self == Self::Aura || *chain_type != ChainType::Live {
            return Ok(());
        }
        Err(format!(
            "sealing mode `{self}` would make and finalise blocks of a live chain alone, without its \
             other validators. Leave --sealing away; for tests start with --dev or --chain local, or \
             set the chainType of your specification to Development or Local."
        ))
    }
}

/// When blocks are made without slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long transactions are gathered from the first that arrives; `None` if arrivals do not
    /// count.
    pub gather: Option<Duration>,
    /// After how long a block is made though nothing arrived; `None` if never.
    pub rest: Option<Duration>,
}

impl FromStr for Sealing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            None if text == "aura" => Ok(Self::Aura),
            None if text == "instant" => Ok(Self::Instant),
            None if text == "dev" => Ok(Self::Dev),
            Some(("interval", period)) => parse_interval(period),
            _ => Err(format!("there is no sealing mode `{text}`; {}", allowed())),
        }
    }
}

fn parse_interval(text: &str) -> Result<Sealing, String> {
    match text.parse() {
        Ok(period) if INTERVALS.contains(&period) => {
            Ok(Sealing::Interval(Duration::from_millis(period)))
        }
        _ => Err(format!("`{text}` is no interval; {}", allowed())),
    }
}

fn allowed() -> String {
    format!(
        "allowed are aura, dev, instant and interval=MS with MS from {} to {} milliseconds",
        INTERVALS.start(),
        INTERVALS.end(),
    )
}

impl fmt::Display for Sealing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aura => write!(formatter, "aura"),
            Self::Instant => write!(formatter, "instant"),
            Self::Interval(period) => write!(formatter, "interval={}", period.as_millis()),
            Self::Dev => write!(formatter, "dev"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_reads_what_it_prints() {
        let interval = Sealing::Interval(Duration::from_millis(250));
        for mode in [Sealing::Aura, Sealing::Instant, interval, Sealing::Dev] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
    }

    #[test]
    fn an_interval_has_bounds() {
        let shortest = Sealing::Interval(Duration::from_millis(1));
        let longest = Sealing::Interval(Duration::from_secs(3_600));
        assert_eq!("interval=1".parse(), Ok(shortest));
        assert_eq!("interval=3600000".parse(), Ok(longest));
        for refused in [
            "interval=0",
            "interval=3600001",
            "interval=",
            "interval=-1",
            "interval=1s",
        ] {
            let text = refused.parse::<Sealing>().expect_err("out of bounds");
            assert!(text.contains("from 1 to 3600000 milliseconds"), "{text}");
        }
    }

    #[test]
    fn a_refusal_names_what_is_allowed() {
        for refused in ["", "manual", "AURA", "interval", "dev=1", "instant="] {
            let text = refused.parse::<Sealing>().expect_err("no such mode");
            for mode in ["aura", "dev", "instant", "interval=MS"] {
                assert!(text.contains(mode), "{text}");
            }
        }
    }

    #[test]
    fn only_aura_waits_for_slots() {
        assert_eq!(Sealing::Aura.pace(), None);
        for mode in [Sealing::Instant, Sealing::Interval(DEV_REST), Sealing::Dev] {
            assert!(mode.pace().is_some());
        }
    }

    #[test]
    fn nobody_finalises_a_live_chain_alone() {
        assert_eq!(Sealing::Aura.check_chain(&ChainType::Live), Ok(()));
        for chain in [ChainType::Development, ChainType::Local] {
            assert_eq!(Sealing::Instant.check_chain(&chain), Ok(()));
        }
        for mode in [Sealing::Dev, Sealing::Instant, Sealing::Interval(DEV_REST)] {
            let refusal = mode.check_chain(&ChainType::Live).expect_err("it is live");
            assert!(refusal.contains(&format!("`{mode}`")), "{refusal}");
            assert!(refusal.contains("--dev"), "{refusal}");
        }
    }

    #[test]
    fn a_node_without_authority_seals_nothing() {
        assert_eq!(Sealing::Aura.check_role(&Role::Full), Ok(()));
        assert_eq!(Sealing::Dev.check_role(&Role::Authority), Ok(()));
        let refusal = Sealing::Instant
            .check_role(&Role::Full)
            .expect_err("no authority");
        assert!(
            refusal.contains("`instant`") && refusal.contains("--validator"),
            "{refusal}"
        );
    }
}
