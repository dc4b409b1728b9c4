//! Amounts of money as people type and read them.

use ergon_client::primitives::{Balance, ERG};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// Most digits behind the point: one ERG has 10^12 of the smallest unit.
const DECIMALS: usize = 12;

/// An amount of money. People type and read it in ERG (`1.5`); JSON has the smallest unit as a
/// decimal string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Amount(
    /// In the smallest unit.
    pub Balance,
);

/// Why a text is no amount.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AmountError {
    /// There is no digit, or something that is none.
    #[error("`{0}` is not an amount: write ERG with digits and at most one point, like 12 or 0.5")]
    NotANumber(String),
    /// The text is more precise than money is.
    #[error("`{0}` has more than {DECIMALS} digits behind the point: there is nothing so small")]
    TooPrecise(String),
    /// There is not that much money.
    #[error("`{0}` is more than any amount can be")]
    TooBig(String),
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) {
            return Err(AmountError::NotANumber(text.into()));
        }
        if decimals.len() > DECIMALS {
            return Err(AmountError::TooPrecise(text.into()));
        }
        let too_big = || AmountError::TooBig(text.into());
        let whole: Balance = whole.parse().map_err(|_| too_big())?;
        let decimals: Balance = format!("{decimals:0<DECIMALS$}")
            .parse()
            .map_err(|_| too_big())?;
        let amount = whole
            .checked_mul(ERG)
            .and_then(|whole| whole.checked_add(decimals));
        amount.map(Self).ok_or_else(too_big)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / ERG, self.0 % ERG);
        let decimals = format!("{rest:0DECIMALS$}");
        let text = match decimals.trim_end_matches('0') {
            "" => format!("{whole} ERG"),
            decimals => format!("{whole}.{decimals} ERG"),
        };
        f.pad(&text)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom(format!("`{text}` is not a number of smallest units"));
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        text.parse().map(Self).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Result<Balance, AmountError> {
        text.parse::<Amount>().map(|amount| amount.0)
    }

    #[test]
    fn plain_numbers_are_erg() {
        assert_eq!(amount("0"), Ok(0));
        assert_eq!(amount("1"), Ok(ERG));
        assert_eq!(amount("1.5"), Ok(ERG + ERG / 2));
        assert_eq!(amount("007.250"), Ok(7 * ERG + ERG / 4));
        assert_eq!(amount("0.000000000001"), Ok(1));
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "1 000", "1.5 ERG", "٣", "1.2.3",
        ] {
            assert_eq!(
                amount(text),
                Err(AmountError::NotANumber(text.into())),
                "{text}"
            );
        }
    }

    #[test]
    fn precision_and_size_are_bounded() {
        let precise = "0.0000000000001";
        assert_eq!(
            amount(precise),
            Err(AmountError::TooPrecise(precise.into()))
        );
        assert_eq!(
            amount("340282366920938463463374607.431768211455"),
            Ok(Balance::MAX)
        );
        for big in ["340282366920938463463374607.431768211456", &"9".repeat(60)] {
            assert_eq!(amount(big), Err(AmountError::TooBig(big.into())));
        }
    }

    #[test]
    fn shown_as_short_as_possible() {
        assert_eq!(Amount(0).to_string(), "0 ERG");
        assert_eq!(Amount(ERG).to_string(), "1 ERG");
        assert_eq!(Amount(ERG / 10).to_string(), "0.1 ERG");
        assert_eq!(Amount(1).to_string(), "0.000000000001 ERG");
        assert_eq!(format!("{:>8}", Amount(ERG)), "   1 ERG");
    }

    #[test]
    fn json_has_the_smallest_unit_as_text() {
        assert_eq!(
            serde_json::to_string(&Amount(ERG)).unwrap(),
            "\"1000000000000\""
        );
        assert_eq!(
            serde_json::from_str::<Amount>("\"12\"").unwrap(),
            Amount(12)
        );
        for wrong in ["12", "\"\"", "\"1.5\"", "\"-1\"", "\"+1\""] {
            assert!(serde_json::from_str::<Amount>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_can_be_typed() {
        for value in [0, 1, ERG - 1, ERG, 123_456_789_012_345, Balance::MAX] {
            let shown = Amount(value).to_string();
            assert_eq!(amount(shown.trim_end_matches(" ERG")), Ok(value));
        }
    }
}
