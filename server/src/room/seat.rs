//! One participant's place in a room.

use std::time::Instant;

use protocol::{Participant, PeerId};
use serde::{Deserialize, Serialize};

use super::{SessionId, offers::Offers};

/// Tells the seats that one participant had one after the other apart. Random,
/// so that a ticket from before a restart never fits a seat made after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatId(pub u64);

impl SeatId {
    /// A new seat.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }
}

/// One participant's place in a room.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) id: SeatId,
    /// Grows with each join.
    pub(super) order: u64,
    pub(super) participant: Participant,
    pub(super) presence: Presence,
    pub(super) offers: Offers,
}

/// Whether a participant has a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// They have.
    Here(SessionId),
    /// They lost it then.
    Away(Instant),
}

impl Seat {
    pub(super) fn session(&self) -> Option<SessionId> {
        match self.presence {
            Presence::Here(session) => Some(session),
            Presence::Away(_) => None,
        }
    }

    pub(super) fn peer(&self) -> &PeerId {
        &self.participant.id
    }
}
