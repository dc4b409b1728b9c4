//! Ways of verification as texts: `replication`, `blind:5`, `race:1`.

use ergon_client::primitives::Verification;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A way of verification as it is typed, and as order files have it.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(try_from = "String", into = "String")]
pub struct VerificationName(pub Verification);

impl VerificationName {
    /// Reads the text, whether any task could be verified that way or not: what is published on the
    /// chain must be readable.
    fn read(text: &str) -> Result<Self, String> {
        let number = |digits: &str| digits.parse::<u8>().ok();
        let found = match text.split_once(':') {
            None if text == "replication" => Some(Verification::Replication),
            Some(("blind", digits)) => number(digits).map(|voters| Verification::Blind { voters }),
            Some(("race", digits)) => {
                number(digits).map(|referees| Verification::Race { referees })
            }
            _ => None,
        };
        found.map(Self).ok_or_else(|| {
            format!(
                "`{text}` is no way of verification: write replication, blind:VOTERS like blind:5, or \
                 race:REFEREES like race:1"
            )
        })
    }
}

impl FromStr for VerificationName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = Self::read(text)?;
        // What is too little for the lowest trust, or too much for any, is never of use.
        if name.0.admits(1) {
            return Ok(name);
        }
        Err(match name.0 {
            Verification::Race { .. } => {
                format!("`{text}` wants too many: a race has from 0 to 30 referees")
            }
            _ => format!("`{text}` cannot be: from 1 to 32 voters can vote on a task"),
        })
    }
}

impl fmt::Display for VerificationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Verification::Replication => f.write_str("replication"),
            Verification::Blind { voters } => write!(f, "blind:{voters}"),
            Verification::Race { referees } => write!(f, "race:{referees}"),
        }
    }
}

impl TryFrom<String> for VerificationName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text)
    }
}

impl From<VerificationName> for String {
    fn from(name: VerificationName) -> Self {
        name.to_string()
    }
}

impl From<Verification> for VerificationName {
    fn from(verification: Verification) -> Self {
        Self(verification)
    }
}

impl From<VerificationName> for Verification {
    fn from(name: VerificationName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_survives_as_a_text() {
        for text in ["replication", "blind:1", "blind:32", "race:0", "race:30"] {
            let name: VerificationName = text.parse().unwrap();
            assert_eq!(name.to_string(), text);
            let json = serde_json::to_string(&name).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(
                serde_json::from_str::<VerificationName>(&json).unwrap(),
                name
            );
        }
        let blind: VerificationName = "blind:5".parse().unwrap();
        assert_eq!(blind.0, Verification::Blind { voters: 5 });
        let race: VerificationName = "race:1".parse().unwrap();
        assert_eq!(race.0, Verification::Race { referees: 1 });
    }

    #[test]
    fn what_is_no_way_is_refused_with_those_that_are() {
        for text in [
            "",
            "blind",
            "race",
            "blind:",
            "blind:x",
            "race:-1",
            "blind:256",
            "Race:1",
            "spot:1",
            "replication:3",
        ] {
            let error = text.parse::<VerificationName>().unwrap_err();
            assert!(error.contains("blind:VOTERS"), "{text}: {error}");
        }
    }

    #[test]
    fn numbers_have_bounds_for_those_who_type_but_not_for_those_who_read() {
        for (text, reason) in [
            ("blind:0", "from 1 to 32 voters"),
            ("blind:33", "from 1 to 32 voters"),
            ("race:31", "from 0 to 30 referees"),
        ] {
            let error = text.parse::<VerificationName>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
            let json = format!("\"{text}\"");
            let name: VerificationName = serde_json::from_str(&json).unwrap();
            assert_eq!(name.to_string(), text);
        }
    }
}
