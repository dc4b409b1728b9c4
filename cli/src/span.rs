//! Lengths of time as people type and read them; the chain counts blocks.

use ergon_client::primitives::{BlockNumber, MILLISECONDS_PER_BLOCK};
use std::{fmt, str::FromStr, time::Duration};

/// A length of time in blocks of two seconds: `90s`, `30m`, `12h`, `7d`, or a bare number of blocks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span(
    /// Number of blocks.
    pub BlockNumber,
);

/// A text is no length of time.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is not a length of time: write 90s, 30m, 12h, 7d, or a number of blocks")]
pub struct SpanError(String);

/// Seconds of the units, longest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Span {
    /// The span on a clock.
    pub fn duration(self) -> Duration {
        Duration::from_millis(u64::from(self.0).saturating_mul(MILLISECONDS_PER_BLOCK))
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let wrong = || SpanError(text.into());
        let unit = UNITS
            .iter()
            .find_map(|(unit, seconds)| Some((text.strip_suffix(*unit)?, seconds)));
        let digits = unit.map_or(text, |(digits, _)| digits);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: u64 = digits.parse().map_err(|_| wrong())?;
        let blocks = match unit {
            None => Some(number),
            Some((_, seconds)) => number
                .checked_mul(*seconds)
                .and_then(|seconds| seconds.checked_mul(1_000))
                .map(|milliseconds| milliseconds.div_ceil(MILLISECONDS_PER_BLOCK)),
        };
        blocks
            .and_then(|blocks| BlockNumber::try_from(blocks).ok())
            .map(Self)
            .ok_or_else(wrong)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.duration().as_secs();
        let mut parts = Vec::new();
        for (unit, seconds) in UNITS {
            let count = rest / seconds;
            rest %= seconds;
            if count > 0 && parts.len() < 2 {
                parts.push(format!(
                    "{count} {}",
                    if unit == 'm' {
                        "min".into()
                    } else {
                        unit.to_string()
                    }
                ));
            }
        }
        if parts.is_empty() {
            f.pad("0 s")
        } else {
            f.pad(&parts.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_blocks() {
        for (text, blocks) in [
            ("0", 0),
            ("500", 500),
            ("3s", 2),
            ("90s", 45),
            ("1m", 30),
            ("12h", 21_600),
            ("7d", 302_400),
        ] {
            assert_eq!(text.parse(), Ok(Span(blocks)), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "d",
            "-1d",
            "1w",
            "1.5h",
            "1 d",
            "99999999999d",
            "4294967296",
        ] {
            assert_eq!(text.parse::<Span>(), Err(SpanError(text.into())), "{text}");
        }
    }

    #[test]
    fn shown_with_at_most_two_units() {
        assert_eq!(Span(0).to_string(), "0 s");
        assert_eq!(Span(45).to_string(), "1 min 30 s");
        assert_eq!(Span(302_400).to_string(), "7 d");
        assert_eq!(Span(302_400 + 1_800 + 1).to_string(), "7 d 1 h");
    }
}
