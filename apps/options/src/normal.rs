//! The standard normal distribution, from arithmetic that is the same everywhere.

use ergon_app_kit::maths::{exp, ln, polynomial};
use ergon_app_kit::random::Random;

/// 1 / sqrt(2 pi).
const PEAK: f64 = 0.398_942_280_401_432_7;
/// Beyond this the tail's continued fraction is used: there it has converged to the last digit
/// after [`FRACTION_TERMS`] terms, and the series would lose digits.
const TAIL: f64 = 3.0;
const FRACTION_TERMS: u32 = 100;

/// The probability density at `x`.
pub fn density(x: f64) -> f64 {
    PEAK * exp(-0.5 * x * x)
}

/// The probability of a value of at most `x`; relative error below 1e-12 for x above -37.
///
/// In the middle a power series (Marsaglia, "Evaluating the normal distribution", JSS 2004), in
/// the tails Laplace's continued fraction.
pub fn cumulative(x: f64) -> f64 {
    if x < -TAIL {
        upper_tail(-x)
    } else if x > TAIL {
        1.0 - upper_tail(x)
    } else {
        0.5 + density(x) * middle(x)
    }
}

/// x + x^3/3 + x^5/(3*5) + ..., until the next term no longer counts.
fn middle(x: f64) -> f64 {
    let (mut sum, mut term, mut odd) = (x, x, 1.0);
    loop {
        odd += 2.0;
        term = term * x * x / odd;
        let next = sum + term;
        if next == sum || next.is_nan() {
            return next;
        }
        sum = next;
    }
}

/// The probability of a value above a large `x`.
fn upper_tail(x: f64) -> f64 {
    let fraction = (1..=FRACTION_TERMS)
        .rev()
        .fold(x, |rest, term| x + f64::from(term) / rest);
    density(x) / fraction
}

/// The value below which a normal number lies with this probability, `0 < probability < 1`.
///
/// Wichura's rational approximations (algorithm AS 241, PPND16, Applied Statistics 1988), accurate
/// to about 1e-16.
pub fn inverse_cumulative(probability: f64) -> f64 {
    let offset = probability - 0.5;
    if offset.abs() <= 0.425 {
        let r = 0.180625 - offset * offset;
        return offset * ratio(&CENTRE, r);
    }
    let tail = if offset < 0.0 {
        probability
    } else {
        1.0 - probability
    };
    let r = (-ln(tail)).sqrt();
    let size = if r <= 5.0 {
        ratio(&NEAR, r - 1.6)
    } else {
        ratio(&FAR, r - 5.0)
    };
    if offset < 0.0 { -size } else { size }
}

/// The next normal number of a stream, by inversion.
pub fn draw(random: &mut Random) -> f64 {
    inverse_cumulative(random.open_unit())
}

/// Numerator and denominator, lowest power first.
type Rational = [[f64; 8]; 2];

fn ratio([above, below]: &Rational, x: f64) -> f64 {
    polynomial(above, x) / polynomial(below, x)
}

const CENTRE: Rational = [
    [
        3.3871328727963665,
        133.14166789178438,
        1971.5909503065513,
        13731.69376550946,
        45921.95393154987,
        67265.7709270087,
        33430.57558358813,
        2509.0809287301227,
    ],
    [
        1.0,
        42.31333070160091,
        687.1870074920579,
        5394.196021424751,
        21213.794301586597,
        39307.89580009271,
        28729.085735721943,
        5226.495278852854,
    ],
];

const NEAR: Rational = [
    [
        1.4234371107496835,
        4.630337846156546,
        5.769497221460691,
        3.6478483247632045,
        1.2704582524523684,
        0.2417807251774506,
        0.022723844989269184,
        0.0007745450142783414,
    ],
    [
        1.0,
        2.053191626637759,
        1.6763848301838038,
        0.6897673349851,
        0.14810397642748008,
        0.015198666563616457,
        0.0005475938084995345,
        1.0507500716444169e-9,
    ],
];

const FAR: Rational = [
    [
        6.657904643501103,
        5.463784911164114,
        1.7848265399172913,
        0.29656057182850487,
        0.026532189526576124,
        0.0012426609473880784,
        2.7115555687434876e-5,
        2.0103343992922881e-7,
    ],
    [
        1.0,
        0.599832206555888,
        0.1369298809227358,
        0.014875361290850615,
        0.0007868691311456133,
        1.8463183175100548e-5,
        1.421511758316446e-7,
        2.0442631033899397e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_has_its_tabulated_values() {
        for (x, probability) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_542_9),
            (1.96, 0.975_002_104_851_779_5),
            (-1.0, 0.158_655_253_931_457_07),
            (-3.0, 1.349_898_031_630_094_6e-3),
            (-5.0, 2.866_515_718_791_939e-7),
            (-8.0, 6.220_960_574_271_785e-16),
            (6.0, 0.999_999_999_013_412_4),
        ] {
            let error = (cumulative(x) - probability).abs() / probability;
            assert!(
                error < 1e-12,
                "at {x}: {} instead of {probability}",
                cumulative(x)
            );
        }
        assert!(cumulative(f64::NAN).is_nan());
        assert_eq!(
            (cumulative(f64::NEG_INFINITY), cumulative(f64::INFINITY)),
            (0.0, 1.0)
        );
    }

    #[test]
    fn series_and_fraction_meet() {
        let (below, above) = (cumulative(-TAIL - 1e-12), cumulative(-TAIL + 1e-12));
        assert!(
            (above - below) / above < 2e-11 && above > below,
            "{below} {above}"
        );
    }

    #[test]
    fn the_inverse_undoes_the_distribution() {
        for thousandth in -8_000..=4_000 {
            let x = f64::from(thousandth) / 1_000.0;
            let back = inverse_cumulative(cumulative(x));
            assert!((back - x).abs() < 1e-11, "{x} came back as {back}");
        }
    }

    #[test]
    fn the_inverse_is_odd_and_knows_its_quantiles() {
        assert_eq!(inverse_cumulative(0.5), 0.0);
        assert!((inverse_cumulative(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((inverse_cumulative(1e-20) + 9.262_340_089_798_409).abs() < 1e-13);
        for eighth in 1..4 {
            let probability = f64::from(eighth) / 8.0;
            assert_eq!(
                inverse_cumulative(probability),
                -inverse_cumulative(1.0 - probability)
            );
        }
    }

    #[test]
    fn drawn_numbers_have_mean_zero_and_variance_one() {
        let mut random = Random::seeded(&[11]);
        let count = 200_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..count {
            let number = draw(&mut random);
            sum += number;
            squares += number * number;
        }
        let count = f64::from(count);
        // Four standard errors: 1/sqrt(n) for the mean, sqrt(2/n) for the variance.
        assert!((sum / count).abs() < 4.0 / count.sqrt());
        assert!((squares / count - 1.0).abs() < 4.0 * (2.0 / count).sqrt());
    }
}
