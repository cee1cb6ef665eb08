//! Losing the socket, coming back, and going.
//!
//! A seat waits for its participant. Whoever leads may be lost or go as well:
//! what they decided stays in force until the room ends with its last seat and
//! the last one who waits.

use protocol::{Ended, ErrorCode, PeerId, RoomEvent, ServerMessage};

use super::{
    Audience, Effect, Resume, RoomState, SessionId,
    arrival::replaced,
    journal,
    seat::Presence,
    state::{send, turn_away},
};
use crate::clock::Now;

impl RoomState {
    /// Gives a seat back to its participant, with what they missed.
    pub(super) fn resume(&mut self, resume: Resume, now: Now) -> Vec<Effect> {
        let (session, re) = (resume.session, resume.re);
        let Some(seat) = self.seats.get(&resume.peer) else {
            return turn_away(session, re, ErrorCode::SeatGone, "The seat is gone").into();
        };
        if seat.id != resume.seat {
            let why = "Another session took the seat";
            return turn_away(session, re, ErrorCode::Replaced, why).into();
        }
        // what changes here comes before the rest: it belongs to what was missed
        let mut effects = self.sit_down(&resume.peer, session);
        effects.extend(self.follow(now));
        let missed = self.events.after(resume.last_event);
        effects.push(self.welcome(session, re, &resume.peer, Some(missed.is_some())));
        if let Some(events) = missed {
            if !events.is_empty() {
                effects.push(Effect::Replay { session, events });
            }
            let count = self.tally.viewers();
            effects.push(send(session, None, ServerMessage::Audience { count }));
        }
        effects.extend(self.levels(session, &resume.peer));
        effects.extend(self.open_desk(&resume.peer));
        effects.push(Effect::RefreshMedia(resume.peer));
        effects
    }

    /// Somebody has a socket again.
    fn sit_down(&mut self, peer: &PeerId, session: SessionId) -> Vec<Effect> {
        let mut was = Presence::Here(session);
        self.alter(peer, |seat| {
            was = std::mem::replace(&mut seat.presence, Presence::Here(session));
        });
        self.sessions.insert(session, peer.clone());
        match was {
            Presence::Here(old) => {
                self.sessions.remove(&old);
                vec![replaced(old)]
            }
            Presence::Away { due, .. } => {
                self.absences.remove(&(due, peer.clone()));
                let others = Audience::AllBut(session);
                let told = self.set_connected(peer, true, others);
                told.into_iter().collect()
            }
        }
    }

    /// A socket is gone. The seat waits; who waited for a seat is gone as well.
    pub(super) fn detach(&mut self, session: SessionId, now: Now) -> Vec<Effect> {
        if let Some(waiter) = self.lobby.take_session(session) {
            self.desk.lobby_changed(&waiter.join.peer);
            return Vec::new();
        }
        let Some(peer) = self.sessions.remove(&session) else {
            return Vec::new();
        };
        let since = now.instant;
        let due = since + self.limits.notice.min(self.limits.grace);
        self.alter(&peer, |seat| seat.presence = Presence::Away { since, due });
        self.absences.insert((due, peer));
        self.follow(now)
    }

    /// Tells of those who are away for some time, lets go of those who are away
    /// for too long, and does whatever else had to wait.
    pub(super) fn tick(&mut self, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some((due, _)) = self.absences.first()
            && *due <= now.instant
            && let Some((due, peer)) = self.absences.pop_first()
        {
            effects.extend(self.miss(&peer, due, now));
        }
        effects.extend(self.follow(now));
        effects.extend(self.go_on_admitting(now));
        effects
    }

    fn miss(&mut self, peer: &PeerId, was_due: std::time::Instant, now: Now) -> Vec<Effect> {
        let grace = self.limits.grace;
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        let Presence::Away { since, due } = &mut seat.presence else {
            return Vec::new();
        };
        debug_assert_eq!(*due, was_due, "each absence is listed once");
        let gone_at = *since + grace;
        if gone_at <= now.instant {
            return self.vacate(peer, false);
        }
        *due = gone_at;
        self.absences.insert((gone_at, peer.clone()));
        let told = self.set_connected(peer, false, Audience::All);
        told.into_iter().collect()
    }

    /// The media plane could not take somebody in, or lost track of what they
    /// may send, after they were welcomed.
    pub(super) fn media_refused(&mut self, peer: &PeerId, now: Now) -> Vec<Effect> {
        let session = self.session_of(peer);
        let mut effects = self.remove(peer, now);
        effects.extend(session.map(|session| Effect::End {
            session,
            ended: Some(Ended {
                code: ErrorCode::MediaUnavailable,
                message: "The media plane cannot take more participants".to_owned(),
                retry_after_ms: Some(2_000),
            }),
        }));
        effects
    }

    /// Takes a seat away. Its session, if any, is not ended.
    pub(super) fn remove(&mut self, peer: &PeerId, now: Now) -> Vec<Effect> {
        let session = self.session_of(peer);
        let mut effects = self.vacate(peer, false);
        let others = session.map_or(Audience::All, Audience::AllBut);
        effects.extend(self.follow_for(others, now));
        effects
    }

    /// The same without what follows for the room. `replaced`: somebody takes a
    /// seat under the same id right now.
    pub(super) fn vacate(&mut self, peer: &PeerId, replaced: bool) -> Vec<Effect> {
        let Some(seat) = self.seats.remove(peer) else {
            return Vec::new();
        };
        self.tally.remove(&seat);
        self.leaves += u64::from(!seat.is_hidden());
        match seat.presence {
            Presence::Here(session) => drop(self.sessions.remove(&session)),
            Presence::Away { due, .. } => drop(self.absences.remove(&(due, peer.clone()))),
        }
        let mut effects = vec![Effect::RemoveMedia(peer.clone())];
        effects.extend(journal::closed(&seat, replaced));
        if seat.is_on_stage() {
            self.speakers.retain(|speaker| speaker != peer);
            let left = RoomEvent::Left { peer: peer.clone() };
            let to = seat.session().map_or(Audience::All, Audience::AllBut);
            effects.push(self.event(left, to));
        } else if seat.is_viewer() {
            self.desk.viewer_changed(peer);
        }
        effects
    }

    /// Notes whether somebody is connected, and tells those whom it concerns.
    fn set_connected(&mut self, peer: &PeerId, connected: bool, to: Audience) -> Option<Effect> {
        let seat = self.seats.get_mut(peer)?;
        let was = std::mem::replace(&mut seat.participant.connected, connected);
        if was == connected {
            return None;
        }
        if !seat.is_on_stage() {
            if seat.is_viewer() {
                self.desk.viewer_changed(peer);
            }
            return None;
        }
        let event = RoomEvent::ConnectedChanged {
            peer: peer.clone(),
            connected,
        };
        Some(self.event(event, to))
    }
}
