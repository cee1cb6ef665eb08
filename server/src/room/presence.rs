//! Coming, going, and coming back.

use protocol::{Ended, ErrorCode, Participant, PeerId, RoomEvent};

use super::{
    Audience, Effect, Join, Resume, RoomState, SessionId, WelcomeTo,
    offers::Offers,
    seat::{Presence, Seat},
    state::refuse,
};
use crate::clock::Now;

impl RoomState {
    /// Gives a seat to somebody. Whoever had the participant's id goes: they
    /// have another media connection, so it is another participation.
    pub(super) fn join(&mut self, join: Join, now: Now) -> Vec<Effect> {
        let mut effects = self.replace(&join.peer);
        let (session, re, seat, peer) = (join.session, join.re, join.seat, join.peer.clone());
        self.joins += 1;
        let participant = Participant {
            id: join.peer,
            display_name: join.display_name,
            media: join.media,
            joined_at: now.unix.get(),
            connected: true,
        };
        self.sessions.insert(session, peer.clone());
        self.seats.insert(
            peer.clone(),
            Seat {
                id: seat,
                order: self.joins,
                participant: participant.clone(),
                presence: Presence::Here(session),
                offers: Offers::default(),
            },
        );
        let joined = RoomEvent::Joined { participant };
        effects.push(self.event(joined, Audience::AllBut(session)));
        effects.push(Effect::AddMedia(peer.clone()));
        effects.push(self.welcome(session, re, &peer, None));
        effects.extend(self.levels(session));
        effects
    }

    /// Gives a seat back to its participant, with what they missed.
    pub(super) fn resume(&mut self, resume: Resume) -> Vec<Effect> {
        let (session, re) = (resume.session, resume.re);
        let Some(seat) = self.seats.get_mut(&resume.peer) else {
            return turn_away(session, re, ErrorCode::SeatGone, "The seat is gone");
        };
        if seat.id != resume.seat {
            let why = "Another session took the seat";
            return turn_away(session, re, ErrorCode::Replaced, why);
        }
        let was = std::mem::replace(&mut seat.presence, Presence::Here(session));
        let told_lost = !std::mem::replace(&mut seat.participant.connected, true);
        self.sessions.insert(session, resume.peer.clone());
        let mut effects = Vec::new();
        if let Presence::Here(old) = was {
            self.sessions.remove(&old);
            effects.push(end(old, replaced()));
        }
        if told_lost {
            // before the rest: it is one of the events that were missed
            let others = Audience::AllBut(session);
            effects.push(self.connected_changed(&resume.peer, true, others));
        }
        let missed = self.events.after(resume.last_event);
        effects.push(self.welcome(session, re, &resume.peer, Some(missed.is_some())));
        if let Some(events) = missed.filter(|events| !events.is_empty()) {
            effects.push(Effect::Replay { session, events });
        }
        effects.extend(self.levels(session));
        effects.push(Effect::RefreshMedia(resume.peer));
        effects
    }

    /// A socket is gone; the seat waits.
    pub(super) fn detach(&mut self, session: SessionId, now: Now) -> Vec<Effect> {
        if let Some(peer) = self.sessions.remove(&session)
            && let Some(seat) = self.seats.get_mut(&peer)
        {
            seat.presence = Presence::Away(now.instant);
        }
        Vec::new()
    }

    /// Tells of those who are away for some time, and lets go of those who are
    /// away for too long.
    pub(super) fn tick(&mut self, now: Now) -> Vec<Effect> {
        let mut away: Vec<_> = self.seats.values().filter_map(away_since).collect();
        away.sort_unstable_by_key(|(order, _, _)| *order);
        let mut effects = Vec::new();
        for (_, peer, since) in away {
            let gone_for = now.instant.saturating_duration_since(since);
            if gone_for >= self.limits.grace {
                effects.extend(self.remove(&peer));
            } else if gone_for >= self.limits.notice && self.is_connected(&peer) {
                self.seats
                    .entry(peer.clone())
                    .and_modify(|seat| seat.participant.connected = false);
                effects.push(self.connected_changed(&peer, false, Audience::All));
            }
        }
        effects
    }

    /// The media plane could not take somebody in who was welcomed already.
    pub(super) fn media_refused(&mut self, peer: &PeerId) -> Vec<Effect> {
        let session = self.seats.get(peer).and_then(Seat::session);
        let mut effects = self.remove(peer);
        let ended = Ended {
            code: ErrorCode::MediaUnavailable,
            message: "The media plane cannot take more participants".to_owned(),
            retry_after_ms: Some(2_000),
        };
        effects.extend(session.map(|session| end(session, ended)));
        effects
    }

    /// Takes a seat away. Its session, if any, is not ended.
    pub(super) fn remove(&mut self, peer: &PeerId) -> Vec<Effect> {
        let Some(seat) = self.seats.remove(peer) else {
            return Vec::new();
        };
        if let Some(session) = seat.session() {
            self.sessions.remove(&session);
        }
        self.forget_levels(peer);
        let left = RoomEvent::Left { peer: peer.clone() };
        let to = seat.session().map_or(Audience::All, Audience::AllBut);
        vec![Effect::RemoveMedia(peer.clone()), self.event(left, to)]
    }

    fn replace(&mut self, peer: &PeerId) -> Vec<Effect> {
        let session = self.seats.get(peer).and_then(Seat::session);
        let mut effects = self.remove(peer);
        effects.extend(session.map(|session| end(session, replaced())));
        effects
    }

    /// `replay` is None for somebody new, otherwise whether events follow.
    fn welcome(&self, session: SessionId, re: u32, peer: &PeerId, replay: Option<bool>) -> Effect {
        Effect::Welcome(Box::new(WelcomeTo {
            session,
            re,
            seat: self.seats[peer].id,
            peer: peer.clone(),
            resumed: replay.is_some(),
            snapshot: (replay != Some(true)).then(|| self.snapshot()),
        }))
    }

    fn is_connected(&self, peer: &PeerId) -> bool {
        self.seats
            .get(peer)
            .is_some_and(|seat| seat.participant.connected)
    }

    fn connected_changed(&mut self, peer: &PeerId, connected: bool, to: Audience) -> Effect {
        let event = RoomEvent::ConnectedChanged {
            peer: peer.clone(),
            connected,
        };
        self.event(event, to)
    }
}

fn away_since(seat: &Seat) -> Option<(u64, PeerId, std::time::Instant)> {
    match seat.presence {
        Presence::Here(_) => None,
        Presence::Away(since) => Some((seat.order, seat.peer().clone(), since)),
    }
}

fn turn_away(session: SessionId, re: u32, code: ErrorCode, why: &str) -> Vec<Effect> {
    let close = Effect::End {
        session,
        ended: None,
    };
    vec![refuse(session, re, code, why), close]
}

fn end(session: SessionId, ended: Ended) -> Effect {
    Effect::End {
        session,
        ended: Some(ended),
    }
}

fn replaced() -> Ended {
    Ended {
        code: ErrorCode::Replaced,
        message: "Another session took over".to_owned(),
        retry_after_ms: None,
    }
}
