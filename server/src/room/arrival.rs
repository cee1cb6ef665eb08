//! Coming in: who gets a seat at once, who waits for a moderator, and who is
//! turned away.
//!
//! In this order: a meeting that was ended is over for all; nobody takes an id
//! by their address that another has by token or by the server; a room whose
//! time is over lets in those alone who have a ticket of its last meeting; who was removed
//! has to wait, whatever they bring; a locked room lets in moderators and those
//! with a ticket of this meeting; a full room lets in nobody; and when the
//! waiting room is on, the same may pass who pass a locked one. Nothing of that
//! depends on a moderator being present: without one, the waiting ones wait,
//! and the room exists for them until one comes.

use protocol::{Allowed, ErrorCode, MediaState, Participant, PeerId, Role, RoomEvent, Source};

use super::{
    Audience, Claims, Effect, Join, RoomState, SessionId, TokenHash, WelcomeTo, journal,
    lobby::Waiter,
    memory::KnownRole,
    offers::Offers,
    rights::Off,
    seat::{Presence, Seat},
    state::{end, turn_away},
    tally::smaller,
};
use crate::clock::Now;

/// What becomes of somebody who comes.
enum WayIn {
    Open,
    Wait { removed_before: bool },
    Shut(ErrorCode, &'static str),
}

impl RoomState {
    /// Gives a seat to somebody, lets them wait, or turns them away.
    pub(super) fn join(&mut self, mut join: Join, now: Now) -> Vec<Effect> {
        let meeting = self.created_at.get();
        join.granted = join
            .granted
            .filter(|granted| granted.meeting == meeting && granted.admitted);
        let mut effects = self.follow(now);
        match self.way_in(&join, now) {
            WayIn::Open => {
                effects.extend(self.replace_waiting(&join.peer));
                effects.extend(self.take_seat(join, now));
            }
            WayIn::Wait { removed_before } => {
                effects.extend(self.replace_waiting(&join.peer));
                // what a ticket says does not count for who was removed, nor
                // what their token says of the room before they are let in
                join.granted = None;
                if !removed_before {
                    self.rules.hear(&join.claims);
                    effects.extend(self.follow(now));
                }
                let since = now.unix;
                effects.extend(self.wait(Waiter {
                    join,
                    since,
                    removed_before,
                }));
            }
            WayIn::Shut(code, why) => effects.extend(turn_away(join.session, join.re, code, why)),
        }
        effects
    }

    fn way_in(&self, join: &Join, now: Now) -> WayIn {
        if self.ended {
            return WayIn::Shut(ErrorCode::MeetingEnded, "The meeting was ended for all");
        }
        if join.claims.recorder {
            return WayIn::Open;
        }
        if self.takes_from_another(join) {
            let why = "Somebody is here whose id no address can give";
            return WayIn::Shut(ErrorCode::PeerIdTaken, why);
        }
        let ticket = join.granted.is_some();
        if self.rules.is_closed(now.unix) && !ticket {
            return WayIn::Shut(ErrorCode::MeetingEnded, "The room's time is over");
        }
        let removed_before = self.memory.bars(&join.peer, join.claims.token, ticket);
        let free = !removed_before && (ticket || self.role_of(join) == Role::Moderator);
        if self.rules.locked && !free {
            return WayIn::Shut(ErrorCode::RoomLocked, "A moderator locked the room");
        }
        let waits = removed_before || (self.rules.lets_wait(&join.claims) && !free);
        let no_place = self.lobby.len() >= self.limits.lobby && !self.lobby.has(&join.peer);
        if self.is_full_for(join) || (waits && no_place) {
            return WayIn::Shut(ErrorCode::RoomFull, "The room is full");
        }
        if waits {
            return WayIn::Wait { removed_before };
        }
        WayIn::Open
    }

    /// Whether somebody has the id already whom this one does not replace.
    fn takes_from_another(&self, join: &Join) -> bool {
        let seated = self.seats.get(&join.peer).map(|seat| &seat.claims);
        let waiting = self.lobby.get(&join.peer).map(|w| &w.join.claims);
        let mut others = seated.into_iter().chain(waiting);
        others.any(|claims| !join.claims.id_by.replaces(claims.id_by))
    }

    /// Whether there is no seat for somebody. Whom they replace makes space.
    pub(super) fn is_full_for(&self, join: &Join) -> bool {
        let own = self.seats.get(&join.peer);
        if self.seats() - usize::from(own.is_some()) >= self.limits.people {
            return true;
        }
        let others = self.tally.on_stage() - usize::from(own.is_some_and(Seat::is_on_stage));
        self.role_of(join).is_on_stage()
            && is_reached(others, self.max_watchers(), join.claims.max_watchers)
    }

    /// A ticket brings back what moderators made of somebody; what they took
    /// needs none. Beyond that, who comes by a ticket is more than before only
    /// if a token says so: the address and the interface are the client's to
    /// choose, and a ticket passes locks and waiting rooms.
    fn role_of(&self, join: &Join) -> Role {
        let claims = &join.claims;
        let claimed = self.memory.at_most(&join.peer, claims.role, claims.token);
        let Some(granted) = join.granted else {
            return claimed;
        };
        let before = match self.memory.role(&join.peer) {
            Some(KnownRole::Decided(role)) => return role,
            Some(KnownRole::ByToken(role)) => role,
            None => granted.role,
        };
        if claims.is_role_signed() {
            higher(claimed, before)
        } else {
            before
        }
    }

    /// Gives a seat to somebody. Whoever had the participant's id goes: they
    /// have another media connection, so it is another participation.
    pub(super) fn take_seat(&mut self, join: Join, now: Now) -> Vec<Effect> {
        self.rules.hear(&join.claims);
        let replaces = self.seats.contains_key(&join.peer);
        let had = self.tokens_before(&join);
        let mut effects = self.replace(&join.peer);
        let (session, re, peer, wanted) = (join.session, join.re, join.peer.clone(), join.media);
        let mut seat = self.new_seat(join, had, now);
        let off = self.hold_back(&mut seat, wanted);
        self.sessions.insert(session, peer.clone());
        self.tally.add(&seat);
        self.joins += u64::from(!seat.is_hidden());
        effects.extend(journal::joined(&seat, replaces));
        self.seats.insert(peer.clone(), seat);
        effects.extend(self.follow(now));
        effects.extend(self.announce(&peer, session));
        effects.push(self.welcome(session, re, &peer, None));
        effects.extend(self.levels(session, &peer));
        effects.extend(self.open_desk(&peer));
        effects.extend(off.into_iter().map(|off| off.told(session, None)));
        effects
    }

    /// The tokens of the seat that somebody takes over, if a ticket proves that
    /// it was theirs.
    fn tokens_before(&self, join: &Join) -> Vec<TokenHash> {
        let seat = self.seats.get(&join.peer);
        let own = seat.filter(|_| join.granted.is_some());
        own.map(|seat| seat.tokens.clone()).unwrap_or_default()
    }

    /// Tells the others and the media plane of somebody who has just come.
    fn announce(&mut self, peer: &PeerId, session: SessionId) -> Vec<Effect> {
        let seat = &self.seats[peer];
        let (participant, channel) = (seat.participant.clone(), seat.channel().cloned());
        let (media, seat_is_viewer) = (participant.media, seat.is_viewer());
        let mut effects = Vec::new();
        if participant.role.is_on_stage() {
            let joined = RoomEvent::Joined { participant };
            effects.push(self.event(joined, Audience::AllBut(session)));
        } else if seat_is_viewer {
            self.desk.viewer_changed(peer);
        }
        effects.push(Effect::AddMedia(peer.clone()));
        if channel.is_some() {
            effects.push(Effect::SetInterpreter(peer.clone(), channel));
        }
        if media != MediaState::default() {
            effects.push(Effect::SetSources(peer.clone(), media));
        }
        effects
    }

    fn new_seat(&mut self, join: Join, tokens: Vec<TokenHash>, now: Now) -> Seat {
        self.arrivals += 1;
        let role = self.role_of(&join);
        let mut seat = Seat {
            id: join.seat,
            order: self.arrivals,
            participant: Participant {
                allowed: self.allowed_for(role, &join.peer),
                id: join.peer,
                display_name: join.display_name,
                media: MediaState::default(),
                joined_at: now.unix.get(),
                connected: true,
                role,
                hand_raised_at: None,
                language: join.claims.language.clone(),
            },
            presence: Presence::Here(join.session),
            offers: Offers::default(),
            claims: Claims::default(),
            tokens,
            quality: None,
            listens_to: None,
        };
        let mut claims = join.claims;
        if role == Role::Viewer && !claims.is_role_signed() {
            // so that a token that brings them on stage says something new
            claims.role = role;
        }
        seat.claim(claims);
        seat
    }

    /// Switches on what a newcomer wants to have on, but for what may not be.
    fn hold_back(&self, seat: &mut Seat, wanted: MediaState) -> Vec<Off> {
        let limit = smaller(self.max_broadcasters(), seat.claims.max_broadcasters);
        let (media, off) = self.permitted(&seat.actor(), wanted, limit);
        seat.participant.media = media;
        off
    }

    /// Ends the session that has the participant's id, and its seat.
    fn replace(&mut self, peer: &PeerId) -> Vec<Effect> {
        let session = self.session_of(peer);
        let mut effects = self.vacate(peer, true);
        effects.extend(session.map(replaced));
        effects
    }

    fn replace_waiting(&mut self, peer: &PeerId) -> Option<Effect> {
        let old = self.lobby.take(peer)?;
        self.desk.lobby_changed(peer);
        Some(replaced(old.join.session))
    }

    /// `replay` is None for somebody new, otherwise whether events follow.
    pub(super) fn welcome(
        &self,
        session: SessionId,
        re: u32,
        peer: &PeerId,
        replay: Option<bool>,
    ) -> Effect {
        let seat = &self.seats[peer];
        Effect::Welcome(Box::new(WelcomeTo {
            session,
            re,
            seat: seat.id,
            peer: peer.clone(),
            you: seat.you(self.no_recording),
            granted: self.granted(seat),
            ends_at: seat.claims.ends_at,
            resumed: replay.is_some(),
            snapshot: (replay != Some(true)).then(|| self.snapshot()),
        }))
    }

    /// What somebody of a role may use who has just got it.
    pub(super) fn allowed_for(&self, role: Role, peer: &PeerId) -> Allowed {
        let own = self.memory.allowed(peer);
        let all = self.rules.allowed;
        let both = |source| all.allows(source) && own.allows(source);
        match role {
            Role::Moderator => Allowed::ALL,
            Role::Viewer => Allowed::NONE,
            Role::Interpreter => Allowed {
                microphone: both(Source::Microphone),
                ..Allowed::NONE
            },
            Role::Participant => Allowed {
                microphone: both(Source::Microphone),
                camera: both(Source::Camera),
                screen: both(Source::Screen),
            },
        }
    }
}

/// Whether one more would be too many, by what those present brought and by
/// what the one who comes brings.
pub(super) fn is_reached(others: usize, limit: u32, own_limit: u32) -> bool {
    let limit = smaller(limit, own_limit);
    limit > 0 && u32::try_from(others).is_ok_and(|others| others >= limit)
}

fn higher(one: Role, other: Role) -> Role {
    let rank = |role| match role {
        Role::Viewer => 0,
        Role::Participant => 1,
        Role::Interpreter => 2,
        Role::Moderator => 3,
    };
    if rank(one) >= rank(other) { one } else { other }
}

pub(super) fn replaced(session: SessionId) -> Effect {
    end(session, ErrorCode::Replaced, "Another session took over")
}
