//! Thresholds that fall while a decision goes on.

use codec::{Decode, Encode};
use ergon_primitives::{Balance, BlockNumber};
use std::fmt;

/// One whole, in parts per billion.
const WHOLE: u32 = 1_000_000_000;

/// A share of a whole, in parts per billion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Encode, Decode)]
pub struct Share(
    /// Parts per billion.
    pub u32,
);

impl Share {
    /// So many percent.
    pub fn percent(percent: u32) -> Self {
        Self(percent.saturating_mul(WHOLE / 100).min(WHOLE))
    }

    /// A part of a whole, rounded down; everything is the whole of nothing.
    pub fn of(part: Balance, whole: Balance) -> Self {
        if part >= whole {
            return Self(if part == 0 && whole == 0 { 0 } else { WHOLE });
        }
        let parts = match part.checked_mul(WHOLE.into()) {
            Some(product) => product / whole,
            // Both are huge: what is cut off the whole does not show.
            None => part / (whole / Balance::from(WHOLE)).max(1),
        };
        Self(u32::try_from(parts).unwrap_or(WHOLE).min(WHOLE))
    }

    /// The least amount that is at least this share of a whole.
    pub fn of_whole(self, whole: Balance) -> Balance {
        let (billions, rest) = (whole / Balance::from(WHOLE), whole % Balance::from(WHOLE));
        let parts = Balance::from(self.0);
        billions
            .saturating_mul(parts)
            .saturating_add((rest * parts).div_ceil(WHOLE.into()))
    }
}

impl fmt::Display for Share {
    /// In percent with at most two decimals, rounded down.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.0 / (WHOLE / 10_000);
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.pad(&format!("{text} %"))
    }
}

/// A threshold over the time of a decision, which runs from nothing to the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Curve {
    /// A line from `ceil` at the beginning to `floor` at `length`, and level from there.
    #[codec(index = 0)]
    LinearDecreasing {
        /// Where it ends to fall.
        length: Share,
        /// The least threshold.
        floor: Share,
        /// The first threshold.
        ceil: Share,
    },
    /// Steps down from `begin` after each `period`, not below `end`.
    #[codec(index = 1)]
    SteppedDecreasing {
        /// The first threshold.
        begin: Share,
        /// The least threshold.
        end: Share,
        /// Height of a step.
        step: Share,
        /// Length of a step.
        period: Share,
    },
    /// `factor / (x + x_offset) + y_offset`, all in billionths.
    #[codec(index = 2)]
    Reciprocal {
        /// The factor.
        factor: i64,
        /// What is added to the time.
        x_offset: i64,
        /// What is added to the quotient.
        y_offset: i64,
    },
}

impl Curve {
    /// The threshold after this share of the decision's time.
    pub fn threshold(&self, x: Share) -> Share {
        match *self {
            Self::LinearDecreasing {
                length,
                floor,
                ceil,
            } => {
                let passed = Share::of(x.min(length).0.into(), length.0.into());
                let fall = ceil.0.saturating_sub(floor.0);
                Share(ceil.0.saturating_sub(scaled(fall, passed)))
            }
            Self::SteppedDecreasing {
                begin,
                end,
                step,
                period,
            } => {
                let steps = x.0.checked_div(period.0).unwrap_or_default();
                let level = begin.0.saturating_sub(step.0.saturating_mul(steps));
                Share(level.max(end.0))
            }
            Self::Reciprocal {
                factor,
                x_offset,
                y_offset,
            } => reciprocal(factor, i128::from(x.0) + i128::from(x_offset), y_offset),
        }
    }

    /// First block of a decision of so many blocks, counted from its beginning, in which this share
    /// is enough; none when it never is.
    pub fn reached_after(&self, share: Share, period: BlockNumber) -> Option<BlockNumber> {
        let is_enough =
            |block: BlockNumber| share >= self.threshold(Share::of(block.into(), period.into()));
        if !is_enough(period) {
            return None;
        }
        // Thresholds only fall.
        let (mut least, mut most) = (0, period);
        while least < most {
            let middle = least + (most - least) / 2;
            if is_enough(middle) {
                most = middle;
            } else {
                least = middle + 1;
            }
        }
        Some(least)
    }
}

/// A share of parts per billion, rounded down.
fn scaled(parts: u32, share: Share) -> u32 {
    let product = u64::from(parts) * u64::from(share.0) / u64::from(WHOLE);
    u32::try_from(product).unwrap_or(parts)
}

fn reciprocal(factor: i64, x: i128, y_offset: i64) -> Share {
    let quotient = (i128::from(factor) * i128::from(WHOLE)).checked_div(x);
    let level = quotient.map_or(WHOLE.into(), |quotient| quotient + i128::from(y_offset));
    Share(u32::try_from(level.clamp(0, WHOLE.into())).unwrap_or(WHOLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn falling(ceil: u32, floor: u32) -> Curve {
        Curve::LinearDecreasing {
            length: Share::percent(100),
            floor: Share::percent(floor),
            ceil: Share::percent(ceil),
        }
    }

    #[test]
    fn shares_are_shown_in_percent() {
        for (share, text) in [
            (Share(0), "0 %"),
            (Share::percent(50), "50 %"),
            (Share(972_345_678), "97.23 %"),
            (Share(5_000_000), "0.5 %"),
            (Share::percent(200), "100 %"),
        ] {
            assert_eq!(share.to_string(), text);
        }
    }

    #[test]
    fn shares_of_huge_amounts_do_not_overflow() {
        assert_eq!(
            Share::of(Balance::MAX / 2, Balance::MAX),
            Share(500_000_000)
        );
        assert_eq!(Share::of(1, 3), Share(333_333_333));
        assert_eq!(Share(333_333_333).of_whole(3), 1);
        assert_eq!(Share::percent(1).of_whole(1_000), 10);
        assert_eq!(Share(1).of_whole(1), 1);
    }

    #[test]
    fn lines_fall_evenly() {
        let curve = falling(100, 50);
        assert_eq!(curve.threshold(Share(0)), Share::percent(100));
        assert_eq!(curve.threshold(Share::percent(50)), Share::percent(75));
        assert_eq!(curve.threshold(Share::percent(100)), Share::percent(50));
    }

    #[test]
    fn steps_stop_at_the_end() {
        let curve = Curve::SteppedDecreasing {
            begin: Share::percent(90),
            end: Share::percent(60),
            step: Share::percent(20),
            period: Share::percent(25),
        };
        assert_eq!(curve.threshold(Share::percent(24)), Share::percent(90));
        assert_eq!(curve.threshold(Share::percent(25)), Share::percent(70));
        assert_eq!(curve.threshold(Share::percent(100)), Share::percent(60));
    }

    #[test]
    fn reciprocals_fall_quickly() {
        // 0.1 / (x + 0.1) + 0
        let curve = Curve::Reciprocal {
            factor: 100_000_000,
            x_offset: 100_000_000,
            y_offset: 0,
        };
        assert_eq!(curve.threshold(Share(0)), Share::percent(100));
        assert_eq!(curve.threshold(Share::percent(10)), Share::percent(50));
    }

    #[test]
    fn the_first_block_that_is_enough_is_found() {
        let curve = falling(100, 50);
        assert_eq!(curve.reached_after(Share::percent(100), 1_000), Some(0));
        assert_eq!(curve.reached_after(Share::percent(75), 1_000), Some(500));
        assert_eq!(curve.reached_after(Share::percent(50), 1_000), Some(1_000));
        assert_eq!(curve.reached_after(Share::percent(49), 1_000), None);
    }
}
