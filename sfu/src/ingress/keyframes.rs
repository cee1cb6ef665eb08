//! When to ask a publisher for a keyframe.

use std::time::{Duration, Instant};

/// Requests for one layer: throttled, and repeated until a keyframe comes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KeyframeRequests {
    wanted: bool,
    asked: Option<Instant>,
}

impl KeyframeRequests {
    /// Somebody waits for a keyframe.
    pub(crate) fn want(&mut self) {
        self.wanted = true;
    }

    /// Nobody waits any more, or a keyframe has come.
    pub(crate) fn done(&mut self) {
        self.wanted = false;
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Whether to ask now; if so, that is noted.
    pub(crate) fn ask(&mut self, interval: Duration, now: Instant) -> bool {
        let allowed = self
            .due(interval)
            .is_some_and(|due| due.is_none_or(|due| due <= now));
        if allowed {
            self.asked = Some(now);
        }
        allowed
    }

    /// When to ask next: `None` when nobody waits, `Some(None)` at once.
    pub(crate) fn due(&self, interval: Duration) -> Option<Option<Instant>> {
        self.wanted
            .then(|| self.asked.map(|asked| asked + interval))
    }
}
