//! Cameras, microphones and screens: what is on, what may be on, and what
//! moderators do about it.
//!
//! What is off here is off: the media plane is told, and forwards nothing else.

use protocol::{ErrorCode, MediaState, OffReason, PeerId, Role, RoomEvent, ServerMessage, Source};

use super::{
    Audience, Effect, RoomState, SessionId, moderation::By, requests::Asker, seat::Seat,
    state::send,
};
use crate::{
    clock::Now,
    policy::{Action, Actor, may},
};

const SOURCES: [Source; 4] = [
    Source::Microphone,
    Source::Camera,
    Source::Screen,
    Source::ScreenAudio,
];

/// What was switched off, and why.
#[derive(Debug)]
pub(super) struct Off {
    sources: Vec<Source>,
    reason: OffReason,
}

impl Off {
    /// The word of it for whose sources they are.
    pub(super) fn told(self, session: SessionId, by: Option<&PeerId>) -> Effect {
        let message = ServerMessage::TurnedOff {
            sources: self.sources,
            reason: self.reason,
            by: by.cloned(),
        };
        send(session, None, message)
    }
}

impl RoomState {
    /// Somebody switches their own source.
    pub(super) fn set_media(&mut self, asker: Asker<'_>, source: Source, on: bool) -> Vec<Effect> {
        let Some(seat) = self.seats.get(asker.peer) else {
            return Vec::new();
        };
        if on && !seat.participant.media.is_on(source) {
            if let Err(denied) = may(&seat.actor(), Action::TurnOn(source)) {
                return vec![asker.denied(denied)];
            }
            if self.is_too_many(seat, source) {
                let why = "The limit of maximum active attendees is exceeded";
                return vec![asker.refuse(ErrorCode::BroadcasterLimit, why)];
            }
        }
        let media = seat.participant.media.with(source, on);
        let mut effects = self.switch(asker.peer, media);
        effects.push(asker.ok());
        effects
    }

    /// Whether somebody would be one broadcaster too many. Moderators never are.
    fn is_too_many(&self, seat: &Seat, source: Source) -> bool {
        let counts = matches!(source, Source::Microphone | Source::Camera);
        let exempt = seat.role() == Role::Moderator || seat.is_broadcaster();
        counts && !exempt && self.has_broadcasters(self.max_broadcasters())
    }

    fn has_broadcasters(&self, limit: u32) -> bool {
        limit > 0 && self.broadcasters() >= limit
    }

    /// How many have a camera or microphone on.
    pub(super) fn broadcasters(&self) -> u32 {
        let stage = self.tally.stage().filter_map(|peer| self.seats.get(peer));
        let count = stage.filter(|seat| seat.is_broadcaster()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// What of the wanted a newcomer may have on, and what is off for which
    /// reason.
    pub(super) fn permitted(
        &self,
        actor: &Actor,
        wanted: MediaState,
        limit: u32,
    ) -> (MediaState, Vec<Off>) {
        let may_be = |source: &Source| may(actor, Action::TurnOn(*source)).is_ok();
        let forbidden = |source: &Source| wanted.is_on(*source) && !may_be(source);
        let (media, forbidden) = without(wanted, SOURCES.into_iter().filter(forbidden));
        let is_moderator = matches!(actor, Actor::Seated(Role::Moderator, _));
        let too_many = !is_moderator && self.has_broadcasters(limit);
        let active = [Source::Microphone, Source::Camera].into_iter();
        let exceeding = active.filter(|source| too_many && media.is_on(*source));
        let (media, exceeding) = without(media, exceeding);
        let reasons = [
            (forbidden, OffReason::Forbidden),
            (exceeding, OffReason::BroadcasterLimit),
        ];
        let off = reasons
            .into_iter()
            .filter(|(sources, _)| !sources.is_empty())
            .map(|(sources, reason)| Off { sources, reason });
        (media, off.collect())
    }

    /// Changes what somebody on stage has on. Everybody is told, they included.
    fn switch(&mut self, peer: &PeerId, media: MediaState) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        if std::mem::replace(&mut seat.participant.media, media) == media {
            return Vec::new();
        }
        let peer = peer.clone();
        vec![
            Effect::SetSources(peer.clone(), media),
            self.event(RoomEvent::MediaChanged { peer, media }, Audience::All),
        ]
    }

    /// Switches sources of somebody off and tells them why.
    pub(super) fn turn_off(
        &mut self,
        peer: &PeerId,
        sources: &[Source],
        reason: OffReason,
        by: By<'_>,
    ) -> Vec<Effect> {
        let Some(seat) = self.seats.get(peer) else {
            return Vec::new();
        };
        let media = seat.participant.media;
        let on = sources.iter().copied().filter(|s| media.is_on(*s));
        let (media, sources) = without(media, on);
        let told = seat
            .session()
            .map(|s| Off { sources, reason }.told(s, by.person()));
        let mut effects = self.switch(peer, media);
        if !effects.is_empty() {
            effects.extend(told);
        }
        effects
    }

    /// Switches a source of all off who are no moderators.
    pub(super) fn turn_off_all(&mut self, source: Source, by: By<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for peer in self.led() {
            let sources = with_sound(source);
            effects.extend(self.turn_off(&peer, sources, OffReason::Moderator, by));
        }
        effects
    }

    /// Those on stage who are no moderators.
    fn led(&self) -> Vec<PeerId> {
        let stage = self.tally.stage().filter_map(|peer| self.seats.get(peer));
        let led = stage.filter(|seat| seat.role() != Role::Moderator);
        led.map(|seat| seat.peer().clone()).collect()
    }

    /// Lets somebody use a source or forbids it.
    pub(super) fn allow(
        &mut self,
        peer: &PeerId,
        source: Source,
        allowed: bool,
        by: By<'_>,
    ) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        let before = seat.participant.allowed;
        let after = before.with(source, allowed);
        // a moderator may use everything, and a viewer nothing
        if before == after || !matches!(seat.role(), Role::Participant | Role::Interpreter) {
            return Vec::new();
        }
        seat.participant.allowed = after;
        self.memory.note_allowed(peer, after);
        let mut effects: Vec<Effect> = self.role_changed(peer).into_iter().collect();
        effects.extend(self.tell_you(peer));
        effects.extend(self.turn_off_forbidden(peer, by));
        effects
    }

    /// Lets everybody who is no moderator use a source, or forbids it, and
    /// those who come later. What was said to single persons is void.
    pub(super) fn allow_all(
        &mut self,
        source: Source,
        allowed: bool,
        by: By<'_>,
        now: Now,
    ) -> Vec<Effect> {
        let before = self.rules.allowed;
        self.rules.allowed = before.with(source, allowed);
        self.memory.forgive(source);
        let all_follow = before != self.rules.allowed;
        let mut effects = self.follow(now);
        for peer in self.led() {
            effects.extend(self.follow_room(&peer, source, all_follow));
            effects.extend(self.turn_off_forbidden(&peer, by));
        }
        effects
    }

    /// Gives somebody what the room allows. When that changed, the others work
    /// it out by themselves, and are told where they would be wrong.
    fn follow_room(&mut self, peer: &PeerId, source: Source, all_follow: bool) -> Vec<Effect> {
        let role = self.seats.get(peer).map(Seat::role).unwrap_or_default();
        let room = self.allowed_for(role, peer);
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        let before = seat.participant.allowed;
        let after = before.with(source, room.allows(source));
        let worked_out = if all_follow {
            before.with(source, self.rules.allowed.allows(source))
        } else {
            before
        };
        seat.participant.allowed = after;
        if worked_out == after {
            return Vec::new();
        }
        let told = self.role_changed(peer);
        told.into_iter().chain(self.tell_you(peer)).collect()
    }

    /// Asks somebody to switch a source on, which is allowed to them from now
    /// on. Nothing is asked where it is on.
    pub(super) fn ask(&mut self, peer: &PeerId, source: Source, by: By<'_>) -> Vec<Effect> {
        let is_on = |seat: &Seat| seat.participant.media.is_on(source);
        if self.seats.get(peer).is_none_or(is_on) {
            return Vec::new();
        }
        let mut effects = self.allow(peer, source, true, by);
        let by = by.person().cloned();
        let session = self.session_of(peer);
        effects.extend(session.map(|s| send(s, None, ServerMessage::Asked { source, by })));
        effects
    }

    /// Switches off what somebody has on and may not use.
    pub(super) fn turn_off_forbidden(&mut self, peer: &PeerId, by: By<'_>) -> Vec<Effect> {
        let Some(seat) = self.seats.get(peer) else {
            return Vec::new();
        };
        let actor = seat.actor();
        let may_be = |source: Source| may(&actor, Action::TurnOn(source)).is_ok();
        let sources: Vec<Source> = SOURCES.into_iter().filter(|s| !may_be(*s)).collect();
        self.turn_off(peer, &sources, OffReason::Forbidden, by)
    }

    /// Switches all off of somebody who goes off the stage. The others are told
    /// of that alone.
    pub(super) fn silence(&mut self, peer: &PeerId, by: By<'_>) -> Vec<Effect> {
        let Some(seat) = self.seats.get_mut(peer) else {
            return Vec::new();
        };
        let media = std::mem::take(&mut seat.participant.media);
        let sources: Vec<Source> = SOURCES.into_iter().filter(|s| media.is_on(*s)).collect();
        if sources.is_empty() {
            return Vec::new();
        }
        let reason = OffReason::OffStage;
        let told = seat
            .session()
            .map(|s| Off { sources, reason }.told(s, by.person()));
        let off = Effect::SetSources(peer.clone(), MediaState::default());
        [off].into_iter().chain(told).collect()
    }

    /// Tells everybody what somebody is and may use.
    pub(super) fn role_changed(&mut self, peer: &PeerId) -> Option<Effect> {
        let participant = &self.seats.get(peer)?.participant;
        let event = RoomEvent::RoleChanged {
            peer: peer.clone(),
            role: participant.role,
            allowed: participant.allowed,
            language: participant.language.clone(),
        };
        Some(self.event(event, Audience::All))
    }
}

/// A shared screen goes with its sound.
pub(super) fn with_sound(source: Source) -> &'static [Source] {
    match source {
        Source::Microphone => &[Source::Microphone],
        Source::Camera => &[Source::Camera],
        Source::Screen => &[Source::Screen, Source::ScreenAudio],
        Source::ScreenAudio => &[Source::ScreenAudio],
    }
}

fn without(media: MediaState, off: impl Iterator<Item = Source>) -> (MediaState, Vec<Source>) {
    let off: Vec<Source> = off.collect();
    let media = off
        .iter()
        .fold(media, |media, source| media.with(*source, false));
    (media, off)
}
