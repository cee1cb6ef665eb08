//! What visits add up to.
//!
//! All times are whole seconds, cut off: so that what is shown of single visits
//! adds up to what is shown of the room.

use std::collections::HashSet;

use super::Period;
use crate::clock::UnixMillis;

/// Somebody's stay in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Who.
    pub peer: String,
    /// From when.
    pub joined_at: UnixMillis,
    /// Until when, as far as it is known.
    pub left_at: UnixMillis,
}

/// A visit with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Who and when.
    pub visit: Visit,
    /// What they were called at the end.
    pub display_name: String,
    /// What they were at the end.
    pub role: String,
    /// By which of the room's interfaces they came, `call` or `webinar`.
    pub interface: String,
    /// They are still there.
    pub goes_on: bool,
}

/// A visit, as much of it as lies within a period. In seconds since 1970-01-01
/// UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub peer: String,
    /// From when.
    pub join: u64,
    /// Until when.
    pub leave: u64,
}

/// What is to be said of a room in a period. In seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// How many different people were there.
    pub participants: u64,
    /// Since when somebody was there.
    pub start: u64,
    /// Until when somebody was there.
    pub end: u64,
    /// How many seconds somebody was there, however many they were.
    pub active: u64,
}

impl Session {
    /// As much of a visit as lies within a period, if anything does.
    #[must_use]
    pub fn of(visit: Visit, period: Period) -> Option<Self> {
        let join = visit.joined_at.max(period.from);
        let leave = visit.left_at.min(period.to);
        (join <= leave).then(|| Self {
            peer: visit.peer,
            join: join.seconds(),
            leave: leave.seconds(),
        })
    }

    /// How long it is.
    #[must_use]
    pub fn duration(&self) -> u64 {
        self.leave.saturating_sub(self.join)
    }
}

impl Summary {
    /// Adds sessions up. Nothing when there are none.
    #[must_use]
    pub fn of(sessions: &[Session]) -> Option<Self> {
        let mut spans: Vec<(u64, u64)> = sessions.iter().map(|it| (it.join, it.leave)).collect();
        spans.sort_unstable();
        let people: HashSet<&str> = sessions.iter().map(|it| it.peer.as_str()).collect();
        let (start, mut end) = *spans.first()?;
        let mut active = end.saturating_sub(start);
        for (join, leave) in spans {
            // what lies before `end` is counted already
            active += leave.saturating_sub(join.max(end));
            end = end.max(leave);
        }
        Some(Self {
            participants: u64::try_from(people.len()).unwrap_or(u64::MAX),
            start,
            end,
            active,
        })
    }
}
