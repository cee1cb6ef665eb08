//! Groups packets that were sent together and compares the spacing of groups
//! at the sender with that at the receiver (draft-ietf-rmcat-gcc-02 §5.2, 5.3).

use std::time::Duration;

/// Packets sent within this time are one group: they queue on each other.
const GROUP: Duration = Duration::from_millis(5);

/// Packets that arrive within this time of the last one, and faster than they
/// were sent, were held up together and are one group too.
const BURST_US: i64 = 5_000;

/// The longest group that bursts can make.
const BURST_MAX_US: i64 = 100_000;

/// Clocks that seem to leap further than this are taken up afresh.
const LEAP_US: i64 = 3_000_000;

/// How the spacing of two groups changed on the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spacing {
    /// Time between the groups at the sender, in milliseconds.
    pub(super) sent_ms: f64,
    /// Time between them at the receiver, in milliseconds.
    pub(super) received_ms: f64,
    /// Arrival of the later group in the receiver's clock, in milliseconds.
    pub(super) arrival_ms: f64,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    first_sent: Duration,
    last_sent: Duration,
    first_received: i64,
    last_received: i64,
}

/// The group that is being filled and the one before it.
#[derive(Debug, Default)]
pub(super) struct ArrivalGroups {
    previous: Option<Group>,
    current: Option<Group>,
}

impl ArrivalGroups {
    /// Takes the next delivered packet, in sending order. Returns the spacing
    /// of the last two groups when the packet begins a new one.
    pub(super) fn add(&mut self, sent: Duration, received: i64) -> Option<Spacing> {
        let Some(current) = &mut self.current else {
            self.current = Some(Group::new(sent, received));
            return None;
        };
        if sent < current.first_sent {
            return None; // sent before the group: reordered, says nothing
        }
        if current.takes(sent, received) {
            current.add(sent, received);
            return None;
        }
        let complete = *current;
        let spacing = self.previous.and_then(|previous| complete.after(&previous));
        if (received - complete.last_received).abs() > LEAP_US {
            self.reset();
        } else {
            self.previous = Some(complete);
        }
        self.current = Some(Group::new(sent, received));
        spacing
    }

    /// Forgets the groups: what comes next has nothing to do with them.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

impl Group {
    fn new(sent: Duration, received: i64) -> Self {
        Self {
            first_sent: sent,
            last_sent: sent,
            first_received: received,
            last_received: received,
        }
    }

    fn takes(&self, sent: Duration, received: i64) -> bool {
        sent - self.first_sent <= GROUP || self.is_burst(sent, received)
    }

    fn is_burst(&self, sent: Duration, received: i64) -> bool {
        let apart = received - self.last_received;
        let sent_apart = micros(sent) - micros(self.last_sent);
        apart - sent_apart < 0 && apart <= BURST_US && received - self.first_received < BURST_MAX_US
    }

    fn add(&mut self, sent: Duration, received: i64) {
        self.last_sent = self.last_sent.max(sent);
        self.last_received = self.last_received.max(received);
    }

    fn after(&self, previous: &Self) -> Option<Spacing> {
        let received = self.last_received - previous.last_received;
        if received < 0 {
            return None; // groups overtook each other: says nothing
        }
        let sent = micros(self.last_sent) - micros(previous.last_sent);
        Some(Spacing {
            sent_ms: sent as f64 / 1_000.0,
            received_ms: received as f64 / 1_000.0,
            arrival_ms: self.last_received as f64 / 1_000.0,
        })
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
