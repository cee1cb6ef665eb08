//! What time it is, as the pure parts of the server are told.
//!
//! Owns the two kinds of time. Reading a clock is left to the tasks: they call
//! [`Now::read`] and pass the result down.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(u64);

impl UnixMillis {
    /// A moment, from milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn new(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0 / 1_000
    }

    /// The moment as the databases keep it.
    #[must_use]
    pub fn to_sql(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// The moment from a database.
    #[must_use]
    pub fn from_sql(millis: i64) -> Self {
        Self(u64::try_from(millis).unwrap_or(0))
    }
}

/// One moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// For deadlines: never goes back.
    pub instant: Instant,
    /// For people: may be set back by the operator.
    pub unix: UnixMillis,
}

impl Now {
    /// Reads both clocks. The first is tokio's, so that a test can hold it.
    #[must_use]
    pub fn read() -> Self {
        let unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0));
        Self {
            instant: tokio::time::Instant::now().into_std(),
            unix: UnixMillis(unix),
        }
    }
}
