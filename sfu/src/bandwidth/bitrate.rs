//! The unit of bandwidth.

use std::{fmt, time::Duration};

/// A data rate in bits per second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bitrate(u64);

impl Bitrate {
    /// Nothing at all.
    pub const ZERO: Self = Self(0);

    /// So many bits per second.
    #[must_use]
    pub const fn from_bps(bps: u64) -> Self {
        Self(bps)
    }

    /// So many thousand bits per second.
    #[must_use]
    pub const fn from_kbps(kbps: u64) -> Self {
        Self(kbps * 1_000)
    }

    /// So many bytes in that time; zero when the time is zero.
    #[must_use]
    pub fn from_bytes(bytes: u64, time: Duration) -> Self {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        Self(
            bytes
                .saturating_mul(8_000_000)
                .checked_div(micros)
                .unwrap_or(0),
        )
    }

    /// The rate in bits per second.
    #[must_use]
    pub const fn as_bps(self) -> u64 {
        self.0
    }

    /// The bytes that this rate carries in some time.
    #[must_use]
    pub fn bytes_in(self, time: Duration) -> usize {
        let bits = self.0 as f64 * time.as_secs_f64();
        (bits / 8.0) as usize
    }

    /// The rate times a factor; a negative factor gives zero.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        Self((self.0 as f64 * factor) as u64)
    }

    /// The sum, at most the largest rate.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, at least zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Bitrate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kbit/s", self.0 / 1_000)
    }
}
