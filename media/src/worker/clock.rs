//! When a worker must look at which room, and how busy it is.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    time::{Duration, Instant},
};

/// Deadlines of rooms, or of seats. An entry that is no longer the present
/// deadline of its room or seat is skipped when it comes up, so nothing is ever searched for.
#[derive(Default)]
pub(super) struct Deadlines {
    heap: BinaryHeap<Reverse<(Instant, usize)>>,
}

impl Deadlines {
    pub(super) fn push(&mut self, at: Instant, room: usize) {
        self.heap.push(Reverse((at, room)));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// A deadline that has passed.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Instant, usize)> {
        let due = self.next().is_some_and(|at| at <= now);
        due.then(|| self.heap.pop())
            .flatten()
            .map(|Reverse(entry)| entry)
    }
}

/// The share of time that a worker is not waiting.
pub(super) struct LoadMeter {
    since: Instant,
    busy: Duration,
    woke: Instant,
    load: f64,
}

/// Over how long the load is averaged.
const PERIOD: Duration = Duration::from_secs(1);

impl LoadMeter {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            busy: Duration::ZERO,
            woke: now,
            load: 0.0,
        }
    }

    pub(super) fn wake(&mut self, now: Instant) {
        self.woke = now;
    }

    pub(super) fn wait(&mut self, now: Instant) {
        self.busy += now.duration_since(self.woke);
        let period = now.duration_since(self.since);
        if period >= PERIOD {
            self.load = self.busy.as_secs_f64() / period.as_secs_f64();
            self.since = now;
            self.busy = Duration::ZERO;
        }
    }

    pub(super) fn load(&self) -> f64 {
        self.load
    }
}
