//! What a task may use. All but the wall-clock time is part of execution version 1: workers whose
//! limits differ would see other outcomes and lose their stakes, so none of it can be configured.

use crate::executor::Limits;
use ergon_client::primitives::{BlockNumber, Category, Deal, MILLISECONDS_PER_BLOCK};
use std::time::Duration;

/// Fuel for each block of a category's work time: what a core of 2020 burns in its two seconds.
pub const FUEL_PER_BLOCK: u64 = 2_000_000_000;
/// Largest module, in bytes. Larger ones are unavailable to everyone.
pub const MAX_MODULE_BYTES: u64 = 64 << 20;
/// Largest sum of outputs whatever the category says, in bytes: a result is packed in memory.
pub const MAX_OUTPUT_BYTES: u64 = 512 << 20;
/// What a program finds as its name in its first argument.
pub const PROGRAM_NAME: &str = "app";

/// The limits of a deal's tasks. A run that takes longer than `wall_clock_factor` work times is given
/// up.
pub fn limits(deal: &Deal, category: &Category, wall_clock_factor: f64) -> Limits {
    let nominal = nominal_time(deal.work_time);
    Limits {
        fuel: u64::from(deal.work_time).saturating_mul(FUEL_PER_BLOCK),
        wall_clock: Duration::try_from_secs_f64(nominal.as_secs_f64() * wall_clock_factor)
            .unwrap_or(nominal),
        output_bytes: category.output_limit.min(MAX_OUTPUT_BYTES),
        ..Limits::default()
    }
}

/// How long so many blocks take when nothing is late.
pub fn nominal_time(blocks: BlockNumber) -> Duration {
    Duration::from_millis(u64::from(blocks).saturating_mul(MILLISECONDS_PER_BLOCK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::tests::{category, deal};

    #[test]
    fn fuel_and_time_follow_the_work_time() {
        let limits = limits(&deal(), &category(), 1.5);
        assert_eq!(limits.fuel, 10 * FUEL_PER_BLOCK);
        assert_eq!(limits.wall_clock, Duration::from_secs(30));
        assert_eq!(limits.output_bytes, category().output_limit);
    }

    #[test]
    fn only_the_wall_clock_depends_on_the_worker() {
        let (mut one, other) = (
            limits(&deal(), &category(), 0.5),
            limits(&deal(), &category(), 7.0),
        );
        one.wall_clock = other.wall_clock;
        assert_eq!(one, other);
    }

    #[test]
    fn extremes_do_not_overflow() {
        let mut longest = deal();
        longest.work_time = u32::MAX;
        let mut largest = category();
        largest.output_limit = u64::MAX;
        let limits = limits(&longest, &largest, 1_000.0);
        assert_eq!(limits.output_bytes, MAX_OUTPUT_BYTES);
        assert!(limits.fuel > FUEL_PER_BLOCK);
    }
}
