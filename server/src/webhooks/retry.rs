//! What an integrator's answer means for a message. Pure: the time and chance
//! are given.

use std::time::Duration;

use reqwest::StatusCode;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use crate::{clock::UnixMillis, limits::WebhookLimits};

/// How an integrator took a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// They have it.
    Taken,
    /// They do not want it, now or later (410).
    Gone,
    /// Not now. They may have said for how long.
    NotNow(Option<Duration>),
}

/// A message that was just sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When the message was written.
    pub created_at: UnixMillis,
    /// How often it was sent in vain before.
    pub before: u32,
    /// When the answer came.
    pub now: UnixMillis,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is done.
    Delivered,
    /// It is given up.
    Dead,
    /// It is sent again.
    Again(UnixMillis),
}

/// Reads a status and the header `Retry-After`, which counts with 429 and 503
/// (RFC 9110, section 10.2.3, and RFC 6585).
#[must_use]
pub fn answer(status: StatusCode, retry_after: Option<&str>, now: UnixMillis) -> Answer {
    match status.as_u16() {
        200..=299 => Answer::Taken,
        410 => Answer::Gone,
        429 | 503 => Answer::NotNow(retry_after.and_then(|text| wished(text, now))),
        _ => Answer::NotNow(None),
    }
}

/// Seconds, or a date.
fn wished(text: &str, now: UnixMillis) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    let seconds = u64::try_from(date.unix_timestamp()).ok()?;
    Some(Duration::from_secs(seconds.saturating_sub(now.seconds())))
}

/// Decides. `chance` is a random number from 0 to 1: those who failed together
/// do not come again together.
#[must_use]
pub fn fate(attempt: Attempt, answer: Answer, chance: f64, limits: &WebhookLimits) -> Fate {
    let wished = match answer {
        Answer::Taken => return Fate::Delivered,
        Answer::Gone => return Fate::Dead,
        Answer::NotNow(wished) => wished.unwrap_or_default(),
    };
    let last = after(attempt.created_at, limits.give_up);
    let is_old = attempt.now >= last;
    if is_old && attempt.before.saturating_add(1) >= limits.least_tries {
        return Fate::Dead;
    }
    let longest = longest(attempt.before, limits);
    let pause = longest.mul_f64(chance.clamp(0.0, 1.0));
    let pause = pause.max(wished.min(limits.longest_retry));
    let next = after(attempt.now, pause);
    match is_old {
        true => Fate::Again(next),
        // the last time is at the very end
        false => Fate::Again(next.min(last)),
    }
}

/// How long a message has still to wait; nothing when it is to be sent now. No
/// pause is longer than the longest: of what would wait longer the clock was
/// set back since.
#[must_use]
pub fn wait_until(
    next_at: UnixMillis,
    now: UnixMillis,
    limits: &WebhookLimits,
) -> Option<Duration> {
    let left = between(now, next_at);
    (!left.is_zero() && left <= limits.longest_retry).then_some(left)
}

/// The longest pause after so many attempts: it doubles each time.
fn longest(before: u32, limits: &WebhookLimits) -> Duration {
    let times = 1_u32.checked_shl(before).unwrap_or(u32::MAX);
    limits
        .first_retry
        .saturating_mul(times)
        .min(limits.longest_retry)
}

/// From one moment to a later one.
pub(super) fn between(from: UnixMillis, to: UnixMillis) -> Duration {
    Duration::from_millis(to.get().saturating_sub(from.get()))
}

/// The moment after some time.
fn after(moment: UnixMillis, time: Duration) -> UnixMillis {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    UnixMillis::new(moment.get().saturating_add(millis))
}
