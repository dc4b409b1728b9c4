//! Black and Scholes: what a European option is worth without simulation.

use crate::contract::{Contract, Kind};
use crate::normal::cumulative;
use ergon_app_kit::maths::ln;

/// A price without sampling error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exact {
    /// What the option is worth today.
    pub price: f64,
    /// How the price changes per unit of the spot.
    pub delta: f64,
}

/// The exact price of a European option; other kinds have none here.
pub fn black_scholes(contract: &Contract) -> Option<Exact> {
    let spread = contract.volatility * contract.maturity_years.sqrt();
    let drift = contract.rate + contract.volatility * contract.volatility / 2.0;
    let moneyness = ln(contract.spot / contract.strike);
    let d1 = (moneyness + drift * contract.maturity_years) / spread;
    let d2 = d1 - spread;
    let strike_today = contract.strike * contract.discount();
    match contract.kind {
        Kind::EuropeanCall => Some(Exact {
            price: contract.spot * cumulative(d1) - strike_today * cumulative(d2),
            delta: cumulative(d1),
        }),
        Kind::EuropeanPut => Some(Exact {
            price: strike_today * cumulative(-d2) - contract.spot * cumulative(-d1),
            delta: -cumulative(-d1),
        }),
        Kind::AsianCall | Kind::BarrierUpOutCall { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook example (Hull, "Options, Futures, and Other Derivatives", 15.6).
    fn textbook(kind: Kind) -> Contract {
        Contract {
            kind,
            spot: 42.0,
            strike: 40.0,
            rate: 0.1,
            volatility: 0.2,
            maturity_years: 0.5,
            steps: 1,
            paths: 2,
        }
    }

    #[test]
    fn the_textbook_example_comes_out() {
        let call = black_scholes(&textbook(Kind::EuropeanCall)).unwrap();
        let put = black_scholes(&textbook(Kind::EuropeanPut)).unwrap();
        assert!((call.price - 4.759_422).abs() < 1e-6, "{call:?}");
        assert!((put.price - 0.808_599).abs() < 1e-6, "{put:?}");
    }

    #[test]
    fn calls_and_puts_keep_parity() {
        let contract = textbook(Kind::EuropeanCall);
        let call = black_scholes(&contract).unwrap();
        let put = black_scholes(&textbook(Kind::EuropeanPut)).unwrap();
        let forward = contract.spot - contract.strike * contract.discount();
        assert!((call.price - put.price - forward).abs() < 1e-12);
        assert!((call.delta - put.delta - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_delta_is_the_slope_of_the_price() {
        for kind in [Kind::EuropeanCall, Kind::EuropeanPut] {
            let at = |spot| {
                black_scholes(&Contract {
                    spot,
                    ..textbook(kind)
                })
                .unwrap()
            };
            let slope = (at(42.001).price - at(41.999).price) / 0.002;
            assert!((slope - at(42.0).delta).abs() < 1e-7, "{kind}");
        }
    }

    #[test]
    fn paths_have_no_closed_form() {
        assert_eq!(black_scholes(&textbook(Kind::AsianCall)), None);
        assert_eq!(
            black_scholes(&textbook(Kind::BarrierUpOutCall { barrier: 50.0 })),
            None
        );
    }
}
