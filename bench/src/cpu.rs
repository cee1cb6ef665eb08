//! Owns processor time: which core a thread runs on and how long it ran.
//!
//! Leaves what the time was spent for to the measurements. Linux only, like
//! the media plane's batched I/O that is measured.

use std::{fs, time::Duration};

use anyhow::{Context, Result};
use rustix::{
    process::Pid,
    thread::{CpuSet, sched_setaffinity},
    time::{ClockId, clock_gettime},
};

/// The core of what is measured.
pub const SERVER_CORE: usize = 0;

/// The core of all that offers and receives load; the same as
/// [`SERVER_CORE`] on a machine with one core.
#[must_use]
pub fn load_core() -> usize {
    usize::from(cores() > 1)
}

/// How many cores this process may use.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A thread of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread(Pid);

impl Thread {
    /// The threads whose name starts with `prefix`.
    ///
    /// # Errors
    /// When `/proc` cannot be read.
    pub fn named(prefix: &str) -> Result<Vec<Self>> {
        let mut threads = Vec::new();
        for entry in fs::read_dir("/proc/self/task").context("threads of this process")? {
            let path = entry?.path();
            // A thread may end between the listing and the reading.
            let Ok(name) = fs::read_to_string(path.join("comm")) else {
                continue;
            };
            let id = path
                .file_name()
                .and_then(|name| name.to_str()?.parse().ok());
            if let (true, Some(id)) = (name.starts_with(prefix), id.and_then(Pid::from_raw)) {
                threads.push(Self(id));
            }
        }
        Ok(threads)
    }

    /// Binds the thread to one core.
    ///
    /// # Errors
    /// When the core does not exist or is not allowed.
    pub fn pin(self, core: usize) -> Result<()> {
        pin(Some(self.0), core)
    }

    /// How long the thread has run so far, in user and kernel.
    ///
    /// # Errors
    /// When the thread is gone or the kernel keeps no scheduler statistics.
    pub fn time(self) -> Result<Duration> {
        let path = format!("/proc/self/task/{}/schedstat", self.0.as_raw_pid());
        let text = fs::read_to_string(&path).with_context(|| path.clone())?;
        Ok(Duration::from_nanos(parse_schedstat(&text).context(path)?))
    }
}

/// How long the threads of a process whose names start with `prefix` have run
/// so far. Threads that ended do not count any more.
///
/// # Errors
/// When there is no such process.
pub fn time_of(process: &str, prefix: &str) -> Result<Duration> {
    let mut nanos = 0;
    let threads = format!("/proc/{process}/task");
    for entry in fs::read_dir(&threads).context(threads)? {
        let path = entry?.path();
        let read = |name| fs::read_to_string(path.join(name)).unwrap_or_default();
        if read("comm").starts_with(prefix) {
            nanos += parse_schedstat(&read("schedstat")).unwrap_or(0);
        }
    }
    Ok(Duration::from_nanos(nanos))
}

/// Binds the calling thread to one core.
///
/// # Errors
/// When the core does not exist or is not allowed.
pub fn pin_current(core: usize) -> Result<()> {
    pin(None, core)
}

/// Lets the calling thread run on every core again.
///
/// # Errors
/// When the kernel refuses.
pub fn unpin_current() -> Result<()> {
    let mut set = CpuSet::new();
    (0..CpuSet::MAX_CPU.min(64)).for_each(|core| set.set(core));
    sched_setaffinity(None, &set).context("run on all cores")
}

/// How long the calling thread has run so far, in user and kernel.
#[must_use]
pub fn own_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn pin(thread: Option<Pid>, core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(thread, &set).with_context(|| format!("run on core {core} only"))
}

/// The first figure of `schedstat`: nanoseconds on a core.
fn parse_schedstat(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedstat_begins_with_the_time_on_a_core() {
        assert_eq!(parse_schedstat("123456 789 5\n"), Some(123_456));
        assert_eq!(parse_schedstat(""), None);
    }

    #[test]
    fn a_busy_thread_gains_processor_time() {
        let before = own_time();
        while own_time() == before {
            std::hint::spin_loop();
        }
        assert!(own_time() > before);
    }
}
