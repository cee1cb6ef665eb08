//! The state of one room, without I/O: a command and the time go in, effects
//! come out.
//!
//! Owns the seats and what is common to all of them. Coming and going stands
//! in `presence`, what participants ask for in `requests`.

use std::{collections::HashMap, time::Instant};

use media::MediaEvent;
use protocol::{
    ErrorCode, Participant, PeerId, Quality, QualityScore, RoomEvent, RoomId, ServerMessage,
    Snapshot, WireError,
};

use super::{
    Audience, Command, Effect, SessionId,
    chat::Chat,
    events::EventLog,
    seat::{Presence, Seat},
};
use crate::{
    clock::{Now, UnixMillis},
    db::StoredRoom,
    limits::RoomLimits,
};

/// The state of one room.
#[derive(Debug)]
pub struct RoomState {
    pub(super) id: RoomId,
    pub(super) created_at: UnixMillis,
    pub(super) limits: RoomLimits,
    pub(super) seats: HashMap<PeerId, Seat>,
    /// The seats that have a socket.
    pub(super) sessions: HashMap<SessionId, PeerId>,
    pub(super) joins: u64,
    pub(super) events: EventLog,
    pub(super) chat: Chat,
    speakers: Vec<PeerId>,
    quality: HashMap<PeerId, QualityScore>,
}

impl RoomState {
    /// An empty room, with the chat that a stopped server may have left.
    #[must_use]
    pub fn new(id: RoomId, stored: StoredRoom, limits: RoomLimits) -> Self {
        Self {
            id,
            created_at: stored.created_at,
            chat: Chat::new(stored.chat, &limits),
            events: EventLog::new(limits.events),
            limits,
            seats: HashMap::new(),
            sessions: HashMap::new(),
            joins: 0,
            speakers: Vec::new(),
            quality: HashMap::new(),
        }
    }

    /// Does what a command says and tells what is to be done outside.
    pub fn apply(&mut self, command: Command, now: Now) -> Vec<Effect> {
        match command {
            Command::Join(join) => self.join(join, now),
            Command::Resume(resume) => self.resume(resume),
            Command::Request {
                session,
                re,
                request,
            } => self.request(session, re, request, now),
            Command::Detach(session) => self.detach(session, now),
            Command::ChatStored => self.chat_stored(),
            Command::ChatFailed => self.chat_failed(),
            Command::OfferDone(done) => self.offer_done(done),
            Command::MediaRefused(peer) => self.media_refused(&peer),
            Command::Media(event) => self.media_event(event),
            Command::Tick => self.tick(now),
        }
    }

    /// When [`Command::Tick`] should come, if nothing else does before.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if self.sessions.len() == self.seats.len() {
            return None;
        }
        self.seats
            .values()
            .filter_map(|seat| self.seat_deadline(seat))
            .min()
    }

    /// Whether nobody has a seat and everything is stored.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.seats.is_empty() && self.chat.is_stored()
    }

    /// How many seats there are.
    #[must_use]
    pub fn seats(&self) -> usize {
        self.seats.len()
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let mut seats: Vec<&Seat> = self.seats.values().collect();
        seats.sort_by_key(|seat| seat.order);
        Snapshot {
            room_id: self.id.clone(),
            created_at: self.created_at.get(),
            last_event: self.events.last(),
            participants: participants(&seats),
            chat: self.chat.history(),
        }
    }

    pub(super) fn event(&mut self, event: RoomEvent, to: Audience) -> Effect {
        let n = self.events.push(event.clone());
        Effect::Broadcast {
            to,
            message: ServerMessage::Event { n, event },
        }
    }

    /// What is not numbered, for somebody who came in or came back.
    pub(super) fn levels(&self, session: SessionId) -> Vec<Effect> {
        let speakers = ServerMessage::Speakers {
            peers: self.speakers.clone(),
        };
        let mut changes: Vec<Quality> = self.quality.iter().map(quality).collect();
        changes.sort_by(|a, b| a.peer.cmp(&b.peer));
        let mut effects = vec![send(session, None, speakers)];
        if !changes.is_empty() {
            effects.push(send(session, None, ServerMessage::Quality { changes }));
        }
        effects
    }

    /// Forgets what was told about somebody who left.
    pub(super) fn forget_levels(&mut self, peer: &PeerId) {
        self.speakers.retain(|speaker| speaker != peer);
        self.quality.remove(peer);
    }

    fn media_event(&mut self, event: MediaEvent) -> Vec<Effect> {
        match event {
            MediaEvent::SlotsAssigned { peer, slots } => self
                .seats
                .get(&peer)
                .and_then(Seat::session)
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

    /// The media plane repeats itself for those who come back; all others
    /// hear it once.
    fn speakers_changed(&mut self, peers: Vec<PeerId>) -> Vec<Effect> {
        let peers: Vec<PeerId> = peers
            .into_iter()
            .filter(|peer| self.seats.contains_key(peer))
            .collect();
        if self.speakers == peers {
            return Vec::new();
        }
        self.speakers.clone_from(&peers);
        vec![to_all(ServerMessage::Speakers { peers })]
    }

    fn quality_changed(&mut self, changes: Vec<Quality>) -> Vec<Effect> {
        let changes: Vec<Quality> = changes
            .into_iter()
            .filter(|change| self.seats.contains_key(&change.peer))
            .filter(|change| {
                self.quality.insert(change.peer.clone(), change.score) != Some(change.score)
            })
            .collect();
        if changes.is_empty() {
            return Vec::new();
        }
        vec![to_all(ServerMessage::Quality { changes })]
    }

    fn seat_deadline(&self, seat: &Seat) -> Option<Instant> {
        let Presence::Away(since) = seat.presence else {
            return None;
        };
        let wait = if seat.participant.connected {
            self.limits.notice.min(self.limits.grace)
        } else {
            self.limits.grace
        };
        Some(since + wait)
    }
}

fn participants(seats: &[&Seat]) -> Vec<Participant> {
    seats.iter().map(|seat| seat.participant.clone()).collect()
}

fn quality((peer, score): (&PeerId, &QualityScore)) -> Quality {
    Quality {
        peer: peer.clone(),
        score: *score,
    }
}

pub(super) fn send(session: SessionId, re: Option<u32>, message: ServerMessage) -> Effect {
    Effect::Send {
        session,
        re,
        message,
    }
}

pub(super) fn ok(session: SessionId, re: u32) -> Effect {
    send(session, Some(re), ServerMessage::Ok)
}

pub(super) fn refuse(session: SessionId, re: u32, code: ErrorCode, message: &str) -> Effect {
    let error = WireError::new(code, message);
    send(session, Some(re), ServerMessage::Error(error))
}

pub(super) fn to_all(message: ServerMessage) -> Effect {
    Effect::Broadcast {
        to: Audience::All,
        message,
    }
}
