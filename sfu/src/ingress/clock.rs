//! The clock of a stream: how its timestamps relate to its publisher's wall
//! clock, learnt from sender reports (RFC 3550 §6.4.1).

use std::time::{Duration, Instant};

/// One sender report, as it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SenderClock {
    /// Wall clock of the publisher, seconds since 1900 in 32.32 fixed point.
    pub(crate) ntp: u64,
    /// The stream's timestamp at that time.
    pub(crate) timestamp: u32,
    pub(crate) arrived: Instant,
}

impl SenderClock {
    /// The middle 32 bits of the wall clock, as reports name each other.
    pub(crate) fn middle(ntp: u64) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "the middle is wanted")]
        let middle = (ntp >> 16) as u32;
        middle
    }

    /// The wall clock at a timestamp of the stream.
    pub(crate) fn ntp_at(&self, timestamp: u32, rate: u32) -> u64 {
        let ticks = i64::from(signed(timestamp.wrapping_sub(self.timestamp)));
        self.ntp
            .wrapping_add_signed((ticks << 32) / i64::from(rate.max(1)))
    }

    /// The stream's timestamp at a wall clock time.
    pub(crate) fn timestamp_at(&self, ntp: u64, rate: u32) -> u32 {
        let elapsed = i128::from(ntp.wrapping_sub(self.ntp).cast_signed());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "timestamps wrap around"
        )]
        let ticks = ((elapsed * i128::from(rate)) >> 32) as u32;
        self.timestamp.wrapping_add(ticks)
    }

    /// The same clock read at another moment.
    pub(crate) fn at(&self, now: Instant, rate: u32) -> Self {
        let elapsed = now.saturating_duration_since(self.arrived);
        Self {
            ntp: self.ntp.wrapping_add(ntp_length(elapsed)),
            timestamp: self.timestamp.wrapping_add(ticks(elapsed, rate)),
            arrived: now,
        }
    }
}

/// A time as ticks of a media clock.
pub(crate) fn ticks(time: Duration, rate: u32) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "timestamps wrap around")]
    let ticks = (time.as_micros() * u128::from(rate) / 1_000_000) as u32;
    ticks
}

/// A difference of timestamps as a signed number.
pub(crate) fn signed(ticks: u32) -> i32 {
    ticks.cast_signed()
}

fn ntp_length(time: Duration) -> u64 {
    let fraction = (u64::from(time.subsec_nanos()) << 32) / 1_000_000_000;
    (time.as_secs() << 32) | fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_and_wall_clock_convert_both_ways() {
        let clock = SenderClock {
            ntp: 1_000 << 32,
            timestamp: u32::MAX - 10,
            arrived: Instant::now(),
        };
        let ntp = clock.ntp_at(90_000 - 11, 90_000);
        assert_eq!(ntp, 1_001 << 32);
        assert_eq!(clock.timestamp_at(ntp, 90_000), 90_000 - 11);
        let before = clock.ntp_at(u32::MAX - 10 - 45_000, 90_000);
        assert_eq!(before, (1_000 << 32) - (1 << 31));
        assert_eq!(clock.timestamp_at(before, 90_000), u32::MAX - 10 - 45_000);
    }

    #[test]
    fn the_clock_runs_on_between_reports() {
        let clock = SenderClock {
            ntp: 7 << 32,
            timestamp: 5,
            arrived: Instant::now(),
        };
        let later = clock.at(clock.arrived + Duration::from_millis(1_500), 48_000);
        assert_eq!(later.ntp, (8 << 32) + (1 << 31));
        assert_eq!(later.timestamp, 5 + 72_000);
    }
}
