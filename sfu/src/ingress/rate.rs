//! How many bits per second pass, over a sliding second.

use std::time::{Duration, Instant};

use crate::Bitrate;

const BUCKETS: usize = 10;
const BUCKET: Duration = Duration::from_millis(100);

/// Counts bytes in tenths of a second.
#[derive(Debug, Clone, Default)]
pub(crate) struct RateMeter {
    buckets: [u64; BUCKETS],
    newest: usize,
    /// When the newest bucket began.
    since: Option<Instant>,
    /// Buckets that were begun, up to all of them.
    filled: usize,
}

impl RateMeter {
    #[inline]
    pub(crate) fn add(&mut self, bytes: usize, now: Instant) {
        self.advance(now);
        self.buckets[self.newest] += bytes as u64;
    }

    /// The rate over the last second, or over the time since the first byte.
    pub(crate) fn rate(&mut self, now: Instant) -> Bitrate {
        self.advance(now);
        let Some(since) = self.since else {
            return Bitrate::ZERO;
        };
        let part = now.saturating_duration_since(since).min(BUCKET);
        let full = u32::try_from(self.filled.saturating_sub(1)).unwrap_or(u32::MAX);
        // a stream that has just begun says little: take half a second at least
        let time = (BUCKET * full + part).max(BUCKET * 5);
        Bitrate::from_bytes(self.buckets.iter().sum(), time)
    }

    #[inline]
    fn advance(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let elapsed = now.saturating_duration_since(since);
        if elapsed < BUCKET && self.filled > 0 {
            return;
        }
        if elapsed >= BUCKET * 10 {
            *self = Self {
                since: Some(now),
                filled: 1,
                ..Self::default()
            };
            return;
        }
        self.step(since, now);
    }

    fn step(&mut self, mut since: Instant, now: Instant) {
        self.filled = self.filled.max(1);
        while now.saturating_duration_since(since) >= BUCKET {
            since += BUCKET;
            self.newest = (self.newest + 1) % BUCKETS;
            self.buckets[self.newest] = 0;
            self.filled = (self.filled + 1).min(BUCKETS);
        }
        self.since = Some(since);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_stream_is_measured_right_and_forgotten_when_it_ends() {
        let (mut meter, start) = (RateMeter::default(), Instant::now());
        for n in 0..200 {
            meter.add(1_000, start + Duration::from_millis(10 * n));
        }
        let rate = meter.rate(start + Duration::from_secs(2)).as_bps();
        assert!((750_000..=850_000).contains(&rate), "{rate}");
        assert_eq!(meter.rate(start + Duration::from_secs(4)), Bitrate::ZERO);
    }
}
