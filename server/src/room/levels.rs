//! Who speaks, and how good connections are: not numbered, the newest replaces
//! what was said before.
//!
//! How good a viewer's connection is interests the viewer and the moderators
//! alone.

use media::MediaEvent;
use protocol::{PeerId, Quality, QualityScore, ServerMessage};

use super::{
    Effect, RoomState, SessionId,
    seat::Seat,
    state::{send, to_all},
};

impl RoomState {
    pub(super) fn media_event(&mut self, event: MediaEvent) -> Vec<Effect> {
        match event {
            MediaEvent::SlotsAssigned { peer, slots } => self
                .session_of(&peer)
                .map(|session| send(session, None, ServerMessage::SlotAssigned { slots }))
                .into_iter()
                .collect(),
            MediaEvent::Speakers { peers } => self.speakers_changed(peers),
            MediaEvent::Quality { changes } => self.quality_changed(changes),
            MediaEvent::Connection { peer, connected } if !connected => {
                let score = QualityScore::Lost;
                self.quality_changed(vec![Quality { peer, score }])
            }
            // how good it is then is measured and told by the media plane
            MediaEvent::Connection { .. } => Vec::new(),
        }
    }

    /// What is not numbered, for somebody who came in or came back.
    pub(super) fn levels(&self, session: SessionId, peer: &PeerId) -> Vec<Effect> {
        let speakers = ServerMessage::Speakers {
            peers: self.speakers.clone(),
        };
        let stage = self.tally.stage().filter_map(|peer| self.seats.get(peer));
        let own = self.seats.get(peer).filter(|seat| !seat.is_on_stage());
        let mut changes: Vec<Quality> = stage.chain(own).filter_map(quality).collect();
        changes.sort_by(|a, b| a.peer.cmp(&b.peer));
        let mut effects = vec![send(session, None, speakers)];
        if !changes.is_empty() {
            effects.push(send(session, None, ServerMessage::Quality { changes }));
        }
        effects
    }

    /// Somebody's quality, for all: they came on stage.
    pub(super) fn show_quality(&self, peer: &PeerId) -> Option<Effect> {
        let changes = vec![quality(self.seats.get(peer)?)?];
        Some(to_all(ServerMessage::Quality { changes }))
    }

    /// Who of those on stage speaks, told only when it is not as it was.
    fn speakers_changed(&mut self, peers: Vec<PeerId>) -> Vec<Effect> {
        let on_stage = |peer: &PeerId| self.seats.get(peer).is_some_and(Seat::is_on_stage);
        let peers: Vec<PeerId> = peers.into_iter().filter(on_stage).collect();
        if self.speakers == peers {
            return Vec::new();
        }
        self.speakers.clone_from(&peers);
        vec![to_all(ServerMessage::Speakers { peers })]
    }

    fn quality_changed(&mut self, changes: Vec<Quality>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut stage = Vec::new();
        for change in changes {
            let Some(seat) = self.seats.get_mut(&change.peer) else {
                continue;
            };
            if seat.quality.replace(change.score) == Some(change.score) {
                continue;
            }
            if seat.is_on_stage() {
                stage.push(change);
                continue;
            }
            if seat.is_viewer() {
                self.desk.quality_changed(&change.peer);
            }
            effects.extend(seat.session().map(|session| {
                let changes = vec![change];
                send(session, None, ServerMessage::Quality { changes })
            }));
        }
        if !stage.is_empty() {
            effects.push(to_all(ServerMessage::Quality { changes: stage }));
        }
        effects
    }
}

/// How good somebody's connection is, if it is known.
pub(super) fn quality(seat: &Seat) -> Option<Quality> {
    Some(Quality {
        peer: seat.peer().clone(),
        score: seat.quality?,
    })
}
