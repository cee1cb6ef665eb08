//! What rooms say, and what of it is to be written down.

use std::sync::Arc;

use protocol::{ChatMessage, DisplayName, PeerId, Recording, Role, RoomKind, Waiting};

use super::Moment;
use crate::{room::SeatId, room_key::RoomKey, webhooks::EventTarget};

/// What happened in a room.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Somebody got a seat.
    Joined(Joined),
    /// Somebody's seat is gone for good.
    Closed(Closed),
    /// Somebody waits to be let in.
    Waiting(Waiting),
    /// A hand was raised or lowered.
    Hand(Hand),
    /// Something was said in the chat. No room tells it: it is written with the
    /// message itself.
    Chat(ChatMessage),
    /// A recording got further. Told by whoever runs recordings, also when the
    /// room is over; a room tells nothing of them. A new state is written with
    /// the messages that tell of it; progress within one is told like all else.
    Recording(Recording),
}

/// Somebody who has a seat.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// Who.
    pub peer: PeerId,
    /// Which seat.
    pub seat: SeatId,
    /// Their name.
    pub display_name: DisplayName,
    /// As what.
    pub role: Role,
    /// By which of the room's two interfaces.
    pub interface: RoomKind,
    /// The seat is that of somebody whose end was told a moment ago: the room
    /// was not empty meanwhile.
    pub replaces: bool,
    /// Who is told by `joinPeer` and `closePeer`, if anybody.
    pub target: Option<Arc<EventTarget>>,
}

/// Somebody whose seat is gone.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Who.
    pub peer: PeerId,
    /// Which seat.
    pub seat: SeatId,
    /// Their name by then.
    pub display_name: DisplayName,
    /// What they were by then.
    pub role: Role,
    /// Somebody with the same id takes a new seat right now.
    pub replaced: bool,
}

/// Somebody's hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Hand {
    /// Whose.
    pub peer: PeerId,
    /// Their name.
    pub display_name: DisplayName,
    /// Since when it is up, in milliseconds since 1970-01-01 UTC; none is down.
    pub raised_at: Option<u64>,
}

/// What is to be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When it happened.
    pub at: Moment,
    /// What.
    pub what: What,
}

/// What is to be written down.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A room said this. Who is open under the same id when somebody joins has
    /// come back: that is told only where the receiver is another.
    Noticed(RoomKey, Notice),
    /// These are in the room, and nobody else but those who are lost.
    Present(RoomKey, Vec<Joined>),
    /// A room ended without its participants. The number marks them.
    Lost(RoomKey, i64),
    /// Those with this mark did not come back in time.
    Sweep(i64),
    /// Whoever is not lost is still there.
    Beat,
}
