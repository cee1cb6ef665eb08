//! The recorder's browsers as the kernel sees them: process groups.

use std::{fs, path::PathBuf, process, time::Duration};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::server::Server;

/// Ticks of the kernel's accounting in a second: `USER_HZ`, which is 100 on all
/// systems that Chromium runs on.
const TICKS: f64 = 100.0;

/// The browsers of a recording: the one that records, and the one that waits
/// for its death.
pub(super) struct Browsers {
    /// The one that records.
    current: Pid,
    /// The process groups of both.
    groups: Vec<u32>,
}

impl Browsers {
    /// Those of a server that records one room.
    pub(super) fn of(server: &Server) -> Result<Self> {
        let parent = server.process();
        let is_its = |stat: &Stat| stat.parent == parent && stat.group == stat.process;
        let found: Vec<Stat> = all().filter(is_its).collect();
        // who waits does nothing
        let current = found.iter().max_by_key(|stat| stat.ticks);
        let group = i32::try_from(current.context("the recorder's browser")?.group)?;
        Ok(Self {
            current: Pid::from_raw(group).context("a process group")?,
            groups: found.iter().map(|stat| stat.group).collect(),
        })
    }

    /// How long their processes have run so far, in user and kernel.
    pub(super) fn time(&self) -> Result<Duration> {
        let ticks: u64 = self.processes().map(|stat| stat.ticks).sum();
        ensure!(ticks > 0, "the recorder's browser is gone");
        Ok(Duration::from_secs_f64(ticks as f64 / TICKS))
    }

    /// Bytes of memory; what processes share counts once.
    pub(super) fn memory(&self) -> Result<f64> {
        let mut kilobytes = 0;
        for stat in self.processes() {
            let path = format!("/proc/{}/smaps_rollup", stat.process);
            // a process may end between the listing and the reading
            let text = fs::read_to_string(path).unwrap_or_default();
            kilobytes += proportional(&text).unwrap_or(0);
        }
        ensure!(
            kilobytes > 0,
            "no memory of the browser can be seen: run as root"
        );
        Ok(kilobytes as f64 * 1_024.0)
    }

    /// Ends the one that records as a crash does.
    pub(super) fn kill(&self) -> Result<()> {
        kill_process_group(self.current, Signal::KILL).context("kill the browser")
    }

    fn processes(&self) -> impl Iterator<Item = Stat> {
        all().filter(|stat| self.groups.contains(&stat.group))
    }
}

/// What the kernel says of a process.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    process: u32,
    parent: u32,
    group: u32,
    ticks: u64,
}

fn all() -> impl Iterator<Item = Stat> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.map(|entry| entry.path().join("stat"));
    stats.filter_map(|path: PathBuf| Stat::parse(&fs::read_to_string(path).ok()?))
}

impl Stat {
    /// Reads `/proc/<pid>/stat`: the name may have blanks and brackets.
    fn parse(text: &str) -> Option<Self> {
        let (head, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |place: usize| fields.get(place)?.parse::<u64>().ok();
        let stat = Self {
            process: head.split_whitespace().next()?.parse().ok()?,
            parent: fields.get(1)?.parse().ok()?,
            group: fields.get(2)?.parse().ok()?,
            ticks: ticks(11)? + ticks(12)?,
        };
        (stat.process != process::id()).then_some(stat)
    }
}

fn proportional(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let text = "4000000 (a (b) c) S 10 20 20 0 -1 4194560 1 2 3 4 70 30 0 0 20 0";
        let stat = Stat {
            process: 4_000_000,
            parent: 10,
            group: 20,
            ticks: 100,
        };
        assert_eq!(Stat::parse(text), Some(stat));
    }

    #[test]
    fn shared_memory_counts_once() {
        assert_eq!(proportional("Rss:  9 kB\nPss:   7 kB\n"), Some(7));
        assert_eq!(proportional(""), None);
    }
}
