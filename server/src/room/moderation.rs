//! What moderators do: who may is asked first, then whom it concerns is looked
//! for, then it is done.
//!
//! What is so already is done, too: it is answered by `ok` and told to nobody.
//! When the last moderator goes, what they decided stays: who waits goes on
//! waiting, a locked room stays locked, what is forbidden stays forbidden. A
//! moderator by token may always come in, unless they were removed, and so may
//! everybody with a ticket of this meeting; so a moderator who was made one
//! here is one again.

use std::collections::HashSet;

use protocol::{ErrorCode, Moderation, OffReason, PeerId};

use super::{
    Effect, Join, RoomState, TokenHash,
    admittance::Rush,
    desk::{Desk, ViewerCount},
    journal,
    requests::Asker,
    rights::with_sound,
    settings::Orphans,
    state::end,
    tally::Tally,
};
use crate::{
    clock::Now,
    policy::{Action, Actor, Deed, Denied, Target, may},
};

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) ErrorCode, pub(super) &'static str);

/// Who leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum By<'a> {
    /// A moderator of the room.
    Person(&'a PeerId),
    /// The integrator's server, which has no seat.
    Integrator,
    /// Another token of whom it concerns. It is the integrator's word, and
    /// decides nothing against a later one.
    Token,
}

impl<'a> By<'a> {
    pub(super) fn person(self) -> Option<&'a PeerId> {
        match self {
            Self::Person(peer) => Some(peer),
            Self::Integrator | Self::Token => None,
        }
    }
}

/// What is done, or why it is not.
pub(super) type Done = Result<Vec<Effect>, Refusal>;

pub(super) const FULL: Refusal = Refusal(ErrorCode::RoomFull, "The room is full");
pub(super) const NOBODY: Refusal =
    Refusal(ErrorCode::NoSuchParticipant, "Nobody with this id is here");

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self(denied.code(), "There is no right to this")
    }
}

impl RoomState {
    pub(super) fn moderate(
        &mut self,
        asker: Asker<'_>,
        moderation: Moderation,
        now: Now,
    ) -> Vec<Effect> {
        let (by, deed) = (By::Person(asker.peer), Deed::from(&moderation));
        if let Err(Refusal(code, why)) = self.check(by, deed, Target::Room) {
            return vec![asker.refuse(code, why)];
        }
        match moderation {
            Moderation::End => {
                let mut effects = vec![asker.ok()];
                effects.extend(self.end_meeting("A moderator ended the meeting"));
                return effects;
            }
            Moderation::SetRecording { on } => return Self::record(asker, on),
            _ => {}
        }
        match self.carry_on(by, moderation, now) {
            Ok(mut effects) => {
                effects.push(asker.ok());
                effects
            }
            Err(Refusal(code, why)) => vec![asker.refuse(code, why)],
        }
    }

    pub(super) fn check(&self, by: By<'_>, deed: Deed, target: Target) -> Result<(), Refusal> {
        let actor = match by {
            By::Person(peer) => self.seats.get(peer).ok_or(NOBODY)?.actor(),
            By::Integrator | By::Token => Actor::Integrator,
        };
        Ok(may(&actor, Action::Moderate(deed, target))?)
    }

    /// Whether this may be done to somebody, who has to be here.
    fn check_on(&self, by: By<'_>, deed: Deed, peer: &PeerId) -> Result<(), Refusal> {
        let seat = self.seats.get(peer).filter(|seat| !seat.is_hidden());
        let seat = seat.ok_or(NOBODY)?;
        let target = if by.person() == Some(peer) {
            Target::Oneself
        } else {
            Target::Other(seat.role())
        };
        self.check(by, deed, target)
    }

    /// Does what somebody who leads wants, but for ending the meeting.
    pub(super) fn carry_on(&mut self, by: By<'_>, moderation: Moderation, now: Now) -> Done {
        let deed = Deed::from(&moderation);
        if let Some(peer) = one_of_the_seated(&moderation) {
            self.check_on(by, deed, peer)?;
        }
        Ok(match moderation {
            Moderation::SetWaitingRoom { on } => {
                self.rules.waiting_room.decide(on);
                self.follow(now)
            }
            Moderation::SetLocked { locked } => {
                self.rules.locked = locked;
                self.follow(now)
            }
            Moderation::Admit { peer: Some(peer) } => self.admit(&peer, now)?,
            Moderation::Admit { peer: None } => self.admit_all(now)?,
            Moderation::Reject { peer: Some(peer) } => self.reject(&peer)?,
            Moderation::Reject { peer: None } => self.reject_all(),
            Moderation::Allow {
                source,
                allowed,
                peer: Some(peer),
            } => self.allow(&peer, source, allowed, by),
            Moderation::Allow {
                source, allowed, ..
            } => self.allow_all(source, allowed, by, now),
            Moderation::TurnOff {
                source,
                peer: Some(peer),
            } => self.turn_off(&peer, with_sound(source), OffReason::Moderator, by),
            Moderation::TurnOff { source, .. } => self.turn_off_all(source, by),
            Moderation::Ask { source, peer } => self.ask(&peer, source, by),
            Moderation::LowerHand { peer: Some(peer) } => self.lower_hand(&peer),
            Moderation::LowerHand { peer: None } => self.lower_hands(),
            Moderation::Remove { peer } => self.expel(&peer, by, now),
            Moderation::SetModerator { peer, moderator } if moderator => {
                self.promote(&peer, by, now)?
            }
            Moderation::SetModerator { peer, .. } => self.demote(&peer, by, now),
            Moderation::SetStage { peer, on } if on => self.bring_on_stage(&peer, by, now)?,
            Moderation::SetStage { peer, .. } => self.send_off_stage(&peer, by, now),
            // are done by whom called this
            Moderation::SetRecording { .. } | Moderation::End => Vec::new(),
        })
    }

    /// Removes somebody, who comes back only if a moderator lets them in.
    fn expel(&mut self, peer: &PeerId, by: By<'_>, now: Now) -> Vec<Effect> {
        let tokens = self.seats.get(peer).map(|seat| seat.tokens.clone());
        let tokens = tokens.unwrap_or_default().into_iter();
        let shared = tokens.map(|token| (token, self.others_with(token, peer)));
        let shared = shared.collect();
        self.memory.bar(peer, shared);
        let memory = &self.memory;
        let barred = |join: &Join| memory.bars(&join.peer, join.claims.token, false);
        for waiting in self.lobby.mark_removed(barred) {
            self.desk.lobby_changed(&waiting);
        }
        let session = self.session_of(peer);
        let mut effects = self.remove(peer, now);
        let why = match by {
            By::Person(_) => "A moderator removed you",
            By::Integrator | By::Token => "The integrator removed you",
        };
        effects.extend(session.map(|session| end(session, ErrorCode::Removed, why)));
        effects
    }

    /// Who else has a token.
    fn others_with(&self, token: TokenHash, peer: &PeerId) -> HashSet<PeerId> {
        let others = self.seats.values().filter(|seat| seat.peer() != peer);
        let same = others.filter(|seat| seat.tokens.contains(&token));
        same.map(|seat| seat.peer().clone()).collect()
    }

    /// Ends everything for everybody, those included who wait.
    pub(super) fn end_meeting(&mut self, why: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for waiter in std::mem::take(&mut self.lobby).into_waiters() {
            effects.push(end(waiter.join.session, ErrorCode::MeetingEnded, why));
        }
        for (peer, seat) in self.seats.drain() {
            effects.push(Effect::RemoveMedia(peer));
            effects.extend(journal::closed(&seat, false));
            let session = seat.session();
            effects.extend(session.map(|s| end(s, ErrorCode::MeetingEnded, why)));
        }
        self.sessions.clear();
        self.absences.clear();
        self.speakers.clear();
        self.tally = Tally::default();
        self.rush = Rush::default();
        self.orphans = Orphans::default();
        self.desk = Desk::new(self.limits.desk);
        self.viewer_count = ViewerCount::new(self.limits.audience);
        self.ended = true;
        effects
    }
}

/// Whom it concerns, if that is one person who has a seat.
fn one_of_the_seated(moderation: &Moderation) -> Option<&PeerId> {
    match moderation {
        Moderation::Allow { peer, .. }
        | Moderation::TurnOff { peer, .. }
        | Moderation::LowerHand { peer } => peer.as_ref(),
        Moderation::Ask { peer, .. }
        | Moderation::Remove { peer }
        | Moderation::SetModerator { peer, .. }
        | Moderation::SetStage { peer, .. } => Some(peer),
        Moderation::SetWaitingRoom { .. }
        | Moderation::Admit { .. }
        | Moderation::Reject { .. }
        | Moderation::SetLocked { .. }
        | Moderation::SetRecording { .. }
        | Moderation::End => None,
    }
}
