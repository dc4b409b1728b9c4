//! Elementary functions made only of `+ - * /`, so that they give the same bits everywhere.
//!
//! Each function reduces its argument to a short interval with a constant split into a head and a
//! tail (Cody and Waite), and evaluates a Taylor polynomial there. The head has so few bits that
//! its product with the (whole) multiple is exact, hence the reduction loses nothing. Relative
//! errors stay below 1e-15; the tests ask for 1e-12.

use std::f64::consts::{FRAC_2_PI, LOG2_E, SQRT_2};

/// ln 2, the leading 32 bits.
const LN_2_HEAD: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
/// ln 2 minus [`LN_2_HEAD`].
const LN_2_TAIL: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// pi / 2 in three parts of 33 bits each, largest first, and what they leave.
const HALF_PI: [f64; 4] = [
    f64::from_bits(0x3ff9_21fb_5440_0000),
    f64::from_bits(0x3dd0_b461_1a60_0000),
    f64::from_bits(0x3ba3_198a_2e00_0000),
    f64::from_bits(0x397b_839a_2520_49c1),
];

/// Above this `exp` exceeds the largest finite number.
const EXP_OVERFLOW: f64 = f64::from_bits(0x4086_2e42_fefa_39ef);
/// Below this `exp` is smaller than half the smallest subnormal number.
const EXP_UNDERFLOW: f64 = -745.2;

/// 1/n! for n = 0, 1, 2, ...: the Taylor series of `exp`.
const EXP: [f64; 15] = inverse_factorials(0, 1, false);
/// The Taylor series of `sin x / x` in powers of x squared.
const SIN: [f64; 10] = inverse_factorials(1, 2, true);
/// The Taylor series of `cos` in powers of x squared.
const COS: [f64; 10] = inverse_factorials(0, 2, true);
/// 1/(2n + 1): the series of `atanh s / s` in powers of s squared.
const ATANH: [f64; 14] = inverse_odds();

/// 1/first!, 1/(first + step)!, ..., each second one negative if `alternating`.
///
/// Factorials up to 18! are exact; the two later ones only touch terms below 1e-17.
const fn inverse_factorials<const N: usize>(
    first: usize,
    step: usize,
    alternating: bool,
) -> [f64; N] {
    let mut terms = [0.0; N];
    let mut place = 0;
    while place < N {
        let mut factorial = 1.0;
        let mut factor = 2;
        while factor <= first + place * step {
            factorial *= factor as f64;
            factor += 1;
        }
        let sign = if alternating && place % 2 == 1 {
            -1.0
        } else {
            1.0
        };
        terms[place] = sign / factorial;
        place += 1;
    }
    terms
}

const fn inverse_odds<const N: usize>() -> [f64; N] {
    let mut terms = [0.0; N];
    let mut place = 0;
    while place < N {
        terms[place] = 1.0 / (2 * place + 1) as f64;
        place += 1;
    }
    terms
}

/// The polynomial with these coefficients, lowest power first, by Horner's rule.
pub fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// e to the power of `x`; infinite above 709.78, zero below -745.2, NaN for NaN.
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x > EXP_OVERFLOW {
        return x + f64::INFINITY;
    }
    if x < EXP_UNDERFLOW {
        return 0.0;
    }
    let twos = nearest(x * LOG2_E);
    let rest = (x - twos as f64 * LN_2_HEAD) - twos as f64 * LN_2_TAIL;
    let half = twos / 2;
    polynomial(&EXP, rest) * power_of_two(half) * power_of_two(twos - half)
}

/// The natural logarithm of `x`; minus infinity for zero, NaN for negative numbers and NaN.
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    let (mantissa, twos) = split(x);
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let ln_mantissa = 2.0 * s * polynomial(&ATANH, s * s);
    twos as f64 * LN_2_HEAD + (ln_mantissa + twos as f64 * LN_2_TAIL)
}

/// `base` to the power of `exponent` for a positive base; zero for a base of zero or less.
pub fn power(base: f64, exponent: f64) -> f64 {
    if base <= 0.0 {
        0.0
    } else {
        exp(exponent * ln(base))
    }
}

/// Sine and cosine of an angle in radians, for angles of at most a million either way.
pub fn sin_cos(angle: f64) -> (f64, f64) {
    let quarters = nearest(angle * FRAC_2_PI);
    let x = HALF_PI
        .iter()
        .fold(angle, |rest, part| rest - quarters as f64 * part);
    let square = x * x;
    let sin = x * polynomial(&SIN, square);
    let cos = polynomial(&COS, square);
    match quarters & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// The tangent of an angle in radians, for angles of at most a million either way.
pub fn tan(angle: f64) -> f64 {
    let (sin, cos) = sin_cos(angle);
    sin / cos
}

/// The whole number nearest to `x`, halves away from zero.
fn nearest(x: f64) -> i64 {
    if x < 0.0 {
        (x - 0.5) as i64
    } else {
        (x + 0.5) as i64
    }
}

/// Two to the power of `exponent`, which lies between -1022 and 1023.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

/// Writes a positive finite `x` as `mantissa * 2^twos`, the mantissa within sqrt(1/2)..=sqrt(2).
fn split(x: f64) -> (f64, i64) {
    if x < f64::MIN_POSITIVE {
        let (mantissa, twos) = split(x * power_of_two(54));
        return (mantissa, twos - 54);
    }
    let bits = x.to_bits();
    let twos = (bits >> 52) as i64 - 1023;
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if mantissa > SQRT_2 {
        (mantissa / 2.0, twos + 1)
    } else {
        (mantissa, twos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: f64 = 1e-12;

    fn close(ours: f64, theirs: f64) -> bool {
        ours == theirs || (ours - theirs).abs() <= TOLERANCE * theirs.abs()
    }

    /// `count` numbers spread evenly over the interval.
    fn spread(from: f64, to: f64, count: u32) -> impl Iterator<Item = f64> {
        (0..=count).map(move |step| from + (to - from) * f64::from(step) / f64::from(count))
    }

    #[test]
    fn exp_agrees_with_the_standard_library() {
        for x in spread(-708.0, 709.7, 100_003).chain(spread(-1.0, 1.0, 10_001)) {
            assert!(
                close(exp(x), x.exp()),
                "exp({x}) = {}, not {}",
                exp(x),
                x.exp()
            );
        }
    }

    #[test]
    fn exp_keeps_its_borders() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(710.0), f64::INFINITY);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(-746.0), 0.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert!(
            exp(-745.0) > 0.0,
            "the smallest subnormal numbers are reached"
        );
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn ln_agrees_with_the_standard_library() {
        for x in spread(-700.0, 700.0, 50_001)
            .map(f64::exp)
            .chain(spread(0.4, 2.5, 50_001))
        {
            assert!(close(ln(x), x.ln()), "ln({x}) = {}, not {}", ln(x), x.ln());
        }
    }

    #[test]
    fn ln_keeps_its_borders() {
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!(ln(-1.0).is_nan());
        assert!(close(ln(5e-324), 5e-324_f64.ln()), "subnormal numbers");
        assert!(close(ln(f64::MAX), f64::MAX.ln()));
    }

    #[test]
    fn sine_and_cosine_agree_with_the_standard_library() {
        for x in spread(-8.0, 8.0, 100_003).chain(spread(-1e6, 1e6, 100_003)) {
            let (sin, cos) = sin_cos(x);
            assert!(close(sin, x.sin()), "sin({x}) = {sin}, not {}", x.sin());
            assert!(close(cos, x.cos()), "cos({x}) = {cos}, not {}", x.cos());
        }
    }

    #[test]
    fn sine_is_accurate_where_it_nearly_vanishes() {
        for quarters in 0..1_000_u32 {
            let x = f64::from(quarters) * std::f64::consts::FRAC_PI_2;
            assert!(
                close(sin_cos(x).0, x.sin()) && close(sin_cos(x).1, x.cos()),
                "{quarters}"
            );
        }
    }

    #[test]
    fn powers_and_tangents_agree_with_the_standard_library() {
        for x in spread(1e-6, 3.0, 10_001) {
            assert!(
                close(power(x, 1.0 / 2.4), x.powf(1.0 / 2.4)),
                "power of {x}"
            );
            assert!(
                close(tan(x / 2.0), (x / 2.0).tan()),
                "tangent of {}",
                x / 2.0
            );
        }
        assert_eq!(power(0.0, 2.0), 0.0);
    }
}
