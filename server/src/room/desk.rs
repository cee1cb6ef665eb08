//! What moderators are told besides all others, who the viewers are and who
//! waits, and what everybody is told of the viewers: how many there are.
//!
//! Changes are gathered and told in batches: a thousand viewers who come within
//! a second are four messages to each moderator and one to everybody.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use protocol::{PeerId, Role, ServerMessage};

use super::{
    Effect, RoomState, SessionId,
    levels::quality,
    pace::Pace,
    seat::Seat,
    state::{send, to_all},
};
use crate::clock::Now;

/// What moderators have not been told yet.
#[derive(Debug)]
pub(super) struct Desk {
    pace: Pace,
    lobby: BTreeSet<PeerId>,
    viewers: BTreeSet<PeerId>,
    quality: BTreeSet<PeerId>,
}

impl Desk {
    pub(super) fn new(pause: Duration) -> Self {
        Self {
            pace: Pace::new(pause),
            lobby: BTreeSet::new(),
            viewers: BTreeSet::new(),
            quality: BTreeSet::new(),
        }
    }

    /// Somebody waits, or waits no more.
    pub(super) fn lobby_changed(&mut self, peer: &PeerId) {
        self.lobby.insert(peer.clone());
    }

    /// A viewer came, changed, or is none any more.
    pub(super) fn viewer_changed(&mut self, peer: &PeerId) {
        self.viewers.insert(peer.clone());
    }

    /// A viewer's connection got better or worse.
    pub(super) fn quality_changed(&mut self, peer: &PeerId) {
        self.quality.insert(peer.clone());
    }

    fn is_empty(&self) -> bool {
        self.lobby.is_empty() && self.viewers.is_empty() && self.quality.is_empty()
    }

    fn clear(&mut self) {
        self.lobby.clear();
        self.viewers.clear();
        self.quality.clear();
    }
}

/// How many viewers everybody knows of.
#[derive(Debug)]
pub(super) struct ViewerCount {
    pace: Pace,
    told: u32,
}

impl ViewerCount {
    pub(super) fn new(pause: Duration) -> Self {
        Self {
            pace: Pace::new(pause),
            told: 0,
        }
    }
}

impl RoomState {
    /// Tells what has not been told yet, as far as it is time for it.
    pub(super) fn report(&mut self, now: Now) -> Vec<Effect> {
        let mut effects = self.report_to_moderators(now);
        let count = self.tally.viewers();
        if count != self.viewer_count.told && self.viewer_count.pace.go(now.instant) {
            self.viewer_count.told = count;
            effects.push(to_all(ServerMessage::Audience { count }));
        }
        effects
    }

    /// When there is something to tell again.
    pub(super) fn report_due(&self) -> Option<Instant> {
        let moderators = (!self.desk.is_empty()).then(|| self.desk.pace.next());
        let uncounted = self.tally.viewers() != self.viewer_count.told;
        let count = uncounted.then(|| self.viewer_count.pace.next());
        [moderators, count].into_iter().flatten().flatten().min()
    }

    fn report_to_moderators(&mut self, now: Now) -> Vec<Effect> {
        if self.desk.is_empty() {
            return Vec::new();
        }
        let sessions: Vec<SessionId> = self.moderator_sessions().collect();
        if sessions.is_empty() {
            // who comes to lead, or comes back, is told everything
            self.desk.clear();
            return Vec::new();
        }
        if !self.desk.pace.go(now.instant) {
            return Vec::new();
        }
        let messages = self.changes();
        self.desk.clear();
        let to_each = |session| messages.iter().map(move |m| send(session, None, m.clone()));
        sessions.into_iter().flat_map(to_each).collect()
    }

    fn moderator_sessions(&self) -> impl Iterator<Item = SessionId> {
        let moderators = self.tally.moderators();
        moderators.filter_map(|peer| self.session_of(peer))
    }

    /// Whatever happened meanwhile: how it is now is what is told.
    fn changes(&self) -> Vec<ServerMessage> {
        let mut messages = Vec::new();
        if !self.desk.lobby.is_empty() {
            let changed = self.desk.lobby.iter();
            let (here, gone): (Vec<_>, Vec<_>) = changed.partition(|peer| self.lobby.has(peer));
            messages.push(ServerMessage::Lobby {
                reset: false,
                waiting: here
                    .into_iter()
                    .filter_map(|p| self.lobby.told(p))
                    .collect(),
                gone: gone.into_iter().cloned().collect(),
            });
        }
        if !self.desk.viewers.is_empty() {
            let changed = self.desk.viewers.iter();
            let (here, gone): (Vec<_>, Vec<_>) = changed.partition(|peer| self.is_viewer(peer));
            let viewers = here.into_iter().filter_map(|peer| self.seats.get(peer));
            messages.push(ServerMessage::Viewers {
                reset: false,
                viewers: viewers.map(|seat| seat.participant.clone()).collect(),
                gone: gone.into_iter().cloned().collect(),
            });
        }
        let changed = self.desk.quality.iter().filter(|peer| self.is_viewer(peer));
        let changes: Vec<_> = changed
            .filter_map(|peer| self.seats.get(peer).and_then(quality))
            .collect();
        if !changes.is_empty() {
            messages.push(ServerMessage::Quality { changes });
        }
        messages
    }

    fn is_viewer(&self, peer: &PeerId) -> bool {
        let seat = self.seats.get(peer);
        seat.is_some_and(Seat::is_viewer)
    }

    /// All that only moderators are told, for one who came in, came back or
    /// has just become one. Nothing for others.
    pub(super) fn open_desk(&self, peer: &PeerId) -> Vec<Effect> {
        let seat = self.seats.get(peer).filter(|s| s.role() == Role::Moderator);
        let Some(session) = seat.and_then(|seat| seat.session()) else {
            return Vec::new();
        };
        let mut viewers: Vec<_> = self.seats.values().filter(|s| s.is_viewer()).collect();
        viewers.sort_unstable_by_key(|seat| seat.order);
        let changes: Vec<_> = viewers.iter().filter_map(|seat| quality(seat)).collect();
        let lobby = ServerMessage::Lobby {
            reset: true,
            waiting: self.lobby.list(),
            gone: Vec::new(),
        };
        let viewers = ServerMessage::Viewers {
            reset: true,
            viewers: viewers.iter().map(|s| s.participant.clone()).collect(),
            gone: Vec::new(),
        };
        let mut effects = vec![send(session, None, lobby), send(session, None, viewers)];
        if !changes.is_empty() {
            effects.push(send(session, None, ServerMessage::Quality { changes }));
        }
        effects
    }

    /// Takes the lists away from somebody who leads no more.
    pub(super) fn close_desk(&self, peer: &PeerId) -> Vec<Effect> {
        let lobby = ServerMessage::Lobby {
            reset: true,
            waiting: Vec::new(),
            gone: Vec::new(),
        };
        let viewers = ServerMessage::Viewers {
            reset: true,
            viewers: Vec::new(),
            gone: Vec::new(),
        };
        let session = self.session_of(peer);
        session.map_or_else(Vec::new, |session| {
            vec![send(session, None, lobby), send(session, None, viewers)]
        })
    }
}
