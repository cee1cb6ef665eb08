//! Another token for somebody who is in the room: what it says holds from now
//! on, and nothing of their seat or media is lost.
//!
//! What moderators made of somebody stays as long as the token says the same of
//! their role as the one before. What they took, no token gives back: neither the
//! lead nor the stage, and none that was barred is taken.

use protocol::{ErrorCode, PeerId, Role};

use super::{
    Claims, Effect, IdBy, Renewed, RoomState,
    moderation::{By, Done, Refusal},
    requests::Asker,
    seat::Seat,
};
use crate::clock::Now;

const OTHER: Refusal = Refusal(
    ErrorCode::Forbidden,
    "The token belongs to another participant",
);
const BARRED: Refusal = Refusal(ErrorCode::Forbidden, "Whoever had the token was removed");

impl RoomState {
    pub(super) fn renew(&mut self, asker: Asker<'_>, renewed: Renewed, now: Now) -> Vec<Effect> {
        match self.take_token(asker.peer, renewed, now) {
            Ok(mut effects) => {
                effects.push(asker.ok());
                effects
            }
            Err(Refusal(code, why)) => vec![asker.refuse(code, why)],
        }
    }

    fn take_token(&mut self, peer: &PeerId, renewed: Renewed, now: Now) -> Done {
        let Some(seat) = self.seats.get(peer) else {
            return Ok(Vec::new());
        };
        let (before, spoke) = (seat.claims.clone(), seat.channel().cloned());
        if renewed.peer.is_some_and(|id| id != *peer) {
            return Err(OTHER);
        }
        // their seat is as good as a ticket
        if self.memory.bars(peer, renewed.claims.token, true) {
            return Err(BARRED);
        }
        let claims = after(&before, renewed.claims);
        let (role, hands) = (self.role_by(seat, &claims), claims.may_raise_hand);
        let same_role = claims.role == before.role;
        let speaks_otherwise = before.language != claims.language;
        self.claim(peer, claims);
        let mut effects = match same_role {
            true => Vec::new(),
            false => self.become_as_told(peer, role, before, now)?,
        };
        if let Some(seat) = self.seats.get(peer) {
            self.rules.hear(&seat.claims);
        }
        effects.extend(self.follow(now));
        let speaks = self
            .seats
            .get(peer)
            .and_then(|seat| seat.channel().cloned());
        if spoke != speaks {
            effects.push(Effect::SetInterpreter(peer.clone(), speaks));
        }
        if speaks_otherwise && same_role {
            effects.extend(self.role_changed(peer));
        }
        if let Some(name) = renewed.display_name {
            effects.extend(self.name(peer, name));
        }
        if !hands {
            effects.extend(self.lower_hand(peer));
        }
        effects.extend(self.tell_you(peer));
        Ok(effects)
    }

    /// What another token makes of somebody. Who watches comes on stage only if
    /// the token says so itself.
    fn role_by(&self, seat: &Seat, claims: &Claims) -> Role {
        if seat.role() == Role::Viewer && !claims.is_role_signed() {
            return Role::Viewer;
        }
        self.memory.at_most(seat.peer(), claims.role, claims.token)
    }

    /// The role of the new token. Where the room is full, all stays as before.
    fn become_as_told(&mut self, peer: &PeerId, role: Role, before: Claims, now: Now) -> Done {
        match role {
            Role::Moderator => self.promote(peer, By::Token, now),
            Role::Viewer => {
                let mut effects = self.demote(peer, By::Token, now);
                effects.extend(self.send_off_stage(peer, By::Token, now));
                Ok(effects)
            }
            Role::Participant | Role::Interpreter => {
                let mut effects = self.demote(peer, By::Token, now);
                let settled = self.bring_on_stage(peer, By::Token, now);
                settled.map(|entered| {
                    effects.extend(entered);
                    effects.extend(self.take_up(peer, By::Token, now));
                    effects
                })
            }
        }
        .inspect_err(|_| self.claim(peer, before))
    }

    /// What a token says counts from now on.
    fn claim(&mut self, peer: &PeerId, claims: Claims) {
        self.alter(peer, |seat| {
            seat.participant.language.clone_from(&claims.language);
            seat.claim(claims);
        });
    }
}

/// What is known about somebody after another token.
fn after(before: &Claims, token: Claims) -> Claims {
    Claims {
        // who heard that they came hears that they go
        events: before.events.clone(),
        recorder: before.recorder,
        interface: before.interface,
        // an address that comes with it proves nothing new
        id_by: match token.id_by {
            IdBy::Token => IdBy::Token,
            _ => before.id_by,
        },
        ..token
    }
}
