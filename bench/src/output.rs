//! Owns where results go: standard output and `target/bench/*.json`.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::{cpu, table::Table};

/// What a figure depends on besides the code.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// As the processor names itself.
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// The kernel's release.
    pub kernel: String,
}

impl Machine {
    /// This machine.
    #[must_use]
    pub fn this() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            processor: processor(&info).unwrap_or("unknown").to_owned(),
            cores: cpu::cores(),
            kernel: release.trim().to_owned(),
        }
    }
}

/// Prints a table, or any line.
#[expect(clippy::print_stdout, reason = "results are what this program prints")]
pub fn show(text: &impl std::fmt::Display) {
    println!("{text}");
}

/// Prints a table and writes its figures to `target/bench/<name>.json`.
///
/// # Errors
/// When the file cannot be written.
pub fn publish(name: &str, table: &Table, figures: &impl Serialize) -> Result<()> {
    #[derive(Serialize)]
    struct Document<'a, T> {
        machine: Machine,
        figures: &'a T,
    }
    show(table);
    let folder = Path::new("target/bench");
    fs::create_dir_all(folder).context("make target/bench")?;
    let path = folder.join(format!("{name}.json"));
    let machine = Machine::this();
    let text = serde_json::to_string_pretty(&Document { machine, figures })?;
    fs::write(&path, text).with_context(|| format!("write {}", path.display()))
}

fn processor(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_read_from_cpuinfo() {
        let info = "processor\t: 0\nmodel name\t: AMD EPYC\nstepping\t: 1\n";
        assert_eq!(processor(info), Some("AMD EPYC"));
        assert_eq!(processor(""), None);
    }
}
