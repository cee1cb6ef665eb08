//! When a publisher's packets arrived, told to the publisher.
//!
//! Owns the feedback that a sender's congestion control lives on
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01): one recorder per
//! publishing transport. How it is encoded stands in `feedback.rs`.

use std::time::{Duration, Instant};

use rtc_rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;

use super::feedback::{Status, encode};

/// Time from the first packet that is not reported yet to the report. Shorter
/// lets the sender react earlier and costs more return traffic.
const INTERVAL: Duration = Duration::from_millis(60);

/// So many unreported packets are reported at once, whatever the time.
const PENDING_MAX: u64 = 256;

/// Sequence numbers that are remembered. A longer gap starts afresh.
const CAPACITY: u64 = 1_024;

/// So many packets in a row from far behind mean that the sender began anew.
const STRAYS_MAX: u32 = 8;

/// Unit of arrival times on the wire: 250 µs.
const TICK_US: u128 = 250;

const MISSING: u64 = u64::MAX;

/// Collects arrival times of one publisher and writes the feedback.
#[derive(Debug)]
pub struct TwccRecorder {
    epoch: Instant,
    /// Arrival in ticks since the epoch, or [`MISSING`].
    ring: Box<[u64]>,
    /// First sequence number of the next feedback.
    start: u64,
    /// One after the newest sequence number.
    end: u64,
    due: Option<Instant>,
    strays: u32,
    count: u8,
}

impl TwccRecorder {
    /// A recorder that has seen nothing yet.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            epoch: now,
            ring: vec![MISSING; CAPACITY as usize].into_boxed_slice(),
            start: 0,
            end: 0,
            due: None,
            strays: 0,
            count: 0,
        }
    }

    /// Notes that the packet with this transport-wide sequence number arrived.
    /// Of a packet that comes twice the first arrival counts.
    pub fn on_packet_received(&mut self, sequence: u16, now: Instant) {
        let sequence = self.unwrap(sequence);
        if !self.make_room(sequence) {
            return;
        }
        let tick = now.saturating_duration_since(self.epoch).as_micros() / TICK_US;
        let slot = &mut self.ring[(sequence % CAPACITY) as usize];
        if *slot != MISSING {
            return;
        }
        *slot = tick as u64;
        // a packet that was reported lost and came late is reported again
        self.start = self.start.min(sequence);
        let full = self.end - self.start >= PENDING_MAX;
        let due = if full { now } else { now + INTERVAL };
        self.due = Some(self.due.map_or(due, |earlier| earlier.min(due)));
    }

    /// When [`Self::poll_feedback`] has something to say.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// The feedback that is due now; call it until it returns nothing.
    pub fn poll_feedback(
        &mut self,
        sender_ssrc: u32,
        media_ssrc: u32,
        now: Instant,
    ) -> Option<TransportLayerCc> {
        if self.due.is_none_or(|due| now < due) {
            return None;
        }
        let statuses = (self.start..self.end).map(|sequence| self.status(sequence));
        let Some(mut feedback) = encode(self.start, statuses) else {
            self.start = self.end;
            self.due = None;
            return None;
        };
        self.start += u64::from(feedback.packet_status_count);
        feedback.sender_ssrc = sender_ssrc;
        feedback.media_ssrc = media_ssrc;
        feedback.fb_pkt_count = self.count;
        self.count = self.count.wrapping_add(1);
        Some(feedback)
    }

    fn status(&self, sequence: u64) -> Status {
        match self.ring[(sequence % CAPACITY) as usize] {
            MISSING => Status::Missing,
            tick => Status::Arrived(tick),
        }
    }

    /// The sequence number nearest to the newest one that ends in these bits.
    fn unwrap(&mut self, sequence: u16) -> u64 {
        if self.end == 0 {
            // room below for packets that arrive before the first one
            self.restart((1 << 16) | u64::from(sequence));
        }
        let newest = self.end - 1;
        let step = sequence.wrapping_sub(newest as u16) as i16;
        newest.saturating_add_signed(step.into())
    }

    /// Moves the window so that the sequence number lies in it; false when it
    /// is too old for that.
    fn make_room(&mut self, sequence: u64) -> bool {
        if sequence + CAPACITY <= self.end {
            self.strays += 1;
            if self.strays < STRAYS_MAX {
                return false;
            }
            self.restart(sequence);
        }
        self.strays = 0;
        if sequence >= self.end + CAPACITY {
            self.restart(sequence);
        }
        for skipped in self.end..=sequence {
            self.ring[(skipped % CAPACITY) as usize] = MISSING;
        }
        self.end = self.end.max(sequence + 1);
        self.start = self.start.max(self.end.saturating_sub(CAPACITY));
        true
    }

    fn restart(&mut self, sequence: u64) {
        self.ring.fill(MISSING);
        self.start = sequence;
        self.end = sequence + 1;
    }
}
