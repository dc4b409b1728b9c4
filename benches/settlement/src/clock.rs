//! CPU time of this process, all threads together, and wall time.

use rustix::time::{ClockId, clock_gettime};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How often the process is looked at while it comes to rest, and for how long in all.
const LOOK: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);
/// What a process at rest uses between two looks at most.
const REST: Duration = Duration::from_millis(1);

/// How long something took.
#[derive(Clone, Copy, Default)]
pub struct Times {
    /// CPU time, user and system, of all threads.
    pub cpu: Duration,
    /// Wall time.
    pub wall: Duration,
}

/// Counts from its start.
pub struct Stopwatch {
    cpu: Duration,
    wall: Instant,
}

impl Stopwatch {
    /// Starts to count.
    pub fn start() -> Self {
        Self {
            cpu: cpu_time(),
            wall: Instant::now(),
        }
    }

    /// CPU time since the start.
    pub fn cpu(&self) -> Duration {
        cpu_time().saturating_sub(self.cpu)
    }

    /// Wall time since the start.
    pub fn wall(&self) -> Duration {
        self.wall.elapsed()
    }
}

/// CPU time that the process has used.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Waits until no thread works any more, so that nothing from before is counted.
pub fn rest() {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let before = cpu_time();
        sleep(LOOK);
        if cpu_time().saturating_sub(before) < REST {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_cpu_time_and_sleep_does_not() {
        let watch = Stopwatch::start();
        let mut hash = [0; 32];
        while watch.wall() < Duration::from_millis(60) {
            hash = sp_io::hashing::blake2_256(&hash);
        }
        assert_ne!(hash, [0; 32]);
        assert!(watch.cpu() > Duration::ZERO);
        rest();
        assert!(watch.wall() >= Duration::from_millis(110));
    }
}
