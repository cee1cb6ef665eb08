//! Times of the journal: durations by the clock that never goes back, moments
//! by the one that people read.

use std::time::Instant;

use crate::clock::{Now, UnixMillis};

/// A clock that counts from the start of the process and is never set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steady {
    start: Now,
}

/// A moment on two clocks. The difference of two moments of one process is a
/// duration by `steady` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What people's clock would say had nobody set it since the process began.
    pub steady: UnixMillis,
    /// What it said.
    pub clock: UnixMillis,
}

impl Steady {
    pub(super) fn new(start: Now) -> Self {
        Self { start }
    }

    pub(super) fn at(&self, now: Now) -> Moment {
        let since: Instant = self.start.instant;
        let passed = now.instant.saturating_duration_since(since).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        Moment {
            steady: UnixMillis::new(self.start.unix.get().saturating_add(passed)),
            clock: now.unix,
        }
    }
}
