//! The state of one room, without I/O: a command and the time go in, effects
//! come out.
//!
//! Owns the seats and what is common to all of them. Who comes in stands in
//! `arrival`, who is lost and comes back in `presence`, what participants ask
//! for in `requests`, what moderators do in `moderation`, what an integrator's
//! server wants in `orders`.

use std::{
    collections::{BTreeSet, HashMap},
    time::Instant,
};

use protocol::{
    Ended, ErrorCode, NoRecording, PeerId, Recording, RoomEvent, RoomId, RoomSettings,
    ServerMessage, Snapshot, WireError,
};

use super::{
    Audience, Claims, Command, Effect, Granted, Plan, SessionId, YouTo,
    admittance::Rush,
    chat::Chat,
    decisions::{Decisions, Kept},
    desk::{Desk, ViewerCount},
    events::EventLog,
    lobby::Lobby,
    memory::Memory,
    recording::recorded,
    seat::Seat,
    settings::{Orphans, Rules},
    tally::Tally,
};
use crate::{
    clock::{Now, UnixMillis},
    db::StoredRoom,
    limits::RoomLimits,
    metrics::Headcount,
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
    /// The seats that have none, by when something follows from it.
    pub(super) absences: BTreeSet<(Instant, PeerId)>,
    /// How many seats were taken.
    pub(super) joins: u64,
    /// How many seats were given up.
    pub(super) leaves: u64,
    /// How many joined or came on stage.
    pub(super) arrivals: u64,
    pub(super) tally: Tally,
    pub(super) events: EventLog,
    pub(super) chat: Chat,
    pub(super) speakers: Vec<PeerId>,
    pub(super) rules: Rules,
    /// What holds, as everybody was told.
    pub(super) settings: RoomSettings,
    /// The recording, as everybody was told.
    pub(super) recording: Option<Recording>,
    /// Why no recording can be started.
    pub(super) no_recording: Option<NoRecording>,
    pub(super) orphans: Orphans,
    pub(super) lobby: Lobby,
    pub(super) rush: Rush,
    pub(super) memory: Memory,
    pub(super) desk: Desk,
    pub(super) viewer_count: ViewerCount,
    /// When the last hand was raised.
    pub(super) last_hand: u64,
    /// A moderator ended the meeting.
    pub(super) ended: bool,
    pub(super) kept: Kept,
}

impl RoomState {
    /// An empty room, with the chat that a stopped server may have left.
    #[must_use]
    pub fn new(id: RoomId, stored: StoredRoom, limits: RoomLimits) -> Self {
        let decisions = Decisions::read(stored.decisions.as_deref());
        let kept = Kept::of(&decisions);
        let planned = stored.plan.filter(|_| stored.decisions.is_none());
        let rules = planned.map_or(decisions.rules, |plan| Rules::planned(&Plan::read(&plan)));
        Self {
            id,
            created_at: stored.created_at,
            chat: Chat::new(stored.chat, &limits),
            events: EventLog::new(limits.events),
            memory: Memory::new(limits.remembered, decisions.people),
            desk: Desk::new(limits.desk),
            viewer_count: ViewerCount::new(limits.audience),
            limits,
            seats: HashMap::new(),
            sessions: HashMap::new(),
            absences: BTreeSet::new(),
            joins: 0,
            leaves: 0,
            arrivals: 0,
            tally: Tally::default(),
            speakers: Vec::new(),
            rules,
            settings: RoomSettings::default(),
            recording: None,
            no_recording: None,
            orphans: Orphans::default(),
            lobby: Lobby::default(),
            rush: Rush::default(),
            last_hand: 0,
            ended: decisions.ended,
            kept,
        }
    }

    /// Does what a command says and tells what is to be done outside.
    pub fn apply(&mut self, command: Command, now: Now) -> Vec<Effect> {
        let mut effects = match command {
            Command::Join(join) => self.join(*join, now),
            Command::Resume(resume) => self.resume(resume, now),
            Command::Request {
                session,
                re,
                request,
            } => self.request(session, re, request, now),
            Command::Order(id, order) => self.order(id, *order, now),
            Command::Detach(session) => self.detach(session, now),
            Command::ChatStored => self.chat_stored(),
            Command::ChatCleared => self.chat_cleared(),
            Command::ChatFailed => self.chat_failed(),
            Command::DecisionsStored => self.decisions_stored(),
            Command::OfferDone(done) => self.offer_done(done),
            Command::MediaRefused(peer) => self.media_refused(&peer, now),
            Command::Media(event) => self.media_event(event),
            Command::Recording(recording) => self.recording_changed(recording),
            Command::NoRecording(why) => self.no_recording_changed(why),
            Command::Recorded { session, re, done } => vec![recorded(session, re, done)],
            Command::Tick => self.tick(now),
        };
        effects.extend(self.report(now));
        effects.extend(self.keep_decisions());
        effects
    }

    /// When [`Command::Tick`] should come, if nothing else does before.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let deadlines = [
            self.absences.first().map(|(due, _)| *due),
            self.orphans.deadline(self.limits.language),
            self.rush.deadline(),
            self.report_due(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Whether nobody has a seat or waits for one, and everything is stored.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_empty() && self.chat.is_stored()
    }

    /// Whether nobody has a seat or waits for one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seats() == 0 && self.lobby.is_empty()
    }

    /// How many people have a seat. The recorder is none of them.
    #[must_use]
    pub fn seats(&self) -> usize {
        self.seats.len() - self.tally.hidden()
    }

    /// Who is in the room, as numbers.
    #[must_use]
    pub fn headcount(&self) -> Headcount {
        Headcount {
            lobby: self.lobby.len(),
            sessions: self.sessions.len(),
            joins: self.joins,
            leaves: self.leaves,
            ..self.tally.roles()
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let stage = self.tally.stage().map(|peer| &self.seats[peer]);
        Snapshot {
            room_id: self.id.clone(),
            created_at: self.created_at.get(),
            last_event: self.events.last(),
            settings: self.settings.clone(),
            viewers: self.tally.viewers(),
            participants: stage.map(|seat| seat.participant.clone()).collect(),
            recording: self.recording.clone(),
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

    /// Changes somebody's seat, and what follows from it with it.
    pub(super) fn alter(&mut self, peer: &PeerId, change: impl FnOnce(&mut Seat)) {
        if let Some(seat) = self.seats.get_mut(peer) {
            self.tally.remove(seat);
            change(seat);
            self.tally.add(seat);
        }
    }

    pub(super) fn session_of(&self, peer: &PeerId) -> Option<SessionId> {
        self.seats.get(peer).and_then(Seat::session)
    }

    /// What somebody's tickets say.
    pub(super) fn granted(&self, seat: &Seat) -> Granted {
        Granted {
            role: seat.role(),
            admitted: true,
            ..self.granted_to(&seat.claims)
        }
    }

    /// What the ticket of somebody says who waits.
    pub(super) fn granted_to(&self, claims: &Claims) -> Granted {
        Granted {
            role: claims.role,
            meeting: self.created_at.get(),
            admitted: false,
            token: claims.token,
            interface: claims.interface,
            id_by: claims.id_by,
        }
    }

    /// Tells somebody what became of them, with a ticket that says the same.
    pub(super) fn tell_you(&self, peer: &PeerId) -> Option<Effect> {
        let seat = self.seats.get(peer)?;
        Some(Effect::You(Box::new(YouTo {
            session: seat.session()?,
            seat: seat.id,
            you: seat.you(self.no_recording),
            granted: self.granted(seat),
            ends_at: seat.claims.ends_at,
        })))
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

/// Refuses the first frame of a connection, and closes that.
pub(super) fn turn_away(session: SessionId, re: u32, code: ErrorCode, why: &str) -> [Effect; 2] {
    let close = Effect::End {
        session,
        ended: None,
    };
    [refuse(session, re, code, why), close]
}

/// Ends a session that does not come back by itself.
pub(super) fn end(session: SessionId, code: ErrorCode, why: &str) -> Effect {
    Effect::End {
        session,
        ended: Some(Ended {
            code,
            message: why.to_owned(),
            retry_after_ms: None,
        }),
    }
}

pub(super) fn to_all(message: ServerMessage) -> Effect {
    Effect::Broadcast {
        to: Audience::All,
        message,
    }
}
