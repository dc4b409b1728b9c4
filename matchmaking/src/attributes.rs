//! The attribute names on which pools, workers and requesters agree. Others may be used freely; what
//! they mean is then between the two sides.

/// Number of processor cores a task may use, an integer.
pub const CPUS: &str = "cpus";
/// Speed of a core in MHz, an integer.
pub const CPU_MHZ: &str = "cpu_mhz";
/// Memory a task may use in MiB, an integer.
pub const MEMORY: &str = "memory";
/// Disk space a task may use in MiB, an integer.
pub const DISK: &str = "disk";
/// Number of graphics processors, an integer.
pub const GPUS: &str = "gpus";
/// Model of the graphics processors, a text such as `"a100"`.
pub const GPU_MODEL: &str = "gpu_model";
/// Memory of one graphics processor in MiB, an integer.
pub const GPU_MEMORY: &str = "gpu_memory";
/// Operating system, a text such as `"linux"` or `"windows"`.
pub const OS: &str = "os";
/// Instruction set, a text such as `"x86_64"` or `"aarch64"`.
pub const ARCH: &str = "arch";
/// Country where the machine stands, a text of an ISO 3166 code such as `"DE"`.
pub const REGION: &str = "region";
/// Name of the best tier the machine is of, a text such as `"T2.small"`; see
/// [`tier_of`](crate::tier_of).
pub const TIER: &str = "tier";
/// What keeps a task apart from the machine: `"process"`, `"container"` or `"vm"`.
pub const ISOLATION: &str = "isolation";
/// Execution versions the machine speaks, a list of integers.
pub const EXECUTION_VERSIONS: &str = "execution_versions";

/// All of them, in the order of this page.
pub const ALL: [&str; 13] = [
    CPUS,
    CPU_MHZ,
    MEMORY,
    DISK,
    GPUS,
    GPU_MODEL,
    GPU_MEMORY,
    OS,
    ARCH,
    REGION,
    TIER,
    ISOLATION,
    EXECUTION_VERSIONS,
];
