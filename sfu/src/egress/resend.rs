//! Resending to one subscriber: how much, and how often the same packet.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::Bitrate;

/// The most packets that wait for being resent. What comes beyond is not
/// resent; the subscriber asks again.
const QUEUE_MAX: usize = 512;
/// Indices that were resent lately.
const RECENT_MAX: usize = 128;
/// What may be resent at once.
const BURST: u64 = 150_000;

/// Keeps resending from adding to the congestion that made it necessary, and
/// from being used to flood somebody.
#[derive(Debug)]
pub(crate) struct ResendBudget {
    bytes: u64,
    filled: Instant,
}

impl ResendBudget {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            bytes: BURST,
            filled: now,
        }
    }

    /// Fills up with half of what the downlink carries.
    pub(crate) fn refill(&mut self, downlink: Bitrate, now: Instant) {
        let time = now.saturating_duration_since(self.filled);
        let more = downlink.bytes_in(time) as u64 / 2;
        if more > 0 {
            self.bytes = (self.bytes + more).min(BURST);
            self.filled = now;
        }
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.bytes == 0
    }

    pub(crate) fn spend(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes as u64);
    }
}

/// Packets that a subscriber asked for again, by their index.
#[derive(Debug, Default)]
pub(super) struct ResendQueue {
    waiting: VecDeque<u64>,
    recent: VecDeque<(u64, Instant)>,
}

impl ResendQueue {
    /// Notes a wish, unless it was fulfilled less than `pause` ago.
    pub(super) fn ask(&mut self, index: u64, pause: Duration, now: Instant) {
        // first, as it is cheap: whoever asks for too much does so often
        if self.waiting.len() == QUEUE_MAX {
            return;
        }
        let young = |at: Instant| now.saturating_duration_since(at) < pause;
        if self.recent.iter().any(|(i, at)| *i == index && young(*at)) {
            return;
        }
        if self.recent.len() == RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back((index, now));
        self.waiting.push_back(index);
    }

    pub(super) fn pop(&mut self) -> Option<u64> {
        self.waiting.pop_front()
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }
}
