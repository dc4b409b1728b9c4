//! The limits that the operating system keeps for the child, and the end of a process group.
//!
//! They are the second wall: an app is held by the engine, which counts its memory and its files.
//! Should the engine or the compiler fail, the child hurts only itself.

use super::Limits;
use std::{fs, io, thread};

type Resource = libc::__rlimit_resource_t;

/// Data memory for the engine, the compiler and the program itself: 2 GiB.
const ENGINE_DATA: u64 = 2 << 30;
/// Address space beyond the data: the engine reserves 4 GiB for a linear memory and guards around
/// it; the same again for references, if a module has tables of them.
const ENGINE_ADDRESSES: u64 = 12 << 30;
/// Address space for each thread of the compiler, of which there is one for each core: the C library
/// maps 128 MiB to find an aligned heap of 64 MiB, and the stack comes on top.
const THREAD_ADDRESSES: u64 = 192 << 20;
/// How much rather than other processes the kernel kills this one when memory runs out: most of all.
const FIRST_TO_GO: &str = "1000";
/// Largest file the child may write beside outputs: a compiled module. Reaching it kills the child.
const LARGEST_FILE: u64 = 1 << 30;
/// Files open beside the inputs.
const OPEN_FILES: u64 = 64;
/// Seconds of computing beyond the wall-clock limit, for start and end.
const SPARE_SECONDS: u64 = 10;

/// Gives up, for the rest of this process, what a job within `limits` does not need.
#[allow(
    unsafe_code,
    reason = "the standard library has no call for resource limits"
)]
pub fn confine(limits: &Limits, inputs: usize) -> io::Result<()> {
    // Not every system has this file, and none needs a right to raise its number.
    let _ = fs::write("/proc/self/oom_score_adj", FIRST_TO_GO);
    for (resource, most) in bounds(limits, inputs) {
        lower(resource, most)?;
    }
    let (on, unused): (libc::c_ulong, libc::c_ulong) = (1, 0);
    // SAFETY: this option takes numbers only and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, on, unused, unused, unused) })
}

/// Kills the group that `leader` leads; does nothing if it is gone.
#[allow(
    unsafe_code,
    reason = "the standard library has no call to signal a group"
)]
pub fn kill_group(leader: u32) {
    if let Ok(leader) = libc::pid_t::try_from(leader)
        && leader > 1
    {
        // SAFETY: sending a signal touches no memory; 0 and 1, which would mean others, are
        // excluded.
        unsafe { libc::kill(-leader, libc::SIGKILL) };
    }
}

fn bounds(limits: &Limits, inputs: usize) -> [(Resource, u64); 6] {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let seconds = limits.wall_clock.as_secs().saturating_add(SPARE_SECONDS);
    let data = limits
        .memory_bytes
        .saturating_add(limits.output_bytes.saturating_mul(2)) // growing copies a file
        .saturating_add(limits.log_bytes.saturating_mul(4))
        .saturating_add(limits.stack_bytes)
        .saturating_add(ENGINE_DATA);
    let addresses = data
        .saturating_add(ENGINE_ADDRESSES)
        .saturating_add(THREAD_ADDRESSES.saturating_mul(cores));
    [
        (libc::RLIMIT_DATA, data),
        (libc::RLIMIT_AS, addresses),
        (libc::RLIMIT_CPU, seconds.saturating_mul(cores)),
        (libc::RLIMIT_CORE, 0),
        (
            libc::RLIMIT_NOFILE,
            OPEN_FILES.saturating_add(inputs as u64),
        ),
        (libc::RLIMIT_FSIZE, limits.output_bytes.max(LARGEST_FILE)),
    ]
}

/// Lowers a limit; one that is lower already stays.
#[allow(
    unsafe_code,
    reason = "the standard library has no call for resource limits"
)]
fn lower(resource: Resource, most: u64) -> io::Result<()> {
    let mut now = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `now` is a valid place for one limit during the call.
    check(unsafe { libc::getrlimit(resource, &mut now) })?;
    let most = most.min(now.rlim_max);
    let wanted = libc::rlimit {
        rlim_cur: most,
        rlim_max: most,
    };
    // SAFETY: `wanted` is a valid limit during the call.
    check(unsafe { libc::setrlimit(resource, &wanted) })
}

fn check(answer: libc::c_int) -> io::Result<()> {
    if answer == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_leave_room_for_everything_a_job_may_use() {
        let limits = Limits::default();
        for (resource, most) in bounds(&limits, 1_000) {
            match resource {
                libc::RLIMIT_DATA => assert!(most > limits.memory_bytes + limits.output_bytes),
                libc::RLIMIT_AS => {
                    let cores = thread::available_parallelism().unwrap().get() as u64;
                    assert!(most > limits.memory_bytes + (8 << 30) + cores * (130 << 20));
                }
                libc::RLIMIT_CPU => assert!(most > limits.wall_clock.as_secs()),
                libc::RLIMIT_CORE => assert_eq!(most, 0),
                libc::RLIMIT_NOFILE => assert!(most > 1_000),
                _ => assert!(most >= limits.output_bytes),
            }
        }
    }

    #[test]
    fn bounds_of_absurd_limits_do_not_overflow() {
        let limits = Limits {
            memory_bytes: u64::MAX,
            output_bytes: u64::MAX,
            ..Limits::default()
        };
        assert_eq!(bounds(&limits, usize::MAX)[0].1, u64::MAX);
    }
}
