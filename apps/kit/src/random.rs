//! A seeded generator on integers: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
//! number generators", OOPSLA 2014).

/// Steps through all 2^64 states; an odd number near 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of pseudorandom numbers that depends only on its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream that belongs to these numbers, in this order.
    ///
    /// Each number passes through the mixer, so that neighbours (two pixels, two rows) start at
    /// unrelated places of the sequence.
    pub fn seeded(numbers: &[u64]) -> Self {
        let state = numbers.iter().fold(0_u64, |state, number| {
            mix(state.wrapping_add(STEP) ^ mix(number.wrapping_add(STEP)))
        });
        Self { state }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// The next number in `0 <= x < 1`, one of 2^53 evenly spaced ones.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * TWO_TO_MINUS_53
    }

    /// The next number in `0 < x < 1`, never either end, symmetric about one half.
    pub fn open_unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * TWO_TO_MINUS_52
    }
}

const TWO_TO_MINUS_52: f64 = 1.0 / (1_u64 << 52) as f64;
const TWO_TO_MINUS_53: f64 = 1.0 / (1_u64 << 53) as f64;

/// A bijection of 64 bits in which every bit of the input touches every bit of the output.
fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut random = Random { state: 1_234_567 };
        let first: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(
            first,
            [
                6457827717110365317,
                3203168211198807973,
                9817491932198370423
            ]
        );
    }

    #[test]
    fn equal_seeds_give_equal_streams_and_others_differ() {
        assert_eq!(
            Random::seeded(&[1, 2]).bits(),
            Random::seeded(&[1, 2]).bits()
        );
        let mut starts: Vec<u64> = (0..100)
            .flat_map(|x| (0..100).map(move |y| Random::seeded(&[x, y]).bits()))
            .collect();
        starts.sort_unstable();
        starts.dedup();
        assert_eq!(starts.len(), 10_000);
    }

    #[test]
    fn units_stay_inside_their_interval_and_average_one_half() {
        let mut random = Random::seeded(&[7]);
        let count = 100_000;
        let mut sum = 0.0;
        for _ in 0..count {
            let (half_open, open) = (random.unit(), random.open_unit());
            assert!((0.0..1.0).contains(&half_open));
            assert!(open > 0.0 && open < 1.0);
            sum += half_open + open;
        }
        // One standard error of the mean of 200 000 units is 0.00065.
        assert!((sum / f64::from(2 * count) - 0.5).abs() < 0.003);
    }
}
