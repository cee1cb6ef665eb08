//! One probe: how much to send when, and the rate at which it arrived.

use std::time::{Duration, Instant};

use super::{Bitrate, Outcome, PacketResult};

/// Bursts of a probe. They are spread evenly, so that a line that is fast
/// enough is empty between them.
const STEPS: u32 = 5;

/// A probe has at least so many bytes: fewer say little about the rate.
const BYTES_MIN: u64 = 3_000;

/// However low the rate, a probe lasts no longer than this.
const LENGTH_MAX: Duration = Duration::from_millis(100);

/// A probe says something when this part of its bytes was sent and arrived.
const SHARE_MIN: f64 = 0.7;

/// A probe under way.
#[derive(Debug)]
pub(super) struct Cluster {
    rate: Bitrate,
    began: Instant,
    step: Duration,
    steps_done: u32,
    sent_bytes: usize,
    sent_packets: u32,
    results: u32,
    arrivals: Arrivals,
}

/// What arrived: bytes, and the spans in which they were sent and received.
#[derive(Debug, Default)]
struct Arrivals {
    bytes: u64,
    first_sent: Duration,
    last_sent: Duration,
    /// Bytes that were sent at `last_sent`.
    last_burst: u64,
    first_received: i64,
    last_received: i64,
    /// Size of the packet that was received first.
    first_size: u64,
}

impl Cluster {
    pub(super) fn new(rate: Bitrate, length: Duration, now: Instant) -> Self {
        let enough = Duration::from_micros(BYTES_MIN * 8_000_000 / rate.as_bps().max(1));
        let length = enough.min(LENGTH_MAX).max(length);
        Self {
            rate,
            began: now,
            step: length / STEPS,
            steps_done: 0,
            sent_bytes: 0,
            sent_packets: 0,
            results: 0,
            arrivals: Arrivals::default(),
        }
    }

    pub(super) fn rate(&self) -> Bitrate {
        self.rate
    }

    pub(super) fn next_step(&self) -> Instant {
        self.began + self.step * self.steps_done
    }

    pub(super) fn end(&self) -> Instant {
        self.began + self.step * STEPS
    }

    pub(super) fn on_packet_sent(&mut self, size: usize) {
        self.sent_bytes += size;
        self.sent_packets += 1;
    }

    /// The padding that is missing for the rate now, when a step is due. A
    /// caller that is late sends at most two steps at once.
    pub(super) fn step(&mut self, now: Instant) -> Option<usize> {
        if now < self.next_step() {
            return None;
        }
        while self.steps_done < STEPS && self.next_step() <= now {
            self.steps_done += 1;
        }
        let due = self.rate.bytes_in(self.step * self.steps_done);
        let most = self.rate.bytes_in(self.step * 2);
        Some(due.saturating_sub(self.sent_bytes).min(most)).filter(|bytes| *bytes > 0)
    }

    pub(super) fn on_result(&mut self, result: &PacketResult) {
        match result.outcome {
            Outcome::Delivered { at, late } => {
                self.results += u32::from(!late);
                self.arrivals.add(result.size.into(), result.sent, at);
            }
            Outcome::Lost => self.results += 1,
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.results >= self.sent_packets
    }

    /// The rate that got through: that of arrival, at most that of sending.
    /// Nothing when too little was sent or arrived to tell.
    pub(super) fn measure(&self) -> Option<Bitrate> {
        let target = self.rate.bytes_in(self.step * STEPS);
        if (self.arrivals.bytes as f64) < target as f64 * SHARE_MIN {
            return None;
        }
        self.arrivals.rate()
    }
}

impl Arrivals {
    fn add(&mut self, size: u64, sent: Duration, received: i64) {
        if self.bytes == 0 {
            (self.first_sent, self.last_sent) = (sent, sent);
            (self.first_received, self.last_received) = (received, received);
            self.first_size = size;
        }
        self.bytes += size;
        self.first_sent = self.first_sent.min(sent);
        if sent > self.last_sent {
            (self.last_sent, self.last_burst) = (sent, 0);
        }
        if sent == self.last_sent {
            self.last_burst += size;
        }
        if received < self.first_received {
            (self.first_received, self.first_size) = (received, size);
        }
        self.last_received = self.last_received.max(received);
    }

    fn rate(&self) -> Option<Bitrate> {
        let sent_in = self.last_sent.checked_sub(self.first_sent)?;
        let sent = Bitrate::from_bytes(self.bytes - self.last_burst, sent_in);
        let micros = u64::try_from(self.last_received - self.first_received).ok()?;
        // all at one moment of the receiver's clock: faster than it can tell
        let received = match micros {
            0 => sent,
            _ => Bitrate::from_bytes(self.bytes - self.first_size, Duration::from_micros(micros)),
        };
        Some(sent.min(received)).filter(|rate| *rate > Bitrate::ZERO)
    }
}
