//! Sender reports of one slot, and what its subscriber reports back.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use rtc_rtcp::{reception_report::ReceptionReport, sender_report::SenderReport};

use crate::{ingress::SenderClock, quality};

/// Sender reports that are remembered until an answer names them.
const SENT_MAX: usize = 4;

/// What the subscriber said last about the slot.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Reception {
    /// Part of the packets lost, 0 to 1; less where only few were sent.
    pub(crate) loss: f64,
    /// Variation of the time on the way.
    pub(crate) jitter: Duration,
}

/// What one report of the subscriber says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// The round trip, if the report names one that was sent (RFC 3550 §6.4.1).
    pub(crate) rtt: Option<Duration>,
    /// Packets lost since the report before.
    pub(crate) lost: u32,
}

#[derive(Debug, Default)]
pub(crate) struct SlotReports {
    packets: u32,
    octets: u32,
    /// `packets` when the subscriber reported last.
    reported: u32,
    /// What the subscriber has lost in all, as it said last.
    lost: u32,
    sent: VecDeque<(u32, Instant)>,
    reception: Option<Reception>,
}

impl SlotReports {
    /// Counts a packet with a payload of so many bytes.
    #[inline]
    pub(crate) fn count(&mut self, bytes: usize) {
        self.packets = self.packets.wrapping_add(1);
        #[expect(clippy::cast_possible_truncation, reason = "the counter wraps around")]
        let octets = bytes as u32;
        self.octets = self.octets.wrapping_add(octets);
    }

    /// The report to send, by the clock of the stream as it leaves.
    pub(crate) fn sender_report(&mut self, ssrc: u32, clock: SenderClock) -> SenderReport {
        if self.sent.len() == SENT_MAX {
            self.sent.pop_front();
        }
        self.sent
            .push_back((SenderClock::middle(clock.ntp), clock.arrived));
        SenderReport {
            ssrc,
            ntp_time: clock.ntp,
            rtp_time: clock.timestamp,
            packet_count: self.packets,
            octet_count: self.octets,
            ..SenderReport::default()
        }
    }

    /// Takes the subscriber's report.
    pub(crate) fn receive(
        &mut self,
        report: &ReceptionReport,
        clock_rate: u32,
        now: Instant,
    ) -> Told {
        let jitter = u64::from(report.jitter) * 1_000_000 / u64::from(clock_rate);
        let sent = self.packets.wrapping_sub(self.reported);
        self.reported = self.packets;
        self.reception = Some(Reception {
            loss: quality::weighed(f64::from(report.fraction_lost) / 256.0, sent),
            jitter: Duration::from_micros(jitter),
        });
        // it cannot have lost more than was sent, whatever it says
        let lost = report.total_lost.saturating_sub(self.lost).min(sent);
        self.lost = report.total_lost;
        Told {
            rtt: self.round_trip(report, now),
            lost,
        }
    }

    fn round_trip(&self, report: &ReceptionReport, now: Instant) -> Option<Duration> {
        let named = |(middle, _): &&(u32, Instant)| *middle == report.last_sender_report;
        let (_, sent) = self.sent.iter().rev().find(named)?;
        let waited = Duration::from_micros(u64::from(report.delay) * 1_000_000 / 65_536);
        now.saturating_duration_since(*sent).checked_sub(waited)
    }

    /// What was said since this was asked last.
    pub(crate) fn take_reception(&mut self) -> Option<Reception> {
        self.reception.take()
    }
}
