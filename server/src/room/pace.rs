//! Reports that must not come too often: the first at once, the next ones only
//! after a pause, with all that happened meanwhile.

use std::time::{Duration, Instant};

/// Keeps reports apart.
#[derive(Debug)]
pub(super) struct Pace {
    pause: Duration,
    last: Option<Instant>,
}

impl Pace {
    pub(super) fn new(pause: Duration) -> Self {
        Self { pause, last: None }
    }

    /// When the next report may go; None is at once.
    pub(super) fn next(&self) -> Option<Instant> {
        Some(self.last? + self.pause)
    }

    /// Whether a report may go now; if so, it goes.
    pub(super) fn go(&mut self, now: Instant) -> bool {
        let may = self.next().is_none_or(|next| now >= next);
        if may {
            self.last = Some(now);
        }
        may
    }
}
