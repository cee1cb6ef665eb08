//! Waiting, and being let in or turned away by a moderator.
//!
//! "Admit all" lets them in by the hundred, so that the queues to the sockets
//! hold what everybody is told of it. It concerns those who waited when it was
//! said.

use std::time::Instant;

use protocol::{ErrorCode, PeerId};

use super::{
    Effect, RoomState, WaitingTo, journal,
    lobby::Waiter,
    moderation::{Done, Refusal},
    state::turn_away,
};
use crate::clock::Now;

/// The part of the lobby that is being let in.
#[derive(Debug, Default)]
pub(super) struct Rush {
    /// The place to go on with.
    next: u64,
    /// The last place.
    until: u64,
    due: Option<Instant>,
}

impl Rush {
    /// When the next ones are let in.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due
    }
}

const FULL: Refusal = Refusal(ErrorCode::RoomFull, "The room is full");
const NOBODY: Refusal = Refusal(ErrorCode::NoSuchParticipant, "Nobody with this id waits");

impl RoomState {
    /// Lets somebody wait.
    pub(super) fn wait(&mut self, waiter: Waiter) -> [Effect; 2] {
        let join = &waiter.join;
        let told = WaitingTo {
            session: join.session,
            re: join.re,
            peer: join.peer.clone(),
            seat: join.seat,
            granted: self.granted_to(&join.claims),
            ends_at: join.claims.ends_at,
        };
        self.desk.lobby_changed(&join.peer);
        let noticed = journal::waits(waiter.told());
        self.lobby.add(waiter);
        [Effect::Waiting(Box::new(told)), noticed]
    }

    /// Lets one in.
    pub(super) fn admit(&mut self, peer: &PeerId, now: Now) -> Done {
        let waiter = self.lobby.get(peer).ok_or(NOBODY)?;
        if self.is_full_for(&waiter.join) {
            return Err(FULL);
        }
        let waiter = self.lobby.take(peer).ok_or(NOBODY)?;
        Ok(self.let_in(waiter, now))
    }

    /// Lets all in for whom there is space.
    pub(super) fn admit_all(&mut self, now: Now) -> Done {
        self.rush = Rush {
            next: 0,
            until: self.lobby.end(),
            due: None,
        };
        let (effects, full) = self.admit_more(now);
        if effects.is_empty() && full {
            return Err(FULL);
        }
        Ok(effects)
    }

    /// Lets the next ones in, when it is time.
    pub(super) fn go_on_admitting(&mut self, now: Now) -> Vec<Effect> {
        if self.rush.due.is_none_or(|due| due > now.instant) {
            return Vec::new();
        }
        self.admit_more(now).0
    }

    fn admit_more(&mut self, now: Now) -> (Vec<Effect>, bool) {
        let mut effects = Vec::new();
        let mut full = false;
        for _ in 0..self.limits.admitted_at_once {
            let Some((place, waiter)) = self.lobby.next(self.rush.next, self.rush.until) else {
                self.rush = Rush::default();
                return (effects, full);
            };
            self.rush.next = place + 1;
            if self.is_full_for(&waiter.join) {
                full = true;
            } else if let Some(waiter) = self.lobby.take_place(place) {
                effects.extend(self.let_in(waiter, now));
            }
        }
        self.rush.due = Some(now.instant + self.limits.admit_every);
        (effects, full)
    }

    fn let_in(&mut self, waiter: Waiter, now: Now) -> Vec<Effect> {
        let join = waiter.join;
        self.desk.lobby_changed(&join.peer);
        if waiter.removed_before {
            self.memory.lift(&join.peer, join.claims.token);
        }
        self.take_seat(join, now)
    }

    /// Turns one away.
    pub(super) fn reject(&mut self, peer: &PeerId) -> Done {
        let waiter = self.lobby.take(peer).ok_or(NOBODY)?;
        Ok(self.send_home(&waiter).into())
    }

    /// Turns all away.
    pub(super) fn reject_all(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(waiter) = self.lobby.take_first() {
            effects.extend(self.send_home(&waiter));
        }
        effects
    }

    fn send_home(&mut self, waiter: &Waiter) -> [Effect; 2] {
        let join = &waiter.join;
        self.desk.lobby_changed(&join.peer);
        let why = "A moderator did not let you in";
        turn_away(join.session, join.re, ErrorCode::Rejected, why)
    }
}
