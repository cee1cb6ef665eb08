//! When something happened, and the chance that goes with it.
//!
//! The pure part of this crate has neither a clock nor a source of randomness:
//! whoever feeds it brings both.

use std::time::Duration;

/// The time of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Since some fixed start; never goes back.
    pub now: Duration,
    /// Milliseconds since 1970-01-01 UTC, as the page's clock has it.
    pub unix_ms: u64,
    /// 64 random bits, other ones for every input.
    pub random: u64,
}
