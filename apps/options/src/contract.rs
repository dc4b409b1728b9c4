//! An option and what it pays.

use std::fmt;

/// Which option, and what only this kind needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// The right to buy at the strike at maturity.
    EuropeanCall,
    /// The right to sell at the strike at maturity.
    EuropeanPut,
    /// Pays what the arithmetic mean over all steps exceeds the strike.
    AsianCall,
    /// A European call that is void once the price has reached the barrier at the end of any step.
    BarrierUpOutCall {
        /// The price at which the option becomes void; above the spot.
        barrier: f64,
    },
}

impl Kind {
    /// The name in a sweep file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::EuropeanCall => "european_call",
            Self::EuropeanPut => "european_put",
            Self::AsianCall => "asian_call",
            Self::BarrierUpOutCall { .. } => "barrier_up_out_call",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// An option on an underlying that follows geometric Brownian motion without dividends, and how
/// carefully to price it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contract {
    /// Which option.
    pub kind: Kind,
    /// The price of the underlying today.
    pub spot: f64,
    /// The price agreed on.
    pub strike: f64,
    /// The riskless rate per year, continuously compounded: 0.05 is five per cent.
    pub rate: f64,
    /// The standard deviation of the logarithmic return over a year: 0.2 is twenty per cent.
    pub volatility: f64,
    /// Years until maturity.
    pub maturity_years: f64,
    /// Into how many equal steps the time to maturity is cut.
    pub steps: u32,
    /// How many paths are simulated, an even number: each second one mirrors the one before.
    pub paths: u32,
}

/// What a payoff needs to know of a path, for an underlying that starts at a price of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Growth {
    /// The price at maturity.
    pub last: f64,
    /// The mean of the prices at the ends of the steps.
    pub mean: f64,
    /// The highest of the prices at the ends of the steps.
    pub highest: f64,
}

impl Contract {
    /// What a certain payment of one at maturity is worth today.
    pub fn discount(&self) -> f64 {
        ergon_app_kit::maths::exp(-self.rate * self.maturity_years)
    }

    /// What the option pays at maturity if the underlying starts at `spot` and grows like this.
    pub(crate) fn payoff(&self, spot: f64, growth: &Growth) -> f64 {
        match self.kind {
            Kind::EuropeanCall => positive(spot * growth.last - self.strike),
            Kind::EuropeanPut => positive(self.strike - spot * growth.last),
            Kind::AsianCall => positive(spot * growth.mean - self.strike),
            Kind::BarrierUpOutCall { barrier } if spot * growth.highest >= barrier => 0.0,
            Kind::BarrierUpOutCall { .. } => positive(spot * growth.last - self.strike),
        }
    }

    /// How the payoff on this path changes per unit of the spot.
    ///
    /// Where the payoff is continuous this is its derivative (the pathwise method). At a barrier
    /// it jumps, the derivative misses the jump, and a central difference over one per cent of the
    /// spot on either side takes its place (Glasserman, "Monte Carlo Methods in Financial
    /// Engineering", 7.1 and 7.2).
    pub(crate) fn sensitivity(&self, growth: &Growth) -> f64 {
        match self.kind {
            Kind::EuropeanCall if self.spot * growth.last > self.strike => growth.last,
            Kind::EuropeanPut if self.spot * growth.last < self.strike => -growth.last,
            Kind::AsianCall if self.spot * growth.mean > self.strike => growth.mean,
            Kind::EuropeanCall | Kind::EuropeanPut | Kind::AsianCall => 0.0,
            Kind::BarrierUpOutCall { .. } => {
                let bump = self.spot * BUMP;
                let above = self.payoff(self.spot + bump, growth);
                let below = self.payoff(self.spot - bump, growth);
                (above - below) / (2.0 * bump)
            }
        }
    }
}

/// How far the spot is moved for a central difference, as a share of the spot.
const BUMP: f64 = 0.01;

fn positive(amount: f64) -> f64 {
    if amount > 0.0 { amount } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(kind: Kind) -> Contract {
        Contract {
            kind,
            spot: 100.0,
            strike: 110.0,
            rate: 0.05,
            volatility: 0.2,
            maturity_years: 1.0,
            steps: 4,
            paths: 100,
        }
    }

    #[test]
    fn payoffs_look_at_their_part_of_the_path() {
        let growth = Growth {
            last: 1.25,
            mean: 1.15,
            highest: 1.375,
        };
        let pays = |kind| contract(kind).payoff(100.0, &growth);
        assert_eq!(pays(Kind::EuropeanCall), 15.0);
        assert_eq!(pays(Kind::EuropeanPut), 0.0);
        assert!((pays(Kind::AsianCall) - 5.0).abs() < 1e-12);
        assert_eq!(
            pays(Kind::BarrierUpOutCall { barrier: 137.5 }),
            0.0,
            "reached is out"
        );
        assert_eq!(pays(Kind::BarrierUpOutCall { barrier: 137.6 }), 15.0);
    }

    #[test]
    fn sensitivities_are_the_slopes_of_the_payoffs() {
        let growth = Growth {
            last: 1.25,
            mean: 1.15,
            highest: 1.375,
        };
        let slope = |kind| contract(kind).sensitivity(&growth);
        assert_eq!(slope(Kind::EuropeanCall), 1.25);
        assert_eq!(slope(Kind::EuropeanPut), 0.0);
        assert_eq!(slope(Kind::AsianCall), 1.15);
        let far = slope(Kind::BarrierUpOutCall { barrier: 200.0 });
        assert!(
            (far - 1.25).abs() < 1e-9,
            "far from the barrier it is the call's: {far}"
        );
        let near = slope(Kind::BarrierUpOutCall { barrier: 138.0 });
        assert!(
            near < 0.0,
            "near the barrier a higher spot loses the option: {near}"
        );
    }
}
