//! Reals as fixed point: the same digits on every machine and in every virtual machine.

use crate::{ParseError, parser};
use codec::{Decode, DecodeWithMemTracking, Encode, Input};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// Units of one: nine decimals.
const ONE: i128 = 1_000_000_000;
/// Number of decimals.
const DECIMALS: i64 = 9;
/// Exponents beyond this are all the same: out of range, or nothing.
const MAX_EXPONENT: i64 = 10_000;

/// A real number with nine decimals, between about -1.7·10²⁹ and 1.7·10²⁹.
///
/// Held as a count of billionths. Results that need more decimals are rounded to the nearest, a half
/// away from zero. SCALE form: the count as an `i128`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Encode, TypeInfo)]
pub struct Real(i128);

impl Real {
    /// Nought.
    pub const ZERO: Self = Self(0);
    /// The greatest real; the least is its negative.
    pub const MAX: Self = Self(i128::MAX);

    /// The real of so many billionths; `None` for `i128::MIN`, which has no positive counterpart.
    pub const fn from_nanos(nanos: i128) -> Option<Self> {
        if nanos == i128::MIN {
            return None;
        }
        Some(Self(nanos))
    }

    /// Number of billionths.
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// Sum; `None` out of range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_nanos)
    }

    /// Difference; `None` out of range.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::from_nanos)
    }

    /// Product, rounded; `None` out of range.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let magnitude = scaled_product(self.0.unsigned_abs(), other.0.unsigned_abs())?;
        Self::signed(magnitude, self.is_negative() != other.is_negative())
    }

    /// Quotient, rounded; `None` out of range and for a division by nought.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        let magnitude = scaled_quotient(self.0.unsigned_abs(), other.0.unsigned_abs())?;
        Self::signed(magnitude, self.is_negative() != other.is_negative())
    }

    /// The same with the other sign.
    pub fn negated(self) -> Self {
        // No real is `i128::MIN`, so this never saturates.
        Self(self.0.saturating_neg())
    }

    /// Whether it is less than nought.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    fn signed(magnitude: u128, negative: bool) -> Option<Self> {
        let nanos = i128::try_from(magnitude).ok()?;
        Self::from_nanos(if negative {
            nanos.checked_neg()?
        } else {
            nanos
        })
    }

    /// The real of `digits` without sign, such as `1.5` or `2e3`, which the lexer has seen to be
    /// well formed; `None` out of range.
    pub(crate) fn from_digits(digits: &str) -> Option<Self> {
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, clamped(exponent)),
            None => (digits, 0),
        };
        let whole = mantissa.find('.').unwrap_or(mantissa.len());
        let first = i64::try_from(whole).ok()?.checked_sub(1)?;
        let mut power = first.checked_add(exponent)?.checked_add(DECIMALS)?;
        let mut nanos: u128 = 0;
        for digit in mantissa.chars().filter_map(|digit| digit.to_digit(10)) {
            nanos = nanos.checked_add(place(digit, power)?)?;
            power = power.checked_sub(1)?;
        }
        Self::signed(nanos, false)
    }
}

/// What a decimal digit counts at a power of ten of the unit; the first one below the unit rounds.
fn place(digit: u32, power: i64) -> Option<u128> {
    match u32::try_from(power) {
        _ if digit == 0 => Some(0),
        Ok(power) => 10u128.checked_pow(power)?.checked_mul(u128::from(digit)),
        Err(_) => Some(u128::from(power == -1 && digit >= 5)),
    }
}

/// An exponent such as `-3`, cut to what makes a difference.
fn clamped(exponent: &str) -> i64 {
    let negative = exponent.starts_with('-');
    let magnitude = exponent
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .fold(0i64, |sum, digit| {
            let sum = sum.saturating_mul(10).saturating_add(i64::from(digit));
            sum.min(MAX_EXPONENT)
        });
    if negative {
        magnitude.saturating_neg()
    } else {
        magnitude
    }
}

/// `a·b / ONE`, rounded.
///
/// Both are cut into whole and fraction; every part is at most the result, so a part overflows only
/// when the result does. Only fraction by fraction, below 10¹⁸, leaves a remainder.
fn scaled_product(a: u128, b: u128) -> Option<u128> {
    let one = ONE.unsigned_abs();
    let (whole_a, part_a) = (a.checked_div(one)?, a.checked_rem(one)?);
    let (whole_b, part_b) = (b.checked_div(one)?, b.checked_rem(one)?);
    let remainder = part_a.checked_mul(part_b)?;
    let rounded = remainder
        .checked_add(one.checked_div(2)?)?
        .checked_div(one)?;
    whole_a
        .checked_mul(b)?
        .checked_add(part_a.checked_mul(whole_b)?)?
        .checked_add(rounded)
}

/// `a·ONE / b`, rounded; both are below 2¹²⁷.
///
/// The remainder of `a / b` is multiplied bit by bit, so that nothing grows beyond twice `b`.
fn scaled_quotient(a: u128, b: u128) -> Option<u128> {
    let one = ONE.unsigned_abs();
    let part = a.checked_rem(b)?;
    let (mut quotient, mut remainder) = (0u128, 0u128);
    for bit in (0..ONE.ilog2().checked_add(1)?).rev() {
        quotient = quotient.checked_mul(2)?;
        remainder = remainder.checked_mul(2)?;
        if remainder >= b {
            remainder = remainder.checked_sub(b)?;
            quotient = quotient.checked_add(1)?;
        }
        if one.checked_shr(bit)? & 1 == 1 {
            remainder = remainder.checked_add(part)?;
        }
        if remainder >= b {
            remainder = remainder.checked_sub(b)?;
            quotient = quotient.checked_add(1)?;
        }
    }
    if remainder.checked_mul(2)? >= b {
        quotient = quotient.checked_add(1)?;
    }
    a.checked_div(b)?.checked_mul(one)?.checked_add(quotient)
}

impl From<i64> for Real {
    fn from(number: i64) -> Self {
        // Below 2⁶³ · 2³⁰.
        Self(i128::from(number).saturating_mul(ONE))
    }
}

impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let whole = magnitude.checked_div(one).unwrap_or_default();
        let mut part = magnitude.checked_rem(one).unwrap_or_default();
        let mut width = 9usize;
        while width > 1 && part.is_multiple_of(10) {
            part = part.checked_div(10).unwrap_or_default();
            width = width.saturating_sub(1);
        }
        let sign = if self.is_negative() { "-" } else { "" };
        write!(f, "{sign}{whole}.{part:0width$}")
    }
}

impl FromStr for Real {
    type Err = ParseError;

    /// Reads a number with or without sign, decimals and exponent; more than nine decimals are
    /// rounded.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        parser::real(text)
    }
}

impl Decode for Real {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        Self::from_nanos(i128::decode(input)?).ok_or_else(|| "Real: out of range".into())
    }
}

impl DecodeWithMemTracking for Real {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn real(text: &str) -> Real {
        text.parse().unwrap()
    }

    #[test]
    fn texts_are_read_and_written() {
        for (text, shown) in [
            ("1.5", "1.5"),
            ("2", "2.0"),
            ("-0.25", "-0.25"),
            (".5", "0.5"),
            ("1e3", "1000.0"),
            ("1.5E-3", "0.0015"),
            ("1e+2", "100.0"),
            ("0e999999999999999999999", "0.0"),
            ("1e-400", "0.0"),
            ("0.0000000005", "0.000000001"),
            ("0.00000000049", "0.0"),
            (
                "0.3333333333333333333333333333333333333333333333",
                "0.333333333",
            ),
            ("0.9999999999", "1.0"),
            (
                "170141183460469231731687303715.884105727",
                "170141183460469231731687303715.884105727",
            ),
        ] {
            assert_eq!(real(text).to_string(), shown);
        }
        for text in [
            "170141183460469231731687303715.884105728",
            "1e30",
            "1e9999",
            "",
            "1.",
            "x",
        ] {
            assert!(text.parse::<Real>().is_err(), "{text}");
        }
    }

    #[test]
    fn results_are_rounded_half_away_from_nought() {
        assert_eq!(real("2").checked_div(real("3")), Some(real("0.666666667")));
        assert_eq!(
            real("-2").checked_div(real("3")),
            Some(real("-0.666666667"))
        );
        assert_eq!(
            real("0.000000001").checked_mul(real("0.5")),
            Some(real("0.000000001"))
        );
        assert_eq!(
            real("0.000000001").checked_mul(real("-0.49")),
            Some(Real::ZERO)
        );
        assert_eq!(real("7.5").checked_div(real("0")), None);
        assert_eq!(Real::MAX.checked_mul(real("1.000000001")), None);
        assert_eq!(Real::MAX.checked_div(Real::MAX), Some(1.into()));
        assert_eq!(Real::MAX.checked_div(real("0.5")), None);
        assert_eq!(Real::MAX.negated().checked_sub(real("0.000000001")), None);
    }

    #[test]
    fn the_least_integer_is_no_real() {
        assert_eq!(Real::from_nanos(i128::MIN), None);
        assert!(Real::decode(&mut &i128::MIN.encode()[..]).is_err());
        assert_eq!(Real::decode(&mut &(-7i128).encode()[..]), Ok(Real(-7)));
    }

    proptest! {
        #[test]
        fn text_and_form_come_back(nanos in any::<i128>()) {
            prop_assume!(nanos != i128::MIN);
            let number = Real(nanos);
            prop_assert_eq!(real(&number.to_string()), number);
            prop_assert_eq!(Real::decode(&mut &number.encode()[..]), Ok(number));
        }

        #[test]
        fn arithmetic_never_panics(a in any::<i128>(), b in any::<i128>()) {
            prop_assume!(a != i128::MIN && b != i128::MIN);
            let (a, b) = (Real(a), Real(b));
            let _ = (a.checked_add(b), a.checked_sub(b), a.checked_mul(b), a.checked_div(b));
        }

        #[test]
        fn small_products_and_quotients_are_exact(a in -1i128 << 60..1 << 60, b in 1i128..1 << 60) {
            let (x, y) = (Real(a), Real(b));
            let half = |n: i128, d: i128| {
                let doubled = (2 * n.abs() + d) / (2 * d);
                doubled * n.signum()
            };
            prop_assert_eq!(x.checked_mul(y), Some(Real(half(a * b, ONE))));
            prop_assert_eq!(x.checked_div(y), Some(Real(half(a * ONE, b))));
        }
    }
}
