//! The numbered events of a room, the newest of which are kept for those who
//! come back.

use std::collections::VecDeque;

use protocol::RoomEvent;

/// The numbered events of a room.
#[derive(Debug)]
pub(super) struct EventLog {
    /// The number of the newest event; 0 before the first.
    last: u64,
    kept: VecDeque<RoomEvent>,
    limit: usize,
}

impl EventLog {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            last: 0,
            kept: VecDeque::new(),
            limit,
        }
    }

    /// The number of the newest event.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Adds an event and gives its number. The oldest goes when there are too
    /// many: who missed it gets a snapshot.
    pub(super) fn push(&mut self, event: RoomEvent) -> u64 {
        if self.kept.len() == self.limit {
            self.kept.pop_front();
        }
        self.kept.push_back(event);
        self.last += 1;
        self.last
    }

    /// The events after number `n`, unless some of them are gone or `n` is not
    /// a number of this room.
    pub(super) fn after(&self, n: u64) -> Option<Vec<(u64, RoomEvent)>> {
        let missed = usize::try_from(self.last.checked_sub(n)?).ok()?;
        let start = self.kept.len().checked_sub(missed)?;
        let events = self.kept.range(start..).cloned();
        Some((n + 1..).zip(events).collect())
    }
}
