//! What the journal hears of a room: who got a seat, whose seat is gone for
//! good, who waits, whose hand is up. A seat that waits for its participant is
//! neither a beginning nor an end, and a recorder is nobody. What is said is
//! stored by the journal itself.

use protocol::Waiting;

use super::{Effect, RoomState, seat::Seat};
use crate::journal::{Closed, Hand, Joined, Notice};

/// Tells of somebody who got a seat; `replaces`: that of somebody who was
/// there until now.
pub(super) fn joined(seat: &Seat, replaces: bool) -> Option<Effect> {
    let joined = told(seat, replaces)?;
    Some(Effect::Notify(Notice::Joined(joined)))
}

/// Tells of somebody whose seat is gone; `replaced`: somebody takes one under
/// the same id right now.
pub(super) fn closed(seat: &Seat, replaced: bool) -> Option<Effect> {
    let closed = Closed {
        peer: seat.peer().clone(),
        seat: seat.id,
        display_name: seat.participant.display_name.clone(),
        role: seat.role(),
        replaced,
    };
    (!seat.is_hidden()).then(|| Effect::Notify(Notice::Closed(closed)))
}

/// Tells of somebody who waits to be let in.
pub(super) fn waits(waiting: Waiting) -> Effect {
    Effect::Notify(Notice::Waiting(waiting))
}

/// Tells of a hand that was raised or lowered.
pub(super) fn hand(seat: &Seat) -> Effect {
    Effect::Notify(Notice::Hand(Hand {
        peer: seat.peer().clone(),
        display_name: seat.participant.display_name.clone(),
        raised_at: seat.participant.hand_raised_at,
    }))
}

fn told(seat: &Seat, replaces: bool) -> Option<Joined> {
    let joined = Joined {
        peer: seat.peer().clone(),
        seat: seat.id,
        display_name: seat.participant.display_name.clone(),
        role: seat.role(),
        interface: seat.claims.interface,
        replaces,
        target: seat.claims.events.clone(),
    };
    (!seat.is_hidden()).then_some(joined)
}

impl RoomState {
    /// All who are here: for when single notices could not be told.
    #[must_use]
    pub fn present(&self) -> Vec<Joined> {
        let seats = self.seats.values();
        seats.filter_map(|seat| told(seat, false)).collect()
    }
}
