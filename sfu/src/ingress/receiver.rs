//! The sequence of one incoming stream: what is new, what is missing, and what
//! a receiver report says about it (RFC 3550 §6.4, appendix A).

use std::time::{Duration, Instant};

use crate::{RoomConfig, ingress::SenderClock};

/// The most packets that are waited for at once. A larger hole is not filled:
/// a keyframe mends it sooner.
const MISSING_MAX: usize = 256;
/// A jump beyond this is another sequence, not a hole.
const JUMP: u64 = 4_000;
/// A missing packet that comes later than this is of no use.
const TOO_LATE: Duration = Duration::from_secs(2);

/// How a packet relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Newer than all others, or one that was missing.
    New,
    /// It has come before, or nobody waits for it any more.
    Old,
    /// The sequence jumped: the sender began a new one.
    Restart,
}

/// What became of packets that were missing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Missed {
    /// To ask for now.
    pub(crate) ask: Vec<u16>,
    /// Given up.
    pub(crate) given_up: u64,
}

/// One block of a receiver report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReceptionBlock {
    /// Packets that should have come since the report before.
    pub(crate) expected: u32,
    /// How many of them did not.
    pub(crate) lost: u64,
    pub(crate) fraction_lost: u8,
    pub(crate) total_lost: u32,
    pub(crate) highest: u32,
    pub(crate) jitter: u32,
}

#[derive(Debug, Clone, Copy)]
struct Missing {
    sequence: u64,
    tries: u8,
    since: Instant,
    next: Instant,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Receiver {
    /// First and highest extended sequence number.
    range: Option<(u64, u64)>,
    received: u64,
    missing: Vec<Missing>,
    /// Packets that fell out of `missing` because the hole was too large.
    hole: bool,
    transit: Option<u32>,
    /// Sixteen times the jitter in ticks.
    jitter: u32,
    /// Expected and received packets at the last report.
    reported: (u64, u64),
}

impl Receiver {
    /// The extended sequence number nearest to what has come, for a packet
    /// that carries 16 bits of it. `None` before the first packet.
    pub(super) fn unwrap(&self, sequence: u16) -> Option<u64> {
        let (_, highest) = self.range?;
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
        let ahead = sequence.wrapping_sub(highest as u16).cast_signed();
        highest.checked_add_signed(i64::from(ahead))
    }

    #[inline]
    pub(super) fn place(&mut self, sequence: u64, now: Instant, config: &RoomConfig) -> Place {
        let Some((first, highest)) = self.range else {
            self.range = Some((sequence, sequence));
            return Place::New;
        };
        if sequence.abs_diff(highest) > JUMP {
            return Place::Restart;
        }
        if sequence > highest {
            self.range = Some((first, sequence));
            if sequence > highest + 1 {
                self.note_missing(highest + 1..sequence, now, config);
            }
            return Place::New;
        }
        match self.missing.iter().position(|m| m.sequence == sequence) {
            Some(at) => {
                self.missing.remove(at);
                Place::New
            }
            None => Place::Old,
        }
    }

    fn note_missing(&mut self, range: std::ops::Range<u64>, now: Instant, config: &RoomConfig) {
        for sequence in range {
            if self.missing.len() == MISSING_MAX {
                self.missing.clear();
                self.hole = true;
            }
            self.missing.push(Missing {
                sequence,
                tries: 0,
                since: now,
                next: now + config.reorder_tolerance,
            });
        }
    }

    /// Counts a packet that the sender sent for the first time.
    #[inline]
    pub(super) fn count(&mut self, timestamp: u32, now: Instant, clock: ArrivalClock) {
        self.received += 1;
        let transit = clock.ticks(now).wrapping_sub(timestamp);
        if let Some(before) = self.transit.replace(transit) {
            let change = transit.wrapping_sub(before).cast_signed().unsigned_abs();
            // a pause of the source is not jitter
            if change < clock.rate {
                self.jitter = self.jitter + change - ((self.jitter + 8) >> 4);
            }
        }
    }

    /// What to ask for again, and what to give up.
    pub(super) fn missed(&mut self, rtt: Duration, config: &RoomConfig, now: Instant) -> Missed {
        let mut missed = Missed {
            given_up: u64::from(std::mem::take(&mut self.hole)),
            ..Missed::default()
        };
        self.missing.retain_mut(|missing| {
            if missing.next > now {
                return true;
            }
            if missing.tries >= config.nack_tries || now.duration_since(missing.since) > TOO_LATE {
                missed.given_up += 1;
                return false;
            }
            missing.tries += 1;
            missing.next = now + rtt.max(config.reorder_tolerance * 2);
            #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
            missed.ask.push(missing.sequence as u16);
            true
        });
        missed
    }

    /// Forgets what nobody wants to have repaired.
    pub(super) fn forget_missing(&mut self, now: Instant) {
        self.hole = false;
        self.missing
            .retain(|missing| now.duration_since(missing.since) <= TOO_LATE);
    }

    /// When something missing is to be asked for next.
    pub(super) fn next_ask(&self) -> Option<Instant> {
        self.missing.iter().map(|missing| missing.next).min()
    }

    /// Whether anything from here on is missing.
    pub(super) fn complete_since(&self, sequence: u64) -> bool {
        !self.missing.iter().any(|m| m.sequence >= sequence)
    }

    /// The report since the one before; `None` before the first packet.
    pub(super) fn report(&mut self) -> Option<ReceptionBlock> {
        let (first, highest) = self.range?;
        let expected = highest - first + 1;
        let new_expected = expected - self.reported.0.min(expected);
        let new_received = self.received - self.reported.1;
        self.reported = (expected, self.received);
        let lost = new_expected.saturating_sub(new_received);
        #[expect(clippy::cast_possible_truncation, reason = "wire formats")]
        Some(ReceptionBlock {
            expected: new_expected.min(u64::from(u32::MAX)) as u32,
            lost,
            fraction_lost: (lost * 256).checked_div(new_expected).unwrap_or(0).min(255) as u8,
            total_lost: expected.saturating_sub(self.received).min(0x7f_ffff) as u32,
            highest: highest as u32,
            jitter: self.jitter >> 4,
        })
    }
}

/// Measures arrivals in the ticks of a stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct ArrivalClock {
    pub(super) epoch: Instant,
    pub(super) rate: u32,
}

impl ArrivalClock {
    #[inline]
    fn ticks(self, now: Instant) -> u32 {
        super::clock::ticks(now.saturating_duration_since(self.epoch), self.rate)
    }
}

/// The two fields of a report that name the last sender report: its middle
/// bits, and the time since in 1/65536 s.
pub(super) fn last_report(clock: Option<SenderClock>, now: Instant) -> (u32, u32) {
    let Some(clock) = clock else { return (0, 0) };
    let since = now.saturating_duration_since(clock.arrived);
    (
        SenderClock::middle(clock.ntp),
        super::clock::ticks(since, 65_536),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RTT: Duration = Duration::from_millis(50);

    fn after(ms: u64, start: Instant) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn a_hole_is_asked_for_after_the_reordering_time_and_then_every_round_trip() {
        let (mut receiver, config, t) =
            (Receiver::default(), RoomConfig::default(), Instant::now());
        receiver.place(100, t, &config);
        receiver.place(103, t, &config);
        assert!(receiver.missed(RTT, &config, after(5, t)).ask.is_empty());
        assert_eq!(receiver.missed(RTT, &config, after(10, t)).ask, [101, 102]);
        assert!(receiver.missed(RTT, &config, after(40, t)).ask.is_empty());
        assert_eq!(receiver.place(101, after(45, t), &config), Place::New);
        assert_eq!(receiver.missed(RTT, &config, after(60, t)).ask, [102]);
    }

    #[test]
    fn what_came_before_does_not_come_again() {
        let (mut receiver, config, t) =
            (Receiver::default(), RoomConfig::default(), Instant::now());
        assert_eq!(receiver.place(7, t, &config), Place::New);
        assert_eq!(receiver.place(7, t, &config), Place::Old);
        assert_eq!(receiver.place(9, t, &config), Place::New);
        assert_eq!(receiver.place(8, t, &config), Place::New);
        assert_eq!(receiver.place(8, t, &config), Place::Old);
    }

    #[test]
    fn what_never_comes_is_given_up() {
        let (mut receiver, config, t) =
            (Receiver::default(), RoomConfig::default(), Instant::now());
        receiver.place(1, t, &config);
        receiver.place(3, t, &config);
        let given_up: u64 = (0..100)
            .map(|n| receiver.missed(RTT, &config, after(20 * n, t)).given_up)
            .sum();
        assert_eq!(given_up, 1);
        assert_eq!(receiver.next_ask(), None);
    }

    #[test]
    fn loss_is_reported_per_interval_and_in_all() {
        let (mut receiver, config, t) =
            (Receiver::default(), RoomConfig::default(), Instant::now());
        let clock = ArrivalClock {
            epoch: t,
            rate: 90_000,
        };
        for sequence in (0..100).filter(|n| n % 4 != 1) {
            receiver.place(sequence, t, &config);
            receiver.count(0, t, clock);
        }
        let block = receiver.report().expect("packets came");
        assert_eq!(
            (block.fraction_lost, block.total_lost, block.highest),
            (64, 25, 99)
        );
        assert_eq!(receiver.report().map(|block| block.fraction_lost), Some(0));
    }

    #[test]
    fn a_jump_is_another_sequence() {
        let (mut receiver, config, t) =
            (Receiver::default(), RoomConfig::default(), Instant::now());
        receiver.place(10, t, &config);
        assert_eq!(receiver.place(60_000, t, &config), Place::Restart);
    }
}
