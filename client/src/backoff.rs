//! How long to wait before the next attempt to connect.

use std::time::Duration;

/// The first wait after an attempt that failed at once.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait: less annoys a server that is down, more annoys people.
const LONGEST: Duration = Duration::from_secs(5);

/// Counts attempts: the first is made at once, each further one after twice
/// the wait, up to five seconds, shortened by chance to as little as half, so
/// that the clients of a server that restarts don't all come in one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// Attempts since the last success.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The wait before the next attempt, which it counts.
    pub fn next(&mut self, random: u64) -> Duration {
        let wait = match self.attempts {
            0 => Duration::ZERO,
            n => FIRST.saturating_mul(1 << (n - 1).min(10)).min(LONGEST),
        };
        self.attempts = self.attempts.saturating_add(1);
        jitter(wait, random)
    }

    /// The attempt succeeded: the next loss starts from nothing.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// Between half of a wait and all of it.
#[must_use]
pub fn jitter(wait: Duration, random: u64) -> Duration {
    let half = wait / 2;
    let permille = u32::try_from(random % 1_001).expect("a remainder of 1001 fits");
    half + half * permille / 1_000
}
