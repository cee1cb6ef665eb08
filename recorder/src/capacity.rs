//! Whether the machine can carry one more recording.

use std::{fs, path::Path, thread::available_parallelism};

use crate::Settings;

/// Memory of a browser that records, in bytes. Measured: 558 MB with four
/// pictures of 720 lines.
const MEMORY: u64 = 600_000_000;
/// What a recording really has, in bits a second: less than what is allowed,
/// because the encoder levels off.
const EXPECTED: u64 = 1_600_000;
/// A volume is on the disk as parts, as a file and as a stream for players
/// while it is made.
const COPIES: u64 = 3;

/// What the machine has right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Processors.
    pub cores: usize,
    /// Memory that is available, in bytes; unknown on some systems.
    pub memory: Option<u64>,
    /// Space on the disk, in bytes; unknown on some systems.
    pub disk: Option<u64>,
}

/// What is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// Processors or memory.
    #[error("as many recordings run as the machine can carry")]
    Busy,
    /// Space on the disk.
    #[error("there is too little space left on the disk")]
    Disk,
}

impl Machine {
    /// Reads what the machine has; the disk is that of the folder.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        Self {
            cores: available_parallelism().map_or(1, usize::from),
            memory: available_memory(),
            disk: free_space(folder),
        }
    }
}

/// Whether one more recording may start beside those that run. One processor
/// is left for the meetings.
///
/// # Errors
/// Says what is short.
pub fn admit(settings: &Settings, running: usize, machine: &Machine) -> Result<(), NoRoom> {
    let most = match settings.at_once {
        0 => machine.cores.saturating_sub(1).max(1),
        most => most,
    };
    if running >= most || machine.memory.is_some_and(|free| free < MEMORY) {
        return Err(NoRoom::Busy);
    }
    let expected = settings.volume.as_secs() * EXPECTED / 8;
    let needed = settings.keep_free + COPIES * expected;
    match machine.disk {
        Some(free) if free < needed => Err(NoRoom::Disk),
        _ => Ok(()),
    }
}

fn available_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1_024)
}

/// What is free on the disk of a folder, or of the nearest folder above it
/// that is there.
pub(crate) fn free_space(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|path| path.exists());
    let stat = rustix::fs::statvfs(there.unwrap_or(Path::new("."))).ok()?;
    Some(stat.f_bavail * stat.f_frsize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(cores: usize, memory: u64, disk: u64) -> Machine {
        Machine {
            cores,
            memory: Some(memory),
            disk: Some(disk),
        }
    }

    #[test]
    fn one_processor_is_left_for_the_meetings() {
        let settings = Settings::of("x".into());
        let large = machine(4, 8_000_000_000, 100_000_000_000);
        assert_eq!(admit(&settings, 2, &large), Ok(()));
        assert_eq!(admit(&settings, 3, &large), Err(NoRoom::Busy));
        let small = Machine { cores: 1, ..large };
        assert_eq!(admit(&settings, 0, &small), Ok(()));
        assert_eq!(admit(&settings, 1, &small), Err(NoRoom::Busy));
    }

    #[test]
    fn memory_and_disk_have_to_do_for_a_volume() {
        let settings = Settings::of("x".into());
        let poor = machine(4, 500_000_000, 100_000_000_000);
        assert_eq!(admit(&settings, 0, &poor), Err(NoRoom::Busy));
        let full = machine(4, 8_000_000_000, 5_000_000_000);
        assert_eq!(admit(&settings, 0, &full), Err(NoRoom::Disk));
        let unknown = Machine {
            memory: None,
            disk: None,
            ..full
        };
        assert_eq!(admit(&settings, 0, &unknown), Ok(()));
    }
}
