//! What is typical of many durations, and what is rare.

use std::time::Duration;

/// What is typical and what is rare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// Half of the durations are shorter, half are longer.
    pub median: Duration,
    /// 95 of 100 durations are at most this long (nearest rank).
    pub p95: Duration,
}

impl Summary {
    /// Sums durations up; nothing when there are none.
    pub fn of(durations: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut sorted: Vec<Duration> = durations.into_iter().collect();
        sorted.sort();
        let count = sorted.len();
        let upper = sorted.get(count / 2)?;
        let lower = sorted.get(count.checked_sub(1)? / 2)?;
        let p95 = sorted.get((count * 95).div_ceil(100) - 1)?;
        Some(Self {
            median: (*lower + *upper) / 2,
            p95: *p95,
        })
    }
}

/// A duration in milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(milliseconds: impl Iterator<Item = u64>) -> Option<(u128, u128)> {
        let summary = Summary::of(milliseconds.map(Duration::from_millis))?;
        Some((summary.median.as_millis(), summary.p95.as_millis()))
    }

    #[test]
    fn medians_and_rare_durations() {
        assert_eq!(summary([].into_iter()), None);
        assert_eq!(summary([7].into_iter()), Some((7, 7)));
        assert_eq!(summary([30, 10].into_iter()), Some((20, 30)));
        assert_eq!(summary([3, 1, 2].into_iter()), Some((2, 3)));
        assert_eq!(summary((1..=100).rev()), Some((50, 95)));
        assert_eq!(summary(1..=20), Some((10, 19)));
    }
}
