//! The process as the kernel sees it, by the names that Prometheus' own
//! libraries use. Other systems than Linux tell nothing.

/// What the kernel says of this process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Process {
    /// Bytes of memory in use.
    pub(super) resident: u64,
    /// Bytes of address space.
    pub(super) virtual_memory: u64,
    /// Open files, sockets included.
    pub(super) open_files: u64,
    /// The most that may be open.
    pub(super) max_files: Option<u64>,
    /// Processor time in seconds, in user and kernel.
    pub(super) cpu: f64,
    /// Threads.
    pub(super) threads: u64,
}

/// Reads it now. Some reads of `/proc`, which block for microseconds.
#[cfg(target_os = "linux")]
pub(super) fn read() -> Option<Process> {
    use procfs::{ProcResult, WithCurrentSystemInfo, process};

    fn all() -> ProcResult<Process> {
        let own = process::Process::myself()?;
        let stat = own.stat()?;
        let max_files = match own.limits()?.max_open_files.soft_limit {
            process::LimitValue::Value(most) => Some(most),
            process::LimitValue::Unlimited => None,
        };
        #[expect(clippy::cast_precision_loss, reason = "ticks of a process' life")]
        let cpu = (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64;
        Ok(Process {
            resident: stat.rss_bytes().get(),
            virtual_memory: stat.vsize,
            open_files: own.fd_count()? as u64,
            max_files,
            cpu,
            threads: u64::try_from(stat.num_threads).unwrap_or_default(),
        })
    }

    all()
        .inspect_err(|error| tracing::debug!(%error, "/proc cannot be read"))
        .ok()
}

/// There is no `/proc`.
#[cfg(not(target_os = "linux"))]
pub(super) fn read() -> Option<Process> {
    None
}
