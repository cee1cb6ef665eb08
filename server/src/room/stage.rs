//! Who leads, who is on stage, who watches: what moderators change about roles.
//!
//! The media connection of whom it concerns goes on throughout.

use protocol::{PeerId, Role, RoomEvent};

use super::{
    Audience, Effect, RoomState,
    arrival::is_reached,
    moderation::{By, Done, FULL},
    seat::Seat,
};
use crate::clock::Now;

impl RoomState {
    /// Makes somebody a moderator. A viewer comes on stage by it.
    pub(super) fn promote(&mut self, peer: &PeerId, by: By<'_>, now: Now) -> Done {
        let Some(seat) = self.seats.get(peer) else {
            return Ok(Vec::new());
        };
        let mut effects = match seat.role() {
            Role::Moderator => return Ok(Vec::new()),
            Role::Viewer => self.come_on_stage(peer, Role::Moderator, by)?,
            Role::Participant | Role::Interpreter => self.change_role(peer, Role::Moderator, by),
        };
        effects.extend(self.tell_you(peer));
        effects.extend(self.open_desk(peer));
        effects.extend(self.follow(now));
        Ok(effects)
    }

    /// Makes a moderator one of the participants.
    pub(super) fn demote(&mut self, peer: &PeerId, by: By<'_>, now: Now) -> Vec<Effect> {
        let Some(seat) = self.seats.get(peer) else {
            return Vec::new();
        };
        if seat.role() != Role::Moderator {
            return Vec::new();
        }
        let mut effects = self.change_role(peer, role_on_stage(seat), by);
        effects.extend(self.turn_off_forbidden(peer, by));
        effects.extend(self.tell_you(peer));
        effects.extend(self.close_desk(peer));
        effects.extend(self.follow(now));
        effects
    }

    /// Makes somebody on stage who does not lead what their token says now:
    /// an interpreter, or one of the others.
    pub(super) fn take_up(&mut self, peer: &PeerId, by: By<'_>, now: Now) -> Vec<Effect> {
        let Some(seat) = self.seats.get(peer).filter(|seat| seat.is_on_stage()) else {
            return Vec::new();
        };
        let role = role_on_stage(seat);
        if [role, Role::Moderator].contains(&seat.role()) {
            return Vec::new();
        }
        let mut effects = self.change_role(peer, role, by);
        // nobody reads an interpreter among the speakers
        self.speakers.retain(|speaker| speaker != peer);
        effects.extend(self.turn_off_forbidden(peer, by));
        effects.extend(self.tell_you(peer));
        effects.extend(self.follow(now));
        effects
    }

    fn change_role(&mut self, peer: &PeerId, role: Role, by: By<'_>) -> Vec<Effect> {
        let mut effects = self.become_one(peer, role, by);
        effects.extend(self.role_changed(peer));
        effects
    }

    /// Gives somebody a role, and what they may use with it.
    fn become_one(&mut self, peer: &PeerId, role: Role, by: By<'_>) -> Vec<Effect> {
        self.note_role(peer, role, by);
        let allowed = self.allowed_for(role, peer);
        let channel = |state: &Self| state.seats.get(peer).and_then(|s| s.channel().cloned());
        let before = channel(self);
        self.alter(peer, |seat| {
            seat.participant.role = role;
            seat.participant.allowed = allowed;
        });
        let after = channel(self);
        let changed = (before != after).then(|| Effect::SetInterpreter(peer.clone(), after));
        changed.into_iter().collect()
    }

    fn note_role(&mut self, peer: &PeerId, role: Role, by: By<'_>) {
        let Some(seat) = self.seats.get(peer) else {
            return;
        };
        if matches!(by, By::Token) {
            return self.memory.note_token_role(peer, role);
        }
        let (before, leads) = (seat.role(), role == Role::Moderator);
        self.memory.note_role(peer, before, role);
        if leads || before == Role::Moderator {
            for token in &seat.tokens {
                self.memory.note_leads(token, leads);
            }
        }
    }

    /// Brings a viewer on stage.
    pub(super) fn bring_on_stage(&mut self, peer: &PeerId, by: By<'_>, now: Now) -> Done {
        let Some(seat) = self.seats.get(peer).filter(|seat| !seat.is_on_stage()) else {
            return Ok(Vec::new());
        };
        let mut effects = self.come_on_stage(peer, role_on_stage(seat), by)?;
        effects.extend(self.tell_you(peer));
        effects.extend(self.follow(now));
        Ok(effects)
    }

    fn come_on_stage(&mut self, peer: &PeerId, role: Role, by: By<'_>) -> Done {
        let own_limit = self.seats.get(peer).map_or(0, |s| s.claims.max_watchers);
        if is_reached(self.tally.on_stage(), self.max_watchers(), own_limit) {
            return Err(FULL);
        }
        self.arrivals += 1;
        let order = self.arrivals;
        self.alter(peer, |seat| seat.order = order);
        let mut effects = self.become_one(peer, role, by);
        self.desk.viewer_changed(peer);
        let participant = self.seats[peer].participant.clone();
        let joined = RoomEvent::Joined { participant };
        effects.push(self.event(joined, Audience::All));
        effects.extend(self.show_quality(peer));
        Ok(effects)
    }

    /// Sends somebody among the viewers.
    pub(super) fn send_off_stage(&mut self, peer: &PeerId, by: By<'_>, now: Now) -> Vec<Effect> {
        if !self.seats.get(peer).is_some_and(Seat::is_on_stage) {
            return Vec::new();
        }
        let mut effects = self.silence(peer, by);
        effects.extend(self.become_one(peer, Role::Viewer, by));
        self.speakers.retain(|speaker| speaker != peer);
        self.desk.viewer_changed(peer);
        let left = RoomEvent::Left { peer: peer.clone() };
        effects.push(self.event(left, Audience::All));
        effects.extend(self.tell_you(peer));
        effects.extend(self.follow(now));
        effects
    }
}

/// What somebody is on stage who does not lead.
fn role_on_stage(seat: &Seat) -> Role {
    match seat.claims.role {
        Role::Interpreter => Role::Interpreter,
        _ => Role::Participant,
    }
}
