//! Prices as means over simulated paths, with antithetic variates.
//!
//! Paths come in pairs: the second uses the normal numbers of the first with the opposite sign. A
//! pair is one sample, since its two paths are not independent; its variance is smaller than that
//! of two independent paths because the payoffs rise and fall with the numbers.

use crate::contract::{Contract, Growth};
use crate::normal::draw;
use ergon_app_kit::maths::exp;
use ergon_app_kit::random::Random;

/// What the simulation found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// What the option is worth today.
    pub price: f64,
    /// The standard deviation of the price's sampling error.
    pub standard_error: f64,
    /// How the price changes per unit of the spot.
    pub delta: f64,
    /// The standard deviation of the delta's sampling error.
    pub delta_standard_error: f64,
}

/// Prices an option. Equal contracts and seeds give equal bits.
pub fn price(contract: &Contract, seed: u64) -> Estimate {
    let mut random = Random::seeded(&[seed]);
    let walk = Walk::of(contract);
    let discount = contract.discount();
    let (mut prices, mut deltas) = (Mean::default(), Mean::default());
    for _ in 0..contract.paths / 2 {
        let (one, other) = walk.pair(&mut random);
        let spot = contract.spot;
        prices.add(discount * (contract.payoff(spot, &one) + contract.payoff(spot, &other)) / 2.0);
        deltas.add(discount * (contract.sensitivity(&one) + contract.sensitivity(&other)) / 2.0);
    }
    Estimate {
        price: prices.mean,
        standard_error: prices.standard_error(),
        delta: deltas.mean,
        delta_standard_error: deltas.standard_error(),
    }
}

/// Geometric Brownian motion in equal steps, started at one.
struct Walk {
    steps: u32,
    /// The certain part of the logarithmic return of a step.
    drift: f64,
    /// The standard deviation of the logarithmic return of a step.
    spread: f64,
}

impl Walk {
    fn of(contract: &Contract) -> Self {
        let years = contract.maturity_years / f64::from(contract.steps);
        let variance = contract.volatility * contract.volatility;
        Self {
            steps: contract.steps,
            drift: (contract.rate - variance / 2.0) * years,
            spread: contract.volatility * years.sqrt(),
        }
    }

    fn pair(&self, random: &mut Random) -> (Growth, Growth) {
        let (mut one, mut other) = (Track::START, Track::START);
        for _ in 0..self.steps {
            let shock = self.spread * draw(random);
            one.step(exp(self.drift + shock));
            other.step(exp(self.drift - shock));
        }
        (one.growth(self.steps), other.growth(self.steps))
    }
}

/// A path under way.
struct Track {
    price: f64,
    sum: f64,
    highest: f64,
}

impl Track {
    const START: Self = Self {
        price: 1.0,
        sum: 0.0,
        highest: 0.0,
    };

    fn step(&mut self, factor: f64) {
        self.price *= factor;
        self.sum += self.price;
        if self.price > self.highest {
            self.highest = self.price;
        }
    }

    fn growth(&self, steps: u32) -> Growth {
        Growth {
            last: self.price,
            mean: self.sum / f64::from(steps),
            highest: self.highest,
        }
    }
}

/// Mean and variance of a stream of samples, updated one by one (Welford, Technometrics 1962).
#[derive(Default)]
struct Mean {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Mean {
    fn add(&mut self, sample: f64) {
        self.count += 1.0;
        let before = sample - self.mean;
        self.mean += before / self.count;
        self.squares += before * (sample - self.mean);
    }

    /// The standard deviation of the mean; zero while one cannot tell.
    fn standard_error(&self) -> f64 {
        if self.count < 2.0 {
            return 0.0;
        }
        (self.squares / (self.count - 1.0) / self.count).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed_form::black_scholes;
    use crate::contract::Kind;

    const SIGMAS: f64 = 4.0;

    fn contract(kind: Kind) -> Contract {
        Contract {
            kind,
            spot: 100.0,
            strike: 105.0,
            rate: 0.03,
            volatility: 0.25,
            maturity_years: 1.0,
            steps: 12,
            paths: 20_000,
        }
    }

    #[test]
    fn european_options_agree_with_black_and_scholes() {
        for (seed, strike) in (1..).zip([60.0, 90.0, 100.0, 110.0, 160.0]) {
            for kind in [Kind::EuropeanCall, Kind::EuropeanPut] {
                let contract = Contract {
                    strike,
                    ..contract(kind)
                };
                let (found, exact) = (price(&contract, seed), black_scholes(&contract).unwrap());
                let errors = (found.price - exact.price).abs() / found.standard_error;
                assert!(errors < SIGMAS, "{kind} at {strike}: {found:?}, {exact:?}");
                let errors = (found.delta - exact.delta).abs() / found.delta_standard_error;
                assert!(
                    errors < SIGMAS,
                    "delta of {kind} at {strike}: {found:?}, {exact:?}"
                );
            }
        }
    }

    #[test]
    fn calls_and_puts_keep_parity() {
        let contract = contract(Kind::EuropeanCall);
        let call = price(&contract, 1);
        let put = price(
            &Contract {
                kind: Kind::EuropeanPut,
                ..contract
            },
            2,
        );
        let forward = contract.spot - contract.strike * contract.discount();
        let square = |error: f64| error * error;
        let error = (square(call.standard_error) + square(put.standard_error)).sqrt();
        assert!(
            (call.price - put.price - forward).abs() < SIGMAS * error,
            "{call:?} {put:?}"
        );
    }

    #[test]
    fn an_asian_call_is_worth_less_than_a_european_one() {
        let asian = price(&contract(Kind::AsianCall), 1);
        let european = price(&contract(Kind::EuropeanCall), 1);
        assert!(
            asian.price > 0.0 && asian.price < european.price,
            "{asian:?} {european:?}"
        );
        let one_step = |kind| {
            price(
                &Contract {
                    steps: 1,
                    ..contract(kind)
                },
                1,
            )
        };
        assert_eq!(
            one_step(Kind::AsianCall),
            one_step(Kind::EuropeanCall),
            "the mean of one"
        );
    }

    #[test]
    fn a_barrier_only_takes_away() {
        let vanilla = price(&contract(Kind::EuropeanCall), 1);
        let barrier = |barrier| price(&contract(Kind::BarrierUpOutCall { barrier }), 1);
        let values: Vec<f64> = [106.0, 120.0, 140.0, 180.0, 250.0]
            .map(barrier)
            .map(|b| b.price)
            .into();
        assert!(
            values.windows(2).all(|pair| pair[0] <= pair[1]),
            "{values:?}"
        );
        assert!(values[0] < 0.01 && values[4] <= vanilla.price, "{values:?}");
        let unreachable = barrier(1e6);
        assert_eq!(unreachable.price, vanilla.price);
        assert!(
            (unreachable.delta - vanilla.delta).abs() < 1e-3,
            "{unreachable:?} {vanilla:?}"
        );
    }

    #[test]
    fn equal_seeds_give_equal_bits_and_others_do_not() {
        let contract = contract(Kind::AsianCall);
        assert_eq!(price(&contract, 5), price(&contract, 5));
        assert_ne!(price(&contract, 5).price, price(&contract, 6).price);
    }

    #[test]
    fn the_bits_are_those_of_every_other_machine() {
        let found = price(&contract(Kind::BarrierUpOutCall { barrier: 150.0 }), 5);
        // Changes only when the method changes, never with the machine.
        assert_eq!(
            found.price.to_bits(),
            0x4014_a6a3_31de_35da,
            "{:#x}",
            found.price.to_bits()
        );
    }

    #[test]
    fn sixteen_times_the_paths_quarter_the_error() {
        let error = |paths| {
            price(
                &Contract {
                    paths,
                    ..contract(Kind::EuropeanCall)
                },
                1,
            )
            .standard_error
        };
        let ratio = error(2_000) / error(32_000);
        assert!((3.4..4.6).contains(&ratio), "{ratio}");
    }

    #[test]
    fn mirrored_paths_are_better_than_as_many_independent_ones() {
        let contract = contract(Kind::EuropeanCall);
        let mut random = Random::seeded(&[1]);
        let walk = Walk::of(&contract);
        let mut independent = Mean::default();
        for _ in 0..contract.paths {
            let (one, _) = walk.pair(&mut random);
            independent.add(contract.discount() * contract.payoff(contract.spot, &one));
        }
        assert!(price(&contract, 1).standard_error < independent.standard_error());
    }

    #[test]
    fn mean_and_error_of_known_samples() {
        let mut mean = Mean::default();
        assert_eq!(mean.standard_error(), 0.0);
        [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
            .into_iter()
            .for_each(|sample| mean.add(sample));
        assert_eq!(mean.mean, 5.0);
        assert!((mean.standard_error() - (32.0_f64 / 7.0 / 8.0).sqrt()).abs() < 1e-15);
    }
}
