//! The rate at which packets were sent and at which they arrived, over the
//! last moments of each clock.

use std::time::Duration;

use super::Bitrate;

/// Width of a bucket in microseconds.
const BUCKET_US: i64 = 50_000;

/// Complete buckets that are averaged: half a second evens the frames of a
/// video out and still follows a line that changes.
const WINDOW: i64 = 10;

/// Fewer complete buckets than this tell nothing yet.
const WINDOW_MIN: i64 = 3;

/// Complete buckets of the recent rate: what comes out of a queue comes evenly,
/// and a shorter time shows sooner how much that is.
const RECENT: i64 = 4;

/// A packet so many buckets in the past means that the clock was set back.
const SET_BACK: i64 = 60;

/// A sliding window over one clock.
#[derive(Debug, Default)]
pub(super) struct Throughput {
    buckets: [u64; WINDOW as usize + 1],
    first: Option<i64>,
    newest: i64,
}

impl Throughput {
    /// Counts a packet at a moment of the clock in microseconds. One that is
    /// older than the window is passed over.
    pub(super) fn add(&mut self, bytes: u64, at: i64) {
        let bucket = at.div_euclid(BUCKET_US);
        if self.newest - bucket > SET_BACK {
            *self = Self::default();
        }
        if self.first.is_none() {
            self.first = Some(bucket);
            self.newest = bucket;
        }
        if bucket > self.newest {
            for skipped in (self.newest + 1..=bucket).take(self.buckets.len()) {
                *self.slot(skipped) = 0;
            }
            self.newest = bucket;
        }
        if self.newest - bucket <= WINDOW {
            *self.slot(bucket) += bytes;
        }
    }

    /// The rate over the complete buckets.
    pub(super) fn rate(&self) -> Option<Bitrate> {
        self.rate_of_last(WINDOW)
    }

    /// The rate over the last few buckets.
    pub(super) fn recent(&self) -> Option<Bitrate> {
        self.rate_of_last(RECENT)
    }

    fn rate_of_last(&self, buckets: i64) -> Option<Bitrate> {
        let complete = (self.newest - self.first?).min(buckets);
        if complete < WINDOW_MIN {
            return None;
        }
        let from = self.newest - complete;
        let bytes = (from..self.newest).map(|b| self.buckets[index(b)]).sum();
        let micros = (complete * BUCKET_US).unsigned_abs();
        Some(Bitrate::from_bytes(bytes, Duration::from_micros(micros)))
    }

    fn slot(&mut self, bucket: i64) -> &mut u64 {
        &mut self.buckets[index(bucket)]
    }
}

fn index(bucket: i64) -> usize {
    bucket.rem_euclid(WINDOW + 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(from_ms: i64, to_ms: i64, throughput: &mut Throughput) {
        for ms in from_ms..to_ms {
            throughput.add(125, ms * 1_000); // 1 Mbit/s
        }
    }

    #[test]
    fn steady_stream_has_its_rate() {
        let mut throughput = Throughput::default();
        steady(0, 120, &mut throughput);
        assert_eq!(throughput.rate(), None);
        steady(120, 2_000, &mut throughput);
        assert_eq!(throughput.rate(), Some(Bitrate::from_kbps(1_000)));
    }

    #[test]
    fn pause_empties_the_window() {
        let mut throughput = Throughput::default();
        steady(0, 1_000, &mut throughput);
        throughput.add(125, 60_000_000);
        assert_eq!(throughput.rate(), Some(Bitrate::ZERO));
    }

    #[test]
    fn clock_may_begin_below_zero_and_packets_may_be_late() {
        let mut throughput = Throughput::default();
        steady(-1_000, 0, &mut throughput);
        throughput.add(1_000_000, -2_000_000);
        assert_eq!(throughput.rate(), Some(Bitrate::from_kbps(1_000)));
    }

    #[test]
    fn clock_that_is_set_back_is_followed() {
        let mut throughput = Throughput::default();
        steady(100_000, 101_000, &mut throughput);
        steady(0, 1_000, &mut throughput);
        assert_eq!(throughput.rate(), Some(Bitrate::from_kbps(1_000)));
    }
}
