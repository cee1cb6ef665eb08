//! Events of one room that wait for the room's task.
//!
//! The channel is bounded and never waited for. What does not fit stays here
//! as state: the newest value per slot, participant and kind, so that the size
//! is bounded by the room and only intermediate states are lost.

use std::collections::BTreeMap;

use protocol::{PeerId, Quality, QualityScore, SlotAssignment, TrackRef};
use tokio::sync::mpsc::{Sender, error::TrySendError};

use crate::MediaEvent;

/// What waits, and where it goes.
pub(super) struct Outbox {
    sender: Sender<MediaEvent>,
    waiting: Waiting,
}

#[derive(Default)]
struct Waiting {
    connections: BTreeMap<PeerId, bool>,
    slots: BTreeMap<PeerId, BTreeMap<String, Option<TrackRef>>>,
    speakers: Option<Vec<PeerId>>,
    quality: BTreeMap<PeerId, QualityScore>,
}

impl Outbox {
    pub(super) fn new(sender: Sender<MediaEvent>) -> Self {
        Self {
            sender,
            waiting: Waiting::default(),
        }
    }

    pub(super) fn connection(&mut self, peer: &PeerId, connected: bool) {
        self.waiting.connections.insert(peer.clone(), connected);
    }

    pub(super) fn slot(&mut self, peer: &PeerId, mid: String, track: Option<TrackRef>) {
        let slots = self.waiting.slots.entry(peer.clone()).or_default();
        slots.insert(mid, track);
    }

    pub(super) fn speakers(&mut self, peers: Vec<PeerId>) {
        self.waiting.speakers = Some(peers);
    }

    pub(super) fn quality(&mut self, peer: &PeerId, score: QualityScore) {
        self.waiting.quality.insert(peer.clone(), score);
    }

    /// Drops what waits about a participant who is gone.
    pub(super) fn forget(&mut self, peer: &PeerId) {
        self.waiting.connections.remove(peer);
        self.waiting.slots.remove(peer);
        self.waiting.quality.remove(peer);
    }

    /// Sends what the channel takes. Returns whether something is left because
    /// the channel is full.
    pub(super) fn deliver(&mut self) -> bool {
        while !self.waiting.is_empty() {
            match self.sender.try_reserve() {
                Ok(permit) => {
                    if let Some(event) = self.waiting.next() {
                        permit.send(event);
                    }
                }
                Err(TrySendError::Full(())) => return true,
                // nobody listens: the room is about to be closed
                Err(TrySendError::Closed(())) => self.waiting = Waiting::default(),
            }
        }
        false
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.connections.is_empty()
            && self.slots.is_empty()
            && self.speakers.is_none()
            && self.quality.is_empty()
    }

    fn next(&mut self) -> Option<MediaEvent> {
        if let Some((peer, connected)) = self.connections.pop_first() {
            return Some(MediaEvent::Connection { peer, connected });
        }
        if let Some((peer, changed)) = self.slots.pop_first() {
            let slots = changed.into_iter();
            let slots = slots.map(|(slot, track)| SlotAssignment { slot, track });
            return Some(MediaEvent::SlotsAssigned {
                peer,
                slots: slots.collect(),
            });
        }
        if let Some(peers) = self.speakers.take() {
            return Some(MediaEvent::Speakers { peers });
        }
        let changes: Vec<Quality> = std::mem::take(&mut self.quality)
            .into_iter()
            .map(|(peer, score)| Quality { peer, score })
            .collect();
        (!changes.is_empty()).then_some(MediaEvent::Quality { changes })
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn peer(name: &str) -> PeerId {
        PeerId::parse(name).unwrap()
    }

    #[test]
    fn a_full_queue_keeps_the_newest_state_of_each_slot() {
        let (sender, mut receiver) = mpsc::channel(1);
        let mut outbox = Outbox::new(sender);
        outbox.speakers(vec![peer("a")]);
        assert!(!outbox.deliver());
        for round in 0..100 {
            let source = protocol::Source::Camera;
            let track = (round % 2 == 1).then(|| TrackRef {
                peer: peer("a"),
                source,
            });
            outbox.slot(&peer("b"), "3".to_owned(), track);
            outbox.connection(&peer("b"), round % 2 == 0);
            assert!(outbox.deliver());
        }
        let mut events = Vec::new();
        while let Ok(event) = receiver.try_recv() {
            events.push(event);
            outbox.deliver();
        }
        assert_eq!(events.len(), 3);
        assert_eq!(
            events[1],
            MediaEvent::Connection {
                peer: peer("b"),
                connected: false
            }
        );
        let MediaEvent::SlotsAssigned { slots, .. } = &events[2] else {
            panic!("{:?}", events[2]);
        };
        assert!(slots[0].track.is_some());
        assert!(outbox.waiting.is_empty());
    }

    #[test]
    fn a_closed_queue_keeps_nothing() {
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        let mut outbox = Outbox::new(sender);
        outbox.speakers(vec![peer("a")]);
        assert!(!outbox.deliver());
        assert!(outbox.waiting.is_empty());
    }
}
