//! Time and memory of this process.

use std::fs;
use std::io;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// What an operation took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) cpu_ms: f64,
    pub(crate) wall_ms: f64,
}

/// Runs something and says what it took, all threads together.
pub(crate) fn spent<T>(run: impl FnOnce() -> T) -> (Spent, T) {
    let (cpu_ms, wall) = (cpu_ms(), Instant::now());
    let result = run();
    let spent = Spent {
        wall_ms: wall.elapsed().as_secs_f64() * 1e3,
        cpu_ms: self::cpu_ms() - cpu_ms,
    };
    (spent, result)
}

fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// The most memory that was resident so far, by the kernel's account.
pub(crate) fn peak_mib() -> io::Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak_kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB"))
        .and_then(|kib| kib.trim().parse::<f64>().ok());
    peak_kib
        .map(|kib| kib / 1024.0)
        .ok_or_else(|| io::Error::other("the kernel does not say VmHWM"))
}
