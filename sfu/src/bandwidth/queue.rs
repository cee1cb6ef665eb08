//! How long packets wait on the way: one-way delay above the lowest that was
//! seen.
//!
//! The trendline sees a queue grow; a queue that stands full has no trend.
//! What to do about one is decided here, so that a queue that others fill does
//! not talk us down to nothing.

use std::time::{Duration, Instant};

use super::{Outcome, PacketResult};

/// A queue up to this says nothing: frames and jitter make as much.
const LOW_US: i64 = 50_000;

/// A queue above this should be drained if it stands.
const HIGH_US: i64 = 120_000;

/// It stands when it stayed high for so long.
const STANDING: Duration = Duration::from_millis(800);

/// Draining shortens the queue by this part, or the queue is not ours.
const DRAINED: f64 = 0.8;

/// After draining was of no use: others fill the queue. Leave it for so long.
const NOT_OURS: Duration = Duration::from_secs(20);

/// The lowest delay is taken over one to two of these: shorter forgets a
/// route that is gone earlier, and takes a queue that stands that long for the
/// length of the way.
const BASE: Duration = Duration::from_secs(20);

/// No queue is that long: a clock was set.
const LEAP_US: i64 = 5_000_000;

/// The queue on the way to one subscriber.
#[derive(Debug, Default)]
pub(super) struct Queue {
    base: Option<Base>,
    waiting_us: i64,
    high_since: Option<Instant>,
    /// Length of the queue when it was last drained.
    drained_at_us: Option<i64>,
    leave_until: Option<Instant>,
}

/// The lowest delay of this and of the last period.
#[derive(Debug, Clone, Copy)]
struct Base {
    current: i64,
    last: i64,
    since: Instant,
}

impl Queue {
    /// Whether next to nothing waits on the way.
    pub(super) fn is_low(&self) -> bool {
        self.waiting_us <= LOW_US
    }

    /// Takes the packets of one feedback; the one that waited least counts, so
    /// that jitter does not.
    pub(super) fn update(&mut self, results: &[PacketResult], now: Instant) {
        let Some(delay) = results.iter().filter_map(delay_us).min() else {
            return;
        };
        let base = self.base.get_or_insert(Base::new(delay, now));
        if delay.abs_diff(base.lowest()) > LEAP_US.unsigned_abs() {
            *base = Base::new(delay, now);
        }
        base.add(delay, now);
        self.waiting_us = delay - base.lowest();
        if self.waiting_us < HIGH_US {
            self.high_since = None;
            self.drained_at_us = None;
        } else {
            self.high_since.get_or_insert(now);
        }
    }

    /// Whether to send less for a moment because the queue stands. Each yes
    /// is an attempt whose use is checked before the next.
    pub(super) fn should_drain(&mut self, now: Instant) -> bool {
        let standing = self.high_since.is_some_and(|since| now >= since + STANDING);
        if !standing || self.leave_until.is_some_and(|until| now < until) {
            return false;
        }
        self.high_since = Some(now);
        let before = self.drained_at_us.replace(self.waiting_us);
        let useless = |before: i64| self.waiting_us as f64 > before as f64 * DRAINED;
        if before.is_some_and(useless) {
            self.drained_at_us = None;
            self.leave_until = Some(now + NOT_OURS);
            return false;
        }
        true
    }
}

impl Base {
    fn new(delay: i64, now: Instant) -> Self {
        Self {
            current: delay,
            last: delay,
            since: now,
        }
    }

    fn add(&mut self, delay: i64, now: Instant) {
        if now >= self.since + BASE {
            (self.last, self.current, self.since) = (self.current, delay, now);
        }
        self.current = self.current.min(delay);
    }

    fn lowest(&self) -> i64 {
        self.current.min(self.last)
    }
}

/// Arrival less sending; the clocks differ by an unknown constant.
fn delay_us(result: &PacketResult) -> Option<i64> {
    let Outcome::Delivered { at, .. } = result.outcome else {
        return None;
    };
    Some(at - i64::try_from(result.sent.as_micros()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feedback(queue: &mut Queue, waiting_ms: i64, at_ms: u64, start: Instant) -> bool {
        let result = PacketResult {
            size: 1_000,
            cluster: None,
            sent: Duration::from_millis(at_ms),
            outcome: Outcome::Delivered {
                at: (at_ms as i64 + waiting_ms) * 1_000 - 77_000_000,
                late: false,
            },
        };
        let now = start + Duration::from_millis(at_ms);
        queue.update(&[result], now);
        queue.should_drain(now)
    }

    #[test]
    fn standing_queue_is_drained_and_a_short_one_is_left() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        assert!((0..10).all(|i| !feedback(&mut queue, 20, i * 100, start)));
        assert!(queue.is_low());
        assert!((10..17).all(|i| !feedback(&mut queue, 250, i * 100, start)));
        assert!(!queue.is_low());
        assert!((17..20).any(|i| feedback(&mut queue, 250, i * 100, start)));
    }

    #[test]
    fn queue_of_others_is_drained_once_and_then_left() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        feedback(&mut queue, 0, 0, start);
        let drains = (1..150).filter(|i| feedback(&mut queue, 250, i * 100, start));
        assert_eq!(drains.count(), 1);
    }

    #[test]
    fn clock_that_is_set_is_no_queue() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        feedback(&mut queue, 0, 0, start);
        feedback(&mut queue, 60_000, 100, start);
        assert!(queue.is_low());
        feedback(&mut queue, -60_000, 200, start);
        assert!(queue.is_low());
    }

    #[test]
    fn longer_way_is_taken_for_granted_in_the_end() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        feedback(&mut queue, 0, 0, start);
        for i in 1..500 {
            feedback(&mut queue, 250, i * 100, start);
        }
        assert!(queue.is_low());
    }
}
