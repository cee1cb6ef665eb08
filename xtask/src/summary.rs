//! Counts tests in the output of the test runners while it passes through to
//! the terminal.

use std::{
    io::{BufRead, BufReader},
    ops::AddAssign,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    /// One check that passed.
    pub(crate) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// One check that failed.
    pub(crate) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Whose output is read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Suite {
    /// `cargo test`: a line `test result: ok. 12 passed; 0 failed; …` for each target.
    Cargo,
    /// Playwright: lines `  12 passed (3.1m)` and `  1 failed` at the end.
    Playwright,
    /// A check that is one test: its exit status says all.
    Check,
}

impl Suite {
    /// Runs the suite. One that ends in failure without a failed test, for
    /// example because it does not compile, counts as one failure.
    pub(crate) fn run(self, command: &mut Command) -> Result<Tally> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| name.clone())?;
        let output = child.stdout.take().context("standard output")?;
        let mut tally = Tally::default();
        for line in BufReader::new(output).lines() {
            let line = line?;
            eprintln!("{line}");
            tally += self.count(&line);
        }
        let is_success = child.wait()?.success();
        match (self, is_success) {
            (Self::Check, true) => tally.passed = 1,
            (_, false) if tally.failed == 0 => tally.failed = 1,
            _ => {}
        }
        Ok(tally)
    }

    fn count(self, line: &str) -> Tally {
        match self {
            Self::Cargo => line
                .strip_prefix("test result: ")
                .map(|counts| Tally {
                    passed: number_before(counts, "passed;"),
                    failed: number_before(counts, "failed;"),
                })
                .unwrap_or_default(),
            Self::Playwright if line.starts_with("  ") && !line.starts_with("   ") => Tally {
                passed: leading(line, "passed") + leading(line, "flaky"),
                failed: leading(line, "failed")
                    + leading(line, "interrupted")
                    + leading(line, "did"),
            },
            Self::Playwright | Self::Check => Tally::default(),
        }
    }
}

fn number_before(line: &str, word: &str) -> u32 {
    let words: Vec<&str> = line.split_whitespace().collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

/// The number of a line that is `<number> <word> …`.
fn leading(line: &str, word: &str) -> u32 {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some(number), Some(second)) if second == word => number.parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_target_of_cargo_test() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.30s";
        assert_eq!(
            Suite::Cargo.count(line),
            Tally {
                passed: 12,
                failed: 2
            }
        );
        assert_eq!(Suite::Cargo.count("test it ... ok"), Tally::default());
    }

    #[test]
    fn counts_the_closing_lines_of_playwright() {
        let mut tally = Tally::default();
        for line in [
            "  ✓  1 tests/home.spec.ts:3:1 › 4 passed (2s)",
            "  2 failed",
            "    tests/home.spec.ts:9:1",
            "  1 flaky",
            "  3 did not run",
            "  20 passed (3.1m)",
        ] {
            tally += Suite::Playwright.count(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 21,
                failed: 5
            }
        );
    }
}
