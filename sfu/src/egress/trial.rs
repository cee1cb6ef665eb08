//! Trials: a slot that costs more than its line is known to carry is sent for
//! a while all the same, because a line shows what it carries only under load.

use std::time::{Duration, Instant};

/// How long a trial lasts. More gives the estimate more time to rise, less
/// spares a narrow line, whose sound suffers meanwhile.
const LENGTH: Duration = Duration::from_secs(2);
/// How long to wait after the first one that failed; twice as long after each
/// further one, up to [`PAUSES_MAX`] times.
const PAUSE: Duration = Duration::from_secs(10);
const PAUSES_MAX: u32 = 3;

/// The trials of one slot.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trial {
    since: Option<Instant>,
    failed: u32,
}

impl Trial {
    /// The line carries what is sent, by its estimate, or nothing is sent.
    pub(crate) fn end(&mut self) {
        self.since = None;
    }

    /// The slot exceeds its line now. Returns how long to pause if it has done
    /// so for too long.
    pub(crate) fn exceed(&mut self, now: Instant) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) < LENGTH {
            return None;
        }
        let pause = PAUSE * (1 << self.failed);
        self.since = None;
        self.failed = (self.failed + 1).min(PAUSES_MAX);
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_that_fails_again_is_repeated_later_each_time() {
        let (mut trial, mut now, mut pauses) = (Trial::default(), Instant::now(), Vec::new());
        while pauses.len() < 5 {
            if let Some(pause) = trial.exceed(now) {
                pauses.push(pause.as_secs());
                now += pause;
            }
            now += Duration::from_millis(200);
        }
        assert_eq!(pauses, [10, 20, 40, 80, 80]);
    }

    #[test]
    fn a_line_that_shows_to_carry_it_ends_the_trial() {
        let (mut trial, now) = (Trial::default(), Instant::now());
        assert_eq!(trial.exceed(now), None);
        trial.end();
        assert_eq!(trial.exceed(now + LENGTH), None);
    }
}
