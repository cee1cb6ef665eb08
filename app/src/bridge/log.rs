//! Numbers the events, and keeps the last ones for a page that was reloaded.

use std::collections::VecDeque;

use protocol::{BRIDGE_EVENTS_KEPT, BridgeEvent, NumberedEvent};

/// The events of this load of the frame.
#[derive(Debug, Default)]
pub(super) struct Log {
    kept: VecDeque<NumberedEvent>,
    last: u64,
}

/// What a page that greets gets of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// Nothing but where things stand.
    Now,
    /// What came after this event.
    After(u64),
}

/// Where things stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The participant is in the room.
    pub(super) inside: bool,
    /// When the token ends: milliseconds since 1970-01-01 UTC.
    pub(super) token_ends_at: Option<u64>,
}

impl Standing {
    /// Whether an event of before still holds.
    fn holds(self, event: &BridgeEvent) -> bool {
        match event {
            BridgeEvent::Ready {} | BridgeEvent::ReadyToJoin {} => true,
            BridgeEvent::Join(_) => self.inside,
            BridgeEvent::Left { .. } => !self.inside,
            BridgeEvent::TokenExpiring { ends_at, .. } => self.token_ends_at == Some(*ends_at),
            _ => false,
        }
    }
}

impl Log {
    /// The number of the last event.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The number of the oldest event that is kept, or of the next one.
    pub(super) fn first(&self) -> u64 {
        self.kept.front().map_or(self.last + 1, |event| event.n)
    }

    /// Events after this one, oldest first.
    pub(super) fn since(&self, n: u64) -> impl Iterator<Item = &BridgeEvent> {
        let later = self.kept.iter().filter(move |event| event.n > n);
        later.map(|event| &event.event)
    }

    /// Gives an event its number. The oldest one makes room.
    pub(super) fn add(&mut self, event: BridgeEvent) -> NumberedEvent {
        self.last += 1;
        let event = NumberedEvent {
            n: self.last,
            event,
            again: false,
        };
        if self.kept.len() >= BRIDGE_EVENTS_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(event.clone());
        event
    }

    /// What to tell a page that has just come. Events that say where things
    /// stand are told again, so that nobody waits for what is over.
    pub(super) fn replay(&self, past: Past, standing: Standing) -> Vec<NumberedEvent> {
        match past {
            Past::After(seen) => {
                let missed = self.kept.iter().filter(|event| event.n > seen);
                missed.cloned().collect()
            }
            Past::Now => self.standing(standing),
        }
    }

    /// Of each that still holds, the newest one.
    fn standing(&self, standing: Standing) -> Vec<NumberedEvent> {
        let mut told: Vec<NumberedEvent> = Vec::new();
        // an end is also that of the welcome
        let mut ended = false;
        for event in self.kept.iter().rev() {
            ended |= matches!(event.event, BridgeEvent::Left { .. });
            let over = ended && event.event == BridgeEvent::ReadyToJoin {};
            let kind = std::mem::discriminant(&event.event);
            let newer = |one: &NumberedEvent| std::mem::discriminant(&one.event) == kind;
            if standing.holds(&event.event) && !over && !told.iter().any(newer) {
                let again = true;
                told.push(NumberedEvent {
                    again,
                    ..event.clone()
                });
            }
        }
        told.reverse();
        told
    }
}

#[cfg(test)]
mod tests {
    use protocol::{BridgePerson, LeftBy, LeftReason, LeftWord};

    use super::*;

    const INSIDE: Standing = Standing {
        inside: true,
        token_ends_at: None,
    };

    fn join() -> BridgeEvent {
        BridgeEvent::Join(BridgePerson {
            peer_id: None,
            display_name: "Ann".into(),
        })
    }

    fn numbers(events: &[NumberedEvent]) -> Vec<u64> {
        events.iter().map(|event| event.n).collect()
    }

    #[test]
    fn who_resumes_gets_what_was_missed_once_and_in_order() {
        let mut log = Log::default();
        for event in [BridgeEvent::Ready {}, BridgeEvent::ReadyToJoin {}, join()] {
            log.add(event);
        }
        let missed = log.replay(Past::After(1), INSIDE);
        assert_eq!(numbers(&missed), [2, 3]);
        assert_eq!(log.since(1).last(), Some(&join()));
        assert!(missed.iter().all(|event| !event.again));
        assert!(log.replay(Past::After(3), INSIDE).is_empty());
    }

    #[test]
    fn who_comes_late_is_told_again_where_things_stand() {
        let mut log = Log::default();
        for event in [
            BridgeEvent::Ready {},
            BridgeEvent::ReadyToJoin {},
            BridgeEvent::PlayingAudioPrevent {},
            join(),
        ] {
            log.add(event);
        }
        let told = log.replay(Past::Now, INSIDE);
        assert_eq!(numbers(&told), [1, 2, 4]);
        assert!(told.iter().all(|event| event.again));
        let outside = Standing::default();
        assert_eq!(numbers(&log.replay(Past::Now, outside)), [1, 2]);
    }

    #[test]
    fn who_comes_after_the_end_is_told_of_it_and_of_a_token_that_still_ends() {
        let mut log = Log::default();
        let left = || BridgeEvent::Left {
            reason: LeftReason::Left(LeftWord::Left),
            by: LeftBy::Host,
            can_rejoin: true,
        };
        let expiring = |ends_at| BridgeEvent::TokenExpiring { ends_at, left: 5 };
        for event in [
            BridgeEvent::ReadyToJoin {},
            join(),
            expiring(7),
            left(),
            join(),
            expiring(9),
            left(),
        ] {
            log.add(event);
        }
        let outside = Standing {
            inside: false,
            token_ends_at: Some(9),
        };
        assert_eq!(numbers(&log.replay(Past::Now, outside)), [6, 7]);
        assert_eq!(numbers(&log.replay(Past::Now, INSIDE)), [5]);
    }

    #[test]
    fn the_oldest_events_make_room() {
        let mut log = Log::default();
        for _ in 0..=BRIDGE_EVENTS_KEPT {
            log.add(BridgeEvent::Disconnected {});
        }
        assert_eq!(log.first(), 2);
        assert_eq!(log.last(), 1_001);
        assert_eq!(log.replay(Past::After(0), INSIDE).len(), BRIDGE_EVENTS_KEPT);
    }
}
