//! Another token for somebody who is in the room: what it says holds from now
//! on, and nothing of their seat or media is lost.
//!
//! What moderators made of somebody stays as long as the token says the same of
//! their role as the one before.

use protocol::{ErrorCode, PeerId, Role};

use super::{
    Claims, Effect, Renewed, RoomState,
    moderation::{By, Done, Refusal},
    requests::Asker,
};
use crate::clock::Now;

const OTHER: Refusal = Refusal(
    ErrorCode::Forbidden,
    "The token belongs to another participant",
);

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
        let claims = Claims {
            // who heard that they came hears that they go
            events: before.events.clone(),
            recorder: before.recorder,
            ..renewed.claims
        };
        let (role, hands) = (claims.role, claims.may_raise_hand);
        self.rules.hear(&claims);
        let speaks_otherwise = before.language != claims.language;
        self.claim(peer, claims);
        let before_role = before.role;
        let mut effects = match role == before_role {
            true => self.follow(now),
            false => self.become_as_told(peer, role, before, now)?,
        };
        let speaks = self
            .seats
            .get(peer)
            .and_then(|seat| seat.channel().cloned());
        if spoke != speaks {
            effects.push(Effect::SetInterpreter(peer.clone(), speaks));
        }
        if speaks_otherwise && role == before_role {
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

    /// The role of the new token. Where the room is full, all stays as before.
    fn become_as_told(&mut self, peer: &PeerId, role: Role, before: Claims, now: Now) -> Done {
        match role {
            Role::Moderator => self.promote(peer, now),
            Role::Viewer => {
                let mut effects = self.demote(peer, By::Integrator, now);
                effects.extend(self.send_off_stage(peer, By::Integrator, now));
                Ok(effects)
            }
            Role::Participant | Role::Interpreter => {
                let mut effects = self.demote(peer, By::Integrator, now);
                let settled = self.bring_on_stage(peer, now);
                settled.map(|entered| {
                    effects.extend(entered);
                    effects.extend(self.take_up(peer, By::Integrator, now));
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
            seat.claims = claims;
        });
    }
}
